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

use language::{Dep, EntityLabel, Pos, Tag};
use record::TimeKind;

use super::calendar::Unit;
use super::terms::{Class, Phrases, Terms};
use crate::numbers;

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

/// Dates in figures: `2016-09-29`, `11/02/89`, `29.09.2016`. Month first, as American wires write, unless it cannot be.
fn iso(t: &Terms, i: usize) -> Found {
    if !t.word(i).starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // The tokeniser splits at hyphens: glue up to five touching tokens.
    let mut end = i + 1;
    let tokens = t.analysis.tokens();
    while end < t.limit.min(i + 5)
        && tokens[end - 1].end == tokens[end].start
        && t.word(end).chars().all(|c| c.is_ascii_digit() || c == '-' || c == '/')
    {
        end += 1;
    }
    while end > i {
        let text = t.analysis.text_of(i..end);
        let numbers: Vec<i16> =
            text.split(['-', '/', '.']).map_while(|p| (p.len() <= 4).then(|| p.parse().ok()).flatten()).collect();
        let pieces = text.split(['-', '/', '.']).count();
        if let ([a, b, c], 3) = (numbers.as_slice(), pieces) {
            let century = |y: i16| if y < 100 { if y > 30 { 1900 + y } else { 2000 + y } } else { y };
            let order = if *a > 999 {
                (*a, *b, *c)
            } else if *a > 12 || text.contains('.') {
                (century(*c), *b, *a)
            } else {
                (century(*c), *a, *b)
            };
            if (1..=12).contains(&order.1) && (1..=31).contains(&order.2) && (1000..2100).contains(&order.0) {
                let day = Meaning::Day {
                    year: YearRef::Given(order.0),
                    month: order.1 as i8,
                    day: Some(order.2 as i8),
                    until: None,
                    weekday: None,
                };
                return Some((end, day));
            }
        }
        end -= 1;
    }
    None
}

/// A day of the month: `9`, `19th`, `eighth`.
fn day_number(t: &Terms, i: usize) -> Option<i8> {
    let word = t.word(i);
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &word[digits.len()..];
    if !digits.is_empty() && digits.len() <= 2 && matches!(suffix, "" | "st" | "nd" | "rd" | "th") {
        return digits.parse().ok().filter(|d| (1..=31).contains(d));
    }
    let ordinal = t.number(i, Class::Ordinal).and_then(|n| i8::try_from(n).ok())?;
    (ordinal <= 31).then_some(ordinal)
}

/// The month that token `i` names; "may" and "march" are words too, and April and August are people.
fn month(t: &Terms, i: usize) -> Option<i8> {
    let month = t.number(i, Class::Month)?;
    if !t.capital(i) {
        return None;
    }
    let tag = t.analysis.tokens().get(i)?.tag;
    if matches!(tag, Tag::Md | Tag::Vb | Tag::Vbp | Tag::Vbd | Tag::Vbz) {
        return None;
    }
    let person = t.analysis.entity_of(i).is_some_and(|e| matches!(e.label, EntityLabel::Person | EntityLabel::Fac));
    let dated = day_number(t, i + 1).is_some() || year_token(t, i + 1).is_some();
    (!person || dated).then_some(month as i8)
}

fn is_range_word(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "to" | "and" | "through" | "until" | "or" | "/")
}

/// `September 19`, `Sept. 12-19`, `September 19, 2016`, `August 1988`, `March eighth`, `May`.
fn month_day(t: &Terms, i: usize) -> Found {
    let month = month(t, i)?;
    let mut end = i + 1;
    let the = usize::from(t.word(end) == "the" && day_number(t, end + 1).is_some());
    let day = day_number(t, end + the).filter(|_| the == 1 || !looks_like_count(t, end));
    let mut until = None;
    if let Some(first) = day {
        end += 1 + the;
        if is_range_word(t.word(end))
            && let Some(last) = day_number(t, end + 1).filter(|d| *d > first && !looks_like_count(t, end + 1))
        {
            until = Some(last);
            end += 2;
        }
    }
    let (end, year) = trailing_year(t, end, day.is_some());
    Some((end, Meaning::Day { year, month, day, until, weekday: None }))
}

