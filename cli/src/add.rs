//! `dateline add`: reads dispatches and files them in the ledger.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Filed, Filing, Ledger};
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
    #[arg(long, value_name = "PATH", default_value = "ledger.db")]
    pub ledger: PathBuf,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:
  dateline add --ledger syria.db dispatch.txt
  dateline add https://example.org/news/truce
  dateline add --outlet tass --from jsonl batch.jsonl
  dateline read --from jsonl --to jsonl batch.jsonl | dateline add --from records --outlet tass -")]
pub struct AddArgs {
    /// Files to read, or web addresses to fetch; `-` is standard input
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

/// An item with where it comes from.
struct Received {
    item: Item,
    place: String,
    namespace: String,
    original: Vec<u8>,
    media_type: &'static str,
}

/// Reads every input and files what was read.
pub fn run(args: &AddArgs) -> anyhow::Result<Tally> {
    let mut filing =
        Clerk { ledger: Ledger::open_or_create(&args.ledger.ledger)?, batch: Vec::new(), counts: Counts::default() };
    let reader = (args.from != AddFrom::Records).then(Reader::new);
    let reader = &reader;
    let work = |received: Received| -> Result<Filing, String> {
        let Received { item, place, namespace, original, media_type } = received;
        let (record, replace): (Record, bool) = match item {
            Item::Record(line) => (ledger::record_from_json(&line).map_err(|e| format!("{place}: {e}"))?, true),
            Item::Dispatch(dispatch) => match reader {
                Some(reader) => (reader.read(*dispatch), false),
                None => return Err(format!("{place}: is no record")),
            },
        };
        Ok(Filing { namespace, record, original, media_type, replace })
    };
    batch::each(items(args), args.threads, |r| r.place.clone(), work, |result| filing.take(result.and_then(|r| r)))?;
    filing.flush()?;
    let Counts { new, known, versions, reread, failed } = filing.counts;
    let mut said = vec![format!("{new} new"), format!("{known} there already")];
    said.extend((versions > 0).then(|| format!("{versions} new versions")));
    said.extend((reread > 0).then(|| format!("{reread} read anew")));
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

/// Files in chunks and counts.
struct Clerk {
    ledger: Ledger,
    batch: Vec<Filing>,
    counts: Counts,
}

impl Clerk {
    fn take(&mut self, result: Result<Filing, String>) -> anyhow::Result<()> {
        match result {
            Ok(filing) => self.batch.push(filing),
            Err(problem) => {
                self.counts.failed += 1;
                anstream::eprintln!("{}error:{} {problem}", style::ERROR, style::RESET);
            }
        }
        if self.batch.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        for filed in self.ledger.file(&self.batch, Timestamp::now())? {
            match filed {
                Filed::New => self.counts.new += 1,
                Filed::Known => self.counts.known += 1,
                Filed::Version(_) => self.counts.versions += 1,
                Filed::Reread => self.counts.reread += 1,
            }
        }
        self.batch.clear();
        Ok(())
    }
}

/// All items of all inputs, in order.
fn items(args: &AddArgs) -> impl Iterator<Item = Result<Received, String>> + '_ {
    args.files.iter().flat_map(|path| {
        let address = path.to_str().filter(|p| p.starts_with("http://") || p.starts_with("https://"));
        let read = match address {
            None => input::bytes(path).map(|bytes| (bytes, None)),
            Some(url) => fetched(args, url).map(|answer| (answer.body.clone(), Some(answer))),
        };
        match read {
            Err(problem) => vec![Err(problem)],
            Ok((bytes, answer)) => items_of(args, path, &bytes, answer.as_ref()),
        }
    })
}

/// What an address answers.
fn fetched(args: &AddArgs, url: &str) -> Result<fetch::Answer, String> {
    let client = fetch::Client::new(fetch::Policy { allow_private: args.allow_private, ..fetch::Policy::default() });
    let answer = client.get(&fetch::Request::new(url), Timestamp::now()).map_err(|e| e.to_string())?;
    match answer.status {
        200 => Ok(answer),
        status => Err(format!("{url}: the server answers {status} (look at it in a browser)")),
    }
}

fn items_of(
    args: &AddArgs,
    path: &Path,
    bytes: &[u8],
    answer: Option<&fetch::Answer>,
) -> Vec<Result<Received, String>> {
    let name = input::name(path);
    // The file's own name, wherever it lies: moving a file does not make its dispatches others.
    let own = path.file_name().map_or_else(|| name.clone(), |n| n.to_string_lossy().into_owned());
    let own = if path.as_os_str() == "-" { name.clone() } else { own };
    let namespace = args.outlet.clone().unwrap_or(own);
    if args.from == AddFrom::Records {
        return records(bytes, &name, &namespace);
    }
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
    let given = Given {
        name: name.clone(),
        outlet: args.outlet.clone(),
        published: args.published,
        url: args.url.clone().or_else(|| answer.map(|a| a.url.clone())),
        charset: answer.and_then(|a| a.charset.clone()),
        ..Given::default()
    };
    wire::items(bytes, input::format(from, path), &given)
        .map(|item| {
            let wire::Received { dispatch, original, media_type, .. } = item.map_err(|e| e.to_string())?;
            let (item, original) = (Item::Dispatch(Box::new(dispatch)), original.into_owned());
            Ok(Received { item, place: name.clone(), namespace: namespace.clone(), original, media_type })
        })
        .collect()
}

/// One record a line.
fn records(bytes: &[u8], name: &str, namespace: &str) -> Vec<Result<Received, String>> {
    let lines = bytes.split(|&b| b == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines
        .map(|(number, line)| {
            let place = format!("{name}, line {}", number + 1);
            let text = std::str::from_utf8(line).map_err(|e| format!("{place}: is not UTF-8 ({e})"))?;
            Ok(Received {
                item: Item::Record(text.to_owned()),
                place,
                namespace: namespace.to_owned(),
                original: line.to_vec(),
                media_type: "application/json",
            })
        })
        .collect()
}
