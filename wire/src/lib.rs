//! Bytes of a news format → [`record::Dispatch`]es.
//!
//! Pure: no files, no clock, no network. [`dispatches`] is the way in: bytes are decoded ([`decode`]), cut into items
//! ([`jsonl`], or the whole text), and each item's text is laid out ([`layout`]) and becomes a dispatch ([`item`]).
//!
//! ```
//! use wire::{Format, Given, dispatches};
//! let text = b"AZAZ, Syria, 3 March (Harbour Courier) - Two people were killed on Monday, a monitor said.";
//! let dispatch = dispatches(text, Format::Auto, &Given::default()).next().unwrap().unwrap();
//! assert_eq!(dispatch.text.len(), text.len());
//! ```
//!
//! Limits: plain text and JSON Lines only; one input at most 64 MiB; HTML, feeds and the agencies' XML get an error that
//! says so.

mod dateline;
mod decode;
mod input;
mod item;
mod jsonl;
mod language;
mod layout;
mod published;
mod tables;

pub use input::{Format, Given, WireError, dispatches};
