//! Tellings: the words that tell of an act of violence, each with its type, its clause, and how real it is.
//!
//! A telling is a noun ("an air raid") or a verb ("shelled"). Words used otherwise are left out: a noun that only
//! modifies another ("attack helicopters"), a word whose modifier makes it something else ("heart attack"), a verb whose
//! object does not fit ("seized drugs"), a clause about a habit or about a whole war.

use std::ops::Range;

use language::{Dep, EntityLabel, Pos, Tag};
use record::{ActorKind, BlockKind, IncidentType, Modality, Precision};

use super::lexicon::{Force, Lexicon, Object, Strength, Trigger, lexicon};
use super::tree::{self, dep};
use crate::Page;
use crate::accords;
use crate::explain::name;
use crate::reader::Found;
use crate::trace::{Key, Note};

/// A word that tells of an act.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    /// The head token.
    pub(super) token: usize,
    /// Told by a verb; a gerund may be a noun ("killed in shelling").
    pub(super) verbal: bool,
    /// The tokens shown as trigger.
    pub(super) phrase: Range<usize>,
    /// Type, as far as the word and its clause tell.
    pub(super) kind: IncidentType,
    /// How far the type is settled; a generic word with its means is settled.
    pub(super) strength: Strength,
    /// Number of its sentence.
    pub(super) sentence: usize,
    /// Number of its block.
    pub(super) block: usize,
    /// Stands in a headline, dek or heading.
    pub(super) headline: bool,
    /// How far the word alone settles the type: "the attack" refers, whatever its means.
    pub(super) word: Strength,
    /// How real it is.
    pub(super) modality: Modality,
    /// "the attack", "this bombing": refers to something told before.
    pub(super) definite: bool,
    /// "an attack": told for the first time.
    pub(super) indefinite: bool,
}

/// All tellings of a page, in order of the text.
pub(super) fn read(page: &Page, found: &Found) -> Vec<Telling> {
    let mut out: Vec<Telling> = Vec::new();
    let mut taken = 0;
    for i in 0..page.analysis.len() {
        if i < taken {
            continue;
        }
        if let Some(end) = accords::name_end(page, i) {
            taken = end;
            continue;
        }
        if let Some((end, trigger, verbal)) = trigger_at(page, found, i) {
            let Some(telling) = telling(page, found, i, end, trigger, verbal) else { continue };
            taken = telling.token + 1;
            out.push(telling);
        }
    }
    out
}

/// The trigger that begins at token `i`, where it ends, and whether it is a verb.
fn trigger_at(page: &Page, found: &Found, i: usize) -> Option<(usize, Trigger, bool)> {
    let lexicon = lexicon();
    let token = &page.analysis.tokens()[i];
    let noun = |(end, t): (usize, Trigger)| (end, t, false);
    match token.pos {
        Pos::Noun | Pos::Propn => lexicon.nouns.at(page, i).map(noun).or_else(|| participle(page, i)),
        Pos::Adj => lexicon.nouns.at(page, i).filter(|(end, _)| *end > i + 1).map(noun).or_else(|| participle(page, i)),
        Pos::Verb => {
            let noun_of = |(end, t): (usize, Trigger)| (end, t, false);
            let noun = lexicon
                .nouns
                .at(page, i)
                .filter(|(end, _)| *end > i + 1 || token.tag == Tag::Vbg && is_nominal(page, i));
            let told = noun.map(|(end, t)| (end, t, false));
            let verb =
                || lexicon.verbs.below_where(page, i, |t| fits(page, found, i, t)).map(|(end, t)| (end, t, true));
            // "killed in regime airstrikes": a plural noun that the tagger took for a verb.
            let plural = || lexicon.nouns.at(page, i).map(noun_of).filter(|_| token.tag == Tag::Vbz);
            told.or_else(verb).or_else(plural)
        }
        _ => None,
    }
}

