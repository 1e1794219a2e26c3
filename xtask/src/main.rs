//! Chores of the project: artefacts, benchmarks, accuracy. Run as `cargo xtask …`.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // chores read files, measure time and print

mod atlas;
mod bench_export;
mod bench_ledger;
mod bench_spacy;
mod bench_warc;
mod generate;
mod keep_ledger;
mod model;
mod msgpack;
mod schema;
mod score;

use clap::{Parser, Subcommand};

/// Chores of the project.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Time the language pipeline against spaCy
    BenchSpacy(bench_spacy::Args),
    /// Time the way from a web archive to records
    BenchWarc(bench_warc::Args),
    /// Time a ledger's lists, searches and filings
    BenchLedger(bench_ledger::Args),
    /// Measure the memory and time of each export
    BenchExport(bench_export::Args),
    /// Fill a ledger with a generated wire, for measuring
    GenerateLedger(generate::Args),
    /// Keep a ledger of the current schema as test data
    KeepLedger,
    /// Make the embedded gazetteer from GeoNames
    Atlas(atlas::Args),
    /// Convert the pinned model package into the file that `language` embeds
    Model(model::Args),
    /// Write the JSON Schema of the record to docs/
    Schema,
    /// Measure accuracy on published gold
    Score(score::Args),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().command {
        Command::BenchSpacy(args) => bench_spacy::run(&args),
        Command::BenchWarc(args) => bench_warc::run(&args),
        Command::BenchLedger(args) => bench_ledger::run(&args),
        Command::BenchExport(args) => bench_export::run(&args),
        Command::GenerateLedger(args) => generate::run(&args),
        Command::KeepLedger => keep_ledger::run(),
        Command::Atlas(args) => atlas::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Schema => schema::run(),
        Command::Score(args) => score::run(&args),
    }
}
