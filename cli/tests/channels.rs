//! `dateline watch` with slow hosts, webhooks that fail, and commands that hang, against servers on loopback.
#![allow(clippy::disallowed_methods)] // tests run the program

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use ledger::Ledger;
use sha2::Sha256;

/// What a server was asked.
#[derive(Debug, Clone)]
struct Asked {
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A server with a thread for each connection, a hundred at most. A page that is `None` is never sent: the connection stays
/// open until the other side leaves.
fn server(answer: impl Fn(&Asked) -> Option<String> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten().take(100) {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || serve(stream, &*answer));
        }
    });
    base
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Asked) -> Option<String>) {
    let mut bytes = Vec::new();
    let mut part = [0u8; 4096];
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut part) {
            Ok(n) if n > 0 => bytes.extend(&part[..n]),
            _ => return,
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let headers: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
    while bytes.len() < head + length {
        match stream.read(&mut part) {
            Ok(n) if n > 0 => bytes.extend(&part[..n]),
            _ => return,
        }
    }
    let path = text.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let asked = Asked { path, headers, body: String::from_utf8_lossy(&bytes[head..]).into_owned() };
    match answer(&asked) {
        Some(page) => drop(stream.write_all(page.as_bytes())),
        None => while stream.read(&mut part).is_ok_and(|n| n > 0) {},
    }
}

fn page(status: &str, kind: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

fn nothing() -> Option<String> {
    page("404 Not Found", "text/plain", "")
}

fn article(town: &str) -> Option<String> {
    let body = format!(
        "<html><head><title>Shells hit {town}</title></head><body><article><h1>Shells hit {town}</h1><p>Two people were killed on Monday \
         when shells hit the market of {town}, the Northern Monitor said.</p><p>Residents of {town} said that the shelling had gone on \
         for an hour, and that several shops and a school were damaged badly.</p></article></body></html>"
    );
    page("200 OK", "text/html", &body)
}

fn feed(links: &[String]) -> Option<String> {
    let items: String = links.iter().map(|l| format!("<item><title>A report</title><link>{l}</link></item>")).collect();
    let body = format!("<rss version='2.0'><channel><title>Harbour Courier</title>{items}</channel></rss>");
    page("200 OK", "application/rss+xml", &body)
}

fn dateline(ledger: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dateline")).args(words).arg("--ledger").arg(ledger).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const WATCH: &[&str] = &["watch", "--allow-private", "--pause", "0s", "--every", "0s"];

fn watch(ledger: &Path, more: &[&str]) -> Output {
    dateline(ledger, &[WATCH, &["--once"], more].concat())
}

#[test]
fn a_slow_host_holds_up_no_other_and_is_asked_one_thing_at_a_time() {
    // The slow host answers once the other one was asked for its last article: asked one after the other, in the order of
    // the feed, the two would wait for each other until the time is up.
    let asked: Arc<(Mutex<bool>, Condvar)> = Arc::default();
    let (waits, most, now) = (Arc::clone(&asked), Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let slow = server(move |request| {
        let here = now.fetch_add(1, Ordering::SeqCst) + 1;
        seen.fetch_max(here, Ordering::SeqCst);
        let answer = if request.path.starts_with("/slow") {
            let (flag, told) = &*waits;
            let guard = flag.lock().unwrap();
            drop(told.wait_timeout_while(guard, Duration::from_secs(30), |asked| !*asked).unwrap());
            article("Azaz")
        } else {
            nothing()
        };
        now.fetch_sub(1, Ordering::SeqCst);
        answer
    });
    let links: Arc<Mutex<Vec<String>>> = Arc::default();
    let listed = Arc::clone(&links);
    let quick = server(move |request| match request.path.as_str() {
        "/feed" => feed(&listed.lock().unwrap()),
        "/quick/2" => {
            *asked.0.lock().unwrap() = true;
            asked.1.notify_all();
            article("Marea")
        }
        "/quick/1" => article("Kilis"),
        _ => nothing(),
    });
    *links.lock().unwrap() = (1..4).map(|n| format!("{slow}/slow/{n}")).collect();
    links.lock().unwrap().extend((1..3).map(|n| format!("{quick}/quick/{n}")));

    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    assert!(dateline(&ledger, &["feeds", "add", &format!("{quick}/feed")]).status.success());
    let output = watch(&ledger, &["--timeout", "5s"]);
    assert!(said(&output).contains("5 filed, 0 problems"), "{}", said(&output));
    assert_eq!(most.load(Ordering::SeqCst), 1, "requests to one host at once");
}

/// A ledger with a feed of one article, and an alert of its statement that goes to `channel`.
fn with_alert(channel: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let base = server(|request| match request.path.as_str() {
        "/feed" => feed(&["/a".to_owned()]),
        "/a" => article("Azaz"),
        _ => nothing(),
    });
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    assert!(dateline(&ledger, &["feeds", "add", &format!("{base}/feed")]).status.success());
    let alert = ["alerts", "add", "monitor", "--kind", "statement", "--actor", "Northern Monitor"];
    let added = dateline(&ledger, &[&alert, channel].concat());
    assert!(added.status.success(), "{}", said(&added));
    (folder, ledger)
}

/// Makes the answer that waits for its next try due now, and says what its last problem was.
fn hurry(path: &Path) -> usize {
    let mut ledger = Ledger::open(path).unwrap();
    let now = Timestamp::now();
    let due = ledger.due_deliveries(now + SignedDuration::from_hours(48), 10).unwrap();
    for delivery in &due {
        ledger.delivery_failed(delivery.id, "hurried by the test", Some(Duration::ZERO), now).unwrap();
    }
    due.len()
}

fn signature(secret: &str, asked: &Asked) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}", asked.headers["dateline-timestamp"], asked.body).as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    format!("sha256={hex}")
}

/// A receiver of webhooks that gives one answer after the other, then 204, and tells what came.
fn receiver(answers: &'static [Option<&'static str>]) -> (String, Receiver<Asked>) {
    let (tell, told) = channel();
    let (tell, next) = (Mutex::new(tell), AtomicUsize::new(0));
    let base = server(move |asked| {
        tell.lock().unwrap().send(asked.clone()).unwrap();
        match answers.get(next.fetch_add(1, Ordering::SeqCst)) {
            Some(answer) => answer.and_then(|status| page(status, "text/plain", "")),
            None => page("204 No Content", "text/plain", ""),
        }
    });
    (base, told)
}

