//! Filing: a record and its original go in, once, with everything that follows from them, in one transaction a batch.

use std::collections::BTreeSet;

use jiff::Timestamp;
use record::{PubStatus, Record};
use rusqlite::{Connection, OptionalExtension, Result, TransactionBehavior, params};

use super::{Ledger, accords, flat, incidents};
use crate::changes::{Moment, write};
use crate::error::LedgerError;
use crate::review::item::Marks;
use crate::review::{is_redacted, live};
use crate::{digest, echo};

/// A dispatch to be filed.
#[derive(Debug, Clone)]
pub struct Filing {
    /// Whose ids the dispatch's id is one of: the outlet or the input's name. Ids that are URLs, URNs or hashes have
    /// a namespace of their own.
    pub namespace: String,
    /// What was read.
    pub record: Record,
    /// The item as received.
    pub original: Vec<u8>,
    /// What the original is, e.g. `application/json`.
    pub media_type: &'static str,
    /// Whether a record of a text that is already there replaces the one kept (records filed as they are), or is dropped.
    pub replace: bool,
}

/// What became of a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// A dispatch that was not there.
    New,
    /// It was there already; nothing was done.
    Known,
    /// Another text of a dispatch that was there: its new version.
    Version(u32),
    /// Another record of a text that was there.
    Reread,
}

/// A filing, hashed and packed: what takes time and needs no ledger, so that those who read dispatches on many threads
/// can do it there, and not while the ledger waits.
#[derive(Debug, Clone)]
pub struct Packed {
    filing: Filing,
    work: Work,
}

/// What follows from a filing alone.
#[derive(Debug, Clone)]
struct Work {
    text_sha: String,
    record: Vec<u8>,
    record_sha: String,
    original: Vec<u8>,
    original_sha: String,
}

impl Work {
    fn of(filing: &Filing) -> Work {
        let json = serde_json::to_string(&filing.record).unwrap_or_default();
        Work {
            text_sha: digest::hex(filing.record.dispatch.text.as_bytes()),
            record_sha: digest::hex(json.as_bytes()),
            record: pack(json.as_bytes()),
            original_sha: digest::hex(&filing.original),
            original: pack(&filing.original),
        }
    }
}

impl From<Filing> for Packed {
    fn from(filing: Filing) -> Packed {
        Packed { work: Work::of(&filing), filing }
    }
}

impl Ledger {
    /// Files a batch in one transaction: all of it is in the ledger afterwards, or nothing.
    pub fn file(&mut self, batch: &[Filing], at: Timestamp) -> std::result::Result<Vec<Filed>, LedgerError> {
        self.file_and(batch, at, |_| Ok(()))
    }

    /// As [`file`](Self::file), of what was packed before.
    pub fn file_packed(&mut self, batch: &[Packed], at: Timestamp) -> std::result::Result<Vec<Filed>, LedgerError> {
        let batch: Vec<(&Filing, &Work)> = batch.iter().map(|p| (&p.filing, &p.work)).collect();
        self.file_all(&batch, at, |_| Ok(()))
    }

    /// Files a batch, and does `also` in the same transaction.
    pub(crate) fn file_and(
        &mut self,
        batch: &[Filing],
        at: Timestamp,
        also: impl FnOnce(&Connection) -> Result<()>,
    ) -> std::result::Result<Vec<Filed>, LedgerError> {
        let work: Vec<Work> = batch.iter().map(Work::of).collect();
        let batch: Vec<(&Filing, &Work)> = batch.iter().zip(&work).collect();
        self.file_all(&batch, at, also)
    }

