//! Situation reports: what a ledger holds about a period, a place, an actor, as an editor would set it out.
//!
//! [`Report::build`] reads the ledger once and makes a model of sections, tables and footnotes; [`Report::markdown`] and
//! [`Report::html`] write the same model, so that the two cannot disagree. Every figure carries the number of a [`Note`]
//! with outlet, day and exact words. [`Background`] is the recap paragraph of a wire desk for one dispatch.
//!
//! Nothing is decided here: rival figures stand side by side as ranges, responsibility is told as somebody's claim, claims
//! of violation are never added up across reporters, and what echoes carry counts once. Long ledgers are told most
//! important first and cut, and the report says how much was left out. It asks no clock: a report is "as of" the last
//! dispatch filed.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use export::report::{Options, Report};
//! let ledger = ledger::Ledger::open_to_read(std::path::Path::new("ledger.db"))?;
//! let report = Report::build(&ledger, &Options { place: Some("Aleppo".into()), ..Options::default() })?;
//! println!("{}", report.markdown());
//! # Ok(()) }
//! ```

mod accords;
mod background;
mod cited;
mod html;
mod incidents;
mod markdown;
mod tally;
mod words;

pub use accords::Section as AccordSection;
pub use background::Background;
pub use cited::{Cited, Grid, Note, Piece};
pub use incidents::Section as IncidentSection;
pub use words::country as country_name;

use std::collections::BTreeSet;

use jiff::civil::Date;
use ledger::query::{AccordWhole, Filter, IncidentRow, IncidentWhole};
use ledger::{Ledger, LedgerError};
use serde::Serialize;

use crate::draw::{Bars, Event, Exactness, Map, Point, Strip, Timeline};
use cited::Notes;
use tally::Tally;
use words::{capital, words as lexicon};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A comparison needs a period with two ends.
    #[error("a comparison needs a period: give both its first and its last day (--since DATE --until DATE)")]
    NoPeriod,
    /// The last day lies before the first.
    #[error("the period ends ({until}) before it begins ({since}): exchange the two days")]
    Backwards {
        /// First day.
        since: Date,
        /// Last day.
        until: Date,
    },
    /// A recap was asked for something that is no dispatch.
    #[error("{0}: is no dispatch (a recap is made for a dispatch: list them with `dateline dispatches`)")]
    NoDispatch(String),
    /// A page could not be written.
    #[error("the page could not be written: {0}")]
    Page(#[from] askama::Error),
}

/// What a report is about.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Part of a place's or province's name, or a country's two letters.
    pub place: Option<String>,
    /// Part of an actor's name.
    pub actor: Option<String>,
    /// Whether to set it beside the period of the same length before.
    pub compare: bool,
    /// How many incidents are told in full; 20 where it is not said.
    pub incidents: Option<usize>,
}

/// A stretch of days, open on any side.
#[derive(Debug, Clone, Copy, Default)]
struct Period {
    since: Option<Date>,
    until: Option<Date>,
}

impl Period {
    fn holds(&self, day: Date) -> bool {
        self.since.is_none_or(|s| s <= day) && self.until.is_none_or(|u| day <= u)
    }

    fn is_open(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    fn told(&self) -> String {
        match (self.since, self.until) {
            (Some(s), Some(u)) => words::stretch(s, u),
            (Some(s), None) => format!("from {} on", words::said(s)),
            (None, Some(u)) => format!("up to {}", words::said(u)),
            (None, None) => "all that the ledger holds".to_owned(),
        }
    }
}

/// A comparison with the period before.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// The two periods in a sentence.
    pub told: String,
    /// The rows.
    pub grid: Grid,
    /// Which incidents' figures the sums of the period before are made of; those of the period itself stand under the key
    /// figures.
    pub sums: Vec<Cited>,
}

