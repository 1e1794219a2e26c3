//! What the tests of the ledger share.
#![allow(dead_code, clippy::disallowed_methods)] // tests lay out files; each uses a part of this

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use ledger::{Filing, Ledger};
use record::Record;

/// The moment at which tests file.
pub fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// A filing of a record as it is.
pub fn filing(namespace: &str, record: Record) -> Filing {
    let original = serde_json::to_vec(&record).unwrap();
    Filing { namespace: namespace.to_owned(), record, original, media_type: "application/json", replace: true }
}

/// A ledger in a folder of its own.
pub fn ledger(folder: &Path) -> Ledger {
    Ledger::open_or_create(&folder.join("ledger.db")).unwrap()
}

/// A short dispatch of our own with one incident.
pub fn dispatch(id: &str, published: &str, text: &str, incident: serde_json::Value) -> Record {
    let record = serde_json::json!({
        "id": id,
        "dispatch": {"outlet": format!("the {id} post"), "published": published, "text": text, "headline": null},
        "incidents": [incident],
    });
    ledger::record_from_json(&record.to_string()).unwrap()
}

/// The gold records of the ledger set, where the shared folder is.
pub fn gold() -> Option<Vec<Record>> {
    let shared = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    let set = shared.join("gold/ledger");
    if !set.exists() {
        eprintln!("skipped: {} is not here", set.display());
        return None;
    }
    let output = Command::new("python3")
        .arg(shared.join("score/ledger_score.py"))
        .arg("--gold")
        .arg(&set)
        .arg("--as-records")
        .output()
        .expect("python3 runs the scorer");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| ledger::record_from_json(line).unwrap()).collect())
}

/// The links of the ledger set.
pub fn gold_links() -> serde_json::Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/gold/ledger/LINKS.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}
