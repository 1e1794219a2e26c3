//! Bytes of a news format → [`record::Dispatch`]es.
//!
//! Pure: no files, no clock, no network. [`items`] is the way in: a format's module (`source.rs` lists them) cuts the
//! bytes into items, each item's words are laid out (`layout`) and become a dispatch (`item`). [`dispatches`] is the same
//! without the originals.
//!
//! ```
//! use wire::{Format, Given, dispatches};
//! let text = b"AZAZ, Syria, 3 March (Harbour Courier) - Two people were killed on Monday, a monitor said.";
//! let dispatch = dispatches(text, Format::Auto, &Given::default()).next().unwrap().unwrap();
//! assert_eq!(dispatch.text.len(), text.len());
//! ```
//!
//! Limits: one input at most 64 MiB.

mod agency;
mod dateline;
mod decode;
pub mod feed;
mod html;
mod input;
mod item;
mod jsonl;
mod language;
mod layout;
mod published;
mod source;
mod tables;
mod text;
mod unpack;
mod warc;

pub use input::{Format, Given, Received, WireError, dispatches, items, told_apart};
pub use item::{Meta, Status};
pub use published::day;
pub use unpack::{Unpacked, unpacked, unpacked_stream};
pub use warc::{Counts, Page, Warc};
