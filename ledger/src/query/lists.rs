//! Lists, page by page.
//!
//! Every list has one order, kept by an index, and a page is read from its cursor on. A condition that few rows fulfil
//! finds them by itself and they are sorted; one that many fulfil is tested on the way along the list. Which of the two
//! holds is found out by counting up to [`FEW`]: without it the planner would have to guess, and a rare name among
//! a million statements would cost a walk along all of them.

use rusqlite::types::Value;
use rusqlite::{Result, params, params_from_iter};

use super::cursor::{Count, Cursor, Key, Page, cut};
use super::rows::{AccordRow, AccountRef, ActorRow, DispatchRow, DisputeRow, IncidentRow, PositionRow, StatementRow};
use super::search::{name_query, snippet, words_query};
use super::{Filter, Where, like};
use crate::store::flat::statement_ids;
use crate::{Ledger, LedgerError};

/// As many rows are found by a condition and sorted; more are met along the list.
const FEW: i64 = 4_000;

/// As many rows are still held against the list by their ids; more are tested one by one.
const MANY: i64 = 10_000;

/// So many matches of words are held against further conditions when statements are counted.
const TESTED: i64 = 10_000;

/// What orders a list: one or two expressions, both in one direction.
struct Order {
    list: &'static str,
    keys: &'static [&'static str],
    descending: bool,
}

const DISPATCHES: Order = Order { list: "dispatches", keys: &["coalesce(d.published, '')", "d.id"], descending: true };
const STATEMENTS: Order = Order { list: "statements", keys: &["s.id"], descending: true };
const MATCHES: Order = Order { list: "statements", keys: &["f.rowid"], descending: true };
// Undated ones come last either way.
const INCIDENTS: Order = Order { list: "incidents", keys: &["coalesce(i.date_start, '~')", "i.id"], descending: false };
const LATEST: Order =
    Order { list: "incidents latest", keys: &["coalesce(i.date_start, '')", "i.id"], descending: true };
const ACCORDS: Order = Order { list: "accords", keys: &["coalesce(c.first_told, '~')", "c.id"], descending: false };
const LATEST_ACCORDS: Order =
    Order { list: "accords latest", keys: &["coalesce(c.first_told, '')", "c.id"], descending: true };

impl Order {
    fn cursor(&self, filter: &Filter) -> std::result::Result<Option<Cursor>, LedgerError> {
        filter.cursor.as_deref().map(|c| Cursor::decode(c, self.list, self.keys.len())).transpose()
    }

    /// Adds the condition that a row lies beyond the cursor. Written so that an index on the first key serves it.
    fn beyond(&self, w: &mut Where, cursor: &Cursor) {
        let sign = if self.descending == cursor.forward { '<' } else { '>' };
        let at = w.values.len();
        w.values.extend(cursor.keys.iter().cloned().map(Value::from));
        match self.keys {
            [key] => w.conditions.push(format!("{key} {sign} ?{}", at + 1)),
            [day, id] => {
                w.conditions.push(format!("{day} {sign}= ?{}", at + 1));
                w.conditions.push(format!("({day} {sign} ?{} OR {id} {sign} ?{})", at + 1, at + 2));
            }
            _ => {}
        }
    }

    fn sql(&self, cursor: Option<&Cursor>) -> String {
        let down = self.descending == cursor.is_none_or(|c| c.forward);
        let keys: Vec<String> = self.keys.iter().map(|k| format!("{k}{}", if down { " DESC" } else { "" })).collect();
        format!(" ORDER BY {}", keys.join(", "))
    }
}

/// `LIMIT` of one row more than the page has: it tells whether there is another page.
fn limit(filter: &Filter) -> String {
    filter.limit.map(|n| format!(" LIMIT {}", u64::from(n) + 1)).unwrap_or_default()
}

fn page_size(filter: &Filter) -> Option<usize> {
    filter.limit.map(|n| n as usize)
}

fn days(w: &mut Where, filter: &Filter, start: &str, end: &str) {
    if let Some(since) = filter.since {
        w.add(&format!("{end} >= ?"), since.to_string());
    }
    if let Some(until) = filter.until {
        w.add(&format!("{start} <= ?"), until.to_string());
    }
}

/// Names of places, of places in a province, of a country, that a filter's place may mean.
const PLACES: &str = "SELECT place FROM place_names WHERE place LIKE ? ESCAPE '\\' OR admin1 LIKE ? ESCAPE '\\' OR country = upper(trim(?, '%'))";

/// Names of actors that a filter's actor may mean.
const NAMES: &str = "SELECT name FROM actor_names WHERE name LIKE ? ESCAPE '\\'";

