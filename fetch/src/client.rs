//! One request: bounded in time, in bytes on the wire and after unpacking; redirects by hand.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use ureq::http::{HeaderMap, Response};
use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::{Host, Url};

use crate::address::{Guarded, is_public};
use crate::retry_after;

/// How we call ourselves to servers.
pub const USER_AGENT: &str = concat!("dateline/", env!("CARGO_PKG_VERSION"), " (news monitor; obeys robots.txt)");

/// Bounds of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Whether addresses that are not public may be connected to.
    pub allow_private: bool,
    /// The longest that one request with its body may take, each hop of a redirect by itself.
    pub timeout: Duration,
    /// The longest that a connection may take.
    pub connect: Duration,
    /// The most bytes of a body, as sent.
    pub sent: u64,
    /// The most bytes of a body, unpacked.
    pub unpacked: u64,
    /// The most redirects.
    pub redirects: u32,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            allow_private: false,
            timeout: Duration::from_secs(30),
            connect: Duration::from_secs(10),
            sent: 8 << 20,
            unpacked: 32 << 20,
            redirects: 5,
        }
    }
}

/// What to fetch, and what is known of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// The address.
    pub url: &'a str,
    /// The tag of the copy that we have.
    pub etag: Option<&'a str>,
    /// When the copy that we have was changed, as the server wrote it.
    pub last_modified: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A request for an address of which nothing is known.
    pub fn new(url: &'a str) -> Request<'a> {
        Request { url, ..Request::default() }
    }
}

/// A server's answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status: 200, 304, 404 …
    pub status: u16,
    /// The address that answered, behind all redirects.
    pub url: String,
    /// The address to use from now on, where all redirects were permanent ones.
    pub moved: Option<String>,
    /// The copy's tag.
    pub etag: Option<String>,
    /// When the copy was changed.
    pub last_modified: Option<String>,
    /// The media type, without parameters, in lower case.
    pub media_type: Option<String>,
    /// The charset that the transport names.
    pub charset: Option<String>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is no address.
    #[error("{0}: is no web address ({1})")]
    BadUrl(String, String),
    /// It is of another scheme.
    #[error("{0}: only http and https are fetched")]
    Scheme(String),
    /// It lies in a network that is not public.
    #[error("{0}: lies at {1}, which is not public (--allow-private fetches from there too)")]
    Private(String, String),
    /// More redirects than are followed.
    #[error("{0}: leads in circles: more than {1} redirects")]
    Redirects(String, u32),
    /// The body is larger than allowed.
    #[error("{0}: is larger than {1} bytes{2}")]
    TooLarge(String, u64, &'static str),
    /// It took too long.
    #[error("{0}: did not answer in time ({1})")]
    Slow(String, String),
    /// The body is packed in a way that is not read, or broken.
    #[error("{0}: its body cannot be unpacked ({1})")]
    Packed(String, String),
    /// The connection failed, or broke off.
    #[error("{0}: {1}")]
    Broken(String, String),
}

/// A client with bounds.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    policy: Policy,
}

impl Client {
    /// A client that looks names up as the system does.
    pub fn new(policy: Policy) -> Client {
        Client::with_resolver(policy, DefaultResolver::default())
    }

    /// A client with a resolver of its own; its addresses are checked all the same.
    pub fn with_resolver(policy: Policy, inner: impl Resolver) -> Client {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would look names up itself, behind the guard's back.
            .proxy(None)
            .user_agent(USER_AGENT)
            .accept_encoding("gzip")
            .timeout_global(Some(policy.timeout))
            .timeout_connect(Some(policy.connect))
            .timeout_resolve(Some(policy.connect))
            .max_response_header_size(64 * 1024)
            // A connection kept open would outlive the check of its address.
            .max_idle_connections(0)
            .build();
        let resolver = Guarded { inner, allow_private: policy.allow_private };
        Client { agent: Agent::with_parts(config, DefaultConnector::new(), resolver), policy }
    }

