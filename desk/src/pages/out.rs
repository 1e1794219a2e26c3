//! Out of the desk: the situation report with its preview, and exports of exactly what is filtered.

use std::io::{self, Write};

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use export::formats::{self, Choices, Name, Table};
use export::report::{Options, Report, ReportError};
use ledger::query::{Facet, Filter};
use ledger::{Ledger, LedgerError};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::asked::Asked;
use crate::frame::{Frame, Page, draw, encode};
use crate::problem::Problem;
use crate::state::Desk;

/// What a report is about, as the form says it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct About {
    since: String,
    until: String,
    place: String,
    actor: String,
    compare: String,
    /// `1`: the preview however much it tells of.
    whole: String,
}

/// The most incidents of a preview that nobody asked for: a report of many takes a while.
const PREVIEW: i64 = 60;

impl About {
    fn options(&self) -> Result<Options, Problem> {
        let asked = Asked {
            since: Some(self.since.clone()),
            until: Some(self.until.clone()),
            place: Some(self.place.clone()),
            actor: Some(self.actor.clone()),
            ..Asked::default()
        };
        let Filter { since, until, place, actor, .. } = asked.filter()?;
        Ok(Options { since, until, place, actor, compare: self.compare == "1", incidents: None })
    }

    fn query(&self) -> String {
        let parts = [
            ("since", &self.since),
            ("until", &self.until),
            ("place", &self.place),
            ("actor", &self.actor),
            ("compare", &self.compare),
        ];
        let set = parts.iter().filter(|(_, v)| !v.trim().is_empty());
        set.map(|(name, v)| format!("{name}={}", encode(v))).collect::<Vec<_>>().join("&")
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    f: Frame,
    about: About,
    query: String,
    title: String,
    period: String,
    as_of: String,
    /// The report's own body: written and escaped by `export`.
    body: String,
    problem: String,
    /// How many incidents it would tell of, where these are too many for a preview.
    large: String,
}

/// Builds a report; what a person can mend in the form is told apart from what went wrong.
async fn build(desk: &Desk, options: Options) -> Result<Result<Report, String>, Problem> {
    desk.read(move |l| match Report::build(l, &options) {
        Ok(report) => Ok(Ok(report)),
        Err(ReportError::Ledger(e)) => Err(e),
        Err(ReportError::NoPeriod) => {
            Ok(Err("To set two periods side by side, give both the first and the last day.".to_owned()))
        }
        Err(ReportError::Backwards { .. }) => {
            Ok(Err("The last day lies before the first: exchange the two.".to_owned()))
        }
        Err(other) => Ok(Err(other.to_string())),
    })
    .await
}

/// `GET /report`
pub async fn report(State(desk): State<Desk>, f: Frame, Query(about): Query<About>) -> Page {
    let options = about.options()?;
    let filter = Filter {
        since: options.since,
        until: options.until,
        place: options.place.clone(),
        actor: options.actor.clone(),
        ..Filter::default()
    };
    let many = desk.read(move |l| l.count_incidents(&filter)).await?;
    let large = about.whole != "1" && (many.more || many.number > PREVIEW);
    let built = if large { Err(String::new()) } else { build(&desk, options).await? };
    let query = about.query();
    let mut page = ReportPage {
        f,
        about,
        query,
        title: String::new(),
        period: String::new(),
        as_of: String::new(),
        body: String::new(),
        problem: String::new(),
        large: if large { many.to_string() } else { String::new() },
    };
    match built {
        Ok(report) => {
            let html = report.html().map_err(|e| Problem::fault(&e.to_string()))?;
            let body =
                html.split_once("<main>").and_then(|(_, rest)| rest.rsplit_once("</main>")).map(|(body, _)| body);
            page.body = body.unwrap_or_default().to_owned();
            (page.title, page.period, page.as_of) = (report.title, report.period, report.as_of);
        }
        Err(problem) => page.problem = problem,
    }
    draw(&page)
}

/// `GET /report/{form}`: `report.md` or `report.html`, to be kept.
pub async fn report_file(
    State(desk): State<Desk>,
    Path(form): Path<String>,
    Query(about): Query<About>,
) -> Result<Response, Problem> {
    if !matches!(form.as_str(), "report.md" | "report.html") {
        return Err(Problem::missing("A report is kept as report.md or report.html."));
    }
    let report = build(&desk, about.options()?).await?.map_err(Problem::bad)?;
    let (kind, text) = if form == "report.md" {
        ("text/markdown; charset=utf-8", report.markdown())
    } else {
        ("text/html; charset=utf-8", report.html().map_err(|e| Problem::fault(&e.to_string()))?)
    };
    let kept = format!("attachment; filename=\"{form}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, kept)], text).into_response())
}

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    f: Frame,
    asked: Asked,
    outlets: Vec<Facet>,
    kinds: Vec<Facet>,
    formats: Vec<(&'static str, &'static str)>,
    /// The ledger's own tables, of which some formats hold one: by name, and in words.
    tables: Vec<(&'static str, String)>,
}

/// Which of the ledger's own tables, where the format holds one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    table: String,
}

/// Whether a format holds one table, so that it can be chosen.
fn one_table(format: &str) -> bool {
    Name::ALL.iter().any(|n| n.as_str() == format && n.holds_one_table())
}

/// `GET /export`
pub async fn export(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    asked.filter()?;
    let (outlets, kinds) = desk.read(|l| Ok((l.outlets()?, l.incident_types()?))).await?;
    let formats = Name::ALL.iter().map(|n| (n.as_str(), n.about())).collect();
    let tables = Table::ALL.iter().map(|t| (t.as_str(), t.as_str().replace('_', " "))).collect();
    draw(&ExportPage { f, asked, outlets, kinds, formats, tables })
}

/// What is written goes to the browser piece by piece: nothing of an export is held but the piece under way.
struct Pipe {
    to: mpsc::Sender<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
}

/// How large a piece is.
const PIECE: usize = 64 << 10;

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the browser went away");
        self.to.blocking_send(Ok(std::mem::take(&mut self.piece))).map_err(gone)
    }
}

