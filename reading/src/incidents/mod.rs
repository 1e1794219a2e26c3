//! Incidents: acts of violence with place, day, roles, figures and responsibility.
//!
//! | file | idea |
//! |---|---|
//! | `lexicon` | the words that tell of violence, its means, its doers (`data/reading/`) |
//! | `tree` | walks of the dependency tree that the steps share |
//! | `triggers` | tellings: words that tell of an act, with type and modality |
//! | `roles` | who did it and whom it struck |
//! | `place_and_date` | where and when |
//! | `merging` | which tellings tell of the same act |
//! | `figures` | counts and who gives them |
//! | `responsibility` | perpetrators with stance and speaker |
//! | `background` | news or recalled |
//! | `claims` | what speakers say of the means, where versions differ |
//! | `why` | what led to an incident, told to who asks |
//!
//! Example: "An air raid on Handour killed four people, the monitor said. The army denied the attack." is one incident
//! of type `air_strike` with one figure by the monitor and one perpetrator, the army, with stance `denies`.
//!
//! Limits: acts told only by their result ("the bodies of six men were found") and acts spread over many places are read
//! as far as one of the words in `triggers.toml` names them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use language::{Dep, Pos};
use record::{
    BlockKind, Confidence, DateBasis, Incident, IncidentType, Modality, Perpetrator, Place, PlaceBasis, Stance, Victim,
};

use crate::Page;
use crate::actors;
use crate::reader::{Found, by};
use crate::statements;
use crate::trace::Key;

mod background;
mod claims;
mod figures;
mod lexicon;
mod merging;
mod place_and_date;
mod responsibility;
mod roles;
mod tree;
mod triggers;
mod why;

use figures::Count;
use lexicon::{Lexicon, Strength};
use merging::{Draft, Part, Unit};
use place_and_date::rank;
use responsibility::Blame;
use triggers::Telling;

/// The text of `triggers.toml`, for the runner of its examples.
#[cfg(test)]
pub(crate) const TRIGGERS: &str = lexicon::TRIGGERS;

/// Whether an entry of `triggers.toml` fired in the record of a sentence: an incident of its type, or of any type where
/// the entry's words do not settle it.
#[cfg(test)]
pub(crate) fn fired(entry: &crate::lexicon::examples::Entry, record: &record::Record) -> bool {
    let settled = entry.field("strength").is_empty();
    record.incidents.iter().any(|i| !settled || claims::name(i.incident_type) == entry.field("type"))
}

/// Finds the incidents of a page, in order of the text. Ids (`i1`, `f1` …) and statement ids (`s1` … in the order of
/// `found.statements`) are filled in.
pub fn read(page: &Page, found: &Found) -> Vec<Incident> {
    let cues = found.statements.iter().filter_map(|s| s.cue_token);
    let speaking =
        (0..page.analysis.len()).filter(|&i| tree::is_verb(page, i) && statements::speaks(&page.analysis, i));
    // "charged today with abducting": the day of the charge.
    let charging = (0..page.analysis.len())
        .filter(|&i| tree::is_verb(page, i) && Lexicon::has(page, &lexicon::lexicon().frames.suspect_verbs, i));
    let walls: BTreeSet<usize> = cues.chain(speaking).chain(charging).collect();
    let tellings = triggers::read(page, found);
    let parts: Vec<Part> = tellings.iter().map(|t| part(page, found, t, &walls)).collect();
    let mut units = merging::units(page, &tellings, &parts);
    let loose = figures::assign(page, found, &tellings, &mut units, &walls);
    merging::fights(page, &mut units);
    merging::lend_kinds(&mut units);
    let drafts = merging::drafts(page, found, &tellings, &units);
    let blames = responsibility::read(page, found);
    same_means(&mut units, &drafts);
    let known = days_known(&units, &drafts);
    let desk = Desk { page, found, tellings: &tellings, units: &units, lead: lead(page), known };
    let news = background::news_day(&units, desk.lead, found.published);
    // Drafts that say too little are told nobody's figures: those would be lost with them.
    let stand: Vec<bool> = drafts.iter().map(|d| desk.incident(d, &[], &[], news).is_some()).collect();
    // Nor do their own go lost, where they tell of no act but only of those struck ("those killed were …").
    let mut loose = loose;
    for (draft, _) in drafts.iter().zip(&stand).filter(|(_, stands)| !**stands) {
        let told = draft.units.iter().filter_map(|&n| units.get(n));
        let again = |u: &&Unit| u.definite && u.word == Strength::Effect || refers(page, u);
        let effects = told.filter(again).filter(|u| u.modality == Modality::Asserted);
        loose.extend(effects.flat_map(|u| u.quantities.iter().copied()));
    }
    // "eight had been seized" counts who was taken, wherever else blows have been told.
    let (taken, hurt): (Vec<usize>, Vec<usize>) = loose.into_iter().partition(|&q| takes(found, q));
    let holds = |d: &Draft| matches!(merging::kind_of(&units, d).0, IncidentType::Detention | IncidentType::Abduction);
    let of = |wanted: bool| -> Vec<bool> {
        drafts.iter().zip(&stand).map(|(d, &stands)| stands && holds(d) == wanted).collect()
    };
    let place = |q: usize| (found.quantities.get(q).map_or(0, |q| q.tokens.start), q);
    let holding = of(true);
    let holding = if holding.contains(&true) { holding } else { stand.clone() };
    let mut loose = desk.owners(&drafts, &stand, false, hurt.into_iter().map(place));
    for (draft, mut counts) in desk.owners(&drafts, &holding, false, taken.into_iter().map(place)) {
        loose.entry(draft).or_default().append(&mut counts);
    }
    let mut blames = desk.owners(&drafts, &stand, true, blames.into_iter().map(|b| (b.token, b)));
    let mut out: Vec<(usize, Incident, Vec<Count>)> = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        let own_loose = loose.remove(&n).unwrap_or_default();
        let own_blames = blames.remove(&n).unwrap_or_default();
        out.extend(desk.incident(draft, &own_loose, &own_blames, news));
    }
    out.sort_by_key(|(at, _, _)| *at);
    number(page, out)
}

