//! People's decisions: they change what the ledger says, survive another reading and a corrected text, and an undo leaves
//! the ledger exactly as it was.
#![allow(clippy::disallowed_methods)] // tests lay out files

mod common;

use common::{filing, now};
use jiff::Timestamp;
use ledger::changes::ChangeFilter;
use ledger::query::{Filter, IncidentPage, Shown};
use ledger::review::{By, Decision, LogFilter, Need, QueueFilter, Redaction, export_decisions, import_decisions};
use ledger::{Filed, Filing, Ledger, LedgerError};
use proptest::prelude::*;
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
    assert_eq!(made.now, std::slice::from_ref(&zoravik));
    let shown = page(&ledger, &zoravik);
    assert_eq!((shown.incident.killed_low, shown.incident.killed_high), (Some(20), Some(20)));
    assert!(!shown.incident.disputed.contains(&"killed".to_owned()));
    // Back to what the reader had is a decision too.
    ledger.decide(&Decision::edit(format!("{d2}.f1"), "number", "25"), &by(1)).unwrap();
    assert_eq!(page(&ledger, &zoravik).incident.killed_high, Some(25));
    ledger.undo(None, &by(1)).unwrap();
    let log = ledger.log(&LogFilter::standing_on(&zoravik)).unwrap();
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

/// Decisions of all sorts, made on a ledger that holds `wire`, as they are carried.
fn decided(wire: &[Filing]) -> (Vec<Value>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    ledger.file(wire, now()).unwrap();
    let zoravik = ids(&ledger)[0].clone();
    let accounts: Vec<String> = page(&ledger, &zoravik).accounts.iter().map(|a| a.account.id.clone()).collect();
    let undone = ledger.decide(&Decision::Reject { id: "wire:d4#s1".to_owned() }, &by(1)).unwrap();
    for (n, decision) in [
        Decision::Split { id: zoravik.clone(), accounts: vec![accounts[1].clone()] },
        Decision::Merge { a: accounts[1].clone(), b: "wire:d4#i1".to_owned() },
        Decision::edit("wire:d5#i1", "place", "Zoravik"),
        Decision::Reject { id: "wire:d6#i1".to_owned() },
        Decision::edit(format!("{}.f1", accounts[0]), "number", "29"),
        Decision::Add {
            to: "wire:d5".to_owned(),
            kind: "incident".to_owned(),
            words: "closed".to_owned(),
            occurrence: None,
            fields: json!({"type": "siege_or_blockade", "date": "2016-09-20", "place": "Zoravik"})
                .as_object()
                .unwrap()
                .clone(),
        },
        Decision::Withhold { id: "wire:d7".to_owned() },
    ]
    .iter()
    .enumerate()
    {
        ledger.decide(decision, &by(10 + n as i64)).unwrap_or_else(|e| panic!("{decision:?}: {e}"));
    }
    ledger.undo(Some(&undone.id), &by(30)).unwrap();
    sound(&ledger);
    (export_decisions(&ledger).unwrap(), contents(&ledger))
}

/// Raids on two places, some told several times.
fn wire() -> Vec<Filing> {
    (1..8u64)
        .map(|n| {
            let (place, day) = if n < 4 || n == 7 { ("Zoravik", "2016-09-20") } else { ("Maresh", "2016-09-21") };
            let blamed = if n % 2 == 0 { "the rebels" } else { "the army" };
            filing("wire", raid(&format!("d{n}"), day, place, 20 + n % 3, blamed))
        })
        .collect()
}

/// The first place where two values differ.
fn differing(at: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().find_map(|(k, v)| differing(&format!("{at}/{k}"), v, &y[k]))
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            x.iter().zip(y).enumerate().find_map(|(n, (v, w))| differing(&format!("{at}/{n}"), v, w))
        }
        _ => (a != b).then(|| format!("{at}: {a} is not {b}")),
    }
}

