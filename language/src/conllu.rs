//! [`Analysis`] → CoNLL-U, valid against the format's rules.
//!
//! The format has no white-space tokens and wants exactly one root a sentence, so the analysis is bent as little as it
//! takes: white-space tokens go into `SpacesAfter` (or `SpacesBefore` at the start of a text) and ids are counted
//! without them; a token whose head is white space moves up to that token's head; of several roots in a sentence the
//! first stays and the others hang from it. `ROOT` is written `root`. Entities stand in MISC as `NER=B-GPE`, `NER=I-GPE`.
//!
//! White space is escaped as UDPipe does (`\s`, `\t`, `\n`, `\r`, `\p` for `|`, `\\`); other white space as `\uXXXX`.

use std::fmt::Write;
use std::ops::Range;

use crate::{Analysis, Dep, Pos};

/// The sentences of `analysis` in CoNLL-U, each followed by a blank line; `id` names the document in its comments.
pub fn conllu(analysis: &Analysis, id: &str) -> String {
    let mut out = String::with_capacity(analysis.text().len() * 8 + 64);
    let id = one_line(id);
    let _ = writeln!(out, "# newdoc id = {id}");
    let mut number = 0;
    for sentence in sentences(analysis) {
        number += 1;
        let _ = writeln!(out, "# sent_id = {id}-{number}");
        write_sentence(&mut out, analysis, sentence, number == 1);
    }
    if number == 0 {
        // A document without a word has no sentence to write; its comment alone would not be valid.
        out.clear();
    }
    out
}

/// Sentences that hold at least one word: a sentence of white space alone belongs to what stands before it.
fn sentences(analysis: &Analysis) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for sentence in analysis.sentences() {
        match merged.last_mut() {
            Some(last) if !has_word(analysis, sentence.clone()) || !has_word(analysis, last.clone()) => {
                last.end = sentence.end;
            }
            _ => merged.push(sentence.clone()),
        }
    }
    merged.retain(|s| has_word(analysis, s.clone()));
    merged
}

fn has_word(analysis: &Analysis, tokens: Range<usize>) -> bool {
    tokens.into_iter().any(|i| !is_space(analysis, i))
}

fn is_space(analysis: &Analysis, i: usize) -> bool {
    analysis.tokens()[i].pos == Pos::Space || analysis.word(i).chars().all(char::is_whitespace)
}

/// The head of a word within its sentence: the nearest ancestor that is a word of it, or `None` for a root.
fn head(analysis: &Analysis, sentence: &Range<usize>, i: usize) -> Option<usize> {
    let mut at = i;
    while let Some(head) = analysis.head(at) {
        if !sentence.contains(&head) {
            return None;
        }
        if !is_space(analysis, head) {
            return Some(head);
        }
        at = head;
    }
    None
}

fn write_sentence(out: &mut String, analysis: &Analysis, sentence: Range<usize>, first: bool) {
    let words: Vec<usize> = sentence.clone().filter(|&i| !is_space(analysis, i)).collect();
    let number = |i: usize| words.partition_point(|&w| w < i) + 1;
    let root = words.iter().copied().find(|&i| head(analysis, &sentence, i).is_none());
    let gaps: Vec<String> = (0..words.len())
        .map(|n| {
            let until = words.get(n + 1).copied().unwrap_or(sentence.end);
            gap(analysis, words[n], until)
        })
        .collect();
    out.push_str("# text = ");
    for (n, &i) in words.iter().enumerate() {
        out.push_str(analysis.word(i));
        if n + 1 < words.len() && !gaps[n].is_empty() {
            out.push(' ');
        }
    }
    out.push('\n');
    for (n, &i) in words.iter().enumerate() {
        let token = &analysis.tokens()[i];
        let (head, dep) = match head(analysis, &sentence, i) {
            Some(head) => (number(head), if token.dep == Dep::Root { Dep::Dep } else { token.dep }),
            None if Some(i) == root => (0, Dep::Root),
            None => (root.map_or(0, number), if token.dep == Dep::Root { Dep::Parataxis } else { token.dep }),
        };
        let dep = if dep == Dep::Root { "root" } else { dep.as_str() };
        let _ = write!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{head}\t{dep}\t_\t",
            n + 1,
            field(analysis.word(i)),
            field(analysis.lemma(i)),
            field(token.pos.as_str()),
            field(token.tag.as_str()),
            field(analysis.morph(i)),
        );
        let before = if first && n == 0 { analysis.text_of(sentence.start..i) } else { "" };
        write_misc(out, analysis, i, before, &gaps[n]);
        out.push('\n');
    }
    out.push('\n');
}

/// The white space between word `i` and the token `until`.
fn gap(analysis: &Analysis, i: usize, until: usize) -> String {
    let start = analysis.tokens()[i].end as usize;
    let last = &analysis.tokens()[until - 1];
    let end = last.end as usize + usize::from(last.space_after);
    analysis.text().get(start..end.max(start)).unwrap_or_default().to_owned()
}

/// The MISC column: what differs from a single blank after the word, and the entity.
fn write_misc(out: &mut String, analysis: &Analysis, i: usize, before: &str, after: &str) {
    let mut entries = Vec::new();
    if let Some(entity) = analysis.entity_of(i) {
        let place = if entity.start as usize == i { 'B' } else { 'I' };
        entries.push(format!("NER={place}-{}", entity.label));
    }
    match after {
        " " => {}
        "" => entries.push("SpaceAfter=No".to_owned()),
        after => entries.push(format!("SpacesAfter={}", escaped(after))),
    }
    if !before.is_empty() {
        entries.push(format!("SpacesBefore={}", escaped(before)));
    }
    out.push_str(if entries.is_empty() { "_" } else { "" });
    out.push_str(&entries.join("|"));
}

/// A column's value: `_` for none, white space taken out.
fn field(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_empty() {
        "_".into()
    } else if text.contains(char::is_whitespace) {
        text.split_whitespace().collect::<Vec<_>>().join("_").into()
    } else {
        text.into()
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        match c {
            ' ' => out.push_str("\\s"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '|' => out.push_str("\\p"),
            '\\' => out.push_str("\\\\"),
            c if c.is_whitespace() || c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
