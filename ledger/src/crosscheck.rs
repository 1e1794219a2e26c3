//! Checks across dispatches: numbers and days that two dispatches give of one incident or accord and that do not go
//! together. Few and plain, so that each is worth a person's look:
//!
//! - `toll_falls`: an outlet's later total is lower than its own earlier one, and its text has no word of correction;
//! - `two_totals`: one named speaker gives two totals on one day;
//! - `part_exceeds_total`: a voice counts more of a group than it gives people in all, on that day or later;
//! - `told_before`: an incident told as fact is dated after the dispatch that tells it;
//! - `in_force_before_agreed`: an accord is said to be in force before any day on which it is said to have been agreed.
//!
//! A check names what does not fit and where each side says so. It never says which side is right: the reading may be
//! wrong, the outlet may have misprinted, both may be so in their own way of counting. Numbers are compared only where
//! they are given as exact (a lower bound contradicts no higher number), tolls only of everybody, and copies of one
//! story are one source.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::names::{tables, words};

/// One dispatch's side of a check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// `dispatches.id`.
    pub dispatch: i64,
    /// Who says so; `outlet` in the outlet's own voice.
    pub by: String,
    /// The exact words and their range, in code points.
    pub words: (String, i64, i64),
}

/// Two sides that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrossCheck {
    /// Which rule found it.
    pub kind: &'static str,
    /// What does not fit, in words.
    pub message: String,
    /// Publication day of the later one, `` where it is not known.
    pub day: String,
    /// The earlier one.
    pub a: Side,
    /// The later one.
    pub b: Side,
}

/// Most checks of one incident: more would be a wall that nobody reads.
const MOST: usize = 12;

/// What orders dispatches, whichever was filed first: publication, namespace, id.
type Order = (String, String, String);

/// One figure of one dispatch.
#[derive(Debug, Clone)]
struct Count {
    measure: String,
    low: Option<i64>,
    high: Option<i64>,
    qualifier: String,
    counted: String,
    part: bool,
    order: Order,
    outlet: String,
    source: String,
    side: Side,
}

impl Count {
    fn published(&self) -> &str {
        &self.order.0
    }

    fn everyone(&self) -> bool {
        words(&self.counted).last().is_some_and(|w| tables().is_everyone(w))
    }

    fn total(&self) -> bool {
        !self.part && self.everyone()
    }

    /// The number, where it is given as one.
    fn exact(&self) -> Option<i64> {
        self.low.filter(|_| self.low == self.high && self.qualifier == "exact")
    }

    /// Whose number it is: the outlet's own, or a speaker's whom a name tells from others.
    fn voice(&self) -> Option<String> {
        if self.side.by == record::OUTLET {
            return Some(format!("outlet {}", self.outlet));
        }
        let named = self.side.by.split_whitespace().any(|w| w.chars().next().is_some_and(char::is_uppercase));
        let own = tables().actor_words(&self.side.by);
        (named && !own.is_empty()).then(|| own.into_iter().collect::<Vec<_>>().join(" "))
    }

    /// "The Lantern", "the mayor (in The Lantern)".
    fn told_by(&self) -> String {
        if self.side.by == record::OUTLET {
            self.outlet.clone()
        } else {
            format!("{} (in {})", self.side.by, self.outlet)
        }
    }
}

/// A day in words, where it is known.
fn on(day: &str) -> String {
    if day.is_empty() { "on an unknown day".to_owned() } else { format!("on {day}") }
}

/// Checks among the accounts with these ids.
pub fn of_incident(tx: &Connection, accounts: &[i64]) -> Result<Vec<CrossCheck>> {
    let mut found = days(tx, accounts)?;
    if accounts.len() > 1 {
        let mut counts = Vec::new();
        for account in accounts {
            read(tx, *account, &mut counts)?;
        }
        counts.sort_by(|a, b| (&a.order, &a.side).cmp(&(&b.order, &b.side)));
        found.extend(falls(tx, &counts)?);
        found.extend(two_totals(&counts));
        found.extend(parts(&counts));
    }
    found.sort();
    found.dedup();
    found.truncate(MOST);
    Ok(found)
}

