//! Asking for changes.

use jiff::Timestamp;
use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use serde::Serialize;

use crate::review::moment;
use crate::{Ledger, LedgerError};

/// Which changes.
#[derive(Debug, Clone, Default)]
pub struct ChangeFilter {
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Only of this incident, accord or dispatch.
    pub subject: Option<String>,
    /// After the change of this number, for the next page.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// A change, in the order in which they happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its number, for paging.
    pub number: i64,
    /// When it came into the ledger.
    pub at: String,
    /// The person; none for the machine.
    pub by: Option<String>,
    /// The decision's public id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// `new`, `gone`, `joined`, `parted`, `value`, `toll`, `figure`, `disputed`, `settled`, `state`, `dispatch`.
    pub what: String,
    /// `incident`, `accord`, `dispatch`.
    pub kind: String,
    /// Its public id.
    pub subject: String,
    /// What it was called then.
    pub about: String,
    /// The field; of a state, the party.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The exact words of the value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_before: Option<String>,
    /// The exact words of the value then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words_after: Option<String>,
    /// Who says so, where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Change {
    /// The change in a sentence.
    pub fn sentence(&self) -> String {
        let text = |v: &Option<String>| v.clone().unwrap_or_else(|| "not known".to_owned());
        let quoted = |w: &Option<String>| w.as_ref().map(|w| format!(" (“{w}”)")).unwrap_or_default();
        let field = self.field.as_deref().unwrap_or_default().replace('_', " ");
        let from_to = || {
            format!(
                "{}{} → {}{}",
                text(&self.before),
                quoted(&self.words_before),
                text(&self.after),
                quoted(&self.words_after)
            )
        };
        let source = self.source.as_ref().map(|s| format!(" — {s}")).unwrap_or_default();
        match self.what.as_str() {
            "new" => format!(
                "new {}{}{source}",
                self.kind,
                self.after.as_ref().map(|a| format!(": {a}")).unwrap_or_default()
            ),
            "gone" => format!("no {} any more: {}", self.kind, text(&self.after)),
            "joined" => format!("{} is told to be the same and joined to it", text(&self.before)),
            "parted" => format!("accounts taken out of {}: {}", text(&self.before), text(&self.words_after)),
            "toll" => format!("{field}, over all sources: {}{source}", from_to()),
            "figure" if self.after.is_none() => {
                format!("{field}: {}{} is withdrawn{source}", text(&self.before), quoted(&self.words_before))
            }
            "figure" if self.before.is_none() => {
                format!("{field}: {}{} is added{source}", text(&self.after), quoted(&self.words_after))
            }
            "figure" => format!("{field} corrected: {}{source}", from_to()),
            "disputed" => format!("sources now differ on {field}"),
            "settled" => format!("sources no longer differ on {field}"),
            "state" => format!("{field}: {}{source}", from_to().replace('_', " ")),
            "dispatch" => format!("{}{}", text(&self.after), quoted(&self.words_after)),
            _ => format!("{field}: {}{source}", from_to()),
        }
    }
}

impl Ledger {
    /// What the ledger learnt, changed or came to dispute, in the order in which it did.
    pub fn changes(&self, filter: &ChangeFilter) -> Result<Vec<Change>, LedgerError> {
        let mut conditions: Vec<String> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut add = |condition: &str, value: Sql| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("?{}", values.len())));
        };
        if let Some(since) = filter.since {
            add("at >= ?", moment(since).into());
        }
        if let Some(until) = filter.until {
            add("at < ?", moment(until).into());
        }
        if let Some(subject) = &filter.subject {
            add("subject = ?", subject.clone().into());
        }
        if let Some(after) = filter.after {
            add("id > ?", after.into());
        }
        let clause = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let limit = filter.limit.map(|n| format!(" LIMIT {n}")).unwrap_or_default();
        let sql = format!(
            "SELECT id, at, reviewer, decision, what, kind, subject, about, field, before, after, words_before, words_after, source
             FROM history{clause} ORDER BY id{limit}"
        );
        let read = || -> rusqlite::Result<Vec<Change>> {
            let mut find = self.connection.prepare_cached(&sql)?;
            find.query_map(params_from_iter(values), |r| {
                Ok(Change {
                    number: r.get(0)?,
                    at: r.get(1)?,
                    by: r.get(2)?,
                    decision: r.get(3)?,
                    what: r.get(4)?,
                    kind: r.get(5)?,
                    subject: r.get(6)?,
                    about: r.get(7)?,
                    field: r.get(8)?,
                    before: r.get(9)?,
                    after: r.get(10)?,
                    words_before: r.get(11)?,
                    words_after: r.get(12)?,
                    source: r.get(13)?,
                })
            })?
            .collect()
        };
        read().map_err(|e| self.told(&e))
    }
}
