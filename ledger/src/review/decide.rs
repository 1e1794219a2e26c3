//! Deciding and undoing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::anchor::{Anchor, Selector};
use super::apply::{self, Standing};
use super::item::{self, ItemKind};
use super::target::{Page, Target, dispatch_of, resolve, whole_of};
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
            let mut pages = Pages { tx, told, known: BTreeMap::new() };
            let entry = prepare(&mut pages, decision)?;
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

/// Pages that a decision looks at, each loaded once.
struct Pages<'t> {
    tx: &'t Connection,
    told: Told<'t>,
    known: BTreeMap<i64, Page>,
}

impl Pages<'_> {
    fn page(&mut self, dispatch: i64) -> Result<&Page, LedgerError> {
        if !self.known.contains_key(&dispatch) {
            let page = Page::load(self.tx, dispatch).map_err(self.told)?;
            let page = page
                .ok_or_else(|| LedgerError::Refused("its record cannot be read (run `dateline check`)".to_owned()))?;
            self.known.insert(dispatch, page);
        }
        self.known.get(&dispatch).ok_or_else(|| LedgerError::NoSuchId(dispatch.to_string()))
    }

    /// The kind and anchor of a target.
    fn anchor(&mut self, target: &Target, id: &str) -> Result<(ItemKind, Anchor), LedgerError> {
        let page = self.page(target.dispatch)?;
        let found = page.item(&target.address).map(|i| i.0).zip(page.anchor(&target.address));
        found.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))
    }

    fn resolve(&self, id: &str) -> Result<Vec<Target>, LedgerError> {
        resolve(self.tx, id, self.told)
    }

    /// The one item that an id stands for, or why it stands for several.
    fn one(&mut self, id: &str) -> Result<Target, LedgerError> {
        let mut found = self.resolve(id)?;
        if found.len() > 1 {
            let mut names = Vec::new();
            for target in found.iter().take(9) {
                let page = self.page(target.dispatch)?;
                names.push(format!("{}:{}#{}", page.namespace, page.source_id, target.address));
            }
            return Err(LedgerError::Refused(format!(
                "{id}: {} dispatches tell of it; say in which of them: {}",
                found.len(),
                names.join(", ")
            )));
        }
        found.pop().ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))
    }

    /// All accounts of the incident or accord that an id lies in, with their public ids.
    fn whole(&mut self, id: &str) -> Result<(&'static str, String, Vec<String>), LedgerError> {
        let id = match id.rsplit_once('#') {
            Some(_) => {
                let target = self.one(id)?;
                let sql = "SELECT public_id FROM accounts WHERE dispatch_id = ?1 AND item = ?2
                           UNION ALL SELECT public_id FROM accord_accounts WHERE dispatch_id = ?1 AND item = ?2";
                let found = self.tx.query_row(sql, params![target.dispatch, target.address], |r| r.get::<_, String>(0));
                found.optional().map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))?
            }
            None => id.to_owned(),
        };
        let (kind, whole) =
            whole_of(self.tx, &id).map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
        let (table, column) =
            if kind == "incident" { ("accounts", "incident_id") } else { ("accord_accounts", "accord_id") };
        let rows = || -> rusqlite::Result<Vec<String>> {
            let sql = format!("SELECT public_id FROM {table} WHERE {column} = ?1 ORDER BY public_id <> ?1, public_id");
            self.tx.prepare(&sql)?.query_map([&whole], |r| r.get(0))?.collect()
        };
        let accounts = rows().map_err(self.told)?;
        Ok((kind, id, accounts))
    }

    /// Anchors of accounts by their public ids.
    fn accounts(&mut self, ids: &[String], side: &'static str) -> Result<Vec<(&'static str, Anchor)>, LedgerError> {
        let mut out = Vec::new();
        for id in ids {
            let sql = "SELECT dispatch_id, item FROM accounts WHERE public_id = ?1
                       UNION ALL SELECT dispatch_id, item FROM accord_accounts WHERE public_id = ?1";
            let found = self.tx.query_row(sql, [id], |r| Ok(Target { dispatch: r.get(0)?, address: r.get(1)? }));
            let target = found.optional().map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
            out.push((side, self.anchor(&target, id)?.1));
        }
        Ok(out)
    }
}

