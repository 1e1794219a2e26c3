//! Redaction: a witness at risk, a legal order. The one thing that is not reversible.
//!
//! The words go everywhere: from every version of the text, from originals, from every reading, from the tables worked out of
//! them, from the search indexes, from the log and the history. In the text each of their characters becomes `█`, so that
//! all other ranges stay what they are. What stays is the tombstone: an entry of the log with who, when and why.
//!
//! Limits: backups and exports made before keep the words. An original is taken out whole, for its markup may split the
//! words. A dispatch filed later may bring them again; its own redaction is another.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::decide::{By, Entry, Told};
use super::item::ItemKind;
use super::live::insert_anchor;
use super::target::{Page, resolve};
use crate::changes::Moment;
use crate::changes::write::{Row, row};
use crate::store::filing::{current_record, pack, refresh, unpack};
use crate::store::flat::{self, Both};
use crate::{Ledger, LedgerError, digest, echo};

/// What stands for a character of what is gone.
pub const BLOCK: char = '█';

/// What to redact.
#[derive(Debug, Clone, Default)]
pub struct Redaction {
    /// A dispatch, or an item of one: then its exact words.
    pub id: String,
    /// These words of the dispatch; without them the whole dispatch.
    pub words: Option<String>,
    /// In every dispatch that has the words. Else in this one, its echoes and copies.
    pub everywhere: bool,
}

/// What was redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Redacted {
    /// The entry of the log.
    pub id: String,
    /// The dispatches from which words were taken.
    pub dispatches: Vec<String>,
}

/// Blocks in the place of words.
fn blocks(words: &str) -> String {
    words.chars().map(|c| if c == '\n' { c } else { BLOCK }).collect()
}

/// Shorter words than this, in code points, stand in too many places to be redacted by themselves.
const SHORTEST: usize = 3;

impl Ledger {
    /// Takes words out of the ledger for good. `dateline undo` cannot bring them back.
    pub fn redact(&mut self, what: &Redaction, by: &By) -> Result<Redacted, LedgerError> {
        if by.who.trim().is_empty() || by.why.as_deref().is_none_or(|w| w.trim().is_empty()) {
            return Err(LedgerError::Refused(
                "a redaction needs a name and a reason: they stay when the words go".to_owned(),
            ));
        }
        let path = self.path.clone();
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
        // Freed pages and overwritten cells are zeroed, not left for a reader of the raw file.
        self.connection.pragma_update(None, "secure_delete", true).map_err(told)?;
        let mut done = Redacted { id: String::new(), dispatches: Vec::new() };
        self.in_one(|tx, touched, told| {
            let plan = plan(tx, what, told)?;
            let entry = Entry {
                action: "redact".to_owned(),
                kind: plan.kind.name().to_owned(),
                target: what.id.clone(),
                value: Some(
                    json!({"words": plan.words.len(), "dispatches": plan.dispatches.len(), "whole": plan.whole}),
                ),
                ..Entry::default()
            };
            let (log_id, uid) = entry.write(tx, by, None).map_err(told)?;
            let moment = Moment::person(by.at, &by.who, &uid);
            let reason = format!("redacted by {}", by.who);
            for (n, dispatch) in plan.dispatches.iter().enumerate() {
                let name = redact_dispatch(tx, *dispatch, &plan, &reason, &moment, touched).map_err(told)?;
                if let Some(page) = Page::load(tx, *dispatch).map_err(told)?
                    && let Some(anchor) = page.anchor("")
                {
                    insert_anchor(tx, log_id, n as i64 + 1, "a", &anchor).map_err(told)?;
                }
                done.dispatches.push(name);
            }
            sweep(tx, &plan).map_err(told)?;
            tx.execute("UPDATE review_anchors SET state = 'attached', item = '' WHERE log_id = ?1", [log_id])
                .map_err(told)?;
            done.id.clone_from(&uid);
            let made =
                super::Made { id: uid, action: "redact".to_owned(), said: String::new(), now: Vec::new(), added: None };
            Ok((made, log_id))
        })?;
        // The search indexes keep deleted words in their segments until these are merged; the file keeps freed pages and
        // the write-ahead log until they are rewritten.
        self.connection
            .execute_batch(
                "INSERT INTO dispatch_search (dispatch_search) VALUES ('rebuild');
                 INSERT INTO statement_search (statement_search) VALUES ('rebuild');
                 VACUUM;",
            )
            .map_err(told)?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(told)?;
        Ok(done)
    }
}

