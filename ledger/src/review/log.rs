//! The log of decisions, newest first.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::Serialize;
use serde_json::Value;

use crate::{Ledger, LedgerError};

/// A moment as the log writes it: all with the same number of digits, so that they sort as text.
pub fn moment(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// Which entries of the log.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// About this incident, accord, account, part, dispatch; or the decision of this id.
    pub about: Option<String>,
    /// By this reviewer.
    pub who: Option<String>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Only decisions that stand.
    pub standing: bool,
    /// Older than the entry of this number, for the next page.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: Option<u32>,
}

impl LogFilter {
    /// The decisions that stand on an incident, accord, dispatch or what they are made of.
    pub fn standing_on(id: &str) -> LogFilter {
        LogFilter { about: Some(id.to_owned()), standing: true, ..LogFilter::default() }
    }
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogEntry {
    /// Public id.
    pub id: String,
    /// Its place in the log, for paging.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was set, added or noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What the reader has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Value>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The id of the decision that it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The id of the undo, where it was undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    /// The words it is anchored on, the first of them.
    pub words: String,
    /// The dispatch of these words.
    pub dispatch: Option<String>,
    /// `attached`, `orphaned` (its words have no place in the current reading), `waiting` (its dispatch is not here).
    pub state: Option<String>,
    /// Address of the item within the dispatch's current record.
    pub item: Option<String>,
}

const COLUMNS: &str =
    "SELECT l.uid, l.id, l.at, l.reviewer, l.action, l.target_kind, l.target, l.field, l.value, l.was, l.why, o.uid, u.uid,
         coalesce(a.exact, ''), a.namespace || ':' || a.source_id, a.state, a.item
     FROM review_log l LEFT JOIN review_log o ON o.id = l.undoes LEFT JOIN review_log u ON u.undoes = l.id
     LEFT JOIN review_anchors a ON a.log_id = l.id AND a.number = 1";

fn read_entry(r: &Row) -> rusqlite::Result<LogEntry> {
    let json = |text: Option<String>| text.and_then(|t| serde_json::from_str(&t).ok());
    Ok(LogEntry {
        id: r.get(0)?,
        number: r.get(1)?,
        at: r.get(2)?,
        by: r.get(3)?,
        action: r.get(4)?,
        kind: r.get(5)?,
        target: r.get(6)?,
        field: r.get(7)?,
        value: json(r.get(8)?),
        was: json(r.get(9)?),
        why: r.get(10)?,
        undoes: r.get(11)?,
        undone_by: r.get(12)?,
        words: r.get(13)?,
        dispatch: r.get(14)?,
        state: r.get(15)?,
        item: r.get(16)?,
    })
}

/// The entry of this public id.
pub(super) fn entry(tx: &Connection, uid: &str) -> rusqlite::Result<Option<LogEntry>> {
    tx.prepare_cached(&format!("{COLUMNS} WHERE l.uid = ?1"))?.query_row([uid], read_entry).optional()
}

impl Ledger {
    /// Decisions, newest first.
    pub fn log(&self, filter: &LogFilter) -> Result<Vec<LogEntry>, LedgerError> {
        let mut conditions: Vec<String> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut add = |condition: &str, value: Sql| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("?{}", values.len())));
        };
        if let Some(about) = &filter.about {
            add(
                "(l.uid = ? OR l.target = ? OR l.id IN (
                     SELECT b.log_id FROM review_anchors b JOIN dispatches d ON d.namespace = b.namespace AND d.source_id = b.source_id
                     JOIN (SELECT dispatch_id, item FROM accounts WHERE incident_id = ? OR public_id = ?
                           UNION SELECT dispatch_id, item FROM accord_accounts WHERE accord_id = ? OR public_id = ?
                           UNION SELECT dispatch_id, item FROM retired_ids WHERE old_id = ? AND item IS NOT NULL) x
                       ON x.dispatch_id = d.id AND (b.item = x.item OR b.item LIKE x.item || '.%')
                     UNION SELECT b.log_id FROM review_anchors b WHERE b.source_id = ? OR b.namespace || ':' || b.source_id = ?
                        OR b.namespace || ':' || b.source_id || '#' || b.item = ?)
                  OR l.undoes IN (SELECT id FROM review_log WHERE uid = ? OR target = ?))",
                about.clone().into(),
            );
        }
        if let Some(who) = &filter.who {
            add("l.reviewer = ?", who.clone().into());
        }
        if let Some(since) = filter.since {
            add("l.at >= ?", moment(since).into());
        }
        if let Some(before) = filter.before {
            add("l.id < ?", before.into());
        }
        if filter.standing {
            conditions.push("l.action <> 'undo' AND u.id IS NULL".to_owned());
        }
        let clause = if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) };
        let limit = filter.limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let sql = format!("{COLUMNS} {clause} ORDER BY l.id DESC{limit}");
        let read = || -> rusqlite::Result<Vec<LogEntry>> {
            let mut find = self.connection.prepare_cached(&sql)?;
            find.query_map(params_from_iter(values), read_entry)?.collect()
        };
        read().map_err(|e| self.told(&e))
    }
}

impl LogEntry {
    /// The entry in a sentence.
    pub fn sentence(&self) -> String {
        let shown = |v: &Option<Value>| match v {
            Some(Value::String(s)) => s.clone(),
            Some(Value::Null) | None => "not known".to_owned(),
            Some(Value::Array(both)) => both.iter().map(Value::to_string).collect::<Vec<_>>().join("–"),
            Some(other) => other.to_string(),
        };
        let (who, target, kind) = (&self.by, &self.target, self.kind.replace('_', " "));
        match self.action.as_str() {
            "accept" => format!("{who} accepted {kind} {target}"),
            "reject" => format!("{who} rejected {kind} {target}: it counts no more"),
            "edit" => format!(
                "{who} set {} of {kind} {target} to {} (the reader had {})",
                self.field.as_deref().unwrap_or_default(),
                shown(&self.value),
                shown(&self.was)
            ),
            "merge" => format!("{who} took {} for one", target.replace(' ', " and ")),
            "split" => {
                let (from, out) = target.split_once(' ').unwrap_or((target, ""));
                format!("{who} took {} out of {from}", out.replace(' ', " and "))
            }
            "not_same" => format!("{who} told {} apart", target.replace(' ', " and ")),
            "note" => format!("{who} noted on {kind} {target}: {}", shown(&self.value)),
            "add" => {
                let article = if kind.starts_with('a') || kind.starts_with('i') { "an" } else { "a" };
                format!("{who} added {article} {kind} to {target}: “{}”", self.words)
            }
            "kill" => format!("{who} killed {target}: nothing of it counts"),
            "withhold" => format!("{who} withheld {target}: nothing of it counts for now"),
            "restore" => format!("{who} restored {target}"),
            "redact" => format!("{who} redacted words of {target}"),
            "undo" => format!("{who} undid {} on {target}", self.undoes.as_deref().unwrap_or_default()),
            other => format!("{who}: {other} {target}"),
        }
    }
}
