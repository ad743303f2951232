//! `/api/v1/status`: the cluster as this node sees it.

use super::members::role;
use crate::web::routes::routes;
use crate::{
    admission::kept_fault,
    model::{
        UnixMs,
        cluster::{DeclaredState, Member},
        observed::{ComponentStatus, Fault, ProcessState, StateHash},
        spec::RoleName,
    },
    scope::Owner,
    store::RaftStatus,
    web::{
        deps::{Deps, SeenNode, now},
        extract::Opened,
        policy::Policy,
        router::Doors,
    },
};
use serde::{Deserialize, Serialize};

/// A quorum not heard of for so long is none.
const QUORUM_AGE_MS: u64 = 5_000;
/// A node not heard of for so long is silent.
const SILENT_AGE_MS: u64 = 10_000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Within(RoleName::Viewer), routes!(status))
}

/// The cluster at a glance. Ids are strings: they do not fit into a JavaScript number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Status {
    /// The whole.
    pub cluster: ClusterLine,
    /// Its members, by name.
    pub nodes: Vec<NodeLine>,
    /// All supervised programs.
    pub components: Vec<ComponentLine>,
    /// What somebody should look at.
    pub faults: Vec<FaultLine>,
    /// Which configuration is live where.
    pub configs: Vec<ConfigLine>,
}

/// The Raft group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ClusterLine {
    /// Minted at formation.
    pub id: String,
    /// The `cluster` label of all series.
    pub name: String,
    /// Raft term.
    pub term: u64,
    /// Id of the leader, while one is known.
    pub leader: Option<String>,
    /// Whether writes are possible.
    pub quorum: bool,
    /// Log index applied on the answering node.
    pub index: u64,
    /// Milliseconds since a quorum was last heard of.
    pub age_ms: u64,
    /// Number and hash of the newest audit record on the answering node, as `NUMBER:HASH`: written
    /// down elsewhere it proves later that nothing before it was changed.
    #[serde(default)]
    pub audit_head: String,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct NodeLine {
    /// Its id.
    pub id: String,
    /// For people.
    pub name: String,
    /// Address under which the others reach it.
    pub address: String,
    /// `leader`, `voter` or `learner`.
    pub role: String,
    /// Version of its binary; empty while never heard of.
    pub version: String,
    /// `ready`, `degraded` (it has faults), `silent` (not heard of), `gone` (left out of placement).
    pub state: String,
    /// RFC 3339; none while never heard of.
    pub last_seen: Option<String>,
    /// Log index that `state_hash` is of.
    pub index: Option<u64>,
    /// Hash of its replicated state: the same on all nodes at the same index.
    pub state_hash: Option<String>,
}

/// One supervised program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ComponentLine {
    /// Id of its node.
    pub node: String,
    /// `prometheus`, `alertmanager`, …
    pub name: String,
    /// Version of the installed build.
    pub version: String,
    /// `starting`, `ready`, `unhealthy`, `back_off`, `stopping` or `stopped`.
    pub state: String,
    /// Process id while there is one.
    pub pid: Option<u32>,
    /// Starts after the first one.
    pub restarts: u64,
    /// When `state` last changed.
    pub since: String,
    /// What went wrong last.
    pub error: Option<String>,
}

/// Something an operator should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FaultLine {
    /// Stable code; its page is `/help/CODE`.
    pub code: String,
    /// What it is about.
    pub object: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Since when.
    pub since: String,
}

/// One component's files on one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConfigLine {
    /// Id of the node.
    pub node: String,
    /// The component.
    pub component: String,
    /// Index that was rendered.
    pub rendered_index: u64,
    /// Index whose files are verified to be live.
    pub live_index: u64,
    /// SHA-256 over the live files.
    pub live_hash: String,
    /// Why the newest are not live, while they are not.
    pub refused: Option<String>,
}

/// The cluster: nodes, components, faults.
#[utoipa::path(get, path = "/api/v1/status", tag = "cluster",
    responses((status = 200, description = "As this node sees it", body = Status)))]
async fn status(Opened(deps): Opened) -> axum::Json<Status> {
    let whole = of(&deps);
    axum::Json(if deps.seen.is_all() { whole } else { whole.confined(&deps.state()) })
}

impl Status {
    /// As it is shown to people with a scope: whether everything works, but no words of programs,
    /// which may be about the objects of others, and no addresses.
    fn confined(self, visible: &DeclaredState) -> Self {
        let named = |fault: &FaultLine| {
            let (kind, name) = fault.object.split_once('/')?;
            visible.get(kind.parse().ok()?, name)
        };
        let nodes = self.nodes.into_iter().map(|node| NodeLine { address: String::new(), ..node });
        let components = self.components.into_iter();
        let components = components.map(|it| ComponentLine { pid: None, error: None, ..it });
        let faults = self.faults.into_iter().filter_map(|fault| {
            let object = named(&fault)?;
            // Of what many share, the words may be about the others.
            let is_shared = Owner::of(object.kind, object.name.as_str(), &object.spec, visible)
                == Owner::Shared;
            let message = match is_shared {
                true => format!("{} has a fault: an operator sees which", fault.object),
                false => fault.message,
            };
            Some(FaultLine { message, ..fault })
        });
        Self {
            nodes: nodes.collect(),
            components: components.collect(),
            faults: faults.collect(),
            configs: Vec::new(),
            ..self
        }
    }
}