    fn file_all(
        &mut self,
        batch: &[(&Filing, &Work)],
        at: Timestamp,
        also: impl FnOnce(&Connection) -> Result<()>,
    ) -> std::result::Result<Vec<Filed>, LedgerError> {
        let path = self.path.clone();
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        // Taken out and put back only when all went well: after a rollback, what is at hand may not be what is in the file.
        let mut touched = std::mem::take(&mut self.touched);
        let outcome: Result<Vec<Filed>> = batch.iter().map(|(f, w)| file_one(&tx, f, w, at, &mut touched)).collect();
        let outcome = outcome.map_err(told)?;
        flat::index_statements(&tx, &mut touched.0.unindexed).map_err(told)?;
        let moment = Moment::machine(at);
        incidents::settle(&tx, &mut touched.0, &moment).map_err(told)?;
        accords::settle(&tx, &mut touched.1, &moment).map_err(told)?;
        also(&tx).map_err(told)?;
        tx.commit().map_err(told)?;
        self.touched = touched;
        Ok(outcome)
    }
}

/// The namespace and id that a dispatch goes by.
pub fn identity(filing: &Filing) -> (String, String) {
    let dispatch = &filing.record.dispatch;
    let text_sha = digest::hex(dispatch.text.as_bytes());
    if dispatch.id.is_empty() {
        return ("sha256".to_owned(), text_sha);
    }
    if dispatch.url.as_deref() == Some(dispatch.id.as_str()) {
        return ("url".to_owned(), dispatch.id.clone());
    }
    // `urn:newsml:…` and `tag:…` are made to be the same everywhere, whichever file they come in.
    if dispatch.id.starts_with("urn:") || dispatch.id.starts_with("tag:") {
        return ("urn".to_owned(), dispatch.id.clone());
    }
    let hashed = dispatch.id.len() >= 12
        && [text_sha.as_str(), dispatch.sha256.as_str()].iter().any(|h| h.starts_with(&dispatch.id));
    (if hashed { "sha256".to_owned() } else { filing.namespace.clone() }, dispatch.id.clone())
}

