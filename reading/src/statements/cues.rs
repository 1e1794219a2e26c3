//! The verbs and nouns that report speech: `data/reading/cues.tsv` and `data/reading/reporting_nouns.tsv`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use language::{Analysis, Dep, Pos};
use record::Mode;

use crate::lexicon::{Row, numbered_rows, rows};

/// What can hold the content of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// A clause, a quotation, or the sentence around it.
    Clause,
    /// A quotation only.
    Quote,
    /// The object with what follows it.
    Object,
    /// An object followed by "as".
    As,
    /// An object with a predicate.
    Attribute,
    /// An object with an infinitive.
    ObjectInfinitive,
    /// An infinitive.
    Infinitive,
    /// An object followed by "at".
    Toll,
    /// An object with "responsible".
    Responsible,
    /// "quoted X as saying".
    Quoted,
    /// The verb's paired object with what follows it.
    Whole,
    /// After this preposition.
    After(&'static str),
    /// After any of the usual prepositions.
    AfterAny,
}

impl Frame {
    /// What holds the content, for an explanation.
    pub fn told(&self) -> String {
        match self {
            Frame::Clause => "the clause that hangs on the cue, or the sentence around it",
            Frame::Quote => "a quotation",
            Frame::Object => "the cue's object with what follows it",
            Frame::As => "the cue's object with “as”",
            Frame::Attribute => "the cue's object with its predicate",
            Frame::ObjectInfinitive => "the cue's object with an infinitive",
            Frame::Infinitive => "the infinitive after the cue",
            Frame::Toll => "the cue's object with “at”",
            Frame::Responsible => "the cue's object with “responsible”",
            Frame::Quoted => "the clause of “as saying”",
            Frame::Whole => "the cue's paired object with what follows it",
            Frame::After(preposition) => return format!("what follows “{preposition}” after the cue"),
            Frame::AfterAny => "what follows the cue's preposition",
        }
        .to_owned()
    }
}

/// A frame, and whether only documents and publishing bodies take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The frame.
    pub frame: Frame,
    /// Only with a source that is a document.
    pub document: bool,
    /// The mode, where this frame has another than the verb.
    pub mode: Option<Mode>,
}

/// A cue of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A second word that must stand with the verb.
    pub second: Option<&'static str>,
    /// The statement's mode.
    pub mode: Mode,
    /// What can hold the content, in the order tried.
    pub slots: Vec<Slot>,
    /// Its first object is who was told.
    pub addressee: bool,
    /// Where it stands in `data/`.
    pub row: Row,
    /// Sentences in which it must make a statement.
    pub yes: Vec<&'static str>,
    /// Sentences in which it must not.
    pub no: Vec<&'static str>,
}

impl Entry {
    /// Whether it takes a clause or a quotation.
    pub fn clausal(&self) -> bool {
        self.slots.iter().any(|s| matches!(s.frame, Frame::Clause | Frame::Quote))
    }
}

/// A cue found in a text.
#[derive(Debug, Clone, Copy)]
pub struct Cue {
    /// Its verb or noun.
    pub token: usize,
    /// The second word, where the entry has one.
    pub second: Option<usize>,
    /// The lexicon's entry.
    pub entry: &'static Entry,
}

fn mode(text: &str) -> Option<Mode> {
    Some(match text {
        "says" => Mode::Says,
        "claims" => Mode::Claims,
        "denies" => Mode::Denies,
        "accuses" => Mode::Accuses,
        "condemns" => Mode::Condemns,
        "demands" => Mode::Demands,
        "warns" => Mode::Warns,
        "promises" => Mode::Promises,
        "threatens" => Mode::Threatens,
        "confirms" => Mode::Confirms,
        "believes" => Mode::Believes,
        "asks" => Mode::Asks,
        _ => return None,
    })
}

fn slot(text: &'static str) -> Option<Slot> {
    let (text, mode) = text.split_once('=').map_or((text, None), |(t, m)| (t, mode(m)));
    let (name, document) = text.strip_suffix(".doc").map_or((text, false), |n| (n, true));
    let frame = match name {
        "clause" => Frame::Clause,
        "quote" => Frame::Quote,
        "obj" => Frame::Object,
        "as" => Frame::As,
        "attr" => Frame::Attribute,
        "obj+inf" => Frame::ObjectInfinitive,
        "inf" => Frame::Infinitive,
        "toll" => Frame::Toll,
        "responsible" => Frame::Responsible,
        "quoted" => Frame::Quoted,
        "whole" => Frame::Whole,
        ">*" => Frame::AfterAny,
        _ => Frame::After(name.strip_prefix('>')?),
    };
    Some(Slot { frame, document, mode })
}

/// The prepositions that ">*" stands for.
pub const USUAL: [&str; 11] = ["about", "of", "over", "for", "on", "at", "to", "with", "against", "toward", "towards"];

