//! WARC 1.0 and 1.1: web archives, read as a stream in constant memory.
//!
//! [`Warc`] goes from record to record of a plain file or one of gzip members, holds one record at a time and at most
//! [`MOST_PAYLOAD`] bytes of it. A record that is bad is an error that names its offset in the file; the reader finds the
//! next record and goes on. Responses of other kinds than pages are passed over and counted.
//!
//! ```
//! let file = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n\
//!     WARC-Target-URI: https://courier.example/azaz\r\nWARC-Date: 2016-03-04T10:00:00Z\r\nContent-Length: 60\r\n\r\n\
//!     HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Two were hurt.\r\n\r\n";
//! let mut warc = wire::Warc::new(&file[..], "a.warc");
//! let page = warc.next().unwrap().unwrap();
//! assert_eq!((page.url.as_str(), page.offset), ("https://courier.example/azaz", 0));
//! ```
//!
//! **Resuming.** Every page has the offset of its record. [`Warc::at`] begins at such an offset, so that a reader that was
//! stopped goes on where it was.
//!
//! Limits: ARC files, the format before WARC, are refused; bodies compressed with Brotli also (named by offset).

mod http;
mod record;
mod stream;

use std::io::BufRead;

use crate::input::WireError;
use stream::{Start, Stream};

/// The most that is kept of one record's payload, and of what it unpacks to, in bytes.
pub const MOST_PAYLOAD: usize = 16 << 20;

/// A page in an archive.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where its record begins in the file, in bytes: of a compressed file, in its compressed bytes.
    pub offset: u64,
    /// Its address.
    pub url: String,
    /// When it was fetched, as the record says (RFC 3339).
    pub fetched: Option<String>,
    /// The charset that its HTTP header names.
    pub charset: Option<String>,
    /// The kind that its HTTP header names, e.g. `text/html`.
    pub media_type: String,
    /// The page, unpacked.
    pub body: Vec<u8>,
}

/// How many records of an archive were what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records met, whatever they were.
    pub records: u64,
    /// Pages given out.
    pub pages: u64,
    /// Requests, metadata, repeats and other records without a page in them.
    pub other: u64,
    /// Responses that are no page: pictures, redirects, errors.
    pub not_pages: u64,
    /// Records that could not be read.
    pub bad: u64,
}

/// The pages of an archive.
pub struct Warc<R: BufRead> {
    stream: Stream<R>,
    name: String,
    counts: Counts,
    done: bool,
}

impl<R: BufRead> Warc<R> {
    /// An archive called `name` in messages, from its beginning.
    pub fn new(input: R, name: &str) -> Warc<R> {
        Warc::at(input, name, 0)
    }

    /// An archive whose reader stands at byte `offset`, where a record begins.
    pub fn at(input: R, name: &str, offset: u64) -> Warc<R> {
        Warc { stream: Stream::new(input, offset), name: name.to_owned(), counts: Counts::default(), done: false }
    }

    /// What was met so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn error(&self, offset: u64, problem: impl Into<String>) -> WireError {
        WireError { place: format!("{}, record at byte {offset}", self.name), problem: problem.into(), hint: None }
    }

    /// The next page, or why the next record is none; `Ok(None)` for a record that holds no page.
    fn record(&mut self, offset: u64) -> Result<Option<Page>, WireError> {
        let head = match record::head(&mut self.stream) {
            Ok(head) => head,
            Err(problem) => {
                self.stream.resync();
                return Err(self.error(offset, problem));
            }
        };
        let wanted = matches!(head.kind.as_str(), "response" | "resource");
        let length = head.length;
        let keep = if wanted { usize::try_from(length).unwrap_or(usize::MAX).min(MOST_PAYLOAD) } else { 0 };
        let (body, whole) = match self.stream.take(length, keep) {
            Ok(taken) => taken,
            Err(problem) => {
                self.stream.resync();
                return Err(self.error(offset, problem));
            }
        };
        if !whole {
            return Err(self.error(offset, format!("is cut off: {length} bytes were to come")));
        }
        if !wanted {
            self.counts.other += 1;
            return Ok(None);
        }
        if length > MOST_PAYLOAD as u64 {
            return Err(self.error(offset, format!("is larger than {} MiB", MOST_PAYLOAD >> 20)));
        }
        let Some(url) = head.url else { return Err(self.error(offset, "has no WARC-Target-URI")) };
        let answer = if head.kind == "response" && !head.media_type.starts_with("text/") {
            if !url.starts_with("http") {
                self.counts.other += 1;
                return Ok(None);
            }
            http::answer(body).map_err(|problem| self.error(offset, problem))?
        } else {
            let (media_type, charset) = http::media_type(&head.media_type);
            Some(http::Answer { media_type, charset, body })
        };
        match answer {
            Some(http::Answer { media_type, charset, body })
                if matches!(media_type.as_str(), "text/html" | "application/xhtml+xml") =>
            {
                Ok(Some(Page { offset, url, fetched: head.date, charset, media_type, body }))
            }
            _ => {
                self.counts.not_pages += 1;
                Ok(None)
            }
        }
    }
}

impl<R: BufRead> Iterator for Warc<R> {
    type Item = Result<Page, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let offset = match self.stream.start() {
                Start::Record(offset) => offset,
                Start::End => {
                    self.done = true;
                    if self.counts.records == 0 {
                        return Some(Err(self.error(0, "has no record")));
                    }
                    return None;
                }
                Start::Bad(offset, problem) => {
                    self.counts.records += 1;
                    self.counts.bad += 1;
                    self.stream.resync();
                    return Some(Err(self.error(offset, problem)));
                }
                Start::Foreign => {
                    self.done = true;
                    let what = "is an ARC file, the format before WARC, which is not read";
                    let hint = Some("turn it into WARC first, for example with warcio recompress".to_owned());
                    return Some(Err(WireError { place: self.name.clone(), problem: what.to_owned(), hint }));
                }
            };
            self.counts.records += 1;
            match self.record(offset) {
                Ok(None) => {}
                Ok(Some(page)) => {
                    self.counts.pages += 1;
                    return Some(Ok(page));
                }
                Err(error) => {
                    self.counts.bad += 1;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Whether bytes begin as a WARC file does, not yet unpacked.
pub fn claims(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"WARC/") || bytes.starts_with(b"filedesc://")
}
