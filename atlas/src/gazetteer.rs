//! The embedded gazetteer: a read-only file that is searched where it lies.
//!
//! Made by `cargo xtask atlas` from GeoNames. Nothing is built when it is opened: names are two finite-state maps over
//! the embedded bytes (by [`fold`](crate::fold()) and by [`sound`](crate::sound)), places are fixed-width records.
//!
//! ```text
//! "DLGAZ 2\n"                     8 bytes
//! lengths of the 7 sections       u32 each, little-endian
//! 1 records    17 bytes each: lat, lon (i24, 0.0001°), GeoNames id (u24), inhabitants / 2 (u24), name (u24: offset in
//!              section 2), whereabouts (u16: number in section 3)
//!              first all first-order divisions, then all second-order ones, then places
//! 2 names      length (u8) and UTF-8
//! 3 whereabouts  6 bytes each: kind (u8), country (u8: number in section 4), admin1, admin2 (u16 + 1; 0 none); a place
//!              shares them with all of its kind in its district, which is why they stand apart
//! 4 countries  two letters each
//! 5 postings   count (LEB128), then record numbers (LEB128)
//! 6 by fold    fst map: name → record number << 1, or offset in section 5 << 1 | 1
//! 7 by sound   the same
//! ```

use crate::places::{Place, PlaceKind};

/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"DLGAZ 2\n";
/// Bytes of one record.
pub const RECORD: usize = 17;
/// Bytes of one entry of the whereabouts.
pub const WHEREABOUTS: usize = 6;
/// Degrees are kept as multiples of one over this.
pub const PER_DEGREE: f64 = 10_000.0;

/// The kinds in the order of their numbers in the file.
pub const KINDS: [PlaceKind; 6] =
    [PlaceKind::Admin1, PlaceKind::Admin2, PlaceKind::Capital, PlaceKind::City, PlaceKind::Region, PlaceKind::Site];

/// The opened file.
pub(crate) struct Gazetteer {
    records: &'static [u8],
    names: &'static [u8],
    whereabouts: &'static [u8],
    countries: &'static [u8],
    postings: &'static [u8],
    by_fold: fst::Map<&'static [u8]>,
    by_sound: fst::Map<&'static [u8]>,
    /// Number of first-order divisions, which come first.
    admin1: usize,
}

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer").field("places", &(self.records.len() / RECORD)).finish()
    }
}

/// The embedded file.
static FILE: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/gazetteer-1.bin"));

impl Gazetteer {
    /// Opens the embedded file; `None` if it is not one (a test holds that it is).
    pub(crate) fn embedded() -> Option<Gazetteer> {
        Gazetteer::open(FILE)
    }

