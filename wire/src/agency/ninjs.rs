//! ninjs 1 to 3: one news object as JSON, a list of them, or the envelopes that agencies send them in.
//!
//! Versions differ in spelling (`body_text`, `bodies`, `pubStatus`): keys are compared without underscores and case.
//! Objects of other types than text (pictures, video, planning, events) are refused by name.

use serde_json::{Map, Value};

use super::{Story, body};
use crate::item::Part;

/// A news object, its keys without underscores and in lower case.
type Object = Map<String, Value>;

/// How deep envelopes may nest.
const DEEPEST: usize = 6;

/// Whether a JSON value is a news object or an envelope with some.
pub fn is_news(value: &Value) -> bool {
    !objects(value).is_empty()
}

/// The news objects in a value, in order.
pub fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    collect(value, 0, &mut found);
    found
}

fn collect<'v>(value: &'v Value, depth: usize, found: &mut Vec<&'v Map<String, Value>>) {
    if depth > DEEPEST {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|v| collect(v, depth + 1, found)),
        Value::Object(object) if is_object(object) => found.push(object),
        Value::Object(object) => {
            for key in ["data", "item", "items", "newsitems", "results"] {
                if let Some(inner) = object.get(key).filter(|v| v.is_object() || v.is_array()) {
                    collect(inner, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

/// Whether an object is one of news: it has an identity, and a field that nothing but ninjs has.
fn is_object(object: &Map<String, Value>) -> bool {
    let has = |names: &[&str]| object.keys().any(|k| names.contains(&plain(k).as_str()));
    has(&["uri", "guid"])
        && has(&[
            "versioncreated",
            "pubstatus",
            "bodytext",
            "bodyhtml",
            "bodies",
            "headlines",
            "descriptiontext",
            "slugline",
            "representationtype",
            "copyrightholder",
            "bodyxhtml",
            "standard",
            "profile",
            "firstcreated",
            "usageterms",
        ])
        && !has(&["statements"])
}

fn plain(key: &str) -> String {
    key.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// What a news object is, or why it is no dispatch.
pub fn story(object: &Map<String, Value>) -> Result<Story, String> {
    let object: Object = object.iter().map(|(k, v)| (plain(k), v.clone())).collect();
    let text = |key: &str| string(object.get(key));
    let id = text("uri").or_else(|| text("guid"));
    let what = id.clone().unwrap_or_else(|| "an item".to_owned());
    let kind = text("type").unwrap_or_default();
    let media = [
        "picture",
        "photo",
        "graphic",
        "audio",
        "video",
        "event",
        "planning",
        "planned_coverage",
        "component",
        "package",
    ];
    let status = text("pubstatus");
    let parts = words(&object);
    if media.contains(&kind.as_str()) && parts.is_empty() {
        return Err(format!("{what} is of the type {kind:?}, not text"));
    }
    let alive = status.as_deref().and_then(super::status).unwrap_or_default() == crate::item::Status::Usable;
    if parts.is_empty() && alive {
        let elsewhere =
            object.get("renditions").and_then(Value::as_object).filter(|_| kind == "text" || kind == "composite");
        return Err(match elsewhere.and_then(|r| r.values().find_map(|v| v.get("href")?.as_str())) {
            Some(href) => format!("{what} holds no text: its content is at {href}"),
            None => format!("{what} holds no text"),
        });
    }
    let names = [
        text("provider"),
        named(object.get("infosource")),
        named(object.get("infosources")),
        text("source"),
        text("copyrightholder"),
        id.as_deref().and_then(host),
    ];
    let mut notes: Vec<String> = text("ednote").into_iter().collect();
    notes.extend(labelled(object.get("ednotes")));
    Ok(Story {
        version: text("version"),
        slugline: text("slugline").or_else(|| labelled(object.get("sluglines"))),
        headline: text("headline").or_else(|| labelled(object.get("headlines"))).or_else(|| text("title")),
        dek: text("descriptionsummary")
            .or_else(|| text("descriptiontext"))
            .or_else(|| labelled(object.get("descriptions"))),
        byline: text("byline").or_else(|| labelled(object.get("bylines"))).or_else(|| labelled(object.get("by"))),
        dateline: text("dateline").or_else(|| string(object.get("datelinelocation")?.get("city"))),
        names: names.into_iter().flatten().collect(),
        language: text("language"),
        published: text("versioncreated").or_else(|| text("firstcreated")).or_else(|| text("contentcreated")),
        url: ["link", "canonical", "url"].iter().find_map(|k| text(k)).filter(|u| u.starts_with("http")),
        embargo: text("embargoed"),
        correction: object.get("correctionsequence").and_then(Value::as_i64).is_some_and(|n| n > 0),
        status,
        notes,
        id,
        body: parts,
        ..Story::default()
    })
}

/// The body: of several the longest, HTML before text where they say the same.
fn words(object: &Object) -> Vec<Part> {
    let mut bodies: Vec<Vec<Part>> = Vec::new();
    for (key, value) in object.iter().filter(|(k, _)| k.starts_with("body")) {
        let Some(value) = string(Some(value)) else { continue };
        bodies.push(if key == "bodytext" { body::of_text(&value) } else { markup(&value) });
    }
    for one in object.get("bodies").and_then(Value::as_array).into_iter().flatten() {
        let Some(value) = string(one.get("value")) else { continue };
        let kind = string(one.get("contenttype").or_else(|| one.get("contentType"))).unwrap_or_default();
        bodies.push(if kind == "text/plain" { body::of_text(&value) } else { markup(&value) });
    }
    // A text with fewer breaks than its HTML twin is the poorer one.
    let letters =
        |parts: &[Part]| parts.iter().map(|p| p.text.split_whitespace().map(str::len).sum::<usize>()).sum::<usize>();
    bodies.into_iter().max_by_key(|parts| (letters(parts), parts.len())).unwrap_or_default()
}

/// HTML, NITF or plain text, by its look.
fn markup(value: &str) -> Vec<Part> {
    if value.contains("<body.content")
        && let Ok((root, _)) = super::xml::parse(value.as_bytes(), "body")
    {
        let parts = super::nitf::content(&root);
        if !parts.is_empty() {
            return parts;
        }
    }
    if value.contains('<') { body::of_html(value) } else { body::of_text(value) }
}

/// A text or number as text.
fn string(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()).filter(|t| !t.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first value of a list of `{"role", "value"}`; the main one where roles tell.
fn labelled(value: Option<&Value>) -> Option<String> {
    let list = value?.as_array()?;
    let main = list.iter().find(|v| string(v.get("role")).is_some_and(|r| r == "main" || r == "medium"));
    main.or_else(|| list.first())
        .and_then(|v| string(v.get("value")).or_else(|| string(Some(v))).or_else(|| string(v.get("name"))))
}

/// The name of an object, or of the first in a list.
fn named(value: Option<&Value>) -> Option<String> {
    let value = value?;
    let one = value.as_array().and_then(|l| l.first()).unwrap_or(value);
    string(one.get("name")).or_else(|| string(Some(one)))
}

/// The host of an id that is an address, or who minted a URN.
fn host(id: &str) -> Option<String> {
    if let Some(rest) = id.strip_prefix("urn:newsml:").or_else(|| id.strip_prefix("tag:")) {
        return rest.split([':', ',']).next().map(str::to_owned);
    }
    let host = id.split_once("://")?.1.split('/').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}
