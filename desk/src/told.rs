//! What became of an incident or accord, for the end of its page: what the ledger learnt of it, what people decided, and
//! what does not go together.

use ledger::changes::Change;
use ledger::query::{CheckRow, CheckSide};
use ledger::review::LogEntry;

use crate::frame::{Frame, day, voice};

/// A line of the history.
#[derive(Debug, PartialEq, Eq)]
pub struct Event {
    /// RFC 3339.
    pub at: String,
    /// The same for a person: day and minute.
    pub when: String,
    /// Who: a person, or the ledger itself.
    pub who: String,
    /// What happened, in a sentence.
    pub what: String,
    /// The reason that a person gave.
    pub why: String,
    /// Whether it was undone since.
    pub undone: bool,
}

fn minute(at: &str) -> String {
    at.get(..16).map(|t| t.replace('T', " ")).unwrap_or_default()
}

/// Changes (first to last) and decisions (latest first) as one list, latest first. What a decision changed stands above
/// the decision.
pub fn history(changes: Vec<Change>, decisions: Vec<LogEntry>) -> Vec<Event> {
    let learnt = changes.into_iter().rev().map(|c| Event {
        when: minute(&c.at),
        what: c.sentence(),
        who: c.by.map_or_else(|| "The ledger:".to_owned(), |by| format!("By {by}:")),
        at: c.at,
        why: String::new(),
        undone: false,
    });
    let decided = decisions.into_iter().map(|d| Event {
        when: minute(&d.at),
        what: d.sentence(),
        who: String::new(),
        why: d.why.clone().unwrap_or_default(),
        undone: d.undone_by.is_some(),
        at: d.at,
    });
    let mut all: Vec<Event> = learnt.chain(decided).collect();
    all.sort_by(|a, b| b.when.cmp(&a.when).then_with(|| b.at.cmp(&a.at)));
    all
}

/// What does not go together, each side with its words.
#[derive(Debug)]
pub struct Check {
    /// What, in words.
    pub message: String,
    /// The sides.
    pub sides: Vec<Side>,
}

/// A side of a [`Check`].
#[derive(Debug)]
pub struct Side {
    /// Whose words.
    pub who: String,
    /// When they were published.
    pub day: String,
    /// The words.
    pub words: String,
    /// Where they stand.
    pub href: String,
}

impl Check {
    /// The check of a row.
    pub fn of(row: CheckRow, f: &Frame) -> Check {
        let side = |s: CheckSide| Side {
            href: f.words(&s.namespace, &s.dispatch, &s.start, &s.end),
            who: voice(&s.by, s.outlet.as_deref()),
            day: s.published.as_deref().map(day).unwrap_or_default(),
            words: s.words,
        };
        Check { message: row.message, sides: row.sides.into_iter().map(side).collect() }
    }
}
