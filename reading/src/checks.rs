//! Whether a dispatch's own arithmetic and calendar hold.
//!
//! Sums: the parts of a figure ("62 killed, 40 of them soldiers and 30 civilians") must not exceed it, one by one or
//! together; a breakdown behind a colon must reach it; killed and injured must make up the casualties that the same source
//! counts. Calendar: a weekday written beside a date must be that date's; a year that had to be inferred is named with the
//! others that fit. What contradicts is said, never corrected, and never who is right.

use record::{Check, CheckKind, Figure, Incident, Measure, PublishedBasis, Qualifier, Span};

use crate::Page;
use crate::reader::Found;

/// Checks sums (parts against their total) and the calendar (a weekday that contradicts its date, a year not settled).
pub fn read(page: &Page, found: &Found, incidents: &[Incident]) -> Vec<Check> {
    let mut checks = Vec::new();
    for incident in incidents {
        parts(page, &incident.figures, &mut checks);
        casualties(&incident.figures, &mut checks);
    }
    weekdays(page, found, &mut checks);
    year(page, found, &mut checks);
    checks
}

fn sum_check(message: String, figures: Vec<String>, span: &Span) -> Check {
    Check { kind: CheckKind::Sum, message, figures, span: Some(span.clone()) }
}

/// The parts of each total.
fn parts(page: &Page, figures: &[Figure], checks: &mut Vec<Check>) {
    for total in figures {
        let parts: Vec<&Figure> =
            figures.iter().filter(|f| f.part_of.as_ref() == Some(&total.id) && f.measure == total.measure).collect();
        let Some(most) = total.high.filter(|_| !parts.is_empty()) else { continue };
        let mut ids = vec![total.id.clone()];
        let over = parts.iter().find(|p| p.low.is_some_and(|low| low > most));
        if let Some(part) = over {
            ids.push(part.id.clone());
            let message =
                format!("\"{}\" is given as a part of \"{}\" but is more", part.mention.text, total.mention.text);
            checks.push(sum_check(message, ids, &part.mention));
            continue;
        }
        let lows: Vec<u64> = parts.iter().filter_map(|p| p.low).collect();
        let sum = lows.iter().fold(0u64, |sum, low| sum.saturating_add(*low));
        ids.extend(parts.iter().map(|p| p.id.clone()));
        let exact = |f: &Figure| f.qualifier == Qualifier::Exact && f.low.is_some() && f.low == f.high;
        let listed = parts.iter().map(|p| p.low.unwrap_or(0).to_string()).collect::<Vec<_>>().join(" + ");
        if parts.len() > 1 && sum > most {
            let message = format!("the parts of \"{}\" add up to more: {listed} = {sum}", total.mention.text);
            checks.push(sum_check(message, ids, &total.mention));
        } else if parts.len() > 1
            && sum < most
            && exact(total)
            && parts.iter().all(|p| exact(p))
            && broken_down(page, total, parts[0])
        {
            let message = format!("the parts listed for \"{}\" add up to less: {listed} = {sum}", total.mention.text);
            checks.push(sum_check(message, ids, &total.mention));
        }
    }
}

/// Whether a colon between a total and its first part announces a whole breakdown.
fn broken_down(page: &Page, total: &Figure, part: &Figure) -> bool {
    let bytes = page.index.byte(total.mention.end)..page.index.byte(part.mention.start);
    bytes.start < bytes.end && bytes.len() < 200 && page.text().get(bytes).is_some_and(|t| t.contains(':'))
}

/// Killed and injured against the casualties counted by the same source.
fn casualties(figures: &[Figure], checks: &mut Vec<Check>) {
    let exact = |f: &&Figure| f.qualifier == Qualifier::Exact && f.part_of.is_none() && f.low == f.high;
    for total in figures.iter().filter(|f| f.measure == Measure::KilledOrInjured).filter(exact) {
        let one = |measure| {
            let mut all = figures.iter().filter(|f| f.measure == measure && f.by == total.by).filter(exact);
            let first = all.next();
            if all.next().is_some() { None } else { first }
        };
        let (Some(killed), Some(injured)) = (one(Measure::Killed), one(Measure::Injured)) else { continue };
        let (Some(k), Some(i), Some(t)) = (killed.low, injured.low, total.low) else { continue };
        if k.saturating_add(i) != t {
            let message = format!("{k} killed and {i} injured do not make \"{}\"", total.mention.text);
            let ids = vec![total.id.clone(), killed.id.clone(), injured.id.clone()];
            checks.push(sum_check(message, ids, &total.mention));
        }
    }
}

/// Weekdays beside dates.
fn weekdays(page: &Page, found: &Found, checks: &mut Vec<Check>) {
    for time in &found.times {
        let (Some(written), Some(day)) = (time.weekday, time.start) else { continue };
        if i32::from(day.weekday().to_monday_one_offset()) == written {
            continue;
        }
        let span = page.span_of(time.tokens.clone());
        let message = format!("\"{}\": {day} is a {}", span.text, weekday_name(day));
        checks.push(Check { kind: CheckKind::Calendar, message, figures: Vec::new(), span: Some(span) });
    }
}

fn weekday_name(day: jiff::civil::Date) -> String {
    format!("{:?}", day.weekday())
}

/// A year that was inferred, or could not be.
fn year(page: &Page, found: &Found, checks: &mut Vec<Check>) {
    let Some(dateline) = &page.dispatch.dateline else { return };
    let message = match (found.published, found.published_basis) {
        (Some(day), Some(PublishedBasis::Inferred)) if !found.other_years.is_empty() => {
            let others: Vec<String> = found.other_years.iter().map(i16::to_string).collect();
            format!("the year {} is inferred; {} would fit as well", day.year(), others.join(", "))
        }
        (None, _) if dateline.written.is_some_and(|w| w.year.is_none()) => {
            "the dateline has no year, and the text does not tell it".to_owned()
        }
        _ => return,
    };
    checks.push(Check { kind: CheckKind::Calendar, message, figures: Vec::new(), span: Some(dateline.span.clone()) });
}
