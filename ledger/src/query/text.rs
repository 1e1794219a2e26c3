//! A dispatch as a text with everything that was read from it marked in it; its versions and originals.

use record::Record;
use rusqlite::{OptionalExtension, Result, params};
use serde::Serialize;

use super::DispatchRow;
use crate::{Ledger, LedgerError};

/// A dispatch's text with its marks.
#[derive(Debug, Clone, Serialize)]
pub struct DispatchText {
    /// Its line in the list.
    pub dispatch: DispatchRow,
    /// The sentence under the headline.
    pub dek: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// The text: ranges of `spans` index it, in code points.
    pub text: String,
    /// Everything that was read from it, by start, longer ones first. Spans may overlap.
    pub spans: Vec<MarkedSpan>,
    /// Its texts, first to latest.
    pub versions: Vec<VersionRow>,
    /// The record as it was read, for what the tables do not hold.
    #[serde(skip)]
    pub record: Option<Record>,
}

/// Words of a dispatch that something was read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MarkedSpan {
    /// First code point.
    pub start: i64,
    /// One past the last.
    pub end: i64,
    /// What was read.
    pub layer: Layer,
    /// Which words of the item: `source`, `cue`, `content`, `trigger`, `place`, `figure`, `perpetrator`, `victim`, `means`,
    /// `date`, `cause`, `accord`, `status`, `actor`, `time`, `check`.
    pub part: String,
    /// Position of the item in the record: `s1`, `i1`; empty for mentions.
    pub item: String,
    /// Public id of the incident or accord that the item belongs to.
    pub id: Option<String>,
    /// In words: the speaker and the speech act; "at least 31 people killed"; the actor's or place's name; the day meant.
    pub label: String,
    /// Who says so, for figures, perpetrators, claims, status claims: `outlet` in the outlet's own voice.
    pub by: Option<String>,
}

/// What a [`MarkedSpan`] marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Layer {
    Statement,
    Incident,
    Figure,
    Responsibility,
    Accord,
    Actor,
    Place,
    Time,
    Check,
}

/// A text that a dispatch has had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionRow {
    /// From 1 on.
    pub number: i64,
    /// `first`, `correction`, `kill`, `withhold`.
    pub kind: String,
    /// When it was filed (RFC 3339).
    pub filed_at: String,
    /// SHA-256 of the text.
    pub text_sha256: String,
    /// SHA-256 of the original, to be asked for by [`Ledger::original`].
    pub original: Option<String>,
    /// Media type of the original.
    pub media_type: Option<String>,
    /// Its length.
    pub bytes: Option<i64>,
}

/// A query that gives (start, end, part, item, id, label, by) of each span of a layer of the dispatch ?1.
const LAYERS: &[(Layer, &str)] = &[
    (
        Layer::Statement,
        "SELECT source_start, source_end, 'source', item, NULL, speaker, NULL FROM statements WHERE dispatch_id = ?1 AND source_start IS NOT NULL
         UNION ALL SELECT cue_start, cue_end, 'cue', item, NULL, speaker || ': ' || mode, NULL FROM statements WHERE dispatch_id = ?1 AND cue_start IS NOT NULL
         UNION ALL SELECT p.words_start, p.words_end, 'content', s.item, NULL, s.speaker || ': ' || s.mode, NULL
             FROM statements s JOIN statement_pieces p ON p.statement_id = s.id WHERE s.dispatch_id = ?1",
    ),
    (
        Layer::Incident,
        "SELECT trigger_start, trigger_end, 'trigger', item, incident_id, replace(type, '_', ' '), NULL FROM accounts WHERE dispatch_id = ?1
         UNION ALL SELECT place_start, place_end, 'place', item, incident_id, place, NULL FROM accounts WHERE dispatch_id = ?1 AND place_start IS NOT NULL
         UNION ALL SELECT v.words_start, v.words_end, 'victim', a.item, a.incident_id, v.victim, NULL
             FROM victims v JOIN accounts a ON a.id = v.account_id WHERE a.dispatch_id = ?1
         UNION ALL SELECT c.words_start, c.words_end, c.field, a.item, a.incident_id, c.value, c.speaker
             FROM claims c JOIN accounts a ON a.id = c.account_id WHERE a.dispatch_id = ?1",
    ),
    (
        Layer::Responsibility,
        "SELECT p.words_start, p.words_end, 'perpetrator', a.item, a.incident_id, p.actor || ' ' || p.stance, p.speaker
         FROM perpetrators p JOIN accounts a ON a.id = p.account_id WHERE a.dispatch_id = ?1",
    ),
    (
        Layer::Accord,
        "SELECT words_start, words_end, 'accord', item, accord_id, name, NULL FROM accord_accounts WHERE dispatch_id = ?1
         UNION ALL SELECT s.words_start, s.words_end, 'status', a.item, a.accord_id, replace(s.status, '_', ' '), s.speaker
             FROM status_claims s JOIN accord_accounts a ON a.id = s.accord_account_id WHERE a.dispatch_id = ?1",
    ),
    (
        Layer::Check,
        "SELECT words_start, words_end, 'check', '', NULL, message, NULL FROM checks WHERE dispatch_id = ?1 AND words_start IS NOT NULL",
    ),
];

