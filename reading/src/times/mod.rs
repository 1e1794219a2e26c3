//! Dates, times, durations and sets: found, and resolved against the day of publication.
//!
//! Three steps: [`terms`] looks every token up in `data/reading/time_words.tsv`, [`grammar`] finds the longest expression
//! at each token, [`resolve`] asks the calendar. Values are TIMEX3's: `2016-09-29`, `2016-W39`, `P3D`, `PAST_REF`. What is
//! a stretch of the calendar has its first and last day.
//!
//! Limits: lunar calendars; dates "before the war"; a fiscal year is taken as the calendar's.

mod calendar;
mod grammar;
mod publication;
mod resolve;
mod terms;

use std::ops::Range;

use jiff::civil::Date;
use language::{Pos, Tag};
use record::TimeKind;

use crate::Page;
use calendar::Stretch;
use resolve::Context;
use terms::{Class, Terms};

pub use publication::{date_line, dateline_date, published};

/// A time expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// TIMEX3-style value.
    pub value: String,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// First day meant, where it is a stretch of the calendar.
    pub start: Option<Date>,
    /// Last day meant.
    pub end: Option<Date>,
    /// The weekday written beside a date ("Monday, September 19"), 1 = Monday: the calendar check holds it to the date.
    pub weekday: Option<i32>,
}

/// Whether a word is a unit of time ("year", "days").
pub fn is_unit(word: &str) -> bool {
    terms::entries(word).iter().any(|e| e.class == Class::Unit)
}

/// How many blocks back a "two days later" may look for the day it counts from.
const REACH: usize = 3;

/// Finds the time expressions of a page, in order.
pub fn read(page: &Page, published: Option<Date>) -> Vec<Time> {
    let mut terms = Terms::new(&page.analysis);
    let mut times = Vec::new();
    let mut anchor: Option<(usize, Stretch)> = None;
    for (number, block) in page.blocks.iter().enumerate() {
        terms.limit = block.tokens.end;
        for (tokens, meaning) in matches(&terms, block.tokens.clone()) {
            let nearby = anchor.filter(|(at, _)| number - at <= REACH);
            let context = Context {
                published,
                anchor: nearby.map(|(_, stretch)| stretch),
                near: nearby.is_some_and(|(at, _)| at == number),
                tense: tense(page, &terms, tokens.clone()),
            };
            let resolved = resolve::resolve(&meaning, &context);
            if let Some(stretch) = resolved.stretch {
                anchor = Some((number, stretch));
            }
            let weekday = if let grammar::Meaning::Day { weekday, .. } = meaning { weekday } else { None };
            times.push(Time {
                tokens,
                value: resolved.value,
                kind: resolved.kind,
                start: resolved.days.map(|d| d.0),
                end: resolved.days.map(|d| d.1),
                weekday,
            });
        }
    }
    times
}

/// The expressions of one block.
fn matches<'t>(terms: &'t Terms, block: Range<usize>) -> impl Iterator<Item = (Range<usize>, grammar::Meaning)> + 't {
    let mut at = block.start;
    std::iter::from_fn(move || {
        while at < block.end {
            let start = at;
            at += 1;
            let starts = |c: char| c.is_ascii_digit() || c == '\'' || c == '’' || c == '‘' || c == 'Q';
            if !terms.known(start) && !terms.word(start).starts_with(starts) && !number_word(terms, start) {
                continue;
            }
            if let Some((end, meaning)) = grammar::at(terms, start) {
                at = end.max(start + 1);
                return Some((start..at, meaning));
            }
        }
        None
    })
}

/// Number words and fixed phrases are not in the table of terms.
fn number_word(terms: &Terms, i: usize) -> bool {
    terms.word(i).starts_with(char::is_alphabetic)
}

/// The tense around an expression, of the nearest verb above it: -1 past, 0 unknown, 1 likely future ("would", "due"), 2
/// future.
fn tense(page: &Page, terms: &Terms, tokens: Range<usize>) -> i64 {
    let a = &page.analysis;
    let before = tokens.start.checked_sub(1);
    if before.is_some_and(|b| terms.is(b, Class::Till)) {
        return 1;
    }
    let mut verb = None;
    for i in a.ancestors(tokens.start).filter(|i| !tokens.contains(i)).take(6) {
        if matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux) {
            verb = Some(i);
            break;
        }
        // "the vote due next month", "the planned talks"
        if terms::entries(a.lemma(i)).iter().any(|e| e.class == Class::Planned) {
            return 1;
        }
    }
    let Some(verb) = verb else { return 0 };
    let planned = |i: usize| terms::entries(a.lemma(i)).iter().any(|e| e.class == Class::Planned);
    let is_will = |i: usize| terms.entries_of(i).iter().any(|e| e.class == Class::Will);
    let helpers = || a.children(verb).filter(|c| *c < verb && matches!(a.tokens()[*c].pos, Pos::Aux | Pos::Part));
    let sure = |i: usize| terms.entries_of(i).iter().any(|e| e.class == Class::Will && e.value == "sure");
    if helpers().any(sure) {
        return 2;
    }
    if helpers().any(is_will) || planned(verb) {
        return 1;
    }
    let to = helpers().any(|c| a.tokens()[c].tag == Tag::To);
    if to && a.tokens()[verb].tag == Tag::Vb {
        // "is to resume on Tuesday"
        return i64::from(a.head(verb).is_some_and(|h| planned(h) || a.lemma(h) == "be"));
    }
    let past = |i: usize| matches!(a.tokens()[i].tag, Tag::Vbd | Tag::Vbn);
    if past(verb) || helpers().any(|c| matches!(a.tokens()[c].tag, Tag::Vbd)) {
        return -1;
    }
    0
}

#[cfg(test)]
mod tests;
