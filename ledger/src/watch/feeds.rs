//! Feeds, their health, and the entries found in them.
//!
//! Two rules keep items from being lost or doubled when the watcher is killed: the marks of a polled copy (`etag`) are
//! stored in the transaction that stores its entries, and an entry is marked done in the transaction that files it.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use super::{later, moment};
use crate::error::LedgerError;
use crate::store::{Filed, Filing, Ledger};

/// A feed to be watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewFeed {
    /// Its address.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
    /// The name its dispatches are filed under.
    pub outlet: Option<String>,
}

/// A feed that is watched, and its health.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Feed {
    /// Its number in the ledger.
    pub id: i64,
    /// Its address.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
    /// The name its dispatches are filed under.
    pub outlet: Option<String>,
    /// The tag of the copy that was last read.
    pub etag: Option<String>,
    /// When that copy was changed, as the server wrote it.
    pub last_modified: Option<String>,
    /// Not to be asked before.
    pub next_at: String,
    /// Last try.
    pub tried_at: Option<String>,
    /// Last answer that could be read.
    pub succeeded_at: Option<String>,
    /// What was wrong with the last try.
    pub problem: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Entries ever seen.
    pub items: u64,
    /// Entries that wait for their article.
    pub waiting: u64,
    /// Entries whose article could not be had.
    pub failed: u64,
}

/// An entry found in a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The article's address, else the feed's address and the entry's id.
    pub key: String,
    /// Of what the entry said: another mark is an update.
    pub mark: String,
    /// The article's address.
    pub link: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The entry as one JSON line.
    pub entry: String,
}

/// What a poll brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Polled {
    /// The copy's tag.
    pub etag: Option<String>,
    /// When the copy was changed.
    pub last_modified: Option<String>,
    /// The feed's new address, where it moved for good.
    pub moved: Option<String>,
    /// What the feed calls itself.
    pub title: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its entries; none where the copy was not modified.
    pub entries: Option<Vec<Found>>,
}

/// An entry whose article is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number in the ledger.
    pub id: i64,
    /// The feed it came from.
    pub feed: i64,
    /// The name its dispatch is filed under.
    pub outlet: Option<String>,
    /// What its feed is called.
    pub feed_title: Option<String>,
    /// The article's address.
    pub link: Option<String>,
    /// The entry as one JSON line.
    pub entry: String,
    /// Tries so far.
    pub attempts: u32,
}

const FEED: &str = "SELECT f.id, f.url, f.title, f.site, f.outlet, f.etag, f.last_modified, f.next_at, f.tried_at, f.succeeded_at, f.problem,
    f.failures, f.items, (SELECT count(*) FROM feed_items i WHERE i.feed_id = f.id AND i.state = 'waiting'),
    (SELECT count(*) FROM feed_items i WHERE i.feed_id = f.id AND i.state = 'failed') FROM feeds f";

fn feed(r: &Row<'_>) -> rusqlite::Result<Feed> {
    Ok(Feed {
        id: r.get(0)?,
        url: r.get(1)?,
        title: r.get(2)?,
        site: r.get(3)?,
        outlet: r.get(4)?,
        etag: r.get(5)?,
        last_modified: r.get(6)?,
        next_at: r.get(7)?,
        tried_at: r.get(8)?,
        succeeded_at: r.get(9)?,
        problem: r.get(10)?,
        failures: r.get(11)?,
        items: r.get::<_, i64>(12)?.unsigned_abs(),
        waiting: r.get::<_, i64>(13)?.unsigned_abs(),
        failed: r.get::<_, i64>(14)?.unsigned_abs(),
    })
}