/// A doer's raids and attacks told without means are of the means that it is told to use elsewhere on the page.
fn same_means(units: &mut [Unit], drafts: &[Draft]) {
    let air: BTreeSet<String> = units
        .iter()
        .filter(|u| u.kind == IncidentType::AirStrike)
        .flat_map(|u| u.doers.iter().map(|d| d.actor.clone()))
        .collect();
    for draft in drafts {
        let vague =
            draft.units.iter().all(|&n| units[n].word < Strength::Specific && units[n].strength < Strength::Specific);
        let flies = draft.units.iter().any(|&n| units[n].doers.iter().any(|d| air.contains(&d.actor)));
        if vague && flies {
            for &n in &draft.units {
                if units[n].kind == IncidentType::ArmedAttack {
                    units[n].kind = IncidentType::AirStrike;
                }
            }
        }
    }
}

/// Whether a quantity counts people taken.
fn takes(found: &Found, quantity: usize) -> bool {
    found.quantities.get(quantity).is_some_and(|q| q.measure == Some(record::Measure::Captured))
}

/// Whether all who are struck have been told of before: "they shot him", "beat the captives".
fn refers(page: &Page, u: &Unit) -> bool {
    !u.patients.is_empty()
        && u.patients.iter().all(|&p| {
            page.analysis.tokens()[p].pos == Pos::Pron
                || page.analysis.child(p, Dep::Det).is_some_and(|d| page.analysis.word(d).eq_ignore_ascii_case("the"))
        })
}

/// The days of each unit: its own, else the first told of the act that it tells of.
fn days_known(units: &[Unit], drafts: &[Draft]) -> Vec<Option<(Date, Date)>> {
    let mut known: Vec<Option<(Date, Date)>> = units.iter().map(|u| u.whereabouts.days).collect();
    for draft in drafts {
        let told = draft.units.iter().filter_map(|&n| units.get(n));
        let days =
            told.clone().find_map(|u| u.whereabouts.days).or_else(|| told.clone().find_map(|u| u.whereabouts.reported));
        for &n in draft.units.iter().filter(|&&n| units.get(n).is_some_and(|u| merging::is_blow(u.kind))) {
            if let Some(day) = known.get_mut(n) {
                *day = day.or(days);
            }
        }
    }
    known
}

/// Place, days, doers and patients of one telling.
fn part(page: &Page, found: &Found, t: &Telling, walls: &BTreeSet<usize>) -> Part {
    let doers = roles::doers(page, found, t);
    let part = Part {
        whereabouts: place_and_date::read(page, found, t, &doers, walls),
        patients: roles::patients(page, found, t),
        general: triggers::is_general(page, t),
        doers,
    };
    if page.trace.is_on() {
        why::part(page, found, t, &part);
    }
    part
}

