//! From a decision to the entry of the log that it becomes: what it is about is looked up, its words are anchored, its
//! value is checked. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

use super::anchor::{Anchor, Selector};
use super::apply::{self, Standing};
use super::decide::{Decision, Entry, Told};
use super::item::{self, ItemKind};
use super::target::{Page, Target, dispatch_of, resolve, whole_of};
use crate::LedgerError;

/// Pages that a decision looks at, each loaded once.
struct Pages<'t> {
    tx: &'t Connection,
    told: Told<'t>,
    known: BTreeMap<i64, Page>,
}

impl Pages<'_> {
    fn page(&mut self, dispatch: i64) -> Result<&Page, LedgerError> {
        if !self.known.contains_key(&dispatch) {
            let page = Page::load(self.tx, dispatch).map_err(self.told)?;
            let page = page
                .ok_or_else(|| LedgerError::Refused("its record cannot be read (run `dateline check`)".to_owned()))?;
            self.known.insert(dispatch, page);
        }
        self.known.get(&dispatch).ok_or_else(|| LedgerError::NoSuchId(dispatch.to_string()))
    }

    /// The kind and anchor of a target.
    fn anchor(&mut self, target: &Target, id: &str) -> Result<(ItemKind, Anchor), LedgerError> {
        let page = self.page(target.dispatch)?;
        let found = page.item(&target.address).map(|i| i.0).zip(page.anchor(&target.address));
        found.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))
    }

    fn resolve(&self, id: &str) -> Result<Vec<Target>, LedgerError> {
        resolve(self.tx, id, self.told)
    }

    /// The one item that an id stands for, or why it stands for several.
    fn one(&mut self, id: &str) -> Result<Target, LedgerError> {
        let mut found = self.resolve(id)?;
        if found.len() > 1 {
            let mut names = Vec::new();
            for target in found.iter().take(9) {
                let page = self.page(target.dispatch)?;
                names.push(format!("{}:{}#{}", page.namespace, page.source_id, target.address));
            }
            return Err(LedgerError::Refused(format!(
                "{id}: {} dispatches tell of it; say in which of them: {}",
                found.len(),
                names.join(", ")
            )));
        }
        found.pop().ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))
    }

    /// All accounts of the incident or accord that an id lies in, with their public ids.
    fn whole(&mut self, id: &str) -> Result<(&'static str, String, Vec<String>), LedgerError> {
        let id = match id.rsplit_once('#') {
            Some(_) => {
                let target = self.one(id)?;
                let sql = "SELECT public_id FROM accounts WHERE dispatch_id = ?1 AND item = ?2
                           UNION ALL SELECT public_id FROM accord_accounts WHERE dispatch_id = ?1 AND item = ?2";
                let found = self.tx.query_row(sql, params![target.dispatch, target.address], |r| r.get::<_, String>(0));
                found.optional().map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))?
            }
            None => id.to_owned(),
        };
        let (kind, whole) =
            whole_of(self.tx, &id).map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
        let (table, column) =
            if kind == "incident" { ("accounts", "incident_id") } else { ("accord_accounts", "accord_id") };
        let rows = || -> rusqlite::Result<Vec<String>> {
            let sql = format!("SELECT public_id FROM {table} WHERE {column} = ?1 ORDER BY public_id <> ?1, public_id");
            self.tx.prepare(&sql)?.query_map([&whole], |r| r.get(0))?.collect()
        };
        let accounts = rows().map_err(self.told)?;
        Ok((kind, id, accounts))
    }

    /// Anchors of accounts by their public ids.
    fn accounts(&mut self, ids: &[String], side: &'static str) -> Result<Vec<(&'static str, Anchor)>, LedgerError> {
        let mut out = Vec::new();
        for id in ids {
            let sql = "SELECT dispatch_id, item FROM accounts WHERE public_id = ?1
                       UNION ALL SELECT dispatch_id, item FROM accord_accounts WHERE public_id = ?1";
            let found = self.tx.query_row(sql, [id], |r| Ok(Target { dispatch: r.get(0)?, address: r.get(1)? }));
            let target = found.optional().map_err(self.told)?.ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
            out.push((side, self.anchor(&target, id)?.1));
        }
        Ok(out)
    }
}