/// A gerund used as a noun: it has a determiner, an adjective, or "of".
fn is_nominal(page: &Page, i: usize) -> bool {
    let nominal = |c: usize| matches!(dep(page, c), Dep::Det | Dep::Amod | Dep::Compound | Dep::Poss | Dep::Case);
    let verbal = |c: usize| matches!(dep(page, c), Dep::Nsubj | Dep::Aux | Dep::Dobj | Dep::Auxpass);
    // "killed in shelling", unlike "detained for protesting"
    let amid = dep(page, i) == Dep::Pcomp
        && page.analysis.head(i).is_some_and(|p| {
            matches!(page.analysis.lemma(p).to_lowercase().as_str(), "in" | "by" | "during" | "amid" | "despite")
        });
    // "regime shelling of the town"
    let next = (i + 1 < page.analysis.len()).then(|| page.analysis.word(i + 1));
    let of = next == Some("of") && i.checked_sub(1).is_some_and(|p| tree::is_noun(page, p));
    !page.analysis.children(i).any(verbal)
        && (amid
            || of
            || page.analysis.children(i).any(nominal)
            || matches!(dep(page, i), Dep::Nsubj | Dep::Pobj | Dep::Nsubjpass))
}

/// "besieged" before a noun, tagged as an adjective; only sieges are told so.
fn participle(page: &Page, i: usize) -> Option<(usize, Trigger, bool)> {
    if !page.analysis.word(i).ends_with("ed") {
        return None;
    }
    let siege = lexicon().verbs.at(page, i).filter(|(_, t)| t.kind == IncidentType::SiegeOrBlockade);
    siege.map(|(end, t)| (end, t, true))
}

/// Whether verb `i` acts on what its trigger needs.
fn fits(page: &Page, found: &Found, i: usize, trigger: &Trigger) -> bool {
    let passive = tree::is_passive(page, i);
    let patients = if passive { tree::subjects(page, i) } else { tree::with_children(page, i, Dep::Dobj) };
    match trigger.object {
        None => true,
        Some(Object::Aircraft) => patients.iter().any(|&p| Lexicon::has(page, &lexicon().frames.aircraft, p)),
        Some(Object::Person) => {
            patients.is_empty()
                || patients.iter().any(|&p| is_somebody(page, found, p))
                || by_force(page, i) && patients.iter().all(|&p| !Lexicon::has(page, &lexicon().frames.ground, p))
        }
        Some(Object::Captive) => {
            let away = |&p: &usize| !Lexicon::has(page, &lexicon().frames.ground, p) && is_somebody(page, found, p);
            // "took him to hospital" takes nobody captive.
            let to = page.analysis.children_by(i, Dep::Prep).any(|p| matches!(page.analysis.lemma(p), "to" | "into"));
            let plain = page.analysis.lemma(i) == "take";
            patients.iter().any(away) && by_force(page, i) && !(plain && to)
        }
        Some(Object::Building) => patients.iter().any(|&p| Lexicon::has(page, &lexicon().frames.struck, p)),
        Some(Object::Crowd) => {
            let crowd = |&p: &usize| Lexicon::has(page, &lexicon().frames.crowds, p);
            patients.iter().any(crowd) || tree::subjects(page, i).iter().any(crowd)
        }
        Some(Object::Weapon) => patients
            .iter()
            .any(|&p| tree::phrase(page, p).any(|w| lexicon().means.at(page, w).is_some_and(|(end, _)| end > p))),
        Some(Object::Place) => {
            let placed = |p: usize| {
                // Names stand in order of the text: only those around the token are looked at.
                let first = found.places.partition_point(|n| n.phrase.end + 8 < p);
                let near = found.places.iter().skip(first).take_while(|n| n.tokens.start <= p + 8);
                near.into_iter().any(|n| !n.demonym && (n.tokens.contains(&p) || n.head == p))
                    || Lexicon::has(page, &lexicon().frames.ground, p)
            };
            let reached = page.analysis.children_by(i, Dep::Prep).flat_map(|c| tree::objects_of(page, c)).any(placed);
            let fell = page.analysis.lemma(i) == "fall" && tree::subjects(page, i).into_iter().any(placed);
            if page.analysis.lemma(i) == "fall" {
                fell
            } else {
                patients.iter().any(|&p| placed(p)) || patients.is_empty() && reached
            }
        }
    }
}

