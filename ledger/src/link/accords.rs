//! Accounts of accords: what is compared, where they meet, how alike they are.

use std::collections::BTreeSet;

use record::{Accord, AccordKind, Record};
use serde::{Deserialize, Serialize};

use super::Compared;
use super::facts::{Day, day, stem};
use super::score::Term;
use crate::names::{tables, words};

/// What is compared of one account of an accord.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccordFacts {
    /// SHA-256 of the text it stands in.
    pub text: String,
    /// Its position in the record.
    pub item: String,
    /// Kind of accord.
    pub kind: AccordKind,
    /// Stems of the words of its name.
    pub name: BTreeSet<String>,
    /// Words of its parties, folded.
    pub parties: BTreeSet<String>,
    /// Words of its brokers, folded.
    pub brokers: BTreeSet<String>,
    /// Skeletons of the words of its place.
    pub place: BTreeSet<String>,
    /// The day it was made.
    pub date: Option<Day>,
    /// Day of publication.
    pub published: Option<Day>,
}

impl AccordFacts {
    /// The facts of an accord of a record.
    pub fn of(record: &Record, accord: &Accord, text_sha256: &str) -> AccordFacts {
        let tables = tables();
        let sides = |names: &[String]| names.iter().flat_map(|n| tables.actor_words(n)).collect();
        AccordFacts {
            text: text_sha256.to_owned(),
            item: accord.id.clone(),
            kind: accord.kind,
            name: words(&accord.name).iter().filter(|w| !tables.is_stop(w)).map(|w| stem(w)).collect(),
            parties: sides(&accord.parties),
            brokers: sides(&accord.brokers),
            place: accord.place.as_deref().map(|p| tables.place_words(p)).unwrap_or_default(),
            date: accord.date.map(day),
            published: record.dispatch.published.map(day),
        }
    }
}

/// Whether kinds name one sort of accord: a halt of fire, a deal on something else, or talks and resolutions.
fn sort(kind: AccordKind) -> u8 {
    match kind {
        AccordKind::Ceasefire | AccordKind::Truce | AccordKind::CessationOfHostilities => 0,
        AccordKind::Agreement => 1,
        AccordKind::EvacuationDeal => 2,
        AccordKind::Talks => 3,
        AccordKind::Resolution => 4,
    }
}

impl Compared for AccordFacts {
    const KIND: &'static str = "accord";
    const TIE: i32 = 30;

    fn blocks(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let days = [self.date, self.published];
        for month in days.iter().flatten().map(|d| d.div_euclid(30)).flat_map(|m| [m, m + 1]) {
            for word in self.parties.iter().chain(&self.brokers).chain(&self.place).chain(&self.name) {
                keys.insert(format!("{}|{month}|{word}", sort(self.kind)));
            }
        }
        keys
    }

    fn terms(&self, other: &Self) -> Vec<Term> {
        let shared = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            a.intersection(b).take(3).cloned().collect::<Vec<_>>().join(", ")
        };
        let mut terms = Vec::new();
        let mut say = |name: &'static str, points: i32, seen: String| {
            if points != 0 {
                terms.push(Term { name, points, seen });
            }
        };
        if self.text == other.text && self.item != other.item {
            say("text", -1000, "told apart in one text".to_owned());
        }
        match (self.kind == other.kind, sort(self.kind) == sort(other.kind)) {
            (true, _) => say("kind", 12, "the same kind".to_owned()),
            (_, true) => say("kind", 8, "kinds of one sort".to_owned()),
            _ => say("kind", -15, "different sorts of accord".to_owned()),
        }
        let mut overlap = |name: &'static str, a: &BTreeSet<String>, b: &BTreeSet<String>, yes: i32, no: i32| {
            if !a.is_empty() && !b.is_empty() {
                let both = shared(a, b);
                let points = if both.is_empty() { no } else { yes };
                say(name, points, if both.is_empty() { "none in common".to_owned() } else { both });
            }
        };
        overlap("parties", &self.parties, &other.parties, 10, -4);
        overlap("brokers", &self.brokers, &other.brokers, 18, -15);
        // Parties of one account are often the brokers of the other: "a Russian-American deal".
        if self.brokers.is_empty() != other.brokers.is_empty() {
            let (brokers, parties) =
                if self.brokers.is_empty() { (&other.brokers, &self.parties) } else { (&self.brokers, &other.parties) };
            let both = shared(brokers, parties);
            if !both.is_empty() {
                overlap("brokers", brokers, parties, 8, 0);
            }
        }
        overlap("place", &self.place, &other.place, 18, -18);
        if self.place.is_empty() != other.place.is_empty() {
            say("place", -6, "one is bound to a place".to_owned());
        }
        let both = self.name.intersection(&other.name).count();
        let few = self.name.len().min(other.name.len()).max(1);
        say("name", (both * 16 / few) as i32, format!("{both} of {few} words of the names in common"));
        match (self.date, other.date) {
            (Some(x), Some(y)) => match (x - y).abs() {
                0..=2 => say("date", 15, "made within two days".to_owned()),
                3..=14 => say("date", -4, "made within two weeks".to_owned()),
                d => say("date", -25, format!("made {d} days apart")),
            },
            _ => match self.published.zip(other.published).map(|(x, y)| (x - y).abs()) {
                Some(0..=3) => say("date", 8, "told within three days".to_owned()),
                Some(4..=30) => say("date", 3, "told within a month".to_owned()),
                Some(31..=120) => say("date", -8, "told within four months".to_owned()),
                Some(d) => say("date", -25, format!("told {d} days apart")),
                None => {}
            },
        }
        terms
    }
}
