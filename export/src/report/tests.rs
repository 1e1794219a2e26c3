//! Reports on a small ledger of our own: what must be in them, what must not.
#![allow(clippy::disallowed_methods)] // tests look at files

use std::collections::BTreeMap;

use ledger::{Filing, Ledger};
use serde_json::{Value, json};

use super::*;

/// A span of `text` by its words.
fn span(text: &str, words: &str) -> Value {
    let byte = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in {text:?}"));
    let start = text[..byte].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// A figure as a record has it.
#[allow(clippy::too_many_arguments)] // a table reads better than builders
fn figure(
    text: &str,
    id: &str,
    measure: &str,
    n: (i64, Option<i64>),
    qualifier: &str,
    group: &str,
    by: &str,
    words: &str,
) -> Value {
    json!({"id": id, "measure": measure, "low": n.0, "high": n.1, "qualifier": qualifier, "group": group, "of": null, "part_of": null,
           "hedged": false, "by": by, "statement": null, "mention": span(text, words)})
}

const MERIDIAN: &str = "Shells struck the market of Oldbridge on Saturday. At least 12 people were killed, the Rivers \
    Monitor said, and 30 were hurt. It blamed the Northern Army. A truce between the Northern Army and the Harbour League \
    took effect at noon.";
const COURIER: &str = "The market of Oldbridge was shelled on Saturday. The Northern Army put the dead at nine people and \
    denied that it had fired. The Harbour League accused the Northern Army of breaking the truce.";
const LATER: &str = "Two people died when a mine went off near Farfield on Monday.";
const BEFORE: &str = "A mine killed one person near Oldbridge on 3 September.";

struct Place(&'static str, f64, f64);
const OLDBRIDGE: Place = Place("Oldbridge", 36.2, 37.1);

fn incident(
    kind: &str,
    text: &str,
    trigger: &str,
    day: &str,
    place: &Place,
    figures: Value,
    perpetrators: Value,
) -> Value {
    json!({"id": "i1", "type": kind, "trigger": span(text, trigger), "date_start": day, "date_end": day, "date_basis": "stated",
           "place": {"mention": span(text, place.0), "name": place.0, "admin1": null, "country": "SY", "lat": place.1, "lon": place.2,
                     "geonames_id": null, "precision": "city"},
           "background": false, "modality": "asserted", "confidence": "high", "claims": [], "perpetrators": perpetrators,
           "victims": [], "figures": figures})
}

fn accord(text: &str, claims: Value) -> Value {
    json!({"id": "a1", "kind": "truce", "name": "truce", "mention": span(text, "truce"), "parties": ["Northern Army", "Harbour League"],
           "brokers": [], "place": null, "date": "2016-09-10", "documents": null, "status_claims": claims})
}

fn claim(text: &str, status: &str, blamed: Option<&str>, by: &str, words: &str) -> Value {
    json!({"status": status, "party": null, "blamed": blamed, "modality": "asserted", "date": "2016-09-10", "by": by, "statement": null,
           "mention": span(text, words)})
}

fn dispatch(id: &str, outlet: &str, published: &str, text: &str, incidents: Value, accords: Value) -> Filing {
    let record = json!({"id": id, "dispatch": {"id": id, "outlet": outlet, "published": published, "text": text, "headline": format!("Story {id}")},
                        "incidents": incidents, "accords": accords});
    let record = ledger::record_from_json(&record.to_string()).expect("a record");
    Filing {
        namespace: "wire".into(),
        original: text.as_bytes().to_vec(),
        record,
        media_type: "text/plain",
        replace: false,
    }
}

fn filings() -> Vec<Filing> {
    let told = incident(
        "shelling",
        MERIDIAN,
        "Shells struck",
        "2016-09-10",
        &OLDBRIDGE,
        json!([
            figure(MERIDIAN, "f1", "killed", (12, None), "at_least", "people", "Rivers Monitor", "At least 12 people"),
            figure(MERIDIAN, "f2", "injured", (30, Some(30)), "exact", "people", "Rivers Monitor", "30 were hurt"),
        ]),
        json!([{"actor": "Northern Army", "actor_id": null, "mention": span(MERIDIAN, "the Northern Army"), "stance": "accuses",
                "by": "Rivers Monitor", "statement": null}]),
    );
    let rival = incident(
        "shelling",
        COURIER,
        "was shelled",
        "2016-09-10",
        &OLDBRIDGE,
        json!([figure(COURIER, "f1", "killed", (9, Some(9)), "exact", "people", "Northern Army", "nine people")]),
        json!([{"actor": "Northern Army", "actor_id": null, "mention": span(COURIER, "it had fired"), "stance": "denies",
                "by": "Northern Army", "statement": null}]),
    );
    let mine = incident(
        "mine_or_ied",
        LATER,
        "a mine went off",
        "2016-09-12",
        &Place("Farfield", 35.2, 38.1),
        json!([figure(LATER, "f1", "killed", (2, Some(2)), "exact", "people", "outlet", "Two people")]),
        json!([]),
    );
    let earlier = incident(
        "mine_or_ied",
        BEFORE,
        "A mine",
        "2016-09-03",
        &OLDBRIDGE,
        json!([figure(BEFORE, "f1", "killed", (1, Some(1)), "exact", "people", "outlet", "one person")]),
        json!([]),
    );
    let truce = accord(MERIDIAN, json!([claim(MERIDIAN, "in_force", None, "outlet", "took effect at noon")]));
    let broken = accord(
        COURIER,
        json!([claim(COURIER, "violated", Some("Northern Army"), "Harbour League", "breaking the truce")]),
    );
    vec![
        dispatch("b1", "Hill Herald", "2016-09-04", BEFORE, json!([earlier]), json!([])),
        dispatch("m1", "Meridian *Wire*", "2016-09-10", MERIDIAN, json!([told]), json!([truce])),
        dispatch("c1", "Harbour Courier", "2016-09-11", COURIER, json!([rival]), json!([broken])),
        dispatch("l1", "Hill Herald", "2016-09-12", LATER, json!([mine]), json!([])),
    ]
}

struct Filed {
    ledger: Ledger,
    texts: BTreeMap<String, String>,
    _folder: tempfile::TempDir,
}

fn file(filings: &[Filing]) -> Filed {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::open_or_create(&folder.path().join("ledger.db")).expect("a ledger");
    ledger.file(filings, jiff::Timestamp::UNIX_EPOCH).expect("filed");
    let texts = filings.iter().map(|f| (f.record.id.clone(), f.record.dispatch.text.clone())).collect();
    Filed { ledger, texts, _folder: folder }
}

fn september() -> Options {
    Options {
        since: Some("2016-09-08".parse().unwrap()),
        until: Some("2016-09-14".parse().unwrap()),
        ..Options::default()
    }
}

/// All cited texts of a report.
fn every(r: &Report) -> Vec<&Cited> {
    let mut all: Vec<&Cited> = r.highlights.iter().collect();
    let grids = r
        .accords
        .iter()
        .flat_map(|a| [&a.states, &a.violations, &a.claims])
        .chain(r.incidents.iter().map(|i| &i.matrix))
        .chain([&r.key_figures, &r.overview]);
    all.extend(grids.flat_map(|g| g.rows.iter().flatten()));
    all.extend(&r.aside);
    all.extend(r.comparison.iter().flat_map(|c| c.grid.rows.iter().flatten().chain(&c.sums)));
    all.extend(r.incidents.iter().map(|i| &i.told).chain(r.accords.iter().map(|a| &a.told)));
    all
}

/// What must hold of the footnotes of any report: each number cited exists, each note is cited, its words stand in its
/// dispatch, and both renderers print every marker and note.
fn footnotes_hold(r: &Report, texts: &BTreeMap<String, String>) {
    let spaced = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    for note in &r.notes {
        let id = note.dispatch.split_once(':').map_or(note.dispatch.as_str(), |d| d.1);
        let text = texts.get(id).unwrap_or_else(|| panic!("no dispatch {id}"));
        assert!(
            !note.words.is_empty() && spaced(text).contains(&spaced(&note.words)),
            "{:?} is not in {id}",
            note.words
        );
    }
    let mut cited: Vec<usize> = every(r).into_iter().flat_map(Cited::notes).collect();
    assert_eq!(cited.first(), Some(&1), "numbers go up as one reads");
    cited.sort_unstable();
    cited.dedup();
    assert_eq!(cited, (1..=r.notes.len()).collect::<Vec<_>>(), "every note is cited, and every number cited is a note");
    let (markdown, html) = (r.markdown(), r.html().unwrap());
    for n in cited {
        assert!(
            markdown.contains(&format!("\n[^{n}]: ")) && markdown.matches(&format!("[^{n}]")).count() > 1,
            "note {n}"
        );
        assert!(html.contains(&format!("<li id=\"n{n}\">")) && html.contains(&format!("href=\"#n{n}\"")), "note {n}");
    }
}

/// Every sentence and cell that gives a number of people or things is followed by its note.
fn figures_are_noted(r: &Report) {
    let counts = |c: &&Cited| c.words().chars().any(|x| x.is_ascii_digit());
    for i in &r.incidents {
        let mut column = 0;
        for cell in i.matrix.rows.iter().flatten() {
            column = (column + 1) % i.matrix.head.len();
            assert!(column == 1 || cell.is_empty() || !cell.notes().is_empty(), "{}", cell.words());
        }
        // A number in prose is in a run of words that ends in a note, unless it counts what is left out.
        for pair in i.told.0.windows(2) {
            if let [Piece::Text(t), after] = pair {
                let counts = t.contains(", according to ");
                assert!(!counts || matches!(after, Piece::Note(_)), "{t}");
            }
        }
    }
    let killed = r.overview.head.iter().position(|h| h == "killed").unwrap();
    for row in &r.overview.rows {
        for cell in row[killed..=killed + 1].iter().filter(counts) {
            assert!(!cell.notes().is_empty(), "{}", cell.words());
        }
    }
    for line in r.highlights.iter().filter(|c| c.words().ends_with(" reported killed.") && c.words().contains(": ")) {
        assert!(!line.notes().is_empty(), "{}", line.words());
    }
}

#[test]
fn rival_versions_stand_side_by_side_and_nothing_is_decided() {
    let filed = file(&filings());
    let report = Report::build(&filed.ledger, &september()).unwrap();
    footnotes_hold(&report, &filed.texts);
    figures_are_noted(&report);
    let shelling = report
        .incidents
        .iter()
        .find(|i| i.heading == "Shelling, Oldbridge, 10 September 2016")
        .expect("one incident of two accounts");
    let told = shelling.told.words();
    assert!(told.starts_with("Reported by Meridian *Wire* and Harbour Courier."), "{told}");
    assert!(told.contains("Reported killed: at least 12 people, according to the Rivers Monitor; nine people, according to the Northern Army."), "{told}");
    assert!(told.contains("The Rivers Monitor blamed the Northern Army."), "{told}");
    assert!(told.contains("The Northern Army denied responsibility."), "{told}");
    assert_eq!(shelling.differ, ["the number killed", "who did it"]);
    let rows: Vec<String> =
        shelling.matrix.rows.iter().map(|r| r.iter().map(Cited::words).collect::<Vec<_>>().join(" | ")).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].contains("Northern Army (accusation)") && rows[0].contains("at least 12 people"), "{rows:?}");
    assert!(rows[1].contains("not Northern Army (denial)") && rows[1].contains("9 people"), "{rows:?}");
    assert_eq!(
        shelling.matrix.head,
        ["according to", "held responsible", "killed", "injured"],
        "no column says nothing"
    );
    let figures: Vec<String> = report.key_figures.rows.iter().take(4).map(|r| r[1].words()).collect();
    assert_eq!(figures, ["2", "1", "11–14", "30"], "two incidents; 9–12 and 2");
    let made_of = &report.key_figures.rows[2][2];
    assert!(made_of.words().contains("Oldbridge, 10 September 2016: 9–12"), "{}", made_of.words());
    assert_eq!(made_of.notes().len(), 3, "9, 12 and 2, each with its words");
}

