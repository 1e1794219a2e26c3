//! What is said of an accord's state: verbs, nouns and prepositions around its mentions.
//!
//! "The truce, agreed last week, has been violated by the rebels, the army said": a claim that it was agreed, by the
//! outlet, and a claim that it was violated, blaming the rebels, by the army. "On the brink of calling off the talks" is
//! suspended, told as a threat.

use std::collections::BTreeSet;
use std::ops::Range;

use language::{Dep, Pos, Tag};
use record::{AccordKind, Modality, Mode, OUTLET, Status};

use super::mentions::Mention;
use super::tree::{self, lemma, nominal};
use super::words::{Role, Verb, table};
use crate::lexicon::Row;
use crate::reader::{self, Found};
use crate::trace::{Key, Note};
use crate::{Page, actors, explain};

/// A claim before it has its place in the record.
#[derive(Debug, Clone)]
pub struct Told {
    /// Which accord.
    pub accord: usize,
    /// The state.
    pub status: Status,
    /// Who does it.
    pub party: Option<String>,
    /// Who is blamed.
    pub blamed: Option<String>,
    /// How it is told.
    pub modality: Modality,
    /// Who says so.
    pub by: String,
    /// In which statement.
    pub statement: Option<String>,
    /// The word of state.
    pub trigger: usize,
    /// The words.
    pub tokens: Range<usize>,
    /// Only implied: "left the town under the deal".
    pub implied: bool,
}

/// All that is said of the states of the accords that `mentions` name, in order of the text.
pub fn read(page: &Page, found: &Found, mentions: &[Mention]) -> Vec<Told> {
    let desk = Desk { page, found };
    let mut told: Vec<Told> = mentions.iter().flat_map(|m| desk.mention(m)).collect();
    desk.taken_up(mentions, &mut told);
    told.sort_by_key(|t| t.trigger);
    settle(told)
}

/// Leaves one claim of each kind, and implied ones only where nothing is said against them.
fn settle(told: Vec<Told>) -> Vec<Told> {
    let stopped: BTreeSet<usize> = told.iter().filter(|t| blamable(t.status)).map(|t| t.accord).collect();
    let mut kept: Vec<Told> = Vec::new();
    let mut implied: BTreeSet<(usize, u8)> = BTreeSet::new();
    // What the outlet implies comes before what others imply: one such claim is enough.
    let outlet = |t: &&Told| t.implied && t.by == OUTLET;
    let ours: BTreeSet<(usize, u8)> = told.iter().filter(outlet).map(|t| (t.accord, t.status as u8)).collect();
    for t in told {
        let same = |k: &Told| k.accord == t.accord && k.status == t.status && k.by == t.by && k.blamed == t.blamed;
        let key = (t.accord, t.status as u8);
        let said = t.by != OUTLET && ours.contains(&key);
        if kept.iter().rev().take(64).any(same) || (t.implied && (stopped.contains(&t.accord) || said)) {
            continue;
        }
        if t.implied && !implied.insert(key) {
            continue;
        }
        kept.push(t);
    }
    kept
}

struct Desk<'p, 'a> {
    page: &'p Page<'a>,
    found: &'p Found,
}

/// A word of state beside a mention.
struct Link {
    /// The verb, noun or preposition.
    word: usize,
    /// Where the accord stands beside it.
    role: Role,
}

impl Desk<'_, '_> {
    /// The claims around one mention.
    fn mention(&self, m: &Mention) -> Vec<Told> {
        let links = self.links(m);
        let mut told: Vec<Told> = links.iter().filter_map(|link| self.claim(m, link)).collect();
        // "failed and ended" says one thing: the last word does.
        let over = |t: &Told| matches!(t.status, Status::Collapsed | Status::Ended | Status::Expired);
        if let Some(last) = told.iter().filter(|t| over(t)).map(|t| t.trigger).max() {
            told.retain(|t| !over(t) || t.trigger == last);
        }
        told.retain(|t| t.modality != Modality::Hypothetical);
        told
    }

