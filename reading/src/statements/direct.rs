//! Quotations that are speech, and whose they are.
//!
//! ```text
//! "We waited," she said. "Nobody came."          cue after, and the quotation goes on: one statement, two pieces
//! She said: "We waited."                          cue before
//! "We waited," she said, "and nobody came."       cue between
//! She was tired. "We waited."                     goes on without a cue: the speaker of the sentence before
//! ```
//!
//! A quotation inside a clause ("the so-called "zone"") is no statement of its own: the clause that holds it may be.

use std::ops::Range;

use language::{Dep, Pos, Tag};
use record::{Mode, StatementKind};

use super::clauses::cue_words;
use super::content;
use super::cues::{self, Cue, Frame};
use super::{Desk, LONGEST, Said, source};

/// How far a cue may stand from its quotation, in tokens.
const REACH: usize = 30;

/// Whether a cue takes quotations.
fn quotes(cue: &Cue) -> bool {
    cue.entry.slots.iter().any(|s| matches!(s.frame, Frame::Clause | Frame::Quote)) && cue.entry.mode != Mode::Believes
        || matches!(cue.entry.mode, Mode::Asks)
}

/// Reads the quotations that have a cue beside them.
pub fn read(desk: &mut Desk) {
    let page = desk.page;
    let blocks: Vec<Range<usize>> = page.blocks.iter().map(|b| b.bytes.clone()).collect();
    for block in blocks {
        let from = page.quotes.quotes.partition_point(|q| q.bytes.start < block.start);
        let to = page.quotes.quotes.partition_point(|q| q.bytes.start < block.end);
        // The statement that the last quotation of this block went to, and where its cue's clause ends.
        let mut last: Option<(usize, usize)> = None;
        for n in from..to {
            last = one(desk, &block, n, last).or(last);
        }
    }
}

/// What stands before a quotation's opening mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A new sentence begins.
    Fresh,
    /// A colon.
    Colon,
    /// A comma.
    Comma,
    /// A word.
    Inside,
}

fn before(page: &crate::Page, block: &Range<usize>, open: usize) -> Before {
    let head = page.text().get(block.start..open).unwrap_or("").trim_end();
    match head.chars().next_back() {
        None => Before::Fresh,
        Some('.' | '!' | '?' | '"' | '”' | '’' | '\'' | '…' | '»') => Before::Fresh,
        Some('-' | '–' | '—') if head.len() < 60 => Before::Fresh,
        Some(':') => Before::Colon,
        Some(',') => Before::Comma,
        _ => Before::Inside,
    }
}

/// Reads quotation number `n`; gives the statement it went to and the end of its cue's words.
fn one(desk: &mut Desk, block: &Range<usize>, n: usize, last: Option<(usize, usize)>) -> Option<(usize, usize)> {
    let page = desk.page;
    let a = &page.analysis;
    let q = page.quotes.quotes.get(n)?.clone();
    let open = content::before_mark(page, q.bytes.start);
    let stand = before(page, block, open);
    // A further piece of the statement whose cue stands just before: "…," she said, "…".
    if let Some((said, end)) = last
        && end <= q.tokens.start
        && matches!(stand, Before::Fresh | Before::Comma | Before::Colon)
        && only_circumstance(desk, end, q.tokens.start)
        && cue_after(desk, &q).is_none()
    {
        let piece = content::trim(page, q.bytes.clone());
        if let Some(s) = desk.said.get_mut(said).filter(|_| piece.start < piece.end) {
            s.content.push(piece);
            let pieces = s.content.clone();
            s.kind = content::kind(page, &pieces);
        }
        if let Some(s) = desk.said.get(said) {
            desk.why_of(s, || "a further quotation behind the same cue".to_owned());
        }
        return Some((said, q.tokens.end));
    }
    if (stand != Before::Inside || q.tokens.len() > 8)
        && let Some((cue, s)) = cue_after(desk, &q)
    {
        let words = cue_words(a, &cue, None);
        let end = clause_end(desk, &cue, s).max(words.end);
        if desk.file(&cue, words, Some(s), vec![q.bytes.clone()]) {
            desk.because(|| "a quotation with its cue behind it".to_owned());
            return Some((desk.said.len() - 1, end));
        }
    }
    if matches!(stand, Before::Colon | Before::Comma)
        && let Some((cue, s)) = cue_before(desk, block, &q, stand)
    {
        let words = cue_words(a, &cue, None);
        let end = q.tokens.end;
        if desk.file(&cue, words, Some(s), vec![q.bytes.clone()]) {
            desk.because(|| "a quotation with its cue before it".to_owned());
            return Some((desk.said.len() - 1, end));
        }
    }
    // "The mayor said:" ends the paragraph before.
    if stand == Before::Fresh
        && page.text().get(block.start..open).is_some_and(|t| t.trim().is_empty())
        && let Some(above) = page.block_of(q.tokens.start).checked_sub(1).and_then(|b| page.blocks.get(b))
        && page.text().get(above.bytes.clone()).is_some_and(|t| t.trim_end().ends_with(':'))
        && let Some((cue, s)) = cue_above(desk, above.tokens.clone())
    {
        let words = cue_words(a, &cue, None);
        if desk.file(&cue, words, Some(s), vec![q.bytes.clone()]) {
            return Some((desk.said.len() - 1, q.tokens.end));
        }
    }
    // "…, writing "The gate was shut …"": no comma parts the verb from a quotation that begins a sentence.
    if stand == Before::Inside
        && q.tokens.len() > 4
        && page.text().get(q.bytes.clone()).and_then(|t| t.chars().next()).is_some_and(char::is_uppercase)
        && let Some((cue, s)) = cue_before(desk, block, &q, Before::Colon)
        && cue.token + 3 > q.tokens.start
    {
        let words = cue_words(a, &cue, None);
        if desk.file(&cue, words, Some(s), vec![q.bytes.clone()]) {
            return Some((desk.said.len() - 1, q.tokens.end));
        }
    }
    None
}

