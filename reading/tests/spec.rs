//! The literate tests under `spec/`: short dispatches in our own words, and what must be read from each.
//!
//! `spec/README.md` is the format. Every case that is not named in `spec/known-gaps.txt` must hold; every case named there
//! must still fail, so that progress is noticed and the list kept short.
#![allow(clippy::disallowed_methods)] // tests read files

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use reading::Reader;
use serde_json::Value;
use wire::{Format, Given};

/// One case of a file.
#[derive(Debug)]
struct Case {
    /// `file.md > Name of the case`.
    name: String,
    dispatch: String,
    published: Option<String>,
    expected: Vec<Expected>,
}

/// One line of an `expect` block, with the lines indented under it.
#[derive(Debug)]
struct Expected {
    line: String,
    /// `!statement | …`: no item may match.
    none: bool,
    kind: String,
    fields: Vec<Field>,
    inner: Vec<Expected>,
}

/// `key: value`, or `key~ value` where the value need only be contained.
#[derive(Debug)]
struct Field {
    key: String,
    contains: bool,
    values: Vec<String>,
}

#[test]
fn every_dispatch_of_the_spec_is_read_as_written() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec"));
    let gaps: BTreeSet<String> = std::fs::read_to_string(folder.join("known-gaps.txt"))
        .unwrap()
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        .map(|l| l.trim().to_owned())
        .collect();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "md") && p.file_stem().is_some_and(|s| s != "README"));
    files.sort();
    let cases: Vec<Case> = files.iter().flat_map(|path| cases(path)).collect();
    assert!(cases.len() >= 40, "{} cases", cases.len());

    let names: BTreeSet<&str> = cases.iter().map(|c| c.name.as_str()).collect();
    let mut report = String::new();
    for gap in gaps.iter().filter(|g| !names.contains(g.as_str())) {
        writeln!(report, "known-gaps.txt names no case: {gap}\n").unwrap();
    }
    let reader = Reader::new();
    let mut failing: Vec<&str> = Vec::new();
    for case in &cases {
        let failures = run(&reader, case);
        if !failures.is_empty() {
            failing.push(case.name.as_str());
        }
        match (failures.is_empty(), gaps.contains(&case.name)) {
            (true, true) => writeln!(report, "{}\n  is read now: take it out of known-gaps.txt\n", case.name).unwrap(),
            (false, false) => writeln!(report, "{}\n{failures}", case.name).unwrap(),
            _ => {}
        }
    }
    if std::env::var_os("SPEC_GAPS").is_some_and(|v| v == "write") {
        let head = "# Cases that the reader does not read yet, one a line: `file.md > Name`. Each must still fail; take it out \
                    when it holds.\n";
        std::fs::write(folder.join("known-gaps.txt"), failing.iter().fold(head.to_owned(), |all, n| all + n + "\n"))
            .unwrap();
        return;
    }
    assert!(report.is_empty(), "\n\n{report}");
}

/// The cases of a file.
fn cases(path: &Path) -> Vec<Case> {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases = Vec::new();
    for part in text.split("\n## ").skip(1) {
        let name = format!("{file} > {}", part.lines().next().unwrap_or_default().trim());
        let (info, dispatch) = block(part, "dispatch").unwrap_or_else(|| panic!("{name}: no dispatch block"));
        let (_, expect) = block(part, "expect").unwrap_or_else(|| panic!("{name}: no expect block"));
        let published = (!info.is_empty()).then(|| info.to_owned());
        let expected = expectations(&expect, &name);
        assert!(!expected.is_empty(), "{name}: expects nothing");
        cases.push(Case { name, dispatch, published, expected });
    }
    cases
}

/// The fenced block that begins with `kind`: the rest of its first line, and its text.
fn block<'t>(part: &'t str, kind: &str) -> Option<(&'t str, String)> {
    let (_, rest) = part.split_once(&format!("\n```{kind}"))?;
    let (info, rest) = rest.split_once('\n')?;
    let (text, _) = rest.split_once("\n```")?;
    Some((info.trim(), text.to_owned()))
}