/// "May 12 soldiers": a number behind a month that counts a plural noun is no day. Only modal-looking months risk it.
fn looks_like_count(t: &Terms, i: usize) -> bool {
    let tag = |i: usize| t.analysis.tokens().get(i).map(|t| t.tag);
    i + 1 < t.limit && tag(i + 1) == Some(Tag::Nns) && t.analysis.head(i) == Some(i + 1)
}

/// `19 September`, `the 19th of September 2016`, `12-19 September`.
fn day_month(t: &Terms, i: usize) -> Found {
    let mut at = i;
    if t.word(at).eq_ignore_ascii_case("the") {
        at += 1;
    }
    let day = day_number(t, at)?;
    at += 1;
    let mut until = None;
    if is_range_word(t.word(at))
        && let Some(last) = day_number(t, at + 1).filter(|d| *d > day)
    {
        until = Some(last);
        at += 2;
    }
    if t.word(at) == "of" {
        at += 1;
    }
    let month = month(t, at)?;
    // "on 12 September 19 people …" is left to the year rule; "June 12 May 3" cannot be told.
    let (end, year) = trailing_year(t, at + 1, true);
    Some((end, Meaning::Day { year, month, day: Some(day), until, weekday: None }))
}

fn trailing_year(t: &Terms, end: usize, with_day: bool) -> (usize, YearRef) {
    let comma = usize::from(t.word(end) == "," || (!with_day && t.word(end) == "of"));
    match year_token(t, end + comma) {
        Some(year) => (end + comma + 1, YearRef::Given(year)),
        None => match year_words(t, end + comma) {
            Some((end, year)) => (end, YearRef::Given(year)),
            None => (end, YearRef::None),
        },
    }
}

/// A four-figure year, whatever stands around it.
fn year_token(t: &Terms, i: usize) -> Option<i16> {
    let word = t.word(i);
    if word.len() != 4 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    word.parse().ok().filter(|y| (1000..2100).contains(y))
}

/// "nineteen ninety-six", "two thousand".
fn year_words(t: &Terms, i: usize) -> Option<(usize, i16)> {
    let first = numbers::at(t.analysis, i, t.limit).filter(|n| !n.digits)?;
    if first.value == 2000.0 {
        return Some((first.end, 2000));
    }
    let second =
        numbers::at(t.analysis, first.end, t.limit).filter(|n| !n.digits && n.value >= 10.0 && n.value < 100.0)?;
    (first.end == i + 1 && (10.0..=20.0).contains(&first.value))
        .then_some((second.end, (first.value * 100.0 + second.value) as i16))
}

fn weekday(t: &Terms, i: usize) -> Found {
    if let Some(day) = t.number(i, Class::Weekdays).filter(|_| t.capital(i)) {
        return Some((i + 1, Meaning::Fixed(format!("XXXX-WXX-{day}"), TimeKind::Set)));
    }
    let day = t.number(i, Class::Weekday).filter(|_| t.capital(i))?;
    let mut at = i + 1;
    // "Monday, September 19" and "Monday 19 September"; "(Sept 19)" behind it is left alone.
    if t.word(at) == "," {
        at += 1;
    }
    for pattern in [month_day, day_month] {
        if let Some((end, Meaning::Day { year, month, day: Some(d), until, .. })) = pattern(t, at) {
            return Some((end, Meaning::Day { year, month, day: Some(d), until, weekday: Some(day) }));
        }
    }
    Some((i + 1, Meaning::Weekday { day, turn: None }))
}

