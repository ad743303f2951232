//! What really is, as the nodes see it. Published upwards; never read back as intent.

use super::{NodeId, UnixMs};
use serde::{Deserialize, Serialize};

/// Life of a supervised process.
///
/// ```text
/// starting ──ready──► ready ◄──► unhealthy
///    │ exit             │ exit
///    ▼                  ▼
/// back_off ──wait──► starting        stopping ──► stopped
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    /// Started, not ready yet.
    Starting,
    /// Ready.
    Ready,
    /// Was ready, its probe fails now.
    Unhealthy,
    /// Ended by itself; waiting to start again.
    BackOff,
    /// Asked to stop.
    Stopping,
    /// Ended because we asked.
    Stopped,
}

/// One supervised process as its node sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessStatus {
    /// The spec's name.
    pub name: String,
    /// Where it is in its life.
    pub state: ProcessState,
    /// Process id while there is one.
    pub pid: Option<u32>,
    /// Starts after the first one.
    pub restarts: u64,
    /// When `state` last changed.
    pub since: UnixMs,
    /// Taken over from an earlier life of ours instead of started by this one.
    pub adopted: bool,
    /// What went wrong last, with the end of its log where that helps; cut to 2 KiB.
    pub error: Option<String>,
}

/// One component in the status of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComponentStatus {
    /// Where it runs.
    pub node: NodeId,
    /// `prometheus`, `alertmanager`, …
    pub name: String,
    /// Version of the installed build.
    pub version: String,
    /// The process.
    pub state: ProcessState,
    /// Process id while there is one.
    pub pid: Option<u32>,
    /// Starts after the first one.
    pub restarts: u64,
    /// When `state` last changed.
    pub since: UnixMs,
    /// What went wrong last.
    pub error: Option<String>,
}

/// Something an operator should look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Stable code, `WK-1234`; its page is `/help/WK-1234`.
    pub code: String,
    /// What it is about: `component/prometheus`, `rule-group/web`, `node/1`.
    pub object: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Since when.
    pub since: UnixMs,
}

/// Outcome of the last reconcile of one component's files on one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfigStatus {
    /// The component.
    pub component: String,
    /// Store index that was rendered.
    pub rendered_index: u64,
    /// Newest store index whose files are known to be live; 0 = none yet.
    pub live_index: u64,
    /// SHA-256 (hex) over the live files.
    pub live_hash: String,
    /// Why `rendered_index` is not live, while it is not: the checker's or the program's words.
    pub refused: Option<String>,
    /// Who said no, and since when; `None` also when something else is in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<ConfigRefusal>,
}

/// A configuration that was looked at and refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigRefusal {
    /// Who said no.
    pub by: RefusedBy,
    /// Store index with which an unbroken row of refusals began: whatever changed later is not
    /// to blame for it.
    pub since_index: u64,
    /// When the newest of them was.
    pub since: UnixMs,
}

/// Who refused a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// The build's own checker, before anything was touched.
    Checker,
    /// The running program; the previous configuration was put back.
    Program,
}

/// Binaries that do not say it are of the first.
const fn first_level() -> u32 {
    1
}

/// What applying the log came to on a node. Nodes with the same log have the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateHash {
    /// As of this log index.
    pub index: u64,
    /// Index where the hash began; only hashes that began at the same one compare.
    pub since: u64,
    /// 32 hexadecimal digits.
    pub hash: String,
}

impl StateHash {
    /// Whether two nodes whose hashes these are have come apart; the first index at which they
    /// are seen to differ.
    #[must_use]
    pub fn differ(one: &[Self], other: &[Self]) -> Option<u64> {
        let apart = |hash: &&Self| {
            let twin = |twin: &&Self| (twin.index, twin.since) == (hash.index, hash.since);
            other.iter().find(twin).is_some_and(|twin| twin.hash != hash.hash)
        };
        one.iter().find(apart).map(|hash| hash.index)
    }
}

/// All that one node tells the others about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// Who.
    pub id: NodeId,
    /// Version of its binary.
    pub version: String,
    /// Highest feature level its binary can apply.
    #[serde(default = "first_level")]
    pub level: u32,
    /// Its process id.
    pub pid: u32,
    /// When its process started.
    pub started: UnixMs,
    /// When this was true.
    pub at: UnixMs,
    /// Raft log index applied there.
    pub applied_index: u64,
    /// Hashes of its replicated state at recent indexes, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_hashes: Vec<StateHash>,
    /// Its components.
    pub components: Vec<ComponentStatus>,
    /// Its configuration state, one per component.
    pub configs: Vec<ConfigStatus>,
    /// What is wrong there.
    pub faults: Vec<Fault>,
}
