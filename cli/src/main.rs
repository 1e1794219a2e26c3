//! The `dateline` command: parse the arguments, resolve the inputs, dispatch to one function a subcommand.
//!
//! Data goes to standard output, messages to standard error. Exit status: 0 good, 1 some inputs failed (each named,
//! the others done), 2 usage.

#![allow(clippy::disallowed_methods)] // the command is where files are read

mod add;
mod alerts;
mod args;
mod batch;
mod changes;
mod export;
mod feeds;
mod filter;
mod input;
mod keep;
mod list;
mod page;
mod parse;
mod read;
mod report;
mod reread;
mod review;
mod serve;
mod shell;
mod show;
mod users;
mod watch;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Command::Read(options) => read::run(&options),
        Command::Parse(options) => parse::run(&options),
        Command::Add(options) => add::run(&options),
        Command::Dispatches(options) => list::dispatches(&options),
        Command::Statements(options) => list::statements(&options),
        Command::Incidents(options) => list::incidents(&options),
        Command::Accords(options) => list::accords(&options),
        Command::Disputes(options) => list::disputes(&options),
        Command::Checks(options) => list::checks(&options),
        Command::Actors(options) => list::actors(&options),
        Command::Show(options) => show::run(&options),
        Command::Serve(options) => serve::run(&options),
        Command::Export(options) => export::run(&options),
        Command::Feeds(options) => feeds::run(&options),
        Command::Watch(options) => watch::run(&options),
        Command::Alerts(options) => alerts::run(&options),
        Command::Report(options) => report::run(&options),
        Command::Users(options) => users::run(&options),
        Command::Review(options) => review::run(&options),
        Command::Log(options) => review::log(&options),
        Command::Undo(options) => review::undo(&options),
        Command::Redact(options) => review::redact(&options),
        Command::Reread(options) => reread::run(&options),
        Command::Changes(options) => changes::run(&options),
        Command::Check(options) => keep::check(&options),
        Command::Backup(options) => keep::backup(&options),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man => shell::man(),
    };
    match outcome {
        Ok(tally) => tally.exit_code(),
        // A reader that has seen enough (`dateline … | head`) is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("{}error:{} {error:#}", page::style::ERROR, page::style::RESET);
            ExitCode::FAILURE
        }
    }
}

/// Whether an error is the closing of the pipe we write to.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
