//! Rows of text: comma-separated with quotes, or tab-separated with what would break a row made blank.

use std::io::Write;

use super::{Result, Tally};

/// Comma-separated rows (RFC 4180).
pub struct Comma<'w> {
    writer: csv::Writer<&'w mut dyn Write>,
}

impl<'w> Comma<'w> {
    /// Rows to `out`.
    pub fn new(out: &'w mut dyn Write) -> Comma<'w> {
        Comma { writer: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out) }
    }

    /// A row that is no data: a header, a row of tags.
    pub fn head<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result {
        Ok(self.writer.write_record(cells)?)
    }

    /// A row.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>, tally: &mut Tally) -> Result {
        self.writer.write_record(cells.into_iter().map(|c| guarded(c.as_ref())))?;
        tally.rows += 1;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn end(&mut self) -> Result {
        Ok(self.writer.flush()?)
    }
}

/// A cell that a spreadsheet would take for a formula is shown as text: the words come from anybody's web page.
fn guarded(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// A row of tab-separated values.
pub fn tabs<S: AsRef<str>>(out: &mut dyn Write, cells: impl IntoIterator<Item = S>, tally: &mut Tally) -> Result {
    tab_line(out, cells)?;
    tally.rows += 1;
    Ok(())
}

/// A line of tab-separated values that is no data.
pub fn tab_line<S: AsRef<str>>(out: &mut dyn Write, cells: impl IntoIterator<Item = S>) -> Result {
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.write_all(b"\t")?;
        }
        let plain = cell.as_ref().replace(['\t', '\n', '\r'], " ");
        out.write_all(plain.as_bytes())?;
    }
    out.write_all(b"\n")?;
    Ok(())
}

/// A value where it is known, else nothing.
pub fn or_blank(value: &Option<impl ToString>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_break_rows_or_be_formulas() {
        let (mut out, mut tally) = (Vec::new(), Tally::default());
        tabs(&mut out, ["a\tb", "c\nd"], &mut tally).unwrap();
        assert_eq!(out, b"a b\tc d\n");
        let mut out = Vec::new();
        let mut comma = Comma::new(&mut out);
        comma.row(["=1+1", "-3.5", "a,\"b\""], &mut tally).unwrap();
        comma.end().unwrap();
        drop(comma);
        assert_eq!(String::from_utf8(out).unwrap(), "'=1+1,-3.5,\"a,\"\"b\"\"\"\r\n");
        assert_eq!(tally.rows, 2);
    }
}
