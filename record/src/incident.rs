//! Incidents: acts of violence as one dispatch tells them, with figures and responsibility.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Span;

/// One act, or tight series of acts, at one place and time by one side, as one dispatch tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Incident {
    /// `i1`, `i2` …: position in this record only.
    pub id: String,
    /// What kind of act it was, as the dispatch as a whole says.
    #[serde(rename = "type")]
    pub incident_type: IncidentType,
    /// The words of its clearest mention.
    pub trigger: Span,
    /// First day.
    pub date_start: Option<Date>,
    /// Last day.
    pub date_end: Option<Date>,
    /// What the dates come from.
    pub date_basis: Option<DateBasis>,
    /// The most specific place named for it.
    pub place: Option<Place>,
    /// What the place comes from.
    #[serde(default)]
    pub place_basis: Option<PlaceBasis>,
    /// Recalled as context rather than told as news.
    pub background: bool,
    /// Whether it is told as having happened.
    pub modality: Modality,
    /// How sure the reader is that this is one incident, rightly typed (docs/codebook.md has the rule).
    pub confidence: Confidence,
    /// Who says what about means, date, place or cause, where somebody is named or versions differ.
    pub claims: Vec<Claim>,
    /// Who is said to have done it, by whom, with what stance.
    pub perpetrators: Vec<Perpetrator>,
    /// Whom or what it struck.
    pub victims: Vec<Victim>,
    /// The counts.
    pub figures: Vec<Figure>,
}

/// The incident types of the annotation guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // each is defined in docs/codebook.md, which a test keeps complete
pub enum IncidentType {
    AirStrike,
    Shelling,
    MissileStrike,
    DroneStrike,
    Bombing,
    SuicideBombing,
    GroundFighting,
    ArmedAttack,
    MineOrIed,
    ChemicalAttack,
    Execution,
    Abduction,
    Detention,
    SiegeOrBlockade,
    LootingOrPropertyDestruction,
    Shootdown,
    ProtestOrRiot,
    OtherViolence,
}

/// How something is put: as fact, as not so, as possible, as to come, as a threat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Told as having happened.
    Asserted,
    /// Told as not having happened.
    Negated,
    /// Told as possible or conditional.
    Hypothetical,
    /// Told as to come.
    Future,
    /// Told as a threat.
    Threatened,
}

/// The reader's own confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Confidence {
    High,
    Medium,
    Low,
}

/// What an incident's dates come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateBasis {
    /// A date or weekday in the same clause or sentence.
    Stated,
    /// Carried over from a neighbouring sentence or from the sentence that first tells of it.
    Context,
    /// The day of publication, for news told without a day.
    Published,
}

/// What an incident's place comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceBasis {
    /// A place named in a clause that tells of the act.
    Stated,
    /// The finest place of the sentence, of the one before or of the one behind, where the act's own clauses name none.
    Context,
    /// The town or province that the whole page is about, where the sentences around name none.
    Page,
}

/// A place named for an incident, resolved as far as it could be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The words.
    pub mention: Span,
    /// Plain name.
    pub name: String,
    /// Province or region.
    pub admin1: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// How finely it is known.
    pub precision: Option<Precision>,
}

/// How finely a place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A point inside a town: a quarter, a hospital, an airbase with a place of its own.
    Site,
    /// A town or village.
    City,
    /// Near a town or village: within some 25 km.
    Near,
    /// A district (second-order division).
    District,
    /// A province (first-order division) or named region.
    Province,
    /// A country.
    Country,
}

/// Who says what about one aspect of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// The aspect.
    pub field: ClaimField,
    /// The value claimed: an incident type for means, ISO dates for date, a name for place, words for cause.
    pub value: String,
    /// Canonical speaker, or `outlet`.
    pub by: String,
    /// The statement it was made in.
    pub statement: Option<String>,
    /// The words.
    pub mention: Span,
}

/// The aspects of an incident that claims are kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ClaimField {
    Means,
    Date,
    Place,
    Cause,
}

/// An actor named as perpetrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Perpetrator {
    /// The actor, canonical within the dispatch.
    pub actor: String,
    /// The actor table's id.
    pub actor_id: Option<String>,
    /// The words.
    pub mention: Span,
    /// How the actor is tied to the act.
    pub stance: Stance,
    /// Canonical speaker, or `outlet`.
    pub by: String,
    /// The statement it was made in.
    pub statement: Option<String>,
}

/// How an actor is tied to an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// The outlet says so in its own voice.
    Asserts,
    /// A speaker says the actor did it.
    Accuses,
    /// The actor says so itself.
    Admits,
    /// Somebody says the actor did not.
    Denies,
    /// Believed or thought to have done it.
    Suspects,
    /// Insinuated.
    Suggests,
}

/// Whom or what an incident struck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Victim {
    /// Short description, canonical within the dispatch.
    pub group: String,
    /// The words.
    pub mention: Span,
}

/// A count, with who gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// `f1`, `f2` …: position in this record only.
    pub id: String,
    /// What happened to those counted.
    pub measure: Measure,
    /// Lower bound; null when none is given.
    pub low: Option<u64>,
    /// Upper bound; null when none is given.
    pub high: Option<u64>,
    /// How the number is put.
    pub qualifier: Qualifier,
    /// What is counted: `people`, `children`, `trucks` …
    pub group: String,
    /// The denominator in "18 of 31 trucks".
    pub of: Option<u64>,
    /// Id of the figure that this one is a part of.
    pub part_of: Option<String>,
    /// Given as "reportedly" or the like.
    pub hedged: bool,
    /// Canonical speaker, or `outlet`.
    pub by: String,
    /// The statement it was given in.
    pub statement: Option<String>,
    /// The number with its noun.
    pub mention: Span,
}

/// What is counted about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Measure {
    Killed,
    Injured,
    KilledOrInjured,
    Missing,
    Captured,
    Destroyed,
    Damaged,
    DamagedOrDestroyed,
    Displaced,
    Other,
}

/// How a number is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// "62", "between 10 and 15".
    Exact,
    /// "at least 43".
    AtLeast,
    /// "up to 20".
    UpTo,
    /// "about 100", "nearly 70".
    About,
    /// "more than 30".
    MoreThan,
    /// "dozens", "several", unnumbered "civilians".
    Vague,
}
