//! Scrape jobs: what promtool cannot know. Everything else in them it judges itself.

use super::{Code, Findings, duration, labels, regexp};
use crate::model::{Kind, cluster::DeclaredState, spec};
use crate::render::OWN_JOB;
use serde_json::{Map, Value};
use std::time::Duration;

/// Secrets and files of the node: neither may come with a job.
const FORBIDDEN: [&str; 16] = [
    "password",
    "password_file",
    "password_ref",
    "username_file",
    "credentials",
    "credentials_file",
    "credentials_ref",
    "bearer_token",
    "bearer_token_file",
    "client_secret",
    "client_secret_file",
    "secrets",
    "files",
    "key",
    "key_file",
    "cert_file",
];

pub(super) fn check(
    name: &str,
    spec::ScrapeJob(job): &spec::ScrapeJob,
    state: &DeclaredState,
    findings: &mut Findings,
) {
    if name == OWN_JOB {
        findings.object("name", Code::BadName, format!("`{OWN_JOB}` is Watchkeep's own job"));
    }
    for field in job.keys() {
        if field == "job_name" {
            findings.spec(field, Code::UnknownField, "the job is named like the object");
        } else if field == "static_configs" || field.ends_with("_sd_configs") {
            let message = "targets are objects of their own: declare a `target` with this job";
            findings.spec(field, Code::UnknownField, message);
        }
    }
    secrets(job, "", findings);
    intervals(job, state, findings);
    for list in ["relabel_configs", "metric_relabel_configs"] {
        let rules = job.get(list).and_then(Value::as_array);
        for (position, rule) in rules.into_iter().flatten().enumerate() {
            relabel(&format!("{list}/{position}"), rule, findings);
        }
    }
}

fn secrets(fields: &Map<String, Value>, path: &str, findings: &mut Findings) {
    for (name, value) in fields {
        let here = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
        if FORBIDDEN.contains(&name.as_str()) && path != "params" {
            let message = "secrets and files of the node cannot be part of a scrape job";
            findings.spec(&here, Code::UnknownField, message);
        } else if let Value::Object(inner) = value {
            secrets(inner, &here, findings);
        }
    }
}

/// The timeout must not be above the interval, whichever of the two is the global one.
fn intervals(job: &Map<String, Value>, state: &DeclaredState, findings: &mut Findings) {
    let least = Duration::from_millis(1);
    let mut own = |field: &str| {
        let text = job.get(field).and_then(Value::as_str);
        duration::check(findings, field, text, least).map(|duration| (duration, true))
    };
    let (interval, timeout) = (own("scrape_interval"), own("scrape_timeout"));
    let settings: spec::Settings = state
        .get(Kind::Settings, "default")
        .and_then(|settings| settings.spec_as().ok())
        .unwrap_or_default();
    let global = |text: &str| duration::parse(text).ok().map(|duration| (duration, false));
    let interval = interval.or_else(|| global(&settings.prometheus.scrape_interval));
    let timeout = timeout.or_else(|| global(&settings.prometheus.scrape_timeout));
    let (Some((interval, own_interval)), Some((timeout, own_timeout))) = (interval, timeout) else {
        return;
    };
    // Prometheus shortens the global timeout by itself where a job has a shorter interval.
    if timeout > interval && own_timeout {
        let whose = if own_interval { "scrape_interval" } else { "global scrape_interval" };
        let message = format!("must not be above the {whose} of {} s", interval.as_secs_f64());
        findings.spec("scrape_timeout", Code::Duration, message);
    }
}

fn relabel(path: &str, rule: &Value, findings: &mut Findings) {
    if let Some(pattern) = rule.get("regex").and_then(Value::as_str) {
        findings.check(format_args!("{path}/regex"), Code::Regex, regexp::check(pattern));
    }
    let sources = rule.get("source_labels").and_then(Value::as_array);
    for (position, label) in sources.into_iter().flatten().enumerate() {
        if let Some(label) = label.as_str() {
            let path = format!("{path}/source_labels/{position}");
            findings.check(path, Code::Label, labels::name(label));
        }
    }
}
