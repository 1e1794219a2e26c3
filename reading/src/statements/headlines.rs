//! Attributions without a verb: headlines and embedded posts.
//!
//! ```text
//! Roe: talks are over                      a colon after the source
//! Talks are over: monitor                  a colon or dash before it
//! Talks are over monitor                   the dash lost on the way
//! We are safe. — Jane Roe (@roe) May 2     an embedded post
//! ROE: We waited. Nobody came.             a paragraph of an interview
//! ```

use std::ops::Range;

use language::{Pos, Tag};
use record::{BlockKind, Mode};

use super::{Desk, Said, content};
use crate::actors::{self, Class, noun_at};
use crate::trace::Note;

/// Reads headlines and posts.
pub fn read(desk: &mut Desk) {
    let page = desk.page;
    for (n, block) in page.blocks.iter().enumerate() {
        if block.tokens.is_empty() {
            continue;
        }
        let text = page.text().get(block.bytes.clone()).unwrap_or("");
        if let Some((source, content)) = post(text) {
            let at = |r: Range<usize>| block.bytes.start + r.start..block.bytes.start + r.end;
            let name = text.get(source.clone()).unwrap_or("");
            let name = name.split('(').next().unwrap_or(name).trim().trim_end_matches('.').to_owned();
            let head = page.analysis.tokens_in(at(source.clone()));
            let known = head.clone().find_map(|i| desk.actors.naming_at(i));
            let speaker = known.and_then(|k| desk.actors.actors.get(k.actor)).map_or(name.clone(), |k| k.name.clone());
            let actor = known.map(|k| k.actor);
            file(desk, Some(at(source)), speaker, actor, at(content), None);
            continue;
        }
        let stops = text.trim_end().ends_with(['.', '?', '!', ':', '"', '”', ';', ',']);
        let headline = matches!(block.kind, BlockKind::Headline | BlockKind::Heading) || !stops;
        if headline && block.tokens.len() <= 30 && block.tokens.len() >= 4 {
            let head = block.kind == BlockKind::Headline;
            attributed(desk, block.tokens.clone(), n < 8 || head, head);
        } else {
            labelled(desk, block.tokens.clone());
        }
    }
}

fn file(
    desk: &mut Desk,
    source: Option<Range<usize>>,
    speaker: String,
    actor: Option<usize>,
    bytes: Range<usize>,
    cue: Option<Range<usize>>,
) {
    let piece = content::trim(desk.page, bytes);
    if piece.start >= piece.end || speaker.is_empty() {
        return;
    }
    let content = vec![piece];
    desk.said.push(Said {
        source,
        speaker,
        actor,
        cue,
        cue_token: None,
        kind: content::kind(desk.page, &content),
        content,
        mode: Mode::Says,
        said_on: None,
        occasion: None,
    });
    let (page, Some(said)) = (desk.page, desk.said.last()) else { return };
    if let Some(source) = &said.source {
        page.trace.note(said.key(), || {
            Note::new(
                "source",
                page.analysis.tokens_in(source.clone()),
                "parted from what is said by a colon, a dash or a handle",
            )
        });
    }
    desk.because(|| "a headline or post that names its source without a verb".to_owned());
}

/// An embedded post: its author's words and the text, as bytes of the block.
fn post(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let open = text.rfind("(@")?;
    let close = open + text.get(open..)?.find(')')? + 1;
    // The name stands after a dash, a link or a bracketed picture.
    let head = text.get(..open)?;
    let mut start = None;
    for mark in ["— ", "– ", "-- "] {
        start = start.max(head.rfind(mark).map(|i| i + mark.len()));
    }
    for link in ["pic.twitter.com", "https://t.co", "http://t.co"] {
        let after = head.rfind(link).and_then(|i| head[i..].find(' ').map(|j| i + j + 1));
        start = start.max(after);
    }
    let start = start?;
    if open - start > 60 || open <= start {
        return None;
    }
    let mut end = start;
    for link in [" https://", " http://", " pic.twitter.com"] {
        end = end.min(head.find(link).unwrap_or(end));
    }
    let body = head.get(..end)?.trim_end_matches(|c: char| c.is_whitespace() || "—–-".contains(c));
    (body.split_whitespace().count() >= 4).then_some((start..close, 0..body.len()))
}

