//! Who "he", "they", "the ministry" are, from what came before.
//!
//! The phrases of a page are gone through in order. A short name takes the actor whose name it is part of. A
//! description with "the" takes, in this order: the last actor that has its head noun in name or role; for a generic
//! noun ("the monitor", "the diplomat"), the last body or person that spoke; for a government, army or opposition, that
//! of the state the dispatch is about. A pronoun takes the best of the last actors by number, gender, nearness, whether
//! they were subject, and whether they spoke.
//!
//! Limits: one description, one actor: "two soldiers … the two" is not followed.

use std::collections::BTreeMap;

use language::Dep;
use record::ActorKind;

use super::phrase::{Form, Phrase};
use super::registry::Registry;
use super::words::{self, Class};
use super::{Actors, Naming};
use crate::Page;
use crate::statements::speaks;

/// How many mentions back a pronoun or description looks.
const WINDOW: usize = 48;

/// A mention already resolved.
#[derive(Debug, Clone, Copy)]
struct Seen {
    actor: usize,
    head: usize,
    sentence: usize,
    block: usize,
    subject: bool,
    spoke: bool,
    quoted: Option<usize>,
    clause: Option<usize>,
}

/// The state of the walk.
struct Walk<'w, 'p> {
    page: &'w Page<'p>,
    /// The adjective of the state that the dispatch is about.
    home: Option<String>,
    seen: Vec<Seen>,
    /// For each actor, the number of its last mention in `seen`.
    last: Vec<Option<usize>>,
    /// Who made the last document of each kind.
    authors: BTreeMap<String, usize>,
}

/// Resolves all phrases.
pub fn resolve(page: &Page, phrases: Vec<Phrase>, mut registry: Registry) -> Actors {
    let home = home_country(page);
    let mut walk = Walk { page, home, seen: Vec::new(), last: Vec::new(), authors: BTreeMap::new() };
    let mut namings: Vec<Naming> = Vec::new();
    for p in &phrases {
        let here = look(page, p);
        let found = match p.form {
            Form::Person | Form::Named => Some(named(page, &mut registry, p)),
            Form::Pronoun => walk.pronoun(&registry, p, &here),
            Form::Described => appositive(page, &registry, &namings, p)
                .or_else(|| walk.description(&mut registry, &phrases, &namings, p, &here)),
        };
        let Some(actor) = found else { continue };
        registry.note(actor, p);
        if p.form == Form::Pronoun
            && p.gender.is_some()
            && let Some(profile) = registry.profiles.get_mut(actor)
        {
            profile.gender = profile.gender.or(p.gender);
        }
        if walk.last.len() <= actor {
            walk.last.resize(actor + 1, None);
        }
        walk.last[actor] = Some(walk.seen.len());
        walk.seen.push(Seen { actor, ..here });
        namings.push(Naming {
            tokens: p.tokens.clone(),
            head: p.head,
            actor,
            role: p.role.clone(),
            pronoun: p.form == Form::Pronoun,
        });
    }
    namings.sort_by_key(|n| n.head);
    namings.dedup_by_key(|n| n.head);
    Actors { actors: registry.actors, namings }
}

/// "Jane Roe, a resident of the old town": what stands beside a person's name is that person.
fn appositive(page: &Page, registry: &Registry, namings: &[Naming], p: &Phrase) -> Option<usize> {
    let a = &page.analysis;
    let noun = p.noun.filter(|n| matches!(n.class, Class::Person | Class::Office))?;
    let named = a.head(p.head).filter(|&h| h < p.head && a.tokens()[p.head].dep == Dep::Appos && !p.many)?;
    let actor = namings.get(namings.binary_search_by_key(&named, |n| n.head).ok()?)?.actor;
    let fits = |g| registry.profiles[actor].gender.is_none_or(|own| own == g);
    let person = registry.actors.get(actor).is_some_and(|x| x.kind == ActorKind::Person);
    (person && registry.profiles[actor].named && noun.gender.is_none_or(fits)).then_some(actor)
}

