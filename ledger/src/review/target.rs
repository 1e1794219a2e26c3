//! From an address that a person gives to the items it stands for.

use record::TextIndex;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

use super::anchor::{Anchor, Selector};
use super::item::{self, ItemKind};
use super::live;
use crate::LedgerError;
use crate::store::filing::current_record;
use crate::store::flat::Home;

/// A dispatch with its current reading.
pub struct Page {
    /// Namespace of its id.
    pub namespace: String,
    /// Its id.
    pub source_id: String,
    /// Its text.
    pub text: String,
    /// The text's hash.
    pub text_sha: String,
    /// The reader's record with people's additions, marked.
    pub record: Value,
}

/// One item.
pub struct Target {
    /// `dispatches.id`.
    pub dispatch: i64,
    /// Its address in the record; empty for the dispatch itself.
    pub address: String,
}

type Told<'t> = &'t dyn Fn(rusqlite::Error) -> LedgerError;

/// The items that an id stands for: all accounts of an incident or accord, one account, a part of one, a statement, a
/// dispatch.
pub fn resolve(tx: &Connection, id: &str, told: Told) -> Result<Vec<Target>, LedgerError> {
    for (accounts, whole) in [("accounts", "incident_id"), ("accord_accounts", "accord_id")] {
        let rows = || -> rusqlite::Result<Vec<Target>> {
            let mut find = tx.prepare_cached(&format!(
                "SELECT dispatch_id, item FROM {accounts} WHERE {whole} = ?1 ORDER BY public_id <> ?1, public_id"
            ))?;
            find.query_map([id], |r| Ok(Target { dispatch: r.get(0)?, address: r.get(1)? }))?.collect()
        };
        let found = rows().map_err(told)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    if let Some(account) = account(tx, id).map_err(told)? {
        return Ok(vec![account]);
    }
    if let Some((dispatch, address)) = id.rsplit_once('#') {
        return Ok(vec![Target { dispatch: dispatch_of(tx, dispatch, told)?, address: address.to_owned() }]);
    }
    if let Some((head, part)) = id.rsplit_once('.')
        && let Some(Target { dispatch, address }) = account(tx, head).map_err(told)?
    {
        return Ok(vec![Target { dispatch, address: format!("{address}.{part}") }]);
    }
    Ok(vec![Target { dispatch: dispatch_of(tx, id, told)?, address: String::new() }])
}

/// The account of this id, also one that a person set aside.
fn account(tx: &Connection, id: &str) -> rusqlite::Result<Option<Target>> {
    tx.prepare_cached(
        "SELECT dispatch_id, item FROM accounts WHERE public_id = ?1
         UNION ALL SELECT dispatch_id, item FROM accord_accounts WHERE public_id = ?1
         UNION ALL SELECT dispatch_id, item FROM retired_ids WHERE old_id = ?1 AND item IS NOT NULL LIMIT 1",
    )?
    .query_row([id], |r| Ok(Target { dispatch: r.get(0)?, address: r.get(1)? }))
    .optional()
}

/// The dispatch that goes by `id`, alone or as `namespace:id`.
pub fn dispatch_of(tx: &Connection, id: &str, told: Told) -> Result<i64, LedgerError> {
    let find = || -> rusqlite::Result<Vec<(i64, String)>> {
        let mut find = tx.prepare_cached(
            "SELECT id, namespace || ':' || source_id FROM dispatches
             WHERE source_id = ?1 OR (namespace || ':' || source_id) = ?1 AND instr(?1, ':') > 0",
        )?;
        find.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    };
    match find().map_err(told)?.as_slice() {
        [] => Err(LedgerError::NoSuchId(id.to_owned())),
        [(dispatch, _)] => Ok(*dispatch),
        many => {
            let names: Vec<&str> = many.iter().map(|m| m.1.as_str()).collect();
            Err(LedgerError::Ambiguous(id.to_owned(), names.join(", ")))
        }
    }
}

impl Page {
    /// The page of a dispatch.
    pub fn load(tx: &Connection, dispatch: i64) -> rusqlite::Result<Option<Page>> {
        let (namespace, source_id, version): (String, String, u32) = tx
            .prepare_cached("SELECT namespace, source_id, version FROM dispatches WHERE id = ?1")?
            .query_row([dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
        let Some((record, text_sha)) = current_record(tx, dispatch)? else { return Ok(None) };
        let home = Home { dispatch, namespace: &namespace, source_id: &source_id, version, text_sha: &text_sha };
        let marked = live::with_additions(tx, &home, &record)?;
        Ok(Some(Page { namespace, source_id, text: record.dispatch.text, text_sha, record: marked }))
    }

    /// The kind and value of the item at an address.
    pub fn item(&self, address: &str) -> Option<(ItemKind, &Value)> {
        if address.is_empty() {
            return Some((ItemKind::Dispatch, &self.record));
        }
        let (kind, at) = item::locate(&self.record, address)?;
        Some((kind, self.record.pointer(&at)?))
    }

    /// The anchor of the item at an address.
    pub fn anchor(&self, address: &str) -> Option<Anchor> {
        let index = TextIndex::new(&self.text);
        let (kind, value) = self.item(address)?;
        let at = if kind == ItemKind::Dispatch {
            Selector {
                kind: kind.name().to_owned(),
                detail: String::new(),
                exact: String::new(),
                prefix: String::new(),
                suffix: String::new(),
                start: 0,
                end: 0,
                added: None,
            }
        } else {
            Selector::of(kind, value, &index)
        };
        let parent = address.split_once('.').and_then(|(holder, _)| {
            let (kind, value) = self.item(holder)?;
            Some(Selector::of(kind, value, &index))
        });
        Some(self.anchored(at, parent))
    }

    /// An anchor in this page.
    pub fn anchored(&self, at: Selector, parent: Option<Selector>) -> Anchor {
        Anchor {
            namespace: self.namespace.clone(),
            source_id: self.source_id.clone(),
            text_sha256: self.text_sha.clone(),
            at,
            parent,
        }
    }

    /// Where words stand in the text, in code points: the only place, or the one asked for (from 1 on).
    pub fn quote(&self, words: &str, occurrence: Option<usize>) -> Result<record::Span, LedgerError> {
        let name = format!("{}:{}", self.namespace, self.source_id);
        let words = words.trim();
        if words.is_empty() {
            return Err(LedgerError::Refused(format!("{name}: quote the words that the reader missed")));
        }
        let index = TextIndex::new(&self.text);
        let places: Vec<usize> = self.text.match_indices(words).map(|m| m.0).collect();
        let around = |byte: usize| {
            let at = index.code_point(byte);
            let span = record::Span { start: at, end: at + words.chars().count(), text: words.to_owned() };
            let s = Selector::of_words(ItemKind::Figure, &span, &index);
            format!("…{}[{}]{}…", s.prefix, s.exact, s.suffix).replace('\n', " ")
        };
        let byte = match (places.as_slice(), occurrence) {
            ([], _) => {
                return Err(LedgerError::Refused(format!(
                    "{name}: its text has no “{words}” (quote the words exactly as they stand there)"
                )));
            }
            ([only], None | Some(1)) => *only,
            (many, Some(n)) if (1..=many.len()).contains(&n) => many[n - 1],
            (many, Some(n)) => {
                return Err(LedgerError::Refused(format!(
                    "{name}: has “{words}” {} times, and no number {n}",
                    many.len()
                )));
            }
            (many, None) => {
                let places: Vec<String> =
                    many.iter().take(9).enumerate().map(|(n, b)| format!("{}: {}", n + 1, around(*b))).collect();
                return Err(LedgerError::Refused(format!(
                    "{name}: has “{words}” {} times; say which one by its number, or quote more words\n  {}",
                    many.len(),
                    places.join("\n  ")
                )));
            }
        };
        Ok(index.span(byte..byte + words.len()))
    }
}

/// The accounts of an incident (`accounts`) or accord (`accord_accounts`) in which an account lies, by public id.
pub fn whole_of(tx: &Connection, id: &str) -> rusqlite::Result<Option<(&'static str, String)>> {
    for (table, column, kind) in [("accounts", "incident_id", "incident"), ("accord_accounts", "accord_id", "accord")] {
        let found: Option<Option<String>> = tx
            .prepare_cached(&format!("SELECT {column} FROM {table} WHERE public_id = ?1"))?
            .query_row(params![id], |r| r.get(0))
            .optional()?;
        if let Some(Some(whole)) = found {
            return Ok(Some((kind, whole)));
        }
    }
    Ok(None)
}
