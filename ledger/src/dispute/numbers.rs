//! Numbers: who gives which total, and whether two totals can both be so.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Result};

use super::{Dispute, Found, ORDER, Position, by_voice, order};
use crate::names::{tables, words};

/// The lowest and highest total of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// `killed`, `injured` …
    pub measure: String,
    /// The lowest number that anybody gives.
    pub low: Option<i64>,
    /// The highest.
    pub high: Option<i64>,
    /// The number that `rule` chooses; none where no rule does.
    pub best: Option<i64>,
    /// The rule that chose it.
    pub rule: Option<&'static str>,
}

/// One figure.
#[derive(Debug, Clone)]
struct Given {
    measure: String,
    low: Option<i64>,
    high: Option<i64>,
    counted: String,
    part: bool,
    position: Position,
}

impl Given {
    /// The number itself: the lower bound, else the upper one.
    fn number(&self) -> Option<i64> {
        self.low.or(self.high)
    }
}

/// Adds ranges and disputes on numbers.
pub fn add(tx: &Connection, accounts: &[i64], found: &mut Found) -> Result<()> {
    let mut by_measure: BTreeMap<String, Vec<Given>> = BTreeMap::new();
    for account in accounts {
        for given in read(tx, *account)? {
            by_measure.entry(given.measure.clone()).or_default().push(given);
        }
    }
    let by_measure = fold(by_measure);
    for (measure, mut given) in by_measure {
        given.sort_by(|a, b| (&a.position.order, &a.position.value).cmp(&(&b.position.order, &b.position.value)));
        // "other" counts unlike things, which only their own words keep apart.
        let totals = if measure == "other" { by_thing(&given) } else { vec![totals(&given)] };
        for totals in totals {
            let Some(range) = range(&measure, &totals) else { continue };
            let differ = totals.iter().enumerate().any(|(i, a)| totals[i + 1..].iter().any(|b| differs(a, b)));
            if differ {
                let of_things: BTreeSet<&str> = totals.iter().map(|t| t.counted.as_str()).collect();
                let shown = given.iter().filter(|g| measure != "other" || of_things.contains(g.counted.as_str()));
                let positions = shown.map(|g| g.position.clone()).collect();
                found.disputes.push(Dispute { field: measure.clone(), positions, range: Some(range.clone()) });
            }
            if measure != "other" {
                found.ranges.push(range);
            }
        }
    }
    Ok(())
}

/// "Damaged or destroyed" is compared with both; the three are one field.
fn fold(by_measure: BTreeMap<String, Vec<Given>>) -> BTreeMap<String, Vec<Given>> {
    let mut out: BTreeMap<String, Vec<Given>> = BTreeMap::new();
    for (measure, given) in by_measure {
        let field = if matches!(measure.as_str(), "damaged" | "destroyed" | "damaged_or_destroyed") {
            "damage".to_owned()
        } else {
            measure
        };
        out.entry(field).or_default().extend(given);
    }
    out
}

fn read(tx: &Connection, account: i64) -> Result<Vec<Given>> {
    let sql = format!(
        "SELECT f.measure, f.low, f.high, f.qualifier, f.counted, f.out_of, f.part_of, f.speaker, f.words, f.words_start,
             f.words_end, f.hedged, {ORDER}
         FROM figures f JOIN accounts a ON a.id = f.account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE f.account_id = ?1 ORDER BY f.id"
    );
    let mut rows = tx.prepare_cached(&sql)?;
    let mut rows = rows.query([account])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let (low, high): (Option<i64>, Option<i64>) = (r.get(1)?, r.get(2)?);
        let (qualifier, counted): (String, String) = (r.get(3)?, r.get(4)?);
        let words: (String, i64, i64) = (r.get(8)?, r.get(9)?, r.get(10)?);
        let (dispatch, at, source) = order(r, 12, words.1)?;
        let part: Option<String> = r.get(6)?;
        let mut value = numbers_in_words(low, high, &qualifier, &counted, r.get(5)?);
        if r.get(11)? {
            value.push_str(" (reportedly)");
        }
        out.push(Given {
            measure: r.get(0)?,
            low,
            high,
            counted,
            part: part.is_some(),
            position: Position { value, speaker: r.get(7)?, dispatch, words, order: at, source },
        });
    }
    Ok(out)
}

