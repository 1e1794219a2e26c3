//! Tables for spreadsheets: the rows of a page as CSV.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Rows under a head.
#[derive(Debug, Default)]
pub struct Csv {
    text: String,
}

impl Csv {
    /// A table with these columns.
    pub fn new(head: &[&str]) -> Csv {
        let mut csv = Csv::default();
        csv.row(head.iter().map(|h| (*h).to_owned()));
        csv
    }

    /// The rows of a picture.
    pub fn of(table: &export::draw::Table) -> Csv {
        let mut csv = Csv::new(&table.head.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &table.rows {
            csv.row(row.iter().cloned());
        }
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.text.push(',');
            }
            // A spreadsheet takes what begins like this for a formula: an apostrophe keeps it text.
            let guarded =
                cell.starts_with(['=', '+', '@', '\t', '\r']) || cell.starts_with('-') && cell.parse::<f64>().is_err();
            let cell = if guarded { format!("'{cell}") } else { cell };
            if cell.contains([',', '"', '\n', '\r']) {
                self.text.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                self.text.push_str(&cell);
            }
        }
        self.text.push_str("\r\n");
    }

    /// The file as an answer, to be kept under `name`.
    pub fn file(self, name: &str) -> Response {
        let kept = format!("attachment; filename=\"{name}\"");
        ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, kept)], self.text)
            .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(["say \"no\", twice".to_owned(), "=SUM(A1)".to_owned()]);
        csv.row(["-3.5".to_owned(), "-x".to_owned()]);
        assert_eq!(csv.text, "a,b\r\n\"say \"\"no\"\", twice\",'=SUM(A1)\r\n-3.5,'-x\r\n");
    }
}
