//! Statements: source, cue, content.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Span;

/// Somebody is reported to have said, claimed, denied, demanded … something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// `s1`, `s2` …: position in this record only.
    pub id: String,
    /// The words that name the source.
    pub source: Option<Span>,
    /// The source, resolved within the dispatch ("he" → "John Kerry").
    pub speaker: String,
    /// The actor table's id for the speaker, where it has one.
    pub speaker_id: Option<String>,
    /// The reporting verb or phrase.
    pub cue: Option<Span>,
    /// What is attributed, in contiguous pieces, without source and cue.
    pub content: Vec<Span>,
    /// Direct, indirect or mixed speech.
    pub kind: StatementKind,
    /// What kind of speech act the cue makes it.
    pub mode: Mode,
    /// The day it was said, where the sentence tells.
    pub said_on: Option<Date>,
    /// The words that tell where or on what occasion it was said.
    pub occasion: Option<Span>,
    /// Ids of incidents and accords it speaks of.
    pub about: Vec<String>,
}

/// How the words are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// All of the content stands between quotation marks.
    Direct,
    /// None of it does.
    Indirect,
    /// Some of it does.
    Mixed,
}

/// The speech act, from the cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Neutral report.
    Says,
    /// The outlet marks it as unproven.
    Claims,
    /// Says that it is not so.
    Denies,
    /// Blames somebody.
    Accuses,
    /// Condemns.
    Condemns,
    /// Calls for, demands, urges.
    Demands,
    /// Warns.
    Warns,
    /// Promises, vows.
    Promises,
    /// Threatens.
    Threatens,
    /// Confirms, admits.
    Confirms,
    /// Holds an attitude or intention; not reported speech.
    Believes,
    /// Asks.
    Asks,
}
