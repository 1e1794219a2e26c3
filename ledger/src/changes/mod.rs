//! What changed: written down as it happens ([`mod@write`]), asked for by time ([`crate::Ledger::changes`]).
//!
//! The present alone cannot say what a ledger held last week. So each filing and each decision leaves rows in `history`: an
//! incident that was not there before, a range of tolls that moved, a dispute that arose, a party's state that turned,
//! accounts that were joined or parted, a correction with the old and the new words. An incident that stays as it was leaves
//! none, so the table grows with what is learnt and not with what is looked at.
//!
//! `at` is the moment of filing or deciding, not the day of the event: a dispatch of last month filed today is news to the
//! ledger today.

mod list;
pub(crate) mod write;

pub use list::{Change, ChangeFilter};

use jiff::Timestamp;

/// When something happens in the ledger, and by whom.
#[derive(Debug, Clone)]
pub struct Moment {
    /// When, as the history writes it.
    pub at: String,
    /// The person; none for the machine.
    pub who: Option<String>,
    /// The decision's public id.
    pub decision: Option<String>,
}

impl Moment {
    /// Of a filing.
    pub fn machine(at: Timestamp) -> Moment {
        Moment { at: crate::review::moment(at), who: None, decision: None }
    }

    /// Of a person's decision.
    pub fn person(at: Timestamp, who: &str, decision: &str) -> Moment {
        Moment { at: crate::review::moment(at), who: Some(who.to_owned()), decision: Some(decision.to_owned()) }
    }
}
