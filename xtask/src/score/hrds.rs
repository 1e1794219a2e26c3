//! HRDsAttack (`gold/hrdsattack/dev.json`): attacks on defenders of human rights, one annotation an article.
//!
//! Its annotators wrote down one event an article: whether a perpetrator is mentioned, which kinds of violation, who the
//! victims are, where and when. Ours are many incidents, so the article's own are those told as fact and as news (all
//! told as fact, when none is news). Figures, micro-averaged over articles:
//! - **perpetrator**: somebody is named as having done one of them (stance other than "denies");
//! - **violations**: killing (an execution, or somebody killed), arbitrary detention, kidnapping; its torture and
//!   enforced disappearance have no type of ours and count as missed; its "other" and "unknown" are left out;
//! - **victims**: names of individuals; two names are one when their last words agree and no first name differs;
//! - **country**, **region**, **city**: of any of the incidents against the one annotated;
//! - **year**, **month**, **day**: of the earliest of the incidents.

use std::collections::BTreeSet;

use anyhow::Context;
use atlas::Atlas;
use reading::Reader;
use record::{ActorKind, ActorMention, Incident, IncidentType, Measure, Modality, Record, Stance};
use serde_json::Value;

use super::counts::{Count, Row, report};
use super::{Options, plain_on, table};

const MEASURES: [&str; 9] =
    ["perpetrator", "violations", "victims", "country", "region", "city", "year", "month", "day"];

/// Reads all articles and prints the figures.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let path = options.data.join("gold/hrdsattack/dev.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let articles: Vec<Value> = serde_json::from_str(&text)?;
    let (reader, atlas) = (Reader::new(), Atlas::new());
    let mut rows = Vec::new();
    for article in &articles {
        let sample = &article["sample"];
        let name = sample["Input.GLOBALEVENTID"].to_string();
        let html = sample["Input.article_interface"].as_str().unwrap_or_default();
        let body = html.replace("</p>", "\n\n").replace("<p>", "").replace("&amp;", "&");
        let published = sample["Input.publish_date"].as_str().and_then(|d| d.get(..10)?.parse().ok());
        let record = reader.read(plain_on(body.trim(), &name, published)?);
        let gold = &article["annotations"][0]["annotation"];
        rows.push(Row { name, counts: compare(gold, &record, &atlas) });
    }
    table("hrds.tsv", &report("hrds", MEASURES, &rows), options.tables)
}

fn compare(gold: &Value, record: &Record, atlas: &Atlas) -> [Count; 9] {
    let told: Vec<&Incident> = record.incidents.iter().filter(|i| i.modality == Modality::Asserted).collect();
    let news: Vec<&Incident> = told.iter().copied().filter(|i| !i.background).collect();
    let incidents = if news.is_empty() { told } else { news };

    let blamed = incidents.iter().any(|i| i.perpetrators.iter().any(|p| p.stance != Stance::Denies));
    let flag = |b: bool| b.then_some(());
    let perpetrator = Count::answer(flag(gold["perpetrator_mention"] == true), flag(blamed), |_, _| true);

    let listed: BTreeSet<String> = strings(&gold["violation_types"]).into_iter().collect();
    let theirs: Vec<String> = listed.into_iter().filter(|v| v != "other" && v != "unknown").collect();
    let violations = Count::pairs(&theirs, &violations(&incidents), |a, b| a == b);

    let named: Vec<String> = gold["victims"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|v| v["victim_population_type"] == "individual")
        .filter_map(|v| v["victim_name"].as_str().map(str::to_owned))
        .collect();
    let victims = Count::pairs(&named, &persons(record, &incidents), |a, b| same_person(a, b));

    let places = || incidents.iter().filter_map(|i| i.place.as_ref());
    let code = |name: &str| {
        let bare = name.trim_start_matches("the ").trim_start_matches("People's Republic of ");
        atlas.country(bare).map(|c| c.code.clone())
    };
    let country =
        pick(known(&gold["country"]).map(|c| code(&c).unwrap_or(c)), places().filter_map(|p| p.country.clone()));
    let region = pick(known(&gold["region"]), places().filter_map(|p| p.admin1.clone()));
    let city = pick(known(&gold["city"]), places().map(|p| p.name.clone()));

    let first = incidents.iter().filter_map(|i| i.date_start).min();
    let date = |key: &str, part: fn(jiff::civil::Date) -> i32| {
        let gold = gold[key].as_str().map_or_else(|| gold[key].to_string(), str::to_owned);
        let gold = gold.parse::<f64>().ok().map(|n| n as i32);
        Count::answer(gold, first.map(part), |a, b| a == b)
    };
    [
        perpetrator,
        violations,
        victims,
        country,
        region,
        city,
        date("year", |d| i32::from(d.year())),
        date("month", |d| i32::from(d.month())),
        date("date", |d| i32::from(d.day())),
    ]
}

/// The kinds of violation that incidents are, in the gold's words.
fn violations(incidents: &[&Incident]) -> Vec<String> {
    let mut kinds = BTreeSet::new();
    for incident in incidents {
        match incident.incident_type {
            IncidentType::Execution => kinds.insert("killing"),
            IncidentType::Detention => kinds.insert("arbitrary detention"),
            IncidentType::Abduction => kinds.insert("kidnapping"),
            _ => false,
        };
        if incident.figures.iter().any(|f| f.measure == Measure::Killed) {
            kinds.insert("killing");
        }
    }
    kinds.into_iter().map(str::to_owned).collect()
}

/// The persons that incidents struck.
fn persons(record: &Record, incidents: &[&Incident]) -> Vec<String> {
    let people = || record.mentions.actors.iter().filter(|m| m.kind == ActorKind::Person);
    let mut names = BTreeSet::new();
    for victim in incidents.iter().flat_map(|i| &i.victims) {
        let within = |m: &&ActorMention| victim.mention.start <= m.span.start && m.span.end <= victim.mention.end;
        names.extend(people().filter(within).map(|m| m.name.clone()));
        names.extend(people().find(|m| m.name == victim.group).map(|m| m.name.clone()));
    }
    names.into_iter().collect()
}

/// Same last word, and the shorter's other words all among the longer's.
fn same_person(a: &str, b: &str) -> bool {
    let words = |name: &str| name.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    a.last() == b.last() && short.iter().all(|w| long.contains(w))
}

/// A cell of the gold that says something.
fn known(value: &Value) -> Option<String> {
    value.as_str().filter(|s| !s.is_empty() && *s != "None").map(str::to_owned)
}

/// One answer of several: the right one where it is among them, else the first.
fn pick(gold: Option<String>, read: impl Iterator<Item = String>) -> Count {
    let read: Vec<String> = read.collect();
    let same = |a: &String, b: &String| atlas::fold(a) == atlas::fold(b);
    let right = gold.as_ref().and_then(|g| read.iter().find(|r| same(g, r)));
    Count::answer(gold.clone(), right.or(read.first()).cloned(), same)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_the_same_by_their_last_name() {
        assert!(same_person("Zhang", "Li Zhang"));
        assert!(same_person("Maria Lopez Diaz", "maria diaz"));
        assert!(!same_person("Ana Diaz", "Maria Diaz"));
    }
}
