//! The one entry point: which format, what the caller knows, what came out.

use jiff::civil::Date;
use record::Dispatch;

/// A format news comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Told apart by content.
    #[default]
    Auto,
    /// Plain text: one dispatch.
    Text,
    /// One JSON object a line.
    Jsonl,
}

/// What the caller knows about the input; it outranks what the input says of itself only where the input is silent,
/// except `published`, which a person gave.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// A name for the input in messages and for ids: the file's name, or `-`.
    pub name: String,
    /// Outlet, also the namespace of JSON Lines ids.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<Date>,
    /// Where it was published.
    pub url: Option<String>,
}

/// Why an input, or one item of it, is not a dispatch.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{place}: {problem}{}", hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct WireError {
    /// Which input, and where in it (`batch.jsonl, line 7`).
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Reads all dispatches of an input, one result an item, in order.
pub fn dispatches(bytes: &[u8], format: Format, given: &Given) -> impl Iterator<Item = Result<Dispatch, WireError>> {
    let _ = (bytes, format, given);
    std::iter::empty()
}
