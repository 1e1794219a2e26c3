//! What needs a person first, ranked, with its exact words in context; and who is working on what.
//!
//! In this order: decisions that found no place in a new reading; items that a person had decided on and whose dispatch is
//! withdrawn; incidents and accords on which sources differ, those with most sources first; pairs that were tied with few
//! points to spare; accounts that the reader itself is unsure of; dispatches whose own numbers or days do not add up. What a
//! person has accepted, edited, rejected or told apart is done and not listed again, until a new reading or a new account
//! makes it another question.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::log::moment;
use crate::{Ledger, LedgerError};

/// Why something needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A decision whose words have no place in the current reading.
    Orphaned,
    /// A decided item whose dispatch is killed or withheld.
    Withdrawn,
    /// Sources differ.
    Dispute,
    /// Two accounts tied with few points to spare.
    NearLink,
    /// The reader is unsure.
    LowConfidence,
    /// A dispatch's own numbers or days do not add up.
    Check,
}

impl Need {
    /// All, in order of rank.
    pub const ALL: [Need; 6] =
        [Need::Orphaned, Need::Withdrawn, Need::Dispute, Need::NearLink, Need::LowConfidence, Need::Check];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Need::Orphaned => "orphaned",
            Need::Withdrawn => "withdrawn",
            Need::Dispute => "dispute",
            Need::NearLink => "near_link",
            Need::LowConfidence => "low_confidence",
            Need::Check => "check",
        }
    }

    /// A query with the columns: rank within its kind, key, id, other id, about, why, dispatch row, words, start, end, place,
    /// day.
    fn sql(self) -> &'static str {
        match self {
            Need::Orphaned => {
                "SELECT l.id AS k, printf('%s:%03d', l.uid, a.number) AS key, l.uid AS id, NULL AS other,
                     l.action || ' ' || replace(a.kind, '_', ' ') || ' ' || l.target || ' by ' || l.reviewer AS about,
                     'the words it was made on have no place in the current reading: decide again, or undo it' AS why,
                     d.id AS dispatch, a.exact AS words, -1 AS w0, -1 AS w1, NULL AS place, substr(l.at, 1, 10) AS day
                 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                 LEFT JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id
                 WHERE a.state = 'orphaned' AND l.action <> 'note'"
            }
            Need::Withdrawn => {
                "SELECT l.id AS k, printf('%s:%03d', l.uid, a.number) AS key, l.uid AS id, NULL AS other,
                     l.action || ' ' || replace(a.kind, '_', ' ') || ' ' || l.target || ' by ' || l.reviewer AS about,
                     'its dispatch is ' || d.state || ': nothing of it counts' AS why,
                     d.id AS dispatch, a.exact AS words, -1 AS w0, -1 AS w1, NULL AS place, d.published AS day
                 FROM dispatches d JOIN review_anchors a ON a.namespace = d.namespace AND a.source_id = d.source_id
                 JOIN standing_decisions l ON l.id = a.log_id
                 WHERE d.state <> 'live' AND l.action IN ('accept', 'edit', 'add', 'merge')"
            }
            Need::Dispute => {
                "SELECT -i.sources AS k, i.id AS key, i.id AS id, NULL AS other,
                     replace(i.type, '_', ' ') || coalesce(', ' || i.place, '') || coalesce(', ' || i.date_start, '') AS about,
                     'sources differ on ' || replace(replace(i.disputed, '_', ' '), ',', ', ') AS why,
                     p.dispatch_id AS dispatch, p.words AS words, p.words_start AS w0, p.words_end AS w1, i.place AS place,
                     i.date_start AS day
                 FROM incidents i JOIN disputes q ON q.id = (SELECT min(id) FROM disputes WHERE incident_id = i.id)
                 JOIN positions p ON p.dispute_id = q.id AND p.number = 1
                 WHERE i.disputed <> '' AND EXISTS (SELECT 1 FROM accounts x WHERE x.incident_id = i.id AND NOT EXISTS (
                     SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = x.public_id AND l.action = 'accept'))
                 UNION ALL
                 SELECT -i.accounts, i.id, i.id, NULL, i.name, 'sources differ on ' || replace(i.disputed, ',', ', '),
                     p.dispatch_id, p.words, p.words_start, p.words_end, i.place, coalesce(i.date, i.first_told)
                 FROM accords i JOIN disputes q ON q.id = (SELECT min(id) FROM disputes WHERE accord_id = i.id)
                 JOIN positions p ON p.dispute_id = q.id AND p.number = 1
                 WHERE i.disputed <> '' AND EXISTS (SELECT 1 FROM accord_accounts x WHERE x.accord_id = i.id AND NOT EXISTS (
                     SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = x.public_id AND l.action = 'accept'))"
            }
            Need::NearLink => {
                "SELECT e.points AS k, printf('%012d-%012d', e.a, e.b) AS key, x.public_id AS id, y.public_id AS other,
                     replace(x.type, '_', ' ') || coalesce(', ' || x.place, '') || coalesce(', ' || x.date_start, '') || ' / ' ||
                     replace(y.type, '_', ' ') || coalesce(', ' || y.place, '') || coalesce(', ' || y.date_start, '') AS about,
                     'taken for one incident with ' || e.points || ' points; ' || 46 || ' are needed' AS why,
                     x.dispatch_id AS dispatch, x.trigger_words AS words, x.trigger_start AS w0, x.trigger_end AS w1,
                     x.place AS place, x.date_start AS day
                 FROM links e JOIN accounts x ON x.id = (SELECT min(id) FROM accounts WHERE node_id = e.a)
                 JOIN accounts y ON y.id = (SELECT min(id) FROM accounts WHERE node_id = e.b)
                 WHERE e.points < 54 AND x.incident_id = y.incident_id AND NOT EXISTS (
                     SELECT 1 FROM link_decisions v WHERE v.a = min(x.public_id, y.public_id) AND v.b = max(x.public_id, y.public_id))
                 AND NOT (EXISTS (SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = x.public_id AND l.action = 'accept')
                     AND EXISTS (SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = y.public_id AND l.action = 'accept'))
                 UNION ALL
                 SELECT e.points, printf('%012d-%012d', e.a, e.b), x.public_id, y.public_id, x.name || ' / ' || y.name,
                     'taken for one accord with ' || e.points || ' points; ' || 30 || ' are needed', x.dispatch_id, x.words,
                     x.words_start, x.words_end, x.place, x.date
                 FROM links e JOIN accord_accounts x ON x.id = (SELECT min(id) FROM accord_accounts WHERE node_id = e.a)
                 JOIN accord_accounts y ON y.id = (SELECT min(id) FROM accord_accounts WHERE node_id = e.b)
                 WHERE e.points < 38 AND x.accord_id = y.accord_id AND NOT EXISTS (
                     SELECT 1 FROM link_decisions v WHERE v.a = min(x.public_id, y.public_id) AND v.b = max(x.public_id, y.public_id))"
            }
            Need::LowConfidence => {
                "SELECT x.id AS k, x.public_id AS key, x.public_id AS id, NULL AS other,
                     replace(x.type, '_', ' ') || coalesce(', ' || x.place, '') || coalesce(', ' || x.date_start, '') AS about,
                     'the reader is unsure of this account' AS why, x.dispatch_id AS dispatch, x.trigger_words AS words,
                     x.trigger_start AS w0, x.trigger_end AS w1, x.place AS place, x.date_start AS day
                 FROM accounts x WHERE x.confidence = 'low' AND NOT EXISTS (
                     SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = x.public_id AND l.action IN ('accept', 'edit'))"
            }
            Need::Check => {
                "SELECT c.id AS k, CAST(c.id AS TEXT) AS key, d.namespace || ':' || d.source_id AS id, NULL AS other,
                     c.kind || ' check' AS about, c.message AS why, d.id AS dispatch, coalesce(c.words, '') AS words,
                     coalesce(c.words_start, -1) AS w0, coalesce(c.words_end, -1) AS w1, NULL AS place, d.published AS day
                 FROM checks c JOIN dispatches d ON d.id = c.dispatch_id WHERE NOT EXISTS (
                     SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.namespace = d.namespace AND a.source_id = d.source_id AND a.kind = 'dispatch' AND l.action = 'accept')"
            }
        }
    }
}

