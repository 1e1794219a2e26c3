//! The file format of the model: named sections, little-endian, in one flat file.
//!
//! ```text
//! magic "DLLANG" · version u16 · section count u32 · count × (name 24 bytes · offset u32 · length u32) · sections
//! ```
//!
//! Every section starts at a multiple of 64 bytes. Three kinds of content are used: plain numbers (`f32`, `u32`,
//! `u64`), and lists of strings (count u32, count + 1 offsets u32, bytes). The same input gives the same bytes: the
//! writer keeps the order in which sections are added. The reader borrows from the file and copies nothing.

use std::fmt;

pub use crate::chars::CLASSES as CHARACTER_CLASSES;
pub use crate::hash::murmur64a;
pub use crate::lemma::CLASSES as LEMMA_CLASSES;

/// Bumped whenever the meaning of a section changes.
pub const VERSION: u16 = 1;
const MAGIC: &[u8; 6] = b"DLLANG";
const NAME: usize = 24;
const ENTRY: usize = NAME + 8;
const HEADER: usize = 12;
const ALIGN: usize = 64;

/// What is wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArtefactError {
    /// Not a model file, or cut short before its directory ended.
    #[error("not a language model file")]
    NotAModel,
    /// Made by another version of the program.
    #[error("language model of version {found}, but this program reads version {VERSION}: run `cargo xtask model`")]
    Version {
        /// The version in the file.
        found: u16,
    },
    /// A section is absent.
    #[error("the language model has no section {0:?}")]
    Missing(String),
    /// A section does not hold what it should.
    #[error("section {0:?} of the language model is damaged")]
    Damaged(String),
}

/// A model file, read.
#[derive(Clone, Copy)]
pub struct Artefact<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> Artefact<'a> {
    /// Opens a model file. Sections are checked when they are asked for.
    pub fn open(bytes: &'a [u8]) -> Result<Artefact<'a>, ArtefactError> {
        let header = bytes.get(..HEADER).ok_or(ArtefactError::NotAModel)?;
        if &header[..6] != MAGIC {
            return Err(ArtefactError::NotAModel);
        }
        let found = u16::from_le_bytes([header[6], header[7]]);
        if found != VERSION {
            return Err(ArtefactError::Version { found });
        }
        let count = u32::from_le_bytes([header[8], header[9], header[10], header[11]]) as usize;
        if count.checked_mul(ENTRY).and_then(|n| bytes.get(HEADER..HEADER + n)).is_none() {
            return Err(ArtefactError::NotAModel);
        }
        Ok(Artefact { bytes, count })
    }

    /// The bytes of a section.
    pub fn section(&self, name: &str) -> Result<&'a [u8], ArtefactError> {
        for entry in self.bytes[HEADER..HEADER + self.count * ENTRY].chunks_exact(ENTRY) {
            let written = entry[..NAME].split(|&b| b == 0).next().unwrap_or_default();
            if written == name.as_bytes() {
                let number =
                    |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]) as usize;
                let (offset, length) = (number(NAME), number(NAME + 4));
                return offset
                    .checked_add(length)
                    .and_then(|end| self.bytes.get(offset..end))
                    .ok_or_else(|| ArtefactError::Damaged(name.to_owned()));
            }
        }
        Err(ArtefactError::Missing(name.to_owned()))
    }

    /// A section of `f32`, which must hold `count` of them.
    pub fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, ArtefactError> {
        let section = self.section(name)?;
        if section.len() != count * 4 {
            return Err(ArtefactError::Damaged(name.to_owned()));
        }
        Ok(section.chunks_exact(4).map(|c| f32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
    }

    /// A section of `u32`.
    pub fn numbers(&self, name: &str) -> Result<Vec<u32>, ArtefactError> {
        Ok(self.section(name)?.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect())
    }

    /// A section of `u64`.
    pub fn long_numbers(&self, name: &str) -> Result<Vec<u64>, ArtefactError> {
        let section = self.section(name)?;
        Ok(section.chunks_exact(8).map(|c| c.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b))).collect())
    }

    /// A section that is a list of strings.
    pub fn strings(&self, name: &str) -> Result<Strings<'a>, ArtefactError> {
        Strings::read(self.section(name)?).ok_or_else(|| ArtefactError::Damaged(name.to_owned()))
    }
}

impl fmt::Debug for Artefact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artefact").field("bytes", &self.bytes.len()).field("sections", &self.count).finish()
    }
}

/// A list of strings in a model file.
#[derive(Clone, Copy, Debug)]
pub struct Strings<'a> {
    offsets: &'a [u8],
    text: &'a str,
}