/// A situation report.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What it is about.
    pub title: String,
    /// The day of the last dispatch filed, in words.
    pub as_of: String,
    /// The period in words.
    pub period: String,
    /// From how many dispatches of how many outlets.
    pub drawn_from: String,
    /// What stands out.
    pub highlights: Vec<Cited>,
    /// Counts and ranges.
    pub key_figures: Grid,
    /// The state of accords.
    pub accords: Vec<AccordSection>,
    /// How many accords were left out.
    pub accords_left_out: usize,
    /// The most important incidents, in order of time.
    pub incidents: Vec<IncidentSection>,
    /// All incidents in a line each, as far as there is room.
    pub overview: Grid,
    /// How many of them were left out.
    pub overview_left_out: usize,
    /// What is recalled as context, or told otherwise than as fact.
    pub aside: Vec<Cited>,
    /// How much of it was left out.
    pub aside_left_out: usize,
    /// Beside the period before.
    pub comparison: Option<Comparison>,
    /// What the report does not say, and how it was made.
    pub method: Vec<String>,
    /// The footnotes, by number.
    pub notes: Vec<Note>,
    /// How many of each kind.
    #[serde(skip)]
    pub kinds: Option<Bars>,
    /// Where.
    #[serde(skip)]
    pub map: Option<Map>,
    /// When.
    #[serde(skip)]
    pub timeline: Option<Timeline>,
}

/// Bounds: what a reader takes in, and what keeps a ledger of a million incidents out of memory.
const TOLD: usize = 20;
const OVERVIEW: usize = 80;
const POINTS: usize = 300;
const ASIDE: usize = 12;
const ACCORDS: usize = 8;
const LARGEST: usize = 3;
/// Incidents whose figures a sum names one by one.
const ADDENDS: usize = 24;

/// The most important first: the dead, then rival versions, then how many tell of it, then the day.
fn weight(i: &IncidentRow) -> impl Ord + use<> {
    let long = tally::is_long(i);
    let killed = if long { 0 } else { i.killed_high.or(i.killed_low).unwrap_or(0) };
    let told = i.place.is_some() as i64 + i.date_start.is_some() as i64;
    let order = (killed, i.injured_high.or(i.injured_low).unwrap_or(0), i.disputed.len(), i.sources, told);
    (std::cmp::Reverse(order), i.date_start.clone(), i.id.clone())
}

/// What is gathered on the way through the ledger.
#[derive(Default)]
struct Gathered {
    tally: Tally,
    /// Told as fact: kept in full as far as the report has room.
    told: Vec<IncidentWhole>,
    aside: Vec<IncidentWhole>,
    asides: usize,
    dispatches: BTreeSet<String>,
    outlets: BTreeSet<String>,
}

impl Gathered {
    fn add(&mut self, whole: IncidentWhole) {
        if incidents::live(&whole).next().is_none() {
            return;
        }
        for account in incidents::live(&whole) {
            self.dispatches.insert(format!("{}:{}", account.dispatch.namespace, account.dispatch.id));
            self.outlets.insert(incidents::outlet(account));
        }
        let i = &whole.incident;
        let (shelf, room) = if i.background || i.modality != "asserted" {
            self.asides += 1;
            (&mut self.aside, ASIDE)
        } else {
            self.tally.add(i);
            (&mut self.told, POINTS)
        };
        shelf.push(whole);
        if shelf.len() > 2 * room + 64 {
            shelf.sort_by_cached_key(|w| weight(&w.incident));
            shelf.truncate(room);
        }
    }

    fn finish(&mut self) {
        self.told.sort_by_cached_key(|w| weight(&w.incident));
        self.told.truncate(POINTS);
        self.aside.sort_by_cached_key(|w| weight(&w.incident));
        self.aside.truncate(ASIDE);
    }
}

fn gather(ledger: &Ledger, filter: &Filter) -> Result<Gathered, LedgerError> {
    let mut gathered = Gathered::default();
    let mut each = |whole: IncidentWhole| -> Result<(), LedgerError> {
        gathered.add(whole);
        Ok(())
    };
    ledger.each_incident(filter, &mut each)?;
    // A period finds only what has a day: what has none belongs to the period in which it was first told.
    if filter.since.is_some() || filter.until.is_some() {
        ledger.each_undated(filter, &mut each)?;
    }
    gathered.finish();
    Ok(gathered)
}