/// What is filed, or decisions that are brought in.
#[derive(Debug, Clone)]
enum Step {
    File(Box<Filing>),
    Decide,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_filing_and_deciding_gives_the_same_ledger(
        order in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(), size in 1usize..4
    ) {
        let (decisions, expected) = decided(&wire());
        let steps: Vec<Step> = order
            .into_iter()
            .map(|n| wire().get(n).map_or(Step::Decide, |f| Step::File(Box::new(f.clone()))))
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = common::ledger(folder.path());
        let mut batch: Vec<Filing> = Vec::new();
        for step in steps {
            match step {
                Step::File(filing) => batch.push(*filing),
                Step::Decide => {
                    ledger.file(&std::mem::take(&mut batch), now()).unwrap();
                    let done = import_decisions(&mut ledger, &decisions).unwrap();
                    prop_assert_eq!(done.new, decisions.len());
                }
            }
            if batch.len() >= size {
                ledger.file(&std::mem::take(&mut batch), now()).unwrap();
            }
        }
        ledger.file(&batch, now()).unwrap();
        sound(&ledger);
        let differing = differing("", &contents(&ledger), &expected);
        prop_assert!(differing.is_none(), "{differing:?}");
        // Once more changes nothing, and what comes out is what went in.
        prop_assert_eq!(import_decisions(&mut ledger, &decisions).unwrap().known, decisions.len());
        prop_assert_eq!(export_decisions(&ledger).unwrap(), decisions);
    }
}

#[test]
fn decisions_that_are_none_are_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let (mut decisions, _) = decided(&wire());
    let before = contents(&ledger);
    decisions.push(json!({"decision": {"schema": "dateline/decision/1", "id": "r1"}}));
    assert!(
        import_decisions(&mut ledger, &decisions)
            .unwrap_err()
            .to_string()
            .contains(&format!("decision {}", decisions.len()))
    );
    decisions.pop();
    decisions[0]["decision"]["schema"] = json!("other/1");
    assert!(import_decisions(&mut ledger, &decisions).unwrap_err().to_string().contains("other/1"));
    assert!(contents(&ledger) == before);
}

#[test]
fn the_queue_lists_what_needs_a_person_and_who_works_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let mut unsure = raid("d9", "2016-09-25", "Tel Oram", 2, "the army");
    unsure.incidents[0].confidence = record::Confidence::Low;
    ledger.file(&[filing("wire", unsure)], now()).unwrap();
    let all = ledger.queue(&QueueFilter::default()).unwrap();
    let needs: Vec<Need> = all.items.iter().map(|i| i.need).collect();
    assert!(needs.contains(&Need::Dispute) && needs.contains(&Need::LowConfidence), "{needs:?}");
    assert!(needs.is_sorted());
    let dispute = all.items.iter().find(|i| i.id == ids(&ledger)[0]).unwrap().clone();
    assert_eq!(dispute.need, Need::Dispute);
    assert!(
        dispute.why.contains("killed") && !dispute.words.is_empty() && dispute.prefix.contains("An air raid"),
        "{dispute:?}"
    );
    // Page by page it is the same.
    let mut paged = Vec::new();
    let mut cursor = None;
    loop {
        let page = ledger.queue(&QueueFilter { limit: Some(1), cursor, ..QueueFilter::default() }).unwrap();
        paged.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, all.items);
    assert!(matches!(
        ledger.queue(&QueueFilter { cursor: Some("x".into()), ..Default::default() }),
        Err(LedgerError::BadCursor(_))
    ));
    let only = |place: &str| {
        ledger.queue(&QueueFilter { place: Some(place.into()), ..Default::default() }).unwrap().items.len()
    };
    assert!(only("oram") == 1 && only("nowhere") == 0);
    let sizes = ledger.queue_sizes().unwrap();
    assert_eq!(sizes.iter().map(|(_, size)| size.number).sum::<i64>() as usize, all.items.len());
    // Taken on by one, not by another until it runs out.
    let at = |s: i64| Timestamp::from_second(s).unwrap();
    ledger.take_on(&dispute.key, "Amal", at(100), at(0)).unwrap();
    assert!(ledger.take_on(&dispute.key, "Bea", at(200), at(50)).unwrap_err().to_string().contains("Amal works on it"));
    let seen = |now: i64| QueueFilter { now: Some(at(now)), ..QueueFilter::default() };
    assert_eq!(ledger.queue(&QueueFilter { taken_by: Some("Amal".into()), ..seen(50) }).unwrap().items.len(), 1);
    assert_eq!(ledger.queue(&QueueFilter { free: true, ..seen(50) }).unwrap().items.len(), all.items.len() - 1);
    assert_eq!(ledger.queue(&QueueFilter { free: true, ..seen(150) }).unwrap().items.len(), all.items.len());
    ledger.take_on(&dispute.key, "Bea", at(200), at(100)).unwrap();
    assert!(!ledger.give_back(&dispute.key, "Amal").unwrap() && ledger.give_back(&dispute.key, "Bea").unwrap());
    // What is accepted is done; a new telling makes it a question again.
    ledger.decide(&Decision::Accept { id: dispute.id.clone() }, &by(1)).unwrap();
    let open = |ledger: &Ledger| {
        ledger.queue(&QueueFilter { needs: vec![Need::Dispute], ..Default::default() }).unwrap().items
    };
    assert!(open(&ledger).iter().all(|i| i.id != dispute.id));
    ledger.file(&[filing("wire", raid("d8", "2016-09-20", "Zoravik", 31, "the army"))], now()).unwrap();
    assert!(open(&ledger).iter().any(|i| i.id == dispute.id));
}

