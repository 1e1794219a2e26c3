//! Archives: every file of the public samples read or refused as the table says; bombs, layers, resuming, broken records.

#![allow(clippy::disallowed_methods)] // tests read the corpora

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use wire::{Counts, Format, Given, Received, Warc, WireError, unpacked};

fn record(kind: &str, url: &str, payload: &str) -> String {
    let length = payload.len();
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: application/http; msgtype={kind}\r\nWARC-Target-URI: {url}\r\n\
         WARC-Date: 2016-03-04T10:00:00Z\r\nContent-Length: {length}\r\n\r\n{payload}\r\n\r\n"
    )
}

fn page(number: usize) -> String {
    let html = format!(
        "<html><head><title>Raid {number} on Azaz</title></head><body><article><h1>Raid {number} on Azaz</h1><p>KILIS, Turkey, March 3 \
         (Courier) - Two people were killed on Monday in raid number {number} on the town of Azaz, a monitor said.</p><p>The army, which \
         was blamed by residents of the town, denied that its planes had flown over the area at all on that day.</p></article></body></html>"
    );
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}")
}

fn archive(pages: usize, packed: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for number in 0..pages {
        let record = record("response", &format!("https://courier.example/{number}"), &page(number));
        out.extend(if packed { gzip(record.as_bytes()) } else { record.into_bytes() });
    }
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn read(bytes: &[u8], start: u64) -> Vec<Result<Received<'static>, WireError>> {
    let given = Given { name: "a.warc".to_owned(), ..Given::default() };
    unpacked(Cursor::new(bytes), Format::Auto, &given, start).collect()
}

