//! The word lists of `data/reading/`, parsed once.
//!
//! Format and conventions: `data/README.md`. Each step of the reading has its own file or files there and its own
//! typed table built from them; this module holds what they share:
//!
//! - [`rows`] splits a `.tsv` table;
//! - [`parse`] reads a `.toml` lexicon into the step's own serde types;
//! - in tests, `examples` runs the `yes` and `no` sentences of every lexicon through the whole reader.
//!
//! ```text
//! fn lexicon() -> &'static Lexicon {
//!     static LEXICON: OnceLock<Lexicon> = OnceLock::new();
//!     LEXICON.get_or_init(|| {
//!         Lexicon::build(lexicon::parse("accords.toml", include_str!(concat!(
//!             env!("CARGO_MANIFEST_DIR"), "/../data/reading/accords.toml"))))
//!     })
//! }
//! ```

use serde::de::DeserializeOwned;

/// The rows of a table: its lines without comments and blank ones, split at tabs.
pub fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
}

/// Where an entry stands: a file under `data/` and a line of it, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Row {
    /// Path under `data/`.
    pub file: &'static str,
    /// Line, from 1.
    pub line: usize,
}

/// [`rows`] with where each stands. `file` is the table's path under `data/`.
pub fn numbered_rows(file: &'static str, table: &'static str) -> impl Iterator<Item = (Row, Vec<&'static str>)> {
    let lines = table.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(move |(n, line)| (Row { file, line: n + 1 }, line.split('\t').collect()))
}

/// The lines of a file, for finding where a value of a `.toml` lexicon stands.
#[derive(Debug)]
pub struct Lines {
    file: &'static str,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of `text`, which is `file` under `data/`.
    pub fn new(file: &'static str, text: &str) -> Lines {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Lines { file, starts }
    }

    /// Where a value stands.
    pub fn row<T>(&self, value: &toml::Spanned<T>) -> Row {
        Row { file: self.file, line: self.starts.partition_point(|&s| s <= value.span().start) }
    }
}

/// A TOML lexicon in the types of the step that uses it. `file` names it in the message when it does not parse, which
/// is a mistake in the repository and no matter of input: the example runner finds it before anybody else does.
pub fn parse<T: DeserializeOwned>(file: &str, text: &'static str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("data/reading/{file}: {error}"))
}

/// The runner of the lexicons' example sentences.
///
/// To have the examples of a lexicon run: add a line to [`examples::LEXICONS`] with the file's name, its text, and a
/// function that says whether the entry fired in the record read from a sentence. A `.toml` entry is any table with a
/// `yes` or `no` list; a `.tsv` entry is a row of a table whose header line (`# name⇥…⇥yes⇥no`, the last comment
/// before the rows) has a column `yes` or `no`, sentences separated by ` | `.
#[cfg(test)]
pub mod examples {
    use std::collections::BTreeMap;

    use record::{Dispatch, Record};

    use crate::Reader;

    /// A lexicon with examples: file, text, and whether an entry fired.
    pub struct Lexicon {
        /// Name under `data/reading/`.
        pub file: &'static str,
        /// Its text.
        pub text: &'static str,
        /// Whether the entry fired in the record of one sentence.
        pub fired: fn(&Entry, &Record) -> bool,
    }

    /// An entry: its fields as text (lists joined with " | "), and `path`, the names of the tables it stands in
    /// (`status.violated`).
    #[derive(Debug)]
    pub struct Entry {
        /// Table names, outermost first, joined with dots; the file's name for a `.tsv`.
        pub path: String,
        /// Fields.
        pub fields: BTreeMap<String, String>,
    }

    impl Entry {
        /// A field's text, empty where it is missing.
        pub fn field(&self, name: &str) -> &str {
            self.fields.get(name).map_or("", String::as_str)
        }

        fn sentences(&self, name: &str) -> Vec<String> {
            let given = self.field(name).split(" | ").map(|s| s.trim().to_owned());
            given.filter(|s| !s.is_empty()).collect()
        }
    }

