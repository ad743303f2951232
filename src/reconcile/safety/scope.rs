//! Which targets are a revision's own: those whose scraping it changed. Pure.
//!
//! A target that the revision takes out of a target object by name is no longer scraped on
//! purpose: it is in the diff that its author saw. Everything else that falls, fell.

use super::past::Change;
use crate::model::{
    Kind, Resource,
    cluster::DeclaredState,
    spec::{Settings, Target},
};
use std::collections::{BTreeMap, BTreeSet};

/// The own targets of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Scrape jobs it has to do with; none = nothing to watch.
    pub jobs: BTreeMap<String, Own>,
    /// `(job, address)` that it takes out by name.
    pub removed: BTreeSet<(String, String)>,
    /// `(job, address)` that it brings.
    pub added: BTreeSet<(String, String)>,
}

/// Which targets of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// All.
    All,
    /// Those with these addresses.
    Only(BTreeSet<String>),
}

impl Scope {
    /// What `change` has to do with scraping.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        let mut scope = Self::default();
        for entry in &change.entries {
            let (before, after) = (entry.before.as_deref(), entry.after.as_deref());
            match entry.key.kind {
                Kind::ScrapeJob if before.is_some() => scope.all(entry.key.name.as_str()),
                Kind::Target => scope.target(before, after),
                Kind::Project => scope.project(&change.before, entry.key.name.as_str()),
                Kind::Settings if scrapes_otherwise(before, after) => {
                    for job in change.before.of(Kind::ScrapeJob) {
                        scope.all(job.name.as_str());
                    }
                }
                _ => {}
            }
        }
        scope
    }

    /// Whether both have to do with the same job.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.jobs.keys().any(|job| other.jobs.contains_key(job))
    }

    fn all(&mut self, job: &str) {
        self.jobs.insert(job.to_owned(), Own::All);
    }

    fn only(&mut self, job: &str, addresses: impl IntoIterator<Item = String>) {
        let own = self.jobs.entry(job.to_owned()).or_insert_with(|| Own::Only(BTreeSet::new()));
        if let Own::Only(own) = own {
            own.extend(addresses);
        }
    }

    fn target(&mut self, before: Option<&Resource>, after: Option<&Resource>) {
        let pairs = |side: Option<&Resource>| -> BTreeSet<(String, String)> {
            let target = side.and_then(|resource| resource.spec_as::<Target>().ok());
            let pairs = target.map(|it| it.targets.into_iter().map(move |a| (it.job.clone(), a)));
            pairs.into_iter().flatten().collect()
        };
        let (before, after) = (pairs(before), pairs(after));
        for (job, address) in before.intersection(&after) {
            self.only(job, [address.clone()]);
        }
        self.removed.extend(before.difference(&after).cloned());
        self.added.extend(after.difference(&before).cloned());
    }

    /// A project's labels go on its targets, where relabelling can see them.
    fn project(&mut self, before: &DeclaredState, project: &str) {
        for resource in before.of(Kind::Target) {
            if let Ok(target) = resource.spec_as::<Target>()
                && target.project == project
            {
                self.only(&target.job, target.targets);
            }
        }
    }
}

/// `(job, address)` of every target that is declared.
pub fn declared(state: &DeclaredState) -> impl Iterator<Item = (String, String)> {
    let targets = state.of(Kind::Target).filter_map(|target| target.spec_as::<Target>().ok());
    targets.flat_map(|it| it.targets.into_iter().map(move |address| (it.job.clone(), address)))
}

fn scrapes_otherwise(before: Option<&Resource>, after: Option<&Resource>) -> bool {
    let settings = |side: Option<&Resource>| {
        side.and_then(|resource| resource.spec_as::<Settings>().ok()).unwrap_or_default().prometheus
    };
    let (before, after) = (settings(before), settings(after));
    before.scrape_interval != after.scrape_interval || before.scrape_timeout != after.scrape_timeout
}

#[cfg(test)]
mod tests {
    use super::{super::past, *};
    use crate::render::tests::fixture;
    use serde_json::{Value, json};

    fn scope(kind: Kind, name: &str, spec: Value) -> Scope {
        let mut state = fixture::cluster(1);
        fixture::shop(&mut state);
        let entry = past::tests::write(&mut state, "ann", 1, (kind, name, spec));
        Scope::of(&past::changes(&state, vec![entry]).remove(0))
    }

    fn only(addresses: &[&str]) -> Own {
        Own::Only(addresses.iter().map(|it| (*it).to_owned()).collect())
    }

    fn pairs(of: &BTreeSet<(String, String)>) -> Vec<(&str, &str)> {
        of.iter().map(|(job, address)| (job.as_str(), address.as_str())).collect()
    }

    #[test]
    fn a_changed_job_owns_all_its_targets_and_a_new_one_none() {
        let changed = scope(Kind::ScrapeJob, "web", json!({"scheme": "https"}));
        assert_eq!(changed.jobs, [("web".to_owned(), Own::All)].into());
        assert!(scope(Kind::ScrapeJob, "new", json!({})).jobs.is_empty());
    }

    #[test]
    fn what_is_taken_out_by_name_is_intent_and_what_stays_is_watched() {
        let spec = json!({"job": "node", "project": "infra", "targets": ["10.0.1.1:9100", "new:1"],
            "labels": {"rack": "7"}});
        let changed = scope(Kind::Target, "hosts", spec);
        assert_eq!(changed.jobs, [("node".to_owned(), only(&["10.0.1.1:9100"]))].into());
        assert_eq!(pairs(&changed.removed), [("node", "[fd00::1]:9100")]);
        assert_eq!(pairs(&changed.added), [("node", "new:1")]);
        let deleted = scope(Kind::Target, "hosts", Value::Null);
        assert!(deleted.jobs.is_empty() && deleted.removed.len() == 2);
        let moved = json!({"job": "web", "project": "infra", "targets": ["10.0.1.1:9100"]});
        let moved = scope(Kind::Target, "hosts", moved);
        assert!(moved.jobs.is_empty() && moved.removed.len() == 2 && moved.added.len() == 1);
    }

    #[test]
    fn a_project_owns_its_targets_and_global_intervals_own_everything() {
        let project = scope(Kind::Project, "infra", json!({"environment": "test"}));
        let hosts = only(&["10.0.1.1:9100", "[fd00::1]:9100"]);
        assert_eq!(project.jobs, [("node".to_owned(), hosts)].into());
        let interval = json!({"prometheus": {"scrape_timeout": "1ms"}});
        assert_eq!(scope(Kind::Settings, "default", interval).jobs.len(), 2);
        let site = json!({"site": "Here"});
        assert!(scope(Kind::Settings, "default", site).jobs.is_empty());
    }
}
