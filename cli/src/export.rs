//! `dateline export`: the ledger in the field's formats.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use clap::builder::PossibleValue;
use export::formats::{self, Choices, Name, Table};
use ledger::Ledger;
use ledger::query::Filter;

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::filter::FilterArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline export acled --since 2016-09-12 --until 2016-09-30 --out september.csv
  dateline export gdelt --dry-run
  dateline export csv --table figures --place Aleppo
  dateline export jsonl | dateline add --from records --ledger copy.db -

docs/export.md tells, for each format, what a row is and what is lost.")]
pub struct ExportArgs {
    /// The format
    #[arg(value_name = "FORMAT")]
    pub format: Format,
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Where to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Which table, for csv and parquet
    #[arg(long, value_name = "TABLE", default_value = "incidents")]
    pub table: OneTable,
    /// Only say how many rows there are and what is lost in the format
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// At most so many incidents, accords, dispatches each
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
}

/// A format's name on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Format(Name);

impl clap::ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: std::sync::OnceLock<Vec<Format>> = std::sync::OnceLock::new();
        ALL.get_or_init(|| Name::ALL.iter().map(|n| Format(*n)).collect())
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.as_str()).help(self.0.about()))
    }
}

/// A table's name on the command line.
#[derive(Debug, Clone, Copy)]
pub struct OneTable(Table);

impl clap::ValueEnum for OneTable {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: std::sync::OnceLock<Vec<OneTable>> = std::sync::OnceLock::new();
        ALL.get_or_init(|| Table::ALL.iter().map(|t| OneTable(*t)).collect())
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.as_str()))
    }
}

/// `dateline export`
pub fn run(args: &ExportArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_to_read(&args.ledger.ledger)?;
    let filter = Filter { limit: args.limit, ..args.filter.filter() };
    let choices = Choices { table: args.table.0 };
    let name = args.format.0;
    let tally = if args.dry_run {
        formats::write(&ledger, &filter, name, &choices, &mut std::io::sink())?
    } else {
        match &args.out {
            Some(path) => {
                let file = File::create(path).with_context(|| {
                    format!("{}: cannot be written (check the folder and its permissions)", path.display())
                })?;
                let mut out = BufWriter::new(file);
                let tally = formats::write(&ledger, &filter, name, &choices, &mut out)?;
                out.flush().with_context(|| format!("{}: could not be written to its end", path.display()))?;
                tally
            }
            None => {
                let mut out = BufWriter::new(std::io::stdout().lock());
                let tally = formats::write(&ledger, &filter, name, &choices, &mut out)?;
                out.flush()?;
                tally
            }
        }
    };
    tell(name, &tally, args);
    Ok(Tally { done: usize::try_from(tally.rows).unwrap_or(usize::MAX), failed: 0 })
}

/// Says how much was written and what was lost: the answer of a dry run, else a message beside the data.
fn tell(name: Name, tally: &formats::Tally, args: &ExportArgs) {
    let whither = match (&args.out, args.dry_run) {
        (_, true) => "nothing written".to_owned(),
        (Some(path), _) => path.display().to_string(),
        (None, _) => "standard output".to_owned(),
    };
    let rows = if tally.rows == 1 { "row" } else { "rows" };
    let mut lines = vec![format!("{}: {} {rows} ({whither})", name.as_str(), tally.rows)];
    lines.extend(tally.lost.iter().map(|(reason, count)| format!("  {count:>6}  {reason}")));
    for line in lines {
        if args.dry_run {
            anstream::println!("{line}");
        } else {
            anstream::eprintln!("{line}");
        }
    }
}
