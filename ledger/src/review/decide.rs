//! Deciding and undoing.
//!
//! What a decision becomes, an entry of the log with its anchors, is worked out in [`prepare`](super::prepare); here it is
//! written down, carried out, and taken back.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::anchor::Anchor;
use super::prepare::prepare;
use super::{live, log};
use crate::changes::Moment;
use crate::store::flat::{self, Both};
use crate::store::{accords, filing, incidents};
use crate::{Ledger, LedgerError, digest};

/// Who decides, when and why.
#[derive(Debug, Clone)]
pub struct By {
    /// The reviewer.
    pub who: String,
    /// The reason given.
    pub why: Option<String>,
    /// The moment.
    pub at: Timestamp,
}

/// What a person decides. Ids are those of incidents, accords, their accounts (`i…`, `a…`), parts of an account
/// (`i….f1`), items of a dispatch (`namespace:id#s3`, `namespace:id#i1`), or dispatches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum Decision {
    /// The reading is right. Of an incident: of all its accounts.
    Accept {
        /// What.
        id: String,
    },
    /// The reading is wrong, and counts no more. Of an incident: of all its accounts.
    Reject {
        /// What.
        id: String,
    },
    /// One field of an item has another value; the reader's value is kept.
    Edit {
        /// What.
        id: String,
        /// The field, by the name it has in lists or records.
        field: String,
        /// The value: a text is taken for a number, a flag or a list where the field is one; null for not known.
        value: Value,
    },
    /// Two incidents, or two accords, are one.
    Merge {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// Accounts are not of the incident or accord they were put in.
    Split {
        /// The incident or accord.
        id: String,
        /// The accounts that go.
        accounts: Vec<String>,
    },
    /// Two incidents, accords or accounts are not the same.
    NotSame {
        /// One.
        a: String,
        /// The other.
        b: String,
    },
    /// A remark; changes nothing.
    Note {
        /// On what.
        id: String,
        /// The remark.
        text: String,
    },
    /// An item that the reader missed, by its words.
    Add {
        /// The dispatch; for a figure, perpetrator, victim or claim the account it belongs to.
        to: String,
        /// `incident`, `figure`, `statement`, `perpetrator`, `victim`, `claim`, `accord`, `status_claim`.
        kind: String,
        /// The exact words.
        words: String,
        /// Which of several places of these words, from 1 on.
        #[serde(default)]
        occurrence: Option<usize>,
        /// Its fields, as in a record.
        #[serde(default)]
        fields: Map<String, Value>,
    },
    /// The dispatch was withdrawn by its outlet: nothing of it counts.
    Kill {
        /// The dispatch.
        id: String,
    },
    /// The dispatch is held back: nothing of it counts for now.
    Withhold {
        /// The dispatch.
        id: String,
    },
    /// The dispatch counts again.
    Restore {
        /// The dispatch.
        id: String,
    },
}

impl Decision {
    /// An edit whose value is written as text.
    pub fn edit(id: impl Into<String>, field: impl Into<String>, value: impl Into<String>) -> Decision {
        Decision::Edit { id: id.into(), field: field.into(), value: Value::String(value.into()) }
    }

    /// Its name in the log.
    pub fn action(&self) -> &'static str {
        match self {
            Decision::Accept { .. } => "accept",
            Decision::Reject { .. } => "reject",
            Decision::Edit { .. } => "edit",
            Decision::Merge { .. } => "merge",
            Decision::Split { .. } => "split",
            Decision::NotSame { .. } => "not_same",
            Decision::Note { .. } => "note",
            Decision::Add { .. } => "add",
            Decision::Kill { .. } => "kill",
            Decision::Withhold { .. } => "withhold",
            Decision::Restore { .. } => "restore",
        }
    }
}

/// A decision that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Its public id.
    pub id: String,
    /// What was done.
    pub action: String,
    /// In a sentence.
    pub said: String,
    /// The incidents and accords that it concerns, as they are now.
    pub now: Vec<String>,
    /// The address of what was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<String>,
}

