//! `dateline alerts`: standing questions about what is newly read, and where their answers go.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::Timestamp;
use ledger::Ledger;
use ledger::watch::{Channel, NewAlert, Question};

use crate::add::LedgerArgs;
use crate::batch::Tally;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline alerts add aleppo --kind violation --place Aleppo --atom aleppo.xml
  dateline alerts add tolls --kind toll --killed 10 --webhook https://example.org/hook --secret-file hook.key
  dateline alerts add suspended --kind accord --status suspended --command 'mail -s \"$DATELINE_TITLE\" desk'
  dateline alerts test aleppo
`dateline watch` tells them.")]
pub struct AlertsArgs {
    #[command(subcommand)]
    command: AlertsCommand,
    #[command(flatten)]
    ledger: LedgerArgs,
}

#[derive(Debug, Subcommand)]
enum AlertsCommand {
    /// Add an alert for what is read from now on
    Add(Box<NewArgs>),
    /// List the alerts
    List,
    /// Remove an alert
    Remove {
        /// Its name
        name: String,
    },
    /// Show what an alert would have told of all that is in the ledger
    Test {
        /// Its name
        name: String,
    },
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A new incident
    Incident,
    /// Somebody alleges the violation of an accord
    Violation,
    /// The highest toll of an incident rises
    Toll,
    /// Somebody says an accord has a status
    Accord,
    /// A new statement
    Statement,
}

#[derive(Debug, ClapArgs)]
struct NewArgs {
    /// A name for it
    name: String,
    /// What it is about
    #[arg(long, value_enum)]
    kind: Kind,
    /// Part of a place's name, or a country's two letters
    #[arg(long, value_name = "NAME")]
    place: Option<String>,
    /// Part of an actor's name: speaker, blamed, party
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Part of the words
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Type of the incident
    #[arg(long = "type", value_name = "TYPE")]
    of: Option<String>,
    /// Status of the accord: suspended, violated, agreed …
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// The least number of killed
    #[arg(long, value_name = "N")]
    killed: Option<i64>,
    #[command(flatten)]
    channel: ChannelArgs,
    /// A file with the secret that signs a webhook's body
    #[arg(long, value_name = "FILE", requires = "webhook")]
    secret_file: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
struct ChannelArgs {
    /// Keep an Atom file of its answers
    #[arg(long, value_name = "FILE")]
    atom: Option<PathBuf>,
    /// Post its answers to an address
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Run a command with each answer on its standard input
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
}

/// `dateline alerts`
pub fn run(args: &AlertsArgs) -> anyhow::Result<Tally> {
    let path = &args.ledger.ledger;
    match &args.command {
        AlertsCommand::Add(new) => add(&mut Ledger::open_or_create(path)?, new),
        AlertsCommand::List => {
            let alerts = Ledger::open_to_read(path)?.alerts()?;
            let mut out = anstream::stdout().lock();
            for alert in &alerts {
                let question = serde_json::to_string(&alert.question)?;
                let signed = if alert.signed { ", signed" } else { "" };
                writeln!(out, "{}  {} {question}", alert.name, alert.kind)?;
                writeln!(
                    out,
                    "  to {}{signed}: {} told, {} waiting, {} given up",
                    alert.target, alert.delivered, alert.waiting, alert.failed
                )?;
            }
            if alerts.is_empty() {
                anstream::eprintln!("no alerts (add one with `dateline alerts add`)");
            }
            Ok(Tally { done: alerts.len(), failed: 0 })
        }
        AlertsCommand::Remove { name } => {
            let gone = Ledger::open(path)?.remove_alert(name)?;
            anyhow::ensure!(gone, "{name}: no such alert (`dateline alerts list` shows them)");
            Ok(Tally { done: 1, failed: 0 })
        }
        AlertsCommand::Test { name } => {
            let ledger = Ledger::open_to_read(path)?;
            let Some(alert) = ledger.alerts()?.into_iter().find(|a| a.name == *name) else {
                anyhow::bail!("{name}: no such alert (`dateline alerts list` shows them)");
            };
            let answers = ledger.try_alert(&alert.kind, &alert.question, 20)?;
            let mut out = anstream::stdout().lock();
            for (title, body) in &answers {
                let body: serde_json::Value = serde_json::from_str(body)?;
                writeln!(out, "{title}\n  “{}”", body["words"].as_str().unwrap_or_default())?;
            }
            anstream::eprintln!("{} of what is in the ledger, the latest 20 at most", answers.len());
            Ok(Tally { done: answers.len(), failed: 0 })
        }
    }
}

fn add(ledger: &mut Ledger, new: &NewArgs) -> anyhow::Result<Tally> {
    let (channel, target) = match &new.channel {
        ChannelArgs { atom: Some(file), .. } => (Channel::Atom, std::path::absolute(file)?.display().to_string()),
        ChannelArgs { webhook: Some(url), .. } => {
            anyhow::ensure!(url.starts_with("http://") || url.starts_with("https://"), "{url}: is no web address");
            (Channel::Webhook, url.clone())
        }
        ChannelArgs { command, .. } => (Channel::Command, command.clone().unwrap_or_default()),
    };
    let secret = match &new.secret_file {
        Some(file) => {
            let bytes = crate::input::bytes(file).map_err(anyhow::Error::msg)?;
            let secret = String::from_utf8_lossy(&bytes).trim().to_owned();
            anyhow::ensure!(!secret.is_empty(), "{}: holds no secret", file.display());
            Some(secret)
        }
        None => None,
    };
    let kind = match new.kind {
        Kind::Incident => "incident",
        Kind::Violation => "violation",
        Kind::Toll => "toll",
        Kind::Accord => "accord",
        Kind::Statement => "statement",
    };
    let question = Question {
        place: new.place.clone(),
        actor: new.actor.clone(),
        text: new.text.clone(),
        r#type: new.of.clone(),
        status: new.status.clone(),
        killed: new.killed,
    };
    let alert = NewAlert { name: new.name.clone(), kind: kind.to_owned(), question, channel, target, secret };
    anyhow::ensure!(
        ledger.add_alert(&alert, Timestamp::now())?,
        "{}: is taken (remove that alert first, or choose another name)",
        new.name
    );
    Ok(Tally { done: 1, failed: 0 })
}
