//! Which tests of rules a change must pass, and whose fault it is when one does not.

use crate::admission::{
    code::Code,
    field_error::FieldError,
    plan::{ObjectPlan, Plan},
};
use crate::model::{
    Kind,
    cluster::{DeclaredState, dimension_labels},
    resource::Key,
    spec::RuleTest,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// Everything came out as expected.
    pub passed: bool,
    /// promtool's words.
    pub output: String,
}

/// One test that a change has to pass.
pub(in crate::admission) struct Due {
    pub(in crate::admission) key: Key,
    pub(in crate::admission) test: RuleTest,
    /// Objects of the change that can make it fail: the test itself, groups it names, and
    /// projects of those groups.
    pub(in crate::admission) changed: Vec<Key>,
}

/// The tests of `plan`'s candidate that were changed, that name a group that was, or a group of a
/// project whose labels were: its alerts carry them. The others have passed when they were saved.
pub(in crate::admission) fn due(plan: &Plan) -> Vec<Due> {
    let changed = plan.objects.iter().filter(|object| matters(object)).map(|object| &object.key);
    let changed: BTreeSet<&Key> = changed.collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let tests = plan.candidate.of(Kind::RuleTest).filter_map(|resource| {
        let test: RuleTest = resource.spec_as().ok()?;
        let key = resource.key();
        let mut blamed: Vec<Key> = Vec::new();
        for key in std::iter::once(key.clone()).chain(behind(&plan.candidate, &test)) {
            if changed.contains(&key) && !blamed.contains(&key) {
                blamed.push(key);
            }
        }
        (!blamed.is_empty()).then_some(Due { key, test, changed: blamed })
    });
    tests.collect()
}

/// Whether what happens to an object can change how a test of rules ends.
fn matters(object: &ObjectPlan) -> bool {
    let before = object.before.as_deref().map(|old| &*old.spec);
    let after = object.after.as_ref().map(|new| &new.spec);
    match object.key.kind {
        Kind::RuleGroup | Kind::RuleTest => before != after,
        Kind::Project => {
            let labels = |spec: &Value| dimension_labels(object.key.name.as_str(), spec);
            before.map(labels) != after.map(labels)
        }
        _ => false,
    }
}

/// The groups that a test names, each with its project.
fn behind(state: &DeclaredState, test: &RuleTest) -> impl Iterator<Item = Key> {
    let key = |kind, name: &str| Some(Key { kind, name: name.parse().ok()? });
    test.rule_groups.iter().flat_map(move |group| {
        let project = state.get(Kind::RuleGroup, group).and_then(|group| {
            group
                .spec
                .get("project")
                .and_then(Value::as_str)
                .and_then(|name| key(Kind::Project, name))
        });
        key(Kind::RuleGroup, group).into_iter().chain(project)
    })
}

impl Due {
    /// The error of a test that does not pass.
    pub(in crate::admission) fn failed(&self, words: &str) -> FieldError {
        let of_projects = self.changed.iter().all(|key| key.kind == Kind::Project);
        let words = match of_projects {
            true => {
                let names: Vec<String> = self.changed.iter().map(ToString::to_string).collect();
                format!("fails with the changed labels of {}: {words}", names.join(", "))
            }
            false => words.to_owned(),
        };
        FieldError::new(format!("{}/spec/tests", self.key), Code::RuleTest, words)
    }
}

/// Names in `test` that no rule group of `state` has.
#[must_use]
pub fn missing_groups(state: &DeclaredState, test: &RuleTest) -> Vec<FieldError> {
    let missing = test
        .rule_groups
        .iter()
        .enumerate()
        .filter(|(_, group)| state.get(Kind::RuleGroup, group).is_none());
    let error = |(position, group): (usize, &String)| {
        let message = format!("rule-group/{group} does not exist");
        FieldError::new(format!("rule_groups/{position}"), Code::MissingReference, message)
    };
    missing.map(error).collect()
}
