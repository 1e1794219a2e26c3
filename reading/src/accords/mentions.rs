//! Where accords are named, and which mentions name the same one.
//!
//! "Ceasefire" names an accord wherever it stands; "deal" does so only where its own words say what was agreed ("an
//! evacuation deal"), or between whom ("a deal between rebels and the government"), or where it takes up one named
//! before ("the deal"). Plurals ("such agreements") and "no deal" speak of accords in general and name none.
//!
//! A dispatch has one ceasefire, under its many names, one evacuation deal, one round of talks; a resolution for each
//! section; other agreements are new where they are introduced ("an agreement") and old where they are not.

use std::ops::Range;

use language::{Dep, EntityLabel, Pos, Tag};
use record::{AccordKind, BlockKind};

use super::tree::{self, lemma, nominal};
use super::words::{Noun, table};
use crate::Page;
use crate::actors::Actors;
use crate::lexicon::Row;

/// One mention of an accord.
#[derive(Debug, Clone)]
pub struct Mention {
    /// The head of its phrase.
    pub head: usize,
    /// The phrase, as far as its first relative clause.
    pub tokens: Range<usize>,
    /// What it names, as far as the mention itself tells.
    pub kind: AccordKind,
    /// Whether its words say what was agreed or between whom.
    pub told: bool,
    /// "the", "this", "its": it takes up one that is known.
    pub definite: bool,
    /// Stands for carrying the accord out ("the evacuation").
    pub process: bool,
    /// Which accord of the page.
    pub accord: usize,
    /// The entry of its name.
    pub row: Row,
}

/// Finds the mentions of a page and gives each its accord; accords are numbered by first mention.
pub fn read(page: &Page, actors: &Actors) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < page.analysis.len() {
        match mention(page, actors, at) {
            Some((mention, next)) => {
                mentions.push(mention);
                at = next;
            }
            None => at += 1,
        }
    }
    merge(page, mentions)
}

/// The mention whose name begins at token `i`, and where its name ends.
fn mention(page: &Page, actors: &Actors, i: usize) -> Option<(Mention, usize)> {
    let a = &page.analysis;
    if matches!(a.tokens()[i].pos, Pos::Punct | Pos::Space) {
        return None;
    }
    let (noun, words) = named(page, i)?;
    let head = words.clone().find(|&t| a.head(t).is_none_or(|h| !words.contains(&h)))?;
    let token = &a.tokens()[head];
    let plural = matches!(token.tag, Tag::Nns | Tag::Nnps) && !matches!(noun.kind, Some(AccordKind::Talks));
    if !(nominal(a, head) || (noun.sure && words.len() > 1)) || plural && !noun.process {
        return None;
    }
    // "a ceasefire deal", "truce talks": the last noun is the mention.
    let outer = a.head(head).filter(|_| matches!(token.dep, Dep::Compound | Dep::Amod | Dep::Nmod));
    if outer.is_some_and(|o| named(page, o).is_some_and(|(n, _)| !n.process)) {
        return None;
    }
    let determiner = a.child(head, Dep::Det).map(|d| lemma(a, d)).unwrap_or_default();
    if ["no", "any", "every", "each", "such", "another"].contains(&determiner.as_str()) {
        return None;
    }
    let owned = a.child(head, Dep::Poss).is_some();
    let definite = owned || ["the", "this", "that", "these"].contains(&determiner.as_str());
    let tokens = tree::phrase(a, head);
    let mut kind = noun.kind.unwrap_or(AccordKind::EvacuationDeal);
    let mut told = noun.sure;
    if !noun.sure && !noun.process {
        let own: Vec<String> = tokens.clone().filter(|&t| t != head).map(|t| lemma(a, t)).collect();
        let left = head.saturating_sub(tokens.start);
        if own.iter().take(left).any(|w| table().not_accord.contains(w)) {
            return None;
        }
        let topics: Vec<String> = tree::behind(a, head, &["on", "for"]).map(|o| lemma(a, o)).collect();
        for (n, word) in own.iter().enumerate() {
            let Some(subject) = table().subjects.get(word) else { continue };
            told = true;
            // "a deal aimed at a ceasefire" is no ceasefire yet; "a ceasefire deal" and "a deal on a ceasefire" are.
            let topic = n < left || topics.contains(word) || *subject == Some(AccordKind::EvacuationDeal);
            if let (Some(subject), AccordKind::Agreement, true) = (subject, kind, topic) {
                kind = *subject;
            }
        }
        told = told || between_parties(page, actors, head, &tokens, kind);
    }
    let name = Mention { head, tokens, kind, told, definite, process: noun.process, accord: 0, row: noun.row };
    Some((name, words.end))
}

