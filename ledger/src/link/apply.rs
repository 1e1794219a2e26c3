//! Linking inside the file: new nodes meet those that share a block, and the components they touch are clustered anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Compared;
use super::cluster::clusters;
use super::decisions;
use crate::digest;

/// The largest component that is clustered as a whole. A larger one is first cut where its ties are weakest, by raising
/// the bar until the parts fit; the bar depends on the component alone, so the order of filing does not matter.
const MOST: usize = 400;

/// How much the bar rises at a time, in points.
const STEP: i32 = 8;

/// No pair scores higher.
const HIGHEST: i32 = 1000;

/// How many nodes' facts are kept at hand.
const AT_HAND: usize = 50_000;

/// What a batch of filings has changed: the nodes whose components must be clustered anew; and the facts at hand, which
/// are kept from batch to batch.
#[derive(Debug)]
pub struct Touched<F> {
    nodes: BTreeSet<i64>,
    lost: BTreeSet<String>,
    at_hand: HashMap<i64, Arc<Node<F>>>,
    /// Statements that the search index does not hold yet.
    pub(crate) unindexed: BTreeSet<i64>,
}

/// A node's key and facts.
#[derive(Debug)]
pub struct Node<F> {
    key: String,
    facts: F,
}

impl<F> Default for Touched<F> {
    fn default() -> Self {
        Touched { nodes: BTreeSet::new(), lost: BTreeSet::new(), at_hand: HashMap::new(), unindexed: BTreeSet::new() }
    }
}

impl<F: Compared> Touched<F> {
    /// A node that gained or lost an account.
    pub fn node(&mut self, node: i64) {
        self.nodes.insert(node);
    }

    /// An incident or accord that lost an account: it goes when none is left.
    pub fn lost_account(&mut self, of: String) {
        self.lost.insert(of);
    }

    /// Those that lost an account.
    pub fn lost(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.lost)
    }

    /// A node that is gone: those it was tied to must be looked at again.
    pub fn gone(&mut self, tx: &Connection, node: i64) -> Result<()> {
        self.nodes.extend(ties(tx, node)?.into_iter().map(|(near, _)| near));
        self.nodes.extend(decisions::same(tx, F::KIND, node)?);
        tx.prepare_cached("DELETE FROM link_nodes WHERE id = ?1")?.execute([node])?;
        self.nodes.remove(&node);
        self.at_hand.remove(&node);
        Ok(())
    }

    /// The node with these facts: the one that is there, or a new one that has met all others of its blocks.
    pub fn enter(&mut self, tx: &Connection, facts: F) -> Result<i64> {
        let json = serde_json::to_string(&facts).unwrap_or_default();
        let key = digest::hex(json.as_bytes());
        let known = tx
            .prepare_cached("SELECT id FROM link_nodes WHERE kind = ?1 AND key = ?2")?
            .query_row(params![F::KIND, key], |r| r.get(0))
            .optional()?;
        if let Some(id) = known {
            self.nodes.insert(id);
            return Ok(id);
        }
        tx.prepare_cached("INSERT INTO link_nodes (kind, key, facts) VALUES (?1, ?2, ?3)")?.execute(params![
            F::KIND,
            key,
            json
        ])?;
        let id = tx.last_insert_rowid();
        let mut met = BTreeSet::new();
        for key in facts.blocks() {
            let mut find = tx.prepare_cached("SELECT node_id FROM link_keys WHERE kind = ?1 AND key = ?2")?;
            met.extend(find.query_map(params![F::KIND, key], |r| r.get::<_, i64>(0))?.collect::<Result<Vec<_>>>()?);
            tx.prepare_cached("INSERT INTO link_keys (kind, key, node_id) VALUES (?1, ?2, ?3)")?.execute(params![
                F::KIND,
                key,
                id
            ])?;
        }
        for other in met {
            let Some(theirs) = self.load(tx, other)? else { continue };
            let points = facts.points(&theirs.facts);
            if points >= F::TIE {
                tx.prepare_cached("INSERT INTO links (a, b, points) VALUES (?1, ?2, ?3)")?.execute(params![
                    other.min(id),
                    other.max(id),
                    points
                ])?;
            }
        }
        self.nodes.insert(id);
        self.at_hand.insert(id, Arc::new(Node { key, facts }));
        Ok(id)
    }

    /// A node, from those at hand or from the file.
    fn load(&mut self, tx: &Connection, node: i64) -> Result<Option<Arc<Node<F>>>> {
        if let Some(known) = self.at_hand.get(&node) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some((key, facts)) = load(tx, node)? else { return Ok(None) };
        if self.at_hand.len() >= AT_HAND {
            self.at_hand.clear();
        }
        let loaded = Arc::new(Node { key, facts });
        self.at_hand.insert(node, Arc::clone(&loaded));
        Ok(Some(loaded))
    }
}

