//! The desk: web pages and HTTP API over one ledger. The one crate that serves HTTP.
