//! The actors of a page, and which name is a short form of which.

use std::collections::HashMap;

use record::ActorKind;

use super::PageActor;
use super::phrase::{Form, Phrase, clean};
use super::words::{Class, Gender};
use crate::Page;

/// What is known of an actor beside its [`PageActor`].
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Lower-case words of its name.
    pub words: Vec<String>,
    /// Lower-case words of the roles and descriptions it was given.
    pub roles: Vec<String>,
    /// Its short form.
    pub acronym: Option<String>,
    /// Its gender.
    pub gender: Option<Gender>,
    /// Several.
    pub many: bool,
    /// Named rather than described.
    pub named: bool,
    /// A country or town by its kind.
    pub place: bool,
}

/// The actors of a page while they are being found.
pub struct Registry<'p, 'a> {
    page: &'p Page<'a>,
    /// The actors.
    pub actors: Vec<PageActor>,
    /// What is known of each.
    pub profiles: Vec<Profile>,
    by_name: HashMap<String, usize>,
    /// Persons by the last word of their names, bodies by any word.
    by_word: HashMap<String, Vec<usize>>,
    /// Named persons by the letters of their last names.
    by_letters: HashMap<String, usize>,
    /// All by any word of name or role.
    by_any: HashMap<String, Vec<usize>>,
}

/// Lower-case words of a name, without the small ones.
pub fn words_of(name: &str) -> Vec<String> {
    // "U.N." is one word.
    let name = name.replace('.', "");
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .filter(|w| !matches!(w.as_str(), "the" | "a" | "an" | "of" | "for" | "and" | "in" | "s"))
        .collect()
}

/// How many actors of one word are looked at, the latest first.
const CROWD: usize = 64;

/// The letters of a word, the first one first and the others sorted: equal for "Krishna" and "Kirshna".
fn letters(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if let Some(rest) = letters.get_mut(1..) {
        rest.sort_unstable();
    }
    letters.into_iter().collect()
}

impl<'p, 'a> Registry<'p, 'a> {
    /// An empty registry.
    pub fn new(page: &'p Page<'a>) -> Self {
        Registry {
            page,
            actors: Vec::new(),
            profiles: Vec::new(),
            by_name: HashMap::new(),
            by_word: HashMap::new(),
            by_any: HashMap::new(),
            by_letters: HashMap::new(),
        }
    }

    /// Registers the full names of a page: persons of two words or more first, then named bodies, longest first.
    pub fn register(&mut self, phrases: &[Phrase]) {
        for p in phrases.iter().filter(|p| p.form == Form::Person && p.name.contains(' ')) {
            if self.person(&p.name).is_none() {
                self.add(p);
            }
        }
        // Bodies that only stand before a name: "Harbour Workers' Union (HWU) leader Jane Roe".
        let a = &self.page.analysis;
        for e in a.entities().iter().filter(|e| e.label == language::EntityLabel::Org) {
            let end = e.end as usize;
            if end + 2 >= a.len() || a.word(end) != "(" || a.word(end + 2) != ")" {
                continue;
            }
            let short = a.word(end + 1);
            let name = clean(a.text_of(e.tokens()).trim_start_matches("the ").trim_start_matches("The "));
            if short.len() >= 2
                && short.chars().all(char::is_uppercase)
                && self.body(&name).is_none()
                && let Some(p) = phrases.first()
            {
                let named = Phrase {
                    form: Form::Named,
                    name,
                    acronym: Some(short.to_owned()),
                    role: None,
                    noun: None,
                    many: false,
                    gender: None,
                    place: false,
                    ..p.clone()
                };
                self.add(&named);
            }
        }
        let mut bodies: Vec<&Phrase> = phrases.iter().filter(|p| p.form == Form::Named).collect();
        bodies.sort_by_key(|p| std::cmp::Reverse(words_of(&p.name).len()));
        for p in bodies {
            match self.find(p) {
                Some(actor) => self.note(actor, p),
                None => {
                    self.add(p);
                }
            }
        }
    }

    /// The actor that a phrase names, registered already; short forms find theirs.
    pub fn find(&self, p: &Phrase) -> Option<usize> {
        match p.form {
            Form::Person if p.name.contains(' ') => self.person(&p.name),
            Form::Person => self.surname(&p.name),
            // A place is its own name only: "Freedonia" is no short form of "Radio Freedonia".
            Form::Named if p.place => self.by_name.get(&p.name.to_lowercase()).copied(),
            Form::Named => self.body(&p.name),
            _ => None,
        }
    }

    /// The person of that name: equal, or one name's words all in the other's with the same last word.
    pub fn person(&self, name: &str) -> Option<usize> {
        let words = words_of(name);
        let last = words.last()?;
        let fits = |&&n: &&usize| {
            let other = &self.profiles[n].words;
            self.actors[n].kind == ActorKind::Person
                && (words.iter().all(|w| other.contains(w)) || other.iter().all(|w| words.contains(w)))
        };
        self.by_word.get(last).and_then(|candidates| candidates.iter().take(CROWD).find(fits).copied())
    }

    /// The actors that have a word in name or role.
    pub fn with_word(&self, word: &str) -> &[usize] {
        let all = self.by_any.get(word).map_or(&[][..], Vec::as_slice);
        &all[all.len().saturating_sub(CROWD)..]
    }

