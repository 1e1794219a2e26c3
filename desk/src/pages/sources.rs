//! Sources: the outlets whose dispatches the ledger holds, and its feeds with their health.

use askama::Template;
use axum::extract::State;
use ledger::query::Facet;
use ledger::watch::Feed;

use crate::frame::{Frame, Page, draw, encode};
use crate::state::Desk;

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    f: Frame,
    outlets: Vec<(String, Facet)>,
    feeds: Vec<Feed>,
}

/// `GET /sources`
pub async fn page(State(desk): State<Desk>, f: Frame) -> Page {
    let (facets, feeds) = (desk.facets().await?, desk.read(|l| l.feeds()).await?);
    let outlets =
        facets.outlets.iter().map(|o| (format!("{}/?outlet={}", f.base, encode(&o.value)), o.clone())).collect();
    draw(&SourcesPage { f, outlets, feeds })
}
