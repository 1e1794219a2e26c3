//! `cargo xtask generate-ledger`: a ledger of any size, for measuring. The same arguments give the same ledger.
//!
//! The wires are made of a few invented phrases, but they fall as real ones do: some seventy dispatches a day, towns and
//! speakers of very different fame, an act told by one outlet or by ten, with tolls that differ and rise, copies of one
//! story under other names, accords whose state is argued about. Records are made, not read: every span holds its words,
//! and all goes through `Ledger::file`, so that `dateline check` finds nothing.

mod wire;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args as ClapArgs;
use jiff::Timestamp;
use ledger::{Filing, Ledger};

pub use wire::Wire;

/// What is generated.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// How many dispatches
    #[arg(long, default_value_t = 10_000)]
    dispatches: usize,
    /// How many statements, over all dispatches
    #[arg(long)]
    statements: Option<usize>,
    /// How many acts are told, each by one dispatch alone: a ledger of about as many incidents (a few pairs are taken for one)
    #[arg(long)]
    incidents: Option<usize>,
    /// The ledger to file them in; more are added when it has some already
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    /// Which wire: another number gives other dispatches
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How many dispatches are filed in one transaction.
const CHUNK: usize = 256;

/// The filings of a generated wire.
pub fn filings(wire: Wire) -> impl Iterator<Item = Filing> {
    wire.map(|record| {
        let original = serde_json::json!({
            "id": record.id, "title": record.dispatch.headline, "text": record.dispatch.text,
            "outlet": record.dispatch.outlet, "published": record.dispatch.published,
        });
        let namespace = record.dispatch.outlet.clone().unwrap_or_default();
        Filing {
            namespace,
            record,
            original: original.to_string().into_bytes(),
            media_type: "application/json",
            replace: false,
        }
    })
}

/// `cargo xtask generate-ledger`
pub fn run(args: &Args) -> anyhow::Result<()> {
    let statements = args.statements.unwrap_or(args.dispatches * 10);
    let mut ledger = Ledger::open_or_create(&args.to)?;
    let begun = Instant::now();
    let mut batch = Vec::with_capacity(CHUNK);
    let wire = Wire::new(args.seed, args.dispatches, statements);
    let wire = match args.incidents {
        Some(acts) => wire.telling(acts),
        None => wire,
    };
    for (number, filing) in filings(wire).enumerate() {
        batch.push(filing);
        if batch.len() == CHUNK {
            ledger.file(&batch, Timestamp::UNIX_EPOCH)?;
            batch.clear();
        }
        if (number + 1) % 10_000 == 0 {
            eprintln!("{} filed, {:.0} s", number + 1, begun.elapsed().as_secs_f64());
        }
    }
    ledger.file(&batch, Timestamp::UNIX_EPOCH)?;
    let incidents = ledger.incident_types()?.iter().map(|kind| kind.count).sum::<i64>();
    println!("{}: {} dispatches, {statements} statements, {incidents} incidents", args.to.display(), args.dispatches);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_ledger_is_sound_and_the_same_every_time() {
        let file = |size: usize| {
            let folder = std::env::temp_dir().join(format!("generated-{}-{size}", std::process::id()));
            let _ = std::fs::remove_file(&folder);
            let mut ledger = Ledger::open_or_create(&folder).unwrap();
            let all: Vec<Filing> = filings(Wire::new(1, 300, 3_000)).collect();
            for chunk in all.chunks(size) {
                ledger.file(chunk, Timestamp::UNIX_EPOCH).unwrap();
            }
            assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
            let lists = serde_json::json!([
                ledger.incidents(&Default::default()).unwrap(),
                ledger.actors(&Default::default()).unwrap()
            ]);
            let said = ledger.statements(&Default::default()).unwrap().len();
            std::fs::remove_file(&folder).unwrap();
            (lists, said)
        };
        let (lists, said) = file(300);
        assert_eq!(said, 3_000);
        assert!(file(7) == (lists, said));
    }
}
