//! Texts to declared objects: YAML with one or more documents, and JSON (one object or a list).
//! A list is taken for its items in YAML too. Everything wrong is reported, each with its place.

pub(super) mod raw;

mod envelope;
mod tree;

pub use tree::Places;

use super::{code::Code, field_error::FieldError, request::Put};
use crate::model::{Resource, resource::Declared};
use tree::Node;

/// What a text held.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The objects whose envelope is right, in the order of the text.
    pub puts: Vec<Put>,
    /// What is wrong with the others, or with the text as a whole.
    pub errors: Vec<FieldError>,
}

/// Reads YAML with any number of documents; empty ones are skipped.
#[must_use]
pub fn parse_yaml(text: &str) -> Parsed {
    match serde_saphyr::from_multiple_with_options::<Node>(text, tree::options()) {
        Ok(documents) => objects(documents),
        Err(error) => Parsed { errors: vec![not_yaml(&error)], ..Parsed::default() },
    }
}

/// Reads YAML that is one value, whatever it holds; of several documents the first.
///
/// # Errors
/// What is no YAML, with its place.
pub(super) fn parse_one(text: &str) -> Result<(serde_json::Value, Places), FieldError> {
    let documents = serde_saphyr::from_multiple_with_options::<Node>(text, tree::options())
        .map_err(|error| not_yaml(&error))?;
    let first = documents.into_iter().next();
    Ok(first.map(|node| (node.value, node.places)).unwrap_or_default())
}

fn not_yaml(error: &serde_saphyr::Error) -> FieldError {
    let place = error.location();
    FieldError {
        path: "document".to_owned(),
        code: Code::Malformed,
        message: format!("this is not YAML: {}", reason(&error.without_snippet().to_string())),
        line: place.map(|at| u32::try_from(at.line()).unwrap_or(u32::MAX)),
        column: place.map(|at| u32::try_from(at.column()).unwrap_or(u32::MAX)),
    }
}

/// Reads YAML that is one value, whatever it holds.
///
/// # Errors
/// What is no YAML, with its place; and more than one document.
pub fn value_of_yaml(text: &str) -> Result<serde_json::Value, FieldError> {
    let documents = serde_saphyr::from_multiple_with_options::<Node>(text, tree::options())
        .map_err(|error| not_yaml(&error))?;
    let mut values = documents.into_iter().map(|node| node.value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.unwrap_or_default()),
        _ => {
            Err(FieldError::new("document", Code::Malformed, "one document is taken, not several"))
        }
    }
}

/// Reads one JSON object or a list of them.
#[must_use]
pub fn parse_json(bytes: &[u8]) -> Parsed {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(value) => objects(vec![Node::without_places(value)]),
        Err(error) => {
            let narrow = |number: usize| u32::try_from(number).ok().filter(|number| *number > 0);
            Parsed {
                errors: vec![FieldError {
                    path: "document".to_owned(),
                    code: Code::Malformed,
                    message: format!("this is not JSON: {error}"),
                    line: narrow(error.line()),
                    column: narrow(error.column()),
                }],
                ..Parsed::default()
            }
        }
    }
}

/// Takes one object that is already a JSON value.
///
/// # Errors
/// Everything that is wrong with its envelope.
pub fn parse_value(value: serde_json::Value) -> Result<Declared, Vec<FieldError>> {
    envelope::read(Node::without_places(value), "object").map(|put| put.declared)
}

/// Objects as YAML, one document each, as `parse_yaml` reads it. With their server fields.
///
/// # Errors
/// Why YAML cannot say it: never for objects that came through admission.
pub fn to_yaml<'a>(resources: impl IntoIterator<Item = &'a Resource>) -> Result<String, String> {
    let mut text = String::new();
    for resource in resources {
        text.push_str("---\n");
        text.push_str(&crate::render::yaml::text(resource)?);
    }
    Ok(text)
}

fn objects(documents: Vec<Node>) -> Parsed {
    let mut parsed = Parsed::default();
    let items = documents.into_iter().flat_map(Node::into_items);
    for (position, node) in items.enumerate() {
        match envelope::read(node, &format!("document/{}", position + 1)) {
            Ok(put) => parsed.puts.push(put),
            Err(errors) => parsed.errors.extend(errors),
        }
    }
    parsed
}

/// What the parser says, without advice to its caller and without the place, which has fields of
/// its own.
fn reason(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    let end =
        [" at line ", ", set DuplicateKeyPolicy"].iter().filter_map(|mark| line.find(mark)).min();
    &line[..end.unwrap_or(line.len())]
}
