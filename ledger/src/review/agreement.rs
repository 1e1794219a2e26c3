//! Two reviewers' decisions on the same items compared: percent agreement and Cohen's kappa, as coding projects report
//! them.
//!
//! An item is words of a dispatch of one kind; a pair of accounts is an item too. A reviewer's verdict on it is the last
//! one that stands: `accept`, `reject` or `edit` of an item, `same` or `not same` of a pair. Kappa is
//! (p_o − p_e) / (1 − p_e) over these verdicts (Cohen 1960), p_o the share of items with one verdict, p_e the share
//! expected from how often each reviewer gives each verdict. It is not defined where p_e is 1.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::live::{ANCHOR, anchor_of};
use crate::{Ledger, LedgerError};

/// How far two reviewers agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// One reviewer.
    pub a: String,
    /// The other.
    pub b: String,
    /// Items that both decided on.
    pub both: usize,
    /// Items that only the one decided on.
    pub only_a: usize,
    /// Items that only the other decided on.
    pub only_b: usize,
    /// Of those both decided on: with the same verdict.
    pub agreed: usize,
    /// The same in per cent; none without items.
    pub percent: Option<f64>,
    /// Cohen's kappa; none where it is not defined.
    pub kappa: Option<f64>,
    /// How often each pair of verdicts was given.
    pub table: Vec<(String, String, usize)>,
    /// Items that both edited.
    pub both_edited: usize,
    /// Of those: all fields that both set are set to the same.
    pub same_values: usize,
    /// The items on which they differ.
    pub differing: Vec<Differing>,
}

/// An item on which two reviewers differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// The kind of item.
    pub kind: String,
    /// The dispatch.
    pub dispatch: String,
    /// Its words.
    pub words: String,
    /// The one's verdict.
    pub a: String,
    /// The other's.
    pub b: String,
}

/// Cohen's kappa of a table of pairs of verdicts with how often each occurs.
pub fn kappa(table: &BTreeMap<(String, String), usize>) -> Option<f64> {
    let all: usize = table.values().sum();
    if all == 0 {
        return None;
    }
    let mut margins: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((a, b), n) in table {
        margins.entry(a).or_default().0 += n;
        margins.entry(b).or_default().1 += n;
    }
    let agreed: usize = table.iter().filter(|((a, b), _)| a == b).map(|(_, n)| n).sum();
    // In whole numbers as long as possible: p_e = by_chance / all².
    let by_chance: usize = margins.values().map(|(a, b)| a * b).sum();
    let (observed, expected) = (agreed as f64 / all as f64, by_chance as f64 / (all * all) as f64);
    (by_chance != all * all).then(|| (observed - expected) / (1.0 - expected))
}

/// What an item is called by: kind, dispatch, place in the text, words, detail; of a pair, both.
type Key = (String, String, String, usize, String);

#[derive(Debug, Default)]
struct Verdict {
    verdict: String,
    values: BTreeMap<String, Value>,
}

impl Ledger {
    /// Compares two reviewers' decisions.
    pub fn agreement(&self, a: &str, b: &str) -> Result<Agreement, LedgerError> {
        let (one, other) = (self.verdicts_of(a)?, self.verdicts_of(b)?);
        let keys: BTreeSet<&Key> = one.keys().filter(|k| other.contains_key(*k)).collect();
        let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
        let (mut differing, mut both_edited, mut same_values) = (Vec::new(), 0, 0);
        for key in &keys {
            let (Some(x), Some(y)) = (one.get(*key), other.get(*key)) else { continue };
            *table.entry((x.verdict.clone(), y.verdict.clone())).or_default() += 1;
            if x.verdict == "edit" && y.verdict == "edit" {
                both_edited += 1;
                let both = x.values.keys().filter(|f| y.values.contains_key(*f)).collect::<Vec<_>>();
                same_values +=
                    usize::from(!both.is_empty() && both.iter().all(|f| x.values.get(*f) == y.values.get(*f)));
            }
            if x.verdict != y.verdict {
                let (kind, dispatch, words) = (key.0.clone(), key.1.clone(), key.2.clone());
                differing.push(Differing { kind, dispatch, words, a: x.verdict.clone(), b: y.verdict.clone() });
            }
        }
        let (both, agreed) = (keys.len(), keys.len() - differing.len());
        Ok(Agreement {
            a: a.to_owned(),
            b: b.to_owned(),
            both,
            only_a: one.len() - both,
            only_b: other.len() - both,
            agreed,
            percent: (both > 0).then(|| agreed as f64 * 100.0 / both as f64),
            kappa: kappa(&table),
            table: table.into_iter().map(|((a, b), n)| (a, b, n)).collect(),
            both_edited,
            same_values,
            differing,
        })
    }

