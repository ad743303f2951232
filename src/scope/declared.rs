//! The declared state as people see it who are confined to some projects.
//!
//! What belongs to projects is visible where all of them are in scope. What belongs to nobody
//! (departments, people, jobs, shared receivers) is visible where something visible refers to it,
//! and can be changed only by people who are not confined.

use super::{Owner, Projects, answers::is_within, owner};
use crate::model::{
    Kind, Name, Resource, cluster::DeclaredState, reference::references, resource::Key,
};
use imbl::OrdMap;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Whether an object lies wholly within projects; what is shared lies within everything only.
#[must_use]
pub fn lies_within(
    kind: Kind,
    name: &str,
    spec: &Value,
    state: &DeclaredState,
    projects: &Projects,
) -> bool {
    if projects.is_all() {
        return true;
    }
    if kind == Kind::Silence {
        return owner::written_out(spec).is_some_and(|silence| is_within(&silence, projects));
    }
    match Owner::of(kind, name, spec, state) {
        Owner::Projects(owners) => owners.iter().all(|project| projects.holds(project)),
        Owner::Shared => false,
    }
}

/// The part of the declared state that is in scope. Members and cluster facts stay: they name no
/// project.
#[must_use]
pub fn confine(state: &DeclaredState, projects: &Projects) -> DeclaredState {
    if projects.is_all() {
        return state.clone();
    }
    let mut visible: BTreeMap<Kind, OrdMap<Name, Arc<Resource>>> = BTreeMap::new();
    let mut asked: Vec<Key> = Vec::new();
    for (kind, objects) in &state.resources {
        for (name, object) in objects {
            if lies_within(*kind, name.as_str(), &object.spec, state, projects) {
                add(&mut visible, &mut asked, object);
            }
        }
    }
    while let Some(key) = asked.pop() {
        let known = visible.get(&key.kind).is_some_and(|of_kind| of_kind.contains_key(&key.name));
        let found = state.resources.get(&key.kind).and_then(|of_kind| of_kind.get(&key.name));
        let Some(object) = found.filter(|_| !known) else { continue };
        // What is somebody's is visible by being within, never by being referred to.
        let owner = Owner::of(key.kind, key.name.as_str(), &object.spec, state);
        if owner == Owner::Shared && key.kind != Kind::Silence {
            add(&mut visible, &mut asked, object);
        }
    }
    DeclaredState { resources: visible, ..state.clone() }
}

fn add(
    visible: &mut BTreeMap<Kind, OrdMap<Name, Arc<Resource>>>,
    asked: &mut Vec<Key>,
    object: &Arc<Resource>,
) {
    asked.extend(references(object.kind, &object.spec).iter().filter_map(|it| it.key()));
    visible.entry(object.kind).or_default().insert(object.name.clone(), Arc::clone(object));
}

#[cfg(test)]
mod tests {
    use super::{super::testing::state, *};

    fn silence(name: &str, value: &str, regex: bool) -> String {
        let matcher = match regex {
            // As people write it who leave out what is usual.
            false => serde_json::json!({"name": name, "value": value}),
            true => serde_json::json!({"name": name, "value": value, "isRegex": true}),
        };
        let (starts, ends) = ("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z");
        let spec = serde_json::json!({
            "matchers": [matcher], "startsAt": starts, "endsAt": ends, "comment": "work"
        });
        spec.to_string()
    }

    fn site() -> DeclaredState {
        state(&[
            ("department/retail", r#"{"owner": "ann"}"#),
            ("department/finance", r#"{"owner": "bob"}"#),
            ("contact/ann", "{}"),
            ("contact/bob", "{}"),
            ("contact/eve", "{}"),
            ("team/web", r#"{"members": ["eve"], "receiver": "web"}"#),
            ("project/shop", r#"{"department": "retail", "team": "web"}"#),
            ("project/bank", r#"{"department": "finance"}"#),
            ("scrape-job/node", "{}"),
            ("scrape-job/ledger", "{}"),
            ("target/shop-1", r#"{"job": "node", "project": "shop", "targets": []}"#),
            ("target/bank-1", r#"{"job": "ledger", "project": "bank", "targets": []}"#),
            ("rule-group/shop", r#"{"project": "shop", "rules": []}"#),
            ("rule-group/bank", r#"{"project": "bank", "rules": []}"#),
            ("rule-test/shop", r#"{"rule_groups": ["shop"], "tests": []}"#),
            ("rule-test/both", r#"{"rule_groups": ["shop", "bank"], "tests": []}"#),
            ("secret/smtp", "{}"),
            ("channel/web", r#"{"password_secret": "smtp"}"#),
            ("channel/ledger", "{}"),
            ("receiver/web", r#"{"channels": ["web"]}"#),
            ("receiver/ledger", r#"{"channels": ["ledger"]}"#),
            ("route/shop", r#"{"project": "shop", "receiver": "web"}"#),
            ("route/all", r#"{"matchers": [], "receiver": "ledger"}"#),
            ("policy/shop", r#"{"projects": ["shop"], "receiver": "web"}"#),
            ("policy/both", r#"{"projects": ["shop", "bank"], "receiver": "ledger"}"#),
            (
                "policy/wide",
                r#"{"projects": ["shop"], "departments": ["finance"], "receiver": "web"}"#,
            ),
            ("silence/s", &silence("project", "shop", false)),
            ("silence/t", &silence("project", "shop|bank", true)),
            ("silence/u", &silence("alertname", "Down", false)),
            ("user/root", r#"{"role": "admin"}"#),
            ("settings/default", r#"{"alertmanager": {"default_receiver": "ledger"}}"#),
        ])
    }

    fn names(state: &DeclaredState) -> Vec<String> {
        let all = state
            .resources
            .iter()
            .flat_map(|(kind, objects)| objects.keys().map(move |name| format!("{kind}/{name}")));
        all.collect()
    }

    #[test]
    fn what_is_in_scope_and_what_it_refers_to_is_seen_and_nothing_else() {
        let seen = confine(&site(), &Projects::only(["shop"]));
        assert_eq!(
            names(&seen),
            [
                "department/retail",
                "contact/ann",
                "contact/eve",
                "team/web",
                "project/shop",
                "scrape-job/node",
                "target/shop-1",
                "rule-group/shop",
                "rule-test/shop",
                "secret/smtp",
                "channel/web",
                "receiver/web",
                "route/shop",
                "policy/shop",
                "silence/s",
            ]
        );
    }

    #[test]
    fn an_empty_scope_sees_nothing_and_everything_sees_all() {
        assert_eq!(names(&confine(&site(), &Projects::only::<&str>([]))), Vec::<String>::new());
        assert_eq!(confine(&site(), &Projects::All), site());
    }

    #[test]
    fn what_is_shared_lies_within_no_scope() {
        let (site, shop) = (site(), Projects::only(["shop"]));
        let within = |kind, name: &str| {
            let object = site.get(kind, name).unwrap();
            lies_within(kind, name, &object.spec, &site, &shop)
        };
        assert!(within(Kind::RuleGroup, "shop") && within(Kind::Silence, "s"));
        for (kind, name) in [
            (Kind::Receiver, "web"),
            (Kind::Department, "retail"),
            (Kind::Route, "all"),
            (Kind::Policy, "both"),
            (Kind::Policy, "wide"),
            (Kind::RuleTest, "both"),
            (Kind::Silence, "t"),
            (Kind::Silence, "u"),
        ] {
            assert!(!within(kind, name), "{kind}/{name}");
        }
    }
}
