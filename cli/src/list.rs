//! The lists of a ledger: `dateline dispatches`, `statements`, `incidents`, `accords`, `disputes`, `checks`, `actors`.

use std::io::{IsTerminal, Write};

use clap::{Args as ClapArgs, ValueEnum};
use ledger::Ledger;
use ledger::query::{Filter, Page};
use serde::Serialize;

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::filter::FilterArgs;
use crate::page;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline incidents --since 2016-09-12 --until 2016-09-20 --place Aleppo
  dateline statements --actor Kerry --text \"ceasefire\" --to csv
  dateline incidents --to json")]
pub struct ListArgs {
    #[command(flatten)]
    pub ledger: LedgerArgs,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Latest first, where a list begins with the earliest
    #[arg(long)]
    pub latest: bool,
    /// At most so many; says where the next page begins
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    /// Go on from here: as the page before said
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub to: ListTo,
}

/// The forms a list is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListTo {
    /// Columns to read
    #[default]
    Table,
    /// One JSON list
    Json,
    /// Comma-separated values with a header
    Csv,
}

impl ListArgs {
    fn open(&self) -> anyhow::Result<(Ledger, Filter)> {
        let filter = Filter {
            latest_first: self.latest,
            limit: self.limit,
            cursor: self.cursor.clone(),
            ..self.filter.filter()
        };
        Ok((Ledger::open_to_read(&self.ledger.ledger)?, filter))
    }
}

/// The rows of a page; where another follows, standard error says how to come to it.
fn page<T>(page: Page<T>) -> Vec<T> {
    if let Some(next) = &page.next {
        anstream::eprintln!("there are more: --cursor {next}");
    }
    page.rows
}

/// A cell: nothing where it is not known.
fn cell(value: &Option<impl ToString>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// A range of numbers: "31–43", "62", or nothing.
fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(l), Some(h)) if l != h => format!("{l}–{h}"),
        (Some(n), _) | (None, Some(n)) => n.to_string(),
        (None, None) => String::new(),
    }
}

/// A day or a stretch of days.
fn days(start: &Option<String>, end: &Option<String>) -> String {
    match (start, end) {
        (Some(s), Some(e)) if s != e => format!("{s}/{e}"),
        (Some(day), _) | (None, Some(day)) => day.clone(),
        (None, None) => String::new(),
    }
}

/// `dateline dispatches`
pub fn dispatches(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.dispatch_list(&filter)?);
    print(args.to, &["published", "outlet", "id", "version", "headline"], &rows, |r| {
        vec![cell(&r.published), cell(&r.outlet), r.id.clone(), r.version.to_string(), cell(&r.headline)]
    })
}

/// `dateline statements`
pub fn statements(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.statement_list(&filter)?);
    print(
        args.to,
        &["published", "outlet", "dispatch", "statement", "speaker", "mode", "content", "decided"],
        &rows,
        |r| {
            vec![
                cell(&r.published),
                cell(&r.outlet),
                r.dispatch.clone(),
                r.statement.clone(),
                r.speaker.clone(),
                r.mode.clone(),
                r.content.clone(),
                r.decided.join("; "),
            ]
        },
    )
}

/// `dateline incidents`
pub fn incidents(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.incident_list(&filter)?);
    print(
        args.to,
        &["id", "date", "type", "place", "killed", "injured", "sources", "accounts", "disputed", "decided"],
        &rows,
        |r| {
            vec![
                r.id.clone(),
                days(&r.date_start, &r.date_end),
                r.kind.clone(),
                cell(&r.place),
                range(r.killed_low, r.killed_high),
                range(r.injured_low, r.injured_high),
                r.sources.to_string(),
                r.accounts.len().to_string(),
                r.disputed.join(" "),
                r.decided.join("; "),
            ]
        },
    )
}

/// `dateline accords`
pub fn accords(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.accord_list(&filter)?);
    print(
        args.to,
        &["id", "date", "kind", "name", "parties", "brokers", "accounts", "disputed", "decided"],
        &rows,
        |r| {
            vec![
                r.id.clone(),
                cell(&r.date),
                r.kind.clone(),
                r.name.clone(),
                r.parties.join("; "),
                r.brokers.join("; "),
                r.accounts.len().to_string(),
                r.disputed.join(" "),
                r.decided.join("; "),
            ]
        },
    )
}

/// `dateline disputes`
pub fn disputes(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.dispute_list(&filter)?);
    if args.to == ListTo::Json {
        return print(args.to, &[], &rows, |_| Vec::new());
    }
    // A position a line: the matrix read row by row.
    let lines: Vec<_> = rows.iter().flat_map(|d| d.positions.iter().map(move |p| (d, p))).collect();
    print_cells(
        args.to,
        &["id", "date", "about", "field", "value", "by", "outlet", "published", "words"],
        &lines,
        |(d, p)| {
            vec![
                cell(&d.incident.as_ref().or(d.accord.as_ref())),
                cell(&d.date),
                d.about.clone(),
                d.field.clone(),
                p.value.clone(),
                p.by.clone(),
                cell(&p.outlet),
                cell(&p.published),
                p.words.clone(),
            ]
        },
    )
}

