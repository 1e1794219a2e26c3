//! One thing after the other, each with everything attached: for exports, which must not hold a ledger in memory.
//!
//! Incidents come by day, undated ones last; accords by the day they were first told; dispatches by their day of
//! publication; readings in the order in which they were filed. Only one is in memory at a time, whatever the ledger's
//! size. A callback that fails ends the walk.

use record::Record;
use rusqlite::{Row, params, params_from_iter};
use serde::Serialize;

use super::{AccordRow, AccountRef, DisputeRow, Filter, IncidentRow, PartyState, Shown, StatusLine, Tally, Where};
use crate::review::live;
use crate::store::flat::Home;
use crate::{Ledger, LedgerError};

/// Words of a dispatch with their range in code points.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The words.
    pub text: String,
    /// First code point.
    pub start: i64,
    /// One past the last.
    pub end: i64,
}

/// What identifies a dispatch and says where it comes from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DispatchHead {
    /// Whose ids its id is one of.
    pub namespace: String,
    /// Its id there.
    pub id: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The agency that wrote it.
    pub agency: Option<String>,
    /// Where it stands.
    pub url: Option<String>,
    /// Headline.
    pub headline: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// `live`, `killed` or `withheld`.
    pub state: String,
    /// Number of its current version.
    pub version: i64,
    /// The group of echoes it is in.
    pub echo_group: Option<String>,
    /// When it was first filed (RFC 3339).
    pub filed_at: String,
    /// Length of its current text in code points.
    pub length: i64,
}

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureWhole {
    /// Position in the record.
    pub item: String,
    /// killed, injured …
    pub measure: String,
    /// Lower bound.
    pub low: Option<i64>,
    /// Upper bound.
    pub high: Option<i64>,
    /// How the number is put.
    pub qualifier: String,
    /// What is counted.
    pub counted: String,
    /// The denominator.
    pub out_of: Option<i64>,
    /// Position of the figure it is a part of.
    pub part_of: Option<String>,
    /// Given as "reportedly".
    pub hedged: bool,
    /// Who gives it.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// An actor tied to an act.
#[derive(Debug, Clone, Serialize)]
pub struct PerpetratorWhole {
    /// Who.
    pub actor: String,
    /// The key under which the ledger knows the actor: two names of one actor share it.
    pub key: String,
    /// How.
    pub stance: String,
    /// Who says so.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// Whom or what an act struck.
#[derive(Debug, Clone, Serialize)]
pub struct VictimWhole {
    /// Short description.
    pub victim: String,
    /// The exact words.
    pub words: Words,
}

/// A claim about means, date, place or cause.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimWhole {
    /// means, date, place, cause.
    pub field: String,
    /// What is claimed.
    pub value: String,
    /// Who claims it.
    pub by: String,
    /// The exact words.
    pub words: Words,
}

/// An account with all that it says.
#[derive(Debug, Clone, Serialize)]
pub struct AccountWhole {
    /// Its public id.
    pub id: String,
    /// Position in its record.
    pub item: String,
    /// Where it is told.
    pub dispatch: DispatchHead,
    /// Kind of act.
    #[serde(rename = "type")]
    pub kind: String,
    /// First day.
    pub date_start: Option<String>,
    /// Last day.
    pub date_end: Option<String>,
    /// What the days come from.
    pub date_basis: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// Province.
    pub admin1: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// How finely the place is known.
    pub precision: Option<String>,
    /// Recalled as context.
    pub background: bool,
    /// Told as fact, threat …
    pub modality: String,
    /// The reader's confidence.
    pub confidence: String,
    /// The words that tell of it.
    pub words: Words,
    /// Numbers.
    pub figures: Vec<FigureWhole>,
    /// Who is blamed, cleared, owns up.
    pub perpetrators: Vec<PerpetratorWhole>,
    /// Whom it struck.
    pub victims: Vec<VictimWhole>,
    /// Claims about means, date, place, cause.
    pub claims: Vec<ClaimWhole>,
}

/// An incident with all its accounts.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentWhole {
    /// Its line in the list.
    pub incident: IncidentRow,
    /// What each dispatch tells, in order of publication.
    pub accounts: Vec<AccountWhole>,
    /// Fields on which sources differ.
    pub disputes: Vec<DisputeRow>,
}

