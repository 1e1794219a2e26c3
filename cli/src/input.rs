//! From file names to dispatches: opens each input once, names it in every message, and goes on after a bad one.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use record::Dispatch;
use wire::{Format, Given};

use crate::args::{From, InputArgs};

/// The largest input taken as a whole, in bytes.
const MOST: u64 = 64 << 20;

/// All dispatches of all inputs, in order; an input or item that fails is an error that says which, and the rest follow.
pub fn dispatches<'a>(args: &'a InputArgs, given: &'a Given) -> impl Iterator<Item = Result<Dispatch, String>> + 'a {
    args.files.iter().flat_map(move |path| match bytes(path) {
        Err(problem) => Box::new(std::iter::once(Err(problem))) as Box<dyn Iterator<Item = _>>,
        Ok(bytes) => {
            let given = Given { name: name(path), ..given.clone() };
            let items: Vec<_> = wire::dispatches(&bytes, format(args.from, path), &given).collect();
            Box::new(items.into_iter().map(|item| item.map_err(|e| e.to_string())))
        }
    })
}

/// The name of an input in messages and ids.
pub fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

/// The format asked for, or what the file's name says.
pub fn format(from: From, path: &Path) -> Format {
    match from {
        From::Text => Format::Text,
        From::Html => Format::Html,
        From::Jsonl => Format::Jsonl,
        From::Feed => Format::Feed,
        From::Newsml => Format::Newsml,
        From::Nitf => Format::Nitf,
        From::Ninjs => Format::Ninjs,
        From::Iptc7901 => Format::Iptc7901,
        From::Email => Format::Email,
        From::Warc => Format::Warc,
        From::Auto => match path.extension().and_then(|e| e.to_str()) {
            Some("jsonl" | "ndjson") => Format::Jsonl,
            _ => Format::Auto,
        },
    }
}

/// The bytes of an input.
pub fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let name = name(path);
    let mut bytes = Vec::new();
    let read = |source: &mut dyn Read, bytes: &mut Vec<u8>| source.take(MOST + 1).read_to_end(bytes);
    let outcome = if path.as_os_str() == "-" {
        read(&mut std::io::stdin().lock(), &mut bytes)
    } else {
        if path.is_dir() {
            return Err(format!("{name}: is a folder (name the files in it, e.g. {name}/*.txt)"));
        }
        File::open(path).and_then(|mut file| read(&mut file, &mut bytes))
    };
    match outcome {
        Ok(_) if bytes.len() as u64 > MOST => {
            Err(format!("{name}: is larger than {} MiB (split it; one dispatch is rarely over 100 kB)", MOST >> 20))
        }
        Ok(_) => Ok(bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => Err(format!("{name}: no such file (check the path)")),
        Err(e) if e.kind() == ErrorKind::PermissionDenied => Err(format!("{name}: may not be read ({e})")),
        Err(e) => Err(format!("{name}: could not be read ({e})")),
    }
}
