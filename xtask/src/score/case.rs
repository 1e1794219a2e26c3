//! CASE 2021, task 2 (`gold/case2021/half.tsv`): one event type for a short text.
//!
//! What is read from a snippet is one answer: the type of its first incident told as fact and as news, else of its first
//! incident told as fact, else "agreement" where an accord was read, else nothing. `eval/case-types.tsv` says which of
//! our types stands for which of theirs. Figures: F1 of each class we claim, their mean weighted by the gold's counts,
//! and the share of the other snippets (disasters, diplomacy, …) in which something of a class was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context;
use reading::Reader;
use record::{Modality, Record};

use super::counts::{Count, interval, share};
use super::{Options, plain, table};

const TYPES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../eval/case-types.tsv"));

/// A snippet's class in the gold and as read.
struct Snippet {
    id: String,
    gold_type: String,
    gold: Option<String>,
    read: Option<String>,
}

/// Reads all snippets and prints the figures.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let path = options.data.join("gold/case2021/half.tsv");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let (classes, ours) = types()?;
    let reader = Reader::new();
    let mut snippets = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, words, kind] = cells[..] else { continue };
        let class = classes.get(kind).with_context(|| format!("eval/case-types.tsv has no line for {kind}"))?;
        let record = reader.read(plain(words, id)?);
        let read = answer(&record).and_then(|t| ours.get(&t).cloned());
        snippets.push(Snippet { id: id.to_owned(), gold_type: kind.to_owned(), gold: class.clone(), read });
    }
    let all: Vec<&Snippet> = snippets.iter().collect();
    let by_class = by_class(&all);
    println!("case: {} snippets", snippets.len());
    println!("{:20}{:>6}{:>6}{:>7}{:>7}{:>7}", "", "gold", "read", "P", "R", "F1");
    for (class, c) in &by_class {
        println!("{class:20}{:6}{:6}{:7.1}{:7.1}{:7.1}", c.gold, c.read, c.precision(), c.recall(), c.f1());
    }
    let (low, high) = interval(&snippets, weighted);
    println!("weighted F1 {:.1} (95% interval {low:.1} to {high:.1})", weighted(&all));
    let (low, high) = interval(&snippets, false_alarms);
    println!("false alarms on the others {:.1}% (95% interval {low:.1} to {high:.1})", false_alarms(&all));
    let mut rows = String::from(
        "# Event types of CASE 2021. Made by `cargo xtask score case --tables write`.\nid\tgold\tclass\tread\n",
    );
    for s in &snippets {
        let show = |o: &Option<String>| o.clone().unwrap_or_else(|| "-".to_owned());
        writeln!(rows, "{}\t{}\t{}\t{}", s.id, s.gold_type, show(&s.gold), show(&s.read))?;
    }
    table("case.tsv", &rows, options.tables)
}

/// The class of each CASE type, and of each of our types.
#[allow(clippy::type_complexity)]
fn types() -> anyhow::Result<(BTreeMap<String, Option<String>>, BTreeMap<String, String>)> {
    let (mut classes, mut ours) = (BTreeMap::new(), BTreeMap::new());
    for line in TYPES.lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, class, types] = cells[..] else { anyhow::bail!("eval/case-types.tsv: not three columns: {line}") };
        let class = (class != "-").then(|| class.to_owned());
        if let Some(class) = &class {
            ours.extend(types.split_whitespace().map(|t| (t.to_owned(), class.clone())));
        }
        classes.insert(kind.to_owned(), class);
    }
    Ok((classes, ours))
}

/// The one thing a record says has happened.
fn answer(record: &Record) -> Option<String> {
    let told = || record.incidents.iter().filter(|i| i.modality == Modality::Asserted);
    let incident = told().find(|i| !i.background).or_else(|| told().next());
    let name = incident.and_then(|i| serde_json::to_value(i.incident_type).ok()?.as_str().map(str::to_owned));
    name.or_else(|| (!record.accords.is_empty()).then(|| "accord".to_owned()))
}

fn by_class<'a>(snippets: &[&'a Snippet]) -> BTreeMap<&'a str, Count> {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for s in snippets {
        if let Some(gold) = &s.gold {
            counts.entry(gold).or_default().gold += 1;
        }
        if let Some(read) = &s.read {
            let count = counts.entry(read).or_default();
            count.read += 1;
            count.hit += usize::from(s.gold.as_ref() == Some(read));
        }
    }
    counts
}

fn weighted(snippets: &[&Snippet]) -> f64 {
    let counts = by_class(snippets);
    let gold: usize = counts.values().map(|c| c.gold).sum();
    counts.values().map(|c| c.f1() * c.gold as f64).sum::<f64>() / gold.max(1) as f64
}

fn false_alarms(snippets: &[&Snippet]) -> f64 {
    let others: Vec<&&Snippet> = snippets.iter().filter(|s| s.gold.is_none()).collect();
    share(others.iter().filter(|s| s.read.is_some()).count(), others.len())
}