fn file_one(tx: &Connection, filing: &Filing, work: &Work, at: Timestamp, touched: &mut flat::Both) -> Result<Filed> {
    let record = &filing.record;
    let (namespace, source_id) = identity(filing);
    let text_sha = &work.text_sha;
    let known: Option<(i64, u32, String)> = tx
        .prepare_cached("SELECT id, version, state FROM dispatches WHERE namespace = ?1 AND source_id = ?2")?
        .query_row(params![namespace, source_id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let Some((dispatch, current, state)) = known else {
        let dispatch = insert_dispatch(tx, record, &namespace, &source_id, at)?;
        let version = insert_version(tx, filing, work, dispatch, 1, at)?;
        insert_record(tx, version, record, work, at)?;
        file_items(tx, filing, dispatch, 1, text_sha, flat::Old::default(), touched)?;
        return Ok(Filed::New);
    };
    let same_text: Option<(i64, u32)> = tx
        .prepare_cached("SELECT id, number FROM versions WHERE dispatch_id = ?1 AND text_sha256 = ?2")?
        .query_row(params![dispatch, text_sha], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    // The same words with another status: taken back, held back, or released. The same bytes again change nothing, so
    // that filing an old batch once more does not bring back what was taken back since.
    let news = same_text.is_some()
        && record.dispatch.editorial.is_some()
        && state_of(record) != state
        && !has_original(tx, filing, dispatch)?;
    // What a person took out of a text does not come back with the same text.
    if let Some((version, _)) = same_text
        && is_redacted(tx, version)?
    {
        return Ok(Filed::Known);
    }
    let same_text = same_text.filter(|_| !news);
    match same_text {
        Some((_, number)) if number != current || !filing.replace => Ok(Filed::Known),
        Some((version, number)) => {
            let same = tx
                .prepare_cached("SELECT 1 FROM records WHERE version_id = ?1 AND sha256 = ?2")?
                .exists(params![version, work.record_sha])?;
            if same {
                return Ok(Filed::Known);
            }
            let before = current_record(tx, dispatch)?.map(|r| r.0);
            tx.prepare_cached("UPDATE records SET current = 0 WHERE version_id = ?1")?.execute([version])?;
            insert_record(tx, version, record, work, at)?;
            // Another reader that reads the same changes nothing but its name.
            if before.is_some_and(|b| {
                serde_json::to_string(&Record { reader: record.reader.clone(), ..b })
                    .is_ok_and(|b| digest::hex(b.as_bytes()) == work.record_sha)
            }) {
                return Ok(Filed::Known);
            }
            replace_items(tx, filing, dispatch, number, text_sha, at, touched)?;
            Ok(Filed::Reread)
        }
        None => {
            let last = "SELECT max(number) FROM versions WHERE dispatch_id = ?1";
            let number = tx.prepare_cached(last)?.query_row([dispatch], |r| r.get::<_, u32>(0))? + 1;
            let late = state_of(record) == "live" && is_older(tx, record, dispatch, current)?;
            let version = insert_version(tx, filing, work, dispatch, number, at)?;
            insert_record(tx, version, record, work, at)?;
            if !late {
                replace_items(tx, filing, dispatch, number, text_sha, at, touched)?;
                let name = format!("{namespace}:{source_id}");
                let kind = match state_of(record) {
                    "killed" => "taken back",
                    "withheld" => "held back",
                    _ => "corrected",
                };
                let after = Some(format!("{kind}: version {number}"));
                let row = write::Row {
                    what: "dispatch",
                    kind: "dispatch",
                    subject: &name,
                    about: &name,
                    after,
                    ..Default::default()
                };
                write::row(tx, &Moment::machine(at), row)?;
            }
            Ok(Filed::Version(number))
        }
    }
}

/// The state that a record's own status puts its dispatch in.
fn state_of(record: &Record) -> &'static str {
    match record.dispatch.editorial.as_ref().map(|e| e.status) {
        None | Some(PubStatus::Usable) => "live",
        Some(PubStatus::Withheld) => "withheld",
        Some(PubStatus::Killed) => "killed",
    }
}

/// Whether a version of the dispatch came from these very bytes.
fn has_original(tx: &Connection, filing: &Filing, dispatch: i64) -> Result<bool> {
    tx.prepare_cached("SELECT 1 FROM versions WHERE dispatch_id = ?1 AND original = ?2")?
        .exists(params![dispatch, digest::hex(&filing.original)])
}

/// Whether the source numbers this version before the current one: it came late, and is kept without becoming current.
fn is_older(tx: &Connection, record: &Record, dispatch: i64, current: u32) -> Result<bool> {
    let number = |version: Option<&str>| version.and_then(|v| v.trim().parse::<u64>().ok());
    let Some(new) = number(record.dispatch.editorial.as_ref().and_then(|e| e.version.as_deref())) else {
        return Ok(false);
    };
    let old: Option<String> = tx
        .prepare_cached("SELECT source_version FROM versions WHERE dispatch_id = ?1 AND number = ?2")?
        .query_row(params![dispatch, current], |r| r.get(0))?;
    Ok(number(old.as_deref()).is_some_and(|old| new < old))
}

fn insert_dispatch(tx: &Connection, record: &Record, namespace: &str, source_id: &str, at: Timestamp) -> Result<i64> {
    let d = &record.dispatch;
    tx.prepare_cached(
        "INSERT INTO dispatches (namespace, source_id, outlet, agency, url, headline, dek, language, published,
             published_basis, version, filed_at, state, slugline, embargo)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        namespace,
        source_id,
        d.outlet,
        d.agency,
        d.url,
        d.headline,
        d.dek,
        d.language,
        d.published.map(|p| p.to_string()),
        d.published_basis.map(flat::name),
        at.to_string(),
        state_of(record),
        d.editorial.as_ref().and_then(|e| e.slugline.as_ref()),
        d.editorial.as_ref().and_then(|e| e.embargo.as_ref()),
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Zstandard's level 6 packs texts about as well as the slow levels and costs a small part of reading them.
const LEVEL: i32 = 6;

/// Packs bytes. Memory is the only thing that packing needs; where it fails, the frame is empty and `check` says so.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(bytes, LEVEL).unwrap_or_default()
}

fn insert_version(
    tx: &Connection,
    filing: &Filing,
    work: &Work,
    dispatch: i64,
    number: u32,
    at: Timestamp,
) -> Result<i64> {
    let sha = &work.original_sha;
    let known = tx.prepare_cached("SELECT 1 FROM originals WHERE sha256 = ?1")?.exists([sha])?;
    if !known {
        tx.prepare_cached("INSERT INTO originals (sha256, media_type, bytes, content) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![sha, filing.media_type, filing.original.len() as i64, work.original])?;
    }
    let editorial = filing.record.dispatch.editorial.as_ref();
    let kind = match state_of(&filing.record) {
        "killed" => "kill",
        "withheld" => "withhold",
        _ if number == 1 => "first",
        _ => "correction",
    };
    tx.prepare_cached(
        "INSERT INTO versions (dispatch_id, number, kind, original, text_sha256, text, filed_at, source_version, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        dispatch,
        number,
        kind,
        sha,
        work.text_sha,
        filing.record.dispatch.text,
        at.to_string(),
        editorial.and_then(|e| e.version.as_ref()),
        editorial.and_then(|e| e.note.as_ref()),
    ])?;
    Ok(tx.last_insert_rowid())
}

fn insert_record(tx: &Connection, version: i64, record: &Record, work: &Work, at: Timestamp) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO records (version_id, reader, read_at, content, sha256, current) VALUES (?1, ?2, ?3, ?4, ?5, 1)",
    )?
    .execute(params![version, record.reader, at.to_string(), work.record, work.record_sha])?;
    Ok(())
}

