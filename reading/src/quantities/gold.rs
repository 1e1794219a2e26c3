//! How many of the ledger gold's figures have a quantity with the same measure and bounds and overlapping words.
//!
//! The share the other way round (quantities with a measure that are in the gold) is only a hint: the gold lists the
//! figures of incidents, a page has others. Run with `-- --nocapture` to see the misses of the `seen` half.
#![allow(clippy::disallowed_methods)] // tests read the gold

use std::path::Path;

use language::Pipeline;
use record::Dispatch;
use serde_json::Value;

use super::read;
use crate::{Page, times};

/// The least share of gold figures found, in per cent, that this test accepts.
const RECALL: f64 = 50.0;

fn dispatch(article: &Value) -> Option<Dispatch> {
    let given = wire::Given { name: "gold".to_owned(), ..wire::Given::default() };
    let line = serde_json::json!({"id": article["doc_id"], "outlet": article["outlet"], "published": article["published"], "text": article["text"]});
    wire::dispatches(line.to_string().as_bytes(), wire::Format::Jsonl, &given).next()?.ok()
}

#[test]
fn most_figures_of_the_gold_have_a_quantity() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/gold");
    if !root.exists() {
        eprintln!("skipped: no gold at {}", root.display());
        return;
    }
    let (pipeline, atlas) = (Pipeline::new(), atlas::Atlas::new());
    let (mut gold, mut hit, mut read_all, mut read_hit) = (0, 0, 0, 0);
    let split = include_str!("../../../eval/split.tsv");
    for row in crate::lexicon::rows(split).filter(|r| r.get(2) == Some(&"seen")) {
        let path = root.join(row[0]).join(format!("{}.json", row[1]));
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let article: Value = serde_json::from_str(&text).unwrap();
        let Some(dispatch) = dispatch(&article) else { continue };
        let page = Page::new(&dispatch, &pipeline, &atlas);
        let times = times::read(&page, dispatch.published);
        let quantities: Vec<_> = read(&page, &times).into_iter().filter(|q| q.measure.is_some()).collect();
        let mut used = vec![false; quantities.len()];
        let figures = article["incidents"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|i| i["figures"].as_array().into_iter().flatten());
        for figure in figures {
            gold += 1;
            let mention = figure["mention"].as_str().unwrap_or_default();
            let at = dispatch.text.find(mention).map_or(0..0, |s| s..s + mention.len());
            let measure = figure["measure"].as_str().unwrap_or_default();
            let same = |q: &super::Quantity| {
                let said = serde_json::to_value(q.measure).unwrap();
                let said = said.as_str().unwrap_or_default();
                let agree =
                    said == measure || measure == "damaged_or_destroyed" && (said == "damaged" || said == "destroyed");
                let bytes = page.analysis.bytes(q.tokens.clone());
                agree
                    && q.low == figure["low"].as_u64()
                    && q.high == figure["high"].as_u64()
                    && bytes.start < at.end
                    && at.start < bytes.end
            };
            let found = quantities.iter().position(same);
            match found {
                Some(i) => {
                    hit += 1;
                    used[i] = true;
                }
                None => {
                    let near: Vec<String> = quantities
                        .iter()
                        .filter(|q| {
                            let b = page.analysis.bytes(q.tokens.clone());
                            b.start < at.end && at.start < b.end
                        })
                        .map(|q| {
                            format!(
                                "{:?} {:?}..{:?} [{}]",
                                q.measure,
                                q.low,
                                q.high,
                                page.analysis.text_of(q.tokens.clone())
                            )
                        })
                        .collect();
                    let s = page.analysis.tokens_in(at.clone()).start;
                    let sentence = page.analysis.sentences().get(page.analysis.sentence_of(s)).cloned().unwrap_or(0..0);
                    eprintln!(
                        "missed\t{measure} {}..{}\t{mention}\tnear {near:?}\n\t\t{}",
                        figure["low"],
                        figure["high"],
                        page.analysis.text_of(sentence)
                    );
                }
            }
        }
        read_all += quantities.len();
        read_hit += used.iter().filter(|u| **u).count();
        for (q, _) in quantities.iter().zip(&used).filter(|(_, u)| !**u) {
            let around = q.tokens.start.saturating_sub(8)..(q.tokens.end + 8).min(page.analysis.len());
            eprintln!(
                "extra\t{:?} {:?}..{:?}\t[{}]\t… {} …\t{}",
                q.measure.unwrap(),
                q.low,
                q.high,
                page.analysis.text_of(q.tokens.clone()),
                page.analysis.text_of(around).replace('\n', " "),
                row[1]
            );
        }
    }
    let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
    eprintln!(
        "figures of the gold with a quantity: {hit} of {gold}, {:.1}%; quantities in the gold: {read_hit} of {read_all}, {:.1}%",
        share(hit, gold),
        share(read_hit, read_all)
    );
    assert!(share(hit, gold) >= RECALL, "{hit} of {gold}");
}
