//! The words of a content: trimmed, without outer marks, and what kind of speech they are.

use std::ops::Range;

use record::StatementKind;

use crate::Page;

/// Punctuation that is no part of a content at its edges.
fn idle(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | ':' | '—' | '–' | '-')
}

/// Quotation marks.
fn mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' | '`')
}

/// The bytes of a content without blanks, commas and stops at its edges; of a whole quotation, without its marks.
/// Empty where nothing but punctuation stands there.
pub fn trim(page: &Page, bytes: Range<usize>) -> Range<usize> {
    let text = page.text();
    let Some(words) = text.get(bytes.clone()) else { return bytes.start..bytes.start };
    let left = words.len() - words.trim_start_matches(idle).len();
    let right = words.trim_end_matches(|c| idle(c) || c == '.').len();
    if left >= right {
        return bytes.start..bytes.start;
    }
    let (mut start, mut end) = (bytes.start + left, bytes.start + right);
    // A closing mark that the trimming kept out or in: the content of a whole quotation is what stands between.
    let q = page.quotes.quotes.partition_point(|q| q.bytes.end < start);
    if let Some(q) = page.quotes.quotes.get(q) {
        let before_only_marks =
            q.bytes.start <= start || text[start..q.bytes.start.min(end)].chars().all(|c| mark(c) || idle(c));
        let after_only_marks =
            end <= q.bytes.end || text[q.bytes.end..end].chars().all(|c| mark(c) || idle(c) || c == '.');
        if before_only_marks && after_only_marks {
            start = start.max(q.bytes.start);
            // A full stop inside the marks is the speaker's.
            end = bytes.end.min(q.bytes.end).max(start);
            let inner = &text[start..end];
            let left = inner.len() - inner.trim_start_matches(idle).len();
            let right = inner.trim_end_matches(idle).len();
            return if left < right { start + left..start + right } else { start..start };
        }
    }
    start..closed(page, end)
}

/// The end of a content moved behind the closing mark of a quotation inside it: "it may "look elsewhere"".
fn closed(page: &Page, end: usize) -> usize {
    let text = page.text();
    let mut end = end;
    let at = page.quotes.quotes.partition_point(|q| q.bytes.end < end);
    if let Some(q) = page.quotes.quotes.get(at)
        && q.bytes.end == end
    {
        end += text.get(end..).unwrap_or("").chars().next().filter(|&c| mark(c)).map_or(0, char::len_utf8);
    }
    end
}

/// Direct where all words stand between marks, mixed where some do.
pub fn kind(page: &Page, pieces: &[Range<usize>]) -> StatementKind {
    let (mut inside, mut outside) = (0usize, 0usize);
    for piece in pieces {
        for i in page.analysis.tokens_in(piece.clone()) {
            let quoted = page.quotes.of_token(i).is_some();
            if page.analysis.word(i).chars().any(char::is_alphanumeric) {
                if quoted { inside += 1 } else { outside += 1 }
            }
        }
    }
    match (inside, outside) {
        (0, _) => StatementKind::Indirect,
        (_, 0) => StatementKind::Direct,
        _ => StatementKind::Mixed,
    }
}

/// The first byte after a quotation's closing mark.
pub fn after_mark(page: &Page, end: usize) -> usize {
    let rest = page.text().get(end..).unwrap_or("");
    let marks = rest.chars().take(2).take_while(|&c| mark(c)).map(char::len_utf8).sum::<usize>();
    end + marks
}

/// The byte of a quotation's opening mark.
pub fn before_mark(page: &Page, start: usize) -> usize {
    let head = page.text().get(..start).unwrap_or("");
    let marks = head.chars().rev().take(2).take_while(|&c| mark(c)).map(char::len_utf8).sum::<usize>();
    start - marks
}
