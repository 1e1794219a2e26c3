//! The arithmetic in plain Rust. Loops over short fixed lengths, which compilers turn into whatever vectors they have.

use super::{HIDDEN, Matrix, Norm, PANEL, QUAD, Rows, TERMS, WIDE, WIDTH};

pub(super) fn multiply(x: Rows, count: usize, m: &Matrix, y: &mut [f32], y_stride: usize) {
    // Four rows share each pass over a panel.
    const TILE: usize = 4;
    for (number, (panel, bias)) in m.panels().enumerate() {
        for first in (0..count).step_by(TILE) {
            let rows = TILE.min(count - first);
            let mut sums = [*bias; TILE];
            let inputs: [&[f32]; TILE] = std::array::from_fn(|r| {
                let start = (first + r.min(rows - 1)) * x.stride;
                &x.values[start..start + m.k]
            });
            for (i, weights) in panel.as_chunks::<PANEL>().0.iter().enumerate() {
                for (sum, input) in sums.iter_mut().zip(&inputs) {
                    let value = input[i];
                    for (s, w) in sum.iter_mut().zip(weights) {
                        *s += value * w;
                    }
                }
            }
            for (r, sum) in sums.iter().enumerate().take(rows) {
                let start = (first + r) * y_stride + number * PANEL;
                y[start..start + PANEL].copy_from_slice(sum);
            }
        }
    }
}

#[inline(always)]
pub(super) fn sums_of_inputs(x: &[[f32; WIDTH]; TERMS], out: &mut [[f32; WIDTH]; TERMS]) {
    for i in 0..WIDTH {
        let [a, b, c, d, e, f]: [f32; TERMS] = std::array::from_fn(|row| x[row][i]);
        out[0][i] = 4.0 * a - 5.0 * c + e;
        out[1][i] = (d + e) - 4.0 * (b + c);
        out[2][i] = (e - d) + 4.0 * (b - c);
        out[3][i] = (e - c) + 2.0 * (d - b);
        out[4][i] = (e - c) - 2.0 * (d - b);
        out[5][i] = 4.0 * b - 5.0 * d + f;
    }
}

#[inline(always)]
pub(super) fn sums_of_products(m: [&[f32; WIDE]; TERMS], out: &mut [[f32; WIDE]; QUAD]) {
    for i in 0..WIDE {
        let [a, b, c, d, e, f] = m.map(|product| product[i]);
        let (near, near_apart, far, far_apart) = (b + c, b - c, d + e, d - e);
        out[0][i] = a + near + far;
        out[1][i] = near_apart + 2.0 * far_apart;
        out[2][i] = near + 4.0 * far;
        out[3][i] = near_apart + 8.0 * far_apart + f;
    }
}

#[inline(always)]
pub(super) fn maxout_norm(y: &[f32; WIDE], norm: &Norm, residual: &[f32; WIDTH], out: &mut [f32; WIDTH]) {
    let mut best = [0f32; WIDTH];
    for (i, value) in best.iter_mut().enumerate() {
        *value = max(max(y[i], y[WIDTH + i]), y[2 * WIDTH + i]);
    }
    let mean = total(&best) / WIDTH as f32;
    let mut squares = [0f32; WIDTH];
    for (value, square) in best.iter_mut().zip(&mut squares) {
        *value -= mean;
        *square = *value * *value;
    }
    let scale = 1.0 / (total(&squares) / WIDTH as f32 + 1e-8).sqrt();
    for i in 0..WIDTH {
        out[i] = residual[i] + (best[i] * scale * norm.scale[i] + norm.shift[i]);
    }
}

/// The larger of two numbers; `f32::max` also orders NaN, which costs and never occurs.
#[inline(always)]
fn max(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// A sum in eight strands.
#[inline(always)]
fn total(values: &[f32; WIDTH]) -> f32 {
    let mut strands = [0f32; 8];
    for eight in values.as_chunks::<8>().0 {
        for (strand, value) in strands.iter_mut().zip(eight) {
            *strand += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = strands;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[inline(always)]
pub(super) fn add_rows(y: &mut [f32], [a, b, c, d]: [&[f32]; 4]) {
    let n = y.len();
    let (a, b, c, d) = (&a[..n], &b[..n], &c[..n], &d[..n]);
    for i in 0..n {
        y[i] += (a[i] + b[i]) + (c[i] + d[i]);
    }
}

#[inline(always)]
pub(super) fn sum_rows(y: &mut [f32; WIDE], [a, b, c]: [&[f32; WIDE]; 3], bias: &[f32; WIDE]) {
    for i in 0..WIDE {
        y[i] = (a[i] + b[i]) + (c[i] + bias[i]);
    }
}

#[inline(always)]
pub(super) fn hidden(features: &[&[f32; 2 * HIDDEN]], bias: &[f32; 2 * HIDDEN], out: &mut [f32; HIDDEN]) {
    let mut sums = *bias;
    for feature in features {
        for (sum, value) in sums.iter_mut().zip(*feature) {
            *sum += value;
        }
    }
    for (i, value) in out.iter_mut().enumerate() {
        *value = max(sums[i], sums[HIDDEN + i]);
    }
}

#[inline(always)]
pub(super) fn scores<const V: usize>(
    x: &[f32; HIDDEN],
    w: &[[[f32; 8]; V]; HIDDEN],
    bias: &[[f32; 8]; V],
    out: &mut [[f32; 8]; V],
) {
    *out = *bias;
    for (value, weights) in x.iter().zip(w) {
        for (eight, weights) in out.iter_mut().zip(weights) {
            for (o, w) in eight.iter_mut().zip(weights) {
                *o += value * w;
            }
        }
    }
}