    /// The words that the mention stands beside in the tree.
    fn links(&self, m: &Mention) -> Vec<Link> {
        let a = &self.page.analysis;
        let mut links = Vec::new();
        let mut link = |word, role| links.push(Link { word, role });
        // "an element of the deal": what is done to the part is done to the whole.
        let mut top = m.head;
        for _ in 0..6 {
            let Some(head) = a.head(top) else { break };
            match a.tokens()[top].dep {
                Dep::Conj if nominal(a, head) => top = head,
                Dep::Compound | Dep::Poss if table().parts.contains(&lemma(a, head)) => top = head,
                Dep::Pobj if lemma(a, head) == "of" => match a.head(head) {
                    Some(part) if table().parts.contains(&lemma(a, part)) => top = part,
                    _ => break,
                },
                _ => break,
            }
        }
        if let Some(head) = a.head(top) {
            let verbal = matches!(a.tokens()[head].pos, Pos::Verb | Pos::Aux);
            match a.tokens()[top].dep {
                Dep::Nsubj if verbal => along(a, head, &mut |v| link(v, Role::Subject)),
                Dep::Nsubj => link(head, Role::Subject),
                Dep::Nsubjpass => along(a, head, &mut |v| {
                    link(v, if tree::passive(a, v) { Role::Object } else { Role::Subject });
                }),
                Dep::Dobj | Dep::Attr | Dep::Oprd => link(head, Role::Object),
                Dep::Compound | Dep::Poss | Dep::Nmod | Dep::Amod => link(head, Role::Of),
                Dep::Pobj => {
                    let preposition = a.word(head).to_lowercase();
                    if let Some(mut governor) = a.head(head) {
                        // "after the truce collapsed", where the tree takes "after" for a preposition.
                        let clause = governor > top && a.tokens()[governor].pos == Pos::Verb;
                        if clause && a.child(governor, Dep::Nsubj).is_none() && !tree::passive(a, governor) {
                            link(governor, Role::Subject);
                        }
                        // "pulled out of the truce".
                        if a.tokens()[governor].pos == Pos::Adp {
                            link(governor, Role::Behind(preposition.clone()));
                            governor = a.head(governor).unwrap_or(governor);
                        }
                        link(governor, Role::Behind(preposition));
                    }
                }
                _ => {}
            }
        } // "mull over a deal due to take effect", where the tree hangs "due" on the verb.
        if let Some(v) = (m.tokens.end < a.len()).then(|| a.child(m.tokens.end, Dep::Xcomp)).flatten()
            && table().modality.get(&lemma(a, m.tokens.end)) == Some(&Modality::Future)
            && a.head(m.tokens.end) != Some(m.head)
        {
            link(v, Role::Subject);
        }
        for c in a.children(m.head).take(tree::REACH) {
            let token = &a.tokens()[c];
            match token.dep {
                Dep::Acl if token.tag == Tag::Vbg => link(c, Role::Subject),
                Dep::Acl if token.tag == Tag::Vbn => link(c, Role::Object),
                Dep::Relcl => {
                    let relative =
                        |d| a.child(c, d).filter(|&w| matches!(a.tokens()[w].tag, Tag::Wdt | Tag::Wp | Tag::In));
                    if relative(Dep::Nsubj).is_some() {
                        along(a, c, &mut |v| link(v, Role::Subject));
                    } else if relative(Dep::Nsubjpass).is_some() || a.child(c, Dep::Nsubj).is_some() {
                        link(c, Role::Object);
                    }
                }
                // "a deal due to take effect".
                Dep::Prep | Dep::Amod | Dep::Acl => {
                    if let Some(v) = a.child(c, Dep::Xcomp) {
                        link(v, Role::Subject);
                    }
                }
                _ => {}
            }
        }
        links
    }

