//! What robots.txt of each site allows, kept in mind for a while.

use std::collections::BTreeMap;
use std::time::Duration;

use fetch::robots::Robots;
use fetch::{Answer, FetchError};
use jiff::{SignedDuration, Timestamp};

/// How our robot is called in robots.txt.
const TOKEN: &str = "dateline";
/// Hours for which a robots.txt is believed, and for which a failure to get it is.
const BELIEVED: (i64, i64) = (24, 1);
/// Sites kept in mind.
const MOST: usize = 5_000;

/// The sites' rules, by origin.
#[derive(Debug, Default)]
pub struct Cache {
    sites: BTreeMap<String, (Robots, Timestamp)>,
}

/// What a site says of a page.
pub enum Verdict {
    /// It may be fetched; the site wants this much time between requests.
    Allowed(Option<Duration>),
    /// It may not.
    Forbidden,
}

impl Cache {
    /// Whether `url` may be fetched; none where its site must be asked first.
    pub fn verdict(&self, url: &str, now: Timestamp) -> Option<Verdict> {
        let (origin, path) = parts(url);
        let (robots, until) = self.sites.get(origin)?;
        (*until > now).then(|| match robots.allows(path) {
            true => Verdict::Allowed(robots.delay),
            false => Verdict::Forbidden,
        })
    }

    /// Keeps what a site answered, and returns how long it wants between requests. As RFC 9309 has it: none there allows
    /// all, a server's error forbids all for a while.
    pub fn learn(&mut self, origin: String, answer: &Result<Answer, FetchError>, now: Timestamp) -> Option<Duration> {
        if self.sites.len() >= MOST {
            self.sites.retain(|_, (_, until)| *until > now);
        }
        let (robots, hours) = match answer {
            Ok(answer) if answer.status == 200 => (Robots::parse(&answer.body, TOKEN), BELIEVED.0),
            Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => {
                (Robots::allow_all(), BELIEVED.0)
            }
            Ok(_) | Err(_) => (Robots::forbid_all(), BELIEVED.1),
        };
        let until = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
        let delay = robots.delay;
        self.sites.insert(origin, (robots, until));
        delay
    }
}

/// The origin of an address, which has one robots.txt.
pub fn origin(url: &str) -> &str {
    parts(url).0
}

/// Origin and path.
fn parts(url: &str) -> (&str, &str) {
    let scheme = url.find("://").map_or(0, |i| i + 3);
    let slash = url.get(scheme..).and_then(|r| r.find(['/', '?', '#'])).map_or(url.len(), |i| scheme + i);
    let (origin, path) = url.split_at(slash);
    (origin, path.split('#').next().filter(|p| p.starts_with('/')).unwrap_or("/"))
}
