//! NITF 3: `<nitf>` as a document of its own, or as the body inside NewsML.
//!
//! Fields: id `docdata/doc-id@id-string`, version `du-key@version` (or `@generation`), slugline `du-key@key`, the
//! `anpa-keyword` and `slug` metas or the keywords, published `date.release`, `date.issue` or `pubdata`, status
//! `docdata@management-status`, notes `ed-msg@info`, headline `hl1`, dek `abstract`, byline, dateline, agency
//! `distributor`, `doc-id@regsrc`, `doc.copyright@holder`.

use super::xml::Node;
use super::{Story, body};
use crate::item::Part;

/// The story of an `<nitf>` element.
pub fn story(nitf: &Node) -> Story {
    let head = nitf.at(&["head"]);
    let data = head.and_then(|h| h.at(&["docdata"]));
    let top = nitf.at(&["body", "body.head"]);
    let attribute = |path: &[&str], name: &str| data?.at(path)?.attribute(name).map(str::to_owned);
    let meta = |name: &str| {
        let found = head?.all("meta").find(|m| m.attribute("name").is_some_and(|n| n.eq_ignore_ascii_case(name)))?;
        found.attribute("content").map(str::to_owned)
    };
    let text = |path: &[&str]| top?.at(path)?.text();
    let published = head.and_then(|h| h.at(&["pubdata"])).and_then(|p| p.attribute("date.publication"));
    let keywords = || {
        let keys: Vec<&str> = data?.at(&["key-list"])?.all("keyword").filter_map(|k| k.attribute("key")).collect();
        (!keys.is_empty()).then(|| keys.join("-"))
    };
    let headline = text(&["hedline", "hl1"]).or_else(|| text(&["headline", "hl1"]));
    let title = head.and_then(|h| h.at(&["title"])).and_then(Node::text);
    let tagline = nitf.at(&["body", "body.end", "tagline"]).and_then(Node::text);
    let names = [
        meta("NTBKilde"),
        text(&["distributor"]),
        attribute(&["doc-id"], "regsrc"),
        attribute(&["del-list", "from-src"], "src-name"),
        attribute(&["doc.copyright"], "holder"),
        text(&["rights", "rights.owner"]),
        attribute(&["doc.rights"], "owner"),
        tagline,
    ];
    let notes = data.into_iter().flat_map(|d| d.all("ed-msg")).filter_map(|m| m.attribute("info")).map(str::to_owned);
    Story {
        id: attribute(&["doc-id"], "id-string"),
        version: attribute(&["du-key"], "version")
            .or_else(|| attribute(&["du-key"], "generation"))
            .or_else(|| meta("version"))
            .or_else(|| nitf.at(&["head", "revision-history"]).and_then(|r| r.attribute("id")).map(str::to_owned)),
        slugline: meta("slug")
            .or_else(|| meta("slugline"))
            .or_else(|| meta("anpa-keyword"))
            .or_else(|| attribute(&["du-key"], "key").filter(|k| k.chars().any(char::is_alphabetic)))
            .or_else(keywords)
            .or_else(|| meta("subject"))
            .or_else(|| title.clone().filter(|t| Some(t) != headline.as_ref())),
        headline: headline.or(title),
        dek: text(&["abstract"]),
        byline: text(&["byline"]),
        dateline: dateline(top),
        names: names.into_iter().flatten().collect(),
        language: ["baselang", "lang"].iter().find_map(|a| nitf.attribute(a)).map(str::to_owned),
        published: attribute(&["date.release"], "norm")
            .or_else(|| attribute(&["date.issue"], "norm"))
            .or_else(|| published.map(str::to_owned))
            .or_else(|| top?.at(&["dateline", "story.date"])?.attribute("norm").map(str::to_owned)),
        status: data.and_then(|d| d.attribute("management-status")).map(str::to_owned),
        notes: notes.collect(),
        body: content(nitf),
        ..Story::default()
    }
}

/// The body's parts. Some put it into `<body.content>`, some right into `<body>`.
pub fn content(nitf: &Node) -> Vec<Part> {
    let content = nitf.at(&["body", "body.content"]).or_else(|| nitf.find("body.content"));
    match content {
        Some(content) => body::of_node(content),
        None => nitf.at(&["body"]).map(body::of_node).unwrap_or_default(),
    }
}

/// The place of the dateline. A date of the story alone is no dateline.
pub fn dateline(top: Option<&Node>) -> Option<String> {
    let line = top?.at(&["dateline"])?;
    match line.at(&["location"]) {
        Some(place) => place.at(&["city"]).and_then(Node::text).or_else(|| place.text()),
        None if line.at(&["story.date"]).is_some() => line.children.iter().find_map(|c| match c {
            super::xml::Child::Text(t) if t.chars().any(char::is_alphabetic) => Some(super::one_line(t)),
            _ => None,
        }),
        None => line.text(),
    }
}
