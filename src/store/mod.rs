//! The replicated store: one Raft group (openraft) over redb. The only module that names
//! openraft or redb.

pub mod command;

use crate::model::{
    Name, NodeId, Revision, UnixMs,
    cluster::DeclaredState,
    resource::{Key, Resource},
    rpc::{Service, Transport},
};
use bytes::Bytes;
use command::{Change, Command, PreconditionFailed, Space, Written};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

/// How to open a store.
#[derive(Debug, Clone)]
pub struct Options {
    /// Directory of `raft-log.redb`, `state.redb` and `snapshots/`.
    pub dir: PathBuf,
    /// This node; must equal what both files say if they exist.
    pub node: NodeId,
    /// Timers.
    pub profile: Profile,
}

/// Raft timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// 250 / 1000 / 1500 ms: rides out pauses of a second.
    #[default]
    Default,
    /// 100 / 400 / 600 ms.
    Fast,
}

/// Why the store does not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Opening failed; says which file and what to do.
    #[error("cannot open {path}: {reason}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The node's storage failed; it must restart.
    #[error("storage failed: {0}")]
    Storage(String),
}

/// Why a write was not acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A precondition did not hold; nothing changed.
    #[error(transparent)]
    Precondition(#[from] PreconditionFailed),
    /// No quorum within the deadline; nothing is known to have changed. Safe to repeat with the
    /// same request id.
    #[error("no quorum: {0}")]
    NoQuorum(String),
    /// The command is too large or malformed; nothing changed.
    #[error("refused: {0}")]
    Refused(String),
    /// Stopped, or storage failed.
    #[error("the store is closed")]
    Closed,
}

/// One row of the history: what happened to one object at one index.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// Log index.
    pub revision: Revision,
    /// When, by the proposer's clock.
    pub at: UnixMs,
    /// Who.
    pub actor: String,
    /// Why; may be empty.
    pub why: String,
    /// What.
    pub key: Key,
    /// Before; `None` = created.
    pub before: Option<Arc<Resource>>,
    /// After; `None` = deleted.
    pub after: Option<Arc<Resource>>,
}

/// What the watch delivers.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Everything one log entry changed.
    Changed {
        /// Log index; strictly increasing within a subscription.
        index: u64,
        /// Objects put or deleted.
        keys: Vec<Key>,
        /// Private rows put or deleted.
        rows: Vec<(Space, Bytes)>,
    },
    /// Events were dropped (too old or too slow a reader): read the state as of at least this
    /// index, then go on.
    Resync {
        /// Read at or after this.
        index: u64,
    },
}

/// Raft as this node sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RaftStatus {
    /// Formed: has a vote or a log.
    pub initialized: bool,
    /// Current term.
    pub term: u64,
    /// Who leads, as far as known.
    pub leader: Option<NodeId>,
    /// This node leads and may act as leader.
    pub is_leader: bool,
    /// Last log index on disk.
    pub last_log: u64,
    /// Last applied index.
    pub applied: u64,
    /// Voters of the current membership.
    pub voters: Vec<NodeId>,
    /// Milliseconds since a quorum last answered (leader), or since the leader was last heard.
    pub quorum_age_ms: Option<u64>,
}

/// Handle to the store. Cheap to clone.
#[derive(Clone)]
pub struct Store {}

#[expect(clippy::unimplemented, unused_variables, reason = "seam first")]
impl Store {
    /// Opens or creates the two files and starts Raft on its own runtime. Blocking work is done
    /// on threads of its own.
    pub async fn open(options: Options, transport: Arc<dyn Transport>) -> Result<Self, StoreError> {
        unimplemented!()
    }
    /// Serves `raft/…` and `store/…`.
    pub fn service(&self) -> Arc<dyn Service> {
        unimplemented!()
    }
    /// First start of a cluster: the same `voters` on every member. Already initialized = Ok.
    pub async fn initialize(&self, voters: Vec<NodeId>) -> Result<(), StoreError> {
        unimplemented!()
    }
    /// All declared resources as of the last applied index (may be stale; see [`Self::barrier`]).
    pub fn state(&self) -> Arc<DeclaredState> {
        unimplemented!()
    }
    /// Latest applied index that changed a resource, a member or the cluster's meta data.
    pub fn changes(&self) -> tokio::sync::watch::Receiver<u64> {
        unimplemented!()
    }
    /// Events after `since` (exclusive), without gap or repetition, or a `Resync`.
    pub fn subscribe(&self, since: u64) -> tokio::sync::mpsc::Receiver<Event> {
        unimplemented!()
    }
    /// Writes through the leader, wherever it is; returns once the entry is committed and
    /// applied *on this node*. Retries by itself (same request id) until `deadline`.
    pub async fn write(&self, command: Command, deadline: Duration) -> Result<Written, WriteError> {
        unimplemented!()
    }
    /// Waits until this node has applied everything acknowledged before the call (linearizable).
    pub async fn barrier(&self, deadline: Duration) -> Result<u64, WriteError> {
        unimplemented!()
    }
    /// Waits until `index` is applied here; false at the deadline.
    pub async fn wait_applied(&self, index: u64, deadline: Duration) -> bool {
        unimplemented!()
    }
    /// One private row with the index of its last change. Blocking for microseconds.
    pub fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        unimplemented!()
    }
    /// Rows of a space with `start <= key`, at most `limit`, in key order.
    pub fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        unimplemented!()
    }
    /// History newest first: entries below `before` (exclusive; `None` = the newest), at most
    /// `limit`, of one object or of all.
    pub fn history(
        &self,
        key: Option<&Key>,
        before: Option<Revision>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        unimplemented!()
    }
    /// Everything one index changed.
    pub fn history_of(&self, revision: Revision) -> Result<Vec<HistoryEntry>, StoreError> {
        unimplemented!()
    }
    /// Raft as this node sees it, updated as it changes.
    pub fn raft(&self) -> tokio::sync::watch::Receiver<RaftStatus> {
        unimplemented!()
    }
    /// Hands leadership to the most up-to-date voter, if this node leads. Waits for it.
    pub async fn hand_over(&self, deadline: Duration) -> Result<(), WriteError> {
        unimplemented!()
    }
    /// Stops Raft, flushes, closes the files.
    pub async fn close(&self) -> Result<(), StoreError> {
        unimplemented!()
    }
}

/// Used by nothing yet but the signatures above.
#[doc(hidden)]
pub type Unused = (BTreeMap<Name, ()>, Change);
