//! English text → [`Analysis`]: tokens, tags, lemmas, trees, sentences, entities.
//!
//! The same decisions as spaCy 3.8 with `en_core_web_sm`, from the same weights, several times faster. No I/O, no
//! clock, no network; any text whatever is safe input, and time is linear in its length.
//!
//! ```
//! let pipeline = language::Pipeline::new();
//! let analysis = pipeline.analyse("The ministry denied the report.");
//! assert_eq!(analysis.lemma(2), "deny");
//! assert_eq!(analysis.head(1), Some(2));
//! ```

pub mod artefact;

mod analysis;
mod chars;
mod conllu;
mod document;
mod hash;
mod kernel;
mod labels;
mod lemma;
mod lexicon;
mod model;
mod ner;
#[cfg(test)]
mod numeric;
mod parser;
mod pipeline;
mod ruler;
mod steps;
mod tok2vec;
mod tokenizer;
mod tree;

pub use analysis::{Analysis, Entity, Token};
pub use conllu::conllu;
pub use kernel::Kernel;
pub use labels::{Dep, EntityLabel, Pos, Tag};
pub use pipeline::Pipeline;
