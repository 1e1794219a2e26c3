//! Incidents and accords as a timeline (TimelineJS 3).

use std::io::Write;

use jiff::civil::Date;
use ledger::query::{AccordWhole, IncidentWhole};
use serde_json::{Value, json};

use super::blame::View;
use super::places::Spot;
use super::{Format, INCIDENTS_AND_ACCORDS, Result, Takes, Tally, prose};

/// Writes events as they come.
pub struct Timeline<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Timeline<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Timeline { out }
    }

    fn event(&mut self, event: &Value, tally: &mut Tally) -> Result {
        self.out.write_all(if tally.rows > 0 { b",\n" } else { b"\n" })?;
        serde_json::to_writer(&mut *self.out, event)?;
        tally.rows += 1;
        Ok(())
    }
}

/// A day in the timeline's form.
fn day(text: Option<&str>) -> Option<Value> {
    let day: Date = text?.parse().ok()?;
    Some(json!({"year": day.year(), "month": day.month(), "day": day.day(), "display_text": text}))
}

/// Text for a page that takes it for HTML.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Format for Timeline<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS_AND_ACCORDS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"{\"events\":[")?)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let Some(view) = View::of(incident, tally) else { return Ok(()) };
        let row = view.row;
        let Some(start) = day(row.date_start.as_deref()) else {
            tally.lose("incidents without a day: left out");
            return Ok(());
        };
        let spot = Spot::of(&view);
        let mut event = json!({
            "start_date": start,
            "text": {"headline": html(&prose::headline(row)), "text": html(&prose::notes(&view))},
            "group": prose::kind(&row.kind),
            "unique_id": row.id,
        });
        if row.date_end != row.date_start
            && let Some(end) = day(row.date_end.as_deref())
        {
            event["end_date"] = end;
        }
        if let Some((lat, lon)) = spot.at {
            event["location"] = json!({"lat": lat, "lon": lon, "name": spot.full_name()});
        }
        self.event(&event, tally)
    }

    fn accord(&mut self, accord: &AccordWhole, tally: &mut Tally) -> Result {
        let row = &accord.accord;
        let told = row.date.clone().or_else(|| accord.timeline.iter().find_map(|l| l.date.clone()));
        let Some(start) = day(told.as_deref()) else {
            tally.lose("accords without a day: left out");
            return Ok(());
        };
        let mut said: Vec<String> = Vec::new();
        for line in &accord.timeline {
            let by = if line.by == record::OUTLET { line.outlet.as_deref().unwrap_or("the outlet") } else { &line.by };
            let blamed = line.blamed.as_ref().map(|b| format!(", blaming {b}")).unwrap_or_default();
            let modality = if line.modality == "asserted" { String::new() } else { format!(", {}", line.modality) };
            let sentence = format!(
                "{}: {}{modality}{blamed}, says {by}.",
                line.date.as_deref().unwrap_or("undated"),
                line.status.replace('_', " ")
            );
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        let parties =
            if row.parties.is_empty() { String::new() } else { format!("Parties: {}. ", row.parties.join(", ")) };
        let event = json!({
            "start_date": start,
            "text": {"headline": html(&row.name), "text": html(&format!("{parties}{}", said.join(" ")))},
            "group": row.kind.replace('_', " "),
            "unique_id": row.id,
        });
        self.event(&event, tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}
