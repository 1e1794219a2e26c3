//! Who is said to have done it, by whom, and with what stance.
//!
//! Four sources: the doers of the tellings; verbs of blame ("Residents blamed the coalition for the strikes"); claims
//! and denials ("claimed responsibility", "denied involvement"); and insinuations, where a speaker places a weapon near
//! the act without saying that it struck.

use std::ops::Range;

use language::{Dep, Pos, Tag};
use record::{IncidentType, Mode, Perpetrator, Stance};

use super::lexicon::{Force, Lexicon, lexicon};
use super::roles::{self, Doer};
use super::tree::{self, dep};
use super::triggers::{self, Telling};
use crate::Page;
use crate::actors;
use crate::reader::{Found, by};

/// A perpetrator, and the token from which its incident is looked for.
#[derive(Debug, Clone)]
pub(super) struct Blame {
    pub(super) perpetrator: Perpetrator,
    pub(super) token: usize,
    /// The means that the words of blame name: "blamed on Russian warplanes".
    pub(super) means: Option<IncidentType>,
    /// Holds only where the speaker is among those told to have done it: "the police confirmed the arrest".
    pub(super) owned: bool,
}

/// The perpetrator that a doer of a telling makes.
///
/// A denial is its denier's: "Russia denied carrying out the strike".
pub(super) fn of_doer(page: &Page, found: &Found, d: &Doer, telling: &Telling, denied: bool) -> Perpetrator {
    let bytes = page.analysis.bytes(d.mention.clone());
    let (mut speaker, mut statement) = by(found, &bytes);
    let mut within = found.statements.innermost(&bytes);
    if statement.is_none() {
        let told = page.analysis.bytes(telling.phrase.clone());
        (speaker, statement) = by(found, &told);
        within = found.statements.innermost(&told);
    }
    let believed = within.and_then(|s| found.statements.get(s)).is_some_and(|s| s.mode == Mode::Believes);
    let ours = || roles::speakers_side(page, found, d.head).is_some_and(|side| side == d.actor);
    let own = is_own(&d.actor, &speaker) || leads(page, &d.actor, &speaker) || statement.is_some() && ours();
    // "The militants admitted killing two hostages."
    let owner = page.analysis.head(telling.token).filter(|&v| {
        matches!(dep(page, telling.token), Dep::Xcomp | Dep::Pcomp)
            && Lexicon::has(page, &lexicon().frames.confirming_verbs, v)
    });
    if let Some(verb) = owner.filter(|_| !denied)
        && tree::subjects(page, verb).contains(&d.head)
    {
        return perpetrator(page, d, Stance::Admits, actors::name_of(page, &found.actors, d.head), statement, bytes);
    }
    let stance = stance(own, statement.is_some(), d.suspected || believed, denied);
    if denied
        && statement.is_none()
        && let Some(verb) = page.analysis.ancestors(telling.token).take(6).find_map(|v| triggers::denier(page, v))
        && let Some(&denier) = tree::subjects(page, verb).first()
    {
        let speaker = actors::name_of(page, &found.actors, denier);
        return perpetrator(page, d, stance, speaker, None, bytes);
    }
    perpetrator(page, d, stance, speaker, statement, bytes)
}

fn perpetrator(
    page: &Page,
    d: &Doer,
    stance: Stance,
    by: String,
    statement: Option<String>,
    bytes: Range<usize>,
) -> Perpetrator {
    Perpetrator {
        actor: d.actor.clone(),
        actor_id: d.actor_id.clone(),
        mention: page.span(bytes),
        stance,
        by,
        statement,
    }
}

fn stance(own: bool, spoken: bool, suspected: bool, denied: bool) -> Stance {
    match () {
        () if denied => Stance::Denies,
        () if spoken && own => Stance::Admits,
        () if suspected => Stance::Suspects,
        () if spoken => Stance::Accuses,
        () => Stance::Asserts,
    }
}

