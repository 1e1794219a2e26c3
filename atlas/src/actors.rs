//! Bodies, groups and the parts of states.
//!
//! Actors come from two tables: `actors.tsv` lists those with names of their own, `institutions.tsv` the parts every
//! state has. "Foreign Ministry of Iran", "Iranian Foreign Ministry" and "Iran's Ministry of Foreign Affairs" are taken
//! apart into country and institution and lead to `ir-foreign-ministry` without a line of its own.

use std::collections::HashMap;

use crate::countries::Countries;
use crate::fold::{fold, is_acronym};
use crate::table::{rows, table};

/// A state, body or group with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Stable id, e.g. `islamic-state`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Other names, as listed.
    pub aliases: Vec<String>,
    /// What it is.
    pub class: ActorClass,
    /// ISO 3166 alpha-2 of the country it belongs to, if one.
    pub country: Option<String>,
}

/// What an [`Actor`] is (PLOVER's sectors, in words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorClass {
    /// A state or its government as a whole.
    Government,
    /// Armed forces.
    Military,
    /// An armed group that fights a state.
    Rebel,
    /// An armed group that fights beside a state or for itself.
    Militia,
    /// Police, prisons, security services.
    Police,
    /// Intelligence services.
    Intelligence,
    /// A ministry, office or legislature.
    Agency,
    /// A court or prosecutor.
    Court,
    /// A party or movement.
    Party,
    /// An international body of states.
    Intergovernmental,
    /// A non-governmental organisation, monitor or charity.
    NonGovernmental,
    /// A newspaper, broadcaster or news agency.
    Media,
    /// A company.
    Company,
    /// A people or community.
    Civilian,
}

impl ActorClass {
    /// The class as the tables write it.
    fn parse(word: &str) -> Option<ActorClass> {
        Some(match word {
            "government" => ActorClass::Government,
            "military" => ActorClass::Military,
            "rebel" => ActorClass::Rebel,
            "militia" => ActorClass::Militia,
            "police" => ActorClass::Police,
            "intelligence" => ActorClass::Intelligence,
            "agency" => ActorClass::Agency,
            "court" => ActorClass::Court,
            "party" => ActorClass::Party,
            "intergovernmental" => ActorClass::Intergovernmental,
            "non-governmental" => ActorClass::NonGovernmental,
            "media" => ActorClass::Media,
            "company" => ActorClass::Company,
            "civilian" => ActorClass::Civilian,
            _ => return None,
        })
    }
}

/// The actors and the ways to find them.
#[derive(Debug)]
pub(crate) struct ActorTable {
    all: Vec<Actor>,
    by_id: HashMap<String, usize>,
    /// Acronyms under "=" and their letters.
    by_name: HashMap<String, Vec<usize>>,
    /// Institution words → number of the institution.
    institutions: HashMap<String, usize>,
    /// Ids of the institutions.
    institution_ids: Vec<&'static str>,
    /// Longest institution phrase, in words.
    longest: usize,
}

impl ActorTable {
    /// Reads the tables.
    pub(crate) fn new(countries: &Countries) -> ActorTable {
        let mut it = ActorTable {
            all: Vec::new(),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            institutions: HashMap::new(),
            institution_ids: Vec::new(),
            longest: 1,
        };
        for row in rows(table!("actors.tsv")) {
            it.add(Actor {
                id: row.cell(0).to_owned(),
                name: row.cell(1).to_owned(),
                aliases: row.list(4).into_iter().map(str::to_owned).collect(),
                class: ActorClass::parse(row.cell(2)).unwrap_or(ActorClass::Party),
                country: row.some(3).map(str::to_owned),
            });
        }
        for country in &countries.all {
            let code = country.code.to_ascii_lowercase();
            it.add(Actor {
                id: code,
                name: country.name.clone(),
                aliases: Vec::new(),
                class: ActorClass::Government,
                country: Some(country.code.clone()),
            });
        }
        for row in rows(table!("institutions.tsv")) {
            let number = it.institution_ids.len();
            it.institution_ids.push(row.cell(0));
            for phrase in std::iter::once(row.cell(2)).chain(row.list(3)) {
                let phrase = fold(phrase);
                it.longest = it.longest.max(phrase.split(' ').count());
                it.institutions.entry(phrase).or_insert(number);
            }
            for country in &countries.all {
                let id = format!("{}-{}", country.code.to_ascii_lowercase(), row.cell(0));
                if !it.by_id.contains_key(&id) {
                    it.by_id.insert(id.clone(), it.all.len());
                    it.all.push(Actor {
                        id,
                        name: format!("{} {}", country.adjective, row.cell(2)),
                        aliases: Vec::new(),
                        class: ActorClass::parse(row.cell(1)).unwrap_or(ActorClass::Agency),
                        country: Some(country.code.clone()),
                    });
                }
            }
        }
        it
    }