/// One entry to be written: the row of the log and its anchors with their sides.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub action: String,
    pub kind: String,
    pub target: String,
    pub field: Option<String>,
    pub value: Option<Value>,
    pub was: Option<Value>,
    pub anchors: Vec<(&'static str, Anchor)>,
    pub undoes: Option<i64>,
}

impl Entry {
    /// The public id: a hash of all that was decided, the same wherever it is carried to.
    fn uid(&self, by: &By, salt: u32) -> String {
        let anchors = serde_json::to_string(&self.anchors).unwrap_or_default();
        let value = self.value.as_ref().map(Value::to_string).unwrap_or_default();
        let (at, salt) = (log::moment(by.at), if salt > 0 { salt.to_string() } else { String::new() });
        let parts = [
            at.as_str(),
            &by.who,
            &self.action,
            &self.target,
            self.field.as_deref().unwrap_or_default(),
            &value,
            by.why.as_deref().unwrap_or_default(),
            &anchors,
            &salt,
        ];
        digest::public_id('r', &parts)
    }

    /// Writes it down. Returns its row and its public id.
    pub(super) fn write(&self, tx: &Connection, by: &By, uid: Option<&str>) -> rusqlite::Result<(i64, String)> {
        let mut salt = 0;
        let uid = match uid {
            Some(uid) => uid.to_owned(),
            None => loop {
                let uid = self.uid(by, salt);
                if !tx.prepare_cached("SELECT 1 FROM review_log WHERE uid = ?1")?.exists([&uid])? {
                    break uid;
                }
                salt += 1;
            },
        };
        tx.prepare_cached(
            "INSERT INTO review_log (uid, at, reviewer, action, target_kind, target, field, value, was, why, undoes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            uid,
            log::moment(by.at),
            by.who,
            self.action,
            self.kind,
            self.target,
            self.field,
            self.value.as_ref().map(Value::to_string),
            self.was.as_ref().map(Value::to_string),
            by.why,
            self.undoes,
        ])?;
        let log_id = tx.last_insert_rowid();
        for (n, (side, anchor)) in self.anchors.iter().enumerate() {
            live::insert_anchor(tx, log_id, n as i64 + 1, side, anchor)?;
        }
        Ok((log_id, uid))
    }
}

impl Ledger {
    /// Makes a decision: writes it to the log and works out what follows, in one transaction.
    pub fn decide(&mut self, decision: &Decision, by: &By) -> Result<Made, LedgerError> {
        if by.who.trim().is_empty() {
            return Err(LedgerError::Refused("say who decides (a name)".to_owned()));
        }
        self.in_one(|tx, touched, told| {
            let entry = prepare(tx, told, decision)?;
            let (log_id, uid) = entry.write(tx, by, None).map_err(told)?;
            let reason = format!("set aside by {}: dateline undo {uid} brings it back", by.who);
            let moment = Moment::person(by.at, &by.who, &uid);
            let applied = settle_state_of(tx, log_id).and_then(|()| apply_entry(tx, log_id, &reason, touched, &moment));
            applied.map_err(told)?;
            let mut said = said(tx, &uid).map_err(told)?;
            if names_a_place(&entry) {
                said.push_str(&where_it_lies(tx, log_id).map_err(told)?);
            }
            let added = (entry.action == "add").then(|| live::mark(&uid));
            Ok((Made { id: uid, action: entry.action.clone(), said, now: Vec::new(), added }, log_id))
        })
    }

