//! Accords: agreements, truces, deals, talks, and what is said of their state.

use record::Accord;

use crate::Page;
use crate::reader::Found;

/// Finds the accords of a page, in order of the text. Statement ids are `s1` … in the order of `found.statements`.
pub fn read(page: &Page, found: &Found) -> Vec<Accord> {
    let _ = (page, found);
    Vec::new()
}