/// The last cue of a paragraph that ends with a colon.
fn cue_above(desk: &Desk, tokens: Range<usize>) -> Option<(Cue, usize)> {
    let a = &desk.page.analysis;
    let from = tokens.end.saturating_sub(REACH).max(tokens.start);
    a.sentences().get(a.sentence_of(tokens.end.checked_sub(1)?)).filter(|s| s.len() <= LONGEST)?;
    (from..tokens.end)
        .rev()
        .filter(|&i| !desk.used[i])
        .find_map(|i| cues::verb(a, i).filter(quotes).and_then(|c| source::source(a, i).map(|s| (c, s))))
}

/// Whether nothing but punctuation and a few words of circumstance stand between a cue and the next quotation.
fn only_circumstance(desk: &Desk, from: usize, to: usize) -> bool {
    let a = &desk.page.analysis;
    (from..to).filter(|&i| !matches!(a.tokens()[i].pos, Pos::Punct | Pos::Space)).count() <= 1
}

/// The end of a cue's clause: its source and what hangs on it.
fn clause_end(desk: &Desk, cue: &Cue, s: usize) -> usize {
    let a = &desk.page.analysis;
    let v = cue.token;
    let mut end = v + 1;
    if s > v {
        end = end.max(a.subtree(s).end);
    }
    let stop = a.sentences().get(a.sentence_of(v)).map_or(a.len(), |r| r.end);
    for c in a.children(v).filter(|&c| c > v) {
        if matches!(
            a.tokens()[c].dep,
            Dep::Prep | Dep::Npadvmod | Dep::Advmod | Dep::Dobj | Dep::Dative | Dep::Prt | Dep::Advcl | Dep::Acomp
        ) {
            let range = a.subtree(c);
            if range.clone().all(|i| desk.page.quotes.of_token(i).is_none()) {
                end = end.max(range.end);
            }
        }
    }
    end.min(stop)
}

/// The cue that stands after a quotation: "…," said the mayor.
fn cue_after(desk: &Desk, q: &crate::quotes::Quote) -> Option<(Cue, usize)> {
    let page = desk.page;
    let a = &page.analysis;
    let inner = page.text().get(q.bytes.clone())?.trim_end();
    // A full stop inside the marks ends the sentence: what follows is a new one.
    if inner.ends_with('.') && !inner.ends_with("..") {
        return None;
    }
    let mut from = q.tokens.end;
    while from < a.len()
        && matches!(a.tokens()[from].pos, Pos::Punct | Pos::Space)
        && !matches!(a.word(from), "." | ";")
        && from < q.tokens.end + 4
    {
        from += 1;
    }
    let block = page.blocks.get(page.block_of(q.tokens.start))?;
    if from >= block.tokens.end {
        return None;
    }
    if a.sentences().get(a.sentence_of(from)).is_none_or(|s| s.len() > LONGEST) {
        return None;
    }
    let limit = next_stop(desk, from).min(from + REACH);
    let cue_at = (from..limit).find(|&i| !desk.used[i] && cues::verb(a, i).is_some_and(|c| quotes(&c)))?;
    let cue = cues::verb(a, cue_at)?;
    let words = cue_words(a, &cue, None);
    // Inverted: "said the mayor".
    let inverted = words.start == from || words.start == from + 1 && a.tokens()[from].pos == Pos::Adv;
    let s = if inverted {
        a.children(cue_at)
            .find(|&c| {
                c > cue_at
                    && matches!(a.tokens()[c].dep, Dep::Nsubj | Dep::Dobj | Dep::Attr | Dep::Npadvmod | Dep::Oprd)
            })
            .or_else(|| {
                (cue_at + 1..limit).find(|&i| {
                    noun_like(a, i) && !matches!(a.tokens()[i].dep, Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Poss)
                })
            })
            .or_else(|| source::source(a, cue_at))
    } else {
        let own = a
            .children(cue_at)
            .find(|&c| c < cue_at && c >= from && matches!(a.tokens()[c].dep, Dep::Nsubj | Dep::Nsubjpass));
        own.or_else(|| source::source(a, cue_at).filter(|&s| s >= from && s < cue_at)).or_else(|| {
            // The parser lost the subject: the noun phrase just before the cue.
            (from..words.start).rev().find(|&i| {
                noun_like(a, i) && !matches!(a.tokens()[i].dep, Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Pobj)
            })
        })
    }?;
    let start = if inverted { words.start } else { source::tokens(a, s, &words).start.min(s) };
    (start <= from + 2).then_some((cue, s))
}

