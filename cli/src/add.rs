//! `dateline add`: reads dispatches and files them in the ledger.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args as ClapArgs, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Filed, Filing, Ledger, Packed};
use reading::Reader;
use record::{Dispatch, Record};
use wire::Given;

use crate::args::From;
use crate::batch::{self, Tally};
use crate::input;
use crate::page::style;

/// Where the ledger is.
#[derive(Debug, Clone, ClapArgs)]
pub struct LedgerArgs {
    /// The ledger's file
    #[arg(long, global = true, value_name = "PATH", default_value = "ledger.db")]
    pub ledger: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline add --ledger syria.db dispatch.txt
  dateline add https://example.org/news/truce
  dateline add --outlet tass --from jsonl batch.jsonl
  dateline read --from jsonl --to jsonl batch.jsonl | dateline add --from records --outlet tass -")]
pub struct AddArgs {
    /// Files, folders and archives to read, or web addresses to fetch; `-` is standard input
    #[arg(required = true, value_name = "FILE|URL")]
    pub files: Vec<PathBuf>,
    /// Fetch from addresses that are not public, too
    #[arg(long)]
    pub allow_private: bool,
    #[command(flatten)]
    pub ledger: LedgerArgs,
    /// Format of the inputs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub from: AddFrom,
    /// Day of publication, where the input does not tell (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub published: Option<Date>,
    /// Who published it; also the namespace of the inputs' ids [default: the file's name]
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Where it was published
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// How many threads read at once [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Go on in a WARC file where an interrupted `add` stopped
    #[arg(long)]
    pub resume: bool,
}

/// The formats that can be filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum AddFrom {
    /// Told apart by name and content
    #[default]
    Auto,
    /// Plain text, one dispatch a file
    Text,
    /// A web page
    Html,
    /// One JSON object a line: {"id", "text" or "html", "title", "published", "outlet", "url"}
    Jsonl,
    /// RSS, Atom or JSON Feed
    Feed,
    /// NewsML-G2 or NewsML 1
    Newsml,
    /// NITF
    Nitf,
    /// ninjs 1 to 3
    Ninjs,
    /// IPTC 7901 or ANPA
    Iptc7901,
    /// E-mail messages
    Email,
    /// WARC or WACZ
    Warc,
    /// Records as `dateline read --to jsonl` prints them, filed as they are
    Records,
}

/// How many dispatches are filed in one transaction: enough that its cost is small, few enough that little is done twice
/// when the machine stops.
const CHUNK: usize = 64;

/// What is read from an input before the reader has seen it.
enum Item {
    /// A dispatch to be read.
    Dispatch(Box<Dispatch>),
    /// A line with a record.
    Record(String),
}

/// How far a file has come: its path, its size, and where the record at hand begins.
type Progress = (Arc<str>, u64, u64);

/// An item with where it comes from.
struct Received {
    item: Item,
    progress: Option<Progress>,
    place: String,
    namespace: String,
    original: Vec<u8>,
    media_type: &'static str,
}

/// Reads every input and files what was read.
pub fn run(args: &AddArgs) -> anyhow::Result<Tally> {
    let ledger = Ledger::open_or_create(&args.ledger.ledger)?;
    let starts = starts(args, &ledger)?;
    let mut filing =
        Clerk { ledger, batch: Vec::new(), at: None, decisions: Vec::new(), progress: None, counts: Counts::default() };
    let reader = (args.from != AddFrom::Records).then(Reader::new);
    let reader = &reader;
    let work = |received: Received| -> Result<Work, String> {
        let Received { item, progress, place, namespace, original, media_type } = received;
        let (record, replace): (Record, bool) = match item {
            Item::Record(line) if line.starts_with("{\"decision\":") => {
                let decision = serde_json::from_str(&line).map_err(|e| format!("{place}: is no JSON: {e}"))?;
                return Ok(Work::Decision(decision));
            }
            Item::Record(line) => {
                let record = ledger::record_from_json(&line).map_err(|e| format!("{place}: {e}"))?;
                // What a ledger exported says itself under which namespace, from what and when it was filed.
                if let Some(filed) = ledger::refiling_from_json(&line).map_err(|e| format!("{place}: {e}"))? {
                    let ledger::Refiling { namespace, at, media_type, original } = filed;
                    let filing = Filing { namespace, record, original, media_type, replace: true }.into();
                    return Ok(Work::Filing { filing, progress, at: Some(at) });
                }
                (record, true)
            }
            Item::Dispatch(dispatch) => match reader {
                Some(reader) => (reader.read(*dispatch), false),
                None => return Err(format!("{place}: is no record")),
            },
        };
        // Packed here, on the threads that read: filing itself is one after the other.
        let filing = Filing { namespace, record, original, media_type, replace }.into();
        Ok(Work::Filing { filing, progress, at: None })
    };
    batch::each(
        items(args, &starts),
        args.threads,
        |r| r.place.clone(),
        work,
        |result| filing.take(result.and_then(|r| r)),
    )?;
    filing.flush()?;
    let decided = ledger::review::import_decisions(&mut filing.ledger, &filing.decisions)?;
    let Counts { new, known, versions, reread, failed } = filing.counts;
    let mut said = vec![format!("{new} new"), format!("{known} there already")];
    said.extend((versions > 0).then(|| format!("{versions} new versions")));
    said.extend((reread > 0).then(|| format!("{reread} read anew")));
    said.extend((decided.new > 0).then(|| format!("{} decisions", decided.new)));
    said.extend((failed > 0).then(|| format!("{failed} failed")));
    anstream::eprintln!("{}: {}", args.ledger.ledger.display(), said.join(", "));
    Ok(Tally { done: new + known + versions + reread, failed })
}

