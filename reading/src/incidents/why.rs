//! What led to an incident, as notes for whoever asks (`dateline read --explain i1`).
//!
//! Nothing is decided here: the steps' own results are put into words, with their way in the tree and their entry.

use record::Incident;

use super::lexicon::lexicon;
use super::merging::{Draft, Part};
use super::triggers::Telling;
use super::{Desk, Sign, tree};
use crate::Page;
use crate::explain::{name, path};
use crate::reader::Found;
use crate::trace::{Key, Note};

/// The most tellings, and the most perpetrators, that an incident's explanation goes through.
const TOLD: usize = 20;

/// Notes what was read of one telling: doers, those struck, place, days, how real it is.
pub(super) fn part(page: &Page, found: &Found, t: &Telling, part: &Part) {
    let (a, key) = (&page.analysis, Key::Telling(t.token));
    for d in &part.doers {
        let suspected = if d.suspected { "; words of suspicion beside it" } else { "" };
        let row = lexicon().force_row(page, d.head).map(|(_, row)| row);
        let row = row.or_else(|| {
            let (file, line) = page.atlas.row_of(d.actor_id.as_deref()?)?;
            Some(crate::lexicon::Row { file, line })
        });
        let why = format!("{}: {}{suspected}", d.actor, path(a, d.head, t.token));
        page.trace.note(key, || Note::new("perpetrator", d.mention.clone(), why).from(row));
    }
    for &p in &part.patients {
        page.trace.note(key, || Note::new("victim", tree::phrase(page, p), path(a, p, t.token)));
    }
    if let Some(place) = part.whereabouts.place.and_then(|p| found.places.get(p)) {
        page.trace.note(key, || {
            let id = place.geonames_id.map(|id| format!(" (GeoNames {id})")).unwrap_or_default();
            let why = format!("{}{id}: the nearest place in the tree; {}", place.name, path(a, place.head, t.token));
            Note::new("place", place.phrase.clone(), why)
        });
    }
    if let Some((start, end)) = part.whereabouts.days {
        let dated = |x: &&crate::times::Time| x.start == Some(start) && x.end.or(x.start) == Some(end);
        let sentence = a.sentences().get(t.sentence).cloned().unwrap_or_default();
        let first = found.times.partition_point(|x| x.tokens.start < sentence.start);
        let mut near = found.times.iter().skip(first).take_while(|x| x.tokens.start < sentence.end);
        if let Some(time) = near.find(dated) {
            page.trace.note(key, || {
                let days = if start == end { start.to_string() } else { format!("{start} to {end}") };
                Note::new("time", time.tokens.clone(), format!("{days}: {}", path(a, time.tokens.start, t.token)))
            });
        }
    }
    if t.modality != record::Modality::Asserted {
        let clause = tree::clause_verb(page, t.token);
        let why = format!("{}: as its clause and what governs it tell", name(&t.modality));
        page.trace.note(key, || Note::new("modality", clause..clause + 1, why));
    }
}

impl Desk<'_, '_> {
    /// Notes what the tellings of a draft made of it.
    pub(super) fn explain(&self, at: usize, draft: &Draft, incident: &Incident, signs: &[Sign]) {
        let (trace, key) = (&self.page.trace, Key::Incident(at));
        let units = || draft.units.iter().filter_map(|&u| self.units.get(u));
        let tellings = units().flat_map(|u| &u.tellings).filter_map(|&t| self.tellings.get(t));
        for (n, t) in tellings.take(TOLD).enumerate() {
            for note in trace.notes(Key::Telling(t.token)) {
                trace.note(key, || Note {
                    what: if n > 0 && note.what == "trigger" { "told again" } else { note.what },
                    ..note
                });
            }
        }
        let tokens = |span: &record::Span| {
            let bytes = self.page.index.byte(span.start)..self.page.index.byte(span.end);
            self.page.analysis.tokens_in(bytes)
        };
        let told = |what: &str| trace.notes(key).iter().any(|n| n.what == what);
        if let (Some(place), Some(basis)) = (&incident.place, incident.place_basis)
            && !(basis == record::PlaceBasis::Stated && told("place"))
        {
            let why = format!("{}: basis {}, as the clauses of the act name none finer", place.name, name(&basis));
            trace.note(key, || Note::new("place", tokens(&place.mention), why));
        }
        if let (Some(day), Some(basis)) = (incident.date_start, incident.date_basis)
            && !told("time")
        {
            trace.note(key, || Note::new("time", 0..0, format!("{day}: basis {}", name(&basis))));
        }
        for p in incident.perpetrators.iter().take(TOLD) {
            let words = tokens(&p.mention);
            let known = trace.notes(key).iter().any(|n| n.what == "perpetrator" && n.tokens == words);
            let by = p.statement.as_ref().map_or(p.by.clone(), |s| format!("{} ({s})", p.by));
            let why = format!("{}: stance {} by {by}", p.actor, name(&p.stance));
            trace.note(key, || Note::new(if known { "stance" } else { "blamed" }, words, why));
        }
        if incident.background {
            let why = "background: told neither in headline nor lead, and before the day of the news, or as recalled";
            trace.note(key, || Note::new("background", 0..0, why));
        }
        trace.note(key, || {
            let said = |wanted: bool| {
                let named: Vec<&str> = signs.iter().filter(|s| s.1 == wanted).map(|s| s.0).collect();
                named.join(", ")
            };
            let missing = Some(said(false)).filter(|m| !m.is_empty()).map(|m| format!("; missing: {m}"));
            let count = signs.iter().filter(|s| s.1).count();
            let why = format!(
                "{}: {count} of {} signs hold: {}{}. 3 or 4 make low, 5 or 6 medium, more high",
                name(&incident.confidence),
                signs.len(),
                said(true),
                missing.unwrap_or_default()
            );
            Note::new("confidence", 0..0, why)
        });
    }
}
