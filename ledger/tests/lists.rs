//! Lists page by page, their filters, and a dispatch's text with its marks.

mod common;

use common::{dispatch, filing, ledger, now};
use ledger::query::{Filter, Layer, Page};
use ledger::{Filing, Ledger, LedgerError};
use serde_json::json;

/// Twelve dispatches of two outlets over four days, one of them undated; some tell of a raid, one of a ceasefire.
fn wire() -> Vec<Filing> {
    (0..12u64)
        .map(|n| {
            let place = ["Zoravik", "Maresh", "Tel Oram", "Qalib"][n as usize % 4];
            let blamed = if n % 3 == 0 { "the army" } else { "the rebels" };
            let killed = 4 + n;
            let text = format!("An air raid on {place} left {killed} people dead. “It was {blamed},” the mayor’s aide said. Number {n}.");
            let at = |words: &str| {
                let start = text[..text.find(words).unwrap()].chars().count();
                json!({"start": start, "end": start + words.chars().count(), "text": words})
            };
            let day = format!("2016-09-{:02}", 10 + n / 3);
            let incident = json!({
                "id": "i1", "type": if n == 5 { "abduction" } else { "air_strike" }, "trigger": at("An air raid"),
                "date_start": day, "date_end": day, "place": {"mention": at(place), "name": place, "country": "SY"},
                "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "by": "outlet", "mention": at(&format!("{killed} people"))}],
                "perpetrators": [{"actor": blamed, "stance": "accuses", "by": "the mayor’s aide", "mention": at(blamed)}],
            });
            let mut record = dispatch(&format!("d{n}"), &day, &text, incident);
            record.dispatch.outlet = Some(if n % 2 == 0 { "The Lantern" } else { "Radio Meridian" }.to_owned());
            record.dispatch.headline = Some(format!("Raid on {place}"));
            if n == 7 {
                record.dispatch.published = None;
            }
            if n == 8 {
                record.incidents.clear();
                record.accords = vec![serde_json::from_value(json!({
                    "id": "a1", "kind": "truce", "name": "the truce", "mention": at("air"), "parties": ["the army", "the rebels"],
                    "brokers": [], "status_claims": []})).unwrap()];
            }
            let statement = json!({"id": "s1", "speaker": "the mayor’s aide", "mode": "accuses", "kind": "direct", "about": [],
                "source": at("the mayor’s aide"), "cue": at("said"), "content": [at(&format!("It was {blamed},"))]});
            record.statements = vec![serde_json::from_value(statement).unwrap()];
            filing("wire", record)
        })
        .collect()
}

fn filled() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = ledger(folder.path());
    ledger.file(&wire(), now()).unwrap();
    (folder, ledger)
}

/// Reads a list forward to its end in pages, then back to its begin, and compares both with the whole list.
fn walk<T: serde::Serialize>(
    name: &str,
    size: u32,
    list: impl Fn(&Filter) -> Result<Page<T>, LedgerError>,
    filter: &Filter,
) {
    let ids = |rows: Vec<T>| rows.iter().map(|r| serde_json::to_value(r).unwrap()).collect::<Vec<_>>();
    let whole = ids(list(filter).unwrap().rows);
    let mut forward = Vec::new();
    let mut filter = Filter { limit: Some(size), ..filter.clone() };
    let mut last = None;
    for _ in 0..40 {
        let page = list(&filter).unwrap();
        assert_eq!(page.previous.is_none(), forward.is_empty(), "{name}: the first page alone has none before it");
        last = page.previous.clone();
        let next = page.next.clone();
        forward.push(ids(page.rows));
        filter.cursor = next;
        if filter.cursor.is_none() {
            break;
        }
    }
    assert_eq!(forward.concat(), whole, "{name} in pages of {size}");
    let mut back = vec![forward.last().cloned().unwrap_or_default()];
    for _ in 0..40 {
        let Some(cursor) = last else { break };
        filter.cursor = Some(cursor);
        let page = list(&filter).unwrap();
        last = page.previous.clone();
        back.push(ids(page.rows));
    }
    back.reverse();
    assert_eq!(back.concat(), whole, "{name} backward in pages of {size}");
}

