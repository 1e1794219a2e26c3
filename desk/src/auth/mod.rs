//! Who looks at the desk and what they may do.
//!
//! A ledger without users is served to its own machine alone, and whoever sits there may do everything; requests must
//! then name that machine ([`local`]), so that a page elsewhere cannot reach the desk under a name of its own. As soon as
//! the ledger has users, everybody signs in ([`sign_in`]).

mod attempts;
pub mod password;
mod sign_in;

pub(crate) use sign_in::note_address;
pub use sign_in::routes;

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::frame::encode;
use crate::log::Asker;
use crate::problem::Problem;
use crate::state::Desk;

pub(crate) use attempts::Attempts;

/// The cookie that holds a session's token.
pub(crate) const COOKIE: &str = "dateline_session";

/// What somebody may do; each may all that the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Read, search, export, keep searches.
    Reader,
    /// Decide in the review, add dispatches.
    Reviewer,
    /// Everything.
    Admin,
}

impl Role {
    /// The role of a name in the ledger.
    pub fn named(name: &str) -> Option<Role> {
        match name {
            "reader" => Some(Role::Reader),
            "reviewer" => Some(Role::Reviewer),
            "admin" => Some(Role::Admin),
            _ => None,
        }
    }

    /// Its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Role::Reader => "reader",
            Role::Reviewer => "reviewer",
            Role::Admin => "admin",
        }
    }
}

/// Who looks at a page.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The name that decisions are logged under.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they signed in; a desk for its own machine alone knows no users.
    pub signed_in: bool,
}

impl Default for Viewer {
    /// Whoever sits at the machine itself.
    fn default() -> Viewer {
        Viewer { name: "desk".to_owned(), role: Role::Admin, signed_in: false }
    }
}

impl Viewer {
    /// Whether they may do what `role` may.
    pub fn may(&self, role: Role) -> bool {
        self.role >= role
    }
}

/// The address a request comes from: the peer's, or behind a trusted proxy the last one that it wrote down.
pub(crate) fn address(request: &Request, behind_proxy: bool) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let forwarded = || {
        let last = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    };
    let named = if behind_proxy { forwarded() } else { None };
    named.or(peer).unwrap_or(IpAddr::from([127, 0, 0, 1]))
}

/// Finds out who asks, and refuses what they may not do.
pub async fn identify(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let mut asker = None;
    match viewer(&desk, request.headers()).await {
        Err(problem) => return problem.into_response(),
        Ok(Some(viewer)) => {
            if !viewer.may(needed(request.method(), request.uri().path())) {
                let refusal = format!("{} may read here, not change ({}).", viewer.name, viewer.role.name());
                return Problem::refused(StatusCode::FORBIDDEN, refusal).into_response();
            }
            asker = viewer.signed_in.then(|| Asker(viewer.name.clone()));
            request.extensions_mut().insert(viewer);
        }
        Ok(None) if open(request.uri().path()) => {}
        Ok(None) => return ask_to_sign_in(&desk, &request),
    }
    let mut response = next.run(request).await;
    if let Some(asker) = asker {
        response.extensions_mut().insert(asker);
    }
    response
}

/// Who asks: nobody yet, where users sign in and this one has not.
async fn viewer(desk: &Desk, headers: &HeaderMap) -> Result<Option<Viewer>, Problem> {
    let token = cookie(headers).map(hash);
    let (users, session) = desk
        .read(move |ledger| {
            let session = match token {
                Some(token) => ledger.session(&token, Timestamp::now())?,
                None => None,
            };
            Ok((session.is_some() || ledger.has_users()?, session))
        })
        .await?;
    if let Some((name, role)) = session {
        let role = Role::named(&role).unwrap_or(Role::Reader);
        return Ok(Some(Viewer { name, role, signed_in: true }));
    }
    if users {
        return Ok(None);
    }
    if desk.open_to_others() || !local(headers) {
        let refusal = "This desk knows no users, so it answers only its own machine, under the name localhost or its \
                       address. Add users with `dateline users add NAME`.";
        return Err(Problem::refused(StatusCode::FORBIDDEN, refusal));
    }
    Ok(Some(Viewer::default()))
}

/// What is shown without signing in.
fn open(path: &str) -> bool {
    path == "/sign-in" || path.starts_with("/assets/")
}

/// The role that a request needs. Reading is for all; searches are everybody's own.
fn needed(method: &Method, path: &str) -> Role {
    let own = ["/searches", "/sign-in", "/sign-out"].iter().any(|p| path.starts_with(p));
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || own { Role::Reader } else { Role::Reviewer }
}

fn ask_to_sign_in(desk: &Desk, request: &Request) -> Response {
    let page = request.method() == Method::GET && !request.uri().path().starts_with("/api/");
    if page && !request.headers().contains_key("hx-request") && request.uri().path() != "/events" {
        let to = request.uri().path_and_query().map_or("/", |p| p.as_str());
        return Redirect::to(&format!("{}/sign-in?to={}", desk.base(), encode(to))).into_response();
    }
    Problem::refused(StatusCode::UNAUTHORIZED, format!("Sign in first, at {}/sign-in.", desk.base())).into_response()
}

/// Whether a request names this machine by its own address or as `localhost`. A name that somebody else made point here
/// is refused: a browser would take the desk for a part of their site.
fn local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok()
}

/// The session token that a browser sends.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// What the ledger keeps of a token.
fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        let host = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, header::HeaderValue::from_static(value));
            local(&headers)
        };
        assert!(host("localhost:8080") && host("127.0.0.1:9") && host("[::1]:9") && host("192.168.1.4"));
        assert!(!host("evil.example") && !host("localhost.evil.example:8080"));
    }

    #[test]
    fn only_a_proxy_that_is_trusted_says_who_asks() {
        let request = |forwarded: &'static [&'static str]| {
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 9))));
            for f in forwarded {
                request.headers_mut().append("x-forwarded-for", header::HeaderValue::from_static(f));
            }
            request
        };
        let told = request(&["203.0.113.9", "203.0.113.9, 198.51.100.7"]);
        assert_eq!(address(&told, false), IpAddr::from([192, 0, 2, 1]));
        // The last one was written by the proxy itself; those before it by whoever asks.
        assert_eq!(address(&told, true), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(address(&request(&["nobody"]), true), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn changing_needs_a_reviewer() {
        assert_eq!(needed(&Method::POST, "/review/decide"), Role::Reviewer);
        assert_eq!(needed(&Method::POST, "/searches"), Role::Reader);
        assert_eq!(needed(&Method::GET, "/review"), Role::Reader);
    }

    #[test]
    fn a_cookie_among_others_is_found() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, header::HeaderValue::from_static("a=b; dateline_session=xyz"));
        assert_eq!(cookie(&headers), Some("xyz"));
    }
}
