//! The entity recogniser: one step a token, begin, inside, last, unit or outside.
//!
//! Outside of an entity a step depends on the present token alone, so those scores are computed for all tokens at once;
//! only tokens inside an open entity need a step of their own, and there only two classes are possible.

use crate::EntityLabel;
use crate::artefact::{Artefact, ArtefactError};
use crate::kernel::{Arithmetic, HIDDEN, Matrix, run, run_mut};
use crate::parser::largest;
use crate::steps::{HALVES, StepModel};

/// Tokens that a state names: the present one; if an entity is open, its first and the one before the present.
pub(crate) const FEATURES: usize = 3;
const CLASSES: usize = 74;
const LABELS: usize = 18;
/// Contributions of one token.
pub(crate) const CONTRIBUTIONS: usize = FEATURES * HALVES;

const BEGIN: u32 = 1;
const IN: u32 = 2;
const LAST: u32 = 3;
const UNIT: u32 = 4;
const OUT: u32 = 5;

/// Vectors of eight scores for the two sets of classes.
const INSIDE: usize = (2 * LABELS).div_ceil(8);

/// Weights and classes.
#[derive(Debug)]
pub(crate) struct Ner {
    /// Scores here: "in" for each label in the order of `begins`, then "last" for each.
    pub(crate) steps: StepModel<INSIDE>,
    /// Scores outside of entities: begin, unit, out.
    outside: Matrix,
    begins: Vec<EntityLabel>,
    units: Vec<EntityLabel>,
}

impl Ner {
    pub(crate) fn load(artefact: &Artefact) -> Result<Ner, ArtefactError> {
        let damaged = || ArtefactError::Damaged("ner.labels".into());
        let actions = artefact.numbers("ner.actions")?;
        let texts = artefact.strings("ner.labels")?;
        let classes = |action: u32| -> Result<(Vec<usize>, Vec<EntityLabel>), ArtefactError> {
            let (mut classes, mut labels) = (Vec::new(), Vec::new());
            // A unit with an empty label is in the file but never valid.
            for class in (0..actions.len()).filter(|&c| actions[c] == action && !texts.get(c).is_empty()) {
                classes.push(class);
                labels.push(EntityLabel::parse(texts.get(class)).ok_or_else(damaged)?);
            }
            if classes.len() == LABELS { Ok((classes, labels)) } else { Err(damaged()) }
        };
        let (begin, begins) = classes(BEGIN)?;
        let (unit, units) = classes(UNIT)?;
        let mut inside = Vec::new();
        for action in [IN, LAST] {
            let (classes, labels) = classes(action)?;
            for label in &begins {
                inside.push(classes[labels.iter().position(|l| l == label).ok_or_else(damaged)?]);
            }
        }
        let out = actions.iter().position(|&a| a == OUT).ok_or_else(damaged)?;
        let upper = artefact.floats("ner.upper.w", CLASSES * HIDDEN)?;
        let bias = artefact.floats("ner.upper.b", CLASSES)?;
        let outside: Vec<usize> = begin.into_iter().chain(unit).chain([out]).collect();
        let outside_bias: Vec<f32> = outside.iter().map(|&c| bias[c]).collect();
        Ok(Ner {
            steps: StepModel::load(artefact, "ner", FEATURES, CLASSES, &inside)?,
            outside: Matrix::new(HIDDEN, outside.len(), |i, column| upper[outside[column] * HIDDEN + i], &outside_bias),
            begins,
            units,
        })
    }
}

/// The walk over a document: what is open, and what is needed of tokens that have gone by.
#[derive(Debug)]
pub(crate) struct Walk {
    /// Where the open entity began, and the place of its label.
    open: Option<(usize, usize)>,
    /// Contribution of the open entity's first token, and of the token before the present one.
    first: [f32; HALVES],
    before: [f32; HALVES],
}

impl Walk {
    pub(crate) fn new() -> Walk {
        Walk { open: None, first: [0.0; HALVES], before: [0.0; HALVES] }
    }
}

/// Room for the scores of a run of tokens.
#[derive(Debug, Default)]
pub(crate) struct NerScores {
    hidden: Vec<f32>,
    outside: Vec<f32>,
}

impl Ner {
    /// Scores outside of entities for `count` tokens.
    pub(crate) fn score(&self, arithmetic: Arithmetic, contributions: &[f32], count: usize, room: &mut NerScores) {
        room.hidden.resize(count * HIDDEN, 0.0);
        room.outside.resize(count * self.outside.columns(), 0.0);
        for i in 0..count {
            let features = [run(contributions, i * FEATURES), self.steps.pad(1), self.steps.pad(2)];
            self.steps.hidden(arithmetic, &features, run_mut(&mut room.hidden, i));
        }
        let input = crate::kernel::Rows { values: &room.hidden, stride: HIDDEN };
        arithmetic.multiply(input, count, &self.outside, &mut room.outside, self.outside.columns());
    }

    /// One step: token `token` of the document, which is number `i` of the run that was scored. `goes_on` says whether
    /// an entity may reach the next token. Calls `found` with an entity that ends here.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn step(
        &self,
        arithmetic: Arithmetic,
        walk: &mut Walk,
        contributions: &[f32],
        room: &NerScores,
        (i, token): (usize, usize),
        (is_space, goes_on): (bool, bool),
        mut found: impl FnMut(usize, usize, EntityLabel),
    ) {
        let own = |role: usize| run::<HALVES>(contributions, i * FEATURES + role);
        match walk.open {
            Some((start, label)) => {
                let inside = goes_on && {
                    let mut hidden = [0f32; HIDDEN];
                    let mut scores = [[0f32; 8]; INSIDE];
                    self.steps.hidden(arithmetic, &[own(0), &walk.first, &walk.before], &mut hidden);
                    self.steps.scores(arithmetic, &hidden, &mut scores);
                    let scores = scores.as_flattened();
                    scores[label] >= scores[LABELS + label]
                };
                if !inside {
                    found(start, token + 1, self.begins[label]);
                    walk.open = None;
                }
            }
            None => {
                let scores = &room.outside[i * self.outside.columns()..][..2 * LABELS + 1];
                let mut best = (scores[2 * LABELS], 2 * LABELS);
                if !is_space {
                    // Earlier classes win ties: begin, unit, out.
                    let (units, unit) = largest(&scores[LABELS..2 * LABELS]);
                    if units >= best.0 {
                        best = (units, LABELS + unit);
                    }
                    let (begins, begin) = largest(&scores[..LABELS]);
                    if goes_on && begins >= best.0 {
                        best = (begins, begin);
                    }
                }
                if best.1 < LABELS {
                    walk.open = Some((token, best.1));
                    walk.first = *own(1);
                } else if best.1 < 2 * LABELS {
                    found(token, token + 1, self.units[best.1 - LABELS]);
                }
            }
        }
        if walk.open.is_some() {
            walk.before = *own(2);
        }
    }
}
