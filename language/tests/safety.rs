//! Any text whatever is safe input, and what comes back is well formed.

use language::{Analysis, Pipeline};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::OnceLock;

fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(Pipeline::new)
}

/// Everything that must hold of any analysis.
fn well_formed(text: &str, blocks: &[Range<usize>], a: &Analysis) {
    assert_eq!(a.text(), text);
    // Tokens and the blanks that belong to them give the blocks back.
    let mut rebuilt = String::new();
    for (i, token) in a.tokens().iter().enumerate() {
        rebuilt.push_str(a.word(i));
        if token.space_after {
            rebuilt.push(' ');
        }
        assert!(token.start < token.end, "token {i} is empty");
    }
    let expected: String = blocks.iter().map(|b| &text[b.clone()]).collect();
    assert_eq!(rebuilt, expected);
    // Sentences cover all tokens in order, and begin where tokens say so.
    let mut next = 0;
    for sentence in a.sentences() {
        assert_eq!(sentence.start, next);
        assert!(sentence.end > sentence.start);
        assert!(a.tokens()[sentence.start].sentence_start);
        assert_eq!(a.sentence_of(sentence.start), a.sentence_of(sentence.end - 1));
        next = sentence.end;
    }
    assert_eq!(next, a.len());
    // Trees: heads stay in the block, every token has a root above it, and children are the inverse of heads.
    let block_of = |i: usize| blocks.iter().position(|b| b.contains(&(a.tokens()[i].start as usize)));
    let mut children = 0;
    let mut rooted = vec![false; a.len()];
    for i in 0..a.len() {
        // Walk up to a root, or to a token from which one was reached before.
        let path: Vec<usize> = std::iter::once(i).chain(a.ancestors(i)).take_while(|&at| !rooted[at]).collect();
        let top = path.last().map_or(i, |&at| a.head(at).unwrap_or(at));
        assert!(rooted[top] || a.head(top).is_none(), "token {i} hangs from no root");
        path.iter().for_each(|&at| rooted[at] = true);
        if let Some(head) = a.head(i) {
            assert_eq!(block_of(i), block_of(head));
        }
        for child in a.children(i) {
            assert_eq!(a.head(child), Some(i));
            children += 1;
        }
        assert!(a.subtree(i).contains(&i) && a.subtree(i).end <= a.len());
        let _ = (a.lemma(i), a.morph(i));
    }
    assert_eq!(children, (0..a.len()).filter(|&i| a.head(i).is_some()).count());
    for pair in a.entities().windows(2) {
        assert!(pair[0].end <= pair[1].start);
    }
    assert!(a.entities().iter().all(|e| e.start < e.end && e.end as usize <= a.len()));
}

fn check(text: &str) {
    let whole = std::slice::from_ref(&(0..text.len())).to_vec();
    well_formed(text, &whole, &pipeline().analyse(text));
}

#[test]
fn odd_texts_are_analysed() {
    for text in
        ["", " ", "\0", "\u{1}\u{2}\u{7f}", "\u{feff}", "\u{202e}", "\u{10ffff}", "\r\n", "\u{1c}a\u{1f}", "e\u{301}"]
    {
        check(text);
        check(&text.repeat(300));
    }
}

#[test]
fn long_runs_of_one_thing_take_linear_time() {
    // Quadratic behaviour anywhere would take minutes here, not seconds.
    for text in ["a", ".", "1", "A", "\n", "é"] {
        check(&text.repeat(2_000_000));
    }
    for text in
        ["(", "a-", "a.", "a@", "it's ", ":) ", "1+", "\"", "a ", "-", "\u{2014}", "x.y/", ":", "_", "'", "\u{2026}"]
    {
        check(&text.repeat(2_000));
    }
    check(&format!("({}", ".".repeat(300_000)));
    check(&format!("{}(", "a@b.c:1".repeat(2_000)));
    check(&format!("http://{}", "a.".repeat(300_000)));
    check(&"1.2.3.4.".repeat(20_000));
}

#[test]
fn a_long_document_is_worked_through_in_runs() {
    // One sentence without an end keeps its first words on the parser's stack to the last.
    let text = "the house that the man who the dog that the cat which ".repeat(150);
    check(&text);
    check(&"The minister said that the army, which denied it, had left. ".repeat(200));
}

#[test]
fn blocks_are_documents_of_their_own() {
    let text = "Army leaves the town\n\nThe ministry denied it on Monday. Nobody was hurt.\n\nWhat next";
    let blocks: Vec<Range<usize>> = vec![0..20, 22..72, 74..83];
    let together = pipeline().analyse_blocks(text, &blocks);
    well_formed(text, &blocks, &together);
    let mut first = 0;
    for block in blocks {
        let alone = pipeline().analyse(&text[block.clone()]);
        for i in 0..alone.len() {
            let (a, b) = (&alone.tokens()[i], &together.tokens()[first + i]);
            assert_eq!((a.tag, a.pos, a.dep, a.sentence_start), (b.tag, b.pos, b.dep, b.sentence_start));
            assert_eq!(a.head as usize + first, b.head as usize);
            assert_eq!(
                (a.start as usize + block.start, a.end as usize + block.start),
                (b.start as usize, b.end as usize)
            );
            assert_eq!(alone.lemma(i), together.lemma(first + i));
        }
        first += alone.len();
    }
    assert_eq!(first, together.len());
}

#[test]
fn blocks_that_make_no_sense_are_left_out() {
    let text = "Größe zählt.";
    let a = pipeline().analyse_blocks(text, &[3..4, 0..2, 0..1, 5..5, 8..99, 7..text.len()]);
    well_formed(text, &[0..2, 7..text.len()], &a);
}

#[test]
fn a_text_is_read_the_same_whatever_was_read_before() {
    let text = "The envoy, who had left Tarnova on Friday, said the talks weren't over: \"We'll be back.\"";
    let first = pipeline().analyse(text);
    // Enough different words to make the caches forget everything.
    for round in 0..4 {
        let words: String = (0..12_000).map(|i| format!("w{round}x{i} ")).collect();
        pipeline().analyse(&words);
    }
    assert_eq!(pipeline().analyse(text), first);
}

#[test]
fn threads_share_a_pipeline() {
    let texts: Vec<String> =
        (0..40).map(|i| format!("Report {i}: the convoy of {i} trucks was hit near Karsk.")).collect();
    let alone: Vec<Analysis> = texts.iter().map(|t| pipeline().analyse(t)).collect();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for (text, expected) in texts.iter().zip(&alone) {
                    assert_eq!(&pipeline().analyse(text), expected);
                }
            });
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_is_analysed(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_characters_are_analysed(chars in prop::collection::vec(any::<char>(), 0..100)) {
        check(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn any_mixture_of_pieces_is_analysed(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "a", "B", "1", " ", "  ", "\n", ".", "..", ",", "'s", "’", "\"", "(", ")", "-", "--", "$", "US$", "%", ":", "/",
                "@", "#", "http://", "www.", ".com", "km", "can't", "it", "the", "said", "U.", "K.", "\u{2026}", "é", "日", "\u{a0}",
            ]),
            0..60,
        )
    ) {
        check(&pieces.concat());
    }
}
