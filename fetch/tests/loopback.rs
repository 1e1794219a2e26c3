//! The client against servers that are slow, broken, hostile or merely modern. Loopback only; every server answers a
//! bounded number of requests and ends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use fetch::{Answer, Client, FetchError, Policy, Request};
use jiff::Timestamp;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A server that gives one answer a connection, and tells what it was asked.
fn server(answers: Vec<Vec<u8>>) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut asked = Vec::new();
            let mut part = [0u8; 1024];
            while !asked.windows(4).any(|w| w == b"\r\n\r\n") {
                match stream.read(&mut part) {
                    Ok(n) if n > 0 => asked.extend(&part[..n]),
                    _ => break,
                }
            }
            let _ = tell.send(String::from_utf8_lossy(&asked).to_lowercase());
            let _ = stream.write_all(&answer);
        }
    });
    (address, told)
}

fn response(head: &str, body: &[u8]) -> Vec<u8> {
    let mut all =
        format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    all.extend(body);
    all
}

fn open() -> Policy {
    Policy { allow_private: true, timeout: Duration::from_secs(5), ..Policy::default() }
}

fn get(policy: Policy, url: &str) -> Result<Answer, FetchError> {
    Client::new(policy).get(&Request::new(url), Timestamp::UNIX_EPOCH)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn marks_go_back_and_forth_and_304_has_no_body() {
    let (address, asked) = server(vec![
        response(
            "200 OK\r\netag: \"a1\"\r\nlast-modified: Thu, 29 Sep 2016 12:00:00 GMT\r\ncontent-type: Text/HTML; charset=\"utf-8\"",
            b"words",
        ),
        b"HTTP/1.1 304 Not Modified\r\netag: \"a1\"\r\n\r\n".to_vec(),
    ]);
    let url = format!("http://{address}/feed?x=1");
    let client = Client::new(open());
    let first = client.get(&Request::new(&url), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((first.status, first.body.as_slice()), (200, b"words".as_slice()));
    assert_eq!((first.media_type.as_deref(), first.charset.as_deref()), (Some("text/html"), Some("utf-8")));
    let known = Request { url: &url, etag: first.etag.as_deref(), last_modified: first.last_modified.as_deref() };
    let second = client.get(&known, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((second.status, second.body.len()), (304, 0));
    let first = asked.recv().unwrap();
    assert!(
        first.contains("user-agent: dateline/") && first.contains("get /feed?x=1 ") && !first.contains("if-none-match")
    );
    let second = asked.recv().unwrap();
    assert!(second.contains("if-none-match: \"a1\"") && second.contains("if-modified-since: thu, 29 sep 2016"));
}

#[test]
fn a_busy_server_is_left_alone_as_long_as_it_says() {
    let (address, _asked) = server(vec![response("429 Too Many Requests\r\nretry-after: 120", b"")]);
    let answer = get(open(), &format!("http://{address}/")).unwrap();
    assert_eq!((answer.status, answer.retry_after), (429, Some(Duration::from_secs(120))));
}

#[test]
fn private_addresses_are_refused_whatever_way_they_are_named() {
    for url in [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/",
    ] {
        let refused = get(Policy { allow_private: false, ..open() }, url);
        assert!(matches!(refused, Err(FetchError::Private(..))), "{url}: {refused:?}");
    }
    for url in ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,x"] {
        assert!(matches!(get(open(), url), Err(FetchError::Scheme(_))), "{url}");
    }
    assert!(matches!(get(open(), "no address"), Err(FetchError::BadUrl(..))));
}

/// Names that lie at an address of the test's choosing, by turns.
#[derive(Debug)]
struct Turns(std::sync::Mutex<Vec<SocketAddr>>);

impl Resolver for Turns {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut found = self.empty();
        let mut turns = self.0.lock().unwrap();
        found.push(if turns.len() > 1 { turns.remove(0) } else { turns[0] });
        Ok(found)
    }
}

#[test]
fn a_name_that_turns_private_is_refused_at_each_look_up() {
    let private: SocketAddr = "127.0.0.1:80".parse().unwrap();
    let policy = Policy { allow_private: false, ..open() };
    let client = Client::with_resolver(policy, Turns(std::sync::Mutex::new(vec![private])));
    let refused = client.get(&Request::new("http://rebinding.example/"), Timestamp::UNIX_EPOCH);
    assert!(matches!(refused, Err(FetchError::Private(..))), "{refused:?}");
}

#[test]
fn the_checked_address_is_the_one_connected_to() {
    let (address, asked) = server(vec![response("200 OK", b"here")]);
    // Looked up twice, the name would lie elsewhere the second time.
    let elsewhere: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let client = Client::with_resolver(open(), Turns(std::sync::Mutex::new(vec![address, elsewhere])));
    let answer = client.get(&Request::new("http://once.example/"), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(answer.body, b"here");
    assert!(asked.recv().unwrap().contains("host: once.example"));
}

#[test]
fn redirects_are_followed_by_hand_and_checked_anew() {
    let (end, _a) = server(vec![response("200 OK", b"end")]);
    let (middle, _b) = server(vec![response(&format!("301 Moved\r\nlocation: http://{end}/x"), b"")]);
    let answer = get(open(), &format!("http://{middle}/")).unwrap();
    assert_eq!(
        (answer.body.as_slice(), answer.moved.as_deref()),
        (b"end".as_slice(), Some(format!("http://{end}/x").as_str()))
    );

    let (file, _c) = server(vec![response("302 Found\r\nlocation: file:///etc/passwd", b"")]);
    assert!(matches!(get(open(), &format!("http://{file}/")), Err(FetchError::Scheme(_))));

    // From a public name to the machine itself.
    let (hostile, _d) = server(vec![response("302 Found\r\nlocation: http://127.0.0.1:1/", b"")]);
    let policy = Policy { allow_private: false, ..open() };
    let refused = get(policy, &format!("http://{hostile}/"));
    assert!(matches!(refused, Err(FetchError::Private(..))), "{refused:?}");

    let (circle, _e) = server((0..9).map(|_| response("302 Found\r\nlocation: /again", b"")).collect());
    assert!(matches!(get(open(), &format!("http://{circle}/")), Err(FetchError::Redirects(_, 5))));
}

#[test]
fn bombs_and_endless_bodies_are_cut_off() {
    let policy = Policy { sent: 100_000, unpacked: 1_000_000, ..open() };
    let bomb = gzip(&vec![b'a'; 20_000_000]);
    assert!(bomb.len() < 100_000);
    let (address, _a) = server(vec![response("200 OK\r\ncontent-encoding: gzip", &bomb)]);
    assert!(matches!(get(policy, &format!("http://{address}/")), Err(FetchError::TooLarge(_, 1_000_000, " unpacked"))));

    let mut endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    endless.extend(vec![b'x'; 3_000_000]);
    let (address, _b) = server(vec![endless]);
    assert!(matches!(get(policy, &format!("http://{address}/")), Err(FetchError::TooLarge(_, 100_000, ""))));

    let (address, _c) = server(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx".to_vec()]);
    assert!(matches!(get(policy, &format!("http://{address}/")), Err(FetchError::TooLarge(..))));

    let (address, _d) = server(vec![response("200 OK\r\ncontent-encoding: gzip", &gzip(b"small"))]);
    assert_eq!(get(policy, &format!("http://{address}/")).unwrap().body, b"small");
    let (address, _e) = server(vec![response("200 OK\r\ncontent-encoding: gzip", b"not packed at all")]);
    assert!(matches!(get(policy, &format!("http://{address}/")), Err(FetchError::Packed(..))));
}

#[test]
fn a_body_that_breaks_off_is_no_body() {
    let (address, _a) = server(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf".to_vec()]);
    assert!(matches!(get(open(), &format!("http://{address}/")), Err(FetchError::Broken(..))));
}

#[test]
fn a_server_that_never_ends_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // The listener is never answered: the connection stands in its queue.
    let policy = Policy { timeout: Duration::from_millis(300), ..open() };
    let slow = get(policy, &format!("http://{address}/"));
    assert!(matches!(slow, Err(FetchError::Slow(..))), "{slow:?}");
    drop(listener);
}
