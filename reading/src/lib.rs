//! Dispatch + Analysis + Atlas → Record.
//!
//! [`Reader`] is the one entry point. It analyses the dispatch block by block, then runs the steps below, each a
//! function of the [`Page`] and of what the earlier steps found:
//!
//! | step | finds |
//! |---|---|
//! | [`quotes`] | what stands between quotation marks |
//! | [`times`] | dates, times, durations, resolved against the day of publication |
//! | [`mod@places`] | names of places, resolved by the atlas |
//! | [`actors`] | persons, bodies, groups, and who "he" and "the ministry" are |
//! | [`quantities`] | counts with bounds, qualifier, noun, denominator and measure |
//! | [`statements`] | source, cue, content |
//! | [`incidents`] | acts of violence with roles, figures and responsibility |
//! | [`accords`] | agreements and what is said of their state |
//! | [`about`] | which incidents and accords a statement speaks of |
//! | [`checks`] | arithmetic and calendar |
//! | [`unread`] | the completeness account |
//!
//! Reading does no I/O, asks no clock, never fails and never panics: it returns what it found.

mod about;
mod accords;
mod actors;
mod checks;
mod explain;
mod incidents;
mod lexicon;
mod numbers;
mod page;
mod places;
mod quantities;
mod quotes;
mod reader;
mod statements;
mod times;
mod trace;
mod unread;

pub use explain::{Entry, Explanation, Node, Reason, Sentence};
pub use page::{Page, PageBlock};
pub use places::{PlaceName, read as places, read_at as places_at};
pub use reader::Reader;
