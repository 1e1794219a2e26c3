//! `dateline show`: one incident, accord or dispatch with every claim and its exact words.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Args as ClapArgs, ValueEnum};
use ledger::Ledger;
use ledger::query::{AccordPage, AccountRef, CheckRow, DispatchPage, DisputeRow, IncidentPage, LinkLine, Shown};
use ledger::review::LogEntry;

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::page::style::{RESET, TITLE};

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline show i8m2k4q0zt
  dateline show --explain i8m2k4q0zt
  dateline show tass:2016-09-29-kerry --to json")]
pub struct ShowArgs {
    /// Id of an incident, an accord, one of their accounts, or a dispatch (`namespace:id` where several share an id)
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Say why its accounts are taken for one: the terms of each pair's score
    #[arg(long)]
    pub explain: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ShowTo,
}

/// The forms an item is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ShowTo {
    /// A page to read
    #[default]
    Page,
    /// JSON
    Json,
}

/// `dateline show`
pub fn run(args: &ShowArgs) -> anyhow::Result<Tally> {
    let shown = Ledger::open_to_read(&args.ledger.ledger)?.show(&args.id, args.explain)?;
    let mut out = anstream::stdout().lock();
    if args.to == ShowTo::Json {
        serde_json::to_writer_pretty(&mut out, &shown)?;
        out.write_all(b"\n")?;
    } else {
        let page = match &shown {
            Shown::Incident(page) => incident(page),
            Shown::Accord(page) => accord(page),
            Shown::Dispatch(page) => dispatch(page),
        }?;
        out.write_all(page.as_bytes())?;
    }
    Ok(Tally { done: 1, failed: 0 })
}

type Page = Result<String, std::fmt::Error>;

fn or_dash(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or("–")
}

fn heading(page: &mut String, words: &str) -> std::fmt::Result {
    writeln!(page, "\n{TITLE}{}{RESET}", words.to_uppercase())
}

/// "ahram 2016-07-02, 1923848178"
fn told_by(a: &AccountRef) -> String {
    format!("{} {}, {}", or_dash(&a.outlet), or_dash(&a.published), a.dispatch)
}

/// Who speaks: the outlet in its own voice, or a speaker as an outlet quotes it.
fn voice(by: &str, outlet: &Option<String>) -> String {
    let outlet = or_dash(outlet);
    if by == record::OUTLET { format!("{outlet}, in its own voice") } else { format!("{by} (in {outlet})") }
}

/// Where a part stands in its account: ".f1".
fn address(id: &str) -> &str {
    id.rfind('.').and_then(|dot| id.get(dot..)).unwrap_or_default()
}

fn incident(p: &IncidentPage) -> Page {
    let i = &p.incident;
    let mut page = String::new();
    let days = match (&i.date_start, &i.date_end) {
        (Some(s), Some(e)) if s != e => format!("{s} to {e}"),
        (s, _) => or_dash(s).to_owned(),
    };
    let place = [&i.place, &i.admin1, &i.country].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    writeln!(
        page,
        "{TITLE}{}{RESET}  {}, {days}, {}",
        i.id,
        i.kind.replace('_', " "),
        if place.is_empty() { "–" } else { &place }
    )?;
    let many = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let sources = many(usize::try_from(i.sources).unwrap_or_default(), "source");
    let echoes = if i.accounts.len() > 1 { " (echoes of one story counted once)" } else { "" };
    let decided = if i.decided.is_empty() { String::new() } else { format!("; by a person: {}", i.decided.join(", ")) };
    writeln!(page, "{}, {sources}{echoes}{decided}", many(i.accounts.len(), "account"))?;
    disputes(&mut page, &p.disputes)?;
    checks(&mut page, &p.checks)?;
    heading(&mut page, "accounts")?;
    for a in &p.accounts {
        writeln!(page, "\n{}  {}  {}", a.account.id, told_by(&a.account), or_dash(&a.headline))?;
        writeln!(
            page,
            "  {}, {}, {}: “{}”",
            a.kind.replace('_', " "),
            or_dash(&a.date_start),
            or_dash(&a.place),
            a.trigger
        )?;
        for f in &a.figures {
            let at = address(&f.id);
            writeln!(page, "  {at} {}: {} — {}: “{}”", f.measure, f.value, voice(&f.by, &a.account.outlet), f.words)?;
        }
        for x in &a.perpetrators {
            let at = address(&x.id);
            writeln!(page, "  {at} {} {} — {}: “{}”", x.actor, x.stance, voice(&x.by, &a.account.outlet), x.words)?;
        }
        for c in &a.claims {
            let at = address(&c.id);
            writeln!(page, "  {at} {}: {} — {}: “{}”", c.field, c.value, voice(&c.by, &a.account.outlet), c.words)?;
        }
        if !a.victims.is_empty() {
            writeln!(page, "  struck: {}", a.victims.join("; "))?;
        }
    }
    decisions(&mut page, &p.decisions)?;
    links(&mut page, &p.links)?;
    Ok(page)
}

/// What people decided, so that nothing of it is taken for the reader's.
fn decisions(page: &mut String, decisions: &[LogEntry]) -> std::fmt::Result {
    if decisions.is_empty() {
        return Ok(());
    }
    heading(page, "decided by people")?;
    for d in decisions {
        writeln!(page, "{}  {}  {}", d.id, d.at.get(..10).unwrap_or(&d.at), d.sentence())?;
        if let Some(why) = &d.why {
            writeln!(page, "  why: {why}")?;
        }
        if d.state.as_deref() == Some("orphaned") {
            writeln!(page, "  its words have no place in the current reading")?;
        }
    }
    Ok(())
}

