//! Counts: which incident each quantity belongs to, and who gives it.
//!
//! A quantity goes to the unit of its sentence that stands nearest in the tree, else to the incident told last before it.
//! The same count by the same speaker is kept once; rival counts by different speakers are kept side by side. People
//! taken are counted even without a number: "arrested a demonstrator" is one.

use std::collections::BTreeSet;
use std::ops::Range;

use language::{Dep, EntityLabel, Pos, Tag};
use record::{BlockKind, Figure, IncidentType, Measure, Qualifier};

use super::lexicon::{Lexicon, Strength, lexicon};
use super::merging::Unit;
use super::triggers::{self, Telling};
use super::{roles, tree};
use crate::Page;
use crate::actors;
use crate::quantities::{Quantity, is_people};
use crate::reader::{Found, by};
use crate::trace::{Key, Note};

/// How many quantities of a sentence are looked at beside one without a number.
const NEAR: usize = 64;

/// The most counts kept of one incident: far more than any dispatch gives.
const MOST: usize = 200;

/// A count on its way into the record.
#[derive(Debug, Clone)]
pub(super) struct Count {
    pub(super) figure: Figure,
    pub(super) tokens: Range<usize>,
    /// Number of the count it is a part of, within the incident.
    pub(super) part_of: Option<usize>,
    /// Number in `found.quantities`; `None` for those counted without one.
    pub(super) quantity: Option<usize>,
}

impl Count {
    /// What notes on this count are kept under.
    pub(super) fn key(&self) -> Key {
        self.quantity.map_or(Key::Unnumbered(self.tokens.start), Key::Quantity)
    }
}

/// Gives each quantity to a unit of its sentence; returns those of sentences that tell of nothing.
pub(super) fn assign(
    page: &Page,
    found: &Found,
    tellings: &[Telling],
    units: &mut [Unit],
    walls: &BTreeSet<usize>,
) -> Vec<usize> {
    let mut loose = Vec::new();
    for (n, q) in found.quantities.iter().enumerate() {
        if q.not_a_count.is_some() {
            continue;
        }
        let at = q.measure_token.or(q.noun).unwrap_or(q.tokens.start);
        if at >= page.analysis.len() {
            continue;
        }
        let sentence = page.analysis.sentence_of(at);
        if triggers::since_a_war(page, tree::clause_verb(page, at)) {
            continue;
        }
        let first = units.partition_point(|u| u.sentence < sentence);
        let here = (first..units.len()).take_while(|&u| units[u].sentence == sentence);
        let nearest = here.filter_map(|u| {
            let distances =
                units[u].tellings.iter().filter_map(|&t| tree::distance(page, at, tellings[t].token, walls));
            let d = distances.min()?;
            fits(&units[u], q).then_some((d, u))
        });
        match nearest.min() {
            Some((far, u)) => {
                page.trace.note(Key::Quantity(n), || {
                    let told =
                        units[u].tellings.first().and_then(|&t| tellings.get(t)).map_or(0..0, |t| t.phrase.clone());
                    let why = match far {
                        0 => "the act is told by the same word".to_owned(),
                        far => format!("the act told nearest in the tree: {far} steps away"),
                    };
                    Note::new("incident", told, why)
                });
                units[u].quantities.push(n);
            }
            None if q.measure.is_some() => {
                page.trace.note(Key::Quantity(n), || {
                    Note::new(
                        "incident",
                        0..0,
                        "its sentence tells of no act that it could count: the one told last before",
                    )
                });
                loose.push(n);
            }
            None => {}
        }
    }
    loose
}

/// Whether a quantity can count something of a unit.
fn fits(u: &Unit, q: &Quantity) -> bool {
    use IncidentType::*;
    let holding = matches!(u.kind, Detention | Abduction);
    match q.measure {
        Some(Measure::Captured) => holding || u.kind == GroundFighting && q.low.is_some_and(|n| n > 1),
        Some(Measure::Killed | Measure::Injured | Measure::KilledOrInjured) => {
            u.kind != SiegeOrBlockade && u.kind != Detention
        }
        Some(_) => true,
        None => holding && u.patients.iter().any(|p| q.noun == Some(*p) || q.noun.is_none() && q.tokens.contains(p)),
    }
}

