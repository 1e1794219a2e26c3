//! Which tellings tell of the same act.
//!
//! First, tellings of one sentence that the tree ties together are one *unit* ("an air raid killed four": raid + killed).
//! Then units are read in order of the text; each joins the drafted incident it fits best, or opens a new one. Fitting
//! is a sum of signs: type, place, days, the same figures, the same doers, a definite noun, nearness. Contradicting days
//! or types forbid it. A unit that refers back but fits nothing, and says nothing of its own, is dropped.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use language::{Dep, Pos};
use record::{IncidentType, Modality};

use super::lexicon::{Force, Strength, lexicon};
use super::place_and_date::{Where, rank};
use super::roles::Doer;
use super::tree::{self, dep};
use super::triggers::Telling;
use crate::Page;
use crate::reader::Found;

/// Tellings of one sentence that tell of one act.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    /// Numbers of the tellings; the first is the one with the strongest word.
    pub(super) tellings: Vec<usize>,
    pub(super) kind: IncidentType,
    pub(super) strength: Strength,
    /// The strongest word by itself.
    pub(super) word: Strength,
    pub(super) modality: Modality,
    pub(super) whereabouts: Where,
    pub(super) doers: Vec<Doer>,
    pub(super) patients: Vec<usize>,
    /// Numbers in `found.quantities`.
    pub(super) quantities: Vec<usize>,
    pub(super) sentence: usize,
    pub(super) block: usize,
    pub(super) headline: bool,
    pub(super) definite: bool,
    pub(super) indefinite: bool,
    /// Tells of a habit or a whole war.
    pub(super) general: bool,
}

/// A drafted incident: the units that tell of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) units: Vec<usize>,
}

