//! Statements and speakers of a made-up dispatch, sentence by sentence.
#![allow(clippy::disallowed_methods)] // tests read the gold

use reading::Reader;
use record::{Dispatch, Mode, Record, StatementKind};

fn read(text: &str) -> Record {
    let given = wire::Given { name: "said".to_owned(), ..wire::Given::default() };
    let dispatch: Dispatch = wire::dispatches(text.as_bytes(), wire::Format::Text, &given)
        .next()
        .expect("one dispatch")
        .expect("a readable one");
    Reader::new().read(dispatch)
}

/// Each statement as "speaker | cue | content".
fn said(record: &Record) -> Vec<String> {
    let shown = |s: &record::Statement| {
        let content: Vec<&str> = s.content.iter().map(|c| c.text.as_str()).collect();
        format!("{} | {} | {}", s.speaker, s.cue.as_ref().map_or("", |c| c.text.as_str()), content.join(" … "))
    };
    record.statements.iter().map(shown).collect()
}

fn check(text: &str, expected: &[&str]) {
    let record = read(text);
    let found = said(&record);
    for line in expected {
        assert!(found.iter().any(|f| f == line), "{line}\nis not among\n{}\nof: {text}", found.join("\n"));
    }
    for s in &record.statements {
        for span in s.content.iter().chain(&s.source).chain(&s.cue) {
            let words: String = record.dispatch.text.chars().skip(span.start).take(span.end - span.start).collect();
            assert_eq!(words, span.text, "a span holds its words");
        }
    }
}

#[test]
fn a_clause_before_after_and_around_its_cue() {
    check(
        "The mayor of Harbourton, Jane Roe, said the bridge was closed.",
        &["Jane Roe | said | the bridge was closed"],
    );
    check(
        "The bridge was closed after the flood, Mayor Jane Roe said on Tuesday.",
        &["Jane Roe | said | The bridge was closed after the flood"],
    );
    check(
        "According to the Harbour Post, the bridge was closed.",
        &["Harbour Post | According to | the bridge was closed"],
    );
}

#[test]
fn a_quotation_goes_on_after_its_cue() {
    check(
        "\"We waited for two days,\" Jane Roe said. \"Nobody came to help us.\"\n",
        &["Jane Roe | said | We waited for two days … Nobody came to help us."],
    );
    check("Jane Roe told reporters: \"We waited for two days.\"", &["Jane Roe | told | We waited for two days."]);
}

#[test]
fn a_short_quotation_in_a_clause_is_mixed() {
    let record = read("Jane Roe said the raid was \"a crime against the town\" and had to be stopped.");
    assert_eq!(record.statements.first().map(|s| s.kind), Some(StatementKind::Mixed));
}

#[test]
fn two_cues_share_one_source_and_each_has_its_mode() {
    let record = read("Foreign Minister Jane Roe condemned the raid on the convoy and called for an inquiry.");
    let modes: Vec<Mode> = record.statements.iter().map(|s| s.mode).collect();
    assert_eq!(modes, [Mode::Condemns, Mode::Demands]);
    assert!(record.statements.iter().all(|s| s.speaker == "Jane Roe"), "{:?}", said(&record));
}

#[test]
fn pronouns_and_titles_find_their_person() {
    check(
        "Foreign Minister Jane Roe said the talks had failed. She added that the truce was over.\n\n\
         \"We will go home,\" the minister said.",
        &[
            "Jane Roe | said | the talks had failed",
            "Jane Roe | added | the truce was over",
            "Jane Roe | said | We will go home",
        ],
    );
}

#[test]
fn a_statement_speaks_for_those_who_made_it() {
    check(
        "The Harbour Rights Network (HRN) said in a statement that two boats had sunk. The statement said nobody was rescued.",
        &["Harbour Rights Network | said | two boats had sunk", "Harbour Rights Network | said | nobody was rescued"],
    );
}

#[test]
fn what_is_no_statement() {
    for text in ["The bridge is said to be old.", "He had nothing to say.", "The so-called \"zone\" was closed."] {
        assert_eq!(said(&read(text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_worked_example_has_all_its_statements_with_their_speakers() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/gold/ledger/tass-2016-09-29.json");
    let Ok(gold) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is not here");
        return;
    };
    let gold: serde_json::Value = serde_json::from_str(&gold).expect("gold is JSON");
    let record = read(gold["text"].as_str().expect("gold has a text"));
    for s in gold["statements"].as_array().expect("gold has statements") {
        let content = s["content"][0].as_str().expect("a content");
        let surname = s["speaker"].as_str().expect("a speaker").rsplit(' ').next().expect("a word");
        let start: String = content.chars().take(25).collect();
        let found = record.statements.iter().any(|r| {
            r.speaker.to_lowercase().contains(&surname.to_lowercase())
                && r.content.iter().any(|c| c.text.replace('\u{a0}', " ").starts_with(&start.replace('\u{a0}', " ")))
        });
        assert!(found, "{s}\nis not among\n{}", said(&record).join("\n"));
    }
}
