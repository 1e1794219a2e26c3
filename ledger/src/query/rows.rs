//! Rows of lists, and the one place where each is read from its columns.

use rusqlite::{Result, Row};
use serde::Serialize;

use super::search::Snippet;

/// A dispatch in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DispatchRow {
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
    /// How many statements were read from it.
    pub statements: i64,
    /// How many incidents it tells of.
    pub incidents: i64,
    /// How many accords it tells of.
    pub accords: i64,
    /// Whether sources differ on an incident that it tells of.
    pub disputed: bool,
    /// Where the words asked for stand in it; only where words were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// `dispatches.id`.
    #[serde(skip)]
    pub(crate) row: i64,
}

/// A statement in a list.
#[derive(Debug, Clone, Serialize)]
pub struct StatementRow {
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
    /// Direct, indirect or mixed.
    pub kind: String,
    /// What is said.
    pub content: String,
    /// Where the content begins, in code points.
    pub start: Option<i64>,
    /// Where its first piece ends.
    pub end: Option<i64>,
    /// Namespace of its dispatch's id.
    pub namespace: String,
    /// What people decided on it: `accepted`, `added`, `edited`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where the words asked for stand in it; only where words were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// `statements.id`.
    #[serde(skip)]
    pub(crate) row: i64,
}

/// An account of an incident or accord: where it is told.
#[derive(Debug, Clone, Serialize)]
pub struct AccountRef {
    /// Id of the dispatch.
    pub dispatch: String,
    /// Position in its record.
    #[serde(rename = "incident", skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// Position in its record.
    #[serde(rename = "accord", skip_serializing_if = "Option::is_none")]
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

/// An incident in a list.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentRow {
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
    /// Sources: accounts, with each group of echoes counted once.
    pub sources: i64,
    /// Fields on which sources differ.
    pub disputed: Vec<String>,
    /// What people decided on its accounts: `accepted`, `added`, `edited`, `merged`, `rejected in part`, `split`, `told apart`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where it is told.
    pub accounts: Vec<AccountRef>,
}

/// An accord in a list.
#[derive(Debug, Clone, Serialize)]
pub struct AccordRow {
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
    /// What people decided on its accounts: `accepted`, `added`, `edited`, `merged`, `rejected in part`, `split`, `told apart`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// Where it is told.
    pub accounts: Vec<AccountRef>,
}

/// An actor in a list.
#[derive(Debug, Clone, Serialize)]
pub struct ActorRow {
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

/// A position in a dispute.
#[derive(Debug, Clone, Serialize)]
pub struct PositionRow {
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

/// A dispute in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DisputeRow {
    /// The incident's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The accord's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accord: Option<String>,
    /// What it is about: kind and place, or the accord's name.
    pub about: String,
    /// First day of the incident.
    pub date: Option<String>,
    /// The field.
    pub field: String,
    /// Lowest number given, where the field is one.
    pub low: Option<i64>,
    /// The number that `best_rule` chooses, if a rule does.
    pub best: Option<i64>,
    /// Highest number given.
    pub high: Option<i64>,
    /// The rule that chose `best`.
    pub best_rule: Option<String>,
    /// Who says what.
    pub positions: Vec<PositionRow>,
}

/// The parts of a column that holds a list.
pub(super) fn list(joined: &str, by: &str) -> Vec<String> {
    joined.split(by).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

impl DispatchRow {
    /// What is selected of `dispatches d`.
    pub(super) const COLUMNS: &str = "d.source_id, d.namespace, d.outlet, d.published, d.headline, d.version, d.echo_group, d.state,
        d.id, (SELECT count(*) FROM statements x WHERE x.dispatch_id = d.id),
        (SELECT count(*) FROM accounts x WHERE x.dispatch_id = d.id),
        (SELECT count(*) FROM accord_accounts x WHERE x.dispatch_id = d.id),
        EXISTS (SELECT 1 FROM accounts x CROSS JOIN incidents i ON i.id = x.incident_id WHERE x.dispatch_id = d.id AND i.disputed <> '')";

    pub(super) fn read(r: &Row) -> Result<DispatchRow> {
        Ok(DispatchRow {
            id: r.get(0)?,
            namespace: r.get(1)?,
            outlet: r.get(2)?,
            published: r.get(3)?,
            headline: r.get(4)?,
            version: r.get(5)?,
            echo_group: r.get(6)?,
            state: r.get(7)?,
            row: r.get(8)?,
            statements: r.get(9)?,
            incidents: r.get(10)?,
            accords: r.get(11)?,
            disputed: r.get(12)?,
            snippet: None,
        })
    }
}

impl StatementRow {
    /// What is selected of `statements s` joined with `dispatches d`.
    pub(super) const COLUMNS: &str =
        "d.source_id, s.item, s.published, d.outlet, s.speaker, s.cue, s.mode, s.kind, s.content,
        s.content_start, s.content_end, d.namespace, s.id";

    pub(super) fn read(r: &Row) -> Result<StatementRow> {
        Ok(StatementRow {
            dispatch: r.get(0)?,
            statement: r.get(1)?,
            published: r.get(2)?,
            outlet: r.get(3)?,
            speaker: r.get(4)?,
            cue: r.get(5)?,
            mode: r.get(6)?,
            kind: r.get(7)?,
            content: r.get(8)?,
            start: r.get(9)?,
            end: r.get(10)?,
            namespace: r.get(11)?,
            decided: Vec::new(),
            row: r.get(12)?,
            snippet: None,
        })
    }
}

impl IncidentRow {
    /// What is selected of `incidents i`.
    pub(super) const COLUMNS: &str =
        "i.id, i.type, i.date_start, i.date_end, i.place, i.admin1, i.country, i.lat, i.lon, i.geonames_id,
        i.background, i.modality, i.killed_low, i.killed_high, i.injured_low, i.injured_high, i.sources, i.disputed";

    /// The row without its accounts.
    pub(super) fn read(r: &Row) -> Result<IncidentRow> {
        let disputed: String = r.get(17)?;
        Ok(IncidentRow {
            id: r.get(0)?,
            kind: r.get(1)?,
            date_start: r.get(2)?,
            date_end: r.get(3)?,
            place: r.get(4)?,
            admin1: r.get(5)?,
            country: r.get(6)?,
            lat: r.get(7)?,
            lon: r.get(8)?,
            geonames_id: r.get(9)?,
            background: r.get(10)?,
            modality: r.get(11)?,
            killed_low: r.get(12)?,
            killed_high: r.get(13)?,
            injured_low: r.get(14)?,
            injured_high: r.get(15)?,
            sources: r.get(16)?,
            disputed: list(&disputed, ","),
            decided: Vec::new(),
            accounts: Vec::new(),
        })
    }
}

impl AccordRow {
    /// What is selected of `accords c`.
    pub(super) const COLUMNS: &str =
        "c.id, c.kind, c.name, c.place, c.date, c.parties, c.brokers, c.disputed, c.first_told";

    /// The row without its accounts.
    pub(super) fn read(r: &Row) -> Result<AccordRow> {
        let (parties, brokers, disputed): (String, String, String) = (r.get(5)?, r.get(6)?, r.get(7)?);
        Ok(AccordRow {
            id: r.get(0)?,
            kind: r.get(1)?,
            name: r.get(2)?,
            place: r.get(3)?,
            date: r.get(4)?,
            parties: list(&parties, "; "),
            brokers: list(&brokers, "; "),
            disputed: list(&disputed, ","),
            decided: Vec::new(),
            first_told: r.get(8)?,
            accounts: Vec::new(),
        })
    }
}
