//! Which place each name means: all names of a page are decided together.
//!
//! A name alone is decided by [`atlas::Place::importance`]. On a page, four things outweigh that: what stands beside
//! the name ("Paris, Texas", "Jayrud in Damascus province"), the kind that a feature noun asks for ("Idlib province"),
//! the countries the page speaks of, and nearness to the other places of the page. The last two depend on the other
//! decisions, so a few rounds are played, each with the picks of the one before. A name means one place in a dispatch.

use std::collections::{BTreeMap, HashMap};

use atlas::{Atlas, Place, PlaceKind, distance, fold};
use record::Precision;

/// A name to be resolved, with what the words beside it say.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// The name.
    pub name: String,
    /// The names that follow as containers: "Jayrud, Damascus province, Syria".
    pub within: Vec<String>,
    /// What a feature noun says.
    pub feature: Option<Precision>,
    /// A country's adjective or people: it votes for the country and is one.
    pub demonym: Option<String>,
}

/// Places of one name looked at; more obscure namesakes are not what a dispatch means.
const CANDIDATES: usize = 60;
/// Other names a name is held against: the nearest in the text, to stay linear in its length.
const NEIGHBOURS: usize = 40;
/// Rounds of the joint decision.
const ROUNDS: usize = 4;

/// A distinct name of the page.
struct Group {
    candidates: Vec<Place>,
    within: Vec<String>,
    feature: Option<Precision>,
    pick: Option<usize>,
    mentions: f64,
    certain: bool,
    /// For each of the first candidates, what the candidates of the other names say for it before any is decided.
    support: Vec<f64>,
}

/// The place of each name, in their order.
pub(super) fn resolve(atlas: &Atlas, names: &[Named]) -> Vec<Option<Place>> {
    let mut number: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of = Vec::with_capacity(names.len());
    let mut votes: BTreeMap<String, f64> = BTreeMap::new();
    for named in names {
        if let Some(code) = &named.demonym {
            *votes.entry(code.clone()).or_default() += 0.7;
            group_of.push(None);
            continue;
        }
        // "Idlib" and "Idlib province" may be two places; "Aleppo" is one wherever it stands.
        let wide = matches!(named.feature, Some(Precision::Province | Precision::District));
        let key = format!("{}{}", fold(&named.name), if wide { "+" } else { "" });
        let n = *number.entry(key).or_insert_with(|| {
            groups.push(Group {
                candidates: candidates(atlas, &named.name, named.feature),
                within: Vec::new(),
                feature: named.feature,
                pick: None,
                mentions: 0.0,
                certain: false,
                support: Vec::new(),
            });
            groups.len() - 1
        });
        let group = &mut groups[n];
        group.mentions += 1.0;
        group.within.extend(named.within.iter().cloned());
        group_of.push(Some(n));
    }
    let containers: Vec<Vec<Place>> =
        groups.iter().map(|g| g.within.iter().take(6).flat_map(|w| candidates(atlas, w, None)).collect()).collect();
    support(&mut groups);
    for round in 0..ROUNDS {
        let picks: Vec<Option<Place>> =
            groups.iter().map(|g| g.pick.and_then(|p| g.candidates.get(p)).cloned()).collect();
        let mut countries = votes.clone();
        for (g, place) in groups.iter().zip(&picks) {
            if let Some(p) = place {
                *countries.entry(p.country.clone()).or_default() += g.mentions.min(3.0);
            }
        }
        let all: f64 = countries.values().sum::<f64>().max(1.0);
        for n in 0..groups.len() {
            let near = n.saturating_sub(NEIGHBOURS / 2)..(n + NEIGHBOURS / 2).min(groups.len());
            let others: Vec<(&Place, f64)> = near
                .filter(|&m| m != n)
                .filter_map(|m| Some((picks[m].as_ref()?, if groups[m].certain { 1.5 } else { 1.0 })))
                .filter(|(p, _)| !matches!(p.kind, PlaceKind::Country))
                .collect();
            let group = &groups[n];
            let score = |i: usize, p: &Place| {
                let mut score = p.importance();
                score += within(p, &containers[n]);
                score += kind_asked(p, group.feature);
                if round == 0 {
                    score += group.support.get(i).copied().unwrap_or(0.0);
                } else {
                    // The name's own pick must not vote for itself.
                    let own =
                        picks[n].as_ref().filter(|q| q.country == p.country).map_or(0.0, |_| group.mentions.min(3.0));
                    let share = (countries.get(&p.country).copied().unwrap_or(0.0) - own).max(0.0) / all;
                    score += 3.0 * share;
                    score += nearness(p, &others);
                }
                score
            };
            let best = group.candidates.iter().enumerate().map(|(i, p)| (i, score(i, p)));
            let best = best.fold(None, |best: Option<(usize, f64)>, this| match best {
                Some(b) if b.1 >= this.1 => Some(b),
                _ => Some(this),
            });
            let certain = group.candidates.len() == 1
                || best.is_some_and(|(i, _)| group.candidates.get(i).is_some_and(|p| within(p, &containers[n]) > 0.0));
            let group = &mut groups[n];
            group.pick = best.map(|(i, _)| i);
            group.certain = certain;
        }
    }
    group_of
        .into_iter()
        .zip(names)
        .map(|(group, named)| match (group, &named.demonym) {
            (_, Some(code)) => atlas.country_by_code(code).map(|c| c.place()),
            (Some(n), None) => groups[n].pick.and_then(|p| groups[n].candidates.get(p)).cloned(),
            (None, None) => None,
        })
        .collect()
}