/// Whether a speaker is the actor or speaks for it: one name holds the other.
pub(super) fn is_own(actor: &str, speaker: &str) -> bool {
    let words = |s: &str| -> Vec<String> { s.split_whitespace().map(str::to_lowercase).collect() };
    let (a, s) = (words(actor), words(speaker));
    !a.is_empty() && a.iter().all(|w| s.contains(w)) || !s.is_empty() && s.iter().all(|w| a.contains(w))
}

/// Whether a speaker belongs to the actor: one name holds the other, or both hold the same name or the same word for
/// armed or uniformed people ("the Delta Watch's media unit" of "Delta Watch men").
pub(super) fn is_part(page: &Page, actor: &str, speaker: &str) -> bool {
    let plain = |w: &str| w.trim_end_matches("'s").trim_end_matches("’s").to_owned();
    let names = |s: &str| -> Vec<String> { s.split_whitespace().map(plain).collect() };
    let telling = |w: &String| {
        w.chars().next().is_some_and(char::is_uppercase)
            && page.atlas.demonym(w).is_none()
            && page.atlas.country(w).is_none()
            || lexicon().forces.get(w.as_str()).is_some_and(|(f, _)| matches!(f, Force::Security | Force::Side))
    };
    is_own(actor, speaker) || names(actor).iter().any(|w| telling(w) && names(speaker).contains(w))
}

/// Whether the speaker is of the country that leads the coalition blamed.
fn leads(page: &Page, actor: &str, speaker: &str) -> bool {
    let country = |w: &str| page.atlas.country(w).or_else(|| page.atlas.demonym(w)).map(|c| c.code.clone());
    let leader = actor.split_once("-led").and_then(|(leader, _)| country(leader));
    leader.is_some() && speaker.split_whitespace().next().and_then(country) == leader
}

/// Blame, claims, denials and insinuations told by verbs of their own.
pub(super) fn read(page: &Page, found: &Found) -> Vec<Blame> {
    let mut out = Vec::new();
    for v in (0..page.analysis.len()).filter(|&i| tree::is_verb(page, i)) {
        blame(page, found, v, &mut out);
        claim(page, found, v, &mut out);
        linked(page, found, v, &mut out);
        confirmed(page, found, v, &mut out);
    }
    // "The army blamed the militia. The group denied any part in it": the group is the one just blamed.
    let accused: Vec<(usize, Perpetrator)> =
        out.iter().map(|b| (page.analysis.sentence_of(b.token), b.perpetrator.clone())).collect();
    for (n, said) in found.statements.iter().enumerate() {
        let id = format!("s{}", n + 1);
        if said.mode == Mode::Denies {
            denial(page, found, said, &id, &accused, &mut out);
        }
        insinuation(page, found, said, &id, &mut out);
    }
    out.sort_by_key(|b| b.token);
    out
}

