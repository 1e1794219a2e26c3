//! The shapes of the API's answers, for its description. The answers themselves are the ledger's own rows; a test reads
//! each answer back through its shape, so that the two cannot drift apart.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Page<T> {
    /// In the list's order.
    pub rows: Vec<T>,
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
    pub accounts: Vec<WholeAccount>,
    /// Fields on which sources differ.
    pub disputes: Vec<Dispute>,
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
    pub states: Vec<PartyState>,
    /// Claims of violation by reporter and blamed party; never to be summed across reporters.
    pub violations: Vec<Tally>,
    /// Every claim about its state, in order of time.
    pub timeline: Vec<StatusClaim>,
    /// What people decided about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionEntry>,
    /// What does not fit across dispatches.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Fields on which sources differ.
    pub disputes: Vec<Dispute>,
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
    pub received: Vec<Accusation>,
    /// Whom it ties to which act.
    pub given: Vec<Accusation>,
    /// How each outlet reports its speech.
    pub verbs: Vec<Verb>,
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
    pub spans: Vec<Mark>,
    /// Its texts, first to latest.
    pub versions: Vec<Version>,
}

/// Words of a dispatch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The words.
    pub text: String,
    /// First code point.
    pub start: i64,
    /// One past the last.
    pub end: i64,
}

/// What identifies a dispatch and says where it comes from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Whose ids its id is one of.
    pub namespace: String,
    /// Its id there.
    pub id: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The agency that wrote it.
    pub agency: Option<String>,
    /// Where it stands.
    pub url: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// `live`, `killed` or `withheld`.
    pub state: String,
    /// Number of its current version.
    pub version: i64,
    /// The group of echoes it is in.
    pub echo_group: Option<String>,
    /// When it was first filed (RFC 3339).
    pub filed_at: String,
    /// Length of its text in code points.
    pub length: i64,
}

/// A number that somebody gives.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// Position in the record.
    pub item: String,
    /// killed, injured …
    pub measure: String,
    /// Lower bound.
    pub low: Option<i64>,
    /// Upper bound.
    pub high: Option<i64>,
    /// exact, at_least, up_to, about, more_than, vague.
    pub qualifier: String,
    /// What is counted.
    pub counted: String,
    /// The denominator.
    pub out_of: Option<i64>,
    /// Position of the figure it is a part of.
    pub part_of: Option<String>,
    /// Given as “reportedly”.
    pub hedged: bool,
    /// Who gives it; `outlet` in the outlet’s own voice.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// An actor tied to an act.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Perpetrator {
    /// Who.
    pub actor: String,
    /// Key of the actor.
    pub key: String,
    /// asserts, accuses, admits, denies, suspects, suggests.
    pub stance: String,
    /// Who says so.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// Whom or what an act struck.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Victim {
    /// Short description.
    pub victim: String,
    /// The exact words.
    pub words: Words,
}

/// A claim about means, date, place or cause.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// means, date, place, cause.
    pub field: String,
    /// What is claimed.
    pub value: String,
    /// Who claims it.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// An incident as one dispatch tells it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeAccount {
    /// Its public id.
    pub id: String,
    /// Position in its record.
    pub item: String,
    /// The dispatch.
    pub dispatch: Head,
    /// Kind of act.
    #[serde(rename = "type")]
    pub kind: String,
    /// First day.
    pub date_start: Option<String>,
    /// Last day.
    pub date_end: Option<String>,
    /// What the days come from.
    pub date_basis: Option<String>,
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
    /// How finely the place is known.
    pub precision: Option<String>,
    /// Recalled as context.
    pub background: bool,
    /// Told as fact, as threat …
    pub modality: String,
    /// The reader’s confidence.
    pub confidence: String,
    /// The words that tell of it.
    pub words: Words,
    /// Numbers.
    pub figures: Vec<Figure>,
    /// Who is blamed, cleared, owns up.
    pub perpetrators: Vec<Perpetrator>,
    /// Whom it struck.
    pub victims: Vec<Victim>,
    /// Claims about means, date, place, cause.
    pub claims: Vec<Claim>,
}

/// The state of a party to an accord.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyState {
    /// The party.
    pub party: String,
    /// Its state, where a claim moved it.
    pub status: Option<String>,
    /// The day of that claim.
    pub since: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Why that claim moved it.
    pub rule: Option<String>,
}

