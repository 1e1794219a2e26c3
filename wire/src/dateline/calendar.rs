//! Days as datelines and date lines write them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use record::PartialDate;

use super::tokens::{Kind, Token};
use crate::tables;

/// A day at `tokens[at]`, and how many tokens it takes: `September 29`, `Sept. 29, 2016`, `29th of September 2016`,
/// `Thursday, 29 Sept`, `12. September`, `19.07.2016`, `2016-09-29`.
pub fn day(text: &str, tokens: &[Token], at: usize) -> Option<(PartialDate, usize)> {
    let mut cursor = Cursor { text, tokens, at };
    if cursor.word().is_some_and(|w| is_weekday(&w)) {
        cursor.at += 1;
        cursor.skip(&['.', ',']);
    }
    let date = cursor.numeric().or_else(|| cursor.month_day()).or_else(|| cursor.day_month())?;
    Some((date, cursor.at - at))
}

/// Whether a lower-case word is a weekday's name.
pub fn is_weekday(word: &str) -> bool {
    static TABLE: OnceLock<Vec<&str>> = OnceLock::new();
    TABLE.get_or_init(|| tables::lines(include_str!("../../../data/wire/weekdays.tsv"))).binary_search(&word).is_ok()
}

/// The number of the month that a lower-case word names.
pub fn month(word: &str) -> Option<i8> {
    static TABLE: OnceLock<BTreeMap<&str, i8>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        tables::rows(include_str!("../../../data/wire/months.tsv"))
            .filter_map(|row| Some((*row.first()?, row.get(1)?.parse().ok()?)))
            .collect()
    });
    table.get(word).copied()
}

/// A date whose day the month has, in a leap year at least.
fn valid(year: Option<i16>, month: i8, day: i8) -> Option<PartialDate> {
    jiff::civil::Date::new(year.unwrap_or(2000), month, day).ok()?;
    Some(PartialDate { year, month, day })
}

struct Cursor<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl Cursor<'_> {
    fn words(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|t| self.text.get(t.bytes.clone())).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|t| t.kind)
    }

    fn word(&self) -> Option<String> {
        (self.kind(self.at)? == Kind::Word).then(|| self.words(self.at).to_lowercase())
    }

    fn skip(&mut self, signs: &[char]) {
        while matches!(self.kind(self.at), Some(Kind::Sign(c)) if signs.contains(&c)) {
            self.at += 1;
        }
    }

    /// A number of at most `digits` digits.
    fn number(&self, at: usize, digits: usize) -> Option<i16> {
        let words = self.words(at);
        (self.kind(at)? == Kind::Number && words.len() <= digits).then(|| words.parse().ok()).flatten()
    }

    /// A year, after an optional comma. Left where it is when there is none.
    fn year(&mut self) -> Option<i16> {
        let comma = usize::from(self.kind(self.at) == Some(Kind::Sign(',')));
        let year = self.number(self.at + comma, 4).filter(|y| (1900..2100).contains(y))?;
        self.at += comma + 1;
        Some(year)
    }

    /// `19.07.2016`, `2016-09-29`. With slashes nobody can tell day from month.
    fn numeric(&mut self) -> Option<PartialDate> {
        let (a, b, c) = (self.number(self.at, 4)?, self.number(self.at + 2, 2)?, self.number(self.at + 4, 4)?);
        let tight = |i: usize| self.tokens.get(self.at + i).is_some_and(|t| !t.spaced);
        if !(1..=4).all(tight) {
            return None;
        }
        let month = i8::try_from(b).ok()?;
        let date = match (self.kind(self.at + 1)?, self.kind(self.at + 3)?) {
            (Kind::Sign('.'), Kind::Sign('.')) if (1900..2100).contains(&c) => {
                valid(Some(c), month, i8::try_from(a).ok()?)
            }
            (Kind::Dash, Kind::Dash) if (1900..2100).contains(&a) => valid(Some(a), month, i8::try_from(c).ok()?),
            _ => None,
        }?;
        self.at += 5;
        Some(date)
    }

    /// `Sept. 29`, `April, 13`, `September 29th, 2016`.
    fn month_day(&mut self) -> Option<PartialDate> {
        let month = month(&self.word()?)?;
        let start = self.at;
        self.at += 1;
        self.skip(&['.', ',']);
        let date = self.day().and_then(|day| {
            let before_year = self.at;
            let year = self.year();
            valid(year, month, day).or_else(|| {
                self.at = before_year;
                None
            })
        });
        if date.is_none() {
            self.at = start;
        }
        date
    }

    /// `29 September`, `29th of September 2016`, `12. September`, `29 de septiembre de 2016`.
    fn day_month(&mut self) -> Option<PartialDate> {
        let start = self.at;
        let date = self.day().and_then(|day| {
            self.skip(&['.']);
            self.of();
            let month = month(&self.word()?)?;
            self.at += 1;
            let stop = self.kind(self.at) == Some(Kind::Sign('.'));
            let bare = self.at;
            self.at += usize::from(stop);
            self.of();
            let year = self.year();
            if year.is_none() {
                self.at = bare;
            }
            valid(year, month, day)
        });
        if date.is_none() {
            self.at = start;
        }
        date
    }

    fn of(&mut self) {
        if self.word().is_some_and(|w| matches!(w.as_str(), "of" | "de" | "di")) {
            self.at += 1;
        }
    }

    /// A day of the month, with its ordinal ending if it has one.
    fn day(&mut self) -> Option<i8> {
        let day = self.number(self.at, 2).and_then(|d| i8::try_from(d).ok()).filter(|d| (1..=31).contains(d))?;
        self.at += 1;
        let tight = self.tokens.get(self.at).is_some_and(|t| !t.spaced);
        if tight && self.word().is_some_and(|w| matches!(w.as_str(), "st" | "nd" | "rd" | "th" | "er")) {
            self.at += 1;
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    #[test]
    fn days_in_many_forms() {
        let check = |text: &str, year: Option<i16>, month: i8, d: i8| {
            let tokens = tokens(text, 0..text.len(), 20);
            let found = day(text, &tokens, 0).map(|(date, _)| date);
            assert_eq!(found, Some(PartialDate { year, month, day: d }), "{text}");
        };
        check("September 29. More", None, 9, 29);
        check("Sept. 29, 2016 -", Some(2016), 9, 29);
        check("APR 07 -", None, 4, 7);
        check("April, 13 -", None, 4, 13);
        check("29th of September 2016", Some(2016), 9, 29);
        check("Thursday, 29 Sept (X)", None, 9, 29);
        check("12. September (dpa)", None, 9, 12);
        check("12 août 2016", Some(2016), 8, 12);
        check("29 de septiembre de 2016", Some(2016), 9, 29);
        check("1er mars", None, 3, 1);
        check("19.07.2016(updated", Some(2016), 7, 19);
        check("2016-09-29", Some(2016), 9, 29);
        check("Feb 29 -", None, 2, 29);
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "February 30 -",
            "May the",
            "MAR8 --",
            "31 people",
            "September 2016",
            "10.5 pct",
            "1999-2000",
            "March 1987",
        ] {
            let tokens = tokens(text, 0..text.len(), 20);
            assert_eq!(day(text, &tokens, 0), None, "{text}");
        }
    }
}
