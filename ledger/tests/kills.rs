//! An agency takes a story back, holds it, releases it, or sends an old version late: everything is kept, and marked.

mod common;

use common::{filing, now};
use ledger::query::Filter;
use ledger::{Filed, Ledger};
use record::{Editorial, PubStatus, Record};
use serde_json::json;

fn item(version: &str, status: PubStatus, text: &str) -> Record {
    let words = json!({"id": "i1", "type": "air_strike", "trigger": {"start": 0, "end": 4, "text": "Raid"}});
    let mut record = common::dispatch("urn:newsml:courier.example:2016:77", "2016-09-20", text, words);
    record.dispatch.editorial = Some(Editorial { version: Some(version.to_owned()), status, ..Editorial::default() });
    record
}

fn state(ledger: &Ledger) -> (String, i64) {
    let rows = ledger.dispatches(&Filter::default()).unwrap();
    assert_eq!(rows.len(), 1, "one dispatch whatever file its versions come in");
    (rows[0].state.clone(), rows[0].version)
}

#[test]
fn a_kill_marks_the_dispatch_and_every_version_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let first = filing("a.xml", item("1", PubStatus::Usable, "Raid on Azaz kills two."));
    let kill = filing("b.xml", item("2", PubStatus::Killed, "Raid on Azaz kills two."));
    assert_eq!(ledger.file(std::slice::from_ref(&first), now()).unwrap(), [Filed::New]);
    assert_eq!(ledger.file(std::slice::from_ref(&kill), now()).unwrap(), [Filed::Version(2)]);
    assert_eq!(state(&ledger), ("killed".to_owned(), 2));
    // Filed again, in any order: nothing comes back to life.
    assert_eq!(ledger.file(&[first, kill], now()).unwrap(), [Filed::Known, Filed::Known]);
    assert_eq!(state(&ledger), ("killed".to_owned(), 2));
    let ledger::query::Shown::Dispatch(page) = ledger.show("urn:newsml:courier.example:2016:77", false).unwrap() else {
        panic!("no dispatch")
    };
    assert_eq!(page.versions.len(), 2);
    // The agency sends it anew.
    let anew = filing("c.xml", item("3", PubStatus::Usable, "Raid on Azaz kills two."));
    assert_eq!(ledger.file(&[anew], now()).unwrap(), [Filed::Version(3)]);
    assert_eq!(state(&ledger), ("live".to_owned(), 3));
    assert!(ledger.check().unwrap().is_empty(), "{:?}", ledger.check());
}

#[test]
fn what_is_withheld_is_released_by_another_version() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let held = filing("a.xml", item("1", PubStatus::Withheld, "Raid on Azaz."));
    let free = filing("a.xml", item("2", PubStatus::Usable, "Raid on Azaz."));
    ledger.file(&[held], now()).unwrap();
    assert_eq!(state(&ledger), ("withheld".to_owned(), 1));
    ledger.file(&[free], now()).unwrap();
    assert_eq!(state(&ledger), ("live".to_owned(), 2));
    assert!(ledger.check().unwrap().is_empty());
}

#[test]
fn an_older_version_that_comes_late_is_kept_and_not_current() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    ledger.file(&[filing("a.xml", item("5", PubStatus::Usable, "Raid on Azaz kills three."))], now()).unwrap();
    let late = filing("a.xml", item("4", PubStatus::Usable, "Raid on Azaz."));
    assert_eq!(ledger.file(&[late], now()).unwrap(), [Filed::Version(2)]);
    assert_eq!(state(&ledger), ("live".to_owned(), 1));
    let next = filing("a.xml", item("6", PubStatus::Usable, "Raid on Azaz kills four."));
    assert_eq!(ledger.file(&[next], now()).unwrap(), [Filed::Version(3)]);
    assert_eq!(state(&ledger), ("live".to_owned(), 3));
    assert!(ledger.check().unwrap().is_empty());
}