    /// The claim that a word of state makes of a mention.
    fn claim(&self, m: &Mention, link: &Link) -> Option<Told> {
        let a = &self.page.analysis;
        let word = lemma(a, link.word);
        if matches!(a.tokens()[link.word].pos, Pos::Verb | Pos::Aux) {
            let verb = table().verbs.get(&word).and_then(|list| list.iter().find(|v| self.fits(m, v, link)));
            if let Some(verb) = verb {
                return self.verb(m, verb, link.word);
            }
            // "The truce was marred by violations", "violations have threatened the truce".
            let doer = tree::doer(a, link.word).filter(|_| link.role == Role::Object).map(|d| tree::meant(a, d));
            let state = doer.filter(|&d| table().states.get(&lemma(a, d)).is_some_and(|s| s.blames));
            if let Some(d) = state.filter(|&d| a.child(d, Dep::Prep).is_none_or(|p| lemma(a, p) != "of")) {
                return Some(self.noun(m, d));
            }
        }
        if let Some(state) = table().states.get(&word).filter(|_| nominal(a, link.word)) {
            let fits = match &link.role {
                Role::Of => !state.new,
                Role::Behind(p) => state.behind.contains(p),
                _ => false,
            };
            return (fits && (!state.new || !m.definite)).then(|| self.noun(m, link.word));
        }
        match &link.role {
            Role::Behind(p) => self.under(m, link.word, p),
            _ => None,
        }
    }

    fn fits(&self, m: &Mention, v: &Verb, link: &Link) -> bool {
        let a = &self.page.analysis;
        v.role == link.role
            && (v.kinds.is_empty() || v.kinds.contains(&m.kind))
            && v.negated == (v.negated && self.modality(link.word) == Modality::Negated)
            && (!v.active || !tree::passive(a, link.word))
            && (!v.accused || self.blame(link.word).is_some())
            && !(v.new && (m.definite || m.kind == AccordKind::Resolution))
            && (v.with.is_empty() || {
                let below: Vec<String> = below(a, link.word);
                v.with.iter().all(|w| below.contains(w))
            })
    }

    fn verb(&self, m: &Mention, verb: &Verb, v: usize) -> Option<Told> {
        let a = &self.page.analysis;
        let mut modality = if verb.negated { Modality::Asserted } else { self.modality(v) };
        let mut status = verb.status;
        if let (Modality::Future, Some(announced)) = (modality, verb.future) {
            (status, modality) = (announced, Modality::Asserted);
        }
        let doer = tree::doer(a, v).filter(|&d| verb.role != Role::Subject && d != m.head);
        let doer_name = doer.and_then(|d| tree::actor_in(self.page, &self.found.actors, d));
        let (mut by, mut statement) = reader::by(self.found, &a.bytes(v..v + 1));
        if verb.speaker
            && let Some(name) = doer_name.clone()
        {
            statement = self.found.statements.of_cue(v).map(|n| format!("s{}", n + 1));
            by = name;
        }
        if let Some((asker, n)) = self.asked(v, &by, &statement).filter(|_| !m.definite && wanted(status)) {
            (status, by, statement, modality) = (Status::Proposed, asker, n, Modality::Asserted);
        }
        let blame = self.blame(v);
        let mut blamed = doer_name.clone().filter(|_| verb.blames);
        if let Some(frame) = blame.filter(|_| blamable(status)) {
            blamed = Some(frame.blamed);
            if by == OUTLET {
                by = frame.by.unwrap_or(by);
            }
        }
        let words = self.cover(v, Some(m), doer);
        self.note(v, m.head, verb.row);
        Some(Told {
            accord: m.accord,
            status,
            party: doer_name.filter(|_| {
                let acts = |d| self.found.actors.actor_at(d).is_some() || table().parties.contains(&lemma(a, d));
                doer.is_some_and(acts) && !verb.blames && (!verb.speaker || status == Status::Rejected)
            }),
            blamed,
            modality,
            by,
            statement,
            trigger: v,
            tokens: words,
            implied: false,
        })
    }

