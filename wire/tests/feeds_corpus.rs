//! A public corpus of feeds with stated expectations: all well-formed ones are read, what they expect of an entry's title,
//! link, date and content is what we read, and broken ones never panic. Skipped where the corpus is not at hand.
#![allow(clippy::disallowed_methods)] // tests read files

use std::path::{Path, PathBuf};

use wire::feed::{Entry, Feed, feed};

fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora/feedparser-tests/tests");
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("skipped: no corpus at {}", root.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Cases that are not read, and why: `tests/feeds_refused.tsv`.
fn refused() -> Vec<(&'static str, &'static str)> {
    include_str!("feeds_refused.tsv")
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .collect()
}

#[test]
fn all_well_formed_feeds_are_read() {
    let Some(root) = corpus() else { return };
    let root = root.join("wellformed");
    let known = refused();
    let mut problems = Vec::new();
    let all = files(&root);
    for path in &all {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap();
        match feed(&bytes, Some("http://127.0.0.1:8097/")) {
            Ok(_) if known.iter().any(|(n, _)| *n == name) => problems.push(format!("{name}: is listed, but read")),
            Err(e) if !known.iter().any(|(n, _)| *n == name) => problems.push(format!("{name}: {e}")),
            _ => {}
        }
    }
    assert!(all.len() > 1500, "{}", all.len());
    assert!(problems.is_empty(), "{} of {}:\n{}", problems.len(), all.len(), problems.join("\n"));
}

#[test]
fn broken_feeds_never_panic() {
    let Some(root) = corpus() else { return };
    let mut read = 0;
    for folder in ["illformed", "encoding", "wellformed"] {
        for path in files(&root.join(folder)) {
            let bytes = std::fs::read(&path).unwrap();
            // Whole, and broken in the middle of everything.
            for cut in [bytes.len(), bytes.len() / 2, bytes.len() / 3] {
                read += usize::from(feed(&bytes[..cut], None).is_ok());
            }
        }
    }
    assert!(read > 1000, "{read}");
}

#[test]
fn entries_say_what_the_corpus_expects() {
    let Some(root) = corpus() else { return };
    let root = root.join("wellformed");
    let (mut asked, mut wrong) = (0, Vec::new());
    for path in files(&root) {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let Some((field, expected)) = text.lines().find_map(expectation) else { continue };
        let Ok(read) = feed(&bytes, Some("http://127.0.0.1:8097/")) else { continue };
        let Some(found) = value(&read, &field) else { continue };
        asked += 1;
        if !agree(&field, &expected, found.as_deref()) {
            wrong.push(format!(
                "{}: {field} expected {expected:?}, read {found:?}",
                path.strip_prefix(&root).unwrap().display()
            ));
        }
    }
    let share = 100.0 * (asked - wrong.len()) as f64 / asked as f64;
    eprintln!("{asked} expectations of title, link, date, content: {share:.1}% agree");
    assert!(asked > 300, "{asked}");
    assert!(share >= 97.0, "{share:.1}% of {asked}:\n{}", wrong.join("\n"));
}

/// `Expect: not bozo and entries[0]['title'] == 'words'` → field and value, where it is of one of ours.
fn expectation(line: &str) -> Option<(String, String)> {
    let rest = line.trim().strip_prefix("Expect:")?.trim();
    let rest = rest.strip_prefix("not bozo and ").unwrap_or(rest);
    let (left, right) = rest.split_once(" == ")?;
    let left = left.replace(['u', '\''], "").replace('"', "");
    let right = right.trim();
    if right.contains(" and ") || right.contains(" or ") {
        return None;
    }
    let right = right.strip_prefix('u').unwrap_or(right);
    let quote = right.chars().next()?;
    let value = if matches!(quote, '\'' | '"') {
        right.strip_prefix(quote)?.strip_suffix(quote)?.to_owned()
    } else if right.starts_with('(') {
        right.to_owned()
    } else {
        return None;
    };
    if value.contains("' + '") || value.contains("\\x") || value.contains("\\u") {
        return None;
    }
    Some((left, value.replace("\\n", "\n").replace("\\t", "\t").replace("\\'", "'")))
}

/// What we read of a field; none where the field is not one of ours.
fn value(read: &Feed, field: &str) -> Option<Option<String>> {
    let (index, key) = match field.strip_prefix("entries[") {
        Some(rest) => {
            let (index, key) = rest.split_once(']')?;
            (index.parse::<usize>().ok()?, key.trim_start_matches(['[', '.']).trim_end_matches(']'))
        }
        None => {
            let key = field.strip_prefix("feed[")?.trim_end_matches(']');
            return match key {
                "title" => Some(read.title.as_ref().map(|t| t.replace('&', "&amp;").replace('<', "&lt;"))),
                "link" => Some(read.link.clone()),
                _ => None,
            };
        }
    };
    let entry: &Entry = read.entries.get(index)?;
    match key {
        // Ours has no markup: as HTML, its signs are escaped.
        "title" | "title_detail][vale" => {
            Some(entry.title.as_ref().map(|t| t.replace('&', "&amp;").replace('<', "&lt;")))
        }
        "link" => Some(entry.link.clone()),
        "content][0][vale" => Some(entry.content.clone()),
        "smmary" | "description" => Some(entry.summary.clone().or_else(|| entry.content.clone())),
        "pblished_parsed" => Some(entry.published.clone().or_else(|| entry.updated.clone())),
        "pdated_parsed" => Some(entry.updated.clone().or_else(|| entry.published.clone())),
        "date_parsed" | "modified_parsed" => Some(entry.updated.clone().or_else(|| entry.published.clone())),
        _ => None,
    }
}

/// Words agree when they are the same without markup and spacing; dates when the day is within one (theirs is Greenwich's,
/// ours the outlet's).
fn agree(field: &str, expected: &str, found: Option<&str>) -> bool {
    let Some(found) = found else { return words(expected).is_empty() };
    if expected.starts_with('(') {
        let numbers: Vec<i16> =
            expected.trim_matches(['(', ')']).split(',').filter_map(|n| n.trim().parse().ok()).collect();
        let [year, month, day, ..] = numbers.as_slice() else { return false };
        let Ok(expected) = jiff::civil::Date::new(*year, *month as i8, *day as i8) else { return false };
        return wire::day(found).is_some_and(|d| (d - expected).get_days().abs() <= 1);
    }
    if field.ends_with("link]") || field.ends_with("link") {
        return expected.trim_end_matches('/') == found.trim_end_matches('/');
    }
    words(expected) == words(found)
}

/// The letters of a text without its markup, as a reader of the page would see them.
fn words(html: &str) -> String {
    let entry = Entry { content: Some(html.to_owned()), ..Entry::default() };
    entry.text().chars().filter(|c| c.is_alphanumeric()).collect()
}
