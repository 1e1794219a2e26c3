//! Incidents: acts of violence with place, day, roles, figures and responsibility.

use record::Incident;

use crate::Page;
use crate::reader::Found;

/// Finds the incidents of a page, in order of the text. Ids (`i1`, `f1` …) and statement ids (`s1` … in the order of
/// `found.statements`) are filled in.
pub fn read(page: &Page, found: &Found) -> Vec<Incident> {
    let _ = (page, found);
    Vec::new()
}
