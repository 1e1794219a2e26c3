//! Walks of the tree that all steps of the incident reading share: subjects, objects, clauses, coordinated nouns.

use std::collections::BTreeSet;
use std::ops::Range;

use language::{Dep, Pos, Tag};

use super::lexicon::{Lexicon, lexicon};
use crate::Page;

/// Relative pronouns stand for the noun their clause modifies.
fn is_relative(page: &Page, i: usize) -> bool {
    matches!(page.analysis.tokens()[i].tag, Tag::Wdt | Tag::Wp | Tag::WpPoss)
}

/// The relation of token `i`.
pub(super) fn dep(page: &Page, i: usize) -> Dep {
    page.analysis.tokens()[i].dep
}

/// Whether token `i` is a verb (auxiliaries used as one included).
pub(super) fn is_verb(page: &Page, i: usize) -> bool {
    matches!(page.analysis.tokens()[i].pos, Pos::Verb | Pos::Aux)
}

/// Whether token `i` is a noun or name.
pub(super) fn is_noun(page: &Page, i: usize) -> bool {
    matches!(page.analysis.tokens()[i].pos, Pos::Noun | Pos::Propn)
}

/// A noun and those coordinated with it.
pub(super) fn with_conjuncts(page: &Page, i: usize) -> Vec<usize> {
    let mut out = vec![i];
    let mut at = 0;
    while at < out.len() && out.len() < 12 {
        out.extend(page.analysis.children_by(out[at], Dep::Conj));
        at += 1;
    }
    out
}

/// Whether verb `v` is passive: an auxiliary of the passive, a passive subject, or a bare participle that modifies.
pub(super) fn is_passive(page: &Page, v: usize) -> bool {
    let a = &page.analysis;
    let marked = a.children(v).any(|c| matches!(dep(page, c), Dep::Auxpass | Dep::Nsubjpass | Dep::Agent));
    if marked {
        return true;
    }
    if a.tokens()[v].tag != Tag::Vbn || a.children_by(v, Dep::Aux).next().is_some() {
        return false;
    }
    match dep(page, v) {
        Dep::Acl | Dep::Amod | Dep::Relcl => true,
        Dep::Advcl | Dep::Ccomp | Dep::Root => a.child(v, Dep::Nsubj).is_none() && a.child(v, Dep::Dobj).is_none(),
        Dep::Conj => {
            a.head(v).is_some_and(|h| is_verb(page, h) && is_passive(page, h)) && a.child(v, Dep::Dobj).is_none()
        }
        _ => false,
    }
}

