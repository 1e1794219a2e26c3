//! Stretches told by their unit: "last week", "the past few days", "three years ago", "six months".

use language::{Dep, Pos, Tag};

use super::dates::{month, month_day, weekday};
use super::{Found, Meaning, YearRef};
use crate::numbers;
use crate::times::calendar::Unit;
use crate::times::terms::{Class, Phrases, Terms};

/// `last week`, `the past few days`, `next Monday`, `this morning`, `last summer`, `this September`.
pub(super) fn turn(t: &Terms, i: usize) -> Found {
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
pub(super) fn count(t: &Terms, i: usize) -> (Option<f64>, usize) {
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

pub(super) fn or_so(t: &Terms, end: usize) -> usize {
    if t.word(end) == "or" && t.is(end + 1, Class::OrSo) { end + 2 } else { end }
}

/// `six months`, `more than two years ago`, `a week later`, `two-year`, `six-month-old`, `years`, `half an hour`.
pub(super) fn length(t: &Terms, i: usize) -> Found {
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
pub(super) fn tail(t: &Terms, end: usize, unit: Unit, n: Option<f64>) -> Found {
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