#[test]
fn a_partys_state_moves_by_no_accusation_and_violations_are_kept_apart() {
    let filed = file(&filings());
    let report = Report::build(&filed.ledger, &september()).unwrap();
    let [truce] = report.accords.as_slice() else { panic!("one accord") };
    let states: Vec<String> = truce.states.rows.iter().map(|r| format!("{} {}", r[0].words(), r[1].words())).collect();
    assert_eq!(states, ["The Northern Army in force", "The Harbour League in force"]);
    assert_eq!(truce.violations.head, ["reporter", "blames the Northern Army"]);
    assert_eq!(truce.violations.rows[0][1].words(), "1 claim");
    assert!(report.notes.iter().all(|n| n.dispatch.contains(':')), "a note names the dispatch with its namespace");
    assert_eq!(truce.strips.len(), 2);
    assert_eq!(truce.strips[0].marks.len(), 1, "what the army is said to have broken");
}

#[test]
fn a_period_holds_its_own_and_is_set_beside_the_one_before() {
    let filed = file(&filings());
    let alone = Report::build(&filed.ledger, &september()).unwrap();
    assert!(!alone.markdown().contains("3 September"), "what lies before is not told");
    let report = Report::build(&filed.ledger, &Options { compare: true, ..september() }).unwrap();
    footnotes_hold(&report, &filed.texts);
    let comparison = report.comparison.expect("asked for");
    let row = |what: &str| -> Vec<String> {
        let row = comparison.grid.rows.iter().find(|r| r[0].words() == what).unwrap_or_else(|| panic!("{what}"));
        row[1..].iter().map(Cited::words).collect()
    };
    assert_eq!(comparison.grid.head[1..3], ["1–7 September 2016", "8–14 September 2016"]);
    assert_eq!(row("incidents told as fact"), ["1", "2", "+1"]);
    assert_eq!(row("mines or improvised bombs"), ["1", "1", "0"]);
    assert_eq!(row("reported killed"), ["1", "11–14", ""]);
    let sum = comparison.sums.first().expect("the sum of the period before is told figure by figure");
    assert!(sum.words().starts_with("Reported killed, 1–7 September 2016, figure by figure: "), "{}", sum.words());
    assert_eq!(sum.notes().len(), 1);
    let open = Options { compare: true, ..Options::default() };
    assert!(matches!(Report::build(&filed.ledger, &open), Err(ReportError::NoPeriod)));
    let (since, until) = (september().until, september().since);
    let backwards = Options { since, until, ..Options::default() };
    assert!(matches!(Report::build(&filed.ledger, &backwards), Err(ReportError::Backwards { .. })));
}

