//! The shapes of the API's answers, for its description. The answers themselves are the ledger's own rows; a test reads
//! each answer back through its shape, so that the two cannot drift apart.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A page of dispatches.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispatches {
    /// Latest first.
    pub rows: Vec<Dispatch>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// A dispatch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    /// Its id within its namespace.
    pub id: String,
    /// The namespace.
    pub namespace: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// Number of its current version.
    pub version: i64,
    /// The group of echoes it is in.
    pub echo_group: Option<String>,
    /// `live`, `killed` or `withheld`.
    pub state: String,
    /// How many statements it reports.
    pub statements: i64,
    /// How many incidents it tells of.
    pub incidents: i64,
    /// How many accords it tells of.
    pub accords: i64,
    /// Whether sources differ on one of its incidents.
    pub disputed: bool,
    /// Where the words asked for stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
}

/// A piece of a text around words that were asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Snippet {
    /// What the piece is of.
    pub field: String,
    /// The piece.
    pub text: String,
    /// Ranges of the words in it, `[start, end]` in code points.
    pub marks: Vec<Vec<usize>>,
}

/// A page of statements.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statements {
    /// Latest first.
    pub rows: Vec<Statement>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// A statement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Id of its dispatch.
    pub dispatch: String,
    /// Its position there.
    pub statement: String,
    /// Day of publication.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Who says it.
    pub speaker: String,
    /// The words that introduce it.
    pub cue: Option<String>,
    /// The speech act.
    pub mode: String,
    /// direct, indirect or mixed.
    pub kind: String,
    /// What is said.
    pub content: String,
    /// Where the content begins, in code points.
    pub start: Option<i64>,
    /// Where its first piece ends.
    pub end: Option<i64>,
    /// Namespace of the dispatch's id.
    pub namespace: String,
    /// What people decided on it; absent where nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where the words asked for stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
}

/// Where an incident or accord is told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Id of the dispatch.
    pub dispatch: String,
    /// Position of the incident in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// Position of the accord in the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accord: Option<String>,
    /// Its own id, which finds the incident or accord it lies in.
    pub id: String,
    /// Namespace of the dispatch's id.
    pub namespace: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
}

/// A page of incidents.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Incidents {
    /// By day, undated ones last; or latest first.
    pub rows: Vec<Incident>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// An incident.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// Public id.
    pub id: String,
    /// Kind of act.
    #[serde(rename = "type")]
    pub kind: String,
    /// First day.
    pub date_start: Option<String>,
    /// Last day.
    pub date_end: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// Province.
    pub admin1: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonames_id: Option<i64>,
    /// Whether every account recalls it as context.
    pub background: bool,
    /// Told as fact, as threat …
    pub modality: String,
    /// Lowest number of dead given.
    pub killed_low: Option<i64>,
    /// Highest.
    pub killed_high: Option<i64>,
    /// Lowest number of hurt given.
    pub injured_low: Option<i64>,
    /// Highest.
    pub injured_high: Option<i64>,
    /// Sources, with each group of echoes counted once.
    pub sources: i64,
    /// Fields on which sources differ.
    pub disputed: Vec<String>,
    /// What people decided on its accounts; absent where nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where it is told.
    pub accounts: Vec<Account>,
}

/// An incident with everything attached.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeIncident {
    /// Its line in the list.
    pub incident: Incident,
    /// What each dispatch tells: figures, perpetrators, victims, claims, each with its words.
    #[schema(value_type = Vec<Object>)]
    pub accounts: Vec<Value>,
    /// Fields on which sources differ.
    pub disputes: Vec<Dispute>,
}

/// A page of accords.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accords {
    /// By the day they were first told.
    pub rows: Vec<Accord>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// An accord.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accord {
    /// Public id.
    pub id: String,
    /// Kind of accord.
    pub kind: String,
    /// As its first account names it.
    pub name: String,
    /// Where it holds or was made.
    pub place: Option<String>,
    /// Day of publication of its first account.
    pub first_told: Option<String>,
    /// The day it was made.
    pub date: Option<String>,
    /// Parties.
    pub parties: Vec<String>,
    /// Brokers.
    pub brokers: Vec<String>,
    /// Fields on which sources differ.
    pub disputed: Vec<String>,
    /// What people decided on its accounts; absent where nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where it is told.
    pub accounts: Vec<Account>,
}

