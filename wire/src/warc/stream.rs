//! The bytes of an archive, plain or in gzip members, with the place where each record begins.

use std::io::{BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// How many bytes may lie between two records: white space, or what is left of a broken one.
const MOST_SKIPPED: u64 = 1 << 30;
/// The longest line of a header, in bytes.
const LONGEST_LINE: usize = 64 << 10;

/// What stands where a record may begin.
pub enum Start {
    /// A record that begins at this byte of the file.
    Record(u64),
    /// Nothing more.
    End,
    /// Something that is no record.
    Bad(u64, String),
    /// An archive of another format.
    Foreign,
}

/// A reader that counts what was taken from it, and takes bytes back.
struct Counted<R> {
    input: R,
    at: u64,
    /// Bytes given back, and how many of them were taken again.
    ahead: Vec<u8>,
    from: usize,
}

impl<R: BufRead> Counted<R> {
    /// Takes back the last bytes that were taken.
    fn unread(&mut self, bytes: &[u8]) {
        self.at -= bytes.len() as u64;
        let before = self.from.checked_sub(bytes.len());
        if before.and_then(|b| self.ahead.get(b..self.from)) == Some(bytes) {
            self.from -= bytes.len();
            return;
        }
        let mut ahead = bytes.to_vec();
        ahead.extend_from_slice(self.ahead.get(self.from..).unwrap_or_default());
        (self.ahead, self.from) = (ahead, 0);
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.from < self.ahead.len() {
            return Ok(self.ahead.get(self.from..).unwrap_or_default());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        if self.from < self.ahead.len() { self.from += amount } else { self.input.consume(amount) }
    }
}

/// Where the bytes come from now.
enum State<R> {
    /// Between members, or in a plain file.
    Raw(Counted<R>),
    /// Inside a gzip member that begins at this byte.
    Member(u64, Box<GzDecoder<Counted<R>>>),
    /// While states change.
    Gone,
}

/// The bytes of an archive.
pub struct Stream<R: BufRead> {
    state: State<R>,
    /// Bytes unpacked and not yet asked for.
    buffer: Vec<u8>,
    from: usize,
    /// The input gave an error: it ends here.
    broken: Option<String>,
    /// A record was met.
    begun: bool,
    /// How much is read at once between members.
    chunk: usize,
}

impl<R: BufRead> Stream<R> {
    pub fn new(input: R, at: u64) -> Stream<R> {
        let state = State::Raw(Counted { input, at, ahead: Vec::new(), from: 0 });
        Stream { state, buffer: Vec::new(), from: 0, broken: None, begun: at > 0, chunk: 64 << 10 }
    }

    /// Goes to the next record.
    pub fn start(&mut self) -> Start {
        let mut skipped = 0u64;
        loop {
            if self.at_end_of_member() {
                self.leave_member();
            }
            let offset = self.offset();
            let head = self.peek(10).to_vec();
            match (head.first(), &self.state) {
                (None, State::Member(..)) => {
                    // The end of a member, or a broken one.
                    if let Some(problem) = self.broken.take() {
                        return Start::Bad(offset, problem);
                    }
                    self.leave_member();
                }
                (None, _) => {
                    return match self.broken.take() {
                        Some(problem) => Start::Bad(offset, problem),
                        None => Start::End,
                    };
                }
                (Some(0x1f), State::Raw(_)) if head.get(1) == Some(&0x8b) => self.enter_member(),
                (Some(b), _) if b.is_ascii_whitespace() => {
                    self.skip(1);
                    skipped += 1;
                }
                _ if head.starts_with(b"WARC/") => {
                    self.begun = true;
                    return Start::Record(offset);
                }
                _ if !self.begun && head.starts_with(b"filedesc:/") => return Start::Foreign,
                _ => {
                    self.begun = true;
                    return Start::Bad(offset, "is no WARC record: it does not begin with WARC/".to_owned());
                }
            }
            if skipped > MOST_SKIPPED {
                return Start::End;
            }
        }
    }

    /// After a bad record: goes to where the next one may begin.
    pub fn resync(&mut self) {
        self.broken = None;
        if self.peek(5) == b"WARC/" {
            return;
        }
        let mut skipped = 0u64;
        match &self.state {
            State::Member(..) => {
                // The rest of the member, if it can be unpacked at all; else to the next member's mark.
                loop {
                    let length = self.peek(1 << 16).len();
                    if length == 0 || skipped > MOST_SKIPPED {
                        break;
                    }
                    // A record that follows in the same member.
                    if let Some(next) = self.find_record(length) {
                        self.skip(next);
                        return;
                    }
                    let step = length.saturating_sub(8).max(1);
                    self.skip(step);
                    skipped += step as u64;
                }
                let broken = self.broken.take().is_some();
                self.leave_member();
                if broken {
                    self.find_member();
                }
            }
            _ => loop {
                // At least past the first byte, or the same bad record would be met for ever.
                self.skip(1);
                let length = self.peek(1 << 16).len();
                if length == 0 || skipped > MOST_SKIPPED {
                    return;
                }
                if let Some(next) = self.find_record(length) {
                    self.skip(next);
                    return;
                }
                let step = length.saturating_sub(8).max(1);
                self.skip(step);
                skipped += step as u64;
            },
        }
    }

    /// One line without its end; none at the end of the input.
    pub fn line(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut line = Vec::new();
        loop {
            let seen = self.peek(1);
            if seen.is_empty() {
                return match self.broken.take() {
                    Some(problem) => Err(problem),
                    None if line.is_empty() => Ok(None),
                    None => Ok(Some(line)),
                };
            }
            let chunk = self.buffer.get(self.from..).unwrap_or_default();
            let end = chunk.iter().position(|&b| b == b'\n');
            let taken = end.map_or(chunk.len(), |e| e + 1);
            line.extend_from_slice(chunk.get(..end.unwrap_or(taken)).unwrap_or_default());
            self.skip(taken);
            if line.len() > LONGEST_LINE {
                return Err("has a line longer than 64 KiB in its header".to_owned());
            }
            if end.is_some() {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(line));
            }
        }
    }

    /// The next `length` bytes, of which `keep` are kept; and whether all of them were there.
    pub fn take(&mut self, length: u64, keep: usize) -> Result<(Vec<u8>, bool), String> {
        let mut kept = Vec::with_capacity(keep.min(1 << 16));
        let mut left = length;
        while left > 0 {
            let chunk = self.peek(1);
            if chunk.is_empty() {
                return match self.broken.take() {
                    Some(problem) => Err(problem),
                    None => Ok((kept, false)),
                };
            }
            let chunk = self.buffer.get(self.from..).unwrap_or_default();
            let step = chunk.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let room = keep.saturating_sub(kept.len()).min(step);
            kept.extend_from_slice(chunk.get(..room).unwrap_or_default());
            self.skip(step);
            left -= step as u64;
        }
        Ok((kept, true))
    }

    /// Where the next byte stands in the file; inside a member, where the member begins.
    fn offset(&self) -> u64 {
        match &self.state {
            State::Raw(input) => input.at - (self.buffer.len() - self.from.min(self.buffer.len())) as u64,
            State::Member(start, _) => *start,
            State::Gone => 0,
        }
    }

    /// At least `count` bytes, if there are as many before the end.
    fn peek(&mut self, count: usize) -> &[u8] {
        while self.buffer.len() - self.from < count && self.broken.is_none() {
            if self.from > 0 {
                self.buffer.drain(..self.from);
                self.from = 0;
            }
            let held = self.buffer.len();
            let chunk = if matches!(self.state, State::Raw(_)) { self.chunk.max(count) } else { 64 << 10 };
            self.buffer.resize(held + chunk, 0);
            let room = self.buffer.get_mut(held..).unwrap_or_default();
            let read = match &mut self.state {
                State::Raw(input) => input.read(room),
                State::Member(_, member) => member.read(room),
                State::Gone => Ok(0),
            };
            match read {
                Ok(n) => self.buffer.truncate(held + n),
                Err(e) if e.kind() == ErrorKind::Interrupted => self.buffer.truncate(held),
                Err(e) => {
                    self.buffer.truncate(held);
                    self.broken = Some(format!("cannot be unpacked: {e}"));
                }
            }
            if self.buffer.len() == held && self.broken.is_none() {
                break;
            }
        }
        let end = (self.from + count).min(self.buffer.len());
        self.buffer.get(self.from..end).unwrap_or_default()
    }

    fn skip(&mut self, count: usize) {
        self.from = (self.from + count).min(self.buffer.len());
    }

    /// Where in the next `length` bytes a line begins with the mark of a record.
    fn find_record(&self, length: usize) -> Option<usize> {
        let chunk = self.buffer.get(self.from..self.from + length)?;
        let at = chunk.windows(6).position(|w| w == b"\nWARC/")?;
        Some(at + 1)
    }

    fn at_end_of_member(&mut self) -> bool {
        matches!(self.state, State::Member(..))
            && self.broken.is_none()
            && self.peek(1).is_empty()
            && self.broken.is_none()
    }

    /// Begins to unpack at a mark of gzip. What was read ahead goes back before the input.
    fn enter_member(&mut self) {
        let State::Raw(mut input) = std::mem::replace(&mut self.state, State::Gone) else { return };
        input.unread(self.buffer.get(self.from..).unwrap_or_default());
        self.buffer.clear();
        self.from = 0;
        // Between members little is to be seen: what is read there must go back.
        self.chunk = 512;
        self.state = State::Member(input.at, Box::new(GzDecoder::new(input)));
    }

    /// Ends a member: what its reader has not taken is the next one's.
    fn leave_member(&mut self) {
        if let State::Member(_, member) = std::mem::replace(&mut self.state, State::Gone) {
            self.state = State::Raw(member.into_inner());
        }
        self.buffer.clear();
        self.from = 0;
        self.broken = None;
    }

    /// After a member that cannot be unpacked: the next mark of one.
    fn find_member(&mut self) {
        loop {
            let length = self.peek(1 << 16).len();
            if length < 4 {
                self.skip(length);
                return;
            }
            let chunk = self.buffer.get(self.from..self.from + length).unwrap_or_default();
            match chunk.windows(3).position(|w| w == [0x1f, 0x8b, 8]) {
                Some(at) => return self.skip(at),
                None => self.skip(length - 2),
            }
        }
    }
}
