//! Disputes: the fields of an incident on which sources differ, every position kept with its words.
//!
//! Nothing is decided here. A field is disputed when two positions do not say the same; which is right is for people.
//! The lowest and highest number given are shown, and a `best` only where a named rule gives one:
//! `all agree` (every source that gives a total gives this one) or `most sources agree` (more than half, and at least
//! two, each group of echoes counted once).

mod numbers;
mod responsibility;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Result, params};

use crate::names::tables;

pub use numbers::{Range, numbers_in_words};

/// What orders positions: undated dispatches last, then publication, namespace, id, and place in the text.
pub type Order = (bool, String, String, String, i64);

/// Who says what, in which words of which dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// What is said, in words.
    pub value: String,
    /// Canonical speaker; for the outlet's own voice `outlet`.
    pub speaker: String,
    /// `dispatches.id`.
    pub dispatch: i64,
    /// The words and their range, in code points.
    pub words: (String, i64, i64),
    /// What orders it among others.
    pub order: Order,
    /// The dispatch's group of echoes, else the dispatch.
    pub source: String,
}

/// A field on which positions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// `killed`, `injured`, `perpetrator`, `type`, `place`, `date` …
    pub field: String,
    /// The positions, in order of publication.
    pub positions: Vec<Position>,
    /// Lowest and highest number, where it is one.
    pub range: Option<Range>,
}

/// What the accounts of an incident say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Lowest and highest total of each measure that has one.
    pub ranges: Vec<Range>,
    /// The fields on which they differ.
    pub disputes: Vec<Dispute>,
}

impl Found {
    /// The names of the disputed fields.
    pub fn fields(&self) -> Vec<&str> {
        self.disputes.iter().map(|d| d.field.as_str()).collect()
    }
}

/// Works out what the accounts with these ids say together.
pub fn of_incident(tx: &Connection, accounts: &[i64]) -> Result<Found> {
    let mut found = Found::default();
    numbers::add(tx, accounts, &mut found)?;
    responsibility::add(tx, accounts, &mut found)?;
    tellings(tx, accounts, &mut found)?;
    Ok(found)
}

/// The columns that make a position of a row of `accounts a` joined with `dispatches d`.
const ORDER: &str = "d.id, d.published, d.namespace, d.source_id, coalesce(d.echo_group, CAST(d.id AS TEXT))";

/// Reads those columns from column `at` on: the dispatch, the order (but for the place in the text), the source.
fn order(row: &rusqlite::Row, at: usize, start: i64) -> Result<(i64, Order, String)> {
    let published: Option<String> = row.get(at + 1)?;
    let order = (published.is_none(), published.unwrap_or_default(), row.get(at + 2)?, row.get(at + 3)?, start);
    Ok((row.get(at)?, order, row.get(at + 4)?))
}

/// One account's telling of one field.
struct Telling {
    field: &'static str,
    /// What is compared.
    sense: Sense,
    position: Position,
}

/// What two tellings are compared by.
enum Sense {
    /// They differ when unequal.
    Exactly(String),
    /// They differ when they share nothing.
    Overlapping(BTreeSet<String>),
    /// They differ when they share no day.
    Days(String, String),
}

impl Sense {
    fn differs(&self, other: &Sense) -> bool {
        match (self, other) {
            (Sense::Exactly(a), Sense::Exactly(b)) => a != b,
            (Sense::Overlapping(a), Sense::Overlapping(b)) => !a.is_empty() && !b.is_empty() && a.is_disjoint(b),
            (Sense::Days(a, b), Sense::Days(c, d)) => b < c || d < a,
            _ => false,
        }
    }
}

/// Kind of act, place and date, as each account tells them and as claims of named speakers give them.
fn tellings(tx: &Connection, accounts: &[i64], found: &mut Found) -> Result<()> {
    let mut told: Vec<Telling> = Vec::new();
    for id in accounts {
        let sql = format!(
            "SELECT a.type, a.date_start, coalesce(a.date_end, a.date_start), a.place, a.trigger_words, a.trigger_start,
                 a.trigger_end, a.place_words, a.place_start, a.place_end, {ORDER}
             FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.id = ?1"
        );
        let mut rows = tx.prepare_cached(&sql)?;
        let mut rows = rows.query([id])?;
        while let Some(r) = rows.next()? {
            let trigger: (String, i64, i64) = (r.get(4)?, r.get(5)?, r.get(6)?);
            let (dispatch, at, source) = order(r, 10, trigger.1)?;
            let position = |value: String, words: (String, i64, i64)| Position {
                value,
                speaker: record::OUTLET.to_owned(),
                dispatch,
                words,
                order: at.clone(),
                source: source.clone(),
            };
            let kind: String = r.get(0)?;
            told.push(Telling {
                field: "type",
                sense: Sense::Exactly(kind.clone()),
                position: position(kind, trigger.clone()),
            });
            if let (Some(from), Some(to)) = (r.get::<_, Option<String>>(1)?, r.get::<_, Option<String>>(2)?) {
                let value = if from == to { from.clone() } else { format!("{from} to {to}") };
                told.push(Telling { field: "date", sense: Sense::Days(from, to), position: position(value, trigger) });
            }
            if let Some(name) = r.get::<_, Option<String>>(3)? {
                let words: (Option<String>, Option<i64>, Option<i64>) = (r.get(7)?, r.get(8)?, r.get(9)?);
                let words = (words.0.unwrap_or_default(), words.1.unwrap_or(0), words.2.unwrap_or(0));
                told.push(Telling {
                    field: "place",
                    sense: Sense::Overlapping(tables().place_words(&name)),
                    position: position(name, words),
                });
            }
        }
        claims(tx, *id, &mut told)?;
    }
    for field in ["type", "place", "date"] {
        let of_field: Vec<&Telling> = told.iter().filter(|t| t.field == field).collect();
        let differ =
            of_field.iter().enumerate().any(|(i, a)| of_field[i + 1..].iter().any(|b| a.sense.differs(&b.sense)));
        if differ {
            let mut positions: Vec<Position> = of_field.iter().map(|t| t.position.clone()).collect();
            positions.sort_by(|a, b| (&a.order, &a.value).cmp(&(&b.order, &b.value)));
            positions.dedup();
            found.disputes.push(Dispute { field: field.to_owned(), positions, range: None });
        }
    }
    causes(told, found);
    Ok(())
}

