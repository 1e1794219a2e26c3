//! Where a content ends: before what tells when, where or with what effect it was said, and before the reporter's asides.
//!
//! ```text
//! She said the bridge was shut | on Thursday.
//! He vowed to return, | drawing cheers.
//! The envoy praised Roe, | a former mayor.
//! ```

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use language::{Analysis, Dep, Pos, Tag};
use record::Mode;

use super::{Desk, cues};
use crate::lexicon::rows;

/// The longest phrase, in tokens, that can tell where it was said.
const SHORT: usize = 12;

/// When a phrase that begins with a word tells the circumstances.
#[derive(Clone, Copy)]
enum Phrase {
    Always,
    Short,
    Said,
    Never,
}

/// When a clause that begins with a word tells the circumstances.
#[derive(Clone, Copy)]
enum Clause {
    Any,
    Comma,
    Never,
}

/// A word of `data/reading/circumstances.tsv`.
struct Circumstance {
    phrase: Phrase,
    clause: Clause,
}

fn circumstances() -> &'static HashMap<&'static str, Circumstance> {
    static TABLE: OnceLock<HashMap<&'static str, Circumstance>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/circumstances.tsv"));
        let of = |row: Vec<&'static str>| {
            let &[word, phrase, clause] = row.as_slice() else { return None };
            let phrase = match phrase {
                "always" => Phrase::Always,
                "short" => Phrase::Short,
                "said" => Phrase::Said,
                _ => Phrase::Never,
            };
            let clause = match clause {
                "any" => Clause::Any,
                "comma" => Clause::Comma,
                _ => Clause::Never,
            };
            Some((word, Circumstance { phrase, clause }))
        };
        rows(table).filter_map(of).collect()
    })
}

/// The end of what hangs on `v` from `start` on: its right dependents but for joined cues, participles of saying and
/// what tells when or where.
pub(super) fn right_end(desk: &Desk, v: usize, start: usize) -> usize {
    let a = &desk.page.analysis;
    let mut end = start;
    let mut joined = false;
    for c in a.children(v).filter(|&c| a.tokens()[c].right_edge as usize >= start && c > v) {
        let t = &a.tokens()[c];
        let range = a.subtree(c);
        match t.dep {
            Dep::Punct => continue,
            Dep::Cc => joined = true,
            Dep::Conj if joined && goes_on(a, c) => end = end.max(range.end),
            // "claimed 160 civilians, mostly women, were killed": the clause's verb, taken for a second verb of the cue.
            Dep::Conj if !joined && a.children(c).any(|k| a.tokens()[k].dep == Dep::Auxpass) => {
                end = end.max(range.end)
            }
            Dep::Conj | Dep::Parataxis => break,
            Dep::Advcl | Dep::Prep if range.start > start && reports(desk, c, range.clone()) => break,
            Dep::Advcl if range.start >= start && reporter(a, c, &range) => break,
            Dep::Prep | Dep::Npadvmod | Dep::Advmod if range.start >= start && circumstance(desk, c) => break,
            Dep::Nsubj | Dep::Nsubjpass if range.start > start => break,
            _ => end = end.max(range.end),
        }
    }
    end
}

/// Whether a clause joined to the cue goes on with the content: it has a pronoun of its own for subject ("…, but they
/// also held …") and reports nothing.
fn goes_on(a: &Analysis, c: usize) -> bool {
    let own = a.children(c).any(|k| {
        matches!(a.tokens()[k].dep, Dep::Nsubj | Dep::Nsubjpass | Dep::Expl)
            && (a.tokens()[k].pos == Pos::Pron || a.children(k).any(|d| matches!(a.word(d), "this" | "these")))
    });
    own && cues::verb(a, c).is_none_or(|q| !q.entry.clausal())
}

