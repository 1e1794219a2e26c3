//! Accords: what was agreed, and what is said of its state.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Modality, Span};

/// An agreement, ceasefire, truce, evacuation deal, resolution or round of talks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Accord {
    /// `a1`, `a2` …: position in this record only.
    pub id: String,
    /// What kind of accord.
    pub kind: AccordKind,
    /// As the dispatch names it.
    pub name: String,
    /// The words of its clearest mention.
    pub mention: Span,
    /// Those who agree.
    pub parties: Vec<String>,
    /// Those who brokered it.
    pub brokers: Vec<String>,
    /// Where it was made, or where it holds.
    pub place: Option<String>,
    /// The day it was made.
    pub date: Option<Date>,
    /// "a package of five documents".
    pub documents: Option<u32>,
    /// What is said of its state.
    pub status_claims: Vec<StatusClaim>,
}

/// The kinds of [`Accord`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AccordKind {
    Ceasefire,
    Truce,
    CessationOfHostilities,
    Agreement,
    EvacuationDeal,
    Talks,
    Resolution,
}

/// One claim about an accord's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StatusClaim {
    /// The state claimed.
    pub status: Status,
    /// Who does it, where told.
    pub party: Option<String>,
    /// Who is blamed for it.
    pub blamed: Option<String>,
    /// Whether it is told as fact, threat, future …: only `asserted` moves a state.
    pub modality: Modality,
    /// The day.
    pub date: Option<Date>,
    /// Canonical speaker, or `outlet`.
    pub by: String,
    /// The statement it was made in.
    pub statement: Option<String>,
    /// The words.
    pub mention: Span,
}

/// The states of an accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Status {
    Proposed,
    Agreed,
    Signed,
    Announced,
    InForce,
    Extended,
    Violated,
    Suspended,
    Collapsed,
    Expired,
    Rejected,
    Resumed,
    Ended,
}
