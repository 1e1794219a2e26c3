//! The tables under `data/wire`, parsed once.

use std::sync::OnceLock;

/// The rows of a tab-separated table, without comments and blank lines.
pub fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).map(|l| l.split('\t').collect())
}

/// The lines of a list without columns, comments left out.
pub fn lines(table: &'static str) -> Vec<&'static str> {
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).collect()
}

/// How a kind of file that is not plain text begins.
#[derive(Debug)]
pub struct Signature {
    /// Its first bytes.
    pub begins: Vec<u8>,
    /// What it is.
    pub what: &'static str,
    /// What to do about it.
    pub hint: &'static str,
}

/// All signatures.
pub fn signatures() -> &'static [Signature] {
    static TABLE: OnceLock<Vec<Signature>> = OnceLock::new();
    TABLE.get_or_init(|| {
        rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/wire/signatures.tsv")))
            .filter_map(|row| {
                let &[hex, what, hint] = row.as_slice() else { return None };
                let byte = |i: usize| hex.get(i..i + 2).and_then(|h| u8::from_str_radix(h, 16).ok());
                let begins = (0..hex.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?;
                Some(Signature { begins, what, hint })
            })
            .collect()
    })
}

/// A language of the detector.
#[derive(Debug)]
pub struct Language {
    detected: &'static str,
    /// The code written in records.
    pub code: &'static str,
    /// Some of its commonest words, if it is written in Latin letters.
    pub common: Vec<&'static str>,
}

/// The language that the detector calls `detected`.
pub fn language(detected: &str) -> Option<&'static Language> {
    static TABLE: OnceLock<Vec<Language>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        rows(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/wire/languages.tsv")))
            .filter_map(|row| {
                let common = row.get(2).map_or(Vec::new(), |words| words.split(' ').collect());
                Some(Language { detected: row.first()?, code: row.get(1)?, common })
            })
            .collect()
    });
    table.binary_search_by_key(&detected, |row| row.detected).ok().and_then(|i| table.get(i))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_detector_has_a_code() {
        for lang in whatlang::Lang::all() {
            assert!(language(lang.code()).is_some(), "{} is missing in languages.tsv", lang.code());
        }
    }

    #[test]
    fn tables_are_sorted_and_whole() {
        let text = include_str!("../../data/wire/signatures.tsv");
        let keys: Vec<&str> = rows(text).map(|r| r[0]).collect();
        assert!(keys.is_sorted());
        assert_eq!(signatures().len(), keys.len(), "every row parses");
    }
}
