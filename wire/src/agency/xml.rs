//! An XML document as a tree of plain nodes, read without trust.
//!
//! Entities are never expanded from a document's own declarations (a few lines of them can stand for gigabytes): only the
//! characters that every XML or HTML reader knows, and what is not known stays as written. Nesting, nodes and attributes
//! are bounded. The encoding is that of the declaration, of a byte order mark, else UTF-8.
//!
//! An error names the line and the byte: `a.xml, line 12 (byte 340): …`.

use std::collections::HashMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::input::WireError;

/// How deep elements may nest.
const DEEPEST: usize = 200;
/// How many nodes a document may have.
const MOST_NODES: usize = 2_000_000;
/// How large a document may be, in bytes.
const MOST: usize = 64 << 20;

/// An element.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes, names without prefix; of two that differ in the prefix alone the one without it.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub children: Vec<Child>,
}

/// What is in an element.
#[derive(Debug, Clone)]
pub enum Child {
    /// An element.
    Node(Node),
    /// Text, entities resolved.
    Text(String),
}

impl Node {
    /// The value of an attribute that is not blank.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(n, _)| n == name)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// The elements in it.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// The elements of this name in it.
    pub fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.nodes().filter(move |n| n.name == name)
    }

    /// The first element at a path of names below it.
    pub fn at<'n>(&'n self, path: &[&str]) -> Option<&'n Node> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.nodes().filter(|n| n.name == *first).find_map(|n| n.at(rest))
    }

    /// The first element of this name anywhere in it, in the order of the document.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.walk().find(|n| n.name == name)
    }

    /// It and every element in it, in the order of the document.
    pub fn walk(&self) -> impl Iterator<Item = &Node> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            let below = stack.len();
            stack.extend(node.nodes());
            stack.get_mut(below..).unwrap_or_default().reverse();
            Some(node)
        })
    }

    /// All its text in one line, if there is any.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.collect(&mut text);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// All its text as it stands.
    pub fn raw_text(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        text
    }

    // Nesting is bounded by DEEPEST: recursion is safe.
    fn collect(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(t) => text.push_str(t),
                Child::Node(n) => {
                    text.push(' ');
                    n.collect(text);
                    text.push(' ');
                }
            }
        }
    }
}

/// The root element of a document called `name` in messages.
pub fn parse(bytes: &[u8], name: &str) -> Result<(Node, Option<String>), WireError> {
    let (text, note) = decode(bytes, name)?;
    let mut reader = Reader::from_str(&text);
    let mut entities = Entities::default();
    let mut open: Vec<Node> = vec![Node::default()];
    let mut nodes = 0usize;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|e| {
            let at = reader.error_position().max(at.min(reader.buffer_position()));
            error(&text, name, at, format!("is not well-formed XML: {e}"))
        })?;
        match event {
            Event::Start(start) => {
                nodes += 1;
                if open.len() > DEEPEST {
                    return Err(error(&text, name, at, format!("nests elements more than {DEEPEST} deep")));
                }
                open.push(element(&start, &mut entities).map_err(|e| error(&text, name, at, e))?);
            }
            Event::Empty(start) => {
                nodes += 1;
                let node = element(&start, &mut entities).map_err(|e| error(&text, name, at, e))?;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Child::Node(node));
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(words) => push(&mut open, &String::from_utf8_lossy(&words)),
            Event::CData(words) => push(&mut open, &String::from_utf8_lossy(&words)),
            Event::GeneralRef(reference) => {
                let reference = String::from_utf8_lossy(&reference).into_owned();
                let resolved = entities.resolve(&reference);
                push(&mut open, &resolved);
            }
            Event::Eof => break,
            Event::Decl(_) | Event::DocType(_) | Event::Comment(_) | Event::PI(_) => {}
        }
        if nodes > MOST_NODES {
            return Err(error(&text, name, at, format!("has more than {MOST_NODES} elements")));
        }
    }
    if open.len() > 1 {
        let inside = open.last().map(|n| n.name.clone()).unwrap_or_default();
        return Err(error(&text, name, text.len() as u64, format!("ends inside <{inside}>: it is cut off")));
    }
    let root = open
        .pop()
        .and_then(|top| top.children.into_iter().find_map(|c| if let Child::Node(n) = c { Some(n) } else { None }));
    root.map(|root| (root, note))
        .ok_or_else(|| error(&text, name, 0, "has no element: it is no XML document".to_owned()))
}

/// Ends the innermost element.
fn close(open: &mut Vec<Node>) {
    if open.len() > 1
        && let Some(node) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Child::Node(node));
    }
}

/// Adds text to the innermost element.
fn push(open: &mut [Node], words: &str) {
    let Some(node) = open.last_mut() else { return };
    match node.children.last_mut() {
        Some(Child::Text(text)) => text.push_str(words),
        _ => node.children.push(Child::Text(words.to_owned())),
    }
}

fn element(start: &BytesStart, entities: &mut Entities) -> Result<Node, String> {
    let local = |name: &[u8]| {
        let name = String::from_utf8_lossy(name);
        name.rsplit(':').next().unwrap_or_default().to_owned()
    };
    let mut node = Node { name: local(start.name().as_ref()), ..Node::default() };
    let mut prefixed = Vec::new();
    // Repeated names are taken as they come: checking would compare each with each.
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| format!("has a broken attribute in <{}>: {e}", node.name))?;
        let value = entities.unescape(&String::from_utf8_lossy(&attribute.value));
        let pair = (local(attribute.key.as_ref()), value);
        if attribute.key.prefix().is_some() { prefixed.push(pair) } else { node.attributes.push(pair) }
    }
    node.attributes.extend(prefixed);
    Ok(node)
}