    fn add(&mut self, actor: Actor) {
        let number = self.all.len();
        for name in std::iter::once(&actor.name).chain(&actor.aliases) {
            let folded = fold(name);
            let key = if is_acronym(name) { format!("={folded}") } else { folded };
            let numbers = self.by_name.entry(key).or_default();
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        self.by_id.insert(actor.id.clone(), number);
        self.all.push(actor);
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Actor> {
        self.by_id.get(id).and_then(|&n| self.all.get(n))
    }

    /// The actors listed under exactly this name, then a country of that name, then a part of a state.
    pub(crate) fn by_name(&self, countries: &Countries, name: &str) -> Vec<&Actor> {
        let folded = fold(name);
        let marked = is_acronym(name).then(|| self.by_name.get(&format!("={folded}"))).flatten();
        let listed = marked.or_else(|| self.by_name.get(&folded));
        if let Some(numbers) = listed {
            return numbers.iter().filter_map(|&n| self.all.get(n)).collect();
        }
        if let Some(country) = countries.by_name(name) {
            return self.by_id(&country.code.to_ascii_lowercase()).into_iter().collect();
        }
        self.part_of_state(countries, name).into_iter().collect()
    }

    /// "Russian Defense Ministry", "Russia's Defense Ministry", "Defense Ministry of Russia", "Ministry of Defense of
    /// the Russian Federation".
    fn part_of_state(&self, countries: &Countries, name: &str) -> Option<&Actor> {
        // The case of the words matters for "US army" against "us army": split what was written, not what is folded.
        let name = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
        let words: Vec<&str> = name.split_whitespace().collect();
        if words.len() < 2 || words.len() > self.longest + 6 {
            return None;
        }
        let joined = |part: &[&str]| part.join(" ");
        for split in 1..words.len() {
            let (before, after) = words.split_at(split);
            if let Some(&number) = self.institutions.get(&fold(&joined(after))) {
                let owner = joined(before);
                let owner = owner.strip_suffix("'s").or_else(|| owner.strip_suffix("’s")).unwrap_or(&owner);
                let owner = owner.strip_suffix(['\'', '’']).unwrap_or(owner);
                if let Some(country) = countries.by_any(owner) {
                    return self.institution(&country.code, number);
                }
            }
            if let (Some(&number), Some((&"of" | &"in", country))) =
                (self.institutions.get(&fold(&joined(before))), after.split_first())
                && let Some(country) = countries.by_name(&joined(country))
            {
                return self.institution(&country.code, number);
            }
        }
        None
    }

    fn institution(&self, code: &str, number: usize) -> Option<&Actor> {
        let id = self.institution_ids.get(number)?;
        self.by_id(&format!("{}-{id}", code.to_ascii_lowercase()))
    }

    /// The part of a state that `words` ("Foreign Ministry") names in a country.
    pub(crate) fn part(&self, code: &str, words: &str) -> Option<&Actor> {
        self.institution(code, *self.institutions.get(&fold(words))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn id(name: &str) -> String {
        let countries = Countries::new();
        let table = ActorTable::new(&countries);
        table.by_name(&countries, name).first().map(|a| a.id.clone()).unwrap_or_default()
    }

    #[test]
    fn names_of_one_group_lead_to_it() {
        for (names, want) in [
            (&["Islamic State", "ISIS", "ISIL", "Daesh", "the Islamic State group", "IS"][..], "islamic-state"),
            (&["Nusra Front", "Jabhat Fateh al-Sham", "Al-Nusra Front", "al Nusra Front"], "nusra-front"),
            (&["Syrian Observatory for Human Rights", "SOHR"], "syrian-observatory-for-human-rights"),
            (&["White Helmets", "Syrian Civil Defence"], "syria-civil-defence"),
            (&["Kremlin", "the Kremlin", "Russian presidency"], "ru-presidency"),
            (&["Pentagon", "US Defense Department", "U.S. Department of Defense"], "us-defence-ministry"),
            (
                &[
                    "Russian Defense Ministry",
                    "Russia's Defence Ministry",
                    "Defense Ministry of Russia",
                    "Ministry of Defense of the Russian Federation",
                ],
                "ru-defence-ministry",
            ),
            (&["Syrian army", "Syrian Arab Army", "army of Syria"], "sy-military"),
            (&["Iranian Foreign Ministry"], "ir-foreign-ministry"),
            (&["Russia"], "ru"),
            (&["who", "is", "Ministry", ""], ""),
        ] {
            for name in names {
                assert_eq!(id(name), want, "{name}");
            }
        }
    }

    #[test]
    fn the_table_is_sorted_and_names_are_one_actors() {
        let rows: Vec<_> = rows(table!("actors.tsv")).collect();
        assert!(rows.len() > 600);
        assert!(rows.windows(2).all(|w| w[0].cell(0) < w[1].cell(0)), "sorted by id, each once");
        let countries = Countries::new();
        let mut names: HashMap<String, &str> = HashMap::new();
        for row in &rows {
            assert!(ActorClass::parse(row.cell(2)).is_some(), "{} has class {}", row.cell(0), row.cell(2));
            assert!(row.some(3).is_none_or(|c| countries.by_code(c).is_some()), "{}: {}", row.cell(0), row.cell(3));
            let own: BTreeSet<String> =
                std::iter::once(row.cell(1)).chain(row.list(4)).filter(|n| !is_acronym(n)).map(fold).collect();
            for name in own {
                if let Some(other) = names.insert(name.clone(), row.cell(0)) {
                    panic!("{name:?} is {} and {other}", row.cell(0));
                }
            }
        }
    }

    #[test]
    fn institutions_are_sorted_and_have_classes() {
        let rows: Vec<_> = rows(table!("institutions.tsv")).collect();
        assert!(rows.windows(2).all(|w| w[0].cell(0) < w[1].cell(0)));
        assert!(rows.iter().all(|r| ActorClass::parse(r.cell(1)).is_some()));
    }
}
