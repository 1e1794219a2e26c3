//! JSON Lines: one object a line, `{"id", "text" or "html", "title", "published", "outlet", "url"}`.
//!
//! `text` is the canonical text, unchanged; `title` is metadata and not a part of it. Keys not named here are left alone.
//! An `id` may be a number. A line that is bad is an error that names input and line; blank lines are passed over.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::decode::{Decoded, decode};
use crate::html;
use crate::input::{Format, Given, WireError};
use crate::item::{Body, Item};
use crate::source::{self, Items, Source, refused};

/// JSON Lines.
pub(crate) struct Jsonl;

impl Source for Jsonl {
    fn format(&self) -> Format {
        Format::Jsonl
    }

    fn claims(&self, bytes: &[u8]) -> bool {
        looks_like(&source::head(bytes))
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        match decode(bytes, &given.name) {
            Err(error) => refused(error),
            Ok(Decoded { text, .. }) => items(text, given),
        }
    }
}

/// Whether a text begins as JSON Lines do: with an object that has a key.
pub fn looks_like(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// One result a line that is not blank.
fn items<'a>(text: Cow<'a, str>, given: &'a Given) -> Items<'a> {
    let mut lines = Lines { text, at: 0, number: 0 };
    Box::new(std::iter::from_fn(move || lines.next_item(given)))
}

/// The lines of a text, borrowed or owned.
struct Lines<'a> {
    text: Cow<'a, str>,
    at: usize,
    number: usize,
}

impl Lines<'_> {
    fn next_item<'i>(&mut self, given: &Given) -> Option<Result<Item<'i>, WireError>> {
        loop {
            let rest = self.text.get(self.at..).filter(|r| !r.is_empty())?;
            let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
            self.at += line.len() + 1;
            self.number += 1;
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.trim().is_empty() {
                return Some(item(line, self.number, given));
            }
        }
    }
}

/// One line.
fn item<'i>(line: &str, number: usize, given: &Given) -> Result<Item<'i>, WireError> {
    let error = |problem: String, hint: &str| WireError {
        place: format!("{}, line {number}", given.name),
        problem,
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
    };
    let mut object: Map<String, Value> = match serde_json::from_str(line) {
        Ok(Value::Object(object)) => object,
        Ok(_) => {
            return Err(error("is not a JSON object".to_owned(), "each line is one object: {\"id\": …, \"text\": …}"));
        }
        Err(e) => {
            let problem = format!("is not JSON: {}", json_problem(&e));
            return Err(error(problem, "each line is one whole object; a line break inside a text is written \\n"));
        }
    };
    let mut take = |key: &str| match object.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) => Ok(Some(s)),
        Some(Value::Number(n)) if key == "id" => Ok(Some(n.to_string())),
        Some(_) => Err(error(format!("{key:?} is not a string"), "")),
    };
    let (id, title, published) = (take("id")?, take("title")?, take("published")?);
    let (outlet, url, text, html) = (take("outlet")?, take("url")?, take("text")?, take("html")?);
    let original = Cow::Owned(line.as_bytes().to_vec());
    let some = |value: Option<String>| value.filter(|v| !v.trim().is_empty());
    let mut item = match (text, html) {
        (Some(text), _) => {
            if text.trim().is_empty() && !given.blank {
                return Err(error("\"text\" is empty".to_owned(), ""));
            }
            Item::new(original, "application/json", Body::Text(text))
        }
        (None, Some(page)) => {
            let given = Given { name: format!("{}, line {number}", given.name), ..given.clone() };
            Item {
                original,
                media_type: "application/json",
                ..html::item(page.as_bytes(), Some("utf-8"), &given)?.owned()
            }
        }
        (None, None) => {
            return Err(error(
                "has no \"text\"".to_owned(),
                "put the article's plain text under \"text\", or the page under \"html\"",
            ));
        }
    };
    item.id = some(id);
    item.title = some(title).or(item.title);
    item.meta.published = some(published).or(item.meta.published);
    item.outlet = some(outlet).or(item.outlet);
    item.url = some(url).or(item.url);
    Ok(item)
}

