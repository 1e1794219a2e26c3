//! `dateline serve`: the desk.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args as ClapArgs;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Filed, Filing, Ledger};
use reading::Reader;
use wire::Given;

use crate::add::LedgerArgs;
use crate::args::From;
use crate::batch::Tally;
use crate::input;

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
    desk::serve(options, Some(adder(args.ledger.ledger.clone())), |address| {
        anstream::eprintln!("{file}: the desk is at http://{address}{base}/ (stop it with Ctrl-C)");
    })?;
    Ok(Tally { done: 1, failed: 0 })
}

/// Reads what is handed in at the desk and files it. The reader's tables are heavy: they are made at the first need.
fn adder(path: PathBuf) -> desk::Adder {
    let reader: OnceLock<Reader> = OnceLock::new();
    Box::new(move |bytes, given| {
        let reader = reader.get_or_init(Reader::new);
        let published = match &given.published {
            Some(day) => Some(
                day.parse::<Date>().map_err(|_| format!("published: “{day}” is no day (write it as 2016-09-19)"))?,
            ),
            None => None,
        };
        let namespace = given.outlet.clone().unwrap_or_else(|| given.name.clone());
        let format = input::format(From::Auto, Path::new(&given.name));
        let given = Given {
            name: given.name.clone(),
            outlet: given.outlet.clone(),
            published,
            url: given.url.clone(),
            ..Given::default()
        };
        let mut added = desk::Added::default();
        let mut batch = Vec::new();
        for item in wire::items(bytes, format, &given) {
            match item {
                Ok(wire::Received { dispatch, original, media_type, .. }) => batch.push(Filing {
                    namespace: namespace.clone(),
                    record: reader.read(dispatch),
                    original: original.into_owned(),
                    media_type,
                    replace: false,
                }),
                Err(problem) => added.failed.push(problem.to_string()),
            }
        }
        let mut ledger = Ledger::open(&path).map_err(|e| e.to_string())?;
        let filed = ledger.file(&batch, Timestamp::now()).map_err(|e| e.to_string())?;
        added.new = filed.iter().filter(|f| **f == Filed::New).count();
        for filing in &batch {
            let id = &filing.record.id;
            // Ids that are addresses or hashes have a namespace of their own.
            let row = [format!("{namespace}:{id}"), id.clone()].iter().find_map(|id| ledger.dispatch_text(id).ok());
            added.dispatches.extend(row.map(|r| (r.dispatch.namespace, r.dispatch.id)));
        }
        Ok(added)
    })
}
