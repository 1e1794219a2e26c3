//! Where people decide: the queue, one item at a time ([`queue`]), and the log of what was decided ([`log`]).
//!
//! Every decision is a form of its own that needs no JavaScript; `review.js` presses its buttons by keys. What a decision
//! did is said on the next page, with a button that undoes it.

mod log;
mod queue;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Desk;

/// The pages of the review.
pub fn routes() -> Router<Desk> {
    Router::new()
        .route("/review", get(queue::page))
        .route("/review/decide", post(queue::decide))
        .route("/review/undo", post(queue::undo))
        .route("/review/take", post(queue::take))
        .route("/review/give", post(queue::give))
        .route("/review/log", get(log::page))
        .route("/review/agreement", get(log::agreement))
}
