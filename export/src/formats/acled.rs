//! Events in ACLED's columns.
//!
//! One row an incident that is told as fact and has a day. Fatalities are the lowest number that anybody gives; `actor1`
//! is filled only by the rule of [`blame`](super::blame), else it is an unidentified group and the notes tell who accuses
//! whom; those struck are `actor2`.

use std::io::Write;

use jiff::civil::Date;
use jiff::{Timestamp, Unit};
use ledger::query::IncidentWhole;

use super::blame::{View, Who};
use super::dialect::Comma;
use super::places::{Spot, outlet_country};
use super::{Format, INCIDENTS, Result, Takes, Tally, codes, prose};

/// ACLED's columns, in order.
pub const COLUMNS: [&str; 31] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
];

/// Writes ACLED's columns.
pub struct Acled<'w> {
    rows: Comma<'w>,
}

impl<'w> Acled<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Acled { rows: Comma::new(out) }
    }
}

impl Format for Acled<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.rows.head(COLUMNS)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let Some(view) = View::of(incident, tally) else { return Ok(()) };
        let Some(day) = view.row.date_start.clone() else {
            tally.lose("incidents without a day: left out");
            return Ok(());
        };
        self.rows.row(row(&view, &day, tally), tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.rows.end()
    }
}

fn row(view: &View, day: &str, tally: &mut Tally) -> [String; 31] {
    let spot = Spot::of(view);
    let codes = codes::incident_type(&view.row.kind);
    let hurt = view.dead().is_some_and(|d| d.1 > 0) || view.row.injured_high.is_some_and(|n| n > 0);
    // What is done to protesters is told by what happened to them; everything else by who was struck.
    let against = if view.row.kind == "protest_or_riot" { hurt } else { view.strikes_civilians() };
    let (event, sub) =
        if against { (codes.civilian_event, codes.civilian_sub) } else { (codes.acled_event, codes.acled_sub) };
    let targets =
        view.strikes_civilians() && matches!(event, "Explosions/Remote violence" | "Violence against civilians");
    let (first, second) = sides(view, &spot, event);
    let (inter1, inter2) = (inter(&first, &spot), inter(&second, &spot));
    let (low, high) = (view.dead(), view.row.killed_high);
    let fatalities = low.map(|l| l.0).or_else(|| view.vaguely_dead()).unwrap_or(0);
    tally.lose_if(
        low.is_some_and(|l| high.is_some_and(|h| h != l.0)),
        "rival or open numbers of dead: the lowest is written, all stand in notes",
    );
    tally.lose_if(view.row.injured_high.is_some(), "numbers of injured: ACLED has no column, they stand in notes");
    tally.lose_if(spot.code.is_none(), "incidents whose country is not told: iso, region and country are empty");
    let others: Vec<&str> = view.settled.iter().skip(1).map(|w| w.name.as_str()).collect();
    let struck = others_struck(view, &second);
    let mut tags = Vec::new();
    tags.extend(view.row.background.then_some("told as background"));
    tags.extend((!view.row.disputed.is_empty()).then_some("sources differ"));
    tags.extend(view.contested.then_some("perpetrator contested"));
    tags.extend((span_of_days(view) > 31).then_some("told of a long stretch of time"));
    let country = spot.country;
    let year = day.get(..4).unwrap_or_default().to_owned();
    [
        format!("{}{}", country.map_or("", |c| c.iso3), view.row.id),
        day.to_owned(),
        year,
        time_precision(view).to_string(),
        codes.disorder.to_owned(),
        event.to_owned(),
        sub.to_owned(),
        first.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
        if second.as_ref().is_some_and(|s| others.first() == Some(&s.name.as_str())) {
            String::new()
        } else {
            others.join("; ")
        },
        inter1.to_owned(),
        second.as_ref().map(|w| w.name.clone()).unwrap_or_default(),
        struck,
        inter2.to_owned(),
        interaction(inter1, inter2),
        if targets { "Civilian targeting".to_owned() } else { String::new() },
        country.map_or("", |c| c.numeric).to_owned(),
        country.map_or("", |c| c.acled).to_owned(),
        spot.country_name().to_owned(),
        spot.admin1.clone(),
        String::new(),
        String::new(),
        if spot.location.is_empty() { spot.full_name() } else { spot.location.clone() },
        spot.lat(),
        spot.lon(),
        codes::precision(&spot.precision).acled.to_owned(),
        view.outlets().join("; "),
        scale(view, &spot).to_owned(),
        prose::notes(view),
        fatalities.to_string(),
        tags.join("; "),
        timestamp(view),
    ]
}

