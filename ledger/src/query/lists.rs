//! Lists.

use rusqlite::{Result, params, params_from_iter};
use serde::Serialize;

use super::{Filter, Where, like, words_query};
use crate::{Ledger, LedgerError};

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
    /// The day it was made.
    pub date: Option<String>,
    /// Parties.
    pub parties: Vec<String>,
    /// Brokers.
    pub brokers: Vec<String>,
    /// Fields on which sources differ.
    pub disputed: Vec<String>,
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
fn list(joined: &str, by: &str) -> Vec<String> {
    joined.split(by).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn limit(filter: &Filter) -> String {
    filter.limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default()
}

fn days(w: &mut Where, filter: &Filter, start: &str, end: &str) {
    if let Some(since) = filter.since {
        w.add(&format!("{end} >= ?"), since.to_string());
    }
    if let Some(until) = filter.until {
        w.add(&format!("{start} <= ?"), until.to_string());
    }
}

/// The conditions on `dispatches d` that a filter sets.
pub(super) fn dispatches_that(filter: &Filter) -> Where {
    let mut w = Where::default();
    days(&mut w, filter, "d.published", "d.published");
    if let Some(place) = &filter.place {
        w.add(
            "d.id IN (SELECT dispatch_id FROM accounts WHERE place LIKE ? ESCAPE '\\' OR admin1 LIKE ? ESCAPE '\\')",
            like(place),
        );
    }
    if let Some(actor) = &filter.actor {
        w.add("d.id IN (SELECT dispatch_id FROM statements WHERE speaker LIKE ? ESCAPE '\\')", like(actor));
    }
    if let Some(text) = &filter.text {
        w.add("d.id IN (SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?)", words_query(text));
    }
    w
}

/// The conditions on `incidents i` that a filter sets.
pub(super) fn incidents_that(filter: &Filter) -> Where {
    let mut w = Where::default();
    days(&mut w, filter, "i.date_start", "coalesce(i.date_end, i.date_start)");
    if let Some(place) = &filter.place {
        w.add(
            "(i.place LIKE ? ESCAPE '\\' OR i.admin1 LIKE ? ESCAPE '\\' OR i.country = upper(trim(?, '%')))",
            like(place),
        );
    }
    if let Some(actor) = &filter.actor {
        w.add(
            "i.id IN (SELECT a.incident_id FROM perpetrators p JOIN accounts a ON a.id = p.account_id
                 WHERE p.actor LIKE ? ESCAPE '\\' OR p.speaker LIKE ? ESCAPE '\\'
                 UNION SELECT a.incident_id FROM figures f JOIN accounts a ON a.id = f.account_id
                 WHERE f.speaker LIKE ? ESCAPE '\\')",
            like(actor),
        );
    }
    if let Some(text) = &filter.text {
        w.add(
            "i.id IN (SELECT incident_id FROM accounts WHERE dispatch_id IN
                 (SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?))",
            words_query(text),
        );
    }
    if filter.disputed {
        w.conditions.push("i.disputed <> ''".to_owned());
    }
    w
}

/// The conditions on `accords c` that a filter sets.
pub(super) fn accords_that(filter: &Filter) -> Where {
    let mut w = Where::default();
    days(&mut w, filter, "coalesce(c.date, c.first_told)", "coalesce(c.date, c.first_told)");
    if let Some(place) = &filter.place {
        w.add("c.place LIKE ? ESCAPE '\\'", like(place));
    }
    if let Some(actor) = &filter.actor {
        w.add("(c.parties LIKE ? ESCAPE '\\' OR c.brokers LIKE ? ESCAPE '\\')", like(actor));
    }
    if let Some(text) = &filter.text {
        w.add(
            "c.id IN (SELECT accord_id FROM accord_accounts WHERE dispatch_id IN
                 (SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?))",
            words_query(text),
        );
    }
    if filter.disputed {
        w.conditions.push("c.disputed <> ''".to_owned());
    }
    w
}

impl Ledger {
    /// Dispatches, latest first. `place` and `actor` ask for one named in their incidents or statements.
    pub fn dispatches(&self, filter: &Filter) -> std::result::Result<Vec<DispatchRow>, LedgerError> {
        let w = dispatches_that(filter);
        let sql = format!(
            "SELECT d.source_id, d.namespace, d.outlet, d.published, d.headline, d.version, d.echo_group, d.state
             FROM dispatches d{} ORDER BY d.published DESC, d.id DESC{}",
            w.sql(),
            limit(filter)
        );
        self.rows(&sql, w, |r| {
            Ok(DispatchRow {
                id: r.get(0)?,
                namespace: r.get(1)?,
                outlet: r.get(2)?,
                published: r.get(3)?,
                headline: r.get(4)?,
                version: r.get(5)?,
                echo_group: r.get(6)?,
                state: r.get(7)?,
            })
        })
    }

