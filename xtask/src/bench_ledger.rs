//! `cargo xtask bench-ledger`: what a ledger's questions and filings cost, in CPU time of the thread that asks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;
use clap::Args as ClapArgs;
use jiff::Timestamp;
use ledger::changes::ChangeFilter;
use ledger::query::Filter;
use ledger::review::{Need, QueueFilter};
use ledger::{Filing, Ledger, LedgerError};

use crate::generate::{Wire, filings};

/// What is measured.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// A ledger made by `generate-ledger`: its lists, filters and searches are timed
    #[arg(long, value_name = "PATH")]
    ledger: Option<PathBuf>,
    /// A smaller one: filing one more dispatch is timed in copies of both
    #[arg(long, value_name = "PATH")]
    against: Option<PathBuf>,
    /// A file of dispatches, one JSON object a line: `dateline add` is timed against `dateline read`
    #[arg(long, value_name = "FILE")]
    add: Option<PathBuf>,
}

/// CPU time of this thread in milliseconds, as the kernel counts it.
fn cpu() -> anyhow::Result<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").context("CPU time is read from Linux's /proc")?;
    let first = told.split_whitespace().next().context("no time in /proc/thread-self/schedstat")?;
    Ok(first.parse::<u64>()? as f64 / 1e6)
}

fn timed<T>(work: impl FnOnce() -> Result<T, LedgerError>) -> anyhow::Result<(f64, T)> {
    let begun = cpu()?;
    let made = work()?;
    Ok((cpu()? - begun, made))
}

/// The value below which a share of the sorted values lies.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().unwrap_or_default()
}

/// `cargo xtask bench-ledger`
pub fn run(args: &Args) -> anyhow::Result<()> {
    if let Some(path) = &args.ledger {
        questions(path)?;
    }
    if let (Some(large), Some(small)) = (&args.ledger, &args.against) {
        let (small, large) = (filing(small)?, filing(large)?);
        println!(
            "filing one more dispatch: {:.2} ms in the smaller, {:.2} ms in the larger ledger: {:.2} times (mean {:.2} times)",
            small.0,
            large.0,
            large.0 / small.0,
            large.1 / small.1
        );
    }
    if let Some(batch) = &args.add {
        throughput(batch)?;
    }
    Ok(())
}

/// A question and what it costs.
type Question<'l> = (String, Box<dyn Fn() -> Result<usize, LedgerError> + 'l>);

