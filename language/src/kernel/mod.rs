//! The arithmetic: matrix products and the element-wise steps between them, portable and for AVX2 with FMA.
//!
//! Everything is `f32`. Weight matrices are packed once into panels of 16 columns, so that the inner loop reads them in
//! order. The two implementations differ in the order of summation only, which never decides anything in practice
//! (differences of a few 1e-6 against margins that are rarely below 1e-4).

#[cfg(target_arch = "x86_64")]
mod avx2;
mod convolution;
mod scalar;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "x86_64")]
use avx2::Avx2;
pub(crate) use convolution::{Convolution, Room};
use convolution::{QUAD, TERMS};

/// Width of the token vectors.
pub(crate) const WIDTH: usize = 96;
/// Pieces of a maxout layer of the token-to-vector networks.
pub(crate) const PIECES: usize = 3;
/// Values of such a layer before the maxout.
pub(crate) const WIDE: usize = WIDTH * PIECES;
/// Hidden units of the step networks; two pieces each.
pub(crate) const HIDDEN: usize = 64;
const PANEL: usize = 16;

/// Which implementation of the arithmetic a [`crate::Pipeline`] uses. Decisions are the same with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kernel {
    /// The fastest that the processor can do.
    #[default]
    Detect,
    /// Plain Rust, for any processor.
    Scalar,
}

/// The implementation chosen at run time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arithmetic {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
}

/// Weights of a linear layer, `k` inputs to `n` outputs (`n` rounded up to whole panels), with its bias.
#[derive(Debug)]
pub(crate) struct Matrix {
    k: usize,
    n: usize,
    panels: Vec<f32>,
    bias: Vec<f32>,
}

impl Matrix {
    /// Packs the weights `weight(input, output)`.
    pub(crate) fn new(k: usize, n: usize, weight: impl Fn(usize, usize) -> f32, bias: &[f32]) -> Matrix {
        let padded = n.next_multiple_of(PANEL);
        let mut panels = Vec::with_capacity(padded * k);
        for first in (0..padded).step_by(PANEL) {
            for i in 0..k {
                panels.extend((first..first + PANEL).map(|j| if j < n { weight(i, j) } else { 0.0 }));
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(padded, 0.0);
        Matrix { k, n: padded, panels, bias }
    }

    /// Number of outputs, rounded up to whole panels.
    pub(crate) fn columns(&self) -> usize {
        self.n
    }

    /// The panels with their biases.
    fn panels(&self) -> impl Iterator<Item = (&[f32], &[f32; PANEL])> {
        let bias = self.bias.as_chunks::<PANEL>().0;
        self.panels.chunks_exact(PANEL * self.k).zip(bias)
    }
}

/// Rows of numbers: row `i` starts at `i * stride` and may reach into the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) stride: usize,
}

/// Scale and shift of a layer normalisation.
#[derive(Debug)]
pub(crate) struct Norm {
    pub(crate) scale: [f32; WIDTH],
    pub(crate) shift: [f32; WIDTH],
}

/// Dispatches a call to the implementation chosen.
macro_rules! dispatch {
    ($self:ident . $name:ident ( $($arg:expr),* )) => {
        match $self {
            Arithmetic::Scalar => scalar::$name($($arg),*),
            #[cfg(target_arch = "x86_64")]
            Arithmetic::Avx2(avx2) => avx2.$name($($arg),*),
        }
    };
}

impl Arithmetic {
    pub(crate) fn new(kernel: Kernel) -> Arithmetic {
        match kernel {
            Kernel::Scalar => Arithmetic::Scalar,
            #[cfg(target_arch = "x86_64")]
            Kernel::Detect => Avx2::detect().map_or(Arithmetic::Scalar, Arithmetic::Avx2),
            #[cfg(not(target_arch = "x86_64"))]
            Kernel::Detect => Arithmetic::Scalar,
        }
    }

    /// `y = x · m + bias` for `count` rows.
    pub(crate) fn multiply(self, x: Rows, count: usize, m: &Matrix, y: &mut [f32], y_stride: usize) {
        if count == 0 {
            return;
        }
        assert!((count - 1) * x.stride + m.k <= x.values.len(), "the input is too short");
        assert!((count - 1) * y_stride + m.n <= y.len(), "the output is too short");
        dispatch!(self.multiply(x, count, m, y, y_stride));
    }

    /// The sums of six rows with which the six products of four rows of a convolution are made.
    #[inline]
    fn sums_of_inputs(self, x: &[[f32; WIDTH]; TERMS], out: &mut [[f32; WIDTH]; TERMS]) {
        dispatch!(self.sums_of_inputs(x, out));
    }

    /// The four rows of a convolution from the six products.
    #[inline]
    fn sums_of_products(self, m: [&[f32; WIDE]; TERMS], out: &mut [[f32; WIDE]; QUAD]) {
        dispatch!(self.sums_of_products(m, out));
    }

    /// `out = residual + norm(maxout(y))`, where `y` holds the three pieces one after the other.
    #[inline]
    pub(crate) fn maxout_norm(self, y: &[f32; WIDE], norm: &Norm, residual: &[f32; WIDTH], out: &mut [f32; WIDTH]) {
        dispatch!(self.maxout_norm(y, norm, residual, out));
    }

    /// `y += a + b + c + d`
    #[inline]
    pub(crate) fn add_rows(self, y: &mut [f32], rows: [&[f32]; 4]) {
        dispatch!(self.add_rows(y, rows));
    }

    /// `y = a + b + c + bias`
    #[inline]
    pub(crate) fn sum_rows(self, y: &mut [f32; WIDE], rows: [&[f32; WIDE]; 3], bias: &[f32; WIDE]) {
        dispatch!(self.sum_rows(y, rows, bias));
    }

    /// The hidden layer of a step network: the sum of the features' contributions and the bias, then the larger of
    /// the two pieces.
    #[inline]
    pub(crate) fn hidden(self, features: &[&[f32; 2 * HIDDEN]], bias: &[f32; 2 * HIDDEN], out: &mut [f32; HIDDEN]) {
        dispatch!(self.hidden(features, bias, out));
    }

    /// `out = x · w + bias` for one row; `w` has a row of `V × 8` weights for each of the hidden units.
    #[inline]
    pub(crate) fn scores<const V: usize>(
        self,
        x: &[f32; HIDDEN],
        w: &[[[f32; 8]; V]; HIDDEN],
        bias: &[[f32; 8]; V],
        out: &mut [[f32; 8]; V],
    ) {
        dispatch!(self.scores(x, w, bias, out));
    }
}

/// The `i`-th run of `N` values.
pub(crate) fn run<const N: usize>(values: &[f32], i: usize) -> &[f32; N] {
    &values.as_chunks::<N>().0[i]
}

/// The `i`-th run of `N` values.
pub(crate) fn run_mut<const N: usize>(values: &mut [f32], i: usize) -> &mut [f32; N] {
    &mut values.as_chunks_mut::<N>().0[i]
}
