//! Counts: number, bounds, qualifier, what is counted, of how many, and what happened to them.

use std::ops::Range;

use record::{Measure, Qualifier};

use crate::Page;
use crate::times::Time;

/// A count of something, or an unnumbered plural or single victim ("civilians were killed", "a child died").
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Tokens of number and noun with qualifier: "about 100 other people", "18 out of 31 trucks".
    pub tokens: Range<usize>,
    /// Tokens of the number itself; empty for an unnumbered noun.
    pub number: Range<usize>,
    /// The head token of what is counted; `None` for a bare number ("killed 62").
    pub noun: Option<usize>,
    /// Lower bound.
    pub low: Option<u64>,
    /// Upper bound.
    pub high: Option<u64>,
    /// How the number is put.
    pub qualifier: Qualifier,
    /// The denominator.
    pub of: Option<u64>,
    /// What is counted, as a plural group: "people", "Syrian troops".
    pub group: String,
    /// What happened to them, where the clause tells.
    pub measure: Option<Measure>,
    /// The word that tells it ("killed", "toll", "wounded").
    pub measure_token: Option<usize>,
    /// "reportedly" and its like.
    pub hedged: bool,
    /// What kind of thing the number is where it is no count of victims or goods: "a distance", "an age", "money", …
    pub not_a_count: Option<&'static str>,
}

/// Finds the quantities of a page, in order.
pub fn read(page: &Page, times: &[Time]) -> Vec<Quantity> {
    let _ = (page, times);
    Vec::new()
}
