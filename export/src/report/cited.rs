//! Text with footnotes: what reports are made of.
//!
//! A [`Cited`] is a run of words and references to [`Note`]s; a [`Notes`] hands out the numbers, one to each passage of a
//! dispatch, so that what is cited twice is one footnote. The two renderers write the same pieces, each in its own marks.

use std::collections::BTreeMap;

use serde::Serialize;

/// Words, or a reference to a footnote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Words.
    Text(String),
    /// The number of a note, from 1.
    Note(usize),
}

/// Text with footnotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cited(pub Vec<Piece>);

impl Cited {
    /// Plain words.
    pub fn text(text: impl Into<String>) -> Cited {
        Cited::default().then(text)
    }

    /// With more words behind it.
    pub fn then(mut self, text: impl Into<String>) -> Cited {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Piece::Text(text));
        }
        self
    }

    /// With a reference to a note behind it; the same twice in a row is one.
    pub fn note(mut self, number: usize) -> Cited {
        if self.0.last() != Some(&Piece::Note(number)) {
            self.0.push(Piece::Note(number));
        }
        self
    }

    /// With another behind it.
    pub fn and(mut self, other: Cited) -> Cited {
        self.0.extend(other.0);
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words alone.
    pub fn words(&self) -> String {
        let text = |p: &Piece| match p {
            Piece::Text(t) => t.clone(),
            Piece::Note(_) => String::new(),
        };
        self.0.iter().map(text).collect()
    }

    /// The numbers of its notes.
    pub fn notes(&self) -> Vec<usize> {
        self.0.iter().filter_map(|p| if let Piece::Note(n) = p { Some(*n) } else { None }).collect()
    }

    /// Several, with `between` between two of them.
    pub fn joined(parts: impl IntoIterator<Item = Cited>, between: &str) -> Cited {
        let mut out = Cited::default();
        for part in parts.into_iter().filter(|p| !p.is_empty()) {
            if !out.is_empty() {
                out = out.then(between);
            }
            out = out.and(part);
        }
        out
    }
}

/// A footnote: where a figure or claim stands, in its exact words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its number, from 1.
    pub number: usize,
    /// Who published it.
    pub outlet: String,
    /// The day of publication in words; `None` where it is not known.
    pub published: Option<String>,
    /// The dispatch, as `dateline show` takes it.
    pub dispatch: String,
    /// Who says it; `None` in the outlet's own voice.
    pub speaker: Option<String>,
    /// The exact words.
    pub words: String,
}

/// The footnotes of a report.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    notes: Vec<Note>,
    known: BTreeMap<(String, String, Option<String>), usize>,
}

impl Notes {
    /// The number of the note for these words of this dispatch.
    pub fn cite(&mut self, outlet: &str, published: Option<String>, dispatch: &str, by: &str, words: &str) -> usize {
        let speaker = (by != record::OUTLET).then(|| by.to_owned());
        let key = (dispatch.to_owned(), words.to_owned(), speaker.clone());
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        let number = self.notes.len() + 1;
        self.known.insert(key, number);
        self.notes.push(Note {
            number,
            outlet: outlet.to_owned(),
            published,
            dispatch: dispatch.to_owned(),
            speaker,
            words: words.to_owned(),
        });
        number
    }

    /// The notes that these texts cite, numbered anew in the order in which a reader meets them; notes of what was left
    /// out go.
    pub fn in_order_of<'a>(self, texts: impl IntoIterator<Item = &'a mut Cited>) -> Vec<Note> {
        let mut new: BTreeMap<usize, usize> = BTreeMap::new();
        let mut out = Vec::new();
        for piece in texts.into_iter().flat_map(|t| t.0.iter_mut()) {
            let Piece::Note(number) = piece else { continue };
            let place = *new.entry(*number).or_insert_with(|| {
                if let Some(note) = number.checked_sub(1).and_then(|n| self.notes.get(n)) {
                    out.push(Note { number: out.len() + 1, ..note.clone() });
                }
                out.len()
            });
            *number = place;
        }
        out
    }
}

/// A table with footnotes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<Cited>>,
}

impl Grid {
    /// A table with these columns.
    pub fn new(head: &[&str]) -> Grid {
        Grid { head: head.iter().map(|h| (*h).to_owned()).collect(), rows: Vec::new() }
    }

    /// All cells, row by row.
    pub fn cells_mut(&mut self) -> impl Iterator<Item = &mut Cited> {
        self.rows.iter_mut().flatten()
    }

    /// Without the columns that say nothing in any row; the first stays.
    pub fn without_empty_columns(self) -> Grid {
        let says = |i: usize| i == 0 || self.rows.iter().any(|r| r.get(i).is_some_and(|c| !c.is_empty()));
        let keep: Vec<bool> = (0..self.head.len()).map(says).collect();
        let chosen = |i: &usize| keep.get(*i).copied().unwrap_or(false);
        let head = self.head.iter().enumerate().filter(|(i, _)| chosen(i)).map(|(_, h)| h.clone()).collect();
        let row = |r: &Vec<Cited>| r.iter().enumerate().filter(|(i, _)| chosen(i)).map(|(_, c)| c.clone()).collect();
        Grid { head, rows: self.rows.iter().map(row).collect() }
    }
}
