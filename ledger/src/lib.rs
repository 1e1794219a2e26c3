//! The ledger: many dispatches, one account of each incident, every dispute kept.
//!
//! One SQLite file holds what was received ([`Filing`]), what was read from it, item by item, and what follows from many
//! readings together: which accounts tell of one incident ([`link`]), where sources differ ([`dispute`]), which
//! dispatches are echoes of one wire story ([`echo`]). `docs/ledger.md` tells an analyst what is in it; the SQL in
//! `schema/` is commented for those who open it with other programs.
//!
//! Only this crate knows SQL. It asks no clock: whoever files says when.
//!
//! ```no_run
//! # fn main() -> Result<(), ledger::LedgerError> {
//! let ledger = ledger::Ledger::open_to_read(std::path::Path::new("ledger.db"))?;
//! assert!(ledger.check()?.is_empty());
//! # Ok(()) }
//! ```

pub mod changes;
pub mod crosscheck;
pub mod digest;
pub mod dispute;
pub mod echo;
mod error;
mod input;
pub mod link;
mod names;
pub mod query;
mod refile;
pub mod review;
mod schema;
mod store;
mod users;
pub mod watch;

pub use error::LedgerError;
pub use input::record_from_json;
pub use refile::{Refiling, refiling_from_json};
pub use store::{Filed, Filing, Ledger, Packed, Rereadable};
pub use users::User;
