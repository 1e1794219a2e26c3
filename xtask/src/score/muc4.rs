//! MUC-4 (`gold/muc4`, tst1 and tst2): incident templates of Latin American news of 1988–90, all in upper case.
//!
//! Reported as it is: the reader's language model has never seen upper case, so these figures say what is lost on such
//! wires. A template that is not optional is one gold incident; ours are those told as fact. Incidents are paired one to
//! one by kind (bombing, kidnapping, arson and robbery, and attack for every other act of violence; a bombing may stand
//! for an attack), pairs that agree in more slots first. Slots count within pairs, over all gold and all read:
//! perpetrators, human targets (a string of the gold and one of ours share their last word, or one holds the other),
//! place (any part of the gold's), day.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;
use reading::Reader;
use record::{Incident, IncidentType, Modality, Stance};

use super::counts::{Count, Row, report};
use super::{Options, plain, table};

const MEASURES: [&str; 5] = ["incidents", "perpetrators", "human targets", "place", "day"];

/// An incident of either side.
#[derive(Debug, Default, Clone, PartialEq)]
struct Template {
    kind: String,
    /// Each with its rival names.
    perpetrators: Vec<Vec<String>>,
    targets: Vec<Vec<String>>,
    place: Vec<String>,
    day: Option<Date>,
}

/// Reads both parts and prints the figures.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let root = options.data.join("gold/muc4");
    let reader = Reader::new();
    let mut rows = Vec::new();
    for (texts, keys) in [("tst1/tst1-muc3", "tst1/key-tst1.v7"), ("tst2/tst2-muc4", "tst2/key-tst2.v4")] {
        let keys = keys_of(&read(&root.join(keys))?);
        for (name, text) in messages(&read(&root.join(texts))?) {
            let record = reader.read(plain(&text, &name)?);
            let told = record.incidents.iter().filter(|i| i.modality == Modality::Asserted);
            let ours: Vec<Template> = told.map(template).collect();
            let gold = keys.get(&name).cloned().unwrap_or_default();
            rows.push(Row { counts: compare(&gold, &ours), name });
        }
    }
    table("muc4.tsv", &report("muc4", MEASURES, &rows), options.tables)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The messages of a file, by id: a line that begins with the set's name and holds an id opens one.
fn messages(file: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in file.lines() {
        let first = line.split_whitespace().next().unwrap_or_default();
        if first.starts_with("TST") && first.contains("-MUC") {
            found.push((first.to_owned(), String::new()));
        } else if let Some((_, text)) = found.last_mut() {
            text.push_str(line.replace("[TEXT] ", "").trim_start());
            text.push('\n');
        }
    }
    found
}

/// The templates of a key file by message, optional and irrelevant ones left out.
fn keys_of(file: &str) -> BTreeMap<String, Vec<Template>> {
    let mut found: BTreeMap<String, Vec<Template>> = BTreeMap::new();
    let (mut message, mut slot) = (String::new(), 0);
    let mut open: Option<Template> = None;
    for line in file.lines().chain(["0.  MESSAGE: ID  end"]).filter(|l| !l.starts_with(';')) {
        let numbered = line.split_once(". ").and_then(|(n, rest)| Some((n.parse::<u32>().ok()?, rest)));
        let mut value = line.trim();
        if let Some((number, rest)) = numbered {
            slot = number;
            value = rest.get(31.min(rest.len())..).unwrap_or_default().trim();
            if value.is_empty() || slot < 2 {
                value = rest.split_whitespace().last().unwrap_or_default();
            }
            if slot == 0 {
                if let Some(done) = open.take().filter(|t| !t.kind.is_empty()) {
                    found.entry(message.clone()).or_default().push(done);
                }
                message = value.to_owned();
            } else if slot == 1 {
                let optional = rest.contains("OPTIONAL") || value == "*";
                open = (!optional).then(Template::default);
            }
        }
        let Some(template) = &mut open else { continue };
        match slot {
            2 if template.day.is_none() => template.day = day(value),
            3 if template.place.is_empty() && value != "-" => {
                let parts = value.split([':', '(', ')', '-']).map(str::trim).filter(|p| p.len() > 2);
                template.place = parts.map(atlas::fold).collect();
            }
            4 if template.kind.is_empty() => template.kind = kind_of_key(value).to_owned(),
            9 | 10 => template.perpetrators.extend(names(value)),
            // A description names somebody anew only where no name stands behind its colon.
            18 => template.targets.extend(names(value)),
            19 if !value.contains(": \"") => template.targets.extend(names(value)),
            _ => {}
        }
    }
    found
}

fn kind_of_key(value: &str) -> &'static str {
    match value.split_whitespace().next().unwrap_or_default() {
        "BOMBING" => "bombing",
        "KIDNAPPING" => "kidnapping",
        "ARSON" | "ROBBERY" => "property",
        "ATTACK" => "attack",
        _ => "other",
    }
}

/// `"A" / "B"`: one thing with two names.
fn names(value: &str) -> Vec<Vec<String>> {
    let value = value.replace("\\\"", "");
    let quoted: Vec<String> = value.split('"').skip(1).step_by(2).map(atlas::fold).filter(|s| !s.is_empty()).collect();
    if quoted.is_empty() { Vec::new() } else { vec![quoted] }
}