/// An error at a byte of the decoded document.
fn error(text: &str, name: &str, at: u64, problem: String) -> WireError {
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let line = 1 + text.as_bytes().get(..at).unwrap_or_default().iter().filter(|&&b| b == b'\n').count();
    WireError {
        place: format!("{name}, line {line} (byte {at})"),
        problem,
        hint: Some("ask the sender for the whole item, or mend the file".to_owned()),
    }
}

/// The document as text, and what to tell about its encoding.
fn decode(bytes: &[u8], name: &str) -> Result<(String, Option<String>), WireError> {
    if bytes.len() > MOST {
        let hint = Some("split it".to_owned());
        return Err(WireError { place: name.to_owned(), problem: format!("is larger than {} MiB", MOST >> 20), hint });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
        return Ok((text.trim_start_matches('\u{feff}').to_owned(), None));
    }
    let declared = declared(bytes).and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = declared.filter(|e| *e != UTF_8 && e.is_ascii_compatible()) {
        return Ok((encoding.decode_without_bom_handling(bytes).0.into_owned(), None));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), None)),
        Err(e) => {
            let note = format!("not UTF-8 from byte {} on: decoded as windows-1252", e.valid_up_to());
            Ok((WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), Some(note)))
        }
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let head = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let rest = head.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start().to_owned();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}

/// Character references and the names that HTML knows; each name is looked up once for a document.
#[derive(Debug, Default)]
pub struct Entities {
    known: HashMap<String, String>,
}

impl Entities {
    /// What `&reference;` stands for; what is not known, as written.
    pub fn resolve(&mut self, reference: &str) -> String {
        if let Some(number) = reference.strip_prefix('#') {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            // Numbers from 128 to 159 are windows-1252 in the mouths of old programs.
            let sign = code.and_then(|c| match c {
                128..=159 => WINDOWS_1252.decode_without_bom_handling(&[u8::try_from(c).ok()?]).0.chars().next(),
                0..=8 | 11 | 12 | 14..=31 => Some(' '),
                _ => char::from_u32(c),
            });
            return sign.map_or_else(|| format!("&{reference};"), String::from);
        }
        if let Some(sign) = quick_xml::escape::resolve_predefined_entity(reference) {
            return sign.to_owned();
        }
        if reference.len() > 32 || !reference.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return format!("&{reference};");
        }
        if let Some(known) = self.known.get(reference) {
            return known.clone();
        }
        let written = format!("&{reference};");
        let sign = dom_query::Document::fragment(written.as_str()).text().to_string();
        self.known.insert(reference.to_owned(), sign.clone());
        sign
    }

    /// A text with its references resolved.
    pub fn unescape(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('&') {
            out.push_str(before);
            let end = after.bytes().take(40).position(|b| b == b';');
            match end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) {
                Some((reference, after)) if !reference.is_empty() => {
                    out.push_str(&self.resolve(reference));
                    rest = after;
                }
                _ => {
                    out.push('&');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Node, String> {
        parse(text.as_bytes(), "a.xml").map(|(root, _)| root).map_err(|e| e.to_string())
    }

    #[test]
    fn names_attributes_and_entities() {
        let root = tree("<x:a xml:lang='en-GB' b.c=\"1 &amp; 2\"><b>Z&uuml;rich &#8211; &lt;x&gt; &unknown; <![CDATA[<i>]]></b></x:a>")
            .unwrap();
        assert_eq!((root.name.as_str(), root.attribute("lang")), ("a", Some("en-GB")));
        assert_eq!(root.attribute("b.c"), Some("1 & 2"));
        assert_eq!(root.at(&["b"]).and_then(Node::text).as_deref(), Some("Zürich – <x> &unknown; <i>"));
    }

    #[test]
    fn a_billion_laughs_stay_four_letters() {
        let text = "<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;&l;\">]><a>&m;</a>";
        assert_eq!(tree(text).unwrap().text().as_deref(), Some("&m;"));
    }

    #[test]
    fn errors_name_line_and_byte() {
        let problem = tree("<a>\n<b>\n</a>").unwrap_err();
        assert!(problem.starts_with("a.xml, line 3 (byte 8"), "{problem}");
        let problem = tree("<a>\n<b>x").unwrap_err();
        assert!(problem.starts_with("a.xml, line 2 (byte 8)") && problem.contains("inside <b>"), "{problem}");
        assert!(tree("<a b=>").unwrap_err().contains("attribute"));
        assert!(tree(&"<a>".repeat(100_000)).unwrap_err().contains("200 deep"));
        assert!(tree("words").unwrap_err().contains("no element"));
    }

    #[test]
    fn the_declared_encoding_is_used() {
        let (root, note) = parse(b"<?xml version='1.0' encoding='iso-8859-1'?><a>Z\xfcrich</a>", "a").unwrap();
        assert_eq!((root.text().as_deref(), note), (Some("Zürich"), None));
        let (root, note) = parse(b"<a>Z\xfcrich</a>", "a").unwrap();
        assert_eq!(root.text().as_deref(), Some("Zürich"));
        assert!(note.unwrap().contains("byte 4"));
        let wide: Vec<u8> = "\u{feff}<a>x</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(parse(&wide, "a").unwrap().0.text().as_deref(), Some("x"));
    }
}
