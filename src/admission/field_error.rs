//! One thing that is wrong, and where.

use super::code::Code;
use crate::model::resource::Key;
use serde::Serialize;
use std::fmt;

/// One thing that is wrong with what was declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// `rule-group/web/spec/rules/0/expr`; `document/2/…` where the object has no name.
    pub path: String,
    /// Which rule it breaks.
    pub code: Code,
    /// What is wrong and what would be right.
    pub message: String,
    /// Line in the text that was sent, from 1, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl FieldError {
    /// An error without a place in a text.
    pub(super) fn new(path: impl Into<String>, code: Code, message: impl Into<String>) -> Self {
        Self { path: path.into(), code, message: message.into(), line: None, column: None }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            _ => {}
        }
        write!(f, "{}: {} ({})", self.path, self.message, self.code.as_str())
    }
}

/// Gathers the errors of one object; paths are given relative to its spec.
pub(super) struct Findings {
    base: String,
    spec: String,
    errors: Vec<FieldError>,
}

impl Findings {
    pub(super) fn of(key: &Key) -> Self {
        Self { base: key.to_string(), spec: format!("{key}/spec"), errors: Vec::new() }
    }

    /// Of a part that stands alone: paths are relative to it.
    pub(super) fn alone() -> Self {
        Self { base: String::new(), spec: String::new(), errors: Vec::new() }
    }

    /// Something wrong at `path` below the spec, for instance `rules/0/expr`.
    pub(super) fn spec(&mut self, path: impl fmt::Display, code: Code, message: impl Into<String>) {
        let path = path.to_string();
        self.shape(path.trim_start_matches('/'), code, message.into());
    }

    /// Something that does not have the shape of its kind; an empty path is the spec itself.
    pub(super) fn shape(&mut self, path: &str, code: Code, message: String) {
        let separator = if path.is_empty() || self.spec.is_empty() { "" } else { "/" };
        let path = format!("{}{separator}{path}", self.spec);
        self.errors.push(FieldError::new(path, code, message));
    }

    /// Something wrong at `path` below the object, for instance `name`.
    pub(super) fn object(&mut self, path: &str, code: Code, message: impl Into<String>) {
        self.errors.push(FieldError::new(format!("{}/{path}", self.base), code, message));
    }

    /// Notes the error of a check that failed.
    pub(super) fn check(
        &mut self,
        path: impl fmt::Display,
        code: Code,
        outcome: Result<(), String>,
    ) {
        if let Err(message) = outcome {
            self.spec(path, code, message);
        }
    }

    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}
