//! The review queue: what needs a person, most urgent first, one item open with its words in context.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use ledger::LedgerError;
use ledger::query::Count;
use ledger::review::{By, Decision, LogEntry, LogFilter, Need, QueueFilter, Queued};
use serde::Deserialize;

use crate::frame::{Frame, Page, day, draw, encode, plain};
use crate::problem::Problem;
use crate::state::Desk;

/// How long something that was taken on is kept for its reviewer.
const KEPT: SignedDuration = SignedDuration::from_mins(30);
/// Items of a page of the queue.
const ROWS: u32 = 30;
/// Decisions on the open item that are shown.
const EARLIER: u32 = 10;
/// The longest value, reason or id that is taken, in bytes.
const LONGEST: usize = 4_000;

/// What the queue is narrowed to, and where one is in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    need: String,
    place: String,
    since: String,
    until: String,
    /// `mine`, `free` or all.
    who: String,
    cursor: String,
    /// The item that is open, by its key; the first otherwise.
    at: String,
    /// An id to decide on that need not be in the queue.
    id: String,
    /// The decision that was made last.
    done: String,
}

impl Asked {
    /// The query that keeps to these filters, with `more` behind.
    fn query(&self, more: &[(&str, &str)]) -> String {
        let kept = [
            ("need", self.need.as_str()),
            ("place", &self.place),
            ("since", &self.since),
            ("until", &self.until),
            ("who", &self.who),
        ];
        let parts = kept.iter().chain(more).filter(|(_, v)| !v.is_empty());
        parts.map(|(k, v)| format!("{k}={}", encode(v))).collect::<Vec<_>>().join("&")
    }

    fn filter(&self, who: &str) -> Result<QueueFilter, Problem> {
        let date = |text: &str| {
            let set = Some(text.trim()).filter(|t| !t.is_empty());
            let parsed =
                set.map(|t| t.parse().map_err(|_| Problem::bad(format!("“{t}” is no day (write it as 2016-09-19)."))));
            parsed.transpose()
        };
        let need = Need::ALL.into_iter().find(|n| n.name() == self.need);
        if !self.need.is_empty() && need.is_none() {
            return Err(Problem::bad(format!("“{}” is none of the queue's reasons.", self.need)));
        }
        Ok(QueueFilter {
            needs: need.into_iter().collect(),
            place: Some(self.place.trim().to_owned()).filter(|p| !p.is_empty()),
            since: date(&self.since)?,
            until: date(&self.until)?,
            taken_by: (self.who == "mine").then(|| who.to_owned()),
            free: self.who == "free",
            now: Some(Timestamp::now()),
            cursor: Some(self.cursor.clone()).filter(|c| !c.is_empty()),
            limit: Some(ROWS),
        })
    }
}

/// A reason for the queue, with how many there are.
struct Tab {
    name: String,
    href: String,
    count: Count,
    here: bool,
}

/// An item of the list.
struct Entry {
    item: Queued,
    need: String,
    href: String,
    when: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "review.html")]
struct ReviewPage {
    f: Frame,
    asked: Asked,
    tabs: Vec<Tab>,
    entries: Vec<Entry>,
    open: Option<Queued>,
    open_need: String,
    /// The id that decisions on the open item are about.
    id: String,
    shown: String,
    earlier: Vec<(LogEntry, String)>,
    previous_item: String,
    next_item: String,
    next_page: String,
    done: Option<(LogEntry, String)>,
    back: String,
    mine: bool,
    may: bool,
    fields: &'static [&'static str],
}

/// Fields that can be edited, for the list that the field's box offers. The ledger knows which fit an item.
const FIELDS: &[&str] = &[
    "actor",
    "background",
    "blamed",
    "by",
    "counted",
    "country",
    "date",
    "date_end",
    "date_start",
    "group",
    "high",
    "kind",
    "low",
    "measure",
    "modality",
    "name",
    "number",
    "out_of",
    "party",
    "place",
    "qualifier",
    "speaker",
    "stance",
    "status",
    "type",
    "value",
];

