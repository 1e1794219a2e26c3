//! Days, names, kinds and numbers in plain English; the words themselves are in `data/report.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::Deserialize;

/// `data/report.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    kinds: BTreeMap<String, Number>,
    measures: BTreeMap<String, String>,
    stances: BTreeMap<String, String>,
    states: BTreeMap<String, State>,
    modalities: BTreeMap<String, String>,
    article: Article,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    one: String,
    many: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    turned: String,
    is: String,
    by: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    heads: BTreeSet<String>,
    bare: BTreeSet<String>,
    one_of: BTreeSet<String>,
}

/// The embedded words.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/report.toml"));
        toml::from_str(text).expect("data/report.toml is checked by a test")
    })
}

fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

impl Words {
    /// "an air strike".
    pub fn one(&self, kind: &str) -> String {
        self.kinds.get(kind).map_or_else(|| spaced(kind), |k| k.one.clone())
    }

    /// "air strikes".
    pub fn many(&self, kind: &str) -> String {
        self.kinds.get(kind).map_or_else(|| spaced(kind), |k| k.many.clone())
    }

    /// "Air strike": the kind as a heading.
    pub fn title(&self, kind: &str) -> String {
        let one = self.one(kind);
        let bare = ["an ", "a ", "the "].iter().find_map(|a| one.strip_prefix(a)).unwrap_or(&one);
        capital(bare)
    }

    /// "killed or injured".
    pub fn measure(&self, measure: &str) -> String {
        self.measures.get(measure).map_or_else(|| spaced(measure), String::clone)
    }

    /// "blamed".
    pub fn stance(&self, stance: &str) -> &str {
        self.stances.get(stance).map_or("named", String::as_str)
    }

    /// "was suspended".
    pub fn turned(&self, status: &str) -> String {
        self.states.get(status).map_or_else(|| format!("was {}", spaced(status)), |s| s.turned.clone())
    }

    /// "suspended".
    pub fn is(&self, status: &str) -> String {
        self.states.get(status).map_or_else(|| spaced(status), |s| s.is.clone())
    }

    /// "declared over by", before a party.
    pub fn by(&self, status: &str) -> String {
        self.states.get(status).map_or_else(|| format!("{} by", spaced(status)), |s| s.by.clone())
    }

    /// "threatened".
    pub fn modality(&self, modality: &str) -> String {
        self.modalities.get(modality).map_or_else(|| spaced(modality), String::clone)
    }

    /// Names as a sentence takes them: "the Syrian Observatory for Human Rights", "residents and the army", "John Kerry".
    pub fn the(&self, name: &str) -> String {
        name.trim().split(" and ").map(|part| self.with_article(part)).collect::<Vec<_>>().join(" and ")
    }

    fn with_article(&self, name: &str) -> String {
        let lower = name.to_lowercase();
        let head =
            [" for ", " of ", " in ", " on ", " to ", " at ", " from "].iter().filter_map(|p| lower.find(p)).min();
        let head = lower.get(..head.unwrap_or(lower.len())).unwrap_or(&lower);
        let last = head.rsplit(' ').next().unwrap_or(head);
        let given = ["the ", "a ", "an ", "its ", "his ", "her ", "their "].iter().any(|a| lower.starts_with(a));
        if given || self.article.bare.contains(&lower) {
            name.to_owned()
        } else if self.article.one_of.contains(last) {
            let vowel = lower.starts_with(['a', 'e', 'i', 'o', 'u']);
            format!("{} {name}", if vowel { "an" } else { "a" })
        } else if self.article.heads.contains(last) {
            format!("the {name}")
        } else {
            name.to_owned()
        }
    }
}

/// The common name of a country by its two letters.
pub fn country(code: &str) -> &str {
    static NAMES: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/atlas/countries.tsv"));
        let row = |line: &'static str| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?))
        };
        text.lines().filter(|l| !l.starts_with('#')).filter_map(row).collect()
    });
    names.get(code).copied().unwrap_or(code)
}

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// "17 September 2016", for a day in ISO form; what is none stays as it is.
pub fn day(iso: &str) -> String {
    iso.parse::<Date>().map_or_else(|_| iso.to_owned(), said)
}

