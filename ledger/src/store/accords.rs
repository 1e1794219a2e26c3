//! The accords of the file: clusters of accounts of one agreement.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::changes::Moment;
use crate::changes::write::{self, Moves};
use crate::crosscheck;
use crate::dispute::{self, Dispute, Found, Position};
use crate::link::accords::AccordFacts;
use crate::link::apply::{Touched, recluster};
use crate::names::tables;
use crate::query::{states, timeline};

struct Account {
    id: i64,
    public_id: String,
    kind: String,
    name: String,
    parties: String,
    brokers: String,
    place: Option<String>,
    date: Option<String>,
    order: (bool, String, String, String, String),
    /// The accord that it was in.
    former: Option<String>,
}

/// Clusters what was touched and writes the accords that come of it.
pub fn settle(tx: &Connection, touched: &mut Touched<AccordFacts>, moment: &Moment) -> Result<()> {
    let mut former = touched.lost();
    let mut moves = Moves::default();
    let mut written = Vec::new();
    for nodes in recluster::<AccordFacts>(tx, touched)? {
        let mut accounts = Vec::new();
        for node in nodes {
            accounts.extend(load(tx, node, &mut former)?);
        }
        written.extend(write(tx, accounts, moment, &mut moves)?);
    }
    // Once every account lies where it belongs.
    for one in written {
        write_states(tx, moment, one)?;
    }
    for id in former {
        let gone: Option<String> = tx
            .prepare_cached(
                "DELETE FROM accords WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM accord_accounts WHERE accord_id = ?1) RETURNING name",
            )?
            .query_row([&id], |r| r.get(0))
            .optional()?;
        if let Some(about) = gone.filter(|_| !moves.names(&id)) {
            let reason = write::reason(tx, &id)?;
            let row = write::Row {
                what: "gone",
                kind: "accord",
                subject: &id,
                about: &about,
                after: reason,
                ..Default::default()
            };
            write::row(tx, moment, row)?;
        }
    }
    moves.write(tx, moment, "accord")
}

fn load(tx: &Connection, node: i64, former: &mut BTreeSet<String>) -> Result<Vec<Account>> {
    let mut rows = tx.prepare_cached(
        "SELECT a.id, a.public_id, a.accord_id, a.kind, a.name, a.parties, a.brokers, a.place, a.date, d.published, d.namespace,
             d.source_id, a.item
         FROM accord_accounts a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.node_id = ?1",
    )?;
    let mut rows = rows.query([node])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let was: Option<String> = r.get(2)?;
        former.extend(was.clone());
        let published: Option<String> = r.get(9)?;
        out.push(Account {
            id: r.get(0)?,
            public_id: r.get(1)?,
            kind: r.get(3)?,
            name: r.get(4)?,
            parties: r.get(5)?,
            brokers: r.get(6)?,
            place: r.get(7)?,
            date: r.get(8)?,
            order: (published.is_none(), published.unwrap_or_default(), r.get(10)?, r.get(11)?, r.get(12)?),
            former: was,
        });
    }
    Ok(out)
}

/// Names joined by "; " of all accounts, each side once, in order of first naming.
fn joined<'a>(lists: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut seen = Vec::new();
    for name in lists.flat_map(|l| l.split("; ")).filter(|n| !n.is_empty()) {
        let words = tables().actor_words(name);
        if !seen.contains(&words) {
            names.push(name);
            seen.push(words);
        }
    }
    names.join("; ")
}

fn write(tx: &Connection, mut accounts: Vec<Account>, moment: &Moment, moves: &mut Moves) -> Result<Option<Written>> {
    accounts.sort_by(|a, b| (&a.order, &a.public_id).cmp(&(&b.order, &b.public_id)));
    let Some(first) = accounts.first() else { return Ok(None) };
    let ids: Vec<i64> = accounts.iter().map(|a| a.id).collect();
    let found = disputes(tx, &ids)?;
    let id = first.public_id.as_str();
    let said = write::Said {
        values: [
            ("kind", Some(first.kind.clone())),
            ("date", accounts.iter().find_map(|a| a.date.clone())),
            ("place", accounts.iter().find_map(|a| a.place.clone())),
        ]
        .into(),
        ranges: Default::default(),
        disputed: found.fields().into_iter().map(str::to_owned).collect(),
    };
    let own = write::accord(tx, id)?;
    let heir = accounts.iter().find_map(|a| a.former.clone()).filter(|_| own.is_none());
    for account in &accounts {
        if let Some(from) = account.former.as_deref().filter(|f| *f != id) {
            moves.add(from, id, &account.public_id, &first.name, heir.as_deref() == Some(from));
        }
    }
    let before = match (own, &heir) {
        (Some(own), _) => Some(own),
        (None, Some(other)) => write::accord(tx, other)?,
        (None, None) => None,
    };
    let states = states_of(tx, heir.as_deref().unwrap_or(id))?;
    let parties = joined(accounts.iter().map(|a| &a.parties));
    tx.prepare_cached(
        "INSERT INTO accords (id, kind, name, place, date, parties, brokers, accounts, disputed, first_told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, place = excluded.place,
             date = excluded.date, parties = excluded.parties, brokers = excluded.brokers, accounts = excluded.accounts,
             disputed = excluded.disputed, first_told = excluded.first_told",
    )?
    .execute(params![
        first.public_id,
        first.kind,
        first.name,
        accounts.iter().find_map(|a| a.place.clone()),
        accounts.iter().find_map(|a| a.date.clone()),
        parties,
        joined(accounts.iter().map(|a| &a.brokers)),
        accounts.len() as i64,
        found.fields().join(","),
        (!first.order.0).then(|| first.order.1.clone()),
    ])?;
    for account in &accounts {
        tx.prepare_cached("UPDATE accord_accounts SET accord_id = ?1 WHERE id = ?2")?
            .execute(params![first.public_id, account.id])?;
    }
    dispute::write(tx, "accord_id", id, &found)?;
    crosscheck::write(tx, "accord_id", id, &crosscheck::of_accord(tx, &ids)?)?;
    let subject = ("accord", id, first.name.as_str());
    match before {
        Some(before) => write::compared(tx, moment, subject, &before, &said, &[])?,
        None => write::made(tx, moment, subject, &said, &[])?,
    }
    Ok(Some(Written { id: id.to_owned(), name: first.name.clone(), parties, states }))
}

