//! What is said of incidents and accords, as schema.org claims: a `Claim` for each statement that is about one, with who
//! makes it and where it appears.
//!
//! A `ClaimReview` is written only where a person gave a verdict: a note on a statement that begins with `verdict:`. Its
//! first clause is the rating, in that person's words; the rest is the reason.
//!
//! ```text
//! dateline review note wire:d1#s3 "verdict: not supported. The ministry's own list has ten names." --by Amal
//! ```
//!
//! No code here decides what is true: to accept or reject what was read is no verdict on what was said, a dispute is no
//! rating, and a scale of numbers (`ratingValue`) is never made up.

use std::io::Write;

use ledger::query::{DispatchWhole, NoteOn};
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

    fn put(&mut self, node: &Value, tally: &mut Tally) -> Result {
        self.out.write_all(if tally.rows > 0 { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *self.out, node)?;
        tally.rows += 1;
        Ok(())
    }
}

/// How a note that is a verdict begins.
const MARK: &str = "verdict:";

/// A person's verdict on a claim.
#[derive(Debug, PartialEq, Eq)]
struct Verdict<'n> {
    /// The rating in the person's words.
    rating: &'n str,
    /// Why.
    reason: &'n str,
}

impl<'n> Verdict<'n> {
    /// The verdict in a note, where it is one.
    fn of(note: &'n str) -> Option<Verdict<'n>> {
        let note = note.trim();
        let said = note.get(..MARK.len()).filter(|m| m.eq_ignore_ascii_case(MARK)).and(note.get(MARK.len()..))?.trim();
        // The first clause: a full stop within a number or a name ("No. 3") does not end it where no space follows.
        let ends = [". ", "; ", "\n", " \u{2014} "];
        let end = ends.iter().filter_map(|end| said.find(end).map(|at| (at, end.len()))).min();
        let (rating, reason) = match end {
            Some((at, length)) => (said.get(..at)?, said.get(at + length..)?.trim()),
            None => (said.trim_end_matches('.'), ""),
        };
        (!rating.is_empty()).then_some(Verdict { rating, reason })
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
        let verdicts: Vec<(&NoteOn, Verdict)> =
            dispatch.notes.iter().filter_map(|n| Some((n, Verdict::of(&n.text)?))).collect();
        for (note, _) in &verdicts {
            let on_statement = record.statements.iter().any(|s| s.id == note.item);
            tally.lose_if(!on_statement, "verdicts on what is no statement: left out, for a review is of a claim");
        }
        for statement in &record.statements {
            let reviewed = verdicts.iter().any(|(n, _)| n.item == statement.id);
            if statement.about.is_empty() && !reviewed {
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
            self.put(&claim, tally)?;
            for (note, verdict) in verdicts.iter().filter(|(n, _)| n.item == statement.id) {
                tally.lose("verdicts without a page of their own: no url is written");
                let mut review = json!({
                    "@type": "ClaimReview",
                    "@id": format!("urn:dateline:verdict:{}", percent(&note.id)),
                    "claimReviewed": words.join(" … "),
                    "author": {"@type": "Person", "name": note.by},
                    "datePublished": note.at.get(..10).unwrap_or(&note.at),
                    "itemReviewed": claim,
                    "reviewRating": {"@type": "Rating", "alternateName": verdict.rating},
                });
                if !verdict.reason.is_empty() {
                    review["reviewBody"] = json!(verdict.reason);
                }
                self.put(&review, tally)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_note_that_says_so_is_a_verdict() {
        let of = |note| Verdict::of(note).map(|v| (v.rating, v.reason));
        assert_eq!(
            of("verdict: not supported. The list has ten names."),
            Some(("not supported", "The list has ten names."))
        );
        assert_eq!(of(" Verdict: out of context"), Some(("out of context", "")));
        assert_eq!(of("Verdict: 9.5 of 10 true."), Some(("9.5 of 10 true", "")));
        for note in ["the verdict: guilty", "verdict:", "verdict: . ", "", "ü"] {
            assert_eq!(of(note), None, "{note}");
        }
    }
}