    /// Fetches an address. `now` is for dates that the server counts from.
    pub fn get(&self, request: &Request<'_>, now: Timestamp) -> Result<Answer, FetchError> {
        let mut url = self.checked(request.url)?;
        let mut permanent = true;
        for hop in 0..=self.policy.redirects {
            let mut get = self.agent.get(url.as_str()).header("accept", ACCEPT);
            // The copy's marks are for the address they came from.
            if let Some(etag) = request.etag {
                get = get.header("if-none-match", etag);
            }
            if let Some(date) = request.last_modified {
                get = get.header("if-modified-since", date);
            }
            let response = get.call().map_err(|e| self.told(&url, &e))?;
            let status = response.status().as_u16();
            let location =
                text(response.headers(), "location").filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308));
            if let Some(location) = location {
                permanent = permanent && matches!(status, 301 | 308);
                let next = url.join(&location).map_err(|e| FetchError::BadUrl(location, e.to_string()))?;
                url = self.checked(next.as_str())?;
                continue;
            }
            let moved = (hop > 0 && permanent).then(|| url.to_string());
            return self.answer(response, &url, moved, now);
        }
        Err(FetchError::Redirects(request.url.to_owned(), self.policy.redirects))
    }

    /// Posts a body of JSON with further headers, and says what status came back. Redirects are not followed.
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<u16, FetchError> {
        let url = self.checked(url)?;
        let mut post = self.agent.post(url.as_str()).header("content-type", "application/json");
        for (name, value) in headers {
            post = post.header(*name, *value);
        }
        let response = post.send(body).map_err(|e| self.told(&url, &e))?;
        Ok(response.status().as_u16())
    }

    /// The address, where it is one that may be fetched. A name is checked once more when it is looked up.
    fn checked(&self, url: &str) -> Result<Url, FetchError> {
        let parsed = Url::parse(url.trim()).map_err(|e| FetchError::BadUrl(url.to_owned(), e.to_string()))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.to_owned()));
        }
        let literal = match parsed.host() {
            Some(Host::Ipv4(a)) => Some(a.into()),
            Some(Host::Ipv6(a)) => Some(a.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(FetchError::BadUrl(url.to_owned(), "it names no host".to_owned())),
        };
        match literal {
            Some(address) if !self.policy.allow_private && !is_public(address) => {
                Err(FetchError::Private(url.to_owned(), address.to_string()))
            }
            _ => Ok(parsed),
        }
    }

    fn answer(
        &self,
        response: Response<Body>,
        url: &Url,
        moved: Option<String>,
        now: Timestamp,
    ) -> Result<Answer, FetchError> {
        let headers = response.headers();
        let kind = text(headers, "content-type").unwrap_or_default();
        let media_type = kind.split(';').next().map(|t| t.trim().to_ascii_lowercase()).filter(|t| !t.is_empty());
        let charset = kind.split(';').skip(1).find_map(|p| {
            let (key, value) = p.split_once('=')?;
            key.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        });
        let mut answer = Answer {
            status: response.status().as_u16(),
            url: url.to_string(),
            moved,
            etag: text(headers, "etag"),
            last_modified: text(headers, "last-modified"),
            media_type,
            charset,
            retry_after: text(headers, "retry-after").and_then(|r| retry_after(&r, now)),
            body: Vec::new(),
        };
        // The body of an error is nothing to us.
        if answer.status != 200 {
            return Ok(answer);
        }
        let packed = text(headers, "content-encoding").map(|e| e.trim().to_ascii_lowercase());
        let length = text(headers, "content-length").and_then(|l| l.trim().parse::<u64>().ok());
        if length.is_some_and(|l| l > self.policy.sent) {
            return Err(FetchError::TooLarge(url.to_string(), self.policy.sent, ""));
        }
        let mut sent = Vec::new();
        let reader = response.into_body().into_with_config().limit(self.policy.sent + 1).reader();
        let read = reader.take(self.policy.sent + 1).read_to_end(&mut sent);
        if sent.len() as u64 > self.policy.sent {
            return Err(FetchError::TooLarge(url.to_string(), self.policy.sent, ""));
        }
        read.map_err(|e| self.broken(url, &e))?;
        answer.body = match packed.as_deref() {
            None | Some("" | "identity") => sent,
            Some("gzip" | "x-gzip") => {
                let mut plain = Vec::new();
                let unpacked =
                    MultiGzDecoder::new(sent.as_slice()).take(self.policy.unpacked + 1).read_to_end(&mut plain);
                if plain.len() as u64 > self.policy.unpacked {
                    return Err(FetchError::TooLarge(url.to_string(), self.policy.unpacked, " unpacked"));
                }
                unpacked.map_err(|e| FetchError::Packed(url.to_string(), e.to_string()))?;
                plain
            }
            Some(other) => return Err(FetchError::Packed(url.to_string(), format!("{other} was not asked for"))),
        };
        Ok(answer)
    }

    fn told(&self, url: &Url, error: &ureq::Error) -> FetchError {
        match error {
            ureq::Error::Io(e) if e.kind() == std::io::ErrorKind::PermissionDenied && !self.policy.allow_private => {
                FetchError::Private(url.to_string(), e.to_string())
            }
            ureq::Error::Io(e) => self.broken(url, e),
            ureq::Error::Timeout(what) => FetchError::Slow(url.to_string(), what.to_string()),
            ureq::Error::HostNotFound => FetchError::Broken(url.to_string(), "no such host".to_owned()),
            other => FetchError::Broken(url.to_string(), other.to_string()),
        }
    }

    fn broken(&self, url: &Url, error: &std::io::Error) -> FetchError {
        match error.kind() {
            std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => {
                FetchError::Slow(url.to_string(), error.to_string())
            }
            _ if error.to_string().contains("timeout") => FetchError::Slow(url.to_string(), error.to_string()),
            _ => FetchError::Broken(url.to_string(), format!("the connection broke off ({error})")),
        }
    }
}

/// What we read, best first.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xhtml+xml, \
                      application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1";

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    // Headers may hold Latin letters beyond ASCII.
    let text: String = value.as_bytes().iter().map(|&b| char::from(b)).collect();
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}
