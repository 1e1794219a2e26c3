//! Out of one ledger and into an empty one: the same ledger, people's decisions of every kind included.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;

use export::formats::{self, Choices, Name};
use jiff::Timestamp;
use ledger::query::Filter;
use ledger::review::{By, Decision, LogFilter, Redaction};
use ledger::{Filing, Ledger};
use serde_json::{Value, json};

fn span(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    let start = text[..at].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// A dispatch on a raid and a truce, with three statements.
fn told(id: &str, day: &str, place: &str, killed: u64) -> Filing {
    let text = format!(
        "An air raid on {place} left {killed} villagers dead, the mayor said. The army broke the truce, a monitor said. \
         It was Blue Column, residents said. A barn burnt down. Witness Ada Tolvaj hid in a cellar. Copy {id}."
    );
    let said = |item: &str, speaker: &str, words: &str| {
        json!({"id": item, "speaker": speaker, "source": span(&text, speaker), "content": [span(&text, words)],
               "kind": "indirect", "mode": "says", "about": ["i1"]})
    };
    let record = json!({
        "id": id,
        "dispatch": {"outlet": format!("the {id} post"), "published": day, "headline": format!("Raid on {place}"), "text": text},
        "statements": [
            said("s1", "the mayor", &format!("An air raid on {place} left {killed} villagers dead")),
            said("s2", "a monitor", "The army broke the truce"),
            said("s3", "residents", "It was Blue Column"),
        ],
        "incidents": [{
            "id": "i1", "type": "air_strike", "trigger": span(&text, "An air raid"), "date_start": day, "date_end": day,
            "date_basis": "stated", "modality": "asserted",
            "place": {"mention": span(&text, place), "name": place, "country": "SY", "lat": 36.5, "lon": 37.25, "precision": "city"},
            "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "qualifier": "exact", "group": "villagers",
                         "by": "the mayor", "mention": span(&text, &format!("{killed} villagers"))}],
            "perpetrators": [{"actor": "Blue Column", "stance": "accuses", "by": "residents", "mention": span(&text, "Blue Column")}],
            "victims": [{"group": "villagers", "mention": span(&text, "villagers")}],
        }],
        "accords": [{
            "id": "a1", "kind": "truce", "name": "the truce", "mention": span(&text, "the truce"), "parties": ["the army", "Blue Column"],
            "brokers": [], "status_claims": [{"status": "violated", "blamed": "the army", "modality": "asserted", "by": "a monitor",
                                              "mention": span(&text, "broke the truce")}],
        }],
    });
    Filing {
        namespace: "wire".to_owned(),
        record: ledger::record_from_json(&record.to_string()).unwrap(),
        original: format!("original of {id}: Ada Tolvaj").into_bytes(),
        media_type: "text/plain",
        replace: true,
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_474_300_000 + second).unwrap()
}

fn by(who: &str, second: i64) -> By {
    By { who: who.to_owned(), why: Some("seen".to_owned()), at: at(second) }
}