    /// Notes the word of state, its entry, and where the accord stands beside it.
    fn note(&self, word: usize, accord: usize, row: Row) {
        let a = &self.page.analysis;
        self.page.trace.note(Key::State(word), || {
            let way =
                if word == accord { "of the accord spoken of last".to_owned() } else { explain::path(a, accord, word) };
            Note::new("state", word..word + 1, format!("accord: {way}")).from(row)
        });
    }

    /// A claim by a noun of state: "a violation of the truce by the army".
    fn noun(&self, m: &Mention, n: usize) -> Told {
        self.noun_of(m.accord, Some(m), n)
    }

    fn noun_of(&self, accord: usize, m: Option<&Mention>, n: usize) -> Told {
        let a = &self.page.analysis;
        let state = table().states.get(&lemma(a, n));
        let status = state.map_or(Status::Ended, |s| s.status);
        let (mut by, mut statement) = reader::by(self.found, &a.bytes(n..n + 1));
        let mut party = None;
        // "the army declared the end of the truce".
        let verb = a.head(n).filter(|_| a.tokens()[n].dep == Dep::Dobj);
        if let Some(v) = verb.filter(|&v| table().verbs.get(&lemma(a, v)).is_some_and(|l| l.iter().any(|x| x.speaker)))
        {
            party = tree::doer(a, v).and_then(|d| tree::actor_in(self.page, &self.found.actors, d));
            if by == OUTLET {
                by = party.clone().unwrap_or(by);
                statement = self.found.statements.of_cue(v).map(|i| format!("s{}", i + 1));
            }
        }
        let mut doer = None;
        let mut blamed = None;
        if state.is_some_and(|s| s.blames) {
            doer = self.behind_violation(n, m);
            blamed = doer.and_then(|d| tree::actor_in(self.page, &self.found.actors, d));
        }
        if let Some(frame) = self.blame(n).filter(|_| blamable(status)) {
            blamed = Some(frame.blamed);
            if by == OUTLET {
                by = frame.by.unwrap_or(by);
            }
        }
        let none = a.child(n, Dep::Det).is_some_and(|d| lemma(a, d) == "no");
        if let Some(state) = state {
            self.note(n, m.map_or(n, |m| m.head), state.row);
        }
        Told {
            accord,
            status,
            party,
            blamed,
            modality: if none { Modality::Negated } else { self.modality(n) },
            by,
            statement,
            trigger: n,
            tokens: self.cover(n, m, doer),
            implied: false,
        }
    }

    /// Who is behind a violation: "by the army", "on both sides", "the army's violation", "the army's strikes were a
    /// violation", "army jets, in violation of the truce, …".
    fn behind_violation(&self, n: usize, m: Option<&Mention>) -> Option<usize> {
        let a = &self.page.analysis;
        if let Some(by) = tree::behind(a, n, &["by", "from", "on"]).next() {
            return Some(by);
        }
        let mention = m.map(|m| m.head);
        if let Some(owner) = a.child(n, Dep::Poss).filter(|&o| Some(o) != mention) {
            return Some(owner);
        }
        match a.tokens()[n].dep {
            Dep::Attr => a.head(n).and_then(|v| tree::doer(a, v)),
            Dep::Pobj => {
                let preposition = a.head(n)?;
                let governor = a.head(preposition).filter(|_| lemma(a, preposition) == "in")?;
                if matches!(a.tokens()[governor].pos, Pos::Verb | Pos::Aux) {
                    tree::doer(a, governor)
                } else {
                    Some(governor)
                }
            }
            _ => {
                let actor = |&c: &usize| Some(c) != mention && self.found.actors.actor_at(c).is_some();
                a.children_by(n, Dep::Compound).find(actor)
            }
        }
    }

