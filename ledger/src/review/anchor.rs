//! Anchors: a decision is tied to words, not to a position in a record, so that it outlives a new reading and a
//! corrected text.
//!
//! An anchor is a Web Annotation selector: the exact words with what stands before and after them, the text they were seen
//! in, and the kind of item. It is attached again by overlap: in the same text, to the item of that kind whose range shares
//! most with the anchor's; in another text, the exact words are looked for first, and of several places the one whose
//! neighbourhood is most alike is taken. Words that are gone leave an orphan, which goes to the review queue.

use record::{Span, TextIndex};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::item::{self, ItemKind};

/// How much of the text before and after is kept, in code points.
const CONTEXT: usize = 32;

/// What a decision is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// Namespace of the dispatch.
    pub namespace: String,
    /// Its id there.
    pub source_id: String,
    /// SHA-256 of the text that the person saw.
    pub text_sha256: String,
    /// The words.
    #[serde(flatten)]
    pub at: Selector,
    /// The account that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Selector>,
}

/// Words in their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selector {
    /// The kind of item.
    pub kind: String,
    /// What tells it from others of these words.
    #[serde(default)]
    pub detail: String,
    /// The words.
    pub exact: String,
    /// What stands before them.
    #[serde(default)]
    pub prefix: String,
    /// What stands after them.
    #[serde(default)]
    pub suffix: String,
    /// Where they begin, in code points.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// The address of an item that a person added: it is found by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<String>,
}

impl Selector {
    /// A selector of an item.
    pub fn of(kind: ItemKind, item: &Value, text: &TextIndex) -> Selector {
        let mut selector = Selector::of_words(kind, &item::span_of(item, kind), text);
        selector.detail = item::detail_of(item, kind);
        let mark = item::mark_of(item);
        selector.added = mark.starts_with('x').then(|| mark.to_owned());
        selector
    }

    /// A selector of words.
    pub fn of_words(kind: ItemKind, span: &Span, text: &TextIndex) -> Selector {
        let slice = |from: usize, to: usize| {
            let (from, to) = (text.byte(from), text.byte(to));
            text.text().get(from..to.max(from)).unwrap_or_default().to_owned()
        };
        let placed = span.end > span.start;
        Selector {
            kind: kind.name().to_owned(),
            detail: String::new(),
            exact: span.text.clone(),
            prefix: if placed { slice(span.start.saturating_sub(CONTEXT), span.start) } else { String::new() },
            suffix: if placed { slice(span.end, (span.end + CONTEXT).min(text.len())) } else { String::new() },
            start: span.start,
            end: span.end,
            added: None,
        }
    }

    /// Where the words stand in a text: at their own place where the text is the same, else where they are found.
    pub fn place(&self, text: &TextIndex, same: bool) -> Option<(usize, usize)> {
        if same || self.exact.is_empty() {
            return Some((self.start, self.end));
        }
        let length = self.exact.chars().count();
        let mut best: Option<(usize, usize, usize)> = None;
        for (byte, _) in text.text().match_indices(self.exact.as_str()).take(MOST_PLACES) {
            let before = common(text.text().get(..byte).unwrap_or_default().chars().rev(), self.prefix.chars().rev());
            let rest = text.text().get(byte + self.exact.len()..).unwrap_or_default();
            let alike = before + common(rest.chars(), self.suffix.chars());
            let start = text.code_point(byte);
            let far = start.abs_diff(self.start);
            if best.is_none_or(|(a, f, _)| alike > a || alike == a && far < f) {
                best = Some((alike, far, start));
            }
        }
        best.map(|(_, _, start)| (start, start + length))
    }
}

/// How many places of the same words are looked at: a text that repeats them more often is no place to find them in.
const MOST_PLACES: usize = 200;

/// How many characters two sequences have in common from their beginning.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(x, y)| x == y).count()
}

/// How much two ranges share, in hundredths of what they cover together.
fn overlap(a: (usize, usize), b: (usize, usize)) -> usize {
    let both = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let all = a.1.max(b.1).saturating_sub(a.0.min(b.0));
    (both * 100).checked_div(all).unwrap_or(0)
}

/// How well an item fits a selector that stands at `place`; nothing when it does not.
fn fit(selector: &Selector, place: (usize, usize), kind: ItemKind, item: &Value) -> Option<usize> {
    let span = item::span_of(item, kind);
    let shared = if span.end > span.start {
        overlap(place, (span.start, span.end))
    } else {
        // Words without a place (records written by hand) are compared as words.
        if span.text == selector.exact { 100 } else { 0 }
    };
    let alike = item::detail_of(item, kind) == selector.detail;
    let enough = shared > 0 && (alike || shared >= 50);
    enough.then(|| shared + if alike { 40 } else { 0 })
}