/// The most pairs that one decision may keep apart.
const MOST_PAIRS: usize = 10_000;

/// Turns a decision into an entry, or says why it cannot be made.
pub(super) fn prepare(tx: &Connection, told: Told, decision: &Decision) -> Result<Entry, LedgerError> {
    let pages = &mut Pages { tx, told, known: BTreeMap::new() };
    let mut entry = Entry { action: decision.action().to_owned(), ..Entry::default() };
    match decision {
        Decision::Accept { id } | Decision::Reject { id } => {
            let found = pages.resolve(id)?;
            for target in &found {
                let (kind, anchor) = pages.anchor(target, id)?;
                if kind == ItemKind::Dispatch && matches!(decision, Decision::Reject { .. }) {
                    return Err(LedgerError::Refused(format!(
                        "{id}: is a dispatch; reject what was read from it, or withhold or kill it"
                    )));
                }
                entry.kind = kind.name().to_owned();
                entry.anchors.push(("a", anchor));
            }
            entry.target.clone_from(id);
        }
        Decision::Note { id, text } => {
            let found = pages.resolve(id)?;
            let target = found.first().ok_or_else(|| LedgerError::NoSuchId(id.clone()))?;
            let (kind, anchor) = pages.anchor(target, id)?;
            if text.trim().is_empty() {
                return Err(LedgerError::Refused(format!("{id}: the note is empty")));
            }
            entry.kind = kind.name().to_owned();
            entry.target.clone_from(id);
            entry.value = Some(json!(text));
            entry.anchors.push(("a", anchor));
        }
        Decision::Edit { id, field, value } => edit(pages, &mut entry, id, field, value)?,
        Decision::Merge { a, b } => {
            let (one, other) = (pages.whole(a)?, pages.whole(b)?);
            if one.0 != other.0 {
                return Err(LedgerError::Refused(format!(
                    "{a} is an {}, {b} an {}: they cannot be one",
                    one.0, other.0
                )));
            }
            if one.2 == other.2 {
                return Err(LedgerError::Refused(format!("{a} and {b} are one already")));
            }
            entry.kind = one.0.to_owned();
            entry.target = format!("{a} {b}");
            entry.anchors = pages.accounts(&one.2, "a")?;
            entry.anchors.extend(pages.accounts(&other.2, "b")?);
        }
        Decision::Split { id, accounts } => {
            let (kind, _, all) = pages.whole(id)?;
            let mut go = Vec::new();
            for account in accounts {
                let (_, own, _) = pages.whole(account)?;
                if !all.contains(&own) {
                    return Err(LedgerError::Refused(format!(
                        "{account}: is no account of {id} (it has {})",
                        all.join(", ")
                    )));
                }
                go.push(own);
            }
            let stay: Vec<String> = all.iter().filter(|a| !go.contains(a)).cloned().collect();
            if go.is_empty() || stay.is_empty() {
                return Err(LedgerError::Refused(format!(
                    "{id}: name some of its accounts, not all ({})",
                    all.join(", ")
                )));
            }
            apart(pages, &mut entry, kind, &go, &stay)?;
            entry.target = format!("{id} {}", accounts.join(" "));
        }
        Decision::NotSame { a, b } => {
            let (one, other) = (pages.whole(a)?, pages.whole(b)?);
            if one.0 != other.0 {
                return Err(LedgerError::Refused(format!(
                    "{a} is an {}, {b} an {}: nobody takes them for one",
                    one.0, other.0
                )));
            }
            // Two incidents: all accounts of the one from all of the other. Two accounts of one incident: the two.
            let (left, right) = if one.2 == other.2 {
                (vec![one.1.clone()], vec![other.1.clone()])
            } else {
                (one.2.clone(), other.2.clone())
            };
            if left == right {
                return Err(LedgerError::Refused(format!("{a}: is one account; name two")));
            }
            apart(pages, &mut entry, one.0, &left, &right)?;
            entry.target = format!("{a} {b}");
        }
        Decision::Add { to, kind, words, occurrence, fields } => {
            addition(pages, &mut entry, to, kind, words, *occurrence, fields)?;
        }
        Decision::Kill { id } | Decision::Withhold { id } | Decision::Restore { id } => {
            let dispatch = dispatch_of(pages.tx, id, pages.told)?;
            let page = pages.page(dispatch)?;
            entry.target = format!("{}:{}", page.namespace, page.source_id);
            entry.kind = ItemKind::Dispatch.name().to_owned();
            entry.anchors.extend(page.anchor("").map(|a| ("a", a)));
        }
    }
    Ok(entry)
}