/// Asks everything that the lists answer, three times each.
fn questions(path: &Path) -> anyhow::Result<()> {
    let ledger = Ledger::open_to_read(path)?;
    let l = &ledger;
    let text = |t: &str| Filter { text: Some(t.to_owned()), ..Filter::default() };
    let mut filters: Vec<(String, Filter)> = vec![("all".to_owned(), Filter::default())];
    for words in
        ["bread flour", "hospital", "the", "bridge mined", "\"heaviest day\"", "rockets evidence commission", "zzz"]
    {
        filters.push((format!("text {words}"), text(words)));
    }
    let actors = l.actor_list(&Filter { limit: Some(400), ..Filter::default() })?.rows;
    let names: Vec<&str> = actors.iter().step_by(57).map(|a| a.name.as_str()).collect();
    for name in &names {
        filters.push((format!("actor {name}"), Filter { actor: Some((*name).to_owned()), ..Filter::default() }));
    }
    let places = l.incident_list(&Filter { limit: Some(400), latest_first: true, ..Filter::default() })?.rows;
    let places: Vec<String> = places.iter().step_by(57).filter_map(|i| i.place.clone()).collect();
    for place in places.iter().chain([&"XA".to_owned(), &"province".to_owned()]) {
        filters.push((format!("place {place}"), Filter { place: Some(place.clone()), ..Filter::default() }));
    }
    let outlet = l.outlets()?.first().map(|o| o.value.clone());
    filters.push(("outlet".to_owned(), Filter { outlet: outlet.clone(), ..Filter::default() }));
    for kind in ["air_strike", "abduction"] {
        filters.push((format!("type {kind}"), Filter { kind: Some(kind.to_owned()), ..Filter::default() }));
    }
    filters.push(("disputed".to_owned(), Filter { disputed: true, ..Filter::default() }));
    filters.push(("has incident".to_owned(), Filter { has_incident: true, ..Filter::default() }));
    filters.push(("has accord".to_owned(), Filter { has_accord: true, ..Filter::default() }));
    let days = Filter {
        since: Some(jiff::civil::date(2013, 3, 1)),
        until: Some(jiff::civil::date(2013, 3, 31)),
        ..Filter::default()
    };
    filters.push(("a month".to_owned(), days.clone()));
    let many = Filter {
        actor: names.first().map(|n| (*n).to_owned()),
        outlet: outlet.clone(),
        place: places.first().cloned(),
        ..text("road")
    };
    filters.push(("outlet, actor, place and words".to_owned(), many));
    filters.push(("words in a month".to_owned(), Filter { ..Filter { text: Some("hospital".into()), ..days } }));
    filters.push(("words and outlet".to_owned(), Filter { outlet, ..text("hospital") }));
    let mut asked: Vec<Question> = Vec::new();
    for (name, filter) in &filters {
        let paged = Filter { limit: Some(50), ..filter.clone() };
        let f = paged.clone();
        asked.push((format!("dispatches, {name}"), Box::new(move || Ok(l.dispatch_list(&f)?.rows.len()))));
        let f = paged.clone();
        asked.push((format!("statements, {name}"), Box::new(move || Ok(l.statement_list(&f)?.rows.len()))));
        let f = Filter { latest_first: true, ..paged.clone() };
        asked.push((format!("incidents latest, {name}"), Box::new(move || Ok(l.incident_list(&f)?.rows.len()))));
        let f = paged.clone();
        asked.push((format!("incidents, {name}"), Box::new(move || Ok(l.incident_list(&f)?.rows.len()))));
        let f = paged.clone();
        asked.push((format!("accords, {name}"), Box::new(move || Ok(l.accord_list(&f)?.rows.len()))));
        let f = paged.clone();
        asked.push((format!("disputes, {name}"), Box::new(move || Ok(l.dispute_list(&f)?.rows.len()))));
        let f = paged.clone();
        asked.push((format!("actors, {name}"), Box::new(move || Ok(l.actor_list(&f)?.rows.len()))));
        for (what, count) in [
            ("dispatches", Ledger::count_dispatches as fn(&Ledger, &Filter) -> _),
            ("statements", Ledger::count_statements),
            ("incidents", Ledger::count_incidents),
            ("accords", Ledger::count_accords),
        ] {
            let f = filter.clone();
            asked.push((format!("count {what}, {name}"), Box::new(move || Ok(count(l, &f)?.number as usize))));
        }
        let f = paged.clone();
        asked.push((
            format!("ten pages on, statements, {name}"),
            Box::new(move || {
                // Only the last page is what is asked for, but all are read: the mean is what counts.
                let mut page = l.statement_list(&f)?;
                for _ in 0..9 {
                    let Some(next) = page.next else { break };
                    page = l.statement_list(&Filter { cursor: Some(next), ..f.clone() })?;
                }
                Ok(page.rows.len())
            }),
        ));
    }
    asked.extend(waiting(l, &places, &filters));
    asked.push(("outlets".to_owned(), Box::new(|| Ok(l.outlets()?.len()))));
    asked.push(("types".to_owned(), Box::new(|| Ok(l.incident_types()?.len()))));
    asked.push(("countries".to_owned(), Box::new(|| Ok(l.countries()?.len()))));
    let shown = l.dispatch_list(&Filter { limit: Some(20), has_incident: true, ..Filter::default() })?.rows;
    for row in shown {
        let id = format!("{}:{}", row.namespace, row.id);
        asked.push((format!("text of {id}"), Box::new(move || Ok(l.dispatch_text(&id)?.spans.len()))));
    }
    for incident in l.incident_list(&Filter { limit: Some(20), disputed: true, ..Filter::default() })?.rows {
        asked.push((format!("incident {}", incident.id), Box::new(move || l.show(&incident.id, true).map(|_| 1))));
    }
    let begun = Instant::now();
    // By list: the cost of each question, how many rows it gave, and its name.
    let mut lists: BTreeMap<&str, Vec<(f64, usize, &str)>> = BTreeMap::new();
    for (number, (name, ask)) in asked.iter().enumerate() {
        let list = name.split([',', ':']).next().unwrap_or_default();
        for _ in 0..ASKED {
            let (cost, rows) = timed(ask)?;
            let pages = if name.starts_with("ten pages") { 10.0 } else { 1.0 };
            lists.entry(list).or_default().push((cost / pages, rows, name.as_str()));
            if cost > TOO_LONG {
                eprintln!("{name}: {cost:.0} ms, not asked again");
                break;
            }
        }
        if (number + 1) % 100 == 0 {
            eprintln!("{} of {} asked, {:.0} s", number + 1, asked.len(), begun.elapsed().as_secs_f64());
        }
    }
    let mut costs: Vec<(f64, usize, &str)> = lists.values().flatten().copied().collect();
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("{}: {} questions, each asked {ASKED} times, CPU time in milliseconds", path.display(), asked.len());
    println!("{:<28} {:>7} {:>8} {:>8} {:>8}  slowest question", "list", "asked", "median", "p95", "slowest");
    for (list, mut costs) in lists {
        costs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let times: Vec<f64> = costs.iter().map(|c| c.0).collect();
        let slowest = costs.last().map_or("", |c| c.2);
        line(list, &times, slowest);
    }
    line("all", &costs.iter().map(|c| c.0).collect::<Vec<f64>>(), "");
    println!("the slowest:");
    let mut seen = Vec::new();
    for (time, rows, name) in costs.iter().rev() {
        if !seen.contains(name) {
            println!("{time:9.2}  {name} ({rows})");
            seen.push(name);
        }
        if seen.len() == 25 {
            break;
        }
    }
    Ok(())
}

