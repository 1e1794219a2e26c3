//! The incidents of the file: clusters of accounts, each with what its accounts say together.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::changes::Moment;
use crate::changes::write::{self, Moves};
use crate::link::apply::{Touched, recluster};
use crate::link::facts::Facts;
use crate::{crosscheck, dispute};

/// One account, as far as an incident's row needs it.
struct Account {
    id: i64,
    public_id: String,
    item: String,
    kind: String,
    date: (Option<String>, Option<String>),
    place: Place,
    background: bool,
    modality: String,
    published: Option<String>,
    identity: (String, String),
    source: String,
    /// The incident that it was in.
    former: Option<String>,
}

/// A place, finest first.
#[derive(Clone, PartialEq)]
struct Place {
    rank: u8,
    name: Option<String>,
    admin1: Option<String>,
    country: Option<String>,
    point: (Option<f64>, Option<f64>),
    geonames_id: Option<u32>,
}

/// Clusters what was touched and writes the incidents that come of it.
pub fn settle(tx: &Connection, touched: &mut Touched<Facts>, moment: &Moment) -> Result<()> {
    let mut former = touched.lost();
    let mut moves = Moves::default();
    for nodes in recluster::<Facts>(tx, touched)? {
        let mut accounts = Vec::new();
        for node in nodes {
            accounts.extend(load(tx, node, &mut former)?);
        }
        if !accounts.is_empty() {
            write(tx, accounts, moment, &mut moves)?;
        }
    }
    for id in former {
        let gone: Option<String> = tx
            .prepare_cached(
                "DELETE FROM incidents WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM accounts WHERE incident_id = ?1)
                 RETURNING replace(type, '_', ' ') || coalesce(', ' || place, '') || coalesce(', ' || date_start, '')",
            )?
            .query_row([&id], |r| r.get(0))
            .optional()?;
        if let Some(about) = gone.filter(|_| !moves.names(&id)) {
            let reason = write::reason(tx, &id)?;
            let row = write::Row {
                what: "gone",
                kind: "incident",
                subject: &id,
                about: &about,
                after: reason,
                ..Default::default()
            };
            write::row(tx, moment, row)?;
        }
    }
    moves.write(tx, moment, "incident")
}

fn load(tx: &Connection, node: i64, former: &mut BTreeSet<String>) -> Result<Vec<Account>> {
    let mut rows = tx.prepare_cached(
        "SELECT a.id, a.public_id, a.item, a.incident_id, a.type, a.date_start, a.date_end, a.place, a.admin1, a.country, a.lat,
             a.lon, a.geonames_id, a.precision, a.background, a.modality, d.published, d.namespace, d.source_id,
             coalesce(d.echo_group, d.id)
         FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id WHERE a.node_id = ?1",
    )?;
    let mut out = Vec::new();
    let mut rows = rows.query([node])?;
    while let Some(r) = rows.next()? {
        let was: Option<String> = r.get(3)?;
        former.extend(was.clone());
        let precision: Option<String> = r.get(13)?;
        let name: Option<String> = r.get(7)?;
        let rank = match (&name, precision.as_deref()) {
            (None, _) => 9,
            (_, Some("site")) => 1,
            (_, Some("city")) => 2,
            (_, Some("near")) => 3,
            (_, Some("district")) => 5,
            (_, Some("province")) => 6,
            (_, Some("country")) => 7,
            _ => 4,
        };
        let source = match r.get_ref(19)? {
            rusqlite::types::ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
            rusqlite::types::ValueRef::Integer(i) => i.to_string(),
            _ => String::new(),
        };
        out.push(Account {
            id: r.get(0)?,
            public_id: r.get(1)?,
            item: r.get(2)?,
            kind: r.get(4)?,
            date: (r.get(5)?, r.get(6)?),
            place: Place {
                rank,
                name,
                admin1: r.get(8)?,
                country: r.get(9)?,
                point: (r.get(10)?, r.get(11)?),
                geonames_id: r.get(12)?,
            },
            background: r.get(14)?,
            modality: r.get(15)?,
            published: r.get(16)?,
            identity: (r.get(17)?, r.get(18)?),
            source,
            former: was,
        });
    }
    Ok(out)
}

/// The number in an item's id, so that `i10` comes after `i9`.
fn number(item: &str) -> u32 {
    item.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(u32::MAX)
}

