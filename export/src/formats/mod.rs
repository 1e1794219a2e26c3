//! The formats that other programs read, one file each, behind one small trait.
//!
//! [`fn@write`] walks a ledger once and hands each incident, accord or dispatch to a [`Format`], which writes its rows at
//! once: nothing is kept but what a format's own shape asks for. What a format cannot say is counted as it is dropped
//! ([`Tally::lost`]), so that a dry run, which writes to nowhere, and a real one cannot tell different stories.
//!
//! ```no_run
//! # fn main() -> Result<(), export::formats::ExportError> {
//! # let ledger = ledger::Ledger::open_to_read(std::path::Path::new("ledger.db")).unwrap();
//! let (format, filter) = (export::formats::Name::Acled, ledger::query::Filter::default());
//! let mut out = Vec::new();
//! let tally = export::formats::write(&ledger, &filter, format, &Default::default(), &mut out)?;
//! println!("{} rows; lost: {:?}", tally.rows, tally.lost);
//! # Ok(()) }
//! ```

mod acled;
mod annotations;
mod blame;
mod claims;
mod codes;
mod deeds;
mod dialect;
mod gdelt;
mod geojson;
mod hxl;
mod ics;
mod ninjs;
#[cfg(feature = "parquet")]
mod parquet;
mod places;
mod polecat;
mod prose;
mod records;
mod tables;
mod timeline;
mod ucdp;
mod workbook;

use std::collections::BTreeMap;
use std::io::{self, Write};

use ledger::query::{AccordWhole, DispatchWhole, Filter, IncidentWhole, Reading};
use ledger::{Ledger, LedgerError};

pub use tables::Table;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The output could not be written.
    #[error("the export could not be written: {0}")]
    Io(#[from] io::Error),
    /// A format's own writer gave up.
    #[error("the export could not be written as {0}: {1}")]
    Format(&'static str, String),
}

impl From<serde_json::Error> for ExportError {
    fn from(error: serde_json::Error) -> ExportError {
        ExportError::Io(error.into())
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> ExportError {
        match error.into_kind() {
            csv::ErrorKind::Io(e) => ExportError::Io(e),
            other => ExportError::Format("csv", format!("{other:?}")),
        }
    }
}

/// The result of writing.
pub type Result<T = ()> = std::result::Result<T, ExportError>;

/// The formats by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // each is described in docs/export.md, which a test keeps complete
pub enum Name {
    Acled,
    Claimreview,
    Csv,
    Gdelt,
    GdeltMentions,
    Geojson,
    Hxl,
    Ics,
    Jsonl,
    Ninjs,
    #[cfg(feature = "parquet")]
    Parquet,
    Polecat,
    Timelinejs,
    Ucdp,
    Webannotation,
    Xlsx,
}

impl Name {
    /// All formats.
    pub const ALL: &[Name] = &[
        Name::Acled,
        Name::Claimreview,
        Name::Csv,
        Name::Gdelt,
        Name::GdeltMentions,
        Name::Geojson,
        Name::Hxl,
        Name::Ics,
        Name::Jsonl,
        Name::Ninjs,
        #[cfg(feature = "parquet")]
        Name::Parquet,
        Name::Polecat,
        Name::Timelinejs,
        Name::Ucdp,
        Name::Webannotation,
        Name::Xlsx,
    ];

    /// As written on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Name::Acled => "acled",
            Name::Claimreview => "claimreview",
            Name::Csv => "csv",
            Name::Gdelt => "gdelt",
            Name::GdeltMentions => "gdelt-mentions",
            Name::Geojson => "geojson",
            Name::Hxl => "hxl",
            Name::Ics => "ics",
            Name::Jsonl => "jsonl",
            Name::Ninjs => "ninjs",
            #[cfg(feature = "parquet")]
            Name::Parquet => "parquet",
            Name::Polecat => "polecat",
            Name::Timelinejs => "timelinejs",
            Name::Ucdp => "ucdp",
            Name::Webannotation => "webannotation",
            Name::Xlsx => "xlsx",
        }
    }

    /// Whether the format holds one of the ledger's own tables, chosen with [`Choices::table`].
    pub fn holds_one_table(self) -> bool {
        match self {
            Name::Csv => true,
            #[cfg(feature = "parquet")]
            Name::Parquet => true,
            _ => false,
        }
    }

    /// What the format holds, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Name::Acled => "events in ACLED's 31 columns (CSV)",
            Name::Claimreview => "what is said of incidents, as schema.org claims (JSON-LD)",
            Name::Csv => "one of the ledger's own tables, chosen with --table (CSV)",
            Name::Gdelt => "events in GDELT's 61 columns (tab-separated, no header)",
            Name::GdeltMentions => "where each gdelt event is told, in GDELT's 16 columns (tab-separated, no header)",
            Name::Geojson => "incidents on a map (GeoJSON)",
            Name::Hxl => "incidents with humanitarian hashtags (CSV)",
            Name::Ics => "incidents as a calendar (iCalendar)",
            Name::Jsonl => "every record as it was filed, for `dateline add --from records` (JSON Lines)",
            Name::Ninjs => "dispatches as news items of IPTC's ninjs 3.1 (JSON Lines)",
            #[cfg(feature = "parquet")]
            Name::Parquet => "one of the ledger's own tables, chosen with --table (Parquet)",
            Name::Polecat => "events in POLECAT's 40 columns, PLOVER codes (tab-separated)",
            Name::Timelinejs => "incidents and accords as a timeline (TimelineJS)",
            Name::Ucdp => "deadly events in UCDP GED's 49 columns (CSV)",
            Name::Webannotation => "what was read where, as W3C annotations (JSON-LD)",
            Name::Xlsx => "all tables of the ledger, a sheet each (Excel)",
        }
    }
}

