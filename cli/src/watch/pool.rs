//! Threads that wait for servers and commands, so that one that is slow holds up nobody else.
//!
//! The watch is one thread, and it alone knows the ledger: it hands out errands and files what they brought. A pool runs at
//! most as many errands as it has threads; whoever hands out more than are [`Pool::free`] has them wait in a queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use fetch::{Answer, Client, FetchError, Request};
use jiff::Timestamp;
use ledger::watch::{Delivery, Feed, Waiting};

use super::deliver;

/// What a thread is sent for.
pub enum Errand {
    /// A feed, where it changed.
    Feed(Box<Feed>),
    /// The robots.txt of an origin (`https://host:port`).
    Robots(String),
    /// An article, and the pause that its site asks for.
    Article(Box<Waiting>, Option<Duration>),
    /// An answer for a webhook or a command.
    Deliver(Box<Delivery>),
}

/// What came of it.
pub enum Brought {
    /// The feed's answer.
    Feed(Box<Feed>, Result<Answer, FetchError>),
    /// The origin's answer.
    Robots(String, Result<Answer, FetchError>),
    /// The article's answer.
    Article(Box<Waiting>, Option<Duration>, Result<Answer, FetchError>),
    /// Whether the channel took it.
    Delivered(Box<Delivery>, Result<(), String>),
}

/// What the watch waits for.
pub enum Event {
    /// A signal asks to stop.
    Stop,
    /// An errand is done.
    Brought(Box<Brought>),
}

/// A bounded number of threads for errands.
pub struct Pool {
    errands: Sender<Errand>,
    threads: usize,
    out: usize,
}

impl Pool {
    /// A pool of `threads`, which tell `events` what they brought. They end with the program.
    pub fn new(
        threads: usize,
        client: &Arc<Client>,
        patience: Duration,
        events: &Sender<Event>,
    ) -> anyhow::Result<Pool> {
        let (errands, queue) = channel();
        let queue: Arc<Mutex<Receiver<Errand>>> = Arc::new(Mutex::new(queue));
        for _ in 0..threads {
            let (queue, client, events) = (Arc::clone(&queue), Arc::clone(client), events.clone());
            let work = move || {
                loop {
                    // The lock is held while this thread waits; the others wait for the lock instead.
                    let errand = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(errand) = errand else { return };
                    if events.send(Event::Brought(Box::new(run(errand, &client, patience)))).is_err() {
                        return;
                    }
                }
            };
            std::thread::Builder::new().name("errand".to_owned()).spawn(work).context("no thread can be started")?;
        }
        Ok(Pool { errands, threads, out: 0 })
    }

    /// Whether a thread has nothing to do.
    pub fn free(&self) -> bool {
        self.out < self.threads
    }

    /// Whether no errand is under way.
    pub fn idle(&self) -> bool {
        self.out == 0
    }

    /// Sends a thread for something.
    pub fn send(&mut self, errand: Errand) -> anyhow::Result<()> {
        self.errands.send(errand).ok().context("the threads that fetch have ended")?;
        self.out += 1;
        Ok(())
    }

    /// Notes that an errand is done.
    pub fn back(&mut self) {
        self.out = self.out.saturating_sub(1);
    }
}

/// Runs an errand. A fault costs that errand, not the thread.
fn run(errand: Errand, client: &Client, patience: Duration) -> Brought {
    let get = |request: &Request<'_>| {
        catch_unwind(AssertUnwindSafe(|| client.get(request, Timestamp::now()))).unwrap_or_else(|_| {
            let problem = "a fault of this program stopped its fetching (please report it)";
            Err(FetchError::Broken(request.url.to_owned(), problem.to_owned()))
        })
    };
    match errand {
        Errand::Feed(feed) => {
            let request =
                Request { url: &feed.url, etag: feed.etag.as_deref(), last_modified: feed.last_modified.as_deref() };
            let answer = get(&request);
            Brought::Feed(feed, answer)
        }
        Errand::Robots(origin) => {
            let answer = get(&Request::new(&format!("{origin}/robots.txt")));
            Brought::Robots(origin, answer)
        }
        Errand::Article(item, delay) => {
            let answer = get(&Request::new(item.link.as_deref().unwrap_or_default()));
            Brought::Article(item, delay, answer)
        }
        Errand::Deliver(delivery) => {
            let sent = catch_unwind(AssertUnwindSafe(|| deliver::send(client, &delivery, patience)));
            let problem = "a fault of this program stopped its delivery (please report it)";
            Brought::Delivered(delivery, sent.unwrap_or_else(|_| Err(problem.to_owned())))
        }
    }
}
