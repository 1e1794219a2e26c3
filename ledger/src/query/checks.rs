//! Lists of what does not go together, within a dispatch and across dispatches.

use rusqlite::Row;
use serde::Serialize;

use super::Where;
use super::cursor::{Cursor, Key, Page, cut};
use super::{Filter, like};
use crate::{Ledger, LedgerError};

/// One side of a check: which words of which dispatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckSide {
    /// Who says so; `outlet` in the outlet's own voice.
    pub by: String,
    /// Id of the dispatch.
    pub dispatch: String,
    /// Namespace of that id.
    pub namespace: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// The exact words.
    pub words: String,
    /// Where they begin, in code points.
    pub start: i64,
    /// Where they end.
    pub end: i64,
}

/// What does not go together. The program does not say which side is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckRow {
    /// Within a dispatch `sum` or `calendar`; across dispatches `toll_falls`, `part_exceeds_total`, `two_totals`, `told_before`,
    /// `in_force_before_agreed`.
    pub kind: String,
    /// What does not fit, in words.
    pub message: String,
    /// The incident it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// The accord it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accord: Option<String>,
    /// One side within a dispatch, two across dispatches, the earlier first.
    pub sides: Vec<CheckSide>,
    #[serde(skip)]
    key: (String, String),
}

/// Both kinds of checks in one shape.
const ALL: &str = "SELECT kind, message, incident_id, accord_id, dispatch_a, by_a, words_a, words_a_start, words_a_end, dispatch_b,
        by_b, words_b, words_b_start, words_b_end, day, 'x' || printf('%012d', id) AS key FROM cross_checks
    UNION ALL SELECT k.kind, k.message, NULL, NULL, k.dispatch_id, 'outlet', coalesce(k.words, ''), coalesce(k.words_start, 0),
        coalesce(k.words_end, 0), NULL, NULL, NULL, NULL, NULL, coalesce(d.published, ''), 'c' || printf('%012d', k.id)
    FROM checks k JOIN dispatches d ON d.id = k.dispatch_id";

impl Ledger {
    /// Checks, latest first. Of the filter, `outlet`, `since` and `until` (of the later publication), `place` (of the
    /// incident), `limit` and `cursor` are asked.
    pub fn check_list(&self, filter: &Filter) -> Result<Page<CheckRow>, LedgerError> {
        const LIST: &str = "checks";
        let cursor = filter.cursor.as_deref().map(|c| Cursor::decode(c, LIST, 2)).transpose()?;
        let mut w = Where::default();
        if let Some(outlet) = &filter.outlet {
            w.add("(a.outlet = ? OR b.outlet = ?)", outlet.clone());
        }
        if let Some(since) = filter.since {
            w.add("k.day >= ?", since.to_string());
        }
        if let Some(until) = filter.until {
            w.add("k.day <= ? AND k.day <> ''", until.to_string());
        }
        if let Some(place) = &filter.place {
            w.add("k.incident_id IN (SELECT id FROM incidents WHERE place LIKE ? ESCAPE '\\' OR admin1 LIKE ? ESCAPE '\\')", like(place));
        }
        if let Some(c) = &cursor {
            let sign = if c.forward { '<' } else { '>' };
            let at = w.values.len();
            w.values.extend(c.keys.iter().cloned().map(Into::into));
            w.conditions.push(format!(
                "(k.day {sign} ?{} OR k.day = ?{} AND k.key {sign} ?{})",
                at + 1,
                at + 1,
                at + 2
            ));
        }
        let down = if cursor.as_ref().is_none_or(|c| c.forward) { "DESC" } else { "ASC" };
        let limit = filter.limit.map(|n| format!(" LIMIT {}", u64::from(n) + 1)).unwrap_or_default();
        let rows = self.checks_that(w, &format!("ORDER BY k.day {down}, k.key {down}{limit}"))?;
        let keys = |r: &CheckRow| vec![Key::Text(r.key.0.clone()), Key::Text(r.key.1.clone())];
        Ok(cut(rows, filter.limit.map(|n| n as usize), cursor.as_ref(), LIST, keys))
    }

    /// The checks across dispatches of an incident (`incident_id`) or an accord (`accord_id`).
    pub(super) fn checks_of(&self, column: &str, id: &str) -> Result<Vec<CheckRow>, LedgerError> {
        let mut w = Where::default();
        w.add(&format!("k.{column} = ?"), id.to_owned());
        self.checks_that(w, "ORDER BY k.key")
    }

    /// The checks across dispatches that a dispatch is a side of, by `dispatches.id`.
    pub(super) fn checks_with(&self, dispatch: i64) -> Result<Vec<CheckRow>, LedgerError> {
        let mut w = Where::default();
        w.add("k.key >= 'x' AND (k.dispatch_a = ? OR k.dispatch_b = ?)", dispatch);
        self.checks_that(w, "ORDER BY k.day DESC, k.key")
    }

    fn checks_that(&self, w: Where, order: &str) -> Result<Vec<CheckRow>, LedgerError> {
        let sql = format!(
            "SELECT k.kind, k.message, k.incident_id, k.accord_id, k.by_a, a.source_id, a.namespace, a.outlet, a.published, k.words_a,
                 k.words_a_start, k.words_a_end, k.by_b, b.source_id, b.namespace, b.outlet, b.published, k.words_b, k.words_b_start,
                 k.words_b_end, k.day, k.key
             FROM ({ALL}) k JOIN dispatches a ON a.id = k.dispatch_a LEFT JOIN dispatches b ON b.id = k.dispatch_b{} {order}",
            w.sql()
        );
        self.rows(&sql, w, |r| {
            let mut sides = vec![side(r, 4)?];
            if r.get::<_, Option<String>>(12)?.is_some() {
                sides.push(side(r, 12)?);
            }
            Ok(CheckRow {
                kind: r.get(0)?,
                message: r.get(1)?,
                incident: r.get(2)?,
                accord: r.get(3)?,
                sides,
                key: (r.get(20)?, r.get(21)?),
            })
        })
    }
}

fn side(r: &Row, at: usize) -> rusqlite::Result<CheckSide> {
    Ok(CheckSide {
        by: r.get(at)?,
        dispatch: r.get(at + 1)?,
        namespace: r.get(at + 2)?,
        outlet: r.get(at + 3)?,
        published: r.get(at + 4)?,
        words: r.get(at + 5)?,
        start: r.get(at + 6)?,
        end: r.get(at + 7)?,
    })
}
