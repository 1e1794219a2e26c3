//! Tokens → vectors: hash embeddings, a mix, and four convolutions; twice, for tagger and parser ("a") and for the
//! entity recogniser ("b").
//!
//! Three things make it fast. The mix is linear up to its maxout, so the embedding tables are multiplied with it when
//! the model is loaded: the mix of a token is then a sum of rows. What depends on the word alone (the mix, and its
//! three roles in the first convolution: left of, at, and right of a token) is cached by word. And the other convolutions
//! share products between four rows each ([`Convolution`]).
//!
//! A *row* is a place in the sequence of all tokens of a call. Documents are [`PAD`] empty rows apart, and so many come
//! before the first and after the last. These rows are part of the model: they do not stay zero.

use std::ops::Range;

use crate::artefact::{Artefact, ArtefactError};
use crate::hash::table_rows;
use crate::kernel::{Arithmetic, Convolution, Matrix, Norm, PIECES, Room, Rows, WIDE, WIDTH, run, run_mut};
use crate::lexicon::{Lexicon, NO_SLOT, Word};

/// Rows of the embedding tables: norm, prefix, suffix, shape, followed by a blank, is white space.
const TABLES: [usize; 6] = [5000, 1000, 2500, 2500, 50, 50];
/// Both networks have these.
const COMMON: usize = 4;
/// The table in place `i` has the seed `SEED + i`.
const SEED: u64 = 8;
const LAYERS: usize = 4;
/// Empty rows between documents: as many as there are convolutions.
pub(crate) const PAD: usize = LAYERS;
/// The empty row.
const EMPTY: [f32; WIDE] = [0.0; WIDE];

/// Which network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Net {
    /// For tagger and parser.
    A,
    /// For the entity recogniser.
    B,
}

#[derive(Debug)]
struct Encoder {
    mix_bias: [f32; WIDE],
    mix_norm: Norm,
    /// The first convolution as three products of one row each, in the roles left, own, right.
    roles: Matrix,
    first_bias: [f32; WIDE],
    first_norm: Norm,
    rest: Vec<(Convolution, Norm)>,
}

/// Both networks.
#[derive(Debug)]
pub(crate) struct Tok2Vec {
    a: Encoder,
    b: Encoder,
    /// The tables that both have, multiplied with the mix: the row of "a", then that of "b".
    common: Vec<f32>,
    /// The two tables that only "a" has, multiplied with the mix.
    own: Vec<f32>,
}

impl Tok2Vec {
    pub(crate) fn load(artefact: &Artefact, arithmetic: Arithmetic) -> Result<Tok2Vec, ArtefactError> {
        let common_rows: usize = TABLES[..COMMON].iter().sum();
        let own_rows: usize = TABLES[COMMON..].iter().sum();
        let mut common = vec![0.0; common_rows * 2 * WIDE];
        let mut own = vec![0.0; own_rows * WIDE];
        let mut project = |net: &str, tables: &[usize]| -> Result<(), ArtefactError> {
            let inputs = tables.len() * WIDTH;
            let values = artefact.floats(&format!("{net}.tables"), tables.iter().sum::<usize>() * WIDTH)?;
            let weights = artefact.floats(&format!("{net}.0.w"), WIDE * inputs)?;
            let mut first = 0;
            for (table, &rows) in tables.iter().enumerate() {
                let weight = |i: usize, column| weights[source_row(column) * inputs + table * WIDTH + i];
                let matrix = Matrix::new(WIDTH, WIDE, weight, &EMPTY);
                let input = Rows { values: &values[first * WIDTH..], stride: WIDTH };
                match (table < COMMON, net) {
                    (true, "a") => arithmetic.multiply(input, rows, &matrix, &mut common[first * 2 * WIDE..], 2 * WIDE),
                    (true, _) => {
                        arithmetic.multiply(input, rows, &matrix, &mut common[first * 2 * WIDE + WIDE..], 2 * WIDE)
                    }
                    (false, _) => {
                        arithmetic.multiply(input, rows, &matrix, &mut own[(first - common_rows) * WIDE..], WIDE)
                    }
                }
                first += rows;
            }
            Ok(())
        };
        project("a", &TABLES)?;
        project("b", &TABLES[..COMMON])?;
        Ok(Tok2Vec { a: Encoder::load(artefact, "a")?, b: Encoder::load(artefact, "b")?, common, own })
    }

