//! Claims: what a named speaker says of an incident's means, where versions differ.

use record::{Claim, ClaimField, Incident, IncidentType};

use super::lexicon::Strength;
use super::merging::Unit;
use super::triggers::Telling;
use crate::Page;
use crate::reader::{Found, by};

/// The claims on means of an incident: each speaker's word for it, where not all agree.
pub(super) fn means(
    page: &Page,
    found: &Found,
    tellings: &[Telling],
    units: &[Unit],
    members: &[usize],
    incident: &Incident,
) -> Vec<Claim> {
    let mut out: Vec<Claim> = Vec::new();
    for t in members.iter().flat_map(|&m| &units[m].tellings).filter_map(|&t| tellings.get(t)) {
        if t.strength < Strength::Specific || t.headline {
            continue;
        }
        let bytes = page.analysis.bytes(t.phrase.clone());
        let (speaker, statement) = by(found, &bytes);
        let value = name(t.kind);
        if statement.is_none() && t.kind == incident.incident_type
            || out.iter().any(|c| c.by == speaker && c.value == value)
        {
            continue;
        }
        out.push(Claim { field: ClaimField::Means, value, by: speaker, statement, mention: page.span(bytes) });
    }
    let agreed = out.iter().all(|c| c.value == name(incident.incident_type));
    if agreed { Vec::new() } else { out }
}

/// A type as it is written in the record.
pub(super) fn name(kind: IncidentType) -> String {
    let debug = format!("{kind:?}");
    let mut out = String::new();
    for c in debug.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
