//! What went wrong, as a page or as JSON.
//!
//! Handlers return [`Problem`]; [`dress`] draws it, and every other refusal (unknown path, wrong method, a query that does
//! not parse, a body too large), as a page with the desk's frame, or under `/api/` as the one JSON error shape
//! `{"error": {"status", "title", "detail"}}`.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use ledger::LedgerError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::frame::Frame;
use crate::state::Desk;

/// What went wrong, for a person.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    detail: String,
}

impl Problem {
    /// Nothing is there.
    pub fn missing(detail: impl Into<String>) -> Problem {
        Problem { status: StatusCode::NOT_FOUND, detail: detail.into() }
    }

    /// What was asked for is not right.
    pub fn bad(detail: impl Into<String>) -> Problem {
        Problem { status: StatusCode::BAD_REQUEST, detail: detail.into() }
    }

    /// A fault of ours.
    pub fn fault(detail: &str) -> Problem {
        Problem { status: StatusCode::INTERNAL_SERVER_ERROR, detail: detail.to_owned() }
    }

    /// Any other refusal.
    pub fn refused(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into() }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Problem {
        let status = match error {
            LedgerError::NoSuchId(_) => StatusCode::NOT_FOUND,
            LedgerError::BadCursor(_) => StatusCode::BAD_REQUEST,
            LedgerError::Ambiguous(..) => StatusCode::CONFLICT,
            LedgerError::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            LedgerError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let detail = match &error {
            LedgerError::NoSuchId(id) => format!("Nothing in the ledger goes by “{id}”."),
            other => other.to_string(),
        };
        Problem { status, detail }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Problem {
        Problem::fault(&format!("a page could not be drawn ({error})"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.detail.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The one shape of errors in the API.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiError {
    /// What went wrong.
    pub error: ApiErrorBody,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiErrorBody {
    /// The HTTP status, repeated.
    pub status: u16,
    /// The status in words.
    pub title: String,
    /// What is wrong with this request, and what to do.
    pub detail: String,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    f: Frame,
    status: u16,
    title: &'static str,
    detail: String,
}

/// Longest detail taken over from a refusal that is not ours.
const DETAIL: usize = 4_096;

/// Draws refusals.
pub async fn dress(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let (mut parts, body) = request.into_parts();
    let frame = Frame::of(&mut parts, &desk);
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let drawn = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| !t.as_bytes().starts_with(b"text/plain"));
    if drawn {
        return response;
    }
    let problem = response.extensions().get::<Problem>().map(|p| p.detail.clone());
    let (head, body) = response.into_parts();
    let detail = match problem {
        Some(detail) => detail,
        None => {
            let said = axum::body::to_bytes(body, DETAIL).await.unwrap_or_default();
            String::from_utf8_lossy(&said).into_owned()
        }
    };
    let detail = match (detail.is_empty(), status) {
        (false, _) => detail,
        (true, StatusCode::NOT_FOUND) => "There is no page at this address.".to_owned(),
        (true, StatusCode::METHOD_NOT_ALLOWED) => "This address does not take this kind of request.".to_owned(),
        (true, _) => String::new(),
    };
    let title = match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => "This cannot be answered as asked",
        StatusCode::UNAUTHORIZED => "Please sign in",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::CONFLICT => "Several things go by this name",
        StatusCode::PAYLOAD_TOO_LARGE => "Too large",
        StatusCode::METHOD_NOT_ALLOWED => "Not this way",
        StatusCode::SERVICE_UNAVAILABLE => "Busy for a moment",
        s if s.is_server_error() => "A fault of this program",
        _ => "This did not work",
    };
    let mut response = if api {
        let error = ApiErrorBody { status: status.as_u16(), title: title.to_owned(), detail };
        (status, axum::Json(ApiError { error })).into_response()
    } else {
        match (ProblemPage { f: frame, status: status.as_u16(), title, detail }).render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => (status, title).into_response(),
        }
    };
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = head.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
