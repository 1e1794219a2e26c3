//! What hangs on a cue in the tree.
//!
//! ```text
//! The mayor said the bridge was closed.                    a clause after the cue
//! The bridge, the mayor said, was closed.                  the sentence around the cue
//! The envoy blamed the army for the raid.                  an object with what follows it
//! The envoy called on both sides to hold fire.             after a preposition
//! She condemned the raid and vowed to return.              two cues with one source
//! The raid, which the monitor said killed two, …           a relative clause
//! The attack was confirmed by the ministry.                a passive with its agent
//! According to the monitor, two died.                      "according to"
//! ```
//!
//! A content reaches from its first word to the end of what hangs on the cue, without joined cues ("… and vowed"),
//! participles of saying ("…, adding that …") and what tells when or where it was said.

#![allow(clippy::single_range_in_vec_init)] // a content is a list of ranges, often of one

use std::ops::Range;

use language::{Analysis, Dep, Pos, Tag};
use record::Mode;

use super::cues::{self, Cue, Frame, USUAL};
use super::ends::{right_end, without_aside};
use super::{Desk, LONGEST, source};

/// Reads the cues that no quotation has used.
pub fn read(desk: &mut Desk) {
    let page = desk.page;
    let a = &page.analysis;
    for i in a.sentences().iter().filter(|s| s.len() <= LONGEST).cloned().flatten() {
        if desk.used[i] {
            continue;
        }
        if a.word(i).eq_ignore_ascii_case("according") {
            according(desk, i);
        } else if let Some(cue) = cues::verb(a, i) {
            verb(desk, cue);
        } else if let Some(cue) = cues::noun(a, i) {
            noun(desk, cue);
        }
    }
}

/// The words of a verbal cue: auxiliaries and adverbs before it, a particle or preposition after it.
pub fn cue_words(a: &Analysis, cue: &Cue, with: Option<usize>) -> Range<usize> {
    let v = cue.token;
    let mut start = v;
    while start > 0 {
        let p = start - 1;
        let of_verb =
            a.head(p) == Some(v) && matches!(a.tokens()[p].dep, Dep::Aux | Dep::Auxpass | Dep::Neg | Dep::Advmod);
        if !of_verb || a.tokens()[p].pos == Pos::Punct {
            break;
        }
        start = p;
    }
    // "to" alone is no part of a cue's own words: "declined to say".
    let mut end = v + 1;
    if let Some(s) = cue.second.filter(|&s| s > v && s < v + 5) {
        end = s + 1;
    }
    if let Some(w) = with.filter(|&w| w >= end && w < end + 2) {
        end = w + 1;
    }
    start..end
}

/// Whether a verb is an infinitive of purpose or content ("to say the least", "urged them to reject …"): only one that
/// hangs on a verb that reports nothing itself ("went on to say") is somebody's own saying.
fn purpose(a: &Analysis, v: usize) -> bool {
    let to = a.children(v).any(|c| c < v && a.tokens()[c].dep == Dep::Aux && a.word(c).eq_ignore_ascii_case("to"));
    to && !(a.tokens()[v].dep == Dep::Xcomp
        && a.head(v).is_some_and(|h| {
            // "is likely to say": said of the subject.
            if a.tokens()[h].pos == Pos::Adj && a.tokens()[h].dep == Dep::Acomp {
                return true;
            }
            // "is expected to say": of whom it is expected may be said, as nobody is named who expects it.
            if source::passive(a, h) && source::agent(a, h).is_none() {
                return true;
            }
            // "continued to say": a verb that takes quotations only is no obstacle.
            let plain = cues::verb(a, h).is_none_or(|q| q.entry.slots.iter().all(|s| s.frame == Frame::Quote));
            a.tokens()[h].pos == Pos::Verb && plain && a.child(h, Dep::Dobj).is_none()
        }))
}

/// Whether a source inside a quotation is the quoted speaker ("I think").
fn quoted_self(desk: &Desk, v: usize, s: usize) -> bool {
    let a = &desk.page.analysis;
    let own = matches!(a.word(s).to_lowercase().as_str(), "i" | "we" | "you");
    own && (desk.page.quotes.of_token(v).is_some() || a.word(s).eq_ignore_ascii_case("you"))
}

/// Whether a source without a name or noun of its own is people: "some", "those", "others", "60 percent".
fn people(a: &Analysis, s: usize) -> bool {
    let t = &a.tokens()[s];
    let share = a.lemma(s) == "percent" || a.word(s) == "%";
    // "developers", "economists", "Floridians": plurals of those who do or belong, and whatever bears a name.
    share
        || t.tag == Tag::Nns && cues::agents(a.word(s))
        || t.pos == Pos::Propn
        || t.pos == Pos::Pron && !matches!(t.tag, Tag::Ex | Tag::Wdt) && !matches!(a.lemma(s), "this" | "that" | "what")
}

