//! All tables as an Excel workbook, a sheet each. Rows go to the disk as they come; only the zip directory is in memory.
//! A sheet holds 1,048,576 rows: a table that is longer goes on in the next one ("figures 2").

use std::io::{Seek, Write};

use ledger::query::{AccordWhole, DispatchWhole, IncidentWhole};
use rust_xlsxwriter::{Format as Style, Workbook as Book, XlsxError};

use super::tables::{Cell, Table};
use super::{ExportError, Format, Result, Takes, Tally};

/// Rows of a sheet, the header's among them.
const MOST_ROWS: u32 = 1_048_576;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;

/// Where a table stands in the workbook.
struct Sheet {
    table: Table,
    index: usize,
    part: u32,
    next_row: u32,
}

/// Writes a workbook.
pub struct Workbook<'w> {
    out: &'w mut dyn Write,
    book: Book,
    sheets: Vec<Sheet>,
    count: usize,
}

fn told(error: XlsxError) -> ExportError {
    ExportError::Format("xlsx", error.to_string())
}

impl<'w> Workbook<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Workbook { out, book: Book::new(), sheets: Vec::new(), count: 0 }
    }

    /// A new sheet for a table, with its header.
    fn open(&mut self, table: Table, part: u32) -> Result<usize> {
        let bold = Style::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory();
        let name = if part == 1 { table.as_str().to_owned() } else { format!("{} {part}", table.as_str()) };
        sheet.set_name(name).map_err(told)?;
        sheet.set_freeze_panes(1, 0).map_err(told)?;
        for (column, (name, _)) in table.columns().iter().enumerate() {
            let width = if matches!(*name, "words" | "content" | "headline" | "text" | "value") { 48.0 } else { 14.0 };
            sheet.set_column_width(column as u16, width).map_err(told)?;
        }
        for (column, (name, _)) in table.columns().iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *name, &bold).map_err(told)?;
        }
        self.count += 1;
        Ok(self.count - 1)
    }

    fn write(&mut self, rows: impl Fn(Table) -> Vec<Vec<Cell>>, tally: &mut Tally) -> Result {
        for at in 0..self.sheets.len() {
            let Some(table) = self.sheets.get(at).map(|s| s.table) else { break };
            for row in rows(table) {
                let Some(Sheet { index, part, next_row, .. }) = self.sheets.get(at) else { break };
                let (mut index, mut part, mut next) = (*index, *part, *next_row);
                if next >= MOST_ROWS {
                    part += 1;
                    index = self.open(table, part)?;
                    next = 1;
                }
                let sheet = self.book.worksheet_from_index(index).map_err(told)?;
                for (column, cell) in row.iter().enumerate() {
                    let column = column as u16;
                    match cell {
                        Cell::Nothing => continue,
                        Cell::Text(t) => sheet.write_string(next, column, within(t, tally)),
                        Cell::Number(n) => sheet.write_number(next, column, *n as f64),
                        Cell::Real(r) => sheet.write_number(next, column, *r),
                        Cell::Flag(b) => sheet.write_boolean(next, column, *b),
                    }
                    .map_err(told)?;
                }
                if let Some(sheet) = self.sheets.get_mut(at) {
                    (sheet.index, sheet.part, sheet.next_row) = (index, part, next + 1);
                }
                tally.rows += 1;
            }
        }
        Ok(())
    }
}

/// A text that fits a cell.
fn within<'t>(text: &'t str, tally: &mut Tally) -> &'t str {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => {
            tally.lose("texts longer than the 32,767 characters of a cell: cut");
            text.get(..end).unwrap_or_default()
        }
        None => text,
    }
}

impl Format for Workbook<'_> {
    fn takes(&self) -> Takes {
        Takes { incidents: true, accords: true, dispatches: true, readings: false }
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        for table in Table::ALL {
            let index = self.open(*table, 1)?;
            self.sheets.push(Sheet { table: *table, index, part: 1, next_row: 1 });
        }
        Ok(())
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        self.write(|t| t.of_incident(incident), tally)
    }

    fn accord(&mut self, accord: &AccordWhole, tally: &mut Tally) -> Result {
        self.write(|t| t.of_accord(accord), tally)
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        self.write(|t| t.of_dispatch(dispatch), tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        // A zip needs to go back to its directory, which standard output cannot.
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(file.try_clone()?).map_err(told)?;
        file.rewind()?;
        std::io::copy(&mut file, &mut self.out)?;
        Ok(())
    }
}
