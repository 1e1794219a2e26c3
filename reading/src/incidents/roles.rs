//! Who did it and whom it struck, as the tree of one telling says.
//!
//! "Russian jets hit a bus": the subject. "shelled by the army": the agent. "coalition strikes", "the regime's siege":
//! the modifiers of the noun. "Rebels launched an attack": the subject of the verb that does it. "accused the army of
//! shelling": the one accused. What is no actor ("the blast killed four") gives none.

use std::ops::Range;

use language::{Dep, EntityLabel, Pos, Tag};
use record::{ActorKind, IncidentType};

use super::lexicon::{Force, Lexicon, lexicon};
use super::tree::{self, dep};
use super::triggers::{Telling, is_town};
use crate::Page;
use crate::actors;
use crate::quantities::is_people;
use crate::reader::Found;

/// An actor tied to a telling.
#[derive(Debug, Clone)]
pub(super) struct Doer {
    /// Canonical name.
    pub(super) actor: String,
    /// The atlas' id.
    pub(super) actor_id: Option<String>,
    /// The words.
    pub(super) mention: Range<usize>,
    /// The head token.
    pub(super) head: usize,
    /// "suspected", "believed to be".
    pub(super) suspected: bool,
}

/// The doers of a telling.
pub(super) fn doers(page: &Page, found: &Found, t: &Telling) -> Vec<Doer> {
    let mut out: Vec<Doer> = Vec::new();
    let a = &page.analysis;
    let frames = &lexicon().frames;
    let mut candidates: Vec<usize> = Vec::new();
    let mut modified: Vec<usize> = Vec::new();
    if t.verbal {
        candidates.extend(verb_doers(page, t.token));
        if dep(page, t.token) == Dep::Amod {
            modified.push(t.token);
        }
    } else {
        modified.push(t.token);
        candidates.extend(tree::prep_objects(page, t.token, &["by"]));
        // "the arrest of a trader by the police": the parser hangs "by" on the trader.
        for struck in tree::prep_objects(page, t.token, &["of"]) {
            candidates.extend(tree::prep_objects(page, struck, &["by"]));
        }
        let holders = a.children_by(t.token, Dep::Poss).flat_map(|p| tree::with_conjuncts(page, p));
        candidates.extend(holders.filter(|&p| !is_struck(page, found, t, p)));
        for c in a.children(t.token).filter(|&c| matches!(dep(page, c), Dep::Acl | Dep::Relcl)) {
            let does = Lexicon::has(page, &frames.does, c) || lexicon().verbs.below(page, c).is_some();
            if tree::is_passive(page, c) && does {
                candidates.extend(tree::by_agents(page, c));
            }
        }
        let (verb, relation) = governor(page, t.token);
        if let Some(verb) = verb {
            let passive = tree::is_passive(page, verb);
            let does = Lexicon::has(page, &frames.does, verb);
            match relation {
                Dep::Dobj if does => candidates.extend(tree::subjects(page, verb)),
                Dep::Nsubjpass if does => candidates.extend(tree::by_agents(page, verb)),
                // "killed in an attack by", "pounded the city with air strikes"
                Dep::Pobj if !passive && is_instrument(page, t.token) => candidates.extend(tree::subjects(page, verb)),
                // "Russia was behind the attack", "is responsible for the raid"
                Dep::Pobj if is_doer_phrase(page, t.token) => candidates.extend(tree::subjects(page, verb)),
                _ => {}
            }
        }
    }
    for head in candidates {
        push(page, found, head, &mut out);
    }
    // "in regime shelling of the town": the side before a gerund that the parser took for a verb.
    let before = t.token.checked_sub(1).filter(|_| !t.verbal && tree::is_verb(page, t.token));
    if let Some((name, id)) = before.and_then(|b| side(page, found, b, false)) {
        add(page, found, name, id, t.token - 1..t.token + 1, t.token - 1, &mut out);
    }
    for noun in modified.into_iter().filter(|_| t.kind != IncidentType::ProtestOrRiot) {
        modifiers(page, found, noun, &mut out);
    }
    let sought = dep(page, t.token) == Dep::Pcomp && accused_of(page, t.token) && !charged_by(page, t.token);
    for d in &mut out {
        d.suspected |= sought || is_suspected(page, t, d);
    }
    out
}

