//! What open pages are told while they are open: that dispatches were filed, by whatever program.
//!
//! One thread asks SQLite each second whether another connection has written; pages listen at `/events` (server-sent
//! events named `filed`, data `{"held": N, "new": K}`). The streams end when the desk stops.

use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use ledger::{Ledger, LedgerError};
use tokio::sync::watch;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};

use crate::state::Desk;

/// How often the file is asked.
const PAUSE: Duration = Duration::from_secs(1);
/// How often a silent stream says that it is there: less than proxies' patience.
const ALIVE: Duration = Duration::from_secs(25);

/// What happened last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum News {
    /// Nothing yet.
    #[default]
    None,
    /// The ledger holds so many dispatches, so many more than before.
    Filed { held: i64, new: i64 },
    /// The desk stops.
    Stopping,
}

/// The channel to open pages.
#[derive(Debug, Default)]
pub(crate) struct Live {
    news: watch::Sender<News>,
}

impl Live {
    /// Ends all streams.
    pub(crate) fn stop(&self) {
        self.news.send_replace(News::Stopping);
    }

    fn stopped(&self) -> bool {
        *self.news.borrow() == News::Stopping
    }
}

/// Watches the file on a thread of its own until the desk stops.
pub(crate) fn watch_file(desk: Desk) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let path = desk.path().to_owned();
        // A file that cannot be read now (moved away, locked) is tried again: pages only miss the notice.
        while !desk.live().stopped() {
            let _ = follow(&desk, &path);
            std::thread::sleep(PAUSE);
        }
    })
}

fn follow(desk: &Desk, path: &Path) -> Result<(), LedgerError> {
    let ledger = Ledger::open_to_read(path)?;
    let (mut version, mut held) = (ledger.data_version()?, ledger.dispatches_held()?.0);
    while !desk.live().stopped() {
        std::thread::sleep(PAUSE);
        let now = ledger.data_version()?;
        if now == version {
            continue;
        }
        version = now;
        let count = ledger.dispatches_held()?.0;
        if count > held {
            let news = News::Filed { held: count, new: count - held };
            desk.live().news.send_if_modified(|last| {
                let going = *last != News::Stopping;
                if going {
                    *last = news;
                }
                going
            });
        }
        held = count;
    }
    Ok(())
}

/// `GET /events`.
pub(crate) async fn events(State(desk): State<Desk>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = WatchStream::from_changes(desk.live().news.subscribe());
    let events = changes.take_while(|news| *news != News::Stopping).filter_map(|news| match news {
        News::Filed { held, new } => {
            Some(Ok(Event::default().event("filed").data(format!("{{\"held\": {held}, \"new\": {new}}}"))))
        }
        News::None | News::Stopping => None,
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}
