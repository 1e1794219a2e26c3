//! An incident: the contradiction matrix, what differs, where it lies, its toll as a series, its accounts.
//!
//! A row of the matrix is a voice in a dispatch: the outlet's own first, then each speaker it quotes. A cell holds what
//! that voice says of a field, each value with the exact words behind it, which open in place and lead to the dispatch.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use export::draw::{Exactness, Map, Series, Value};
use ledger::dispute::numbers_in_words;
use ledger::query::{AccountWhole, FigureWhole, IncidentWhole, LinkLine, Shown, Words};
use serde::Deserialize;

use crate::frame::{Frame, Page, day, days, draw, plain, voice};
use crate::problem::Problem;
use crate::state::Desk;
use crate::table::Csv;
use crate::told::{Check, Event, history};

/// The columns: their names, and the fields whose disputes they show.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("Who did it", &["perpetrator"]),
    ("What, by what means", &["type", "means", "cause"]),
    ("Killed", &["killed", "killed_or_injured"]),
    ("Injured", &["injured"]),
    (
        "Damage and other losses",
        &["damaged", "destroyed", "damaged_or_destroyed", "displaced", "missing", "captured", "other"],
    ),
    ("When", &["date"]),
    ("Where", &["place"]),
];

/// A value with the words behind it.
#[derive(Debug, Clone)]
struct Entry {
    value: String,
    words: String,
    href: String,
    /// Denied, hedged: said with less than full weight.
    soft: bool,
}

/// What one voice says in one dispatch.
#[derive(Debug, Default)]
struct Voice {
    by: String,
    own: bool,
    cells: [Vec<Entry>; 7],
}

/// A dispatch's voices.
#[derive(Debug)]
struct Group {
    outlet: String,
    day: String,
    href: String,
    headline: String,
    echo: Option<String>,
    namespace: String,
    id: String,
    voices: Vec<Voice>,
}

/// A column's head.
struct Column {
    name: &'static str,
    differs: bool,
}

/// A field on which sources differ, summed up.
struct Difference {
    field: String,
    range: String,
    rule: String,
    values: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentView {
    f: Frame,
    whole: IncidentWhole,
    kind: String,
    days: String,
    place: String,
    modality: String,
    columns: Vec<Column>,
    groups: Vec<Group>,
    more: usize,
    differences: Vec<Difference>,
    map: String,
    map_table: String,
    series: Vec<Toll>,
    victims: Vec<String>,
    links: Vec<LinkLine>,
    explained: bool,
    checks: Vec<Check>,
    history: Vec<Event>,
}

/// What of an incident is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    /// `1`: why its accounts are tied.
    explain: String,
}

/// The measures that are drawn as a series.
const TOLLS: [&str; 2] = ["killed", "injured"];

/// A toll as a picture.
struct Toll {
    measure: String,
    label: String,
    svg: String,
    table: String,
}

impl Toll {
    fn of(series: &Series, measure: &str) -> Toll {
        Toll {
            measure: measure.to_owned(),
            label: series.label.clone(),
            svg: series.svg(),
            table: series.table().html(),
        }
    }
}

/// The most dispatches of a matrix on a page; the CSV has all.
const GROUPS: usize = 80;