#[derive(Debug, Default)]
struct Counts {
    new: usize,
    known: usize,
    versions: usize,
    reread: usize,
    failed: usize,
}

/// What is made of one item.
#[allow(clippy::large_enum_variant)] // on its way from a worker to the clerk, one at a time
enum Work {
    Filing {
        filing: Packed,
        progress: Option<Progress>,
        /// When it was filed before, where a ledger exported it.
        at: Option<Timestamp>,
    },
    /// A person's decision, as a ledger exported it.
    Decision(serde_json::Value),
}

/// Files in chunks and counts.
struct Clerk {
    ledger: Ledger,
    batch: Vec<Packed>,
    /// When the batch was filed before; else it is filed now.
    at: Option<Timestamp>,
    /// Decisions wait until all dispatches are filed.
    decisions: Vec<serde_json::Value>,
    /// The last record of the batch that has a place in an archive.
    progress: Option<Progress>,
    counts: Counts,
}

impl Clerk {
    fn take(&mut self, result: Result<Work, String>) -> anyhow::Result<()> {
        match result {
            Ok(Work::Decision(decision)) => self.decisions.push(decision),
            Ok(Work::Filing { filing, progress, at }) => {
                if at != self.at {
                    self.flush()?;
                    self.at = at;
                }
                self.batch.push(filing);
                self.progress = progress.or(self.progress.take());
            }
            Err(problem) => {
                self.counts.failed += 1;
                anstream::eprintln!("{}error:{} {problem}", style::ERROR, style::RESET);
            }
        }
        if self.batch.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        for filed in self.ledger.file_packed(&self.batch, self.at.unwrap_or_else(Timestamp::now))? {
            match filed {
                Filed::New => self.counts.new += 1,
                Filed::Known => self.counts.known += 1,
                Filed::Version(_) => self.counts.versions += 1,
                Filed::Reread => self.counts.reread += 1,
            }
        }
        self.batch.clear();
        if let Some((input, bytes, offset)) = self.progress.take() {
            self.ledger.note_intake(&input, bytes, offset, Timestamp::now())?;
        }
        Ok(())
    }
}

/// Where to begin in each file that was filed in part, when `--resume` asks for it.
fn starts(args: &AddArgs, ledger: &Ledger) -> anyhow::Result<HashMap<PathBuf, u64>> {
    let mut starts = HashMap::new();
    for path in args.resume.then(|| input::files(&args.files)).into_iter().flatten().flatten() {
        let Some((name, bytes)) = measured(&path) else { continue };
        if let Some(offset) = ledger.intake(&name, bytes)? {
            anstream::eprintln!("{}: goes on at byte {offset} of {bytes}", path.display());
            starts.insert(path, offset);
        }
    }
    Ok(starts)
}

/// A file's full path and size.
fn measured(path: &Path) -> Option<(Arc<str>, u64)> {
    let full = path.canonicalize().ok()?;
    let bytes = full.metadata().ok()?.len();
    Some((Arc::from(full.display().to_string()), bytes))
}

/// All items of all inputs, in order.
fn items<'a>(
    args: &'a AddArgs,
    starts: &'a HashMap<PathBuf, u64>,
) -> impl Iterator<Item = Result<Received, String>> + 'a {
    input::files(&args.files).flat_map(move |path| match path {
        Err(problem) => Box::new(std::iter::once(Err(problem))) as Box<dyn Iterator<Item = _>>,
        Ok(path) if args.from == AddFrom::Records || (args.from == AddFrom::Auto && holds_records(&path)) => {
            let name = input::name(&path);
            let namespace = args.outlet.clone().unwrap_or_else(|| own_name(&name));
            records(&path, name, namespace)
        }
        Ok(path) => Box::new(items_of(args, &path, starts.get(&path).copied().unwrap_or_default())),
    })
}

