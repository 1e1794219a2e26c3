//! The fuzz targets as ordinary tests: seeds, and mutations of them by a generator that always makes the same ones.
//!
//! Seeds are our own samples of every format, and the public corpora where they are there. Each target gets
//! [`EXECUTIONS`] mutated inputs, and inputs of a megabyte that are slow or deep for a careless reader.

#![allow(clippy::disallowed_methods)] // tests read the corpora

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::io::Write;
use std::path::{Path, PathBuf};

use targets::TARGETS;

/// How many mutated inputs a target that reads bytes gets.
const EXECUTIONS: usize = 20_000;
/// How many one gets that looks for the article of a page, or reads it: each costs ten times as much.
const PAGES: usize = EXECUTIONS / 4;
/// Seeds are cut to this length, in bytes: what is long repeats itself.
const SEED: usize = 1200;

/// Our own samples: every format in small.
fn samples() -> Vec<Vec<u8>> {
    let newsml = "<newsMessage><itemSet><newsItem guid='tag:courier.example,2016:1' version='2' xml:lang='en'><itemMeta><itemClass \
        qcode='ninat:text'/><provider literal='courier.example'/><versionCreated>2016-03-03T10:00:00Z</versionCreated><pubStatus \
        qcode='stat:usable'/><edNote>Eds: adds toll.</edNote></itemMeta><contentMeta><slugline>AZAZ-RAID</slugline><headline>Raid on \
        Azaz</headline><dateline>KILIS, Turkey</dateline></contentMeta><contentSet><inlineXML><html><body><p>Two &amp; three&#8217;s \
        were killed.</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>";
    let newsml1 = "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>courier.example</ProviderId><DateId>20160303</DateId>\
        <NewsItemId>77</NewsItemId><RevisionId>2</RevisionId></NewsIdentifier></Identification><NewsManagement><Status \
        FormalName='Canceled'/><ThisRevisionCreated>20160303T100000Z</ThisRevisionCreated></NewsManagement><NewsComponent><NewsLines>\
        <HeadLine>Raid</HeadLine></NewsLines><ContentItem><MediaType FormalName='Text'/><DataContent><![CDATA[<P>Two hurt.</P>]]>\
        </DataContent></ContentItem></NewsComponent></NewsItem></NewsML>";
    let nitf = "<?xml version='1.0' encoding='iso-8859-1'?><nitf><head><title>Raid</title><docdata management-status='usable'><doc-id \
        id-string='7'/><date.issue norm='20160303T100000Z'/><du-key key='RAID' version='3'/></docdata></head><body><body.head><hedline>\
        <hl1>Raid on Azaz</hl1></hedline><dateline><location>Azaz</location></dateline></body.head><body.content><p>Two were hurt.</p>\
        <hl2>Truce</hl2><p>It held.</p></body.content></body></nitf>";
    let ninjs = "{\"uri\":\"urn:newsml:courier.example:1\",\"versioncreated\":\"2016-03-03T10:00:00Z\",\"type\":\"text\",\"version\":\"2\",\
        \"headline\":\"Raid\",\"pubstatus\":\"usable\",\"body_html\":\"<p>Two <b>hurt</b>.</p>\",\"bodies\":[{\"role\":\"main\",\"contenttype\":\
        \"text/plain\",\"value\":\"Two hurt.\\n\\nMore.\"}]}";
    let teleprinter = "\u{1}eca062 4 i 211 ccccb   dpa 061\r\n\nAzaz-raid/\r\n\u{2}1ST LEAD Raid on Azaz =\r\n\n   Kilis (dpa) - Two people\r\n\
        were hurt.\r\n\u{3}131137 GMT Nov 13\r\n\u{4}";
    let anpa = "\u{16}\u{16}\u{1}W2870\u{1f}asian\nr i\u{13}\u{11} BC-XX--Azaz     03-03 0416\n\u{2}^BC-XX--Azaz-Raid, 1st Ld-Writethru,41<\n\
        ^Two killed<\n^Eds: Updates.<\n^By A. WRITER=\n\tKILIS, Turkey (AP) _ Two ``people'' died.\n\u{3}AP-WF-03-03-16 1626GMT<\n\u{4}";
    let mail = "From: \"A. Writer\" <a@courier.example>\r\nDate: Thu, 3 Mar 2016 10:00:00 +0200\r\nSubject: =?utf-8?q?Raid_on_Azaz?=\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nTwo were \
        hurt.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Two</p>\r\n--b--\r\n";
    let page = "<!DOCTYPE html><html><head><title>Raid on Azaz</title><meta property='og:title' content='Raid'><script \
        type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2016-03-03\"}</script></head><body><article><h1>Raid</h1>\
        <p>Two people were killed on Monday in Azaz, a monitor said, and five more were hurt in the raid on the market.</p></article>";
    let feed = "<rss version='2.0'><channel><title>Courier</title><item><title>Raid</title><link>https://courier.example/1</link>\
        <pubDate>Thu, 03 Mar 2016 10:00:00 GMT</pubDate><description>&lt;p&gt;Two hurt.&lt;/p&gt;</description></item></channel></rss>";
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{page}\r\n0\r\n\r\n",
        page.len()
    );
    let warc = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nWARC-Target-URI: \
         https://courier.example/1\r\nWARC-Date: 2016-03-04T10:00:00Z\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    let line = "{\"id\": \"a-1\", \"text\": \"AZAZ, Syria, March 3 (Reuters) - Two were hurt.\", \"published\": \"2016-03-03\"}\n";
    let text = "Raid on Azaz\n\nKILIS, Turkey, 3 March (AFP) - At least two people were killed on Monday, a monitor said. \"We saw 15 \
        planes,\" Omar Haddad told reporters.\n\nTurkey blamed the army, which denied it.";
    let mut all: Vec<Vec<u8>> = [newsml, newsml1, nitf, ninjs, teleprinter, anpa, mail, page, feed, &warc, line, text]
        .iter()
        .map(|s| s.as_bytes().to_vec())
        .collect();
    all.push(gzip(warc.as_bytes()));
    all.push(gzip(newsml.as_bytes()));
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Some files of the public corpora, where they are there.
fn corpora() -> Vec<Vec<u8>> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpora"));
    let folders = [
        "superdesk-wire-fixtures/tests/io/fixtures",
        "iptc-newsml-g2/examples",
        "iptc-ninjs/examples/1.4",
        "iptc-ninjs/examples/3.0",
        "warcio-data/test/data",
    ];
    let mut seeds = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            eprintln!("seeds of {folder} are not there: our own alone");
            continue;
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect();
        paths.sort();
        seeds.extend(paths.iter().filter_map(|p: &PathBuf| read(p)));
    }
    seeds
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(path).ok()?;
    bytes.truncate(4 * SEED);
    Some(bytes)
}

