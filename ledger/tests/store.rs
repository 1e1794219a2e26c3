//! Filing: once, in versions, in any order; and files that are no ledgers.
#![allow(clippy::disallowed_methods)] // tests lay out files

mod common;

use std::time::Duration;

use common::{dispatch, filing, now};
use ledger::query::{Filter, Shown};
use ledger::{Filed, Filing, Ledger, LedgerError};
use proptest::prelude::*;
use record::Record;
use serde_json::{Value, json};

fn span(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    let start = text[..at].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// A dispatch about a raid on a place with so many dead, blamed on somebody.
fn raid(id: &str, published: &str, place: &str, killed: u64, blamed: &str) -> Record {
    let text = format!(
        "An air raid on {place} on Monday left {killed} people dead, a doctor said. Neighbours blamed {blamed}."
    );
    let incident = json!({
        "id": "i1", "type": "air_strike", "trigger": span(&text, "An air raid"), "date_start": "2016-09-19", "date_end": "2016-09-19",
        "place": {"mention": span(&text, place), "name": place, "country": "SY"},
        "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "qualifier": "exact", "group": "people",
                     "by": "a doctor", "mention": span(&text, &format!("{killed} people"))}],
        "perpetrators": [{"actor": blamed, "stance": "accuses", "by": "Neighbours", "mention": span(&text, blamed)}],
        "victims": [{"group": "people", "mention": span(&text, "people")}],
    });
    dispatch(id, published, &text, incident)
}

fn sound(ledger: &Ledger) {
    assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
    assert_eq!(ledger.check_search().unwrap(), Vec::<String>::new());
}

/// All that is in the ledger, as its lists and pages tell it.
fn contents(ledger: &Ledger) -> Value {
    let all = Filter::default();
    let incidents = ledger.incidents(&all).unwrap();
    let pages: Vec<Value> =
        incidents.iter().map(|i| serde_json::to_value(ledger.show(&i.id, true).unwrap()).unwrap()).collect();
    let mut dispatches = serde_json::to_value(ledger.dispatches(&all).unwrap()).unwrap();
    dispatches.as_array_mut().unwrap().sort_by_key(|d| d["id"].to_string());
    let mut checks = serde_json::to_value(ledger.check_list(&all).unwrap().rows).unwrap();
    checks.as_array_mut().unwrap().sort_by_key(|c| c.to_string());
    let accords: Vec<Value> = ledger
        .accords(&all)
        .unwrap()
        .iter()
        .map(|a| serde_json::to_value(ledger.show(&a.id, true).unwrap()).unwrap())
        .collect();
    json!({
        "incidents": pages,
        "checks": checks,
        "accord pages": accords,
        "accords": ledger.accords(&all).unwrap(),
        "disputes": ledger.disputes(&all).unwrap(),
        "actors": ledger.actors(&all).unwrap(),
        "dispatches": dispatches,
    })
}

#[test]
fn filing_again_does_nothing_and_another_text_is_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let first = filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army"));
    let corrected = filing("wire", raid("d1", "2016-09-20", "Zoravik", 10, "the army"));
    let elsewhere = filing("post", raid("d1", "2016-09-20", "Zoravik", 20, "the army"));
    assert_eq!(ledger.file(std::slice::from_ref(&first), now()).unwrap(), [Filed::New]);
    let before = contents(&ledger);
    assert_eq!(ledger.file(&[first.clone(), first.clone()], now()).unwrap(), [Filed::Known, Filed::Known]);
    assert_eq!(contents(&ledger), before);
    let id = ledger.incidents(&Filter::default()).unwrap()[0].id.clone();

    assert_eq!(ledger.file(std::slice::from_ref(&corrected), now()).unwrap(), [Filed::Version(2)]);
    sound(&ledger);
    let incidents = ledger.incidents(&Filter::default()).unwrap();
    assert_eq!((incidents.len(), incidents[0].killed_low), (1, Some(10)));
    assert_eq!(incidents[0].id, id, "an id outlives a correction");
    // Both texts have been seen: neither comes again.
    assert_eq!(ledger.file(&[first, corrected], now()).unwrap(), [Filed::Known, Filed::Known]);
    // The same id of another namespace is another dispatch.
    assert_eq!(ledger.file(&[elsewhere], now()).unwrap(), [Filed::New]);
    let Shown::Dispatch(page) = ledger.show("wire:d1", false).unwrap() else { panic!("no dispatch") };
    assert_eq!(page.versions.len(), 2);
    assert!(matches!(ledger.show("d1", false), Err(LedgerError::Ambiguous(..))));
    sound(&ledger);
}