/// `GET /review`
pub async fn page(State(desk): State<Desk>, f: Frame, Query(asked): Query<Asked>) -> Page {
    let filter = asked.filter(&f.viewer.name)?;
    let (at, id, done) = (asked.at.clone(), asked.id.clone(), asked.done.clone());
    let counts = desk.queue_sizes().await?;
    let (page, earlier, done) = desk
        .read(move |l| {
            let page = l.queue(&filter)?;
            let open = page.items.iter().find(|i| i.key == at).or(page.items.first());
            let on = if id.is_empty() { open.map(|i| i.id.clone()) } else { Some(id) };
            let log = |about: String, limit| {
                l.log(&LogFilter { about: Some(about), limit: Some(limit), ..LogFilter::default() })
            };
            let earlier = on.map(|id| log(id, EARLIER)).transpose()?.unwrap_or_default();
            let done = if done.is_empty() { None } else { log(done.clone(), 20)?.into_iter().find(|e| e.id == done) };
            Ok((page, earlier, done))
        })
        .await?;
    let here = if asked.id.is_empty() {
        page.items.iter().position(|i| i.key == asked.at).or((!page.items.is_empty()).then_some(0))
    } else {
        None
    };
    let to = |item: Option<&Queued>| {
        item.map(|i| f.with(&asked.query(&[("cursor", &asked.cursor), ("at", &i.key)]))).unwrap_or_default()
    };
    let near = |step: isize| here.and_then(|h| page.items.get(h.checked_add_signed(step)?));
    let (previous_item, next_item) = (to(near(-1)), to(near(1)));
    let next_page = page.next.as_ref().map(|c| f.with(&asked.query(&[("cursor", c)]))).unwrap_or_default();
    let all = Count { number: counts.iter().map(|(_, n)| n.number).sum(), more: counts.iter().any(|(_, n)| n.more) };
    let tab = |name: String, need: &str, count| {
        let other = Asked { need: need.to_owned(), ..asked.clone() };
        Tab { name, href: f.with(&other.query(&[])), count, here: asked.need == need }
    };
    let mut tabs = vec![tab("everything".to_owned(), "", all)];
    tabs.extend(counts.iter().map(|(need, n)| tab(title(*need).to_owned(), need.name(), *n)));
    let entries = page
        .items
        .iter()
        .enumerate()
        .map(|(n, item)| Entry {
            need: title(item.need).to_owned(),
            href: to(Some(item)),
            when: item.published.as_deref().map(day).unwrap_or_default(),
            here: here == Some(n),
            item: item.clone(),
        })
        .collect();
    let open = here.and_then(|h| page.items.get(h)).cloned();
    let id =
        if asked.id.is_empty() { open.as_ref().map(|i| i.id.clone()).unwrap_or_default() } else { asked.id.clone() };
    // After a decision one goes on to the next item, which by then may be the first of the queue.
    let after = near(1).map(|i| i.key.clone()).unwrap_or_default();
    let back = if asked.id.is_empty() {
        asked.query(&[("cursor", &asked.cursor), ("at", &after)])
    } else {
        asked.query(&[("id", &asked.id)])
    };
    let name = f.viewer.name.clone();
    let said = |e: LogEntry| (e.clone(), e.sentence());
    draw(&ReviewPage {
        shown: shown(&f, &id),
        mine: open.as_ref().and_then(|i| i.taken_by.as_deref()) == Some(name.as_str()),
        may: f.viewer.may(crate::auth::Role::Reviewer),
        open_need: open.as_ref().map(|i| title(i.need).to_owned()).unwrap_or_default(),
        earlier: earlier.into_iter().map(said).collect(),
        done: done.map(said),
        fields: FIELDS,
        f,
        asked,
        tabs,
        entries,
        open,
        id,
        previous_item,
        next_item,
        next_page,
        back,
    })
}

/// The page that shows what an id stands for; empty where there is none (a part of an account, a decision).
fn shown(f: &Frame, id: &str) -> String {
    let whole = id.split(['.', '#']).next().unwrap_or_default();
    match whole.chars().next() {
        _ if id.contains(':') => match whole.split_once(':') {
            Some((namespace, source)) => f.dispatch(namespace, source),
            None => String::new(),
        },
        Some('i') => f.incident(whole),
        Some('a') => f.accord(whole),
        _ => String::new(),
    }
}

fn title(need: Need) -> &'static str {
    match need {
        Need::Orphaned => "decision without its words",
        Need::Withdrawn => "dispatch taken back",
        Need::Dispute => "sources differ",
        Need::NearLink => "tied by little",
        Need::LowConfidence => "reader unsure",
        Need::Check => "does not add up",
    }
}

/// A decision, as its form sends it.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Decided {
    action: String,
    id: String,
    other: String,
    field: String,
    value: String,
    why: String,
    /// The page's query to go back to.
    back: String,
}