/// `last week`, `the past few days`, `next Monday`, `this morning`, `last summer`, `this September`.
fn turn(t: &Terms, i: usize) -> Found {
    let mut at = i;
    if t.is(at, Class::Approx) && t.is(at + 1, Class::Det) && !t.is(at, Class::Past) {
        at += 1;
    }
    let det = t.is(at, Class::Det);
    if det {
        at += 1;
    }
    let this = t.is(at, Class::This);
    let mut turn = if this {
        0
    } else if t.is(at, Class::Last) || t.is(at, Class::Past) {
        -1
    } else if t.is(at, Class::Next) {
        1
    } else if t.is(at, Class::Latest) {
        let of_quarter = t.value(at + 1, Class::Unit) == Some("quarter") || t.is(at + 1, Class::Period);
        return of_quarter.then_some((at + 2, Meaning::LatestQuarter));
    } else {
        return None;
    };
    let word = t.word(at).to_ascii_lowercase();
    at += 1;
    // "this past spring", "this coming Sunday"
    if this && (t.is(at, Class::Past) || t.is(at, Class::Next)) {
        turn = if t.is(at, Class::Next) { 1 } else { -1 };
        at += 1;
    }
    if t.is(at, Class::Fiscal) || (t.is(at, Class::Approx) && turn != 0) {
        at += 1;
    }
    // A length: "the past few days", "the next two to three years"
    let (count, behind) = count(t, at);
    if behind > at {
        let behind = behind + usize::from(t.is(behind, Class::Approx));
        let unit = Unit::parse(t.value(behind, Class::Unit)?)?;
        return Some((or_so(t, behind + 1), Meaning::Run { unit, count, turn }));
    }
    if let Some(unit) = t.value(at, Class::Unit).and_then(Unit::parse) {
        if matches!(unit, Unit::Second | Unit::Minute) {
            return None;
        }
        let plural = t.analysis.tokens()[at].tag == Tag::Nns;
        let following =
            matches!(word.as_str(), "following" | "previous" | "preceding" | "ensuing" | "subsequent" | "prior");
        if plural {
            return Some((at + 1, Meaning::Run { unit, count: None, turn }));
        }
        if unit == Unit::Day && turn < 0 && !following {
            return None; // "the last day" of something
        }
        if word == "past" && det && unit != Unit::Year {
            return Some((at + 1, Meaning::Run { unit, count: Some(1.0), turn }));
        }
        if following || (unit == Unit::Day && turn != 0) {
            return Some((at + 1, Meaning::Same(unit, turn)));
        }
        if unit == Unit::Century && turn == 0 {
            return Some((at + 1, Meaning::Turn(unit, 0)));
        }
        return Some((or_so(t, at + 1), Meaning::Turn(unit, turn)));
    }
    if let Some(part) = t.value(at, Class::Part).filter(|_| !det || turn != 0) {
        // "the next morning" is counted from the day spoken of, "last night" and "this morning" from today.
        let day = match turn {
            1 => Meaning::Same(Unit::Day, 1),
            n => Meaning::Turn(Unit::Day, n),
        };
        return Some((at + 1, Meaning::Part(part, Some(Box::new(day)))));
    }
    if let Some(day) = t.number(at, Class::Weekday).filter(|_| t.capital(at)) {
        if let Some((end, found @ Meaning::Day { .. })) = weekday(t, at) {
            return Some((end, found));
        }
        return Some((at + 1, Meaning::Weekday { day, turn: Some(turn) }));
    }
    if let Some(month) = month(t, at) {
        let year = if turn == 0 { YearRef::Turn(0) } else { YearRef::Nearest(turn) };
        if let Some((end, Meaning::Day { day: Some(day), until, year: YearRef::None, .. })) = month_day(t, at) {
            return Some((end, Meaning::Day { year, month, day: Some(day), until, weekday: None }));
        }
        return Some((at + 1, Meaning::Day { year, month, day: None, until: None, weekday: None }));
    }
    if let Some(season) = t.value(at, Class::Season) {
        let year = if turn == 0 { YearRef::Turn(0) } else { YearRef::Nearest(turn) };
        return Some((at + 1, Meaning::Season(season, year)));
    }
    if let Some((end, rule, _)) = Phrases::holidays().at(t, at) {
        return Some((end, Meaning::Holiday(rule, YearRef::Nearest(turn))));
    }
    None
}

/// An uncounted or counted number before a unit, and one past its end: "few", "couple of", "two to three", "12".
fn count(t: &Terms, i: usize) -> (Option<f64>, usize) {
    if let Some(number) = numbers::at(t.analysis, i, t.limit) {
        let mut end = number.end;
        if matches!(t.word(end), "to" | "or" | "-" | "–")
            && let Some(second) = numbers::at(t.analysis, end + 1, t.limit)
            && second.value > number.value
            && t.is(second.end, Class::Unit)
        {
            end = second.end;
        }
        let mut value = number.value;
        // "two and a half"
        if t.word(end) == "and" && t.word(end + 1) == "a" && t.is(end + 2, Class::Half) {
            (value, end) = (value + 0.5, end + 3);
        }
        return (Some(value), end);
    }
    if t.is(i, Class::Vague) {
        let mut end = i + 1;
        if t.is(end, Class::Vague) {
            end += 1;
        }
        let couple = t.word(i).eq_ignore_ascii_case("couple");
        if t.word(end) == "of" {
            end += 1;
        }
        return (couple.then_some(2.0), end);
    }
    (None, i)
}

