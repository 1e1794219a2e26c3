//! Full-text queries, and where their words stand: ranges of a piece of text, never markup.

use rusqlite::{Connection, OptionalExtension, Result, params};
use serde::Serialize;

/// A piece of a text around words that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// `headline`, `text`, `speaker` or `content`: what the piece is of.
    pub field: &'static str,
    /// The piece; `…` where it was cut.
    pub text: String,
    /// The words asked for: ranges of `text` in code points, in order.
    pub marks: Vec<(usize, usize)>,
}

/// How many words a snippet has at most.
const WORDS: i64 = 32;

/// Two code points that are never characters: what SQLite puts around a word, so that its ranges can be read.
const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';

impl Snippet {
    /// The piece that SQLite marked.
    fn parse(field: &'static str, marked: &str) -> Snippet {
        let mut text = String::with_capacity(marked.len());
        let (mut marks, mut open, mut at) = (Vec::new(), None, 0);
        for c in marked.chars() {
            match c {
                OPEN => open = Some(at),
                CLOSE => marks.extend(open.take().map(|start| (start, at))),
                _ => {
                    text.push(c);
                    at += 1;
                }
            }
        }
        Snippet { field, text, marks }
    }
}

/// The snippet of one row of a full-text index: of its second column (`text`, `content`), or of its first where the words
/// stand only there.
pub(super) fn snippet(
    c: &Connection,
    table: &str,
    fields: [&'static str; 2],
    query: &str,
    row: i64,
) -> Result<Option<Snippet>> {
    let sql = format!(
        "SELECT snippet({table}, 1, ?3, ?4, '…', ?5), snippet({table}, 0, ?3, ?4, '…', ?5) FROM {table}
         WHERE {table} MATCH ?1 AND rowid = ?2"
    );
    let (open, close) = (OPEN.to_string(), CLOSE.to_string());
    let found: Option<(String, String)> = c
        .prepare_cached(&sql)?
        .query_row(params![query, row, open, close, WORDS], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(found.map(|(body, head)| {
        let body = Snippet::parse(fields[1], &body);
        let head = Snippet::parse(fields[0], &head);
        if body.marks.is_empty() && !head.marks.is_empty() { head } else { body }
    }))
}

/// A full-text query that asks for all words, in any order, and for quoted words together. Nothing in it is taken for an
/// operator.
pub(super) fn words_query(text: &str) -> String {
    let mut parts = Vec::new();
    for (i, piece) in text.split('"').enumerate() {
        if i % 2 == 1 {
            if piece.chars().any(char::is_alphanumeric) {
                parts.push(format!("\"{piece}\""));
            }
        } else {
            let words = piece.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric));
            parts.extend(words.map(|w| format!("\"{w}\"")));
        }
    }
    if parts.is_empty() { "\"\"".to_owned() } else { parts.join(" ") }
}

/// A full-text query for a name in one column: its words together, the last one perhaps not yet whole.
pub(super) fn name_query(column: &str, name: &str) -> String {
    let bare: String = name.chars().map(|c| if c == '"' { ' ' } else { c }).collect();
    if bare.chars().any(char::is_alphanumeric) { format!("{column} : \"{bare}\"*") } else { "\"\"".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_is_never_an_operator() {
        assert_eq!(words_query("barrel bombs"), "\"barrel\" \"bombs\"");
        assert_eq!(words_query("\"aid convoy\" OR NEAR("), "\"aid convoy\" \"OR\" \"NEAR(\"");
        assert_eq!(words_query("* -"), "\"\"");
        assert_eq!(name_query("content", "Deir \"ez"), "content : \"Deir  ez\"*");
        assert_eq!(name_query("content", "-"), "\"\"");
    }

    #[test]
    fn marks_are_ranges_of_code_points() {
        let snippet = Snippet::parse("text", "…<b>é \u{fdd0}raid\u{fdd1} on \u{fdd0}Tel Oram\u{fdd1}, \u{fdd0}");
        assert_eq!(
            (snippet.text.as_str(), snippet.marks.as_slice()),
            ("…<b>é raid on Tel Oram, ", &[(6, 10), (14, 22)][..])
        );
    }
}
