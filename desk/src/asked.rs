//! What a list is narrowed to, as pages, feeds, tables and the API are all asked for it: one form, one meaning.

use jiff::civil::Date;
use ledger::query::Filter;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::frame::{day, encode, plain};
use crate::problem::Problem;

/// The query of a list. A field left empty holds always.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// Words that the text has; words between quotation marks stand together.
    pub text: Option<String>,
    /// First day, YYYY-MM-DD.
    pub since: Option<String>,
    /// Last day, YYYY-MM-DD.
    pub until: Option<String>,
    /// Part of a place's or province's name, or a country's two letters.
    pub place: Option<String>,
    /// Part of an actor's name.
    pub actor: Option<String>,
    /// The outlet.
    pub outlet: Option<String>,
    /// Kind of act, such as `air_strike`.
    pub kind: Option<String>,
    /// `1`: only those on which sources differ.
    pub disputed: Option<String>,
    /// `1`: only dispatches that tell of an incident.
    pub incident: Option<String>,
    /// `1`: only dispatches that tell of an accord.
    pub accord: Option<String>,
    /// `latest`: latest first, for lists that begin with the earliest.
    pub order: Option<String>,
    /// `next` or `previous` of another page of this list.
    pub cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    pub limit: Option<String>,
}

/// Rows of a page when nobody says how many.
const ROWS: u32 = 50;

/// The most rows of a page.
const MOST: u32 = 200;

/// The longest a part of a query may be, in characters.
const LONGEST: usize = 400;

fn set(field: &Option<String>) -> Option<&str> {
    field.as_deref().map(str::trim).filter(|v| !v.is_empty())
}

impl Asked {
    /// The ledger's filter, or what is wrong with the query.
    pub fn filter(&self) -> Result<Filter, Problem> {
        let date = |name: &str, field: &Option<String>| -> Result<Option<Date>, Problem> {
            let Some(text) = set(field) else { return Ok(None) };
            let parsed = text.parse::<Date>();
            parsed.map(Some).map_err(|_| Problem::bad(format!("{name}: “{text}” is no day (write it as 2016-09-19).")))
        };
        let text = |name: &str, field: &Option<String>| -> Result<Option<String>, Problem> {
            match set(field) {
                Some(v) if v.chars().count() > LONGEST => {
                    Err(Problem::bad(format!("{name}: is longer than {LONGEST} characters.")))
                }
                Some(v) if v.contains('\0') => Err(Problem::bad(format!("{name}: holds a character that is no text."))),
                other => Ok(other.map(str::to_owned)),
            }
        };
        let flag = |name: &str, field: &Option<String>| match set(field) {
            None | Some("0" | "false") => Ok(false),
            Some("1" | "true" | "on") => Ok(true),
            Some(other) => Err(Problem::bad(format!("{name}: “{other}” is neither 1 nor 0."))),
        };
        let limit = match set(&self.limit) {
            None => ROWS,
            Some(n) => match n.parse::<u32>() {
                Ok(n) if (1..=MOST).contains(&n) => n,
                _ => return Err(Problem::bad(format!("limit: “{n}” is no number from 1 to {MOST}."))),
            },
        };
        let latest_first = match set(&self.order) {
            None | Some("earliest") => false,
            Some("latest") => true,
            Some(o) => return Err(Problem::bad(format!("order: “{o}” is neither earliest nor latest."))),
        };
        Ok(Filter {
            since: date("since", &self.since)?,
            until: date("until", &self.until)?,
            place: text("place", &self.place)?,
            actor: text("actor", &self.actor)?,
            text: text("text", &self.text)?,
            outlet: text("outlet", &self.outlet)?,
            kind: text("kind", &self.kind)?,
            disputed: flag("disputed", &self.disputed)?,
            has_incident: flag("incident", &self.incident)?,
            has_accord: flag("accord", &self.accord)?,
            latest_first,
            cursor: set(&self.cursor).map(str::to_owned),
            limit: Some(limit),
        })
    }

    fn parts(&self) -> [(&'static str, &Option<String>); 12] {
        [
            ("text", &self.text),
            ("since", &self.since),
            ("until", &self.until),
            ("place", &self.place),
            ("actor", &self.actor),
            ("outlet", &self.outlet),
            ("kind", &self.kind),
            ("disputed", &self.disputed),
            ("incident", &self.incident),
            ("accord", &self.accord),
            ("order", &self.order),
            ("limit", &self.limit),
        ]
    }

    /// The query without its cursor: for links to the same selection in another form.
    pub fn query(&self) -> String {
        let parts = self.parts().into_iter().filter_map(|(name, v)| set(v).map(|v| format!("{name}={}", encode(v))));
        parts.collect::<Vec<_>>().join("&")
    }

    /// The query of another page of the list.
    pub fn page(&self, cursor: &str) -> String {
        let query = self.query();
        let amp = if query.is_empty() { "" } else { "&" };
        format!("{query}{amp}cursor={}", encode(cursor))
    }

    /// What is set, in words: "place Aleppo, since 12 Sep 2016".
    pub fn said(&self) -> String {
        let mut said = Vec::new();
        for (name, value) in self.parts() {
            let Some(value) = set(value) else { continue };
            said.push(match name {
                "text" => format!("with “{value}”"),
                "since" | "until" => format!("{name} {}", day(value)),
                "kind" => plain(value),
                "disputed" => "where sources differ".to_owned(),
                "incident" => "telling of an incident".to_owned(),
                "accord" => "telling of an accord".to_owned(),
                "order" | "limit" => continue,
                _ => format!("{name} {value}"),
            });
        }
        said.join(", ")
    }

    /// A field as it was typed, for the form.
    pub fn value(&self, name: &str) -> &str {
        self.parts().into_iter().find(|p| p.0 == name).and_then(|p| p.1.as_deref()).unwrap_or_default()
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.value(name), "1" | "true" | "on")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_a_filter_and_a_wrong_one_is_told() {
        let asked = Asked {
            since: Some("2016-09-12".into()),
            place: Some(" Aleppo ".into()),
            text: Some(String::new()),
            disputed: Some("on".into()),
            ..Asked::default()
        };
        let filter = asked.filter().unwrap();
        assert_eq!((filter.place.as_deref(), filter.text, filter.disputed), (Some("Aleppo"), None, true));
        assert_eq!(asked.query(), "since=2016-09-12&place=Aleppo&disputed=on");
        assert_eq!(asked.said(), "since 12 Sep 2016, place Aleppo, where sources differ");
        for wrong in [
            Asked { since: Some("Monday".into()), ..Asked::default() },
            Asked { limit: Some("0".into()), ..Asked::default() },
            Asked { disputed: Some("maybe".into()), ..Asked::default() },
            Asked { text: Some("x".repeat(LONGEST + 1)), ..Asked::default() },
        ] {
            assert!(wrong.filter().is_err(), "{wrong:?}");
        }
    }
}
