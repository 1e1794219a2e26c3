//! The parts of a text: furniture, headline, dek, byline, dateline, headings, captions, paragraphs.
//!
//! ```text
//! Follow us                                     furniture
//! Raid on Azaz kills two                        headline
//! Monitor says truce is over                    dek
//! By a correspondent                            byline
//! KILIS, Turkey, 3 March (Courier) - Two …      dateline, paragraph
//! A fragile truce                               heading
//! The truce had held …                          paragraph
//! ```
//!
//! First the text is cut into units ([`lines`]: by blank lines, by lines, or by the indents of hard-wrapped text), then each
//! unit is told apart ([`kinds`]) by its place, its form and the phrases of `data/wire/phrases.toml`. Blocks are in order,
//! disjoint, on character boundaries, without white space around them; a dateline is a block of its own before the
//! paragraph it opens. What cannot be told apart is a paragraph.

mod kinds;
mod lines;
mod phrases;

use std::ops::Range;

use jiff::civil::Date;
use record::{Block, BlockKind, Dateline, Section, TextIndex};

use crate::item::Part;

/// A text laid out.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The headline: the metadata's, else the one in the text.
    pub headline: Option<String>,
    /// The sentence under it.
    pub dek: Option<String>,
    /// The opening that says where and when.
    pub dateline: Option<Dateline>,
    /// The agency: the dateline's, else that of a byline or sign-off.
    pub agency: Option<String>,
    /// The day of publication that a line at the head gives.
    pub published: Option<Date>,
    /// The body by heading.
    pub sections: Vec<Section>,
    /// The parts in order.
    pub blocks: Vec<Block>,
}

/// Lays out `text`, whose `title` the metadata may give.
pub fn lay_out(text: &str, title: Option<&str>) -> Page {
    let title = title.map(str::trim).filter(|t| !t.is_empty());
    let mut units = lines::units(text);
    split_title(text, &mut units, title);
    page(text, kinds::kinds(text, units, title), title)
}

/// The canonical text of parts whose kinds their markup tells, and its layout. What markup does not tell (datelines,
/// furniture and bylines among the paragraphs, headings set as paragraphs) is told as in plain text.
pub fn lay_out_parts(parts: &[Part], title: Option<&str>) -> (String, Page) {
    let title = title.map(str::trim).filter(|t| !t.is_empty());
    let mut text = String::with_capacity(parts.iter().map(|p| p.text.len() + 2).sum());
    let mut units = Vec::with_capacity(parts.len());
    for part in parts {
        let words = part.text.trim();
        if words.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(words);
        units.push((part.kind, start..text.len()));
    }
    let kinds = kinds::known(&text, units, title);
    let page = page(&text, kinds, title);
    (text, page)
}

/// The page that told units make.
fn page(text: &str, kinds: kinds::Kinds, title: Option<&str>) -> Page {
    let index = TextIndex::new(text);
    let mut blocks: Vec<Block> = Vec::with_capacity(kinds.units.len() + 2);
    for (i, unit) in kinds.units.iter().enumerate() {
        match &kinds.dateline {
            Some((n, found)) if *n == i => {
                let before = unit.bytes.start..found.bytes.start;
                push(text, &mut blocks, before_dateline(text, &before, title.is_none()), before);
                push(text, &mut blocks, BlockKind::Dateline, found.bytes.clone());
                push(text, &mut blocks, BlockKind::Paragraph, found.bytes.end..unit.bytes.end);
            }
            _ => push(text, &mut blocks, unit.kind, unit.bytes.clone()),
        }
    }
    let words_of = |kind| {
        let block = blocks.iter().find(|b| b.kind == kind)?;
        Some(text.get(block.bytes.clone())?.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let dateline = kinds.dateline.map(|(_, found)| Dateline {
        span: index.span(found.bytes),
        place: found.place,
        date: found.written.and_then(|w| Date::new(w.year?, w.month, w.day).ok()),
        agency: found.agency,
        written: found.written,
    });
    Page {
        headline: title.map(str::to_owned).or_else(|| words_of(BlockKind::Headline)),
        dek: words_of(BlockKind::Dek),
        agency: dateline.as_ref().and_then(|d| d.agency.clone()).or_else(|| kinds.agency.map(str::to_owned)),
        dateline,
        published: kinds.published,
        sections: sections(&index, &blocks),
        blocks,
    }
}

/// A title that opens the text on the same line as what follows is a unit of its own.
fn split_title(text: &str, units: &mut Vec<Range<usize>>, title: Option<&str>) {
    let (Some(title), Some(first)) = (title, units.first().cloned()) else { return };
    let Some(rest) = text.get(first.clone()).and_then(|words| words.strip_prefix(title)) else { return };
    let body = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '-' | '–' | '—' | '|'));
    let new_sentence = rest.len() > body.len()
        && body.chars().next().is_some_and(|c| !c.is_lowercase() && (c.is_alphanumeric() || "\"“‘'(«".contains(c)));
    if new_sentence && body.len() >= title.len() {
        let headline = first.start..first.start + title.len();
        units.splice(0..1, [headline, first.end - body.len()..first.end]);
    }
}

/// What stands before a dateline on its line: a time stamp or marks, a headline, or words of the text.
fn before_dateline(text: &str, before: &Range<usize>, untitled: bool) -> BlockKind {
    let letters = text.get(before.clone()).unwrap_or_default().chars().filter(|c| c.is_alphabetic()).count();
    match letters {
        0..=12 => BlockKind::Furniture,
        _ if untitled => BlockKind::Headline,
        _ => BlockKind::Paragraph,
    }
}

/// Adds a block without the white space around it, if anything is left.
fn push(text: &str, blocks: &mut Vec<Block>, kind: BlockKind, bytes: Range<usize>) {
    let words = text.get(bytes.clone()).unwrap_or_default();
    let start = bytes.start + (words.len() - words.trim_start().len());
    let end = start + words.trim().len();
    if start < end {
        blocks.push(Block { kind, bytes: start..end });
    }
}

/// The body by heading.
fn sections(index: &TextIndex, blocks: &[Block]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for block in blocks {
        let span = || index.span(block.bytes.clone());
        match block.kind {
            BlockKind::Heading => sections.push(Section { heading: Some(span()), paragraphs: Vec::new() }),
            BlockKind::Paragraph => match sections.last_mut() {
                Some(section) => section.paragraphs.push(span()),
                None => sections.push(Section { heading: None, paragraphs: vec![span()] }),
            },
            _ => {}
        }
    }
    sections
}

#[cfg(test)]
mod tests;
