//! One incident of a report: what is told, by whom, and a matrix of rival versions.

use std::collections::{BTreeMap, BTreeSet};

use ledger::dispute::numbers_in_words;
use ledger::query::{AccountWhole, FigureWhole, IncidentRow, IncidentWhole};
use serde::Serialize;

use super::cited::{Cited, Grid, Notes};
use super::words::{self, capital, words as lexicon};
use crate::draw::{Series, Value};

/// At most so many rows of a matrix, outlets in a sentence, figures in prose.
const ROWS: usize = 14;
const OUTLETS: usize = 4;
const FIGURES: usize = 6;
const BLAMES: usize = 6;

/// An incident in a report.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    /// Its id in the ledger.
    pub id: String,
    /// Kind, place and day.
    pub heading: String,
    /// What is told of it, sentence by sentence.
    pub told: Cited,
    /// Rows: who says it; columns: what they say. Empty where there is one voice.
    pub matrix: Grid,
    /// How many rows were left out.
    pub rows_left_out: usize,
    /// Fields on which sources differ, in words.
    pub differ: Vec<String>,
    /// The dead as report after report gave them, where there are at least three.
    #[serde(skip)]
    pub series: Option<Series>,
}

/// The accounts that count: of dispatches that stand.
pub fn live(whole: &IncidentWhole) -> impl Iterator<Item = &AccountWhole> {
    whole.accounts.iter().filter(|a| a.dispatch.state == "live")
}

/// An outlet's name as it is printed.
pub fn outlet(account: &AccountWhole) -> String {
    let d = &account.dispatch;
    d.outlet.clone().or_else(|| d.agency.clone()).unwrap_or_else(|| d.namespace.clone())
}

/// The number of the note for words of an account.
pub fn cite(notes: &mut Notes, account: &AccountWhole, by: &str, words: &str) -> usize {
    let d = &account.dispatch;
    notes.cite(
        &outlet(account),
        d.published.as_deref().map(words::day),
        &format!("{}:{}", d.namespace, d.id),
        by,
        words,
    )
}

/// Who speaks: "the Observatory, quoted by Harbour Courier", or the outlet.
pub fn voice(by: &str, outlet: &str) -> String {
    if by == record::OUTLET { outlet.to_owned() } else { format!("{}, quoted by {outlet}", lexicon().the(by)) }
}

/// Who speaks, for prose that names the outlet in its notes.
fn speaker(by: &str, outlet: &str) -> String {
    if by == record::OUTLET { outlet.to_owned() } else { lexicon().the(by) }
}

/// A figure in words: "at least 31 people", "reportedly 18 of 31 trucks"; people whose number nobody gives are "people".
pub fn value(f: &FigureWhole) -> String {
    if f.hedged { format!("reportedly {}", bare_value(f)) } else { bare_value(f) }
}

/// A figure in words, without the hedge.
fn bare_value(f: &FigureWhole) -> String {
    let counted = if f.counted.is_empty() { "cases" } else { f.counted.as_str() };
    if f.low.is_none() && f.high.is_none() {
        return format!("{counted} (no number given)");
    }
    let single = f.low.or(f.high) == Some(1) && f.high.or(f.low) == Some(1) && f.out_of.is_none();
    let counted = if single { singular(counted) } else { counted.to_owned() };
    grouped(&numbers_in_words(f.low, f.high, &f.qualifier, &counted, f.out_of))
}

/// "people" of one are a person; other groups that count one are as the dispatch names them.
fn singular(counted: &str) -> String {
    let one = [("people", "person"), ("children", "child"), ("women", "woman"), ("men", "man")];
    if let Some((_, s)) = one.iter().find(|(many, _)| *many == counted) {
        return (*s).to_owned();
    }
    if let Some(stem) = counted.strip_suffix("men").filter(|stem| !stem.ends_with(' ')) {
        return format!("{stem}man");
    }
    // "civilians", "pumping stations": a plural at the end. A phrase goes on behind its noun ("members of the council") or
    // names two ("men and women"): it stays as it is.
    let goes_on = counted.split(' ').any(|w| matches!(w, "of" | "and" | "or" | "in" | "at" | "from" | "for" | "with"));
    if goes_on || counted.contains(',') {
        return counted.to_owned();
    }
    if let Some(stem) = counted.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    match counted.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && stem.len() > 3 => stem.to_owned(),
        _ => counted.to_owned(),
    }
}

