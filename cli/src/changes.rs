//! `dateline changes`: what the ledger learnt, changed or came to dispute.

use std::io::Write as _;

use clap::{Args as ClapArgs, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::Ledger;
use ledger::changes::{Change, ChangeFilter};

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::page::style::{RESET, TITLE};

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline changes --since 2016-09-19
  dateline changes --since 2016-09-19T06:00:00Z --until 2016-09-20 --to json
  dateline changes --of i8m2k4q0zt

A day is counted from midnight UTC. The moment of a change is that of filing or deciding, not the day of the event.")]
pub struct ChangesArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// From this day (YYYY-MM-DD) or moment (RFC 3339) on
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub since: Option<Timestamp>,
    /// Before this day or moment
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub until: Option<Timestamp>,
    /// Only of this incident, accord or dispatch
    #[arg(long, value_name = "ID")]
    pub of: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ChangesTo,
}

/// The forms changes are printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ChangesTo {
    /// Sentences
    #[default]
    Text,
    /// JSON
    Json,
}

/// A day's first moment, or a moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(day) = text.parse::<Date>()
        && text.len() <= 10
    {
        return day.to_zoned(TimeZone::UTC).map(|z| z.timestamp()).map_err(|e| e.to_string());
    }
    text.parse().map_err(|_| "say a day (2016-09-19) or a moment (2016-09-19T06:00:00Z)".to_owned())
}

/// `dateline changes`
pub fn run(args: &ChangesArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_to_read(&args.ledger.ledger)?;
    let filter = ChangeFilter {
        since: args.since,
        until: args.until,
        subject: args.of.clone(),
        limit: args.limit,
        ..ChangeFilter::default()
    };
    let changes = ledger.changes(&filter)?;
    let mut out = anstream::stdout().lock();
    if args.to == ChangesTo::Json {
        serde_json::to_writer_pretty(&mut out, &changes)?;
        out.write_all(b"\n")?;
        return Ok(Tally { done: changes.len(), failed: 0 });
    }
    if changes.is_empty() {
        writeln!(out, "Nothing changed.")?;
    }
    let mut last: Option<&Change> = None;
    for change in &changes {
        // What one filing or decision did to one thing stands together.
        if last.is_none_or(|l| (&l.at, &l.subject) != (&change.at, &change.subject)) {
            let at = change.at.get(..16).unwrap_or(&change.at).replace('T', " ");
            let about = if change.about.is_empty() { String::new() } else { format!("  {}", change.about) };
            writeln!(out, "\n{at}  {TITLE}{}{RESET}{about}", change.subject)?;
        }
        let by = change.by.as_ref().map(|who| format!("  [decided by {who}]")).unwrap_or_default();
        writeln!(out, "  {}{by}", change.sentence())?;
        last = Some(change);
    }
    Ok(Tally { done: changes.len(), failed: 0 })
}
