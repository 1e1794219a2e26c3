//! Keeping a ledger: `dateline check` and `dateline backup`.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use ledger::Ledger;

use crate::add::LedgerArgs;
use crate::batch::Tally;

#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example: dateline backup --ledger syria.db syria-2016-09-30.db")]
pub struct BackupArgs {
    /// The new file
    #[arg(value_name = "PATH")]
    pub to: PathBuf,
    #[command(flatten)]
    pub ledger: LedgerArgs,
}

/// `dateline check`: every finding on a line; exit status 1 when there is one.
pub fn check(args: &CheckArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open(&args.ledger.ledger)?;
    let mut found = ledger.check()?;
    found.extend(ledger.check_search()?);
    for finding in &found {
        anstream::println!("{finding}");
    }
    if found.is_empty() {
        anstream::println!("{}: sound", args.ledger.ledger.display());
    }
    Ok(Tally { done: 1, failed: found.len() })
}

/// `dateline backup`
pub fn backup(args: &BackupArgs) -> anyhow::Result<Tally> {
    Ledger::open_to_read(&args.ledger.ledger)?.backup(&args.to)?;
    anstream::eprintln!("{}: copied to {}", args.ledger.ledger.display(), args.to.display());
    Ok(Tally { done: 1, failed: 0 })
}
