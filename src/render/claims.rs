//! No target says that it is another project's.
//!
//! Whose a series is, is said by its labels, and scopes and routes believe them. Prometheus lets the
//! labels of the target win over those an exporter sends, unless the job honours the exporter's or
//! relabels by itself. Such a job is scraped as one pool a project, each of which sets that
//! project's labels last, as constants: within one pool nothing else could tell whose a target is,
//! since everything relabelling reads may come from the exporter.

use crate::{
    model::{
        Kind,
        cluster::DeclaredState,
        label::Labels,
        matcher::{Matcher, Op},
        spec::ScrapeJob,
    },
    scope::access::DIMENSIONS,
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Between job and project in the name of a pool; stands in no name.
const AT: char = '@';

/// Which jobs are scraped as one pool a project, and which projects have targets there.
pub(super) struct Claims<'a> {
    state: &'a DeclaredState,
    /// Job → project → dimensions that targets themselves declare.
    jobs: BTreeMap<&'a str, BTreeMap<&'a str, BTreeSet<&'a str>>>,
}

impl<'a> Claims<'a> {
    pub(super) fn of(state: &'a DeclaredState) -> Self {
        let claiming = state.of(Kind::ScrapeJob).filter(|job| {
            let spec: Result<ScrapeJob, _> = job.spec_as();
            spec.is_ok_and(|ScrapeJob(job)| may_claim(&job))
        });
        let mut jobs: BTreeMap<_, BTreeMap<&str, BTreeSet<&str>>> =
            claiming.map(|job| (job.name.as_str(), BTreeMap::new())).collect();
        if !jobs.is_empty() {
            for target in state.of(Kind::Target) {
                let field = |name: &str| target.spec.get(name).and_then(Value::as_str);
                let (Some(job), Some(project)) = (field("job"), field("project")) else { continue };
                let Some(projects) = jobs.get_mut(job) else { continue };
                let labels = target.spec.get("labels").and_then(Value::as_object);
                let names = labels.into_iter().flat_map(Map::keys).map(String::as_str);
                projects.entry(project).or_default().extend(names);
            }
        }
        Self { state, jobs }
    }

    /// The pools of a job; empty = it is one.
    pub(super) fn pools(&self, job: &str) -> impl Iterator<Item = Pool<'_>> {
        let projects = self.jobs.get_key_value(job).into_iter();
        projects.flat_map(move |(job, projects)| {
            projects.iter().map(move |(project, declared)| Pool {
                job,
                project,
                labels: labels(self.state, project),
                declared,
            })
        })
    }

    /// The pool that a target of a project is in.
    pub(super) fn pool_of(&self, job: &str, project: &str) -> String {
        if self.jobs.contains_key(job) { name(job, project) } else { job.to_owned() }
    }
}

fn name(job: &str, project: &str) -> String {
    format!("{job}{AT}{project}")
}

/// The job that a pool of Prometheus is of.
#[must_use]
pub fn job_of_pool(pool: &str) -> &str {
    pool.split_once(AT).map_or(pool, |(job, _)| job)
}

fn labels(state: &DeclaredState, project: &str) -> Labels {
    let mut labels = state.project_labels(project);
    labels.entry("project".to_owned()).or_insert_with(|| project.to_owned());
    labels
}

/// The targets that one project has in a job.
pub(super) struct Pool<'a> {
    job: &'a str,
    project: &'a str,
    labels: Labels,
    declared: &'a BTreeSet<&'a str>,
}

impl Pool<'_> {
    /// As Prometheus knows it.
    pub(super) fn name(&self) -> String {
        name(self.job, self.project)
    }

    /// Sets the project's labels last, in targets and in samples.
    pub(super) fn settle(&self, config: &mut Map<String, Value>) {
        let job = json!({"target_label": "job", "replacement": constant(self.job)});
        let mut relabel = vec![job];
        relabel.append(&mut rules(config, "relabel_configs"));
        relabel.extend(self.last());
        config.insert("relabel_configs".to_owned(), relabel.into());
        let mut metric = rules(config, "metric_relabel_configs");
        metric.extend(self.last());
        config.insert("metric_relabel_configs".to_owned(), metric.into());
    }

    fn last(&self) -> Vec<Value> {
        let set = self
            .labels
            .iter()
            .map(|(name, value)| json!({"target_label": name, "replacement": constant(value)}));
        // A dimension that neither the project nor a declared target has is claimed, too.
        let claimed = DIMENSIONS
            .iter()
            .filter(|name| !self.labels.contains_key(**name) && !self.declared.contains(**name));
        let claimed: Vec<&str> = claimed.copied().collect();
        let drop = json!({"action": "labeldrop", "regex": claimed.join("|")});
        set.chain((!claimed.is_empty()).then_some(drop)).collect()
    }
}

/// A replacement in which nothing is replaced.
fn constant(text: &str) -> String {
    text.replace('$', "$$")
}

