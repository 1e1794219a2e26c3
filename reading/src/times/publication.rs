//! The day of publication, where nobody gave it: the dateline's day and month, and a year that everything else fits.
//!
//! A year fits when every weekday written beside a date falls on that date in it, when the weekday of the first reported
//! event is that of the dateline or the day before, when no event is dated after it, and when everybody named with an
//! office held it. The latest year that satisfies all is taken, the others are returned so that the reader can say so.
//! Without any such evidence there is no year and no day of publication: the latest year alone would be a guess.

use std::collections::HashSet;
use std::ops::Range;

use jiff::civil::{Date, Weekday};
use language::{EntityLabel, Pipeline};
use record::{BlockKind, Dispatch, PartialDate, PublishedBasis};

use super::calendar::{self, Unit};
use super::grammar::{Meaning, YearRef};
use super::terms::{Class, Terms};
use super::{matches, tense};
use crate::Page;

/// The first year tried; the offices table begins about there.
const FIRST_YEAR: i16 = 1990;
/// The last year tried: the one up to which the offices table was last brought up to date. There is no clock to ask.
const LAST_YEAR: i16 = 2026;
/// How many of the first weekdays told in the past must fit the dateline.
const LEADING: usize = 2;
/// How many tokens before a name an office may begin.
const TITLE: usize = 8;

/// The day of publication and what it comes from; the third value lists other years that fit.
pub fn published(page: &Page) -> (Option<Date>, Option<PublishedBasis>, Vec<i16>) {
    if page.dispatch.published.is_some() {
        return (page.dispatch.published, page.dispatch.published_basis, Vec::new());
    }
    let Some(written) = page.dispatch.dateline.as_ref().and_then(|d| d.written) else {
        return (None, None, Vec::new());
    };
    if let Some(year) = written.year {
        let day = calendar::date(year, written.month, written.day);
        return (day, day.map(|_| PublishedBasis::Dateline), Vec::new());
    }
    let evidence = Evidence::of(page);
    let years = evidence.years(written);
    match years.split_last() {
        Some((year, others)) => {
            let day = calendar::date(*year, written.month, written.day);
            (day, day.map(|_| PublishedBasis::Inferred), others.to_vec())
        }
        None => (None, None, Vec::new()),
    }
}

/// How many of the first lines may date the page, and how many bytes such a line may have.
const DATE_LINES: usize = 6;
const DATE_LINE: usize = 60;

/// The day that a line of its own at the top of the page bears: "Published September 25, 2016", "Saturday 24 Sep 2016".
/// A page cannot have been published before it: a day of publication given that lies before it is one of filing.
pub fn date_line(dispatch: &Dispatch, pipeline: &Pipeline) -> Option<Date> {
    let text = dispatch.text.as_str();
    let beside =
        |b: &&record::Block| !matches!(b.kind, BlockKind::Headline | BlockKind::Paragraph | BlockKind::Heading);
    let year = |b: &&record::Block| {
        let line = text.get(b.bytes.clone()).unwrap_or_default();
        line.len() <= DATE_LINE && line.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4)
    };
    let lines: Vec<Range<usize>> =
        dispatch.layout.iter().take(DATE_LINES).filter(beside).filter(year).map(|b| b.bytes.clone()).collect();
    if lines.is_empty() {
        return None;
    }
    let analysis = pipeline.analyse_blocks(text, &lines);
    let mut terms = Terms::new(&analysis);
    lines.into_iter().find_map(|line| {
        let tokens = analysis.tokens_in(line);
        terms.limit = tokens.end;
        matches(&terms, tokens).find_map(|(_, meaning)| match meaning {
            Meaning::Day { year: YearRef::Given(year), month, day: Some(day), .. } => calendar::date(year, month, day),
            _ => None,
        })
    })
}

/// The dateline's day with its year: the written one, else the one that brings it nearest to the day of publication.
pub fn dateline_date(written: PartialDate, published: Option<Date>) -> Option<Date> {
    if let Some(year) = written.year {
        return calendar::date(year, written.month, written.day);
    }
    let published = published?;
    let year = published.year();
    let near = [year - 1, year, year + 1].into_iter().filter_map(|y| calendar::date(y, written.month, written.day));
    near.min_by_key(|d| ((*d - published).get_days().abs(), *d))
}

/// What the page says that only some years can satisfy.
#[derive(Debug, Default)]
struct Evidence {
    /// "Monday, September 19".
    dated_weekdays: Vec<(Weekday, i8, i8)>,
    /// "on Thursday", told in the past, in order of the text.
    weekdays: Vec<Weekday>,
    /// The latest year that something is said to have happened in.
    not_before: Option<i16>,
    /// When each office named was held.
    offices: Vec<Vec<(Option<Date>, Option<Date>)>>,
}