/// Claims of violation of one reporter against one party.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Who reports.
    pub reporter: String,
    /// Who is blamed; none where nobody is named.
    pub blamed: Option<String>,
    /// How many claims.
    pub claims: u64,
}

/// A claim about an accord’s state.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusClaim {
    /// Its address, to be decided on by.
    pub id: String,
    /// The day it is about, else the day of publication.
    pub date: Option<String>,
    /// The state.
    pub status: String,
    /// Who does it.
    pub party: Option<String>,
    /// Who is blamed.
    pub blamed: Option<String>,
    /// Told as fact, as threat …
    pub modality: String,
    /// Who says so.
    pub by: String,
    /// Namespace of the dispatch’s id.
    pub namespace: String,
    /// Id of the dispatch.
    pub dispatch: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The exact words.
    pub words: String,
    /// Where they begin, in code points.
    pub start: i64,
    /// Where they end.
    pub end: i64,
    /// Whether the claim gives the day itself.
    pub dated: bool,
    /// Day of publication.
    pub published: Option<String>,
}

/// A decision of a person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionEntry {
    /// Public id.
    pub id: String,
    /// Its place in the log.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// accept, reject, edit, add, merge, split, not_same, note, kill, withhold, restore, redact, undo.
    pub action: String,
    /// What kind of item.
    pub kind: String,
    /// As the reviewer named it.
    pub target: String,
    /// The field of an edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was set, added or noted: any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What the reader has: any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The id of the decision that it undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The id of the undo, where it was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// The words it is anchored on.
    pub words: String,
    /// The dispatch of these words.
    pub dispatch: Option<String>,
    /// attached, orphaned, waiting.
    pub state: Option<String>,
    /// Address of the item within the dispatch’s record.
    pub item: Option<String>,
}

/// What does not go together in two dispatches.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// toll_falls, part_exceeds_total, two_totals, told_before, in_force_before_agreed.
    pub kind: String,
    /// What does not fit, in words.
    pub message: String,
    /// The incident it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The accord it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accord: Option<String>,
    /// The sides, the earlier first.
    pub sides: Vec<CheckSide>,
}

/// A side of a check.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckSide {
    /// Who says so.
    pub by: String,
    /// Id of the dispatch.
    pub dispatch: String,
    /// Namespace of that id.
    pub namespace: String,
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

/// One actor tied to an act by somebody.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accusation {
    /// The incident.
    pub incident: Option<String>,
    /// Kind of act.
    #[serde(rename = "type")]
    pub kind: String,
    /// First day of the act.
    pub date: Option<String>,
    /// Its place.
    pub place: Option<String>,
    /// Who is tied to it.
    pub actor: String,
    /// asserts, accuses, admits, denies, suspects, suggests.
    pub stance: String,
    /// Who says so.
    pub by: String,
    /// Namespace of the dispatch’s id.
    pub namespace: String,
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

/// How often an outlet reports an actor’s speech by one speech act.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// The outlet.
    pub outlet: String,
    /// says, claims, denies …
    pub mode: String,
    /// How many statements.
    pub statements: i64,
    /// Words that introduced them, most frequent first.
    pub cues: String,
}

/// Words that something was read from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// First code point.
    pub start: i64,
    /// One past the last.
    pub end: i64,
    /// statement, incident, figure, responsibility, accord, actor, place, time, check.
    pub layer: String,
    /// Which words of the item.
    pub part: String,
    /// Position of the item in the record; empty for mentions.
    pub item: String,
    /// Public id of the incident or accord that the item belongs to.
    pub id: Option<String>,
    /// In words.
    pub label: String,
    /// Who says so.
    pub by: Option<String>,
}

/// A text that a dispatch has had.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// From 1 on.
    pub number: i64,
    /// first, correction, kill, withhold.
    pub kind: String,
    /// When it was filed (RFC 3339).
    pub filed_at: String,
    /// SHA-256 of the text.
    pub text_sha256: String,
    /// SHA-256 of the original.
    pub original: Option<String>,
    /// Media type of the original.
    pub media_type: Option<String>,
    /// Length of the original.
    pub bytes: Option<i64>,
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
