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
use super::registry::{Registry, words_of};
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

/// Resolves all phrases.
pub fn resolve(page: &Page, phrases: Vec<Phrase>, mut registry: Registry) -> Actors {
    let a = &page.analysis;
    let home = home_country(page, &phrases);
    let mut seen: Vec<Seen> = Vec::new();
    let mut namings: Vec<Naming> = Vec::new();
    for p in phrases {
        let here = look(page, &p);
        let found = match p.form {
            Form::Person | Form::Named => Some(registry.find(&p).unwrap_or_else(|| registry.add(&p))),
            Form::Pronoun => pronoun(page, &registry, &seen, &p, &here),
            Form::Described => {
                if p.noun.is_none() {
                    None
                } else {
                    let known = described(page, &registry, &seen, &p, &here, home.as_deref());
                    Some(known.unwrap_or_else(|| {
                        let mut own = p.clone();
                        if let Some(adjective) = &home
                            && p.definite
                            && p.noun.is_some_and(|n| n.class == Class::Body)
                            && of_a_state(&p.name)
                        {
                            own.name = format!("{adjective} {}", state_name(&p.name));
                        }
                        registry.add(&own)
                    }))
                }
            }
        };
        let Some(actor) = found else { continue };
        registry.note(actor, &p);
        if p.form == Form::Pronoun && p.gender.is_some() {
            let profile = &mut registry.profiles[actor];
            profile.gender = profile.gender.or(p.gender);
        }
        seen.push(Seen { actor, ..here });
        namings.push(Naming { tokens: p.tokens, head: p.head, actor, role: p.role, pronoun: p.form == Form::Pronoun });
    }
    let _ = a;
    namings.sort_by_key(|n| n.head);
    namings.dedup_by_key(|n| n.head);
    Actors { actors: registry.actors, namings }
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
            matches!(a.lemma(v), "to" | "by")
                && a.head(v).is_some_and(|h| a.word(h).eq_ignore_ascii_case("according") || speaks(a, h))
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
fn home_country(page: &Page, phrases: &[Phrase]) -> Option<String> {
    let a = &page.analysis;
    let mut counts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for e in a.entities().iter().filter(|e| matches!(e.label, language::EntityLabel::Gpe | language::EntityLabel::Norp))
    {
        let name = a.text_of(e.tokens());
        if let Some(c) = page.atlas.country(name).or_else(|| page.atlas.demonym(name)) {
            counts.entry(c.code.clone()).or_insert((0, c.adjective.clone())).0 += 1;
        }
    }
    let _ = phrases;
    let total: usize = counts.values().map(|c| c.0).sum();
    let (count, adjective) = counts.into_values().max_by_key(|c| c.0)?;
    (count >= 2 && count * 3 >= total && !adjective.is_empty()).then_some(adjective)
}

/// Whether a description is of a part of a state that needs the state's name.
fn of_a_state(name: &str) -> bool {
    words_of(name).len() == 1
        && matches!(state_name(name), "government" | "army" | "military" | "opposition" | "parliament")
}

fn state_name(name: &str) -> &str {
    match name {
        "regime" | "government" | "authorities" => "government",
        "army" | "military" | "opposition" | "parliament" => name,
        _ => "",
    }
}

/// The last mention that fits, within the window.
fn last(seen: &[Seen], fits: impl Fn(&Seen) -> bool) -> Option<&Seen> {
    seen.iter().rev().take(WINDOW).find(|s| fits(s))
}

/// Who a description stands for.
fn described(
    page: &Page,
    registry: &Registry,
    seen: &[Seen],
    p: &Phrase,
    here: &Seen,
    home: Option<&str>,
) -> Option<usize> {
    let a = &page.analysis;
    let noun = p.noun?;
    let mut words = words_of(&p.name);
    let head = a.lemma(p.head).to_lowercase();
    let headline = page.blocks.get(here.block).is_some_and(|b| b.kind != record::BlockKind::Paragraph);
    let monitor = head == "monitor" || (noun.class == Class::Body && words.iter().any(|w| w.starts_with("monitor")));
    if !(p.definite || headline || monitor && noun.generic) {
        // "residents … residents": the same words, several, in the same role.
        return last(seen, |s| {
            let name = &registry.actors[s.actor].name;
            p.many && !registry.profiles[s.actor].named && *name == p.name
        })
        .map(|s| s.actor);
    }
    words.retain(|w| *w != head && *w != "said");
    let person = matches!(noun.class, Class::Person | Class::Office) && !p.many;
    let kind_fits = |actor: usize| {
        let kind = registry.actors[actor].kind;
        if person { kind == ActorKind::Person } else { kind != ActorKind::Person }
    };
    let has = |actor: usize, word: &String| {
        let profile = &registry.profiles[actor];
        profile.words.contains(word) || profile.roles.contains(word)
    };
    // Its head noun, and its other words where it has any, in a name or role.
    let plural = p.many;
    let exact = |s: &Seen| {
        kind_fits(s.actor)
            && (has(s.actor, &head)
                || registry.profiles[s.actor].words.last().is_some_and(|w| w.trim_end_matches('s') == head))
            && (registry.profiles[s.actor].many == plural || registry.profiles[s.actor].named)
            && words.iter().filter(|w| has(s.actor, w)).count() * 2 >= words.len()
    };
    if let Some(s) = last(seen, exact) {
        return Some(s.actor);
    }
    // A headline, or a first mention without name, looks ahead: the first actor whose name or role has the noun.
    let early = here.block < 4 || headline;
    if early && !plural {
        let ahead = (0..registry.actors.len()).find(|&n| {
            registry.profiles[n].named
                && kind_fits(n)
                && (has(n, &head)
                    || monitor
                        && registry.profiles[n].words.iter().any(|w| w == "observatory" || w.starts_with("monitor")))
                && words.iter().filter(|w| has(n, w)).count() * 2 >= words.len()
        });
        if ahead.is_some() && (monitor || p.definite) {
            return ahead;
        }
    }
    if monitor
        && let Some(n) = (0..registry.actors.len()).find(|&n| {
            registry.profiles[n].named
                && registry.profiles[n].words.iter().any(|w| w == "observatory" || w.starts_with("monitor"))
        })
    {
        return Some(n);
    }
    if !noun.generic || plural || !p.definite {
        return None;
    }
    if home.is_some() && of_a_state(&p.name) {
        return None;
    }
    // A generic noun: the last that spoke, else the last that acted, of its kind.
    let generic = |s: &Seen| {
        kind_fits(s.actor)
            && registry.profiles[s.actor].named
            && s.quoted.is_none()
            && registry.actors[s.actor].kind != ActorKind::PlaceAsActor
            && here.sentence.saturating_sub(s.sentence) <= 8
    };
    let gender_fits =
        |s: &Seen| p.gender.is_none() || registry.profiles[s.actor].gender.is_none_or(|g| Some(g) == p.gender);
    if words.len() > 1 && person {
        return None;
    }
    let spoke = last(seen, |s| generic(s) && gender_fits(s) && s.spoke);
    let acted = last(seen, |s| generic(s) && gender_fits(s) && s.subject);
    let person_ahead = (person && spoke.is_none() && acted.is_none() && early)
        .then(|| {
            (0..registry.actors.len())
                .find(|&n| registry.profiles[n].named && registry.actors[n].kind == ActorKind::Person)
        })
        .flatten();
    if person || words.len() < 2 {
        return spoke.or(acted).map(|s| s.actor).or(person_ahead);
    }
    None
}

/// Who a pronoun stands for.
fn pronoun(page: &Page, registry: &Registry, seen: &[Seen], p: &Phrase, here: &Seen) -> Option<usize> {
    let row = words::pronoun(&p.name)?;
    let a = &page.analysis;
    if p.name == "it" && a.tokens()[p.head].dep == Dep::Expl {
        return None;
    }
    let mut best: Option<(i32, usize)> = None;
    for s in seen.iter().rev().take(WINDOW) {
        let distance = here.sentence.saturating_sub(s.sentence) as i32;
        if distance > 6 {
            break;
        }
        let (actor, profile) = (&registry.actors[s.actor], &registry.profiles[s.actor]);
        let person = actor.kind == ActorKind::Person;
        let fits = if row.many {
            profile.many || !person
        } else if row.person {
            person && !profile.many && (row.gender.is_none() || profile.gender.is_none_or(|g| Some(g) == row.gender))
        } else {
            !person && !profile.many
        };
        if !fits || (s.clause == here.clause && s.subject && !row.bound && s.sentence == here.sentence) {
            continue;
        }
        let mut score = -4 * distance;
        score += if s.subject { 5 } else { 0 };
        score += if s.spoke { 4 } else { 0 };
        score += if s.block == here.block { 2 } else { 0 };
        score += if profile.named { 1 } else { 0 };
        score += if row.many && profile.many { 3 } else { 0 };
        score += if !row.many && !row.person && actor.kind == ActorKind::PlaceAsActor { -2 } else { 0 };
        score += if row.gender.is_some() && profile.gender == row.gender { 3 } else { 0 };
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
