//! E-mail messages and mailboxes: the subject is the headline, the sender the outlet, the first text the body.
//!
//! Attachments are left out with a note. Of a text and its HTML twin the plain text is read.

use std::borrow::Cow;
use std::sync::OnceLock;

use mail_parser::{MessageParser, MimeHeaders};

use super::{Story, body};
use crate::input::WireError;
use crate::item::Item;
use crate::tables;

/// Whether an input begins as messages do: with header fields, one of which says whence or whither.
pub fn claims(bytes: &[u8]) -> bool {
    static FIELDS: OnceLock<Vec<&str>> = OnceLock::new();
    let fields = FIELDS.get_or_init(|| tables::lines(include_str!("../../../data/wire/mail_headers.txt")));
    let bytes = trimmed(bytes);
    if bytes.starts_with(b"From ") && bytes.contains(&b'@') {
        let rest = bytes.iter().position(|&b| b == b'\n').and_then(|n| bytes.get(n + 1..)).unwrap_or_default();
        return !rest.starts_with(b"From ") && claims(rest);
    }
    let head = bytes.get(..bytes.len().min(8192)).unwrap_or_default();
    let mut known = 0;
    let mut whence = false;
    for line in head.split(|&b| b == b'\n').take(80) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|&b| b == b':') else { return false };
        let name = String::from_utf8_lossy(line.get(..colon).unwrap_or_default()).to_lowercase();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return false;
        }
        if fields.binary_search(&name.as_str()).is_ok() {
            known += 1;
            whence |= matches!(name.as_str(), "from" | "received" | "delivered-to" | "return-path" | "message-id");
        }
    }
    known >= 2 && whence
}

/// Without the empty lines before it.
fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii_start()
}

/// The messages of a mailbox, or the one there is.
pub fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let bytes = trimmed(bytes);
    if !bytes.starts_with(b"From ") {
        return vec![bytes];
    }
    let mut starts = vec![0];
    let mut at = 0;
    let mut blank = false;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if blank && line.starts_with(b"From ") {
            starts.push(at);
        }
        blank = line.trim_ascii().is_empty();
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let cut = |(start, end): (&usize, usize)| {
        let message = bytes.get(*start..end)?;
        let line = message.iter().position(|&b| b == b'\n')?;
        message.get(line + 1..)
    };
    starts.iter().zip(ends).filter_map(cut).collect()
}

/// The item of a message.
pub fn item<'a>(bytes: &'a [u8], place: &str) -> Result<Item<'a>, WireError> {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return Err(super::refusal(place, "is no e-mail message: it has no header"));
    };
    let sender = message.from().and_then(|a| a.first());
    let text = message.body_text(0).filter(|t| !t.trim().is_empty() && message.text_body_count() > 0);
    let plain = message.text_part(0).is_some_and(|p| p.is_text() && !p.is_text_html());
    let html = message.body_html(0).filter(|t| !t.trim().is_empty());
    let parts = match (text, html) {
        (Some(text), _) if plain => body::of_text(&text),
        (_, Some(html)) => body::of_html(&html),
        (Some(text), None) => body::of_text(&text),
        (None, None) => Vec::new(),
    };
    let mut story = Story {
        id: message.message_id().map(str::to_owned),
        headline: message.subject().map(str::to_owned),
        names: sender
            .into_iter()
            .flat_map(|s| [s.name().map(str::to_owned), s.address().map(str::to_owned)])
            .flatten()
            .collect(),
        published: message.date().map(|d| d.to_rfc3339()),
        language: message.content_language().as_text().map(str::to_owned),
        body: parts,
        ..Story::default()
    };
    let attached = message.attachment_count();
    if attached > 0 {
        let names: Vec<String> =
            message.attachments().take(8).filter_map(|a| a.attachment_name()).map(|n| format!("{n:?}")).collect();
        story.remarks.push(format!("{attached} attachments are not read: {}", names.join(", ")));
    }
    if let Some(subject) = &story.headline
        && super::advisory(subject).is_some_and(|a| a != super::Advisory::Update)
    {
        story.notes.push(subject.clone());
    }
    story.item(Cow::Borrowed(bytes), "message/rfc822", place)
}
