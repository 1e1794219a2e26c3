//! One accord of a report: the state of each party, who moved it, and what is alleged.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ledger::query::{AccordWhole, StatusLine};
use serde::Serialize;

use super::Period;
use super::cited::{Cited, Grid, Notes};
use super::words::{self, capital, words as lexicon};
use crate::draw::{Mark, Segment, Strip, Timeline};

/// At most so many claims, parties, notes to a tally.
const CLAIMS: usize = 25;
const PARTIES: usize = 12;
const EVIDENCE: usize = 4;

/// An accord in a report.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Its id in the ledger.
    pub id: String,
    /// Its name and day.
    pub heading: String,
    /// Kind, brokers, who tells of it.
    pub told: Cited,
    /// Each party's state, since when, and what moved it.
    pub states: Grid,
    /// Claims of violation: rows are reporters, columns blamed parties.
    pub violations: Grid,
    /// What was claimed in the period, in order of time.
    pub claims: Grid,
    /// How many claims were left out.
    pub claims_left_out: usize,
    /// Each party's state over time.
    #[serde(skip)]
    pub strips: Vec<Strip>,
    /// The strips drawn, where they do not stand below the incidents.
    #[serde(skip)]
    pub timeline: Option<Timeline>,
}

/// The day of a claim.
fn day(claim: &StatusLine) -> Option<Date> {
    claim.date.as_deref().and_then(|d| d.parse().ok())
}

/// Whether a claim lies in the period.
pub fn within(claim: &StatusLine, period: &Period) -> bool {
    day(claim).map_or(period.is_open(), |d| period.holds(d))
}

fn outlet(claim: &StatusLine) -> String {
    claim.outlet.clone().unwrap_or_else(|| claim.dispatch.clone())
}

fn voice(claim: &StatusLine) -> String {
    super::incidents::voice(&claim.by, &outlet(claim))
}

/// Who speaks, at the beginning of a cell; an outlet's name is written as the outlet writes it.
fn named(claim: &StatusLine) -> String {
    if claim.by == record::OUTLET { outlet(claim) } else { capital(&voice(claim)) }
}

/// The number of the note for a claim's words.
pub fn cite(notes: &mut Notes, claim: &StatusLine) -> usize {
    let published = claim.published.as_deref().map(words::day);
    let dispatch = format!("{}:{}", claim.namespace, claim.dispatch);
    notes.cite(&outlet(claim), published, &dispatch, &claim.by, &claim.words)
}

/// What a claim says: "suspended by the army", "violated, blaming the rebels (threatened)".
pub fn says(claim: &StatusLine) -> String {
    let mut what = match &claim.party {
        Some(party) => format!("{} {}", lexicon().by(&claim.status), lexicon().the(party)),
        None => lexicon().is(&claim.status),
    };
    if let Some(blamed) = &claim.blamed {
        what.push_str(&format!(", blaming {}", lexicon().the(blamed)));
    }
    if claim.modality != "asserted" {
        what.push_str(&format!(" ({})", lexicon().modality(&claim.modality)));
    }
    what
}

/// The name of an accord as a heading.
fn heading(whole: &AccordWhole) -> String {
    let a = &whole.accord;
    let name = capital(a.name.trim_start_matches("the ").trim());
    match a.date.as_deref() {
        Some(date) => format!("{name}, {}", words::day(date)),
        None => name,
    }
}

/// A section on an accord.
pub fn section(notes: &mut Notes, whole: &AccordWhole, period: &Period) -> Section {
    let a = &whole.accord;
    let kind = capital(&a.kind.replace('_', " "));
    // "Truce" below the heading "Truce" says nothing.
    let mut sentences: Vec<String> = Vec::new();
    if !a.brokers.is_empty() || kind != heading(whole) {
        sentences.push(kind);
    }
    if !a.brokers.is_empty() {
        let brokers: Vec<String> = a.brokers.iter().map(|b| lexicon().the(b)).collect();
        sentences.iter_mut().for_each(|kind| kind.push_str(&format!(", brokered by {}", words::list(&brokers))));
    }
    if !a.parties.is_empty() {
        let parties: Vec<String> = a.parties.iter().take(PARTIES).map(|p| lexicon().the(p)).collect();
        sentences.push(format!("Named as parties: {}", words::list(&parties)));
    }
    let outlets: BTreeSet<String> = a.accounts.iter().filter_map(|r| r.outlet.clone()).collect();
    if !outlets.is_empty() {
        let shown: Vec<String> = outlets.iter().take(5).cloned().collect();
        let more = outlets.len().saturating_sub(5);
        let and = if more > 0 { format!(" and {}", words::count(more, "other", "others")) } else { String::new() };
        let names = if more > 0 { shown.join(", ") } else { words::list(&shown) };
        sentences.push(format!("Told by {names}{and}"));
    }
    let in_period: Vec<&StatusLine> = whole.timeline.iter().filter(|c| within(c, period)).collect();
    let (claims, claims_left_out) = claims(notes, &in_period);
    let (states, unmoved) = states(notes, whole, period);
    if !unmoved.is_empty() {
        sentences.push(format!("No claim moves the state of {}", words::list(&unmoved)));
    }
    Section {
        id: a.id.clone(),
        heading: heading(whole),
        told: Cited::text(sentences.iter().map(|s| format!("{s}.")).collect::<Vec<_>>().join(" ")),
        states,
        violations: violations(notes, &in_period),
        claims,
        claims_left_out,
        strips: strips(whole, period),
        timeline: None,
    }
}

