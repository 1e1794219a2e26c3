//! `dateline read`: what a dispatch says.

use reading::Reader;
use record::{Dispatch, Record};
use wire::Given;

use crate::args::{ReadArgs, ReadTo};
use crate::batch::{self, Tally};
use crate::{input, page};

/// Reads every input and prints its record.
pub fn run(args: &ReadArgs) -> anyhow::Result<Tally> {
    let given =
        Given { outlet: args.outlet.clone(), published: args.published, url: args.url.clone(), ..Given::default() };
    let reader = Reader::new();
    let width = page::width();
    let work = |dispatch: Dispatch| print(&reader.read(dispatch), args.to, width);
    batch::run(input::dispatches(&args.input, &given), args.input.threads, |d| d.id.clone(), work)
}

/// A record in the form asked for.
fn print(record: &Record, to: ReadTo, width: usize) -> String {
    let json = |text: Result<String, serde_json::Error>| {
        // A record is plain data: strings, numbers, lists. Its JSON cannot fail.
        text.map(|t| t + "\n").unwrap_or_default()
    };
    match to {
        ReadTo::Page => page::render(record, width),
        ReadTo::Json => json(serde_json::to_string_pretty(record)),
        ReadTo::Jsonl => json(serde_json::to_string(record)),
    }
}
