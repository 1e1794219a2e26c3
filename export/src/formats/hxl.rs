//! Incidents with humanitarian hashtags: a header, a row of tags, a row an incident.

use std::io::Write;

use ledger::query::IncidentWhole;

use super::blame::View;
use super::dialect::{Comma, or_blank};
use super::places::Spot;
use super::{Format, INCIDENTS, Result, Takes, Tally, prose};

/// Header and tag of each column, in order.
pub const COLUMNS: [(&str, &str); 15] = [
    ("First day", "#date+start"),
    ("Last day", "#date+end"),
    ("Country", "#country+name"),
    ("Country code", "#country+code"),
    ("Province", "#adm1+name"),
    ("Place", "#loc+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    ("First group", "#group+name+first"),
    ("Second group", "#group+name+second"),
    ("Killed (lowest)", "#affected+killed"),
    ("Injured (lowest)", "#affected+injured"),
    ("Type", "#event+type"),
    ("Sources", "#meta+source"),
    ("Description", "#description"),
];

/// Writes hashtagged rows.
pub struct Hxl<'w> {
    rows: Comma<'w>,
}

impl<'w> Hxl<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Hxl { rows: Comma::new(out) }
    }
}

impl Format for Hxl<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.rows.head(COLUMNS.map(|c| c.0))?;
        self.rows.head(COLUMNS.map(|c| c.1))
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let Some(view) = View::of(incident, tally) else { return Ok(()) };
        let (row, spot) = (view.row, Spot::of(&view));
        let differ = |a: Option<i64>, b: Option<i64>| a.zip(b).is_some_and(|(a, b)| a != b);
        tally.lose_if(
            differ(row.killed_low, row.killed_high) || differ(row.injured_low, row.injured_high),
            "rival or open numbers: the lowest is written, all stand in the description",
        );
        let second = view.settled.get(1).or_else(|| view.victim());
        self.rows.row(
            [
                or_blank(&row.date_start),
                or_blank(&row.date_end),
                spot.country_name().to_owned(),
                or_blank(&row.country),
                spot.admin1.clone(),
                spot.location.clone(),
                spot.lat(),
                spot.lon(),
                view.settled.first().map(|w| w.name.clone()).unwrap_or_default(),
                second.map(|w| w.name.clone()).unwrap_or_default(),
                or_blank(&row.killed_low.or(row.killed_high)),
                or_blank(&row.injured_low.or(row.injured_high)),
                prose::kind(&row.kind),
                view.outlets().join("; "),
                prose::notes(&view),
            ],
            tally,
        )
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.rows.end()
    }
}