/// The value that most sources give; of equal ones, the smallest.
fn most<'a, T: Ord + Clone + 'a>(values: impl Iterator<Item = (&'a str, T)>) -> Option<T> {
    let mut by_value: BTreeMap<T, BTreeSet<&str>> = BTreeMap::new();
    for (source, value) in values {
        by_value.entry(value).or_default().insert(source);
    }
    let top = by_value.values().map(BTreeSet::len).max()?;
    by_value.into_iter().find(|(_, sources)| sources.len() == top).map(|(value, _)| value)
}

/// Writes one incident and ties its accounts to it.
fn write(tx: &Connection, mut accounts: Vec<Account>, moment: &Moment, moves: &mut Moves) -> Result<()> {
    // The first to be told: earliest publication, then identity; undated dispatches come last.
    accounts.sort_by(|a, b| {
        let key = |x: &Account| {
            (x.published.is_none(), x.published.clone(), x.identity.clone(), number(&x.item), x.public_id.clone())
        };
        key(a).cmp(&key(b))
    });
    let Some(first) = accounts.first() else { return Ok(()) };
    let id = first.public_id.clone();
    let news: Vec<&Account> = accounts.iter().filter(|a| !a.background).collect();
    let telling: Vec<&Account> = if news.is_empty() { accounts.iter().collect() } else { news };
    let kind = most(telling.iter().map(|a| (a.source.as_str(), a.kind.clone()))).unwrap_or_default();
    let dated = |a: &&&Account| a.date.0.is_some();
    let date = most(telling.iter().filter(dated).map(|a| (a.source.as_str(), a.date.clone())))
        .or_else(|| most(accounts.iter().filter(|a| a.date.0.is_some()).map(|a| (a.source.as_str(), a.date.clone()))))
        .unwrap_or_default();
    let rank = telling.iter().map(|a| a.place.rank).min().unwrap_or(9);
    let rank = if rank == 9 { accounts.iter().map(|a| a.place.rank).min().unwrap_or(9) } else { rank };
    let finest = accounts.iter().filter(|a| a.place.rank == rank);
    let name = most(finest.clone().map(|a| (a.source.as_str(), a.place.name.clone())));
    let place = finest.clone().find(|a| Some(&a.place.name) == name.as_ref()).map(|a| a.place.clone());
    let country = place.as_ref().and_then(|p| p.country.clone()).or_else(|| {
        most(
            accounts.iter().filter(|a| a.place.country.is_some()).map(|a| (a.source.as_str(), a.place.country.clone())),
        )
        .flatten()
    });
    let modality = match accounts.iter().any(|a| a.modality == "asserted") {
        true => "asserted".to_owned(),
        false => most(accounts.iter().map(|a| (a.source.as_str(), a.modality.clone()))).unwrap_or_default(),
    };
    let sources: BTreeSet<&str> = accounts.iter().map(|a| a.source.as_str()).collect();
    let ids: Vec<i64> = accounts.iter().map(|a| a.id).collect();
    let found = dispute::of_incident(tx, &ids)?;
    let bounds = |measure: &str| found.ranges.iter().find(|r| r.measure == measure);
    let (killed, injured) = (bounds("killed"), bounds("injured"));
    let values = [
        ("type", Some(kind.clone())),
        ("date", write::date_value(&date.0, &date.1)),
        ("place", place.as_ref().and_then(|p| p.name.clone())),
    ];
    let said = write::found(&found, values);
    let about = write::called(&said);
    let before = former_self(tx, &id, &accounts, &about, moves)?;
    tx.prepare_cached(
        "INSERT INTO incidents (id, type, date_start, date_end, place, admin1, country, lat, lon, geonames_id, background,
             modality, accounts, sources, killed_low, killed_high, injured_low, injured_high, disputed, first_told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
         ON CONFLICT (id) DO UPDATE SET type = excluded.type, date_start = excluded.date_start, date_end = excluded.date_end,
             place = excluded.place, admin1 = excluded.admin1, country = excluded.country, lat = excluded.lat,
             lon = excluded.lon, geonames_id = excluded.geonames_id, background = excluded.background,
             modality = excluded.modality, accounts = excluded.accounts, sources = excluded.sources,
             killed_low = excluded.killed_low, killed_high = excluded.killed_high, injured_low = excluded.injured_low,
             injured_high = excluded.injured_high, disputed = excluded.disputed, first_told = excluded.first_told",
    )?
    .execute(params![
        id,
        kind,
        date.0,
        date.1,
        place.as_ref().and_then(|p| p.name.clone()),
        place.as_ref().and_then(|p| p.admin1.clone()),
        country,
        place.as_ref().and_then(|p| p.point.0),
        place.as_ref().and_then(|p| p.point.1),
        place.as_ref().and_then(|p| p.geonames_id),
        accounts.iter().all(|a| a.background),
        modality,
        accounts.len() as i64,
        sources.len() as i64,
        killed.and_then(|r| r.low),
        killed.and_then(|r| r.high),
        injured.and_then(|r| r.low),
        injured.and_then(|r| r.high),
        found.fields().join(","),
        accounts.iter().filter_map(|a| a.published.clone()).min(),
    ])?;
    for account in &accounts {
        tx.prepare_cached("UPDATE accounts SET incident_id = ?1 WHERE id = ?2")?.execute(params![id, account.id])?;
    }
    dispute::write(tx, "incident_id", &id, &found)?;
    crosscheck::write(tx, "incident_id", &id, &crosscheck::of_incident(tx, &ids)?)?;
    match before {
        Some(before) if before == said => Ok(()),
        Some(before) => write::compared(tx, moment, ("incident", &id, &about), &before, &said, &ids),
        None => write::made(tx, moment, ("incident", &id, &about), &said, &ids),
    }
}

/// What the incident said before, as its own row or that of the incident most of its accounts come from; notes the accounts
/// that come from others. Nothing where no account was in any.
fn former_self(
    tx: &Connection,
    id: &str,
    accounts: &[Account],
    about: &str,
    moves: &mut Moves,
) -> Result<Option<write::Said>> {
    let own = write::incident(tx, id)?;
    let mut from: BTreeMap<&str, usize> = BTreeMap::new();
    for former in accounts.iter().filter_map(|a| a.former.as_deref()) {
        *from.entry(former).or_default() += 1;
    }
    let most = from.iter().max_by_key(|(f, n)| (**n, std::cmp::Reverse(**f))).map(|(f, _)| (*f).to_owned());
    let self_id = if own.is_some() { Some(id.to_owned()) } else { most };
    for account in accounts {
        if let Some(former) = account.former.as_deref().filter(|f| *f != id) {
            moves.add(former, id, &account.public_id, about, self_id.as_deref() == Some(former));
        }
    }
    match (own, self_id) {
        (Some(own), _) => Ok(Some(own)),
        (None, Some(other)) => write::incident(tx, &other),
        (None, None) => Ok(None),
    }
}
