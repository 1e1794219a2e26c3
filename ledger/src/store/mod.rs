//! The file: opened with care, checked, copied.

pub(crate) mod accords;
pub(crate) mod filing;
pub(crate) mod flat;
pub(crate) mod incidents;
mod intake;
mod reread;

pub use filing::{Filed, Filing, Packed};
pub use reread::Rereadable;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::error::LedgerError;
use crate::schema;

/// How long a write waits for another program's, in milliseconds.
const PATIENCE: Duration = Duration::from_millis(5_000);

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) touched: flat::Both,
    pub(crate) estimates: crate::query::Estimates,
}

impl Ledger {
    /// Opens the ledger at `path` for filing, and makes it when there is none.
    pub fn open_or_create(path: &Path) -> Result<Ledger, LedgerError> {
        inspect(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ledger::open_with(path, flags)
    }

    /// Opens the ledger at `path`, which must be there.
    pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::Missing(path.to_owned()));
        }
        inspect(path)?;
        Ledger::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
    }

    /// Opens the ledger at `path` for reading alone: nothing of it is changed. On a disk that may not be written, where
    /// SQLite cannot keep its log beside the file, the file is read as it stands.
    pub fn open_to_read(path: &Path) -> Result<Ledger, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::Missing(path.to_owned()));
        }
        inspect(path)?;
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(path, &e);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(told)?;
        connection.busy_timeout(PATIENCE).map_err(told)?;
        let version = match identify(&connection, path) {
            Err(LedgerError::ReadOnly(..)) if !pending(path) => {
                let flags = flags | OpenFlags::SQLITE_OPEN_URI;
                connection = Connection::open_with_flags(as_it_stands(path), flags).map_err(told)?;
                identify(&connection, path)?
            }
            other => other?,
        };
        connection.pragma_update(None, "cache_size", -32_000).map_err(told)?;
        connection.set_prepared_statement_cache_capacity(128);
        match version {
            schema::NEWEST => Ok(Ledger {
                connection,
                path: path.to_owned(),
                touched: Default::default(),
                estimates: Default::default(),
            }),
            // An older one is brought up to date first; an empty file holds no ledger yet.
            0 => Err(LedgerError::Missing(path.to_owned())),
            _ => Ledger::open(path),
        }
    }

    fn open_with(path: &Path, flags: OpenFlags) -> Result<Ledger, LedgerError> {
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(path, &e);
        let mut connection = Connection::open_with_flags(path, flags).map_err(told)?;
        connection.busy_timeout(PATIENCE).map_err(told)?;
        identify(&connection, path)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(told)?;
        connection.pragma_update(None, "synchronous", "NORMAL").map_err(told)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(told)?;
        connection.pragma_update(None, "cache_size", -64_000).map_err(told)?;
        connection.set_prepared_statement_cache_capacity(128);
        schema::migrate(&mut connection).map_err(told)?;
        Ok(Ledger { connection, path: path.to_owned(), touched: Default::default(), estimates: Default::default() })
    }

    /// How long a write waits while another program writes, before it gives up.
    pub fn be_patient(&self, patience: Duration) -> Result<(), LedgerError> {
        self.connection.busy_timeout(patience).map_err(|e| self.told(&e))
    }

    /// The error that an SQLite error on this file means.
    pub(crate) fn told(&self, error: &rusqlite::Error) -> LedgerError {
        LedgerError::from_sqlite(&self.path, error)
    }

    /// Checks the whole file: the database's own structure, foreign keys, search indexes, and the rules that its tables
    /// keep among themselves. Each finding is a sentence; none means that all is well.
    pub fn check(&self) -> Result<Vec<String>, LedgerError> {
        self.findings().map_err(|e| self.told(&e))
    }

    fn findings(&self) -> rusqlite::Result<Vec<String>> {
        let c = &self.connection;
        let mut found = Vec::new();
        let mut rows = c.prepare("PRAGMA integrity_check")?;
        for row in rows.query_map([], |r| r.get::<_, String>(0))? {
            let row = row?;
            if row != "ok" {
                found.push(format!("structure: {row}"));
            }
        }
        let mut rows = c.prepare("PRAGMA foreign_key_check")?;
        for row in rows.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(2)?)))? {
            let (table, parent) = row?;
            found.push(format!("a row of {table} names a row of {parent} that is not there"));
        }
        let rules: &[(&str, &str)] = &[
            (
                "dispatches have no text for their current version",
                "SELECT count(*) FROM dispatches d WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.dispatch_id = d.id AND v.number = d.version)",
            ),
            (
                "versions have no current record",
                "SELECT count(*) FROM versions v WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.version_id = v.id AND r.current)",
            ),
            (
                "versions have no original",
                "SELECT count(*) FROM versions WHERE original IS NULL OR original NOT IN (SELECT sha256 FROM originals)",
            ),
            ("accounts belong to no incident", "SELECT count(*) FROM accounts WHERE incident_id IS NULL"),
            ("accord accounts belong to no accord", "SELECT count(*) FROM accord_accounts WHERE accord_id IS NULL"),
            (
                "incidents have no account",
                "SELECT count(*) FROM incidents i WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.incident_id = i.id)",
            ),
            (
                "accords have no account",
                "SELECT count(*) FROM accords i WHERE NOT EXISTS (SELECT 1 FROM accord_accounts a WHERE a.accord_id = i.id)",
            ),
            (
                "incidents are not named after one of their accounts",
                "SELECT count(*) FROM incidents i WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.incident_id = i.id AND a.public_id = i.id)",
            ),
            (
                "link nodes have no account",
                "SELECT count(*) FROM link_nodes n WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.node_id = n.id) AND NOT EXISTS (SELECT 1 FROM accord_accounts a WHERE a.node_id = n.id)",
            ),
            (
                "statements' words are not the words at their offsets",
                "SELECT count(*) FROM statement_pieces p JOIN statements s ON s.id = p.statement_id JOIN dispatches d ON d.id = s.dispatch_id JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version WHERE p.words_end > p.words_start AND substr(v.text, p.words_start + 1, p.words_end - p.words_start) <> p.words",
            ),
            (
                "figures' words are not the words at their offsets",
                "SELECT count(*) FROM figures f JOIN accounts a ON a.id = f.account_id JOIN dispatches d ON d.id = a.dispatch_id JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version WHERE f.words_end > f.words_start AND substr(v.text, f.words_start + 1, f.words_end - f.words_start) <> f.words",
            ),
        ];
        let rules = rules.iter().chain(COUNTED);
        for (rule, sql) in rules {
            let count: i64 = c.query_row(sql, [], |r| r.get(0))?;
            if count > 0 {
                found.push(format!("{count} {rule}"));
            }
        }
        Ok(found)
    }

    /// Checks the search indexes against the tables they index. Needs to write, so it is apart from [`check`](Self::check).
    pub fn check_search(&self) -> Result<Vec<String>, LedgerError> {
        let mut found = Vec::new();
        for table in ["dispatch_search", "statement_search"] {
            let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)");
            match self.connection.execute(&sql, []) {
                Ok(_) => {}
                Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
                    found.push(format!("{table} does not index what its table holds"));
                }
                Err(e) => return Err(self.told(&e)),
            }
        }
        Ok(found)
    }

    /// Copies the ledger to a new file, consistently, even while another program writes.
    pub fn backup(&self, to: &Path) -> Result<(), LedgerError> {
        if to.exists() {
            return Err(LedgerError::Other(to.to_owned(), "is there already (name a file that is not)".to_owned()));
        }
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(to, &e);
        let mut copy = Connection::open(to).map_err(told)?;
        let backup = rusqlite::backup::Backup::new(&self.connection, &mut copy).map_err(told)?;
        backup.run_to_completion(1024, Duration::ZERO, None).map_err(told)
    }
}

