//! The routes in their layers, and the server around them.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use ledger::LedgerError;
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

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// All routes in their layers. Outermost first: compression, headers, error pages, limits, who asks, where the request
/// comes from; then the handler.
pub fn router(desk: Desk) -> Router {
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
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn_with_state(desk.clone(), problem::dress))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new());
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
        let listener = tokio::net::TcpListener::bind(options.listen).await.map_err(told)?;
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
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, app).with_graceful_shutdown(stop).await.map_err(ServeError::Stopped)
    })?;
    // It looks at the flag once a second.
    let _ = watcher.join();
    Ok(())
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
