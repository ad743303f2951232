//! Declared objects → tree.

use super::{Branch, Source, Timing};
use crate::model::{
    Kind, Name, Resource,
    cluster::DeclaredState,
    matcher::Matcher,
    spec::{Policy, PolicyLine, Project, Route, Team},
};
use crate::render::{RenderError, settings, spec};
use crate::scope::Owner;
use std::collections::BTreeSet;

/// The whole tree.
///
/// # Errors
/// [`RenderError::Spec`]: a stored object does not have the shape of its kind.
pub fn tree(state: &DeclaredState) -> Result<Branch, RenderError> {
    let settings = settings(state)?.alertmanager;
    let is_usable = |name: &String| may_tell(state, &Owner::Shared, name);
    let builder = Builder { state, default: settings.default_receiver.filter(is_usable) };
    let mut children = builder.routes_and_policies()?;
    children.extend(builder.teams()?);
    Ok(Branch {
        source: Source::Default,
        receiver: builder.default,
        timing: Timing {
            group_by: Some(settings.group_by),
            group_wait: Some(settings.group_wait),
            group_interval: Some(settings.group_interval),
            repeat_interval: Some(settings.repeat_interval),
        },
        children,
        ..Branch::default()
    })
}

/// Whether there is such a receiver, and what belongs to `owner` may tell it.
fn may_tell(state: &DeclaredState, owner: &Owner, receiver: &str) -> bool {
    state.get(Kind::Receiver, receiver).is_some() && owner.may_use(state, Kind::Receiver, receiver)
}

struct Builder<'a> {
    state: &'a DeclaredState,
    default: Option<String>,
}