/// Whether a file begins with a record, as `read --to jsonl` prints them. Standard input cannot be looked into.
fn holds_records(path: &Path) -> bool {
    let mut head = Vec::new();
    let opened = std::fs::File::open(path).ok().filter(|_| path.is_file());
    opened.is_some_and(|file| file.take(256).read_to_end(&mut head).is_ok())
        && head.trim_ascii_start().starts_with(b"{")
        && head.windows(SCHEMA_MARK.len()).any(|w| w == SCHEMA_MARK)
}

/// What records of every version begin with.
const SCHEMA_MARK: &[u8] = b"\"dateline/record/";

/// What an address answers.
fn fetched(args: &AddArgs, url: &str) -> Result<fetch::Answer, String> {
    let client = fetch::Client::new(fetch::Policy { allow_private: args.allow_private, ..fetch::Policy::default() });
    let answer = client.get(&fetch::Request::new(url), Timestamp::now()).map_err(|e| e.to_string())?;
    match answer.status {
        200 => Ok(answer),
        status => Err(format!("{url}: the server answers {status} (look at it in a browser)")),
    }
}

/// The file's own name, wherever it lies: moving a file does not make its dispatches others.
fn own_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

/// The items of one input. What an agency numbers itself lives in the agency's namespace, whichever file it comes in.
fn items_of(args: &AddArgs, path: &Path, start: u64) -> impl Iterator<Item = Result<Received, String>> + use<> {
    let from = match args.from {
        AddFrom::Auto | AddFrom::Records => From::Auto,
        AddFrom::Text => From::Text,
        AddFrom::Html => From::Html,
        AddFrom::Jsonl => From::Jsonl,
        AddFrom::Feed => From::Feed,
        AddFrom::Newsml => From::Newsml,
        AddFrom::Nitf => From::Nitf,
        AddFrom::Ninjs => From::Ninjs,
        AddFrom::Iptc7901 => From::Iptc7901,
        AddFrom::Email => From::Email,
        AddFrom::Warc => From::Warc,
    };
    let format = input::format(from, path);
    let given = Given {
        name: input::name(path),
        outlet: args.outlet.clone(),
        published: args.published,
        url: args.url.clone(),
        ..Given::default()
    };
    let outlet = args.outlet.clone();
    let file = measured(path);
    let address = path.to_str().filter(|p| p.starts_with("http://") || p.starts_with("https://"));
    let received: Box<dyn Iterator<Item = Result<wire::Received<'static>, String>>> = match address {
        None => input::received(path, format, &given, start),
        Some(url) => match fetched(args, url) {
            Err(problem) => Box::new(std::iter::once(Err(problem))),
            Ok(answer) => {
                let given = Given { url: given.url.or(Some(answer.url)), charset: answer.charset, ..given };
                let items = wire::unpacked_stream(Cursor::new(answer.body), format, &given);
                Box::new(items.map(|item| item.map_err(|e| e.to_string())))
            }
        },
    };
    received.map(move |item| {
        let wire::Received { dispatch, original, media_type, source, offset, .. } = item?;
        let agency = dispatch.editorial.as_ref().and(dispatch.outlet.clone());
        let namespace = outlet.clone().or(agency).unwrap_or_else(|| own_name(&source));
        let progress = file.as_ref().zip(offset).map(|((name, bytes), at)| (Arc::clone(name), *bytes, at));
        let (item, original) = (Item::Dispatch(Box::new(dispatch)), original.into_owned());
        Ok(Received { item, progress, place: source, namespace, original, media_type })
    })
}

/// One record a line, line by line: a ledger's export may be larger than memory.
fn records(path: &Path, name: String, namespace: String) -> Box<dyn Iterator<Item = Result<Received, String>>> {
    let lines = match input::lines(path) {
        Ok(lines) => lines,
        Err(problem) => return Box::new(std::iter::once(Err(problem))),
    };
    let numbered = lines.enumerate().filter(|(_, line)| !line.as_ref().is_ok_and(|l| l.trim_ascii().is_empty()));
    Box::new(numbered.map(move |(number, line)| {
        let place = format!("{name}, line {}", number + 1);
        let line = line.map_err(|e| format!("{place}: {e}"))?;
        let text = std::str::from_utf8(&line).map_err(|e| format!("{place}: is not UTF-8 ({e})"))?;
        Ok(Received {
            item: Item::Record(text.to_owned()),
            progress: None,
            place,
            namespace: namespace.clone(),
            original: line,
            media_type: "application/json",
        })
    }))
}
