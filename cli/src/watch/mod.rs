//! `dateline watch`: polls the ledger's feeds, fetches their articles, files them, tells alerts; day and night.
//!
//! One thread knows the ledger: it says what is due, reads what came and files it. A few others ([`pool`]) wait for servers
//! and commands, one for a host at a time, so that a slow one holds up nobody else. A signal ends the watch after the item
//! at hand. Killed at any point, it loses and doubles nothing: see `ledger::watch`.

mod article;
mod deliver;
mod pool;
mod robots;

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::Context;
use clap::Args as ClapArgs;
use fetch::pace::{Hosts, Jitter, back_off};
use fetch::{Answer, Client, FetchError, Policy};
use jiff::Timestamp;
use ledger::Ledger;
use ledger::watch::{Feed, Found, Polled};
use reading::Reader;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use self::pool::{Brought, Errand, Event, Pool};
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
    /// The longest that an alert's command may take; then it is killed
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    command_timeout: Duration,
    /// Fetch from addresses that are not public, too
    #[arg(long)]
    allow_private: bool,
}

/// Threads that fetch: so many hosts can be slow at once.
const FETCHERS: usize = 8;
/// Threads that deliver alerts to webhooks and commands.
const TELLERS: usize = 4;

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
    let client = Arc::new(Client::new(policy));
    let (tell, events) = channel();
    let pool = |threads| Pool::new(threads, &client, args.command_timeout, &tell);
    let mut watcher = Watcher {
        ledger,
        fetchers: pool(FETCHERS)?,
        tellers: pool(TELLERS)?,
        reader: Reader::new(),
        hosts: Hosts::new(args.pause),
        busy: BTreeSet::new(),
        telling: BTreeSet::new(),
        robots: robots::Cache::default(),
        jitter: Jitter::new(now.as_nanosecond().unsigned_abs() as u64),
        // A watch that never ends does not ask all the time.
        every: if args.once { args.every } else { args.every.max(Duration::from_secs(1)) },
        polled: args.once.then(BTreeSet::new),
        events,
        came: VecDeque::new(),
        stopped: false,
        filed: 0,
        failed: 0,
    };
    signals(tell)?;
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

/// Tells the watch when a signal asks to stop.
fn signals(tell: Sender<Event>) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT])?;
    std::thread::spawn(move || {
        for (n, _) in signals.forever().enumerate() {
            if n == 0 {
                anstream::eprintln!("stopping after the item at hand (once more to stop at once)");
                let _ = tell.send(Event::Stop);
            } else {
                // A second signal: whoever sent it wants no grace. The ledger is sound at any moment.
                std::process::exit(130);
            }
        }
    });
    Ok(())
}

/// Everything that a watch works with.
struct Watcher {
    ledger: Ledger,
    fetchers: Pool,
    tellers: Pool,
    reader: Reader,
    hosts: Hosts,
    /// Hosts that are being asked: one request a host at a time.
    busy: BTreeSet<String>,
    /// Alerts of which an answer is being delivered.
    telling: BTreeSet<i64>,
    robots: robots::Cache,
    jitter: Jitter,
    every: Duration,
    /// The feeds asked by a watch that asks each once.
    polled: Option<BTreeSet<i64>>,
    events: Receiver<Event>,
    /// What came while something else was done.
    came: VecDeque<Brought>,
    stopped: bool,
    filed: usize,
    failed: usize,
}

/// Items looked at in one pass.
const PASS: u32 = 100;
/// The longest sleep: what another program adds to the ledger is seen within it.
const LONGEST: Duration = Duration::from_secs(30);
/// The shortest.
const SHORTEST: Duration = Duration::from_millis(50);

impl Watcher {
    fn watch(&mut self, once: bool) -> anyhow::Result<()> {
        while !self.stopping() {
            let mut did = self.polls()? + self.articles()? + self.tell()?;
            while !self.stopping()
                && let Some(brought) = self.came.pop_front()
            {
                self.take(brought)?;
                did += 1;
            }
            if did > 0 || self.stopped {
                continue;
            }
            // Nothing is left but errands under way, hosts that want to be left alone, or things that are due later.
            let now = Timestamp::now();
            let paced = self.pending(now)?;
            if once && paced.is_none() && self.fetchers.idle() && self.tellers.idle() {
                break;
            }
            let due = self.ledger.next_due_after(now)?;
            let due = due.map_or(LONGEST, |d| Duration::try_from(d.duration_since(now)).unwrap_or_default());
            self.sleep(paced.unwrap_or(LONGEST).min(due).clamp(SHORTEST, LONGEST));
        }
        self.finish()
    }

