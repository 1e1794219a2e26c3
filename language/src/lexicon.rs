//! What is known of the words met so far: chunks → words, and the features of each word.
//!
//! One per thread, bounded: it is emptied between documents when it has grown too large. What it remembers never
//! changes a result.

use std::collections::HashMap;

use crate::chars::{Chars, IS_ALPHA, IS_DIGIT, IS_SPACE, IS_UPPER};
use crate::model::Model;
use crate::tokenizer::Piece;

/// More words than this, or more bytes of text, are forgotten at the start of the next document.
const MOST_WORDS: usize = 40_000;
const MOST_BYTES: usize = 4 << 20;
/// Longer chunks are split anew each time.
const LONGEST_CHUNK: usize = 64;
/// No place in the cache of vectors.
pub(crate) const NO_SLOT: u32 = u32::MAX;

/// A word and its norm: all that the networks, the ruler and the lemmatiser want to know of its text.
#[derive(Debug)]
pub(crate) struct Word {
    /// Ids of norm, prefix, suffix and shape.
    pub(crate) features: [u64; 4],
    /// Byte range of the word in lower case in [`Lexicon::lower`].
    lower: (usize, usize),
    /// All white space.
    pub(crate) is_space: bool,
    /// May be the first token of a phrase of the tokenizer.
    pub(crate) begins_phrase: bool,
    /// The attribute ruler's class of the word.
    pub(crate) class: u16,
    /// Where its vectors are, without and with a blank after it.
    pub(crate) slots: [u32; 2],
}

/// A token before analysis.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawToken {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Index of its [`Word`].
    pub(crate) word: u32,
    pub(crate) space_after: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    words: Vec<Word>,
    by_text: HashMap<Box<str>, Vec<(u64, u32)>>,
    /// Chunk → range in `parts`.
    chunks: HashMap<Box<str>, (u32, u32)>,
    /// Length in bytes and word.
    parts: Vec<(u32, u32)>,
    lower: String,
    bytes: usize,
    pieces: Vec<Piece>,
}

impl Lexicon {
    /// Forgets everything if there is too much of it; whether it did.
    pub(crate) fn trim(&mut self) -> bool {
        if self.words.len() <= MOST_WORDS && self.bytes <= MOST_BYTES {
            return false;
        }
        *self = Lexicon::default();
        true
    }

    pub(crate) fn word(&self, i: u32) -> &Word {
        &self.words[i as usize]
    }

    pub(crate) fn word_mut(&mut self, i: u32) -> &mut Word {
        &mut self.words[i as usize]
    }

    /// The word in lower case.
    pub(crate) fn lower(&self, i: u32) -> &str {
        let (start, end) = self.words[i as usize].lower;
        &self.lower[start..end]
    }

    /// Appends the tokens of `text` to `out`; `offset` is where the text begins in the document.
    pub(crate) fn tokenize(&mut self, model: &Model, text: &str, offset: usize, out: &mut Vec<RawToken>) {
        let first = out.len();
        let mut phrases = false;
        model.tokenizer.chunks(text, |range, space_after| {
            let chunk = &text[range.clone()];
            let parts = match self.chunks.get(chunk) {
                Some(&parts) => parts,
                None => self.split(model, chunk),
            };
            let mut start = (offset + range.start) as u32;
            for &(length, word) in &self.parts[parts.0 as usize..parts.1 as usize] {
                phrases |= self.words[word as usize].begins_phrase;
                out.push(RawToken { start, end: start + length, word, space_after: false });
                start += length;
            }
            if chunk.len() > LONGEST_CHUNK {
                self.parts.truncate(parts.0 as usize);
            }
            if let Some(last) = out.last_mut().filter(|_| space_after) {
                last.space_after = true;
            }
        });
        if phrases {
            self.join_phrases(model, text, offset, first, out);
        }
    }

    /// Splits a chunk and remembers its parts.
    fn split(&mut self, model: &Model, chunk: &str) -> (u32, u32) {
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.clear();
        model.tokenizer.split(chunk, true, &mut pieces);
        let first = self.parts.len() as u32;
        let mut rest = chunk;
        for piece in &pieces {
            let (text, after) = rest.split_at(piece.length as usize);
            let word = self.intern(model, text, piece.norm);
            self.parts.push((piece.length, word));
            rest = after;
        }
        self.pieces = pieces;
        let range = (first, self.parts.len() as u32);
        if chunk.len() <= LONGEST_CHUNK {
            self.bytes += chunk.len() + 64;
            self.chunks.insert(chunk.into(), range);
        }
        range
    }

