//! JSON Feed, versions 1 and 1.1.

use serde_json::{Map, Value};

use super::{Entry, Feed, absolute};

/// Reads a JSON Feed. An entry's original is its own object, found again by its position in the text where it stands
/// there once, else the whole feed.
pub fn read(text: &str, base: Option<&str>) -> Result<Feed, String> {
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|e| format!("is no JSON Feed: {e}"))?;
    let Some(Value::Array(items)) = value.get("items") else {
        return Err("is no JSON Feed: it has no \"items\"".to_owned());
    };
    let string = |object: &Map<String, Value>, key: &str| match object.get(key) {
        Some(Value::String(s)) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Some(Value::Number(n)) => Some(n.to_string()),
        _ => None,
    };
    let top = value.as_object().cloned().unwrap_or_default();
    let base = string(&top, "home_page_url").or_else(|| base.map(str::to_owned));
    let entries = items.iter().filter_map(Value::as_object).map(|item| {
        let author =
            item.get("authors").and_then(|a| a.get(0)).or_else(|| item.get("author")).and_then(|a| a.get("name"));
        let plain =
            string(item, "content_text").map(|t| t.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>"));
        Entry {
            id: string(item, "id"),
            title: string(item, "title"),
            link: string(item, "url").or_else(|| string(item, "external_url")).map(|l| absolute(&l, base.as_deref())),
            published: string(item, "date_published"),
            updated: string(item, "date_modified"),
            author: author.and_then(Value::as_str).map(str::to_owned),
            summary: string(item, "summary"),
            content: string(item, "content_html").or(plain),
            original: 0..text.len(),
        }
    });
    Ok(Feed {
        entries: entries.collect(),
        title: string(&top, "title"),
        link: string(&top, "home_page_url"),
        language: string(&top, "language"),
    })
}