impl Report {
    /// Builds the report.
    pub fn build(ledger: &Ledger, options: &Options) -> Result<Report, ReportError> {
        let period = Period { since: options.since, until: options.until };
        if let (Some(since), Some(until)) = (period.since, period.until)
            && until < since
        {
            return Err(ReportError::Backwards { since, until });
        }
        let filter = Filter {
            since: period.since,
            until: period.until,
            place: options.place.clone(),
            actor: options.actor.clone(),
            ..Filter::default()
        };
        let comparison = if options.compare { Some(before(&period)?) } else { None };
        let mut gathered = gather(ledger, &filter)?;
        let accords = accords_of(ledger, &filter, &period, &mut gathered)?;
        let newest = ledger.dispatches(&Filter { limit: Some(1), ..Filter::default() })?;
        let as_of = newest.first().and_then(|d| d.published.as_deref());

        let mut notes = Notes::default();
        let mut sections: Vec<&IncidentWhole> = gathered.told.iter().take(options.incidents.unwrap_or(TOLD)).collect();
        let highlights = highlights(&mut notes, &gathered, &accords, &period);
        let accords_left_out = accords.len().saturating_sub(ACCORDS);
        let mut accord_sections: Vec<AccordSection> =
            accords.iter().take(ACCORDS).map(|a| accords::section(&mut notes, a, &period)).collect();
        sections
            .sort_by_key(|w| (w.incident.date_start.is_none(), w.incident.date_start.clone(), w.incident.id.clone()));
        let incidents: Vec<IncidentSection> = sections.into_iter().map(|w| incidents::section(&mut notes, w)).collect();
        let overview = overview(&mut notes, &gathered.told);
        let aside = gathered.aside.iter().map(|w| beside(&mut notes, w)).collect::<Vec<_>>();
        let mut sum_of = |gathered: &Gathered, measure: &str| addends(&mut notes, gathered, measure);
        let key_figures = gathered.tally.grid(sum_of(&gathered, "killed"), sum_of(&gathered, "injured"));
        let comparison = match comparison {
            Some(earlier) => {
                let past = Filter { since: earlier.since, until: earlier.until, ..filter.clone() };
                let past = gather(ledger, &past)?;
                let (now, then) = (period.told(), earlier.told());
                let told = format!("{then}, the same number of days, beside {now}.");
                let sums = ["killed", "injured"].into_iter().filter_map(|measure| {
                    let made_of = sum_of(&past, measure);
                    let lead = format!("Reported {measure}, {then}, figure by figure: ");
                    (!made_of.is_empty()).then(|| Cited::text(lead).and(made_of).then("."))
                });
                let sums = sums.collect();
                let grid = gathered.tally.beside(&now, &past.tally, &then);
                Some(Comparison { told: capital(&told), grid, sums })
            }
            None => None,
        };
        let timeline = timeline(&gathered.told, &incidents, &accord_sections, &period, as_of);
        // The first accord's strips stand below the incidents; those of the others in their sections.
        for section in accord_sections.iter_mut().filter(|a| !a.strips.is_empty()).skip(1) {
            section.timeline = strips_alone(section, &period, as_of);
        }
        let map = map(&gathered.told, &incidents);
        let mut report = Report {
            title: title(options),
            as_of: as_of.map_or_else(|| "no dated dispatch".to_owned(), words::day),
            period: capital(&period.told()),
            drawn_from: format!(
                "{} of {}",
                words::count(gathered.dispatches.len(), "dispatch", "dispatches"),
                words::count(gathered.outlets.len(), "outlet", "outlets")
            ),
            highlights,
            key_figures,
            accords: accord_sections,
            accords_left_out,
            incidents,
            overview_left_out: gathered.tally.incidents.saturating_sub(overview.rows.len()),
            overview,
            aside_left_out: gathered.asides.saturating_sub(aside.len()),
            aside,
            comparison,
            method: method(&gathered.tally, &period),
            notes: Vec::new(),
            kinds: gathered.tally.bars(),
            map,
            timeline,
        };
        report.notes = notes.in_order_of(report.texts_mut());
        Ok(report)
    }