/// A generator of numbers (xorshift64*): the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }
}

/// Pieces that steer readers.
const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"</p>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&#x10FFFF;",
    b"&#0;",
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\\u0000",
    b"\x00",
    b"\x01",
    b"\x02",
    b"\x03",
    b"\x04",
    b"\x1f\x8b\x08",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\x94",
    b"\xcc\x81",
    b"\r\n\r\n",
    b"\n\n",
    b"\nWARC/1.0\r\n",
    b"Content-Length: 99999999999\r\n",
    b"--b",
    b"^",
    b"=",
    b" - ",
    b" (Reuters) -",
    b"1st Ld",
    b"KILL",
    b"31 February 2016",
    b"18446744073709551616",
    b"-1",
    b"at least",
    b"\xe2\x80\x9c",
    b"<nitf>",
    b"</nitf>",
    b"\t",
    b"    ",
];

/// Another input made of a seed.
fn mutated(numbers: &mut Numbers, seeds: &[Vec<u8>], most: usize) -> Vec<u8> {
    let mut input = seeds[numbers.below(seeds.len())].clone();
    input.truncate(most);
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len() + 1);
        let to = (at + 1 + numbers.below(40)).min(input.len());
        match numbers.below(8) {
            0 if at < input.len() => input[at] ^= 1 << numbers.below(8),
            1 if at < input.len() => input[at] = numbers.next() as u8,
            2 if at < to => drop(input.drain(at..to)),
            3 if at < to => {
                let piece = input[at..to].to_vec();
                input.splice(at..at, piece);
            }
            4 => input.truncate(at),
            5 => {
                let other = &seeds[numbers.below(seeds.len())];
                let from = numbers.below(other.len());
                let piece = other[from..(from + numbers.below(200)).min(other.len())].to_vec();
                input.splice(at..at, piece);
            }
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                input.splice(at..at, piece.iter().copied());
            }
        }
    }
    input.truncate(2 * most);
    input
}