#[test]
fn an_incident_that_a_correction_drops_retires_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    ledger.file(&[filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army"))], now()).unwrap();
    let id = ledger.incidents(&Filter::default()).unwrap()[0].id.clone();
    let mut bare = raid("d1", "2016-09-20", "Zoravik", 20, "the army");
    bare.dispatch.text.push_str(" Corrected.");
    bare.incidents.clear();
    ledger.file(&[filing("wire", bare)], now()).unwrap();
    assert_eq!(ledger.incidents(&Filter::default()).unwrap().len(), 0);
    let said = ledger.show(&id, false).unwrap_err().to_string();
    assert!(said.contains("retired") && said.contains("version 2"), "{said}");
    assert!(matches!(ledger.show("i000000000", false), Err(LedgerError::NoSuchId(_))));
    sound(&ledger);
}

#[test]
fn copies_of_one_text_are_one_source() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let story = raid("d1", "2016-09-20", "Zoravik", 20, "the army");
    let mut copy = story.clone();
    copy.id = "d2".to_owned();
    copy.dispatch.id = "d2".to_owned();
    let other = raid("d3", "2016-09-20", "Zoravik", 25, "the rebels");
    ledger.file(&[filing("wire", story), filing("wire", copy), filing("wire", other)], now()).unwrap();
    let incidents = ledger.incidents(&Filter::default()).unwrap();
    assert_eq!(incidents.len(), 1, "{incidents:?}");
    assert_eq!((incidents[0].accounts.len(), incidents[0].sources), (3, 2));
    assert_eq!(incidents[0].disputed, ["killed", "perpetrator"]);
    let dispatches = ledger.dispatches(&Filter::default()).unwrap();
    let group = |id: &str| dispatches.iter().find(|d| d.id == id).unwrap().echo_group.clone();
    assert!(group("d1").is_some() && group("d1") == group("d2") && group("d3").is_none());
    sound(&ledger);
}