/// What the queue is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct QueueFilter {
    /// Only these needs; all when empty.
    pub needs: Vec<Need>,
    /// Part of the place's name.
    pub place: Option<String>,
    /// From this day on: of the incident, else of publication or decision.
    pub since: Option<Date>,
    /// Up to this day.
    pub until: Option<Date>,
    /// Only what this reviewer has taken on.
    pub taken_by: Option<String>,
    /// Only what nobody has taken on.
    pub free: bool,
    /// The moment at which taking on is judged: later claims have not run out.
    pub now: Option<Timestamp>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many (50 where it is not said).
    pub limit: Option<u32>,
}

/// Something that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queued {
    /// What it is called in the queue: to be taken on by.
    pub key: String,
    /// Why it needs a person.
    pub need: Need,
    /// The id to decide on; of an orphaned decision, its own.
    pub id: String,
    /// The other of a pair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// What it is about.
    pub about: String,
    /// Why, in a sentence.
    pub why: String,
    /// The exact words.
    pub words: String,
    /// What stands before them.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
    /// The dispatch of these words.
    pub dispatch: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// When.
    pub published: Option<String>,
    /// Who works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<String>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_until: Option<String>,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueuePage {
    /// What needs a person, most urgent first.
    pub items: Vec<Queued>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// How much of the text is shown on each side, in code points.
