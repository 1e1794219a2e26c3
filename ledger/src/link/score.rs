//! How alike two accounts are: a sum of named terms in whole points.
//!
//! Each term looks at one thing and says what it saw, so that a person can read why two accounts were tied. A term is
//! symmetric, a function of the two accounts alone, and 0 where one of them does not tell. Points were weighed on stories
//! told by several outlets; whole numbers make sums exact, so that no order of adding changes a result.

use std::collections::BTreeSet;

use serde::Serialize;

use super::facts::{Day, Facts};
use crate::names::{Kinship, tables};

/// One thing that speaks for or against two accounts being of one incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// What was looked at: `kind`, `date`, `place`, `blamed`, `struck`, `killed`, `counted`, `words`, `text`.
    pub name: &'static str,
    /// Points, positive for one incident.
    pub points: i32,
    /// What was seen.
    pub seen: String,
}

/// From these points on, two accounts are tied.
pub const TIE: i32 = 46;

/// What no other terms can outweigh.
const NEVER: i32 = -1000;

/// The points of a pair.
pub fn score(a: &Facts, b: &Facts) -> i32 {
    terms(a, b).iter().map(|t| t.points).sum()
}

/// The terms of a pair that are not 0.
pub fn terms(a: &Facts, b: &Facts) -> Vec<Term> {
    let all = [
        text(a, b),
        modality(a, b),
        kind(a, b),
        when(a, b),
        place(a, b),
        blamed(a, b),
        struck(a, b),
        killed(a, b),
        counted(a, b),
        words(a, b),
    ];
    all.into_iter().filter(|t| t.points != 0).collect()
}

fn term(name: &'static str, points: i32, seen: impl Into<String>) -> Term {
    Term { name, points, seen: seen.into() }
}

/// Two accounts of one text are two incidents: whoever read it told them apart.
fn text(a: &Facts, b: &Facts) -> Term {
    let apart = a.text == b.text && a.item != b.item;
    term("text", if apart { NEVER } else { 0 }, "told apart in one text")
}

/// What did not happen, or has not yet, is no account of what did.
fn modality(a: &Facts, b: &Facts) -> Term {
    let differ = a.modality != b.modality;
    term("modality", if differ { -25 } else { 0 }, "one is told as fact, the other is not")
}

fn kind(a: &Facts, b: &Facts) -> Term {
    match tables().kinship(a.kind, b.kind) {
        Kinship::Same => term("kind", 15, "the same kind of act"),
        Kinship::Family => term("kind", 10, "kinds of one family"),
        Kinship::Rivals => term("kind", 2, "rival versions of the means"),
        Kinship::Apart => term("kind", -60, "kinds of act that are not told of one event"),
    }
}

/// Days between two stretches; 0 when they share one.
fn gap(a: (Day, Day), b: (Day, Day)) -> i32 {
    (a.0.saturating_sub(b.1)).max(b.0.saturating_sub(a.1)).max(0)
}

fn when(a: &Facts, b: &Facts) -> Term {
    let lasting = tables().lasts(a.kind) && tables().lasts(b.kind);
    let stretch = |f: &Facts| f.start.zip(f.end);
    let (x, y) = (stretch(a), stretch(b));
    if lasting {
        let near = |f: &Facts| stretch(f).or(f.published.map(|p| (p, p)));
        return match near(a).zip(near(b)).map(|(x, y)| gap(x, y)) {
            Some(d) if d <= 120 => term("date", 12, "told of one season"),
            Some(d) => term("date", -20, format!("told {d} days apart")),
            None => term("date", 0, ""),
        };
    }
    match (x, y) {
        (Some(x), Some(y)) => match gap(x, y) {
            0 if x == y && x.1 - x.0 <= 3 => term("date", 20, "the same day"),
            0 if x.1 - x.0 <= 7 && y.1 - y.0 <= 7 => term("date", 15, "days that overlap"),
            0 => term("date", 2, "long stretches that overlap"),
            1 => term("date", -4, "one day apart"),
            d => term("date", -12 * d.min(5), format!("{d} days apart")),
        },
        // One has no day: it is news of its day of publication or of shortly before.
        (Some(dated), None) | (None, Some(dated)) => {
            let undated = if x.is_none() { a } else { b };
            match undated.published.map(|p| (p - dated.1, undated.background)) {
                Some((0..=2, false)) => term("date", 10, "published within two days of the other's day"),
                Some((0..=10, true)) => term("date", 8, "recalled within days of the other's day"),
                Some((d, _)) if (-1..=10).contains(&d) => term("date", 0, ""),
                Some(_) => term("date", -25, "published at another time"),
                None => term("date", 0, ""),
            }
        }
        (None, None) => match a.published.zip(b.published).map(|(p, q)| (p - q).abs()) {
            Some(0..=2) => term("date", 8, "both undated, published together"),
            Some(3..=10) => term("date", 0, ""),
            Some(_) => term("date", -25, "both undated, published at different times"),
            None => term("date", 0, ""),
        },
    }
}

