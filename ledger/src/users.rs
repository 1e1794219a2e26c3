//! The people who may use the desk, and who of them is signed in.
//!
//! The ledger keeps hashes alone: passwords as the caller hashed them, session tokens by their SHA-256. A user who is
//! removed, or whose password or role changes, is signed out everywhere. Names stay in the review log when a user goes.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::{Ledger, LedgerError};

/// Somebody who may use the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their name, as decisions are logged under.
    pub name: String,
    /// `reader`, `reviewer` or `admin`.
    pub role: String,
    /// When they were added, RFC 3339.
    pub created_at: String,
}

impl Ledger {
    /// Everybody who may use the desk, by name.
    pub fn users(&self) -> Result<Vec<User>, LedgerError> {
        let listed = || {
            let mut query = self.connection.prepare_cached("SELECT name, role, created_at FROM users ORDER BY name")?;
            let rows = query.query_map([], |r| Ok(User { name: r.get(0)?, role: r.get(1)?, created_at: r.get(2)? }))?;
            rows.collect::<rusqlite::Result<Vec<User>>>()
        };
        listed().map_err(|e| self.told(&e))
    }

    /// Whether anybody has been given access: then everybody signs in.
    pub fn has_users(&self) -> Result<bool, LedgerError> {
        self.connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM users)")
            .and_then(|mut q| q.query_row([], |r| r.get(0)))
            .map_err(|e| self.told(&e))
    }

    /// The hash of a user's password.
    pub fn password_of(&self, name: &str) -> Result<Option<String>, LedgerError> {
        self.connection
            .query_row("SELECT password FROM users WHERE name = ?1", [name], |r| r.get(0))
            .optional()
            .map_err(|e| self.told(&e))
    }

    /// Gives somebody access. `false` when there is a user of that name already; nothing is changed then.
    pub fn add_user(&self, name: &str, role: &str, password: &str, at: Timestamp) -> Result<bool, LedgerError> {
        let sql = "INSERT INTO users (name, role, password, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        let added = self.connection.execute(sql, params![name, role, password, at.to_string()]);
        added.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// Changes a user's password hash or role, whichever is given, and signs them out. `false` when there is no such user.
    pub fn change_user(&self, name: &str, role: Option<&str>, password: Option<&str>) -> Result<bool, LedgerError> {
        let change = || {
            let tx = self.connection.unchecked_transaction()?;
            let sql = "UPDATE users SET role = coalesce(?2, role), password = coalesce(?3, password) WHERE name = ?1";
            let changed = tx.execute(sql, params![name, role, password])?;
            tx.execute("DELETE FROM sessions WHERE user = ?1", [name])?;
            tx.commit()?;
            Ok(changed > 0)
        };
        change().map_err(|e| self.told(&e))
    }

    /// Takes a user's access and signs them out. `false` when there is no such user.
    pub fn remove_user(&self, name: &str) -> Result<bool, LedgerError> {
        let removed = self.connection.execute("DELETE FROM users WHERE name = ?1", [name]);
        removed.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// Signs a user in until `expires` (seconds since 1970), and forgets sessions that have ended.
    pub fn open_session(&self, token_sha256: &str, user: &str, at: Timestamp, expires: i64) -> Result<(), LedgerError> {
        let open = || {
            let tx = self.connection.unchecked_transaction()?;
            tx.execute("DELETE FROM sessions WHERE expires <= ?1", [at.as_second()])?;
            tx.execute(
                "INSERT INTO sessions (token_sha256, user, opened_at, expires) VALUES (?1, ?2, ?3, ?4)",
                params![token_sha256, user, at.to_string(), expires],
            )?;
            tx.commit()
        };
        open().map_err(|e| self.told(&e))
    }

    /// Name and role of whoever holds a token that is good at `at`.
    pub fn session(&self, token_sha256: &str, at: Timestamp) -> Result<Option<(String, String)>, LedgerError> {
        let sql = "SELECT users.name, users.role FROM sessions JOIN users ON users.name = sessions.user
                   WHERE token_sha256 = ?1 AND expires > ?2";
        self.connection
            .prepare_cached(sql)
            .and_then(|mut q| {
                q.query_row(params![token_sha256, at.as_second()], |r| Ok((r.get(0)?, r.get(1)?))).optional()
            })
            .map_err(|e| self.told(&e))
    }

    /// Signs out.
    pub fn close_session(&self, token_sha256: &str) -> Result<(), LedgerError> {
        let closed = self.connection.execute("DELETE FROM sessions WHERE token_sha256 = ?1", [token_sha256]);
        closed.map(drop).map_err(|e| self.told(&e))
    }

    /// A number that changes whenever another connection has written to the file: whoever holds this connection can wait
    /// for news by asking for it again.
    pub fn data_version(&self) -> Result<i64, LedgerError> {
        self.connection
            .prepare_cached("PRAGMA data_version")
            .and_then(|mut q| q.query_row([], |r| r.get(0)))
            .map_err(|e| self.told(&e))
    }

    /// How many dispatches the ledger holds, and the largest of their row numbers.
    pub fn dispatches_held(&self) -> Result<(i64, i64), LedgerError> {
        self.connection
            .prepare_cached("SELECT count(*), coalesce(max(id), 0) FROM dispatches")
            .and_then(|mut q| q.query_row([], |r| Ok((r.get(0)?, r.get(1)?))))
            .map_err(|e| self.told(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn sessions_end_with_time_and_with_their_user() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open_or_create(&folder.path().join("l.db")).unwrap();
        assert!(!ledger.has_users().unwrap());
        assert!(ledger.add_user("Ana", "reviewer", "hash", at(0)).unwrap());
        assert!(!ledger.add_user("Ana", "admin", "other", at(0)).unwrap());
        assert_eq!(ledger.users().unwrap()[0].role, "reviewer");
        ledger.open_session("t1", "Ana", at(0), 100).unwrap();
        assert_eq!(ledger.session("t1", at(99)).unwrap(), Some(("Ana".to_owned(), "reviewer".to_owned())));
        assert_eq!(ledger.session("t1", at(100)).unwrap(), None);
        assert_eq!(ledger.session("t2", at(0)).unwrap(), None);
        assert!(ledger.change_user("Ana", Some("admin"), None).unwrap());
        assert_eq!(ledger.session("t1", at(1)).unwrap(), None);
        ledger.open_session("t3", "Ana", at(0), 100).unwrap();
        assert!(ledger.remove_user("Ana").unwrap() && !ledger.remove_user("Ana").unwrap());
        assert_eq!(ledger.session("t3", at(1)).unwrap(), None);
    }

    #[test]
    fn another_connection_s_filing_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.db");
        let writer = Ledger::open_or_create(&path).unwrap();
        let reader = Ledger::open_to_read(&path).unwrap();
        let before = reader.data_version().unwrap();
        assert_eq!(reader.data_version().unwrap(), before);
        writer.add_user("Ana", "reader", "hash", at(0)).unwrap();
        assert_ne!(reader.data_version().unwrap(), before);
    }
}
