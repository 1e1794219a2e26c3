//! robots.txt, by RFC 9309.
//!
//! The group of the longest product token that names us is obeyed, groups of one token joined; without one, the group of
//! `*`. Of the rules that match a path, the longest decides; `Allow` wins a tie. `*` stands for any letters, `$` ends a
//! path. Percent signs and letters beyond ASCII are compared encoded. Only the first 500 KiB are read.

use std::time::Duration;

/// Bytes of a robots.txt that are read.
const MOST: usize = 500 * 1024;
/// Rules that are kept.
const RULES: usize = 10_000;

/// What a robots.txt allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    /// The wait between requests that it asks for.
    pub delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    pattern: String,
}

impl Robots {
    /// Everything is allowed: no robots.txt is there.
    pub fn allow_all() -> Robots {
        Robots::default()
    }

    /// Nothing is allowed: robots.txt cannot be had (a server's error).
    pub fn forbid_all() -> Robots {
        Robots { rules: vec![Rule { allow: false, pattern: "/".to_owned() }], delay: None }
    }

    /// The rules for the robot called `token` (letters, `-` and `_`).
    pub fn parse(bytes: &[u8], token: &str) -> Robots {
        let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(MOST)).unwrap_or_default());
        let text = text.trim_start_matches('\u{feff}');
        let token = token.to_ascii_lowercase();
        let (mut own, mut any) = (None::<Robots>, Robots::default());
        let (mut names_us, mut names_all, mut in_rules) = (false, false, true);
        for line in text.lines().flat_map(|l| l.split('\r')) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" | "useragent" | "user agent" => {
                    if in_rules {
                        (names_us, names_all, in_rules) = (false, false, false);
                    }
                    let name: String =
                        value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_')).collect();
                    names_all = names_all || value == "*";
                    if !name.is_empty() && name.to_ascii_lowercase() == token {
                        names_us = true;
                        own.get_or_insert_default();
                    }
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    let allow = key.trim().eq_ignore_ascii_case("allow");
                    // An empty rule matches nothing.
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allow, pattern: encoded(value) };
                    for (named, group) in [(names_us, own.as_mut()), (names_all, Some(&mut any))] {
                        if let Some(group) = group.filter(|g| named && g.rules.len() < RULES) {
                            group.rules.push(rule.clone());
                        }
                    }
                }
                "crawl-delay" => {
                    in_rules = true;
                    let delay = value.parse::<f64>().ok().filter(|d| (0.0..=3600.0).contains(d));
                    for (named, group) in [(names_us, own.as_mut()), (names_all, Some(&mut any))] {
                        if let Some(group) = group.filter(|_| named) {
                            group.delay = delay.map(Duration::from_secs_f64);
                        }
                    }
                }
                _ => {}
            }
        }
        own.unwrap_or(any)
    }

    /// Whether a path (with its query) may be fetched.
    pub fn allows(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let path = encoded(path);
        let mut best: Option<(usize, bool)> = None;
        for rule in self.rules.iter().filter(|r| matches(r.pattern.as_bytes(), path.as_bytes())) {
            let this = (rule.pattern.len(), rule.allow);
            best = best.max(Some(this));
        }
        best.is_none_or(|(_, allow)| allow)
    }
}

/// Whether a pattern matches the beginning of a path. Greedy with one point to fall back to: linear in practice, and at
/// most the product of the lengths.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, whole) = match pattern.strip_suffix(b"$") {
        Some(cut) => (cut, true),
        None => (pattern, false),
    };
    let (mut p, mut s) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && (!whole || s == path.len()) {
            return true;
        }
        match (pattern.get(p), path.get(s)) {
            (Some(b'*'), _) => {
                star = Some((p + 1, s));
                p += 1;
            }
            (Some(a), Some(b)) if a == b => {
                p += 1;
                s += 1;
            }
            _ => match star {
                Some((after, from)) if from < path.len() => {
                    star = Some((after, from + 1));
                    (p, s) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
}

/// Letters beyond ASCII percent-encoded, percent signs in capitals, encoded letters that need it not decoded.
fn encoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        let code = pair.filter(|_| b == b'%').and_then(|h| u8::from_str_radix(h, 16).ok());
        match code {
            Some(c) if c.is_ascii_alphanumeric() || b"-._~".contains(&c) => out.push(char::from(c)),
            Some(c) => out.push_str(&format!("%{c:02X}")),
            None if b.is_ascii() => out.push(char::from(b)),
            None => out.push_str(&format!("%{b:02X}")),
        }
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Robots::parse(robots.as_bytes(), "dateline").allows(path)
    }

    #[test]
    fn our_group_or_that_of_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Dateline/2.0\nDisallow: /private\n\nuser-agent: dateline\nAllow: /private/open\n";
        assert!(allows(text, "/news"));
        assert!(!allows(text, "/private/x"));
        assert!(allows(text, "/private/open/x"), "groups of one token are joined, the longest rule decides");
        assert!(!Robots::parse(text.as_bytes(), "somebody").allows("/news"));
        assert!(allows("User-agent: datelinebot\nDisallow: /", "/"), "another token");
        assert!(allows("", "/") && allows("nonsense\n\u{0}", "/x") && allows("Disallow: /", "/x"));
    }

    #[test]
    fn the_longest_rule_and_allow_on_a_tie() {
        let text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /page\nAllow: /page\nDisallow: /*.php$\nDisallow: /x/*/y\nDisallow:";
        for (path, allowed) in [
            ("/a", false),
            ("/ab", false),
            ("/a/b", true),
            ("/page", true),
            ("/q.php", false),
            ("/q.php?x", true),
            ("/x/1/y", false),
            ("/x/1/2/yes", false),
            ("/x/y", true),
            ("/robots.txt", true),
            ("/", true),
        ] {
            assert_eq!(allows(text, path), allowed, "{path}");
        }
        assert!(!Robots::forbid_all().allows("/x") && Robots::forbid_all().allows("/robots.txt"));
        assert!(Robots::allow_all().allows("/x"));
    }

    #[test]
    fn encoded_letters_and_delays() {
        let text = "\u{feff}User-agent: *\r\nDisallow: /ü%7e%2f # not here\rCrawl-delay: 2.5";
        let robots = Robots::parse(text.as_bytes(), "dateline");
        assert!(!robots.allows("/%C3%BC~%2Fx") && robots.allows("/u"));
        assert_eq!(robots.delay, Some(Duration::from_millis(2500)));
    }

    #[test]
    fn many_stars_end_soon() {
        let text = format!("User-agent: *\nDisallow: /{}b", "*a".repeat(200));
        assert!(allows(&text, &format!("/{}", "a".repeat(2000))));
    }
}
