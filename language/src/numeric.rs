//! The numbers of the specification: hashes, features, vectors and first scores of one sentence.
#![allow(clippy::disallowed_methods)] // a test reads its expectations

use std::path::Path;

use serde_json::Value;

use crate::hash::{murmur64a, table_rows};
use crate::kernel::{Arithmetic, HIDDEN, Kernel, Rows, WIDTH};
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::steps::HALVES;
use crate::tok2vec::{Net, PAD, Row, Vectors};

fn expectations() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/language/data/golden_numeric.json");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the numbers are valid JSON")),
        Err(_) => {
            eprintln!("skipped: {} is not here", path.display());
            None
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).expect("a number")
}

fn floats(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(floats).collect(),
        other => vec![other.as_f64().expect("a float") as f32],
    }
}

fn assert_close(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst <= tolerance, "{what} differ by {worst}");
}

#[test]
fn hashes_are_those_of_the_specification() {
    // MurmurHash64A of a few strings, and embedding rows, as published there.
    assert_eq!(murmur64a(b"a"), 11901859001352538922);
    assert_eq!(murmur64a("na\u{ef}ve".as_bytes()), 16224804062388677344);
    assert_eq!(murmur64a(b"123456789"), 2056675840866671865);
    assert_eq!(table_rows(8566208034543834098, 8, 5000), [3934, 1080, 901, 472]);
    assert_eq!(table_rows(1, 13, 50), [42, 11, 7, 14]);
    let Some(all) = expectations() else { return };
    for (text, hash) in all["murmur64a_seed1"].as_object().expect("a map") {
        assert_eq!(murmur64a(text.as_bytes()), number(hash), "{text:?}");
    }
    let model = Model::shared();
    for (text, id) in all["string_id"].as_object().expect("a map") {
        assert_eq!(model.ids.id(text), number(id), "{text:?}");
    }
    for case in all["hash_rows"].as_array().expect("a list") {
        let rows = table_rows(number(&case["id"]), number(&case["seed"]), number(&case["rows"]) as u32);
        assert_eq!(
            rows.map(|r| r as u64).to_vec(),
            case["keys"].as_array().unwrap().iter().map(number).collect::<Vec<_>>()
        );
    }
}

#[test]
fn vectors_and_scores_are_those_of_the_specification() {
    let Some(all) = expectations() else { return };
    let sentence = &all["sentence"];
    let text = sentence["text"].as_str().expect("a text");
    for kernel in [Kernel::Scalar, Kernel::Detect] {
        let model = Model::embedded(kernel);
        let arithmetic = Arithmetic::new(kernel);
        let (mut lexicon, mut vectors, mut tokens) = (Lexicon::default(), Vectors::default(), Vec::new());
        lexicon.tokenize(&model, text, 0, &mut tokens);
        for (token, expected) in tokens.iter().zip(sentence["features"].as_array().unwrap()) {
            let word = lexicon.word(token.word);
            let [norm, prefix, suffix, shape] = word.features;
            let found = [norm, prefix, suffix, shape, token.space_after.into(), word.is_space.into()];
            assert_eq!(found.to_vec(), expected.as_array().unwrap().iter().map(number).collect::<Vec<_>>());
        }
        let mut rows = vec![Row::EMPTY; PAD];
        rows.extend(tokens.iter().map(|t| Row::token(t.word, t.space_after)));
        let mut encode = |net| {
            vectors.encode(&model.tok2vec, arithmetic, &mut lexicon, net, &rows, PAD..PAD + tokens.len()).to_vec()
        };
        let (a, b) = (encode(Net::A), encode(Net::B));
        assert_close(&a, &floats(&sentence["tok2vec"]), 1e-5, "vectors for the parser");
        assert_close(&b, &floats(&sentence["ner_tok2vec"]), 1e-5, "vectors for the entities");
        let mut tags = vec![0f32; model.tagger.columns()];
        arithmetic.multiply(Rows { values: &a, stride: WIDTH }, 1, &model.tagger, &mut tags, 64);
        assert_close(&tags[..model.tags.len()], &floats(&sentence["tag_scores_row0"]), 1e-4, "scores of tags");

        let (mut reduced, mut contributions) = (Vec::new(), Vec::new());
        let steps = &model.parser.steps;
        steps.contributions(arithmetic, &a, tokens.len(), &mut reduced, &mut contributions);
        let features: [&[f32; HALVES]; 8] = std::array::from_fn(|role| match role {
            0 => crate::kernel::run(&contributions, 0),
            1 => crate::kernel::run(&contributions, 8 + 1),
            role => steps.pad(role),
        });
        let mut hidden = [0f32; HIDDEN];
        let mut scores = [[0f32; 8]; 14];
        steps.hidden(arithmetic, &features, &mut hidden);
        steps.scores(arithmetic, &hidden, &mut scores);
        let expected = floats(&sentence["parser_first_scores"]);
        assert_close(&scores.as_flattened()[..expected.len()], &expected, 1e-4, "first scores of the parser");
    }
}
