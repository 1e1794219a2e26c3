//! What led to an item: the notes that the steps hand out while they read, when somebody asks.
//!
//! A step that decides something says so with [`Trace::note`]: about which thing of the page ([`Key`]), in which words,
//! by which rule, from which entry of `data/`. The closure that makes the note is run only when a trace is kept, so a
//! plain reading pays one branch. A step that numbers its items ties the number to the thing with [`Trace::name`].
//! [`crate::explain`] turns notes into explanations; no rule is written twice.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::lexicon::Row;

/// What a note is about: things of the page as the steps know them before items have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A statement, by its cue's token.
    Cue(usize),
    /// A statement without a cue, by the first byte of its content.
    Content(usize),
    /// A word that tells of an act, by its token.
    Telling(usize),
    /// An incident, by the token of its first telling.
    Incident(usize),
    /// A quantity, by its number in `found.quantities`.
    Quantity(usize),
    /// A count without a number ("arrested a demonstrator"), by its first token.
    Unnumbered(usize),
    /// An accord, by its number among those that are mentioned.
    Accord(usize),
    /// A word that tells an accord's state, by its token.
    State(usize),
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// What was decided: "cue", "source", "place" …
    pub what: &'static str,
    /// The words, as tokens of the page; empty where there are none.
    pub tokens: Range<usize>,
    /// The rule, in a few words.
    pub why: String,
    /// The entry of `data/` that matched.
    pub row: Option<Row>,
}

impl Note {
    /// A note on words of the page.
    pub(crate) fn new(what: &'static str, tokens: Range<usize>, why: impl Into<String>) -> Note {
        Note { what, tokens, why: why.into(), row: None }
    }

    /// With the entry that matched.
    pub(crate) fn from(self, row: impl Into<Option<Row>>) -> Note {
        Note { row: row.into(), ..self }
    }
}

/// The most notes kept on one thing: more than anybody reads, and few enough that long pages take linear time.
const MOST: usize = 200;

/// The notes of one reading; nothing unless switched on.
#[derive(Debug, Default)]
pub(crate) struct Trace(Option<RefCell<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    by_key: BTreeMap<Key, Vec<Note>>,
    named: BTreeMap<String, Vec<Key>>,
}

impl Trace {
    /// A trace that keeps what it is told.
    pub(crate) fn on() -> Trace {
        Trace(Some(RefCell::default()))
    }

    /// Whether notes are kept.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Keeps a note, when switched on. The same note is kept once, and of one thing the first [`MOST`].
    #[inline]
    pub(crate) fn note(&self, key: Key, note: impl FnOnce() -> Note) {
        if let Some(notes) = &self.0 {
            let note = note();
            let mut notes = notes.borrow_mut();
            let list = notes.by_key.entry(key).or_default();
            if list.len() < MOST && !list.contains(&note) {
                list.push(note);
            }
        }
    }

    /// Says that item `id` comes from `key`; an item may come from several.
    #[inline]
    pub(crate) fn name(&self, id: &str, key: Key) {
        if let Some(notes) = &self.0 {
            notes.borrow_mut().named.entry(id.to_owned()).or_default().push(key);
        }
    }

    /// What an item comes from, in the order named.
    pub(crate) fn keys(&self, id: &str) -> Vec<Key> {
        self.0.as_ref().and_then(|n| n.borrow().named.get(id).cloned()).unwrap_or_default()
    }

    /// The notes on a thing, in the order made.
    pub(crate) fn notes(&self, key: Key) -> Vec<Note> {
        self.0.as_ref().and_then(|n| n.borrow().by_key.get(&key).cloned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_is_off_makes_no_note() {
        let off = Trace::default();
        off.note(Key::Cue(1), || unreachable!("nobody asked"));
        off.name("s1", Key::Cue(1));
        assert!(off.keys("s1").is_empty());
    }

    #[test]
    fn notes_are_found_by_the_item_they_led_to() {
        let on = Trace::on();
        for _ in 0..2 {
            on.note(Key::Cue(1), || Note::new("cue", 1..2, "a verb that reports"));
        }
        on.name("s1", Key::Cue(1));
        let notes: Vec<Note> = on.keys("s1").into_iter().flat_map(|k| on.notes(k)).collect();
        assert_eq!(notes.len(), 1);
        assert_eq!(notes[0].what, "cue");
    }
}
