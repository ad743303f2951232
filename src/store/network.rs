//! openraft's calls to other members, carried by [`Transport`].
//!
//! Heartbeats and votes, the log, and snapshots take lanes of their own, so that none waits for
//! another. Every request type of openraft is converted to a twin of ours here.

use super::{
    codec::{Blob, CodecError, decode, encode},
    snapshot::SnapshotFile,
    types::{Types, Vote},
    wire::raft::{
        AppendWire, AppendedWire, AskVoteWire, SnapshotHeadWire, TransferWire, TransferredWire,
        VoteWire, VotedWire, encode_entry,
    },
};
use crate::model::{
    NodeId,
    rpc::{CallError, Lane, Transport},
};
use bytes::Bytes;
use openraft::{
    EmptyNode, OptionalSend, RPCTypes, RaftNetworkFactory, RaftNetworkV2,
    errors::{NetworkError, RPCError, ReplicationClosed, StreamingError, Timeout, Unreachable},
    network::RPCOption,
    raft::{
        AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, TransferLeaderError,
        TransferLeaderRequest, TransferLeaderResponse, VoteRequest, VoteResponse,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::pin, sync::Arc, time::Duration};

/// Methods of ours.
pub(super) const APPEND: &str = "raft/append";
pub(super) const VOTE: &str = "raft/vote";
pub(super) const TRANSFER: &str = "raft/transfer";
pub(super) const SNAPSHOT: &str = "raft/snapshot";

/// Makes a [`Peer`] for each member.
pub(super) struct Network {
    pub(super) node: NodeId,
    pub(super) transport: Arc<dyn Transport>,
}

/// One member, over one lane.
pub(super) struct Peer {
    node: NodeId,
    target: NodeId,
    lane: Lane,
    transport: Arc<dyn Transport>,
}

impl Network {
    fn peer(&self, target: u64, lane: Lane) -> Peer {
        let transport = self.transport.clone();
        Peer { node: self.node, target: NodeId(target), lane, transport }
    }
}

impl RaftNetworkFactory<Types> for Network {
    type Network = Peer;

    async fn new_client(&mut self, target: u64, _node: &EmptyNode) -> Peer {
        self.peer(target, Lane::Log)
    }

    async fn new_heartbeat_client(&mut self, target: u64, _node: &EmptyNode) -> Peer {
        self.peer(target, Lane::Heartbeat)
    }

    async fn new_snapshot_client(&mut self, target: u64, _node: &EmptyNode) -> Peer {
        self.peer(target, Lane::Bulk)
    }
}

impl Peer {
    async fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        lane: Lane,
        method: &'static str,
        action: RPCTypes,
        question: &Q,
        timeout: Duration,
    ) -> Result<A, RPCError<Types>> {
        let body = Bytes::from(encode(question));
        let answer = self
            .transport
            .call(self.target, lane, method, body, timeout)
            .await
            .map_err(|error| self.rpc_error(action, timeout, &error))?;
        decode(&answer).map_err(|error: CodecError| NetworkError::new(&error).into())
    }

    /// Who cannot be reached at all is left alone for a while; the rest is tried again at once.
    fn rpc_error(&self, action: RPCTypes, timeout: Duration, error: &CallError) -> RPCError<Types> {
        match error {
            CallError::Timeout { .. } => {
                let (id, target) = (self.node.0, self.target.0);
                Timeout { action, id, target, timeout }.into()
            }
            _ => Unreachable::new(error).into(),
        }
    }
}

impl RaftNetworkV2<Types> for Peer {
    type SnapshotData = SnapshotFile;

    async fn append_entries(
        &mut self,
        request: AppendEntriesRequest<Types>,
        option: RPCOption,
    ) -> Result<AppendEntriesResponse<Types>, RPCError<Types>> {
        let question = AppendWire {
            vote: (&request.vote).into(),
            prev: request.prev_log_id.as_ref().map(Into::into),
            commit: request.leader_commit.as_ref().map(Into::into),
            entries: request.entries.iter().map(|e| Blob(encode_entry(e).into())).collect(),
        };
        let answer: AppendedWire = self
            .call(self.lane, APPEND, RPCTypes::AppendEntries, &question, option.hard_ttl())
            .await?;
        Ok(match answer {
            AppendedWire::Success => AppendEntriesResponse::Success,
            AppendedWire::Partial { upto } => {
                AppendEntriesResponse::PartialSuccess(upto.map(Into::into))
            }
            AppendedWire::Conflict => AppendEntriesResponse::Conflict,
            AppendedWire::HigherVote { vote } => AppendEntriesResponse::HigherVote(vote.into()),
        })
    }

    async fn vote(
        &mut self,
        request: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask_vote(request, false, option).await
    }

    async fn pre_vote(
        &mut self,
        request: VoteRequest<Types>,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        self.ask_vote(request, true, option).await
    }

    async fn full_snapshot(
        &mut self,
        vote: Vote,
        snapshot: openraft::type_config::alias::SnapshotOf<Types, SnapshotFile>,
        cancel: impl Future<Output = ReplicationClosed> + OptionalSend + 'static,
        option: RPCOption,
    ) -> Result<SnapshotResponse<Types>, StreamingError<Types>> {
        let head = encode(&SnapshotHeadWire { vote: (&vote).into() }).into();
        let timeout = option.hard_ttl();
        let sending =
            self.transport.send_file(self.target, SNAPSHOT, head, snapshot.snapshot.0, timeout);
        let answer = tokio::select! {
            biased;
            closed = pin!(cancel) => return Err(closed.into()),
            answer = sending => answer,
        };
        let answer = answer.map_err(|error| {
            StreamingError::from(self.rpc_error(RPCTypes::InstallSnapshot, timeout, &error))
        })?;
        let vote: VoteWire = decode(&answer).map_err(|error| NetworkError::new(&error))?;
        Ok(SnapshotResponse::new(vote.into()))
    }

    async fn transfer_leader(
        &mut self,
        request: TransferLeaderRequest<Types>,
        option: RPCOption,
    ) -> Result<TransferLeaderResponse<Types>, RPCError<Types>> {
        let question = TransferWire {
            from: request.from_leader().into(),
            to: *request.to_node_id(),
            last: request.last_log_id().map(Into::into),
        };
        let ttl = option.hard_ttl();
        let answer: TransferredWire =
            self.call(Lane::Heartbeat, TRANSFER, RPCTypes::TransferLeader, &question, ttl).await?;
        Ok(match answer {
            TransferredWire::Done => Ok(()),
            TransferredWire::VoteChanged { expected, actual } => {
                Err(TransferLeaderError::VoteChanged {
                    expected: expected.into(),
                    actual: actual.into(),
                })
            }
            TransferredWire::LogNotFlushed { expected, actual } => {
                Err(TransferLeaderError::LogNotFlushed {
                    expected: expected.map(Into::into),
                    actual: actual.map(Into::into),
                })
            }
        })
    }
}

impl Peer {
    async fn ask_vote(
        &self,
        request: VoteRequest<Types>,
        pre: bool,
        option: RPCOption,
    ) -> Result<VoteResponse<Types>, RPCError<Types>> {
        let question = AskVoteWire {
            vote: (&request.vote).into(),
            last: request.last_log_id.as_ref().map(Into::into),
            transfer: request.leadership_transfer,
            pre,
        };
        let answer: VotedWire =
            self.call(Lane::Heartbeat, VOTE, RPCTypes::Vote, &question, option.hard_ttl()).await?;
        let vote = Vote::from(answer.vote);
        Ok(VoteResponse::new(vote, answer.last.map(Into::into), answer.granted))
    }
}
