//! One item with every claim and its exact words.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::{AccordRow, AccountRef, CheckRow, DispatchRow, DisputeRow, IncidentRow, StatementRow};
use crate::dispute::numbers_in_words;
use crate::link::Compared;
use crate::link::accords::AccordFacts;
use crate::link::apply;
use crate::link::facts::Facts;
use crate::link::score::Term;
use crate::names::tables;
use crate::review::{LogEntry, LogFilter};
use crate::{Ledger, LedgerError};

/// What an id stands for.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // one at a time
pub enum Shown {
    /// An incident.
    Incident(IncidentPage),
    /// An accord.
    Accord(AccordPage),
    /// A dispatch.
    Dispatch(DispatchPage),
}

/// An incident with all that its accounts say.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentPage {
    /// Its line in the list.
    pub incident: IncidentRow,
    /// Fields on which sources differ.
    pub disputes: Vec<DisputeRow>,
    /// Numbers and days of two dispatches that do not go together.
    pub checks: Vec<CheckRow>,
    /// What each dispatch tells.
    pub accounts: Vec<AccountPage>,
    /// What people decided about it and what it is made of, and what stands; newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<LogEntry>,
    /// Why its accounts are tied: filled when asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkLine>,
}

/// One account of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    /// Where it is told.
    #[serde(flatten)]
    pub account: AccountRef,
    /// The dispatch's headline.
    pub headline: Option<String>,
    /// Kind of act.
    #[serde(rename = "type")]
    pub kind: String,
    /// First day.
    pub date_start: Option<String>,
    /// Last day.
    pub date_end: Option<String>,
    /// Place.
    pub place: Option<String>,
    /// The words that tell of it.
    pub trigger: String,
    /// Where they begin, in code points.
    pub start: i64,
    /// Where they end.
    pub end: i64,
    /// Numbers.
    pub figures: Vec<FigureLine>,
    /// Who is blamed, cleared, owns up.
    pub perpetrators: Vec<PerpetratorLine>,
    /// Whom it struck.
    pub victims: Vec<String>,
    /// Claims about means, date, place, cause.
    pub claims: Vec<ClaimLine>,
}

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub struct FigureLine {
    /// Its address, to be decided on by: the account's id, a dot, its place there.
    pub id: String,
    /// killed, injured …
    pub measure: String,
    /// In words: "at least 31 people".
    pub value: String,
    /// Who gives it.
    pub by: String,
    /// The exact words.
    pub words: String,
    /// Where they begin.
    pub start: i64,
    /// Where they end.
    pub end: i64,
}

/// An actor tied to an act.
#[derive(Debug, Clone, Serialize)]
pub struct PerpetratorLine {
    /// Its address, to be decided on by.
    pub id: String,
    /// Who.
    pub actor: String,
    /// How.
    pub stance: String,
    /// Who says so.
    pub by: String,
    /// The exact words.
    pub words: String,
    /// Where they begin.
    pub start: i64,
    /// Where they end.
    pub end: i64,
}

/// A claim.
#[derive(Debug, Clone, Serialize)]
pub struct ClaimLine {
    /// Its address, to be decided on by.
    pub id: String,
    /// means, date, place, cause.
    pub field: String,
    /// What is claimed.
    pub value: String,
    /// Who claims it.
    pub by: String,
    /// The exact words.
    pub words: String,
}

/// Why two accounts are or are not tied.
#[derive(Debug, Clone, Serialize)]
pub struct LinkLine {
    /// Public id of one account.
    pub a: String,
    /// Public id of the other.
    pub b: String,
    /// Sum of the terms.
    pub points: i32,
    /// From how many points on a pair is tied.
    pub tie: i32,
    /// The terms.
    pub terms: Vec<Term>,
}

