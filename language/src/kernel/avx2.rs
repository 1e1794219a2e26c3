//! The arithmetic for processors with AVX2 and FMA: the one place of the project with unsafe code.
//!
//! Unsafe for two reasons only: calling functions that the compiler translates for these instructions, which is sound
//! because an [`Avx2`] exists only where the processor has them; and loads and stores through pointers, whose bounds
//! are stated beside each.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::{HIDDEN, Matrix, Norm, PANEL, QUAD, Rows, TERMS, WIDE, WIDTH, scalar};

/// Proof that the processor has AVX2 and FMA: [`Avx2::detect`] alone makes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(());

/// Rows that share the passes over all panels, so that the rows' values and sums stay in the first-level cache.
const BAND: usize = 48;
/// Rows of one tile: 6 × 16 sums fill 12 of the 16 registers.
const TILE: usize = 6;

impl Avx2 {
    pub(crate) fn detect() -> Option<Avx2> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Avx2(()))
    }

    pub(crate) fn multiply(self, x: Rows, count: usize, m: &Matrix, y: &mut [f32], y_stride: usize) {
        // The bounds on which the tiles rely, once for all of them.
        assert!(count > 0 && m.panels.len() == m.n * m.k && m.bias.len() == m.n && m.n.is_multiple_of(PANEL));
        assert!((count - 1) * x.stride + m.k <= x.values.len() && (count - 1) * y_stride + m.n <= y.len());
        // SAFETY: `self` proves that the processor has AVX2 and FMA; the bounds were asserted.
        unsafe { multiply(x, count, m, y, y_stride) }
    }

    #[inline]
    pub(crate) fn sums_of_inputs(self, x: &[[f32; WIDTH]; TERMS], out: &mut [[f32; WIDTH]; TERMS]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { sums_of_inputs(x, out) }
    }

    #[inline]
    pub(crate) fn sums_of_products(self, m: [&[f32; WIDE]; TERMS], out: &mut [[f32; WIDE]; QUAD]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { sums_of_products(m, out) }
    }

    #[inline]
    pub(crate) fn maxout_norm(self, y: &[f32; WIDE], norm: &Norm, residual: &[f32; WIDTH], out: &mut [f32; WIDTH]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { maxout_norm(y, norm, residual, out) }
    }

    #[inline]
    pub(crate) fn add_rows(self, y: &mut [f32], rows: [&[f32]; 4]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { add_rows(y, rows) }
    }

    #[inline]
    pub(crate) fn sum_rows(self, y: &mut [f32; WIDE], rows: [&[f32; WIDE]; 3], bias: &[f32; WIDE]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { sum_rows(y, rows, bias) }
    }

    #[inline]
    pub(crate) fn hidden(self, features: &[&[f32; 2 * HIDDEN]], bias: &[f32; 2 * HIDDEN], out: &mut [f32; HIDDEN]) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { hidden(features, bias, out) }
    }

    #[inline]
    pub(crate) fn scores<const V: usize>(
        self,
        x: &[f32; HIDDEN],
        w: &[[[f32; 8]; V]; HIDDEN],
        bias: &[[f32; 8]; V],
        out: &mut [[f32; 8]; V],
    ) {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe { scores(x, w, bias, out) }
    }
}

/// # Safety
/// `x` must hold `count` rows of `m.k` values, `y` `count` rows of `m.n`; `m`'s panels and bias must be whole.
#[target_feature(enable = "avx2,fma")]
unsafe fn multiply(x: Rows, count: usize, m: &Matrix, y: &mut [f32], y_stride: usize) {
    let (input, output) = (x.values.as_ptr(), y.as_mut_ptr());
    for band in (0..count).step_by(BAND) {
        let end = count.min(band + BAND);
        for panel in 0..m.n / PANEL {
            let mut row = band;
            while row < end {
                let rows = TILE.min(end - row);
                // SAFETY: rows `row .. row + rows` are below `count`, and `panel` is one of the `n / 16` panels, so by
                // the caller's promise all that the tile reads and writes lies within the three slices.
                unsafe {
                    let weights = m.panels.as_ptr().add(panel * PANEL * m.k);
                    let bias = m.bias.as_ptr().add(panel * PANEL);
                    let from = input.add(row * x.stride);
                    let to = output.add(row * y_stride + panel * PANEL);
                    match rows {
                        6 => tile::<6>(m.k, from, x.stride, weights, bias, to, y_stride),
                        5 => tile::<5>(m.k, from, x.stride, weights, bias, to, y_stride),
                        4 => tile::<4>(m.k, from, x.stride, weights, bias, to, y_stride),
                        3 => tile::<3>(m.k, from, x.stride, weights, bias, to, y_stride),
                        2 => tile::<2>(m.k, from, x.stride, weights, bias, to, y_stride),
                        _ => tile::<1>(m.k, from, x.stride, weights, bias, to, y_stride),
                    }
                }
                row += rows;
            }
        }
    }
}

