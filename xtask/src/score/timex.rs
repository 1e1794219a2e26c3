//! TempEval-3's training texts (`gold/tempeval3/TBAQ-cleaned`: TimeBank and AQUAINT), document creation time given.
//!
//! Two figures: F1 of spans that overlap, and F1 of spans that overlap and have the right value, over all gold and all
//! read. A gold span is matched at most once, and so is a read one; values are compared as written.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::civil::Date;
use reading::Reader;
use record::{Block, BlockKind, Dispatch, TextIndex};

use crate::score::{Options, table};

/// What this set takes beside the common options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// Print up to N errors of each kind
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
}

impl Args {
    /// The set as `score all` runs it.
    pub fn new(options: &Options) -> Args {
        Args { options: options.clone(), errors: 0 }
    }
}

/// A time of the gold.
struct Gold {
    /// Code points of the text.
    span: Range<usize>,
    words: String,
    value: String,
}

/// Counts of one document.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    gold: usize,
    read: usize,
    spans: usize,
    values: usize,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.gold += other.gold;
        self.read += other.read;
        self.spans += other.spans;
        self.values += other.values;
    }

    fn f1(&self, hit: usize) -> (f64, f64, f64) {
        let share = |of: usize| if of == 0 { 0.0 } else { 100.0 * hit as f64 / of as f64 };
        (
            share(self.read),
            share(self.gold),
            if hit == 0 { 0.0 } else { 200.0 * hit as f64 / (self.gold + self.read) as f64 },
        )
    }
}

/// Reads all documents and prints the two figures.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = args.options.data.join("gold/tempeval3/TBAQ-cleaned");
    let reader = Reader::new();
    let mut documents = Vec::new();
    let mut errors: Vec<String> = Vec::new();
    for path in files(&root)? {
        let source = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        let counts = document(&reader, &source, &name, &mut errors).with_context(|| path.display().to_string())?;
        documents.push((name, counts));
    }
    errors.sort();
    let mut kind = String::new();
    let mut shown = 0;
    for error in &errors {
        let this = error.split('\t').next().unwrap_or_default();
        if this != kind {
            (kind, shown) = (this.to_owned(), 0);
        }
        shown += 1;
        if shown <= args.errors {
            println!("{error}");
        }
    }
    let mut total = Counts::default();
    let mut rows = String::from(
        "# Times of TempEval-3, by document. Made by `cargo xtask score timex --tables write`.\ndocument\tgold\tread\toverlap\toverlap and value\n",
    );
    for (name, counts) in &documents {
        total.add(counts);
        writeln!(rows, "{name}\t{}\t{}\t{}\t{}", counts.gold, counts.read, counts.spans, counts.values)?;
    }
    println!("timex: {} documents, {} gold, {} read", documents.len(), total.gold, total.read);
    println!("{:34}{:>7}{:>7}{:>7}   95% interval", "", "P", "R", "F1");
    for (name, hit) in [
        ("span overlaps", (|c: &Counts| c.spans) as fn(&Counts) -> usize),
        ("span overlaps, value right", |c| c.values),
    ] {
        let (p, r, f) = total.f1(hit(&total));
        let (low, high) = interval(&documents, hit);
        println!("{name:34}{p:7.1}{r:7.1}{f:7.1}   {low:.1} to {high:.1}");
    }
    table("timex.tsv", &rows, args.options.tables)
}

