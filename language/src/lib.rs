//! English text → [`Analysis`]: tokens, tags, lemmas, trees, sentences, entities.
//!
//! The same decisions as spaCy 3.8 with `en_core_web_sm`, from the same weights, several times faster. No I/O, no
//! clock, no network; any text whatever is safe input, and time is linear in its length.

mod analysis;
mod conllu;
mod labels;
mod pipeline;

pub use analysis::{Analysis, Entity, Token};
pub use conllu::conllu;
pub use labels::{Dep, EntityLabel, Pos, Tag};
pub use pipeline::Pipeline;
