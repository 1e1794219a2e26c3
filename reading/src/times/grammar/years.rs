//! Years and their parts, and what holds years: quarters, seasons, holidays, decades, centuries.

use language::{EntityLabel, Tag};

use super::dates::{trailing_year, year_token, year_words};
use super::{Found, Meaning, YearRef, year_behind};
use crate::times::calendar::Unit;
use crate::times::terms::{Class, Phrases, Terms};

/// `the third quarter`, `third-quarter`, `Q3 2016`, `the 1988 second quarter`, `the quarter`, `the first half of 2016`.
pub(super) fn quarter(t: &Terms, i: usize) -> Found {
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
pub(super) fn season(t: &Terms, i: usize) -> Found {
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

pub(super) fn holiday(t: &Terms, i: usize) -> Found {
    let (end, rule, _) = Phrases::holidays().at(t, i).filter(|_| t.capital(i))?;
    let (end, year) = trailing_year(t, end, true);
    Some((end, Meaning::Holiday(rule, year)))
}

/// `the 20th century`, `11th century`.
pub(super) fn century(t: &Terms, i: usize) -> Found {
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
pub(super) fn year(t: &Terms, i: usize) -> Found {
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
pub(super) fn decade(t: &Terms, i: usize) -> Found {
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
