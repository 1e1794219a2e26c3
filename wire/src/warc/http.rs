//! An HTTP answer as archived: header, chunks, packed bodies.
//!
//! Archives are forgiving: some writers leave `Transfer-Encoding: chunked` over a body that is no longer in chunks, or
//! `Content-Encoding: gzip` over one that is unpacked. A body that is not what its header says is taken as it is.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::MOST_PAYLOAD;

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// `text/html`.
    pub media_type: String,
    /// The charset of the header.
    pub charset: Option<String>,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// The answer in the payload of a record. `None`: an answer that carries no page (a redirect, an error).
pub fn answer(payload: Vec<u8>) -> Result<Option<Answer>, String> {
    let (head, start) = match find(&payload, b"\r\n\r\n").map(|at| (at, at + 4)) {
        Some(found) => found,
        None => match find(&payload, b"\n\n").map(|at| (at, at + 2)) {
            Some(found) => found,
            None => return Err("has no end of its HTTP header".to_owned()),
        },
    };
    let head = String::from_utf8_lossy(payload.get(..head).unwrap_or_default()).into_owned();
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if !status.starts_with("HTTP/") {
        return Err("holds no HTTP answer".to_owned());
    }
    let code: Option<u16> = status.split_whitespace().nth(1).and_then(|c| c.parse().ok());
    let Some(code) = code else { return Err(format!("has an HTTP status that is no number: {status:?}")) };
    if !(200..300).contains(&code) {
        return Ok(None);
    }
    let field = |name: &str| {
        let mut values = head.lines().skip(1).filter_map(|l| l.split_once(':'));
        values.find(|(n, _)| n.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_ascii_lowercase())
    };
    let (media_type, charset) = media_type(&field("content-type").unwrap_or_default());
    if !matches!(media_type.as_str(), "text/html" | "application/xhtml+xml") {
        return Ok(None);
    }
    let mut body = payload.get(start..).unwrap_or_default().to_vec();
    if field("transfer-encoding").is_some_and(|t| t.contains("chunked"))
        && let Some(whole) = unchunk(&body)
    {
        body = whole;
    }
    for packed in field("content-encoding").unwrap_or_default().split(',').rev() {
        body = unpack(body, packed.trim())?;
    }
    Ok(Some(Answer { media_type, charset, body }))
}

/// `text/html; charset=utf-8` in its parts.
pub fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    });
    (kind, charset.filter(|c| !c.is_empty()))
}

/// A body out of its chunks; `None` when it is in none. What is cut off is kept up to there.
fn unchunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    let mut chunks = 0;
    loop {
        let Some(end) = rest.iter().take(200).position(|&b| b == b'\n') else {
            return (chunks > 0).then_some(whole);
        };
        let line = String::from_utf8_lossy(rest.get(..end)?).into_owned();
        let size = line.trim().split(';').next().unwrap_or_default().trim().to_owned();
        let Ok(size) = usize::from_str_radix(&size, 16) else { return (chunks > 0).then_some(whole) };
        rest = rest.get(end + 1..)?;
        if size == 0 {
            return Some(whole);
        }
        let chunk = rest.get(..size.min(rest.len()))?;
        whole.extend_from_slice(chunk);
        if chunk.len() < size {
            return (chunks > 0 || !chunk.is_empty()).then_some(whole);
        }
        chunks += 1;
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
}

/// A body unpacked, at most [`MOST_PAYLOAD`] bytes of it.
fn unpack(body: Vec<u8>, coding: &str) -> Result<Vec<u8>, String> {
    let limited = |reader: &mut dyn Read| -> Option<Result<Vec<u8>, String>> {
        let mut out = Vec::new();
        let outcome = reader.take(MOST_PAYLOAD as u64 + 1).read_to_end(&mut out);
        if out.len() > MOST_PAYLOAD {
            return Some(Err(format!("unpacks to more than {} MiB", MOST_PAYLOAD >> 20)));
        }
        // Cut off at the end: what came out is kept.
        (outcome.is_ok() || !out.is_empty()).then_some(Ok(out))
    };
    let unpacked = match coding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => limited(&mut MultiGzDecoder::new(body.as_slice())),
        "deflate" => limited(&mut ZlibDecoder::new(body.as_slice()))
            .or_else(|| limited(&mut DeflateDecoder::new(body.as_slice()))),
        "zstd" if body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            zstd::stream::read::Decoder::new(body.as_slice()).ok().and_then(|mut d| limited(&mut d))
        }
        // Crawlers that unpack what they store often keep the header.
        "br" if !is_markup(&body) => return Err("is compressed with Brotli, which is not read".to_owned()),
        _ => None,
    };
    unpacked.unwrap_or(Ok(body))
}

/// Whether a body begins with an element, a declaration or a comment, as no compressed one does but by chance.
fn is_markup(body: &[u8]) -> bool {
    let mut start = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start().iter();
    start.next() == Some(&b'<') && start.next().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'!' | b'?'))
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|w| w == mark)
}
