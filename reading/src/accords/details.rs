//! What a dispatch says of an accord itself: who agreed, who brokered it, where, how many papers.

use language::{Dep, EntityLabel};

use super::mentions::Mention;
use super::tree::{self, lemma};
use super::words::table;
use crate::Page;
use crate::actors;
use crate::reader::Found;

/// Those who agree: "between X and Y", "talks with X", "the X-Y deal".
pub fn parties(page: &Page, found: &Found, mentions: &[&Mention]) -> Vec<String> {
    let a = &page.analysis;
    let mut names = Vec::new();
    for m in mentions {
        for o in tree::behind(a, m.head, &["between", "with", "among"]) {
            names.extend(tree::joined(a, o).into_iter().map(|i| actors::name_of(page, &found.actors, i)));
        }
        let made = a.children(m.head).filter(|&c| matches!(a.tokens()[c].dep, Dep::Acl | Dep::Relcl));
        for v in made.filter(|&v| !table().brokers.contains(&lemma(a, v))) {
            for o in tree::behind(a, v, &["between", "by", "with"]) {
                names.extend(tree::joined(a, o).into_iter().map(|i| actors::name_of(page, &found.actors, i)));
            }
        }
        if !brokered(page, m) {
            names.extend(states(page, m));
        }
    }
    distinct(names)
}

/// Those who brokered it: "brokered by X and Y", "the X-brokered truce".
pub fn brokers(page: &Page, found: &Found, mentions: &[&Mention]) -> Vec<String> {
    let a = &page.analysis;
    let mut names = Vec::new();
    for m in mentions {
        let made =
            a.children(m.head).filter(|&c| matches!(a.tokens()[c].dep, Dep::Acl | Dep::Relcl | Dep::Amod | Dep::Appos));
        for v in made.filter(|&v| table().brokers.contains(&lemma(a, v))) {
            for o in tree::behind(a, v, &["by"]) {
                names.extend(tree::joined(a, o).into_iter().map(|i| actors::name_of(page, &found.actors, i)));
            }
        }
        if brokered(page, m) {
            names.extend(states(page, m));
        }
    }
    distinct(names)
}

/// Where it was made or holds: "the ceasefire in Syria".
pub fn place(page: &Page, found: &Found, mentions: &[&Mention]) -> Option<String> {
    let a = &page.analysis;
    mentions.iter().find_map(|m| {
        let mut objects = tree::behind(a, m.head, &["in", "for", "around"]);
        objects.find_map(|o| {
            let place = found.places.get(found.places.partition_point(|p| p.tokens.end <= o))?;
            (place.tokens.contains(&o) && !place.demonym).then(|| place.name.clone())
        })
    })
}

/// The number of papers: "a package of five documents".
pub fn documents(page: &Page, found: &Found, mentions: &[&Mention]) -> Option<u32> {
    let a = &page.analysis;
    mentions.iter().find_map(|m| {
        let from = found.quantities.partition_point(|q| q.tokens.end <= m.tokens.start);
        let inside = found.quantities.iter().skip(from).take_while(|q| q.tokens.start < m.tokens.end);
        let papers = |n: usize| table().documents.contains(&lemma(a, n));
        inside.filter(|q| q.noun.is_some_and(papers)).find_map(|q| u32::try_from(q.low?).ok())
    })
}

/// Its name: the fullest of the first mentions, without article.
pub fn name(page: &Page, mentions: &[&Mention]) -> String {
    let a = &page.analysis;
    let named = mentions.iter().filter(|m| !m.process).take(6);
    let words = |m: &Mention| {
        let start =
            m.tokens.clone().find(|&t| !matches!(a.tokens()[t].dep, Dep::Det | Dep::Poss | Dep::Case | Dep::Punct));
        actors::trimmed(a, start.unwrap_or(m.head).min(m.head)..m.tokens.end)
    };
    let best = named.map(|m| words(m)).filter(|r| r.len() <= 12).max_by_key(|r| (r.len(), std::cmp::Reverse(r.start)));
    let best = best.or_else(|| mentions.first().map(|m| m.head..m.head + 1)).unwrap_or(0..0);
    a.text_of(best).to_owned()
}

/// Whether the words before the noun say that it was brokered.
fn brokered(page: &Page, m: &Mention) -> bool {
    let a = &page.analysis;
    let word = |t: usize| {
        let word = a.word(t).to_lowercase();
        let last = word.rsplit('-').next().unwrap_or_default();
        table().brokers.contains(&lemma(a, t))
            || table().brokers.iter().any(|b| last == format!("{b}ed") || last == format!("{b}d"))
    };
    (m.tokens.start..m.head).any(word)
}

/// The states named before the noun: "the US-Russian deal".
fn states(page: &Page, m: &Mention) -> Vec<String> {
    let a = &page.analysis;
    let mut names = Vec::new();
    for t in m.tokens.start..m.head {
        let entity = a.entity_of(t).map(|e| e.label);
        if !matches!(entity, Some(EntityLabel::Gpe | EntityLabel::Norp)) && !a.word(t).contains('-') {
            continue;
        }
        for part in a.word(t).split('-').filter(|p| p.chars().next().is_some_and(char::is_uppercase)) {
            let country = page.atlas.country(part).or_else(|| page.atlas.demonym(part));
            names.extend(country.map(|c| c.name.clone()));
        }
    }
    names
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names.into_iter().filter(|n| !n.is_empty()) {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}
