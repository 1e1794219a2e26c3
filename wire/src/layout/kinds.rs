//! What each unit of a text is.
//!
//! In passes over the units: what phrases tell (furniture, captions, bylines, lines with the day of publication), then the
//! headline, then the dek and the headings by their place among the paragraphs. A unit that nothing tells is a paragraph:
//! words are read rather than lost.

use std::ops::Range;

use jiff::civil::Date;
use record::{BlockKind, PartialDate};

use super::phrases::{Phrases, Tail};
use crate::dateline::{self, Kind};

/// How many units at the head may be headline, dek, byline, date line or hold the dateline.
const HEAD: usize = 12;
/// A longer unit is prose whatever its end, in bytes.
const PROSE: usize = 180;

/// A unit of the text and what it is.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its bytes in the text.
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
    /// Settled by a phrase: later passes leave it alone.
    settled: bool,
}

/// What the passes found.
#[derive(Debug, Default)]
pub struct Kinds {
    /// The units, in order.
    pub units: Vec<Unit>,
    /// The dateline, and the number of the unit it stands in.
    pub dateline: Option<(usize, dateline::Found)>,
    /// The day that a line at the head gives as that of publication.
    pub published: Option<Date>,
    /// The agency named by a byline or sign-off.
    pub agency: Option<&'static str>,
}

/// Tells the units of `text` apart.
pub fn kinds(text: &str, units: Vec<Range<usize>>, title: Option<&str>) -> Kinds {
    let units = units.into_iter().map(|bytes| Unit { bytes, kind: BlockKind::Paragraph, settled: false }).collect();
    let mut pass = Pass { text, phrases: Phrases::get(), found: Kinds { units, ..Kinds::default() } };
    pass.tail();
    pass.by_phrase();
    pass.dateline_of(title);
    pass.headline(title);
    pass.dek(title.is_some());
    pass.headings();
    pass.found
}

/// Tells apart units of which markup has told some: every kind but [`BlockKind::Paragraph`] stands.
pub fn known(text: &str, units: Vec<(BlockKind, Range<usize>)>, title: Option<&str>) -> Kinds {
    let unit = |(kind, bytes)| Unit { bytes, kind, settled: kind != BlockKind::Paragraph };
    let units: Vec<Unit> = units.into_iter().map(unit).collect();
    let has = |kind| units.iter().any(|u| u.kind == kind);
    let (headline, dek) = (has(BlockKind::Headline), has(BlockKind::Dek));
    let mut pass = Pass { text, phrases: Phrases::get(), found: Kinds { units, ..Kinds::default() } };
    pass.tail();
    pass.by_phrase();
    pass.dateline_of(title);
    if !headline {
        pass.headline(title);
    }
    if !headline && !dek {
        pass.dek(title.is_some());
    }
    pass.headings();
    pass.found
}

struct Pass<'t> {
    text: &'t str,
    phrases: &'static Phrases,
    found: Kinds,
}

