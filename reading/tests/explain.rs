//! What `Reader::explain` hands out of a made-up dispatch: words that are there, entries that say what is claimed of
//! them, and a tree that holds the sentence.
#![allow(clippy::disallowed_methods)] // tests read the files of `data/`

use std::path::Path;

use reading::{Explanation, Reader};
use record::{Dispatch, Record};

const STORY: &str = "At least 14 people, including four children, were killed on Saturday when government forces \
    shelled a market in Jayrud, northeast of Damascus, the Harbour Monitor said.\n\n\
    \"We will not stop,\" Colonel John Roe told the Harbour Post. He denied that the army had shelled the market.\n\n\
    The truce collapsed on Sunday after rebels violated it, the ministry said.\n";

fn explained() -> (Record, Vec<Explanation>) {
    let given = wire::Given { name: "story".to_owned(), ..wire::Given::default() };
    let mut dispatches = wire::dispatches(STORY.as_bytes(), wire::Format::Text, &given);
    let dispatch: Dispatch = dispatches.next().expect("one dispatch").expect("a readable one");
    Reader::new().explain(dispatch)
}

/// The line of `data/` that a reason names.
fn line(entry: &reading::Entry) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join(&entry.file)).unwrap_or_else(|e| panic!("{}: {e}", entry.file));
    text.lines().nth(entry.line - 1).unwrap_or_else(|| panic!("{}:{} is not there", entry.file, entry.line)).to_owned()
}

#[test]
fn every_item_of_the_record_is_explained_and_no_other() {
    let (record, explanations) = explained();
    let mut ids: Vec<&str> = record.statements.iter().map(|s| s.id.as_str()).collect();
    ids.extend(record.incidents.iter().map(|i| i.id.as_str()));
    ids.extend(record.incidents.iter().flat_map(|i| &i.figures).map(|f| f.id.as_str()));
    ids.extend(record.accords.iter().map(|a| a.id.as_str()));
    let explained: Vec<&str> = explanations.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(explained, ids);
    for e in &explanations {
        assert!(!e.reasons.is_empty(), "{} has no reason", e.id);
        assert!(!e.sentences.is_empty(), "{} has no sentence", e.id);
    }
    for kind in ["statement", "incident", "figure", "accord"] {
        assert!(explanations.iter().any(|e| e.item == kind), "the story has no {kind}");
    }
}

#[test]
fn reading_with_a_trace_reads_the_same() {
    let (record, _) = explained();
    assert_eq!(Reader::new().read(record.dispatch.clone()), record);
}

#[test]
fn the_entry_of_a_cue_a_trigger_and_a_measure_holds_the_word() {
    let (record, explanations) = explained();
    let entry = |id: &str, what: &str| {
        let e = explanations.iter().find(|e| e.id == id).expect("an explanation");
        let reason = e.reasons.iter().find(|r| r.what == what && r.entry.is_some());
        let reason = reason.unwrap_or_else(|| panic!("{id} has no {what} with an entry: {:#?}", e.reasons));
        (reason.span.clone().expect("words"), line(reason.entry.as_ref().expect("an entry")))
    };
    let denied = record.statements.iter().find(|s| s.mode == record::Mode::Denies).expect("a denial");
    let (words, line) = entry(&denied.id, "cue");
    assert_eq!(words.text, "denied");
    assert!(line.starts_with("deny\t"), "{line}");

    let shelling = record.incidents.iter().find(|i| i.incident_type == record::IncidentType::Shelling);
    let (_, line) = entry(&shelling.expect("a shelling").id, "trigger");
    assert!(line.contains("\"shell\"") || line.contains("shelled"), "{line}");

    let killed = record.incidents.iter().flat_map(|i| &i.figures).find(|f| f.low == Some(14)).expect("14 killed");
    let (words, line) = entry(&killed.id, "measure");
    assert_eq!(words.text, "killed");
    assert!(line.starts_with("kill"), "{line}");
    let (words, line) = entry(&killed.id, "qualifier");
    assert_eq!(words.text, "At least");
    assert!(line.starts_with("at least\t"), "{line}");

    let (_, line) = entry("a1", "state");
    assert!(line.contains("collapse") || line.contains("violate"), "{line}");
}

#[test]
fn a_pronoun_says_who_it_stands_for() {
    let (record, explanations) = explained();
    let denied = record.statements.iter().find(|s| s.mode == record::Mode::Denies).expect("a denial");
    let e = explanations.iter().find(|e| e.id == denied.id).expect("an explanation");
    let speaker = e.reasons.iter().find(|r| r.what == "speaker").expect("a reason for the speaker");
    assert!(speaker.why.contains("John Roe"), "{speaker:?}");
    assert!(speaker.span.as_ref().is_some_and(|s| s.text.contains("John Roe")), "{speaker:?}");
}

#[test]
fn confidence_counts_its_signs() {
    let (record, explanations) = explained();
    for incident in &record.incidents {
        let e = explanations.iter().find(|e| e.id == incident.id).expect("an explanation");
        let why = &e.reasons.iter().find(|r| r.what == "confidence").expect("a reason").why;
        let level = format!("{:?}", incident.confidence).to_lowercase();
        assert!(why.starts_with(&level), "{level}: {why}");
    }
}

#[test]
fn trees_hold_their_sentence_and_mark_the_words_of_the_reasons() {
    let (_, explanations) = explained();
    for sentence in explanations.iter().flat_map(|e| &e.sentences) {
        assert_eq!(sentence.tree.iter().filter(|n| n.depth == 0).count(), 1, "{sentence:#?}");
        assert!(sentence.tree.iter().any(|n| !n.marks.is_empty()), "{sentence:#?}");
        let words = |s: &str| s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
        let drawn: usize = sentence.tree.iter().map(|n| words(&n.words)).sum();
        assert!(drawn >= words(&sentence.span.text), "words are lost: {sentence:#?}");
        assert!(sentence.tree.windows(2).all(|w| w[1].depth <= w[0].depth + 1), "{sentence:#?}");
    }
}