/// What is asked of an export beside its format and filter.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choices {
    /// The table, where the format holds one.
    pub table: Table,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows, features, events, lines.
    pub rows: u64,
    /// What the format could not say: how often, by reason.
    pub lost: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// One more thing that the format cannot say.
    fn lose(&mut self, reason: &'static str) {
        *self.lost.entry(reason).or_default() += 1;
    }

    /// The same, where it is so.
    fn lose_if(&mut self, so: bool, reason: &'static str) {
        if so {
            self.lose(reason);
        }
    }
}

/// What a format is made of.
#[derive(Debug, Clone, Copy, Default)]
struct Takes {
    incidents: bool,
    accords: bool,
    dispatches: bool,
    readings: bool,
}

const INCIDENTS: Takes = Takes { incidents: true, accords: false, dispatches: false, readings: false };
const INCIDENTS_AND_ACCORDS: Takes = Takes { incidents: true, accords: true, dispatches: false, readings: false };
const DISPATCHES: Takes = Takes { incidents: false, accords: false, dispatches: true, readings: false };

/// One format: takes what it is made of, one after the other, and writes.
trait Format {
    /// What it wants to be given.
    fn takes(&self) -> Takes;
    /// Before the first.
    fn begin(&mut self, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// An incident.
    fn incident(&mut self, _incident: &IncidentWhole, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// An accord.
    fn accord(&mut self, _accord: &AccordWhole, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// A dispatch.
    fn dispatch(&mut self, _dispatch: &DispatchWhole, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// A reading.
    fn reading(&mut self, _reading: &Reading, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// A person's decision.
    fn decision(&mut self, _decision: &serde_json::Value, _tally: &mut Tally) -> Result {
        Ok(())
    }
    /// After the last.
    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(())
    }
}

/// Writes what `filter` lets through of a ledger, and says how much that was and what was lost.
pub fn write(ledger: &Ledger, filter: &Filter, name: Name, choices: &Choices, out: &mut dyn Write) -> Result<Tally> {
    let mut format = make(name, choices, out);
    let mut tally = Tally::default();
    let takes = format.takes();
    format.begin(&mut tally)?;
    if takes.incidents {
        ledger.each_incident(filter, |i| format.incident(&i, &mut tally))?;
    }
    if takes.accords {
        ledger.each_accord(filter, |a| format.accord(&a, &mut tally))?;
    }
    if takes.dispatches {
        ledger.each_dispatch(filter, |d| format.dispatch(&d, &mut tally))?;
    }
    if takes.readings {
        ledger.each_reading(filter, |r| format.reading(&r, &mut tally))?;
        // Decisions come last: what they are about is there by then.
        for decision in ledger::review::export_decisions(ledger)? {
            format.decision(&decision, &mut tally)?;
        }
    }
    format.end(&mut tally)?;
    Ok(tally)
}

fn make<'w>(name: Name, choices: &Choices, out: &'w mut dyn Write) -> Box<dyn Format + 'w> {
    match name {
        Name::Acled => Box::new(acled::Acled::new(out)),
        Name::Claimreview => Box::new(claims::Claims::new(out)),
        Name::Csv => Box::new(tables::Csv::new(choices.table, out)),
        Name::Gdelt => Box::new(gdelt::Events::new(out)),
        Name::GdeltMentions => Box::new(gdelt::Mentions::new(out)),
        Name::Geojson => Box::new(geojson::GeoJson::new(out)),
        Name::Hxl => Box::new(hxl::Hxl::new(out)),
        Name::Ics => Box::new(ics::Calendar::new(out)),
        Name::Jsonl => Box::new(records::Records::new(out)),
        Name::Ninjs => Box::new(ninjs::Ninjs::new(out)),
        #[cfg(feature = "parquet")]
        Name::Parquet => Box::new(parquet::Parquet::new(choices.table, out)),
        Name::Polecat => Box::new(polecat::Polecat::new(out)),
        Name::Timelinejs => Box::new(timeline::Timeline::new(out)),
        Name::Ucdp => Box::new(ucdp::Ucdp::new(out)),
        Name::Webannotation => Box::new(annotations::Annotations::new(out)),
        Name::Xlsx => Box::new(workbook::Workbook::new(out)),
    }
}
