//! The one entry point: which format, what the caller knows, what came out.

use jiff::civil::Date;
use record::Dispatch;

use crate::decode::{Decoded, decode};
use crate::item::Item;
use crate::jsonl;

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
    /// Whether a JSON Lines item without a word in it is taken too: not a dispatch, but a text that can be parsed.
    pub blank: bool,
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

/// Reads all dispatches of an input, one result an item, in order. An item that is bad is an error of its own; the
/// items after it are read.
///
/// Text: one dispatch, its canonical text the decoded input unchanged. JSON Lines: one dispatch a line. `Auto` takes an
/// input that begins with a JSON object for JSON Lines and everything else for text.
pub fn dispatches<'a>(
    bytes: &'a [u8],
    format: Format,
    given: &'a Given,
) -> impl Iterator<Item = Result<Dispatch, WireError>> + 'a {
    let items: Box<dyn Iterator<Item = _>> = match decode(bytes, &given.name) {
        Err(error) => Box::new(std::iter::once(Err(error))),
        Ok(Decoded { text, note }) => match format {
            Format::Auto if jsonl::looks_like(&text) => Box::new(jsonl::items(text, given)),
            Format::Jsonl => Box::new(jsonl::items(text, given)),
            Format::Auto | Format::Text => {
                let mut item = Item::of_text(bytes, text.into_owned());
                item.notes.extend(note);
                Box::new(std::iter::once(Ok(item.dispatch(given))))
            }
        },
    };
    items
}
