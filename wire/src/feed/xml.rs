//! RSS, RDF, Atom and CDF: one pass over the markup, forgiving.
//!
//! Elements are known by the end of their names and, where a namespace changes the meaning, by its prefix's namespace. An
//! unknown entity, a tag that closes nothing or a missing end leave the words that were read: a feed is cut off more often
//! than it is well-formed. Nesting needs no stack of ours beyond the list of open names, which is bounded.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Entry, Feed, absolute};
use crate::html;

/// Open elements that are followed; deeper ones are words at most.
const DEPTH: usize = 200;

/// Whether a text's head (in lower case) is a feed's.
pub fn looks_like(head: &str) -> bool {
    let mut rest = head;
    loop {
        rest = rest.trim_start();
        let after = match rest {
            r if r.starts_with("<!--") => r.find("-->").map(|i| i + 3),
            r if r.starts_with("<?") => r.find("?>").map(|i| i + 2),
            r if r.starts_with("<!doctype") => r.find('>').map(|i| i + 1),
            _ => None,
        };
        match after.and_then(|i| rest.get(i..)) {
            Some(r) => rest = r,
            None => break,
        }
    }
    let name: String =
        rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '-')).collect();
    let local = name.rsplit(':').next().unwrap_or_default();
    matches!(local, "rss" | "rdf" | "feed") || (local == "channel" && rest.contains("<item"))
}

/// The kinds of text that an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Escaped HTML, as RSS has it.
    Escaped,
    /// No markup at all.
    Plain,
    /// Markup of the feed's own, to be kept.
    Markup,
    /// Base 64 of escaped HTML.
    Base64,
}

/// What an open element is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Other,
    Channel,
    Entry,
    /// Something inside an entry or feed whose titles and links are not the entry's: source, image, textinput.
    Foreign,
    Author,
    Id,
    Title,
    Link,
    Published,
    Updated,
    Name,
    Creator,
    Summary,
    Content,
    Language,
}

/// An open element.
struct Open {
    name: String,
    field: Field,
    kind: Kind,
    base: Option<String>,
    permalink: bool,
}

/// The attributes of a tag, decoded.
#[derive(Default)]
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v.as_str())
    }
}

/// Reads a feed.
pub fn read(text: &str, base: Option<&str>) -> Result<Feed, String> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.check_comments = false;
    config.allow_dangling_amp = true;
    let mut state = State { text, base: base.map(str::to_owned), ..State::default() };
    loop {
        let before = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(tag)) => state.start(&tag, before, false),
            Ok(Event::Empty(tag)) => {
                state.start(&tag, before, true);
                let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                state.end(&name, reader.buffer_position() as usize);
            }
            Ok(Event::End(tag)) => {
                let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                state.end(&name, reader.buffer_position() as usize);
            }
            Ok(Event::Text(words)) => state.words(&String::from_utf8_lossy(&words), false),
            Ok(Event::CData(words)) => state.words(&String::from_utf8_lossy(&words), true),
            Ok(Event::GeneralRef(name)) => state.entity(&String::from_utf8_lossy(&name)),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => {
                // What was read stands; a feed without a beginning is none.
                if state.begun {
                    break;
                }
                return Err(format!("is no feed: {e}"));
            }
        }
    }
    while let Some(open) = state.open.last() {
        let name = open.name.clone();
        state.end(&name, text.len());
    }
    if !state.begun {
        return Err("is no feed: it has neither a channel nor a feed element".to_owned());
    }
    Ok(state.feed)
}

#[derive(Default)]
struct State<'t> {
    text: &'t str,
    base: Option<String>,
    feed: Feed,
    begun: bool,
    open: Vec<Open>,
    skipped: usize,
    entry: Option<Draft>,
    /// The words of the field being read, and how deep it lies.
    value: String,
    depth: Option<usize>,
    namespaces: HashMap<String, String>,
}

/// An entry while it is read, with where its values come from: the surer source stays.
#[derive(Default)]
struct Draft {
    entry: Entry,
    sure: HashMap<&'static str, u8>,
    /// A guid that is an address.
    guid: Option<String>,
}

