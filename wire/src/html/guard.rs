//! Markup made safe for parsers: bounded depth and number of tags, all words kept.
//!
//! A page may nest a hundred thousand elements, or open a thousand fonts before as many paragraphs, each of which reopens
//! them all: parsers then overflow the stack or fill the memory. One pass over the tags keeps a count of what is open and
//! leaves out the tags beyond the bounds, with the tags that would have closed them. The same for what a parser compares each
//! with each: the attributes of a tag, and those of every further `<body>` with the first one's. Pages within the bounds,
//! which all real ones are, stay as they are.

use std::borrow::Cow;

/// Elements open at once. Real pages stay under 60; the time of what follows grows with depth.
const DEPTH: usize = 80;
/// Formatting elements open at once: each paragraph reopens those that were left open.
const FORMATTING: usize = 10;
/// Tags of a page; words beyond are kept.
const TAGS: usize = 50_000;
/// The sum over a page's tags of how deep they lie, [`FLAT`] added: scoring an element looks at what it lies in.
const WEIGHT: usize = 2_000_000;
/// What a tag weighs that lies in nothing.
const FLAT: usize = 20;
/// Attributes of a tag: each is compared with those before it. A tag with more loses them all.
const ATTRIBUTES: usize = 200;
/// Tags of `<html>` and `<body>`: each one's attributes are compared with the first one's.
const ROOTS: usize = 8;

