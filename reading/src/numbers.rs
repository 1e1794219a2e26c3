//! Numbers as they are written: numerals, number words, and both together.
//!
//! `1,300` · `2.5 million` · `5 1/2` · `twenty-one` · `a hundred` · `two hundred and six` · `half a dozen`. Words are in
//! `data/reading/number_words.tsv`. Years and clock times are numbers too; what a number means is for others to say.

use std::collections::HashMap;
use std::sync::OnceLock;

use language::Analysis;

use crate::lexicon::rows;

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// One past its last token.
    pub end: usize,
    /// Written with digits, at least in part.
    pub digits: bool,
}

impl Number {
    /// The value as a count, where it is a whole number that can be one.
    pub fn count(&self) -> Option<u64> {
        (self.value.fract() == 0.0 && (0.0..1e15).contains(&self.value)).then_some(self.value as u64)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Ones,
    Tens,
    Scale,
    Suffix,
    Dozen,
}

fn table() -> &'static HashMap<&'static str, (Class, f64)> {
    static TABLE: OnceLock<HashMap<&'static str, (Class, f64)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/number_words.tsv"));
        let entry = |row: Vec<&'static str>| {
            let class = match *row.get(1)? {
                "ones" => Class::Ones,
                "tens" => Class::Tens,
                "scale" => Class::Scale,
                "suffix" => Class::Suffix,
                "dozen" => Class::Dozen,
                _ => return None,
            };
            Some((row[0], (class, row.get(2)?.parse().ok()?)))
        };
        rows(table).filter_map(entry).collect()
    })
}

/// Words longer than this are no number words; saves looking them up.
const LONGEST: usize = 12;

fn word(analysis: &Analysis, i: usize) -> Option<(Class, f64)> {
    let word = analysis.word(i);
    if word.len() > LONGEST {
        return None;
    }
    table().get(word.to_ascii_lowercase().as_str()).copied()
}

/// The value of a numeral: `62`, `1,300`, `2.5`, `1/2`. Not `1,3`, `3rd`, `10:35`.
pub fn numeral(text: &str) -> Option<f64> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.len() > 20 {
        return None;
    }
    if let Some((up, down)) = text.split_once('/') {
        let (up, down): (u32, u32) = (up.parse().ok()?, down.parse().ok()?);
        return (down > up && down <= 16).then(|| f64::from(up) / f64::from(down));
    }
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 {
            return None;
        }
        digits += group;
    }
    let digits_only = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(&digits) || fraction.is_some_and(|f| !digits_only(f)) {
        return None;
    }
    match fraction {
        Some(f) => format!("{digits}.{f}").parse().ok(),
        None => digits.parse().ok(),
    }
}

/// The number that begins at token `i` and ends before `limit`, the longest there is.
pub fn at(analysis: &Analysis, i: usize, limit: usize) -> Option<Number> {
    if i >= limit.min(analysis.len()) {
        return None;
    }
    let text = analysis.word(i);
    if let Some(value) = numeral(text) {
        let mut number = Number { value, end: i + 1, digits: true };
        // "5 1/2": a whole number and a fraction.
        if number.end < limit
            && value.fract() == 0.0
            && analysis.word(number.end).contains('/')
            && let Some(part) = numeral(analysis.word(number.end)).filter(|p| *p < 1.0)
        {
            number = Number { value: value + part, end: number.end + 1, digits: true };
        }
        return Some(scaled(analysis, number, limit));
    }
    spelled(analysis, i, limit)
}

/// Multiplies by the scales that follow: "2.5 million", "3 dozen".
fn scaled(analysis: &Analysis, mut number: Number, limit: usize) -> Number {
    while number.end < limit {
        match word(analysis, number.end) {
            Some((Class::Scale | Class::Dozen, by)) => number.value *= by,
            Some((Class::Suffix, by)) if number.digits && touches_or_blank(analysis, number.end) => number.value *= by,
            _ => break,
        }
        number.end += 1;
    }
    number
}

/// A one-letter suffix must not begin a new word group ("5 m" may be metres: only directly behind the digits).
fn touches_or_blank(analysis: &Analysis, i: usize) -> bool {
    analysis.word(i).len() > 1 || i == 0 || analysis.tokens()[i - 1].end == analysis.tokens()[i].start
}

/// Number words.
fn spelled(analysis: &Analysis, i: usize, limit: usize) -> Option<Number> {
    let mut at = i;
    let (mut total, mut current, mut any, mut last) = (0f64, 0f64, false, None);
    // "a hundred", "half a dozen"
    let first = analysis.word(at);
    let mut factor = 1.0;
    if first.eq_ignore_ascii_case("half") && at + 2 < limit && is_article(analysis.word(at + 1)) {
        (factor, at) = (0.5, at + 1);
    }
    if is_article(analysis.word(at)) {
        if at + 1 >= limit || !matches!(word(analysis, at + 1), Some((Class::Scale | Class::Dozen, _))) {
            return None;
        }
        (current, any, at) = (1.0, true, at + 1);
    }
    while at < limit {
        match word(analysis, at) {
            Some((Class::Ones, v))
                if matches!(last, None | Some(Class::Scale)) || (last == Some(Class::Tens) && v < 10.0 && v > 0.0) =>
            {
                current += v;
                last = Some(Class::Ones);
            }
            Some((Class::Tens, v)) if matches!(last, None | Some(Class::Scale)) => {
                current += v;
                last = Some(Class::Tens);
            }
            Some((Class::Scale, v)) if any => {
                if v > 100.0 {
                    total += current * v;
                    current = 0.0;
                } else {
                    current *= v;
                }
                last = Some(Class::Scale);
            }
            Some((Class::Dozen, v)) if any => {
                let value = (total + current * v) * factor;
                return Some(Number { value, end: at + 1, digits: false });
            }
            None if any && joins(analysis, at, limit, last) => {
                at += 1;
                continue;
            }
            _ => break,
        }
        any = true;
        at += 1;
    }
    (any && at > i).then_some(Number { value: (total + current) * factor, end: at, digits: false })
}

/// A hyphen inside "twenty-one", an "and" inside "two hundred and six".
fn joins(analysis: &Analysis, at: usize, limit: usize, last: Option<Class>) -> bool {
    if at + 1 >= limit {
        return false;
    }
    let next = word(analysis, at + 1);
    let small = matches!(next, Some((Class::Ones | Class::Tens, v)) if v > 0.0);
    match analysis.word(at) {
        "-" => match last {
            Some(Class::Tens) => matches!(next, Some((Class::Ones, v)) if v > 0.0 && v < 10.0),
            _ => false,
        },
        "and" => last == Some(Class::Scale) && small,
        _ => false,
    }
}

fn is_article(word: &str) -> bool {
    word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_have_groups_of_three_and_at_most_one_point() {
        for (text, value) in [("62", 62.0), ("1,300", 1300.0), ("2.5", 2.5), ("1/2", 0.5), ("14,911", 14911.0)] {
            assert_eq!(numeral(text), Some(value), "{text}");
        }
        for text in ["1,3", "3rd", "10:35", "", "five", "1.2.3", "9/11/2001", "12345678901234567890123"] {
            assert_eq!(numeral(text), None, "{text}");
        }
    }
}
