//! The ledger's own tables, row by row: for csv, xlsx and parquet. Nothing is chosen or left out here: threats, denials and
//! background stand in the tables with columns that say so.

use std::io::Write;

use ledger::query::{AccordWhole, DispatchWhole, IncidentWhole};

use super::dialect::Comma;
use super::{Format, Result, Takes, Tally};

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(missing_docs)] // each is described in docs/export.md, which a test keeps complete
pub enum Table {
    #[default]
    Incidents,
    Accounts,
    Figures,
    Responsibility,
    Claims,
    Disputes,
    Accords,
    StatusClaims,
    Dispatches,
    Statements,
}

impl Table {
    /// All tables.
    pub const ALL: &[Table] = &[
        Table::Incidents,
        Table::Accounts,
        Table::Figures,
        Table::Responsibility,
        Table::Claims,
        Table::Disputes,
        Table::Accords,
        Table::StatusClaims,
        Table::Dispatches,
        Table::Statements,
    ];

    /// As written on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Incidents => "incidents",
            Table::Accounts => "accounts",
            Table::Figures => "figures",
            Table::Responsibility => "responsibility",
            Table::Claims => "claims",
            Table::Disputes => "disputes",
            Table::Accords => "accords",
            Table::StatusClaims => "status_claims",
            Table::Dispatches => "dispatches",
            Table::Statements => "statements",
        }
    }

    /// What the table is made of.
    pub(super) fn takes(self) -> Takes {
        let (incidents, accords, dispatches) = match self {
            Table::Incidents | Table::Accounts | Table::Figures | Table::Responsibility | Table::Claims => {
                (true, false, false)
            }
            Table::Disputes => (true, true, false),
            Table::Accords | Table::StatusClaims => (false, true, false),
            Table::Dispatches | Table::Statements => (false, false, true),
        };
        Takes { incidents, accords, dispatches, readings: false }
    }

    /// Its columns with what they hold.
    pub fn columns(self) -> &'static [(&'static str, Kind)] {
        use Kind::{Flag, Number, Real, Text};
        match self {
            Table::Incidents => &[
                ("id", Text),
                ("type", Text),
                ("date_start", Text),
                ("date_end", Text),
                ("place", Text),
                ("admin1", Text),
                ("country", Text),
                ("lat", Real),
                ("lon", Real),
                ("geonames_id", Number),
                ("background", Flag),
                ("modality", Text),
                ("killed_low", Number),
                ("killed_high", Number),
                ("injured_low", Number),
                ("injured_high", Number),
                ("sources", Number),
                ("accounts", Number),
                ("disputed", Text),
            ],
            Table::Accounts => &[
                ("incident_id", Text),
                ("account_id", Text),
                ("namespace", Text),
                ("dispatch", Text),
                ("outlet", Text),
                ("published", Text),
                ("url", Text),
                ("headline", Text),
                ("dispatch_state", Text),
                ("echo_group", Text),
                ("type", Text),
                ("date_start", Text),
                ("date_end", Text),
                ("date_basis", Text),
                ("place", Text),
                ("admin1", Text),
                ("country", Text),
                ("lat", Real),
                ("lon", Real),
                ("precision", Text),
                ("background", Flag),
                ("modality", Text),
                ("confidence", Text),
                ("victims", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Figures => &[
                ("incident_id", Text),
                ("account_id", Text),
                ("outlet", Text),
                ("published", Text),
                ("item", Text),
                ("measure", Text),
                ("low", Number),
                ("high", Number),
                ("qualifier", Text),
                ("counted", Text),
                ("out_of", Number),
                ("part_of", Text),
                ("hedged", Flag),
                ("speaker", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Responsibility => &[
                ("incident_id", Text),
                ("account_id", Text),
                ("outlet", Text),
                ("published", Text),
                ("actor", Text),
                ("actor_id", Text),
                ("stance", Text),
                ("speaker", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Claims => &[
                ("incident_id", Text),
                ("account_id", Text),
                ("outlet", Text),
                ("published", Text),
                ("field", Text),
                ("value", Text),
                ("speaker", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Disputes => &[
                ("incident_id", Text),
                ("accord_id", Text),
                ("about", Text),
                ("date", Text),
                ("field", Text),
                ("low", Number),
                ("best", Number),
                ("high", Number),
                ("best_rule", Text),
                ("value", Text),
                ("speaker", Text),
                ("dispatch", Text),
                ("outlet", Text),
                ("published", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Accords => &[
                ("id", Text),
                ("kind", Text),
                ("name", Text),
                ("place", Text),
                ("date", Text),
                ("parties", Text),
                ("brokers", Text),
                ("accounts", Number),
                ("disputed", Text),
                ("states", Text),
            ],
            Table::StatusClaims => &[
                ("accord_id", Text),
                ("accord", Text),
                ("date", Text),
                ("dated_by_claim", Flag),
                ("status", Text),
                ("party", Text),
                ("blamed", Text),
                ("modality", Text),
                ("speaker", Text),
                ("dispatch", Text),
                ("outlet", Text),
                ("words", Text),
                ("words_start", Number),
                ("words_end", Number),
            ],
            Table::Dispatches => &[
                ("namespace", Text),
                ("id", Text),
                ("outlet", Text),
                ("agency", Text),
                ("url", Text),
                ("headline", Text),
                ("language", Text),
                ("published", Text),
                ("state", Text),
                ("version", Number),
                ("echo_group", Text),
                ("filed_at", Text),
                ("original_sha256", Text),
                ("text", Text),
            ],
            Table::Statements => &[
                ("namespace", Text),
                ("dispatch", Text),
                ("outlet", Text),
                ("published", Text),
                ("statement", Text),
                ("speaker", Text),
                ("mode", Text),
                ("kind", Text),
                ("said_on", Text),
                ("cue", Text),
                ("content", Text),
                ("content_start", Number),
                ("content_end", Number),
                ("about", Text),
            ],
        }
    }

    /// The rows that an incident gives.
    pub(super) fn of_incident(self, whole: &IncidentWhole) -> Vec<Vec<Cell>> {
        let i = &whole.incident;
        match self {
            Table::Incidents => vec![vec![
                text(&i.id),
                text(&i.kind),
                maybe(&i.date_start),
                maybe(&i.date_end),
                maybe(&i.place),
                maybe(&i.admin1),
                maybe(&i.country),
                Cell::real(i.lat),
                Cell::real(i.lon),
                Cell::number(i.geonames_id),
                Cell::Flag(i.background),
                text(&i.modality),
                Cell::number(i.killed_low),
                Cell::number(i.killed_high),
                Cell::number(i.injured_low),
                Cell::number(i.injured_high),
                Cell::Number(i.sources),
                Cell::Number(i.accounts.len() as i64),
                text(i.disputed.join("; ")),
            ]],
            Table::Accounts => whole
                .accounts
                .iter()
                .map(|a| {
                    let victims: Vec<&str> = a.victims.iter().map(|v| v.victim.as_str()).collect();
                    vec![
                        text(&i.id),
                        text(&a.id),
                        text(&a.dispatch.namespace),
                        text(&a.dispatch.id),
                        maybe(&a.dispatch.outlet),
                        maybe(&a.dispatch.published),
                        maybe(&a.dispatch.url),
                        maybe(&a.dispatch.headline),
                        text(&a.dispatch.state),
                        maybe(&a.dispatch.echo_group),
                        text(&a.kind),
                        maybe(&a.date_start),
                        maybe(&a.date_end),
                        maybe(&a.date_basis),
                        maybe(&a.place),
                        maybe(&a.admin1),
                        maybe(&a.country),
                        Cell::real(a.lat),
                        Cell::real(a.lon),
                        maybe(&a.precision),
                        Cell::Flag(a.background),
                        text(&a.modality),
                        text(&a.confidence),
                        text(victims.join("; ")),
                        text(&a.words.text),
                        Cell::Number(a.words.start),
                        Cell::Number(a.words.end),
                    ]
                })
                .collect(),
            Table::Figures | Table::Responsibility | Table::Claims => {
                let mut out = Vec::new();
                for a in &whole.accounts {
                    let at = || vec![text(&i.id), text(&a.id), maybe(&a.dispatch.outlet), maybe(&a.dispatch.published)];
                    let with = |cells: Vec<Cell>| at().into_iter().chain(cells).collect::<Vec<Cell>>();
                    match self {
                        Table::Figures => out.extend(a.figures.iter().map(|f| {
                            with(vec![
                                text(&f.item),
                                text(&f.measure),
                                Cell::number(f.low),
                                Cell::number(f.high),
                                text(&f.qualifier),
                                text(&f.counted),
                                Cell::number(f.out_of),
                                maybe(&f.part_of),
                                Cell::Flag(f.hedged),
                                text(&f.by),
                                text(&f.words.text),
                                Cell::Number(f.words.start),
                                Cell::Number(f.words.end),
                            ])
                        })),
                        Table::Responsibility => out.extend(a.perpetrators.iter().map(|p| {
                            with(vec![
                                text(&p.actor),
                                text(&p.key),
                                text(&p.stance),
                                text(&p.by),
                                text(&p.words.text),
                                Cell::Number(p.words.start),
                                Cell::Number(p.words.end),
                            ])
                        })),
                        _ => out.extend(a.claims.iter().map(|c| {
                            with(vec![
                                text(&c.field),
                                text(&c.value),
                                text(&c.by),
                                text(&c.words.text),
                                Cell::Number(c.words.start),
                                Cell::Number(c.words.end),
                            ])
                        })),
                    }
                }
                out
            }
            Table::Disputes => disputes(&whole.disputes),
            Table::Accords | Table::StatusClaims | Table::Dispatches | Table::Statements => Vec::new(),
        }
    }

    /// The rows that an accord gives.
    pub(super) fn of_accord(self, whole: &AccordWhole) -> Vec<Vec<Cell>> {
        let a = &whole.accord;
        match self {
            Table::Accords => {
                let states: Vec<String> = whole
                    .states
                    .iter()
                    .map(|s| format!("{}: {}", s.party, s.status.as_deref().unwrap_or("not told")))
                    .collect();
                vec![vec![
                    text(&a.id),
                    text(&a.kind),
                    text(&a.name),
                    maybe(&a.place),
                    maybe(&a.date),
                    text(a.parties.join("; ")),
                    text(a.brokers.join("; ")),
                    Cell::Number(a.accounts.len() as i64),
                    text(a.disputed.join("; ")),
                    text(states.join("; ")),
                ]]
            }
            Table::StatusClaims => whole
                .timeline
                .iter()
                .map(|l| {
                    vec![
                        text(&a.id),
                        text(&a.name),
                        maybe(&l.date),
                        Cell::Flag(l.dated),
                        text(&l.status),
                        maybe(&l.party),
                        maybe(&l.blamed),
                        text(&l.modality),
                        text(&l.by),
                        text(&l.dispatch),
                        maybe(&l.outlet),
                        text(&l.words),
                        Cell::Number(l.start),
                        Cell::Number(l.end),
                    ]
                })
                .collect(),
            Table::Disputes => disputes(&whole.disputes),
            _ => Vec::new(),
        }
    }

    /// The rows that a dispatch gives.
    pub(super) fn of_dispatch(self, whole: &DispatchWhole) -> Vec<Vec<Cell>> {
        let d = &whole.head;
        match self {
            Table::Dispatches => vec![vec![
                text(&d.namespace),
                text(&d.id),
                maybe(&d.outlet),
                maybe(&d.agency),
                maybe(&d.url),
                maybe(&d.headline),
                maybe(&d.language),
                maybe(&d.published),
                text(&d.state),
                Cell::Number(d.version),
                maybe(&d.echo_group),
                text(&d.filed_at),
                maybe(&whole.original),
                text(&whole.record.dispatch.text),
            ]],
            Table::Statements => whole
                .record
                .statements
                .iter()
                .map(|s| {
                    let content: Vec<&str> = s.content.iter().map(|c| c.text.as_str()).collect();
                    let about = s.about.iter().map(|item| {
                        whole.items.iter().find(|(i, ..)| i == item).map_or(item.as_str(), |(_, _, id)| id.as_str())
                    });
                    vec![
                        text(&d.namespace),
                        text(&d.id),
                        maybe(&d.outlet),
                        maybe(&d.published),
                        text(&s.id),
                        text(&s.speaker),
                        name(s.mode),
                        name(s.kind),
                        maybe(&s.said_on.map(|d| d.to_string())),
                        maybe(&s.cue.as_ref().map(|c| c.text.clone())),
                        text(content.join(" … ")),
                        Cell::number(s.content.first().map(|c| c.start as i64)),
                        Cell::number(s.content.first().map(|c| c.end as i64)),
                        text(about.collect::<Vec<_>>().join("; ")),
                    ]
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// The name that an enumeration's value has in records.
fn name(value: impl serde::Serialize) -> Cell {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Cell::Text(name),
        _ => Cell::Nothing,
    }
}

fn disputes(rows: &[ledger::query::DisputeRow]) -> Vec<Vec<Cell>> {
    let positions = rows.iter().flat_map(|d| d.positions.iter().map(move |p| (d, p)));
    positions
        .map(|(d, p)| {
            vec![
                maybe(&d.incident),
                maybe(&d.accord),
                text(&d.about),
                maybe(&d.date),
                text(&d.field),
                Cell::number(d.low),
                Cell::number(d.best),
                Cell::number(d.high),
                maybe(&d.best_rule),
                text(&p.value),
                text(&p.by),
                text(&p.dispatch),
                maybe(&p.outlet),
                maybe(&p.published),
                text(&p.words),
                Cell::Number(p.start),
                Cell::Number(p.end),
            ]
        })
        .collect()
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, and days as YYYY-MM-DD.
    Text,
    /// Whole numbers.
    Number,
    /// Degrees.
    Real,
    /// True or false.
    Flag,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Not known.
    Nothing,
    Text(String),
    Number(i64),
    Real(f64),
    Flag(bool),
}

impl Cell {
    fn number(value: Option<i64>) -> Cell {
        value.map_or(Cell::Nothing, Cell::Number)
    }

    fn real(value: Option<f64>) -> Cell {
        value.map_or(Cell::Nothing, Cell::Real)
    }

    /// As text.
    pub(super) fn plain(&self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Text(t) => t.clone(),
            Cell::Number(n) => n.to_string(),
            Cell::Real(r) => super::places::degrees(*r),
            Cell::Flag(b) => b.to_string(),
        }
    }
}

fn text(value: impl Into<String>) -> Cell {
    Cell::Text(value.into())
}

fn maybe(value: &Option<String>) -> Cell {
    value.clone().map_or(Cell::Nothing, Cell::Text)
}

/// Writes one table as comma-separated values.
pub struct Csv<'w> {
    table: Table,
    rows: Comma<'w>,
}

impl<'w> Csv<'w> {
    /// To `out`.
    pub fn new(table: Table, out: &'w mut dyn Write) -> Self {
        Csv { table, rows: Comma::new(out) }
    }

    fn write(&mut self, rows: Vec<Vec<Cell>>, tally: &mut Tally) -> Result {
        rows.into_iter().try_for_each(|row| self.rows.row(row.iter().map(Cell::plain), tally))
    }
}

impl Format for Csv<'_> {
    fn takes(&self) -> Takes {
        self.table.takes()
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        self.rows.head(self.table.columns().iter().map(|c| c.0))
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_incident(incident), tally)
    }

    fn accord(&mut self, accord: &AccordWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_accord(accord), tally)
    }

    fn dispatch(&mut self, dispatch: &DispatchWhole, tally: &mut Tally) -> Result {
        self.write(self.table.of_dispatch(dispatch), tally)
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        self.rows.end()
    }
}