    /// All texts with footnotes, in the order in which both renderers print them.
    fn texts_mut(&mut self) -> impl Iterator<Item = &mut Cited> {
        let accords = self.accords.iter_mut().flat_map(|a| {
            let grids = a.states.cells_mut().chain(a.violations.cells_mut()).chain(a.claims.cells_mut());
            std::iter::once(&mut a.told).chain(grids)
        });
        let incidents =
            self.incidents.iter_mut().flat_map(|i| std::iter::once(&mut i.told).chain(i.matrix.cells_mut()));
        let head = self.highlights.iter_mut().chain(self.key_figures.cells_mut());
        let before = self.comparison.iter_mut().flat_map(|c| c.grid.cells_mut().chain(&mut c.sums));
        head.chain(before).chain(accords).chain(incidents).chain(self.overview.cells_mut()).chain(&mut self.aside)
    }

    /// Whether the ledger holds nothing that the report asks for.
    pub fn is_empty(&self) -> bool {
        self.incidents.is_empty() && self.accords.is_empty() && self.aside.is_empty()
    }
}

fn title(options: &Options) -> String {
    let about: Vec<String> = [&options.place, &options.actor]
        .into_iter()
        .flatten()
        .map(|part| {
            let code = part.len() == 2 && part.chars().all(|c| c.is_ascii_uppercase());
            if code { words::country(part).to_owned() } else { part.clone() }
        })
        .collect();
    if about.is_empty() { "Situation report".to_owned() } else { format!("Situation report: {}", about.join(", ")) }
}

/// The period of the same length before.
fn before(period: &Period) -> Result<Period, ReportError> {
    let (Some(since), Some(until)) = (period.since, period.until) else { return Err(ReportError::NoPeriod) };
    let days = since.until(until).map_or(0, |s| s.get_days());
    let back = |day: Date, n: i32| day.saturating_sub(jiff::Span::new().days(n));
    // A whole month is set beside the month before it.
    if since.day() == 1 && until == since.last_of_month() {
        let last = back(since, 1);
        return Ok(Period { since: Some(last.first_of_month()), until: Some(last) });
    }
    Ok(Period { since: Some(back(since, days + 1)), until: Some(back(since, 1)) })
}

/// The accords of which something is claimed in the period, those with most claims first.
fn accords_of(
    ledger: &Ledger,
    filter: &Filter,
    period: &Period,
    gathered: &mut Gathered,
) -> Result<Vec<AccordWhole>, LedgerError> {
    let mut found: Vec<(usize, AccordWhole)> = Vec::new();
    let any_day = Filter { since: None, until: None, ..filter.clone() };
    ledger.each_accord(&any_day, |whole: AccordWhole| -> Result<(), LedgerError> {
        let claims = whole.timeline.iter().filter(|c| accords::within(c, period)).count();
        let made = whole.accord.date.as_deref().and_then(|d| d.parse().ok()).is_some_and(|d| period.holds(d));
        if claims > 0 || made || period.is_open() {
            for account in &whole.accord.accounts {
                gathered.dispatches.insert(format!("{}:{}", account.namespace, account.dispatch));
                gathered.outlets.extend(account.outlet.clone());
            }
            found.push((claims, whole));
        }
        Ok(())
    })?;
    found.sort_by_key(|(claims, w)| (std::cmp::Reverse(*claims), w.accord.date.clone(), w.accord.id.clone()));
    Ok(found.into_iter().map(|f| f.1).collect())
}

/// "Air strike, Oldbridge, 17 September 2016: 62 people (the army, quoted by A)¹ to 80 people (B)² reported killed."
fn large(notes: &mut Notes, whole: &IncidentWhole) -> Cited {
    let i = &whole.incident;
    let (Some(low), Some(high)) = (i.killed_low.or(i.killed_high), i.killed_high.or(i.killed_low)) else {
        return Cited::text(incidents::heading(i));
    };
    let giving = |n: i64| {
        incidents::live(whole).find_map(|a| {
            let f =
                a.figures.iter().find(|f| f.measure == "killed" && f.part_of.is_none() && f.low.or(f.high) == Some(n));
            f.map(|f| (a, f))
        })
    };
    let mut end = |n: i64| match giving(n) {
        Some((account, f)) => {
            let by = incidents::voice(&f.by, &incidents::outlet(account));
            let note = incidents::cite(notes, account, &f.by, &f.words.text);
            Cited::text(format!("{} ({by})", incidents::value(f))).note(note)
        }
        None => Cited::text(words::number(n)),
    };
    let told = Cited::text(format!("{}: ", incidents::heading(i)));
    let told = if low == high { told.and(end(low)) } else { told.and(end(low)).then(" to ").and(end(high)) };
    told.then(" reported killed.")
}

