//! One call of the pipeline: the documents of a text through all components.
//!
//! All documents of a call form one sequence of rows (see [`crate::tok2vec`]), which is worked through in runs of
//! [`RUN`] rows, so that the large intermediate values never grow with the text: the parser asks for the contributions
//! of the tokens it looks at, a few runs are kept, and one that is asked for again long after is computed again.

use std::ops::Range;

use crate::Tag;
use crate::analysis::{Analysis, Entity, Token};
use crate::kernel::{Arithmetic, Rows, WIDTH, run};
use crate::lexicon::{Lexicon, RawToken};
use crate::model::Model;
use crate::ner::{CONTRIBUTIONS, NerScores, Walk};
use crate::parser::{FEATURES, Parser, Source};
use crate::ruler::View;
use crate::steps::{HALVES, StepModel};
use crate::tok2vec::{Net, PAD, Row, Vectors};
use crate::tree::Tree;

/// Rows of a run.
const RUN: usize = 256;
/// Runs whose contributions to the parser are kept: 1 MB each. More than the parser looks at in one step.
const KEPT: usize = 12;

/// Room for more tokens than this is not kept for the next text.
const MOST_TOKENS: usize = 1 << 17;

/// What a thread needs to analyse texts, kept from call to call.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    lexicon: Lexicon,
    vectors: Vectors,
    parser: Parser,
    tree: Tree,
    runs: Runs,
    reduced: Vec<f32>,
    contributions: Vec<f32>,
    ner: NerScores,
    raw: Vec<RawToken>,
    rows: Vec<Row>,
    tags: Vec<Tag>,
    views: Vec<View>,
}

impl Workspace {
    pub(crate) fn analyse(&mut self, model: &Model, text: &str, blocks: &[Range<usize>]) -> Analysis {
        let documents = self.tokenize(model, text, blocks);
        let mut analysis = Analysis {
            text: text.to_owned(),
            tokens: Vec::with_capacity(self.raw.len()),
            lemmas: String::with_capacity(text.len()),
            morphs: model.ruler.morphs.clone(),
            ..Analysis::default()
        };
        self.runs.restart(self.rows.len());
        self.tags.clear();
        self.tags.resize(self.rows.len(), Tag::Xx);
        for (number, document) in documents.iter().enumerate() {
            self.parse(model, document.clone(), first_row(document, number));
            self.describe(model, document.clone(), first_row(document, number), &mut analysis);
        }
        self.entities(model, &documents, &mut analysis);
        sentences(&mut analysis);
        children(&mut analysis);
        self.shed();
        analysis
    }

    /// Gives back what an uncommonly large text or a great many words have left behind.
    fn shed(&mut self) {
        if self.lexicon.trim() {
            self.vectors.forget();
        }
        if self.raw.capacity() > MOST_TOKENS {
            let (lexicon, vectors) = (std::mem::take(&mut self.lexicon), std::mem::take(&mut self.vectors));
            *self = Workspace { lexicon, vectors, ..Workspace::default() };
        }
    }

    /// Tokens and rows of all blocks; returns the token range of each.
    fn tokenize(&mut self, model: &Model, text: &str, blocks: &[Range<usize>]) -> Vec<Range<usize>> {
        self.raw.clear();
        let mut documents = Vec::with_capacity(blocks.len());
        let mut end = 0;
        for block in blocks {
            let fits = block.start >= end && u32::try_from(block.end).is_ok();
            let Some(part) = text.get(block.clone()).filter(|_| fits) else { continue };
            end = block.end;
            let first = self.raw.len();
            self.lexicon.tokenize(model, part, block.start, &mut self.raw);
            if self.raw.len() > first {
                documents.push(first..self.raw.len());
            }
        }
        self.rows.clear();
        for document in &documents {
            self.rows.extend([Row::EMPTY; PAD]);
            self.rows.extend(self.raw[document.clone()].iter().map(|t| Row::token(t.word, t.space_after)));
        }
        documents
    }

    /// Tags, heads, labels, edges and sentence starts of a document.
    fn parse(&mut self, model: &Model, document: Range<usize>, first_row: usize) {
        let mut source = RunSource {
            model,
            first_row,
            rows: &self.rows,
            lexicon: &mut self.lexicon,
            vectors: &mut self.vectors,
            runs: &mut self.runs,
            reduced: &mut self.reduced,
            tags: &mut self.tags,
        };
        self.parser.parse(&model.parser, model.arithmetic, document.len(), &mut source);
        let (heads, labels) = self.parser.heads_mut();
        let (raw, lexicon) = (&self.raw[document], &self.lexicon);
        self.tree.finish(heads, labels, |i| lexicon.word(raw[i].word).is_space);
    }

