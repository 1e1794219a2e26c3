//! Time from left to right: incidents by day, and the state of an accord, party by party.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Table;
use super::svg::{Svg, cut, width_of};

/// Something that happened on a day or over several.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// What, in a line.
    pub label: String,
    /// Whether sources differ on it.
    pub disputed: bool,
    /// Where it leads.
    pub href: Option<String>,
}

/// A stretch of time during which a party's state was one.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// From this day.
    pub from: Date,
    /// To this day; it still holds where there is none.
    pub until: Option<Date>,
    /// `agreed`, `in_force`, `suspended` …
    pub status: String,
    /// What moved it, in a line.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// A claim that moved nothing: a violation alleged, a threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The day it is about.
    pub day: Date,
    /// `violated`, `suspended` …
    pub status: String,
    /// Who says what, in a line.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// One party's state over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strip {
    /// The party.
    pub label: String,
    /// Its states, in order.
    pub segments: Vec<Segment>,
    /// Claims that moved nothing.
    pub marks: Vec<Mark>,
}

/// Incidents by day, and below them strips.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// What it shows.
    pub label: String,
    /// First day drawn.
    pub since: Date,
    /// Last day drawn.
    pub until: Date,
    /// Incidents.
    pub events: Vec<Event>,
    /// Parties.
    pub strips: Vec<Strip>,
}

const WIDTH: f64 = 760.0;
/// Room for the parties' names.
const LEFT: f64 = 150.0;
const ROW: f64 = 34.0;
/// At most so many incidents stand above one another; how many more there are is written on top.
const HIGHEST: usize = 14;

/// Days and where they fall.
struct Axis {
    since: Date,
    days: f64,
    left: f64,
}

impl Axis {
    fn new(since: Date, until: Date, left: f64) -> Axis {
        Axis { since, days: f64::from(since.until(until).map_or(0, |s| s.get_days()).max(0)) + 1.0, left }
    }

    fn unit(&self) -> f64 {
        (WIDTH - self.left - 12.0) / self.days
    }

    /// Where a day begins, kept inside the picture.
    fn at(&self, day: Date) -> f64 {
        let n = f64::from(self.since.until(day).map_or(0, |s| s.get_days()));
        self.left + n.clamp(0.0, self.days) * self.unit()
    }

    fn holds(&self, start: Date, end: Date) -> bool {
        let last = self.since.until(start).map_or(-1, |s| s.get_days());
        end >= self.since && f64::from(last) < self.days
    }

    /// Lines at days, weeks or months, as there is room, with their dates; years where nothing else fits.
    fn draw(&self, svg: &mut Svg, top: f64, bottom: f64) {
        let step = [1.0, 2.0, 7.0, 14.0, 30.0, 90.0, 365.0, 1_825.0].into_iter().find(|s| s * self.unit() > 66.0);
        let step = step.unwrap_or(18_250.0) as i64;
        let mut day = Some(self.since);
        // Months and years begin where the calendar begins them.
        let months = match step {
            30 => 1,
            90 => 3,
            365 => 12,
            1_825 => 60,
            18_250 => 600,
            _ => 0,
        };
        let mut last = f64::NEG_INFINITY;
        while let Some(at) = day.filter(|d| self.holds(*d, *d)) {
            let x = self.at(at);
            svg.line("grid", (x, top), (x, bottom));
            if x - last > 50.0 && x < WIDTH - 40.0 {
                svg.text("tick", x + 3.0, bottom + 13.0, "start", &tick(at, step, at == self.since));
                last = x;
            }
            let next = |span: jiff::Span| at.checked_add(span).ok();
            day = match months {
                0 => next(jiff::Span::new().days(step)),
                n => next(jiff::Span::new().months(n))
                    .map(|d| if n >= 12 { d.first_of_year() } else { d.first_of_month() }),
            };
        }
    }
}

fn tick(day: Date, step: i64, first: bool) -> String {
    if step >= 365 {
        return day.year().to_string();
    }
    let form = match () {
        () if step >= 30 => "%b %Y",
        () if first || day.day() <= step.min(7) as i8 && day.month() == 1 => "%-d %b %Y",
        () => "%-d %b",
    };
    day.strftime(form).to_string()
}