#[test]
fn pages_joined_are_the_list_forward_and_backward() {
    let (_folder, l) = filled();
    for size in [1, 2, 5, 12, 50] {
        for filter in [
            Filter::default(),
            Filter { text: Some("raid".into()), ..Filter::default() },
            Filter { latest_first: true, outlet: Some("The Lantern".into()), ..Filter::default() },
        ] {
            walk("dispatches", size, |f| l.dispatch_list(f), &filter);
            walk("statements", size, |f| l.statement_list(f), &filter);
            walk("incidents", size, |f| l.incident_list(f), &filter);
            walk("accords", size, |f| l.accord_list(f), &filter);
            walk("actors", size, |f| l.actor_list(f), &filter);
            walk("disputes", size, |f| l.dispute_list(f), &filter);
        }
    }
}

#[test]
fn what_is_filed_meanwhile_shifts_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut l = ledger(folder.path());
    let wire = wire();
    let (first, later): (Vec<_>, Vec<_>) = wire.into_iter().enumerate().partition(|(n, _)| n % 2 == 0);
    l.file(&first.into_iter().map(|f| f.1).collect::<Vec<_>>(), now()).unwrap();
    let whole: Vec<String> = l.dispatches(&Filter::default()).unwrap().into_iter().map(|d| d.id).collect();
    let page = l.dispatch_list(&Filter { limit: Some(3), ..Filter::default() }).unwrap();
    l.file(&later.into_iter().map(|f| f.1).collect::<Vec<_>>(), now()).unwrap();
    let mut seen: Vec<String> = page.rows.into_iter().map(|d| d.id).collect();
    let rest = l.dispatch_list(&Filter { cursor: page.next, ..Filter::default() }).unwrap();
    seen.extend(rest.rows.into_iter().map(|d| d.id).filter(|id| whole.contains(id)));
    assert_eq!(seen, whole);
    let foreign = l.incident_list(&Filter { limit: Some(1), ..Filter::default() }).unwrap().next;
    let refused = l.dispatch_list(&Filter { cursor: foreign, ..Filter::default() });
    assert!(matches!(refused, Err(LedgerError::BadCursor(_))));
}

#[test]
fn lists_are_narrowed_and_counted() {
    let (_folder, l) = filled();
    let n = |f: Filter| {
        let rows = l.dispatches(&f).unwrap().len();
        assert_eq!(l.count_dispatches(&f).unwrap().number, rows as i64, "{f:?}");
        assert_eq!(l.count_incidents(&f).unwrap().number, l.incidents(&f).unwrap().len() as i64, "{f:?}");
        assert_eq!(l.count_accords(&f).unwrap().number, l.accords(&f).unwrap().len() as i64, "{f:?}");
        assert_eq!(l.count_statements(&f).unwrap().number, l.statements(&f).unwrap().len() as i64, "{f:?}");
        rows
    };
    let all = Filter::default();
    assert_eq!(n(all.clone()), 12);
    assert_eq!(n(Filter { outlet: Some("The Lantern".into()), ..all.clone() }), 6);
    assert_eq!(n(Filter { outlet: Some("Nobody".into()), ..all.clone() }), 0);
    assert_eq!(n(Filter { kind: Some("abduction".into()), ..all.clone() }), 1);
    assert_eq!(n(Filter { has_incident: true, ..all.clone() }), 11);
    assert_eq!(n(Filter { has_accord: true, ..all.clone() }), 1);
    assert_eq!(n(Filter { place: Some("Tel".into()), ..all.clone() }), 3);
    assert_eq!(n(Filter { place: Some("SY".into()), ..all.clone() }), 11);
    assert_eq!(
        n(Filter { actor: Some("mayor".into()), since: Some(jiff::civil::date(2016, 9, 12)), ..all.clone() }),
        5
    );
    assert_eq!(n(Filter { until: Some(jiff::civil::date(2016, 9, 10)), ..all.clone() }), 3);
    assert_eq!(l.outlets().unwrap().iter().map(|o| o.count).collect::<Vec<_>>(), [6, 6]);
    let kinds: i64 = l.incident_types().unwrap().iter().map(|t| t.count).sum();
    assert_eq!(kinds, l.incidents(&all).unwrap().len() as i64);
    assert_eq!(l.places_like("te", 5).unwrap(), ["Tel Oram"]);
    let days: Vec<Option<String>> =
        l.incidents(&Filter { latest_first: true, ..all }).unwrap().into_iter().map(|i| i.date_start).collect();
    assert!(days.windows(2).all(|w| w[0] >= w[1]), "{days:?}");
}

