//! A report as one HTML page: nothing outside of it, no script, light, dark and on paper.

use askama::Template;

use super::{Background, Cited, Grid, Note, Piece, Report, ReportError};
use crate::draw::{self, escape};

const STYLE: &str = include_str!("report.css");

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    r: &'a Report,
    style: &'a str,
    draw_style: &'a str,
    lead: String,
}

#[derive(Template)]
#[template(path = "background.html")]
struct BackgroundPage<'a> {
    b: &'a Background,
    style: &'a str,
}

/// Text with footnotes as HTML. A marker leads to its note; the note leads back to the first marker.
pub fn cited(text: &Cited) -> String {
    let piece = |p: &Piece| match p {
        Piece::Text(t) => escape(t),
        Piece::Note(n) => format!("<sup><a href=\"#n{n}\">{n}</a></sup>"),
    };
    // Two markers in a row would read as one number.
    text.0.iter().map(piece).collect::<String>().replace("</sup><sup>", "</sup><sup>,</sup><sup>")
}

/// A table with footnotes as HTML.
pub fn grid(grid: &Grid, caption: &str) -> String {
    if grid.rows.is_empty() {
        return String::new();
    }
    let head: String = grid.head.iter().map(|h| format!("<th scope=\"col\">{}</th>", escape(h))).collect();
    let row = |cells: &Vec<Cited>| -> String {
        let cell = |(i, c): (usize, &Cited)| match i {
            0 => format!("<th scope=\"row\">{}</th>", cited(c)),
            _ => format!("<td>{}</td>", cited(c)),
        };
        format!("<tr>{}</tr>", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let rows: String = grid.rows.iter().map(row).collect();
    // A paragraph, not a `caption`: on paper it must not part from its table. The table is named by it all the same.
    let (before, label) = if caption.is_empty() {
        (String::new(), String::new())
    } else {
        let caption = escape(caption);
        (format!("<p class=\"caption\">{caption}</p>"), format!(" aria-label=\"{caption}\""))
    };
    format!(
        "{before}<div class=\"wide\"><table{label}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// Where a note's words stand: outlet, day, dispatch, speaker.
pub fn source(n: &Note) -> String {
    let day = n.published.as_deref().map_or_else(|| "undated".to_owned(), str::to_owned);
    let speaker = n.speaker.as_deref().map(|s| format!(", {s}")).unwrap_or_default();
    format!("{}, {day} ({}){speaker}", n.outlet, n.dispatch)
}

/// "3 more incidents are left out here; the ledger has them."
pub fn left_out(n: usize, what: &str) -> String {
    let are = if n == 1 { format!("more {what} is") } else { format!("more {} are", plural(what)) };
    format!("{n} {are} left out here; the ledger has them.")
}

fn plural(what: &str) -> String {
    format!("{what}s")
}

/// How the incidents told in full were chosen, where not all are.
pub fn lead(r: &Report) -> String {
    let (told, all) = (r.incidents.len(), r.overview.rows.len() + r.overview_left_out);
    if told < all {
        format!(
            "The {told} of {all} incidents with most reported killed, most in dispute and most widely told, in order of time."
        )
    } else {
        String::new()
    }
}

/// The report.
pub fn report(r: &Report) -> Result<String, ReportError> {
    Ok(ReportPage { r, style: STYLE, draw_style: draw::CSS, lead: lead(r) }.render()?)
}

/// A recap paragraph.
pub fn background(b: &Background) -> Result<String, ReportError> {
    Ok(BackgroundPage { b, style: STYLE }.render()?)
}

impl Report {
    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        super::markdown::report(self)
    }

    /// The report as one HTML page.
    pub fn html(&self) -> Result<String, ReportError> {
        report(self)
    }
}

impl Background {
    /// The recap as Markdown.
    pub fn markdown(&self) -> String {
        super::markdown::background(self)
    }

    /// The recap as one HTML page.
    pub fn html(&self) -> Result<String, ReportError> {
        background(self)
    }
}
