//! The pages, a file each.

mod help;
mod news;

use axum::Router;
use axum::routing::get;

use crate::state::Desk;

/// The routes of the reading pages.
pub fn routes() -> Router<Desk> {
    Router::new().route("/", get(news::list)).route("/help", get(help::help))
}
