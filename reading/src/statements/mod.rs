//! Statements: who is reported to have said what.
//!
//! | file | idea |
//! |---|---|
//! | `cues` | the verbs and nouns that report, and what can hold their content |
//! | `source` | whose cue it is |
//! | `content` | the words of a content, trimmed |
//! | `direct` | quotations with their cue before, after or between, and those that go on without one |
//! | `clauses` | what hangs on a cue in the tree: clauses, objects, infinitives, "according to" |
//! | `ends` | where a content ends before the reporter's circumstances and asides |
//! | `headlines` | "Roe: talks are over", "talks are over - monitor", embedded posts |
//!
//! Quotations come first, as they know their bounds by themselves; each cue is used once. What is inside another
//! statement is a statement of its own when it has its own source and cue.

use std::ops::Range;

use jiff::civil::Date;
use language::Dep;
use record::{Mode, StatementKind};

use crate::Page;
use crate::actors::{self, ActorNumber, Actors};
use crate::times::Time;
use crate::trace::{Key, Note};

mod clauses;
mod content;
mod cues;
mod direct;
mod ends;
mod headlines;
mod index;
mod source;

pub use cues::speaks;
pub use index::Statements;
pub use source::subject;

/// A statement, in bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The words that name the source.
    pub source: Option<Range<usize>>,
    /// The speaker's canonical name.
    pub speaker: String,
    /// The speaker's number on this page, where it has one.
    pub actor: Option<ActorNumber>,
    /// The reporting verb or phrase.
    pub cue: Option<Range<usize>>,
    /// The reporting verb's token.
    pub cue_token: Option<usize>,
    /// The pieces of the content.
    pub content: Vec<Range<usize>>,
    /// Direct, indirect, mixed.
    pub kind: StatementKind,
    /// What the cue makes of it.
    pub mode: Mode,
    /// The day it was said.
    pub said_on: Option<Date>,
    /// Where or on what occasion.
    pub occasion: Option<Range<usize>>,
}

impl Said {
    /// What notes on this statement are kept under.
    pub(crate) fn key(&self) -> Key {
        match (self.cue_token, self.content.first()) {
            (Some(cue), _) => Key::Cue(cue),
            (None, content) => Key::Content(content.map_or(0, |c| c.start)),
        }
    }
}

/// Finds the statements of a page, in order of the text.
pub fn read(page: &Page, actors: &Actors, times: &[Time]) -> Vec<Said> {
    let mut desk = Desk { page, actors, times, used: vec![false; page.analysis.len()], said: Vec::new() };
    headlines::read(&mut desk);
    direct::read(&mut desk);
    clauses::read(&mut desk);
    direct::go_on(&mut desk);
    introduced(&mut desk);
    let mut said = desk.said;
    let first = |s: &Said| s.content.iter().map(|c| c.start).min().unwrap_or(usize::MAX);
    let start = |s: &Said| {
        first(s)
            .min(s.cue.as_ref().map_or(usize::MAX, |c| c.start))
            .min(s.source.as_ref().map_or(usize::MAX, |c| c.start))
    };
    said.sort_by_key(|s| (start(s), first(s), s.cue_token));
    said.dedup_by(|b, a| a.content == b.content && a.speaker == b.speaker);
    said
}

