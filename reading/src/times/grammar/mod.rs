//! The grammar of time: which tokens make one expression, and what it means before any calendar is asked.
//!
//! A hand-written matcher over [`Terms`]; at each token the longest of the patterns below wins. Each pattern looks at a
//! bounded number of tokens, so a page is read in linear time.
//!
//! | pattern | example |
//! |---|---|
//! | `Day` | `Monday, September 19, 2016` · `12-19 September` · `2016-09-29` |
//! | `Weekday` | `Thursday` · `last Friday` |
//! | `Turn` | `last week` · `this year` · `yesterday` |
//! | `Run` | `the past few days` · `the next two years` |
//! | `Shift` | `three years ago` · `two days later` |
//! | `Period` | `six months` · `two-year` |
//! | `Part`, `Clock` | `Friday morning` · `4 a.m. EDT Thursday` |
//!
//! | file | idea |
//! |---|---|
//! | `dates` | days of the calendar |
//! | `stretches` | stretches told by their unit: "last week", "three years ago" |
//! | `years` | years, quarters, seasons, decades, centuries |
//! | `days` | parts of a day, times of day, "that day", "every Friday" |

use language::Tag;
use record::TimeKind;

use crate::times::calendar::Unit;
use crate::times::terms::{Class, Phrases, Terms};

mod dates;
mod days;
mod stretches;
mod years;

use dates::{day_month, iso, month_day, weekday, year_token};
use days::{clock, day_word, every, part, that};
use stretches::{length, turn};
use years::{century, decade, holiday, quarter, season, year};

