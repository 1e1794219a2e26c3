//! One noun phrase: what it is called, and whether it names a person, a body, or describes somebody.
//!
//! ```text
//! US Secretary of State Jane Roe        a person, "Jane Roe", role "US Secretary of State"
//! Freedonia's Defence Ministry          a body, "Freedonian Defence Ministry"
//! the Britain-based Harbour Monitor     a body, "Harbour Monitor"
//! the local Tern Brigade rebel group    a body, "Tern Brigade"
//! a hospital worker                     a description, "hospital worker"
//! ```
//!
//! Limits: names are told by capitals, titles and the model's entities; a lower-case name is a description.

use std::ops::Range;

use language::{Analysis, Dep, EntityLabel, Pos, Tag};

use super::words::{self, Class, Gender, Noun};
use crate::Page;

/// What a phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Names a person.
    Person,
    /// Names a body, group, people or state.
    Named,
    /// Describes: "a witness", "the ministry".
    Described,
    /// A pronoun.
    Pronoun,
}

/// A noun phrase read.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// Head token.
    pub head: usize,
    /// All its tokens, title and apposition included.
    pub tokens: Range<usize>,
    /// What it does.
    pub form: Form,
    /// The name or the describing words, as written.
    pub name: String,
    /// Words before a person's name.
    pub role: Option<String>,
    /// The row of its head noun.
    pub noun: Option<Noun>,
    /// Short form given in brackets.
    pub acronym: Option<String>,
    /// Several.
    pub many: bool,
    /// With "the", "this", "that", or without an article in a place that asks for one.
    pub definite: bool,
    /// The gender its words tell.
    pub gender: Option<Gender>,
    /// A place name that acts.
    pub place: bool,
    /// Lower-case words before the head.
    pub modifiers: Vec<String>,
    /// A name stands among them.
    pub named_before: bool,
}

/// Whether token `i` heads a noun phrase (rather than standing inside one as a modifier).
pub fn is_head(a: &Analysis, i: usize) -> bool {
    let t = &a.tokens()[i];
    let nominal = match t.pos {
        Pos::Noun | Pos::Propn => true,
        Pos::Pron => true,
        Pos::Num | Pos::Det | Pos::Adj => matches!(t.dep, Dep::Nsubj | Dep::Nsubjpass | Dep::Pobj),
        _ => false,
    };
    nominal
        && !matches!(
            t.dep,
            Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Nummod | Dep::Quantmod | Dep::Det | Dep::Punct | Dep::Npadvmod
        )
}

/// The words of a phrase up to its head: without article, possessor and what precedes a lower-case break.
fn left_edge(a: &Analysis, i: usize) -> usize {
    let edge = a.children(i).take_while(|&c| c < i).find(|&c| {
        matches!(
            a.tokens()[c].dep,
            Dep::Det
                | Dep::Amod
                | Dep::Compound
                | Dep::Nmod
                | Dep::Poss
                | Dep::Nummod
                | Dep::Predet
                | Dep::Quantmod
                | Dep::Npadvmod
                | Dep::Advmod
        )
    });
    edge.map_or(i, |c| (a.tokens()[c].left_edge as usize).min(i))
}

/// Whether a word begins with a capital letter.
fn capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// The speaker-noun row of token `i`, by form or lemma.
pub fn noun_at(a: &Analysis, i: usize) -> Option<Noun> {
    let word = a.word(i).to_lowercase();
    words::noun(&word).or_else(|| {
        let lemma = a.lemma(i).to_lowercase();
        words::noun(&lemma).or_else(|| word.strip_suffix('s').and_then(words::noun))
    })
}

/// Whether token `i` is a title: an honorific or an office.
fn is_title(a: &Analysis, i: usize) -> bool {
    noun_at(a, i).is_some_and(|n| matches!(n.class, Class::Honorific | Class::Office | Class::Person))
}