/// Runs one target over the seeds and so many mutations of them, at most `most` bytes each.
fn fuzz(name: &str, executions: usize, most: usize) {
    let (_, target) = TARGETS.iter().find(|(n, _)| *n == name).expect("a target of this name");
    let mut seeds = samples();
    seeds.extend(corpora());
    for seed in &seeds {
        target(seed.get(..seed.len().min(8 * most)).unwrap_or(seed));
    }
    let salt = name.bytes().fold(1u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
    let mut numbers = Numbers(salt | 1);
    for number in 0..executions {
        let input = mutated(&mut numbers, &seeds, most);
        let outcome = std::panic::catch_unwind(|| target(&input));
        if outcome.is_err() {
            panic!("{name}, input {number}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}

macro_rules! tests {
    ($($test:ident: $name:literal, $executions:expr, $most:expr;)*) => {
        $(#[test]
        fn $test() {
            fuzz($name, $executions, $most);
        })*

        #[test]
        fn every_target_is_a_test() {
            let tested = [$($name),*];
            let all: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(tested.as_slice(), all);
        }
    };
}

tests! {
    auto: "auto", EXECUTIONS, SEED;
    text: "text", EXECUTIONS, SEED / 2;
    html: "html", PAGES, SEED / 2;
    jsonl: "jsonl", EXECUTIONS, SEED / 2;
    feed: "feed", EXECUTIONS, SEED;
    newsml: "newsml", EXECUTIONS, SEED;
    nitf: "nitf", EXECUTIONS, SEED;
    ninjs: "ninjs", EXECUTIONS, SEED;
    iptc7901: "iptc7901", EXECUTIONS, SEED / 2;
    email: "email", EXECUTIONS, SEED;
    warc: "warc", PAGES, SEED;
    packed: "packed", EXECUTIONS, SEED;
    dateline: "dateline", EXECUTIONS, 60;
    tokeniser: "tokeniser", EXECUTIONS, 24;
    parser: "parser", EXECUTIONS, 40;
    whole_reading: "read", PAGES, 120;
}

/// A megabyte of what is deep or slow for a careless reader, through its own format and `auto`.
#[test]
fn a_megabyte_of_anything_is_read_in_linear_time_and_bounded_depth() {
    const LENGTH: usize = 1 << 20;
    let pieces: &[(&str, &str, &str, &str)] = &[
        ("nitf", "<nitf><body>", "<p>", ""),
        ("newsml", "<NewsML>", "<NewsItem>", ""),
        ("newsml", "<newsMessage>", "<newsItem guid='a'/>", "</newsMessage>"),
        ("nitf", "<nitf ", "a='b' ", ">"),
        ("nitf", "<nitf>", "&nbsp;", "</nitf>"),
        ("nitf", "<!DOCTYPE nitf [", "<!ENTITY a \"&b;&b;\">", "]><nitf>"),
        ("ninjs", "", "[", ""),
        ("ninjs", "", "{\"a\":", ""),
        ("ninjs", "{\"uri\":\"u\",\"version\":\"1\",\"bodies\":[", "{\"value\":\"x\"},", "{}]}"),
        ("iptc7901", "", "\u{1}\u{2}", ""),
        ("iptc7901", "\u{1}a\u{2}", "^x<\n", "\u{3}\u{4}"),
        ("iptc7901", "\u{1}a\u{2}", "1ST LEAD ", "\u{3}\u{4}"),
        ("email", "From: a@b.example\nSubject: x\n", "Received: y\n", "\nz"),
        (
            "email",
            "From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n",
            "--b\nContent-Type: multipart/mixed; boundary=b\n\n",
            "",
        ),
        ("warc", "", "WARC/1.0\r\n", ""),
        ("warc", "WARC/1.0\r\n", "A: b\r\n", ""),
        ("warc", "WARC/1.0\r\nContent-Length: 0\r\n\r\n", "\r\n", ""),
        ("text", "", "WASHINGTON, ", ""),
        ("text", "", "a\n\n", ""),
        ("text", "", "\u{a0}", "x"),
    ];
    for (name, head, piece, tail) in pieces {
        let input = format!("{head}{}{tail}", piece.repeat(LENGTH / piece.len()));
        for (_, target) in TARGETS.iter().filter(|(n, _)| n == name || *n == "auto") {
            target(input.as_bytes());
        }
    }
}