/// Rules on what triggers count.
const COUNTED: &[(&str, &str)] = &[
    (
        "names' counts of statements are wrong",
        "SELECT count(*) FROM actor_names n LEFT JOIN (SELECT speaker, count(*) AS c FROM statements GROUP BY speaker) s ON s.speaker = n.name WHERE n.statements <> coalesce(s.c, 0)",
    ),
    (
        "names' counts of blame are wrong",
        "SELECT count(*) FROM actor_names n LEFT JOIN (SELECT actor, count(*) AS c FROM perpetrators WHERE stance <> 'denies' GROUP BY actor) p ON p.actor = n.name WHERE n.blamed <> coalesce(p.c, 0)",
    ),
    (
        "places of accounts are not among the names of places",
        "SELECT count(*) FROM accounts a WHERE a.place IS NOT NULL AND NOT EXISTS (SELECT 1 FROM place_names p WHERE p.place = a.place AND p.admin1 = coalesce(a.admin1, '') AND p.country = coalesce(a.country, ''))",
    ),
];

/// The schema of an open file, or why it is no ledger of ours.
fn identify(connection: &Connection, path: &Path) -> Result<i32, LedgerError> {
    let told = |e: rusqlite::Error| LedgerError::from_sqlite(path, &e);
    let id = schema::application_id(connection).map_err(told)?;
    let version = schema::version(connection).map_err(told)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(told)?;
    if id != schema::APPLICATION_ID && (tables > 0 || id != 0) {
        return Err(LedgerError::Foreign(path.to_owned(), id));
    }
    if version > schema::NEWEST {
        return Err(LedgerError::TooNew(path.to_owned(), version, schema::NEWEST));
    }
    Ok(version)
}

