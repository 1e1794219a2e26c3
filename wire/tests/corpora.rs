//! What is read from every file of the agencies' public samples, against the committed table `eval/formats.tsv`.
//!
//! A row is an item: which format its file was taken for, what was found, or why it was refused. Where the table and the
//! reading differ the test fails and writes the new table beside the build, to be looked at and copied.

#![allow(clippy::disallowed_methods)] // tests read the corpora

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use record::BlockKind;
use wire::{Format, Given, Received, WireError, items, told_apart};

const CORPORA: [&str; 3] = ["iptc-newsml-g2", "iptc-ninjs", "superdesk-wire-fixtures"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            files(&path, found);
        } else if !["SOURCE.txt", "README.md", "LICENSE", "NOTICE"].contains(&name.as_str()) {
            found.push(path);
        }
    }
}

fn row(item: &Result<Received, WireError>, name: &str) -> String {
    let yes = |there: bool| if there { "yes" } else { "-" };
    match item {
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with(name), "an error names its input: {text}");
            let problem = text.strip_prefix(name).unwrap_or(&text).trim_start_matches([':', ',', ' ']);
            format!("refused\t\t\t\t\t\t\t\t\t\t{}", problem.replace(['\t', '\n'], " "))
        }
        Ok(received) => {
            let d = &received.dispatch;
            let e = d.editorial.clone().unwrap_or_default();
            let paragraphs = d.layout.iter().filter(|b| b.kind == BlockKind::Paragraph).count();
            assert!(!d.id.is_empty() && !d.text.trim().is_empty() && d.sha256.len() == 64);
            let day = received.meta.day.map(|day| format!("{:02}-{:02}", day.month, day.day));
            let status = if e.correction { "correction".to_owned() } else { format!("{:?}", e.status).to_lowercase() };
            let status = if e.embargo.is_some() { format!("{status}, embargo") } else { status };
            [
                "read",
                yes(d.headline.is_some()),
                yes(e.slugline.is_some()),
                yes(d.dateline.is_some()),
                &paragraphs.to_string(),
                &d.published.map(|p| p.to_string()).or(day).unwrap_or_else(|| "-".to_owned()),
                d.agency.as_deref().or(d.outlet.as_deref()).unwrap_or("-"),
                d.language.as_deref().unwrap_or("-"),
                e.version.as_deref().unwrap_or("-"),
                &status,
                "",
            ]
            .join("\t")
        }
    }
}

#[test]
fn every_file_is_read_or_refused_as_the_table_says() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let corpora = root.join("../shared/corpora");
    if !corpora.is_dir() {
        eprintln!("skipped: {} is not there", corpora.display());
        return;
    }
    let mut table = String::from(
        "# What is read from every file of the agencies' public samples. Made and checked by `cargo test -p dateline-wire --test corpora`.\n\
         # Columns: file · item · format it is taken for · outcome · headline · slugline · dateline · paragraphs · published (day, or day\n\
         # and month where the format has no year) · agency · language · version · status · why refused.\n",
    );
    for corpus in CORPORA {
        let mut found = Vec::new();
        files(&corpora.join(corpus), &mut found);
        assert!(found.len() > 20, "{corpus} is all there");
        for path in found {
            let name = path.strip_prefix(&corpora).unwrap_or(&path).display().to_string();
            let bytes = std::fs::read(&path).unwrap();
            let format = told_apart(&bytes);
            let given = Given { name: name.clone(), ..Given::default() };
            // Feeds, pages and texts have tables of their own.
            if matches!(format, Format::Feed | Format::Html) {
                let _ = writeln!(table, "{name}\t\t{format:?}");
                continue;
            }
            for (number, item) in items(&bytes, Format::Auto, &given).enumerate() {
                let _ = writeln!(table, "{name}\t{}\t{format:?}\t{}", number + 1, row(&item, &name));
            }
        }
    }
    let committed = std::fs::read_to_string(root.join("eval/formats.tsv")).unwrap_or_default();
    if committed != table {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats.tsv");
        std::fs::write(&new, &table).unwrap();
        let changed = table.lines().zip(committed.lines()).find(|(a, b)| a != b);
        panic!(
            "eval/formats.tsv is not what is read now; the new table is {}; first change: {changed:?}",
            new.display()
        );
    }
}
