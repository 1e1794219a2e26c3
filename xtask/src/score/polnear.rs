//! PolNeAR's attributions (`gold/polnear/{dev,train}`, brat): source, cue and content in US election news.
//!
//! Scored are attributions that have all three, on both sides. PolNeAR's contents never nest, so of the statements read
//! only the outermost count; beliefs and intentions count, as it has them. Spans are compared by the letters and digits
//! in them (commas, quotation marks and blanks at their edges differ between the two conventions), contents without a
//! leading "that". Figures: exact spans of source, cue and content; contents with a Jaccard overlap of words of at least
//! one half; complete triples (such a content with exact source and cue).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::Context;
use reading::Reader;
use record::{Dispatch, Span, Statement};
use wire::{Format, Given};

use crate::score::{Options, table};

/// What this set takes beside the common options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// Which half of the corpus
    #[arg(long, default_value = "dev")]
    part: String,
    /// Print up to N errors of each kind
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
}

impl Args {
    /// The set as `score all` runs it.
    pub fn new(options: &Options) -> Args {
        Args { options: options.clone(), part: "dev".to_owned(), errors: 0 }
    }
}

/// An attribution as sets of code points that hold a letter or digit, and as words.
#[derive(Debug, Clone, Default)]
struct Attribution {
    source: BTreeSet<usize>,
    cue: BTreeSet<usize>,
    content: BTreeSet<usize>,
    /// Starts of the content's words.
    words: BTreeSet<usize>,
    shown: String,
}

const FIGURES: [&str; 5] = ["source, exact", "cue, exact", "content, exact", "content, half", "triple"];

/// Counts of one document.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    gold: usize,
    read: usize,
    hits: [usize; 5],
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.gold += other.gold;
        self.read += other.read;
        for (a, b) in self.hits.iter_mut().zip(other.hits) {
            *a += b;
        }
    }

    fn figures(&self, n: usize) -> (f64, f64, f64) {
        let share = |of: usize| if of == 0 { 0.0 } else { 100.0 * self.hits[n] as f64 / of as f64 };
        let sum = self.gold + self.read;
        let f1 = if sum == 0 { 0.0 } else { 200.0 * self.hits[n] as f64 / sum as f64 };
        (share(self.read), share(self.gold), f1)
    }
}

/// Reads all documents of a part and prints the figures.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = args.options.data.join("gold/polnear").join(&args.part);
    let reader = Reader::new();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root.join("attributions"))
        .with_context(|| root.display().to_string())?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ann"))
        .collect();
    paths.sort();
    let mut documents: Vec<(String, Counts)> = Vec::new();
    let mut errors: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for path in paths {
        let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
        // The annotation's name ends in the annotator's mark: `…_6b86.ann` for `….txt`.
        let text_name = name.rsplit_once('_').map_or(name.as_str(), |(stem, _)| stem);
        let text_path = root.join("text").join(format!("{text_name}.txt"));
        let text = std::fs::read_to_string(&text_path).with_context(|| text_path.display().to_string())?;
        let annotation = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let page = Letters::new(&text);
        let gold = gold(&annotation, &page);
        let record = reader.read(dispatch(&text, &name)?);
        let read = read(&record.statements, &page);
        documents.push((name.clone(), compare(&gold, &read, &name, &mut errors)));
    }
    for (kind, list) in &errors {
        for line in list.iter().take(args.errors) {
            println!("{kind}\t{line}");
        }
    }
    let mut total = Counts::default();
    let mut rows =
        String::from("# Attributions of PolNeAR, by document. Made by `cargo xtask score polnear --tables write`.\n");
    writeln!(rows, "document\tgold\tread\t{}", FIGURES.join("\t"))?;
    for (name, counts) in &documents {
        total.add(counts);
        let hits: Vec<String> = counts.hits.iter().map(usize::to_string).collect();
        writeln!(rows, "{name}\t{}\t{}\t{}", counts.gold, counts.read, hits.join("\t"))?;
    }
    println!("polnear {}: {} documents, {} gold, {} read", args.part, documents.len(), total.gold, total.read);
    println!("{:34}{:>7}{:>7}{:>7}   95% interval", "", "P", "R", "F1");
    for (n, name) in FIGURES.iter().enumerate() {
        let (p, r, f) = total.figures(n);
        let (low, high) = interval(&documents, n);
        println!("{name:34}{p:7.1}{r:7.1}{f:7.1}   {low:.1} to {high:.1}");
    }
    table("polnear.tsv", &rows, args.options.tables)
}