/// Whether a noun, name, pronoun or bare number stands for people.
fn is_somebody(page: &Page, found: &Found, p: usize) -> bool {
    let a = &page.analysis;
    let word = a.lemma(p).to_lowercase();
    lexicon().force(page, p).is_some()
        || crate::quantities::is_people(&word)
        || found.actors.naming_at(p).is_some_and(|n| n.pronoun)
        || found.actors.actor_at(p).is_some_and(|a| a.kind == ActorKind::Person)
        || matches!(a.tokens()[p].pos, Pos::Num | Pos::Pron)
        || a.entity_of(p).is_some_and(|e| matches!(e.label, EntityLabel::Person | EntityLabel::Norp))
        || Lexicon::has(page, &lexicon().frames.collectives, p)
        || a.tokens()[p].pos != Pos::Propn && a.word(p).eq_ignore_ascii_case("others")
}

/// Whether those who act at verb `i` are people who use force.
fn by_force(page: &Page, i: usize) -> bool {
    let armed = |t: usize| {
        matches!(
            lexicon().force(page, t),
            Some(Force::Attacker | Force::Security | Force::Side | Force::Force | Force::Unknown)
        )
    };
    let doers = if tree::is_passive(page, i) { tree::by_agents(page, i) } else { tree::subjects(page, i) };
    // "armed men in plain clothes", "some unidentified men"
    let around = |d: usize| page.analysis.subtree(d).start.max(d.saturating_sub(6)).min(d)..d;
    let told = |t: usize| armed(t) || page.analysis.word(t).eq_ignore_ascii_case("armed");
    doers.into_iter().any(|d| armed(d) || around(d).any(told))
}