/// The actor of a name, new where it is the first time.
fn named(page: &Page, registry: &mut Registry, p: &Phrase) -> usize {
    if let Some(actor) = registry.find(p) {
        return actor;
    }
    // A single word that the model takes for a person, of a name that nobody here bears, may be a place.
    let place = p.form == Form::Person && !p.name.contains(' ') && p.role.is_none();
    if place && !page.atlas.places(&p.name).is_empty() && page.atlas.persons(&p.name).is_empty() {
        return registry.add(&Phrase { form: Form::Named, place: true, ..p.clone() });
    }
    registry.add(p)
}

/// Where a phrase stands.
fn look(page: &Page, p: &Phrase) -> Seen {
    let a = &page.analysis;
    let dep = a.tokens()[p.head].dep;
    let mut clause = a.head(p.head);
    let mut subject = matches!(dep, Dep::Nsubj | Dep::Nsubjpass | Dep::Agent);
    if dep == Dep::Conj {
        let first = a.ancestors(p.head).find(|&h| a.tokens()[h].dep != Dep::Conj);
        subject = first.is_some_and(|f| matches!(a.tokens()[f].dep, Dep::Nsubj | Dep::Nsubjpass));
        clause = first.and_then(|f| a.head(f));
    }
    let spoke = (subject && clause.is_some_and(|v| speaks(a, v)))
        || clause.is_some_and(|v| {
            a.head(v).is_some_and(|h| match a.lemma(v) {
                "to" => a.word(h).eq_ignore_ascii_case("according"),
                "by" => speaks(a, h),
                _ => false,
            })
        });
    Seen {
        actor: 0,
        head: p.head,
        sentence: a.sentence_of(p.head),
        block: page.block_of(p.head),
        subject,
        spoke,
        quoted: page.quotes.of_token(p.head).map(|q| q.tokens.start),
        clause,
    }
}

/// The adjective of the state that the dispatch names most.
fn home_country(page: &Page) -> Option<String> {
    let a = &page.analysis;
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    // States count double where they are named as places, once as adjectives; towns count for their state.
    for e in a.entities().iter().take(400) {
        let weight = match e.label {
            language::EntityLabel::Gpe => 2,
            language::EntityLabel::Norp => 1,
            _ => continue,
        };
        let name = a.text_of(e.tokens());
        if let Some(c) = page.atlas.country(name).or_else(|| page.atlas.demonym(name)) {
            counts.entry(c.code.clone()).or_insert((0, c.adjective.clone())).0 += weight;
        } else if weight == 2
            && let Some(c) = page.atlas.places(name).first().and_then(|p| page.atlas.country_by_code(&p.country))
        {
            counts.entry(c.code.clone()).or_insert((0, c.adjective.clone())).0 += 1;
        }
    }
    let total: usize = counts.values().map(|c| c.0).sum();
    let (count, adjective) = counts.into_values().max_by_key(|c| c.0)?;
    (count >= 2 && count * 3 >= total && !adjective.is_empty()).then_some(adjective)
}

/// The plain noun for a part of a state that needs the state's name: "the regime", "the army".
fn part_of_state(head: &str) -> Option<&'static str> {
    Some(match head {
        "regime" | "government" | "administration" => "government",
        "army" => "army",
        "military" => "military",
        _ => return None,
    })
}

/// The last mention that fits, within the window.
fn last(seen: &[Seen], fits: impl Fn(&Seen) -> bool) -> Option<usize> {
    seen.iter().rev().take(WINDOW).find(|s| fits(s)).map(|s| s.actor)
}

