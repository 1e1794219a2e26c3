//! Where a page names places: what the gazetteer knows, what the entity recogniser says, and what the words beside a
//! name make of it.

use std::collections::HashSet;
use std::ops::Range;

use language::{Dep, EntityLabel, Pos};
use record::Precision;

use super::lexicon::Words;
use super::resolve::Named;
use crate::Page;

/// Longest name, in tokens ("Deir ez-Zor" is four).
const LONGEST: usize = 6;
/// From this importance on a name without any sign beside it is taken for a place where the tagger says proper noun.
const WELL_KNOWN: f64 = 4.7;

/// A name found.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// With the words that place it.
    pub phrase: Range<usize>,
    /// What the words beside it say of precision.
    pub precision: Option<Precision>,
    /// For the resolver.
    pub named: Named,
}

/// All place names and demonyms of a page, in order.
pub(super) fn find(page: &Page) -> Vec<Mention> {
    let finder = Finder { page, words: Words::get(), persons: surnames(page) };
    let mut found: Vec<Mention> = Vec::new();
    for block in &page.blocks {
        let mut i = block.tokens.start;
        while i < block.tokens.end {
            match finder.at(i, block.tokens.end) {
                Some(mention) => {
                    i = mention.tokens.end.max(i + 1);
                    found.push(mention);
                }
                None => i += 1,
            }
        }
    }
    finder.containers(&mut found);
    found
}

/// A mention for words that somebody else says are a place.
pub(super) fn given(page: &Page, tokens: Range<usize>) -> Mention {
    let finder = Finder { page, words: Words::get(), persons: HashSet::new() };
    let text = page.analysis.text_of(tokens.clone());
    let demonym = page.atlas.country(text).is_none().then(|| page.atlas.demonym(text)).flatten();
    let demonym = demonym.map(|c| c.code.clone());
    finder.mention(tokens, demonym)
}

/// Links neighbours that say where each other lie.
pub(super) fn link(page: &Page, found: &mut [Mention]) {
    Finder { page, words: Words::get(), persons: HashSet::new() }.containers(found);
}

/// Last words of the persons named in full: "Paris" is nobody's town on a page about Paris Hilton's.
fn surnames(page: &Page) -> HashSet<String> {
    let a = &page.analysis;
    let full = a.entities().iter().filter(|e| e.label == EntityLabel::Person && e.end - e.start >= 2);
    full.map(|e| a.word(e.end as usize - 1).to_owned()).collect()
}

struct Finder<'p, 'd> {
    page: &'p Page<'d>,
    words: &'static Words,
    persons: HashSet<String>,
}

impl Finder<'_, '_> {
    fn word(&self, i: usize) -> &str {
        if i < self.page.analysis.len() { self.page.analysis.word(i) } else { "" }
    }

    fn before(&self, i: usize) -> &str {
        i.checked_sub(1).map_or("", |b| self.word(b))
    }

    fn is_capital(&self, i: usize) -> bool {
        self.word(i).starts_with(char::is_uppercase)
    }

    /// "al" of "al-Bab", "el" of "el-Fasher": small letters joined to a capital by a hyphen.
    fn is_particle(&self, i: usize) -> bool {
        let small = self.word(i);
        small.len() <= 4
            && small.starts_with(char::is_lowercase)
            && self.word(i + 1) == "-"
            && self.is_capital(i + 2)
            && self.page.analysis.bytes(i..i + 3).len() == small.len() + 1 + self.word(i + 2).len()
    }

    /// The name that begins at token `i`.
    fn at(&self, i: usize, end: usize) -> Option<Mention> {
        if !self.is_capital(i) && !self.is_particle(i) {
            return None;
        }
        let a = &self.page.analysis;
        let entity = a.entity_of(i);
        let label = entity.map(|e| e.label);
        let place_entity = matches!(label, Some(EntityLabel::Gpe | EntityLabel::Loc | EntityLabel::Fac));
        if matches!(label, Some(EntityLabel::Date | EntityLabel::Time | EntityLabel::Money | EntityLabel::Language)) {
            return None;
        }
        let limit = end.min(i + LONGEST);
        for stop in (i + 1..=limit).rev() {
            let abbreviation = stop > i + 1 && self.word(stop - 1).ends_with('.');
            if !abbreviation && !self.is_capital(stop - 1) {
                continue;
            }
            let text = a.text_of(i..stop);
            if stop - i <= 2
                && let Some(country) = self.page.atlas.demonym(text)
                && self.is_adjective(i..stop, text)
            {
                if label == Some(EntityLabel::Person) {
                    return None;
                }
                return Some(self.mention(i..stop, Some(country.code.clone())));
            }
            if self.page.atlas.is_place(text) && self.accepts(i..stop, text, label) {
                return Some(self.mention(i..stop, None));
            }
        }
        // "the town of Urem al-Kubra": the noun says what it is, whatever lists and recogniser know.
        if label != Some(EntityLabel::Person) || self.before(i) == "of" {
            let stop = self.run(i, end);
            let of = self.before(i) == "of" && self.feature_before(i).is_some();
            let proper = (i..stop).any(|t| a.tokens().get(t).is_some_and(|t| t.pos == Pos::Propn));
            if of && stop > i && proper && !self.words.is_never_a_place(a.text_of(i..stop)) {
                return Some(self.mention(i..stop, None));
            }
        }
        // A name that no list has: the recogniser's word for it, from its first capital on.
        let entity = entity.filter(|e| place_entity && e.start as usize <= i)?;
        let stop = self.trimmed(i..entity.end as usize);
        let before_capital = (entity.start as usize..i).any(|t| self.is_capital(t) && self.word(t) != "The");
        let text = a.text_of(i..stop);
        let sane = stop > i && !before_capital && text.chars().count() > 2 && !self.words.is_never_a_place(text);
        let named_otherwise = self.page.atlas.actor(text).is_some() || self.persons.contains(text);
        (sane && !named_otherwise).then(|| self.mention(i..stop, None))
    }