/// Bootstrap over documents, with a fixed linear congruential generator.
fn interval(documents: &[(String, Counts)], hit: fn(&Counts) -> usize) -> (f64, f64) {
    let mut state = 1u64;
    let mut scores: Vec<f64> = (0..1000)
        .map(|_| {
            let mut sum = Counts::default();
            for _ in 0..documents.len() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % documents.len();
                sum.add(&documents[at].1);
            }
            sum.f1(hit(&sum)).2
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    (scores[25], scores[974])
}

fn files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["AQUAINT", "TimeBank"] {
        let folder = root.join(folder);
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "tml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Reads one TimeML document and compares.
fn document(reader: &Reader, source: &str, name: &str, errors: &mut Vec<String>) -> anyhow::Result<Counts> {
    let dct = between(source, "<DCT>", "</DCT>").and_then(|d| between(d, "value=\"", "\"")).context("no DCT")?;
    let published: Date = dct.get(..10).context("DCT too short")?.parse()?;
    let (text, gold) = timeml(between(source, "<TEXT>", "</TEXT>").context("no TEXT")?);
    let record = reader.read(dispatch(&text, name, published));
    let read = &record.mentions.times;
    let mut counts = Counts { gold: gold.len(), read: read.len(), ..Counts::default() };
    let mut used = vec![false; read.len()];
    let overlaps = |g: &Gold, t: &record::TimeMention| g.span.start < t.span.end && t.span.start < g.span.end;
    // Pairs with the right value first, so that the greedy matching loses none.
    let mut paired = vec![false; gold.len()];
    for right in [true, false] {
        for (g, done) in gold.iter().zip(&mut paired) {
            if *done {
                continue;
            }
            let fits =
                |(i, t): (usize, &record::TimeMention)| !used[i] && overlaps(g, t) && (!right || t.value == g.value);
            if let Some(i) = read.iter().enumerate().position(fits) {
                (used[i], *done) = (true, true);
                counts.spans += 1;
                counts.values += usize::from(right);
                if !right {
                    let t = &read[i];
                    errors.push(format!(
                        "value\t{}\tgold {}\tread {}\t({})\t{name} {published}",
                        g.words, g.value, t.value, t.span.text
                    ));
                }
            }
        }
    }
    let context = |span: Range<usize>| {
        let from = span.start.saturating_sub(40);
        text.chars().skip(from).take(span.end - from + 30).collect::<String>().replace('\n', " ")
    };
    for (g, _) in gold.iter().zip(&paired).filter(|(_, p)| !**p) {
        errors.push(format!("missed\t{}\t{}\t… {} …\t{name}", g.words, g.value, context(g.span.clone())));
    }
    for (t, _) in read.iter().zip(&used).filter(|(_, u)| !**u) {
        errors.push(format!("extra\t{}\t{}\t… {} …\t{name}", t.span.text, t.value, context(t.span.start..t.span.end)));
    }
    Ok(counts)
}

fn between<'s>(text: &'s str, open: &str, close: &str) -> Option<&'s str> {
    let start = text.find(open)? + open.len();
    let end = start + text.get(start..)?.find(close)?;
    text.get(start..end)
}

/// The text without its tags, line breaks inside a paragraph made blanks, and the times marked in it.
fn timeml(marked: &str) -> (String, Vec<Gold>) {
    let mut text = String::new();
    let mut code_points = 0;
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut gold = Vec::new();
    let mut rest = marked;
    while let Some(c) = rest.chars().next() {
        if c == '<' {
            let end = rest.find('>').map_or(rest.len(), |e| e + 1);
            let tag = &rest[..end];
            if tag.starts_with("<TIMEX3") {
                open.push((code_points, between(tag, " value=\"", "\"").unwrap_or_default().to_owned()));
            } else if tag == "</TIMEX3>"
                && let Some((start, value)) = open.pop().filter(|(start, _)| *start < code_points)
            {
                let words: String = text.chars().skip(start).collect();
                gold.push(Gold { span: start..code_points, words: words.replace('\n', " "), value });
            }
            rest = &rest[end..];
            continue;
        }
        let (written, length) = match rest {
            r if r.starts_with("&amp;") => ('&', 5),
            r if r.starts_with("&lt;") => ('<', 4),
            r if r.starts_with("&gt;") => ('>', 4),
            _ => (c, c.len_utf8()),
        };
        let lone = written == '\n' && !text.ends_with('\n') && !rest[length..].starts_with('\n');
        text.push(if lone { ' ' } else { written });
        code_points += 1;
        rest = &rest[length..];
    }
    (text, gold)
}

/// A dispatch with a paragraph wherever blank lines part the text.
fn dispatch(text: &str, name: &str, published: Date) -> Dispatch {
    let mut layout = Vec::new();
    let mut at = 0;
    for paragraph in text.split("\n\n") {
        let lead = paragraph.len() - paragraph.trim_start().len();
        let trimmed = paragraph.trim();
        if !trimmed.is_empty() {
            layout.push(Block { kind: BlockKind::Paragraph, bytes: at + lead..at + lead + trimmed.len() });
        }
        at += paragraph.len() + 2;
    }
    let index = TextIndex::new(text);
    let paragraphs = layout.iter().map(|b| index.span(b.bytes.clone())).collect();
    Dispatch {
        id: name.to_owned(),
        outlet: None,
        agency: None,
        url: None,
        headline: None,
        dek: None,
        language: Some("en".to_owned()),
        sha256: String::new(),
        dateline: None,
        published: Some(published),
        published_basis: Some(record::PublishedBasis::Given),
        editorial: None,
        sections: vec![record::Section { heading: None, paragraphs }],
        text: text.to_owned(),
        layout,
        notes: Vec::new(),
    }
}
