//! What linking compares of an account: a value made of the record alone, so that linking can be a pure function.

use std::collections::BTreeSet;

use jiff::civil::Date;
use record::{Incident, IncidentType, Measure, Modality, Precision, Record, Span, Stance, TextIndex};
use serde::{Deserialize, Serialize};

use crate::names::{tables, words};

/// Days since 1970-01-01.
pub type Day = i32;

/// What is compared of one account of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// SHA-256 of the text it stands in: two accounts of one text are two incidents, for the reader told them apart.
    pub text: String,
    /// Its position in the record.
    pub item: String,
    /// Kind of act.
    pub kind: IncidentType,
    /// First day.
    pub start: Option<Day>,
    /// Last day.
    pub end: Option<Day>,
    /// Day of publication.
    pub published: Option<Day>,
    /// Whether it is recalled as context.
    pub background: bool,
    /// Whether it is told as having happened.
    pub modality: Modality,
    /// Skeletons of the distinctive words of its place.
    pub place: BTreeSet<String>,
    /// Skeletons of its province, and of the places named in its sentences.
    pub around: BTreeSet<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north and east, where the place is known to a town or finer.
    pub point: Option<(f64, f64)>,
    /// GeoNames id.
    pub geonames_id: Option<u32>,
    /// Words of the actors blamed, folded.
    pub blamed: BTreeSet<String>,
    /// Words of those it struck.
    pub struck: BTreeSet<String>,
    /// Numbers of dead that are given.
    pub killed: BTreeSet<u64>,
    /// Numbers of hurt and of things counted.
    pub counted: BTreeSet<u64>,
    /// Stems of the words of its sentences.
    pub words: BTreeSet<String>,
}

/// Most stems kept of an account's sentences.
const MOST_WORDS: usize = 120;

/// The day number of a date.
pub fn day(date: Date) -> Day {
    jiff::civil::date(1970, 1, 1).until(date).map_or(0, |span| span.get_days())
}

/// The date of a day number.
pub fn date(day: Day) -> Date {
    jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(i64::from(day)))
}

/// The stem that words are compared by: seven letters tell most words apart and forgive most endings.
pub fn stem(word: &str) -> String {
    let short: String = word.chars().take(7).collect();
    if short.len() > 3 { short.strip_suffix('s').unwrap_or(&short).to_owned() } else { short }
}

/// The facts of an incident of a record.
pub fn facts(record: &Record, incident: &Incident, text_sha256: &str) -> Facts {
    let tables = tables();
    let place = incident.place.as_ref();
    let fine = |p: &&record::Place| p.precision.is_none_or(|p| p <= Precision::Near);
    let mut spans: Vec<&Span> = vec![&incident.trigger];
    spans.extend(incident.victims.iter().map(|v| &v.mention));
    spans.extend(incident.figures.iter().map(|f| &f.mention));
    spans.extend(incident.perpetrators.iter().map(|p| &p.mention));
    let sentences = sentences_around(&record.dispatch.text, &spans);
    let mut around: BTreeSet<String> =
        place.and_then(|p| p.admin1.as_deref()).map(|a| tables.place_words(a)).unwrap_or_default();
    let mut stems = BTreeSet::new();
    for sentence in &sentences {
        for name in names_in(sentence) {
            around.extend(tables.place_words(&name));
        }
        stems.extend(words(sentence).iter().filter(|w| !tables.is_stop(w) && w.len() > 2).map(|w| stem(w)));
    }
    let stems: BTreeSet<String> = stems.into_iter().take(MOST_WORDS).collect();
    let numbers = |wanted: &[Measure]| -> BTreeSet<u64> {
        let given = incident.figures.iter().filter(|f| wanted.contains(&f.measure));
        given.flat_map(|f| [f.low, f.high]).flatten().collect()
    };
    let blamed = incident.perpetrators.iter().filter(|p| p.stance != Stance::Denies);
    Facts {
        text: text_sha256.to_owned(),
        item: incident.id.clone(),
        kind: incident.incident_type,
        start: incident.date_start.or(incident.date_end).map(day),
        end: incident.date_end.or(incident.date_start).map(day),
        published: record.dispatch.published.map(day),
        background: incident.background,
        modality: incident.modality,
        place: place.map(|p| tables.place_words(&p.name)).unwrap_or_default(),
        around,
        country: place.and_then(|p| p.country.clone()),
        point: place.filter(fine).and_then(|p| p.lat.zip(p.lon)),
        geonames_id: place.and_then(|p| p.geonames_id),
        blamed: blamed.flat_map(|p| tables.actor_words(&p.actor)).filter(|w| w != "unknown").collect(),
        struck: incident.victims.iter().flat_map(|v| tables.actor_words(&v.group)).map(|w| stem(&w)).collect(),
        killed: numbers(&[Measure::Killed, Measure::KilledOrInjured]),
        counted: numbers(&[
            Measure::Injured,
            Measure::Missing,
            Measure::Captured,
            Measure::Destroyed,
            Measure::Damaged,
            Measure::DamagedOrDestroyed,
            Measure::Displaced,
            Measure::Other,
        ]),
        words: stems,
    }
}

/// Names in a sentence: runs of words that begin with a capital. A single first word is none: every sentence has one.
fn names_in(sentence: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let mut begun = 0;
    for (number, word) in sentence.split_whitespace().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        if capital {
            if run.is_empty() {
                begun = number;
            }
            run.push(bare);
        }
        if !capital || word.ends_with([',', ';', ':', ')']) {
            if !(run.is_empty() || begun == 0 && run.len() == 1) {
                names.push(run.join(" "));
            }
            run.clear();
        }
    }
    if !run.is_empty() {
        names.push(run.join(" "));
    }
    names
}

/// The sentences that hold the spans, each once, in order. A full stop, question or exclamation mark before white space
/// and a capital ends a sentence, and so does a line break.
fn sentences_around<'t>(text: &'t str, spans: &[&Span]) -> Vec<&'t str> {
    let index = TextIndex::new(text);
    let mut ranges: Vec<(usize, usize)> = spans
        .iter()
        .filter(|s| s.end > s.start)
        .map(|s| {
            let bytes = index.bytes(s);
            (sentence_start(text, bytes.start), sentence_end(text, bytes.end))
        })
        .collect();
    ranges.sort_unstable();
    ranges.dedup();
    let mut last = 0;
    let mut out = Vec::new();
    for (start, end) in ranges {
        let start = start.max(last);
        if let Some(words) = text.get(start..end.max(start))
            && !words.is_empty()
        {
            out.push(words);
        }
        last = last.max(end);
    }
    out
}

/// How far a sentence is looked for, in bytes.
const REACH: usize = 600;

fn sentence_start(text: &str, at: usize) -> usize {
    let from = floor(text, at.saturating_sub(REACH));
    let before = text.get(from..at).unwrap_or_default();
    let stop = before.rfind('\n').map_or(0, |i| i + 1);
    let stops = [". ", "? ", "! ", ".” ", ".\" "].iter().filter_map(|s| before.rfind(s).map(|i| i + s.len()));
    from + stops.fold(stop, usize::max)
}

fn sentence_end(text: &str, at: usize) -> usize {
    let to = floor(text, (at + REACH).min(text.len()));
    let after = text.get(at..to).unwrap_or_default();
    let stops = ["\n", ". ", "? ", "! ", ".” ", ".\" "].iter().filter_map(|s| after.find(s));
    at + stops.fold(after.len(), usize::min)
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