    fn open(file: &'static [u8]) -> Option<Gazetteer> {
        let mut rest = file.strip_prefix(MAGIC)?;
        let mut lengths = [0usize; 7];
        for length in &mut lengths {
            let (bytes, after) = rest.split_first_chunk::<4>()?;
            *length = u32::from_le_bytes(*bytes) as usize;
            rest = after;
        }
        let mut sections: [&'static [u8]; 7] = [&[]; 7];
        for (section, length) in sections.iter_mut().zip(lengths) {
            (*section, rest) = rest.split_at_checked(length)?;
        }
        let [records, names, whereabouts, countries, postings, by_fold, by_sound] = sections;
        let kind_of = |r: &[u8]| whereabouts.get(u16_at(r, 15) * WHEREABOUTS).copied();
        let admin1 = records.chunks_exact(RECORD).take_while(|r| kind_of(r) == Some(0)).count();
        Some(Gazetteer {
            records,
            names,
            whereabouts,
            countries,
            postings,
            by_fold: fst::Map::new(by_fold).ok()?,
            by_sound: fst::Map::new(by_sound).ok()?,
            admin1,
        })
    }

    /// The places under an already folded name.
    pub(crate) fn find(&self, folded: &str) -> Vec<Place> {
        let numbers = self.numbers(&self.by_fold, folded);
        self.read(numbers)
    }

    /// Whether there is a place under an already folded name.
    pub(crate) fn has(&self, folded: &str) -> bool {
        self.by_fold.contains_key(folded)
    }

    /// The places that sound like an already folded name.
    pub(crate) fn find_by_sound(&self, sound: &str) -> Vec<Place> {
        let numbers = self.numbers(&self.by_sound, sound);
        self.read(numbers)
    }

    fn read(&self, numbers: Vec<usize>) -> Vec<Place> {
        numbers.into_iter().filter_map(|n| self.place(n)).collect()
    }

    fn numbers(&self, map: &fst::Map<&'static [u8]>, key: &str) -> Vec<usize> {
        let Some(value) = map.get(key) else { return Vec::new() };
        let at = (value >> 1) as usize;
        if value & 1 == 0 {
            return vec![at];
        }
        let mut bytes = self.postings.get(at..).unwrap_or_default().iter();
        let count = leb(&mut bytes).unwrap_or(0);
        std::iter::from_fn(|| leb(&mut bytes)).take(count).collect()
    }

    fn place(&self, number: usize) -> Option<Place> {
        let r = self.records.get(number * RECORD..(number + 1) * RECORD)?;
        let w = self.whereabouts.get(u16_at(r, 15) * WHEREABOUTS..)?;
        let kind = *KINDS.get(*w.first()? as usize)?;
        let country = 2 * *w.get(1)? as usize;
        let admin = |at: usize, base: usize| -> Option<String> {
            let n = u16_at(w, at).checked_sub(1)?;
            self.name(self.records.get((base + n) * RECORD..)?)
        };
        Some(Place {
            geonames_id: u24(r, 6),
            name: self.name(r)?,
            kind,
            country: std::str::from_utf8(self.countries.get(country..country + 2)?).ok()?.to_owned(),
            admin1: admin(2, 0),
            admin2: admin(4, self.admin1),
            lat: f64::from(i24(r, 0)) / PER_DEGREE,
            lon: f64::from(i24(r, 3)) / PER_DEGREE,
            population: u24(r, 9) * 2,
        })
    }

    /// The name of a record.
    fn name(&self, record: &[u8]) -> Option<String> {
        let (length, rest) = self.names.get(u24(record, 12) as usize..)?.split_first()?;
        std::str::from_utf8(rest.get(..*length as usize)?).ok().map(str::to_owned)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    let b = |i: usize| usize::from(bytes.get(at + i).copied().unwrap_or(0));
    b(0) | b(1) << 8
}

fn u24(bytes: &[u8], at: usize) -> u32 {
    let b = |i: usize| u32::from(bytes.get(at + i).copied().unwrap_or(0));
    b(0) | b(1) << 8 | b(2) << 16
}

fn i24(bytes: &[u8], at: usize) -> i32 {
    ((u24(bytes, at) << 8) as i32) >> 8
}

fn leb(bytes: &mut std::slice::Iter<'_, u8>) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..35).step_by(7) {
        let b = *bytes.next()?;
        value |= usize::from(b & 0x7f) << shift;
        if b & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_opens_and_finds() {
        let gazetteer = Gazetteer::embedded().expect("models/gazetteer-1.bin is a gazetteer");
        let aleppo = gazetteer.find("aleppo");
        let city = aleppo.iter().find(|p| p.geonames_id == 170_063).expect("the city");
        assert_eq!((city.country.as_str(), city.admin1.as_deref()), ("SY", Some("Aleppo")));
        assert!((city.lat - 36.2).abs() < 0.1 && (city.lon - 37.15).abs() < 0.1 && city.population > 1_000_000);
        assert!(gazetteer.find("no such place anywhere").is_empty());
        assert!(gazetteer.find("").is_empty());
    }

    #[test]
    fn another_file_does_not_open() {
        for file in [&b""[..], MAGIC, b"DLGAZ 2\n\xff\xff\xff\xff", b"something else altogether"] {
            assert!(Gazetteer::open(file).is_none());
        }
    }
}