/// An accord that was written, with the states that its parties had before.
struct Written {
    id: String,
    name: String,
    parties: String,
    states: BTreeMap<String, String>,
}

/// The states that an accord's parties have in the file: party, status, whose word.
fn states_of(tx: &Connection, id: &str) -> Result<BTreeMap<String, String>> {
    let mut find = tx.prepare_cached("SELECT party, status FROM accord_states WHERE accord_id = ?1")?;
    find.query_map([id], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
}

/// Works out the state of each party anew, and writes which have turned.
fn write_states(tx: &Connection, moment: &Moment, accord: Written) -> Result<()> {
    let Written { id, name, parties, states: before } = accord;
    let parties: Vec<String> = parties.split("; ").filter(|p| !p.is_empty()).map(str::to_owned).collect();
    let timeline = timeline(tx, &id)?;
    tx.prepare_cached("DELETE FROM accord_states WHERE accord_id = ?1")?.execute([&id])?;
    for state in states(&parties, &timeline) {
        let old = before.get(&state.party);
        if let (Some(status), Some(by), Some(rule)) = (&state.status, &state.by, state.rule) {
            tx.prepare_cached(
                "INSERT OR IGNORE INTO accord_states (accord_id, party, status, since, speaker, rule) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, state.party, status, state.since, by, rule])?;
        }
        if old != state.status.as_ref() {
            // The claim that moved it: the last turn.
            let claim = state.turns.last().and_then(|(at, _)| timeline.get(*at)).filter(|_| state.status.is_some());
            let row = write::Row {
                what: "state",
                kind: "accord",
                subject: &id,
                about: &name,
                field: Some(&state.party),
                before: old.cloned(),
                after: state.status.clone(),
                words_before: None,
                words_after: claim.map(|c| c.words.clone()),
                source: claim.map(|c| write::said_by(&c.by, c.outlet.as_deref(), c.published.as_deref())),
            };
            write::row(tx, moment, row)?;
        }
    }
    Ok(())
}

/// Who is blamed for violations is disputed when reporters blame different parties.
fn disputes(tx: &Connection, accounts: &[i64]) -> Result<Found> {
    let mut positions: Vec<(Option<String>, Position)> = Vec::new();
    for id in accounts {
        let mut rows = tx.prepare_cached(
            "SELECT s.blamed, s.speaker, s.words, s.words_start, s.words_end, d.id, d.published, d.namespace, d.source_id,
                 coalesce(d.echo_group, CAST(d.id AS TEXT))
             FROM status_claims s JOIN accord_accounts a ON a.id = s.accord_account_id JOIN dispatches d ON d.id = a.dispatch_id
             WHERE a.id = ?1 AND s.status = 'violated' AND s.modality = 'asserted' ORDER BY s.id",
        )?;
        let mut rows = rows.query([id])?;
        while let Some(r) = rows.next()? {
            let blamed: Option<String> = r.get(0)?;
            let published: Option<String> = r.get(6)?;
            let start: i64 = r.get(3)?;
            let value = match &blamed {
                Some(party) => format!("violated by {party}"),
                None => "violated".to_owned(),
            };
            let position = Position {
                value,
                speaker: r.get(1)?,
                dispatch: r.get(5)?,
                words: (r.get(2)?, start, r.get(4)?),
                order: (published.is_none(), published.unwrap_or_default(), r.get(7)?, r.get(8)?, start),
                source: r.get(9)?,
            };
            positions.push((blamed, position));
        }
    }
    positions.sort_by(|a, b| (&a.1.order, &a.1.value).cmp(&(&b.1.order, &b.1.value)));
    let sides: Vec<BTreeSet<String>> =
        positions.iter().filter_map(|(b, _)| b.as_deref()).map(|b| tables().actor_words(b)).collect();
    let differ = sides.iter().enumerate().any(|(i, a)| sides[i + 1..].iter().any(|b| a.is_disjoint(b)));
    let mut found = Found::default();
    if differ {
        let positions = positions.into_iter().map(|(_, p)| p).collect();
        found.disputes.push(Dispute { field: "violated by".to_owned(), positions, range: None });
    }
    Ok(found)
}
