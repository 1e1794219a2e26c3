//! What the pipeline says about a text.

use std::ops::Range;
use std::sync::Arc;

use crate::{Dep, EntityLabel, Pos, Tag};

/// One token. All fields are plain numbers or small enumerations; its words are in the analysed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Index of its head; its own index if it is a root.
    pub head: u32,
    /// First token of its subtree.
    pub left_edge: u32,
    /// Last token of its subtree (inclusive).
    pub right_edge: u32,
    /// Byte range of its lemma in the analysis' lemma store.
    pub(crate) lemma: (u32, u32),
    /// Index into the analysis' table of morphologies.
    pub(crate) morph: u16,
    /// Fine tag.
    pub tag: Tag,
    /// Part of speech.
    pub pos: Pos,
    /// Relation to its head.
    pub dep: Dep,
    /// Followed by a single blank that belongs to it.
    pub space_after: bool,
    /// Whether a sentence begins here.
    pub sentence_start: bool,
}

/// A named entity: tokens `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity {
    /// First token.
    pub start: u32,
    /// One past the last token.
    pub end: u32,
    /// What it is.
    pub label: EntityLabel,
}

impl Entity {
    /// Its tokens.
    pub fn tokens(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Tokens, trees, sentences and entities of one text. Offsets are bytes of the text that was analysed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) lemmas: String,
    pub(crate) entities: Vec<Entity>,
    pub(crate) sentences: Vec<Range<usize>>,
    /// Children in order, all tokens one after the other; `child_starts[i]..child_starts[i + 1]` are those of token i.
    pub(crate) children: Vec<u32>,
    pub(crate) child_starts: Vec<u32>,
    /// Written forms of morphologies; shared with the model.
    pub(crate) morphs: Arc<[&'static str]>,
}

impl Analysis {
    /// The text analysed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All tokens, white-space tokens included.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The words of token `i`.
    pub fn word(&self, i: usize) -> &str {
        let t = &self.tokens[i];
        &self.text[t.start as usize..t.end as usize]
    }

    /// The lemma of token `i`.
    pub fn lemma(&self, i: usize) -> &str {
        let (start, end) = self.tokens[i].lemma;
        &self.lemmas[start as usize..end as usize]
    }

    /// The morphology of token `i`, e.g. `Number=Sing`; empty if it has none.
    pub fn morph(&self, i: usize) -> &'static str {
        self.morphs.get(self.tokens[i].morph as usize).copied().unwrap_or("")
    }

    /// The head of token `i`, or `None` for a root.
    pub fn head(&self, i: usize) -> Option<usize> {
        let head = self.tokens[i].head as usize;
        (head != i).then_some(head)
    }

    /// The direct dependents of token `i`, in order of the text.
    pub fn children(&self, i: usize) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        let range = self.child_starts[i] as usize..self.child_starts[i + 1] as usize;
        self.children[range].iter().map(|&c| c as usize)
    }

    /// The dependents of token `i` with the label `dep`.
    pub fn children_by(&self, i: usize, dep: Dep) -> impl DoubleEndedIterator<Item = usize> + Clone + '_ {
        self.children(i).filter(move |&c| self.tokens[c].dep == dep)
    }

    /// The first dependent of token `i` with the label `dep`.
    pub fn child(&self, i: usize, dep: Dep) -> Option<usize> {
        self.children_by(i, dep).next()
    }

    /// Token `i`'s head, its head's head … up to the root.
    pub fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        // A tree has no cycles, but bound the walk all the same: this is the one loop a bad head could make endless.
        std::iter::successors(self.head(i), |&h| self.head(h)).take(self.tokens.len())
    }

    /// The tokens from the left to the right edge of `i`'s subtree.
    pub fn subtree(&self, i: usize) -> Range<usize> {
        self.tokens[i].left_edge as usize..self.tokens[i].right_edge as usize + 1
    }

    /// Whether `i` is `ancestor` or below it.
    pub fn is_within(&self, i: usize, ancestor: usize) -> bool {
        i == ancestor || self.ancestors(i).any(|a| a == ancestor)
    }

    /// The sentences, as token ranges that cover all tokens in order.
    pub fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// The number of the sentence that token `i` stands in.
    pub fn sentence_of(&self, i: usize) -> usize {
        self.sentences.partition_point(|s| s.end <= i)
    }

    /// The named entities, in order of the text.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The entity that token `i` is part of.
    pub fn entity_of(&self, i: usize) -> Option<&Entity> {
        let at = self.entities.partition_point(|e| e.end as usize <= i);
        self.entities.get(at).filter(|e| e.tokens().contains(&i))
    }

    /// The byte range of a token range, without the blank after its last token; empty for an empty range.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        if tokens.is_empty() || tokens.end > self.tokens.len() {
            let at = self.tokens.get(tokens.start).map_or(self.text.len(), |t| t.start as usize);
            return at..at;
        }
        self.tokens[tokens.start].start as usize..self.tokens[tokens.end - 1].end as usize
    }

    /// The text of a token range.
    pub fn text_of(&self, tokens: Range<usize>) -> &str {
        &self.text[self.bytes(tokens)]
    }

    /// The tokens that overlap a byte range.
    pub fn tokens_in(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.tokens.partition_point(|t| t.end as usize <= bytes.start);
        let end = self.tokens.partition_point(|t| (t.start as usize) < bytes.end);
        start..end.max(start)
    }
}
