//! What a page says of itself: JSON-LD, `<meta>`, `<time>`, `<link rel=canonical>`, `<title>`, `<h1>`.
//!
//! JSON-LD of an article type is believed first, alone, in a list or in a `@graph`; then `<meta>` in the order of
//! `data/wire/html.toml`; then the page's own elements. Dates are kept as written, with time and zone.

use std::collections::HashMap;

use dom_query::{Document, NodeRef};
use serde_json::{Map, Value};
use url::Url;

use super::words::{Names, words};
use crate::published;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The headline, without the site's name.
    pub headline: Option<String>,
    /// A summary, shown or not.
    pub description: Option<String>,
    /// The publisher.
    pub outlet: Option<String>,
    /// The writers.
    pub byline: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// When it was changed, as written.
    pub modified: Option<String>,
    /// Its canonical address.
    pub url: Option<String>,
    /// The language tag.
    pub language: Option<String>,
    /// The article's text, where JSON-LD carries it.
    pub body: Option<String>,
}

/// At most so many bytes of one JSON-LD script are parsed.
const JSON: usize = 1 << 20;
/// At most so many objects of JSON-LD are looked at.
const OBJECTS: usize = 1000;
/// A longer title is none, and is not cut at its signs one by one.
const TITLE: usize = 1000;

/// Finds what a page says of itself. `given` is the address it was fetched from.
pub fn find(document: &Document, given: Option<&str>) -> Found {
    let names = &words().meta;
    let mut found = Found::default();
    let mut organisation = None;
    for script in document.select("script[type='application/ld+json']").nodes() {
        let text = script.text();
        if text.len() <= JSON {
            from_json(&text, names, &mut found, &mut organisation);
        }
    }
    let tags = metas(document);
    let first = |list: &[String]| list.iter().find_map(|name| tags.get(name.as_str())).cloned();
    let h1 = heading(document);
    let title = document.select("title").nodes().first().and_then(|n| tidy(&n.text()));
    let site = first(&names.outlet);
    found.outlet = found.outlet.or(site.clone()).or(organisation);
    let written = first(&names.headline).or(title);
    found.headline = match (found.headline, h1, written) {
        // The heading that readers see, where the metadata say the same or more.
        (said, Some(h1), written) if said.iter().chain(&written).any(|w| same_words(w, &h1)) => Some(h1),
        (Some(said), ..) => Some(said),
        (None, h1, Some(written)) => {
            let cut = without_site(&written, found.outlet.as_deref());
            Some(h1.filter(|h| written.contains(h.as_str())).unwrap_or(cut))
        }
        (None, h1, None) => h1,
    };
    found.description = found.description.or_else(|| first(&names.description));
    found.byline =
        found.byline.or_else(|| first(&names.byline).filter(|b| !b.contains("://"))).or_else(|| byline(document));
    let dated = |value: &String| published::day(value).is_some();
    found.published = found
        .published
        .filter(dated)
        .or_else(|| names.published.iter().filter_map(|n| tags.get(n.as_str())).find(|v| dated(v)).cloned());
    found.published = found.published.or_else(|| time(document, "datePublished"));
    found.modified = found
        .modified
        .filter(dated)
        .or_else(|| names.modified.iter().filter_map(|n| tags.get(n.as_str())).find(|v| dated(v)).cloned());
    found.modified = found.modified.or_else(|| itemprop(document, "dateModified"));
    let canonical =
        document.select("link[rel=canonical]").nodes().first().and_then(|n| n.attr("href")).map(|h| h.to_string());
    let addresses = [canonical, first(&names.url), found.url.take()];
    found.url = address(addresses.into_iter().flatten(), given);
    let lang = document.select("html").nodes().first().and_then(|n| n.attr("lang").or_else(|| n.attr("xml:lang")));
    let lang = lang.map(|l| l.to_string()).filter(|l| !l.is_empty());
    found.language = found.language.or(lang).or_else(|| first(&names.language));
    found
}

/// All `<meta>` by lower-cased name; the first of a name stands, but an empty one does not.
fn metas(document: &Document) -> HashMap<String, String> {
    let mut tags = HashMap::new();
    for node in document.select("meta").nodes() {
        let Some(content) = node.attr("content").and_then(|c| tidy(&c)) else { continue };
        for key in ["property", "name", "itemprop", "http-equiv"] {
            if let Some(name) = node.attr(key) {
                tags.entry(name.trim().to_lowercase()).or_insert_with(|| content.clone());
            }
        }
    }
    tags
}

/// The page's one large heading, or the first inside an article.
fn heading(document: &Document) -> Option<String> {
    let all = document.select("h1");
    let nodes = all.nodes();
    let inside = document.select("article h1, main h1, h1[itemprop=headline]");
    let node = if nodes.len() == 1 { nodes.first() } else { inside.nodes().first() };
    node.and_then(|n| tidy(&n.text())).filter(|t| t.len() < 400)
}

fn byline(document: &Document) -> Option<String> {
    let node = document.select("[itemprop=author] [itemprop=name], [itemprop=author], a[rel=author], [rel=author]");
    let named = node.nodes().first().and_then(|n| tidy(&n.text()));
    named
        .or_else(|| {
            words().classes.byline.iter().find_map(|class| {
                let all = document.select(&format!(".{class}"));
                all.nodes().first().and_then(|n| tidy(&n.text()))
            })
        })
        .filter(|b| b.len() < 120)
}

/// The value of an `itemprop` with a date.
fn itemprop(document: &Document, name: &str) -> Option<String> {
    let all = document.select(&format!("[itemprop={name}]"));
    all.nodes().iter().find_map(dated)
}

