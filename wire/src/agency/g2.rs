//! NewsML-G2: `<newsMessage>` with many items, or one `<newsItem>`.
//!
//! Every item is a dispatch or an error of its own. Items of classes without running text (pictures, video, packages,
//! planning, concepts) are refused by name. An item whose text lies behind a link is refused with the link.

use super::xml::Node;
use super::{Story, body, nitf};
use crate::item::Part;

/// The roots this module reads.
pub const ROOTS: [&str; 2] = ["newsMessage", "newsItem"];

/// What an item element is, or why it is no dispatch; `Err` is the reason.
pub fn story(item: &Node) -> Result<Story, String> {
    let meta = item.at(&["itemMeta"]);
    let content = item.at(&["contentMeta"]);
    let guid = item.attribute("guid").map(str::to_owned);
    let class = meta.and_then(|m| m.at(&["itemClass"])).and_then(|c| c.attribute("qcode").or(c.attribute("uri")));
    let class = class.and_then(|c| c.rsplit([':', '/']).next()).unwrap_or_default().to_lowercase();
    let what = guid.as_deref().unwrap_or("an item");
    let set = item.at(&["contentSet"]);
    let status = meta.and_then(|m| m.at(&["pubStatus"])).and_then(|s| s.attribute("qcode").or(s.attribute("uri")));
    let body = set.map(words).unwrap_or_default();
    let text = class.is_empty() || class == "text";
    if !text && (body.is_empty() || class != "composite") {
        return Err(format!("{what} is an item of class {class:?}, not text"));
    }
    if body.is_empty() && status.is_none_or(|s| super::status(s).unwrap_or_default() == crate::item::Status::Usable) {
        return Err(
            match set.and_then(|s| s.find("remoteContent")).map(|r| r.attribute("href").unwrap_or("elsewhere")) {
                Some(href) => format!("{what} holds no text: its content is {href}"),
                None => format!("{what} holds no text"),
            },
        );
    }
    let inner = set.and_then(|s| s.find("body.head"));
    let of = |name: &str| content.and_then(|c| c.at(&[name])).and_then(Node::text);
    let headline = || {
        let nitf = inner.and_then(|h| h.at(&["hedline", "hl1"]).or_else(|| h.at(&["headline", "hl1"])));
        nitf.and_then(Node::text).or_else(|| meta?.at(&["title"])?.text())
    };
    let described = |role: &str| {
        let mut all = content?.all("description").filter(|d| d.attribute("role").is_some_and(|r| r.ends_with(role)));
        all.next()?.text()
    };
    let mut names = Vec::new();
    let mut sources: Vec<&Node> = content.into_iter().flat_map(|c| c.all("infoSource")).collect();
    sources.extend(meta.and_then(|m| m.at(&["provider"])));
    sources.extend(content.and_then(|c| c.at(&["creditline"])));
    sources.extend(item.at(&["rightsInfo", "copyrightHolder"]));
    for source in sources {
        names.extend(source.at(&["name"]).and_then(Node::text));
        names.extend(["literal", "qcode", "uri"].iter().filter_map(|a| source.attribute(a)).map(str::to_owned));
        names.extend(source.children.first().and_then(|_| source.text()));
    }
    // `tag:reuters.com,2014:…`, `urn:newsml:dpa.com:…`
    names.extend(guid.as_deref().and_then(host).map(str::to_owned));
    let note = |m: &Node| {
        m.attribute("pubconstraint").is_none() && !m.attribute("role").is_some_and(|r| r.ends_with("notepad"))
    };
    let signals =
        || meta.into_iter().flat_map(|m| m.all("signal")).filter_map(|s| s.attribute("qcode").or(s.attribute("uri")));
    let signal = |n: &str| signals().any(|s| s.rsplit([':', '/']).next().is_some_and(|s| s.eq_ignore_ascii_case(n)));
    Ok(Story {
        version: item.attribute("version").map(str::to_owned),
        slugline: of("slugline").or_else(|| content?.all("keyword").find_map(Node::text)),
        headline: of("headline").or_else(headline),
        dek: described("summary").or_else(|| inner?.at(&["abstract"])?.text()),
        byline: of("by").or_else(|| inner?.at(&["byline"])?.text()),
        dateline: of("dateline").or_else(|| nitf::dateline(inner)),
        names,
        language: content
            .and_then(|c| c.at(&["language"]))
            .and_then(|l| l.attribute("tag"))
            .or_else(|| item.attribute("lang"))
            .map(str::to_owned),
        published: ["versionCreated", "firstCreated"]
            .iter()
            .find_map(|n| meta?.at(&[n])?.text())
            .or_else(|| of("contentModified"))
            .or_else(|| of("contentCreated")),
        status: status.map(str::to_owned),
        embargo: meta.and_then(|m| m.at(&["embargoed"])).and_then(Node::text),
        correction: signal("correction") || signal("corrected"),
        notes: meta.into_iter().flat_map(|m| m.all("edNote")).filter(|m| note(m)).filter_map(Node::text).collect(),
        id: guid,
        body,
        ..Story::default()
    })
}

/// The body's parts: the richest of the renditions given in line.
fn words(set: &Node) -> Vec<Part> {
    let inline = set.nodes().filter_map(|node| match node.name.as_str() {
        "inlineXML" => {
            let parts = match node.nodes().find(|n| matches!(n.name.as_str(), "nitf" | "html" | "body" | "div")) {
                Some(nitf) if nitf.name == "nitf" => nitf::content(nitf),
                Some(html) => body::of_node(html.find("body").unwrap_or(html)),
                // Sport results, statistics and other data: no running text.
                None => node.all("p").flat_map(body::of_node).collect(),
            };
            Some(parts)
        }
        "inlineData" => {
            let text = node.raw_text();
            let html = node.attribute("contenttype").is_some_and(|t| t.contains("html")) || text.contains("</p>");
            Some(if html { body::of_html(&text) } else { body::of_text(&text) })
        }
        _ => None,
    });
    inline.max_by_key(|parts| parts.iter().map(|p| p.text.len()).sum::<usize>()).unwrap_or_default()
}

/// The host that minted an id.
fn host(guid: &str) -> Option<&str> {
    let rest = guid.strip_prefix("tag:").or_else(|| guid.strip_prefix("urn:newsml:"))?;
    rest.split([',', ':']).next()
}
