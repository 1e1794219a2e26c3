//! One actor: what it says and how outlets put it, what it is accused of, whom it accuses; searches that are kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
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
    /// The latest statements that the reporting verbs are counted in.
    pub const COUNTED: i64 = 500;
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

/// The accounts filed last that accusations are taken from.
const FILED: usize = 200;

/// The most words of a [`Verb`].
const CUES: usize = 5;

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
        let (statements, blamed) = (names.iter().map(|n| n.1).sum(), names.iter().map(|n| n.2).sum());
        let names: Vec<String> = names.into_iter().map(|n| n.0).collect();
        let actor = ActorRow { id: key.to_owned(), name, statements, blamed, names: names.clone() };
        let read = || -> rusqlite::Result<_> {
            let (received, given) = (self.accusations("actor", &names)?, self.accusations("speaker", &names)?);
            let latest = self.latest_statements(&names, ActorPage::LATEST as i64)?;
            let sql = format!(
                "SELECT {} FROM statements s JOIN dispatches d ON d.id = s.dispatch_id WHERE s.id = ?1",
                StatementRow::COLUMNS
            );
            let mut find = self.connection.prepare_cached(&sql)?;
            let statements =
                latest.iter().map(|id| find.query_row([id], StatementRow::read)).collect::<rusqlite::Result<_>>()?;
            Ok((statements, received, given, self.verbs(&names)?))
        };
        let (statements, received, given, verbs) = read().map_err(|e| self.told(&e))?;
        Ok(ActorPage { actor, statements, received, given, verbs })
    }

    /// The numbers of the latest statements under these names, latest first: a walk along the index from each name's end,
    /// however many statements it makes.
    fn latest_statements(&self, names: &[String], most: i64) -> rusqlite::Result<Vec<i64>> {
        let mut find =
            self.connection.prepare_cached("SELECT id FROM statements WHERE speaker = ?1 ORDER BY id DESC LIMIT ?2")?;
        let mut latest: Vec<i64> = Vec::new();
        for name in names {
            for id in find.query_map(params![name, most], |r| r.get(0))? {
                latest.push(id?);
            }
        }
        latest.sort_unstable_by(|a, b| b.cmp(a));
        latest.truncate(usize::try_from(most).unwrap_or_default());
        Ok(latest)
    }

    /// Who is tied to which act, of the accounts filed last: those that name one of these as `actor` or as `speaker`.
    fn accusations(&self, column: &str, names: &[String]) -> rusqlite::Result<Vec<Accusation>> {
        let sql = format!(
            "SELECT account_id, id FROM perpetrators WHERE {column} = ?1 ORDER BY account_id DESC LIMIT {FILED}"
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        let mut latest: Vec<(i64, i64)> = Vec::new();
        for name in names {
            for row in find.query_map([name], |r| Ok((r.get(0)?, r.get(1)?)))? {
                latest.push(row?);
            }
        }
        latest.sort_unstable_by(|a, b| b.cmp(a));
        latest.truncate(FILED);
        let mut find = self.connection.prepare_cached(
            "SELECT a.incident_id, a.type, a.date_start, a.place, p.actor, p.stance, p.speaker, d.namespace, d.source_id,
                 d.outlet, d.published, p.words, p.words_start, p.words_end
             FROM perpetrators p JOIN accounts a ON a.id = p.account_id JOIN dispatches d ON d.id = a.dispatch_id
             WHERE p.id = ?1",
        )?;
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
        let mut told: Vec<Accusation> =
            latest.iter().map(|(_, id)| find.query_row([id], accusation)).collect::<rusqlite::Result<_>>()?;
        told.sort_by(|a, b| b.published.cmp(&a.published));
        told.truncate(ActorPage::LATEST);
        Ok(told)
    }

    /// How outlets report an actor's speech, in its latest statements.
    fn verbs(&self, names: &[String]) -> rusqlite::Result<Vec<Verb>> {
        let mut find = self.connection.prepare_cached(
            "SELECT coalesce(d.outlet, d.namespace), s.mode, lower(coalesce(s.cue, ''))
             FROM statements s JOIN dispatches d ON d.id = s.dispatch_id WHERE s.id = ?1",
        )?;
        let mut counts: BTreeMap<(String, String), BTreeMap<String, i64>> = BTreeMap::new();
        for id in self.latest_statements(names, ActorPage::COUNTED)? {
            let (outlet, mode, word) = find.query_row([id], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?)))?;
            *counts.entry((outlet, mode)).or_default().entry(word).or_default() += 1;
        }
        let verb = |((outlet, mode), words): ((String, String), BTreeMap<String, i64>)| {
            let statements = words.values().sum();
            let mut words: Vec<(String, i64)> = words.into_iter().filter(|(word, _)| !word.is_empty()).collect();
            // Of equally many, the first by the alphabet.
            words.sort_by_key(|b| std::cmp::Reverse(b.1));
            let cues = words.into_iter().take(CUES).map(|(word, _)| word).collect::<Vec<_>>().join(", ");
            Verb { outlet, mode, statements, cues }
        };
        Ok(counts.into_iter().map(verb).collect())
    }

    /// The incident that `id` stands for (its own id, or any of its accounts') with everything attached.
    pub fn incident_of(&self, id: &str) -> Result<IncidentWhole, LedgerError> {
        let lies_in = self
            .connection
            .prepare_cached("SELECT incident_id FROM accounts WHERE public_id = ?1")
            .and_then(|mut find| find.query_row([id], |r| r.get::<_, Option<String>>(0)).optional())
            .map_err(|e| self.told(&e))?;
        match lies_in.flatten() {
            Some(incident) => self.incident_whole(&incident),
            // It may be retired, or the id of something else.
            None => self.show(id, false).and_then(|_| Err(LedgerError::NoSuchId(id.to_owned()))),
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