#[test]
fn orphans_and_decisions_on_withdrawn_dispatches_come_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let maresh = ids(&ledger)[1].clone();
    let edit = ledger.decide(&Decision::edit(format!("{maresh}.f1"), "number", "7"), &by(1)).unwrap();
    ledger.file(&[filing("wire", raid("d4", "2016-09-21", "Maresh", 4, "the army"))], now()).unwrap();
    let accept = ledger.decide(&Decision::Accept { id: "wire:d1#i1".to_owned() }, &by(2)).unwrap();
    ledger.decide(&Decision::Kill { id: "d1".to_owned() }, &by(3)).unwrap();
    let queue = ledger.queue(&QueueFilter::default()).unwrap().items;
    assert_eq!((queue[0].need, queue[0].id.as_str()), (Need::Orphaned, edit.id.as_str()));
    assert_eq!((queue[1].need, queue[1].id.as_str()), (Need::Withdrawn, accept.id.as_str()));
    ledger.undo(Some(&edit.id), &by(4)).unwrap();
    assert!(ledger.queue(&QueueFilter::default()).unwrap().items.iter().all(|i| i.need != Need::Orphaned));
}

#[test]
fn two_reviewers_are_compared_item_by_item() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let as_ = |who: &str, n: i64| By { who: who.to_owned(), ..by(n) };
    let item = |n: usize, part: &str| format!("wire:d{n}#i1{part}");
    // d1 … d4: figures f1 and perpetrators, 8 items. Amal accepts 5, rejects 3; Bea agrees on 4 + 2.
    let items: Vec<String> = (1..5).flat_map(|n| [item(n, ".f1"), item(n, ".p1")]).collect();
    let verdicts = [
        (true, true),
        (true, true),
        (true, true),
        (true, true),
        (true, false),
        (false, false),
        (false, false),
        (false, true),
    ];
    for (n, (id, (amal, bea))) in items.iter().zip(verdicts).enumerate() {
        let decide =
            |yes: bool| if yes { Decision::Accept { id: id.clone() } } else { Decision::Reject { id: id.clone() } };
        ledger.decide(&decide(amal), &as_("Amal", n as i64)).unwrap();
        ledger.decide(&decide(bea), &as_("Bea", 100 + n as i64)).unwrap();
    }
    ledger.decide(&Decision::Merge { a: "wire:d1#i1".into(), b: "wire:d4#i1".into() }, &as_("Amal", 300)).unwrap();
    let found = ledger.agreement("Amal", "Bea").unwrap();
    assert_eq!((found.both, found.agreed, found.only_b, found.differing.len()), (8, 6, 0, 2));
    assert_eq!(found.only_a, 3, "three pairs of the merged accounts");
    assert_eq!(found.percent, Some(75.0));
    // p_o = 6/8; p_e = (5·5 + 3·3)/64 = 34/64; kappa = (48 − 34)/(64 − 34) = 14/30
    assert!((found.kappa.unwrap() - 14.0 / 30.0).abs() < 1e-12);
    assert_eq!(ledger.agreement("Amal", "nobody").unwrap().kappa, None);
}

