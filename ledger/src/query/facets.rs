//! What a list can be narrowed by: the outlets, the kinds of act, with how many there are of each.

use serde::Serialize;

use super::Where;
use crate::{Ledger, LedgerError};

/// A value and how many have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The value, to be given back as a part of a [`Filter`](super::Filter).
    pub value: String,
    /// How many have it.
    pub count: i64,
}

impl Ledger {
    /// The outlets of the dispatches, by name.
    pub fn outlets(&self) -> Result<Vec<Facet>, LedgerError> {
        self.facets("SELECT outlet, count(*) FROM dispatches WHERE outlet IS NOT NULL GROUP BY outlet ORDER BY outlet")
    }

    /// The kinds of the incidents, most frequent first.
    pub fn incident_types(&self) -> Result<Vec<Facet>, LedgerError> {
        self.facets("SELECT type, count(*) AS c FROM incidents GROUP BY type ORDER BY c DESC, type")
    }

    /// The countries that incidents lie in, most frequent first.
    pub fn countries(&self) -> Result<Vec<Facet>, LedgerError> {
        self.facets(
            "SELECT country, count(*) AS c FROM incidents WHERE country IS NOT NULL GROUP BY country ORDER BY c DESC, country",
        )
    }

    /// Places that begin with what was typed, at most `limit`.
    pub fn places_like(&self, begun: &str, limit: u32) -> Result<Vec<String>, LedgerError> {
        let mut w = Where::default();
        w.add("place LIKE ? ESCAPE '\\'", super::like(begun)[1..].to_owned());
        let sql = format!("SELECT DISTINCT place FROM place_names{} ORDER BY place LIMIT {limit}", w.sql());
        self.rows(&sql, w, |r| r.get(0))
    }

    fn facets(&self, sql: &str) -> Result<Vec<Facet>, LedgerError> {
        self.rows(sql, Where::default(), |r| Ok(Facet { value: r.get(0)?, count: r.get(1)? }))
    }
}
