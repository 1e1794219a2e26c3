//! Names of places, resolved by the atlas and by one another.

use std::ops::Range;

use record::Precision;

use crate::Page;

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
    let _ = page;
    Vec::new()
}