/// Files the items of a dispatch that has none, indexes its text and ties its accounts.
fn file_items(
    tx: &Connection,
    filing: &Filing,
    dispatch: i64,
    version: u32,
    text_sha: &str,
    old: flat::Old,
    touched: &mut flat::Both,
) -> Result<()> {
    let record = &filing.record;
    let (namespace, source_id) = identity(filing);
    let home = flat::Home { dispatch, namespace: &namespace, source_id: &source_id, version, text_sha };
    let d = &record.dispatch;
    tx.prepare_cached("INSERT INTO dispatch_search (rowid, headline, text) VALUES (?1, ?2, ?3)")?.execute(params![
        dispatch,
        d.headline.as_deref().unwrap_or_default(),
        d.text
    ])?;
    let joined = echo::insert(tx, dispatch, &d.text, text_sha)?;
    touch(tx, joined, touched)?;
    match live::applied(tx, &home, record, true)? {
        Some((record, marks)) => flat::insert(tx, &home, &record, &marks, old, touched)?,
        None => flat::insert(tx, &home, record, &Marks::plain(record), old, touched)?,
    }
    live::relink(tx, &home, touched)
}

/// Applies people's decisions anew to the current record of a dispatch. `reason` says why what is no longer shown is not.
pub fn refresh(tx: &Connection, dispatch: i64, reason: &str, moment: &Moment, touched: &mut flat::Both) -> Result<()> {
    let (namespace, source_id, version): (String, String, u32) = tx
        .prepare_cached("SELECT namespace, source_id, version FROM dispatches WHERE id = ?1")?
        .query_row([dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let Some((record, text_sha)) = current_record(tx, dispatch)? else { return Ok(()) };
    let home = flat::Home { dispatch, namespace: &namespace, source_id: &source_id, version, text_sha: &text_sha };
    let before = write::figures(tx, dispatch)?;
    let mut old = flat::remove(tx, dispatch, touched)?;
    old.set_aside = Some(reason.to_owned());
    match live::applied(tx, &home, &record, false)? {
        Some((record, marks)) => flat::insert(tx, &home, &record, &marks, old, touched)?,
        None => flat::insert(tx, &home, &record, &Marks::plain(&record), old, touched)?,
    }
    write::figures_changed(tx, moment, before, write::figures(tx, dispatch)?)?;
    live::relink(tx, &home, touched)
}

/// Attaches people's decisions anew where none of them changes an item.
pub fn reattach(tx: &Connection, dispatch: i64, touched: &mut flat::Both) -> Result<()> {
    let (namespace, source_id, version): (String, String, u32) = tx
        .prepare_cached("SELECT namespace, source_id, version FROM dispatches WHERE id = ?1")?
        .query_row([dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let Some((record, text_sha)) = current_record(tx, dispatch)? else { return Ok(()) };
    let home = flat::Home { dispatch, namespace: &namespace, source_id: &source_id, version, text_sha: &text_sha };
    live::applied(tx, &home, &record, false)?;
    live::relink(tx, &home, touched)
}

/// The reader's record of a dispatch's current text, with the text's hash.
pub fn current_record(tx: &Connection, dispatch: i64) -> Result<Option<(Record, String)>> {
    let packed: Option<(Vec<u8>, String)> = tx
        .prepare_cached(
            "SELECT r.content, v.text_sha256 FROM records r JOIN versions v ON v.id = r.version_id
             JOIN dispatches d ON d.id = v.dispatch_id AND d.version = v.number WHERE d.id = ?1 AND r.current",
        )?
        .query_row([dispatch], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(packed.and_then(|(packed, sha)| unpack(&packed).map(|record| (record, sha))))
}

/// The record in a packed frame.
pub fn unpack(packed: &[u8]) -> Option<Record> {
    let bytes = zstd::stream::decode_all(packed).ok()?;
    crate::record_from_json(std::str::from_utf8(&bytes).ok()?).ok()
}

/// Puts a new record's items in the place of the old one's.
fn replace_items(
    tx: &Connection,
    filing: &Filing,
    dispatch: i64,
    number: u32,
    text_sha: &str,
    at: Timestamp,
    touched: &mut flat::Both,
) -> Result<()> {
    let before = write::figures(tx, dispatch)?;
    let (headline, text): (String, String) = tx
        .prepare_cached("SELECT headline, text FROM current_texts WHERE id = ?1")?
        .query_row([dispatch], |r| Ok((r.get(0)?, r.get(1)?)))?;
    tx.prepare_cached(
        "INSERT INTO dispatch_search (dispatch_search, rowid, headline, text) VALUES ('delete', ?1, ?2, ?3)",
    )?
    .execute(params![dispatch, headline, text])?;
    let left = echo::remove(tx, dispatch)?;
    touch(tx, left, touched)?;
    let old = flat::remove(tx, dispatch, touched)?;
    let d = &filing.record.dispatch;
    tx.prepare_cached(
        "UPDATE dispatches SET outlet = ?2, agency = ?3, url = ?4, headline = ?5, dek = ?6, language = ?7, published = ?8,
             published_basis = ?9, version = ?10, state = ?11, slugline = ?12, embargo = ?13 WHERE id = ?1",
    )?
    .execute(params![
        dispatch,
        d.outlet,
        d.agency,
        d.url,
        d.headline,
        d.dek,
        d.language,
        d.published.map(|p| p.to_string()),
        d.published_basis.map(flat::name),
        number,
        state_of(&filing.record),
        d.editorial.as_ref().and_then(|e| e.slugline.as_ref()),
        d.editorial.as_ref().and_then(|e| e.embargo.as_ref()),
    ])?;
    file_items(tx, filing, dispatch, number, text_sha, old, touched)?;
    write::figures_changed(tx, &Moment::machine(at), before, write::figures(tx, dispatch)?)
}

/// Has the incidents of these dispatches worked out anew: which of them count as one source has changed.
fn touch(tx: &Connection, dispatches: BTreeSet<i64>, touched: &mut flat::Both) -> Result<()> {
    for dispatch in dispatches {
        let mut nodes = tx.prepare_cached("SELECT node_id FROM accounts WHERE dispatch_id = ?1")?;
        for node in nodes.query_map([dispatch], |r| r.get(0))? {
            touched.0.node(node?);
        }
    }
    Ok(())
}