/// The anchors that keep two sets of accounts apart.
fn apart(
    pages: &mut Pages,
    entry: &mut Entry,
    kind: &str,
    left: &[String],
    right: &[String],
) -> Result<(), LedgerError> {
    if left.len() * right.len() > MOST_PAIRS {
        return Err(LedgerError::Refused(format!(
            "{} accounts from {} are more pairs than one decision keeps apart ({MOST_PAIRS}); name fewer",
            left.len(),
            right.len()
        )));
    }
    let table = if kind == "incident" { "accounts" } else { "accord_accounts" };
    let nodes = |ids: &[String]| -> rusqlite::Result<BTreeSet<i64>> {
        let sql = format!("SELECT node_id FROM {table} WHERE public_id = ?1");
        ids.iter().map(|id| pages.tx.query_row(&sql, [id], |r| r.get(0))).collect()
    };
    let (x, y) = (nodes(left).map_err(pages.told)?, nodes(right).map_err(pages.told)?);
    if !x.is_disjoint(&y) {
        return Err(LedgerError::Refused(format!(
            "{} and {} are copies, letter for letter the same text: name both, or neither",
            left.join(", "),
            right.join(", ")
        )));
    }
    entry.kind = kind.to_owned();
    entry.anchors = pages.accounts(left, "a")?;
    entry.anchors.extend(pages.accounts(right, "b")?);
    Ok(())
}

/// Values to try for what a person typed: the text itself, and what it is as JSON.
fn readings(value: &Value, field: &str) -> Vec<Value> {
    let Value::String(text) = value else { return vec![value.clone()] };
    let text = text.trim();
    if text.is_empty() {
        return vec![Value::Null];
    }
    if field == "number"
        && let Some((low, high)) = text.split_once(['-', '–'])
        && let (Ok(low), Ok(high)) = (low.trim().parse::<u64>(), high.trim().parse::<u64>())
    {
        return vec![json!([low.min(high), low.max(high)])];
    }
    let mut out = vec![json!(text)];
    out.extend(serde_json::from_str::<Value>(text).ok());
    // Enumerations are written with spaces on pages.
    out.push(json!(text.to_lowercase().replace(' ', "_")));
    out
}