/// The telling made of a trigger, unless the words mean something else here.
fn telling(page: &Page, found: &Found, i: usize, end: usize, trigger: Trigger, verbal: bool) -> Option<Telling> {
    let a = &page.analysis;
    let frames = &lexicon().frames;
    // The head of a phrase of several nouns is its last noun; of a verb phrase the verb.
    let token = if verbal { i } else { (i..end).rev().find(|&t| tree::is_noun(page, t)).unwrap_or(i) };
    let clause = clause(page, token);
    if !verbal {
        if let Some(head) = a.head(token)
            && dep(page, token) == Dep::Compound
            && !Lexicon::has(page, &frames.compound_heads, head)
            && head > token
        {
            return None;
        }
        let modifier = |c: usize| {
            matches!(dep(page, c), Dep::Amod | Dep::Compound) && Lexicon::has(page, &frames.foreign_modifiers, c)
        };
        // "described it as an attack" tells nothing new.
        if a.head(token).is_some_and(|p| a.lemma(p) == "as" && dep(page, p) == Dep::Prep) {
            return None;
        }
        // "a state of siege" is a law, not a siege.
        let state = a
            .head(token)
            .filter(|&p| a.lemma(p) == "of")
            .and_then(|p| a.head(p))
            .is_some_and(|h| a.lemma(h) == "state");
        if state || a.children(token).any(modifier) {
            return None;
        }
    } else if dep(page, token) == Dep::Amod && trigger.kind != IncidentType::SiegeOrBlockade {
        return None;
    }
    // "arrested for protesting": the reason, not the news.
    let aside = matches!(dep(page, token), Dep::Pcomp | Dep::Acl | Dep::Advcl | Dep::Relcl);
    if verbal && trigger.kind == IncidentType::ProtestOrRiot && aside {
        return None;
    }
    let fights = trigger.kind == IncidentType::GroundFighting && trigger.object.is_none();
    if verbal && fights && !has_violent_role(page, found, token) {
        return None;
    }
    let sport =
        matches!(trigger.kind, IncidentType::GroundFighting | IncidentType::OtherViolence | IncidentType::ArmedAttack);
    if verbal && sport && in_contest(page, token) {
        return None;
    }
    // "struck a deal", "hit a record high"
    let idle = |&o: &usize| Lexicon::has(page, &frames.idle_objects, o);
    if verbal && trigger.strength == Strength::Generic && tree::with_children(page, token, Dep::Dobj).iter().any(idle) {
        return None;
    }
    if verbal && trigger.strength == Strength::Generic && !has_violent_role(page, found, token) {
        return None;
    }
    let (kind, strength) = match trigger.strength {
        Strength::Specific => (finer(page, token, &trigger), Strength::Specific),
        other => match lexicon().means_told(page, reach(page, token, trigger.object)) {
            Some(means) => {
                page.trace.note(Key::Telling(token), || {
                    let why = format!("the means named beside “{}” give the type {}", a.word(token), name(&means.kind));
                    Note::new("means", means.tokens.clone(), why).from(means.row)
                });
                (means.kind, if other == Strength::Generic { Strength::Specific } else { Strength::Effect })
            }
            None => (trigger.kind, other),
        },
    };
    // "taken from her home by police": held rather than abducted.
    let police = |t: usize| lexicon().force(page, t) == Some(Force::Security);
    let doers =
        || if tree::is_passive(page, token) { tree::by_agents(page, token) } else { tree::subjects(page, token) };
    let held = trigger.object == Some(Object::Captive)
        && doers().into_iter().any(|d| (page.analysis.subtree(d).start.max(d.saturating_sub(6))..d + 1).any(police));
    let kind = if held { IncidentType::Detention } else { kind };
    // "Clashes between police and protesters" are a riot.
    let kind = if kind == IncidentType::GroundFighting && trigger.object.is_none() && with_crowd(page, token) {
        IncidentType::ProtestOrRiot
    } else {
        kind
    };
    let det = a.child(token, Dep::Det).map(|d| a.word(d).to_lowercase());
    let possessed = a.child(token, Dep::Poss).is_some();
    // "when the convoy was attacked": what is struck has been told of.
    let again = verbal
        && trigger.strength == Strength::Generic
        && dep(page, token) == Dep::Advcl
        && tree::subjects(page, token)
            .into_iter()
            .any(|s| a.child(s, Dep::Det).is_some_and(|d| a.word(d).eq_ignore_ascii_case("the")));
    let block = page.block_of(token);
    page.trace.note(Key::Telling(token), || {
        let told = match trigger.strength {
            Strength::Specific => format!("the word alone settles the type {}", name(&kind)),
            Strength::Generic => format!("type {} from the means beside it or what it refers to", name(&kind)),
            Strength::Effect => format!("tells what happened to people or things (type {})", name(&kind)),
        };
        let word = if verbal { "verb" } else { "noun" };
        Note::new("trigger", i..end, format!("{word}: {told}")).from(trigger.row)
    });
    Some(Telling {
        token,
        verbal,
        phrase: shown(page, token, i..end, verbal),
        kind,
        strength,
        word: trigger.strength,
        sentence: a.sentence_of(token),
        block,
        headline: page
            .blocks
            .get(block)
            .is_some_and(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Dek | BlockKind::Heading)),
        modality: modality(page, token, clause),
        definite: matches!(det.as_deref(), Some("the" | "this" | "that" | "these" | "those"))
            || possessed
            || again
            || a.lemma(token).eq_ignore_ascii_case("toll")
            || counts_again(page, token, verbal),
        indefinite: matches!(det.as_deref(), Some("a" | "an" | "another")),
    })
}

/// "those killed", "the 40 wounded": people struck in what has been told.
fn counts_again(page: &Page, token: usize, verbal: bool) -> bool {
    let a = &page.analysis;
    verbal && dep(page, token) == Dep::Acl && a.head(token).is_some_and(|h| a.word(h).eq_ignore_ascii_case("those"))
}