/// What a sum is made of, the most important incidents first: "Deir ez-Zor, 17 September 2016: 62¹–80²; …".
fn addends(notes: &mut Notes, gathered: &Gathered, measure: &str) -> Cited {
    let has = |i: &IncidentRow| match measure {
        "killed" => i.killed_low.or(i.killed_high).is_some(),
        _ => i.injured_low.or(i.injured_high).is_some(),
    };
    let sum = if measure == "killed" { gathered.tally.killed } else { gathered.tally.injured };
    let added = gathered.told.iter().filter(|w| has(&w.incident) && !tally::is_long(&w.incident));
    let parts: Vec<Cited> = added
        .take(ADDENDS)
        .map(|w| {
            let place = incidents::place(&w.incident).unwrap_or_else(|| "place not given".to_owned());
            let lead = format!("{place}, {}: ", incidents::dated(&w.incident));
            Cited::text(lead).and(incidents::range(notes, w, measure))
        })
        .collect();
    let more = sum.incidents.saturating_sub(parts.len());
    let told = Cited::joined(parts, "; ");
    if more > 0 { told.then(format!("; and {more} more in the list of all incidents and in the ledger")) } else { told }
}

/// All incidents in a line each, in order of time.
fn overview(notes: &mut Notes, told: &[IncidentWhole]) -> Grid {
    let mut rows: Vec<&IncidentWhole> = told.iter().take(OVERVIEW).collect();
    rows.sort_by_key(|w| (w.incident.date_start.is_none(), w.incident.date_start.clone(), w.incident.id.clone()));
    let mut grid = Grid::new(&["day", "place", "what", "killed", "injured", "sources", "sources differ on"]);
    for whole in rows {
        let i = &whole.incident;
        let differ: Vec<String> = i.disputed.iter().map(|f| incidents::field(f)).collect();
        let first = incidents::live(whole).next();
        let mut what = Cited::text(lexicon().title(&i.kind));
        if let Some(account) = first {
            what = what.note(incidents::cite(notes, account, record::OUTLET, &account.words.text));
        }
        grid.rows.push(vec![
            Cited::text(incidents::dated(i)),
            Cited::text(incidents::place(i).unwrap_or_else(|| "not given".to_owned())),
            what,
            incidents::range(notes, whole, "killed"),
            incidents::range(notes, whole, "injured"),
            Cited::text(i.sources.to_string()),
            Cited::text(capital(&words::list(&differ))),
        ]);
    }
    grid
}

/// A line on what is recalled as context or told otherwise than as fact.
fn beside(notes: &mut Notes, whole: &IncidentWhole) -> Cited {
    let i = &whole.incident;
    let how = if i.modality == "asserted" { "recalled as context".to_owned() } else { lexicon().modality(&i.modality) };
    let mut told = Cited::text(format!("{} ({how})", incidents::heading(i)));
    let killed = incidents::range(notes, whole, "killed");
    if !killed.is_empty() {
        told = told.then("; reported killed: ").and(killed);
    } else if let Some(account) = incidents::live(whole).next() {
        told = told.note(incidents::cite(notes, account, record::OUTLET, &account.words.text));
    }
    told.then(".")
}