#[test]
fn redacted_words_are_nowhere_in_the_file_and_the_tombstone_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open_or_create(&path).unwrap();
    let mut batch = wire();
    let mut named = raid("d9", "2016-09-20", "Zoravik", 24, "Abu Quxabar");
    named.dispatch.headline = Some("Abu Quxabar blamed".to_owned());
    named.statements[0].speaker = "Abu Quxabar".to_owned();
    batch.push(filing("wire", named));
    batch.push(filing("post", raid("e9", "2016-09-22", "Maresh", 5, "Abu Quxabar")));
    ledger.file(&batch, now()).unwrap();
    ledger.decide(&Decision::edit("wire:d9#i1.p1", "stance", "asserts"), &by(1)).unwrap();
    ledger
        .decide(&Decision::Note { id: "wire:d9".to_owned(), text: "Abu Quxabar was there".to_owned() }, &by(2))
        .unwrap();
    let holds = |words: &str| {
        let files = ["ledger.db", "ledger.db-wal"].map(|f| std::fs::read(folder.path().join(f)).unwrap_or_default());
        files.iter().any(|f| f.windows(words.len()).any(|w| w.eq_ignore_ascii_case(words.as_bytes())))
    };
    assert!(holds("Quxabar"));
    let what = Redaction { id: "wire:d9".to_owned(), words: Some("Abu Quxabar".to_owned()), everywhere: true };
    assert!(ledger.redact(&what, &By { why: None, ..by(3) }).is_err(), "a reason stays");
    let done = ledger.redact(&what, &by(3)).unwrap();
    assert_eq!(done.dispatches, ["wire:d9", "post:e9"]);
    sound(&ledger);
    assert!(!holds("Quxabar"), "the words are still in the file");
    let text = |ledger: &Ledger, words: &str| {
        ledger.dispatches(&Filter { text: Some(words.into()), ..Filter::default() }).unwrap().len()
    };
    assert_eq!(text(&ledger, "Quxabar"), 0);
    let log = ledger.log(&LogFilter { about: Some("wire:d9".to_owned()), ..LogFilter::default() }).unwrap();
    assert_eq!((log[0].action.as_str(), log[0].by.as_str(), log[0].why.as_deref()), ("redact", "Amal", Some("seen")));
    assert!(ledger.undo(Some(&done.id), &by(4)).is_err());
    // The decision on the item holds, and filing the same again brings nothing back.
    assert!(log.iter().any(|l| l.action == "edit" && l.state.as_deref() == Some("attached")));
    assert_eq!(ledger.file(&batch[7..], now()).unwrap(), [Filed::Known, Filed::Known]);
    assert!(!holds("Quxabar"));
    // A whole dispatch: its text, its items, its quotations.
    let whole = Redaction { id: "wire:d1".to_owned(), ..Redaction::default() };
    ledger.redact(&whole, &by(5)).unwrap();
    sound(&ledger);
    let Shown::Dispatch(page) = ledger.show("wire:d1", false).unwrap() else { panic!("no dispatch") };
    assert!(page.incidents.is_empty() && page.statements.is_empty() && page.dispatch.headline.is_none());
}

