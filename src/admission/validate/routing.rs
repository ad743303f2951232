//! Who is told, when, and what is held back: routes, policies, time intervals, inhibitions.

use super::{Code, Findings, duration, labels, matcher};
use crate::model::{
    spec::{Inhibition, Policy, Route, TimeInterval},
    time_interval,
};
use std::collections::BTreeSet;
use std::time::Duration;

/// Three times Alertmanager's peer timeout: below that a node could send what another one has
/// already seen resolved.
pub(super) const LEAST_GROUP_INTERVAL: Duration = Duration::from_secs(7);
/// Alertmanager refuses zero.
pub(super) const LEAST_REPEAT_INTERVAL: Duration = Duration::from_millis(1);

/// Paths of the API below `/api/v1/routes/`.
const RESERVED: [&str; 2] = ["tree", "explain"];

pub(super) fn route(name: &str, route: &Route, findings: &mut Findings) {
    if RESERVED.contains(&name) {
        findings.object(
            "name",
            Code::BadName,
            "no route can have this name: it is a path of the API",
        );
    }
    matcher::check(findings, "matchers", &route.matchers);
    let timing = Timing {
        group_by: route.group_by.as_deref(),
        group_wait: route.group_wait.as_deref(),
        group_interval: route.group_interval.as_deref(),
        repeat_interval: route.repeat_interval.as_deref(),
    };
    timing.check(findings, "");
}

pub(super) fn policy(policy: &Policy, findings: &mut Findings) {
    matcher::check(findings, "matchers", &policy.matchers);
    let timing = Timing {
        group_by: policy.group_by.as_deref(),
        group_wait: policy.group_wait.as_deref(),
        group_interval: policy.group_interval.as_deref(),
        repeat_interval: policy.repeat_interval.as_deref(),
    };
    timing.check(findings, "");
    for (position, line) in policy.lines.iter().enumerate() {
        let below = format!("lines/{position}/");
        severities(findings, &below, &line.severities);
        matcher::check(findings, &format!("{below}matchers"), &line.matchers);
        let timing = Timing {
            group_by: line.group_by.as_deref(),
            group_wait: line.group_wait.as_deref(),
            group_interval: line.group_interval.as_deref(),
            repeat_interval: line.repeat_interval.as_deref(),
        };
        timing.check(findings, &below);
    }
}

fn severities(findings: &mut Findings, below: &str, severities: &[String]) {
    let mut seen = BTreeSet::new();
    for (position, severity) in severities.iter().enumerate() {
        if severity.is_empty() || !seen.insert(severity) {
            let message = "each severity once, and none empty";
            findings.spec(format_args!("{below}severities/{position}"), Code::BadValue, message);
        }
    }
}

pub(super) fn time_interval(interval: &TimeInterval, findings: &mut Findings) {
    for wrong in time_interval::read(interval).err().into_iter().flatten() {
        findings.spec(wrong.path, Code::BadValue, wrong.message);
    }
}

pub(super) fn inhibition(inhibition: &Inhibition, findings: &mut Findings) {
    for (field, texts) in [
        ("source_matchers", &inhibition.source_matchers),
        ("target_matchers", &inhibition.target_matchers),
    ] {
        if texts.is_empty() {
            findings.spec(field, Code::Matcher, "at least one matcher is needed");
        }
        matcher::check(findings, field, texts);
    }
    for (position, name) in inhibition.equal.iter().enumerate() {
        findings.check(format_args!("equal/{position}"), Code::Label, labels::name(name));
    }
}

/// How a branch groups and repeats, as declared.
struct Timing<'a> {
    group_by: Option<&'a [String]>,
    group_wait: Option<&'a str>,
    group_interval: Option<&'a str>,
    repeat_interval: Option<&'a str>,
}

impl Timing<'_> {
    fn check(&self, findings: &mut Findings, below: &str) {
        group_by(findings, &format!("{below}group_by"), self.group_by.unwrap_or_default());
        let mut check = |field: &str, text: Option<&str>, least: Duration| {
            duration::check(findings, &format!("{below}{field}"), text, least);
        };
        check("group_wait", self.group_wait, Duration::ZERO);
        check("group_interval", self.group_interval, LEAST_GROUP_INTERVAL);
        check("repeat_interval", self.repeat_interval, LEAST_REPEAT_INTERVAL);
    }
}

/// Label names, each once; or `...` alone, which means all.
pub(super) fn group_by(findings: &mut Findings, path: &str, names: &[String]) {
    let mut seen = BTreeSet::new();
    for (position, name) in names.iter().enumerate() {
        let here = format!("{path}/{position}");
        if name == "..." {
            if names.len() > 1 {
                findings.spec(here, Code::Label, "`...` means all labels and stands alone");
            }
            continue;
        }
        findings.check(&here, Code::Label, labels::name(name));
        if !seen.insert(name) {
            findings.spec(here, Code::Label, format!("`{name}` is named twice"));
        }
    }
}
