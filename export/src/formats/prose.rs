//! A neutral sentence or two about an incident, for the cells that hold notes: every version with who gives it.

use std::collections::BTreeSet;

use ledger::query::{FigureWhole, IncidentRow};
use record::OUTLET;

use super::blame::View;

/// "air strike".
pub fn kind(kind: &str) -> String {
    kind.replace('_', " ")
}

/// "Air strike in Idlib".
pub fn headline(row: &IncidentRow) -> String {
    let kind = kind(&row.kind);
    let mut letters = kind.chars();
    let kind: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    match row.place.as_ref().or(row.admin1.as_ref()) {
        Some(place) => format!("{kind}, {place}"),
        None => kind,
    }
}

/// "2016-09-19", "2016-09-19 to 2016-09-21", or nothing.
pub fn days(row: &IncidentRow) -> String {
    match (&row.date_start, &row.date_end) {
        (Some(s), Some(e)) if s != e => format!("{s} to {e}"),
        (Some(day), _) | (None, Some(day)) => day.clone(),
        (None, None) => String::new(),
    }
}

/// A range of numbers in a title: "12", "12–20".
pub fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(l), Some(h)) if l != h => format!("{l}–{h}"),
        (Some(n), _) | (None, Some(n)) => n.to_string(),
        (None, None) => String::new(),
    }
}

/// The whole account in a few sentences.
pub fn notes(view: &View) -> String {
    let mut said = vec![format!("{}.", lead(view))];
    said.extend(list("Named as perpetrator", responsibility(view)));
    for (measure, label) in [("killed", "Killed"), ("injured", "Injured"), ("killed_or_injured", "Killed or injured")] {
        said.extend(list(label, figures(view, measure)));
    }
    said.extend(list("Struck, as told", view.struck.clone()));
    if !view.row.disputed.is_empty() {
        said.push(format!("Sources differ on: {}.", view.row.disputed.join(", ")));
    }
    if view.row.background {
        said.push("Recalled as background by every source.".to_owned());
    }
    said.join(" ")
}

fn lead(view: &View) -> String {
    let days = days(view.row);
    let days = if days.is_empty() { String::new() } else { format!("{days}: ") };
    format!("{days}{}, as told by {}", headline(view.row), view.outlets().join(", "))
}

fn list(label: &str, items: Vec<String>) -> Option<String> {
    (!items.is_empty()).then(|| format!("{label}: {}.", items.join("; ")))
}

/// The voice behind an item: the speaker, or the outlet by its name.
fn voice(by: &str, outlet: Option<&str>) -> String {
    match (by, outlet) {
        (OUTLET, Some(outlet)) => outlet.to_owned(),
        (OUTLET, None) => "the outlet".to_owned(),
        (speaker, Some(outlet)) => format!("{speaker}, in {outlet}"),
        (speaker, None) => speaker.to_owned(),
    }
}

/// Every perpetrator with stance and voice, each once.
pub fn responsibility(view: &View) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for account in &view.accounts {
        for p in &account.perpetrators {
            if seen.insert((&p.key, &p.stance, &p.by)) {
                let by = voice(&p.by, account.dispatch.outlet.as_deref());
                out.push(format!("{} ({} by {by})", p.actor, in_words(&p.stance)));
            }
        }
    }
    out
}

fn in_words(stance: &str) -> &str {
    match stance {
        "asserts" => "stated",
        "accuses" => "accused",
        "admits" => "admitted",
        "denies" => "denied",
        "suspects" => "suspected",
        "suggests" => "hinted at",
        other => other,
    }
}

/// Every figure of a measure with its words and voice, each once; parts of a total are left to the total.
pub fn figures(view: &View, measure: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for account in &view.accounts {
        for f in account.figures.iter().filter(|f| f.measure == measure && f.part_of.is_none()) {
            let by = voice(&f.by, account.dispatch.outlet.as_deref());
            if seen.insert((f.words.text.to_lowercase(), by.clone())) {
                out.push(format!("{}“{}” ({by})", hedge(f), f.words.text));
            }
        }
    }
    out
}

fn hedge(figure: &FigureWhole) -> &'static str {
    if figure.hedged { "reportedly " } else { "" }
}
