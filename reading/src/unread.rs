//! The completeness account: every quotation, number and date of the body is used by an item or listed with a reason.
//!
//! Used is what overlaps a span of a statement, incident or accord. A date has no span of its own in an item: it is
//! used where an item in its sentence has its day. What is left gets the reason that best tells a reader why: a number
//! what it counts (`data/reading/unread.toml`), a quotation its length, a date its kind.
//!
//! One pass over quotations, numbers and times, with a binary search each: linear in the text, but for the sort.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use jiff::civil::Date;
use language::{EntityLabel, Pos, Tag};
use record::{Accord, BlockKind, Incident, Span, TimeKind, Unread, UnreadKind};
use serde::Deserialize;

use crate::Page;
use crate::lexicon;
use crate::reader::Found;
use crate::times::Time;

/// The table's text.
pub const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/unread.toml"));

#[derive(Debug, Deserialize)]
struct File {
    reason: Vec<Reason>,
}

#[derive(Debug, Deserialize)]
struct Reason {
    why: String,
    nouns: Vec<String>,
}

/// Reasons by what is counted.
fn reasons() -> &'static BTreeMap<String, String> {
    static REASONS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    REASONS.get_or_init(|| {
        let file: File = lexicon::parse("unread.toml", TEXT);
        file.reason.into_iter().flat_map(|r| r.nouns.into_iter().map(move |n| (n, r.why.clone()))).collect()
    })
}

/// A quotation of at most so many tokens that is no statement is a word or name in quotation marks.
const SCARE: usize = 5;

/// Lists what no item uses, in order of the text.
pub fn read(page: &Page, found: &Found, incidents: &[Incident], accords: &[Accord]) -> Vec<Unread> {
    let used = Used::new(page, found, incidents, accords);
    let mut list = Vec::new();
    let mut add = |bytes: Range<usize>, what, why: &str| {
        if !bytes.is_empty() && in_body(page, &bytes) && !used.overlaps(&bytes) {
            list.push(Unread { span: page.span(bytes), what, why: why.to_owned() });
        }
    };
    for quote in &page.quotes.quotes {
        let why = if quote.tokens.len() <= SCARE { "scare quotes" } else { "no source found" };
        add(quote.bytes.clone(), UnreadKind::Quotation, why);
    }
    for time in &found.times {
        if !used.dated(page, time) {
            add(page.analysis.bytes(time.tokens.clone()), UnreadKind::Date, of_time(time));
        }
    }
    for (tokens, why) in numbers(page, found) {
        add(page.analysis.bytes(tokens), UnreadKind::Number, &why);
    }
    list.sort_by_key(|a| (a.span.start, a.what, a.span.end));
    list
}

/// Whether the bytes stand in running text.
fn in_body(page: &Page, bytes: &Range<usize>) -> bool {
    let at = page.blocks.partition_point(|b| b.bytes.end <= bytes.start);
    page.blocks.get(at).is_some_and(|b| b.kind == BlockKind::Paragraph && b.bytes.start <= bytes.start)
}

/// The numbers outside time expressions, each with the reason why it might not be used.
fn numbers(page: &Page, found: &Found) -> Vec<(Range<usize>, String)> {
    let a = &page.analysis;
    let mut list: Vec<(Range<usize>, String)> = Vec::new();
    let mut taken = vec![false; a.len()];
    let mut take = |tokens: &Range<usize>| taken.iter_mut().take(tokens.end).skip(tokens.start).for_each(|t| *t = true);
    for time in &found.times {
        take(&time.tokens);
    }
    for quantity in found.quantities.iter().filter(|q| !q.number.is_empty()) {
        take(&quantity.tokens);
        let counted = quantity.noun.or(Some(quantity.number.end)).filter(|&n| n < a.len());
        let why = counted.and_then(|n| reason(page, n)).or_else(|| quantity.not_a_count.map(str::to_owned));
        let why = why.unwrap_or_else(|| loose(page, &quantity.number));
        list.push((quantity.number.clone(), why));
    }
    let mut i = 0;
    while i < a.len() {
        let numeral = |i: usize| !taken[i] && (a.tokens()[i].pos == Pos::Num || a.tokens()[i].tag == Tag::Cd);
        let start = i;
        while i < a.len() && numeral(i) {
            i += 1;
        }
        if i > start {
            let counted = a.head(i - 1).filter(|&h| h > start).or_else(|| Some(i).filter(|&n| n < a.len()));
            let why = counted.and_then(|n| reason(page, n)).unwrap_or_else(|| loose(page, &(start..i)));
            list.push((start..i, why));
        }
        i += 1;
    }
    list
}