/// An accord with its timeline.
#[derive(Debug, Clone, Serialize)]
pub struct AccordPage {
    /// Its line in the list.
    pub accord: AccordRow,
    /// What each party's state is, and from which claim.
    pub states: Vec<PartyState>,
    /// Claims of violation by reporter and blamed party; never summed across reporters.
    pub violations: Vec<Tally>,
    /// Every claim about its state, in order of time.
    pub timeline: Vec<StatusLine>,
    /// Fields on which sources differ.
    pub disputes: Vec<DisputeRow>,
    /// What people decided about it and what it is made of, and what stands; newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<LogEntry>,
    /// Days of two dispatches that do not go together.
    pub checks: Vec<CheckRow>,
    /// Why its accounts are tied: filled when asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkLine>,
}

/// A claim about an accord's state.
#[derive(Debug, Clone, Serialize)]
pub struct StatusLine {
    /// Its address, to be decided on by.
    pub id: String,
    /// The day it is about, else the day of publication.
    pub date: Option<String>,
    /// The state.
    pub status: String,
    /// Who does it.
    pub party: Option<String>,
    /// Who is blamed.
    pub blamed: Option<String>,
    /// Told as fact, threat …
    pub modality: String,
    /// Who says so.
    pub by: String,
    /// Whose ids the dispatch's id is one of.
    pub namespace: String,
    /// The dispatch.
    pub dispatch: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The exact words.
    pub words: String,
    /// Where they begin.
    pub start: i64,
    /// Where they end.
    pub end: i64,
    /// Whether the claim gives the day itself.
    pub dated: bool,
    /// Day of publication.
    pub published: Option<String>,
    /// The group of echoes that the dispatch is in, else the dispatch: claims of one source are no two.
    #[serde(skip)]
    pub source: String,
}

/// The state of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyState {
    /// The party.
    pub party: String,
    /// Its state, where a claim moved it.
    pub status: Option<String>,
    /// The day of that claim.
    pub since: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Why that claim moved it.
    pub rule: Option<&'static str>,
    /// Every claim that moved it, in order: the places of the claims in the timeline, each with its rule.
    #[serde(skip)]
    pub turns: Vec<(usize, &'static str)>,
}

/// Claims of one reporter against one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Who reports.
    pub reporter: String,
    /// Who is blamed; none where nobody is named.
    pub blamed: Option<String>,
    /// How many claims.
    pub claims: usize,
}

/// A dispatch with what was read from it.
#[derive(Debug, Clone, Serialize)]
pub struct DispatchPage {
    /// Its line in the list.
    pub dispatch: DispatchRow,
    /// Its texts' versions: number, kind, when filed.
    pub versions: Vec<(i64, String, String)>,
    /// Its statements.
    pub statements: Vec<StatementRow>,
    /// The incidents it tells of: public id, position, kind, words.
    pub incidents: Vec<(String, String, String, String)>,
    /// The accords it tells of: public id, position, name.
    pub accords: Vec<(String, String, String)>,
    /// Dispatches that echo it.
    pub echoes: Vec<String>,
    /// Where its own arithmetic or calendar does not add up.
    pub checks: Vec<String>,
    /// What people decided about it and its items, and what stands; newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<LogEntry>,
    /// Where it and another dispatch do not go together.
    pub cross_checks: Vec<CheckRow>,
}

impl Ledger {
    /// What `id` stands for: an incident, an accord, any of their accounts, or a dispatch (`namespace:id`, or the id alone
    /// where one dispatch has it). With `explain`, why accounts are tied.
    pub fn show(&self, id: &str, explain: bool) -> Result<Shown, LedgerError> {
        let told = |e: rusqlite::Error| self.told(&e);
        let one = |sql: &str| {
            self.connection.query_row(sql, [id], |r| r.get::<_, Option<String>>(0)).optional().map_err(told)
        };
        if let Some(Some(incident)) = one("SELECT incident_id FROM accounts WHERE public_id = ?1")? {
            return self.incident_page(&incident, explain);
        }
        if let Some(Some(accord)) = one("SELECT accord_id FROM accord_accounts WHERE public_id = ?1")? {
            return self.accord_page(&accord, explain);
        }
        if let Some(reason) = one("SELECT reason FROM retired_ids WHERE old_id = ?1")?.flatten() {
            return Err(LedgerError::Other(self.path.clone(), format!("{id} is retired: {reason}")));
        }
        self.dispatch_page(self.find_dispatch(id)?)
    }

