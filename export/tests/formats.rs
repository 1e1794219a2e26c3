//! Each format on a small ledger of our own: what is contested is not decided, what is lost is told, readers can read it.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::collections::BTreeMap;

use export::formats::{self, Choices, Name, Table};
use jiff::Timestamp;
use ledger::query::Filter;
use ledger::{Filing, Ledger};
use serde_json::{Value, json};

fn span(text: &str, words: &str) -> Value {
    let at = text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    let start = text[..at].chars().count();
    json!({"start": start, "end": start + words.chars().count(), "text": words})
}

/// A dispatch on a raid, told by an outlet in its own voice or as an accusation.
fn raid(id: &str, killed: u64, actor: &str, stance: &str, modality: &str) -> Filing {
    let text =
        format!("An air raid on Zoravik on Monday left {killed} villagers dead, residents said. It was {actor}.");
    let record = json!({
        "id": id,
        "dispatch": {"outlet": format!("the {id} post"), "published": "2016-09-20", "headline": "Raid \"on\" Zoravik, again", "text": text},
        "incidents": [{
            "id": "i1", "type": "air_strike", "trigger": span(&text, "An air raid"), "date_start": "2016-09-19", "date_end": "2016-09-19",
            "date_basis": "stated", "modality": modality,
            "place": {"mention": span(&text, "Zoravik"), "name": "Zoravik", "country": "SY", "lat": 36.5, "lon": 37.25, "precision": "city"},
            "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "qualifier": "exact", "group": "villagers",
                         "by": "residents", "mention": span(&text, &format!("{killed} villagers"))}],
            "perpetrators": [{"actor": actor, "stance": stance, "by": if stance == "asserts" { "outlet" } else { "residents" },
                              "mention": span(&text, actor)}],
            "victims": [{"group": "villagers", "mention": span(&text, "villagers")}],
        }],
    });
    let record = ledger::record_from_json(&record.to_string()).unwrap();
    Filing {
        namespace: "wire".to_owned(),
        record,
        original: format!("original of {id}: {}", "ü\u{1}").into_bytes(),
        media_type: "text/html",
        replace: true,
    }
}

fn filed(folder: &std::path::Path, batch: &[Filing]) -> Ledger {
    let mut ledger = Ledger::open_or_create(&folder.join("ledger.db")).unwrap();
    ledger.file(batch, Timestamp::UNIX_EPOCH).unwrap();
    ledger
}

fn written(ledger: &Ledger, name: Name) -> (String, formats::Tally) {
    let mut out = Vec::new();
    let tally = formats::write(ledger, &Filter::default(), name, &Choices::default(), &mut out).unwrap();
    (String::from_utf8_lossy(&out).into_owned(), tally)
}

/// The first row of a comma-separated export, by column.
fn row(text: &str) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let row = reader.records().next().unwrap().unwrap();
    head.iter().zip(row.iter()).map(|(h, c)| (h.to_owned(), c.to_owned())).collect()
}

#[test]
fn an_actor_is_named_only_where_nobody_contests_it() {
    let of = |batch: &[Filing]| {
        let folder = tempfile::tempdir().unwrap();
        row(&written(&filed(folder.path(), batch), Name::Acled).0)
    };
    let told = of(&[raid("d1", 4, "the Syrian army", "asserts", "asserted")]);
    assert_eq!((told["actor1"].as_str(), told["inter1"].as_str()), ("the Syrian army", "1"));
    assert_eq!((told["actor2"].as_str(), told["inter2"].as_str()), ("Civilians (Syria)", "7"));
    assert_eq!((told["interaction"].as_str(), told["civilian_targeting"].as_str()), ("17", "Civilian targeting"));
    assert_eq!(
        (told["iso"].as_str(), told["region"].as_str(), told["fatalities"].as_str()),
        ("760", "Middle East", "4")
    );

    let accused = of(&[raid("d1", 4, "the Syrian army", "accuses", "asserted")]);
    assert_eq!((accused["actor1"].as_str(), accused["inter1"].as_str()), ("Unidentified Armed Group (Syria)", "3"));
    assert!(
        accused["notes"].contains("the Syrian army (accused by residents, in the d1 post)"),
        "{}",
        accused["notes"]
    );

    let contested = of(&[
        raid("d1", 4, "the Syrian army", "asserts", "asserted"),
        raid("d2", 9, "Nusra Front", "asserts", "asserted"),
    ]);
    assert_eq!(contested["actor1"], "Unidentified Armed Group (Syria)");
    assert!(contested["notes"].contains("Nusra Front (stated by the d2 post)"), "{}", contested["notes"]);
    assert_eq!(contested["fatalities"], "4", "the lowest");
    assert!(contested["tags"].contains("perpetrator contested"));
}