/// The number of the first block of running text.
fn lead(page: &Page) -> usize {
    page.blocks.iter().position(|b| b.kind == BlockKind::Paragraph).unwrap_or(0)
}

/// Ids in order of the text.
fn number(page: &Page, incidents: Vec<(usize, Incident, Vec<Count>)>) -> Vec<Incident> {
    let mut next = 1;
    let mut out = Vec::new();
    for (n, (at, mut incident, counts)) in incidents.into_iter().enumerate() {
        incident.id = format!("i{}", n + 1);
        page.trace.name(&incident.id, Key::Incident(at));
        let first = next;
        for mut count in counts {
            count.figure.id = format!("f{next}");
            page.trace.name(&count.figure.id, count.key());
            count.figure.part_of = count.part_of.map(|p| format!("f{}", first + p));
            incident.figures.push(count.figure);
            next += 1;
        }
        out.push(incident);
    }
    out
}

/// The most perpetrators and victims kept of one incident: far more than any dispatch names.
const MOST: usize = 100;

/// A sign that speaks for an incident, and whether it holds.
type Sign = (&'static str, bool);

/// What the assembling of incidents needs.
struct Desk<'p, 'a> {
    page: &'p Page<'a>,
    found: &'p Found,
    tellings: &'p [Telling],
    units: &'p [Unit],
    lead: usize,
    /// The days of each unit: its own, else those of the incident it tells of.
    known: Vec<Option<(Date, Date)>>,
}

impl Desk<'_, '_> {
    /// Gives each item, found at a token, to the draft told last before or in its sentence.
    /// A draft that does not stand by itself takes only what its own sentence says, and only where `own` allows it.
    fn owners<T>(
        &self,
        drafts: &[Draft],
        stand: &[bool],
        own: bool,
        items: impl Iterator<Item = (usize, T)>,
    ) -> BTreeMap<usize, Vec<T>> {
        let mut told: Vec<(usize, usize, usize)> = Vec::new();
        for (n, draft) in drafts.iter().enumerate() {
            for &u in &draft.units {
                let unit = &self.units[u];
                let state = matches!(unit.kind, IncidentType::SiegeOrBlockade | IncidentType::ProtestOrRiot);
                if unit.modality == Modality::Asserted && !state {
                    told.push((unit.sentence, self.anchor(unit), n));
                }
            }
        }
        told.sort_unstable();
        let stands = |t: &(usize, usize, usize)| stand.get(t.2).copied().unwrap_or(false);
        let standing: Vec<(usize, usize, usize)> = told.iter().copied().filter(stands).collect();
        let owner = |token: usize| {
            let sentence = self.page.analysis.sentence_of(token);
            let upto = told.partition_point(|&(s, _, _)| s <= sentence);
            let same = told[..upto].iter().rev().take_while(|t| t.0 == sentence).filter(|&t| own || stands(t));
            let same = same.min_by_key(|t| t.1.abs_diff(token));
            let before = standing.partition_point(|&(s, _, _)| s <= sentence);
            let other = || standing[..before].last().or_else(|| standing.first());
            same.or_else(other).or_else(|| told[..upto].last()).or_else(|| told.first()).map(|t| t.2)
        };
        let mut out: BTreeMap<usize, Vec<T>> = BTreeMap::new();
        for (token, item) in items {
            if let Some(draft) = owner(token) {
                out.entry(draft).or_default().push(item);
            }
        }
        out
    }

    /// The first telling's token of a unit.
    fn anchor(&self, u: &Unit) -> usize {
        u.tellings.first().and_then(|&t| self.tellings.get(t)).map_or(0, |t| t.token)
    }

    /// The incident that a draft makes, with where it stands in the text; `None` when it says too little.
    fn incident(
        &self,
        draft: &Draft,
        loose: &[usize],
        blames: &[Blame],
        news: Option<Date>,
    ) -> Option<(usize, Incident, Vec<Count>)> {
        let (told, strength) = self.kind(draft);
        let trigger = self.trigger(draft, told)?;
        // "The raid was blamed on Russian warplanes": the blame names the means.
        let kind = match blames.iter().find_map(|b| b.means) {
            Some(means) if strength < Strength::Specific && told == IncidentType::ArmedAttack => means,
            _ => told,
        };
        let (days, date_basis) = self.days(draft);
        let place = self.place(draft);
        let counts = figures::counts(self.page, self.found, self.tellings, self.units, &draft.units, loose);
        let mut incident = Incident {
            id: String::new(),
            incident_type: kind,
            trigger: self.page.span_of(trigger.phrase.clone()),
            date_start: days.map(|d| d.0),
            date_end: days.map(|d| d.1),
            date_basis,
            place: place.clone(),
            place_basis: place.map(|_| PlaceBasis::Stated),
            background: background::is_background(self.page, self.units, draft, kind, days, self.lead, news),
            modality: trigger.modality,
            confidence: Confidence::Medium,
            claims: Vec::new(),
            perpetrators: self.perpetrators(draft, blames),
            victims: self.victims(draft),
            figures: Vec::new(),
        };
        incident.claims = claims::means(self.page, self.found, self.tellings, self.units, &draft.units, &incident);
        let signs = self.signs(draft, &incident, &counts, strength);
        let weight = signs.iter().filter(|(_, holds)| *holds).count();
        if weight < 3 || !self.is_grounded(draft, &incident, &counts) {
            return None;
        }
        // What the words around give places an incident; it makes none.
        let country = incident.place.as_ref().is_none_or(|p| p.precision == Some(record::Precision::Country));
        if country
            && let Some((number, basis)) = self.around(draft)
            && let Some(place) = self.place_at(number)
        {
            let inside = incident.place.as_ref().is_none_or(|p| p.country == place.country);
            if inside {
                incident.place = Some(place);
                incident.place_basis = Some(basis);
            }
        }
        incident.confidence = match weight {
            3 | 4 => Confidence::Low,
            5 | 6 => Confidence::Medium,
            _ => Confidence::High,
        };
        let at = draft.units.iter().map(|&u| self.anchor(&self.units[u])).min().unwrap_or(0);
        if self.page.trace.is_on() {
            self.explain(at, draft, &incident, &signs);
        }
        Some((at, incident, counts))
    }

    /// Whether an incident has what its type needs: fighting and protest a place or a lead, violence to "him" a day.
    fn is_grounded(&self, draft: &Draft, incident: &Incident, counts: &[Count]) -> bool {
        let told = || draft.units.iter().map(|&u| &self.units[u]);
        let lead = told().any(|u| u.headline || u.block <= self.lead);
        let placed = incident.place.is_some();
        match incident.incident_type {
            IncidentType::SiegeOrBlockade => {
                let noun = told().flat_map(|u| &u.tellings).filter_map(|&t| self.tellings.get(t));
                !incident.perpetrators.is_empty()
                    || placed && noun.into_iter().any(|t| tree::is_noun(self.page, t.token))
            }
            IncidentType::Detention | IncidentType::Abduction => {
                let verb = told().flat_map(|u| &u.tellings).filter_map(|&t| self.tellings.get(t));
                let verb = verb.into_iter().any(|t| tree::is_verb(self.page, t.token));
                verb || !counts.is_empty() || !incident.perpetrators.is_empty()
            }
            IncidentType::GroundFighting => {
                // "launched an attack against government troops": both sides are told.
                let attack = told()
                    .flat_map(|u| &u.tellings)
                    .filter_map(|&t| self.tellings.get(t))
                    .any(|t| t.kind == IncidentType::ArmedAttack && tree::is_noun(self.page, t.token));
                let sides = attack
                    && !incident.perpetrators.is_empty()
                    && told().any(|u| !u.patients.is_empty() && u.modality == Modality::Asserted);
                placed || !counts.is_empty() || lead || sides
            }
            IncidentType::ProtestOrRiot => placed || lead || draft.units.len() > 1,
            IncidentType::OtherViolence | IncidentType::ArmedAttack => {
                let noun = told().flat_map(|u| &u.patients).any(|&p| tree::is_noun(self.page, p));
                placed || incident.date_start.is_some() || lead || noun
            }
            _ => true,
        }
    }

    /// What speaks for an incident of its own, each sign by name with whether it holds. As many as hold, so sure is the
    /// reader.
    fn signs(&self, draft: &Draft, incident: &Incident, counts: &[Count], strength: Strength) -> [Sign; 9] {
        let told = || draft.units.iter().map(|&u| &self.units[u]);
        let place = match incident.place.as_ref().map(|p| p.precision) {
            Some(Some(record::Precision::Country)) | None => false,
            Some(_) => true,
        };
        let lead = told().any(|u| u.headline || u.block <= self.lead);
        [
            ("a place finer than a country", place),
            ("a day", incident.date_start.is_some()),
            ("a numbered figure", counts.iter().any(|c| c.figure.low.or(c.figure.high).is_some())),
            ("somebody or something counted", !counts.is_empty()),
            ("a perpetrator", !incident.perpetrators.is_empty()),
            ("words that settle the type", strength == Strength::Specific),
            ("somebody or something struck", told().any(|u| u.word >= Strength::Generic && !u.patients.is_empty())),
            ("told in headline or lead", lead),
            ("told more than once", draft.units.len() > 1),
        ]
    }

    /// The type: that of the strongest units, made finer where the outlet itself does so ("a suicide car bomb").
    fn kind(&self, draft: &Draft) -> (IncidentType, Strength) {
        let (kind, strength) = merging::kind_of(self.units, draft);
        if self.is_disputed(draft) {
            return (IncidentType::OtherViolence, Strength::Specific);
        }
        let finer = |u: &Unit| {
            let own = u.tellings.iter().filter_map(|&t| self.tellings.get(t)).any(|t| {
                t.kind == IncidentType::SuicideBombing
                    && by(self.found, &self.page.analysis.bytes(t.phrase.clone())).1.is_none()
            });
            kind == IncidentType::Bombing && own
        };
        if draft.units.iter().any(|&u| finer(&self.units[u])) {
            (IncidentType::SuicideBombing, strength)
        } else {
            (kind, strength)
        }
    }

    /// Whether speakers name means that contradict each other while the outlet itself names none.
    fn is_disputed(&self, draft: &Draft) -> bool {
        let told = draft.units.iter().flat_map(|&u| &self.units[u].tellings).filter_map(|&t| self.tellings.get(t));
        let mut means: BTreeMap<u8, String> = BTreeMap::new();
        for t in told.filter(|t| t.strength == Strength::Specific && t.modality == Modality::Asserted) {
            match by(self.found, &self.page.analysis.bytes(t.phrase.clone())) {
                (_, None) => return false,
                (speaker, _) => means.entry(merging::family(t.kind)).or_insert(speaker),
            };
        }
        let speakers: BTreeSet<&String> = means.values().collect();
        speakers.len() > 1
    }

    /// The clearest telling: of the incident's type, in running text, the first.
    fn trigger(&self, draft: &Draft, kind: IncidentType) -> Option<&Telling> {
        let tellings = draft.units.iter().flat_map(|&u| &self.units[u].tellings).filter_map(|&t| self.tellings.get(t));
        if self.is_disputed(draft) {
            let own = |t: &&Telling| by(self.found, &self.page.analysis.bytes(t.phrase.clone())).1.is_none();
            if let Some(first) = tellings.clone().filter(own).min_by_key(|t| (t.headline, t.token)) {
                return Some(first);
            }
        }
        // What was told as fact and denied by somebody stays told.
        let told = tellings.clone().any(|t| t.modality == Modality::Asserted);
        // The mention that tells most: where, when, how many.
        let details = |u: &Unit| {
            let where_and_when = u.whereabouts.place.is_some() || u.whereabouts.days.is_some();
            usize::from(where_and_when || !u.quantities.is_empty())
        };
        let units = draft.units.iter().filter_map(|&u| self.units.get(u));
        let mentions = units.flat_map(|u| u.tellings.iter().map(move |&t| (u, t)));
        let mentions = mentions.filter_map(|(u, t)| self.tellings.get(t).map(|t| (u, t)));
        let clearest = mentions.min_by_key(|(u, t)| {
            (
                told && t.modality != Modality::Asserted,
                t.kind != kind,
                std::cmp::Reverse(t.strength.max(t.word)),
                t.headline,
                std::cmp::Reverse(details(u)),
                t.definite,
                t.token,
            )
        });
        clearest.map(|(_, t)| t)
    }

    /// The most specific place told; the first among equals.
    fn place(&self, draft: &Draft) -> Option<Place> {
        let places = draft.units.iter().filter_map(|&u| self.units[u].whereabouts.place);
        let best = places.min_by_key(|&p| self.found.places.get(p).map_or(9, |p| rank(p.precision)));
        self.place_at(best?)
    }

    /// The place that the words around the tellings give where their own clauses name none: the sentence, the one before
    /// in the paragraph, the one behind.
    fn around(&self, draft: &Draft) -> Option<(usize, PlaceBasis)> {
        let told = || draft.units.iter().map(|&u| &self.units[u]);
        let first = told().find(|u| !u.headline).or_else(|| told().next())?;
        let block = self.page.blocks.get(first.block)?.tokens.clone();
        let sentence = |n: usize| self.page.analysis.sentences().get(n).cloned().filter(|s| block.contains(&s.start));
        let nearest = |s: std::ops::Range<usize>| place_and_date::named_in(self.page, self.found, s, &first.doers);
        let of = |basis: PlaceBasis| move |place: usize| (place, basis);
        sentence(first.sentence)
            .and_then(nearest)
            .or_else(|| first.sentence.checked_sub(1).and_then(sentence).and_then(nearest))
            .or_else(|| sentence(first.sentence + 1).and_then(nearest))
            .map(of(PlaceBasis::Context))
            .or_else(|| place_and_date::of_page(self.found, self.page).map(of(PlaceBasis::Page)))
    }

    /// A name of `found.places` in the record's form.
    fn place_at(&self, number: usize) -> Option<Place> {
        let p = self.found.places.get(number)?;
        Some(Place {
            mention: self.page.span_of(p.phrase.clone()),
            name: p.name.clone(),
            admin1: p.admin1.clone(),
            country: p.country.clone(),
            lat: p.lat,
            lon: p.lon,
            geonames_id: p.geonames_id,
            precision: p.precision,
        })
    }

    /// The first days told in running text; those of publication for what the lead tells without a day.
    fn days(&self, draft: &Draft) -> (Option<(Date, Date)>, Option<DateBasis>) {
        let told = || draft.units.iter().map(|&u| &self.units[u]);
        let stated =
            told().filter(|u| !u.headline).chain(told().filter(|u| u.headline)).find_map(|u| u.whereabouts.days);
        // "in 2018", told later as "in October 2018": the finer days within the first.
        let stated = stated.map(|first| {
            told().filter_map(|u| u.whereabouts.days).fold(first, |known: (Date, Date), days| {
                if known.0 <= days.0 && days.1 <= known.1 { days } else { known }
            })
        });
        if stated.is_some() {
            let opening = told().map(|u| u.sentence).min();
            let first = told().any(|u| u.whereabouts.days == stated && Some(u.sentence) == opening);
            return (stated, Some(if first { DateBasis::Stated } else { DateBasis::Context }));
        }
        // "said on September 17 that an air raid …": where nothing else tells the day, that of the report does.
        let reported = told().filter(|u| !u.headline).find_map(|u| u.whereabouts.reported);
        let state = matches!(self.kind(draft).0, IncidentType::SiegeOrBlockade | IncidentType::ProtestOrRiot);
        if reported.is_some() && !state {
            return (reported, Some(DateBasis::Context));
        }
        // "… at once launched an attack": told on the heels of a dated act.
        let opening = told().filter(|u| !u.headline).min_by_key(|u| u.sentence);
        if let Some(first) = opening.filter(|u| merging::is_blow(u.kind)) {
            let at = self.units.partition_point(|u| u.sentence < first.sentence);
            let near = (0..at).rev().take(6).find(|&n| {
                let u = &self.units[n];
                u.block == first.block && first.sentence - u.sentence <= 2 && self.known[n].is_some()
            });
            if let Some(days) = near.and_then(|n| self.known[n]) {
                return (Some(days), Some(DateBasis::Context));
            }
        }
        // A blow told in the lead without a day is of the day's news.
        let (kind, _) = self.kind(draft);
        let fresh = told().any(|u| !u.headline && u.block <= self.lead && u.modality == Modality::Asserted);
        if fresh && merging::is_blow(kind) && draft.units.len() > 1 {
            let day = self.found.published.map(|d| (d, d));
            return (day, day.map(|_| DateBasis::Published));
        }
        (None, None)
    }

    /// Those struck, each once by its first name: "62 soldiers", then "the government's troops" are one. People told
    /// only by their number ("about 100 others") are figures, and victims only where nobody is named.
    fn victims(&self, draft: &Draft) -> Vec<Victim> {
        let mut out: Vec<(usize, bool, Victim)> = Vec::new();
        let units = || draft.units.iter().map(|&u| &self.units[u]);
        for u in units().filter(|u| !u.headline).chain(units().filter(|u| u.headline)) {
            // "believed it was striking their positions": meant, not struck.
            if self.is_believed(u) {
                continue;
            }
            for &p in u.patients.iter().take(4).filter(|&&p| self.can_suffer(p)) {
                let p = self.held_by(p).unwrap_or(p);
                let (group, named) = self.struck(p);
                let same = |x: &(usize, bool, Victim)| x.2.group == group || self.are_same_struck(x.0, p);
                if out.len() < MOST && !group.is_empty() && !out.iter().any(same) {
                    let mention = self.page.span_of(tree::phrase(self.page, p));
                    out.push((p, named, Victim { group, mention }));
                }
            }
        }
        if out.iter().any(|x| x.1) {
            out.retain(|x| x.1);
        }
        out.into_iter().map(|x| x.2).collect()
    }

    /// Whether a unit tells only what somebody believed.
    fn is_believed(&self, u: &Unit) -> bool {
        let bytes = self.page.analysis.bytes(self.anchor(u)..self.anchor(u) + 1);
        let said = self.found.statements.innermost(&bytes).and_then(|s| self.found.statements.get(s));
        said.is_some_and(|s| s.mode == record::Mode::Believes)
    }

    /// "the positions of government troops": the troops.
    fn held_by(&self, p: usize) -> Option<usize> {
        let armed = |i: usize| lexicon::lexicon().force(self.page, i) == Some(lexicon::Force::Force);
        let of = || tree::prep_objects(self.page, p, &["of"]).into_iter().find(|&o| armed(o));
        if armed(p) { None } else { of() }
    }

    /// What those struck are called, and whether that says more than how many they are.
    fn struck(&self, p: usize) -> (String, bool) {
        let quantities = &self.found.quantities;
        let upto = quantities.partition_point(|q| q.number.start <= p);
        let counted = quantities[..upto].iter().rev().take(4).find(|q| q.tokens.contains(&p) && !q.number.is_empty());
        match counted {
            Some(q) if q.noun == Some(p) || q.noun.is_none() => (q.group.clone(), q.group != "people"),
            _ => (actors::name_of(self.page, &self.found.actors, p), true),
        }
    }

    /// Whether two nouns name the same people struck: the same noun, or armed people of sides that do not contradict.
    fn are_same_struck(&self, a: usize, b: usize) -> bool {
        let lemma = |i: usize| self.page.analysis.lemma(i).to_lowercase();
        if lemma(a) == lemma(b) {
            return true;
        }
        let armed = |i: usize| lexicon::lexicon().force(self.page, i) == Some(lexicon::Force::Force);
        // "the troops" says no side.
        let told = |n: &String| {
            let known = |w: &str| lexicon::lexicon().forces.get(w).is_some_and(|(f, _)| *f == lexicon::Force::Side);
            n.contains(char::is_uppercase) || n.split(' ').any(known)
        };
        let side = |i: usize| roles::actor_of(self.page, self.found, i).map(|(name, _)| name).filter(told);
        armed(a)
            && armed(b)
            && match (side(a), side(b)) {
                (Some(x), Some(y)) => roles::may_be_one(self.page, &x, &y),
                _ => true,
            }
    }

    /// Whether a noun can be struck: no place that only says where, no time, no pronoun that points back.
    fn can_suffer(&self, p: usize) -> bool {
        let a = &self.page.analysis;
        let place = triggers::is_town(self.page, self.found, p);
        let first = self.found.times.partition_point(|t| t.tokens.end <= p);
        let time = self.found.times.get(first).is_some_and(|t| t.tokens.contains(&p));
        let reflexive = a.word(p).to_lowercase().ends_with("self") || a.word(p).to_lowercase().ends_with("selves");
        // "used water cannon": what they struck with.
        let with = lexicon::lexicon().means_in(self.page, tree::phrase(self.page, p));
        let weapon =
            with.is_some_and(|k| k != IncidentType::AirStrike) && lexicon::lexicon().force(self.page, p).is_none();
        tree::is_noun(self.page, p) && !place && !time && !reflexive && !weapon
            || self.found.actors.naming_at(p).is_some_and(|n| n.pronoun) && !reflexive
    }

    /// A protest told by its noun is the protesters' act.
    fn crowd(&self, draft: &Draft) -> Option<Perpetrator> {
        if self.kind(draft).0 != IncidentType::ProtestOrRiot {
            return None;
        }
        let told = draft.units.iter().flat_map(|&u| &self.units[u].tellings).filter_map(|&t| self.tellings.get(t));
        let protest = |t: &&Telling| t.kind == IncidentType::ProtestOrRiot && !t.verbal;
        let t = told.filter(protest).min_by_key(|t| (t.headline, t.token))?;
        let riot = self.page.analysis.lemma(t.token).to_lowercase().starts_with("riot");
        let bytes = self.page.analysis.bytes(t.phrase.clone());
        let (speaker, statement) = by(self.found, &bytes);
        Some(Perpetrator {
            actor: if riot { "rioters" } else { "protesters" }.to_owned(),
            actor_id: None,
            mention: self.page.span(bytes),
            stance: if statement.is_some() { Stance::Accuses } else { Stance::Asserts },
            by: speaker,
            statement,
        })
    }

    fn perpetrators(&self, draft: &Draft, blames: &[Blame]) -> Vec<Perpetrator> {
        let mut out: Vec<Perpetrator> = Vec::new();
        for &u in &draft.units {
            let unit = &self.units[u];
            let Some(trigger) = unit.tellings.first().and_then(|&t| self.tellings.get(t)) else { continue };
            for d in &unit.doers {
                let denied = unit.modality == Modality::Negated;
                add_to(&mut out, responsibility::of_doer(self.page, self.found, d, trigger, denied));
            }
        }
        let mut own = Vec::new();
        for b in blames {
            if b.owned {
                own.push(b.perpetrator.clone());
            } else {
                add_to(&mut out, b.perpetrator.clone());
            }
        }
        for p in own {
            if let Some(told) = out.iter().find(|x| responsibility::is_part(self.page, &x.actor, &p.by)).cloned() {
                add_to(&mut out, Perpetrator { actor: told.actor, actor_id: told.actor_id, ..p });
            }
        }
        // "Police fired tear gas at the rally": a protest has its protesters beside those who put it down.
        let gathered = |p: &Perpetrator| {
            self.page
                .analysis
                .tokens_in(self.page.index.bytes(&p.mention))
                .any(|i| Lexicon::has(self.page, &lexicon::lexicon().frames.crowds, i))
        };
        if !out.iter().any(gathered) {
            out.extend(self.crowd(draft));
        }
        out
    }
}

/// Adds a perpetrator unless the same speaker said as much of it before.
fn add_to(out: &mut Vec<Perpetrator>, p: Perpetrator) {
    let same = |x: &Perpetrator| {
        x.actor == p.actor
            && x.by == p.by
            && (x.stance == p.stance || x.stance != Stance::Denies && p.stance != Stance::Denies)
    };
    if out.len() < MOST && !out.iter().any(same) {
        out.push(p);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use record::{Dispatch, Incident, Measure, Modality, Stance};

    use crate::Reader;

    fn read(text: &str) -> Vec<Incident> {
        static READER: OnceLock<Reader> = OnceLock::new();
        let dispatch = Dispatch {
            id: "test".to_owned(),
            outlet: None,
            agency: None,
            url: None,
            headline: None,
            dek: None,
            language: Some("en".to_owned()),
            sha256: String::new(),
            dateline: None,
            published: Some(jiff::civil::date(2016, 9, 29)),
            published_basis: None,
            editorial: None,
            sections: Vec::new(),
            text: text.to_owned(),
            layout: Vec::new(),
            notes: Vec::new(),
        };
        READER.get_or_init(Reader::new).read(dispatch).incidents
    }

    #[test]
    fn what_refers_joins_what_it_refers_to() {
        let incidents = read(
            "A car bomb attack on a market in Aleppo killed nine people on Monday. The blast also wounded four guards.",
        );
        assert_eq!(incidents.len(), 1, "{incidents:#?}");
        let measures: Vec<Measure> = incidents[0].figures.iter().map(|f| f.measure).collect();
        assert_eq!(measures, [Measure::Killed, Measure::Injured]);
        assert_eq!(incidents[0].date_start, Some(jiff::civil::date(2016, 9, 26)));
    }

    #[test]
    fn blame_and_denial_keep_their_speakers() {
        let incidents = read(
            "An air strike on a hospital in Aleppo killed six people on Monday. Residents blamed Russia for the strike.",
        );
        assert_eq!(incidents.len(), 1, "{incidents:#?}");
        let blamed = incidents[0].perpetrators.iter().find(|p| p.actor == "Russia");
        let blamed = blamed.map(|p| (p.stance, p.by.to_lowercase()));
        assert_eq!(blamed, Some((Stance::Accuses, "residents".to_owned())));
    }

    #[test]
    fn what_is_feared_or_threatened_did_not_happen() {
        for text in ["The army threatened to shell Aleppo on Monday.", "Troops will storm the town on Friday."] {
            let asserted = read(text).into_iter().filter(|i| i.modality == Modality::Asserted).count();
            assert_eq!(asserted, 0, "{text}");
        }
    }

    #[test]
    fn days_of_other_acts_stay_apart() {
        let text =
            "Police arrested two men in Aleppo on Monday.\n\nPolice arrested seven women in Damascus on Wednesday.";
        assert_eq!(read(text).len(), 2);
    }
}
