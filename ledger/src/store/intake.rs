//! How far a large input has been filed.
//!
//! Written after each batch of an archive, read by `add --resume`. It only saves work: filing what is filed already
//! changes nothing.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::Ledger;
use crate::error::LedgerError;

impl Ledger {
    /// Where the last filed record of an input begins, if the input has this size still.
    pub fn intake(&self, input: &str, bytes: u64) -> Result<Option<u64>, LedgerError> {
        self.connection
            .query_row(
                "SELECT offset FROM intake WHERE input = ?1 AND bytes = ?2",
                params![input, i64::try_from(bytes).unwrap_or(i64::MAX)],
                |r| r.get::<_, i64>(0),
            )
            .optional()
            .map(|offset| offset.and_then(|o| u64::try_from(o).ok()))
            .map_err(|e| LedgerError::from_sqlite(&self.path, &e))
    }

    /// Notes that all records of an input up to the one at `offset` are filed.
    pub fn note_intake(&mut self, input: &str, bytes: u64, offset: u64, at: Timestamp) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO intake (input, bytes, offset, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (input) DO UPDATE SET bytes = ?2, offset = ?3, at = ?4",
                params![
                    input,
                    i64::try_from(bytes).unwrap_or(i64::MAX),
                    i64::try_from(offset).unwrap_or(i64::MAX),
                    at.to_string()
                ],
            )
            .map(|_| ())
            .map_err(|e| LedgerError::from_sqlite(&self.path, &e))
    }
}