/// A stretch of text with inner blanks made single.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The tokens of the personal name that ends at token `i`, if it is one.
fn personal_name(page: &Page, i: usize) -> Option<Range<usize>> {
    let a = &page.analysis;
    if a.tokens()[i].pos != Pos::Propn && a.entity_of(i).is_none_or(|e| e.label != EntityLabel::Person) {
        return None;
    }
    if a.children(i).any(|c| a.tokens()[c].dep == Dep::Det && c + 1 == i) {
        return None;
    }
    if noun_at(a, i).is_some_and(|n| matches!(n.class, Class::Body | Class::Document | Class::Group)) {
        return None;
    }
    let entity = a.entity_of(i).filter(|e| e.label == EntityLabel::Person);
    let floor = a.sentences().get(a.sentence_of(i)).map_or(0, |s| s.start);
    // Leftwards through names and their particles.
    let mut start = i;
    while start > floor {
        let p = start - 1;
        let word = a.word(p);
        let proper = a.tokens()[p].pos == Pos::Propn || entity.is_some_and(|e| e.tokens().contains(&p));
        let particle =
            words::name_particle(word) && p > floor && (capital(a.word(p - 1)) || word.len() > 1 || entity.is_some());
        if !(proper || particle) || a.tokens()[p].tag == Tag::Pos || i - p > 7 {
            break;
        }
        start = p;
    }
    // A title ends what stands before the name.
    let mut titled = false;
    let mut s = start;
    for p in (start..i).rev() {
        if is_title(a, p) {
            s = p + 1;
            titled = true;
            break;
        }
    }
    let before = s.checked_sub(1).filter(|&p| p >= floor);
    titled = titled || before.is_some_and(|p| is_title(a, p) && !matches!(a.tokens()[p].pos, Pos::Verb));
    if let Some(e) = entity {
        let es = e.start as usize;
        if es > s && es <= i && !titled {
            s = es;
        }
    }
    // "Lt. Col. Jane Roe": the tokenizer may part a title from its stop.
    while s < i
        && (words::name_particle(a.word(s)) && a.word(s).len() <= 1
            || a.tokens()[s].pos == Pos::Punct
            || a.word(s) == ".")
    {
        s += 1;
    }
    if entity.is_none() && !titled {
        return None;
    }
    let only = a.word(s);
    if s == i && !titled && only.len() <= 6 && only.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) {
        return None;
    }
    let mut end = i + 1;
    while a.tokens().get(end).is_some() && matches!(a.word(end), "Jr." | "Jr" | "Sr." | "II" | "III" | "IV") {
        end += 1;
    }
    if a.word(s).len() < 2 && s + 1 == end {
        return None;
    }
    Some(s..end)
}