fn or_so(t: &Terms, end: usize) -> usize {
    if t.word(end) == "or" && t.is(end + 1, Class::OrSo) { end + 2 } else { end }
}

/// `six months`, `more than two years ago`, `a week later`, `two-year`, `six-month-old`, `years`, `half an hour`.
fn length(t: &Terms, i: usize) -> Found {
    let mut at = i;
    for _ in 0..3 {
        let no = usize::from(t.word(at).eq_ignore_ascii_case("no"));
        let pair = match t.word(at + no).to_ascii_lowercase().as_str() {
            "at" => t.is(at + 1, Class::Least),
            "up" => t.word(at + 1) == "to",
            _ => t.is(at + no, Class::More) && t.is(at + no + 1, Class::Than),
        };
        if pair {
            at += 2 + no;
        } else if t.is(at, Class::Approx) {
            at += 1;
        } else {
            break;
        }
    }
    let hedged = at > i;
    let the = t.word(at).eq_ignore_ascii_case("the")
        || t.word(at).eq_ignore_ascii_case("these")
        || t.word(at).eq_ignore_ascii_case("those");
    if the {
        at += 1;
        if t.number(at, Class::Ordinal) == Some(1) || t.is(at, Class::Past) {
            at += 1;
        }
    }
    // "half an hour"
    if t.is(at, Class::Half) && t.is(at + 1, Class::Det) {
        let unit = t.value(at + 2, Class::Unit).and_then(Unit::parse)?;
        return tail(t, at + 3, unit, Some(0.5));
    }
    let (mut n, mut behind) = count(t, at);
    let mut article = false;
    if behind == at && t.is(at, Class::Det) && matches!(t.word(at).to_ascii_lowercase().as_str(), "a" | "an") {
        article = true;
        (n, behind) = count(t, at + 1);
        if behind == at + 1 {
            n = Some(1.0);
        }
    }
    let counted = behind > at || article;
    while behind < t.limit
        && behind > at
        && (t.is(behind, Class::Approx)
            || t.is(behind, Class::More)
            || t.word(behind) == "-"
            || t.is(behind, Class::Vague))
        && behind < at + 7
    {
        behind += 1;
    }
    let unit = t.value(behind, Class::Unit).and_then(Unit::parse)?;
    let tag = t.analysis.tokens().get(behind)?.tag;
    let plural = tag == Tag::Nns;
    let hyphened = behind > 0 && t.word(behind - 1) == "-" && behind > at;
    // "a two-year siege": the article is the siege's.
    if article && hyphened && n != Some(1.0) {
        return None;
    }
    if !counted {
        // A bare plural after "for", "in", "over" …, or before "ago" and "later".
        let shifted =
            t.is(behind + 1, Class::Ago) || t.is(behind + 1, Class::Later) || t.is(behind + 1, Class::Earlier);
        let led = behind > 0 && t.is(behind - 1, Class::StretchBefore);
        if the || !plural || unit == Unit::Quarter || !(shifted || led || hedged) {
            return None;
        }
        if shifted {
            return tail(t, behind + 1, unit, None);
        }
        return Some((behind + 1, Meaning::Period(unit, None)));
    }
    // "a second" and "a quarter" are mostly something else; "the second day" is no length.
    if article && n == Some(1.0) && matches!(unit, Unit::Second | Unit::Quarter) && !t.is(behind + 1, Class::Ago) {
        return None;
    }
    // "the 1988 quarter"; "three-quarters" of something
    if !plural && n.is_some_and(|n| n >= 1000.0) || hyphened && unit == Unit::Quarter && n == Some(3.0) {
        return None;
    }
    tail(t, behind + 1, unit, n)
}

