//! ANPA 1312, the teleprinter format of American agencies.
//!
//! ```text
//! SYN SYN SOH W2870 US asian        number and selector
//! r i DC3 DC1 BC-XX--Azaz-Raid 1stLd-Writethru   03-03 0416
//! STX ^BC-XX--Azaz-Raid, 1st Ld-Writethru,416<   slugline, version, words
//! ^Two killed in raid on Azaz<                   headline
//! ^Eds: Updates.<                                note
//! ^By A. WRITER=                                 byline
//! TAB KILIS, Turkey (AP) _ Two people …          text
//! ETX AP-WF-03-03-16 1626GMT<                    day of transmission
//! ```
//!
//! The slugline of a day names the story, whichever version: it is the id, with the day. Typewriter quotes (` `` `, `''`)
//! and the dash ` _ ` become the signs they stand for.

use super::iptc7901::{Message, is_lead, is_ordinal};
use super::{Advisory, Story, advisory, body, one_line};

/// Whether a message is ANPA's and not IPTC 7901: its header has device controls.
pub fn is_anpa(message: &Message) -> bool {
    message.header.chars().any(|c| matches!(c, '\u{11}'..='\u{14}' | '\u{1f}'))
}

/// What a message says.
pub fn story(message: &Message) -> Story {
    let mut story = Story::default();
    let trailer = one_line(&message.trailer);
    let (agency, day) = transmitted(&trailer);
    story.names.extend(agency);
    story.published = day.clone();
    let mut rest = message.text.as_ref();
    let mut heads: Vec<&str> = Vec::new();
    while let Some(line) = rest.split_inclusive('\n').next() {
        let bare = line.trim();
        if !bare.is_empty() && !bare.starts_with('^') {
            break;
        }
        rest = rest.get(line.len()..).unwrap_or_default();
        heads.extend(bare.split('^').map(|h| h.trim().trim_end_matches(['<', '=', ' '])).filter(|h| !h.is_empty()));
    }
    let mut byline: Vec<&str> = Vec::new();
    for head in heads {
        if story.slugline.is_none() {
            if let Some((slug, version)) = slug(head) {
                (story.slugline, story.version) = (Some(slug), version);
            }
            // Numbers and the like before the slugline are transmission.
            continue;
        }
        let by = head.get(..3).is_some_and(|by| by.eq_ignore_ascii_case("by "));
        if by || byline.len() == 1 {
            byline.push(head);
        } else if advisory(head).is_some_and(|a| a != Advisory::Update) {
            story.notes.push(head.to_owned());
        } else if story.headline.is_none() {
            story.headline = Some(plain(head));
        } else if story.dek.is_none() {
            story.dek = Some(plain(head));
        } else {
            story.body.push(crate::item::Part::new(record::BlockKind::Paragraph, plain(head)));
        }
    }
    story.byline = (!byline.is_empty()).then(|| byline.join(", "));
    // A headline that the agency left out: the slugline's own words.
    let words = || story.slugline.as_deref().map(|s| s.rsplit("--").next().unwrap_or(s).to_owned());
    story.headline = story.headline.take().or_else(words);
    let number = message.header.split(|c: char| c.is_control() || c.is_whitespace()).find(|w| !w.is_empty());
    let named = story.slugline.clone().or_else(|| number.map(str::to_owned));
    story.id = named.map(|n| {
        [Some(n), day.or_else(|| number.map(str::to_owned))].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    story.body.extend(body::of_text(&plain(rest)));
    story
}

/// `BC-XX--Azaz-Raid, 1st Ld-Writethru,416` → slugline and version.
fn slug(head: &str) -> Option<(String, Option<String>)> {
    let line = match head.rsplit_once(',') {
        Some((line, count)) if count.trim().bytes().all(|b| b.is_ascii_digit()) => line,
        // Without the number of words: two dashes are the mark of sluglines.
        _ if head.contains("--") => head,
        _ => return None,
    };
    let (slug, version) = match line.rsplit_once(',') {
        Some((slug, version)) if edition(version.trim()) => (slug, Some(version.trim().to_owned())),
        _ => (line, None),
    };
    Some((slug.trim().to_owned(), version))
}

/// `1st Ld-Writethru`, `Urgent`, `KILL`.
fn edition(version: &str) -> bool {
    let mut words = version.split_whitespace();
    let first = words.next().unwrap_or_default();
    (is_ordinal(first) && words.next().is_some_and(is_lead)) || is_lead(first) || advisory(version).is_some()
}

/// `AP-WF-03-03-16 1626GMT<` → the agency and `2016-03-03`.
fn transmitted(trailer: &str) -> (Option<String>, Option<String>) {
    let Some(stamp) = trailer.split_whitespace().find(|w| w.matches('-').count() >= 3) else { return (None, None) };
    let agency = stamp.split('-').next().map(|a| a.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    let numbers: Vec<u32> = stamp.rsplit('-').take(3).filter_map(|n| n.parse().ok()).collect();
    let day = match numbers.as_slice() {
        [year, day, month] if *year < 100 && (1..=31).contains(day) && (1..=12).contains(month) => {
            // Wires of the last century's format, sent since 1979.
            let century = if *year >= 70 { 1900 } else { 2000 };
            Some(format!("{:04}-{month:02}-{day:02}", century + year))
        }
        _ => None,
    };
    (agency.filter(|a| !a.is_empty()), day)
}

/// The signs that the teleprinter's stand for.
fn plain(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t' | '\r') { ' ' } else { c }).collect();
    let text = text.replace("``", "“").replace("''", "”").replace(" _ ", " — ");
    // Carets open lines, and stand for nothing inside them.
    text.lines().map(|l| l.trim_end_matches(['<', ' ']).replace('^', "")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sluglines_carry_their_version() {
        assert_eq!(
            slug("BC-XX--Azaz-Raid, 1st Ld-Writethru,416"),
            Some(("BC-XX--Azaz-Raid".into(), Some("1st Ld-Writethru".into())))
        );
        assert_eq!(slug("BC-XX--Azaz, Syria-Raid,416"), Some(("BC-XX--Azaz, Syria-Raid".into(), None)));
        assert_eq!(slug("*9006"), None);
    }

    #[test]
    fn the_end_gives_agency_and_day() {
        assert_eq!(transmitted("AP-WF-03-03-16 1626GMT<"), (Some("AP".into()), Some("2016-03-03".into())));
        assert_eq!(transmitted("AP-WF-33-03-16 1626GMT<").1, None);
        assert_eq!(transmitted(""), (None, None));
    }

    #[test]
    fn typewriter_signs_become_what_they_stand_for() {
        assert_eq!(plain("``No,'' he said _ twice _ and left.<"), "“No,” he said — twice — and left.");
    }
}
