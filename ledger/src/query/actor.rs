//! One actor: what it says and how outlets put it, what it is accused of, whom it accuses; searches that are kept.

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{ActorRow, IncidentWhole, StatementRow, Where};
use crate::{Ledger, LedgerError};

/// An actor with what is said by it and of it.
#[derive(Debug, Clone, Serialize)]
pub struct ActorPage {
    /// Its line in the list.
    pub actor: ActorRow,
    /// Its latest statements, at most [`ActorPage::LATEST`].
    pub statements: Vec<StatementRow>,
    /// Who ties it to which act, latest first.
    pub received: Vec<Accusation>,
    /// Whom it ties to which act, latest first.
    pub given: Vec<Accusation>,
    /// How each outlet reports its speech.
    pub verbs: Vec<Verb>,
}

impl ActorPage {
    /// The most statements and accusations of a page.
    pub const LATEST: usize = 100;
}

/// One actor tied to an act by somebody.
#[derive(Debug, Clone, Serialize)]
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
    /// Who says so; `outlet` in the outlet's own voice.
    pub by: String,
    /// Namespace of the dispatch's id.
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

/// How often an outlet reports an actor's speech by one speech act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verb {
    /// The outlet.
    pub outlet: String,
    /// says, claims, denies …
    pub mode: String,
    /// How many statements.
    pub statements: i64,
    /// Words that introduced them, most frequent first, joined by ", ".
    pub cues: String,
}

/// A search that somebody keeps.
#[derive(Debug, Clone, Serialize)]
pub struct SavedSearch {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The page's address after the question mark.
    pub query: String,
}

/// The latest statements that the reporting verbs are counted in.
const COUNTED: i64 = 5_000;