/// "Roe's arrest", "the reporter's murder": the possessor is the one it happened to.
fn is_struck(page: &Page, found: &Found, t: &Telling, holder: usize) -> bool {
    let personal = matches!(
        t.kind,
        IncidentType::Detention
            | IncidentType::Abduction
            | IncidentType::Execution
            | IncidentType::ArmedAttack
            | IncidentType::OtherViolence
    );
    personal
        && lexicon().force(page, holder).is_none_or(|f| f == Force::People)
        && found.actors.actor_at(holder).is_none_or(|a| a.actor_id.is_none())
        && page.atlas.country(page.analysis.word(holder)).is_none()
}

/// The doers of a verb: its subject where active, "by …" where passive.
fn verb_doers(page: &Page, verb: usize) -> Vec<usize> {
    let a = &page.analysis;
    // "The town fell to rebel forces."
    if a.lemma(verb) == "fall" {
        return tree::prep_objects(page, verb, &["to"]);
    }
    let intransitive = matches!(a.lemma(verb), "die" | "perish" | "explode");
    if intransitive {
        return Vec::new();
    }
    if tree::is_passive(page, verb) || takes_without_object(page, verb) {
        let own = tree::by_agents(page, verb);
        // "killed and wounded by": the agent hangs on one of the verbs.
        if own.is_empty() {
            return a.children_by(verb, Dep::Conj).flat_map(|c| tree::by_agents(page, c)).collect();
        }
        return own;
    }
    let subjects = tree::subjects(page, verb);
    // "The coalition believed it was striking …": it is who believed.
    let pronoun = subjects.first().is_some_and(|&s| subjects.len() == 1 && a.tokens()[s].pos == Pos::Pron);
    let believer = a.head(verb).filter(|&h| {
        pronoun && dep(page, verb) == Dep::Ccomp && Lexicon::has(page, &lexicon().frames.suspect_words, h)
    });
    match believer.map(|h| tree::subjects(page, h)).filter(|s| !s.is_empty()) {
        Some(believers) => believers,
        None => subjects,
    }
}

/// "a pastor abducted earlier this month", "several people killed or detained": a verb of taking or killing people that
/// has no object anywhere is a participle, whatever the parser took it for.
fn takes_without_object(page: &Page, verb: usize) -> bool {
    let a = &page.analysis;
    let past = matches!(a.tokens()[verb].tag, Tag::Vbd | Tag::Vbn) && a.child(verb, Dep::Aux).is_none();
    let personal = || {
        let told = lexicon().verbs.below(page, verb).map(|(_, t)| t);
        told.is_some_and(|t| {
            matches!(t.kind, IncidentType::Detention | IncidentType::Abduction | IncidentType::Execution)
                || a.lemma(verb) == "kill"
        })
    };
    let object =
        |v: usize| a.children(v).any(|c| matches!(dep(page, c), Dep::Dobj | Dep::Ccomp | Dep::Xcomp | Dep::Dative));
    let joined = |v: usize| a.children_by(v, Dep::Conj).any(object);
    past && personal()
        && !object(verb)
        && !joined(verb)
        && (dep(page, verb) != Dep::Conj || a.head(verb).is_none_or(|h| !object(h) && !joined(h)))
}

/// "arrested for kidnapping", "held on suspicion of killing": the verb above says that it is only suspected.
fn accused_of(page: &Page, token: usize) -> bool {
    let accused = |h: usize| page.analysis.lemma(h) == "accuse" && tree::is_passive(page, h);
    let suspects = |h: usize| Lexicon::has(page, &lexicon().frames.suspect_verbs, h) || accused(h);
    page.analysis.ancestors(token).take(5).find(|&h| tree::is_verb(page, h)).is_some_and(suspects)
}

/// "Prosecutors charged three men with kidnapping": who charges says that they did it.
fn charged_by(page: &Page, token: usize) -> bool {
    let frames = &lexicon().frames;
    let verb = page.analysis.ancestors(token).take(5).find(|&h| tree::is_verb(page, h));
    verb.is_some_and(|v| {
        Lexicon::has(page, &frames.accusing_verbs, v)
            && !Lexicon::has(page, &frames.suspect_words, v)
            && !tree::is_passive(page, v)
    })
}

