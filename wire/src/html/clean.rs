//! The article in a page: what newsrooms put around and between its paragraphs goes, what is left is scored.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};
use record::BlockKind;

use super::meta::{Found, same_words, tidy as one_line};
use super::parts::parts;
use super::words::{Classes, words};
use crate::item::Part;

/// Elements of a tree that are looked at.
const ELEMENTS: usize = 400_000;

/// The sentence under the headline, where the page shows one: by its class, or the summary of the metadata where an
/// element shows the same words.
pub fn dek(document: &Document, found: &Found) -> Option<String> {
    let classes = &words().classes;
    let shown = |node: &NodeRef<'_>| {
        // White space counts here: what holds the whole page is not looked through.
        Some(node.text())
            .filter(|t| t.len() < 4000)
            .and_then(|t| one_line(&t))
            .filter(|t| (20..400).contains(&t.len()) && t.split_whitespace().count() >= 4)
            .filter(|t| found.headline.as_ref().is_none_or(|h| !same_words(h, t)))
    };
    let named =
        document.select("h2[class], h3[class], p[class], div[class], span[class]").nodes().iter().find_map(|node| {
            let class = node.attr("class")?;
            let is = class
                .split_whitespace()
                .any(|c| classes.dek.binary_search_by(|d| d.as_str().cmp(&c.to_lowercase())).is_ok());
            if is { shown(node) } else { None }
        });
    named.or_else(|| {
        let said = found.description.as_deref()?;
        let all = document.select("h2, header p");
        let headings = document.select("h1");
        let below = headings.nodes().iter().take(10).flat_map(|h| {
            let siblings = std::iter::successors(h.next_sibling(), NodeRef::next_sibling);
            siblings.take(200).filter(|n| n.has_name("p"))
        });
        let shown_alike = all.nodes().iter().filter_map(shown).find(|t| t == said);
        shown_alike.or_else(|| below.filter_map(|n| shown(&n)).find(|t| t == said))
    })
}

/// The parts of the article's body.
pub fn body(document: Document) -> Vec<Part> {
    strip(&document);
    let marked = words().classes.body.iter().find_map(|selector| {
        let all = document.select(selector);
        let found = all.nodes().iter().map(|n| parts(n)).max_by_key(|p| length(p))?;
        (length(&found) > 400).then_some(found)
    });
    if let Some(found) = marked {
        return found;
    }
    let config = Config {
        disable_json_ld: true,
        text_mode: TextMode::Raw,
        max_elements_to_parse: ELEMENTS,
        ..Config::default()
    };
    let whole = parts(&document.root());
    if whole.is_empty() {
        // A megabyte of signs or spaces has no article to be scored.
        return whole;
    }
    let scored = Readability::with_document(document, None, Some(config)).ok().and_then(|mut r| r.parse().ok());
    match scored {
        Some(article) => {
            let found = parts(&Document::from(article.content).root());
            if found.is_empty() { whole } else { found }
        }
        // Too short for a score.
        None => whole,
    }
}

fn length(parts: &[Part]) -> usize {
    parts.iter().map(|p| p.text.len()).sum()
}

/// Takes out what is no part of any article, by element and by name.
fn strip(document: &Document) {
    let w = words();
    document.select(&w.remove).remove();
    let mut gone = Vec::new();
    for node in document.select("[class], [id]").nodes() {
        if node.has_name("body") || node.has_name("html") || node.has_name("article") || node.has_name("main") {
            continue;
        }
        let class = node.attr("class").unwrap_or_default();
        let id = node.attr("id").unwrap_or_default();
        if is_furniture(&w.classes, class.split_whitespace().chain(id.split_whitespace())) && !holds_article(node) {
            gone.push(*node);
        }
    }
    for node in gone {
        node.remove_from_parent();
    }
}

/// Whether names are those of furniture.
fn is_furniture<'n>(classes: &Classes, names: impl Iterator<Item = &'n str>) -> bool {
    let mut furniture = false;
    for name in names {
        let low = name.to_lowercase();
        if classes.article.binary_search(&low).is_ok() {
            return false;
        }
        furniture = furniture
            || classes.furniture_names.binary_search(&low).is_ok()
            || pieces(name).any(|piece| classes.furniture.binary_search(&piece).is_ok());
    }
    furniture
}

/// The words in a class name: `article__relatedLinks` has article, related and links.
fn pieces(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(|piece| {
        let mut out = Vec::new();
        let mut word = String::new();
        let mut lower = false;
        for c in piece.chars() {
            if c.is_uppercase() && lower {
                out.push(std::mem::take(&mut word));
            }
            lower = c.is_lowercase();
            word.extend(c.to_lowercase());
        }
        out.push(word);
        out
    })
}

/// Whether so much running text lies in an element that its name must be wrong.
fn holds_article(node: &NodeRef<'_>) -> bool {
    let mut prose = 0;
    for paragraph in node.find(&["p"]) {
        let length = paragraph.text().trim().len();
        prose += if length > 80 { length } else { 0 };
        if prose > 1500 {
            return true;
        }
    }
    false
}

/// Takes out lines that are no part of the article, the headline and dek said again, and what follows the article's end.
pub fn tidy(body: &mut Vec<Part>, found: &mut Found, dek: Option<&str>) {
    let p = &words().phrases;
    let mut total = length(body);
    let all = total;
    if let Some(end) = body.iter().position(|part| {
        let before = all - total;
        total -= part.text.len();
        let low = part.text.to_lowercase();
        let heading = part.kind == BlockKind::Heading || part.text.len() < 60;
        heading
            && before * 2 > all
            && p.ends
                .iter()
                .any(|e| low.strip_prefix(e.as_str()).is_some_and(|r| !r.starts_with(char::is_alphanumeric)))
            && p.ends.iter().any(|e| low.len() <= e.len() + 30)
    }) {
        body.truncate(end);
    }
    body.retain(|part| {
        let low = part.text.to_lowercase();
        let bare = low.trim_end_matches(['.', ':', '!', '…', ' ', '»', '>']);
        let short = part.text.len() <= 200;
        !(p.furniture_is.binary_search_by(|f| f.as_str().cmp(bare)).is_ok()
            || (short && p.furniture_begins.iter().any(|f| low.starts_with(f.as_str()))))
    });
    for said in [found.headline.as_deref(), dek].into_iter().flatten() {
        if let Some(at) = body.iter().take(4).position(|part| one_line(&part.text).as_deref() == Some(said)) {
            body.remove(at);
        }
    }
    // A first heading that says the headline in other words is the headline.
    if found.headline.is_none()
        && body.first().is_some_and(|part| part.kind == BlockKind::Heading && part.text.len() < 300)
    {
        found.headline = Some(body.remove(0).text);
    }
    for part in body.iter_mut() {
        if part.kind == BlockKind::Heading && part.text.len() > 300 {
            part.kind = BlockKind::Paragraph;
        }
    }
}
