//! Records as other programs write them: what a record may leave out is filled with its plain default.
//!
//! Hand-made and older records lack fields that the reader always writes (`mode`, `modality`, `confidence`, offsets of
//! words that were not found). A missing list is empty, a missing value is null, a missing enumeration takes the value
//! that claims least: `says`, `asserted`, `medium`.

use record::{Record, SCHEMA};
use serde_json::{Map, Value, json};

/// The record in one JSON object, or what is wrong with it in words.
pub fn record_from_json(text: &str) -> Result<Record, String> {
    record_from_value(serde_json::from_str(text).map_err(|e| format!("is no JSON: {e}"))?)
}

/// The record in a JSON value, or what is wrong with it.
pub(crate) fn record_from_value(mut value: Value) -> Result<Record, String> {
    let Some(record) = value.as_object_mut() else { return Err("is no JSON object".to_owned()) };
    let named = record.get("schema").and_then(Value::as_str).map(str::to_owned);
    if named.as_deref().is_some_and(|schema| schema != SCHEMA) {
        return Err(format!("has schema {}, not {SCHEMA}", named.unwrap_or_default()));
    }
    complete(record);
    serde_json::from_value(value).map_err(|e| format!("is no record: {e}"))
}

/// Fills what is missing.
fn complete(record: &mut Map<String, Value>) {
    set(record, "schema", || json!(SCHEMA));
    set(record, "reader", || json!("unknown"));
    lists(record, &["statements", "incidents", "accords", "checks", "unread", "notes"]);
    let inner = record.get("dispatch").and_then(|d| d.get("id")).cloned();
    set(record, "id", || inner.unwrap_or_else(|| json!("")));
    if let Some(Value::Number(number)) = record.get("id") {
        let text = number.to_string();
        record.insert("id".to_owned(), json!(text));
    }
    let id = record.get("id").cloned().unwrap_or_default();
    set(record, "dispatch", || json!({}));
    if let Some(Value::Object(dispatch)) = record.get_mut("dispatch") {
        dispatch.insert("id".to_owned(), id);
        set(dispatch, "sha256", || json!(""));
        set(dispatch, "text", || json!(""));
        lists(dispatch, &["sections"]);
        date(dispatch, "published");
    }
    set(record, "mentions", || json!({}));
    if let Some(Value::Object(mentions)) = record.get_mut("mentions") {
        lists(mentions, &["actors", "places", "times"]);
    }
    each(record, "statements", |s| {
        lists(s, &["content", "about"]);
        set(s, "mode", || json!("says"));
        set(s, "kind", || json!("indirect"));
        set(s, "speaker", || json!("unknown"));
        date(s, "said_on");
    });
    each(record, "incidents", |i| {
        lists(i, &["claims", "perpetrators", "victims", "figures"]);
        set(i, "type", || json!("other_violence"));
        set(i, "background", || json!(false));
        set(i, "modality", || json!("asserted"));
        set(i, "confidence", || json!("medium"));
        words(i, "trigger");
        date(i, "date_start");
        date(i, "date_end");
        if let Some(Value::Object(place)) = i.get_mut("place") {
            words(place, "mention");
            let name = place.get("mention").and_then(|m| m.get("text")).cloned();
            set(place, "name", || name.unwrap_or_else(|| json!("")));
        }
        for list in ["claims", "perpetrators", "victims", "figures"] {
            each(i, list, |x| {
                words(x, "mention");
                if list != "victims" {
                    set(x, "by", || json!(record::OUTLET));
                }
            });
        }
        each(i, "figures", |f| {
            set(f, "hedged", || json!(false));
            set(f, "qualifier", || json!("exact"));
            set(f, "group", || json!("people"));
        });
    });
    each(record, "accords", |a| {
        lists(a, &["parties", "brokers", "status_claims"]);
        words(a, "mention");
        date(a, "date");
        each(a, "status_claims", |c| {
            words(c, "mention");
            set(c, "modality", || json!("asserted"));
            set(c, "by", || json!(record::OUTLET));
            date(c, "date");
        });
    });
}

/// Sets a key that is missing or null.
fn set(object: &mut Map<String, Value>, key: &str, value: impl FnOnce() -> Value) {
    if object.get(key).is_none_or(Value::is_null) {
        object.insert(key.to_owned(), value());
    }
}

/// Makes missing lists empty.
fn lists(object: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        set(object, key, || json!([]));
    }
}

/// A date that is no whole day ("2016-02") is unknown.
fn date(object: &mut Map<String, Value>, key: &str) {
    let whole = |v: &Value| v.as_str().is_some_and(|s| s.parse::<jiff::civil::Date>().is_ok());
    if object.get(key).is_some_and(|v| !whole(v)) {
        object.insert(key.to_owned(), Value::Null);
    }
}

/// A span that is missing or whose words were not found in the text (a negative start) keeps its words at offset 0.
fn words(object: &mut Map<String, Value>, key: &str) {
    let span = object.get(key);
    let placed = span.is_some_and(|s| ["start", "end"].iter().all(|k| s.get(k).is_some_and(Value::is_u64)));
    if !placed {
        let text = span.and_then(|s| s.get("text")).cloned().unwrap_or_else(|| json!(""));
        object.insert(key.to_owned(), json!({"start": 0, "end": 0, "text": text}));
    }
}

/// Runs `change` on each object of a list.
fn each(object: &mut Map<String, Value>, key: &str, mut change: impl FnMut(&mut Map<String, Value>)) {
    if let Some(Value::Array(items)) = object.get_mut(key) {
        items.iter_mut().filter_map(Value::as_object_mut).for_each(&mut change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_record_is_completed_and_a_wrong_one_is_named() {
        let bare = r#"{"id": 7, "dispatch": {"text": "Two died.", "published": "2016"},
            "incidents": [{"id": "i1", "trigger": {"start": -1, "end": 3, "text": "died"}, "figures": [
                {"id": "f1", "measure": "killed", "low": 2, "high": 2, "mention": {"start": 0, "end": 3, "text": "Two"}}]}]}"#;
        let record = record_from_json(bare).unwrap();
        assert_eq!((record.id.as_str(), record.dispatch.published), ("7", None));
        assert_eq!(record.incidents[0].trigger.text, "died");
        assert_eq!(record.incidents[0].figures[0].by, record::OUTLET);
        assert!(record_from_json("[1]").unwrap_err().contains("no JSON object"));
        assert!(record_from_json(r#"{"schema": "other/1"}"#).unwrap_err().contains("other/1"));
        assert!(record_from_json(r#"{"incidents": [{"type": "picnic"}]}"#).unwrap_err().contains("picnic"));
    }
}