#[test]
fn the_period_before_a_month_is_a_month() {
    let days = |since: &str, until: &str| {
        let period = before(&Period { since: since.parse().ok(), until: until.parse().ok() }).unwrap();
        period.told()
    };
    assert_eq!(days("2016-09-01", "2016-09-30"), "August 2016");
    assert_eq!(days("2016-03-01", "2016-03-31"), "February 2016");
    assert_eq!(days("2016-09-08", "2016-09-14"), "1–7 September 2016");
    assert_eq!(days("2016-09-08", "2016-09-08"), "7 September 2016");
}

#[test]
fn echoes_count_once() {
    let text = "Shells struck the market of Oldbridge on Saturday. Eleven people were killed there at about noon. The mayor of the \
                town spoke of a dark day for all. Traders carried the hurt to a clinic nearby.";
    let copy = |id: &str, outlet: &str| {
        let figures =
            json!([figure(text, "f1", "killed", (11, Some(11)), "exact", "people", "outlet", "Eleven people")]);
        let told = incident("shelling", text, "Shells struck", "2016-09-10", &OLDBRIDGE, figures, json!([]));
        dispatch(id, outlet, "2016-09-10", text, json!([told]), json!([]))
    };
    let filed = file(&[copy("x", "Meridian Wire"), copy("y", "Harbour Courier"), copy("z", "Hill Herald")]);
    let report = Report::build(&filed.ledger, &september()).unwrap();
    footnotes_hold(&report, &filed.texts);
    assert_eq!(report.incidents.len(), 1);
    let told = report.incidents[0].told.words();
    assert!(told.contains("(2 copies of one source among them counted once)"), "{told}");
    assert!(report.incidents[0].matrix.rows.is_empty(), "one source is no dispute");
    assert_eq!(report.overview.rows[0][5].words(), "1");
    assert_eq!(report.key_figures.rows[2][1].words(), "11");
}

