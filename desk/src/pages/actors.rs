//! Actors: who speaks and who is blamed; one actor with what it said, accusations given and received, and how each
//! outlet reports its speech.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use ledger::query::{Accusation, ActorPage, ActorRow};

use crate::asked::Asked;
use crate::frame::{Frame, Page, day, draw, plain, voice};
use crate::problem::Problem;
use crate::state::Desk;
use crate::table::Csv;

#[derive(Template)]
#[template(path = "actors.html")]
struct ActorsPage {
    f: Frame,
    asked: Asked,
    rows: Vec<(String, ActorRow)>,
    next: Option<String>,
    previous: Option<String>,
}

/// `GET /actors`
pub async fn list(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    let filter = asked.filter()?;
    let page = desk.read(move |l| l.actor_list(&filter)).await?;
    let next = page.next.map(|c| f.with(&asked.page(&c)));
    let previous = page.previous.map(|c| f.with(&asked.page(&c)));
    let rows = page.rows.into_iter().map(|row| (f.actor(&row.id), row)).collect();
    draw(&ActorsPage { f, asked, rows, next, previous })
}

/// `GET /actors.csv`
pub async fn table(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut filter = asked.filter()?;
    (filter.cursor, filter.limit) = (None, Some(super::TABLE));
    let rows = desk.read(move |l| l.actors(&filter)).await?;
    let mut csv = Csv::new(&["id", "name", "names", "statements", "blamed"]);
    for r in rows {
        csv.row([r.id, r.name, r.names.join("; "), r.statements.to_string(), r.blamed.to_string()]);
    }
    Ok(csv.file("actors.csv"))
}

/// An accusation in a table.
struct Line {
    day: String,
    what: String,
    incident: Option<String>,
    stance: String,
    other: String,
    outlet: String,
    words: String,
    href: String,
}

/// A statement in the list.
struct Said {
    day: String,
    outlet: String,
    mode: String,
    cue: String,
    content: String,
    href: String,
}

/// How an outlet reports the actor's speech: a number for each speech act.
struct Audit {
    outlet: String,
    cells: Vec<(i64, String)>,
    total: i64,
}

#[derive(Template)]
#[template(path = "actor.html")]
struct ActorView {
    f: Frame,
    received: Vec<Line>,
    given: Vec<Line>,
    said: Vec<Said>,
    modes: Vec<String>,
    audits: Vec<Audit>,
    page: ActorPage,
}

fn line(a: &Accusation, other: String, f: &Frame) -> Line {
    let place = a.place.as_deref().map(|p| format!(", {p}")).unwrap_or_default();
    let when = a.date.as_deref().map(|d| format!(", {}", day(d))).unwrap_or_default();
    Line {
        day: a.published.as_deref().map_or_else(|| "undated".to_owned(), day),
        what: format!("{}{place}{when}", plain(&a.kind)),
        incident: a.incident.as_deref().map(|i| f.incident(i)),
        stance: a.stance.clone(),
        other,
        outlet: a.outlet.clone().unwrap_or_else(|| a.namespace.clone()),
        words: a.words.clone(),
        href: f.words(&a.namespace, &a.dispatch, &a.start, &a.end),
    }
}

/// `GET /actors/{id}`
pub async fn page(State(desk): State<Desk>, f: Frame, Path(id): Path<String>) -> Page {
    let page = desk.read(move |l| l.actor_page(&id)).await?;
    let received = page.received.iter().map(|a| line(a, voice(&a.by, a.outlet.as_deref()), &f)).collect();
    let given = page.given.iter().map(|a| line(a, a.actor.clone(), &f)).collect();
    let said = page
        .statements
        .iter()
        .map(|s| Said {
            day: s.published.as_deref().map_or_else(|| "undated".to_owned(), day),
            outlet: s.outlet.clone().unwrap_or_else(|| s.namespace.clone()),
            mode: plain(&s.mode),
            cue: s.cue.clone().unwrap_or_default(),
            content: s.content.clone(),
            href: match (s.start, s.end) {
                (Some(start), Some(end)) => f.words(&s.namespace, &s.dispatch, &start, &end),
                _ => f.dispatch(&s.namespace, &s.dispatch),
            },
        })
        .collect();
    let mut modes: Vec<(String, i64)> = Vec::new();
    for v in &page.verbs {
        match modes.iter_mut().find(|m| m.0 == v.mode) {
            Some(mode) => mode.1 += v.statements,
            None => modes.push((v.mode.clone(), v.statements)),
        }
    }
    modes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let modes: Vec<String> = modes.into_iter().map(|m| m.0).collect();
    let mut audits: Vec<Audit> = Vec::new();
    for v in &page.verbs {
        if audits.last().is_none_or(|a| a.outlet != v.outlet) {
            audits.push(Audit { outlet: v.outlet.clone(), cells: vec![(0, String::new()); modes.len()], total: 0 });
        }
        if let Some(audit) = audits.last_mut()
            && let Some(at) = modes.iter().position(|m| *m == v.mode)
            && let Some(cell) = audit.cells.get_mut(at)
        {
            *cell = (v.statements, v.cues.clone());
            audit.total += v.statements;
        }
    }
    draw(&ActorView { f, received, given, said, modes, audits, page })
}

/// `GET /actors/{id}/accusations.csv`
pub async fn accusations(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = desk.read(move |l| l.actor_page(&id)).await?;
    let mut csv = Csv::new(&[
        "side",
        "incident",
        "type",
        "date",
        "place",
        "actor",
        "stance",
        "by",
        "outlet",
        "published",
        "namespace",
        "dispatch",
        "words",
        "start",
        "end",
    ]);
    for (side, accusations) in [("received", page.received), ("given", page.given)] {
        for a in accusations {
            csv.row([
                side.to_owned(),
                a.incident.unwrap_or_default(),
                a.kind,
                a.date.unwrap_or_default(),
                a.place.unwrap_or_default(),
                a.actor,
                a.stance,
                a.by,
                a.outlet.unwrap_or_default(),
                a.published.unwrap_or_default(),
                a.namespace,
                a.dispatch,
                a.words,
                a.start.to_string(),
                a.end.to_string(),
            ]);
        }
    }
    Ok(csv.file("accusations.csv"))
}
