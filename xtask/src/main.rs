//! Chores of the project: artefacts, benchmarks, accuracy. Run as `cargo xtask …`.
#![allow(clippy::disallowed_methods, clippy::print_stdout)] // chores read files, measure time and print

mod model;
mod msgpack;
mod score;
mod score_ledger;
mod score_timex;

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
    /// Convert the pinned model package into the file that `language` embeds
    Model(model::Args),
    /// Measure accuracy on published gold
    Score(score::Args),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().command {
        Command::Model(args) => model::run(&args),
        Command::Score(args) => score::run(&args),
    }
}