impl State<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, at: usize, empty: bool) {
        if self.open.len() >= DEPTH {
            self.skipped += usize::from(!empty || self.skipped > 0);
            return;
        }
        let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
        let mut attributes = Attributes::default();
        for attribute in tag.attributes().with_checks(false).flatten().take(50) {
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let raw = String::from_utf8_lossy(&attribute.value);
            attributes.0.push((key, unescape(&raw)));
        }
        for (key, value) in &attributes.0 {
            if let Some(prefix) = key.strip_prefix("xmlns") {
                self.namespaces.insert(prefix.trim_start_matches(':').to_owned(), value.trim().to_lowercase());
            }
        }
        let get = |key: &'static str| attributes.get(key);
        let outer = self.open.last().and_then(|o| o.base.clone()).or_else(|| self.base.clone());
        let base = match get("xml:base").filter(|b| !b.trim().is_empty()) {
            Some(own) => Some(absolute(own, outer.as_deref())),
            None => outer,
        };
        if let Some(depth) = self.depth {
            // Markup inside a value.
            if self.open.get(depth).is_some_and(|o| o.kind == Kind::Markup) {
                self.markup(&name, &attributes.0, base.as_deref());
            }
            let kind = Kind::Plain;
            self.open.push(Open { name, field: Field::Other, kind, base, permalink: false });
            return;
        }
        let field = self.field(&name, &attributes);
        let kind = kind_of(&name, field, &attributes);
        match field {
            Field::Channel => self.begun = true,
            Field::Entry => {
                self.begun = true;
                self.close_entry(at);
                let mut draft = Draft::default();
                draft.entry.original = at..at;
                if let Some(about) = get("rdf:about") {
                    draft.entry.link = Some(absolute(about, base.as_deref()));
                    draft.entry.id = Some(about.to_owned());
                }
                if let Some(href) = get("href") {
                    draft.entry.link = Some(absolute(href, base.as_deref()));
                }
                if let Some(day) = get("lastmod") {
                    draft.entry.updated = Some(day.to_owned());
                }
                self.entry = Some(draft);
            }
            Field::Link => {
                if let Some(href) = get("href") {
                    let rel = get("rel").unwrap_or("alternate");
                    let html = get("type").is_none_or(|t| t.contains("html"));
                    if rel == "alternate" && !href.trim().is_empty() {
                        self.set_link(absolute(href, base.as_deref()), if html { 3 } else { 2 });
                    }
                } else {
                    self.depth = Some(self.open.len());
                    self.value.clear();
                }
            }
            Field::Title if get("value").is_some() => {
                self.value = get("value").unwrap_or_default().to_owned();
                self.depth = Some(self.open.len());
            }
            Field::Summary if get("value").is_some() => {
                self.value = get("value").unwrap_or_default().to_owned();
                self.depth = Some(self.open.len());
            }
            Field::Other | Field::Foreign | Field::Author => {}
            _ => {
                self.depth = Some(self.open.len());
                self.value.clear();
            }
        }
        if field == Field::Channel
            && let Some(language) = get("xml:lang")
        {
            self.feed.language = Some(language.to_owned());
        }
        let permalink = get("isPermaLink").is_none_or(|p| p.trim().eq_ignore_ascii_case("true"));
        self.open.push(Open { name, field, kind, base, permalink });
    }

    /// What an element is, by its name, its namespace and what it lies in.
    fn field(&self, name: &str, attributes: &Attributes) -> Field {
        let get = |key: &'static str| attributes.get(key);
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let local = local.to_ascii_lowercase();
        let space = self.namespaces.get(prefix).map_or("", String::as_str);
        let prefix = prefix.to_ascii_lowercase();
        let foreign = self.open.iter().any(|o| o.field == Field::Foreign);
        if foreign {
            return Field::Other;
        }
        let media = prefix == "media" || space.contains("search.yahoo.com/mrss");
        let itunes = prefix == "itunes" || space.contains("itunes");
        let dublin = space.contains("purl.org/dc/") || prefix == "dc" || prefix == "dcterms";
        let content = space.contains("purl.org/rss/1.0/modules/content") || prefix == "content";
        if media || prefix.starts_with("geo") || prefix == "psc" || prefix == "cc" {
            return Field::Other;
        }
        let in_author = self.open.last().is_some_and(|o| o.field == Field::Author);
        match local.as_str() {
            "rss" | "rdf" | "feed" | "channel" if self.entry.is_none() => Field::Channel,
            "item" | "entry" if !itunes => Field::Entry,
            "source" | "image" | "textinput" | "textInput" | "itemset" | "login" | "schedule" | "logo" | "cloud" => {
                Field::Foreign
            }
            "author" | "contributor" | "managingeditor" if !itunes || self.entry.is_some() => {
                if local == "author" && !itunes { Field::Author } else { Field::Other }
            }
            "name" if in_author => Field::Name,
            "creator" if dublin => Field::Creator,
            "title" if !itunes => Field::Title,
            "link"
                if prefix.is_empty()
                    || space.contains("purl.org/rss")
                    || space.contains("atom")
                    || prefix.starts_with("rss") =>
            {
                if get("rel").is_some_and(|r| !matches!(r, "alternate" | "")) && get("href").is_some() {
                    Field::Other
                } else {
                    Field::Link
                }
            }
            "origlink" => Field::Link,
            "guid" | "id" => Field::Id,
            "identifier" if dublin => Field::Other,
            "pubdate" | "published" | "issued" | "created" => Field::Published,
            "date" if dublin || prefix.is_empty() => Field::Updated,
            "updated" | "modified" | "lastbuilddate" => Field::Updated,
            "encoded" if content => Field::Content,
            "description" | "abstract" | "summary" | "tagline" | "subtitle" => Field::Summary,
            "content" if !media => Field::Content,
            "body" | "fullitem" | "div" if self.entry.is_some() => Field::Content,
            "language" => Field::Language,
            _ => Field::Other,
        }
    }

    /// A tag inside a value that keeps its markup.
    fn markup(&mut self, name: &str, attributes: &[(String, String)], base: Option<&str>) {
        let local = name.rsplit(':').next().unwrap_or(name);
        self.value.push('<');
        self.value.push_str(local);
        for (key, value) in attributes {
            if key == "href" || key == "src" {
                let address = absolute(value, base);
                self.value.push_str(&format!(" {key}=\"{}\"", address.replace('&', "&amp;").replace('"', "&quot;")));
            }
        }
        self.value.push('>');
    }

    fn words(&mut self, words: &str, cdata: bool) {
        let Some(depth) = self.depth else { return };
        let markup = self.open.get(depth).is_some_and(|o| o.kind == Kind::Markup);
        match (markup, cdata) {
            (true, _) => self.value.push_str(&words.replace('&', "&amp;").replace('<', "&lt;")),
            (false, true) => self.value.push_str(words),
            (false, false) => self.value.push_str(words),
        }
    }

    fn entity(&mut self, name: &str) {
        let Some(depth) = self.depth else { return };
        let written = format!("&{name};");
        let plain = unescape(&written);
        match self.open.get(depth).map(|o| o.kind) {
            Some(Kind::Markup) => self.value.push_str(&written),
            // An entity of HTML alone stays one, for the text is HTML.
            _ => self.value.push_str(&plain),
        }
    }

    fn end(&mut self, name: &str, at: usize) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        // Elements that were left open end with the one around them; an end without a beginning ends nothing.
        let Some(index) = self.open.iter().rposition(|o| o.name == name) else { return };
        while self.open.len() > index {
            let Some(open) = self.open.pop() else { return };
            let here = self.open.len();
            if self.depth == Some(here) {
                self.depth = None;
                let value = std::mem::take(&mut self.value);
                self.set(&open, value);
            } else if let Some(depth) = self.depth
                && self.open.get(depth).is_some_and(|o| o.kind == Kind::Markup)
            {
                let local = open.name.rsplit(':').next().unwrap_or(&open.name);
                self.value.push_str(&format!("</{local}>"));
            }
            if open.field == Field::Entry {
                self.close_entry(at);
            }
        }
    }

    fn close_entry(&mut self, at: usize) {
        let Some(Draft { mut entry, guid, .. }) = self.entry.take() else { return };
        entry.original.end = at.min(self.text.len());
        entry.link = entry.link.or(guid);
        self.feed.entries.push(entry);
    }

    fn set_link(&mut self, link: String, sure: u8) {
        match &mut self.entry {
            Some(draft) => draft.offer("link", sure, |e| &mut e.link, link),
            None if self.feed.link.is_none() => self.feed.link = Some(link),
            None => {}
        }
    }

    fn set(&mut self, open: &Open, value: String) {
        let value = match open.kind {
            Kind::Base64 => base64(&value).unwrap_or(value),
            Kind::Plain => value.replace('&', "&amp;").replace('<', "&lt;"),
            _ => value,
        };
        let value = value.trim().to_owned();
        if value.is_empty() {
            return;
        }
        let local = open.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
        // An element of the entry's own namespace is surer than a namesake in an extension's.
        let prefix =
            |name: &str| name.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase()).unwrap_or_default();
        let around = self.open.iter().rfind(|o| matches!(o.field, Field::Entry | Field::Channel));
        let own =
            prefix(&open.name).starts_with("atom") || around.is_none_or(|o| prefix(&o.name) == prefix(&open.name));
        let line = || Some(html::line(&value)).filter(|l| !l.is_empty());
        let Some(draft) = &mut self.entry else {
            match open.field {
                Field::Title if self.feed.title.is_none() || own => self.feed.title = line().or(self.feed.title.take()),
                Field::Link if self.feed.link.is_none() => {
                    self.feed.link = Some(absolute(&value, open.base.as_deref()));
                }
                Field::Language => self.feed.language = Some(value),
                _ => {}
            }
            return;
        };
        match open.field {
            Field::Id => {
                if open.permalink && local == "guid" && (value.starts_with("http://") || value.starts_with("https://"))
                {
                    draft.guid = Some(value.clone());
                }
                draft.offer("id", 2, |e| &mut e.id, value);
            }
            Field::Title => {
                if let Some(title) = line() {
                    draft.offer("title", if own { 2 } else { 1 }, |e| &mut e.title, title);
                }
            }
            Field::Link => {
                let sure = if local == "origlink" { 4 } else { 2 };
                draft.offer("link", sure, |e| &mut e.link, absolute(&value, open.base.as_deref()));
            }
            Field::Published => {
                draft.offer("published", if local == "created" { 1 } else { 2 }, |e| &mut e.published, value)
            }
            Field::Updated => draft.offer("updated", if own { 2 } else { 1 }, |e| &mut e.updated, value),
            Field::Name | Field::Creator => draft.offer("author", 2, |e| &mut e.author, value),
            Field::Summary => draft.offer("summary", if own { 2 } else { 1 }, |e| &mut e.summary, value),
            Field::Content
                // The longest text wins: some feeds put a summary into one of several.
                if draft.entry.content.as_ref().is_none_or(|c| c.len() < value.len()) => {
                    draft.entry.content = Some(value);
                }
            _ => {}
        }
    }
}

