//! Ritzau's own XML: `<RBNews>`, alone or in the list that its queue answers.
//!
//! ```text
//! <RBNews><NewsID>…</NewsID><PublishDate>2018-01-30T17:32:18.397</PublishDate><strapline>NU/FLASH-U</strapline><headline/>
//!   <town>Haag</town><version>1</version><content>&lt;p&gt;…&lt;/p&gt;</content>…</RBNews>
//! ```
//!
//! The body is HTML in text. `strapline` is the slugline, `town` the dateline, `TilRedaktionen` a note to editors,
//! `Annuleret` a kill and `Korrektion` a correction; `replacedID` names the item that this one is a version of. Flashes have
//! no headline. The moment has no zone.

use super::xml::Node;
use super::{Story, body};

/// Roots that hold `<RBNews>`.
pub const ROOTS: [&str; 2] = ["RBNews", "XMLNewsQueuedResponse"];

/// What an `<RBNews>` is.
pub fn story(item: &Node) -> Story {
    let field = |name: &str| item.at(&[name]).and_then(Node::text);
    let is = |name: &str| field(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let html = |name: &str| item.at(&[name]).map(|node| body::of_html(&node.raw_text())).unwrap_or_default();
    let note: Vec<String> = html("TilRedaktionen").into_iter().map(|part| part.text).collect();
    Story {
        id: field("replacedID").or_else(|| field("NewsID")),
        version: field("version"),
        slugline: field("strapline"),
        headline: field("headline"),
        dek: field("subtitle"),
        byline: field("byLine"),
        dateline: field("town"),
        names: vec!["Ritzau".to_owned()],
        published: field("PublishDate"),
        status: is("Annuleret").then(|| "canceled".to_owned()),
        correction: is("Korrektion"),
        notes: if note.is_empty() { Vec::new() } else { vec![note.join(" ")] },
        body: html("content"),
        ..Story::default()
    }
}
