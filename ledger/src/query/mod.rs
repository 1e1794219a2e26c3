//! Questions to a ledger: lists with filters, and one item with everything behind it.

mod actor;
mod checks;
mod cursor;
mod decided;
mod estimate;
mod facets;
mod lists;
mod rows;
mod search;
mod show;
mod story;
mod stream;
mod text;

pub use actor::{Accusation, ActorPage, SavedSearch, Verb};
pub use checks::{CheckRow, CheckSide};
pub use cursor::{Count, Page};
pub(crate) use estimate::Estimates;
pub use facets::Facet;
pub use rows::{AccordRow, AccountRef, ActorRow, DispatchRow, DisputeRow, IncidentRow, PositionRow, StatementRow};
pub use search::Snippet;
pub use show::{
    AccordPage, AccountPage, ClaimLine, DispatchPage, FigureLine, IncidentPage, LinkLine, PartyState, PerpetratorLine,
    Shown, StatusLine, Tally,
};
pub(crate) use show::{states, timeline};
pub use story::{AccordStatement, AccordTold, Story};
pub use text::{DispatchText, Layer, MarkedSpan, VersionRow};

pub use stream::{
    AccordWhole, AccountWhole, ClaimWhole, DispatchHead, DispatchWhole, FigureWhole, IncidentWhole, NoteOn,
    PerpetratorWhole, Reading, VictimWhole, Words,
};

use jiff::civil::Date;
use rusqlite::types::Value;

/// What a list is narrowed to. All parts must hold; an absent one holds always.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// First day: of the incident, of publication for dispatches and statements.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Part of a place's, province's name, or a country's two letters.
    pub place: Option<String>,
    /// Part of an actor's name: speaker, blamed, party.
    pub actor: Option<String>,
    /// Words that the text has; words between quotation marks stand together.
    pub text: Option<String>,
    /// Who published it: the outlet's name as dispatches have it.
    pub outlet: Option<String>,
    /// Kind of act (`air_strike` …): of the incident; of one that the dispatch tells of.
    pub kind: Option<String>,
    /// Only those on which sources differ.
    pub disputed: bool,
    /// Only dispatches that tell of an incident.
    pub has_incident: bool,
    /// Only dispatches that tell of an accord.
    pub has_accord: bool,
    /// Latest first, for lists that begin with the earliest (incidents, accords).
    pub latest_first: bool,
    /// Where a page begins or ends: `next` or `previous` of another page of the same list and order.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Conditions of a query with their values.
#[derive(Debug, Default)]
pub(crate) struct Where {
    pub conditions: Vec<String>,
    pub values: Vec<Value>,
    /// What the conditions that hold a row against other rows select: one column of ids, in which a row may stand twice.
    pub among: Vec<String>,
}

impl Where {
    /// Adds a condition in which `?` stands for `value`, as often as it is written.
    pub fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("?{}", self.values.len())));
    }

    /// `WHERE …`, or nothing.
    pub fn sql(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `part` anywhere.
pub(crate) fn like(part: &str) -> String {
    let escaped: String =
        part.chars().flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_finds_what_was_typed() {
        assert_eq!(like("50%_"), "%50\\%\\_%");
    }
}