/// The counts of one incident, in order of the text.
pub(super) fn counts(
    page: &Page,
    found: &Found,
    tellings: &[Telling],
    units: &[Unit],
    members: &[usize],
    loose: &[usize],
) -> Vec<Count> {
    let mut out: Vec<Count> = Vec::new();
    let mut numbers: Vec<(usize, bool)> = loose.iter().map(|&q| (q, false)).collect();
    for &m in members {
        let holding = matches!(units[m].kind, IncidentType::Detention | IncidentType::Abduction);
        numbers.extend(units[m].quantities.iter().map(|&q| (q, holding)));
    }
    numbers.sort_unstable();
    numbers.dedup_by_key(|(q, _)| *q);
    // What running text says is kept rather than the same in a headline.
    let in_headline = |q: usize| found.quantities.get(q).is_some_and(|q| is_headline(page, q.tokens.start));
    numbers.sort_by_key(|&(q, _)| (in_headline(q), q));
    for (q, holding) in numbers {
        let number = q;
        let Some(q) = found.quantities.get(q) else { continue };
        let measure = q.measure.or(holding.then_some(Measure::Captured));
        let Some(measure) = measure else { continue };
        // "several raids": so many that nobody counted them.
        if measure == Measure::Other && q.qualifier == Qualifier::Vague && !holding {
            continue;
        }
        if q.number.is_empty() && is_uncounted(page, found, q, measure) {
            continue;
        }
        // "the victim", "him": somebody counted before.
        let known = || out.iter().any(|c| c.figure.measure == measure);
        if q.number.is_empty() && q.noun.is_some_and(|n| is_definite(page, n)) && known() {
            continue;
        }
        let bytes = page.analysis.bytes(q.tokens.clone());
        let (speaker, statement) = giver(page, found, q, &bytes);
        page.trace.note(Key::Quantity(number), || {
            let why = match &statement {
                Some(id) => format!("{speaker}: inside what {id} reports"),
                None if speaker == record::OUTLET => "the outlet's own voice: no statement holds the words".to_owned(),
                None => format!("{speaker}: the subject of a verb of counting"),
            };
            Note::new("source", 0..0, why)
        });
        let figure = Figure {
            id: String::new(),
            measure,
            low: q.low,
            high: q.high,
            qualifier: q.qualifier,
            group: q.group.clone(),
            of: q.of,
            part_of: None,
            hedged: q.hedged,
            by: speaker,
            statement,
            mention: page.span(bytes),
        };
        keep(page, &mut out, figure, q.tokens.clone(), Some(number));
    }
    for &m in members {
        let known = out.iter().any(|c| c.figure.measure == Measure::Captured);
        for (figure, tokens) in unnumbered(page, found, tellings, &units[m], known) {
            let vague = figure.low.is_none() && out.iter().any(|c| c.figure.measure == Measure::Captured);
            if !vague && !out.iter().any(|c| c.tokens.start < tokens.end && tokens.start < c.tokens.end) {
                keep(page, &mut out, figure, tokens, None);
            }
        }
    }
    out.sort_by_key(|c| c.tokens.start);
    // A headline sums up what the text says better.
    let headline = |c: &Count| is_headline(page, c.tokens.start);
    let told: BTreeSet<Measure> = out.iter().filter(|c| !headline(c)).map(|c| c.figure.measure).collect();
    out.retain(|c| !headline(c) || !told.contains(&c.figure.measure));
    part(page, found, &mut out);
    out
}

/// Whether a token stands in a headline or heading.
fn is_headline(page: &Page, token: usize) -> bool {
    let block = page.blocks.get(page.block_of(token));
    block.is_some_and(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Heading))
}

