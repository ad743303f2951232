//! The seam between those who talk to other nodes (store, notify, status) and the one who
//! carries it (peer): bytes in, bytes out, between authenticated members.

use super::NodeId;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{path::PathBuf, time::Duration};

/// Which long-lived connection a call takes, so that a snapshot never delays a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Heartbeats and votes.
    Heartbeat,
    /// Log replication.
    Log,
    /// Snapshots, forwarded writes, everything else.
    Bulk,
}

/// Why a call brought no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No connection, or it broke. The call may have been executed when `sent` is true.
    #[error("node {to} is unreachable: {reason}")]
    Unreachable {
        /// Who was called.
        to: NodeId,
        /// Why.
        reason: String,
        /// The request had left: outcome unknown.
        sent: bool,
    },
    /// No answer in time: outcome unknown.
    #[error("node {to} did not answer {method} within {millis} ms")]
    Timeout {
        /// Who was called.
        to: NodeId,
        /// What for.
        method: String,
        /// The limit.
        millis: u128,
    },
    /// The other side says that we are no member any more (410).
    #[error("node {to} says that this node was removed from the cluster")]
    Removed {
        /// Who said so.
        to: NodeId,
    },
    /// The other side answered with an error of its own.
    #[error("node {to} refused {method}: {message}")]
    Refused {
        /// Who was called.
        to: NodeId,
        /// What for.
        method: String,
        /// Its words.
        message: String,
    },
}

/// Calls other members. Implemented by `peer`, and in memory by tests.
pub trait Transport: Send + Sync + 'static {
    /// Calls `method` (for instance `raft/append`) on `to`. Cancel safe: dropping it abandons
    /// the answer, not the execution.
    fn call(
        &self,
        to: NodeId,
        lane: Lane,
        method: &'static str,
        body: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>>;

    /// Streams a file to `method` on `to` over [`Lane::Bulk`], after `header` (at most 64 KiB).
    fn send_file(
        &self,
        to: NodeId,
        method: &'static str,
        header: Bytes,
        file: PathBuf,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>>;
}

/// Why a served call failed; the text goes to the caller as [`CallError::Refused`].
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// Serves the calls whose method begins with its prefix. `from` is authenticated and a member.
pub trait Service: Send + Sync + 'static {
    /// Answers one call. Bodies are at most 16 MiB.
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>>;

    /// Where an incoming file of this method is to be written while it arrives; `None` refuses.
    fn file_destination(&self, _method: &str) -> Option<PathBuf> {
        None
    }

    /// A whole file has arrived at `path` (length as announced, not yet synced).
    fn handle_file(
        &self,
        _from: NodeId,
        method: &str,
        _header: Bytes,
        _path: PathBuf,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let method = method.to_owned();
        Box::pin(async move { Err(Refusal(format!("{method} takes no file"))) })
    }
}