/// The verb above a noun and the relation in which the noun hangs from it (through "series of", "wave of", conjunction).
fn governor(page: &Page, noun: usize) -> (Option<usize>, Dep) {
    let a = &page.analysis;
    let mut at = noun;
    for _ in 0..4 {
        let Some(head) = a.head(at) else { return (None, Dep::Dep) };
        let relation = dep(page, at);
        if tree::is_verb(page, head) {
            return (Some(head), relation);
        }
        if relation == Dep::Pobj {
            let Some(above) = a.head(head) else { return (None, relation) };
            if tree::is_verb(page, above) || page.analysis.tokens()[above].pos == Pos::Adj {
                return (Some(tree::clause_verb(page, above)), Dep::Pobj);
            }
            at = above;
        } else {
            at = head;
        }
    }
    (None, Dep::Dep)
}

/// "with air strikes", "in a raid": the noun is what the verb's subject used.
fn is_instrument(page: &Page, noun: usize) -> bool {
    page.analysis.head(noun).is_some_and(|p| matches!(page.analysis.lemma(p), "with" | "using"))
}

/// "behind the attack", "responsible for the attack".
fn is_doer_phrase(page: &Page, noun: usize) -> bool {
    let frames = &lexicon().frames;
    let Some(prep) = page.analysis.head(noun) else { return false };
    Lexicon::has(page, &frames.doer_words, prep)
        || page.analysis.head(prep).is_some_and(|h| Lexicon::has(page, &frames.doer_words, h))
}

/// "the Islamic State (a group outlawed there)": the name before a gloss in brackets that the parser took for the head.
fn glossed(page: &Page, head: usize) -> usize {
    let a = &page.analysis;
    let named = a.children(head).find(|&c| {
        c < head
            && matches!(dep(page, c), Dep::Nmod | Dep::Compound | Dep::Amod)
            && a.tokens()[c].pos == Pos::Propn
            && (c + 1..head).take(8).any(|i| a.word(i) == "(")
    });
    named.unwrap_or(head)
}

/// Adds the actor that a noun phrase names, if it names one.
pub(super) fn push(page: &Page, found: &Found, head: usize, out: &mut Vec<Doer>) {
    let head = glossed(page, head);
    // "a group of gunmen" are the gunmen.
    if Lexicon::has(page, &lexicon().frames.collectives, head) {
        let of = tree::prep_objects(page, head, &["of"]);
        if !of.is_empty() {
            for o in of.into_iter().filter(|&o| o > head) {
                if let Some((actor, actor_id)) = actor_of(page, found, o) {
                    add(page, found, actor, actor_id, page.analysis.subtree(head).start..o + 1, o, out);
                }
            }
            return;
        }
    }
    if let Some((actor, actor_id)) = actor_of(page, found, head) {
        add(page, found, actor, actor_id, tree::phrase(page, head), head, out);
    } else if lexicon().force(page, head).is_some() {
        // "Syrian or Russian warplanes": each side by itself.
        modifiers(page, found, head, out);
    }
}

fn add(
    page: &Page,
    _found: &Found,
    actor: String,
    actor_id: Option<String>,
    mention: Range<usize>,
    head: usize,
    out: &mut Vec<Doer>,
) {
    if actor.is_empty() || out.iter().any(|d| d.actor == actor) {
        return;
    }
    let suspected = mention.clone().any(|i| Lexicon::has(page, &lexicon().frames.suspect_words, i) && i != head);
    out.push(Doer { actor, actor_id, mention, head, suspected });
}

/// The sides named by what stands before a noun: "Russian air strikes", "the US-led raid", "rebel-besieged".
fn modifiers(page: &Page, found: &Found, noun: usize, out: &mut Vec<Doer>) {
    let a = &page.analysis;
    let mut pending: Vec<usize> = a
        .children(noun)
        .filter(|&c| c < noun || dep(page, c) == Dep::Npadvmod)
        .filter(|&c| matches!(dep(page, c), Dep::Amod | Dep::Compound | Dep::Nmod | Dep::Npadvmod | Dep::Poss))
        .collect();
    let mut at = 0;
    while at < pending.len() && pending.len() < 12 {
        let c = pending[at];
        at += 1;
        pending
            .extend(a.children(c).filter(|&x| {
                matches!(dep(page, x), Dep::Conj | Dep::Amod | Dep::Compound | Dep::Npadvmod | Dep::Poss)
            }));
    }
    pending.sort_unstable();
    let phrase = tree::phrase(page, noun);
    // "anti-government protests", "pro-regime forces": not the side named.
    pending.retain(|&c| !is_prefixed(page, c));
    let led =
        pending.iter().any(|&c| matches!(a.lemma(c), "lead" | "led") || a.word(c).to_lowercase().ends_with("-led"));
    let coalition = pending.iter().copied().find(|&c| a.lemma(c) == "coalition");
    for c in pending {
        if coalition.is_some_and(|k| c != k) {
            continue;
        }
        // "the militia's killing": its holder has been told as a doer.
        if out.iter().any(|d| d.head == c) {
            continue;
        }
        if let Some((name, id)) = side(page, found, c, led || coalition.is_some()) {
            add(page, found, name, id, phrase.clone(), c, out);
        }
    }
}

