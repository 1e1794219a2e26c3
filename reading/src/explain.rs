//! Why an item stands in the record: `dateline read --explain s1`.
//!
//! [`all`] puts what the steps noted ([`crate::trace`]) beside the sentence it was read from: the words, the rule, the
//! entry of `data/`, and the sentence's tree with the words of the explanation marked. The tree is drawn compactly:
//! what leads to no marked word stays one phrase.
//!
//! ```text
//! said  VBD root                         ← cue
//! ├─ The monitor  nsubj                  ← source
//! └─ killed  VBD ccomp
//! ```
//!
//! Nothing is decided here.

use std::collections::BTreeSet;
use std::ops::Range;

use language::{Analysis, Pos};
use record::{Accord, Incident, Span, Statement};
use serde::Serialize;

use crate::Page;
use crate::reader::Found;
use crate::trace::{Key, Note};

/// Why one item stands in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The item's id in the record: `s1`, `i1`, `f1`, `a1`.
    pub id: String,
    /// "statement", "incident", "figure" or "accord".
    pub item: &'static str,
    /// The reasons, in the order in which they were found.
    pub reasons: Vec<Reason>,
    /// The sentences that the reasons' words stand in, with their trees.
    pub sentences: Vec<Sentence>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What was decided: "cue", "source", "place" …
    pub what: &'static str,
    /// The words; `None` where the reason is none of words.
    pub span: Option<Span>,
    /// The rule, in a few words.
    pub why: String,
    /// The entry that matched.
    pub entry: Option<Entry>,
}

/// An entry of the word lists and tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Path from the root of the repository: `data/reading/cues.tsv`.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

/// A sentence and its tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// The sentence.
    pub span: Span,
    /// Its tree, heads before what hangs on them, in order of the text.
    pub tree: Vec<Node>,
}

/// A word of the tree, or a phrase in which nothing is marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// How deep it hangs; the sentence's head is at 0.
    pub depth: usize,
    /// The words: one where something marked hangs below, else all of the phrase.
    pub words: String,
    /// The relation to the word it hangs on.
    pub dep: &'static str,
    /// Part of speech of its head word, in the Penn Treebank's tags.
    pub tag: &'static str,
    /// What the explanation says of it ("cue", "source").
    pub marks: Vec<&'static str>,
}