/// The places a name may mean. Where the words beside it belong to the name ("Travis County"), those places.
fn candidates(atlas: &Atlas, name: &str, feature: Option<Precision>) -> Vec<Place> {
    let mut found = atlas.places(name);
    if found.is_empty()
        && matches!(feature, Some(Precision::Province | Precision::District))
        && let Some((bare, _)) = name.rsplit_once(' ')
    {
        found = atlas.places(bare);
    }
    if found.is_empty() || feature == Some(Precision::District) {
        found.extend(atlas.divisions(name));
    }
    found.truncate(CANDIDATES);
    found
}

/// What it says for a place that one of the containers named beside it is around it.
fn within(place: &Place, containers: &[Place]) -> f64 {
    let around = |c: &Place| match c.kind {
        PlaceKind::Country => c.country == place.country && place.kind != PlaceKind::Country,
        PlaceKind::Admin1 | PlaceKind::Region => {
            c.country == place.country
                && (place.admin1.as_ref().is_some_and(|a| Some(a) == c.admin1.as_ref() || same_name(a, &c.name))
                    || c.distance(place.lat, place.lon) < 150.0)
        }
        _ => {
            c.country == place.country && c.distance(place.lat, place.lon) < 100.0 && c.geonames_id != place.geonames_id
        }
    };
    if containers.iter().any(around) { 5.0 } else { 0.0 }
}

fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b) || fold(b).starts_with(&fold(a))
}

/// What it says for a place that the feature noun asks for its kind.
fn kind_asked(place: &Place, feature: Option<Precision>) -> f64 {
    let fits = match feature {
        None => return 0.0,
        Some(Precision::Province) => matches!(place.kind, PlaceKind::Admin1 | PlaceKind::Region),
        Some(Precision::District) => matches!(place.kind, PlaceKind::Admin2 | PlaceKind::Site | PlaceKind::Region),
        Some(Precision::Country) => place.kind == PlaceKind::Country,
        Some(Precision::Site) => return 0.0,
        Some(_) => matches!(place.kind, PlaceKind::City | PlaceKind::Capital),
    };
    if fits { 3.0 } else { 0.0 }
}

/// Candidates compared pairwise before anything is decided, and names each name is compared with.
const COMPARED: usize = 30;
const COMPARED_NAMES: usize = 24;

/// Before anything is decided, names speak for each other's candidates: each name gives a candidate as much as its own
/// best-placed candidate is near, so that a cluster of small towns outweighs their big namesakes elsewhere.
fn support(groups: &mut [Group]) {
    let points: Vec<Vec<(f64, f64)>> = groups
        .iter()
        .map(|g| {
            let all = g.candidates.iter().filter(|p| p.kind != PlaceKind::Country);
            all.take(COMPARED).map(|p| (p.lat, p.lon)).collect()
        })
        .collect();
    for n in 0..groups.len() {
        let near = n.saturating_sub(COMPARED_NAMES / 2)..(n + COMPARED_NAMES / 2).min(groups.len());
        let others: Vec<&Vec<(f64, f64)>> = near.filter(|&m| m != n).filter_map(|m| points.get(m)).collect();
        let from = |p: &Place| {
            let best = |points: &&Vec<(f64, f64)>| {
                let nearest = points.iter().map(|&at| distance(at, (p.lat, p.lon))).fold(f64::INFINITY, f64::min);
                // A name with many namesakes is near everything: it says little.
                closeness(nearest) / (points.len().max(1) as f64).sqrt()
            };
            4.0 * (1.0 - (-others.iter().map(best).sum::<f64>() / 2.0).exp())
        };
        let given: Vec<f64> = groups[n].candidates.iter().take(COMPARED).map(from).collect();
        groups[n].support = given;
    }
}

/// What one place at `far` kilometres says.
fn closeness(far: f64) -> f64 {
    1.4 * (-far / 80.0).exp() + 0.8 * (-far / 400.0).exp()
}

/// What it says for a place that other places of the page are near: each counts, less with distance, in all at most 4.
fn nearness(place: &Place, others: &[(&Place, f64)]) -> f64 {
    let sum: f64 = others
        .iter()
        .map(|(p, weight)| {
            let far = distance((p.lat, p.lon), (place.lat, place.lon));
            weight * closeness(far)
        })
        .sum();
    4.0 * (1.0 - (-sum / 2.0).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(names: &[(&str, &[&str])]) -> Vec<String> {
        let named: Vec<Named> = names
            .iter()
            .map(|(n, w)| Named {
                name: (*n).to_owned(),
                within: w.iter().map(|w| (*w).to_owned()).collect(),
                ..Named::default()
            })
            .collect();
        let found = resolve(&Atlas::new(), &named);
        found
            .into_iter()
            .map(|p| p.map_or(String::new(), |p| format!("{}/{}", p.country, p.admin1.unwrap_or_default())))
            .collect()
    }

    #[test]
    fn prior_containment_and_company() {
        assert_eq!(pick(&[("Paris", &[])])[0].split('/').next(), Some("FR"));
        assert_eq!(pick(&[("Paris", &["Texas"])])[0], "US/Texas");
        assert_eq!(
            pick(&[("Tripoli", &[]), ("Beirut", &[]), ("Sidon", &[]), ("Lebanon", &[])])[0].split('/').next(),
            Some("LB")
        );
        assert_eq!(pick(&[("No Such Place At All", &[])])[0], "");
    }
}
