//! IPTC 7901, the teleprinter format of European agencies.
//!
//! ```text
//! SOH eca062 4 i 211 ccccb   cour 061        service and number, priority, category, words, agency and its number
//! Germany-politics/                          slugline
//! STX 1ST LEAD                               what it is to what came before
//! Coalition talks could fail =               headline, ended by =
//!    Berlin (cour) - Negotiations …          text
//! ETX 131137 GMT Nov 13 EOT                  day and time of transmission
//! ```
//!
//! The year is not transmitted: the day and month go with the dateline, and the reader settles the year as it does for
//! printed datelines. The number is the service's own of that day, so a new version of a story has another id: the
//! notice in its heading (`1ST LEAD`, `REFILE`) is kept as version and note.

use std::borrow::Cow;

use record::PartialDate;

use super::{Advisory, Story, advisory, anpa, body, one_line};
use crate::dateline;
use crate::decode::decode_eight_bit;
use crate::input::WireError;
use crate::item::Item;

const SOH: u8 = 1;
const STX: u8 = 2;
const ETX: u8 = 3;
const EOT: u8 = 4;
/// At most so many lines stand in a heading.
const HEADING: usize = 12;

/// Whether an input begins as teleprinter messages do.
pub fn claims(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let begun = head.iter().position(|b| !matches!(b, 0x16 | 0 | 0x7f) && !b.is_ascii_whitespace());
    begun.is_some_and(|at| head.get(at) == Some(&SOH)) && head.contains(&STX)
}

/// A message between its marks, with the byte it begins at.
pub struct Message<'a> {
    /// From SOH to EOT.
    pub whole: &'a [u8],
    /// Where it begins in the input.
    pub at: usize,
    /// Between SOH and STX.
    pub header: Cow<'a, str>,
    /// Between STX and ETX.
    pub text: Cow<'a, str>,
    /// Between ETX and EOT.
    pub trailer: Cow<'a, str>,
}

/// The messages of an input; what is no whole message is an error with its place.
pub fn messages<'a>(bytes: &'a [u8], name: &'a str) -> impl Iterator<Item = Result<Message<'a>, WireError>> + 'a {
    let starts: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == SOH).map(|(i, _)| i).collect();
    let none = starts
        .is_empty()
        .then(|| Err(error(name, 0, "has no start of heading (SOH): it is no IPTC 7901 or ANPA message")));
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    let messages = starts.into_iter().zip(ends).map(move |(at, end)| {
        let slice = bytes.get(at..end).unwrap_or_default();
        let whole = slice.iter().position(|&b| b == EOT).and_then(|e| slice.get(..=e)).unwrap_or(slice);
        let Some(stx) = whole.iter().position(|&b| b == STX) else {
            return Err(error(name, at, "has no start of text (STX)"));
        };
        let end = whole.iter().position(|&b| b == ETX).filter(|e| *e > stx);
        let Some(etx) = end else { return Err(error(name, at, "has no end of text (ETX): it is cut off")) };
        let part = |from: usize, to: usize| decode_eight_bit(whole.get(from..to).unwrap_or_default());
        Ok(Message { whole, at, header: part(1, stx), text: part(stx + 1, etx), trailer: part(etx + 1, whole.len()) })
    });
    none.into_iter().chain(messages)
}

fn error(name: &str, at: usize, problem: &str) -> WireError {
    WireError {
        place: format!("{name}, byte {at}"),
        problem: problem.to_owned(),
        hint: Some("ask the sender for the whole message".to_owned()),
    }
}

/// The item of a message of either kind.
pub fn item<'a>(message: Message<'a>, name: &str) -> Result<Item<'a>, WireError> {
    let place = format!("{name}, byte {}", message.at);
    let (story, day) = if anpa::is_anpa(&message) { (anpa::story(&message), None) } else { story(&message) };
    let mut item = story.item(Cow::Borrowed(message.whole), "text/plain", &place)?;
    item.meta.day = day;
    Ok(item)
}