    /// Takes a decision back: the one of this id, else the latest that `by` made and that stands.
    pub fn undo(&mut self, id: Option<&str>, by: &By) -> Result<Made, LedgerError> {
        if by.who.trim().is_empty() {
            return Err(LedgerError::Refused("say who decides (a name)".to_owned()));
        }
        self.in_one(|tx, touched, told| {
            let row = |sql: &str, value: &str| {
                tx.query_row(sql, [value], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?, r.get::<_, String>(4)?))
                })
                .optional()
                .map_err(told)
            };
            let columns = "SELECT id, uid, action, target_kind, target";
            let found = match id {
                Some(uid) => row(&format!("{columns} FROM review_log WHERE uid = ?1"), uid)?
                    .ok_or_else(|| LedgerError::Refused(format!("{uid}: no decision goes by this id (see `dateline log`)")))?,
                None => row(
                    &format!("{columns} FROM standing_decisions WHERE reviewer = ?1 AND action <> 'redact' ORDER BY at DESC, id DESC LIMIT 1"),
                    &by.who,
                )?
                .ok_or_else(|| LedgerError::Refused(format!("{} has made no decision that stands", by.who)))?,
            };
            let (log_id, uid, action, kind, target) = found;
            if action == "undo" {
                return Err(LedgerError::Refused(format!("{uid}: an undo is not undone; decide again")));
            }
            if action == "redact" {
                return Err(LedgerError::Refused(format!("{uid}: redacted words are gone and cannot be brought back")));
            }
            let stands = tx
                .prepare_cached("SELECT 1 FROM standing_decisions WHERE id = ?1")
                .and_then(|mut s| s.exists([log_id]))
                .map_err(told)?;
            if !stands {
                return Err(LedgerError::Refused(format!("{uid}: was undone already")));
            }
            let entry = Entry {
                action: "undo".to_owned(),
                kind,
                target,
                value: Some(json!(uid)),
                undoes: Some(log_id),
                ..Entry::default()
            };
            let (_, own) = entry.write(tx, by, None).map_err(told)?;
            let moment = Moment::person(by.at, &by.who, &own);
            let done = settle_state_of(tx, log_id).and_then(|()| {
                apply_entry(tx, log_id, &format!("its addition was undone by {}", by.who), touched, &moment)
            });
            done.and_then(|()| forget_names(tx, log_id)).map_err(told)?;
            let said = format!("{} undid {uid} ({} {})", by.who, action.replace('_', " "), entry.target);
            Ok((Made { id: own, action: "undo".to_owned(), said, now: Vec::new(), added: None }, log_id))
        })
    }

    /// Runs `work` in one transaction, settles what it touched, and says where its anchors lie then.
    pub(super) fn in_one(
        &mut self,
        work: impl FnOnce(&Connection, &mut Both, Told) -> Result<(Made, i64), LedgerError>,
    ) -> Result<Made, LedgerError> {
        let path = self.path.clone();
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
        let mut touched = std::mem::take(&mut self.touched);
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let (mut made, log_id) = work(&tx, &mut touched, &told)?;
        let moment = written(&tx, &made.id).map_err(told)?;
        flat::index_statements(&tx, &mut touched.0.unindexed).map_err(told)?;
        incidents::settle(&tx, &mut touched.0, &moment).map_err(told)?;
        accords::settle(&tx, &mut touched.1, &moment).map_err(told)?;
        made.now = wholes(&tx, log_id).map_err(told)?;
        if let Some(mark) = &made.added {
            made.added = Some(address_of(&tx, log_id, mark).map_err(told)?);
        }
        tx.commit().map_err(told)?;
        self.touched = touched;
        Ok(made)
    }
}

/// Whether a decision names an incident's place.
fn names_a_place(entry: &Entry) -> bool {
    let name = match &entry.value {
        Some(Value::Object(item)) if entry.action == "add" => item.get("place"),
        Some(value) if entry.field.as_deref() == Some("place") && entry.kind == "incident" => Some(value),
        _ => None,
    };
    name.is_some_and(|n| !n.is_null())
}

/// Which place was taken for the name that a person gave: there may be namesakes.
fn where_it_lies(tx: &Connection, log_id: i64) -> rusqlite::Result<String> {
    let row = |r: &rusqlite::Row| -> rusqlite::Result<String> {
        let parts: Vec<String> = (0..3)
            .map(|n| r.get::<_, Option<String>>(n))
            .collect::<rusqlite::Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect();
        let point: (Option<f64>, Option<f64>) = (r.get(3)?, r.get(4)?);
        Ok(match point {
            (Some(lat), Some(lon)) => format!("; it lies at {lat:.4}, {lon:.4} ({})", parts.join(", ")),
            _ => "; the gazetteer has no place of that name, so it has no coordinates".to_owned(),
        })
    };
    tx.query_row(
        "SELECT x.place, x.admin1, x.country, x.lat, x.lon
         FROM review_anchors a JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id
         JOIN accounts x ON x.dispatch_id = d.id AND x.item = a.item WHERE a.log_id = ?1",
        [log_id],
        row,
    )
    .optional()
    .map(Option::unwrap_or_default)
}

