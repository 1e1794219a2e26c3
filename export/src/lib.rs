//! The ledger → situation reports and the field's formats. The one crate that knows formats out.