/// The name of an enumeration's value as the record writes it, with blanks: "air strike".
pub(crate) fn name<T: std::fmt::Debug>(value: &T) -> String {
    let mut out = String::new();
    for c in format!("{value:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// How far a way in the tree is told.
const FAR: usize = 8;

/// How token `i` stands to `anchor` in the tree: "nsubj of “said”", "pobj of “by”, agent of “killed”".
pub(crate) fn path(a: &Analysis, i: usize, anchor: usize) -> String {
    if i >= a.len() || anchor >= a.len() {
        return String::new();
    }
    if i == anchor {
        return "the same word".to_owned();
    }
    let above: Vec<usize> = std::iter::once(anchor).chain(a.ancestors(anchor)).take(FAR).collect();
    let up = |from: usize, to: usize| -> Vec<String> {
        let way = std::iter::once(from).chain(a.ancestors(from)).take_while(|&t| t != to).take(FAR);
        way.filter_map(|t| Some(format!("{} of “{}”", a.tokens()[t].dep.as_str(), a.word(a.head(t)?)))).collect()
    };
    let meet = std::iter::once(i).chain(a.ancestors(i)).take(FAR).find(|t| above.contains(t));
    match meet {
        Some(top) if top == anchor => up(i, anchor).join(", "),
        Some(top) if top == i => format!("above it: “{}” is {}", a.word(anchor), up(anchor, i).join(", ")),
        Some(top) => {
            format!("{}, of which “{}” is {}", up(i, top).join(", "), a.word(anchor), up(anchor, top).join(", "))
        }
        None if a.sentence_of(i) == a.sentence_of(anchor) => "in the same sentence".to_owned(),
        None => "in another sentence".to_owned(),
    }
}

/// The explanations of all items of a record, in its order.
pub(crate) fn all(
    page: &Page,
    found: &Found,
    statements: &[Statement],
    incidents: &[Incident],
    accords: &[Accord],
) -> Vec<Explanation> {
    let statement = |(n, s): (usize, &Statement)| {
        let keys = found.statements.get(n).map(|said| vec![said.key()]).unwrap_or_default();
        explanation(page, &s.id, "statement", &keys)
    };
    let mut out: Vec<Explanation> = statements.iter().enumerate().map(statement).collect();
    for incident in incidents {
        out.push(explanation(page, &incident.id, "incident", &page.trace.keys(&incident.id)));
    }
    for figure in incidents.iter().flat_map(|i| &i.figures) {
        out.push(explanation(page, &figure.id, "figure", &page.trace.keys(&figure.id)));
    }
    for accord in accords {
        out.push(explanation(page, &accord.id, "accord", &page.trace.keys(&accord.id)));
    }
    out
}

/// The most sentences shown with their trees: what is told over a long page is shown at its first places.
const SENTENCES: usize = 6;

fn explanation(page: &Page, id: &str, item: &'static str, keys: &[Key]) -> Explanation {
    let a = &page.analysis;
    let notes: Vec<Note> = keys.iter().flat_map(|&k| page.trace.notes(k)).collect();
    let reason = |n: &Note| Reason {
        what: n.what,
        span: (!n.tokens.is_empty() && n.tokens.end <= a.len()).then(|| page.span_of(n.tokens.clone())),
        why: n.why.clone(),
        entry: n.row.map(|row| Entry { file: format!("data/{}", row.file), line: row.line }),
    };
    // Contents and speakers named elsewhere are words, not places in the tree.
    let marked = || notes.iter().filter(|n| n.tokens.start < n.tokens.end && n.tokens.end <= a.len());
    let mut sentences: Vec<usize> = Vec::new();
    for n in marked().filter(|n| n.what != "speaker") {
        let sentence = a.sentence_of(n.tokens.start);
        if !sentences.contains(&sentence) && sentences.len() < SENTENCES {
            sentences.push(sentence);
        }
    }
    sentences.sort_unstable();
    let drawn = sentences.iter().filter_map(|&s| {
        let tokens = a.sentences().get(s)?.clone();
        let marks: Vec<(usize, &'static str)> = marked()
            .filter(|n| tokens.contains(&n.tokens.start) && n.tokens.end <= tokens.end)
            .map(|n| (head(a, &n.tokens), n.what))
            .collect();
        Some(Sentence { span: page.span_of(tokens.clone()), tree: tree(a, &tokens, &marks) })
    });
    Explanation { id: id.to_owned(), item, reasons: notes.iter().map(reason).collect(), sentences: drawn.collect() }
}

/// The token of a range that hangs on one outside it.
fn head(a: &Analysis, tokens: &Range<usize>) -> usize {
    tokens.clone().find(|&i| a.head(i).is_none_or(|h| !tokens.contains(&h))).unwrap_or(tokens.start)
}

/// The most nodes drawn of one sentence, and how deep.
const NODES: usize = 200;
const DEPTH: usize = 24;

/// The tree of a sentence: words on the way to a marked one are nodes of their own, the rest are phrases.
fn tree(a: &Analysis, sentence: &Range<usize>, marks: &[(usize, &'static str)]) -> Vec<Node> {
    let mut open: BTreeSet<usize> = BTreeSet::new();
    for &(token, _) in marks {
        for t in std::iter::once(token).chain(a.ancestors(token)).take(DEPTH) {
            if !open.insert(t) {
                break;
            }
        }
    }
    // What is marked is a node; it opens only where something marked hangs below it.
    let mut out = Vec::new();
    let roots = sentence.clone().filter(|&i| a.head(i).is_none_or(|h| !sentence.contains(&h)));
    let mut pending: Vec<(usize, usize)> = roots.map(|r| (r, 0)).collect();
    pending.reverse();
    while let Some((i, depth)) = pending.pop() {
        if out.len() >= NODES {
            break;
        }
        let below: Vec<usize> = a.children(i).filter(|c| *c != i && sentence.contains(c)).collect();
        let opens = below.iter().any(|c| open.contains(c)) && depth < DEPTH;
        let token = &a.tokens()[i];
        if token.pos == Pos::Space || token.pos == Pos::Punct && !open.contains(&i) && below.is_empty() && depth > 0 {
            continue;
        }
        let said = marks.iter().filter(|(t, _)| *t == i).map(|(_, what)| *what);
        let mut marks: Vec<&'static str> = Vec::new();
        said.for_each(|what| {
            if !marks.contains(&what) {
                marks.push(what)
            }
        });
        let words = if opens || depth == 0 { i..i + 1 } else { a.subtree(i) };
        out.push(Node {
            depth,
            words: a.text_of(words).to_owned(),
            dep: token.dep.as_str(),
            tag: token.tag.as_str(),
            marks,
        });
        if opens || depth == 0 {
            pending.extend(below.into_iter().rev().map(|c| (c, depth + 1)));
        }
    }
    out
}
