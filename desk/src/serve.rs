//! The routes in their layers, and the server around them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, DefaultBodyLimit};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use ledger::LedgerError;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::state::{Adder, Desk, Standing};
use crate::{api, assets, auth, headers, live, log, pages, problem, review};

/// How the desk is served.
#[derive(Debug, Clone)]
pub struct Options {
    /// The ledger's file.
    pub ledger: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The path it is served under: empty, or `/name`.
    pub base: String,
    /// A trusted reverse proxy stands before it.
    pub behind_proxy: bool,
    /// One line to standard error for each request.
    pub log: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            ledger: "ledger.db".into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base: String::new(),
            behind_proxy: false,
            log: true,
        }
    }
}

/// Why the desk could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The ledger could not be opened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The address could not be listened at.
    #[error("{0}: cannot listen here ({1}; choose another with --listen)")]
    Listen(SocketAddr, std::io::Error),
    /// Others could reach a desk that knows no users.
    #[error(
        "{0}: others could reach the desk there, and the ledger {1} has no users (add one with `dateline users add NAME --ledger {1}`, or listen at 127.0.0.1)"
    )]
    NoUsers(SocketAddr, String),
    /// The server stopped.
    #[error("the desk stopped: {0}")]
    Stopped(std::io::Error),
}

/// The largest body of any request, in bytes.
const LARGEST: usize = 32 << 20;

/// How long an answer may take, the reading of the request's body included.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long the head of a request may take, and a connection stay open without one.
const HEAD: Duration = Duration::from_secs(30);

/// The most connections at a time; further ones wait.
const CONNECTIONS: usize = 500;

/// All routes in their layers. Outermost first: compression, headers, error pages, limits, who asks, where the request
/// comes from; then the handler.
pub fn router(desk: Desk) -> Router {
    patient(desk, PATIENCE)
}

fn patient(desk: Desk, patience: Duration) -> Router {
    let routes = Router::new()
        .merge(pages::routes())
        .merge(review::routes())
        .merge(auth::routes())
        .route("/events", get(live::events))
        .nest("/api/v1", api::routes())
        .route("/assets/{name}", get(assets::asset))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(desk.clone(), auth::identify))
        .layer(from_fn_with_state(desk.clone(), auth::note_address))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, patience))
        .layer(from_fn_with_state(desk.clone(), problem::dress))
        .layer(from_fn(headers::secure))
        // Most of a page is packed at the lightest level already, at a third of the time.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
    let base = desk.base().to_owned();
    let app = routes.with_state(desk);
    // As a service, the path answers with a slash at its end too: that is how pages link to the first one.
    if base.is_empty() { app } else { Router::new().nest_service(&base, app) }
}

/// Serves until Ctrl-C or a termination signal; answers under way are finished. `ready` is told the address, which is of
/// interest where port 0 was asked for.
pub fn serve(options: Options, adder: Option<Adder>, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let open_to_others = !options.listen.ip().is_loopback();
    let standing = Standing { behind_proxy: options.behind_proxy, open_to_others };
    let desk = Desk::standing(&options.ledger, &options.base, adder, standing)?;
    if open_to_others && !ledger::Ledger::open_to_read(&options.ledger)?.has_users()? {
        return Err(ServeError::NoUsers(options.listen, options.ledger.display().to_string()));
    }
    let watcher = live::watch_file(desk.clone());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Stopped)?;
    runtime.block_on(async {
        let told = |e| ServeError::Listen(options.listen, e);
        let listener = TcpListener::bind(options.listen).await.map_err(told)?;
        ready(listener.local_addr().map_err(told)?);
        let mut app = router(desk.clone());
        if options.log {
            app = app.layer(from_fn_with_state(desk.clone(), log::line));
        }
        let stopping = desk.clone();
        let stop = async move {
            stop().await;
            stopping.live().stop();
        };
        answer(listener, app, HEAD, stop).await;
        Ok::<(), ServeError>(())
    })?;
    // It looks at the flag once a second.
    let _ = watcher.join();
    Ok(())
}