/// The key and facts of a node.
pub fn load<F: Compared>(tx: &Connection, node: i64) -> Result<Option<(String, F)>> {
    let row: Option<(String, String)> = tx
        .prepare_cached("SELECT key, facts FROM link_nodes WHERE id = ?1 AND kind = ?2")?
        .query_row(params![node, F::KIND], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(key, json)| serde_json::from_str(&json).ok().map(|facts| (key, facts))))
}

/// Nodes tied to one, each with its points. A pair stands once in `links`, the smaller node first.
fn ties(tx: &Connection, node: i64) -> Result<Vec<(i64, i32)>> {
    let mut near = tx.prepare_cached(
        "SELECT b, points FROM links WHERE a = ?1 UNION ALL SELECT a, points FROM links WHERE b = ?1",
    )?;
    near.query_map([node], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
}

/// The ties of each node of a component.
type Ties = BTreeMap<i64, Vec<(i64, i32)>>;

/// A node of a component.
struct Member<F> {
    node: i64,
    data: Arc<Node<F>>,
}

/// Clusters the touched components and returns their clusters, as lists of nodes.
pub fn recluster<F: Compared>(tx: &Connection, touched: &mut Touched<F>) -> Result<Vec<Vec<i64>>> {
    let mut left = std::mem::take(&mut touched.nodes);
    let mut out = Vec::new();
    let decided = decisions::any(tx)?;
    while let Some(seed) = left.pop_first() {
        let mut component = BTreeSet::from([seed]);
        let mut tied = Ties::new();
        let mut queue = vec![seed];
        while let Some(node) = queue.pop() {
            let mut near = ties(tx, node)?;
            near.retain(|&(_, points)| points >= F::TIE);
            let told = if decided { decisions::same(tx, F::KIND, node)? } else { Vec::new() };
            for other in near.iter().map(|&(other, _)| other).chain(told) {
                if component.insert(other) {
                    queue.push(other);
                }
            }
            tied.insert(node, near);
        }
        left.retain(|node| !component.contains(node));
        let mut members = Vec::new();
        for node in component {
            if let Some(data) = touched.load(tx, node)? {
                members.push(Member { node, data });
            }
        }
        members.sort_by(|a, b| a.data.key.cmp(&b.data.key));
        let verdicts = match decided {
            true => decisions::verdicts(tx, F::KIND, members.iter().map(|m| m.node))?,
            false => Vec::new(),
        };
        for part in parts(members, &tied, &verdicts, F::TIE) {
            let score = |i: usize, j: usize| part[i].data.facts.points(&part[j].data.facts);
            let at: BTreeMap<i64, usize> = part.iter().enumerate().map(|(i, m)| (m.node, i)).collect();
            let here = verdicts.iter().filter_map(|(a, b, same)| Some((*at.get(a)?, *at.get(b)?, *same)));
            let groups = clusters(part.len(), F::TIE, score, &here.collect::<Vec<_>>());
            out.extend(groups.into_iter().map(|g| g.into_iter().map(|i| part[i].node).collect()));
        }
    }
    Ok(out)
}

/// The component itself, or, where it is too large, its parts under a higher bar.
fn parts<F: Compared>(
    members: Vec<Member<F>>,
    tied: &Ties,
    verdicts: &[(i64, i64, bool)],
    bar: i32,
) -> Vec<Vec<Member<F>>> {
    // Above the highest score that there can be, only people's ties are left, and those are kept together.
    if members.len() <= MOST || bar > HIGHEST {
        return vec![members];
    }
    let bar = bar + STEP;
    let order: BTreeMap<i64, usize> = members.iter().enumerate().map(|(i, m)| (m.node, i)).collect();
    let mut home: Vec<usize> = (0..members.len()).collect();
    fn root(home: &mut [usize], mut i: usize) -> usize {
        while home[i] != i {
            home[i] = home[home[i]];
            i = home[i];
        }
        i
    }
    for (i, member) in members.iter().enumerate() {
        let near = tied.get(&member.node).map(Vec::as_slice).unwrap_or_default();
        for (near, _) in near.iter().filter(|&&(_, points)| points >= bar) {
            if let Some(&j) = order.get(near) {
                let (x, y) = (root(&mut home, i), root(&mut home, j));
                home[x.max(y)] = x.min(y);
            }
        }
    }
    // What a person tied is not cut.
    for (a, b, _) in verdicts.iter().filter(|v| v.2) {
        if let (Some(&i), Some(&j)) = (order.get(a), order.get(b)) {
            let (x, y) = (root(&mut home, i), root(&mut home, j));
            home[x.max(y)] = x.min(y);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Member<F>>> = BTreeMap::new();
    for (i, member) in members.into_iter().enumerate() {
        let root = root(&mut home, i);
        groups.entry(root).or_default().push(member);
    }
    let mut out = Vec::new();
    for (_, group) in groups {
        out.extend(parts(group, tied, verdicts, bar));
    }
    out
}
