//! What is fuzzed: one function a target, each takes any bytes and panics when something that must hold does not.
//!
//! The same functions run under cargo-fuzz (`fuzz_targets/`) and as ordinary tests over seeds and mutations of them
//! (`reading/tests/fuzz.rs`), so that a toolchain without a fuzzer loses nothing but depth.

use std::io::Cursor;
use std::sync::OnceLock;

use language::Pipeline;
use reading::Reader;
use record::Dispatch;
use wire::{Format, Given, Received, WireError};

/// A target.
pub type Target = fn(&[u8]);

/// All targets, by the names of their binaries.
pub const TARGETS: &[(&str, Target)] = &[
    ("auto", |bytes| wire_as(Format::Auto, bytes)),
    ("text", |bytes| wire_as(Format::Text, bytes)),
    ("html", |bytes| wire_as(Format::Html, bytes)),
    ("jsonl", |bytes| wire_as(Format::Jsonl, bytes)),
    ("feed", |bytes| wire_as(Format::Feed, bytes)),
    ("newsml", |bytes| wire_as(Format::Newsml, bytes)),
    ("nitf", |bytes| wire_as(Format::Nitf, bytes)),
    ("ninjs", |bytes| wire_as(Format::Ninjs, bytes)),
    ("iptc7901", |bytes| wire_as(Format::Iptc7901, bytes)),
    ("email", |bytes| wire_as(Format::Email, bytes)),
    ("warc", |bytes| wire_as(Format::Warc, bytes)),
    ("packed", packed),
    ("dateline", dateline),
    ("tokeniser", tokeniser),
    ("parser", parser),
    ("read", read),
];

fn given() -> &'static Given {
    static GIVEN: OnceLock<Given> = OnceLock::new();
    GIVEN.get_or_init(|| Given { name: "fuzz".to_owned(), ..Given::default() })
}

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(Reader::new)
}

fn pipeline() -> &'static Pipeline {
    reader().pipeline()
}

/// Bytes as one format.
fn wire_as(format: Format, bytes: &[u8]) {
    for item in wire::items(bytes, format, given()).take(2000) {
        sound(item);
    }
}

/// Bytes as an archive of whatever.
fn packed(bytes: &[u8]) {
    for item in wire::unpacked(Cursor::new(bytes), Format::Auto, given(), 0).take(2000) {
        sound(item);
    }
}

/// What holds of every item.
fn sound(item: Result<Received, WireError>) {
    match item {
        Err(error) => {
            assert!(error.place.starts_with("fuzz"), "an error names its input: {error}");
            assert!(!error.problem.is_empty());
        }
        Ok(received) => {
            sound_dispatch(&received.dispatch);
            assert!(received.source.starts_with("fuzz"));
        }
    }
}

fn sound_dispatch(d: &Dispatch) {
    assert!(!d.id.is_empty() && d.sha256.len() == 64, "an item has an id and a hash");
    let mut end = 0;
    for block in &d.layout {
        assert!(block.bytes.start >= end, "blocks are in order and apart");
        let words = d.text.get(block.bytes.clone());
        assert!(words.is_some_and(|w| !w.trim().is_empty()), "a block lies on character boundaries and has words");
        end = block.bytes.end;
    }
    if let Some(line) = &d.dateline {
        let words: String = d.text.chars().skip(line.span.start).take(line.span.end - line.span.start).collect();
        assert_eq!(words, line.span.text, "a dateline's words are those at its range");
    }
}

/// Bytes as the head of a dispatch.
fn dateline(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned() + " Two people were killed on Monday, a monitor said.";
    wire_as(Format::Text, text.as_bytes());
}

/// Tokens and the blanks between them give the text back.
fn tokeniser(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let analysis = pipeline().analyse(&text);
    let mut rebuilt = String::with_capacity(text.len());
    for (i, token) in analysis.tokens().iter().enumerate() {
        rebuilt.push_str(analysis.word(i));
        if token.space_after {
            rebuilt.push(' ');
        }
    }
    assert_eq!(rebuilt, text);
}

/// Sentences cover all tokens in order.
fn parser(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let analysis = pipeline().analyse(&text);
    let mut next = 0;
    for sentence in analysis.sentences() {
        assert_eq!(sentence.start, next, "sentences follow one another");
        assert!(sentence.end > sentence.start, "no sentence is empty");
        next = sentence.end;
    }
    assert_eq!(next, analysis.len());
}

/// The whole way from bytes to a record.
fn read(bytes: &[u8]) {
    for item in wire::items(bytes, Format::Text, given()).flatten() {
        let mut dispatch = item.dispatch;
        dispatch.language = Some("en".to_owned());
        let text: Vec<char> = dispatch.text.chars().collect();
        let record = reader().read(dispatch);
        for incident in &record.incidents {
            let span = &incident.trigger;
            let words: Option<String> = text.get(span.start..span.end).map(|w| w.iter().collect());
            assert_eq!(words.as_deref(), Some(span.text.as_str()), "a trigger's words are those at its range");
        }
        assert!(serde_json::to_string(&record).is_ok());
    }
}
