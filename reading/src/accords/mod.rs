//! Accords: agreements, truces, deals, talks, and what is said of their state.
//!
//! | file | idea |
//! |---|---|
//! | `mentions` | where accords are named, and which mentions name the same one |
//! | `status` | what is said of their state, by whom, blaming whom, told how |
//! | `details` | parties, brokers, place, papers, name |
//! | `words` | the table of `data/reading/accords.toml` |
//! | `tree` | questions about the tree |
//!
//! An accord of whose state nothing is said, and of which neither parties nor brokers are named, is a word and no item:
//! "the world hopes for a ceasefire" makes none.

mod details;
mod mentions;
mod status;
mod tree;
pub mod words;

use jiff::civil::Date;
use record::{Accord, AccordKind, Status, StatusClaim};

use crate::Page;
use crate::reader::Found;
use crate::trace::{Key, Note};
use mentions::Mention;
pub use mentions::name_end;
use status::Told;

/// The accords of a page, and where they are named.
pub struct Accords {
    /// The accords, in order of first mention.
    pub accords: Vec<Accord>,
    /// First byte of every mention with the number of its accord in `accords`, in order of the text.
    pub named: Vec<(usize, usize)>,
}

/// Finds the accords of a page, in order of the text. Statement ids are `s1` … in the order of `found.statements`.
pub fn read(page: &Page, found: &Found) -> Accords {
    let mentions = mentions::read(page, &found.actors);
    let told = status::read(page, found, &mentions);
    let count = mentions.iter().map(|m| m.accord + 1).max().unwrap_or(0);
    let mut by_accord: Vec<(Vec<&Mention>, Vec<Told>)> = vec![Default::default(); count];
    for m in &mentions {
        by_accord[m.accord].0.push(m);
    }
    for t in told {
        by_accord[t.accord].1.push(t);
    }
    let mut all = Accords { accords: Vec::new(), named: Vec::new() };
    for (number_on_page, (mentions, told)) in by_accord.into_iter().enumerate() {
        if page.trace.is_on() {
            why(page, Key::Accord(number_on_page), &mentions, &told);
        }
        let Some(accord) = accord(page, found, &mentions, told) else { continue };
        let number = all.accords.len();
        page.trace.name(&format!("a{}", number + 1), Key::Accord(number_on_page));
        all.accords.push(Accord { id: format!("a{}", number + 1), ..accord });
        all.named.extend(mentions.iter().map(|m| (page.analysis.bytes(m.head..m.head + 1).start, number)));
    }
    all.named.sort_unstable();
    all
}

/// Notes where an accord is named and which words tell its state.
fn why(page: &Page, key: Key, mentions: &[&Mention], told: &[Told]) {
    for (n, m) in mentions.iter().enumerate() {
        page.trace.note(key, || {
            let what = if n == 0 { "name" } else { "named again" };
            let how = match (m.process, m.told, m.definite) {
                (true, ..) => "stands for carrying it out",
                (_, true, _) => "its own words say what was agreed or between whom",
                (_, _, true) => "takes up one named before",
                _ => "names one",
            };
            Note::new(what, m.tokens.clone(), format!("{}: {how}", crate::explain::name(&m.kind))).from(m.row)
        });
    }
    for t in told {
        for note in page.trace.notes(Key::State(t.trigger)) {
            page.trace.note(key, || note);
        }
        page.trace.note(key, || {
            let mut why =
                format!("{}, {}, by {}", crate::explain::name(&t.status), crate::explain::name(&t.modality), t.by);
            why.extend(t.statement.as_ref().map(|s| format!(" ({s})")));
            why.extend(t.party.as_ref().map(|p| format!("; done by {p}")));
            why.extend(t.blamed.as_ref().map(|b| format!("; blamed on {b}")));
            why.extend(t.implied.then_some("; only implied"));
            Note::new("claim", t.tokens.clone(), why)
        });
    }
}

