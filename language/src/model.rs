//! The model in memory: the embedded file, its tables, and its weights laid out for the arithmetic.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::artefact::{Artefact, ArtefactError};
use crate::hash::StringIds;
use crate::kernel::{Arithmetic, Kernel, Matrix, WIDTH};
use crate::lemma::Lemmatizer;
use crate::ner::Ner;
use crate::parser::ParserModel;
use crate::ruler::Ruler;
use crate::tok2vec::Tok2Vec;
use crate::tokenizer::Tokenizer;
use crate::{Dep, Tag};

/// `cargo xtask model` makes it.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/english.bin"));

/// All tables and weights. Read-only, shared between threads.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) arithmetic: Arithmetic,
    pub(crate) ids: StringIds,
    pub(crate) tokenizer: Tokenizer,
    /// Id of a word → id of its norm, where it is not the word in lower case.
    pub(crate) norms: HashMap<u64, u64>,
    pub(crate) tok2vec: Tok2Vec,
    pub(crate) tagger: Matrix,
    /// Tags in the order of the tagger's scores.
    pub(crate) tags: Vec<Tag>,
    pub(crate) parser: ParserModel,
    pub(crate) ner: Ner,
    pub(crate) ruler: Ruler,
    pub(crate) lemmatizer: Lemmatizer,
}

impl Model {
    /// The embedded model for the fastest arithmetic; loaded once.
    pub(crate) fn shared() -> Arc<Model> {
        static SHARED: OnceLock<Arc<Model>> = OnceLock::new();
        SHARED.get_or_init(|| Model::embedded(Kernel::Detect)).clone()
    }

    /// The embedded model.
    pub(crate) fn embedded(kernel: Kernel) -> Arc<Model> {
        let model = Artefact::open(EMBEDDED).and_then(|artefact| Model::load(&artefact, Arithmetic::new(kernel)));
        // The file is part of the program: that it loads is a property of the build, and tested.
        Arc::new(model.unwrap_or_else(|error| panic!("the embedded language model: {error}")))
    }

    fn load(artefact: &Artefact<'static>, arithmetic: Arithmetic) -> Result<Model, ArtefactError> {
        let ids = StringIds::new(artefact.strings("symbols")?.iter());
        let tokenizer = Tokenizer::load(artefact, &ids)?;
        let norms =
            artefact.long_numbers("norms.word")?.into_iter().zip(artefact.long_numbers("norms.norm")?).collect();
        let tags: Option<Vec<Tag>> = artefact.strings("tagger.labels")?.iter().map(Tag::parse).collect();
        let tags = tags.ok_or_else(|| ArtefactError::Damaged("tagger.labels".into()))?;
        Ok(Model {
            arithmetic,
            ids,
            tokenizer,
            norms,
            tok2vec: Tok2Vec::load(artefact, arithmetic)?,
            tagger: linear(artefact, "tagger.w", "tagger.b", WIDTH, tags.len())?,
            tags,
            parser: ParserModel::load(artefact)?,
            ner: Ner::load(artefact)?,
            ruler: Ruler::load(artefact)?,
            lemmatizer: Lemmatizer::load(artefact)?,
        })
    }
}

/// A linear layer of `k` inputs and `n` outputs from sections that hold a row of inputs for each output.
pub(crate) fn linear(artefact: &Artefact, w: &str, b: &str, k: usize, n: usize) -> Result<Matrix, ArtefactError> {
    let weights = artefact.floats(w, n * k)?;
    Ok(Matrix::new(k, n, |i, o| weights[o * k + i], &artefact.floats(b, n)?))
}

/// A dependency label as the parser's classes write it: "prep", or "prep||dobj" for a lifted arc.
pub(crate) fn parse_dep(label: &str) -> Option<(Dep, Option<Dep>)> {
    match label.split_once("||") {
        Some((label, head)) => Some((Dep::parse(label)?, Some(Dep::parse(head)?))),
        None => Some((Dep::parse(label)?, None)),
    }
}
