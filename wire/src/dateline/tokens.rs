//! The words, numbers and signs at the head of a paragraph.

use std::ops::Range;

/// A token of a dateline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its bytes in the text.
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// White space (or the text's start) stands before it.
    pub spaced: bool,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters with inner hyphens, apostrophes and (as in `U.N.`) full stops.
    Word,
    /// Digits.
    Number,
    /// One or more dashes.
    Dash,
    /// Any other character.
    Sign(char),
}

/// The first `most` tokens of `text[bytes]`.
pub fn tokens(text: &str, bytes: Range<usize>, most: usize) -> Vec<Token> {
    let body = text.get(bytes.clone()).unwrap_or_default();
    let mut tokens: Vec<Token> = Vec::new();
    let mut spaced = true;
    let mut rest = body;
    while tokens.len() < most {
        let Some(c) = rest.chars().next() else { break };
        if c.is_whitespace() {
            spaced = true;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (kind, length) = if c.is_alphabetic() {
            (Kind::Word, word(rest))
        } else if c.is_ascii_digit() {
            (Kind::Number, rest.bytes().take_while(u8::is_ascii_digit).count())
        } else if is_dash(c) {
            (Kind::Dash, rest.chars().take_while(|&c| is_dash(c)).map(char::len_utf8).sum())
        } else {
            (Kind::Sign(c), c.len_utf8())
        };
        let start = bytes.start + (body.len() - rest.len());
        tokens.push(Token { bytes: start..start + length, kind, spaced });
        spaced = false;
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

/// Hyphen, dashes and bars that end a dateline.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{ff0d}')
}

/// The length of the word that `rest` begins with.
fn word(rest: &str) -> usize {
    let mut end = 0;
    let mut letters = 0;
    let mut stops = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map(|&(_, n)| n);
        let inner = match c {
            '\'' | '’' | '‘' | '`' => next.is_some_and(char::is_alphabetic),
            '-' | '‑' => next.is_some_and(char::is_alphabetic),
            // `U.N.`, `N.Y.`: a full stop after each single letter; `IraqiNews.com`: one that a small letter follows.
            '.' => {
                let single = letters == 1 && (stops > 0 || next.is_some_and(char::is_alphabetic));
                single || next.is_some_and(char::is_lowercase)
            }
            c => c.is_alphabetic() || is_mark(c) || (c.is_ascii_digit() && i > 0),
        };
        if !inner {
            break;
        }
        if c == '.' {
            stops += 1;
            letters = 0;
        } else {
            letters += 1;
        }
        end = i + c.len_utf8();
    }
    end
}

/// Combining marks stand inside words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_dashes() {
        let text = "ST. LOUIS/U.N., Aswat al-Iraq, 23 Sept. (N.Y.) -- Xi'an – IraqiNews.com.";
        let found: Vec<&str> = tokens(text, 0..text.len(), 99).into_iter().map(|t| &text[t.bytes]).collect();
        let expected = [
            "ST",
            ".",
            "LOUIS",
            "/",
            "U.N.",
            ",",
            "Aswat",
            "al-Iraq",
            ",",
            "23",
            "Sept",
            ".",
            "(",
            "N.Y.",
            ")",
            "--",
            "Xi'an",
            "–",
            "IraqiNews.com",
            ".",
        ];
        assert_eq!(found, expected);
    }
}
