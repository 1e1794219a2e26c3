//! What every request shares: the ledger's readers and the settings.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ledger::query::{Count, Facet};
use ledger::review::Need;
use ledger::{Ledger, LedgerError};
use tokio::sync::Semaphore;

use crate::auth::Attempts;
use crate::live::Live;
use crate::problem::Problem;

/// What is known of bytes that a person hands in.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The file's name, or what stands for it.
    pub name: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication, YYYY-MM-DD.
    pub published: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
}

/// What became of what was handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// The dispatches it holds, each as namespace and id, in order.
    pub dispatches: Vec<(String, String)>,
    /// How many of them were new.
    pub new: usize,
    /// What could not be read, each with its place.
    pub failed: Vec<String>,
}

/// Reads bytes and files what it read. The command owns the reader, whose tables are heavy; the desk only calls it, on a
/// thread that may block.
pub type Adder = Box<dyn Fn(&[u8], &Given) -> Result<Added, String> + Send + Sync>;

/// How many readers of the ledger are kept: more would only wait for one another on few cores, and each holds a cache.
const READERS: usize = 4;

/// What lists are narrowed by, with how many there are of each: counted over the whole ledger, so kept for a while.
#[derive(Debug, Default)]
pub struct Facets {
    /// The outlets of the dispatches, by name.
    pub outlets: Vec<Facet>,
    /// The kinds of the incidents, most frequent first.
    pub kinds: Vec<Facet>,
}

/// How old [`Facets`] and the queue's sizes may be while other programs file; the desk's own changes are counted at once.
const FRESH: Duration = Duration::from_secs(20);

/// What was counted, and when.
struct Counted<T>(Mutex<Option<(Instant, Arc<T>)>>);

impl<T> Default for Counted<T> {
    fn default() -> Self {
        Counted(Mutex::new(None))
    }
}

impl<T> Counted<T> {
    fn fresh(&self) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, counted)| Arc::clone(counted))
    }

    fn keep(&self, counted: T) -> Arc<T> {
        let counted = Arc::new(counted);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), Arc::clone(&counted)));
        counted
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// What every request shares. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    shared: Arc<Shared>,
}

/// How the desk stands towards the world around it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// A reverse proxy that is trusted stands before it: `X-Forwarded-For` tells who asks, and cookies are for HTTPS alone.
    pub behind_proxy: bool,
    /// Others than this machine reach it: without users it answers nobody.
    pub open_to_others: bool,
}

struct Shared {
    path: PathBuf,
    base: String,
    standing: Standing,
    attempts: Attempts,
    live: Live,
    idle: Mutex<Vec<Ledger>>,
    turns: Semaphore,
    facets: Counted<Facets>,
    queue: Counted<Vec<(Need, Count)>>,
    adder: Option<Adder>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("ledger", &self.shared.path).finish_non_exhaustive()
    }
}

impl Desk {
    /// The desk of the ledger at `path`, which is made when there is none. `base` is the path it is served under: empty, or
    /// `/` and a name without a slash at its end.
    pub fn new(path: &Path, base: &str, adder: Option<Adder>) -> Result<Desk, LedgerError> {
        Desk::standing(path, base, adder, Standing::default())
    }

    /// As [`Desk::new`], for a desk that others may reach.
    pub fn standing(path: &Path, base: &str, adder: Option<Adder>, standing: Standing) -> Result<Desk, LedgerError> {
        drop(Ledger::open_or_create(path)?);
        let first = Ledger::open_to_read(path)?;
        let shared = Shared {
            path: path.to_owned(),
            base: base.trim_end_matches('/').to_owned(),
            standing,
            attempts: Attempts::default(),
            live: Live::default(),
            idle: Mutex::new(vec![first]),
            turns: Semaphore::new(READERS),
            facets: Counted::default(),
            queue: Counted::default(),
            adder,
        };
        Ok(Desk { shared: Arc::new(shared) })
    }

    /// The path the desk is served under, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.shared.base
    }

    /// The ledger's file.
    pub(crate) fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Whether a trusted reverse proxy stands before the desk.
    pub(crate) fn behind_proxy(&self) -> bool {
        self.shared.standing.behind_proxy
    }

    /// Whether others than this machine reach the desk.
    pub(crate) fn open_to_others(&self) -> bool {
        self.shared.standing.open_to_others
    }

    /// Who failed to sign in lately.
    pub(crate) fn attempts(&self) -> &Attempts {
        &self.shared.attempts
    }

    /// What open pages are told.
    pub(crate) fn live(&self) -> &Live {
        &self.shared.live
    }

    /// Whether dispatches can be added here.
    pub fn can_add(&self) -> bool {
        self.shared.adder.is_some()
    }

    /// What lists are narrowed by.
    pub async fn facets(&self) -> Result<Arc<Facets>, Problem> {
        if let Some(facets) = self.shared.facets.fresh() {
            return Ok(facets);
        }
        let counted = self.read(|l| Ok(Facets { outlets: l.outlets()?, kinds: l.incident_types()? })).await?;
        Ok(self.shared.facets.keep(counted))
    }

    /// How many items wait for a person, for each need.
    pub async fn queue_sizes(&self) -> Result<Arc<Vec<(Need, Count)>>, Problem> {
        if let Some(sizes) = self.shared.queue.fresh() {
            return Ok(sizes);
        }
        let counted = self.read(|l| l.queue_sizes()).await?;
        Ok(self.shared.queue.keep(counted))
    }

    /// Forgets what was counted: the ledger has changed.
    fn count_anew(&self) {
        self.shared.facets.forget();
        self.shared.queue.forget();
    }

    /// Asks the ledger, on a thread that may block, with a reader of its own.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Problem> {
        // The semaphore is never closed.
        let turn = self.shared.turns.acquire().await.map_err(|_| Problem::fault("the desk is stopping"))?;
        let shared = Arc::clone(&self.shared);
        let asked = tokio::task::spawn_blocking(move || {
            let kept = shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let ledger = match kept {
                Some(ledger) => ledger,
                None => Ledger::open_to_read(&shared.path)?,
            };
            let answer = question(&ledger);
            shared.idle.lock().unwrap_or_else(PoisonError::into_inner).push(ledger);
            answer
        });
        let answer = asked.await;
        drop(turn);
        match answer {
            Ok(answer) => answer.map_err(Problem::from),
            Err(fault) => Err(Problem::fault(&format!("a fault of this program stopped the page ({fault})"))),
        }
    }

    /// Changes the ledger, on a thread that may block, with a writer of its own. Writers wait for one another in SQLite.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Ledger) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, Problem> {
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || change(&mut Ledger::open(&shared.path)?)).await;
        self.count_anew();
        match done {
            Ok(answer) => answer.map_err(Problem::from),
            Err(fault) => Err(Problem::fault(&format!("a fault of this program stopped the change ({fault})"))),
        }
    }

    /// Reads bytes that a person handed in, and files what was read.
    pub async fn add(&self, bytes: Vec<u8>, given: Given) -> Result<Added, Problem> {
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || match &shared.adder {
            Some(adder) => adder(&bytes, &given).map_err(Problem::bad),
            None => Err(Problem::bad("this desk only shows a ledger: add dispatches with `dateline add`".to_owned())),
        });
        let added = done.await;
        self.count_anew();
        added.unwrap_or_else(|fault| Err(Problem::fault(&format!("the reading stopped ({fault})"))))
    }
}
