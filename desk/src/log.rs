//! One line for each request, to standard error: time, address, user, method, address of the page, status, milliseconds.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::auth::address;
use crate::state::Desk;

/// Who asked, told to the log by the layer that found out.
#[derive(Debug, Clone)]
pub(crate) struct Asker(pub String);

/// Writes the line when the answer's head is ready.
pub(crate) async fn line(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let from = address(&request, desk.behind_proxy());
    let method = request.method().clone();
    // An address as it came is percent-encoded: no line break can be smuggled into the log.
    let page = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let response = next.run(request).await;
    let asker = response.extensions().get::<Asker>().map_or("-", |a| a.0.as_str());
    let asker: String = asker.chars().map(|c| if c.is_whitespace() || c.is_control() { '_' } else { c }).collect();
    let (time, status) = (jiff::Timestamp::now(), response.status().as_u16());
    eprintln!("{time:.3} {from} {asker} {method} {page} {status} {} ms", start.elapsed().as_millis());
    response
}