impl<'t> Pass<'t> {
    fn words(&self, i: usize) -> &'t str {
        self.found.units.get(i).and_then(|u| self.text.get(u.bytes.clone())).unwrap_or_default()
    }

    fn settle(&mut self, i: usize, kind: BlockKind) {
        if let Some(unit) = self.found.units.get_mut(i) {
            unit.kind = kind;
            unit.settled = true;
        }
    }

    fn open(&self, i: usize) -> bool {
        self.found.units.get(i).is_some_and(|u| !u.settled)
    }

    /// The next unit after `i` that no phrase has settled.
    fn next(&self, i: usize) -> Option<usize> {
        (i + 1..self.found.units.len()).find(|&n| self.open(n))
    }

    fn prose(&self, i: usize) -> bool {
        let words = self.words(i);
        words.len() > PROSE || ends_sentence(words)
    }

    /// Furniture, captions, bylines and date lines.
    fn by_phrase(&mut self) {
        let count = self.found.units.len();
        if count < 2 {
            return;
        }
        // The foot of the story, above the links.
        let end = self.found.units.iter().position(|u| u.settled && u.kind == BlockKind::Furniture).unwrap_or(count);
        for i in 0..end {
            if !self.open(i) {
                continue;
            }
            let words = self.words(i);
            let (head, foot) = (i < HEAD, i + 4 >= end);
            if self.phrases.is_furniture(words) || ((head || foot) && self.date_line(words)) {
                self.settle(i, BlockKind::Furniture);
            } else if (head || foot) && self.byline(words, foot) {
                self.settle(i, BlockKind::Byline);
            } else if self.caption(words) {
                self.settle(i, BlockKind::Caption);
            }
        }
        if self.found.units.iter().all(|u| u.settled) {
            // Nothing but furniture: then the phrases were wrong.
            for unit in &mut self.found.units {
                unit.kind = BlockKind::Paragraph;
                unit.settled = false;
            }
        }
    }

    /// The links below a story.
    fn tail(&mut self) {
        let total = self.text.len();
        let count = self.found.units.len();
        let mut prose_after = 0;
        let mut from = count;
        // Backwards, so that one pass knows how much prose follows each unit.
        for i in (1..count).rev() {
            let before = self.found.units.get(i).map_or(0, |u| u.bytes.start);
            match self.phrases.tail(self.words(i)) {
                Some(Tail::Always) if before * 3 >= total => from = i,
                Some(Tail::IfShort) if before * 2 >= total && prose_after <= 1 => from = i,
                _ => {}
            }
            prose_after += usize::from(self.words(i).len() > PROSE);
        }
        for i in from..count {
            self.settle(i, BlockKind::Furniture);
        }
    }

    /// A line that holds a day and nothing but what stands beside days of publication.
    fn date_line(&mut self, words: &str) -> bool {
        if words.len() > 100 {
            return false;
        }
        let tokens = dateline::tokens(words, 0..words.len(), 30);
        let mut day: Option<PartialDate> = None;
        let mut strange = 0;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if let Some((date, taken)) = dateline::day(words, &tokens, at) {
                day = day.or(Some(date));
                at += taken.max(1);
                continue;
            }
            if token.kind == Kind::Word {
                let word = words.get(token.bytes.clone()).unwrap_or_default().to_lowercase();
                let usual = self.phrases.beside_day(&word)
                    || dateline::is_weekday(&word)
                    || dateline::agency_called(&word).is_some();
                strange += usize::from(!usual);
                if let Some(agency) = dateline::agency_called(&word) {
                    self.found.agency.get_or_insert(agency);
                }
            }
            at += 1;
        }
        let Some(day) = day.filter(|d| strange == 0 || (strange == 1 && d.year.is_some())) else { return false };
        let date = day.year.and_then(|year| Date::new(year, day.month, day.day).ok());
        self.found.published = self.found.published.or(date);
        true
    }

    /// "By …", an agency alone, the lines below an agency text.
    fn byline(&mut self, words: &str, foot: bool) -> bool {
        if words.len() > 200 {
            return false;
        }
        let tokens = dateline::tokens(words, 0..words.len(), 40);
        let named: Vec<&str> =
            tokens.iter().filter(|t| t.kind == Kind::Word).filter_map(|t| words.get(t.bytes.clone())).collect();
        let agency = named.iter().rev().find_map(|w| dateline::agency_called(&w.to_lowercase()));
        let count = named.len();
        let alone = agency.is_some() && count <= 1 + 2 * usize::from(foot) && !words.ends_with(['.', '!', '?']);
        let by = self.phrases.begins_byline(words)
            && count <= 14
            && !words.contains(". ")
            && named.get(1).is_some_and(|w| w.chars().next().is_some_and(char::is_uppercase) || named.len() > 3)
            && !words.ends_with(['.', '!', '?', ':']);
        let sign_off = foot && (self.phrases.begins_sign_off(words) || is_names(words, &named));
        if let (true, Some(agency)) = (alone || by || sign_off, agency) {
            self.found.agency.get_or_insert(agency);
        }
        alone || by || sign_off
    }

    /// A picture's caption: by its first words, or by the credit in brackets at its end.
    fn caption(&self, words: &str) -> bool {
        if words.len() > 600 {
            return false;
        }
        if self.phrases.begins_caption(words) {
            return true;
        }
        // `REUTERS, A. Writer`: a picture agency and its photographer.
        let tokens = dateline::tokens(words, 0..words.len(), 9);
        let agency = tokens.first().and_then(|t| words.get(t.bytes.clone())).map(str::to_lowercase);
        let credited = matches!(tokens.get(1).map(|t| t.kind), Some(Kind::Sign(',' | '/' | ':')));
        if tokens.len() < 9
            && credited
            && !ends_sentence(words)
            && agency.is_some_and(|a| dateline::agency_called(&a).is_some())
        {
            return true;
        }
        let end = words.trim_end_matches(['.', ' ']);
        let credit =
            end.strip_suffix([')', ']']).and_then(|rest| rest.rsplit_once(['(', '['])).map(|(_, credit)| credit);
        credit.is_some_and(|c| c.len() < 80 && self.phrases.is_credit(c))
    }

    /// The dateline: a certain one in any paragraph of the head, a mere place before a dash only in the first ones.
    fn dateline_of(&mut self, title: Option<&str>) {
        let open: Vec<usize> = (0..self.found.units.len()).filter(|&i| self.open(i)).take(HEAD).collect();
        for (nth, &i) in open.iter().enumerate() {
            let Some(unit) = self.found.units.get(i) else { continue };
            if title.is_some_and(|t| alike(t, self.words(i))) {
                continue;
            }
            let Some(found) = dateline::find(self.text, unit.bytes.clone()) else { continue };
            let rest = unit.bytes.end.saturating_sub(found.bytes.end);
            // A place and a colon at the head of a headline is a speaker; before a paragraph it is a dateline.
            let followed = rest >= 60 || self.next(i).is_none();
            if found.certain || (nth < 5 && followed) {
                self.found.dateline = Some((i, found));
                return;
            }
        }
    }

    fn has_dateline(&self, i: usize) -> bool {
        self.found.dateline.as_ref().is_some_and(|(n, _)| *n == i)
    }

    /// The headline: the unit that repeats the title; without a title the first unit, if it looks like one.
    fn headline(&mut self, title: Option<&str>) {
        if let Some(title) = title {
            let head = self.found.units.len().min(HEAD);
            if let Some(i) = (0..head).find(|&i| alike(title, self.words(i))) {
                self.settle(i, BlockKind::Headline);
            }
            return;
        }
        let Some(first) = (0..self.found.units.len()).find(|&i| self.open(i)) else { return };
        let Some(second) = self.next(first) else { return };
        let words = self.words(first);
        if self.has_dateline(first) || words.len() > 220 {
            return;
        }
        let below = self.has_dateline(second) || self.next(second).is_some_and(|third| self.has_dateline(third));
        let fits = if ends_sentence(words) {
            let terse = in_title_case(words) || is_terse(words);
            words.len() <= 150 && !words.contains(". ") && (below || (terse && self.words(second).len() > words.len()))
        } else {
            !words.ends_with([',', ';'])
                && (below || self.prose(second) || self.next(second).is_some_and(|n| self.prose(n)))
        };
        if fits {
            self.settle(first, BlockKind::Headline);
        }
    }

    /// The sentence under the headline.
    fn dek(&mut self, titled: bool) {
        let headline = self.found.units.iter().position(|u| u.kind == BlockKind::Headline);
        let candidate = match headline {
            Some(h) => self.next(h),
            None if titled => (0..self.found.units.len()).find(|&i| self.open(i)),
            None => None,
        };
        let Some(i) = candidate.filter(|&i| !self.has_dateline(i)) else { return };
        let Some(following) = self.next(i) else { return };
        let words = self.words(i);
        let picture = self.found.units.get(i + 1).is_some_and(|u| u.kind == BlockKind::Caption);
        let fits = if ends_sentence(words) {
            words.len() <= 280 && !words.contains(". ") && (self.has_dateline(following) || picture)
        } else {
            words.len() <= 300 && !words.ends_with([',', ';', ':']) && self.prose(following) && headline.is_some()
        };
        if fits {
            self.settle(i, BlockKind::Dek);
        }
    }

    /// Short lines without a sentence's end, before prose.
    fn headings(&mut self) {
        let count = self.found.units.len();
        let mut begun = self.found.units.iter().any(|u| u.kind == BlockKind::Headline);
        for i in 0..count {
            if !self.open(i) {
                continue;
            }
            let words = self.words(i);
            let question = words.ends_with('?') && words.len() <= 80 && !words.starts_with(['"', '“', '‘']);
            let short = words.len() <= 100 && words.split_whitespace().count() <= 14;
            let heading = begun
                && short
                && (question || !ends_sentence(words))
                && !words.ends_with([',', ';', ':'])
                && !self.has_dateline(i)
                && self.next(i).is_some_and(|n| self.prose(n));
            if heading {
                self.settle(i, BlockKind::Heading);
            }
            begun = true;
        }
    }
}