fn read(tx: &Connection, account: i64, counts: &mut Vec<Count>) -> Result<()> {
    let mut rows = tx.prepare_cached(
        "SELECT f.measure, f.low, f.high, f.qualifier, f.counted, f.part_of IS NOT NULL, f.speaker, f.words, f.words_start,
             f.words_end, d.id, coalesce(d.outlet, d.namespace), d.published, d.namespace, d.source_id,
             coalesce(d.echo_group, CAST(d.id AS TEXT))
         FROM figures f JOIN accounts a ON a.id = f.account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE f.account_id = ?1 AND f.measure IN ('killed', 'injured') AND NOT f.hedged AND a.modality = 'asserted'",
    )?;
    let mut rows = rows.query([account])?;
    while let Some(r) = rows.next()? {
        let published: Option<String> = r.get(12)?;
        counts.push(Count {
            measure: r.get(0)?,
            low: r.get(1)?,
            high: r.get(2)?,
            qualifier: r.get(3)?,
            counted: r.get(4)?,
            part: r.get(5)?,
            side: Side { by: r.get(6)?, words: (r.get(7)?, r.get(8)?, r.get(9)?), dispatch: r.get(10)? },
            outlet: r.get(11)?,
            order: (published.unwrap_or_default(), r.get(13)?, r.get(14)?),
            source: r.get(15)?,
        });
    }
    Ok(())
}

/// The largest total of each dispatch among those that pass, in order of publication.
fn totals(counts: &[Count], passes: impl Fn(&Count) -> bool) -> Vec<&Count> {
    let mut by: BTreeMap<&Order, &Count> = BTreeMap::new();
    for count in counts.iter().filter(|c| c.total() && !c.published().is_empty() && passes(c)) {
        let kept = by.entry(&count.order).or_insert(count);
        if kept.low.max(kept.high) < count.low.max(count.high) {
            *kept = count;
        }
    }
    by.into_values().collect()
}

fn falls(tx: &Connection, counts: &[Count]) -> Result<Vec<CrossCheck>> {
    let mut found = Vec::new();
    let voices: BTreeSet<(&str, &str)> = counts
        .iter()
        .filter(|c| c.side.by == record::OUTLET)
        .map(|c| (c.outlet.as_str(), c.measure.as_str()))
        .collect();
    for (outlet, measure) in voices {
        let own = totals(counts, |c| c.side.by == record::OUTLET && c.outlet == outlet && c.measure == measure);
        for pair in own.windows(2) {
            let [earlier, later] = pair else { continue };
            let Some((before, after)) = earlier.low.zip(later.exact()) else { continue };
            let bounded = matches!(earlier.qualifier.as_str(), "exact" | "at_least" | "more_than");
            if !bounded || after >= before || earlier.published() >= later.published() || corrects(tx, later)? {
                continue;
            }
            found.push(CrossCheck {
                kind: "toll_falls",
                message: format!(
                    "{outlet} gives {before} {measure} on {} and {after} on {}, with no word of correction",
                    earlier.published(),
                    later.published()
                ),
                day: later.published().to_owned(),
                a: earlier.side.clone(),
                b: later.side.clone(),
            });
        }
    }
    Ok(found)
}

/// Whether the text of a dispatch has a word that takes an earlier number back.
fn corrects(tx: &Connection, count: &Count) -> Result<bool> {
    let text: Option<String> = tx
        .prepare_cached("SELECT text FROM current_texts WHERE id = ?1")?
        .query_row([count.side.dispatch], |r| r.get(0))
        .optional()?;
    Ok(text.is_some_and(|t| words(&t).iter().any(|w| tables().is_correction(w))))
}

