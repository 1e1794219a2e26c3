//! The formats, one module each behind one small trait.
//!
//! A new format is a unit struct that implements [`Source`] and stands in [`SOURCES`]; `CONTRIBUTING.md` has a template
//! to copy. Containers (archives, WARC) call [`crate::items`] on what they hold.

use crate::input::{Format, Given, WireError};
use crate::item::Item;

/// The items of an input, in order: a bad one is an error of its own and those after it follow.
pub(crate) type Items<'a> = Box<dyn Iterator<Item = Result<Item<'a>, WireError>> + 'a>;

/// A format news comes in.
pub(crate) trait Source: Sync {
    /// Its name.
    fn format(&self) -> Format;
    /// Whether an input is of this format, by its content alone.
    fn claims(&self, bytes: &[u8]) -> bool;
    /// Cuts the input into items. An input that is not of this format at all is one error.
    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a>;
}

/// All formats, in the order in which `auto` asks them; the last takes everything.
pub(crate) static SOURCES: &[&dyn Source] = &[
    // The agencies' formats stand before the general ones: they claim by more.
    &crate::unpack::Archive,
    &crate::agency::Teleprinter,
    // A JSON Feed is JSON too.
    &crate::feed::Feeds,
    &crate::agency::Ninjs,
    &crate::agency::Newsml,
    &crate::agency::Nitf,
    &crate::agency::Email,
    &crate::jsonl::Jsonl,
    &crate::html::Html,
    &crate::agency::Xml,
    &crate::text::Text,
];

/// The source for an input.
pub(crate) fn source(bytes: &[u8], format: Format) -> Option<&'static dyn Source> {
    SOURCES.iter().copied().find(|s| if format == Format::Auto { s.claims(bytes) } else { s.format() == format })
}

/// One error as a whole input's items.
pub(crate) fn refused<'a>(error: WireError) -> Items<'a> {
    Box::new(std::iter::once(Err(error)))
}

/// The head of an input for telling formats apart: at most the first 4 KiB as text, in lower case, without marks and
/// white space before it. UTF-16 is known by its mark.
pub(crate) fn head(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let text = match head {
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned(),
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        _ => String::from_utf8_lossy(head).into_owned(),
    };
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase()
}
