//! Where and when: the place name and the time expression that belong to one telling.
//!
//! Both are chosen by their distance in the tree ([`tree::distance`]); a finer place wins over a coarser one that is
//! hardly nearer. Time expressions that hang on the reporting verb date the report, not the act.

use std::collections::BTreeSet;

use jiff::civil::Date;
use record::{Precision, TimeKind};

use super::roles::Doer;
use super::tree;
use super::triggers::Telling;
use crate::Page;
use crate::reader::Found;
use crate::statements;

/// Beyond this distance a place or time belongs to something else.
const REACH: usize = 13;

/// What a telling's sentence says of place and time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Where {
    /// Number in `found.places`.
    pub(super) place: Option<usize>,
    /// First and last day.
    pub(super) days: Option<(Date, Date)>,
}

/// The place and days of one telling.
pub(super) fn read(page: &Page, found: &Found, t: &Telling, doers: &[Doer], walls: &BTreeSet<usize>) -> Where {
    Where { place: place(page, found, t, doers, walls), days: days(page, found, t, walls) }
}

/// Finer is lower; a place in no gazetteer counts as a town.
pub(super) fn rank(p: Option<Precision>) -> u8 {
    match p {
        Some(Precision::Site) => 0,
        Some(Precision::City) | None => 1,
        Some(Precision::Near) => 2,
        Some(Precision::District) => 3,
        Some(Precision::Province) => 4,
        Some(Precision::Country) => 6,
    }
}

fn place(page: &Page, found: &Found, t: &Telling, doers: &[Doer], walls: &BTreeSet<usize>) -> Option<usize> {
    let sentence = page.analysis.sentences().get(t.sentence)?.clone();
    let first = found.places.partition_point(|p| p.tokens.start < sentence.start);
    let mut best: Option<(usize, usize)> = None;
    for (n, p) in found.places.iter().enumerate().skip(first).take_while(|(_, p)| p.tokens.start < sentence.end) {
        if p.demonym || doers.iter().any(|d| d.mention.contains(&p.head)) || p.tokens.contains(&t.token) {
            continue;
        }
        let Some(distance) = tree::distance(page, p.head, t.token, walls) else { continue };
        // A place told as an actor ("Damascus said") or inside an organisation's name is no place of the act.
        let acts = found.actors.naming_at(p.head).is_some()
            && matches!(tree::dep(page, p.head), language::Dep::Nsubj | language::Dep::Nsubjpass | language::Dep::Poss);
        let cost = distance + 2 * usize::from(rank(p.precision)) + if acts { 8 } else { 0 };
        if cost <= REACH + 8 && distance <= REACH + 3 && best.is_none_or(|(c, _)| cost < c) {
            best = Some((cost, n));
        }
    }
    best.map(|(_, n)| n)
}

/// Whether a time stands outside the content of the statement that tells of the act, beside its cue: "said on Sunday".
fn dates_report(page: &Page, found: &Found, t: &Telling, time: &std::ops::Range<usize>) -> bool {
    let act = page.analysis.bytes(t.token..t.token + 1);
    let time = page.analysis.bytes(time.clone());
    let holds = |r: &std::ops::Range<usize>, x: &std::ops::Range<usize>| r.start <= x.start && x.end <= r.end;
    statements::innermost(&found.statements, &act).is_some_and(|s| {
        let said = &found.statements[s];
        let cue = said.cue_token.map(|c| page.analysis.sentence_of(c));
        cue == Some(t.sentence) && !said.content.iter().any(|c| holds(c, &time))
    })
}

fn days(page: &Page, found: &Found, t: &Telling, walls: &BTreeSet<usize>) -> Option<(Date, Date)> {
    let sentence = page.analysis.sentences().get(t.sentence)?.clone();
    let first = found.times.partition_point(|x| x.tokens.start < sentence.start);
    let mut best: Option<(usize, (Date, Date))> = None;
    for x in found.times.iter().skip(first).take_while(|x| x.tokens.start < sentence.end) {
        let (Some(start), Some(end)) = (x.start, x.end.or(x.start)) else { continue };
        if dates_report(page, found, t, &x.tokens) {
            continue;
        }
        if !matches!(x.kind, TimeKind::Date | TimeKind::Time) {
            continue;
        }
        let heads = x.tokens.clone().filter_map(|i| {
            let out = page.analysis.head(i).is_none_or(|h| !x.tokens.contains(&h));
            out.then(|| tree::distance(page, i, t.token, walls)).flatten()
        });
        let Some(distance) = heads.min() else { continue };
        if distance <= REACH && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, (start, end)));
        }
    }
    best.map(|(_, days)| days)
}
