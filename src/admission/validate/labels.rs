//! Label names, and the dimensions that only a project sets.

use super::{Code, Findings};
use crate::model::label::{Labels, is_label_name};

/// Checks the labels at `path`: names valid, none reserved, none a dimension that `project`
/// (its dimension labels) sets.
pub(super) fn check(findings: &mut Findings, path: &str, labels: &Labels, project: &Labels) {
    for name in labels.keys() {
        let outcome = name_is_free(name, project);
        findings.check(format_args!("{path}/{name}"), Code::Label, outcome);
    }
}

/// As [`check`], but with names as rules may have them.
pub(super) fn check_any(findings: &mut Findings, path: &str, labels: &Labels, project: &Labels) {
    for name in labels.keys() {
        let outcome = any_name(name).and_then(|()| is_free(name, project));
        findings.check(format_args!("{path}/{name}"), Code::Label, outcome);
    }
}

/// Any text that is one, as Prometheus takes it in rules since 3.0.
pub(super) fn any_name(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("a label needs a name".to_owned()) } else { Ok(()) }
}

fn name_is_free(label: &str, project: &Labels) -> Result<(), String> {
    name(label).and_then(|()| is_free(label, project))
}

fn is_free(name: &str, project: &Labels) -> Result<(), String> {
    if name == "replica" {
        // It tells the two Prometheus apart and is taken off every alert.
        Err("`replica` is set by Watchkeep and cannot be declared".to_owned())
    } else if let Some(value) = project.get(name) {
        Err(format!("`{name}` is a dimension of the project (\"{value}\") and cannot be changed"))
    } else {
        Ok(())
    }
}

/// A label name in a list such as `group_by`.
pub(super) fn name(text: &str) -> Result<(), String> {
    if is_label_name(text) {
        Ok(())
    } else {
        let shown: String = text.chars().take(80).collect();
        Err(format!("`{shown}` is not a label name: [a-zA-Z_][a-zA-Z0-9_]*"))
    }
}
