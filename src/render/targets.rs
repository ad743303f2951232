//! Targets as `file_sd` JSON: one file a scrape job (or pool of it), and one for our own
//! components.
//!
//! Prometheus watches these files: a new target needs no reload and works without us.

use super::{Context, File, OWN_JOB, RenderError, claims::Claims, process::socket, rules, spec};
use crate::model::{Kind, cluster::DeclaredState, label::Labels, spec::Target};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Entry {
    targets: Vec<String>,
    labels: Labels,
}

/// Name of a job's file in the live directory.
pub(super) fn file_name(job: &str) -> String {
    format!("{}.json", rules::file_stem(job))
}

/// One file for each scrape job, also for one without targets, and one for [`OWN_JOB`].
pub(super) fn files(context: &Context<'_>) -> Result<BTreeMap<String, File>, RenderError> {
    let claims = Claims::of(context.state);
    let mut entries: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for job in context.state.of(Kind::ScrapeJob) {
        let pools = claims.pools(job.name.as_str()).map(|pool| (pool.name(), Vec::new()));
        let before = entries.len();
        entries.extend(pools);
        if entries.len() == before {
            entries.insert(job.name.as_str().to_owned(), Vec::new());
        }
    }
    entries.insert(OWN_JOB.to_owned(), own(context));
    let mut projects = Projects { state: context.state, labels: BTreeMap::new() };
    for resource in context.state.of(Kind::Target) {
        let Target { job, project, targets, mut labels } = spec(resource)?;
        if job == OWN_JOB {
            continue;
        }
        if let Some(of_job) = entries.get_mut(&claims.pool_of(&job, &project)) {
            labels.extend(projects.labels(&project).clone());
            of_job.push(Entry { targets, labels });
        }
    }
    entries.into_iter().map(|(job, entries)| write(&job, &entries)).collect()
}

/// The dimension labels of each project, looked up once instead of once a target.
struct Projects<'a> {
    state: &'a DeclaredState,
    labels: BTreeMap<String, Labels>,
}

impl Projects<'_> {
    fn labels(&mut self, project: &str) -> &Labels {
        self.labels.entry(project.to_owned()).or_insert_with(|| self.state.project_labels(project))
    }
}

/// Every component of every member, gone ones too: a node that is down should be seen as down.
fn own(context: &Context<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for member in context.state.members.values() {
        let mut components = vec!["alertmanager", OWN_JOB];
        if context.placement.replica_on(member.id).is_some() {
            components.push("prometheus");
        }
        for exporter in ["blackbox_exporter", "node_exporter"] {
            if context.facts.builds.contains_key(exporter) {
                components.push(exporter);
            }
        }
        components.sort_unstable();
        entries.extend(components.into_iter().map(|component| Entry {
            targets: vec![socket(member.address, member.ports.scrape)],
            labels: Labels::from([
                ("__metrics_path__".to_owned(), format!("/components/{component}/metrics")),
                ("component".to_owned(), component.to_owned()),
                ("node".to_owned(), member.name.clone()),
            ]),
        }));
    }
    entries
}

/// One entry a line, so that a difference of two versions reads well.
fn write(job: &str, entries: &[Entry]) -> Result<(String, File), RenderError> {
    let file = file_name(job);
    let encode = |source: serde_json::Error| RenderError::Encode {
        file: format!("targets/{file}"),
        reason: source.to_string(),
    };
    let mut bytes = b"[".to_vec();
    for (position, entry) in entries.iter().enumerate() {
        bytes.extend_from_slice(if position == 0 { b"\n" } else { b",\n" });
        serde_json::to_writer(&mut bytes, entry).map_err(encode)?;
    }
    bytes.extend_from_slice(if entries.is_empty() { b"]\n" } else { b"\n]\n" });
    Ok((file, File::new(bytes, None)))
}
