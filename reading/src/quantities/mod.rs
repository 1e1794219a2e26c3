//! Counts: number, bounds, qualifier, what is counted, of how many, and what happened to them.
//!
//! [`counts`] finds the numbers with bounds and qualifier ("at least 43", "18 out of 31", "dozens"), [`measure`] asks the
//! tree what happened to those counted, [`victims`] adds those without a number ("civilians were killed", "a policeman"),
//! and here a quantity is made of them. A number that is no count (an age, money, a distance …) says so in
//! [`Quantity::not_a_count`]. Numbers inside a time expression belong to the time and are not here.
//!
//! One phrase gives two quantities where two things happened to it: "killing and wounding dozens".

mod counts;
mod measure;
mod victims;
mod words;

use std::ops::Range;

use language::{Analysis, Dep, Pos, Tag};
use record::{Measure, Qualifier};

use crate::Page;
use crate::times::Time;
use crate::trace::{Key, Note};
use counts::lower;
use measure::Tree;
use words::{Kind, Side, Words};

/// Whether a lemma is a noun for people (`people_nouns.tsv`).
pub fn is_people(lemma: &str) -> bool {
    Words::get().person(lemma)
}

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
    /// The quantity that this one is a part of ("including 3 children"), by its number in the list.
    pub part_of: Option<usize>,
    /// What kind of thing the number is where it is no count of victims or goods: "a distance", "an age", "money", …
    pub not_a_count: Option<&'static str>,
}

/// Whether a lemma is a noun for people (`data/reading/people_nouns.tsv`).
pub fn is_person(lemma: &str) -> bool {
    Words::get().person(lemma)
}

/// How far behind its number the counted noun may stand.
const NOUN_REACH: usize = 9;

/// Finds the quantities of a page, in order.
pub fn read(page: &Page, times: &[Time]) -> Vec<Quantity> {
    let a = &page.analysis;
    let mut timed = vec![false; a.len()];
    for time in times {
        for i in time.tokens.clone() {
            if let Some(t) = timed.get_mut(i) {
                *t = true;
            }
        }
    }
    let tree = Tree::new(a);
    let mut found = Vec::new();
    let mut taken = vec![false; a.len()];
    for block in &page.blocks {
        let mut i = block.tokens.start;
        while i < block.tokens.end {
            let count = if timed[i] { None } else { counts::at(a, i, &block.tokens) };
            let Some(count) = count.filter(|c| !(c.number.start..c.end).any(|k| timed.get(k).copied().unwrap_or(true)))
            else {
                i += 1;
                continue;
            };
            let next = count.end.max(i + 1);
            for quantity in numbered(&tree, count, &block.tokens) {
                for k in quantity.tokens.clone() {
                    if let Some(t) = taken.get_mut(k) {
                        *t = true;
                    }
                }
                found.push(quantity);
            }
            i = next;
        }
    }
    found.extend(victims::read(page, &tree, &taken, &timed));
    found.sort_by_key(|q| (q.number.start, q.tokens.end, q.measure_token));
    listed(page, &mut found);
    for quantity in &mut found {
        quantity.hedged = hedged(a, quantity);
    }
    parts(page, &mut found);
    if page.trace.is_on() {
        (0..found.len()).for_each(|n| explain(page, n, &found));
    }
    found
}

