//! Article extraction on `gold/html`: the body of news pages, and pages per CPU second.
//!
//! The measure is that of the set's own README: runs of four words, counted; precision and recall of each page, averaged
//! over pages; F1 of the two averages. The headline and dek, which our text begins with, are no part of a body.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Instant;

use anyhow::Context;
use record::{BlockKind, Dispatch};
use wire::{Format, Given};

use crate::score::{Options, table};

/// Scores all pages and prints the averages.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let root = options.data.join("gold/html");
    let truth = root.join("ground-truth.json");
    let truth = std::fs::read_to_string(&truth).with_context(|| truth.display().to_string())?;
    let truth: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&truth)?;
    let mut pages = Vec::new();
    for (id, page) in &truth {
        let path = root.join("html").join(format!("{id}.html.gz"));
        let packed = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut bytes)?;
        let words = page["articleBody"].as_str().unwrap_or_default().to_owned();
        pages.push((id, page["url"].as_str().map(str::to_owned), bytes, words));
    }
    let start = Instant::now();
    let mut read = Vec::new();
    for (id, url, bytes, _) in &pages {
        let given = Given { name: (*id).clone(), url: url.clone(), ..Given::default() };
        read.push(
            wire::dispatches(bytes, Format::Html, &given).next().and_then(Result::ok).map_or(String::new(), body),
        );
    }
    let rate = pages.len() as f64 / start.elapsed().as_secs_f64();
    let mut rows = String::from(
        "# Bodies of news pages, by page. Made by `cargo xtask score html --tables write`.\npage\tprecision\trecall\n",
    );
    let (mut half, mut other) = (Vec::new(), Vec::new());
    for (n, ((id, _, _, gold), read)) in pages.iter().zip(&read).enumerate() {
        if let Ok(folder) = std::env::var("DATELINE_HTML_OUT") {
            std::fs::write(format!("{folder}/{n:02}.txt"), format!("{gold}\n=====\n{read}"))?;
        }
        let (precision, recall) = agreement(gold, read);
        writeln!(rows, "{}\t{precision:.3}\t{recall:.3}", id.get(..12).unwrap_or(id))?;
        if n % 2 == 0 { half.push((precision, recall)) } else { other.push((precision, recall)) }
    }
    let all: Vec<_> = half.iter().chain(&other).copied().collect();
    println!("html: {} pages, {rate:.0} pages a second", pages.len());
    println!("{:24}{:>8}{:>8}{:>8}", "", "P", "R", "F1");
    for (name, of) in [("all", &all), ("pages developed on", &half), ("pages never looked at", &other)] {
        let (p, r) = of.iter().fold((0.0, 0.0), |(p, r), (a, b)| (p + a, r + b));
        let (p, r) = (p / of.len() as f64, r / of.len() as f64);
        println!("{name:24}{p:8.3}{r:8.3}{:8.3}", 2.0 * p * r / (p + r));
    }
    table("html.tsv", &rows, options.tables)
}

/// The text without headline and dek.
fn body(dispatch: Dispatch) -> String {
    let head = dispatch.layout.iter().take_while(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Dek)).last();
    let from = head.map_or(0, |b| b.bytes.end);
    dispatch.text.get(from..).unwrap_or_default().to_owned()
}

/// Precision and recall of runs of four words.
fn agreement(gold: &str, read: &str) -> (f64, f64) {
    let (gold, read) = (shingles(gold), shingles(read));
    let (mut both, mut more, mut less) = (0.0, 0.0, 0.0);
    for (run, &there) in &gold {
        let found = read.get(run).copied().unwrap_or_default();
        both += there.min(found);
        less += (there - found).max(0.0);
    }
    for (run, &found) in &read {
        more += (found - gold.get(run).copied().unwrap_or_default()).max(0.0);
    }
    let share = |part: f64, of: f64| if of == 0.0 { 1.0 } else { part / of };
    (share(both, both + more), share(both, both + less))
}

fn shingles(text: &str) -> HashMap<Vec<&str>, f64> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut runs: HashMap<Vec<&str>, f64> = HashMap::new();
    let length = words.len().clamp(1, 4);
    for run in words.windows(length) {
        *runs.entry(run.to_vec()).or_default() += 1.0;
    }
    runs
}