/// The state of each party at the end of the period, and the claim that moved it; then the parties without one.
fn states(notes: &mut Notes, whole: &AccordWhole, period: &Period) -> (Grid, Vec<String>) {
    let mut grid = Grid::new(&["party", "state", "since", "moved by"]);
    let mut unmoved = Vec::new();
    for state in whole.states.iter().take(PARTIES) {
        let turn = state.turns.iter().rev().filter_map(|(place, rule)| Some((whole.timeline.get(*place)?, rule)));
        let party = Cited::text(capital(&lexicon().the(&state.party)));
        // What was moved after the period is not yet known in it.
        let last = turn.into_iter().find(|(claim, _)| day(claim).is_none_or(|d| period.until.is_none_or(|u| d <= u)));
        match last {
            Some((claim, rule)) => grid.rows.push(vec![
                party,
                Cited::text(lexicon().is(&claim.status)).note(cite(notes, claim)),
                Cited::text(claim.date.as_deref().map(words::day).unwrap_or_default()),
                Cited::text(format!("{} ({rule})", named(claim))),
            ]),
            None => unmoved.push(lexicon().the(&state.party)),
        }
    }
    (grid, unmoved)
}

/// Claims of violation by reporter and blamed party. A claim that echoes carry is one; nothing is summed over reporters.
fn violations(notes: &mut Notes, claims: &[&StatusLine]) -> Grid {
    let alleged = |c: &&&StatusLine| c.status == "violated" && c.modality == "asserted";
    let mut seen = BTreeSet::new();
    let mut cells: BTreeMap<(String, String), Vec<&StatusLine>> = BTreeMap::new();
    let mut blamed_in_order: Vec<String> = Vec::new();
    for claim in claims.iter().filter(alleged) {
        let blamed = claim.blamed.as_deref().map_or_else(|| "nobody named".to_owned(), |b| lexicon().the(b));
        let reporter = if claim.by == record::OUTLET { outlet(claim) } else { capital(&lexicon().the(&claim.by)) };
        let words: String = claim.words.split_whitespace().collect::<Vec<_>>().join(" ");
        if seen.insert((&claim.source, &claim.by, blamed.clone(), words)) {
            if !blamed_in_order.contains(&blamed) {
                blamed_in_order.push(blamed.clone());
            }
            cells.entry((reporter, blamed)).or_default().push(claim);
        }
    }
    let mut grid = Grid { head: vec!["reporter".to_owned()], rows: Vec::new() };
    grid.head.extend(blamed_in_order.iter().map(|b| format!("blames {b}")));
    if let Some(last) = grid.head.iter_mut().find(|h| *h == "blames nobody named") {
        *last = "blames nobody by name".to_owned();
    }
    let reporters: BTreeSet<&String> = cells.keys().map(|k| &k.0).collect();
    for reporter in reporters {
        let mut row = vec![Cited::text(reporter.clone())];
        for blamed in &blamed_in_order {
            let found = cells.get(&(reporter.clone(), blamed.clone()));
            row.push(found.map_or_else(Cited::default, |claims| {
                let cell = Cited::text(words::count(claims.len(), "claim", "claims"));
                claims.iter().take(EVIDENCE).fold(cell, |cell, c| cell.note(cite(notes, c)))
            }));
        }
        grid.rows.push(row);
    }
    grid
}

/// The claims of a period in order of time, each once; the rest is counted.
fn claims(notes: &mut Notes, claims: &[&StatusLine]) -> (Grid, usize) {
    let mut seen = BTreeSet::new();
    let distinct: Vec<&&StatusLine> =
        claims.iter().filter(|c| seen.insert((&c.source, &c.by, &c.status, &c.party, &c.blamed, &c.date))).collect();
    let left_out = distinct.len().saturating_sub(CLAIMS);
    let mut grid = Grid::new(&["day", "state claimed", "according to"]);
    for claim in distinct.into_iter().take(CLAIMS) {
        let day = claim.date.as_deref().map_or_else(|| "not dated".to_owned(), words::day);
        // A claim without a day of its own is known by the day it was reported.
        let day = if claim.dated || claim.date.is_none() { day } else { format!("{day} (reported)") };
        grid.rows.push(vec![
            Cited::text(day),
            Cited::text(capital(&says(claim))).note(cite(notes, claim)),
            Cited::text(named(claim)),
        ]);
    }
    (grid, left_out)
}

/// Each party's state over time, with what it is alleged to have done.
fn strips(whole: &AccordWhole, period: &Period) -> Vec<Strip> {
    let claim_title = |c: &StatusLine| format!("{}: “{}”", named(c), c.words);
    whole
        .states
        .iter()
        .take(PARTIES)
        .map(|state| {
            let mut segments: Vec<Segment> = Vec::new();
            for (place, rule) in &state.turns {
                let Some((claim, day)) = whole.timeline.get(*place).and_then(|c| Some((c, day(c)?))) else { continue };
                if let Some(last) = segments.last_mut() {
                    last.until = Some(day);
                }
                segments.push(Segment {
                    from: day,
                    until: None,
                    status: claim.status.clone(),
                    title: format!("{} ({rule})", claim_title(claim)),
                    href: None,
                });
            }
            let alleged = |c: &&StatusLine| {
                c.status == "violated" && c.modality == "asserted" && c.blamed.as_deref() == Some(state.party.as_str())
            };
            let marks = whole.timeline.iter().filter(alleged).filter(|c| within(c, period)).filter_map(|c| {
                let status = "said to be violated".to_owned();
                Some(Mark { day: day(c)?, status, title: claim_title(c), href: None })
            });
            Strip { label: capital(&lexicon().the(&state.party)), segments, marks: marks.take(60).collect() }
        })
        .filter(|s| !s.segments.is_empty() || !s.marks.is_empty())
        .collect()
}
