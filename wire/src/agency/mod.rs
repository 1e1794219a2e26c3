//! The formats of news agencies: NewsML-G2 and NewsML 1, NITF, Ritzau's, ninjs, IPTC 7901 and ANPA, e-mail.
//!
//! | module | format |
//! |---|---|
//! | [`g2`] | NewsML-G2: news messages and single items; packages, pictures and other items without text are refused |
//! | [`newsml1`] | NewsML 1.0 to 1.2 |
//! | [`nitf`] | NITF 3, alone or inside the others |
//! | [`ritzau`] | Ritzau's own XML |
//! | [`ninjs`] | ninjs 1 to 3, alone, in lists, in AP's and others' envelopes |
//! | [`iptc7901`], [`anpa`] | the teleprinter formats |
//! | [`email`] | messages |
//! | [`xml`], [`body`] | XML without trust; bodies to paragraphs |
//!
//! Each reads its fields into a [`Story`]; what is the same for all happens here once. The canonical text is headline,
//! dek, byline and body, an empty line between each two. A dateline that stands in a field of its own, and not before the
//! words, is put there the way agencies print it: `STOCKHOLM (AFP) - …`.
//!
//! **Status.** A field that says killed or withheld, or a heading that opens with such words, becomes the dispatch's
//! `editorial.status`; the ledger then marks what it had of the item. Words of the story itself are never taken for it.

mod anpa;
mod body;
mod email;
mod g2;
mod iptc7901;
mod newsml1;
mod ninjs;
mod nitf;
mod ritzau;
mod sources;
mod xml;

pub(crate) use sources::{Email, Newsml, Ninjs, Nitf, Teleprinter, Xml};

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use record::BlockKind;

use crate::dateline;
use crate::input::WireError;
use crate::item::{Body, Item, Part, Status};
use crate::tables;

/// What a format's fields say of one item.
#[derive(Debug, Default)]
pub struct Story {
    /// The id that all versions of the item share.
    pub id: Option<String>,
    /// The source's version.
    pub version: Option<String>,
    /// The slugline.
    pub slugline: Option<String>,
    /// The headline.
    pub headline: Option<String>,
    /// The sentence under it, or the abstract.
    pub dek: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// The dateline, where it stands in a field of its own.
    pub dateline: Option<String>,
    /// Names that may be the agency's, the best first.
    pub names: Vec<String>,
    /// The language's tag.
    pub language: Option<String>,
    /// When this version was published, as written.
    pub published: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// The value of the status field.
    pub status: Option<String>,
    /// Not before.
    pub embargo: Option<String>,
    /// A correction, by a field.
    pub correction: bool,
    /// Notes to editors.
    pub notes: Vec<String>,
    /// The body.
    pub body: Vec<Part>,
    /// What to tell of the reading.
    pub remarks: Vec<String>,
}

