//! The pages, a file each.

mod help;
mod news;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Desk;

/// The most rows of a CSV table or a picture: what is larger is exported, not looked at.
const TABLE: u32 = 5_000;

/// The routes of the reading pages.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(news::list))
        .route("/news.atom", get(news::atom))
        .route("/dispatches.csv", get(news::table))
        .route("/searches", post(news::keep))
        .route("/searches/{id}/forget", post(news::forget))
        .route("/add", get(news::form).post(news::add))
        .route("/help", get(help::help))
}