/// What a matched name is.
struct Named {
    kind: Option<AccordKind>,
    sure: bool,
    process: bool,
    row: Row,
}

/// The longest name that begins at token `i`. Hyphens between its words do not count, nor does one number or adjective
/// ("package of five documents").
fn named(page: &Page, i: usize) -> Option<(Named, Range<usize>)> {
    let a = &page.analysis;
    let first = lemma(a, i);
    let word = a.word(i).to_lowercase();
    let lists = [table().nouns.get(&first), table().nouns.get(&word).filter(|_| word != first)];
    for noun in lists.into_iter().flatten().flatten() {
        if let Some(end) = matched(page, i, noun) {
            let named = Named { kind: Some(noun.kind), sure: noun.sure, process: false, row: noun.row };
            return Some((named, i..end));
        }
    }
    let (kind, row) = *table().processes.get(&first)?;
    Some((Named { kind: Some(kind), sure: false, process: true, row }, i..i + 1))
}

/// Where the name of an accord that begins at token `i` ends: its words tell of what was agreed, not of acts ("cessation
/// of hostilities").
pub fn name_end(page: &Page, i: usize) -> Option<usize> {
    named(page, i).filter(|(noun, words)| noun.sure && words.len() > 1).map(|(_, words)| words.end)
}

fn matched(page: &Page, i: usize, noun: &Noun) -> Option<usize> {
    let a = &page.analysis;
    let mut at = i + 1;
    for word in noun.words.iter().skip(1) {
        let mut skipped = 0;
        loop {
            if at >= a.len() {
                return None;
            }
            if lemma(a, at) == *word || a.word(at).eq_ignore_ascii_case(word) {
                break;
            }
            let gap = a.word(at) == "-" || (noun.words.len() > 2 && matches!(a.tokens()[at].pos, Pos::Num | Pos::Adj));
            if !gap || skipped == 1 {
                return None;
            }
            skipped += 1;
            at += 1;
        }
        at += 1;
    }
    Some(at)
}

/// Whether an unsure noun's own words name those who agreed: "between rebels and the army", "the US-Russia deal",
/// "talks with the rebels"; or a body whose resolution it is.
fn between_parties(page: &Page, actors: &Actors, head: usize, tokens: &Range<usize>, kind: AccordKind) -> bool {
    let a = &page.analysis;
    let party = |i: usize| {
        let entity = a.entity_of(i).map(|e| e.label);
        matches!(entity, Some(EntityLabel::Gpe | EntityLabel::Norp)) || table().parties.contains(&lemma(a, i))
    };
    let names_party =
        |i: usize| a.subtree(i).take(tree::REACH).any(party) || actors.actor_at(i).is_some_and(|x| x.country.is_some());
    if kind == AccordKind::Resolution {
        let body = |i: usize| a.entity_of(i).is_some_and(|e| e.label == EntityLabel::Org);
        return (tokens.start..head).any(body) || a.head(head).is_some_and(|v| resolves(page, v));
    }
    let mut behind = tree::behind(a, head, &["between", "with", "among"]);
    if behind.any(|o| tree::joined(a, o).into_iter().any(names_party)) {
        return true;
    }
    // "a deal reached between …", "an agreement brokered by …".
    let made = a.children(head).filter(|&c| matches!(a.tokens()[c].dep, Dep::Acl | Dep::Relcl));
    for v in made {
        let told =
            table().brokers.contains(&lemma(a, v)) || tree::behind(a, v, &["between", "with", "by"]).any(names_party);
        if told {
            return true;
        }
    }
    if kind != AccordKind::Talks && (tokens.start..head).any(|i| party(i) && a.tokens()[i].dep != Dep::Det) {
        return true;
    }
    // "Russia and Turkey reached an agreement".
    let verb = a.head(head).filter(|_| matches!(a.tokens()[head].dep, Dep::Dobj | Dep::Nsubjpass));
    verb.is_some_and(|v| {
        table().verbs.contains_key(&lemma(a, v))
            && tree::doer(a, v).is_some_and(|s| tree::joined(a, s).into_iter().any(names_party))
    })
}

