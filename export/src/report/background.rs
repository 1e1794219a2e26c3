//! "What happened before": the recap that a wire desk puts at the end of a story, from what the ledger held before it.
//!
//! A dispatch speaks of incidents and accords. What earlier dispatches told of the same ones, of others at the same places
//! in the months before, and how the accords came about, makes a paragraph in order of time, each sentence with its source.
//! Where that gives little (an incident whose place nobody names, words that only comment), the actors lead on: what was
//! laid at the door of those whom the dispatch blames or quotes in the weeks before, and the accords that they are party
//! to. Nothing published on the dispatch's day or after it is used.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ledger::query::{
    AccordPage, AccordWhole, AccountWhole, DispatchPage, FigureWhole, Filter, IncidentWhole, Shown, StatusLine,
};
use ledger::{Ledger, LedgerError};
use serde::Serialize;

use super::cited::{Cited, Note, Notes};
use super::words::{self, capital, words as lexicon};
use super::{ReportError, incidents};

/// How far back other incidents at the same places are recalled, in days, and how many sentences there are of each sort.
const BACK: i32 = 120;
/// The same for other places of the country, where its own places give fewer than [`ENOUGH`].
const BACK_IN_COUNTRY: i32 = 30;
const ENOUGH: usize = 2;
const INCIDENTS: usize = 4;
const TURNS: usize = 4;
/// At most so many places and actors of a dispatch are looked up, and so many accords of its actors recalled.
const PLACES: usize = 6;
const ACTORS: usize = 6;
const ACCORDS: usize = 2;

/// A recap paragraph.
#[derive(Debug, Clone, Serialize)]
pub struct Background {
    /// The dispatch: outlet, day, headline.
    pub about: String,
    /// The paragraph.
    pub text: Cited,
    /// Its footnotes.
    pub notes: Vec<Note>,
}

/// A sentence and the day it stands at.
struct Told {
    day: String,
    sentence: Cited,
}

impl Background {
    /// Builds the recap for a dispatch (`namespace:id`, or the id alone where one dispatch has it).
    pub fn build(ledger: &Ledger, id: &str) -> Result<Background, ReportError> {
        let Shown::Dispatch(page) = ledger.show(id, false)? else { return Err(ReportError::NoDispatch(id.to_owned())) };
        let outlet = page.dispatch.outlet.clone().unwrap_or_else(|| page.dispatch.namespace.clone());
        let headline = page.dispatch.headline.clone().unwrap_or_else(|| page.dispatch.id.clone());
        let Some(published) = page.dispatch.published.as_deref().and_then(|d| d.parse::<Date>().ok()) else {
            let text =
                Cited::text("This dispatch has no day of publication, so that nothing can be said to lie before it.");
            return Ok(Background { about: format!("{headline} ({outlet})"), text, notes: Vec::new() });
        };
        let about = format!("{headline} ({outlet}, {})", words::said(published));

        let mut notes = Notes::default();
        let mut told = Vec::new();
        let own: BTreeSet<&str> = page.incidents.iter().map(|i| i.0.as_str()).collect();
        let actors = actors(ledger, &page, &own)?;
        for whole in earlier(ledger, &own, &actors, published)? {
            told.extend(incident(&mut notes, &whole, published));
        }
        let mut accords: BTreeSet<String> = page.accords.iter().map(|a| a.0.clone()).collect();
        if accords.is_empty() {
            accords = accords_between(ledger, &actors, published)?;
        }
        for accord in accords {
            if let Shown::Accord(page) = ledger.show(&accord, false)? {
                told.extend(turns(&mut notes, &page, published));
            }
        }
        told.sort_by(|a, b| a.day.cmp(&b.day));
        let mut text = Cited::joined(told.into_iter().map(|t| t.sentence), " ");
        if text.is_empty() {
            text = Cited::text(format!(
                "Before {}, the ledger held nothing on the incidents, places and accords that this dispatch speaks of.",
                words::said(published)
            ));
        }
        let notes = notes.in_order_of([&mut text]);
        Ok(Background { about, text, notes })
    }
}

/// Whether an account was published before the day.
fn before(account: &AccountWhole, day: Date) -> bool {
    account.dispatch.state == "live"
        && account.dispatch.published.as_deref().and_then(|p| p.parse::<Date>().ok()).is_some_and(|p| p < day)
}

/// Whom a dispatch speaks of: those whom its incidents name as doing it, then those it quotes, each once.
fn actors(ledger: &Ledger, page: &DispatchPage, own: &BTreeSet<&str>) -> Result<Vec<String>, LedgerError> {
    let mut named: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        // Some tell of an actor with its article, some without: the filter looks for parts of names.
        let name = name.trim_start_matches("the ").trim_start_matches("The ");
        let known = named.iter().any(|n| n.eq_ignore_ascii_case(name));
        if !known && name != record::OUTLET && !name.eq_ignore_ascii_case("unknown") && !name.is_empty() {
            named.push(name.to_owned());
        }
    };
    for id in own {
        let whole = ledger.incident_whole(id)?;
        let here = whole.accounts.iter().filter(|a| a.dispatch.id == page.dispatch.id);
        here.flat_map(|a| &a.perpetrators).for_each(|p| add(&p.actor));
    }
    page.statements.iter().for_each(|s| add(&s.speaker));
    named.truncate(ACTORS);
    Ok(named)
}