    /// Where the run of capitals, particles and hyphens from `i` on ends.
    fn run(&self, i: usize, end: usize) -> usize {
        let mut stop = i;
        let limit = end.min(i + LONGEST);
        while stop < limit {
            let joins = self.word(stop) == "-" && self.is_capital(stop + 1) && stop > i;
            if !(self.is_capital(stop) || self.is_particle(stop) || joins) {
                break;
            }
            stop += if self.is_particle(stop) { 3 } else { 1 };
        }
        stop.min(limit)
    }

    /// A range without possessive, feature nouns and other small words at its end.
    fn trimmed(&self, tokens: Range<usize>) -> usize {
        let mut stop = tokens.end;
        while stop > tokens.start && !self.is_capital(stop - 1) {
            stop -= 1;
        }
        stop
    }

    /// Whether a word that is a country's adjective is used as one, or for its people.
    fn is_adjective(&self, tokens: Range<usize>, text: &str) -> bool {
        if self.page.atlas.country(text).is_none() {
            return true;
        }
        let Some(token) = self.page.analysis.tokens().get(tokens.end - 1) else { return false };
        matches!(token.dep, Dep::Amod | Dep::Compound | Dep::Nmod) && token.head as usize >= tokens.end
    }

    /// Whether words that a gazetteer has name a place here.
    fn accepts(&self, tokens: Range<usize>, text: &str, label: Option<EntityLabel>) -> bool {
        let a = &self.page.analysis;
        let atlas = self.page.atlas;
        let single = tokens.len() == 1;
        // "Village", "City": the last word of a name that no list has.
        if single && (self.words.is_never_a_place(text) || self.words.feature(text).is_some()) {
            return false;
        }
        let country = atlas.country(text).is_some();
        if !country && atlas.actor(text).is_some() {
            return false;
        }
        let previous = self.before(tokens.start);
        let befallen = matches!(previous, "on" | "of" | "against" | "at" | "for")
            && tokens.start.checked_sub(2).is_some_and(|i| self.words.befalls(self.word(i)));
        let strong = self.words.is_strong_preposition(previous) || self.words.is_direction(previous) || befallen;
        let comma = previous == ","
            && tokens.start >= 2
            && self.is_capital(tokens.start - 2)
            && a.tokens().get(tokens.start - 2).is_some_and(|t| t.pos == Pos::Propn);
        let feature = self.feature_after(tokens.end).is_some() || self.feature_before(tokens.start).is_some();
        // "La.", "Pa.", "Ind." are states only behind a town.
        if text.ends_with('.') && text.chars().count() <= 5 && !country {
            return comma || matches!(label, Some(EntityLabel::Gpe));
        }
        let entity = a.entity_of(tokens.start);
        let inside = entity.is_some_and(|e| (e.start as usize) < tokens.start || e.end as usize > tokens.end);
        // Part of a longer run of capitals that is no place: "Paris Agreement", "Aleppo Media Center".
        let next_capital =
            self.is_capital(tokens.end) && a.tokens().get(tokens.end).is_some_and(|t| t.pos == Pos::Propn) && !feature;
        let previous_capital = tokens.start > 0
            && self.is_capital(tokens.start - 1)
            && a.tokens().get(tokens.start - 1).is_some_and(|t| t.pos == Pos::Propn && !t.sentence_start);
        match label {
            Some(EntityLabel::Gpe | EntityLabel::Loc | EntityLabel::Fac) => {
                !(single && self.persons.contains(text) && !strong && !comma && !country)
            }
            // The recogniser calls towns peoples now and then ("in Aleppo"): a preposition of place knows better.
            Some(EntityLabel::Norp) => country || strong || comma,
            Some(EntityLabel::Person) => !inside && (strong || comma) && !self.persons.contains(text),
            Some(_) if inside => {
                // "the Baghdad Operations Command", "University of Aleppo": the name is a place's when it opens or
                // closes the body's name and is well known.
                (entity.is_some_and(|e| e.start as usize == tokens.start || self.word(e.start as usize) == "the")
                    || previous == "of")
                    && self.importance(text) >= WELL_KNOWN
                    && country
            }
            Some(_) => strong || comma || feature || (self.importance(text) >= WELL_KNOWN && !single),
            None => {
                let proper = a.tokens().get(tokens.end - 1).is_some_and(|t| t.pos == Pos::Propn);
                if next_capital || (previous_capital && !strong) {
                    return country && proper;
                }
                proper
                    && (strong
                        || comma
                        || feature
                        || country
                        || (self.words.is_preposition(previous) && self.importance(text) >= 4.0)
                        || (self.importance(text) >= WELL_KNOWN + 0.5 && !self.persons.contains(text)))
            }
        }
    }