fn two_totals(counts: &[Count]) -> Vec<CrossCheck> {
    let mut by: BTreeMap<(String, &str, &str), Vec<&Count>> = BTreeMap::new();
    for count in counts.iter().filter(|c| c.total() && c.exact().is_some() && c.side.by != record::OUTLET) {
        if let (Some(voice), false) = (count.voice(), count.published().is_empty()) {
            by.entry((voice, &count.measure, count.published())).or_default().push(count);
        }
    }
    let mut found = Vec::new();
    for ((_, measure, day), given) in by {
        let Some(least) = given.iter().min_by_key(|c| c.exact()) else { continue };
        let Some(most) = given.iter().max_by_key(|c| c.exact()) else { continue };
        // Within one dispatch or one story, two numbers are its own matter: "112, later 126".
        if least.exact() == most.exact() || least.source == most.source || least.side.dispatch == most.side.dispatch {
            continue;
        }
        let (a, b) = if least.order <= most.order { (least, most) } else { (most, least) };
        found.push(CrossCheck {
            kind: "two_totals",
            message: format!(
                "{} gives {} {measure}, {} gives {}, both on {day}",
                a.told_by(),
                a.exact().unwrap_or_default(),
                b.told_by(),
                b.exact().unwrap_or_default()
            ),
            day: day.to_owned(),
            a: a.side.clone(),
            b: b.side.clone(),
        });
    }
    found
}

fn parts(counts: &[Count]) -> Vec<CrossCheck> {
    let mut by: BTreeMap<(String, &str), Vec<&Count>> = BTreeMap::new();
    for count in counts.iter().filter(|c| !c.published().is_empty()) {
        if let Some(voice) = count.voice() {
            by.entry((voice, &count.measure)).or_default().push(count);
        }
    }
    let mut found = Vec::new();
    for ((_, measure), given) in by {
        // Counts rise: a total given before the part was counted says nothing against it.
        let part = given.iter().filter(|c| !c.everyone() && c.low.is_some()).max_by_key(|c| c.low);
        let Some(part) = part else { continue };
        let total = given
            .iter()
            .filter(|t| t.total() && t.published() >= part.published() && t.side.dispatch != part.side.dispatch)
            .filter(|t| t.exact().zip(part.low).is_some_and(|(all, some)| some > all))
            .min_by_key(|t| (&t.order, t.exact()));
        let Some(total) = total else { continue };
        found.push(CrossCheck {
            kind: "part_exceeds_total",
            message: format!(
                "{} counts {} {} {measure} on {}, {} gives {} {} in all on {}",
                part.told_by(),
                part.low.unwrap_or_default(),
                part.counted,
                part.published(),
                total.told_by(),
                total.exact().unwrap_or_default(),
                total.counted,
                total.published()
            ),
            day: total.published().to_owned(),
            a: part.side.clone(),
            b: total.side.clone(),
        });
    }
    found
}

/// One account's days.
struct Dated {
    order: Order,
    outlet: String,
    start: Option<String>,
    stated: bool,
    side: Side,
}

/// Accounts published before the day on which an account of the same incident puts it.
fn days(tx: &Connection, accounts: &[i64]) -> Result<Vec<CrossCheck>> {
    let mut dated = Vec::new();
    for account in accounts {
        let row = tx
            .prepare_cached(
                "SELECT d.published, d.namespace, d.source_id, coalesce(d.outlet, d.namespace), a.date_start,
                     a.date_basis = 'stated', a.trigger_words, a.trigger_start, a.trigger_end, d.id
                 FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id
                 WHERE a.id = ?1 AND a.modality = 'asserted' AND d.published IS NOT NULL",
            )?
            .query_row([account], |r| {
                Ok(Dated {
                    order: (r.get(0)?, r.get(1)?, r.get(2)?),
                    outlet: r.get(3)?,
                    start: r.get(4)?,
                    stated: r.get::<_, Option<bool>>(5)?.unwrap_or_default(),
                    side: Side {
                        words: (r.get(6)?, r.get(7)?, r.get(8)?),
                        dispatch: r.get(9)?,
                        by: record::OUTLET.to_owned(),
                    },
                })
            })
            .optional()?;
        dated.extend(row);
    }
    dated.sort_by(|a, b| (&a.order, &a.side).cmp(&(&b.order, &b.side)));
    // The latest day that anybody states is the one that an earlier dispatch could not know.
    let Some(latest) = dated
        .iter()
        .filter(|d| d.stated && d.start.is_some())
        .max_by(|a, b| a.start.cmp(&b.start).then(b.order.cmp(&a.order)))
    else {
        return Ok(Vec::new());
    };
    let Some(day) = latest.start.as_deref().and_then(|d| d.parse::<jiff::civil::Date>().ok()) else {
        return Ok(Vec::new());
    };
    // Across the world a day begins up to a day apart.
    let eve = day.saturating_sub(jiff::Span::new().days(1)).to_string();
    let early = dated.iter().find(|d| d.order.0 < eve);
    Ok(early
        .map(|early| CrossCheck {
            kind: "told_before",
            message: format!(
                "{} tells of it {}, {} puts it on {day}",
                early.outlet,
                on(&early.order.0),
                if early.side == latest.side { "and itself" } else { latest.outlet.as_str() }
            ),
            day: latest.order.0.clone().max(early.order.0.clone()),
            a: early.side.clone(),
            b: latest.side.clone(),
        })
        .into_iter()
        .collect())
}

