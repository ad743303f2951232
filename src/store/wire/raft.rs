//! Votes, log ids, memberships, log entries and the messages between Raft members.

use super::{Blob, CodecError, decode, encode, outcome::OutcomeWire};
use crate::store::types::{
    Entry, LeaderId, LogId, Membership, Op, SnapshotMeta, StoredMembership, Vote,
};
use openraft::{EmptyNode, EntryPayload, entry::RaftEntry};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Twin of a vote.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in crate::store) struct VoteWire {
    term: u64,
    node: u64,
    committed: bool,
}

/// Twin of a log id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in crate::store) struct LogIdWire {
    term: u64,
    node: u64,
    index: u64,
}

/// Twin of a membership. `nodes` holds a (yet empty) map a node, room for later facts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::store) struct MembershipWire {
    configs: Vec<BTreeSet<u64>>,
    nodes: BTreeMap<u64, BTreeMap<String, String>>,
}

/// Twin of a membership with the log id that brought it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::store) struct StoredMembershipWire {
    log_id: Option<LogIdWire>,
    membership: MembershipWire,
}

/// Twin of a snapshot's description.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::store) struct SnapshotMetaWire {
    last_log_id: Option<LogIdWire>,
    membership: StoredMembershipWire,
}

#[derive(Serialize, Deserialize)]
struct EntryWire {
    id: LogIdWire,
    payload: PayloadWire,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PayloadWire {
    Blank,
    Op(OpWire),
    Membership(MembershipWire),
}

/// Twin of an op.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct OpWire {
    kind: u16,
    v: u16,
    body: Blob,
}

/// `raft/append`.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct AppendWire {
    pub(in crate::store) vote: VoteWire,
    pub(in crate::store) prev: Option<LogIdWire>,
    pub(in crate::store) commit: Option<LogIdWire>,
    /// Each as [`encode_entry`] writes it.
    pub(in crate::store) entries: Vec<Blob>,
}

/// Answer to `raft/append`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum AppendedWire {
    Success,
    Partial { upto: Option<LogIdWire> },
    Conflict,
    HigherVote { vote: VoteWire },
}

/// `raft/vote`, for both rounds.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct AskVoteWire {
    pub(in crate::store) vote: VoteWire,
    pub(in crate::store) last: Option<LogIdWire>,
    #[serde(default)]
    pub(in crate::store) transfer: bool,
    /// Only asks whether the vote would be granted.
    #[serde(default)]
    pub(in crate::store) pre: bool,
}

/// Answer to `raft/vote`.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct VotedWire {
    pub(in crate::store) vote: VoteWire,
    pub(in crate::store) granted: bool,
    pub(in crate::store) last: Option<LogIdWire>,
}

/// `raft/transfer`.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct TransferWire {
    pub(in crate::store) from: VoteWire,
    pub(in crate::store) to: u64,
    pub(in crate::store) last: Option<LogIdWire>,
}

/// Answer to `raft/transfer`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum TransferredWire {
    Done,
    VoteChanged { expected: VoteWire, actual: VoteWire },
    LogNotFlushed { expected: Option<LogIdWire>, actual: Option<LogIdWire> },
}

/// What goes before the file in `raft/snapshot`; the answer is a [`VoteWire`].
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct SnapshotHeadWire {
    pub(in crate::store) vote: VoteWire,
}

/// `store/write`: ops that came at the same time.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct WritesWire {
    pub(in crate::store) ops: Vec<OpWire>,
}

/// Answer to `store/write`: one for each op, in order.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct WrittenWire {
    pub(in crate::store) answers: Vec<ForwardedWire>,
}

/// What became of one op of a `store/write`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum ForwardedWire {
    Applied { index: u64, outcome: OutcomeWire },
    NotLeader { leader: Option<u64> },
}

/// Answer to `store/read-index`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum ReadIndexWire {
    Index { index: u64 },
    NotLeader { leader: Option<u64> },
}

impl From<&Vote> for VoteWire {
    fn from(vote: &Vote) -> Self {
        let LeaderId { term, node_id } = vote.leader_id;
        Self { term, node: node_id, committed: vote.committed }
    }
}

impl From<VoteWire> for Vote {
    fn from(wire: VoteWire) -> Self {
        Self {
            leader_id: LeaderId { term: wire.term, node_id: wire.node },
            committed: wire.committed,
        }
    }
}