fn highlights(notes: &mut Notes, gathered: &Gathered, accords: &[AccordWhole], period: &Period) -> Vec<Cited> {
    let t = &gathered.tally;
    let mut lines = Vec::new();
    if t.incidents > 0 {
        let mut kinds: Vec<(&String, &usize)> = t.kinds.iter().collect();
        kinds.sort_by_key(|(kind, n)| (std::cmp::Reverse(**n), (*kind).clone()));
        let most: Vec<String> = kinds
            .iter()
            .take(3)
            .map(|(kind, n)| if **n == 1 { lexicon().one(kind) } else { format!("{n} {}", lexicon().many(kind)) })
            .collect();
        let among = if kinds.len() > 3 { ", among them " } else { ": " };
        let mut line = format!(
            "{}{among}{}.",
            words::count(t.incidents, "incident was told as fact", "incidents were told as fact"),
            words::list(&most)
        );
        if t.disputed > 0 {
            line.push_str(&format!(" Sources differ on {}.", words::count(t.disputed, "of them", "of them")));
        }
        lines.push(Cited::text(line));
    }
    if t.killed.incidents > 0 {
        lines.push(Cited::text(format!(
            "Figures given for {} add up to {} reported killed; the key figures say which.",
            words::count(t.killed.incidents, "incident", "incidents"),
            words::range(Some(t.killed.low), Some(t.killed.high))
        )));
    }
    let deadly = |w: &&IncidentWhole| w.incident.killed_high.is_some() && !tally::is_long(&w.incident);
    lines.extend(gathered.told.iter().filter(deadly).take(LARGEST).map(|w| large(notes, w)));
    for whole in accords.iter().take(4) {
        // The last turn in the period, whoever's it is.
        let turn = whole.states.iter().filter_map(|s| {
            let mut claims = s.turns.iter().filter_map(|(place, _)| whole.timeline.get(*place));
            claims.rfind(|c| accords::within(c, period)).map(|c| (c, &s.party))
        });
        let Some((claim, _)) = turn.max_by_key(|(c, _)| c.date.clone()) else { continue };
        let name = lexicon_name(&whole.accord.name);
        let day = claim.date.as_deref().map(|d| format!(" on {}", words::day(d))).unwrap_or_default();
        let by = incidents::voice(&claim.by, claim.outlet.as_deref().unwrap_or(&claim.dispatch));
        let note = accords::cite(notes, claim);
        let turned = lexicon().turned(&claim.status);
        lines.push(Cited::text(format!("{name} {turned}{day}, according to {by}")).note(note).then("."));
    }
    lines
}

/// An accord's name at the beginning of a sentence.
fn lexicon_name(name: &str) -> String {
    let bare = name.trim();
    let given = ["the ", "a ", "an ", "its "].iter().any(|a| bare.to_lowercase().starts_with(a));
    if given { capital(bare) } else { format!("The {bare}") }
}

fn method(tally: &Tally, period: &Period) -> Vec<String> {
    let mut lines = vec![
        "This report was made by a program from dispatches filed in a ledger. It tells what dispatches report and who they say said so; it does not say what is true, and no figure in it has been verified.".to_owned(),
        "Reading and the tying of accounts to incidents are automatic unless a person has decided otherwise: incidents can be missed, doubled, or wrongly joined. The footnotes give the exact words; check them before use.".to_owned(),
        "Dispatches that copy one story count as one source. Figures that are parts of a total are not added to it. A range gives the lowest and the highest total that anybody gives; sums of ranges add up lowest with lowest and highest with highest.".to_owned(),
        "A party's state under an accord moves only by a claim told as fact that accuses nobody: made by the party itself, told by an outlet in its own voice, or said by two independent sources. Claims of violation are counted by reporter and blamed party and never added up across reporters, whose counting differs.".to_owned(),
        "Places are drawn where a gazetteer puts their names; hollow circles stand for regions and countries. Borders and names on the map are Natural Earth's and express no view on anybody's status.".to_owned(),
    ];
    if tally.long > 0 {
        let n = words::count(tally.long, "incident covers", "incidents cover");
        lines.push(format!(
            "The figures of what lasted more than a week stand on their own and are not in the sums: {n} so many days."
        ));
    }
    if tally.undated > 0 && !period.is_open() {
        let n = words::count(tally.undated, "incident is", "incidents are");
        lines.push(format!("{n} without a day: counted in the period because they were first told in it."));
    }
    lines
}

/// How well a place is known: what a gazetteer's precision means in kilometres.
fn exactness(whole: &IncidentWhole) -> Exactness {
    let place = &whole.incident.place;
    let known =
        incidents::live(whole).filter(|a| a.lat.is_some() && a.place == *place).find_map(|a| a.precision.as_deref());
    match known {
        Some("country") => Exactness::Within(250.0),
        Some("province") => Exactness::Within(70.0),
        Some("district") => Exactness::Within(25.0),
        Some("near") => Exactness::Within(15.0),
        _ => Exactness::Place,
    }
}