/// The status document.
#[must_use]
pub fn of(deps: &Deps) -> Status {
    let state = deps.state();
    let raft = deps.store.raft().borrow().clone();
    let seen = deps.cluster.nodes();
    let line =
        |member: &Member| node_line(member, &raft, seen.iter().find(|s| s.status.id == member.id));
    let mut nodes: Vec<NodeLine> = state.members.values().map(line).collect();
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let mut faults: Vec<FaultLine> =
        seen.iter().flat_map(|node| node.status.faults.iter().map(fault_line)).collect();
    faults.extend(silent_faults(&nodes));
    faults.extend(apart_faults(&seen));
    faults.extend(kept_faults(deps));
    Status {
        cluster: ClusterLine {
            id: state.meta.cluster_id.clone(),
            name: state.meta.name.clone(),
            term: raft.term,
            leader: raft.leader.map(|leader| leader.to_string()),
            quorum: has_quorum(&raft),
            index: raft.applied,
            age_ms: raft.quorum_age_ms.unwrap_or(0),
            audit_head: super::audit::head_text(deps),
        },
        nodes,
        components: seen
            .iter()
            .flat_map(|node| node.status.components.iter().map(component_line))
            .collect(),
        faults,
        configs: seen.iter().flat_map(config_lines).collect(),
    }
}

/// Whether a quorum is there as far as this node can tell.
#[must_use]
pub fn has_quorum(raft: &RaftStatus) -> bool {
    raft.leader.is_some() && raft.quorum_age_ms.is_some_and(|age| age < QUORUM_AGE_MS)
}

fn node_line(member: &Member, raft: &RaftStatus, seen: Option<&SeenNode>) -> NodeLine {
    let role = role(member.id, raft);
    let unwell = |seen: &SeenNode| {
        let ready = |c: &ComponentStatus| c.state == ProcessState::Ready;
        !seen.status.faults.is_empty() || !seen.status.components.iter().all(ready)
    };
    let state = match seen {
        _ if member.gone => "gone",
        None => "silent",
        Some(seen) if seen.age_ms >= SILENT_AGE_MS => "silent",
        Some(seen) if unwell(seen) => "degraded",
        Some(_) => "ready",
    };
    let hash = seen.and_then(|seen| seen.status.state_hashes.last());
    NodeLine {
        id: member.id.to_string(),
        name: member.name.clone(),
        address: member.address.to_string(),
        role: role.into(),
        version: seen.map(|seen| seen.status.version.clone()).unwrap_or_default(),
        state: state.into(),
        last_seen: seen.map(|seen| UnixMs(now().0.saturating_sub(seen.age_ms)).to_string()),
        index: hash.map(|hash| hash.index),
        state_hash: hash.map(|hash| hash.hash.clone()),
    }
}

/// A node that says nothing cannot report its own fault.
fn silent_faults(nodes: &[NodeLine]) -> impl Iterator<Item = FaultLine> {
    nodes.iter().filter(|node| node.state == "silent").map(|node| FaultLine {
        code: "WK-3001".into(),
        object: format!("node/{}", node.name),
        message: "does not answer; check the machine, its Watchkeep process and port 8421".into(),
        since: node.last_seen.clone().unwrap_or_else(|| now().to_string()),
    })
}

/// Nodes that applied the same log to another end: one of them is damaged, or there is a bug.
fn apart_faults(seen: &[SeenNode]) -> Vec<FaultLine> {
    let mut faults = Vec::new();
    for (place, one) in seen.iter().enumerate() {
        for other in &seen[place + 1..] {
            faults.extend(apart(one, other).map(|message| FaultLine {
                code: "WK-3025".into(),
                object: format!("node/{}", one.status.id),
                message,
                since: one.status.at.to_string(),
            }));
        }
    }
    faults
}

/// What is to be said of a node whose state is not that of another.
pub(super) fn apart(one: &SeenNode, other: &SeenNode) -> Option<String> {
    let index = StateHash::differ(&one.status.state_hashes, &other.status.state_hashes)?;
    Some(format!(
        "its replicated state is not that of node {} at index {index}, although both have the \
         same log; do not rely on what either shows before they are compared",
        other.status.id
    ))
}

/// What stays until somebody acts on it.
fn kept_faults(deps: &Deps) -> impl Iterator<Item = FaultLine> {
    let kept = kept_fault::all(&deps.store).map(|(standing, _)| standing);
    kept.unwrap_or_default().into_iter().map(|fault| FaultLine {
        code: fault.code,
        object: fault.object,
        message: fault.message,
        since: fault.since.to_string(),
    })
}

fn component_line(component: &ComponentStatus) -> ComponentLine {
    ComponentLine {
        node: component.node.to_string(),
        name: component.name.clone(),
        version: component.version.clone(),
        state: state_text(component.state).into(),
        pid: component.pid,
        restarts: component.restarts,
        since: component.since.to_string(),
        error: component.error.clone(),
    }
}

const fn state_text(state: ProcessState) -> &'static str {
    match state {
        ProcessState::Starting => "starting",
        ProcessState::Ready => "ready",
        ProcessState::Unhealthy => "unhealthy",
        ProcessState::BackOff => "back_off",
        ProcessState::Stopping => "stopping",
        ProcessState::Stopped => "stopped",
    }
}

fn fault_line(fault: &Fault) -> FaultLine {
    FaultLine {
        code: fault.code.clone(),
        object: fault.object.clone(),
        message: fault.message.clone(),
        since: fault.since.to_string(),
    }
}

fn config_lines(node: &SeenNode) -> impl Iterator<Item = ConfigLine> {
    let id = node.status.id;
    node.status.configs.iter().map(move |config| ConfigLine {
        node: id.to_string(),
        component: config.component.clone(),
        rendered_index: config.rendered_index,
        live_index: config.live_index,
        live_hash: config.live_hash.clone(),
        refused: config.refused.clone(),
    })
}
