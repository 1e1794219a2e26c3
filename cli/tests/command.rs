//! The real binary on real files: output, order, errors, exit status.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn dateline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dateline")).args(args).output().expect("the binary starts")
}

fn dateline_with_input(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(input).expect("the input is taken");
    child.wait_with_output().expect("the binary ends")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn records(output: &Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).expect("a record a line")).collect()
}

fn example(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples")).join(name)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

#[test]
fn the_example_reads_as_a_careful_person_would() {
    let output = dateline(&["read", "--to", "jsonl", path(&example("truce.txt"))]);
    assert!(output.status.success(), "{}", stderr(&output));
    let record = &records(&output)[0];
    assert_eq!(record["dispatch"]["published"], "2016-09-29");
    assert_eq!(record["dispatch"]["published_basis"], "inferred");
    assert_eq!(record["dispatch"]["headline"], "Kerry: Washington close to breaking off Syria talks with Moscow");
    assert_eq!(record["dispatch"]["dateline"]["place"], "GENEVA");

    let said = |speaker: &str, words: &str| {
        record["statements"].as_array().unwrap().iter().any(|s| {
            s["speaker"] == speaker
                && s["content"].as_array().unwrap().iter().any(|c| c["text"].as_str().unwrap().contains(words))
        })
    };
    assert!(said("John Kerry", "The United States is about to call off"));
    assert!(said("John Kerry", "There comes a point"));
    assert!(said("Russian Defense Ministry", "violated by the opposition"));
    assert!(said("Igor Konashenkov", "aircraft of the US-led coalition"));
    assert!(said("Sergey Lavrov", "a gross violation"));
    assert!(said("Ban Ki-moon", "the attack"));

    let figure = |measure: &str, low: u64| {
        let incidents = record["incidents"].as_array().unwrap().iter();
        incidents
            .flat_map(|i| i["figures"].as_array().unwrap())
            .find(|f| f["measure"] == measure && f["low"] == low)
            .cloned()
    };
    let killed = figure("killed", 62).expect("62 soldiers killed");
    assert!(killed["by"].as_str().unwrap().contains("Syrian army"), "{killed}");
    let trucks = figure("damaged_or_destroyed", 18).expect("18 trucks");
    assert_eq!(trucks["of"], 31);
    assert_eq!(trucks["by"], "United Nations");
    let statuses: Vec<&Value> =
        record["accords"].as_array().unwrap().iter().flat_map(|a| a["status_claims"].as_array().unwrap()).collect();
    assert!(statuses.iter().any(|s| s["status"] == "in_force" && s["date"] == "2016-09-12"), "{statuses:?}");
    assert!(statuses.iter().any(|s| s["status"] == "violated" && s["by"] == "Sergey Lavrov"), "{statuses:?}");
    assert!(statuses.iter().any(|s| s["status"] == "suspended" && s["modality"] == "threatened"), "{statuses:?}");
}

#[test]
fn the_page_shows_every_item_and_no_colour_in_a_pipe() {
    let output = dateline(&["read", path(&example("truce.txt"))]);
    let page = stdout(&output);
    assert!(!page.contains('\u{1b}'), "a pipe gets no escapes");
    for words in ["STATEMENTS", "INCIDENTS", "ACCORDS", "18 of 31", "United Nations (s12)", "29 September 2016"] {
        assert!(page.contains(words), "{words} is missing from\n{page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 80), "lines wrap at 80 columns where there is no terminal");
}

#[test]
fn a_batch_keeps_its_order_on_any_number_of_threads() {
    let file = example("september-2016.jsonl");
    let one = dateline(&["read", "--to", "jsonl", "--threads", "1", path(&file)]);
    let many = dateline(&["read", "--to", "jsonl", "--threads", "4", path(&file)]);
    assert!(one.status.success(), "{}", stderr(&one));
    assert_eq!(stdout(&one), stdout(&many));
    let text = std::fs::read_to_string(&file).unwrap();
    let ids: Vec<Value> = text.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["id"].clone()).collect();
    assert_eq!(records(&one).iter().map(|r| r["id"].clone()).collect::<Vec<_>>(), ids);
}

#[test]
fn a_bad_input_is_named_and_the_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let good = file("good.txt", b"Rebels shelled the town of Azaz on Monday, killing two people, a monitor said.\n");
    let empty = file("empty.txt", b"");
    let binary = file("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00");
    let lines = file("some.jsonl", b"{\"id\": \"a\", \"text\": \"Two soldiers were killed.\"}\n{\"id\": 7,\n");
    let missing = folder.path().join("missing.txt");
    let inputs = [&missing, &empty, &binary, &good, &lines].map(|p| path(p).to_owned());
    let mut args = vec!["read", "--to", "jsonl"];
    args.extend(inputs.iter().map(String::as_str));
    let output = dateline(&args);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(records(&output).len(), 2);
    let errors = stderr(&output);
    for name in ["missing.txt", "empty.txt", "photo.jpg", "some.jsonl"] {
        assert!(errors.contains(name), "{name} is not named in\n{errors}");
    }
    assert!(errors.contains("line 2"), "{errors}");
    assert!(errors.contains("2 read, 4 failed"), "{errors}");
}

#[test]
fn an_item_is_explained_with_its_words_entry_and_tree() {
    let file = example("village.txt");
    let output = dateline(&["read", "--explain", "s1,i1,F1", path(&file)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for part in ["cue", "source", "data/reading/cues.tsv:", "data/reading/triggers.toml:", "← ", "confidence", "└─"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(text.lines().all(|l| l.chars().count() <= 80), "wider than 80 columns:\n{text}");

    let output = dateline(&["read", "--explain", "i1", "--to", "jsonl", path(&file)]);
    let explained = &records(&output)[0];
    let explanation = &explained["explanations"][0];
    assert_eq!(explanation["id"], "i1");
    assert_eq!(explanation["item"], "incident");
    let trigger = explanation["reasons"].as_array().unwrap().iter().find(|r| r["what"] == "trigger").unwrap();
    assert_eq!(trigger["entry"]["file"], "data/reading/triggers.toml");
}

#[test]
fn an_unknown_item_is_an_error_that_says_which_there_are() {
    let output = dateline(&["read", "--explain", "s99", path(&example("village.txt"))]);
    assert_eq!(output.status.code(), Some(1));
    let errors = stderr(&output);
    assert!(errors.contains("village.txt: there is no item s99 (there are s1 to s"), "{errors}");
    assert!(stdout(&output).is_empty());
}

#[test]
fn usage_errors_end_with_status_2() {
    assert_eq!(dateline(&["read"]).status.code(), Some(2));
    assert_eq!(dateline(&["read", "--published", "yesterday", "-"]).status.code(), Some(2));
    assert_eq!(dateline(&["interpret"]).status.code(), Some(2));
}

#[test]
fn standard_input_and_a_given_day_are_taken() {
    let text = b"A bomb killed three people in Kabul on Thursday, police said.";
    let output = dateline_with_input(&["read", "--to", "jsonl", "--published", "2016-09-29", "-"], text);
    let record = &records(&output)[0];
    assert_eq!(record["dispatch"]["published"], "2016-09-29");
    assert_eq!(record["dispatch"]["published_basis"], "given");
    let thursday = record["mentions"]["times"].as_array().unwrap().iter().find(|t| t["value"] == "2016-09-29");
    assert!(thursday.is_some(), "{}", record["mentions"]["times"]);
}

#[test]
fn a_text_in_another_language_is_kept_and_says_so() {
    let text = "Le ministère de la Défense a annoncé jeudi que douze civils avaient été tués dans un bombardement \
                près de la ville, selon des sources locales, tandis que l'opposition accuse le gouvernement.";
    let output = dateline_with_input(&["read", "--to", "jsonl", "-"], text.as_bytes());
    let record = &records(&output)[0];
    assert_eq!(record["dispatch"]["language"], "fr");
    assert_eq!(record["notes"][0], "not read: language fr");
    assert_eq!(record["dispatch"]["text"], text);
    assert_eq!(record["statements"].as_array().unwrap().len(), 0);
}

#[test]
fn completions_and_the_manual_page_name_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&dateline(&["completions", shell]));
        assert!(script.contains("read") && script.contains("explain"), "{shell}");
    }
    let man = stdout(&dateline(&["man"]));
    assert!(man.contains("DATELINE READ") && man.contains("published") && man.contains("explain"));
}
