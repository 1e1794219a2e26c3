//! How often somebody may try to sign in: ten times in five minutes for a name and for an address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures that are let through in a period.
const ALLOWED: u32 = 10;
/// The period, in seconds.
const PERIOD: i64 = 300;
/// Names and addresses kept in mind; when there are more, those whose period is over are forgotten.
const KEPT: usize = 10_000;

/// Failed attempts to sign in, by name and by address.
#[derive(Debug, Default)]
pub struct Attempts {
    names: Mutex<HashMap<String, Failures>>,
    addresses: Mutex<HashMap<IpAddr, Failures>>,
}

/// Failures since a second.
#[derive(Debug, Clone, Copy)]
struct Failures {
    since: i64,
    count: u32,
}

impl Attempts {
    /// How many seconds to wait before the next attempt; `None` when it may be made now.
    pub fn wait(&self, name: &str, address: IpAddr, now: i64) -> Option<i64> {
        let by_name = left(&self.names, name, now);
        let by_address = left(&self.addresses, &address, now);
        by_name.max(by_address)
    }

    /// An attempt failed.
    pub fn failed(&self, name: &str, address: IpAddr, now: i64) {
        count(&self.names, name.to_owned(), now);
        count(&self.addresses, address, now);
    }

    /// An attempt succeeded: the name's failures are forgotten, the address's are not.
    pub fn succeeded(&self, name: &str) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

fn left<K: Hash + Eq + std::borrow::Borrow<Q>, Q: Hash + Eq + ?Sized>(
    kept: &Mutex<HashMap<K, Failures>>,
    key: &Q,
    now: i64,
) -> Option<i64> {
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let failures = kept.get(key)?;
    let wait = failures.since + PERIOD - now;
    (failures.count >= ALLOWED && wait > 0).then_some(wait)
}

fn count<K: Hash + Eq>(kept: &Mutex<HashMap<K, Failures>>, key: K, now: i64) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT {
        kept.retain(|_, f| f.since + PERIOD > now);
    }
    let failures = kept.entry(key).or_insert(Failures { since: now, count: 0 });
    if failures.since + PERIOD <= now {
        *failures = Failures { since: now, count: 0 };
    }
    failures.count = failures.count.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_failures_one_waits_and_then_may_again() {
        let attempts = Attempts::default();
        let here = IpAddr::from([127, 0, 0, 1]);
        for second in 0..10 {
            assert_eq!(attempts.wait("ana", here, second), None);
            attempts.failed("ana", here, second);
        }
        assert_eq!(attempts.wait("ana", IpAddr::from([10, 0, 0, 1]), 10), Some(290));
        assert_eq!(attempts.wait("ben", here, 10), Some(290));
        assert_eq!(attempts.wait("ben", IpAddr::from([10, 0, 0, 1]), 10), None);
        assert_eq!(attempts.wait("ana", here, 300), None);
    }
}