#[test]
fn changes_tell_what_was_learnt_corrected_joined_and_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let at = |s: i64| Timestamp::from_second(s).unwrap();
    ledger.file(&[filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army"))], at(10)).unwrap();
    ledger
        .file(
            &[
                filing("wire", raid("d2", "2016-09-20", "Zoravik", 25, "the rebels")),
                filing("wire", raid("d4", "2016-09-21", "Maresh", 3, "the army")),
            ],
            at(20),
        )
        .unwrap();
    // The same again is no news.
    ledger.file(&[filing("wire", raid("d1", "2016-09-20", "Zoravik", 20, "the army"))], at(25)).unwrap();
    ledger.file(&[filing("wire", raid("d1", "2016-09-20", "Zoravik", 10, "the army"))], at(30)).unwrap();
    let (zoravik, maresh) = (ids(&ledger)[0].clone(), ids(&ledger)[1].clone());
    let merge = ledger.decide(&Decision::Merge { a: zoravik.clone(), b: maresh.clone() }, &by(40)).unwrap();
    ledger.undo(Some(&merge.id), &by(50)).unwrap();
    let told = |from: i64, until: i64| {
        let filter = ChangeFilter { since: Some(at(from)), until: Some(at(until)), ..ChangeFilter::default() };
        ledger.changes(&filter).unwrap()
    };
    let first = told(10, 11);
    assert!(
        first.iter().any(|c| c.what == "new"
            && c.subject == zoravik
            && c.after.as_deref() == Some("20 killed")
            && c.words_after.as_deref() == Some("20 people")),
        "{first:#?}"
    );
    assert!(first.iter().any(|c| c.what == "state"
        && c.field.as_deref() == Some("the army")
        && c.after.as_deref() == Some("in_force")));
    let second = told(20, 21);
    let toll = second.iter().find(|c| c.what == "toll" && c.field.as_deref() == Some("killed")).unwrap();
    assert_eq!((toll.before.as_deref(), toll.after.as_deref()), (Some("20"), Some("20–25")));
    assert_eq!((toll.words_before.as_deref(), toll.words_after.as_deref()), (Some("20 people"), Some("25 people")));
    assert!(toll.source.as_deref().unwrap().contains("nurse in the d2 post"));
    assert!(second.iter().any(|c| c.what == "disputed" && c.field.as_deref() == Some("perpetrator")));
    assert!(second.iter().any(|c| c.what == "new" && c.subject == maresh));
    assert_eq!(told(25, 26), []);
    let corrected = told(30, 31);
    let figure = corrected.iter().find(|c| c.what == "figure").unwrap();
    assert_eq!((figure.words_before.as_deref(), figure.words_after.as_deref()), (Some("20 people"), Some("10 people")));
    assert!(corrected.iter().any(|c| c.what == "dispatch" && c.subject == "wire:d1"));
    assert!(figure.sentence().contains("20 people (“20 people”) → 10 people (“10 people”)"), "{}", figure.sentence());
    let joined = told(40, 41);
    assert!(
        joined.iter().any(|c| c.what == "joined"
            && c.by.as_deref() == Some("Amal")
            && c.before.as_deref() == Some(maresh.as_str())),
        "{joined:#?}"
    );
    let parted = told(50, 51);
    assert!(parted.iter().any(|c| c.what == "parted" && c.before.as_deref() == Some(zoravik.as_str())), "{parted:#?}");
    assert!(told(0, 100).iter().all(|c| !c.sentence().is_empty()));
}

#[test]
fn what_a_person_added_takes_parts_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filled(folder.path());
    let before = contents(&ledger);
    let fields = |v: Value| v.as_object().unwrap().clone();
    let add = |to: &str, kind: &str, words: &str, set: Value| Decision::Add {
        to: to.to_owned(),
        kind: kind.to_owned(),
        words: words.to_owned(),
        occurrence: None,
        fields: fields(set),
    };
    let dispatch = ledger.dispatches(&Filter::default()).unwrap().remove(0);
    let dispatch = format!("{}:{}", dispatch.namespace, dispatch.id);
    let set = json!({"type": "siege_or_blockade", "date": "2016-09-20", "place": "Damascus"});
    let made = ledger.decide(&add(&dispatch, "incident", "closed", set), &by(1)).unwrap();
    assert!(made.said.contains("added an incident") && made.said.contains("it lies at 33."), "{}", made.said);
    let id = made.added.unwrap();
    let figure = add(&id, "figure", "road", json!({"measure": "injured", "number": "77"}));
    ledger.decide(&figure, &by(2)).unwrap();
    let row = ledger.incident(&id).unwrap();
    assert_eq!((row.injured_high, row.decided.as_slice()), (Some(77), &["added".to_owned()][..]));
    assert!(row.lat.is_some() && row.geonames_id.is_some(), "{row:?}");
    sound(&ledger);
    ledger.undo(None, &by(3)).unwrap();
    ledger.undo(None, &by(4)).unwrap();
    assert!(contents(&ledger) == before);
}
