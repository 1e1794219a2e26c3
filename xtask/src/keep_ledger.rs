//! `cargo xtask keep-ledger`: the ledger of the current schema that every later version must open, kept as test data.
//!
//! It is the example wire as this version reads and files it, with two decisions, in `ledger/tests/ledgers/schema-N.db.zst`.
//! Once schema N is released, its file never changes; a schema that is still being worked on has its file made anew.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use ledger::query::Filter;
use ledger::review::{By, Decision};
use ledger::{Filing, Ledger};
use reading::Reader;
use wire::{Format, Given};

/// `cargo xtask keep-ledger`
pub fn run() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let scratch = std::env::temp_dir().join(format!("dateline-keep-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let mut ledger = Ledger::open_or_create(&scratch.join("ledger.db"))?;
    let lines = std::fs::read(root.join("examples/september-2016.jsonl"))?;
    let (reader, given) = (Reader::new(), Given { name: "wire".to_owned(), ..Given::default() });
    let originals = lines.split(|b| *b == b'\n').filter(|l| !l.is_empty());
    let filings: Vec<Filing> = originals
        .zip(wire::dispatches(lines.as_slice(), Format::Jsonl, &given))
        .map(|(original, dispatch)| {
            Ok(Filing {
                namespace: "wire".to_owned(),
                record: reader.read(dispatch?),
                original: original.to_vec(),
                media_type: "application/json",
                replace: false,
            })
        })
        .collect::<anyhow::Result<_>>()?;
    ledger.file(&filings, Timestamp::UNIX_EPOCH)?;
    let by = By { who: "Amal".to_owned(), why: Some("an example".to_owned()), at: Timestamp::UNIX_EPOCH };
    let told_once = ledger.incidents(&Filter::default())?.into_iter().filter(|i| i.accounts.len() == 1);
    let ids: Vec<String> = told_once.map(|i| i.id).take(2).collect();
    let [accepted, edited] = ids.as_slice() else { anyhow::bail!("the example wire has no two incidents told once") };
    ledger.decide(&Decision::Accept { id: accepted.clone() }, &by)?;
    ledger.decide(&Decision::edit(edited, "place", "Hama"), &by)?;
    // A copy holds what the log still held.
    let whole = scratch.join("whole.db");
    ledger.backup(&whole)?;
    let bytes = std::fs::read(&whole)?;
    // The schema's number stands in the file's header (SQLite file format, 1.3): big-endian, from byte 60 on.
    let number = bytes.get(60..64).and_then(|b| b.try_into().ok()).map(i32::from_be_bytes).context("no SQLite file")?;
    let kept = root.join(format!("ledger/tests/ledgers/schema-{number}.db.zst"));
    let packed = zstd::bulk::compress(&bytes, 19)?;
    std::fs::create_dir_all(root.join("ledger/tests/ledgers"))?;
    std::fs::write(&kept, &packed)?;
    std::fs::remove_dir_all(&scratch)?;
    println!("{}: schema {number}, {} dispatches, {} bytes", kept.display(), filings.len(), packed.len());
    Ok(())
}
