//! The place that a reviewer's name means: what a person types for an incident's place has coordinates, province and
//! country as what the reader reads has.
//!
//! "Khan Touman" is looked up in the gazetteer; what follows a comma narrows it ("Khan Touman, Aleppo"; "Paris, US"). Of
//! namesakes, that one is taken which lies in the country and near the place that the account had, or that its dispatch
//! names most; else the most important. A name that the gazetteer does not have stays a name, in the country it was in.
//!
//! Limits: the look-up is done anew with each reading, so another gazetteer may know a place better or otherwise.

use std::collections::BTreeMap;

use atlas::{Atlas, Place, PlaceKind, fold};
use serde_json::{Value, json};

/// Kilometres within which a namesake is the one that is meant, and within which it may be.
const NEAR: f64 = 60.0;
const FAR: f64 = 400.0;

/// Where a name is looked for first.
#[derive(Debug, Default, Clone)]
pub struct Around {
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north and east.
    pub point: Option<(f64, f64)>,
}

impl Around {
    /// The surroundings of an incident of a record: its own place, else the country that the record's places lie in most.
    pub fn of(incident: &Value, record: &Value) -> Around {
        let number = |key: &str| incident.pointer(&format!("/place/{key}")).and_then(Value::as_f64);
        let own = incident.pointer("/place/country").and_then(Value::as_str).map(str::to_owned);
        let country = own.or_else(|| {
            let mut countries: BTreeMap<&str, usize> = BTreeMap::new();
            for place in record.pointer("/mentions/places").and_then(Value::as_array).into_iter().flatten() {
                if let Some(code) = place.get("country").and_then(Value::as_str) {
                    *countries.entry(code).or_default() += 1;
                }
            }
            let most = countries.values().copied().max();
            countries.into_iter().find(|(_, n)| Some(*n) == most).map(|(code, _)| code.to_owned())
        });
        Around { country, point: number("lat").zip(number("lon")) }
    }
}

/// A record's place of this name, without its words: `name`, and what the gazetteer knows of it.
pub fn named(name: &str, around: &Around) -> Value {
    let mut parts = name.split(',').map(str::trim).filter(|p| !p.is_empty());
    let own = parts.next().unwrap_or_default();
    let within: Vec<&str> = parts.collect();
    let found = find(own, &within, around).or_else(|| find(name, &[], around).filter(|_| !within.is_empty()));
    match found {
        Some(p) => json!({
            "name": own, "admin1": p.admin1, "country": p.country, "lat": p.lat, "lon": p.lon,
            "geonames_id": (p.geonames_id != 0).then_some(p.geonames_id), "precision": precision(p.kind),
        }),
        None => json!({"name": name.trim(), "country": around.country}),
    }
}

/// The best of the places of a name; none where the gazetteer has none, or none that lies within what was said.
fn find(name: &str, within: &[&str], around: &Around) -> Option<Place> {
    let atlas = Atlas::new();
    let score = |p: &Place| {
        let mut score: f64 = p.importance();
        if around.country.as_deref() == Some(&p.country) {
            score += 3.0;
        }
        if let Some((lat, lon)) = around.point {
            let away = p.distance(lat, lon);
            score += if away <= NEAR { 3.0 } else { (1.0 - away / FAR).max(0.0) * 2.0 };
        }
        score
    };
    let mut places = atlas.places(name);
    if places.is_empty() {
        places = atlas.divisions(name);
    }
    places.retain(|p| within.iter().all(|w| lies_in(&atlas, p, w)));
    let mut best: Option<(f64, Place)> = None;
    for place in places {
        let points = score(&place);
        if best.as_ref().is_none_or(|b| points > b.0) {
            best = Some((points, place));
        }
    }
    best.map(|b| b.1)
}

/// Whether a place lies in a province, district or country of that name.
fn lies_in(atlas: &Atlas, place: &Place, within: &str) -> bool {
    let wanted = fold(within);
    let division = |name: &Option<String>| {
        name.as_ref().map(|n| fold(n)).is_some_and(|n| n == wanted || wanted.split_once(' ').is_some_and(|w| w.0 == n))
    };
    division(&place.admin1)
        || division(&place.admin2)
        || place.country.eq_ignore_ascii_case(within)
        || atlas.country(within).is_some_and(|c| c.code == place.country)
}

/// As fine as a record says that a place is.
fn precision(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Country => "country",
        PlaceKind::Admin1 | PlaceKind::Region => "province",
        PlaceKind::Admin2 => "district",
        PlaceKind::Capital | PlaceKind::City => "city",
        PlaceKind::Site => "site",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_finds_the_place_that_the_surroundings_suggest() {
        let syria = Around { country: Some("SY".to_owned()), point: Some((36.2, 37.16)) };
        let at = |name: &str, around: &Around, key: &str| named(name, around)[key].clone();
        assert_eq!(at("Idlib", &syria, "country"), "SY");
        assert_eq!(at("Damascus", &Around::default(), "country"), "SY");
        assert!(at("Idlib", &syria, "lat").is_f64());
        assert_eq!(at("Tripoli", &Around { country: Some("LB".to_owned()), point: None }, "country"), "LB");
        assert_eq!(at("Tripoli", &Around { country: Some("LY".to_owned()), point: None }, "country"), "LY");
        assert_eq!(at("Tripoli, Lebanon", &Around::default(), "country"), "LB");
        assert_eq!(at("Tripoli, LB", &syria, "name"), "Tripoli");
        // A name that is in no gazetteer stays a name; what is within nothing of that name is no place.
        assert_eq!(named("Zzyxqqal", &syria), json!({"name": "Zzyxqqal", "country": "SY"}));
        assert!(at("Damascus, Norway", &syria, "lat").is_null());
    }
}