/// Whether protesters are on one side of a clash.
fn with_crowd(page: &Page, token: usize) -> bool {
    let rioter = |i: usize| {
        Lexicon::has(page, &lexicon().frames.crowds, i) && lexicon().force(page, i).is_some_and(|f| f != Force::People)
    };
    let mut sides = tree::prep_objects(page, token, &["between", "with", "of", "among"]);
    if tree::is_verb(page, token) {
        sides.extend(tree::subjects(page, token));
    }
    sides.into_iter().any(rioter)
}

/// "A suicide bomber blew himself up": the means make a bombing a suicide bombing.
fn finer(page: &Page, token: usize, trigger: &Trigger) -> IncidentType {
    let suicide = || lexicon().means_in(page, reach(page, token, None)) == Some(IncidentType::SuicideBombing);
    if trigger.kind == IncidentType::Bombing && suicide() { IncidentType::SuicideBombing } else { trigger.kind }
}

/// Whether a noun names a place finer than a country.
pub(super) fn is_town(page: &Page, found: &Found, i: usize) -> bool {
    let first = found.places.partition_point(|p| p.tokens.end <= i);
    let here = found.places.get(first).filter(|p| p.tokens.contains(&i) && !p.demonym);
    here.is_some_and(|p| p.precision != Some(Precision::Country)) && tree::is_noun(page, i)
}

/// The tokens shown as trigger: a noun with what stands before it, a verb with its auxiliaries' last and its particle.
fn shown(page: &Page, token: usize, words: Range<usize>, verbal: bool) -> Range<usize> {
    if verbal {
        return words.start..words.end.min(words.start + 6).max(token + 1);
    }
    let start = page.analysis.subtree(token).start;
    let start = if token - start.min(token) > 6 { words.start } else { start };
    start.min(token)..words.end.max(token + 1)
}

/// The verb of the clause that a telling stands in.
pub(super) fn clause(page: &Page, token: usize) -> usize {
    tree::clause_verb(page, token)
}

/// The tokens in which the means of a generic telling are looked for: its own phrase, and the subject, agent and
/// instruments of its verb.
fn reach(page: &Page, token: usize, object: Option<Object>) -> impl Iterator<Item = usize> {
    let a = &page.analysis;
    let mut tokens: Vec<usize> = Vec::new();
    let near = |r: Range<usize>| r.start..r.end.min(r.start + 24);
    if tree::is_verb(page, token) {
        tokens.push(token);
        // "dropped barrel bombs": the object is the means.
        if object == Some(Object::Weapon) {
            for o in tree::with_children(page, token, Dep::Dobj) {
                tokens.extend(tree::phrase(page, o));
            }
        }
        for s in tree::subjects(page, token) {
            tokens.extend(tree::phrase(page, s));
        }
        for s in tree::by_agents(page, token) {
            tokens.extend(tree::phrase(page, s));
        }
        for p in
            a.children_by(token, Dep::Prep).filter(|&p| matches!(a.lemma(p), "with" | "by" | "from" | "in" | "using"))
        {
            tokens.extend(near(a.subtree(p)));
        }
    } else {
        tokens.extend(near(a.subtree(token)));
        if let Some(verb) = a.head(token).filter(|&h| tree::is_verb(page, h)) {
            for s in tree::subjects(page, verb).into_iter().chain(tree::by_agents(page, verb)).filter(|&s| s != token) {
                tokens.extend(tree::phrase(page, s));
            }
        }
    }
    tokens.into_iter()
}

/// Whether the words around a verb are of sport.
fn in_contest(page: &Page, token: usize) -> bool {
    let sentence = page.analysis.sentences().get(page.analysis.sentence_of(token)).cloned().unwrap_or_default();
    let near = sentence.start.max(token.saturating_sub(20))..sentence.end.min(token + 20);
    near.into_iter().any(|i| Lexicon::has(page, &lexicon().frames.contests, i))
}

