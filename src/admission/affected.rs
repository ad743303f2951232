//! What a change of the declared state does to the programs of the nodes, file by file.

use crate::base::diff::unified;
use crate::model::{NodeId, cluster::DeclaredState};
use crate::render::{Component, File, NodeFacts, RenderError, Rendered, render};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Longest difference of one file, in bytes.
const FILE_MAX: usize = 64 << 10;
/// Longest differences of one change together, in bytes.
const CHANGE_MAX: usize = 1 << 20;
/// A file larger than this is not compared line by line.
const COMPARED_MAX: usize = 4 << 20;
/// After so long the comparison of two files settles for a coarser difference.
const COMPARE_TIME: Duration = Duration::from_millis(200);
/// Under which the process itself (program, arguments) is listed.
const PROCESS: &str = "process.json";

/// The strongest thing that happens to a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Watched files change; the program notices by itself.
    Targets,
    /// Files change and are reloaded.
    Reload,
    /// The process is replaced.
    Restart,
    /// It begins to run here.
    Start,
    /// It no longer runs here.
    Stop,
}

/// What happens to one component of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// Where.
    pub node: NodeId,
    /// Name of that node, for people.
    pub node_name: String,
    /// `prometheus`, `alertmanager`, …
    pub component: String,
    /// What happens to it.
    pub effect: Effect,
    /// Files that change, come or go; sorted by path.
    pub files: Vec<FileChange>,
    /// Rendered with the builds and folders of the answering node, since those of the other one
    /// are known to it alone. What changes is the same; paths inside may not be.
    pub assumed: bool,
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileChange {
    /// Relative to the component's folder; `process.json` is the process itself.
    pub path: String,
    /// Unified diff; empty where only the path was asked for.
    pub diff: String,
    /// The difference is longer than what is shown of it.
    pub cut: bool,
}

/// What changes on all nodes that count, with the difference of each file; components that stay
/// as they are are left out. `own` is the node that `facts` describe. Blocking: renders every
/// node twice.
///
/// # Errors
/// As [`render`], of the state `after`.
pub fn on_all_nodes(
    before: &DeclaredState,
    after: &DeclaredState,
    own: NodeId,
    facts: &NodeFacts,
) -> Result<Vec<Affected>, RenderError> {
    let mut budget = CHANGE_MAX;
    let mut all = Vec::new();
    let mut members: Vec<_> = after.members.values().filter(|member| !member.gone).collect();
    members.sort_by_key(|member| (member.id != own, &member.name));
    for member in members {
        let old = render(before, member.id, facts).unwrap_or_default();
        let new = render(after, member.id, facts)?;
        for changed in changed(&old, &new) {
            all.push(Affected {
                node: member.id,
                node_name: member.name.clone(),
                component: changed.name.to_owned(),
                effect: changed.effect,
                files: changed.files(&mut |path, sides| compared(path, sides, &mut budget)),
                assumed: member.id != own,
            });
        }
    }
    Ok(all)
}

/// What changes between two renderings of one node, by path alone.
pub(super) fn difference(
    state: &DeclaredState,
    node: NodeId,
    before: &Rendered,
    after: &Rendered,
) -> Vec<Affected> {
    let name = state.members.get(&node).map(|member| member.name.clone()).unwrap_or_default();
    let line = |changed: Changed<'_>| Affected {
        node,
        node_name: name.clone(),
        component: changed.name.to_owned(),
        effect: changed.effect,
        files: changed.files(&mut |path, _| FileChange {
            path: path.to_owned(),
            diff: String::new(),
            cut: false,
        }),
        assumed: false,
    };
    changed(before, after).into_iter().map(line).collect()
}

/// One component that does not stay as it is.
struct Changed<'a> {
    name: &'a str,
    effect: Effect,
    old: Option<&'a Component>,
    new: Option<&'a Component>,
}

/// Content before and after; `None` = there is no such file.
type Sides<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

impl Changed<'_> {
    fn files(&self, change: &mut impl FnMut(&str, Sides<'_>) -> FileChange) -> Vec<FileChange> {
        let (old, new) = (contents(self.old), contents(self.new));
        let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let side = |all: &BTreeMap<String, Vec<u8>>, path: &str| all.get(path).cloned();
        let mut changes = Vec::new();
        for path in paths {
            let (before, after) = (side(&old, path), side(&new, path));
            if before != after {
                changes.push(change(path, (before.as_deref(), after.as_deref())));
            }
        }
        changes
    }
}

fn changed<'a>(before: &'a Rendered, after: &'a Rendered) -> Vec<Changed<'a>> {
    let names: BTreeSet<&String> =
        before.components.keys().chain(after.components.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let (old, new) = (before.components.get(name), after.components.get(name));
        Some(Changed { name, effect: effect(old, new)?, old, new })
    });
    changes.collect()
}

