//! Article bodies on a public set of news pages, by the measure of `cargo xtask score html`. Skipped where the set is not
//! at hand.
#![allow(clippy::disallowed_methods)] // tests read files

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use record::BlockKind;
use wire::{Format, Given, dispatches};

#[test]
fn bodies_of_news_pages_are_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/gold/html");
    let Ok(truth) = std::fs::read_to_string(root.join("ground-truth.json")) else {
        eprintln!("skipped: no pages at {}", root.display());
        return;
    };
    let truth: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&truth).unwrap();
    let (mut precision, mut recall) = (0.0, 0.0);
    let mut halves = [(0.0, 0.0, 0.0); 2];
    for (n, (id, page)) in truth.iter().enumerate() {
        let packed = std::fs::read(root.join("html").join(format!("{id}.html.gz"))).unwrap();
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
        let given = Given { name: id.clone(), url: page["url"].as_str().map(str::to_owned), ..Given::default() };
        let read = dispatches(&bytes, Format::Html, &given).next().unwrap();
        let body = read.map_or(String::new(), |d| {
            let head = d.layout.iter().take_while(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Dek)).last();
            d.text[head.map_or(0, |b| b.bytes.end)..].to_owned()
        });
        let gold = page["articleBody"].as_str().unwrap();
        let (p, r) = agreement(gold, &body);
        if let Ok(folder) = std::env::var("DATELINE_HTML_OUT") {
            std::fs::write(
                format!("{folder}/{n:02}-{:.0}-{:.0}.txt", p * 100.0, r * 100.0),
                format!("{gold}\n=====\n{body}"),
            )
            .unwrap();
        }
        let half = &mut halves[n % 2];
        *half = (half.0 + p, half.1 + r, half.2 + 1.0);
        precision += p;
        recall += r;
    }
    let f1 = |p: f64, r: f64, n: f64| 2.0 * (p / n) * (r / n) / ((p + r) / n);
    let n = truth.len() as f64;
    eprintln!("P {:.3} R {:.3} F1 {:.4}", precision / n, recall / n, f1(precision, recall, n));
    eprintln!(
        "halves: {:.4} {:.4}",
        f1(halves[0].0, halves[0].1, halves[0].2),
        f1(halves[1].0, halves[1].1, halves[1].2)
    );
    assert!(f1(precision, recall, n) >= 0.955, "{precision} {recall} of {n}");
}

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
    let share = |of: f64| if of == 0.0 { 1.0 } else { both / of };
    (share(both + more), share(both + less))
}

fn shingles(text: &str) -> HashMap<Vec<&str>, f64> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut runs: HashMap<Vec<&str>, f64> = HashMap::new();
    for run in words.windows(words.len().clamp(1, 4)) {
        *runs.entry(run.to_vec()).or_default() += 1.0;
    }
    runs
}
