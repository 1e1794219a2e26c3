//! People's decisions: accept, reject, edit, add, merge, split, undo, each logged, reversible and tied to exact words.
//!
//! The reader's record of a dispatch is never changed. What the ledger's tables hold is that record with the decisions that
//! stand applied to it ([`apply`]): a rejected item is not there, an edited value is the person's, an added item stands
//! beside those read. Merges and splits are constraints on linking. So an undo is exact: the tables are worked out anew
//! from the same record and one decision fewer; and a newer reading never overwrites a person, for the decisions are
//! attached to it again by their words ([`anchor`]).
//!
//! ```no_run
//! # fn main() -> Result<(), ledger::LedgerError> {
//! use ledger::review::{By, Decision};
//! let mut ledger = ledger::Ledger::open(std::path::Path::new("ledger.db"))?;
//! let by = By { who: "Amal".to_owned(), why: Some("the ministry's list has ten names".to_owned()), at: jiff::Timestamp::UNIX_EPOCH };
//! let made = ledger.decide(&Decision::edit("i8m2k4q0zt.f1", "number", "10"), &by)?;
//! ledger.undo(Some(&made.id), &by)?;
//! # Ok(()) }
//! ```
//!
//! Limits: an item is addressed by the account it is in (`i8m2k4q0zt.f1`) or by its dispatch (`tass:2016-09-29#s3`); an
//! address is good for the current reading, the decision made by it for all that follow.

mod agreement;
pub mod anchor;
pub mod apply;
mod decide;
mod exchange;
pub mod item;
pub(crate) mod live;
mod log;
mod needs;
mod place;
mod prepare;
mod queue;
mod redact;
mod target;

pub use agreement::{Agreement, Differing, kappa};
pub use decide::{By, Decision, Made};
pub use exchange::{Imported, export_decisions, import_decisions};
pub use log::{LogEntry, LogFilter, moment};
pub use needs::Need;
pub use queue::{QueueFilter, QueuePage, Queued};
pub(crate) use redact::is_redacted;
pub use redact::{BLOCK, Redacted, Redaction};