impl Ledger {
    /// The actor with this key.
    pub fn actor_page(&self, key: &str) -> Result<ActorPage, LedgerError> {
        let mut w = Where::default();
        w.add("actor = ?", key.to_owned());
        w.add("name <> ?", record::OUTLET.to_owned());
        let sql = format!("SELECT name, statements, blamed FROM actor_names{} ORDER BY name", w.sql());
        let names = self.rows(&sql, w, |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?)))?;
        let Some(most) = names.iter().map(|n| n.1 + n.2).max() else {
            return Err(LedgerError::NoSuchId(key.to_owned()));
        };
        let name = names.iter().find(|n| n.1 + n.2 == most).map(|n| n.0.clone()).unwrap_or_default();
        let actor = ActorRow {
            id: key.to_owned(),
            name,
            statements: names.iter().map(|n| n.1).sum(),
            blamed: names.iter().map(|n| n.2).sum(),
            names: names.into_iter().map(|n| n.0).collect(),
        };
        let of = |column: &str| {
            format!(
                "SELECT a.incident_id, a.type, a.date_start, a.place, p.actor, p.stance, p.speaker, d.namespace, d.source_id,
                     d.outlet, d.published, p.words, p.words_start, p.words_end
                 FROM perpetrators p JOIN accounts a ON a.id = p.account_id JOIN dispatches d ON d.id = a.dispatch_id
                 WHERE p.{column} IN (SELECT name FROM actor_names WHERE actor = ?1 AND name <> '{}')
                 ORDER BY d.published DESC, p.id DESC LIMIT {}",
                record::OUTLET,
                ActorPage::LATEST
            )
        };
        let read = || -> rusqlite::Result<_> {
            let accusation = |r: &rusqlite::Row| {
                Ok(Accusation {
                    incident: r.get(0)?,
                    kind: r.get(1)?,
                    date: r.get(2)?,
                    place: r.get(3)?,
                    actor: r.get(4)?,
                    stance: r.get(5)?,
                    by: r.get(6)?,
                    namespace: r.get(7)?,
                    dispatch: r.get(8)?,
                    outlet: r.get(9)?,
                    published: r.get(10)?,
                    words: r.get(11)?,
                    start: r.get(12)?,
                    end: r.get(13)?,
                })
            };
            let accusations = |column: &str| -> rusqlite::Result<Vec<Accusation>> {
                self.connection.prepare_cached(&of(column))?.query_map([key], accusation)?.collect()
            };
            let (received, given) = (accusations("actor")?, accusations("speaker")?);
            let sql = format!(
                "SELECT {} FROM statements s JOIN dispatches d ON d.id = s.dispatch_id
                 WHERE s.speaker IN (SELECT name FROM actor_names WHERE actor = ?1 AND name <> '{}')
                 ORDER BY s.published DESC, s.id DESC LIMIT {}",
                StatementRow::COLUMNS,
                record::OUTLET,
                ActorPage::LATEST
            );
            let statements = self
                .connection
                .prepare_cached(&sql)?
                .query_map([key], StatementRow::read)?
                .collect::<Result<_, _>>()?;
            Ok((statements, received, given))
        };
        let (statements, received, given) = read().map_err(|e| self.told(&e))?;
        Ok(ActorPage { actor, statements, received, given, verbs: self.verbs(key).map_err(|e| self.told(&e))? })
    }

    /// How outlets report an actor's speech, in its latest statements.
    fn verbs(&self, key: &str) -> rusqlite::Result<Vec<Verb>> {
        let sql = format!(
            "SELECT coalesce(d.outlet, d.namespace) AS who, s.mode, lower(coalesce(s.cue, '')) AS word, count(*) AS c
             FROM (SELECT dispatch_id, mode, cue FROM statements
                   WHERE speaker IN (SELECT name FROM actor_names WHERE actor = ?1 AND name <> '{}')
                   ORDER BY published DESC LIMIT {COUNTED}) s
             JOIN dispatches d ON d.id = s.dispatch_id GROUP BY who, s.mode, word ORDER BY who, s.mode, c DESC, word",
            record::OUTLET
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let mut rows = find.query([key])?;
        let mut verbs: Vec<Verb> = Vec::new();
        while let Some(r) = rows.next()? {
            let (outlet, mode, word, count): (String, String, String, i64) =
                (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
            match verbs.last_mut().filter(|v| v.outlet == outlet && v.mode == mode) {
                Some(verb) => {
                    verb.statements += count;
                    if !word.is_empty() && verb.cues.matches(',').count() < 4 {
                        verb.cues.push_str(if verb.cues.is_empty() { "" } else { ", " });
                        verb.cues.push_str(&word);
                    }
                }
                None => verbs.push(Verb { outlet, mode, statements: count, cues: word }),
            }
        }
        Ok(verbs)
    }

    /// The incident that `id` stands for (its own id, or any of its accounts') with everything attached.
    pub fn incident_of(&self, id: &str) -> Result<IncidentWhole, LedgerError> {
        match self.show(id, false)? {
            super::Shown::Incident(page) => self.incident_whole(&page.incident.id),
            _ => Err(LedgerError::NoSuchId(id.to_owned())),
        }
    }

    /// The searches that `owner` keeps, by name.
    pub fn saved_searches(&self, owner: &str) -> Result<Vec<SavedSearch>, LedgerError> {
        let mut w = Where::default();
        w.add("owner = ?", owner.to_owned());
        let sql = format!("SELECT id, name, query FROM saved_searches{} ORDER BY name", w.sql());
        self.rows(&sql, w, |r| Ok(SavedSearch { id: r.get(0)?, name: r.get(1)?, query: r.get(2)? }))
    }

    /// Keeps a search; one of the same name is replaced.
    pub fn save_search(&self, owner: &str, name: &str, query: &str, at: Timestamp) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO saved_searches (owner, name, query, saved_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at",
                params![owner, name, query, at.to_string()],
            )
            .map(drop)
            .map_err(|e| self.told(&e))
    }

    /// Forgets a search that `owner` keeps.
    pub fn forget_search(&self, owner: &str, id: i64) -> Result<(), LedgerError> {
        self.connection
            .execute("DELETE FROM saved_searches WHERE owner = ?1 AND id = ?2", params![owner, id])
            .map(drop)
            .map_err(|e| self.told(&e))
    }
}
