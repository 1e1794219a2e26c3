//! Victims without a number: "civilians were killed" (vague), "a policeman", "his brother", "the journalist Ada Brown" (one).
//!
//! Only what stands directly under a word of harm: the object or passive subject of a verb, the subject of "die", what
//! follows "of" behind "killing". People are known by `people_nouns.tsv`, by their names, or as a people ("Syrians");
//! things count only under words of damage.

use language::{Dep, EntityLabel, Pos, Tag};
use record::{Measure, Qualifier};

use super::measure::{Told, Tree};
use super::words::{Kind, Words};
use super::{Quantity, group, plural};
use crate::Page;

/// Finds them; `taken` are the tokens of numbered quantities, `timed` those of times.
pub fn read(page: &Page, tree: &Tree, taken: &[bool], timed: &[bool]) -> Vec<Quantity> {
    let a = tree.a;
    let mut found = Vec::new();
    for i in 0..a.len() {
        let pos = a.tokens()[i].pos;
        let free = |i: usize| !taken.get(i).copied().unwrap_or(true) && !timed.get(i).copied().unwrap_or(true);
        if !matches!(pos, Pos::Noun | Pos::Propn | Pos::Pron) || !free(i) {
            continue;
        }
        let Some(number) = bare(page, tree, i) else { continue };
        let told = tree.measures(i, &(i..i + 1), false);
        for (measure, token) in told.into_iter().take(2).filter(|t| fits(page, i, *t)) {
            let single = number == Grammatical::Single;
            let start = phrase_start(page, i).max(page.blocks.get(page.block_of(i)).map_or(0, |b| b.tokens.start));
            let start = (start..=i).rev().take_while(|k| free(*k)).last().unwrap_or(i);
            // "31-year-old teacher": what is left of a number taken does not open the phrase.
            let old = (start..i).rev().find(|&k| k > 0 && a.word(k) == "old" && a.word(k - 1) == "-");
            let start = old.map_or(start, |k| k + 1);
            let start = (start..i).find(|&k| a.tokens()[k].pos != Pos::Punct).unwrap_or(i);
            let named = a.entity_of(i).filter(|e| e.label == EntityLabel::Person);
            found.push(Quantity {
                tokens: start..i + 1,
                number: start..start,
                noun: Some(i),
                low: single.then_some(1),
                high: single.then_some(1),
                qualifier: if single { Qualifier::Exact } else { Qualifier::Vague },
                of: None,
                group: if named.is_some() || pos == Pos::Pron {
                    "people".to_owned()
                } else if single && start == i {
                    plural(a, i)
                } else {
                    group(a, i, &(start..i))
                },
                measure: Some(measure),
                measure_token: Some(token),
                hedged: false,
                part_of: None,
                not_a_count: None,
            });
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grammatical {
    Single,
    Plural,
}

/// Whether a noun without a number can be counted as one or as several.
fn bare(page: &Page, tree: &Tree, i: usize) -> Option<Grammatical> {
    let a = tree.a;
    let token = &a.tokens()[i];
    if matches!(token.dep, Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Nummod) {
        return None;
    }
    if a.children(i)
        .any(|c| matches!(a.tokens()[c].dep, Dep::Nummod | Dep::Neg) || a.word(c).eq_ignore_ascii_case("no"))
    {
        return None;
    }
    if let Some(entity) = a.entity_of(i) {
        if entity.label == EntityLabel::Person {
            // One-word names of towns are taken for people by the model.
            let town = entity.start + 1 == entity.end && !page.atlas.places(a.word(i)).is_empty();
            return (entity.end as usize == i + 1 && !town).then_some(Grammatical::Single);
        }
        let places = matches!(
            entity.label,
            EntityLabel::Gpe
                | EntityLabel::Loc
                | EntityLabel::Org
                | EntityLabel::Fac
                | EntityLabel::Date
                | EntityLabel::Time
        );
        if places && token.pos == Pos::Propn {
            return None;
        }
    }
    match token.tag {
        Tag::Prp => {
            matches!(a.word(i).to_lowercase().as_str(), "he" | "she" | "him" | "her").then_some(Grammatical::Single)
        }
        Tag::Nns | Tag::Nnps => Some(Grammatical::Plural),
        Tag::Nn if matches!(a.lemma(i), "people" | "staff" | "police" | "personnel") => Some(Grammatical::Plural),
        Tag::Nn => {
            // "a man", "the driver", "his brother", "my brother", "another woman"; not "violence".
            let determined = a.children(i).any(|c| matches!(a.tokens()[c].dep, Dep::Det | Dep::Poss));
            (determined || Words::get().person(a.lemma(i))).then_some(Grammatical::Single)
        }
        Tag::Nnp if page.atlas.demonym(a.word(i)).is_some() => Some(Grammatical::Single),
        _ => None,
    }
}

/// Whether a measure suits the noun: things are damaged, people are killed, and either is captured only as told.
fn fits(page: &Page, i: usize, (measure, token): Told) -> bool {
    let a = &page.analysis;
    let lemma = a.lemma(i).to_lowercase();
    let words = Words::get();
    if words.measure(&lemma, Kind::Counted).is_some()
        || words.measure(&lemma, Kind::NounOf).is_some()
        || words.measure(&lemma, Kind::Toll).is_some()
    {
        return false;
    }
    let person = words.person(&lemma)
        || a.entity_of(i).is_some_and(|e| matches!(e.label, EntityLabel::Person | EntityLabel::Norp))
        || a.tokens()[i].pos == Pos::Pron
        || page.atlas.demonym(a.word(i)).is_some();
    match measure {
        Measure::Destroyed | Measure::Damaged | Measure::DamagedOrDestroyed => {
            // "the damaged buses" only describes.
            let describes = a.tokens()[token].dep == Dep::Amod
                && (a.tokens()[i].tag == Tag::Nn || a.children(i).any(|c| a.word(c).eq_ignore_ascii_case("the")));
            !person
                && !describes
                && token != i
                && a.tokens()[i].pos == Pos::Noun
                && !matches!(a.tokens()[i].tag, Tag::Nn if !a.children(i).any(|c| matches!(a.word(c), "a" | "an")))
        }
        Measure::Other => false,
        _ => person,
    }
}

/// Where the noun phrase of `i` begins: its modifiers directly to the left.
fn phrase_start(page: &Page, i: usize) -> usize {
    let a = &page.analysis;
    let left = a.children(i).filter(|c| {
        *c < i && matches!(a.tokens()[*c].dep, Dep::Det | Dep::Amod | Dep::Compound | Dep::Poss | Dep::Nmod)
    });
    left.map(|c| a.subtree(c).start).min().unwrap_or(i).max(i.saturating_sub(8))
}
