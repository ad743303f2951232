//! Targets.

use super::{Code, Findings, address, labels};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    label::Labels,
    spec::{ScrapeJob, Target},
};
use serde_json::Value;

/// The `__` labels that steer a scrape; the others are Prometheus' own.
const STEERING: [&str; 4] =
    ["__metrics_path__", "__scheme__", "__scrape_interval__", "__scrape_timeout__"];

pub(super) fn check(target: &Target, state: &DeclaredState, findings: &mut Findings) {
    if target.targets.is_empty() {
        findings.spec("targets", Code::BadValue, "at least one target is needed");
    }
    let probed = probes(state, &target.job);
    for (position, address) in target.targets.iter().enumerate() {
        let path = format!("targets/{position}");
        if !probed {
            findings.check(path, Code::TargetAddress, address::check(address));
        } else if address.is_empty() || address.contains(char::is_whitespace) {
            findings.spec(path, Code::TargetAddress, "must not be empty or contain spaces");
        }
    }
    let steering = |name: &str| STEERING.contains(&name) || name.starts_with("__param_");
    for name in target.labels.keys() {
        if (name.starts_with("__") && !steering(name)) || name == "job" {
            let message = format!("`{name}` is set by Prometheus and cannot be declared");
            findings.spec(format_args!("labels/{name}"), Code::Label, message);
        }
    }
    let project: Labels = state.project_labels(&target.project);
    labels::check(findings, "labels", &target.labels, &project);
}

/// A job that rewrites `__address__` takes what an exporter is to probe: a URL, for instance.
fn probes(state: &DeclaredState, job: &str) -> bool {
    let Some(resource) = state.get(Kind::ScrapeJob, job) else { return false };
    let Ok(ScrapeJob(job)) = resource.spec_as() else { return false };
    let rules = job.get("relabel_configs").and_then(Value::as_array);
    rules
        .into_iter()
        .flatten()
        .any(|rule| rule.get("target_label").and_then(Value::as_str) == Some("__address__"))
}