/// "17 September 2016".
pub fn said(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// "17 Sep 2016", for a day in ISO form.
pub fn short_day(iso: &str) -> String {
    iso.parse::<Date>().map_or_else(|_| iso.to_owned(), |d| d.strftime("%-d %b %Y").to_string())
}

/// A stretch of days as a person writes it: "17 September 2016", "3–5 September 2016", "August 2016", "2015".
pub fn days(start: Option<&str>, end: Option<&str>) -> Option<String> {
    let (start, end) = (start.or(end)?, end.or(start)?);
    let (Ok(from), Ok(to)) = (start.parse::<Date>(), end.parse::<Date>()) else {
        return Some(if start == end { start.to_owned() } else { format!("{start} to {end}") });
    };
    Some(stretch(from, to))
}

/// The same for days.
pub fn stretch(from: Date, to: Date) -> String {
    let month = from.year() == to.year() && from.month() == to.month();
    let whole = from.day() == 1 && to == to.last_of_month();
    if from >= to {
        said(from)
    } else if whole && month {
        from.strftime("%B %Y").to_string()
    } else if whole && from.month() == 1 && to.month() == 12 && from.year() == to.year() {
        from.year().to_string()
    } else if whole && from.year() == to.year() {
        format!("{} to {}", from.strftime("%B"), to.strftime("%B %Y"))
    } else if month {
        format!("{}–{}", from.day(), said(to))
    } else if from.year() == to.year() {
        format!("{} to {}", from.strftime("%-d %B"), said(to))
    } else {
        format!("{} to {}", said(from), said(to))
    }
}

/// "on 17 September 2016", "between 3 and …", "in August 2016": a stretch of days inside a sentence.
pub fn when(start: Option<&str>, end: Option<&str>) -> Option<String> {
    let told = days(start, end)?;
    let single = start.is_none() || end.is_none() || start == end;
    let begins_with_day = told.chars().next().is_some_and(|c| c.is_ascii_digit()) && told.contains(' ');
    Some(match (single, begins_with_day) {
        (true, _) => format!("on {told}"),
        (false, true) => format!("during {told}"),
        (false, false) => format!("in {told}"),
    })
}

/// Numbers with thousands apart: "9,364".
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// "31–43", "62", or nothing.
pub fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(l), Some(h)) if l != h => format!("{}–{}", number(l), number(h)),
        (Some(n), _) | (None, Some(n)) => number(n),
        (None, None) => String::new(),
    }
}

/// A number of one digit in words, at the beginning of what is said: "9 people" → "nine people".
pub fn spelled(text: &str) -> String {
    const SMALL: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let word = |w: &str| match w.parse::<usize>() {
        Ok(n) if w.len() == 1 => SMALL.get(n).map_or_else(|| w.to_owned(), |s| (*s).to_owned()),
        _ => w.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// "1 incident", "2 incidents".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(i64::try_from(n).unwrap_or(i64::MAX)), if n == 1 { one } else { many })
}

/// "a", "a and b", "a, b and c".
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_as_people_write_them() {
        for (start, end, told) in [
            ("2016-09-17", "2016-09-17", "17 September 2016"),
            ("2016-09-03", "2016-09-05", "3–5 September 2016"),
            ("2016-08-01", "2016-08-31", "August 2016"),
            ("2015-01-01", "2015-12-31", "2015"),
            ("2016-04-01", "2016-06-30", "April to June 2016"),
            ("2016-08-30", "2016-09-02", "30 August to 2 September 2016"),
            ("2015-12-30", "2016-01-02", "30 December 2015 to 2 January 2016"),
            ("some day", "some day", "some day"),
        ] {
            assert_eq!(days(Some(start), Some(end)).as_deref(), Some(told));
        }
        assert_eq!(when(Some("2016-08-01"), Some("2016-08-31")).as_deref(), Some("in August 2016"));
        assert_eq!(when(Some("2016-09-17"), None).as_deref(), Some("on 17 September 2016"));
        assert_eq!(when(Some("2015-01-01"), Some("2015-12-31")).as_deref(), Some("in 2015"));
        assert_eq!(days(None, None), None);
    }

    #[test]
    fn every_kind_measure_stance_and_state_has_words_and_names_take_their_article() {
        let w = words();
        for kind in ["air_strike", "mine_or_ied", "siege_or_blockade", "protest_or_riot"] {
            assert!(!w.one(kind).contains('_') && w.kinds.contains_key(kind));
        }
        assert_eq!((w.kinds.len(), w.measures.len(), w.stances.len(), w.states.len()), (18, 10, 6, 13));
        assert_eq!(w.title("air_strike"), "Air strike");
        for (name, told) in [
            ("Northern Observatory for Human Rights", "the Northern Observatory for Human Rights"),
            ("Ministry of Defence", "the Ministry of Defence"),
            ("Syrian government", "the Syrian government"),
            ("United Nations", "the United Nations"),
            ("the army", "the army"),
            ("Mira Halvorsen", "Mira Halvorsen"),
            ("rebels", "rebels"),
            ("Islamic State", "Islamic State"),
            ("residents of the old town", "residents of the old town"),
            ("residents and Northern Observatory", "residents and the Northern Observatory"),
            ("Bran Okafor and his government", "Bran Okafor and his government"),
            ("source at the hospital", "a source at the hospital"),
            ("Al-Midan correspondent", "an Al-Midan correspondent"),
        ] {
            assert_eq!(w.the(name), told);
        }
    }

    #[test]
    fn numbers_and_lists() {
        assert_eq!(
            (number(9_364).as_str(), number(-1_000_000).as_str(), number(12).as_str()),
            ("9,364", "-1,000,000", "12")
        );
        assert_eq!(range(Some(3), Some(9)), "3–9");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!((country("SY"), country("??")), ("Syria", "??"));
    }
}