impl Walk<'_, '_> {
    /// Who a description stands for, new where it stands for itself.
    fn description(
        &mut self,
        registry: &mut Registry,
        phrases: &[Phrase],
        namings: &[Naming],
        p: &Phrase,
        here: &Seen,
    ) -> Option<usize> {
        let a = &self.page.analysis;
        // A surname that the tagger took for a common noun.
        let Some(noun) = p.noun else {
            let word = a.word(p.head);
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            return if capital && p.modifiers.is_empty() { registry.person(word) } else { None };
        };
        let head = a.lemma(p.head).to_lowercase();
        if noun.class == Class::Document {
            let known = self.authors.get(&head).copied().filter(|_| p.definite && a.child(p.head, Dep::Poss).is_none());
            if let Some(author) = known.or_else(|| self.author(registry, phrases, namings, p)) {
                self.authors.insert(head, author);
                return Some(author);
            }
            if p.definite
                && let Some(&author) = self.authors.get(&head)
            {
                return Some(author);
            }
        }
        if let Some(known) = self.described(registry, p, here, noun, &head) {
            return Some(known);
        }
        let mut own = p.clone();
        if let Some(nation) = p.name.strip_suffix("armed forces").filter(|_| p.many) {
            (own.name, own.many) = (format!("{nation}army"), false);
        }
        if noun.class == Class::Body
            && let (Some(adjective), Some(part)) = (&self.home, part_of_state(&head))
            && (p.definite || !p.modifiers.is_empty() || p.name.contains(" of "))
            && self.of_whom(registry, p)
        {
            own.name = format!("{adjective} {part}");
            own.form = Form::Named;
            if let Some(known) = registry.find(&own) {
                return Some(known);
            }
        }
        Some(registry.add(&own))
    }

    /// Whether a government or army is told by nothing but its head or who leads it: "the government", "the Roe
    /// government", "the government of President Roe".
    fn of_whom(&self, registry: &Registry, p: &Phrase) -> bool {
        let a = &self.page.analysis;
        let person = |word: &str| registry.person(word).is_some() || a.entities().is_empty();
        let modifiers =
            p.modifiers.iter().all(|m| person(m) || super::words::noun(m).is_some_and(|n| n.class == Class::Office));
        let of = a.children_by(p.head, Dep::Prep).find(|&c| a.word(c) == "of").and_then(|c| a.child(c, Dep::Pobj));
        let whose = of.or_else(|| a.child(p.head, Dep::Poss));
        modifiers
            && whose.is_none_or(|w| {
                a.entity_of(w).is_some_and(|e| e.label == language::EntityLabel::Person) || person(a.word(w))
            })
    }

    /// Who made a document: its owner, the one after "by", or who said or issued it.
    fn author(&self, registry: &mut Registry, phrases: &[Phrase], namings: &[Naming], p: &Phrase) -> Option<usize> {
        let a = &self.page.analysis;
        let actor_of = |registry: &mut Registry, head: usize| -> Option<usize> {
            if let Ok(n) = namings.binary_search_by_key(&head, |n| n.head) {
                return Some(namings[n].actor);
            }
            let n = phrases.binary_search_by_key(&head, |q| q.head).ok()?;
            let q = phrases.get(n)?;
            match q.form {
                Form::Person | Form::Named => Some(named(self.page, registry, q)),
                Form::Described
                    if q.noun.is_some_and(|n| {
                        matches!(n.class, Class::Body | Class::Group | Class::Person | Class::Office)
                    }) =>
                {
                    Some(registry.add(q))
                }
                _ => None,
            }
        };
        let speaker = |n: &usize| {
            matches!(a.tokens()[*n].dep, Dep::Poss | Dep::Pobj) && a.tokens()[*n].pos != language::Pos::Verb
        };
        let by = |v: usize| {
            a.children(v)
                .find(|&c| matches!(a.tokens()[c].dep, Dep::Prep | Dep::Agent) && matches!(a.word(c), "by" | "from"))
                .and_then(|c| a.child(c, Dep::Pobj))
        };
        if let Some(owner) = a.child(p.head, Dep::Poss).or_else(|| by(p.head)).filter(speaker) {
            return actor_of(registry, owner);
        }
        if let Some(maker) = a.children_by(p.head, Dep::Acl).find_map(by) {
            return actor_of(registry, maker);
        }
        // "the summary published on the association's website".
        let place = |v: usize| {
            let on = a.children_by(v, Dep::Prep).find(|&c| matches!(a.word(c), "on" | "in"))?;
            a.child(a.child(on, Dep::Pobj)?, Dep::Poss)
        };
        if let Some(owner) = a.children_by(p.head, Dep::Acl).find_map(place).filter(speaker) {
            return actor_of(registry, owner);
        }
        // "said in a statement", "issued a statement".
        let governor = a.head(p.head)?;
        let verb = match a.tokens()[p.head].dep {
            Dep::Pobj if matches!(a.word(governor), "in" | "on" | "through" | "via") => {
                a.head(governor).filter(|&v| speaks(a, v))?
            }
            Dep::Dobj if words::authoring(a.lemma(governor)) => governor,
            _ => return None,
        };
        let subject = crate::statements::subject(a, verb).filter(|&s| s != p.head)?;
        actor_of(registry, subject)
    }