/// The address of the item that an anchor is about in a marked record of `text`; nothing when it finds no place.
pub fn attach(anchor: &Anchor, record: &Value, text: &TextIndex, text_sha256: &str) -> Option<String> {
    let kind = ItemKind::named(&anchor.at.kind)?;
    if kind == ItemKind::Dispatch {
        return Some(String::new());
    }
    let same = anchor.text_sha256 == text_sha256;
    let parent = match &anchor.parent {
        Some(selector) => {
            let place = match &selector.added {
                Some(_) => None,
                None => Some(selector.place(text, same)?),
            };
            Some((selector, place))
        }
        None => None,
    };
    let fits_parent = |holder: Option<&Value>| -> Option<usize> {
        let Some((selector, place)) = &parent else { return Some(0) };
        let holder = holder?;
        match (&selector.added, place) {
            (Some(mark), _) => (item::mark_of(holder) == mark).then_some(100),
            (None, Some(place)) => Some(fit(selector, *place, kind.parent().unwrap_or(kind), holder).unwrap_or(0)),
            _ => None,
        }
    };
    if let Some(mark) = &anchor.at.added {
        let found = item::all(record, kind)
            .into_iter()
            .filter(|(address, _, _)| address.rsplit('.').next() == Some(mark.as_str()));
        return found.map(|f| f.0).next();
    }
    let place = anchor.at.place(text, same)?;
    let mut best: Option<(usize, String)> = None;
    for (address, item, holder) in item::all(record, kind) {
        let (Some(own), Some(above)) = (fit(&anchor.at, place, kind, item), fits_parent(holder)) else { continue };
        let points = own * 2 + above;
        if best.as_ref().is_none_or(|(most, _)| points > *most) {
            best = Some((points, address));
        }
    }
    best.map(|b| b.1)
}

/// Where an added item goes: the words' range and, for a part of an account, that account's address.
pub fn attach_added(
    anchor: &Anchor,
    record: &Value,
    text: &TextIndex,
    text_sha256: &str,
) -> Option<((usize, usize), Option<String>)> {
    let kind = ItemKind::named(&anchor.at.kind)?;
    let place = anchor.at.place(text, anchor.text_sha256 == text_sha256)?;
    let Some(parent) = &anchor.parent else { return Some((place, None)) };
    let holder = Anchor { at: parent.clone(), parent: None, ..anchor.clone() };
    kind.parent()?;
    attach(&holder, record, text, text_sha256).map(|address| (place, Some(address)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(text: &str, figures: &[(&str, &str)]) -> Value {
        let span = |words: &str| {
            let start = text.find(words).map(|b| text[..b].chars().count()).unwrap();
            json!({"start": start, "end": start + words.chars().count(), "text": words})
        };
        let figures: Vec<Value> = figures
            .iter()
            .enumerate()
            .map(|(n, (measure, words))| json!({"id": format!("f{}", n + 1), "measure": measure, "mention": span(words)}))
            .collect();
        let record = json!({"dispatch": {"text": text}, "incidents": [
            {"id": "i1", "type": "shelling", "trigger": span("Shells"), "figures": figures}]});
        item::marked(&crate::record_from_json(&record.to_string()).unwrap())
    }

    fn anchor(text: &str, value: &Value, address: &str) -> Anchor {
        let index = TextIndex::new(text);
        let (kind, at) = item::locate(value, address).unwrap();
        let parent = value.pointer("/incidents/0").unwrap();
        Anchor {
            namespace: "n".to_owned(),
            source_id: "d".to_owned(),
            text_sha256: crate::digest::hex(text.as_bytes()),
            at: Selector::of(kind, value.pointer(&at).unwrap(), &index),
            parent: Some(Selector::of(ItemKind::Incident, parent, &index)),
        }
    }

    #[test]
    fn an_anchor_finds_its_item_in_another_reading_and_in_a_corrected_text() {
        let text = "Shells hit – “Marq”: 20 people died, 20 were hurt.";
        let old = record(text, &[("killed", "20 people"), ("injured", "20 were hurt")]);
        let hurt = anchor(text, &old, "i1.f2");
        let find = |text: &str, figures: &[(&str, &str)]| {
            let new = record(text, figures);
            attach(&hurt, &new, &TextIndex::new(text), &crate::digest::hex(text.as_bytes()))
        };
        // Another reading: the order changed and the words are fewer.
        let shorter = find(text, &[("injured", "20 were"), ("killed", "20 people")]);
        assert_eq!(shorter.as_deref(), Some("i1.f1"));
        // A corrected text: everything moved.
        let moved = "Correction – Shells hit Marq: 10 people died, 20 were hurt.";
        assert_eq!(find(moved, &[("killed", "10 people"), ("injured", "20 were hurt")]).as_deref(), Some("i1.f2"));
        // The words are gone, or nothing is read from them any more.
        let gone = "Shells hit – “Marq”: 20 people died.";
        assert_eq!(find(gone, &[("killed", "20 people")]), None);
        assert_eq!(find(text, &[("killed", "20 people")]), None);
    }

    #[test]
    fn of_several_places_the_one_with_the_same_neighbours_is_taken() {
        let text = "Two died in Marq. Two died in Homs.";
        let index = TextIndex::new(text);
        let second = Span { start: 18, end: 21, text: "Two".to_owned() };
        let selector = Selector::of_words(ItemKind::Figure, &second, &index);
        let new = "Update: Two died in Idlib. Two died in Marq. Two died in Homs.";
        assert_eq!(selector.place(&TextIndex::new(new), false), Some((45, 48)));
        assert_eq!(selector.place(&TextIndex::new("None died."), false), None);
    }
}
