//! ECB+ (`gold/ecbplus`): which mentions in different articles of one topic tell of one event.
//!
//! The gold marks actions of every kind; ours are acts of violence. Of each article's incidents, those count whose
//! trigger lies on a marked action of the evaluated sentences. Figures over pairs of such incidents in different
//! articles of a topic: tied by the ledger's own score and clustering, and the same event in the gold. The table keeps
//! the counts by topic.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use ledger::link::{cluster, facts, score};
use reading::Reader;

use super::counts::{Count, Row, report};
use super::{Options, plain, table};

/// One incident of ours on a mention of the gold.
struct Mention {
    article: usize,
    event: String,
    facts: facts::Facts,
}

/// Reads all topics and prints the figures.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let root = options.data.join("gold/ecbplus");
    let chosen = sentences(&root.join("ECBplus_coreference_sentences.csv"))?;
    let reader = Reader::new();
    let mut rows = Vec::new();
    let mut topics: Vec<u32> = chosen.keys().map(|(topic, _)| *topic).collect();
    topics.dedup();
    for topic in topics {
        let mut mentions = Vec::new();
        for (article, (file, sentences)) in files(&chosen, topic).enumerate() {
            let path = root.join(topic.to_string()).join(format!("{topic}_{file}.xml"));
            // The list of sentences names a few articles that the corpus does not hold.
            if !path.exists() {
                continue;
            }
            let xml = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            mentions.extend(mentions_of(&xml, file, article, sentences, &reader)?);
        }
        rows.push(Row { name: topic.to_string(), counts: [compare(&mentions)] });
    }
    table("ecbplus.tsv", &report("ecbplus", ["pairs of incidents in two articles"], &rows), options.tables)
}

type Chosen = BTreeMap<(u32, String), BTreeSet<u32>>;

/// The sentences that the gold's authors vouch for, by topic and file.
fn sentences(path: &Path) -> anyhow::Result<Chosen> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut chosen = Chosen::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.trim().split(',').collect();
        let [topic, file, sentence] = cells[..] else { continue };
        chosen.entry((topic.parse()?, file.to_owned())).or_default().insert(sentence.parse()?);
    }
    Ok(chosen)
}

fn files(chosen: &Chosen, topic: u32) -> impl Iterator<Item = (&str, &BTreeSet<u32>)> {
    chosen.iter().filter(move |((t, _), _)| *t == topic).map(|((_, file), s)| (file.as_str(), s))
}

/// Our incidents on marked actions of one article.
fn mentions_of(
    xml: &str,
    file: &str,
    article: usize,
    chosen: &BTreeSet<u32>,
    reader: &Reader,
) -> anyhow::Result<Vec<Mention>> {
    let mut text = String::new();
    let mut starts: Vec<(usize, u32, u32)> = Vec::new(); // code point, token, sentence
    let (mut length, mut last) = (0, None);
    for piece in xml.split("<token ").skip(1) {
        let Some((head, rest)) = piece.split_once('>') else { continue };
        let word = unescape(rest.split_once("</token>").map_or("", |(w, _)| w));
        let (Some(token), Some(sentence)) = (number(head, "t_id"), number(head, "sentence")) else { continue };
        // The first sentence of the newer articles is the page's address.
        if sentence == 0 && file.ends_with("plus") {
            continue;
        }
        if last.is_some() {
            text.push(if last == Some(sentence) { ' ' } else { '\n' });
            length += 1;
        }
        last = Some(sentence);
        starts.push((length, token, sentence));
        length += word.chars().count();
        text.push_str(&word);
    }
    let events = events(xml);
    let record = reader.read(plain(&text, file)?);
    let mut found = Vec::new();
    for incident in &record.incidents {
        let at = starts.partition_point(|(start, ..)| *start <= incident.trigger.start);
        let Some(&(_, token, sentence)) = at.checked_sub(1).and_then(|at| starts.get(at)) else { continue };
        if let Some(event) = events.get(&token).filter(|_| chosen.contains(&sentence)) {
            let facts = facts::facts(&record, incident, file);
            found.push(Mention { article, event: event.clone(), facts });
        }
    }
    Ok(found)
}

/// The event of each token that a marked action covers.
fn events(xml: &str) -> BTreeMap<u32, String> {
    let mut tokens: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let markables =
        xml.split_once("<Markables>").and_then(|(_, r)| r.split_once("</Markables>")).map_or("", |(m, _)| m);
    let mut open = None;
    for tag in markables.split('<') {
        if tag.starts_with("ACTION") || tag.starts_with("NEG_ACTION") {
            open = number(tag, "m_id");
        } else if let (Some(mention), Some(token)) = (open, number(tag, "t_id")) {
            tokens.entry(mention).or_default().push(token);
        } else if tag.starts_with('/') && tag.contains("ACTION") {
            open = None;
        }
    }
    let mut events = BTreeMap::new();
    for relation in xml.split("<CROSS_DOC_COREF ").skip(1) {
        let relation = relation.split("</CROSS_DOC_COREF>").next().unwrap_or_default();
        let Some(event) = attribute(relation, "note") else { continue };
        for source in relation.split("<source ").skip(1).filter_map(|s| number(s, "m_id")) {
            for token in tokens.get(&source).into_iter().flatten() {
                events.insert(*token, event.to_owned());
            }
        }
    }
    events
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

fn number(tag: &str, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}

fn unescape(word: &str) -> String {
    word.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// Pairs of incidents in different articles, as tied by the ledger and as in the gold.
fn compare(mentions: &[Mention]) -> Count {
    let points = |a: usize, b: usize| score::score(&mentions[a].facts, &mentions[b].facts);
    let mut cluster_of = vec![0; mentions.len()];
    for (n, members) in cluster::clusters(mentions.len(), score::TIE, points, &[]).iter().enumerate() {
        members.iter().for_each(|&m| cluster_of[m] = n);
    }
    let mut count = Count::default();
    for a in 0..mentions.len() {
        for b in a + 1..mentions.len() {
            if mentions[a].article != mentions[b].article {
                let gold = mentions[a].event == mentions[b].event;
                let read = cluster_of[a] == cluster_of[b];
                count.gold += usize::from(gold);
                count.read += usize::from(read);
                count.hit += usize::from(gold && read);
            }
        }
    }
    count
}