fn noun_like(a: &language::Analysis, i: usize) -> bool {
    matches!(a.tokens()[i].pos, Pos::Noun | Pos::Propn)
        || (a.tokens()[i].pos == Pos::Pron && a.tokens()[i].tag == Tag::Prp)
}

/// The next full stop, quotation or end of block.
fn next_stop(desk: &Desk, from: usize) -> usize {
    let page = desk.page;
    let a = &page.analysis;
    let end = page.blocks.get(page.block_of(from)).map_or(a.len(), |b| b.tokens.end);
    let quote = page.quotes.quotes.get(page.quotes.ending_after(from)).map_or(end, |q| q.tokens.start);
    (from..end.min(from + REACH))
        .find(|&i| {
            let last = a.tokens().get(i + 1).is_none_or(|t| t.sentence_start);
            a.word(i) == ";" || a.word(i) == "." && last
        })
        .unwrap_or(end.min(from + REACH))
        .min(quote)
}

/// The cue that stands before a quotation: She said: "…".
fn cue_before(desk: &Desk, block: &Range<usize>, q: &crate::quotes::Quote, stand: Before) -> Option<(Cue, usize)> {
    let page = desk.page;
    let a = &page.analysis;
    let first = a.tokens_in(block.clone()).start;
    let mut to = q.tokens.start;
    while to > first && matches!(a.tokens()[to - 1].pos, Pos::Punct | Pos::Space) && a.word(to - 1) != "." {
        to -= 1;
    }
    let sentence = a.sentences().get(a.sentence_of(to.checked_sub(1)?)).filter(|s| s.len() <= LONGEST)?;
    let from = sentence.start.max(first).max(to.saturating_sub(REACH));
    let (cue, s) = (from..to)
        .rev()
        .filter(|&i| !desk.used[i])
        .find_map(|i| cues::verb(a, i).filter(quotes).and_then(|c| source::source(a, i).map(|s| (c, s))))?;
    if stand == Before::Comma {
        // Between cue and quotation only the source, the one told, and circumstance: no clause of its own.
        let clause = (cue.token + 1..to).any(|i| {
            matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux)
                && matches!(a.tokens()[i].tag, Tag::Vbd | Tag::Vbz | Tag::Vbp | Tag::Md)
        });
        let small = q.tokens.len() < 4;
        if clause || small || to - cue.token > 14 {
            return None;
        }
    }
    Some((cue, s))
}

