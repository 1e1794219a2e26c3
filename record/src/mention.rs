//! Every actor, place and time that a dispatch names.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Precision, Span};

/// All mentions of a record, in order of the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mentions {
    /// Persons, bodies, groups.
    pub actors: Vec<ActorMention>,
    /// Places.
    pub places: Vec<PlaceMention>,
    /// Dates, times, durations.
    pub times: Vec<TimeMention>,
}

/// Words that name an actor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActorMention {
    /// The words.
    pub span: Span,
    /// The actor table's id, where it has one.
    pub actor_id: Option<String>,
    /// Canonical within the dispatch.
    pub name: String,
    /// What it is.
    pub kind: ActorKind,
    /// Office or description given with it: "UN Secretary-General".
    pub role: Option<String>,
}

/// The kinds of [`ActorMention`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    Person,
    /// A body or group.
    Group,
    /// A place that acts: "Moscow said".
    PlaceAsActor,
}

/// Words that name a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceMention {
    /// The words.
    pub span: Span,
    /// Plain name.
    pub name: String,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// How finely it is known.
    pub precision: Option<Precision>,
}

/// Words that name a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeMention {
    /// The words.
    pub span: Span,
    /// TIMEX3-style value: `2016-09-29`, `2016-W39`, `P3D`, `PAST_REF` …
    pub value: String,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// First day meant, where it is a stretch of the calendar.
    pub start: Option<Date>,
    /// Last day meant.
    pub end: Option<Date>,
}

/// TIMEX3 types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}
