//! One item of an input → a [`Dispatch`]: identity, what the metadata say, layout, dateline, language.
//!
//! **Identity.** A JSON line's `id` is the dispatch's id, else its URL; without either, `text:` and the first sixteen
//! hexadecimal digits of the text's SHA-256 (short enough to read, long enough that a million texts do not meet).
//!
//! **Day of publication.** The day a person gave (`Given::published`) outranks the source's own; where the metadata are
//! silent, a line of the page that gives it ("Published July 3, 2016") counts as the source's own. A day of the source that
//! cannot be read leaves a note and no day, because a wrong date must not keep the words from being read.

use std::borrow::Cow;
use std::fmt::Write as _;

use record::{BlockKind, Dispatch, Editorial, PartialDate, PubStatus, PublishedBasis};
use sha2::{Digest, Sha256};

use crate::input::{Given, Received};
use crate::{language, layout, published};

/// A part of an item whose kind its markup tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: BlockKind,
    /// Its words; line breaks inside are kept.
    pub text: String,
}

impl Part {
    /// A part.
    pub fn new(kind: BlockKind, text: impl Into<String>) -> Part {
        Part { kind, text: text.into() }
    }
}

/// The words of an item.
#[derive(Debug, Clone)]
pub enum Body {
    /// The canonical text as it is; its parts are told by their look.
    Text(String),
    /// Parts whose kinds are known. The canonical text is the parts, an empty line between each two.
    Parts(Vec<Part>),
}

/// Whether an item may be used, as its sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// It may be used.
    #[default]
    Usable,
    /// Held back for now.
    Withheld,
    /// Killed: earlier versions are marked, nothing is deleted.
    Killed,
}

/// What an item says of itself beside its words. All dates as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meta {
    /// When it was published, with time and zone where given.
    pub published: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The slugline ("SYRIA-TRUCE/").
    pub slugline: Option<String>,
    /// The version or revision number.
    pub version: Option<String>,
    /// Whether it may be used.
    pub status: Status,
    /// Not to be used before this moment.
    pub embargo: Option<String>,
    /// Whether the sender calls it a correction.
    pub correction: bool,
    /// The note to editors.
    pub note: Option<String>,
    /// The day and month it was sent, where the year is not told: it goes with a dateline that has no day.
    pub day: Option<PartialDate>,
    /// When it was fetched, where an archive says so.
    pub fetched: Option<String>,
    /// Whether its format has fields for slugline, version and status, as agencies' formats do.
    pub agency_fields: bool,
    /// The whole article, where the item carries less.
    pub link: Option<String>,
}

impl Meta {
    /// What the record keeps of it.
    fn editorial(&self) -> Option<Editorial> {
        let status = match self.status {
            Status::Usable => PubStatus::Usable,
            Status::Withheld => PubStatus::Withheld,
            Status::Killed => PubStatus::Killed,
        };
        self.agency_fields.then(|| Editorial {
            slugline: self.slugline.clone(),
            version: self.version.clone(),
            status,
            embargo: self.embargo.clone(),
            correction: self.correction,
            note: self.note.clone(),
        })
    }
}

/// What an input says of one item.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// The item's own bytes.
    pub original: Cow<'a, [u8]>,
    /// What they are.
    pub media_type: &'static str,
    /// Its words.
    pub body: Body,
    /// The source's own id.
    pub id: Option<String>,
    /// The title, as metadata.
    pub title: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The agency that wrote it.
    pub agency: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The language as the source gives it (`en`, `en-GB`); the words decide where they tell.
    pub language: Option<String>,
    /// What it says of itself.
    pub meta: Meta,
    /// What to tell about the input.
    pub notes: Vec<String>,
}

impl<'a> Item<'a> {
    /// An item of which only the words are known yet.
    pub fn new(original: Cow<'a, [u8]>, media_type: &'static str, body: Body) -> Item<'a> {
        Item {
            original,
            media_type,
            body,
            id: None,
            title: None,
            outlet: None,
            agency: None,
            url: None,
            language: None,
            meta: Meta::default(),
            notes: Vec::new(),
        }
    }

    /// The same item with bytes of its own.
    pub fn owned<'b>(self) -> Item<'b> {
        let Item { original, media_type, body, id, title, outlet, agency, url, language, meta, notes } = self;
        let original = Cow::Owned(original.into_owned());
        Item { original, media_type, body, id, title, outlet, agency, url, language, meta, notes }
    }

    /// The dispatch, with its original.
    pub fn received(self, given: &Given) -> Received<'a> {
        let mut notes = self.notes;
        let (mut published, mut basis) = (given.published, given.published.map(|_| PublishedBasis::Given));
        if let (None, Some(written)) = (published, &self.meta.published) {
            published = published::day(written);
            basis = published.map(|_| PublishedBasis::Metadata);
            if published.is_none() {
                notes.push(format!("the day of publication given by the source cannot be read: {written:?}"));
            }
        }
        let (text, page) = match self.body {
            Body::Text(text) => {
                let page = layout::lay_out(&text, self.title.as_deref());
                (text, page)
            }
            Body::Parts(parts) => layout::lay_out_parts(&parts, self.title.as_deref()),
        };
        if let (None, None, Some(day)) = (published, &self.meta.published, page.published) {
            (published, basis) = (Some(day), Some(PublishedBasis::Metadata));
        }
        let mut page = page;
        if let Some(line) = &mut page.dateline {
            line.written = line.written.or(self.meta.day);
        }
        if let Some(when) = &self.meta.fetched {
            notes.push(format!("fetched {when}"));
        }
        let url = self.url.or_else(|| given.url.clone());
        let id = self.id.or_else(|| url.clone()).unwrap_or_else(|| text_id(&text));
        let said = self.language.as_deref().and_then(language::code);
        // A field of the source knows better than a line of the text, but for the dateline.
        let printed = page.dateline.as_ref().and_then(|d| d.agency.clone());
        let agency = match self.meta.agency_fields {
            true => printed.or(self.agency).or(page.agency),
            false => page.agency.or(self.agency),
        };
        let dispatch = Dispatch {
            id,
            outlet: self.outlet.or_else(|| given.outlet.clone()),
            agency,
            url,
            headline: page.headline,
            dek: page.dek,
            language: language::language(&text).map(str::to_owned).or(said),
            sha256: sha256(&self.original),
            dateline: page.dateline,
            published,
            published_basis: basis,
            editorial: self.meta.editorial(),
            sections: page.sections,
            layout: page.blocks,
            text,
            notes,
        };
        Received {
            dispatch,
            original: self.original,
            media_type: self.media_type,
            meta: self.meta,
            source: given.name.clone(),
            offset: None,
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