/// An accord with all that is said of it.
#[derive(Debug, Clone, Serialize)]
pub struct AccordWhole {
    /// Its line in the list.
    pub accord: AccordRow,
    /// The state of each party.
    pub states: Vec<PartyState>,
    /// Claims of violation by reporter and blamed party.
    pub violations: Vec<Tally>,
    /// Every claim about its state, in order of time.
    pub timeline: Vec<StatusLine>,
    /// Fields on which sources differ.
    pub disputes: Vec<DisputeRow>,
}

/// What a person noted on an item of a dispatch; a note that was taken back is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteOn {
    /// The decision's public id.
    pub id: String,
    /// Position of the item in the record, empty for the dispatch itself.
    pub item: String,
    /// When (RFC 3339).
    pub at: String,
    /// Who.
    pub by: String,
    /// The note.
    pub text: String,
}

/// A dispatch with its current record.
#[derive(Debug, Clone, Serialize)]
pub struct DispatchWhole {
    /// Its identity.
    pub head: DispatchHead,
    /// What was read from it, with people's decisions applied.
    pub record: Record,
    /// For each incident and accord of the record: its position, its public id, the id of the ledger's incident or accord.
    pub items: Vec<(String, String, String)>,
    /// SHA-256 of its current original.
    pub original: Option<String>,
    /// What people noted on it and on what was read from it, in order of time.
    pub notes: Vec<NoteOn>,
}

/// One reading of one version of a dispatch, as it was filed.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whose ids the dispatch's id is one of.
    pub namespace: String,
    /// The dispatch's id.
    pub id: String,
    /// `live`, `killed` or `withheld`.
    pub state: String,
    /// Number of the version.
    pub version: i64,
    /// What the version is: first, correction …
    pub kind: String,
    /// When it was filed (RFC 3339).
    pub read_at: String,
    /// The record's JSON as it was filed.
    pub record: String,
    /// The media type of the original.
    pub media_type: String,
    /// The original's bytes.
    pub original: Vec<u8>,
}

pub(super) const HEAD: &str = "d.namespace, d.source_id, d.outlet, d.agency, d.url, d.headline, d.language, d.published, d.state, d.version, \
                    d.echo_group, d.filed_at, length(v.text)";

/// The columns of [`HEAD`], from column `at` on.
pub(super) fn head(r: &Row, at: usize) -> rusqlite::Result<DispatchHead> {
    Ok(DispatchHead {
        namespace: r.get(at)?,
        id: r.get(at + 1)?,
        outlet: r.get(at + 2)?,
        agency: r.get(at + 3)?,
        url: r.get(at + 4)?,
        headline: r.get(at + 5)?,
        language: r.get(at + 6)?,
        published: r.get(at + 7)?,
        state: r.get(at + 8)?,
        version: r.get(at + 9)?,
        echo_group: r.get(at + 10)?,
        filed_at: r.get(at + 11)?,
        length: r.get(at + 12)?,
    })
}

fn words(r: &Row, at: usize) -> rusqlite::Result<Words> {
    Ok(Words { text: r.get(at)?, start: r.get(at + 1)?, end: r.get(at + 2)? })
}

