//! What admission does for rules beyond planning: warnings from the types of metrics, and the
//! tests that a change has to pass.

use super::{
    admit::{Admission, Outcome, SubmitError},
    checker::CheckFailure,
    code::Code,
    field_error::{FieldError, Findings},
    plan::{Action, Plan},
    rules::{
        lint,
        unit_test::{self, TestOutcome},
    },
};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    matcher::{Matcher, Op},
    metric::MetricFacts,
    resource::Key,
    spec::{Inhibition, RuleGroup, RuleTest},
};
use crate::render::rule_test;
use crate::scope::projects::LABEL as PROJECT;
use serde::Deserialize as _;

/// Most warnings that one request is answered with.
const MOST_WARNINGS: usize = 50;

impl Admission {
    /// Runs the tests that the planned change has to pass. Gives the objects to blame and the
    /// errors.
    pub(super) async fn run_due_tests(
        &self,
        outcome: &mut Outcome,
    ) -> Result<(Vec<Key>, Vec<FieldError>), SubmitError> {
        let (mut blamed, mut errors) = (Vec::new(), Vec::new());
        for due in unit_test::due(&outcome.plan) {
            match self.test_rules(&outcome.plan.candidate, &due.test).await? {
                Ok(TestOutcome { passed: true, .. }) => {}
                Ok(TestOutcome { output, .. }) => {
                    errors.push(due.failed(&output));
                    blamed.extend(due.changed);
                }
                Err(reason) => outcome.warnings.push(format!("{}: {reason}", due.key)),
            }
        }
        Ok((blamed, errors))
    }

    /// Runs `test` against the rule groups of `state` with this node's promtool. The inner error
    /// says why it could not run.
    ///
    /// # Errors
    /// [`SubmitError::Render`].
    pub async fn test_rules(
        &self,
        state: &DeclaredState,
        test: &RuleTest,
    ) -> Result<Result<TestOutcome, String>, SubmitError> {
        let not_run = |reason: &str| Ok(Err(format!("the test was not run: {reason}")));
        let checker = self.checker();
        let Some((node, facts)) = checker.ground() else {
            return not_run("no component is installed yet");
        };
        let trial = rule_test(state, node, &facts, test).map_err(SubmitError::Render)?;
        let Some(trial) = trial else { return not_run("no promtool is installed") };
        match checker.try_out(&trial).await {
            Ok(output) => Ok(Ok(TestOutcome { passed: true, output })),
            Err(CheckFailure::Refused { words, .. }) => {
                Ok(Ok(TestOutcome { passed: false, output: words }))
            }
            Err(failure @ CheckFailure::NotRun { .. }) => Ok(Err(failure.to_string())),
        }
    }
}

/// What looks wrong in the inhibitions and rule groups that a plan changes.
pub(super) fn warnings(plan: &Plan, facts: &dyn MetricFacts) -> Vec<String> {
    let mut warnings = across_projects(plan);
    warnings.extend(of_rules(plan, facts));
    warnings
}

/// Inhibitions that nothing binds to one project.
fn across_projects(plan: &Plan) -> Vec<String> {
    let changed = plan.objects.iter().filter(|object| object.action != Action::Unchanged);
    let mut warnings = Vec::new();
    for object in changed.filter(|object| object.key.kind == Kind::Inhibition) {
        let spec = object.after.as_ref().map(|after| Inhibition::deserialize(&after.spec));
        let Some(Ok(inhibition)) = spec else { continue };
        let same = inhibition.equal.iter().any(|label| label == PROJECT)
            || pinned(&inhibition.source_matchers)
                .is_some_and(|project| pinned(&inhibition.target_matchers) == Some(project));
        if !same {
            let mut findings = Findings::of(&object.key);
            let message = "an alert of one project can hold back those of another: `equal` lacks \
                           `project`, and the matchers do not name the same one";
            findings.spec("equal", Code::AcrossProjects, message);
            warnings.extend(findings.into_errors().iter().map(ToString::to_string));
        }
    }
    warnings
}

/// The one project that matchers name.
fn pinned(matchers: &[String]) -> Option<String> {
    let read = matchers.iter().filter_map(|text| Matcher::parse(text).ok());
    let mut named = read.filter(|matcher| matcher.name == PROJECT && matcher.op == Op::Equal);
    named.next().map(|matcher| matcher.value).filter(|value| !value.is_empty())
}

fn of_rules(plan: &Plan, facts: &dyn MetricFacts) -> Vec<String> {
    let changed = plan.objects.iter().filter(|object| {
        object.key.kind == Kind::RuleGroup
            && matches!(object.action, Action::Create | Action::Update)
    });
    let mut warnings = Vec::new();
    let mut changed = changed.peekable();
    if changed.peek().is_none() {
        return warnings;
    }
    let known = lint::Known::of(&plan.candidate, facts);
    for object in changed {
        let spec = object.after.as_ref().map(|after| &after.spec);
        let Some(Ok(group)) = spec.map(RuleGroup::deserialize) else {
            continue;
        };
        let mut findings = Findings::of(&object.key);
        for (position, rule) in group.rules.iter().enumerate() {
            lint::rule(&format!("rules/{position}"), rule, &known, &mut findings);
        }
        warnings.extend(findings.into_errors().iter().map(ToString::to_string));
    }
    let n_more = warnings.len().saturating_sub(MOST_WARNINGS);
    warnings.truncate(MOST_WARNINGS);
    if n_more > 0 {
        warnings.push(format!("and {n_more} more warnings"));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::{Put, Request, plan};
    use crate::model::{metric::NoFacts, resource::Declared};
    use crate::render::tests::fixture;
    use serde_json::json;

    #[test]
    fn an_inhibition_that_reaches_into_other_projects_is_warned_of() {
        let warned = |source: &str, target: &str, equal: &[&str]| {
            let spec = json!({"source_matchers": [source], "target_matchers": [target, "a=\"b\""],
                "equal": equal});
            let declared = Declared {
                kind: Kind::Inhibition,
                name: "x".parse().unwrap(),
                labels: crate::model::label::Labels::new(),
                spec,
            };
            let request = Request { puts: vec![Put::new(declared)], ..Request::default() };
            let plan = plan(&fixture::cluster(1), &request);
            assert!(plan.errors.is_empty(), "{:?}", plan.errors);
            let warnings = warnings(&plan, &NoFacts);
            assert!(warnings.iter().all(|warning| warning.contains("WK-1042")), "{warnings:?}");
            !warnings.is_empty()
        };
        let (shop, bank) = (r#"project="shop""#, r#"project="bank""#);
        assert!(warned("severity=\"critical\"", "severity=\"warning\"", &["instance"]));
        assert!(warned(shop, bank, &[]) && warned(shop, "severity=\"warning\"", &[]));
        assert!(warned(r#"project=~"shop""#, shop, &[]));
        assert!(!warned(shop, shop, &[]) && !warned(shop, bank, &["project"]));
    }
}
