//! What became of an incident in the ledger, and what each dispatch tells of an accord.

use rusqlite::Result;
use serde::Serialize;

use super::CheckRow;
use super::stream::{DispatchHead, Words};
use crate::changes::{Change, ChangeFilter};
use crate::review::{LogEntry, LogFilter};
use crate::{Ledger, LedgerError};

/// What became of an incident or accord since it was first told.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// What the ledger learnt of it, in the order in which it did.
    pub changes: Vec<Change>,
    /// What people decided about it, newest first; undone decisions among them.
    pub decisions: Vec<LogEntry>,
    /// Numbers and days of two dispatches that do not go together.
    pub checks: Vec<CheckRow>,
}

impl Story {
    /// The most changes and decisions told.
    pub const MOST: u32 = 200;
}

/// An accord as one dispatch tells it.
#[derive(Debug, Clone)]
pub struct AccordTold {
    /// The account's public id.
    pub id: String,
    /// The dispatch.
    pub dispatch: DispatchHead,
    /// What it calls the accord.
    pub name: String,
    /// Parties that it names.
    pub parties: Vec<String>,
    /// Brokers that it names.
    pub brokers: Vec<String>,
    /// The place it gives.
    pub place: Option<String>,
    /// The day it gives.
    pub date: Option<String>,
    /// Of how many documents it says the accord consists.
    pub documents: Option<i64>,
    /// The words of its clearest mention.
    pub words: Words,
    /// What people are reported to say of the accord: told for the first [`AccordTold::HEARD`] dispatches.
    pub statements: Vec<AccordStatement>,
}

impl AccordTold {
    /// The dispatches whose statements are told.
    pub const HEARD: usize = 12;
}

/// What somebody says of an accord.
#[derive(Debug, Clone, Serialize)]
pub struct AccordStatement {
    /// Who.
    pub speaker: String,
    /// The speech act.
    pub mode: String,
    /// What is said.
    pub content: String,
    /// First code point of it.
    pub start: i64,
    /// One past the last of its first piece.
    pub end: i64,
}

impl Ledger {
    /// What became of the incident or accord with this id.
    pub fn story(&self, kind: &str, id: &str) -> std::result::Result<Story, LedgerError> {
        let column = if kind == "accord" { "accord_id" } else { "incident_id" };
        let changes =
            ChangeFilter { subject: Some(id.to_owned()), limit: Some(Story::MOST), ..ChangeFilter::default() };
        let decisions = LogFilter { about: Some(id.to_owned()), limit: Some(Story::MOST), ..LogFilter::default() };
        Ok(Story {
            changes: self.changes(&changes)?,
            decisions: self.log(&decisions)?,
            checks: self.checks_of(column, id)?,
        })
    }

    /// The accord with this id as each dispatch tells it, in order of publication.
    pub fn accord_told(&self, id: &str) -> std::result::Result<Vec<AccordTold>, LedgerError> {
        let mut told = self.accord_accounts(id).map_err(|e| self.told(&e))?;
        for (row, item, account) in told.iter_mut().take(AccordTold::HEARD) {
            let Some(whole) = self.dispatch_whole(*row)? else { continue };
            let about = whole.record.statements.into_iter().filter(|s| s.about.iter().any(|a| a == item));
            account.statements = about
                .map(|s| AccordStatement {
                    content: s.content.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" … "),
                    start: s.content.first().map_or(0, |c| c.start as i64),
                    end: s.content.first().map_or(0, |c| c.end as i64),
                    mode: serde_json::to_value(s.mode)
                        .ok()
                        .and_then(|m| m.as_str().map(str::to_owned))
                        .unwrap_or_default(),
                    speaker: s.speaker,
                })
                .collect();
        }
        Ok(told.into_iter().map(|(_, _, account)| account).collect())
    }

    fn accord_accounts(&self, id: &str) -> Result<Vec<(i64, String, AccordTold)>> {
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT d.id, a.item, a.public_id, a.name, a.parties, a.brokers, a.place, a.date, a.documents, a.words, a.words_start,
                 a.words_end, {}
             FROM accord_accounts a JOIN dispatches d ON d.id = a.dispatch_id
             JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
             WHERE a.accord_id = ?1 ORDER BY d.published IS NULL, d.published, d.namespace, d.source_id, a.id",
            super::stream::HEAD
        ))?;
        let list = |text: String| text.split("; ").filter(|p| !p.is_empty()).map(str::to_owned).collect();
        find.query_map([id], |r| {
            let account = AccordTold {
                id: r.get(2)?,
                name: r.get(3)?,
                parties: list(r.get(4)?),
                brokers: list(r.get(5)?),
                place: r.get(6)?,
                date: r.get(7)?,
                documents: r.get(8)?,
                words: Words { text: r.get(9)?, start: r.get(10)?, end: r.get(11)? },
                dispatch: super::stream::head(r, 12)?,
                statements: Vec::new(),
            };
            Ok((r.get(0)?, r.get(1)?, account))
        })?
        .collect()
    }
}
