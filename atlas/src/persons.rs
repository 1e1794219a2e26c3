//! Persons, the offices they held, and who held an office on a day.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::actors::ActorTable;
use crate::countries::Countries;
use crate::fold::{fold, sound};
use crate::table::{rows, table};

/// A person who holds or held offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stable id, e.g. `john-kerry`.
    pub id: String,
    /// Canonical full name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// The offices, oldest first.
    pub offices: Vec<Office>,
}

/// An office and when it was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// "Secretary of State".
    pub title: String,
    /// Id of the actor it belongs to.
    pub body: Option<String>,
    /// ISO 3166 alpha-2 of the country, if one.
    pub country: Option<String>,
    /// First day held.
    pub from: Option<Date>,
    /// Last day held; `None` while in office or unknown.
    pub to: Option<Date>,
}

impl Office {
    /// Whether it was held on a day. An office without a first day is never known to be.
    pub fn held_on(&self, day: Date) -> bool {
        self.from.is_some_and(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The persons and the ways to find them.
#[derive(Debug)]
pub(crate) struct Persons {
    all: Vec<Person>,
    by_name: HashMap<String, Vec<usize>>,
    /// Full names by sound, for spellings that are not listed.
    by_sound: HashMap<String, Vec<usize>>,
    /// Office as `persons.tsv` has it → all folded words for it, itself first.
    titles: HashMap<&'static str, Vec<String>>,
}

impl Persons {
    /// Reads the tables.
    pub(crate) fn new() -> Persons {
        let mut people: BTreeMap<&str, Person> = BTreeMap::new();
        for row in rows(table!("persons.tsv")) {
            let person = people.entry(row.cell(0)).or_insert_with(|| Person {
                id: row.cell(0).to_owned(),
                name: row.cell(1).to_owned(),
                aliases: Vec::new(),
                offices: Vec::new(),
            });
            person.aliases.extend(row.list(2).into_iter().map(str::to_owned));
            if let Some(title) = row.some(3) {
                person.offices.push(Office {
                    title: title.to_owned(),
                    body: row.some(5).map(str::to_owned),
                    country: row.some(4).map(str::to_owned),
                    from: row.cell(6).parse().ok(),
                    to: row.cell(7).parse().ok(),
                });
            }
        }
        let mut it = Persons {
            all: people.into_values().collect(),
            by_name: HashMap::new(),
            by_sound: HashMap::new(),
            titles: HashMap::new(),
        };
        for (n, person) in it.all.iter().enumerate() {
            for name in std::iter::once(&person.name).chain(&person.aliases) {
                let folded = fold(name);
                let mut keys = vec![folded.clone()];
                keys.extend(surnames(name));
                for key in keys {
                    let numbers = it.by_name.entry(key).or_default();
                    if !numbers.contains(&n) {
                        numbers.push(n);
                    }
                }
                if folded.contains(' ') {
                    let numbers = it.by_sound.entry(sound(&folded)).or_default();
                    if !numbers.contains(&n) {
                        numbers.push(n);
                    }
                }
            }
        }
        for row in rows(table!("offices.tsv")) {
            let words = std::iter::once(row.cell(0)).chain(row.list(1)).map(fold).collect();
            it.titles.insert(row.cell(0), words);
        }
        it
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Person> {
        self.all.binary_search_by(|p| p.id.as_str().cmp(id)).ok().and_then(|n| self.all.get(n))
    }

    pub(crate) fn by_name(&self, name: &str) -> Vec<&Person> {
        let folded = fold(name);
        let found = self
            .by_name
            .get(&folded)
            .or_else(|| if folded.contains(' ') { self.by_sound.get(&sound(&folded)) } else { None });
        found.into_iter().flatten().filter_map(|&n| self.all.get(n)).collect()
    }

    /// Who held `office`, written with its country or body ("US Secretary of State", "president of Chad", "UN chief"),
    /// on a day. Without either, everybody who held an office of that title.
    pub(crate) fn holders(&self, countries: &Countries, actors: &ActorTable, office: &str, on: Date) -> Vec<&Person> {
        let readings = readings(countries, actors, office);
        let fits = |o: &Office| {
            let words = self.titles.get(o.title.as_str());
            o.held_on(on)
                && readings.iter().any(|r| {
                    let title = words.map_or_else(|| fold(&o.title) == r.title, |w| w.contains(&r.title));
                    let country = r.country.as_deref();
                    let body = r.body.as_deref();
                    title
                        && match (country, body) {
                            (None, None) => true,
                            _ => {
                                (body.is_some() && o.body.as_deref() == body)
                                    || (country.is_some() && o.country.as_deref() == country)
                            }
                        }
                })
        };
        self.all.iter().filter(|p| p.offices.iter().any(fits)).collect()
    }
}

/// A way to take an office apart.
struct Reading {
    title: String,
    country: Option<String>,
    body: Option<String>,
}

/// All ways to take "US Secretary of State" apart: scope before the title, after "of", "for" or "to", or none.
fn readings(countries: &Countries, actors: &ActorTable, office: &str) -> Vec<Reading> {
    let words: Vec<&str> = office.split_whitespace().take(12).collect();
    let mut all = vec![Reading { title: fold(office), country: None, body: None }];
    let scope = |words: &[&str]| {
        let name = words.join(" ");
        let name = name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(&name);
        let country = countries.by_any(name).map(|c| c.code.clone());
        let body = actors.by_name(countries, name).first().map(|a| a.id.clone());
        (country.is_some() || body.is_some()).then_some((country, body))
    };
    for split in 1..words.len() {
        let (before, after) = words.split_at(split);
        if let Some((country, body)) = scope(before) {
            all.push(Reading { title: fold(&after.join(" ")), country, body });
        }
        if let Some((&("of" | "for" | "to" | "on"), named)) = after.split_first()
            && let Some((country, body)) = scope(named)
        {
            all.push(Reading { title: fold(&before.join(" ")), country, body });
        }
    }
    // A title that names its scope itself ("White House spokesman") is a reading too, and comes first; but where a
    // scope was recognised, the bare reading would let any country's minister in.
    if all.len() > 1 {
        all.first_mut().into_iter().for_each(|r| r.country = Some(String::new()));
    }
    all
}

/// The surname of a full name, alone and with the particles in small letters before it: "Moallem", "al-Moallem".
fn surnames(name: &str) -> Vec<String> {
    let mut words = name.rsplit([' ', '-']).peekable();
    let Some(last) = words.next().filter(|w| w.chars().count() > 2) else { return Vec::new() };
    if !name.contains(' ') {
        return vec![fold(last)];
    }
    let mut all = vec![fold(last)];
    let mut with = fold(last);
    while let Some(particle) = words.next_if(|w| w.starts_with(char::is_lowercase)) {
        with = format!("{} {with}", fold(particle));
        all.push(with.clone());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn names(found: Vec<&Person>) -> Vec<String> {
        found.into_iter().map(|p| p.id.clone()).collect()
    }

    #[test]
    fn persons_by_name_surname_and_unlisted_spelling() {
        let persons = Persons::new();
        for (name, want) in [
            ("John Kerry", "john-kerry"),
            ("Kerry", "john-kerry"),
            ("Bashar al-Assad", "bashar-al-assad"),
            ("Ban", "ban-ki-moon"),
            ("Ban Ki-moon", "ban-ki-moon"),
            ("Muallem", "walid-al-moallem"),
            ("Sergej Lavrov", ""),
            ("Bashar el-Asad", "bashar-al-assad"),
            ("De Mistura", "staffan-de-mistura"),
            ("Lavrov", "sergey-lavrov"),
        ] {
            assert_eq!(names(persons.by_name(name)).first().cloned().unwrap_or_default(), want, "{name}");
        }
        assert!(persons.by_name("Nobody Inparticular").is_empty());
    }

    #[test]
    fn holders_of_an_office_on_a_day() {
        let countries = Countries::new();
        let actors = ActorTable::new(&countries);
        let persons = Persons::new();
        let holder = |office: &str, on| names(persons.holders(&countries, &actors, office, on));
        for (office, on, want) in [
            ("US Secretary of State", date(2016, 9, 29), "john-kerry"),
            ("Secretary of State", date(2016, 9, 29), "john-kerry"),
            ("Russian Foreign Minister", date(2016, 9, 29), "sergey-lavrov"),
            ("foreign minister of Russia", date(2003, 1, 1), "igor-ivanov"),
            ("UN Secretary-General", date(2016, 9, 29), "ban-ki-moon"),
            ("UN chief", date(1999, 9, 29), "kofi-annan"),
            ("Syrian President", date(2016, 9, 29), "bashar-al-assad"),
            ("UN Special Envoy for Syria", date(2016, 9, 29), "staffan-de-mistura"),
            ("British Prime Minister", date(2005, 5, 1), "tony-blair"),
            ("president of Chad", date(2010, 1, 1), "idriss-deby"),
        ] {
            assert_eq!(holder(office, on), [want], "{office}");
        }
        assert!(holder("Syrian Secretary of State", date(2016, 9, 29)).is_empty());
        assert!(holder("", date(2016, 9, 29)).is_empty());
    }

    #[test]
    fn the_table_is_sorted_and_its_dates_and_bodies_are_real() {
        let countries = Countries::new();
        let actors = ActorTable::new(&countries);
        let mut last = (String::new(), String::new());
        let mut name_of: HashMap<&str, &str> = HashMap::new();
        for row in rows(table!("persons.tsv")) {
            let this = (row.cell(0).to_owned(), row.cell(6).to_owned());
            assert!(last <= this, "{this:?} after {last:?}");
            last = this;
            assert_eq!(*name_of.entry(row.cell(0)).or_insert(row.cell(1)), row.cell(1));
            let day = |i| row.some(i).map(|d| d.parse::<Date>().unwrap_or_else(|e| panic!("{}: {e}", row.cell(0))));
            if let (Some(from), Some(to)) = (day(6), day(7)) {
                assert!(from <= to, "{}", row.cell(0));
            }
            assert!(row.some(3).is_none() || row.some(6).is_some(), "{}: an office without its first day", row.cell(0));
            assert!(row.some(4).is_none_or(|c| countries.by_code(c).is_some()), "{}: {}", row.cell(0), row.cell(4));
            assert!(row.some(5).is_none_or(|b| actors.by_id(b).is_some()), "{}: {}", row.cell(0), row.cell(5));
        }
        let offices: Vec<_> = rows(table!("offices.tsv")).collect();
        assert!(offices.windows(2).all(|w| w[0].cell(0) < w[1].cell(0)));
    }
}