/// `GET /incidents/{id}`: any account's id finds the incident it lies in.
pub async fn page(State(desk): State<Desk>, f: Frame, Path(id): Path<String>, Query(part): Query<Part>) -> Page {
    let explained = part.explain == "1";
    let (whole, links, story) = desk
        .read(move |l| {
            let whole = l.incident_of(&id)?;
            let links = match explained {
                true => match l.show(&whole.incident.id, true)? {
                    Shown::Incident(page) => page.links,
                    _ => Vec::new(),
                },
                false => Vec::new(),
            };
            let story = l.story("incident", &whole.incident.id)?;
            Ok((whole, links, story))
        })
        .await?;
    let row = &whole.incident;
    let columns = COLUMNS
        .iter()
        .map(|(name, fields)| Column { name, differs: row.disputed.iter().any(|d| fields.contains(&d.as_str())) })
        .collect();
    let mut groups = groups(&whole.accounts, &f);
    let more = groups.len().saturating_sub(GROUPS);
    groups.truncate(GROUPS);
    let map = place_map(&whole, &f);
    let (map, map_table) = if map.points.is_empty() { Default::default() } else { (map.svg(), map.table().html()) };
    let mut victims: Vec<String> = Vec::new();
    for v in whole.accounts.iter().flat_map(|a| &a.victims) {
        if !victims.contains(&v.victim) {
            victims.push(v.victim.clone());
        }
    }
    let view = IncidentView {
        kind: plain(&row.kind),
        days: days(row.date_start.as_deref(), row.date_end.as_deref()),
        place: super::incidents::place(row),
        modality: plain(&row.modality),
        columns,
        groups,
        more,
        differences: differences(&whole),
        map,
        map_table,
        series: TOLLS.iter().filter_map(|m| series(&whole, m, &f).map(|s| Toll::of(&s, m))).collect(),
        victims,
        links,
        explained,
        checks: story.checks.into_iter().map(|c| Check::of(c, &f)).collect(),
        history: history(story.changes, story.decisions),
        f,
        whole,
    };
    draw(&view)
}

fn column_of(measure: &str) -> usize {
    match measure {
        "killed" | "killed_or_injured" => 2,
        "injured" => 3,
        _ => 4,
    }
}

fn figure(f: &FigureWhole) -> String {
    let value = numbers_in_words(f.low, f.high, &f.qualifier, &f.counted, f.out_of);
    let measure = match f.measure.as_str() {
        "killed" | "injured" => String::new(),
        other => format!(" {}", plain(other)),
    };
    let part = if f.part_of.is_some() { " (part of a total)" } else { "" };
    let hedged = if f.hedged { ", reportedly" } else { "" };
    format!("{value}{measure}{part}{hedged}")
}

/// The rows of the matrix.
fn groups(accounts: &[AccountWhole], f: &Frame) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut echoes: BTreeMap<&str, String> = BTreeMap::new();
    for account in accounts {
        let d = &account.dispatch;
        let outlet = d.outlet.clone().unwrap_or_else(|| d.namespace.clone());
        let at = match groups.iter().position(|g| g.namespace == d.namespace && g.id == d.id) {
            Some(at) => at,
            None => {
                let echo = d.echo_group.as_deref().and_then(|e| {
                    let first = echoes.get(e).cloned();
                    echoes.entry(e).or_insert_with(|| outlet.clone());
                    first
                });
                groups.push(Group {
                    day: d.published.as_deref().map_or_else(|| "undated".to_owned(), day),
                    href: f.dispatch(&d.namespace, &d.id),
                    headline: d.headline.clone().unwrap_or_else(|| "untitled".to_owned()),
                    echo,
                    namespace: d.namespace.clone(),
                    id: d.id.clone(),
                    voices: vec![Voice { by: voice(record::OUTLET, Some(&outlet)), own: true, ..Voice::default() }],
                    outlet,
                });
                groups.len() - 1
            }
        };
        if let Some(group) = groups.get_mut(at) {
            tell(group, account, f);
        }
    }
    groups
}