/// Whether a dependent behind a comma is another report of the same speaker or of others: ", adding that …",
/// ", with residents describing …".
fn reports(desk: &Desk, c: usize, range: Range<usize>) -> bool {
    let a = &desk.page.analysis;
    if said_of_subject(a, c) {
        return true;
    }
    let behind_comma = range.start.checked_sub(1).is_some_and(|p| a.word(p) == ",");
    behind_comma
        && a.word(c).eq_ignore_ascii_case("with")
        && range.clone().any(|i| cues::verb(a, i).is_some_and(|q| q.entry.mode != Mode::Believes))
}

/// Whether a clause that hangs on the cue itself tells when, why or with what effect it was said: "…, drawing boos",
/// "… as he opened the fair", "… while others stayed".
fn reporter(a: &Analysis, c: usize, range: &Range<usize>) -> bool {
    let behind_comma = range.start.checked_sub(1).is_some_and(|p| a.word(p) == ",");
    let participle = a.tokens()[c].tag == Tag::Vbg && range.start == c;
    match circumstances().get(a.word(range.start).to_lowercase().as_str()).map_or(Clause::Never, |x| x.clause) {
        Clause::Any => true,
        Clause::Comma => behind_comma,
        Clause::Never => behind_comma && participle,
    }
}

/// A participle clause that has the cue's subject: ", adding that …", ", citing …".
fn said_of_subject(a: &Analysis, c: usize) -> bool {
    a.tokens()[c].tag == Tag::Vbg && cues::verb(a, c).is_some_and(|q| q.entry.mode != Mode::Believes)
}

/// When or where it was said: "on Thursday", "in a statement".
fn circumstance(desk: &Desk, c: usize) -> bool {
    let a = &desk.page.analysis;
    let range = a.subtree(c);
    let from = desk.times.partition_point(|t| t.tokens.end <= range.start);
    let time = desk.times.get(from).is_some_and(|t| t.tokens.start < range.end && range.len() <= t.tokens.len() + 2);
    let entity = a.entity_of(range.end.saturating_sub(1)).is_some_and(|e| {
        matches!(e.label, language::EntityLabel::Date | language::EntityLabel::Time)
            && range.len() <= e.tokens().len() + 2
    });
    if time || entity {
        return true;
    }
    let short = range.len() <= SHORT;
    match circumstances().get(a.word(c)).map_or(Phrase::Never, |x| x.phrase) {
        Phrase::Always => true,
        Phrase::Short => short,
        Phrase::Said => short && a.child(c, Dep::Pobj).is_some_and(|o| place_of_speech(desk, o)),
        Phrase::Never => false,
    }
}

/// Whether "in", "at" or "on" before token `o` tells where it was said: a document, a meeting, a place.
fn place_of_speech(desk: &Desk, o: usize) -> bool {
    use language::EntityLabel as E;
    let a = &desk.page.analysis;
    let named = a.entity_of(o).is_some_and(|e| {
        matches!(e.label, E::Gpe | E::Loc | E::Fac | E::Event | E::Org | E::Date | E::Time | E::WorkOfArt)
    });
    named
        || crate::actors::noun_at(a, o).is_some_and(|n| n.class == crate::actors::Class::Document)
        || cues::occasion(a, o)
}

/// A content without the aside at its end: what is told of its last noun behind a comma is the reporter's ("…, who led
/// the party", "…, a former mayor").
pub(super) fn without_aside(a: &Analysis, said: Range<usize>) -> Range<usize> {
    let reach = said.end.saturating_sub(60).max(said.start + 1);
    let aside = (reach..said.end).find(|&i| {
        let t = &a.tokens()[i];
        let range = a.subtree(i);
        let told = match t.dep {
            Dep::Relcl => true,
            Dep::Appos => t.pos != Pos::Propn && a.head(i).is_some_and(|h| a.tokens()[h].pos == Pos::Propn),
            _ => false,
        };
        told && range.start > said.start + 1
            && range.end + 1 >= said.end
            && a.word(range.start - 1) == ","
            && a.head(i).is_some_and(|h| h >= said.start)
    });
    said.start..aside.map_or(said.end, |i| a.subtree(i).start - 1)
}