    /// Statements, latest first. `place` asks for one in the words said.
    pub fn statements(&self, filter: &Filter) -> std::result::Result<Vec<StatementRow>, LedgerError> {
        let mut w = Where::default();
        days(&mut w, filter, "s.published", "s.published");
        if let Some(place) = &filter.place {
            w.add("s.content LIKE ? ESCAPE '\\'", like(place));
        }
        if let Some(actor) = &filter.actor {
            w.add("s.speaker IN (SELECT name FROM actor_names WHERE name LIKE ? ESCAPE '\\')", like(actor));
        }
        if let Some(text) = &filter.text {
            w.add("s.id IN (SELECT rowid FROM statement_search WHERE statement_search MATCH ?)", words_query(text));
        }
        let sql = format!(
            "SELECT d.source_id, s.item, s.published, d.outlet, s.speaker, s.cue, s.mode, s.kind, s.content, s.content_start,
                 s.content_end
             FROM statements s JOIN dispatches d ON d.id = s.dispatch_id{} ORDER BY s.published DESC, s.id DESC{}",
            w.sql(),
            limit(filter)
        );
        self.rows(&sql, w, |r| {
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
            })
        })
    }

    /// Incidents by day, undated ones last.
    pub fn incidents(&self, filter: &Filter) -> std::result::Result<Vec<IncidentRow>, LedgerError> {
        self.read_incidents(incidents_that(filter), &limit(filter))
    }

    /// The incident with this id.
    pub(super) fn incidents_where(&self, id: &str) -> std::result::Result<Vec<IncidentRow>, LedgerError> {
        let mut w = Where::default();
        w.add("i.id = ?", id.to_owned());
        self.read_incidents(w, "")
    }

    fn read_incidents(&self, w: Where, limit: &str) -> std::result::Result<Vec<IncidentRow>, LedgerError> {
        let mut rows = self.read_incident_rows(w, limit)?;
        for row in &mut rows {
            row.accounts = self.accounts_of("accounts", "incident_id", &row.id)?;
        }
        Ok(rows)
    }

    /// Incidents without their accounts.
    pub(super) fn read_incident_rows(
        &self,
        w: Where,
        limit: &str,
    ) -> std::result::Result<Vec<IncidentRow>, LedgerError> {
        let sql = format!(
            "SELECT i.id, i.type, i.date_start, i.date_end, i.place, i.admin1, i.country, i.lat, i.lon, i.geonames_id, i.background,
                 i.modality, i.killed_low, i.killed_high, i.injured_low, i.injured_high, i.sources, i.disputed
             FROM incidents i{} ORDER BY i.date_start IS NULL, i.date_start, i.id{limit}",
            w.sql(),
        );
        self.rows(&sql, w, |r| {
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
                accounts: Vec::new(),
            })
        })
    }

    /// Where an incident or accord is told, in order of publication.
    pub(super) fn accounts_of(
        &self,
        table: &str,
        column: &str,
        id: &str,
    ) -> std::result::Result<Vec<AccountRef>, LedgerError> {
        let sql = format!(
            "SELECT d.source_id, a.item, a.public_id, d.namespace, d.outlet, d.published
             FROM {table} a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.{column} = ?1
             ORDER BY d.published IS NULL, d.published, d.namespace, d.source_id, a.id"
        );
        let mut w = Where::default();
        w.values.push(id.to_owned().into());
        let incidents = table == "accounts";
        self.rows(&sql, w, |r| {
            let item: String = r.get(1)?;
            Ok(AccountRef {
                dispatch: r.get(0)?,
                incident: incidents.then(|| item.clone()),
                accord: (!incidents).then_some(item),
                id: r.get(2)?,
                namespace: r.get(3)?,
                outlet: r.get(4)?,
                published: r.get(5)?,
            })
        })
    }

    /// Accords by the day they were first told.
    pub fn accords(&self, filter: &Filter) -> std::result::Result<Vec<AccordRow>, LedgerError> {
        self.read_accords(accords_that(filter), &limit(filter))
    }

    /// The accords that conditions let through.
    pub(super) fn read_accords(&self, w: Where, limit: &str) -> std::result::Result<Vec<AccordRow>, LedgerError> {
        let sql = format!(
            "SELECT c.id, c.kind, c.name, c.place, c.date, c.parties, c.brokers, c.disputed FROM accords c{}
             ORDER BY c.first_told IS NULL, c.first_told, c.id{}",
            w.sql(),
            limit
        );
        let mut rows = self.rows(&sql, w, |r| {
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
                accounts: Vec::new(),
            })
        })?;
        for row in &mut rows {
            row.accounts = self.accounts_of("accord_accounts", "accord_id", &row.id)?;
        }
        Ok(rows)
    }

    /// Actors, those who speak and are blamed most first.
    pub fn actors(&self, filter: &Filter) -> std::result::Result<Vec<ActorRow>, LedgerError> {
        let mut w = Where::default();
        if let Some(actor) = &filter.actor {
            w.add("n.actor IN (SELECT actor FROM actor_names WHERE name LIKE ? ESCAPE '\\')", like(actor));
        }
        let sql = format!(
            "SELECT n.actor, n.name, coalesce(s.c, 0), coalesce(p.c, 0) FROM actor_names n
             LEFT JOIN (SELECT speaker, count(*) AS c FROM statements GROUP BY speaker) s ON s.speaker = n.name
             LEFT JOIN (SELECT actor, count(*) AS c FROM perpetrators WHERE stance <> 'denies' GROUP BY actor) p ON p.actor = n.name
             {} ORDER BY n.actor, n.name",
            w.sql()
        );
        let named = self.rows(&sql, w, |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, i64>(2)?, r.get::<_, i64>(3)?))
        })?;
        let mut actors: Vec<(i64, ActorRow)> = Vec::new();
        for (id, name, statements, blamed) in named.into_iter().filter(|n| n.1 != record::OUTLET) {
            match actors.last_mut() {
                Some((most, actor)) if actor.id == id => {
                    actor.statements += statements;
                    actor.blamed += blamed;
                    if statements + blamed > *most {
                        (*most, actor.name) = (statements + blamed, name.clone());
                    }
                    actor.names.push(name);
                }
                _ => {
                    let row = ActorRow { id, name: name.clone(), names: vec![name], statements, blamed };
                    actors.push((statements + blamed, row));
                }
            }
        }
        let mut rows: Vec<ActorRow> = actors.into_iter().map(|a| a.1).collect();
        rows.sort_by(|a, b| (b.statements + b.blamed, &a.id).cmp(&(a.statements + a.blamed, &b.id)));
        rows.truncate(filter.limit.map_or(usize::MAX, |n| n as usize));
        Ok(rows)
    }

    /// Disputes by day of their incident, then those of accords.
    pub fn disputes(&self, filter: &Filter) -> std::result::Result<Vec<DisputeRow>, LedgerError> {
        let filter = Filter { disputed: true, ..filter.clone() };
        let mut out = Vec::new();
        let narrow = Filter { limit: None, ..filter.clone() };
        for i in self.incidents(&narrow)? {
            let kind = i.kind.replace('_', " ");
            let about = i.place.map_or_else(|| kind.clone(), |p| format!("{kind}, {p}"));
            out.extend(self.disputes_of("incident_id", &i.id, &about, i.date_start)?);
        }
        for a in self.accords(&narrow)? {
            out.extend(self.disputes_of("accord_id", &a.id, &a.name, a.date)?);
        }
        out.truncate(filter.limit.map_or(usize::MAX, |n| n as usize));
        Ok(out)
    }

    /// The disputes of one incident or accord.
    pub(super) fn disputes_of(
        &self,
        column: &str,
        id: &str,
        about: &str,
        date: Option<String>,
    ) -> std::result::Result<Vec<DisputeRow>, LedgerError> {
        let read = || -> Result<Vec<DisputeRow>> {
            let sql = format!(
                "SELECT id, incident_id, accord_id, field, low, high, best, best_rule FROM disputes WHERE {column} = ?1 ORDER BY id"
            );
            let mut find = self.connection.prepare_cached(&sql)?;
            let mut rows = find.query([id])?;
            let mut out = Vec::new();
            while let Some(r) = rows.next()? {
                let mut positions = self.connection.prepare_cached(
                    "SELECT p.value, p.speaker, d.source_id, d.outlet, d.published, p.words, p.words_start, p.words_end
                     FROM positions p JOIN dispatches d ON d.id = p.dispatch_id WHERE p.dispute_id = ?1 ORDER BY p.number",
                )?;
                let positions = positions.query_map(params![r.get::<_, i64>(0)?], |p| {
                    Ok(PositionRow {
                        value: p.get(0)?,
                        by: p.get(1)?,
                        dispatch: p.get(2)?,
                        outlet: p.get(3)?,
                        published: p.get(4)?,
                        words: p.get(5)?,
                        start: p.get(6)?,
                        end: p.get(7)?,
                    })
                })?;
                out.push(DisputeRow {
                    incident: r.get(1)?,
                    accord: r.get(2)?,
                    about: about.to_owned(),
                    date: date.clone(),
                    field: r.get(3)?,
                    low: r.get(4)?,
                    high: r.get(5)?,
                    best: r.get(6)?,
                    best_rule: r.get(7)?,
                    positions: positions.collect::<Result<_>>()?,
                });
            }
            Ok(out)
        };
        read().map_err(|e| self.told(&e))
    }

    /// Runs a query with the values of its conditions.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        w: Where,
        row: impl FnMut(&rusqlite::Row) -> Result<T>,
    ) -> std::result::Result<Vec<T>, LedgerError> {
        let read = || -> Result<Vec<T>> {
            let mut query = self.connection.prepare_cached(sql)?;
            query.query_map(params_from_iter(w.values), row)?.collect()
        };
        read().map_err(|e| self.told(&e))
    }
}
