//! Prefixes, suffixes and infixes, by character classes and short scans. All lengths are in bytes.

use std::ops::Range;

use super::Tokenizer;
use crate::chars::{ALPHA, DOT_SUFFIX_BEHIND, ICON, INFIX_DOT_AHEAD, INFIX_DOT_BEHIND, PREFIX, SUFFIX, UPPER};

const ELLIPSIS: char = '\u{2026}';
const DEGREE: char = '\u{B0}';
const EM_DASH: char = '\u{2014}';

impl Tokenizer {
    /// Length of what is split off at the front, or 0.
    pub(super) fn prefix(&self, s: &str) -> usize {
        let Some(first) = s.chars().next() else { return 0 };
        if self.chars.is(first, PREFIX | ICON) {
            return first.len_utf8();
        }
        match first {
            '.' => {
                let run = leading_dots(s);
                if run >= 2 { run } else { 0 }
            }
            '+' if !s[1..].starts_with(|c: char| c.is_ascii_digit()) => 1,
            'U' if s.starts_with("US$") => 3,
            'C' | 'A' if s[1..].starts_with('$') => 2,
            _ => 0,
        }
    }

    /// Length of what is split off at the end, or 0.
    pub(super) fn suffix(&self, s: &str) -> usize {
        let mut back = s.chars().rev();
        let Some(last) = back.next() else { return 0 };
        let (before, before2) = (back.next(), back.next());
        let mut best = 0;
        if self.chars.is(last, SUFFIX | ICON) {
            best = last.len_utf8();
            if last == ELLIPSIS && before == Some(ELLIPSIS) {
                best *= 2;
            }
        }
        if let ('s' | 'S', Some(quote @ ('\'' | '\u{2019}'))) = (last, before) {
            best = 1 + quote.len_utf8();
        } else if last == '.' {
            let run = s.bytes().rev().take_while(|&b| b == b'.').count();
            if run >= 2 {
                best = run;
            } else if before.is_some_and(|c| self.chars.is(c, DOT_SUFFIX_BEHIND))
                || matches!((before2, before), (Some(DEGREE), Some('F' | 'f' | 'C' | 'c' | 'K' | 'k')))
                || matches!((before2, before), (Some(b), Some(a)) if self.chars.is(a, UPPER) && self.chars.is(b, UPPER))
            {
                best = 1;
            }
        }
        best.max(self.tail(s))
    }

    /// Length of a unit, a currency or a plus directly behind the last digit, or 0.
    fn tail(&self, s: &str) -> usize {
        let bytes = s.as_bytes();
        // Digits are ASCII, so that bytes will do: no byte of a longer character looks like one.
        let run = bytes.iter().rev().take(self.longest_tail + 1).position(u8::is_ascii_digit);
        match run {
            Some(length) if length > 0 && self.tails.contains(&s[s.len() - length..]) => length,
            _ => 0,
        }
    }

    /// Calls `found` for every infix, left to right.
    pub(super) fn infixes(&self, s: &str, mut found: impl FnMut(Range<usize>)) {
        let is = |c: Option<char>, class: u16| c.is_some_and(|c| self.chars.is(c, class));
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let alnum = |c: Option<char>| digit(c) || is(c, ALPHA);
        let mut before = None;
        let mut i = 0;
        while let Some(c) = s[i..].chars().next() {
            let width = c.len_utf8();
            let rest = &s[i + width..];
            let mut ahead = rest.chars();
            let (a, a2, a3) = (ahead.next(), ahead.next(), ahead.next());
            let length = match c {
                '.' if a == Some('.') => 1 + leading_dots(rest),
                '.' if is(before, INFIX_DOT_BEHIND) && is(a, INFIX_DOT_AHEAD) => 1,
                ELLIPSIS => width,
                _ if self.chars.is(c, ICON) => width,
                '+' | '-' | '*' | '^' if digit(before) && (digit(a) || a == Some('-')) => 1,
                ',' if is(before, ALPHA) && is(a, ALPHA) => 1,
                '-' | '\u{2013}' | EM_DASH | '~' if alnum(before) => match (c, a, a2, a3) {
                    _ if is(a, ALPHA) => width,
                    ('-', Some('-'), _, _) if is(a2, ALPHA) => 2,
                    ('-', Some('-'), Some('-'), _) if is(a3, ALPHA) => 3,
                    (EM_DASH, Some(EM_DASH), _, _) if is(a2, ALPHA) => 2 * width,
                    _ => 0,
                },
                ':' | '<' | '>' | '=' | '/' if alnum(before) && is(a, ALPHA) => 1,
                _ => 0,
            };
            if length > 0 {
                found(i..i + length);
                i += length;
                before = s[..i].chars().next_back();
            } else {
                i += width;
                before = Some(c);
            }
        }
    }
}

/// Length of the run of dots at the front.
fn leading_dots(s: &str) -> usize {
    s.bytes().take_while(|&b| b == b'.').count()
}