#[test]
fn lists_are_narrowed_by_day_place_actor_and_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let mut said = raid("d2", "2016-09-21", "Maresh", 3, "the rebels");
    let text = said.dispatch.text.clone();
    let statement =
        json!({"id": "s1", "speaker": "Neighbours", "content": [span(&text, "blamed the rebels")], "mode": "accuses"});
    said.statements = vec![serde_json::from_value(complete(statement)).unwrap()];
    ledger
        .file(&[filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army")), filing("wire", said)], now())
        .unwrap();
    let count = |f: Filter| ledger.incidents(&f).unwrap().len();
    assert_eq!(count(Filter::default()), 2);
    assert_eq!(count(Filter { place: Some("zorav".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { place: Some("sy".into()), ..Filter::default() }), 2);
    assert_eq!(count(Filter { actor: Some("rebels".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { text: Some("\"raid on Maresh\"".into()), ..Filter::default() }), 1);
    assert_eq!(count(Filter { text: Some("OR ( \" *".into()), ..Filter::default() }), 0);
    assert_eq!(count(Filter { since: Some(jiff::civil::date(2016, 9, 20)), ..Filter::default() }), 0);
    assert_eq!(count(Filter { limit: Some(1), ..Filter::default() }), 1);
    let words = |text: &str| ledger.statements(&Filter { text: Some(text.into()), ..Filter::default() }).unwrap().len();
    assert_eq!((words("blamed rebels"), words("army")), (1, 0));
}

/// A statement with the fields that it left out.
fn complete(mut statement: Value) -> Value {
    for (key, value) in [("kind", json!("indirect")), ("about", json!([]))] {
        statement[key] = value;
    }
    statement
}

/// A fortnight of raids, some of them told several times with other numbers and other blame.
fn wire() -> Vec<Filing> {
    let places = ["Zoravik", "Maresh", "Tel Oram"];
    let mut out = Vec::new();
    for n in 0..14u64 {
        let place = places[n as usize % 3];
        let blamed = if n % 4 < 2 { "the army" } else { "the rebels" };
        let id = format!("d{n}");
        let mut record = raid(&id, &format!("2016-09-{}", 20 + n % 2), place, 4 + n * n % 31, blamed);
        // One paper has several of them: its tolls may fall.
        record.dispatch.outlet = Some(["The Lantern", "Radio Meridian"][n as usize % 2].to_owned());
        if n % 3 == 0 {
            let mention = span(&record.dispatch.text, "An air raid");
            let status = if n % 2 == 0 { "in_force" } else { "agreed" };
            let accord = json!({
                "id": "a1", "kind": "ceasefire", "name": "the Zoravik ceasefire", "mention": mention.clone(),
                "parties": ["the army", "the rebels"], "brokers": [], "date": "2016-09-12",
                "status_claims": [{"status": status, "mention": mention, "date": format!("2016-09-{}", 10 + n), "modality": "asserted", "by": "outlet"}],
            });
            record.accords = vec![serde_json::from_value(accord).unwrap()];
        }
        out.push(filing("wire", record));
    }
    // Two copies under other ids, one of them with a headline of its own.
    for (from, id) in [(3usize, "copy1"), (5, "copy2")] {
        let mut record = out[from].record.clone();
        record.id = id.to_owned();
        record.dispatch.id = id.to_owned();
        record.dispatch.headline = (id == "copy2").then(|| "Raid".to_owned());
        out.push(filing("echo", record));
    }
    out
}

fn filed_in(order: &[Filing], size: usize) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    for chunk in order.chunks(size) {
        ledger.file(chunk, now()).unwrap();
    }
    sound(&ledger);
    contents(&ledger)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_batch_size_gives_the_same_ledger(order in Just(wire()).prop_shuffle(), size in 1usize..9) {
        prop_assert_eq!(filed_in(&order, size), filed_in(&wire(), 16));
    }
}

#[test]
fn any_order_of_the_gold_gives_the_same_ledger() {
    let Some(records) = common::gold() else { return };
    let batch: Vec<Filing> = records.into_iter().map(|r| filing("gold", r)).collect();
    let expected = filed_in(&batch, 41);
    let mut reversed = batch.clone();
    reversed.reverse();
    assert!(filed_in(&reversed, 3) == expected, "reversed");
    let (odd, even): (Vec<_>, Vec<_>) = batch.into_iter().enumerate().partition(|(i, _)| i % 2 == 1);
    let mixed: Vec<Filing> = odd.into_iter().chain(even).map(|(_, f)| f).collect();
    assert!(filed_in(&mixed, 1) == expected, "odd before even");
}

#[test]
fn files_that_are_no_ledgers_are_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(matches!(Ledger::open(&path("none.db")), Err(LedgerError::Missing(_))));
    assert!(matches!(Ledger::open_to_read(&path("none.db")), Err(LedgerError::Missing(_))));
    assert!(!path("none.db").exists());

    std::fs::write(path("notes.db"), "these are notes, and no database at all\n".repeat(9)).unwrap();
    assert!(matches!(Ledger::open_or_create(&path("notes.db")), Err(LedgerError::NotADatabase(..))));
    assert!(matches!(Ledger::open_or_create(folder.path()), Err(LedgerError::NotADatabase(..))));

    let other = rusqlite::Connection::open(path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(other);
    let before = std::fs::read(path("other.db")).unwrap();
    assert!(matches!(Ledger::open_or_create(&path("other.db")), Err(LedgerError::Foreign(..))));
    assert_eq!(std::fs::read(path("other.db")).unwrap(), before);

    let mut ledger = Ledger::open_or_create(&path("cut.db")).unwrap();
    ledger.file(&wire(), now()).unwrap();
    drop(ledger);
    let whole = std::fs::read(path("cut.db")).unwrap();
    for keep in [whole.len() / 2, whole.len() - 1, 5000, 50] {
        std::fs::write(path("cut.db"), &whole[..keep]).unwrap();
        let said = Ledger::open_or_create(&path("cut.db")).unwrap_err();
        assert!(matches!(said, LedgerError::Damaged(..) | LedgerError::NotADatabase(..)), "{said}");
        assert_eq!(std::fs::read(path("cut.db")).unwrap(), whole[..keep], "{keep} bytes were changed");
    }

    let newer = rusqlite::Connection::open(path("newer.db")).unwrap();
    drop(Ledger::open_or_create(&path("newer.db")).unwrap());
    newer.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Ledger::open_or_create(&path("newer.db")), Err(LedgerError::TooNew(_, 99, _))));
}

#[test]
fn a_log_left_behind_is_taken_in_and_a_lost_one_costs_only_its_batches() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut ledger = Ledger::open_or_create(&path("ledger.db")).unwrap();
    ledger.file(&wire()[..8], now()).unwrap();
    drop(ledger); // closing writes the log into the file
    let mut ledger = Ledger::open(&path("ledger.db")).unwrap();
    ledger.file(&wire()[8..], now()).unwrap();
    // As a machine that stops leaves them: the file and its log; and the file whose log somebody deleted.
    std::fs::copy(path("ledger.db"), path("left.db")).unwrap();
    std::fs::copy(path("ledger.db-wal"), path("left.db-wal")).unwrap();
    std::fs::copy(path("ledger.db"), path("lost.db")).unwrap();
    let left = Ledger::open(&path("left.db")).unwrap();
    sound(&left);
    assert_eq!(contents(&left), contents(&ledger));
    let mut lost = Ledger::open(&path("lost.db")).unwrap();
    sound(&lost);
    assert_eq!(lost.dispatches(&Filter::default()).unwrap().len(), 8);
    lost.file(&wire(), now()).unwrap();
    assert_eq!(contents(&lost), contents(&ledger), "filing again completes it");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    // Nobody, not even root, makes a file there.
    let said = Ledger::open_or_create(std::path::Path::new("/proc/ledger.db")).unwrap_err();
    assert!(matches!(said, LedgerError::ReadOnly(..)), "{said}");
}

#[test]
fn a_second_writer_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open_or_create(&path).unwrap();
    ledger.be_patient(Duration::ZERO).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(ledger.file(&wire(), now()), Err(LedgerError::Busy(_))));
    // Reading goes on while another writes.
    assert_eq!(Ledger::open_to_read(&path).unwrap().incidents(&Filter::default()).unwrap().len(), 0);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(ledger.file(&wire(), now()).unwrap().len(), 16);
    sound(&ledger);
}

#[test]
fn a_copy_made_while_writing_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open_or_create(&path).unwrap();
    ledger.file(&wire()[..8], now()).unwrap();
    let reader = Ledger::open_to_read(&path).unwrap();
    let writing = rusqlite::Connection::open(&path).unwrap();
    writing.execute_batch("BEGIN IMMEDIATE; UPDATE dispatches SET headline = 'half done'").unwrap();
    reader.backup(&folder.path().join("copy.db")).unwrap();
    writing.execute_batch("ROLLBACK").unwrap();
    let copy = Ledger::open(&folder.path().join("copy.db")).unwrap();
    sound(&copy);
    assert_eq!(contents(&copy), contents(&ledger));
    assert!(reader.backup(&folder.path().join("copy.db")).is_err(), "a copy never overwrites a file");
}
