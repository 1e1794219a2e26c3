//! What a record says once people's decisions are applied to it. A pure function: the reader's record is kept as it is,
//! and the ledger's tables hold what this gives.

use record::Record;
use serde_json::Value;

use super::item::{self, ItemKind, MARK, Marks};
use super::place::{self, Around};

/// A decision that stands, as far as one dispatch is concerned.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What was decided: `accept`, `reject`, `edit`, `add`; others change no record.
    pub action: String,
    /// Address of the item; for an addition, of the account it goes into, or nothing.
    pub item: Option<String>,
    /// What kind the item is.
    pub kind: ItemKind,
    /// The field of an edit.
    pub field: Option<String>,
    /// The value set, or the item added.
    pub value: Value,
    /// The mark of what is added.
    pub mark: String,
    /// Where the words of what is added stand.
    pub words: (usize, usize, String),
}

/// Applies decisions, in their order, to a reader's record.
pub fn apply(record: &Record, decisions: &[Standing]) -> (Record, Marks) {
    let mut value = item::marked(record);
    for d in decisions.iter().filter(|d| d.action == "add") {
        add(&mut value, d);
    }
    for d in decisions.iter().filter(|d| d.action == "edit") {
        if let (Some(address), Some(field)) = (&d.item, &d.field)
            && let Some(changed) = edited(&value, address, field, &d.value)
        {
            value = changed;
        }
    }
    let mut rejected: Vec<&str> = Vec::new();
    for d in decisions {
        let Some(address) = d.item.as_deref() else { continue };
        match d.action.as_str() {
            "reject" => rejected.push(address),
            // The last word on an item holds.
            "accept" => rejected.retain(|r| *r != address),
            _ => {}
        }
    }
    let mut places: Vec<String> = rejected.iter().filter_map(|a| item::locate(&value, a)).map(|l| l.1).collect();
    // From the back, so that what comes before keeps its place; parts before what holds them.
    places.sort_by(|a, b| position(b).cmp(&position(a)));
    places.dedup();
    for place in places {
        let Some((list, n)) = place.rsplit_once('/') else { continue };
        if let (Some(list), Ok(n)) = (value.pointer_mut(list).and_then(Value::as_array_mut), n.parse::<usize>())
            && n < list.len()
        {
            list.remove(n);
        }
    }
    let marks = Marks::of(&value);
    match record_of(value, record) {
        Ok(record) => (record, marks),
        // Each decision was tried when it was made; a reader whose record it no longer fits wins.
        Err(_) => (record.clone(), Marks::of(&item::marked(record))),
    }
}

/// Numbers and names of a pointer's parts, to be sorted by.
fn position(pointer: &str) -> Vec<(usize, &str)> {
    pointer.split('/').map(|p| (p.parse().unwrap_or(0), p)).collect()
}

/// The record that a marked value is.
fn record_of(value: Value, like: &Record) -> Result<Record, String> {
    let mut record = crate::input::record_from_value(value)?;
    // What JSON does not carry.
    record.dispatch.layout.clone_from(&like.dispatch.layout);
    record.dispatch.notes.clone_from(&like.dispatch.notes);
    Ok(record)
}

/// A marked record with one field changed; nothing where there is no such item, or the value does not fit.
pub fn edited(record: &Value, address: &str, field: &str, set: &Value) -> Option<Value> {
    let mut changed = record.clone();
    change(&mut changed, address, field, set)?;
    crate::input::record_from_value(changed.clone()).ok()?;
    Some(changed)
}