fn story(message: &Message) -> (Story, Option<PartialDate>) {
    let mut lines = message.header.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    let slugline = lines.next_back().map(str::to_owned);
    let mut story = Story { slugline, ..Story::default() };
    let words: Vec<&str> = first.split_whitespace().collect();
    // The agency stands behind the counts: `ccccb   dpa 061`, `dpa-tns 0908`.
    story.names = words
        .iter()
        .skip(1)
        .rev()
        .filter(|w| w.chars().all(|c| c.is_alphabetic() || c == '-'))
        .map(|w| (*w).to_owned())
        .collect();
    let trailer = one_line(&message.trailer.replace('\u{7f}', " "));
    let day = transmitted(&trailer);
    let number = words.first().copied().unwrap_or_default();
    let moment: String = trailer.chars().filter(|c| !c.is_control()).collect();
    story.id = (!number.is_empty()).then(|| format!("{number} {}", moment.trim()).trim().to_owned());
    let text = message.text.as_ref();
    let (heading, rest) = heading(text);
    let mut headline: Vec<&str> = Vec::new();
    for line in heading.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let line = line.trim_end_matches('=').trim();
        let (notice, words) = notice(line);
        if let Some(notice) = notice {
            if advisory(notice).is_none_or(|a| a == Advisory::Update) {
                story.version = Some(story.version.map_or_else(|| notice.to_owned(), |v| format!("{v} {notice}")));
            }
            if advisory(notice).is_some() {
                story.notes.push(notice.to_owned());
            }
        }
        if words.get(..3).is_some_and(|by| by.eq_ignore_ascii_case("by ")) && !headline.is_empty() {
            story.byline = Some(words.to_owned());
        } else if !words.is_empty() {
            headline.push(words);
        }
    }
    story.headline = (!headline.is_empty()).then(|| headline.join(" "));
    story.body = body::of_text(rest);
    if day.is_none() {
        story.remarks.push("the message does not say on which day it was sent".to_owned());
    }
    (story, day)
}

/// The heading, up to the line that ends with `=`, and the text behind it. Without that sign, the first line.
fn heading(text: &str) -> (&str, &str) {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(HEADING) {
        at += line.len();
        if line.trim_end().ends_with('=') {
            return text.split_at(at);
        }
    }
    let lead = text.len() - text.trim_start().len();
    let end = text.get(lead..).and_then(|t| t.find('\n')).map_or(text.len(), |n| lead + n + 1);
    text.split_at(end)
}

/// What opens a heading line and is no word of the headline: `1ST LEAD`, `REFILE`, `URGENT`, `(Achtung)`.
fn notice(line: &str) -> (Option<&str>, &str) {
    let mut ends = 0;
    let mut words = line.split_inclusive(' ').peekable();
    let mut at = 0;
    while let Some(word) = words.next() {
        let bare = word.trim();
        let capitals = bare.chars().any(char::is_uppercase) && !bare.chars().any(char::is_lowercase);
        if is_ordinal(bare) {
            if words.peek().is_some_and(|next| is_lead(next.trim())) {
                at += word.len() + words.next().map_or(0, str::len);
                ends = at;
                continue;
            }
            break;
        }
        let alone = line.get(at..).is_some_and(|rest| rest.trim() == bare);
        if (capitals || (alone && bare.starts_with('('))) && advisory(bare).is_some() {
            at += word.len();
            ends = at;
            continue;
        }
        break;
    }
    match (line.get(..ends), line.get(ends..)) {
        (Some(notice), Some(rest)) if ends > 0 => (Some(notice.trim()), rest.trim_start_matches([' ', ':', '-'])),
        _ => (None, line),
    }
}

/// `1ST`, `2nd`, `3rd`, `10th`.
pub fn is_ordinal(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let end = word.get(digits..).unwrap_or_default().to_ascii_lowercase();
    (1..=2).contains(&digits) && matches!(end.as_str(), "st" | "nd" | "rd" | "th")
}

/// `LEAD`, `Ld`, `Ld-Writethru`.
pub fn is_lead(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let first = word.split('-').next().unwrap_or_default().trim_end_matches([',', ':']);
    matches!(first, "ld" | "lead")
}

/// The day and month of `131137 GMT Nov 13`.
fn transmitted(trailer: &str) -> Option<PartialDate> {
    let words: Vec<&str> = trailer.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let [month, day] = pair else { return None };
        let month = dateline::month(&month.to_lowercase())?;
        let day: i8 = day.trim_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
        (1..=31).contains(&day).then_some(PartialDate { year: None, month, day })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_cut_off_the_headline() {
        assert_eq!(notice("1ST LEAD Truce holds in Azaz"), (Some("1ST LEAD"), "Truce holds in Azaz"));
        assert_eq!(notice("REFILE"), (Some("REFILE"), ""));
        assert_eq!(notice("EXTRA Peace talks to take place"), (Some("EXTRA"), "Peace talks to take place"));
        assert_eq!(notice("Truce holds"), (None, "Truce holds"));
        assert_eq!(notice("(Achtung)"), (Some("(Achtung)"), ""));
        assert_eq!(notice("1st place for Azaz"), (None, "1st place for Azaz"));
    }

    #[test]
    fn the_end_gives_day_and_month() {
        let day = transmitted("131137 GMT Nov 13").unwrap();
        assert_eq!((day.year, day.month, day.day), (None, 11, 13));
        assert_eq!(transmitted("no day"), None);
    }
}
