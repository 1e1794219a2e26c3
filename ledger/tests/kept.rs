//! Ledgers that released versions made are kept, and every later version opens them: `tests/ledgers/schema-N.db.zst` is the
//! example wire filed with schema N, with a few decisions. How to keep one more is told in `docs/ledger.md`.
#![allow(clippy::disallowed_methods)] // tests lay out files

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{dispatch, filing, now};
use ledger::changes::ChangeFilter;
use ledger::query::Filter;
use ledger::review::{By, Decision, LogFilter, QueueFilter};
use ledger::{Filed, Ledger, LedgerError};

/// The kept file of a schema, unpacked into a folder.
fn unpacked(schema: i32, folder: &Path) -> PathBuf {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/ledgers/schema-{schema}.db.zst"));
    let packed = std::fs::read(&kept).unwrap_or_else(|e| panic!("{}: {e}", kept.display()));
    let path = folder.join(format!("schema-{schema}.db"));
    std::fs::write(&path, zstd::stream::decode_all(packed.as_slice()).unwrap()).unwrap();
    path
}

/// The number of the schema of a file.
fn schema_of(path: &Path) -> i32 {
    let file = rusqlite::Connection::open(path).unwrap();
    file.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap()
}

/// The schema of a new ledger.
fn newest(folder: &Path) -> (PathBuf, i32) {
    let path = folder.join("new.db");
    drop(Ledger::open_or_create(&path).unwrap());
    let number = schema_of(&path);
    (path, number)
}

#[test]
fn a_ledger_of_every_schema_opens_lists_and_takes_more() {
    let folder = tempfile::tempdir().unwrap();
    for schema in 1..=newest(folder.path()).1 {
        let path = unpacked(schema, folder.path());
        assert_eq!(schema_of(&path), schema);
        // An older one is brought up to date by whoever opens it first.
        let reader = Ledger::open_to_read(&path).unwrap();
        let all = Filter::default();
        assert_eq!(reader.dispatches(&all).unwrap().len(), 32);
        drop(reader);
        let mut ledger = Ledger::open(&path).unwrap();
        assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
        assert_eq!(schema_of(&path), newest(folder.path()).1);

        let incidents = ledger.incidents(&all).unwrap();
        assert!(incidents.len() > 15, "{}", incidents.len());
        for incident in &incidents {
            ledger.show(&incident.id, true).unwrap();
        }
        assert!(incidents.iter().any(|i| i.decided == ["accepted"]));
        assert!(incidents.iter().any(|i| i.decided.contains(&"edited".to_owned())));
        assert!(!ledger.accords(&all).unwrap().is_empty());
        assert!(!ledger.disputes(&all).unwrap().is_empty());
        assert!(!ledger.actors(&all).unwrap().is_empty());
        assert!(ledger.statements(&Filter { text: Some("convoy".to_owned()), ..all.clone() }).unwrap().len() > 2);
        assert!(!ledger.queue(&QueueFilter::default()).unwrap().items.is_empty());
        assert!(!ledger.changes(&ChangeFilter::default()).unwrap().is_empty());
        let log = ledger.log(&LogFilter::default()).unwrap();
        assert!(log.len() >= 2);

        // It takes more: a dispatch, a decision, and the undoing of one made long ago.
        let text = "Shells hit the village of Marq on Friday, killing nine people.";
        let told = serde_json::json!({"id": "i1", "type": "shelling", "date_start": "2016-09-30", "date_end": "2016-09-30",
            "trigger": {"start": 0, "end": 10, "text": "Shells hit"}});
        let new = filing("wire", dispatch("late", "2016-09-30", text, told));
        assert_eq!(ledger.file(std::slice::from_ref(&new), now()).unwrap(), [Filed::New]);
        assert_eq!(ledger.file(&[new], now()).unwrap(), [Filed::Known]);
        assert_eq!(ledger.incidents(&all).unwrap().len(), incidents.len() + 1);
        let by = By { who: "Bea".to_owned(), why: None, at: now() };
        ledger.decide(&Decision::Accept { id: incidents[0].id.clone() }, &by).unwrap();
        let edit = log.iter().find(|e| e.action == "edit").unwrap();
        ledger.undo(Some(&edit.id), &by).unwrap();
        assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
        let copy = folder.path().join(format!("copy-{schema}.db"));
        ledger.backup(&copy).unwrap();
        assert_eq!(Ledger::open(&copy).unwrap().check().unwrap(), Vec::<String>::new());
        assert!(matches!(ledger.show("nosuch", false), Err(LedgerError::NoSuchId(_))));
    }
}

/// Tables, views, indexes and triggers of a file, each with its statement.
fn statements(path: &Path) -> BTreeSet<(String, String)> {
    let file = rusqlite::Connection::open(path).unwrap();
    let mut all =
        file.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name <> 'sqlite_stat1'").unwrap();
    all.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn the_kept_file_of_the_newest_schema_is_what_a_new_ledger_is() {
    let folder = tempfile::tempdir().unwrap();
    let (new, number) = newest(folder.path());
    let (kept, fresh) = (statements(&unpacked(number, folder.path())), statements(&new));
    let differ: Vec<&(String, String)> = kept.symmetric_difference(&fresh).collect();
    assert!(
        differ.is_empty(),
        "the schema has changed since its ledger was kept (docs/ledger.md says what to do): {differ:#?}"
    );
}
