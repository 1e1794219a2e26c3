//! Where and when: the place name and the time expression that belong to one telling.
//!
//! Both are chosen by their distance in the tree ([`tree::distance`]); a finer place wins over a coarser one that is
//! hardly nearer. Time expressions that hang on the reporting verb date the report, not the act.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use language::Dep;
use record::{IncidentType, Precision, TimeKind};

use super::lexicon::{Lexicon, lexicon};
use super::roles::Doer;
use super::tree;
use super::triggers::Telling;
use crate::Page;
use crate::places::PlaceName;
use crate::reader::Found;
use crate::statements;

/// How far into its sentence a time stands that is put before all: "On Monday, the monitor said …".
const FRONT: usize = 3;

/// Beyond this distance a place or time belongs to something else.
const REACH: usize = 13;

/// What a telling's sentence says of place and time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Where {
    /// Number in `found.places`.
    pub(super) place: Option<usize>,
    /// First and last day.
    pub(super) days: Option<(Date, Date)>,
    /// The day on which it was reported: "said on Sunday that …".
    pub(super) reported: Option<(Date, Date)>,
}

/// The place and days of one telling.
pub(super) fn read(page: &Page, found: &Found, t: &Telling, doers: &[Doer], walls: &BTreeSet<usize>) -> Where {
    // A toll is given on a day of its own: "the toll reached forty on Sunday".
    let toll = page.analysis.lemma(t.token).eq_ignore_ascii_case("toll");
    let (days, reported) = if toll { (None, None) } else { days(page, found, t, walls) };
    Where { place: place(page, found, t, doers, walls), days, reported }
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
    let noun = page.analysis.head(t.token).filter(|_| t.verbal && tree::dep(page, t.token) == Dep::Amod);
    let noun = noun.map(|n| page.analysis.subtree(n)).filter(|n| n.len() <= 40);
    let mut best: Option<(usize, usize)> = None;
    for (n, p) in found.places.iter().enumerate().skip(first).take_while(|(_, p)| p.tokens.start < sentence.end) {
        // "killed by gunmen in Kano": where they were is where it was, unless another place is told.
        let theirs = doers.iter().any(|d| d.mention.contains(&p.head));
        let where_they_were = || {
            page.analysis.head(p.head).is_some_and(|h| {
                matches!(page.analysis.lemma(h), "in" | "at" | "near" | "outside" | "around" | "inside")
            })
        };
        if p.demonym || theirs && !where_they_were() || p.tokens.contains(&t.token) {
            continue;
        }
        let Some(distance) = tree::distance(page, p.head, t.token, walls) else { continue };
        // A place told as an actor ("Damascus said") or inside an organisation's name is no place of the act.
        let acts =
            found.actors.naming_at(p.head).is_some() && matches!(tree::dep(page, p.head), Dep::Nsubj | Dep::Nsubjpass);
        // "pro-Damascus media", "the Aleppo governor": the name only describes; "the Aleppo bombing" is where it was.
        let describes = matches!(tree::dep(page, p.head), Dep::Compound | Dep::Amod | Dep::Nmod)
            && page.analysis.head(p.head).is_some_and(|h| h != t.token && !p.phrase.contains(&h));
        // "US strikes", "the US-led raid": a country that only modifies is a doer.
        let modifies =
            matches!(tree::dep(page, p.head), Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Npadvmod | Dep::Poss);
        if p.precision == Some(Precision::Country) && (distance > 6 || modifies) {
            continue;
        }
        let aside = usize::from(acts) + usize::from(describes) + usize::from(theirs);
        // "the rebel-besieged villages in the north": the place told with the noun that the participle stands before.
        let own = noun.as_ref().is_some_and(|n| n.contains(&p.head));
        let cost = (distance + 2 * usize::from(rank(p.precision)) + 8 * aside).saturating_sub(if own { 8 } else { 0 });
        if cost <= REACH + 8 && distance <= REACH + 3 && best.is_none_or(|(c, _)| cost < c) {
            best = Some((cost, n));
        }
    }
    best.map(|(_, n)| n)
}

/// The finest place named in a sentence that neither speaks nor acts nor describes somebody; the last among equals.
pub(super) fn named_in(page: &Page, found: &Found, sentence: Range<usize>, doers: &[Doer]) -> Option<usize> {
    let first = found.places.partition_point(|p| p.tokens.start < sentence.start);
    let named = found.places.iter().enumerate().skip(first).take_while(|(_, p)| p.tokens.start < sentence.end).take(24);
    let stands = |p: &PlaceName| {
        let dep = tree::dep(page, p.head);
        let acts = matches!(dep, Dep::Nsubj | Dep::Nsubjpass) || doers.iter().any(|d| d.mention.contains(&p.head));
        let describes = matches!(dep, Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Npadvmod | Dep::Poss)
            && page.analysis.head(p.head).is_some_and(|h| !p.phrase.contains(&h));
        !p.demonym && !acts && !describes && p.precision != Some(Precision::Country)
    };
    named.filter(|(_, p)| stands(p)).min_by_key(|(n, p)| (rank(p.precision), std::cmp::Reverse(*n))).map(|(n, _)| n)
}

