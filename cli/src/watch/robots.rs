//! What robots.txt of each site allows, kept in mind for a while.

use std::collections::BTreeMap;
use std::time::Duration;

use fetch::robots::Robots;
use fetch::{Client, Request};
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
    /// Whether `url` may be fetched, asking the site where that is not known; `true` when it was asked.
    pub fn verdict(&mut self, client: &Client, url: &str, now: Timestamp) -> (Verdict, bool) {
        let scheme = url.find("://").map_or(0, |i| i + 3);
        let slash = url.get(scheme..).and_then(|r| r.find(['/', '?', '#'])).map_or(url.len(), |i| scheme + i);
        let (origin, path) = url.split_at(slash);
        let path = path.split('#').next().filter(|p| p.starts_with('/')).unwrap_or("/");
        let known = self.sites.get(origin).is_some_and(|(_, until)| *until > now);
        if !known {
            if self.sites.len() >= MOST {
                self.sites.retain(|_, (_, until)| *until > now);
            }
            let (robots, hours) = ask(client, &format!("{origin}/robots.txt"), now);
            let until = now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now);
            self.sites.insert(origin.to_owned(), (robots, until));
        }
        let verdict = match self.sites.get(origin) {
            Some((robots, _)) if !robots.allows(path) => Verdict::Forbidden,
            Some((robots, _)) => Verdict::Allowed(robots.delay),
            None => Verdict::Allowed(None),
        };
        (verdict, !known)
    }
}

/// As RFC 9309 has it: none there allows all, a server's error forbids all for a while.
fn ask(client: &Client, url: &str, now: Timestamp) -> (Robots, i64) {
    match client.get(&Request::new(url), now) {
        Ok(answer) if answer.status == 200 => (Robots::parse(&answer.body, TOKEN), BELIEVED.0),
        Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => (Robots::allow_all(), BELIEVED.0),
        Ok(_) | Err(_) => (Robots::forbid_all(), BELIEVED.1),
    }
}
