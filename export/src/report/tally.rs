//! What a period adds up to, and how two periods compare.

use std::collections::BTreeMap;

use ledger::query::IncidentRow;

use super::cited::{Cited, Grid};
use super::words::{self, words as lexicon};
use crate::draw::{Bar, Bars};

/// From so many days on, a figure is a sum over a stretch of time: it is told on its own and never added to others.
const LONG: i32 = 8;

/// Counts over incidents told as fact.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Incidents.
    pub incidents: usize,
    /// Those on which sources differ.
    pub disputed: usize,
    /// Those without a day.
    pub undated: usize,
    /// Lowest, highest, and in how many incidents.
    pub killed: Sum,
    /// The same of the hurt.
    pub injured: Sum,
    /// Incidents whose figures cover many days and were not added.
    pub long: usize,
    /// By kind.
    pub kinds: BTreeMap<String, usize>,
}

/// The lowest and the highest figure of each incident, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Sum of the lowest.
    pub low: i64,
    /// Sum of the highest.
    pub high: i64,
    /// Incidents that have one.
    pub incidents: usize,
}

impl Sum {
    fn add(&mut self, low: Option<i64>, high: Option<i64>) {
        if let (Some(low), Some(high)) = (low.or(high), high.or(low)) {
            self.low = self.low.saturating_add(low);
            self.high = self.high.saturating_add(high);
            self.incidents += 1;
        }
    }

    fn told(self) -> String {
        if self.incidents == 0 { "no figure given".to_owned() } else { words::range(Some(self.low), Some(self.high)) }
    }
}

/// How many days an incident covers.
pub fn days(i: &IncidentRow) -> i32 {
    let day = |d: &Option<String>| d.as_deref().and_then(|d| d.parse::<jiff::civil::Date>().ok());
    match (day(&i.date_start), day(&i.date_end)) {
        (Some(a), Some(b)) => a.until(b).map_or(1, |s| s.get_days() + 1),
        _ => 1,
    }
}

/// Whether an incident's figures cover a stretch of time.
pub fn is_long(i: &IncidentRow) -> bool {
    days(i) >= LONG
}

impl Tally {
    /// Counts an incident.
    pub fn add(&mut self, i: &IncidentRow) {
        self.incidents += 1;
        self.disputed += usize::from(!i.disputed.is_empty());
        self.undated += usize::from(i.date_start.is_none());
        *self.kinds.entry(i.kind.clone()).or_default() += 1;
        if is_long(i) {
            self.long += usize::from(i.killed_low.or(i.killed_high).or(i.injured_low).or(i.injured_high).is_some());
            return;
        }
        self.killed.add(i.killed_low, i.killed_high);
        self.injured.add(i.injured_low, i.injured_high);
    }

    /// The key figures; `killed` and `injured` say which incidents' figures the sums are made of.
    pub fn grid(&self, killed: Cited, injured: Cited) -> Grid {
        let mut grid = Grid::new(&["key figure", "value", "how it is counted"]);
        let mut row = |what: &str, value: String, how: Cited| {
            grid.rows.push(vec![Cited::text(what), Cited::text(value), how]);
        };
        let how = "an act told by several outlets is one; the list of all incidents names each";
        row("incidents told as fact", self.incidents.to_string(), Cited::text(how));
        row("on which sources differ", self.disputed.to_string(), Cited::text("marked in the list of all incidents"));
        for (what, sum, made_of) in
            [("reported killed", self.killed, killed), ("reported injured", self.injured, injured)]
        {
            let how = match sum.incidents {
                0 => Cited::default(),
                1 => Cited::text("of one incident; no verified toll: ").and(made_of),
                n => Cited::text(format!(
                    "lowest and highest figure of each of {n} incidents with one, added up; no verified toll: "
                ))
                .and(made_of),
            };
            row(what, sum.told(), how);
        }
        for bar in self.bars().into_iter().flat_map(|b| b.bars) {
            row(&format!("of kind: {}", bar.label.to_lowercase()), bar.value.to_string(), Cited::default());
        }
        grid
    }

    /// Incidents by kind, the most frequent first; none where all are of one.
    pub fn bars(&self) -> Option<Bars> {
        let mut kinds: Vec<(&String, &usize)> = self.kinds.iter().collect();
        kinds.sort_by_key(|(kind, n)| (std::cmp::Reverse(**n), (*kind).clone()));
        let bar = |(kind, n): (&String, &usize)| Bar { label: lexicon().title(kind), value: *n as i64, href: None };
        let bars: Vec<Bar> = kinds.into_iter().map(bar).collect();
        (bars.len() > 1).then(|| Bars { label: "Incidents told as fact, by kind of act".to_owned(), bars })
    }

    /// This period beside the one before.
    pub fn beside(&self, now: &str, before: &Tally, then: &str) -> Grid {
        let mut grid = Grid { head: ["", then, now, "change"].map(str::to_owned).to_vec(), rows: Vec::new() };
        let change = |a: usize, b: usize| {
            let d = b as i64 - a as i64;
            if d > 0 { format!("+{d}") } else { d.to_string().replace('-', "−") }
        };
        let mut count = |what: String, a: usize, b: usize| {
            let cells = [what, a.to_string(), b.to_string(), change(a, b)];
            grid.rows.push(cells.into_iter().map(Cited::text).collect());
        };
        count("incidents told as fact".to_owned(), before.incidents, self.incidents);
        count("on which sources differ".to_owned(), before.disputed, self.disputed);
        let mut kinds: Vec<(&String, usize, usize)> = Vec::new();
        for kind in before.kinds.keys().chain(self.kinds.keys().filter(|k| !before.kinds.contains_key(*k))) {
            let of = |t: &Tally| t.kinds.get(kind).copied().unwrap_or(0);
            kinds.push((kind, of(before), of(self)));
        }
        kinds.sort_by_key(|k| (std::cmp::Reverse(k.1.max(k.2)), k.0));
        for (kind, a, b) in kinds {
            count(lexicon().many(kind), a, b);
        }
        // Ranges are set side by side; a difference of two ranges would look more certain than either.
        for (what, a, b) in
            [("reported killed", before.killed, self.killed), ("reported injured", before.injured, self.injured)]
        {
            let cells = [what.to_owned(), a.told(), b.told(), String::new()];
            grid.rows.push(cells.into_iter().map(Cited::text).collect());
        }
        grid
    }
}