/// What may follow a length: "and a half", "or so", "- old", "ago", "earlier", "later", "from now".
fn tail(t: &Terms, end: usize, unit: Unit, n: Option<f64>) -> Found {
    let mut end = or_so(t, end);
    let mut n = n;
    if t.word(end) == "and" && t.word(end + 1) == "a" && t.is(end + 2, Class::Half) {
        (n, end) = (n.map(|n| n + 0.5), end + 3);
    }
    if t.word(end) == "-" && (t.is(end + 1, Class::Old) || t.is(end + 1, Class::Ago) || t.is(end + 1, Class::Earlier)) {
        end += 1;
    }
    if t.is(end, Class::Old) {
        // "a six-month-old siege" is a length; "a six-year-old (boy)", "52 years old" are ages, and those are no times.
        let noun = t.analysis.head(end).filter(|h| *h > end && *h < t.limit);
        let thing = noun.is_some_and(|h| {
            t.analysis.tokens()[h].pos == Pos::Noun && !crate::quantities::is_person(t.analysis.lemma(h))
        });
        return (thing && t.analysis.tokens()[end].dep == Dep::Amod).then_some((end + 1, Meaning::Period(unit, n)));
    }
    let shift = |end, sign, context| Some((end, Meaning::Shift { unit, count: n, sign, context }));
    if t.is(end, Class::Ago) {
        return shift(end + 1, -1, false);
    }
    if t.word(end) == "from" && t.word(end + 1) == "now" {
        return shift(end + 2, 1, false);
    }
    // "two days before the vote" counts from the vote, and "on" is mostly a preposition: only where nothing follows.
    let plain =
        |i: usize| matches!(t.word(i), "earlier" | "later" | "previously" | "afterwards" | "afterward" | "hence");
    let closed = |i: usize| t.word(i).is_empty() || matches!(t.word(i), "." | "," | ";" | ")" | "”" | "\"");
    if t.is(end, Class::Earlier) && (plain(end) || closed(end + 1)) {
        return shift(end + 1, -1, true);
    }
    if (t.is(end, Class::Later) || t.is(end, Class::Hence)) && (plain(end) || closed(end + 1)) && t.word(end) != "on" {
        return shift(end + 1, 1, true);
    }
    Some((end, Meaning::Period(unit, n)))
}

/// `the third quarter`, `third-quarter`, `Q3 2016`, `the 1988 second quarter`, `the quarter`, `the first half of 2016`.
fn quarter(t: &Terms, i: usize) -> Found {
    let mut at = i;
    let det = t.is(at, Class::Det) && !t.word(at).eq_ignore_ascii_case("a");
    if det {
        at += 1;
    }
    let word = t.word(at);
    if let Some(q) = word.strip_prefix('Q').and_then(|q| q.parse::<i8>().ok()).filter(|q| (1..=4).contains(q)) {
        let (end, year) = trailing_year(t, at + 1, true);
        return Some((end, Meaning::Quarter(q, year)));
    }
    let mut year = YearRef::None;
    if let Some(y) = year_token(t, at) {
        (year, at) = (YearRef::Given(y), at + 1);
    } else if t.word(at).eq_ignore_ascii_case("year")
        && t.word(at + 1) == "-"
        && (t.is(at + 2, Class::Ago) || t.is(at + 2, Class::Earlier))
    {
        at += 3;
        if t.value(at, Class::Unit) == Some("quarter") || t.is(at, Class::Period) {
            at += 1;
        } else if t.number(at, Class::Ordinal).is_some_and(|o| o <= 4)
            && t.value(at + 1, Class::Unit) == Some("quarter")
        {
            at += 2;
        }
        return Some((at, Meaning::Shift { unit: Unit::Year, count: Some(1.0), sign: -1, context: true }));
    }
    if t.is(at, Class::Fiscal) {
        at += 1;
        at += usize::from(t.word(at) == "-");
        if let Some(y) = year_token(t, at) {
            return Some((at + 1, Meaning::Year(y)));
        }
        if t.value(at, Class::Unit) == Some("year") {
            return match year_token(t, at + 1) {
                Some(y) => Some((at + 2, Meaning::Year(y))),
                None => Some((at + 1, Meaning::Turn(Unit::Year, 0))),
            };
        }
    }
    if let Some(n) = t.number(at, Class::Ordinal).and_then(|n| i8::try_from(n).ok()) {
        let unit = at + 1 + usize::from(t.word(at + 1) == "-");
        if t.value(unit, Class::Unit) == Some("quarter") && n <= 4 {
            return Some((unit + 1, Meaning::Quarter(n, year)));
        }
        if t.is(unit, Class::Half) && n <= 2 {
            let found = (unit + 1, Meaning::HalfYear(n, year));
            return year_behind(t, unit + 1).is_some().then_some(found);
        }
        return None;
    }
    if t.word(at).eq_ignore_ascii_case("second") || year != YearRef::None {
        return None;
    }
    (det && t.value(at, Class::Unit) == Some("quarter")
        && t.analysis.tokens().get(at)?.tag == Tag::Nn
        && t.word(at + 1) != "of")
        .then_some((at + 1, Meaning::LatestQuarter))
}

