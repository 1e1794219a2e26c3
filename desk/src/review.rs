//! The review queue.

use axum::Router;

use crate::state::Desk;

/// The pages of the review.
pub fn routes() -> Router<Desk> {
    Router::new()
}
