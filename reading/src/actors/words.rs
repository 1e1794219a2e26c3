//! The tables of who can speak: `data/reading/speakers.tsv` and `data/reading/pronouns.tsv`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::lexicon::rows;

/// What a noun says of the one it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Stands before a name and is no part of it.
    Honorific,
    /// A person by office or trade.
    Office,
    /// A person by what he or she is.
    Person,
    /// An organisation or part of one.
    Body,
    /// People taken together.
    Group,
    /// A country or town by its kind.
    Place,
    /// Speaks for those who made it.
    Document,
}

/// Male or female, where the words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// A row of `speakers.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// Its class.
    pub class: Class,
    /// The gender it tells.
    pub gender: Option<Gender>,
    /// Whether, with "the", it may stand for an actor that is named otherwise.
    pub generic: bool,
    /// Whether it may do so only with no word before it: "the interior ministry" is no other ministry.
    pub bare: bool,
}

/// A row of `pronouns.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pronoun {
    /// Stands for a thing or body rather than a person.
    pub thing: bool,
    /// Stands for a person.
    pub person: bool,
    /// Stands for several.
    pub many: bool,
    /// The gender it tells.
    pub gender: Option<Gender>,
    /// A reflexive or possessive one.
    pub bound: bool,
}

fn gender(text: &str) -> Option<Gender> {
    match text {
        "m" => Some(Gender::Male),
        "f" => Some(Gender::Female),
        _ => None,
    }
}

fn nouns() -> &'static HashMap<&'static str, Noun> {
    static TABLE: OnceLock<HashMap<&'static str, Noun>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/speakers.tsv"));
        rows(text)
            .filter_map(|row| {
                let class = match row.get(1).copied()? {
                    "honorific" => Class::Honorific,
                    "office" => Class::Office,
                    "person" => Class::Person,
                    "body" => Class::Body,
                    "group" => Class::Group,
                    "place" => Class::Place,
                    "document" => Class::Document,
                    _ => return None,
                };
                let gender = gender(row.get(2).copied().unwrap_or(""));
                let usage = row.get(3).copied().unwrap_or("");
                let (generic, bare) = (matches!(usage, "generic" | "bare"), usage == "bare");
                Some((row[0], Noun { class, gender, generic, bare }))
            })
            .collect()
    })
}

fn pronouns() -> &'static HashMap<&'static str, Pronoun> {
    static TABLE: OnceLock<HashMap<&'static str, Pronoun>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/pronouns.tsv"));
        rows(text)
            .filter(|row| row.len() >= 5)
            .map(|row| {
                let pronoun = Pronoun {
                    thing: row[1] != "person",
                    person: row[1] != "thing",
                    many: row[2] == "many",
                    gender: gender(row[3]),
                    bound: matches!(row[4], "possessive" | "reflexive"),
                };
                (row[0], pronoun)
            })
            .collect()
    })
}

fn given_names() -> &'static HashMap<&'static str, Gender> {
    static TABLE: OnceLock<HashMap<&'static str, Gender>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/given_names.tsv"));
        rows(text).filter_map(|row| Some((row[0], gender(row.get(1)?)?))).collect()
    })
}

fn set(table: &'static str) -> HashSet<&'static str> {
    rows(table).filter_map(|row| row.first().copied()).collect()
}

/// Whether a word or mark can stand inside a name.
pub fn name_particle(word: &str) -> bool {
    static TABLE: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/name_particles.tsv"));
    TABLE.get_or_init(|| set(table)).contains(word)
}

/// Whether the subject of a verb (its lemma) makes the document that is its object.
pub fn authoring(verb: &str) -> bool {
    static TABLE: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/authoring.tsv"));
    TABLE.get_or_init(|| set(table)).contains(verb)
}

/// The gender a given name (lower case) tells.
pub fn given_name(name: &str) -> Option<Gender> {
    given_names().get(name).copied()
}

/// The row of a noun, by its lower-case form or lemma.
pub fn noun(word: &str) -> Option<Noun> {
    nouns().get(word).copied()
}

/// The row of a pronoun, by its lower-case form.
pub fn pronoun(word: &str) -> Option<Pronoun> {
    pronouns().get(word).copied()
}
