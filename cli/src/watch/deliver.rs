//! Alerts on their way: an Atom file, a webhook, a command. At least once: an answer is done when its channel took it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fetch::Client;
use fetch::pace::back_off;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use ledger::Ledger;
use ledger::watch::{Channel, Delivery};
use sha2::Sha256;

use super::Watcher;
use super::pool::Errand;

/// Tries before an answer is given up: with the waits between them, about a day.
const TRIES: u32 = 12;
/// The wait after a first failure; it doubles.
const AGAIN: Duration = Duration::from_secs(30);
/// Answers looked at in one pass.
const DUE: u32 = 1000;
/// How often a command is looked after.
const LOOK: Duration = Duration::from_millis(20);
/// Answers kept in an Atom file.
const IN_FILE: u32 = 100;

impl Watcher {
    /// Looks for answers and delivers those that are due: one at a time for each alert, so that they arrive in their order
    /// and a slow receiver holds up its own alone.
    pub(super) fn tell(&mut self) -> anyhow::Result<usize> {
        self.ledger.look_for_alerts(Timestamp::now())?;
        let mut done = 0;
        for delivery in self.ledger.due_deliveries(Timestamp::now(), DUE)? {
            if self.stopping() {
                break;
            }
            if self.telling.contains(&delivery.alert) {
                continue;
            }
            if delivery.channel == Channel::Atom {
                let sent = keep(&self.ledger, &delivery);
                self.delivered(&delivery, sent)?;
            } else if self.tellers.free() {
                self.telling.insert(delivery.alert);
                self.tellers.send(Errand::Deliver(Box::new(delivery)))?;
            } else {
                continue;
            }
            done += 1;
        }
        Ok(done)
    }

    /// Notes what came of a delivery.
    pub(super) fn delivered(&mut self, delivery: &Delivery, sent: Result<(), String>) -> anyhow::Result<()> {
        self.telling.remove(&delivery.alert);
        let now = Timestamp::now();
        match sent {
            Ok(()) => self.ledger.delivery_done(delivery.id, now)?,
            Err(problem) => {
                self.problem(&format!("alert {:?}: {problem}", delivery.name));
                let wait =
                    (delivery.attempts + 1 < TRIES).then(|| self.jitter.around(back_off(AGAIN, delivery.attempts)));
                self.ledger.delivery_failed(delivery.id, &problem, wait, now)?;
            }
        }
        Ok(())
    }
}

/// Adds an answer to its Atom file.
fn keep(ledger: &Ledger, delivery: &Delivery) -> Result<(), String> {
    let mut all = vec![delivery.clone()];
    all.extend(ledger.delivered(delivery.alert, IN_FILE).map_err(|e| e.to_string())?);
    write_whole(Path::new(&delivery.target), &atom(&delivery.name, &all))
}

/// Sends an answer to its webhook or command. A command is killed when it takes longer than `patience`.
pub(super) fn send(client: &Client, delivery: &Delivery, patience: Duration) -> Result<(), String> {
    match delivery.channel {
        Channel::Atom => Err(format!("{}: is a file", delivery.target)),
        Channel::Webhook => post(client, delivery),
        Channel::Command => command(delivery, patience),
    }
}

/// Posts an answer.
fn post(client: &Client, delivery: &Delivery) -> Result<(), String> {
    let stamp = Timestamp::now().as_second().to_string();
    let signature = delivery.secret.as_deref().map(|s| sign(s, &stamp, &delivery.body));
    let mut headers = vec![("idempotency-key", delivery.key.as_str()), ("dateline-timestamp", stamp.as_str())];
    headers.extend(signature.as_deref().map(|s| ("dateline-signature", s)));
    match client.post(&delivery.target, &headers, delivery.body.as_bytes()) {
        Ok(200..=299) => Ok(()),
        Ok(status) => Err(format!("{}: the server answers {status}", delivery.target)),
        Err(error) => Err(error.to_string()),
    }
}

/// `sha256=` and the HMAC of the time stamp, a full stop and the body: whoever knows the secret can check who sent it and
/// when.
fn sign(secret: &str, stamp: &str, body: &str) -> String {
    // Keys of any length are good.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(stamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let mut signature = String::from("sha256=");
    for byte in mac.finalize().into_bytes() {
        let _ = write!(signature, "{byte:02x}");
    }
    signature
}

/// Runs a command with the answer on its standard input; kills it and all that it started when it takes too long.
fn command(delivery: &Delivery, patience: Duration) -> Result<(), String> {
    let told = |e: std::io::Error| format!("{}: cannot be run ({e})", delivery.target);
    let mut child = Command::new("/bin/sh")
        .args(["-c", &delivery.target])
        .env("DATELINE_ALERT", &delivery.name)
        .env("DATELINE_KEY", &delivery.key)
        .env("DATELINE_TITLE", &delivery.title)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        // A group of its own: what it starts ends with it, and a Ctrl-C at the terminal is not for it.
        .process_group(0)
        .spawn()
        .map_err(told)?;
    if let Some(mut input) = child.stdin.take() {
        let body = delivery.body.clone();
        // Beside the wait: a command need not read what it is given, and a pipe holds little.
        std::thread::spawn(move || drop(input.write_all(body.as_bytes())));
    }
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(told)? {
            break status;
        }
        if start.elapsed() >= patience {
            // The child is not waited for yet, so its number is still its own, and so is its group.
            let group = format!("kill -s KILL -- -{}", child.id());
            let killed = Command::new("/bin/sh").args(["-c", &group]).stderr(Stdio::null()).status();
            if !killed.is_ok_and(|s| s.success()) {
                child.kill().map_err(told)?;
            }
            child.wait().map_err(told)?;
            return Err(format!("{}: was killed, it took longer than {} s", delivery.target, patience.as_secs()));
        }
        std::thread::sleep(LOOK);
    };
    if status.success() { Ok(()) } else { Err(format!("{}: ended with {status}", delivery.target)) }
}

/// Writes a file so that readers see the old or the new one, never a part.
fn write_whole(path: &Path, text: &str) -> Result<(), String> {
    let told = |e: std::io::Error| format!("{}: cannot be written ({e})", path.display());
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text).map_err(told)?;
    std::fs::rename(&beside, path).map_err(told)
}

/// An Atom feed of answers, newest first.
fn atom(name: &str, answers: &[Delivery]) -> String {
    let escape = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let updated = answers.iter().map(|a| a.found_at.as_str()).max().unwrap_or("1970-01-01T00:00:00Z");
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n  <title>{}</title>\n  <id>urn:dateline:alert:{}</id>\n  <updated>{updated}</updated>\n  <author><name>dateline</name></author>\n",
        escape(name),
        escape(&name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
    );
    for answer in answers {
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let words = body["words"].as_str().unwrap_or_default();
        let link = body["url"].as_str().map(|u| format!("    <link href=\"{}\"/>\n", escape(u))).unwrap_or_default();
        let _ = write!(
            text,
            "  <entry>\n    <title>{}</title>\n    <id>urn:dateline:{}</id>\n    <updated>{}</updated>\n{link}    <summary>{}</summary>\n  </entry>\n",
            escape(&answer.title),
            escape(&answer.key),
            answer.found_at,
            escape(words),
        );
    }
    text.push_str("</feed>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_time_and_body() {
        // From `printf '1.{}' | openssl dgst -sha256 -hmac key`.
        let signature = sign("key", "1", "{}");
        assert_eq!(signature.len(), 7 + 64);
        assert_ne!(signature, sign("key", "2", "{}"));
        assert_ne!(signature, sign("other", "1", "{}"));
        assert_eq!(signature, sign("key", "1", "{}"));
    }
}
