//! Decisions inside the file: which stand for a dispatch, where they are attached, what follows for linking.

use record::{Record, TextIndex};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::Value;

use super::anchor::{Anchor, Selector, attach, attach_added};
use super::apply::{Standing, add, apply};
use super::item::{self, ItemKind, Marks};
use crate::store::flat::{Both, Home};

/// A standing decision with one of its anchors.
struct Anchored {
    log_id: i64,
    number: i64,
    uid: String,
    action: String,
    field: Option<String>,
    value: Value,
    anchor: Anchor,
}

/// Whether anything was decided about a dispatch.
fn any(tx: &Connection, home: &Home) -> Result<bool> {
    tx.prepare_cached("SELECT 1 FROM review_anchors WHERE namespace = ?1 AND source_id = ?2 LIMIT 1")?
        .exists(params![home.namespace, home.source_id])
}

/// Whether anybody decided that a dispatch counts or does not.
fn withdrawn(tx: &Connection, home: &Home) -> Result<bool> {
    tx.prepare_cached(
        "SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
         WHERE a.namespace = ?1 AND a.source_id = ?2 AND l.action IN ('kill', 'withhold', 'restore')",
    )?
    .exists(params![home.namespace, home.source_id])
}

/// The anchor in a row of `review_anchors`, from column `at` on: namespace, source_id, text_sha256, kind, detail, exact,
/// prefix, suffix, words_start, words_end, parent, and the item it is attached to.
pub(super) fn anchor_of(r: &rusqlite::Row, at: usize) -> Result<Anchor> {
    let parent: Option<String> = r.get(at + 10)?;
    let kind: String = r.get(at + 3)?;
    // What a person added is known by its mark, which is kept with the words.
    let (detail, added) = split_detail(r.get(at + 4)?);
    Ok(Anchor {
        namespace: r.get(at)?,
        source_id: r.get(at + 1)?,
        text_sha256: r.get(at + 2)?,
        at: Selector {
            kind,
            detail,
            exact: r.get(at + 5)?,
            prefix: r.get(at + 6)?,
            suffix: r.get(at + 7)?,
            start: offset(r, at + 8)?,
            end: offset(r, at + 9)?,
            added,
        },
        parent: parent.and_then(|p| serde_json::from_str(&p).ok()),
    })
}

fn offset(r: &rusqlite::Row, at: usize) -> Result<usize> {
    Ok(usize::try_from(r.get::<_, i64>(at)?).unwrap_or(0))
}

/// The columns that [`anchor_of`] reads.
pub(super) const ANCHOR: &str =
    "a.namespace, a.source_id, a.text_sha256, a.kind, a.detail, a.exact, a.prefix, a.suffix,
     a.words_start, a.words_end, a.parent";

/// Detail and mark are one column: `detail` or `detail @mark`.
fn split_detail(column: String) -> (String, Option<String>) {
    match column.rsplit_once(" @") {
        Some((detail, mark)) => (detail.to_owned(), Some(mark.to_owned())),
        None => (column, None),
    }
}

/// The column for a selector's detail and mark.
fn detail_column(selector: &Selector) -> String {
    match &selector.added {
        Some(mark) => format!("{} @{mark}", selector.detail),
        None => selector.detail.clone(),
    }
}

/// Writes an anchor of a decision.
pub(super) fn insert_anchor(tx: &Connection, log_id: i64, number: i64, side: &str, anchor: &Anchor) -> Result<()> {
    let parent = anchor.parent.as_ref().map(|p| serde_json::to_string(p).unwrap_or_default());
    tx.prepare_cached(
        "INSERT INTO review_anchors (log_id, number, side, namespace, source_id, text_sha256, kind, detail, exact, prefix, suffix,
             words_start, words_end, parent, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 'waiting')",
    )?
    .execute(params![
        log_id,
        number,
        side,
        anchor.namespace,
        anchor.source_id,
        anchor.text_sha256,
        anchor.at.kind,
        detail_column(&anchor.at),
        anchor.at.exact,
        anchor.at.prefix,
        anchor.at.suffix,
        anchor.at.start as i64,
        anchor.at.end as i64,
        parent,
    ])?;
    Ok(())
}

/// The mark of what a decision added: its own public id with another letter.
pub(super) fn mark(uid: &str) -> String {
    format!("x{}", uid.get(1..).unwrap_or_default())
}

