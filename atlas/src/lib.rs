//! What the world is called: names → places, countries, actors, offices and who held them when.
//!
//! Read-only tables built once from `data/` and from an embedded gazetteer. Names are looked up as written; the atlas
//! folds case, diacritics, hyphens, apostrophes, the Arabic article and common transliteration variants.

mod actors;
mod places;

pub use actors::{Actor, ActorClass, Office, Person};
pub use places::{Country, Place, PlaceKind};

use jiff::civil::Date;

/// The loaded tables. Shareable between threads.
#[derive(Debug)]
pub struct Atlas {}

impl Atlas {
    /// The embedded atlas.
    pub fn new() -> Atlas {
        Atlas {}
    }

    /// All places that go by `name` (any spelling variant), most populous or most senior first.
    pub fn places(&self, name: &str) -> Vec<Place> {
        let _ = name;
        Vec::new()
    }

    /// The country called `name`, by any of its names or its capital's metonym ("the Kremlin" is not one; "Russia" is).
    pub fn country(&self, name: &str) -> Option<&Country> {
        let _ = name;
        None
    }

    /// The country by ISO 3166 alpha-2 code.
    pub fn country_by_code(&self, code: &str) -> Option<&Country> {
        let _ = code;
        None
    }

    /// The country that an adjective or a noun for its people belongs to: "Syrian", "Syrians", "Turks".
    pub fn demonym(&self, word: &str) -> Option<&Country> {
        let _ = word;
        None
    }

    /// The body, group or state that goes by `name` ("ISIL", "the Observatory" only by its full or listed names).
    pub fn actor(&self, name: &str) -> Option<&Actor> {
        let _ = name;
        None
    }

    /// The actor with this id.
    pub fn actor_by_id(&self, id: &str) -> Option<&Actor> {
        let _ = id;
        None
    }

    /// Persons known by this full name or surname.
    pub fn persons(&self, name: &str) -> Vec<&Person> {
        let _ = name;
        Vec::new()
    }

    /// Who held an office on a day: `office` as written with its body ("US Secretary of State").
    pub fn holders(&self, office: &str, on: Date) -> Vec<&Person> {
        let _ = (office, on);
        Vec::new()
    }
}

impl Default for Atlas {
    fn default() -> Self {
        Atlas::new()
    }
}
