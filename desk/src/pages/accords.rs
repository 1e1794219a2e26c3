//! Accords: the board, with each party's state over time; one accord with every claim about its state.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use export::draw::{Mark, Segment, Strip, Timeline};
use jiff::civil::Date;
use ledger::query::{AccordPage, AccordStatement, AccordTold, Count, PartyState, Shown, StatusLine, Story};
use ledger::{Ledger, LedgerError};

use crate::asked::Asked;
use crate::frame::{Frame, Page, apart, day, draw, plain, voice};
use crate::problem::Problem;
use crate::state::{Desk, Facets};
use crate::table::Csv;
use crate::told::{Check, Event, history};

/// An accord on the board.
struct Card {
    page: AccordPage,
    href: String,
    kind: String,
    when: String,
    states: Vec<Standing>,
    strips: String,
    violations: usize,
}

/// A party's state in words.
struct Standing {
    party: String,
    status: String,
    since: String,
    why: String,
}

#[derive(Template)]
#[template(path = "accords.html")]
struct Board {
    f: Frame,
    asked: Asked,
    cards: Vec<Card>,
    next: Option<String>,
    previous: Option<String>,
    count: Count,
    facets: Arc<Facets>,
}

/// Accords of a page of the board: each has a picture.
const CARDS: u32 = 20;

fn accord(l: &Ledger, id: &str) -> Result<AccordPage, LedgerError> {
    match l.show(id, false)? {
        Shown::Accord(page) => Ok(page),
        _ => Err(LedgerError::NoSuchId(id.to_owned())),
    }
}

/// `GET /accords`
pub async fn board(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    let mut filter = asked.filter()?;
    filter.limit = filter.limit.map(|n| n.min(CARDS));
    let facets = desk.facets().await?;
    let (page, next, previous, count) = desk
        .read(move |l| {
            let list = l.accord_list(&filter)?;
            let pages = list.rows.iter().map(|row| accord(l, &row.id)).collect::<Result<Vec<_>, _>>()?;
            Ok((pages, list.next, list.previous, l.count_accords(&filter)?))
        })
        .await?;
    let next = next.map(|c| f.with(&asked.page(&c)));
    let previous = previous.map(|c| f.with(&asked.page(&c)));
    let cards = page.into_iter().map(|page| card(page, &f)).collect();
    draw(&Board { f, asked, cards, next, previous, count, facets })
}

fn card(page: AccordPage, f: &Frame) -> Card {
    let href = f.accord(&page.accord.id);
    let when = page.accord.date.as_deref().or(page.accord.first_told.as_deref());
    Card {
        kind: plain(&page.accord.kind),
        when: when.map_or_else(|| "undated".to_owned(), day),
        states: page.states.iter().map(state).collect(),
        strips: timeline(&page, f).map(|t| t.svg()).unwrap_or_default(),
        violations: page.timeline.iter().filter(|c| c.status == "violated" && c.modality == "asserted").count(),
        href,
        page,
    }
}

fn state(s: &PartyState) -> Standing {
    Standing {
        party: s.party.clone(),
        status: s.status.as_deref().map_or_else(|| "no claim moved it".to_owned(), plain),
        since: s.since.as_deref().map(day).unwrap_or_default(),
        why: s.rule.unwrap_or_default().to_owned(),
    }
}

/// Where a claim of an accord is told: the namespace is that of the account in the same dispatch.
fn words(page: &AccordPage, c: &StatusLine, f: &Frame) -> String {
    let account = page.accord.accounts.iter().find(|a| a.dispatch == c.dispatch && a.outlet == c.outlet);
    f.words(account.map_or("", |a| a.namespace.as_str()), &c.dispatch, &c.start, &c.end)
}

fn said(c: &StatusLine) -> String {
    let mut said = plain(&c.status);
    if c.modality != "asserted" {
        said.push_str(&format!(" ({})", plain(&c.modality)));
    }
    if let Some(party) = &c.party {
        said.push_str(&format!(", by {}", apart(party)));
    }
    if let Some(blamed) = &c.blamed {
        said.push_str(&format!(", blaming {}", apart(blamed)));
    }
    format!("{said}: {}", voice(&c.by, c.outlet.as_deref()))
}