/// Whether a word stands behind "anti-" or "pro-".
fn is_prefixed(page: &Page, i: usize) -> bool {
    let prefix = |w: &str| matches!(w.to_lowercase().as_str(), "anti" | "pro" | "non");
    (1..=2).any(|n| {
        i.checked_sub(n).is_some_and(|j| prefix(page.analysis.word(j)) && (n == 1 || page.analysis.word(i - 1) == "-"))
    }) || page.analysis.word(i).to_lowercase().starts_with("anti-")
        || page.analysis.word(i).to_lowercase().starts_with("pro-")
}

/// The side that one modifying word names.
fn side(page: &Page, found: &Found, i: usize, led: bool) -> Option<(String, Option<String>)> {
    let word = page.analysis.word(i);
    if led {
        let coalition = page.analysis.lemma(i) == "coalition" || nation(page, word).is_some();
        let leader = (i.saturating_sub(4)..=i).find_map(|w| nation(page, page.analysis.word(w)));
        return match (coalition, leader.map(|c| c.code.as_str())) {
            (true, Some("US") | None) => Some(("US-led coalition".to_owned(), None)),
            (true, Some(_)) => {
                Some((format!("{}-led coalition", leader.map(|c| c.adjective.clone()).unwrap_or_default()), None))
            }
            (false, _) => None,
        };
    }
    if let Some(country) = page.atlas.demonym(word) {
        return Some((country.name.clone(), None));
    }
    // "dawn raids" are no newspaper's.
    let name = word.starts_with(char::is_uppercase) || page.analysis.tokens()[i].pos == Pos::Propn;
    if name
        && page.analysis.entity_of(i).is_none_or(|e| e.label != EntityLabel::Person)
        && let Some(actor) = page.atlas.actor(word)
    {
        return Some((actor.name.clone(), Some(actor.id.clone())));
    }
    if let Some(country) = page.atlas.country(word) {
        return Some((country.name.clone(), None));
    }
    match lexicon().force(page, i) {
        Some(Force::Side | Force::Security) => Some((side_name(page, found, i), None)),
        _ => None,
    }
}

/// The name of a side told by a common noun: its own words in the plural, with the country's adjective for a government.
fn side_name(page: &Page, _found: &Found, i: usize) -> String {
    match page.analysis.lemma(i).to_lowercase().as_str() {
        "regime" | "government" => "government".to_owned(),
        "opposition" => "opposition".to_owned(),
        "coalition" => "US-led coalition".to_owned(),
        "police" => "police".to_owned(),
        "security" => "security forces".to_owned(),
        lemma if lemma.ends_with('s') => lemma.to_owned(),
        lemma if lemma.ends_with('y') => format!("{}ies", &lemma[..lemma.len() - 1]),
        lemma => format!("{lemma}s"),
    }
}