    /// The word with this text and this norm (0: its own).
    fn intern(&mut self, model: &Model, text: &str, norm: u64) -> u32 {
        if let Some(found) = self.by_text.get(text)
            && let Some(&(_, word)) = found.iter().find(|(n, _)| *n == norm)
        {
            return word;
        }
        let number = self.words.len() as u32;
        let word = self.describe(model, text, norm);
        self.words.push(word);
        self.bytes += 2 * text.len() + 64;
        self.by_text.entry(text.into()).or_default().push((norm, number));
        number
    }

    fn describe(&mut self, model: &Model, text: &str, norm: u64) -> Word {
        let ids = &model.ids;
        let start = self.lower.len();
        self.lower.push_str(&text.to_lowercase());
        let lower = &self.lower[start..];
        let norm = match norm {
            0 => model.norms.get(&ids.id(text)).copied().unwrap_or_else(|| ids.id(lower)),
            norm => norm,
        };
        let first = text.chars().next().map_or(0, char::len_utf8);
        let last3 = text.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
        let chars = &model.tokenizer.chars;
        Word {
            features: [norm, ids.id(&text[..first]), ids.id(&text[last3..]), ids.id(&shape(chars, text))],
            lower: (start, self.lower.len()),
            is_space: text.chars().all(|c| chars.is(c, IS_SPACE)),
            begins_phrase: model.tokenizer.begins_phrase(text),
            class: model.ruler.class(lower),
            slots: [NO_SLOT; 2],
        }
    }

    /// Pass two of the tokenizer: special cases that the first pass broke apart.
    fn join_phrases(&mut self, model: &Model, text: &str, offset: usize, first: usize, out: &mut Vec<RawToken>) {
        let word_text = |token: &RawToken| &text[token.start as usize - offset..token.end as usize - offset];
        let tokens = &out[first..];
        let mut found = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            if !self.words[token.word as usize].begins_phrase {
                continue;
            }
            for phrase in model.tokenizer.phrases(word_text(token)) {
                let same = |candidate: &[RawToken]| candidate.iter().map(word_text).eq(phrase.iter().copied());
                if tokens.get(i..i + phrase.len()).is_some_and(same) {
                    found.push(i..i + phrase.len());
                }
            }
        }
        if found.is_empty() {
            return;
        }
        // Longest first, then leftmost; a match that is refused blocks its tokens all the same.
        found.sort_by_key(|range| (std::cmp::Reverse(range.len()), range.start));
        let mut marked = vec![false; tokens.len()];
        found.retain(|range| {
            let keep = !marked[range.start] && !marked[range.end - 1];
            marked[range.clone()].fill(true);
            keep
        });
        found.sort_by_key(|range| range.start);
        let old = out.split_off(first);
        let mut next = 0;
        for range in found {
            let (start, last) = (old[range.start].start, old[range.end - 1]);
            let surface = &text[start as usize - offset..last.end as usize - offset];
            let Some(pieces) = model.tokenizer.rule(surface) else { continue };
            out.extend_from_slice(&old[next..range.start]);
            next = range.end;
            let mut at = start;
            for piece in pieces {
                let end = at + piece.length;
                let word = self.intern(model, &text[at as usize - offset..end as usize - offset], piece.norm);
                out.push(RawToken { start: at, end, word, space_after: false });
                at = end;
            }
            if let Some(token) = out.last_mut() {
                token.space_after = last.space_after;
            }
        }
        out.extend_from_slice(&old[next..]);
    }
}

/// The shape of a word: "Xxxxx" for "Damascus", "d.dd" for "1.25"; runs are cut to four.
fn shape(chars: &Chars, text: &str) -> String {
    if text.chars().nth(99).is_some() {
        return "LONG".to_owned();
    }
    let mut out = String::new();
    let (mut last, mut run) = ('\0', 0);
    for c in text.chars() {
        let kind = match chars.of(c) {
            class if class & IS_ALPHA != 0 => {
                if class & IS_UPPER != 0 {
                    'X'
                } else {
                    'x'
                }
            }
            class if class & IS_DIGIT != 0 => 'd',
            _ => c,
        };
        run = if kind == last && !out.is_empty() { run + 1 } else { 0 };
        last = kind;
        if run < 4 {
            out.push(kind);
        }
    }
    out
}
