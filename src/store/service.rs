//! Serves the calls of other members: Raft itself, forwarded writes, read indexes.

use super::{
    batch::{Proposed, Stopped, propose},
    codec::{decode, encode},
    handle::Inner,
    network::{APPEND, SNAPSHOT, TRANSFER, VOTE},
    snapshot::{self, SnapshotFile},
    types::{Op, Outcome, Types},
    wire::raft::{
        AppendWire, AppendedWire, AskVoteWire, ForwardedWire, ReadIndexWire, SnapshotHeadWire,
        TransferWire, TransferredWire, VoteWire, VotedWire, WritesWire, WrittenWire, decode_entry,
    },
};
use crate::model::{
    NodeId,
    rpc::{Refusal, Service},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use openraft::{
    Snapshot,
    raft::{
        AppendEntriesRequest, AppendEntriesResponse, TransferLeaderError, TransferLeaderRequest,
        VoteRequest,
    },
};
use std::{fmt::Display, path::PathBuf, sync::Arc};

/// [`WritesWire`] → [`WrittenWire`].
pub(super) const WRITE: &str = "store/write";
/// Nothing → [`ReadIndexWire`].
pub(super) const READ_INDEX: &str = "store/read-index";

/// What `peer` mounts for `raft/` and `store/`.
pub(super) struct StoreService(pub(super) Arc<Inner>);

fn refusal(error: impl Display) -> Refusal {
    Refusal(error.to_string())
}

impl Service for StoreService {
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let inner = self.0.clone();
        let method = method.to_owned();
        Box::pin(async move {
            match method.as_str() {
                APPEND => append(&inner, &body).await,
                VOTE => vote(&inner, &body).await,
                TRANSFER => transfer(&inner, &body).await,
                WRITE => write(&inner, from, &body).await,
                READ_INDEX => read_index(&inner).await,
                _ => Err(Refusal(format!("the store does not serve {method}"))),
            }
        })
    }

    fn file_destination(&self, method: &str) -> Option<PathBuf> {
        (method == SNAPSHOT).then(|| snapshot::incoming(&self.0.snapshots).ok()).flatten()
    }

    fn handle_file(
        &self,
        _from: NodeId,
        method: &str,
        header: Bytes,
        path: PathBuf,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let inner = self.0.clone();
        let method = method.to_owned();
        Box::pin(async move {
            if method != SNAPSHOT {
                return Err(Refusal(format!("the store takes no file as {method}")));
            }
            let installed = install(&inner, &header, path.clone()).await;
            // Renamed when it was taken; else it is of no use.
            let _ = inner.work.blocking(move || std::fs::remove_file(path)).await;
            installed
        })
    }
}

async fn append(inner: &Inner, body: &[u8]) -> Result<Bytes, Refusal> {
    let wire: AppendWire = decode(body).map_err(refusal)?;
    let entries = wire.entries.iter().map(|entry| decode_entry(&entry.0));
    let request = AppendEntriesRequest::<Types> {
        vote: wire.vote.into(),
        prev_log_id: wire.prev.map(Into::into),
        entries: entries.collect::<Result<_, _>>().map_err(refusal)?,
        leader_commit: wire.commit.map(Into::into),
    };
    let answer = inner.raft.append_entries(request).await.map_err(refusal)?;
    let answer = match answer {
        AppendEntriesResponse::Success => AppendedWire::Success,
        AppendEntriesResponse::PartialSuccess(upto) => {
            AppendedWire::Partial { upto: upto.as_ref().map(Into::into) }
        }
        AppendEntriesResponse::Conflict => AppendedWire::Conflict,
        AppendEntriesResponse::HigherVote(vote) => {
            AppendedWire::HigherVote { vote: (&vote).into() }
        }
    };
    if !matches!(answer, AppendedWire::HigherVote { .. }) {
        inner.heard_leader();
    }
    Ok(encode(&answer).into())
}

async fn vote(inner: &Inner, body: &[u8]) -> Result<Bytes, Refusal> {
    let wire: AskVoteWire = decode(body).map_err(refusal)?;
    let request = VoteRequest::<Types> {
        vote: wire.vote.into(),
        last_log_id: wire.last.map(Into::into),
        leadership_transfer: wire.transfer,
    };
    let answer =
        if wire.pre { inner.raft.pre_vote(request).await } else { inner.raft.vote(request).await };
    let answer = answer.map_err(refusal)?;
    let answer = VotedWire {
        vote: (&answer.vote).into(),
        granted: answer.vote_granted,
        last: answer.last_log_id.as_ref().map(Into::into),
    };
    Ok(encode(&answer).into())
}

async fn transfer(inner: &Inner, body: &[u8]) -> Result<Bytes, Refusal> {
    let wire: TransferWire = decode(body).map_err(refusal)?;
    let request =
        TransferLeaderRequest::<Types>::new(wire.from.into(), wire.to, wire.last.map(Into::into));
    let answer = match inner.raft.handle_transfer_leader(request).await.map_err(refusal)? {
        Ok(()) => TransferredWire::Done,
        Err(TransferLeaderError::VoteChanged { expected, actual }) => {
            TransferredWire::VoteChanged { expected: (&expected).into(), actual: (&actual).into() }
        }
        Err(TransferLeaderError::LogNotFlushed { expected, actual }) => {
            TransferredWire::LogNotFlushed {
                expected: expected.as_ref().map(Into::into),
                actual: actual.as_ref().map(Into::into),
            }
        }
    };
    Ok(encode(&answer).into())
}

async fn install(inner: &Inner, header: &[u8], path: PathBuf) -> Result<Bytes, Refusal> {
    let head: SnapshotHeadWire = decode(header).map_err(refusal)?;
    let (arrived, file) = (path.clone(), inner.file.clone());
    let check = move || snapshot::check(&arrived, &file);
    let meta = inner.work.blocking(check).await.map_err(refusal)?;
    let snapshot = Snapshot { meta, snapshot: SnapshotFile(path) };
    let answer =
        inner.raft.install_full_snapshot(head.vote.into(), snapshot).await.map_err(refusal)?;
    inner.heard_leader();
    Ok(encode(&VoteWire::from(&answer.vote)).into())
}

/// One hop only: a node that does not lead says so instead of forwarding again.
async fn write(inner: &Inner, from: NodeId, body: &[u8]) -> Result<Bytes, Refusal> {
    let WritesWire { ops } = decode(body).map_err(refusal)?;
    tracing::debug!(%from, n = ops.len(), "forwarded writes");
    let n_ops = ops.len();
    let proposed = propose(&inner.raft, ops.into_iter().map(Op::from).collect()).await;
    if proposed.len() < n_ops {
        return Err(refusal(Stopped));
    }
    let answer = |proposed: &Proposed<(u64, Outcome)>| match proposed {
        Ok((index, outcome)) => ForwardedWire::Applied { index: *index, outcome: outcome.into() },
        Err(leader) => ForwardedWire::NotLeader { leader: *leader },
    };
    Ok(encode(&WrittenWire { answers: proposed.iter().map(answer).collect() }).into())
}

async fn read_index(inner: &Inner) -> Result<Bytes, Refusal> {
    let answer = match inner.read_index().await.map_err(refusal)? {
        Ok(index) => ReadIndexWire::Index { index },
        Err(leader) => ReadIndexWire::NotLeader { leader },
    };
    Ok(encode(&answer).into())
}