fn sentences(text: Option<&&'static str>) -> Vec<&'static str> {
    text.map(|t| t.split('|').map(str::trim).filter(|s| !s.is_empty()).collect()).unwrap_or_default()
}

fn parse(file: &'static str, table: &'static str) -> HashMap<&'static str, Vec<Entry>> {
    let mut out: HashMap<&'static str, Vec<Entry>> = HashMap::new();
    let mut alike: Vec<(&'static str, &'static str)> = Vec::new();
    for (at, row) in numbered_rows(file, table).filter(|(_, r)| r.len() >= 3) {
        if let Some(other) = row[1].strip_prefix('=') {
            alike.push((row[0], other));
            continue;
        }
        let (verb, second) = row[0].split_once(' ').map_or((row[0], None), |(v, s)| (v, Some(s)));
        let Some(mode) = mode(row[1]) else { continue };
        let entry = Entry {
            second,
            mode,
            // "none" is no frame: such a pair is found first and makes nothing.
            slots: row[2].split(',').filter_map(slot).collect(),
            addressee: row[2].split(',').any(|f| f == "addressee"),
            row: at,
            yes: sentences(row.get(3)),
            no: sentences(row.get(4)),
        };
        out.entry(verb).or_default().push(entry);
    }
    for (verb, other) in alike {
        let entries = out.get(other).cloned().unwrap_or_default();
        out.entry(verb).or_default().extend(entries);
    }
    for entries in out.values_mut() {
        entries.sort_by_key(|e| e.second.is_none());
    }
    out
}

/// All verbs of the lexicon.
pub fn verbs() -> &'static HashMap<&'static str, Vec<Entry>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<Entry>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/cues.tsv"));
        parse("reading/cues.tsv", text)
    })
}

fn nouns() -> &'static HashMap<&'static str, Vec<Entry>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<Entry>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/reporting_nouns.tsv"));
        parse("reading/reporting_nouns.tsv", text)
    })
}

/// The lexicon's entries for verb `i`. Where the lemma is none of the lexicon's it may lack its "e" ("hoping" → "hop").
fn entries(a: &Analysis, i: usize) -> Option<&'static Vec<Entry>> {
    let lemma = a.lemma(i).to_lowercase();
    let found = verbs().get(lemma.as_str());
    let restored = || {
        let word = a.word(i).to_lowercase();
        let cut = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")).or_else(|| word.strip_suffix("es"))?;
        (cut == lemma).then(|| verbs().get(format!("{cut}e").as_str()))?
    };
    found.or_else(restored)
}

/// The cue that verb `i` is.
pub fn verb(a: &Analysis, i: usize) -> Option<Cue> {
    let t = a.tokens().get(i)?;
    if !matches!(t.pos, Pos::Verb | Pos::Aux) {
        return None;
    }
    let entries = entries(a, i)?;
    let particle = a.children(i).find(|&c| a.tokens()[c].dep == Dep::Prt);
    for entry in entries {
        match entry.second {
            None if particle.is_none() => return Some(Cue { token: i, second: None, entry }),
            None => {}
            Some(second) => {
                let with = a.children(i).find(|&c| {
                    let fits = matches!(
                        a.tokens()[c].dep,
                        Dep::Prt
                            | Dep::Advmod
                            | Dep::Acomp
                            | Dep::Attr
                            | Dep::Oprd
                            | Dep::Dobj
                            | Dep::Ccomp
                            | Dep::Prep
                    );
                    c > i && c < i + 6 && fits && (a.word(c).eq_ignore_ascii_case(second) || a.lemma(c) == second)
                });
                let next = || (a.tokens().get(i + 1).is_some() && a.word(i + 1) == second).then_some(i + 1);
                if let Some(second) = with.or_else(next) {
                    return Some(Cue { token: i, second: Some(second), entry });
                }
            }
        }
    }
    None
}

/// The reporting noun that token `i` is.
pub fn noun(a: &Analysis, i: usize) -> Option<Cue> {
    let t = a.tokens().get(i)?;
    if t.pos != Pos::Noun {
        return None;
    }
    let entry = nouns().get(a.lemma(i))?.first()?;
    Some(Cue { token: i, second: None, entry })
}

/// Whether noun `i` is an occasion on which things are said: "interview", "briefing".
pub fn occasion(a: &Analysis, i: usize) -> bool {
    static TABLE: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/occasions.tsv"));
    TABLE.get_or_init(|| rows(table).filter_map(|row| row.first().copied()).collect()).contains(a.lemma(i))
}

/// Whether a plural noun is, by its ending, one for those who do or belong: "developers", "Floridians".
pub fn agents(word: &str) -> bool {
    static TABLE: OnceLock<Vec<&'static str>> = OnceLock::new();
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/agent_endings.tsv"));
    let endings = TABLE.get_or_init(|| rows(table).filter_map(|row| row.first().copied()).collect());
    endings.iter().any(|e| word.ends_with(e))
}

/// Whether verb `i` reports speech with a clause or quotation.
pub fn speaks(a: &Analysis, i: usize) -> bool {
    verb(a, i).is_some_and(|c| c.entry.clausal() && c.entry.mode != Mode::Believes)
}
