//! Pages of a list. A cursor names the row that a page ended or began with, by what orders the list: so pages hold the
//! same rows whatever is filed meanwhile, and the thousandth page costs what the first did.

use rusqlite::types::Value;
use serde::Serialize;

use crate::LedgerError;

/// A page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// Where the next page begins, to be given back as [`Filter::cursor`](super::Filter::cursor); none on the last page.
    pub next: Option<String>,
    /// Where the page before ends; none on the first page.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// The page with each row turned into another.
    pub fn map<U>(self, row: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(row).collect(), next: self.next, previous: self.previous }
    }
}

/// How many rows a list has, counted up to a bound: beyond it, a number costs more than it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The number, at most [`Count::MOST`].
    pub number: i64,
    /// Whether there are more than that.
    pub more: bool,
}

impl Count {
    /// As far as rows are counted.
    pub const MOST: i64 = 1_000;

    pub(super) fn of(rows: i64) -> Count {
        Count::up_to(rows, Count::MOST)
    }

    /// So many rows, of which no more than `most` and one were counted.
    pub(crate) fn up_to(rows: i64, most: i64) -> Count {
        Count { number: rows.min(most), more: rows > most }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}{}", self.number, if self.more { "+" } else { "" })
    }
}

/// A place between two rows of a list, and which way to read from there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cursor {
    list: String,
    /// Whether the page lies behind the row (else before it).
    pub forward: bool,
    /// What orders the row: the day or another text, and a number or id that settles ties.
    pub keys: Vec<Key>,
}

/// A part of what orders a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Number(i64),
    Text(String),
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Number(n) => Value::Integer(n),
            Key::Text(t) => Value::Text(t),
        }
    }
}

/// Ends a part of a cursor before it is written in hexadecimal.
const END: char = '\u{1f}';

impl Cursor {
    pub fn new(list: &str, forward: bool, keys: Vec<Key>) -> Cursor {
        Cursor { list: list.to_owned(), forward, keys }
    }

    /// Letters and digits that mean nothing to anybody else.
    pub fn encode(&self) -> String {
        let mut plain = format!("{}{END}{}", self.list, if self.forward { 'n' } else { 'p' });
        for key in &self.keys {
            plain.push(END);
            match key {
                Key::Number(n) => plain.push_str(&format!("i{n}")),
                Key::Text(t) => plain.push_str(&format!("t{t}")),
            }
        }
        plain.bytes().map(|b| format!("{b:02x}")).collect()
    }

    /// The cursor that `encode` wrote for this list with so many keys.
    pub fn decode(text: &str, list: &str, keys: usize) -> Result<Cursor, LedgerError> {
        Cursor::parse(text)
            .filter(|c| c.list == list && c.keys.len() == keys)
            .ok_or_else(|| LedgerError::BadCursor(text.chars().take(40).collect()))
    }

    fn parse(text: &str) -> Option<Cursor> {
        let pairs = text.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| {
                std::str::from_utf8(pair).ok().filter(|p| p.len() == 2).and_then(|p| u8::from_str_radix(p, 16).ok())
            })
            .collect();
        let plain = String::from_utf8(bytes?).ok()?;
        let mut parts = plain.split(END);
        let (list, way) = (parts.next()?, parts.next()?);
        let keys: Option<Vec<Key>> = parts
            .map(|part| match part.split_at_checked(1)? {
                ("i", n) => n.parse().ok().map(Key::Number),
                ("t", t) => Some(Key::Text(t.to_owned())),
                _ => None,
            })
            .collect();
        let forward = match way {
            "n" => true,
            "p" => false,
            _ => return None,
        };
        Some(Cursor::new(list, forward, keys?))
    }
}

/// Cuts rows that were read in the direction of `cursor`, one more than `limit`, to a page in the order of the list.
pub(super) fn cut<T>(
    mut rows: Vec<T>,
    limit: Option<usize>,
    cursor: Option<&Cursor>,
    list: &str,
    keys: impl Fn(&T) -> Vec<Key>,
) -> Page<T> {
    let forward = cursor.is_none_or(|c| c.forward);
    let more = limit.is_some_and(|limit| rows.len() > limit);
    if let Some(limit) = limit {
        rows.truncate(limit);
    }
    if !forward {
        rows.reverse();
    }
    let at = |row: Option<&T>, forward: bool| row.map(|r| Cursor::new(list, forward, keys(r)).encode());
    let (behind, before) = if forward { (more, cursor.is_some()) } else { (true, more) };
    let next = if behind { at(rows.last(), true) } else { None };
    let previous = if before { at(rows.first(), false) } else { None };
    Page { rows, next, previous }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_and_a_made_up_one_is_refused() {
        let cursor = Cursor::new("incidents", false, vec![Key::Text("2016-09-19 é".into()), Key::Number(-7)]);
        let text = cursor.encode();
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric()), "{text}");
        assert_eq!(Cursor::decode(&text, "incidents", 2).unwrap(), cursor);
        for bad in ["", "zz", "00", "é", "abc", &text[..text.len() - 2], &text[2..]] {
            assert!(Cursor::decode(bad, "incidents", 2).is_err(), "{bad}");
        }
        assert!(Cursor::decode(&text, "dispatches", 2).is_err());
        assert!(Cursor::decode(&text, "incidents", 1).is_err());
    }

    #[test]
    fn pages_meet_without_gap_or_double() {
        let all: Vec<i64> = (0..7).collect();
        let read = |cursor: Option<&str>| {
            let cursor = cursor.map(|c| Cursor::decode(c, "n", 1).unwrap());
            let from = |c: &Cursor| match c.keys[0] {
                Key::Number(n) => n,
                Key::Text(_) => 0,
            };
            let rows: Vec<i64> = match &cursor {
                None => all.iter().take(4).copied().collect(),
                Some(c) if c.forward => all.iter().filter(|n| **n > from(c)).take(4).copied().collect(),
                Some(c) => all.iter().rev().filter(|n| **n < from(c)).take(4).copied().collect(),
            };
            cut(rows, Some(3), cursor.as_ref(), "n", |n| vec![Key::Number(*n)])
        };
        let first = read(None);
        assert_eq!((first.rows.as_slice(), first.previous.is_none()), ([0, 1, 2].as_slice(), true));
        let second = read(first.next.as_deref());
        assert_eq!(second.rows, [3, 4, 5]);
        let third = read(second.next.as_deref());
        assert_eq!((third.rows.as_slice(), third.next.is_none()), ([6].as_slice(), true));
        assert_eq!(read(third.previous.as_deref()).rows, [3, 4, 5]);
        let back = read(second.previous.as_deref());
        assert_eq!((back.rows.as_slice(), back.previous.is_none()), ([0, 1, 2].as_slice(), true));
    }
}