/// The day of publication in the page's elements.
fn time(document: &Document, name: &str) -> Option<String> {
    itemprop(document, name).or_else(|| {
        let all = document.select("time[pubdate], article time[datetime], header time[datetime], time[datetime]");
        all.nodes().iter().find_map(dated)
    })
}

fn dated(node: &NodeRef<'_>) -> Option<String> {
    let written = [node.attr("datetime"), node.attr("content"), Some(node.text())];
    // An element that holds the whole page says no day.
    let short = written.into_iter().flatten().filter(|w| w.len() <= 300);
    short.filter_map(|w| tidy(&w)).find(|w| published::day(w).is_some())
}

/// The first address that is one, absolute. A canonical address that is another site's front page is a slip.
fn address(candidates: impl Iterator<Item = String>, given: Option<&str>) -> Option<String> {
    let base = given.and_then(|g| Url::parse(g).ok());
    for candidate in candidates {
        let parsed = match &base {
            Some(base) => base.join(candidate.trim()).ok(),
            None => Url::parse(candidate.trim()).ok(),
        };
        let Some(url) = parsed.filter(|u| matches!(u.scheme(), "http" | "https")) else { continue };
        let front = url.path() == "/" && url.query().is_none();
        if !front || base.as_ref().is_some_and(|b| b.path() == "/") {
            return Some(url.into());
        }
    }
    base.map(Into::into)
}

/// A headline without the site's name behind it.
fn without_site(title: &str, site: Option<&str>) -> String {
    if title.len() > TITLE {
        return title.to_owned();
    }
    for sign in [" | ", " - ", " – ", " — ", " :: ", " » ", " · "] {
        if let Some((head, tail)) = title.rsplit_once(sign) {
            let named = site.is_some_and(|s| tail.trim().eq_ignore_ascii_case(s.trim()));
            let (long, short) = (head.split_whitespace().count(), tail.split_whitespace().count());
            if named || (long >= 4 && short <= 4 && sign != " - " && sign != " – ") || (long >= 5 && short <= 3) {
                return without_site(head.trim(), site);
            }
        }
    }
    title.to_owned()
}

/// Whether one of two texts is the other's beginning or the same, marks and case aside.
pub fn same_words(a: &str, b: &str) -> bool {
    let words = |t: &str| -> Vec<String> {
        t.split_whitespace()
            .map(|w| w.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>())
            .filter(|w| !w.is_empty())
            .collect()
    };
    let (a, b) = (words(a), words(b));
    !a.is_empty()
        && !b.is_empty()
        && a.iter().zip(&b).all(|(x, y)| x == y)
        && a.len().min(b.len()) * 2 >= a.len().max(b.len())
}

/// Reads one script.
fn from_json(text: &str, names: &Names, found: &mut Found, organisation: &mut Option<String>) {
    let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim().trim_end_matches(';');
    let value = match serde_json::from_str::<Value>(text) {
        Ok(value) => value,
        // Line breaks inside strings are the commonest slip.
        Err(_) => {
            let mended: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            match serde_json::from_str(&mended) {
                Ok(value) => value,
                Err(_) => return,
            }
        }
    };
    let mut queue = vec![&value];
    let mut seen = 0;
    while let Some(value) = queue.pop() {
        seen += 1;
        if seen > OBJECTS {
            return;
        }
        match value {
            Value::Array(all) => queue.extend(all.iter().rev()),
            Value::Object(object) => {
                queue.extend(object.get("@graph"));
                queue.extend(object.get("mainEntity"));
                if is_type(object, |t| names.article_types.iter().any(|a| a == t)) {
                    article(object, found);
                } else if organisation.is_none() && is_type(object, |t| t.ends_with("Organization")) {
                    *organisation = string(object.get("name"));
                }
            }
            _ => {}
        }
    }
}

fn is_type(object: &Map<String, Value>, is: impl Fn(&str) -> bool) -> bool {
    let short = |t: &str| is(t.rsplit(['/', '#', ':']).next().unwrap_or(t));
    match object.get("@type") {
        Some(Value::String(one)) => short(one),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).any(short),
        _ => false,
    }
}

/// What an article's object says, where nothing was said before.
fn article(object: &Map<String, Value>, found: &mut Found) {
    let text = |keys: &[&str]| keys.iter().find_map(|k| string(object.get(*k)));
    let set = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    set(&mut found.headline, text(&["headline", "name"]));
    set(&mut found.description, text(&["alternativeHeadline", "description"]));
    set(&mut found.published, text(&["datePublished", "dateCreated"]));
    set(&mut found.modified, text(&["dateModified"]));
    set(&mut found.language, text(&["inLanguage"]));
    set(&mut found.outlet, names_of(object.get("publisher")));
    set(&mut found.byline, names_of(object.get("author")).or_else(|| names_of(object.get("creator"))));
    set(&mut found.body, text(&["articleBody"]));
    let page = match object.get("mainEntityOfPage") {
        Some(Value::Object(page)) => string(page.get("@id")),
        other => string(other),
    };
    set(&mut found.url, text(&["url"]).or(page));
}

/// A string, or the first of a list, entities decoded.
fn string(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(s) => tidy(&unescape(s)),
        Value::Array(all) => string(all.first()),
        Value::Object(object) => string(object.get("@value").or_else(|| object.get("name"))),
        _ => None,
    }
}

/// The names of one or many.
fn names_of(value: Option<&Value>) -> Option<String> {
    let names: Vec<String> = match value? {
        Value::Array(all) => all.iter().take(20).filter_map(|v| string(Some(v))).collect(),
        one => string(Some(one)).into_iter().collect(),
    };
    let names: Vec<String> = names.into_iter().filter(|n| !n.contains("://")).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Entities in a text that should have none.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    super::line(text)
}

/// On one line, or none where there is no word.
pub fn tidy(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().any(char::is_alphanumeric).then_some(line)
}
