//! Alerts: standing questions about what was newly read, and their answers on the way to a channel.
//!
//! [`Ledger::look_for_alerts`] asks each alert's question of the records read since it was last asked and keeps the answers
//! as deliveries, each under a key that says what it is about: the same is told once, however often it is read. A delivery
//! waits until its channel took it (at least once: whoever receives it knows repeats by the key).

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{later, moment};
use crate::digest;
use crate::error::LedgerError;
use crate::store::Ledger;

/// What is asked. All parts must hold; an absent one holds always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Part of a place's or province's name, or a country's two letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Part of an actor's name: speaker, blamed, party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Part of the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The type of an incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The status of an accord that is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The least number of killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub killed: Option<i64>,
}

/// Where answers go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// An Atom file.
    Atom,
    /// An address that is posted to.
    Webhook,
    /// A command that is run.
    Command,
}

impl Channel {
    fn name(self) -> &'static str {
        match self {
            Channel::Atom => "atom",
            Channel::Webhook => "webhook",
            Channel::Command => "command",
        }
    }

    fn of(name: &str) -> Channel {
        match name {
            "atom" => Channel::Atom,
            "webhook" => Channel::Webhook,
            _ => Channel::Command,
        }
    }
}

/// An alert to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// Its name.
    pub name: String,
    /// `incident`, `violation`, `toll`, `accord` or `statement`.
    pub kind: String,
    /// What is asked.
    pub question: Question,
    /// Where answers go.
    pub channel: Channel,
    /// File, address or command.
    pub target: String,
    /// Signs a webhook's body.
    pub secret: Option<String>,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What is asked.
    pub question: Question,
    /// Where answers go.
    pub channel: Channel,
    /// File, address or command.
    pub target: String,
    /// Whether bodies are signed.
    pub signed: bool,
    /// Answers delivered.
    pub delivered: u64,
    /// Answers on their way.
    pub waiting: u64,
    /// Answers given up.
    pub failed: u64,
}

/// An answer on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The alert's number and name.
    pub alert: i64,
    /// The alert's name.
    pub name: String,
    /// Where it goes.
    pub channel: Channel,
    /// File, address or command.
    pub target: String,
    /// Signs a webhook's body.
    pub secret: Option<String>,
    /// What it is about; the same for every try.
    pub key: String,
    /// One line.
    pub title: String,
    /// JSON.
    pub body: String,
    /// Tries so far.
    pub attempts: u32,
    /// When it was found.
    pub found_at: String,
}

/// An answer before it is stored.
struct Answer {
    key: String,
    title: String,
    body: serde_json::Value,
}

