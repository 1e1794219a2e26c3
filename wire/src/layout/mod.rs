//! The parts of a text: furniture, headline, dek, byline, dateline, headings, captions, paragraphs.

mod lines;

use record::{Block, BlockKind, Dateline, Section, TextIndex};

/// A text laid out.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The headline: the metadata's, else the one in the text.
    pub headline: Option<String>,
    /// The sentence under it.
    pub dek: Option<String>,
    /// The opening that says where and when.
    pub dateline: Option<Dateline>,
    /// The body by heading.
    pub sections: Vec<Section>,
    /// The parts in order.
    pub blocks: Vec<Block>,
}

/// Lays out `text`, whose `title` the metadata may give.
pub fn lay_out(text: &str, title: Option<&str>) -> Page {
    let mut blocks: Vec<Block> = Vec::new();
    for bytes in lines::units(text) {
        let words = text.get(bytes.clone()).unwrap_or_default();
        let open = !words.ends_with(['.', '!', '?', '"', '”', '…', ':', ';', ',', ')']);
        let kind = if title.is_some_and(|t| t.trim() == words)
            || (blocks.is_empty() && title.is_none() && open && words.len() < 150)
        {
            BlockKind::Headline
        } else if open && words.len() < 80 {
            BlockKind::Heading
        } else {
            BlockKind::Paragraph
        };
        blocks.push(Block { kind, bytes });
    }
    let in_text = blocks.iter().find(|b| b.kind == BlockKind::Headline).and_then(|b| text.get(b.bytes.clone()));
    Page {
        headline: title.map(|t| t.trim()).or(in_text).map(str::to_owned),
        dek: None,
        dateline: None,
        sections: sections(text, &blocks),
        blocks,
    }
}

/// The body by heading.
fn sections(text: &str, blocks: &[Block]) -> Vec<Section> {
    let index = TextIndex::new(text);
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