fn edit(pages: &mut Pages, entry: &mut Entry, id: &str, field: &str, value: &Value) -> Result<(), LedgerError> {
    let target = pages.one(id)?;
    let (kind, anchor) = pages.anchor(&target, id)?;
    if kind == ItemKind::Dispatch {
        return Err(LedgerError::Refused(format!("{id}: is a dispatch; its items can be edited, itself not")));
    }
    let edited = pages
        .tx
        .prepare_cached(
            "SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND a.item = ?3 AND l.action = 'edit'",
        )
        .and_then(|mut s| s.exists(params![anchor.namespace, anchor.source_id, target.address]))
        .map_err(pages.told)?;
    let page = pages.page(target.dispatch)?;
    let mut wrong =
        format!("{field} is no field of a {} ({})", kind.name().replace('_', " "), fields(page, &target.address, kind));
    for candidate in readings(value, field) {
        let mut changed = page.record.clone();
        if apply::change(&mut changed, &target.address, field, &candidate).is_none() {
            continue;
        }
        let tried = crate::input::record_from_value(changed.clone());
        match tried {
            // A value that was dropped on the way (a day that is none) does not fit either.
            Ok(record) if kept(&record, &changed, &target.address, field) => {
                entry.kind = kind.name().to_owned();
                entry.target = id.to_owned();
                entry.was = was(page, &target.address, field);
                if entry.was.as_ref() == Some(&candidate) && !edited {
                    return Err(LedgerError::Refused(format!("{id}: {field} is {candidate} already")));
                }
                entry.field = Some(field.to_owned());
                entry.value = Some(candidate);
                entry.anchors.push(("a", anchor));
                return Ok(());
            }
            Ok(_) => wrong = format!("{candidate} is no {field}"),
            Err(said) => wrong = said.replace("is no record: ", ""),
        }
    }
    Err(LedgerError::Refused(format!("{id}: {wrong}")))
}

/// Whether a record read back holds the value that was set.
fn kept(record: &record::Record, set: &Value, address: &str, field: &str) -> bool {
    let read = item::marked(record);
    let Some((kind, at)) = item::locate(set, address) else { return false };
    let Some(key) = Some(kind.field(field)).filter(|k| *k != "date") else {
        return read.pointer(&format!("{at}/date_start")) == set.pointer(&format!("{at}/date_start"));
    };
    let (wanted, got) = (set.pointer(&format!("{at}/{key}")), read.pointer(&format!("{at}/{key}")));
    wanted == got || key == "place" && got.is_some_and(|g| !g.is_null())
}

/// What the reader has for a field.
fn was(page: &Page, address: &str, field: &str) -> Option<Value> {
    let (kind, value) = page.item(address)?;
    match kind.field(field) {
        "number" => {
            let (low, high) = (value.get("low")?, value.get("high")?);
            Some(if low == high { low.clone() } else { json!([low, high]) })
        }
        "date" => value.get("date_start").cloned(),
        "place" if kind == ItemKind::Incident => Some(value.pointer("/place/name").cloned().unwrap_or(Value::Null)),
        key => value.get(key).cloned(),
    }
}

/// The fields of an item that can be edited.
fn fields(page: &Page, address: &str, kind: ItemKind) -> String {
    let Some((_, Value::Object(object))) = page.item(address) else { return String::new() };
    let parts: Vec<&str> = kind.parts().iter().map(|p| p.list()).collect();
    let mut names: Vec<&str> = object
        .keys()
        .map(String::as_str)
        .filter(|k| {
            !matches!(*k, "id" | "content" | "about")
                && *k != item::MARK
                && *k != kind.words_field()
                && !parts.contains(k)
        })
        .collect();
    match kind {
        ItemKind::Figure => names.insert(0, "number"),
        ItemKind::Incident => names.insert(0, "date"),
        _ => {}
    }
    names.join(", ")
}

