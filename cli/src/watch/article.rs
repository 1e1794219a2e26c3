//! An entry's article: fetched where it may be, else the entry's own words, so that no entry is lost.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use fetch::pace::back_off;
use fetch::{Answer, FetchError};
use jiff::Timestamp;
use ledger::watch::Waiting;
use ledger::{Filed, Filing};
use wire::{Format, Given, Received};

use super::pool::Errand;
use super::robots::{Verdict, origin};
use super::{PASS, Watcher, host};

/// Tries before the entry's own words are filed instead of the article.
const TRIES: u32 = 5;
/// The wait after a first failure; it doubles.
const AGAIN: Duration = Duration::from_secs(300);

/// What came of trying to fetch an article.
enum Outcome {
    /// The article.
    Article(Answer),
    /// It cannot be had, and trying again would not help.
    Never(String),
    /// It may be had later.
    Later(String, Option<Duration>),
}

impl Watcher {
    /// Files the entries that need no fetching, and sends for the articles that are due and whose hosts may be asked.
    pub(super) fn articles(&mut self) -> anyhow::Result<usize> {
        let mut done = 0;
        let now = Timestamp::now();
        // Entries of hosts that rest are left out, so that they hide no others.
        let resting: Vec<String> = self.busy.iter().cloned().chain(self.hosts.resting(now)).collect();
        for item in self.ledger.waiting_items_elsewhere(now, PASS, &resting)? {
            if self.stopping() {
                break;
            }
            let whole = || serde_json::from_str::<serde_json::Value>(&item.entry).is_ok_and(|v| v["whole"] == true);
            let link = match item.link.as_deref() {
                Some(link) if !link.is_empty() && !whole() => link,
                _ => {
                    self.file(&item, None, None)?;
                    done += 1;
                    continue;
                }
            };
            if !self.fetchers.free() || !self.may_ask(&host(link), Timestamp::now()) {
                continue;
            }
            done += 1;
            match self.robots.verdict(link, Timestamp::now()) {
                Some(Verdict::Forbidden) => {
                    let problem = format!("{link}: robots.txt asks not to fetch it");
                    self.file(&item, None, Some(&problem))?;
                }
                Some(Verdict::Allowed(delay)) => {
                    let name = host(link);
                    self.fetch(name, Errand::Article(Box::new(item), delay))?;
                }
                None => self.fetch(host(link), Errand::Robots(origin(link).to_owned()))?,
            }
        }
        Ok(done)
    }

    /// Keeps what a site's robots.txt says; its articles wait their turn, which is soon.
    pub(super) fn robots_came(&mut self, origin: String, answer: &Result<Answer, FetchError>) {
        let (name, now) = (host(&origin), Timestamp::now());
        let retry = answer.as_ref().ok().and_then(|a| a.retry_after);
        let delay = self.robots.learn(origin, answer, now);
        self.asked(&name, now, delay.max(retry));
    }

    /// Files an article that came, or the entry's own words, or notes when to try again.
    pub(super) fn article_came(
        &mut self,
        item: &Waiting,
        delay: Option<Duration>,
        answer: Result<Answer, FetchError>,
    ) -> anyhow::Result<()> {
        let link = item.link.as_deref().unwrap_or_default();
        let retry = answer.as_ref().ok().and_then(|a| a.retry_after);
        self.asked(&host(link), Timestamp::now(), delay.max(retry));
        let outcome = match answer {
            Ok(answer) if answer.status == 200 => Outcome::Article(answer),
            Ok(answer) if matches!(answer.status, 408 | 425 | 429 | 500..=599) => {
                Outcome::Later(format!("{link}: the server answers {}", answer.status), retry)
            }
            Ok(answer) => Outcome::Never(format!("{link}: the server answers {}", answer.status)),
            Err(error @ (FetchError::Slow(..) | FetchError::Broken(..) | FetchError::Packed(..))) => {
                Outcome::Later(error.to_string(), None)
            }
            Err(error) => Outcome::Never(error.to_string()),
        };
        match outcome {
            Outcome::Article(answer) => self.file(item, Some(&answer), None),
            Outcome::Never(problem) => self.file(item, None, Some(&problem)),
            Outcome::Later(problem, _) if item.attempts + 1 >= TRIES => self.file(item, None, Some(&problem)),
            Outcome::Later(problem, wait) => {
                self.problem(&problem);
                let wait = wait.unwrap_or_else(|| self.jitter.around(back_off(AGAIN, item.attempts)));
                Ok(self.ledger.item_failed(item.id, &problem, wait, Timestamp::now())?)
            }
        }
    }

