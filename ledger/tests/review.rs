//! People's decisions: they change what the ledger says, survive another reading and a corrected text, and an undo leaves
//! the ledger exactly as it was.
#![allow(clippy::disallowed_methods)] // tests lay out files

mod common;

use common::{filing, now};
use jiff::Timestamp;
use ledger::query::{Filter, IncidentPage, Shown};
use ledger::review::{By, Decision, LogFilter};
use ledger::{Filed, Ledger, LedgerError};
use record::Record;
use serde_json::{Value, json};

fn span(text: &str, words: &str) -> Value {
    let start = text.find(words).map_or(0, |b| text[..b].chars().count());
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// A raid on a place with a toll, an injured figure and a culprit, told by one invented outlet.
fn raid(id: &str, day: &str, place: &str, killed: u64, blamed: &str) -> Record {
    let text = format!(
        "An air raid on {place} killed {killed} people and hurt 30 people, a nurse said. Neighbours blamed {blamed}. \
         The road was closed."
    );
    let record = json!({
        "id": id, "reader": "hand",
        "dispatch": {"outlet": format!("the {id} post"), "published": day, "text": text, "headline": null},
        "statements": [{"id": "s1", "speaker": "Neighbours", "content": [span(&text, &format!("blamed {blamed}"))], "mode": "accuses"}],
        "incidents": [{
            "id": "i1", "type": "air_strike", "trigger": span(&text, "air raid"), "date_start": day, "date_end": day,
            "place": {"mention": span(&text, place), "name": place, "country": "SY"},
            "figures": [
                {"id": "f1", "measure": "killed", "low": killed, "high": killed, "by": "nurse", "mention": span(&text, &format!("{killed} people"))},
                {"id": "f2", "measure": "injured", "low": 30, "high": 30, "by": "nurse", "mention": span(&text, "30 people")}],
            "perpetrators": [{"actor": blamed, "stance": "accuses", "by": "Neighbours", "mention": span(&text, blamed)}],
            "victims": [{"group": "people", "mention": span(&text, "people")}]}],
        "accords": [{"id": "a1", "kind": "truce", "name": format!("truce of {place}"), "mention": span(&text, place), "parties": ["the army", "the rebels"],
            "status_claims": [{"status": "in_force", "by": "outlet", "date": day, "mention": span(&text, "closed")},
                {"status": "violated", "by": "Neighbours", "blamed": blamed, "date": day, "mention": span(&text, blamed)}]}],
    });
    ledger::record_from_json(&record.to_string()).unwrap()
}

fn by(second: i64) -> By {
    By { who: "Amal".to_owned(), why: Some("seen".to_owned()), at: Timestamp::from_second(second).unwrap() }
}

/// All that the ledger says, without the log and what only orders rows.
fn contents(ledger: &Ledger) -> Value {
    let all = Filter::default();
    let shown = |id: &str| serde_json::to_value(ledger.show(id, true).unwrap()).unwrap();
    let incidents: Vec<Value> = ledger.incidents(&all).unwrap().iter().map(|i| shown(&i.id)).collect();
    let accords: Vec<Value> = ledger.accords(&all).unwrap().iter().map(|a| shown(&a.id)).collect();
    let mut statements = serde_json::to_value(ledger.statements(&all).unwrap()).unwrap();
    statements.as_array_mut().unwrap().sort_by_key(ToString::to_string);
    let mut dispatches = serde_json::to_value(ledger.dispatches(&all).unwrap()).unwrap();
    dispatches.as_array_mut().unwrap().sort_by_key(|d| d["id"].to_string());
    json!({"incidents": incidents, "accords": accords, "statements": statements, "disputes": ledger.disputes(&all).unwrap(),
        "actors": ledger.actors(&all).unwrap(), "dispatches": dispatches})
}

fn sound(ledger: &Ledger) {
    assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
    assert_eq!(ledger.check_search().unwrap(), Vec::<String>::new());
}

fn page(ledger: &Ledger, id: &str) -> IncidentPage {
    match ledger.show(id, false).unwrap() {
        Shown::Incident(page) => page,
        other => panic!("{other:?}"),
    }
}

/// Three tellings of one raid, and another raid.
fn filled(folder: &std::path::Path) -> Ledger {
    let mut ledger = common::ledger(folder);
    let batch = [
        filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army")),
        filing("wire", raid("d2", "2016-09-20", "Zoravik", 25, "the rebels")),
        filing("wire", raid("d3", "2016-09-20", "Zoravik", 20, "the army")),
        filing("wire", raid("d4", "2016-09-21", "Maresh", 3, "the army")),
    ];
    ledger.file(&batch, now()).unwrap();
    ledger
}

fn ids(ledger: &Ledger) -> Vec<String> {
    ledger.incidents(&Filter::default()).unwrap().into_iter().map(|i| i.id).collect()
}

#[test]
fn every_decision_changes_what_it_says_and_an_undo_leaves_the_ledger_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let (zoravik, maresh) = (ids(&ledger)[0].clone(), ids(&ledger)[1].clone());
    let accounts: Vec<String> = page(&ledger, &zoravik).accounts.iter().map(|a| a.account.id.clone()).collect();
    assert_eq!(accounts.len(), 3);
    let d2 = accounts
        .iter()
        .find(|a| page(&ledger, a).accounts.iter().any(|x| x.account.id == **a && x.account.dispatch == "d2"));
    let d2 = d2.unwrap().clone();
    let accord = ledger.accords(&Filter::default()).unwrap()[0].id.clone();
    let before = contents(&ledger);
    let decisions = [
        Decision::Reject { id: zoravik.clone() },
        Decision::Reject { id: "wire:d1#i1".to_owned() },
        Decision::Reject { id: format!("{d2}.f1") },
        Decision::Reject { id: "d1#s1".to_owned() },
        Decision::Reject { id: format!("{accord}.c1") },
        Decision::edit(format!("{d2}.f1"), "number", "10-12"),
        Decision::edit(format!("{d2}.p1"), "actor", "a third party"),
        Decision::edit("wire:d1#i1", "place", "Tel Oram"),
        Decision::edit(&maresh, "type", "shelling"),
        Decision::edit(&maresh, "date", "2016-09-20"),
        Decision::edit("d1#s1", "speaker", "the neighbours"),
        Decision::Merge { a: zoravik.clone(), b: maresh.clone() },
        Decision::Split { id: zoravik.clone(), accounts: vec![d2.clone()] },
        Decision::Add {
            to: maresh.clone(),
            kind: "figure".to_owned(),
            words: "The road".to_owned(),
            occurrence: None,
            fields: json!({"measure": "destroyed", "number": "1", "counted": "road"}).as_object().unwrap().clone(),
        },
        Decision::Add {
            to: "d4".to_owned(),
            kind: "incident".to_owned(),
            words: "closed".to_owned(),
            occurrence: None,
            fields: json!({"type": "siege or blockade", "date": "2016-09-21", "place": "Maresh"})
                .as_object()
                .unwrap()
                .clone(),
        },
        Decision::Add {
            to: "d4".to_owned(),
            kind: "statement".to_owned(),
            words: "killed 3 people".to_owned(),
            occurrence: None,
            fields: json!({"speaker": "a nurse"}).as_object().unwrap().clone(),
        },
        Decision::Kill { id: "d1".to_owned() },
        Decision::Withhold { id: "wire:d2".to_owned() },
    ];
    for (n, decision) in decisions.iter().enumerate() {
        let made = ledger.decide(decision, &by(n as i64)).unwrap_or_else(|e| panic!("{decision:?}: {e}"));
        sound(&ledger);
        assert!(contents(&ledger) != before, "{decision:?} changed nothing");
        ledger.undo(Some(&made.id), &by(100 + n as i64)).unwrap();
        sound(&ledger);
        assert!(contents(&ledger) == before, "undone: {decision:?}");
    }
    // All of them, one upon the other, and back in any order.
    let mut made = Vec::new();
    for (n, decision) in decisions.iter().enumerate().filter(|d| d.0 > 1) {
        match ledger.decide(decision, &by(200 + n as i64)) {
            Ok(m) => made.push(m.id),
            Err(LedgerError::NoSuchId(_) | LedgerError::Refused(_)) => {}
            Err(e) => panic!("{decision:?}: {e}"),
        }
        sound(&ledger);
    }
    assert!(made.len() > 10);
    for (n, id) in made.iter().enumerate().map(|(n, _)| (n, &made[(n * 7 + 3) % made.len()])) {
        if let Err(e) = ledger.undo(Some(id), &by(300 + n as i64)) {
            assert!(e.to_string().contains("undone already"), "{e}");
        }
    }
    for id in &made {
        let _ = ledger.undo(Some(id), &by(400));
    }
    sound(&ledger);
    assert!(contents(&ledger) == before);
    assert_eq!(ledger.log(&LogFilter { standing: true, ..LogFilter::default() }).unwrap(), []);
    let log = ledger.log(&LogFilter::default()).unwrap();
    assert!(log.len() > 2 * decisions.len() && log[0].action == "undo");
}

