//! The ledger gold (`gold/ledger`, `gold/ledger-world`), scored by the reference scorer itself.
//!
//! The reader runs in this process; `score/ledger_score.py` (standard library only) does the counting, so that the
//! figures agree with it to the digit. Both sets are also reported by half (`eval/split.tsv`): errors of the `seen`
//! half may be looked at while developing, those of the `held` half are only counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use reading::Reader;
use wire::{Format, Given};

use crate::score::{Options, table};

const SETS: [&str; 2] = ["ledger", "ledger-world"];
const HALVES: [&str; 3] = ["all", "seen", "held"];

/// Reads both sets, prints their tables by half, and keeps a table by article under `eval/`.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let scorer = options.data.join("score/ledger_score.py");
    let split = split()?;
    let reader = Reader::new();
    let scratch = std::env::temp_dir().join(format!("dateline-score-{}", std::process::id()));
    let mut summary = String::from(
        "# LEDGER SCORE and its rows, F1 in per cent. Made by `cargo xtask score ledger --tables write`.\nset\thalf\tmeasure\tprecision\trecall\tf1\n",
    );
    for set in SETS {
        let gold = options.data.join("gold").join(set);
        for half in HALVES {
            let folder = half_folder(&scratch, &gold, set, half, &split)?;
            let articles = python(&scorer, &folder, &["--input"])?;
            let records = folder.join("records.jsonl");
            std::fs::write(&records, read(&reader, &articles)?)?;
            let records = records.to_str().context("the temporary folder's name is not UTF-8")?;
            println!("{set}, {half}\n{}", python(&scorer, &folder, &[records])?);
            summarise(&mut summary, set, half, &python(&scorer, &folder, &[records, "--json"])?)?;
            if half == "all" {
                let by_document = python(&scorer, &folder, &[records, "--by-document"])?;
                let rows: Vec<&str> = by_document.lines().filter(|l| l.contains("\tstatement content=")).collect();
                table(&format!("{set}.tsv"), &(rows.join("\n") + "\n"), options.tables)?;
            }
        }
    }
    std::fs::remove_dir_all(&scratch)?;
    table("ledger-summary.tsv", &summary, options.tables)
}

/// Which half each article belongs to.
fn split() -> anyhow::Result<BTreeMap<(String, String), String>> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../eval/split.tsv"));
    let mut split = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let mut columns = line.split('\t').map(str::to_owned);
        let (Some(set), Some(article), Some(half)) = (columns.next(), columns.next(), columns.next()) else {
            anyhow::bail!("eval/split.tsv: a line without three columns: {line}");
        };
        split.insert((set, article), half);
    }
    Ok(split)
}

/// A folder with the gold articles of one half.
fn half_folder(
    scratch: &Path,
    gold: &Path,
    set: &str,
    half: &str,
    split: &BTreeMap<(String, String), String>,
) -> anyhow::Result<PathBuf> {
    let folder = scratch.join(format!("{set}-{half}"));
    std::fs::create_dir_all(&folder)?;
    for entry in std::fs::read_dir(gold).with_context(|| format!("the gold of {set}: {}", gold.display()))? {
        let path = entry?.path();
        let Some(article) = path.file_stem().and_then(|s| s.to_str()) else { continue };
        if path.extension().is_none_or(|e| e != "json") || article == "LINKS" {
            continue;
        }
        let of = split.get(&(set.to_owned(), article.to_owned()));
        if half == "all" || of.is_some_and(|h| h == half) {
            std::fs::copy(&path, folder.join(format!("{article}.json")))?;
        }
    }
    Ok(folder)
}

/// The records of a JSON Lines batch, one a line.
fn read(reader: &Reader, articles: &str) -> anyhow::Result<String> {
    let given = Given { name: "gold".to_owned(), ..Given::default() };
    let mut records = String::new();
    for dispatch in wire::dispatches(articles.as_bytes(), Format::Jsonl, &given) {
        records += &serde_json::to_string(&reader.read(dispatch?))?;
        records.push('\n');
    }
    Ok(records)
}

/// Adds a half's rows to the summary.
fn summarise(summary: &mut String, set: &str, half: &str, json: &str) -> anyhow::Result<()> {
    let rows: BTreeMap<String, BTreeMap<String, f64>> = serde_json::from_str(json)?;
    let f1 = |name: &str| rows.get(name).map_or(0.0, |r| r["f1"]);
    for (name, row) in &rows {
        writeln!(summary, "{set}\t{half}\t{name}\t{:.1}\t{:.1}\t{:.1}", row["precision"], row["recall"], row["f1"])?;
    }
    let main = [
        "statement content + speaker",
        "incidents",
        "figures with their source",
        "who accuses whom (actor, stance, by)",
        "accord status claims (status, by, blamed)",
    ];
    let score = main.iter().map(|name| f1(name)).sum::<f64>() / main.len() as f64;
    writeln!(summary, "{set}\t{half}\tLEDGER SCORE\t\t\t{score:.1}")?;
    Ok(())
}

/// Runs the scorer.
fn python(scorer: &Path, gold: &Path, rest: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("python3").arg(scorer).arg("--gold").arg(gold).args(rest).output();
    let output = output.context("python3 could not be started")?;
    anyhow::ensure!(output.status.success(), "{}: {}", scorer.display(), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
