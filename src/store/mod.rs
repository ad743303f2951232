//! The replicated store: one Raft group (openraft) over redb. The only module that names
//! openraft or redb.

mod applier;
mod apply;
mod audit;
mod backup;
mod batch;
#[cfg(feature = "chaos-bugs")]
mod bug;
mod change;
mod codec;
pub mod command;
mod database;
mod digest;
mod handle;
mod log_store;
mod log_writer;
mod membership;
mod network;
mod open;
mod reads;
mod runtime;
mod salvage;
mod service;
mod snapshot;
mod state_machine;
mod state_writer;
mod status;
mod tables;
#[doc(hidden)]
pub mod testing;
mod types;
mod view;
mod waiting;
mod watch;
mod watched;
mod wire;
mod work;
mod writes;

#[cfg(test)]
mod tests;

pub use audit::{AuditEnds, AuditRow};
pub use backup::{Backed, restore};
pub use handle::Store;
pub use membership::{Membership, MembershipError, Progress, VoterChange};
pub use salvage::{Kept, Tail, salvage};
pub use watched::Receiver;

use crate::model::{
    NodeId, Revision, UnixMs,
    resource::{Key, Resource},
};
use bytes::Bytes;
use command::{PreconditionFailed, Space};
use std::{path::PathBuf, sync::Arc};

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
    /// An older member could not apply it; nothing changed.
    #[error(
        "{what} needs feature level {needs}, and the cluster is at {level}: bring every node to \
         this version; the level rises by itself a minute after that"
    )]
    TooNew {
        /// What was to be written.
        what: String,
        /// Level from which on it may be.
        needs: u32,
        /// Level of the cluster.
        level: u32,
    },
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