/// "Residents blamed the coalition for the strikes", "blamed the attack on rebels".
fn blame(page: &Page, found: &Found, v: usize, out: &mut Vec<Blame>) {
    let a = &page.analysis;
    if !Lexicon::has(page, &lexicon().frames.accusing_verbs, v) {
        return;
    }
    // "accused the army of the raid", "of being behind it", "of carrying it out"; any blame, as for what is told before.
    let blames = a.lemma(v).eq_ignore_ascii_case("blame");
    if !blames && !accuses_of_doing(page, v) {
        return;
    }
    let mut on = if blames { tree::prep_objects(page, v, &["on"]) } else { Vec::new() };
    // "blamed the bombing on rebels": the parser hangs "on" on the act.
    if blames && on.is_empty() {
        let acts =
            tree::with_children(page, v, Dep::Dobj).into_iter().filter(|&o| lexicon().nouns.at(page, o).is_some());
        on = acts.flat_map(|o| tree::prep_objects(page, o, &["on"])).collect();
    }
    if blames && !blames_for_act(page, v, !on.is_empty()) {
        return;
    }
    let passive = tree::is_passive(page, v);
    let accused = match (on.is_empty(), passive) {
        (false, _) => on,
        (true, true) => tree::subjects(page, v),
        (true, false) => tree::with_children(page, v, Dep::Dobj),
    };
    let blamers = if passive { tree::by_agents(page, v) } else { tree::subjects(page, v) };
    let denied = a.children_by(v, Dep::Neg).next().is_some();
    // "we cannot blame them" clears nobody.
    if denied && a.children_by(v, Dep::Aux).any(|c| a.tokens()[c].tag == Tag::Md) {
        return;
    }
    for head in accused {
        let means = lexicon().means_in(page, tree::phrase(page, head));
        let mut doers = Vec::new();
        roles::push(page, found, head, &mut doers);
        for d in doers {
            let bytes = a.bytes(d.mention.clone());
            let within = by(found, &bytes);
            // The statement that the verb makes knows its speaker better than the tree alone.
            let own = found.statements.of_cue(v).and_then(|n| found.statements.get(n));
            let (speaker, statement) = match blamers.first() {
                _ if own.is_some_and(|s| !s.speaker.is_empty()) => {
                    (own.map(|s| s.speaker.clone()).unwrap_or_default(), within.1)
                }
                Some(&b) => (actors::name_of(page, &found.actors, b), within.1),
                None => within,
            };
            let stance = if denied { Stance::Denies } else { Stance::Accuses };
            let perpetrator = perpetrator(page, &d, stance, speaker, statement, bytes);
            out.push(Blame { perpetrator, token: v, means, owned: false });
        }
    }
}

/// Whether what is blamed on somebody is an act: a telling, words for having done it, a pronoun, or nothing named.
/// "Blamed the rebels for the truce's failure" is no violence.
fn blames_for_act(page: &Page, v: usize, on: bool) -> bool {
    let a = &page.analysis;
    let things = match (on, tree::is_passive(page, v)) {
        (true, true) => tree::subjects(page, v),
        (true, false) => tree::with_children(page, v, Dep::Dobj),
        (false, _) => tree::prep_objects(page, v, &["for"]),
    };
    let act = |&i: &usize| {
        Lexicon::has(page, &lexicon().frames.doing_nouns, i)
            || lexicon().nouns.at(page, i).is_some()
            || tree::phrase(page, i).any(|w| lexicon().nouns.at(page, w).is_some())
            || a.tokens()[i].pos == Pos::Pron
    };
    things.is_empty() || things.iter().any(act)
}

/// Whether "accused X of …" is of an act told elsewhere: the act as a noun, a pronoun for it, or words for being behind it.
fn accuses_of_doing(page: &Page, v: usize) -> bool {
    let a = &page.analysis;
    let frames = &lexicon().frames;
    let act = |i: usize| Lexicon::has(page, &frames.doing_nouns, i) || lexicon().nouns.at(page, i).is_some();
    a.children_by(v, Dep::Prep).filter(|&p| matches!(a.lemma(p), "of" | "for" | "over" | "with")).any(|p| {
        a.children(p).any(|c| match dep(page, c) {
            Dep::Pobj => act(c) || Lexicon::has(page, &frames.doer_words, c),
            Dep::Pcomp => {
                let it = a.children_by(c, Dep::Dobj).any(|o| a.tokens()[o].pos == Pos::Pron || act(o));
                it && Lexicon::has(page, &frames.does, c)
                    || a.children(c).any(|k| Lexicon::has(page, &frames.doer_words, k))
            }
            _ => false,
        })
    })
}

