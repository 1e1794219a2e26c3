//! Text → tokens: white space, then affixes, infixes, URLs and a table of special cases.
//!
//! A chunk is a maximal run of white space or of anything else; how it is split depends on the chunk alone, so that
//! [`crate::lexicon`] can remember the result. Pass two re-joins special cases that affix splitting broke apart
//! (":" ")" → ":)", "a.m" "." → "a.m.").

mod affix;
mod url;

use std::collections::{HashMap, HashSet};

use crate::artefact::{Artefact, ArtefactError};
use crate::chars::{Chars, IS_SPACE};
use crate::hash::StringIds;

/// A part of a chunk. The parts of a chunk follow each other without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Length in bytes.
    pub(crate) length: u32,
    /// Id of the norm that a special case gives it, or 0.
    pub(crate) norm: u64,
}

/// The tokenizer's tables.
#[derive(Debug)]
pub(crate) struct Tokenizer {
    pub(crate) chars: Chars,
    /// Special cases by surface.
    rules: HashMap<&'static str, Vec<Piece>>,
    /// Length in bytes of the longest surface.
    longest_rule: usize,
    /// Units and currencies that are split off behind a digit.
    tails: HashSet<&'static str>,
    longest_tail: usize,
    /// Token sequences that pass two may re-join, by first token.
    phrases: HashMap<&'static str, Vec<Vec<&'static str>>>,
}

impl Tokenizer {
    pub(crate) fn load(artefact: &Artefact<'static>, ids: &StringIds) -> Result<Tokenizer, ArtefactError> {
        let chars = Chars::new(&artefact.numbers("chars")?);
        let (orths, norms) = (artefact.strings("rules.orth")?, artefact.strings("rules.norm")?);
        let mut rules = HashMap::new();
        let mut next = 0;
        for (surface, count) in artefact.strings("rules.surface")?.iter().zip(artefact.numbers("rules.count")?) {
            let parts = next..next + count as usize;
            next = parts.end;
            let piece = |i| Piece { length: orths.get(i).len() as u32, norm: ids.id(norms.get(i)) };
            rules.insert(surface, parts.map(piece).collect());
        }
        let longest_rule = rules.keys().map(|r| r.len()).max().unwrap_or(0);
        let tails: HashSet<_> = artefact.strings("tails")?.iter().collect();
        let longest_tail = tails.iter().map(|t| t.len()).max().unwrap_or(0);
        let mut tokenizer = Tokenizer { chars, rules, longest_rule, tails, longest_tail, phrases: HashMap::new() };
        tokenizer.phrases = tokenizer.make_phrases();
        Ok(tokenizer)
    }

    /// What the affix rules make of every special case that they would break apart.
    fn make_phrases(&self) -> HashMap<&'static str, Vec<Vec<&'static str>>> {
        let mut phrases: HashMap<&'static str, Vec<Vec<&'static str>>> = HashMap::new();
        for &surface in self.rules.keys() {
            if surface.chars().any(|c| self.chars.is(c, IS_SPACE)) {
                continue; // single white-space characters: one token before and after
            }
            let mut pieces = Vec::new();
            self.split(surface, false, &mut pieces);
            if pieces.len() < 2 {
                continue;
            }
            let mut rest = surface;
            let mut words = Vec::new();
            for piece in &pieces {
                let (word, after) = rest.split_at(piece.length as usize);
                words.push(word);
                rest = after;
            }
            phrases.entry(words[0]).or_default().push(words);
        }
        phrases
    }

    /// Cuts a text into chunks and calls `chunk(range, followed by a blank of its own)` for each.
    pub(crate) fn chunks(&self, text: &str, mut chunk: impl FnMut(std::ops::Range<usize>, bool)) {
        let mut start = 0;
        let mut in_space = text.chars().next().is_some_and(|c| self.chars.is(c, IS_SPACE));
        for (i, c) in text.char_indices() {
            if self.chars.is(c, IS_SPACE) == in_space {
                continue;
            }
            let blank = c == ' ';
            if start < i {
                chunk(start..i, blank);
            }
            start = if blank { i + 1 } else { i };
            in_space = !in_space;
        }
        if start < text.len() {
            chunk(start..text.len(), false);
        }
    }

    /// The parts of the special case `surface`.
    pub(crate) fn rule(&self, surface: &str) -> Option<&[Piece]> {
        // Compare lengths first: hashing a long text again and again would make long chunks quadratic.
        if surface.len() > self.longest_rule { None } else { self.rules.get(surface).map(Vec::as_slice) }
    }

    /// Whether a token can be the first of a phrase.
    pub(crate) fn begins_phrase(&self, word: &str) -> bool {
        self.phrases.contains_key(word)
    }

    /// The phrases whose first token is `word`.
    pub(crate) fn phrases(&self, word: &str) -> &[Vec<&'static str>] {
        self.phrases.get(word).map_or(&[], Vec::as_slice)
    }

    /// Splits a chunk; with `rules` off, special cases are ignored.
    pub(crate) fn split(&self, chunk: &str, rules: bool, out: &mut Vec<Piece>) {
        let rule = |s: &str| if rules { self.rule(s) } else { None };
        if let Some(pieces) = rule(chunk) {
            out.extend_from_slice(pieces);
            return;
        }
        let mut s = chunk;
        let mut suffixes: Vec<Piece> = Vec::new();
        let piece = |length: usize| Piece { length: length as u32, norm: 0 };
        let mut last = 0;
        while !s.is_empty() && s.len() != last {
            if rule(s).is_some() {
                break;
            }
            last = s.len();
            let prefix = self.prefix(s);
            let after = &s[prefix..];
            if prefix > 0 && rule(after).is_some() {
                out.push(piece(prefix));
                s = after;
                break;
            }
            let suffix = self.suffix(after);
            let before = &s[..s.len() - suffix];
            if suffix > 0 && rule(before).is_some() {
                suffixes.push(piece(suffix));
                s = before;
                break;
            }
            if prefix > 0 {
                out.push(piece(prefix));
            }
            if suffix > 0 {
                suffixes.push(piece(suffix));
            }
            s = &s[prefix..s.len() - suffix];
        }
        if let Some(pieces) = rule(s) {
            out.extend_from_slice(pieces);
        } else if !s.is_empty() && self.is_url(s) {
            out.push(piece(s.len()));
        } else if !s.is_empty() {
            let mut start = 0;
            self.infixes(s, |infix| {
                if infix.start == 0 {
                    return;
                }
                if infix.start > start {
                    out.push(piece(infix.start - start));
                }
                out.push(piece(infix.len()));
                start = infix.end;
            });
            if start < s.len() {
                out.push(piece(s.len() - start));
            }
        }
        out.extend(suffixes.into_iter().rev());
    }
}
