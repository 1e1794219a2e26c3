//! A record as a page that a reporter can read in a terminal.
//!
//! Headline and dateline first, then statements, incidents, accords, what the dispatch itself disputes, what does not
//! add up, and what was left unread: each item with its exact words. Colour is written always and taken off by the
//! stream where the output is no terminal or `NO_COLOR` is set.

mod disputes;
mod explain;
mod paper;
mod sections;
pub mod style;
mod words;

pub use explain::explain;

use record::Record;

use paper::Paper;

/// The width to write for: the terminal's, at most 100 columns, so that lines stay readable; 80 where there is none.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size().map_or(80, |(width, _)| width.0 as usize);
    columns.clamp(40, 100)
}

/// The page of a record, ending in a blank line.
pub fn render(record: &Record, width: usize) -> String {
    let mut paper = Paper::new(width);
    sections::head(&mut paper, record);
    for note in &record.notes {
        paper.line(0, &format!("{note}."));
    }
    sections::statements(&mut paper, record);
    sections::incidents(&mut paper, record);
    sections::accords(&mut paper, record);
    sections::disputes(&mut paper, record);
    sections::checks(&mut paper, record);
    sections::unread(&mut paper, record);
    sections::nothing(&mut paper, record);
    paper.finish()
}