fn standing(tx: &Connection, home: &Home) -> Result<Vec<Anchored>> {
    let mut find = tx.prepare_cached(&format!(
        "SELECT l.id, a.number, l.uid, l.action, l.field, l.value, {ANCHOR}
         FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
         WHERE a.namespace = ?1 AND a.source_id = ?2 ORDER BY l.at, l.id, a.number"
    ))?;
    let rows = find.query_map(params![home.namespace, home.source_id], |r| {
        let value: Option<String> = r.get(5)?;
        Ok(Anchored {
            log_id: r.get(0)?,
            number: r.get(1)?,
            uid: r.get(2)?,
            action: r.get(3)?,
            field: r.get(4)?,
            value: value.and_then(|v| serde_json::from_str(&v).ok()).unwrap_or_default(),
            anchor: anchor_of(r, 6)?,
        })
    })?;
    rows.collect()
}

/// A decision and, where its words have a place in the record, what it comes to there.
type Attached = (Anchored, Option<Standing>);

/// The reader's record of a dispatch with what people added, marked; and every standing decision with where it is attached.
fn attached(tx: &Connection, home: &Home, record: &Record) -> Result<(Value, Vec<Attached>)> {
    let mut value = item::marked(record);
    let text = TextIndex::new(&record.dispatch.text);
    let mut out: Vec<Attached> = Vec::new();
    let (added, others): (Vec<_>, Vec<_>) = standing(tx, home)?.into_iter().partition(|d| d.action == "add");
    for d in added.into_iter().chain(others) {
        let kind = ItemKind::named(&d.anchor.at.kind).unwrap_or(ItemKind::Dispatch);
        let mut found = Standing {
            action: d.action.clone(),
            item: None,
            kind,
            field: d.field.clone(),
            value: d.value.clone(),
            mark: mark(&d.uid),
            words: (d.anchor.at.start, d.anchor.at.end, d.anchor.at.exact.clone()),
        };
        let place = if d.action == "add" {
            attach_added(&d.anchor, &value, &text, home.text_sha).map(|((start, end), holder)| {
                found.words = (start, end, d.anchor.at.exact.clone());
                found.item = holder;
                add(&mut value, &found);
            })
        } else {
            attach(&d.anchor, &value, &text, home.text_sha).map(|address| found.item = Some(address))
        };
        out.push((d, place.map(|()| found)));
    }
    Ok((value, out))
}

/// The record of a dispatch in which people's additions stand beside what was read, marked with addresses.
pub(super) fn with_additions(tx: &Connection, home: &Home, record: &Record) -> Result<Value> {
    if any(tx, home)? { Ok(attached(tx, home, record)?.0) } else { Ok(item::marked(record)) }
}

/// What a record says with people's decisions applied, for reading alone: nothing is noted.
pub fn as_decided(tx: &Connection, home: &Home, record: Record) -> Result<Record> {
    if !any(tx, home)? {
        return Ok(record);
    }
    let standing: Vec<Standing> = attached(tx, home, &record)?.1.into_iter().filter_map(|f| f.1).collect();
    Ok(apply(&record, &standing).0)
}

/// What a record says with people's decisions applied; nothing where none concerns it. Notes where each is attached.
pub fn applied(tx: &Connection, home: &Home, record: &Record, fresh: bool) -> Result<Option<(Record, Marks)>> {
    let decided = any(tx, home)?;
    if decided && fresh && withdrawn(tx, home)? {
        // The decision may have come before the dispatch.
        super::decide::state_of(tx, home.namespace, home.source_id)?;
    }
    let state: String =
        tx.prepare_cached("SELECT state FROM dispatches WHERE id = ?1")?.query_row([home.dispatch], |r| r.get(0))?;
    if !decided && state == "live" {
        return Ok(None);
    }
    let (_, found) = attached(tx, home, record)?;
    if fresh {
        tx.prepare_cached("UPDATE retired_ids SET item = NULL WHERE dispatch_id = ?1")?.execute([home.dispatch])?;
    }
    for (d, place) in &found {
        let address = place.as_ref().map(|p| match d.action.as_str() {
            "add" => p.item.as_ref().map_or_else(|| p.mark.clone(), |holder| format!("{holder}.{}", p.mark)),
            _ => p.item.clone().unwrap_or_default(),
        });
        tx.prepare_cached("UPDATE review_anchors SET state = ?3, item = ?4 WHERE log_id = ?1 AND number = ?2")?
            .execute(params![d.log_id, d.number, if place.is_some() { "attached" } else { "orphaned" }, address])?;
        if fresh && d.action == "reject" && place.is_some() {
            // What is set aside keeps its id, wherever the new reading has it.
            tx.prepare_cached(
                "UPDATE retired_ids SET dispatch_id = ?3, item = ?4
                 WHERE old_id = (SELECT public_id FROM review_anchors WHERE log_id = ?1 AND number = ?2)",
            )?
            .execute(params![d.log_id, d.number, home.dispatch, address])?;
        }
    }
    if state != "live" {
        let mut empty = record.clone();
        (empty.statements, empty.incidents, empty.accords) = Default::default();
        empty.checks.clear();
        return Ok(Some((empty, Marks::default())));
    }
    let standing: Vec<Standing> = found.into_iter().filter_map(|f| f.1).collect();
    Ok(Some(apply(record, &standing)))
}