impl Default for Decided {
    fn default() -> Decided {
        let empty = String::new;
        Decided {
            action: empty(),
            id: empty(),
            other: empty(),
            field: empty(),
            value: empty(),
            why: empty(),
            back: empty(),
        }
    }
}

fn by(f: &Frame, why: &str) -> By {
    let why = Some(why.trim().to_owned()).filter(|w| !w.is_empty());
    By { who: f.viewer.name.clone(), why, at: Timestamp::now() }
}

/// `POST /review/decide`
pub async fn decide(State(desk): State<Desk>, f: Frame, Form(d): Form<Decided>) -> Result<Response, Problem> {
    let (id, other) = (d.id.trim().to_owned(), d.other.trim().to_owned());
    if [&d.id, &d.other, &d.field, &d.value, &d.why].iter().any(|t| t.len() > LONGEST) {
        return Err(Problem::bad(format!("A value or reason is longer than {LONGEST} bytes.")));
    }
    let named = |what: &str, text: &str| {
        if text.is_empty() { Err(Problem::bad(format!("Say {what}."))) } else { Ok(()) }
    };
    named("what is decided on (an id)", &id)?;
    let decision = match d.action.as_str() {
        "accept" => Decision::Accept { id },
        "reject" => Decision::Reject { id },
        "edit" => {
            named("which field is edited", d.field.trim())?;
            Decision::edit(id, d.field.trim(), d.value.trim())
        }
        "merge" | "not_same" => {
            named("which other incident or accord is meant (its id)", &other)?;
            if d.action == "merge" {
                Decision::Merge { a: id, b: other }
            } else {
                Decision::NotSame { a: id, b: other }
            }
        }
        "split" => {
            let accounts: Vec<String> = other.split([',', ' ']).filter(|a| !a.is_empty()).map(str::to_owned).collect();
            named("which accounts go (their ids)", accounts.first().map_or("", String::as_str))?;
            Decision::Split { id, accounts }
        }
        "note" => {
            named("what is to be noted", d.value.trim())?;
            Decision::Note { id, text: d.value.trim().to_owned() }
        }
        other => return Err(Problem::bad(format!("“{}” is no decision.", plain(other)))),
    };
    let who = by(&f, &d.why);
    let made = desk.write(move |l| l.decide(&decision, &who)).await?;
    Ok(back(&f, &d.back, &made.id))
}

/// Which decision to undo.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Undone {
    id: String,
    back: String,
}

/// `POST /review/undo`: the decision of this id, or this reviewer's last.
pub async fn undo(State(desk): State<Desk>, f: Frame, Form(u): Form<Undone>) -> Result<Response, Problem> {
    let (id, who) = (u.id.trim().to_owned(), by(&f, ""));
    let made = desk
        .write(move |l| {
            let id = match id.is_empty() {
                false => Some(id),
                true => {
                    let mine = LogFilter {
                        who: Some(who.who.clone()),
                        standing: true,
                        limit: Some(1),
                        ..LogFilter::default()
                    };
                    l.log(&mine)?.into_iter().next().map(|e| e.id)
                }
            };
            match id {
                Some(id) => l.undo(Some(&id), &who),
                None => Err(LedgerError::Refused("there is no decision of yours to undo".to_owned())),
            }
        })
        .await?;
    Ok(back(&f, &u.back, &made.id))
}

/// What is taken on or given back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Taken {
    key: String,
    back: String,
}

/// `POST /review/take`: others see that this reviewer works on it, for half an hour.
pub async fn take(State(desk): State<Desk>, f: Frame, Form(t): Form<Taken>) -> Result<Response, Problem> {
    let (now, who) = (Timestamp::now(), f.viewer.name.clone());
    desk.write(move |l| l.take_on(&t.key, &who, now + KEPT, now)).await?;
    Ok(Redirect::to(&format!("{}/review?{}", f.base, t.back)).into_response())
}

/// `POST /review/give`
pub async fn give(State(desk): State<Desk>, f: Frame, Form(t): Form<Taken>) -> Result<Response, Problem> {
    let who = f.viewer.name.clone();
    desk.write(move |l| l.give_back(&t.key, &who)).await?;
    Ok(Redirect::to(&format!("{}/review?{}", f.base, t.back)).into_response())
}

/// Back to where one was, which says what was done.
fn back(f: &Frame, query: &str, done: &str) -> Response {
    let query: String = query.chars().filter(|c| !c.is_control()).collect();
    let glue = if query.is_empty() { "" } else { "&" };
    Redirect::to(&format!("{}/review?{query}{glue}done={}", f.base, encode(done))).into_response()
}