/// The letters and words of a text by code points.
struct Letters {
    letter: Vec<bool>,
    word_start: Vec<bool>,
    text: Vec<char>,
}

impl Letters {
    fn new(text: &str) -> Letters {
        let text: Vec<char> = text.chars().collect();
        let letter: Vec<bool> = text.iter().map(|c| c.is_alphanumeric()).collect();
        let word_start = (0..text.len()).map(|i| letter[i] && (i == 0 || !letter[i - 1])).collect();
        Letters { letter, word_start, text }
    }

    fn letters(&self, spans: &[Range<usize>]) -> BTreeSet<usize> {
        self.pick(spans, &self.letter)
    }

    fn pick(&self, spans: &[Range<usize>], flags: &[bool]) -> BTreeSet<usize> {
        let of = |s: &Range<usize>| (s.start..s.end.min(flags.len())).filter(|&i| flags[i]).collect::<Vec<_>>();
        spans.iter().flat_map(of).collect()
    }

    fn words_at(&self, spans: &[Range<usize>]) -> String {
        let of = |s: &Range<usize>| {
            self.text.get(s.start..s.end.min(self.text.len())).unwrap_or(&[]).iter().collect::<String>()
        };
        spans.iter().map(of).collect::<Vec<_>>().join(" … ").replace('\n', " ")
    }

    fn attribution(&self, source: &[Range<usize>], cue: &[Range<usize>], content: &[Range<usize>]) -> Attribution {
        let mut content = content.to_vec();
        content.sort_by_key(|r| r.start);
        if let Some(first) = content.first_mut() {
            let lead = self.text.get(first.start..first.end.min(self.text.len())).unwrap_or(&[]);
            if lead.iter().collect::<String>().to_lowercase().starts_with("that ") {
                first.start += 5;
            }
        }
        Attribution {
            source: self.letters(source),
            cue: self.letters(cue),
            content: self.letters(&content),
            words: self.pick(&content, &self.word_start),
            shown: format!("{} | {} | {}", self.words_at(source), self.words_at(cue), self.words_at(&content)),
        }
    }
}

/// The attributions of a brat file that have source, cue and content.
fn gold(annotation: &str, page: &Letters) -> Vec<Attribution> {
    let mut spans: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    for line in annotation.lines().filter(|l| l.starts_with('T')) {
        let mut fields = line.split('\t');
        let (Some(id), Some(place)) = (fields.next(), fields.next()) else { continue };
        let Some((_, offsets)) = place.split_once(' ') else { continue };
        let ranges = offsets.split(';').filter_map(|o| {
            let (start, end) = o.split_once(' ')?;
            Some(start.parse().ok()?..end.parse().ok()?)
        });
        spans.insert(id, ranges.collect());
    }
    let mut found = Vec::new();
    for line in annotation.lines().filter(|l| l.starts_with('E')) {
        let Some((_, event)) = line.split_once('\t') else { continue };
        if !event.starts_with("Attribution:") {
            continue;
        }
        let part = |name: &str| {
            let ids = event
                .split(' ')
                .filter_map(|a| a.split_once(':'))
                .filter(|(k, _)| k.trim_end_matches(char::is_numeric) == name);
            ids.filter_map(|(_, id)| spans.get(id)).flatten().cloned().collect::<Vec<_>>()
        };
        let (source, cue, content) = (part("Source"), part("Cue"), part("Content"));
        if !source.is_empty() && !cue.is_empty() && !content.is_empty() {
            found.push(page.attribution(&source, &cue, &content));
        }
    }
    found
}

/// The outermost statements read that have source and cue.
fn read(statements: &[Statement], page: &Letters) -> Vec<Attribution> {
    let range = |s: &Span| s.start..s.end;
    let inside = |s: &Statement, outer: &Statement| {
        let within = |r: &Span| outer.content.iter().any(|c| c.start <= r.start && r.end <= c.end);
        s.id != outer.id && s.cue.as_ref().is_some_and(within) && s.content.iter().all(within)
    };
    statements
        .iter()
        .filter(|s| !statements.iter().any(|outer| inside(s, outer)))
        .filter_map(|s| {
            let (source, cue) = (s.source.as_ref()?, s.cue.as_ref()?);
            let content: Vec<Range<usize>> = s.content.iter().map(range).collect();
            Some(page.attribution(&[range(source)], &[range(cue)], &content))
        })
        .collect()
}