/// Reads a verbal cue.
fn verb(desk: &mut Desk, cue: Cue) {
    let page = desk.page;
    let a = &page.analysis;
    let v = cue.token;
    // A verb that only carries another ("continued to say") is part of that one's cue.
    let regular = source::source(a, v);
    // The parser's subject is no phrase of its own behind a comma: look at the words.
    let stray = regular.is_none_or(|s| {
        let start = source::tokens(a, s, &cue_words(a, &cue, None)).start;
        s < v
            && start.checked_sub(1).is_none_or(|b| a.word(b) != ",")
            && !a.children(v).any(|c| c > v && a.tokens()[c].dep == Dep::Ccomp)
    });
    if stray
        && cue.entry.clausal()
        && cue.entry.mode != Mode::Believes
        && let Some((head, named, said)) = trailing(desk, &cue)
    {
        let (words, said) = (cue_words(a, &cue, None), a.bytes(said));
        desk.file_with(&cue, words, head, named, vec![said]);
        desk.because(|| "what stands before the last comma, with source and cue behind it".to_owned());
        return;
    }
    let Some(s) = regular else { return };
    if quoted_self(desk, v, s) || s == v || purpose(a, v) {
        return;
    }
    let document = source::is_document(a, s);
    let actor = desk.actors.naming_at(s).is_some()
        || a.tokens()[s].tag == Tag::Prp
        || matches!(a.tokens()[s].pos, Pos::Num | Pos::Det | Pos::Adj)
        || people(a, s);
    let in_quotes = desk.page.quotes.of_token(v).is_some();
    let called_so = a.children(v).any(|c| c < v && a.tokens()[c].tag == Tag::Wp && a.tokens()[c].dep != Dep::Nsubj);
    for slot in &cue.entry.slots {
        // Only what can act condemns, demands or blames; "what he called …" names a thing and reports nothing.
        let clausal = matches!(slot.frame, Frame::Clause | Frame::Quote | Frame::Quoted);
        if slot.document && !document || !clausal && (!actor || in_quotes || called_so) {
            continue;
        }
        let found = match slot.frame {
            Frame::Clause => clause(desk, &cue, s),
            Frame::Quote => None,
            Frame::Object
            | Frame::As
            | Frame::Attribute
            | Frame::ObjectInfinitive
            | Frame::Toll
            | Frame::Responsible => object(desk, &cue, slot.frame),
            Frame::Infinitive => infinitive(desk, &cue),
            Frame::Quoted => quoted(desk, &cue),
            Frame::Whole => cue.second.map(|s| (None, vec![object_end(a, v, s, a.subtree(s).start)])),
            Frame::After(prep) => after(desk, &cue, |w| w == prep),
            Frame::AfterAny => after(desk, &cue, |w| USUAL.contains(&w)),
        };
        if let Some((with, pieces)) = found {
            let words = cue_words(a, &cue, with);
            let bytes = pieces.into_iter().map(|p| a.bytes(p)).collect();
            if desk.file(&cue, words, Some(s), bytes) {
                if let (Some(mode), Some(said)) = (slot.mode, desk.said.last_mut()) {
                    said.mode = mode;
                }
                desk.because(|| slot.frame.told());
                return;
            }
        }
    }
}

/// A preposition that joins the cue's words, and the content's token ranges.
type Found = Option<(Option<usize>, Vec<Range<usize>>)>;