/// Causes are words, which cannot be compared: two speakers' causes are shown as a dispute when they share no word.
fn causes(told: Vec<Telling>, found: &mut Found) {
    let of_field: Vec<Telling> = told.into_iter().filter(|t| t.field == "cause").collect();
    let differ = of_field.iter().enumerate().any(|(i, a)| of_field[i + 1..].iter().any(|b| a.sense.differs(&b.sense)));
    if differ {
        let mut positions: Vec<Position> = of_field.into_iter().map(|t| t.position).collect();
        positions.sort_by(|a, b| (&a.order, &a.value).cmp(&(&b.order, &b.value)));
        found.disputes.push(Dispute { field: "cause".to_owned(), positions, range: None });
    }
}

/// What named speakers claim about means, date, place and cause.
fn claims(tx: &Connection, account: i64, told: &mut Vec<Telling>) -> Result<()> {
    let sql = format!(
        "SELECT c.field, c.value, c.speaker, c.words, c.words_start, c.words_end, {ORDER}
         FROM claims c JOIN accounts a ON a.id = c.account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE c.account_id = ?1 ORDER BY c.id"
    );
    let mut rows = tx.prepare_cached(&sql)?;
    let mut rows = rows.query([account])?;
    while let Some(r) = rows.next()? {
        let (field, value): (String, String) = (r.get(0)?, r.get(1)?);
        let words: (String, i64, i64) = (r.get(3)?, r.get(4)?, r.get(5)?);
        let (dispatch, at, source) = order(r, 6, words.1)?;
        let position = Position { value: value.clone(), speaker: r.get(2)?, dispatch, words, order: at, source };
        let (field, sense) = match field.as_str() {
            "means" => ("type", Sense::Exactly(value)),
            "place" => ("place", Sense::Overlapping(tables().place_words(&value))),
            "date" => {
                let (from, to) = value.split_once('/').unwrap_or((&value, &value));
                ("date", Sense::Days(from.trim().to_owned(), to.trim().to_owned()))
            }
            _ => ("cause", Sense::Overlapping(tables().actor_words(&value))),
        };
        told.push(Telling { field, sense, position });
    }
    Ok(())
}

/// Writes the disputes of an incident (`incident_id`) or accord (`accord_id`) in the place of those it had.
pub fn write(tx: &Connection, column: &str, id: &str, found: &Found) -> Result<()> {
    tx.prepare_cached(&format!("DELETE FROM disputes WHERE {column} = ?1"))?.execute([id])?;
    for dispute in &found.disputes {
        let range = dispute.range.as_ref();
        tx.prepare_cached(&format!(
            "INSERT INTO disputes ({column}, field, low, high, best, best_rule) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        ))?
        .execute(params![
            id,
            dispute.field,
            range.and_then(|r| r.low),
            range.and_then(|r| r.high),
            range.and_then(|r| r.best),
            range.and_then(|r| r.rule),
        ])?;
        let row = tx.last_insert_rowid();
        for (number, p) in dispute.positions.iter().enumerate() {
            tx.prepare_cached(
                "INSERT INTO positions (dispute_id, number, value, speaker, dispatch_id, words, words_start, words_end)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                row,
                number as i64 + 1,
                p.value,
                p.speaker,
                p.dispatch,
                p.words.0,
                p.words.1,
                p.words.2
            ])?;
        }
    }
    Ok(())
}

/// Positions by who takes them where: speaker and dispatch.
fn by_voice<T>(rows: Vec<T>, voice: impl Fn(&T) -> (i64, String)) -> BTreeMap<(i64, String), Vec<T>> {
    let mut out: BTreeMap<(i64, String), Vec<T>> = BTreeMap::new();
    for row in rows {
        out.entry(voice(&row)).or_default().push(row);
    }
    out
}
