//! One of the ledger's own tables as a Parquet file, for pandas, DuckDB, Spark and R.
//!
//! Written here by hand, after the format's specification (Apache Parquet 2, thrift compact protocol), for the part of it that
//! these tables need: flat optional columns of text, whole numbers, degrees and flags, plain encoding, no compression. The
//! full library would cost minutes of building and megabytes of program for the same bytes.
//!
//! Rows are gathered into groups of 65,536, each written when it is full: memory holds one group and the footer's few
//! bytes a group.

use std::io::Write;

use ledger::query::{AccordWhole, DispatchWhole, IncidentWhole};

use super::tables::{Cell, Kind, Table};
use super::{Format, Result, Takes, Tally};

const MAGIC: &[u8; 4] = b"PAR1";
/// Rows of a group.
const GROUP_ROWS: usize = 65_536;
/// Bytes after which a group is written even when it has fewer rows: texts may be long.
const GROUP_BYTES: usize = 64 << 20;

/// Thrift's compact protocol, as far as a footer needs it.
#[derive(Debug, Default)]
struct Thrift {
    bytes: Vec<u8>,
    /// Number of the last field of each open struct.
    last: Vec<i16>,
}

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

impl Thrift {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value as u8 & 0x7F) | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn zigzag(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)) as u64);
    }

    fn open(&mut self) {
        self.last.push(0);
    }

    fn close(&mut self) {
        self.bytes.push(0);
        self.last.pop();
    }

    /// The header of a field. Fields are written in rising order, so the distance always fits.
    fn field(&mut self, id: i16, kind: u8) {
        let last = self.last.last_mut();
        let distance = id - last.as_ref().map_or(0, |l| **l);
        if let Some(last) = last {
            *last = id;
        }
        self.bytes.push(((distance as u8) << 4) | kind);
    }

    fn int32(&mut self, id: i16, value: i32) {
        self.field(id, I32);
        self.zigzag(i64::from(value));
    }

    fn int64(&mut self, id: i16, value: i64) {
        self.field(id, I64);
        self.zigzag(value);
    }

    fn raw_text(&mut self, text: &str) {
        self.varint(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    fn text(&mut self, id: i16, text: &str) {
        self.field(id, BINARY);
        self.raw_text(text);
    }

    fn list(&mut self, id: i16, kind: u8, size: usize) {
        self.field(id, LIST);
        if size < 15 {
            self.bytes.push(((size as u8) << 4) | kind);
        } else {
            self.bytes.push(0xF0 | kind);
            self.varint(size as u64);
        }
    }

    fn structure(&mut self, id: i16) {
        self.field(id, STRUCT);
        self.open();
    }
}

/// The physical type of a column: BOOLEAN, INT64, DOUBLE, BYTE_ARRAY.
fn physical(kind: Kind) -> i32 {
    match kind {
        Kind::Flag => 0,
        Kind::Number => 2,
        Kind::Real => 5,
        Kind::Text => 6,
    }
}

/// The values of a column in the group at hand.
#[derive(Debug, Default)]
struct Column {
    /// Whether each row has a value, as runs.
    runs: Vec<(bool, u64)>,
    values: Vec<u8>,
    /// Flags wait for eight of their kind.
    flags: Vec<bool>,
}

impl Column {
    fn push(&mut self, cell: &Cell) {
        let known = *cell != Cell::Nothing;
        match self.runs.last_mut() {
            Some((same, count)) if *same == known => *count += 1,
            _ => self.runs.push((known, 1)),
        }
        match cell {
            Cell::Nothing => {}
            Cell::Text(text) => {
                self.values.extend((text.len() as u32).to_le_bytes());
                self.values.extend(text.as_bytes());
            }
            Cell::Number(n) => self.values.extend(n.to_le_bytes()),
            Cell::Real(r) => self.values.extend(r.to_le_bytes()),
            Cell::Flag(b) => self.flags.push(*b),
        }
    }

    /// The page: which rows have a value, then the values.
    fn page(&mut self) -> Vec<u8> {
        let mut levels = Thrift::default();
        for (known, count) in &self.runs {
            levels.varint(count << 1);
            levels.bytes.push(u8::from(*known));
        }
        let mut page = (levels.bytes.len() as u32).to_le_bytes().to_vec();
        page.extend(levels.bytes);
        page.append(&mut self.values);
        let packed = self.flags.chunks(8).map(|c| c.iter().enumerate().fold(0u8, |b, (i, f)| b | (u8::from(*f) << i)));
        page.extend(packed);
        *self = Column::default();
        page
    }
}

/// Where a group's columns stand.
#[derive(Debug)]
struct Group {
    rows: u64,
    /// Offset and length, header included, of each column's page.
    columns: Vec<(u64, u64)>,
}

/// Writes a table.
pub struct Parquet<'w> {
    table: Table,
    out: &'w mut dyn Write,
    at: u64,
    columns: Vec<Column>,
    rows: usize,
    groups: Vec<Group>,
}