/// A clause after the cue, or the sentence around it.
fn clause(desk: &Desk, cue: &Cue, s: usize) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let last = cue.second.unwrap_or(v);
    // After the cue.
    let right = a.children(v).find(|&c| {
        c > last
            && matches!(a.tokens()[c].dep, Dep::Ccomp | Dep::Advcl | Dep::Xcomp | Dep::Acl)
            && (a.tokens()[c].dep == Dep::Ccomp
                || a.tokens()[c].dep == Dep::Xcomp && matches!(a.tokens()[c].tag, Tag::Vbd | Tag::Vbz | Tag::Vbp)
                || a.child(c, Dep::Mark).is_some_and(|m| a.word(m) == "that"))
    });
    let nested = cue.second.and_then(|n| {
        a.children(n).find(|&c| {
            c > n
                && (a.tokens()[c].dep == Dep::Ccomp
                    || a.tokens()[c].dep == Dep::Acl && a.child(c, Dep::Mark).is_some_and(|m| a.word(m) == "that"))
        })
    });
    // "told a meeting of leaders that …": the clause may hang on the one told.
    let told = || {
        let listener = a
            .children(v)
            .find(|&c| c > last && cue.entry.addressee && matches!(a.tokens()[c].dep, Dep::Dobj | Dep::Dative))?;
        (listener + 1..a.subtree(listener).end).find(|&c| {
            matches!(a.tokens()[c].dep, Dep::Acl | Dep::Relcl | Dep::Ccomp)
                && a.child(c, Dep::Mark).is_some_and(|m| a.word(m) == "that")
        })
    };
    if let Some(c) = right.or(nested).or_else(told) {
        let mut start = first_of_content(desk, cue, s, c).max(last + 1);
        if start <= s && s < c && a.is_within(s, v) && !a.is_within(s, c) {
            start = a.subtree(s).end;
        }
        while start < c
            && (a.tokens()[start].pos == Pos::Punct && !opens(a.word(start))
                || a.word(start).eq_ignore_ascii_case("that") && a.tokens()[start].dep == Dep::Mark)
        {
            start += 1;
        }
        if let Some(end) = joined_cue(a, v, c).filter(|&e| e > start + 1) {
            return Some((None, vec![start..end]));
        }
        let end = right_end(desk, v, start).max(a.subtree(c).end);
        let mut pieces = vec![start..whole(desk, end)];
        pieces.extend(antecedent(a, v, c).filter(|p| p.end <= start));
        pieces.sort_by_key(|p| p.start);
        return Some((None, pieces));
    }
    around(desk, cue, s).or_else(|| that(desk, cue))
}

/// "three books that the officer said have seditious intent": the clause's subject is the noun that the cue hangs on.
fn antecedent(a: &Analysis, v: usize, c: usize) -> Option<Range<usize>> {
    let subject = |i: usize| {
        a.children(i).any(|k| {
            matches!(a.tokens()[k].dep, Dep::Nsubj | Dep::Nsubjpass | Dep::Expl | Dep::Csubj)
                && !matches!(a.tokens()[k].tag, Tag::Wdt | Tag::Wp)
        })
    };
    let finite = matches!(a.tokens()[c].tag, Tag::Vbd | Tag::Vbz | Tag::Vbp)
        || a.children(c).any(|k| matches!(a.tokens()[k].dep, Dep::Aux | Dep::Auxpass) && a.tokens()[k].tag != Tag::To);
    let noun = a.head(v).filter(|&h| a.tokens()[v].dep == Dep::Relcl && h < v)?;
    let relative = (noun + 1..v).any(|i| matches!(a.tokens()[i].tag, Tag::Wdt | Tag::Wp));
    let words = a.subtree(noun).start..noun + 1;
    (relative && finite && !subject(c) && words.len() <= 8).then_some(words)
}

/// "said earlier in the day that …", "said via email that …": the clause that the parser hung on a circumstance.
fn that(desk: &Desk, cue: &Cue) -> Found {
    let a = &desk.page.analysis;
    let last = cue.second.unwrap_or(cue.token);
    let sentence = a.sentences().get(a.sentence_of(last))?;
    let reach = (last + 12).min(sentence.end);
    let at = (last + 2..reach).find(|&i| a.word(i) == "that" && matches!(a.tokens()[i].dep, Dep::Mark | Dep::Nsubj))?;
    let verb = a.head(at).filter(|&h| h > at && matches!(a.tokens()[h].pos, Pos::Verb | Pos::Aux))?;
    let plain = (last + 1..at).all(|i| !matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux));
    plain.then(|| (None, vec![at + 1..whole(desk, a.subtree(verb).end.max(right_end(desk, cue.token, at + 1)))]))
}

/// A cue that ends its sentence, after a comma and a source that the parser took for something else: "…, the Harbour
/// Monitor group said on Sunday." Source head, source, content.
fn trailing(desk: &Desk, cue: &Cue) -> Option<(usize, Range<usize>, Range<usize>)> {
    let a = &desk.page.analysis;
    let v = cue.token;
    let words = cue_words(a, cue, None);
    let sentence = a.sentences().get(a.sentence_of(v))?.clone();
    let mut end = sentence.end;
    while end > v + 1 && matches!(a.tokens()[end - 1].pos, Pos::Punct | Pos::Space) {
        end -= 1;
    }
    let circumstance =
        (words.end..end).all(|i| !matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux | Pos::Punct | Pos::Sconj));
    if !circumstance || end > v + 9 || words.start < sentence.start + 5 {
        return None;
    }
    let comma = (words.start.saturating_sub(14).max(sentence.start)..words.start).rev().find(|&i| a.word(i) == ",")?;
    let named = comma + 1..words.start;
    let nominal = named.clone().all(|i| !matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux | Pos::Sconj | Pos::Punct));
    let said = sentence.start..comma;
    let clause = said.clone().any(|i| matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux));
    if named.is_empty() || !nominal || !clause {
        return None;
    }
    // The head: the last noun that is no modifier and hangs on nothing inside but for what joins it.
    let heads = |i: &usize| {
        let dep = a.tokens()[*i].dep;
        let noun = matches!(a.tokens()[*i].pos, Pos::Noun | Pos::Propn | Pos::Pron);
        noun && !matches!(dep, Dep::Compound | Dep::Amod | Dep::Nmod | Dep::Poss)
    };
    let head = named.clone().find(heads)?;
    // "the Harbour Observatory for Coasts monitoring group": a name goes before the noun behind it.
    Some((head, named, said))
}

