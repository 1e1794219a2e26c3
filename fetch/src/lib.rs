//! URLs and feeds → bytes, politely and safely. The one crate that speaks HTTP as a client.
//!
//! [`Client::get`] fetches one address: `http` and `https` alone, public addresses alone (see [`address`]), redirects
//! followed by hand with each hop checked anew, everything bounded in time and size. [`robots`] says whether a page may be
//! fetched, [`pace`] when the next request to a host is due. Nothing here sleeps or keeps a clock: whoever calls says what
//! time it is and waits as told.
//!
//! ```no_run
//! let client = fetch::Client::new(fetch::Policy::default());
//! let answer = client.get(&fetch::Request::new("https://example.org/feed"), jiff::Timestamp::UNIX_EPOCH)?;
//! println!("{} {} bytes", answer.status, answer.body.len());
//! # Ok::<(), fetch::FetchError>(())
//! ```

pub mod address;
mod client;
pub mod pace;
mod retry;
pub mod robots;

pub use client::{Answer, Client, FetchError, Policy, Request, USER_AGENT};
pub use retry::retry_after;