    fn encoder(&self, net: Net) -> &Encoder {
        match net {
            Net::A => &self.a,
            Net::B => &self.b,
        }
    }

    /// The mixes of a word for both networks.
    fn mix(&self, arithmetic: Arithmetic, word: &Word, space_after: bool, out: &mut [[f32; WIDTH]; 2]) {
        let mut sum = [0f32; 2 * WIDE];
        run_mut::<WIDE>(&mut sum, 0).copy_from_slice(&self.a.mix_bias);
        run_mut::<WIDE>(&mut sum, 1).copy_from_slice(&self.b.mix_bias);
        let mut first = 0;
        for (i, &id) in word.features.iter().enumerate() {
            let rows = table_rows(id, SEED + i as u64, TABLES[i] as u32);
            arithmetic.add_rows(&mut sum, rows.map(|row| &run::<{ 2 * WIDE }>(&self.common, first + row)[..]));
            first += TABLES[i];
        }
        first = 0;
        for (i, flag) in [space_after, word.is_space].into_iter().enumerate() {
            let (i, table) = (i + COMMON, TABLES[i + COMMON]);
            let rows = table_rows(u64::from(flag), SEED + i as u64, table as u32);
            arithmetic.add_rows(run_mut::<WIDE>(&mut sum, 0), rows.map(|row| &run::<WIDE>(&self.own, first + row)[..]));
            first += table;
        }
        let none = [0.0; WIDTH];
        let [out_a, out_b] = out;
        arithmetic.maxout_norm(run(&sum, 0), &self.a.mix_norm, &none, out_a);
        arithmetic.maxout_norm(run(&sum, 1), &self.b.mix_norm, &none, out_b);
    }
}

/// Where the weights of a maxout layer's output are in the file, which has the pieces of an output side by side; here
/// all first pieces come first, so that the maxout is a maximum of three vectors.
fn source_row(column: usize) -> usize {
    column % WIDTH * PIECES + column / WIDTH
}

impl Encoder {
    fn load(artefact: &Artefact, net: &str) -> Result<Encoder, ArtefactError> {
        let damaged = |name: &str| ArtefactError::Damaged(name.to_owned());
        let norm = |layer: usize| -> Result<Norm, ArtefactError> {
            let read = |part: &str| -> Result<[f32; WIDTH], ArtefactError> {
                let name = format!("{net}.{layer}.{part}");
                artefact.floats(&name, WIDTH)?.try_into().map_err(|_| damaged(&name))
            };
            Ok(Norm { scale: read("scale")?, shift: read("shift")? })
        };
        let bias = |layer: usize| -> Result<[f32; WIDE], ArtefactError> {
            let bias = artefact.floats(&format!("{net}.{layer}.b"), WIDE)?;
            Ok(std::array::from_fn(|column| bias[source_row(column)]))
        };
        let weights = |layer: usize| artefact.floats(&format!("{net}.{layer}.w"), WIDE * WIDE);
        let first = weights(1)?;
        let role = |i: usize, column: usize| first[source_row(column % WIDE) * WIDE + column / WIDE * WIDTH + i];
        let mut rest = Vec::new();
        for layer in 2..=LAYERS {
            let w = weights(layer)?;
            let weight = |i: usize, column| w[source_row(column) * WIDE + i];
            rest.push((Convolution::new(weight, &bias(layer)?), norm(layer)?));
        }
        Ok(Encoder {
            mix_bias: bias(0)?,
            mix_norm: norm(0)?,
            roles: Matrix::new(WIDTH, 3 * WIDE, role, &[]),
            first_bias: bias(1)?,
            first_norm: norm(1)?,
            rest,
        })
    }
}