impl<'a> Strings<'a> {
    fn read(section: &'a [u8]) -> Option<Strings<'a>> {
        let count = u32::from_le_bytes(section.get(..4)?.try_into().ok()?) as usize;
        let end = count.checked_add(1)?.checked_mul(4)?.checked_add(4)?;
        let offsets = section.get(4..end)?;
        let text = std::str::from_utf8(section.get(end..)?).ok()?;
        Some(Strings { offsets, text })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.offsets.len() / 4 - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `i`-th; empty beyond the end.
    pub fn get(&self, i: usize) -> &'a str {
        let offset = |i: usize| {
            let bytes = self.offsets.get(i * 4..i * 4 + 4).unwrap_or(&[0; 4]);
            u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
        };
        self.text.get(offset(i)..offset(i + 1)).unwrap_or("")
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + 'a {
        let this = *self;
        (0..this.len()).map(move |i| this.get(i))
    }

    /// The place of `text` in a sorted list.
    pub fn find(&self, text: &str) -> Option<usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            match self.get(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

/// Puts a model file together.
#[derive(Debug, Default)]
pub struct Writer {
    sections: Vec<(String, Vec<u8>)>,
}

impl Writer {
    /// An empty file.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// Adds a section of bytes. Names have at most 23 bytes.
    pub fn bytes(&mut self, name: &str, bytes: Vec<u8>) {
        assert!(name.len() < NAME, "section name {name:?} is too long");
        self.sections.push((name.to_owned(), bytes));
    }

    /// Adds a section of `u32`.
    pub fn numbers(&mut self, name: &str, numbers: impl IntoIterator<Item = u32>) {
        self.bytes(name, numbers.into_iter().flat_map(u32::to_le_bytes).collect());
    }

    /// Adds a section of `u64`.
    pub fn long_numbers(&mut self, name: &str, numbers: impl IntoIterator<Item = u64>) {
        self.bytes(name, numbers.into_iter().flat_map(u64::to_le_bytes).collect());
    }

    /// Adds a list of strings.
    pub fn strings<S: AsRef<str>>(&mut self, name: &str, strings: impl IntoIterator<Item = S>) {
        let (mut offsets, mut text) = (vec![0u32], String::new());
        for string in strings {
            text.push_str(string.as_ref());
            offsets.push(text.len() as u32);
        }
        let mut bytes = (offsets.len() as u32 - 1).to_le_bytes().to_vec();
        bytes.extend(offsets.into_iter().flat_map(u32::to_le_bytes));
        bytes.extend(text.into_bytes());
        self.bytes(name, bytes);
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(VERSION.to_le_bytes());
        file.extend((self.sections.len() as u32).to_le_bytes());
        let mut offset = (HEADER + self.sections.len() * ENTRY).next_multiple_of(ALIGN);
        for (name, bytes) in &self.sections {
            let mut padded = [0u8; NAME];
            padded[..name.len()].copy_from_slice(name.as_bytes());
            file.extend(padded);
            file.extend((offset as u32).to_le_bytes());
            file.extend((bytes.len() as u32).to_le_bytes());
            offset = (offset + bytes.len()).next_multiple_of(ALIGN);
        }
        for (_, bytes) in self.sections {
            file.resize(file.len().next_multiple_of(ALIGN), 0);
            file.extend(bytes);
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let mut writer = Writer::new();
        writer.strings("words", ["", "alpha", "béta", "γ"]);
        writer.numbers("numbers", [1, 2, u32::MAX]);
        writer.long_numbers("long", [7, u64::MAX - 1]);
        writer.bytes("floats", [1.5f32, -2.0].iter().flat_map(|f| f.to_le_bytes()).collect());
        writer.finish()
    }

    #[test]
    fn what_is_written_is_read() {
        let file = sample();
        let artefact = Artefact::open(&file).unwrap();
        let words = artefact.strings("words").unwrap();
        assert_eq!(words.iter().collect::<Vec<_>>(), ["", "alpha", "béta", "γ"]);
        assert_eq!(words.find("béta"), Some(2));
        assert_eq!(words.find("b"), None);
        assert_eq!(artefact.numbers("numbers").unwrap(), [1, 2, u32::MAX]);
        assert_eq!(artefact.long_numbers("long").unwrap(), [7, u64::MAX - 1]);
        assert_eq!(artefact.floats("floats", 2).unwrap(), [1.5, -2.0]);
        assert_eq!(artefact.section("none"), Err(ArtefactError::Missing("none".into())));
        assert_eq!(artefact.floats("floats", 3), Err(ArtefactError::Damaged("floats".into())));
    }

    #[test]
    fn a_damaged_file_is_an_error_and_never_a_panic() {
        let file = sample();
        assert_eq!(Artefact::open(b"DLLAN").unwrap_err(), ArtefactError::NotAModel);
        let mut other = file.clone();
        other[6] = 99;
        assert_eq!(Artefact::open(&other).unwrap_err(), ArtefactError::Version { found: 99 });
        for end in 0..file.len() {
            if let Ok(artefact) = Artefact::open(&file[..end]) {
                for name in ["words", "numbers", "long", "floats"] {
                    let _ = artefact.strings(name).map(|s| s.iter().count());
                }
            }
        }
    }
}
