//! Dispatches as news items of IPTC's ninjs 3.1, one a line: the text as it was published, and who, where and what it tells of.

use std::collections::BTreeSet;
use std::io::Write;

use ledger::query::DispatchWhole;
use record::ActorKind;
use serde_json::{Value, json};

use super::{DISPATCHES, Format, Result, Takes, Tally, prose};

/// Writes news items.
pub struct Ninjs<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Ninjs<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Ninjs { out }
    }
}

/// The URI of a dispatch: its own URL, else a name made of namespace and id.
pub fn uri(dispatch: &DispatchWhole) -> String {
    let head = &dispatch.head;
    match head.url.as_deref().filter(|u| u.contains("://") && !u.contains(char::is_whitespace)) {
        Some(url) => url.to_owned(),
        None => format!("urn:dateline:{}:{}", percent(&head.namespace), percent(&head.id)),
    }
}

/// Escapes what a URI cannot hold.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl Format for Ninjs<'_> {
    fn takes(&self) -> Takes {
        DISPATCHES
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        let (head, record) = (&dispatch.head, &dispatch.record);
        tally.lose_if(
            !record.statements.is_empty() || !record.incidents.is_empty(),
            "what was read (statements, figures, blame): only names, places and kinds of incident are told",
        );
        let named = |kinds: &[ActorKind]| {
            let mut seen = BTreeSet::new();
            let actors = record.mentions.actors.iter().filter(|a| kinds.contains(&a.kind));
            let actors = actors.filter(|a| seen.insert(a.name.clone()));
            actors.map(|a| json!({"name": a.name, "rel": "mentions"})).collect::<Vec<Value>>()
        };
        let mut seen = BTreeSet::new();
        let places: Vec<Value> = record
            .mentions
            .places
            .iter()
            .filter(|p| seen.insert((p.name.clone(), p.geonames_id)))
            .map(|p| {
                let mut place = json!({"name": p.name, "rel": "mentions"});
                if let Some(id) = p.geonames_id {
                    place["uri"] = json!(format!("https://sws.geonames.org/{id}/"));
                }
                place
            })
            .collect();
        let kinds: BTreeSet<String> = record
            .incidents
            .iter()
            .filter_map(|i| serde_json::to_value(i.incident_type).ok())
            .filter_map(|v| v.as_str().map(prose::kind))
            .collect();
        let subjects: Vec<Value> = kinds.into_iter().map(|k| json!({"name": k, "rel": "about"})).collect();
        let events: Vec<Value> = record
            .incidents
            .iter()
            .filter_map(|i| {
                let (_, _, id) = dispatch.items.iter().find(|(item, ..)| *item == i.id)?;
                Some(json!({"id": id, "name": i.trigger.text, "uri": format!("urn:dateline:incident:{id}"), "rel": "tells of"}))
            })
            .collect();
        let mut item = json!({
            "uri": uri(dispatch),
            "type": "text",
            "representationType": "full",
            "version": head.version.to_string(),
            "firstCreated": head.filed_at,
            "pubStatus": match head.state.as_str() { "killed" => "canceled", "withheld" => "withheld", _ => "usable" },
            "bodies": [{"role": "main", "contentType": "text/plain", "charCount": head.length, "value": record.dispatch.text}],
            "people": named(&[ActorKind::Person]),
            "organisations": named(&[ActorKind::Group]),
            "places": places,
            "subjects": subjects,
            "events": events,
            "altIds": [{"role": format!("id in {}", head.namespace), "value": head.id}],
            "standard": {"name": "ninjs", "version": "3.1", "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"},
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                item[key] = value;
            }
        };
        set("language", head.language.as_ref().map(|l| json!(l)));
        set("contentCreated", head.published.as_ref().map(|d| json!(format!("{d}T00:00:00Z"))));
        set("headlines", head.headline.as_ref().map(|h| json!([{"role": "main", "value": h}])));
        set("descriptions", record.dispatch.dek.as_ref().map(|d| json!([{"role": "dek", "value": d}])));
        set("located", record.dispatch.dateline.as_ref().and_then(|d| d.place.as_ref()).map(|p| json!(p)));
        let source = |name: &Option<String>, role: &str| name.as_ref().map(|n| json!({"name": n, "role": role}));
        let sources: Vec<Value> =
            [source(&head.outlet, "publisher"), source(&head.agency, "agency")].into_iter().flatten().collect();
        set("infoSources", (!sources.is_empty()).then(|| json!(sources)));
        serde_json::to_writer(&mut *self.out, &item)?;
        self.out.write_all(b"\n")?;
        tally.rows += 1;
        Ok(())
    }
}
