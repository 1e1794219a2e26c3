//! What can go wrong with a ledger file, in words that say what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why a ledger could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// There is no such file, and the command does not make one.
    #[error("{0}: there is no ledger here (make one with `dateline add FILE --ledger {0}`)")]
    Missing(PathBuf),
    /// The file is a database of another program.
    #[error("{0}: is an SQLite file, but not a ledger (its application id is {1:#x}); nothing was changed")]
    Foreign(PathBuf, i32),
    /// The file is no database.
    #[error("{0}: is not a ledger: {1} (restore it from a backup, or name another file); nothing was changed")]
    NotADatabase(PathBuf, String),
    /// The file is damaged.
    #[error("{0}: the ledger is damaged: {1} (restore it from a backup made by `dateline backup`)")]
    Damaged(PathBuf, String),
    /// The file was written by a newer program.
    #[error("{0}: has schema {1}, and this program knows up to {2} (use a newer dateline)")]
    TooNew(PathBuf, i32, i32),
    /// The file or its folder may not be written.
    #[error("{0}: may not be written ({1}; check the file's and its folder's permissions); nothing was changed")]
    ReadOnly(PathBuf, String),
    /// Another program is writing.
    #[error("{0}: is being written by another program (wait until it ends and try again; filing twice does nothing)")]
    Busy(PathBuf),
    /// The disk is full.
    #[error("{0}: the disk is full (what was filed before is safe; make room and run the same command again)")]
    Full(PathBuf),
    /// No item goes by an id.
    #[error("{0}: nothing in the ledger goes by this id (list ids with `dateline incidents`, `accords`, `dispatches`)")]
    NoSuchId(String),
    /// An id that several items share.
    #[error("{0}: several dispatches go by this id (say which: {1})")]
    Ambiguous(String, String),
    /// A cursor that no page of this list gave out.
    #[error("{0}: is no cursor of this list (take `next` or `previous` of one of its pages)")]
    BadCursor(String),
    /// A decision that cannot be made, with what to do.
    #[error("{0}")]
    Refused(String),
    /// Anything else.
    #[error("{0}: {1}")]
    Other(PathBuf, String),
}

impl LedgerError {
    /// The error that SQLite's error on the file at `path` means.
    pub(crate) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> LedgerError {
        let path = path.to_owned();
        let said = error.to_string();
        // The index of the log could not be given its size: its disk is full.
        if error.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return LedgerError::Full(path);
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => LedgerError::NotADatabase(path, said),
            Some(ErrorCode::DatabaseCorrupt) => LedgerError::Damaged(path, said),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                LedgerError::ReadOnly(path, said)
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => LedgerError::Busy(path),
            Some(ErrorCode::DiskFull) => LedgerError::Full(path),
            _ => LedgerError::Other(path, said),
        }
    }
}
