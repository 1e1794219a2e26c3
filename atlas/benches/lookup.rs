//! How long the atlas takes: `cargo bench -p dateline-atlas`.

use atlas::Atlas;
use divan::{Bencher, black_box};

fn main() {
    Atlas::new().is_place("Aleppo");
    divan::main();
}

/// One exact look-up, found or not.
#[divan::bench(args = ["Aleppo", "Deir ez-Zor", "Springfield", "Nowhere in particular"])]
fn is_place(bencher: Bencher, name: &str) {
    let atlas = Atlas::new();
    bencher.bench(|| atlas.is_place(black_box(name)));
}

/// All places of a name, by sound where none folds the same.
#[divan::bench(args = ["Aleppo", "Khan Sheikhoon", "Springfield", "Nowhere in particular"])]
fn places(bencher: Bencher, name: &str) {
    let atlas = Atlas::new();
    bencher.bench(|| atlas.places(black_box(name)));
}

/// An actor by a listed name and by country and institution.
#[divan::bench(args = ["Daesh", "Russian Defense Ministry"])]
fn actor(bencher: Bencher, name: &str) {
    let atlas = Atlas::new();
    bencher.bench(|| atlas.actor(black_box(name)).is_some());
}