/// Digits of four and more with thousands apart.
fn grouped(text: &str) -> String {
    let word = |w: &str| match w.parse::<i64>() {
        Ok(n) if n >= 1_000 => words::number(n),
        _ => w.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The heading of an incident: "Air strike, Oldbridge, 17 September 2016".
pub fn heading(i: &IncidentRow) -> String {
    let mut parts = vec![lexicon().title(&i.kind)];
    parts.push(place(i).unwrap_or_else(|| "place not given".to_owned()));
    parts.push(dated(i));
    parts.join(", ")
}

/// The days of an incident; where nobody gives one, when it was first reported.
pub fn dated(i: &IncidentRow) -> String {
    if let Some(days) = words::days(i.date_start.as_deref(), i.date_end.as_deref()) {
        return days;
    }
    match i.accounts.iter().filter_map(|a| a.published.as_deref()).min() {
        Some(first) => format!("day not given (reported {})", words::day(first)),
        None => "day not given".to_owned(),
    }
}

/// The place, with its province where the two differ; else the country.
pub fn place(i: &IncidentRow) -> Option<String> {
    match (&i.place, &i.admin1) {
        (Some(p), Some(a)) if !p.contains(a.as_str()) && !a.contains(p.as_str()) => Some(format!("{p} ({a})")),
        (Some(p), _) => Some(p.trim_end_matches(['.', ',', ';', ' ']).to_owned()),
        (None, Some(a)) => Some(a.clone()),
        (None, None) => i.country.as_deref().map(|c| words::country(c).to_owned()),
    }
}

/// The lowest and highest total of a measure with the passages that give them: "62¹–80²", "at least 58³".
pub fn range(notes: &mut Notes, whole: &IncidentWhole, measure: &str) -> Cited {
    let i = &whole.incident;
    let (low, high) = match measure {
        "killed" => (i.killed_low, i.killed_high),
        _ => (i.injured_low, i.injured_high),
    };
    let (Some(low), Some(high)) = (low.or(high), high.or(low)) else { return Cited::default() };
    let giving = |n: i64| {
        let total = |f: &&FigureWhole| f.measure == measure && f.part_of.is_none() && f.low.or(f.high) == Some(n);
        live(whole).find_map(|a| a.figures.iter().find(total).map(|f| (a, f)))
    };
    let mut end = |n: i64| {
        let Some((account, f)) = giving(n) else { return Cited::text(words::number(n)) };
        let bound = match f.qualifier.as_str() {
            _ if low != high => "",
            "at_least" => "at least ",
            "more_than" => "more than ",
            "up_to" => "up to ",
            "about" => "about ",
            _ => "",
        };
        Cited::text(format!("{bound}{}", words::number(n))).note(cite(notes, account, &f.by, &f.words.text))
    };
    if low == high { end(low) } else { end(low).then("–").and(end(high)) }
}

/// A section on an incident.
pub fn section(notes: &mut Notes, whole: &IncidentWhole) -> Section {
    let (matrix, rows_left_out) = matrix(notes, whole);
    let differ: Vec<String> = whole.incident.disputed.iter().map(|f| field(f)).collect();
    let mut told = reported(notes, whole);
    for sentence in figures(notes, whole) {
        told = told.then(" ").and(sentence);
    }
    for sentence in blames(notes, whole) {
        told = told.then(" ").and(sentence);
    }
    if !whole.incident.decided.is_empty() {
        told = told.then(format!(" What a reviewer decided on it stands: {}.", whole.incident.decided.join(", ")));
    }
    Section {
        id: whole.incident.id.clone(),
        heading: heading(&whole.incident),
        told,
        matrix,
        rows_left_out,
        differ,
        series: series(whole),
    }
}

/// A disputed field in words.
pub fn field(field: &str) -> String {
    match field {
        "perpetrator" => "who did it".to_owned(),
        "type" => "the means".to_owned(),
        "killed" => "the number killed".to_owned(),
        "injured" => "the number injured".to_owned(),
        "date" => "the day".to_owned(),
        "other" => "other counts".to_owned(),
        "place" | "cause" | "damage" => format!("the {field}"),
        other => format!("the number {}", lexicon().measure(other)),
    }
}

/// "Reported by A¹, B² and three others."
fn reported(notes: &mut Notes, whole: &IncidentWhole) -> Cited {
    let mut by_outlet: BTreeMap<String, &AccountWhole> = BTreeMap::new();
    let mut order = Vec::new();
    for account in live(whole) {
        let name = outlet(account);
        by_outlet.entry(name.clone()).or_insert_with(|| {
            order.push(name);
            account
        });
    }
    let named: Vec<(&String, &&AccountWhole)> =
        order.iter().take(OUTLETS).filter_map(|o| by_outlet.get_key_value(o)).collect();
    let mut told = Cited::text("Reported by ");
    for (n, (name, account)) in named.iter().enumerate() {
        let between = match n {
            0 => "",
            _ if n + 1 == order.len() => " and ",
            _ => ", ",
        };
        told = told.then(format!("{between}{name}")).note(cite(notes, account, record::OUTLET, &account.words.text));
    }
    if order.len() > OUTLETS {
        told = told.then(format!(" and {}", words::count(order.len() - OUTLETS, "other outlet", "other outlets")));
    }
    let i = &whole.incident;
    let copies = live(whole).count() as i64 - i.sources;
    if copies > 0 {
        told = told.then(format!(
            " ({} of one source among them counted once)",
            words::count(copies as usize, "copy", "copies")
        ));
    }
    told.then(".")
}

/// Sentences on figures, one for each measure: "Reported killed: at least 58 people, according to the Observatory¹; nine
/// people, according to the army²."
fn figures(notes: &mut Notes, whole: &IncidentWhole) -> Vec<Cited> {
    /// Rank and name of the measure, whether it is a part of another, the text, the text with its notes, how many those are.
    type Said = ((u8, String), bool, String, Cited, usize);
    let mut said: Vec<Said> = Vec::new();
    for account in live(whole) {
        for f in &account.figures {
            let by = speaker(&f.by, &outlet(account));
            let text = format!("{}, according to {by}", words::spelled(&value(f)));
            let note = cite(notes, account, &f.by, &f.words.text);
            match said.iter_mut().find(|s| s.0.1 == f.measure && s.2 == text) {
                // One voice in several dispatches: told once, with up to three of its passages.
                Some((_, _, _, told, times)) if *times < 3 => {
                    *told = std::mem::take(told).note(note);
                    *times += 1;
                }
                Some(_) => {}
                None => {
                    let told = Cited::text(text.clone()).note(note);
                    said.push(((rank(&f.measure), f.measure.clone()), f.part_of.is_some(), text, told, 1));
                }
            }
        }
    }
    // A stable sort: within a measure totals before parts, else in order of publication.
    said.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut out = Vec::new();
    while let Some(measure) = said.first().map(|s| s.0.clone()) {
        let rest = said.split_off(said.iter().position(|s| s.0 != measure).unwrap_or(said.len()));
        let group = std::mem::replace(&mut said, rest);
        let more = group.len().saturating_sub(FIGURES);
        let told = Cited::joined(group.into_iter().take(FIGURES).map(|s| s.3), "; ");
        let more = if more > 0 { format!("; {more} more in the ledger.") } else { ".".to_owned() };
        let lead = match measure.1.as_str() {
            "other" => "Also counted: ".to_owned(),
            measure => format!("Reported {}: ", lexicon().measure(measure)),
        };
        out.push(Cited::text(lead).and(told).then(more));
    }
    out
}

/// The dead first, then the hurt, then the rest.
fn rank(measure: &str) -> u8 {
    match measure {
        "killed" => 0,
        "injured" => 1,
        "killed_or_injured" => 2,
        "other" => 4,
        _ => 3,
    }
}

/// What one voice says of who did it.
struct Blame {
    by: String,
    stance: String,
    /// The sentence up to the names; the whole of it where nobody is named.
    lead: String,
    /// Who is named: the key under which the ledger knows the actor, the name, the notes.
    whom: Vec<(String, String, Vec<usize>)>,
}

impl Blame {
    /// "The Observatory blamed the army² and the militia³": names with the same notes share them.
    fn sentence(self) -> Cited {
        let mut told = Cited::text(self.lead);
        let count = self.whom.len();
        for n in 0..count {
            let Some((_, name, notes)) = self.whom.get(n) else { break };
            let between = match n {
                0 => "",
                _ if n + 1 == count => " and ",
                _ => ", ",
            };
            told = told.then(format!("{between}{name}"));
            if self.whom.get(n + 1).is_none_or(|next| next.2 != *notes) {
                told = notes.iter().fold(told, |told, note| told.note(*note));
            }
        }
        told.then(".")
    }
}

/// Sentences on responsibility, one for each voice and manner: "The Observatory blamed the army²."
fn blames(notes: &mut Notes, whole: &IncidentWhole) -> Vec<Cited> {
    let mut said: Vec<Blame> = Vec::new();
    for account in live(whole) {
        for p in &account.perpetrators {
            let unknown = p.actor.is_empty() || p.actor.eq_ignore_ascii_case("unknown");
            if unknown {
                continue;
            }
            let note = cite(notes, account, &p.by, &p.words.text);
            let by = speaker(&p.by, &outlet(account));
            // An outlet's name is written as the outlet writes it.
            let by = if p.by == record::OUTLET { by } else { capital(&by) };
            let itself = same_name(&p.by, &p.actor);
            let actor = lexicon().the(&p.actor);
            // What is a sentence of its own, and what can name several.
            let (lead, name) = match p.stance.as_str() {
                "denies" if itself => (format!("{by} denied responsibility"), String::new()),
                "admits" if itself => (format!("{by} owned up to it"), String::new()),
                "admits" => {
                    let by = speaker(&p.by, &outlet(account));
                    (format!("According to {by}, {actor} owned up to it"), String::new())
                }
                "suggests" => (format!("{by} hinted, without an outright accusation, at "), actor),
                stance => (format!("{by} {} ", lexicon().stance(stance)), actor),
            };
            let own = |b: &&mut Blame| b.by == p.by && b.stance == p.stance && b.lead == lead;
            match said.iter_mut().find(own) {
                Some(blame) => match blame.whom.iter_mut().find(|w| w.0 == p.key || w.1 == name) {
                    Some((_, _, notes)) if notes.len() < 3 && !notes.contains(&note) => notes.push(note),
                    Some(_) => {}
                    None => blame.whom.push((p.key.clone(), name, vec![note])),
                },
                None => {
                    let whom = vec![(p.key.clone(), name, vec![note])];
                    said.push(Blame { by: p.by.clone(), stance: p.stance.clone(), lead, whom });
                }
            }
        }
    }
    let more = said.len().saturating_sub(BLAMES);
    let mut out: Vec<Cited> = said.into_iter().take(BLAMES).map(Blame::sentence).collect();
    if more > 0 {
        out.push(Cited::text(format!(
            "{} on responsibility stand in the table or in the ledger.",
            words::count(more, "further claim", "further claims")
        )));
    }
    out
}

/// Whether two names are one but for article and case.
fn same_name(a: &str, b: &str) -> bool {
    let bare = |n: &str| n.trim().to_lowercase().trim_start_matches("the ").to_owned();
    bare(a) == bare(b)
}

const COLUMNS: [&str; 9] = [
    "according to",
    "held responsible",
    "means",
    "killed",
    "injured",
    "damage and other counts",
    "place",
    "day",
    "cause",
];

/// One voice of one source: a row of the matrix, column by column. A cell keeps each value once.
#[derive(Default)]
struct Row {
    cells: [Vec<(String, usize)>; COLUMNS.len()],
}

impl Row {
    fn add(&mut self, column: usize, value: String, note: usize) {
        if let Some(cell) = self.cells.get_mut(column)
            && !value.is_empty()
            && !cell.iter().any(|(v, _)| *v == value)
        {
            cell.push((value, note));
        }
    }

    fn says_anything(&self) -> bool {
        self.cells.iter().skip(1).any(|c| !c.is_empty())
    }
}

/// The matrix of rival versions: a row for each voice of each source. Echoes of one story are one source.
fn matrix(notes: &mut Notes, whole: &IncidentWhole) -> (Grid, usize) {
    let mut rows: Vec<((String, String), String, Row)> = Vec::new();
    for account in live(whole) {
        let d = &account.dispatch;
        let source = d.echo_group.clone().unwrap_or_else(|| format!("{}:{}", d.namespace, d.id));
        let mut add = |notes: &mut Notes, by: &str, column: usize, value: String, words: &str| {
            let note = cite(notes, account, by, words);
            let key = (source.clone(), by.to_owned());
            let place = rows.iter().position(|r| r.0 == key).unwrap_or_else(|| {
                let day = d.published.as_deref().map(words::day);
                let day = day.map(|d| format!(" ({d})")).unwrap_or_default();
                let who = voice(by, &outlet(account));
                let who = if by == record::OUTLET { who } else { capital(&who) };
                rows.push((key, format!("{who}{day}"), Row::default()));
                rows.len() - 1
            });
            if let Some(row) = rows.get_mut(place) {
                row.2.add(column, value, note);
            }
        };
        let own = record::OUTLET;
        add(notes, own, 2, lexicon().title(&account.kind).to_lowercase(), &account.words.text);
        for p in account.perpetrators.iter().filter(|p| !p.actor.eq_ignore_ascii_case("unknown")) {
            let how = match p.stance.as_str() {
                "denies" => format!("not {} (denial)", p.actor),
                "admits" => format!("{} (admission)", p.actor),
                "suspects" => format!("{} (suspicion)", p.actor),
                "suggests" => format!("{} (insinuation)", p.actor),
                "accuses" => format!("{} (accusation)", p.actor),
                _ => p.actor.clone(),
            };
            add(notes, &p.by, 1, how, &p.words.text);
        }
        for f in &account.figures {
            let column = match f.measure.as_str() {
                "killed" => 3,
                "injured" => 4,
                _ => 5,
            };
            let told = if column == 5 { format!("{}, {}", value(f), lexicon().measure(&f.measure)) } else { value(f) };
            add(notes, &f.by, column, told, &f.words.text);
        }
        if let Some(place) = &account.place {
            add(notes, own, 6, place.clone(), &account.words.text);
        }
        if let Some(day) = words::days(account.date_start.as_deref(), account.date_end.as_deref()) {
            add(notes, own, 7, day, &account.words.text);
        }
        for c in &account.claims {
            let (column, told) = match c.field.as_str() {
                "means" => (2, lexicon().title(&c.value).to_lowercase()),
                "place" => (6, c.value.clone()),
                "date" => {
                    let (from, to) = c.value.split_once('/').unwrap_or((&c.value, &c.value));
                    (7, words::days(Some(from), Some(to)).unwrap_or_default())
                }
                _ => (8, c.value.clone()),
            };
            add(notes, &c.by, column, told, &c.words.text);
        }
    }
    rows.retain(|r| r.2.says_anything());
    // What all say alike stands in the heading already: means, place and day are columns only where sources differ on them,
    // as the ledger sees it, which knows spellings of one place.
    for (column, field) in [(2, "type"), (6, "place"), (7, "date")] {
        if !whole.incident.disputed.iter().any(|d| d == field) {
            for row in &mut rows {
                row.2.cells[column].clear();
            }
        }
    }
    rows.retain(|r| r.2.says_anything());
    if rows.len() < 2 {
        return (Grid::default(), 0);
    }
    let left_out = rows.len().saturating_sub(ROWS);
    let mut grid = Grid::new(&COLUMNS);
    for (_, who, row) in rows.into_iter().take(ROWS) {
        let mut cells: Vec<Cited> = row
            .cells
            .iter()
            .map(|cell| Cited::joined(cell.iter().map(|(v, n)| Cited::text(v.clone()).note(*n)), "; "))
            .collect();
        cells[0] = Cited::text(who);
        grid.rows.push(cells);
    }
    (grid.without_empty_columns(), left_out)
}

/// The dead as report after report gave them.
fn series(whole: &IncidentWhole) -> Option<Series> {
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for account in live(whole) {
        let d = &account.dispatch;
        let source = d.echo_group.clone().unwrap_or_else(|| format!("{}:{}", d.namespace, d.id));
        for f in account.figures.iter().filter(|f| f.measure == "killed" && f.part_of.is_none()) {
            let (low, high) = match f.qualifier.as_str() {
                "at_least" | "more_than" => (f.low.or(f.high), None),
                "up_to" => (None, f.high.or(f.low)),
                _ => (f.low.or(f.high), f.high.or(f.low)),
            };
            if (low.is_some() || high.is_some()) && seen.insert((source.clone(), f.by.clone(), value(f))) {
                values.push(Value {
                    when: d.published.as_deref().map_or_else(|| "undated".to_owned(), words::short_day),
                    low,
                    high,
                    by: speaker(&f.by, &outlet(account)),
                    words: value(f),
                    href: None,
                });
            }
        }
    }
    // Voices of one day are rivals, not a course of events: the table sets them side by side.
    let days: BTreeSet<&String> = values.iter().map(|v| &v.when).collect();
    (values.len() >= 3 && days.len() >= 2)
        .then(|| Series { label: format!("{}: the number killed, report by report", heading(&whole.incident)), values })
}