impl Story {
    /// The item, or why it is none.
    pub fn item<'a>(
        mut self,
        original: Cow<'a, [u8]>,
        media_type: &'static str,
        place: &str,
    ) -> Result<Item<'a>, WireError> {
        let mut status = self.status.as_deref().and_then(status).unwrap_or_default();
        let mut embargo = self.embargo.take();
        let mut correction = self.correction;
        for note in self.notes.iter().chain(&self.version) {
            match advisory(note) {
                Some(Advisory::Kill) => status = Status::Killed,
                Some(Advisory::Withhold) if status != Status::Killed => status = Status::Withheld,
                Some(Advisory::Embargo) => embargo = embargo.or_else(|| Some(note.clone())),
                Some(Advisory::Correction) => correction = true,
                _ => {}
            }
        }
        let agency = self.agency();
        let headline = self.headline.take().map(|h| one_line(&h)).filter(|h| !h.is_empty());
        if self.body.is_empty() {
            if status == Status::Usable {
                let what = headline.or(self.slugline).or(self.id).map(|h| format!("{h:?} ")).unwrap_or_default();
                return Err(refusal(place, format!("{what}has no text")));
            }
            // A bare order to kill: its note is what there is to read.
            self.body = self.notes.iter().map(|n| Part::new(BlockKind::Paragraph, one_line(n))).collect();
            if self.body.is_empty() && headline.is_none() {
                self.body.extend(self.id.iter().map(|id| Part::new(BlockKind::Paragraph, id.as_str())));
            }
        }
        // The dash of teleprinters behind the dateline: `AZAZ, Syria (AP) _ Two …`.
        for part in self.body.iter_mut().take(6) {
            if let Some(at) = part.text.find(") _ ").filter(|at| *at < 80) {
                part.text.replace_range(at..at + 4, ") — ");
            }
        }
        self.put_dateline(agency.as_deref());
        let mut parts = Vec::with_capacity(self.body.len() + 3);
        let mut head = |kind, words: Option<&String>, body: &[Part]| {
            let Some(words) = words.map(|w| one_line(w)).filter(|w| !w.is_empty()) else { return };
            // Many bodies repeat the abstract, some the headline.
            if !body.iter().take(3).any(|p| same(&p.text, &words))
                && !parts.iter().any(|p: &Part| same(&p.text, &words))
            {
                parts.push(Part::new(kind, words));
            }
        };
        if let Some(first) = self.body.first_mut().filter(|p| headline.as_ref().is_some_and(|h| same(h, &p.text))) {
            first.kind = BlockKind::Headline;
        }
        head(BlockKind::Headline, headline.as_ref(), &self.body);
        head(BlockKind::Dek, self.dek.as_ref(), &self.body);
        head(BlockKind::Byline, self.byline.as_ref(), &self.body);
        parts.append(&mut self.body);
        let mut item = Item::new(original, media_type, Body::Parts(parts));
        item.id = self.id;
        item.title = headline;
        item.outlet = agency.clone();
        item.agency = agency;
        item.url = self.url;
        item.language = self.language;
        item.notes = self.remarks;
        item.meta.agency_fields = true;
        item.meta.published = self.published.map(|p| moment(&p));
        item.meta.byline = self.byline;
        item.meta.slugline = self.slugline.map(|s| one_line(&s)).filter(|s| !s.is_empty());
        item.meta.version = self.version;
        item.meta.status = status;
        item.meta.embargo = embargo;
        item.meta.correction = correction;
        let notes: Vec<String> = self.notes.iter().map(|n| one_line(n)).filter(|n| !n.is_empty()).collect();
        item.meta.note = (!notes.is_empty()).then(|| notes.join("; "));
        Ok(item)
    }

    /// The agency: the first name that the table knows, else the first there is.
    fn agency(&self) -> Option<String> {
        let names = || self.names.iter().map(|n| n.trim()).filter(|n| !n.is_empty());
        let bare = |name: &str| match name.split_once(':') {
            // A code without a name: `nprov:Courier`.
            Some((_, code)) if !name.contains([' ', '/']) && !code.is_empty() => code.to_owned(),
            _ => name.to_owned(),
        };
        names().find_map(known_agency).map(str::to_owned).or_else(|| names().next().map(bare))
    }

    /// Puts a dateline of the fields before the first paragraph, unless there is one.
    fn put_dateline(&mut self, agency: Option<&str>) {
        let Some(field) = self.dateline.take().map(|d| one_line(&d)) else { return };
        let field = field.trim_end_matches(['-', '–', '—', '=', ' ', ',']).trim_end_matches(".-").to_owned();
        // Some write nothing but the moment into it.
        if field.len() > 120 || !field.chars().next().is_some_and(char::is_alphabetic) {
            return;
        }
        let paragraphs = || self.body.iter().filter(|p| p.kind == BlockKind::Paragraph).take(4);
        let begins = |p: &Part| {
            let head: String = p.text.chars().take(field.chars().count()).collect();
            head.to_lowercase() == field.to_lowercase()
        };
        let has = |p: &Part| dateline::find(&p.text, 0..p.text.len()).is_some_and(|d| d.certain);
        if paragraphs().any(|p| begins(p) || has(p)) {
            return;
        }
        let Some(first) = self.body.iter_mut().find(|p| p.kind == BlockKind::Paragraph) else { return };
        let known = agency.and_then(known_agency).filter(|_| !field.contains('('));
        first.text = match known {
            Some(agency) => format!("{field} ({agency}) - {}", first.text),
            None => format!("{field} — {}", first.text),
        };
    }
}

/// The agency that a field names: `Reuters`, `reuters.com`, `nprov:AFP`, `The Associated Press`.
fn known_agency(name: &str) -> Option<&'static str> {
    let name = name.trim().trim_matches('/').to_lowercase();
    let bare = name.rsplit([':', '/']).next().unwrap_or_default();
    let host = bare.strip_prefix("www.").unwrap_or(bare);
    let stem = host.rsplit_once('.').map_or(host, |(stem, _)| stem);
    let article = name.strip_prefix("the ").unwrap_or(&name);
    let first = article.split([' ', '-', '/']).next().unwrap_or_default();
    [name.as_str(), article, bare, stem, first].into_iter().find_map(dateline::agency_called)
}

/// What a status field says.
fn status(value: &str) -> Option<Status> {
    static TABLE: OnceLock<BTreeMap<&str, Status>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        tables::rows(include_str!("../../../data/wire/status.tsv"))
            .filter_map(|row| {
                let status = match *row.get(1)? {
                    "usable" => Status::Usable,
                    "withheld" => Status::Withheld,
                    "killed" => Status::Killed,
                    _ => return None,
                };
                Some((*row.first()?, status))
            })
            .collect()
    });
    let value = value.trim().rsplit([':', '/']).next().unwrap_or_default().to_lowercase();
    table.get(value.as_str()).copied()
}

/// What a notice to editors does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advisory {
    /// Takes the story back.
    Kill,
    /// Holds it back.
    Withhold,
    /// Not before.
    Embargo,
    /// Corrects.
    Correction,
    /// Newer or fuller.
    Update,
    /// Words for editors.
    Note,
}