/// The same page within the bounds.
pub fn bounded(page: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut copied = 0;
    let (mut depth, mut formatting, mut tags) = (0usize, 0usize, 0usize);
    let (mut left_out, mut formatting_left_out) = (0usize, 0usize);
    let mut weight = 0usize;
    let (mut roots, mut foreign, mut drawing) = (0usize, 0usize, false);
    let bytes = page.as_bytes();
    let mut at = 0;
    while let Some(found) = position(bytes, at, b'<') {
        let start = found;
        let tag = match Markup::at(bytes, start) {
            Markup::Tag(tag) => tag,
            Markup::Other(end) => {
                at = end;
                continue;
            }
            // A tag or comment without an end: a parser reads it to the page's end, and nothing comes of it.
            Markup::Endless => {
                let out = out.get_or_insert_with(|| String::with_capacity(page.len()));
                out.push_str(page.get(copied..start).unwrap_or_default());
                copied = page.len();
                break;
            }
        };
        at = tag.end;
        tags += 1;
        weight += FLAT + depth;
        let formats = is_formatting(tag.name);
        let root = !tag.closes && (eq(tag.name, b"html") || eq(tag.name, b"body"));
        roots += usize::from(root);
        if eq(tag.name, b"svg") || eq(tag.name, b"math") {
            foreign = if tag.closes { foreign.saturating_sub(1) } else { foreign + 1 };
            drawing = !tag.closes && eq(tag.name, b"svg");
        } else if !tag.closes && !is_shape(tag.name) && !is_label(bytes, &tag) {
            drawing = false;
        }
        let keep = if tags > TAGS || weight > WEIGHT || (root && roots > ROOTS) {
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
        } else if tag.closed && (drawing || tag.name.contains(&b':')) {
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
        if !keep || tag.attributes > ATTRIBUTES {
            let out = out.get_or_insert_with(|| String::with_capacity(page.len()));
            out.push_str(page.get(copied..start).unwrap_or_default());
            // One space stands for a run of tags.
            if !out.ends_with(' ') {
                out.push(' ');
            }
            if keep {
                out.push_str(page.get(start..tag.name_end).unwrap_or_default());
                out.push('>');
            }
            copied = tag.end;
        }
        // What is written in scripts and titles is no tag; in a drawing, it is.
        if !tag.closes && foreign == 0 && is_raw(tag.name) {
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
    name_end: usize,
    closes: bool,
    /// `<path/>`
    closed: bool,
    attributes: usize,
    end: usize,
}

/// What begins with a `<`, as a parser's first stage takes it.
enum Markup<'b> {
    Tag(Tag<'b>),
    /// Words or a comment up to here.
    Other(usize),
    /// A tag or comment that the page ends in.
    Endless,
}

impl<'b> Markup<'b> {
    fn at(bytes: &'b [u8], start: usize) -> Markup<'b> {
        let rest = bytes.get(start..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            if comment.starts_with(b">") {
                return Markup::Other(start + 5);
            }
            if comment.starts_with(b"->") {
                return Markup::Other(start + 6);
            }
            let end = comment.windows(3).position(|w| w == b"-->" || w == b"--!");
            return end.map_or(Markup::Endless, |end| Markup::Other(start + 4 + end + 3));
        }
        let closes = rest.get(1) == Some(&b'/');
        let from = start + 1 + usize::from(closes);
        match bytes.get(from) {
            Some(b) if b.is_ascii_alphabetic() => Tag::at(bytes, from, closes).map_or(Markup::Endless, Markup::Tag),
            // `<!doctype …>`, `<?xml …>` and `</ …>` are comments of a kind.
            Some(b'!' | b'?') => position(bytes, from, b'>').map_or(Markup::Endless, |end| Markup::Other(end + 1)),
            Some(_) if closes => position(bytes, from, b'>').map_or(Markup::Endless, |end| Markup::Other(end + 1)),
            _ => Markup::Other(start + 1),
        }
    }
}

impl<'b> Tag<'b> {
    /// The tag whose name begins at `from`; none where the page ends in it. A `>` in a quoted value ends no tag.
    fn at(bytes: &'b [u8], from: usize, closes: bool) -> Option<Tag<'b>> {
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
        let name_end = from + bytes.get(from..)?.iter().position(ends_name)?;
        let name = bytes.get(from..name_end)?;
        let (mut attributes, mut at, mut slash) = (0, name_end, false);
        loop {
            match *bytes.get(at)? {
                b'>' => return Some(Tag { name, name_end, closes, closed: slash, attributes, end: at + 1 }),
                b'/' => (slash, at) = (true, at + 1),
                b if b.is_ascii_whitespace() => at += 1,
                _ => {
                    attributes += 1;
                    slash = false;
                    at = after_attribute(bytes, at)?;
                }
            }
        }
    }
}

/// Where an attribute that begins at `at` ends; none where the page ends in it.
fn after_attribute(bytes: &[u8], mut at: usize) -> Option<usize> {
    let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'=');
    let spaces = |at: usize| Some(at + bytes.get(at..)?.iter().position(|b| !b.is_ascii_whitespace())?);
    // A name may begin with the sign.
    at += 1;
    at += bytes.get(at..)?.iter().position(ends_name)?;
    let sign = spaces(at)?;
    if bytes.get(sign) != Some(&b'=') {
        return Some(at);
    }
    at = spaces(sign + 1)?;
    match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => position(bytes, at + 1, quote).map(|end| end + 1),
        _ => Some(at + bytes.get(at..)?.iter().position(|b| b.is_ascii_whitespace() || *b == b'>')?),
    }
}

fn position(bytes: &[u8], from: usize, sign: u8) -> Option<usize> {
    Some(from + bytes.get(from..)?.iter().position(|&b| b == sign)?)
}

/// Where the words of a script, style or title end.
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

/// Elements whose words are no markup.
fn is_raw(name: &[u8]) -> bool {
    let raw: &[&[u8]] =
        &[b"script", b"style", b"title", b"textarea", b"iframe", b"xmp", b"noembed", b"noframes", b"plaintext"];
    raw.iter().any(|r| eq(name, r))
}

/// Whether a tag begins a title of words alone, as drawings have them.
fn is_label(bytes: &[u8], tag: &Tag<'_>) -> bool {
    if !eq(tag.name, b"title") {
        return false;
    }
    let end = b"</title>";
    let after = position(bytes, tag.end, b'<').and_then(|at| bytes.get(at..at + end.len()));
    after.is_some_and(|after| eq(after, end))
}

/// Elements of drawings that hold no HTML, so that `/>` does close them while nothing else is met.
fn is_shape(name: &[u8]) -> bool {
    let shapes: &[&[u8]] = &[
        b"circle",
        b"clippath",
        b"defs",
        b"ellipse",
        b"g",
        b"line",
        b"lineargradient",
        b"mask",
        b"path",
        b"polygon",
        b"polyline",
        b"radialgradient",
        b"rect",
        b"stop",
        b"symbol",
        b"use",
    ];
    shapes.iter().any(|s| eq(name, s))
}