fn accord(page: &Page, found: &Found, mentions: &[&Mention], told: Vec<Told>) -> Option<Accord> {
    let status_claims: Vec<StatusClaim> = told.into_iter().map(|t| claim(page, found, t)).collect();
    let kind = kind(mentions);
    let mut parties = details::parties(page, found, mentions);
    let brokers = details::brokers(page, found, mentions);
    if status_claims.is_empty() {
        return None;
    }
    for claim in status_claims.iter().filter(|c| matches!(c.status, Status::Agreed | Status::Signed)) {
        parties.extend(claim.party.clone().filter(|p| parties.is_empty() && !brokers.contains(p)));
    }
    // The clearest mention: the first that tells what was agreed, in as many words as a reader takes in at a glance.
    let clear = mentions.iter().filter(|m| m.told && !m.process);
    let mention = clear.max_by_key(|m| (m.tokens.len().min(12), std::cmp::Reverse(m.head))).or(mentions.first())?;
    let made =
        |c: &&StatusClaim| matches!(c.status, Status::Agreed | Status::Signed | Status::Announced | Status::InForce);
    Some(Accord {
        id: String::new(),
        kind,
        name: details::name(page, mentions),
        mention: page.span_of(mention.tokens.clone()),
        parties,
        brokers,
        place: details::place(page, found, mentions),
        date: status_claims.iter().filter(made).find_map(|c| c.date),
        documents: details::documents(page, found, mentions),
        status_claims,
    })
}

/// What it is: what its first mention calls it, unless another one is more telling than "agreement".
fn kind(mentions: &[&Mention]) -> AccordKind {
    let first = mentions.first().map_or(AccordKind::Agreement, |m| m.kind);
    let telling = mentions.iter().map(|m| m.kind).find(|&k| k != AccordKind::Agreement);
    if first == AccordKind::Agreement { telling.unwrap_or(first) } else { first }
}

fn claim(page: &Page, found: &Found, told: Told) -> StatusClaim {
    StatusClaim {
        status: told.status,
        party: told.party,
        blamed: told.blamed,
        modality: told.modality,
        date: date(page, found, told.trigger),
        by: told.by,
        statement: told.statement,
        mention: page.span_of(told.tokens),
    }
}

/// The day given in the clause of a word of state: a time in the same sentence whose way up the tree meets that word
/// before any other verb.
fn date(page: &Page, found: &Found, trigger: usize) -> Option<Date> {
    let a = &page.analysis;
    let sentence = a.sentences().get(a.sentence_of(trigger))?;
    let from = found.times.partition_point(|t| t.tokens.end <= sentence.start);
    let inside = found.times.iter().skip(from).take_while(|t| t.tokens.start < sentence.end).take(20);
    let clause = |t: &&crate::times::Time| {
        let top = t.tokens.clone().find(|&i| a.head(i).is_none_or(|h| !t.tokens.contains(&h)));
        let verb = |&h: &usize| h == trigger || a.tokens()[h].pos == language::Pos::Verb;
        top.is_some_and(|i| a.ancestors(i).take(tree::REACH).find(verb) == Some(trigger))
    };
    inside.filter(clause).find_map(|t| t.start.filter(|_| t.start == t.end))
}

/// Whether an entry of the table fired in a record, for the runner of the examples.
#[cfg(test)]
pub fn fired(entry: &crate::lexicon::examples::Entry, record: &record::Record) -> bool {
    let text = |v: serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let kind = |a: &Accord| text(serde_json::to_value(a.kind).unwrap_or_default());
    let status = |c: &StatusClaim| text(serde_json::to_value(c.status).unwrap_or_default());
    let mut accords = record.accords.iter();
    match (entry.field("status"), entry.field("kind")) {
        ("", "") => accords.next().is_some(),
        ("", wanted) => accords.any(|a| kind(a) == wanted),
        (wanted, _) => accords.any(|a| a.status_claims.iter().any(|c| status(c) == wanted)),
    }
}
