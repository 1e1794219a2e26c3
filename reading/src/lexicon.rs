//! The word lists of `data/reading/`, parsed once.
//!
//! Format and conventions: `data/README.md`. Each step of the reading has its own file or files there and its own
//! typed table built from them; this module holds what they share.
