//! Checks across dispatches: each rule on what it must find and on what it must leave alone.

mod common;

use common::{dispatch, filing, ledger, now};
use ledger::query::{CheckRow, Filter, Shown};
use record::Record;
use serde_json::{Value, json};

/// A number that a dispatch gives.
struct Given<'a> {
    outlet: &'a str,
    published: &'a str,
    number: u64,
    group: &'a str,
    by: &'a str,
    more: &'a str,
}

fn told(g: &Given, id: &str) -> Record {
    let text =
        format!("Shells on the market of Zoravik on Monday killed {} {}, {} said. {}", g.number, g.group, g.by, g.more);
    let at = |words: &str| -> Value {
        let start = text[..text.find(words).unwrap()].chars().count();
        json!({"start": start, "end": start + words.chars().count(), "text": words})
    };
    let incident = json!({
        "id": "i1", "type": "shelling", "trigger": at("Shells"), "date_start": "2016-09-19", "date_end": "2016-09-19", "date_basis": "stated",
        "place": {"mention": at("Zoravik"), "name": "Zoravik", "country": "SY"},
        "figures": [{"id": "f1", "measure": "killed", "low": g.number, "high": g.number, "group": g.group, "by": g.by,
                     "mention": at(&format!("{} {}", g.number, g.group))}],
    });
    let mut record = dispatch(id, g.published, &text, incident);
    record.dispatch.outlet = Some(g.outlet.to_owned());
    record
}

/// The checks that dispatches with these numbers give, each in its own file, in either order of filing.
fn found(given: &[Given]) -> Vec<CheckRow> {
    let records: Vec<_> = given.iter().enumerate().map(|(n, g)| filing("wire", told(g, &format!("d{n}")))).collect();
    let file = |reversed: bool| {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = ledger(folder.path());
        let mut records = records.clone();
        if reversed {
            records.reverse();
        }
        for record in records {
            ledger.file(&[record], now()).unwrap();
        }
        assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
        let incidents = ledger.incidents(&Filter::default()).unwrap();
        assert_eq!(incidents.len(), 1, "the dispatches tell of one incident");
        let Ok(Shown::Incident(page)) = ledger.show(&incidents[0].id, false) else { panic!("no incident") };
        let list = ledger.check_list(&Filter { limit: Some(20), ..Filter::default() }).unwrap();
        assert_eq!(list.rows.len(), page.checks.len());
        for check in &page.checks {
            assert_eq!(check.sides.len(), 2);
            for side in &check.sides {
                let text = ledger.dispatch_text(&format!("{}:{}", side.namespace, side.dispatch)).unwrap().text;
                let there: String =
                    text.chars().skip(side.start as usize).take((side.end - side.start) as usize).collect();
                assert_eq!(there, side.words);
            }
        }
        serde_json::to_value(&page.checks).map(|v| (v, page.checks)).unwrap()
    };
    let (forward, backward) = (file(false), file(true));
    assert_eq!(forward.0, backward.0, "the order of filing changes nothing");
    forward.1
}

fn kinds(given: &[Given]) -> Vec<String> {
    found(given).into_iter().map(|c| c.kind).collect()
}

const LANTERN: Given<'_> =
    Given { outlet: "The Lantern", published: "2016-09-19", number: 43, group: "people", by: "outlet", more: "" };
const NONE: [&str; 0] = [];

#[test]
fn a_toll_that_falls_without_a_word_is_named_and_a_corrected_one_is_not() {
    let later = Given { published: "2016-09-20", number: 31, ..LANTERN };
    let checks = found(&[LANTERN, Given { ..later }]);
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert_eq!(checks[0].kind, "toll_falls");
    assert_eq!(
        checks[0].message,
        "The Lantern gives 43 killed on 2016-09-19 and 31 on 2016-09-20, with no word of correction"
    );
    assert_eq!((checks[0].sides[0].words.as_str(), checks[0].sides[1].words.as_str()), ("43 people", "31 people"));
    assert_eq!(kinds(&[LANTERN, Given { more: "The paper has corrected an earlier number.", ..later }]), NONE);
    assert_eq!(kinds(&[LANTERN, Given { number: 50, ..later }]), NONE, "tolls rise");
    assert_eq!(kinds(&[LANTERN, Given { outlet: "Radio Meridian", ..later }]), NONE, "another outlet's is a dispute");
}

#[test]
fn a_named_speaker_with_two_totals_on_one_day_is_named() {
    let ministry = Given { by: "the Health Ministry", ..LANTERN };
    let elsewhere = Given { outlet: "Radio Meridian", number: 29, more: "Calls went unanswered.", ..ministry };
    assert_eq!(kinds(&[Given { ..ministry }, Given { ..elsewhere }]), ["two_totals"]);
    assert_eq!(kinds(&[Given { ..ministry }, Given { published: "2016-09-20", ..elsewhere }]), NONE, "another day");
    let residents = Given { by: "residents", ..LANTERN };
    assert_eq!(kinds(&[residents, Given { by: "residents", ..elsewhere }]), NONE, "no name tells which residents");
}

#[test]
fn more_of_a_group_than_people_in_all_is_named() {
    let children = Given { group: "children", number: 23, by: "the Health Ministry", ..LANTERN };
    let all =
        Given { outlet: "Radio Meridian", number: 20, by: "the Health Ministry", more: "More to come.", ..LANTERN };
    assert_eq!(kinds(&[Given { ..children }, Given { ..all }]), ["part_exceeds_total"]);
    assert_eq!(kinds(&[Given { published: "2016-09-20", ..children }, Given { ..all }]), NONE, "counts rise");
    assert_eq!(kinds(&[children, Given { by: "the Defence Ministry", ..all }]), NONE, "another voice");
}

#[test]
fn what_is_told_before_it_happened_is_named() {
    let early = Given { outlet: "Radio Meridian", published: "2016-09-16", more: "So it began.", ..LANTERN };
    assert_eq!(kinds(&[Given { ..early }, LANTERN]), ["told_before"]);
    assert_eq!(kinds(&[Given { published: "2016-09-18", ..early }, LANTERN]), NONE, "days begin a day apart");
}
