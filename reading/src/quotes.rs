//! Quotation marks: which words stand between them.
//!
//! Straight and curly double marks, `''` pairs and guillemets open and close quotations; single marks (`'` `‘ ’`) do
//! so only in a text that has no double ones, and an apostrophe never does. Only outermost quotations are listed:
//! what is quoted inside a quotation belongs to it.
//!
//! A mark without its partner is read by the rules of the trade: an opening mark without a closing one runs to the
//! end of its block (the speaker goes on in the next paragraph), a closing one without an opening one reaches back to
//! the start of its sentence.
//!
//! ```text
//! "We waited," she said. "Nobody came."     two quotations
//! The 'road to nowhere' isn't long.          one, in a text without double marks
//! ```
//!
//! Limits: a straight mark with blanks on both sides opens and closes in turn.

use std::ops::Range;

use language::Analysis;

/// One quotation: the bytes between the marks, without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Bytes between the marks.
    pub bytes: Range<usize>,
    /// Tokens between the marks.
    pub tokens: Range<usize>,
    /// False where the closing mark is missing (a quotation that goes on in the next paragraph).
    pub closed: bool,
}

/// All quotations of a page, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quotes {
    /// The quotations.
    pub quotes: Vec<Quote>,
}

impl Quotes {
    /// The quotation that token `i` stands in.
    pub fn of_token(&self, i: usize) -> Option<&Quote> {
        let at = self.quotes.partition_point(|q| q.tokens.end <= i);
        self.quotes.get(at).filter(|q| q.tokens.contains(&i))
    }

    /// The number of the first quotation that does not end before token `i`.
    pub fn ending_after(&self, i: usize) -> usize {
        self.quotes.partition_point(|q| q.tokens.end <= i)
    }
}

/// Which side of a quotation a mark can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Open,
    Close,
    Either,
}

/// A quotation mark in the text.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: usize,
    len: usize,
    side: Side,
}

/// Finds the quotations in each block.
pub fn read(text: &str, analysis: &Analysis, blocks: &[Range<usize>]) -> Quotes {
    let mut quotes = Vec::new();
    let doubles: Vec<Vec<Mark>> = blocks.iter().map(|b| marks(text, b, false)).collect();
    let singles_count = doubles.iter().all(Vec::is_empty);
    for (block, mut found) in blocks.iter().zip(doubles) {
        if singles_count {
            found = marks(text, block, true);
        }
        pair(text, analysis, block, &found, singles_count, &mut quotes);
    }
    Quotes { quotes }
}

/// The marks of one block: the double ones, or the single ones.
fn marks(text: &str, block: &Range<usize>, single: bool) -> Vec<Mark> {
    let mut found = Vec::new();
    let Some(words) = text.get(block.clone()) else { return found };
    let mut skip_to = 0;
    for (i, c) in words.char_indices() {
        if i < skip_to {
            continue;
        }
        let at = block.start + i;
        let before = words[..i].chars().next_back();
        let rest = &words[i + c.len_utf8()..];
        let after = rest.chars().next();
        let (len, side) = match c {
            '"' | '＂' if !single => (c.len_utf8(), straight_side(before, after)),
            '“' if !single => (c.len_utf8(), Side::Open),
            '„' if !single => (c.len_utf8(), Side::Open),
            '”' if !single => (c.len_utf8(), Side::Close),
            '«' if !single => (c.len_utf8(), Side::Open),
            '»' if !single => (c.len_utf8(), Side::Close),
            '\'' | '`' | '’' | '‘' if !single && after == Some(c) => {
                let next = rest[c.len_utf8()..].chars().next();
                let side = match c {
                    '`' | '‘' => Side::Open,
                    '’' => Side::Close,
                    _ => straight_side(before, next),
                };
                (2 * c.len_utf8(), side)
            }
            '‘' if single && !before.is_some_and(char::is_alphanumeric) => (c.len_utf8(), Side::Open),
            '\'' | '’' if single => match single_side(before, after) {
                Some(side) => (c.len_utf8(), side),
                None => continue,
            },
            _ => continue,
        };
        skip_to = i + len;
        found.push(Mark { at, len, side });
    }
    found
}

/// A straight double mark opens after a blank or bracket and before a word, closes after a word or stop.
fn straight_side(before: Option<char>, after: Option<char>) -> Side {
    let open_before = before.is_none_or(|c| c.is_whitespace() || "([{—–-/:…".contains(c));
    let close_after = after.is_none_or(|c| c.is_whitespace() || ")]}—–-/:;,.!?…'’".contains(c));
    match (open_before, close_after) {
        (true, false) => Side::Open,
        (false, true) => Side::Close,
        _ => Side::Either,
    }
}