impl From<&LogId> for LogIdWire {
    fn from(id: &LogId) -> Self {
        Self { term: id.leader_id.term, node: id.leader_id.node_id, index: id.index }
    }
}

impl From<LogIdWire> for LogId {
    fn from(wire: LogIdWire) -> Self {
        Self { leader_id: LeaderId { term: wire.term, node_id: wire.node }, index: wire.index }
    }
}

impl From<&Membership> for MembershipWire {
    fn from(membership: &Membership) -> Self {
        Self {
            configs: membership.get_joint_config().clone(),
            nodes: membership.nodes().map(|(id, _)| (*id, BTreeMap::new())).collect(),
        }
    }
}

impl TryFrom<MembershipWire> for Membership {
    type Error = CodecError;
    fn try_from(wire: MembershipWire) -> Result<Self, CodecError> {
        let nodes: BTreeMap<u64, EmptyNode> =
            wire.nodes.into_keys().map(|id| (id, EmptyNode {})).collect();
        Self::new(wire.configs, nodes).map_err(|error| CodecError::Malformed(error.to_string()))
    }
}

impl From<&StoredMembership> for StoredMembershipWire {
    fn from(stored: &StoredMembership) -> Self {
        Self {
            log_id: stored.log_id().as_ref().map(Into::into),
            membership: stored.membership().into(),
        }
    }
}

impl TryFrom<StoredMembershipWire> for StoredMembership {
    type Error = CodecError;
    fn try_from(wire: StoredMembershipWire) -> Result<Self, CodecError> {
        Ok(Self::new(wire.log_id.map(Into::into), wire.membership.try_into()?))
    }
}

impl From<&SnapshotMeta> for SnapshotMetaWire {
    fn from(meta: &SnapshotMeta) -> Self {
        Self {
            last_log_id: meta.last_log_id.as_ref().map(Into::into),
            membership: (&meta.last_membership).into(),
        }
    }
}

impl TryFrom<SnapshotMetaWire> for SnapshotMeta {
    type Error = CodecError;
    fn try_from(wire: SnapshotMetaWire) -> Result<Self, CodecError> {
        Ok(Self {
            last_log_id: wire.last_log_id.map(Into::into),
            last_membership: wire.membership.try_into()?,
        })
    }
}

impl From<&Op> for OpWire {
    fn from(op: &Op) -> Self {
        Self { kind: op.kind, v: op.v, body: Blob(op.body.clone()) }
    }
}

impl From<OpWire> for Op {
    fn from(wire: OpWire) -> Self {
        Self { kind: wire.kind, v: wire.v, body: wire.body.0 }
    }
}

/// Encodes a log entry, for the log file and for `raft/append`.
pub(in crate::store) fn encode_entry(entry: &Entry) -> Vec<u8> {
    let payload = match &entry.payload {
        EntryPayload::Blank => PayloadWire::Blank,
        EntryPayload::Normal(op) => PayloadWire::Op(op.into()),
        EntryPayload::Membership(membership) => PayloadWire::Membership(membership.into()),
    };
    encode(&EntryWire { id: (&entry.log_id).into(), payload })
}

/// Reads what [`encode_entry`] wrote.
pub(in crate::store) fn decode_entry(bytes: &[u8]) -> Result<Entry, CodecError> {
    let wire: EntryWire = decode(bytes)?;
    let payload = match wire.payload {
        PayloadWire::Blank => EntryPayload::Blank,
        PayloadWire::Op(op) => EntryPayload::Normal(op.into()),
        PayloadWire::Membership(membership) => EntryPayload::Membership(membership.try_into()?),
    };
    Ok(<Entry as RaftEntry>::new(wire.id.into(), payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_every_kind_read_as_they_were_written() {
        let id = LogId { leader_id: LeaderId { term: 3, node_id: u64::MAX }, index: 9 };
        let membership = Membership::new(
            vec![BTreeSet::from([1, 2]), BTreeSet::from([2, u64::MAX])],
            BTreeMap::from([1, 2, u64::MAX, 5].map(|id| (id, EmptyNode {}))),
        )
        .unwrap();
        let op = Op { kind: 1, v: 1, body: vec![7; 100_000].into() };
        for payload in [
            EntryPayload::Blank,
            EntryPayload::Normal(op),
            EntryPayload::Membership(membership),
            EntryPayload::Membership(Membership::default()),
        ] {
            let entry = <Entry as RaftEntry>::new(id, payload);
            assert_eq!(decode_entry(&encode_entry(&entry)).unwrap(), entry);
        }
    }
}
