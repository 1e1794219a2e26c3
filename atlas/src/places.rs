//! Places and countries.

use std::collections::HashMap;

use crate::fold::{fold, sound};
use crate::table::{rows, table};

/// A place of the gazetteer.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// GeoNames id; 0 for a place of our own table that GeoNames' list of towns does not have.
    pub geonames_id: u32,
    /// Main name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// Name of its first-order division.
    pub admin1: Option<String>,
    /// Name of its second-order division.
    pub admin2: Option<String>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Inhabitants; 0 when unknown.
    pub population: u32,
}

/// What a [`Place`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceKind {
    /// A country.
    Country,
    /// A first-order division.
    Admin1,
    /// A second-order division.
    Admin2,
    /// A national capital.
    Capital,
    /// A city, town or village.
    City,
    /// A named region, sea, mountain range … larger than a town.
    Region,
    /// A site: airbase, camp, crossing, quarter.
    Site,
}

/// A country.
#[derive(Debug, Clone, PartialEq)]
pub struct Country {
    /// ISO 3166 alpha-2.
    pub code: String,
    /// Common English name.
    pub name: String,
    /// Adjective: "Syrian".
    pub adjective: String,
    /// GeoNames id.
    pub geonames_id: u32,
    /// Name of the capital.
    pub capital: String,
    /// Degrees north of a central point.
    pub lat: f64,
    /// Degrees east of a central point.
    pub lon: f64,
}

impl Place {
    /// How likely an article means this place when it says no more than the name: the logarithm of its inhabitants,
    /// shifted by kind (a capital is named more than its size says, a province less than the city it is called after).
    pub fn importance(&self) -> f64 {
        let people = f64::from(self.population).max(1.0).log10();
        match self.kind {
            PlaceKind::Country => 9.0,
            PlaceKind::Capital => people.max(4.0) + 1.2,
            PlaceKind::City => people.max(2.5),
            PlaceKind::Admin1 => people.max(5.0) - 1.0,
            PlaceKind::Admin2 => people.max(4.0) - 1.5,
            PlaceKind::Region => 5.6,
            PlaceKind::Site => people.max(4.5) - 0.5,
        }
    }

    /// Kilometres to a point on the sphere.
    pub fn distance(&self, lat: f64, lon: f64) -> f64 {
        distance((self.lat, self.lon), (lat, lon))
    }
}

/// Kilometres between two points (degrees north, east) on the sphere.
pub fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    const EARTH: f64 = 6371.0;
    let (p, q) = (a.0.to_radians(), b.0.to_radians());
    let sine = ((q - p) / 2.0).sin().powi(2) + p.cos() * q.cos() * ((b.1 - a.1).to_radians() / 2.0).sin().powi(2);
    2.0 * EARTH * sine.sqrt().min(1.0).asin()
}

/// What we add to the gazetteer: `places.tsv`.
#[derive(Debug)]
pub(crate) struct Additions {
    all: Vec<Place>,
    by_fold: HashMap<String, Vec<usize>>,
    by_sound: HashMap<String, Vec<usize>>,
    /// Folded words for divisions: "county", "province".
    pub(crate) divisions: Vec<String>,
}

impl Additions {
    /// Reads `places.tsv`.
    pub(crate) fn new() -> Additions {
        let mut it =
            Additions { all: Vec::new(), by_fold: HashMap::new(), by_sound: HashMap::new(), divisions: Vec::new() };
        it.divisions.extend(rows(table!("divisions.tsv")).map(|r| fold(r.cell(0))));
        for row in rows(table!("places.tsv")) {
            let n = it.all.len();
            for name in std::iter::once(row.cell(0)).chain(row.list(1)) {
                let folded = fold(name);
                it.by_sound.entry(sound(&folded)).or_default().push(n);
                it.by_fold.entry(folded).or_default().push(n);
            }
            it.all.push(Place {
                geonames_id: 0,
                name: row.cell(0).to_owned(),
                kind: kind(row.cell(2)).unwrap_or(PlaceKind::Region),
                country: row.cell(3).to_owned(),
                admin1: row.some(4).map(str::to_owned),
                admin2: None,
                lat: row.number(5),
                lon: row.number(6),
                population: 0,
            });
        }
        it
    }