/// A question that takes so many milliseconds is far from what is asked of it: once is enough.
const TOO_LONG: f64 = 1_000.0;

/// How often each question is asked: the first time finds its pages neither at hand nor warm.
const ASKED: usize = 3;

/// A line of the table.
fn line(list: &str, sorted: &[f64], slowest: &str) {
    let at = |share: f64| quantile(sorted, share);
    println!("{list:<28} {:>7} {:>8.2} {:>8.2} {:>8.2}  {slowest}", sorted.len(), at(0.5), at(0.95), at(1.0));
}

/// What waits for a person, what does not go together, what has changed, and an actor's page.
fn waiting<'l>(l: &'l Ledger, places: &[String], filters: &[(String, Filter)]) -> Vec<Question<'l>> {
    let mut asked: Vec<Question> = Vec::new();
    let place = |part: &str| QueueFilter { place: Some(part.to_owned()), ..QueueFilter::default() };
    let day = |month: i8, day: i8| Some(jiff::civil::date(2013, month, day));
    let mut queues = vec![
        ("all".to_owned(), QueueFilter::default()),
        ("a day".to_owned(), QueueFilter { since: day(3, 7), until: day(3, 7), ..QueueFilter::default() }),
        ("a month".to_owned(), QueueFilter { since: day(3, 1), until: day(3, 31), ..QueueFilter::default() }),
        ("taken by somebody".to_owned(), QueueFilter { taken_by: Some("Amal".to_owned()), ..QueueFilter::default() }),
        ("place zzz".to_owned(), place("zzz")),
    ];
    queues.extend(places.iter().map(|p| (format!("place {p}"), place(p))));
    queues.extend(Need::ALL.map(|n| (n.name().to_owned(), QueueFilter { needs: vec![n], ..QueueFilter::default() })));
    for (name, filter) in queues {
        let f = filter.clone();
        asked.push((format!("queue, {name}"), Box::new(move || Ok(l.queue(&f)?.items.len()))));
        asked.push((
            format!("ten pages on, queue, {name}"),
            Box::new(move || {
                let mut page = l.queue(&filter)?;
                for _ in 0..9 {
                    let Some(next) = page.next else { break };
                    page = l.queue(&QueueFilter { cursor: Some(next), ..filter.clone() })?;
                }
                Ok(page.items.len())
            }),
        ));
    }
    asked.push(("queue, sizes".to_owned(), Box::new(|| Ok(l.queue_sizes()?.len()))));
    for (name, filter) in filters.iter().filter(|(_, f)| f.text.is_none() && f.actor.is_none() && f.kind.is_none()) {
        let f = Filter { limit: Some(50), ..filter.clone() };
        asked.push((format!("checks, {name}"), Box::new(move || Ok(l.check_list(&f)?.rows.len()))));
    }
    for (name, filter) in filters {
        let f = Filter { limit: Some(50), ..filter.clone() };
        asked.push((
            format!("ten pages on, disputes, {name}"),
            Box::new(move || {
                let mut page = l.dispute_list(&f)?;
                for _ in 0..9 {
                    let Some(next) = page.next else { break };
                    page = l.dispute_list(&Filter { cursor: Some(next), ..f.clone() })?;
                }
                Ok(page.rows.len())
            }),
        ));
    }
    let changes = ChangeFilter { since: Some(Timestamp::UNIX_EPOCH), limit: Some(50), ..ChangeFilter::default() };
    asked.push(("changes, first page".to_owned(), Box::new(move || Ok(l.changes(&changes)?.len()))));
    for (_, filter) in filters.iter().filter(|(_, f)| f.actor.is_some() && f.text.is_none()) {
        let f = Filter { limit: Some(1), ..filter.clone() };
        let name = filter.actor.clone().unwrap_or_default();
        asked.push((
            format!("actor's page, {name}"),
            Box::new(move || {
                let Some(actor) = l.actor_list(&f)?.rows.pop() else { return Ok(0) };
                Ok(l.actor_page(&actor.id)?.statements.len())
            }),
        ));
    }
    asked
}

