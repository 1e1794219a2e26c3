//! What is watched: feeds and their health ([`feeds`]), entries on their way into the ledger, alerts and their deliveries
//! ([`alerts`]).
//!
//! Moments are stored as RFC 3339 with whole seconds, so that they sort as text.

mod alerts;
mod feeds;

pub use alerts::{Alert, Channel, Delivery, NewAlert, Question};
pub use feeds::{Feed, Found, NewFeed, Polled, Waiting};

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use std::time::Duration;

/// A moment as it is stored.
fn moment(at: Timestamp) -> String {
    at.round(TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Trunc)).unwrap_or(at).to_string()
}

/// A moment some time later.
fn later(at: Timestamp, wait: Duration) -> String {
    let wait = jiff::SignedDuration::try_from(wait).unwrap_or(jiff::SignedDuration::MAX);
    moment(at.checked_add(wait).unwrap_or(Timestamp::MAX))
}