/// An accord with its timeline.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeAccord {
    /// Its line in the list.
    pub accord: Accord,
    /// The state of each party, and from which claim.
    #[schema(value_type = Vec<Object>)]
    pub states: Vec<Value>,
    /// Claims of violation by reporter and blamed party; never to be summed across reporters.
    #[schema(value_type = Vec<Object>)]
    pub violations: Vec<Value>,
    /// Every claim about its state, in order of time.
    #[schema(value_type = Vec<Object>)]
    pub timeline: Vec<Value>,
    /// What people decided about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub decisions: Vec<Value>,
    /// What does not fit across dispatches.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub checks: Vec<Value>,
    /// Fields on which sources differ.
    pub disputes: Vec<Dispute>,
}

/// A page of disputes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Disputes {
    /// By day of the incident, then those of accords.
    pub rows: Vec<Dispute>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// A field on which sources differ.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// The incident's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The accord's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accord: Option<String>,
    /// Kind and place, or the accord's name.
    pub about: String,
    /// First day of the incident.
    pub date: Option<String>,
    /// The field.
    pub field: String,
    /// Lowest number given.
    pub low: Option<i64>,
    /// The number that a stated rule chooses, if one does.
    pub best: Option<i64>,
    /// Highest number given.
    pub high: Option<i64>,
    /// The rule that chose `best`.
    pub best_rule: Option<String>,
    /// Who says what.
    pub positions: Vec<Position>,
}

/// A position in a dispute.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// What is said.
    pub value: String,
    /// Who says it; `outlet` in the outlet's own voice.
    pub by: String,
    /// Id of the dispatch.
    pub dispatch: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// The exact words.
    pub words: String,
    /// Where they begin, in code points.
    pub start: i64,
    /// Where they end.
    pub end: i64,
}

/// A page of actors.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Actors {
    /// Those who speak and are blamed most first.
    pub rows: Vec<Actor>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Cursor of the page before.
    pub previous: Option<String>,
}

/// An actor.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Key.
    pub id: String,
    /// The name used most.
    pub name: String,
    /// All names.
    pub names: Vec<String>,
    /// Statements it makes.
    pub statements: i64,
    /// Times it is blamed, suspected or owns up.
    pub blamed: i64,
}

/// An actor with what is said by it and of it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeActor {
    /// Its line in the list.
    pub actor: Actor,
    /// Its latest statements.
    pub statements: Vec<Statement>,
    /// Who ties it to which act.
    #[schema(value_type = Vec<Object>)]
    pub received: Vec<Value>,
    /// Whom it ties to which act.
    #[schema(value_type = Vec<Object>)]
    pub given: Vec<Value>,
    /// How each outlet reports its speech.
    #[schema(value_type = Vec<Object>)]
    pub verbs: Vec<Value>,
}

/// A dispatch's text with its marks.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its line in the list.
    pub dispatch: Dispatch,
    /// The sentence under the headline.
    pub dek: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// The text.
    pub text: String,
    /// Everything that was read from it: ranges of the text in code points, layer, item, label.
    #[schema(value_type = Vec<Object>)]
    pub spans: Vec<Value>,
    /// Its texts, first to latest.
    #[schema(value_type = Vec<Object>)]
    pub versions: Vec<Value>,
}

/// A value and how many have it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facet {
    /// The value.
    pub value: String,
    /// How many have it.
    pub count: i64,
}

/// What became of what was handed in.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// The dispatches it holds, each as `namespace:id`, in order.
    pub dispatches: Vec<String>,
    /// How many of them were new.
    pub new: usize,
    /// What could not be read, each with its place.
    pub failed: Vec<String>,
}
