//! Deadly events in the columns of UCDP's Georeferenced Event Dataset.
//!
//! One row an incident that is told as fact, has a day and at least one death that somebody counts. UCDP's numbers for
//! conflicts, dyads and actors are given by its coders: those columns are empty.

use std::io::Write;

use ledger::query::IncidentWhole;

use super::acled::span_of_days;
use super::blame::View;
use super::dialect::Comma;
use super::places::Spot;
use super::{Format, INCIDENTS, Result, Takes, Tally, codes, prose};

/// UCDP GED's columns, in order.
pub const COLUMNS: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// Writes UCDP's columns.
pub struct Ucdp<'w> {
    rows: Comma<'w>,
}

impl<'w> Ucdp<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Ucdp { rows: Comma::new(out) }
    }
}

impl Format for Ucdp<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.rows.head(COLUMNS)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        if incident.incident.killed_high.or(incident.incident.killed_low).is_none_or(|n| n <= 0) {
            tally.lose("incidents without a counted death: left out, as UCDP does");
            return Ok(());
        }
        let Some(view) = View::of(incident, tally) else { return Ok(()) };
        let (Some(start), Some((low, high))) = (view.row.date_start.clone(), view.dead()) else {
            tally.lose("incidents without a day: left out");
            return Ok(());
        };
        let best = incident.disputes.iter().find(|d| d.field == "killed").map(|d| d.best);
        let best = best.flatten().unwrap_or(low);
        tally.lose_if(low != high && best == low, "rival numbers of dead that no rule decides: best is the lowest");
        self.rows.row(row(&view, start, (low, best, high), tally), tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.rows.end()
    }
}

fn row(view: &View, start: String, (low, best, high): (i64, i64, i64), tally: &mut Tally) -> [String; 49] {
    let spot = Spot::of(view);
    let end = view.row.date_end.clone().unwrap_or_else(|| start.clone());
    let a = view.settled.first();
    let civilians = view.strikes_civilians();
    let b = if view.settled.len() > 1 { view.settled.get(1) } else { view.victim().filter(|_| !civilians) };
    let b = b.filter(|w| matches!(w.codes().side, "state" | "group"));
    let side = |w: &super::blame::Who| w.codes().side;
    let kind = match (a.map(side), b.map(side), civilians) {
        (Some("state"), Some("state" | "group"), _) | (Some("group"), Some("state"), _) => "1",
        (Some("group"), Some("group"), _) => "2",
        (Some("state" | "group"), None, true) => "3",
        _ => "",
    };
    tally.lose_if(
        kind.is_empty(),
        "events whose kind of violence the settled sides do not tell: type_of_violence is empty",
    );
    let side_a = a.map(|w| w.name.clone()).unwrap_or_default();
    let side_b = match (b, civilians) {
        (Some(w), _) => w.name.clone(),
        (None, true) => "Civilians".to_owned(),
        (None, false) => String::new(),
    };
    let name = if side_a.is_empty() && side_b.is_empty() {
        String::new()
    } else {
        let or = |s: &str| if s.is_empty() { "unidentified".to_owned() } else { s.to_owned() };
        format!("{} - {}", or(&side_a), or(&side_b))
    };
    let of_sources = |cell: &dyn Fn(&ledger::query::AccountWhole) -> Option<String>| {
        let mut out: Vec<String> = Vec::new();
        for account in &view.accounts {
            out.extend(cell(account).filter(|c| !out.contains(c)));
        }
        out.join("; ")
    };
    let article = |a: &ledger::query::AccountWhole| {
        let d = &a.dispatch;
        let parts = [d.outlet.clone(), d.published.clone(), d.headline.clone().or_else(|| d.url.clone())];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    };
    let speakers = |a: &ledger::query::AccountWhole| {
        let mut by: Vec<String> = Vec::new();
        for f in a.figures.iter().filter(|f| f.measure == "killed" && f.by != record::OUTLET) {
            if !by.contains(&f.by) {
                by.push(f.by.clone());
            }
        }
        (!by.is_empty()).then(|| by.join("; "))
    };
    let gw = |w: Option<&super::blame::Who>| {
        let state = w.filter(|w| w.codes().side == "state");
        state.and_then(super::blame::Who::country_codes).map_or("", |c| c.gw).to_owned()
    };
    let year = start.get(..4).unwrap_or_default().to_owned();
    let days = span_of_days(view);
    let (civil, unknown) = if civilians { (best, 0) } else { (0, best) };
    [
        view.row.id.clone(),
        format!("{}-{year}-{}", spot.country.map_or("XXX", |c| c.iso3), view.row.id),
        year,
        String::new(),
        if kind.is_empty() || view.contested { "Check".to_owned() } else { "Clear".to_owned() },
        kind.to_owned(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        name,
        String::new(),
        String::new(),
        side_a,
        String::new(),
        String::new(),
        side_b,
        view.row.sources.to_string(),
        of_sources(&article),
        view.outlets().join("; "),
        of_sources(&|a| a.dispatch.published.clone()),
        of_sources(&|a| a.dispatch.headline.clone()),
        of_sources(&speakers),
        codes::precision(&spot.precision).ucdp.to_owned(),
        spot.location.clone(),
        format!("{} — {}", spot.full_name(), prose::notes(view)),
        spot.admin1.clone(),
        String::new(),
        spot.lat(),
        spot.lon(),
        spot.at.map(|_| format!("POINT ({} {})", spot.lon(), spot.lat())).unwrap_or_default(),
        spot.prio_grid(),
        spot.country_name().to_owned(),
        spot.country.map_or("", |c| c.gw).to_owned(),
        spot.country.map_or("", |c| c.ucdp).to_owned(),
        if days == 0 { "1" } else { "2" }.to_owned(),
        date_precision(view, days).to_owned(),
        start,
        end,
        "0".to_owned(),
        "0".to_owned(),
        civil.to_string(),
        unknown.to_string(),
        best.to_string(),
        high.max(best).to_string(),
        low.min(best).to_string(),
        gw(a),
        gw(b),
    ]
}

/// 1 the day, 2 two to six days, 3 a week, 4 a month, 5 more.
fn date_precision(view: &View, days: i32) -> &'static str {
    match days {
        0 if view.day_is_publication() => "2",
        0 => "1",
        1..=5 => "2",
        6 => "3",
        7..=30 => "4",
        _ => "5",
    }
}
