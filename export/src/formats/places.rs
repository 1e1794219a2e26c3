//! Where an incident was, in the words and codes of the field.

use atlas::Atlas;

use super::blame::View;
use super::codes::{self, CountryCodes};

/// An incident's place.
#[derive(Debug, Clone, Default)]
pub struct Spot {
    /// Plain name, nothing where only a province or country is known.
    pub location: String,
    /// Province.
    pub admin1: String,
    /// ISO 3166 alpha-2.
    pub code: Option<String>,
    /// The country's codes.
    pub country: Option<CountryCodes>,
    /// Degrees north and east.
    pub at: Option<(f64, f64)>,
    /// The precision, as the ledger writes it.
    pub precision: String,
    /// GeoNames id.
    pub geonames: Option<i64>,
}

impl Spot {
    /// The place of an incident.
    pub fn of(view: &View) -> Spot {
        let row = view.row;
        Spot {
            location: row.place.clone().unwrap_or_default(),
            admin1: row.admin1.clone().unwrap_or_default(),
            country: row.country.as_deref().and_then(codes::country),
            code: row.country.clone(),
            at: row.lat.zip(row.lon),
            precision: view.precision().to_owned(),
            geonames: row.geonames_id,
        }
    }

    /// The country's name.
    pub fn country_name(&self) -> &'static str {
        self.country.map_or("", |c| c.name)
    }

    /// "Idlib, Idlib Governorate, Syria": what is known, finest first, nothing twice.
    pub fn full_name(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for part in [self.location.as_str(), self.admin1.as_str(), self.country_name()] {
            if !part.is_empty() && !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(", ")
    }

    /// Degrees north.
    pub fn lat(&self) -> String {
        self.at.map_or_else(String::new, |a| degrees(a.0))
    }

    /// Degrees east.
    pub fn lon(&self) -> String {
        self.at.map_or_else(String::new, |a| degrees(a.1))
    }

    /// The PRIO-GRID cell: half-degree cells numbered from the south-west, 720 in a row.
    pub fn prio_grid(&self) -> String {
        let Some((lat, lon)) = self.at else { return String::new() };
        let cell = |degrees: f64, most: f64| (degrees * 2.0).floor().clamp(0.0, most);
        let (row, column) = (cell(lat + 90.0, 359.0), cell(lon + 180.0, 719.0));
        format!("{}", row * 720.0 + column + 1.0)
    }
}

/// Degrees to five decimals (a metre or so), without zeros at the end.
pub fn degrees(value: f64) -> String {
    let text = format!("{value:.5}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The country of an outlet, where the atlas knows it.
pub fn outlet_country(outlet: &str) -> Option<String> {
    Atlas::new().actor(outlet).and_then(|a| a.country.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_the_grid_are_numbered_from_the_south_west() {
        let at = |lat, lon| Spot { at: Some((lat, lon)), ..Spot::default() }.prio_grid();
        assert_eq!(at(-90.0, -180.0), "1");
        assert_eq!(at(89.9, 179.9), "259200");
        assert_eq!(at(36.2, 37.15), "181875");
        assert_eq!((degrees(36.20124), degrees(37.0)), ("36.20124".into(), "37".into()));
    }
}