/// What an expression means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// A TIMEX3 value that needs no calendar.
    Fixed(String, TimeKind),
    /// A day or month, perhaps without its year.
    Day { year: YearRef, month: i8, day: Option<i8>, until: Option<i8>, weekday: Option<i32> },
    /// A year.
    Year(i16),
    /// Ten years from this one.
    Decade(i16),
    /// The decade called "the sixties" of the nearest century.
    DecadeName(i16),
    /// The 20th century: 20.
    Century(i16),
    /// A weekday, or the one before or after.
    Weekday { day: i32, turn: Option<i64> },
    /// A stretch counted from the present one: "last week" is (Week, -1).
    Turn(Unit, i64),
    /// A stretch counted from the one spoken of: "the same day", "the next morning".
    Same(Unit, i64),
    /// The stretch of this length that ends or begins now: "the past few days".
    Run { unit: Unit, count: Option<f64>, turn: i64 },
    /// A stretch that far away from now or (`context`) from the time spoken of.
    Shift { unit: Unit, count: Option<f64>, sign: i64, context: bool },
    /// A length of time.
    Period(Unit, Option<f64>),
    /// A quarter (1–4).
    Quarter(i8, YearRef),
    /// A half of a year.
    HalfYear(i8, YearRef),
    /// The quarter spoken of.
    LatestQuarter,
    /// A season, by its TIMEX3 letters.
    Season(&'static str, YearRef),
    /// A rule of `holidays.tsv`.
    Holiday(&'static str, YearRef),
    /// A part of a day, by its TIMEX3 letters.
    Part(&'static str, Option<Box<Meaning>>),
    /// A time of day.
    Clock(u8, u8, Option<Box<Meaning>>),
}

/// How the year is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearRef {
    /// Not at all.
    None,
    /// In figures.
    Given(i16),
    /// "last year": -1.
    Turn(i64),
    /// "last November", "next May": the nearest before or after.
    Nearest(i64),
}

type Found = Option<(usize, Meaning)>;

/// The longest expression that begins at token `i`.
pub fn at(t: &Terms, i: usize) -> Found {
    let plain = core(t, i);
    let modified = modified(t, i);
    longest(plain, modified).map(|(end, meaning)| extended(t, end, meaning))
}

fn longest(a: Found, b: Found) -> Found {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.0 > a.0 { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// "early", "the late", "mid-", "the end of", "earlier", "about" before an expression.
fn modified(t: &Terms, i: usize) -> Found {
    let mut at = i;
    if t.is(at, Class::Det) {
        at += 1;
    }
    let tag = |i: usize| t.analysis.tokens().get(i).map(|t| t.tag);
    if t.is(at, Class::Early) && at < t.limit {
        at += 1;
        if t.word(at) == "-" {
            at += 1;
        }
        if t.word(at).eq_ignore_ascii_case("in") || t.word(at).eq_ignore_ascii_case("on") {
            at += 1;
        }
        if t.value(at, Class::Part).is_some() && at > i {
            let part = t.value(at, Class::Part)?;
            return Some((at + 1, Meaning::Part(part, None)));
        }
        return core(t, at).filter(|(_, m)| !matches!(m, Meaning::Period(..) | Meaning::Fixed(..)));
    }
    if t.is(at, Class::Edge) && t.word(at + 1) == "of" && t.word(at + 2) == "the" {
        // "the end of the month"
        let unit = t.value(at + 3, Class::Unit).and_then(Unit::parse);
        if let Some(unit) =
            unit.filter(|u| matches!(u, Unit::Day | Unit::Week | Unit::Month | Unit::Year | Unit::Decade))
        {
            return Some((at + 4, Meaning::Turn(unit, 0)));
        }
    }
    if t.value(at, Class::Unit) == Some("year") {
        // "year-end", "year's end"
        let joint = usize::from(t.word(at + 1) == "-" || t.word(at + 1).starts_with(['\'', '’']));
        if joint == 1 && t.word(at + 2).eq_ignore_ascii_case("end") {
            return Some((at + 3, Meaning::Turn(Unit::Year, 0)));
        }
    }
    if t.is(at, Class::Edge) && matches!(tag(at), Some(Tag::Nn | Tag::Nns)) && t.word(at + 1) == "of" {
        return core(t, at + 2)
            .filter(|(_, m)| !matches!(m, Meaning::Period(..) | Meaning::Fixed(..) | Meaning::Clock(..)));
    }
    if t.word(at).eq_ignore_ascii_case("week")
        && t.word(at + 1) == "of"
        && let Some((end, day)) = core(t, at + 2).filter(|(_, m)| matches!(m, Meaning::Day { day: Some(_), .. }))
    {
        return Some((end, day));
    }
    None
}

fn core(t: &Terms, i: usize) -> Found {
    if i >= t.limit {
        return None;
    }
    let patterns = [
        clock, phrase, iso, day_month, month_day, weekday, turn, length, quarter, season, holiday, century, year,
        decade, every, that, part, day_word,
    ];
    patterns.iter().fold(None, |best, pattern| longest(best, pattern(t, i)))
}

/// Joins what stands directly behind: "Friday | morning", "4 a.m. | Thursday", "June | last year".
fn extended(t: &Terms, end: usize, meaning: Meaning) -> (usize, Meaning) {
    let is_day = |m: &Meaning| {
        matches!(
            m,
            Meaning::Day { day: Some(_), .. }
                | Meaning::Weekday { .. }
                | Meaning::Turn(Unit::Day, _)
                | Meaning::Same(Unit::Day, _)
                | Meaning::Holiday(..)
        )
    };
    if is_day(&meaning) {
        let early = usize::from(t.is(end, Class::Early));
        if let Some(part) = t.value(end + early, Class::Part).filter(|_| !t.is(end + early, Class::Noon)) {
            let end = end + early + 1;
            return match meaning {
                // "Tuesday nights"
                Meaning::Weekday { day, .. } if t.word(end - 1).ends_with('s') => {
                    (end, Meaning::Fixed(format!("XXXX-WXX-{day}T{part}"), TimeKind::Set))
                }
                meaning => (end, Meaning::Part(part, Some(Box::new(meaning)))),
            };
        }
        if t.value(end, Class::Noon).is_some() || (t.word(end) == "at" && end + 1 < t.limit) {
            let at = end + usize::from(t.word(end) == "at");
            if let Some((end, Meaning::Clock(h, m, None))) = clock(t, at) {
                return (end, Meaning::Clock(h, m, Some(Box::new(meaning))));
            }
        }
        return (end, meaning);
    }
    match meaning {
        Meaning::Clock(h, m, None) => match day_behind(t, end).filter(|(_, d)| is_day(d)) {
            Some((end, day)) => (end, Meaning::Clock(h, m, Some(Box::new(day)))),
            None => (end, Meaning::Clock(h, m, None)),
        },
        Meaning::Part(part, None) => match day_behind(t, end).filter(|(_, d)| is_day(d)) {
            Some((end, day)) => (end, Meaning::Part(part, Some(Box::new(day)))),
            None => (end, Meaning::Part(part, None)),
        },
        Meaning::Day { year: YearRef::None, month, day, until, weekday } => match year_behind(t, end) {
            Some((end, year)) => (end, Meaning::Day { year, month, day, until, weekday }),
            None => (end, Meaning::Day { year: YearRef::None, month, day, until, weekday }),
        },
        Meaning::Quarter(q, YearRef::None) => match year_behind(t, end) {
            Some((end, year)) => (end, Meaning::Quarter(q, year)),
            None => (end, Meaning::Quarter(q, YearRef::None)),
        },
        Meaning::HalfYear(h, YearRef::None) => match year_behind(t, end) {
            Some((end, year)) => (end, Meaning::HalfYear(h, year)),
            None => (end, Meaning::HalfYear(h, YearRef::None)),
        },
        Meaning::Season(s, YearRef::None) => match year_behind(t, end) {
            Some((end, year)) => (end, Meaning::Season(s, year)),
            None => (end, Meaning::Season(s, YearRef::None)),
        },
        // "last year's third quarter"
        Meaning::Turn(Unit::Year, n) if t.word(end).starts_with(['\'', '’']) => match quarter(t, end + 1) {
            Some((end, Meaning::Quarter(q, YearRef::None))) => (end, Meaning::Quarter(q, YearRef::Turn(n))),
            Some((end, Meaning::HalfYear(q, YearRef::None))) => (end, Meaning::HalfYear(q, YearRef::Turn(n))),
            _ => (end, Meaning::Turn(Unit::Year, n)),
        },
        other => (end, other),
    }
}

/// A day behind a clock time or a part of a day: "4 a.m. | on Thursday", "5 p.m. EST, | Nov. 6".
fn day_behind(t: &Terms, end: usize) -> Found {
    let mut at = end;
    if t.word(at) == "," {
        at += 1;
    }
    if matches!(t.word(at), "on" | "of") {
        at += 1;
    }
    [day_month, month_day, weekday, day_word, turn, iso]
        .iter()
        .fold(None, |best, pattern| longest(best, pattern(t, at)))
}

/// A year behind a month or quarter: "of 1984", "last year", ", 2016".
fn year_behind(t: &Terms, end: usize) -> Option<(usize, YearRef)> {
    let mut at = end;
    if matches!(t.word(at), "of" | "in" | ",") {
        at += 1;
    }
    if t.is(at, Class::Fiscal) {
        at += 1;
    }
    if let Some(year) = year_token(t, at).filter(|_| at > end || !t.word(end).is_empty()) {
        return Some((at + 1, YearRef::Given(year)));
    }
    if t.word(end) == "in" || t.word(end) == "," {
        return None;
    }
    match turn(t, at) {
        Some((end, Meaning::Turn(Unit::Year, n))) => Some((end, YearRef::Turn(n))),
        _ => None,
    }
}

fn phrase(t: &Terms, i: usize) -> Found {
    let (end, value, kind) = Phrases::fixed().at(t, i)?;
    let kind = match kind {
        "SET" => TimeKind::Set,
        "DURATION" => TimeKind::Duration,
        "TIME" => TimeKind::Time,
        _ => TimeKind::Date,
    };
    Some((end, Meaning::Fixed(value.to_owned(), kind)))
}
