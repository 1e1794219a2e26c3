//! A record, item by item, in tables.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use record::{Accord, Incident, Record, Span, Statement};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde::Serialize;

use crate::digest;
use crate::link::Compared;
use crate::link::accords::AccordFacts;
use crate::link::apply::{self, Touched};
use crate::link::facts::{Facts, facts};
use crate::names::tables;
use crate::review::item::{ItemKind, Marks, mark_at};

/// Where items are put.
pub struct Home<'a> {
    /// `dispatches.id`.
    pub dispatch: i64,
    /// Namespace of the dispatch's id.
    pub namespace: &'a str,
    /// The dispatch's id.
    pub source_id: &'a str,
    /// Number of the version.
    pub version: u32,
    /// SHA-256 of its text.
    pub text_sha: &'a str,
}

/// The accounts that a dispatch had before: those that tell the same keep their public ids.
#[derive(Debug, Default)]
pub struct Old {
    incidents: Vec<Before<Facts>>,
    accords: Vec<Before<AccordFacts>>,
    /// The rows of its statements by their items: statements keep their place among those of the day.
    statements: BTreeMap<String, i64>,
    /// Set when people's decisions are applied anew to a record that stays: ids then go by position, and those of what is
    /// set aside are kept for it, with this as the reason.
    pub set_aside: Option<String>,
}

/// An account that a dispatch had.
#[derive(Debug)]
struct Before<F> {
    public_id: String,
    item: String,
    facts: Option<F>,
}

/// What a batch touches among incidents and among accords.
pub type Both = (Touched<Facts>, Touched<AccordFacts>);