fn rules(config: &mut Map<String, Value>, field: &str) -> Vec<Value> {
    match config.remove(field) {
        Some(Value::Array(rules)) => rules,
        // Of another form: Prometheus' checker says so.
        Some(other) => vec![other],
        None => Vec::new(),
    }
}

/// Whether a target of the job could get dimension labels that are not its project's.
fn may_claim(job: &Map<String, Value>) -> bool {
    let honours = job
        .get("honor_labels")
        .is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)));
    let lists = ["relabel_configs", "metric_relabel_configs"].into_iter();
    let mut rules = lists.filter_map(|list| job.get(list)?.as_array()).flatten();
    honours || rules.any(rule_may_claim)
}

fn rule_may_claim(rule: &Value) -> bool {
    let text = |field: &str| rule.get(field).and_then(Value::as_str);
    let matched = |name: &&str| {
        let test = Matcher::new(*name, Op::Regex, text("regex").unwrap_or(".*")).test();
        let labels = Labels::from([((*name).to_owned(), (*name).to_owned())]);
        test.ok().map(|test| test.holds(&labels))
    };
    match text("action").unwrap_or("replace").to_ascii_lowercase().as_str() {
        "keep" | "drop" | "keepequal" | "dropequal" => false,
        // Once the target's own label is gone, that of the exporter stays.
        "labeldrop" => DIMENSIONS.iter().any(|name| matched(name) != Some(false)),
        "labelkeep" => DIMENSIONS.iter().any(|name| matched(name) != Some(true)),
        "labelmap" => true,
        _ => text("target_label").is_none_or(|name| {
            // A name that is put together could be any.
            name.contains('$') || DIMENSIONS.contains(&name)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::NodeId,
        render::{render, tests::fixture},
    };

    fn claims(job: Value) -> bool {
        may_claim(job.as_object().unwrap())
    }

    #[test]
    fn a_job_that_could_say_whose_its_targets_are_is_known() {
        let rule = |rule: Value| json!({ "metric_relabel_configs": [rule] });
        for may in [
            json!({"honor_labels": true}),
            json!({"relabel_configs": [{"target_label": "project", "replacement": "bank"}]}),
            rule(json!({"source_labels": ["tenant"], "target_label": "department"})),
            rule(json!({"action": "Uppercase", "target_label": "owner"})),
            rule(json!({"regex": "(.*)", "target_label": "pro$1"})),
            rule(json!({"action": "labelmap", "regex": "exported_(.+)"})),
            rule(json!({"action": "labeldrop", "regex": "pro.*"})),
            rule(json!({"action": "labelkeep", "regex": "job|instance"})),
        ] {
            assert!(claims(may.clone()), "{may}");
        }
        for not in [
            json!({}),
            json!({"honor_labels": false, "honor_timestamps": true}),
            json!({"relabel_configs": [{"source_labels": ["__address__"], "target_label": "__param_target"}]}),
            rule(json!({"source_labels": ["project"], "regex": "shop", "action": "keep"})),
            rule(json!({"action": "labeldrop", "regex": "pod"})),
            rule(json!({"source_labels": ["project"], "target_label": "tenant"})),
        ] {
            assert!(!claims(not.clone()), "{not}");
        }
    }

    #[test]
    fn such_a_job_is_one_pool_a_project_that_sets_its_labels_last() {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let job = json!({"honor_labels": true, "metric_relabel_configs": [
            {"target_label": "project", "replacement": "bank"}]});
        fixture::put(&mut state, Kind::ScrapeJob, "web", job);
        let target = json!({"job": "web", "project": "infra", "targets": ["10.0.0.9:80"],
            "labels": {"department": "own"}});
        fixture::put(&mut state, Kind::Target, "other", target);
        let rendered = render(&state, NodeId(1), &fixture::facts()).unwrap();
        let prometheus = &rendered.components["prometheus"];
        let config = &prometheus.files["prometheus.yml"].bytes;
        let config: Value = serde_saphyr::from_slice(config).unwrap();
        let jobs = config["scrape_configs"].as_array().unwrap();
        let names: Vec<_> = jobs.iter().map(|job| job["job_name"].as_str().unwrap()).collect();
        assert_eq!(names, ["watchkeep", "node", "web@infra", "web@web"]);
        let rules = |at: usize| jobs[at]["metric_relabel_configs"].as_array().unwrap().clone();
        assert_eq!(
            rules(2)[1..],
            [
                json!({"target_label": "project", "replacement": "infra"}),
                json!({"action": "labeldrop", "regex": "owner|system|module|environment"}),
            ]
        );
        assert_eq!(rules(3).last().unwrap()["regex"], "system|module");
        assert_eq!(
            jobs[3]["relabel_configs"][0],
            json!({"target_label": "job", "replacement": "web"})
        );
        let files: Vec<_> = prometheus.live_files.keys().map(String::as_str).collect();
        assert_eq!(files, ["node.json", "watchkeep.json", "web@infra.json", "web@web.json"]);
        assert_eq!(job_of_pool("web@infra"), "web");
        assert_eq!(job_of_pool("web"), "web");
    }
}
