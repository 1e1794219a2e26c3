//! Markup made safe for parsers: bounded depth and number of tags, all words kept.
//!
//! A page may nest a hundred thousand elements, or open a thousand fonts before as many paragraphs, each of which reopens
//! them all: parsers then overflow the stack or fill the memory. One pass over the tags keeps a count of what is open and
//! leaves out the tags beyond the bounds, with the tags that would have closed them. Pages within the bounds, which all
//! real ones are, stay as they are.

use std::borrow::Cow;

/// Elements open at once. Real pages stay under 60; the time of what follows grows with depth.
const DEPTH: usize = 80;
/// Formatting elements open at once: each paragraph reopens those that were left open.
const FORMATTING: usize = 10;
/// Tags of a page; words beyond are kept.
const TAGS: usize = 50_000;

/// The same page within the bounds.
pub fn bounded(page: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let (mut depth, mut formatting, mut tags) = (0usize, 0usize, 0usize);
    let (mut left_out, mut formatting_left_out) = (0usize, 0usize);
    let bytes = page.as_bytes();
    // Behind the last `>` there are no whole tags; looking for one from each `<` there would not be linear.
    let last = bytes.iter().rposition(|&b| b == b'>').unwrap_or(0);
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'<')) {
        let start = at + found;
        if start > last {
            break;
        }
        let Some(tag) = Tag::at(bytes, start) else {
            at = start + 1;
            continue;
        };
        at = tag.end;
        tags += 1;
        let formats = is_formatting(tag.name);
        let keep = if tags > TAGS {
            false
        } else if is_void(tag.name) {
            true
        } else if tag.closes {
            if left_out > 0 {
                left_out -= 1;
                false
            } else if formats && formatting_left_out > 0 {
                formatting_left_out -= 1;
                false
            } else {
                depth = depth.saturating_sub(1);
                formatting = formatting.saturating_sub(usize::from(formats));
                true
            }
        } else if tag.closed {
            true
        } else if depth >= DEPTH {
            left_out += 1;
            false
        } else if formats && formatting >= FORMATTING {
            formatting_left_out += 1;
            false
        } else {
            depth += 1;
            formatting += usize::from(formats);
            true
        };
        if !keep {
            let out = out.get_or_insert_with(|| String::with_capacity(page.len()));
            out.push_str(page.get(copied..start).unwrap_or_default());
            out.push(' ');
            copied = tag.end;
        }
        // The words of scripts are no tags.
        if !tag.closes && (eq(tag.name, b"script") || eq(tag.name, b"style")) {
            at = end_of_raw(bytes, tag.end, tag.name);
        }
    }
    match out {
        None => Cow::Borrowed(page),
        Some(mut out) => {
            out.push_str(page.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    }
}

struct Tag<'b> {
    name: &'b [u8],
    closes: bool,
    /// `<br/>`
    closed: bool,
    end: usize,
}

impl<'b> Tag<'b> {
    fn at(bytes: &'b [u8], start: usize) -> Option<Tag<'b>> {
        let closes = bytes.get(start + 1) == Some(&b'/');
        let from = start + 1 + usize::from(closes);
        if !bytes.get(from)?.is_ascii_alphabetic() {
            return None;
        }
        let rest = bytes.get(from..)?;
        let name = rest.get(..rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-:".contains(b)))?)?;
        let end = from + name.len() + rest.get(name.len()..)?.iter().position(|&b| b == b'>')? + 1;
        let closed = bytes.get(end.checked_sub(2)?) == Some(&b'/') && name.contains(&b':');
        Some(Tag { name, closes, closed, end })
    }
}

/// Where the words of a script or style end.
fn end_of_raw(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == b'<')) {
        at += found;
        let close = bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| eq(n, name));
        if bytes.get(at + 1) == Some(&b'/') && close {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

fn eq(a: &[u8], b: &[u8]) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Elements that never hold others.
fn is_void(name: &[u8]) -> bool {
    let voids: &[&[u8]] = &[
        b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source",
        b"track", b"wbr", // Closed by the next of their kind, so that they do not nest.
        b"p", b"li", b"dd", b"dt", b"option", b"tr", b"td", b"th", b"html", b"head", b"body",
    ];
    voids.iter().any(|v| eq(name, v))
}

/// Elements that the parser opens again in each paragraph until they are closed.
fn is_formatting(name: &[u8]) -> bool {
    let formats: &[&[u8]] = &[
        b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt", b"u",
    ];
    formats.iter().any(|f| eq(name, f))
}