/// Reads the phrase headed by token `i`. `None` where it can't act at all.
pub fn read(page: &Page, i: usize) -> Option<Phrase> {
    let a = &page.analysis;
    let t = &a.tokens()[i];
    let tokens = trimmed(a, a.subtree(i));
    let lower = a.word(i).to_lowercase();
    let idle = |label| {
        matches!(
            label,
            EntityLabel::Date | EntityLabel::Time | EntityLabel::Money | EntityLabel::Percent | EntityLabel::Ordinal
        )
    };
    if t.pos != Pos::Pron && a.entity_of(i).is_some_and(|e| idle(e.label)) {
        return None;
    }
    let base = Phrase {
        head: i,
        tokens,
        form: Form::Described,
        name: String::new(),
        role: None,
        noun: None,
        acronym: None,
        many: matches!(t.tag, Tag::Nns | Tag::Nnps),
        definite: false,
        gender: None,
        place: false,
        modifiers: Vec::new(),
        named_before: false,
    };
    if let Some(p) = words::pronoun(&lower) {
        let one = i..i + 1;
        return Some(Phrase { form: Form::Pronoun, tokens: one, many: p.many, gender: p.gender, name: lower, ..base });
    }
    if t.pos == Pos::Pron {
        return None;
    }
    let gender_of = |name: Range<usize>| {
        let first = words::given_name(&a.word(name.start).to_lowercase()).filter(|_| name.len() > 1);
        let edge = name.start.saturating_sub(8).max(base.tokens.start);
        let title = (edge..name.start).rev().find_map(|p| noun_at(a, p).and_then(|n| n.gender));
        title.or(first)
    };
    let role_of = |name: &Range<usize>| {
        let words = a.text_of(base.tokens.start.min(name.start)..name.start);
        let words = words.trim().trim_start_matches("the ").trim_start_matches("The ");
        (!words.is_empty()).then(|| clean(words.trim_end_matches([',', ' '])))
    };
    if let Some(name) = personal_name(page, i) {
        let words = clean(a.text_of(name.clone()).trim_end_matches(['.', ',']));
        if page.atlas.actor(&words).is_none()
            || a.entity_of(i).is_some_and(|e| e.label == EntityLabel::Person && e.tokens().len() > 1)
        {
            let gender = gender_of(name.clone());
            return Some(Phrase {
                form: Form::Person,
                role: role_of(&name),
                name: words,
                gender,
                definite: true,
                ..base
            });
        }
    }
    let noun = noun_at(a, i);
    let gender = noun.and_then(|n| n.gender);
    // "Secretary of State Jane Roe": the office heads the phrase, the name ends its of-phrase without a comma.
    if noun.is_some_and(|n| n.class == Class::Office)
        && a.children_by(i, Dep::Prep).any(|p| p == i + 1 && a.word(p) == "of")
        && let Some(entity) =
            (i + 2..base.tokens.end.min(i + 14)).find_map(|k| a.entity_of(k).filter(|e| e.label == EntityLabel::Person))
        && let Some(before) = (entity.start as usize).checked_sub(1).filter(|&b| b > i + 1)
        && (i + 1..entity.start as usize).all(|k| a.tokens()[k].pos != Pos::Punct)
        && capital(a.word(before))
        && !is_title(a, before)
    {
        let name = entity.tokens();
        let gender = gender_of(name.clone());
        let words = clean(a.text_of(name.clone()));
        return Some(Phrase {
            form: Form::Person,
            role: role_of(&name),
            name: words,
            noun,
            gender,
            definite: true,
            ..base
        });
    }
    // A described person or body with its name in apposition.
    for other in a.children_by(i, Dep::Appos).take(3) {
        if let Some(name) = personal_name(page, other)
            && noun.is_none_or(|n| !matches!(n.class, Class::Body | Class::Document | Class::Group))
        {
            let words = clean(a.text_of(name.clone()));
            let gender = gender.or_else(|| gender_of(name.clone()));
            let role = Some(clean(a.text_of(left_edge(a, i)..i + 1)));
            return Some(Phrase { form: Form::Person, role, name: words, noun, gender, definite: true, ..base });
        }
        if t.pos == Pos::Noun
            && (noun.is_some_and(|n| matches!(n.class, Class::Body | Class::Group | Class::Office))
                || a.subtree(other).start == i + 1
                || a.entity_of(other).is_some_and(|e| e.label == EntityLabel::Org))
            && a.tokens()[other].pos == Pos::Propn
        {
            let name = body_name(page, other);
            return Some(Phrase { form: Form::Named, name, noun, definite: true, acronym: acronym(a, other), ..base });
        }
    }
    // The parser may make the name a second subject: "rights organisation Tern said".
    if t.pos == Pos::Noun
        && t.dep == Dep::Nsubj
        && let Some(verb) = a.head(i)
        && let Some(other) = a
            .children_by(verb, Dep::Nsubj)
            .find(|&c| c > i && a.subtree(c).start <= i + 2 && a.tokens()[c].pos == Pos::Propn)
        && (noun.is_none_or(|n| n.class != Class::Body)
            || a.entity_of(other).is_none_or(|e| e.label != EntityLabel::Gpe))
        && (i + 1..a.subtree(other).start).all(|k| a.tokens()[k].pos == Pos::Det)
    {
        let tokens = base.tokens.start..a.subtree(other).end;
        return Some(match personal_name(page, other) {
            Some(name) if noun.is_none_or(|n| n.class != Class::Body) => {
                let gender = gender.or_else(|| gender_of(name.clone()));
                let role = Some(clean(a.text_of(left_edge(a, i)..i + 1)));
                Phrase {
                    form: Form::Person,
                    role,
                    name: clean(a.text_of(name)),
                    noun,
                    gender,
                    definite: true,
                    tokens,
                    ..base
                }
            }
            _ => Phrase {
                form: Form::Named,
                name: body_name(page, other),
                noun,
                definite: true,
                acronym: acronym(a, other),
                tokens,
                ..base
            },
        });
    }
    let entity = a.entity_of(i);
    let proper = t.pos == Pos::Propn
        || entity.is_some_and(|e| {
            matches!(e.label, EntityLabel::Org | EntityLabel::Gpe | EntityLabel::Norp | EntityLabel::Person)
        });
    let edge = left_edge(a, i);
    let det = a.children_by(i, Dep::Det).next();
    let det_word = det.map(|d| a.word(d).to_lowercase());
    let definite = matches!(det_word.as_deref(), Some("the" | "this" | "that" | "these" | "those" | "both"));
    // A lone capitalised noun of the list is a description ("Observatory", "Police"), as headlines leave articles out.
    // A written-out short form ("MEPs") is the name of those it is short for.
    let short =
        page.atlas.actor(a.word(i)).filter(|_| noun.is_some() && a.word(i).chars().skip(1).any(char::is_uppercase));
    let lone = noun.is_some() && short.is_none() && (edge + usize::from(det.is_some()) >= i || ends_headline(page, i));
    let acronym = acronym(a, i);
    let named = (proper && !lone) || acronym.is_some();
    // "the Tern Brigade rebel group": a common noun at the head, a name before it.
    let inner = (t.pos == Pos::Noun && noun.is_some_and(|n| n.class == Class::Body))
        .then(|| {
            let e = (edge..i)
                .rev()
                .find_map(|p| a.entity_of(p).filter(|e| e.start as usize >= edge && e.end as usize <= i))?;
            let owner = a.tokens().get(e.end as usize).is_some_and(|t| t.tag == Tag::Pos);
            (!owner && (e.label == EntityLabel::Org || e.label == EntityLabel::Person)).then(|| e.tokens())
        })
        .flatten();
    let (form, name) = if let Some(known) = short.filter(|_| inner.is_none() && edge + 1 >= i) {
        (Form::Named, known.name.clone())
    } else if let Some(inner) = inner {
        (Form::Named, clean(strip_article(a.text_of(inner))))
    } else if named {
        (Form::Named, body_name(page, i))
    } else {
        (Form::Described, description(page, i))
    };
    if name.is_empty() {
        return None;
    }
    let definite = definite || (lone && det.is_none() && !base.many);
    let name = if lone && edge + 1 < i && ends_headline(page, i) { lower.clone() } else { name };
    // "the London-based group": where it sits is no name.
    let seat = |k: usize| (k + 1..i.min(k + 4)).any(|b| a.word(b) == "based" && a.word(b - 1) == "-");
    let modifiers = (edge..i)
        .filter(|&k| matches!(a.tokens()[k].pos, Pos::Noun | Pos::Propn | Pos::Adj) && !seat(k))
        .map(|k| a.word(k).to_lowercase())
        .collect();
    let named_before =
        (edge..i).any(|k| (a.tokens()[k].pos == Pos::Propn || k > edge && capital(a.word(k))) && !seat(k));
    let place = form == Form::Named && entity.is_some_and(|e| matches!(e.label, EntityLabel::Gpe | EntityLabel::Loc));
    Some(Phrase { form, name, noun, gender, definite, acronym, place, modifiers, named_before, ..base })
}