/// The lines of an `expect` block.
fn expectations(text: &str, case: &str) -> Vec<Expected> {
    let mut expected: Vec<Expected> = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#')) {
        let mut parts = line.trim().split(" | ");
        let kind = parts.next().unwrap_or_default();
        let field = |part: &str| {
            let (key, value) = part.split_once([':', '~']).unwrap_or_else(|| panic!("{case}: no key in {part:?}"));
            let contains = part[key.len()..].starts_with('~');
            let values = value.split(" || ").map(|v| v.trim().to_owned()).collect();
            Field { key: key.trim().to_owned(), contains, values }
        };
        let item = Expected {
            line: line.trim().to_owned(),
            none: kind.starts_with('!'),
            kind: kind.trim_start_matches('!').to_owned(),
            fields: parts.map(field).collect(),
            inner: Vec::new(),
        };
        if line.starts_with(' ') {
            expected.last_mut().unwrap_or_else(|| panic!("{case}: nothing above {line:?}")).inner.push(item);
        } else {
            expected.push(item);
        }
    }
    expected
}

/// Reads a case's dispatch and says what is not as expected.
fn run(reader: &Reader, case: &Case) -> String {
    let published = case.published.as_deref().map(|d| d.parse().unwrap_or_else(|e| panic!("{}: {e}", case.name)));
    let given = Given { name: case.name.clone(), published, ..Given::default() };
    let dispatch = wire::dispatches(case.dispatch.as_bytes(), Format::Text, &given).next().unwrap().unwrap();
    let record = serde_json::to_value(reader.read(dispatch)).unwrap();
    let mut failures = String::new();
    let mut taken: BTreeSet<(&str, usize)> = BTreeSet::new();
    for expected in &case.expected {
        let items = items(&record, &expected.kind, &case.name);
        if expected.kind == "only" {
            failures += &only(&record, expected, case);
        } else if expected.none {
            if let Some(item) = items.iter().find(|i| matches(i, expected)) {
                writeln!(failures, "  must not be read: {}\n      but is: {}", expected.line, show(item)).unwrap();
            }
        } else {
            let found = (0..items.len())
                .find(|&n| !taken.contains(&(expected.kind.as_str(), n)) && matches(items[n], expected));
            match found {
                Some(n) => {
                    taken.insert((expected.kind.as_str(), n));
                }
                None => {
                    writeln!(failures, "  not read: {}", expected.line).unwrap();
                    // The nearest item, and what is different in it.
                    match items.iter().map(|i| (differences(i, expected), i)).min_by_key(|(d, _)| d.len()) {
                        Some((differences, item)) => {
                            writeln!(failures, "      nearest: {}", show(item)).unwrap();
                            differences.iter().for_each(|d| writeln!(failures, "        {d}").unwrap());
                        }
                        None => writeln!(failures, "      nothing of that kind was read").unwrap(),
                    }
                }
            }
        }
    }
    failures
}

/// `only | statements`: no more of them than the case names.
fn only(record: &Value, expected: &Expected, case: &Case) -> String {
    let mut failures = String::new();
    for field in &expected.fields {
        let kind = field.key.as_str();
        let named = case.expected.iter().filter(|e| e.kind == kind && !e.none).count();
        let items = items(record, kind, &case.name);
        if items.len() != named {
            writeln!(failures, "  {} of kind {kind} instead of {named}:", items.len()).unwrap();
            items.iter().for_each(|i| writeln!(failures, "      read: {}", show(i)).unwrap());
        }
    }
    failures
}

