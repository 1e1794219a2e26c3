//! The network that scores the next step of the parser and of the entity recogniser.
//!
//! What a token contributes to the hidden layer in each of its possible roles is computed once for all tokens; a step
//! then adds up the contributions of the tokens that its state names.

use crate::artefact::{Artefact, ArtefactError};
use crate::kernel::{Arithmetic, HIDDEN, Matrix, Rows, WIDTH, run};
use crate::model::linear;

/// Both pieces of the hidden layer: the contribution of a token in one role.
pub(crate) const HALVES: usize = 2 * HIDDEN;

/// Weights of a step network with scores for up to `V × 8` classes.
#[derive(Debug)]
pub(crate) struct StepModel<const V: usize> {
    reduce: Matrix,
    lower: Matrix,
    lower_bias: [f32; HALVES],
    /// Contributions of "no token" in each role.
    pad: Vec<f32>,
    upper: Box<[[[f32; 8]; V]; HIDDEN]>,
    upper_bias: [[f32; 8]; V],
}

impl<const V: usize> StepModel<V> {
    /// `classes` are those of the file whose scores are wanted, in order.
    pub(crate) fn load(
        artefact: &Artefact,
        name: &str,
        features: usize,
        all_classes: usize,
        classes: &[usize],
    ) -> Result<StepModel<V>, ArtefactError> {
        let section = |part: &str| format!("{name}.{part}");
        let lower = artefact.floats(&section("lower.w"), features * HALVES * HIDDEN)?;
        let bias = artefact.floats(&section("lower.b"), HALVES)?;
        let pad = artefact.floats(&section("lower.pad"), features * HALVES)?;
        let upper = artefact.floats(&section("upper.w"), all_classes * HIDDEN)?;
        let upper_bias = artefact.floats(&section("upper.b"), all_classes)?;
        // In the file the pieces of an output are side by side; here all first pieces come first.
        let source = |column: usize| column / HALVES * HALVES + column % HIDDEN * 2 + column % HALVES / HIDDEN;
        let upper_weight =
            |h: usize, v: usize, i: usize| classes.get(v * 8 + i).map_or(0.0, |&c| upper[c * HIDDEN + h]);
        let upper_rows: Vec<[[f32; 8]; V]> =
            (0..HIDDEN).map(|h| std::array::from_fn(|v| std::array::from_fn(|i| upper_weight(h, v, i)))).collect();
        Ok(StepModel {
            reduce: linear(artefact, &section("linear.w"), &section("linear.b"), WIDTH, HIDDEN)?,
            lower: Matrix::new(HIDDEN, features * HALVES, |i, column| lower[source(column) * HIDDEN + i], &[]),
            lower_bias: std::array::from_fn(|column| bias[source(column)]),
            pad: (0..features * HALVES).map(|column| pad[source(column)]).collect(),
            upper: upper_rows.into_boxed_slice().try_into().map_err(|_| ArtefactError::Damaged(section("upper.w")))?,
            upper_bias: std::array::from_fn(|v| {
                std::array::from_fn(|i| classes.get(v * 8 + i).map_or(f32::NEG_INFINITY, |&c| upper_bias[c]))
            }),
        })
    }

    /// The contributions of `count` tokens in each role, from their vectors.
    pub(crate) fn contributions(
        &self,
        arithmetic: Arithmetic,
        x: &[f32],
        count: usize,
        reduced: &mut Vec<f32>,
        out: &mut Vec<f32>,
    ) {
        reduced.resize(count * HIDDEN, 0.0);
        out.resize(count * self.lower.columns(), 0.0);
        arithmetic.multiply(Rows { values: x, stride: WIDTH }, count, &self.reduce, reduced, HIDDEN);
        arithmetic.multiply(Rows { values: reduced, stride: HIDDEN }, count, &self.lower, out, self.lower.columns());
    }

    /// The contribution of no token in the role `role`.
    pub(crate) fn pad(&self, role: usize) -> &[f32; HALVES] {
        run(&self.pad, role)
    }

    /// The hidden layer of a state.
    #[inline]
    pub(crate) fn hidden(&self, arithmetic: Arithmetic, features: &[&[f32; HALVES]], out: &mut [f32; HIDDEN]) {
        arithmetic.hidden(features, &self.lower_bias, out);
    }

    /// The scores of all classes.
    #[inline]
    pub(crate) fn scores(&self, arithmetic: Arithmetic, hidden: &[f32; HIDDEN], out: &mut [[f32; 8]; V]) {
        arithmetic.scores(hidden, &self.upper, &self.upper_bias, out);
    }
}