    /// Ruler and lemmatiser; appends the document's tokens.
    fn describe(&mut self, model: &Model, document: Range<usize>, first_row: usize, analysis: &mut Analysis) {
        let first = document.start;
        let (heads, labels) = self.parser.heads_mut();
        self.views.clear();
        for (i, raw) in self.raw[document].iter().enumerate() {
            let word = self.lexicon.word(raw.word);
            let tag = self.tags[first_row + i];
            self.views.push(View { tag, dep: labels[i].0, is_space: word.is_space, class: word.class });
        }
        for (i, &head) in heads.iter().enumerate() {
            let raw = self.raw[first + i];
            let ruled = model.ruler.apply(&self.views, i);
            let start = analysis.lemmas.len();
            match ruled.lemma {
                Some(lemma) => analysis.lemmas.push_str(lemma),
                None => {
                    let word = &analysis.text[raw.start as usize..raw.end as usize];
                    let morph = model.ruler.morphs[ruled.morph as usize];
                    let (chars, lower) = (&model.tokenizer.chars, self.lexicon.lower(raw.word));
                    model.lemmatizer.lemma(chars, word, lower, ruled.pos, morph, &mut analysis.lemmas);
                }
            }
            let global = |token: u32| first as u32 + token;
            analysis.tokens.push(Token {
                start: raw.start,
                end: raw.end,
                head: global(head),
                left_edge: global(self.tree.left[i]),
                right_edge: global(self.tree.right[i]),
                lemma: (start as u32, analysis.lemmas.len() as u32),
                morph: ruled.morph,
                tag: ruled.tag,
                pos: ruled.pos,
                dep: ruled.dep,
                space_after: raw.space_after,
                sentence_start: self.tree.starts[i],
            });
        }
    }

    /// Entities of all documents. Sentence starts must be known.
    fn entities(&mut self, model: &Model, documents: &[Range<usize>], analysis: &mut Analysis) {
        let arithmetic = model.arithmetic;
        let mut walk = Walk::new();
        let mut number = 0;
        let mut row = PAD;
        while row < self.rows.len() {
            let count = RUN.min(self.rows.len() - row);
            let x = self.vectors.encode(
                &model.tok2vec,
                arithmetic,
                &mut self.lexicon,
                Net::B,
                &self.rows,
                row..row + count,
            );
            model.ner.steps.contributions(arithmetic, x, count, &mut self.reduced, &mut self.contributions);
            debug_assert_eq!(self.contributions.len(), count * CONTRIBUTIONS);
            model.ner.score(arithmetic, &self.contributions, count, &mut self.ner);
            for i in 0..count {
                // Skip the empty rows before a document.
                let Some(document) = documents.get(number) else { break };
                let Some(at) = (row + i).checked_sub(first_row(document, number)) else { continue };
                let token = document.start + at;
                let last = token + 1 == document.end;
                let goes_on = !last && !analysis.tokens[token + 1].sentence_start;
                let is_space = self.lexicon.word(self.raw[token].word).is_space;
                let found = |start: usize, end: usize, label| {
                    analysis.entities.push(Entity { start: start as u32, end: end as u32, label });
                };
                model.ner.step(
                    arithmetic,
                    &mut walk,
                    &self.contributions,
                    &self.ner,
                    (i, token),
                    (is_space, goes_on),
                    found,
                );
                number += usize::from(last);
            }
            row += count;
        }
    }
}

/// The row of a document's first token.
fn first_row(document: &Range<usize>, number: usize) -> usize {
    document.start + (number + 1) * PAD
}

/// Sentences from the tokens' flags. A document always begins one.
fn sentences(analysis: &mut Analysis) {
    let mut start = 0;
    for i in 1..=analysis.tokens.len() {
        if analysis.tokens.get(i).is_none_or(|t| t.sentence_start) {
            analysis.sentences.push(start..i);
            start = i;
        }
    }
}

