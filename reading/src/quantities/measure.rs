//! What happened to those counted: found from the verb, participle or noun that governs the phrase in its tree.
//!
//! `62 were killed` · `killing 31` · `left 62 troops killed` · `126 people killed` · `a death toll of 112` · `claimed the
//! lives of 20` · `24 dead` · `the abduction of two girls` · `killed and wounded dozens` (two measures of one number).
//! Where the tree is silent or wrong, the words right beside the phrase decide.

use std::ops::Range;

use language::{Analysis, Dep, Pos, Tag};
use record::Measure;

use super::words::{Kind, Words};

/// A measure and the token that tells it.
pub type Told = (Measure, usize);

/// Asks the tree of one page.
pub struct Tree<'a> {
    /// The analysis.
    pub a: &'a Analysis,
    words: &'static Words,
}

impl<'a> Tree<'a> {
    /// For one analysis.
    pub fn new(a: &'a Analysis) -> Tree<'a> {
        Tree { a, words: Words::get() }
    }

    fn tag(&self, i: usize) -> Tag {
        self.a.tokens()[i].tag
    }

    fn dep(&self, i: usize) -> Dep {
        self.a.tokens()[i].dep
    }

    /// The measure that token `i` tells as a word of this kind.
    pub fn told(&self, i: usize, kind: Kind) -> Option<Told> {
        let measure = if kind == Kind::State {
            self.words.measure(&self.a.word(i).to_lowercase(), kind)
        } else {
            self.words.measure(&self.a.lemma(i).to_lowercase(), kind).or_else(|| {
                // The lemmatiser knows no verb in a word tagged as an adjective or noun ("dozens more wounded").
                (kind == Kind::Counted).then(|| self.words.measure(&self.a.word(i).to_lowercase(), kind)).flatten()
            })
        };
        measure.map(|m| (m, i))
    }

    fn is(&self, i: usize, kind: Kind) -> bool {
        self.told(i, kind).is_some()
    }

    /// A verb of harm, with the words that make or sharpen it: "gun down", "set on fire", "shot dead".
    pub fn verb(&self, i: usize) -> Option<Told> {
        let a = self.a;
        if !matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux | Pos::Adj | Pos::Noun) {
            return None;
        }
        let lemma = a.lemma(i).to_lowercase();
        let with = |words: String| self.words.measure(&words, Kind::Verb);
        // "shooting dead two officers": the parser gives "dead" to the officers.
        if i + 1 < a.len()
            && a.word(i + 1).eq_ignore_ascii_case("dead")
            && let Some(measure) = with(format!("{lemma} dead"))
        {
            return Some((measure, i));
        }
        for c in a.children(i).filter(|c| *c > i) {
            let word = a.word(c).to_lowercase();
            // "tortured to death"
            let death = word == "to" && a.children_by(c, Dep::Pobj).any(|o| a.word(o).eq_ignore_ascii_case("death"));
            if death && self.words.measure(&lemma, Kind::Verb) == Some(Measure::Injured) {
                return Some((Measure::Killed, i));
            }
            let phrase = match self.dep(c) {
                Dep::Prep => {
                    let noun = a.children_by(c, Dep::Pobj).next().map(|o| a.word(o).to_lowercase());
                    with(format!("{lemma} {word}")).or_else(|| with(format!("{lemma} {word} {}", noun?)))
                }
                Dep::Prt | Dep::Oprd | Dep::Acomp | Dep::Advmod | Dep::Dobj | Dep::Amod | Dep::Xcomp => {
                    with(format!("{lemma} {word}"))
                }
                _ => None,
            };
            if let Some(measure) = phrase {
                return Some((measure, i));
            }
        }
        self.words.measure(&lemma, Kind::Verb).map(|measure| (measure, i))
    }

    fn has(&self, i: usize, deps: &[Dep]) -> bool {
        self.a.children(i).any(|c| deps.contains(&self.dep(c)))
    }

    fn negated(&self, i: usize) -> bool {
        self.a.children_by(i, Dep::Neg).next().is_some()
    }