    /// The text of a file of `data/reading/`.
    macro_rules! data {
        ($file:literal) => {
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/", $file))
        };
    }

    /// The lexicons whose examples are run.
    const LEXICONS: &[Lexicon] = &[
        Lexicon { file: "accords.toml", text: crate::accords::words::TEXT, fired: crate::accords::fired },
        Lexicon { file: "triggers.toml", text: crate::incidents::TRIGGERS, fired: crate::incidents::fired },
        Lexicon { file: "means.toml", text: data!("means.toml"), fired: crate::incidents::fired },
        Lexicon { file: "forces.tsv", text: data!("forces.tsv"), fired: blames },
        Lexicon { file: "examples.toml", text: data!("examples.toml"), fired: found },
        Lexicon { file: "unread.toml", text: crate::unread::TEXT, fired: crate::unread::fired },
        Lexicon { file: "cues.tsv", text: data!("cues.tsv"), fired: reports },
        Lexicon { file: "reporting_nouns.tsv", text: data!("reporting_nouns.tsv"), fired: reports },
    ];

    /// An enumeration's value as the record writes it.
    fn code(value: impl serde::Serialize) -> String {
        serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// A word for those who use force fires where somebody is told as a perpetrator.
    fn blames(_: &Entry, record: &Record) -> bool {
        record.incidents.iter().any(|i| !i.perpetrators.is_empty())
    }

    /// An entry of `examples.toml` fires where one incident, or one place, is as all its fields say.
    fn found(entry: &Entry, record: &Record) -> bool {
        let asked = |field: &str| Some(entry.field(field)).filter(|wanted| !wanted.is_empty());
        let is = |field: &str, value: String| asked(field).is_none_or(|wanted| value == wanted);
        if asked("place").is_some() {
            let fits = |p: &record::PlaceMention| is("place", p.name.clone()) && is("precision", code(p.precision));
            return record.mentions.places.iter().any(fits);
        }
        let victim = |i: &record::Incident, wanted: &str| i.victims.iter().any(|v| v.group.contains(wanted));
        let blamed = |p: &record::Perpetrator| {
            asked("perpetrator").is_none_or(|wanted| p.actor.contains(wanted)) && is("stance", code(p.stance))
        };
        let counted = |f: &record::Figure| is("measure", code(f.measure)) && is("by", f.by.clone());
        record.incidents.iter().any(|i| {
            is("type", code(i.incident_type))
                && is("modality", code(i.modality))
                && is("background", i.background.to_string())
                && asked("victim").is_none_or(|wanted| victim(i, wanted))
                && (asked("perpetrator").or(asked("stance")).is_none() || i.perpetrators.iter().any(blamed))
                && (asked("measure").is_none() || i.figures.iter().any(counted))
        })
    }

    /// A cue fires where the record has a statement of its mode, or of that of one of its frames.
    fn reports(entry: &Entry, record: &Record) -> bool {
        let fits = |s: &record::Statement| {
            let mode = code(s.mode);
            mode == entry.field("mode") || entry.field("frames").split(',').any(|f| f.ends_with(&format!("={mode}")))
        };
        record.statements.iter().any(fits)
    }

    /// Published on a Thursday.
    fn dispatch(sentence: &str) -> Dispatch {
        Dispatch {
            id: "example".to_owned(),
            outlet: None,
            agency: None,
            url: None,
            headline: None,
            dek: None,
            language: Some("en".to_owned()),
            sha256: String::new(),
            dateline: None,
            published: Some(jiff::civil::date(2016, 9, 29)),
            published_basis: None,
            editorial: None,
            sections: Vec::new(),
            text: sentence.to_owned(),
            layout: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn entries(lexicon: &Lexicon) -> Vec<Entry> {
        if lexicon.file.ends_with(".tsv") {
            let comments = lexicon.text.lines().take_while(|l| l.starts_with('#') || l.trim().is_empty());
            let header = comments.filter(|l| l.contains('\t')).last().unwrap_or_default();
            let names: Vec<&str> = header.trim_start_matches(['#', ' ']).split('\t').collect();
            return super::rows(lexicon.text)
                .map(|row| Entry {
                    path: lexicon.file.to_owned(),
                    fields: names.iter().zip(&row).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
                })
                .collect();
        }
        let mut found = Vec::new();
        walk(&super::parse(lexicon.file, lexicon.text), &mut Vec::new(), &mut found);
        found
    }

    fn walk(value: &toml::Value, path: &mut Vec<String>, found: &mut Vec<Entry>) {
        match value {
            toml::Value::Array(items) => items.iter().for_each(|item| walk(item, path, found)),
            toml::Value::Table(table) => {
                if table.contains_key("yes") || table.contains_key("no") {
                    let text = |v: &toml::Value| match v {
                        toml::Value::String(s) => s.clone(),
                        toml::Value::Array(items) => {
                            items.iter().filter_map(|i| i.as_str()).collect::<Vec<_>>().join(" | ")
                        }
                        other => other.to_string(),
                    };
                    let fields = table.iter().map(|(k, v)| (k.clone(), text(v))).collect();
                    found.push(Entry { path: path.join("."), fields });
                }
                for (name, inner) in table {
                    path.push(name.clone());
                    walk(inner, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_closed_list_has_an_example() {
        let examples = super::parse::<toml::Table>("examples.toml", data!("examples.toml"));
        let examples: Vec<(&str, &str)> = examples["example"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| (e["file"].as_str().unwrap_or_default(), e["list"].as_str().unwrap_or_default()))
            .collect();
        let mut lists: Vec<(&str, String)> = Vec::new();
        for (file, text) in
            [("incident_frames.toml", data!("incident_frames.toml")), ("places.toml", data!("places.toml"))]
        {
            for (name, value) in super::parse::<toml::Table>(file, text) {
                match value {
                    // "not_places.words" is the list "not_places".
                    toml::Value::Table(inner) if !inner.contains_key("words") => {
                        lists.extend(inner.keys().map(|key| (file, format!("{name}.{key}"))));
                    }
                    _ => lists.push((file, name)),
                }
            }
        }
        let bare: Vec<_> = lists.iter().filter(|(f, l)| !examples.contains(&(*f, l.as_str()))).collect();
        assert!(bare.is_empty(), "lists without an example in examples.toml: {bare:?}");
        let stray: Vec<_> = examples.iter().filter(|(f, l)| !lists.iter().any(|(g, m)| f == g && l == m)).collect();
        assert!(stray.is_empty(), "examples of lists that are not there: {stray:?}");
    }

    #[test]
    fn every_trigger_has_an_example() {
        let bare = |text: &str| -> Vec<String> {
            let file: toml::Table = toml::from_str(text).expect("a lexicon");
            let entries = file.values().filter_map(toml::Value::as_array).flatten();
            entries.filter(|e| e.get("yes").is_none()).map(ToString::to_string).collect()
        };
        for (file, text) in [("triggers.toml", data!("triggers.toml")), ("means.toml", data!("means.toml"))] {
            assert!(bare(text).is_empty(), "entries of {file} without a sentence: {:#?}", bare(text));
        }
    }

    #[test]
    fn every_example_of_every_lexicon_holds() {
        let reader = Reader::new();
        let mut wrong = Vec::new();
        for lexicon in LEXICONS {
            let mut sentences = 0;
            for entry in entries(lexicon) {
                for (name, must) in [("yes", true), ("no", false)] {
                    for sentence in entry.sentences(name) {
                        sentences += 1;
                        if (lexicon.fired)(&entry, &reader.read(dispatch(&sentence))) != must {
                            wrong.push(format!("{}: {} {name}: {sentence}", lexicon.file, entry.path));
                        }
                    }
                }
            }
            assert!(sentences > 0, "{} has no examples", lexicon.file);
        }
        assert!(wrong.is_empty(), "{} examples fail:\n{}", wrong.len(), wrong.join("\n"));
    }
}
