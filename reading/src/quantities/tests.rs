//! Sentences of our own and what must be counted in them.

use language::Pipeline;
use record::{Dispatch, Measure, Qualifier};

use super::{Quantity, read};
use crate::{Page, times};

fn quantities(text: &str) -> Vec<(String, Quantity)> {
    let (pipeline, atlas) = (Pipeline::new(), atlas::Atlas::new());
    let dispatch = Dispatch {
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
        layout: Vec::new(),
        text: text.to_owned(),
        notes: Vec::new(),
    };
    let page = Page::new(&dispatch, &pipeline, &atlas);
    let times = times::read(&page, None);
    read(&page, &times).into_iter().map(|q| (page.analysis.text_of(q.tokens.clone()).to_owned(), q)).collect()
}

type Expected = (Measure, Option<u64>, Option<u64>, Qualifier);

/// What happened to how many, in order; numbers without a measure are left out.
#[track_caller]
fn check(text: &str, expected: &[Expected]) {
    let found = quantities(text);
    let found: Vec<Expected> =
        found.iter().filter_map(|(_, q)| Some((q.measure?, q.low, q.high, q.qualifier))).collect();
    assert_eq!(found, expected, "{text}");
}

fn exact(measure: Measure, n: u64) -> Expected {
    (measure, Some(n), Some(n), Qualifier::Exact)
}

fn vague(measure: Measure) -> Expected {
    (measure, None, None, Qualifier::Vague)
}

#[test]
fn bounds_follow_the_qualifier() {
    check("At least 43 people were killed.", &[(Measure::Killed, Some(43), None, Qualifier::AtLeast)]);
    check("More than 30 villagers were injured.", &[(Measure::Injured, Some(30), None, Qualifier::MoreThan)]);
    check("Up to 20 soldiers were killed.", &[(Measure::Killed, None, Some(20), Qualifier::UpTo)]);
    check("Nearly 70 children were killed.", &[(Measure::Killed, Some(70), Some(70), Qualifier::About)]);
    check("Between 10 and 15 guards were wounded.", &[(Measure::Injured, Some(10), Some(15), Qualifier::Exact)]);
    check("Some 20 to 30 men were arrested.", &[(Measure::Captured, Some(20), Some(30), Qualifier::Exact)]);
    check("A dozen fighters were captured.", &[exact(Measure::Captured, 12)]);
    check("Dozens of civilians were killed.", &[vague(Measure::Killed)]);
    check("Several hundred people were displaced.", &[vague(Measure::Displaced)]);
}

#[test]
fn what_happened_is_told_by_verb_participle_or_noun() {
    check(
        "The raid left 62 troops killed and about 100 others injured.",
        &[exact(Measure::Killed, 62), (Measure::Injured, Some(100), Some(100), Qualifier::About)],
    );
    check("The shell hit a market, killing 31 people.", &[exact(Measure::Killed, 31)]);
    check("Gunmen killed five guards and wounded ten.", &[exact(Measure::Killed, 5), exact(Measure::Injured, 10)]);
    check("The death toll rose to 112.", &[exact(Measure::Killed, 112)]);
    check("The blast claimed the lives of 20 people.", &[exact(Measure::Killed, 20)]);
    check("Police announced the arrest of three men.", &[exact(Measure::Captured, 3)]);
    check("The strike destroyed 13 trucks.", &[exact(Measure::Destroyed, 13)]);
    check("Nine people are missing.", &[exact(Measure::Missing, 9)]);
    check("Seven people died in the fire.", &[exact(Measure::Killed, 7)]);
    check("Two drivers were shot dead.", &[exact(Measure::Killed, 2)]);
    check("Four houses were set on fire.", &[exact(Measure::Destroyed, 4)]);
}

#[test]
fn one_number_may_tell_two_things_or_either() {
    check(
        "The bomb went off, killing and wounding dozens of people.",
        &[vague(Measure::Killed), vague(Measure::Injured)],
    );
    check("Forty people were killed or wounded.", &[exact(Measure::KilledOrInjured, 40)]);
}

#[test]
fn victims_without_a_number() {
    check("Civilians were killed in the raid.", &[vague(Measure::Killed)]);
    check("A policeman was killed.", &[exact(Measure::Killed, 1)]);
    check("The rebels attacked a village.", &[]);
    check("The army destroyed a bridge.", &[exact(Measure::Destroyed, 1)]);
}

#[test]
fn a_fraction_has_its_denominator() {
    let found = quantities("A total of 18 out of 31 trucks were damaged.");
    let (words, q) = found.first().unwrap();
    assert_eq!((q.low, q.of, q.measure), (Some(18), Some(31), Some(Measure::Damaged)), "{words}");
    assert_eq!(q.group, "trucks");
}

#[test]
fn a_part_knows_its_whole() {
    let found = quantities("At least 43 people, including 3 children, were killed.");
    assert_eq!(found.len(), 2);
    assert_eq!((found[1].1.part_of, found[1].1.measure, found[1].1.low), (Some(0), Some(Measure::Killed), Some(3)));
    assert_eq!(found[1].1.group, "children");
}

#[test]
fn numbers_that_count_nobody_say_what_they_are() {
    let reasons = |text: &str| -> Vec<Option<&'static str>> {
        quantities(text).into_iter().map(|(_, q)| q.not_a_count).collect()
    };
    assert_eq!(reasons("The town lies 40 km from the border."), [Some("a distance")]);
    assert_eq!(reasons("They demanded $5 million."), [Some("money")]);
    assert_eq!(reasons("Turnout was 37 percent."), [Some("a percentage")]);
    assert_eq!(reasons("The 6-year-old boy smiled."), [Some("an age")]);
    assert_eq!(reasons("A vote on Resolution 2254 is near."), [Some("a rank or unit number")]);
}

#[test]
fn hearsay_is_marked() {
    let found = quantities("Twelve men were reportedly killed. Six men were killed.");
    let hedged: Vec<bool> = found.iter().map(|(_, q)| q.hedged).collect();
    assert_eq!(hedged, [true, false]);
}
