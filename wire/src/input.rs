//! The one entry point: which format, what the caller knows, what came out.

use std::borrow::Cow;

use jiff::civil::Date;
use record::Dispatch;

use crate::item::Meta;
use crate::source;

/// A format news comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// Told apart by content.
    #[default]
    Auto,
    /// Plain text: one dispatch.
    Text,
    /// A web page: one dispatch.
    Html,
    /// One JSON object a line.
    Jsonl,
    /// RSS, Atom or JSON Feed: a dispatch an entry.
    Feed,
    /// NewsML-G2 and NewsML 1.
    Newsml,
    /// NITF.
    Nitf,
    /// ninjs 1 to 3.
    Ninjs,
    /// IPTC 7901 and ANPA.
    Iptc7901,
    /// E-mail messages and mailboxes.
    Email,
    /// WARC and WACZ.
    Warc,
}

/// An item as it came out of an input.
#[derive(Debug, Clone)]
pub struct Received<'a> {
    /// What it says.
    pub dispatch: Dispatch,
    /// The item's own bytes: the JSON line, the feed entry, the record, the file.
    pub original: Cow<'a, [u8]>,
    /// What the original is, e.g. `text/html`.
    pub media_type: &'static str,
    /// What the item says of itself beside its words.
    pub meta: Meta,
    /// The name of the input it was in: of the innermost, where one was packed in another.
    pub source: String,
    /// In a WARC file, where its record begins.
    pub offset: Option<u64>,
}

impl Received<'_> {
    /// The same with bytes of its own.
    pub fn into_owned(self) -> Received<'static> {
        let Received { dispatch, original, media_type, meta, source, offset } = self;
        Received { dispatch, original: Cow::Owned(original.into_owned()), media_type, meta, source, offset }
    }
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
    /// The charset that the transport named, for web pages.
    pub charset: Option<String>,
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

/// Reads all items of an input, one result an item, in order. An item that is bad is an error of its own; the items after
/// it are read.
///
/// `Auto` asks each format whether the content is its own; what none claims is plain text.
pub fn items<'a>(
    bytes: &'a [u8],
    format: Format,
    given: &'a Given,
) -> impl Iterator<Item = Result<Received<'a>, WireError>> + 'a {
    let items = match source::source(bytes, format) {
        Some(source) => source.items(bytes, given),
        None => source::refused(WireError {
            place: given.name.clone(),
            problem: "is of a format that is not read by this version".to_owned(),
            hint: None,
        }),
    };
    items.map(|item| item.map(|item| item.received(given)))
}

/// The format that `Auto` takes an input for, by its content.
pub fn told_apart(bytes: &[u8]) -> Format {
    source::source(bytes, Format::Auto).map_or(Format::Text, |source| source.format())
}

/// Reads all dispatches of an input: [`items`] without the originals.
pub fn dispatches<'a>(
    bytes: &'a [u8],
    format: Format,
    given: &'a Given,
) -> impl Iterator<Item = Result<Dispatch, WireError>> + 'a {
    items(bytes, format, given).map(|item| item.map(|received| received.dispatch))
}
