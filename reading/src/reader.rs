//! The one entry point: composes language, atlas and the steps of the reading.

use atlas::Atlas;
use jiff::civil::Date;
use language::Pipeline;
use record::{Dispatch, Mentions, OUTLET, PublishedBasis, Record, SCHEMA, Statement};

use crate::actors::Actors;
use crate::explain::Explanation;
use crate::places::PlaceName;
use crate::quantities::Quantity;
use crate::statements::{Said, Statements};
use crate::times::Time;
use crate::trace::Trace;
use crate::{Page, about, accords, actors, checks, explain, incidents, places, quantities, statements, times, unread};

/// What the earlier steps found on a page, for the later ones.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Day of publication.
    pub published: Option<Date>,
    /// What it comes from.
    pub published_basis: Option<PublishedBasis>,
    /// Other years that fit an inferred day of publication.
    pub other_years: Vec<i16>,
    /// Time expressions.
    pub times: Vec<Time>,
    /// Place names.
    pub places: Vec<PlaceName>,
    /// Actors.
    pub actors: Actors,
    /// Quantities.
    pub quantities: Vec<Quantity>,
    /// Statements.
    pub statements: Statements,
}

/// Reads dispatches into records. Shareable between threads.
#[derive(Debug, Default)]
pub struct Reader {
    pipeline: Pipeline,
    atlas: Atlas,
}

impl Reader {
    /// A reader with the embedded model, atlas and lexicons.
    pub fn new() -> Reader {
        Reader { pipeline: Pipeline::new(), atlas: Atlas::new() }
    }

    /// Program and model, as written in every record.
    pub fn version() -> &'static str {
        concat!("dateline ", env!("CARGO_PKG_VERSION"), " / en_core_web_sm 3.8.0")
    }

    /// The language pipeline.
    pub fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Reads a dispatch. Never fails: what could not be read is named in `unread` and `notes`.
    pub fn read(&self, dispatch: Dispatch) -> Record {
        self.traced(dispatch, Trace::default()).0
    }

    /// [`Reader::read`], with the words, tree and entries that led to each statement, incident, figure and accord, in
    /// the order of the record.
    pub fn explain(&self, dispatch: Dispatch) -> (Record, Vec<Explanation>) {
        self.traced(dispatch, Trace::on())
    }

    fn traced(&self, dispatch: Dispatch, trace: Trace) -> (Record, Vec<Explanation>) {
        if dispatch.language.as_deref().is_some_and(|l| l != "en") {
            let note = format!("not read: language {}", dispatch.language.as_deref().unwrap_or_default());
            return (blank(dispatch, vec![note]), Vec::new());
        }
        let page = Page { trace, ..Page::new(&dispatch, &self.pipeline, &self.atlas) };
        let mut found = Found::default();
        (found.published, found.published_basis, found.other_years) = times::published(&page);
        let published = found.published;
        // "Monday" is that before the day the page itself bears.
        if let Some(day) = published {
            found.published = times::date_line(&dispatch, &self.pipeline).filter(|line| *line > day).or(published);
        }
        found.times = times::read(&page, found.published);
        found.places = places::read(&page);
        found.actors = actors::read(&page);
        found.quantities = quantities::read(&page, &found.times);
        found.statements = Statements::new(statements::read(&page, &found.actors, &found.times));
        let incidents = incidents::read(&page, &found);
        let accords = accords::read(&page, &found);
        let checks = checks::read(&page, &found, &incidents);
        let unread = unread::read(&page, &found, &incidents, &accords.accords);
        let mut statements = said(&page, &found);
        about::fill(&page, &found, &incidents, &accords, &mut statements);
        let accords = accords.accords;
        let mentions = mentions(&page, &found);
        let basis = found.published_basis;
        let explained = if page.trace.is_on() {
            explain::all(&page, &found, &statements, &incidents, &accords)
        } else {
            Vec::new()
        };
        let mut record = blank(dispatch, Vec::new());
        record.dispatch.published = published;
        record.dispatch.published_basis = basis;
        if let Some(dateline) = &mut record.dispatch.dateline {
            let day = dateline.written.and_then(|written| times::dateline_date(written, published));
            dateline.date = dateline.date.or(day);
        }
        (Record { statements, incidents, accords, mentions, checks, unread, ..record }, explained)
    }
}

/// A record with nothing read: the dispatch, with what the wire step had to say of it before `notes`.
fn blank(mut dispatch: Dispatch, notes: Vec<String>) -> Record {
    let mut all = std::mem::take(&mut dispatch.notes);
    all.extend(notes);
    Record {
        schema: SCHEMA.to_owned(),
        id: dispatch.id.clone(),
        reader: Reader::version().to_owned(),
        dispatch,
        statements: Vec::new(),
        incidents: Vec::new(),
        accords: Vec::new(),
        mentions: Mentions::default(),
        checks: Vec::new(),
        unread: Vec::new(),
        notes: all,
    }
}

/// The statements in the record's form.
fn said(page: &Page, found: &Found) -> Vec<Statement> {
    let span = |bytes: &std::ops::Range<usize>| page.span(bytes.clone());
    let number = |(i, s): (usize, &Said)| Statement {
        id: format!("s{}", i + 1),
        source: s.source.as_ref().map(span),
        speaker: s.speaker.clone(),
        speaker_id: s.actor.and_then(|a| found.actors.actors[a].actor_id.clone()),
        cue: s.cue.as_ref().map(span),
        content: s.content.iter().map(span).collect(),
        kind: s.kind,
        mode: s.mode,
        said_on: s.said_on,
        occasion: s.occasion.as_ref().map(span),
        about: Vec::new(),
    };
    found.statements.iter().enumerate().map(number).collect()
}

/// The mentions in the record's form.
fn mentions(page: &Page, found: &Found) -> Mentions {
    let actors = found.actors.namings.iter().map(|n| {
        let actor = &found.actors.actors[n.actor];
        record::ActorMention {
            span: page.span_of(n.tokens.clone()),
            actor_id: actor.actor_id.clone(),
            name: actor.name.clone(),
            kind: actor.kind,
            role: n.role.clone(),
        }
    });
    let places = found.places.iter().map(|p| record::PlaceMention {
        span: page.span_of(p.tokens.clone()),
        name: p.name.clone(),
        geonames_id: p.geonames_id,
        country: p.country.clone(),
        lat: p.lat,
        lon: p.lon,
        precision: p.precision,
    });
    let times = found.times.iter().map(|t| record::TimeMention {
        span: page.span_of(t.tokens.clone()),
        value: t.value.clone(),
        kind: t.kind,
        start: t.start,
        end: t.end,
    });
    Mentions { actors: actors.collect(), places: places.collect(), times: times.collect() }
}

/// The name under which a figure or claim is attributed: the speaker of the innermost statement around `bytes`, else
/// the outlet; with the statement's id.
pub fn by(found: &Found, bytes: &std::ops::Range<usize>) -> (String, Option<String>) {
    match found.statements.innermost(bytes) {
        Some(i) => (found.statements[i].speaker.clone(), Some(format!("s{}", i + 1))),
        None => (OUTLET.to_owned(), None),
    }
}