/// `summer 2016`, `the winter of nineteen ninety-four`, `the spring`. Bare seasons only with an article or year.
fn season(t: &Terms, i: usize) -> Found {
    let at = i + usize::from(t.word(i).eq_ignore_ascii_case("the"));
    let season = t.value(at, Class::Season)?;
    if !matches!(t.analysis.tokens().get(at)?.tag, Tag::Nn | Tag::Nnp) {
        return None;
    }
    let of = usize::from(t.word(at + 1) == "of");
    if let Some(year) = year_token(t, at + 1 + of) {
        return Some((at + 2 + of, Meaning::Season(season, YearRef::Given(year))));
    }
    if let Some((end, year)) = year_words(t, at + 1 + of) {
        return Some((end, Meaning::Season(season, YearRef::Given(year))));
    }
    let unsure = t.word(at).eq_ignore_ascii_case("fall") || t.word(at).eq_ignore_ascii_case("spring");
    let led = at > i || (!unsure && at > 0 && t.is(at - 1, Class::StretchBefore));
    (led && !(unsure && t.word(at + 1) == "of")).then_some((at + 1, Meaning::Season(season, YearRef::None)))
}

fn holiday(t: &Terms, i: usize) -> Found {
    let (end, rule, _) = Phrases::holidays().at(t, i).filter(|_| t.capital(i))?;
    let (end, year) = trailing_year(t, end, true);
    Some((end, Meaning::Holiday(rule, year)))
}

/// `the 20th century`, `11th century`.
fn century(t: &Terms, i: usize) -> Found {
    let at = i + usize::from(t.is(i, Class::Det));
    let word = t.word(at);
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let n: i16 =
        if digits.is_empty() { t.number(at, Class::Ordinal)?.try_into().ok()? } else { digits.parse().ok()? };
    let unit = at + 1 + usize::from(t.word(at + 1) == "-");
    (t.value(unit, Class::Unit) == Some("century") && (1..=30).contains(&n) && word.len() > digits.len())
        .then_some((unit + 1, Meaning::Century(n)))
}

/// A year in figures or words, where what stands around it lets it be one.
fn year(t: &Terms, i: usize) -> Found {
    let the_year = t.word(i).eq_ignore_ascii_case("the") && t.word(i + 1).eq_ignore_ascii_case("year");
    let at = if the_year { i + 2 } else { i };
    if let Some((end, year)) = year_words(t, at) {
        let likely = the_year || (1900..2060).contains(&year) && year != 2000;
        return likely.then_some((end, Meaning::Year(year)));
    }
    let (text, shift) = match t.word(at).split_once('-') {
        Some((_, year)) if year.len() == 4 => (year, true),
        _ => (t.word(at), false),
    };
    if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i16 = text.parse().ok()?;
    if !(1000..2100).contains(&year) {
        return None;
    }
    if the_year || shift {
        return Some((at + 1, Meaning::Year(year)));
    }
    let tag = |i: usize| t.analysis.tokens().get(i).map(|t| t.tag);
    let before = at.checked_sub(1);
    let led = before.is_none_or(|b| t.is(b, Class::YearBefore));
    let money = before.is_some_and(|b| {
        tag(b) == Some(Tag::Dollar) || matches!(t.word(b), "$" | "£" | "€" | "#" | "No." | "." | "/" | ":")
    });
    let counts = matches!(tag(at + 1), Some(Tag::Nns)) && !led
        || matches!(t.word(at + 1), "%" | "percent" | ":" | "/" | "people" | "troops");
    let dated = t.analysis.entity_of(at).is_some_and(|e| e.label == EntityLabel::Date);
    let other = t
        .analysis
        .entity_of(at)
        .is_some_and(|e| matches!(e.label, EntityLabel::Money | EntityLabel::Quantity | EntityLabel::Time));
    let recent = (1900..2060).contains(&year);
    let good = !money && !counts && if recent { dated || led || !other } else { led && dated };
    good.then_some((at + 1, Meaning::Year(year)))
}