/// The accords of the weeks before to which the actors are party or which they broker, the last told first.
fn accords_between(ledger: &Ledger, actors: &[String], day: Date) -> Result<BTreeSet<String>, LedgerError> {
    let since = day.saturating_sub(jiff::Span::new().days(BACK_IN_COUNTRY)).to_string();
    let mut found: BTreeSet<(String, String)> = BTreeSet::new();
    for actor in actors {
        let filter = Filter { actor: Some(actor.clone()), ..Filter::default() };
        ledger.each_accord(&filter, |whole: AccordWhole| -> Result<(), LedgerError> {
            let party = whole.accord.parties.iter().chain(&whole.accord.brokers).any(|p| same_actor(p, actor));
            let told = whole.timeline.iter().filter_map(|c| c.published.clone());
            let last = told.filter(|p| *p < day.to_string() && *p >= since).max();
            if let Some(last) = last.filter(|_| party) {
                found.insert((last, whole.accord.id));
            }
            Ok(())
        })?;
    }
    Ok(found.into_iter().rev().take(ACCORDS).map(|f| f.1).collect())
}

/// Whether two names are of one actor but for article and case.
fn same_actor(a: &str, b: &str) -> bool {
    lexicon().the(a).eq_ignore_ascii_case(&lexicon().the(b))
}

/// The incidents to recall: those the dispatch tells of, as others told them before, those of the months before at the
/// places it names, and where these are few, those of the weeks before that are laid to its actors.
fn earlier(
    ledger: &Ledger,
    own: &BTreeSet<&str>,
    actors: &[String],
    day: Date,
) -> Result<Vec<IncidentWhole>, LedgerError> {
    let mut places: BTreeSet<String> = BTreeSet::new();
    let mut countries: BTreeSet<String> = BTreeSet::new();
    let mut found: BTreeMap<String, IncidentWhole> = BTreeMap::new();
    for id in own {
        let whole = ledger.incident_whole(id)?;
        let i = &whole.incident;
        // A country's name finds everything in it: only what names a place within one recalls its past.
        let is_country = i.place.as_deref() == i.country.as_deref().map(words::country);
        places.extend(i.place.clone().filter(|_| !is_country));
        countries.extend(i.country.clone());
        // What the dispatch itself tells of is recalled wherever and whenever it was.
        if whole.accounts.iter().any(|a| before(a, day)) {
            found.insert(i.id.clone(), whole);
        }
    }
    let own_before = found.len();
    let mut look = |filter: Filter, back: i32, wanted: &dyn Fn(&IncidentWhole) -> bool| {
        let since = day.saturating_sub(jiff::Span::new().days(back));
        let filter = Filter { since: Some(since), until: Some(day), ..filter };
        ledger.each_incident(&filter, |whole: IncidentWhole| -> Result<(), LedgerError> {
            let i = &whole.incident;
            let usable = i.modality == "asserted" && !super::tally::is_long(i);
            if usable && wanted(&whole) && whole.accounts.iter().any(|a| before(a, day)) {
                found.insert(i.id.clone(), whole);
            }
            Ok(())
        })?;
        Ok::<usize, LedgerError>(found.len())
    };
    let same_country = |whole: &IncidentWhole| {
        whole.incident.country.as_ref().is_none_or(|c| countries.is_empty() || countries.contains(c))
    };
    let mut known = own_before;
    for place in places.into_iter().take(PLACES) {
        known = look(Filter { place: Some(place), ..Filter::default() }, BACK, &same_country)?;
    }
    // Where a place has no past, its country's last weeks are what a reader lacks.
    if known < ENOUGH {
        for country in countries.iter().take(2) {
            known = look(Filter { place: Some(country.clone()), ..Filter::default() }, BACK_IN_COUNTRY, &same_country)?;
        }
    }
    if known < ENOUGH {
        for actor in actors {
            let laid_to = |whole: &IncidentWhole| {
                whole.accounts.iter().flat_map(|a| &a.perpetrators).any(|p| same_actor(&p.actor, actor))
            };
            look(Filter { actor: Some(actor.clone()), ..Filter::default() }, BACK_IN_COUNTRY, &laid_to)?;
        }
    }
    let mut chosen: Vec<IncidentWhole> = found.into_values().filter(|w| w.incident.date_start.is_some()).collect();
    chosen.sort_by_cached_key(|w| {
        let i = &w.incident;
        let weight = (own.contains(i.id.as_str()), i.killed_high.or(i.killed_low), i.sources);
        (std::cmp::Reverse(weight), std::cmp::Reverse(i.date_start.clone()), i.id.clone())
    });
    chosen.truncate(INCIDENTS);
    Ok(chosen)
}

