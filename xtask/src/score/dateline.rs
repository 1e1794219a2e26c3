//! Datelines on Reuters-21578 (`corpora/reuters21578`): items whose tagged DATELINE holds a month and a day.
//!
//! Each item is read twice, as running text: DATELINE and BODY joined (its place and day must be recovered), and the BODY
//! alone (no dateline may be invented). The place counts as recovered when it is the tagged one, region included, up to
//! the first of several; white space aside, letter case aside.

use std::path::Path;

use anyhow::Context;
use wire::{Format, Given};

use crate::score::{Options, table};

/// What was counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Items whose tagged dateline holds a month and a day, and that have a body.
    pub items: usize,
    /// Of these, those whose place and day were recovered.
    pub recovered: usize,
    /// Of these, those whose body alone gave no dateline.
    pub clean: usize,
    /// Some of those that were not recovered: tagged, read.
    pub missed: Vec<String>,
    /// Some of those invented: the words taken for a dateline.
    pub invented: Vec<String>,
}

/// Measures and prints.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let tally = measure(&options.data)?;
    for (what, items) in [("not recovered", &tally.missed), ("invented", &tally.invented)] {
        println!("{what}: {}", items.len());
        for item in items.iter().take(200) {
            println!("  {item}");
        }
    }
    let percent = |count: usize| 100.0 * count as f64 / tally.items.max(1) as f64;
    let summary = format!(
        "# Datelines of Reuters-21578. Made by `cargo xtask score dateline --tables write`.\nmeasure\tcount\tof\tper cent\n\
         place and day recovered\t{}\t{items}\t{:.2}\nnone invented on the body alone\t{}\t{items}\t{:.2}\n",
        tally.recovered,
        percent(tally.recovered),
        tally.clean,
        percent(tally.clean),
        items = tally.items,
    );
    println!("{summary}");
    table("dateline.tsv", &summary, options.tables)
}

/// Reads the whole corpus.
pub fn measure(data: &Path) -> anyhow::Result<Tally> {
    let folder = data.join("corpora/reuters21578");
    let mut tally = Tally::default();
    for number in 0..22 {
        let path = folder.join(format!("reut2-{number:03}.sgm"));
        let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
        // Latin-1, byte for byte.
        let text: String = bytes.into_iter().map(char::from).collect();
        for item in text.split("<REUTERS ").skip(1) {
            let (Some(dateline), Some(body)) = (element(item, "DATELINE"), element(item, "BODY")) else { continue };
            let Some((place, month, day)) = tagged(&dateline) else { continue };
            tally.count(&dateline, &body, (&place, month, day));
        }
    }
    Ok(tally)
}

impl Tally {
    fn count(&mut self, dateline: &str, body: &str, (place, month, day): (&str, i8, i8)) {
        self.items += 1;
        let read = |text: &str| {
            wire::dispatches(text.as_bytes(), Format::Text, &Given::default()).next().and_then(Result::ok)?.dateline
        };
        let found = read(&format!("{dateline}{body}"));
        let right = found.as_ref().is_some_and(|d| {
            let written = d.written.is_some_and(|w| (w.month, w.day) == (month, day));
            written && d.place.as_deref().unwrap_or_default().eq_ignore_ascii_case(place)
        });
        if right {
            self.recovered += 1;
        } else {
            let read = found.map(|d| format!("{:?} {:?}", d.place, d.written.map(|w| (w.month, w.day))));
            self.missed.push(format!("{:?}: {}", dateline.trim(), read.unwrap_or_default()));
        }
        match read(body) {
            None => self.clean += 1,
            Some(d) => self.invented.push(format!("{:?}", d.span.text)),
        }
    }
}

/// The text of an element, entities resolved.
fn element(item: &str, name: &str) -> Option<String> {
    let (_, rest) = item.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = text.replace("&#3;", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Some(text)
}

/// Place, month and day of a tagged dateline: the words before the month's name, and the number after it.
fn tagged(dateline: &str) -> Option<(String, i8, i8)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let plain = dateline.split_whitespace().collect::<Vec<_>>().join(" ");
    let low = plain.to_ascii_lowercase();
    let mut starts = low
        .match_indices(|c: char| c.is_ascii_alphabetic())
        .map(|(i, _)| i)
        .filter(|&i| i == 0 || !low.as_bytes().get(i - 1).is_some_and(u8::is_ascii_alphabetic));
    starts.find_map(|i| {
        let word: String = low[i..].chars().take_while(char::is_ascii_alphabetic).collect();
        let month = MONTHS.iter().position(|m| word.starts_with(m))?;
        let full = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ][month];
        let rest = low[i + word.len()..].trim_start_matches(['.', ',', ' ']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let day = digits.parse().ok().filter(|d| (1..=31).contains(d))?;
        let is_month = full.starts_with(&word) || word == "sept";
        let place = plain[..i].trim_end_matches([' ', ',', '-']).trim_start_matches(['*', ' ']);
        let place = place.split('/').next().unwrap_or_default().trim();
        (is_month && !place.is_empty()).then(|| (place.to_owned(), month as i8 + 1, day))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_are_recovered_and_none_invented() {
        let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
        if !data.join("corpora/reuters21578").is_dir() {
            eprintln!("skipped: {} is not there", data.join("corpora/reuters21578").display());
            return;
        }
        let tally = measure(data).unwrap();
        assert!(tally.items > 18_000, "{} items", tally.items);
        assert!(tally.recovered * 100 >= tally.items * 97, "{} of {}", tally.recovered, tally.items);
        assert!(tally.clean * 100 >= tally.items * 99, "{} of {}", tally.clean, tally.items);
    }

    #[test]
    fn a_tagged_dateline_is_taken_apart() {
        let check = |text: &str, place: &str, month, day| {
            assert_eq!(tagged(text), Some((place.to_owned(), month, day)), "{text}");
        };
        check("    ST. LOUIS, Mo., Oct. 20 - ", "ST. LOUIS, Mo.", 10, 20);
        check("****NEW YORK/PARIS, march 4 -", "NEW YORK", 3, 4);
        assert_eq!(tagged("MAR8 -- --"), None);
    }
}