/// Whether token `i` is a capitalised generic noun at the end of a block without a full stop: a headline's "… Monitor",
/// where what stands before it is no part of its name.
fn ends_headline(page: &Page, i: usize) -> bool {
    let a = &page.analysis;
    let Some(block) = page.blocks.get(page.block_of(i)) else { return false };
    block.tokens.end == i + 1
        && block.tokens.len() > 5
        && capital(a.word(i))
        && noun_at(a, i).is_some_and(|n| n.generic)
}

/// A token range without leading and trailing punctuation and blanks.
pub fn trimmed(a: &Analysis, tokens: Range<usize>) -> Range<usize> {
    let idle = |i: usize| matches!(a.tokens()[i].pos, Pos::Punct | Pos::Space) && !matches!(a.word(i), "%" | ")" | "(");
    let (mut start, mut end) = (tokens.start, tokens.end.min(a.len()));
    while start < end && idle(start) {
        start += 1;
    }
    while end > start && idle(end - 1) {
        end -= 1;
    }
    start..end
}

fn strip_article(text: &str) -> &str {
    let text = text.trim();
    ["the ", "The ", "THE "].iter().find_map(|a| text.strip_prefix(a)).unwrap_or(text)
}

/// The short form in brackets that follows the phrase: "(HMO)".
fn acronym(a: &Analysis, i: usize) -> Option<String> {
    let near = |at: usize| {
        let open = a.tokens().get(at).is_some() && a.word(at) == "(";
        let close = a.tokens().get(at + 2).is_some() && a.word(at + 2) == ")";
        let word = a.tokens().get(at + 1).map(|_| a.word(at + 1)).unwrap_or("");
        let capitals = word.chars().filter(|c| c.is_uppercase()).count();
        (open && close && capitals >= 2 && capitals * 2 > word.len()).then(|| word.to_owned())
    };
    near(i + 1).or_else(|| {
        let end = a.entity_of(i).map_or(i + 1, |e| e.end as usize);
        near(end).or_else(|| {
            (i + 2..(i + 7).min(a.len())).find_map(|at| if a.tokens()[at].pos == Pos::Verb { None } else { near(at) })
        })
    })
}

