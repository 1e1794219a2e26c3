//! Responsibility: who is blamed by whom, who is cleared, who owns up.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result};

use super::{Dispute, Found, ORDER, Position, by_voice, order};
use crate::names::tables;

struct Named {
    actor: BTreeSet<String>,
    stance: String,
    position: Position,
}

/// Adds the dispute on who did it, where voices differ: they blame different actors, or one is cleared of it.
pub fn add(tx: &Connection, accounts: &[i64], found: &mut Found) -> Result<()> {
    let mut named = Vec::new();
    for account in accounts {
        named.extend(read(tx, *account)?);
    }
    named.sort_by(|a, b| (&a.position.order, &a.position.value).cmp(&(&b.position.order, &b.position.value)));
    let cleared = named.iter().any(|n| n.stance == "denies");
    let positions: Vec<Position> = named.iter().map(|n| n.position.clone()).collect();
    let voices = by_voice(named, |n| (n.position.dispatch, n.position.speaker.clone()));
    let blamed: Vec<Vec<&BTreeSet<String>>> = voices
        .values()
        .map(|v| v.iter().filter(|n| n.stance != "denies").map(|n| &n.actor).collect::<Vec<_>>())
        .filter(|v| !v.is_empty())
        .collect();
    let differ = blamed.iter().enumerate().any(|(i, a)| blamed[i + 1..].iter().any(|b| !same(a, b)));
    if cleared || differ {
        found.disputes.push(Dispute { field: "perpetrator".to_owned(), positions, range: None });
    }
    Ok(())
}

/// Whether two voices blame the same: each actor of the one shares a word with an actor of the other.
fn same(a: &[&BTreeSet<String>], b: &[&BTreeSet<String>]) -> bool {
    let within =
        |x: &[&BTreeSet<String>], y: &[&BTreeSet<String>]| x.iter().all(|p| y.iter().any(|q| !p.is_disjoint(q)));
    within(a, b) && within(b, a)
}

fn read(tx: &Connection, account: i64) -> Result<Vec<Named>> {
    let sql = format!(
        "SELECT p.actor, p.stance, p.speaker, p.words, p.words_start, p.words_end, {ORDER}
         FROM perpetrators p JOIN accounts a ON a.id = p.account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE p.account_id = ?1 ORDER BY p.id"
    );
    let mut rows = tx.prepare_cached(&sql)?;
    let mut rows = rows.query([account])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let (actor, stance): (String, String) = (r.get(0)?, r.get(1)?);
        let words: (String, i64, i64) = (r.get(3)?, r.get(4)?, r.get(5)?);
        let (dispatch, at, source) = order(r, 6, words.1)?;
        let value = match stance.as_str() {
            "denies" => format!("not {actor} (denied)"),
            "admits" => format!("{actor} (admitted)"),
            "suspects" => format!("{actor} (suspected)"),
            "suggests" => format!("{actor} (suggested)"),
            "accuses" => format!("{actor} (accused)"),
            _ => format!("{actor} (asserted)"),
        };
        out.push(Named {
            actor: tables().actor_words(&actor),
            stance,
            position: Position { value, speaker: r.get(2)?, dispatch, words, order: at, source },
        });
    }
    Ok(out)
}
