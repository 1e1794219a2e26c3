//! Blocks: the keys under which accounts meet. Only accounts that share a key are compared, so that filing one more
//! dispatch costs the same whatever the ledger holds: a key is a day and a place, or a day, a country and a kind of act.

use std::collections::BTreeSet;

use super::facts::{Day, Facts, date};
use crate::names::tables;

/// The block keys of an account.
pub fn blocks(facts: &Facts) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    if tables().lasts(facts.kind) {
        // Acts that last meet by place and half-year.
        if let Some(day) = facts.start.filter(|_| facts.start == facts.end).or(facts.published).or(facts.end) {
            for half in [day.div_euclid(183) - 1, day.div_euclid(183)] {
                for place in places(facts) {
                    keys.insert(format!("lasting|{half}|{place}"));
                }
            }
        }
        return keys;
    }
    for day in days(facts) {
        let day = date(day);
        for place in places(facts) {
            keys.insert(format!("{day}|{place}"));
        }
        if facts.place.is_empty() {
            // An account without a place meets those that name it, by its sentences, and those without one by whom it struck.
            for whom in facts.struck.iter().take(4) {
                keys.insert(format!("{day}||{whom}"));
            }
        } else {
            for whom in facts.struck.iter().take(2) {
                keys.insert(format!("{day}||{whom}"));
            }
        }
    }
    keys
}

/// Most places an account meets others by.
const MOST_PLACES: usize = 8;

fn places(facts: &Facts) -> BTreeSet<&String> {
    facts.place.iter().chain(facts.around.iter()).take(MOST_PLACES).collect()
}

/// The days on which an account meets others: its own and the one after, so that those one day apart meet too. One
/// without a day meets those of the days before its publication.
fn days(facts: &Facts) -> BTreeSet<Day> {
    match (facts.start, facts.end, facts.published) {
        (Some(start), Some(end), _) if end - start <= 3 => (start..=end + 1).collect(),
        (Some(start), Some(end), _) => [start, end, end + 1].into(),
        (_, _, Some(published)) if facts.background => (published - 10..=published + 1).collect(),
        (_, _, Some(published)) => (published - 2..=published + 1).collect(),
        _ => BTreeSet::new(),
    }
}
