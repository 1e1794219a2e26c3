//! When the next request to a host is due: one at a time, apart by an interval, never on the beat.
//!
//! The numbers behind the jitter come from a seed, so that a run can be repeated.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Numbers that look random, from a seed (SplitMix64).
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// A source that gives the same numbers for the same seed.
    pub fn new(seed: u64) -> Jitter {
        Jitter(seed)
    }

    /// A duration between nine and eleven tenths of `of`.
    pub fn around(&mut self, of: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let share = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
        of.mul_f64(0.9 + 0.2 * share)
    }
}

/// The hosts that were asked, and when each may be asked again.
#[derive(Debug)]
pub struct Hosts {
    interval: Duration,
    due: BTreeMap<String, Timestamp>,
}

/// Hosts kept in mind; beyond, those long due are forgotten.
const MOST: usize = 10_000;

impl Hosts {
    /// Hosts that are asked at most once an interval.
    pub fn new(interval: Duration) -> Hosts {
        Hosts { interval, due: BTreeMap::new() }
    }

    /// How long to wait before asking `host` at `now`; zero when it may be asked.
    pub fn wait(&self, host: &str, now: Timestamp) -> Duration {
        let due = self.due.get(host).copied().unwrap_or(now);
        Duration::try_from(due.duration_since(now)).unwrap_or_default()
    }

    /// The hosts that want to be left alone at `now`.
    pub fn resting(&self, now: Timestamp) -> impl Iterator<Item = String> + '_ {
        self.due.iter().filter(move |(_, due)| **due > now).map(|(host, _)| host.clone())
    }

    /// Notes that `host` was asked at `now`; `more` is a wait that it or its robots.txt wants beyond the interval.
    pub fn asked(&mut self, host: &str, now: Timestamp, more: Option<Duration>) {
        let wait = self.interval.max(more.unwrap_or_default());
        let due = SignedDuration::try_from(wait).ok().and_then(|w| now.checked_add(w).ok()).unwrap_or(now);
        if self.due.len() >= MOST {
            self.due.retain(|_, d| *d > now);
        }
        let slot = self.due.entry(host.to_owned()).or_insert(due);
        *slot = (*slot).max(due);
    }
}

/// How long to leave a feed alone that failed `failures` times in a row: the interval doubled each time, a day at most.
pub fn back_off(interval: Duration, failures: u32) -> Duration {
    let day = Duration::from_secs(24 * 3600);
    interval.saturating_mul(1u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX)).min(day.max(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_once_an_interval_and_when_it_says_so() {
        let now = Timestamp::UNIX_EPOCH;
        let mut hosts = Hosts::new(Duration::from_secs(2));
        assert_eq!(hosts.wait("a", now), Duration::ZERO);
        hosts.asked("a", now, None);
        assert_eq!(hosts.wait("a", now), Duration::from_secs(2));
        assert_eq!(hosts.wait("b", now), Duration::ZERO);
        assert_eq!(hosts.resting(now).collect::<Vec<_>>(), ["a"]);
        assert_eq!(hosts.resting(now + SignedDuration::from_secs(2)).count(), 0);
        hosts.asked("a", now, Some(Duration::from_secs(60)));
        hosts.asked("a", now, None);
        assert_eq!(hosts.wait("a", now), Duration::from_secs(60));
    }

    #[test]
    fn waits_grow_to_a_day_and_jitter_is_repeatable() {
        let hour = Duration::from_secs(3600);
        assert_eq!(back_off(hour, 0), hour);
        assert_eq!(back_off(hour, 2), 4 * hour);
        assert_eq!(back_off(hour, 40), 24 * hour);
        let (mut a, mut b) = (Jitter::new(7), Jitter::new(7));
        let waits: Vec<Duration> = (0..50).map(|_| a.around(hour)).collect();
        assert!(waits.iter().all(|w| *w == b.around(hour) && *w >= hour * 9 / 10 && *w <= hour * 11 / 10));
        assert!(waits.iter().any(|w| *w != waits[0]));
    }
}