/// "The group claimed responsibility", "has taken responsibility for the attack".
fn claim(page: &Page, found: &Found, v: usize, out: &mut Vec<Blame>) {
    let a = &page.analysis;
    let owns = a.children_by(v, Dep::Dobj).any(|o| a.lemma(o) == "responsibility");
    if !owns
        || !matches!(a.lemma(v), "claim" | "take" | "accept" | "admit")
        || a.children_by(v, Dep::Neg).next().is_some()
    {
        return;
    }
    for head in tree::subjects(page, v) {
        let none = a.children_by(head, Dep::Det).any(|d| matches!(a.word(d).to_lowercase().as_str(), "no" | "neither"));
        if none || a.word(head).eq_ignore_ascii_case("no") {
            continue;
        }
        let mut doers = Vec::new();
        roles::push(page, found, head, &mut doers);
        for d in doers {
            let bytes = a.bytes(d.mention.clone());
            let speaker = d.actor.clone();
            out.push(Blame {
                perpetrator: perpetrator(page, &d, Stance::Admits, speaker, by(found, &bytes).1, bytes),
                token: v,
                means: None,
                owned: false,
            });
        }
    }
}

/// "Moscow denies involvement": the speaker is the one exonerated.
fn denial(
    page: &Page,
    found: &Found,
    said: &crate::statements::Said,
    id: &str,
    accused: &[(usize, Perpetrator)],
    out: &mut Vec<Blame>,
) {
    let frames = &lexicon().frames;
    let Some(content) = said.content.first() else { return };
    let tokens = page.analysis.tokens_in(content.clone());
    let act = |&i: &usize| {
        Lexicon::has(page, &frames.doing_nouns, i) || tree::is_noun(page, i) && lexicon().nouns.at(page, i).is_some()
    };
    let Some(token) = tokens.clone().find(act) else { return };
    // "denied that the rebels had carried out the raid": it is the rebels who are cleared of it.
    if tokens.clone().any(|i| clears_another(page, found, i, said)) {
        return;
    }
    // The evidence: from the source's words, where they stand before it, to the word that says what is denied.
    let first = said.source.as_ref().map_or(tokens.start, |s| page.analysis.tokens_in(s.clone()).start);
    let shown = first.min(tokens.start).max(token.saturating_sub(24))..tokens.end.min(token + 4).max(token + 1);
    let actor_id = said.actor.and_then(|a| found.actors.actors.get(a)).and_then(|a| a.actor_id.clone());
    let state = page.atlas.country_by_capital(&said.speaker).map(|c| c.name.clone());
    let sentence = page.analysis.sentence_of(token);
    let nominal = said.source.as_ref().is_some_and(|s| {
        let words = page.analysis.tokens_in(s.clone());
        words.len() <= 2 && words.into_iter().all(|i| !matches!(page.analysis.tokens()[i].pos, Pos::Propn))
    });
    let upto = accused.partition_point(|(s, _)| *s < sentence);
    let before = accused[..upto].last().filter(|(s, p)| nominal && sentence - s <= 1 && p.stance != Stance::Denies);
    if let Some((_, p)) = before.filter(|(_, p)| !is_own(&p.actor, &said.speaker)) {
        let denied = Perpetrator {
            mention: page.span_of(shown),
            stance: Stance::Denies,
            by: p.actor.clone(),
            statement: Some(id.to_owned()),
            ..p.clone()
        };
        out.push(Blame { perpetrator: denied, token, means: None, owned: false });
        return;
    }
    let perpetrator = Perpetrator {
        actor: state.unwrap_or_else(|| said.speaker.clone()),
        actor_id,
        mention: page.span_of(shown),
        stance: Stance::Denies,
        by: said.speaker.clone(),
        statement: Some(id.to_owned()),
    };
    out.push(Blame { perpetrator, token, means: None, owned: false });
}

/// Whether token `i` is the doer of what is denied, and somebody else than the denier and what is the denier's.
fn clears_another(page: &Page, found: &Found, i: usize, said: &crate::statements::Said) -> bool {
    let a = &page.analysis;
    let its = a.tokens()[i].pos == Pos::Pron
        || a.children_by(i, Dep::Poss).any(|p| a.tokens()[p].pos == Pos::Pron)
        || lexicon().nouns.at(page, i).is_some();
    dep(page, i) == Dep::Nsubj && !its && !is_own(&actors::name_of(page, &found.actors, i), &said.speaker)
}

