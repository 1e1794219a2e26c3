//! The pipeline from a string to an [`Analysis`].

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::document::Workspace;
use crate::model::Model;
use crate::{Analysis, Kernel};

/// The loaded model. Shareable between threads: the weights are common, and each call takes a workspace from a pool
/// that never holds more of them than there were calls at one time.
pub struct Pipeline {
    model: Arc<Model>,
    pool: Mutex<Vec<Workspace>>,
}

impl Pipeline {
    /// Loads the embedded model. Later pipelines share what the first has loaded.
    pub fn new() -> Pipeline {
        Pipeline { model: Model::shared(), pool: Mutex::default() }
    }

    /// Loads the embedded model for a certain kind of arithmetic. Decisions are the same with each.
    pub fn with_kernel(kernel: Kernel) -> Pipeline {
        match kernel {
            Kernel::Detect => Pipeline::new(),
            Kernel::Scalar => Pipeline { model: Model::embedded(kernel), pool: Mutex::default() },
        }
    }

    /// Analyses a text whole, as spaCy does.
    pub fn analyse(&self, text: &str) -> Analysis {
        self.analyse_blocks(text, std::slice::from_ref(&(0..text.len())))
    }

    /// Analyses each byte range of `text` as a document of its own and returns one analysis of the whole: token
    /// offsets are those of `text`, heads never cross a block, text between blocks has no tokens. Blocks are in order
    /// and do not overlap; one that does, or that does not begin and end at characters, is left out. So is what lies
    /// beyond 4 GiB.
    pub fn analyse_blocks(&self, text: &str, blocks: &[Range<usize>]) -> Analysis {
        let pooled = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut workspace = pooled.unwrap_or_default();
        let analysis = workspace.analyse(&self.model, text, blocks);
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        analysis
    }
}

impl Default for Pipeline {
    fn default() -> Self {
        Pipeline::new()
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline").finish_non_exhaustive()
    }
}
