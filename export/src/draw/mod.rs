//! Pictures drawn on the server: SVG as pure functions of plain data, no script.
//!
//! Each picture is a struct with two methods: `svg` draws it, `table` gives the same data as rows, so that a page can
//! print both and nobody depends on seeing. Colours, strokes and sizes of type come from [`CSS`] through classes and
//! custom properties; a page that sets `--draw-ink`, `--draw-paper` … of its own recolours every picture. No picture
//! has an `id` or a `style` attribute: several fit on a page, and a strict Content-Security-Policy lets them through.
//!
//! - [`Map`]: points on coast lines and borders, sized by a figure, hollow where only an area is known.
//! - [`Timeline`]: incidents by day, and below them what was claimed of an accord, party by party.
//! - [`Strip`]: one party's state over time, on its own.
//! - [`Series`]: a toll as reports gave it, one after the other, with lowest and highest.
//! - [`Bars`]: counts side by side.
//!
//! ```
//! use export::draw::{Bar, Bars};
//! let bars = Bars { label: "Incidents <by> type".into(), bars: vec![Bar { label: "shelling".into(), value: 3, href: None }] };
//! assert!(bars.svg().contains("Incidents &lt;by&gt; type"));
//! assert_eq!(bars.table().rows, [["shelling", "3"]]);
//! ```

mod base;
mod charts;
mod map;
mod svg;
mod time;

pub use charts::{Bar, Bars, Series, Value};
pub use map::{Exactness, Look, Map, Point};
pub use svg::escape;
pub use time::{Event, Mark, Segment, Strip, Timeline};

/// The style sheet of the pictures: light, dark and print.
pub const CSS: &str = include_str!("draw.css");

/// The data of a picture as rows: its twin for readers who do not see it, and for checking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(caption: &str, head: &[&str]) -> Table {
        let head = head.iter().map(|h| (*h).to_owned()).collect();
        Table { caption: caption.to_owned(), head, rows: Vec::new() }
    }

    /// The table as HTML, every text escaped.
    pub fn html(&self) -> String {
        let cells = |tag: &str, row: &[String]| -> String {
            row.iter().map(|c| format!("<{tag}>{}</{}>", escape(c), tag.split(' ').next().unwrap_or(tag))).collect()
        };
        let head = cells("th scope=\"col\"", &self.head);
        let rows: String = self.rows.iter().map(|r| format!("<tr>{}</tr>", cells("td", r))).collect();
        let caption = escape(&self.caption);
        format!("<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    }
}

#[cfg(test)]
mod tests;
