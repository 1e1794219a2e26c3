//! No text whatever makes the reader panic, every span holds the words at its range, every item has its evidence, and
//! the same dispatch gives the same record, on one thread or several.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use proptest::prelude::*;
use reading::Reader;
use record::{Dispatch, Record};
use serde_json::Value;

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(Reader::new)
}

fn dispatch(text: &str) -> Dispatch {
    let given = wire::Given { name: "safety".to_owned(), ..wire::Given::default() };
    let mut dispatches = wire::dispatches(text.as_bytes(), wire::Format::Text, &given);
    match dispatches.next() {
        Some(Ok(mut dispatch)) => {
            // Whatever the language looks like: the steps are to be tried on it.
            dispatch.language = Some("en".to_owned());
            dispatch
        }
        // An empty text is no dispatch for the wire; the reader must bear it all the same.
        _ => plain(text),
    }
}

/// A dispatch that the wire step has not laid out.
fn plain(text: &str) -> Dispatch {
    Dispatch {
        id: "safety".to_owned(),
        outlet: None,
        agency: None,
        url: None,
        headline: None,
        dek: None,
        language: Some("en".to_owned()),
        sha256: String::new(),
        dateline: None,
        published: None,
        published_basis: None,
        editorial: None,
        sections: Vec::new(),
        text: text.to_owned(),
        layout: Vec::new(),
        notes: Vec::new(),
    }
}

/// Every object with `start`, `end` and `text` anywhere in the record is the dispatch's text at that range.
fn spans_hold(value: &Value, text: &[char]) {
    match value {
        Value::Object(map) => {
            if let (Some(start), Some(end), Some(words)) =
                (number(map.get("start")), number(map.get("end")), map.get("text"))
            {
                let slice = text.get(start..end).unwrap_or_else(|| panic!("a span outside the text: {value}"));
                assert_eq!(words.as_str(), Some(slice.iter().collect::<String>().as_str()), "a span with other words");
            }
            map.values().for_each(|v| spans_hold(v, text));
        }
        Value::Array(list) => list.iter().for_each(|v| spans_hold(v, text)),
        _ => {}
    }
}