    /// The verb and those joined to it that share its object or passive subject.
    fn joined(&self, verb: usize, passive: bool) -> Vec<Told> {
        let mut told: Vec<Told> = self.verb(verb).into_iter().collect();
        let mut either = false;
        if !passive {
            // "killing and injuring scores": the object hangs on the last verb.
            let mut last = verb;
            for _ in 0..3 {
                let Some(first) = self.a.head(last).filter(|_| self.dep(last) == Dep::Conj) else { break };
                if self.has(first, &[Dep::Dobj, Dep::Nsubjpass]) || self.a.tokens()[first].pos != Pos::Verb {
                    break;
                }
                either |= self.a.children_by(first, Dep::Cc).any(|c| self.a.word(c).eq_ignore_ascii_case("or"));
                told.splice(0..0, self.verb(first));
                last = first;
            }
        }
        for next in self.a.children_by(verb, Dep::Conj) {
            if self.has(next, &[Dep::Dobj, Dep::Nsubjpass, Dep::Nsubj]) {
                continue;
            }
            // "were killed and fled" — a joined verb counts only where it stands in the same voice.
            if passive && self.tag(next) != Tag::Vbn {
                continue;
            }
            either |= self.a.children_by(verb, Dep::Cc).any(|c| self.a.word(c).eq_ignore_ascii_case("or"));
            told.extend(self.verb(next));
        }
        told.dedup_by_key(|t| t.0);
        if either { self.either(told) } else { told }
    }

    /// "killed or wounded", "damaged or destroyed".
    fn either(&self, told: Vec<Told>) -> Vec<Told> {
        let all = |set: [Measure; 2]| told.len() > 1 && told.iter().all(|t| set.contains(&t.0));
        if all([Measure::Killed, Measure::Injured]) {
            return vec![(Measure::KilledOrInjured, told[0].1)];
        }
        if all([Measure::Damaged, Measure::Destroyed]) {
            return vec![(Measure::DamagedOrDestroyed, told[0].1)];
        }
        told
    }

    /// The measures of the phrase headed by `head`; `tokens` are all its words with the number's.
    pub fn measures(&self, head: usize, tokens: &Range<usize>, numbered: bool) -> Vec<Told> {
        let mut found = self.by_tree(head, numbered, 4);
        if found.is_empty() && numbered {
            found = self.beside(tokens);
        }
        if found.is_empty() {
            found.extend(self.told(head, Kind::Arms).filter(|_| numbered));
        }
        found
    }