/// Checks among the accounts of an accord with these ids.
pub fn of_accord(tx: &Connection, accounts: &[i64]) -> Result<Vec<CrossCheck>> {
    let mut claims: Vec<(String, Order, bool, String, Side)> = Vec::new();
    for account in accounts {
        let mut rows = tx.prepare_cached(
            "SELECT s.date, d.published, d.namespace, d.source_id, s.status = 'in_force', coalesce(d.outlet, d.namespace), s.speaker,
                 s.words, s.words_start, s.words_end, d.id
             FROM status_claims s JOIN accord_accounts a ON a.id = s.accord_account_id JOIN dispatches d ON d.id = a.dispatch_id
             WHERE a.id = ?1 AND s.date IS NOT NULL AND s.modality = 'asserted' AND s.status IN ('in_force', 'agreed', 'signed')",
        )?;
        let mut rows = rows.query([account])?;
        while let Some(r) = rows.next()? {
            let published: Option<String> = r.get(1)?;
            let side = Side { by: r.get(6)?, words: (r.get(7)?, r.get(8)?, r.get(9)?), dispatch: r.get(10)? };
            let order = (published.unwrap_or_default(), r.get(2)?, r.get(3)?);
            claims.push((r.get(0)?, order, r.get(4)?, r.get(5)?, side));
        }
    }
    claims.sort();
    let first = |in_force: bool| claims.iter().find(|c| c.2 == in_force);
    let (Some(force), Some(agreed)) = (first(true), first(false)) else { return Ok(Vec::new()) };
    if force.0 >= agreed.0 {
        return Ok(Vec::new());
    }
    let voice = |c: &(String, Order, bool, String, Side)| {
        if c.4.by == record::OUTLET { c.3.clone() } else { format!("{} (in {})", c.4.by, c.3) }
    };
    Ok(vec![CrossCheck {
        kind: "in_force_before_agreed",
        message: format!(
            "{} has it in force on {}, the first to have it agreed is {} on {}",
            voice(force),
            force.0,
            voice(agreed),
            agreed.0
        ),
        day: force.1.0.clone().max(agreed.1.0.clone()),
        a: force.4.clone(),
        b: agreed.4.clone(),
    }])
}

/// Writes the checks of an incident (`incident_id`) or accord (`accord_id`) in the place of those it had.
pub fn write(tx: &Connection, column: &str, id: &str, found: &[CrossCheck]) -> Result<()> {
    tx.prepare_cached(&format!("DELETE FROM cross_checks WHERE {column} = ?1"))?.execute([id])?;
    for check in found {
        let (a, b) = (&check.a, &check.b);
        tx.prepare_cached(&format!(
            "INSERT INTO cross_checks ({column}, kind, message, day, dispatch_a, by_a, words_a, words_a_start, words_a_end, dispatch_b,
                 by_b, words_b, words_b_start, words_b_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        ))?
        .execute(params![
            id, check.kind, check.message, check.day, a.dispatch, a.by, a.words.0, a.words.1, a.words.2, b.dispatch, b.by,
            b.words.0, b.words.1, b.words.2
        ])?;
    }
    Ok(())
}
