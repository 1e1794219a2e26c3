//! Classes of characters: the tokenizer's own lists and Python's `str` predicates, as the model was trained with them.

/// The classes in the order of their bits.
pub const CLASSES: [&str; 15] = [
    "ICONS",
    "PREFIX_SINGLE",
    "SUFFIX_SINGLE",
    "DOT_SUFFIX_BEHIND",
    "UPPER",
    "LOWER",
    "INFIX_DOT_BEHIND",
    "INFIX_DOT_AHEAD",
    "ALPHA",
    "isspace",
    "isalpha",
    "isdigit",
    "isdecimal",
    "isalnum",
    "isupper_and_alpha",
];

pub(crate) const ICON: u16 = 1;
pub(crate) const PREFIX: u16 = 1 << 1;
pub(crate) const SUFFIX: u16 = 1 << 2;
pub(crate) const DOT_SUFFIX_BEHIND: u16 = 1 << 3;
pub(crate) const UPPER: u16 = 1 << 4;
pub(crate) const LOWER: u16 = 1 << 5;
pub(crate) const INFIX_DOT_BEHIND: u16 = 1 << 6;
pub(crate) const INFIX_DOT_AHEAD: u16 = 1 << 7;
pub(crate) const ALPHA: u16 = 1 << 8;
pub(crate) const IS_SPACE: u16 = 1 << 9;
pub(crate) const IS_ALPHA: u16 = 1 << 10;
pub(crate) const IS_DIGIT: u16 = 1 << 11;
pub(crate) const IS_DECIMAL: u16 = 1 << 12;
pub(crate) const IS_ALNUM: u16 = 1 << 13;
pub(crate) const IS_UPPER: u16 = 1 << 14;

/// A table of all code points in pages of 256.
#[derive(Debug)]
pub(crate) struct Chars {
    index: Vec<u16>,
    pages: Vec<[u16; 256]>,
}

impl Chars {
    /// From triples (first code point, last code point, class bit).
    pub(crate) fn new(ranges: &[u32]) -> Chars {
        let mut chars = Chars { index: vec![0; 0x11_0000 >> 8], pages: vec![[0; 256]] };
        for range in ranges.chunks_exact(3) {
            for c in range[0]..=range[1].min(0x10_FFFF) {
                let page = &mut chars.index[(c >> 8) as usize];
                if *page == 0 {
                    *page = chars.pages.len() as u16;
                    chars.pages.push([0; 256]);
                }
                chars.pages[*page as usize][(c & 255) as usize] |= range[2] as u16;
            }
        }
        chars
    }

    /// All classes of a character.
    #[inline]
    pub(crate) fn of(&self, c: char) -> u16 {
        let c = c as u32;
        self.pages[self.index[(c >> 8) as usize] as usize][(c & 255) as usize]
    }

    /// Whether a character is in one of `classes`.
    #[inline]
    pub(crate) fn is(&self, c: char, classes: u16) -> bool {
        self.of(c) & classes != 0
    }
}
