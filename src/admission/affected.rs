//! What a change of the declared state does to the programs of a node.

use crate::model::{NodeId, cluster::DeclaredState};
use crate::render::{Component, NodeFacts, RenderError, Rendered, render};
use serde::Serialize;
use std::collections::BTreeSet;

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

/// What happens to one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// `prometheus`, `alertmanager`, …
    pub component: String,
    /// What happens to it.
    pub effect: Effect,
    /// Files that change, come or go; sorted, relative to its folder.
    pub files: Vec<String>,
}

/// What changes on `node` between two states; components that stay as they are are left out.
///
/// # Errors
/// As [`render`].
pub fn affected(
    before: &DeclaredState,
    after: &DeclaredState,
    node: NodeId,
    facts: &NodeFacts,
) -> Result<Vec<Affected>, RenderError> {
    Ok(difference(&render(before, node, facts)?, &render(after, node, facts)?))
}

/// What changes between two renderings of one node.
pub(super) fn difference(before: &Rendered, after: &Rendered) -> Vec<Affected> {
    let names: BTreeSet<&String> =
        before.components.keys().chain(after.components.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let (old, new) = (before.components.get(name), after.components.get(name));
        let effect = effect(old, new)?;
        Some(Affected { component: name.clone(), effect, files: files(old, new) })
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

fn files(old: Option<&Component>, new: Option<&Component>) -> Vec<String> {
    let of = |component: Option<&Component>| {
        let mut files = std::collections::BTreeMap::new();
        if let Some(component) = component {
            let config = component.files.iter().map(|(path, file)| (path.clone(), file.clone()));
            let live = component.live_files.iter();
            files.extend(config);
            files.extend(live.map(|(path, file)| (format!("targets/{path}"), file.clone())));
        }
        files
    };
    let (old, new) = (of(old), of(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed.cloned().collect()
}
