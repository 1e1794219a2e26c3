//! Rows of history.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Moment;
use crate::dispute::{Found, numbers_in_words};

/// The longest words that are kept, in code points.
const LONGEST: usize = 300;

/// A row to be written.
#[derive(Debug, Clone, Default)]
pub struct Row<'r> {
    /// What happened.
    pub what: &'static str,
    /// `incident`, `accord`, `dispatch`.
    pub kind: &'static str,
    /// Its public id.
    pub subject: &'r str,
    /// What it is called.
    pub about: &'r str,
    /// The field.
    pub field: Option<&'r str>,
    /// The value before.
    pub before: Option<String>,
    /// The value now.
    pub after: Option<String>,
    /// The words of the value before.
    pub words_before: Option<String>,
    /// The words of the value now.
    pub words_after: Option<String>,
    /// Who says so, where.
    pub source: Option<String>,
}

fn cut(words: Option<String>) -> Option<String> {
    words.map(|w| match w.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", w.get(..at).unwrap_or_default()),
        None => w,
    })
}

/// Writes a row.
pub fn row(tx: &Connection, moment: &Moment, row: Row) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO history (at, reviewer, decision, what, kind, subject, about, field, before, after, words_before, words_after,
             source) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        moment.at,
        moment.who,
        moment.decision,
        row.what,
        row.kind,
        row.subject,
        row.about,
        row.field,
        row.before,
        row.after,
        cut(row.words_before),
        cut(row.words_after),
        row.source,
    ])?;
    Ok(())
}

/// What an incident or accord said, as far as history tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Fields with their values.
    pub values: BTreeMap<&'static str, Option<String>>,
    /// Lowest and highest total.
    pub ranges: BTreeMap<&'static str, (Option<i64>, Option<i64>)>,
    /// Disputed fields.
    pub disputed: BTreeSet<String>,
}

/// What the incident's row says now, before it is written anew.
pub fn incident(tx: &Connection, id: &str) -> Result<Option<Said>> {
    tx.prepare_cached(
        "SELECT type, date_start, date_end, place, killed_low, killed_high, injured_low, injured_high, disputed
         FROM incidents WHERE id = ?1",
    )?
    .query_row([id], |r| {
        let disputed: String = r.get(8)?;
        Ok(Said {
            values: BTreeMap::from([("type", r.get(0)?), ("date", days(r.get(1)?, r.get(2)?)), ("place", r.get(3)?)]),
            ranges: BTreeMap::from([("killed", (r.get(4)?, r.get(5)?)), ("injured", (r.get(6)?, r.get(7)?))]),
            disputed: fields(&disputed),
        })
    })
    .optional()
}

/// What the accord's row says now.
pub fn accord(tx: &Connection, id: &str) -> Result<Option<Said>> {
    tx.prepare_cached("SELECT kind, date, place, disputed FROM accords WHERE id = ?1")?
        .query_row([id], |r| {
            let disputed: String = r.get(3)?;
            Ok(Said {
                values: BTreeMap::from([("kind", r.get(0)?), ("date", r.get(1)?), ("place", r.get(2)?)]),
                ranges: BTreeMap::new(),
                disputed: fields(&disputed),
            })
        })
        .optional()
}

fn fields(joined: &str) -> BTreeSet<String> {
    joined.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect()
}

fn days(start: Option<String>, end: Option<String>) -> Option<String> {
    match (start, end) {
        (Some(s), Some(e)) if s != e => Some(format!("{s} to {e}")),
        (s, e) => s.or(e),
    }
}

/// A range of numbers in words: "20", "10–20".
fn range(of: (Option<i64>, Option<i64>)) -> Option<String> {
    match of {
        (Some(l), Some(h)) if l != h => Some(format!("{l}–{h}")),
        (l, h) => l.or(h).map(|n| n.to_string()),
    }
}