fn place(a: &Facts, b: &Facts) -> Term {
    if let (Some(x), Some(y)) = (&a.country, &b.country)
        && x != y
    {
        return term("place", -100, format!("{x} and {y}"));
    }
    if a.place.is_empty() || b.place.is_empty() {
        // One names no place: the other's place in its sentences is as good.
        let known = if a.place.is_empty() { (&b.place, &a.around) } else { (&a.place, &b.around) };
        let named = !known.0.is_disjoint(known.1);
        return term("place", if named { 10 } else { 0 }, "the place stands in the other's sentences");
    }
    if a.geonames_id.is_some() && a.geonames_id == b.geonames_id || a.place == b.place {
        return term("place", 25, "the same place");
    }
    if !a.place.is_disjoint(&b.place) {
        return term("place", 20, "names that share a word");
    }
    if let (Some(x), Some(y)) = (a.point, b.point) {
        let km = distance(x, y);
        return match km {
            0..=5 => term("place", 22, format!("{km} km apart")),
            6..=25 => term("place", 8, format!("{km} km apart")),
            26..=60 => term("place", -8, format!("{km} km apart")),
            _ => term("place", -30, format!("{km} km apart")),
        };
    }
    if !a.place.is_disjoint(&b.around) || !b.place.is_disjoint(&a.around) {
        return term("place", 12, "one place stands in the other's sentences or province");
    }
    if !a.around.is_disjoint(&b.around) {
        return term("place", -6, "different places, with names around them in common");
    }
    term("place", -20, "different places")
}

/// Kilometres between two points of latitude and longitude, in whole ones.
fn distance(a: (f64, f64), b: (f64, f64)) -> i32 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let half = |d: f64| (d.to_radians() / 2.0).sin().powi(2);
    let h = half(b.0 - a.0) + la.cos() * lb.cos() * half(b.1 - a.1);
    (2.0 * 6371.0 * h.clamp(0.0, 1.0).sqrt().asin()).round() as i32
}

fn blamed(a: &Facts, b: &Facts) -> Term {
    if a.blamed.is_empty() || b.blamed.is_empty() {
        return term("blamed", 0, "");
    }
    match shared(&a.blamed, &b.blamed) {
        Some(who) => term("blamed", 12, who),
        // Rival accusations are what a ledger is for: they hardly speak against one event.
        None => term("blamed", -6, "different actors are blamed"),
    }
}

fn struck(a: &Facts, b: &Facts) -> Term {
    if a.struck.is_empty() || b.struck.is_empty() {
        return term("struck", 0, "");
    }
    match shared(&a.struck, &b.struck) {
        Some(whom) => term("struck", 8, whom),
        None => term("struck", -4, "different victims"),
    }
}

fn killed(a: &Facts, b: &Facts) -> Term {
    let both: Vec<&u64> = a.killed.intersection(&b.killed).collect();
    if let Some(most) = both.last() {
        let points = match most {
            0..=2 => 4,
            3..=9 => 12,
            _ => 20,
        };
        return term("killed", points, format!("{most} dead in both"));
    }
    match a.killed.last().zip(b.killed.last()) {
        Some((&x, &y)) => {
            let (few, many) = (x.min(y).max(1), x.max(y));
            let seen = format!("{few} and {many} dead");
            match many * 10 / few {
                0..=14 => term("killed", 8, seen),
                15..=29 => term("killed", 0, seen),
                30..=59 => term("killed", -5, seen),
                _ => term("killed", -12, seen),
            }
        }
        None => term("killed", 0, ""),
    }
}