/// "One resident said … "…," Jane Roe said": a person first told of and named in the next breath is one person.
fn introduced(desk: &mut Desk) {
    let a = &desk.page.analysis;
    let mut order: Vec<usize> = (0..desk.said.len()).filter(|&i| desk.said[i].cue.is_some()).collect();
    order.sort_by_key(|&i| desk.said[i].cue.as_ref().map(|c| c.start));
    let head_of = |s: &Said| {
        let span = s.source.as_ref()?;
        let tokens = a.tokens_in(span.clone());
        let from = desk.actors.namings.partition_point(|n| n.head < tokens.start);
        desk.actors.namings[from..].iter().take_while(|n| n.head < tokens.end).find(|n| Some(n.actor) == s.actor)
    };
    let mut firsts = vec![usize::MAX; desk.actors.actors.len()];
    for n in &desk.actors.namings {
        if let Some(first) = firsts.get_mut(n.actor) {
            *first = n.head.min(*first);
        }
    }
    let mut renamed: Vec<(usize, String, Option<ActorNumber>)> = Vec::new();
    for (n, &i) in order.iter().enumerate() {
        let told = &desk.said[i];
        // What is reported inside the first report is passed over.
        let inside = |s: &Said| {
            s.cue.as_ref().is_some_and(|k| told.content.iter().any(|c| c.start <= k.start && k.end <= c.end))
        };
        let Some(&next) = order[n + 1..].iter().take(6).find(|&&j| !inside(&desk.said[j])) else { continue };
        let named = &desk.said[next];
        let (Some(x), Some(y)) = (head_of(told), head_of(named)) else { continue };
        let first = |n: &actors::Naming| firsts.get(n.actor) == Some(&n.head);
        let person =
            |n: &actors::Naming| desk.actors.actors.get(n.actor).is_some_and(|p| p.kind == record::ActorKind::Person);
        let other = |n: &actors::Naming| {
            n.tokens.clone().any(|i| matches!(a.word(i).to_lowercase().as_str(), "another" | "other"))
        };
        let proper = |n: &actors::Naming| a.tokens()[n.head].pos == language::Pos::Propn;
        let near = a.sentence_of(y.head).saturating_sub(a.sentence_of(x.head)) <= 3;
        if named.kind == StatementKind::Direct
            && (person(x) && !proper(x) && first(x) && !other(x))
            && (person(y) && proper(y) && first(y) && y.role.is_none() && !other(y))
            && near
        {
            renamed.push((i, named.speaker.clone(), named.actor));
        }
    }
    for (i, speaker, actor) in renamed {
        (desk.said[i].speaker, desk.said[i].actor) = (speaker, actor);
    }
}

/// The longest sentence that is looked into, in tokens: no sentence of prose is longer, and what is would make the
/// walks over its tree slow.
pub const LONGEST: usize = 600;

/// What the steps share.
struct Desk<'r, 'p> {
    page: &'r Page<'p>,
    actors: &'r Actors,
    times: &'r [Time],
    /// Cues already used.
    used: Vec<bool>,
    said: Vec<Said>,
}

impl Desk<'_, '_> {
    /// Files a statement of a cue. `pieces` are bytes, trimmed here; nothing is filed without content.
    fn file(&mut self, cue: &cues::Cue, words: Range<usize>, source: Option<usize>, pieces: Vec<Range<usize>>) -> bool {
        let (page, a) = (self.page, &self.page.analysis);
        let content: Vec<Range<usize>> =
            pieces.into_iter().map(|p| content::trim(page, p)).filter(|p| p.start < p.end).collect();
        if content.is_empty() {
            return false;
        }
        // "voters who say …": the words that name the source in this clause are "who".
        let relative = source::relative(a, cue.token).filter(|_| source == source::subject(a, cue.token));
        let span = source.map(|s| match relative {
            Some(r) => a.bytes(r..r + 1),
            None => a.bytes(source::tokens(a, s, &words)),
        });
        let (said_on, occasion) = self.when_and_where(cue.token, &content);
        self.used[cue.token] = true;
        self.explain(cue, &words, source);
        // "the paper quoted X as saying …": the paper says so too.
        if let Some((outer, reporter)) = self.quoting(cue.token) {
            let by = clauses::cue_words(a, &outer, None);
            self.used[outer.token] = true;
            self.explain(&outer, &by, Some(reporter));
            self.said.push(Said {
                source: Some(a.bytes(source::tokens(a, reporter, &by))),
                speaker: actors::names_of(page, self.actors, reporter),
                actor: self.actors.naming_at(reporter).map(|n| n.actor),
                cue: Some(a.bytes(by)),
                cue_token: Some(outer.token),
                content: content.clone(),
                kind: content::kind(page, &content),
                mode: outer.entry.mode,
                said_on: None,
                occasion: None,
            });
        }
        self.said.push(Said {
            source: span,
            speaker: source.map(|s| actors::names_of(page, self.actors, s)).unwrap_or_default(),
            actor: source.and_then(|s| self.actors.naming_at(s)).map(|n| n.actor),
            cue: Some(a.bytes(words)),
            cue_token: Some(cue.token),
            kind: content::kind(page, &content),
            content,
            mode: cue.entry.mode,
            said_on,
            occasion,
        });
        true
    }