fn lines(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    formats::write(ledger, &Filter::default(), Name::Jsonl, &Choices::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What `dateline add --from records` does with such lines.
fn filed_again(folder: &Path, lines: &str) -> Ledger {
    let mut ledger = Ledger::open_or_create(&folder.join("copy.db")).unwrap();
    let mut decisions = Vec::new();
    for line in lines.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        if value.get("decision").is_some() {
            decisions.push(value);
            continue;
        }
        let ledger::Refiling { namespace, at, media_type, original } =
            ledger::refiling_from_json(line).unwrap().unwrap();
        let record = ledger::record_from_json(line).unwrap();
        ledger.file(&[Filing { namespace, record, original, media_type, replace: true }], at).unwrap();
    }
    ledger::review::import_decisions(&mut ledger, &decisions).unwrap();
    ledger
}

/// All lists of a ledger, and its log.
fn all(ledger: &Ledger) -> Value {
    let f = Filter::default();
    json!({
        "dispatches": ledger.dispatches(&f).unwrap(), "statements": ledger.statements(&f).unwrap(),
        "incidents": ledger.incidents(&f).unwrap(), "accords": ledger.accords(&f).unwrap(),
        "disputes": ledger.disputes(&f).unwrap(), "actors": ledger.actors(&f).unwrap(),
        "log": ledger.log(&LogFilter::default()).unwrap(),
    })
}

#[test]
fn decisions_of_every_kind_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open_or_create(&folder.path().join("ledger.db")).unwrap();
    let wire = [
        told("d1", "2016-09-20", "Zoravik", 4),
        told("d2", "2016-09-20", "Zoravik", 9),
        told("d3", "2016-09-20", "Maresh", 3),
        told("d4", "2016-09-24", "Maresh", 5),
        told("d5", "2016-09-24", "Karvela", 6),
        told("d6", "2016-09-28", "Karvela", 2),
    ];
    for (n, filing) in wire.into_iter().enumerate() {
        ledger.file(&[filing], at(n as i64)).unwrap();
    }
    let of = |ledger: &Ledger, item: &str| -> String {
        let rows = ledger.incidents(&Filter::default()).unwrap();
        let found = rows.iter().find(|i| i.accounts.iter().any(|a| a.dispatch == item));
        found.unwrap_or_else(|| panic!("no incident of {item}")).id.clone()
    };
    let account = |ledger: &Ledger, item: &str| -> String {
        let rows = ledger.incidents(&Filter::default()).unwrap();
        rows.iter().flat_map(|i| &i.accounts).find(|a| a.dispatch == item).unwrap().id.clone()
    };
    let mut second = 100;
    let mut decide = |ledger: &mut Ledger, decision: Decision| {
        second += 1;
        ledger.decide(&decision, &by(if second % 2 == 0 { "Amal" } else { "Basma" }, second)).unwrap()
    };
    let id = |id: &str| id.to_owned();
    let raid = of(&ledger, "d1");
    assert_eq!(raid, of(&ledger, "d2"), "the two tell of one raid");
    decide(&mut ledger, Decision::Accept { id: raid.clone() });
    decide(&mut ledger, Decision::Reject { id: id("wire:d3#s2") });
    decide(&mut ledger, Decision::edit("wire:d2#i1.f1", "number", "11"));
    decide(&mut ledger, Decision::edit("wire:d4#s1", "speaker", "the deputy mayor"));
    let (one, other) = (of(&ledger, "d3"), of(&ledger, "d4"));
    decide(&mut ledger, Decision::Merge { a: one, b: other });
    let out = account(&ledger, "d2");
    decide(&mut ledger, Decision::Split { id: raid, accounts: vec![out] });
    let (one, other) = (of(&ledger, "d5"), of(&ledger, "d6"));
    decide(&mut ledger, Decision::NotSame { a: one, b: other });
    decide(
        &mut ledger,
        Decision::Note { id: id("wire:d1#s3"), text: id("verdict: not shown. Nobody saw the column.") },
    );
    let fields = json!({"type": "bombing", "modality": "asserted"}).as_object().cloned().unwrap();
    let words = id("A barn burnt down");
    decide(&mut ledger, Decision::Add { to: id("wire:d1"), kind: id("incident"), words, occurrence: None, fields });
    let rejected = decide(&mut ledger, Decision::Reject { id: id("wire:d1#s1") });
    ledger.undo(Some(&rejected.id), &by("Basma", 300)).unwrap();
    decide(&mut ledger, Decision::Kill { id: id("wire:d6") });
    decide(&mut ledger, Decision::Withhold { id: id("wire:d5") });
    let gone = Redaction { id: id("wire:d1"), words: Some(id("Ada Tolvaj")), everywhere: true };
    ledger.redact(&gone, &by("Amal", 400)).unwrap();
    assert_eq!(ledger.check().unwrap(), Vec::<String>::new());

    let carried = lines(&ledger);
    let kinds: Vec<String> = ledger.log(&LogFilter::default()).unwrap().into_iter().map(|e| e.action).collect();
    for kind in
        ["accept", "reject", "edit", "merge", "split", "not_same", "note", "add", "undo", "kill", "withhold", "redact"]
    {
        assert!(kinds.iter().any(|k| k == kind), "the log has no {kind}");
    }
    assert!(!carried.contains("Tolvaj"), "what was redacted is not carried on");

    let copy = filed_again(folder.path(), &carried);
    assert_eq!(copy.check().unwrap(), Vec::<String>::new());
    let (before, after) = (all(&ledger), all(&copy));
    for list in ["log", "dispatches", "incidents", "accords", "disputes", "statements", "actors"] {
        assert_eq!(after[list], before[list], "{list}");
    }
    assert_eq!(lines(&copy), carried, "the export of the copy is the export, byte for byte");
}

#[test]
fn a_note_that_is_a_verdict_is_a_review_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open_or_create(&folder.path().join("ledger.db")).unwrap();
    ledger.file(&[told("d1", "2016-09-20", "Zoravik", 4)], at(0)).unwrap();
    let reviews = |ledger: &Ledger| -> Vec<Value> {
        let mut out = Vec::new();
        formats::write(ledger, &Filter::default(), Name::Claimreview, &Choices::default(), &mut out).unwrap();
        let page: Value = serde_json::from_slice(&out).unwrap();
        let nodes = page["@graph"].as_array().cloned().unwrap_or_default();
        assert_eq!(nodes.iter().filter(|n| n["@type"] == "Claim").count(), 3);
        nodes.into_iter().filter(|n| n["@type"] == "ClaimReview").collect()
    };
    let on = "wire:d1#s3".to_owned();
    ledger.decide(&Decision::Accept { id: on.clone() }, &by("Amal", 1)).unwrap();
    ledger.decide(&Decision::Note { id: on.clone(), text: "ask the mayor".to_owned() }, &by("Amal", 2)).unwrap();
    assert_eq!(reviews(&ledger), Vec::<Value>::new(), "to accept a reading is no verdict on what was said");
    let text = "verdict: not shown. Nobody saw the column.".to_owned();
    let made = ledger.decide(&Decision::Note { id: on, text }, &by("Amal", 3)).unwrap();
    let [review] = &reviews(&ledger)[..] else { panic!("no review") };
    assert_eq!(review["reviewRating"], json!({"@type": "Rating", "alternateName": "not shown"}));
    assert_eq!((&review["author"]["name"], &review["itemReviewed"]["@type"]), (&json!("Amal"), &json!("Claim")));
    assert_eq!(
        (&review["claimReviewed"], &review["reviewBody"]),
        (&json!("It was Blue Column"), &json!("Nobody saw the column."))
    );
    ledger.undo(Some(&made.id), &by("Amal", 4)).unwrap();
    assert_eq!(reviews(&ledger), Vec::<Value>::new(), "a verdict taken back is none");
}
