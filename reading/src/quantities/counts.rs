//! The numbers themselves: bounds, qualifier, denominator, and what is no count at all.

use std::ops::Range;

use language::{Analysis, EntityLabel, Pos, Tag};
use record::Qualifier;

use super::words::{Side, Vague, Words};
use crate::numbers;

/// A number found, before anybody asked what it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Tokens of the qualifier and the number.
    pub tokens: Range<usize>,
    /// Tokens of the number: of the first one in a range or fraction.
    pub number: Range<usize>,
    /// One past the last token of everything numeric: "18 out of 31".
    pub end: usize,
    /// Lower bound.
    pub low: Option<u64>,
    /// Upper bound.
    pub high: Option<u64>,
    /// How it is put.
    pub qualifier: Qualifier,
    /// The denominator.
    pub of: Option<u64>,
    /// The reason why it is no count.
    pub not_a_count: Option<&'static str>,
}

/// The words of token `i`, lower case; empty past `limit`.
pub fn lower(a: &Analysis, i: usize, limit: usize) -> String {
    if i < limit.min(a.len()) { a.word(i).to_lowercase() } else { String::new() }
}

/// The number that begins at token `i`, with everything numeric behind it and the qualifier before it.
pub fn at(a: &Analysis, i: usize, block: &Range<usize>) -> Option<Count> {
    let words = Words::get();
    let limit = block.end;
    if let Some(end) = vague_end(a, i, limit) {
        let two = words.vague(&lower(a, end - 1, limit), Vague::Two);
        let exact = two.then_some(2);
        let (start, qualifier) = qualifier_before(a, i, block);
        let (low, high, qualifier) = if two { bounds(2, qualifier) } else { (exact, exact, Qualifier::Vague) };
        let start =
            if i > block.start && matches!(lower(a, i - 1, limit).as_str(), "a" | "the") { i - 1 } else { start };
        return Some(Count {
            tokens: start..end,
            number: i..end,
            end,
            low,
            high,
            qualifier,
            of: None,
            not_a_count: None,
        });
    }
    let first = numbers::at(a, i, limit)?;
    let number = i..first.end;
    let (start, qualifier) = qualifier_before(a, i, block);
    let mut count = Count {
        tokens: start..first.end,
        number,
        end: first.end,
        low: None,
        high: None,
        qualifier,
        of: None,
        not_a_count: not_a_count(a, i..first.end, block),
    };
    let Some(value) = first.count() else {
        count.not_a_count = count.not_a_count.or(Some("a broken number"));
        return Some(count);
    };
    (count.low, count.high, count.qualifier) = bounds(value, qualifier);
    if count.not_a_count.is_some() {
        return Some(count);
    }
    // "10 to 15", "10-15", "between 10 and 15", "two or three"
    let joint = lower(a, first.end, limit);
    let between = start > block.start && lower(a, start - 1, limit) == "between";
    if (matches!(joint.as_str(), "to" | "-" | "–" | "or") || (joint == "and" && between))
        && let Some(second) = numbers::at(a, first.end + 1, limit)
        && let Some(high) = second.count().filter(|high| *high > value || second.digits != first.digits)
    {
        // "two to three million"
        if high > value && not_a_count(a, first.end + 1..second.end, block).is_none() {
            (count.low, count.high, count.qualifier) = (Some(value), Some(high), Qualifier::Exact);
            count.end = second.end;
            count.tokens = start - usize::from(between)..second.end;
            return Some(count);
        }
        count.not_a_count = not_a_count(a, first.end + 1..second.end, block);
    }
    // "18 out of 31 trucks", "18 of the 31 trucks"
    let mut at = first.end;
    if lower(a, at, limit) == "out" {
        at += 1;
    }
    if lower(a, at, limit) == "of" {
        at += 1;
        while at < limit
            && at < first.end + 5
            && (matches!(a.tokens()[at].tag, Tag::Dt | Tag::PrpPoss)
                || matches!(lower(a, at, limit).as_str(), "some" | "about" | "total" | "of"))
        {
            at += 1;
        }
        if let Some(whole) = numbers::at(a, at, limit)
            && let Some(of) = whole.count().filter(|of| *of >= value)
        {
            count.of = Some(of);
            count.end = whole.end;
            count.tokens = start..whole.end;
        }
    }
    Some(count)
}

/// One past "dozens", "several", "several dozen", "hundreds of thousands", "a number", "a couple".
fn vague_end(a: &Analysis, i: usize, limit: usize) -> Option<usize> {
    let words = Words::get();
    let word = lower(a, i, limit);
    if word.len() > 12 {
        return None;
    }
    let next = || lower(a, i + 1, limit);
    if words.vague(&word, Vague::Multiplier) {
        if next() == "of" && words.vague(&lower(a, i + 2, limit), Vague::Noun) && a.tokens()[i + 2].tag == Tag::Nns {
            return Some(i + 3);
        }
        if numbers::at(a, i + 1, limit).is_some_and(|n| !n.digits && n.value >= 12.0)
            || matches!(next().as_str(), "dozen" | "hundred" | "thousand" | "million" | "score")
        {
            return Some(i + 2);
        }
    }
    // "some 10,000 people"
    let about = numbers::at(a, i + 1, limit).is_some_and(|n| n.digits);
    if words.vague(&word, Vague::Det) && a.tokens()[i].tag != Tag::Rb && !about {
        return Some(i + 1);
    }
    if word == "number" && (i == 0 || lower(a, i - 1, limit) != "a") {
        return None;
    }
    if words.vague(&word, Vague::Noun) {
        // "number" is one only as "a number of".
        let plural = a.tokens()[i].tag == Tag::Nns || word.ends_with('s');
        return (plural || next() == "of").then_some(i + 1);
    }
    (words.vague(&word, Vague::Two) && next() == "of"
        || words.vague(&word, Vague::Two) && i > 0 && lower(a, i - 1, limit) == "a")
        .then_some(i + 1)
}

