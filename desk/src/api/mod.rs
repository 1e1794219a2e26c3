//! The HTTP API under `/api/v1`.

use axum::Router;

use crate::state::Desk;

/// The API's routes.
pub fn routes() -> Router<Desk> {
    Router::new()
}