fn counted(a: &Facts, b: &Facts) -> Term {
    let most = a.counted.intersection(&b.counted).last().copied().unwrap_or(0);
    let points = match most {
        0..=2 => 0,
        3..=9 => 6,
        _ => 10,
    };
    term("counted", points, format!("{most} in both"))
}

/// Share of the shorter account's words that stand in the other's sentences too. Bulletins tell different acts in one form
/// of words ("Shells hit … on …, killing …"): where day or place differs and no toll is shared, words in common say nothing.
fn words(a: &Facts, b: &Facts) -> Term {
    let few = a.words.len().min(b.words.len());
    if few < 4 {
        return term("words", 0, "");
    }
    let both = a.words.intersection(&b.words).count();
    let points = (both * 36 / few) as i32 - 4;
    let points = if of_one_form(a, b) { points.min(0) } else { points };
    term("words", points, format!("{both} of {few} words in common"))
}

/// Whether two accounts name different days or places, and give tolls that have no number in common.
fn of_one_form(a: &Facts, b: &Facts) -> bool {
    if a.killed.is_empty() || b.killed.is_empty() || !a.killed.is_disjoint(&b.killed) {
        return false;
    }
    let days = a.start.zip(a.end).zip(b.start.zip(b.end)).is_some_and(|(x, y)| gap(x, y) > 0);
    let named = !a.place.is_empty() && !b.place.is_empty();
    let one = a.geonames_id.is_some() && a.geonames_id == b.geonames_id || !a.place.is_disjoint(&b.place);
    days || named && !one
}

/// The first few things two sets share.
fn shared(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<String> {
    let both: Vec<&str> = a.intersection(b).take(3).map(String::as_str).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bulletin's sentence about a day, a place (a word, degrees north and east) and a toll.
    fn bulletin(n: usize, day: &str, place: &str, point: (f64, f64), killed: u64) -> Facts {
        let text = format!(
            "Artillery shells struck the village of {place} on {day}, killing {killed} people, local medics reported."
        );
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            serde_json::json!({"start": start, "end": start + words.len(), "text": words})
        };
        let record = serde_json::json!({
            "id": format!("b{n}"),
            "dispatch": {"outlet": format!("bulletin {n}"), "published": "2016-09-23", "text": text},
            "incidents": [{"id": "i1", "type": "shelling", "trigger": span("shells struck"), "date_start": day, "date_end": day,
                "place": {"mention": span(place), "name": place, "country": "SY", "lat": point.0, "lon": point.1},
                "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed,
                    "mention": span(&format!("{killed} people"))}]}]
        });
        let record = crate::record_from_json(&record.to_string()).unwrap();
        super::super::facts::facts(&record, &record.incidents[0], &format!("text {n}"))
    }

    #[test]
    fn bulletins_of_one_form_are_told_apart_by_day_place_and_toll() {
        let (tel, marq) = ((36.10, 37.10), (36.20, 37.15));
        let one = bulletin(1, "2016-09-21", "Oram", tel, 12);
        assert!(score(&one, &bulletin(2, "2016-09-21", "Oram", tel, 12)) >= TIE, "the same act");
        assert!(score(&one, &bulletin(3, "2016-09-21", "Oram", tel, 14)) >= TIE, "a toll that rose");
        assert!(score(&one, &bulletin(4, "2016-09-22", "Oram", tel, 31)) < TIE, "the next day's shells");
        assert!(
            score(&one, &bulletin(5, "2016-09-22", "Oram", tel, 14)) < TIE,
            "the next day's shells, nearly as many dead"
        );
        assert!(score(&one, &bulletin(6, "2016-09-21", "Marqad", marq, 5)) < TIE, "another village");
    }
}
