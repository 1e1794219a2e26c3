//! Incidents as a calendar (RFC 5545): an all-day event each, tentative when sources differ, its end the day after the last
//! as the format wants it.

use std::io::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use ledger::query::IncidentWhole;

use super::blame::View;
use super::places::Spot;
use super::{Format, INCIDENTS, Result, Takes, Tally, prose};

/// Writes a calendar.
pub struct Calendar<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Calendar<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Calendar { out }
    }

    fn line(&mut self, name: &str, value: &str) -> Result {
        Ok(self.out.write_all(folded(&format!("{name}:{value}")).as_bytes())?)
    }
}

impl Format for Calendar<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.line("BEGIN", "VCALENDAR")?;
        self.line("VERSION", "2.0")?;
        self.line("PRODID", "-//Dateline//Ledger//EN")?;
        self.line("CALSCALE", "GREGORIAN")
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let Some(view) = View::of(incident, tally) else { return Ok(()) };
        let row = view.row;
        let day = |d: &Option<String>| d.as_deref().and_then(|d| d.parse::<Date>().ok());
        let Some(start) = day(&row.date_start) else {
            tally.lose("incidents without a day: left out");
            return Ok(());
        };
        let last = day(&row.date_end).unwrap_or(start).max(start);
        let stamp = view.accounts.iter().map(|a| a.dispatch.filed_at.as_str()).max().unwrap_or("1970-01-01T00:00:00Z");
        let stamp = stamp.parse::<jiff::Timestamp>().unwrap_or_default();
        let killed = prose::range(row.killed_low, row.killed_high);
        let killed = if killed.is_empty() { String::new() } else { format!(" ({killed} killed)") };
        let spot = Spot::of(&view);
        self.line("BEGIN", "VEVENT")?;
        self.line("UID", &format!("{}@dateline", row.id))?;
        self.line("DTSTAMP", &stamp.strftime("%Y%m%dT%H%M%SZ").to_string())?;
        self.line("DTSTART;VALUE=DATE", &compact(start))?;
        self.line("DTEND;VALUE=DATE", &compact(last.saturating_add(1.day())))?;
        self.line("SUMMARY", &escaped(&format!("{}{killed}", prose::headline(row))))?;
        self.line("DESCRIPTION", &escaped(&prose::notes(&view)))?;
        if !spot.full_name().is_empty() {
            self.line("LOCATION", &escaped(&spot.full_name()))?;
        }
        if spot.at.is_some() {
            self.line("GEO", &format!("{};{}", spot.lat(), spot.lon()))?;
        }
        self.line("CATEGORIES", &escaped(&prose::kind(&row.kind)))?;
        self.line("STATUS", if row.disputed.is_empty() { "CONFIRMED" } else { "TENTATIVE" })?;
        self.line("TRANSP", "TRANSPARENT")?;
        if let Some(url) = view.accounts.iter().find_map(|a| a.dispatch.url.as_deref()).filter(|u| u.contains("://")) {
            self.line("URL", &url.replace(['\r', '\n'], ""))?;
        }
        self.line("END", "VEVENT")?;
        tally.rows += 1;
        Ok(())
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.line("END", "VCALENDAR")
    }
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// Text as the format wants it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Lines of at most 75 octets, the following ones begun with a blank.
fn folded(line: &str) -> String {
    let (mut out, mut length) = (String::with_capacity(line.len() + 8), 0);
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let text = folded(&format!("SUMMARY:{}", "é".repeat(100)));
        assert!(text.split("\r\n").all(|l| l.len() <= 75));
        assert_eq!(text.replace("\r\n ", "").trim_end(), format!("SUMMARY:{}", "é".repeat(100)));
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
