//! `dateline report`: a situation report, or the recap for one dispatch.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args as ClapArgs, ValueEnum};
use export::report::{Background, Options, Report};
use ledger::Ledger;

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::filter::AboutArgs;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline report --since 2016-09-12 --until 2016-09-19 --compare
  dateline report --place Aleppo --to html --out aleppo.html
  dateline report --background mw-0920-1")]
pub struct ReportArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    #[command(flatten)]
    pub about: AboutArgs,
    /// Set it beside the period of the same length before (needs --since and --until)
    #[arg(long)]
    pub compare: bool,
    /// How many incidents are told in full, the most important ones [default: 20]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Instead of a report: what the ledger held before this dispatch on what it speaks of, as a paragraph with sources
    #[arg(long, value_name = "ID", conflicts_with_all = ["since", "until", "place", "actor", "compare", "limit"])]
    pub background: Option<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ReportTo,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The forms a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportTo {
    /// Markdown with footnotes
    #[default]
    Markdown,
    /// One HTML page without anything outside of it; prints on A4
    Html,
}

/// `dateline report`
pub fn run(args: &ReportArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_to_read(&args.ledger.ledger)?;
    let page = if let Some(id) = &args.background {
        let recap = Background::build(&ledger, id)?;
        if args.to == ReportTo::Html { recap.html()? } else { recap.markdown() }
    } else {
        let options = Options {
            since: args.about.since,
            until: args.about.until,
            place: args.about.place.clone(),
            actor: args.about.actor.clone(),
            compare: args.compare,
            incidents: args.limit,
        };
        let report = Report::build(&ledger, &options)?;
        if report.is_empty() {
            anstream::eprintln!("{}: holds nothing on this", args.ledger.ledger.display());
        }
        if args.to == ReportTo::Html { report.html()? } else { report.markdown() }
    };
    match &args.out {
        Some(path) => std::fs::write(path, page)
            .with_context(|| format!("{}: could not be written (does its folder exist?)", path.display()))?,
        None => std::io::stdout().lock().write_all(page.as_bytes())?,
    }
    Ok(Tally { done: 1, failed: 0 })
}