/// The most pairs that one decision may keep apart.
const MOST_PAIRS: usize = 10_000;

/// Turns a decision into an entry, or says why it cannot be made.
fn prepare(pages: &mut Pages, decision: &Decision) -> Result<Entry, LedgerError> {
    let mut entry = Entry { action: decision.action().to_owned(), ..Entry::default() };
    match decision {
        Decision::Accept { id } | Decision::Reject { id } => {
            let found = pages.resolve(id)?;
            for target in &found {
                let (kind, anchor) = pages.anchor(target, id)?;
                if kind == ItemKind::Dispatch && matches!(decision, Decision::Reject { .. }) {
                    return Err(LedgerError::Refused(format!(
                        "{id}: is a dispatch; reject what was read from it, or withhold or kill it"
                    )));
                }
                entry.kind = kind.name().to_owned();
                entry.anchors.push(("a", anchor));
            }
            entry.target.clone_from(id);
        }
        Decision::Note { id, text } => {
            let found = pages.resolve(id)?;
            let target = found.first().ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
            let (kind, anchor) = pages.anchor(target, id)?;
            if text.trim().is_empty() {
                return Err(LedgerError::Refused(format!("{id}: the note is empty")));
            }
            entry.kind = kind.name().to_owned();
            entry.target.clone_from(id);
            entry.value = Some(json!(text));
            entry.anchors.push(("a", anchor));
        }
        Decision::Edit { id, field, value } => edit(pages, &mut entry, id, field, value)?,
        Decision::Merge { a, b } => {
            let (one, other) = (pages.whole(a)?, pages.whole(b)?);
            if one.0 != other.0 {
                return Err(LedgerError::Refused(format!(
                    "{a} is an {}, {b} an {}: they cannot be one",
                    one.0, other.0
                )));
            }
            if one.2 == other.2 {
                return Err(LedgerError::Refused(format!("{a} and {b} are one already")));
            }
            entry.kind = one.0.to_owned();
            entry.target = format!("{a} {b}");
            entry.anchors = pages.accounts(&one.2, "a")?;
            entry.anchors.extend(pages.accounts(&other.2, "b")?);
        }
        Decision::Split { id, accounts } => {
            let (kind, _, all) = pages.whole(id)?;
            let mut go = Vec::new();
            for account in accounts {
                let (_, own, _) = pages.whole(account)?;
                if !all.contains(&own) {
                    return Err(LedgerError::Refused(format!(
                        "{account}: is no account of {id} (it has {})",
                        all.join(", ")
                    )));
                }
                go.push(own);
            }
            let stay: Vec<String> = all.iter().filter(|a| !go.contains(a)).cloned().collect();
            if go.is_empty() || stay.is_empty() {
                return Err(LedgerError::Refused(format!(
                    "{id}: name some of its accounts, not all ({})",
                    all.join(", ")
                )));
            }
            apart(pages, &mut entry, kind, &go, &stay)?;
            entry.target = format!("{id} {}", accounts.join(" "));
        }
        Decision::NotSame { a, b } => {
            let (one, other) = (pages.whole(a)?, pages.whole(b)?);
            if one.0 != other.0 {
                return Err(LedgerError::Refused(format!(
                    "{a} is an {}, {b} an {}: nobody takes them for one",
                    one.0, other.0
                )));
            }
            // Two incidents: all accounts of the one from all of the other. Two accounts of one incident: the two.
            let (left, right) = if one.2 == other.2 {
                (vec![one.1.clone()], vec![other.1.clone()])
            } else {
                (one.2.clone(), other.2.clone())
            };
            if left == right {
                return Err(LedgerError::Refused(format!("{a}: is one account; name two")));
            }
            apart(pages, &mut entry, one.0, &left, &right)?;
            entry.target = format!("{a} {b}");
        }
        Decision::Add { to, kind, words, occurrence, fields } => {
            addition(pages, &mut entry, to, kind, words, *occurrence, fields)?;
        }
        Decision::Kill { id } | Decision::Withhold { id } | Decision::Restore { id } => {
            let dispatch = dispatch_of(pages.tx, id, pages.told)?;
            let page = pages.page(dispatch)?;
            entry.target = format!("{}:{}", page.namespace, page.source_id);
            entry.kind = ItemKind::Dispatch.name().to_owned();
            entry.anchors.extend(page.anchor("").map(|a| ("a", a)));
        }
    }
    Ok(entry)
}

