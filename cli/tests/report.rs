//! `dateline report` on the example dispatches: forms, errors, exit status.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;
use std::process::{Command, Output};

fn dateline(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dateline")).current_dir(folder).args(args).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn a_report_in_both_forms_a_recap_and_errors_that_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |args: &[&str]| dateline(folder.path(), args);
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/september-2016.jsonl");
    assert!(run(&["add", "--outlet", "sept", example]).status.success());

    let period = ["report", "--since", "2016-09-12", "--until", "2016-09-19", "--compare"];
    let markdown = run(&period);
    assert!(markdown.status.success(), "{}", text(&markdown.stderr));
    let markdown = text(&markdown.stdout);
    for part in
        ["# Situation report", "12–19 September 2016", "## Key figures", "## Comparison", "## Incidents", "[^1]: "]
    {
        assert!(markdown.contains(part), "{part}");
    }
    assert_eq!(text(&run(&period).stdout), markdown, "the same ledger gives the same report");

    let html = run(&[&period[..], &["--to", "html", "--out", "report.html"]].concat());
    assert!(html.status.success() && html.stdout.is_empty());
    let html = std::fs::read_to_string(folder.path().join("report.html")).expect("the page");
    assert!(
        html.starts_with("<!doctype html>") && html.contains("class=\"draw draw-map\"") && !html.contains("<script")
    );

    let recap = run(&["report", "--background", "mw-0920-1"]);
    assert!(recap.status.success() && text(&recap.stdout).contains("[^1]: "), "{}", text(&recap.stdout));

    let (status, said) = (|o: &Output| o.status.code(), |o: &Output| text(&o.stderr));
    let open = run(&["report", "--compare"]);
    assert!(status(&open) == Some(1) && said(&open).contains("--since"), "{}", said(&open));
    let nobody = run(&["report", "--background", "nobody"]);
    assert!(status(&nobody) == Some(1) && said(&nobody).contains("nobody"), "{}", said(&nobody));
    assert_eq!(status(&run(&["report", "--background", "x", "--since", "2016-09-01"])), Some(2));
    let lost = run(&["report", "--out", "no/such/folder.html"]);
    assert!(status(&lost) == Some(1) && said(&lost).contains("no/such/folder.html"));
}
