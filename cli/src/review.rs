//! `dateline review`: what needs a person first, and the decisions that people make; `dateline log`, `undo`, `redact`.

use std::io::Write as _;

use anyhow::bail;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use ledger::Ledger;
use ledger::review::{By, Decision, LogEntry, LogFilter, Need, QueueFilter, Queued, Redaction};
use serde_json::{Map, Value};

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::page::style::{RESET, TITLE};
use crate::show::ShowTo;

#[derive(Debug, ClapArgs)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  dateline review --ledger syria.db --need dispute --place Aleppo
  dateline review accept i8m2k4q0zt --as Amal
  dateline review edit i8m2k4q0zt.f1 number=10 --as Amal --why \"the ministry's list has ten names\"
  dateline review add i8m2k4q0zt figure --words \"two nurses\" measure=killed number=2 counted=nurses --as Amal
  dateline review split i8m2k4q0zt i3cc0v9x2d --as Amal --why \"another raid, in the evening\"
  dateline review agreement --as Amal --and Bea

An id is an incident or accord (then all its accounts are meant), one account of it, a part of an account
(ID.f1 a figure, .p1 a perpetrator, .v1 a victim, .c1 a claim), an item of a dispatch (DISPATCH#s3 a statement,
DISPATCH#i1 an account), or a dispatch. `dateline show ID` gives them."
)]
pub struct ReviewArgs {
    #[command(subcommand)]
    pub command: Option<ReviewCommand>,
    #[command(flatten)]
    pub queue: QueueArgs,
}

#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// The reading is right
    Accept(OneArgs),
    /// The reading is wrong: it counts no more
    Reject(OneArgs),
    /// Set fields of an item; the reader's values are kept
    Edit(EditArgs),
    /// Two incidents or accords are one
    Merge(TwoArgs),
    /// Take accounts out of an incident or accord
    Split(SplitArgs),
    /// Two incidents, accords or accounts are not the same
    NotSame(TwoArgs),
    /// Note something on an item
    Note(NoteArgs),
    /// Add an incident, figure, statement … that the reader missed, by its exact words
    Add(AddItemArgs),
    /// The outlet withdrew a dispatch: nothing of it counts
    Kill(OneArgs),
    /// Hold a dispatch back: nothing of it counts for now
    Withhold(OneArgs),
    /// A killed or withheld dispatch counts again
    Restore(OneArgs),
    /// Take something of the queue on, so that nobody else does
    Take(TakeArgs),
    /// Give back what was taken on
    GiveBack(OneArgs),
    /// Compare two reviewers' decisions on the same items: per cent and Cohen's kappa
    Agreement(AgreementArgs),
}

/// Who decides and why.
#[derive(Debug, Clone, ClapArgs)]
pub struct ByArgs {
    /// Who decides
    #[arg(long = "as", value_name = "NAME")]
    pub who: String,
    /// Why
    #[arg(long, value_name = "REASON")]
    pub why: Option<String>,
    #[command(flatten)]
    pub ledger: LedgerArgs,
}