#[test]
fn a_rejected_item_is_not_counted_and_an_edited_value_is_shown_with_the_readers_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let zoravik = ids(&ledger)[0].clone();
    let account = page(&ledger, &zoravik).accounts[1].account.id.clone();
    let d2 = page(&ledger, &zoravik).accounts.iter().find(|a| a.account.dispatch == "d2").unwrap().account.id.clone();
    assert_eq!(page(&ledger, &zoravik).incident.killed_high, Some(25));
    let made = ledger.decide(&Decision::edit(format!("{d2}.f1"), "number", "20"), &by(1)).unwrap();
    assert!(made.said.contains("the reader had 25"), "{}", made.said);
    assert_eq!(made.now, [zoravik.clone()]);
    let shown = page(&ledger, &zoravik);
    assert_eq!((shown.incident.killed_low, shown.incident.killed_high), (Some(20), Some(20)));
    assert!(!shown.incident.disputed.contains(&"killed".to_owned()));
    let log = ledger.log(&LogFilter { about: Some(zoravik.clone()), ..LogFilter::default() }).unwrap();
    assert_eq!((log.len(), log[0].was.clone(), log[0].words.as_str()), (1, Some(json!(25)), "25 people"));
    // The last word holds.
    ledger.decide(&Decision::Reject { id: account.clone() }, &by(2)).unwrap();
    assert_eq!(page(&ledger, &zoravik).accounts.len(), 2);
    let said = ledger.show(&account, false).unwrap_err().to_string();
    assert!(said.contains("Amal"), "{said}");
    ledger.decide(&Decision::Accept { id: account.clone() }, &by(3)).unwrap();
    assert_eq!(page(&ledger, &account).accounts.len(), 3);
    sound(&ledger);
}

