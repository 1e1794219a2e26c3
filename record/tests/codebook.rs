//! The codebook defines everything that the JSON Schema has, each under the heading of its type, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const CODEBOOK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/codebook.md"));

/// The first cells of the tables under each heading.
fn codebook() -> BTreeMap<String, BTreeSet<String>> {
    let mut sections: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut heading = String::new();
    for line in CODEBOOK.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            heading = name.to_owned();
            sections.entry(heading.clone()).or_default();
        } else if let Some((name, meaning)) = line.strip_prefix("| `").and_then(|rest| rest.split_once("` |")) {
            assert!(!meaning.trim_matches(['|', ' ']).is_empty(), "{heading}: {name} has no meaning");
            sections.entry(heading.clone()).or_default().insert(name.to_owned());
        }
    }
    sections
}

/// The properties and values that a type of the schema has.
fn names(schema: &Value) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    if let Some(properties) = schema["properties"].as_object() {
        found.extend(properties.keys().cloned());
    }
    let alternatives = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    for one in alternatives {
        let values = one["enum"].as_array().into_iter().flatten().chain(one.get("const"));
        found.extend(values.filter_map(Value::as_str).map(str::to_owned));
    }
    found
}

#[test]
fn the_codebook_defines_the_whole_schema_and_nothing_else() {
    let schema = record::schema();
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    wanted.insert("Record".to_owned(), names(&schema));
    for (name, inner) in schema["$defs"].as_object().expect("the schema has definitions") {
        let inner = names(inner);
        if !inner.is_empty() {
            wanted.insert(name.clone(), inner);
        }
    }
    assert!(wanted.len() > 20, "the schema was not understood: {:?}", wanted.keys());
    let written = codebook();
    for (name, wanted) in &wanted {
        let section = written.get(name).unwrap_or_else(|| panic!("docs/codebook.md has no section \"## {name}\""));
        let missing: Vec<_> = wanted.difference(section).collect();
        let unknown: Vec<_> = section.difference(wanted).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "## {name}: missing {missing:?}, not in the schema {unknown:?}"
        );
    }
    let unknown: Vec<_> = written.keys().filter(|name| !wanted.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "sections of no type in the schema: {unknown:?}");
}