/// The same names once they are found, as a JSON array: a question that asks for them several times looks for them once.
const NAMED: &str = "SELECT value FROM json_each(?)";

/// The longest page of whose rows each is tested.
const PAGE: u32 = 200;

/// Whether a page is asked for by one condition alone. Where many rows fulfil it, testing those along the list finds the
/// page soon; beside a condition that few fulfil, or without an end, it would test all.
fn lone(filter: &Filter) -> bool {
    let named = [&filter.place, &filter.actor, &filter.outlet, &filter.kind, &filter.text];
    let set = named.iter().filter(|n| n.is_some()).count();
    set == 1 && filter.since.is_none() && filter.until.is_none() && filter.limit.is_some_and(|n| n <= PAGE)
}

impl Ledger {
    /// Adds the condition that `column` is among what `rows` selects. `instead` is tested on each row where many are.
    pub(crate) fn among(
        &self,
        w: &mut Where,
        column: &str,
        rows: &str,
        instead: Option<&str>,
        value: impl Into<Value>,
    ) -> Result<()> {
        let value = value.into();
        let most = if instead.is_some() { MANY } else { FEW };
        let found = self.estimates.rows(&self.connection, &rows.replace('?', "?1"), &value, most + 1)?;
        let instead = instead.filter(|_| found > MANY);
        match instead {
            _ if found <= FEW => w.add(&format!("{column} IN ({rows})"), value),
            Some(condition) => w.add(condition, value),
            None => w.add(&format!("+{column} IN ({rows})"), value),
        }
        w.among.push(rows.replace('?', &format!("?{}", w.values.len())));
        Ok(())
    }

    /// The names of actors that a filter's actor may mean, as a JSON array.
    fn names_like(&self, actor: &str) -> Result<String> {
        self.connection
            .prepare_cached(&format!("SELECT json_group_array(name) FROM ({NAMES})"))?
            .query_row([like(actor)], |r| r.get(0))
    }