/// Whether a verb of many meanings ("hit", "target") is used of violence: its doer or its instrument uses force.
fn has_violent_role(page: &Page, found: &Found, verb: usize) -> bool {
    let lexicon = lexicon();
    let struck = if tree::is_passive(page, verb) {
        tree::subjects(page, verb)
    } else {
        tree::with_children(page, verb, Dep::Dobj)
    };
    // "a convoy was attacked", "targeted a hospital": what can be struck but not argued with.
    if struck.iter().any(|&p| Lexicon::has(page, &lexicon.frames.struck, p) || is_town(page, found, p)) {
        return true;
    }
    let mut around: Vec<usize> = tree::subjects(page, verb);
    // "The opposition attacked the budget": a political side argues with what force does not strike.
    let political = |&s: &usize| Lexicon::has(page, &lexicon.frames.political_sides, s);
    let argued = |&o: &usize| {
        page.analysis.tokens()[o].pos == Pos::Noun
            && lexicon.force(page, o).is_none()
            && !Lexicon::has(page, &lexicon.frames.ground, o)
            && !crate::quantities::is_people(&page.analysis.lemma(o).to_lowercase())
    };
    let active = !tree::is_passive(page, verb) && !struck.is_empty();
    if active && !around.is_empty() && around.iter().all(political) && struck.iter().all(argued) {
        around.clear();
    }
    around.extend(tree::by_agents(page, verb));
    around.extend(tree::prep_objects(page, verb, &["with"]));
    around.extend(tree::with_children(page, verb, Dep::Dobj));
    around.iter().any(|&t| {
        let armed = |i: usize| lexicon.force(page, i).is_some_and(|f| !matches!(f, Force::Unknown | Force::People));
        let means = tree::phrase(page, t).any(|w| lexicon.means.at(page, w).is_some());
        means
            || Lexicon::has(page, &lexicon.frames.inanimate, t)
            || lexicon.nouns.at(page, t).is_some()
            || tree::phrase(page, t).any(armed)
    })
}

/// Whether the clause tells of a habit or of a whole war rather than of one act.
pub(super) fn is_general(page: &Page, t: &Telling) -> bool {
    let frames = &lexicon().frames;
    let a = &page.analysis;
    let verb = clause(page, t.token);
    let habitual = |v: usize| a.children_by(v, Dep::Advmod).any(|c| Lexicon::has(page, &frames.habit, c));
    if habitual(verb) || t.token != verb && habitual(t.token) {
        return true;
    }
    let whole = |i: usize| Lexicon::has(page, &frames.generality, i);
    tree::subjects(page, verb).into_iter().any(whole)
        || t.strength == Strength::Effect && since_a_war(page, verb)
        || a.children_by(t.token, Dep::Amod).any(|c| Lexicon::has(page, &frames.habit, c))
}

/// "killed since the war began", "in the conflict": the sum over a war.
pub(super) fn since_a_war(page: &Page, verb: usize) -> bool {
    let frames = &lexicon().frames;
    let span = page.analysis.subtree(verb);
    let span = span.start..span.end.min(span.start + 60);
    let whole = |i: usize| Lexicon::has(page, &frames.generality, i);
    // "at least 40 have been killed since 2014"
    let year =
        |i: usize| page.analysis.word(i).len() == 4 && page.analysis.word(i).parse::<u16>().is_ok_and(|y| y > 1900);
    let since = |i: usize| page.analysis.lemma(i).eq_ignore_ascii_case("since") && i + 1 < span.end && year(i + 1);
    if span.clone().any(since) {
        return true;
    }
    span.clone().any(|i| {
        matches!(page.analysis.lemma(i), "since" | "in" | "during" | "throughout")
            && (i + 1..span.end.min(i + 5)).any(whole)
    })
}

