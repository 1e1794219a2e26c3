//! What changed between two versions of a text, word by word.
//!
//! Words that stand in both, in order, by the longest common subsequence of what lies between their common beginning and
//! end. Two texts that differ in too many words are shown whole, one after the other.

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Kept(String),
    /// Only in the earlier.
    Gone(String),
    /// Only in the later.
    New(String),
}

/// The most pairs of words compared.
const PAIRS: usize = 4_000_000;

/// The pieces of both texts, in order.
pub fn words(earlier: &str, later: &str) -> Vec<Piece> {
    let split = |t: &'_ str| -> Vec<String> { t.split_inclusive(char::is_whitespace).map(str::to_owned).collect() };
    let (a, b) = (split(earlier), split(later));
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a.iter().skip(head).rev().zip(b.iter().skip(head).rev()).take_while(|(x, y)| x == y).count();
    let (before, after) = (&a[..head], &a[a.len() - tail..]);
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut out = Vec::new();
    out.extend(before.iter().map(|w| Piece::Kept(w.clone())));
    if a.len().saturating_mul(b.len()) > PAIRS {
        out.extend(a.iter().map(|w| Piece::Gone(w.clone())));
        out.extend(b.iter().map(|w| Piece::New(w.clone())));
    } else {
        // longest[i][j]: length of the longest common subsequence of a[i..] and b[j..].
        let wide = b.len() + 1;
        let mut longest = vec![0u32; (a.len() + 1) * wide];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                longest[i * wide + j] = if a[i] == b[j] {
                    longest[(i + 1) * wide + j + 1] + 1
                } else {
                    longest[(i + 1) * wide + j].max(longest[i * wide + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            if i < a.len() && j < b.len() && a[i] == b[j] {
                out.push(Piece::Kept(a[i].clone()));
                (i, j) = (i + 1, j + 1);
            } else if j >= b.len() || i < a.len() && longest[(i + 1) * wide + j] >= longest[i * wide + j + 1] {
                out.push(Piece::Gone(a[i].clone()));
                i += 1;
            } else {
                out.push(Piece::New(b[j].clone()));
                j += 1;
            }
        }
    }
    out.extend(after.iter().map(|w| Piece::Kept(w.clone())));
    joined(out)
}

/// Runs of one kind joined.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), &piece) {
            (Some(Piece::Kept(run)), Piece::Kept(word))
            | (Some(Piece::Gone(run)), Piece::Gone(word))
            | (Some(Piece::New(run)), Piece::New(word)) => run.push_str(word),
            _ => out.push(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_shows_what_was_said_before() {
        let pieces = words("At least 12 people were killed.", "At least 18 people were killed.");
        let kept = |s: &str| Piece::Kept(s.into());
        assert_eq!(
            pieces,
            [kept("At least "), Piece::Gone("12 ".into()), Piece::New("18 ".into()), kept("people were killed.")]
        );
        assert_eq!(words("", "new"), [Piece::New("new".into())]);
        assert_eq!(words("same", "same"), [kept("same")]);
        let (long, other) = ("a ".repeat(3_000), "b ".repeat(3_000));
        assert_eq!(words(&long, &other).len(), 2);
    }
}
