//! What the reader writes is what the committed JSON Schema says.
//!
//! The checker below knows the keywords that the schema uses and fails on any other, so that none is passed over in
//! silence; the schema itself is made from the types by `cargo xtask schema`.

use reading::Reader;
use serde_json::Value;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/record.schema.json"));

/// What is wrong with `value` by `schema`, each with its path.
fn wrong(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let Some(rules) = schema.as_object() else { return Vec::new() };
    let mut problems = Vec::new();
    let mut fail = |what: String| problems.push(format!("{path}: {what}"));
    let alternatives = |key: &str| {
        let list = schema[key].as_array().into_iter().flatten();
        list.filter(|one| wrong(root, one, value, path).is_empty()).count()
    };
    for (keyword, rule) in rules {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" => {}
            "$ref" => {
                let name = rule.as_str().and_then(|r| r.strip_prefix("#/$defs/")).unwrap_or_default();
                wrong(root, &root["$defs"][name], value, path).into_iter().for_each(&mut fail);
            }
            "type" => {
                let types: Vec<&str> = match rule {
                    Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                if !types.iter().any(|t| is(t, value)) {
                    fail(format!("{value} is not of type {rule}"));
                }
            }
            "enum" if !rule.as_array().is_some_and(|list| list.contains(value)) => {
                fail(format!("{value} is not one of {rule}"))
            }
            "const" if rule != value => fail(format!("{value} is not {rule}")),
            "enum" | "const" => {}
            "anyOf" if alternatives("anyOf") == 0 => fail(format!("{value} fits none of the alternatives")),
            "oneOf" if alternatives("oneOf") != 1 => {
                fail(format!("{value} fits {} alternatives", alternatives("oneOf")))
            }
            "anyOf" | "oneOf" => {}
            "required" => {
                let names = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                names.filter(|name| value.get(name).is_none()).for_each(|name| fail(format!("{name} is missing")));
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => {
                            wrong(root, rule, inner, &format!("{path}/{name}")).into_iter().for_each(&mut fail)
                        }
                        None => fail(format!("{name} is not in the schema")),
                    }
                }
            }
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    wrong(root, rule, item, &format!("{path}/{n}")).into_iter().for_each(&mut fail);
                }
            }
            "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => {
                fail(format!("{value} is less than {rule}"))
            }
            "maximum" if value.as_f64() > rule.as_f64() && value.is_number() => {
                fail(format!("{value} is more than {rule}"))
            }
            "minimum" | "maximum" => {}
            "format" => match (rule.as_str(), value.as_str()) {
                (Some("date"), Some(day)) if day.parse::<jiff::civil::Date>().is_err() => {
                    fail(format!("{day} is no date"))
                }
                (Some("date" | "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "double"), _) => {}
                _ => fail(format!("the checker does not know the format {rule}")),
            },
            other => fail(format!("the checker does not know the keyword {other}")),
        }
    }
    problems
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn real_records_follow_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let reader = Reader::new();
    let given = wire::Given { name: "schema".to_owned(), ..wire::Given::default() };
    let story = "GENEVA, September 29. The truce took effect on Monday, the ministry said. At least 12 of the 20 people killed \
        when shells hit a market in Aleppo on Tuesday were children, according to the monitor. \"The rebels violated the \
        ceasefire,\" spokesman John Doe told reporters 40 kilometres away.";
    for text in [story, "Nothing happened.", ""] {
        for dispatch in wire::dispatches(text.as_bytes(), wire::Format::Text, &given).flatten() {
            let record = serde_json::to_value(reader.read(dispatch)).expect("a record is JSON");
            let problems = wrong(&schema, &schema, &record, "");
            assert!(problems.is_empty(), "{}", problems.join("\n"));
        }
    }
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let given = wire::Given { name: "schema".to_owned(), ..wire::Given::default() };
    let dispatch = wire::dispatches(b"The truce took effect on Monday, the ministry said.", wire::Format::Text, &given)
        .next()
        .and_then(Result::ok)
        .expect("a text is a dispatch");
    let good = serde_json::to_value(Reader::new().read(dispatch)).expect("a record is JSON");
    let spoil = |change: &dyn Fn(&mut Value)| {
        let mut bad = good.clone();
        change(&mut bad);
        wrong(&schema, &schema, &bad, "").len()
    };
    assert_eq!(spoil(&|_| {}), 0);
    assert!(spoil(&|r| r["statements"] = Value::Null) > 0);
    assert!(spoil(&|r| r["surprise"] = Value::Null) > 0);
    assert!(spoil(&|r| r["dispatch"]["published"] = "yesterday".into()) > 0);
    assert!(spoil(&|r| r["statements"][0]["mode"] = "mutters".into()) > 0);
    assert!(
        spoil(&|r| {
            r.as_object_mut().map(|o| o.remove("notes"));
        }) > 0
    );
}
