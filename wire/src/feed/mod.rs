//! News feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed. One dispatch an entry.
//!
//! A feed is read in one forgiving pass over its markup ([`xml`]) into [`Feed`]; what an entry says in several ways is
//! settled there. An entry that carries a whole article (`content:encoded`, Atom's content) becomes a dispatch of its own;
//! one that carries a summary becomes a dispatch with [`Meta::link`](crate::Meta) set, which `watch` fetches instead.
//!
//! Entries keep their own bytes as original. Dates are kept as written, for their zone tells the day where it was
//! published. Limits: podcasts' and maps' extensions are passed over; a CDF channel has titles and links alone.

mod json;
mod opml;
#[cfg(test)]
mod tests;
mod xml;

use std::borrow::Cow;

use record::BlockKind;
use url::Url;

pub use opml::{Outline, opml_in, opml_out};

use crate::html;
use crate::input::{Format, Given, WireError};
use crate::item::{Body, Item, Part};
use crate::source::{self, Items, Source, refused};

/// A feed as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title, without markup.
    pub title: Option<String>,
    /// The site it belongs to.
    pub link: Option<String>,
    /// Its language tag.
    pub language: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
}

/// An entry of a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The source's own id (`guid`, `id`).
    pub id: Option<String>,
    /// The title, without markup.
    pub title: Option<String>,
    /// The article's address, absolute where a base is known.
    pub link: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// When it was changed, as written.
    pub updated: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// A summary, as HTML.
    pub summary: Option<String>,
    /// The whole article, as HTML.
    pub content: Option<String>,
    /// The entry's bytes in the feed's text.
    pub original: std::ops::Range<usize>,
}

impl Entry {
    /// The entry's words: the longer of its content and its summary, title first, an empty line between paragraphs.
    pub fn text(&self) -> String {
        let parts = |html: &Option<String>| html.as_deref().map(html::fragment).unwrap_or_default();
        let (content, summary) = (parts(&self.content), parts(&self.summary));
        let body = if length(&content) >= length(&summary) { content } else { summary };
        let title = self.title.iter().map(String::as_str);
        title.chain(body.iter().map(|p| p.text.as_str())).collect::<Vec<_>>().join("\n\n")
    }

    /// Whether the entry carries a whole article.
    pub fn is_whole(&self) -> bool {
        self.content.as_deref().is_some_and(|c| c.len() >= ARTICLE && length(&html::fragment(c)) >= ARTICLE)
    }
}

fn length(parts: &[Part]) -> usize {
    parts.iter().map(|p| p.text.len()).sum()
}

/// Reads a feed's entries without making dispatches of them.
pub fn feed(bytes: &[u8], base: Option<&str>) -> Result<Feed, String> {
    let text = text(bytes);
    read(&text, base)
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    html::charset::decode(bytes, None).0
}

fn read(text: &str, base: Option<&str>) -> Result<Feed, String> {
    if text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{') {
        json::read(text, base)
    } else {
        xml::read(text, base)
    }
}

/// RSS, Atom, JSON Feed.
pub(crate) struct Feeds;

impl Source for Feeds {
    fn format(&self) -> Format {
        Format::Feed
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        let head = source::head(bytes);
        if head.starts_with('{') {
            return head.contains("jsonfeed.org/version/");
        }
        head.starts_with('<') && xml::looks_like(&head)
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let text = text(bytes);
        let feed = match read(&text, given.url.as_deref()) {
            Ok(feed) => feed,
            Err(problem) => {
                let hint = Some("a feed is RSS, Atom or JSON Feed: look at its beginning".to_owned());
                return refused(WireError { place: given.name.clone(), problem, hint });
            }
        };
        let whole = media_type(&text);
        let Feed { title, language, entries, .. } = feed;
        let mut number = 0;
        Box::new(entries.into_iter().map(move |entry| {
            number += 1;
            let original = text.get(entry.original.clone()).unwrap_or_default().as_bytes().to_vec();
            item(entry, original, whole, title.as_deref(), language.as_deref()).ok_or_else(|| WireError {
                place: format!("{}, entry {number}", given.name),
                problem: "has neither title nor text".to_owned(),
                hint: None,
            })
        }))
    }
}

fn media_type(text: &str) -> &'static str {
    let head: String = text.chars().take(2000).collect();
    match () {
        () if head.trim_start_matches('\u{feff}').trim_start().starts_with('{') => "application/feed+json",
        () if head.contains("<feed") => "application/atom+xml",
        () => "application/rss+xml",
    }
}

/// Fewer letters than this are a summary, not an article.
const ARTICLE: usize = 600;

/// The item of an entry; none where it has no words.
fn item(
    entry: Entry,
    original: Vec<u8>,
    media: &'static str,
    feed: Option<&str>,
    language: Option<&str>,
) -> Option<Item<'static>> {
    let content = entry.content.as_deref().map(html::fragment).unwrap_or_default();
    let summary = entry.summary.as_deref().map(html::fragment).unwrap_or_default();
    let body = if length(&content) >= length(&summary) { content } else { summary };
    let whole = length(&body) >= ARTICLE;
    if entry.title.is_none() && body.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(body.len() + 1);
    parts.extend(entry.title.as_ref().map(|t| Part::new(BlockKind::Headline, t.clone())));
    parts.extend(body);
    let mut item = Item::new(Cow::Owned(original), media, Body::Parts(parts));
    // A page's address is the better identity: the same article fetched is the same dispatch.
    item.id = if entry.link.is_some() { None } else { entry.id };
    item.title = entry.title;
    item.outlet = feed.map(str::to_owned);
    item.language = language.map(str::to_owned);
    item.meta.published = entry.published.or_else(|| entry.updated.clone());
    item.meta.modified = entry.updated;
    item.meta.byline = entry.author;
    item.meta.link = entry.link.clone().filter(|_| !whole);
    item.url = entry.link;
    Some(item)
}

/// An address made absolute, where it can be.
fn absolute(link: &str, base: Option<&str>) -> String {
    let link = link.trim();
    match base.and_then(|b| Url::parse(b).ok()).and_then(|b| b.join(link).ok()) {
        Some(url) if Url::parse(link).is_err() => url.into(),
        _ => link.to_owned(),
    }
}