fn disputes(page: &mut String, disputes: &[DisputeRow]) -> std::fmt::Result {
    if disputes.is_empty() {
        return Ok(());
    }
    heading(page, "sources differ on")?;
    for d in disputes {
        write!(page, "\n{}", d.field)?;
        if let (Some(low), Some(high)) = (d.low, d.high) {
            let best = match (d.best, &d.best_rule) {
                (Some(best), Some(rule)) => format!("best {best} ({rule})"),
                _ => "no rule chooses one".to_owned(),
            };
            write!(page, ": lowest {low}, highest {high}, {best}")?;
        }
        writeln!(page)?;
        for p in &d.positions {
            writeln!(page, "  {}  {} — {}: “{}”", or_dash(&p.published), p.value, voice(&p.by, &p.outlet), p.words)?;
        }
    }
    Ok(())
}

fn checks(page: &mut String, checks: &[CheckRow]) -> std::fmt::Result {
    if checks.is_empty() {
        return Ok(());
    }
    heading(page, "does not go together")?;
    for c in checks {
        writeln!(page, "\n{}: {}", c.kind.replace('_', " "), c.message)?;
        for s in &c.sides {
            writeln!(page, "  {}  {}: “{}”", or_dash(&s.published), voice(&s.by, &s.outlet), s.words)?;
        }
    }
    Ok(())
}

fn links(page: &mut String, links: &[LinkLine]) -> std::fmt::Result {
    if links.is_empty() {
        return Ok(());
    }
    heading(page, "why these accounts are taken for one")?;
    for l in links {
        writeln!(page, "\n{} and {}: {} points (a pair is tied from {} on)", l.a, l.b, l.points, l.tie)?;
        for t in &l.terms {
            writeln!(page, "  {:>+4}  {}: {}", t.points, t.name, t.seen)?;
        }
    }
    Ok(())
}

fn accord(p: &AccordPage) -> Page {
    let a = &p.accord;
    let mut page = String::new();
    writeln!(page, "{TITLE}{}{RESET}  {} ({}), {}", a.id, a.name, a.kind.replace('_', " "), or_dash(&a.date))?;
    if !a.parties.is_empty() {
        writeln!(page, "parties: {}", a.parties.join("; "))?;
    }
    if !a.brokers.is_empty() {
        writeln!(page, "brokers: {}", a.brokers.join("; "))?;
    }
    if !p.states.is_empty() {
        heading(&mut page, "state of each party")?;
        for s in &p.states {
            match (&s.status, &s.rule) {
                (Some(status), Some(rule)) => {
                    let by = s.by.as_deref().unwrap_or_default();
                    writeln!(
                        page,
                        "{}: {} since {} — {by}, {rule}",
                        s.party,
                        status.replace('_', " "),
                        or_dash(&s.since)
                    )?;
                }
                _ => writeln!(page, "{}: no claim moves its state", s.party)?,
            }
        }
    }
    if !p.violations.is_empty() {
        heading(&mut page, "claims of violation, by reporter and blamed party (never to be summed across reporters)")?;
        for v in &p.violations {
            writeln!(page, "{} blames {}: {}", v.reporter, v.blamed.as_deref().unwrap_or("nobody by name"), v.claims)?;
        }
    }
    heading(&mut page, "timeline")?;
    for c in &p.timeline {
        let mut what = c.status.replace('_', " ");
        if let Some(party) = &c.party {
            write!(what, " by {party}")?;
        }
        if let Some(blamed) = &c.blamed {
            write!(what, ", blaming {blamed}")?;
        }
        if c.modality != "asserted" {
            write!(what, " ({})", c.modality)?;
        }
        let id = &c.id;
        writeln!(page, "{}  {what} — {}: “{}”  {id}", or_dash(&c.date), voice(&c.by, &c.outlet), c.words)?;
    }
    disputes(&mut page, &p.disputes)?;
    checks(&mut page, &p.checks)?;
    decisions(&mut page, &p.decisions)?;
    heading(&mut page, "told by")?;
    for account in &a.accounts {
        writeln!(page, "{}  {}", account.id, told_by(account))?;
    }
    links(&mut page, &p.links)?;
    Ok(page)
}

fn dispatch(p: &DispatchPage) -> Page {
    let d = &p.dispatch;
    let mut page = String::new();
    writeln!(page, "{TITLE}{}:{}{RESET}  {} {}", d.namespace, d.id, or_dash(&d.outlet), or_dash(&d.published))?;
    writeln!(page, "{}", or_dash(&d.headline))?;
    for (number, kind, filed) in &p.versions {
        writeln!(page, "version {number} ({kind}), filed {filed}")?;
    }
    if !p.echoes.is_empty() {
        writeln!(page, "echoes: {}", p.echoes.join(", "))?;
    }
    if !p.statements.is_empty() {
        heading(&mut page, "statements")?;
        for s in &p.statements {
            writeln!(page, "{}  {} {}: “{}”", s.statement, s.speaker, s.cue.as_deref().unwrap_or(&s.mode), s.content)?;
        }
    }
    decisions(&mut page, &p.decisions)?;
    if !p.incidents.is_empty() {
        heading(&mut page, "incidents")?;
        for (id, item, kind, words) in &p.incidents {
            writeln!(page, "{item}  {id}  {}: “{words}”", kind.replace('_', " "))?;
        }
    }
    if !p.accords.is_empty() {
        heading(&mut page, "accords")?;
        for (id, item, name) in &p.accords {
            writeln!(page, "{item}  {id}  {name}")?;
        }
    }
    for check in &p.checks {
        writeln!(page, "check: {check}")?;
    }
    checks(&mut page, &p.cross_checks)?;
    Ok(page)
}