/// A day as people write it: "12 Sep 2016".
fn spoken(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

impl Timeline {
    /// Draws it. What lies wholly outside the days drawn is left out.
    pub fn svg(&self) -> String {
        let left = if self.strips.is_empty() { 12.0 } else { LEFT };
        let axis = Axis::new(self.since, self.until.max(self.since), left);
        // Incidents of one column stand above one another.
        let across = (13.0 / axis.unit()).ceil().max(1.0);
        let mut columns: BTreeMap<i64, Vec<&Event>> = BTreeMap::new();
        for event in self.events.iter().filter(|e| axis.holds(e.start, e.end)) {
            let n = (axis.at(event.start) - axis.left) / axis.unit() / across;
            columns.entry(n.floor() as i64).or_default().push(event);
        }
        let tallest = columns.values().map(|c| c.len().min(HIGHEST + 1)).max().unwrap_or(0) as f64;
        let base = if columns.is_empty() { 8.0 } else { 12.0 + tallest * 14.0 };
        let bottom = base + self.strips.len() as f64 * ROW + 6.0;
        let mut svg = Svg::new("timeline", &self.label, WIDTH, bottom + 20.0);
        svg.raw("<g aria-hidden=\"true\">");
        axis.draw(&mut svg, 4.0, bottom);
        svg.raw("</g>");
        if !columns.is_empty() && !self.strips.is_empty() {
            svg.text("lane", 6.0, base - 6.0, "start", "Incidents");
        }
        for (n, column) in &columns {
            let x = axis.left + (*n as f64) * across * axis.unit() + (axis.unit() * across / 2.0).min(8.0);
            for (row, event) in column.iter().take(HIGHEST).enumerate() {
                let y = base - 8.0 - row as f64 * 14.0;
                let class = if event.disputed { "event disputed" } else { "event" };
                svg.open_link(class, event.href.as_deref(), &format!("{}: {}", days(event), event.label));
                if event.end > event.start && axis.holds(event.start, event.end) {
                    svg.line("span", (x, y), (axis.at(event.end) + axis.unit() / 2.0, y));
                }
                svg.circle("dot", x, y, 5.0);
                if event.disputed {
                    svg.circle("ring", x, y, 6.6);
                }
                svg.close_link();
            }
            if column.len() > HIGHEST {
                let more = format!("+{}", column.len() - HIGHEST);
                svg.text("tick", x, base - 4.0 - HIGHEST as f64 * 14.0, "middle", &more);
            }
        }
        for (i, strip) in self.strips.iter().enumerate() {
            strip.draw(&mut svg, &axis, base + i as f64 * ROW);
        }
        svg.finish()
    }

    /// Incidents, then claims, as rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&self.label, &["day", "who", "what"]);
        for e in &self.events {
            table.rows.push(vec![days(e), String::new(), e.label.clone()]);
        }
        for strip in &self.strips {
            table.rows.extend(strip.rows());
        }
        table
    }
}

fn days(e: &Event) -> String {
    if e.end > e.start { format!("{} to {}", spoken(e.start), spoken(e.end)) } else { spoken(e.start) }
}

impl Strip {
    /// Draws the strip on its own.
    pub fn svg(&self, since: Date, until: Date) -> String {
        let axis = Axis::new(since, until.max(since), LEFT);
        let mut svg = Svg::new("strip", &self.label, WIDTH, ROW + 24.0);
        svg.raw("<g aria-hidden=\"true\">");
        axis.draw(&mut svg, 0.0, ROW + 2.0);
        svg.raw("</g>");
        self.draw(&mut svg, &axis, 0.0);
        svg.finish()
    }

    fn draw(&self, svg: &mut Svg, axis: &Axis, top: f64) {
        svg.text("lane", 6.0, top + 21.0, "start", &cut(&self.label, 22));
        svg.rect("unknown", axis.left, top + 8.0, WIDTH - axis.left - 12.0, 18.0);
        for segment in &self.segments {
            let from = axis.at(segment.from);
            let until = segment.until.map_or(WIDTH - 12.0, |d| axis.at(d));
            if until <= from {
                continue;
            }
            let status = spaced(&segment.status);
            let title = format!("{}: {status} from {}. {}", self.label, spoken(segment.from), segment.title);
            svg.open_link(&format!("state state-{}", tone(&segment.status)), segment.href.as_deref(), &title);
            svg.rect("bar", from, top + 8.0, until - from, 18.0);
            if width_of(&status) + 8.0 < until - from {
                svg.text("status", from + 5.0, top + 21.0, "start", &status);
            }
            svg.close_link();
        }
        // Marks of one day stand side by side.
        let mut of_day: BTreeMap<Date, f64> = BTreeMap::new();
        for mark in self.marks.iter().filter(|m| axis.holds(m.day, m.day)) {
            let n = of_day.entry(mark.day).or_default();
            let x = (axis.at(mark.day) + 5.0 + *n * 7.0).min(WIDTH - 14.0);
            *n += 1.0;
            let title = format!("{}: {}. {}", spoken(mark.day), spaced(&mark.status), mark.title);
            svg.open_link("mark", mark.href.as_deref(), &title);
            let (y, [a, b, c]) = (top + 1.0, [x - 4.0, x + 4.0, x].map(super::svg::short));
            let (y, tip) = (super::svg::short(y), super::svg::short(y + 8.0));
            svg.raw(&format!("<path class=\"tip\" d=\"M{a} {y}L{b} {y}L{c} {tip}Z\"/>"));
            svg.close_link();
        }
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows: Vec<(Date, String)> = Vec::new();
        for s in &self.segments {
            rows.push((s.from, format!("{}. {}", spaced(&s.status), s.title)));
        }
        for m in &self.marks {
            rows.push((m.day, format!("{} (moves no state). {}", spaced(&m.status), m.title)));
        }
        rows.sort_by_key(|r| r.0);
        rows.into_iter().map(|(day, what)| vec![spoken(day), self.label.clone(), what]).collect()
    }

    /// States, then claims that moved nothing, as rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&self.label, &["day", "who", "what"]);
        table.rows = self.rows();
        table
    }
}

fn spaced(status: &str) -> String {
    status.replace('_', " ")
}

/// The tone a state is drawn in: on its way, holding, halted or over.
fn tone(status: &str) -> &'static str {
    match status {
        "in_force" | "extended" | "resumed" => "holds",
        "suspended" => "halted",
        "collapsed" | "ended" | "expired" | "rejected" => "over",
        _ => "coming",
    }
}