impl Ledger {
    /// Every incident that the filter lets through, whole.
    pub fn each_incident<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(IncidentWhole) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = filter.limit.map_or(u64::MAX, u64::from);
        let w = self.incidents_that(filter)?;
        // The expression of the index: sorting undated incidents behind the others would hold them all.
        let sql = format!("SELECT i.id FROM incidents i{} ORDER BY coalesce(i.date_start, '~'), i.id", w.sql());
        self.each_row(&sql, w, &mut left, |r| r.get::<_, String>(0), |id| each(self.incident_whole(&id)?))
    }

    /// Every undated incident that dispatches of the filter's days were the first to tell, whole.
    pub fn each_undated<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(IncidentWhole) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = filter.limit.map_or(u64::MAX, u64::from);
        let mut w = self.incidents_that(&Filter { since: None, until: None, ..filter.clone() })?;
        w.conditions.push("i.date_start IS NULL".to_owned());
        if let Some(since) = filter.since {
            w.add("i.first_told >= ?", since.to_string());
        }
        if let Some(until) = filter.until {
            w.add("i.first_told <= ?", until.to_string());
        }
        let sql = format!("SELECT i.id FROM incidents i{} ORDER BY i.id", w.sql());
        self.each_row(&sql, w, &mut left, |r| r.get::<_, String>(0), |id| each(self.incident_whole(&id)?))
    }

    /// Every accord that the filter lets through, whole.
    pub fn each_accord<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(AccordWhole) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = filter.limit.map_or(u64::MAX, u64::from);
        let w = self.accords_that(filter)?;
        let sql = format!("SELECT c.id FROM accords c{} ORDER BY c.first_told IS NULL, c.first_told, c.id", w.sql());
        self.each_row(&sql, w, &mut left, |r| r.get::<_, String>(0), |id| each(self.accord_whole(&id)?))
    }

    /// Every dispatch that the filter lets through, with its current record.
    pub fn each_dispatch<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(DispatchWhole) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = filter.limit.map_or(u64::MAX, u64::from);
        let w = self.dispatches_that(filter)?;
        let sql = format!("SELECT d.id FROM dispatches d{} ORDER BY coalesce(d.published, ''), d.id", w.sql());
        self.each_row(
            &sql,
            w,
            &mut left,
            |r| r.get::<_, i64>(0),
            |id| match self.dispatch_whole(id)? {
                Some(whole) => each(whole),
                None => Ok(()),
            },
        )
    }

    /// Every reading of the dispatches that the filter lets through, in the order in which they were filed: filed anew in
    /// this order into an empty ledger, they give the same ledger.
    pub fn each_reading<E: From<LedgerError>>(
        &self,
        filter: &Filter,
        each: impl FnMut(Reading) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = u64::MAX;
        let w = self.dispatches_that(filter)?;
        let chosen = format!("SELECT d.id FROM dispatches d{}", w.sql());
        let limit =
            filter.limit.map(|n| format!(" ORDER BY d.published DESC, d.id DESC LIMIT {n}")).unwrap_or_default();
        let all = w.conditions.is_empty() && limit.is_empty();
        let narrowed = if all { String::new() } else { format!("WHERE d.id IN ({chosen}{limit}) ") };
        // A cross join keeps the readings outermost, in the order of their rows: else all of them, with their originals, would
        // be sorted on disk before the first is written.
        let sql = format!(
            "SELECT d.namespace, d.source_id, d.state, v.number, v.kind, r.read_at, r.content, o.media_type, o.content
             FROM records r CROSS JOIN versions v ON v.id = r.version_id CROSS JOIN dispatches d ON d.id = v.dispatch_id
             LEFT JOIN originals o ON o.sha256 = v.original
             {narrowed}ORDER BY r.id"
        );
        self.each_row(
            &sql,
            w,
            &mut left,
            |r| {
                Ok(Reading {
                    namespace: r.get(0)?,
                    id: r.get(1)?,
                    state: r.get(2)?,
                    version: r.get(3)?,
                    kind: r.get(4)?,
                    read_at: r.get(5)?,
                    record: String::from_utf8_lossy(&unpack(&r.get::<_, Vec<u8>>(6)?)).into_owned(),
                    media_type: r.get::<_, Option<String>>(7)?.unwrap_or_default(),
                    original: unpack(&r.get::<_, Option<Vec<u8>>>(8)?.unwrap_or_default()),
                })
            },
            each,
        )
    }

    /// Runs a query row by row.
    fn each_row<T, E: From<LedgerError>>(
        &self,
        sql: &str,
        w: Where,
        left: &mut u64,
        row: impl Fn(&Row) -> rusqlite::Result<T>,
        mut each: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let told = |e: rusqlite::Error| E::from(self.told(&e));
        let mut query = self.connection.prepare(sql).map_err(told)?;
        let mut rows = query.query(params_from_iter(w.values)).map_err(told)?;
        while *left > 0 {
            let Some(r) = rows.next().map_err(told)? else { break };
            each(row(r).map_err(told)?)?;
            *left -= 1;
        }
        Ok(())
    }

    /// An incident with everything attached.
    pub fn incident_whole(&self, id: &str) -> Result<IncidentWhole, LedgerError> {
        let mut incident = self.incident_row(id)?;
        let accounts = self.accounts_whole(id).map_err(|e| self.told(&e))?;
        incident.accounts = accounts
            .iter()
            .map(|a| AccountRef {
                dispatch: a.dispatch.id.clone(),
                incident: Some(a.item.clone()),
                accord: None,
                id: a.id.clone(),
                namespace: a.dispatch.namespace.clone(),
                outlet: a.dispatch.outlet.clone(),
                published: a.dispatch.published.clone(),
            })
            .collect();
        if self.anything_decided().map_err(|e| self.told(&e))? {
            incident.decided = self.decided_on_all(&incident.accounts).map_err(|e| self.told(&e))?;
        }
        let about = incident.kind.replace('_', " ");
        let disputes = if incident.disputed.is_empty() {
            Vec::new()
        } else {
            self.disputes_of("incident_id", id, &about, incident.date_start.clone())?
        };
        Ok(IncidentWhole { incident, accounts, disputes })
    }

    fn accounts_whole(&self, incident: &str) -> rusqlite::Result<Vec<AccountWhole>> {
        let mut find = self.connection.prepare_cached(&format!(
            "SELECT a.id, a.public_id, a.item, a.type, a.date_start, a.date_end, a.date_basis, a.place, a.admin1, a.country, a.lat,
                 a.lon, a.precision, a.background, a.modality, a.confidence, a.trigger_words, a.trigger_start, a.trigger_end, {HEAD}
             FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id
             JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
             WHERE a.incident_id = ?1 ORDER BY d.published IS NULL, d.published, d.namespace, d.source_id, a.id"
        ))?;
        let mut rows = find.query([incident])?;
        let mut accounts = Vec::new();
        while let Some(r) = rows.next()? {
            let row: i64 = r.get(0)?;
            accounts.push(AccountWhole {
                id: r.get(1)?,
                item: r.get(2)?,
                kind: r.get(3)?,
                date_start: r.get(4)?,
                date_end: r.get(5)?,
                date_basis: r.get(6)?,
                place: r.get(7)?,
                admin1: r.get(8)?,
                country: r.get(9)?,
                lat: r.get(10)?,
                lon: r.get(11)?,
                precision: r.get(12)?,
                background: r.get(13)?,
                modality: r.get(14)?,
                confidence: r.get(15)?,
                words: words(r, 16)?,
                dispatch: head(r, 19)?,
                figures: self.figures_whole(row)?,
                perpetrators: self.perpetrators_whole(row)?,
                victims: self.attached(
                    "SELECT victim, words, words_start, words_end FROM victims WHERE account_id = ?1 ORDER BY id",
                    row,
                    |v| Ok(VictimWhole { victim: v.get(0)?, words: words(v, 1)? }),
                )?,
                claims: self.attached(
                    "SELECT field, value, speaker, words, words_start, words_end FROM claims WHERE account_id = ?1 ORDER BY id",
                    row,
                    |c| Ok(ClaimWhole { field: c.get(0)?, value: c.get(1)?, by: c.get(2)?, words: words(c, 3)? }),
                )?,
            });
        }
        Ok(accounts)
    }

    fn figures_whole(&self, account: i64) -> rusqlite::Result<Vec<FigureWhole>> {
        self.attached(
            "SELECT item, measure, low, high, qualifier, counted, out_of, part_of, hedged, speaker, words, words_start, words_end
             FROM figures WHERE account_id = ?1 ORDER BY id",
            account,
            |f| {
                Ok(FigureWhole {
                    item: f.get(0)?,
                    measure: f.get(1)?,
                    low: f.get(2)?,
                    high: f.get(3)?,
                    qualifier: f.get(4)?,
                    counted: f.get(5)?,
                    out_of: f.get(6)?,
                    part_of: f.get(7)?,
                    hedged: f.get(8)?,
                    by: f.get(9)?,
                    words: words(f, 10)?,
                })
            },
        )
    }

    fn perpetrators_whole(&self, account: i64) -> rusqlite::Result<Vec<PerpetratorWhole>> {
        self.attached(
            "SELECT p.actor, n.actor, p.stance, p.speaker, p.words, p.words_start, p.words_end
             FROM perpetrators p JOIN actor_names n ON n.name = p.actor WHERE p.account_id = ?1 ORDER BY p.id",
            account,
            |p| {
                Ok(PerpetratorWhole {
                    actor: p.get(0)?,
                    key: p.get(1)?,
                    stance: p.get(2)?,
                    by: p.get(3)?,
                    words: words(p, 4)?,
                })
            },
        )
    }

    fn attached<T>(&self, sql: &str, id: i64, row: impl Fn(&Row) -> rusqlite::Result<T>) -> rusqlite::Result<Vec<T>> {
        self.connection.prepare_cached(sql)?.query_map([id], |r| row(r))?.collect()
    }

    /// An accord with everything attached.
    fn accord_whole(&self, id: &str) -> Result<AccordWhole, LedgerError> {
        match self.show(id, false)? {
            Shown::Accord(page) => Ok(AccordWhole {
                accord: page.accord,
                states: page.states,
                violations: page.violations,
                timeline: page.timeline,
                disputes: page.disputes,
            }),
            _ => Err(LedgerError::NoSuchId(id.to_owned())),
        }
    }

    /// A dispatch with its current record, where it has one.
    pub(super) fn dispatch_whole(&self, id: i64) -> Result<Option<DispatchWhole>, LedgerError> {
        // The packed record, its original, and each item with its account and what that lies in.
        type Kept = (DispatchHead, Vec<u8>, Option<String>, Vec<(String, String, String)>);
        let read = || -> rusqlite::Result<Option<Kept>> {
            let mut find = self.connection.prepare_cached(&format!(
                "SELECT {HEAD}, r.content, v.original FROM dispatches d
                 JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version
                 JOIN records r ON r.version_id = v.id AND r.current WHERE d.id = ?1"
            ))?;
            let mut rows = find.query([id])?;
            let Some(r) = rows.next()? else { return Ok(None) };
            let (head, packed, original) = (head(r, 0)?, r.get::<_, Vec<u8>>(13)?, r.get(14)?);
            let mut items = self.connection.prepare_cached(
                "SELECT item, public_id, coalesce(incident_id, public_id) FROM accounts WHERE dispatch_id = ?1
                 UNION ALL SELECT item, public_id, coalesce(accord_id, public_id) FROM accord_accounts WHERE dispatch_id = ?1",
            )?;
            let items = items
                .query_map(params![id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some((head, unpack(&packed), original, items)))
        };
        let Some((head, json, original, items)) = read().map_err(|e| self.told(&e))? else { return Ok(None) };
        let record = crate::record_from_json(&String::from_utf8_lossy(&json))
            .map_err(|e| LedgerError::Damaged(self.path.clone(), format!("the record of {}: {e}", head.id)))?;
        let text_sha = crate::digest::hex(record.dispatch.text.as_bytes());
        let version = u32::try_from(head.version).unwrap_or(1);
        let home = Home { dispatch: id, namespace: &head.namespace, source_id: &head.id, version, text_sha: &text_sha };
        let record = live::as_decided(&self.connection, &home, record).map_err(|e| self.told(&e))?;
        let notes = self.notes_on(&head).map_err(|e| self.told(&e))?;
        Ok(Some(DispatchWhole { head, record, items, original, notes }))
    }
}

