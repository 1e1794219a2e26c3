//! `data/reading/places.toml`.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use record::Precision;
use serde::Deserialize;

use crate::lexicon;

/// The file as written.
#[derive(Debug, Deserialize)]
struct File {
    prepositions: HashSet<String>,
    weak_prepositions: HashSet<String>,
    befalls: HashSet<String>,
    near: HashSet<String>,
    near_of: HashSet<String>,
    directions: HashSet<String>,
    features: Features,
    not_places: NotPlaces,
}

#[derive(Debug, Deserialize)]
struct Features {
    province: Vec<String>,
    district: Vec<String>,
    city: Vec<String>,
    site: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NotPlaces {
    words: HashSet<String>,
}

/// The words beside place names.
#[derive(Debug)]
pub(super) struct Words {
    file: File,
    features: HashMap<String, Precision>,
}

impl Words {
    /// The embedded lexicon.
    pub(super) fn get() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| {
            let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/reading/places.toml"));
            let mut file: File = lexicon::parse("places.toml", text);
            let lists = [
                (&mut file.features.province, Precision::Province),
                (&mut file.features.district, Precision::District),
                (&mut file.features.city, Precision::City),
                (&mut file.features.site, Precision::Site),
            ];
            let mut features = HashMap::new();
            for (list, precision) in lists {
                features.extend(std::mem::take(list).into_iter().map(|word| (word, precision)));
            }
            Words { file, features }
        })
    }

    /// The precision that a feature noun gives: "province", "airbase".
    pub(super) fn feature(&self, word: &str) -> Option<Precision> {
        self.features.get(&word.to_lowercase()).copied()
    }

    pub(super) fn is_preposition(&self, word: &str) -> bool {
        self.file.prepositions.contains(&word.to_lowercase())
    }

    pub(super) fn is_strong_preposition(&self, word: &str) -> bool {
        self.is_preposition(word) && !self.file.weak_prepositions.contains(&word.to_lowercase())
    }

    /// Whether a noun is of what befalls a place: "a raid on".
    pub(super) fn befalls(&self, word: &str) -> bool {
        self.file.befalls.contains(&word.to_lowercase())
    }

    pub(super) fn is_near(&self, word: &str) -> bool {
        self.file.near.contains(&word.to_lowercase())
    }

    pub(super) fn is_near_of(&self, word: &str) -> bool {
        self.file.near_of.contains(&word.to_lowercase())
    }

    pub(super) fn is_direction(&self, word: &str) -> bool {
        self.file.directions.contains(&word.to_lowercase())
    }

    pub(super) fn is_never_a_place(&self, word: &str) -> bool {
        self.file.not_places.words.contains(word)
    }
}
