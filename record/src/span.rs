//! Spans, and the one conversion between bytes and code points.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of a dispatch's text with the words that stand there.
///
/// Offsets are Unicode code points, so that the same numbers work in Python, in a browser (with care) and in SQL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The dispatch's text at that range.
    pub text: String,
}

/// Converts between byte offsets (inside Rust) and code points (everywhere else) of one text.
///
/// Holds a checkpoint every 64 bytes, so building is one pass and a look-up touches at most 64 bytes.
/// Offsets past the end are taken as the end; a byte offset inside a character is taken as that character's start.
#[derive(Debug, Clone)]
pub struct TextIndex<'t> {
    text: &'t str,
    /// Code points before byte `64 * i`.
    checkpoints: Vec<u32>,
    code_points: usize,
    ascii: bool,
}

const STEP: usize = 64;

/// Whether a byte begins a character.
fn begins(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

impl<'t> TextIndex<'t> {
    /// Indexes `text`.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return TextIndex { text, checkpoints: Vec::new(), code_points: text.len(), ascii: true };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0usize;
        for chunk in text.as_bytes().chunks(STEP) {
            checkpoints.push(count as u32);
            count += chunk.iter().filter(|&&b| begins(b)).count();
        }
        TextIndex { text, checkpoints, code_points: count, ascii: false }
    }

    /// The text indexed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Its length in code points.
    pub fn len(&self) -> usize {
        self.code_points
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Code points before the byte offset `byte`.
    pub fn code_point(&self, byte: usize) -> usize {
        if self.ascii {
            return byte.min(self.code_points);
        }
        if byte >= self.text.len() {
            return self.code_points;
        }
        let mut byte = byte;
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let from = byte / STEP;
        let inside = self.text.as_bytes()[from * STEP..byte].iter().filter(|&&b| begins(b)).count();
        self.checkpoints[from] as usize + inside
    }

    /// The byte offset of the code point number `code_point`.
    pub fn byte(&self, code_point: usize) -> usize {
        if self.ascii {
            return code_point.min(self.code_points);
        }
        if code_point >= self.code_points {
            return self.text.len();
        }
        let from = self.checkpoints.partition_point(|&c| c as usize <= code_point) - 1;
        let mut seen = self.checkpoints[from] as usize;
        for (i, &b) in self.text.as_bytes()[from * STEP..].iter().enumerate() {
            if begins(b) {
                if seen == code_point {
                    return from * STEP + i;
                }
                seen += 1;
            }
        }
        self.text.len()
    }

    /// The span of a byte range. Ends inside a character are moved down to its start; an inverted range is empty.
    pub fn span(&self, bytes: Range<usize>) -> Span {
        let floor = |i: usize| {
            let mut i = i.min(self.text.len());
            while !self.text.is_char_boundary(i) {
                i -= 1;
            }
            i
        };
        let (start, end) = (floor(bytes.start), floor(bytes.end));
        let end = end.max(start);
        Span { start: self.code_point(start), end: self.code_point(end), text: self.text[start..end].to_owned() }
    }

    /// The byte range of a span given in code points.
    pub fn bytes(&self, span: &Span) -> Range<usize> {
        self.byte(span.start)..self.byte(span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_code_points_agree_on_every_character() {
        for text in ["", "plain", "Deir ez-Zor’s “airdrome” — 62 killed", &"é".repeat(200), &"a€😀".repeat(77)]
        {
            let index = TextIndex::new(text);
            assert_eq!(index.len(), text.chars().count());
            for (n, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(index.code_point(byte), n);
                assert_eq!(index.byte(n), byte);
            }
            assert_eq!(index.byte(index.len()), text.len());
            assert_eq!(index.code_point(text.len()), index.len());
        }
    }

    #[test]
    fn a_span_holds_the_words_at_its_range() {
        let index = TextIndex::new("Der Ölberg: “two” hurt");
        let start = "Der Ölberg: ".len();
        let span = index.span(start..start + "“two”".len());
        assert_eq!((span.start, span.end, span.text.as_str()), (12, 17, "“two”"));
        assert_eq!(index.bytes(&span), start..start + "“two”".len());
        let inverted = std::ops::Range { start: 9, end: 3 };
        assert_eq!(index.span(inverted).text, "");
    }
}