/// Whether people told without a number are no count of their own: those who fled, "the suspects", and those who only
/// describe a number of the same sentence ("56 civilians, among them children").
fn is_uncounted(page: &Page, found: &Found, q: &Quantity, measure: Measure) -> bool {
    let a = &page.analysis;
    // "journalists, teachers and students were detained", told without a number, is one count and not three.
    let joined = |n: usize| {
        let first = a.ancestors(n).take(8).take_while(|&h| tree::is_noun(page, h)).last();
        tree::dep(page, n) == Dep::Conj
            && first
                .is_some_and(|f| matches!(a.tokens()[f].tag, Tag::Nns | Tag::Nnps) && a.child(f, Dep::Nummod).is_none())
    };
    if q.low.is_none() && q.noun.is_some_and(joined) {
        return true;
    }
    // "burned her legs": a body is not destroyed.
    let his = |n: usize| a.children_by(n, Dep::Poss).any(|p| a.tokens()[p].pos == Pos::Pron);
    if matches!(measure, Measure::Destroyed | Measure::Damaged) && q.noun.is_some_and(his) {
        return true;
    }
    // "the rest were guards": what they were is told of them.
    if q.noun.is_some_and(|n| tree::dep(page, n) == Dep::Attr) {
        return false;
    }
    let plural = q.low.is_none();
    if measure == Measure::Displaced
        || plural && measure == Measure::Captured && q.noun.is_some_and(|n| is_definite(page, n))
    {
        return true;
    }
    let sentence =
        page.analysis.sentences().get(page.analysis.sentence_of(q.tokens.start)).cloned().unwrap_or_default();
    let first = found.quantities.partition_point(|x| x.number.start < sentence.start);
    let same = found.quantities.iter().skip(first).take_while(|x| x.number.start < sentence.end).take(NEAR);
    let mut numbered = same.filter(|x| !x.number.is_empty() && x.measure == Some(measure) && x.not_a_count.is_none());
    plural && numbered.any(|x| x.low.is_some() || x.high.is_some())
}

/// Who gives a count: the speaker of the words around it; else who is told to have counted ("the ministry recorded
/// twelve deaths", "the monitor counted 24 dead"); else the outlet.
fn giver(page: &Page, found: &Found, q: &Quantity, bytes: &Range<usize>) -> (String, Option<String>) {
    let (speaker, statement) = by(found, bytes);
    if statement.is_some() {
        return (speaker, statement);
    }
    let a = &page.analysis;
    let frames = &lexicon().frames;
    let from = q.noun.filter(|n| q.tokens.contains(n)).unwrap_or(q.tokens.start);
    let verb = a.ancestors(from).take(5).find(|&v| tree::is_verb(page, v));
    let counter = verb.filter(|&v| Lexicon::has(page, &frames.counting_verbs, v) && !tree::is_passive(page, v));
    let subject = counter.and_then(|v| tree::subjects(page, v).first().copied());
    let named = subject.filter(|&s| {
        let naming = found.actors.actor_at(s).is_some();
        naming && !q.tokens.contains(&s) && s < q.tokens.start
    });
    match named {
        Some(s) => (actors::name_of(page, &found.actors, s), None),
        None => (speaker, statement),
    }
}

/// Adds a count unless the same speaker gave the same before.
fn keep(page: &Page, out: &mut Vec<Count>, figure: Figure, tokens: Range<usize>, quantity: Option<usize>) {
    let numbered = figure.low.is_some() || figure.high.is_some();
    // "a journalist and his driver were kidnapped": two, though each is one.
    let joined = tokens.start.checked_sub(1).is_some_and(|i| matches!(page.analysis.word(i), "and" | "or"));
    let beside = |c: &Count| {
        joined && figure.low == Some(1) && c.figure.group != figure.group && tokens.start.abs_diff(c.tokens.end) <= 3
    };
    let same = |c: &Count| {
        let f = &c.figure;
        !beside(c)
            && f.measure == figure.measure
            && f.by == figure.by
            && (f.low, f.high) == (figure.low, figure.high)
            && (numbered || f.group == figure.group)
            // A headline rounds off what the text says exactly.
            && (f.qualifier == figure.qualifier || numbered)
    };
    if out.len() < MOST && !out.iter().any(same) {
        out.push(Count { figure, tokens, part_of: None, quantity });
    }
}

