//! What openraft is configured with, under short names. openraft never sees our schema: it
//! carries [`Op`]s, which are opaque to it.

use super::command::{PreconditionFailed, Written};
use bytes::Bytes;
use std::fmt;

openraft::declare_raft_types!(
    /// The type configuration of our one Raft group.
    pub(super) Types:
        D = Op,
        R = Outcome,
        NodeId = u64,
        Node = openraft::EmptyNode,
        AsyncRuntime = super::runtime::Runtime,
);

pub(super) type Entry = openraft::type_config::alias::EntryOf<Types>;
pub(super) type LogId = openraft::type_config::alias::LogIdOf<Types>;
pub(super) type Vote = openraft::type_config::alias::VoteOf<Types>;
pub(super) type LeaderId = openraft::type_config::alias::LeaderIdOf<Types>;
pub(super) type Membership = openraft::Membership<u64, openraft::EmptyNode>;
pub(super) type StoredMembership = openraft::type_config::alias::StoredMembershipOf<Types>;
pub(super) type SnapshotMeta = openraft::type_config::alias::SnapshotMetaOf<Types>;
pub(super) type Raft = openraft::Raft<Types, super::state_machine::StateMachine>;

/// One log entry's content: what kind, which version of that kind, and its encoded body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Op {
    pub(super) kind: u16,
    pub(super) v: u16,
    pub(super) body: Bytes,
}

impl Op {
    /// A whole [`super::command::Command`].
    pub(super) const COMMAND: u16 = 1;
    /// A piece of a large command.
    pub(super) const STAGE: u16 = 2;
    /// Makes the staged pieces of a command take effect.
    pub(super) const COMMIT: u16 = 3;
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "op {}.{} of {} bytes", self.kind, self.v, self.body.len())
    }
}

/// What applying an entry came to. Deterministic, and kept for repeated requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing to report: a blank entry, a membership, a staged piece.
    Nothing,
    /// The command took effect.
    Written(Written),
    /// A precondition did not hold.
    Failed(PreconditionFailed),
    /// The commit entry found pieces missing: stage again.
    StageLost,
}
