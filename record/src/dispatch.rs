//! One article as received.

use std::ops::Range;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Span;

/// One article: what the outlet published and what is known about its publication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dispatch {
    /// Id within its namespace: the source's own id, else the URL, else the text's hash.
    pub id: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The news agency that wrote it, from the dateline or the metadata.
    pub agency: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The headline.
    pub headline: Option<String>,
    /// The sentence under the headline.
    pub dek: Option<String>,
    /// ISO 639-1 code of the text's language, where it could be told.
    pub language: Option<String>,
    /// SHA-256 of the original bytes, in hexadecimal.
    pub sha256: String,
    /// The opening "WASHINGTON, September 29. /TASS/.".
    pub dateline: Option<Dateline>,
    /// Day of publication.
    pub published: Option<Date>,
    /// Where `published` comes from.
    pub published_basis: Option<PublishedBasis>,
    /// What the source's own fields say of the item beside its words, where its format has such fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editorial: Option<Editorial>,
    /// The body, by section heading.
    pub sections: Vec<Section>,
    /// The canonical text: every span of the record indexes it.
    pub text: String,
    /// The parts of the text in order, for the reader. Not part of the JSON: `sections` is its public face.
    #[serde(skip)]
    pub layout: Vec<Block>,
    /// What the wire step wants to say about the input ("decoded as windows-1252"). Not part of the dispatch's JSON: the
    /// reader puts them among the record's notes.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// What an agency says of its item in fields of its own: how it is filed, which version it is, whether it may be used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Editorial {
    /// The words the item is filed under: `SYRIA-CRISIS/ALEPPO`.
    pub slugline: Option<String>,
    /// The source's own version, as written: `3`, `1st Ld-Writethru`.
    pub version: Option<String>,
    /// Whether the item may be used.
    #[serde(default)]
    pub status: PubStatus,
    /// Not to be published before, as written.
    pub embargo: Option<String>,
    /// Whether the source calls it a correction of what it sent before.
    #[serde(default)]
    pub correction: bool,
    /// The note to editors.
    pub note: Option<String>,
}

/// Whether an item may be used, by its source's word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PubStatus {
    /// It may.
    #[default]
    Usable,
    /// Held back until the source says more.
    Withheld,
    /// Taken back: it must not be used, nor what was sent of it before.
    Killed,
}

/// The opening that says where and when a dispatch was filed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dateline {
    /// The words, e.g. `WASHINGTON, September 29. /TASS/.`.
    pub span: Span,
    /// The place as written, first one where there are several.
    pub place: Option<String>,
    /// The day, once its year is known.
    pub date: Option<Date>,
    /// The agency named.
    pub agency: Option<String>,
    /// The day as written, perhaps without a year. Kept for the reader, which settles the year.
    #[serde(skip)]
    pub written: Option<PartialDate>,
}

/// A month and day, with the year where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    /// Year, if written.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31, valid for the month in a leap year.
    pub day: i8,
}

/// Where a dispatch's publication day comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublishedBasis {
    /// The source's own metadata.
    Metadata,
    /// The person who read it in said so (`--published`).
    Given,
    /// The dateline gives day, month and year.
    Dateline,
    /// The dateline gives day and month; weekdays and offices held gave the year.
    Inferred,
}

/// A stretch of the body under one heading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// The heading, if there is one.
    pub heading: Option<Span>,
    /// Its paragraphs.
    pub paragraphs: Vec<Span>,
}

/// A part of the text, in bytes: what the wire step tells the reading step about the page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Byte range of the text, without surrounding white space.
    pub bytes: Range<usize>,
}

/// The kinds of [`Block`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Site furniture: navigation, "Follow us", share buttons.
    Furniture,
    /// The headline.
    Headline,
    /// The sentence under the headline.
    Dek,
    /// "By …".
    Byline,
    /// The dateline, where it opens a paragraph (the paragraph's own block begins behind it).
    Dateline,
    /// A section heading.
    Heading,
    /// Running text.
    Paragraph,
    /// A picture's caption.
    Caption,
}
