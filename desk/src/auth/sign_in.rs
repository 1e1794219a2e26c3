//! Signing in and out. Every sign-in makes a new token, so a token that somebody planted before is worth nothing.

use askama::Template;
use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::Timestamp;
use serde::Deserialize;

use super::{COOKIE, cookie, hash, password};
use crate::frame::{Frame, Page, draw};
use crate::problem::Problem;
use crate::state::Desk;

/// How long a session lasts, in seconds: twelve hours, a working day and what it becomes.
const LASTS: i64 = 12 * 3600;
/// Longest name or password that is looked at, in bytes.
const LONGEST: usize = 1_000;

/// The routes of signing in and out.
pub fn routes() -> Router<Desk> {
    Router::new().route("/sign-in", get(form).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    f: Frame,
    to: String,
    name: String,
    problem: String,
}

/// Where to go afterwards.
#[derive(Deserialize)]
struct To {
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    to: String,
}

/// The address a request came from, put there by the outermost layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From(pub std::net::IpAddr);

/// Notes the address of a request for those that limit attempts.
pub(crate) async fn note_address(
    State(desk): State<Desk>,
    mut request: Request,
    next: axum::middleware::Next,
) -> Response {
    let from = From(super::address(&request, desk.behind_proxy()));
    request.extensions_mut().insert(from);
    next.run(request).await
}

async fn form(f: Frame, Query(To { to }): Query<To>) -> Page {
    draw(&SignIn { f, to, name: String::new(), problem: String::new() })
}

async fn sign_in(
    State(desk): State<Desk>,
    Extension(From(address)): Extension<From>,
    f: Frame,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response, Problem> {
    let now = Timestamp::now();
    if asked.name.len() > LONGEST || asked.password.len() > LONGEST {
        return Err(Problem::bad("A name or password this long is none of ours."));
    }
    let refuse = |status: StatusCode, problem: String, asked: Asked| {
        draw(&SignIn { f, to: asked.to, name: asked.name, problem }).map(|page| (status, page).into_response())
    };
    if let Some(wait) = desk.attempts().wait(&asked.name, address, now.as_second()) {
        let problem = format!("Too many attempts. Try again in {} minutes.", wait / 60 + 1);
        let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, problem, asked)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.unsigned_abs()));
        return Ok(response);
    }
    let (name, given) = (asked.name.clone(), asked.password.clone());
    // Hashing is slow on purpose; it takes a reader's turn, so that a flood of attempts cannot fill the memory.
    let good = desk
        .read(move |ledger| {
            let kept = ledger.password_of(&name)?;
            Ok(password::verify(&given, kept.as_deref()))
        })
        .await?;
    if !good {
        desk.attempts().failed(&asked.name, address, now.as_second());
        return refuse(StatusCode::UNAUTHORIZED, "No user has this name and password.".to_owned(), asked);
    }
    desk.attempts().succeeded(&asked.name);
    let (token, before) = (password::token(), cookie(&headers).map(hash));
    let (new, name) = (hash(&token), asked.name.clone());
    desk.write(move |ledger| {
        if let Some(before) = before {
            ledger.close_session(&before)?;
        }
        ledger.open_session(&new, &name, now, now.as_second() + LASTS)
    })
    .await?;
    Ok(go(&desk, &asked.to, &token, LASTS))
}

async fn sign_out(State(desk): State<Desk>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = cookie(&headers).map(hash) {
        desk.write(move |ledger| ledger.close_session(&token)).await?;
    }
    Ok(go(&desk, "/sign-in", "", 0))
}

/// To a page of ours, with the cookie set. An address elsewhere (`//…`, `https:…`) is not gone to.
fn go(desk: &Desk, to: &str, token: &str, lasts: i64) -> Response {
    let ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    let to = if ours { to } else { "/" };
    let secure = if desk.behind_proxy() { "; Secure" } else { "" };
    let path = if desk.base().is_empty() { "/" } else { desk.base() };
    let cookie = format!("{COOKIE}={token}; Path={path}; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}");
    let mut response = Redirect::to(&format!("{}{to}", desk.base())).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