impl Ledger {
    /// The notes that stand on a dispatch and its items.
    fn notes_on(&self, head: &DispatchHead) -> rusqlite::Result<Vec<NoteOn>> {
        let mut find = self.connection.prepare_cached(
            "SELECT l.uid, a.item, l.at, l.reviewer, l.value FROM review_anchors a JOIN review_log l ON l.id = a.log_id
             WHERE a.namespace = ?1 AND a.source_id = ?2 AND a.state = 'attached' AND l.action = 'note'
               AND NOT EXISTS (SELECT 1 FROM review_log u WHERE u.undoes = l.id) ORDER BY l.id, a.number",
        )?;
        let notes = find.query_map(params![head.namespace, head.id], |r| {
            let value: Option<String> = r.get(4)?;
            let value = value.and_then(|v| serde_json::from_str::<serde_json::Value>(&v).ok());
            Ok(NoteOn {
                id: r.get(0)?,
                item: r.get::<_, Option<String>>(1)?.unwrap_or_default(),
                at: r.get(2)?,
                by: r.get(3)?,
                text: value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default(),
            })
        })?;
        notes.collect()
    }
}

/// Unpacks a zstd frame; a frame that cannot be read is empty, which `check` reports.
fn unpack(frame: &[u8]) -> Vec<u8> {
    zstd::decode_all(frame).unwrap_or_default()
}