/// What filing one more dispatch costs in a copy of the ledger: median and mean of two hundred.
fn filing(path: &Path) -> anyhow::Result<(f64, f64)> {
    let mut copy = path.as_os_str().to_owned();
    copy.push(".measured");
    let copy = PathBuf::from(copy);
    let _ = std::fs::remove_file(&copy);
    Ledger::open_to_read(path)?.backup(&copy)?;
    let mut ledger = Ledger::open(&copy)?;
    // A dispatch of a day that the ledger holds already, told among those of its day.
    let days: Vec<Filing> = filings(Wire::new(99, 9_000, 90_000)).step_by(30).collect();
    let mut costs = Vec::new();
    for (number, filing) in days.iter().enumerate() {
        let (cost, _) = timed(|| ledger.file(std::slice::from_ref(filing), Timestamp::UNIX_EPOCH))?;
        // The first fill the caches.
        if number >= days.len() / 3 {
            costs.push(cost);
        }
    }
    drop(ledger);
    for end in ["", "-wal", "-shm"] {
        let mut name = copy.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
    costs.sort_by(f64::total_cmp);
    println!(
        "{}: filing one more, {} times: median {:.2} ms, p95 {:.2} ms",
        path.display(),
        costs.len(),
        quantile(&costs, 0.5),
        quantile(&costs, 0.95)
    );
    Ok((quantile(&costs, 0.5), costs.iter().sum::<f64>() / costs.len().max(1) as f64))
}

/// Dispatches a second of `read` and of `add`, the best of three runs each, taken in turn.
fn throughput(batch: &Path) -> anyhow::Result<()> {
    let lines = std::fs::read(batch)?.split(|b| *b == b'\n').filter(|l| !l.is_empty()).count() as f64;
    let folder = std::env::temp_dir().join(format!("dateline-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let program = std::env::current_exe()?.with_file_name("dateline");
    anyhow::ensure!(
        program.exists(),
        "{}: is not there (make it with `cargo build --release -p dateline`)",
        program.display()
    );
    let run = |arguments: &[&str]| -> anyhow::Result<f64> {
        let begun = Instant::now();
        let output = Command::new(&program).args(arguments).arg("--from").arg("jsonl").arg(batch).output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(lines / begun.elapsed().as_secs_f64())
    };
    let (mut read, mut add) = (0f64, 0f64);
    for number in 0..3 {
        read = read.max(run(&["read", "--to", "jsonl"])?);
        let ledger = folder.join(format!("{number}.db"));
        add = add.max(run(&["add", "--ledger", &ledger.to_string_lossy()])?);
    }
    std::fs::remove_dir_all(&folder)?;
    println!("{}: read {read:.0} dispatches a second, add {add:.0}: {:.0} %", batch.display(), 100.0 * add / read);
    Ok(())
}