    fn by_tree(&self, head: usize, numbered: bool, depth: usize) -> Vec<Told> {
        let a = self.a;
        // "24 dead", "100 bodies", "30 wounded"
        if let Some(told) = self.told(head, Kind::Counted).filter(|_| numbered) {
            // "killed two hostages": what was done to them outweighs what they are.
            let held = told.0 == Measure::Captured;
            let done = a.head(head).filter(|_| held).map_or_else(Vec::new, |up| match self.dep(head) {
                Dep::Nsubjpass => self.passive(up),
                Dep::Dobj => self.object(up, head),
                _ => Vec::new(),
            });
            return if done.is_empty() { vec![told] } else { done };
        }
        // "62 troops killed", "wounded civilians", "people who were killed", "people who died"
        let mut own = Vec::new();
        for c in a.children(head) {
            match self.dep(c) {
                Dep::Acl | Dep::Amod | Dep::Appos | Dep::Advmod | Dep::Oprd
                    if matches!(self.tag(c), Tag::Vbn | Tag::Jj | Tag::Vbd)
                        // "left 62 troops killed and about 100 others injured": the others' own.
                        && !self.has(c, &[Dep::Nsubj, Dep::Nsubjpass]) =>
                {
                    let state = self
                        .told(c, Kind::State)
                        .or_else(|| self.verb(c).filter(|_| self.dep(c) == Dep::Acl && self.tag(c) == Tag::Vbn));
                    if let Some(told) = state {
                        own.push(told);
                        own.extend(
                            a.children_by(c, Dep::Conj)
                                .filter(|j| *j <= c + 2)
                                .filter_map(|j| self.told(j, Kind::State)),
                        );
                    }
                }
                Dep::Relcl => own.extend(self.relative(c)),
                _ => {}
            }
        }
        // "executed 15 captured soldiers": what the verb says of them outweighs what only describes them.
        let described = own.iter().all(|t| self.dep(t.1) == Dep::Amod);
        if described
            && !own.is_empty()
            && let Some(up) = a.head(head)
        {
            let done = match self.dep(head) {
                Dep::Nsubjpass => self.passive(up),
                Dep::Dobj => self.object(up, head),
                _ => Vec::new(),
            };
            if !done.is_empty() {
                return done;
            }
        }
        if !own.is_empty() {
            own.dedup_by_key(|t| t.0);
            let or = own.len() > 1 && a.children(own[0].1).any(|c| a.word(c).eq_ignore_ascii_case("or"));
            return if or { self.either(own) } else { own };
        }
        let Some(up) = a.head(head) else { return Vec::new() };

        match self.dep(head) {
            Dep::Nsubjpass => self.passive(up),
            Dep::Nsubj => self.subject(up, numbered),
            Dep::Dobj => self.object(up, head),
            Dep::Pobj | Dep::Pcomp => self.prepositional(up, head, numbered, depth),
            Dep::Attr | Dep::Acomp | Dep::Oprd => match self.casualties_are(up) {
                Some(told) => vec![told],
                // "there are many women among those killed"
                None => match self.among(up).or_else(|| self.among(head)) {
                    Some(told) => vec![told],
                    None => self.toll_above(up).filter(|_| numbered).into_iter().collect(),
                },
            },
            // "the rest were aid workers and rebels" counts them once.
            Dep::Conj if !numbered && self.is_rest(up) => Vec::new(),
            Dep::Conj | Dep::Appos if depth > 0 && up < head => self.by_tree(up, numbered, depth - 1),
            Dep::Poss => self.told(up, Kind::NounOf).into_iter().collect(),
            Dep::Quantmod | Dep::Nummod | Dep::Nmod | Dep::Compound | Dep::Npadvmod | Dep::Dep
                if depth > 0 && numbered =>
            {
                match self.told(up, Kind::Counted) {
                    Some(told) => vec![told],
                    None => Vec::new(),
                }
            }
            Dep::Ccomp | Dep::Xcomp | Dep::Parataxis if numbered => self.toll_above(up).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// `verb` heads a relative clause on the counted noun.
    fn relative(&self, verb: usize) -> Vec<Told> {
        let relative = |dep: Dep| self.a.children_by(verb, dep).any(|c| matches!(self.tag(c), Tag::Wp | Tag::Wdt));
        if relative(Dep::Nsubjpass) {
            return self.passive(verb);
        }
        if relative(Dep::Nsubj) {
            return self.subject(verb, false);
        }
        if self.has(verb, &[Dep::Nsubj]) && !self.has(verb, &[Dep::Dobj, Dep::Nsubjpass]) || relative(Dep::Dobj) {
            return self.verb(verb).into_iter().collect();
        }
        Vec::new()
    }

    fn passive(&self, verb: usize) -> Vec<Told> {
        if self.negated(verb) {
            return Vec::new();
        }
        let told = self.joined(verb, true);
        // "were freed after being abducted"
        let after = self.a.children_by(verb, Dep::Prep).flat_map(|p| self.a.children_by(p, Dep::Pcomp));
        let mut after = after.filter(|v| self.has(*v, &[Dep::Auxpass])).filter_map(|v| self.verb(v));
        if !told.is_empty() {
            return if told.iter().all(|t| t.0 == Measure::Other) {
                vec![after.next().unwrap_or(told[0])]
            } else {
                told
            };
        }
        // "were left dead", "were found dead", "were believed killed", "were taken hostage"
        let below = self
            .a
            .children(verb)
            .filter(|c| matches!(self.dep(*c), Dep::Oprd | Dep::Acomp | Dep::Xcomp | Dep::Ccomp | Dep::Dobj));
        let states: Vec<Told> = below
            .filter_map(|c| {
                self.told(c, Kind::State)
                    .or_else(|| self.verb(c).filter(|_| self.has(c, &[Dep::Auxpass])))
                    .or_else(|| self.told(c, Kind::Intransitive))
            })
            .collect();
        if !states.is_empty() {
            return states;
        }
        after.take(1).collect()
    }

    fn subject(&self, verb: usize, numbered: bool) -> Vec<Told> {
        if self.negated(verb) {
            return Vec::new();
        }
        if let Some(told) = self.told(verb, Kind::Intransitive).filter(|t| t.0 != Measure::Displaced || numbered) {
            return vec![told];
        }
        // "lost their lives"
        if self.is(verb, Kind::Lose) {
            let life = self.a.children_by(verb, Dep::Dobj).find_map(|c| self.told(c, Kind::Lives));
            if let Some(told) = life {
                return vec![told];
            }
        }
        // "are missing", "went missing", "were dead", "was among the dead"
        let below =
            self.a.children(verb).filter(|c| matches!(self.dep(*c), Dep::Acomp | Dep::Attr | Dep::Oprd | Dep::Xcomp));
        let state = below.filter_map(|c| self.told(c, Kind::State)).next();
        if let Some(told) = state.filter(|_| matches!(self.a.lemma(verb), "be" | "go" | "lie" | "remain" | "become")) {
            return vec![told];
        }
        if let Some(told) = self.among(verb) {
            return vec![told];
        }
        // "dozens more wounded", "3 killed": a participle whose passive auxiliary is left out.
        let bare = !self.has(verb, &[Dep::Dobj, Dep::Aux, Dep::Ccomp]);
        let joined_active = self.a.children_by(verb, Dep::Conj).any(|c| self.has(c, &[Dep::Dobj]));
        let participle = match self.tag(verb) {
            Tag::Vbn | Tag::Jj => true,
            Tag::Vbd => numbered,
            _ => false,
        };
        if bare
            && participle
            && !joined_active
            && let Some(told) = self.told(verb, Kind::State).or_else(|| self.verb(verb))
        {
            return vec![told];
        }
        self.passive_progress(verb)
    }

    /// "among the dead", "among those killed", hanging on `above`.
    fn among(&self, above: usize) -> Option<Told> {
        let among = self.a.children_by(above, Dep::Prep).filter(|p| matches!(self.a.lemma(*p), "among"));
        among.flat_map(|p| self.a.children_by(p, Dep::Pobj)).find_map(|o| self.casualty(o))
    }

    /// "are being held hostage", "got killed": the participle hangs below the verb.
    fn passive_progress(&self, verb: usize) -> Vec<Told> {
        if self.a.lemma(verb) != "get" {
            return Vec::new();
        }
        self.a.children(verb).filter(|c| self.tag(*c) == Tag::Vbn).filter_map(|c| self.verb(c)).take(1).collect()
    }

    fn object(&self, verb: usize, object: usize) -> Vec<Told> {
        if self.negated(verb) {
            return Vec::new();
        }
        if self.is(object, Kind::Lives) && self.is(verb, Kind::Lose) {
            return self.told(object, Kind::Lives).into_iter().collect();
        }
        let passive = self.has(verb, &[Dep::Auxpass]);
        let told = if passive { Vec::new() } else { self.joined(verb, false) };
        if !told.is_empty() {
            return told;
        }
        // "left 62 dead", "took five hostage", "held two captive"
        let state = self.a.children(verb).filter(|c| {
            // "left ten dead and forty injured": the forty have a state of their own.
            *c > object
                && !self.has(*c, &[Dep::Nsubj, Dep::Nsubjpass])
                && matches!(
                    self.dep(*c),
                    Dep::Oprd | Dep::Acomp | Dep::Advcl | Dep::Advmod | Dep::Ccomp | Dep::Xcomp | Dep::Dobj
                )
        });
        let mut states: Vec<Told> = state.filter_map(|c| self.told(c, Kind::State)).collect();
        if let Some(first) = states.first().copied() {
            states.extend(self.a.children_by(first.1, Dep::Conj).filter_map(|j| self.told(j, Kind::State)));
            states.dedup_by_key(|t| t.0);
            return states;
        }
        if self.a.lemma(verb) == "include" {
            return self.casualties_are(verb).into_iter().collect();
        }
        self.toll_above(verb).into_iter().collect()
    }

    /// "those killed were …", "the dead include …": the subject is those struck, and no number.
    fn casualties_are(&self, verb: usize) -> Option<Told> {
        if !matches!(self.a.lemma(verb), "be" | "include") {
            return None;
        }
        // "…, but included rebels": the subject stands with the first of the joined verbs.
        let first = self.a.head(verb).filter(|_| self.dep(verb) == Dep::Conj);
        let subject = self.a.child(verb, Dep::Nsubj).or_else(|| self.a.child(first?, Dep::Nsubj))?;
        if self.has(subject, &[Dep::Nummod]) || self.a.tokens()[subject].pos == Pos::Num {
            return None;
        }
        self.casualty(subject).or_else(|| self.rest(subject))
    }

    /// Whether `noun` says what the rest were.
    fn is_rest(&self, noun: usize) -> bool {
        let verb = self.a.head(noun).filter(|_| self.dep(noun) == Dep::Attr);
        verb.and_then(|v| self.a.child(v, Dep::Nsubj)).is_some_and(|s| self.is(s, Kind::Rest))
    }

    /// "109 of the dead were evacuees, while the rest were guards": what happened to those counted before.
    fn rest(&self, subject: usize) -> Option<Told> {
        if !self.is(subject, Kind::Rest) {
            return None;
        }
        let of = self.a.children_by(subject, Dep::Prep).flat_map(|p| self.a.children_by(p, Dep::Pobj));
        of.filter_map(|o| self.casualty(o)).next().or_else(|| {
            let before = (subject.saturating_sub(30)..subject).rev();
            let told = |i: usize| {
                self.told(i, Kind::Counted)
                    .or_else(|| self.told(i, Kind::State))
                    .or_else(|| self.told(i, Kind::Intransitive))
            };
            before.filter_map(told).next()
        })
    }

    /// Below a preposition: "the killing of three", "a toll of 112", "the lives of 20", "injuries to 12".
    fn prepositional(&self, prep: usize, head: usize, numbered: bool, depth: usize) -> Vec<Told> {
        let a = self.a;
        let Some(up) = a.head(prep) else { return Vec::new() };
        let word = a.word(prep).to_lowercase();
        match word.as_str() {
            "of" => {
                if let Some(told) = self.told(up, Kind::NounOf).or_else(|| self.told(up, Kind::Toll)) {
                    return vec![told];
                }
                if self.is(up, Kind::Lives) {
                    return self.told(up, Kind::Lives).into_iter().collect();
                }
                if let Some(told) = self.told(up, Kind::Counted).filter(|_| numbered || self.is(up, Kind::Counted)) {
                    return vec![told];
                }
                // "the destruction and killing of", "dozens of": what the whole is, the part is.
                if depth > 0
                    && (Words::get().vague(&a.word(up).to_lowercase(), super::words::Vague::Noun)
                        || a.tokens()[up].pos == Pos::Num
                        || self.is(up, Kind::Collective))
                {
                    return self.by_tree(up, true, depth - 1);
                }
                Vec::new()
            }
            "to" if self.told(up, Kind::NounOf).is_some_and(|t| t.0 == Measure::Injured) => {
                self.told(up, Kind::NounOf).into_iter().collect()
            }
            // "set fire to three churches"
            "to" if matches!(a.lemma(up), "set" | "fire") => {
                let set = if a.lemma(up) == "set" { Some(up) } else { a.head(up).filter(|h| a.lemma(*h) == "set") };
                let fire = set.filter(|s| a.children_by(*s, Dep::Dobj).any(|o| a.lemma(o) == "fire"));
                fire.map(|s| (Measure::Destroyed, s)).into_iter().collect()
            }
            "including" | "among" | "like" if depth > 0 => {
                if let Some(told) = self.casualty(head) {
                    return vec![told];
                }
                if a.tokens()[up].pos == Pos::Verb || a.tokens()[up].pos == Pos::Aux {
                    let patient = a.children(up).find(|c| matches!(self.dep(*c), Dep::Nsubjpass | Dep::Dobj));
                    return patient.map_or_else(Vec::new, |p| self.by_tree(p, true, depth - 1));
                }
                self.by_tree(up, true, depth - 1)
            }
            "with" => self.with(head).into_iter().collect(),
            _ if numbered => self.toll_above(up).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// "with 20 killed", "with dozens wounded".
    fn with(&self, head: usize) -> Option<Told> {
        self.a.children(head).find_map(|c| self.told(c, Kind::State))
    }

    /// "the dead", "those killed", "the wounded".
    pub fn casualty(&self, i: usize) -> Option<Told> {
        self.told(i, Kind::Counted)
            .or_else(|| self.told(i, Kind::Casualty))
            .or_else(|| self.told(i, Kind::State))
            .or_else(|| self.a.children_by(i, Dep::Acl).find_map(|c| self.told(c, Kind::State)))
    }

    /// "the death toll rose to 112", "put the toll at 85", "a toll of at least 20", "the number of dead stood at 40".
    fn toll_above(&self, from: usize) -> Option<Told> {
        let mut verb = from;
        for _ in 0..4 {
            if matches!(self.a.tokens()[verb].pos, Pos::Verb | Pos::Aux) {
                let subject = |c: &usize| matches!(self.dep(*c), Dep::Nsubj | Dep::Nsubjpass | Dep::Dobj);
                for c in self.a.children(verb).filter(subject) {
                    if let Some(told) = self.told(c, Kind::Toll) {
                        return Some((self.toll_measure(c).unwrap_or(told.0), c));
                    }
                    if self.a.lemma(c) == "number" {
                        let of = self.a.children_by(c, Dep::Prep).flat_map(|p| self.a.children_by(p, Dep::Pobj));
                        if let Some(told) = of.filter_map(|o| self.casualty(o)).next() {
                            return Some(told);
                        }
                    }
                }
                return None;
            }
            if self.is(verb, Kind::Toll) {
                return self.told(verb, Kind::Toll);
            }
            verb = self.a.head(verb)?;
        }
        None
    }

    /// "injury toll", "casualty toll"
    fn toll_measure(&self, toll: usize) -> Option<Measure> {
        self.a.children_by(toll, Dep::Compound).find_map(|c| self.told(c, Kind::Counted)).map(|t| t.0)
    }

    /// The words right beside a numbered phrase, for where the tree is wrong.
    fn beside(&self, tokens: &Range<usize>) -> Vec<Told> {
        let a = self.a;
        let sentence = a.sentences().get(a.sentence_of(tokens.start)).cloned().unwrap_or(tokens.clone());
        let mut at = tokens.end;
        let mut passed = 0;
        while at < sentence.end && passed < 5 {
            let pos = a.tokens()[at].pos;
            if let Some(told) = self.told(at, Kind::State) {
                let mut all = vec![told];
                if at + 2 < sentence.end
                    && matches!(a.word(at + 1), "and" | "or")
                    && let Some(second) = self.told(at + 2, Kind::State)
                {
                    all.push(second);
                    return if a.word(at + 1) == "or" { self.either(all) } else { all };
                }
                return all;
            }
            if let Some(told) = self.told(at, Kind::Intransitive) {
                return vec![told];
            }
            if !matches!(pos, Pos::Aux | Pos::Adv | Pos::Part)
                && !matches!(a.word(at), "others" | "more" | "people" | "or" | "so")
            {
                break;
            }
            at += 1;
            passed += 1;
        }
        if let Some(told) = self.toll_before(tokens.start, &sentence) {
            return vec![told];
        }
        if tokens.start > sentence.start {
            let before = tokens.start - 1;
            let active = matches!(self.tag(before), Tag::Vbg | Tag::Vbd | Tag::Vb | Tag::Vbz | Tag::Vbp | Tag::Vbn);
            if active && !self.has(before, &[Dep::Auxpass]) {
                let told = self.joined(before, false);
                if !told.is_empty() {
                    return told;
                }
            }
        }
        Vec::new()
    }

    /// "The death toll … has risen to": a toll earlier in the sentence, and right before the number a verb of tolls.
    fn toll_before(&self, start: usize, sentence: &Range<usize>) -> Option<Told> {
        let mut at = start;
        while at > sentence.start
            && at + 4 > start
            && matches!(self.a.tokens()[at - 1].pos, Pos::Adp | Pos::Adv | Pos::Part | Pos::Adj)
        {
            at -= 1;
        }
        if at == sentence.start || !self.is(at - 1, Kind::TollVerb) {
            return None;
        }
        (sentence.start..at).find_map(|i| self.told(i, Kind::Toll))
    }
}
