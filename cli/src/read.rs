//! `dateline read`: what a dispatch says, or with `--explain` why an item of it was read so.

use reading::{Explanation, Reader};
use record::{Dispatch, Record};
use serde::Serialize;
use wire::Given;

use crate::args::{ReadArgs, ReadTo};
use crate::batch::{self, Tally};
use crate::{input, page};

/// Reads every input and prints its record, or why the items asked for stand in it.
pub fn run(args: &ReadArgs) -> anyhow::Result<Tally> {
    let given =
        Given { outlet: args.outlet.clone(), published: args.published, url: args.url.clone(), ..Given::default() };
    let reader = Reader::new();
    let width = page::width();
    if args.explain.is_empty() {
        let work = |dispatch: Dispatch| print(&reader.read(dispatch), args.to, width);
        let inputs = input::dispatches(&args.input, &given);
        return batch::run(inputs, args.input.threads, |d: &Dispatch| d.id.clone(), work);
    }
    let work = |(input, dispatch): (String, Dispatch)| {
        let (record, all) = reader.explain(dispatch);
        explain(&record, &all, args, width).map_err(|problem| format!("{input}: {problem}"))
    };
    batch::try_run(input::named(&args.input, &given), args.input.threads, |(_, d)| d.id.clone(), work)
}

/// A record in the form asked for.
fn print(record: &Record, to: ReadTo, width: usize) -> String {
    match to {
        ReadTo::Page => page::render(record, width),
        ReadTo::Json => json(serde_json::to_string_pretty(record)),
        ReadTo::Jsonl => json(serde_json::to_string(record)),
    }
}

/// Plain data as a line or more of JSON: strings, numbers and lists cannot fail.
fn json(text: Result<String, serde_json::Error>) -> String {
    text.map(|t| t + "\n").unwrap_or_default()
}

/// What `--explain` prints as JSON.
#[derive(Serialize)]
struct Explained<'r> {
    /// The dispatch's id.
    dispatch: &'r str,
    /// What made the record.
    reader: &'r str,
    explanations: Vec<&'r Explanation>,
}

/// Why the items asked for stand in a record; an error that names the items there are where one is not among them.
fn explain(record: &Record, all: &[Explanation], args: &ReadArgs, width: usize) -> Result<String, String> {
    let find = |id: &String| {
        let id = id.trim();
        all.iter().find(|e| e.id.eq_ignore_ascii_case(id)).ok_or_else(|| unknown(record, id, all))
    };
    let explanations: Vec<&Explanation> = args.explain.iter().map(find).collect::<Result<_, _>>()?;
    let explained = Explained { dispatch: &record.id, reader: &record.reader, explanations };
    Ok(match args.to {
        ReadTo::Page => page::explain(record, &explained.explanations, width),
        ReadTo::Json => json(serde_json::to_string_pretty(&explained)),
        ReadTo::Jsonl => json(serde_json::to_string(&explained)),
    })
}

/// "there is no item s99 (there are s1 to s14, i1 to i3, f1 to f7, a1)".
fn unknown(record: &Record, id: &str, all: &[Explanation]) -> String {
    let mut there: Vec<String> = Vec::new();
    for kind in ["statement", "incident", "figure", "accord"] {
        let mut ids = all.iter().filter(|e| e.item == kind).map(|e| e.id.as_str());
        match (ids.next(), ids.next_back()) {
            (Some(first), Some(last)) => there.push(format!("{first} to {last}")),
            (Some(only), None) => there.push(only.to_owned()),
            _ => {}
        }
    }
    // Of several dispatches in one input, which; a text's own id is a checksum and says nothing.
    let which = if record.id.starts_with("text:") { String::new() } else { format!("{}: ", record.id) };
    if there.is_empty() {
        return format!("{which}there is no item {id}: nothing was read from it");
    }
    format!("{which}there is no item {id} (there are {})", there.join(", "))
}
