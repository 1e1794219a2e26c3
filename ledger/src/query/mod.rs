//! Questions to a ledger: lists with filters, and one item with everything behind it.

mod lists;
mod show;
mod stream;

pub use lists::{AccordRow, AccountRef, ActorRow, DispatchRow, DisputeRow, IncidentRow, PositionRow, StatementRow};
pub use show::{
    AccordPage, AccountPage, ClaimLine, DispatchPage, FigureLine, IncidentPage, LinkLine, PartyState, PerpetratorLine,
    Shown, StatusLine, Tally,
};

pub use stream::{
    AccordWhole, AccountWhole, ClaimWhole, DispatchHead, DispatchWhole, FigureWhole, IncidentWhole, PerpetratorWhole,
    Reading, VictimWhole, Words,
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
    /// Only those on which sources differ.
    pub disputed: bool,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Conditions of a query with their values.
#[derive(Debug, Default)]
struct Where {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Where {
    /// Adds a condition in which `?` stands for `value`, as often as it is written.
    fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        self.conditions.push(condition.replace('?', &format!("?{}", self.values.len())));
    }

    /// `WHERE …`, or nothing.
    fn sql(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `part` anywhere.
fn like(part: &str) -> String {
    let escaped: String =
        part.chars().flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
    format!("%{escaped}%")
}

/// A full-text query that asks for all words, in any order, and for quoted words together. Nothing in it is taken for an
/// operator.
fn words_query(text: &str) -> String {
    let mut parts = Vec::new();
    for (i, piece) in text.split('"').enumerate() {
        if i % 2 == 1 {
            if piece.chars().any(char::is_alphanumeric) {
                parts.push(format!("\"{piece}\""));
            }
        } else {
            let words = piece.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric));
            parts.extend(words.map(|w| format!("\"{w}\"")));
        }
    }
    if parts.is_empty() { "\"\"".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_is_never_an_operator() {
        assert_eq!(words_query("barrel bombs"), "\"barrel\" \"bombs\"");
        assert_eq!(words_query("\"aid convoy\" OR NEAR("), "\"aid convoy\" \"OR\" \"NEAR(\"");
        assert_eq!(words_query("* -"), "\"\"");
        assert_eq!(like("50%_"), "%50\\%\\_%");
    }
}
