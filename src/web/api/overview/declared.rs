//! What is declared of every project, read once for each state: who it belongs to, what it has to
//! watch, and which silences name it. Pure.

use super::answer::Named;
use crate::{
    model::{
        Kind, UnixMs,
        cluster::DeclaredState,
        label::{DIMENSIONS, Labels},
        spec,
    },
    scope::{Projects, declared::lies_within},
    silence::{
        Wanted,
        wanted::{all_hold, prepare},
    },
    web::api::rule_receivers::receivers,
};
use std::collections::{BTreeMap, HashMap};

/// One project as declared.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Project {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) department: Option<Named>,
    pub(super) owner: Option<Named>,
    pub(super) team: Option<Named>,
    /// Its dimension labels.
    pub(super) labels: Labels,
    pub(super) targets: Vec<Target>,
    pub(super) groups: Vec<Group>,
    /// Silences that name it or one of its dimensions.
    pub(super) silences: Vec<Silence>,
    /// Alerting rules of whose alerts nobody is told.
    pub(super) rules_untold: usize,
}

/// One declared target.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) job: String,
    pub(super) addresses: Vec<String>,
    /// Its own labels.
    pub(super) labels: Labels,
}

/// One declared rule group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) name: String,
    /// Name of the alert or series, and whether it is run; in order.
    pub(super) rules: Vec<(String, bool)>,
}

/// When a silence holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Silence {
    pub(super) starts: UnixMs,
    pub(super) ends: UnixMs,
    /// It is the project's alone: also who may see nothing else sees it.
    pub(super) own: bool,
}

/// Everything declared that the overview needs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Declared {
    /// By name.
    pub(super) projects: Vec<Project>,
    /// Owner of each department that names one.
    pub(super) heads: BTreeMap<String, Named>,
}

impl Declared {
    /// Reads a state. What cannot be read is left out: admission lets none in.
    pub(super) fn of(state: &DeclaredState) -> Self {
        let mut projects: Vec<Project> = state
            .of(Kind::Project)
            .filter_map(|object| {
                let spec: spec::Project = object.spec_as().ok()?;
                Some(project(state, object.name.as_str(), spec))
            })
            .collect();
        let places: HashMap<String, usize> =
            projects.iter().enumerate().map(|(at, project)| (project.name.clone(), at)).collect();
        for target in state.of(Kind::Target).filter_map(|it| it.spec_as::<spec::Target>().ok()) {
            if let Some(at) = places.get(&target.project) {
                let spec::Target { job, targets, labels, .. } = target;
                projects[*at].targets.push(Target { job, addresses: targets, labels });
            }
        }
        rules(state, &places, &mut projects);
        silences(state, &mut projects);
        let heads = state.of(Kind::Department).filter_map(|object| {
            let spec: spec::Department = object.spec_as().ok()?;
            Some((object.name.to_string(), named(state, Kind::Contact, spec.owner?)))
        });
        Self { projects, heads: heads.collect() }
    }
}

fn project(state: &DeclaredState, name: &str, spec: spec::Project) -> Project {
    Project {
        name: name.to_owned(),
        title: spec.title,
        department: spec.department.map(|name| named(state, Kind::Department, name)),
        owner: spec.owner.map(|name| named(state, Kind::Contact, name)),
        team: spec.team.map(|name| named(state, Kind::Team, name)),
        labels: state.project_labels(name),
        ..Project::default()
    }
}

fn named(state: &DeclaredState, kind: Kind, name: String) -> Named {
    let object = state.get(kind, &name);
    let title = object.and_then(|object| object.spec.get("title")?.as_str()).unwrap_or_default();
    Named { title: title.to_owned(), name }
}

fn rules(state: &DeclaredState, places: &HashMap<String, usize>, projects: &mut [Project]) {
    let mut asked: Vec<(String, usize, usize)> = Vec::new();
    for object in state.of(Kind::RuleGroup) {
        let Ok(group) = object.spec_as::<spec::RuleGroup>() else { continue };
        let Some(at) = places.get(&group.project) else { continue };
        let name = object.name.to_string();
        let alerting = group.rules.iter().enumerate().filter(|(_, rule)| !rule.disabled);
        let alerting = alerting.filter(|(_, rule)| rule.alert.is_some());
        asked.extend(alerting.map(|(index, _)| (name.clone(), index, *at)));
        let rules = group.rules.into_iter();
        let rules = rules.map(|it| (it.alert.or(it.record).unwrap_or_default(), !it.disabled));
        projects[*at].groups.push(Group { name, rules: rules.collect() });
    }
    let told = receivers(state, asked.iter().map(|(group, index, _)| (group.as_str(), *index)));
    for ((.., at), words) in asked.iter().zip(told) {
        projects[*at].rules_untold += usize::from(words.is_some_and(|words| words.is_empty()));
    }
}

/// A silence is a project's when it says so: by a matcher on a dimension that the project has.
fn silences(state: &DeclaredState, projects: &mut [Project]) {
    for object in state.of(Kind::Silence) {
        let Some(Wanted { mut matchers, starts, ends, .. }) = Wanted::of(object) else { continue };
        matchers.retain(|matcher| DIMENSIONS.contains(&&*matcher.name));
        if matchers.is_empty() {
            continue;
        }
        let Some(matchers) = prepare(&matchers) else { continue };
        let (name, spec) = (object.name.as_str(), &object.spec);
        for project in projects.iter_mut().filter(|project| all_hold(&matchers, &project.labels)) {
            let alone = Projects::only([&*project.name]);
            let own = lies_within(Kind::Silence, name, spec, state, &alone);
            project.silences.push(Silence { starts, ends, own });
        }
    }
}