/// Bounds as the annotation guide has them.
fn bounds(value: u64, qualifier: Qualifier) -> (Option<u64>, Option<u64>, Qualifier) {
    match qualifier {
        Qualifier::AtLeast | Qualifier::MoreThan => (Some(value), None, qualifier),
        Qualifier::UpTo => (None, Some(value), qualifier),
        _ => (Some(value), Some(value), qualifier),
    }
}

/// The qualifier that ends right before token `i`, and where it begins.
fn qualifier_before(a: &Analysis, i: usize, block: &Range<usize>) -> (usize, Qualifier) {
    // "at least at 85", "at least another 12", "more than a dozen" (the article belongs to the number)
    let mut end = i;
    for _ in 0..2 {
        if end > block.start && matches!(lower(a, end - 1, block.end).as_str(), "another" | "at" | "some" | "the") {
            let before = lower(a, end - 1, block.end);
            if before == "at" && end >= block.start + 2 && lower(a, end - 2, block.end) != "least" {
                break;
            }
            end -= 1;
        }
        if let Some(found) = qualifier_ending(a, end, block) {
            return found;
        }
        if end == i {
            break;
        }
    }
    qualifier_ending(a, i, block).unwrap_or((i, Qualifier::Exact))
}

fn qualifier_ending(a: &Analysis, end: usize, block: &Range<usize>) -> Option<(usize, Qualifier)> {
    let longest = 4.min(end - block.start);
    let before: Vec<String> = (end - longest..end).map(|i| lower(a, i, block.end)).collect();
    Words::get().qualifiers().iter().find_map(|(words, qualifier)| {
        let fits = before.len() >= words.len() && before[before.len() - words.len()..].iter().eq(words.iter());
        fits.then(|| (end - words.len(), *qualifier))
    })
}

/// The reason why a numeral is no count, from what stands beside it.
fn not_a_count(a: &Analysis, number: Range<usize>, block: &Range<usize>) -> Option<&'static str> {
    let words = Words::get();
    let (start, end) = (number.start, number.end);
    let before = if start > block.start { lower(a, start - 1, block.end) } else { Default::default() };
    let after = lower(a, end, block.end);
    let hyphened = matches!(after.as_str(), "-" | "–");
    let unit = if hyphened { lower(a, end + 1, block.end) } else { after.clone() };
    if let Some(what) = words.unit(&unit, Side::After).filter(|what| {
        // "20-m" needs the hyphen or digits; "per" only as "per cent".
        unit != "per" || lower(a, end + 1, block.end).starts_with("cent") || *what != "a percentage"
    }) {
        return Some(what);
    }
    let name = start > block.start && a.word(start - 1).starts_with(|c: char| c.is_uppercase() || !c.is_alphanumeric());
    if let Some(what) =
        words.unit(&before, Side::Before).filter(|what| name || before == "no." || *what != "a rank or unit number")
    {
        return Some(what);
    }
    // "Flight 17", "MiG-29", "Resolution 2254": digits right behind a hyphen or glued to letters.
    if before == "-" && start >= block.start + 2 && a.tokens()[start - 2].end == a.tokens()[start - 1].start {
        let letters = a.word(start - 2);
        if letters.chars().all(char::is_alphabetic)
            && letters.starts_with(char::is_uppercase)
            && letters.len() <= 6
            && numbers::at(a, start - 2, block.end).is_none()
        {
            return Some("a rank or unit number");
        }
    }
    // "a score of 3:2", unlike "ten were killed: six men and four women"
    let glued = start > block.start && a.tokens()[start - 1].end == a.tokens()[start].start;
    if matches!(before.as_str(), "/" | "+" | "#" | "@")
        || before == ":" && glued
        || matches!(after.as_str(), "/" | ":" | "°") && !hyphened
    {
        return Some("part of a code, score or address");
    }
    // "Abu Ahmad, 35, said": an age in apposition.
    let person = start >= 2 && a.entity_of(start - 2).is_some_and(|e| e.label == EntityLabel::Person);
    let alone =
        !a.tokens().get(end).is_some_and(|t| matches!(t.pos, Pos::Noun | Pos::Adj | Pos::Propn) || t.tag == Tag::Nns);
    let years = a.word(start).len() <= 2 && end == start + 1;
    if person && years && (before == "," && alone || before == "(" && after == ")") {
        return Some("an age");
    }
    let length = crate::times::is_unit(&unit);
    if length
        && (a.word((end + 2).min(block.end - 1)) == "-"
            || lower(a, end + 1, block.end) == "old"
            || lower(a, end + 2, block.end) == "old")
    {
        return Some("an age");
    }
    if hyphened && length {
        return Some("a length of time");
    }
    None
}
