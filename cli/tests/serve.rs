//! The real server: what it filed outlives a kill, it stops when told, tells open pages what others file, keeps to its
//! path and its machine, and believes a proxy only when asked to.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(args);
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the binary starts")
}

/// A server that is killed when the test ends.
struct Desk {
    child: Child,
    said: BufReader<ChildStderr>,
    address: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Desk {
    fn serve(ledger: &str, more: &[&str]) -> Desk {
        let mut serve = command(&["serve", "--ledger", ledger, "--listen", "127.0.0.1:0"]);
        let mut child =
            serve.args(more).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary starts");
        let mut said = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(said.read_line(&mut line).expect("a line") > 0, "the desk ended before it listened");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect();
            }
        };
        Desk { child, said, address }
    }

    /// Sends a request, its head as written here.
    fn send(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let head = head.replace('\n', "\r\n");
        let length = body.len();
        write!(stream, "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("sent");
        stream
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let mut said = Vec::new();
        self.send(head, body).read_to_end(&mut said).expect("an answer");
        String::from_utf8_lossy(&said).into_owned()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("a line");
        line
    }
}

fn ledger(folder: &Path) -> String {
    folder.join("ledger.db").to_str().expect("a UTF-8 path").to_owned()
}

#[test]
fn what_was_answered_for_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let mut desk = Desk::serve(&ledger, &["--quiet"]);
    for n in 0..3 {
        let text = format!("Shelling killed {} people in the town of Marq{n} on Tuesday, a medic said.\n", n + 2);
        let answer = desk.ask(&format!("POST /api/v1/dispatches?outlet=Lantern+Wire&name=n{n} HTTP/1.1"), &text);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"new\":1"), "{answer}");
        // SIGKILL the moment the answer is there: no goodbye, no checkpoint.
        desk.child.kill().unwrap();
        desk.child.wait().unwrap();
        desk = Desk::serve(&ledger, &["--quiet"]);
        let held = desk.ask("GET /api/v1/dispatches HTTP/1.1", "");
        assert_eq!(held.matches("\"namespace\"").count(), n + 1, "{held}");
    }
    let check = run(&["check", "--ledger", &ledger]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}

#[cfg(unix)]
#[test]
fn open_pages_are_told_what_others_file_and_the_desk_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let mut desk = Desk::serve(&ledger, &["--quiet"]);
    let mut events = BufReader::new(desk.send("GET /events HTTP/1.1", ""));
    let mut line = String::new();
    events.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    let text = folder.path().join("news.txt");
    let mut told = String::new();
    // The desk may look at the file for the first time only now: what is filed later is told.
    for n in 0.. {
        std::fs::write(&text, format!("Shelling hit Marq{n} on Tuesday, a medic said.\n")).unwrap();
        assert!(
            run(&["add", "--ledger", &ledger, "--outlet", "Lantern Wire", text.to_str().unwrap()]).status.success()
        );
        events.get_mut().set_read_timeout(Some(std::time::Duration::from_secs(3))).unwrap();
        let mut piece = [0; 4096];
        while let Ok(read) = events.read(&mut piece) {
            told.push_str(&String::from_utf8_lossy(&piece[..read]));
            if read == 0 || told.contains("\"new\"") {
                break;
            }
        }
        if told.contains("\"new\"") {
            break;
        }
        assert!(n < 20, "nothing was told: {told}");
    }
    assert!(told.contains("event: filed") && told.contains("\"new\": 1"), "{told}");
    // Told to stop, it ends the open stream and leaves with 0.
    assert!(Command::new("kill").args(["-TERM", &desk.child.id().to_string()]).status().unwrap().success());
    events.get_mut().set_read_timeout(None).unwrap();
    let mut rest = String::new();
    let _ = events.read_to_string(&mut rest);
    assert_eq!(desk.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_path_and_a_proxy_are_believed_when_asked_for_and_each_request_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let proxied = "GET /desk/help HTTP/1.1\nX-Forwarded-For: 203.0.113.9, 198.51.100.7";
    let mut behind = Desk::serve(&ledger, &["--base-path", "/desk", "--behind-proxy"]);
    assert!(behind.ask(proxied, "").starts_with("HTTP/1.1 200"));
    let line = behind.line();
    assert!(line.contains(" 198.51.100.7 - GET /desk/help 200 "), "{line}");
    assert!(behind.ask("GET /help HTTP/1.1", "").starts_with("HTTP/1.1 404"));
    behind.line();
    // A line break in the address does not make a second line.
    behind.ask("GET /desk/%0Afake HTTP/1.1", "");
    let line = behind.line();
    assert!(line.contains("/desk/%0Afake 404"), "{line}");
    let mut plain = Desk::serve(&ledger, &[]);
    plain.ask(&proxied.replace("/desk", ""), "");
    let line = plain.line();
    assert!(line.contains(" 127.0.0.1 - GET /help 200 "), "{line}");
}

#[test]
fn others_reach_no_desk_without_users() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let refused = run(&["serve", "--ledger", &ledger, "--listen", "0.0.0.0:0"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("dateline users add"), "{said}");
}