const CONTEXT: i64 = 90;

/// A row of a need's query.
struct Row {
    k: i64,
    key: String,
    item: Queued,
    dispatch: Option<i64>,
    words: (i64, i64),
}

impl Ledger {
    /// What needs a person, most urgent first, a page at a time.
    pub fn queue(&self, filter: &QueueFilter) -> Result<QueuePage, LedgerError> {
        let limit = filter.limit.unwrap_or(50).max(1) as usize;
        let from =
            filter.cursor.as_deref().map(|c| parse_cursor(c).ok_or_else(|| LedgerError::BadCursor(c.to_owned())));
        let from = from.transpose()?;
        let read = || -> rusqlite::Result<QueuePage> {
            let mut items = Vec::new();
            let mut last = None;
            for need in Need::ALL {
                if !filter.needs.is_empty() && !filter.needs.contains(&need)
                    || from.as_ref().is_some_and(|f| f.0 > need)
                {
                    continue;
                }
                let after = from.as_ref().filter(|f| f.0 == need).map(|f| (f.1, f.2.as_str()));
                for mut row in self.needing(need, filter, after, limit + 1 - items.len())? {
                    if items.len() == limit {
                        return Ok(QueuePage { items, next: last });
                    }
                    last = Some(format!("{}/{}/{}", need.name(), row.k, row.key));
                    self.put_in_context(&mut row)?;
                    items.push(row.item);
                }
            }
            Ok(QueuePage { items, next: None })
        };
        read().map_err(|e| self.told(&e))
    }

    /// How many need a person, for each need.
    pub fn queue_counts(&self) -> Result<Vec<(Need, i64)>, LedgerError> {
        let count = |need: Need| {
            let sql = format!("SELECT count(*) FROM ({})", need.sql());
            self.connection.prepare_cached(&sql)?.query_row([], |r| r.get::<_, i64>(0)).map(|n| (need, n))
        };
        Need::ALL.into_iter().map(count).collect::<rusqlite::Result<_>>().map_err(|e| self.told(&e))
    }