/// Which words go from which dispatches.
struct Plan {
    kind: ItemKind,
    whole: bool,
    words: Vec<String>,
    dispatches: Vec<i64>,
}

fn plan(tx: &Connection, what: &Redaction, told: Told) -> Result<Plan, LedgerError> {
    let targets = resolve(tx, &what.id, told)?;
    let mut plan = Plan { kind: ItemKind::Dispatch, whole: false, words: Vec::new(), dispatches: Vec::new() };
    let mut homes = Vec::new();
    for target in &targets {
        let page = Page::load(tx, target.dispatch).map_err(told)?;
        let page = page.ok_or_else(|| LedgerError::Refused(format!("{}: its record cannot be read", what.id)))?;
        let (kind, item) = page.item(&target.address).ok_or_else(|| LedgerError::NoSuchId(what.id.clone()))?;
        plan.kind = kind;
        homes.push(target.dispatch);
        match &what.words {
            Some(words) => {
                let there: bool = tx
                    .query_row(
                        "SELECT EXISTS (SELECT 1 FROM versions WHERE dispatch_id = ?1 AND instr(text, ?2) > 0)",
                        params![target.dispatch, words.trim()],
                        |r| r.get(0),
                    )
                    .map_err(told)?;
                if !there && !what.everywhere {
                    return Err(LedgerError::Refused(format!(
                        "{}: its text has no “{}” (quote the words exactly as they stand there)",
                        what.id,
                        words.trim()
                    )));
                }
                plan.words.push(words.trim().to_owned());
            }
            None if kind == ItemKind::Dispatch => plan.whole = true,
            None => plan.words.extend(spans_of(item, kind)),
        }
    }
    plan.words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    plan.words.dedup();
    if let Some(short) = plan.words.iter().find(|w| w.chars().count() < SHORTEST) {
        return Err(LedgerError::Refused(format!(
            "“{short}”: is too short to be redacted by itself; quote more words"
        )));
    }
    if !plan.whole && plan.words.is_empty() {
        return Err(LedgerError::Refused(format!("{}: has no words to redact", what.id)));
    }
    let near = || -> rusqlite::Result<Vec<i64>> {
        let mut all = homes.clone();
        for home in &homes {
            let mut find = tx.prepare(
                "SELECT DISTINCT e.id FROM dispatches d JOIN dispatches e ON e.echo_group = d.echo_group WHERE d.id = ?1
                 UNION SELECT w.dispatch_id FROM versions v JOIN versions w ON w.text_sha256 = v.text_sha256 WHERE v.dispatch_id = ?1",
            )?;
            all.extend(find.query_map([home], |r| r.get::<_, i64>(0))?.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        if what.everywhere {
            for words in &plan.words {
                let mut find = tx.prepare("SELECT DISTINCT dispatch_id FROM versions WHERE instr(text, ?1) > 0")?;
                all.extend(find.query_map([words], |r| r.get::<_, i64>(0))?.collect::<rusqlite::Result<Vec<_>>>()?);
            }
        }
        all.sort_unstable();
        all.dedup();
        // Echoes have most of the words, not all: those without them are left alone.
        let mut has =
            tx.prepare("SELECT EXISTS (SELECT 1 FROM versions WHERE dispatch_id = ?1 AND instr(text, ?2) > 0)")?;
        let mut kept = Vec::new();
        for id in all {
            let mut any = homes.contains(&id);
            for words in &plan.words {
                any |= has.query_row(params![id, words], |r| r.get::<_, bool>(0))?;
            }
            if any {
                kept.push(id);
            }
        }
        Ok(kept)
    };
    plan.dispatches = if plan.whole {
        let twins = || -> rusqlite::Result<Vec<i64>> {
            let mut find = tx.prepare(
                "SELECT DISTINCT w.dispatch_id FROM versions v JOIN versions w ON w.text_sha256 = v.text_sha256
                 WHERE v.dispatch_id = ?1 ORDER BY 1",
            )?;
            find.query_map([homes.first().copied().unwrap_or_default()], |r| r.get(0))?.collect()
        };
        twins().map_err(told)?
    } else {
        near().map_err(told)?
    };
    Ok(plan)
}

/// The words of an item: all pieces of a statement.
fn spans_of(item: &Value, kind: ItemKind) -> Vec<String> {
    let field = item.get(kind.words_field());
    let spans: Vec<&Value> = match field {
        Some(Value::Array(pieces)) => pieces.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let text = |s: &&Value| s.get("text").and_then(Value::as_str).map(|t| t.trim().to_owned());
    spans.iter().filter_map(text).filter(|t| !t.is_empty()).collect()
}

impl Plan {
    /// A text without the words.
    fn clean(&self, text: &str) -> String {
        self.words.iter().fold(text.to_owned(), |text, words| text.replace(words.as_str(), &blocks(words)))
    }

    /// A record without the words: spans read the clean text at their ranges, other strings lose the words.
    fn record(&self, value: &mut Value, text: &[char]) {
        match value {
            Value::Object(object) => {
                let number = |key: &str| object.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
                let range = number("start").zip(number("end")).filter(|(s, e)| e > s && *e <= text.len());
                if let Some((start, end)) = range
                    && object.get("text").is_some_and(Value::is_string)
                {
                    let words: String = text.iter().skip(start).take(end - start).collect();
                    object.insert("text".to_owned(), Value::String(words));
                }
                object.values_mut().for_each(|v| self.record(v, text));
            }
            Value::Array(list) => list.iter_mut().for_each(|v| self.record(v, text)),
            Value::String(s) => *s = self.clean(s),
            _ => {}
        }
    }
}

/// Takes the words out of one dispatch. Returns its name.
fn redact_dispatch(
    tx: &Connection,
    dispatch: i64,
    plan: &Plan,
    reason: &str,
    moment: &Moment,
    touched: &mut Both,
) -> rusqlite::Result<String> {
    let name: String =
        tx.query_row("SELECT namespace || ':' || source_id FROM dispatches WHERE id = ?1", [dispatch], |r| r.get(0))?;
    // Everything that was worked out of the words goes before they do: the indexes are told what they held.
    let (headline, text): (String, String) =
        tx.query_row("SELECT headline, text FROM current_texts WHERE id = ?1", [dispatch], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    tx.execute(
        "INSERT INTO dispatch_search (dispatch_search, rowid, headline, text) VALUES ('delete', ?1, ?2, ?3)",
        params![dispatch, headline, text],
    )?;
    for other in echo::remove(tx, dispatch)? {
        let mut nodes = tx.prepare_cached("SELECT node_id FROM accounts WHERE dispatch_id = ?1")?;
        for node in nodes.query_map([other], |r| r.get(0))? {
            touched.0.node(node?);
        }
    }
    let whole_words = if plan.whole { words_of(tx, dispatch)? } else { Vec::new() };
    let mut versions = tx.prepare("SELECT id, text, original FROM versions WHERE dispatch_id = ?1 ORDER BY number")?;
    let versions: Vec<(i64, String, Option<String>)> =
        versions.query_map([dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
    for (version, text, original) in versions {
        let clean = if plan.whole { String::new() } else { plan.clean(&text) };
        tx.execute("UPDATE versions SET text = ?2, redacted = 1 WHERE id = ?1", params![version, clean])?;
        let records: Vec<(i64, Vec<u8>)> = tx
            .prepare("SELECT id, content FROM records WHERE version_id = ?1")?
            .query_map([version], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (record, content) in records {
            let Some(read) = unpack(&content) else { continue };
            let mut value = serde_json::to_value(&read).unwrap_or_default();
            if plan.whole {
                value = json!({"schema": read.schema, "id": read.id, "reader": read.reader, "notes": ["redacted"],
                    "dispatch": {"id": read.dispatch.id, "outlet": read.dispatch.outlet, "language": read.dispatch.language,
                        "published": read.dispatch.published.map(|d| d.to_string()), "published_basis": read.dispatch.published_basis,
                        "sha256": read.dispatch.sha256, "text": ""}});
            } else {
                let characters: Vec<char> = clean.chars().collect();
                plan.record(&mut value, &characters);
            }
            let json = crate::input::record_from_value(value)
                .ok()
                .and_then(|r| serde_json::to_string(&r).ok())
                .unwrap_or_default();
            tx.execute(
                "UPDATE records SET content = ?2, sha256 = ?3 WHERE id = ?1",
                params![record, pack(json.as_bytes()), digest::hex(json.as_bytes())],
            )?;
        }
        if let Some(original) = original {
            tx.execute(
                "UPDATE originals SET content = ?2, bytes = 0, media_type = 'application/x-redacted' WHERE sha256 = ?1",
                params![original, pack(b"")],
            )?;
        }
    }
    let old: (Option<String>, Option<String>, Option<String>) =
        tx.query_row("SELECT headline, dek, agency FROM dispatches WHERE id = ?1", [dispatch], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?;
    let kept = |s: Option<String>| s.filter(|_| !plan.whole).map(|s| plan.clean(&s));
    tx.execute(
        "UPDATE dispatches SET headline = ?2, dek = ?3, agency = ?4 WHERE id = ?1",
        params![dispatch, kept(old.0), kept(old.1), kept(old.2)],
    )?;
    let (headline, text): (String, String) =
        tx.query_row("SELECT headline, text FROM current_texts WHERE id = ?1", [dispatch], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    tx.execute(
        "INSERT INTO dispatch_search (rowid, headline, text) VALUES (?1, ?2, ?3)",
        params![dispatch, headline, text],
    )?;
    refresh(tx, dispatch, reason, moment, touched)?;
    flat::index_statements(tx, &mut touched.0.unindexed)?;
    let sha: Option<String> = current_record(tx, dispatch)?.map(|r| r.1);
    for other in echo::insert(tx, dispatch, &text, sha.as_deref().unwrap_or_default())? {
        let mut nodes = tx.prepare_cached("SELECT node_id FROM accounts WHERE dispatch_id = ?1")?;
        for node in nodes.query_map([other], |r| r.get(0))? {
            touched.0.node(node?);
        }
    }
    // What stood beside the words may hold a part of them.
    tx.execute(
        "UPDATE review_anchors SET prefix = '', suffix = '', parent = json_set(parent, '$.prefix', '', '$.suffix', '')
         WHERE namespace || ':' || source_id = ?1",
        [&name],
    )?;
    if plan.whole {
        // Quotations of the dispatch in log and history.
        tx.execute(
            "UPDATE review_anchors SET exact = '', prefix = '', suffix = '', parent = NULL, detail = ''
             WHERE namespace || ':' || source_id = ?1",
            [&name],
        )?;
        for words in whole_words.iter().filter(|w| w.chars().count() >= SHORTEST) {
            sweep_words(tx, words)?;
        }
    }
    let what = if plan.whole { "the whole text was redacted" } else { "words were redacted" };
    row(
        tx,
        moment,
        Row {
            what: "dispatch",
            kind: "dispatch",
            subject: &name,
            about: &name,
            after: Some(what.to_owned()),
            ..Row::default()
        },
    )?;
    Ok(name)
}

/// The words of figures and other items of a dispatch that log and history may quote.
fn words_of(tx: &Connection, dispatch: i64) -> rusqlite::Result<Vec<String>> {
    let mut find = tx.prepare(
        "SELECT f.words FROM figures f JOIN accounts a ON a.id = f.account_id WHERE a.dispatch_id = ?1
         UNION SELECT s.words FROM status_claims s JOIN accord_accounts a ON a.id = s.accord_account_id WHERE a.dispatch_id = ?1",
    )?;
    find.query_map([dispatch], |r| r.get(0))?.collect()
}

/// Takes the words out of what is not one dispatch's: log, history, names.
fn sweep(tx: &Connection, plan: &Plan) -> rusqlite::Result<()> {
    plan.words.iter().try_for_each(|words| sweep_words(tx, words))
}

fn sweep_words(tx: &Connection, words: &str) -> rusqlite::Result<()> {
    let clean = blocks(words);
    let columns: &[(&str, &[&str])] = &[
        ("review_log", &["target", "value", "was", "why"]),
        ("review_anchors", &["exact", "prefix", "suffix", "parent", "detail"]),
        ("history", &["about", "before", "after", "words_before", "words_after", "source", "field"]),
        ("retired_ids", &["reason"]),
    ];
    for (table, columns) in columns {
        for column in *columns {
            tx.execute(
                &format!("UPDATE {table} SET {column} = replace({column}, ?1, ?2) WHERE instr({column}, ?1) > 0"),
                params![words, clean],
            )?;
        }
    }
    tx.execute(
        "DELETE FROM place_names WHERE instr(place, ?1) > 0 AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.place = place_names.place)",
        [words],
    )?;
    let names: Vec<String> = tx
        .prepare("SELECT name FROM actor_names WHERE instr(name, ?1) > 0")?
        .query_map([words], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    names.iter().try_for_each(|name| super::decide::forget_name(tx, name))?;
    Ok(())
}

/// Whether words of a text that was filed have been taken out of it: it is never read anew.
pub fn is_redacted(tx: &Connection, version: i64) -> rusqlite::Result<bool> {
    let redacted: Option<bool> = tx
        .prepare_cached("SELECT redacted FROM versions WHERE id = ?1")?
        .query_row([version], |r| r.get(0))
        .optional()?;
    Ok(redacted.unwrap_or(false))
}
