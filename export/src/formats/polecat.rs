//! Events in POLECAT's columns, with PLOVER's codes.

use std::io::Write;

use ledger::query::{AccordWhole, IncidentWhole};

use super::blame::Who;
use super::deeds::{self, Deed};
use super::dialect::{or_blank, tab_line, tabs};
use super::{Format, INCIDENTS_AND_ACCORDS, Result, Takes, Tally};

/// POLECAT's columns, in order.
pub const COLUMNS: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

/// Writes POLECAT's columns.
pub struct Polecat<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Polecat<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Polecat { out }
    }

    fn write(&mut self, deeds: &[Deed], tally: &mut Tally) -> Result {
        for deed in deeds {
            if deed.codes.plover.is_empty() {
                tally.lose(
                    "statements and appeals (claims and denials of responsibility, proposals): PLOVER has no code",
                );
            } else {
                tabs(self.out, row(deed), tally)?;
            }
        }
        Ok(())
    }
}

impl Format for Polecat<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS_AND_ACCORDS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        tab_line(self.out, COLUMNS)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let deeds = deeds::of_incident(incident, tally);
        self.write(&deeds, tally)
    }

    fn accord(&mut self, accord: &AccordWhole, tally: &mut Tally) -> Result {
        let deeds = deeds::of_accord(accord, tally);
        self.write(&deeds, tally)
    }
}

/// Name, country, Correlates of War number, sector twice, title, raw name, Wikipedia.
fn side(who: Option<&Who>) -> [String; 8] {
    let Some(who) = who else { return Default::default() };
    let country = who.country_codes();
    let sector = who.codes().plover.to_owned();
    [
        if who.known { who.name.clone() } else { String::new() },
        country.map_or("", |c| c.iso3).to_owned(),
        country.map_or("", |c| c.cow).to_owned(),
        sector.clone(),
        sector,
        String::new(),
        who.name.clone(),
        String::new(),
    ]
}

fn row(deed: &Deed) -> Vec<String> {
    let quad = match deed.codes.quad() {
        "1" => "VERBAL COOPERATION",
        "2" => "MATERIAL COOPERATION",
        "3" => "VERBAL CONFLICT",
        _ => "MATERIAL CONFLICT",
    };
    let mut cells = vec![
        deed.id.clone(),
        deed.date.clone(),
        deed.codes.plover.to_owned(),
        deed.codes.mode.to_owned(),
        deed.codes.goldstein().to_owned(),
        quad.to_owned(),
        deed.codes.context.to_owned(),
    ];
    cells.extend(side(deed.actor.as_ref()));
    cells.extend(side(deed.recipient.as_ref()));
    let spot = &deed.spot;
    let city = matches!(spot.precision.as_str(), "city" | "site" | "near");
    let first = deed.told.first();
    let mut sources: Vec<&str> = Vec::new();
    for told in &deed.told {
        if !sources.contains(&told.source.as_str()) {
            sources.push(&told.source);
        }
    }
    cells.extend([
        spot.full_name(),
        if city { spot.location.clone() } else { String::new() },
        if spot.precision == "district" { spot.location.clone() } else { String::new() },
        spot.admin1.clone(),
        spot.country.map_or("", |c| c.iso3).to_owned(),
        spot.lat(),
        spot.lon(),
        or_blank(&spot.geonames),
        spot.location.clone(),
        spot.precision.clone(),
        sources.join("; "),
        first.and_then(|t| t.published.clone()).unwrap_or_default(),
        String::new(),
        String::new(),
        String::new(),
        first.and_then(|t| t.language.clone()).unwrap_or_default(),
        format!("dateline {}", env!("CARGO_PKG_VERSION")),
    ]);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::codes;
    use crate::formats::places::Spot;

    #[test]
    fn a_row_has_the_columns_of_the_format() {
        let deed = Deed {
            id: "i1".into(),
            date: "2016-09-19".into(),
            codes: codes::incident_type("abduction").deed,
            actor: None,
            recipient: Some(Who::named("Syrian army")),
            spot: Spot::default(),
            root: true,
            sources: 1,
            told: Vec::new(),
        };
        let row = row(&deed);
        assert_eq!(row.len(), COLUMNS.len());
        assert_eq!(
            (row[2].as_str(), row[3].as_str(), row[16].as_str(), row[17].as_str()),
            ("ASSAULT", "abduct", "SYR", "652")
        );
    }
}