    /// Files the article, or the entry's own words, and marks the entry done with it.
    fn file(&mut self, item: &Waiting, answer: Option<&Answer>, problem: Option<&str>) -> anyhow::Result<()> {
        let mut problem = problem.map(str::to_owned);
        let own = received(item, item.entry.as_bytes(), Format::Jsonl, None);
        let mut filing = None;
        if let Some(answer) = answer {
            let article = received(item, &answer.body, format(answer), Some(answer)).map(|mut article| {
                // What the page does not say of itself, its feed may.
                if let (None, Ok(own)) = (article.dispatch.published, &own) {
                    article.dispatch.published = own.dispatch.published;
                    article.dispatch.published_basis = own.dispatch.published_basis;
                }
                article
            });
            match article.and_then(|a| self.filing(item, a)) {
                Ok(article) => filing = Some(article),
                Err(e) => problem = Some(e),
            }
        }
        if filing.is_none() {
            match own.map_err(|e| e.to_string()).and_then(|own| self.filing(item, own)) {
                Ok(own) => filing = Some(own),
                Err(e) => problem = problem.or(Some(e)),
            }
        }
        if let Some(problem) = &problem {
            self.problem(problem);
        }
        let filing: Vec<Filing> = filing.into_iter().collect();
        let filed = self.ledger.file_item(item.id, &filing, problem.as_deref(), Timestamp::now())?;
        self.filed += filed.iter().filter(|f| **f != Filed::Known).count();
        Ok(())
    }

    /// The record of a dispatch, ready to be filed.
    fn filing(&self, item: &Waiting, received: Received<'_>) -> Result<Filing, String> {
        let Received { mut dispatch, original, media_type, .. } = received;
        if item.outlet.is_some() {
            dispatch.outlet.clone_from(&item.outlet);
        }
        let fault = || format!("{}: a fault of this program stopped its reading (please report it)", name(item));
        let record = catch_unwind(AssertUnwindSafe(|| self.reader.read(dispatch))).map_err(|_| fault())?;
        let namespace = item.outlet.clone().or_else(|| item.feed_title.clone()).unwrap_or_else(|| "feed".to_owned());
        Ok(Filing { namespace, record, original: original.into_owned(), media_type, replace: false })
    }
}

fn name(item: &Waiting) -> String {
    item.link.clone().unwrap_or_else(|| "an entry".to_owned())
}

/// The first dispatch in some bytes.
fn received(
    item: &Waiting,
    bytes: &[u8],
    format: Format,
    answer: Option<&Answer>,
) -> Result<Received<'static>, String> {
    let given = Given {
        name: name(item),
        outlet: item.outlet.clone().or_else(|| item.feed_title.clone()),
        url: answer.map(|a| a.url.clone()),
        charset: answer.and_then(|a| a.charset.clone()),
        ..Given::default()
    };
    let first = wire::items(bytes, format, &given).next();
    let Received { dispatch, original, media_type, meta, source, offset } =
        first.ok_or_else(|| format!("{}: holds nothing", given.name))?.map_err(|e| e.to_string())?;
    Ok(Received { dispatch, original: Cow::Owned(original.into_owned()), media_type, meta, source, offset })
}

/// What a body is, by its media type.
fn format(answer: &Answer) -> Format {
    match answer.media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Format::Html,
        Some("text/plain") => Format::Text,
        _ => Format::Auto,
    }
}
