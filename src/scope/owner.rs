//! Whose an object is, and what it may therefore refer to.
//!
//! Channels, secrets, receivers and time intervals are somebody's by choice (`project`). What is a
//! project's is used by that project alone: a receiver of one is nobody else's way to be told, and
//! a password of the site goes to no server that a project names. Kept at the door by admission,
//! and again by rendering and by sending, since two writes that were judged apart may meet.

use super::answers::named_projects;
use crate::model::{
    Kind,
    cluster::DeclaredState,
    reference::{Reference, references},
    spec,
};
use serde_json::Value;

/// Whose an object is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// These projects together, at least one.
    Projects(Vec<String>),
    /// Nobody's in particular.
    Shared,
}

impl Owner {
    /// Whose an object of this kind and spec is.
    #[must_use]
    pub fn of(kind: Kind, name: &str, spec: &Value, state: &DeclaredState) -> Self {
        let one = |value: &Value| value.as_str().map(str::to_owned);
        let list = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(one).collect()
        };
        let projects = match kind {
            Kind::Project => vec![name.to_owned()],
            Kind::Target
            | Kind::RuleGroup
            | Kind::Route
            | Kind::Secret
            | Kind::Channel
            | Kind::Receiver
            | Kind::TimeInterval => one(&spec["project"]).into_iter().collect(),
            Kind::RuleTest => {
                let group = |name: &String| one(&state.get(Kind::RuleGroup, name)?.spec["project"]);
                // With a group that is gone nobody knows whose it was.
                let owners: Option<_> = list(&spec["rule_groups"]).iter().map(group).collect();
                owners.unwrap_or_default()
            }
            Kind::Policy if list(&spec["departments"]).is_empty() => list(&spec["projects"]),
            Kind::Silence => {
                let silence = written_out(spec);
                silence.and_then(|silence| named_projects(&silence).next()).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if projects.is_empty() { Self::Shared } else { Self::Projects(projects) }
    }

    /// Whose a declared object is; `None` when there is none.
    #[must_use]
    pub fn of_declared(state: &DeclaredState, kind: Kind, name: &str) -> Option<Self> {
        Some(Self::of(kind, name, &state.get(kind, name)?.spec, state))
    }

    /// Whether all of these are among those others.
    fn is_among(&self, others: &Self) -> bool {
        match (self, others) {
            (_, Self::Shared) => true,
            (Self::Shared, Self::Projects(_)) => false,
            (Self::Projects(own), Self::Projects(others)) => {
                own.iter().all(|project| others.contains(project))
            }
        }
    }

    /// Whether an object of these may use the object `name` of `kind`, as far as ownership says.
    /// What does not exist, or is not somebody's by choice, may be used by everybody.
    #[must_use]
    pub fn may_use(&self, state: &DeclaredState, kind: Kind, name: &str) -> bool {
        if !is_owned_by_choice(kind) {
            return true;
        }
        let Some(owner) = Self::of_declared(state, kind, name) else { return true };
        // A project's channel names any server: it gets no password but the project's own.
        let is_given_away = kind == Kind::Secret && owner == Self::Shared && *self != Self::Shared;
        self.is_among(&owner) && !is_given_away
    }
}

/// Whether an object of this kind belongs to a project only if it says so.
#[must_use]
pub const fn is_owned_by_choice(kind: Kind) -> bool {
    matches!(kind, Kind::Secret | Kind::Channel | Kind::Receiver | Kind::TimeInterval)
}

/// What an object refers to and may not use.
#[must_use]
pub fn misused(kind: Kind, name: &str, spec: &Value, state: &DeclaredState) -> Vec<Reference> {
    let mut found = references(kind, spec);
    found.retain(|reference| is_owned_by_choice(reference.kind));
    if !found.is_empty() {
        let owner = Owner::of(kind, name, spec, state);
        found.retain(|reference| !owner.may_use(state, reference.kind, &reference.name));
    }
    found
}

/// A silence with what may be left out, as Alertmanager writes it.
pub(super) fn written_out(silence: &Value) -> Option<Value> {
    let typed: spec::Silence = serde_json::from_value(silence.clone()).ok()?;
    serde_json::to_value(typed).ok()
}

#[cfg(test)]
mod tests {
    use super::{super::testing::state, *};

