//! People's word on accounts: the same, or not the same. A table of pairs, worked out from the decisions that stand.

use std::collections::BTreeSet;

use rusqlite::{Connection, Result};

/// The table of accounts of a kind.
fn table(kind: &str) -> &'static str {
    if kind == "accord" { "accord_accounts" } else { "accounts" }
}

/// Whether there is any.
pub fn any(tx: &Connection) -> Result<bool> {
    tx.prepare_cached("SELECT 1 FROM link_decisions LIMIT 1")?.exists([])
}

/// The nodes of a kind that people tied to a node, as far as they are here.
pub fn same(tx: &Connection, kind: &str, node: i64) -> Result<Vec<i64>> {
    let accounts = table(kind);
    let mut find = tx.prepare_cached(&format!(
        "SELECT y.node_id FROM {accounts} x JOIN link_decisions l ON l.a = x.public_id JOIN {accounts} y ON y.public_id = l.b
         WHERE x.node_id = ?1 AND l.verdict = 'same'
         UNION SELECT y.node_id FROM {accounts} x JOIN link_decisions l ON l.b = x.public_id JOIN {accounts} y ON y.public_id = l.a
         WHERE x.node_id = ?1 AND l.verdict = 'same'"
    ))?;
    find.query_map([node], |r| r.get(0))?.collect()
}

/// What people said of pairs of these nodes, newest first; of equal times, in the order of the decisions' public ids.
pub fn verdicts(tx: &Connection, kind: &str, nodes: impl Iterator<Item = i64>) -> Result<Vec<(i64, i64, bool)>> {
    let accounts = table(kind);
    let nodes: BTreeSet<i64> = nodes.collect();
    // Moment, latest first; decision; the two accounts and their nodes; the verdict.
    type Said = (std::cmp::Reverse<String>, String, String, String, i64, i64, bool);
    let mut found: BTreeSet<Said> = BTreeSet::new();
    for node in &nodes {
        let mut find = tx.prepare_cached(&format!(
            "SELECT g.at, g.uid, l.a, l.b, x.node_id, y.node_id, l.verdict = 'same'
             FROM {accounts} x JOIN link_decisions l ON l.a = x.public_id JOIN {accounts} y ON y.public_id = l.b
             JOIN review_log g ON g.id = l.log_id WHERE x.node_id = ?1"
        ))?;
        let rows = find.query_map([node], |r| {
            let at = std::cmp::Reverse(r.get(0)?);
            Ok((at, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?))
        })?;
        for row in rows {
            let row = row?;
            if nodes.contains(&row.5) && row.4 != row.5 {
                found.insert(row);
            }
        }
    }
    Ok(found.into_iter().map(|f| (f.4, f.5, f.6)).collect())
}