/// Both sides: who did it, and whom it struck; in a battle the second settled actor is the other side.
fn sides(view: &View, spot: &Spot, event: &str) -> (Option<Who>, Option<Who>) {
    let unidentified = || {
        let country = spot.country_name();
        let name = if country.is_empty() {
            "Unidentified Armed Group".to_owned()
        } else {
            format!("Unidentified Armed Group ({country})")
        };
        Who { name, class: "unidentified", country: None, known: false }
    };
    if event == "Protests" || event == "Riots" {
        let class = if event == "Riots" { "rioters" } else { "protesters" };
        let name = format!("{event} in {}", spot.country_name());
        let crowd = Who {
            name: name.trim_end_matches(" in ").replace("Protests", "Protesters").replace("Riots", "Rioters"),
            class,
            country: None,
            known: false,
        };
        return (Some(crowd), view.settled.first().cloned());
    }
    // ACLED's codebook: civilians are never the first actor.
    let first = view.settled.iter().find(|w| w.codes().side != "civilians").cloned().unwrap_or_else(unidentified);
    let second = if event == "Battles" && view.settled.len() > 1 {
        view.settled.get(1).cloned()
    } else {
        view.victim().map(|v| match v.codes().side {
            "civilians" => Who {
                name: match spot.country_name() {
                    "" => "Civilians".to_owned(),
                    country => format!("Civilians ({country})"),
                },
                class: "civilian",
                country: None,
                known: false,
            },
            _ => v.clone(),
        })
    };
    // A battle has two sides, named or not; things and unknown people are none.
    let second = second.filter(|w| !w.codes().home.is_empty());
    let second = if event == "Battles" && second.is_none() { Some(unidentified()) } else { second };
    (Some(first), second)
}

/// Those struck that `actor2` does not name.
fn others_struck(view: &View, second: &Option<Who>) -> String {
    let named = second.as_ref().map(|w| w.name.as_str()).unwrap_or_default();
    let rest: Vec<&str> = view.struck.iter().map(String::as_str).filter(|n| *n != named).collect();
    rest.join("; ")
}

fn inter(who: &Option<Who>, spot: &Spot) -> &'static str {
    who.as_ref().map_or("", |w| w.inter(spot.code.as_deref()))
}

/// ACLED's joint code: both codes, the lower first; one actor alone with a zero behind.
fn interaction(a: &str, b: &str) -> String {
    match (a, b) {
        ("", "") => String::new(),
        ("", one) | (one, "") => format!("{one}0"),
        (a, b) if a <= b => format!("{a}{b}"),
        (a, b) => format!("{b}{a}"),
    }
}

/// 1 the day, 2 within a week or a day taken from the day of publication, 3 more.
fn time_precision(view: &View) -> u8 {
    let days = span_of_days(view);
    match days {
        0 if view.day_is_publication() => 2,
        0 => 1,
        1..=7 => 2,
        _ => 3,
    }
}

/// Days between the first and the last.
pub fn span_of_days(view: &View) -> i32 {
    let date = |d: &Option<String>| d.as_deref().and_then(|d| d.parse::<Date>().ok());
    match (date(&view.row.date_start), date(&view.row.date_end)) {
        (Some(s), Some(e)) => s.until((Unit::Day, e)).map_or(0, |s| s.get_days().max(0)),
        _ => 0,
    }
}

/// National when all outlets whose country the atlas knows are of the event's, International when none is.
fn scale(view: &View, spot: &Spot) -> &'static str {
    let of: Vec<String> = view.outlets().iter().filter_map(|o| outlet_country(o)).collect();
    let home = of.iter().filter(|c| Some(c.as_str()) == spot.code.as_deref()).count();
    match (of.len(), home) {
        (0, _) => "",
        (_, 0) => "International",
        (all, home) if all == home => "National",
        _ => "National-International",
    }
}

/// When the last of its dispatches was filed, in seconds since 1970.
fn timestamp(view: &View) -> String {
    let last = view.accounts.iter().filter_map(|a| a.dispatch.filed_at.parse::<Timestamp>().ok()).max();
    last.map(|t| t.as_second().to_string()).unwrap_or_default()
}
