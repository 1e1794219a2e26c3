//! The attribute ruler: part of speech, morphology and some lemmas from tag, label and word.
//!
//! 179 entries, each a pattern of one or two tokens and what it sets on one of them. All patterns see the state before
//! any change; entries are applied in order, later ones overwrite. Words that an entry names have a *class*, and each
//! class has a list of the entries that may concern it: a handful for most words.

use std::collections::HashMap;

use crate::artefact::{Artefact, ArtefactError, Strings};
use crate::{Dep, Pos, Tag};

/// What is known of a token before the ruler.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) tag: Tag,
    pub(crate) dep: Dep,
    pub(crate) is_space: bool,
    /// Class of the word in lower case.
    pub(crate) class: u16,
}

/// What the ruler makes of a token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruled {
    pub(crate) tag: Tag,
    pub(crate) dep: Dep,
    pub(crate) pos: Pos,
    /// Index into [`Ruler::morphs`].
    pub(crate) morph: u16,
    pub(crate) lemma: Option<&'static str>,
}

/// A test of one token: it must hold in all four ways.
#[derive(Debug, Clone)]
struct Test {
    tags: u64,
    deps: u64,
    is_space: Option<bool>,
    /// Words in lower case, if it names any.
    words: Option<Vec<&'static str>>,
    /// The same as classes.
    classes: Vec<u16>,
}