/// A figure in words: "at least 31 people", "18 of 31 trucks".
pub fn numbers_in_words(
    low: Option<i64>,
    high: Option<i64>,
    qualifier: &str,
    counted: &str,
    out_of: Option<i64>,
) -> String {
    let number = match (low, high) {
        (Some(l), Some(h)) if l != h => format!("{l} to {h}"),
        (Some(n), _) | (None, Some(n)) => n.to_string(),
        (None, None) => String::new(),
    };
    let of = out_of.map(|n| format!(" of {n}")).unwrap_or_default();
    match qualifier {
        "at_least" => format!("at least {number}{of} {counted}"),
        "more_than" => format!("more than {number}{of} {counted}"),
        "up_to" => format!("up to {number}{of} {counted}"),
        "about" => format!("about {number}{of} {counted}"),
        _ if number.is_empty() => format!("an unstated number of {counted}"),
        _ => format!("{number}{of} {counted}"),
    }
}

/// The total of each voice in each dispatch: its largest number that is no part of another.
fn totals(given: &[Given]) -> Vec<Given> {
    let numbered: Vec<Given> = given.iter().filter(|g| g.number().is_some()).cloned().collect();
    let mut out = Vec::new();
    for (_, figures) in by_voice(numbered, |g| (g.position.dispatch, g.position.speaker.clone())) {
        let whole: Vec<&Given> = figures.iter().filter(|g| !g.part).collect();
        let pool = if whole.is_empty() { continue } else { whole };
        // Two totals of one voice in one dispatch ("112, later 126") are both kept where they count the same.
        let Some(most) = pool.iter().max_by_key(|g| (g.number(), everyone(&g.counted))) else { continue };
        out.extend(pool.iter().filter(|g| comparable(g, most)).map(|g| (*g).clone()));
    }
    out.sort_by(|a, b| (&a.position.order, &a.position.value).cmp(&(&b.position.order, &b.position.value)));
    out
}

/// Totals of each sort of thing that is counted.
fn by_thing(given: &[Given]) -> Vec<Vec<Given>> {
    let mut things: BTreeMap<BTreeSet<String>, Vec<Given>> = BTreeMap::new();
    for g in given.iter().filter(|g| g.number().is_some() && !g.part) {
        things.entry(tables().actor_words(&g.counted)).or_default().push(g.clone());
    }
    things.into_values().collect()
}

/// Whether a figure counts everybody, not a group among them.
fn everyone(counted: &str) -> bool {
    words(counted).last().is_some_and(|w| tables().is_everyone(w))
}

/// Whether two figures count the same.
fn comparable(a: &Given, b: &Given) -> bool {
    (everyone(&a.counted) && everyone(&b.counted))
        || !tables().actor_words(&a.counted).is_disjoint(&tables().actor_words(&b.counted))
}

/// Whether two totals do not say the same. Of figures that count different groups, only those differ that cannot both be
/// so: more of a group than there are people at all.
fn differs(a: &Given, b: &Given) -> bool {
    if comparable(a, b) {
        return a.number() != b.number();
    }
    let beyond = |part: &Given, whole: &Given| {
        !everyone(&part.counted)
            && everyone(&whole.counted)
            && part.number().zip(whole.high).is_some_and(|(p, w)| p > w)
    };
    beyond(a, b) || beyond(b, a)
}

fn range(measure: &str, totals: &[Given]) -> Option<Range> {
    let numbers: Vec<i64> = totals.iter().filter_map(Given::number).collect();
    let (low, high) = (numbers.iter().min().copied()?, numbers.iter().max().copied()?);
    // One vote a source: the latest total of each group of echoes.
    let mut votes: BTreeMap<&str, i64> = BTreeMap::new();
    for total in totals {
        if let Some(number) = total.number() {
            votes.insert(&total.position.source, number);
        }
    }
    let mut tally: BTreeMap<i64, usize> = BTreeMap::new();
    for number in votes.values() {
        *tally.entry(*number).or_default() += 1;
    }
    let most = tally.iter().max_by_key(|(n, count)| (**count, -**n)).map(|(n, count)| (*n, *count));
    let (best, rule) = match most {
        _ if low == high => (Some(low), Some("all agree")),
        Some((number, count)) if count >= 2 && count * 2 > votes.len() => (Some(number), Some("most sources agree")),
        _ => (None, None),
    };
    Some(Range { measure: measure.to_owned(), low: Some(low), high: Some(high), best, rule })
}
