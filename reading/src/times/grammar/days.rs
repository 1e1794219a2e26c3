//! Parts of a day, times of day, and what points at a day: "that day", "every Friday", "4 a.m. EDT Thursday".

use language::Tag;
use record::TimeKind;

use super::dates::month;
use super::stretches::count;
use super::{Found, Meaning};
use crate::times::calendar::Unit;
use crate::times::terms::{Class, Terms};

/// `every day`, `each Thursday`, `every two weeks`.
pub(super) fn every(t: &Terms, i: usize) -> Found {
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
pub(super) fn that(t: &Terms, i: usize) -> Found {
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
pub(super) fn part(t: &Terms, i: usize) -> Found {
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
pub(super) fn day_word(t: &Terms, i: usize) -> Found {
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
pub(super) fn clock(t: &Terms, i: usize) -> Found {
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
        |text: &str| crate::times::terms::entries(text).iter().find(|e| e.class == Class::Meridiem).map(|e| e.value);
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
pub(super) fn zone(t: &Terms, i: usize) -> Option<usize> {
    if t.word(i) == "local" && t.word(i + 1) == "time" {
        return Some(i + 2);
    }
    (t.is(i, Class::Zone) && t.capital(i)).then_some(i + 1)
}