    /// `dispatches.id` of the dispatch that `id` names: `namespace:id`, or the id alone where one dispatch has it.
    pub(crate) fn find_dispatch(&self, id: &str) -> Result<i64, LedgerError> {
        let find = || -> rusqlite::Result<Vec<(i64, String)>> {
            let mut found = Vec::new();
            let named = |r: &rusqlite::Row| {
                Ok((r.get::<_, i64>(0)?, format!("{}:{}", r.get::<_, String>(1)?, r.get::<_, String>(2)?)))
            };
            // Either part may hold a colon itself.
            for (at, _) in id.match_indices(':') {
                let (namespace, source_id) = (&id[..at], &id[at + 1..]);
                let mut rows = self.connection.prepare_cached(
                    "SELECT id, namespace, source_id FROM dispatches WHERE namespace = ?1 AND source_id = ?2",
                )?;
                found.extend(rows.query_map([namespace, source_id], named)?.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            let mut rows = self
                .connection
                .prepare_cached("SELECT id, namespace, source_id FROM dispatches WHERE source_id = ?1 ORDER BY id")?;
            found.extend(rows.query_map([id], named)?.collect::<rusqlite::Result<Vec<_>>>()?);
            Ok(found)
        };
        let found = find().map_err(|e| self.told(&e))?;
        match found.as_slice() {
            [] => Err(LedgerError::NoSuchId(id.to_owned())),
            [(dispatch, _)] => Ok(*dispatch),
            many => {
                let names: Vec<&str> = many.iter().map(|m| m.1.as_str()).collect();
                Err(LedgerError::Ambiguous(id.to_owned(), names.join(", ")))
            }
        }
    }

    fn incident_page(&self, id: &str, explain: bool) -> Result<Shown, LedgerError> {
        let incident = self.incident(id)?;
        let about = incident.kind.replace('_', " ");
        let disputes = self.disputes_of("incident_id", id, &about, incident.date_start.clone())?;
        let accounts = incident.accounts.iter().map(|a| self.account_page(a)).collect::<Result<_, _>>()?;
        let links = if explain { self.links::<Facts>("accounts", &incident.accounts)? } else { Vec::new() };
        let decisions = self.log(&LogFilter::standing_on(id))?;
        let checks = self.checks_of("incident_id", id)?;
        Ok(Shown::Incident(IncidentPage { incident, disputes, checks, accounts, decisions, links }))
    }

    fn account_page(&self, account: &AccountRef) -> Result<AccountPage, LedgerError> {
        let read = || -> rusqlite::Result<AccountPage> {
            let c = &self.connection;
            let (row, mut page) = c.query_row(
                "SELECT a.id, d.headline, a.type, a.date_start, a.date_end, a.place, a.trigger_words, a.trigger_start, a.trigger_end
                 FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.public_id = ?1",
                [&account.id],
                |r| {
                    let page = AccountPage {
                        account: account.clone(),
                        headline: r.get(1)?,
                        kind: r.get(2)?,
                        date_start: r.get(3)?,
                        date_end: r.get(4)?,
                        place: r.get(5)?,
                        trigger: r.get(6)?,
                        start: r.get(7)?,
                        end: r.get(8)?,
                        figures: Vec::new(),
                        perpetrators: Vec::new(),
                        victims: Vec::new(),
                        claims: Vec::new(),
                    };
                    Ok((r.get::<_, i64>(0)?, page))
                },
            )?;
            let mut find = c.prepare_cached(
                "SELECT measure, low, high, qualifier, counted, out_of, speaker, words, words_start, words_end, item FROM figures
                 WHERE account_id = ?1 ORDER BY id",
            )?;
            page.figures = find
                .query_map([row], |r| {
                    let (qualifier, counted): (String, String) = (r.get(3)?, r.get(4)?);
                    Ok(FigureLine {
                        id: format!("{}.{}", account.id, r.get::<_, String>(10)?),
                        measure: r.get(0)?,
                        value: numbers_in_words(r.get(1)?, r.get(2)?, &qualifier, &counted, r.get(5)?),
                        by: r.get(6)?,
                        words: r.get(7)?,
                        start: r.get(8)?,
                        end: r.get(9)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare_cached(
                "SELECT actor, stance, speaker, words, words_start, words_end, item FROM perpetrators WHERE account_id = ?1 ORDER BY id",
            )?;
            page.perpetrators = find
                .query_map([row], |r| {
                    Ok(PerpetratorLine {
                        id: format!("{}.{}", account.id, r.get::<_, String>(6)?),
                        actor: r.get(0)?,
                        stance: r.get(1)?,
                        by: r.get(2)?,
                        words: r.get(3)?,
                        start: r.get(4)?,
                        end: r.get(5)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare_cached("SELECT victim FROM victims WHERE account_id = ?1 ORDER BY id")?;
            page.victims = find.query_map([row], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare_cached(
                "SELECT field, value, speaker, words, item FROM claims WHERE account_id = ?1 ORDER BY id",
            )?;
            page.claims = find
                .query_map([row], |r| {
                    let id = format!("{}.{}", account.id, r.get::<_, String>(4)?);
                    Ok(ClaimLine { id, field: r.get(0)?, value: r.get(1)?, by: r.get(2)?, words: r.get(3)? })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(page)
        };
        read().map_err(|e| self.told(&e))
    }

    /// The score of each pair of accounts.
    fn links<F: Compared>(&self, table: &str, accounts: &[AccountRef]) -> Result<Vec<LinkLine>, LedgerError> {
        let read = || -> rusqlite::Result<Vec<LinkLine>> {
            let mut facts = Vec::new();
            for account in accounts {
                let node: i64 = self.connection.query_row(
                    &format!("SELECT node_id FROM {table} WHERE public_id = ?1"),
                    [&account.id],
                    |r| r.get(0),
                )?;
                facts.push((account, apply::load::<F>(&self.connection, node)?));
            }
            let mut lines = Vec::new();
            for (i, (a, x)) in facts.iter().enumerate() {
                for (b, y) in &facts[i + 1..] {
                    if let (Some((_, x)), Some((_, y))) = (x, y) {
                        let terms = x.terms(y);
                        let points = terms.iter().map(|t| t.points).sum();
                        lines.push(LinkLine { a: a.id.clone(), b: b.id.clone(), points, tie: F::TIE, terms });
                    }
                }
            }
            Ok(lines)
        };
        read().map_err(|e| self.told(&e))
    }

    fn accord_page(&self, id: &str, explain: bool) -> Result<Shown, LedgerError> {
        let accord = self.accord(id)?;
        let timeline = self.timeline(id)?;
        let disputes = self.disputes_of("accord_id", id, &accord.name, accord.date.clone())?;
        let links = if explain { self.links::<AccordFacts>("accord_accounts", &accord.accounts)? } else { Vec::new() };
        let states = states(&accord.parties, &timeline);
        let violations = violations(&timeline);
        let decisions = self.log(&LogFilter::standing_on(id))?;
        let checks = self.checks_of("accord_id", id)?;
        Ok(Shown::Accord(AccordPage { accord, states, violations, timeline, disputes, decisions, checks, links }))
    }

    fn timeline(&self, id: &str) -> Result<Vec<StatusLine>, LedgerError> {
        timeline(&self.connection, id).map_err(|e| self.told(&e))
    }

    fn dispatch_page(&self, id: i64) -> Result<Shown, LedgerError> {
        let read = || -> rusqlite::Result<DispatchPage> {
            let c = &self.connection;
            let sql = format!("SELECT {} FROM dispatches d WHERE d.id = ?1", DispatchRow::COLUMNS);
            let dispatch = c.query_row(&sql, [id], DispatchRow::read)?;
            let mut find =
                c.prepare("SELECT number, kind, filed_at FROM versions WHERE dispatch_id = ?1 ORDER BY number")?;
            let versions =
                find.query_map([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
            let sql = format!(
                "SELECT {} FROM statements s JOIN dispatches d ON d.id = s.dispatch_id WHERE d.id = ?1 ORDER BY s.id",
                StatementRow::COLUMNS
            );
            let mut find = c.prepare(&sql)?;
            let statements = find.query_map([id], StatementRow::read)?.collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare(
                "SELECT incident_id, item, type, trigger_words FROM accounts WHERE dispatch_id = ?1 ORDER BY id",
            )?;
            let incidents = find
                .query_map([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
                .collect::<rusqlite::Result<_>>()?;
            let mut find =
                c.prepare("SELECT accord_id, item, name FROM accord_accounts WHERE dispatch_id = ?1 ORDER BY id")?;
            let accords =
                find.query_map([id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare(
                "SELECT namespace || ':' || source_id FROM dispatches WHERE echo_group = ?1 AND id <> ?2 ORDER BY published, id",
            )?;
            let echoes =
                find.query_map(params![dispatch.echo_group, id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            let mut find = c.prepare("SELECT message FROM checks WHERE dispatch_id = ?1 ORDER BY id")?;
            let checks = find.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            Ok(DispatchPage {
                dispatch,
                versions,
                statements,
                incidents,
                accords,
                echoes,
                checks,
                decisions: Vec::new(),
                cross_checks: Vec::new(),
            })
        };
        let mut page = read().map_err(|e| self.told(&e))?;
        let name = format!("{}:{}", page.dispatch.namespace, page.dispatch.id);
        page.decisions = self.log(&LogFilter::standing_on(&name))?;
        page.cross_checks = self.checks_with(id)?;
        Ok(Shown::Dispatch(page))
    }
}

/// Claims of violation by reporter and blamed party.
fn violations(timeline: &[StatusLine]) -> Vec<Tally> {
    let mut tally: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for claim in timeline.iter().filter(|c| c.status == "violated" && c.modality == "asserted") {
        *tally.entry((claim.by.as_str(), claim.blamed.as_deref())).or_default() += 1;
    }
    tally
        .into_iter()
        .map(|((reporter, blamed), claims)| Tally {
            reporter: reporter.to_owned(),
            blamed: blamed.map(str::to_owned),
            claims,
        })
        .collect()
}

/// Every claim about an accord's state, in order of time.
pub(crate) fn timeline(tx: &rusqlite::Connection, id: &str) -> rusqlite::Result<Vec<StatusLine>> {
    let mut find = tx.prepare_cached(
        "SELECT coalesce(s.date, d.published) AS day, s.status, s.party, s.blamed, s.modality, s.speaker, d.source_id, d.outlet,
             s.words, s.words_start, s.words_end, coalesce(d.echo_group, CAST(d.id AS TEXT)),
             s.date IS NOT NULL, d.published, a.public_id || '.' || s.item, d.namespace
         FROM status_claims s JOIN accord_accounts a ON a.id = s.accord_account_id JOIN dispatches d ON d.id = a.dispatch_id
         WHERE a.accord_id = ?1
         ORDER BY day IS NULL, day, d.published, d.namespace, d.source_id, s.words_start, s.id",
    )?;
    find.query_map([id], |r| {
        Ok(StatusLine {
            id: r.get(14)?,
            date: r.get(0)?,
            status: r.get(1)?,
            party: r.get(2)?,
            blamed: r.get(3)?,
            modality: r.get(4)?,
            by: r.get(5)?,
            namespace: r.get(15)?,
            dispatch: r.get(6)?,
            outlet: r.get(7)?,
            words: r.get(8)?,
            start: r.get(9)?,
            end: r.get(10)?,
            source: r.get(11)?,
            dated: r.get(12)?,
            published: r.get(13)?,
        })
    })?
    .collect()
}

/// How far along the life of an accord a state is.
fn stage(status: &str) -> u8 {
    match status {
        "proposed" => 0,
        "agreed" => 1,
        "signed" | "announced" => 2,
        "in_force" => 3,
        "extended" | "suspended" | "resumed" => 4,
        _ => 5,
    }
}

/// The state of each party. A claim moves a party's state when it is told as fact, blames nobody, is no violation, is
/// about the party or about all, and either the party says it itself, or an outlet in its own voice, or a second
/// independent source has said it too. One accusation moves nothing.
pub(crate) fn states(parties: &[String], timeline: &[StatusLine]) -> Vec<PartyState> {
    parties
        .iter()
        .map(|party| {
            let mut state =
                PartyState { party: party.clone(), status: None, since: None, by: None, rule: None, turns: Vec::new() };
            let own = tables().actor_words(party);
            let is_party = |name: &str| tables().actor_words(name) == own;
            let mut said: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
            for (place, claim) in timeline.iter().enumerate() {
                let about = claim.party.as_deref().is_none_or(is_party);
                if claim.modality != "asserted" || claim.status == "violated" || claim.blamed.is_some() || !about {
                    continue;
                }
                let voices = said.entry(&claim.status).or_default();
                voices.insert((&claim.source, &claim.by));
                let sources: BTreeSet<&str> = voices.iter().map(|v| v.0).collect();
                let speakers: BTreeSet<&str> = voices.iter().map(|v| v.1).collect();
                let rule = if claim.by == record::OUTLET {
                    Some("told by an outlet as fact")
                } else if is_party(&claim.by) {
                    Some("declared by the party itself")
                } else if sources.len() >= 2 && speakers.len() >= 2 {
                    Some("said by two independent sources")
                } else {
                    None
                };
                // A claim that gives no day of its own may recall what was before: it moves a state forward only.
                let back = !claim.dated && state.status.as_deref().is_some_and(|now| stage(&claim.status) < stage(now));
                if let (Some(rule), false) = (rule, back) {
                    if state.status.as_ref() != Some(&claim.status) {
                        state.turns.push((place, rule));
                    }
                    state.status = Some(claim.status.clone());
                    state.since = claim.date.clone();
                    state.by = Some(claim.by.clone());
                    state.rule = Some(rule);
                }
            }
            state
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(date: &str, dated: bool, status: &str, by: &str, blamed: Option<&str>, modality: &str) -> StatusLine {
        StatusLine {
            id: String::new(),
            date: Some(date.to_owned()),
            status: status.to_owned(),
            party: None,
            blamed: blamed.map(str::to_owned),
            modality: modality.to_owned(),
            by: by.to_owned(),
            namespace: "wire".to_owned(),
            dispatch: "d1".to_owned(),
            outlet: None,
            words: String::new(),
            start: 0,
            end: 0,
            dated,
            published: None,
            source: by.to_owned(),
        }
    }

    #[test]
    fn one_accusation_moves_nothing_and_a_declaration_moves_its_party() {
        let parties = ["the army".to_owned(), "the rebels".to_owned()];
        let of = |timeline: &[StatusLine]| -> Vec<Option<String>> {
            states(&parties, timeline).into_iter().map(|s| s.status).collect()
        };
        let mut timeline = vec![claim("2016-09-12", true, "in_force", record::OUTLET, None, "asserted")];
        timeline.push(claim("2016-09-17", true, "violated", "the army", Some("the rebels"), "asserted"));
        timeline.push(claim("2016-09-18", true, "collapsed", "the army", Some("the rebels"), "asserted"));
        timeline.push(claim("2016-09-18", true, "suspended", "the rebels", None, "threatened"));
        timeline.push(claim("2016-09-18", true, "collapsed", "a monitor", None, "asserted"));
        assert_eq!(of(&timeline), [Some("in_force".to_owned()), Some("in_force".to_owned())]);
        timeline.push(claim("2016-09-19", true, "ended", "the army", None, "asserted"));
        timeline.push(claim("2016-09-22", false, "in_force", record::OUTLET, None, "asserted"));
        assert_eq!(of(&timeline), [Some("ended".to_owned()), Some("in_force".to_owned())]);
        timeline.push(claim("2016-09-23", true, "collapsed", "a diplomat", None, "asserted"));
        assert_eq!(of(&timeline), [Some("collapsed".to_owned()), Some("collapsed".to_owned())], "two sources agree");
        assert_eq!(violations(&timeline).len(), 1);
    }
}
