//! Persons, bodies and groups, and which mentions are the same one.
//!
//! | file | idea |
//! |---|---|
//! | `phrase` | one noun phrase: what it is called, and whether it names or describes |
//! | `registry` | the actors of a page, and which name is a short form of which |
//! | `discourse` | who "he", "they", "the ministry" are, from what came before |
//! | `words` | the tables of nouns, pronouns and given names |
//!
//! All full names of a page are registered first, so that a headline's "Roe" is the "Jane Roe" of the first paragraph;
//! then the phrases are gone through in order of the text, and short names, descriptions and pronouns find theirs.

use std::ops::Range;

use record::ActorKind;

use crate::Page;
use crate::lexicon::Row;
use crate::statements::LONGEST;
use crate::trace::Note;

mod discourse;
mod phrase;
mod registry;
mod words;

pub use phrase::{noun_at, trimmed};
pub use words::Class;

/// Number of an actor within one page.
pub type ActorNumber = usize;

/// An actor of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageActor {
    /// Canonical name within the dispatch: "John Kerry", "Russian Defense Ministry", "rebels".
    pub name: String,
    /// The atlas' id, where it is known there.
    pub actor_id: Option<String>,
    /// What it is.
    pub kind: ActorKind,
    /// ISO 3166 alpha-2 of the country it belongs to, where told or known.
    pub country: Option<String>,
}

/// Words that name an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    /// The tokens of the whole noun phrase, title and apposition included.
    pub tokens: Range<usize>,
    /// The head token.
    pub head: usize,
    /// Which actor.
    pub actor: ActorNumber,
    /// Office or description given here.
    pub role: Option<String>,
    /// A pronoun.
    pub pronoun: bool,
}

/// All actors of a page and their namings, in order of the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Actors {
    /// The actors.
    pub actors: Vec<PageActor>,
    /// The namings, by head token.
    pub namings: Vec<Naming>,
}

impl Actors {
    /// The naming whose head is token `i`.
    pub fn naming_at(&self, i: usize) -> Option<&Naming> {
        let at = self.namings.partition_point(|n| n.head < i);
        self.namings.get(at).filter(|n| n.head == i)
    }

    /// The actor named by the phrase headed by token `i`.
    pub fn actor_at(&self, i: usize) -> Option<&PageActor> {
        self.naming_at(i).and_then(|n| self.actors.get(n.actor))
    }
}

/// Finds the actors of a page and resolves pronouns, titles, short forms and nominals.
pub fn read(page: &Page) -> Actors {
    let a = &page.analysis;
    let tokens = a.sentences().iter().filter(|s| s.len() <= LONGEST).cloned().flatten();
    let phrases: Vec<phrase::Phrase> =
        tokens.filter(|&i| phrase::is_head(a, i)).filter_map(|i| phrase::read(page, i)).collect();
    let mut registry = registry::Registry::new(page);
    registry.register(&phrases);
    discourse::resolve(page, phrases, registry)
}

/// Among how many of a page's first namings the fullest is looked for.
const NAMED: usize = 1000;

/// Why the phrase headed by token `i` is who it is taken for: where the page names the actor in full, and the entry
/// of the atlas. `None` for what names no actor.
pub(crate) fn known(page: &Page, actors: &Actors, i: usize) -> Option<Note> {
    let naming = actors.naming_at(i)?;
    let actor = actors.actors.get(naming.actor)?;
    let row = actor.actor_id.as_deref().and_then(|id| page.atlas.row_of(id)).map(|(file, line)| Row { file, line });
    // The fullest naming: the first that has the whole name, else the longest. Names stand in full near the top.
    let namings = || actors.namings.iter().take(NAMED).filter(|n| n.actor == naming.actor && !n.pronoun);
    let words = |n: &Naming| page.analysis.text_of(n.tokens.clone()).split_whitespace().count();
    let whole = |n: &&Naming| page.analysis.text_of(n.tokens.clone()).contains(&actor.name);
    let named = namings().find(whole).or_else(|| namings().max_by_key(|n| words(n)));
    let why = match named {
        Some(n) if n.head == naming.head => format!("names {}", actor.name),
        Some(_) if naming.pronoun => format!("the pronoun stands for {}, named here", actor.name),
        Some(_) => format!("taken for {}, named here", actor.name),
        None => format!("taken for {}", actor.name),
    };
    Some(Note::new("speaker", named.map_or(naming.tokens.clone(), |n| n.tokens.clone()), why).from(row))
}

/// A canonical name for any noun phrase headed by token `i`: the actor's, where the phrase names one, else its own
/// words without article, relative clause and trailing punctuation. Phrases joined by "and" give both names.
pub fn name_of(page: &Page, actors: &Actors, i: usize) -> String {
    let a = &page.analysis;
    if i >= a.len() {
        return String::new();
    }
    match actors.actor_at(i) {
        Some(actor) => actor.name.clone(),
        None => phrase::description(page, i),
    }
}

/// [`name_of`] for a phrase and those joined to it: "Jane Roe and John Doe".
pub fn names_of(page: &Page, actors: &Actors, i: usize) -> String {
    let a = &page.analysis;
    let mut names = vec![name_of(page, actors, i)];
    let mut at = i;
    while let Some(next) = a.child(at, language::Dep::Conj).filter(|_| names.len() < 4) {
        let name = name_of(page, actors, next);
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        at = next;
    }
    names.join(" and ")
}
