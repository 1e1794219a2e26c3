//! Days of the calendar: "Monday, September 19, 2016", "12-19 September", "2016-09-29", "last Friday".

use language::{EntityLabel, Tag};
use record::TimeKind;

use super::{Found, Meaning, YearRef};
use crate::numbers;
use crate::times::terms::{Class, Terms};

/// Dates in figures: `2016-09-29`, `11/02/89`, `29.09.2016`. Month first, as American wires write, unless it cannot be.
pub(super) fn iso(t: &Terms, i: usize) -> Found {
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
pub(super) fn day_number(t: &Terms, i: usize) -> Option<i8> {
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
pub(super) fn month(t: &Terms, i: usize) -> Option<i8> {
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

pub(super) fn is_range_word(word: &str) -> bool {
    matches!(word, "-" | "–" | "—" | "to" | "and" | "through" | "until" | "or" | "/")
}

/// `September 19`, `Sept. 12-19`, `September 19, 2016`, `August 1988`, `March eighth`, `May`.
pub(super) fn month_day(t: &Terms, i: usize) -> Found {
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
pub(super) fn looks_like_count(t: &Terms, i: usize) -> bool {
    let tag = |i: usize| t.analysis.tokens().get(i).map(|t| t.tag);
    i + 1 < t.limit && tag(i + 1) == Some(Tag::Nns) && t.analysis.head(i) == Some(i + 1)
}

/// `19 September`, `the 19th of September 2016`, `12-19 September`.
pub(super) fn day_month(t: &Terms, i: usize) -> Found {
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

pub(super) fn trailing_year(t: &Terms, end: usize, with_day: bool) -> (usize, YearRef) {
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
pub(super) fn year_token(t: &Terms, i: usize) -> Option<i16> {
    let word = t.word(i);
    if word.len() != 4 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    word.parse().ok().filter(|y| (1000..2100).contains(y))
}

/// "nineteen ninety-six", "two thousand".
pub(super) fn year_words(t: &Terms, i: usize) -> Option<(usize, i16)> {
    let first = numbers::at(t.analysis, i, t.limit).filter(|n| !n.digits)?;
    if first.value == 2000.0 {
        return Some((first.end, 2000));
    }
    let second =
        numbers::at(t.analysis, first.end, t.limit).filter(|n| !n.digits && n.value >= 10.0 && n.value < 100.0)?;
    (first.end == i + 1 && (10.0..=20.0).contains(&first.value))
        .then_some((second.end, (first.value * 100.0 + second.value) as i16))
}

pub(super) fn weekday(t: &Terms, i: usize) -> Found {
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
