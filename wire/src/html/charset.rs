//! Bytes of a page → text, whatever its letters are coded in.
//!
//! In the order of the HTML standard: a byte order mark, what the transport says, what the page says in its first
//! kilobytes (`<meta charset>`, `<meta http-equiv>`, an XML declaration), and where nobody says, a guess by the letters
//! (`chardetng`). UTF-8 that is valid is believed before a page's own word: pages name old charsets by mistake, and no
//! text in them is valid UTF-8 by chance.

use std::borrow::Cow;

use chardetng::EncodingDetector;
use encoding_rs::Encoding;

/// How far into a page its own word on its charset is looked for.
const HEAD: usize = 4096;

/// The text of a page, and a note where its charset was guessed.
pub fn decode<'b>(bytes: &'b [u8], transport: Option<&str>) -> (Cow<'b, str>, Option<String>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return (encoding.decode_without_bom_handling(rest).0, None);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains("\u{1b}$")
    {
        return (Cow::Borrowed(text), None);
    }
    let named = transport.and_then(|t| Encoding::for_label(t.trim().as_bytes())).or_else(|| declared(bytes));
    if let Some(encoding) = named {
        return (encoding.decode_without_bom_handling(bytes).0, None);
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    let encoding = detector.guess(None, true);
    let note = format!("no charset given: decoded as {}", encoding.name());
    (encoding.decode_without_bom_handling(bytes).0, Some(note))
}

/// What a page says of its own charset.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(HEAD))?.to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = find(rest, b"charset").map(|i| i + 7).or_else(|| find(rest, b"encoding").map(|i| i + 8)) {
        rest = rest.get(at..)?;
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)));
        let label = value.get(..end.unwrap_or(value.len()))?;
        if let Some(encoding) = Encoding::for_label(label) {
            // UTF-16 named in bytes that could be read is a mistake for UTF-8.
            return Some(if encoding.is_ascii_compatible() { encoding } else { encoding_rs::UTF_8 });
        }
    }
    None
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|w| w == part)
}
