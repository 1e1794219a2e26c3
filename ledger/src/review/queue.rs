//! What needs a person first, ranked, with its exact words in context; and who is working on what.
//!
//! In this order: decisions that found no place in a new reading; items that a person had decided on and whose dispatch is
//! withdrawn; incidents and accords on which sources differ, those with most sources first; pairs that were tied with few
//! points to spare; accounts that the reader itself is unsure of; dispatches whose own numbers or days do not add up. What a
//! person has accepted, edited, rejected or told apart is done and not listed again, until a new reading or a new account
//! makes it another question.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{OptionalExtension, params, params_from_iter};
use serde::Serialize;

use super::log::moment;
use super::needs::{Need, Part, Placed};
use crate::query::{Count, Where};
use crate::{Ledger, LedgerError};

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

/// As far as what waits is counted: beyond it, a number costs more than it tells.
const COUNTED: i64 = 2_000;

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

    /// How many need a person, for each need, counted up to a bound.
    pub fn queue_sizes(&self) -> Result<Vec<(Need, Count)>, LedgerError> {
        let count = |need: Need| -> rusqlite::Result<(Need, Count)> {
            let mut all = 0;
            for part in need.parts() {
                let sql = format!(
                    "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {})",
                    part.from,
                    part.that,
                    COUNTED + 1
                );
                all += self.connection.prepare_cached(&sql)?.query_row([], |r| r.get::<_, i64>(0))?;
            }
            Ok((need, Count::up_to(all, COUNTED)))
        };
        Need::ALL.into_iter().map(count).collect::<rusqlite::Result<_>>().map_err(|e| self.told(&e))
    }

    /// The first rows of a need behind a rank and key.
    fn needing(
        &self,
        need: Need,
        filter: &QueueFilter,
        after: Option<(i64, &str)>,
        limit: usize,
    ) -> rusqlite::Result<Vec<Row>> {
        let mut all = Vec::new();
        for part in need.parts() {
            all.extend(self.needing_part(need, part, filter, after, limit)?);
        }
        // Each part has its own order; together they have that of rank and key.
        all.sort_by(|a: &Row, b: &Row| (a.k, &a.key).cmp(&(b.k, &b.key)));
        all.truncate(limit);
        Ok(all)
    }

    fn needing_part(
        &self,
        need: Need,
        part: &Part,
        filter: &QueueFilter,
        after: Option<(i64, &str)>,
        limit: usize,
    ) -> rusqlite::Result<Vec<Row>> {
        // ?1 and ?2 are the rank and key behind which the page begins, ?3 and ?4 the need and the moment.
        let (rank, key) = after.unwrap_or_default();
        let mut w = Where {
            conditions: vec![part.that.to_owned()],
            values: vec![
                rank.into(),
                key.to_owned().into(),
                need.name().to_owned().into(),
                filter.now.map(moment).unwrap_or_default().into(),
            ],
            ..Where::default()
        };
        if after.is_some() {
            w.conditions.push(part.beyond.replace("RANK", part.rank).replace("KEY", part.key));
        }
        if let Some(place) = &filter.place {
            match part.place {
                None => return Ok(Vec::new()),
                Some(Placed { column, few: None }) => {
                    w.add(&format!("instr(lower({column}), lower(?)) > 0"), place.clone())
                }
                Some(Placed { column, few: Some((id, rows)) }) => {
                    let named = "SELECT place FROM place_names WHERE instr(lower(place), lower(?)) > 0";
                    let (rows, test) = (format!("{rows} WHERE place IN ({named})"), format!("+{column} IN ({named})"));
                    self.among(&mut w, id, &rows, Some(&test), place.clone())?;
                }
            }
        }
        if let Some(since) = filter.since {
            w.add(&format!("{} >= ?", part.day), since.to_string());
        }
        if let Some(until) = filter.until {
            w.add(&format!("{} <= ?", part.day), until.to_string());
        }
        if let Some(who) = &filter.taken_by {
            // What somebody has taken on is little: it is looked for by its key.
            w.values.push(who.clone().into());
            w.conditions.push(format!(
                "{} IN (SELECT substr(item, length(?3) + 2) FROM review_claims WHERE who = ?{} AND until > ?4
                     AND substr(item, 1, length(?3) + 1) = ?3 || ':')",
                part.key,
                w.values.len()
            ));
        }
        if filter.free {
            w.conditions.push("(t.item IS NULL OR t.until <= ?4)".to_owned());
        }
        let sql = format!(
            "SELECT {}, {}, {}, o.namespace || ':' || o.source_id, o.outlet, o.published,
                 CASE WHEN t.until > ?4 THEN t.who END, CASE WHEN t.until > ?4 THEN t.until END
             FROM {} LEFT JOIN dispatches o ON o.id = {} LEFT JOIN review_claims t ON t.item = ?3 || ':' || {}{}
             ORDER BY {} LIMIT {limit}",
            part.rank,
            part.key,
            part.columns,
            part.from,
            part.dispatch,
            part.key,
            w.sql(),
            part.order
        );
        let mut find = self.connection.prepare_cached(&sql)?;
        find.query_map(params_from_iter(w.values), |r| {
            let key: String = r.get(1)?;
            let item = Queued {
                key: format!("{}:{key}", need.name()),
                need,
                id: r.get(2)?,
                other: r.get(3)?,
                about: r.get(4)?,
                why: r.get(5)?,
                words: r.get(7)?,
                prefix: String::new(),
                suffix: String::new(),
                dispatch: r.get(10)?,
                outlet: r.get(11)?,
                published: r.get(12)?,
                taken_by: r.get(13)?,
                taken_until: r.get(14)?,
            };
            Ok(Row { k: r.get(0)?, key, item, dispatch: r.get(6)?, words: (r.get(8)?, r.get(9)?) })
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
