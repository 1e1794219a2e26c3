//! A report as Markdown with footnotes (`[^1]`), as GitHub, Pandoc and most editors read it.

use std::fmt::Write as _;

use super::{Background, Cited, Grid, Note, Piece, Report};

/// Text in which Markdown finds no marks of its own, on one line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn cited(text: &Cited) -> String {
    let piece = |p: &Piece| match p {
        Piece::Text(t) => plain(t),
        Piece::Note(n) => format!("[^{n}]"),
    };
    text.0.iter().map(piece).collect()
}

fn grid(out: &mut String, grid: &Grid) {
    if grid.rows.is_empty() {
        return;
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    out.push('\n');
    out.push_str(&line(&grid.head.iter().map(|h| plain(h)).collect::<Vec<_>>()));
    out.push_str(&line(&grid.head.iter().map(|_| "---".to_owned()).collect::<Vec<_>>()));
    for row in &grid.rows {
        out.push_str(&line(&row.iter().map(cited).collect::<Vec<_>>()));
    }
    out.push('\n');
}

/// "[^3]: Harbour Courier, 12 September 2016 (`ns:id`), the mayor: “at least three people”"
fn note(out: &mut String, n: &Note) {
    let words = n.words.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(out, "[^{}]: {}: “{}”", n.number, plain(&super::html::source(n)), plain(&words));
}

fn bullets(out: &mut String, lines: &[Cited]) {
    for line in lines {
        let _ = writeln!(out, "- {}", cited(line));
    }
}

fn left_out(out: &mut String, n: usize, what: &str) {
    if n > 0 {
        let _ = writeln!(out, "\n*{}*\n", plain(&super::html::left_out(n, what)));
    }
}

/// The report.
pub fn report(r: &Report) -> String {
    let mut out = format!("# {}\n\n", plain(&r.title));
    let _ = writeln!(
        out,
        "**As of {}** · Period: {} · Drawn from {}\n",
        plain(&r.as_of),
        plain(&r.period),
        plain(&r.drawn_from)
    );
    if r.is_empty() {
        out.push_str("The ledger holds nothing on this.\n");
        return out;
    }
    if !r.highlights.is_empty() {
        out.push_str("## Highlights\n\n");
        bullets(&mut out, &r.highlights);
    }
    out.push_str("\n## Key figures\n");
    grid(&mut out, &r.key_figures);
    if let Some(c) = &r.comparison {
        let _ = writeln!(out, "\n## Comparison with the period before\n\n{}", plain(&c.told));
        grid(&mut out, &c.grid);
        for line in &c.sums {
            let _ = writeln!(out, "{}\n", cited(line));
        }
    }
    if !r.accords.is_empty() {
        out.push_str("\n## Accords\n");
        for a in &r.accords {
            let _ = writeln!(out, "\n### {}\n\n{}\n", plain(&a.heading), cited(&a.told));
            if !a.states.rows.is_empty() {
                out.push_str("State of each party:\n");
                grid(&mut out, &a.states);
            }
            if !a.violations.rows.is_empty() {
                out.push_str(
                    "Claims of violation, by reporter and blamed party (claims are counted, not breaches; not to be added up across reporters):\n",
                );
                grid(&mut out, &a.violations);
            }
            if !a.claims.rows.is_empty() {
                out.push_str("What was claimed, in order of time:\n");
                grid(&mut out, &a.claims);
            }
            left_out(&mut out, a.claims_left_out, "claim");
        }
        left_out(&mut out, r.accords_left_out, "accord");
    }
    if !r.incidents.is_empty() {
        out.push_str("\n## Incidents\n");
        let lead = super::html::lead(r);
        if !lead.is_empty() {
            let _ = writeln!(out, "\n{}", plain(&lead));
        }
        for i in &r.incidents {
            let _ = writeln!(out, "\n### {}\n\n{}", plain(&i.heading), cited(&i.told));
            if !i.differ.is_empty() {
                let _ = writeln!(out, "\n**Sources differ on {}.**", plain(&super::words::list(&i.differ)));
            }
            grid(&mut out, &i.matrix);
            left_out(&mut out, i.rows_left_out, "voice");
            let _ = writeln!(out, "\nLedger: `{}`", i.id);
        }
    }
    if !r.overview.rows.is_empty() {
        out.push_str("\n## All incidents in order of time\n");
        grid(&mut out, &r.overview);
        left_out(&mut out, r.overview_left_out, "incident");
    }
    if !r.aside.is_empty() {
        out.push_str("\n## Recalled, threatened, denied\n\nNot counted above.\n\n");
        bullets(&mut out, &r.aside);
        left_out(&mut out, r.aside_left_out, "such item");
    }
    out.push_str("\n## Limits and method\n\n");
    for line in &r.method {
        let _ = writeln!(out, "- {}", plain(line));
    }
    notes(&mut out, &r.notes);
    out
}

fn notes(out: &mut String, notes: &[Note]) {
    out.push('\n');
    for n in notes {
        note(out, n);
    }
}

/// A recap paragraph with its notes.
pub fn background(b: &Background) -> String {
    let mut out = format!("{}\n", cited(&b.text));
    notes(&mut out, &b.notes);
    out
}
