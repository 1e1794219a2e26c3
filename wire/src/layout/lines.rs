//! Lines → units: the stretches of a text that are one paragraph, heading or piece of furniture each.
//!
//! Three habits are met: a blank line between paragraphs, one paragraph a line, and lines hard-wrapped at some seventy
//! columns (agency text), where an indent or a line that ends early begins a new paragraph. Blank lines always part units.
//! Inside a run of lines without blank ones, lines are joined only where the text as a whole is hard-wrapped: lines of
//! bounded width that often break in the middle of a sentence.

use std::ops::Range;

/// Longer lines are not hard-wrapped text, in characters.
const WIDEST: usize = 110;
/// Shorter ones neither.
const NARROWEST: usize = 40;

/// A line without surrounding white space.
#[derive(Debug, Clone)]
struct Line {
    bytes: Range<usize>,
    /// White space before its first word, in characters.
    indent: usize,
    /// Its width with the indent, in characters.
    width: usize,
    /// The width of its first word.
    first_word: usize,
    /// Begins with a lower-case letter.
    low: bool,
    /// Ends as a sentence does.
    ends: bool,
    /// The line before it is blank, or there is none.
    after_blank: bool,
}

/// The units of `text`, in order, without surrounding white space, none empty.
pub fn units(text: &str) -> Vec<Range<usize>> {
    let lines = lines(text);
    let width = wrap_width(&lines);
    let mut units: Vec<Range<usize>> = Vec::new();
    let mut before: Option<&Line> = None;
    for line in &lines {
        let joins = match (before, width) {
            (Some(before), Some(width)) => !line.after_blank && continues(before, line, width),
            _ => false,
        };
        match units.last_mut() {
            Some(unit) if joins => unit.end = line.bytes.end,
            _ => units.push(line.bytes.clone()),
        }
        before = Some(line);
    }
    units
}

/// Whether `line` goes on where `before` was wrapped.
fn continues(before: &Line, line: &Line, width: usize) -> bool {
    let indented = line.indent >= 2 && line.indent > before.indent + 1;
    if indented {
        return false;
    }
    let would_have_fitted = before.width + 1 + line.first_word + 4 <= width;
    !would_have_fitted || (line.low && !before.ends)
}

/// The width at which the text is wrapped, if it is.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    let inner = lines.windows(2).filter_map(|pair| match pair {
        [a, b] if !b.after_blank => Some((a, b)),
        _ => None,
    });
    let (mut boundaries, mut broken) = (0usize, 0usize);
    let mut width = 0;
    for (a, b) in inner {
        boundaries += 1;
        broken += usize::from(b.low && !a.ends);
        width = width.max(a.width);
    }
    let wrapped = broken > 0 && broken * 4 >= boundaries && (NARROWEST..=WIDEST).contains(&width);
    wrapped.then_some(width)
}

/// The lines that are not blank.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    for raw in text.split_inclusive(['\n', '\r', '\u{0b}', '\u{0c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        let start = at;
        at += raw.len();
        let body = raw.trim_matches(blank);
        if body.is_empty() {
            // "\r\n" is one line end: its second half is no blank line.
            after_blank |= !(raw == "\n" && text.as_bytes().get(start.wrapping_sub(1)) == Some(&b'\r'));
            continue;
        }
        let before = raw.len() - raw.trim_start_matches(blank).len();
        let indent = raw.get(..before).unwrap_or_default().chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
        lines.push(Line {
            bytes: start + before..start + before + body.len(),
            indent,
            width: indent + body.chars().count(),
            first_word: body.split_whitespace().next().unwrap_or_default().chars().count(),
            low: body.chars().next().is_some_and(char::is_lowercase),
            ends: body.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?', ':', '…']),
            after_blank,
        });
        after_blank = false;
    }
    lines
}

/// White space, and the characters without width that pages are strewn with.
fn blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}') || (c.is_control() && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> =
            units(text).into_iter().map(|r| text[r].split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(found, expected, "of {text:?}");
    }

    #[test]
    fn a_blank_line_or_a_line_end_parts_paragraphs() {
        check("One is here.\n\nTwo is there.\n \nThree.\n", &["One is here.", "Two is there.", "Three."]);
        check("One is here.\r\nTwo is there.\r\n\r\nThree.", &["One is here.", "Two is there.", "Three."]);
        check("Headline\nOne is here.\nTwo is there.", &["Headline", "One is here.", "Two is there."]);
        check("\u{feff}\u{200b} One\u{2028}Two\u{a0}\u{85}", &["One", "Two"]);
        check(" \n\t\r\n", &[]);
    }

    #[test]
    fn wrapped_lines_are_joined_up_to_an_indent_or_a_short_line() {
        let text = "    Rebels shelled a market in the north of the city on Friday and killed\n\
                    three people, a monitor said, in the first breach of a truce that was\n\
                    agreed a week ago.\n    The army denied it. A spokesman said that its guns had been silent for\n\
                    days.\nResidents spoke of a sleepless night and of many more people who might be\nburied.";
        check(
            text,
            &[
                "Rebels shelled a market in the north of the city on Friday and killed three people, a monitor said, in \
                 the first breach of a truce that was agreed a week ago.",
                "The army denied it. A spokesman said that its guns had been silent for days.",
                "Residents spoke of a sleepless night and of many more people who might be buried.",
            ],
        );
    }
}
