//! What is said of incidents and accords, as schema.org claims: a `Claim` for each statement that is about one, with who
//! makes it and where it appears. A `ClaimReview` is written only for a person's verdict; no code here decides what is true.

use std::io::Write;

use ledger::query::DispatchWhole;
use serde_json::{Value, json};

use super::ninjs::{percent, uri};
use super::{DISPATCHES, Format, Result, Takes, Tally};

/// Writes claims as they come.
pub struct Claims<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Claims<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Claims { out }
    }
}

impl Format for Claims<'_> {
    fn takes(&self) -> Takes {
        DISPATCHES
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"{\"@context\":\"https://schema.org\",\"@graph\":[")?)
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        let (head, record) = (&dispatch.head, &dispatch.record);
        if head.state != "live" {
            tally.lose("dispatches that were withdrawn: left out");
            return Ok(());
        }
        for statement in &record.statements {
            if statement.about.is_empty() {
                tally.lose("statements that are about no incident or accord: left out");
                continue;
            }
            let words: Vec<&str> = statement.content.iter().map(|c| c.text.as_str()).collect();
            let about: Vec<Value> = statement
                .about
                .iter()
                .filter_map(|item| dispatch.items.iter().find(|(i, ..)| i == item))
                .map(|(item, _, id)| {
                    let kind = if item.starts_with('a') { "accord" } else { "incident" };
                    json!({"@type": if kind == "incident" { "Event" } else { "Thing" }, "@id": format!("urn:dateline:{kind}:{id}")})
                })
                .collect();
            let mut appearance = json!({"@type": "NewsArticle", "@id": uri(dispatch)});
            let mut set = |key: &str, value: Option<Value>| {
                if let Some(value) = value {
                    appearance[key] = value;
                }
            };
            set("headline", head.headline.as_ref().map(|h| json!(h)));
            set("datePublished", head.published.as_ref().map(|d| json!(d)));
            set("publisher", head.outlet.as_ref().map(|o| json!({"@type": "Organization", "name": o})));
            let mut claim = json!({
                "@type": "Claim",
                "@id": format!("urn:dateline:claim:{}:{}:{}", percent(&head.namespace), percent(&head.id), statement.id),
                "text": words.join(" … "),
                "author": {"@type": "Thing", "name": statement.speaker},
                "about": about,
                "appearance": appearance,
            });
            if let Some(day) = statement.said_on {
                claim["dateCreated"] = json!(day.to_string());
            }
            self.out.write_all(if tally.rows > 0 { b",\n" } else { b"\n" })?;
            serde_json::to_writer(&mut *self.out, &claim)?;
            tally.rows += 1;
        }
        Ok(())
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}
