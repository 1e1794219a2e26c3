//! The phrases by which parts of a page are told apart (`data/wire/phrases.toml`).

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::Deserialize;

/// Longer units, in bytes, are never told by a phrase.
const LONGEST: usize = 160;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    furniture: Furniture,
    published: Published,
    caption: Caption,
    byline: Byline,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Furniture {
    whole: BTreeSet<String>,
    begins: Vec<String>,
    holds: Vec<String>,
    tail: Vec<String>,
    tail_if_short: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    words: BTreeSet<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Caption {
    begins: Vec<String>,
    credits: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Byline {
    begins: Vec<String>,
    sign_off: Vec<String>,
}

/// How what follows a unit is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// All of it is furniture.
    Always,
    /// It is furniture if it is little.
    IfShort,
}

impl Phrases {
    /// The phrases of the file.
    pub fn get() -> &'static Phrases {
        static PHRASES: OnceLock<Phrases> = OnceLock::new();
        // A test parses the file; a broken one would leave furniture in the text, not the program broken.
        PHRASES.get_or_init(|| toml::from_str(include_str!("../../../data/wire/phrases.toml")).unwrap_or_default())
    }

    /// Whether a unit is site furniture.
    pub fn is_furniture(&self, unit: &str) -> bool {
        let Some(low) = lower(unit) else { return false };
        self.furniture.whole.contains(bare(&low))
            || self.furniture.begins.iter().any(|p| begins(&low, p))
            || self.furniture.holds.iter().any(|p| low.contains(p.as_str()))
            || !low.chars().any(char::is_alphabetic)
    }

    /// Whether a page's tail of links begins with a unit.
    pub fn tail(&self, unit: &str) -> Option<Tail> {
        let low = lower(unit)?;
        if self.furniture.tail.iter().any(|p| begins(&low, p)) {
            Some(Tail::Always)
        } else if self.furniture.tail_if_short.contains(bare(&low)) {
            Some(Tail::IfShort)
        } else {
            None
        }
    }

    /// Whether a lower-case word may stand beside the day of publication.
    pub fn beside_day(&self, word: &str) -> bool {
        self.published.words.contains(word)
    }

    /// Whether a unit begins as captions do.
    pub fn begins_caption(&self, unit: &str) -> bool {
        let head = head(unit);
        self.caption.begins.iter().any(|p| begins(&head, p))
    }

    /// Whether the words between brackets credit a picture to somebody.
    pub fn is_credit(&self, words: &str) -> bool {
        let low = words.to_lowercase();
        let mut parts = low.split(['/', ',', '|', '-', '–', ':', ' ']).map(str::trim);
        self.caption.credits.iter().any(|c| low == *c || begins(&low, c)) || {
            low.contains('/') && parts.any(|part| self.caption.credits.iter().any(|c| c == part))
        }
    }

    /// Whether a unit begins as a byline does.
    pub fn begins_byline(&self, unit: &str) -> bool {
        lower(unit).is_some_and(|low| {
            self.byline.begins.iter().any(|p| begins(low.trim_start_matches(['(', '[', '-', '–', '—']), p))
        })
    }

    /// Whether a unit begins as the last lines of agency texts do.
    pub fn begins_sign_off(&self, unit: &str) -> bool {
        lower(unit).is_some_and(|low| {
            let low = low.trim_start_matches(['(', '[', '-', '–', '—', '*', ' ']);
            self.byline.sign_off.iter().any(|p| begins(low, p))
        })
    }
}

/// A short unit in lower case.
fn lower(unit: &str) -> Option<String> {
    (unit.len() <= LONGEST).then(|| unit.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The first characters of a unit in lower case.
fn head(unit: &str) -> String {
    unit.chars().take(60).flat_map(char::to_lowercase).collect()
}

/// Without the marks around it.
fn bare(low: &str) -> &str {
    low.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether `low` begins with the words of `phrase`.
fn begins(low: &str, phrase: &str) -> bool {
    low.strip_prefix(phrase).is_some_and(|rest| {
        !phrase.ends_with(char::is_alphanumeric) || !rest.chars().next().is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_and_fires() {
        let phrases: Phrases = toml::from_str(include_str!("../../../data/wire/phrases.toml")).unwrap();
        for unit in [
            "All news",
            "ADVERTISEMENT",
            "Follow us on Xyz",
            "— Read also:",
            "• • •",
            "Copyright 2016 Meridian",
            "Tags Syria, truce",
        ] {
            assert!(phrases.is_furniture(unit), "{unit}");
        }
        for unit in [
            "All news agencies reported it.",
            "Homs evacuation",
            "Followers of the cleric marched.",
            "Advertisements were banned.",
        ] {
            assert!(!phrases.is_furniture(unit), "{unit}");
        }
        assert!(
            phrases.is_credit("A. Writer/File/Reuters")
                && phrases.is_credit("AP Photo/A. Writer")
                && !phrases.is_credit("the group")
        );
    }
}
