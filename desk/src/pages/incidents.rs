//! Incidents: one filter, three views of it: list, map, timeline.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use export::draw::{Event, Exactness, Look, Map, Point, Timeline};
use export::report::country_name;
use jiff::civil::Date;
use ledger::query::{Count, Filter, IncidentRow};
use serde::Deserialize;

use crate::asked::Asked;
use crate::frame::{Frame, Page, apart, bounds, days, draw, plain};
use crate::problem::Problem;
use crate::state::{Desk, Facets};
use crate::table::Csv;

/// An incident in the list.
pub struct Line {
    row: IncidentRow,
    href: String,
    kind: String,
    days: String,
    place: String,
    killed: String,
    injured: String,
}

impl Line {
    fn of(row: IncidentRow, f: &Frame) -> Line {
        Line {
            href: f.incident(&row.id),
            kind: plain(&row.kind),
            days: days(row.date_start.as_deref(), row.date_end.as_deref()),
            place: place(&row),
            killed: bounds(row.killed_low, row.killed_high),
            injured: bounds(row.injured_low, row.injured_high),
            row,
        }
    }
}

/// The place in words: place, province, country, each once.
pub fn place(row: &IncidentRow) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let country = row.country.as_deref().map(country_name);
    for part in [row.place.as_deref(), row.admin1.as_deref(), country].into_iter().flatten() {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        return "place unknown".to_owned();
    }
    parts.into_iter().map(apart).collect::<Vec<_>>().join(", ")
}

/// What happened, in a line.
pub fn title(row: &IncidentRow) -> String {
    let killed = bounds(row.killed_low, row.killed_high);
    let killed = if killed.is_empty() { String::new() } else { format!(", killed: {killed}") };
    let days = days(row.date_start.as_deref(), row.date_end.as_deref());
    format!("{} at {}, {days}{killed}", plain(&row.kind), apart(&place(row)))
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    f: Frame,
    asked: Asked,
    view: &'static str,
    lines: Vec<Line>,
    next: Option<String>,
    previous: Option<String>,
    count: Count,
    facets: Arc<Facets>,
    picture: String,
    twin: String,
    cut: bool,
    looks: Vec<LookLink>,
}

/// A link to another view of the map.
struct LookLink {
    label: String,
    href: String,
    current: bool,
}

/// Which view is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    view: String,
    look: String,
}

impl View {
    /// Which part of the world: `world`, or `LAT,LON,KM`.
    fn look(&self) -> Result<Look, Problem> {
        let numbers: Vec<f64> =
            self.look.split(',').filter_map(|n| n.parse().ok()).filter(|n: &f64| n.is_finite()).collect();
        match (self.look.as_str(), numbers.as_slice()) {
            ("", _) => Ok(Look::Near),
            ("world", _) => Ok(Look::World),
            (_, &[lat, lon, km])
                if self.look.matches(',').count() == 2 && lat.abs() <= 90.0 && lon.abs() <= 180.0 && km > 0.0 =>
            {
                Ok(Look::Around { lat, lon, km })
            }
            (other, _) => {
                Err(Problem::bad(format!("look: “{other}” is neither world nor LATITUDE,LONGITUDE,KILOMETRES.")))
            }
        }
    }
}

/// The look as it stands in an address.
fn look_name(look: Look) -> String {
    match look {
        Look::Near => String::new(),
        Look::World => "world".to_owned(),
        Look::Around { lat, lon, km } => format!("{lat:.3},{lon:.3},{km:.0}"),
    }
}

/// The most countries that a map has a link to.
const COUNTRIES: usize = 8;

/// Links to the views of a map: all points, the world, nearer and farther, and each country with the most points.
fn looks(map: &Map, rows: &[IncidentRow], asked: Look, f: &Frame, query: &str) -> Vec<LookLink> {
    let link = |label: &str, look: Look| {
        let (name, amp) = (look_name(look), if query.is_empty() { "" } else { "&" });
        let look_query = if name.is_empty() { String::new() } else { format!("&look={name}") };
        LookLink {
            label: label.to_owned(),
            href: f.with(&format!("view=map{look_query}{amp}{query}")),
            current: name == look_name(asked),
        }
    };
    let shown = map.shown(asked);
    let mut links = vec![link("All points", Look::Near), link("World", Look::World)];
    if let Look::Around { .. } = shown {
        links.push(link("Nearer", shown.nearer(2.0)));
        links.push(link("Farther", shown.nearer(0.5)));
    }
    let mut countries: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for row in rows {
        if let (Some(country), Some(lat), Some(lon)) = (row.country.as_deref(), row.lat, row.lon) {
            countries.entry(country).or_default().push((lat, lon));
        }
    }
    let mut countries: Vec<(&str, Vec<(f64, f64)>)> = countries.into_iter().collect();
    countries.sort_by_key(|(_, points)| std::cmp::Reverse(points.len()));
    for (country, points) in countries.into_iter().take(COUNTRIES) {
        let label = format!("{} ({})", country_name(country), points.len());
        links.push(link(&label, Look::over(&points)));
    }
    links
}

