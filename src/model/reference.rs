//! Which objects name which others.

use super::{Kind, resource::Key, spec::RoleName};
use serde_json::Value;

/// One field that names another object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Path below the spec: `channels/0`.
    pub path: String,
    /// What must exist.
    pub kind: Kind,
    /// Its name, as written.
    pub name: String,
}

impl Reference {
    /// `None` when the text is not even a name.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        Some(Key { kind: self.kind, name: self.name.parse().ok()? })
    }
}

/// Fields of each kind that name objects: the way to them below the spec (`*` = every item of a
/// list) and the kind they point at.
const FIELDS: &[(Kind, &str, Kind)] = &[
    (Kind::Department, "owner", Kind::Contact),
    (Kind::Team, "members/*", Kind::Contact),
    (Kind::Team, "receiver", Kind::Receiver),
    (Kind::Project, "department", Kind::Department),
    (Kind::Project, "owner", Kind::Contact),
    (Kind::Project, "team", Kind::Team),
    (Kind::Target, "job", Kind::ScrapeJob),
    (Kind::Target, "project", Kind::Project),
    (Kind::RuleGroup, "project", Kind::Project),
    (Kind::RuleTest, "rule_groups/*", Kind::RuleGroup),
    (Kind::Secret, "project", Kind::Project),
    (Kind::Channel, "project", Kind::Project),
    (Kind::Channel, "password_secret", Kind::Secret),
    (Kind::Channel, "contacts/*", Kind::Contact),
    (Kind::Receiver, "project", Kind::Project),
    (Kind::Receiver, "channels/*", Kind::Channel),
    (Kind::Route, "project", Kind::Project),
    (Kind::Route, "receiver", Kind::Receiver),
    (Kind::Route, "active_time_intervals/*", Kind::TimeInterval),
    (Kind::Route, "mute_time_intervals/*", Kind::TimeInterval),
    (Kind::TimeInterval, "project", Kind::Project),
    (Kind::Policy, "projects/*", Kind::Project),
    (Kind::Policy, "departments/*", Kind::Department),
    (Kind::Policy, "receiver", Kind::Receiver),
    (Kind::Policy, "active_time_intervals/*", Kind::TimeInterval),
    (Kind::Policy, "mute_time_intervals/*", Kind::TimeInterval),
    (Kind::Policy, "lines/*/receiver", Kind::Receiver),
    (Kind::Policy, "lines/*/active_time_intervals/*", Kind::TimeInterval),
    (Kind::Policy, "lines/*/mute_time_intervals/*", Kind::TimeInterval),
    (Kind::Settings, "alertmanager/default_receiver", Kind::Receiver),
    (Kind::Settings, "sign_in/oidc/client_secret", Kind::Secret),
    (Kind::Settings, "sign_in/ldap/bind_password", Kind::Secret),
    (Kind::Settings, "sign_in/oidc/grants/*/role", Kind::Role),
    (Kind::Settings, "sign_in/ldap/grants/*/role", Kind::Role),
    (Kind::User, "role", Kind::Role),
    (Kind::User, "also/*/role", Kind::Role),
    (Kind::Token, "role", Kind::Role),
];

/// All references of an object of `kind`; a list field gives one for each item.
#[must_use]
pub fn references(kind: Kind, spec: &Value) -> Vec<Reference> {
    let mut references = Vec::new();
    for (_, way, to) in FIELDS.iter().filter(|(from, _, _)| *from == kind) {
        let mut add = |path: &str, name: &str| {
            if *to == Kind::Role && RoleName::of(name).is_some() {
                // Built in: no object.
                return;
            }
            references.push(Reference { path: path.to_owned(), kind: *to, name: name.to_owned() });
        };
        follow(spec, way, &mut String::new(), &mut add);
    }
    references
}

/// Calls `found` with path and text of every string at the end of `way`.
fn follow(value: &Value, way: &str, path: &mut String, found: &mut impl FnMut(&str, &str)) {
    let (step, rest) = way.split_once('/').unwrap_or((way, ""));
    let mut into = |key: &str, below: &Value| {
        let length = path.len();
        if length > 0 {
            path.push('/');
        }
        path.push_str(key);
        match below {
            Value::String(text) if rest.is_empty() => found(path, text),
            _ if rest.is_empty() => {}
            _ => follow(below, rest, path, found),
        }
        path.truncate(length);
    };
    match value {
        Value::Array(items) if step == "*" => {
            for (position, item) in items.iter().enumerate() {
                into(&position.to_string(), item);
            }
        }
        Value::Object(fields) => {
            if let Some(below) = fields.get(step) {
                into(step, below);
            }
        }
        _ => {}
    }
}