fn zip(files: &[(&str, &[u8])], stored: bool) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let method = if stored { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn pages_come_with_address_and_moment_and_reading_goes_on_from_any_of_them() {
    for packed in [false, true] {
        let bytes = archive(5, packed);
        let all: Vec<Received> = read(&bytes, 0).into_iter().map(Result::unwrap).collect();
        assert_eq!(all.len(), 5, "packed {packed}");
        assert_eq!(all[3].dispatch.url.as_deref(), Some("https://courier.example/3"));
        assert_eq!(all[3].dispatch.id, "https://courier.example/3");
        assert!(
            all[3].dispatch.notes.iter().any(|n| n == "fetched 2016-03-04T10:00:00Z"),
            "{:?}",
            all[3].dispatch.notes
        );
        assert!(all[3].dispatch.text.contains("raid number 3"));
        let rest: Vec<Received> = read(&bytes, all[2].offset.unwrap()).into_iter().map(Result::unwrap).collect();
        let urls = |items: &[Received]| items.iter().map(|i| (i.dispatch.url.clone(), i.offset)).collect::<Vec<_>>();
        assert_eq!(urls(&rest), urls(&all[2..]), "packed {packed}");
    }
}

#[test]
fn a_broken_record_costs_itself_and_is_named_by_its_offset() {
    let records: Vec<String> =
        (0..4).map(|n| record("response", &format!("https://courier.example/{n}"), &page(n))).collect();
    // Plain: a header without a colon, a length that is none.
    for broken in [
        records[1].replacen("WARC-Date: ", "WARC-Date ", 1).replacen("T10:00:00Z", "", 1),
        records[1].replacen("Content-Length: ", "Content-Length: x", 1),
    ] {
        let bytes = [&records[0], &broken, &records[2], &records[3]].map(String::as_str).concat();
        let mut warc = Warc::new(bytes.as_bytes(), "a.warc");
        let results: Vec<_> = warc.by_ref().collect();
        let urls: Vec<&str> = results.iter().flatten().map(|p| p.url.as_str()).collect();
        assert_eq!(urls, ["https://courier.example/0", "https://courier.example/2", "https://courier.example/3"]);
        let errors: Vec<String> = results.iter().filter_map(|r| r.as_ref().err()).map(ToString::to_string).collect();
        assert!(errors[0].starts_with(&format!("a.warc, record at byte {}: ", records[0].len())), "{errors:?}");
        assert_eq!(warc.counts(), Counts { records: 4, pages: 3, other: 0, not_pages: 0, bad: 1 });
    }
    // Packed: bytes of a member overwritten.
    let members: Vec<Vec<u8>> = records.iter().map(|r| gzip(r.as_bytes())).collect();
    let mut bytes = members.concat();
    let at = members[0].len() + members[1].len() / 2;
    bytes[at..at + 40].fill(0x55);
    let results = read(&bytes, 0);
    let urls: Vec<String> = results.iter().flatten().filter_map(|r| r.dispatch.url.clone()).collect();
    assert_eq!(urls, ["https://courier.example/0", "https://courier.example/2", "https://courier.example/3"]);
    assert!(
        results
            .iter()
            .any(|r| r.as_ref().is_err_and(|e| e.to_string().contains(&format!("byte {}", members[0].len()))))
    );
}

#[test]
fn a_page_stored_unpacked_under_the_header_of_a_packed_one_is_read_and_brotli_refused() {
    let stored = page(1).replacen("\r\n\r\n", "\r\nContent-Encoding: br\r\n\r\n", 1);
    let packed = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\n\r\n\u{1}packed";
    let bytes = record("response", "https://courier.example/1", &stored)
        + &record("response", "https://courier.example/2", packed);
    let results = read(bytes.as_bytes(), 0);
    assert_eq!(results.len(), 2);
    assert!(results[0].as_ref().unwrap().dispatch.text.contains("raid number 1"));
    let told = results[1].as_ref().unwrap_err().to_string();
    assert!(told.contains("record at byte") && told.contains("Brotli"), "{told}");
}

#[test]
fn layers_are_opened_and_bombs_are_not() {
    let warc = archive(2, true);
    let text: &[u8] = b"AZAZ, Syria, 3 March (Harbour Courier) - Two people were killed on Monday, a monitor said.";
    let zipped =
        zip(&[("a/one.txt", text), ("b.txt.gz", &gzip(text)), (".hidden", b"x"), ("crawl.warc.gz", &warc)], false);
    let items: Vec<Received> = read(&zipped, 0).into_iter().map(Result::unwrap).collect();
    let sources: Vec<&str> = items.iter().map(|i| i.source.split(',').next().unwrap()).collect();
    assert_eq!(sources, ["a.warc/a/one.txt", "a.warc/b.txt", "a.warc/crawl.warc.gz", "a.warc/crawl.warc.gz"]);
    // WACZ: only what lies under archive/.
    let wacz = zip(
        &[("datapackage.json", b"{}"), ("pages/pages.jsonl", b"{\"id\": 1}"), ("archive/data.warc.gz", &warc)],
        true,
    );
    assert_eq!(read(&wacz, 0).into_iter().map(Result::unwrap).count(), 2);
    let zst = zstd::bulk::compress(text, 3).unwrap();
    assert_eq!(read(&zst, 0).into_iter().map(Result::unwrap).count(), 1);
    let bomb = gzip(&vec![b'a'; 70 << 20]);
    for packed in [bomb.clone(), zip(&[("a.gz", &bomb)], true), zstd::bulk::compress(&vec![b'a'; 70 << 20], 1).unwrap()]
    {
        let problems: Vec<String> =
            read(&packed, 0).into_iter().filter_map(Result::err).map(|e| e.to_string()).collect();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("64 MiB") || problems[0].contains("bomb"), "{problems:?}");
    }
    let onion = (0..8).fold(text.to_vec(), |bytes, _| gzip(&bytes));
    assert!(read(&onion, 0)[0].as_ref().unwrap_err().to_string().contains("packed more than"));
}

#[test]
fn every_public_sample_is_read_or_refused_as_the_table_says() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let folder = root.join("../shared/corpora/warcio-data/test/data");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut table = String::from(
        "# What is read from every file of the public WARC samples. Made and checked by `cargo test -p dateline-wire --test warc`.\n\
         # Columns: file · records · pages · records without a page · answers that are no page · bad records · what was said of them.\n",
    );
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let told = wire::told_apart(&bytes) == Format::Warc;
        let mut problems = Vec::new();
        let counts = if told {
            let mut warc = Warc::new(bytes.as_slice(), &name);
            problems.extend(warc.by_ref().filter_map(Result::err).map(|e| e.to_string()));
            warc.counts()
        } else {
            let given = Given { name: name.clone(), ..Given::default() };
            problems.extend(
                unpacked(Cursor::new(&bytes), Format::Auto, &given, 0).filter_map(Result::err).map(|e| e.to_string()),
            );
            Counts::default()
        };
        let Counts { records, pages, other, not_pages, bad } = counts;
        let _ = writeln!(table, "{name}\t{records}\t{pages}\t{other}\t{not_pages}\t{bad}\t{}", problems.join("; "));
    }
    if std::fs::read_to_string(root.join("eval/formats-warc.tsv")).unwrap_or_default() != table {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats-warc.tsv");
        std::fs::write(&new, &table).unwrap();
        panic!("eval/formats-warc.tsv is not what is read now; the new table is {}", new.display());
    }
}