    /// Something done under the accord: "left the town under the deal".
    fn under(&self, m: &Mention, governor: usize, preposition: &str) -> Option<Told> {
        let a = &self.page.analysis;
        let part = format!("{} {preposition}", lemma(a, governor));
        let entry = table().under.get(preposition).or_else(|| table().under.get(&part))?;
        let status = entry.status;
        if !entry.kinds.is_empty() && !entry.kinds.contains(&m.kind) {
            return None;
        }
        let verb = std::iter::once(governor).chain(a.ancestors(governor).take(4));
        let verb = verb.into_iter().find(|&v| matches!(a.tokens()[v].pos, Pos::Verb | Pos::Aux))?;
        let made = a
            .children(m.head)
            .any(|c| matches!(a.tokens()[c].dep, Dep::Acl) && table().verbs.contains_key(&lemma(a, c)));
        let to_come = table().modality.contains_key(&lemma(a, verb)) && lemma(a, verb) != "be";
        if made || to_come || self.modality(verb) != Modality::Asserted {
            return None;
        }
        let (by, statement) = reader::by(self.found, &a.bytes(m.head..m.head + 1));
        self.note(verb, m.head, entry.row);
        Some(Told {
            accord: m.accord,
            status,
            party: None,
            blamed: None,
            modality: Modality::Asserted,
            by,
            statement,
            trigger: verb,
            tokens: self.cover(verb, Some(m), tree::doer(a, verb)),
            implied: true,
        })
    }

    /// Nouns of state that leave their accord unsaid: "blamed the rebels for its failure", "said the delay was caused
    /// by the army", of an accord spoken of just before.
    fn taken_up(&self, mentions: &[Mention], told: &mut Vec<Told>) {
        let a = &self.page.analysis;
        if mentions.is_empty() {
            return;
        }
        let explicit: BTreeSet<usize> = told.iter().map(|t| t.trigger).collect();
        let mut known: Vec<(usize, Status)> = told.iter().map(|t| (t.accord, t.status)).collect();
        known.sort_by_key(|&(accord, status)| (accord, status as u8));
        known.dedup();
        for n in (0..a.len()).filter(|&n| nominal(a, n)) {
            let Some(state) = table().states.get(&lemma(a, n)).filter(|s| !s.new) else { continue };
            if explicit.contains(&n) || a.child(n, Dep::Prep).is_some_and(|p| state.behind.contains(&lemma(a, p))) {
                continue;
            }
            let Some(before) = mentions.partition_point(|m| m.head < n).checked_sub(1).and_then(|i| mentions.get(i))
            else {
                continue;
            };
            let apart = a.sentence_of(n) - a.sentence_of(before.head).min(a.sentence_of(n));
            let its = a.child(n, Dep::Poss).is_some_and(|p| lemma(a, p) == "its" || lemma(a, p) == "it");
            let the = a.child(n, Dep::Det).is_some_and(|d| lemma(a, d) == "the");
            let known =
                known.binary_search_by_key(&(before.accord, state.status as u8), |&(a, s)| (a, s as u8)).is_ok();
            let spoken = self.blame(n).is_some() || reader::by(self.found, &a.bytes(n..n + 1)).0 != OUTLET;
            if (its && apart <= 1) || (the && known && spoken && apart <= 4) {
                told.push(self.noun_of(before.accord, None, n));
            }
        }
    }

