//! What `data/wire/html.toml` knows of pages: elements, names of classes, names of metadata.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

/// What an element does to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It stands within a line.
    Inline,
    /// It stands on lines of its own.
    Block,
    /// A heading.
    Heading,
    /// A picture's caption.
    Caption,
    /// White space counts.
    Pre,
    /// A line break.
    Break,
    /// A cell of a table.
    Cell,
    /// It holds no words of the article.
    Skip,
}

/// The file's tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    begins: Vec<String>,
    elements: Elements,
    classes: Classes,
    meta: Names,
    phrases: Phrases,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elements {
    block: Vec<String>,
    heading: Vec<String>,
    caption: Vec<String>,
    pre: Vec<String>,
    line_break: Vec<String>,
    cell: Vec<String>,
    skip: Vec<String>,
    remove: String,
}

/// Words of class names and ids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// An element with one of these words is no part of the article.
    pub furniture: Vec<String>,
    /// Whole names of classes and ids that are no part of the article.
    pub furniture_names: Vec<String>,
    /// An element with one of these words holds the article, whatever else its names say.
    pub article: Vec<String>,
    /// Names of the sentence under the headline.
    pub dek: Vec<String>,
    /// Names of the line with the writer's name.
    pub byline: Vec<String>,
    /// Selectors of elements that hold the words of the article and nothing else, the surest first.
    pub body: Vec<String>,
}

/// Names under which pages keep metadata, the surest first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Types of JSON-LD that are an article.
    pub article_types: Vec<String>,
    /// Headline.
    pub headline: Vec<String>,
    /// The sentence under it, or a summary.
    pub description: Vec<String>,
    /// Who publishes.
    pub outlet: Vec<String>,
    /// Who wrote.
    pub byline: Vec<String>,
    /// When it was published.
    pub published: Vec<String>,
    /// When it was last changed.
    pub modified: Vec<String>,
    /// Address.
    pub url: Vec<String>,
    /// Language.
    pub language: Vec<String>,
}

/// Whole lines, and how they begin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// A line that begins so is no part of the article.
    pub furniture_begins: Vec<String>,
    /// A line that is this is no part of the article.
    pub furniture_is: Vec<String>,
    /// A heading that begins so ends the article.
    pub ends: Vec<String>,
}

/// The tables, ready for use.
#[derive(Debug)]
pub struct Words {
    /// How pages begin.
    pub begins: Vec<String>,
    roles: HashMap<String, Role>,
    /// Selector of elements that go at once.
    pub remove: String,
    /// Class names.
    pub classes: Classes,
    /// Metadata names.
    pub meta: Names,
    /// Lines.
    pub phrases: Phrases,
}

impl Words {
    /// What an element does.
    pub fn role(&self, name: &str) -> Role {
        self.roles.get(name).copied().unwrap_or(Role::Inline)
    }
}

/// The tables of `data/wire/html.toml`.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/wire/html.toml"));
        // The file is embedded, and a test reads it.
        let file: File = toml::from_str(text).expect("data/wire/html.toml is well-formed");
        let e = file.elements;
        let mut roles = HashMap::new();
        for (names, role) in [
            (e.block, Role::Block),
            (e.heading, Role::Heading),
            (e.caption, Role::Caption),
            (e.pre, Role::Pre),
            (e.line_break, Role::Break),
            (e.cell, Role::Cell),
            (e.skip, Role::Skip),
        ] {
            roles.extend(names.into_iter().map(|n| (n, role)));
        }
        Words {
            begins: file.begins,
            roles,
            remove: e.remove,
            classes: file.classes,
            meta: file.meta,
            phrases: file.phrases,
        }
    })
}
