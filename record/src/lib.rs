//! The nouns of Dateline: what one dispatch is and everything that was read from it.
//!
//! Nothing here reads, links or stores; these are values that the other crates hand to one another, with their JSON
//! form (`dateline/record/1`, generated as a JSON Schema by [`schema`]). All offsets in these types are **Unicode code
//! points** of the dispatch's text; inside the reader, bytes are used, and [`TextIndex`] is the one place that converts.

mod accord;
mod dispatch;
mod incident;
mod mention;
mod span;
mod statement;

pub use accord::{Accord, AccordKind, Status, StatusClaim};
pub use dispatch::{Block, BlockKind, Dateline, Dispatch, Editorial, PartialDate, PubStatus, PublishedBasis, Section};
pub use incident::{
    Claim, ClaimField, Confidence, DateBasis, Figure, Incident, IncidentType, Measure, Modality, Perpetrator, Place,
    PlaceBasis, Precision, Qualifier, Stance, Victim,
};
pub use mention::{ActorKind, ActorMention, Mentions, PlaceMention, TimeKind, TimeMention};
pub use span::{Span, TextIndex};
pub use statement::{Mode, Statement, StatementKind};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema's name as written in every record.
pub const SCHEMA: &str = "dateline/record/1";

/// The speaker of what an outlet says in its own voice, in every `by` field.
pub const OUTLET: &str = "outlet";

/// All that was read from one dispatch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The dispatch's id, repeated so that a record can stand alone.
    pub id: String,
    /// The program and the language model that read it, e.g. `dateline 0.1.0 / en_core_web_sm 3.8.0`.
    pub reader: String,
    /// The dispatch itself, with its text.
    pub dispatch: Dispatch,
    /// Who is reported to have said, claimed, denied, demanded … what.
    pub statements: Vec<Statement>,
    /// The acts of violence it tells of, each as this dispatch tells it.
    pub incidents: Vec<Incident>,
    /// Agreements, ceasefires, deals and rounds of talks, with what is said of their state.
    pub accords: Vec<Accord>,
    /// Every actor, place and time named.
    pub mentions: Mentions,
    /// Where the dispatch's own arithmetic or calendar does not add up.
    pub checks: Vec<Check>,
    /// Quotations, numbers and dates of the body that no item above uses, each with the reason.
    pub unread: Vec<Unread>,
    /// What the reader wants to say about the reading as a whole, e.g. `not read: language fr`.
    pub notes: Vec<String>,
}

/// A figure or date that contradicts another one of the same dispatch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Which arithmetic was done.
    pub kind: CheckKind,
    /// What does not fit, in words.
    pub message: String,
    /// Ids of the figures concerned.
    pub figures: Vec<String>,
    /// The words that show it.
    pub span: Option<Span>,
}

/// The kinds of [`Check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Parts do not add up to their total.
    Sum,
    /// A weekday does not fit its date, or a year could not be settled.
    Calendar,
}

/// Words of the body that no item uses: the completeness account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The words.
    pub span: Span,
    /// What they look like.
    pub what: UnreadKind,
    /// Why nothing was made of them.
    pub why: String,
}

/// The kinds of [`Unread`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnreadKind {
    /// Words between quotation marks.
    Quotation,
    /// A numeral or number word.
    Number,
    /// A date or time expression.
    Date,
    /// A whole sentence.
    Sentence,
}

/// The JSON Schema of a [`Record`], as committed under `docs/`.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Record).to_value()
}