/// What was decided, in a sentence.
fn said(tx: &Connection, uid: &str) -> rusqlite::Result<String> {
    Ok(log::entry(tx, uid)?.map(|e| e.sentence()).unwrap_or_default())
}

/// When, and by whom, the decision of this public id was made.
fn written(tx: &Connection, uid: &str) -> rusqlite::Result<Moment> {
    tx.query_row("SELECT at, reviewer FROM review_log WHERE uid = ?1", [uid], |r| {
        Ok(Moment { at: r.get(0)?, who: Some(r.get(1)?), decision: Some(uid.to_owned()) })
    })
}

pub(super) type Told<'t> = &'t dyn Fn(rusqlite::Error) -> LedgerError;

/// Applies what a decision changes in the tables: the dispatches it is anchored in, and its links.
pub(super) fn apply_entry(
    tx: &Connection,
    log_id: i64,
    reason: &str,
    touched: &mut Both,
    moment: &Moment,
) -> rusqlite::Result<()> {
    let action: String = tx.query_row("SELECT action FROM review_log WHERE id = ?1", [log_id], |r| r.get(0))?;
    let dispatches: Vec<i64> = tx
        .prepare_cached(
            "SELECT DISTINCT d.id FROM review_anchors a JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id
             WHERE a.log_id = ?1 ORDER BY d.id",
        )?
        .query_map([log_id], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let changes_items = matches!(action.as_str(), "reject" | "edit" | "add" | "kill" | "withhold" | "restore")
        || action == "accept" && rejected_before(tx, log_id)?;
    for dispatch in dispatches {
        if changes_items {
            filing::refresh(tx, dispatch, reason, moment, touched)?;
        } else {
            filing::reattach(tx, dispatch, touched)?;
        }
    }
    if matches!(action.as_str(), "merge" | "split" | "not_same") {
        live::links_of(tx, log_id, touched)?;
    }
    Ok(())
}

/// Takes out a name that nobody goes by any more.
pub(super) fn forget_name(tx: &Connection, name: &str) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "DELETE FROM actor_names WHERE name = ?1
             AND NOT EXISTS (SELECT 1 FROM statements WHERE speaker = ?1)
             AND NOT EXISTS (SELECT 1 FROM perpetrators WHERE actor = ?1 OR speaker = ?1)
             AND NOT EXISTS (SELECT 1 FROM figures WHERE speaker = ?1)
             AND NOT EXISTS (SELECT 1 FROM claims WHERE speaker = ?1)
             AND NOT EXISTS (SELECT 1 FROM status_claims WHERE party = ?1 OR blamed = ?1 OR speaker = ?1)",
    )?
    .execute([name])?;
    Ok(())
}