impl Ledger {
    /// Adds a feed; false when it is watched already.
    pub fn add_feed(&mut self, new: &NewFeed, at: Timestamp) -> Result<bool, LedgerError> {
        let now = moment(at);
        let added = self.connection.execute(
            "INSERT INTO feeds (url, title, site, outlet, added_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO NOTHING",
            params![new.url, new.title, new.site, new.outlet, now],
        );
        added.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// Stops watching the feed with this address or number; what it brought stays. False when there is none.
    pub fn remove_feed(&mut self, named: &str) -> Result<bool, LedgerError> {
        let gone = self.connection.execute("DELETE FROM feeds WHERE url = ?1 OR CAST(id AS TEXT) = ?1", [named]);
        gone.map(|n| n > 0).map_err(|e| self.told(&e))
    }

    /// All feeds, by address.
    pub fn feeds(&self) -> Result<Vec<Feed>, LedgerError> {
        self.feeds_where("ORDER BY f.url", None)
    }

    /// Feeds that are due, those longest due first.
    pub fn due_feeds(&self, at: Timestamp) -> Result<Vec<Feed>, LedgerError> {
        self.feeds_where("WHERE f.next_at <= ?1 ORDER BY f.next_at, f.id", Some(moment(at)))
    }

    fn feeds_where(&self, condition: &str, value: Option<String>) -> Result<Vec<Feed>, LedgerError> {
        let run = || -> rusqlite::Result<Vec<Feed>> {
            let mut rows = self.connection.prepare_cached(&format!("{FEED} {condition}"))?;

            match value {
                Some(value) => rows.query_map([value], feed)?.collect(),
                None => rows.query_map([], feed)?.collect(),
            }
        };
        run().map_err(|e| self.told(&e))
    }

    /// Notes that a poll failed; the feed is left alone for `wait`.
    pub fn feed_failed(&mut self, id: i64, problem: &str, wait: Duration, at: Timestamp) -> Result<(), LedgerError> {
        let done = self.connection.execute(
            "UPDATE feeds SET tried_at = ?2, problem = ?3, failures = failures + 1, next_at = ?4 WHERE id = ?1",
            params![id, moment(at), problem, later(at, wait)],
        );
        done.map(|_| ()).map_err(|e| self.told(&e))
    }

    /// Stores what a poll brought, all in one transaction, and says how many entries were new or changed. The feed is
    /// left alone for `wait`.
    pub fn feed_polled(
        &mut self,
        id: i64,
        polled: &Polled,
        wait: Duration,
        at: Timestamp,
    ) -> Result<usize, LedgerError> {
        let path = self.path.clone();
        let told = |e: rusqlite::Error| LedgerError::from_sqlite(&path, &e);
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let mut fresh = 0;
        let mut seen = 0;
        let now = moment(at);
        let mut run = || -> rusqlite::Result<()> {
            for entry in polled.entries.iter().flatten() {
                let added = tx
                    .prepare_cached(
                        "INSERT INTO feed_items (feed_id, key, mark, link, title, entry, state, next_at, found_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![id, entry.key, entry.mark, entry.link, entry.title, entry.entry, now])?;
                seen += added;
                // An update, told by the feed that brought the entry: another feed words the same article otherwise.
                let changed = tx
                    .prepare_cached(
                        "UPDATE feed_items SET mark = ?3, link = ?4, title = ?5, entry = ?6, state = 'waiting', attempts = 0, next_at = ?7
                         WHERE key = ?2 AND feed_id = ?1 AND mark <> ?3",
                    )?
                    .execute(params![id, entry.key, entry.mark, entry.link, entry.title, entry.entry, now])?;
                fresh += added + changed;
            }
            let marks = polled.entries.is_some();
            tx.prepare_cached(
                "UPDATE feeds SET tried_at = ?2, succeeded_at = ?2, problem = NULL, failures = 0, next_at = ?3, items = items + ?4,
                     etag = CASE WHEN ?5 THEN ?6 ELSE etag END, last_modified = CASE WHEN ?5 THEN ?7 ELSE last_modified END,
                     title = coalesce(title, ?8), site = coalesce(site, ?9) WHERE id = ?1",
            )?
            .execute(params![
                id,
                now,
                later(at, wait),
                seen as i64,
                marks,
                polled.etag,
                polled.last_modified,
                polled.title,
                polled.site
            ])?;
            if let Some(moved) = &polled.moved {
                tx.prepare_cached("UPDATE OR IGNORE feeds SET url = ?2 WHERE id = ?1")?.execute(params![id, moved])?;
            }
            Ok(())
        };
        run().map_err(told)?;
        tx.commit().map_err(told)?;
        Ok(fresh)
    }

    /// Entries whose article is due to be fetched, the longest waiting first.
    pub fn waiting_items(&self, at: Timestamp, limit: u32) -> Result<Vec<Waiting>, LedgerError> {
        self.waiting_items_elsewhere(at, limit, &[])
    }

    /// Entries that wait for their article and are due, those whose link names one of `hosts` left out.
    ///
    /// A host is written in lower case, with its port where the link has one.
    pub fn waiting_items_elsewhere(
        &self,
        at: Timestamp,
        limit: u32,
        hosts: &[String],
    ) -> Result<Vec<Waiting>, LedgerError> {
        let hosts = serde_json::to_string(hosts).unwrap_or_else(|_| "[]".to_owned());
        let run = || -> rusqlite::Result<Vec<Waiting>> {
            let mut rows = self.connection.prepare_cached(
                "SELECT i.id, i.feed_id, f.outlet, f.title, i.link, i.entry, i.attempts FROM feed_items i JOIN feeds f ON f.id = i.feed_id
                 WHERE i.state = 'waiting' AND i.next_at <= ?1 AND NOT EXISTS (SELECT 1 FROM json_each(?3) h WHERE
                   lower(substr(i.link, instr(i.link, '://') + 3, length(h.value))) = h.value
                   AND substr(i.link, instr(i.link, '://') + 3 + length(h.value), 1) IN ('', '/', '?', '#')) ORDER BY i.next_at, i.id LIMIT ?2",
            )?;
            let found = rows.query_map(params![moment(at), limit, hosts], |r| {
                Ok(Waiting {
                    id: r.get(0)?,
                    feed: r.get(1)?,
                    outlet: r.get(2)?,
                    feed_title: r.get(3)?,
                    link: r.get(4)?,
                    entry: r.get(5)?,
                    attempts: r.get(6)?,
                })
            })?;
            found.collect()
        };
        run().map_err(|e| self.told(&e))
    }

    /// How many entries wait, due or not.
    pub fn waiting_count(&self) -> Result<u64, LedgerError> {
        let count =
            self.connection.query_row("SELECT count(*) FROM feed_items WHERE state = 'waiting'", [], |r| r.get(0));
        count.map(i64::unsigned_abs).map_err(|e| self.told(&e))
    }

    /// Files what an entry brought and marks it done, in one transaction. `problem` says why the article itself could
    /// not be had, where the entry's own words are filed instead. Without a filing the entry is marked failed.
    pub fn file_item(
        &mut self,
        id: i64,
        filings: &[Filing],
        problem: Option<&str>,
        at: Timestamp,
    ) -> Result<Vec<Filed>, LedgerError> {
        let state = if filings.is_empty() { "failed" } else { "done" };
        self.file_and(filings, at, |tx| {
            tx.prepare_cached(
                "UPDATE feed_items SET state = ?2, attempts = attempts + 1, done_at = ?3, problem = ?4 WHERE id = ?1",
            )?
            .execute(params![id, state, moment(at), problem])?;
            Ok(())
        })
    }

    /// Notes that an article could not be had yet, to be tried again after `wait`.
    pub fn item_failed(&mut self, id: i64, problem: &str, wait: Duration, at: Timestamp) -> Result<(), LedgerError> {
        let done = self.connection.execute(
            "UPDATE feed_items SET attempts = attempts + 1, problem = ?2, next_at = ?3 WHERE id = ?1",
            params![id, problem, later(at, wait)],
        );
        done.map(|_| ()).map_err(|e| self.told(&e))
    }

    /// Puts an entry off without counting it as tried: its host wants to be left alone.
    pub fn item_put_off(&mut self, id: i64, wait: Duration, at: Timestamp) -> Result<(), LedgerError> {
        let done =
            self.connection.execute("UPDATE feed_items SET next_at = ?2 WHERE id = ?1", params![id, later(at, wait)]);
        done.map(|_| ()).map_err(|e| self.told(&e))
    }

    /// When the first feed, entry or delivery becomes due that is not due at `at`; none when nothing will be.
    pub fn next_due_after(&self, at: Timestamp) -> Result<Option<Timestamp>, LedgerError> {
        let next: Option<String> = self
            .connection
            .query_row(
                "SELECT min(at) FROM (SELECT min(next_at) AS at FROM feeds WHERE next_at > ?1 UNION ALL
                 SELECT min(next_at) FROM feed_items WHERE state = 'waiting' AND next_at > ?1 UNION ALL
                 SELECT min(next_at) FROM deliveries WHERE state = 'waiting' AND next_at > ?1)",
                [moment(at)],
                |r| r.get(0),
            )
            .optional()
            .map_err(|e| self.told(&e))?
            .flatten();
        Ok(next.and_then(|n| n.parse().ok()))
    }
}
