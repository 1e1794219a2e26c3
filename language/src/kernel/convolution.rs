//! Convolutions over three rows, with half the products.
//!
//! Row `i` of a convolution is `x[i]·A + x[i+1]·B + x[i+2]·C`: three products a row, twelve for four rows. Six are enough
//! (S. Winograd, *Arithmetic Complexity of Computations*, 1980; A. Lavin and S. Gray, "Fast algorithms for convolutional
//! neural networks", 2016, give the matrices for this case, F(4, 3)): six sums of six input rows, each multiplied with a
//! sum of A, B and C that is made when the model is loaded, and four sums of the six products.
//!
//! The sums cost 1/50 of the products they save. They cost exactness, too: values differ from those of the plain way by
//! some 1e-6, as much as those of two orders of summation.

use super::{Arithmetic, Matrix, Rows, WIDE, WIDTH};

/// Rows that are computed together.
pub(crate) const QUAD: usize = 4;
/// Products for them, and input rows that they depend on.
pub(super) const TERMS: usize = 6;
/// Rows that share the passes over the weights, so that the products stay in the second-level cache.
const BAND: usize = 96;

/// How the weights of the three rows are summed up for each product.
const WEIGHTS: [[f64; 3]; TERMS] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// The weights of a convolution from three rows of [`WIDTH`] values to one of [`WIDE`].
#[derive(Debug)]
pub(crate) struct Convolution {
    terms: [Matrix; TERMS],
}

/// What is kept from call to call.
#[derive(Debug, Default)]
pub(crate) struct Room {
    inputs: Vec<f32>,
    products: Vec<f32>,
}

impl Convolution {
    /// Sums up the weights `weight(input, output)`; inputs `0..WIDTH` are those of the first row, and so on.
    pub(crate) fn new(weight: impl Fn(usize, usize) -> f32, bias: &[f32; WIDE]) -> Convolution {
        let terms = std::array::from_fn(|term| {
            let sum = |i: usize, j: usize| {
                let parts = WEIGHTS[term].iter().enumerate();
                parts.map(|(row, share)| share * f64::from(weight(row * WIDTH + i, j))).sum::<f64>() as f32
            };
            // The second product is in each of the four rows, once: the bias goes with it.
            Matrix::new(WIDTH, WIDE, sum, if term == 1 { bias } else { &[0.0; WIDE] })
        });
        Convolution { terms }
    }

    /// Hands rows `0..count` of the convolution to `each`, in order. `x` must hold `count + 2` rows, and so many more that
    /// whole quads can be computed: [`Convolution::rows`].
    pub(crate) fn run(
        &self,
        arithmetic: Arithmetic,
        x: &[f32],
        count: usize,
        room: &mut Room,
        mut each: impl FnMut(usize, &[f32; WIDE]),
    ) {
        let x = x.as_chunks::<WIDTH>().0;
        assert!(x.len() >= Convolution::rows(count), "the input is too short");
        let mut rows = [[0f32; WIDE]; QUAD];
        for band in (0..count).step_by(BAND) {
            let quads = BAND.min(count - band).div_ceil(QUAD);
            room.inputs.resize(TERMS * quads * WIDTH, 0.0);
            room.products.resize(TERMS * quads * WIDE, 0.0);
            let inputs = room.inputs.as_chunks_mut::<WIDTH>().0;
            for (quad, x) in x[band..].windows(TERMS).step_by(QUAD).take(quads).enumerate() {
                let mut sums = [[0f32; WIDTH]; TERMS];
                let six: &[[f32; WIDTH]; TERMS] = x.try_into().expect("a window of six");
                arithmetic.sums_of_inputs(six, &mut sums);
                for (term, sum) in sums.iter().enumerate() {
                    inputs[term * quads + quad] = *sum;
                }
            }
            for (term, weights) in self.terms.iter().enumerate() {
                let values = room.inputs[term * quads * WIDTH..].as_ref();
                let products = &mut room.products[term * quads * WIDE..];
                arithmetic.multiply(Rows { values, stride: WIDTH }, quads, weights, products, WIDE);
            }
            let products = room.products.as_chunks::<WIDE>().0;
            for quad in 0..quads {
                let six: [&[f32; WIDE]; TERMS] = std::array::from_fn(|term| &products[term * quads + quad]);
                arithmetic.sums_of_products(six, &mut rows);
                let first = band + quad * QUAD;
                for (i, row) in rows.iter().enumerate().take(count - first) {
                    each(first + i, row);
                }
            }
        }
    }

    /// Rows of `x` that [`Convolution::run`] looks at for `count` rows. Those behind `count + 2` must be finite numbers, the
    /// same ones each time; zeros are.
    pub(crate) const fn rows(count: usize) -> usize {
        count.next_multiple_of(QUAD) + 2
    }
}
