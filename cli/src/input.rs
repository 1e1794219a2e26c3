//! From file names to dispatches: opens each input once, names it in every message, and goes on after a bad one.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use record::Dispatch;
use wire::{Format, Given, Received};

use crate::args::{From, InputArgs};

/// The largest input taken as a whole, in bytes.
const MOST: u64 = 64 << 20;

/// All dispatches of all inputs, in order; an input or item that fails is an error that says which, and the rest follow.
pub fn dispatches<'a>(args: &'a InputArgs, given: &'a Given) -> impl Iterator<Item = Result<Dispatch, String>> + 'a {
    named(args, given).map(|item| item.map(|(_, dispatch)| dispatch))
}

/// [`dispatches`], each with the name of its input.
pub fn named<'a>(
    args: &'a InputArgs,
    given: &'a Given,
) -> impl Iterator<Item = Result<(String, Dispatch), String>> + 'a {
    files(&args.files).flat_map(move |path| match path {
        Err(problem) => Box::new(std::iter::once(Err(problem))) as Box<dyn Iterator<Item = _>>,
        Ok(path) => {
            let input = name(&path);
            let items = received(&path, format(args.from, &path), given, 0);
            Box::new(items.map(move |item| item.map(|received| (input.clone(), received.dispatch))))
        }
    })
}

/// The files that the arguments name, in order: of a folder all files in it and below, hidden ones left out.
pub fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf, String>> + '_ {
    paths.iter().flat_map(|path| {
        if path.as_os_str() == "-" || !path.is_dir() {
            return vec![Ok(path.clone())];
        }
        let mut found = Vec::new();
        walk(path, 0, &mut found);
        if found.is_empty() {
            found.push(Err(format!("{}: is a folder without a file in it", path.display())));
        }
        found
    })
}

/// How deep folders are entered: links that lead round in circles are not followed, but mounts may be.
const DEEPEST: usize = 64;

fn walk(folder: &Path, depth: usize, found: &mut Vec<Result<PathBuf, String>>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) => return found.push(Err(format!("{}: may not be read ({e})", folder.display()))),
    };
    let mut entries: Vec<_> = entries.flatten().filter(|e| !e.file_name().to_string_lossy().starts_with('.')).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < DEEPEST => walk(&entry.path(), depth + 1, found),
            Ok(kind) if kind.is_file() => found.push(Ok(entry.path())),
            _ => {}
        }
    }
}

/// All items of one input, whatever it is packed in. `start` is where to begin in a WARC file.
pub fn received<'a>(
    path: &Path,
    format: Format,
    given: &Given,
    start: u64,
) -> Box<dyn Iterator<Item = Result<Received<'static>, String>> + 'a> {
    let name = name(path);
    let given = Given { name: name.clone(), ..given.clone() };
    let items = if path.as_os_str() == "-" {
        wire::unpacked_stream(std::io::stdin().lock(), format, &given)
    } else {
        match File::open(path) {
            Ok(file) => wire::unpacked(file, format, &given, start),
            Err(e) => return Box::new(std::iter::once(Err(unopened(&name, &e)))),
        }
    };
    Box::new(items.map(|item| item.map_err(|e| e.to_string())))
}

fn unopened(name: &str, e: &std::io::Error) -> String {
    match e.kind() {
        ErrorKind::NotFound => format!("{name}: no such file (check the path)"),
        ErrorKind::PermissionDenied => format!("{name}: may not be read ({e})"),
        _ => format!("{name}: could not be read ({e})"),
    }
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
        Err(e) => Err(unopened(&name, &e)),
    }
}

/// The lines of an input, one after the other, without their ends. A line longer than an input may be is an error.
pub fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Vec<u8>, String>> + use<>, String> {
    let name = name(path);
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        match File::open(path) {
            Ok(file) => Box::new(file),
            Err(e) if e.kind() == ErrorKind::NotFound => return Err(format!("{name}: no such file (check the path)")),
            Err(e) => return Err(format!("{name}: may not be read ({e})")),
        }
    };
    let mut source = BufReader::new(source);
    let mut ended = false;
    Ok(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut line = Vec::new();
        let read = source.by_ref().take(MOST + 1).read_until(b'\n', &mut line);
        match read {
            Ok(0) => None,
            Ok(_) if line.len() as u64 > MOST => {
                ended = true;
                Some(Err(format!("is longer than {} MiB", MOST >> 20)))
            }
            Ok(_) => {
                line.truncate(line.trim_ascii_end().len());
                Some(Ok(line))
            }
            Err(e) => {
                ended = true;
                Some(Err(format!("could not be read ({e})")))
            }
        }
    }))
}
