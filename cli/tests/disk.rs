//! A ledger on a disk that is full or may not be written: the command says which, and what was filed before is whole.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;
use std::process::{Command, Output};

/// Runs a script in a mount namespace of its own, with `$DISK` a small memory disk, `$DATELINE` the program and `$WIRE` the
/// example wire. Nothing where this machine does not allow it.
fn on_a_small_disk(size: &str, script: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let shell = |script: &str| {
        Command::new("unshare")
            .args(["-rm", "sh", "-c"])
            .arg(format!("mount -t tmpfs -o size={size} tmpfs \"$DISK\" || exit 99; {script}"))
            .env("DISK", folder.path())
            .env("DATELINE", env!("CARGO_BIN_EXE_dateline"))
            .env("WIRE", Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/september-2016.jsonl"))
            .output()
    };
    match shell("true") {
        Ok(output) if output.status.success() => Some(shell(script).unwrap()),
        _ => {
            eprintln!("skipped: no disk can be mounted here (unshare -rm)");
            None
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_full_disk_is_named_and_what_was_filed_is_whole() {
    let script = r#"
        head -n 2 "$WIRE" > "$DISK/two.jsonl"
        "$DATELINE" add --ledger "$DISK/l.db" --outlet wire "$DISK/two.jsonl" || exit 98
        dd if=/dev/zero of="$DISK/filler" bs=4k 2>/dev/null
        "$DATELINE" add --ledger "$DISK/l.db" --outlet wire "$WIRE"; echo "add ended with $?"
        rm "$DISK/filler"
        "$DATELINE" check --ledger "$DISK/l.db" || exit 97
        "$DATELINE" dispatches --ledger "$DISK/l.db" --to csv | wc -l
        "$DATELINE" add --ledger "$DISK/l.db" --outlet wire "$WIRE" || exit 96
        "$DATELINE" check --ledger "$DISK/l.db" || exit 95"#;
    let Some(output) = on_a_small_disk("64m", script) else { return };
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{:?}\n{out}\n{said}", output.status.code());
    assert!(said.contains("the disk is full") && said.contains("run the same command again"), "{said}");
    assert!(out.contains("add ended with 1"), "{out}");
    assert!(out.lines().any(|l| l.trim() == "3"), "a head and the two dispatches that were filed: {out}");
}

#[test]
fn a_file_that_may_not_be_written_is_named_and_can_be_read() {
    let script = r#"
        "$DATELINE" add --ledger "$DISK/l.db" --outlet wire "$WIRE" || exit 98
        mount -o remount,ro "$DISK" || exit 99
        "$DATELINE" add --ledger "$DISK/l.db" --outlet other "$WIRE"; echo "add ended with $?"
        "$DATELINE" review note nosuch text --as Amal --ledger "$DISK/l.db"; echo "review ended with $?"
        "$DATELINE" incidents --ledger "$DISK/l.db" > /dev/null || exit 97"#;
    let Some(output) = on_a_small_disk("64m", script) else { return };
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{:?}\n{out}\n{said}", output.status.code());
    assert_eq!(said.matches("may not be written").count(), 2, "{said}");
    assert!(out.contains("add ended with 1") && out.contains("review ended with 1"), "{out}");
}
