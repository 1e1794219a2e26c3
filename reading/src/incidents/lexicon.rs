//! The word lists that incidents are read with: `data/reading/triggers.toml`, `means.toml`, `forces.tsv` and
//! `incident_frames.toml`, as tables.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use language::{Pos, Tag};
use record::IncidentType;
use serde::Deserialize;
use toml::Spanned;

use crate::Page;
use crate::lexicon::{Lines, Row};

/// How far a word settles the type of what it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub(super) enum Strength {
    /// Tells what happened to people or things; an incident of its own only where nothing else is named.
    Effect,
    /// The type comes from the means beside it, or from the incident it refers to.
    Generic,
    /// The word settles the type.
    #[default]
    Specific,
}

/// What a verb must act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Object {
    Place,
    Person,
    Aircraft,
    Weapon,
    /// People in the street: as subject or object.
    Crowd,
    /// Somebody, at the hands of people who use force: "was taken from his home by gunmen".
    Captive,
    /// What is stormed that is no ground: "stormed the newsroom".
    Building,
}

/// A word or phrase that tells of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trigger {
    pub(super) kind: IncidentType,
    pub(super) strength: Strength,
    pub(super) object: Option<Object>,
    /// Where it stands in `data/`.
    pub(super) row: Row,
}

#[derive(Deserialize)]
struct TriggerFile {
    trigger: Vec<TriggerEntry>,
}

