//! A dispatch laid out for reading: its blocks, analysed one by one, in one token space.

use std::ops::Range;

use atlas::Atlas;
use language::{Analysis, Pipeline};
use record::{BlockKind, Dispatch, Span, TextIndex};

use crate::quotes::{self, Quotes};
use crate::trace::Trace;

/// A block of the page and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes in the dispatch's text.
    pub bytes: Range<usize>,
    /// Its tokens in the page's analysis.
    pub tokens: Range<usize>,
}

/// A dispatch laid out for reading. Token numbers run through the whole page; byte offsets are those of the text.
pub struct Page<'a> {
    /// The dispatch.
    pub dispatch: &'a Dispatch,
    /// What the world is called.
    pub atlas: &'a Atlas,
    /// The analysis of all blocks that are read (furniture is not).
    pub analysis: Analysis,
    /// The blocks that are read, in order.
    pub blocks: Vec<PageBlock>,
    /// What stands between quotation marks.
    pub quotes: Quotes,
    /// Bytes ↔ code points.
    pub index: TextIndex<'a>,
    /// What the steps say of their reasons, when somebody asks.
    pub(crate) trace: Trace,
}

impl<'a> Page<'a> {
    /// Analyses the blocks of `dispatch`. A dispatch without layout is one paragraph a line.
    pub fn new(dispatch: &'a Dispatch, pipeline: &Pipeline, atlas: &'a Atlas) -> Page<'a> {
        let text = dispatch.text.as_str();
        let layout: Vec<(BlockKind, Range<usize>)> = if dispatch.layout.is_empty() {
            lines(text).map(|bytes| (BlockKind::Paragraph, bytes)).collect()
        } else {
            let read = |kind| !matches!(kind, BlockKind::Furniture | BlockKind::Dateline);
            dispatch.layout.iter().filter(|b| read(b.kind)).map(|b| (b.kind, b.bytes.clone())).collect()
        };
        let ranges: Vec<Range<usize>> = layout.iter().map(|(_, bytes)| bytes.clone()).collect();
        let analysis = pipeline.analyse_blocks(text, &ranges);
        let blocks = layout
            .into_iter()
            .map(|(kind, bytes)| PageBlock { kind, tokens: analysis.tokens_in(bytes.clone()), bytes })
            .collect();
        let quotes = quotes::read(text, &analysis, &ranges);
        Page { dispatch, atlas, analysis, blocks, quotes, index: TextIndex::new(text), trace: Trace::default() }
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        &self.dispatch.text
    }

    /// The record's span of a byte range.
    pub fn span(&self, bytes: Range<usize>) -> Span {
        self.index.span(bytes)
    }

    /// The record's span of a token range.
    pub fn span_of(&self, tokens: Range<usize>) -> Span {
        self.index.span(self.analysis.bytes(tokens))
    }

    /// The number of the block that token `i` stands in.
    pub fn block_of(&self, i: usize) -> usize {
        self.blocks.partition_point(|b| b.tokens.end <= i)
    }
}

/// The non-blank lines of a text, trimmed.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            let lead = line.len() - line.trim_start().len();
            Some(start + lead..start + line.trim_end().len().max(lead))
        })
        .filter(|r| !r.is_empty())
}
