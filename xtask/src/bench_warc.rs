//! `cargo xtask bench-warc`: from the bytes of a web archive to records, in pages a second on one core.
//!
//! The archive is made in memory: the pages of `gold/html`, where they are there, and as many generated ones of the length
//! of a wire story, each a gzip member of its own. CPU time of this process counts, on one thread; reading the archive,
//! finding the article, reading it and writing the record as JSON are included.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use reading::Reader;
use wire::{Format, Given};

/// Options of `cargo xtask bench-warc`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with `gold/html`
    #[arg(long, default_value = "../shared")]
    data: PathBuf,
    /// Generated pages
    #[arg(long, default_value_t = 300)]
    pages: usize,
}

/// Runs the chore.
pub fn run(args: &Args) -> Result<()> {
    let gold = gold(&args.data.join("gold/html/html"))?;
    let generated: Vec<String> = (0..args.pages).map(page).collect();
    let reader = Reader::new();
    for (name, pages) in [("gold/html", &gold), ("generated", &generated)] {
        if pages.is_empty() {
            println!("{name}: not there");
            continue;
        }
        let archive = archive(pages)?;
        measure(name, &archive, &reader)?;
    }
    measure("both", &archive(&[gold, generated].concat())?, &reader)
}

/// Reads an archive and prints how fast.
fn measure(name: &str, archive: &[u8], reader: &Reader) -> Result<()> {
    let given = Given { name: "bench.warc.gz".to_owned(), ..Given::default() };
    let start = cpu()?;
    let (mut pages, mut failed, mut words, mut bytes) = (0usize, 0usize, 0usize, 0usize);
    for item in wire::unpacked(std::io::Cursor::new(archive), Format::Warc, &given, 0) {
        match item {
            Ok(received) => {
                pages += 1;
                words += received.dispatch.text.split_whitespace().count();
                bytes += serde_json::to_string(&reader.read(received.dispatch))?.len();
            }
            Err(_) => failed += 1,
        }
    }
    let seconds = cpu()? - start;
    ensure!(pages > 0, "no page was read");
    println!(
        "{name}: {pages} pages ({failed} without an article), {words} words, {bytes} bytes of records in {seconds:.2} CPU seconds: \
         {:.0} pages/s, {:.0} words/s",
        (pages + failed) as f64 / seconds,
        words as f64 / seconds
    );
    Ok(())
}

/// CPU time of this thread, in seconds.
fn cpu() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").context("CPU time is read from Linux's /proc")?;
    let nanoseconds: f64 = text.split_whitespace().next().context("an empty schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}

/// The pages of the gold set.
fn gold(folder: &Path) -> Result<Vec<String>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let mut html = Vec::new();
            flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut html)?;
            Ok(String::from_utf8_lossy(&html).into_owned())
        })
        .collect()
}

/// A page of some 300 words, another one for each number.
fn page(number: usize) -> String {
    let towns = ["Azaz", "Marea", "Tal Rifaat", "Khan Shaykhun", "Saraqib", "Douma", "Hama"];
    let town = towns[number % towns.len()];
    let mut body = String::new();
    for paragraph in 0..8 {
        let count = 2 + (number * 7 + paragraph * 3) % 40;
        body += &format!(
            "<p>At least {count} people were killed on Monday when warplanes struck a market in {town}, a monitor said, and {} were \
             hurt. \u{201c}We counted {count} bodies in the street,\u{201d} Omar Haddad, a rescue worker, told reporters by telephone. The \
             army denied that its planes had flown over the area.</p>",
            count * 2
        );
    }
    format!(
        "<!DOCTYPE html><html><head><title>Raid kills {number} in {town}</title><meta property=\"article:published_time\" \
         content=\"2016-09-{:02}T10:00:00Z\"></head><body><nav><a href=/>Home</a> <a href=/world>World</a></nav><article><h1>Raid kills \
         {number} in {town}</h1>{body}</article><footer>About us</footer></body></html>",
        1 + number % 28
    )
}

/// A WARC file, each record a gzip member.
fn archive(pages: &[String]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for (number, html) in pages.iter().enumerate() {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}");
        let mut member = flate2::write::GzEncoder::new(&mut out, flate2::Compression::default());
        write!(
            member,
            "WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nWARC-Target-URI: \
             https://courier.example/{number}\r\nWARC-Date: 2016-10-01T10:00:00Z\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
            answer.len()
        )?;
        member.finish()?;
    }
    Ok(out)
}