/// The actor that the phrase headed by `head` names as a doer; `None` where it names no one who can do violence.
pub(super) fn actor_of(page: &Page, found: &Found, head: usize) -> Option<(String, Option<String>)> {
    let lexicon = lexicon();
    let force = lexicon.force(page, head);
    if Lexicon::has(page, &lexicon.frames.inanimate, head) && force.is_none() {
        return None;
    }
    if page.analysis.lemma(head).eq_ignore_ascii_case("coalition") {
        return Some((coalition(page, head), None));
    }
    let lemma = page.analysis.lemma(head).to_lowercase();
    let phrase = page.analysis.subtree(head).start..head + 1;
    // "the Assad regime", "Suspected Syrian regime", "the government"
    if matches!(lemma.as_str(), "regime" | "government") {
        let nation = phrase.clone().rev().filter(|&i| i < head).find_map(|i| nation(page, page.analysis.word(i)));
        let known = found.actors.actor_at(head).map(|a| a.name.clone());
        let known = known.filter(|n| n.to_lowercase().ends_with("government"));
        let name = nation.map(|c| format!("{} government", c.adjective)).or(known);
        return Some((name.unwrap_or_else(|| "government".to_owned()), None));
    }
    let unknown = phrase.clone().any(|i| lexicon.force(page, i) == Some(Force::Unknown));
    if unknown {
        return Some((format!("unknown {}", page.analysis.word(head).to_lowercase()), None));
    }
    // Weapons, and forces whose side is a modifier: the side.
    let security =
        page.analysis.children_by(head, Dep::Compound).any(|c| lexicon.force(page, c) == Some(Force::Security));
    if matches!(force, Some(Force::Platform | Force::Force)) && !security {
        let mut sides = Vec::new();
        modifiers(page, found, head, &mut sides);
        let of = tree::prep_objects(page, head, &["of", "from"]);
        if sides.is_empty() {
            for o in of {
                push(page, found, o, &mut sides);
            }
        }
        if sides.len() > 1 {
            return None; // each side is added on its own
        }
        if let Some(d) = sides.pop() {
            return Some((army_of(page, &d.actor, head), d.actor_id));
        }
        let his = page.analysis.children_by(head, Dep::Poss).any(|p| page.analysis.tokens()[p].pos == Pos::Pron);
        // "its planes": theirs who were named.
        let owner = page.analysis.children_by(head, Dep::Poss).find_map(|p| found.actors.actor_at(p));
        if let Some(owner) = owner.filter(|o| his && (o.actor_id.is_some() || o.kind == ActorKind::Group)) {
            return Some((owner.name.clone(), owner.actor_id.clone()));
        }
        // "a spokesman for the rebels said its fighters …": the speaker's.
        let unknown = owner.is_none() && his;
        if let Some(name) = unknown.then(|| speakers_side(page, found, head)).flatten() {
            return Some((name, None));
        }
        // "Moscow denied that its planes …"
        let state = owner.filter(|_| his).and_then(|o| page.atlas.country_by_capital(&o.name));
        if let Some(state) = state {
            return Some((state.name.clone(), None));
        }
        if force == Some(Force::Platform) || his {
            return None;
        }
    }
    // "so we arrested him", a police official said: the speaker's body.
    if page.analysis.word(head).eq_ignore_ascii_case("we")
        && let Some(name) = speakers_side(page, found, head)
    {
        return Some((name, None));
    }
    let named = found.actors.actor_at(head);
    // A town does nothing; a capital may stand for its government, which the actors know.
    if force.is_none() && named.is_none_or(|a| a.actor_id.is_none()) && is_town(page, found, head) {
        return None;
    }
    let pronoun = found.actors.naming_at(head).is_some_and(|n| n.pronoun);
    let body = security && Lexicon::has(page, &lexicon.frames.security_bodies, head);
    if force.is_none() && !pronoun && !body {
        let entity = page.analysis.entity_of(head).map(|e| e.label);
        let named = named.is_some_and(|a| a.actor_id.is_some() || a.kind == ActorKind::Person);
        let people = is_people(&lemma);
        if !named
            && !people
            && !matches!(entity, Some(EntityLabel::Person | EntityLabel::Norp | EntityLabel::Org | EntityLabel::Gpe))
        {
            return None;
        }
    }
    // "the police" are no body named before by other words.
    let plain = security || force == Some(Force::Security);
    let foreign = |name: &str| {
        let head = page.analysis.lemma(head).to_lowercase();
        !name.to_lowercase().contains(head.trim_end_matches('s'))
    };
    let name = actors::name_of(page, &found.actors, head);
    let other_side = force == Some(Force::Side) && !pronoun && foreign(name.rsplit(' ').next().unwrap_or(&name));
    // "The league accused the militia of …": the militia is not the league.
    let verb = page.analysis.head(head).filter(|&v| tree::is_verb(page, v) && dep(page, head) != Dep::Nsubj);
    let subject = verb.and_then(|v| page.analysis.child(v, Dep::Nsubj)).and_then(|s| found.actors.naming_at(s));
    let same = |s: &crate::actors::Naming| found.actors.naming_at(head).is_some_and(|n| n.actor == s.actor);
    let itself = force.is_some() && !pronoun && subject.is_some_and(same);
    if itself
        || plain && foreign(&name)
        || other_side && lexicon.force(page, head).is_some() && named.is_none_or(|a| a.actor_id.is_none())
    {
        return Some((page.analysis.text_of(tree::bare(page, head)).to_owned(), None));
    }
    let id = named.and_then(|a| a.actor_id.clone());
    let name = if id.is_none() && force.is_some() { without_place(page, found, head, name) } else { name };
    Some((name, id))
}

