//! Countries, their names, adjectives and peoples.

use std::collections::HashMap;

use crate::fold::{fold, is_acronym};
use crate::places::{Country, Place, PlaceKind};
use crate::table::{rows, table};

impl Country {
    /// The country as a place.
    pub fn place(&self) -> Place {
        Place {
            geonames_id: self.geonames_id,
            name: self.name.clone(),
            kind: PlaceKind::Country,
            country: self.code.clone(),
            admin1: None,
            admin2: None,
            lat: self.lat,
            lon: self.lon,
            population: 0,
        }
    }
}

/// The countries and the ways to find them.
#[derive(Debug)]
pub(crate) struct Countries {
    pub(crate) all: Vec<Country>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    by_people: HashMap<String, usize>,
    by_capital: HashMap<String, usize>,
}

/// The key of a name: acronyms ("US", "CAR") keep a mark, so that "us" and "car" do not find them.
fn key(name: &str) -> String {
    if is_acronym(name) { format!("={}", fold(name)) } else { fold(name) }
}

impl Countries {
    /// Reads `countries.tsv`.
    pub(crate) fn new() -> Countries {
        let mut it = Countries {
            all: Vec::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            by_people: HashMap::new(),
            by_capital: HashMap::new(),
        };
        for row in rows(table!("countries.tsv")) {
            let n = it.all.len();
            it.by_code.insert(row.cell(0).to_owned(), n);
            for name in std::iter::once(row.cell(1)).chain(row.list(2)) {
                it.by_name.entry(key(name)).or_insert(n);
            }
            // Adjectives before peoples, so that of two countries the one whose adjective it is wins.
            for word in row.list(3).into_iter().chain(row.list(4)) {
                it.by_people.entry(key(word)).or_insert(n);
            }
            it.by_capital.entry(fold(row.cell(5))).or_insert(n);
            it.all.push(Country {
                code: row.cell(0).to_owned(),
                name: row.cell(1).to_owned(),
                adjective: row.list(3).first().copied().unwrap_or(row.cell(1)).to_owned(),
                geonames_id: row.cell(6).parse().unwrap_or(0),
                capital: row.cell(5).to_owned(),
                lat: row.number(7),
                lon: row.number(8),
            });
        }
        it
    }

    fn find(&self, index: &HashMap<String, usize>, name: &str) -> Option<&Country> {
        self.find_folded(index, name, &fold(name))
    }

    fn find_folded(&self, index: &HashMap<String, usize>, name: &str, folded: &str) -> Option<&Country> {
        let marked = is_acronym(name).then(|| index.get(&format!("={folded}"))).flatten();
        marked.or_else(|| index.get(folded)).and_then(|&n| self.all.get(n))
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<&Country> {
        self.find(&self.by_name, name)
    }

    /// [`Countries::by_name`] for a name that is folded already.
    pub(crate) fn by_name_folded(&self, name: &str, folded: &str) -> Option<&Country> {
        self.find_folded(&self.by_name, name, folded)
    }

    pub(crate) fn by_code(&self, code: &str) -> Option<&Country> {
        self.by_code.get(code).and_then(|&n| self.all.get(n))
    }

    pub(crate) fn by_people(&self, word: &str) -> Option<&Country> {
        self.find(&self.by_people, word)
    }

    pub(crate) fn by_capital(&self, name: &str) -> Option<&Country> {
        self.find(&self.by_capital, name)
    }

    /// The country that a name or adjective stands for, and its number.
    pub(crate) fn by_any(&self, name: &str) -> Option<&Country> {
        self.by_people(name).or_else(|| self.by_name(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_peoples() {
        let countries = Countries::new();
        let code = |c: Option<&Country>| c.map(|c| c.code.clone()).unwrap_or_default();
        for (name, want) in [
            ("Syria", "SY"),
            ("the United States", "US"),
            ("U.S.", "US"),
            ("US", "US"),
            ("us", ""),
            ("CAR", "CF"),
            ("car", ""),
            ("Turkiye", "TR"),
            ("Côte d'Ivoire", "CI"),
            ("Burma", "MM"),
            ("DR Congo", "CD"),
            ("SYRIA", "SY"),
            ("Atlantis", ""),
        ] {
            assert_eq!(code(countries.by_name(name)), want, "{name}");
        }
        for (word, want) in [
            ("Syrian", "SY"),
            ("Syrians", "SY"),
            ("Turks", "TR"),
            ("Frenchman", "FR"),
            ("Dutch", "NL"),
            ("UK", "GB"),
            ("Nigerien", "NE"),
            ("Dominican", "DO"),
        ] {
            assert_eq!(code(countries.by_people(word)), want, "{word}");
        }
        assert_eq!(code(countries.by_capital("Damascus")), "SY");
    }

    #[test]
    fn codes_are_sorted_and_unique_and_points_are_on_earth() {
        let countries = Countries::new();
        assert!(countries.all.windows(2).all(|w| w[0].code < w[1].code), "sorted by code, each once");
        for c in &countries.all {
            assert!(c.code.len() == 2 && !c.capital.is_empty() && c.geonames_id > 0, "{c:?}");
            assert!(c.lat.abs() <= 90.0 && c.lon.abs() <= 180.0 && (c.lat != 0.0 || c.lon != 0.0), "{c:?}");
        }
    }
}