/// A row of the sequence: nothing, or a word and whether a blank follows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row(u32);

impl Row {
    pub(crate) const EMPTY: Row = Row(0);

    pub(crate) fn token(word: u32, space_after: bool) -> Row {
        Row((word + 1) << 1 | u32::from(space_after))
    }

    fn word(self) -> Option<(u32, bool)> {
        (self.0 != 0).then(|| ((self.0 >> 1) - 1, self.0 & 1 == 1))
    }
}

/// Values of a slot of the cache: the mix for both networks, then the three roles for both.
const SLOT: usize = 2 * WIDTH + 2 * 3 * WIDE;
/// Slots of the cache: 7.7 kB each.
const SLOTS: usize = 4096;
/// Slots are allocated so many at a time.
const SLAB: usize = 128;

/// Cache of what depends on the word alone. One per thread.
#[derive(Debug, Default)]
pub(crate) struct Vectors {
    slabs: Vec<Box<[f32]>>,
    /// For each slot: its word, with or without a blank after it, and when it was last used.
    owners: Vec<(Row, u32)>,
    /// The clock's hand, and its time: a slot of the present time is in use.
    hand: usize,
    time: u32,
    missing: Vec<u32>,
    mixes: Vec<f32>,
    projected: Vec<f32>,
    slots: Vec<u32>,
    x: [Vec<f32>; 2],
    room: Room,
}

impl Vectors {
    /// Forgets everything: to be called when the lexicon forgot its words.
    pub(crate) fn forget(&mut self) {
        self.owners.clear();
        self.hand = 0;
    }

    /// A part of a slot's values.
    fn slot(&self, slot: u32) -> &[f32; SLOT] {
        run(&self.slabs[slot as usize / SLAB], slot as usize % SLAB)
    }

    fn slot_mut(&mut self, slot: u32) -> &mut [f32; SLOT] {
        run_mut(&mut self.slabs[slot as usize / SLAB], slot as usize % SLAB)
    }

    /// A slot that is free or that has not been used since the hand last passed.
    fn free_slot(&mut self, lexicon: &mut Lexicon, row: Row) -> u32 {
        let slot = if self.owners.len() < SLOTS {
            if self.owners.len().is_multiple_of(SLAB) && self.slabs.len() * SLAB <= self.owners.len() {
                self.slabs.push(vec![0.0; SLAB * SLOT].into_boxed_slice());
            }
            self.owners.push((row, self.time));
            self.owners.len() - 1
        } else {
            // Second chance: a slot used since the hand's last visit is spared once, one in use now always. A block
            // uses far fewer slots than there are, so the hand finds one within two rounds.
            loop {
                self.hand = (self.hand + 1) % SLOTS;
                let (_, used) = &mut self.owners[self.hand];
                if *used == self.time {
                    continue;
                }
                if *used != 0 {
                    *used = 0;
                    continue;
                }
                break self.hand;
            }
        };
        let owner = std::mem::replace(&mut self.owners[slot], (row, self.time)).0;
        if let Some((word, space)) = owner.word() {
            lexicon.word_mut(word).slots[usize::from(space)] = NO_SLOT;
        }
        slot as u32
    }

