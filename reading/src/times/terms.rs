//! The words of time: every token of a page with the classes it has in `data/reading/time_words.tsv`.

use std::collections::HashMap;
use std::sync::OnceLock;

use language::Analysis;

use crate::lexicon::rows;

/// What a word can be in an expression of time; `time_words.tsv` says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the table documents them
pub enum Class {
    Ago,
    Approx,
    Day,
    DecadeName,
    Det,
    Earlier,
    Early,
    Edge,
    Every,
    Fiscal,
    Former,
    Half,
    Hence,
    Last,
    Later,
    Latest,
    Least,
    Meridiem,
    Moment,
    Month,
    More,
    Next,
    Noon,
    Oclock,
    Old,
    Once,
    OrSo,
    Ordinal,
    Part,
    Past,
    Period,
    Planned,
    Season,
    StretchBefore,
    Than,
    That,
    Till,
    This,
    Tonight,
    Unit,
    Vague,
    Weekday,
    Weekdays,
    Will,
    YearBefore,
    Zone,
}

impl Class {
    fn parse(name: &str) -> Option<Class> {
        Some(match name {
            "ago" => Class::Ago,
            "approx" => Class::Approx,
            "day" => Class::Day,
            "decade_name" => Class::DecadeName,
            "det" => Class::Det,
            "earlier" => Class::Earlier,
            "early" => Class::Early,
            "edge" => Class::Edge,
            "every" => Class::Every,
            "fiscal" => Class::Fiscal,
            "former" => Class::Former,
            "half" => Class::Half,
            "hence" => Class::Hence,
            "last" => Class::Last,
            "later" => Class::Later,
            "latest" => Class::Latest,
            "least" => Class::Least,
            "meridiem" => Class::Meridiem,
            "moment" => Class::Moment,
            "month" => Class::Month,
            "more" => Class::More,
            "next" => Class::Next,
            "noon" => Class::Noon,
            "oclock" => Class::Oclock,
            "old" => Class::Old,
            "once" => Class::Once,
            "or_so" => Class::OrSo,
            "ordinal" => Class::Ordinal,
            "part" => Class::Part,
            "past" => Class::Past,
            "period" => Class::Period,
            "planned" => Class::Planned,
            "season" => Class::Season,
            "stretch_before" => Class::StretchBefore,
            "than" => Class::Than,
            "that" => Class::That,
            "till" => Class::Till,
            "this" => Class::This,
            "tonight" => Class::Tonight,
            "unit" => Class::Unit,
            "vague" => Class::Vague,
            "weekday" => Class::Weekday,
            "weekdays" => Class::Weekdays,
            "will" => Class::Will,
            "year_before" => Class::YearBefore,
            "zone" => Class::Zone,
            _ => return None,
        })
    }
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The class.
    pub class: Class,
    /// Its value as written.
    pub value: &'static str,
}

type Table = HashMap<&'static str, Vec<Entry>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/time_words.tsv"));
        let mut table = Table::new();
        for row in rows(text) {
            if let Some(class) = row.get(1).and_then(|c| Class::parse(c)) {
                table.entry(row[0]).or_default().push(Entry { class, value: row.get(2).copied().unwrap_or("") });
            }
        }
        table
    })
}

/// The entries of a word.
pub fn entries(word: &str) -> &'static [Entry] {
    if word.len() > 14 {
        return &[];
    }
    table().get(word.to_lowercase().as_str()).map_or(&[], Vec::as_slice)
}

/// All words of a fixed expression, what they stand for, and of what kind that is.
type Phrase = (Vec<&'static str>, &'static str, &'static str);

/// Fixed expressions and holidays by their first word.
pub struct Phrases(HashMap<&'static str, Vec<Phrase>>);

impl Phrases {
    fn of(text: &'static str) -> Phrases {
        let mut table: HashMap<&'static str, Vec<Phrase>> = HashMap::new();
        for row in rows(text) {
            let words: Vec<&str> = row[0].split(' ').collect();
            let (value, kind) = (row.get(1).copied().unwrap_or(""), row.get(2).copied().unwrap_or(""));
            table.entry(words[0]).or_default().push((words, value, kind));
        }
        for phrases in table.values_mut() {
            phrases.sort_by_key(|(words, ..)| std::cmp::Reverse(words.len()));
        }
        Phrases(table)
    }

    /// Those of `time_phrases.tsv`.
    pub fn fixed() -> &'static Phrases {
        static TABLE: OnceLock<Phrases> = OnceLock::new();
        TABLE.get_or_init(|| {
            Phrases::of(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/time_phrases.tsv")))
        })
    }

    /// Those of `holidays.tsv`.
    pub fn holidays() -> &'static Phrases {
        static TABLE: OnceLock<Phrases> = OnceLock::new();
        TABLE.get_or_init(|| {
            Phrases::of(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/holidays.tsv")))
        })
    }

    /// The longest phrase at token `i`: one past its end, value, type.
    pub fn at(&self, terms: &Terms, i: usize) -> Option<(usize, &'static str, &'static str)> {
        let word = terms.analysis.word(i);
        if word.len() > 14 {
            return None;
        }
        let candidates = self.0.get(word.to_lowercase().as_str())?;
        candidates.iter().find_map(|(words, value, kind)| {
            let fits = |(k, w): (usize, &&str)| i + k < terms.limit && terms.analysis.word(i + k).to_lowercase() == *w;
            words.iter().enumerate().all(fits).then_some((i + words.len(), *value, *kind))
        })
    }
}

/// The tokens of a page as terms; `limit` is where matching must stop (the block's end).
pub struct Terms<'a> {
    /// The page's analysis.
    pub analysis: &'a Analysis,
    entries: Vec<&'static [Entry]>,
    /// No expression reaches beyond this token.
    pub limit: usize,
}

impl<'a> Terms<'a> {
    /// Looks up every token.
    pub fn new(analysis: &'a Analysis) -> Terms<'a> {
        let entries = (0..analysis.len()).map(|i| entries(analysis.word(i))).collect();
        Terms { analysis, entries, limit: analysis.len() }
    }

    /// The value of token `i` in `class`.
    pub fn value(&self, i: usize, class: Class) -> Option<&'static str> {
        if i >= self.limit {
            return None;
        }
        self.entries.get(i)?.iter().find(|e| e.class == class).map(|e| e.value)
    }

    /// The same as a number.
    pub fn number(&self, i: usize, class: Class) -> Option<i32> {
        self.value(i, class)?.parse().ok()
    }

    /// Whether token `i` is of `class`.
    pub fn is(&self, i: usize, class: Class) -> bool {
        self.value(i, class).is_some()
    }

    /// All entries of token `i`.
    pub fn entries_of(&self, i: usize) -> &'static [Entry] {
        self.entries.get(i).copied().unwrap_or(&[])
    }

    /// Whether token `i` is of any class, that is, whether an expression could begin there.
    pub fn known(&self, i: usize) -> bool {
        self.entries.get(i).is_some_and(|e| !e.is_empty())
    }

    /// The words of token `i`; empty past the limit.
    pub fn word(&self, i: usize) -> &'a str {
        if i < self.limit { self.analysis.word(i) } else { "" }
    }

    /// Whether token `i` begins with a capital letter.
    pub fn capital(&self, i: usize) -> bool {
        self.word(i).starts_with(char::is_uppercase)
    }
}