    /// A reviewer's verdict on each item.
    fn verdicts_of(&self, who: &str) -> Result<BTreeMap<Key, Verdict>, LedgerError> {
        let read = || -> rusqlite::Result<BTreeMap<Key, Verdict>> {
            let mut find = self.connection.prepare(&format!(
                "SELECT l.id, l.action, l.field, l.value, a.side, {ANCHOR}
                 FROM standing_decisions l JOIN review_anchors a ON a.log_id = l.id
                 WHERE l.reviewer = ?1 AND l.action IN ('accept', 'reject', 'edit', 'merge', 'split', 'not_same')
                 ORDER BY l.at, l.id, a.number"
            ))?;
            let mut rows = find.query([who])?;
            let mut out: BTreeMap<Key, Verdict> = BTreeMap::new();
            let mut sides: BTreeMap<i64, (String, Vec<(String, Key)>)> = BTreeMap::new();
            let mut order = Vec::new();
            while let Some(r) = rows.next()? {
                let (log, action): (i64, String) = (r.get(0)?, r.get(1)?);
                let anchor = anchor_of(r, 5)?;
                let above = anchor.parent.as_ref().map(|p| format!("{}@{}", p.exact, p.start)).unwrap_or_default();
                let key = (
                    anchor.at.kind.clone(),
                    format!("{}:{}", anchor.namespace, anchor.source_id),
                    anchor.at.exact.clone(),
                    anchor.at.start,
                    format!("{} {above}", anchor.at.detail),
                );
                if matches!(action.as_str(), "merge" | "split" | "not_same") {
                    if !sides.contains_key(&log) {
                        order.push(log);
                    }
                    sides.entry(log).or_insert_with(|| (action, Vec::new())).1.push((r.get(4)?, key));
                    continue;
                }
                let verdict = out.entry(key).or_default();
                verdict.verdict = action;
                if let (Some(field), Some(value)) = (r.get::<_, Option<String>>(2)?, r.get::<_, Option<String>>(3)?) {
                    verdict.values.insert(field, serde_json::from_str(&value).unwrap_or_default());
                }
            }
            for (action, members) in order.iter().filter_map(|log| sides.get(log)) {
                let verdict = if action == "merge" { "same" } else { "not same" };
                let of = |side: &'static str| members.iter().filter(move |m| m.0 == side).map(|m| &m.1);
                for (x, y) in of("a").flat_map(|x| of("b").map(move |y| (x, y))) {
                    let (x, y) = if x <= y { (x, y) } else { (y, x) };
                    let key = (
                        format!("pair of {}s", x.0),
                        format!("{} and {}", x.1, y.1),
                        format!("{} – {}", x.2, y.2),
                        x.3,
                        format!("{} {} {}", y.3, x.4, y.4),
                    );
                    out.insert(key, Verdict { verdict: verdict.to_owned(), values: BTreeMap::new() });
                }
            }
            Ok(out)
        };
        read().map_err(|e| self.told(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[(&str, &str, usize)]) -> BTreeMap<(String, String), usize> {
        cells.iter().map(|(a, b, n)| (((*a).to_owned(), (*b).to_owned()), *n)).collect()
    }

    #[test]
    fn kappa_is_what_the_hand_computes() {
        // 50 items: p_o = 35/50 = .7; margins 25/25 and 30/20: p_e = .5·.6 + .5·.4 = .5; kappa = .2/.5 = .4
        let two = table(&[
            ("accept", "accept", 20),
            ("accept", "reject", 5),
            ("reject", "accept", 10),
            ("reject", "reject", 15),
        ]);
        assert!((kappa(&two).unwrap() - 0.4).abs() < 1e-12);
        // 10 items, three verdicts: p_o = .6; p_e = (5·4 + 3·3 + 2·3)/100 = .35; kappa = .25/.65
        let three = table(&[
            ("accept", "accept", 3),
            ("accept", "reject", 1),
            ("accept", "edit", 1),
            ("reject", "reject", 2),
            ("reject", "edit", 1),
            ("edit", "accept", 1),
            ("edit", "edit", 1),
        ]);
        assert!((kappa(&three).unwrap() - 0.25 / 0.65).abs() < 1e-12);
        // Worse than chance: p_o = 0, p_e = .5.
        assert!((kappa(&table(&[("a", "b", 5), ("b", "a", 5)])).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(kappa(&table(&[("accept", "accept", 9)])), None, "by chance they could not differ");
        assert_eq!(kappa(&BTreeMap::new()), None);
    }
}