fn effect(old: Option<&Component>, new: Option<&Component>) -> Option<Effect> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Effect::Start),
        (Some(_), None) => Some(Effect::Stop),
        (Some(old), Some(new)) if old.process != new.process => Some(Effect::Restart),
        (Some(old), Some(new)) if old.files != new.files => Some(Effect::Reload),
        (Some(old), Some(new)) if old.live_files != new.live_files => Some(Effect::Targets),
        _ => None,
    }
}

/// Path → content of everything a component has, its process too.
fn contents(component: Option<&Component>) -> BTreeMap<String, Vec<u8>> {
    let Some(component) = component else { return BTreeMap::new() };
    let bytes = |file: &File| file.bytes.clone();
    let config = component.files.iter().map(|(path, file)| (path.clone(), bytes(file)));
    let live = &component.live_files;
    let live = live.iter().map(|(path, file)| (format!("targets/{path}"), bytes(file)));
    let process = serde_json::to_vec_pretty(&component.process).unwrap_or_default();
    config.chain(live).chain([(PROCESS.to_owned(), process)]).collect()
}

/// The difference of one file, cut to what is left of `budget`.
fn compared(path: &str, (before, after): Sides<'_>, budget: &mut usize) -> FileChange {
    let path = path.to_owned();
    let size = before.map_or(0, <[u8]>::len).max(after.map_or(0, <[u8]>::len));
    let limit = FILE_MAX.min(*budget);
    if size > COMPARED_MAX || limit == 0 {
        return FileChange { path, diff: String::new(), cut: true };
    }
    let text = |side: Option<&[u8]>| String::from_utf8_lossy(side.unwrap_or_default()).into_owned();
    let name = |side: Option<&[u8]>, prefix: &str| match side {
        Some(_) => format!("{prefix}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let texts = (text(before), text(after));
    let names = (name(before, "a"), name(after, "b"));
    let mut diff = unified((&texts.0, &texts.1), Some((&names.0, &names.1)), Some(COMPARE_TIME));
    let cut = diff.len() > limit;
    if cut {
        // At the end of a line, which is also a character boundary.
        let end = diff.as_bytes()[..limit].iter().rposition(|byte| *byte == b'\n');
        diff.truncate(end.map_or(0, |end| end + 1));
    }
    *budget -= diff.len();
    FileChange { path, diff, cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::render::tests::fixture;
    use serde_json::json;

    fn after(change: impl FnOnce(&mut DeclaredState)) -> Vec<Affected> {
        let mut before = fixture::cluster(3);
        fixture::shop(&mut before);
        let mut after = before.clone();
        change(&mut after);
        on_all_nodes(&before, &after, NodeId(2), &fixture::facts()).unwrap()
    }

    #[test]
    fn a_rule_reloads_both_replicas_and_shows_its_line_on_each() {
        let rules = json!({"project": "web", "rules": [{"alert": "Down", "expr": "up == 0"}]});
        let affected = after(|state| fixture::put(state, Kind::RuleGroup, "down", rules));
        let nodes: BTreeSet<NodeId> = affected.iter().map(|it| it.node).collect();
        assert_eq!((affected.len(), nodes.len()), (2, 2));
        for it in &affected {
            assert_eq!((it.component.as_str(), it.effect), ("prometheus", Effect::Reload));
            assert_eq!(it.assumed, it.node != NodeId(2));
            let paths: Vec<&str> = it.files.iter().map(|file| file.path.as_str()).collect();
            assert_eq!(paths, ["prometheus.yml", "rules/down.yml"]);
            assert!(it.files[1].diff.contains("+    expr: up == 0"), "{}", it.files[1].diff);
            assert!(it.files[1].diff.starts_with("--- /dev/null\n+++ b/rules/down.yml\n"));
        }
    }

    #[test]
    fn a_route_reloads_every_alertmanager_and_nothing_else() {
        let affected = after(|state| {
            fixture::put(state, Kind::Route, "late", json!({"receiver": "on-call", "order": 90}));
        });
        let names: Vec<&str> = affected.iter().map(|it| it.component.as_str()).collect();
        assert_eq!(names, ["alertmanager"; 3]);
        assert_eq!(affected[0].node, NodeId(2), "the answering node comes first");
    }

    #[test]
    fn what_is_too_long_to_show_is_cut_at_a_line_and_says_so() {
        let targets: Vec<String> =
            (0..9000).map(|n| format!("10.9.{}.{}:1", n / 250, n % 250)).collect();
        let affected = after(|state| {
            for (number, some) in targets.chunks(5).enumerate() {
                let spec = json!({"job": "node", "project": "infra", "targets": some});
                fixture::put(state, Kind::Target, &format!("many-{number}"), spec);
            }
        });
        assert_eq!(affected[0].effect, Effect::Targets);
        let file = &affected[0].files[0];
        assert!(file.cut && file.diff.len() <= FILE_MAX && file.diff.ends_with('\n'));
    }
}
