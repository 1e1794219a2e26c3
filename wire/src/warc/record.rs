//! The header of a WARC record.

use std::io::BufRead;

use super::stream::Stream;

/// At most so many lines stand in a header.
const LINES: usize = 400;

/// What a record's header says.
#[derive(Debug, Default)]
pub struct Head {
    /// `response`, `request`, `warcinfo` … in lower case.
    pub kind: String,
    /// The length of what follows the header.
    pub length: u64,
    /// The address.
    pub url: Option<String>,
    /// The moment.
    pub date: Option<String>,
    /// The kind of what follows.
    pub media_type: String,
}

/// Reads a header; the error is what is wrong with it.
pub fn head<R: BufRead>(stream: &mut Stream<R>) -> Result<Head, String> {
    let version = stream.line()?.unwrap_or_default();
    let version = String::from_utf8_lossy(&version).trim().to_owned();
    if !version.starts_with("WARC/1.") && !version.starts_with("WARC/0.1") {
        return Err(format!("is of version {version:?}, not WARC/1.0 or WARC/1.1"));
    }
    let mut head = Head::default();
    let mut length = None;
    for _ in 0..LINES {
        let Some(line) = stream.line()? else { return Err("is cut off in its header".to_owned()) };
        if line.is_empty() {
            head.length = length.ok_or("has no Content-Length")?;
            return Ok(head);
        }
        let line = String::from_utf8_lossy(&line);
        // A folded line belongs to a field that is not needed.
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            return Err(format!("has a header line without a colon: {:?}", line.chars().take(60).collect::<String>()));
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => head.kind = value.to_ascii_lowercase(),
            "content-length" => {
                length = Some(value.parse().map_err(|_| format!("has a Content-Length that is no number: {value:?}"))?);
            }
            // wget wrote it in angle brackets.
            "warc-target-uri" => {
                let bare = value.strip_prefix('<').and_then(|v| v.strip_suffix('>')).unwrap_or(value);
                head.url = (!bare.is_empty()).then(|| bare.replace(' ', "%20"));
            }
            "warc-date" => head.date = (!value.is_empty()).then(|| value.to_owned()),
            "content-type" => head.media_type = value.to_ascii_lowercase(),
            _ => {}
        }
    }
    Err(format!("has more than {LINES} header lines"))
}