impl Draft {
    /// Takes a value, unless a surer one is there; of equals the first stays.
    fn offer(&mut self, name: &'static str, sure: u8, slot: fn(&mut Entry) -> &mut Option<String>, value: String) {
        let had = self.sure.entry(name).or_default();
        if sure > *had {
            *had = sure;
            *slot(&mut self.entry) = Some(value);
        }
    }
}

/// How the text in an element is written.
fn kind_of(name: &str, field: Field, attributes: &Attributes) -> Kind {
    let get = |key: &'static str| attributes.get(key);
    if get("mode") == Some("base64") {
        return Kind::Base64;
    }
    let kind = get("type").unwrap_or_default();
    let html = matches!(kind, "html" | "text/html" | "text/plain" | "");
    let local = name.rsplit(':').next().unwrap_or(name);
    match (field, kind) {
        (Field::Content, _) if matches!(local, "body" | "div") => Kind::Markup,
        (_, "xhtml" | "application/xhtml+xml") if get("mode") != Some("escaped") => Kind::Markup,
        (_, "text") => Kind::Plain,
        (Field::Content, k) if k.ends_with("+xml") || k.ends_with("/xml") => Kind::Markup,
        (_, "text/html") if get("mode") == Some("xml") => Kind::Markup,
        (_, k) if !html && k.contains('/') && !k.starts_with("text/") && !k.ends_with("xml") => Kind::Base64,
        _ => Kind::Escaped,
    }
}

/// Entities decoded, those of HTML too.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    match quick_xml::escape::unescape(text) {
        Ok(plain) => plain.into_owned(),
        Err(_) => text.to_owned(),
    }
}

/// Base 64 → text; none where it is none.
fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut have) = (0u32, 0);
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.push((bits >> have) as u8);
            bits &= (1 << have) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}
