//! Bytes → text: byte order marks, UTF-16, old eight-bit text, and what is no text at all.
//!
//! UTF-8 is taken as it is (without its mark). UTF-16 is known by its mark, or by zero bytes in every second place.
//! Bytes that are not UTF-8 but look like text are read as windows-1252, which newsrooms used before; a text that is
//! UTF-8 but for a few broken bytes keeps its letters and shows U+FFFD for those. Both leave a note. Anything else gets
//! an error that says what it looks like.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::input::WireError;
use crate::tables;

/// The most that is taken as one input, in bytes.
pub const MOST: usize = 64 << 20;

/// A decoded input.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text, borrowed where the bytes are UTF-8 already.
    pub text: Cow<'b, str>,
    /// What to tell about the decoding, if anything was not plain.
    pub note: Option<String>,
}

/// Decodes an input called `name`.
pub fn decode<'b>(bytes: &'b [u8], name: &str) -> Result<Decoded<'b>, WireError> {
    let error = |problem: String, hint: &str| WireError {
        place: name.to_owned(),
        problem,
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
    };
    if bytes.len() > MOST {
        let problem = format!("is larger than {} MiB", MOST >> 20);
        return Err(error(problem, "split it; one dispatch is rarely over 100 kB"));
    }
    let utf16 = |encoding: &'static Encoding, bytes: &'b [u8]| {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        let cut = if bytes.len() % 2 == 1 { "its last character is cut off" } else { "some of it is broken" };
        Decoded { text, note: broken.then(|| format!("not quite UTF-16: {cut}, and shown as U+FFFD")) }
    };
    let decoded = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => eight_bit(rest, name)?,
        [0xFF, 0xFE, rest @ ..] => utf16(UTF_16LE, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(UTF_16BE, rest),
        _ => match zero_pattern(bytes) {
            Some(encoding) => utf16(encoding, bytes),
            None => eight_bit(bytes, name)?,
        },
    };
    if decoded.text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(error("is empty".to_owned(), "give a file with the text of a dispatch"));
    }
    if let Some(s) = markup(&decoded.text) {
        return Err(error(format!("is {}, not plain text", s.what), s.hint));
    }
    Ok(decoded)
}

/// Text of a teleprinter: UTF-8, else windows-1252.
pub fn decode_eight_bit(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// UTF-8, or what is left of it, or windows-1252.
fn eight_bit<'b>(bytes: &'b [u8], name: &str) -> Result<Decoded<'b>, WireError> {
    let binary =
        |problem: String, hint: &str| Err(WireError { place: name.to_owned(), problem, hint: Some(hint.to_owned()) });
    if let Some(s) = tables::signatures().iter().find(|s| bytes.starts_with(&s.begins)) {
        return binary(format!("is {}, not plain text", s.what), s.hint);
    }
    if bytes.contains(&0) || controls(bytes) * 50 > bytes.len() {
        return binary(
            "is binary, not text".to_owned(),
            "give text (plain, HTML, a feed, JSON Lines …), best in UTF-8",
        );
    }
    let broken = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Decoded { text: Cow::Borrowed(text), note: None }),
        Err(e) => e.valid_up_to(),
    };
    let (whole, bad) = sequences(bytes);
    if whole > bad {
        let note = format!("not quite UTF-8: {bad} broken bytes, the first at byte {broken}, are shown as U+FFFD");
        return Ok(Decoded { text: String::from_utf8_lossy(bytes).into_owned().into(), note: Some(note) });
    }
    let note = "not UTF-8: decoded as windows-1252".to_owned();
    Ok(Decoded { text: WINDOWS_1252.decode_without_bom_handling(bytes).0, note: Some(note) })
}

/// UTF-16 without a mark: mostly Latin letters, so that zeros stand in nearly every second place and nowhere else.
fn zero_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096) & !1)?;
    if head.len() < 4 || bytes.len() % 2 == 1 {
        return None;
    }
    let (even, odd) = head.chunks_exact(2).fold((0usize, 0usize), |(e, o), pair| match pair {
        [a, b] => (e + usize::from(*a == 0), o + usize::from(*b == 0)),
        _ => (e, o),
    });
    let most = head.len() / 2 * 7 / 10;
    match (even, odd) {
        (0, o) if o > most => Some(UTF_16LE),
        (e, 0) if e > most => Some(UTF_16BE),
        _ => None,
    }
}

/// Control characters that no text has.
fn controls(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)).count()
}

/// How many characters beyond ASCII are whole UTF-8, and how many bytes are not.
fn sequences(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(whole, bad), chunk| {
        let letters = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (whole + letters, bad + chunk.invalid().len())
    })
}

/// Markup that the text begins with.
fn markup(text: &str) -> Option<&'static tables::Signature> {
    let head: Vec<u8> = text.trim_start().bytes().take(32).map(|b| b.to_ascii_lowercase()).collect();
    tables::signatures().iter().find(|s| matches!(s.begins.first(), Some(b'<' | b'{')) && head.starts_with(&s.begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, "a.txt").unwrap().text.into_owned()
    }

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn every_utf_form_gives_the_same_text() {
        let words = "Deir ez-Zor’s airport — 62 soldiers were killed";
        assert_eq!(text(words.as_bytes()), words);
        assert_eq!(text(format!("\u{feff}{words}").as_bytes()), words);
        for little in [true, false] {
            for mark in [true, false] {
                assert_eq!(text(&utf16(words, little, mark)), words, "little {little}, mark {mark}");
            }
        }
    }

    #[test]
    fn utf_16_cut_off_is_read_and_says_so() {
        let whole = utf16("Two shells fell.", true, true);
        assert_eq!(decode(&whole, "a.txt").unwrap().note, None);
        let cut = decode(&whole[..whole.len() - 1], "a.txt").unwrap();
        assert!(cut.text.starts_with("Two shells fell"), "{}", cut.text);
        assert!(cut.note.unwrap().contains("cut off"));
    }

    #[test]
    fn old_text_is_windows_1252_and_says_so() {
        let decoded = decode(b"Minist\xe8re: \x93two hurt\x94", "a.txt").unwrap();
        assert_eq!(decoded.text, "Ministère: “two hurt”");
        assert!(decoded.note.unwrap().contains("windows-1252"));
    }

    #[test]
    fn a_broken_byte_does_not_spoil_utf_8() {
        let mut bytes = "“Two” were hurt in Zürich, ".as_bytes().to_vec();
        bytes.extend(b"\xffpolice said");
        let decoded = decode(&bytes, "a.txt").unwrap();
        assert_eq!(decoded.text, "“Two” were hurt in Zürich, \u{fffd}police said");
        assert!(decoded.note.unwrap().contains("1 broken byte"));
    }

    #[test]
    fn what_is_no_text_is_named() {
        let problem = |bytes: &[u8]| decode(bytes, "a.txt").unwrap_err().to_string();
        assert!(problem(b"").contains("a.txt: is empty"));
        assert!(problem(b" \n\t\r\n").contains("is empty"));
        assert!(problem(b"\xff\xd8\xff\xe0\0\x10JFIF").contains("JPEG"));
        assert!(problem(b"%PDF-1.7 ...").contains("pdftotext"));
        assert!(problem(b"words\0words and more\0").contains("binary"));
        assert!(problem(b"\x01\x02\x03\x04\x05\x06").contains("binary"));
        assert!(problem(b"  <!DOCTYPE html><html><p>Words").contains("HTML"));
        assert!(problem(&vec![b'a'; MOST + 1]).contains("64 MiB"));
    }
}
