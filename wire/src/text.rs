//! Plain text: the whole input is one dispatch, its canonical text the decoded input unchanged.

use std::borrow::Cow;

use crate::decode::{Decoded, decode};
use crate::input::{Format, Given};
use crate::item::{Body, Item};
use crate::source::{Items, Source, refused};

/// Plain text; takes what no other format claims.
pub(crate) struct Text;

impl Source for Text {
    fn format(&self) -> Format {
        Format::Text
    }

    fn claims(&self, _: &[u8]) -> bool {
        true
    }

    fn items<'a>(&self, bytes: &'a [u8], given: &'a Given) -> Items<'a> {
        match decode(bytes, &given.name) {
            Err(error) => refused(error),
            Ok(Decoded { text, note }) => {
                let mut item = Item::new(Cow::Borrowed(bytes), "text/plain", Body::Text(text.into_owned()));
                item.notes.extend(note);
                Box::new(std::iter::once(Ok(item)))
            }
        }
    }
}