/// `dateline actors`
pub fn actors(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.actor_list(&filter)?);
    print(args.to, &["id", "name", "statements", "blamed", "names"], &rows, |r| {
        vec![r.id.clone(), r.name.clone(), r.statements.to_string(), r.blamed.to_string(), r.names.join("; ")]
    })
}

/// `dateline checks`
pub fn checks(args: &ListArgs) -> anyhow::Result<Tally> {
    let (ledger, filter) = args.open()?;
    let rows = page(ledger.check_list(&filter)?);
    print(args.to, &["kind", "id", "message", "words", "against"], &rows, |r| {
        let words = |n: usize| {
            let side = r.sides.get(n);
            side.map(|s| format!("{} {}: {}", cell(&s.outlet), cell(&s.published), s.words)).unwrap_or_default()
        };
        let first = r.sides.first().map(|s| format!("{}:{}", s.namespace, s.dispatch)).unwrap_or_default();
        let id = r.incident.clone().or_else(|| r.accord.clone()).unwrap_or(first);
        vec![r.kind.replace('_', " "), id, r.message.clone(), words(0), words(1)]
    })
}

fn print<T: Serialize>(
    to: ListTo,
    head: &[&str],
    rows: &[T],
    cells: impl Fn(&T) -> Vec<String>,
) -> anyhow::Result<Tally> {
    if to == ListTo::Json {
        let mut out = anstream::stdout().lock();
        serde_json::to_writer_pretty(&mut out, rows)?;
        out.write_all(b"\n")?;
        return Ok(Tally { done: rows.len(), failed: 0 });
    }
    print_cells(to, head, rows, cells)
}

fn print_cells<T>(to: ListTo, head: &[&str], rows: &[T], cells: impl Fn(&T) -> Vec<String>) -> anyhow::Result<Tally> {
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    let lines: Vec<Vec<String>> = rows.iter().map(cells).collect();
    if to == ListTo::Csv {
        writeln!(out, "{}", head.join(","))?;
        for line in &lines {
            let quoted: Vec<String> = line.iter().map(|c| csv(c)).collect();
            writeln!(out, "{}", quoted.join(","))?;
        }
    } else {
        // Cells are cut only to fit a screen, never on their way to a file.
        let width = if std::io::stdout().is_terminal() { page::width() } else { usize::MAX };
        table(&mut out, head, &lines, width)?;
    }
    out.flush()?;
    Ok(Tally { done: rows.len(), failed: 0 })
}

/// A cell of comma-separated values (RFC 4180).
fn csv(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// Columns as wide as their cells; the widest give way where the terminal is narrower.
fn table(out: &mut impl Write, head: &[&str], lines: &[Vec<String>], width: usize) -> std::io::Result<()> {
    let flat = |c: &str| c.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<Vec<String>> = lines.iter().map(|l| l.iter().map(|c| flat(c)).collect()).collect();
    let mut widths: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
    for line in &lines {
        for (w, c) in widths.iter_mut().zip(line) {
            *w = (*w).max(c.chars().count());
        }
    }
    // The widest columns are cut until all fit, none below a readable width.
    while widths.iter().sum::<usize>() + 2 * widths.len() > width.max(80) {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= 12 {
            break;
        }
        *widest -= 1;
    }
    let fit = |c: &str, w: usize| -> String {
        if c.chars().count() <= w {
            format!("{c:<w$}")
        } else {
            c.chars().take(w.saturating_sub(1)).chain(['…']).collect()
        }
    };
    let row = |cells: Vec<&str>| {
        let line: Vec<String> = cells.iter().zip(&widths).map(|(c, w)| fit(c, *w)).collect();
        line.join("  ").trim_end().to_owned()
    };
    writeln!(out, "{}", row(head.to_vec()))?;
    for line in &lines {
        writeln!(out, "{}", row(line.iter().map(String::as_str).collect()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_fit_and_csv_quotes() {
        let mut out = Vec::new();
        let lines = vec![vec!["i1".to_owned(), "word ".repeat(60)], vec!["i2".to_owned(), "short".to_owned()]];
        table(&mut out, &["id", "content"], &lines, 80).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|l| l.chars().count() <= 80) && text.contains('…'), "{text}");
        assert_eq!(csv("say \"no\", twice"), "\"say \"\"no\"\", twice\"");
        assert_eq!(
            (range(Some(3), Some(9)), range(None, Some(4)), range(None, None)),
            ("3–9".into(), "4".into(), String::new())
        );
    }
}
