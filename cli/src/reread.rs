//! `dateline reread`: reads what is in the ledger anew with this program's reader. People's decisions stay.

use std::num::NonZeroUsize;

use clap::Args as ClapArgs;
use jiff::Timestamp;
use ledger::{Filed, Ledger};
use reading::Reader;
use record::{PublishedBasis, Record};
use wire::{Format, Given};

use crate::add::LedgerArgs;
use crate::batch::{self, Tally};
use crate::page::style;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline reread --ledger syria.db
  dateline reread --ledger syria.db --all

Records that another program or a person wrote (`add --from records`) are left as they are.")]
pub struct RereadArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Also what this version has read already
    #[arg(long)]
    pub all: bool,
    /// How many threads read at once [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

/// How many dispatches are read and filed at a time.
const CHUNK: u32 = 64;

/// `dateline reread`
pub fn run(args: &RereadArgs) -> anyhow::Result<Tally> {
    let mut ledger = Ledger::open(&args.ledger.ledger)?;
    let reader = Reader::new();
    let version = Reader::version();
    let (mut after, mut changed, mut same, mut failed) = (0, 0, 0, 0);
    loop {
        let skip = (!args.all).then_some(version);
        let page = ledger.to_reread(skip, after, CHUNK)?;
        let Some(last) = page.last() else { break };
        after = last.number;
        let items = page.into_iter().map(Ok::<_, String>);
        let work = |old: ledger::Rereadable| {
            let name = format!("{}:{}", old.namespace, old.record.id);
            read(&reader, &old.record).map(|record| (old.namespace, record)).map_err(|e| format!("{name}: {e}"))
        };
        let mut read = Vec::new();
        batch::each(
            items,
            args.threads,
            |o| o.record.id.clone(),
            work,
            |result| {
                match result.and_then(|r| r) {
                    Ok(one) => read.push(one),
                    Err(problem) => {
                        failed += 1;
                        anstream::eprintln!("{}error:{} {problem}", style::ERROR, style::RESET);
                    }
                }
                Ok(())
            },
        )?;
        for filed in ledger.reread(&read, Timestamp::now())? {
            if filed == Filed::Reread { changed += 1 } else { same += 1 }
        }
    }
    anstream::eprintln!(
        "{}: {changed} read otherwise than before, {same} the same{}",
        args.ledger.ledger.display(),
        if failed > 0 { format!(", {failed} failed") } else { String::new() }
    );
    Ok(Tally { done: changed + same, failed })
}

/// Reads a dispatch anew from its canonical text.
fn read(reader: &Reader, old: &Record) -> Result<Record, String> {
    let d = &old.dispatch;
    // What the reader itself had inferred is inferred anew.
    let known = matches!(d.published_basis, Some(PublishedBasis::Metadata | PublishedBasis::Given));
    let item = serde_json::json!({
        "id": d.id, "text": d.text, "title": d.headline, "outlet": d.outlet, "url": d.url,
        "published": d.published.filter(|_| known).map(|p| p.to_string()),
    });
    let line = item.to_string();
    let given = Given::default();
    let mut found = wire::dispatches(line.as_bytes(), Format::Jsonl, &given);
    let dispatch = found.next().ok_or("its text cannot be laid out")?;
    let mut dispatch = dispatch.map_err(|e| e.to_string())?;
    if dispatch.text != d.text {
        return Err("its text does not come out as it is kept".to_owned());
    }
    dispatch.id.clone_from(&d.id);
    dispatch.outlet.clone_from(&d.outlet);
    dispatch.agency.clone_from(&d.agency);
    dispatch.url.clone_from(&d.url);
    dispatch.headline.clone_from(&d.headline);
    dispatch.dek.clone_from(&d.dek);
    dispatch.language.clone_from(&d.language);
    dispatch.sha256.clone_from(&d.sha256);
    if known {
        dispatch.published = d.published;
        dispatch.published_basis = d.published_basis;
    }
    Ok(reader.read(dispatch))
}