impl<'w> Parquet<'w> {
    /// To `out`.
    pub fn new(table: Table, out: &'w mut dyn Write) -> Self {
        let columns = table.columns().iter().map(|_| Column::default()).collect();
        Parquet { table, out, at: 0, columns, rows: 0, groups: Vec::new() }
    }

    fn put(&mut self, bytes: &[u8]) -> Result {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn write(&mut self, rows: Vec<Vec<Cell>>, tally: &mut Tally) -> Result {
        for row in rows {
            self.columns.iter_mut().zip(&row).for_each(|(column, cell)| column.push(cell));
            self.rows += 1;
            tally.rows += 1;
            let held: usize = self.columns.iter().map(|c| c.values.len()).sum();
            if self.rows >= GROUP_ROWS || held >= GROUP_BYTES {
                self.group()?;
            }
        }
        Ok(())
    }

    /// Writes the group at hand.
    fn group(&mut self) -> Result {
        if self.rows == 0 {
            return Ok(());
        }
        let pages: Vec<Vec<u8>> = self.columns.iter_mut().map(Column::page).collect();
        let mut columns = Vec::new();
        for page in pages {
            let mut header = Thrift::default();
            header.open();
            header.int32(1, 0);
            header.int32(2, page.len() as i32);
            header.int32(3, page.len() as i32);
            header.structure(5);
            header.int32(1, self.rows as i32);
            header.int32(2, 0);
            header.int32(3, 3);
            header.int32(4, 3);
            header.close();
            header.close();
            let start = self.at;
            self.put(&header.bytes)?;
            self.put(&page)?;
            columns.push((start, self.at - start));
        }
        self.groups.push(Group { rows: self.rows as u64, columns });
        self.rows = 0;
        Ok(())
    }

    fn footer(&self) -> Vec<u8> {
        let columns = self.table.columns();
        let mut t = Thrift::default();
        t.open();
        t.int32(1, 2);
        t.list(2, STRUCT, columns.len() + 1);
        t.open();
        t.text(4, "schema");
        t.int32(5, columns.len() as i32);
        t.close();
        for (name, kind) in columns {
            t.open();
            t.int32(1, physical(*kind));
            t.int32(3, 1);
            t.text(4, name);
            if *kind == Kind::Text {
                t.int32(6, 0);
            }
            t.close();
        }
        t.int64(3, self.groups.iter().map(|g| g.rows as i64).sum());
        t.list(4, STRUCT, self.groups.len());
        for group in &self.groups {
            t.open();
            t.list(1, STRUCT, group.columns.len());
            for ((name, kind), (start, length)) in columns.iter().zip(&group.columns) {
                t.open();
                t.int64(2, *start as i64);
                t.structure(3);
                t.int32(1, physical(*kind));
                t.list(2, I32, 2);
                t.zigzag(0);
                t.zigzag(3);
                t.list(3, BINARY, 1);
                t.raw_text(name);
                t.int32(4, 0);
                t.int64(5, group.rows as i64);
                t.int64(6, *length as i64);
                t.int64(7, *length as i64);
                t.int64(9, *start as i64);
                t.close();
                t.close();
            }
            t.int64(2, group.columns.iter().map(|c| c.1 as i64).sum());
            t.int64(3, group.rows as i64);
            t.close();
        }
        t.text(6, concat!("dateline version ", env!("CARGO_PKG_VERSION")));
        t.close();
        t.bytes
    }
}

impl Format for Parquet<'_> {
    fn takes(&self) -> Takes {
        self.table.takes()
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.put(MAGIC)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_incident(incident), tally)
    }

    fn accord(&mut self, accord: &AccordWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_accord(accord), tally)
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_dispatch(dispatch), tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.group()?;
        let footer = self.footer();
        self.put(&footer)?;
        self.put(&(footer.len() as u32).to_le_bytes())?;
        self.put(MAGIC)
    }
}
