//! What people decided on the rows of a list, so that a reader's word and a person's are told apart at a glance.

use rusqlite::{OptionalExtension, Result, params};

use super::rows::AccountRef;
use crate::Ledger;

/// What is said of a row for each action that stands on it.
const SAID: [(&str, &str); 7] = [
    ("accept", "accepted"),
    ("add", "added"),
    ("edit", "edited"),
    ("merge", "merged"),
    ("not_same", "told apart"),
    ("reject", "rejected in part"),
    ("split", "split"),
];

impl Ledger {
    /// Whether anybody has decided anything.
    pub(super) fn anything_decided(&self) -> Result<bool> {
        let found: Option<i64> = self
            .connection
            .prepare_cached("SELECT 1 FROM review_log LIMIT 1")?
            .query_row([], |r| r.get(0))
            .optional()?;
        Ok(found.is_some())
    }

    /// What stands on an item of a dispatch and on its parts: `accepted`, `added`, `edited`, `merged`, `rejected in part`,
    /// `split`, `told apart`.
    pub(super) fn decided_on(&self, namespace: &str, dispatch: &str, item: &str) -> Result<Vec<String>> {
        let mut find = self.connection.prepare_cached(
            "SELECT DISTINCT l.action FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND a.state = 'attached'
                 AND (a.item = ?3 OR substr(a.item, 1, length(?3) + 1) = ?3 || '.')",
        )?;
        let actions: Vec<String> =
            find.query_map(params![namespace, dispatch, item], |r| r.get(0))?.collect::<Result<_>>()?;
        let said = SAID.iter().filter(|(action, _)| actions.iter().any(|a| a == action));
        Ok(said.map(|(_, said)| (*said).to_owned()).collect())
    }

    /// What stands on the accounts of an incident or accord.
    pub(super) fn decided_on_all(&self, accounts: &[AccountRef]) -> Result<Vec<String>> {
        let mut all: Vec<String> = Vec::new();
        for account in accounts {
            let item = account.incident.as_ref().or(account.accord.as_ref()).map_or("", String::as_str);
            for said in self.decided_on(&account.namespace, &account.dispatch, item)? {
                if !all.contains(&said) {
                    all.push(said);
                }
            }
        }
        all.sort_unstable();
        Ok(all)
    }
}