impl Builder<'_> {
    fn routes_and_policies(&self) -> Result<Vec<Branch>, RenderError> {
        let mut branches = Vec::new();
        for resource in self.state.of(Kind::Route) {
            let route: Route = spec(resource)?;
            let owner = self.owner(resource);
            if may_tell(self.state, &owner, &route.receiver) {
                let place = (route.order, resource.name.clone(), resource.kind);
                branches.push((place, self.route(resource, &owner, route)));
            }
        }
        for resource in self.state.of(Kind::Policy) {
            let policy: Policy = spec(resource)?;
            let place = (policy.order, resource.name.clone(), resource.kind);
            branches.push((place, self.policy(resource, &self.owner(resource), policy)));
        }
        branches.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(branches.into_iter().map(|(_, branch)| branch).collect())
    }

    fn owner(&self, resource: &Resource) -> Owner {
        Owner::of(resource.kind, resource.name.as_str(), &resource.spec, self.state)
    }

    fn route(&self, resource: &Resource, owner: &Owner, route: Route) -> Branch {
        let project = route.project.map(|project| format!("project=\"{project}\""));
        Branch {
            source: Source::Route { name: resource.name.clone(), title: route.title },
            receiver: Some(route.receiver),
            matchers: project.into_iter().chain(route.matchers).collect(),
            continue_: route.continue_,
            timing: Timing {
                group_by: route.group_by,
                group_wait: route.group_wait,
                group_interval: route.group_interval,
                repeat_interval: route.repeat_interval,
            },
            active_time_intervals: self.known(owner, &route.active_time_intervals),
            mute_time_intervals: self.known(owner, &route.mute_time_intervals),
            children: Vec::new(),
        }
    }

    /// Its times hold for all of it: Alertmanager knows no inheritance of time intervals, so every
    /// line is given them.
    fn policy(&self, resource: &Resource, owner: &Owner, policy: Policy) -> Branch {
        let active = self.known(owner, &policy.active_time_intervals);
        let mute = self.known(owner, &policy.mute_time_intervals);
        let scope = self.scope(&policy).map(|matcher| matcher.to_string());
        let lines = policy.lines.into_iter().enumerate();
        let lines = lines.filter(|(_, line)| may_tell(self.state, owner, &line.receiver));
        let children = lines
            .map(|(number, line)| {
                let mut branch = self.line(&resource.name, owner, number, line);
                if branch.active_time_intervals.is_empty() {
                    branch.active_time_intervals.clone_from(&active);
                }
                for name in &mute {
                    if !branch.mute_time_intervals.contains(name) {
                        branch.mute_time_intervals.push(name.clone());
                    }
                }
                branch
            })
            .collect();
        let own = Some(policy.receiver).filter(|name| may_tell(self.state, owner, name));
        Branch {
            source: Source::Policy { name: resource.name.clone(), title: policy.title },
            receiver: own.or_else(|| self.default.clone()),
            matchers: scope.into_iter().chain(policy.matchers).collect(),
            continue_: policy.continue_,
            timing: Timing {
                group_by: policy.group_by,
                group_wait: policy.group_wait,
                group_interval: policy.group_interval,
                repeat_interval: policy.repeat_interval,
            },
            active_time_intervals: active,
            mute_time_intervals: mute,
            children,
        }
    }

    fn line(&self, policy: &Name, owner: &Owner, number: usize, line: PolicyLine) -> Branch {
        let severities: Vec<&str> = line.severities.iter().map(String::as_str).collect();
        let severity =
            (!severities.is_empty()).then(|| Matcher::any_of("severity", &severities).to_string());
        Branch {
            source: Source::Line { policy: policy.clone(), number, title: line.title },
            receiver: Some(line.receiver),
            matchers: severity.into_iter().chain(line.matchers).collect(),
            continue_: line.continue_,
            timing: Timing {
                group_by: line.group_by,
                group_wait: line.group_wait,
                group_interval: line.group_interval,
                repeat_interval: line.repeat_interval,
            },
            active_time_intervals: self.known(owner, &line.active_time_intervals),
            mute_time_intervals: self.known(owner, &line.mute_time_intervals),
            children: Vec::new(),
        }
    }

    /// Projects and departments are alternatives, which one branch can only say over one label:
    /// where both are named, a department stands for the projects it has.
    fn scope(&self, policy: &Policy) -> Option<Matcher> {
        let departments: Vec<&str> = policy.departments.iter().map(String::as_str).collect();
        match (policy.projects.is_empty(), departments.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Matcher::any_of("department", &departments)),
            (false, _) => {
                let mut projects: BTreeSet<&str> =
                    policy.projects.iter().map(String::as_str).collect();
                projects.extend(self.state.of(Kind::Project).filter_map(|project| {
                    let of = project.spec.get("department").and_then(|value| value.as_str())?;
                    departments.contains(&of).then_some(project.name.as_str())
                }));
                Some(Matcher::any_of("project", &projects.into_iter().collect::<Vec<_>>()))
            }
        }
    }

    fn teams(&self) -> Result<Vec<Branch>, RenderError> {
        let mut branches = Vec::new();
        for resource in self.state.of(Kind::Project) {
            let project: Project = spec(resource)?;
            let team = project.team.and_then(|name| self.state.get(Kind::Team, &name));
            let Some(team) = team else { continue };
            let Team { title, receiver, .. } = spec(team)?;
            let is_usable = |name: &String| may_tell(self.state, &Owner::Shared, name);
            let Some(receiver) = receiver.filter(is_usable) else { continue };
            let (name, project) = (team.name.clone(), resource.name.clone());
            branches.push(Branch {
                matchers: vec![format!("project=\"{project}\"")],
                source: Source::Team { name, title, project },
                receiver: Some(receiver),
                ..Branch::default()
            });
        }
        Ok(branches)
    }

    /// Those of `names` that exist and may be used.
    fn known(&self, owner: &Owner, names: &[String]) -> Vec<String> {
        let kind = Kind::TimeInterval;
        let is_usable = |name: &&String| {
            self.state.get(kind, name).is_some() && owner.may_use(self.state, kind, name)
        };
        names.iter().filter(is_usable).cloned().collect()
    }
}
