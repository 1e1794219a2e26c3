//! What the frame around every page needs to know: where it is served, which page it is, who looks at it.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Html;

use crate::auth::Viewer;
use crate::problem::Problem;
use crate::state::Desk;

/// The frame around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The path the desk is served under, for links: `{{ f.base }}/incidents`.
    pub base: String,
    /// The page's own path below it.
    pub path: String,
    /// The page's query as it was asked, without `?`.
    pub query: String,
    /// Who looks at it.
    pub viewer: Viewer,
    /// Whether htmx asks for a part of the page.
    pub part: bool,
    /// Whether dispatches can be added.
    pub can_add: bool,
}

impl Frame {
    /// The frame of a request.
    pub fn of(parts: &mut Parts, desk: &Desk) -> Frame {
        Frame {
            base: desk.base().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            viewer: parts.extensions.get::<Viewer>().cloned().unwrap_or_default(),
            part: parts.headers.contains_key("hx-request"),
            can_add: desk.can_add(),
        }
    }

    /// The address of a dispatch.
    pub fn dispatch(&self, namespace: &str, id: &str) -> String {
        format!("{}/dispatches/{}:{}", self.base, encode(namespace), encode(id))
    }

    /// The address of words in a dispatch: the page shows them marked.
    pub fn words(&self, namespace: &str, id: &str, start: &i64, end: &i64) -> String {
        format!("{}?words={start}-{end}#words", self.dispatch(namespace, id))
    }

    /// The address of an incident.
    pub fn incident(&self, id: &str) -> String {
        format!("{}/incidents/{}", self.base, encode(id))
    }

    /// The address of an accord.
    pub fn accord(&self, id: &str) -> String {
        format!("{}/accords/{}", self.base, encode(id))
    }

    /// The address of an actor.
    pub fn actor(&self, key: &str) -> String {
        format!("{}/actors/{}", self.base, encode(key))
    }

    /// The page's address with another query.
    pub fn with(&self, query: &str) -> String {
        if query.is_empty() {
            format!("{}{}", self.base, self.path)
        } else {
            format!("{}{}?{query}", self.base, self.path)
        }
    }

    /// Whether this section of the desk is shown: for `aria-current` in the navigation.
    pub fn here(&self, section: &str) -> bool {
        match section {
            "/" => self.path == "/" || self.path.starts_with("/dispatches"),
            section => self.path.starts_with(section),
        }
    }
}

impl FromRequestParts<Desk> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Frame, Infallible> {
        Ok(Frame::of(parts, desk))
    }
}

/// A text as a part of an address: only letters, digits and `-._~` stay as they are.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A name of ours (`air_strike`) as words.
pub fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// A name set apart from the sentence around it where it is written from right to left: numbers behind it stay behind it.
pub fn apart(name: &str) -> String {
    let leftward = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    if name.contains(leftward) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

/// Whose voice: the outlet's own is called by the outlet's name.
pub fn voice(by: &str, outlet: Option<&str>) -> String {
    match (by, outlet) {
        (record::OUTLET, Some(outlet)) => format!("{outlet} itself"),
        (record::OUTLET, None) => "the outlet itself".to_owned(),
        (by, _) => by.to_owned(),
    }
}

/// A day as people write it: "19 Sep 2016"; what is no day stays as it is.
pub fn day(iso: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    match iso.parse::<jiff::civil::Date>() {
        Ok(d) => {
            let month = usize::try_from(d.month()).ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).unwrap_or(&"");
            format!("{} {month} {}", d.day(), d.year())
        }
        Err(_) => iso.to_owned(),
    }
}

/// Days as people write them: "12 Sep 2016", "12 Sep 2016 – 14 Sep 2016", "undated".
pub fn days(start: Option<&str>, end: Option<&str>) -> String {
    match (start, end) {
        (None, None) => "undated".to_owned(),
        (Some(d), None) | (None, Some(d)) => day(d),
        (Some(a), Some(b)) if a == b => day(a),
        (Some(a), Some(b)) => format!("{} – {}", day(a), day(b)),
    }
}

/// A number between bounds: "12", "12–20", nothing.
pub fn bounds(low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (None, None) => String::new(),
        (Some(n), None) => format!("{n}+"),
        (None, Some(n)) => format!("≤ {n}"),
        (Some(a), Some(b)) if a == b => a.to_string(),
        (Some(a), Some(b)) => format!("{a}–{b}"),
    }
}

/// A page drawn, or why not.
pub type Page = Result<Html<String>, Problem>;

/// Draws a template.
pub fn draw(template: &impl Template) -> Page {
    Ok(Html(template.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_anything() {
        assert_eq!(encode("a b/ç?&#:%"), "a%20b%2F%C3%A7%3F%26%23%3A%25");
        assert_eq!(days(Some("2016-09-19"), Some("2016-09-20")), "19 Sep 2016 – 20 Sep 2016");
        assert_eq!((day("soon").as_str(), bounds(Some(12), Some(20)).as_str()), ("soon", "12–20"));
        assert_eq!(voice("outlet", Some("Meridian Wire")), "Meridian Wire itself");
        assert_eq!((apart("Urem").as_str(), apart("أورم").as_str()), ("Urem", "\u{2068}أورم\u{2069}"));
    }
}