/// Adds what an account says to the voices of its dispatch.
fn tell(group: &mut Group, account: &AccountWhole, f: &Frame) {
    let d = &account.dispatch;
    let entry = |value: String, words: &Words, soft: bool| Entry {
        value,
        words: words.text.clone(),
        href: f.words(&d.namespace, &d.id, &words.start, &words.end),
        soft,
    };
    let mut put = |by: &str, column: usize, entry: Entry| {
        let own = by == record::OUTLET;
        let at = match group.voices.iter().position(|v| if own { v.own } else { !v.own && v.by == by }) {
            Some(at) => at,
            None => {
                group.voices.push(Voice { by: by.to_owned(), own, ..Voice::default() });
                group.voices.len() - 1
            }
        };
        if let Some(cell) = group.voices.get_mut(at).and_then(|v| v.cells.get_mut(column))
            && !cell.iter().any(|e| e.value == entry.value && e.words == entry.words)
        {
            cell.push(entry);
        }
    };
    let own = record::OUTLET;
    let modality =
        if account.modality == "asserted" { String::new() } else { format!(" ({})", plain(&account.modality)) };
    put(own, 1, entry(format!("{}{modality}", plain(&account.kind)), &account.words, !modality.is_empty()));
    if account.date_start.is_some() || account.date_end.is_some() {
        let basis = match account.date_basis.as_deref() {
            Some("stated") | None => String::new(),
            Some(basis) => format!(" (from {})", if basis == "published" { "the day of publication" } else { basis }),
        };
        let value = days(account.date_start.as_deref(), account.date_end.as_deref());
        put(own, 5, entry(format!("{value}{basis}"), &account.words, !basis.is_empty()));
    }
    if let Some(place) = &account.place {
        let precision = match account.precision.as_deref() {
            Some(p @ ("near" | "district" | "province" | "country")) => format!(" ({p})"),
            _ => String::new(),
        };
        put(own, 6, entry(format!("{place}{precision}"), &account.words, !precision.is_empty()));
    }
    for p in &account.perpetrators {
        let soft = matches!(p.stance.as_str(), "denies" | "suspects" | "suggests");
        let value = match (p.stance.as_str(), p.by == p.actor) {
            ("asserts", _) => p.actor.clone(),
            ("denies", true) => format!("not {}: denies it", p.actor),
            ("denies", false) => format!("not {}", p.actor),
            ("admits", _) => format!("{}: owns up", p.actor),
            (stance, _) => format!("{} ({stance})", p.actor),
        };
        put(&p.by, 0, entry(value, &p.words, soft));
    }
    for fig in &account.figures {
        put(&fig.by, column_of(&fig.measure), entry(figure(fig), &fig.words, fig.hedged || fig.part_of.is_some()));
    }
    for c in &account.claims {
        let (column, value) = match c.field.as_str() {
            "date" => (5, c.value.clone()),
            "place" => (6, c.value.clone()),
            "cause" => (1, format!("cause: {}", c.value)),
            _ => (1, plain(&c.value)),
        };
        put(&c.by, column, entry(value, &c.words, false));
    }
}

/// What differs, each value with those who give it.
fn differences(whole: &IncidentWhole) -> Vec<Difference> {
    whole
        .disputes
        .iter()
        .map(|d| {
            let mut values: Vec<(String, Vec<String>)> = Vec::new();
            for p in &d.positions {
                let by = voice(&p.by, p.outlet.as_deref());
                match values.iter_mut().find(|v| v.0 == p.value) {
                    Some((_, who)) if who.contains(&by) => {}
                    Some((_, who)) => who.push(by),
                    None => values.push((p.value.clone(), vec![by])),
                }
            }
            let range = match (d.low, d.high) {
                (Some(low), Some(high)) => format!("{low} to {high}"),
                (Some(n), None) | (None, Some(n)) => n.to_string(),
                (None, None) => String::new(),
            };
            let rule = match (d.best, d.best_rule.as_deref()) {
                (Some(best), Some(rule)) => format!("{best}: {rule}"),
                _ => String::new(),
            };
            Difference { field: plain(&d.field), range, rule, values }
        })
        .collect()
}

