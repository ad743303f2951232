//! JSON Schemas of the kinds.

use crate::model::{Kind, spec};
use schemars::{Schema, schema_for};
use serde_json::{Value, json};

/// JSON Schema (2020-12) of a whole object of `kind`, envelope and spec.
#[must_use]
pub fn schema(kind: Kind) -> Value {
    let spec = spec_schema(kind);
    let dialect = spec.get("$schema").cloned();
    let mut spec = spec.to_value();
    let definitions = spec.as_object_mut().and_then(|spec| {
        spec.remove("$schema");
        spec.remove("$defs")
    });
    let mut schema = json!({
        "$schema": dialect,
        "title": kind.singular(),
        "description": kind.about(),
        "type": "object",
        "required": ["kind", "name", "spec"],
        "properties": {
            "kind": {"const": kind.singular()},
            "name": {
                "type": "string",
                "pattern": "^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$",
            },
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "spec": spec,
        },
    });
    if let (Some(definitions), Some(schema)) = (definitions, schema.as_object_mut()) {
        schema.insert("$defs".to_owned(), definitions);
    }
    schema
}

fn spec_schema(kind: Kind) -> Schema {
    match kind {
        Kind::Department => schema_for!(spec::Department),
        Kind::Contact => schema_for!(spec::Contact),
        Kind::Project => schema_for!(spec::Project),
        Kind::ScrapeJob => schema_for!(spec::ScrapeJob),
        Kind::Target => schema_for!(spec::Target),
        Kind::RuleGroup => schema_for!(spec::RuleGroup),
        Kind::Channel => schema_for!(spec::Channel),
        Kind::Receiver => schema_for!(spec::Receiver),
        Kind::Route => schema_for!(spec::Route),
        Kind::Silence => schema_for!(spec::Silence),
        Kind::Settings => schema_for!(spec::Settings),
        Kind::Role => schema_for!(spec::Role),
        Kind::User => schema_for!(spec::User),
        Kind::Team => schema_for!(spec::Team),
        Kind::RuleTest => schema_for!(spec::RuleTest),
        Kind::Secret => schema_for!(spec::Secret),
        Kind::TimeInterval => schema_for!(spec::TimeInterval),
        Kind::Policy => schema_for!(spec::Policy),
        Kind::Inhibition => schema_for!(spec::Inhibition),
        Kind::Token => schema_for!(spec::Token),
    }
}
