//! `dateline serve`: the desk.

use std::net::SocketAddr;

use clap::Args as ClapArgs;

use crate::add::LedgerArgs;
use crate::batch::Tally;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline serve --ledger syria.db
  dateline serve --ledger syria.db --listen 127.0.0.1:9000 --base-path /desk")]
pub struct ServeArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Address and port to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Path the desk is served under, behind a reverse proxy
    #[arg(long, value_name = "PATH", default_value = "")]
    pub base_path: String,
    /// A reverse proxy that you trust stands before the desk: believe its X-Forwarded-For, and send cookies over HTTPS only
    #[arg(long)]
    pub behind_proxy: bool,
    /// Write no line for each request
    #[arg(long)]
    pub quiet: bool,
}

/// Serves until it is told to stop.
pub fn run(args: &ServeArgs) -> anyhow::Result<Tally> {
    let base = args.base_path.trim_end_matches('/');
    if !base.is_empty() && !base.starts_with('/') {
        anyhow::bail!("--base-path {base}: begins without a slash (write /{base})");
    }
    let options = desk::Options {
        ledger: args.ledger.ledger.clone(),
        listen: args.listen,
        base: base.to_owned(),
        behind_proxy: args.behind_proxy,
        log: !args.quiet,
    };
    let file = args.ledger.ledger.display();
    desk::serve(options, None, |address| {
        anstream::eprintln!("{file}: the desk is at http://{address}{base}/ (stop it with Ctrl-C)");
    })?;
    Ok(Tally { done: 1, failed: 0 })
}
