//! Web pages: one dispatch a page, or the parts of a fragment.
//!
//! ```text
//! bytes ─charset─▶ text ─guard─▶ bounded text ─parse─▶ tree ─meta─▶ what the page says of itself
//!                                                         └─clean─▶ article ─parts─▶ headline, dek, paragraphs
//! ```
//!
//! The article is found by readability's scores (`dom_smoothie`) on a tree from which `clean` has taken what newsrooms put
//! around and between paragraphs. The canonical text begins with headline and dek as paragraphs of their own.
//!
//! Third-party parsers meet only bounded input (`guard`), and a fault in them costs the page it met, not the batch.
//!
//! Limits: words that a script would draw are not there; a page in frames has none.

pub(crate) mod charset;
mod clean;
mod guard;
mod meta;
mod parts;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::Document;
use record::BlockKind;

use crate::decode::MOST;
use crate::input::{Format, Given, WireError};
use crate::item::{Body, Item, Part};
use crate::source::{self, Items, Source};

/// Web pages.
pub(crate) struct Html;

impl Source for Html {
    fn format(&self) -> Format {
        Format::Html
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        let head = source::head(bytes);
        // Comments and an XML declaration may stand before the page's own beginning.
        let mut rest = head.as_str();
        loop {
            rest = rest.trim_start();
            let after = match rest {
                r if r.starts_with("<!--") => r.find("-->").map(|i| i + 3),
                r if r.starts_with("<?xml") => r.find("?>").map(|i| i + 2),
                _ => None,
            };
            match after.and_then(|i| rest.get(i..)) {
                Some(r) => rest = r,
                None => break,
            }
        }
        words::words().begins.iter().any(|b| rest.starts_with(b.as_str()))
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        Box::new(std::iter::once(item(bytes, given.charset.as_deref(), given)))
    }
}

/// The item that a page is. `charset` is what the transport says of its letters.
pub(crate) fn item<'a>(bytes: &'a [u8], charset: Option<&str>, given: &Given) -> Result<Item<'a>, WireError> {
    let error = |problem: &str, hint: &str| WireError {
        place: given.name.clone(),
        problem: problem.to_owned(),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
    };
    if bytes.len() > MOST {
        return Err(error(&format!("is larger than {} MiB", MOST >> 20), ""));
    }
    let (text, note) = charset::decode(bytes, charset);
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return Err(error("is empty", "give a page with the words of an article"));
    }
    let bounded = guard::bounded(&text);
    let read = catch_unwind(AssertUnwindSafe(|| article(&bounded, given.url.as_deref())));
    let (found, parts) = read
        .map_err(|_| error("a fault in the HTML parser stopped its reading", "please report it with the page's URL"))?;
    if !parts.iter().any(|p| p.kind == BlockKind::Paragraph) {
        return Err(error(
            "has no article text",
            "a page drawn by a script, or one of links alone, holds none: save the page's text as a .txt file",
        ));
    }
    let mut item = Item::new(Cow::Borrowed(bytes), "text/html", Body::Parts(parts));
    item.title = found.headline;
    item.outlet = found.outlet;
    item.url = found.url;
    item.language = found.language;
    item.meta.published = found.published;
    item.meta.modified = found.modified;
    item.meta.byline = found.byline;
    item.notes.extend(note);
    Ok(item)
}

/// Metadata and parts of a whole page.
fn article(page: &str, url: Option<&str>) -> (meta::Found, Vec<Part>) {
    let document = Document::from(page);
    let mut found = meta::find(&document, url);
    let dek = clean::dek(&document, &found);
    let mut body = clean::body(document);
    clean::tidy(&mut body, &mut found, dek.as_deref());
    let mut parts = Vec::with_capacity(body.len() + 2);
    parts.extend(found.headline.as_ref().map(|h| Part::new(BlockKind::Headline, h.clone())));
    parts.extend(dek.map(|d| Part::new(BlockKind::Dek, d)));
    parts.extend(body);
    (found, parts)
}

/// The parts of a fragment of HTML, all of which is the article: the body of a feed's entry or of an agency's item.
/// No parts where a parser's fault met it.
pub(crate) fn fragment(html: &str) -> Vec<Part> {
    let bounded = guard::bounded(html);
    let read = catch_unwind(AssertUnwindSafe(|| parts::parts(&Document::from(bounded.as_ref()).root())));
    read.unwrap_or_default()
}

/// The words of a fragment on one line.
pub(crate) fn line(html: &str) -> String {
    let mut words = String::new();
    for part in fragment(html) {
        for word in part.text.split_whitespace() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
    }
    words
}
