//! The vector implementation against the portable one, and both against the plain definition.

use super::*;

/// Numbers between -1 and 1 that look random and are the same each time.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn both() -> [Arithmetic; 2] {
    [Arithmetic::new(Kernel::Scalar), Arithmetic::new(Kernel::Detect)]
}

fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len());
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= 2e-5 * b.abs().max(1.0), "{what}: value {i} is {a}, not {b}");
    }
}

#[test]
fn products_of_all_shapes_agree_with_the_definition() {
    // Rows around the tile heights and the band, columns around the panels, strides that overlap.
    for (rows, k, n, stride) in [
        (1, 1, 1, 1),
        (5, 96, 50, 96),
        (6, 64, 128, 64),
        (7, 288, 288, 96),
        (13, 96, 37, 100),
        (49, 33, 17, 33),
        (101, 288, 48, 96),
    ] {
        let x = numbers((rows - 1) * stride + k, 1);
        let (weights, bias) = (numbers(k * n, 2), numbers(n, 3));
        let matrix = Matrix::new(k, n, |i, j| weights[i * n + j], &bias);
        let columns = matrix.columns();
        let mut expected = vec![0f32; rows * columns];
        for r in 0..rows {
            for j in 0..n {
                let sum: f64 = (0..k).map(|i| f64::from(x[r * stride + i]) * f64::from(weights[i * n + j])).sum();
                expected[r * columns + j] = (sum + f64::from(bias[j])) as f32;
            }
        }
        for arithmetic in both() {
            let mut y = vec![f32::NAN; rows * columns];
            arithmetic.multiply(Rows { values: &x, stride }, rows, &matrix, &mut y, columns);
            assert_close(&y, &expected, &format!("{rows} × {k} × {n} with {arithmetic:?}"));
        }
    }
}

#[test]
fn a_convolution_is_the_sum_of_its_three_products() {
    let (weights, bias) = (numbers(WIDE * WIDE, 2), numbers(WIDE, 3));
    let convolution = Convolution::new(|i, j| weights[i * WIDE + j], bias.as_slice().try_into().unwrap());
    for arithmetic in both() {
        let mut room = Room::default();
        // Counts around the quads and the band.
        for count in [1, 2, 4, 5, 96, 97, 203] {
            let mut x = numbers((count + 2) * WIDTH, 1);
            x.resize(Convolution::rows(count) * WIDTH, 0.0);
            let mut seen = 0;
            convolution.run(arithmetic, &x, count, &mut room, |row, found| {
                assert_eq!(row, seen);
                seen += 1;
                let expected: Vec<f32> = (0..WIDE)
                    .map(|j| {
                        let input = x[row * WIDTH..].iter().take(WIDE).enumerate();
                        let sum: f64 = input.map(|(i, x)| f64::from(*x) * f64::from(weights[i * WIDE + j])).sum();
                        (sum + f64::from(bias[j])) as f32
                    })
                    .collect();
                // Of a size of five, summed up from larger numbers than that.
                let (found, expected): (Vec<f32>, Vec<f32>) =
                    found.iter().zip(&expected).map(|(a, b)| (a / 5.0, b / 5.0)).unzip();
                assert_close(&found, &expected, &format!("row {row} of {count} with {arithmetic:?}"));
            });
            assert_eq!(seen, count);
        }
    }
}

#[test]
#[should_panic(expected = "the input is too short")]
fn a_product_never_reads_beyond_its_input() {
    let matrix = Matrix::new(96, 16, |_, _| 1.0, &[]);
    let x = [0f32; 100];
    Arithmetic::new(Kernel::Detect).multiply(Rows { values: &x, stride: 96 }, 2, &matrix, &mut [0.0; 32], 16);
}

#[test]
#[should_panic(expected = "the output is too short")]
fn a_product_never_writes_beyond_its_output() {
    let matrix = Matrix::new(4, 16, |_, _| 1.0, &[]);
    Arithmetic::new(Kernel::Detect).multiply(Rows { values: &[0.0; 8], stride: 4 }, 2, &matrix, &mut [0.0; 31], 16);
}

#[test]
fn the_steps_between_products_agree() {
    let [scalar, detected] = both();
    let y: [f32; WIDE] = numbers(WIDE, 4).try_into().unwrap();
    let norm = Norm { scale: numbers(WIDTH, 5).try_into().unwrap(), shift: numbers(WIDTH, 6).try_into().unwrap() };
    let residual: [f32; WIDTH] = numbers(WIDTH, 7).try_into().unwrap();
    let (mut a, mut b) = ([0f32; WIDTH], [0f32; WIDTH]);
    scalar.maxout_norm(&y, &norm, &residual, &mut a);
    detected.maxout_norm(&y, &norm, &residual, &mut b);
    assert_close(&b, &a, "maxout and norm");

    let rows: Vec<[f32; WIDE]> = (8..12).map(|seed| numbers(WIDE, seed).try_into().unwrap()).collect();
    let (mut a, mut b) = (y, y);
    scalar.add_rows(&mut a, [&rows[0], &rows[1], &rows[2], &rows[3]]);
    detected.add_rows(&mut b, [&rows[0], &rows[1], &rows[2], &rows[3]]);
    assert_close(&b, &a, "adding rows");
    scalar.sum_rows(&mut a, [&rows[0], &rows[1], &rows[2]], &rows[3]);
    detected.sum_rows(&mut b, [&rows[0], &rows[1], &rows[2]], &rows[3]);
    assert_close(&b, &a, "summing rows");

    let features: Vec<[f32; 2 * HIDDEN]> = (20..28).map(|seed| numbers(2 * HIDDEN, seed).try_into().unwrap()).collect();
    let features: Vec<&[f32; 2 * HIDDEN]> = features.iter().collect();
    let bias: [f32; 2 * HIDDEN] = numbers(2 * HIDDEN, 30).try_into().unwrap();
    let (mut a, mut b) = ([0f32; HIDDEN], [0f32; HIDDEN]);
    scalar.hidden(&features, &bias, &mut a);
    detected.hidden(&features, &bias, &mut b);
    assert_close(&b, &a, "the hidden layer");

    let weights: Vec<[[f32; 8]; 3]> = (0..HIDDEN as u64)
        .map(|h| std::array::from_fn(|v| numbers(8, 40 + 3 * h + v as u64).try_into().unwrap()))
        .collect();
    let weights: &[[[f32; 8]; 3]; HIDDEN] = weights.as_slice().try_into().unwrap();
    let bias: [[f32; 8]; 3] = std::array::from_fn(|v| numbers(8, 400 + v as u64).try_into().unwrap());
    let (mut x, mut y) = ([[0f32; 8]; 3], [[0f32; 8]; 3]);
    scalar.scores(&a, weights, &bias, &mut x);
    detected.scores(&a, weights, &bias, &mut y);
    assert_close(y.as_flattened(), x.as_flattened(), "scores");
}