/// Notes what a quantity was made of.
fn explain(page: &Page, n: usize, found: &[Quantity]) {
    let Some(q) = found.get(n) else { return };
    let (a, key) = (&page.analysis, Key::Quantity(n));
    let before = q.tokens.start..q.number.start.max(q.tokens.start);
    if !q.number.is_empty() {
        page.trace.note(key, || {
            let bound = |b: Option<u64>| b.map_or("unknown".to_owned(), |b| b.to_string());
            let bounds = if q.low == q.high { bound(q.low) } else { format!("{} to {}", bound(q.low), bound(q.high)) };
            Note::new("number", q.number.clone(), format!("read as {bounds}"))
        });
        let phrase = a.text_of(before.clone()).to_lowercase();
        if let Some(row) = Words::qualifier_row(phrase.trim()) {
            let why = format!("qualifier {}", crate::explain::name(&q.qualifier));
            page.trace.note(key, || Note::new("qualifier", before, why).from(row));
        }
    } else {
        page.trace.note(key, || Note::new("number", 0..0, "no number is given: a person or group struck"));
    }
    if let Some(noun) = q.noun {
        page.trace.note(key, || {
            let why = if noun < q.number.end { String::new() } else { crate::explain::path(a, q.number.start, noun) };
            let why =
                if why.is_empty() { "the noun counted".to_owned() } else { format!("the noun counted; number: {why}") };
            Note::new("counted", noun..noun + 1, why)
        });
    }
    if let (Some(measure), Some(told)) = (q.measure, q.measure_token) {
        let (lemma, word) = (a.lemma(told).to_lowercase(), a.word(told).to_lowercase());
        let with = a.children(told).map(|c| format!("{lemma} {}", a.word(c).to_lowercase()));
        let forms = with.chain([lemma.clone(), word.clone()]);
        let rows = forms.map(|f| Words::get().measure_rows(&f, measure)).find(|rows| !rows.is_empty());
        page.trace.note(key, || {
            let anchor = q.noun.unwrap_or(q.tokens.start);
            let tie = if anchor == told {
                String::new()
            } else {
                format!("; counted: {}", crate::explain::path(a, anchor, told))
            };
            let why = format!("tells the measure {}{tie}", crate::explain::name(&measure));
            Note::new("measure", told..told + 1, why).from(rows.and_then(|r| r.first().copied()))
        });
    }
    if let Some(whole) = q.part_of.and_then(|whole| found.get(whole)) {
        page.trace.note(key, || Note::new("part of", whole.tokens.clone(), "the whole that it is told as a part of"));
    }
}

/// Members of a list that the tree has lost: what happened to the one before happened to them. "destroyed 13 positions,
/// seven vehicles and two cars", "21 were killed in the raids, 15 in a village and another six in a town".
fn listed(page: &Page, found: &mut [Quantity]) {
    let a = &page.analysis;
    for n in 1..found.len() {
        let (before, rest) = found.split_at_mut(n);
        let Some(item) = rest.first_mut() else { continue };
        if item.measure.is_some_and(|m| m != Measure::Other) || item.not_a_count.is_some() || item.number.is_empty() {
            continue;
        }
        let start = item.tokens.start;
        let sentence = a.sentences().get(a.sentence_of(start)).cloned().unwrap_or(start..start);
        let Some(join) = start.checked_sub(1).filter(|j| sentence.contains(j)) else { continue };
        if !matches!(a.word(join), "," | "and" | ";") {
            continue;
        }
        let told = before
            .iter()
            .rev()
            .take_while(|q| q.tokens.start >= sentence.start)
            .find(|q| q.measure.is_some_and(|m| m != Measure::Other));
        let Some(told) = told else { continue };
        let adjacent = told.tokens.end == join || (told.tokens.end + 1 == join && a.word(told.tokens.end) == ",");
        let next = item.tokens.end;
        let placed = item.noun.is_none()
            && next < sentence.end
            && matches!(a.word(next), "in" | "at" | "near" | "of" | "on" | "from");
        if adjacent && item.noun.is_some() || placed {
            (item.measure, item.measure_token) = (told.measure, told.measure_token);
            if placed {
                item.part_of = before.iter().rposition(|q| {
                    q.measure == item.measure
                        && q.part_of.is_none()
                        && q.low > item.low
                        && q.tokens.start >= sentence.start
                });
            }
        }
    }
}

/// The root of a token range: its first token whose head lies outside.
fn root(a: &Analysis, tokens: &Range<usize>) -> usize {
    tokens.clone().find(|i| a.head(*i).is_none_or(|h| !tokens.contains(&h))).unwrap_or(tokens.start)
}

/// What a number counts: the noun, and the token by which the phrase hangs in the tree.
fn counted(a: &Analysis, count: &counts::Count, block: &Range<usize>) -> (Option<usize>, usize) {
    let root = root(a, &(count.number.start..count.end));
    let noun = |i: usize| matches!(a.tokens()[i].pos, Pos::Noun | Pos::Propn | Pos::Pron | Pos::Adj);
    let within = |i: usize| i >= count.end && i < count.end + NOUN_REACH && i < block.end;
    if let Some(head) = a.head(root) {
        let modifies = matches!(
            a.tokens()[root].dep,
            Dep::Nummod
                | Dep::Amod
                | Dep::Det
                | Dep::Quantmod
                | Dep::Compound
                | Dep::Nmod
                | Dep::Predet
                | Dep::Advmod
                | Dep::Poss
        );
        if modifies && within(head) && noun(head) {
            return (Some(head), head);
        }
    }
    // "dozens of civilians", "22 of the victims", "one of its workers"
    let of =
        a.children_by(root, Dep::Prep).filter(|p| matches!(a.word(*p), "of")).flat_map(|p| a.children_by(p, Dep::Pobj));
    if let Some(noun) = of.take(1).find(|i| within(*i)) {
        return (Some(noun), root);
    }
    // Where the tree does not say: "18 out of 31 trucks", "50-60 people".
    let mut at = count.end;
    while at < block.end
        && at < count.end + 4
        && matches!(a.tokens()[at].pos, Pos::Adj | Pos::Num)
        && a.tokens()[at].tag != Tag::Jjr
    {
        at += 1;
    }
    if at < block.end
        && matches!(a.tokens()[at].pos, Pos::Noun | Pos::Propn)
        && (a.tokens()[at].tag == Tag::Nns || count.low == Some(1))
    {
        let anchor = if a.is_within(root, at) { at } else { root };
        return (Some(at), if count.of.is_some() { root } else { anchor });
    }
    (None, root)
}