impl Evidence {
    fn of(page: &Page) -> Evidence {
        let mut evidence = Evidence { offices: offices(page), ..Evidence::default() };
        let mut terms = Terms::new(&page.analysis);
        for block in &page.blocks {
            terms.limit = block.tokens.end;
            for (tokens, meaning) in matches(&terms, block.tokens.clone()) {
                let to_come = || tense(page, &terms, tokens.clone()) > 0;
                match meaning {
                    Meaning::Day { year: YearRef::None, month, day: Some(day), weekday: Some(w), .. } => {
                        evidence.dated_weekdays.extend(calendar::weekday(w).map(|w| (w, month, day)));
                    }
                    Meaning::Weekday { day, turn: None } if !to_come() => {
                        evidence.weekdays.extend(calendar::weekday(day));
                    }
                    Meaning::Year(y) | Meaning::Day { year: YearRef::Given(y), .. }
                        if !deadline(&terms, tokens.start) && !to_come() =>
                    {
                        evidence.not_before = Some(evidence.not_before.map_or(y, |b| b.max(y)));
                    }
                    _ => {}
                }
            }
        }
        evidence
    }

    /// The years that fit, oldest first; empty without evidence, or where nothing fits.
    fn years(&self, written: PartialDate) -> Vec<i16> {
        let day = |y| calendar::date(y, written.month, written.day);
        let held = |y: i16| {
            let Some(on) = day(y) else { return false };
            let covers =
                |(from, to): &(Option<Date>, Option<Date>)| from.is_none_or(|f| f <= on) && to.is_none_or(|t| on <= t);
            self.offices.iter().all(|periods| periods.iter().any(covers))
        };
        let dated = |y: i16| {
            // A date beside a weekday may lie in the year before ("Friday, December 30" in a dispatch of January).
            self.dated_weekdays.iter().all(|(weekday, month, date)| {
                let near = day(y)
                    .and_then(|on| dateline_date(PartialDate { year: None, month: *month, day: *date }, Some(on)));
                near.is_some_and(|d| d.weekday() == *weekday)
            })
        };
        let after = |y: i16| self.not_before.is_none_or(|b| y >= b);
        let leading = |y: i16, back: i64| {
            let Some(on) = day(y) else { return false };
            self.weekdays
                .iter()
                .take(LEADING)
                .all(|w| (0..=back).any(|n| calendar::add(on, Unit::Day, -n).is_some_and(|d| d.weekday() == *w)))
        };
        let years = || (FIRST_YEAR..=LAST_YEAR).filter(|y| day(*y).is_some() && held(*y) && after(*y));
        // Weekdays are sometimes wrong and events sometimes older: loosen one step at a time, but never the offices.
        let weekdays_told = !self.weekdays.is_empty();
        let attempts: [&dyn Fn(i16) -> bool; 4] = [
            &|y| weekdays_told && dated(y) && leading(y, 0),
            &|y| weekdays_told && dated(y) && leading(y, 1),
            &|y| !self.dated_weekdays.is_empty() && dated(y),
            &|_| !self.offices.is_empty(),
        ];
        for attempt in attempts {
            let fit: Vec<i16> = years().filter(|y| attempt(*y)).collect();
            if !fit.is_empty() {
                return fit;
            }
        }
        Vec::new()
    }
}

/// "by 2030", "until 2019": a year that need not have come.
fn deadline(terms: &Terms, i: usize) -> bool {
    i > 0 && matches!(terms.word(i - 1), "by" | "until" | "till" | "through" | "before" | "to")
}

/// When the offices of the persons named with their office were held: one list of periods a person.
fn offices(page: &Page) -> Vec<Vec<(Option<Date>, Option<Date>)>> {
    let a = &page.analysis;
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for entity in a.entities().iter().filter(|e| e.label == EntityLabel::Person) {
        let name = a.text_of(entity.tokens());
        if !seen.insert(name) {
            continue;
        }
        let start = entity.start as usize;
        let sentence = a.sentences().get(a.sentence_of(start)).map_or(start, |s| s.start);
        let title: Vec<String> =
            (start.saturating_sub(TITLE).max(sentence)..start + 1).map(|i| a.word(i).to_lowercase()).collect();
        if title.iter().any(|w| super::terms::entries(w).iter().any(|e| e.class == Class::Former)) {
            continue;
        }
        for person in page.atlas.persons(name) {
            let named = |office: &&atlas::Office| {
                let words: Vec<String> = office.title.to_lowercase().split_whitespace().map(str::to_owned).collect();
                !words.is_empty() && words.iter().all(|w| title.contains(w))
            };
            let held: Vec<_> = person.offices.iter().filter(named).map(|o| (o.from, o.to)).collect();
            if !held.is_empty() {
                all.push(held);
                break;
            }
        }
    }
    all
}
