//! The table of `data/reading/accords.toml`: what accords are called, and the words that tell their state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use record::{AccordKind, Modality, Status};
use serde::Deserialize;
use toml::Spanned;

use crate::lexicon::{self, Lines, Row};

/// The table's text.
pub const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/accords.toml"));

#[derive(Debug, Deserialize)]
struct File {
    noun: Vec<NounEntry>,
    subject: Vec<SubjectEntry>,
    not_accord: Vec<Words>,
    party: Vec<Words>,
    broker: Vec<Words>,
    part: Vec<Words>,
    some: Vec<Words>,
    document: Vec<Words>,
    process: Vec<SubjectEntry>,
    verb: Vec<VerbEntry>,
    state: Vec<StateEntry>,
    under: Vec<UnderEntry>,
    blame: Vec<Words>,
    modality: Vec<ModalityEntry>,
}

#[derive(Debug, Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NounEntry {
    kind: AccordKind,
    sure: bool,
    nouns: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
struct SubjectEntry {
    kind: Option<AccordKind>,
    words: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
struct VerbEntry {
    status: Status,
    accord: String,
    verbs: Vec<Spanned<String>>,
    #[serde(default)]
    kinds: Vec<AccordKind>,
    #[serde(default)]
    speaker: bool,
    #[serde(default)]
    blames: bool,
    #[serde(default)]
    new: bool,
    #[serde(default)]
    active: bool,
    #[serde(default)]
    accused: bool,
    #[serde(default)]
    negated: bool,
    future: Option<Status>,
}

#[derive(Debug, Deserialize)]
struct StateEntry {
    status: Status,
    accord: String,
    nouns: Vec<Spanned<String>>,
    #[serde(default)]
    blames: bool,
    #[serde(default)]
    new: bool,
}

#[derive(Debug, Deserialize)]
struct UnderEntry {
    status: Status,
    #[serde(default)]
    kinds: Vec<AccordKind>,
    words: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
struct ModalityEntry {
    modality: Modality,
    words: Vec<String>,
}

/// A name for an accord, word by word.
#[derive(Debug)]
pub struct Noun {
    /// Its words, lemmas.
    pub words: Vec<String>,
    /// What it names.
    pub kind: AccordKind,
    /// Whether it does so alone.
    pub sure: bool,
    /// Where it stands in `data/`.
    pub row: Row,
}

/// Where the accord stands beside a word of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The verb's subject.
    Subject,
    /// Its object, or the subject of its passive.
    Object,
    /// Behind a preposition.
    Behind(String),
    /// The noun's possessor or first part: "the truce's collapse", "truce violations".
    Of,
}

/// A verb that tells a state.
#[derive(Debug)]
pub struct Verb {
    /// The state.
    pub status: Status,
    /// Where the accord stands.
    pub role: Role,
    /// The words that must stand below it.
    pub with: Vec<String>,
    /// Only of these kinds, unless empty.
    pub kinds: Vec<AccordKind>,
    /// Whoever does it also says it.
    pub speaker: bool,
    /// Whoever does it is blamed for it.
    pub blames: bool,
    /// Only of an accord that is not there yet.
    pub new: bool,
    /// Only as an active verb.
    pub active: bool,
    /// Only as the content of an accusation.
    pub accused: bool,
    /// Only its negation tells the state.
    pub negated: bool,
    /// The state that it is while still to come.
    pub future: Option<Status>,
    /// Where it stands in `data/`.
    pub row: Row,
}

/// A noun that tells a state.
#[derive(Debug)]
pub struct State {
    /// The state.
    pub status: Status,
    /// The prepositions that lead to the accord.
    pub behind: Vec<String>,
    /// Whose it is, is blamed for it.
    pub blames: bool,
    /// Only of an accord that is not there yet.
    pub new: bool,
    /// Where it stands in `data/`.
    pub row: Row,
}

/// What a preposition before an accord tells of it.
#[derive(Debug)]
pub struct Under {
    /// The state.
    pub status: Status,
    /// Only of these kinds, unless empty.
    pub kinds: Vec<AccordKind>,
    /// Where it stands in `data/`.
    pub row: Row,
}

/// The whole table.
#[derive(Debug)]
pub struct Table {
    /// Names by first word, longest first.
    pub nouns: BTreeMap<String, Vec<Noun>>,
    /// Words that say what was agreed, with the kind that they make it.
    pub subjects: BTreeMap<String, Option<AccordKind>>,
    /// Words with which an unsure noun is something else.
    pub not_accord: BTreeSet<String>,
    /// Nouns for those who can agree.
    pub parties: BTreeSet<String>,
    /// Verbs of brokering.
    pub brokers: BTreeSet<String>,
    /// Nouns for a part of what was agreed.
    pub parts: BTreeSet<String>,
    /// Nouns for some of many.
    pub some: BTreeSet<String>,
    /// Nouns for the papers.
    pub documents: BTreeSet<String>,
    /// Nouns for carrying it out.
    pub processes: BTreeMap<String, (AccordKind, Row)>,
    /// Verbs of state by lemma, those with most words first.
    pub verbs: BTreeMap<String, Vec<Verb>>,
    /// Nouns of state by lemma.
    pub states: BTreeMap<String, State>,
    /// Prepositions under which things are done.
    pub under: BTreeMap<String, Under>,
    /// Verbs of blame.
    pub blame: BTreeSet<String>,
    /// How something is told, by governing word.
    pub modality: BTreeMap<String, Modality>,
}

/// The table, read once.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| build(lexicon::parse("accords.toml", TEXT)))
}

