//! Places and countries.

/// A place of the gazetteer.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// GeoNames id.
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