    pub(crate) fn find(&self, folded: &str) -> Vec<Place> {
        self.read(self.by_fold.get(folded))
    }

    pub(crate) fn find_by_sound(&self, sound: &str) -> Vec<Place> {
        self.read(self.by_sound.get(sound))
    }

    pub(crate) fn has(&self, folded: &str) -> bool {
        self.by_fold.contains_key(folded)
    }

    fn read(&self, numbers: Option<&Vec<usize>>) -> Vec<Place> {
        let mut numbers: Vec<usize> = numbers.into_iter().flatten().copied().collect();
        numbers.dedup();
        numbers.into_iter().filter_map(|n| self.all.get(n).cloned()).collect()
    }
}

/// A kind as the table writes it.
fn kind(word: &str) -> Option<PlaceKind> {
    Some(match word {
        "region" => PlaceKind::Region,
        "site" => PlaceKind::Site,
        "city" => PlaceKind::City,
        "admin1" => PlaceKind::Admin1,
        "admin2" => PlaceKind::Admin2,
        _ => return None,
    })
}

/// Gazetteer and additions joined: where both have the same thing, the gazetteer's id and inhabitants, our point.
pub(crate) fn join(found: Vec<Place>, added: Vec<Place>) -> Vec<Place> {
    let mut all = found;
    for mut place in added {
        let is_town = |p: &Place| matches!(p.kind, PlaceKind::City | PlaceKind::Capital);
        let same = |p: &Place| {
            p.country == place.country
                && match place.kind {
                    PlaceKind::City => is_town(p) && p.distance(place.lat, place.lon) < 40.0,
                    PlaceKind::Site => is_town(p) && p.population == 0 && p.distance(place.lat, place.lon) < 10.0,
                    kind => p.kind == kind && p.distance(place.lat, place.lon) < 600.0,
                }
        };
        match all.iter_mut().find(|p| same(p)) {
            Some(known) if place.kind == PlaceKind::City => known.name = std::mem::take(&mut place.name),
            Some(known) => {
                place.geonames_id = known.geonames_id;
                place.population = known.population;
                *known = place;
            }
            None => all.push(place),
        }
    }
    if all.len() < 2 {
        return all;
    }
    // The importance of each is worked out once, not at every comparison.
    let mut ranked: Vec<(f64, Place)> = all.into_iter().map(|p| (p.importance(), p)).collect();
    ranked.sort_by(|(a, p), (b, q)| b.total_cmp(a).then(p.geonames_id.cmp(&q.geonames_id)));
    ranked.into_iter().map(|(_, p)| p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let (aleppo, damascus) = ((36.2, 37.16), (33.51, 36.29));
        assert!((distance(aleppo, damascus) - 309.0).abs() < 5.0);
        assert_eq!(distance(aleppo, aleppo), 0.0);
    }

    #[test]
    fn the_additions_are_sorted_unique_and_on_earth() {
        let rows: Vec<_> = rows(table!("places.tsv")).collect();
        assert!(rows.windows(2).all(|w| w[0].cell(0) < w[1].cell(0)), "sorted by name, each once");
        for row in rows {
            assert!(kind(row.cell(2)).is_some(), "{}: kind {}", row.cell(0), row.cell(2));
            assert!(row.cell(3).is_empty() || row.cell(3).len() == 2, "{}", row.cell(0));
            let (lat, lon): (f64, f64) = (row.cell(5).parse().unwrap(), row.cell(6).parse().unwrap());
            assert!(lat.abs() <= 90.0 && lon.abs() <= 180.0, "{}", row.cell(0));
        }
    }
}