/// Each party's state over time, and the claims that moved nothing; none where no claim has a day.
fn timeline(page: &AccordPage, f: &Frame) -> Option<Timeline> {
    let date = |c: &StatusLine| c.date.as_deref().and_then(|d| d.parse::<Date>().ok());
    let days: Vec<Date> = page.timeline.iter().filter_map(date).collect();
    let (since, until) = (*days.iter().min()?, *days.iter().max()?);
    let until = until.saturating_add(jiff::Span::new().days(1));
    let moved: BTreeSet<usize> = page.states.iter().flat_map(|s| s.turns.iter().map(|t| t.0)).collect();
    let mark = |c: &StatusLine| {
        Some(Mark { day: date(c)?, status: c.status.clone(), title: said(c), href: Some(words(page, c, f)) })
    };
    let mut strips: Vec<Strip> = page
        .states
        .iter()
        .map(|s| {
            let turns: Vec<(&StatusLine, &str, Date)> = s
                .turns
                .iter()
                .filter_map(|(place, rule)| page.timeline.get(*place).and_then(|c| Some((c, *rule, date(c)?))))
                .collect();
            let segments = turns.iter().enumerate().map(|(i, (c, rule, from))| Segment {
                from: *from,
                until: turns.get(i + 1).map(|t| t.2),
                status: c.status.clone(),
                title: format!("{} ({rule})", said(c)),
                href: Some(words(page, c, f)),
            });
            let about = |c: &&StatusLine| c.party.as_deref() == Some(&s.party) || c.blamed.as_deref() == Some(&s.party);
            Strip {
                label: s.party.clone(),
                segments: segments.collect(),
                marks: page.timeline.iter().filter(about).filter_map(mark).collect(),
            }
        })
        .collect();
    let parties: BTreeSet<&str> = page.states.iter().map(|s| s.party.as_str()).collect();
    let others: Vec<Mark> = page
        .timeline
        .iter()
        .enumerate()
        .filter(|(i, c)| {
            let named = [&c.party, &c.blamed].into_iter().flatten().any(|p| parties.contains(p.as_str()));
            !moved.contains(i) && !named
        })
        .filter_map(|(_, c)| mark(c))
        .collect();
    if !others.is_empty() {
        strips.push(Strip { label: "other claims".to_owned(), segments: Vec::new(), marks: others });
    }
    let label = format!("{}: each party's state over time", page.accord.name);
    Some(Timeline { label, since, until, events: Vec::new(), strips })
}

/// A claim in the table.
struct ClaimLine {
    day: String,
    dated: bool,
    status: String,
    modality: String,
    who: String,
    party: String,
    blamed: String,
    words: String,
    href: String,
    moved: Vec<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "accord.html")]
struct AccordView {
    f: Frame,
    kind: String,
    when: String,
    states: Vec<Standing>,
    claims: Vec<ClaimLine>,
    picture: String,
    twin: String,
    blamed: Vec<String>,
    tally: Vec<(String, Vec<String>)>,
    told: Vec<Telling>,
    history: Vec<Event>,
    checks: Vec<Check>,
    page: AccordPage,
}

