//! All news: the newest dispatches, filters and search.

use askama::Template;
use axum::extract::State;
use ledger::query::{DispatchRow, Filter};

use crate::frame::{Frame, Page, draw};
use crate::state::Desk;

#[derive(Template)]
#[template(path = "news.html")]
struct NewsPage {
    f: Frame,
    rows: Vec<DispatchRow>,
}

/// `GET /`
pub async fn list(State(desk): State<Desk>, f: Frame) -> Page {
    let filter = Filter { limit: Some(50), ..Filter::default() };
    let rows = desk.read(move |ledger| ledger.dispatches(&filter)).await?;
    draw(&NewsPage { f, rows })
}