fn compare(
    gold: &[Attribution],
    read: &[Attribution],
    name: &str,
    errors: &mut BTreeMap<&'static str, Vec<String>>,
) -> Counts {
    let mut counts = Counts { gold: gold.len(), read: read.len(), hits: [0; 5] };
    let parts: [fn(&Attribution) -> &BTreeSet<usize>; 3] = [|a| &a.source, |a| &a.cue, |a| &a.content];
    for (n, part) in parts.iter().enumerate() {
        let mut pool: Vec<&BTreeSet<usize>> = read.iter().map(part).collect();
        for g in gold.iter().map(part) {
            if let Some(at) = pool.iter().position(|r| *r == g) {
                pool.swap_remove(at);
                counts.hits[n] += 1;
            }
        }
    }
    // Contents: greedy one to one, the best overlap first.
    let mut cells: Vec<(usize, usize, f64)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, r) in read.iter().enumerate() {
            let both = g.words.intersection(&r.words).count() as f64;
            let all = g.words.union(&r.words).count() as f64;
            if both > 0.0 && both / all >= 0.5 {
                cells.push((i, j, both / all));
            }
        }
    }
    cells.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)).then(a.1.cmp(&b.1)));
    let (mut used_gold, mut used_read) = (vec![false; gold.len()], vec![false; read.len()]);
    for (i, j, _) in cells {
        if used_gold[i] || used_read[j] {
            continue;
        }
        (used_gold[i], used_read[j]) = (true, true);
        counts.hits[3] += 1;
        let (source, cue) = (gold[i].source == read[j].source, gold[i].cue == read[j].cue);
        counts.hits[4] += usize::from(source && cue);
        if !source {
            errors.entry("source").or_default().push(format!("{}  READ  {}\t{name}", gold[i].shown, read[j].shown));
        }
        if !cue {
            errors.entry("cue").or_default().push(format!("{}  READ  {}\t{name}", gold[i].shown, read[j].shown));
        }
    }
    for (g, _) in gold.iter().zip(&used_gold).filter(|(_, u)| !**u) {
        errors.entry("missed").or_default().push(format!("{}\t{name}", g.shown));
    }
    for (r, _) in read.iter().zip(&used_read).filter(|(_, u)| !**u) {
        errors.entry("extra").or_default().push(format!("{}\t{name}", r.shown));
    }
    counts
}

/// Bootstrap over documents, with a fixed linear congruential generator.
fn interval(documents: &[(String, Counts)], n: usize) -> (f64, f64) {
    let mut state = 1u64;
    let mut scores: Vec<f64> = (0..1000)
        .map(|_| {
            let mut sum = Counts::default();
            for _ in 0..documents.len() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % documents.len();
                sum.add(&documents[at].1);
            }
            sum.figures(n).2
        })
        .collect();
    scores.sort_by(f64::total_cmp);
    (scores[25], scores[974])
}

/// The text as the program would take it from a file.
fn dispatch(text: &str, name: &str) -> anyhow::Result<Dispatch> {
    let given = Given { name: name.to_owned(), ..Given::default() };
    let first = wire::dispatches(text.as_bytes(), Format::Text, &given).next();
    Ok(first.context("no dispatch in the text")??)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::single_range_in_vec_init)] // spans of one piece
    fn spans_are_compared_by_their_letters() {
        let page = Letters::new("She said that “we wait,” twice.");
        let gold = gold(
            "T1\tSource 0 3\tShe\nT2\tCue 4 8\tsaid\nT3\tContent 9 24\tthat “we wait,”\nT4\tAttribution 4 8\tsaid\nE1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n",
            &page,
        );
        let read = page.attribution(&[0..3], &[4..8], &[15..22]);
        assert_eq!(gold.len(), 1);
        let counts = compare(&gold, &[read], "one", &mut BTreeMap::new());
        assert_eq!((counts.gold, counts.read, counts.hits), (1, 1, [1; 5]));
    }
}
