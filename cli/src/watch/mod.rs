//! `dateline watch`: polls the ledger's feeds, fetches their articles, files them, tells alerts; day and night.
//!
//! One thread does one thing after the other, so that nothing is asked twice and a stop is clean: a signal ends the watch
//! after the item at hand. Killed at any point, it loses and doubles nothing: see `ledger::watch`.

mod article;
mod deliver;
mod robots;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context;
use clap::Args as ClapArgs;
use fetch::pace::{Hosts, Jitter, back_off};
use fetch::{Client, Policy, Request};
use jiff::Timestamp;
use ledger::Ledger;
use ledger::watch::{Feed, Found, Polled};
use reading::Reader;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::add::LedgerArgs;
use crate::batch::Tally;
use crate::page::style;

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline watch --once
  dateline watch --every 15m
Add feeds with `dateline feeds add URL`; docs/watch.md tells how it behaves towards servers.")]
pub struct WatchArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Ask all feeds once, fetch what is new, and end
    #[arg(long)]
    once: bool,
    /// How often a feed is asked, at most: 90s, 15m, 2h
    #[arg(long, value_name = "TIME", default_value = "15m", value_parser = duration)]
    every: Duration,
    /// How long to leave a host alone between two requests
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pause: Duration,
    /// The longest that one request may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    timeout: Duration,
    /// Fetch from addresses that are not public, too
    #[arg(long)]
    allow_private: bool,
}

/// `90s`, `15m`, `2h`, `0s`.
pub fn duration(written: &str) -> Result<Duration, String> {
    let (number, unit) = written.split_at(written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len()));
    let number: u64 = number.parse().map_err(|_| format!("{written:?} is no time (write 90s, 15m or 2h)"))?;
    let seconds = match unit.trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(format!("{written:?} has no unit (write 90s, 15m or 2h)")),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

/// `dateline watch`
pub fn run(args: &WatchArgs) -> anyhow::Result<Tally> {
    let _alone = alone(&args.ledger.ledger)?;
    let ledger = Ledger::open_or_create(&args.ledger.ledger)?;
    let policy = Policy { allow_private: args.allow_private, timeout: args.timeout, ..Policy::default() };
    let now = Timestamp::now();
    let mut watcher = Watcher {
        ledger,
        client: Client::new(policy),
        reader: Reader::new(),
        hosts: Hosts::new(args.pause),
        robots: robots::Cache::default(),
        jitter: Jitter::new(now.as_nanosecond().unsigned_abs() as u64),
        // A watch that never ends does not ask all the time.
        every: if args.once { args.every } else { args.every.max(Duration::from_secs(1)) },
        polled: args.once.then(BTreeSet::new),
        stop: signals()?,
        stopped: false,
        filed: 0,
        failed: 0,
    };
    if watcher.ledger.feeds()?.is_empty() {
        anstream::eprintln!("no feeds are watched yet (add one with `dateline feeds add URL`)");
    }
    watcher.watch(args.once)?;
    anstream::eprintln!("{} filed, {} problems", watcher.filed, watcher.failed);
    Ok(Tally { done: watcher.filed, failed: if args.once { watcher.failed } else { 0 } })
}

/// Makes sure that no other watch works on this ledger; the lock goes with the program, however it ends.
fn alone(ledger: &Path) -> anyhow::Result<File> {
    let mut path = ledger.as_os_str().to_owned();
    path.push(".watch");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("{}: cannot be locked", ledger.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            anyhow::bail!("{}: is being watched by another program (one watch is enough)", ledger.display())
        }
        Err(std::fs::TryLockError::Error(e)) => {
            Err(e).with_context(|| format!("{}: cannot be locked", ledger.display()))
        }
    }
}

/// A channel that says when a signal asks to stop.
fn signals() -> anyhow::Result<Receiver<()>> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for (n, _) in signals.forever().enumerate() {
            if n == 0 {
                anstream::eprintln!("stopping after the item at hand (once more to stop at once)");
                let _ = tell.send(());
            } else {
                // A second signal: whoever sent it wants no grace. The ledger is sound at any moment.
                std::process::exit(130);
            }
        }
    });
    Ok(told)
}

/// Everything that a watch works with.
struct Watcher {
    ledger: Ledger,
    client: Client,
    reader: Reader,
    hosts: Hosts,
    robots: robots::Cache,
    jitter: Jitter,
    every: Duration,
    /// The feeds asked by a watch that asks each once.
    polled: Option<BTreeSet<i64>>,
    stop: Receiver<()>,
    stopped: bool,
    filed: usize,
    failed: usize,
}

/// Items looked at in one pass: enough that a slow host does not hide the others.
const PASS: u32 = 500;
/// The longest sleep: what another program adds to the ledger is seen within it.
const LONGEST: Duration = Duration::from_secs(30);

impl Watcher {
    fn watch(&mut self, once: bool) -> anyhow::Result<()> {
        loop {
            let did = self.polls()? + self.articles()? + self.tell()?;
            if self.stopping() {
                return Ok(());
            }
            if did > 0 {
                continue;
            }
            // Nothing is left but hosts that want to be left alone, or things that are due later.
            let now = Timestamp::now();
            let due = self.ledger.next_due()?;
            let wait = due.map_or(LONGEST, |d| Duration::try_from(d.duration_since(now)).unwrap_or_default());
            let paced = self.pending(now)?;
            if once && paced.is_none() {
                return Ok(());
            }
            self.sleep(paced.unwrap_or(wait).clamp(Duration::from_millis(50), LONGEST));
        }
    }

