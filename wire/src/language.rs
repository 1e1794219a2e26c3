//! Which language a text is in, said only where it is sure: a text wrongly called foreign would not be read at all.

use whatlang::{Lang, Script};

use crate::tables;

/// Bytes looked at: enough to be sure, and a bound for long texts.
const LOOKED_AT: usize = 3000;
/// Fewer words in Latin letters than this prove nothing: a headline of names looks like any language.
const WORDS: usize = 20;

/// The code of the language of `text`, or none where it is not sure.
pub fn language(text: &str) -> Option<&'static str> {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end)?;
    let info = whatlang::detect(head)?;
    let short = info.script() == Script::Latin && head.split_whitespace().nth(WORDS - 1).is_none();
    if short || (!info.is_reliable() && info.lang() != Lang::Eng) {
        return None;
    }
    tables::language_code(info.lang().code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_text_is_told_apart() {
        let french = "Le ministère de la Défense a annoncé jeudi que douze civils avaient été tués dans un bombardement \
                      près de la ville, selon des sources locales.";
        let english = "The ministry of defence said on Thursday that twelve civilians had been killed in a bombardment \
                       near the town, according to local sources.";
        assert_eq!(language(french), Some("fr"));
        assert_eq!(language(english), Some("en"));
        assert_eq!(language("Министерство обороны сообщило в четверг о гибели двенадцати человек."), Some("ru"));
    }

    #[test]
    fn a_headline_is_not_called_foreign() {
        for headline in ["Hollande, Merkel en route to Minsk talks", "Sarin victims die in Idlib", "", "…", "Kerry: no"]
        {
            assert_eq!(language(headline), None, "{headline}");
        }
    }
}
