//! All news: the newest dispatches, filters and search, feeds of what is filtered, kept searches, adding a dispatch.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use ledger::query::{Count, DispatchRow, Page as Rows, SavedSearch, Snippet};
use serde::Deserialize;

use crate::asked::Asked;
use crate::auth::Role;
use crate::frame::{Frame, Page, day, draw};
use crate::problem::Problem;
use crate::state::{Desk, Facets, Given};
use crate::table::Csv;

/// A dispatch in the list.
struct Story {
    row: DispatchRow,
    href: String,
    day: String,
    snippet: Vec<(bool, String)>,
}

impl Story {
    fn of(row: DispatchRow, f: &Frame) -> Story {
        Story {
            href: f.dispatch(&row.namespace, &row.id),
            day: row.published.as_deref().map_or_else(|| "undated".to_owned(), day),
            snippet: row.snippet.as_ref().map(pieces).unwrap_or_default(),
            row,
        }
    }

    fn title(&self) -> &str {
        self.row.headline.as_deref().unwrap_or("Untitled dispatch")
    }

    fn outlet(&self) -> &str {
        self.row.outlet.as_deref().unwrap_or(&self.row.namespace)
    }
}

/// A snippet as pieces, each marked or not.
pub fn pieces(snippet: &Snippet) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    let chars: Vec<char> = snippet.text.chars().collect();
    let piece = |from: usize, to: usize| -> String { chars.get(from..to).unwrap_or_default().iter().collect() };
    let mut at = 0;
    for &(start, end) in &snippet.marks {
        out.push((false, piece(at, start)));
        out.push((true, piece(start, end)));
        at = end;
    }
    out.push((false, piece(at, chars.len())));
    out.retain(|p| !p.1.is_empty());
    out
}

#[derive(Template)]
#[template(path = "news.html")]
struct NewsPage {
    f: Frame,
    asked: Asked,
    stories: Vec<Story>,
    next: Option<String>,
    previous: Option<String>,
    count: Count,
    facets: Arc<Facets>,
    saved: Vec<SavedSearch>,
}

/// `GET /`
pub async fn list(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    let filter = asked.filter()?;
    let owner = f.viewer.name.clone();
    let facets = desk.facets().await?;
    let (page, count, saved) = desk
        .read(move |l| {
            let page: Rows<DispatchRow> = l.dispatch_list(&filter)?;
            Ok((page, l.count_dispatches(&filter)?, l.saved_searches(&owner)?))
        })
        .await?;
    let stories = page.rows.into_iter().map(|row| Story::of(row, &f)).collect();
    let next = page.next.map(|c| f.with(&asked.page(&c)));
    let previous = page.previous.map(|c| f.with(&asked.page(&c)));
    draw(&NewsPage { f, asked, stories, next, previous, count, facets, saved })
}

/// `GET /dispatches.csv`
pub async fn table(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let mut filter = asked.filter()?;
    (filter.cursor, filter.limit) = (None, Some(super::TABLE));
    let rows = desk.read(move |l| l.dispatches(&filter)).await?;
    let mut csv = Csv::new(&[
        "namespace",
        "id",
        "outlet",
        "published",
        "headline",
        "version",
        "statements",
        "incidents",
        "accords",
    ]);
    for r in rows {
        let numbers = [r.version, r.statements, r.incidents, r.accords].map(|n| n.to_string());
        let texts = [
            r.namespace,
            r.id,
            r.outlet.unwrap_or_default(),
            r.published.unwrap_or_default(),
            r.headline.unwrap_or_default(),
        ];
        csv.row(texts.into_iter().chain(numbers));
    }
    Ok(csv.file("dispatches.csv"))
}

#[derive(Template)]
#[template(path = "news.xml")]
struct Feed {
    origin: String,
    base: String,
    said: String,
    query: String,
    updated: String,
    stories: Vec<Story>,
}

/// `GET /news.atom`: the newest of what is filtered, as an Atom feed.
pub async fn atom(
    State(desk): State<Desk>,
    f: Frame,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    let rows = desk.read(move |l| l.dispatches(&filter)).await?;
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let stories: Vec<Story> = rows.into_iter().map(|row| Story::of(row, &f)).collect();
    let updated = stories.iter().find_map(|s| s.row.published.clone()).unwrap_or_else(|| "1970-01-01".to_owned());
    let feed = Feed {
        origin: format!("http://{host}"),
        base: f.base.clone(),
        said: asked.said(),
        query: asked.query(),
        updated,
        stories,
    };
    Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed.render()?).into_response())
}

/// A search to keep.
#[derive(Debug, Deserialize)]
pub struct Keep {
    name: String,
    query: String,
}

/// `POST /searches`
pub async fn keep(State(desk): State<Desk>, f: Frame, Form(form): Form<Keep>) -> Result<Redirect, Problem> {
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 80 || form.query.len() > 4_000 {
        return Err(Problem::bad("A search is kept under a name of 1 to 80 characters."));
    }
    let (owner, query) = (f.viewer.name.clone(), form.query.clone());
    desk.write(move |l| l.save_search(&owner, &name, &query, Timestamp::now())).await?;
    Ok(Redirect::to(&format!("{}/?{}", f.base, form.query.replace(['\r', '\n'], ""))))
}

/// `POST /searches/{id}/forget`
pub async fn forget(State(desk): State<Desk>, f: Frame, Path(id): Path<i64>) -> Result<Redirect, Problem> {
    let owner = f.viewer.name.clone();
    desk.write(move |l| l.forget_search(&owner, id)).await?;
    Ok(Redirect::to(&format!("{}/", f.base)))
}

#[derive(Template)]
#[template(path = "add.html")]
struct AddPage {
    f: Frame,
    failed: Vec<String>,
}

/// `GET /add`
pub async fn form(f: Frame) -> Page {
    draw(&AddPage { f, failed: Vec::new() })
}

/// `POST /add`: a pasted text or a file, read and filed.
pub async fn add(State(desk): State<Desk>, f: Frame, mut parts: Multipart) -> Result<Response, Problem> {
    if !f.viewer.may(Role::Reviewer) {
        return Err(Problem::refused(StatusCode::FORBIDDEN, "Adding dispatches takes a reviewer."));
    }
    let broken = |e: axum::extract::multipart::MultipartError| Problem::refused(e.status(), e.body_text());
    let (mut given, mut bytes) = (Given::default(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned).filter(|n| !n.is_empty());
        let value = part.bytes().await.map_err(broken)?;
        if value.is_empty() {
            continue;
        }
        let text = || Some(String::from_utf8_lossy(&value).trim().to_owned()).filter(|t| !t.is_empty());
        match name.as_str() {
            "file" => {
                bytes = value.to_vec();
                given.name = file.unwrap_or_default();
            }
            "words" if bytes.is_empty() => bytes = value.to_vec(),
            "outlet" => given.outlet = text(),
            "published" => given.published = text(),
            "url" => given.url = text(),
            _ => {}
        }
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::bad("There was nothing to read: paste the text of a dispatch, or choose a file."));
    }
    if given.name.is_empty() {
        given.name = "pasted".to_owned();
    }
    let added = desk.add(bytes, given).await?;
    match (added.dispatches.as_slice(), added.failed.is_empty()) {
        ([one], true) => {
            let (namespace, id) = one;
            Ok(Redirect::to(&f.dispatch(namespace, id)).into_response())
        }
        (_, true) => Ok(Redirect::to(&format!("{}/", f.base)).into_response()),
        (_, false) => {
            let page = draw(&AddPage { f, failed: added.failed })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
