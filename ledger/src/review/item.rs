//! Items of a record by address: `i1`, `i1.f2` (a figure), `i1.p1` (a perpetrator), `i1.v1` (a victim), `i1.c1` (a claim),
//! `a1`, `a1.c1` (a claim of its status), `s3`. What a person added begins with `x`.
//!
//! Decisions are applied to the record's JSON form, so that every field of every item can be reached by name.

use std::collections::BTreeSet;

use record::{Record, Span};
use serde_json::Value;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// An account of an incident.
    Incident,
    /// A count in it.
    Figure,
    /// Who is blamed, cleared or owns up.
    Perpetrator,
    /// Whom it struck.
    Victim,
    /// A claim about means, date, place or cause.
    Claim,
    /// Who is reported to have said what.
    Statement,
    /// An account of an accord.
    Accord,
    /// A claim about its state.
    StatusClaim,
    /// The dispatch as a whole.
    Dispatch,
}

/// Each kind with its name, its list in the record or account, and the letter of its addresses.
const KINDS: [(ItemKind, &str, &str, char); 9] = [
    (ItemKind::Incident, "incident", "incidents", 'i'),
    (ItemKind::Figure, "figure", "figures", 'f'),
    (ItemKind::Perpetrator, "perpetrator", "perpetrators", 'p'),
    (ItemKind::Victim, "victim", "victims", 'v'),
    (ItemKind::Claim, "claim", "claims", 'c'),
    (ItemKind::Statement, "statement", "statements", 's'),
    (ItemKind::Accord, "accord", "accords", 'a'),
    (ItemKind::StatusClaim, "status_claim", "status_claims", 'c'),
    (ItemKind::Dispatch, "dispatch", "", 'd'),
];

/// The lists of a record.
const TOP: [ItemKind; 3] = [ItemKind::Incident, ItemKind::Accord, ItemKind::Statement];

impl ItemKind {
    /// Its name in the log.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|k| k.0 == self).map_or("", |k| k.1)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<ItemKind> {
        KINDS.iter().find(|k| k.1 == name).map(|k| k.0)
    }

    /// The key of its list.
    pub fn list(self) -> &'static str {
        KINDS.iter().find(|k| k.0 == self).map_or("", |k| k.2)
    }

    fn letter(self) -> char {
        KINDS.iter().find(|k| k.0 == self).map_or('x', |k| k.3)
    }

    /// What it is a part of.
    pub fn parent(self) -> Option<ItemKind> {
        match self {
            ItemKind::Figure | ItemKind::Perpetrator | ItemKind::Victim | ItemKind::Claim => Some(ItemKind::Incident),
            ItemKind::StatusClaim => Some(ItemKind::Accord),
            _ => None,
        }
    }

    /// The kinds that are parts of it.
    pub fn parts(self) -> &'static [ItemKind] {
        match self {
            ItemKind::Incident => &[ItemKind::Figure, ItemKind::Perpetrator, ItemKind::Victim, ItemKind::Claim],
            ItemKind::Accord => &[ItemKind::StatusClaim],
            _ => &[],
        }
    }

    /// The field that holds its words.
    pub fn words_field(self) -> &'static str {
        match self {
            ItemKind::Incident => "trigger",
            ItemKind::Statement => "content",
            _ => "mention",
        }
    }

    /// The name that a field has in the record, for the names that lists and people use.
    pub fn field(self, name: &str) -> &str {
        match (self, name) {
            (ItemKind::Figure, "counted" | "of_what") => "group",
            (ItemKind::Figure, "out_of") => "of",
            (ItemKind::Victim, "victim") => "group",
            (ItemKind::Statement, _) => name,
            (_, "speaker") => "by",
            _ => name,
        }
    }
}

/// The key under which an item's place in its list is kept while decisions are applied.
pub const MARK: &str = "_item";

/// A record as JSON, every item marked with its address within its list.
pub fn marked(record: &Record) -> Value {
    let mut value = serde_json::to_value(record).unwrap_or_default();
    for kind in TOP {
        mark(&mut value, kind);
        for item in items_mut(&mut value, kind) {
            for part in kind.parts() {
                mark(item, *part);
            }
        }
    }
    value
}

/// Marks the items of one list: with their own id where it is one, else by position.
fn mark(holder: &mut Value, kind: ItemKind) {
    let mut seen = BTreeSet::new();
    for (n, item) in items_mut(holder, kind).iter_mut().enumerate() {
        let own = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let mark = own_mark(own, kind, n, &mut seen);
        if let Some(object) = item.as_object_mut() {
            object.insert(MARK.to_owned(), Value::String(mark));
        }
    }
}

/// An item's own id where it can be an address and no item before it has it, else its letter and number.
fn own_mark(own: &str, kind: ItemKind, n: usize, seen: &mut BTreeSet<String>) -> String {
    let plain = !own.is_empty() && own.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain && seen.insert(own.to_owned()) { own.to_owned() } else { format!("{}{}", kind.letter(), n + 1) }
}