fn number(value: Option<&Value>) -> Option<usize> {
    value.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

/// Every item has words to show, every reference points at an item of the record.
fn items_hold(record: &Record) {
    let statements: BTreeSet<&str> = record.statements.iter().map(|s| s.id.as_str()).collect();
    let incidents = record.incidents.iter().map(|i| i.id.as_str());
    let items: BTreeSet<&str> = incidents.chain(record.accords.iter().map(|a| a.id.as_str())).collect();
    let said = |statement: &Option<String>| {
        assert!(statement.as_deref().is_none_or(|s| statements.contains(s)), "no statement {statement:?}");
    };
    for s in &record.statements {
        let words = s.content.iter().chain(&s.source).chain(&s.cue);
        assert!(words.into_iter().any(|span| !span.text.is_empty()), "a statement without words: {s:?}");
        assert!(s.about.iter().all(|id| items.contains(id.as_str())), "about nothing: {s:?}");
    }
    for i in &record.incidents {
        assert!(!i.trigger.text.is_empty(), "an incident without words: {i:?}");
        let figures: BTreeSet<&str> = i.figures.iter().map(|f| f.id.as_str()).collect();
        for f in &i.figures {
            assert!(!f.mention.text.is_empty(), "a figure without words: {f:?}");
            assert!(f.part_of.as_deref().is_none_or(|id| figures.contains(id)), "part of nothing: {f:?}");
            said(&f.statement);
        }
        for p in &i.perpetrators {
            assert!(!p.mention.text.is_empty(), "a perpetrator without words: {p:?}");
            said(&p.statement);
        }
        for c in &i.claims {
            assert!(!c.mention.text.is_empty(), "a claim without words: {c:?}");
            said(&c.statement);
        }
    }
    for a in &record.accords {
        assert!(!a.mention.text.is_empty(), "an accord without words: {a:?}");
        for c in &a.status_claims {
            assert!(!c.mention.text.is_empty(), "a status claim without words: {c:?}");
            said(&c.statement);
        }
    }
    assert!(record.unread.iter().all(|u| !u.why.is_empty() && !u.span.text.is_empty()));
}

fn holds(text: &str) {
    for dispatch in [dispatch(text), plain(text)] {
        let chars: Vec<char> = dispatch.text.chars().collect();
        let record = reader().read(dispatch.clone());
        spans_hold(&serde_json::to_value(&record).expect("a record is JSON"), &chars);
        items_hold(&record);
        let (traced, explanations) = reader().explain(dispatch);
        assert_eq!(traced, record, "who asks why reads the same");
        spans_hold(&serde_json::to_value(&explanations).expect("explanations are JSON"), &chars);
    }
}

/// Pieces that the steps of the reading look for, to be put together in ways that no editor would.
const PIECES: &[&str] = &[
    "\"",
    "“",
    "”",
    "'",
    "’s",
    "said",
    "says",
    "according to",
    "accused",
    "denied",
    "blamed",
    "told",
    ":",
    " - ",
    "—",
    ",",
    ".",
    "...",
    "\n",
    "\n\n",
    "18 of 31 trucks",
    "at least 43",
    "more than",
    "dozens",
    "0",
    "99999999999999999999999",
    "1,300",
    "3.5 million",
    "two",
    "between 10 and 15",
    "killed",
    "wounded",
    "air strike",
    "shelling",
    "bomb",
    "clashes",
    "abducted",
    "protest",
    "on Monday",
    "last week",
    "September 31",
    "29 February 2015",
    "2016-13-45",
    "yesterday",
    "the truce",
    "ceasefire",
    "a deal between",
    "talks with",
    "violated",
    "collapsed",
    "took effect",
    "under",
    "of",
    "by",
    "the",
    "Syria",
    "Aleppo",
    "Deir ez-Zor",
    "near",
    "province",
    "John Kerry",
    "he",
    "they",
    "the ministry",
    "Islamic State",
    "rebels",
    "UN",
    "not",
    "may",
    "if",
    "(",
    ")",
    "[",
    "]",
    "/TASS/",
    "WASHINGTON, September 29.",
    "\u{200b}",
    "\u{301}",
    "😀",
    "ß",
    "İ",
    "\t",
    "\r\n",
    "\u{0}",
    "http://x.y/z?q=1",
    "@who",
    "#tag",
];

fn garbage() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(PIECES);
    proptest::collection::vec((piece, any::<bool>()), 0..60).prop_map(|pieces| {
        let join = |(piece, space): (&str, bool)| if space { format!("{piece} ") } else { piece.to_owned() };
        pieces.into_iter().map(join).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_characters_are_read(text in "\\PC{0,200}|(?s:.){0,80}") {
        holds(&text);
    }

    #[test]
    fn any_mixture_of_cues_is_read(text in garbage()) {
        holds(&text);
    }
}

#[test]
fn long_runs_of_one_thing_are_read() {
    for piece in [
        "\"",
        "a",
        "said ",
        "the truce violated ",
        "18 of 31 ",
        "\n",
        "“said",
        "-",
        "under the deal ",
        "(",
        "Monday ",
        "’s ",
        "killed 3 and ",
    ] {
        holds(&piece.repeat(3000 / piece.len()));
    }
}

const STORY: &str = "The truce took effect on Monday, the ministry said. Twenty people were killed when shells hit a market \
    in Aleppo. \"The rebels violated the ceasefire,\" spokesman John Doe told reporters. At least 12 of the 20 were \
    children, according to the monitor.\n\nThe rebels denied that they had broken the deal.";

#[test]
fn the_same_dispatch_gives_the_same_record_on_any_thread() {
    let read = || serde_json::to_string(&reader().read(dispatch(STORY))).expect("a record is JSON");
    let first = read();
    assert_eq!(first, read());
    let threads: Vec<_> = (0..2).map(|_| std::thread::spawn(read)).collect();
    for thread in threads {
        assert_eq!(first, thread.join().expect("the thread ends"));
    }
    let again = serde_json::to_string(&Reader::new().read(dispatch(STORY))).expect("a record is JSON");
    assert_eq!(first, again, "a fresh reader reads the same");
}

#[test]
fn a_story_has_items_to_hold() {
    // The checks above would pass on empty records: here is one that is not.
    let record = reader().read(dispatch(STORY));
    assert!(record.statements.len() >= 3 && !record.accords.is_empty(), "{record:?}");
    holds(STORY);
}
