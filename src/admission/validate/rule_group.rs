//! Rule groups.

use super::{Code, Findings, duration, labels, template};
use crate::model::{
    cluster::DeclaredState,
    label::Labels,
    promql,
    spec::{Rule, RuleGroup, RuleTest},
};
use std::time::Duration;

pub(super) fn check(group: &RuleGroup, state: &DeclaredState, findings: &mut Findings) {
    let project = state.project_labels(&group.project);
    // Zero is the global interval.
    duration::check(findings, "interval", group.interval.as_deref(), Duration::ZERO);
    duration::check(findings, "query_offset", group.query_offset.as_deref(), Duration::ZERO);
    label_set(findings, "labels", &group.labels, &project);
    for (position, rule) in group.rules.iter().enumerate() {
        check_rule(&format!("rules/{position}"), rule, &project, findings);
    }
}

pub(super) fn test(test: &RuleTest, findings: &mut Findings) {
    let interval = test.evaluation_interval.as_deref();
    duration::check(findings, "evaluation_interval", interval, Duration::from_millis(1));
    for (field, empty) in
        [("rule_groups", test.rule_groups.is_empty()), ("tests", test.tests.is_empty())]
    {
        if empty {
            findings.spec(field, Code::BadValue, "at least one is needed");
        }
    }
}

/// Checks one rule, whose fields are at `path` below the spec, as one of a project with these
/// dimension labels.
pub(in crate::admission) fn check_rule(
    path: &str,
    rule: &Rule,
    project: &Labels,
    findings: &mut Findings,
) {
    match (&rule.alert, &rule.record) {
        (Some(alert), None) => check_alert(path, alert, rule, findings),
        (None, Some(record)) => check_record(path, record, rule, findings),
        _ => {
            let message = "a rule has exactly one of `alert` and `record`";
            findings.spec(path, Code::BadValue, message);
        }
    }
    findings.check(format_args!("{path}/expr"), Code::PromQl, promql::check(&rule.expr));
    label_set(findings, &format!("{path}/labels"), &rule.labels, project);
}

fn check_alert(path: &str, alert: &str, rule: &Rule, findings: &mut Findings) {
    if alert.trim().is_empty() {
        findings.spec(format_args!("{path}/alert"), Code::BadValue, "must not be empty");
    }
    for (field, text) in [("for", &rule.for_), ("keep_firing_for", &rule.keep_firing_for)] {
        duration::check(findings, &format!("{path}/{field}"), text.as_deref(), Duration::ZERO);
    }
    for (name, text) in &rule.labels {
        let here = format!("{path}/labels/{name}");
        findings.check(&here, Code::Template, template::check(text));
        // The two Prometheus differ in it: one alert would become two.
        if text.contains("xternalLabels") {
            findings.spec(here, Code::Template, "external labels cannot be part of alert labels");
        }
    }
    for (name, text) in &rule.annotations {
        let here = format!("{path}/annotations/{name}");
        findings.check(&here, Code::Label, labels::any_name(name));
        findings.check(&here, Code::Template, template::check(text));
    }
}

fn check_record(path: &str, record: &str, rule: &Rule, findings: &mut Findings) {
    // Since 3.0 any text; braces are what somebody writes who means an expression.
    if record.contains(['{', '}']) {
        let message = "a metric name has no braces; labels go into `labels`";
        findings.spec(format_args!("{path}/record"), Code::BadValue, message);
    }
    let alert_only = [
        ("for", is_set(rule.for_.as_deref())),
        ("keep_firing_for", is_set(rule.keep_firing_for.as_deref())),
        ("annotations", !rule.annotations.is_empty()),
    ];
    for (field, _) in alert_only.into_iter().filter(|(_, present)| *present) {
        let message = "a recording rule does not have it";
        findings.spec(format_args!("{path}/{field}"), Code::UnknownField, message);
    }
}

/// Prometheus cannot tell a zero from nothing.
fn is_set(text: Option<&str>) -> bool {
    text.is_some_and(|text| duration::parse(text) != Ok(Duration::ZERO))
}

fn label_set(findings: &mut Findings, path: &str, set: &Labels, project: &Labels) {
    labels::check_any(findings, path, set, project);
    for name in ["alertname", "__name__"] {
        if set.contains_key(name) {
            let message = format!("`{name}` is set by Prometheus and cannot be declared");
            findings.spec(format_args!("{path}/{name}"), Code::Label, message);
        }
    }
}
