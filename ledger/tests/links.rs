//! Linking and disputes on careful readings: which accounts are tied, and whether the disputes that people found show.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use ledger::query::Filter;
use serde_json::Value;

/// Pairs of items that share a label.
fn pairs(labels: &BTreeMap<String, String>) -> BTreeSet<(String, String)> {
    let mut by: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
    for (item, label) in labels {
        by.entry(label).or_default().push(item);
    }
    let all = by.values();
    all.flat_map(|m| {
        m.iter().enumerate().flat_map(|(i, a)| m[i + 1..].iter().map(move |b| ((*a).clone(), (*b).clone())))
    })
    .collect()
}

fn text(v: &Value) -> String {
    v.as_str().unwrap_or_default().to_owned()
}

fn filed() -> Option<(tempfile::TempDir, ledger::Ledger)> {
    let records = common::gold()?;
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = common::ledger(folder.path());
    let batch: Vec<_> = records.into_iter().map(|r| common::filing("gold", r)).collect();
    for chunk in batch.chunks(7) {
        ledger.file(chunk, common::now()).unwrap();
    }
    Some((folder, ledger))
}

#[test]
fn accounts_of_one_incident_are_tied() {
    let Some((_folder, ledger)) = filed() else { return };
    let links = common::gold_links();
    let incidents = ledger.incidents(&Filter::default()).unwrap();
    let mut said = BTreeMap::new();
    for incident in &incidents {
        for a in &incident.accounts {
            said.insert(format!("{}:{}", a.dispatch, a.incident.as_deref().unwrap()), incident.id.clone());
        }
    }
    let mut truth: BTreeMap<String, String> = said.keys().map(|k| (k.clone(), k.clone())).collect();
    for (n, cluster) in links["incidents"].as_array().unwrap().iter().enumerate() {
        for member in cluster.as_array().unwrap() {
            truth.insert(text(member), format!("cluster {n}"));
        }
    }
    let (gold, got) = (pairs(&truth), pairs(&said));
    let home = |item: &String| item.split(':').next().unwrap().to_owned();
    // Articles tied by any gold link are a story; the mean over stories keeps a big one from deciding.
    let mut story: BTreeMap<String, String> = truth.keys().map(|k| (home(k), home(k))).collect();
    for (a, b) in &gold {
        let (from, to) = (story[&home(b)].clone(), story[&home(a)].clone());
        for s in story.values_mut().filter(|s| **s == from) {
            *s = to.clone();
        }
    }
    let stories: BTreeSet<&String> = gold.iter().map(|(a, _)| &story[&home(a)]).collect();
    let mut sum = 0.0;
    for s in &stories {
        let g: BTreeSet<_> = gold.iter().filter(|(a, _)| story[&home(a)] == **s).collect();
        let x: BTreeSet<_> = got.iter().filter(|(a, b)| story[&home(a)] == **s || story[&home(b)] == **s).collect();
        let f1 = 2.0 * g.intersection(&x).count() as f64 / (g.len() + x.len()) as f64;
        eprintln!("story {s}: {f1:.2}");
        for p in g.difference(&x) {
            eprintln!("   missed {} {}", p.0, p.1);
        }
        for p in x.difference(&g) {
            eprintln!("   extra  {} {}", p.0, p.1);
        }
        sum += f1;
    }
    let mean = sum / stories.len() as f64;
    let both = gold.intersection(&got).count();
    eprintln!(
        "pairwise P {:.3} R {:.3}; mean F1 over stories {mean:.3}",
        both as f64 / got.len() as f64,
        both as f64 / gold.len() as f64
    );
    for p in got.difference(&gold) {
        eprintln!("extra {} {}", p.0, p.1);
    }
    assert!(mean >= 0.75, "mean F1 over stories is {mean:.3}");
}

#[test]
fn disputes_that_people_found_show() {
    let Some((_folder, ledger)) = filed() else { return };
    let links = common::gold_links();
    let shown = ledger.disputes(&Filter::default()).unwrap();
    let incidents = ledger.incidents(&Filter::default()).unwrap();
    let disputes = links["disputes"].as_array().unwrap();
    let mut found = 0;
    for dispute in disputes {
        let members: BTreeSet<String> = links["incidents"][dispute["cluster"].as_u64().unwrap() as usize]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect();
        let about = text(&dispute["about"]);
        // The incident that holds most of the cluster's accounts must show the field, with positions from the dispatches
        // that the dispute names: from two of them, or from one where it names one.
        let holds = |i: &&ledger::query::IncidentRow| {
            let held = i
                .accounts
                .iter()
                .filter(|a| members.contains(&format!("{}:{}", a.dispatch, a.incident.as_deref().unwrap())));
            held.count()
        };
        let best = incidents.iter().max_by_key(holds).unwrap();
        let named: BTreeSet<String> = dispute["values"].as_array().unwrap().iter().map(|v| text(&v["doc"])).collect();
        let positions: BTreeSet<&String> = shown
            .iter()
            .filter(|d| d.incident.as_ref() == Some(&best.id) && d.field == about)
            .flat_map(|d| d.positions.iter().map(|p| &p.dispatch))
            .filter(|d| named.contains(*d))
            .collect();
        let shows = positions.len() >= named.len().min(2);
        found += usize::from(shows);
        if !shows {
            eprintln!(
                "not shown: cluster {} {about}, {} of {} dispatches",
                dispute["cluster"],
                positions.len(),
                named.len()
            );
        }
    }
    eprintln!("{found} of {} disputes show; {} in all are shown", disputes.len(), shown.len());
    assert!(found * 100 >= disputes.len() * 80, "{found} of {} disputes show", disputes.len());
}
