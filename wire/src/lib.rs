//! Bytes of a news format → [`record::Dispatch`]es.
//!
//! Pure: no files, no clock, no network. Every function takes bytes and says what it made of them.

mod input;

pub use input::{Format, Given, WireError, dispatches};
