//! What a line of `dateline export jsonl` says beside its record: how the reading was filed, and the original's bytes.
//!
//! With it, `dateline add --from records` makes the same ledger again: namespaces, times of filing, originals.

use jiff::Timestamp;
use serde::Deserialize;

/// How a reading was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refiling {
    /// Whose ids the dispatch's id is one of.
    pub namespace: String,
    /// When it was filed.
    pub at: Timestamp,
    /// What the original is.
    pub media_type: &'static str,
    /// The original's bytes.
    pub original: Vec<u8>,
}

#[derive(Deserialize)]
struct Line {
    filing: Option<Told>,
}

#[derive(Deserialize)]
struct Told {
    namespace: String,
    at: Timestamp,
    original: Original,
}

#[derive(Deserialize)]
struct Original {
    media_type: String,
    text: Option<String>,
    base64: Option<String>,
}

/// How the record in one JSON object was filed, where the object says so, or what is wrong with that in words.
pub fn refiling_from_json(text: &str) -> Result<Option<Refiling>, String> {
    let line: Line = serde_json::from_str(text).map_err(|e| format!("its `filing` cannot be read: {e}"))?;
    let Some(Told { namespace, at, original }) = line.filing else { return Ok(None) };
    let bytes = match (original.text, original.base64) {
        (Some(text), _) => text.into_bytes(),
        (None, Some(coded)) => from_base64(&coded).ok_or("its original is no base 64")?,
        (None, None) => return Err("its `filing` has no original".to_owned()),
    };
    Ok(Some(Refiling { namespace, at, media_type: media_type(&original.media_type), original: bytes }))
}

/// The media types of originals. One that is not listed is kept as bytes.
fn media_type(name: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/rss+xml",
        "application/vnd.iptc.g2.newsitem+xml",
        "application/warc",
        "application/x-redacted",
        "application/xhtml+xml",
        "application/xml",
        "message/rfc822",
        "text/html",
        "text/plain",
        "text/xml",
    ];
    KNOWN.iter().copied().find(|k| *k == name).unwrap_or("application/octet-stream")
}

/// The bytes behind base 64 (RFC 4648).
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => Some(u32::from(c - b'A')),
        b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let letters = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(letters.len() / 4 * 3 + 3);
    for chunk in letters.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut word = 0u32;
        for &c in chunk {
            word = (word << 6) | value(c)?;
        }
        word <<= 6 * (4 - chunk.len());
        let bytes = word.to_be_bytes();
        out.extend(bytes.iter().skip(1).take(chunk.len() - 1));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_it_was_filed() {
        let line = r#"{"id": "d1", "filing": {"namespace": "wire", "version": 1, "at": "2016-09-20T10:00:00Z",
            "original": {"media_type": "text/html", "base64": "Zm9vYg=="}}}"#;
        let filing = refiling_from_json(line).unwrap().unwrap();
        assert_eq!(
            (filing.namespace.as_str(), filing.media_type, filing.original.as_slice()),
            ("wire", "text/html", &b"foob"[..])
        );
        assert_eq!(refiling_from_json(r#"{"id": "d1"}"#).unwrap(), None);
        assert!(refiling_from_json(r#"{"filing": {"namespace": "wire"}}"#).unwrap_err().contains("filing"));
        assert_eq!(from_base64("Zg=="), Some(b"f".to_vec()));
        assert_eq!((from_base64("Z"), from_base64("Z*")), (None, None));
    }
}
