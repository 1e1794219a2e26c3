//! `dateline feeds`: which feeds are watched, and how they do.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use jiff::Timestamp;
use ledger::Ledger;
use ledger::watch::{Feed, NewFeed};
use wire::feed::{Outline, opml_in, opml_out};

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::input;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline feeds add https://example.org/rss.xml --outlet 'Harbour Courier'
  dateline feeds import feeds.opml
  dateline feeds list
  dateline feeds export > feeds.opml")]
pub struct FeedsArgs {
    #[command(subcommand)]
    command: FeedsCommand,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, Subcommand)]
enum FeedsCommand {
    /// Watch more feeds
    Add {
        /// Addresses of feeds
        #[arg(required = true, value_name = "URL")]
        urls: Vec<String>,
        /// The name their dispatches are filed under [default: the page's or feed's own]
        #[arg(long, value_name = "NAME")]
        outlet: Option<String>,
    },
    /// List the feeds, with last success, last problem and items
    List {
        /// One JSON object a feed
        #[arg(long)]
        json: bool,
    },
    /// Stop watching feeds; what they brought stays
    Remove {
        /// Addresses or numbers of feeds
        #[arg(required = true, value_name = "FEED")]
        feeds: Vec<String>,
    },
    /// Watch the feeds of an OPML list
    Import {
        /// The list; `-` is standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print the feeds as an OPML list
    Export,
}

/// `dateline feeds`
pub fn run(args: &FeedsArgs) -> anyhow::Result<Tally> {
    let path = &args.ledger.ledger;
    let mut tally = Tally::default();
    match &args.command {
        FeedsCommand::Add { urls, outlet } => {
            let mut ledger = Ledger::open_or_create(path)?;
            for url in urls {
                add(
                    &mut ledger,
                    NewFeed { url: url.clone(), outlet: outlet.clone(), ..NewFeed::default() },
                    &mut tally,
                )?;
            }
        }
        FeedsCommand::Import { file } => {
            let name = input::name(file);
            let bytes = input::bytes(file).map_err(anyhow::Error::msg)?;
            let outlines = opml_in(&bytes).map_err(|e| anyhow::anyhow!("{name}: {e}"))?;
            let mut ledger = Ledger::open_or_create(path)?;
            for Outline { url, title, site } in outlines {
                add(&mut ledger, NewFeed { url, title, site, outlet: None }, &mut tally)?;
            }
            anstream::eprintln!("{name}: {} feeds added", tally.done);
        }
        FeedsCommand::List { json } => {
            let feeds = Ledger::open_to_read(path)?.feeds()?;
            let mut out = anstream::stdout().lock();
            for feed in &feeds {
                if *json {
                    writeln!(out, "{}", serde_json::to_string(feed)?)?;
                } else {
                    write!(out, "{}", describe(feed))?;
                }
            }
            if feeds.is_empty() {
                anstream::eprintln!("no feeds are watched (add one with `dateline feeds add URL`)");
            }
            tally.done = feeds.len();
        }
        FeedsCommand::Remove { feeds } => {
            let mut ledger = Ledger::open(path)?;
            for feed in feeds {
                if ledger.remove_feed(feed)? {
                    tally.done += 1;
                } else {
                    anstream::eprintln!("{feed}: no such feed (`dateline feeds list` shows them)");
                    tally.failed += 1;
                }
            }
        }
        FeedsCommand::Export => {
            let feeds = Ledger::open_to_read(path)?.feeds()?;
            let outline = |f: Feed| Outline { url: f.url, title: f.outlet.or(f.title), site: f.site };
            let outlines: Vec<Outline> = feeds.into_iter().map(outline).collect();
            write!(anstream::stdout().lock(), "{}", opml_out("Feeds of the ledger", &outlines))?;
            tally.done = outlines.len();
        }
    }
    Ok(tally)
}

fn add(ledger: &mut Ledger, feed: NewFeed, tally: &mut Tally) -> anyhow::Result<()> {
    let url = feed.url.clone();
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        anstream::eprintln!("{url}: is no address of a feed (it begins with http:// or https://)");
        tally.failed += 1;
        return Ok(());
    }
    if ledger.add_feed(&feed, Timestamp::now())? {
        tally.done += 1;
    } else {
        anstream::eprintln!("{url}: is watched already");
    }
    Ok(())
}

/// A feed in a few lines.
fn describe(feed: &Feed) -> String {
    use crate::page::style::{FAINT, NAME, RESET, WARNING};
    let name = feed.outlet.as_deref().or(feed.title.as_deref()).unwrap_or("(not read yet)");
    let mut text = format!("{NAME}{name}{RESET}  {}  {FAINT}#{}{RESET}\n", feed.url, feed.id);
    let good = feed.succeeded_at.as_deref().unwrap_or("never");
    text.push_str(&format!(
        "  {} items, {} waiting, {} failed; last success {good}; next {}\n",
        feed.items, feed.waiting, feed.failed, feed.next_at
    ));
    if let Some(problem) = &feed.problem {
        let when = feed.tried_at.as_deref().unwrap_or_default();
        text.push_str(&format!("  {WARNING}{} failures in a row, the last {when}{RESET}: {problem}\n", feed.failures));
    }
    text
}
