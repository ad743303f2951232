//! The envelope that every kind shares: `kind`, `name`, `labels`, `spec`.

use super::{Code, FieldError, Node};
use crate::admission::request::{Expect, Put};
use crate::model::{
    Kind, Name,
    kind::UnknownKind,
    label::{Labels, is_label_name},
    resource::Declared,
};
use serde_json::{Map, Value};

/// Accepted on input and ignored, so that an export can be applied again.
const SERVER_FIELDS: [&str; 4] = ["revision", "created", "updated", "by"];

/// Reads one object. `unnamed` is its path in errors as long as kind and name are not known.
pub(super) fn read(node: Node, unnamed: &str) -> Result<Put, Vec<FieldError>> {
    let Node { value, places } = node;
    let mut envelope = Envelope { errors: Vec::new(), base: unnamed.to_owned() };
    let declared = envelope.declared(value);
    match declared {
        Some(declared) if envelope.errors.is_empty() => {
            Ok(Put { declared, expect: Expect::Any, places })
        }
        _ => {
            for error in &mut envelope.errors {
                let below = error.path.strip_prefix(&envelope.base).unwrap_or_default();
                let place = places.at(below.trim_start_matches('/'));
                (error.line, error.column) = (place.map(|at| at.0), place.map(|at| at.1));
            }
            Err(envelope.errors)
        }
    }
}

struct Envelope {
    errors: Vec<FieldError>,
    base: String,
}

impl Envelope {
    fn declared(&mut self, value: Value) -> Option<Declared> {
        let Value::Object(mut object) = value else {
            self.error("", Code::Malformed, "not an object with kind, name and spec");
            return None;
        };
        let kind = self.kind(&mut object);
        let name = self.name(&mut object);
        if let (Some(kind), Some(name)) = (kind, &name) {
            let named = format!("{kind}/{name}");
            for error in &mut self.errors {
                error.path = error.path.replacen(&self.base, &named, 1);
            }
            self.base = named;
        }
        let labels = self.labels(&mut object);
        let spec = object.remove("spec");
        if !matches!(spec, Some(Value::Object(_))) {
            self.error("spec", Code::BadValue, "spec must be an object");
        }
        for field in object.keys().filter(|field| !SERVER_FIELDS.contains(&field.as_str())) {
            self.error(field, Code::UnknownField, "expected kind, name, labels and spec");
        }
        Some(Declared { kind: kind?, name: name?, labels, spec: spec? })
    }

    fn kind(&mut self, object: &mut Map<String, Value>) -> Option<Kind> {
        match object.remove("kind") {
            Some(Value::String(text)) => {
                text.parse().map_err(|error: UnknownKind| self.unknown_kind(&error)).ok()
            }
            Some(_) => self.fail("kind", Code::BadValue, "kind must be a text"),
            None => self.fail("kind", Code::Malformed, "kind is missing"),
        }
    }

    fn unknown_kind(&mut self, error: &UnknownKind) {
        self.error("kind", Code::UnknownKind, &error.to_string());
    }

    fn name(&mut self, object: &mut Map<String, Value>) -> Option<Name> {
        match object.remove("name") {
            Some(Value::String(text)) => match text.parse::<Name>() {
                Ok(name) => Some(name),
                Err(error) => self.fail("name", Code::BadName, &error.to_string()),
            },
            Some(_) => self.fail("name", Code::BadName, "name must be a text"),
            None => self.fail("name", Code::Malformed, "name is missing"),
        }
    }

    fn labels(&mut self, object: &mut Map<String, Value>) -> Labels {
        let mut labels = Labels::new();
        let declared = match object.remove("labels") {
            None | Some(Value::Null) => return labels,
            Some(Value::Object(declared)) => declared,
            Some(_) => {
                self.error("labels", Code::BadValue, "labels must be an object of texts");
                return labels;
            }
        };
        for (name, value) in declared {
            match value {
                Value::String(value) if is_label_name(&name) => {
                    labels.insert(name, value);
                }
                Value::String(_) => {
                    let message = format!("`{name}` is not a label name: [a-zA-Z_][a-zA-Z0-9_]*");
                    self.error(&format!("labels/{name}"), Code::Label, &message);
                }
                _ => {
                    let message = "the value must be a text; put it into quotes";
                    self.error(&format!("labels/{name}"), Code::BadValue, message);
                }
            }
        }
        labels
    }

    fn error(&mut self, path: &str, code: Code, message: &str) {
        let separator = if path.is_empty() { "" } else { "/" };
        self.errors.push(FieldError::new(format!("{}{separator}{path}", self.base), code, message));
    }

    /// Notes an error where a value should be.
    fn fail<T>(&mut self, path: &str, code: Code, message: &str) -> Option<T> {
        self.error(path, code, message);
        None
    }
}
