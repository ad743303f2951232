//! Gathers what is wrong with a file and what is left out of it, each with its place.

use super::super::LeftOut;
use crate::admission::{
    code::Code,
    document::Places,
    field_error::FieldError,
    request::{Expect, Put},
    validate::duration,
};
use crate::model::{Kind, Name, label::Labels, resource::Declared};
use serde_json::{Map, Value};

pub(super) struct Reader {
    places: Places,
    pub(super) puts: Vec<Put>,
    pub(super) errors: Vec<FieldError>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A path of the file with one step more.
pub(super) fn below(path: &str, step: impl std::fmt::Display) -> String {
    if path.is_empty() { step.to_string() } else { format!("{path}/{step}") }
}

/// A new object that stands in no text of its own.
pub(super) fn put(kind: Kind, name: Name, spec: Value) -> Put {
    let declared = Declared { kind, name, labels: Labels::new(), spec };
    Put { declared, expect: Expect::Any, places: Places::default() }
}

impl Reader {
    pub(super) fn new(places: Places) -> Self {
        Self { places, puts: Vec::new(), errors: Vec::new(), left_out: Vec::new() }
    }

    pub(super) fn error(&mut self, path: &str, code: Code, message: impl Into<String>) {
        let place = self.places.at(path);
        self.errors.push(FieldError {
            line: place.map(|at| at.0),
            column: place.map(|at| at.1),
            ..FieldError::new(path, code, message)
        });
    }

    pub(super) fn bad(&mut self, path: &str, message: impl Into<String>) {
        self.error(path, Code::BadValue, message);
    }

    pub(super) fn left_out(&mut self, path: &str, message: impl Into<String>) {
        let place = self.places.at(path);
        self.left_out.push(LeftOut {
            path: path.to_owned(),
            line: place.map(|at| at.0),
            column: place.map(|at| at.1),
            message: message.into(),
        });
    }

    pub(super) fn known_fields(&mut self, path: &str, map: &Map<String, Value>, known: &[&str]) {
        for field in map.keys().filter(|field| !known.contains(&field.as_str())) {
            let message = format!("unknown field; those there are: {}", known.join(", "));
            self.error(&below(path, field), Code::UnknownField, message);
        }
    }

    /// A map, or nothing; anything else is an error.
    pub(super) fn map<'v>(
        &mut self,
        path: &str,
        value: Option<&'v Value>,
    ) -> Option<&'v Map<String, Value>> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::Object(map)) => Some(map),
            Some(_) => {
                self.bad(path, "must be a map");
                None
            }
        }
    }

    /// The items of a list, or none; anything else is an error.
    pub(super) fn list<'v>(&mut self, path: &str, value: Option<&'v Value>) -> &'v [Value] {
        match value {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.bad(path, "must be a list");
                &[]
            }
        }
    }

    /// A text; numbers and truth values count as how they are written.
    pub(super) fn text(&mut self, path: &str, value: Option<&Value>) -> Option<String> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(truth)) => Some(truth.to_string()),
            Some(_) => {
                self.bad(path, "must be a text");
                None
            }
        }
    }

    pub(super) fn texts(&mut self, path: &str, value: Option<&Value>) -> Vec<String> {
        let items = self.list(path, value).iter().enumerate();
        let texts: Vec<_> = items
            .map(|(n, item)| self.text(&below(path, n), Some(item)).unwrap_or_default())
            .collect();
        texts
    }

    pub(super) fn truth(&mut self, path: &str, value: Option<&Value>, default: bool) -> bool {
        match value {
            None | Some(Value::Null) => default,
            Some(Value::Bool(truth)) => *truth,
            Some(Value::String(text)) if ["yes", "on", "no", "off"].contains(&text.as_str()) => {
                ["yes", "on"].contains(&text.as_str())
            }
            Some(_) => {
                self.bad(path, "must be true or false");
                default
            }
        }
    }

    pub(super) fn duration(&mut self, path: &str, value: Option<&Value>) -> Option<String> {
        let text = self.text(path, value)?;
        match duration::parse(&text) {
            Ok(_) => Some(text),
            Err(message) => {
                self.error(path, Code::Duration, message);
                None
            }
        }
    }
}