#[derive(Deserialize)]
struct TriggerEntry {
    #[serde(rename = "type")]
    kind: IncidentType,
    #[serde(default)]
    strength: Strength,
    object: Option<Object>,
    #[serde(default)]
    nouns: Vec<Spanned<String>>,
    #[serde(default)]
    verbs: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
struct MeansFile {
    means: Vec<MeansEntry>,
}

#[derive(Deserialize)]
struct MeansEntry {
    #[serde(rename = "type")]
    kind: IncidentType,
    words: Vec<Spanned<String>>,
}

/// What kind of word a noun for those who use force is.
#[allow(clippy::enum_variant_names)] // "a force" is one of the kinds
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Force {
    /// A weapon or vehicle that stands for its side.
    Platform,
    /// Armed people of a side named beside the word.
    Force,
    /// A side by itself.
    Side,
    /// Police and security services.
    Security,
    /// People known only by what they did.
    Attacker,
    /// People who do violence only where a verb says it of them.
    People,
    /// An adjective that says the doer is not known.
    Unknown,
}

/// The closed lists of `incident_frames.toml`; its comments say what each is.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
pub(super) struct Frames {
    pub(super) does: BTreeSet<String>,
    pub(super) suffers: BTreeSet<String>,
    pub(super) unreal_verbs: BTreeSet<String>,
    pub(super) threat_verbs: BTreeSet<String>,
    pub(super) unreal_nouns: BTreeSet<String>,
    pub(super) real_verbs: BTreeSet<String>,
    pub(super) habit: BTreeSet<String>,
    pub(super) generality: BTreeSet<String>,
    pub(super) compound_heads: BTreeSet<String>,
    pub(super) foreign_modifiers: BTreeSet<String>,
    pub(super) doer_words: BTreeSet<String>,
    pub(super) doing_nouns: BTreeSet<String>,
    pub(super) suspect_words: BTreeSet<String>,
    pub(super) presence: BTreeSet<String>,
    pub(super) vicinity: BTreeSet<String>,
    pub(super) earlier: BTreeSet<String>,
    pub(super) aircraft: BTreeSet<String>,
    pub(super) inanimate: BTreeSet<String>,
    pub(super) ground: BTreeSet<String>,
    pub(super) collectives: BTreeSet<String>,
    pub(super) contests: BTreeSet<String>,
    pub(super) suspect_verbs: BTreeSet<String>,
    pub(super) struck: BTreeSet<String>,
    pub(super) charge_nouns: BTreeSet<String>,
    pub(super) presupposing_verbs: BTreeSet<String>,
    pub(super) idle_objects: BTreeSet<String>,
    pub(super) political_sides: BTreeSet<String>,
    pub(super) security_bodies: BTreeSet<String>,
    pub(super) linking_verbs: BTreeSet<String>,
    pub(super) confirming_verbs: BTreeSet<String>,
    pub(super) crowds: BTreeSet<String>,
    pub(super) counting_verbs: BTreeSet<String>,
    pub(super) denial_verbs: BTreeSet<String>,
    pub(super) accusing_verbs: BTreeSet<String>,
}

/// Phrases by their first word, longest first.
#[derive(Debug)]
pub(super) struct Phrases<T> {
    by_first: HashMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Copy> Phrases<T> {
    fn build(entries: impl Iterator<Item = (String, T)>) -> Phrases<T> {
        let mut by_first: HashMap<String, Vec<(Vec<String>, T)>> = HashMap::new();
        for (phrase, value) in entries {
            let mut words = phrase.split(' ').map(str::to_owned);
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push((words.collect(), value));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Phrases { by_first }
    }

    /// The longest phrase that begins at token `i`: one past its last token, and its value. Hyphens are skipped.
    pub(super) fn at(&self, page: &Page, i: usize) -> Option<(usize, T)> {
        let candidates = forms(page, i).into_iter().filter_map(|f| self.by_first.get(&f)).flatten();
        let mut best: Option<(usize, T)> = None;
        for (rest, value) in candidates {
            if let Some(end) = follow(page, i + 1, rest)
                && best.is_none_or(|(b, _)| end > b)
            {
                best = Some((end, *value));
            }
        }
        best
    }

    /// The longest phrase headed by verb `i` whose further words hang below it: "set two buses on fire".
    pub(super) fn below(&self, page: &Page, i: usize) -> Option<(usize, T)> {
        self.below_where(page, i, |_| true)
    }

    /// [`Phrases::below`] among the entries that `fits` takes: "seized a town" and "seized a trader" are two.
    pub(super) fn below_where(&self, page: &Page, i: usize, fits: impl Fn(&T) -> bool) -> Option<(usize, T)> {
        let mut best: Option<(usize, usize, T)> = None;
        for (rest, value) in forms(page, i).into_iter().filter_map(|f| self.by_first.get(&f)).flatten() {
            if best.is_none_or(|(n, _, _)| rest.len() > n)
                && let Some(last) = descend(page, i, rest)
                && fits(value)
            {
                best = Some((rest.len(), last, *value));
            }
        }
        best.map(|(_, last, value)| (last.max(i) + 1, value))
    }
}

/// One past the token at which `rest` ends when it begins at `i`, hyphens skipped.
fn follow(page: &Page, mut i: usize, rest: &[String]) -> Option<usize> {
    for word in rest {
        while i < page.analysis.len() && page.analysis.word(i) == "-" {
            i += 1;
        }
        if i >= page.analysis.len() || !forms(page, i).contains(word) {
            return None;
        }
        i += 1;
    }
    Some(i)
}

/// The last token of `rest` when each of its words hangs below the one before or below `verb`.
fn descend(page: &Page, verb: usize, rest: &[String]) -> Option<usize> {
    let mut at = verb;
    for word in rest {
        let below = |h: usize| page.analysis.children(h).find(|&c| c > verb && forms(page, c).contains(word));
        at = below(at).or_else(|| below(verb))?;
    }
    Some(at)
}

/// The forms under which token `i` is looked up: lemma, word, singular, and the verb of a participle used as adjective.
pub(super) fn forms(page: &Page, i: usize) -> Vec<String> {
    let word = page.analysis.word(i).to_lowercase();
    let lemma = page.analysis.lemma(i).to_lowercase();
    let mut out = vec![lemma];
    let token = &page.analysis.tokens()[i];
    if matches!(token.pos, Pos::Noun | Pos::Propn) {
        if let Some(singular) = word.strip_suffix('s') {
            out.push(singular.to_owned());
        }
    } else if token.pos == Pos::Adj || token.tag == Tag::Vbn {
        out.extend(word.strip_suffix('d').map(str::to_owned));
        out.extend(word.strip_suffix("ed").map(str::to_owned));
    }
    out.push(word);
    out.dedup();
    out
}

/// Means that are named.
#[derive(Debug)]
pub(super) struct Means {
    pub(super) kind: IncidentType,
    pub(super) tokens: std::ops::Range<usize>,
    pub(super) row: Row,
}

/// All tables.
#[derive(Debug)]
pub(super) struct Lexicon {
    pub(super) nouns: Phrases<Trigger>,
    pub(super) verbs: Phrases<Trigger>,
    /// Means with their rank: lower wins.
    pub(super) means: Phrases<(usize, IncidentType, Row)>,
    pub(super) forces: HashMap<String, (Force, Row)>,
    pub(super) frames: Frames,
}

impl Lexicon {
    /// Whether a list holds any form of token `i`.
    pub(super) fn has(page: &Page, list: &BTreeSet<String>, i: usize) -> bool {
        forms(page, i).iter().any(|f| list.contains(f))
    }

    /// What kind of force word token `i` is.
    pub(super) fn force(&self, page: &Page, i: usize) -> Option<Force> {
        self.force_row(page, i).map(|(force, _)| force)
    }

    /// [`Lexicon::force`], and where its entry stands.
    pub(super) fn force_row(&self, page: &Page, i: usize) -> Option<(Force, Row)> {
        forms(page, i).iter().find_map(|f| self.forces.get(f)).copied()
    }

    /// The means named first in rank among `tokens`.
    pub(super) fn means_in(&self, page: &Page, tokens: impl Iterator<Item = usize>) -> Option<IncidentType> {
        self.means_told(page, tokens).map(|means| means.kind)
    }

    /// [`Lexicon::means_in`], and which words and entry tell it.
    pub(super) fn means_told(&self, page: &Page, tokens: impl Iterator<Item = usize>) -> Option<Means> {
        let found = tokens.filter_map(|i| self.means.at(page, i).map(|(end, m)| (i..end, m)));
        found.min_by_key(|(_, (rank, ..))| *rank).map(|(tokens, (_, kind, row))| Means { kind, tokens, row })
    }
}

/// The tables, built once.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(build)
}

/// A file of `data/reading/`.
macro_rules! data {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/", $file))
    };
}

/// The text of `triggers.toml`.
pub(super) const TRIGGERS: &str = data!("triggers.toml");

fn build() -> Lexicon {
    let triggers: TriggerFile = crate::lexicon::parse("triggers.toml", TRIGGERS);
    let means_text = data!("means.toml");
    let means: MeansFile = crate::lexicon::parse("means.toml", means_text);
    let lines = Lines::new("reading/triggers.toml", TRIGGERS);
    let means_lines = Lines::new("reading/means.toml", means_text);
    let frames: Frames = crate::lexicon::parse("incident_frames.toml", data!("incident_frames.toml"));
    let each = |pick: fn(&TriggerEntry) -> &Vec<Spanned<String>>| {
        let pairs = triggers.trigger.iter().flat_map(|t| {
            let lines = &lines;
            pick(t).iter().map(move |w| {
                let trigger = Trigger { kind: t.kind, strength: t.strength, object: t.object, row: lines.row(w) };
                (w.get_ref().clone(), trigger)
            })
        });
        Phrases::build(pairs)
    };
    let ranked = means.means.iter().enumerate();
    let means_lines = &means_lines;
    let means = ranked
        .flat_map(|(rank, m)| m.words.iter().map(move |w| (w.get_ref().clone(), (rank, m.kind, means_lines.row(w)))));
    let forces = crate::lexicon::numbered_rows("reading/forces.tsv", data!("forces.tsv"));
    let forces = forces.filter_map(|(at, row)| match row.as_slice() {
        [word, kind, ..] => Some(((*word).to_owned(), (force(kind)?, at))),
        _ => None,
    });
    Lexicon {
        nouns: each(|t| &t.nouns),
        verbs: each(|t| &t.verbs),
        means: Phrases::build(means),
        forces: forces.collect(),
        frames,
    }
}

fn force(kind: &str) -> Option<Force> {
    Some(match kind {
        "platform" => Force::Platform,
        "force" => Force::Force,
        "side" => Force::Side,
        "security" => Force::Security,
        "attacker" => Force::Attacker,
        "people" => Force::People,
        "unknown" => Force::Unknown,
        _ => return None,
    })
}
