//! Who a cue belongs to.

use std::ops::Range;

use language::{Analysis, Dep, EntityLabel, Pos, Tag};

use crate::actors::{Class, noun_at};

/// Whether a verb is passive: an auxiliary says so, or it is a bare participle after its noun.
pub fn passive(a: &Analysis, v: usize) -> bool {
    let t = &a.tokens()[v];
    t.tag == Tag::Vbn
        && (a.children(v).any(|c| matches!(a.tokens()[c].dep, Dep::Auxpass | Dep::Nsubjpass | Dep::Agent))
            || (t.dep == Dep::Acl && !a.children(v).any(|c| a.tokens()[c].dep == Dep::Aux)))
}

/// The token after "by" of a passive verb.
pub fn agent(a: &Analysis, v: usize) -> Option<usize> {
    let by = a.child(v, Dep::Agent).or_else(|| a.children_by(v, Dep::Prep).find(|&p| a.word(p) == "by"))?;
    a.child(by, Dep::Pobj)
}

/// The grammatical subject of verb `v`, its own or the one it shares.
pub fn subject(a: &Analysis, v: usize) -> Option<usize> {
    let mut v = v;
    for _ in 0..6 {
        // "the attack, which the monitor says killed two": the parser gives the cue both subjects.
        let subjects = || a.children(v).filter(|&c| matches!(a.tokens()[c].dep, Dep::Nsubj | Dep::Nsubjpass));
        let own = subjects().rfind(|&c| !matches!(a.tokens()[c].tag, Tag::Wdt)).or_else(|| subjects().next());
        if let Some(s) = own {
            return Some(antecedent(a, v, s));
        }
        let h = a.head(v)?;
        match a.tokens()[v].dep {
            Dep::Acl | Dep::Relcl => return Some(h),
            Dep::Xcomp => {
                if let Some(o) = a.child(h, Dep::Dobj).filter(|_| a.tokens()[v].tag == Tag::Vb) {
                    return Some(o);
                }
                v = h;
            }
            // A finite verb is not joined to an infinitive or participle: it shares the subject of the finite one above.
            Dep::Conj if finite(a, v) && !finite(a, h) && matches!(a.tokens()[h].tag, Tag::Vb | Tag::Vbg) => {
                v = a.ancestors(h).find(|&x| finite(a, x) && matches!(a.tokens()[x].pos, Pos::Verb | Pos::Aux))?;
            }
            // "said that it had been hit and accused …": joined to the clause by the parser, but told of the one who said.
            Dep::Conj if finite(a, v) && participle(a, h) => v = a.head(h)?,
            Dep::Conj | Dep::Advcl | Dep::Dep | Dep::Ccomp | Dep::Parataxis => v = h,
            Dep::Pcomp | Dep::Prep => {
                let outer = a.head(h)?;
                if matches!(a.tokens()[outer].pos, Pos::Noun | Pos::Propn) {
                    return Some(outer);
                }
                if a.word(h) == "as" {
                    return a
                        .child(outer, Dep::Dobj)
                        .or_else(|| a.child(outer, Dep::Nsubjpass).map(|s| antecedent(a, outer, s)))
                        .or_else(|| subject(a, outer));
                }
                v = outer;
            }
            _ => return None,
        }
        if !matches!(a.tokens()[v].pos, Pos::Verb | Pos::Aux) {
            return matches!(a.tokens()[v].pos, Pos::Noun | Pos::Propn).then_some(v);
        }
    }
    None
}

/// Whether `h` is the passive or perfect participle of a clause that hangs on a finite verb.
fn participle(a: &Analysis, h: usize) -> bool {
    a.tokens()[h].tag == Tag::Vbn
        && a.tokens()[h].dep == Dep::Ccomp
        && a.head(h).is_some_and(|w| finite(a, w) && a.tokens()[w].pos == Pos::Verb)
}

/// Whether a verb has a tense of its own.
fn finite(a: &Analysis, v: usize) -> bool {
    matches!(a.tokens()[v].tag, Tag::Vbd | Tag::Vbz | Tag::Vbp)
}

