//! `cargo bench -p dateline-language`: loading, tokens, prose, and texts that would find anything quadratic.
#![allow(clippy::disallowed_methods)]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use language::{Kernel, Pipeline, conllu};

fn main() {
    divan::main();
}

/// Prose of about `bytes` bytes: the running texts of the golden set, again and again.
fn prose(bytes: usize) -> String {
    let texts: Vec<String> = serde_json::from_str(include_str!("../tests/golden/texts.json")).expect("valid JSON");
    let long: Vec<String> = texts.into_iter().filter(|t| t.len() > 60 && t.is_ascii()).collect();
    long.iter()
        .cycle()
        .scan(0, |total, text| {
            *total += text.len() + 1;
            (*total < bytes).then(|| format!("{text} "))
        })
        .collect()
}

/// Without the first load of a process, which is the same for all.
#[divan::bench(sample_count = 10)]
fn load_scalar() -> Pipeline {
    Pipeline::with_kernel(Kernel::Scalar)
}

#[divan::bench(args = [1_000, 20_000, 1_000_000], sample_count = 5)]
fn analyse_prose(bencher: Bencher, bytes: usize) {
    let (pipeline, text) = (Pipeline::new(), prose(bytes));
    let tokens = pipeline.analyse(&text).len();
    bencher.counter(ItemsCount::new(tokens)).bench(|| pipeline.analyse(black_box(&text)));
}

#[divan::bench(sample_count = 3)]
fn analyse_prose_scalar(bencher: Bencher) {
    let (pipeline, text) = (Pipeline::with_kernel(Kernel::Scalar), prose(20_000));
    let tokens = pipeline.analyse(&text).len();
    bencher.counter(ItemsCount::new(tokens)).bench(|| pipeline.analyse(black_box(&text)));
}

/// Each twice, the second ten times as long: time must grow tenfold.
#[divan::bench(args = ["a", "(", "a-", "a@", ".", ":) "], consts = [10_000, 100_000], sample_count = 1)]
fn analyse_runs<const BYTES: usize>(bencher: Bencher, unit: &str) {
    let (pipeline, text) = (Pipeline::new(), unit.repeat(BYTES / unit.len()));
    bencher.counter(BytesCount::of_str(&text)).bench(|| pipeline.analyse(black_box(&text)));
}

/// One word of 10 MB.
#[divan::bench(sample_count = 3)]
fn analyse_one_long_word(bencher: Bencher) {
    let (pipeline, text) = (Pipeline::new(), "a".repeat(10_000_000));
    bencher.counter(BytesCount::of_str(&text)).bench(|| pipeline.analyse(black_box(&text)));
}

#[divan::bench]
fn write_conllu(bencher: Bencher) {
    let analysis = Pipeline::new().analyse(&prose(20_000));
    bencher.counter(ItemsCount::new(analysis.len())).bench(|| conllu(black_box(&analysis), "id"));
}