/// The anchors that keep two sets of accounts apart.
fn apart(
    pages: &mut Pages,
    entry: &mut Entry,
    kind: &str,
    left: &[String],
    right: &[String],
) -> Result<(), LedgerError> {
    if left.len() * right.len() > MOST_PAIRS {
        return Err(LedgerError::Refused(format!(
            "{} accounts from {} are more pairs than one decision keeps apart ({MOST_PAIRS}); name fewer",
            left.len(),
            right.len()
        )));
    }
    let table = if kind == "incident" { "accounts" } else { "accord_accounts" };
    let nodes = |ids: &[String]| -> rusqlite::Result<BTreeSet<i64>> {
        let sql = format!("SELECT node_id FROM {table} WHERE public_id = ?1");
        ids.iter().map(|id| pages.tx.query_row(&sql, [id], |r| r.get(0))).collect()
    };
    let (x, y) = (nodes(left).map_err(pages.told)?, nodes(right).map_err(pages.told)?);
    if !x.is_disjoint(&y) {
        return Err(LedgerError::Refused(format!(
            "{} and {} are copies, letter for letter the same text: name both, or neither",
            left.join(", "),
            right.join(", ")
        )));
    }
    entry.kind = kind.to_owned();
    entry.anchors = pages.accounts(left, "a")?;
    entry.anchors.extend(pages.accounts(right, "b")?);
    Ok(())
}

/// Values to try for what a person typed: the text itself, and what it is as JSON.
fn readings(value: &Value, field: &str) -> Vec<Value> {
    let Value::String(text) = value else { return vec![value.clone()] };
    let text = text.trim();
    if text.is_empty() {
        return vec![Value::Null];
    }
    if field == "number"
        && let Some((low, high)) = text.split_once(['-', '–'])
        && let (Ok(low), Ok(high)) = (low.trim().parse::<u64>(), high.trim().parse::<u64>())
    {
        return vec![json!([low.min(high), low.max(high)])];
    }
    let mut out = vec![json!(text)];
    out.extend(serde_json::from_str::<Value>(text).ok());
    // Enumerations are written with spaces on pages.
    out.push(json!(text.to_lowercase().replace(' ', "_")));
    out
}

fn edit(pages: &mut Pages, entry: &mut Entry, id: &str, field: &str, value: &Value) -> Result<(), LedgerError> {
    let target = pages.one(id)?;
    let (kind, anchor) = pages.anchor(&target, id)?;
    if kind == ItemKind::Dispatch {
        return Err(LedgerError::Refused(format!("{id}: is a dispatch; its items can be edited, itself not")));
    }
    let edited = pages
        .tx
        .prepare_cached(
            "SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND a.item = ?3 AND l.action = 'edit'",
        )
        .and_then(|mut s| s.exists(params![anchor.namespace, anchor.source_id, target.address]))
        .map_err(pages.told)?;
    let page = pages.page(target.dispatch)?;
    let mut wrong =
        format!("{field} is no field of a {} ({})", kind.name().replace('_', " "), fields(page, &target.address, kind));
    for candidate in readings(value, field) {
        let mut changed = page.record.clone();
        if apply::change(&mut changed, &target.address, field, &candidate).is_none() {
            continue;
        }
        let tried = crate::input::record_from_value(changed.clone());
        match tried {
            // A value that was dropped on the way (a day that is none) does not fit either.
            Ok(record) if kept(&record, &changed, &target.address, field) => {
                entry.kind = kind.name().to_owned();
                entry.target = id.to_owned();
                entry.was = was(page, &target.address, field);
                if entry.was.as_ref() == Some(&candidate) && !edited {
                    return Err(LedgerError::Refused(format!("{id}: {field} is {candidate} already")));
                }
                entry.field = Some(field.to_owned());
                entry.value = Some(candidate);
                entry.anchors.push(("a", anchor));
                return Ok(());
            }
            Ok(_) => wrong = format!("{candidate} is no {field}"),
            Err(said) => wrong = said.replace("is no record: ", ""),
        }
    }
    Err(LedgerError::Refused(format!("{id}: {wrong}")))
}

