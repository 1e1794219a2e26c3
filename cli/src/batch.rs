//! Many dispatches on many threads: results in the order of the inputs, in bounded memory.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::page::style;

/// How many inputs were done and how many failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items done.
    pub done: usize,
    /// Items that failed, each already named on standard error.
    pub failed: usize,
}

impl Tally {
    /// 0 when nothing failed, else 1.
    pub fn exit_code(self) -> ExitCode {
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// How far workers may run ahead of what is written, in items a thread. Bounds memory when one item is slow.
const AHEAD: usize = 64;

/// Runs `work` on every item and writes what it returns to standard output, in the order of the items.
///
/// Failed items are named on standard error and the rest of the batch goes on, as in [`each`]. On a terminal, a batch
/// that takes longer than a moment shows a counter.
pub fn run<I, T>(
    items: I,
    threads: Option<NonZeroUsize>,
    name: impl Fn(&T) -> String + Sync,
    work: impl Fn(T) -> String + Sync,
) -> anyhow::Result<Tally>
where
    I: Iterator<Item = Result<T, String>>,
    T: Send,
{
    try_run(items, threads, name, |item| Ok(work(item)))
}

/// [`run`] for work that may fail on an item, with what to say of it.
pub fn try_run<I, T>(
    items: I,
    threads: Option<NonZeroUsize>,
    name: impl Fn(&T) -> String + Sync,
    work: impl Fn(T) -> Result<String, String> + Sync,
) -> anyhow::Result<Tally>
where
    I: Iterator<Item = Result<T, String>>,
    T: Send,
{
    let mut writer = Writer::new();
    each(items, threads, name, work, |result| writer.write(result.and_then(|done| done)))?;
    writer.finish()
}

/// Runs `work` on every item, on many threads, and hands the results to `sink` one after the other, in the order of the
/// items. Ends at the first error of the sink.
///
/// Where `work` panics, the item named by `name` fails and the rest go on: a fault of the program must not cost the
/// other items, nor leave the sink waiting for one that never comes.
pub fn each<I, T, R>(
    items: I,
    threads: Option<NonZeroUsize>,
    name: impl Fn(&T) -> String + Sync,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(Result<R, String>) -> anyhow::Result<()> + Send,
) -> anyhow::Result<()>
where
    I: Iterator<Item = Result<T, String>>,
    T: Send,
    R: Send,
{
    let work = |item: T| {
        let name = name(&item);
        catch_unwind(AssertUnwindSafe(|| work(item))).map_err(|_| {
            format!("{name}: a fault of this program stopped its reading (please report it with the text)")
        })
    };
    let threads = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    if threads == 1 {
        for item in items {
            sink(item.and_then(&work))?;
        }
        return Ok(());
    }
    let window = Window::new();
    thread::scope(|scope| {
        let (to_workers, jobs) = sync_channel::<(usize, T)>(threads * 2);
        // The workers own the receiver: when the last one goes, sending fails instead of waiting for ever.
        let jobs = Arc::new(Mutex::new(jobs));
        let (to_writer, results) = sync_channel::<(usize, Result<R, String>)>(threads * 2);
        for _ in 0..threads {
            let (jobs, results, work) = (Arc::clone(&jobs), to_writer.clone(), &work);
            scope.spawn(move || serve(&jobs, &results, work));
        }
        drop(jobs);
        let window = &window;
        let writing = scope.spawn(move || sink_in_order(results, sink, window));
        for (number, item) in items.enumerate() {
            if !window.wait_for(number, threads * AHEAD) {
                break;
            }
            let sent = match item {
                Ok(item) => to_workers.send((number, item)).is_ok(),
                Err(problem) => to_writer.send((number, Err(problem))).is_ok(),
            };
            if !sent {
                break;
            }
        }
        drop((to_workers, to_writer));
        writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A worker: takes jobs until there are none.
fn serve<T, R>(
    jobs: &Mutex<Receiver<(usize, T)>>,
    results: &SyncSender<(usize, Result<R, String>)>,
    work: &(impl Fn(T) -> Result<R, String> + Sync),
) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, item)) = job else { return };
        if results.send((number, work(item))).is_err() {
            return;
        }
    }
}

/// Hands results on in order of their numbers, holding back those that come early.
fn sink_in_order<R>(
    results: Receiver<(usize, Result<R, String>)>,
    mut sink: impl FnMut(Result<R, String>) -> anyhow::Result<()>,
    window: &Window,
) -> anyhow::Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    let outcome = (|| {
        for (number, result) in results {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                sink(result)?;
                next += 1;
                window.advance(next);
            }
        }
        Ok(())
    })();
    window.close();
    outcome
}

