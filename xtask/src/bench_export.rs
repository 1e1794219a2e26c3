//! `cargo xtask bench-export`: what each export costs: its rows, its time, and the most memory that the program held.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args as ClapArgs;

/// What is measured.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The ledgers to export, the smaller first: the last is set against the first
    #[arg(required = true, value_name = "LEDGER")]
    ledgers: Vec<PathBuf>,
    /// The program [default: `dateline` beside this one]
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Only these formats
    #[arg(long = "format", value_name = "FORMAT")]
    formats: Vec<String>,
    /// Where the exports are written before they are removed [default: the folder for temporary files]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// What one export took.
struct Cost {
    rows: u64,
    bytes: u64,
    seconds: f64,
    /// Peak resident memory in KiB.
    peak: u64,
}

/// How often the kernel is asked for a program's high-water mark: what it adds between the last question and its end is
/// missed, and that is the closing of a file.
const EVERY: Duration = Duration::from_millis(10);

/// `cargo xtask bench-export`
pub fn run(args: &Args) -> anyhow::Result<()> {
    let program = match &args.program {
        Some(path) => path.clone(),
        None => std::env::current_exe()?.with_file_name("dateline"),
    };
    anyhow::ensure!(program.exists(), "{}: is not there (cargo build --release -p dateline)", program.display());
    let folder = args.folder.clone().unwrap_or_else(std::env::temp_dir);
    let formats = if args.formats.is_empty() { all_formats(&program)? } else { args.formats.clone() };
    println!("| format | ledger | rows | written | time | peak memory |");
    println!("|---|---|--:|--:|--:|--:|");
    let mut worst = 0f64;
    for format in &formats {
        let mut peaks = Vec::new();
        for ledger in &args.ledgers {
            let cost = export(&program, format, ledger, &folder)?;
            let name = ledger.file_stem().unwrap_or_default().to_string_lossy();
            println!(
                "| {format} | {name} | {} | {:.1} MB | {:.1} s | {:.1} MB |",
                cost.rows,
                cost.bytes as f64 / 1e6,
                cost.seconds,
                cost.peak as f64 * 1024.0 / 1e6
            );
            peaks.push(cost.peak as f64);
        }
        if let (Some(first), Some(last)) = (peaks.first(), peaks.last()) {
            worst = worst.max(last / first.max(1.0));
        }
    }
    println!("\nmost that a format's peak grew from the first ledger to the last: {worst:.2} times");
    Ok(())
}

/// The formats that the program names in its help.
fn all_formats(program: &Path) -> anyhow::Result<Vec<String>> {
    let told = Command::new(program).args(["export", "no-such-format"]).output()?;
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let list = told.split_once("[possible values: ").and_then(|(_, rest)| rest.split_once(']')).map(|(list, _)| list);
    Ok(list.context("the program does not name its formats")?.split(", ").map(|f| f.trim().to_owned()).collect())
}

fn export(program: &Path, format: &str, ledger: &Path, folder: &Path) -> anyhow::Result<Cost> {
    let out = folder.join(format!("dateline-bench-{}.{format}", std::process::id()));
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(["export", format, "--ledger"])
        .arg(ledger)
        .arg("--out")
        .arg(&out)
        .env("TMPDIR", folder)
        .stderr(Stdio::piped())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        if let Some(now) = std::fs::read_to_string(&status).ok().as_deref().and_then(high_water) {
            peak = now.max(peak);
        }
        match child.try_wait()? {
            Some(ended) => break ended,
            None => std::thread::sleep(EVERY),
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    let told = std::io::read_to_string(child.stderr.take().context("no standard error")?)?;
    anyhow::ensure!(ended.success(), "{format} of {}: {told}", ledger.display());
    let bytes = std::fs::metadata(&out)?.len();
    std::fs::remove_file(&out)?;
    let rows = told.split_once(": ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    Ok(Cost { rows: rows.with_context(|| format!("no number of rows in: {told}"))?, bytes, seconds, peak })
}

/// `VmHWM` of a process, in KiB.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read() {
        assert_eq!(high_water("VmPeak:\t 9 kB\nVmHWM:\t    5120 kB\nVmRSS:\t 7 kB\n"), Some(5120));
        assert_eq!(high_water("VmRSS:\t 7 kB\n"), None);
    }
}
