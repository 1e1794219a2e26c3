//! Who did what to whom, as lists of political events have it: the deeds behind incidents, accusations and accords.
//!
//! One incident is one deed however many dispatches tell it. An accusation or denial is a deed of speech of its own, with
//! the speaker as first actor and the one spoken of as second, so that contested blame is not lost where the deed itself
//! names nobody. A claim about an accord's state is one deed for all who tell it alike; a violation that a speaker
//! reports is an accusation, never an act of fighting.

use std::collections::BTreeMap;

use ledger::query::{AccordWhole, DispatchHead, IncidentWhole};
use record::OUTLET;

use super::Tally;
use super::blame::{View, Who};
use super::codes::{self, DeedCodes};
use super::places::Spot;

/// Where a deed is told.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// URL, else namespace and id.
    pub identifier: String,
    /// Whether that is a URL.
    pub is_url: bool,
    /// Who published it.
    pub source: String,
    /// Day of publication.
    pub published: Option<String>,
    /// When it was filed.
    pub filed_at: Option<String>,
    /// Where its words begin.
    pub start: i64,
    /// Length of the text.
    pub length: Option<i64>,
    /// The reader's confidence.
    pub confidence: String,
    /// The text's language.
    pub language: Option<String>,
}

impl Told {
    fn in_dispatch(d: &DispatchHead, start: i64, confidence: &str) -> Told {
        Told {
            identifier: d.url.clone().unwrap_or_else(|| format!("{}:{}", d.namespace, d.id)),
            is_url: d.url.is_some(),
            source: d.outlet.clone().unwrap_or_else(|| d.namespace.clone()),
            published: d.published.clone(),
            filed_at: Some(d.filed_at.clone()),
            start,
            length: Some(d.length),
            confidence: confidence.to_owned(),
            language: d.language.clone(),
        }
    }
}

/// One deed.
#[derive(Debug, Clone)]
pub struct Deed {
    /// What makes it itself: the ledger's id, and for speech who says what of whom.
    pub id: String,
    /// The day.
    pub date: String,
    /// Its codes.
    pub codes: DeedCodes,
    /// Who does it.
    pub actor: Option<Who>,
    /// To whom.
    pub recipient: Option<Who>,
    /// Where.
    pub spot: Spot,
    /// Whether it is news, not background.
    pub root: bool,
    /// How many sources, echoes counted once.
    pub sources: i64,
    /// Where it is told, in order of publication.
    pub told: Vec<Told>,
}

/// The deeds of an incident.
pub fn of_incident(incident: &IncidentWhole, tally: &mut Tally) -> Vec<Deed> {
    let Some(view) = View::of(incident, tally) else { return Vec::new() };
    let Some(date) = view.row.date_start.clone() else {
        tally.lose("incidents without a day: left out");
        return Vec::new();
    };
    let row = view.row;
    tally.lose_if(
        row.killed_high.or(row.killed_low).is_some() || row.injured_high.is_some(),
        "numbers of dead and injured: the format has no column",
    );
    let second = view
        .settled
        .get(1)
        .filter(|_| row.kind == "ground_fighting")
        .or_else(|| view.victim().filter(|w| !w.class.is_empty()));
    let mut deeds = vec![Deed {
        id: row.id.clone(),
        date,
        codes: codes::incident_type(&row.kind).deed,
        actor: view.settled.first().cloned(),
        recipient: second.cloned(),
        spot: Spot::of(&view),
        root: !row.background,
        sources: row.sources,
        told: view.accounts.iter().map(|a| Told::in_dispatch(&a.dispatch, a.words.start, &a.confidence)).collect(),
    }];
    // Speech: by speaker, stance and the one spoken of.
    let mut speech: BTreeMap<(String, String, String), Deed> = BTreeMap::new();
    for account in &view.accounts {
        for p in account.perpetrators.iter().filter(|p| p.by != OUTLET) {
            let Some(codes) = codes::stance(&p.stance) else { continue };
            let told = Told::in_dispatch(&account.dispatch, p.words.start, &account.confidence);
            let day = account.dispatch.published.clone().unwrap_or_else(|| deeds[0].date.clone());
            let key = (p.by.clone(), p.stance.clone(), p.key.clone());
            speech
                .entry(key)
                .or_insert_with(|| Deed {
                    id: format!("{}/{}/{}/{}", row.id, p.stance, p.by, p.key),
                    date: day,
                    codes,
                    actor: Some(Who::named(&p.by)),
                    recipient: Some(Who::named(&p.actor))
                        .filter(|_| p.stance != "admits" && p.stance != "denies" || p.actor != p.by),
                    spot: Spot::of(&view),
                    root: !account.background,
                    sources: 0,
                    told: Vec::new(),
                })
                .told
                .push(told);
        }
    }
    deeds.extend(speech.into_values().map(counted));
    deeds
}

/// The deeds of an accord.
pub fn of_accord(accord: &AccordWhole, tally: &mut Tally) -> Vec<Deed> {
    let row = &accord.accord;
    let place = row.place.clone().unwrap_or_default();
    let mut deeds: BTreeMap<(String, String, String, String, String), Deed> = BTreeMap::new();
    for line in &accord.timeline {
        if line.modality != "asserted" {
            tally.lose("claims about accords that are threats, hopes or denials: left out");
            continue;
        }
        let accusation = line.status == "violated" && line.by != OUTLET;
        let codes = if accusation { codes::stance("accuses") } else { codes::status(&row.kind, &line.status) };
        let (Some(codes), Some(date)) = (codes, line.date.clone()) else {
            tally.lose(
                "claims about accords that the format has no code for (data/export/statuses.tsv has the reasons)",
            );
            continue;
        };
        let (actor, recipient) = match (accusation, line.status.as_str()) {
            (true, _) => (Some(line.by.clone()), line.blamed.clone()),
            (false, "violated") => (line.blamed.clone().or_else(|| line.party.clone()), None),
            (false, _) => {
                let first = line.party.clone().or_else(|| row.parties.first().cloned());
                let second = row.parties.iter().find(|p| Some(*p) != first.as_ref()).cloned();
                (first, second)
            }
        };
        let account = row.accounts.iter().find(|a| a.dispatch == line.dispatch);
        let told = Told {
            identifier: account.map_or_else(|| line.dispatch.clone(), |a| format!("{}:{}", a.namespace, a.dispatch)),
            source: line.outlet.clone().or_else(|| account.map(|a| a.namespace.clone())).unwrap_or_default(),
            published: account.and_then(|a| a.published.clone()),
            start: line.start,
            confidence: "medium".to_owned(),
            ..Told::default()
        };
        let text = |o: &Option<String>| o.clone().unwrap_or_default();
        let key = (date.clone(), line.status.clone(), text(&actor), text(&recipient), accusation.to_string());
        deeds
            .entry(key)
            .or_insert_with(|| Deed {
                id: format!("{}/{date}/{}/{}/{}", row.id, line.status, text(&actor), text(&recipient)),
                date,
                codes,
                actor: actor.as_deref().map(Who::named),
                recipient: recipient.as_deref().map(Who::named),
                spot: Spot { location: place.clone(), ..Spot::default() },
                root: true,
                sources: 0,
                told: Vec::new(),
            })
            .told
            .push(told);
    }
    deeds.into_values().map(counted).collect()
}

/// With its sources counted: outlets, for echoes are not known of each word.
fn counted(mut deed: Deed) -> Deed {
    let outlets: std::collections::BTreeSet<&str> = deed.told.iter().map(|t| t.source.as_str()).collect();
    deed.sources = outlets.len() as i64;
    deed
}