/// Where the writer stands, so that the front does not run too far ahead of it.
struct Window {
    /// Items written; `None` once the writer has stopped.
    written: Mutex<Option<usize>>,
    moved: Condvar,
}

impl Window {
    fn new() -> Window {
        Window { written: Mutex::new(Some(0)), moved: Condvar::new() }
    }

    fn set(&self, to: Option<usize>) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = to;
        self.moved.notify_all();
    }

    fn advance(&self, written: usize) {
        self.set(Some(written));
    }

    fn close(&self) {
        self.set(None);
    }

    /// Waits until item `number` is at most `ahead` in front of what is written; false when writing has stopped.
    fn wait_for(&self, number: usize, ahead: usize) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match *written {
                None => return false,
                Some(w) if number < w + ahead => return true,
                Some(_) => written = self.moved.wait(written).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// Standard output with a tally and, on a terminal, a counter.
struct Writer {
    out: anstream::AutoStream<std::io::Stdout>,
    progress: Option<ProgressBar>,
    tally: Tally,
}

impl Writer {
    fn new() -> Writer {
        // A counter beside the data would garble it: only when the data goes elsewhere and a person watches.
        let watched = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
        let progress = watched.then(|| {
            let style = ProgressStyle::with_template("{spinner} {pos} read, {per_sec}, {elapsed}");
            let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Writer { out: anstream::stdout(), progress, tally: Tally::default() }
    }

    fn write(&mut self, result: Result<String, String>) -> anyhow::Result<()> {
        match result {
            Ok(text) => {
                self.out.write_all(text.as_bytes())?;
                self.tally.done += 1;
            }
            Err(problem) => {
                self.tally.failed += 1;
                let say = || anstream::eprintln!("{}error:{} {problem}", style::ERROR, style::RESET);
                match &self.progress {
                    Some(bar) => bar.suspend(say),
                    None => say(),
                }
            }
        }
        if let Some(bar) = &self.progress {
            bar.inc(1);
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<Tally> {
        self.out.flush()?;
        if let Some(bar) = &self.progress {
            bar.finish_and_clear();
        }
        if self.tally.failed > 0 && self.tally.done + self.tally.failed > 1 {
            anstream::eprintln!("{} read, {} failed", self.tally.done, self.tally.failed);
        }
        Ok(self.tally)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_inputs_and_failures_are_counted() {
        for threads in [1, 2, 7] {
            let seen = Mutex::new(Vec::new());
            let items = (0..500).map(|i| if i % 50 == 49 { Err(format!("item {i}")) } else { Ok(i) });
            let work = |i: usize| {
                if i.is_multiple_of(3) {
                    thread::yield_now();
                }
                seen.lock().unwrap().push(i);
                String::new()
            };
            let tally = run(items, NonZeroUsize::new(threads), usize::to_string, work).unwrap();
            assert_eq!(tally, Tally { done: 490, failed: 10 });
            assert_eq!(seen.into_inner().unwrap().len(), 490);
        }
    }

    #[test]
    fn a_fault_costs_its_own_item_only() {
        for threads in [1, 3] {
            let work = |i: usize| if i == 7 { panic!("a fault, on purpose") } else { String::new() };
            let tally = run((0..300).map(Ok), NonZeroUsize::new(threads), usize::to_string, work).unwrap();
            assert_eq!(tally, Tally { done: 299, failed: 1 });
        }
    }
}
