//! From the parser's arcs to trees: subtree edges, sentence starts, and lifted arcs put back.

use std::collections::{BTreeSet, VecDeque};

use crate::parser::Label;

/// Edges of all subtrees and the sentence starts of one document. Reused from document to document.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// First token of each token's subtree.
    pub(crate) left: Vec<u32>,
    /// Last token of each token's subtree.
    pub(crate) right: Vec<u32>,
    /// Whether a sentence begins at each token.
    pub(crate) starts: Vec<bool>,
}

/// Passes over the arcs at most; more than two are needed for trees with crossing arcs only.
const PASSES: usize = 12;

impl Tree {
    fn edges(&mut self, heads: &[u32]) {
        let count = heads.len();
        self.left.clear();
        self.left.extend(0..count as u32);
        self.right.clone_from(&self.left);
        for _ in 0..PASSES {
            for i in (0..count).chain((0..count).rev()) {
                let head = heads[i] as usize;
                self.left[head] = self.left[head].min(self.left[i]);
                self.right[head] = self.right[head].max(self.right[i]);
            }
            self.starts.clear();
            self.starts.resize(count, false);
            for i in (0..count).filter(|&i| heads[i] as usize == i) {
                self.starts[self.left[i] as usize] = true;
            }
            if self.is_consistent(heads) {
                break;
            }
        }
    }

    /// Whether the heads of all tokens lie in their own sentence. The last token itself is not looked at, and a head may
    /// lie one token behind the end: spaCy's own check, whose result decides when the passes end.
    fn is_consistent(&self, heads: &[u32]) -> bool {
        let count = heads.len();
        let mut start = 0;
        for end in (1..count).filter(|&i| self.starts[i]).chain(count.checked_sub(1)) {
            let inside = |&head: &u32| (start..=end).contains(&(head as usize));
            if start < end && !heads[start..end].iter().all(inside) {
                return false;
            }
            start = end;
        }
        true
    }

    /// Edges and sentence starts of the parser's result, after arcs with a double label have been moved to their
    /// proper head: the nearest token below the present head, breadth first, that carries the second label.
    pub(crate) fn finish(&mut self, heads: &mut [u32], labels: &mut [Label], is_space: impl Fn(usize) -> bool) {
        self.edges(heads);
        if labels.iter().all(|(_, lifted)| lifted.is_none()) {
            return;
        }
        self.put_back(heads, labels, is_space);
        self.edges(heads);
    }

    fn put_back(&self, heads: &mut [u32], labels: &mut [Label], is_space: impl Fn(usize) -> bool) {
        let count = heads.len();
        let mut children: BTreeSet<(u32, u32)> = (0..count as u32).map(|i| (heads[i as usize], i)).collect();
        let mut queue = VecDeque::new();
        // Sentences are short, so the searches are; the budget keeps time linear for texts that are not language.
        let mut budget = 1_000_000 + 50 * count;
        for i in 0..count {
            let (label, Some(wanted)) = labels[i] else { continue };
            queue.clear();
            queue.push_back(heads[i]);
            let mut found = None;
            'search: while let Some(parent) = queue.pop_front() {
                let range = (parent, self.left[parent as usize])..=(parent, self.right[parent as usize]);
                for &(_, child) in children.range(range) {
                    let Some(left) = budget.checked_sub(1) else { break 'search };
                    budget = left;
                    if child == parent || child as usize == i || is_space(child as usize) {
                        continue;
                    }
                    // A label that is still double matches nothing.
                    if labels[child as usize] == (wanted, None) {
                        found = Some(child);
                        break 'search;
                    }
                    queue.push_back(child);
                }
            }
            if let Some(head) = found {
                children.remove(&(heads[i], i as u32));
                children.insert((head, i as u32));
                heads[i] = head;
            }
            labels[i] = (label, None);
        }
    }
}