/// "police in Kano", "herdsmen near the town": the name without where they were.
fn without_place(page: &Page, found: &Found, head: usize, name: String) -> String {
    let a = &page.analysis;
    let mut at =
        a.children_by(head, Dep::Prep).filter(|&p| matches!(a.lemma(p), "in" | "at" | "near" | "from" | "outside"));
    let named = |o: usize| a.subtree(o).take(8).any(|i| is_town(page, found, i) || a.tokens()[i].pos == Pos::Propn);
    let placed = at.any(|p| tree::objects_of(page, p).iter().any(|&o| named(o)));
    if !placed {
        return name;
    }
    let words = a.text_of(tree::bare(page, head));
    let lower = a.tokens()[head].pos == Pos::Noun && words.split_whitespace().count() == 1;
    if lower { words.to_lowercase() } else { words.to_owned() }
}

/// The armed or uniformed body for which the speaker of the words at token `i` speaks: "police official Ada Brown".
pub(super) fn speakers_side(page: &Page, found: &Found, i: usize) -> Option<String> {
    let bytes = page.analysis.bytes(i..i + 1);
    let said = found.statements.innermost(&bytes).and_then(|s| found.statements.get(s))?;
    let source = page.analysis.tokens_in(said.source.clone()?);
    let body = source.take(12).find(|&t| matches!(lexicon().force(page, t), Some(Force::Security | Force::Side)))?;
    Some(side_name(page, found, body))
}

/// Whether two names of sides may be of one: the same, or a state's beside "the government" of a state not named.
pub(super) fn may_be_one(page: &Page, a: &str, b: &str) -> bool {
    let state = |name: &str| {
        let nation = name.split_whitespace().next().and_then(|w| nation(page, w)).or_else(|| page.atlas.country(name));
        (nation.map(|c| c.code.clone()), name.to_lowercase().contains("government") || nation.is_some())
    };
    let ((n, is_state), (m, too)) = (state(a), state(b));
    a == b || is_state && too && (n.is_none() || m.is_none() || n == m)
}

/// The country that a word names, also as the first part of a compound: "Syria", "Syrian", "U.S.-led".
fn nation<'p>(page: &'p Page, word: &str) -> Option<&'p atlas::Country> {
    let first = word.split('-').next().unwrap_or(word);
    page.atlas.demonym(first).or_else(|| page.atlas.country(first))
}

/// "the US-led coalition", "the coalition", "the anti-Islamic State coalition".
fn coalition(page: &Page, head: usize) -> String {
    let led_by = |head: usize| {
        let start = page.analysis.subtree(head).start.max(head.saturating_sub(8));
        let led = (start..head).any(|w| page.analysis.word(w).to_lowercase().ends_with("led"));
        if led { (start..head).find_map(|w| nation(page, page.analysis.word(w))) } else { None }
    };
    // A coalition named without its leader is the one whose leader the page names.
    let all = 0..page.analysis.len().min(4000);
    let leader = led_by(head)
        .or_else(|| all.filter(|&i| page.analysis.lemma(i).eq_ignore_ascii_case("coalition")).find_map(led_by));
    match leader {
        Some(c) if c.code != "US" => format!("{}-led coalition", c.adjective),
        _ => "US-led coalition".to_owned(),
    }
}

/// The name of a side's forces: a state's army is "Syrian army" only where the words say army; otherwise the state acts.
fn army_of(page: &Page, side: &str, head: usize) -> String {
    let country = page.atlas.country(side);
    match (page.analysis.lemma(head).to_lowercase().as_str(), country) {
        ("army" | "military" | "navy", Some(c)) => {
            format!("{} {}", c.adjective, page.analysis.lemma(head).to_lowercase())
        }
        _ => side.to_owned(),
    }
}

