//! Declared state → the files and process specs of one node. Pure: no I/O, no clock, no
//! randomness, no name lookups; the same state gives the same bytes whatever the order in which
//! it was written.
//!
//! ```text
//! DeclaredState ─┐
//! NodeId ────────┼─► render ─► Rendered { components: files, live files, process, checks, reload }
//! NodeFacts ─────┘
//! ```
//!
//! Called by `admission` (what would this change do?) and `reconcile` (make it so).

pub mod facts;
pub mod placement;
pub mod rendered;
pub mod routing;
pub mod rule_tests;

mod alertmanager;
mod blackbox_exporter;
mod claims;
mod node_exporter;
mod process;
mod prometheus;
mod rules;
mod targets;
mod web_config;
pub(crate) mod yaml;

#[cfg(test)]
pub(crate) mod tests;

pub use claims::job_of_pool;
pub use facts::{Build, CertificatePaths, Login, NodeFacts};
pub use placement::{Placement, Replica};
pub use rendered::{Alone, Check, CheckArgument, Component, File, Missing, Reload, Rendered};
pub use rule_tests::{Trial, rule_test};

use crate::model::{
    Kind, NodeId,
    cluster::{DeclaredState, Member},
    resource::Key,
    spec::Settings,
};
use process::Frame;

/// Label of a project-less series of our own components and the name of their scrape job. No
/// scrape job may be declared under it.
pub const OWN_JOB: &str = "watchkeep";

/// Kinds that rendering never reads: a change of theirs alone leaves every file as it is.
pub const NOT_READ: &[Kind] = &[
    Kind::Department,
    Kind::Contact,
    Kind::RuleTest,
    Kind::Secret,
    Kind::Channel,
    Kind::Silence,
    Kind::Role,
    Kind::User,
    Kind::Token,
];

/// Whether rendering `new` gives the same as rendering `old`, as far as can be told at once: what
/// it reads is shared by both. `false` says nothing.
#[must_use]
pub fn surely_same(old: &DeclaredState, new: &DeclaredState) -> bool {
    let read = Kind::ALL.iter().filter(|kind| !NOT_READ.contains(kind));
    old.meta == new.meta
        && old.members == new.members
        && read.clone().all(|kind| match (old.resources.get(kind), new.resources.get(kind)) {
            (Some(old), Some(new)) => old.ptr_eq(new),
            (old, new) => old.is_none() && new.is_none(),
        })
}

/// Why a state cannot be rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The node is no member of the cluster.
    #[error("node {node} is no member of the cluster")]
    UnknownNode {
        /// Which.
        node: NodeId,
    },
    /// A stored object does not have the shape of its kind: written by a newer version.
    #[error("{key} cannot be read; was it written by a newer version?")]
    Spec {
        /// Which object.
        key: Key,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// A file cannot be written as YAML or JSON.
    #[error("cannot write {file}: {reason}")]
    Encode {
        /// Relative path of the file.
        file: String,
        /// Why.
        reason: String,
    },
}

/// What `node` runs for this state on a machine with these facts. Components whose build is not
/// installed are named in [`Rendered::missing`]; the others are rendered all the same.
///
/// # Errors
/// [`RenderError`]; nothing is rendered then, and what runs should be left as it is.
pub fn render(
    state: &DeclaredState,
    node: NodeId,
    facts: &NodeFacts,
) -> Result<Rendered, RenderError> {
    let member = state.members.get(&node).ok_or(RenderError::UnknownNode { node })?;
    let context = Context {
        state,
        member,
        facts,
        settings: settings(state)?,
        placement: Placement::of(state),
    };
    let mut rendered = Rendered::default();
    if let Some(replica) = context.placement.replica_on(node) {
        let frame = Frame::of(&context, "prometheus", &["prometheus", "promtool"]);
        rendered.add(frame, |frame| prometheus::component(&context, frame, replica))?;
    }
    let frame = Frame::of(&context, "alertmanager", &["alertmanager", "amtool"]);
    rendered.add(frame, |frame| alertmanager::component(&context, frame))?;
    let frame = Frame::of(&context, "node_exporter", &["node_exporter"]);
    rendered.add(frame, |frame| node_exporter::component(&context, frame))?;
    let frame = Frame::of(&context, "blackbox_exporter", &["blackbox_exporter"]);
    rendered.add(frame, |frame| blackbox_exporter::component(&context, frame))?;
    Ok(rendered)
}

/// The settings object, or its defaults.
///
/// # Errors
/// [`RenderError::Spec`].
pub fn settings(state: &DeclaredState) -> Result<Settings, RenderError> {
    state.get(Kind::Settings, "default").map_or_else(|| Ok(Settings::default()), spec)
}

/// What every part of rendering reads.
struct Context<'a> {
    state: &'a DeclaredState,
    member: &'a Member,
    facts: &'a NodeFacts,
    settings: Settings,
    placement: Placement,
}

impl Context<'_> {
    /// Server name in the certificates of role `component`, shared by all nodes: peers are
    /// dialled by address.
    fn component_server_name(&self) -> String {
        format!("component.{}.wk", self.state.meta.cluster_id)
    }
}

impl Rendered {
    fn add<'a>(
        &mut self,
        frame: Result<Frame<'a>, Missing>,
        component: impl FnOnce(&Frame<'a>) -> Result<Component, RenderError>,
    ) -> Result<(), RenderError> {
        match frame {
            Ok(frame) => {
                let component = component(&frame)?;
                self.components.insert(component.name.clone(), component);
            }
            Err(missing) => self.missing.push(missing),
        }
        Ok(())
    }
}

fn spec<T: serde::de::DeserializeOwned>(
    resource: &crate::model::Resource,
) -> Result<T, RenderError> {
    resource.spec_as().map_err(|source| RenderError::Spec { key: resource.key(), source })
}