/// `02 FEB 90`, the last day of `31 JAN 90 - 02 FEB 90`; none of a month alone.
fn day(value: &str) -> Option<Date> {
    let words: Vec<&str> = value.rsplit(" - ").next()?.split_whitespace().collect();
    let [day, month, year] = words[..] else { return None };
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let month = months.iter().position(|m| month.starts_with(m))? as i8 + 1;
    Date::new(1900 + year.parse::<i16>().ok()?, month, day.parse().ok()?).ok()
}

fn template(incident: &Incident) -> Template {
    let kind = match incident.incident_type {
        IncidentType::Bombing | IncidentType::SuicideBombing | IncidentType::MineOrIed => "bombing",
        IncidentType::Abduction => "kidnapping",
        IncidentType::LootingOrPropertyDestruction => "property",
        IncidentType::Detention | IncidentType::ProtestOrRiot | IncidentType::SiegeOrBlockade => "other",
        _ => "attack",
    };
    let one = |name: &str| vec![atlas::fold(name)];
    let place = incident.place.as_ref();
    Template {
        kind: kind.to_owned(),
        perpetrators: incident
            .perpetrators
            .iter()
            .filter(|p| p.stance != Stance::Denies)
            .map(|p| vec![atlas::fold(&p.actor), atlas::fold(&p.mention.text)])
            .collect(),
        targets: incident.victims.iter().map(|v| one(&v.mention.text)).collect(),
        place: place.map(|p| one(&p.name)).unwrap_or_default(),
        day: incident.date_start,
    }
}

/// Pairs incidents, the most alike first, and counts.
fn compare(gold: &[Template], read: &[Template]) -> [Count; 5] {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (g, one) in gold.iter().enumerate() {
        for (r, other) in read.iter().enumerate().filter(|(_, other)| kinds(&one.kind, &other.kind)) {
            let slots = slots(one, other);
            pairs.push((slots.iter().map(|c| c.hit).sum(), g, r));
        }
    }
    pairs.sort_by_key(|&(alike, g, r)| (std::cmp::Reverse(alike), g, r));
    let mut counts = [Count::default(); 5];
    counts[0] = Count { gold: gold.len(), read: read.len(), hit: 0 };
    let none = Template::default();
    for one in gold {
        add(&mut counts, slots(one, &none));
    }
    for other in read {
        add(&mut counts, slots(&none, other));
    }
    let (mut used_gold, mut used_read) = (vec![false; gold.len()], vec![false; read.len()]);
    for (_, g, r) in pairs {
        if !used_gold[g] && !used_read[r] {
            (used_gold[g], used_read[r]) = (true, true);
            counts[0].hit += 1;
            for (count, slot) in counts[1..].iter_mut().zip(slots(&gold[g], &read[r])) {
                count.hit += slot.hit;
            }
        }
    }
    counts
}

fn add(counts: &mut [Count; 5], slots: [Count; 4]) {
    for (count, slot) in counts[1..].iter_mut().zip(slots) {
        count.add(slot);
    }
}

fn kinds(gold: &str, read: &str) -> bool {
    gold == read || (gold == "attack" && read == "bombing") || (gold == "bombing" && read == "attack")
}

fn slots(gold: &Template, read: &Template) -> [Count; 4] {
    let same = |a: &Vec<String>, b: &Vec<String>| a.iter().any(|a| b.iter().any(|b| alike(a, b)));
    let place = |t: &Template| (!t.place.is_empty()).then(|| t.place.clone());
    [
        Count::pairs(&gold.perpetrators, &read.perpetrators, same),
        Count::pairs(&gold.targets, &read.targets, same),
        Count::answer(place(gold), place(read), same),
        Count::answer(gold.day, read.day, |a, b| a == b),
    ]
}

fn alike(a: &str, b: &str) -> bool {
    let last = |s: &str| s.split_whitespace().last().map(str::to_owned);
    last(a) == last(b) || a.contains(b) || b.contains(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read() {
        let key = "0.  MESSAGE: ID                     TST1-MUC3-0001\n\
                   1.  MESSAGE: TEMPLATE               1\n\
                   2.  INCIDENT: DATE                  02 FEB 90\n\
                   3.  INCIDENT: LOCATION              PERU: LIMA (CITY)\n\
                   4.  INCIDENT: TYPE                  BOMBING\n\
                   9.  PERP: INDIVIDUAL ID             \"REBELS\" / \"THE REBELS\"\n\
                   18. HUM TGT: NAME                   -\n\
                   19. HUM TGT: DESCRIPTION            \"GUARDS\"\n";
        let keys = keys_of(key);
        let template = &keys["TST1-MUC3-0001"][0];
        assert_eq!(template.kind, "bombing");
        assert_eq!(template.day, Some(jiff::civil::date(1990, 2, 2)));
        assert_eq!(template.perpetrators, [["rebels".to_owned(), "rebels".to_owned()]]);
        assert_eq!(template.targets.len(), 1);
        assert!(template.place.contains(&"lima".to_owned()));
    }
}