fn split(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(str::to_owned).collect()
}

fn set(entries: Vec<Words>) -> BTreeSet<String> {
    entries.into_iter().flat_map(|e| e.words).collect()
}

fn under(lines: &Lines, entry: UnderEntry) -> impl Iterator<Item = (String, Under)> {
    let UnderEntry { status, kinds, words } = entry;
    words.into_iter().map(move |word| {
        let row = lines.row(&word);
        (word.into_inner(), Under { status, kinds: kinds.clone(), row })
    })
}

fn build(file: File) -> Table {
    let lines = &Lines::new("reading/accords.toml", TEXT);
    let mut nouns: BTreeMap<String, Vec<Noun>> = BTreeMap::new();
    for entry in file.noun {
        for noun in &entry.nouns {
            let words = split(noun.get_ref());
            let Some(first) = words.first().cloned() else { continue };
            let noun = Noun { words, kind: entry.kind, sure: entry.sure, row: lines.row(noun) };
            nouns.entry(first).or_default().push(noun);
        }
    }
    nouns.values_mut().for_each(|list| list.sort_by_key(|n| std::cmp::Reverse(n.words.len())));
    let mut verbs: BTreeMap<String, Vec<Verb>> = BTreeMap::new();
    for entry in &file.verb {
        let roles: Vec<Role> = match entry.accord.as_str() {
            "subject" => vec![Role::Subject],
            "object" => vec![Role::Object],
            prepositions => split(prepositions).into_iter().map(Role::Behind).collect(),
        };
        for verb in &entry.verbs {
            let words = split(verb.get_ref());
            let Some((lemma, with)) = words.split_first() else { continue };
            let list = verbs.entry(lemma.clone()).or_default();
            list.extend(roles.iter().map(|role| Verb {
                status: entry.status,
                role: role.clone(),
                with: with.to_vec(),
                kinds: entry.kinds.clone(),
                speaker: entry.speaker,
                blames: entry.blames,
                new: entry.new,
                active: entry.active,
                accused: entry.accused,
                negated: entry.negated,
                future: entry.future,
                row: lines.row(verb),
            }));
        }
    }
    verbs
        .values_mut()
        .for_each(|list| list.sort_by_key(|v| (v.kinds.is_empty(), !v.negated, std::cmp::Reverse(v.with.len()))));
    let mut states = BTreeMap::new();
    for entry in file.state {
        for noun in entry.nouns {
            let behind = split(&entry.accord);
            let row = lines.row(&noun);
            let state = State { status: entry.status, behind, blames: entry.blames, new: entry.new, row };
            states.insert(noun.into_inner(), state);
        }
    }
    let subjects = file.subject.into_iter();
    let subjects = subjects.flat_map(|e| e.words.into_iter().map(move |w| (w.into_inner(), e.kind))).collect();
    let process = |e: SubjectEntry| {
        e.words.into_iter().filter_map(move |w| {
            let row = lines.row(&w);
            Some((w.into_inner(), (e.kind?, row)))
        })
    };
    let processes = file.process.into_iter().flat_map(process).collect();
    Table {
        nouns,
        subjects,
        not_accord: set(file.not_accord),
        parties: set(file.party),
        brokers: set(file.broker),
        parts: set(file.part),
        some: set(file.some),
        documents: set(file.document),
        processes,
        verbs,
        states,
        under: file.under.into_iter().flat_map(|e| under(lines, e)).collect(),
        blame: set(file.blame),
        modality: file.modality.into_iter().flat_map(|e| e.words.into_iter().map(move |w| (w, e.modality))).collect(),
    }
}