/// Whether a record read back holds the value that was set.
fn kept(record: &record::Record, set: &Value, address: &str, field: &str) -> bool {
    let read = item::marked(record);
    let Some((kind, at)) = item::locate(set, address) else { return false };
    let Some(key) = Some(kind.field(field)).filter(|k| *k != "date") else {
        return read.pointer(&format!("{at}/date_start")) == set.pointer(&format!("{at}/date_start"));
    };
    let (wanted, got) = (set.pointer(&format!("{at}/{key}")), read.pointer(&format!("{at}/{key}")));
    wanted == got || key == "place" && got.is_some_and(|g| !g.is_null())
}

/// What the reader has for a field.
fn was(page: &Page, address: &str, field: &str) -> Option<Value> {
    let (kind, value) = page.item(address)?;
    match kind.field(field) {
        "number" => {
            let (low, high) = (value.get("low")?, value.get("high")?);
            Some(if low == high { low.clone() } else { json!([low, high]) })
        }
        "date" => value.get("date_start").cloned(),
        "place" if kind == ItemKind::Incident => Some(value.pointer("/place/name").cloned().unwrap_or(Value::Null)),
        key => value.get(key).cloned(),
    }
}

/// The fields of an item that can be edited.
fn fields(page: &Page, address: &str, kind: ItemKind) -> String {
    let Some((_, Value::Object(object))) = page.item(address) else { return String::new() };
    let parts: Vec<&str> = kind.parts().iter().map(|p| p.list()).collect();
    let mut names: Vec<&str> = object
        .keys()
        .map(String::as_str)
        .filter(|k| {
            !matches!(*k, "id" | "content" | "about")
                && *k != item::MARK
                && *k != kind.words_field()
                && !parts.contains(k)
        })
        .collect();
    match kind {
        ItemKind::Figure => names.insert(0, "number"),
        ItemKind::Incident => names.insert(0, "date"),
        _ => {}
    }
    names.join(", ")
}