fn addition(
    pages: &mut Pages,
    entry: &mut Entry,
    to: &str,
    kind: &str,
    words: &str,
    occurrence: Option<usize>,
    fields: &Map<String, Value>,
) -> Result<(), LedgerError> {
    let kind = ItemKind::named(kind)
        .filter(|k| *k != ItemKind::Dispatch)
        .ok_or_else(|| LedgerError::Refused(format!("{kind}: is no kind of item that can be added")))?;
    let target = match kind.parent() {
        Some(_) => pages.one(to)?,
        None => Target { dispatch: dispatch_of(pages.tx, to, pages.told)?, address: String::new() },
    };
    let page = pages.page(target.dispatch)?;
    let (held_by, _) = page.item(&target.address).ok_or_else(|| LedgerError::NoSuchId(to.to_owned()))?;
    if kind.parent().is_some_and(|parent| parent != held_by) {
        return Err(LedgerError::Refused(format!(
            "{to}: is a {}; a {} belongs to an account of an {}",
            held_by.name(),
            kind.name().replace('_', " "),
            kind.parent().map_or("", ItemKind::name)
        )));
    }
    let span = page.quote(words, occurrence)?;
    let index = record::TextIndex::new(&page.text);
    let mut at = Selector::of_words(kind, &span, &index);
    let parent =
        page.item(&target.address).filter(|_| kind.parent().is_some()).map(|(k, v)| Selector::of(k, v, &index));
    // Each field as it was typed, or as what it is in JSON: the first combination that makes a record.
    let mut item = json!({"id": "x"});
    if kind == ItemKind::Accord && !fields.contains_key("name") {
        item["name"] = json!(span.text);
    }
    let standing = |value: &Value| Standing {
        action: "add".to_owned(),
        item: Some(target.address.clone()).filter(|a| !a.is_empty()),
        kind,
        field: None,
        value: value.clone(),
        mark: "x".to_owned(),
        words: (span.start, span.end, span.text.clone()),
    };
    let fits = |value: &Value| -> Result<(), String> {
        let mut record = page.record.clone();
        apply::add_unchecked(&mut record, &standing(value)).ok_or("there is no place for it")?;
        crate::input::record_from_value(record).map(|_| ()).map_err(|e| e.replace("is no record: ", ""))
    };
    for (field, value) in fields {
        let key = if field == "number" { "number" } else { kind.field(field) };
        let mut said = None;
        for candidate in readings(value, key) {
            let mut tried = item.clone();
            match (key, &candidate) {
                ("number", Value::Array(both)) => {
                    tried["low"] = both.first().cloned().unwrap_or_default();
                    tried["high"] = both.get(1).cloned().unwrap_or_default();
                }
                ("number", one) => {
                    tried["low"] = one.clone();
                    tried["high"] = one.clone();
                }
                ("date", day) if kind == ItemKind::Incident => {
                    tried["date_start"] = day.clone();
                    tried["date_end"] = day.clone();
                }
                ("place", Value::String(name)) if kind == ItemKind::Incident => {
                    tried["place"] =
                        json!({"name": name, "mention": {"start": span.start, "end": span.end, "text": span.text}});
                }
                ("parties" | "brokers", Value::String(names)) => {
                    tried[key] = names.split(';').map(|n| json!(n.trim())).collect();
                }
                _ => tried[key] = candidate.clone(),
            }
            // A field that is missing is the last complaint; until then, only what this field brings counts.
            match fits(&with_required(kind, &tried)) {
                Ok(()) => {
                    item = tried;
                    said = None;
                    break;
                }
                Err(wrong) => said = Some(wrong),
            }
        }
        if let Some(wrong) = said {
            return Err(LedgerError::Refused(format!("{field}: {wrong}")));
        }
    }
    fits(&item).map_err(|wrong| LedgerError::Refused(format!("a {}: {wrong}", kind.name().replace('_', " "))))?;
    if let Some(object) = item.as_object_mut() {
        object.remove("id");
    }
    at.detail = item::detail_of(&item, kind);
    entry.anchors.push(("a", page.anchored(at, parent)));
    entry.kind = kind.name().to_owned();
    entry.target = to.to_owned();
    entry.value = Some(item);
    Ok(())
}

/// An item with the fields it cannot be without, so that others can be tried one by one.
fn with_required(kind: ItemKind, item: &Value) -> Value {
    let mut whole = match kind {
        ItemKind::Figure => json!({"measure": "other"}),
        ItemKind::Perpetrator => json!({"actor": "", "stance": "asserts"}),
        ItemKind::Victim => json!({"group": ""}),
        ItemKind::Claim => json!({"field": "cause", "value": ""}),
        ItemKind::Accord => json!({"kind": "agreement", "name": ""}),
        ItemKind::StatusClaim => json!({"status": "agreed"}),
        _ => json!({}),
    };
    if let (Some(whole), Some(item)) = (whole.as_object_mut(), item.as_object()) {
        whole.extend(item.clone());
    }
    whole
}
