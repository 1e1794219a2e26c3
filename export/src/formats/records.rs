//! Every reading of every version of every dispatch, in the order in which it was filed, with its original: what
//! `dateline add --from records` takes to make the same ledger again.
//!
//! A line is a `dateline/record/1` object with one more member, `filing`, that says what the ledger knows beside the record:
//!
//! ```json
//! "filing": {"namespace": "wire", "version": 1, "kind": "first", "state": "live", "at": "2016-09-20T…Z",
//!            "original": {"media_type": "text/plain", "text": "…"}}
//! ```
//!
//! An original that is no UTF-8 stands as `base64` instead of `text`. People's decisions follow, a line each: `{"decision": {…}}`.

use std::io::Write;

use ledger::query::Reading;
use serde_json::{Value, json};

use super::{Format, Result, Takes, Tally};

/// Writes readings.
pub struct Records<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Records<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        Records { out }
    }
}

impl Format for Records<'_> {
    fn takes(&self) -> Takes {
        Takes { readings: true, ..Takes::default() }
    }

    fn reading(&mut self, reading: &Reading, tally: &mut Tally) -> Result {
        let original = match std::str::from_utf8(&reading.original) {
            Ok(text) => json!({"media_type": reading.media_type, "text": text}),
            Err(_) => json!({"media_type": reading.media_type, "base64": base64(&reading.original)}),
        };
        let filing: Value = json!({
            "namespace": reading.namespace, "version": reading.version, "kind": reading.kind, "state": reading.state,
            "at": reading.read_at, "original": original,
        });
        // The record goes through as it was filed, byte for byte: its hash is the same afterwards.
        let Some(record) = reading.record.trim_end().strip_suffix('}').filter(|r| r.len() > 1) else {
            tally.lose("records that could not be unpacked (run `dateline check`): left out");
            return Ok(());
        };
        self.out.write_all(record.as_bytes())?;
        self.out.write_all(b",\"filing\":")?;
        serde_json::to_writer(&mut *self.out, &filing)?;
        self.out.write_all(b"}\n")?;
        tally.rows += 1;
        Ok(())
    }

    fn decision(&mut self, decision: &Value, tally: &mut Tally) -> Result {
        serde_json::to_writer(&mut *self.out, decision)?;
        self.out.write_all(b"\n")?;
        tally.rows += 1;
        Ok(())
    }
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base 64 (RFC 4648) with padding.
fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4usize {
            let letter = LETTERS.get((word >> (18 - 6 * i)) as usize & 63).copied().unwrap_or(b'=');
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        let coded: Vec<String> = ["", "f", "fo", "foo", "foob"].iter().map(|t| base64(t.as_bytes())).collect();
        assert_eq!(coded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }
}
