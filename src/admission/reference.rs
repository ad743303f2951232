//! Which objects name which others.

use crate::model::{Kind, resource::Key};
use serde_json::Value;

/// One field that names another object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// Path below the spec: `channels/0`.
    pub(super) path: String,
    /// What must exist.
    pub(super) kind: Kind,
    /// Its name, as written.
    pub(super) name: String,
}

impl Reference {
    /// `None` when the text is not even a name.
    pub(super) fn key(&self) -> Option<Key> {
        Some(Key { kind: self.kind, name: self.name.parse().ok()? })
    }
}

/// Fields of each kind that name one object: JSON pointer and the kind they point at.
const FIELDS: &[(Kind, &str, Kind)] = &[
    (Kind::Department, "/owner", Kind::Contact),
    (Kind::Project, "/department", Kind::Department),
    (Kind::Project, "/owner", Kind::Contact),
    (Kind::Target, "/job", Kind::ScrapeJob),
    (Kind::Target, "/project", Kind::Project),
    (Kind::RuleGroup, "/project", Kind::Project),
    (Kind::Receiver, "/channels", Kind::Channel),
    (Kind::Route, "/project", Kind::Project),
    (Kind::Route, "/receiver", Kind::Receiver),
    (Kind::Settings, "/alertmanager/default_receiver", Kind::Receiver),
];

/// All references of an object of `kind`; a list field gives one for each item.
pub(super) fn references(kind: Kind, spec: &Value) -> Vec<Reference> {
    let mut references = Vec::new();
    for (_, pointer, to) in FIELDS.iter().filter(|(from, _, _)| *from == kind) {
        let path = pointer.trim_start_matches('/');
        let mut add = |path: String, name: &str| {
            references.push(Reference { path, kind: *to, name: name.to_owned() });
        };
        match spec.pointer(pointer) {
            Some(Value::String(name)) => add(path.to_owned(), name),
            Some(Value::Array(items)) => {
                for (position, item) in items.iter().enumerate() {
                    if let Value::String(name) = item {
                        add(format!("{path}/{position}"), name);
                    }
                }
            }
            _ => {}
        }
    }
    references
}