#[test]
fn a_long_ledger_is_cut_most_important_first_and_says_so() {
    let text = |n: usize| format!("A mine killed {n} people near Farfield{n} on Saturday.");
    let many: Vec<Filing> = (1..=120)
        .map(|n| {
            let text = text(n);
            let name: &'static str = Box::leak(format!("Farfield{n}").into_boxed_str());
            let place = Place(name, 10.0 + n as f64 / 2.0, 37.0);
            let n = n as i64;
            // Ten days apart, so that nobody takes two for one.
            let day = jiff::civil::date(2010, 1, 1).saturating_add(jiff::Span::new().days(10 * n)).to_string();
            let figures = json!([figure(
                &text,
                "f1",
                "killed",
                (n, Some(n)),
                "exact",
                "people",
                "outlet",
                &format!("{n} people")
            )]);
            let told = incident("mine_or_ied", &text, "A mine", &day, &place, figures, json!([]));
            dispatch(&format!("d{n}"), "Hill Herald", &day, &text, json!([told]), json!([]))
        })
        .collect();
    let filed = file(&many);
    let report = Report::build(&filed.ledger, &Options { incidents: Some(5), ..Options::default() }).unwrap();
    footnotes_hold(&report, &filed.texts);
    assert_eq!(report.incidents.len(), 5);
    let headings: Vec<&str> = report.incidents.iter().map(|i| i.heading.as_str()).collect();
    assert!(headings.iter().all(|h| h.contains("Farfield1")), "the five deadliest: {headings:?}");
    assert_eq!((report.overview.rows.len(), report.overview_left_out), (80, 40));
    let markdown = report.markdown();
    assert!(markdown.contains("40 more incidents are left out here"));
    assert!(markdown.contains("The 5 of 120 incidents"));
    assert_eq!(report.key_figures.rows[2][1].words(), "7,260", "the sum counts what is cut, too");
}