/// Where a content ends before a joined verb of saying that the parser hung on it: "she said it was late and called for
/// calm" is two reports of hers.
fn joined_cue(a: &Analysis, v: usize, c: usize) -> Option<usize> {
    let k = a.children_by(c, Dep::Conj).find(|&k| {
        a.tokens()[k].tag == a.tokens()[v].tag
            && cues::verb(a, k).is_some_and(|q| q.entry.mode != Mode::Believes)
            && !a.children(k).any(|x| matches!(a.tokens()[x].dep, Dep::Nsubjpass | Dep::Aux | Dep::Auxpass))
    })?;
    let cc = (c..k).rev().find(|&i| a.tokens()[i].dep == Dep::Cc)?;
    // "…, and the army denied it": with a subject of its own it has to be a report.
    match a.child(k, Dep::Nsubj) {
        None => (cc + 3 > k).then_some(cc),
        Some(s) => (a.subtree(s).start <= cc + 2 && cues::speaks(a, k)).then_some(cc),
    }
}

/// The end of a content, moved on where the parser broke a sentence in two: what ends without a stop goes on.
fn whole(desk: &Desk, end: usize) -> usize {
    let a = &desk.page.analysis;
    let Some(last) = end.checked_sub(1) else { return end };
    let block = desk.page.blocks.get(desk.page.block_of(last)).map_or(end, |b| b.tokens.end);
    let mut end = end;
    for _ in 0..2 {
        let Some(last) = end.checked_sub(1) else { break };
        let sentence = a.sentence_of(last);
        let stop =
            |i: usize| a.word(i).ends_with(['.', '!', '?', '…', ';', ':', '"', '”']) || a.tokens()[i].pos == Pos::Space;
        let closes = a.sentences().get(sentence).is_some_and(|s| s.end == end) && !stop(last);
        match a.sentences().get(sentence + 1) {
            Some(next) if closes && next.end <= block && !matches!(a.tokens()[next.start].tag, Tag::Cc) => {
                end = next.end
            }
            _ => break,
        }
    }
    end
}

/// Where the content begins: at the first dependent between the cue and the clause that is neither source, listener nor
/// circumstance. The parser may hang the clause's subject on the cue.
fn first_of_content(desk: &Desk, cue: &Cue, s: usize, c: usize) -> usize {
    let a = &desk.page.analysis;
    let v = cue.token;
    let edge = a.tokens()[c].left_edge as usize;
    let last = cue.second.unwrap_or(v);
    for k in a.children(v).filter(|&k| k > last && k < edge) {
        let t = &a.tokens()[k];
        let own_subject =
            !a.children(c).any(|x| matches!(a.tokens()[x].dep, Dep::Nsubj | Dep::Nsubjpass | Dep::Expl | Dep::Csubj));
        if k != s
            && own_subject
            && matches!(t.dep, Dep::Dobj | Dep::Nsubj | Dep::Nsubjpass)
            && !cue.entry.addressee
            && a.subtree(k).end <= edge
        {
            return a.subtree(k).start;
        }
    }
    edge
}

fn opens(word: &str) -> bool {
    matches!(word, "\"" | "“" | "'" | "‘" | "''" | "``" | "(" | "[")
}