    fn importance(&self, text: &str) -> f64 {
        self.page.atlas.places(text).first().map_or(0.0, atlas::Place::importance)
    }

    /// The feature noun right after a name, past a possessive or hyphen: "Idlib province".
    fn feature_after(&self, at: usize) -> Option<(usize, Precision)> {
        let precision = self.words.feature(self.word(at))?;
        // "the Syria camp" and "Aleppo road": a site's noun in small letters beside a country says nothing.
        Some((at, precision))
    }

    /// The feature noun before a name: "the town of X", "village X".
    fn feature_before(&self, at: usize) -> Option<(usize, Precision)> {
        let of = if self.before(at) == "of" { at.checked_sub(1)? } else { at };
        let noun = of.checked_sub(1)?;
        // "the city of", but not "Kansas City of".
        let plain = !self.is_capital(noun);
        self.words.feature(self.word(noun)).filter(|_| plain).map(|p| (noun, p))
    }

    /// Builds a mention with phrase and precision from the words around.
    fn mention(&self, tokens: Range<usize>, demonym: Option<String>) -> Mention {
        let a = &self.page.analysis;
        let mut phrase = tokens.clone();
        let mut precision = None;
        let mut feature = None;
        if demonym.is_none() {
            if let Some((at, p)) = self.feature_after(tokens.end) {
                phrase.end = at + 1;
                feature = Some(p);
            } else if let Some((at, p)) = self.feature_before(tokens.start) {
                phrase.start = at;
                feature = Some(p);
            }
            precision = feature;
            // The name's own last word may be the feature: "Travis County", "Yarmouk Camp".
            if feature.is_none() && tokens.len() > 1 {
                feature = self.words.feature(self.word(tokens.end - 1));
                precision = feature;
            }
            while phrase.start > 0 && self.words.is_direction(self.word(phrase.start - 1)) {
                phrase.start -= 1;
            }
            let before = self.before(phrase.start);
            let two = phrase.start.checked_sub(2).map_or("", |i| self.word(i));
            if self.words.is_near(before) {
                phrase.start -= 1;
                precision = near(precision);
            } else if (before == "of" || before == "from" || before == "to") && self.words.is_near_of(two) {
                phrase.start -= 2;
                precision = near(precision);
            } else if self.words.is_near_of(self.word(phrase.end))
                || (self.word(phrase.end) == "'s" && self.words.is_near_of(self.word(phrase.end + 1)))
            {
                precision = near(precision);
            }
        }
        let name = a.text_of(tokens.clone()).split_whitespace().collect::<Vec<_>>().join(" ");
        // The full stop of a sentence that the tokeniser left at its last name.
        let name = match name.strip_suffix('.') {
            Some(bare) if bare.chars().count() > 3 && !bare.contains('.') => bare.to_owned(),
            _ => name,
        };
        let named = Named { name, within: Vec::new(), feature, demonym };
        Mention { tokens, phrase, precision, named }
    }

    /// "X, Y" and "X in Y": Y is around X.
    fn containers(&self, found: &mut [Mention]) {
        let a = &self.page.analysis;
        for n in (1..found.len()).rev() {
            let (head, tail) = found.split_at_mut(n);
            let (Some(this), Some(next)) = (head.last_mut(), tail.first()) else { continue };
            if this.named.demonym.is_some() || next.named.demonym.is_some() {
                continue;
            }
            let gap = this.phrase.end..next.phrase.start.min(next.tokens.start);
            if gap.start > gap.end
                || gap.len() > 4
                || self.page.block_of(this.tokens.start) != self.page.block_of(next.tokens.start)
            {
                continue;
            }
            let words: Vec<&str> = gap.clone().map(|i| a.word(i)).collect();
            let close = match words.as_slice() {
                // A comma alone also lists equals; the resolver only counts it where the second holds the first.
                [","] | ["("] | ["in"] | [",", "in"] | ["in", "the"] | [",", "in", "the"] => true,
                // "in northern Idlib", "in Syria's Idlib"
                ["in", w] | [",", "in", w] | ["in", "the", w] => self.words.is_direction(w),
                _ => false,
            };
            if close {
                let mut within = vec![next.named.name.clone()];
                within.extend(next.named.within.iter().take(2).cloned());
                this.named.within = within;
            }
        }
    }
}

/// "Near" a town is near; near a province is still that province.
fn near(precision: Option<Precision>) -> Option<Precision> {
    match precision {
        Some(Precision::Province | Precision::District | Precision::Country) => precision,
        _ => Some(Precision::Near),
    }
}