#[test]
fn texts_break_neither_form() {
    let nasty = "</script><script>alert(1)</script> | [x](javascript:y) *b* `c` <img src=x>";
    let text = format!("Shells struck {nasty} on Saturday. Four people were killed.");
    let figures = json!([figure(&text, "f1", "killed", (4, Some(4)), "exact", nasty, nasty, "Four people")]);
    let place = Place("Saturday", 36.0, 37.0);
    let mut told = incident("shelling", &text, nasty, "2016-09-10", &place, figures, json!([]));
    told["place"]["name"] = json!(nasty);
    let filed = file(&[dispatch("n", nasty, "2016-09-10", &text, json!([told]), json!([]))]);
    let report = Report::build(&filed.ledger, &Options { place: None, ..september() }).unwrap();
    footnotes_hold(&report, &filed.texts);
    let html = report.html().unwrap().replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    let markdown = report.markdown();
    assert!(
        !html.contains("<script") && !html.contains("<img") && !html.contains("http:") && !html.contains("url("),
        "nothing foreign"
    );
    let unescaped = markdown.replace("\\<", "").replace("\\[", "");
    assert!(!unescaped.contains('<') && !unescaped.contains("[x") && markdown.contains("\\<img"), "{markdown}");
    // Rows of a table stay as wide as its head.
    let width = |line: &str| line.replace("\\|", "").matches('|').count();
    let table: Vec<usize> = markdown
        .lines()
        .skip_while(|l| !l.starts_with("| day"))
        .take_while(|l| l.starts_with('|'))
        .map(width)
        .collect();
    assert!(table.len() >= 3 && table.iter().all(|w| *w == table[0]), "{table:?}");
}

#[test]
fn an_empty_answer_is_a_page_that_says_so() {
    let filed = file(&filings());
    let report =
        Report::build(&filed.ledger, &Options { place: Some("Nowhere".into()), ..Options::default() }).unwrap();
    assert!(
        report.is_empty()
            && report.markdown().contains("holds nothing")
            && report.html().unwrap().contains("holds nothing")
    );
}

