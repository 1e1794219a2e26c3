//! Questions about the tree that more than one part of the accords asks.

use std::ops::Range;

use language::{Analysis, Dep, Pos, Tag};

use crate::actors::{self, Actors};
use crate::{Page, accords::words::table};

/// How far a phrase is followed, in tokens: keeps the work per mention bounded on any input.
pub const REACH: usize = 30;

/// The lemma in lower case, or the word where the lemma is empty.
pub fn lemma(a: &Analysis, i: usize) -> String {
    let lemma = a.lemma(i);
    if lemma.is_empty() { a.word(i).to_lowercase() } else { lemma.to_lowercase() }
}

/// Whether token `i` is a noun or a name.
pub fn nominal(a: &Analysis, i: usize) -> bool {
    matches!(a.tokens()[i].pos, Pos::Noun | Pos::Propn)
}

/// The objects of the prepositions `words` below `i`.
pub fn behind<'p>(a: &'p Analysis, i: usize, words: &'p [&'p str]) -> impl Iterator<Item = usize> + 'p {
    let prepositions = a.children(i).filter(move |&c| {
        matches!(a.tokens()[c].dep, Dep::Prep | Dep::Agent | Dep::Dative)
            && words.contains(&a.word(c).to_lowercase().as_str())
    });
    prepositions.filter_map(move |c| a.child(c, Dep::Pobj))
}

/// A phrase's head and those joined to it.
pub fn joined(a: &Analysis, i: usize) -> Vec<usize> {
    let mut list = vec![i];
    let mut at = i;
    while let Some(next) = a.child(at, Dep::Conj).filter(|_| list.len() < 8) {
        list.push(next);
        at = next;
    }
    list
}

/// Whether the verb is passive.
pub fn passive(a: &Analysis, v: usize) -> bool {
    a.child(v, Dep::Auxpass).is_some()
        || a.child(v, Dep::Nsubjpass).is_some()
        || (a.tokens()[v].dep == Dep::Acl && a.tokens()[v].tag == Tag::Vbn)
}

/// Who does what the verb tells: the agent of a passive, else the subject, looked for along the verbs that share it.
pub fn doer(a: &Analysis, v: usize) -> Option<usize> {
    if passive(a, v) {
        return a.child(v, Dep::Agent).and_then(|by| a.child(by, Dep::Pobj));
    }
    let mut at = v;
    for _ in 0..6 {
        if let Some(s) = a.child(at, Dep::Nsubj).or_else(|| a.child(at, Dep::Csubj)) {
            let relative = matches!(a.tokens()[s].tag, Tag::Wdt | Tag::Wp) || lemma(a, s) == "that";
            return if relative && a.tokens()[at].dep == Dep::Relcl { a.head(at) } else { Some(s) };
        }
        let head = a.head(at)?;
        match a.tokens()[at].dep {
            // "accused the rebels of breaking it": the one accused did it.
            Dep::Pcomp => {
                let verb = a.head(head)?;
                let blamed = table().blame.contains(&lemma(a, verb));
                match a.child(verb, Dep::Dobj).or_else(|| a.child(verb, Dep::Nsubjpass)).filter(|_| blamed) {
                    Some(object) => return Some(object),
                    None => at = verb,
                }
            }
            Dep::Acl if nominal(a, head) && a.tokens()[at].tag == Tag::Vbg => return Some(head),
            // "called on both sides to observe it", "urged the army to observe it".
            Dep::Xcomp | Dep::Ccomp if a.child(head, Dep::Dobj).is_some() => return a.child(head, Dep::Dobj),
            Dep::Xcomp | Dep::Conj | Dep::Advcl | Dep::Acl | Dep::Ccomp => {
                if passive(a, head)
                    && let Some(s) = a.child(head, Dep::Nsubjpass)
                {
                    return Some(s);
                }
                at = head;
            }
            _ => return None,
        }
        if !matches!(a.tokens()[at].pos, Pos::Verb | Pos::Aux) {
            return None;
        }
    }
    None
}

/// The words of a noun phrase up to its first relative clause, comma or other break, at most [`REACH`] tokens.
pub fn phrase(a: &Analysis, head: usize) -> Range<usize> {
    let start = (a.tokens()[head].left_edge as usize).max(head.saturating_sub(REACH / 2));
    let mut end = head + 1;
    for c in a.children(head).filter(|&c| c > head) {
        let token = &a.tokens()[c];
        // "the deal to evacuate the town" is parsed as a relative clause.
        let infinitive = token.dep == Dep::Relcl && a.child(c, Dep::Aux).is_some_and(|t| a.tokens()[t].tag == Tag::To);
        let goes_on = infinitive
            || matches!(token.dep, Dep::Prep | Dep::Acl | Dep::Amod | Dep::Punct | Dep::Case | Dep::Conj | Dep::Cc);
        let breaks = token.dep == Dep::Punct && a.word(c) != "-";
        let right = token.right_edge as usize + 1;
        if !goes_on || breaks || right > head + REACH {
            break;
        }
        if !matches!(token.dep, Dep::Punct | Dep::Cc) {
            end = end.max(right);
        }
    }
    start..end
}

/// What a phrase is about: "a number of violations" is violations, "the fact that rebels left" is rebels.
pub fn meant(a: &Analysis, head: usize) -> usize {
    let mut at = head;
    for _ in 0..3 {
        if !table().some.contains(&lemma(a, at)) {
            break;
        }
        let told = a.child(at, Dep::Acl).and_then(|v| a.child(v, Dep::Nsubj));
        match behind(a, at, &["of"]).next().or(told) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// The actor that a noun phrase names or belongs to: "the army", "the army's strikes", "army jets", "strikes by the army".
pub fn actor_in(page: &Page, actors: &Actors, head: usize) -> Option<String> {
    let a = &page.analysis;
    let names = |i| Some(actors::names_of(page, actors, i)).filter(|n| !n.is_empty());
    if actors.actor_at(head).is_some() {
        return names(head);
    }
    if let Some(owner) =
        a.child(head, Dep::Poss).filter(|&p| a.tokens()[p].tag != Tag::PrpPoss || actors.actor_at(p).is_some())
    {
        return names(owner);
    }
    if let Some(by) = behind(a, head, &["by", "from"]).next() {
        return names(by);
    }
    names(head)
}
