//! `dateline parse`: tokens, tags, lemmas, trees and entities of a text, analysed whole as spaCy does.

use language::{Analysis, Pipeline, conllu};
use record::{Dispatch, TextIndex};
use serde::Serialize;
use wire::Given;

use crate::args::{ParseArgs, ParseTo};
use crate::batch::{self, Tally};
use crate::input;

/// Parses every input and prints its analysis.
pub fn run(args: &ParseArgs) -> anyhow::Result<Tally> {
    let pipeline = Pipeline::new();
    let given = Given { blank: true, ..Given::default() };
    let work = |dispatch: Dispatch| {
        let analysis = pipeline.analyse(&dispatch.text);
        match args.to {
            ParseTo::Conllu => conllu(&analysis, &dispatch.id),
            // Plain strings and numbers: their JSON cannot fail.
            ParseTo::Jsonl => serde_json::to_string(&Parse::new(&dispatch.id, &analysis)).unwrap_or_default() + "\n",
        }
    };
    batch::run(input::dispatches(&args.input, &given), args.input.threads, |d| d.id.clone(), work)
}

/// An analysis with spaCy's attribute names, white-space tokens kept. `heads` are token numbers, a root's its own;
/// `ents` are [first token, one past the last, label].
#[derive(Serialize)]
struct Parse<'a> {
    id: &'a str,
    text: &'a str,
    words: Vec<&'a str>,
    spaces: Vec<bool>,
    /// Offsets of the tokens in code points.
    idx: Vec<usize>,
    tags: Vec<&'static str>,
    pos: Vec<&'static str>,
    morphs: Vec<&'static str>,
    lemmas: Vec<&'a str>,
    heads: Vec<u32>,
    deps: Vec<&'static str>,
    sent_starts: Vec<u8>,
    ents: Vec<(u32, u32, &'static str)>,
}

impl<'a> Parse<'a> {
    fn new(id: &'a str, analysis: &'a Analysis) -> Parse<'a> {
        let tokens = analysis.tokens();
        let index = TextIndex::new(analysis.text());
        Parse {
            id,
            text: analysis.text(),
            words: (0..tokens.len()).map(|i| analysis.word(i)).collect(),
            spaces: tokens.iter().map(|t| t.space_after).collect(),
            idx: tokens.iter().map(|t| index.code_point(t.start as usize)).collect(),
            tags: tokens.iter().map(|t| t.tag.as_str()).collect(),
            pos: tokens.iter().map(|t| t.pos.as_str()).collect(),
            morphs: (0..tokens.len()).map(|i| analysis.morph(i)).collect(),
            lemmas: (0..tokens.len()).map(|i| analysis.lemma(i)).collect(),
            heads: tokens.iter().map(|t| t.head).collect(),
            deps: tokens.iter().map(|t| t.dep.as_str()).collect(),
            sent_starts: tokens.iter().map(|t| u8::from(t.sentence_start)).collect(),
            ents: analysis.entities().iter().map(|e| (e.start, e.end, e.label.as_str())).collect(),
        }
    }
}