/// A paragraph of an interview or transcript: "ROE: We waited for two days. Nobody came."
fn labelled(desk: &mut Desk, tokens: Range<usize>) {
    let page = desk.page;
    let a = &page.analysis;
    let tokens = actors::trimmed(a, tokens);
    let Some(colon) = tokens.clone().take(8).find(|&i| a.word(i) == ":") else { return };
    let label = tokens.start..colon;
    let capital = |i: usize| a.word(i).chars().next().is_some_and(char::is_uppercase);
    if label.is_empty() || !label.clone().all(|i| capital(i) || a.tokens()[i].pos == Pos::Punct) {
        return;
    }
    let person = label.clone().rev().find(|&i| {
        desk.actors.naming_at(i).is_some_and(|n| !n.pronoun)
            && desk.actors.actor_at(i).is_some_and(|p| p.kind == record::ActorKind::Person)
    });
    if let Some(s) = person.filter(|_| tokens.end - colon > 3) {
        say(desk, s, label, colon + 1..tokens.end, Some(colon));
    }
}

/// A headline's colon or dash, or a source noun at its end.
fn attributed(desk: &mut Desk, tokens: Range<usize>, top: bool, headline: bool) {
    let page = desk.page;
    let a = &page.analysis;
    let tokens = actors::trimmed(a, tokens);
    let names = |r: Range<usize>| -> Option<usize> {
        let r = actors::trimmed(a, r);
        if r.is_empty() || r.len() > 7 {
            return None;
        }
        if r.clone().any(|i| matches!(a.tokens()[i].pos, Pos::Verb) && a.tokens()[i].tag != Tag::Vbn) {
            return None;
        }
        let last = r.end - 1;
        let speaks = |i: usize| noun_at(a, i).is_some_and(|n| n.class != Class::Honorific);
        let named = r.clone().rev().find(|&i| desk.actors.naming_at(i).is_some_and(|n| !n.pronoun));
        match named {
            Some(i) if a.subtree(i).start >= r.start || i == last => Some(i),
            _ => speaks(last).then_some(last),
        }
    };
    // What is said is a clause.
    let says = |r: Range<usize>| r.clone().any(|i| matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux)) || r.len() > 7;
    // "Roe: …" and "…: monitor"
    let colon = tokens.clone().find(|&i| a.word(i) == ":" && page.quotes.of_token(i).is_none());
    let dash = tokens.clone().rev().find(|&i| {
        matches!(a.word(i), "-" | "–" | "—" | "--")
            && a.tokens()[i].space_after
            && i > tokens.start
            && a.tokens()[i - 1].space_after
    });
    if let Some(i) = colon {
        if let Some(s) = names(tokens.start..i).filter(|&s| {
            // "Roe: talks close to an end": a person speaks, verb or not.
            let person = headline && desk.actors.actor_at(s).is_some_and(|p| p.kind == record::ActorKind::Person);
            tokens.end - i > 3 && i - tokens.start <= 5 && (person || says(i + 1..tokens.end))
        }) {
            say(desk, s, tokens.start..i, i + 1..tokens.end, None);
            return;
        }
        if let Some(s) = names(i + 1..tokens.end).filter(|_| i - tokens.start >= 3 && says(tokens.start..i)) {
            say(desk, s, i + 1..tokens.end, tokens.start..i, None);
            return;
        }
    }
    if let Some(i) = dash
        && let Some(s) = names(i + 1..tokens.end).filter(|_| i - tokens.start >= 3 && says(tokens.start..i))
    {
        say(desk, s, i + 1..tokens.end, tokens.start..i, None);
        return;
    }
    // The dash lost: a capitalised source noun at the end of a clause that is whole without it.
    let last = tokens.end - 1;
    let capital = a.word(last).chars().next().is_some_and(char::is_uppercase);
    let source = noun_at(a, last).is_some_and(|n| n.generic && matches!(n.class, Class::Body | Class::Person));
    let before = last.checked_sub(1).filter(|&b| b > tokens.start);
    let whole = before.is_some_and(|b| {
        matches!(a.tokens()[b].pos, Pos::Noun | Pos::Propn | Pos::Num | Pos::Punct | Pos::Adv | Pos::Verb)
    });
    let others_lower = tokens.clone().filter(|&i| a.word(i).chars().next().is_some_and(char::is_lowercase)).count() * 3
        >= tokens.len();
    if top && capital && source && whole && others_lower && tokens.len() >= 6 {
        say(desk, last, last..last + 1, tokens.start..last, None);
    }
}

fn say(desk: &mut Desk, s: usize, source: Range<usize>, words: Range<usize>, mark: Option<usize>) {
    let a = &desk.page.analysis;
    let source = actors::trimmed(a, source);
    let speaker = actors::name_of(desk.page, desk.actors, s);
    let actor = desk.actors.naming_at(s).map(|n| n.actor);
    let (source, words) = (a.bytes(source), a.bytes(words));
    let mark = mark.map(|m| a.bytes(m..m + 1));
    file(desk, Some(source), speaker, actor, words, mark);
}