#[test]
fn a_webhook_is_signed_and_tried_again_with_its_key_until_it_is_taken() {
    let (hook, told) = receiver(&[Some("500 Internal Server Error"), None]);
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("hook.key");
    std::fs::write(&secret, "a secret of the test\n").unwrap();
    let (_folder, ledger) =
        with_alert(&["--webhook", &format!("{hook}/hook"), "--secret-file", secret.to_str().unwrap()]);

    let first = said(&watch(&ledger, &["--timeout", "1s"]));
    assert!(first.contains("alert \"monitor\"") && first.contains("the server answers 500"), "{first}");
    assert_eq!(hurry(&ledger), 1);
    let second = said(&watch(&ledger, &["--timeout", "1s"]));
    assert!(second.contains("did not answer in time"), "{second}");
    assert_eq!(hurry(&ledger), 1);
    let third = said(&watch(&ledger, &[]));
    assert!(third.contains("0 problems"), "{third}");
    assert_eq!(hurry(&ledger), 0, "what was taken is done");
    watch(&ledger, &[]);

    let tries: Vec<Asked> = told.try_iter().collect();
    assert_eq!(tries.len(), 3, "{tries:#?}");
    for asked in &tries {
        assert_eq!(asked.path, "/hook");
        assert_eq!(asked.headers["content-type"], "application/json");
        assert_eq!(asked.headers["dateline-signature"], signature("a secret of the test", asked));
        assert_eq!(asked.headers["idempotency-key"], tries[0].headers["idempotency-key"]);
        assert_eq!(asked.body, tries[0].body);
    }
    assert!(!tries[0].headers["idempotency-key"].is_empty());
    let body: serde_json::Value = serde_json::from_str(&tries[0].body).unwrap();
    assert!(body.to_string().contains("Northern Monitor"), "{body:#}");
}

#[test]
fn a_watch_killed_while_it_tells_tells_again() {
    let (hook, told) = receiver(&[None]);
    let (_folder, ledger) = with_alert(&["--webhook", &hook]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args([WATCH, &["--ledger"]].concat())
        .arg(&ledger)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let first = told.recv_timeout(Duration::from_secs(60)).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said(&watch(&ledger, &[])).contains("0 problems"));
    let second = told.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(first.headers["idempotency-key"], second.headers["idempotency-key"]);
    assert_eq!(first.body, second.body);
    assert_eq!(told.try_iter().count(), 0);
    assert_eq!(dateline(&ledger, &["check"]).status.code(), Some(0));
}

#[test]
fn a_command_gets_the_answer_and_one_that_hangs_is_killed_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let (got, late) = (folder.path().join("got"), folder.path().join("late"));
    let command = format!("cat > '{0}'; printf %s \"$DATELINE_KEY\" > '{0}.key'", got.display());
    let (_folder, ledger) = with_alert(&["--command", &command]);
    // What the command starts holds the watch's standard error, so the output ends when all of it has ended; what is not
    // killed leaves a trace.
    let hanging = format!("(sleep 40; echo > '{}') & wait", late.display());
    let alert = ["alerts", "add", "hangs", "--kind", "statement", "--actor", "Northern Monitor", "--command", &hanging];
    assert!(dateline(&ledger, &alert).status.success());
    let output = watch(&ledger, &["--command-timeout", "1s"]);
    assert!(said(&output).contains("alert \"hangs\"") && said(&output).contains("was killed"), "{}", said(&output));
    assert!(said(&output).contains("1 filed, 1 problems"), "{}", said(&output));
    assert!(!late.exists(), "what the command started lived on");
    let body: serde_json::Value = serde_json::from_slice(&std::fs::read(&got).unwrap()).unwrap();
    assert!(body.to_string().contains("Northern Monitor"), "{body:#}");
    assert!(!std::fs::read(folder.path().join("got.key")).unwrap().is_empty());
}
