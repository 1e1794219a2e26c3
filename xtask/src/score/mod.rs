//! `cargo xtask score SET --data DIR`: accuracy on public gold, one file a set.
//!
//! Each set prints its table and, with `--tables write`, commits it under `eval/`; `--tables check` fails when the committed table
//! and the code disagree.

mod case;
mod counts;
mod dateline;
mod ecbplus;
mod geo;
mod hrds;
mod html;
mod ledger;
mod muc4;
mod polnear;
mod timex;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;
use record::Dispatch;
use wire::{Format, Given};

/// Which set, and where the gold lies.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    set: Set,
}

#[derive(Debug, Subcommand)]
enum Set {
    /// All sets, one after the other
    All(Options),
    /// CASE 2021: the kind of event a short text tells
    Case(Options),
    /// ECB+: which mentions in different articles tell of one event
    Ecbplus(Options),
    /// HRDsAttack: perpetrator, violations, victims, place, date
    Hrds(Options),
    /// MUC-4, upper case: incidents with perpetrators, victims, place, date
    Muc4(Options),
    /// Toponyms of LGL and TR-News: found, and resolved within 161 km
    Geo(geo::Args),
    /// Bodies of news pages
    Html(Options),
    /// The ledger gold: statements, incidents, figures, responsibility, accords
    Ledger(Options),
    /// PolNeAR's attributions: source, cue, content
    Polnear(polnear::Args),
    /// TempEval-3's dates, times and durations
    Timex(timex::Args),
    /// Reuters-21578: place and day of datelines, and none invented
    Dateline(Options),
}

/// What all sets take.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The folder that holds `gold/` and `score/`
    #[arg(long, value_name = "DIR", default_value = "../shared")]
    pub data: PathBuf,
    /// What to do with the tables under `eval/`
    #[arg(long, value_enum, default_value_t)]
    pub tables: Tables,
}

/// What to do with the committed tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Tables {
    /// Leave them alone
    #[default]
    Leave,
    /// Write them anew
    Write,
    /// Fail when they differ from what was measured
    Check,
}

/// Runs one set.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match &args.set {
        Set::All(options) => {
            dateline::run(options)?;
            html::run(options)?;
            timex::run(&timex::Args::new(options))?;
            geo::run(&geo::Args::new(options))?;
            polnear::run(&polnear::Args::new(options))?;
            case::run(options)?;
            hrds::run(options)?;
            muc4::run(options)?;
            ecbplus::run(options)?;
            ledger::run(options)
        }
        Set::Case(options) => case::run(options),
        Set::Ecbplus(options) => ecbplus::run(options),
        Set::Hrds(options) => hrds::run(options),
        Set::Muc4(options) => muc4::run(options),
        Set::Geo(options) => geo::run(options),
        Set::Html(options) => html::run(options),
        Set::Ledger(options) => ledger::run(options),
        Set::Polnear(args) => polnear::run(args),
        Set::Timex(args) => timex::run(args),
        Set::Dateline(options) => dateline::run(options),
    }
}

/// A text as the program would take it from a file.
pub fn plain(text: &str, name: &str) -> anyhow::Result<Dispatch> {
    plain_on(text, name, None)
}

/// A text whose day of publication is known.
pub fn plain_on(text: &str, name: &str, published: Option<Date>) -> anyhow::Result<Dispatch> {
    let given = Given { name: name.to_owned(), published, ..Given::default() };
    let first = wire::dispatches(text.as_bytes(), Format::Text, &given).next();
    Ok(first.with_context(|| format!("{name}: no dispatch in the text"))??)
}

/// Leaves, writes or checks `eval/NAME`.
pub fn table(name: &str, content: &str, tables: Tables) -> anyhow::Result<()> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../eval")).join(name);
    match tables {
        Tables::Leave => Ok(()),
        Tables::Write => {
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            Ok(std::fs::write(&path, content)?)
        }
        Tables::Check => {
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            let differs = committed.lines().zip(content.lines()).find(|(a, b)| a != b);
            anyhow::ensure!(
                committed == content,
                "eval/{name} is not what the code gives now (run the same command with `--tables write` and look at \
                 the difference before committing it){}",
                differs.map(|(a, b)| format!("\n  committed: {a}\n  measured:  {b}")).unwrap_or_default()
            );
            Ok(())
        }
    }
}
