//! What is packed in what: zip (WACZ too), gzip and zstd around any format, and WARC as a stream.
//!
//! [`unpacked`] looks at the first bytes and goes on inside until it meets news, at most [`DEEPEST`] layers. An entry
//! that is bad is an error that names archive and entry; those after it are read. Nothing is written anywhere, so names
//! inside archives can do no harm. Only WARC is read piece by piece; any other input is held whole and may have 64 MiB.
//!
//! **Bombs.** An input that unpacks to more than 64 MiB is refused where it is no WARC; what packs more than a thousand
//! times denser than it is after the first 64 MiB is cut off with an error.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

use flate2::bufread::{DeflateDecoder, GzDecoder, MultiGzDecoder};
use zip::{CompressionMethod, ZipArchive};

use crate::input::{Format, Given, Received, WireError, items};
use crate::item::Item;
use crate::source::{Items, Source};
use crate::warc::{self, Warc};
use crate::{decode, html};

/// How many layers of packing are opened.
const DEEPEST: usize = 4;
/// The most that is held of one input, in bytes.
const MOST: u64 = decode::MOST as u64;
/// The most entries of an archive.
const MOST_ENTRIES: usize = 200_000;
/// How much denser than it is something may be packed, once it is larger than [`MOST`].
const DENSEST: u64 = 1000;

/// The items of an input, in order.
pub type Unpacked<'a> = Box<dyn Iterator<Item = Result<Received<'static>, WireError>> + 'a>;

/// Reads all items of an input, whatever it is packed in. `start` is where to begin in a WARC file: the `offset` of an
/// item that an earlier reading gave.
pub fn unpacked<'a>(mut input: impl Read + Seek + 'a, format: Format, given: &Given, start: u64) -> Unpacked<'a> {
    let mut head = Vec::new();
    let looked = input.by_ref().take(8).read_to_end(&mut head).and_then(|_| input.seek(SeekFrom::Start(0)));
    if let Err(e) = looked {
        return failed(&given.name, format!("could not be read ({e})"));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped(input, format, given, 0);
    }
    if start > 0
        && let Err(e) = input.seek(SeekFrom::Start(start))
    {
        return failed(&given.name, format!("could not be read from byte {start} on ({e})"));
    }
    layer(Box::new(input), format, given.clone(), 0, start)
}

/// The same for an input that cannot go back, such as standard input. A zip archive is held whole.
pub fn unpacked_stream<'a>(input: impl Read + 'a, format: Format, given: &Given) -> Unpacked<'a> {
    layer(Box::new(input), format, given.clone(), 0, 0)
}

/// One layer: told by its first bytes.
fn layer<'a>(input: Box<dyn Read + 'a>, format: Format, given: Given, depth: usize, start: u64) -> Unpacked<'a> {
    let mut input = BufReader::with_capacity(64 << 10, input);
    let head = match input.fill_buf() {
        Ok(head) => head,
        Err(e) => return failed(&given.name, format!("could not be read ({e})")),
    };
    let is_warc = matches!(format, Format::Auto | Format::Warc);
    if is_warc && (warc::claims(head) || gzipped_warc(head)) {
        return pages(input, given, start);
    }
    let (gzip, zstd) = (head.starts_with(&[0x1f, 0x8b]), head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]));
    if (gzip || zstd) && depth >= DEEPEST {
        return failed(&given.name, format!("is packed more than {DEEPEST} times"));
    }
    if gzip {
        let input = Counted { input, taken: Rc::default() };
        let taken = Rc::clone(&input.taken);
        let inner = Bounded { input: MultiGzDecoder::new(BufReader::new(input)), taken, given: 0 };
        return layer(Box::new(inner), format, unsuffixed(given, &[".gz", ".gzip"]), depth + 1, 0);
    }
    if zstd {
        let input = Counted { input, taken: Rc::default() };
        let taken = Rc::clone(&input.taken);
        return match zstd::stream::read::Decoder::new(input) {
            Ok(mut decoder) => {
                // A frame may ask for gigabytes of memory: 128 MiB is what the command-line tool allows.
                let _ = decoder.window_log_max(27);
                let inner = Bounded { input: decoder, taken, given: 0 };
                layer(Box::new(inner), format, unsuffixed(given, &[".zst", ".zstd"]), depth + 1, 0)
            }
            Err(e) => failed(&given.name, format!("cannot be unpacked ({e})")),
        };
    }
    let mut bytes = Vec::new();
    if let Err(e) = input.take(MOST + 1).read_to_end(&mut bytes) {
        return failed(&given.name, format!("cannot be unpacked: {e}"));
    }
    if bytes.len() as u64 > MOST {
        let problem = format!("is larger than {} MiB (split it; one dispatch is rarely over 100 kB)", MOST >> 20);
        return failed(&given.name, problem);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        if depth >= DEEPEST {
            return failed(&given.name, format!("is packed more than {DEEPEST} times"));
        }
        return zipped(Cursor::new(bytes), format, &given, depth + 1);
    }
    let found: Vec<_> = items(&bytes, format, &given).map(|item| item.map(Received::into_owned)).collect();
    Box::new(found.into_iter())
}