/// The sentence around a cue that stands between commas or after one.
fn around(desk: &Desk, cue: &Cue, s: usize) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let sentence = a.sentences().get(a.sentence_of(v))?.clone();
    let own = a.children(v).any(|c| matches!(a.tokens()[c].dep, Dep::Nsubj | Dep::Nsubjpass)) || s > v;
    if !sentence.contains(&s) || !own {
        return None;
    }
    let words = cue_words(a, cue, None);
    let named = source::tokens(a, s, &words);
    if let Some(found) = as_told(desk, cue, &sentence, &words, &named) {
        return (!found.is_empty()).then_some((None, found));
    }
    // "the envoy proposed barring …", "she said no": what was said hangs on the cue's right.
    let right = a.children(v).find(|&c| {
        c > words.end.saturating_sub(1)
            && c != s
            && match a.tokens()[c].dep {
                Dep::Xcomp | Dep::Intj | Dep::Pcomp => true,
                Dep::Dobj => s < v && !cue.entry.addressee,
                _ => false,
            }
    });
    let start = words.start.min(named.start);
    let before = start.checked_sub(1).filter(|&b| b >= sentence.start)?;
    let stop = matches!(a.word(before), "," | "\"" | "”" | "''" | "-" | "–" | "—" | "'" | "’" | "--" | "?" | "!" | ";");
    if !stop || a.tokens()[v].dep == Dep::Relcl && a.tokens()[v].tag != Tag::Vbd {
        return None;
    }
    let head = sentence.start..before + 1;
    if head.len() < 2 {
        return None;
    }
    let quoted = head.clone().any(|i| desk.page.quotes.of_token(i).is_some());
    let spoken = a.children(v).any(|c| c < start && matches!(a.tokens()[c].dep, Dep::Ccomp | Dep::Parataxis));
    let paired = cue.second.is_some_and(|n| matches!(a.tokens()[n].dep, Dep::Dobj | Dep::Acomp | Dep::Attr));
    if (right.is_some() && (!spoken || cue.entry.mode == Mode::Believes) || paired) && !quoted {
        return None;
    }
    let mut pieces = vec![head];
    // What goes on after the cue and what hangs on it, where a comma parts them.
    let mut end = words.end.max(if s > v { named.end } else { words.end });
    for c in a.children(v) {
        if c < end {
            continue;
        }
        if matches!(a.tokens()[c].dep, Dep::Prep | Dep::Npadvmod | Dep::Advmod | Dep::Dobj | Dep::Dative | Dep::Prt)
            && c <= end + 1
        {
            end = a.subtree(c).end;
        }
    }
    if end + 1 < sentence.end && a.word(end) == "," {
        let next = end + 1;
        let rest = next..sentence.end;
        let first = (rest.clone()).find(|&i| a.head(i).is_none_or(|h| !rest.contains(&h)))?;
        let own =
            a.head(first) == Some(v) && matches!(a.tokens()[first].dep, Dep::Conj | Dep::Cc | Dep::Advcl | Dep::Prep);
        let speech = rest.clone().take(3).any(|i| cues::speaks(a, i));
        // "…, he said, but "…"": what is quoted goes on.
        let quoted = a.tokens()[next].tag == Tag::Cc && desk.page.quotes.of_token(next + 2).is_some();
        if quoted || !own && !speech && !matches!(a.tokens()[next].tag, Tag::Cc | Tag::Wp | Tag::Wdt) {
            pieces.push(rest);
        }
    }
    // What was said is a clause, not "Last month, the mayor warned …" or "Speaking there, the mayor said …".
    let said = a.children(v).any(|c| c < start && a.tokens()[c].dep == Dep::Ccomp)
        || pieces.iter().cloned().flatten().any(|i| {
            matches!(a.tokens()[i].tag, Tag::Vbd | Tag::Vbz | Tag::Vbp | Tag::Md)
                || desk.page.quotes.of_token(i).is_some()
        });
    // "When asked, she said …": a circumstance put first, with nothing after it that could be what was said.
    let mut left = a.children(v).filter(|&c| a.subtree(c).start < before).peekable();
    let first = left.peek().is_some_and(|&c| a.subtree(c).start == sentence.start);
    let put_first = first
        && left.all(|c| {
            matches!(
                a.tokens()[c].dep,
                Dep::Advcl | Dep::Prep | Dep::Npadvmod | Dep::Advmod | Dep::Mark | Dep::Cc | Dep::Punct
            )
        });
    let fronted = put_first && pieces.len() == 1 && !quoted && !spoken;
    if !said || fronted {
        return None;
    }
    Some((None, pieces))
}