/// The quantities that one number gives: one, or one a measure.
fn numbered(tree: &Tree, count: counts::Count, block: &Range<usize>) -> Vec<Quantity> {
    let a = tree.a;
    let (noun, anchor) =
        if count.not_a_count.is_some() { (None, count.number.start) } else { counted(a, &count, block) };
    let mut tokens = count.tokens.clone();
    if let Some(noun) = noun {
        tokens.end = tokens.end.max(noun + 1);
    } else if matches!(lower(a, tokens.end, block.end).as_str(), "others" | "more" | "other") {
        tokens.end += 1;
    }
    let quantity = Quantity {
        group: noun.map_or_else(|| "people".to_owned(), |n| group(a, n, &(count.end..n))),
        tokens: tokens.clone(),
        number: count.number.clone(),
        noun,
        low: count.low,
        high: count.high,
        qualifier: count.qualifier,
        of: count.of,
        measure: None,
        measure_token: None,
        hedged: false,
        part_of: None,
        not_a_count: count.not_a_count,
    };
    if quantity.not_a_count.is_some() {
        return vec![quantity];
    }
    let mut told = tree.measures(anchor, &tokens, true);
    if told.is_empty() && noun.is_some_and(|n| n != anchor) {
        told.extend(noun.and_then(|n| tree.casualty(n)).filter(|_| quantity.of.is_none()));
    }
    let vague = count.qualifier == Qualifier::Vague;
    if told.is_empty() {
        // A vague number that nothing happened to is no news, and neither is "one".
        let pronoun = quantity.low == Some(1) && a.tokens()[quantity.number.start].pos != Pos::Num;
        return if vague {
            Vec::new()
        } else {
            vec![Quantity { not_a_count: pronoun.then_some("a pronoun"), ..quantity }]
        };
    }
    told.truncate(2);
    told.into_iter()
        .map(|(measure, token)| Quantity {
            tokens: with_measure(a, &tokens, token, block),
            measure: Some(measure),
            measure_token: Some(token),
            ..quantity.clone()
        })
        .collect()
}

/// The phrase with the word that tells the measure, where it stands right beside it: "126 people killed".
fn with_measure(a: &Analysis, tokens: &Range<usize>, told: usize, block: &Range<usize>) -> Range<usize> {
    let mut out = tokens.clone();
    if told >= out.end && told < (out.end + 2).min(block.end) && (out.end..told).all(|i| a.tokens()[i].pos == Pos::Aux)
    {
        out.end = told + 1;
    } else if told + 1 == out.start && told >= block.start {
        out.start = told;
    }
    out
}