/// Where the accounts place it: one point each place, hollow where only an area is known.
fn place_map(whole: &IncidentWhole, f: &Frame) -> Map {
    let mut points: Vec<export::draw::Point> = Vec::new();
    for a in &whole.accounts {
        let (Some(lat), Some(lon)) = (a.lat, a.lon) else { continue };
        let exactness = match a.precision.as_deref() {
            Some("near") => Exactness::Within(10.0),
            Some("district") => Exactness::Within(25.0),
            Some("province") => Exactness::Within(60.0),
            Some("country") => Exactness::Within(200.0),
            _ => Exactness::Place,
        };
        let name = a.place.clone().unwrap_or_default();
        if points.iter().any(|p| p.name == name && p.lat == lat && p.lon == lon) {
            continue;
        }
        let outlet = a.dispatch.outlet.as_deref().unwrap_or(&a.dispatch.namespace);
        points.push(export::draw::Point {
            lat,
            lon,
            exactness,
            title: format!("{name}, as {outlet} tells it"),
            name,
            size: None,
            disputed: false,
            href: Some(f.words(&a.dispatch.namespace, &a.dispatch.id, &a.words.start, &a.words.end)),
        });
    }
    Map { label: "Where the accounts place it".to_owned(), measure: "place named by an account".to_owned(), points }
}

/// A toll as reports gave it, in order of publication: its picture and table; none where there are not two numbers.
fn series(whole: &IncidentWhole, measure: &str, f: &Frame) -> Option<Series> {
    let values: Vec<Value> = whole
        .accounts
        .iter()
        .flat_map(|a| a.figures.iter().map(move |fig| (a, fig)))
        .filter(|(_, fig)| fig.measure == measure && fig.part_of.is_none() && (fig.low.is_some() || fig.high.is_some()))
        .map(|(a, fig)| Value {
            when: a.dispatch.published.as_deref().map_or_else(|| "undated".to_owned(), day),
            low: if fig.qualifier == "up_to" { None } else { fig.low },
            high: if matches!(fig.qualifier.as_str(), "at_least" | "more_than") { None } else { fig.high },
            by: voice(&fig.by, a.dispatch.outlet.as_deref()),
            words: numbers_in_words(fig.low, fig.high, &fig.qualifier, &fig.counted, fig.out_of),
            href: Some(f.words(&a.dispatch.namespace, &a.dispatch.id, &fig.words.start, &fig.words.end)),
        })
        .collect();
    if values.len() < 2 {
        return None;
    }
    let mut label = plain(measure);
    if let Some(first) = label.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    Some(Series { label: format!("{label}, as reports gave it"), values })
}

/// `GET /incidents/{id}/places.csv`, `killed.csv`, `injured.csv`: the rows behind a picture of the page.
pub async fn picture(
    State(desk): State<Desk>,
    f: Frame,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let missing = || Problem::missing(format!("An incident has no table “{name}”."));
    let whole = desk.read(move |l| l.incident_of(&id)).await?;
    let table = match name.strip_suffix(".csv") {
        Some("places") => place_map(&whole, &f).table(),
        Some(measure) if TOLLS.contains(&measure) => series(&whole, measure, &f).ok_or_else(missing)?.table(),
        _ => return Err(missing()),
    };
    Ok(Csv::of(&table).file(&name))
}

/// `GET /incidents/{id}/matrix.csv`: a row for each value of the matrix.
pub async fn table(State(desk): State<Desk>, f: Frame, Path(id): Path<String>) -> Result<Response, Problem> {
    let whole = desk.read(move |l| l.incident_of(&id)).await?;
    let mut csv =
        Csv::new(&["incident", "outlet", "published", "dispatch", "voice", "field", "value", "words", "address"]);
    for group in groups(&whole.accounts, &f) {
        for voice in &group.voices {
            for ((column, _), cell) in COLUMNS.iter().zip(&voice.cells) {
                for e in cell {
                    csv.row([
                        whole.incident.id.clone(),
                        group.outlet.clone(),
                        group.day.clone(),
                        format!("{}:{}", group.namespace, group.id),
                        voice.by.clone(),
                        (*column).to_owned(),
                        e.value.clone(),
                        e.words.clone(),
                        e.href.clone(),
                    ]);
                }
            }
        }
    }
    Ok(csv.file("matrix.csv"))
}
