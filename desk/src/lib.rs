//! The desk: web pages and HTTP API over one ledger. The one crate that serves HTTP.
//!
//! A request takes one way: [`headers`] and the error pages wrap every answer, [`frame::Frame`] tells a page where and for
//! whom it is drawn, a handler in [`pages`] or [`api`] asks the ledger on a thread of its own ([`state::Desk::read`]), and a
//! template in `desk/templates/` draws what it learnt. Templates escape everything; no foreign HTML is ever shown.
//!
//! Everything the browser loads is embedded ([`assets`]); nothing comes from elsewhere and there is no build step. Every
//! page is complete without JavaScript: htmx and `desk.js` only spare reloads and add keys.
//!
//! ```no_run
//! # fn main() -> Result<(), desk::ServeError> {
//! let options = desk::Options { ledger: "ledger.db".into(), ..desk::Options::default() };
//! desk::serve(options, None, |address| println!("http://{address}/"))
//! # }
//! ```

#![allow(clippy::disallowed_methods)] // the desk asks the clock: decisions and logs are dated

pub mod api;
mod asked;
mod assets;
pub mod auth;
mod diff;
mod frame;
mod headers;
mod live;
mod log;
mod pages;
mod problem;
mod review;
mod serve;
mod state;
mod table;
mod told;

pub use serve::{Options, ServeError, router, serve};
pub use state::{Added, Adder, Desk, Given, Standing};
