//! Where one dispatch's own sources differ about an incident.

use std::collections::{BTreeMap, BTreeSet};

use record::{ClaimField, Figure, Incident, Stance};

use super::words;

/// One field of one incident on which sources differ, with each version and who gives it.
#[derive(Debug, PartialEq, Eq)]
pub struct Dispute {
    /// The incident's id.
    pub incident: String,
    /// What is disputed: "killed (people)", "who did it", "means".
    pub about: String,
    /// The versions: what, and who says so.
    pub versions: Vec<(String, BTreeSet<String>)>,
}

/// The disputes within an incident: rival counts of the same group, rival culprits or a denial, rival claims.
pub fn of(incident: &Incident) -> Vec<Dispute> {
    let mut fields: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    let mut add = |about: String, version: String, by: &str| {
        fields.entry(about).or_default().entry(version).or_default().insert(by.to_owned());
    };
    for figure in incident.figures.iter().filter(|f| f.part_of.is_none() && is_numbered(f)) {
        add(format!("{} {}", figure.group, words::measure(figure.measure)), words::amount(figure), &figure.by);
    }
    for p in &incident.perpetrators {
        let version = match p.stance {
            Stance::Denies => format!("not {}", p.actor),
            _ => p.actor.clone(),
        };
        add("who did it".to_owned(), version, &p.by);
    }
    for claim in &incident.claims {
        let about = match claim.field {
            ClaimField::Means => "means",
            ClaimField::Date => "date",
            ClaimField::Place => "place",
            ClaimField::Cause => "cause",
        };
        add(about.to_owned(), claim.value.replace('_', " "), &claim.by);
    }
    fields
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1 && speakers(versions) > 1)
        .map(|(about, versions)| Dispute {
            incident: incident.id.clone(),
            about,
            versions: versions.into_iter().collect(),
        })
        .collect()
}

fn is_numbered(figure: &Figure) -> bool {
    figure.low.is_some() || figure.high.is_some()
}

/// Versions that all come from one speaker are no dispute.
fn speakers(versions: &BTreeMap<String, BTreeSet<String>>) -> usize {
    versions.values().flatten().collect::<BTreeSet<_>>().len()
}