#[test]
fn snippets_mark_the_words_asked_for() {
    let (_folder, l) = filled();
    let filter = Filter { text: Some("mayor \"raid on Maresh\"".into()), ..Filter::default() };
    let rows = l.dispatches(&filter).unwrap();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let snippet = row.snippet.unwrap();
        let words: Vec<String> =
            snippet.marks.iter().map(|&(a, b)| snippet.text.chars().skip(a).take(b - a).collect()).collect();
        assert_eq!(words, ["raid on Maresh", "mayor"], "{}", snippet.text);
    }
    let row = &l.statements(&Filter { text: Some("aide".into()), ..Filter::default() }).unwrap()[0];
    let snippet = row.snippet.as_ref().unwrap();
    assert_eq!((snippet.field, snippet.marks.len()), ("speaker", 1));
    assert!(l.dispatches(&Filter::default()).unwrap().iter().all(|d| d.snippet.is_none()));
}

#[test]
fn a_text_comes_with_every_layer_marked() {
    let (_folder, mut l) = filled();
    let page = l.dispatch_text("wire:d1").unwrap();
    let words =
        |start: i64, end: i64| page.text.chars().skip(start as usize).take((end - start) as usize).collect::<String>();
    let of = |layer: Layer, part: &str| {
        let spans: Vec<_> = page.spans.iter().filter(|s| s.layer == layer && s.part == part).collect();
        assert_eq!(spans.len(), 1, "{layer:?} {part}: {:?}", page.spans);
        (words(spans[0].start, spans[0].end), spans[0].label.clone(), spans[0].id.clone())
    };
    assert_eq!(of(Layer::Statement, "source").0, "the mayor’s aide");
    assert_eq!(of(Layer::Statement, "cue").0, "said");
    assert_eq!(of(Layer::Statement, "content").0, "It was the rebels,");
    let id = l.incidents(&Filter { place: Some("Maresh".into()), ..Filter::default() }).unwrap()[0].id.clone();
    assert_eq!(of(Layer::Incident, "trigger"), ("An air raid".into(), "air strike".into(), Some(id.clone())));
    assert_eq!(of(Layer::Incident, "place").0, "Maresh");
    assert_eq!(of(Layer::Figure, "figure"), ("5 people".into(), "5 people killed".into(), Some(id)));
    assert_eq!(of(Layer::Responsibility, "perpetrator").1, "the rebels accuses");
    assert!(page.spans.windows(2).all(|w| w[0].start <= w[1].start));
    assert_eq!((page.dispatch.statements, page.dispatch.incidents, page.versions.len()), (1, 1, 1));
    let (media_type, bytes) = l.original("d1", 1).unwrap();
    assert_eq!((media_type.as_str(), bytes), ("application/json", wire()[1].original.clone()));

    let mut corrected = wire().swap_remove(1);
    corrected.record.dispatch.text.push_str(" Corrected.");
    l.file(&[corrected], now()).unwrap();
    assert_eq!(l.versions("d1").unwrap().len(), 2);
    assert_eq!(l.version_text("d1", 1).unwrap(), page.text);
    assert!(l.dispatch_text("d1").unwrap().text.ends_with("Corrected."));
    assert!(l.version_text("d1", 3).is_err() && l.original("d1", 0).is_err() && l.dispatch_text("d99").is_err());
    assert_eq!(l.check().unwrap(), Vec::<String>::new());
}