/// Whether a unit ends as a sentence does, closing quotes and brackets aside.
pub fn ends_sentence(words: &str) -> bool {
    words.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ']).ends_with(['.', '!', '?', '…'])
}

/// Whether a line is nothing but names, parted by slashes or commas: who wrote and edited.
fn is_names(words: &str, named: &[&str]) -> bool {
    named.len() <= 6
        && words.contains('/')
        && !ends_sentence(words)
        && named.iter().all(|w| w.chars().next().is_some_and(char::is_uppercase))
}

/// Whether most words of four letters or more begin with a capital.
fn in_title_case(words: &str) -> bool {
    let long = words.split_whitespace().filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= 4);
    let (all, capital) = long.fold((0usize, 0usize), |(all, capital), w| {
        let first = w.chars().find(|c| c.is_alphabetic());
        (all + 1, capital + usize::from(first.is_some_and(char::is_uppercase)))
    });
    all >= 3 && capital * 10 >= all * 7
}

/// Whether a sentence leaves out the articles and auxiliaries that prose has: "Death toll from market blast reaches 12."
fn is_terse(words: &str) -> bool {
    let mut count = 0;
    let bare = words.split_whitespace().all(|w| {
        count += 1;
        let low = w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        !matches!(low.as_str(), "a" | "an" | "the" | "was" | "were" | "had" | "has" | "have" | "said" | "who" | "which")
    });
    bare && count >= 5
}