/// What is counted, as a plural group: the noun with what stands between it and its number.
fn group(a: &Analysis, noun: usize, between: &Range<usize>) -> String {
    let plain = a.word(noun).to_lowercase();
    let words = Words::get();
    let bare = matches!(
        plain.as_str(),
        "others" | "other" | "more" | "them" | "us" | "those" | "whom" | "lives" | "life" | "casualties" | "victims"
    );
    if bare
        || words.measure(&plain, Kind::Counted).is_some()
        || words.measure(&plain, Kind::State).is_some()
        || words.measure(a.lemma(noun), Kind::Counted).is_some()
    {
        return "people".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    let modifiers = between.clone().filter(|i| {
        let t = &a.tokens()[*i];
        matches!(t.pos, Pos::Adj | Pos::Noun | Pos::Propn) || t.tag == Tag::Hyph
    });
    for i in modifiers {
        let word = a.word(i);
        if !matches!(word, "other" | "more" | "others" | "additional" | "further") {
            parts.push(word.to_owned());
        }
    }
    parts.push(plural(a, noun));
    parts.join(" ").replace(" - ", "-")
}

/// A noun's plural; regular but for what `-people` and vowel changes ask.
pub fn plural(a: &Analysis, noun: usize) -> String {
    let word = a.word(noun);
    if matches!(a.tokens()[noun].tag, Tag::Nns | Tag::Nnps) || a.tokens()[noun].pos != Pos::Noun {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    if let Some(stem) = lower.strip_suffix("man").filter(|s| *s != "hu" && *s != "ger") {
        return format!("{stem}men");
    }
    match lower.as_str() {
        "child" => "children".to_owned(),
        "person" => "people".to_owned(),
        "wife" => "wives".to_owned(),
        "people" | "staff" | "police" | "personnel" | "aircraft" => lower,
        _ if lower.ends_with('y') && !lower.ends_with("ey") && !lower.ends_with("oy") && !lower.ends_with("ay") => {
            format!("{}ies", &word[..word.len() - 1])
        }
        _ if lower.ends_with('s') || lower.ends_with("sh") || lower.ends_with("ch") || lower.ends_with('x') => {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    }
}

/// Whether the number or its verb is marked as unproven.
fn hedged(a: &Analysis, quantity: &Quantity) -> bool {
    let words = Words::get();
    let start = quantity.tokens.start;
    let near = start.saturating_sub(3)..quantity.tokens.end;
    let sentence = a.sentences().get(a.sentence_of(start)).map_or(0, |s| s.start);
    if near.filter(|i| *i >= sentence).any(|i| words.hedge(&a.word(i).to_lowercase())) {
        return true;
    }
    let Some(told) = quantity.measure_token else { return false };
    let above = a.head(told).into_iter().filter(|h| {
        matches!(a.tokens()[told].dep, Dep::Xcomp | Dep::Oprd | Dep::Acomp | Dep::Ccomp)
            && a.children_by(*h, Dep::Auxpass).next().is_some()
    });
    let around = a.children(told).chain(above.clone());
    around.into_iter().any(|i| words.hedge(&a.word(i).to_lowercase()))
}

/// Finds for each part the whole that it is a part of, in the same sentence or the one before.
fn parts(page: &Page, found: &mut [Quantity]) {
    let a = &page.analysis;
    let words = Words::get();
    for n in 1..found.len() {
        let (before, rest) = found.split_at_mut(n);
        let Some(part) = rest.first_mut() else { continue };
        if part.measure.is_none() || part.part_of.is_some() {
            continue;
        }
        let (start, end) = (part.tokens.start, part.tokens.end);
        let block = page.blocks.get(page.block_of(start)).map_or(start..end, |b| b.tokens.clone());
        let sentence = a.sentences().get(a.sentence_of(start)).cloned().unwrap_or(block.clone());
        let marked = words.parts().iter().any(|(phrase, side)| {
            let matches_at = |from: usize| phrase.iter().enumerate().all(|(k, w)| lower(a, from + k, block.end) == *w);
            match side {
                // "including at least 3 children", "among them were three"
                Side::Before => (0..4).any(|gap| {
                    start >= sentence.start + phrase.len() + gap
                        && matches_at(start - phrase.len() - gap)
                        && (start - gap..start)
                            .all(|i| matches!(a.tokens()[i].pos, Pos::Aux | Pos::Det | Pos::Verb | Pos::Adv | Pos::Adj))
                }),
                Side::After => {
                    (0..3).any(|gap| end + gap + phrase.len() <= sentence.end && matches_at(end + gap))
                        || matches_at(part.number.end.max(start))
                }
            }
        });
        let root = part.noun.unwrap_or(start);
        let joined = a.tokens()[root].dep == Dep::Conj
            && a.head(root).is_some_and(|h| before.iter().any(|q| q.part_of.is_some() && q.noun == Some(h)));
        let apposed = a.tokens()[root].dep == Dep::Appos;
        if !(marked || joined || apposed) {
            continue;
        }
        let reach = a.sentence_of(start).saturating_sub(1);
        let whole = before.iter().enumerate().rev().take(6).find(|(_, q)| {
            q.measure == part.measure
                && q.part_of.is_none()
                && q.not_a_count.is_none()
                && q.tokens != part.tokens
                && a.sentence_of(q.tokens.start) >= reach
                && part.low.unwrap_or(0) <= q.high.or(q.low).unwrap_or(u64::MAX)
        });
        part.part_of = whole.map(|(i, _)| i);
    }
}

#[cfg(test)]
mod gold;
#[cfg(test)]
mod tests;
