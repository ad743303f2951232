//! Which tests of rules a change must pass, and whose fault it is when one does not.

use crate::admission::{code::Code, field_error::FieldError, plan::Plan};
use crate::model::{Kind, cluster::DeclaredState, resource::Key, spec::RuleTest};
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
    /// Objects of the change that can make it fail: the test itself or groups it names.
    pub(in crate::admission) changed: Vec<Key>,
}

/// The tests of `plan`'s candidate that were changed or name a group that was. The others have
/// passed when they were saved.
pub(in crate::admission) fn due(plan: &Plan) -> Vec<Due> {
    let changed: BTreeSet<&Key> = plan
        .objects
        .iter()
        .filter(|object| {
            object.before.as_deref().map(|old| &*old.spec)
                != object.after.as_ref().map(|new| &new.spec)
        })
        .map(|object| &object.key)
        .filter(|key| matches!(key.kind, Kind::RuleGroup | Kind::RuleTest))
        .collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let tests = plan.candidate.of(Kind::RuleTest).filter_map(|resource| {
        let test: RuleTest = resource.spec_as().ok()?;
        let key = resource.key();
        let groups = test
            .rule_groups
            .iter()
            .filter_map(|group| Some(Key { kind: Kind::RuleGroup, name: group.parse().ok()? }));
        let mut blamed: Vec<Key> = std::iter::once(key.clone())
            .chain(groups)
            .filter(|key| changed.contains(key))
            .collect();
        blamed.dedup();
        (!blamed.is_empty()).then_some(Due { key, test, changed: blamed })
    });
    tests.collect()
}

impl Due {
    /// The error of a test that does not pass.
    pub(in crate::admission) fn failed(&self, words: &str) -> FieldError {
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