/// `GET /export/{format}`: everything that the filter lets through, in one of the formats of `dateline export`.
pub async fn export_file(
    State(desk): State<Desk>,
    Path(format): Path<String>,
    Query(asked): Query<Asked>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let name = Name::ALL.iter().copied().find(|n| n.as_str() == format);
    let name = name.ok_or_else(|| Problem::missing(format!("There is no format “{format}”.")))?;
    let table = match which.table.as_str() {
        "" => Table::default(),
        table => Table::ALL
            .iter()
            .copied()
            .find(|t| t.as_str() == table)
            .ok_or_else(|| Problem::missing(format!("There is no table “{table}”.")))?,
    };
    let choices = Choices { table };
    let filter = Filter { limit: None, cursor: None, ..asked.filter()? };
    let path = desk.path().to_owned();
    let ledger = tokio::task::spawn_blocking(move || Ledger::open_to_read(&path)).await;
    let ledger = ledger.map_err(|e| Problem::fault(&e.to_string()))?.map_err(|e: LedgerError| Problem::from(e))?;
    let (to, pieces) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut pipe = Pipe { to: to.clone(), piece: Vec::with_capacity(PIECE) };
        let written = formats::write(&ledger, &filter, name, &choices, &mut pipe).map(drop);
        let outcome = written.map_err(|e| io::Error::other(e.to_string())).and_then(|()| pipe.flush());
        if let Err(error) = outcome {
            // The browser sees a transfer that broke off, not a file that looks whole.
            let _ = to.blocking_send(Err(error));
        }
    });
    let kept = format!("attachment; filename=\"{}\"", file_name(name, table));
    let head = [(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_DISPOSITION, kept)];
    Ok((head, Body::from_stream(ReceiverStream::new(pieces))).into_response())
}

fn file_name(name: Name, table: Table) -> String {
    let ending = match name {
        Name::Acled | Name::Csv | Name::Hxl | Name::Ucdp => "csv",
        Name::Gdelt | Name::GdeltMentions | Name::Polecat => "tsv",
        Name::Claimreview | Name::Webannotation => "jsonld",
        Name::Geojson => "geojson",
        Name::Ics => "ics",
        Name::Jsonl | Name::Ninjs => "jsonl",
        Name::Timelinejs => "json",
        Name::Xlsx => "xlsx",
        #[cfg(feature = "parquet")]
        Name::Parquet => "parquet",
    };
    if name.holds_one_table() { format!("{}.{ending}", table.as_str()) } else { format!("{}.{ending}", name.as_str()) }
}
