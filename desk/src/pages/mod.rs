//! The pages, a file each.

mod accords;
mod actors;
mod dispatch;
mod help;
mod incident;
mod incidents;
mod news;
mod out;
mod sources;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Desk;

/// The most rows of a CSV table or a picture: what is larger is exported, not looked at.
const TABLE: u32 = 5_000;

/// The most points of a picture: more cannot be told apart.
pub(crate) const POINTS: u32 = 500;

/// The latest statements of an actor that reporting verbs are counted in.
pub(crate) const COUNTED: i64 = ledger::query::ActorPage::COUNTED;

/// The routes of the reading pages.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(news::list))
        .route("/news.atom", get(news::atom))
        .route("/dispatches.csv", get(news::table))
        .route("/searches", post(news::keep))
        .route("/searches/{id}/forget", post(news::forget))
        .route("/add", get(news::form).post(news::add))
        .route("/dispatches/{id}", get(dispatch::page))
        .route("/dispatches/{id}/versions/{number}/original", get(dispatch::original))
        .route("/dispatches/{id}/record.json", get(dispatch::record))
        .route("/incidents", get(incidents::list))
        .route("/incidents.csv", get(incidents::table))
        .route("/incidents/{id}", get(incident::page))
        .route("/incidents/{id}/matrix.csv", get(incident::table))
        .route("/incidents/{id}/{table}", get(incident::picture))
        .route("/accords", get(accords::board))
        .route("/accords.csv", get(accords::table))
        .route("/accords/{id}", get(accords::page))
        .route("/accords/{id}/claims.csv", get(accords::claims))
        .route("/actors", get(actors::list))
        .route("/actors.csv", get(actors::table))
        .route("/actors/{id}", get(actors::page))
        .route("/actors/{id}/accusations.csv", get(actors::accusations))
        .route("/report", get(out::report))
        .route("/report/{form}", get(out::report_file))
        .route("/export", get(out::export))
        .route("/export/{format}", get(out::export_file))
        .route("/sources", get(sources::page))
        .route("/help", get(help::help))
        .route("/help/api", get(crate::api::page))
}