/// Takes out the names that only an undone decision had brought in.
fn forget_names(tx: &Connection, log_id: i64) -> rusqlite::Result<()> {
    let value: Option<String> = tx.query_row("SELECT value FROM review_log WHERE id = ?1", [log_id], |r| r.get(0))?;
    let value: Value = value.and_then(|v| serde_json::from_str(&v).ok()).unwrap_or_default();
    let names: Vec<&str> = match &value {
        Value::String(name) => vec![name],
        Value::Object(fields) => fields.values().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    names.into_iter().try_for_each(|name| forget_name(tx, name))
}

/// Whether an accepted item had been rejected: then accepting brings it back.
fn rejected_before(tx: &Connection, log_id: i64) -> rusqlite::Result<bool> {
    tx.prepare_cached(
        "SELECT 1 FROM review_anchors a JOIN review_anchors b ON b.namespace = a.namespace AND b.source_id = a.source_id
         JOIN standing_decisions l ON l.id = b.log_id WHERE a.log_id = ?1 AND l.action = 'reject' LIMIT 1",
    )?
    .exists([log_id])
}

/// The incidents and accords in which the accounts that a decision is about lie.
fn wholes(tx: &Connection, log_id: i64) -> rusqlite::Result<Vec<String>> {
    let mut find = tx.prepare_cached(
        "SELECT x.incident_id FROM review_anchors a JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id
         JOIN accounts x ON x.dispatch_id = d.id AND (a.item = x.item OR a.item LIKE x.item || '.%') WHERE a.log_id = ?1
         UNION
         SELECT x.accord_id FROM review_anchors a JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id
         JOIN accord_accounts x ON x.dispatch_id = d.id AND (a.item = x.item OR a.item LIKE x.item || '.%') WHERE a.log_id = ?1
         ORDER BY 1",
    )?;
    let ids: Vec<Option<String>> = find.query_map([log_id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(ids.into_iter().flatten().collect())
}

/// The address by which what a decision added is shown and decided upon.
fn address_of(tx: &Connection, log_id: i64, mark: &str) -> rusqlite::Result<String> {
    let (dispatch, namespace, source, item): (i64, String, String, Option<String>) = tx.query_row(
        "SELECT d.id, d.namespace, d.source_id, a.item FROM review_anchors a
         JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id WHERE a.log_id = ?1 AND a.number = 1",
        [log_id],
        |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
    )?;
    let item = item.unwrap_or_else(|| mark.to_owned());
    let (top, part) = item.split_once('.').map_or((item.as_str(), None), |(t, p)| (t, Some(p)));
    let account: Option<String> = tx
        .query_row(
            "SELECT public_id FROM accounts WHERE dispatch_id = ?1 AND item = ?2
             UNION ALL SELECT public_id FROM accord_accounts WHERE dispatch_id = ?1 AND item = ?2",
            params![dispatch, top],
            |r| r.get(0),
        )
        .optional()?;
    Ok(match (account, part) {
        (Some(account), Some(part)) => format!("{account}.{part}"),
        (Some(account), None) => account,
        (None, _) => format!("{namespace}:{source}#{item}"),
    })
}

/// Sets the state of the dispatches that an entry of the log kills, withholds or restores.
pub(super) fn settle_state_of(tx: &Connection, log_id: i64) -> rusqlite::Result<()> {
    let mut find = tx.prepare_cached(
        "SELECT a.namespace, a.source_id FROM review_anchors a JOIN review_log l ON l.id = a.log_id
         WHERE l.id = ?1 AND l.action IN ('kill', 'withhold', 'restore')",
    )?;
    let of: Vec<(String, String)> =
        find.query_map([log_id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    of.iter().try_for_each(|(namespace, source)| state_of(tx, namespace, source))
}

/// A dispatch's state is what the latest decision on it says.
pub(super) fn state_of(tx: &Connection, namespace: &str, source_id: &str) -> rusqlite::Result<()> {
    let action: Option<String> = tx
        .prepare_cached(
            "SELECT l.action FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND l.action IN ('kill', 'withhold', 'restore')
             ORDER BY l.at DESC, l.id DESC LIMIT 1",
        )?
        .query_row([namespace, source_id], |r| r.get(0))
        .optional()?;
    let kind: Option<String> = tx
        .prepare_cached(
            "SELECT v.kind FROM dispatches d JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
             WHERE d.namespace = ?1 AND d.source_id = ?2",
        )?
        .query_row([namespace, source_id], |r| r.get(0))
        .optional()?;
    let own = match kind.as_deref() {
        Some("kill") => "killed",
        Some("withhold") => "withheld",
        _ => "live",
    };
    let state = match action.as_deref() {
        Some("kill") => "killed",
        Some("withhold") => "withheld",
        Some(_) => "live",
        // Nobody decided: what the outlet itself said last.
        None => own,
    };
    tx.prepare_cached("UPDATE dispatches SET state = ?3 WHERE namespace = ?1 AND source_id = ?2")?
        .execute(params![namespace, source_id, state])?;
    Ok(())
}