    fn needing(
        &self,
        need: Need,
        filter: &QueueFilter,
        after: Option<(i64, &str)>,
        limit: usize,
    ) -> rusqlite::Result<Vec<Row>> {
        let mut conditions = Vec::new();
        let now_at = 2;
        let mut values: Vec<Sql> =
            vec![need.name().to_owned().into(), filter.now.map(moment).unwrap_or_default().into()];
        let mut add = |condition: &str, value: Sql| {
            values.push(value);
            conditions.push(condition.replace('?', &format!("?{}", values.len())));
        };
        if let Some((k, key)) = after {
            add("q.k >= ?", k.into());
            add(&format!("(q.k > {k} OR q.key > ?)"), key.to_owned().into());
        }
        if let Some(place) = &filter.place {
            add("instr(lower(q.place), lower(?)) > 0", place.clone().into());
        }
        if let Some(since) = filter.since {
            add("q.day >= ?", since.to_string().into());
        }
        if let Some(until) = filter.until {
            add("q.day <= ?", until.to_string().into());
        }
        if let Some(who) = &filter.taken_by {
            values.push(who.clone().into());
            conditions.push(format!("t.who = ?{} AND t.until > ?{now_at}", values.len()));
        }
        if filter.free {
            conditions.push(format!("(t.item IS NULL OR t.until <= ?{now_at})"));
        }
        let sql = format!(
            "SELECT q.k, q.key, q.id, q.other, q.about, q.why, q.words, d.namespace || ':' || d.source_id, d.outlet, d.published,
                 CASE WHEN t.until > ?{now_at} THEN t.who END, CASE WHEN t.until > ?{now_at} THEN t.until END, q.dispatch, q.w0, q.w1
             FROM ({}) q LEFT JOIN dispatches d ON d.id = q.dispatch LEFT JOIN review_claims t ON t.item = ?1 || ':' || q.key
             {} ORDER BY q.k, q.key LIMIT {limit}",
            need.sql(),
            if conditions.is_empty() { String::new() } else { format!("WHERE {}", conditions.join(" AND ")) }
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        find.query_map(params_from_iter(values), |r| {
            let key: String = r.get(1)?;
            let item = Queued {
                key: format!("{}:{key}", need.name()),
                need,
                id: r.get(2)?,
                other: r.get(3)?,
                about: r.get(4)?,
                why: r.get(5)?,
                words: r.get(6)?,
                prefix: String::new(),
                suffix: String::new(),
                dispatch: r.get(7)?,
                outlet: r.get(8)?,
                published: r.get(9)?,
                taken_by: r.get(10)?,
                taken_until: r.get(11)?,
            };
            Ok(Row { k: r.get(0)?, key, item, dispatch: r.get(12)?, words: (r.get(13)?, r.get(14)?) })
        })?
        .collect()
    }

    /// Reads what stands before and after the words.
    fn put_in_context(&self, row: &mut Row) -> rusqlite::Result<()> {
        let (start, end) = row.words;
        let Some(dispatch) = row.dispatch.filter(|_| start >= 0 && end > start) else { return Ok(()) };
        let from = (start - CONTEXT).max(0);
        let around: Option<(String, String)> = self
            .connection
            .prepare_cached(
                "SELECT substr(text, ?2 + 1, ?3 - ?2), substr(text, ?4 + 1, ?5) FROM current_texts WHERE id = ?1",
            )?
            .query_row(params![dispatch, from, start, end, CONTEXT], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        if let Some((prefix, suffix)) = around {
            (row.item.prefix, row.item.suffix) = (prefix, suffix);
        }
        Ok(())
    }

    /// Takes something of the queue on until a moment. Refused where another has it and that has not run out.
    pub fn take_on(&mut self, key: &str, who: &str, until: Timestamp, now: Timestamp) -> Result<(), LedgerError> {
        if who.trim().is_empty() {
            return Err(LedgerError::Refused("say who takes it on (a name)".to_owned()));
        }
        let held = || -> rusqlite::Result<Option<(String, String)>> {
            let changed = self
                .connection
                .prepare_cached(
                    "INSERT INTO review_claims (item, who, until) VALUES (?1, ?2, ?3) ON CONFLICT (item) DO UPDATE
                     SET who = excluded.who, until = excluded.until WHERE who = excluded.who OR until <= ?4",
                )?
                .execute(params![key, who, moment(until), moment(now)])?;
            if changed > 0 {
                return Ok(None);
            }
            let row = |r: &rusqlite::Row| Ok((r.get(0)?, r.get(1)?));
            self.connection.query_row("SELECT who, until FROM review_claims WHERE item = ?1", [key], row).optional()
        };
        match held().map_err(|e| self.told(&e))? {
            None => Ok(()),
            Some((other, until)) => Err(LedgerError::Refused(format!("{key}: {other} works on it until {until}"))),
        }
    }

    /// Gives back what a reviewer has taken on. Returns whether it was theirs.
    pub fn give_back(&mut self, key: &str, who: &str) -> Result<bool, LedgerError> {
        let gone = self.connection.execute("DELETE FROM review_claims WHERE item = ?1 AND who = ?2", params![key, who]);
        gone.map(|n| n > 0).map_err(|e| self.told(&e))
    }
}

/// The need, rank and key that a cursor names.
fn parse_cursor(cursor: &str) -> Option<(Need, i64, String)> {
    let mut parts = cursor.splitn(3, '/');
    let need = parts.next()?;
    let need = Need::ALL.into_iter().find(|n| n.name() == need)?;
    Some((need, parts.next()?.parse().ok()?, parts.next()?.to_owned()))
}
