//! What was read where, as W3C Web Annotations: an annotation page (JSON-LD) whose items point at the exact words with a
//! position selector (code points) and a quotation selector with what stands before and after.
//!
//! | motivation | target | body |
//! |---|---|---|
//! | identifying | the words that name an actor or place | its name, and its GeoNames page where known |
//! | classifying | the words that tell of an incident; a figure's words | the kind of incident; the measure and number |
//! | linking | the words that tell of an incident or accord | the ledger's incident or accord |
//! | assessing | the words that name a perpetrator; a claim about an accord | stance and voice; status and voice |

use std::io::Write;

use ledger::query::DispatchWhole;
use record::{Span, TextIndex};
use serde_json::{Value, json};

use super::ninjs::uri;
use super::{DISPATCHES, Format, Result, Takes, Tally};

/// The context of Web Annotations.
pub const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";

/// How many code points of what stands around are quoted.
const AROUND: usize = 32;

/// Writes annotations as they come.
pub struct Annotations<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Annotations<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Annotations { out }
    }

    fn item(&mut self, annotation: &Value, tally: &mut Tally) -> Result {
        self.out.write_all(if tally.rows > 0 { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *self.out, annotation)?;
        tally.rows += 1;
        Ok(())
    }
}

/// Makes annotations on one dispatch.
struct Page<'d> {
    index: TextIndex<'d>,
    source: String,
    id: String,
    count: usize,
}

impl Page<'_> {
    /// The words that stand before and after a span.
    fn around(&self, span: &Span) -> (&str, &str) {
        let text = self.index.text();
        let piece = |from: usize, to: usize| text.get(self.index.byte(from)..self.index.byte(to)).unwrap_or_default();
        (piece(span.start.saturating_sub(AROUND), span.start), piece(span.end, span.end.saturating_add(AROUND)))
    }

    fn annotation(&mut self, motivation: &str, span: &Span, body: Value) -> Value {
        self.count += 1;
        let (prefix, suffix) = self.around(span);
        json!({
            "id": format!("{}:{}", self.id, self.count),
            "type": "Annotation",
            "motivation": motivation,
            "body": body,
            "target": {
                "source": self.source,
                "selector": [
                    {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                    {"type": "TextQuoteSelector", "exact": span.text, "prefix": prefix, "suffix": suffix},
                ],
            },
        })
    }
}

fn plain(text: impl Into<String>) -> Value {
    json!({"type": "TextualBody", "value": text.into(), "format": "text/plain"})
}

/// The name that an enumeration's value has in records.
fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Format for Annotations<'_> {
    fn takes(&self) -> Takes {
        DISPATCHES
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        let head = format!(
            "{{\"@context\":\"{CONTEXT}\",\"id\":\"urn:dateline:annotations\",\"type\":\"AnnotationPage\",\"items\":["
        );
        Ok(self.out.write_all(head.as_bytes())?)
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        let record = &dispatch.record;
        tally.lose_if(
            !record.statements.is_empty(),
            "statements: they are told by `claimreview` and `csv --table statements`",
        );
        let mut page = Page {
            index: TextIndex::new(&record.dispatch.text),
            source: uri(dispatch),
            id: format!(
                "urn:dateline:annotation:{}:{}",
                super::ninjs::percent(&dispatch.head.namespace),
                super::ninjs::percent(&dispatch.head.id)
            ),
            count: 0,
        };
        let mut items = Vec::new();
        for actor in &record.mentions.actors {
            items.push(page.annotation("identifying", &actor.span, plain(&actor.name)));
        }
        for place in &record.mentions.places {
            let mut bodies = vec![plain(&place.name)];
            bodies.extend(place.geonames_id.map(|id| {
                json!({"id": format!("https://sws.geonames.org/{id}/"), "type": "SpecificResource",
                       "source": format!("https://sws.geonames.org/{id}/"), "purpose": "identifying"})
            }));
            items.push(page.annotation("identifying", &place.span, json!(bodies)));
        }
        let ledger_id = |item: &str| dispatch.items.iter().find(|(i, ..)| i == item).map(|(_, _, id)| id.clone());
        for incident in &record.incidents {
            let kind = plain(name(incident.incident_type));
            items.push(page.annotation("classifying", &incident.trigger, kind));
            if let Some(id) = ledger_id(&incident.id) {
                let body = json!({"type": "SpecificResource", "source": format!("urn:dateline:incident:{id}"), "purpose": "linking"});
                items.push(page.annotation("linking", &incident.trigger, body));
            }
            for figure in &incident.figures {
                let number = match (figure.low, figure.high) {
                    (Some(l), Some(h)) if l != h => format!("{l}–{h}"),
                    (Some(n), _) | (None, Some(n)) => n.to_string(),
                    (None, None) => "no number".to_owned(),
                };
                let value = format!(
                    "{}: {number} {} ({}, by {})",
                    name(figure.measure),
                    figure.group,
                    name(figure.qualifier),
                    figure.by
                );
                items.push(page.annotation("classifying", &figure.mention, plain(value)));
            }
            for p in &incident.perpetrators {
                let value = format!("{}: {} ({} by {})", name(incident.incident_type), p.actor, name(p.stance), p.by);
                items.push(page.annotation("assessing", &p.mention, plain(value)));
            }
        }
        for accord in &record.accords {
            if let Some(id) = ledger_id(&accord.id) {
                let body = json!({"type": "SpecificResource", "source": format!("urn:dateline:accord:{id}"), "purpose": "linking"});
                items.push(page.annotation("linking", &accord.mention, body));
            }
            for claim in &accord.status_claims {
                let blamed = claim.blamed.as_ref().map(|b| format!(", blaming {b}")).unwrap_or_default();
                let value = format!(
                    "{}: {} ({}{blamed}, by {})",
                    accord.name,
                    name(claim.status),
                    name(claim.modality),
                    claim.by
                );
                items.push(page.annotation("assessing", &claim.mention, plain(value)));
            }
        }
        items.iter().try_for_each(|i| self.item(i, tally))
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}
