//! One item of an input → a [`Dispatch`]: identity, what the metadata say, layout, dateline, language.
//!
//! **Identity.** A JSON line's `id` is the dispatch's id, else its URL; without either, `text:` and the first sixteen
//! hexadecimal digits of the text's SHA-256 (short enough to read, long enough that a million texts do not meet).
//!
//! **Day of publication.** The day a person gave (`Given::published`) outranks the source's own; where the metadata are
//! silent, a line of the page that gives it ("Published July 3, 2016") counts as the source's own. A day of the source that
//! cannot be read leaves a note and no day, because a wrong date must not keep the words from being read.

use std::fmt::Write as _;

use record::{Dispatch, PublishedBasis};
use sha2::{Digest, Sha256};

use crate::input::Given;
use crate::{language, layout, published};

/// What an input says of one item.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// SHA-256 of the original bytes, in hexadecimal.
    pub sha256: String,
    /// The canonical text.
    pub text: String,
    /// The source's own id.
    pub id: Option<String>,
    /// The title, as metadata.
    pub title: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// What to tell about the input.
    pub notes: Vec<String>,
}

impl Item {
    /// A whole input that is one text.
    pub fn of_text(bytes: &[u8], text: String) -> Item {
        Item { sha256: sha256(bytes), text, ..Item::default() }
    }

    /// The dispatch.
    pub fn dispatch(self, given: &Given) -> Dispatch {
        let mut notes = self.notes;
        let (mut published, mut basis) = (given.published, given.published.map(|_| PublishedBasis::Given));
        if let (None, Some(written)) = (published, &self.published) {
            published = published::day(written);
            basis = published.map(|_| PublishedBasis::Metadata);
            if published.is_none() {
                notes.push(format!("the day of publication given by the source cannot be read: {written:?}"));
            }
        }
        let page = layout::lay_out(&self.text, self.title.as_deref());
        if let (None, None, Some(day)) = (published, &self.published, page.published) {
            (published, basis) = (Some(day), Some(PublishedBasis::Metadata));
        }
        let url = self.url.or_else(|| given.url.clone());
        let id = self.id.or_else(|| url.clone()).unwrap_or_else(|| text_id(&self.text));
        Dispatch {
            id,
            outlet: self.outlet.or_else(|| given.outlet.clone()),
            agency: page.agency,
            url,
            headline: page.headline,
            dek: page.dek,
            language: language::language(&self.text).map(str::to_owned),
            sha256: self.sha256,
            dateline: page.dateline,
            published,
            published_basis: basis,
            sections: page.sections,
            layout: page.blocks,
            text: self.text,
            notes,
        }
    }
}

/// The id of a text without id or URL.
fn text_id(text: &str) -> String {
    let mut id = sha256(text.as_bytes());
    id.truncate(16);
    id.insert_str(0, "text:");
    id
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