/// The table's reason for what is counted.
fn reason(page: &Page, noun: usize) -> Option<String> {
    let a = &page.analysis;
    let known = reasons().get(&a.lemma(noun).to_lowercase()).or_else(|| reasons().get(&a.word(noun).to_lowercase()));
    known.cloned()
}

/// The reason for a number that counts nothing in the table.
fn loose(page: &Page, number: &Range<usize>) -> String {
    let label = page.analysis.entity_of(number.start).map(|e| e.label);
    let why = match label {
        Some(EntityLabel::Money) => "money",
        Some(EntityLabel::Percent) => "a share",
        Some(EntityLabel::Quantity) => "a measurement",
        Some(EntityLabel::Ordinal) => "a rank",
        Some(EntityLabel::Date | EntityLabel::Time) => "part of a time that could not be read",
        Some(EntityLabel::Cardinal) | None => "tied to no incident",
        Some(_) => "part of a name",
    };
    why.to_owned()
}

/// The reason for a time.
fn of_time(time: &Time) -> &'static str {
    match time.kind {
        TimeKind::Duration => "a length of time",
        TimeKind::Set => "a recurring time",
        TimeKind::Date | TimeKind::Time if time.start.is_none() => "names no day",
        TimeKind::Date | TimeKind::Time => "dates no item",
    }
}

/// What the items use.
struct Used {
    /// Disjoint byte ranges, in order.
    ranges: Vec<Range<usize>>,
    /// Sentence and day of every dated item, sorted.
    days: Vec<(usize, Date)>,
}

impl Used {
    fn new(page: &Page, found: &Found, incidents: &[Incident], accords: &[Accord]) -> Used {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut days = Vec::new();
        let sentence = |byte: usize| page.analysis.sentence_of(page.analysis.tokens_in(byte..byte + 1).start);
        for s in found.statements.iter() {
            ranges.extend(s.content.iter().chain(&s.source).chain(&s.cue).chain(&s.occasion).cloned());
            let at = s.cue.as_ref().or(s.content.first()).map(|r| r.start);
            days.extend(at.zip(s.said_on).map(|(at, day)| (sentence(at), day)));
        }
        let mut spans: Vec<&Span> = Vec::new();
        for i in incidents {
            let trigger = sentence(page.index.byte(i.trigger.start));
            days.extend([i.date_start, i.date_end].into_iter().flatten().map(|day| (trigger, day)));
            spans.push(&i.trigger);
            spans.extend(i.place.iter().map(|p| &p.mention));
            spans.extend(i.claims.iter().map(|c| &c.mention));
            spans.extend(i.perpetrators.iter().map(|p| &p.mention));
            spans.extend(i.victims.iter().map(|v| &v.mention));
            spans.extend(i.figures.iter().map(|f| &f.mention));
        }
        for accord in accords {
            spans.push(&accord.mention);
            for claim in &accord.status_claims {
                spans.push(&claim.mention);
                days.extend(claim.date.map(|day| (sentence(page.index.byte(claim.mention.start)), day)));
            }
        }
        ranges.extend(spans.into_iter().map(|s| page.index.bytes(s)));
        days.sort();
        Used { ranges: disjoint(ranges), days }
    }

    fn overlaps(&self, bytes: &Range<usize>) -> bool {
        let at = self.ranges.partition_point(|r| r.end <= bytes.start);
        self.ranges.get(at).is_some_and(|r| r.start < bytes.end)
    }

    /// Whether an item of the same sentence has the time's day.
    fn dated(&self, page: &Page, time: &Time) -> bool {
        let sentence = page.analysis.sentence_of(time.tokens.start);
        [time.start, time.end].into_iter().flatten().any(|day| self.days.binary_search(&(sentence, day)).is_ok())
    }
}

/// Ranges merged where they touch, in order.
fn disjoint(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|r| !r.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether an entry of the table fired in a record, for the runner of the examples.
#[cfg(test)]
pub fn fired(entry: &crate::lexicon::examples::Entry, record: &record::Record) -> bool {
    record.unread.iter().any(|u| u.what == UnreadKind::Number && u.why == entry.field("why"))
}
