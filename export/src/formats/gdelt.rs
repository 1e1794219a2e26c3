//! Events in GDELT's columns, and the mentions table beside it.
//!
//! GDELT's files have no header. `GLOBALEVENTID` is made from the ledger's id, so that the same event has the same number in
//! both tables and in every export. Tone is not measured: its columns are empty.

use std::io::Write;

use jiff::civil::Date;
use ledger::query::{AccordWhole, IncidentWhole};

use super::blame::Who;
use super::deeds::{self, Deed, Told};
use super::dialect::{or_blank, tabs};
use super::places::Spot;
use super::{Format, INCIDENTS_AND_ACCORDS, Result, Takes, Tally, codes};

/// How many columns an event has.
#[cfg(test)]
pub const EVENT_COLUMNS: usize = 61;
/// How many columns a mention has.
#[cfg(test)]
pub const MENTION_COLUMNS: usize = 16;

/// Writes events.
pub struct Events<'w> {
    out: &'w mut dyn Write,
}

/// Writes mentions.
pub struct Mentions<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Events<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Events { out }
    }

    fn write(&mut self, deeds: &[Deed], tally: &mut Tally) -> Result {
        deeds.iter().try_for_each(|d| tabs(self.out, event(d), tally))
    }
}

impl<'w> Mentions<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Mentions { out }
    }

    fn write(&mut self, deeds: &[Deed], tally: &mut Tally) -> Result {
        for deed in deeds {
            for told in &deed.told {
                tabs(self.out, mention(deed, told), tally)?;
            }
        }
        Ok(())
    }
}

impl Format for Events<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS_AND_ACCORDS
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

impl Format for Mentions<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS_AND_ACCORDS
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

/// A number for an id: the first 50 bits of its hash, which stay exact in every program that keeps numbers as floats.
fn number(id: &str) -> u64 {
    let hash = ledger::digest::hex(id.as_bytes());
    u64::from_str_radix(hash.get(..13).unwrap_or_default(), 16).unwrap_or_default() >> 2
}

/// "20160919".
fn compact(day: &str) -> String {
    day.replace('-', "")
}

/// "20160919143000".
fn moment(rfc3339: Option<&str>) -> String {
    let time: Option<jiff::Timestamp> = rfc3339.and_then(|t| t.parse().ok());
    time.map(|t| t.strftime("%Y%m%d%H%M%S").to_string()).unwrap_or_default()
}

fn event(deed: &Deed) -> Vec<String> {
    let day: Option<Date> = deed.date.parse().ok();
    let fraction = day.map(|d| {
        let part = (f64::from(d.month()) * 30.0 + f64::from(d.day())) / 365.0;
        format!("{:.4}", f64::from(d.year()) + part.min(0.9999))
    });
    let code = deed.codes.cameo;
    let mut cells = vec![
        number(&deed.id).to_string(),
        compact(&deed.date),
        compact(deed.date.get(..7).unwrap_or_default()),
        deed.date.get(..4).unwrap_or_default().to_owned(),
        fraction.unwrap_or_default(),
    ];
    cells.extend(actor(deed.actor.as_ref()));
    cells.extend(actor(deed.recipient.as_ref()));
    cells.extend([
        if deed.root { "1" } else { "0" }.to_owned(),
        code.to_owned(),
        code.get(..3).unwrap_or(code).to_owned(),
        code.get(..2).unwrap_or(code).to_owned(),
        deed.codes.quad().to_owned(),
        deed.codes.goldstein().to_owned(),
        deed.told.len().to_string(),
        deed.sources.to_string(),
        deed.told.len().to_string(),
        String::new(),
    ]);
    // Where the actors are from is not known of each mention; only the deed's own place is written.
    cells.extend(place(&Spot::default()));
    cells.extend(place(&Spot::default()));
    cells.extend(place(&deed.spot));
    let filed = deed.told.iter().filter_map(|t| t.filed_at.as_deref()).min();
    cells.push(moment(filed));
    cells.push(deed.told.first().map(|t| t.identifier.clone()).unwrap_or_default());
    cells
}

/// The ten columns of an actor.
fn actor(who: Option<&Who>) -> [String; 10] {
    let Some(who) = who else { return Default::default() };
    let country = who.country_codes().map_or("", |c| c.iso3);
    let role = who.codes().cameo;
    let mut cells: [String; 10] = Default::default();
    cells[0] = format!("{country}{role}");
    cells[1] = who.name.to_uppercase();
    cells[2] = country.to_owned();
    cells[7] = role.to_owned();
    cells
}

/// The eight columns of a place.
fn place(spot: &Spot) -> [String; 8] {
    let name = spot.full_name();
    if name.is_empty() {
        return Default::default();
    }
    let country = spot.country.map_or("", |c| c.fips).to_owned();
    [
        codes::precision(&spot.precision).gdelt.to_owned(),
        name,
        country,
        String::new(),
        String::new(),
        spot.lat(),
        spot.lon(),
        or_blank(&spot.geonames),
    ]
}

fn mention(deed: &Deed, told: &Told) -> Vec<String> {
    let confidence = match told.confidence.as_str() {
        "high" => "100",
        "medium" => "60",
        _ => "20",
    };
    let published = told.published.as_deref().map(|d| format!("{}000000", compact(d))).unwrap_or_default();
    vec![
        number(&deed.id).to_string(),
        format!("{}000000", compact(&deed.date)),
        published,
        if told.is_url { "1" } else { "2" }.to_owned(),
        told.source.clone(),
        told.identifier.clone(),
        String::new(),
        "-1".to_owned(),
        "-1".to_owned(),
        told.start.to_string(),
        "1".to_owned(),
        confidence.to_owned(),
        or_blank(&told.length),
        String::new(),
        String::new(),
        String::new(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::codes;

    #[test]
    fn rows_have_the_columns_of_the_format() {
        let deed = Deed {
            id: "i1".into(),
            date: "2016-09-19".into(),
            codes: codes::incident_type("air_strike").deed,
            actor: Some(Who::named("Russian aircraft")),
            recipient: None,
            spot: Spot::default(),
            root: true,
            sources: 1,
            told: vec![Told { identifier: "wire:1".into(), ..Told::default() }],
        };
        let row = event(&deed);
        assert_eq!(row.len(), EVENT_COLUMNS);
        assert_eq!((row[1].as_str(), row[4].as_str()), ("20160919", "2016.7918"));
        assert_eq!((row[5].as_str(), row[7].as_str()), ("RUSMIL", "RUS"));
        assert_eq!((row[26].as_str(), row[29].as_str(), row[30].as_str()), ("195", "4", "-10.0"));
        assert_eq!(mention(&deed, &deed.told[0]).len(), MENTION_COLUMNS);
    }
}
