//! `cargo xtask schema`: the JSON Schema of the record, written to `docs/record.schema.json`.
//!
//! The schema is made from the types of `record`; a test of that crate fails when the committed file is not what they
//! give.

use anyhow::Context;

/// Writes the schema.
pub fn run() -> anyhow::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/record.schema.json");
    let text = serde_json::to_string_pretty(&record::schema())? + "\n";
    std::fs::write(path, text).with_context(|| format!("cannot write {path}"))?;
    println!("docs/record.schema.json");
    Ok(())
}
