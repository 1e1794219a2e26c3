//! `dateline watch` against a server on loopback: what is new arrives once, whatever the server does.
#![allow(clippy::disallowed_methods)] // tests run the program

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

type Pages = Arc<Mutex<HashMap<String, Vec<u8>>>>;

/// A server of pages by path; unknown paths are 404. It lives as long as the test.
fn server() -> (String, Pages, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let pages: Pages = Arc::default();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (served, noted) = (Arc::clone(&pages), Arc::clone(&asked));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten().take(1000) {
            let mut stream = stream;
            let mut head = Vec::new();
            let mut part = [0u8; 2048];
            while !head.windows(4).any(|w| w == b"\r\n\r\n") {
                match stream.read(&mut part) {
                    Ok(n) if n > 0 => head.extend(&part[..n]),
                    _ => break,
                }
            }
            let text = String::from_utf8_lossy(&head).into_owned();
            let path = text.split_whitespace().nth(1).unwrap_or_default().to_owned();
            noted.lock().unwrap().push(
                text.lines().next().unwrap_or_default().to_owned()
                    + if text.contains("if-none-match") { " if-none-match" } else { "" },
            );
            let known = text.contains("if-none-match: \"one\"");
            let page = served.lock().unwrap().get(&path).cloned();
            let answer = match page {
                Some(_) if known => b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n".to_vec(),
                Some(page) => page,
                None => b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec(),
            };
            let _ = stream.write_all(&answer);
        }
    });
    (base, pages, asked)
}

fn page(kind: &str, body: &str) -> Vec<u8> {
    let etag = if kind.contains("xml") { "etag: \"one\"\r\n" } else { "" };
    format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {kind}\r\n{etag}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn dateline(ledger: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dateline")).args(words).arg("--ledger").arg(ledger).output().unwrap()
}

fn watch(ledger: &Path) -> Output {
    dateline(ledger, &["watch", "--once", "--allow-private", "--pause", "0s", "--every", "0s"])
}

const ARTICLE: &str = "<html><head><title>Shells hit Azaz</title></head><body><nav>Home</nav><article><h1>Shells hit Azaz</h1>\
<p>AZAZ, Syria - Two people were killed on Monday when shells hit the market of Azaz, the Northern Monitor said.</p>\
<p>The monitor blamed government forces. A spokesman denied that the army had shelled the town, which lies near the border.</p>\
<p>Residents said that the shelling had gone on for an hour, and that several shops and a school were damaged badly.</p></article></body></html>";

#[test]
fn what_is_new_arrives_once_and_what_cannot_be_had_is_kept_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    let (base, pages, asked) = server();
    let feed = "<rss version='2.0'><channel><title>Harbour Courier</title>\
        <item><title>Shells hit Azaz</title><link>/a</link><pubDate>Mon, 03 Oct 2016 10:00:00 GMT</pubDate><description>Two were killed.</description></item>\
        <item><title>Gone</title><link>/gone</link><description>Three people were killed in Marea, the monitor said.</description></item>\
        <item><title>Closed</title><link>/private/c</link><description>The mayor said that talks would go on.</description></item></channel></rss>";
    pages.lock().unwrap().insert("/feed".to_owned(), page("application/rss+xml", feed));
    pages.lock().unwrap().insert("/a".to_owned(), page("text/html", ARTICLE));
    pages.lock().unwrap().insert("/private/c".to_owned(), page("text/html", ARTICLE));
    pages.lock().unwrap().insert("/robots.txt".to_owned(), page("text/plain", "User-agent: *\nDisallow: /private"));

    let url = format!("{base}/feed");
    assert!(dateline(&ledger, &["feeds", "add", &url]).status.success());
    let atom = folder.path().join("alerts.xml");
    let added = dateline(
        &ledger,
        &["alerts", "add", "all", "--kind", "statement", "--actor", "Monitor", "--atom", atom.to_str().unwrap()],
    );
    assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));

    let first = watch(&ledger);
    let said = String::from_utf8_lossy(&first.stderr).into_owned();
    assert!(said.contains("3 filed") && said.contains("404") && said.contains("robots.txt"), "{said}");
    let listed = dateline(&ledger, &["dispatches", "--to", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 3, "{listed:#}");
    let told = std::fs::read_to_string(&atom).unwrap();
    assert!(told.contains("<entry>") && told.contains("Monitor"), "{told}");

    // Nothing new: the feed is asked with its mark, and no article again.
    let before = asked.lock().unwrap().len();
    let second = watch(&ledger);
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    let asked: Vec<String> = asked.lock().unwrap()[before..].to_vec();
    assert!(asked.iter().all(|a| a.contains("/feed") && a.contains("if-none-match")), "{asked:?}");
    assert_eq!(dateline(&ledger, &["check"]).status.code(), Some(0));
}

#[test]
fn a_private_address_needs_the_flag_and_a_failing_feed_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    assert!(dateline(&ledger, &["feeds", "add", "http://127.0.0.1:9/feed"]).status.success());
    let refused = dateline(&ledger, &["watch", "--once", "--pause", "0s"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--allow-private"));
    let listed = dateline(&ledger, &["feeds", "list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("1 failures in a row"));
    let add = dateline(&ledger, &["add", "http://127.0.0.1:9/a"]);
    assert!(String::from_utf8_lossy(&add.stderr).contains("not public"));
}