fn addition(
    pages: &mut Pages,
    entry: &mut Entry,
    to: &str,
    kind: &str,
    words: &str,
    occurrence: Option<usize>,
    fields: &Map<String, Value>,
) -> Result<(), LedgerError> {
    let kind = ItemKind::named(kind)
        .filter(|k| *k != ItemKind::Dispatch)
        .ok_or_else(|| LedgerError::Refused(format!("{kind}: is no kind of item that can be added")))?;
    let target = match kind.parent() {
        Some(_) => pages.one(to)?,
        None => Target { dispatch: dispatch_of(pages.tx, to, pages.told)?, address: String::new() },
    };
    let page = pages.page(target.dispatch)?;
    let (held_by, _) = page.item(&target.address).ok_or_else(|| LedgerError::NoSuchId(to.to_owned()))?;
    if kind.parent().is_some_and(|parent| parent != held_by) {
        return Err(LedgerError::Refused(format!(
            "{to}: is a {}; a {} belongs to an account of an {}",
            held_by.name(),
            kind.name().replace('_', " "),
            kind.parent().map_or("", ItemKind::name)
        )));
    }
    let span = page.quote(words, occurrence)?;
    let index = record::TextIndex::new(&page.text);
    let mut at = Selector::of_words(kind, &span, &index);
    let parent =
        page.item(&target.address).filter(|_| kind.parent().is_some()).map(|(k, v)| Selector::of(k, v, &index));
    // Each field as it was typed, or as what it is in JSON: the first combination that makes a record.
    let mut item = json!({"id": "x"});
    if kind == ItemKind::Accord && !fields.contains_key("name") {
        item["name"] = json!(span.text);
    }
    let standing = |value: &Value| Standing {
        action: "add".to_owned(),
        item: Some(target.address.clone()).filter(|a| !a.is_empty()),
        kind,
        field: None,
        value: value.clone(),
        mark: "x".to_owned(),
        words: (span.start, span.end, span.text.clone()),
    };
    let fits = |value: &Value| -> Result<(), String> {
        let mut record = page.record.clone();
        apply::add_unchecked(&mut record, &standing(value)).ok_or("there is no place for it")?;
        crate::input::record_from_value(record).map(|_| ()).map_err(|e| e.replace("is no record: ", ""))
    };
    for (field, value) in fields {
        let key = if field == "number" { "number" } else { kind.field(field) };
        let mut said = None;
        for candidate in readings(value, key) {
            let mut tried = item.clone();
            match (key, &candidate) {
                ("number", Value::Array(both)) => {
                    tried["low"] = both.first().cloned().unwrap_or_default();
                    tried["high"] = both.get(1).cloned().unwrap_or_default();
                }
                ("number", one) => {
                    tried["low"] = one.clone();
                    tried["high"] = one.clone();
                }
                ("date", day) if kind == ItemKind::Incident => {
                    tried["date_start"] = day.clone();
                    tried["date_end"] = day.clone();
                }
                ("place", Value::String(name)) if kind == ItemKind::Incident => {
                    tried["place"] =
                        json!({"name": name, "mention": {"start": span.start, "end": span.end, "text": span.text}});
                }
                ("parties" | "brokers", Value::String(names)) => {
                    tried[key] = names.split(';').map(|n| json!(n.trim())).collect();
                }
                _ => tried[key] = candidate.clone(),
            }
            // A field that is missing is the last complaint; until then, only what this field brings counts.
            match fits(&with_required(kind, &tried)) {
                Ok(()) => {
                    item = tried;
                    said = None;
                    break;
                }
                Err(wrong) => said = Some(wrong),
            }
        }
        if let Some(wrong) = said {
            return Err(LedgerError::Refused(format!("{field}: {wrong}")));
        }
    }
    fits(&item).map_err(|wrong| LedgerError::Refused(format!("a {}: {wrong}", kind.name().replace('_', " "))))?;
    if let Some(object) = item.as_object_mut() {
        object.remove("id");
    }
    at.detail = item::detail_of(&item, kind);
    entry.anchors.push(("a", page.anchored(at, parent)));
    entry.kind = kind.name().to_owned();
    entry.target = to.to_owned();
    entry.value = Some(item);
    Ok(())
}

/// An item with the fields it cannot be without, so that others can be tried one by one.
fn with_required(kind: ItemKind, item: &Value) -> Value {
    let mut whole = match kind {
        ItemKind::Figure => json!({"measure": "other"}),
        ItemKind::Perpetrator => json!({"actor": "", "stance": "asserts"}),
        ItemKind::Victim => json!({"group": ""}),
        ItemKind::Claim => json!({"field": "cause", "value": ""}),
        ItemKind::Accord => json!({"kind": "agreement", "name": ""}),
        ItemKind::StatusClaim => json!({"status": "agreed"}),
        _ => json!({}),
    };
    if let (Some(whole), Some(item)) = (whole.as_object_mut(), item.as_object()) {
        whole.extend(item.clone());
    }
    whole
}