/// Whether a gzip file's first member begins a WARC record.
fn gzipped_warc(head: &[u8]) -> bool {
    if !head.starts_with(&[0x1f, 0x8b]) {
        return false;
    }
    let mut begun = [0; 5];
    GzDecoder::new(head).read_exact(&mut begun).is_ok() && &begun == b"WARC/"
}

/// WARC files that are at hand whole.
pub(crate) struct Archive;

impl Source for Archive {
    fn format(&self) -> Format {
        Format::Warc
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        warc::claims(bytes) || gzipped_warc(bytes)
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        Box::new(Warc::new(bytes, &given.name).map(|page| item_of(page?, given)))
    }
}

/// The item of a page.
fn item_of(page: warc::Page, given: &Given) -> Result<Item<'static>, WireError> {
    let given = Given {
        name: format!("{}, record at byte {} ({})", given.name, page.offset, page.url),
        url: Some(page.url.clone()),
        ..given.clone()
    };
    let mut item = html::item(&page.body, page.charset.as_deref(), &given)?.owned();
    // The address it was fetched from; what the page calls itself may be another edition.
    item.url = Some(page.url);
    item.meta.fetched = page.fetched;
    Ok(item)
}

/// The pages of a WARC file as items.
fn pages<'a>(input: impl BufRead + 'a, given: Given, start: u64) -> Unpacked<'a> {
    let warc = Warc::at(input, &given.name, start);
    Box::new(warc.map(move |page| {
        let page = page?;
        let offset = page.offset;
        let mut received = item_of(page, &given)?.received(&given);
        received.offset = Some(offset);
        Ok(received)
    }))
}

/// Where an entry lies in an archive.
struct Entry {
    name: String,
    start: u64,
    packed: u64,
    method: CompressionMethod,
    encrypted: bool,
}

fn zipped<'a>(input: impl Read + Seek + 'a, format: Format, given: &Given, depth: usize) -> Unpacked<'a> {
    let mut archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(e) => return failed(&given.name, format!("is a broken zip archive ({e})")),
    };
    if archive.len() > MOST_ENTRIES {
        return failed(&given.name, format!("has more than {MOST_ENTRIES} entries"));
    }
    let mut entries = Vec::new();
    for i in 0..archive.len() {
        let Ok(file) = archive.by_index_raw(i) else {
            return failed(&given.name, format!("is a broken zip archive (entry {})", i + 1));
        };
        let name = file.name().to_owned();
        let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        if file.is_file() && !hidden {
            entries.push(Entry {
                start: file.data_start(),
                packed: file.compressed_size(),
                method: file.compression(),
                encrypted: file.encrypted(),
                name,
            });
        }
    }
    // A WACZ holds indexes and thumbnails beside its archives.
    if entries.iter().any(|e| e.name == "datapackage.json") && entries.iter().any(|e| e.name.starts_with("archive/")) {
        entries.retain(|e| e.name.starts_with("archive/"));
    }
    if entries.is_empty() {
        return failed(&given.name, "is a zip archive without a file");
    }
    let input = Rc::new(RefCell::new(archive.into_inner()));
    let given = given.clone();
    Box::new(entries.into_iter().flat_map(move |entry| {
        let name = format!("{}/{}", given.name, entry.name);
        if entry.encrypted {
            return failed(&name, "is encrypted");
        }
        let section =
            Section { input: Rc::clone(&input), at: entry.start, end: entry.start.saturating_add(entry.packed) };
        let given = Given { name, ..given.clone() };
        match entry.method {
            CompressionMethod::Stored => layer(Box::new(section), format, given, depth + 1, 0),
            CompressionMethod::Deflated => {
                let input = Counted { input: section, taken: Rc::default() };
                let taken = Rc::clone(&input.taken);
                let inner = Bounded { input: DeflateDecoder::new(BufReader::new(input)), taken, given: 0 };
                layer(Box::new(inner), format, given, depth + 1, 0)
            }
            method => failed(&given.name, format!("is packed with {method}, which is not read")),
        }
    }))
}

/// A stretch of a shared file.
struct Section<R> {
    input: Rc<RefCell<R>>,
    at: u64,
    end: u64,
}

impl<R: Read + Seek> Read for Section<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = buffer.len().min(left);
        let Some(room) = buffer.get_mut(..room).filter(|r| !r.is_empty()) else { return Ok(0) };
        let mut input = self.input.borrow_mut();
        input.seek(SeekFrom::Start(self.at))?;
        let read = input.read(room)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Counts the packed bytes.
struct Counted<R> {
    input: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

/// Ends with an error where too much comes out of too little.
struct Bounded<R> {
    input: R,
    taken: Rc<Cell<u64>>,
    given: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.given += read as u64;
        if self.given > MOST && self.given / DENSEST > self.taken.get() {
            return Err(std::io::Error::other("packed far too densely: it looks like a decompression bomb"));
        }
        Ok(read)
    }
}

/// The name without the suffix of its packing: the same news has the same name packed or not.
fn unsuffixed(mut given: Given, suffixes: &[&str]) -> Given {
    if let Some(bare) = suffixes.iter().find_map(|s| given.name.strip_suffix(s)) {
        given.name = bare.to_owned();
    }
    given
}

fn failed<'a>(name: &str, problem: impl Into<String>) -> Unpacked<'a> {
    let error = WireError { place: name.to_owned(), problem: problem.into(), hint: None };
    Box::new(std::iter::once(Err(error)))
}