/// The accord as one dispatch tells it.
struct Telling {
    href: String,
    words_href: String,
    outlet: String,
    day: String,
    words: String,
    terms: Vec<(&'static str, String)>,
    said: Vec<(AccordStatement, String)>,
}

impl Telling {
    fn of(a: AccordTold, f: &Frame) -> Telling {
        let d = &a.dispatch;
        let words = |start: &i64, end: &i64| f.words(&d.namespace, &d.id, start, end);
        let list = |names: &[String]| names.join("; ");
        let documents = a.documents.map(|n| n.to_string()).unwrap_or_default();
        let terms = [
            ("parties", list(&a.parties)),
            ("brokers", list(&a.brokers)),
            ("made", a.date.as_deref().map(day).unwrap_or_default()),
            ("place", a.place.clone().unwrap_or_default()),
            ("documents", documents),
        ];
        Telling {
            href: f.dispatch(&d.namespace, &d.id),
            words_href: words(&a.words.start, &a.words.end),
            outlet: d.outlet.clone().unwrap_or_else(|| d.namespace.clone()),
            day: d.published.as_deref().map(day).unwrap_or_default(),
            words: a.words.text.clone(),
            terms: terms.into_iter().filter(|t| !t.1.is_empty()).collect(),
            said: a.statements.iter().map(|s| (s.clone(), words(&s.start, &s.end))).collect(),
        }
    }
}

/// `GET /accords/{id}`
pub async fn page(State(desk): State<Desk>, f: Frame, Path(id): Path<String>) -> Page {
    let (page, told, story) = desk
        .read(move |l| {
            let page = accord(l, &id)?;
            let id = page.accord.id.clone();
            Ok((page, l.accord_told(&id)?, l.story("accord", &id)?))
        })
        .await?;
    let Story { changes, decisions, checks } = story;
    let (picture, twin) = timeline(&page, &f).map(|t| (t.svg(), t.table().html())).unwrap_or_default();
    let nobody = "nobody named";
    let mut blamed: Vec<String> = Vec::new();
    let mut reporters: Vec<&str> = Vec::new();
    for t in &page.violations {
        let name = t.blamed.as_deref().unwrap_or(nobody);
        if !blamed.iter().any(|b| b == name) {
            blamed.push(name.to_owned());
        }
        if !reporters.contains(&t.reporter.as_str()) {
            reporters.push(&t.reporter);
        }
    }
    let tally = reporters
        .iter()
        .map(|reporter| {
            let cells = blamed.iter().map(|b| {
                let of = page
                    .violations
                    .iter()
                    .filter(|t| t.reporter == *reporter && t.blamed.as_deref().unwrap_or(nobody) == b)
                    .map(|t| t.claims)
                    .sum::<usize>();
                if of == 0 { String::new() } else { of.to_string() }
            });
            (voice(reporter, None), cells.collect())
        })
        .collect();
    let claims = page
        .timeline
        .iter()
        .enumerate()
        .map(|(i, c)| ClaimLine {
            day: c.date.as_deref().map_or_else(|| "undated".to_owned(), day),
            dated: c.dated,
            status: plain(&c.status),
            modality: if c.modality == "asserted" { String::new() } else { plain(&c.modality) },
            who: voice(&c.by, c.outlet.as_deref()),
            party: c.party.clone().unwrap_or_default(),
            blamed: c.blamed.clone().unwrap_or_default(),
            words: c.words.clone(),
            href: words(&page, c, &f),
            moved: page
                .states
                .iter()
                .filter_map(|s| s.turns.iter().find(|t| t.0 == i).map(|t| (s.party.clone(), t.1)))
                .collect(),
        })
        .collect();
    let when = page.accord.date.as_deref().or(page.accord.first_told.as_deref());
    let view = AccordView {
        kind: plain(&page.accord.kind),
        when: when.map_or_else(|| "undated".to_owned(), day),
        states: page.states.iter().map(state).collect(),
        claims,
        picture,
        twin,
        blamed,
        tally,
        told: told.into_iter().map(|a| Telling::of(a, &f)).collect(),
        history: history(changes, decisions),
        checks: checks.into_iter().map(|c| Check::of(c, &f)).collect(),
        f,
        page,
    };
    draw(&view)
}

/// `GET /accords.csv`
pub async fn table(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut filter = asked.filter()?;
    (filter.cursor, filter.limit) = (None, Some(super::TABLE));
    let rows = desk.read(move |l| l.accords(&filter)).await?;
    let mut csv = Csv::new(&["id", "kind", "name", "place", "date", "parties", "brokers", "disputed", "accounts"]);
    for r in rows {
        csv.row([
            r.id,
            r.kind,
            r.name,
            r.place.unwrap_or_default(),
            r.date.unwrap_or_default(),
            r.parties.join("; "),
            r.brokers.join("; "),
            r.disputed.join(" "),
            r.accounts.len().to_string(),
        ]);
    }
    Ok(csv.file("accords.csv"))
}

/// `GET /accords/{id}/claims.csv`
pub async fn claims(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = desk.read(move |l| accord(l, &id)).await?;
    let mut csv = Csv::new(&[
        "accord", "date", "status", "modality", "party", "blamed", "by", "outlet", "dispatch", "words", "start", "end",
    ]);
    for c in page.timeline {
        csv.row([
            page.accord.id.clone(),
            c.date.unwrap_or_default(),
            c.status,
            c.modality,
            c.party.unwrap_or_default(),
            c.blamed.unwrap_or_default(),
            c.by,
            c.outlet.unwrap_or_default(),
            c.dispatch,
            c.words,
            c.start.to_string(),
            c.end.to_string(),
        ]);
    }
    Ok(csv.file("claims.csv"))
}