/// `GET /incidents`
pub async fn list(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>, Query(view): Query<View>) -> Page {
    let look = view.look()?;
    let view = match view.view.as_str() {
        "map" => "map",
        "timeline" => "timeline",
        "" | "list" => "list",
        other => return Err(Problem::bad(format!("view: “{other}” is neither list, map nor timeline."))),
    };
    let mut filter = asked.filter()?;
    if view != "list" {
        filter = Filter { limit: Some(super::POINTS), cursor: None, ..filter };
    }
    let facets = desk.facets().await?;
    let (page, count) = desk
        .read(move |l| {
            // Pictures need no accounts; the list shows what people decided on them.
            let page = if view == "list" { l.incident_list(&filter)? } else { l.incident_lines(&filter)? };
            Ok((page, l.count_incidents(&filter)?))
        })
        .await?;
    let cut = view != "list" && page.next.is_some();
    let mut looks_at = Vec::new();
    let (picture, table) = match view {
        "map" => {
            let map = map(&page.rows, &f);
            looks_at = looks(&map, &page.rows, look, &f, &asked.query());
            (map.svg_of(look), map.table().html())
        }
        "timeline" => timeline(&page.rows, &f).map(|t| (t.svg(), t.table().html())).unwrap_or_default(),
        _ => Default::default(),
    };
    let at = |cursor: String| f.with(&asked.page(&cursor));
    let (next, previous) = (page.next.map(at), page.previous.map(at));
    let lines = page.rows.into_iter().map(|row| Line::of(row, &f)).collect();
    let looks = looks_at;
    let view = IncidentsPage { f, asked, view, lines, next, previous, count, facets, picture, twin: table, cut, looks };
    draw(&view)
}

/// Incidents on a map, sized by the highest number of dead given.
pub fn map(rows: &[IncidentRow], f: &Frame) -> Map {
    let points = rows.iter().filter_map(|row| {
        Some(Point {
            lat: row.lat?,
            lon: row.lon?,
            exactness: exactness(row),
            name: row.place.clone().or_else(|| row.admin1.clone()).unwrap_or_default(),
            title: title(row),
            size: row.killed_high.or(row.killed_low),
            disputed: !row.disputed.is_empty(),
            href: Some(f.incident(&row.id)),
        })
    });
    Map {
        label: "Incidents on a map".to_owned(),
        measure: "killed, highest figure given".to_owned(),
        points: points.collect(),
    }
}

/// A province or country is somewhere, not a point.
fn exactness(row: &IncidentRow) -> Exactness {
    match (&row.place, &row.admin1) {
        (Some(place), Some(admin1)) if place == admin1 => Exactness::Within(50.0),
        (None, Some(_)) => Exactness::Within(50.0),
        (None, None) => Exactness::Within(200.0),
        _ => Exactness::Place,
    }
}

/// Incidents by day; none when no day is known.
fn timeline(rows: &[IncidentRow], f: &Frame) -> Option<Timeline> {
    let events: Vec<Event> = rows
        .iter()
        .filter_map(|row| {
            let start: Date = row.date_start.as_deref()?.parse().ok()?;
            let end = row.date_end.as_deref().and_then(|d| d.parse().ok()).unwrap_or(start);
            Some(Event {
                start,
                end,
                label: title(row),
                disputed: !row.disputed.is_empty(),
                href: Some(f.incident(&row.id)),
            })
        })
        .collect();
    let since = events.iter().map(|e| e.start).min()?;
    let until = events.iter().map(|e| e.end).max()?;
    Some(Timeline { label: "Incidents by day".to_owned(), since, until, events, strips: Vec::new() })
}

/// `GET /incidents.csv`
pub async fn table(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut filter = asked.filter()?;
    (filter.cursor, filter.limit) = (None, Some(super::TABLE));
    let rows = desk.read(move |l| l.incident_lines(&filter)).await?.rows;
    let mut csv = Csv::new(&[
        "id",
        "type",
        "date_start",
        "date_end",
        "place",
        "admin1",
        "country",
        "lat",
        "lon",
        "killed_low",
        "killed_high",
        "injured_low",
        "injured_high",
        "sources",
        "disputed",
    ]);
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let degrees = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    for r in rows {
        csv.row([
            r.id,
            r.kind,
            r.date_start.unwrap_or_default(),
            r.date_end.unwrap_or_default(),
            r.place.unwrap_or_default(),
            r.admin1.unwrap_or_default(),
            r.country.unwrap_or_default(),
            degrees(r.lat),
            degrees(r.lon),
            number(r.killed_low),
            number(r.killed_high),
            number(r.injured_low),
            number(r.injured_high),
            r.sources.to_string(),
            r.disputed.join(" "),
        ]);
    }
    Ok(csv.file("incidents.csv"))
}
