//! What the world is called: names → places, countries, actors, offices and who held them when.
//!
//! Read-only tables built once from `data/atlas/` and from an embedded gazetteer. Names are looked up as written: the
//! atlas folds case, diacritics, hyphens, apostrophes, the Arabic article and common transliteration variants.
//!
//! ```
//! use jiff::civil::date;
//!
//! let atlas = atlas::Atlas::new();
//! assert_eq!(atlas.demonym("Turks").unwrap().code, "TR");
//! assert_eq!(atlas.actor("Daesh").unwrap().id, "islamic-state");
//! assert_eq!(atlas.holders("US Secretary of State", date(2016, 9, 29))[0].name, "John Kerry");
//! ```
//!
//! Limits: an acronym that several actors share ("RSF") leads to the international one unless a country is given
//! ([`Atlas::actor_in`]); persons are a few hundred office holders, not a who's who.

mod actors;
mod countries;
mod fold;
pub mod gazetteer;
mod persons;
mod places;
mod table;

pub use actors::{Actor, ActorClass};
pub use fold::{fold, sound};
pub use persons::{Office, Person};
pub use places::{Country, Place, PlaceKind, distance};

use crate::table::{line_of, table};
use std::sync::OnceLock;

use jiff::civil::Date;

use actors::ActorTable;
use countries::Countries;
use gazetteer::Gazetteer;
use persons::Persons;
use places::Additions;

/// The loaded tables. Cheap to make more than once (the tables are built once), shareable between threads.
#[derive(Debug, Clone, Copy)]
pub struct Atlas {
    tables: &'static Tables,
}

/// What is built once.
#[derive(Debug)]
struct Tables {
    countries: Countries,
    actors: ActorTable,
    persons: Persons,
    additions: Additions,
    gazetteer: Option<Gazetteer>,
}

impl Atlas {
    /// The embedded atlas.
    pub fn new() -> Atlas {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        let tables = TABLES.get_or_init(|| {
            let countries = Countries::new();
            let actors = ActorTable::new(&countries);
            Tables {
                countries,
                actors,
                persons: Persons::new(),
                additions: Additions::new(),
                gazetteer: Gazetteer::embedded(),
            }
        });
        Atlas { tables }
    }

    /// All places that go by `name` (any spelling variant), most populous or most senior first. Names that sound alike
    /// are asked only when nothing folds the same.
    pub fn places(&self, name: &str) -> Vec<Place> {
        let t = self.tables;
        let folded = fold(name);
        let mut found = t.gazetteer.as_ref().map(|g| g.find(&folded)).unwrap_or_default();
        let added = t.additions.find(&folded);
        if let Some(country) = t.countries.by_name_folded(name, &folded) {
            found.push(country.place());
        }
        if found.is_empty() && added.is_empty() {
            let key = sound(&folded);
            if key.len() < 4 {
                return Vec::new();
            }
            let found = t.gazetteer.as_ref().map(|g| g.find_by_sound(&key)).unwrap_or_default();
            return places::join(found, t.additions.find_by_sound(&key));
        }
        places::join(found, added)
    }

    /// The divisions whose name is `name` and a word for a division: "Avoyelles" is Avoyelles Parish.
    pub fn divisions(&self, name: &str) -> Vec<Place> {
        let t = self.tables;
        let folded = fold(name);
        let full = t.additions.divisions.iter().map(|word| format!("{folded} {word}"));
        let found = full.flat_map(|n| t.gazetteer.as_ref().map(|g| g.find(&n)).unwrap_or_default()).collect();
        places::join(found, Vec::new())
    }

    /// Whether a place goes by `name` but for case, marks and joints: one look-up, nothing read.
    pub fn is_place(&self, name: &str) -> bool {
        let t = self.tables;
        let folded = fold(name);
        t.gazetteer.as_ref().is_some_and(|g| g.has(&folded))
            || t.additions.has(&folded)
            || t.countries.by_name_folded(name, &folded).is_some()
    }

    /// The country called `name`, by any of its names ("Russia", "DR Congo", "U.S."; not "the Kremlin").
    pub fn country(&self, name: &str) -> Option<&Country> {
        self.tables.countries.by_name(name)
    }

    /// The country by ISO 3166 alpha-2 code.
    pub fn country_by_code(&self, code: &str) -> Option<&Country> {
        self.tables.countries.by_code(code)
    }

    /// The country whose capital is called `name`: "Moscow said" is Russia speaking.
    pub fn country_by_capital(&self, name: &str) -> Option<&Country> {
        self.tables.countries.by_capital(name)
    }

    /// The country that an adjective or a noun for its people belongs to: "Syrian", "Syrians", "Turks".
    pub fn demonym(&self, word: &str) -> Option<&Country> {
        self.tables.countries.by_people(word)
    }

    /// The body, group or state that goes by `name`: listed ("ISIL", "the Kremlin"), a country, or a part of a state
    /// ("Iranian Foreign Ministry", "Russia's Ministry of Defence").
    pub fn actor(&self, name: &str) -> Option<&Actor> {
        let found = self.tables.actors.by_name(&self.tables.countries, name);
        found.iter().find(|a| a.country.is_none()).or_else(|| found.first()).copied()
    }