#[derive(Debug, ClapArgs)]
pub struct OneArgs {
    /// What it is about
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct TwoArgs {
    /// One
    #[arg(value_name = "ID")]
    pub a: String,
    /// The other
    #[arg(value_name = "ID")]
    pub b: String,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct SplitArgs {
    /// The incident or accord
    #[arg(value_name = "ID")]
    pub id: String,
    /// The accounts that go
    #[arg(value_name = "ACCOUNT", required = true)]
    pub accounts: Vec<String>,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct EditArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub id: String,
    /// Fields and their values; `number=10-12` sets a figure's low and high, `field=` is not known
    #[arg(value_name = "FIELD=VALUE", required = true)]
    pub set: Vec<String>,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct NoteArgs {
    /// What it is on
    #[arg(value_name = "ID")]
    pub id: String,
    /// The note
    #[arg(value_name = "TEXT")]
    pub text: String,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct AddItemArgs {
    /// The dispatch; for a figure, perpetrator, victim, claim or status claim: the account
    #[arg(value_name = "ID")]
    pub to: String,
    /// incident, figure, statement, perpetrator, victim, claim, accord, status_claim
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// Its exact words, as they stand in the text
    #[arg(long, value_name = "WORDS")]
    pub words: String,
    /// Which of several places of these words, from 1 on
    #[arg(long, value_name = "N")]
    pub occurrence: Option<usize>,
    /// Fields and their values: type=shelling date=2016-09-21 place=Aleppo; measure=killed number=2; speaker="a nurse"
    #[arg(value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct TakeArgs {
    /// What it is called in the queue (`need:…`)
    #[arg(value_name = "KEY")]
    pub key: String,
    /// For how many hours
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(i64).range(1..=720))]
    pub hours: i64,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
pub struct AgreementArgs {
    /// One reviewer
    #[arg(long = "as", value_name = "NAME")]
    pub a: String,
    /// The other
    #[arg(long = "and", value_name = "NAME")]
    pub b: String,
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ShowTo,
}

#[derive(Debug, ClapArgs)]
pub struct QueueArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Only what is there for this reason; may be given several times
    #[arg(long, value_enum, value_name = "NEED")]
    pub need: Vec<NeedArg>,
    /// Only at this place: part of its name
    #[arg(long, value_name = "NAME")]
    pub place: Option<String>,
    /// From this day on (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Only what this reviewer has taken on
    #[arg(long, value_name = "NAME")]
    pub taken_by: Option<String>,
    /// Only what nobody has taken on
    #[arg(long)]
    pub free: bool,
    /// Where a page begins: as the page before says
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: u32,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ShowTo,
}

/// The reasons for being in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NeedArg {
    /// Decisions whose words have no place in the current reading
    Orphaned,
    /// Decided items whose dispatch is killed or withheld
    Withdrawn,
    /// Sources differ
    Dispute,
    /// Accounts tied with few points to spare
    NearLink,
    /// The reader is unsure
    LowConfidence,
    /// A dispatch's own numbers or days do not add up
    Check,
}

impl NeedArg {
    fn need(self) -> Need {
        match self {
            NeedArg::Orphaned => Need::Orphaned,
            NeedArg::Withdrawn => Need::Withdrawn,
            NeedArg::Dispute => Need::Dispute,
            NeedArg::NearLink => Need::NearLink,
            NeedArg::LowConfidence => Need::LowConfidence,
            NeedArg::Check => Need::Check,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline log --ledger syria.db
  dateline log i8m2k4q0zt
  dateline log --by Amal --standing --to json")]
pub struct LogArgs {
    /// Only about this incident, accord, account, part, dispatch; or the decision of this id
    #[arg(value_name = "ID")]
    pub about: Option<String>,
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Only by this reviewer
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Only decisions that stand
    #[arg(long)]
    pub standing: bool,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ShowTo,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline undo --as Amal                  the latest decision of hers that stands
  dateline undo r5k2m8w1qe --as Amal --why \"it was another raid\"")]
pub struct UndoArgs {
    /// The decision, as `dateline log` names it
    #[arg(value_name = "DECISION")]
    pub id: Option<String>,
    #[command(flatten)]
    pub by: ByArgs,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline redact courier:hc-0921-1#s3 --as Amal --why \"the witness is at risk\" --yes
  dateline redact courier:hc-0921-1 --words \"Abu Samir\" --everywhere --as Amal --why \"court order 12/2017\" --yes

The words go from texts, originals, readings, indexes, log and history, and cannot be brought back. What stays is who
redacted, when and why. Backups and exports made before keep the words.")]
pub struct RedactArgs {
    /// A dispatch, or an item of one: then its exact words
    #[arg(value_name = "ID")]
    pub id: String,
    /// These words of the dispatch; without them the whole dispatch
    #[arg(long, value_name = "WORDS")]
    pub words: Option<String>,
    /// In every dispatch that has them; else in this one, its echoes and copies
    #[arg(long, requires = "words")]
    pub everywhere: bool,
    /// Do it: it cannot be undone
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub by: ByArgs,
}

impl ByArgs {
    fn open(&self) -> anyhow::Result<(Ledger, By)> {
        let by = By { who: self.who.clone(), why: self.why.clone(), at: Timestamp::now() };
        Ok((Ledger::open(&self.ledger.ledger)?, by))
    }
}

/// `field=value` pairs.
fn pairs(set: &[String]) -> anyhow::Result<Vec<(&str, &str)>> {
    set.iter()
        .map(|pair| match pair.split_once('=') {
            Some((field, value)) if !field.trim().is_empty() => Ok((field.trim(), value.trim())),
            _ => bail!("{pair}: say FIELD=VALUE"),
        })
        .collect()
}

/// `dateline review`
pub fn run(args: &ReviewArgs) -> anyhow::Result<Tally> {
    let Some(command) = &args.command else { return queue(&args.queue) };
    let id = |id: &str| id.to_owned();
    let (decisions, by) = match command {
        ReviewCommand::Accept(o) => (vec![Decision::Accept { id: id(&o.id) }], &o.by),
        ReviewCommand::Reject(o) => (vec![Decision::Reject { id: id(&o.id) }], &o.by),
        ReviewCommand::Kill(o) => (vec![Decision::Kill { id: id(&o.id) }], &o.by),
        ReviewCommand::Withhold(o) => (vec![Decision::Withhold { id: id(&o.id) }], &o.by),
        ReviewCommand::Restore(o) => (vec![Decision::Restore { id: id(&o.id) }], &o.by),
        ReviewCommand::Merge(o) => (vec![Decision::Merge { a: id(&o.a), b: id(&o.b) }], &o.by),
        ReviewCommand::NotSame(o) => (vec![Decision::NotSame { a: id(&o.a), b: id(&o.b) }], &o.by),
        ReviewCommand::Split(o) => (vec![Decision::Split { id: id(&o.id), accounts: o.accounts.clone() }], &o.by),
        ReviewCommand::Note(o) => (vec![Decision::Note { id: id(&o.id), text: o.text.clone() }], &o.by),
        ReviewCommand::Edit(o) => {
            let edits = pairs(&o.set)?.into_iter().map(|(field, value)| Decision::edit(&o.id, field, value));
            (edits.collect(), &o.by)
        }
        ReviewCommand::Add(o) => {
            let fields: Map<String, Value> =
                pairs(&o.set)?.into_iter().map(|(f, v)| (f.to_owned(), Value::String(v.to_owned()))).collect();
            let add = Decision::Add {
                to: id(&o.to),
                kind: o.kind.replace('-', "_"),
                words: o.words.clone(),
                occurrence: o.occurrence,
                fields,
            };
            (vec![add], &o.by)
        }
        ReviewCommand::Take(o) => {
            let (mut ledger, by) = o.by.open()?;
            let until = by.at.checked_add(Span::new().hours(o.hours))?;
            ledger.take_on(&o.key, &by.who, until, by.at)?;
            anstream::println!("{} works on {} until {until:.0}", by.who, o.key);
            return Ok(Tally { done: 1, failed: 0 });
        }
        ReviewCommand::GiveBack(o) => {
            let (mut ledger, by) = o.by.open()?;
            if !ledger.give_back(&o.id, &by.who)? {
                bail!("{}: {} has not taken it on (see `dateline review --taken-by {}`)", o.id, by.who, by.who);
            }
            anstream::println!("{} gave back {}", by.who, o.id);
            return Ok(Tally { done: 1, failed: 0 });
        }
        ReviewCommand::Agreement(o) => return agreement(o),
    };
    let (mut ledger, by) = by.open()?;
    for decision in &decisions {
        let made = ledger.decide(decision, &by)?;
        anstream::println!("{}  {}", made.id, made.said);
        if let Some(added) = &made.added {
            anstream::println!("  it is {added}");
        }
        if !made.now.is_empty() && matches!(made.action.as_str(), "merge" | "split" | "not_same") {
            anstream::println!("  now: {}", made.now.join(", "));
        }
    }
    Ok(Tally { done: decisions.len(), failed: 0 })
}

/// `dateline undo`
pub fn undo(args: &UndoArgs) -> anyhow::Result<Tally> {
    let (mut ledger, by) = args.by.open()?;
    let made = ledger.undo(args.id.as_deref(), &by)?;
    anstream::println!("{}  {}", made.id, made.said);
    Ok(Tally { done: 1, failed: 0 })
}

/// `dateline redact`
pub fn redact(args: &RedactArgs) -> anyhow::Result<Tally> {
    if !args.yes {
        bail!("{}: redacting cannot be undone; add --yes to do it", args.id);
    }
    let (mut ledger, by) = args.by.open()?;
    let what = Redaction { id: args.id.clone(), words: args.words.clone(), everywhere: args.everywhere };
    let done = ledger.redact(&what, &by)?;
    anstream::println!("{}  {} redacted words of {}", done.id, by.who, done.dispatches.join(", "));
    Ok(Tally { done: 1, failed: 0 })
}

fn queue(args: &QueueArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_to_read(&args.ledger.ledger)?;
    let page = ledger.queue(&QueueFilter {
        needs: args.need.iter().map(|n| n.need()).collect(),
        place: args.place.clone(),
        since: args.since,
        until: args.until,
        taken_by: args.taken_by.clone(),
        free: args.free,
        now: Some(Timestamp::now()),
        cursor: args.cursor.clone(),
        limit: Some(args.limit),
    })?;
    let mut out = anstream::stdout().lock();
    if args.to == ShowTo::Json {
        serde_json::to_writer_pretty(&mut out, &page)?;
        out.write_all(b"\n")?;
        return Ok(Tally { done: 1, failed: 0 });
    }
    let counts = ledger.queue_sizes()?;
    let counts = counts.iter().filter(|c| c.1.number > 0).map(|(need, n)| format!("{n} {}", heading(*need)));
    let counts: Vec<String> = counts.collect();
    writeln!(out, "{}", if counts.is_empty() { "Nothing waits for a person.".to_owned() } else { counts.join(" · ") })?;
    let mut last = None;
    for item in &page.items {
        if last != Some(item.need) {
            writeln!(out, "\n{TITLE}{}{RESET}", heading(item.need).to_uppercase())?;
            last = Some(item.need);
        }
        waiting(&mut out, item)?;
    }
    if let Some(next) = &page.next {
        anstream::eprintln!("there are more: --cursor {next}");
    }
    Ok(Tally { done: 1, failed: 0 })
}

fn heading(need: Need) -> &'static str {
    match need {
        Need::Orphaned => "decisions without a place",
        Need::Withdrawn => "decisions on withdrawn dispatches",
        Need::Dispute => "disputes",
        Need::NearLink => "links with few points to spare",
        Need::LowConfidence => "accounts the reader is unsure of",
        Need::Check => "dispatches that do not add up",
    }
}

fn waiting(out: &mut impl std::io::Write, item: &Queued) -> std::io::Result<()> {
    let ids = item.other.as_ref().map_or_else(|| item.id.clone(), |other| format!("{} / {other}", item.id));
    writeln!(out, "\n{TITLE}{ids}{RESET}  {}", item.about)?;
    writeln!(out, "  {}", item.why)?;
    if !item.words.is_empty() {
        let flat = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
        let space =
            |s: &str, edge: Option<char>| if edge.is_some_and(char::is_whitespace) || s.is_empty() { " " } else { "" };
        let (before, after) = (flat(&item.prefix), flat(&item.suffix));
        writeln!(
            out,
            "  “…{before}{}{TITLE}{}{RESET}{}{after}…”",
            space(&before, item.prefix.chars().last()),
            flat(&item.words),
            space(&after, item.suffix.chars().next()),
        )?;
    }
    let told = [item.outlet.as_ref(), item.published.as_ref(), item.dispatch.as_ref()].into_iter().flatten();
    writeln!(out, "  {}", told.cloned().collect::<Vec<_>>().join(", "))?;
    match (&item.taken_by, &item.taken_until) {
        (Some(who), Some(until)) => {
            let moment = until.parse::<Timestamp>().map_or_else(|_| until.clone(), |t| format!("{t:.0}"));
            writeln!(out, "  {who} works on it until {moment}")?;
        }
        _ => writeln!(out, "  take it on: dateline review take {} --as NAME", item.key)?,
    }
    Ok(())
}

/// `dateline log`
pub fn log(args: &LogArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_to_read(&args.ledger.ledger)?;
    let filter = LogFilter {
        about: args.about.clone(),
        who: args.by.clone(),
        standing: args.standing,
        limit: args.limit,
        ..LogFilter::default()
    };
    let entries = ledger.log(&filter)?;
    let mut out = anstream::stdout().lock();
    if args.to == ShowTo::Json {
        serde_json::to_writer_pretty(&mut out, &entries)?;
        out.write_all(b"\n")?;
    } else {
        for entry in &entries {
            logged(&mut out, entry)?;
        }
    }
    Ok(Tally { done: entries.len(), failed: 0 })
}

fn logged(out: &mut impl std::io::Write, e: &LogEntry) -> std::io::Result<()> {
    let at = e.at.get(..16).unwrap_or(&e.at).replace('T', " ");
    writeln!(out, "{TITLE}{}{RESET}  {at}  {}", e.id, e.sentence())?;
    if !e.words.is_empty() && e.action != "note" {
        writeln!(out, "  “{}” — {}", e.words, e.dispatch.as_deref().unwrap_or("–"))?;
    }
    if let Some(why) = &e.why {
        writeln!(out, "  why: {why}")?;
    }
    if let Some(undo) = &e.undone_by {
        writeln!(out, "  undone by {undo}")?;
    } else if e.state.as_deref() == Some("orphaned") {
        writeln!(out, "  its words have no place in the current reading")?;
    } else if e.state.as_deref() == Some("waiting") && e.action != "undo" {
        writeln!(out, "  its dispatch is not in this ledger yet")?;
    }
    Ok(())
}

fn agreement(args: &AgreementArgs) -> anyhow::Result<Tally> {
    let found = Ledger::open_to_read(&args.ledger.ledger)?.agreement(&args.a, &args.b)?;
    let mut out = anstream::stdout().lock();
    if args.to == ShowTo::Json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        out.write_all(b"\n")?;
        return Ok(Tally { done: 1, failed: 0 });
    }
    writeln!(out, "{TITLE}{} and {}{RESET}", found.a, found.b)?;
    writeln!(out, "items that both decided on: {}", found.both)?;
    writeln!(out, "only {}: {} · only {}: {}", found.a, found.only_a, found.b, found.only_b)?;
    if let Some(percent) = found.percent {
        writeln!(out, "the same verdict: {} ({percent:.1} %)", found.agreed)?;
    }
    match found.kappa {
        Some(kappa) => writeln!(out, "Cohen's kappa: {kappa:.3}")?,
        None => writeln!(out, "Cohen's kappa: not defined (one verdict only, or nothing in common)")?,
    }
    if found.both_edited > 0 {
        writeln!(out, "items both edited: {}, to the same values: {}", found.both_edited, found.same_values)?;
    }
    if !found.table.is_empty() {
        writeln!(out, "\n{:<12} {:<12} items", found.a, found.b)?;
        for (a, b, n) in &found.table {
            writeln!(out, "{a:<12} {b:<12} {n}")?;
        }
    }
    for d in &found.differing {
        writeln!(
            out,
            "\n{} “{}” ({}): {} said {}, {} said {}",
            d.kind, d.words, d.dispatch, found.a, d.a, found.b, d.b
        )?;
    }
    Ok(Tally { done: 1, failed: 0 })
}