/// Whether the verb is one that only resolutions are subject to.
fn resolves(page: &Page, v: usize) -> bool {
    let a = &page.analysis;
    let only = |list: &Vec<super::words::Verb>| list.iter().any(|x| x.kinds.contains(&AccordKind::Resolution));
    a.tokens()[v].pos == Pos::Verb && table().verbs.get(&lemma(a, v)).is_some_and(only)
}

/// The families within which a dispatch speaks of one accord.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Ceasefire,
    Evacuation,
    Agreement,
    Talks,
    /// A resolution, with the number of headings before it.
    Resolution(usize),
}

fn family(page: &Page, m: &Mention, headings: &[usize]) -> Family {
    match m.kind {
        AccordKind::Ceasefire | AccordKind::Truce | AccordKind::CessationOfHostilities => Family::Ceasefire,
        AccordKind::EvacuationDeal => Family::Evacuation,
        AccordKind::Agreement => Family::Agreement,
        AccordKind::Talks => Family::Talks,
        AccordKind::Resolution => Family::Resolution(headings.partition_point(|&block| block <= page.block_of(m.head))),
    }
}

/// Gives each mention its accord and drops those that name none.
fn merge(page: &Page, mut mentions: Vec<Mention>) -> Vec<Mention> {
    evacuations(page, &mut mentions);
    let mut accords: Vec<Family> = Vec::new();
    let mut kept: Vec<Mention> = Vec::new();
    let mut last: Option<usize> = None;
    // "The resolution was adopted" closes it: the next one is another.
    let mut adopted = false;
    let headings = page.blocks.iter().enumerate().filter(|(_, b)| b.kind == BlockKind::Heading);
    let headings: Vec<usize> = headings.map(|(n, _)| n).collect();
    for mut m in mentions {
        let family = family(page, &m, &headings);
        let same = accords.iter().rposition(|&f| f == family);
        let loose = matches!(family, Family::Agreement) && m.definite;
        let heads = |k: &Mention| {
            let block = page.block_of(k.head);
            page.blocks.get(block).is_some_and(|b| b.kind == BlockKind::Heading) && page.block_of(m.head) == block + 1
        };
        let headed = kept.last().filter(|k| k.kind == AccordKind::Agreement && heads(k)).map(|k| k.accord);
        let same = same.filter(|_| !(adopted && matches!(family, Family::Resolution(_))));
        let number = if m.process {
            same
        } else if loose {
            // "the deal", "the US-Russia agreement": the accord spoken of last.
            last.or(same).or(m.told.then_some(accords.len()))
        } else if matches!(family, Family::Agreement) {
            m.told.then_some(headed.unwrap_or(accords.len()))
        } else if m.told && m.definite && same.is_none() {
            // "the four-town evacuation deal" after "a deal between the two sides".
            let general = last.filter(|&l| accords.get(l) == Some(&Family::Agreement));
            Some(general.unwrap_or(accords.len()))
        } else if m.told {
            Some(same.unwrap_or(accords.len()))
        } else {
            same
        };
        let Some(number) = number else { continue };
        match accords.get_mut(number) {
            Some(known) if *known == Family::Agreement => *known = family,
            Some(_) => {}
            None => accords.push(family),
        }
        if matches!(family, Family::Resolution(_)) {
            adopted = m.definite && page.analysis.head(m.head).is_some_and(|v| resolves(page, v));
        }
        m.accord = number;
        if !matches!(accords[number], Family::Talks | Family::Resolution(_)) {
            last = Some(number);
        }
        kept.push(m);
    }
    kept
}

/// A deal under which people are evacuated is an evacuation deal, though only the words around it say so.
fn evacuations(page: &Page, mentions: &mut [Mention]) {
    let a = &page.analysis;
    for m in mentions.iter_mut().filter(|m| m.kind == AccordKind::Agreement && !m.definite && m.told) {
        let sentence = a.sentences().get(a.sentence_of(m.head)).cloned().unwrap_or(m.tokens.clone());
        let near = sentence.start.max(m.head.saturating_sub(tree::REACH))..sentence.end.min(m.head + tree::REACH);
        let evacuated = |i: usize| table().subjects.get(&lemma(a, i)) == Some(&Some(AccordKind::EvacuationDeal));
        if near.into_iter().any(evacuated) {
            m.kind = AccordKind::EvacuationDeal;
        }
    }
}