/// A single mark inside a word is an apostrophe.
fn single_side(before: Option<char>, after: Option<char>) -> Option<Side> {
    let word_before = before.is_some_and(|c| !c.is_whitespace() && !"([{—–".contains(c));
    let word_after = after.is_some_and(char::is_alphanumeric);
    // "the '90s": a year without its century.
    let digit_after = after.is_some_and(|c| c.is_ascii_digit());
    match (word_before, word_after) {
        (false, true) if !digit_after => Some(Side::Open),
        (true, false) => Some(Side::Close),
        _ => None,
    }
}

/// Pairs the marks of one block into quotations.
fn pair(text: &str, analysis: &Analysis, block: &Range<usize>, marks: &[Mark], single: bool, out: &mut Vec<Quote>) {
    let mut open: Option<usize> = None;
    let mut last_end = block.start;
    for (n, mark) in marks.iter().enumerate() {
        match (open, mark.side) {
            (None, Side::Open | Side::Either) => {
                // A single mark opens only where a later one can close it: "the '90s" opens nothing.
                if !single || marks[n + 1..].iter().take(8).any(|m| m.side == Side::Close) {
                    open = Some(mark.at + mark.len);
                }
            }
            (None, Side::Close) if !single => {
                // The opening mark is lost: the quotation began with its sentence, if a stop or comma ends it.
                let stopped = text[block.start..mark.at].ends_with([',', '.', '!', '?']);
                let tokens = analysis.tokens_in(last_end..mark.at);
                if stopped && let Some(last) = tokens.end.checked_sub(1).filter(|&l| l >= tokens.start) {
                    let sentence = analysis.sentences().get(analysis.sentence_of(last));
                    let first = sentence.map_or(tokens.start, |s| s.start.max(tokens.start));
                    let start = analysis.tokens().get(first).map_or(last_end, |t| t.start as usize);
                    push(analysis, start..mark.at, true, out);
                    last_end = mark.at + mark.len;
                }
            }
            (Some(start), Side::Close | Side::Either) => {
                push(analysis, start..mark.at, true, out);
                last_end = mark.at + mark.len;
                open = None;
            }
            (Some(start), Side::Open) => {
                // An opening mark within: at the start of a sentence the closing one was lost, elsewhere it is nested.
                let before = text[start..mark.at].trim_end();
                if !single && text[mark.at..].starts_with('"') && before.ends_with(['.', '!', '?']) {
                    push(analysis, start..start + before.len(), false, out);
                    last_end = mark.at;
                    open = Some(mark.at + mark.len);
                }
            }
            (None, Side::Close) => {}
        }
    }
    if let Some(start) = open
        && !single
    {
        push(analysis, start..block.end, false, out);
    }
}

fn push(analysis: &Analysis, bytes: Range<usize>, closed: bool, out: &mut Vec<Quote>) {
    let tokens = analysis.tokens_in(bytes.clone());
    if bytes.start < bytes.end && !tokens.is_empty() {
        out.push(Quote { bytes, tokens, closed });
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    /// The quotations of one block, as words.
    fn quoted(text: &str) -> Vec<&str> {
        let pipeline = language::Pipeline::new();
        let analysis = pipeline.analyse(text);
        let block = 0..text.len();
        read(text, &analysis, &[block]).quotes.iter().map(|q| &text[q.bytes.clone()]).collect()
    }

    #[test]
    fn marks_open_and_close_by_what_stands_beside_them() {
        let cases: &[(&str, &[&str])] = &[
            ("\"We waited,\" she said. \"Nobody came.\"", &["We waited,", "Nobody came."]),
            ("“We ‘waited’ here,” she said.", &["We ‘waited’ here,"]),
            ("The 'road to nowhere' isn't long, the boys' father said.", &["road to nowhere"]),
            ("In the '90s the boys' school wasn't open.", &[]),
            ("''We waited,'' she said.", &["We waited,"]),
            ("“We waited. Nobody came.", &["We waited. Nobody came."]),
            ("He sat down. We waited,\" he said.", &["We waited,"]),
        ];
        for (text, expected) in cases {
            assert_eq!(&quoted(text), expected, "{text}");
        }
    }
}
