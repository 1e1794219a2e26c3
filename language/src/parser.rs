//! The arc-eager transition parser: reads tokens from left to right, and attaches them.

use crate::Dep;
use crate::artefact::{Artefact, ArtefactError};
use crate::kernel::{Arithmetic, HIDDEN};
use crate::model::parse_dep;
use crate::steps::{HALVES, StepModel};

const NONE: u32 = u32::MAX;
/// Tokens that a state names: first and second of the buffer; the three at the top of the stack; the last left child
/// of the buffer's first; the last left and the last right child of the stack's top.
pub(crate) const FEATURES: usize = 8;
/// Classes of the step network.
const CLASSES: usize = 106;
/// … in whole vectors of eight.
const VECTORS: usize = CLASSES.div_ceil(8);

/// Action numbers of the file.
const ACTIONS: [u32; 5] = [0, 1, 2, 3, 4];

/// A label: plain, or of an arc that was lifted, with the label of its proper head.
pub(crate) type Label = (Dep, Option<Dep>);

/// Weights and classes.
#[derive(Debug)]
pub(crate) struct ParserModel {
    pub(crate) steps: StepModel<VECTORS>,
    labels: Vec<Label>,
    /// First class of right arcs.
    right: usize,
}

// Shift and reduce are the first two classes, then left arcs, right arcs, and break, the last.
const SHIFT: usize = 0;
const REDUCE: usize = 1;
const LEFT: usize = 2;
const BREAK: usize = CLASSES - 1;

impl ParserModel {
    pub(crate) fn load(artefact: &Artefact) -> Result<ParserModel, ArtefactError> {
        let damaged = || ArtefactError::Damaged("parser.labels".into());
        let actions = artefact.numbers("parser.actions")?;
        let texts = artefact.strings("parser.labels")?;
        let class = |action: u32| actions.iter().position(|&a| a == action).ok_or_else(damaged);
        let [shift, reduce, left, right, last] = ACTIONS.map(class);
        let right = right?;
        if actions.len() != CLASSES || (shift?, reduce?, left?, last?) != (SHIFT, REDUCE, LEFT, BREAK) || right < LEFT {
            return Err(damaged());
        }
        let mut labels = vec![(Dep::Dep, None); 2];
        for class in LEFT..CLASSES {
            labels.push(parse_dep(texts.get(class)).ok_or_else(damaged)?);
        }
        let classes: Vec<usize> = (0..CLASSES).collect();
        Ok(ParserModel { steps: StepModel::load(artefact, "parser", FEATURES, CLASSES, &classes)?, labels, right })
    }
}

/// The state of the parser, and its result in `heads` and `labels`. Reused from document to document.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    stack: Vec<u32>,
    /// Tokens put back in front of the buffer; the last is first.
    back: Vec<u32>,
    /// The next token of the buffer that was never taken.
    next: u32,
    /// Head of each token, `NONE` if it has none (yet).
    heads: Vec<u32>,
    labels: Vec<Label>,
    /// Last child of each token on either side, and for each token the child before it on the same side of its head.
    last_left: Vec<u32>,
    last_right: Vec<u32>,
    previous: Vec<u32>,
    starts: Vec<bool>,
    unshiftable: Vec<bool>,
}

impl Parser {
    /// Heads after a parse: a token without head is its own.
    pub(crate) fn heads_mut(&mut self) -> (&mut [u32], &mut [Label]) {
        (&mut self.heads, &mut self.labels)
    }

    fn reset(&mut self, count: usize) {
        self.stack.clear();
        self.back.clear();
        self.next = 0;
        for links in [&mut self.heads, &mut self.last_left, &mut self.last_right, &mut self.previous] {
            links.clear();
            links.resize(count, NONE);
        }
        self.labels.clear();
        self.labels.resize(count, (Dep::Root, None));
        for flags in [&mut self.starts, &mut self.unshiftable] {
            flags.clear();
            flags.resize(count, false);
        }
        self.starts[0] = true;
    }

    /// The `i`-th token of the buffer (0 or 1), `NONE` behind its end.
    fn buffer(&self, i: usize) -> u32 {
        match self.back.len().checked_sub(i + 1) {
            Some(at) => self.back[at],
            None => {
                let token = self.next as usize + i - self.back.len();
                if token < self.heads.len() { token as u32 } else { NONE }
            }
        }
    }

    /// The `i`-th token of the stack from the top.
    fn stacked(&self, i: usize) -> u32 {
        self.stack.len().checked_sub(i + 1).map_or(NONE, |at| self.stack[at])
    }