impl Ledger {
    /// The current text of the dispatch that `id` names (`namespace:id`, or the id alone) with all that was read from it.
    pub fn dispatch_text(&self, id: &str) -> std::result::Result<DispatchText, LedgerError> {
        let row = self.find_dispatch(id)?;
        self.read_text(row).map_err(|e| self.told(&e))
    }

    fn read_text(&self, row: i64) -> Result<DispatchText> {
        let c = &self.connection;
        let sql = format!(
            "SELECT {}, d.dek, d.url, d.language, v.text FROM dispatches d
             JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version WHERE d.id = ?1",
            DispatchRow::COLUMNS
        );
        let (dispatch, dek, url, language, text) = c.prepare_cached(&sql)?.query_row([row], |r| {
            Ok((DispatchRow::read(r)?, r.get(13)?, r.get(14)?, r.get(15)?, r.get::<_, String>(16)?))
        })?;
        let mut spans = Vec::new();
        for (layer, sql) in LAYERS {
            let mut rows = c.prepare_cached(sql)?;
            let rows = rows.query_map([row], |r| {
                Ok(MarkedSpan {
                    start: r.get(0)?,
                    end: r.get(1)?,
                    layer: *layer,
                    part: r.get(2)?,
                    item: r.get(3)?,
                    id: r.get(4)?,
                    label: r.get(5)?,
                    by: r.get(6)?,
                })
            })?;
            spans.extend(rows.collect::<Result<Vec<_>>>()?);
        }
        spans.extend(self.figure_spans(row)?);
        let record = self.current_record(row)?;
        spans.extend(record.iter().flat_map(mentions));
        // Words that were not found in the text stand at no range.
        spans.retain(|s| s.end > s.start && s.start >= 0);
        spans.sort_by(|a, b| (a.start, -a.end, a).cmp(&(b.start, -b.end, b)));
        spans.dedup();
        Ok(DispatchText { dispatch, dek, url, language, text, spans, versions: self.version_rows(row)?, record })
    }

    fn figure_spans(&self, row: i64) -> Result<Vec<MarkedSpan>> {
        let mut rows = self.connection.prepare_cached(
            "SELECT f.words_start, f.words_end, f.item, a.incident_id, f.low, f.high, f.qualifier, f.counted, f.out_of, f.measure,
                 f.speaker
             FROM figures f JOIN accounts a ON a.id = f.account_id WHERE a.dispatch_id = ?1",
        )?;
        let rows = rows.query_map([row], |r| {
            let (qualifier, counted): (String, String) = (r.get(6)?, r.get(7)?);
            let value = crate::dispute::numbers_in_words(r.get(4)?, r.get(5)?, &qualifier, &counted, r.get(8)?);
            Ok(MarkedSpan {
                start: r.get(0)?,
                end: r.get(1)?,
                layer: Layer::Figure,
                part: "figure".to_owned(),
                item: r.get(2)?,
                id: r.get(3)?,
                label: format!("{value} {}", r.get::<_, String>(9)?.replace('_', " ")),
                by: r.get(10)?,
            })
        })?;
        rows.collect()
    }