/// The problem without "at line 1", which would be mistaken for the line of the input.
fn json_problem(e: &serde_json::Error) -> String {
    let message = e.to_string();
    let what = message.split(" at line ").next().unwrap_or_default();
    format!("{what}, column {}", e.column())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::sha256;
    use crate::{Format, dispatches};
    use record::{Dispatch, PublishedBasis};

    fn read(lines: &str, given: &Given) -> Vec<Result<Dispatch, WireError>> {
        dispatches(lines.as_bytes(), Format::Auto, given).collect()
    }

    #[test]
    fn the_text_is_kept_as_it_is_and_the_title_is_metadata() {
        let line = "{\"id\": \"a-1\", \"title\": \"Raid on Azaz\", \"text\": \"  Two were killed.\\n\\nMore follows. \", \
                    \"published\": \"2016-09-29T22:00:00Z\", \"outlet\": \"Harbour Courier\", \"url\": null, \"x\": [1]}\r\n";
        let d = read(line, &Given::default()).remove(0).unwrap();
        assert_eq!(d.text, "  Two were killed.\n\nMore follows. ");
        assert_eq!((d.id.as_str(), d.headline.as_deref()), ("a-1", Some("Raid on Azaz")));
        assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2016-09-29"));
        assert_eq!(d.published_basis, Some(PublishedBasis::Metadata));
        assert_eq!(d.sha256, sha256(line.trim_end().as_bytes()));
    }

    #[test]
    fn a_bad_line_names_itself_and_the_rest_go_on() {
        let lines = "{\"id\": 7, \"text\": \"One.\"}\n\n{\"id\":\n[1]\n{\"id\": \"h\", \"html\": \" \"}\n{\"id\": \"e\"}\n\
                     {\"text\": [\"x\"]}\n{\"id\": \"z\", \"text\": \"Last.\", \"published\": \"soon\"}";
        let given = Given { name: "some.jsonl".to_owned(), ..Given::default() };
        let results = read(lines, &given);
        let problems: Vec<String> = results.iter().filter_map(|r| r.as_ref().err()).map(ToString::to_string).collect();
        for (problem, (line, words)) in problems.iter().zip([
            (3, "is not JSON"),
            (4, "is not a JSON object"),
            (5, "is empty"),
            (6, "no \"text\""),
            (7, "\"text\" is not a string"),
        ]) {
            assert!(problem.starts_with(&format!("some.jsonl, line {line}: ")) && problem.contains(words), "{problem}");
        }
        assert_eq!(problems.len(), 5);
        let ids: Vec<&str> = results.iter().filter_map(|r| r.as_ref().ok()).map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["7", "z"]);
        let last = results.last().unwrap().as_ref().unwrap();
        assert_eq!((last.published, last.published_basis), (None, None));
        assert!(last.notes[0].contains("soon"), "{:?}", last.notes);
    }

    #[test]
    fn a_given_day_outranks_the_source_and_a_given_outlet_fills_its_silence() {
        let lines =
            "{\"text\": \"One.\", \"published\": \"2016-09-29\"}\n{\"text\": \"Two.\", \"outlet\": \"Meridian\"}";
        let given = Given { outlet: Some("Courier".into()), published: "2016-10-01".parse().ok(), ..Given::default() };
        let read: Vec<Dispatch> = read(lines, &given).into_iter().map(Result::unwrap).collect();
        assert_eq!(read[0].published_basis, Some(PublishedBasis::Given));
        assert_eq!(read[0].published, given.published);
        assert_eq!(read[0].outlet.as_deref(), Some("Courier"));
        assert_eq!(read[1].outlet.as_deref(), Some("Meridian"));
        assert!(read[0].id.starts_with("text:") && read[0].id != read[1].id);
    }
}