/// Gives the quotations that are whole sentences without a cue to whoever spoke last.
pub fn go_on(desk: &mut Desk) {
    let page = desk.page;
    // Statements in the order of their ends.
    let end_of = |s: &Said| {
        s.content
            .iter()
            .map(|c| c.end)
            .chain(s.cue.iter().map(|c| c.end))
            .chain(s.source.iter().map(|c| c.end))
            .max()
            .unwrap_or(0)
    };
    let mut order: Vec<(usize, usize)> = desk.said.iter().enumerate().map(|(i, s)| (end_of(s), i)).collect();
    order.sort_unstable();
    // All contents, merged and in order, and the statements by the place of their cues.
    let mut contents: Vec<Range<usize>> = Vec::new();
    let mut all: Vec<Range<usize>> = desk.said.iter().flat_map(|s| s.content.iter().cloned()).collect();
    all.sort_unstable_by_key(|c| (c.start, c.end));
    for c in all {
        match contents.last_mut() {
            Some(last) if c.start < last.end => last.end = last.end.max(c.end),
            _ => contents.push(c),
        }
    }
    let covered = |q: &Range<usize>| {
        let at = contents.partition_point(|c| c.end <= q.start);
        contents.get(at).is_some_and(|c| c.start < q.end)
    };
    let mut by_cue: Vec<(usize, usize)> =
        desk.said.iter().enumerate().filter_map(|(n, s)| Some((s.cue.as_ref()?.start, n))).collect();
    by_cue.sort_unstable();
    let mut added: Vec<Said> = Vec::new();
    let mut taken: Vec<bool> = page.quotes.quotes.iter().map(|q| covered(&q.bytes)).collect();
    let mut previous: Option<(usize, Said)> = None;
    for (n, q) in page.quotes.quotes.iter().enumerate() {
        if std::mem::replace(&mut taken[n], true) {
            continue;
        }
        let at = page.block_of(q.tokens.start);
        let Some(block) = page.blocks.get(at) else { continue };
        let open = content::before_mark(page, q.bytes.start);
        if before(page, &block.bytes, open) != Before::Fresh || q.tokens.len() < 4 {
            continue;
        }
        let rest = page.text().get(content::after_mark(page, q.bytes.end)..block.bytes.end).unwrap_or("");
        let whole = page.text().get(q.bytes.clone()).is_some_and(|w| w.trim_end().ends_with(['.', '!', '?', '…', ',']))
            || rest.trim().is_empty()
            || rest.trim_start().starts_with('.');
        if !whole {
            continue;
        }
        // Who spoke last, in this block or the one before.
        let reach = at.checked_sub(1).and_then(|b| page.blocks.get(b)).map_or(block.bytes.start, |b| b.bytes.start);
        let before_here = order.partition_point(|&(end, _)| end <= q.bytes.start);
        let model = order[..before_here].iter().rev().take(6).map(|&(_, i)| &desk.said[i]).find(|s| {
            let nested = order[..before_here].iter().rev().take(6).map(|&(_, i)| &desk.said[i]).any(|o| {
                !std::ptr::eq(*s, o)
                    && o.content.iter().any(|c| s.cue.as_ref().is_some_and(|k| c.start <= k.start && k.end <= c.end))
            });
            end_of(s) > reach && !nested && s.mode != Mode::Believes
        });
        let model = match (&previous, model) {
            (Some((end, p)), Some(m)) if *end > end_of(m) && *end > reach => p.clone(),
            (Some((end, p)), None) if *end > reach => p.clone(),
            (_, Some(m)) => m.clone(),
            _ => continue,
        };
        let piece = content::trim(page, q.bytes.clone());
        if piece.start >= piece.end {
            continue;
        }
        // "…, she said. "…"": the cue only interrupts.
        if let Some(n) = interrupted(desk, &by_cue, &block.bytes, open) {
            let s = &mut desk.said[n];
            s.content.push(piece);
            s.kind = content::kind(page, &s.content);
            desk.why_of(&desk.said[n], || "a quotation that goes on after the cue between".to_owned());
            continue;
        }
        let said = Said {
            source: None,
            cue: None,
            cue_token: None,
            content: vec![piece],
            kind: StatementKind::Direct,
            mode: Mode::Says,
            said_on: None,
            occasion: None,
            ..model
        };
        desk.why_of(&said, || {
            let name = if said.speaker.is_empty() { "nobody named" } else { said.speaker.as_str() };
            format!("a quotation that is a sentence of its own without a cue: it goes on with who spoke last ({name})")
        });
        previous = Some((q.bytes.end, said.clone()));
        added.push(said);
    }
    desk.said.extend(added);
}

/// The statement of the sentence just before byte `open` of the same block, if its cue came after a quoted content.
fn interrupted(desk: &Desk, by_cue: &[(usize, usize)], block: &Range<usize>, open: usize) -> Option<usize> {
    let a = &desk.page.analysis;
    let last = a.tokens_in(block.start..open).end.checked_sub(1)?;
    let sentence = a.sentences().get(a.sentence_of(last))?;
    let start = a.tokens().get(sentence.start)?.start as usize;
    let from = by_cue.partition_point(|&(at, _)| at + 1 < start);
    by_cue[from..].iter().take_while(|&&(at, _)| at < open).map(|&(_, n)| n).find(|&n| {
        let Some(s) = desk.said.get(n) else { return false };
        let cue = s.cue.as_ref().map(|c| c.start);
        let content = s.content.iter().map(|c| c.end).max();
        s.kind != StatementKind::Indirect
            && cue.is_some_and(|c| start.saturating_sub(1) <= c && c < open)
            && content.zip(cue).is_some_and(|(end, c)| end <= c)
            && s.content.iter().all(|c| c.start >= block.start)
    })
}