    /// The current record of a dispatch, by `dispatches.id`; none where it cannot be read.
    pub(crate) fn current_record(&self, row: i64) -> Result<Option<Record>> {
        let content: Option<Vec<u8>> = self
            .connection
            .prepare_cached(
                "SELECT r.content FROM dispatches d JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
                 JOIN records r ON r.version_id = v.id AND r.current WHERE d.id = ?1",
            )?
            .query_row([row], |r| r.get(0))
            .optional()?;
        Ok(content
            .and_then(|packed| zstd::stream::decode_all(packed.as_slice()).ok())
            .and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// The record as it was read of the dispatch that `id` names.
    pub fn record(&self, id: &str) -> std::result::Result<Record, LedgerError> {
        let row = self.find_dispatch(id)?;
        let record = self.current_record(row).map_err(|e| self.told(&e))?;
        record.ok_or_else(|| LedgerError::Damaged(self.path.clone(), format!("the record of {id} cannot be read")))
    }

    /// The texts that a dispatch has had, first to latest.
    pub fn versions(&self, id: &str) -> std::result::Result<Vec<VersionRow>, LedgerError> {
        let row = self.find_dispatch(id)?;
        self.version_rows(row).map_err(|e| self.told(&e))
    }

    fn version_rows(&self, row: i64) -> Result<Vec<VersionRow>> {
        let mut rows = self.connection.prepare_cached(
            "SELECT v.number, v.kind, v.filed_at, v.text_sha256, v.original, o.media_type, o.bytes
             FROM versions v LEFT JOIN originals o ON o.sha256 = v.original WHERE v.dispatch_id = ?1 ORDER BY v.number",
        )?;
        let rows = rows.query_map([row], |r| {
            Ok(VersionRow {
                number: r.get(0)?,
                kind: r.get(1)?,
                filed_at: r.get(2)?,
                text_sha256: r.get(3)?,
                original: r.get(4)?,
                media_type: r.get(5)?,
                bytes: r.get(6)?,
            })
        })?;
        rows.collect()
    }

    /// The text of one version of a dispatch.
    pub fn version_text(&self, id: &str, number: i64) -> std::result::Result<String, LedgerError> {
        let row = self.find_dispatch(id)?;
        let text = self
            .connection
            .prepare_cached("SELECT text FROM versions WHERE dispatch_id = ?1 AND number = ?2")
            .and_then(|mut find| find.query_row(params![row, number], |r| r.get(0)).optional())
            .map_err(|e| self.told(&e))?;
        text.ok_or_else(|| LedgerError::NoSuchId(format!("version {number} of {id}")))
    }

    /// The original of one version of a dispatch: its media type and its bytes as they were received.
    pub fn original(&self, id: &str, number: i64) -> std::result::Result<(String, Vec<u8>), LedgerError> {
        let row = self.find_dispatch(id)?;
        let found: Option<(String, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "SELECT o.media_type, o.content FROM versions v JOIN originals o ON o.sha256 = v.original
                 WHERE v.dispatch_id = ?1 AND v.number = ?2",
            )
            .and_then(|mut find| find.query_row(params![row, number], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .map_err(|e| self.told(&e))?;
        let (media_type, packed) =
            found.ok_or_else(|| LedgerError::NoSuchId(format!("the original of version {number} of {id}")))?;
        let bytes = zstd::stream::decode_all(packed.as_slice()).map_err(|e| {
            LedgerError::Damaged(self.path.clone(), format!("the original of {id} cannot be unpacked: {e}"))
        })?;
        Ok((media_type, bytes))
    }
}

/// The actors, places and times that a record names.
fn mentions(record: &Record) -> Vec<MarkedSpan> {
    let mark = |span: &record::Span, layer, part: &str, label: String| MarkedSpan {
        start: span.start as i64,
        end: span.end as i64,
        layer,
        part: part.to_owned(),
        item: String::new(),
        id: None,
        label,
        by: None,
    };
    let m = &record.mentions;
    let actors = m.actors.iter().map(|a| {
        let role = a.role.as_deref().map(|r| format!(", {r}")).unwrap_or_default();
        mark(&a.span, Layer::Actor, "actor", format!("{}{role}", a.name))
    });
    let places = m.places.iter().map(|p| {
        let country = p.country.as_deref().map(|c| format!(", {c}")).unwrap_or_default();
        mark(&p.span, Layer::Place, "place", format!("{}{country}", p.name))
    });
    let times = m.times.iter().map(|t| mark(&t.span, Layer::Time, "time", t.value.clone()));
    actors.chain(places).chain(times).collect()
}