    /// Notes the cue and whose it is.
    fn explain(&self, cue: &cues::Cue, words: &Range<usize>, source: Option<usize>) {
        let (page, a, key) = (self.page, &self.page.analysis, Key::Cue(cue.token));
        let mode = cue.entry.mode;
        page.trace.note(key, || {
            let pair = cue.second.map(|s| format!(" with “{}”", a.word(s))).unwrap_or_default();
            let lemma = a.lemma(cue.token);
            Note::new("cue", words.clone(), format!("“{lemma}”{pair} reports; mode {}", crate::explain::name(&mode)))
                .from(cue.entry.row)
        });
        let Some(s) = source else { return };
        page.trace.note(key, || {
            let tokens = source::tokens(a, s, words);
            Note::new("source", tokens, crate::explain::path(a, s, cue.token))
        });
        if let Some(note) = page.trace.is_on().then(|| actors::known(page, self.actors, s)).flatten() {
            page.trace.note(key, || note);
        }
    }

    /// Notes what made the content of the statement filed last.
    fn because(&self, why: impl FnOnce() -> String) {
        if let Some(said) = self.said.last() {
            self.why_of(said, why);
        }
    }

    /// Notes what made the content of a statement.
    fn why_of(&self, said: &Said, why: impl FnOnce() -> String) {
        self.page.trace.note(said.key(), || {
            let bytes = said.content.last().cloned().unwrap_or_default();
            Note::new("content", self.page.analysis.tokens_in(bytes), why())
        });
    }

    /// For "saying" in "quoted X as saying": the quoting cue and who quotes.
    fn quoting(&self, cue: usize) -> Option<(cues::Cue, usize)> {
        let a = &self.page.analysis;
        let prep = a.head(cue).filter(|&p| a.word(p) == "as")?;
        let mut above = a.head(prep)?;
        if !matches!(a.tokens()[above].pos, language::Pos::Verb) {
            above = a.head(above)?;
        }
        let outer = cues::verb(a, above).filter(|c| c.entry.slots.iter().any(|s| s.frame == cues::Frame::Quoted))?;
        let reporter = source::source(a, above)?;
        (!self.used.get(above).copied().unwrap_or(true)).then_some((outer, reporter))
    }

    /// The day and the occasion that the cue's clause tells, outside the content.
    fn when_and_where(&self, cue: usize, content: &[Range<usize>]) -> (Option<Date>, Option<Range<usize>>) {
        let a = &self.page.analysis;
        let outside = |i: usize| !content.iter().any(|c| c.contains(&(a.tokens()[i].start as usize)));
        let (mut said_on, mut occasion) = (None, None);
        for child in a.children(cue).filter(|&c| outside(c)) {
            let dep = a.tokens()[child].dep;
            if !matches!(dep, Dep::Prep | Dep::Npadvmod | Dep::Advmod) {
                continue;
            }
            let range = a.subtree(child);
            let from = self.times.partition_point(|t| t.tokens.start < range.start);
            let time = self.times.get(from).filter(|t| t.tokens.end <= range.end && outside(t.tokens.start));
            match time {
                Some(t) if t.start.is_some() && t.start == t.end && range.len() <= t.tokens.len() + 2 => {
                    said_on = said_on.or(t.start);
                }
                _ if dep == Dep::Prep && matches!(a.word(child), "in" | "at" | "during") && range.len() > 1 => {
                    let bytes = a.bytes(actors::trimmed(a, range));
                    if occasion.is_none() && content.iter().all(|c| c.end <= bytes.start || bytes.end <= c.start) {
                        occasion = Some(bytes);
                    }
                }
                _ => {}
            }
        }
        (said_on, occasion)
    }
}

impl Desk<'_, '_> {
    /// [`Desk::file`] with the tokens of the source given.
    fn file_with(
        &mut self,
        cue: &cues::Cue,
        words: Range<usize>,
        source: usize,
        tokens: Range<usize>,
        pieces: Vec<Range<usize>>,
    ) {
        if self.file(cue, words, Some(source), pieces)
            && let Some(said) = self.said.last_mut()
        {
            said.source = Some(self.page.analysis.bytes(tokens));
        }
    }
}