#[test]
fn the_recap_knows_only_what_was_told_before() {
    let filed = file(&filings());
    let recap = Background::build(&filed.ledger, "c1").unwrap();
    let text = recap.text.words();
    assert!(text.starts_with("On 3 September 2016, a mine or improvised bomb in Oldbridge was reported by Hill Herald; 1 person was said to have been killed"), "{text}");
    assert!(text.contains("On 10 September 2016, shelling in Oldbridge was reported by Meridian *Wire*; at least 12 people were said to have been killed, according to the Rivers Monitor, quoted by Meridian *Wire*"), "{text}");
    assert!(text.contains("blamed the Northern Army"), "{text}");
    assert!(text.contains("the truce was in force, according to Meridian *Wire*"), "{text}");
    assert!(!text.contains("denied") && !text.contains('9'), "its own news is not background: {text}");
    assert!(recap.notes.iter().all(|n| n.dispatch != "wire:c1"));
    for n in 1..=recap.notes.len() {
        assert!(recap.text.notes().contains(&n) && recap.markdown().contains(&format!("[^{n}]: ")));
    }
    let first = Background::build(&filed.ledger, "b1").unwrap();
    assert!(first.notes.is_empty() && first.text.words().contains("held nothing"));
    assert!(matches!(Background::build(&filed.ledger, "nobody"), Err(ReportError::Ledger(_))));
    let incident = filed.ledger.incidents(&Filter::default()).unwrap()[0].id.clone();
    assert!(matches!(Background::build(&filed.ledger, &incident), Err(ReportError::NoDispatch(_))));
}

#[test]
fn where_no_place_is_named_the_actors_lead_to_what_went_before() {
    let text = "The Rivers Monitor said that the Northern Army had bombed a convoy somewhere on the road.";
    let mut told = incident(
        "air_strike",
        text,
        "had bombed",
        "2016-09-14",
        &Place("the road", 0.0, 0.0),
        json!([]),
        json!([{"actor": "the Northern Army", "actor_id": null, "mention": span(text, "the Northern Army"), "stance": "accuses",
                "by": "Rivers Monitor", "statement": null}]),
    );
    told["place"] = Value::Null;
    let mut all = filings();
    all.push(dispatch("n1", "Hill Herald", "2016-09-14", text, json!([told]), json!([])));
    let filed = file(&all);
    let recap = Background::build(&filed.ledger, "n1").unwrap();
    let text = recap.text.words();
    assert!(text.contains("On 10 September 2016, shelling in Oldbridge"), "what was laid to the same actor: {text}");
    assert!(text.contains("the truce was in force"), "the accord that it is party to: {text}");
    assert!(!text.contains("Farfield"), "what nobody lays to it: {text}");
    assert!(!recap.notes.is_empty() && recap.notes.iter().all(|n| n.dispatch != "wire:n1"));
}

/// The gold articles, as perfect records: every note of a real report stands in its dispatch.
#[test]
fn footnotes_of_a_real_ledger_hold() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let gold = shared.join("gold/ledger");
    if !gold.exists() {
        eprintln!("skipped: {} is not here", gold.display());
        return;
    }
    let scorer = shared.join("score/ledger_score.py");
    let output =
        std::process::Command::new("python3").arg(scorer).arg("--gold").arg(&gold).arg("--as-records").output();
    let output = String::from_utf8(output.expect("python3 runs the scorer").stdout).unwrap();
    let filings: Vec<Filing> = output
        .lines()
        .map(|line| {
            let record = ledger::record_from_json(line).unwrap();
            Filing {
                namespace: "gold".into(),
                record,
                original: line.into(),
                media_type: "application/json",
                replace: false,
            }
        })
        .collect();
    assert!(filings.len() > 30);
    let filed = file(&filings);
    let report = Report::build(&filed.ledger, &Options { incidents: Some(400), ..Options::default() }).unwrap();
    assert!(report.notes.len() > 100);
    footnotes_hold(&report, &filed.texts);
    figures_are_noted(&report);
    for filing in &filings {
        let id = format!("gold:{}", filing.record.id);
        let recap = Background::build(&filed.ledger, &id).unwrap();
        assert!(recap.notes.iter().all(|n| n.dispatch != id), "{id} is no background to itself");
    }
}
