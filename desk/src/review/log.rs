//! What was decided, by whom and why; and how far two reviewers agree.

use askama::Template;
use axum::extract::{Query, State};
use ledger::review::{Agreement, LogEntry, LogFilter};
use serde::Deserialize;

use crate::auth::Role;
use crate::frame::{Frame, Page, draw, encode};
use crate::state::Desk;

/// Entries of a page.
const ROWS: u32 = 60;

/// What the log is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    about: String,
    who: String,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    f: Frame,
    asked: Asked,
    entries: Vec<(LogEntry, String, String)>,
    older: String,
    may: bool,
}

/// `GET /review/log`
pub async fn page(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    let set = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
    let filter = LogFilter {
        about: set(&asked.about),
        who: set(&asked.who),
        before: asked.before,
        limit: Some(ROWS + 1),
        ..LogFilter::default()
    };
    let mut entries = desk.read(move |l| l.log(&filter)).await?;
    let more = entries.len() > ROWS as usize;
    entries.truncate(ROWS as usize);
    let older = match entries.last().filter(|_| more) {
        Some(last) => {
            f.with(&format!("about={}&who={}&before={}", encode(&asked.about), encode(&asked.who), last.number))
        }
        None => String::new(),
    };
    let when = |e: &LogEntry| e.at.get(..16).map(|t| t.replace('T', " ")).unwrap_or_default();
    let entries = entries.into_iter().map(|e| (e.clone(), e.sentence(), when(&e))).collect();
    let may = f.viewer.may(Role::Reviewer);
    draw(&LogPage { f, asked, entries, older, may })
}

/// Which two reviewers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Two {
    a: String,
    b: String,
}

#[derive(Template)]
#[template(path = "agreement.html")]
struct AgreementPage {
    f: Frame,
    two: Two,
    found: Option<Agreement>,
    percent: String,
    kappa: String,
}

/// `GET /review/agreement`
pub async fn agreement(State(desk): State<Desk>, f: Frame, Query(two): Query<Two>) -> Page {
    let (a, b) = (two.a.trim().to_owned(), two.b.trim().to_owned());
    let found = match a.is_empty() || b.is_empty() {
        true => None,
        false => Some(desk.read(move |l| l.agreement(&a, &b)).await?),
    };
    let number = |n: Option<f64>, unit: &str| n.map_or_else(|| "not defined".to_owned(), |n| format!("{n:.2}{unit}"));
    let percent = number(found.as_ref().and_then(|f| f.percent), " %");
    let kappa = number(found.as_ref().and_then(|f| f.kappa), "");
    draw(&AgreementPage { f, two, found, percent, kappa })
}
