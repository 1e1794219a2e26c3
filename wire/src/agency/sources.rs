//! The agencies' formats as [`Source`]s: which content is whose, and how it is cut into items.

use std::borrow::Cow;

use serde_json::Value;

use super::{email, g2, iptc7901, newsml1, ninjs, nitf, refusal, ritzau, xml};
use crate::input::{Format, Given, WireError};
use crate::source::{Items, Source, head, refused};

/// The largest JSON document, in bytes.
const MOST_JSON: usize = 64 << 20;

/// NewsML-G2 and NewsML 1, and Ritzau's own XML.
pub(crate) struct Newsml;
/// NITF.
pub(crate) struct Nitf;
/// ninjs.
pub(crate) struct Ninjs;
/// IPTC 7901 and ANPA.
pub(crate) struct Teleprinter;
/// E-mail.
pub(crate) struct Email;

impl Source for Newsml {
    fn format(&self) -> Format {
        Format::Newsml
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        // Packages, concepts and planning items of NewsML-G2 hold no text, but they are its.
        root(&head(bytes)).is_some_and(|name| {
            matches!(
                name.as_str(),
                "newsml"
                    | "newsmessage"
                    | "newsitem"
                    | "packageitem"
                    | "conceptitem"
                    | "knowledgeitem"
                    | "planningitem"
                    | "catalogitem"
                    | "rbnews"
                    | "xmlnewsqueuedresponse"
            )
        })
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let (root, note) = match xml::parse(bytes, &given.name) {
            Ok(parsed) => parsed,
            Err(error) => return refused(error),
        };
        if ritzau::ROOTS.contains(&root.name.as_str()) {
            return of_ritzau(bytes, &root, note, given);
        }
        let g2 = g2::ROOTS.contains(&root.name.as_str());
        if !g2 && root.name != "NewsML" {
            let problem = format!("is a NewsML-G2 <{}>, which holds no text of its own", root.name);
            return refused(WireError {
                place: given.name.clone(),
                problem,
                hint: Some("give the news items themselves".to_owned()),
            });
        }
        let wanted = if g2 { "newsItem" } else { "NewsItem" };
        let found = root
            .walk()
            .filter(|n| if g2 { n.name.ends_with("Item") && n.attribute("guid").is_some() } else { n.name == wanted });
        let results: Vec<_> = found
            .enumerate()
            .map(|(number, node)| {
                let place = format!("{}, item {}", given.name, number + 1);
                let story = match (g2, node.name == wanted) {
                    (true, true) => g2::story(node),
                    (true, false) => Err(format!("is a NewsML-G2 <{}>, which holds no text of its own", node.name)),
                    _ => newsml1::story(node),
                };
                let mut story = story.map_err(|problem| refusal(&place, problem))?;
                story.remarks.extend(note.clone());
                story.item(Cow::Borrowed(bytes), "application/xml", &place)
            })
            .collect();
        if results.is_empty() {
            return refused(refusal(&given.name, "is NewsML without an item"));
        }
        Box::new(results.into_iter())
    }
}

/// The items of Ritzau's queue, or the one item.
fn of_ritzau<'a>(bytes: &'a [u8], root: &xml::Node, note: Option<String>, given: &Given) -> Items<'a> {
    let found: Vec<&xml::Node> = root.walk().filter(|n| n.name == "RBNews").collect();
    if found.is_empty() {
        return refused(refusal(&given.name, "is Ritzau's XML without an item"));
    }
    let many = found.len() > 1;
    let results: Vec<_> = found
        .into_iter()
        .enumerate()
        .map(|(number, node)| {
            let place = if many { format!("{}, item {}", given.name, number + 1) } else { given.name.clone() };
            let mut story = ritzau::story(node);
            story.remarks.extend(note.clone());
            story.item(Cow::Borrowed(bytes), "application/xml", &place)
        })
        .collect();
    Box::new(results.into_iter())
}

impl Source for Nitf {
    fn format(&self) -> Format {
        Format::Nitf
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        root(&head(bytes)).is_some_and(|name| name == "nitf")
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let item = xml::parse(bytes, &given.name).and_then(|(root, note)| {
            if root.name != "nitf" {
                return Err(refusal(&given.name, format!("is <{}>, not <nitf>", root.name)));
            }
            let mut story = nitf::story(&root);
            story.remarks.extend(note);
            story.item(Cow::Borrowed(bytes), "application/nitf+xml", &given.name)
        });
        Box::new(std::iter::once(item))
    }
}