/// Answers connections until told to stop, and finishes the answers under way. A client that takes longer than `head`
/// for the head of a request is hung up on, so that slow ones cannot hold all connections.
async fn answer(listener: TcpListener, app: Router, head: Duration, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (closing, _) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let Ok((stream, from)) = accepted else {
            // The client is gone already, or the system has no more files to open: the next one may have better luck.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // The whole app as one service, told who asks.
        let app = Router::new().fallback_service(app.clone()).layer(Extension(ConnectInfo(from)));
        let mut closed = closing.subscribe();
        tokio::spawn(async move {
            // HTTP/1 alone: with a choice of versions a silent client is waited for without end.
            let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
            builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
            let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app)));
            let mut ending = false;
            loop {
                tokio::select! {
                    // A connection that breaks off is the client's affair.
                    _ = connection.as_mut() => break,
                    _ = closed.changed(), if !ending => {
                        ending = true;
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    closing.send_replace(true);
    // All places are free when all connections have ended.
    let _ = places.acquire_many(CONNECTIONS as u32).await;
}

/// Waits for Ctrl-C or a termination signal.
async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use axum::body::Body;
    use axum::http::{Request, header};
    use tokio::sync::oneshot;
    use tower::ServiceExt;

    use super::*;

    const SOON: Duration = Duration::from_millis(60);

    fn desk(folder: &tempfile::TempDir) -> Desk {
        Desk::new(&folder.path().join("ledger.db"), "", None).unwrap()
    }

    /// A desk that listens, and the end of what stops it.
    async fn listening(app: Router, head: Duration) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let told = async move {
            let _ = stopped.await;
        };
        (address, stop, tokio::spawn(answer(listener, app, head, told)))
    }

    async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
        tokio::task::spawn_blocking(work).await.unwrap()
    }

    /// A connection over which this was said.
    async fn say(address: SocketAddr, words: String) -> TcpStream {
        apart(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            // A refusal may come before all is sent.
            let _ = stream.write_all(words.as_bytes());
            stream
        })
        .await
    }

    /// All that comes back until the other side hangs up.
    async fn heard(mut stream: TcpStream) -> String {
        apart(move || {
            let mut said = Vec::new();
            let _ = stream.read_to_end(&mut said);
            String::from_utf8_lossy(&said).into_owned()
        })
        .await
    }

    fn ask(path: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_hung_up_on_and_others_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        let (address, stop, done) = listening(router(desk(&folder)), SOON).await;
        let slow = say(address, "GET / HTTP/1.1\r\nHost: local".to_owned()).await;
        let idle = say(address, String::new()).await;
        let quick = say(address, ask("/help")).await;
        assert!(heard(quick).await.starts_with("HTTP/1.1 200"));
        // Without the limit these would wait for ever.
        assert!(!heard(slow).await.contains("200 OK"));
        assert!(!heard(idle).await.contains("200 OK"));
        stop.send(()).unwrap();
        done.await.unwrap();
    }

    #[tokio::test]
    async fn a_head_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (address, _stop, _) = listening(router(desk(&folder)), HEAD).await;
        let head = format!("GET /help HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "x".repeat(1 << 20));
        assert!(!heard(say(address, head).await).await.contains("200 OK"));
        let path = format!("/help?{}", "x".repeat(1 << 20));
        assert!(!heard(say(address, ask(&path)).await).await.contains("200 OK"));
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let app = patient(desk(&folder), SOON);
        let never = tokio_stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let request = Request::post("/api/v1/dispatches")
            .header(header::HOST, "localhost")
            .header("sec-fetch-site", "none")
            .body(Body::from_stream(never))
            .unwrap();
        let answer = app.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn stopping_waits_for_the_answer_under_way_and_ends_open_streams() {
        let folder = tempfile::tempdir().unwrap();
        let desk = desk(&folder);
        let (entered, mut inside) = tokio::sync::mpsc::channel::<()>(1);
        let (go_on, waits) = watch::channel(false);
        let slow = get(move || {
            let (entered, mut waits) = (entered.clone(), waits.clone());
            async move {
                entered.send(()).await.unwrap();
                waits.wait_for(|go| *go).await.unwrap();
                "whole"
            }
        });
        let (address, stop, done) = listening(router(desk.clone()).route("/slow", slow), HEAD).await;
        let open = say(address, ask("/events")).await;
        let open = apart(move || {
            let (mut open, mut first) = (open, [0; 15]);
            open.read_exact(&mut first).unwrap();
            assert_eq!(&first, b"HTTP/1.1 200 OK");
            open
        })
        .await;
        let client = say(address, ask("/slow")).await;
        inside.recv().await.unwrap();
        stop.send(()).unwrap();
        desk.live().stop();
        heard(open).await;
        go_on.send(true).unwrap();
        assert!(heard(client).await.ends_with("whole"));
        done.await.unwrap();
        assert!(apart(move || TcpStream::connect(address)).await.is_err(), "nobody listens any more");
    }
}
