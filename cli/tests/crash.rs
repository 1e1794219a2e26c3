//! Nothing is lost: `add` is killed at random moments, over and over, and the ledger is sound each time; in the end it
//! holds exactly what one clean run holds.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Times that `add` is killed.
const KILLS: usize = 50;

/// Dispatches that are filed, unless `DATELINE_CRASH_DISPATCHES` says how many.
const DISPATCHES: usize = 2_000;

/// Numbers that look random and are the same in every run (a linear congruential generator, Knuth's constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Records of invented dispatches: raids on numbered villages, each told by two or three outlets.
fn records(path: &Path) {
    let mut dice = Dice(1);
    let told = std::env::var("DATELINE_CRASH_DISPATCHES").ok().and_then(|n| n.parse().ok());
    let lines: Vec<String> = (0..told.unwrap_or(DISPATCHES))
        .map(|n| {
            let (village, day, killed) = (n / 3, 1 + n / 3 % 28, 1 + dice.roll(40));
            let text = format!("Shells hit the village of Marq{village} on day {day}, killing {killed} people, a medic of outlet {} said.", n % 3);
            let span = |words: &str| {
                let start = text.find(words).unwrap();
                json!({"start": start, "end": start + words.len(), "text": words})
            };
            let date = format!("2016-09-{day:02}");
            json!({"schema": "dateline/record/1", "id": format!("d{n}"), "reader": "hand",
                "dispatch": {"outlet": format!("outlet {}", n % 3), "published": date, "text": text},
                "statements": [{"id": "s1", "speaker": "medic", "source": span("a medic"), "cue": span("said"), "content": [span("Shells hit")]}],
                "incidents": [{"id": "i1", "type": "shelling", "trigger": span("Shells hit"), "date_start": date, "date_end": date,
                    "place": {"mention": span(&format!("Marq{village}")), "name": format!("Marq{village}"), "country": "SY"},
                    "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "by": "medic", "mention": span(&format!("{killed} people"))}]}]})
            .to_string()
        })
        .collect();
    std::fs::write(path, lines.join("\n")).unwrap();
}

fn dateline(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn listed(kind: &str, ledger: &str) -> Value {
    let output = dateline(&[kind, "--ledger", ledger, "--to", "json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut list: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Dispatches of one day are listed in order of filing, which is the same in both runs.
    list.as_array_mut().unwrap().sort_by_key(|x| x.to_string());
    list
}

fn sound(ledger: &str) {
    let output = dateline(&["check", "--ledger", ledger]).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn fifty_kills_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let name = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (input, clean, killed) = (name("records.jsonl"), name("clean.db"), name("killed.db"));
    records(Path::new(&input));
    let add = |ledger: &str| {
        dateline(&["add", "--from", "records", "--outlet", "wire", "--threads", "1", "--ledger", ledger, &input])
    };
    assert!(add(&clean).status().unwrap().success());

    let size = |path: &str| std::fs::metadata(path).map_or(0, |m| m.len());
    let written = || size(&killed) + size(&format!("{killed}-wal"));
    let mut dice = Dice(7);
    let mut kills = 0;
    while kills < KILLS {
        let mut child = add(&killed).spawn().unwrap();
        // The moment is a number of looks at the file, from the start or from when it has changed: in the middle of opening,
        // reading, a transaction or a checkpoint, as it falls.
        let before = written();
        let wait_for_change = dice.roll(4) > 0;
        let mut looks = dice.roll(2_000);
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if wait_for_change && written() == before {
                continue;
            }
            if looks == 0 {
                break None;
            }
            looks -= 1;
        };
        match ended {
            Some(status) => {
                assert!(status.success());
                // All is filed: the rest of the kills begin again from nothing.
                for suffix in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(format!("{killed}{suffix}"));
                }
            }
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                if Path::new(&killed).exists() {
                    sound(&killed);
                }
            }
        }
    }
    let output = add(&killed).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    sound(&killed);
    for kind in ["dispatches", "statements", "incidents", "disputes", "actors"] {
        assert!(listed(kind, &killed) == listed(kind, &clean), "{kind} differ");
    }
}

#[test]
fn a_backup_made_while_adding_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let name = |file: &str| folder.path().join(file).to_str().unwrap().to_owned();
    let (input, ledger) = (name("records.jsonl"), name("ledger.db"));
    records(Path::new(&input));
    let add = || dateline(&["add", "--from", "records", "--outlet", "wire", "--ledger", &ledger, &input]);
    let mut child = add().spawn().unwrap();
    let mut copies = 0;
    while child.try_wait().unwrap().is_none() {
        let copy = name(&format!("copy{copies}.db"));
        // Before the first transaction there is no ledger to copy, and the command says so.
        if dateline(&["backup", "--ledger", &ledger, &copy]).output().unwrap().status.success() {
            sound(&copy);
            copies += 1;
        }
    }
    assert!(child.wait().unwrap().success());
    assert!(copies > 0, "no backup was made in time");
    // The last copy is a part of the whole, and filing again completes it.
    let copy = name(&format!("copy{}.db", copies - 1));
    let complete =
        dateline(&["add", "--from", "records", "--outlet", "wire", "--ledger", &copy, &input]).output().unwrap();
    assert!(complete.status.success(), "{}", String::from_utf8_lossy(&complete.stderr));
    sound(&copy);
    assert!(listed("incidents", &copy) == listed("incidents", &ledger));
}
