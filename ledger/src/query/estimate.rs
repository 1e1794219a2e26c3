//! How many rows a condition finds, counted up to a bound: what a list's plan is chosen by.
//!
//! A page asks for its rows and for their number, and the next page asks again; the same conditions would be estimated
//! each time. An estimate decides how rows are looked for and never which, so one that is a while old does no harm.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Result};

/// How often an estimate is used before it is made anew.
const USES: u32 = 100;

/// As many estimates are kept.
const KEPT: usize = 512;

/// The estimates that one open ledger made.
#[derive(Debug, Default)]
pub(crate) struct Estimates {
    made: RefCell<HashMap<String, (u32, i64)>>,
}

impl Estimates {
    /// How many rows `sql` selects for its one parameter `?1`, at most `most`.
    pub(crate) fn rows(&self, connection: &Connection, sql: &str, value: &Value, most: i64) -> Result<i64> {
        let key = format!("{most} {value:?} {sql}");
        if let Some((uses, rows)) = self.made.borrow_mut().get_mut(&key)
            && *uses > 0
        {
            *uses -= 1;
            return Ok(*rows);
        }
        let counted = format!("SELECT count(*) FROM ({sql} LIMIT {most})");
        let rows = connection.prepare_cached(&counted)?.query_row([value], |r| r.get(0))?;
        let mut made = self.made.borrow_mut();
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(key, (USES, rows));
        Ok(rows)
    }
}
