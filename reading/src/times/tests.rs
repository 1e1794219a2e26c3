//! Sentences of our own and what must be read from them. Published on Thursday, September 29, 2016, unless said.

use jiff::civil::{Date, date};
use language::Pipeline;
use record::{Block, BlockKind, Dateline, Dispatch, PartialDate, PublishedBasis, TextIndex};

use super::{Time, published, read};
use crate::Page;

fn dispatch(text: &str) -> Dispatch {
    let layout = text.split_inclusive("\n\n").scan(0, |at, p| {
        let start = *at;
        *at += p.len();
        Some(Block { kind: BlockKind::Paragraph, bytes: start..start + p.trim_end().len() })
    });
    Dispatch {
        id: "t".to_owned(),
        outlet: None,
        agency: None,
        url: None,
        headline: None,
        dek: None,
        language: None,
        sha256: String::new(),
        dateline: None,
        published: None,
        published_basis: None,
        editorial: None,
        sections: Vec::new(),
        layout: layout.collect(),
        text: text.to_owned(),
        notes: Vec::new(),
    }
}

fn times(text: &str, on: Option<Date>) -> Vec<(String, Time)> {
    let (pipeline, atlas, dispatch) = (Pipeline::new(), atlas::Atlas::new(), dispatch(text));
    let page = Page::new(&dispatch, &pipeline, &atlas);
    read(&page, on).into_iter().map(|t| (page.analysis.text_of(t.tokens.clone()).to_owned(), t)).collect()
}

/// The times of `text` are these words with these values, and no others.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let found = times(text, Some(date(2016, 9, 29)));
    let found: Vec<(&str, &str)> = found.iter().map(|(words, t)| (words.as_str(), t.value.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn weekdays_are_the_last_on_or_before_the_day_of_report_unless_the_verb_looks_ahead() {
    check("Jets hit the depot on Thursday, a monitor said.", &[("Thursday", "2016-09-29")]);
    check("A convoy was shelled on Monday.", &[("Monday", "2016-09-26")]);
    check("The envoys will meet on Monday.", &[("Monday", "2016-10-03")]);
    check("He was detained last Friday.", &[("last Friday", "2016-09-23")]);
    check("Talks resume next Tuesday.", &[("next Tuesday", "2016-10-04")]);
    check("The shop burned on Saturday night.", &[("Saturday night", "2016-09-24TNI")]);
}

#[test]
fn dates_find_their_year() {
    check("On Monday, September 19, the truce ended.", &[("Monday, September 19", "2016-09-19")]);
    check(
        "The truce began on 12 September and ended a week later.",
        &[("12 September", "2016-09-12"), ("a week later", "2016-09-19")],
    );
    check("The deal was signed on September 9, 2016.", &[("September 9, 2016", "2016-09-09")]);
    check("Heavy fire was reported on December 30.", &[("December 30", "2015-12-30")]);
    check("The vote is due on December 15.", &[("December 15", "2016-12-15")]);
    check("In August 2013 gas was used.", &[("August 2013", "2013-08")]);
    check("The list is dated 2016-09-28.", &[("2016-09-28", "2016-09-28")]);
}

#[test]
fn stretches_and_lengths() {
    check("The war began in 2011.", &[("2011", "2011")]);
    check("Shelling grew last week.", &[("last week", "2016-W38")]);
    check("Ten villages fell in the past few days.", &[("the past few days", "PXD")]);
    check("She fled three years ago.", &[("three years ago", "2013")]);
    check("The road was cut earlier this month.", &[("earlier this month", "2016-09")]);
    check("A two-year siege was lifted.", &[("two-year", "P2Y")]);
    check("They held out for six months.", &[("six months", "P6M")]);
    check("Guns fire every day.", &[("every day", "P1D")]);
    check("Such raids were rare in the 1990s.", &[("the 1990s", "199")]);
    check("The raid came at 3 am local time on Wednesday.", &[("3 am local time on Wednesday", "2016-09-28T03:00")]);
    check("Losses rose in the second quarter of 2016.", &[("the second quarter of 2016", "2016-Q2")]);
}

#[test]
fn words_that_only_look_like_times() {
    check("May the talks succeed, he said; they may resume.", &[]);
    check("Troops march on the town for the second time.", &[]);
    check("He paid 2,000 dollars for 12 rifles.", &[]);
    check("A six-year-old boy was hurt.", &[]);
    check("The 1,500 people left.", &[]);
}

#[test]
fn a_stretch_has_its_first_and_last_day() {
    let ends = |text: &str| {
        let found = times(text, Some(date(2016, 9, 29)));
        found.first().and_then(|(_, t)| t.start.zip(t.end)).map(|(s, e)| format!("{s} {e}"))
    };
    assert_eq!(ends("It fell in July.").as_deref(), Some("2016-07-01 2016-07-31"));
    assert_eq!(ends("It lasted from 12-19 September.").as_deref(), Some("2016-09-12 2016-09-19"));
    assert_eq!(ends("It fell over the past two weeks.").as_deref(), Some("2016-09-15 2016-09-29"));
    assert_eq!(ends("It lasted for two weeks."), None);
}

#[test]
fn without_a_day_of_publication_values_keep_their_holes() {
    let values: Vec<String> =
        times("On Thursday and last week, and on May 3.", None).into_iter().map(|(_, t)| t.value).collect();
    assert_eq!(values, ["XXXX-WXX-4", "PAST_REF", "XXXX-05-03"]);
}

fn publication(dateline: PartialDate, text: &str) -> (Option<Date>, Option<PublishedBasis>, Vec<i16>) {
    let (pipeline, atlas) = (Pipeline::new(), atlas::Atlas::new());
    let mut dispatch = dispatch(text);
    let span = TextIndex::new(text).span(0..0);
    dispatch.dateline = Some(Dateline { span, place: None, date: None, agency: None, written: Some(dateline) });
    published(&Page::new(&dispatch, &pipeline, &atlas))
}

#[test]
fn a_dateline_without_a_year_gets_the_latest_that_the_weekdays_allow() {
    let day = PartialDate { year: None, month: 9, day: 29 };
    let (on, basis, others) =
        publication(day, "The ministry said on Thursday that the truce of Monday, September 12, was broken.");
    assert_eq!(basis, Some(PublishedBasis::Inferred));
    assert_eq!(on, Some(date(2022, 9, 29)), "others: {others:?}");
    assert!(others.contains(&2016));
    assert_eq!(publication(day, "The ministry spoke of a truce."), (None, None, Vec::new()));
    let whole = PartialDate { year: Some(2015), ..day };
    assert_eq!(publication(whole, "Nothing else.").0, Some(date(2015, 9, 29)));
}

#[test]
fn an_event_cannot_follow_the_dispatch_and_a_year_in_the_text_bounds_it() {
    let day = PartialDate { year: None, month: 9, day: 29 };
    let (_, _, others) = publication(day, "The ministry said on Thursday that the war, begun in 2011, went on.");
    assert!(others.iter().all(|y| *y >= 2011), "{others:?}");
}

#[test]
fn offices_held_settle_the_year() {
    let day = PartialDate { year: None, month: 9, day: 29 };
    let (on, basis, others) = publication(
        day,
        "U.S. Secretary of State John Kerry and UN Secretary-General Ban Ki-moon spoke on Thursday about the truce.",
    );
    assert_eq!((on, basis), (Some(date(2016, 9, 29)), Some(PublishedBasis::Inferred)), "others: {others:?}");
    let (on, ..) = publication(day, "Former Secretary of State John Kerry spoke on Thursday about the truce.");
    assert_ne!(on, Some(date(2016, 9, 29)));
}