    /// Waits for deliveries under way, each of which is bounded in time: told twice is allowed, but better not. What is
    /// being fetched can be fetched again.
    fn finish(&mut self) -> anyhow::Result<()> {
        loop {
            while let Some(brought) = self.came.pop_front() {
                if matches!(brought, Brought::Delivered(..)) {
                    self.take(brought)?;
                }
            }
            if self.tellers.idle() {
                return Ok(());
            }
            match self.events.recv() {
                Ok(Event::Brought(brought)) => self.came.push_back(*brought),
                Ok(Event::Stop) => {}
                Err(_) => return Ok(()),
            }
        }
    }

    /// Files what an errand brought.
    fn take(&mut self, brought: Brought) -> anyhow::Result<()> {
        match brought {
            Brought::Feed(feed, answer) => {
                self.fetchers.back();
                self.feed_came(&feed, answer)
            }
            Brought::Robots(origin, answer) => {
                self.fetchers.back();
                self.robots_came(origin, &answer);
                Ok(())
            }
            Brought::Article(item, delay, answer) => {
                self.fetchers.back();
                self.article_came(&item, delay, answer)
            }
            Brought::Delivered(delivery, sent) => {
                self.tellers.back();
                self.delivered(&delivery, sent)
            }
        }
    }

    /// Whether a host may be asked now.
    fn may_ask(&self, host: &str, now: Timestamp) -> bool {
        !self.busy.contains(host) && self.hosts.wait(host, now).is_zero()
    }

    /// Sends for something of a host.
    fn fetch(&mut self, host: String, errand: Errand) -> anyhow::Result<()> {
        self.busy.insert(host);
        self.fetchers.send(errand)
    }

    /// Notes that a host answered.
    fn asked(&mut self, host: &str, now: Timestamp, more: Option<Duration>) {
        self.busy.remove(host);
        self.hosts.asked(host, now, more);
    }

    /// The shortest wait for a host among the things that are due and that no errand's end must come before; none where
    /// there is none.
    fn pending(&self, now: Timestamp) -> anyhow::Result<Option<Duration>> {
        if !self.fetchers.free() {
            return Ok(None);
        }
        let feeds = self.due(now)?;
        let busy: Vec<String> = self.busy.iter().cloned().collect();
        let items = self.ledger.waiting_items_elsewhere(now, PASS, &busy)?;
        let urls =
            feeds.iter().map(|f| f.url.as_str()).chain(items.iter().map(|i| i.link.as_deref().unwrap_or_default()));
        Ok(urls.map(host).filter(|h| !self.busy.contains(h)).map(|h| self.hosts.wait(&h, now)).min())
    }

    /// Feeds that are due, without those that had their turn.
    fn due(&self, now: Timestamp) -> anyhow::Result<Vec<Feed>> {
        let mut feeds = self.ledger.due_feeds(now)?;
        feeds.retain(|f| self.polled.as_ref().is_none_or(|p| !p.contains(&f.id)));
        Ok(feeds)
    }

    /// Hears what came, without waiting; whether a stop is asked for.
    fn stopping(&mut self) -> bool {
        while let Ok(event) = self.events.try_recv() {
            self.hear(event);
        }
        self.stopped
    }

    fn sleep(&mut self, time: Duration) {
        match self.events.recv_timeout(time) {
            Ok(event) => self.hear(event),
            Err(RecvTimeoutError::Disconnected) => self.stopped = true,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Stop => self.stopped = true,
            Event::Brought(brought) => self.came.push_back(*brought),
        }
    }

    /// Sends for the feeds that are due and whose hosts may be asked.
    fn polls(&mut self) -> anyhow::Result<usize> {
        let mut done = 0;
        for feed in self.due(Timestamp::now())? {
            let name = host(&feed.url);
            if !self.fetchers.free() || self.stopping() {
                break;
            }
            if self.may_ask(&name, Timestamp::now()) {
                if let Some(polled) = &mut self.polled {
                    polled.insert(feed.id);
                }
                self.fetch(name, Errand::Feed(Box::new(feed)))?;
                done += 1;
            }
        }
        Ok(done)
    }

    /// Keeps what a feed answered.
    fn feed_came(&mut self, feed: &Feed, answer: Result<Answer, FetchError>) -> anyhow::Result<()> {
        let now = Timestamp::now();
        let retry = answer.as_ref().ok().and_then(|a| a.retry_after);
        self.asked(&host(&feed.url), now, retry);
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
