//! Agencies' items, archives and folders through the real binary into a ledger.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn dateline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dateline")).args(args).output().expect("the binary starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

fn dispatches(ledger: &str) -> Vec<Value> {
    let output = dateline(&["dispatches", "--ledger", ledger, "--to", "json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    listed.as_array().expect("a list").clone()
}

fn item(version: u32, status: &str) -> String {
    format!(
        "<newsItem guid='urn:newsml:courier.example:2016:7' version='{version}' xml:lang='en'><itemMeta><itemClass qcode='ninat:text'/>\
         <provider literal='Harbour Courier'/><versionCreated>2016-09-20T10:00:00Z</versionCreated><pubStatus qcode='stat:{status}'/>\
         </itemMeta><contentMeta><headline>Raid on Azaz</headline></contentMeta><contentSet><inlineXML><html><body><p>KILIS, Turkey, \
         September 20 (Harbour Courier) - An air strike on a market in Azaz killed 20 people on Tuesday, a monitor said.</p></body></html>\
         </inlineXML></contentSet></newsItem>"
    )
}

#[test]
fn a_kill_in_another_file_marks_the_dispatch() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("l.db");
    let news = folder.path().join("news");
    std::fs::create_dir(&news).unwrap();
    std::fs::write(news.join("a.xml"), item(1, "usable")).unwrap();
    std::fs::write(news.join("b.xml"), item(2, "canceled")).unwrap();
    std::fs::write(news.join("c.xml"), "<newsItem guid='x'><p></newsItem>").unwrap();
    let output = dateline(&["add", "--ledger", utf8(&ledger), utf8(&news)]);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("c.xml, line 1") && said.contains("1 new") && said.contains("1 new versions"), "{said}");
    let listed = dispatches(utf8(&ledger));
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "killed", "{listed:?}");
    // The same folder again brings nothing back.
    let output = dateline(&["add", "--ledger", utf8(&ledger), utf8(&news)]);
    assert!(stderr(&output).contains("0 new, 2 there already"), "{}", stderr(&output));
    assert_eq!(dispatches(utf8(&ledger))[0]["state"], "killed");
}

#[test]
fn an_archive_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("l.db");
    let mut warc = String::new();
    for number in 0..3 {
        let page = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><head><title>Raid {number}</title></head><body><article><h1>Raid \
             {number}</h1><p>An air strike on a market in Azaz killed {number} people on Tuesday, a monitor in the town said, and more \
             were hurt when a second raid hit those who had come to help them.</p></article></body></html>"
        );
        warc += &format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nWARC-Target-URI: \
             https://courier.example/{number}\r\nWARC-Date: 2016-09-21T10:00:00Z\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
            page.len()
        );
    }
    let file = folder.path().join("crawl.warc");
    std::fs::write(&file, &warc).unwrap();
    let output = dateline(&["add", "--ledger", utf8(&ledger), utf8(&file)]);
    assert!(output.status.success() && stderr(&output).contains("3 new"), "{}", stderr(&output));
    let output = dateline(&["add", "--resume", "--ledger", utf8(&ledger), utf8(&file)]);
    let said = stderr(&output);
    let last = warc.rfind("WARC/1.0").unwrap();
    assert!(said.contains(&format!("goes on at byte {last} of {}", warc.len())), "{said}");
    assert!(said.contains("0 new, 1 there already"), "{said}");
    assert_eq!(dispatches(utf8(&ledger)).len(), 3);
}