/// "As the monitor reported, two died.", "Two died, as the monitor reported.": the sentence without the clause. Empty
/// where the cue has what was said on its own right; `None` where it stands in no such clause.
fn as_told(
    desk: &Desk,
    cue: &Cue,
    sentence: &Range<usize>,
    words: &Range<usize>,
    named: &Range<usize>,
) -> Option<Vec<Range<usize>>> {
    let a = &desk.page.analysis;
    let v = cue.token;
    let start = words.start.min(named.start);
    let mark = start.checked_sub(1).filter(|&m| m >= sentence.start && a.word(m).eq_ignore_ascii_case("as"))?;
    if a.head(mark) != Some(v) && a.tokens()[v].dep != Dep::Advcl {
        return None;
    }
    let own = a.children(v).any(|c| {
        c >= words.end && matches!(a.tokens()[c].dep, Dep::Dobj | Dep::Ccomp | Dep::Xcomp | Dep::Acomp | Dep::Attr)
    });
    if own {
        return Some(Vec::new());
    }
    let end = a.subtree(v).end.max(words.end).max(if named.start >= words.end { named.end } else { 0 });
    let comma = |i: usize| i < sentence.end && a.word(i) == ",";
    let clause = |r: &Range<usize>| r.clone().any(|i| matches!(a.tokens()[i].pos, Pos::Verb | Pos::Aux));
    let after = (end.saturating_sub(1)..end + 1).find(|&i| comma(i)).map(|i| i + 1..sentence.end);
    let before = sentence.start..mark;
    Some(if mark == sentence.start || !clause(&before) {
        after.filter(clause).into_iter().collect()
    } else if comma(mark - 1) {
        vec![before]
    } else {
        Vec::new()
    })
}

/// From the object's first word to the end of what belongs to it.
fn object_end(a: &Analysis, v: usize, o: usize, start: usize) -> Range<usize> {
    let mut end = a.subtree(o).end.max(start);
    for c in a.children(v).filter(|&c| c > o) {
        let t = &a.tokens()[c];
        let range = a.subtree(c);
        let joins = match t.dep {
            Dep::Prep => matches!(
                a.word(c),
                "for" | "of" | "as" | "with" | "against" | "over" | "from" | "to" | "into" | "about" | "on"
            ),
            Dep::Xcomp | Dep::Oprd | Dep::Ccomp | Dep::Dative | Dep::Acomp | Dep::Attr => true,
            Dep::Advcl => a.children(c).any(|k| a.tokens()[k].dep == Dep::Aux && a.word(k) == "to"),
            Dep::Punct => continue,
            _ => false,
        };
        let time = a.entity_of(range.end.saturating_sub(1)).is_some_and(|e| {
            matches!(e.label, language::EntityLabel::Date | language::EntityLabel::Time)
                && range.len() <= e.tokens().len() + 2
        });
        if !joins || time {
            break;
        }
        end = end.max(range.end);
    }
    start..end
}

/// An object, as the frame asks.
fn object(desk: &Desk, cue: &Cue, frame: Frame) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let passive = source::passive(a, v);
    let object = if passive {
        if a.tokens()[v].dep == Dep::Acl { a.head(v) } else { a.child(v, Dep::Nsubjpass) }
    } else {
        let right = a
            .children(v)
            .find(|&c| c > v && matches!(a.tokens()[c].dep, Dep::Dobj | Dep::Oprd | Dep::Ccomp | Dep::Attr));
        right.filter(|&c| a.tokens()[c].dep != Dep::Ccomp || frame != Frame::Object)
    };
    let o = object?;
    if cue.second == Some(o) || matches!(a.word(o), "itself" | "himself" | "herself" | "themselves") {
        return None;
    }
    let follows = |dep: Dep| a.children(v).find(|&c| c > o && a.tokens()[c].dep == dep);
    let prep = |word: &str| {
        a.children(v).chain(a.children(o)).any(|c| c >= o && a.tokens()[c].dep == Dep::Prep && a.word(c) == word)
    };
    let clause = a.tokens()[o].dep == Dep::Ccomp;
    let fits = match frame {
        Frame::Object => true,
        Frame::As => prep("as") || follows(Dep::Prep).is_some_and(|c| a.word(c) == "as"),
        Frame::Toll => prep("at"),
        Frame::Attribute => {
            clause || follows(Dep::Oprd).is_some() || follows(Dep::Acomp).is_some() || a.child(v, Dep::Oprd).is_some()
        }
        Frame::ObjectInfinitive => {
            follows(Dep::Xcomp).is_some()
                || clause
                || follows(Dep::Advcl).is_some_and(|c| a.children(c).any(|k| a.word(k) == "to"))
        }
        Frame::Responsible => {
            a.subtree(v).skip_while(|&i| i < o).any(|i| matches!(a.word(i), "responsible" | "accountable"))
        }
        _ => false,
    };
    if !fits {
        return None;
    }
    if passive {
        let by = a.child(v, Dep::Agent).or_else(|| a.children_by(v, Dep::Prep).find(|&p| a.word(p) == "by"))?;
        let first = if a.tokens()[v].dep == Dep::Acl { a.subtree(o).start..v } else { a.subtree(o) };
        let by_end = a.subtree(by).end;
        let rest = a
            .children(v)
            .filter(|&c| c > by && matches!(a.tokens()[c].dep, Dep::Prep | Dep::Xcomp | Dep::Oprd))
            .map(|c| a.subtree(c).end)
            .max();
        let mut pieces = vec![first];
        if let Some(end) =
            rest.filter(|&e| e > by_end && matches!(frame, Frame::As | Frame::Attribute | Frame::ObjectInfinitive))
        {
            pieces.push(by_end..end);
        }
        return Some((Some(by), pieces));
    }
    let start = if clause { (a.tokens()[o].left_edge as usize).max(v + 1) } else { a.subtree(o).start.max(v + 1) };
    if frame == Frame::Toll {
        let at = a
            .children(v)
            .filter(|&c| c > o && a.tokens()[c].dep == Dep::Prep && a.word(c) == "at")
            .map(|c| a.subtree(c).end)
            .max();
        return Some((None, vec![start..at.unwrap_or(0).max(a.subtree(o).end)]));
    }
    let end = right_end(desk, v, a.subtree(o).end).max(a.subtree(o).end);
    Some((None, vec![without_aside(a, start..end)]))
}