/// The plain name of a body headed by token `i`: no article, no describing words before it; "Freedonia's" becomes
/// "Freedonian".
pub fn body_name(page: &Page, i: usize) -> String {
    let a = &page.analysis;
    let entity = a.entity_of(i).filter(|e| {
        matches!(
            e.label,
            EntityLabel::Org
                | EntityLabel::Gpe
                | EntityLabel::Norp
                | EntityLabel::Fac
                | EntityLabel::Loc
                | EntityLabel::Person
        )
    });
    let edge = left_edge(a, i);
    let mut start = entity.map_or(i, |e| (e.start as usize).min(i));
    // Leftwards through proper nouns and adjectives of peoples.
    while start > edge {
        let p = start - 1;
        let word = a.word(p);
        let joins = words::name_particle(word) && p > edge;
        if !(capital(word) || joins) || a.tokens()[p].pos == Pos::Det || a.tokens()[p].tag == Tag::Pos {
            break;
        }
        start = p;
    }
    while start < i
        && (a.tokens()[start].pos == Pos::Det
            || a.tokens()[start].pos == Pos::Punct
            || a.tokens()[start].tag == Tag::Pos
            || words::name_particle(a.word(start)) && a.word(start).len() < 2)
    {
        start += 1;
    }
    let mut end = entity.map_or(i + 1, |e| (e.end as usize).max(i + 1));
    if entity.is_none() || end == i + 1 {
        end = of_phrase(a, i, true).unwrap_or(end);
    }
    while end > i + 1 && (a.tokens()[end - 1].tag == Tag::Pos || a.tokens()[end - 1].pos == Pos::Punct) {
        end -= 1;
    }
    let name = clean(strip_article(a.text_of(start..end)));
    let name = name.trim_end_matches("'s").trim_end_matches("’s").to_owned();
    match nation_before(page, i, start) {
        Some(adjective) if !name.starts_with(adjective.as_str()) => format!("{adjective} {name}"),
        _ => name,
    }
}

/// The adjective of the state that possesses the phrase: "Freedonia's army" → "Freedonian".
fn nation_before(page: &Page, i: usize, start: usize) -> Option<String> {
    let a = &page.analysis;
    let owner = a.children_by(i, Dep::Poss).find(|&c| c < start && a.tokens()[c].pos == Pos::Propn)?;
    let words = match a.entity_of(owner) {
        Some(e) if e.end as usize > owner => a.text_of(e.start as usize..owner + 1),
        _ => a.word(owner),
    };
    page.atlas.country(strip_article(words)).map(|c| c.adjective.clone()).filter(|s| !s.is_empty())
}

/// The end of an "of …" or "for …" phrase that belongs to the name headed by `i`.
fn of_phrase(a: &Analysis, i: usize, proper: bool) -> Option<usize> {
    let mut end = None;
    let mut at = i;
    for _ in 0..3 {
        let Some(prep) = a.children_by(at, Dep::Prep).find(|&p| {
            p == at + 1 && matches!(a.word(p), "of" | "for" | "in" | "at" | "from" | "on" | "Without" | "Against")
        }) else {
            break;
        };
        let Some(object) = a.child(prep, Dep::Pobj) else { break };
        let time = a.entity_of(object).is_some_and(|e| matches!(e.label, EntityLabel::Date | EntityLabel::Time));
        let on = a.word(prep) == "on" && noun_at(a, i).is_none_or(|n| n.class != Class::Document);
        if time || on || object.saturating_sub(i) > 9 || (proper && !capital(a.word(object))) {
            break;
        }
        end = Some(object + 1);
        at = object;
    }
    end
}

/// The describing words of a phrase: "hospital worker", "residents of the old town".
pub fn description(page: &Page, i: usize) -> String {
    let a = &page.analysis;
    let mut start = left_edge(a, i);
    while start < i
        && ((matches!(a.tokens()[start].pos, Pos::Det | Pos::Punct | Pos::Pron)
            && !a.word(start).eq_ignore_ascii_case("some"))
            || a.tokens()[start].tag == Tag::Pos)
    {
        start += 1;
    }
    if i > start + 8 {
        start = i - 8;
    }
    let end = of_phrase(a, i, false).unwrap_or(i + 1);
    let (mut from, mut nation) = (start, None);
    if let Some(owner) = a.children_by(i, Dep::Poss).find(|&c| c >= start || c + 2 >= start)
        && let Some(adjective) = nation_before(page, i, i)
    {
        from = (owner + 1..=i).find(|&p| a.tokens()[p].tag != Tag::Pos).unwrap_or(i);
        nation = Some(adjective);
    }
    let words = clean(strip_article(a.text_of(from..end)));
    let nation_given = nation.is_some();
    let words = match nation {
        Some(n) => format!("{n} {words}"),
        None => words,
    };
    // A sentence's capital is no part of a description.
    if nation_given {
        words
    } else if a.tokens()[from].pos != Pos::Propn && a.entity_of(from).is_none() {
        let mut chars = words.chars();
        match chars.next() {
            Some(first) if !words.chars().nth(1).is_some_and(char::is_uppercase) => {
                first.to_lowercase().collect::<String>() + chars.as_str()
            }
            _ => words,
        }
    } else {
        words
    }
}