/// What the words that a notice opens with say: `EMBARGOED until …`, `1st Ld-Writethru`, `CORRECTION: …`.
pub fn advisory(notice: &str) -> Option<Advisory> {
    static TABLE: OnceLock<Vec<(&str, Advisory)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = tables::rows(include_str!("../../../data/wire/advisories.tsv"));
        let mut rows: Vec<(&str, Advisory)> = rows
            .filter_map(|row| {
                let does = match *row.get(1)? {
                    "kill" => Advisory::Kill,
                    "withhold" => Advisory::Withhold,
                    "embargo" => Advisory::Embargo,
                    "correction" => Advisory::Correction,
                    "update" => Advisory::Update,
                    "note" => Advisory::Note,
                    _ => return None,
                };
                Some((*row.first()?, does))
            })
            .collect();
        rows.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        rows
    });
    let head: String = notice.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(').chars().take(60).collect();
    // "1st Ld-Writethru": what it is stands behind the count.
    let head = head.to_lowercase();
    let opens = |head: &str, words: &str| {
        head.strip_prefix(words).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    table.iter().find(|(words, _)| opens(&head, words)).map(|(_, does)| *does)
}

/// A moment in the compact form of the agencies, `20140829T135002Z`, written out; anything else as it is.
fn moment(written: &str) -> String {
    let written = written.trim();
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (Some(y), Some(m), Some(d)) = (written.get(..4), written.get(4..6), written.get(6..8)) else {
        return written.to_owned();
    };
    if digits != 8 {
        return written.to_owned();
    }
    let day = format!("{y}-{m}-{d}");
    let time = written.get(8..).and_then(|rest| rest.strip_prefix(['T', ' ']));
    let parts = time.and_then(|t| Some((t.get(..2)?, t.get(2..4)?, t.get(4..6)?, t.get(6..)?)));
    match parts {
        Some((h, min, s, zone)) if [h, min, s].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit())) => {
            let zone = match (zone.get(..3), zone.get(3..)) {
                (Some(hours), Some(minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
                _ => zone.to_owned(),
            };
            format!("{day}T{h}:{min}:{s}{zone}")
        }
        _ => day,
    }
}

/// A text in one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two texts say the same but for white space and marks at the end.
fn same(a: &str, b: &str) -> bool {
    let words =
        |t: &str| -> Vec<String> { t.trim_end_matches(['.', ' ']).split_whitespace().map(str::to_lowercase).collect() };
    a.len().abs_diff(b.len()) <= 8 && words(a) == words(b)
}

/// An item that is refused.
fn refusal(place: &str, problem: impl Into<String>) -> WireError {
    WireError { place: place.to_owned(), problem: problem.into(), hint: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_every_row_is_understood() {
        for (table, count) in
            [(include_str!("../../../data/wire/status.tsv"), 3), (include_str!("../../../data/wire/advisories.tsv"), 6)]
        {
            let keys: Vec<&str> = tables::rows(table).map(|r| r[0]).collect();
            assert!(keys.is_sorted(), "{keys:?}");
            let values: std::collections::BTreeSet<&str> = tables::rows(table).map(|r| r[1]).collect();
            assert_eq!(values.len(), count);
        }
        for row in tables::rows(include_str!("../../../data/wire/status.tsv")) {
            assert!(status(row[0]).is_some(), "{row:?}");
        }
        for row in tables::rows(include_str!("../../../data/wire/advisories.tsv")) {
            assert!(advisory(row[0]).is_some(), "{row:?}");
        }
    }

    #[test]
    fn notices_are_known_by_their_first_words() {
        assert_eq!(advisory("MANDATORY KILL: the raid story"), Some(Advisory::Kill));
        assert_eq!(advisory("--EMBARGOED until 1200 GMT"), Some(Advisory::Embargo));
        assert_eq!(advisory("Killing of two in Azaz"), None);
        assert_eq!(advisory("Correction officers on strike"), Some(Advisory::Correction), "a limit: the words alone");
        assert_eq!(status("stat:canceled"), Some(Status::Killed));
        assert_eq!(status("http://cv.iptc.org/newscodes/pubstatusg2/withheld"), Some(Status::Withheld));
        assert_eq!(status("whatever"), None);
    }

    #[test]
    fn compact_moments_are_written_out() {
        assert_eq!(moment("20140829T135002Z"), "2014-08-29T13:50:02Z");
        assert_eq!(moment("20180404T175903+0300"), "2018-04-04T17:59:03+03:00");
        assert_eq!(moment("20161011"), "2016-10-11");
        assert_eq!(moment("2016-10-11"), "2016-10-11");
        assert_eq!(moment("20161011Tnoon"), "2016-10-11");
    }

    #[test]
    fn agencies_are_known_by_any_of_their_fields() {
        for (written, name) in [("reuters.com", "Reuters"), ("nprov:AFP", "AFP"), ("The Associated Press", "AP")] {
            assert_eq!(known_agency(written), Some(name), "{written}");
        }
    }
}
