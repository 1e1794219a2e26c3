//! Reading anew what is in the ledger.

use jiff::Timestamp;
use record::Record;
use rusqlite::params;

use super::filing::unpack;
use super::{Filed, Filing, Ledger};
use crate::error::LedgerError;

/// A reading that a newer reader may replace.
#[derive(Debug, Clone)]
pub struct Rereadable {
    /// Its place among others: the next page begins after it.
    pub number: i64,
    /// Namespace of its dispatch.
    pub namespace: String,
    /// The current record.
    pub record: Record,
}

/// How the readings of this program are told from those that others wrote.
const OURS: &str = "dateline ";

impl Ledger {
    /// The current readings by this program, other than by the reader `but`, after the one of number `after`. Redacted
    /// texts are left out, and so are records that somebody else wrote.
    pub fn to_reread(&self, but: Option<&str>, after: i64, limit: u32) -> Result<Vec<Rereadable>, LedgerError> {
        let read = || -> rusqlite::Result<Vec<Rereadable>> {
            let mut find = self.connection.prepare_cached(
                "SELECT d.id, d.namespace, r.content FROM dispatches d
                 JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
                 JOIN records r ON r.version_id = v.id AND r.current
                 WHERE d.id > ?1 AND r.reader <> ?2 AND substr(r.reader, 1, ?3) = ?4 AND NOT v.redacted ORDER BY d.id LIMIT ?5",
            )?;
            let rows = find
                .query_map(params![after, but.unwrap_or_default(), OURS.len() as i64, OURS, limit], |r| {
                    Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?, r.get::<_, Vec<u8>>(2)?))
                })?;
            let mut out = Vec::new();
            for row in rows {
                let (number, namespace, packed) = row?;
                if let Some(record) = unpack(&packed) {
                    out.push(Rereadable { number, namespace, record });
                }
            }
            Ok(out)
        };
        read().map_err(|e| self.told(&e))
    }

    /// Files new readings of texts that are here. What is read as before is left as it is ([`Filed::Known`]); a reading of
    /// a text that is not here is none.
    pub fn reread(&mut self, read: &[(String, Record)], at: Timestamp) -> Result<Vec<Filed>, LedgerError> {
        let filings: Vec<Filing> = read
            .iter()
            .map(|(namespace, record)| Filing {
                namespace: namespace.clone(),
                record: record.clone(),
                original: Vec::new(),
                media_type: "",
                replace: true,
            })
            .collect();
        self.file(&filings, at)
    }
}