/// Whether a unit repeats the title: nearly the same words in the same order, marks and case aside.
fn alike(title: &str, unit: &str) -> bool {
    if unit.len() > 2 * title.len() + 40 || title.len() > 600 {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '—' | '–' | '/'))
            .map(|w| w.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>())
            .filter(|w| !w.is_empty())
            .collect()
    };
    let (a, b) = (words(title), words(unit));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    // In order, skipping at most a word at a time: enough for lost marks and small changes, and linear.
    let (mut i, mut j, mut same) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y {
            same += 1;
            (i, j) = (i + 1, j + 1);
        } else if a.get(i + 1) == Some(y) {
            i += 1;
        } else if b.get(j + 1) == Some(x) {
            j += 1;
        } else {
            (i, j) = (i + 1, j + 1);
        }
    }
    same * 5 >= a.len().max(b.len()) * 4
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn a_title_is_known_again() {
        assert!(alike("Raid kills wounds dozens in Azaz", "Raid kills, wounds dozens in Azaz."));
        assert!(alike("Raids hit Syrias Azaz Monitor", "RAIDS HIT SYRIA'S AZAZ: MONITOR"));
        assert!(!alike("Raid kills dozens in Azaz", "Raid kills dozens in Azaz, a town north of Aleppo, on Monday."));
        assert!(!alike("Raid kills dozens", "Truce holds"));
        assert!(!alike("", ""));
    }
}
