//! The command line as a person writes it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// Reads news-wire dispatches and keeps a sourced ledger of a conflict.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// What a dispatch says: who said what, what happened, how many according to whom, what was agreed
    Read(ReadArgs),
    /// Tokens, tags, lemmas, trees and entities of a text
    Parse(ParseArgs),
    /// Read dispatches and file them in the ledger; filing again does nothing
    Add(crate::add::AddArgs),
    /// List the dispatches of the ledger
    Dispatches(crate::list::ListArgs),
    /// List who said what
    Statements(crate::list::ListArgs),
    /// List the incidents of the ledger, each with every account of it
    Incidents(crate::list::ListArgs),
    /// List the accords of the ledger
    Accords(crate::list::ListArgs),
    /// List the fields on which sources differ, with every position
    Disputes(crate::list::ListArgs),
    /// List numbers and days that do not go together, within a dispatch and across dispatches
    Checks(crate::list::ListArgs),
    /// List who speaks and who is blamed
    Actors(crate::list::ListArgs),
    /// Show one incident, accord or dispatch with every claim and its exact words
    Show(crate::show::ShowArgs),
    /// Serve the desk: web pages where people read, check and decide, and the HTTP API
    Serve(crate::serve::ServeArgs),
    /// Write the ledger in one of the field's formats
    Export(crate::export::ExportArgs),
    /// Say which feeds are watched, and see how they do
    Feeds(crate::feeds::FeedsArgs),
    /// Poll the feeds of the ledger, fetch their articles and file them
    Watch(crate::watch::WatchArgs),
    /// Say what to be told of, and where
    Alerts(crate::alerts::AlertsArgs),
    /// Write a situation report, or the recap for one dispatch, every figure with its source
    Report(crate::report::ReportArgs),
    /// Say who may use the desk
    Users(crate::users::UsersArgs),
    /// What needs a person first; accept, reject, edit, merge, split, note, add
    Review(crate::review::ReviewArgs),
    /// The log of people's decisions
    Log(crate::review::LogArgs),
    /// Take a decision back: the ledger is then as it was before
    Undo(crate::review::UndoArgs),
    /// Take words out of the ledger for good
    Redact(crate::review::RedactArgs),
    /// Read the dispatches of the ledger anew; people's decisions stay
    Reread(crate::reread::RereadArgs),
    /// What the ledger learnt, changed or came to dispute
    Changes(crate::changes::ChangesArgs),
    /// Check that the ledger is sound
    Check(crate::keep::CheckArgs),
    /// Copy the ledger to a new file, even while it is written
    Backup(crate::keep::BackupArgs),
    /// Print a completion script for a shell
    #[command(after_help = "Example: dateline completions bash > ~/.local/share/bash-completion/completions/dateline")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example: dateline man > ~/.local/share/man/man1/dateline.1")]
    Man,
}

/// Inputs and how to take them: shared by all commands that read dispatches.
#[derive(Debug, Clone, ClapArgs)]
pub struct InputArgs {
    /// Files, folders and archives to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Format of the inputs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub from: From,
    /// How many threads work at once [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline read dispatch.txt
  dateline read --published 2016-09-29 --outlet tass - < page.txt
  dateline read --from jsonl --to jsonl batch.jsonl > records.jsonl
  dateline read --explain s1,f2 dispatch.txt")]
pub struct ReadArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// Day of publication, where the input does not tell (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub published: Option<Date>,
    /// Who published it
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Where it was published
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ReadTo,
    /// Say which words, tree and entries of data/ led to an item instead: s1, i1, f1 or a1, as the page numbers them;
    /// several with commas
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub explain: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline parse story.txt
  echo 'Rebels shelled the town.' | dateline parse -
  dateline parse --from jsonl --to jsonl texts.jsonl > parses.jsonl")]
pub struct ParseArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ParseTo,
}

/// The formats news comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum From {
    /// Told apart by name and content
    #[default]
    Auto,
    /// Plain text, one dispatch a file
    Text,
    /// A web page
    Html,
    /// One JSON object a line: {"id", "text" or "html", "title", "published", "outlet", "url"}
    Jsonl,
    /// RSS, Atom or JSON Feed
    Feed,
    /// NewsML-G2 or NewsML 1
    Newsml,
    /// NITF
    Nitf,
    /// ninjs 1 to 3
    Ninjs,
    /// IPTC 7901 or ANPA
    Iptc7901,
    /// E-mail messages
    Email,
    /// WARC or WACZ
    Warc,
}

/// The forms a record is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReadTo {
    /// A page to read
    #[default]
    Page,
    /// Indented JSON, one record after the other
    Json,
    /// One record a line
    Jsonl,
}

/// The forms an analysis is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ParseTo {
    /// CoNLL-U
    #[default]
    Conllu,
    /// One JSON object a line, with spaCy's attributes
    Jsonl,
}