/// The heads of the subject of verb `v` (active or passive), borrowed from the verb above where it has none of its own.
pub(super) fn subjects(page: &Page, v: usize) -> Vec<usize> {
    // "An air raid on a quarter held by rebels killed five": a finite verb is no participle of the noun it was hung on; its
    // subject opens the sentence.
    if dep(page, v) == Dep::Acl && page.analysis.tokens()[v].tag == Tag::Vbd {
        let top = page.analysis.ancestors(v).take(12).last();
        if let Some(top) = top.filter(|&t| t < v && is_noun(page, t)) {
            return with_conjuncts(page, top);
        }
    }
    let mut at = v;
    for _ in 0..6 {
        let own = page.analysis.children(at).find(|&c| matches!(dep(page, c), Dep::Nsubj | Dep::Nsubjpass));
        if let Some(subject) = own {
            let stands =
                if is_relative(page, subject) && dep(page, at) == Dep::Relcl { page.analysis.head(at) } else { None };
            return with_conjuncts(page, stands.unwrap_or(subject));
        }
        let Some(head) = page.analysis.head(at) else { return Vec::new() };
        match dep(page, at) {
            Dep::Acl | Dep::Relcl | Dep::Amod => return with_conjuncts(page, head),
            Dep::Conj | Dep::Advcl | Dep::Xcomp | Dep::Ccomp | Dep::Aux if is_verb(page, head) => {
                if dep(page, at) == Dep::Xcomp
                    && let Some(object) = page.analysis.child(head, Dep::Dobj)
                {
                    return with_conjuncts(page, object);
                }
                at = head;
            }
            // "accused the army of shelling", "arrested for kidnapping"
            Dep::Pcomp => {
                // Through "on suspicion of", "on charges of", not through "the risk of".
                let through = |n: usize| !is_noun(page, n) || Lexicon::has(page, &lexicon().frames.charge_nouns, n);
                let of_verb = |n: usize| {
                    let frames = &lexicon().frames;
                    page.analysis.head(n).is_some_and(|v| {
                        is_verb(page, v)
                            && dep(page, n) == Dep::Dobj
                            && (Lexicon::has(page, &frames.accusing_verbs, v)
                                || Lexicon::has(page, &frames.suspect_verbs, v))
                    })
                };
                if page.analysis.head(head).is_some_and(|n| !through(n) && !of_verb(n)) {
                    return Vec::new();
                }
                // "killed three before shooting at a guard": who killed shot, not the three.
                let while_doing = matches!(
                    page.analysis.lemma(head),
                    "after" | "before" | "by" | "in" | "since" | "while" | "without"
                );
                let Some(verb) = page.analysis.ancestors(head).take(3).find(|&h| is_verb(page, h)) else {
                    return Vec::new();
                };
                if let Some(object) = page.analysis.child(verb, Dep::Dobj).filter(|_| !while_doing) {
                    return with_conjuncts(page, object);
                }
                at = verb;
            }
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

/// The heads of "by …" of a passive verb.
pub(super) fn by_agents(page: &Page, v: usize) -> Vec<usize> {
    let preps = page.analysis.children(v).filter(|&c| {
        dep(page, c) == Dep::Agent || dep(page, c) == Dep::Prep && page.analysis.lemma(c).eq_ignore_ascii_case("by")
    });
    preps.flat_map(|p| objects_of(page, p)).collect()
}

/// The objects of a preposition, coordinated ones included.
pub(super) fn objects_of(page: &Page, prep: usize) -> Vec<usize> {
    page.analysis.children_by(prep, Dep::Pobj).flat_map(|o| with_conjuncts(page, o)).collect()
}

/// The objects of `head`'s preposition `word`.
pub(super) fn prep_objects(page: &Page, head: usize, words: &[&str]) -> Vec<usize> {
    let preps = page
        .analysis
        .children(head)
        .filter(|&c| dep(page, c) == Dep::Prep && words.iter().any(|w| page.analysis.lemma(c).eq_ignore_ascii_case(w)));
    preps.flat_map(|p| objects_of(page, p)).collect()
}

/// The tokens of the noun phrase headed by `i`: no relative clauses, no appositions, no coordinated phrases.
pub(super) fn phrase(page: &Page, i: usize) -> Range<usize> {
    let a = &page.analysis;
    let start = a.subtree(i).start;
    let mut end = i + 1;
    for c in a.children(i).filter(|&c| c > i) {
        match dep(page, c) {
            // "accused the guards of beating …": what they are accused of does not name them.
            Dep::Prep if a.children_by(c, Dep::Pcomp).next().is_some() => break,
            Dep::Prep | Dep::Nummod | Dep::Amod | Dep::Case => end = end.max(a.subtree(c).end),
            _ => break,
        }
    }
    // A long modifier carries a clause along: keep to the head then.
    if end - start > 14 { start.max((i + 1).saturating_sub(8))..i + 1 } else { start..end }
}

/// The verb whose clause token `i` stands in; `i` itself when it is one.
pub(super) fn clause_verb(page: &Page, i: usize) -> usize {
    if is_verb(page, i) {
        return i;
    }
    page.analysis
        .ancestors(i)
        .find(|&a| is_verb(page, a))
        .unwrap_or_else(|| page.analysis.ancestors(i).last().unwrap_or(i))
}

/// The dependents of `head` with a relation, each with those coordinated with it.
pub(super) fn with_children(page: &Page, head: usize, relation: Dep) -> Vec<usize> {
    page.analysis.children_by(head, relation).flat_map(|c| with_conjuncts(page, c)).collect()
}

/// How far apart two tokens of one sentence stand in the tree. Every verb on the way that heads a clause of its own
/// counts three more, and a token of `walls` (the verb that reports it all) six: what hangs beyond it belongs to
/// another clause. `None` across sentences.
pub(super) fn distance(page: &Page, from: usize, to: usize, walls: &BTreeSet<usize>) -> Option<usize> {
    let a = &page.analysis;
    if a.sentence_of(from) != a.sentence_of(to) {
        return None;
    }
    let up: Vec<usize> = std::iter::once(to).chain(a.ancestors(to)).take(40).collect();
    let weigh = |i: usize| {
        let clause = is_verb(page, i)
            && matches!(
                dep(page, i),
                Dep::Ccomp | Dep::Advcl | Dep::Relcl | Dep::Conj | Dep::Parataxis | Dep::Root | Dep::Pcomp
            );
        1 + if walls.contains(&i) {
            6
        } else if clause {
            3
        } else {
            0
        }
    };
    let mut cost = 0;
    for at in std::iter::once(from).chain(a.ancestors(from)).take(40) {
        if let Some(n) = up.iter().position(|&u| u == at) {
            let down: usize = up.iter().take(n).skip(1).map(|&u| weigh(u)).sum();
            // The meeting point itself costs only where it is a reporting verb.
            let meet = if at != to && at != from && walls.contains(&at) { 6 } else { 0 };
            return Some(cost + down + meet + usize::from(n > 0));
        }
        cost += if at == from { 1 } else { weigh(at) };
    }
    None
}

/// The noun phrase before and with its head, without article or possessive pronoun.
pub(super) fn bare(page: &Page, head: usize) -> Range<usize> {
    let start = page.analysis.subtree(head).start.max(head.saturating_sub(6)).min(head);
    let skip = (start..head).take_while(|&i| matches!(page.analysis.tokens()[i].pos, Pos::Det | Pos::Pron)).count();
    start + skip..head + 1
}