    /// The shortest wait for a host among the things that are due; none when nothing is due.
    fn pending(&self, now: Timestamp) -> anyhow::Result<Option<Duration>> {
        let feeds = self.due(now)?;
        let items = self.ledger.waiting_items(now, PASS)?;
        let urls =
            feeds.iter().map(|f| f.url.as_str()).chain(items.iter().map(|i| i.link.as_deref().unwrap_or_default()));
        Ok(urls.map(|u| self.hosts.wait(&host(u), now)).min())
    }

    /// Feeds that are due, without those that had their turn.
    fn due(&self, now: Timestamp) -> anyhow::Result<Vec<Feed>> {
        let mut feeds = self.ledger.due_feeds(now)?;
        feeds.retain(|f| self.polled.as_ref().is_none_or(|p| !p.contains(&f.id)));
        Ok(feeds)
    }

    fn stopping(&mut self) -> bool {
        self.stopped = self.stopped || self.stop.try_recv().is_ok();
        self.stopped
    }

    fn sleep(&mut self, time: Duration) {
        match self.stop.recv_timeout(time) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => self.stopped = true,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }

    /// Asks the feeds that are due and whose hosts may be asked.
    fn polls(&mut self) -> anyhow::Result<usize> {
        let mut done = 0;
        for feed in self.due(Timestamp::now())? {
            if self.stopping() {
                break;
            }
            if self.hosts.wait(&host(&feed.url), Timestamp::now()).is_zero() {
                self.poll(&feed)?;
                done += 1;
            }
        }
        Ok(done)
    }

    fn poll(&mut self, feed: &Feed) -> anyhow::Result<()> {
        if let Some(polled) = &mut self.polled {
            polled.insert(feed.id);
        }
        let now = Timestamp::now();
        let request =
            Request { url: &feed.url, etag: feed.etag.as_deref(), last_modified: feed.last_modified.as_deref() };
        let answer = self.client.get(&request, now);
        let now = Timestamp::now();
        let retry = answer.as_ref().ok().and_then(|a| a.retry_after);
        self.hosts.asked(&host(&feed.url), now, retry);
        let next = self.jitter.around(self.every).max(retry.unwrap_or_default());
        let polled = match answer {
            Ok(answer) if answer.status == 304 => Ok(Polled { moved: answer.moved, ..Polled::default() }),
            Ok(answer) if answer.status == 200 => wire::feed::feed(&answer.body, Some(&answer.url))
                .map(|read| Polled {
                    entries: Some(read.entries.iter().map(|e| found(feed, &read, e)).collect()),
                    etag: answer.etag,
                    last_modified: answer.last_modified,
                    moved: answer.moved,
                    title: read.title.clone(),
                    site: read.link.clone(),
                })
                .map_err(|problem| format!("{}: {problem}", answer.url)),
            Ok(answer) => Err(format!("{}: the server answers {}", answer.url, answer.status)),
            Err(error) => Err(error.to_string()),
        };
        match polled {
            Ok(polled) => {
                let fresh = self.ledger.feed_polled(feed.id, &polled, next, now)?;
                if fresh > 0 {
                    anstream::eprintln!("{}: {fresh} new", feed.url);
                }
            }
            Err(problem) => {
                self.problem(&problem);
                let wait = self.jitter.around(back_off(self.every, feed.failures.saturating_add(1)));
                self.ledger.feed_failed(feed.id, &problem, wait.max(retry.unwrap_or_default()), now)?;
            }
        }
        Ok(())
    }

    fn problem(&mut self, problem: &str) {
        self.failed += 1;
        anstream::eprintln!("{}problem:{} {problem}", style::WARNING, style::RESET);
    }
}

/// The entry as the ledger keeps it.
fn found(feed: &Feed, read: &wire::feed::Feed, entry: &wire::feed::Entry) -> Found {
    let text = entry.text();
    let published = entry.published.as_ref().or(entry.updated.as_ref());
    let link = entry.link.clone().filter(|l| l.starts_with("http://") || l.starts_with("https://"));
    let id = entry.id.clone().unwrap_or_else(|| ledger::digest::hex(text.as_bytes()));
    let line = serde_json::json!({
        "id": if link.is_none() { Some(format!("{}#{id}", feed.url)) } else { None },
        "text": text,
        "title": entry.title,
        "published": published,
        "outlet": feed.outlet.as_ref().or(read.title.as_ref()),
        "url": link,
        "whole": entry.is_whole(),
    });
    let stamp = format!(
        "{}\n{}",
        entry.title.as_deref().unwrap_or_default(),
        entry.updated.as_ref().or(published).map_or("", String::as_str)
    );
    Found {
        key: link.clone().unwrap_or_else(|| format!("{}#{id}", feed.url)),
        mark: ledger::digest::hex(stamp.as_bytes()),
        link,
        title: entry.title.clone(),
        entry: line.to_string(),
    }
}

/// The host of an address, with its port.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_ascii_lowercase()
}