#[test]
fn decisions_outlive_another_reading_and_a_corrected_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let maresh = ids(&ledger)[1].clone();
    ledger.decide(&Decision::edit(format!("{maresh}.f1"), "number", "7"), &by(1)).unwrap();
    ledger.decide(&Decision::Reject { id: format!("{maresh}.f2") }, &by(2)).unwrap();
    ledger.decide(&Decision::Merge { a: ids(&ledger)[0].clone(), b: maresh.clone() }, &by(3)).unwrap();
    assert_eq!(ids(&ledger).len(), 1);
    // Another reading of the same text: items in another order, with other ids.
    let mut other = raid("d4", "2016-09-21", "Maresh", 3, "the army");
    other.incidents[0].figures.reverse();
    other.incidents[0].figures[0].id = "f1".to_owned();
    other.incidents[0].figures[1].id = "f2".to_owned();
    other.reader = "newer".to_owned();
    assert_eq!(ledger.file(&[filing("wire", other)], now()).unwrap(), [Filed::Reread]);
    sound(&ledger);
    let all = ids(&ledger);
    assert_eq!(all.len(), 1, "the merge stands");
    let told = |ledger: &Ledger| {
        let page = page(ledger, &maresh);
        let account = page.accounts.iter().find(|a| a.account.dispatch == "d4").unwrap().clone();
        account.figures.iter().map(|f| f.value.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told(&ledger), ["7 people"]);
    // A correction that moves the words: what is anchored on them moves along.
    let mut corrected = raid("d4", "2016-09-21", "Maresh", 3, "the army");
    let text = corrected.dispatch.text.clone();
    let moved = format!("Corrected. {text}");
    let json = serde_json::to_string(&corrected).unwrap();
    let mut value: Value = serde_json::from_str(&json).unwrap();
    shift(&mut value, 11);
    value["dispatch"]["text"] = json!(moved);
    corrected = ledger::record_from_json(&value.to_string()).unwrap();
    assert_eq!(ledger.file(&[filing("wire", corrected)], now()).unwrap(), [Filed::Version(2)]);
    sound(&ledger);
    assert_eq!(told(&ledger), ["7 people"]);
    assert_eq!(ids(&ledger).len(), 1);
    // A correction in which the words are gone: the decision finds no place, and is not lost.
    let gone = raid("d4", "2016-09-21", "Maresh", 4, "the army");
    ledger.file(&[filing("wire", gone)], now()).unwrap();
    sound(&ledger);
    assert_eq!(told(&ledger), ["4 people"]);
    let log = ledger.log(&LogFilter { standing: true, ..LogFilter::default() }).unwrap();
    let state = |action: &str| log.iter().find(|l| l.action == action).unwrap().state.clone().unwrap();
    assert_eq!(
        (state("edit"), state("reject"), state("merge")),
        ("orphaned".into(), "attached".into(), "attached".into())
    );
}