    /// Like [`Atlas::actor`], in a dispatch about the countries `codes`: among actors that share an acronym the one of
    /// such a country wins ("RSF" in Sudan), and a bare "Foreign Ministry" or "army" is that of the first.
    pub fn actor_in(&self, name: &str, codes: &[&str]) -> Option<&Actor> {
        let found = self.tables.actors.by_name(&self.tables.countries, name);
        let near = |code: &&str| found.iter().find(|a| a.country.as_deref() == Some(*code)).copied();
        codes
            .iter()
            .find_map(near)
            .or_else(|| self.actor(name))
            .or_else(|| codes.first().and_then(|code| self.tables.actors.part(code, name)))
    }

    /// The actor with this id.
    pub fn actor_by_id(&self, id: &str) -> Option<&Actor> {
        self.tables.actors.by_id(id)
    }

    /// Where the entry of an actor or person stands: its file under `data/`, and the line, from 1. A part of a state
    /// without a line of its own (`ir-foreign-ministry`) stands where all states' parts do.
    pub fn row_of(&self, id: &str) -> Option<(&'static str, usize)> {
        let at = |file, text, key: &str| line_of(text, key).map(|line| (file, line));
        at("atlas/actors.tsv", table!("actors.tsv"), id)
            .or_else(|| at("atlas/persons.tsv", table!("persons.tsv"), id))
            .or_else(|| at("atlas/countries.tsv", table!("countries.tsv"), &id.to_ascii_uppercase()))
            .or_else(|| at("atlas/institutions.tsv", table!("institutions.tsv"), id.split_once('-')?.1))
    }

    /// Persons known by this full name or surname.
    pub fn persons(&self, name: &str) -> Vec<&Person> {
        self.tables.persons.by_name(name)
    }

    /// The person with this id.
    pub fn person_by_id(&self, id: &str) -> Option<&Person> {
        self.tables.persons.by_id(id)
    }

    /// Who held an office on a day: `office` as written with its body ("US Secretary of State").
    pub fn holders(&self, office: &str, on: Date) -> Vec<&Person> {
        self.tables.persons.holders(&self.tables.countries, &self.tables.actors, office, on)
    }
}

impl Default for Atlas {
    fn default() -> Self {
        Atlas::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_find_it() {
        let atlas = Atlas::new();
        for (names, country, point) in [
            (&["Deir ez-Zor", "Deir Ezzor", "Dayr az Zawr", "Deir al-Zor"][..], "SY", (35.33, 40.14)),
            (&["Raqqa", "ar-Raqqah", "al-Raqqa"], "SY", (35.95, 39.01)),
            (&["Khan Sheikhoun", "Khan Shaykhun"], "SY", (35.44, 36.65)),
            (&["Kyiv", "Kiev"], "UA", (50.45, 30.52)),
            (&["Helmand", "Helmand Province"], "AF", (31.0, 64.0)),
            (&["St. Petersburg"], "RU", (59.93, 30.31)),
            (&["eastern Ghouta", "East Ghouta"], "SY", (33.53, 36.42)),
        ] {
            for name in names {
                let found = atlas.places(name);
                let first = found.first().unwrap_or_else(|| panic!("{name} is not found"));
                assert_eq!(first.country, country, "{name}");
                assert!(first.distance(point.0, point.1) < 60.0, "{name}: {first:?}");
            }
        }
        assert!(atlas.places("Nowhere in particular").is_empty());
    }

    #[test]
    fn the_most_important_namesake_comes_first() {
        let atlas = Atlas::new();
        for (name, country, kind) in [
            ("Paris", "FR", PlaceKind::Capital),
            ("Georgia", "GE", PlaceKind::Country),
            ("Aleppo", "SY", PlaceKind::City),
            ("London", "GB", PlaceKind::Capital),
        ] {
            let first = atlas.places(name).into_iter().next().map(|p| (p.country, p.kind));
            assert_eq!(first, Some((country.to_owned(), kind)), "{name}");
        }
    }

    #[test]
    fn every_id_has_its_line() {
        let atlas = Atlas::new();
        for (id, file) in [
            ("islamic-state", "atlas/actors.tsv"),
            ("john-kerry", "atlas/persons.tsv"),
            ("sy", "atlas/countries.tsv"),
            ("lk-foreign-ministry", "atlas/institutions.tsv"),
        ] {
            assert_eq!(atlas.row_of(id).map(|(file, _)| file), Some(file), "{id}");
        }
        assert_eq!(atlas.row_of("nobody-at-all"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_looked_up_without_panic(name in ".{0,40}") {
            let atlas = Atlas::new();
            let _ = (atlas.places(&name), atlas.actor(&name), atlas.persons(&name), atlas.demonym(&name));
            let _ = (atlas.holders(&name, Date::MIN), atlas.divisions(&name), atlas.actor_in(&name, &["SY"]));
        }
    }
}
