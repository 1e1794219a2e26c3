//! Names of places, resolved by the atlas and by one another.
//!
//! Three steps: `find` collects the names (what the gazetteer has where the words around it allow a place, what the
//! entity recogniser calls one, and adjectives and peoples of countries), `resolve` decides together which place each
//! means, and this file gives every name its precision. The words that matter stand in `data/reading/places.toml`.
//!
//! "near the town of Jayrud in Damascus province": name "Jayrud", phrase "near the town of Jayrud", precision near,
//! province and point from the gazetteer. A village that no gazetteer has keeps its name and gets the province or
//! country named beside it, with that one's precision and point: no false exactness.
//!
//! Limits: a name means one place in a dispatch; streets and buildings are only known where `data/atlas/places.tsv`
//! has them.

mod find;
mod lexicon;
mod resolve;

use std::ops::Range;

use atlas::{Place, PlaceKind};
use record::Precision;

use crate::Page;
use find::Mention;

/// A name of a place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceName {
    /// Tokens of the name alone ("Idlib").
    pub tokens: Range<usize>,
    /// Tokens with words that place it ("Idlib province", "near Aleppo", "the airbase of Shayrat").
    pub phrase: Range<usize>,
    /// The token that is the phrase's head in the tree.
    pub head: usize,
    /// Plain name.
    pub name: String,
    /// Province or region.
    pub admin1: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// How finely it is known.
    pub precision: Option<Precision>,
    /// An adjective or noun for a people ("Syrian") rather than a name.
    pub demonym: bool,
}

/// Finds and resolves the place names of a page, in order.
pub fn read(page: &Page) -> Vec<PlaceName> {
    resolved(page, &find::find(page))
}

/// Resolves the names of a page that somebody else has found, in order of the text: for measuring on given spans.
pub fn read_at(page: &Page, names: &[Range<usize>]) -> Vec<PlaceName> {
    let tokens = names.iter().map(|bytes| page.analysis.tokens_in(bytes.clone()));
    let mut found: Vec<Mention> = tokens.map(|tokens| find::given(page, tokens)).collect();
    find::link(page, &mut found);
    resolved(page, &found)
}

fn resolved(page: &Page, found: &[Mention]) -> Vec<PlaceName> {
    let named: Vec<resolve::Named> = found.iter().map(|m| m.named.clone()).collect();
    let places = resolve::resolve(page.atlas, &named);
    found.iter().zip(places).map(|(mention, place)| place_name(page, mention, place)).collect()
}

/// A mention and its place in the page's form.
fn place_name(page: &Page, mention: &Mention, place: Option<Place>) -> PlaceName {
    let demonym = mention.named.demonym.is_some();
    let mut it = PlaceName {
        tokens: mention.tokens.clone(),
        phrase: mention.phrase.clone(),
        head: head(page, mention.tokens.clone()),
        name: mention.named.name.clone(),
        admin1: None,
        country: None,
        lat: None,
        lon: None,
        geonames_id: None,
        precision: None,
        demonym,
    };
    let (place, own) = match place {
        Some(place) => (Some(place), true),
        // In no list: what is named beside it.
        None => (mention.named.within.iter().find_map(|w| page.atlas.places(w).into_iter().next()), false),
    };
    let Some(place) = place else { return it };
    let known = precision(&place);
    it.precision = Some(if own { joined(known, mention.precision) } else { known });
    it.admin1 = place.admin1.clone().or_else(|| (place.kind == PlaceKind::Admin1).then(|| place.name.clone()));
    it.country = Some(place.country.clone()).filter(|c| !c.is_empty());
    it.lat = Some(place.lat);
    it.lon = Some(place.lon);
    it.geonames_id = Some(place.geonames_id).filter(|&id| own && id > 0);
    if demonym {
        it.name.clone_from(&place.name);
    }
    it
}

/// How finely a place of the atlas is known.
fn precision(place: &Place) -> Precision {
    match place.kind {
        PlaceKind::Country => Precision::Country,
        PlaceKind::Admin1 | PlaceKind::Region => Precision::Province,
        PlaceKind::Admin2 => Precision::District,
        PlaceKind::Capital | PlaceKind::City => Precision::City,
        PlaceKind::Site => Precision::Site,
    }
}

/// What is known of the place and what the words say: never finer than the place itself.
fn joined(known: Precision, said: Option<Precision>) -> Precision {
    match (known, said) {
        (Precision::City, Some(Precision::Province | Precision::District | Precision::Near)) => said.unwrap_or(known),
        (Precision::Site, Some(Precision::Near)) => Precision::Near,
        (Precision::City, Some(Precision::Site)) => Precision::Near,
        _ => known,
    }
}

/// The token of a range whose head lies outside it.
fn head(page: &Page, tokens: Range<usize>) -> usize {
    let outside = |&i: &usize| page.analysis.head(i).is_none_or(|h| !tokens.contains(&h));
    let last = tokens.end.saturating_sub(1).max(tokens.start);
    tokens.clone().rev().find(|i| *i < page.analysis.len() && outside(i)).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;
    use record::Record;

    fn read(text: &str) -> Record {
        let dispatch = record::Dispatch {
            id: "t".to_owned(),
            outlet: None,
            agency: None,
            url: None,
            headline: None,
            dek: None,
            language: Some("en".to_owned()),
            sha256: String::new(),
            dateline: None,
            published: None,
            published_basis: None,
            editorial: None,
            sections: Vec::new(),
            text: text.to_owned(),
            layout: Vec::new(),
            notes: Vec::new(),
        };
        Reader::new().read(dispatch)
    }

    /// Name, country and precision of every place of a text.
    fn places(text: &str) -> Vec<(String, String, Option<Precision>)> {
        let found = read(text).mentions.places;
        found.into_iter().map(|p| (p.name, p.country.unwrap_or_default(), p.precision)).collect()
    }

    #[test]
    fn words_beside_a_name_give_its_precision() {
        for (text, name, country, precision) in [
            ("Two shells fell in Aleppo on Monday.", "Aleppo", "SY", Precision::City),
            ("Two shells fell near Aleppo on Monday.", "Aleppo", "SY", Precision::Near),
            ("Fighting went on in Idlib province on Monday.", "Idlib", "SY", Precision::Province),
            ("The convoy left for the town of Deir Ezzor in Syria.", "Deir Ezzor", "SY", Precision::City),
            ("Jets took off from Shayrat airbase in Syria.", "Shayrat", "SY", Precision::Site),
            ("Shelling hit the outskirts of Damascus again.", "Damascus", "SY", Precision::Near),
        ] {
            let found = places(text);
            let wanted = (name.to_owned(), country.to_owned(), Some(precision));
            assert!(found.contains(&wanted), "{text}: {found:?}");
        }
    }

    #[test]
    fn names_of_bodies_and_people_are_no_places() {
        for text in ["Paris Hilton sang for two hours.", "The Islamic State said nothing.", "In March they may meet."] {
            assert!(places(text).is_empty(), "{text}: {:?}", places(text));
        }
    }

    #[test]
    fn a_namesake_is_decided_by_what_stands_around_it() {
        let point = |text: &str| {
            let found = read(text).mentions.places;
            found.iter().find(|p| p.name == "Tripoli").and_then(|p| p.country.clone()).unwrap_or_default()
        };
        assert_eq!(point("Clashes broke out in Tripoli, Lebanon, on Monday."), "LB");
        assert_eq!(point("Clashes broke out in Tripoli, Libya, on Monday."), "LY");
    }
}
