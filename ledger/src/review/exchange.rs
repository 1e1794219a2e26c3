//! Decisions as JSON Lines: out of one ledger and into another.
//!
//! A line is `{"decision": {…}}` with everything that the log has of it and the anchors it is tied by: words in dispatches,
//! never row numbers. Its public id is the same everywhere, so that reading the same lines twice does nothing. Decisions
//! may come before the dispatches that they are about: they wait, and are attached when those are filed.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::anchor::Anchor;
use super::decide::{By, Entry, apply_entry, settle_state_of};
use super::live::{ANCHOR, anchor_of};
use crate::store::{accords, flat, incidents};
use crate::{Ledger, LedgerError};

/// The name of the form.
pub const SCHEMA: &str = "dateline/decision/1";

/// A decision as it is carried.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Carried {
    schema: String,
    id: String,
    at: Timestamp,
    by: String,
    action: String,
    kind: String,
    target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undoes: Option<String>,
    #[serde(default)]
    anchors: Vec<Sided>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sided {
    #[serde(default = "one_side")]
    side: String,
    #[serde(flatten)]
    anchor: Anchor,
}

fn one_side() -> String {
    "a".to_owned()
}

/// What became of decisions that were brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Imported {
    /// Decisions that were not there.
    pub new: usize,
    /// Decisions that were there already.
    pub known: usize,
    /// Of the new ones: with words that have no place in the dispatches that are here.
    pub orphaned: usize,
    /// Of the new ones: about dispatches that are not here yet.
    pub waiting: usize,
}

/// All decisions of a ledger, in the order of its log, one JSON object a line: `{"decision": {…}}`.
pub fn export_decisions(ledger: &Ledger) -> Result<Vec<Value>, LedgerError> {
    let read = || -> rusqlite::Result<Vec<Value>> {
        let mut find = ledger.connection.prepare(
            "SELECT l.id, l.uid, l.at, l.reviewer, l.action, l.target_kind, l.target, l.field, l.value, l.was, l.why, o.uid
             FROM review_log l LEFT JOIN review_log o ON o.id = l.undoes ORDER BY l.id",
        )?;
        let json = |text: Option<String>| text.and_then(|t| serde_json::from_str::<Value>(&t).ok());
        let mut rows = find.query([])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let id: i64 = r.get(0)?;
            let at: String = r.get(2)?;
            let mut anchors = ledger.connection.prepare_cached(&format!(
                "SELECT a.side, {ANCHOR} FROM review_anchors a WHERE a.log_id = ?1 ORDER BY a.number"
            ))?;
            let anchors = anchors
                .query_map([id], |a| Ok(Sided { side: a.get(0)?, anchor: anchor_of(a, 1)? }))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let carried = Carried {
                schema: SCHEMA.to_owned(),
                id: r.get(1)?,
                at: at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
                by: r.get(3)?,
                action: r.get(4)?,
                kind: r.get(5)?,
                target: r.get(6)?,
                field: r.get(7)?,
                value: json(r.get(8)?),
                was: json(r.get(9)?),
                why: r.get(10)?,
                undoes: r.get(11)?,
                anchors,
            };
            out.push(json!({"decision": carried}));
        }
        Ok(out)
    };
    read().map_err(|e| ledger.told(&e))
}

/// Brings decisions in, as [`export_decisions`] gives them; those that are there already do nothing. All of them or, where
/// one is wrong, none.
pub fn import_decisions(ledger: &mut Ledger, decisions: &[Value]) -> Result<Imported, LedgerError> {
    let path = ledger.path.clone();
    let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
    let mut carried = Vec::new();
    for (n, value) in decisions.iter().enumerate() {
        let inner = value.get("decision").unwrap_or(value).clone();
        let one: Carried = serde_json::from_value(inner).map_err(|e| {
            LedgerError::Refused(format!("decision {}: is not as `dateline export jsonl` writes them: {e}", n + 1))
        })?;
        if one.schema != SCHEMA {
            return Err(LedgerError::Refused(format!("decision {}: has schema {}, not {SCHEMA}", n + 1, one.schema)));
        }
        carried.push(one);
    }
    let mut touched = std::mem::take(&mut ledger.touched);
    let tx = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
    let mut imported = Imported::default();
    let mut logs = Vec::new();
    let moment = crate::changes::Moment::machine(carried.iter().map(|c| c.at).max().unwrap_or(Timestamp::UNIX_EPOCH));
    for one in carried {
        let id_of = |uid: &str| {
            tx.prepare_cached("SELECT id FROM review_log WHERE uid = ?1")?
                .query_row([uid], |r| r.get::<_, i64>(0))
                .optional()
        };
        if id_of(&one.id).map_err(told)?.is_some() {
            imported.known += 1;
            continue;
        }
        let undoes = match &one.undoes {
            Some(uid) => Some(id_of(uid).map_err(told)?.ok_or_else(|| {
                LedgerError::Refused(format!("decision {}: undoes {uid}, which is neither here nor before it", one.id))
            })?),
            None => None,
        };
        let entry = Entry {
            action: one.action,
            kind: one.kind,
            target: one.target,
            field: one.field,
            value: one.value,
            was: one.was,
            anchors: one.anchors.into_iter().map(|s| (if s.side == "b" { "b" } else { "a" }, s.anchor)).collect(),
            undoes,
        };
        let by = By { who: one.by, why: one.why, at: one.at };
        let (log_id, _) = entry.write(&tx, &by, Some(&one.id)).map_err(told)?;
        imported.new += 1;
        // Each in its turn, as it was made: a decision finds its words before the one that takes it back, so that the log
        // knows afterwards what it was about. An undo takes effect on what it undoes.
        let effective = undoes.unwrap_or(log_id);
        let reason = format!("set aside by {} (see `dateline log`)", by.who);
        settle_state_of(&tx, effective)
            .and_then(|()| apply_entry(&tx, effective, &reason, &mut touched, &moment))
            .map_err(told)?;
        logs.push(log_id);
    }
    flat::index_statements(&tx, &mut touched.0.unindexed).map_err(told)?;
    incidents::settle(&tx, &mut touched.0, &moment).map_err(told)?;
    accords::settle(&tx, &mut touched.1, &moment).map_err(told)?;
    for log_id in &logs {
        let states = |state: &str| {
            tx.prepare_cached("SELECT 1 FROM review_anchors WHERE log_id = ?1 AND state = ?2")?.exists((log_id, state))
        };
        imported.orphaned += usize::from(states("orphaned").map_err(told)?);
        imported.waiting += usize::from(states("waiting").map_err(told)?);
    }
    tx.commit().map_err(told)?;
    ledger.touched = touched;
    Ok(imported)
}