/// The town or province that a page is about: named more often than all others together.
pub(super) fn of_page(found: &Found, page: &Page) -> Option<usize> {
    // Behind headings stand stories of their own.
    if page.blocks.iter().any(|b| b.kind == record::BlockKind::Heading) {
        return None;
    }
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let fine = |p: &&PlaceName| !p.demonym && p.precision != Some(Precision::Country);
    for (n, p) in found.places.iter().enumerate().filter(|(_, p)| fine(p)).take(200) {
        counts.entry(&p.name).or_insert((0, n)).0 += 1;
    }
    let all: usize = counts.values().map(|c| c.0).sum();
    let (count, first) = counts.into_values().max_by_key(|c| (c.0, std::cmp::Reverse(c.1)))?;
    (count >= 2 && count * 2 > all).then_some(first)
}

/// Whether a time dates the report rather than the act.
enum Report {
    /// No.
    No,
    /// "On Monday, the monitor said four had been killed": perhaps the act as well, if nothing else does.
    Fronted,
    /// "the monitor said on Sunday".
    Yes,
    /// "sentenced on Sunday for the murder": the court's day.
    Charge,
}

/// Whether a time stands outside the content of the statement that tells of the act, beside its cue.
fn report(page: &Page, found: &Found, t: &Telling, time: &std::ops::Range<usize>) -> Report {
    let act = page.analysis.bytes(t.token..t.token + 1);
    let bytes = page.analysis.bytes(time.clone());
    let holds = |r: &std::ops::Range<usize>, x: &std::ops::Range<usize>| r.start <= x.start && x.end <= r.end;
    // "confirmed it on Monday, saying that …" dates the report alone.
    let opens = page.analysis.sentences().get(t.sentence).is_some_and(|s| time.start <= s.start + FRONT);
    if let Some(said) = found.statements.innermost(&act).and_then(|s| found.statements.get(s)) {
        let Some(cue) = said.cue_token.filter(|&c| page.analysis.sentence_of(c) == t.sentence) else {
            return Report::No;
        };
        if said.content.iter().any(|c| holds(c, &bytes)) {
            return Report::No;
        }
        return if time.start < cue && cue < t.token && opens { Report::Fronted } else { Report::Yes };
    }
    let verb = tree::clause_verb(page, time.start);
    let charges = Lexicon::has(page, &lexicon().frames.suspect_verbs, verb) && tree::is_verb(page, verb);
    if charges
        && verb != t.token
        && tree::clause_verb(page, t.token) != t.token
        && page.analysis.subtree(verb).contains(&t.token)
    {
        return Report::Charge;
    }
    // A reporting verb that made no statement still has its own day.
    if verb != t.token && statements::speaks(&page.analysis, verb) && !page.analysis.subtree(t.token).contains(&verb) {
        return if time.start < verb && verb < t.token && opens { Report::Fronted } else { Report::Yes };
    }
    Report::No
}

/// First and last day.
type Days = Option<(Date, Date)>;

/// The days told of the act, and those on which it was reported.
fn days(page: &Page, found: &Found, t: &Telling, walls: &BTreeSet<usize>) -> (Days, Days) {
    let Some(sentence) = page.analysis.sentences().get(t.sentence).cloned() else { return (None, None) };
    let first = found.times.partition_point(|x| x.tokens.start < sentence.start);
    let mut best: Option<(usize, (Date, Date))> = None;
    let mut fronted = None;
    let mut reported = None;
    for x in found.times.iter().skip(first).take_while(|x| x.tokens.start < sentence.end) {
        let (Some(start), Some(end)) = (x.start, x.end.or(x.start)) else { continue };
        if follows_since(page, &x.tokens, t.kind) {
            continue;
        }
        match report(page, found, t, &x.tokens) {
            Report::No => {}
            Report::Charge => continue,
            Report::Fronted => {
                fronted = fronted.or(Some((start, end)));
                continue;
            }
            Report::Yes => {
                reported = reported.or(Some((start, end)).filter(|_| start == end));
                continue;
            }
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
    (best.map(|(_, days)| days).or(fronted), reported)
}

/// "since May": a beginning, not the day.
fn follows_since(page: &Page, time: &std::ops::Range<usize>, kind: IncidentType) -> bool {
    let before = |i: usize| page.analysis.lemma(i).to_lowercase();
    let since = |w: &str| matches!(w, "since" | "until" | "till" | "before");
    // "hit since the truce collapsed on Monday"; who is held since then is held from that day.
    let holds = matches!(
        kind,
        IncidentType::Detention | IncidentType::Abduction | IncidentType::SiegeOrBlockade | IncidentType::ProtestOrRiot
    );
    let verb = tree::clause_verb(page, time.start);
    let clause = page.analysis.children_by(verb, Dep::Mark).any(|m| since(&before(m)));
    clause && !holds || time.start.checked_sub(1).is_some_and(|i| since(&before(i))) || since(&before(time.start))
}