impl Ledger {
    /// Adds an alert that looks at what is read from `at` on; false when its name is taken.
    pub fn add_alert(&mut self, new: &NewAlert, at: Timestamp) -> Result<bool, LedgerError> {
        let question = serde_json::to_string(&new.question).unwrap_or_default();
        let added = self.connection.execute(
            "INSERT INTO alerts (name, kind, question, channel, target, secret, added_at, looked_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT DO NOTHING",
            params![new.name, new.kind, question, new.channel.name(), new.target, new.secret, moment(at)],
        );
        added.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// Removes an alert and its deliveries; false when there is none of that name.
    pub fn remove_alert(&mut self, name: &str) -> Result<bool, LedgerError> {
        let gone = self.connection.execute("DELETE FROM alerts WHERE name = ?1", [name]);
        gone.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// All alerts, by name.
    pub fn alerts(&self) -> Result<Vec<Alert>, LedgerError> {
        let run = || -> rusqlite::Result<Vec<Alert>> {
            let mut rows = self.connection.prepare(
                "SELECT a.id, a.name, a.kind, a.question, a.channel, a.target, a.secret IS NOT NULL,
                    (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'done'),
                    (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'waiting'),
                    (SELECT count(*) FROM deliveries d WHERE d.alert_id = a.id AND d.state = 'failed')
                 FROM alerts a ORDER BY a.name",
            )?;
            let found = rows.query_map([], |r| {
                Ok(Alert {
                    id: r.get(0)?,
                    name: r.get(1)?,
                    kind: r.get(2)?,
                    question: serde_json::from_str(&r.get::<_, String>(3)?).unwrap_or_default(),
                    channel: Channel::of(&r.get::<_, String>(4)?),
                    target: r.get(5)?,
                    signed: r.get(6)?,
                    delivered: r.get::<_, i64>(7)?.unsigned_abs(),
                    waiting: r.get::<_, i64>(8)?.unsigned_abs(),
                    failed: r.get::<_, i64>(9)?.unsigned_abs(),
                })
            })?;
            found.collect()
        };
        run().map_err(|e| self.told(&e))
    }

    /// Asks every alert of the records read since it was last asked; says how many new answers there are.
    pub fn look_for_alerts(&mut self, at: Timestamp) -> Result<usize, LedgerError> {
        let path = self.path.clone();
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
        let alerts = self.alerts()?;
        if alerts.is_empty() {
            return Ok(0);
        }
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let mut new = 0;
        let mut run = || -> rusqlite::Result<()> {
            for alert in &alerts {
                let since: String =
                    tx.query_row("SELECT looked_at FROM alerts WHERE id = ?1", [alert.id], |r| r.get(0))?;
                for answer in answers(&tx, &alert.kind, &alert.question, Some(&since), 1000)? {
                    let mut body = answer.body;
                    if let Some(object) = body.as_object_mut() {
                        object.insert("alert".to_owned(), json!(alert.name));
                        object.insert("key".to_owned(), json!(answer.key));
                        object.insert("title".to_owned(), json!(answer.title));
                    }
                    new += tx
                        .prepare_cached(
                            "INSERT INTO deliveries (alert_id, key, title, body, state, next_at, found_at)
                             VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?5) ON CONFLICT DO NOTHING",
                        )?
                        .execute(params![alert.id, answer.key, answer.title, body.to_string(), moment(at)])?;
                }
                // Two seconds back: what was read in the same second may come to be filed a little later.
                let from = at.checked_sub(jiff::SignedDuration::from_secs(2)).unwrap_or(at);
                tx.execute(
                    "UPDATE alerts SET looked_at = max(added_at, ?2) WHERE id = ?1",
                    params![alert.id, moment(from)],
                )?;
            }
            Ok(())
        };
        run().map_err(told)?;
        tx.commit().map_err(told)?;
        Ok(new)
    }

    /// What an alert would have told of all that is in the ledger: title and body of the latest answers. Nothing is kept.
    pub fn try_alert(&self, kind: &str, question: &Question, limit: u32) -> Result<Vec<(String, String)>, LedgerError> {
        let found = answers(&self.connection, kind, question, None, limit).map_err(|e| self.told(&e))?;
        Ok(found.into_iter().map(|a| (a.title, a.body.to_string())).collect())
    }

    /// Answers that are due.
    pub fn due_deliveries(&self, at: Timestamp, limit: u32) -> Result<Vec<Delivery>, LedgerError> {
        self.deliveries(
            "d.state = 'waiting' AND d.next_at <= ?1 ORDER BY d.next_at, d.id",
            Value::Text(moment(at)),
            limit,
        )
    }

    /// The latest answers of an alert that were delivered, newest first: what its Atom file holds.
    pub fn delivered(&self, alert: i64, limit: u32) -> Result<Vec<Delivery>, LedgerError> {
        self.deliveries("d.alert_id = ?1 AND d.state = 'done' ORDER BY d.id DESC", Value::Integer(alert), limit)
    }

    fn deliveries(&self, condition: &str, value: Value, limit: u32) -> Result<Vec<Delivery>, LedgerError> {
        let run = || -> rusqlite::Result<Vec<Delivery>> {
            let sql = format!(
                "SELECT d.id, d.alert_id, a.name, a.channel, a.target, a.secret, d.key, d.title, d.body, d.attempts, d.found_at
                 FROM deliveries d JOIN alerts a ON a.id = d.alert_id WHERE {condition} LIMIT ?2"
            );
            let mut rows = self.connection.prepare(&sql)?;
            let found = rows.query_map(params![value, limit], |r| {
                Ok(Delivery {
                    id: r.get(0)?,
                    alert: r.get(1)?,
                    name: r.get(2)?,
                    channel: Channel::of(&r.get::<_, String>(3)?),
                    target: r.get(4)?,
                    secret: r.get(5)?,
                    key: r.get(6)?,
                    title: r.get(7)?,
                    body: r.get(8)?,
                    attempts: r.get(9)?,
                    found_at: r.get(10)?,
                })
            })?;
            found.collect()
        };
        run().map_err(|e| self.told(&e))
    }

    /// Notes that a delivery was taken.
    pub fn delivery_done(&mut self, id: i64, at: Timestamp) -> Result<(), LedgerError> {
        let done = self.connection.execute(
            "UPDATE deliveries SET state = 'done', attempts = attempts + 1, done_at = ?2, problem = NULL WHERE id = ?1",
            params![id, moment(at)],
        );
        done.map(|_| ()).map_err(|e| self.told(&e))
    }

    /// Notes that a delivery was not taken: tried again after `wait`, or given up without one.
    pub fn delivery_failed(
        &mut self,
        id: i64,
        problem: &str,
        wait: Option<Duration>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let state = if wait.is_some() { "waiting" } else { "failed" };
        let done = self.connection.execute(
            "UPDATE deliveries SET state = ?2, attempts = attempts + 1, problem = ?3, next_at = ?4 WHERE id = ?1",
            params![id, state, problem, later(at, wait.unwrap_or_default())],
        );
        done.map(|_| ()).map_err(|e| self.told(&e))
    }
}

/// The part that all questions share: which dispatches were read since.
const READ_SINCE: &str = "d.id IN (SELECT v.dispatch_id FROM records r JOIN versions v ON v.id = r.version_id WHERE r.current AND substr(r.read_at, 1, 19) >= substr(?, 1, 19))";

/// Conditions with their values, in order.
#[derive(Default)]
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: &str, value: impl Into<Value>) {
        let value = value.into();
        for _ in 0..sql.matches('?').count() {
            self.values.push(value.clone());
        }
        self.sql.push_str(" AND (");
        self.sql.push_str(sql);
        self.sql.push(')');
    }

    fn like(&mut self, columns: &[&str], part: &Option<String>) {
        if let Some(part) = part {
            let sql: Vec<String> = columns.iter().map(|c| format!("{c} LIKE ? ESCAPE '\\'")).collect();
            self.add(&sql.join(" OR "), crate::query::like(part));
        }
    }
}