/// Works out anew what people's links mean for a dispatch's accounts, which may have other ids now.
pub fn relink(tx: &Connection, home: &Home, touched: &mut Both) -> Result<()> {
    if !any(tx, home)? {
        return Ok(());
    }
    tx.prepare_cached(
        "UPDATE review_anchors SET public_id = coalesce(
             (SELECT public_id FROM accounts WHERE dispatch_id = ?1 AND item = review_anchors.item AND review_anchors.kind = 'incident'),
             (SELECT public_id FROM accord_accounts WHERE dispatch_id = ?1 AND item = review_anchors.item AND review_anchors.kind = 'accord'),
             public_id)
         WHERE namespace = ?2 AND source_id = ?3 AND kind IN ('incident', 'accord') AND state = 'attached'",
    )?
    .execute(params![home.dispatch, home.namespace, home.source_id])?;
    let logs: Vec<i64> = tx
        .prepare_cached(
            "SELECT DISTINCT l.id FROM review_anchors a JOIN review_log l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND l.action IN ('merge', 'split', 'not_same') ORDER BY l.id",
        )?
        .query_map(params![home.namespace, home.source_id], |r| r.get(0))?
        .collect::<Result<_>>()?;
    for log in logs {
        links_of(tx, log, touched)?;
    }
    Ok(())
}

/// Writes the pairs that one decision on links means, and has their components worked out anew.
pub(super) fn links_of(tx: &Connection, log_id: i64, touched: &mut Both) -> Result<()> {
    let mut ids: Vec<String> = tx
        .prepare_cached(
            "SELECT a FROM link_decisions WHERE log_id = ?1 UNION SELECT b FROM link_decisions WHERE log_id = ?1",
        )?
        .query_map([log_id], |r| r.get(0))?
        .collect::<Result<_>>()?;
    tx.prepare_cached("DELETE FROM link_decisions WHERE log_id = ?1")?.execute([log_id])?;
    let action: Option<String> = tx
        .prepare_cached("SELECT action FROM standing_decisions WHERE id = ?1")?
        .query_row([log_id], |r| r.get(0))
        .optional()?;
    if let Some(action) = action {
        let sides: Vec<(String, String)> = tx
            .prepare_cached(
                "SELECT side, public_id FROM review_anchors
                 WHERE log_id = ?1 AND state = 'attached' AND public_id IS NOT NULL ORDER BY side, public_id",
            )?
            .query_map([log_id], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<Result<_>>()?;
        let pair = |a: &str, b: &str, verdict: &str| -> Result<()> {
            if a != b {
                tx.prepare_cached(
                    "INSERT OR IGNORE INTO link_decisions (a, b, verdict, log_id) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![a.min(b), a.max(b), verdict, log_id])?;
            }
            Ok(())
        };
        if action == "merge" {
            if let Some((_, first)) = sides.first() {
                for (_, other) in &sides {
                    pair(first, other, "same")?;
                }
            }
        } else {
            for (_, a) in sides.iter().filter(|s| s.0 == "a") {
                for (_, b) in sides.iter().filter(|s| s.0 == "b") {
                    pair(a, b, "not_same")?;
                }
            }
        }
        ids.extend(sides.into_iter().map(|s| s.1));
    }
    for id in ids {
        touch(tx, &id, touched)?;
    }
    Ok(())
}

/// Has the component of an account worked out anew.
pub(super) fn touch(tx: &Connection, public_id: &str, touched: &mut Both) -> Result<()> {
    let node = |table: &str| {
        tx.prepare_cached(&format!("SELECT node_id FROM {table} WHERE public_id = ?1"))?
            .query_row([public_id], |r| r.get::<_, i64>(0))
            .optional()
    };
    if let Some(node) = node("accounts")? {
        touched.0.node(node);
    } else if let Some(node) = node("accord_accounts")? {
        touched.1.node(node);
    }
    Ok(())
}