#[test]
fn a_threat_is_no_event_and_is_told_as_lost() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = filed(folder.path(), &[raid("d1", 4, "the Syrian army", "asserts", "threatened")]);
    for name in [Name::Acled, Name::Ucdp, Name::Gdelt, Name::Polecat, Name::Hxl, Name::Ics, Name::Timelinejs] {
        let (_, tally) = written(&ledger, name);
        assert_eq!((tally.rows, tally.lost.len()), (0, 1), "{} {:?}", name.as_str(), tally.lost);
    }
    assert!(written(&ledger, Name::Csv).0.contains("threatened"), "our own tables keep it");
}

#[test]
fn ucdp_has_sides_deaths_and_a_cell_of_the_grid() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = filed(
        folder.path(),
        &[
            raid("d1", 4, "the Syrian army", "asserts", "asserted"),
            raid("d2", 9, "the Syrian army", "asserts", "asserted"),
        ],
    );
    let told = row(&written(&ledger, Name::Ucdp).0);
    assert_eq!((told["low"].as_str(), told["best"].as_str(), told["high"].as_str()), ("4", "4", "9"));
    assert_eq!(
        (told["type_of_violence"].as_str(), told["side_a"].as_str(), told["gwnoa"].as_str()),
        ("3", "the Syrian army", "652")
    );
    assert_eq!((told["deaths_civilians"].as_str(), told["geom_wkt"].as_str()), ("4", "POINT (37.25 36.5)"));
}

#[test]
fn a_foreign_reader_reads_the_map() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = filed(folder.path(), &[raid("d1", 4, "the Syrian army", "asserts", "asserted")]);
    let map: geojson::FeatureCollection = written(&ledger, Name::Geojson).0.parse().unwrap();
    let geometry = map.features[0].geometry.as_ref().unwrap();
    assert!(serde_json::to_string(geometry).unwrap().contains("[37.25,36.5]"), "longitude first");
}

#[test]
fn an_exported_ledger_is_filed_again_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = filed(folder.path(), &[raid("d1", 4, "the Syrian army", "asserts", "asserted")]);
    // Another text of the same dispatch, another record of that text, an original that is no UTF-8.
    let later = Timestamp::from_second(1_474_300_000).unwrap();
    ledger.file(&[raid("d1", 6, "the Syrian army", "asserts", "asserted")], later).unwrap();
    let mut again = raid("d1", 6, "the Syrian army", "asserts", "asserted");
    again.record.incidents[0].background = true;
    again.original = vec![0xFF, 0xFE, 0];
    ledger.file(&[again, raid("d2", 9, "Nusra Front", "denies", "asserted")], later).unwrap();
    let (lines, tally) = written(&ledger, Name::Jsonl);
    assert_eq!(tally.rows, 4, "two texts, three readings of one dispatch, one of another");

    let other = tempfile::tempdir().unwrap();
    let mut copy = Ledger::open_or_create(&other.path().join("ledger.db")).unwrap();
    for line in lines.lines() {
        let filing = ledger::refiling_from_json(line).unwrap().unwrap();
        let record = ledger::record_from_json(line).unwrap();
        let ledger::Refiling { namespace, at, media_type, original } = filing;
        copy.file(&[Filing { namespace, record, original, media_type, replace: true }], at).unwrap();
    }
    assert_eq!(written(&copy, Name::Jsonl).0, lines);
    let all = Filter::default();
    let lists = |l: &Ledger| {
        let dispatches = l.dispatches(&all).unwrap();
        json!([l.incidents(&all).unwrap(), l.disputes(&all).unwrap(), l.actors(&all).unwrap(), dispatches])
    };
    assert_eq!(lists(&copy), lists(&ledger));
    assert_eq!(copy.check().unwrap(), Vec::<String>::new());
}

#[test]
fn every_format_and_table_is_written_and_described() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = filed(folder.path(), &[raid("d1", 4, "the Syrian army", "asserts", "asserted")]);
    let docs = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/export.md"));
    for name in Name::ALL {
        assert!(docs.contains(&format!("**{}**", name.as_str())), "docs/export.md does not describe {}", name.as_str());
        let (_, tally) = written(&ledger, *name);
        let may_be_empty = *name == Name::Claimreview;
        assert!(tally.rows > 0 || may_be_empty, "{} wrote nothing", name.as_str());
    }
    for table in Table::ALL {
        assert!(docs.contains(table.as_str()), "docs/export.md does not describe {}", table.as_str());
        let mut out = Vec::new();
        let choices = Choices { table: *table };
        formats::write(&ledger, &Filter::default(), Name::Csv, &choices, &mut out).unwrap();
        let head = csv::Reader::from_reader(&out[..]).headers().unwrap().len();
        assert_eq!(head, table.columns().len());
    }
}