/// Moves every span of a record.
fn shift(value: &mut Value, by: u64) {
    match value {
        Value::Object(object) => {
            let spans = object.contains_key("text") && object.contains_key("start");
            for key in ["start", "end"] {
                if let Some(n) = object.get(key).and_then(Value::as_u64).filter(|_| spans) {
                    object.insert(key.to_owned(), json!(n + by));
                }
            }
            object.values_mut().for_each(|v| shift(v, by));
        }
        Value::Array(list) => list.iter_mut().for_each(|v| shift(v, by)),
        _ => {}
    }
}

#[test]
fn what_cannot_be_decided_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let (zoravik, maresh) = (ids(&ledger)[0].clone(), ids(&ledger)[1].clone());
    let before = contents(&ledger);
    let add = |words: &str, occurrence| Decision::Add {
        to: maresh.clone(),
        kind: "figure".to_owned(),
        words: words.to_owned(),
        occurrence,
        fields: json!({"measure": "killed", "number": "3"}).as_object().unwrap().clone(),
    };
    let accord = ledger.accords(&Filter::default()).unwrap()[0].id.clone();
    for (decision, reason) in [
        (add("a dozen", None), "no “a dozen”"),
        (add("people", None), "2 times"),
        (add("people", Some(3)), "no number 3"),
        (add("", None), "quote the words"),
        (Decision::edit(format!("{maresh}.f1"), "colour", "red"), "no field of a figure"),
        (Decision::edit(format!("{maresh}.f1"), "low", "many"), "many"),
        (Decision::edit(format!("{maresh}.f1"), "number", "3"), "already"),
        (Decision::edit(&maresh, "date", "yesterday"), "yesterday"),
        (Decision::edit(&maresh, "type", "picnic"), "picnic"),
        (Decision::edit(&zoravik, "type", "shelling"), "3 dispatches tell of it"),
        (Decision::Merge { a: maresh.clone(), b: accord.clone() }, "cannot be one"),
        (Decision::Merge { a: maresh.clone(), b: maresh.clone() }, "one already"),
        (Decision::Split { id: maresh.clone(), accounts: vec![maresh.clone()] }, "not all"),
        (Decision::Split { id: zoravik.clone(), accounts: vec![maresh.clone()] }, "no account of"),
        (Decision::NotSame { a: maresh.clone(), b: maresh.clone() }, "name two"),
        (Decision::Reject { id: "d1".to_owned() }, "is a dispatch"),
        (Decision::Reject { id: "nothing".to_owned() }, "goes by this id"),
        (Decision::Reject { id: format!("{maresh}.f9") }, "goes by this id"),
        (Decision::Note { id: maresh.clone(), text: " ".to_owned() }, "empty"),
    ] {
        let said = ledger.decide(&decision, &by(1)).unwrap_err().to_string();
        assert!(said.contains(reason), "{decision:?}: {said}");
    }
    let nobody = By { who: " ".to_owned(), ..by(1) };
    assert!(ledger.decide(&Decision::Accept { id: maresh.clone() }, &nobody).is_err());
    assert!(ledger.undo(None, &by(1)).unwrap_err().to_string().contains("no decision that stands"));
    assert!(contents(&ledger) == before);
    assert_eq!(ledger.log(&LogFilter::default()).unwrap(), []);
    // Of two places of the same words, the second.
    ledger.decide(&add("people", Some(2)), &by(2)).unwrap();
    assert_eq!(page(&ledger, &maresh).accounts[0].figures.len(), 3);
}
