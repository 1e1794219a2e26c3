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
    let language = tables::language(info.lang().code())?;
    if info.lang() == Lang::Eng {
        return head.split_whitespace().nth(WORDS - 1).map(|_| language.code);
    }
    let sure = info.is_reliable() && (info.script() != Script::Latin || speaks(head, &language.common));
    sure.then_some(language.code)
}

/// The two-letter code in a language tag (`en-GB`, `EN_us`), where there is one.
pub fn code(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// Whether enough words of a text are common words of a language: tables of figures and names look like any language to a
/// detector that counts letters.
fn speaks(text: &str, common: &[&str]) -> bool {
    let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic));
    let (all, known) = words.fold((0usize, 0usize), |(all, known), word| {
        let low = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        (all + 1, known + usize::from(common.contains(&low.as_str())))
    });
    all >= WORDS && known * 10 >= all
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
    fn a_table_of_figures_is_not_called_foreign() {
        let table = "Shr 31 cts vs 28 cts Net 1,234,000 vs 1,100,000 Revs 44.1 mln vs 39.8 mln Avg shrs 4.0 mln vs 3.9 mln \
                     Year Shr 1.20 dlrs vs 1.05 dlrs Net 4.8 mln vs 4.1 mln Revs 160.2 mln vs 150.7 mln Meridian Corp 4th qtr";
        assert!(language(table).is_none_or(|l| l == "en"), "{:?}", language(table));
    }

    #[test]
    fn a_headline_is_not_called_foreign() {
        for headline in ["Hollande, Merkel en route to Minsk talks", "Sarin victims die in Idlib", "", "…", "Kerry: no"]
        {
            assert_eq!(language(headline), None, "{headline}");
        }
    }
}