    /// Sees to it that all of `rows` are in the cache; their slots are left in `self.slots`.
    fn look_up(
        &mut self,
        tok2vec: &Tok2Vec,
        arithmetic: Arithmetic,
        lexicon: &mut Lexicon,
        rows: impl Iterator<Item = Row>,
    ) {
        self.time = self.time.checked_add(1).unwrap_or(1);
        self.slots.clear();
        self.missing.clear();
        for row in rows {
            let Some((word, space)) = row.word() else {
                self.slots.push(NO_SLOT);
                continue;
            };
            let mut slot = lexicon.word(word).slots[usize::from(space)];
            if slot == NO_SLOT {
                slot = self.free_slot(lexicon, row);
                lexicon.word_mut(word).slots[usize::from(space)] = slot;
                self.missing.push(slot);
                let mut mixes = [[0.0; WIDTH]; 2];
                tok2vec.mix(arithmetic, lexicon.word(word), space, &mut mixes);
                self.slot_mut(slot)[..2 * WIDTH].copy_from_slice(mixes.as_flattened());
            } else {
                self.owners[slot as usize].1 = self.time;
            }
            self.slots.push(slot);
        }
        if self.missing.is_empty() {
            return;
        }
        let missing = std::mem::take(&mut self.missing);
        for (encoder, net) in [(&tok2vec.a, 0), (&tok2vec.b, 1)] {
            let mut mixes = std::mem::take(&mut self.mixes);
            mixes.clear();
            for &slot in &missing {
                mixes.extend_from_slice(&self.slot(slot)[net * WIDTH..(net + 1) * WIDTH]);
            }
            let mut projected = std::mem::take(&mut self.projected);
            projected.resize(missing.len() * 3 * WIDE, 0.0);
            let input = Rows { values: &mixes, stride: WIDTH };
            arithmetic.multiply(input, missing.len(), &encoder.roles, &mut projected, 3 * WIDE);
            for (&slot, values) in missing.iter().zip(projected.chunks_exact(3 * WIDE)) {
                let start = 2 * WIDTH + net * 3 * WIDE;
                self.slot_mut(slot)[start..start + 3 * WIDE].copy_from_slice(values);
            }
            (self.mixes, self.projected) = (mixes, projected);
        }
        self.missing = missing;
    }

    /// The vectors of the rows `range` of a sequence, one after the other.
    pub(crate) fn encode(
        &mut self,
        tok2vec: &Tok2Vec,
        arithmetic: Arithmetic,
        lexicon: &mut Lexicon,
        net: Net,
        sequence: &[Row],
        range: Range<usize>,
    ) -> &[f32] {
        let count = range.len();
        // Each convolution looks one row to either side: the last needs `count` rows, the first so many more.
        let around = (range.start..range.end + 2 * LAYERS)
            .map(|i| i.checked_sub(LAYERS).and_then(|i| sequence.get(i)).copied().unwrap_or(Row::EMPTY));
        self.look_up(tok2vec, arithmetic, lexicon, around);
        let encoder = tok2vec.encoder(net);
        let rows = count + 2 * (LAYERS - 1);
        let [mut x, mut next] = std::mem::take(&mut self.x);
        x.resize(Convolution::rows(rows) * WIDTH, 0.0);
        next.resize(Convolution::rows(rows) * WIDTH, 0.0);
        let (mix, roles) = match net {
            Net::A => (0, 2 * WIDTH),
            Net::B => (WIDTH, 2 * WIDTH + 3 * WIDE),
        };
        let role = |slot: u32, role: usize| -> &[f32; WIDE] {
            if slot == NO_SLOT { &EMPTY } else { run(&self.slot(slot)[roles + role * WIDE..], 0) }
        };
        let mut y = [0f32; WIDE];
        for (i, slots) in self.slots.windows(3).enumerate() {
            arithmetic.sum_rows(&mut y, [role(slots[0], 0), role(slots[1], 1), role(slots[2], 2)], &encoder.first_bias);
            let residual = if slots[1] == NO_SLOT { run(&EMPTY, 0) } else { run(&self.slot(slots[1])[mix..], 0) };
            arithmetic.maxout_norm(&y, &encoder.first_norm, residual, run_mut(&mut x, i));
        }
        let mut room = std::mem::take(&mut self.room);
        let mut left = rows;
        for (convolution, norm) in &encoder.rest {
            // The last rows that are computed together reach beyond what is there.
            x[left * WIDTH..].fill(0.0);
            left -= 2;
            convolution.run(arithmetic, &x, left, &mut room, |i, wide| {
                arithmetic.maxout_norm(wide, norm, run(&x, i + 1), run_mut(&mut next, i));
            });
            std::mem::swap(&mut x, &mut next);
        }
        self.x = [x, next];
        self.room = room;
        &self.x[0][..count * WIDTH]
    }
}
