//! Echoes: one wire story that several outlets copied is one source.
//!
//! Two dispatches are echoes when their texts share most of their sentences: every sentence of six words or more is
//! hashed by its folded words, and a pair is tied when at least half of the shorter text's sentences (three or more)
//! stand in the other too. Groups are the connected components of such pairs, so the order of filing does not matter.
//! Only texts with a sentence in common are compared; a sentence that more than [`COMMON`] different texts share (a
//! disclaimer, an agency's footer) ties nothing.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::digest;
use crate::names::words;

/// Sentences shorter than this, in words, are no sign of copying.
const SHORT: usize = 6;

/// How many different texts may share a sentence before it is taken for a formula.
const COMMON: usize = 200;

/// Hashes of the sentences of a text.
fn sentences(text: &str) -> BTreeSet<i64> {
    let ends = |c: char| matches!(c, '.' | '?' | '!' | '\n' | ';');
    text.split(ends)
        .map(words)
        .filter(|w| w.len() >= SHORT)
        .map(|w| {
            // FNV-1a, 64 bits: stable across versions of the program, as the file is kept.
            let hash = w
                .join(" ")
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
            i64::from_le_bytes(hash.to_le_bytes())
        })
        .collect()
}

/// Whether two texts are echoes of one another.
fn echoes(a: &BTreeSet<i64>, b: &BTreeSet<i64>) -> bool {
    let few = a.len().min(b.len());
    let both = a.intersection(b).count();
    both >= 3 && both * 2 >= few
}

/// Enters a dispatch's current text and joins the groups of its echoes. Returns the dispatches that were not yet of one
/// group with one another and now are: their incidents count sources anew.
pub fn insert(tx: &Connection, dispatch: i64, text: &str, text_sha: &str) -> Result<BTreeSet<i64>> {
    let own = sentences(text);
    // Letter for letter the same text: the group is that text's, and its sentences need not be kept twice.
    let twin: Option<(i64, Option<String>, bool)> = tx
        .prepare_cached(
            "SELECT d.id, d.echo_group, EXISTS (SELECT 1 FROM echo_keys k WHERE k.dispatch_id = d.id) AS keyed
             FROM versions v JOIN dispatches d ON d.id = v.dispatch_id AND d.version = v.number
             WHERE v.text_sha256 = ?1 AND d.id <> ?2 ORDER BY keyed DESC, d.id LIMIT 1",
        )?
        .query_row(params![text_sha, dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?;
    let mut groups = BTreeSet::new();
    let mut alone = BTreeSet::from([dispatch]);
    let mut meet = |id: i64, group: Option<String>| match group {
        Some(group) => {
            groups.insert(group);
        }
        None => {
            alone.insert(id);
        }
    };
    let keyed = twin.as_ref().is_some_and(|t| t.2);
    if let Some((id, group, _)) = twin {
        meet(id, group);
    }
    if !keyed {
        let mut near = BTreeSet::new();
        for key in &own {
            let mut find = tx.prepare_cached("SELECT dispatch_id FROM echo_keys WHERE key = ?1 LIMIT ?2")?;
            let found = find.query_map(params![key, COMMON as i64 + 1], |r| r.get(0))?.collect::<Result<Vec<i64>>>()?;
            if found.len() <= COMMON {
                near.extend(found);
            }
            tx.prepare_cached("INSERT INTO echo_keys (key, dispatch_id) VALUES (?1, ?2)")?
                .execute(params![key, dispatch])?;
        }
        for other in near {
            let mut find = tx.prepare_cached("SELECT key FROM echo_keys WHERE dispatch_id = ?1")?;
            let theirs = find.query_map([other], |r| r.get(0))?.collect::<Result<BTreeSet<i64>>>()?;
            if echoes(&own, &theirs) {
                let group = tx
                    .prepare_cached("SELECT echo_group FROM dispatches WHERE id = ?1")?
                    .query_row([other], |r| r.get(0))?;
                meet(other, group);
            }
        }
    }
    let mut joined = BTreeSet::new();
    if groups.is_empty() && alone.len() == 1 {
        return Ok(joined);
    }
    if groups.len() + alone.len() > 2 {
        joined.extend(alone.iter().filter(|id| **id != dispatch));
        for group in &groups {
            let mut members = tx.prepare_cached("SELECT id FROM dispatches WHERE echo_group = ?1")?;
            joined.extend(members.query_map([group], |r| r.get(0))?.collect::<Result<Vec<i64>>>()?);
        }
    }
    let label = |id: i64| -> Result<String> {
        tx.prepare_cached("SELECT namespace, source_id FROM dispatches WHERE id = ?1")?
            .query_row([id], |r| Ok(digest::public_id('e', &[&r.get::<_, String>(0)?, &r.get::<_, String>(1)?])))
    };
    let mut labels = groups.clone();
    for id in &alone {
        labels.insert(label(*id)?);
    }
    // The group is called by the smallest label of its members, whichever came first.
    let Some(name) = labels.pop_first() else { return Ok(joined) };
    for id in alone {
        tx.prepare_cached("UPDATE dispatches SET echo_group = ?1 WHERE id = ?2")?.execute(params![name, id])?;
    }
    for group in groups.into_iter().filter(|g| *g != name) {
        tx.prepare_cached("UPDATE dispatches SET echo_group = ?1 WHERE echo_group = ?2")?
            .execute(params![name, group])?;
    }
    Ok(joined)
}

/// Takes a dispatch's text out; the group it was in is worked out anew. Returns the others of that group.
pub fn remove(tx: &Connection, dispatch: i64) -> Result<BTreeSet<i64>> {
    tx.prepare_cached("DELETE FROM echo_keys WHERE dispatch_id = ?1")?.execute([dispatch])?;
    let group: Option<String> =
        tx.prepare_cached("SELECT echo_group FROM dispatches WHERE id = ?1")?.query_row([dispatch], |r| r.get(0))?;
    let Some(group) = group else { return Ok(BTreeSet::new()) };
    let others: Vec<(i64, String, String)> = tx
        .prepare_cached(
            "SELECT d.id, v.text, v.text_sha256 FROM dispatches d JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
             WHERE d.echo_group = ?1 AND d.id <> ?2 ORDER BY d.id",
        )?
        .query_map(params![group, dispatch], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
        .collect::<Result<_>>()?;
    tx.prepare_cached("UPDATE dispatches SET echo_group = NULL WHERE echo_group = ?1")?.execute([&group])?;
    for (id, _, _) in &others {
        tx.prepare_cached("DELETE FROM echo_keys WHERE dispatch_id = ?1")?.execute([id])?;
    }
    // Each comes back as if it were new; those that are not yet back have no sentences and meet nobody but their twins.
    for (id, text, sha) in &others {
        insert(tx, *id, text, sha)?;
    }
    Ok(others.into_iter().map(|o| o.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_with_another_headline_are_echoes_and_two_reports_of_one_event_are_not() {
        let wire = "Shells hit the market of the old town on Monday morning. A doctor at the hospital counted nine dead and \
                    forty hurt. The governor blamed fighters from across the river. They denied it in a short message.";
        let copy = format!("Nine dead at market\n\n{wire} More follows on our site.");
        let other = "Nine people died when shells fell on a market on Monday morning, a doctor said. The governor of the \
                     province put the blame on fighters beyond the river. Their spokesman rejected this within the hour.";
        assert!(echoes(&sentences(wire), &sentences(&copy)));
        assert!(!echoes(&sentences(wire), &sentences(other)));
    }
}
