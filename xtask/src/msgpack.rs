//! MessagePack values with keys of any kind: the model package maps numbers, strings and byte strings alike.

use std::fmt;

use anyhow::{Context, Result, bail};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Nil,
    Bool(bool),
    Integer(u64),
    Negative(i64),
    Float(f64),
    Text(String),
    Blob(Vec<u8>),
    List(Vec<Value>),
    Map(Vec<(Value, Value)>),
}

/// Reads one value, which must fill `bytes`.
pub fn read(bytes: &[u8]) -> Result<Value> {
    let mut reader = rmp_serde::Deserializer::from_read_ref(bytes);
    Ok(Value::deserialize(&mut reader)?)
}

impl Value {
    /// The entry with the text key `name` of a map.
    pub fn field(&self, name: &str) -> Result<&Value> {
        let entry = self.entries()?.iter().find(|(key, _)| matches!(key, Value::Text(text) if text == name));
        entry.map(|(_, value)| value).with_context(|| format!("no field {name:?}"))
    }

    /// The entry with the byte string key `name` of a map.
    pub fn byte_field(&self, name: &str) -> Result<&Value> {
        let entry = self.entries()?.iter().find(|(key, _)| matches!(key, Value::Blob(blob) if blob == name.as_bytes()));
        entry.map(|(_, value)| value).with_context(|| format!("no field {name:?}"))
    }

    /// The entries of a map.
    pub fn entries(&self) -> Result<&[(Value, Value)]> {
        match self {
            Value::Map(entries) => Ok(entries),
            other => bail!("a map was expected, not {}", other.kind()),
        }
    }

    /// The items of a list.
    pub fn list(&self) -> Result<&[Value]> {
        match self {
            Value::List(items) => Ok(items),
            other => bail!("a list was expected, not {}", other.kind()),
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Result<&str> {
        match self {
            Value::Text(text) => Ok(text),
            other => bail!("a text was expected, not {}", other.kind()),
        }
    }

    /// The bytes of a byte string.
    pub fn blob(&self) -> Result<&[u8]> {
        match self {
            Value::Blob(blob) => Ok(blob),
            other => bail!("bytes were expected, not {}", other.kind()),
        }
    }

    /// A whole number that is not negative.
    pub fn integer(&self) -> Result<u64> {
        match self {
            Value::Integer(number) => Ok(*number),
            other => bail!("a number was expected, not {}", other.kind()),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Bool(_) => "a flag",
            Value::Integer(_) | Value::Negative(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Text(_) => "a text",
            Value::Blob(_) => "bytes",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a MessagePack value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Integer(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(u64::try_from(v).map_or(Value::Negative(v), Value::Integer))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Value::Float(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::Text(v.to_owned()))
    }

    fn visit_bytes<E>(self, v: &[u8]) -> Result<Value, E> {
        Ok(Value::Blob(v.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}
