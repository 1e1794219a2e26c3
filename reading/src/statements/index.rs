//! The statements of a page with the two look-ups that every later step makes: whose words these are, and which
//! statement a cue makes. Both stay cheap however long the page is.

use std::collections::HashMap;
use std::ops::{Deref, Range};

use super::Said;

/// How many pieces of content before a place are looked at: nested and overlapping speech lies close together.
const WINDOW: usize = 64;

/// The statements of a page, in order of the text.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    said: Vec<Said>,
    /// Pieces of content by start: range, statement, and how long the whole content is.
    pieces: Vec<(Range<usize>, usize, usize)>,
    /// The furthest end among the pieces up to each one.
    reach: Vec<usize>,
    cues: HashMap<usize, usize>,
}

impl Deref for Statements {
    type Target = [Said];

    fn deref(&self) -> &[Said] {
        &self.said
    }
}

impl Statements {
    /// Indexes statements; their numbers are their places in `said`.
    pub fn new(said: Vec<Said>) -> Statements {
        let mut pieces: Vec<(Range<usize>, usize, usize)> = Vec::new();
        let mut cues = HashMap::new();
        for (n, s) in said.iter().enumerate() {
            let size = s.content.iter().map(ExactSizeIterator::len).sum();
            pieces.extend(s.content.iter().map(|c| (c.clone(), n, size)));
            if let Some(cue) = s.cue_token {
                cues.entry(cue).or_insert(n);
            }
        }
        pieces.sort_by_key(|(bytes, n, _)| (bytes.start, *n));
        let reach = pieces.iter().scan(0, |far, (bytes, ..)| {
            *far = bytes.end.max(*far);
            Some(*far)
        });
        let reach = reach.collect();
        Statements { said, pieces, reach, cues }
    }

    /// The number of the innermost statement whose content covers the byte range: the one with the shortest content.
    pub fn innermost(&self, bytes: &Range<usize>) -> Option<usize> {
        let until = self.pieces.partition_point(|(piece, ..)| piece.start <= bytes.start);
        let near = (0..until).rev().take(WINDOW).take_while(|&i| self.reach[i] >= bytes.end);
        near.filter_map(|i| {
            let (piece, n, size) = &self.pieces[i];
            (piece.end >= bytes.end).then_some((*size, *n))
        })
        .min()
        .map(|(_, n)| n)
    }

    /// The number of the statement that the token `cue` makes.
    pub fn of_cue(&self, cue: usize) -> Option<usize> {
        self.cues.get(&cue).copied()
    }
}