/// How real the telling is.
fn modality(page: &Page, token: usize, clause: usize) -> Modality {
    let a = &page.analysis;
    let frames = &lexicon().frames;
    if !tree::is_verb(page, token) {
        if a.children_by(token, Dep::Det).any(|d| a.word(d).eq_ignore_ascii_case("no")) {
            return Modality::Negated;
        }
        // "called to protest against the killing of a singer": what is protested against did happen.
        let the = a.child(token, Dep::Det).is_some_and(|d| a.word(d).eq_ignore_ascii_case("the"))
            || a.child(token, Dep::Poss).is_some();
        if the && Lexicon::has(page, &frames.presupposing_verbs, clause) {
            return Modality::Asserted;
        }
        // "calls for a halt to air strikes", "threats of attack"
        let mut at = token;
        for _ in 0..3 {
            let Some(head) = a.head(at) else { break };
            if Lexicon::has(page, &frames.unreal_nouns, head) && tree::is_noun(page, head) {
                return Modality::Hypothetical;
            }
            if tree::is_verb(page, head) {
                let object = matches!(dep(page, at), Dep::Dobj | Dep::Prep | Dep::Pobj | Dep::Nsubjpass);
                if object && Lexicon::has(page, &frames.unreal_verbs, head) {
                    return unreal(page, head);
                }
                break;
            }
            at = head;
        }
    }
    let mut verb = clause;
    for _ in 0..5 {
        if a.children_by(verb, Dep::Neg).next().is_some() && verb_governs(page, verb, token) {
            return Modality::Negated;
        }
        for aux in a.children_by(verb, Dep::Aux) {
            match a.word(aux).to_lowercase().as_str() {
                "will" | "'ll" | "shall" => return Modality::Future,
                "would" | "could" | "may" | "might" | "can" | "should" | "must" => {
                    let perfect = a.children_by(verb, Dep::Aux).any(|c| a.lemma(c) == "have");
                    if !perfect {
                        return Modality::Hypothetical;
                    }
                }
                _ => {}
            }
        }
        if a.children_by(verb, Dep::Mark)
            .any(|m| matches!(a.word(m).to_lowercase().as_str(), "if" | "unless" | "whether"))
        {
            return Modality::Hypothetical;
        }
        let Some(head) = a.head(verb) else { break };
        if denier(page, verb).is_some() {
            return Modality::Negated;
        }
        let infinitive = a.children_by(verb, Dep::Aux).any(|c| a.tokens()[c].tag == Tag::To);
        if infinitive {
            let perfect = a.children_by(verb, Dep::Aux).any(|c| a.lemma(c) == "have");
            if !perfect && !Lexicon::has(page, &frames.real_verbs, head) {
                return unreal(page, head);
            }
            verb = if tree::is_verb(page, head) { head } else { tree::clause_verb(page, head) };
            continue;
        }
        match dep(page, verb) {
            Dep::Conj | Dep::Xcomp | Dep::Auxpass if tree::is_verb(page, head) => verb = head,
            Dep::Pcomp => {
                let Some(governor) = a.head(head) else { break };
                if Lexicon::has(page, &frames.unreal_verbs, governor)
                    || Lexicon::has(page, &frames.unreal_nouns, governor)
                {
                    return unreal(page, governor);
                }
                break;
            }
            _ => break,
        }
    }
    Modality::Asserted
}

/// The verb of denial that a clause hangs on: "denied carrying out the strike", "rejects that its planes did it".
pub(super) fn denier(page: &Page, verb: usize) -> Option<usize> {
    let a = &page.analysis;
    let mut head = a.head(verb).filter(|_| matches!(dep(page, verb), Dep::Xcomp | Dep::Ccomp | Dep::Pcomp))?;
    if dep(page, verb) == Dep::Pcomp {
        head = a.head(head)?;
    }
    let denies = Lexicon::has(page, &lexicon().frames.denial_verbs, head) && tree::is_verb(page, head);
    (denies && a.children_by(head, Dep::Neg).next().is_none()).then_some(head)
}

/// Whether a negation at `verb` negates the telling at `token`, rather than a clause around it.
fn verb_governs(page: &Page, verb: usize, token: usize) -> bool {
    token == verb || page.analysis.ancestors(token).take(4).any(|a| a == verb)
}

/// The modality under a verb or noun of wanting, fearing, threatening.
fn unreal(page: &Page, head: usize) -> Modality {
    if Lexicon::has(page, &lexicon().frames.threat_verbs, head) { Modality::Threatened } else { Modality::Hypothetical }
}