/// The items of a kind in a record, or in an item of a record.
fn items<'v>(value: &'v Value, kind: &str, case: &str) -> Vec<&'v Value> {
    let path = match kind {
        "statement" => "/statements",
        "incident" => "/incidents",
        "accord" => "/accords",
        "actor" => "/mentions/actors",
        "place" => "/mentions/places",
        "time" => "/mentions/times",
        "check" => "/checks",
        "unread" => "/unread",
        "dispatch" => "/dispatch",
        "section" => "/dispatch/sections",
        "figure" => "/figures",
        "perpetrator" => "/perpetrators",
        "victim" => "/victims",
        "claim" => "/claims",
        "status" => "/status_claims",
        "only" => return Vec::new(),
        other => panic!("{case}: nothing is called {other:?}"),
    };
    match value.pointer(path) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(item) => vec![item],
        None => Vec::new(),
    }
}

/// Whether an item has all the fields, and inner items for all inner lines, each its own.
fn matches(item: &Value, expected: &Expected) -> bool {
    differences(item, expected).is_empty()
}

/// The fields that an item does not have, and the inner lines that none of its inner items matches.
fn differences(item: &Value, expected: &Expected) -> Vec<String> {
    let mut differences: Vec<String> = Vec::new();
    for field in expected.fields.iter().filter(|f| !has(item, f)) {
        let wanted = field.values.join(" || ");
        differences.push(format!("{}: {} instead of {wanted}", field.key, values(item, &field.key).join(" / ")));
    }
    let mut taken: BTreeSet<(&str, usize)> = BTreeSet::new();
    for inner in &expected.inner {
        let inner_items = items(item, &inner.kind, &inner.line);
        let found = (0..inner_items.len())
            .find(|&n| !taken.contains(&(inner.kind.as_str(), n)) && matches(inner_items[n], inner));
        if let Some(n) = found {
            taken.insert((inner.kind.as_str(), n));
        }
        if found.is_some() == inner.none {
            differences.push(format!("{} {}", if inner.none { "with" } else { "without" }, inner.line));
        }
    }
    differences
}

/// Whether an item has a field.
fn has(item: &Value, field: &Field) -> bool {
    values(item, &field.key).iter().any(|found| {
        let found = normal(found);
        field.values.iter().any(|v| if field.contains { found.contains(&normal(v)) } else { found == normal(v) })
    })
}

/// What an item has under a key.
fn values(item: &Value, key: &str) -> Vec<String> {
    match key {
        "dates" => {
            let (from, to) = (plain(&item["date_start"]), plain(&item["date_end"]));
            vec![if from == to { from } else { format!("{from}..{to}") }]
        }
        "place" if item["place"].is_object() => vec![plain(&item["place"]["name"]), plain(&item["place"]["mention"])],
        "words" => vec![plain(&item["span"])],
        key => vec![plain(key.split('.').fold(item, |value, part| &value[part]))],
    }
}

/// A value as the format writes it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(s) => s.clone(),
        Value::Array(items) => {
            let spans = items.iter().any(|i| i.get("text").is_some());
            items.iter().map(plain).collect::<Vec<_>>().join(if spans { " … " } else { "; " })
        }
        Value::Object(o) => o.get("text").map(plain).unwrap_or_default(),
        number => number.to_string(),
    }
}

/// Case, white space and the marks around words do not count.
fn normal(text: &str) -> String {
    let text = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace(['“', '”'], "\"")
        .replace('’', "'");
    match text.as_str() {
        "-" => text,
        _ => text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned(),
    }
}

/// An item on one line: its plain fields.
fn show(item: &Value) -> String {
    let Value::Object(fields) = item else { return plain(item) };
    let mut line = String::new();
    for (key, value) in
        fields.iter().filter(|(k, _)| !matches!(k.as_str(), "text" | "sha256" | "actor_id" | "speaker_id"))
    {
        let shown = match value {
            Value::Object(_) if key == "place" => plain(&value["name"]),
            Value::Array(items) if items.first().is_some_and(|i| i.get("text").is_none() && i.is_object()) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join("] ["))
            }
            value => plain(value),
        };
        if !shown.is_empty() && shown != "-" {
            write!(line, "{}{key}: {shown}", if line.is_empty() { "" } else { " | " }).unwrap();
        }
    }
    line
}
