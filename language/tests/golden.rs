//! Decision for decision the same as spaCy: golden texts with all outputs.
//!
//! Our own set, `golden/texts.json`, is part of the repository; `golden/make.py` asks spaCy about it. The acceptance set
//! of the specification is tested where it is at hand.

#![allow(clippy::disallowed_methods)] // a test reads its texts

use language::{Analysis, Kernel, Pipeline};
use serde::Deserialize;
use std::path::Path;

/// One text and what spaCy says about it.
#[derive(Deserialize)]
struct Golden {
    text: String,
    words: Vec<String>,
    spaces: Vec<bool>,
    tags: Vec<String>,
    pos: Vec<String>,
    morphs: Vec<String>,
    lemmas: Vec<String>,
    heads: Vec<usize>,
    deps: Vec<String>,
    sent_starts: Vec<u8>,
    ents: Vec<(usize, usize, String)>,
}

fn read(path: &Path) -> Option<Vec<Golden>> {
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a golden line is valid JSON")).collect())
}

/// The first difference of each attribute.
fn differences(golden: &Golden, a: &Analysis) -> Vec<String> {
    let mut out = Vec::new();
    let tokens = a.tokens();
    let mut compare = |name: &str, expected: Vec<String>, found: Vec<String>| {
        if expected != found {
            let at = expected.iter().zip(&found).position(|(e, f)| e != f).unwrap_or(expected.len().min(found.len()));
            out.push(format!(
                "{name} differ at {at} ({:?}): expected {:?}, found {:?}",
                golden.words.get(at),
                expected.get(at),
                found.get(at)
            ));
        }
    };
    fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> Vec<String> {
        items.into_iter().map(|item| item.to_string()).collect()
    }
    compare("words", golden.words.clone(), texts((0..a.len()).map(|i| a.word(i))));
    compare("spaces", texts(&golden.spaces), texts(tokens.iter().map(|t| t.space_after)));
    compare("tags", golden.tags.clone(), texts(tokens.iter().map(|t| t.tag)));
    compare("pos", golden.pos.clone(), texts(tokens.iter().map(|t| t.pos)));
    compare("morphs", golden.morphs.clone(), texts((0..a.len()).map(|i| a.morph(i))));
    compare("lemmas", golden.lemmas.clone(), texts((0..a.len()).map(|i| a.lemma(i))));
    compare("heads", texts(&golden.heads), texts(tokens.iter().map(|t| t.head)));
    compare("deps", golden.deps.clone(), texts(tokens.iter().map(|t| t.dep)));
    let starts = tokens.iter().map(|t| u8::from(t.sentence_start));
    compare("sentence starts", texts(&golden.sent_starts), texts(starts));
    let entity = |start: usize, end: usize, label: &str| format!("{start}..{end} {label}");
    compare(
        "entities",
        golden.ents.iter().map(|(start, end, label)| entity(*start, *end, label)).collect(),
        a.entities().iter().map(|e| entity(e.start as usize, e.end as usize, e.label.as_str())).collect(),
    );
    out
}

fn check(path: &Path, kernel: Kernel) {
    let Some(golden) = read(path) else { return };
    assert!(golden.len() > 100, "a golden set of {} texts is too small", golden.len());
    let pipeline = Pipeline::with_kernel(kernel);
    let mut wrong = Vec::new();
    for (line, golden) in golden.iter().enumerate() {
        for difference in differences(golden, &pipeline.analyse(&golden.text)) {
            wrong.push(format!("line {}: {difference}", line + 1));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differences in {}:\n{}",
        wrong.len(),
        path.display(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

fn shared() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/language/data/golden.jsonl")
}

fn own() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/golden.jsonl")
}

#[test]
fn agrees_on_our_own_set() {
    assert!(own().exists(), "the golden set is part of the repository");
    check(&own(), Kernel::Detect);
}

#[test]
fn agrees_on_our_own_set_without_vector_instructions() {
    check(&own(), Kernel::Scalar);
}

#[test]
fn agrees_on_the_acceptance_set() {
    check(&shared(), Kernel::Detect);
}

#[test]
fn agrees_on_the_acceptance_set_without_vector_instructions() {
    check(&shared(), Kernel::Scalar);
}