/// "He has been linked to the murder", "rebels were implicated in the raid".
fn linked(page: &Page, found: &Found, v: usize, out: &mut Vec<Blame>) {
    let a = &page.analysis;
    if !Lexicon::has(page, &lexicon().frames.linking_verbs, v) || a.children_by(v, Dep::Neg).next().is_some() {
        return;
    }
    let to = tree::prep_objects(page, v, &["to", "in", "with"]);
    if !to.into_iter().any(|o| lexicon().nouns.at(page, o).is_some()) {
        return;
    }
    let tied =
        if tree::is_passive(page, v) { tree::subjects(page, v) } else { tree::with_children(page, v, Dep::Dobj) };
    for head in tied {
        let mut doers = Vec::new();
        roles::push(page, found, head, &mut doers);
        for d in doers {
            let bytes = a.bytes(d.mention.clone());
            let (speaker, statement) = by(found, &bytes);
            let perpetrator = perpetrator(page, &d, Stance::Suggests, speaker, statement, bytes);
            out.push(Blame { perpetrator, token: v, means: None, owned: false });
        }
    }
}

/// "The police confirmed the arrest": a doer told elsewhere owns up to its act.
fn confirmed(page: &Page, found: &Found, v: usize, out: &mut Vec<Blame>) {
    let a = &page.analysis;
    if !Lexicon::has(page, &lexicon().frames.confirming_verbs, v) || a.children_by(v, Dep::Neg).next().is_some() {
        return;
    }
    let mut acts = tree::with_children(page, v, Dep::Dobj);
    acts.extend(tree::prep_objects(page, v, &["to"]));
    if !acts.into_iter().any(|o| lexicon().nouns.at(page, o).is_some()) {
        return;
    }
    let Some(&head) = tree::subjects(page, v).first() else { return };
    let own = found.statements.of_cue(v).and_then(|n| found.statements.get(n));
    let name = own.map_or_else(|| actors::name_of(page, &found.actors, head), |s| s.speaker.clone());
    if name.is_empty() {
        return;
    }
    let bytes = a.bytes(head.min(v)..head.max(v) + 1);
    let statement = by(found, &bytes).1;
    let perpetrator = Perpetrator {
        actor: name.clone(),
        actor_id: None,
        mention: page.span(bytes),
        stance: Stance::Admits,
        by: name,
        statement,
    };
    out.push(Blame { perpetrator, token: v, means: None, owned: true });
}

/// "A drone of the coalition was in the area at the moment of the incident".
fn insinuation(page: &Page, found: &Found, said: &crate::statements::Said, id: &str, out: &mut Vec<Blame>) {
    let frames = &lexicon().frames;
    let a = &page.analysis;
    for content in said.content.iter().take(2) {
        for v in a.tokens_in(content.clone()).filter(|&i| tree::is_verb(page, i)) {
            if !Lexicon::has(page, &frames.presence, v) || a.children_by(v, Dep::Neg).next().is_some() {
                continue;
            }
            let near = a
                .children_by(v, Dep::Prep)
                .any(|p| tree::objects_of(page, p).into_iter().any(|o| Lexicon::has(page, &frames.vicinity, o)));
            if !near {
                continue;
            }
            for head in a.children(v).filter(|&c| matches!(dep(page, c), Dep::Nsubj | Dep::Nsubjpass)) {
                if lexicon().force(page, head) != Some(Force::Platform) {
                    continue;
                }
                let mut doers = Vec::new();
                roles::push(page, found, head, &mut doers);
                for d in doers {
                    let bytes = a.bytes(tree::phrase(page, head));
                    let p = perpetrator(page, &d, Stance::Suggests, said.speaker.clone(), Some(id.to_owned()), bytes);
                    out.push(Blame { perpetrator: p, token: head, means: None, owned: false });
                }
            }
        }
    }
}