/// For a relative pronoun, the noun it stands for.
fn antecedent(a: &Analysis, v: usize, s: usize) -> usize {
    if !matches!(a.tokens()[s].tag, Tag::Wp | Tag::Wdt | Tag::In)
        || !matches!(a.word(s).to_lowercase().as_str(), "who" | "which" | "that")
    {
        return s;
    }
    let mut at = v;
    for _ in 0..4 {
        if a.tokens()[at].dep == Dep::Relcl {
            return a.head(at).unwrap_or(s);
        }
        match a.head(at) {
            Some(h) => at = h,
            None => break,
        }
    }
    s
}

/// The relative pronoun that stands for the source of verb `v`: "who" in "voters who say …".
pub fn relative(a: &Analysis, v: usize) -> Option<usize> {
    let mut v = v;
    for _ in 0..3 {
        if let Some(s) = a.children(v).find(|&c| matches!(a.tokens()[c].dep, Dep::Nsubj | Dep::Nsubjpass)) {
            return (antecedent(a, v, s) != s).then_some(s);
        }
        v = a.head(v).filter(|_| a.tokens()[v].dep == Dep::Conj)?;
    }
    None
}

/// Who verb `v` reports: its subject, or the agent of a passive.
pub fn source(a: &Analysis, v: usize) -> Option<usize> {
    let s = if passive(a, v) { agent(a, v) } else { subject(a, v) }?;
    let t = &a.tokens()[s];
    let silent = matches!(t.tag, Tag::Ex | Tag::Wp | Tag::Wdt | Tag::Wrb) || t.dep == Dep::Expl;
    (!silent && !matches!(t.pos, Pos::Verb | Pos::Adv | Pos::Adp | Pos::Punct)).then_some(s)
}

/// The tokens of the source phrase: all of its tree that does not reach over the cue.
pub fn tokens(a: &Analysis, s: usize, cue: &Range<usize>) -> Range<usize> {
    let mut range = a.subtree(s);
    if range.end > cue.start && s < cue.start {
        range.end = cue.start;
    }
    if range.start < cue.end && s >= cue.end {
        range.start = cue.end;
    }
    // A relative pronoun before the cue belongs to the clause.
    while range.end > s + 1
        && (a.tokens()[range.end - 1].pos == Pos::Punct || matches!(a.tokens()[range.end - 1].tag, Tag::Wp | Tag::Wdt))
        && a.word(range.end - 1) != ")"
    {
        range.end -= 1;
    }
    // "northeast of the capital, the monitor said": what stands before a comma is where it happened, not who said it.
    let aside = a.children(s).filter(|&c| c < s && a.subtree(c).start >= range.start).find(|&c| {
        let end = a.subtree(c).end;
        matches!(a.tokens()[c].dep, Dep::Advmod | Dep::Prep | Dep::Npadvmod | Dep::Nmod | Dep::Dep)
            && end < s
            && a.word(end) == ","
    });
    if let Some(c) = aside {
        range.start = (a.subtree(c).end + 1).min(s);
    }
    while range.start < s && a.tokens()[range.start].pos == Pos::Punct {
        range.start += 1;
    }
    range.end = range.end.min(told(a, s, range.end));
    range
}

/// Where a source phrase ends before what is told of it: ", who leads the party", "on Tuesday".
fn told(a: &Analysis, s: usize, end: usize) -> usize {
    let cut = a.children(s).filter(|&c| c > s && a.tokens()[c].left_edge as usize > s).find(|&c| {
        let range = a.subtree(c);
        let aside = a.word(range.start - 1) == ",";
        let date = a.entity_of(range.end - 1).is_some_and(|e| {
            matches!(e.label, EntityLabel::Date | EntityLabel::Time) && range.len() <= e.tokens().len() + 1
        });
        match a.tokens()[c].dep {
            Dep::Relcl => aside,
            Dep::Prep | Dep::Npadvmod => date && range.end >= end,
            _ => false,
        }
    });
    let mut end = cut.map_or(end, |c| a.subtree(c).start);
    while end > s + 1 && a.tokens()[end - 1].pos == Pos::Punct && a.word(end - 1) != ")" {
        end -= 1;
    }
    end
}

/// Whether the source is a document, a picture or a body that publishes.
pub fn is_document(a: &Analysis, s: usize) -> bool {
    noun_at(a, s).is_some_and(|n| matches!(n.class, Class::Document))
        || noun_at(a, s).is_some_and(|n| n.class == Class::Body)
        || (a.tokens()[s].pos == Pos::Propn && a.entity_of(s).is_some_and(|e| e.label == language::EntityLabel::Org))
}