    /// Who a description stands for.
    fn described(&self, registry: &Registry, p: &Phrase, here: &Seen, noun: words::Noun, head: &str) -> Option<usize> {
        let page = self.page;
        let headline = page.blocks.get(here.block).is_some_and(|b| b.kind != record::BlockKind::Paragraph);
        let watches = |word: &String| word.starts_with("monitor") || word == "observatory";
        let monitor = head == "monitor" || (noun.class == Class::Body && p.modifiers.iter().any(watches));
        let modifiers: Vec<&String> = p.modifiers.iter().filter(|m| !m.ends_with("based")).collect();
        if !(p.definite || headline || monitor && noun.generic) {
            // "residents … residents": the same words, several.
            return last(&self.seen, |s| {
                p.many && !registry.profiles[s.actor].named && registry.actors[s.actor].name == p.name
            });
        }
        let person = matches!(noun.class, Class::Person | Class::Office) && !p.many;
        let kind_fits = |actor: usize| (registry.actors[actor].kind == ActorKind::Person) == person;
        let has = |actor: usize, word: &str| {
            let profile = &registry.profiles[actor];
            profile.words.iter().any(|w| w == word) || profile.roles.iter().any(|w| w == word)
        };
        let told = |actor: usize| modifiers.iter().filter(|m| has(actor, m)).count() * 2 >= modifiers.len();
        // Its head noun and its other words in a name or role.
        let exact = |actor: usize| {
            let profile = &registry.profiles[actor];
            let alike = profile.many == p.many || profile.named || noun.class == Class::Body;
            kind_fits(actor) && alike && told(actor)
        };
        let candidates = || registry.with_word(head).iter().copied().filter(|&n| exact(n));
        let mentioned = |n: usize| self.last.get(n).copied().flatten();
        let recent = candidates().filter_map(|n| mentioned(n).map(|at| (at, n))).max();
        if let Some((_, n)) = recent {
            return Some(n);
        }
        // A headline or an opening looks ahead: the first named actor with the noun in name or role.
        let early = here.block < 4 || headline;
        if early
            && !p.many
            && (p.definite || headline)
            && let Some(n) = candidates().find(|&n| registry.profiles[n].named)
        {
            return Some(n);
        }
        if monitor
            && let Some(n) = ["observatory", "monitor", "monitoring"]
                .into_iter()
                .flat_map(|w| registry.with_word(w))
                .copied()
                .find(|&n| registry.profiles[n].named && registry.actors[n].kind != ActorKind::Person)
        {
            return Some(n);
        }
        // "the HWU chief": the one person whose role has the words before the noun.
        if person && !modifiers.is_empty() && p.definite {
            let mut persons = registry.with_word(modifiers[0]).iter().copied().filter(|&n| {
                registry.actors[n].kind == ActorKind::Person
                    && registry.profiles[n].named
                    && modifiers.iter().all(|m| registry.profiles[n].roles.iter().any(|r| r == *m))
            });
            if let (Some(only), None) = (persons.next(), persons.next()) {
                return Some(only);
            }
        }
        let too_many = if noun.bare { 0 } else { 1 };
        if !noun.generic || p.many || !p.definite || modifiers.len() > too_many || p.named_before {
            return None;
        }
        if self.home.is_some() && part_of_state(head).is_some() {
            return None;
        }
        // A generic noun: the last that spoke, else the last that acted, of its kind.
        // A single word that the model takes for a person may be a body's name: "Tern said … The group said".
        let perhaps = |actor: usize| {
            let one = registry.actors.get(actor).is_some_and(|x| !x.name.contains(' '));
            let profile = &registry.profiles[actor];
            !person && noun.class == Class::Body && one && profile.gender.is_none() && profile.roles.is_empty()
        };
        let generic = |s: &Seen| {
            (kind_fits(s.actor) || perhaps(s.actor))
                && registry.profiles[s.actor].named
                && s.quoted.is_none()
                && registry.actors[s.actor].kind != ActorKind::PlaceAsActor
                && here.sentence.saturating_sub(s.sentence) <= 8
                && (p.gender.is_none() || registry.profiles[s.actor].gender.is_none_or(|g| Some(g) == p.gender))
        };
        let ahead = || {
            (person && early)
                .then(|| {
                    (0..registry.actors.len())
                        .find(|&n| registry.profiles[n].named && registry.actors[n].kind == ActorKind::Person)
                })
                .flatten()
        };
        last(&self.seen, |s| generic(s) && s.spoke)
            .or_else(|| last(&self.seen, |s| generic(s) && s.subject))
            .or_else(ahead)
    }

