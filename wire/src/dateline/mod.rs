//! Datelines: the opening of a dispatch that says where, when and by which agency it was filed.
//!
//! `WASHINGTON, September 29. /TASS/.` · `BEIRUT (Reuters) -` · `GENEVA, 12 Sept 2016 (AFP) –` · `afrol News, 23 April -` ·
//! `(New York, September 12, 2016) –` · `DAMASCUS, Syria —`
//!
//! A dateline is read as a row of parts (places, day, agency, in the orders that agencies use) and an end mark, and is
//! believed by the evidence in it: with a day and a dash any name will do for the place; with an agency the table knows,
//! also; with neither, only a place the table knows, or capitals with a region or a long dash, before the beginning of a
//! sentence. Prose that begins with a name must not be taken for one.
//!
//! Limits: the first [`TOKENS`] words and signs of a paragraph are looked at; a dateline behind other words on the same
//! line is taken only in capitals and with an agency or a day.

mod calendar;
mod names;
mod parse;
mod tokens;

use std::ops::Range;

use record::PartialDate;

pub use calendar::{day, is_weekday, month};
pub use names::agency_called;
pub use tokens::{Kind, tokens};

use parse::{Strength, parse};

/// How many tokens of a paragraph are looked at.
const TOKENS: usize = 64;

/// A dateline found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bytes, end mark included.
    pub bytes: Range<usize>,
    /// The place as written, region included, the first where there are several.
    pub place: Option<String>,
    /// The day as written.
    pub written: Option<PartialDate>,
    /// The agency.
    pub agency: Option<String>,
    /// Day or agency prove it; a mere name before a dash does not.
    pub certain: bool,
}

/// The dateline that opens the paragraph `text[bytes]`, or that stands in its head behind a time stamp or headline.
pub fn find(text: &str, bytes: Range<usize>) -> Option<Found> {
    let tokens = tokens(text, bytes, TOKENS);
    let first = parse::first(&tokens);
    if let Some(found) = parse(text, &tokens, first, Strength::Any) {
        return Some(found);
    }
    // Behind other words: where capitals begin.
    let capitals = |i: usize| tokens.get(i).is_some_and(|t| parse::in_capitals(text, t));
    let mut starts = (first + 1..tokens.len()).filter(|&i| capitals(i) && (i == 0 || !capitals(i - 1)));
    starts.find_map(|i| parse(text, &tokens, i, Strength::Proven))
}

#[cfg(test)]
mod tests;