/// Where a picture leads: to the section on the incident, else to the line in the list.
fn anchor(id: &str, sections: &[IncidentSection]) -> String {
    if sections.iter().any(|s| s.id == id) { format!("#incident-{id}") } else { "#overview".to_owned() }
}

fn map(told: &[IncidentWhole], sections: &[IncidentSection]) -> Option<Map> {
    let points: Vec<Point> = told
        .iter()
        .take(POINTS)
        .filter_map(|w| {
            let i = &w.incident;
            let (lat, lon) = (i.lat?, i.lon?);
            let killed = words::range(i.killed_low, i.killed_high);
            let dead = if killed.is_empty() { String::new() } else { format!("; {killed} reported killed") };
            Some(Point {
                lat,
                lon,
                exactness: exactness(w),
                name: i.place.clone().unwrap_or_default(),
                title: format!("{}{dead}", incidents::heading(i)),
                size: if tally::is_long(i) { None } else { i.killed_high.or(i.killed_low) },
                disputed: !i.disputed.is_empty(),
                href: Some(anchor(&i.id, sections)),
            })
        })
        .collect();
    let label = "Where incidents are told to have happened".to_owned();
    (!points.is_empty()).then(|| Map { label, measure: "reported killed (highest figure)".to_owned(), points })
}

fn timeline(
    told: &[IncidentWhole],
    sections: &[IncidentSection],
    accords: &[AccordSection],
    period: &Period,
    as_of: Option<&str>,
) -> Option<Timeline> {
    let events: Vec<Event> = told
        .iter()
        .take(POINTS)
        .filter(|w| !tally::is_long(&w.incident))
        .filter_map(|w| {
            let i = &w.incident;
            let start: Date = i.date_start.as_deref()?.parse().ok()?;
            let end = i.date_end.as_deref().and_then(|d| d.parse().ok()).unwrap_or(start);
            let killed = words::range(i.killed_low, i.killed_high);
            let dead = if killed.is_empty() { String::new() } else { format!("; {killed} reported killed") };
            let label = format!("{}{dead}", incidents::heading(i));
            Some(Event { start, end, label, disputed: !i.disputed.is_empty(), href: Some(anchor(&i.id, sections)) })
        })
        .collect();
    // The accord of which most was claimed; each has its own strips in its section.
    let strips: Vec<_> = accords.iter().map(|a| a.strips.clone()).find(|s| !s.is_empty()).unwrap_or_default();
    let days = events.iter().flat_map(|e| [e.start, e.end]);
    let turns = strips.iter().flat_map(|s| s.segments.iter().map(|g| g.from).chain(s.marks.iter().map(|m| m.day)));
    let all: Vec<Date> = days.chain(turns).filter(|d| period.holds(*d)).collect();
    let last = as_of.and_then(|d| d.parse().ok());
    let since = period.since.or_else(|| all.iter().min().copied())?;
    let until = period.until.or_else(|| all.iter().max().copied().max(last)).unwrap_or(since);
    let named = accords.iter().find(|a| !a.strips.is_empty());
    let named = named.map(|a| format!(", and under “{}” the state of each party", a.heading));
    let label = format!("Incidents by day{}", named.unwrap_or_default());
    (!events.is_empty() || !strips.is_empty()).then_some(Timeline { label, since, until, events, strips })
}

/// The strips of an accord on their own.
fn strips_alone(section: &AccordSection, period: &Period, as_of: Option<&str>) -> Option<Timeline> {
    let days = |s: &Strip| s.segments.iter().map(|g| g.from).chain(s.marks.iter().map(|m| m.day)).collect::<Vec<_>>();
    let all: Vec<Date> = section.strips.iter().flat_map(days).collect();
    let since = period.since.or_else(|| all.iter().min().copied())?;
    let last = as_of.and_then(|d| d.parse().ok());
    let until = period.until.or_else(|| all.iter().max().copied().max(last)).unwrap_or(since);
    let label = format!("{}: each party’s state", section.heading);
    Some(Timeline { label, since, until, events: Vec::new(), strips: section.strips.clone() })
}

#[cfg(test)]
mod tests;
