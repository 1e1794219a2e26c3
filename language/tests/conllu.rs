//! CoNLL-U output is valid against the format's rules, and loses nothing of the text.

#![allow(clippy::disallowed_methods)] // a test reads its texts

use language::{Analysis, Pipeline, conllu};
use proptest::prelude::*;
use std::path::Path;
use std::sync::OnceLock;

fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(Pipeline::new)
}

/// The value of an entry of the MISC column, unescaped.
fn misc(column: &str, name: &str) -> Option<String> {
    let value = column.split('|').filter_map(|entry| entry.split_once('=')).find(|(n, _)| *n == name)?.1;
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('s') => out.push(' '),
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('p') => out.push('|'),
            Some('u') => {
                let code: String = chars.by_ref().take(4).collect();
                out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => panic!("an escape without end in {column:?}"),
        }
    }
    Some(out)
}

/// Checks the rules, and returns the text that the columns give back.
fn validate(output: &str) -> String {
    let mut rebuilt = String::new();
    for sentence in output.split_terminator("\n\n") {
        let (comments, rows): (Vec<&str>, Vec<&str>) = sentence.split('\n').partition(|line| line.starts_with("# "));
        let text = comments.iter().find_map(|c| c.strip_prefix("# text = ")).expect("a text comment");
        assert!(comments.iter().any(|c| c.starts_with("# sent_id = ")));
        assert!(!rows.is_empty());
        let (mut heads, mut roots, mut joined) = (Vec::new(), 0, String::new());
        for (i, row) in rows.iter().enumerate() {
            let columns: Vec<&str> = row.split('\t').collect();
            let [id, form, lemma, upos, xpos, feats, head, deprel, deps, last] = columns[..] else {
                panic!("{} columns in {row:?}", columns.len())
            };
            assert_eq!(id, (i + 1).to_string());
            assert!(columns.iter().all(|c| !c.is_empty()), "an empty column in {row:?}");
            assert!(
                ![form, lemma, upos, xpos, feats, deprel].iter().any(|c| c.contains(char::is_whitespace)),
                "{row:?}"
            );
            assert!(upos != "_" && upos != "SPACE", "{row:?}");
            if feats != "_" {
                let names: Vec<String> =
                    feats.split('|').map(|f| f.split_once('=').expect("a feature").0.to_lowercase()).collect();
                assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "features are not sorted in {row:?}");
            }
            let head: usize = head.parse().expect("a head");
            assert!(head <= rows.len() && head != i + 1, "{row:?}");
            assert_eq!(head == 0, deprel == "root", "{row:?}");
            assert!(deprel.chars().all(|c| c.is_ascii_lowercase()), "{row:?}");
            assert_eq!(deps, "_");
            roots += usize::from(head == 0);
            heads.push(head);
            let blank = misc(last, "SpaceAfter").is_none();
            rebuilt.push_str(&misc(last, "SpacesBefore").unwrap_or_default());
            rebuilt.push_str(form);
            rebuilt
                .push_str(&misc(last, "SpacesAfter").unwrap_or_else(|| if blank { " ".into() } else { String::new() }));
            joined.push_str(form);
            joined.push_str(if blank && i + 1 < rows.len() { " " } else { "" });
        }
        assert_eq!(text, joined);
        assert_eq!(roots, 1, "roots in {sentence:?}");
        for start in 1..=heads.len() {
            let steps = std::iter::successors(Some(start), |&at| Some(heads[at - 1]).filter(|&h| h != 0));
            assert!(steps.take(heads.len() + 1).count() <= heads.len(), "a cycle in {sentence:?}");
        }
    }
    assert!(output.is_empty() || output.ends_with("\n\n"));
    rebuilt
}

fn check(text: &str) {
    let analysis: Analysis = pipeline().analyse(text);
    let rebuilt = validate(&conllu(&analysis, "test"));
    // A text of white space alone has no sentence to write.
    if (0..analysis.len()).any(|i| analysis.tokens()[i].pos != language::Pos::Space) {
        assert_eq!(rebuilt, text);
    }
}

#[test]
fn our_golden_texts_are_valid() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/texts.json");
    let texts: Vec<String> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    texts.iter().for_each(|text| check(text));
    check(&texts.join("\n\n"));
}

#[test]
fn roots_white_space_and_entities_are_written_as_the_format_wants() {
    let analysis = pipeline().analyse("  The U.N. left Karsk.\n\nNobody\tspoke.");
    let output = conllu(&analysis, "an id\nof two lines");
    assert!(output.starts_with("# newdoc id = an id of two lines\n"), "{output}");
    assert_eq!(output.matches("\troot\t").count(), 2, "{output}");
    assert!(output.contains("NER=B-ORG"), "{output}");
    assert!(output.contains("SpacesBefore=\\s\\s"), "{output}");
    assert!(output.contains("SpaceAfter=No"), "{output}");
    assert!(output.contains("SpacesAfter=\\n\\n"), "{output}");
    assert!(output.contains("SpacesAfter=\\t"), "{output}");
    assert_eq!(conllu(&pipeline().analyse(" \n "), "blank"), "");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_gives_valid_output(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "a", "The", "said", " ", "  ", "\n", "\t", "\u{a0}", "\u{1c}", ".", "\"", "|", "=", "\\", "_", "1", "U.N.", "#", "é",
            ]),
            0..50,
        )
    ) {
        check(&pieces.concat());
    }
}