/// Sets one field. Fields that a person names as one are set together: a figure's `number`, a place by its name.
pub fn change(record: &mut Value, address: &str, field: &str, set: &Value) -> Option<()> {
    let (kind, at) = item::locate(record, address)?;
    let around = Around::of(record.pointer(&at)?, record);
    let target = record.pointer_mut(&at)?;
    match (kind, kind.field(field)) {
        (ItemKind::Figure, "number") => {
            let (low, high) = match set {
                Value::Array(both) => (both.first().cloned()?, both.get(1).cloned()?),
                one => (one.clone(), one.clone()),
            };
            target["low"] = low;
            target["high"] = high;
        }
        (ItemKind::Incident, "place") if set.is_string() => {
            // Another name is another place, with coordinates of its own.
            let trigger = target.get("trigger").cloned().unwrap_or_default();
            let mention = target.pointer("/place/mention").cloned().unwrap_or(trigger);
            let mut found = place::named(set.as_str().unwrap_or_default(), &around);
            found["mention"] = mention;
            target["place"] = found;
        }
        (ItemKind::Incident, "place") if set.is_object() => {
            let trigger = target.get("trigger").cloned().unwrap_or_default();
            let mention = target.pointer("/place/mention").cloned().unwrap_or(trigger);
            let mut place = set.clone();
            if place.get("mention").is_none() {
                place["mention"] = mention;
            }
            target["place"] = place;
        }
        (ItemKind::Incident, "date") => {
            target["date_start"] = set.clone();
            target["date_end"] = set.clone();
        }
        (ItemKind::Accord, key @ ("parties" | "brokers")) if set.is_string() => {
            let names = set.as_str().unwrap_or_default().split(';').map(str::trim).filter(|n| !n.is_empty());
            target[key] = names.map(|n| Value::String(n.to_owned())).collect();
        }
        (_, key) => {
            let known =
                target.as_object()?.contains_key(key) && key != MARK && key != "id" && key != kind.words_field();
            if !known {
                return None;
            }
            target[key] = set.clone();
        }
    }
    Some(())
}

/// Puts in what a person added, in the place of what the reader has read from the same words; leaves a record that it does
/// not fit as it is.
pub fn add(record: &mut Value, d: &Standing) {
    let mut changed = record.clone();
    if add_unchecked(&mut changed, d).is_some() && crate::input::record_from_value(changed.clone()).is_ok() {
        *record = changed;
    }
}

/// Puts in what a person added; nothing where the account that it goes into is not there.
pub fn add_unchecked(record: &mut Value, d: &Standing) -> Option<()> {
    let mut item = d.value.clone();
    let words = serde_json::json!({"start": d.words.0, "end": d.words.1, "text": d.words.2});
    let words = if d.kind == ItemKind::Statement { Value::Array(vec![words]) } else { words };
    // What a person named has coordinates as what was read has.
    if d.kind == ItemKind::Incident
        && item.pointer("/place/lat").is_none()
        && let Some(name) = item.pointer("/place/name").and_then(Value::as_str)
    {
        let mut found = place::named(name, &Around::of(&item, record));
        found["mention"] = item.pointer("/place/mention").cloned().unwrap_or_else(|| words.clone());
        item["place"] = found;
    }
    let object = item.as_object_mut()?;
    object.insert(d.kind.words_field().to_owned(), words);
    object.insert("id".to_owned(), Value::String(d.mark.clone()));
    object.insert(MARK.to_owned(), Value::String(d.mark.clone()));
    let holder = match (d.kind.parent(), &d.item) {
        (None, _) => record,
        (Some(_), Some(address)) => {
            let at = item::locate(record, address)?.1;
            record.pointer_mut(&at)?
        }
        _ => return None,
    };
    // What a person added has no list of parts yet.
    let list = holder.as_object_mut()?.entry(d.kind.list()).or_insert_with(|| Value::Array(Vec::new()));
    let list = list.as_array_mut()?;
    let detail = item::detail_of(&item, d.kind);
    list.retain(|read| {
        let span = item::span_of(read, d.kind);
        let same_words = span.start < d.words.1 && d.words.0 < span.end;
        !(same_words && item::detail_of(read, d.kind) == detail && !item::mark_of(read).starts_with('x'))
    });
    list.push(item);
    Some(())
}