    /// A verb of blame above the word: "blamed X for …", "blamed … on X", "laid the blame on X for …".
    fn blame(&self, word: usize) -> Option<Blame> {
        let a = &self.page.analysis;
        let mut at = word;
        let mut charged = false;
        for _ in 0..6 {
            let head = a.head(at)?;
            charged |= matches!(a.tokens()[at].dep, Dep::Pcomp | Dep::Pobj) && lemma(a, head) == "of" && at == word;
            if matches!(a.tokens()[head].pos, Pos::Verb) {
                let object = a.child(head, Dep::Dobj);
                let as_noun = object.is_some_and(|o| table().blame.contains(&lemma(a, o)));
                if table().blame.contains(&lemma(a, head)) || as_noun {
                    let on = tree::behind(a, head, &["on"]).next();
                    let on = on.or_else(|| object.and_then(|o| tree::behind(a, o, &["on"]).next()));
                    let passive = a.child(head, Dep::Nsubjpass);
                    let blamed = match object {
                        // "accused the rebels [of using it]", where the tree hangs the charge on the rebels.
                        Some(o) if o == at && charged => o,
                        Some(o) if as_noun || o == at => on.filter(|_| o != word || !as_noun)?,
                        _ => object.or(passive).or(on).filter(|&b| !a.subtree(b).contains(&word))?,
                    };
                    let blamed = tree::meant(a, blamed);
                    let by = if a.child(head, Dep::Auxpass).is_some() { None } else { tree::doer(a, head) };
                    return Some(Blame {
                        blamed: actors::names_of(self.page, &self.found.actors, blamed),
                        by: by.and_then(|b| tree::actor_in(self.page, &self.found.actors, b)),
                    });
                }
                if !matches!(a.tokens()[head].dep, Dep::Pcomp | Dep::Xcomp | Dep::Conj) {
                    return None;
                }
            }
            at = head;
        }
        None
    }

    /// Who asks for what the verb tells, where it is asked for and not told: the speaker of a demand around it.
    fn asked(&self, v: usize, by: &str, statement: &Option<String>) -> Option<(String, Option<String>)> {
        let a = &self.page.analysis;
        let number = statement.as_ref().and_then(|s| s.get(1..)).and_then(|n| n.parse::<usize>().ok());
        let said = number.and_then(|n| self.found.statements.get(n.checked_sub(1)?));
        if said.is_some_and(|s| s.mode == Mode::Demands) {
            return Some((by.to_owned(), statement.clone()));
        }
        let asking = |h: usize| table().verbs.get(&lemma(a, h)).is_some_and(|l| l.iter().any(|x| x.new));
        let mut at = v;
        for _ in 0..3 {
            let head = a.head(at)?;
            if !matches!(a.tokens()[at].dep, Dep::Xcomp | Dep::Ccomp | Dep::Advcl | Dep::Acl | Dep::Conj) {
                return None;
            }
            if asking(head) {
                let name = tree::doer(a, head).and_then(|d| tree::actor_in(self.page, &self.found.actors, d));
                return Some((name.unwrap_or_else(|| by.to_owned()), statement.clone()));
            }
            at = head;
        }
        None
    }

    /// How the word is told: by its own auxiliaries and negation, then by what governs it.
    fn modality(&self, word: usize) -> Modality {
        let a = &self.page.analysis;
        let look = |i: usize| {
            table().modality.get(&lemma(a, i)).or_else(|| table().modality.get(&a.word(i).to_lowercase())).copied()
        };
        let own = |i: usize| {
            let small = a.children(i).take(tree::REACH).filter(|&c| {
                matches!(
                    a.tokens()[c].dep,
                    Dep::Aux | Dep::Neg | Dep::Mark | Dep::Advmod | Dep::Det | Dep::Amod | Dep::Preconj
                )
            });
            let mut found = small.filter(|&c| lemma(a, c) != "be").filter_map(look);
            found.next()
        };
        if let Some(told) = own(word) {
            return told;
        }
        let mut at = word;
        for _ in 0..5 {
            let Some(head) = a.head(at) else { break };
            let dep = a.tokens()[at].dep;
            let governs = matches!(dep, Dep::Xcomp | Dep::Pcomp | Dep::Acl | Dep::Prep | Dep::Pobj | Dep::Amod);
            // A clause of its own is told as its governor says only where that is a fear, a plan or a hope.
            let clause = matches!(dep, Dep::Ccomp | Dep::Dobj);
            if !governs && !clause {
                break;
            }
            let told =
                if lemma(a, head) == "be" { (dep == Dep::Xcomp).then_some(Modality::Future) } else { look(head) };
            match told {
                Some(Modality::Negated) if clause && dep != Dep::Dobj => break,
                Some(told) => return told,
                None if dep == Dep::Xcomp => {
                    if let Some(told) = own(head) {
                        return told;
                    }
                }
                None if clause => break,
                None => {}
            }
            at = head;
        }
        Modality::Asserted
    }