/// The name that an enumeration's value has in records.
pub fn name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// Takes the items of a dispatch out, and returns what its accounts were.
pub fn remove(tx: &Connection, dispatch: i64, touched: &mut Both) -> Result<Old> {
    let statements: BTreeMap<String, i64> = tx
        .prepare_cached("SELECT item, id FROM statements WHERE dispatch_id = ?1 ORDER BY id")?
        .query_map([dispatch], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_>>()?;
    for id in statements.values() {
        // One that the batch itself brought is not in the index yet.
        if !touched.0.unindexed.remove(id) {
            tx.prepare_cached(
                "INSERT INTO statement_search (statement_search, rowid, speaker, content)
                 SELECT 'delete', id, speaker, content FROM statements WHERE id = ?1",
            )?
            .execute([id])?;
        }
    }
    tx.prepare_cached("DELETE FROM statements WHERE dispatch_id = ?1")?.execute([dispatch])?;
    tx.prepare_cached("DELETE FROM checks WHERE dispatch_id = ?1")?.execute([dispatch])?;
    let incidents = take::<Facts>(tx, "accounts", "incident_id", dispatch, &mut touched.0)?;
    let accords = take::<AccordFacts>(tx, "accord_accounts", "accord_id", dispatch, &mut touched.1)?;
    Ok(Old { incidents, accords, statements, set_aside: None })
}

/// Takes a dispatch's accounts out of `table`; `whole` is the column of the incident or accord that they belong to.
fn take<F: Compared>(
    tx: &Connection,
    table: &str,
    whole: &str,
    dispatch: i64,
    touched: &mut Touched<F>,
) -> Result<Vec<Before<F>>> {
    let rows: Vec<(String, i64, Option<String>, String)> = tx
        .prepare_cached(&format!(
            "SELECT public_id, node_id, {whole}, item FROM {table} WHERE dispatch_id = ?1 ORDER BY id"
        ))?
        .query_map([dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<Result<_>>()?;
    // The disputes of the incident or accord quote the rows that go; both are worked out anew when the batch is settled.
    tx.prepare_cached("DELETE FROM disputes WHERE id IN (SELECT dispute_id FROM positions WHERE dispatch_id = ?1)")?
        .execute([dispatch])?;
    let mut old = Vec::new();
    for (public_id, node, whole, item) in &rows {
        if let Some(whole) = whole {
            touched.lost_account(whole.clone());
        }
        let facts = apply::load::<F>(tx, *node)?.map(|loaded| loaded.1);
        old.push(Before { public_id: public_id.clone(), item: item.clone(), facts });
    }
    tx.prepare_cached(&format!("DELETE FROM {table} WHERE dispatch_id = ?1"))?.execute([dispatch])?;
    for (_, node, _, _) in rows {
        let used = tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE node_id = ?1"))?.exists([node])?;
        if used { touched.node(node) } else { touched.gone(tx, node)? }
    }
    Ok(old)
}

/// Puts the items of a record in; `marks` are the addresses of its parts, by position where there are none.
pub fn insert(
    tx: &Connection,
    home: &Home,
    record: &Record,
    marks: &Marks,
    old: Old,
    touched: &mut Both,
) -> Result<()> {
    let mut before = None;
    for statement in &record.statements {
        let kept = old.statements.get(&statement.id).copied();
        let id = insert_statement(tx, home.dispatch, statement, record.dispatch.published, kept, before)?;
        before = Some(id);
        touched.0.unindexed.insert(id);
    }
    for check in &record.checks {
        let (words, start, end) = optional(check.span.as_ref());
        tx.prepare_cached(
            "INSERT INTO checks (dispatch_id, kind, message, words, words_start, words_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![home.dispatch, name(check.kind), check.message, words, start, end])?;
    }
    let new: Vec<Facts> = record.incidents.iter().map(|i| facts(record, i, home.text_sha)).collect();
    let aside = old.set_aside.as_deref();
    let ids = public_ids(tx, home, 'i', &new, old.incidents, aside, |f| &f.item)?;
    for (n, ((incident, facts), id)) in record.incidents.iter().zip(new).zip(&ids).enumerate() {
        let node = touched.0.enter(tx, facts)?;
        insert_incident(tx, home.dispatch, incident, marks.incidents.get(n), id, node)?;
    }
    let new: Vec<AccordFacts> = record.accords.iter().map(|a| AccordFacts::of(record, a, home.text_sha)).collect();
    let ids = public_ids(tx, home, 'a', &new, old.accords, aside, |f| &f.item)?;
    for (n, ((accord, facts), id)) in record.accords.iter().zip(new).zip(&ids).enumerate() {
        let node = touched.1.enter(tx, facts)?;
        insert_accord(tx, home.dispatch, accord, marks.accords.get(n), id, node)?;
    }
    Ok(())
}

/// The public ids of new accounts. One that tells what an old account of the dispatch told inherits its id, best pairs
/// first; the others get ids of their own; ids that nobody inherits are retired. Where only people's decisions changed,
/// ids go by position, and those set aside come back to theirs.
fn public_ids<F: Compared>(
    tx: &Connection,
    home: &Home,
    prefix: char,
    new: &[F],
    old: Vec<Before<F>>,
    set_aside: Option<&str>,
    item: impl Fn(&F) -> &String,
) -> Result<Vec<String>> {
    let mut ids: Vec<Option<String>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    if set_aside.is_some() {
        for (i, facts) in new.iter().enumerate() {
            match old.iter().position(|o| o.item == *item(facts)).filter(|j| !taken[*j]) {
                Some(j) => {
                    taken[j] = true;
                    ids[i] = Some(old[j].public_id.clone());
                }
                None => ids[i] = brought_back(tx, home.dispatch, prefix, item(facts))?,
            }
        }
    } else {
        for (_, i, j) in alike(new, &old) {
            if ids[i].is_none() && !taken[j] {
                taken[j] = true;
                ids[i] = Some(old[j].public_id.clone());
            }
        }
    }
    for (before, _) in old.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        let gone = format!("version {} of {} {} no longer tells it", home.version, home.namespace, home.source_id);
        let kept = set_aside.is_some();
        tx.prepare_cached(
            "INSERT OR REPLACE INTO retired_ids (old_id, new_id, reason, dispatch_id, item) VALUES (?1, NULL, ?2, ?3, ?4)",
        )?
        .execute(params![
            before.public_id,
            set_aside.unwrap_or(&gone),
            kept.then_some(home.dispatch),
            kept.then_some(&before.item)
        ])?;
    }
    let version = home.version.to_string();
    let mut out = Vec::new();
    for (id, facts) in ids.into_iter().zip(new) {
        let id = match id {
            Some(id) => id,
            None => fresh_id(tx, prefix, &[home.namespace, home.source_id, &version, item(facts)], &out)?,
        };
        out.push(id);
    }
    Ok(out)
}

/// Pairs of new and old accounts that tell the same, best first: points (negative), new, old.
fn alike<F: Compared>(new: &[F], old: &[Before<F>]) -> Vec<(i32, usize, usize)> {
    let mut pairs = Vec::new();
    for (i, facts) in new.iter().enumerate() {
        for (j, before) in old.iter().enumerate() {
            let Some(before) = &before.facts else { continue };
            let terms = facts.terms(before);
            // In a re-read text all accounts but the one of the same number are "told apart": not a reason here.
            let points: i32 = terms.iter().filter(|t| t.name != "text").map(|t| t.points).sum();
            if points >= F::TIE {
                pairs.push((-points, i, j));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The id that an item had before a person set it aside; it is its id again.
fn brought_back(tx: &Connection, dispatch: i64, prefix: char, item: &str) -> Result<Option<String>> {
    let id: Option<String> = tx
        .prepare_cached(
            "SELECT old_id FROM retired_ids WHERE dispatch_id = ?1 AND item = ?2 AND substr(old_id, 1, 1) = ?3",
        )?
        .query_row(params![dispatch, item, prefix.to_string()], |r| r.get(0))
        .optional()?;
    if let Some(id) = &id {
        tx.prepare_cached("DELETE FROM retired_ids WHERE old_id = ?1")?.execute([id])?;
    }
    Ok(id)
}

/// An id made of `parts` that was never given before.
fn fresh_id(tx: &Connection, prefix: char, parts: &[&str], given: &[String]) -> Result<String> {
    let mut salt = 0u32;
    loop {
        let salted = salt.to_string();
        let mut all = parts.to_vec();
        if salt > 0 {
            all.push(&salted);
        }
        let id = digest::public_id(prefix, &all);
        let used: bool = tx
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM accounts WHERE public_id = ?1)
                     OR EXISTS (SELECT 1 FROM accord_accounts WHERE public_id = ?1)
                     OR EXISTS (SELECT 1 FROM retired_ids WHERE old_id = ?1)",
            )?
            .query_row([&id], |r| r.get(0))?;
        if !used && !given.contains(&id) {
            return Ok(id);
        }
        salt += 1;
    }
}

/// A name of an actor, made known.
fn actor<'n>(tx: &Connection, name: &'n str) -> Result<&'n str> {
    let known = tx.prepare_cached("SELECT 1 FROM actor_names WHERE name = ?1")?.exists([name])?;
    if !known {
        let key = tables().actor_key(name);
        tx.prepare_cached("INSERT INTO actor_names (name, actor) VALUES (?1, ?2)")?.execute(params![name, key])?;
    }
    Ok(name)
}

/// A span's columns.
fn optional(span: Option<&Span>) -> (Option<&str>, Option<i64>, Option<i64>) {
    (span.map(|s| s.text.as_str()), span.map(|s| s.start as i64), span.map(|s| s.end as i64))
}

/// The first and the last id of statements published on a day; of those whose day is unknown, for none.
pub fn statement_ids(published: Option<Date>) -> (i64, i64) {
    let day = published.map_or(0, |day| {
        let since = jiff::civil::date(1, 1, 1).until(day).map_or(0, |span| span.get_days());
        i64::from(since.max(0)) + 1
    });
    let first = day << 32;
    (first, first + 0xffff_ffff)
}

/// Enters the statements of a batch in the search index, in order of their ids: out of order, each would be a segment of
/// its own.
pub fn index_statements(tx: &Connection, unindexed: &mut BTreeSet<i64>) -> Result<()> {
    for id in std::mem::take(unindexed) {
        tx.prepare_cached(
            "INSERT INTO statement_search (rowid, speaker, content) SELECT id, speaker, content FROM statements WHERE id = ?1",
        )?
        .execute([id])?;
    }
    Ok(())
}

/// The row of a statement: the one it had, else the next to that of the statement before it, else the end of its day. So
/// a decision, and one taken back, leave the others where they stand.
fn statement_row(tx: &Connection, published: Option<Date>, kept: Option<i64>, before: Option<i64>) -> Result<i64> {
    let (first_id, last_id) = statement_ids(published);
    for id in kept.into_iter().chain(before.map(|id| id + 1)).filter(|id| (first_id..=last_id).contains(id)) {
        if !tx.prepare_cached("SELECT 1 FROM statements WHERE id = ?1")?.exists([id])? {
            return Ok(id);
        }
    }
    let taken: Option<i64> = tx
        .prepare_cached("SELECT id FROM statements WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1")?
        .query_row([first_id, last_id], |r| r.get(0))
        .optional()?;
    Ok(taken.map_or(first_id + 1, |id| id + 1))
}

/// Puts a statement in and returns its row (see [`statement_row`]). The search index is entered at the end of the batch.
fn insert_statement(
    tx: &Connection,
    dispatch: i64,
    s: &Statement,
    published: Option<Date>,
    kept: Option<i64>,
    before: Option<i64>,
) -> Result<i64> {
    let id = statement_row(tx, published, kept, before)?;
    let published = published.map(|p| p.to_string());
    let (source, source_start, source_end) = optional(s.source.as_ref());
    let (cue, cue_start, cue_end) = optional(s.cue.as_ref());
    let first = s.content.first();
    let content = s.content.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" … ");
    let speaker = actor(tx, &s.speaker)?;
    tx.prepare_cached(
        "INSERT INTO statements (id, dispatch_id, item, speaker, kind, mode, said_on, published, source, source_start,
             source_end, cue, cue_start, cue_end, content, content_start, content_end, occasion)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?
    .execute(params![
        id,
        dispatch,
        s.id,
        speaker,
        name(s.kind),
        name(s.mode),
        s.said_on.map(|d| d.to_string()),
        published,
        source,
        source_start,
        source_end,
        cue,
        cue_start,
        cue_end,
        content,
        first.map(|c| c.start as i64),
        first.map(|c| c.end as i64),
        s.occasion.as_ref().map(|o| o.text.as_str()),
    ])?;
    for (number, piece) in s.content.iter().enumerate() {
        tx.prepare_cached(
            "INSERT INTO statement_pieces (statement_id, number, words, words_start, words_end) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, number as i64 + 1, piece.text, piece.start as i64, piece.end as i64])?;
    }
    Ok(id)
}

fn insert_incident(
    tx: &Connection,
    dispatch: i64,
    i: &Incident,
    marks: Option<&[Vec<String>; 4]>,
    public_id: &str,
    node: i64,
) -> Result<()> {
    let place = i.place.as_ref();
    let (place_words, place_start, place_end) = optional(place.map(|p| &p.mention));
    tx.prepare_cached(
        "INSERT INTO accounts (public_id, dispatch_id, item, type, date_start, date_end, date_basis, place, place_words,
             place_start, place_end, admin1, country, lat, lon, geonames_id, precision, background, modality, confidence,
             trigger_words, trigger_start, trigger_end, node_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
    )?
    .execute(params![
        public_id,
        dispatch,
        i.id,
        name(i.incident_type),
        i.date_start.map(|d| d.to_string()),
        i.date_end.map(|d| d.to_string()),
        i.date_basis.map(name),
        place.map(|p| p.name.as_str()),
        place_words,
        place_start,
        place_end,
        place.and_then(|p| p.admin1.as_deref()),
        place.and_then(|p| p.country.as_deref()),
        place.and_then(|p| p.lat),
        place.and_then(|p| p.lon),
        place.and_then(|p| p.geonames_id),
        place.and_then(|p| p.precision).map(name),
        i.background,
        name(i.modality),
        name(i.confidence),
        i.trigger.text,
        i.trigger.start as i64,
        i.trigger.end as i64,
        node,
    ])?;
    let id = tx.last_insert_rowid();
    for (n, f) in i.figures.iter().enumerate() {
        let speaker = actor(tx, &f.by)?;
        tx.prepare_cached(
            "INSERT INTO figures (account_id, item, measure, low, high, qualifier, counted, out_of, part_of, hedged, speaker,
                 statement, words, words_start, words_end)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            id,
            mark_at(marks.map(|m| &m[0]), ItemKind::Figure, n),
            name(f.measure),
            f.low.map(whole),
            f.high.map(whole),
            name(f.qualifier),
            f.group,
            f.of.map(whole),
            f.part_of,
            f.hedged,
            speaker,
            f.statement,
            f.mention.text,
            f.mention.start as i64,
            f.mention.end as i64,
        ])?;
    }
    for (n, p) in i.perpetrators.iter().enumerate() {
        let (who, speaker) = (actor(tx, &p.actor)?, actor(tx, &p.by)?);
        tx.prepare_cached(
            "INSERT INTO perpetrators (account_id, actor, stance, speaker, statement, words, words_start, words_end, item)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            id,
            who,
            name(p.stance),
            speaker,
            p.statement,
            p.mention.text,
            p.mention.start as i64,
            p.mention.end as i64,
            mark_at(marks.map(|m| &m[1]), ItemKind::Perpetrator, n),
        ])?;
    }
    for (n, v) in i.victims.iter().enumerate() {
        tx.prepare_cached(
            "INSERT INTO victims (account_id, victim, words, words_start, words_end, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            id,
            v.group,
            v.mention.text,
            v.mention.start as i64,
            v.mention.end as i64,
            mark_at(marks.map(|m| &m[2]), ItemKind::Victim, n),
        ])?;
    }
    for (n, c) in i.claims.iter().enumerate() {
        let speaker = actor(tx, &c.by)?;
        tx.prepare_cached(
            "INSERT INTO claims (account_id, field, value, speaker, statement, words, words_start, words_end, item)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            id,
            name(c.field),
            c.value,
            speaker,
            c.statement,
            c.mention.text,
            c.mention.start as i64,
            c.mention.end as i64,
            mark_at(marks.map(|m| &m[3]), ItemKind::Claim, n),
        ])?;
    }
    Ok(())
}