/// "suspected", "believed to be", "alleged" around a telling or its doer.
fn is_suspected(page: &Page, t: &Telling, d: &Doer) -> bool {
    let frames = &lexicon().frames;
    let a = &page.analysis;
    let modifies = |c: usize| matches!(dep(page, c), Dep::Advmod | Dep::Amod | Dep::Acl | Dep::Acomp | Dep::Oprd);
    let near = |head: usize| {
        a.children(head).any(|c| c != d.head && modifies(c) && Lexicon::has(page, &frames.suspect_words, c))
    };
    let verb = tree::clause_verb(page, t.token);
    near(d.head) || near(t.token) || verb != t.token && near(verb) || {
        let raised =
            a.head(verb).is_some_and(|h| dep(page, verb) == Dep::Xcomp && Lexicon::has(page, &frames.suspect_words, h));
        raised || Lexicon::has(page, &frames.suspect_words, verb)
    }
}

/// Whether a verb ties its object to an act as a suspect or a matter of talk.
fn speaks_of(page: &Page, verb: usize) -> bool {
    let frames = &lexicon().frames;
    [&frames.linking_verbs, &frames.suspect_verbs, &frames.accusing_verbs].iter().any(|l| Lexicon::has(page, l, verb))
}

/// The heads of those struck.
pub(super) fn patients(page: &Page, found: &Found, t: &Telling) -> Vec<usize> {
    let a = &page.analysis;
    if t.verbal {
        if dep(page, t.token) == Dep::Amod {
            return a.head(t.token).into_iter().collect();
        }
        let suffers = tree::is_passive(page, t.token) || takes_without_object(page, t.token);
        if suffers || matches!(a.lemma(t.token), "die" | "perish") {
            return tree::subjects(page, t.token);
        }
        let mut out = tree::with_children(page, t.token, Dep::Dobj);
        // "opened fire on the crowd": fire is no victim.
        out.retain(|&o| !t.phrase.contains(&o));
        if out.is_empty() {
            out.extend(tree::prep_objects(page, t.token, &["on", "at", "into", "against"]));
        }
        // "killed and wounded dozens": the object hangs on the last verb.
        if out.is_empty() {
            out.extend(
                a.children_by(t.token, Dep::Conj)
                    .filter(|&c| tree::is_verb(page, c))
                    .flat_map(|c| tree::with_children(page, c, Dep::Dobj)),
            );
        }
        return out;
    }
    // "blamed the ambush on the militia": the militia is no victim of it.
    let blamed = a.head(t.token).is_some_and(|v| Lexicon::has(page, &lexicon().frames.accusing_verbs, v));
    let preps: &[&str] = if blamed { &["against", "of", "at"] } else { &["on", "against", "of", "at"] };
    let mut out = tree::prep_objects(page, t.token, preps);
    out.extend(a.children_by(t.token, Dep::Poss).filter(|&p| is_struck(page, found, t, p)));
    for c in a.children(t.token).filter(|&c| dep(page, c) == Dep::Acl && !tree::is_passive(page, c)) {
        out.extend(tree::with_children(page, c, Dep::Dobj));
    }
    let (verb, relation) = governor(page, t.token);
    if let Some(verb) = verb {
        let suffers = Lexicon::has(page, &lexicon().frames.suffers, verb);
        // "was under attack", unlike "was there at the moment of the attack"
        let mere = a.lemma(verb) == "be"
            && relation == Dep::Pobj
            && a.head(t.token).is_none_or(|p| a.lemma(p) != "under" || a.head(p) != Some(verb));
        let suffers = suffers && !mere;
        match relation {
            // "was behind the attack", "was responsible for it": who did it does not suffer it.
            Dep::Pobj if is_doer_phrase(page, t.token) => {}
            Dep::Pobj | Dep::Dobj if suffers => out.extend(tree::subjects(page, verb)),
            Dep::Nsubj => out.extend(tree::with_children(page, verb, Dep::Dobj)),
            // "killed in the raid", unlike "charged with the raid", "linked to the raid"
            Dep::Pobj if tree::is_passive(page, verb) && !speaks_of(page, verb) => {
                out.extend(tree::subjects(page, verb))
            }
            _ => {}
        }
    }
    out
}
