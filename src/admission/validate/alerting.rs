//! Routes and silences.

use super::{Code, Findings, duration, labels, matcher, regexp};
use crate::model::{
    UnixMs,
    spec::{Inhibition, Policy, Route, Silence, TimeInterval},
};
use std::collections::BTreeSet;
use std::time::Duration;

/// Three times Alertmanager's peer timeout: below that a node could send what another one has
/// already seen resolved.
pub(super) const LEAST_GROUP_INTERVAL: Duration = Duration::from_secs(7);
/// Alertmanager refuses zero.
pub(super) const LEAST_REPEAT_INTERVAL: Duration = Duration::from_millis(1);

pub(super) fn route(route: &Route, findings: &mut Findings) {
    matchers(findings, "matchers", &route.matchers);
    let timing = Timing {
        group_by: route.group_by.as_deref(),
        group_wait: route.group_wait.as_deref(),
        group_interval: route.group_interval.as_deref(),
        repeat_interval: route.repeat_interval.as_deref(),
    };
    timing.check(findings, "");
}

pub(super) fn policy(policy: &Policy, findings: &mut Findings) {
    matchers(findings, "matchers", &policy.matchers);
    let timing = Timing {
        group_by: policy.group_by.as_deref(),
        group_wait: policy.group_wait.as_deref(),
        group_interval: policy.group_interval.as_deref(),
        repeat_interval: policy.repeat_interval.as_deref(),
    };
    timing.check(findings, "");
    for (position, line) in policy.lines.iter().enumerate() {
        let below = format!("lines/{position}/");
        matchers(findings, &format!("{below}matchers"), &line.matchers);
        let timing = Timing {
            group_by: line.group_by.as_deref(),
            group_wait: line.group_wait.as_deref(),
            group_interval: line.group_interval.as_deref(),
            repeat_interval: line.repeat_interval.as_deref(),
        };
        timing.check(findings, &below);
    }
}

pub(super) fn time_interval(interval: &TimeInterval, findings: &mut Findings) {
    if interval.time_intervals.is_empty() {
        findings.spec("time_intervals", Code::BadValue, "at least one interval is needed");
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
        matchers(findings, field, texts);
    }
    for (position, name) in inhibition.equal.iter().enumerate() {
        findings.check(format_args!("equal/{position}"), Code::Label, labels::name(name));
    }
}

fn matchers(findings: &mut Findings, path: &str, texts: &[String]) {
    for (position, text) in texts.iter().enumerate() {
        if let Err((code, message)) = matcher::parse(text) {
            findings.spec(format_args!("{path}/{position}"), code, message);
        }
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

pub(super) fn silence(silence: &Silence, findings: &mut Findings) {
    if silence.comment.trim().is_empty() {
        findings.spec("comment", Code::BadValue, "say why: a comment is needed");
    }
    times(silence, findings);
    for (position, matcher) in silence.matchers.iter().enumerate() {
        let path = format!("matchers/{position}");
        findings.check(format_args!("{path}/name"), Code::Label, labels::name(&matcher.name));
        if matcher.is_regex {
            let outcome = regexp::check(&matcher.value);
            findings.check(format_args!("{path}/value"), Code::Regex, outcome);
        }
    }
    let selective = silence.matchers.iter().any(|matcher| {
        let empty_matches = if matcher.is_regex {
            regex::Regex::new(&format!("^(?:{})$", matcher.value))
                .is_ok_and(|pattern| pattern.is_match(""))
        } else {
            matcher.value.is_empty()
        };
        matcher.is_equal != empty_matches
    });
    if !selective {
        let message = "at least one matcher must not match the empty value: this would silence all";
        findings.spec("matchers", Code::Matcher, message);
    }
}

fn times(silence: &Silence, findings: &mut Findings) {
    let (start, end) = (instant(&silence.starts_at), instant(&silence.ends_at));
    if let (Ok(start), Ok(end)) = (&start, &end)
        && end <= start
    {
        findings.spec("endsAt", Code::BadValue, "must lie after startsAt");
    }
    findings.check("startsAt", Code::BadValue, start.map(drop));
    findings.check("endsAt", Code::BadValue, end.map(drop));
}

/// RFC 3339.
pub(super) fn instant(text: &str) -> Result<UnixMs, String> {
    UnixMs::parse(text).map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        format!("`{shown}` is not an instant; write it like 2026-01-31T15:00:00Z")
    })
}
