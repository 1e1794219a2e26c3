//! The names that datelines are known by: agencies, places, and the words no place begins with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::tokens::{Kind, Token};
use crate::tables;

/// The longest name of an agency or place in the tables, in words.
const LONGEST: usize = 4;

/// The words of `data/wire/dateline.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    not_places: BTreeSet<String>,
    bodies: BTreeSet<String>,
    alone: BTreeSet<String>,
    inside: BTreeSet<String>,
}

impl Words {
    /// The words of the file.
    pub fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        // A test parses the file; a broken one would leave datelines unfiltered, not the program broken.
        WORDS.get_or_init(|| toml::from_str(include_str!("../../../data/wire/dateline.toml")).unwrap_or_default())
    }

    /// Whether a place may begin with this lower-case word, `single` when it is the whole name.
    pub fn may_begin(&self, word: &str, single: bool) -> bool {
        !self.bodies.contains(word) && (!self.not_places.contains(word) || (!single && self.alone.contains(word)))
    }

    /// Whether this lower-case word may stand inside the name of a place.
    pub fn may_stand_inside(&self, word: &str) -> bool {
        self.inside.contains(word)
    }
}

/// The agency named at `tokens[at]`, and how many tokens its name takes; the longest name that fits.
pub fn agency(text: &str, tokens: &[Token], at: usize) -> Option<(&'static str, usize)> {
    (1..=LONGEST).rev().find_map(|count| Some((agency_called(&phrase(text, tokens, at, count)?)?, count)))
}

/// The agency of a lower-case name.
pub fn agency_called(name: &str) -> Option<&'static str> {
    static TABLE: OnceLock<BTreeMap<&str, &str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        tables::rows(include_str!("../../../data/wire/agencies.tsv"))
            .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
            .collect()
    });
    table.get(name).copied()
}

/// Whether a lower-case name is that of a place known for datelines.
pub fn is_place(name: &str) -> bool {
    static TABLE: OnceLock<Vec<&str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| tables::lines(include_str!("../../../data/wire/places.txt")));
    table.binary_search(&name).is_ok()
}

/// `count` words in a row (slashes inside a name count as part of it), lower case, joined by blanks.
fn phrase(text: &str, tokens: &[Token], at: usize, count: usize) -> Option<String> {
    let words = tokens.get(at..at + count)?;
    if words.iter().any(|t| t.kind != Kind::Word) {
        return None;
    }
    let words: Vec<String> =
        words.iter().map(|t| text.get(t.bytes.clone()).unwrap_or_default().to_lowercase().replace('’', "'")).collect();
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_parse_and_are_sorted() {
        let words: Words = toml::from_str(include_str!("../../../data/wire/dateline.toml")).unwrap();
        assert!(words.alone.is_subset(&words.not_places), "every word of `alone` is one of `not_places`");
        for table in [
            include_str!("../../../data/wire/agencies.tsv"),
            include_str!("../../../data/wire/months.tsv"),
            include_str!("../../../data/wire/places.txt"),
            include_str!("../../../data/wire/weekdays.tsv"),
        ] {
            let keys: Vec<&str> = tables::rows(table).map(|r| r[0]).collect();
            assert!(keys.len() > 40 && keys.windows(2).all(|w| w[0] < w[1]), "sorted, no doubles: {:?}", keys.first());
            assert!(keys.iter().all(|k| k.to_lowercase() == *k), "lower case");
        }
    }
}