fn answers(c: &Connection, kind: &str, q: &Question, since: Option<&str>, limit: u32) -> rusqlite::Result<Vec<Answer>> {
    let mut w = Conditions::default();
    if let Some(since) = since {
        w.add(READ_SINCE, since.to_owned());
    }
    match kind {
        "incident" | "toll" => {
            w.like(&["i.place", "i.admin1", "i.country"], &q.place);
            if let Some(of) = &q.r#type {
                w.add("i.type = ?", of.clone());
            }
            w.like(&["d.headline", "a.trigger_words"], &q.text);
            if let Some(actor) = &q.actor {
                w.add(
                    "EXISTS (SELECT 1 FROM perpetrators p WHERE p.account_id = a.id AND p.actor LIKE ? ESCAPE '\\')",
                    crate::query::like(actor),
                );
            }
            if let Some(killed) = q.killed.or((kind == "toll").then_some(1)) {
                w.add("i.killed_high >= ?", killed);
            }
            let sql = format!(
                "SELECT i.id, i.type, i.place, i.date_start, max(i.killed_high), max(d.outlet), max(d.headline), max(a.trigger_words), max(d.url)
                 FROM incidents i JOIN accounts a ON a.incident_id = i.id JOIN dispatches d ON d.id = a.dispatch_id
                 WHERE NOT i.background AND i.modality = 'asserted'{} GROUP BY i.id ORDER BY i.date_start DESC, i.id LIMIT {limit}",
                w.sql
            );
            let mut rows = c.prepare(&sql)?;
            let found = rows.query_map(params_from_iter(w.values), |r| {
                let (id, of, place): (String, String, Option<String>) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (date, killed, outlet): (Option<String>, Option<i64>, Option<String>) = (r.get(3)?, r.get(4)?, r.get(5)?);
                let (headline, words, url): (Option<String>, String, Option<String>) = (r.get(6)?, r.get(7)?, r.get(8)?);
                let toll = killed.unwrap_or_default();
                let at = place.as_deref().unwrap_or("an unnamed place");
                let day = date.as_deref().unwrap_or("undated");
                let (key, title) = if kind == "toll" {
                    (format!("toll:{id}:{toll}"), format!("{at}, {day}: up to {toll} killed, the highest toll told so far"))
                } else {
                    (format!("incident:{id}"), format!("{at}, {day}: {}", of.replace('_', " ")))
                };
                let body = json!({"kind": kind, "incident": id, "type": of, "place": place, "date": date, "killed_high": killed,
                    "outlet": outlet, "headline": headline, "words": words, "url": url});
                Ok(Answer { key, title, body })
            })?;
            found.collect()
        }
        "violation" | "accord" => {
            if kind == "violation" {
                w.add("s.status = ?", "violated".to_owned());
            } else if let Some(status) = &q.status {
                w.add("s.status = ?", status.clone());
            }
            w.like(&["aa.place", "aa.name", "d.text"], &q.place);
            w.like(&["s.party", "s.blamed", "s.speaker"], &q.actor);
            w.like(&["s.words", "d.headline"], &q.text);
            let sql = format!(
                "SELECT s.words, s.words_start, s.status, s.party, s.blamed, s.speaker, s.date, aa.accord_id, aa.name, d.namespace, d.source_id,
                        d.outlet, d.headline, d.url, s.modality
                 FROM status_claims s JOIN accord_accounts aa ON aa.id = s.accord_account_id
                 JOIN (SELECT d.*, t.text FROM dispatches d JOIN current_texts t ON t.id = d.id) d ON d.id = aa.dispatch_id
                 WHERE s.modality = 'asserted'{} ORDER BY s.id DESC LIMIT {limit}",
                w.sql
            );
            let mut rows = c.prepare(&sql)?;
            let found = rows.query_map(params_from_iter(w.values), |r| {
                let (words, start, status): (String, i64, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (party, blamed, speaker): (Option<String>, Option<String>, String) = (r.get(3)?, r.get(4)?, r.get(5)?);
                let (date, accord, name): (Option<String>, Option<String>, String) = (r.get(6)?, r.get(7)?, r.get(8)?);
                let (namespace, source): (String, String) = (r.get(9)?, r.get(10)?);
                let (outlet, headline, url): (Option<String>, Option<String>, Option<String>) = (r.get(11)?, r.get(12)?, r.get(13)?);
                let told = digest::hex(format!("{namespace}\n{source}\n{start}\n{status}\n{words}").as_bytes());
                let key = format!("{kind}:{}", told.get(..24).unwrap_or(&told));
                let who = blamed.as_deref().map(|b| format!(", blamed on {b}")).unwrap_or_default();
                let by = if speaker == record::OUTLET { outlet.as_deref().unwrap_or("an outlet") } else { &speaker };
                let title = format!("{name}: {}{who}, according to {by}", status.replace('_', " "));
                let body = json!({"kind": kind, "accord": accord, "name": name, "status": status, "party": party, "blamed": blamed, "by": speaker,
                    "date": date, "dispatch": source, "outlet": outlet, "headline": headline, "words": words, "url": url});
                Ok(Answer { key, title, body })
            })?;
            found.collect()
        }
        _ => {
            w.like(&["s.speaker"], &q.actor);
            w.like(&["s.content", "d.headline"], &q.text);
            w.like(&["t.text"], &q.place);
            let sql = format!(
                "SELECT s.speaker, s.mode, s.content, s.content_start, d.namespace, d.source_id, d.outlet, d.headline, d.url
                 FROM statements s JOIN dispatches d ON d.id = s.dispatch_id JOIN current_texts t ON t.id = d.id
                 WHERE 1{} ORDER BY s.id DESC LIMIT {limit}",
                w.sql
            );
            let mut rows = c.prepare(&sql)?;
            let found = rows.query_map(params_from_iter(w.values), |r| {
                let (speaker, mode, words): (String, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
                let (start, namespace, source): (Option<i64>, String, String) = (r.get(3)?, r.get(4)?, r.get(5)?);
                let (outlet, headline, url): (Option<String>, Option<String>, Option<String>) = (r.get(6)?, r.get(7)?, r.get(8)?);
                let told = digest::hex(format!("{namespace}\n{source}\n{start:?}\n{speaker}\n{words}").as_bytes());
                let title: String = format!("{speaker} {mode}: {words}").chars().take(160).collect();
                let body = json!({"kind": "statement", "speaker": speaker, "mode": mode, "words": words, "dispatch": source, "outlet": outlet,
                    "headline": headline, "url": url});
                Ok(Answer { key: format!("statement:{}", told.get(..24).unwrap_or(&told)), title, body })
            })?;
            found.collect()
        }
    }
}