    fn site() -> DeclaredState {
        state(&[
            ("project/shop", "{}"),
            ("project/bank", "{}"),
            ("secret/site", "{}"),
            ("secret/shop", r#"{"project": "shop"}"#),
            ("receiver/site", r#"{"channels": []}"#),
            ("receiver/shop", r#"{"project": "shop", "channels": []}"#),
            ("time-interval/bank", r#"{"project": "bank", "time_intervals": []}"#),
        ])
    }

    fn misused_by(kind: Kind, spec: &str) -> Vec<String> {
        let spec = serde_json::from_str(spec).unwrap();
        misused(kind, "x", &spec, &site()).into_iter().map(|it| it.path).collect()
    }

    #[test]
    fn what_is_a_projects_is_used_by_that_project_alone() {
        for (kind, spec, wanted) in [
            (Kind::Route, r#"{"project": "shop", "receiver": "shop"}"#, &[][..]),
            (Kind::Route, r#"{"project": "shop", "receiver": "site"}"#, &[]),
            (Kind::Route, r#"{"project": "bank", "receiver": "shop"}"#, &["receiver"]),
            (Kind::Route, r#"{"receiver": "shop"}"#, &["receiver"]),
            (Kind::Route, r#"{"receiver": "nobody"}"#, &[]),
            (Kind::Team, r#"{"members": [], "receiver": "shop"}"#, &["receiver"]),
            (
                Kind::Settings,
                r#"{"alertmanager": {"default_receiver": "shop"}}"#,
                &["alertmanager/default_receiver"],
            ),
            (
                Kind::Policy,
                r#"{"projects": ["shop"], "receiver": "shop",
                "lines": [{"receiver": "site", "mute_time_intervals": ["bank"]}]}"#,
                &["lines/0/mute_time_intervals/0"],
            ),
            (Kind::Policy, r#"{"projects": ["shop", "bank"], "receiver": "shop"}"#, &["receiver"]),
            (
                Kind::Policy,
                r#"{"projects": ["shop"], "departments": ["d"], "receiver": "shop"}"#,
                &["receiver"],
            ),
            (Kind::Channel, r#"{"project": "shop", "password_secret": "shop"}"#, &[]),
            (Kind::Channel, r#"{"password_secret": "site"}"#, &[]),
            (
                Kind::Channel,
                r#"{"project": "shop", "password_secret": "site"}"#,
                &["password_secret"],
            ),
            (
                Kind::Channel,
                r#"{"project": "bank", "password_secret": "shop"}"#,
                &["password_secret"],
            ),
            (Kind::Channel, r#"{"password_secret": "shop"}"#, &["password_secret"]),
        ] {
            assert_eq!(misused_by(kind, spec), wanted, "{kind} {spec}");
        }
    }

    #[test]
    fn a_silence_belongs_to_the_projects_that_its_matcher_names() {
        let owner = |matcher: &str| {
            let spec = format!(
                r#"{{"matchers": [{matcher}], "startsAt": "2026-01-01T00:00:00Z",
                    "endsAt": "2036-01-01T00:00:00Z", "comment": "x"}}"#
            );
            Owner::of(Kind::Silence, "s", &serde_json::from_str(&spec).unwrap(), &site())
        };
        let of = |names: &[&str]| Owner::Projects(names.iter().map(ToString::to_string).collect());
        assert_eq!(owner(r#"{"name": "project", "value": "shop"}"#), of(&["shop"]));
        assert_eq!(
            owner(r#"{"name": "project", "value": "shop|bank", "isRegex": true}"#),
            of(&["shop", "bank"])
        );
        for wide in [
            r#"{"name": "alertname", "value": "x"}"#,
            r#"{"name": "project", "value": "shop", "isEqual": false}"#,
            r#"{"name": "project", "value": "sh.*", "isRegex": true}"#,
        ] {
            assert_eq!(owner(wide), Owner::Shared, "{wide}");
        }
    }
}
