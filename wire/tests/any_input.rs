//! No bytes whatever make the wire step panic, and what it says of a text holds for every text.

use proptest::prelude::*;
use record::{BlockKind, Dispatch, TextIndex};
use wire::{Format, Given, dispatches};

/// Pieces that pages and datelines are made of, to be shuffled: more likely to meet a rule than noise is.
const PIECES: &[&str] = &[
    "WASHINGTON",
    "NEW YORK/LONDON",
    "St. ",
    "Calif.",
    ", ",
    "September 29",
    "Sept. ",
    "29",
    "2016",
    "31.02.",
    " - ",
    " — ",
    "--",
    ". ",
    "/TASS/",
    "(Reuters)",
    "(",
    ")",
    "/",
    "afrol News",
    ":",
    "\n",
    "\n\n",
    "\r\n",
    "    ",
    "\t",
    "\u{feff}",
    "\u{a0}",
    "\u{2028}",
    "By A. Writer",
    "Follow us",
    "Related news",
    "Two people were killed.",
    "“We left,” he said",
    "Ölberg ",
    "Дамаск",
    "死",
    "😀",
    "e\u{301}",
    "10:45 GMT",
    "****",
    "Copyright 2016",
    "A man walks. (AP Photo/A. Writer)",
    "Homs evacuation",
    "\u{0}",
    "\"",
    "{",
    "}",
    "U.N.",
    "Pa.",
];

fn page() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// What must hold of every dispatch.
fn check(d: &Dispatch) {
    let mut end = 0;
    for block in &d.layout {
        assert!(block.bytes.start >= end && block.bytes.start < block.bytes.end, "in order, disjoint, not empty");
        end = block.bytes.end;
        let words = d.text.get(block.bytes.clone()).expect("on character boundaries");
        assert_eq!(words, words.trim(), "without white space around");
    }
    let index = TextIndex::new(&d.text);
    let spans = d.sections.iter().flat_map(|s| s.heading.iter().chain(&s.paragraphs));
    for span in spans.chain(d.dateline.iter().map(|l| &l.span)) {
        assert_eq!(d.text.get(index.bytes(span)), Some(span.text.as_str()), "a span holds the text at its range");
    }
    let datelines: Vec<_> = d.layout.iter().filter(|b| b.kind == BlockKind::Dateline).collect();
    assert_eq!(datelines.len(), usize::from(d.dateline.is_some()));
    if let (Some(block), Some(dateline)) = (datelines.first(), &d.dateline) {
        assert_eq!(index.bytes(&dateline.span), block.bytes);
    }
    // Every word of the text is in some block.
    let mut covered = d.layout.iter().map(|b| b.bytes.clone());
    let mut block = covered.next();
    for (at, c) in d.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        while block.as_ref().is_some_and(|b| b.end <= at) {
            block = covered.next();
        }
        assert!(block.as_ref().is_some_and(|b| b.contains(&at)), "{c:?} at {at} is in no block");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::Auto, Format::Text, Format::Jsonl] {
            dispatches(&bytes, format, &Given::default()).flatten().for_each(|d| check(&d));
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        dispatches(text.as_bytes(), Format::Text, &Given::default()).flatten().for_each(|d| {
            assert_eq!(d.text, text.strip_prefix('\u{feff}').unwrap_or(&text));
            check(&d);
        });
    }

    #[test]
    fn any_page(text in page(), title in prop::option::of(page())) {
        dispatches(text.as_bytes(), Format::Text, &Given::default()).flatten().for_each(|d| check(&d));
        let line = serde_json::json!({ "id": "a", "text": text, "title": title }).to_string();
        dispatches(line.as_bytes(), Format::Jsonl, &Given::default()).flatten().for_each(|d| {
            assert_eq!(d.text, text);
            check(&d);
        });
    }

    #[test]
    fn the_same_bytes_give_the_same_dispatch(text in page()) {
        let read = || dispatches(text.as_bytes(), Format::Auto, &Given::default()).flatten().collect::<Vec<_>>();
        prop_assert_eq!(read(), read());
    }
}

/// Long runs of one thing, as a broken page may hold: each is one pass, so a quarter of a megabyte is nothing. A quadratic step would
/// not end within the test's patience.
#[test]
fn a_long_run_of_one_thing_is_read() {
    for piece in [
        "a",
        "A ",
        "LONDON, ",
        "(",
        "/",
        "-",
        "\n",
        ". ",
        "“",
        "死",
        "Sept 29 ",
        "By A\n",
        "Related news\n",
        "{\"text\": \"",
        "A\n\n",
        "LONDON, March 3 - ",
    ] {
        let text = piece.repeat((1 << 18) / piece.len());
        dispatches(text.as_bytes(), Format::Text, &Given::default()).flatten().for_each(|d| check(&d));
        let line = serde_json::json!({ "text": text, "title": text }).to_string();
        dispatches(line.as_bytes(), Format::Jsonl, &Given::default()).flatten().for_each(|d| check(&d));
    }
}