impl Test {
    fn holds(&self, view: &View) -> bool {
        self.tags >> (view.tag as u8) & 1 == 1
            && self.deps >> (view.dep as u8) & 1 == 1
            && self.is_space.is_none_or(|flag| flag == view.is_space)
            && (self.words.is_none() || self.classes.contains(&view.class))
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Changes {
    tag: Option<Tag>,
    dep: Option<Dep>,
    pos: Option<Pos>,
    morph: Option<u16>,
    lemma: Option<&'static str>,
}

#[derive(Debug)]
struct Entry {
    patterns: Vec<Vec<Test>>,
    /// Which token of the pattern is changed.
    index: usize,
    changes: Changes,
}

/// The compiled entries.
#[derive(Debug)]
pub(crate) struct Ruler {
    /// Part of speech and morphology by tag, from the entries that look at nothing else.
    by_tag: Vec<(Pos, u16)>,
    entries: Vec<Entry>,
    classes: HashMap<&'static str, u16>,
    /// For each class of words, the entries that may change such a word, in order.
    candidates: Vec<Vec<u16>>,
    /// Written forms of all morphologies; the first is empty.
    pub(crate) morphs: std::sync::Arc<[&'static str]>,
}

/// Reads the flat list of strings: for each entry its index, changes and patterns, each with its count first.
struct Program {
    strings: Strings<'static>,
    at: usize,
}

impl Program {
    fn text(&mut self) -> &'static str {
        self.at += 1;
        self.strings.get(self.at - 1)
    }

    fn number(&mut self) -> Result<usize, ArtefactError> {
        self.text().parse().map_err(|_| damaged())
    }
}

fn damaged() -> ArtefactError {
    ArtefactError::Damaged("ruler".into())
}

impl Ruler {
    pub(crate) fn load(artefact: &Artefact<'static>) -> Result<Ruler, ArtefactError> {
        let mut program = Program { strings: artefact.strings("ruler")?, at: 0 };
        let mut morphs = vec![""];
        let mut entries = Vec::new();
        while program.at < program.strings.len() {
            let index = program.number()?;
            let changes = read_changes(&mut program, &mut morphs)?;
            let mut patterns = Vec::new();
            for _ in 0..program.number()? {
                let mut tests = Vec::new();
                for _ in 0..program.number()? {
                    tests.push(read_test(&mut program)?);
                }
                // Tags that this model's tagger does not know can never hold.
                if tests.iter().all(|test: &Test| test.tags != 0 && test.deps != 0) {
                    patterns.push(tests);
                }
            }
            entries.push(Entry { patterns, index, changes });
        }
        entries.retain(|entry| !entry.patterns.is_empty());
        let by_tag = take_tag_entries(&mut entries)?;
        let classes = number_words(&mut entries);
        let concerns = |entry: &Entry, class: u16| {
            let tests = entry.patterns.iter().filter_map(|tests| tests.get(entry.index));
            tests.into_iter().any(|test| test.words.is_none() || test.classes.contains(&class))
        };
        let candidates = (0..=classes.len() as u16)
            .map(|class| (0..entries.len() as u16).filter(|&e| concerns(&entries[e as usize], class)).collect())
            .collect();
        Ok(Ruler { by_tag, entries, classes, candidates, morphs: morphs.into() })
    }

    /// The class of a word in lower case; 0 if no entry names it.
    pub(crate) fn class(&self, lower: &str) -> u16 {
        self.classes.get(lower).copied().unwrap_or(0)
    }

    /// What becomes of token `i` of a document.
    pub(crate) fn apply(&self, views: &[View], i: usize) -> Ruled {
        let view = views[i];
        let (pos, morph) = self.by_tag[view.tag as usize];
        let mut ruled = Ruled { tag: view.tag, dep: view.dep, pos, morph, lemma: None };
        for &number in &self.candidates[view.class as usize] {
            let entry = &self.entries[number as usize];
            let matches = |tests: &Vec<Test>| {
                i.checked_sub(entry.index)
                    .and_then(|first| views.get(first..first + tests.len()))
                    .is_some_and(|views| tests.iter().zip(views).all(|(test, view)| test.holds(view)))
            };
            if entry.patterns.iter().any(matches) {
                let changes = &entry.changes;
                ruled.tag = changes.tag.unwrap_or(ruled.tag);
                ruled.dep = changes.dep.unwrap_or(ruled.dep);
                ruled.pos = changes.pos.unwrap_or(ruled.pos);
                ruled.morph = changes.morph.unwrap_or(ruled.morph);
                ruled.lemma = changes.lemma.or(ruled.lemma);
            }
        }
        ruled
    }
}

fn read_changes(program: &mut Program, morphs: &mut Vec<&'static str>) -> Result<Changes, ArtefactError> {
    let mut changes = Changes::default();
    for _ in 0..program.number()? {
        let (attribute, value) = (program.text(), program.text());
        match attribute {
            "TAG" => changes.tag = Some(Tag::parse(value).ok_or_else(damaged)?),
            "DEP" => changes.dep = Some(Dep::parse(value).ok_or_else(damaged)?),
            "POS" => changes.pos = Some(Pos::parse(value).ok_or_else(damaged)?),
            "LEMMA" => changes.lemma = Some(value),
            "MORPH" => {
                let value = if value == "_" { "" } else { value };
                let known = morphs.iter().position(|&m| m == value);
                changes.morph = Some(known.unwrap_or_else(|| {
                    morphs.push(value);
                    morphs.len() - 1
                }) as u16);
            }
            _ => return Err(damaged()),
        }
    }
    Ok(changes)
}

fn read_test(program: &mut Program) -> Result<Test, ArtefactError> {
    let mut test = Test { tags: u64::MAX, deps: u64::MAX, is_space: None, words: None, classes: Vec::new() };
    for _ in 0..program.number()? {
        let (attribute, operator) = (program.text(), program.text());
        let mut values = Vec::new();
        for _ in 0..program.number()? {
            values.push(program.text());
        }
        let invert = |mask: u64| if operator == "not_in" { !mask } else { mask };
        match attribute {
            "TAG" => test.tags &= invert(mask(values.iter().filter_map(|v| Tag::parse(v)).map(|t| t as u8))),
            "DEP" => test.deps &= invert(mask(values.iter().filter_map(|v| Dep::parse(v)).map(|d| d as u8))),
            "IS_SPACE" if operator == "in" => test.is_space = Some(values == ["true"]),
            "LOWER" if operator == "in" => test.words = Some(values),
            _ => return Err(damaged()),
        }
    }
    Ok(test)
}

fn mask(numbers: impl Iterator<Item = u8>) -> u64 {
    numbers.fold(0, |mask, number| mask | 1 << number)
}

/// Takes the entries at the front that test a single tag and set part of speech and morphology out of the list.
fn take_tag_entries(entries: &mut Vec<Entry>) -> Result<Vec<(Pos, u16)>, ArtefactError> {
    let plain = |entry: &Entry| {
        let [tests] = &entry.patterns[..] else { return None };
        let [test] = &tests[..] else { return None };
        let alone =
            test.words.is_none() && test.is_space.is_none() && test.deps == u64::MAX && test.tags.is_power_of_two();
        let Changes { tag: None, dep: None, pos: Some(pos), morph: Some(morph), lemma: None } = entry.changes else {
            return None;
        };
        alone.then_some((test.tags.trailing_zeros() as usize, pos, morph))
    };
    let mut by_tag = vec![(Pos::None, 0); Tag::ALL.len()];
    let count = entries.iter().take_while(|entry| plain(entry).is_some()).count();
    for entry in entries.drain(..count) {
        let (tag, pos, morph) = plain(&entry).ok_or_else(damaged)?;
        *by_tag.get_mut(tag).ok_or_else(damaged)? = (pos, morph);
    }
    Ok(by_tag)
}

/// Numbers the words that entries name, from 1, and notes the numbers in the tests.
fn number_words(entries: &mut [Entry]) -> HashMap<&'static str, u16> {
    let mut classes = HashMap::new();
    for test in entries.iter_mut().flat_map(|entry| entry.patterns.iter_mut().flatten()) {
        for &word in test.words.iter().flatten() {
            let next = classes.len() as u16 + 1;
            test.classes.push(*classes.entry(word).or_insert(next));
        }
    }
    classes
}