    /// The words that show a claim: the word of state, the mention and who does it, from first to last.
    fn cover(&self, word: usize, m: Option<&Mention>, doer: Option<usize>) -> Range<usize> {
        let a = &self.page.analysis;
        let mut cover = word..word + 1;
        let mut take = |r: Range<usize>| {
            if r.end <= word + 2 * tree::REACH && r.start + 2 * tree::REACH >= word {
                cover = cover.start.min(r.start)..cover.end.max(r.end);
            }
        };
        for c in a.children(word).take(tree::REACH) {
            let token = &a.tokens()[c];
            match token.dep {
                Dep::Prt | Dep::Acomp | Dep::Aux | Dep::Auxpass | Dep::Neg => take(c..c + 1),
                Dep::Dobj | Dep::Agent => take(token.left_edge as usize..c + 1),
                Dep::Prep => {
                    let end = a.child(c, Dep::Pobj).map_or(c + 1, |o| o + 1);
                    if end <= c + 6 {
                        take(c..end);
                    }
                }
                _ => {}
            }
        }
        if let Some(m) = m {
            take(m.tokens.clone());
        } else {
            take(a.tokens()[word].left_edge as usize..word + 1);
        }
        if let Some(d) = doer {
            take(a.tokens()[d].left_edge as usize..d + 1);
        }
        actors::trimmed(a, cover)
    }
}

struct Blame {
    blamed: String,
    by: Option<String>,
}

/// States that somebody can be blamed for.
fn blamable(status: Status) -> bool {
    use Status::{Collapsed, Ended, Expired, Rejected, Suspended, Violated};
    matches!(status, Collapsed | Ended | Expired | Rejected | Suspended | Violated)
}

/// States that are asked for before there is an accord.
fn wanted(status: Status) -> bool {
    matches!(status, Status::Agreed | Status::Signed | Status::InForce | Status::Announced)
}

/// A verb, its open complements ("is expected to end") and the verbs joined to it that have no subject of their own.
fn along(a: &language::Analysis, v: usize, link: &mut dyn FnMut(usize)) {
    let mut list = vec![v];
    let mut at = 0;
    while let Some(&v) = list.get(at).filter(|_| list.len() < 8) {
        link(v);
        let more = a.children(v).filter(|&c| {
            let token = &a.tokens()[c];
            let own = a.child(c, Dep::Nsubj).is_some() || a.child(c, Dep::Nsubjpass).is_some();
            matches!(token.dep, Dep::Conj | Dep::Xcomp) && matches!(token.pos, Pos::Verb | Pos::Aux) && !own
        });
        list.extend(more);
        at += 1;
    }
}

/// The lemmas of the words that complete a verb: particle, object, predicate, adverb, object of a preposition.
fn below(a: &language::Analysis, v: usize) -> Vec<String> {
    let mut words = Vec::new();
    for c in a.children(v).take(tree::REACH) {
        let token = &a.tokens()[c];
        if matches!(
            token.dep,
            Dep::Prt
                | Dep::Dobj
                | Dep::Acomp
                | Dep::Advmod
                | Dep::Attr
                | Dep::Oprd
                | Dep::Prep
                | Dep::Ccomp
                | Dep::Xcomp
        ) {
            words.push(lemma(a, c));
        }
        if token.dep == Dep::Prep {
            words.extend(a.children_by(c, Dep::Pobj).map(|o| lemma(a, o)));
            words.extend(a.children_by(c, Dep::Prep).map(|o| lemma(a, o)));
        }
    }
    words
}