/// The units of a page. `parts[i]` is what was read of telling `i`.
pub(super) fn units(page: &Page, tellings: &[Telling], parts: &[Part]) -> Vec<Unit> {
    let mut group: Vec<usize> = (0..tellings.len()).collect();
    for j in 1..tellings.len() {
        for i in (0..j).rev().take(6).filter(|&i| tellings[i].sentence == tellings[j].sentence) {
            if same_act(page, tellings, parts, i, j) {
                let (from, to) = (group[j], group[i]);
                // Groups do not leave their sentence: a window holds them.
                let window = group.iter_mut().take(j + 1).rev().take(64);
                window.filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut out: Vec<Unit> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for i in 0..tellings.len() {
        let from = seen.len().saturating_sub(64);
        let at = seen[from..].iter().position(|&g| g == group[i]).map(|at| at + from).unwrap_or_else(|| {
            seen.push(group[i]);
            out.push(unit(&tellings[i], &parts[i]));
            out.len() - 1
        });
        join(&mut out[at], i, &tellings[i], &parts[i]);
    }
    // Who is struck in an act is not its doer.
    for u in &mut out {
        let Unit { doers, patients, .. } = u;
        doers.retain(|d| !patients.contains(&d.head));
    }
    out
}

/// What was read of one telling.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) whereabouts: Where,
    pub(super) doers: Vec<Doer>,
    pub(super) patients: Vec<usize>,
    pub(super) general: bool,
}

fn unit(t: &Telling, p: &Part) -> Unit {
    Unit {
        tellings: Vec::new(),
        kind: t.kind,
        strength: t.strength,
        word: t.word,
        modality: t.modality,
        whereabouts: p.whereabouts,
        doers: Vec::new(),
        patients: Vec::new(),
        quantities: Vec::new(),
        sentence: t.sentence,
        block: t.block,
        headline: t.headline,
        definite: t.definite,
        indefinite: t.indefinite,
        general: true,
    }
}

fn join(u: &mut Unit, n: usize, t: &Telling, p: &Part) {
    let (new, old) = ((t.word, t.strength), (u.word, u.strength));
    let better = new > old || new == old && is_vague(u.kind) && !is_vague(t.kind);
    if better {
        u.kind = t.kind;
        u.strength = t.strength;
        u.definite = t.definite;
        u.indefinite = t.indefinite;
        u.tellings.insert(0, n);
        u.modality = t.modality;
        if p.whereabouts.place.is_some() {
            u.whereabouts.place = p.whereabouts.place;
        }
        if p.whereabouts.days.is_some() {
            u.whereabouts.days = p.whereabouts.days;
        }
    } else {
        u.tellings.push(n);
    }
    u.whereabouts.place = u.whereabouts.place.or(p.whereabouts.place);
    u.whereabouts.days = u.whereabouts.days.or(p.whereabouts.days);
    u.whereabouts.reported = u.whereabouts.reported.or(p.whereabouts.reported);
    for d in p.doers.iter().filter(|d| !p.patients.contains(&d.head)) {
        if !u.doers.iter().any(|x| x.actor == d.actor) {
            u.doers.push(d.clone());
        }
    }
    for &x in &p.patients {
        if !u.patients.contains(&x) {
            u.patients.push(x);
        }
    }
    // "detained and abducted": held without right.
    if u.kind == IncidentType::Detention && t.kind == IncidentType::Abduction {
        u.kind = t.kind;
    }
    u.general &= p.general;
    u.word = u.word.max(t.word);
}

fn is_vague(kind: IncidentType) -> bool {
    kind == IncidentType::OtherViolence
}

/// Families of types within which one act may be told by different words.
pub(super) fn family(kind: IncidentType) -> u8 {
    use IncidentType::*;
    match kind {
        AirStrike | MissileStrike | DroneStrike => 1,
        Shelling => 2,
        Bombing | SuicideBombing | MineOrIed => 3,
        ChemicalAttack => 4,
        GroundFighting => 5,
        ArmedAttack | Execution => 6,
        Abduction => 7,
        Detention => 8,
        SiegeOrBlockade => 9,
        LootingOrPropertyDestruction => 10,
        Shootdown => 11,
        ProtestOrRiot => 12,
        OtherViolence => 13,
    }
}

/// Strikes, shelling, bombings, chemical attacks, fighting: what is over within a day.
pub(super) fn is_blow(kind: IncidentType) -> bool {
    family(kind) <= 5
}

/// How well two types go together; `None` when they cannot be one act.
///
/// The strengths are those of the words alone: "the attack", refined by its means, still only refers.
fn kinship(a: (IncidentType, Strength), b: (IncidentType, Strength)) -> Option<f32> {
    use IncidentType::*;
    if a.0 == b.0 {
        return Some(if is_vague(a.0) { 0.8 } else { 2.0 });
    }
    if family(a.0) == family(b.0) {
        return Some(1.5);
    }
    let vague = |x: (IncidentType, Strength)| x.1 < Strength::Specific;
    // What refers or only tells of an effect goes with any blow, never with holding, besieging, marching.
    let (f, g) = (family(a.0), family(b.0));
    if (f == 5 && g <= 4 || g == 5 && f <= 4) && a.1.min(b.1) > Strength::Effect {
        return None;
    }
    let blow = |k: IncidentType| !matches!(k, Abduction | Detention | SiegeOrBlockade | ProtestOrRiot);
    let effect = |x: (IncidentType, Strength)| x.1 == Strength::Effect;
    match (vague(a), vague(b)) {
        (false, false) => None,
        _ if blow(a.0) && blow(b.0) => Some(0.8),
        _ if (effect(a) || effect(b)) => (a.0 == ProtestOrRiot || b.0 == ProtestOrRiot).then_some(0.2),
        _ if vague(a) && b.0 == Abduction || vague(b) && a.0 == Abduction => Some(0.4),
        _ => None,
    }
}

/// Whether two tellings of one sentence tell of one act.
fn same_act(page: &Page, tellings: &[Telling], parts: &[Part], i: usize, j: usize) -> bool {
    let (a, b) = (&tellings[i], &tellings[j]);
    if a.modality != b.modality {
        return false;
    }
    let coordinated =
        dep(page, b.token) == Dep::Conj && (a.kind == IncidentType::Abduction || b.kind == IncidentType::Abduction);
    if !coordinated && kinship((a.kind, a.word), (b.kind, b.word)).is_none() {
        return false;
    }
    if let (Some(x), Some(y)) = (parts[i].whereabouts.days, parts[j].whereabouts.days)
        && !overlap(x, y)
    {
        return false;
    }
    let both_specific = a.word == Strength::Specific && b.word == Strength::Specific;
    let tie = tied(page, a.token, b.token) || tied(page, b.token, a.token);
    if both_specific {
        // "kidnapped a woman and shot her friend"
        let taken = a.kind == IncidentType::Abduction || b.kind == IncidentType::Abduction;
        if tie && taken && dep(page, b.token) == Dep::Conj {
            return true;
        }
        // "airstrikes and shelling", "detaining and abducting": coordinated words of one family are one act.
        return tie && family(a.kind) == family(b.kind);
    }
    tie
}

/// Whether `low` hangs below `high`, or below the verb that has `high` as subject, object or instrument, by relations
/// that keep to one act.
fn tied(page: &Page, high: usize, low: usize) -> bool {
    let a = &page.analysis;
    let mut targets = vec![high];
    if let Some(verb) = a.head(high).filter(|&h| tree::is_verb(page, h))
        && matches!(dep(page, high), Dep::Nsubj | Dep::Nsubjpass | Dep::Dobj)
    {
        targets.push(verb);
    }
    let mut at = low;
    for _ in 0..6 {
        if targets.contains(&at) {
            return true;
        }
        let Some(head) = a.head(at) else { return false };
        let keeps = match dep(page, at) {
            Dep::Nsubj
            | Dep::Nsubjpass
            | Dep::Dobj
            | Dep::Agent
            | Dep::Acl
            | Dep::Relcl
            | Dep::Xcomp
            | Dep::Appos
            | Dep::Amod
            | Dep::Compound => true,
            Dep::Conj => {
                tree::is_verb(page, at) == tree::is_verb(page, head)
                    && a.child(at, Dep::Nsubj).is_none()
                    && a.child(at, Dep::Nsubjpass).is_none()
            }
            Dep::Prep => {
                matches!(a.lemma(at), "in" | "by" | "from" | "of" | "with" | "at" | "on" | "during" | "when" | "after")
            }
            Dep::Pobj | Dep::Pcomp => true,
            Dep::Advcl => {
                let mark = a
                    .children(at)
                    .find(|&c| matches!(dep(page, c), Dep::Mark | Dep::Advmod))
                    .map(|m| a.word(m).to_lowercase());
                matches!(mark.as_deref(), None | Some("when" | "as" | "after" | "where"))
            }
            _ => false,
        };
        if !keeps {
            return false;
        }
        at = head;
    }
    false
}

/// Whether two stretches of days meet.
pub(super) fn overlap(a: (Date, Date), b: (Date, Date)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// What is told only by its effect, beside an act of the same sentence or the one before, was done by the same means:
/// "forty were killed in air raids on the city, while five others died on its outskirts".
pub(super) fn lend_kinds(units: &mut [Unit]) {
    for i in 1..units.len() {
        let vague = |u: &Unit| u.word == Strength::Effect && is_vague(u.kind);
        let blow = |u: &Unit| u.strength == Strength::Specific && family(u.kind) <= 4;
        let near =
            units[i].sentence.saturating_sub(units[i - 1].sentence) <= 1 && units[i].block <= units[i - 1].block + 1;
        if vague(&units[i]) && blow(&units[i - 1]) && near && !units[i - 1].headline {
            units[i].kind = units[i - 1].kind;
        }
    }
}

/// An attack of unknown means on armed people is fighting.
pub(super) fn fights(page: &Page, units: &mut [Unit]) {
    for u in units.iter_mut().filter(|u| u.kind == IncidentType::ArmedAttack && u.strength == Strength::Generic) {
        let armed = |&p: &usize| matches!(lexicon().force(page, p), Some(Force::Force));
        if u.patients.iter().any(armed) && !u.doers.is_empty() {
            u.kind = IncidentType::GroundFighting;
            u.strength = Strength::Specific;
            u.word = Strength::Specific;
        }
    }
}

/// Drafts incidents from the units.
pub(super) fn drafts(page: &Page, found: &Found, tellings: &[Telling], units: &[Unit]) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (n, u) in units.iter().enumerate() {
        let mut best: Option<(f32, usize)> = None;
        // The first incidents of a page and those told lately: a bounded number, so that long pages take linear time.
        let lately = drafts.len().saturating_sub(RECENT);
        for (d, draft) in drafts.iter().enumerate().filter(|&(d, _)| d < FIRST || d >= lately) {
            if let Some(fit) = fit(page, found, tellings, units, draft, n)
                && best.is_none_or(|(b, _)| fit > b)
            {
                best = Some((fit, d));
            }
        }
        match best {
            _ if u.general => {}
            Some((fit, d)) if fit >= threshold(u.word.min(strongest(units, &drafts[d]))) => drafts[d].units.push(n),
            _ => drafts.push(Draft { units: vec![n] }),
        }
    }
    drafts
}

/// The strongest word of a draft.
fn strongest(units: &[Unit], draft: &Draft) -> Strength {
    let words = draft.units.iter().take(FIRST).chain(draft.units.iter().rev().take(RECENT)).map(|&n| units[n].word);
    words.max().unwrap_or(Strength::Effect)
}

/// How well a unit must fit to join: a word that only refers or tells of an effect joins more readily.
fn threshold(word: Strength) -> f32 {
    match word {
        Strength::Specific => 1.9,
        Strength::Generic => 1.4,
        Strength::Effect => 1.2,
    }
}

/// How many of the first incidents, and of the first units of one, a new unit is compared with.
const FIRST: usize = 8;

/// How many of the latest.
const RECENT: usize = 24;

/// How well a unit fits a draft; `None` when it cannot be the same act.
fn fit(page: &Page, found: &Found, tellings: &[Telling], units: &[Unit], draft: &Draft, n: usize) -> Option<f32> {
    let u = units.get(n)?;
    let lately = draft.units.len().saturating_sub(RECENT);
    let held = draft.units.iter().enumerate().filter(|&(i, _)| i < FIRST || i >= lately);
    let draft = &Draft { units: held.map(|(_, &n)| n).collect() };
    let kind = kind_of(units, draft);
    // What is denied may be what was told as fact.
    let real = |n: usize| {
        units[n].modality == u.modality || u.modality == Modality::Negated && units[n].modality == Modality::Asserted
    };
    if !draft.units.iter().any(|&n| real(n)) {
        return None;
    }
    // "police arrested the suspects": those of the act told last.
    if u.kind == IncidentType::Detention
        && kind.0 == IncidentType::Detention
        && suspects_of_another(page, units, draft, n)
    {
        return None;
    }
    let word = strongest(units, draft);
    // What speakers call the same thing struck by another name is a version of the act: "claims that the convoy came under
    // an air strike".
    let version = || {
        let blow = |k: IncidentType| is_blow(k) && k != IncidentType::GroundFighting || k == IncidentType::ArmedAttack;
        let told = u.tellings.first().map(|&t| &tellings[t])?;
        let bytes = page.analysis.bytes(told.phrase.clone());
        let reported = found.statements.innermost(&bytes).is_some() && blow(kind.0) && blow(u.kind);
        let again = u.patients.iter().any(|&p| {
            is_the(page, p)
                && draft.units.iter().any(|&n| {
                    units[n].patients.iter().any(|&q| q != p && page.analysis.lemma(q) == page.analysis.lemma(p))
                })
        });
        (reported && again).then_some(1.5)
    };
    let kin = kinship((kind.0, word), (u.kind, u.word));
    let versions = kin.is_none();
    let mut score = kin.or_else(version)?;
    let places: Vec<usize> = draft.units.iter().filter_map(|&n| units[n].whereabouts.place).collect();
    if let Some(p) = u.whereabouts.place {
        score += places
            .iter()
            .map(|&q| place_fit(found, p, q))
            .fold(None, |m: Option<f32>, f| Some(m.map_or(f, |m| m.max(f))))
            .unwrap_or(0.0);
    }
    let days: Vec<(Date, Date)> = draft.units.iter().filter_map(|&n| units[n].whereabouts.days).collect();
    if let Some(d) = u.whereabouts.days {
        let reported = || draft.units.iter().filter_map(|&n| units[n].whereabouts.reported).any(|x| overlap(x, d));
        if days.iter().any(|&x| overlap(x, d)) {
            score += 0.8;
        } else if days.is_empty() && reported() {
            score += 0.4;
        } else if !days.is_empty() {
            return None;
        }
    }
    let last = draft.units.iter().map(|&n| units[n].sentence).max().unwrap_or(0);
    let gap = u.sentence.saturating_sub(last);
    score += match gap {
        0 => -0.4,
        1 => 0.6,
        2 | 3 => 0.3,
        4..=8 => 0.0,
        _ => -0.3,
    };
    let headline = u.headline || draft.units.iter().all(|&n| units[n].headline);
    if headline {
        score += 0.6;
    }
    if u.definite {
        score += 0.6;
    }
    // Behind a heading another story begins.
    let last_block = draft.units.iter().map(|&n| units[n].block).max().unwrap_or(0);
    let divided = gap <= 12 && (last_block + 1..=u.block).any(|b| is_heading(page, b));
    if divided {
        // With a day of its own, or somebody struck whom nobody has told of, it is another act.
        if u.whereabouts.days.is_some() && days.is_empty() && !headline {
            return None;
        }
        score -= if u.definite { 0.6 } else { 1.2 };
    }
    // "the strike" right behind an attack is that attack, rather than the strikes told further up.
    let bare = u.whereabouts.place.is_none() && u.whereabouts.days.is_none();
    if u.word == Strength::Generic && u.definite && bare && gap <= 1 {
        score += 1.0;
    }
    if u.word == Strength::Generic && !u.definite && u.whereabouts.days.is_some() && days.is_empty() && !headline {
        score -= 0.4;
    }
    if u.indefinite && !headline && !versions && word == Strength::Specific {
        score -= 0.7;
    }
    let alike = persons(page, found, units, draft, u);
    let named: BTreeSet<&str> =
        draft.units.iter().flat_map(|&n| units[n].doers.iter().map(|d| d.actor.as_str())).collect();
    if !u.doers.is_empty() && !named.is_empty() {
        let shared = u.doers.iter().any(|d| named.contains(d.actor.as_str()));
        if !shared && u.kind == IncidentType::SiegeOrBlockade {
            return None;
        }
        // "security forces", then "soldiers": both the state's, by other words.
        let armed = |d: &Doer| matches!(lexicon().force(page, d.head), Some(Force::Security | Force::Force));
        let uniformed = u.doers.iter().any(armed)
            && draft.units.iter().any(|&n| units[n].doers.iter().any(armed))
            && u.doers.iter().all(|d| d.actor_id.is_none());
        score += match (shared || alike > 0.0, u.definite || headline || uniformed) {
            (true, _) => 0.7,
            (false, true) => -0.4,
            (false, false) => -1.2,
        };
    }
    let heads: BTreeSet<String> = draft
        .units
        .iter()
        .flat_map(|&n| units[n].patients.iter().map(|&p| page.analysis.lemma(p).to_lowercase()))
        .collect();
    if u.patients.iter().any(|&p| heads.contains(&page.analysis.lemma(p).to_lowercase())) {
        score += 0.7;
    } else if u.word == Strength::Effect
        && !heads.is_empty()
        && u.patients
            .iter()
            .any(|&p| is_a(page, p) && crate::quantities::is_people(&page.analysis.lemma(p).to_lowercase()))
        && gap > 0
    {
        // "the killing of a singer": somebody of whom nobody has told.
        score -= 0.8;
    } else if u.patients.iter().any(|&p| is_the(page, p)) {
        score += 0.4;
    } else if divided && !heads.is_empty() && u.patients.iter().any(|&p| is_a(page, p)) {
        return None;
    } else if !heads.is_empty()
        && u.word == Strength::Specific
        && matches!(u.kind, IncidentType::Detention | IncidentType::Abduction)
    {
        let noun = |&p: &usize| tree::is_noun(page, p);
        if u.patients.iter().any(noun) && !u.definite {
            let named = u.patients.iter().any(|&p| page.analysis.tokens()[p].pos == Pos::Propn);
            score -= if named && !headline { 0.8 } else { 0.4 };
        }
    }
    let figures = |u: &Unit| -> BTreeSet<(Option<u64>, Option<u64>)> {
        u.quantities
            .iter()
            .filter_map(|&q| found.quantities.get(q))
            .filter(|q| q.low.or(q.high).is_some_and(|n| n > 2))
            .map(|q| (q.low, q.high))
            .collect()
    };
    let mine = figures(u);
    let theirs: BTreeSet<_> = draft.units.iter().flat_map(|&n| figures(&units[n])).collect();
    if !mine.is_disjoint(&theirs) {
        score += 1.2;
    } else if !mine.is_empty() && !theirs.is_empty() && u.word == Strength::Specific {
        let taken = matches!(u.kind, IncidentType::Detention | IncidentType::Abduction);
        score -= if taken && !u.definite { 1.5 } else { 0.5 };
    }
    score += alike;
    Some(score)
}

/// Whether unit `n` holds "the suspects" while another act than holding has been told since the draft.
fn suspects_of_another(page: &Page, units: &[Unit], draft: &Draft, n: usize) -> bool {
    let Some(u) = units.get(n) else { return false };
    let suspects = u.patients.iter().any(|&p| is_the(page, p) && lexicon().force(page, p) == Some(Force::Attacker));
    let last = draft.units.iter().max().copied().unwrap_or(n);
    let act = |x: &Unit| {
        x.word == Strength::Specific
            && x.modality == Modality::Asserted
            && !matches!(x.kind, IncidentType::Detention | IncidentType::ProtestOrRiot | IncidentType::SiegeOrBlockade)
    };
    suspects && units.iter().take(n).skip(last + 1).rev().take(FIRST).any(act)
}

/// Whether a block is a heading.
fn is_heading(page: &Page, block: usize) -> bool {
    page.blocks.get(block).is_some_and(|b| b.kind == record::BlockKind::Heading)
}

/// "a convoy": something told of for the first time.
fn is_a(page: &Page, i: usize) -> bool {
    let a = &page.analysis;
    a.child(i, Dep::Det).is_some_and(|d| matches!(a.lemma(d), "a" | "an"))
}

/// "the victim", "the suspects": somebody told of before.
fn is_the(page: &Page, i: usize) -> bool {
    let a = &page.analysis;
    a.child(i, Dep::Det).is_some_and(|d| a.word(d).eq_ignore_ascii_case("the")) && a.child(i, Dep::Nummod).is_none()
}

/// Named people struck: the same ones speak for one act, others against it.
fn persons(page: &Page, found: &Found, units: &[Unit], draft: &Draft, u: &Unit) -> f32 {
    let named = |u: &Unit| -> BTreeSet<usize> {
        let person = |n: &&crate::actors::Naming| {
            n.pronoun || page.analysis.entity_of(n.head).is_some_and(|e| e.label == language::EntityLabel::Person)
        };
        u.patients.iter().filter_map(|&p| found.actors.naming_at(p)).filter(person).map(|n| n.actor).collect()
    };
    let mine = named(u);
    let theirs: BTreeSet<usize> = draft.units.iter().flat_map(|&n| named(&units[n])).collect();
    match (mine.is_disjoint(&theirs), mine.is_empty() || theirs.is_empty()) {
        (false, _) => 1.5,
        (true, false) => -1.0,
        (true, true) => 0.0,
    }
}

/// How well two places go together: the same, one around the other, or different.
fn place_fit(found: &Found, a: usize, b: usize) -> f32 {
    let (Some(p), Some(q)) = (found.places.get(a), found.places.get(b)) else { return 0.0 };
    if a == b || p.name == q.name {
        return 1.3;
    }
    if p.country.is_some() && q.country.is_some() && p.country != q.country {
        return -3.0;
    }
    let (fine, coarse) = if rank(p.precision) <= rank(q.precision) { (p, q) } else { (q, p) };
    if coarse.precision == Some(record::Precision::Country) {
        return 0.2;
    }
    if fine.admin1.as_deref() == Some(coarse.name.as_str())
        || coarse.admin1.is_some() && coarse.admin1 == fine.admin1 && rank(coarse.precision) >= 3
    {
        return 0.6;
    }
    if fine.admin1.is_some() && fine.admin1 == coarse.admin1 {
        return -0.4;
    }
    if fine.admin1.is_none() || coarse.admin1.is_none() { -0.7 } else { -1.5 }
}

/// How far a type is settled: "the attack" less than "killed by a bomb", that less than "a bombing".
fn settled(kind: IncidentType, strength: Strength) -> u8 {
    match (strength, kind) {
        (Strength::Specific, _) => 3,
        (Strength::Generic, IncidentType::ArmedAttack | IncidentType::OtherViolence) => 1,
        (Strength::Effect, IncidentType::OtherViolence | IncidentType::LootingOrPropertyDestruction) => 0,
        _ => 2,
    }
}

/// The type of a draft: that of its strongest unit, the most frequent among equals, the first among those.
pub(super) fn kind_of(units: &[Unit], draft: &Draft) -> (IncidentType, Strength) {
    let mut votes: BTreeMap<(IncidentType, Strength), usize> = BTreeMap::new();
    let settled = |x: (IncidentType, Strength)| settled(x.0, x.1);
    for &n in &draft.units {
        *votes.entry((units[n].kind, units[n].strength)).or_default() += 1;
    }
    let mut best: Option<((IncidentType, Strength), usize)> = None;
    for &n in &draft.units {
        let this = (units[n].kind, units[n].strength);
        let count = votes.get(&this).copied().unwrap_or(0);
        let wins = |(b, most): ((IncidentType, Strength), usize)| {
            settled(this) > settled(b) || settled(this) == settled(b) && count > most && !is_vague(this.0)
        };
        if best.is_none_or(wins) {
            best = Some((this, count));
        }
    }
    best.map_or((IncidentType::OtherViolence, Strength::Effect), |(kind, _)| kind)
}