/// `the 1990s`, `mid-1990s`, `the '80s`, `the sixties`.
fn decade(t: &Terms, i: usize) -> Found {
    let mut at = i + usize::from(t.word(i).eq_ignore_ascii_case("the"));
    let the = at > i;
    if t.is(at, Class::Early) {
        at += 1;
    }
    if let Some(n) = t.number(at, Class::DecadeName).filter(|_| the) {
        return Some((at + 1, Meaning::DecadeName(n as i16)));
    }
    let apostrophe = matches!(t.word(at), "'" | "’" | "‘");
    if apostrophe {
        at += 1;
    }
    let word = t.word(at).trim_start_matches(['\'', '’', '‘']);
    let word = word.rsplit_once('-').map_or(word, |(_, w)| w);
    let digits = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).or_else(|| word.strip_suffix('s'))?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !digits.ends_with('0') {
        return None;
    }
    let n: i16 = digits.parse().ok()?;
    match digits.len() {
        4 if (1500..2100).contains(&n) => Some((at + 1, Meaning::Decade(n))),
        2 if apostrophe || the || t.word(at).len() > word.len() => Some((at + 1, Meaning::DecadeName(n))),
        _ => None,
    }
}

/// `every day`, `each Thursday`, `every two weeks`.
fn every(t: &Terms, i: usize) -> Found {
    if !t.is(i, Class::Every) {
        return None;
    }
    let set = |end, value: String| Some((end, Meaning::Fixed(value, TimeKind::Set)));
    let (n, at) = count(t, i + 1);
    if let Some(unit) = t.value(at, Class::Unit).and_then(Unit::parse) {
        let n = if at > i + 1 { n } else { Some(1.0) };
        return set(at + 1, if unit == Unit::Quarter && n == Some(1.0) { "P1Q".to_owned() } else { unit.period(n) });
    }
    if let Some(day) = t.number(at, Class::Weekday) {
        return set(at + 1, format!("XXXX-WXX-{day}"));
    }
    if let Some(month) = month(t, at) {
        return set(at + 1, format!("XXXX-{month:02}"));
    }
    if let Some(season) = t.value(at, Class::Season) {
        return set(at + 1, format!("XXXX-{season}"));
    }
    let part = t.value(at, Class::Part)?;
    set(at + 1, format!("XXXX-XX-XXT{part}"))
}

/// `that day`, `the same year`, `earlier that week`.
fn that(t: &Terms, i: usize) -> Found {
    let mut at = i + usize::from(t.word(i).eq_ignore_ascii_case("the"));
    if !t.is(at, Class::That) {
        return None;
    }
    at += 1;
    if t.is(at, Class::That) {
        at += 1;
    }
    if let Some(part) = t.value(at, Class::Part) {
        return Some((at + 1, Meaning::Part(part, Some(Box::new(Meaning::Same(Unit::Day, 0))))));
    }
    let unit = t.value(at, Class::Unit).and_then(Unit::parse).filter(|u| *u >= Unit::Day)?;
    if t.analysis.tokens().get(at)?.tag == Tag::Nns {
        return None;
    }
    Some((at + 1, Meaning::Same(unit, 0)))
}

