//! One rule, before it is saved.

use super::lint;
use crate::admission::{
    code::Code,
    field_error::{FieldError, Findings},
    validate,
};
use crate::model::{
    cluster::DeclaredState,
    metric::MetricFacts,
    promql::{self, Fault},
    spec::Rule,
};
use serde_json::Value;

/// What is wrong with a rule, and what looks wrong. Paths are relative to the rule; line and
/// column are those in the field's own text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Keep it from being saved.
    pub errors: Vec<FieldError>,
    /// Do not.
    pub warnings: Vec<FieldError>,
}

/// Checks `rule` as one of `project`'s; none = only what does not depend on one.
#[must_use]
pub fn check(
    state: &DeclaredState,
    facts: &dyn MetricFacts,
    project: Option<&str>,
    rule: &Value,
) -> Checked {
    let mut findings = Findings::alone();
    let read = validate::read::<Rule>(rule, &mut findings);
    let Some(rule) = read else {
        return Checked { errors: findings.into_errors(), warnings: Vec::new() };
    };
    let labels = project.map(|name| state.project_labels(name)).unwrap_or_default();
    validate::check_rule("", &rule, &labels, &mut findings);
    let mut warnings = Findings::alone();
    let known = lint::Known::of(state, facts);
    lint::rule("", &rule, &known, &mut warnings);
    let mut errors = findings.into_errors();
    errors.iter_mut().filter(|error| error.code == Code::PromQl).for_each(|error| {
        if let Err(Fault { place: Some((line, column)), reason }) = promql::find(&rule.expr) {
            let narrow = |number: usize| Some(u32::try_from(number).unwrap_or(u32::MAX));
            (error.line, error.column) = (narrow(line), narrow(column));
            error.message = reason;
        }
    });
    Checked { errors, warnings: warnings.into_errors() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metric::NoFacts;
    use crate::render::tests::fixture;
    use serde_json::json;

    fn errors(project: Option<&str>, rule: Value) -> Vec<String> {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let checked = check(&state, &NoFacts, project, &rule);
        checked
            .errors
            .iter()
            .map(|error| format!("{} {}", error.path, error.code.as_str()))
            .collect()
    }

    #[test]
    fn one_rule_is_checked_with_paths_below_it() {
        let good = json!({"alert": "A", "expr": "up == 0", "for": "5m"});
        assert_eq!(errors(Some("web"), good), [""; 0]);
        let bad = json!({
            "alert": "A", "expr": "up ==", "for": "5x", "labels": {"project": "other"},
            "annotations": {"summary": "{{ $value "},
        });
        assert_eq!(
            errors(Some("web"), bad),
            [
                "for WK-1022",
                "annotations/summary WK-1024",
                "expr WK-1020",
                "labels/project WK-1023"
            ]
        );
        assert_eq!(errors(None, json!({"alert": "A", "expr": 1})), ["expr WK-1005"]);
        assert_eq!(errors(None, json!({"expr": "up"})), [" WK-1005"]);
    }

    #[test]
    fn the_place_is_the_one_in_the_expression() {
        let checked = check(
            &fixture::cluster(1),
            &NoFacts,
            None,
            &json!({"alert": "A", "expr": "a\n  by b"}),
        );
        let error = &checked.errors[0];
        assert_eq!(
            (error.line, error.column, &*error.message),
            (Some(2), Some(3), "unexpected `by`")
        );
    }

    #[test]
    fn a_dimension_may_only_be_set_where_the_project_does_not() {
        let rule = json!({"alert": "A", "expr": "up", "labels": {"department": "x"}});
        assert_eq!(errors(Some("infra"), rule.clone()), [""; 0]);
        assert_eq!(errors(Some("web"), rule), ["labels/department WK-1023"]);
    }
}
