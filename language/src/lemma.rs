//! The lemmatiser: rules, exceptions and an index of known words for nouns, verbs, adjectives and adverbs.

use crate::Pos;
use crate::artefact::{Artefact, ArtefactError, Strings};
use crate::chars::{Chars, IS_ALPHA};

/// Names of the tables of the file, and the parts of speech they are for.
pub const CLASSES: [&str; 5] = ["noun", "verb", "adj", "adv", "punct"];
const PARTS: [Pos; 5] = [Pos::Noun, Pos::Verb, Pos::Adj, Pos::Adv, Pos::Punct];

#[derive(Debug)]
struct Table {
    /// Endings and what they become.
    rules: Vec<(&'static str, &'static str)>,
    /// Irregular forms, sorted; `first[i]..first[i + 1]` are the lemmas of form i.
    forms: Strings<'static>,
    first: Vec<u32>,
    lemmas: Strings<'static>,
    /// Known words, sorted.
    index: Strings<'static>,
}

/// The tables.
#[derive(Debug)]
pub(crate) struct Lemmatizer {
    tables: Vec<Table>,
}

impl Lemmatizer {
    pub(crate) fn load(artefact: &Artefact<'static>) -> Result<Lemmatizer, ArtefactError> {
        let mut tables = Vec::new();
        for class in CLASSES {
            let section = |part: &str| format!("lemma.{class}.{part}");
            let rules = artefact.strings(&section("rules"))?;
            let mut first = vec![0];
            for count in artefact.numbers(&section("counts"))? {
                first.push(first.last().unwrap_or(&0) + count);
            }
            tables.push(Table {
                rules: (0..rules.len() / 2).map(|i| (rules.get(2 * i), rules.get(2 * i + 1))).collect(),
                forms: artefact.strings(&section("forms"))?,
                first,
                lemmas: artefact.strings(&section("lemmas"))?,
                index: artefact.strings(&section("index"))?,
            });
        }
        Ok(Lemmatizer { tables })
    }

    /// Appends the lemma of a word to `out`.
    pub(crate) fn lemma(&self, chars: &Chars, word: &str, lower: &str, pos: Pos, morph: &str, out: &mut String) {
        if matches!(pos, Pos::None | Pos::Space) || is_base_form(pos, morph) {
            out.push_str(lower);
            return;
        }
        let Some(table) = PARTS.iter().position(|&p| p == pos).and_then(|i| self.tables.get(i)) else {
            out.push_str(if pos == Pos::Propn { word } else { lower });
            return;
        };
        table.lemma(chars, word, lower, out);
    }
}

impl Table {
    fn lemma(&self, chars: &Chars, word: &str, lower: &str, out: &mut String) {
        // An irregular form's lemmas are put in front of what the rules find, one after the other: the last wins, unless
        // the rules found it already.
        let exceptions = match self.forms.find(lower) {
            Some(form) => self.first[form] as usize..self.first.get(form + 1).map_or(0, |&n| n as usize),
            None => 0..0,
        };
        let mut forms: Vec<String> = Vec::new();
        let mut unknown: Option<String> = None;
        for (old, new) in &self.rules {
            let Some(stem) = lower.strip_suffix(old) else { continue };
            let form = format!("{stem}{new}");
            if form.is_empty() {
                continue;
            }
            if self.index.find(&form).is_some() {
                forms.insert(0, form);
            } else if !form.chars().all(|c| chars.is(c, IS_ALPHA)) {
                forms.push(form);
            } else if unknown.is_none() {
                unknown = Some(form);
            }
        }
        for lemma in exceptions.map(|i| self.lemmas.get(i)) {
            if !forms.iter().any(|form| form == lemma) {
                forms.insert(0, lemma.to_owned());
            }
        }
        out.push_str(forms.first().or(unknown.as_ref()).map_or(word, String::as_str));
    }
}

/// Whether a word is its own lemma by its morphology.
fn is_base_form(pos: Pos, morph: &str) -> bool {
    let value =
        |name: &str| morph.split('|').filter_map(|f| f.split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v);
    let verb_form = value("VerbForm");
    (pos == Pos::Noun && value("Number") == Some("Sing"))
        || (pos == Pos::Verb && verb_form == Some("Fin") && value("Tense") == Some("Pres") && value("Number").is_none())
        || matches!(verb_form, Some("Inf" | "None"))
        || value("Degree") == Some("Pos")
}
