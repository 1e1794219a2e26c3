//! The committed JSON Schema is the one that the types give.

#[test]
fn the_committed_schema_is_up_to_date() {
    let committed = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/record.schema.json"));
    let now = serde_json::to_string_pretty(&record::schema()).expect("a schema is JSON") + "\n";
    assert!(committed == now, "docs/record.schema.json is not what the types give: run `cargo xtask schema`");
}