    /// Who a pronoun stands for.
    fn pronoun(&self, registry: &Registry, p: &Phrase, here: &Seen) -> Option<usize> {
        let row = words::pronoun(&p.name)?;
        let a = &self.page.analysis;
        if p.name == "it" && a.tokens()[p.head].dep == Dep::Expl {
            return None;
        }
        let mut best: Option<(i32, usize)> = None;
        for s in self.seen.iter().rev().take(WINDOW) {
            let distance = here.sentence.saturating_sub(s.sentence) as i32;
            if distance > 6 {
                break;
            }
            let (actor, profile) = (&registry.actors[s.actor], &registry.profiles[s.actor]);
            let person = actor.kind == ActorKind::Person;
            let fits = if row.many {
                profile.many || !person
            } else if row.person {
                person
                    && !profile.many
                    && (row.gender.is_none() || profile.gender.is_none_or(|g| Some(g) == row.gender))
            } else {
                !person && !profile.many
            };
            let same_clause = s.clause == here.clause && s.sentence == here.sentence;
            if !fits || (same_clause && s.subject && !row.bound) {
                continue;
            }
            let mut score = -4 * distance;
            score += if s.subject { 5 } else { 0 };
            score += if s.spoke { 4 } else { 0 };
            score += if s.block == here.block { 2 } else { 0 };
            score += if profile.named { 2 } else { 0 };
            score += if row.many && profile.many { 3 } else { 0 };
            score -= if row.many && !profile.many && actor.kind == ActorKind::PlaceAsActor { 4 } else { 0 };
            if !row.many && !row.person {
                score -= if actor.kind == ActorKind::PlaceAsActor || profile.place { 5 } else { 0 };
                score += if here.spoke && s.spoke { 2 } else { 0 };
            }
            score += if row.gender.is_some() && profile.gender == row.gender { 3 } else { 0 };
            score += if row.bound && same_clause && s.subject { 3 } else { 0 };
            if s.quoted != here.quoted {
                score -= if here.quoted.is_none() { 7 } else { 2 };
            }
            score -= (p.head.saturating_sub(s.head) / 12) as i32;
            if best.is_none_or(|(b, _)| score > b) {
                best = Some((score, s.actor));
            }
        }
        best.map(|(_, actor)| actor)
    }
}