    /// Moves the buffer's first token to the stack.
    fn shift(&mut self) {
        let token = self.back.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.stack.push(token);
    }

    /// Parses a document of `count` tokens, whose contributions to the scores `source` provides.
    pub(crate) fn parse(
        &mut self,
        model: &ParserModel,
        arithmetic: Arithmetic,
        count: usize,
        source: &mut impl Source,
    ) {
        if count == 0 {
            return;
        }
        self.reset(count);
        let mut hidden = [0f32; HIDDEN];
        let mut vectors = [[0f32; 8]; VECTORS];
        while !(self.stack.is_empty() && self.back.is_empty() && self.next as usize >= count) {
            let (b0, b1) = (self.buffer(0), self.buffer(1));
            let (s0, s1, s2) = (self.stacked(0), self.stacked(1), self.stacked(2));
            let child = |links: &[u32], token: u32| links.get(token as usize).copied().unwrap_or(NONE);
            let tokens = [
                b0,
                b1,
                s0,
                s1,
                s2,
                child(&self.last_left, b0),
                child(&self.last_left, s0),
                child(&self.last_right, s0),
            ];
            let tokens = tokens.map(|token| (token != NONE).then_some(token as usize));
            source.contributions(&model.steps, tokens, |features| {
                model.steps.hidden(arithmetic, features, &mut hidden);
            });
            model.steps.scores(arithmetic, &hidden, &mut vectors);
            let scores = vectors.as_flattened();

            let stacked = !self.stack.is_empty();
            let buffered = count - self.next as usize + self.back.len();
            let starts = b0 != NONE && self.starts[b0 as usize];
            let mut best: Option<(f32, usize)> = None;
            let mut consider = |classes: std::ops::Range<usize>| {
                let top = largest(&scores[classes.clone()]);
                if best.is_none_or(|(score, _)| top.0 > score) {
                    best = Some((top.0, classes.start + top.1));
                }
            };
            if !stacked || (buffered >= 2 && !starts && !self.unshiftable[b0 as usize]) {
                consider(SHIFT..SHIFT + 1);
            }
            if stacked {
                consider(REDUCE..REDUCE + 1);
                if buffered > 0 && !starts {
                    consider(LEFT..BREAK);
                }
            }
            if buffered >= 2 && b1 == b0 + 1 && !self.starts[b1 as usize] {
                consider(BREAK..BREAK + 1);
            }
            match best.map_or(REDUCE, |(_, class)| class) {
                SHIFT => self.shift(),
                REDUCE => {
                    self.stack.pop();
                    if self.heads[s0 as usize] == NONE && !self.stack.is_empty() {
                        self.unshiftable[s0 as usize] = true;
                        self.back.push(s0);
                    }
                }
                BREAK => self.starts[b1 as usize] = true,
                class if class < model.right => {
                    let old = self.heads[s0 as usize];
                    if old != NONE {
                        // Its old head lies to its left, and it is the last right child of it.
                        self.last_right[old as usize] = self.previous[s0 as usize];
                    }
                    self.heads[s0 as usize] = b0;
                    self.labels[s0 as usize] = model.labels[class];
                    self.previous[s0 as usize] = std::mem::replace(&mut self.last_left[b0 as usize], s0);
                    self.unshiftable[b0 as usize] = false;
                    self.stack.pop();
                }
                class => {
                    self.heads[b0 as usize] = s0;
                    self.labels[b0 as usize] = model.labels[class];
                    self.previous[b0 as usize] = std::mem::replace(&mut self.last_right[s0 as usize], b0);
                    self.shift();
                }
            }
        }
        for (i, head) in self.heads.iter_mut().enumerate() {
            if *head == NONE {
                *head = i as u32;
                self.labels[i] = (Dep::Root, None);
            }
        }
    }
}

/// Where the parser gets the tokens' contributions from.
pub(crate) trait Source {
    /// Calls `use_them` with the contributions of `tokens`, each in its role (see [`FEATURES`]); `None` is no token.
    fn contributions<const V: usize>(
        &mut self,
        steps: &StepModel<V>,
        tokens: [Option<usize>; FEATURES],
        use_them: impl FnOnce(&[&[f32; HALVES]]),
    );
}

/// The largest score and its first place.
#[inline]
pub(crate) fn largest(scores: &[f32]) -> (f32, usize) {
    let top = scores.iter().fold(f32::NEG_INFINITY, |top, &score| if score > top { score } else { top });
    (top, scores.iter().position(|&score| score == top).unwrap_or(0))
}