/// An infinitive after the cue.
fn infinitive(desk: &Desk, cue: &Cue) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let last = cue.second.unwrap_or(v);
    let from_pair = cue
        .second
        .into_iter()
        .flat_map(|n| a.children(n))
        .find(|&c| c > last && matches!(a.tokens()[c].dep, Dep::Acl | Dep::Xcomp));
    let c = a
        .children(v)
        .find(|&c| c > last && matches!(a.tokens()[c].dep, Dep::Xcomp | Dep::Advcl | Dep::Ccomp))
        .or(from_pair)?;
    let to = a.children(c).find(|&k| a.tokens()[k].dep == Dep::Aux && a.word(k) == "to")?;
    // "vowed to say": a cue below takes over only in the content.
    let start = (a.tokens()[c].left_edge as usize).max(last + 1).min(to);
    let end = right_end(desk, v, start).max(a.subtree(c).end);
    Some((None, vec![without_aside(a, start..end)]))
}

/// What follows a preposition of the cue.
fn after(desk: &Desk, cue: &Cue, fits: impl Fn(&str) -> bool) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let last = cue.second.unwrap_or(v);
    let marks =
        a.children(v).filter(|&c| c > last).filter_map(|c| a.child(c, Dep::Mark)).filter(|&m| a.word(m) == "for");
    let pool = a.children(v).chain(cue.second.into_iter().flat_map(|n| a.children(n)));
    let prep = pool.chain(marks).find(|&c| {
        c > last
            && c <= last + 6
            && matches!(a.tokens()[c].dep, Dep::Prep | Dep::Dative | Dep::Mark)
            && fits(&a.word(c).to_lowercase())
    })?;
    if a.tokens()[prep].dep == Dep::Mark {
        // "called for both sides to stop": the preposition marks an infinitive.
        return a.head(prep).map(|c| (Some(prep), vec![prep + 1..a.subtree(c).end]));
    }
    let start = prep + 1;
    let own = a.subtree(prep).end;
    if own <= start {
        return None;
    }
    let end = right_end(desk, v, own).max(own);
    Some((Some(prep), vec![without_aside(a, start..end)]))
}

/// "quoted X as saying": what X said is the content of both cues; this one's is the clause below "saying".
fn quoted(desk: &Desk, cue: &Cue) -> Found {
    let a = &desk.page.analysis;
    let v = cue.token;
    let say = a.subtree(v).skip_while(|&i| i <= v).find(|&i| a.word(i) == "as").map(|i| i + 1)?;
    let c = a.children(say).find(|&c| c > say && a.tokens()[c].dep == Dep::Ccomp)?;
    let start = (a.tokens()[c].left_edge as usize).max(say + 1);
    Some((None, vec![start..a.subtree(c).end]))
}

