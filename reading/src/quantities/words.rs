//! The word lists of quantities, parsed once.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use record::{Measure, Qualifier};

use crate::lexicon::{Row, numbered_rows, rows};

macro_rules! list {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/", $file))
    };
}

/// How a word tells what happened to those counted (`measure_words.tsv`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the table documents them
pub enum Kind {
    Verb,
    Intransitive,
    State,
    Counted,
    Lives,
    Toll,
    NounOf,
    Arms,
    Leave,
    Lose,
    TollVerb,
    Casualty,
    Rest,
    Collective,
}

/// A number that is no number (`vague_numbers.tsv`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the table documents them
pub enum Vague {
    Noun,
    Det,
    Multiplier,
    Two,
}

/// Where a word that makes a number no count stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Before the number.
    Before,
    /// Behind it.
    After,
}

/// All lists.
pub struct Words {
    measures: HashMap<(&'static str, Kind), (Measure, Row)>,
    vague: HashMap<(&'static str, Vague), ()>,
    units: HashMap<(&'static str, Side), &'static str>,
    people: HashSet<&'static str>,
    hedges: HashSet<&'static str>,
    qualifiers: Vec<(Vec<&'static str>, Qualifier)>,
    parts: Vec<(Vec<&'static str>, Side)>,
}

/// The measure written `name`.
fn measure(name: &str) -> Option<Measure> {
    Some(match name {
        "killed" => Measure::Killed,
        "injured" => Measure::Injured,
        "killed_or_injured" => Measure::KilledOrInjured,
        "missing" => Measure::Missing,
        "captured" => Measure::Captured,
        "destroyed" => Measure::Destroyed,
        "damaged" => Measure::Damaged,
        "damaged_or_destroyed" => Measure::DamagedOrDestroyed,
        "displaced" => Measure::Displaced,
        "other" | "" => Measure::Other,
        _ => return None,
    })
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "verb" => Kind::Verb,
        "intransitive" => Kind::Intransitive,
        "state" => Kind::State,
        "counted" => Kind::Counted,
        "lives" => Kind::Lives,
        "toll" => Kind::Toll,
        "noun_of" => Kind::NounOf,
        "arms" => Kind::Arms,
        "leave" => Kind::Leave,
        "lose" => Kind::Lose,
        "toll_verb" => Kind::TollVerb,
        "casualty" => Kind::Casualty,
        "rest" => Kind::Rest,
        "collective" => Kind::Collective,
        _ => return None,
    })
}

fn qualifier(name: &str) -> Option<Qualifier> {
    Some(match name {
        "exact" => Qualifier::Exact,
        "at_least" => Qualifier::AtLeast,
        "up_to" => Qualifier::UpTo,
        "about" => Qualifier::About,
        "more_than" => Qualifier::MoreThan,
        "vague" => Qualifier::Vague,
        _ => return None,
    })
}

impl Words {
    /// The lists of `data/reading/`.
    pub fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            let column = |row: &[&'static str], n: usize| row.get(n).copied().unwrap_or("");
            let measures = numbered_rows("reading/measure_words.tsv", list!("measure_words.tsv"))
                .filter_map(|(at, r)| Some(((r[0], kind(column(&r, 1))?), (measure(column(&r, 2))?, at))))
                .collect();
            let vague = rows(list!("vague_numbers.tsv"))
                .filter_map(|r| {
                    let kind = match column(&r, 1) {
                        "noun" => Vague::Noun,
                        "det" => Vague::Det,
                        "multiplier" => Vague::Multiplier,
                        "two" => Vague::Two,
                        _ => return None,
                    };
                    Some(((r[0], kind), ()))
                })
                .collect();
            let units = rows(list!("number_units.tsv"))
                .map(|r| {
                    let what = column(&r, 1);
                    match what.strip_suffix(" before") {
                        Some(what) => ((r[0], Side::Before), what),
                        None => ((r[0], Side::After), what.trim_end_matches(" after")),
                    }
                })
                .collect();
            let phrases = |text: &'static str| rows(text).map(|r| (r[0].split(' ').collect::<Vec<_>>(), r));
            let mut qualifiers: Vec<(Vec<&str>, Qualifier)> = phrases(list!("number_qualifiers.tsv"))
                .filter_map(|(words, r)| Some((words, qualifier(column(&r, 1))?)))
                .collect();
            qualifiers.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
            let mut parts: Vec<(Vec<&str>, Side)> = phrases(list!("part_words.tsv"))
                .map(|(words, r)| (words, if column(&r, 1) == "before" { Side::Before } else { Side::After }))
                .collect();
            parts.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
            Words {
                measures,
                vague,
                units,
                people: rows(list!("people_nouns.tsv")).map(|r| r[0]).collect(),
                hedges: rows(list!("hedges.tsv")).map(|r| r[0]).collect(),
                qualifiers,
                parts,
            }
        })
    }

    /// The measure that `word` tells in this way.
    pub fn measure(&self, word: &str, kind: Kind) -> Option<Measure> {
        self.measures.get(&(word, kind)).map(|(measure, _)| *measure)
    }

    /// Where the entries that make `word` tell this measure stand, in order of the table.
    pub fn measure_rows(&self, word: &str, measure: Measure) -> Vec<Row> {
        let all = self.measures.iter().filter(|((w, _), (m, _))| *w == word && *m == measure);
        let mut rows: Vec<Row> = all.map(|(_, (_, row))| *row).collect();
        rows.sort_unstable();
        rows
    }

    /// Where the entry of a qualifier stands ("at least").
    pub fn qualifier_row(phrase: &str) -> Option<Row> {
        let mut all = numbered_rows("reading/number_qualifiers.tsv", list!("number_qualifiers.tsv"));
        all.find(|(_, row)| row.first() == Some(&phrase)).map(|(at, _)| at)
    }

    /// Whether `word` is a vague number of this kind.
    pub fn vague(&self, word: &str, kind: Vague) -> bool {
        self.vague.contains_key(&(word, kind))
    }

    /// What `word` makes of the number beside it.
    pub fn unit(&self, word: &str, side: Side) -> Option<&'static str> {
        self.units.get(&(word, side)).copied()
    }

    /// Whether a lemma is a noun for people.
    pub fn person(&self, lemma: &str) -> bool {
        self.people.contains(lemma)
    }

    /// Whether a word marks what it stands beside as unproven.
    pub fn hedge(&self, word: &str) -> bool {
        self.hedges.contains(word)
    }

    /// The qualifiers, longest first.
    pub fn qualifiers(&self) -> &[(Vec<&'static str>, Qualifier)] {
        &self.qualifiers
    }

    /// The words between a part and its whole, longest first.
    pub fn parts(&self) -> &[(Vec<&'static str>, Side)] {
        &self.parts
    }
}