/// Looks at a file before SQLite does: a shortened one is told apart here, for SQLite would find out only on reaching the
/// part that is gone.
#[allow(clippy::disallowed_methods)] // the ledger is a file, and this is where it is looked at
fn inspect(path: &Path) -> Result<(), LedgerError> {
    use std::io::Read;
    let Ok(mut file) = std::fs::File::open(path) else { return Ok(()) };
    let length = file.metadata().map_or(0, |m| m.len());
    let mut head = [0u8; 100];
    if path.is_dir() {
        return Err(LedgerError::NotADatabase(path.to_owned(), "it is a folder".to_owned()));
    }
    if length == 0 {
        return Ok(());
    }
    if file.read_exact(&mut head).is_err() || &head[..16] != b"SQLite format 3\0" {
        return Err(LedgerError::NotADatabase(path.to_owned(), "it does not begin as an SQLite file does".to_owned()));
    }
    let page = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    // The page count is valid only where it was written together with the change counter.
    let pages = if number(24) == number(92) { u64::from(number(28)) } else { 0 };
    if !pending(path) && length < pages * page {
        let missing = pages * page - length;
        return Err(LedgerError::Damaged(path.to_owned(), format!("its last {missing} bytes are missing")));
    }
    Ok(())
}

/// Whether a log with transactions that the file may not hold yet stands beside it.
#[allow(clippy::disallowed_methods)] // the ledger is a file, and this is where it is looked at
fn pending(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(&log).is_ok_and(|m| m.len() > 0)
}

/// The URI by which SQLite reads a file that nobody changes.
fn as_it_stands(path: &Path) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '~');
    let mut uri = "file:".to_owned();
    for c in path.to_string_lossy().chars() {
        if plain(c) {
            uri.push(c);
        } else {
            let mut bytes = [0; 4];
            uri.extend(c.encode_utf8(&mut bytes).bytes().map(|b| format!("%{b:02X}")));
        }
    }
    uri.push_str("?immutable=1");
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_full_disk_is_named_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open_or_create(&folder.path().join("ledger.db")).unwrap();
        let filing = |n: usize| {
            let text: String = (0..20_000).map(|i| char::from(b'a' + ((i * i + n * 7 + i / 26) % 26) as u8)).collect();
            let record = serde_json::json!({"id": n.to_string(), "dispatch": {"text": text}});
            let record = crate::record_from_json(&record.to_string()).unwrap();
            Filing {
                namespace: "wire".to_owned(),
                record,
                original: text.into_bytes(),
                media_type: "text/plain",
                replace: false,
            }
        };
        assert_eq!(ledger.file(&[filing(1)], Timestamp::UNIX_EPOCH).unwrap(), [Filed::New]);
        let pages: i64 = ledger.connection.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        ledger.connection.pragma_update(None, "max_page_count", pages + 4).unwrap();
        let batch: Vec<Filing> = (2..40).map(filing).collect();
        assert!(matches!(ledger.file(&batch, Timestamp::UNIX_EPOCH), Err(LedgerError::Full(_))));
        assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
        assert_eq!(ledger.dispatches(&Default::default()).unwrap().len(), 1);
        ledger.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        assert_eq!(ledger.file(&batch, Timestamp::UNIX_EPOCH).unwrap().len(), 38);
    }
}