    /// The person whose name ends in this word, or nearly so where the word is long: misspelt names are common.
    pub fn surname(&self, word: &str) -> Option<usize> {
        let word = word.to_lowercase();
        if let Some(n) = self.person(&word) {
            return Some(n);
        }
        if word.chars().count() < 7 {
            return None;
        }
        self.by_letters.get(&letters(&word)).copied()
    }

    /// The body of that name: equal, its short form, or all words within a longer name that begins or ends alike.
    fn body(&self, name: &str) -> Option<usize> {
        let key = name.to_lowercase();
        if let Some(&n) = self.by_name.get(&key) {
            return Some(n);
        }
        if let Some(id) = self.page.atlas.actor(name).map(|a| a.id.as_str())
            && let Some(&n) = self.by_name.get(&format!("#{id}"))
        {
            return Some(n);
        }
        let words = words_of(name);
        let (first, last) = (words.first()?, words.last()?);
        if self.page.atlas.country(name).is_some() || self.page.atlas.demonym(name).is_some() {
            return None;
        }
        let fits = |&&n: &&usize| {
            let other = &self.profiles[n].words;
            self.profiles[n].named
                && words.iter().all(|w| other.contains(w))
                && (other.last() == Some(last) || other.first() == Some(first) || words.len() > 1)
        };
        self.by_word.get(last).and_then(|candidates| candidates.iter().take(CROWD).find(fits).copied())
    }

    /// Adds an actor for a phrase.
    pub fn add(&mut self, p: &Phrase) -> usize {
        let n = self.actors.len();
        let atlas = self.page.atlas;
        let mut actor = PageActor { name: p.name.clone(), actor_id: None, kind: ActorKind::Group, country: None };
        let mut aliases = vec![p.name.to_lowercase()];
        match p.form {
            Form::Person => {
                actor.kind = ActorKind::Person;
                let known = atlas.persons(&p.name);
                if let [person] = known.as_slice() {
                    actor.actor_id = Some(person.id.clone());
                    if !p.name.contains(' ') {
                        actor.name = person.name.clone();
                    }
                    actor.country = person.offices.last().and_then(|o| o.country.clone());
                }
            }
            Form::Named => {
                if p.place {
                    actor.kind = ActorKind::PlaceAsActor;
                }
                if let Some(known) = atlas.actor(&p.name) {
                    actor.actor_id = Some(known.id.clone());
                    actor.country = known.country.clone();
                    if p.name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) {
                        actor.name = known.name.clone();
                    }
                    aliases.push(format!("#{}", known.id));
                } else if let Some(country) = atlas.country(&p.name).or_else(|| atlas.demonym(&p.name)) {
                    actor.country = Some(country.code.clone());
                }
            }
            Form::Described | Form::Pronoun => {
                if p.noun.is_some_and(|n| matches!(n.class, Class::Person | Class::Office)) && !p.many {
                    actor.kind = ActorKind::Person;
                }
            }
        }
        let profile = Profile {
            // "pro-government forces" are no government.
            words: if matches!(p.form, Form::Person | Form::Named) {
                words_of(&actor.name)
            } else {
                actor.name.split_whitespace().map(str::to_lowercase).collect()
            },
            roles: Vec::new(),
            acronym: None,
            gender: p.gender,
            many: p.many,
            named: matches!(p.form, Form::Person | Form::Named),
            place: p.noun.is_some_and(|n| n.class == Class::Place),
        };
        if profile.named {
            if profile.words.len() >= 3 && p.form == Form::Named {
                aliases.push(profile.words.iter().filter_map(|w| w.chars().next()).collect());
            }
            for alias in aliases {
                self.by_name.entry(alias).or_insert(n);
            }
            if p.form == Form::Person
                && let Some(last) = profile.words.last()
            {
                self.by_word.entry(last.clone()).or_default().push(n);
                self.by_letters.entry(letters(last)).or_insert(n);
            }
            if p.form == Form::Named {
                for word in &profile.words {
                    self.by_word.entry(word.clone()).or_default().push(n);
                }
            }
        }
        for word in &profile.words {
            self.by_any.entry(word.clone()).or_default().push(n);
        }
        self.actors.push(actor);
        self.profiles.push(profile);
        self.note(n, p);
        n
    }

    /// Keeps what a further phrase tells of an actor.
    pub fn note(&mut self, n: usize, p: &Phrase) {
        if let Some(acronym) = &p.acronym {
            self.by_name.entry(acronym.to_lowercase()).or_insert(n);
        }
        let Some(profile) = self.profiles.get_mut(n) else { return };
        profile.gender = profile.gender.or(p.gender);
        profile.acronym = profile.acronym.take().or_else(|| p.acronym.clone());
        if profile.roles.len() < 24 {
            let role = p.role.as_deref().map(words_of).unwrap_or_default();
            let described = if p.form == Form::Described {
                p.name.split_whitespace().map(str::to_lowercase).collect()
            } else {
                Vec::new()
            };
            for word in role.into_iter().chain(described) {
                if !profile.roles.contains(&word) {
                    self.by_any.entry(word.clone()).or_default().push(n);
                    profile.roles.push(word);
                }
            }
        }
    }
}
