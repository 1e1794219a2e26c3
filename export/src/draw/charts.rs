//! Small charts: a toll as report after report gave it, and counts side by side.

use super::Table;
use super::svg::{Svg, cut};

/// A number as one report gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// When it was reported: "12 Sep 2016".
    pub when: String,
    /// Lowest number; none for "up to 20".
    pub low: Option<i64>,
    /// Highest number; none for "at least 43".
    pub high: Option<i64>,
    /// Who gives it.
    pub by: String,
    /// In words: "at least 43 people".
    pub words: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// A toll over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// What it shows.
    pub label: String,
    /// The values, in order of report.
    pub values: Vec<Value>,
}

/// A count.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Of what.
    pub label: String,
    /// How many.
    pub value: i64,
    /// Where it leads.
    pub href: Option<String>,
}

/// Counts side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// What they show.
    pub label: String,
    /// The counts, in order.
    pub bars: Vec<Bar>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 44.0;
/// At most so many values are drawn, the first ones; the table has all.
const DRAWN: usize = 60;

/// A round number at or above `n`: 1, 2 or 5 times a power of ten.
fn round_up(n: i64) -> i64 {
    let mut step: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            if step.saturating_mul(factor) >= n {
                return step.saturating_mul(factor);
            }
        }
        if step > i64::MAX / 10 {
            return n;
        }
        step *= 10;
    }
}

impl Series {
    /// Draws it: a dot for a number, a bar for a range, an arrow where only a lower or upper bound is given.
    pub fn svg(&self) -> String {
        let most = self.values.iter().filter_map(|v| v.high.max(v.low)).max().unwrap_or(0);
        let top = round_up(most.max(1));
        let base = HEIGHT - 42.0;
        let y = |n: i64| base - (n.max(0) as f64 / top as f64) * (base - 14.0);
        let mut svg = Svg::new("series", &self.label, WIDTH, HEIGHT);
        svg.raw("<g aria-hidden=\"true\">");
        for n in [0, top / 2, top] {
            svg.line("grid", (LEFT, y(n)), (WIDTH - 12.0, y(n)));
            svg.text("tick", LEFT - 6.0, y(n) + 4.0, "end", &n.to_string());
        }
        svg.raw("</g>");
        let step = (WIDTH - LEFT - 40.0) / self.values.len().clamp(1, DRAWN) as f64;
        let mut last = ("", f64::NEG_INFINITY);
        for (i, v) in self.values.iter().take(DRAWN).enumerate() {
            let x = LEFT + (i as f64 + 0.5) * step;
            svg.open_link("value", v.href.as_deref(), &format!("{}: {}, according to {}", v.when, v.words, v.by));
            // A transparent column makes the whole width a target.
            svg.rect("target", x - step / 2.0, 10.0, step, base - 10.0);
            match (v.low, v.high) {
                (Some(low), Some(high)) => {
                    if high > low {
                        svg.line("range", (x, y(low)), (x, y(high)));
                        svg.circle("dot", x, y(high), 3.5);
                    }
                    svg.circle("dot", x, y(low), 4.5);
                }
                (Some(low), None) => {
                    svg.line("range open", (x, y(low)), (x, (y(low) - 16.0).max(4.0)));
                    svg.circle("dot", x, y(low), 4.5);
                }
                (None, Some(high)) => {
                    svg.line("range open", (x, y(high)), (x, base));
                    svg.circle("dot", x, y(high), 4.5);
                }
                (None, None) => svg.circle("none", x, base - 6.0, 4.0),
            }
            svg.close_link();
            if step > 70.0 {
                svg.text("tick", x, base + 30.0, "middle", &cut(&v.by, (step / 6.5) as usize));
            }
            // A day is written once, where there is room.
            if v.when != last.0 && x - last.1 > 72.0 {
                svg.text("tick", x, base + 16.0, "middle", &v.when);
                last = (&v.when, x);
            }
        }
        if self.values.len() > DRAWN {
            let left_out = format!("{} more in the table", self.values.len() - DRAWN);
            svg.text("tick", WIDTH - 12.0, 12.0, "end", &left_out);
        }
        svg.finish()
    }

    /// The values as rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&self.label, &["reported", "lowest", "highest", "in words", "according to"]);
        let cell = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        for v in &self.values {
            table.rows.push(vec![v.when.clone(), cell(v.low), cell(v.high), v.words.clone(), v.by.clone()]);
        }
        table
    }
}

impl Bars {
    /// Draws them, one below the other.
    pub fn svg(&self) -> String {
        let most = self.bars.iter().map(|b| b.value).max().unwrap_or(0).max(1) as f64;
        let mut svg = Svg::new("bars", &self.label, WIDTH, self.bars.len() as f64 * 24.0 + 8.0);
        for (i, bar) in self.bars.iter().enumerate() {
            let top = 4.0 + i as f64 * 24.0;
            svg.open_link("bar-row", bar.href.as_deref(), &format!("{}: {}", bar.label, bar.value));
            svg.text("lane", 200.0, top + 15.0, "end", &cut(&bar.label, 30));
            let width = (bar.value.max(0) as f64 / most * 480.0).max(1.0);
            svg.rect("bar", 208.0, top + 3.0, width, 16.0);
            svg.text("name", 214.0 + width, top + 15.0, "start", &bar.value.to_string());
            svg.close_link();
        }
        svg.finish()
    }

    /// The counts as rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&self.label, &["what", "how many"]);
        table.rows = self.bars.iter().map(|b| vec![b.label.clone(), b.value.to_string()]).collect();
        table
    }
}
