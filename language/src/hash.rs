//! The two hashes of the model: strings → 64-bit ids, ids → rows of the embedding tables.

use std::collections::HashMap;

/// MurmurHash2, 64-bit variant A, with the seed 1.
pub fn murmur64a(bytes: &[u8]) -> u64 {
    const M: u64 = 0xC6A4_A793_5BD1_E995;
    const SEED: u64 = 1;
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(M);
    let words = bytes.chunks_exact(8);
    let tail = words.remainder();
    for word in words {
        let mut k = word.iter().rev().fold(0, |n: u64, &b| n << 8 | u64::from(b)).wrapping_mul(M);
        k = (k ^ (k >> 47)).wrapping_mul(M);
        hash = (hash ^ k).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let k = tail.iter().rev().fold(0, |n: u64, &b| n << 8 | u64::from(b));
        hash = (hash ^ k).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 47)).wrapping_mul(M);
    hash ^ (hash >> 47)
}

/// Ids of strings. A few hundred reserved strings ("", "num", "ORG", "X" …) have their place in a list as id; the
/// reserved ones do occur in texts, as word, prefix, suffix or shape.
#[derive(Debug)]
pub(crate) struct StringIds {
    reserved: HashMap<&'static str, u64>,
    longest: usize,
}

impl StringIds {
    pub(crate) fn new(reserved: impl Iterator<Item = &'static str>) -> StringIds {
        let reserved: HashMap<_, _> = reserved.zip(0..).collect();
        let longest = reserved.keys().map(|s| s.len()).max().unwrap_or(0);
        StringIds { reserved, longest }
    }

    pub(crate) fn id(&self, text: &str) -> u64 {
        match self.reserved.get(text) {
            Some(&id) if text.len() <= self.longest => id,
            _ => murmur64a(text.as_bytes()),
        }
    }
}

/// The four rows of an embedding table with `rows` rows and the seed `seed` whose sum is the vector of `id`:
/// MurmurHash3 x64_128 of the eight bytes of the id.
pub(crate) fn table_rows(id: u64, seed: u64, rows: u32) -> [usize; 4] {
    let mut h1 = id.wrapping_mul(0x87C3_7B91_1142_53D5).rotate_left(31).wrapping_mul(0x4CF5_AD43_2745_937F) ^ seed ^ 8;
    let mut h2 = seed ^ 8;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = finalise(h1);
    h2 = finalise(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    [h1 as u32, (h1 >> 32) as u32, h2 as u32, (h2 >> 32) as u32].map(|key| (key % rows) as usize)
}

fn finalise(mut k: u64) -> u64 {
    k = (k ^ (k >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    k = (k ^ (k >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    k ^ (k >> 33)
}
