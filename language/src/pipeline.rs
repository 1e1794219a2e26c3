//! The pipeline from a string to an [`Analysis`].

use std::ops::Range;

use crate::Analysis;

/// The loaded model. Shareable between threads.
#[derive(Debug)]
pub struct Pipeline {}

impl Pipeline {
    /// Loads the embedded model.
    pub fn new() -> Pipeline {
        Pipeline {}
    }

    /// Analyses a text whole, as spaCy does.
    pub fn analyse(&self, text: &str) -> Analysis {
        self.analyse_blocks(text, std::slice::from_ref(&(0..text.len())))
    }

    /// Analyses each byte range of `text` as a document of its own and returns one analysis of the whole: token
    /// offsets are those of `text`, heads never cross a block, text between blocks has no tokens. Blocks are in order
    /// and do not overlap.
    pub fn analyse_blocks(&self, text: &str, blocks: &[Range<usize>]) -> Analysis {
        let _ = blocks;
        Analysis { text: text.to_owned(), child_starts: vec![0], ..Analysis::default() }
    }
}

impl Default for Pipeline {
    fn default() -> Self {
        Pipeline::new()
    }
}