/// The children of all tokens, in order.
fn children(analysis: &mut Analysis) {
    let count = analysis.tokens.len();
    let mut starts = vec![0u32; count + 1];
    let arcs = || analysis.tokens.iter().enumerate().filter(|(i, t)| t.head as usize != *i);
    for (_, token) in arcs() {
        starts[token.head as usize + 1] += 1;
    }
    for i in 0..count {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut children = vec![0u32; starts[count] as usize];
    for (i, token) in arcs() {
        let at = &mut next[token.head as usize];
        children[*at as usize] = i as u32;
        *at += 1;
    }
    (analysis.child_starts, analysis.children) = (starts, children);
}

/// Contributions to the parser of a few runs of rows.
#[derive(Debug, Default)]
struct Runs {
    /// For each run of the sequence, its place in `kept`, or `ABSENT`.
    places: Vec<u8>,
    /// Values, the number of the run, and when it was last asked for.
    kept: Vec<(Vec<f32>, usize, u64)>,
    time: u64,
}

const ABSENT: u8 = u8::MAX;

impl Runs {
    fn restart(&mut self, rows: usize) {
        self.places.clear();
        self.places.resize(rows.div_ceil(RUN) + 1, ABSENT);
        for (_, number, used) in &mut self.kept {
            (*number, *used) = (usize::MAX, 0);
        }
        self.time = 0;
    }

    /// A place for run `number`: a new one, or that of the run not asked for for the longest time.
    fn place(&mut self, number: usize) -> usize {
        let free = self.kept.iter().enumerate().min_by_key(|(_, kept)| kept.2).map(|(place, kept)| (place, kept.1));
        let place = match free {
            Some((place, usize::MAX)) => place,
            Some((place, old)) if self.kept.len() >= KEPT => {
                self.places[old] = ABSENT;
                place
            }
            _ => {
                self.kept.push((Vec::new(), usize::MAX, 0));
                self.kept.len() - 1
            }
        };
        self.places[number] = place as u8;
        self.kept[place].1 = number;
        place
    }
}

/// Runs on demand, for one document.
struct RunSource<'a> {
    model: &'a Model,
    first_row: usize,
    rows: &'a [Row],
    lexicon: &'a mut Lexicon,
    vectors: &'a mut Vectors,
    runs: &'a mut Runs,
    reduced: &'a mut Vec<f32>,
    tags: &'a mut [Tag],
}

impl RunSource<'_> {
    /// Computes a run: vectors, tags, contributions. Rows are counted from the first token of the sequence.
    fn compute(&mut self, number: usize) {
        let (model, arithmetic) = (self.model, self.model.arithmetic);
        let first = PAD + number * RUN;
        let count = RUN.min(self.rows.len() - first);
        let place = self.runs.place(number);
        let x = self.vectors.encode(&model.tok2vec, arithmetic, self.lexicon, Net::A, self.rows, first..first + count);
        model.parser.steps.contributions(arithmetic, x, count, self.reduced, &mut self.runs.kept[place].0);
        tag(model, arithmetic, x, &mut self.tags[first..first + count]);
    }
}

/// The best tag of each row.
fn tag(model: &Model, arithmetic: Arithmetic, x: &[f32], tags: &mut [Tag]) {
    const BAND: usize = 48;
    let columns = model.tagger.columns();
    let mut scores = vec![0f32; BAND.min(tags.len()) * columns];
    for (x, tags) in x.chunks(BAND * WIDTH).zip(tags.chunks_mut(BAND)) {
        arithmetic.multiply(Rows { values: x, stride: WIDTH }, tags.len(), &model.tagger, &mut scores, columns);
        for (scores, tag) in scores.chunks_exact(columns).zip(tags) {
            *tag = model.tags[crate::parser::largest(&scores[..model.tags.len()]).1];
        }
    }
}

impl Source for RunSource<'_> {
    #[inline]
    fn contributions<const V: usize>(
        &mut self,
        steps: &StepModel<V>,
        tokens: [Option<usize>; FEATURES],
        use_them: impl FnOnce(&[&[f32; HALVES]]),
    ) {
        self.runs.time += 1;
        let mut at = [(0, 0); FEATURES];
        for (token, at) in tokens.iter().zip(&mut at) {
            let Some(token) = token else { continue };
            let row = self.first_row + token - PAD;
            let number = row / RUN;
            if self.runs.places[number] == ABSENT {
                self.compute(number);
            }
            let place = self.runs.places[number] as usize;
            self.runs.kept[place].2 = self.runs.time;
            *at = (place, row % RUN);
        }
        let features: [&[f32; HALVES]; FEATURES] = std::array::from_fn(|role| match tokens[role] {
            Some(_) => run(&self.runs.kept[at[role].0].0, at[role].1 * FEATURES + role),
            None => steps.pad(role),
        });
        use_them(&features);
    }
}