/// `R` rows times one panel of 16 columns.
///
/// # Safety
/// `x` must be valid for `R` rows of `k` values `x_stride` apart, `weights` for `16 k` values, `bias` for 16, and `y`
/// for writing `R` rows of 16 values `y_stride` apart.
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn tile<const R: usize>(
    k: usize,
    x: *const f32,
    x_stride: usize,
    weights: *const f32,
    bias: *const f32,
    y: *mut f32,
    y_stride: usize,
) {
    // SAFETY: every address is one of those that the caller vouches for.
    unsafe {
        let start = [_mm256_loadu_ps(bias), _mm256_loadu_ps(bias.add(8))];
        let mut sums = [start; R];
        for i in 0..k {
            let left = _mm256_loadu_ps(weights.add(i * PANEL));
            let right = _mm256_loadu_ps(weights.add(i * PANEL + 8));
            for (r, sum) in sums.iter_mut().enumerate() {
                let value = _mm256_broadcast_ss(&*x.add(r * x_stride + i));
                sum[0] = _mm256_fmadd_ps(value, left, sum[0]);
                sum[1] = _mm256_fmadd_ps(value, right, sum[1]);
            }
        }
        for (r, sum) in sums.iter().enumerate() {
            _mm256_storeu_ps(y.add(r * y_stride), sum[0]);
            _mm256_storeu_ps(y.add(r * y_stride + 8), sum[1]);
        }
    }
}

// The element-wise steps are the portable ones, translated again with wider vectors.

#[target_feature(enable = "avx2,fma")]
fn sums_of_inputs(x: &[[f32; WIDTH]; TERMS], out: &mut [[f32; WIDTH]; TERMS]) {
    scalar::sums_of_inputs(x, out);
}

#[target_feature(enable = "avx2,fma")]
fn sums_of_products(m: [&[f32; WIDE]; TERMS], out: &mut [[f32; WIDE]; QUAD]) {
    scalar::sums_of_products(m, out);
}

#[target_feature(enable = "avx2,fma")]
fn maxout_norm(y: &[f32; WIDE], norm: &Norm, residual: &[f32; WIDTH], out: &mut [f32; WIDTH]) {
    scalar::maxout_norm(y, norm, residual, out);
}

#[target_feature(enable = "avx2,fma")]
fn add_rows(y: &mut [f32], rows: [&[f32]; 4]) {
    scalar::add_rows(y, rows);
}

#[target_feature(enable = "avx2,fma")]
fn sum_rows(y: &mut [f32; WIDE], rows: [&[f32; WIDE]; 3], bias: &[f32; WIDE]) {
    scalar::sum_rows(y, rows, bias);
}

#[target_feature(enable = "avx2,fma")]
fn hidden(features: &[&[f32; 2 * HIDDEN]], bias: &[f32; 2 * HIDDEN], out: &mut [f32; HIDDEN]) {
    scalar::hidden(features, bias, out);
}

#[target_feature(enable = "avx2,fma")]
fn scores<const V: usize>(
    x: &[f32; HIDDEN],
    w: &[[[f32; 8]; V]; HIDDEN],
    bias: &[[f32; 8]; V],
    out: &mut [[f32; 8]; V],
) {
    // SAFETY: each pointer comes from an array of eight.
    unsafe {
        let mut sums: [__m256; V] = std::array::from_fn(|v| _mm256_loadu_ps(bias[v].as_ptr()));
        for (value, weights) in x.iter().zip(w) {
            let value = _mm256_set1_ps(*value);
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = _mm256_fmadd_ps(value, _mm256_loadu_ps(weights.as_ptr()), *sum);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            _mm256_storeu_ps(out.as_mut_ptr(), sum);
        }
    }
}
