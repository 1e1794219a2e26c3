//! Sources: the outlets whose dispatches the ledger holds.

use askama::Template;
use axum::extract::State;
use ledger::query::Facet;

use crate::frame::{Frame, Page, draw, encode};
use crate::state::Desk;

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    f: Frame,
    outlets: Vec<(String, Facet)>,
}

/// `GET /sources`
pub async fn page(State(desk): State<Desk>, f: Frame) -> Page {
    let outlets = desk.read(|l| l.outlets()).await?;
    let outlets = outlets.into_iter().map(|o| (format!("{}/?outlet={}", f.base, encode(&o.value)), o)).collect();
    draw(&SourcesPage { f, outlets })
}