impl Source for Ninjs {
    fn format(&self) -> Format {
        Format::Ninjs
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        // One document, not a line of many: the second line of JSON Lines ends the parse at once. A document over many
        // lines is no JSON Lines either, and is told so here once and not on each of its lines.
        json(bytes).is_some_and(|value| ninjs::is_news(&value) || bytes.trim_ascii().contains(&b'\n'))
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let text = without_mark(bytes);
        if text.len() > MOST_JSON {
            return refused(refusal(&given.name, "is larger than 64 MiB"));
        }
        let value: Value = match serde_json::from_slice(text) {
            Ok(value) => value,
            Err(e) => {
                let place = format!("{}, line {}, column {}", given.name, e.line(), e.column());
                let message = e.to_string();
                let what = message.split(" at line ").next().unwrap_or_default();
                return refused(refusal(&place, format!("is not JSON: {what}")));
            }
        };
        let objects = ninjs::objects(&value);
        if objects.is_empty() {
            return refused(refusal(
                &given.name,
                "is JSON, but no ninjs: it has no object with a uri or guid and the fields of a news item",
            ));
        }
        let many = objects.len() > 1;
        let results: Vec<_> = objects
            .into_iter()
            .enumerate()
            .map(|(number, object)| {
                let place = if many { format!("{}, item {}", given.name, number + 1) } else { given.name.clone() };
                let story = ninjs::story(object).map_err(|problem| refusal(&place, problem))?;
                let original = match many {
                    true => Cow::Owned(serde_json::to_vec(object).unwrap_or_default()),
                    false => Cow::Borrowed(bytes),
                };
                story.item(original, "application/json", &place)
            })
            .collect();
        Box::new(results.into_iter())
    }
}

impl Source for Teleprinter {
    fn format(&self) -> Format {
        Format::Iptc7901
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        iptc7901::claims(bytes)
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        Box::new(iptc7901::messages(bytes, &given.name).map(|message| iptc7901::item(message?, &given.name)))
    }
}

impl Source for Email {
    fn format(&self) -> Format {
        Format::Email
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        email::claims(bytes)
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let messages = email::messages(bytes);
        let many = messages.len() > 1;
        Box::new(messages.into_iter().enumerate().map(move |(number, message)| {
            let place = if many { format!("{}, message {}", given.name, number + 1) } else { given.name.clone() };
            email::item(message, &place)
        }))
    }
}

/// XML that no other format claims: refused by the name of its root, rather than read as the text of a dispatch.
pub(crate) struct Xml;

impl Source for Xml {
    // Asked for by `auto` alone: whoever asks for NewsML gets the source above.
    fn format(&self) -> Format {
        Format::Newsml
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        root(&head(bytes)).is_some() && bytes.trim_ascii_end().ends_with(b">")
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        let root = root(&head(bytes)).unwrap_or_default();
        refused(WireError {
            place: given.name.clone(),
            problem: format!("is an XML document <{root}> of no format that is read"),
            hint: Some("save the dispatch's text as a .txt file".to_owned()),
        })
    }
}

/// The JSON of an input that is one document.
fn json(bytes: &[u8]) -> Option<Value> {
    let text = without_mark(bytes);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')).then(|| serde_json::from_slice(text).ok())?
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The name of the first element of a lower-cased head, without its prefix.
fn root(head: &str) -> Option<String> {
    let mut rest = head;
    loop {
        rest = rest.trim_start();
        let after = rest.strip_prefix('<')?;
        rest = if after.starts_with('?') {
            after.split_once("?>")?.1
        } else if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->")?.1
        } else if after.starts_with('!') {
            // A document type, perhaps with declarations in brackets.
            let end = match (after.find('['), after.find('>')) {
                (Some(open), Some(end)) if open < end => after.find("]>").map(|at| at + 2)?,
                (_, end) => end? + 1,
            };
            after.get(end..)?
        } else {
            let end = after.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(after.len());
            let name = after.get(..end)?;
            return Some(name.rsplit(':').next().unwrap_or(name).to_owned());
        };
    }
}

#[cfg(test)]
mod tests {
    use super::root;

    #[test]
    fn the_first_element_is_found_behind_whatever_stands_before_it() {
        assert_eq!(
            root("<?xml version='1.0'?>\n<!-- <nitf> --><!doctype nitf [<!element a>]><nitf>").as_deref(),
            Some("nitf")
        );
        assert_eq!(root("<ns0:newsmessage xmlns=''>").as_deref(), Some("newsmessage"));
        assert_eq!(root("words <nitf>"), None);
        assert_eq!(root("<!-- never closed"), None);
    }
}