    fn dispatches_where(&self, filter: &Filter) -> Result<Where> {
        let mut w = Where::default();
        // The same expression as the index's; undated ones lie before every day.
        days(&mut w, filter, "d.published", "coalesce(d.published, '')");
        if let Some(until) = filter.until {
            // Once more as the index has it: else a list of long ago is looked for along all that came since.
            w.add("coalesce(d.published, '') <= ?", until.to_string());
        }
        if let Some(outlet) = &filter.outlet {
            w.add("d.outlet = ?", outlet.clone());
        }
        if let Some(place) = &filter.place {
            let rows = format!("SELECT dispatch_id FROM accounts WHERE place IN ({PLACES})");
            self.among(&mut w, "d.id", &rows, None, like(place))?;
        }
        if let Some(actor) = &filter.actor {
            let rows = format!("SELECT dispatch_id FROM statements WHERE speaker IN ({NAMED})");
            let test =
                format!("EXISTS (SELECT 1 FROM statements x WHERE x.dispatch_id = d.id AND x.speaker IN ({NAMED}))");
            self.among(&mut w, "d.id", &rows, Some(&test), self.names_like(actor)?)?;
        }
        if let Some(text) = &filter.text {
            let rows = "SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?";
            self.among(&mut w, "d.id", rows, None, words_query(text))?;
        }
        if let Some(kind) = &filter.kind {
            let rows = "SELECT a.dispatch_id FROM incidents i JOIN accounts a ON a.incident_id = i.id WHERE i.type = ?";
            let test = "EXISTS (SELECT 1 FROM accounts a CROSS JOIN incidents i ON i.id = a.incident_id
                WHERE a.dispatch_id = d.id AND i.type = ?)";
            self.among(&mut w, "d.id", rows, Some(test), kind.clone())?;
        }
        if filter.has_incident {
            w.conditions.push("EXISTS (SELECT 1 FROM accounts a WHERE a.dispatch_id = d.id)".to_owned());
        }
        if filter.has_accord {
            w.conditions.push("d.id IN (SELECT dispatch_id FROM accord_accounts)".to_owned());
        }
        if filter.disputed {
            let test = "EXISTS (SELECT 1 FROM accounts a CROSS JOIN incidents i ON i.id = a.incident_id
                WHERE a.dispatch_id = d.id AND +i.disputed <> '')";
            w.conditions.push(test.to_owned());
        }
        Ok(w)
    }

    /// The conditions on `dispatches d` that a filter sets.
    pub(super) fn dispatches_that(&self, filter: &Filter) -> std::result::Result<Where, LedgerError> {
        self.dispatches_where(filter).map_err(|e| self.told(&e))
    }

    /// The conditions on `incidents i` that a filter sets.
    pub(super) fn incidents_that(&self, filter: &Filter) -> std::result::Result<Where, LedgerError> {
        self.incidents_where(filter).map_err(|e| self.told(&e))
    }

    /// The conditions on `accords c` that a filter sets.
    pub(super) fn accords_that(&self, filter: &Filter) -> std::result::Result<Where, LedgerError> {
        self.accords_where(filter).map_err(|e| self.told(&e))
    }

    /// Dispatches, latest first. `place`, `actor`, `kind` ask for one that their incidents or statements name;
    /// `disputed` for one that tells of an incident on which sources differ.
    pub fn dispatches(&self, filter: &Filter) -> std::result::Result<Vec<DispatchRow>, LedgerError> {
        self.dispatch_list(filter).map(|page| page.rows)
    }

    /// A page of [`dispatches`](Self::dispatches).
    pub fn dispatch_list(&self, filter: &Filter) -> std::result::Result<Page<DispatchRow>, LedgerError> {
        let cursor = DISPATCHES.cursor(filter)?;
        let mut w = self.dispatches_that(filter)?;
        if let Some(cursor) = &cursor {
            DISPATCHES.beyond(&mut w, cursor);
        }
        // The rows of the page are found first: sorting whole rows would count the items of every dispatch that is met.
        let order = DISPATCHES.sql(cursor.as_ref());
        let found = format!("SELECT d.id FROM dispatches d{}{order}{}", w.sql(), limit(filter));
        let sql = format!("SELECT {} FROM dispatches d WHERE d.id IN ({found}){order}", DispatchRow::COLUMNS);
        let rows = self.rows(&sql, w, DispatchRow::read)?;
        let keys = |r: &DispatchRow| vec![Key::Text(r.published.clone().unwrap_or_default()), Key::Number(r.row)];
        let mut page = cut(rows, page_size(filter), cursor.as_ref(), DISPATCHES.list, keys);
        if let Some(text) = &filter.text {
            let query = words_query(text);
            for row in &mut page.rows {
                let found = snippet(&self.connection, "dispatch_search", ["headline", "text"], &query, row.row);
                row.snippet = found.map_err(|e| self.told(&e))?;
            }
        }
        Ok(page)
    }

    /// How many [`dispatches`](Self::dispatches) there are.
    pub fn count_dispatches(&self, filter: &Filter) -> std::result::Result<Count, LedgerError> {
        let w = self.dispatches_that(&Filter { limit: None, ..filter.clone() })?;
        self.count("dispatches d", w)
    }

    /// Where statements are looked for, and by which order: along the matches of the words asked for, where there are
    /// many, else along the statements.
    fn statements_where(&self, filter: &Filter) -> Result<(String, Where, Order)> {
        let mut w = Where::default();
        let mut query: Vec<String> = filter.text.iter().map(|t| words_query(t)).collect();
        query.extend(filter.place.iter().map(|p| format!("({})", name_query("content", p))));
        let query = query.join(" AND ");
        let count = |sql: &str, value: &str| -> Result<i64> {
            self.estimates.rows(&self.connection, sql, &value.to_owned().into(), FEW + 1)
        };
        let said = format!("SELECT id FROM statements WHERE speaker IN ({NAMES})");
        let by_few = match &filter.actor {
            Some(actor) => count(&said.replace('?', "?1"), &like(actor))? <= FEW / 4,
            None => false,
        };
        let matching = "SELECT rowid FROM statement_search WHERE statement_search MATCH ?";
        let along = !query.is_empty() && !by_few && count(&matching.replace('?', "?1"), &query)? > FEW;
        if along {
            w.add("f.statement_search MATCH ?", query);
        } else if by_few && !query.is_empty() {
            let test = "EXISTS (SELECT 1 FROM statement_search WHERE statement_search MATCH ? AND rowid = s.id)";
            w.add(test, query);
        } else if !query.is_empty() {
            w.add(&format!("s.id IN ({matching})"), query);
        }
        if let Some(actor) = &filter.actor {
            let column = if along { "+s.id" } else { "s.id" };
            // Along a list of matches each speaker is tested; else the speakers' statements are the list.
            let sql = if along { format!("s.speaker IN ({NAMES})") } else { format!("{column} IN ({said})") };
            w.add(&sql, like(actor));
        }
        if let Some(outlet) = &filter.outlet {
            let rows = "SELECT id FROM dispatches WHERE outlet = ?";
            let many = count("SELECT 1 FROM dispatches WHERE outlet = ?1", outlet)? > FEW / 10;
            let plus = if many || along { "+" } else { "" };
            w.add(&format!("{plus}s.dispatch_id IN ({rows})"), outlet.clone());
        }
        let order = if along { MATCHES } else { STATEMENTS };
        // Statements are numbered by day of publication.
        let key = order.keys.first().copied().unwrap_or_default();
        if let Some(since) = filter.since {
            w.add(&format!("{key} >= ?"), statement_ids(Some(since)).0);
        }
        if let Some(until) = filter.until {
            w.add(&format!("{key} <= ?"), statement_ids(Some(until)).1);
            w.add(&format!("{key} > ?"), statement_ids(None).1);
        }
        let from = match along {
            true => "statement_search f CROSS JOIN statements s ON s.id = f.rowid".to_owned(),
            false => "statements s".to_owned(),
        };
        Ok((from, w, order))
    }

    /// Statements, latest first. `place` asks for a name in the words said.
    pub fn statements(&self, filter: &Filter) -> std::result::Result<Vec<StatementRow>, LedgerError> {
        self.statement_list(filter).map(|page| page.rows)
    }

    /// A page of [`statements`](Self::statements).
    pub fn statement_list(&self, filter: &Filter) -> std::result::Result<Page<StatementRow>, LedgerError> {
        let cursor = STATEMENTS.cursor(filter)?;
        let (from, mut w, order) = self.statements_where(filter).map_err(|e| self.told(&e))?;
        if let Some(cursor) = &cursor {
            order.beyond(&mut w, cursor);
        }
        let sql = format!(
            "SELECT {} FROM {from} CROSS JOIN dispatches d ON d.id = s.dispatch_id{}{}{}",
            StatementRow::COLUMNS,
            w.sql(),
            order.sql(cursor.as_ref()),
            limit(filter)
        );
        let rows = self.rows(&sql, w, StatementRow::read)?;
        let mut page = cut(rows, page_size(filter), cursor.as_ref(), STATEMENTS.list, |r| vec![Key::Number(r.row)]);
        if self.anything_decided().map_err(|e| self.told(&e))? {
            for row in &mut page.rows {
                let decided = self.decided_on(&row.namespace, &row.dispatch, &row.statement);
                row.decided = decided.map_err(|e| self.told(&e))?;
            }
        }
        if let Some(text) = &filter.text {
            let query = words_query(text);
            for row in &mut page.rows {
                let found = snippet(&self.connection, "statement_search", ["speaker", "content"], &query, row.row);
                row.snippet = found.map_err(|e| self.told(&e))?;
            }
        }
        Ok(page)
    }

    /// How many [`statements`](Self::statements) there are.
    pub fn count_statements(&self, filter: &Filter) -> std::result::Result<Count, LedgerError> {
        let (from, mut w, order) = self.statements_where(filter).map_err(|e| self.told(&e))?;
        let (matching, tested): (Vec<String>, Vec<String>) =
            std::mem::take(&mut w.conditions).into_iter().partition(|c| c.starts_with("f."));
        if order.keys != MATCHES.keys || tested.is_empty() {
            w.conditions = matching.into_iter().chain(tested).collect();
            return self.count(&from, w);
        }
        // Words that many statements have, and another condition that few of these may fulfil: only the latest are tested.
        let matching = matching.join(" AND ");
        let sql = format!(
            "SELECT (SELECT count(*) FROM (SELECT 1 FROM statement_search f WHERE {matching} LIMIT {})), count(*) FROM (
                 SELECT 1 FROM (SELECT f.rowid AS id FROM statement_search f WHERE {matching} ORDER BY f.rowid DESC LIMIT {TESTED}) m
                 CROSS JOIN statements s ON s.id = m.id WHERE {})",
            TESTED + 1,
            tested.join(" AND ")
        );
        let rows = self.rows(&sql, w, |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?;
        let (looked, number) = rows.first().copied().unwrap_or_default();
        Ok(Count { number, more: looked > TESTED })
    }

    fn incidents_where(&self, filter: &Filter) -> Result<Where> {
        let mut w = Where::default();
        days(&mut w, filter, "i.date_start", "coalesce(i.date_end, i.date_start)");
        if let Some(place) = &filter.place {
            let rows = format!("SELECT id FROM incidents WHERE place IN ({PLACES})");
            let test = "(i.place LIKE ? ESCAPE '\\' OR i.admin1 LIKE ? ESCAPE '\\' OR i.country = upper(trim(?, '%')))";
            self.among(&mut w, "i.id", &rows, Some(test), like(place))?;
            // Towns of one name may lie in different provinces.
            w.add(test, like(place));
        }
        if let Some(kind) = &filter.kind {
            self.among(&mut w, "i.id", "SELECT id FROM incidents WHERE type = ?", Some("+i.type = ?"), kind.clone())?;
        }
        if let Some(actor) = &filter.actor {
            let rows = format!(
                "SELECT a.incident_id FROM perpetrators p JOIN accounts a ON a.id = p.account_id WHERE p.actor IN ({NAMED})
                 UNION ALL SELECT a.incident_id FROM perpetrators p JOIN accounts a ON a.id = p.account_id WHERE p.speaker IN ({NAMED})
                 UNION ALL SELECT a.incident_id FROM figures f JOIN accounts a ON a.id = f.account_id WHERE f.speaker IN ({NAMED})"
            );
            let test = format!(
                "EXISTS (SELECT 1 FROM accounts a WHERE a.incident_id = i.id AND (
                     EXISTS (SELECT 1 FROM perpetrators p WHERE p.account_id = a.id AND (p.actor IN ({NAMED}) OR p.speaker IN ({NAMED})))
                     OR EXISTS (SELECT 1 FROM figures f WHERE f.account_id = a.id AND f.speaker IN ({NAMED}))))"
            );
            self.among(&mut w, "i.id", &rows, lone(filter).then_some(test.as_str()), self.names_like(actor)?)?;
        }
        if let Some(outlet) = &filter.outlet {
            let rows =
                "SELECT a.incident_id FROM dispatches d JOIN accounts a ON a.dispatch_id = d.id WHERE d.outlet = ?";
            let test = "EXISTS (SELECT 1 FROM accounts a CROSS JOIN dispatches d ON d.id = a.dispatch_id
                WHERE a.incident_id = i.id AND d.outlet = ?)";
            self.among(&mut w, "i.id", rows, Some(test), outlet.clone())?;
        }
        if let Some(text) = &filter.text {
            let found = "SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?";
            let rows = "SELECT a.incident_id FROM dispatch_search f CROSS JOIN accounts a ON a.dispatch_id = f.rowid
                WHERE f.dispatch_search MATCH ?";
            let test =
                format!("EXISTS (SELECT 1 FROM accounts a WHERE a.incident_id = i.id AND +a.dispatch_id IN ({found}))");
            let query = words_query(text);
            // Where many dispatches have the words, their incidents are not gathered to find out that they are many.
            let found = found.replace('?', "?1");
            let many = self.estimates.rows(&self.connection, &found, &query.clone().into(), FEW + 1)? > FEW;
            if many {
                w.add(&test, query);
                w.among.push(rows.replace('?', &format!("?{}", w.values.len())));
            } else {
                self.among(&mut w, "i.id", rows, Some(&test), query)?;
            }
        }
        if filter.disputed {
            w.conditions.push("i.disputed <> ''".to_owned());
        }
        Ok(w)
    }

    /// Incidents by day, undated ones last.
    pub fn incidents(&self, filter: &Filter) -> std::result::Result<Vec<IncidentRow>, LedgerError> {
        self.incident_list(filter).map(|page| page.rows)
    }

    /// A page of [`incidents`](Self::incidents) without their accounts: for tables and pictures of many.
    pub fn incident_lines(&self, filter: &Filter) -> std::result::Result<Page<IncidentRow>, LedgerError> {
        let order = if filter.latest_first { LATEST } else { INCIDENTS };
        let cursor = order.cursor(filter)?;
        let mut w = self.incidents_that(filter)?;
        if let Some(cursor) = &cursor {
            order.beyond(&mut w, cursor);
        }
        let sql = format!(
            "SELECT {} FROM incidents i{}{}{}",
            IncidentRow::COLUMNS,
            w.sql(),
            order.sql(cursor.as_ref()),
            limit(filter)
        );
        let rows = self.rows(&sql, w, IncidentRow::read)?;
        let undated = if filter.latest_first { "" } else { "~" };
        let keys = |r: &IncidentRow| {
            let day = r.date_start.clone().unwrap_or_else(|| undated.to_owned());
            vec![Key::Text(day), Key::Text(r.id.clone())]
        };
        Ok(cut(rows, page_size(filter), cursor.as_ref(), order.list, keys))
    }

    /// A page of [`incidents`](Self::incidents).
    pub fn incident_list(&self, filter: &Filter) -> std::result::Result<Page<IncidentRow>, LedgerError> {
        let mut page = self.incident_lines(filter)?;
        let decided = self.anything_decided().map_err(|e| self.told(&e))?;
        for row in &mut page.rows {
            row.accounts = self.accounts_of("accounts", "incident_id", &row.id)?;
            if decided {
                row.decided = self.decided_on_all(&row.accounts).map_err(|e| self.told(&e))?;
            }
        }
        Ok(page)
    }

    /// How many [`incidents`](Self::incidents) there are.
    pub fn count_incidents(&self, filter: &Filter) -> std::result::Result<Count, LedgerError> {
        let w = self.incidents_that(&Filter { limit: None, ..filter.clone() })?;
        self.count("incidents i", w)
    }

    /// The incident with this id.
    pub fn incident(&self, id: &str) -> std::result::Result<IncidentRow, LedgerError> {
        let mut row = self.incident_row(id)?;
        row.accounts = self.accounts_of("accounts", "incident_id", id)?;
        row.decided = self.decided_on_all(&row.accounts).map_err(|e| self.told(&e))?;
        Ok(row)
    }

    /// The incident with this id, without its accounts.
    pub(super) fn incident_row(&self, id: &str) -> std::result::Result<IncidentRow, LedgerError> {
        let mut w = Where::default();
        w.add("i.id = ?", id.to_owned());
        let sql = format!("SELECT {} FROM incidents i{}", IncidentRow::COLUMNS, w.sql());
        let row = self.rows(&sql, w, IncidentRow::read)?.pop();
        row.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))
    }

    /// Where an incident or accord is told, in order of publication.
    pub(super) fn accounts_of(
        &self,
        table: &str,
        column: &str,
        id: &str,
    ) -> std::result::Result<Vec<AccountRef>, LedgerError> {
        let sql = format!(
            "SELECT d.source_id, a.item, a.public_id, d.namespace, d.outlet, d.published
             FROM {table} a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.{column} = ?1
             ORDER BY d.published IS NULL, d.published, d.namespace, d.source_id, a.id"
        );
        let mut w = Where::default();
        w.values.push(id.to_owned().into());
        let incidents = table == "accounts";
        self.rows(&sql, w, |r| {
            let item: String = r.get(1)?;
            Ok(AccountRef {
                dispatch: r.get(0)?,
                incident: incidents.then(|| item.clone()),
                accord: (!incidents).then_some(item),
                id: r.get(2)?,
                namespace: r.get(3)?,
                outlet: r.get(4)?,
                published: r.get(5)?,
            })
        })
    }

    fn accords_where(&self, filter: &Filter) -> Result<Where> {
        let mut w = Where::default();
        days(&mut w, filter, "coalesce(c.date, c.first_told)", "coalesce(c.date, c.first_told)");
        if let Some(place) = &filter.place {
            w.add("c.place LIKE ? ESCAPE '\\'", like(place));
        }
        if let Some(actor) = &filter.actor {
            w.add("(c.parties LIKE ? ESCAPE '\\' OR c.brokers LIKE ? ESCAPE '\\')", like(actor));
        }
        if let Some(outlet) = &filter.outlet {
            let rows = "SELECT a.accord_id FROM dispatches d JOIN accord_accounts a ON a.dispatch_id = d.id WHERE d.outlet = ?";
            self.among(&mut w, "c.id", rows, None, outlet.clone())?;
        }
        if let Some(text) = &filter.text {
            let found = "SELECT rowid FROM dispatch_search WHERE dispatch_search MATCH ?";
            let rows = format!("SELECT accord_id FROM accord_accounts WHERE +dispatch_id IN ({found})");
            self.among(&mut w, "c.id", &rows, None, words_query(text))?;
        }
        if filter.disputed {
            w.conditions.push("c.disputed <> ''".to_owned());
        }
        Ok(w)
    }

    /// Accords by the day they were first told.
    pub fn accords(&self, filter: &Filter) -> std::result::Result<Vec<AccordRow>, LedgerError> {
        self.accord_list(filter).map(|page| page.rows)
    }

    /// A page of [`accords`](Self::accords).
    pub fn accord_list(&self, filter: &Filter) -> std::result::Result<Page<AccordRow>, LedgerError> {
        let order = if filter.latest_first { LATEST_ACCORDS } else { ACCORDS };
        let cursor = order.cursor(filter)?;
        let mut w = self.accords_that(filter)?;
        if let Some(cursor) = &cursor {
            order.beyond(&mut w, cursor);
        }
        let sql = format!(
            "SELECT {} FROM accords c{}{}{}",
            AccordRow::COLUMNS,
            w.sql(),
            order.sql(cursor.as_ref()),
            limit(filter)
        );
        let rows = self.rows(&sql, w, AccordRow::read)?;
        let undated = if filter.latest_first { "" } else { "~" };
        let keys = |r: &AccordRow| {
            let day = r.first_told.clone().unwrap_or_else(|| undated.to_owned());
            vec![Key::Text(day), Key::Text(r.id.clone())]
        };
        let mut page = cut(rows, page_size(filter), cursor.as_ref(), order.list, keys);
        let decided = self.anything_decided().map_err(|e| self.told(&e))?;
        for row in &mut page.rows {
            row.accounts = self.accounts_of("accord_accounts", "accord_id", &row.id)?;
            if decided {
                row.decided = self.decided_on_all(&row.accounts).map_err(|e| self.told(&e))?;
            }
        }
        Ok(page)
    }

    /// How many [`accords`](Self::accords) there are.
    pub fn count_accords(&self, filter: &Filter) -> std::result::Result<Count, LedgerError> {
        let w = self.accords_that(filter)?;
        self.count("accords c", w)
    }

    /// The accord with this id.
    pub fn accord(&self, id: &str) -> std::result::Result<AccordRow, LedgerError> {
        let mut w = Where::default();
        w.add("c.id = ?", id.to_owned());
        let sql = format!("SELECT {} FROM accords c{}", AccordRow::COLUMNS, w.sql());
        let row = self.rows(&sql, w, AccordRow::read)?.pop();
        let mut row = row.ok_or_else(|| LedgerError::NoSuchId(id.to_owned()))?;
        row.accounts = self.accounts_of("accord_accounts", "accord_id", id)?;
        row.decided = self.decided_on_all(&row.accounts).map_err(|e| self.told(&e))?;
        Ok(row)
    }

    /// Actors, those who speak and are blamed most first.
    pub fn actors(&self, filter: &Filter) -> std::result::Result<Vec<ActorRow>, LedgerError> {
        self.actor_list(filter).map(|page| page.rows)
    }

    /// A page of [`actors`](Self::actors). Only `actor`, `limit` and `cursor` of the filter are asked.
    pub fn actor_list(&self, filter: &Filter) -> std::result::Result<Page<ActorRow>, LedgerError> {
        const LIST: &str = "actors";
        let cursor = filter.cursor.as_deref().map(|c| Cursor::decode(c, LIST, 2)).transpose()?;
        let mut w = Where::default();
        w.add("n.name <> ?", record::OUTLET.to_owned());
        if let Some(actor) = &filter.actor {
            w.add("n.actor IN (SELECT actor FROM actor_names WHERE name LIKE ? ESCAPE '\\')", like(actor));
        }
        let mut having = String::new();
        if let Some(Cursor { forward, keys, .. }) = &cursor
            && let [total, id] = keys.as_slice()
        {
            let (less, more) = if *forward { ('<', '>') } else { ('>', '<') };
            w.values.extend([total.clone().into(), id.clone().into()]);
            let n = w.values.len();
            having = format!(" HAVING total {less} ?{} OR total = ?{} AND n.actor {more} ?{n}", n - 1, n - 1);
        }
        let (down, up) = if cursor.as_ref().is_none_or(|c| c.forward) { ("DESC", "ASC") } else { ("ASC", "DESC") };
        let sql = format!(
            "SELECT n.actor, sum(n.statements), sum(n.blamed), sum(n.statements + n.blamed) AS total FROM actor_names n{}
             GROUP BY n.actor{having} ORDER BY total {down}, n.actor {up}{}",
            w.sql(),
            limit(filter)
        );
        let rows = self.rows(&sql, w, |r| {
            let (id, statements, blamed) = (r.get(0)?, r.get(1)?, r.get(2)?);
            Ok(ActorRow { id, name: String::new(), names: Vec::new(), statements, blamed })
        })?;
        let keys = |r: &ActorRow| vec![Key::Number(r.statements + r.blamed), Key::Text(r.id.clone())];
        let mut page = cut(rows, page_size(filter), cursor.as_ref(), LIST, keys);
        for row in &mut page.rows {
            let mut w = Where::default();
            w.add("actor = ?", row.id.clone());
            w.add("name <> ?", record::OUTLET.to_owned());
            let sql = format!("SELECT name, statements + blamed FROM actor_names{} ORDER BY name", w.sql());
            let names = self.rows(&sql, w, |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?)))?;
            let most = names.iter().map(|n| n.1).max();
            row.name = names.iter().find(|n| Some(n.1) == most).map(|n| n.0.clone()).unwrap_or_default();
            row.names = names.into_iter().map(|n| n.0).collect();
        }
        Ok(page)
    }

    /// Disputes by day of their incident, then those of accords.
    pub fn disputes(&self, filter: &Filter) -> std::result::Result<Vec<DisputeRow>, LedgerError> {
        self.dispute_list(filter).map(|page| page.rows)
    }

    /// A page of [`disputes`](Self::disputes): at most `limit` incidents or accords, each with all its disputes.
    pub fn dispute_list(&self, filter: &Filter) -> std::result::Result<Page<DisputeRow>, LedgerError> {
        let about_accords = filter.cursor.as_deref().is_some_and(|c| Cursor::decode(c, ACCORDS.list, 2).is_ok());
        let narrow = Filter { disputed: true, latest_first: false, ..filter.clone() };
        let mut out = Page { rows: Vec::new(), next: None, previous: None };
        let mut seen = 0;
        if !about_accords {
            let incidents = self.incident_list(&narrow)?;
            seen = incidents.rows.len();
            (out.next, out.previous) = (incidents.next, incidents.previous);
            for i in incidents.rows {
                let kind = i.kind.replace('_', " ");
                let about = i.place.map_or_else(|| kind.clone(), |p| format!("{kind}, {p}"));
                out.rows.extend(self.disputes_of("incident_id", &i.id, &about, i.date_start)?);
            }
            if out.next.is_some() {
                return Ok(out);
            }
        }
        let left = narrow.limit.map(|n| n.saturating_sub(seen as u32));
        if left == Some(0) {
            let begin = Cursor::new(ACCORDS.list, true, vec![Key::Text(String::new()), Key::Text(String::new())]);
            out.next = Some(begin.encode());
            return Ok(out);
        }
        let cursor = if about_accords { narrow.cursor.clone() } else { None };
        let accords = self.accord_list(&Filter { cursor, limit: left, ..narrow.clone() })?;
        if about_accords && accords.previous.is_none() {
            // The last page of incidents lies before the first of accords.
            let last =
                Cursor::new(INCIDENTS.list, false, vec![Key::Text("\u{10ffff}".to_owned()), Key::Text(String::new())]);
            out.previous = Some(last.encode());
        } else if about_accords {
            out.previous = accords.previous;
        }
        out.next = accords.next;
        for a in accords.rows {
            out.rows.extend(self.disputes_of("accord_id", &a.id, &a.name, a.date)?);
        }
        Ok(out)
    }

    fn count(&self, from: &str, w: Where) -> std::result::Result<Count, LedgerError> {
        let most = Count::MOST + 1;
        let sql = match (w.conditions.as_slice(), w.among.as_slice()) {
            // One condition, which selects the rows themselves: they are counted as they are found, not looked for.
            ([_], [rows]) => format!(
                "WITH m(id) AS ({rows}) SELECT count(id) FROM (SELECT DISTINCT id FROM m WHERE id IS NOT NULL LIMIT {most})"
            ),
            _ => format!("SELECT count(*) FROM (SELECT 1 FROM {from}{} LIMIT {most})", w.sql()),
        };
        let rows = self.rows(&sql, w, |r| r.get(0))?;
        Ok(Count::of(rows.first().copied().unwrap_or_default()))
    }

    /// The disputes of one incident or accord.
    pub(super) fn disputes_of(
        &self,
        column: &str,
        id: &str,
        about: &str,
        date: Option<String>,
    ) -> std::result::Result<Vec<DisputeRow>, LedgerError> {
        let read = || -> Result<Vec<DisputeRow>> {
            let sql = format!(
                "SELECT id, incident_id, accord_id, field, low, high, best, best_rule FROM disputes WHERE {column} = ?1 ORDER BY id"
            );
            let mut find = self.connection.prepare_cached(&sql)?;
            let mut rows = find.query([id])?;
            let mut out = Vec::new();
            while let Some(r) = rows.next()? {
                let mut positions = self.connection.prepare_cached(
                    "SELECT p.value, p.speaker, d.source_id, d.outlet, d.published, p.words, p.words_start, p.words_end
                     FROM positions p JOIN dispatches d ON d.id = p.dispatch_id WHERE p.dispute_id = ?1 ORDER BY p.number",
                )?;
                let positions = positions.query_map(params![r.get::<_, i64>(0)?], |p| {
                    Ok(PositionRow {
                        value: p.get(0)?,
                        by: p.get(1)?,
                        dispatch: p.get(2)?,
                        outlet: p.get(3)?,
                        published: p.get(4)?,
                        words: p.get(5)?,
                        start: p.get(6)?,
                        end: p.get(7)?,
                    })
                })?;
                out.push(DisputeRow {
                    incident: r.get(1)?,
                    accord: r.get(2)?,
                    about: about.to_owned(),
                    date: date.clone(),
                    field: r.get(3)?,
                    low: r.get(4)?,
                    high: r.get(5)?,
                    best: r.get(6)?,
                    best_rule: r.get(7)?,
                    positions: positions.collect::<Result<_>>()?,
                });
            }
            Ok(out)
        };
        read().map_err(|e| self.told(&e))
    }

    /// Runs a query with the values of its conditions.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        w: Where,
        row: impl FnMut(&rusqlite::Row) -> Result<T>,
    ) -> std::result::Result<Vec<T>, LedgerError> {
        let read = || -> Result<Vec<T>> {
            let mut query = self.connection.prepare_cached(sql)?;
            query.query_map(params_from_iter(w.values), row)?.collect()
        };
        read().map_err(|e| self.told(&e))
    }
}