/// The items of a list.
pub fn items(holder: &Value, kind: ItemKind) -> &[Value] {
    holder.get(kind.list()).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The items of a list, to be changed.
pub fn items_mut(holder: &mut Value, kind: ItemKind) -> &mut [Value] {
    holder.get_mut(kind.list()).and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}

/// An item's mark.
pub fn mark_of(item: &Value) -> &str {
    item.get(MARK).and_then(Value::as_str).unwrap_or_default()
}

/// The words of an item: those of its first piece.
pub fn span_of(item: &Value, kind: ItemKind) -> Span {
    let span = item.get(kind.words_field());
    let span = if kind == ItemKind::Statement { span.and_then(|c| c.get(0)) } else { span };
    span.and_then(|s| serde_json::from_value(s.clone()).ok()).unwrap_or(Span { start: 0, end: 0, text: String::new() })
}

/// What tells an item from others of the same words.
pub fn detail_of(item: &Value, kind: ItemKind) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
    match kind {
        ItemKind::Incident => text("type").to_owned(),
        ItemKind::Figure => text("measure").to_owned(),
        ItemKind::Perpetrator => format!("{}|{}|{}", text("stance"), text("actor"), text("by")),
        ItemKind::Victim => text("group").to_owned(),
        ItemKind::Claim => format!("{}|{}", text("field"), text("by")),
        ItemKind::Statement => text("speaker").to_owned(),
        ItemKind::Accord => text("kind").to_owned(),
        ItemKind::StatusClaim => format!("{}|{}|{}", text("status"), text("by"), text("blamed")),
        ItemKind::Dispatch => String::new(),
    }
}

/// Where an item stands in a marked record: its kind and its JSON pointer.
pub fn locate(record: &Value, address: &str) -> Option<(ItemKind, String)> {
    let (top, part) = match address.split_once('.') {
        Some((top, part)) => (top, Some(part)),
        None => (address, None),
    };
    for kind in TOP {
        let Some(n) = items(record, kind).iter().position(|i| mark_of(i) == top) else { continue };
        let at = format!("/{}/{n}", kind.list());
        let Some(part) = part else { return Some((kind, at)) };
        let holder = record.pointer(&at)?;
        for sub in kind.parts() {
            if let Some(m) = items(holder, *sub).iter().position(|i| mark_of(i) == part) {
                return Some((*sub, format!("{at}/{}/{m}", sub.list())));
            }
        }
    }
    None
}

/// Every item of a kind with its address, and the item that holds it.
pub fn all(record: &Value, kind: ItemKind) -> Vec<(String, &Value, Option<&Value>)> {
    match kind.parent() {
        None => items(record, kind).iter().map(|i| (mark_of(i).to_owned(), i, None)).collect(),
        Some(parent) => items(record, parent)
            .iter()
            .flat_map(|p| items(p, kind).iter().map(move |i| (format!("{}.{}", mark_of(p), mark_of(i)), i, Some(p))))
            .collect(),
    }
}

/// The addresses of the parts of a record's items, list by list in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Of each incident: figures, perpetrators, victims, claims.
    pub incidents: Vec<[Vec<String>; 4]>,
    /// Of each accord: the claims of its status.
    pub accords: Vec<Vec<String>>,
}

impl Marks {
    /// The marks of a reader's record, as [`marked`] gives them.
    pub fn plain(record: &Record) -> Marks {
        let figures = |i: &record::Incident| {
            let mut seen = BTreeSet::new();
            let own = |(n, f): (usize, &record::Figure)| own_mark(&f.id, ItemKind::Figure, n, &mut seen);
            i.figures.iter().enumerate().map(own).collect()
        };
        // Parts that have no id of their own go by position, which an empty list stands for.
        let incidents = record.incidents.iter().map(|i| [figures(i), Vec::new(), Vec::new(), Vec::new()]).collect();
        Marks { incidents, accords: Vec::new() }
    }

    /// The marks of a marked record.
    pub fn of(record: &Value) -> Marks {
        let list = |holder: &Value, kind| items(holder, kind).iter().map(|i| mark_of(i).to_owned()).collect();
        Marks {
            incidents: items(record, ItemKind::Incident)
                .iter()
                .map(|i| {
                    [ItemKind::Figure, ItemKind::Perpetrator, ItemKind::Victim, ItemKind::Claim].map(|k| list(i, k))
                })
                .collect(),
            accords: items(record, ItemKind::Accord).iter().map(|a| list(a, ItemKind::StatusClaim)).collect(),
        }
    }
}

/// The mark of the `n`th item of a list, or what its position gives where the list of marks is empty.
pub fn mark_at(marks: Option<&Vec<String>>, kind: ItemKind, n: usize) -> String {
    marks.and_then(|m| m.get(n)).cloned().unwrap_or_else(|| format!("{}{}", kind.letter(), n + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_item_is_found_by_its_address() {
        let record = crate::record_from_json(
            &json!({"dispatch": {"text": "Two died."}, "incidents": [{"id": "i1", "figures": [
                {"id": "f7", "measure": "killed"}, {"id": "f7", "measure": "injured"}], "perpetrators": [
                {"actor": "A", "stance": "asserts"}]}], "accords": [{"id": "a1", "kind": "truce", "name": "n",
                "status_claims": [{"status": "agreed"}]}], "statements": [{"id": "s1"}]})
            .to_string(),
        )
        .unwrap();
        let value = marked(&record);
        for (address, kind, at) in [
            ("i1", ItemKind::Incident, "/incidents/0"),
            ("i1.f7", ItemKind::Figure, "/incidents/0/figures/0"),
            ("i1.f2", ItemKind::Figure, "/incidents/0/figures/1"),
            ("i1.p1", ItemKind::Perpetrator, "/incidents/0/perpetrators/0"),
            ("a1.c1", ItemKind::StatusClaim, "/accords/0/status_claims/0"),
            ("s1", ItemKind::Statement, "/statements/0"),
        ] {
            assert_eq!(locate(&value, address), Some((kind, at.to_owned())), "{address}");
        }
        assert_eq!(locate(&value, "i2"), None);
        assert_eq!(locate(&value, "i1.p9"), None);
        let marks = Marks::of(&value);
        assert_eq!(marks.incidents[0][0], ["f7", "f2"]);
        assert_eq!(mark_at(marks.accords.first(), ItemKind::StatusClaim, 0), "c1");
        assert_eq!(mark_at(None, ItemKind::Victim, 1), "v2");
    }
}
