//! What the notifier needs of the cluster, as a narrow trait: the store behind
//! [`super::over_store`], a node's own spool while there is no quorum, memory in tests.

use crate::{
    model::{NodeId, Revision, cluster::DeclaredState, rpc::CallError},
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::sync::{mpsc, watch};

/// Who may send, as this node sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leadership {
    /// Who leads, as far as known.
    pub leader: Option<NodeId>,
    /// This node leads.
    pub is_leader: bool,
    /// Raft term.
    pub term: u64,
}

/// A change of rows that others should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowChange {
    /// Rows with these keys were put or deleted.
    Keys(Vec<Bytes>),
    /// Changes were missed: read everything.
    Resync,
}

/// Rows as this node can read them.
pub trait Rows: Send + Sync {
    /// One row as last applied here. Blocking for microseconds.
    ///
    /// # Errors
    /// The storage failed.
    fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError>;

    /// At most `limit` rows from `start` (inclusive) on, in order of key.
    ///
    /// # Errors
    /// The storage failed.
    fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError>;
}

/// What the notifier needs of the cluster.
pub trait Cluster: Rows + 'static {
    /// This node.
    fn node(&self) -> NodeId;

    /// Who leads, updated as it changes.
    fn leadership(&self) -> watch::Receiver<Leadership>;

    /// How long this node has been without quorum; `None` = it has one.
    fn quorum_lost_for(&self) -> Option<Duration>;

    /// Declared state as last applied here.
    fn state(&self) -> Arc<DeclaredState>;

    /// Waits until everything acknowledged before is applied here.
    fn barrier(&self, deadline: Duration) -> BoxFuture<'_, Result<(), WriteError>>;

    /// Writes all of `changes` if all `preconditions` hold; the index is the revision of what it
    /// changed. Durable and applied here once it returns.
    fn write(
        &self,
        why: &'static str,
        preconditions: Vec<Precondition>,
        changes: Vec<Change>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Revision, WriteError>>;

    /// Changes of rows of one space from now on.
    fn watch_rows(&self, space: Space) -> mpsc::Receiver<RowChange>;

    /// Calls another member.
    fn call(
        &self,
        to: NodeId,
        method: &'static str,
        body: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>>;
}
