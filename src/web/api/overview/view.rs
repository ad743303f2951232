//! Which projects are asked for, in which order, and the sums over them. Pure.

use super::{
    answer::{
        AlertCounts, DepartmentHealth, NotificationCounts, ProjectHealth, RuleCounts,
        SilenceCounts, TargetCounts, Untold,
    },
    count::{Counts, DAYS},
    declared::{Declared, Project},
    judge::{Known, State, judge},
};
use crate::web::{api::list, error::Problem};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, btree_map::Entry},
};

/// Who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) prometheus: bool,
    pub(super) alertmanager: bool,
}

/// A project as it is shown; `whole`: to somebody who may see everything.
pub(super) fn health(
    project: &Project,
    counts: &Counts,
    Answered { prometheus, alertmanager }: Answered,
    whole: bool,
) -> ProjectHealth {
    let (targets, silences) = match whole {
        true => (counts.targets, counts.silences),
        false => (counts.own_targets, counts.own_silences),
    };
    let (alerts, rules) = (counts.alerts, counts.rules);
    let (state, why) = judge(Known { targets, alerts, rules, prometheus, alertmanager });
    ProjectHealth {
        project: project.name.clone(),
        title: project.title.clone(),
        department: project.department.clone(),
        owner: project.owner.clone(),
        team: project.team.clone(),
        environment: project.labels.get("environment").cloned(),
        state,
        why,
        targets,
        alerts,
        critical_since: counts.critical_since.clone(),
        untold: counts.untold.first().cloned(),
        silences,
        rules,
        notifications: counts.notifications,
        fired: counts.fired.clone(),
    }
}

/// Whether a project has all the words.
pub(super) fn has_words(project: &ProjectHealth, q: Option<&str>) -> bool {
    let named = [&project.department, &project.owner, &project.team].into_iter().flatten();
    let texts = named.flat_map(|it| [it.name.as_str(), it.title.as_str()]);
    let own = [project.project.as_str(), project.title.as_str()];
    list::matches_words(q, own.into_iter().chain(texts).chain(project.environment.as_deref()))
}

/// Whether a project is in one of the states, comma-separated.
pub(super) fn in_state(project: &ProjectHealth, states: Option<&str>) -> bool {
    states.is_none_or(|wanted| wanted.split(',').any(|state| state == project.state.as_str()))
}

/// How many projects are in which state.
pub(super) fn by_state<'p>(
    projects: impl Iterator<Item = &'p ProjectHealth>,
) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for project in projects {
        *states.entry(project.state.as_str().to_owned()).or_default() += 1;
    }
    states
}

/// Worst first unless said otherwise.
///
/// # Errors
/// 400 for a field that cannot be sorted by.
pub(super) fn sort(items: &mut [ProjectHealth], sort: Option<&str>) -> Result<(), Problem> {
    let text = sort.filter(|text| !text.is_empty()).unwrap_or("state");
    let (field, reverse) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
    let order: fn(&ProjectHealth, &ProjectHealth) -> Ordering = match field {
        "state" => |a, b| worst(a).cmp(&worst(b)),
        "project" => |a, b| shown(a).cmp(shown(b)),
        "department" => |a, b| a.department.cmp(&b.department),
        "owner" => |a, b| a.owner.cmp(&b.owner),
        "targets" => |a, b| b.targets.down.cmp(&a.targets.down),
        "alerts" => |a, b| firing(b).cmp(&firing(a)),
        "rules" => |a, b| b.rules.total.cmp(&a.rules.total),
        "fired" => |a, b| b.fired.iter().sum::<u64>().cmp(&a.fired.iter().sum()),
        _ => {
            let fields = "state, project, department, owner, targets, alerts, rules or fired";
            return Err(Problem::bad_query(format!("`sort` must be {fields}")));
        }
    };
    items.sort_by(|a, b| {
        let found = order(a, b);
        let found = if reverse { found.reverse() } else { found };
        found.then_with(|| shown(a).cmp(shown(b))).then_with(|| a.project.cmp(&b.project))
    });
    Ok(())
}

fn shown(project: &ProjectHealth) -> &str {
    if project.title.is_empty() { &project.project } else { &project.title }
}

const fn firing(project: &ProjectHealth) -> (usize, usize, usize) {
    let alerts = project.alerts;
    (alerts.critical, alerts.warning + alerts.other, alerts.info)
}

type Worst = (std::cmp::Reverse<State>, std::cmp::Reverse<(usize, usize, usize)>);

const fn worst(project: &ProjectHealth) -> Worst {
    (std::cmp::Reverse(project.state), std::cmp::Reverse(firing(project)))
}

/// Sums over each department, the worst first; those without one last.
pub(super) fn departments(
    declared: &Declared,
    projects: &[ProjectHealth],
) -> Vec<DepartmentHealth> {
    let mut sums: BTreeMap<Option<&str>, DepartmentHealth> = BTreeMap::new();
    for project in projects {
        let name = project.department.as_ref().map(|department| department.name.as_str());
        match sums.entry(name) {
            Entry::Vacant(place) => place.insert(begin(declared, project)).add(project),
            Entry::Occupied(mut place) => place.get_mut().add(project),
        }
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    sums.sort_by(|a, b| {
        let named = a.department.is_none().cmp(&b.department.is_none());
        named.then(b.state.cmp(&a.state)).then_with(|| a.department.cmp(&b.department))
    });
    sums
}

fn begin(declared: &Declared, project: &ProjectHealth) -> DepartmentHealth {
    let department = project.department.clone();
    DepartmentHealth {
        owner: department.as_ref().and_then(|it| declared.heads.get(&it.name).cloned()),
        department,
        state: State::Ok,
        projects: State::ALL.iter().map(|state| (state.as_str().to_owned(), 0)).collect(),
        targets: TargetCounts::default(),
        alerts: AlertCounts::default(),
        untold: None,
        silences: SilenceCounts::default(),
        rules: RuleCounts::default(),
        notifications: NotificationCounts::default(),
        fired: vec![0; DAYS],
    }
}

impl DepartmentHealth {
    fn add(&mut self, project: &ProjectHealth) {
        self.state = self.state.max(project.state);
        *self.projects.entry(project.state.as_str().to_owned()).or_default() += 1;
        self.targets += project.targets;
        self.alerts += project.alerts;
        self.silences += project.silences;
        self.rules += project.rules;
        self.notifications += project.notifications;
        for (sum, times) in self.fired.iter_mut().zip(&project.fired) {
            *sum += times;
        }
        let older =
            |untold: &&Untold| self.untold.as_ref().is_none_or(|it| untold.since < it.since);
        if let Some(untold) = project.untold.as_ref().filter(older) {
            self.untold = Some(untold.clone());
        }
    }
}