/// `the morning`, `overnight`, `dawn`, `midnight`.
fn part(t: &Terms, i: usize) -> Found {
    if let Some(part) = t.value(i, Class::Moment) {
        return Some((i + 1, Meaning::Part(part, None)));
    }
    let at = i + usize::from(t.word(i).eq_ignore_ascii_case("the"));
    let mid = t.word(at).eq_ignore_ascii_case("mid");
    let at = if mid { at + 1 + usize::from(t.word(at + 1) == "-") } else { at };
    let part = t.value(at, Class::Part).filter(|_| at > i)?;
    (t.analysis.tokens().get(at)?.tag != Tag::Nns).then_some((at + 1, Meaning::Part(part, None)))
}

/// `today`, `yesterday`, `tonight`, `the day before yesterday`, `the weekend`.
fn day_word(t: &Terms, i: usize) -> Found {
    if let Some(n) = t.number(i, Class::Day) {
        return Some((i + 1, Meaning::Turn(Unit::Day, i64::from(n))));
    }
    if t.is(i, Class::Tonight) {
        return Some((i + 1, Meaning::Part("NI", Some(Box::new(Meaning::Turn(Unit::Day, 0))))));
    }
    let the = usize::from(t.word(i).eq_ignore_ascii_case("the"));
    if t.value(i + the, Class::Unit) == Some("weekend") && the == 1 {
        return Some((i + 2, Meaning::Turn(Unit::Weekend, 0)));
    }
    if t.word(i + the).eq_ignore_ascii_case("day") && the == 1 {
        let (before, after) = (t.is(i + 2, Class::Earlier), t.is(i + 2, Class::Later));
        let sign = if before { -1 } else { 1 };
        if before || after {
            return match t.number(i + 3, Class::Day) {
                Some(n) if n != 0 => Some((i + 4, Meaning::Turn(Unit::Day, i64::from(n) + sign))),
                _ if t.word(i + 2) != "on" => Some((i + 3, Meaning::Same(Unit::Day, sign))),
                _ => None,
            };
        }
    }
    None
}

/// `10:35 a.m.`, `3 am`, `0300 GMT`, `5 o'clock`, `noon`, `15:30 local time`.
fn clock(t: &Terms, i: usize) -> Found {
    let word = t.word(i);
    if let Some(noon) = t.value(i, Class::Noon) {
        let (h, m) = noon.split_once(':')?;
        return Some((i + 1, Meaning::Clock(h.parse().ok()?, m.parse().ok()?, None)));
    }
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    let glued = &word[digits.len()..];
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((h, m)) if m.len() == 2 => (h.parse::<u8>().ok()?, m.parse::<u8>().ok()?),
        Some(_) => return None,
        None if digits.len() == 4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        None if digits.len() <= 2 => (digits.parse().ok()?, 0),
        None => return None,
    };
    if hour > 24 || minute > 59 {
        return None;
    }
    let meridiem =
        |text: &str| super::terms::entries(text).iter().find(|e| e.class == Class::Meridiem).map(|e| e.value);
    let mut end = i + 1;
    let half = if !glued.is_empty() {
        Some(meridiem(glued)?)
    } else {
        let half = meridiem(t.word(end)).filter(|_| hour <= 12 && digits.len() < 4 || digits.contains(':'));
        end += usize::from(half.is_some());
        half
    };
    let colon = digits.contains(':');
    let oclock = half.is_none() && t.is(end, Class::Oclock);
    end += usize::from(oclock);
    let zone = zone(t, end);
    let timed = half.is_some() || oclock || colon || (digits.len() == 4 && zone.is_some());
    if !(timed || zone.is_some() && colon) {
        // "4 in the morning"
        let morning = t.word(end) == "in"
            && t.word(end + 1) == "the"
            && t.is(end + 2, Class::Part)
            && digits.len() <= 2
            && hour <= 12;
        if !morning {
            return None;
        }
        let late = t.value(end + 2, Class::Part).is_some_and(|p| p != "MO");
        return Some((end + 3, Meaning::Clock(if late && hour < 12 { hour + 12 } else { hour }, 0, None)));
    }
    let hour = match half {
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    Some((zone.unwrap_or(end), Meaning::Clock(hour, minute, None)))
}

/// One past "GMT", "local time", "EDT".
fn zone(t: &Terms, i: usize) -> Option<usize> {
    if t.word(i) == "local" && t.word(i + 1) == "time" {
        return Some(i + 2);
    }
    (t.is(i, Class::Zone) && t.capital(i)).then_some(i + 1)
}