/// What an incident is called: "air strike, Idlib, 2016-09-10".
pub fn called(said: &Said) -> String {
    let kind = said.values.get("type").or_else(|| said.values.get("kind")).cloned().flatten().unwrap_or_default();
    let parts = [
        Some(kind.replace('_', " ")),
        said.values.get("place").cloned().flatten(),
        said.values.get("date").cloned().flatten(),
    ];
    parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Writes what is different between what an incident said and says now. `accounts` are its accounts' rows.
pub fn compared(
    tx: &Connection,
    moment: &Moment,
    subject: (&'static str, &str, &str),
    before: &Said,
    after: &Said,
    accounts: &[i64],
) -> Result<()> {
    let (kind, id, about) = subject;
    let base = || Row { kind, subject: id, about, ..Row::default() };
    for (field, value) in &after.values {
        let old = before.values.get(field).cloned().flatten();
        if old != *value {
            row(tx, moment, Row { what: "value", field: Some(field), before: old, after: value.clone(), ..base() })?;
        }
    }
    for (measure, now) in &after.ranges {
        let old = before.ranges.get(measure).copied().unwrap_or_default();
        if old == *now {
            continue;
        }
        // The words of the number that is new, and of the one that stood before, as far as it still stands.
        let fresh = if now.1 != old.1 { now.1 } else { now.0 };
        let stale = if now.1 != old.1 { old.1 } else { old.0 };
        let (new, had) = (words_of(tx, accounts, measure, fresh)?, words_of(tx, accounts, measure, stale)?);
        row(
            tx,
            moment,
            Row {
                what: "toll",
                field: Some(measure),
                before: range(old),
                after: range(*now),
                words_before: had.map(|h| h.0),
                words_after: new.as_ref().map(|n| n.0.clone()),
                source: new.map(|n| n.1),
                ..base()
            },
        )?;
    }
    for field in after.disputed.difference(&before.disputed) {
        row(tx, moment, Row { what: "disputed", field: Some(field), ..base() })?;
    }
    for field in before.disputed.difference(&after.disputed) {
        row(tx, moment, Row { what: "settled", field: Some(field), ..base() })?;
    }
    Ok(())
}

/// The words of a figure of these accounts that gives a number, and who gives it where.
fn words_of(tx: &Connection, accounts: &[i64], measure: &str, number: Option<i64>) -> Result<Option<(String, String)>> {
    let Some(number) = number else { return Ok(None) };
    for account in accounts {
        let found = tx
            .prepare_cached(
                "SELECT f.words, f.speaker, d.outlet, d.published FROM figures f JOIN accounts a ON a.id = f.account_id
                 JOIN dispatches d ON d.id = a.dispatch_id
                 WHERE f.account_id = ?1 AND f.measure = ?2 AND coalesce(f.low, f.high) = ?3 ORDER BY f.part_of IS NOT NULL, f.id LIMIT 1",
            )?
            .query_row(params![account, measure, number], |r| {
                let (speaker, outlet, published): (String, Option<String>, Option<String>) = (r.get(1)?, r.get(2)?, r.get(3)?);
                Ok((r.get(0)?, said_by(&speaker, outlet.as_deref(), published.as_deref())))
            })
            .optional()?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// "the Observatory in Harbour Courier, 2016-09-10".
pub fn said_by(speaker: &str, outlet: Option<&str>, published: Option<&str>) -> String {
    let outlet = outlet.unwrap_or("an unnamed outlet");
    let who = if speaker == record::OUTLET { outlet.to_owned() } else { format!("{speaker} in {outlet}") };
    published.map_or_else(|| who.clone(), |day| format!("{who}, {day}"))
}

/// What a found dispute and its row say.
pub fn found(found: &Found, values: [(&'static str, Option<String>); 3]) -> Said {
    let bounds =
        |measure: &str| found.ranges.iter().find(|r| r.measure == measure).map_or((None, None), |r| (r.low, r.high));
    Said {
        values: BTreeMap::from(values),
        ranges: BTreeMap::from([("killed", bounds("killed")), ("injured", bounds("injured"))]),
        disputed: found.fields().into_iter().map(str::to_owned).collect(),
    }
}

/// Values of an incident's row as [`Said`] has them.
pub fn date_value(start: &Option<String>, end: &Option<String>) -> Option<String> {
    days(start.clone(), end.clone())
}

/// Writes that an incident or accord is new, with its toll where it has one.
pub fn made(
    tx: &Connection,
    moment: &Moment,
    subject: (&'static str, &str, &str),
    said: &Said,
    accounts: &[i64],
) -> Result<()> {
    let (kind, id, about) = subject;
    let killed = said.ranges.get("killed").copied().unwrap_or_default();
    let words = words_of(tx, accounts, "killed", killed.1)?;
    let after = range(killed).map(|n| format!("{n} killed"));
    let source = words.as_ref().map(|w| w.1.clone());
    let words_after = words.map(|w| w.0);
    row(tx, moment, Row { what: "new", kind, subject: id, about, after, words_after, source, ..Row::default() })?;
    for field in &said.disputed {
        row(tx, moment, Row { what: "disputed", kind, subject: id, about, field: Some(field), ..Row::default() })?;
    }
    Ok(())
}

/// Why an id is no more.
pub fn reason(tx: &Connection, id: &str) -> Result<Option<String>> {
    tx.prepare_cached("SELECT reason FROM retired_ids WHERE old_id = ?1")?.query_row([id], |r| r.get(0)).optional()
}

/// A figure as history tells it: account, measure; value, words, who.
type Figure = ((String, String), (String, String, String));

/// The figures of a dispatch, before or after it is written anew.
pub fn figures(tx: &Connection, dispatch: i64) -> Result<Vec<Figure>> {
    let mut find = tx.prepare_cached(
        "SELECT a.public_id, f.measure, f.low, f.high, f.qualifier, f.counted, f.out_of, f.words, f.speaker, d.outlet, d.published
         FROM figures f JOIN accounts a ON a.id = f.account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE a.dispatch_id = ?1 ORDER BY f.id",
    )?;
    find.query_map([dispatch], |r| {
        let (qualifier, counted): (String, String) = (r.get(4)?, r.get(5)?);
        let value = numbers_in_words(r.get(2)?, r.get(3)?, &qualifier, &counted, r.get(6)?);
        let (speaker, outlet, published): (String, Option<String>, Option<String>) = (r.get(8)?, r.get(9)?, r.get(10)?);
        let by = said_by(&speaker, outlet.as_deref(), published.as_deref());
        Ok(((r.get(0)?, r.get(1)?), (value, r.get(7)?, by)))
    })?
    .collect()
}

/// Writes which figures of a dispatch are others now.
pub fn figures_changed(tx: &Connection, moment: &Moment, before: Vec<Figure>, after: Vec<Figure>) -> Result<()> {
    let mut by_measure: BTreeMap<(String, String), (Vec<_>, Vec<_>)> = BTreeMap::new();
    for (key, figure) in before {
        by_measure.entry(key).or_default().0.push(figure);
    }
    for (key, figure) in after {
        by_measure.entry(key).or_default().1.push(figure);
    }
    for ((account, measure), (mut old, mut new)) in by_measure {
        let same = |x: &(String, String, String), y: &(String, String, String)| x.0 == y.0 && x.2 == y.2;
        old.retain(|o| match new.iter().position(|n| same(o, n)) {
            Some(at) => {
                new.remove(at);
                false
            }
            None => true,
        });
        let pairs = old.len().max(new.len());
        let (mut old, mut new) = (old.into_iter(), new.into_iter());
        for _ in 0..pairs {
            let (o, n) = (old.next(), new.next());
            row(
                tx,
                moment,
                Row {
                    what: "figure",
                    kind: "incident",
                    subject: &account,
                    about: "",
                    field: Some(&measure),
                    source: n.as_ref().or(o.as_ref()).map(|f| f.2.clone()),
                    before: o.as_ref().map(|f| f.0.clone()),
                    words_before: o.map(|f| f.1),
                    after: n.as_ref().map(|f| f.0.clone()),
                    words_after: n.map(|f| f.1),
                },
            )?;
        }
    }
    Ok(())
}

/// Accounts that were in another incident or accord before, by where they were and where they are.
#[derive(Debug, Default)]
pub struct Moves {
    /// (before, now) with the accounts' public ids and what the new one is called.
    moved: BTreeMap<(String, String), Moved>,
}

#[derive(Debug, Default)]
struct Moved {
    accounts: Vec<String>,
    about: String,
    heir: bool,
}

impl Moves {
    /// Notes that an account moved; `heir` where the new one is what the old one is called now.
    pub fn add(&mut self, from: &str, to: &str, account: &str, about: &str, heir: bool) {
        let entry = self.moved.entry((from.to_owned(), to.to_owned())).or_default();
        entry.accounts.push(account.to_owned());
        entry.about = about.to_owned();
        entry.heir = heir;
    }

    /// Whether accounts moved from this one.
    pub fn names(&self, from: &str) -> bool {
        self.moved.keys().any(|(f, _)| f == from)
    }

    /// Writes them, once all incidents are what they will be: one that is no more was joined to another; accounts of one
    /// that is still there were parted from it.
    pub fn write(self, tx: &Connection, moment: &Moment, kind: &'static str) -> Result<()> {
        let table = if kind == "incident" { "incidents" } else { "accords" };
        for ((from, to), Moved { accounts, about, heir }) in self.moved {
            let there = tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?.exists([&from])?;
            if heir && !there {
                // An earlier telling gave it another id: nothing was joined.
                continue;
            }
            let what = if there { "parted" } else { "joined" };
            row(
                tx,
                moment,
                Row {
                    what,
                    kind,
                    subject: &to,
                    about: &about,
                    before: Some(from),
                    after: Some(to.clone()),
                    words_after: Some(accounts.join(" ")),
                    ..Row::default()
                },
            )?;
        }
        Ok(())
    }
}