/// "According to X, …", "…, according to X", "…, according to X, …".
fn according(desk: &mut Desk, i: usize) {
    let page = desk.page;
    let a = &page.analysis;
    let to = i + 1;
    if a.tokens().get(to).is_none() || !a.word(to).eq_ignore_ascii_case("to") {
        return;
    }
    let Some(sentence) = a.sentences().get(a.sentence_of(i)).cloned() else { return };
    let Some(s) = a
        .child(to, Dep::Pobj)
        .or_else(|| a.children(to).find(|&c| c > to))
        .or_else(|| (to + 1..sentence.end).find(|&k| a.tokens()[k].pos == Pos::Propn))
    else {
        return;
    };
    let capital = a.word(s).chars().next().is_some_and(char::is_uppercase);
    // "according to plan" names nobody.
    let bare = a.tokens()[s].tag == Tag::Nn && a.children(s).next().is_none();
    if desk.actors.naming_at(s).is_none() && !capital && bare {
        return;
    }
    let words = i..to + 1;
    let mut named = a.subtree(s);
    if named.start < to {
        named.start = to + 1;
    }
    let mut end = named.end.min(sentence.end);
    let initial =
        a.tokens()[sentence.start..i].iter().all(|t| matches!(t.pos, Pos::Punct | Pos::Space | Pos::Cconj | Pos::Adv));
    if initial {
        // The content follows the comma after the source.
        if (end >= sentence.end || a.word(end) != ",")
            && let Some(comma) = (s + 1..sentence.end).find(|&k| a.word(k) == ",")
        {
            end = comma;
        }
    }
    while end > s + 1 && a.tokens()[end - 1].pos == Pos::Punct && a.word(end - 1) != ")" {
        end -= 1;
    }
    let mut pieces = Vec::new();
    if !initial {
        let mut from = sentence.start;
        // Within "X said that …, according to Y" the whole sentence is Y's.
        while from < i && a.tokens()[from].pos == Pos::Space {
            from += 1;
        }
        pieces.push(a.bytes(from..i));
    }
    if end < sentence.end && (initial || a.word(end) == ",") {
        let rest = end..sentence.end;
        let speech = rest.clone().take(4).any(|k| cues::speaks(a, k)) && !initial;
        if !speech && rest.len() > 2 {
            pieces.push(a.bytes(rest));
        }
    }
    let entry = match cues::verbs().get("say").and_then(|e| e.first()) {
        Some(entry) => entry,
        None => return,
    };
    let cue = Cue { token: i, second: None, entry };
    desk.file_with(&cue, words, s, named.start..end.max(s + 1), pieces);
    desk.because(|| "the sentence around “according to”".to_owned());
}

/// A reporting noun with its owner: "the envoy's call for …", "a plea by the envoy to …".
fn noun(desk: &mut Desk, cue: Cue) {
    let page = desk.page;
    let a = &page.analysis;
    let n = cue.token;
    let by = a.children_by(n, Dep::Prep).find(|&p| a.word(p) == "by").and_then(|p| a.child(p, Dep::Pobj));
    let Some(s) = a.child(n, Dep::Poss).or(by) else { return };
    if quoted_self(desk, n, s) {
        return;
    }
    let head = a.head(n);
    for slot in &cue.entry.slots {
        let hangs = |c: usize| {
            c > n.max(s) && matches!(a.tokens()[c].dep, Dep::Acl | Dep::Ccomp | Dep::Xcomp | Dep::Relcl | Dep::Advcl)
        };
        let to = |c: usize| a.children(c).any(|k| a.tokens()[k].dep == Dep::Aux && a.word(k) == "to");
        let that = |c: usize| a.child(c, Dep::Mark).is_some_and(|m| a.word(m) == "that");
        let mut pool: Vec<usize> = a.children(n).collect();
        if let Some(b) = by {
            pool.extend(a.children(b));
        }
        if let Some(h) =
            head.filter(|&h| matches!(a.tokens()[h].dep, Dep::Prep | Dep::Agent) || a.tokens()[h].pos == Pos::Adp)
        {
            pool.extend(a.head(h).into_iter().flat_map(|x| a.children(x)).filter(|&c| c > n));
        }
        let found = match slot.frame {
            Frame::Clause => pool.iter().copied().find(|&c| hangs(c) && that(c)).map(|c| (None, a.subtree(c))),
            Frame::Infinitive => pool.iter().copied().find(|&c| hangs(c) && to(c)).map(|c| (None, a.subtree(c))),
            Frame::After(prep) => pool
                .iter()
                .copied()
                .find(|&c| c > n && a.tokens()[c].dep == Dep::Prep && a.word(c) == prep)
                .map(|c| (Some(c), c + 1..a.subtree(c).end)),
            _ => None,
        };
        if let Some((with, mut range)) = found {
            if range.start < range.end && a.word(range.start) == "that" {
                range.start += 1;
            }
            let end = with.filter(|&w| w == n + 1).map_or(n + 1, |w| w + 1);
            let words = if by.is_some_and(|b| b > n) { n..n + 1 } else { n..end };
            if desk.file(&cue, words, Some(s), vec![a.bytes(range)]) {
                desk.because(|| slot.frame.told());
                return;
            }
        }
    }
}