/// The people taken, where no number is given: "arrested a demonstrator", "kidnapped villagers".
fn unnumbered(page: &Page, found: &Found, tellings: &[Telling], u: &Unit, known: bool) -> Vec<(Figure, Range<usize>)> {
    if !matches!(u.kind, IncidentType::Detention | IncidentType::Abduction) || u.strength == Strength::Effect {
        return Vec::new();
    }
    let holds = |t: &&Telling| t.verbal && matches!(t.kind, IncidentType::Detention | IncidentType::Abduction);
    let Some(told) = u.tellings.iter().filter_map(|&t| tellings.get(t)).find(holds) else { return Vec::new() };
    let mut out = Vec::new();
    let own = roles::patients(page, found, told);
    for &p in own.iter().take(3) {
        // "raided a company and took five engineers": things are not held.
        let person = page.analysis.tokens()[p].pos != Pos::Noun
            || is_people(&page.analysis.lemma(p).to_lowercase())
            || lexicon().force(page, p).is_some()
            || page.analysis.entity_of(p).is_some_and(|e| e.label == EntityLabel::Norp);
        if !person {
            continue;
        }
        let token = &page.analysis.tokens()[p];
        let (low, qualifier) = match token.tag {
            Tag::Nn | Tag::Nnp => (Some(1), Qualifier::Exact),
            Tag::Nns | Tag::Nnps => (None, Qualifier::Vague),
            Tag::Prp if matches!(page.analysis.word(p).to_lowercase().as_str(), "he" | "she" | "him" | "her") => {
                (Some(1), Qualifier::Exact)
            }
            _ => continue,
        };
        let body =
            page.analysis.entity_of(p).is_some_and(|e| !matches!(e.label, EntityLabel::Person | EntityLabel::Norp));
        if body || page.analysis.children_by(p, Dep::Nummod).next().is_some() {
            continue;
        }
        if is_definite(page, p) && (known || low.is_none()) {
            continue;
        }
        let tokens = tree::phrase(page, p);
        let bytes = page.analysis.bytes(tokens.clone());
        // The words of the act belong to the evidence: "he was arrested".
        let evidence = if tokens.len() < 3 && told.token > p && told.token - p < 6 {
            tokens.start..told.token + 1
        } else {
            tokens.clone()
        };
        let (speaker, statement) = by(found, &bytes);
        page.trace.note(Key::Unnumbered(tokens.start), || {
            let why = format!("taken, without a number: {}", crate::explain::path(&page.analysis, p, told.token));
            Note::new("counted", tokens.clone(), why)
        });
        let figure = Figure {
            id: String::new(),
            measure: Measure::Captured,
            low,
            high: low,
            qualifier,
            group: page.analysis.lemma(p).to_lowercase(),
            of: None,
            part_of: None,
            hedged: false,
            by: speaker,
            statement,
            mention: page.span_of(evidence),
        };
        out.push((figure, tokens));
    }
    out
}

/// "the victim", "these men", "him": told of before.
fn is_definite(page: &Page, noun: usize) -> bool {
    let a = &page.analysis;
    let the = |d: usize| matches!(a.word(d).to_lowercase().as_str(), "the" | "this" | "that" | "these" | "those");
    a.tokens()[noun].pos == Pos::Pron || a.children_by(noun, Dep::Det).any(the)
}

/// Marks the counts that are a part of another: "56 civilians, including 11 children", "most of the dead".
fn part(page: &Page, found: &Found, counts: &mut [Count]) {
    for i in 1..counts.len() {
        // "ten were killed: six men and four women"
        let whole = counts[i].quantity.and_then(|q| found.quantities.get(q)).and_then(|q| q.part_of);
        let before = counts[..i].iter().rposition(|c| whole.is_some() && c.quantity == whole);
        if let Some(j) = before.filter(|&j| counts[j].figure.measure == counts[i].figure.measure) {
            counts[i].part_of = Some(counts[j].part_of.unwrap_or(j));
            continue;
        }
        let words = page.analysis.text_of(counts[i].tokens.clone()).to_lowercase();
        let start = counts[i].tokens.start;
        let before = start.checked_sub(1).map(|t| page.analysis.lemma(t).to_lowercase());
        let within = matches!(before.as_deref(), Some("include" | "including" | "among"))
            || page
                .analysis
                .head(start)
                .is_some_and(|h| h < start && matches!(page.analysis.lemma(h), "include" | "among"))
            || words.contains("of the dead")
            || words.contains("of them");
        if !within {
            continue;
        }
        let whole =
            (0..i).rev().find(|&j| counts[j].figure.measure == counts[i].figure.measure && counts[j].part_of.is_none());
        counts[i].part_of = whole;
    }
}
