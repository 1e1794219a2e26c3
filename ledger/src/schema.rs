//! The file's shape: what makes an SQLite file a ledger, and how older ledgers are brought up to date.

use rusqlite::{Connection, Result};

/// "DLin" in ASCII: tells a ledger from other SQLite files.
pub const APPLICATION_ID: i32 = 0x444c_696e;

/// The scripts of each schema, in order. A released script never changes; a new schema adds one.
const SCRIPTS: &[&[&str]] = &[&[
    include_str!("schema/0001.sql"),
    include_str!("schema/0001_feeds.sql"),
    include_str!("schema/0001_lists.sql"),
    include_str!("schema/0001_intake.sql"),
    include_str!("schema/0001_review.sql"),
    include_str!("schema/0001_history.sql"),
    include_str!("schema/0001_checks.sql"),
    include_str!("schema/0001_searches.sql"),
    include_str!("schema/0001_users.sql"),
]];

/// The newest schema this program knows.
pub const NEWEST: i32 = SCRIPTS.len() as i32;

/// The schema of an open file: 0 when it is empty.
pub fn version(connection: &Connection) -> Result<i32> {
    connection.query_row("PRAGMA user_version", [], |r| r.get(0))
}

/// The application id of an open file.
pub fn application_id(connection: &Connection) -> Result<i32> {
    connection.query_row("PRAGMA application_id", [], |r| r.get(0))
}

/// Brings a file to the newest schema, all steps in one transaction.
pub fn migrate(connection: &mut Connection) -> Result<()> {
    if version(connection)? >= NEWEST {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another program may have done it while this one waited.
    let from = version(&tx)?;
    for script in SCRIPTS.iter().skip(from.max(0) as usize) {
        for part in *script {
            tx.execute_batch(part)?;
        }
    }
    if from < NEWEST {
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", NEWEST)?;
    }
    tx.commit()
}
