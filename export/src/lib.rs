//! The ledger → situation reports and the field's formats. The one crate that knows formats out.
//!
//! Each format is one file under [`formats`] behind one small trait; what it knows of the field (codes, columns) stands
//! in plain files under `data/export/`. `docs/export.md` says, for each format, what a row is and what is lost.

pub mod draw;
pub mod formats;
pub mod report;