/// "On 17 September 2016, an air strike near Oldbridge killed at least 62 people, according to the army¹; other reports
/// gave up to 80². Residents blamed …"
fn incident(notes: &mut Notes, whole: &IncidentWhole, day: Date) -> Option<Told> {
    let i = &whole.incident;
    let accounts: Vec<&AccountWhole> = whole.accounts.iter().filter(|a| before(a, day)).collect();
    let first = accounts.first()?;
    let when = words::when(i.date_start.as_deref(), i.date_end.as_deref())?;
    let place = incidents::place(i).map(|p| format!(" in {p}")).unwrap_or_default();
    let kind = lexicon().one(&i.kind);
    let mut told = Cited::text(format!("{}, {kind}{place} was reported", capital(&when)));
    // A name of two nouns ("mines or bombs") and a name of one take the same verb here.
    told = told.then(format!(" by {}", incidents::outlet(first)));
    told = told.note(incidents::cite(notes, first, record::OUTLET, &first.words.text));
    let mut totals: Vec<(i64, &AccountWhole, &FigureWhole)> = Vec::new();
    for account in &accounts {
        for f in account.figures.iter().filter(|f| f.measure == "killed" && f.part_of.is_none()) {
            // What the ledger takes for totals: groups among the dead lie outside its range.
            let total = |n: &i64| i.killed_low.is_none_or(|l| l <= *n) && i.killed_high.is_none_or(|h| *n <= h);
            if let Some(n) = f.low.or(f.high).filter(total) {
                totals.push((n, account, f));
            }
        }
    }
    let by = |account: &AccountWhole, f: &FigureWhole| incidents::voice(&f.by, &incidents::outlet(account));
    let low = totals.iter().min_by_key(|t| t.0).copied();
    let high = totals.iter().max_by_key(|t| t.0).copied();
    if let (Some((low, account, f)), Some((high, other, g))) = (low, high) {
        let single = if low == 1 && low == high { "was" } else { "were" };
        let note = incidents::cite(notes, account, &f.by, &f.words.text);
        told = told.then(format!(
            "; {} {single} said to have been killed, according to {}",
            incidents::value(f),
            by(account, f)
        ));
        told = told.note(note);
        if high > low {
            let note = incidents::cite(notes, other, &g.by, &g.words.text);
            let comma = if g.by == record::OUTLET { "" } else { "," };
            told = told.then(format!(", while {}{comma} spoke of {}", by(other, g), incidents::value(g))).note(note);
        }
    }
    told = told.then(".");
    let mut blamed = BTreeSet::new();
    for account in &accounts {
        for p in account.perpetrators.iter().filter(|p| matches!(p.stance.as_str(), "accuses" | "denies" | "admits")) {
            if blamed.len() < 3 && blamed.insert((p.by.clone(), p.stance.clone(), p.key.clone())) {
                let by = capital(&incidents::voice(&p.by, &incidents::outlet(account)));
                let note = incidents::cite(notes, account, &p.by, &p.words.text);
                let actor = lexicon().the(&p.actor);
                let text = match p.stance.as_str() {
                    "accuses" => format!(" {by}, blamed {actor}"),
                    "admits" => format!(" {by}, said that {actor} had done it"),
                    _ => format!(" {by}, denied the responsibility of {actor}"),
                };
                // Without a comma where nobody is quoted.
                let text = if p.by == record::OUTLET { text.replacen(&format!("{by},"), &by, 1) } else { text };
                told = told.then(text).note(note).then(".");
            }
        }
    }
    Some(Told { day: i.date_start.clone()?, sentence: told })
}

/// How an accord came about, turn by turn, as told before the day.
fn turns(notes: &mut Notes, page: &AccordPage, day: Date) -> Vec<Told> {
    let told_before = |c: &&StatusLine| {
        let published = c.published.as_deref().and_then(|d| d.parse::<Date>().ok()).is_some_and(|p| p < day);
        let about_past = c.date.as_deref().and_then(|d| d.parse::<Date>().ok()).is_none_or(|d| d <= day);
        published && about_past && c.modality == "asserted" && c.status != "violated" && c.blamed.is_none()
    };
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    let name = page.accord.name.trim();
    let named = ["the ", "a ", "an ", "its "].iter().any(|a| name.to_lowercase().starts_with(a));
    let name = if named { name.to_owned() } else { format!("the {name}") };
    for claim in page.timeline.iter().filter(told_before) {
        let Some(date) = claim.date.clone() else { continue };
        if !seen.insert((claim.status.clone(), claim.party.clone())) {
            continue;
        }
        let outlet = claim.outlet.clone().unwrap_or_else(|| claim.dispatch.clone());
        let note = super::accords::cite(notes, claim);
        let by_party = claim.party.as_deref().map(|p| format!(" by {}", lexicon().the(p))).unwrap_or_default();
        let reported = if claim.dated { "On" } else { "As reported on" };
        let text = format!(
            "{reported} {}, {name} {}{by_party}, according to {}",
            words::day(&date),
            lexicon().turned(&claim.status),
            incidents::voice(&claim.by, &outlet)
        );
        out.push(Told { day: date, sentence: Cited::text(text).note(note).then(".") });
    }
    // The latest turns are nearest to the story.
    let skip = out.len().saturating_sub(TURNS);
    out.split_off(skip)
}