/// A count as SQLite keeps it.
fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn insert_accord(
    tx: &Connection,
    dispatch: i64,
    a: &Accord,
    marks: Option<&Vec<String>>,
    public_id: &str,
    node: i64,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO accord_accounts (public_id, dispatch_id, item, kind, name, parties, brokers, place, date, documents,
             words, words_start, words_end, node_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        public_id,
        dispatch,
        a.id,
        name(a.kind),
        a.name,
        a.parties.join("; "),
        a.brokers.join("; "),
        a.place,
        a.date.map(|d| d.to_string()),
        a.documents,
        a.mention.text,
        a.mention.start as i64,
        a.mention.end as i64,
        node,
    ])?;
    let id = tx.last_insert_rowid();
    for (n, c) in a.status_claims.iter().enumerate() {
        let speaker = actor(tx, &c.by)?;
        let party = c.party.as_deref().map(|p| actor(tx, p)).transpose()?;
        let blamed = c.blamed.as_deref().map(|p| actor(tx, p)).transpose()?;
        tx.prepare_cached(
            "INSERT INTO status_claims (accord_account_id, status, party, blamed, modality, date, speaker, statement, words,
                 words_start, words_end, item) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            id,
            name(c.status),
            party,
            blamed,
            name(c.modality),
            c.date.map(|d| d.to_string()),
            speaker,
            c.statement,
            c.mention.text,
            c.mention.start as i64,
            c.mention.end as i64,
            mark_at(marks, ItemKind::StatusClaim, n),
        ])?;
    }
    Ok(())
}
