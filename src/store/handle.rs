//! The handle that everybody else holds.

use super::{
    Event, HistoryEntry, Options, RaftStatus, StoreError, WriteError,
    applier::Applier,
    audit::{self, AuditEnds, AuditRow},
    batch::Batcher,
    command::{Command, Space, Written},
    database::File,
    log_store::LogStore,
    membership::best_successor,
    open::{self, Tuning},
    reads,
    service::StoreService,
    types::{Outcome, Raft},
    view::View,
    watch, watched,
    work::Work,
};
use crate::{
    base::shutdown::Shutdown,
    model::{
        NodeId, Revision,
        cluster::DeclaredState,
        observed::StateHash,
        resource::Key,
        rpc::{Service, Transport},
    },
};
use bytes::Bytes;
use openraft::{
    EmptyNode,
    async_runtime::watch::WatchReceiver,
    errors::{InitializeError, RaftError},
};
use std::{
    collections::BTreeMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    runtime::{Handle, Runtime},
    sync::{mpsc, watch as tokio_watch},
    time::Instant,
};

/// Threads of the runtime that ticks and elects: web and exporter work must not starve it.
const RAFT_THREADS: usize = 2;

/// Handle to the store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// What all handles and the service share.
pub(super) struct Inner {
    pub(super) node: NodeId,
    pub(super) raft: Raft,
    pub(super) transport: Arc<dyn Transport>,
    pub(super) tuning: Tuning,
    pub(super) file: Arc<File>,
    pub(super) view: Arc<View>,
    pub(super) applier: Applier,
    pub(super) log: LogStore,
    pub(super) batcher: Batcher,
    pub(super) commits: tokio_watch::Receiver<u64>,
    pub(super) snapshots: PathBuf,
    pub(super) status: watched::Sender<RaftStatus>,
    /// Who leads; wakes only those who must know, where `status` changes with every entry.
    pub(super) leader: watched::Sender<Option<NodeId>>,
    pub(super) failed: tokio_watch::Sender<Option<String>>,
    /// Cancelled by `close`, so that nobody waits for what will not come.
    pub(super) closing: Shutdown,
    /// When the leader was last heard.
    pub(super) heard: Mutex<Option<Instant>>,
    pub(super) work: Work,
    pub(super) runtime: RaftRuntime,
}

/// Raft's own runtime. May be dropped anywhere, also inside another runtime.
pub(super) struct RaftRuntime {
    handle: Handle,
    own: Option<Runtime>,
}

impl RaftRuntime {
    pub(super) fn new(work: &Work) -> io::Result<Self> {
        Ok(match work {
            Work::Threads => {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(RAFT_THREADS)
                    .max_blocking_threads(4)
                    .thread_name("raft")
                    .enable_all()
                    .build()?;
                Self { handle: runtime.handle().clone(), own: Some(runtime) }
            }
            Work::Tasks(_) => Self { handle: Handle::current(), own: None },
        })
    }

    pub(super) fn spawn<F>(&self, task: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        self.handle.spawn(task)
    }
}

impl Drop for RaftRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.own.take() {
            runtime.shutdown_background();
        }
    }
}

impl Store {
    /// Opens or creates the two files and starts Raft on its own runtime. Blocking work is done
    /// on threads of its own.
    ///
    /// # Errors
    /// [`StoreError::Open`] names the file and what to do about it.
    pub async fn open(options: Options, transport: Arc<dyn Transport>) -> Result<Self, StoreError> {
        let tuning = Tuning::from(options.profile);
        Self::open_tuned(options, transport, tuning).await
    }

    pub(super) async fn open_tuned(
        options: Options,
        transport: Arc<dyn Transport>,
        tuning: Tuning,
    ) -> Result<Self, StoreError> {
        Ok(Self { inner: open::open(options, transport, tuning).await? })
    }

    #[cfg(test)]
    pub(super) fn of(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Serves `raft/…` and `store/…`.
    #[must_use]
    pub fn service(&self) -> Arc<dyn Service> {
        Arc::new(StoreService(self.inner.clone()))
    }

    /// First start of a cluster: the same `voters` on every member. Already initialized = Ok.
    ///
    /// # Errors
    /// [`StoreError::Storage`] when this node is no voter, or has stopped.
    pub async fn initialize(&self, voters: Vec<NodeId>) -> Result<(), StoreError> {
        let members: BTreeMap<u64, EmptyNode> =
            voters.into_iter().map(|voter| (voter.0, EmptyNode {})).collect();
        match self.inner.raft.initialize(members).await {
            Ok(()) | Err(RaftError::APIError(InitializeError::NotAllowed(_))) => Ok(()),
            Err(error) => Err(StoreError::Storage(error.to_string())),
        }
    }

    /// All declared resources as of the last applied index (may be stale; see [`Self::barrier`]).
    #[must_use]
    pub fn state(&self) -> Arc<DeclaredState> {
        self.inner.view.state()
    }

    /// Latest applied index that changed a resource, a member or the cluster's meta data.
    #[must_use]
    pub fn changes(&self) -> tokio_watch::Receiver<u64> {
        self.inner.view.changes.subscribe()
    }

    /// Events after `since` (exclusive), without gap or repetition, or a `Resync`. A `since`
    /// that this node has not reached yet waits. Ends when the receiver or the store is dropped.
    #[must_use]
    pub fn subscribe(&self, since: u64) -> mpsc::Receiver<Event> {
        let (to, events) = watch::queue();
        let view = self.inner.view.clone();
        drop(self.inner.runtime.spawn(async move { view.ring.feed(since, to).await }));
        events
    }

    /// Writes through the leader, wherever it is; returns once the entry is committed and
    /// applied *on this node*. Retries by itself (same request id) until `deadline`.
    ///
    /// Cancel safe in that nothing is half applied; a dropped write may still take effect.
    ///
    /// # Errors
    /// See [`WriteError`]; only `Precondition` and `Refused` say for sure that nothing changed.
    pub async fn write(&self, command: Command, deadline: Duration) -> Result<Written, WriteError> {
        self.inner.write(command, deadline).await
    }

    /// Waits until this node has applied everything acknowledged before the call (linearizable).
    ///
    /// # Errors
    /// [`WriteError::NoQuorum`] at the deadline, [`WriteError::Closed`].
    pub async fn barrier(&self, deadline: Duration) -> Result<u64, WriteError> {
        self.inner.barrier(deadline).await
    }

    /// Waits until `index` is applied here; false at the deadline.
    pub async fn wait_applied(&self, index: u64, deadline: Duration) -> bool {
        self.inner.wait_applied(index, Instant::now() + deadline).await
    }

    /// What a command under this request id wrote, as far as this node has applied it and still
    /// remembers; `None` also when it failed. Blocking for microseconds.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn written(&self, request: u128) -> Result<Option<Written>, StoreError> {
        Ok(match reads::outcome(&self.inner.file, request)? {
            Some(Outcome::Written(written)) => Some(written),
            _ => None,
        })
    }

    /// One private row with the index of its last change. Blocking for microseconds.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        Ok(reads::row(&self.inner.file, space, key)?)
    }

    /// Rows of a space with `start <= key`, at most `limit`, in key order.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        Ok(reads::rows(&self.inner.file, space, start, limit)?)
    }

    /// History newest first: entries below `before` (exclusive; `None` = the newest), at most
    /// `limit`, of one object or of all.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn history(
        &self,
        key: Option<&Key>,
        before: Option<Revision>,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        Ok(reads::history(&self.inner.file, key, before, limit)?)
    }

    /// History of all objects, newest index first and below `before` (exclusive), of those
    /// entries that `wanted` takes: at least `limit` where there are so many, always everything
    /// wanted of an index. The second value says whether there may be more. Blocking for up to
    /// some tens of milliseconds: reads as far as it must.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn history_where(
        &self,
        before: Option<Revision>,
        limit: usize,
        mut wanted: impl FnMut(&HistoryEntry) -> bool,
    ) -> Result<(Vec<HistoryEntry>, bool), StoreError> {
        Ok(reads::history_where(&self.inner.file, before, limit, &mut wanted)?)
    }

    /// Everything that changed above `after` (exclusive), newest first, as far as it is kept.
    /// Blocking.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn history_since(&self, after: Revision) -> Result<Vec<HistoryEntry>, StoreError> {
        Ok(reads::history_since(&self.inner.file, after)?)
    }

    /// Everything one index changed, in the order of the changes; empty when it changed nothing
    /// or is no longer kept.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn history_of(&self, revision: Revision) -> Result<Vec<HistoryEntry>, StoreError> {
        Ok(reads::history_of(&self.inner.file, revision)?)
    }

    /// Audit records below `before` (exclusive; `None` = the newest), newest first, at most
    /// `limit`. Blocking.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn audit_before(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, StoreError> {
        Ok(audit::before(&self.inner.file, before, limit)?)
    }

    /// Audit records above `after`, oldest first, at most `limit`. Blocking.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<AuditRow>, StoreError> {
        Ok(audit::after(&self.inner.file, after, limit)?)
    }

    /// Both ends of the audit. Blocking for microseconds.
    ///
    /// # Errors
    /// [`StoreError::Storage`].
    pub fn audit_ends(&self) -> Result<AuditEnds, StoreError> {
        Ok(audit::ends(&self.inner.file)?)
    }

    /// Raft as this node sees it, updated as it changes.
    #[must_use]
    pub fn raft(&self) -> watched::Receiver<RaftStatus> {
        self.inner.status.subscribe()
    }

    /// Hashes of the state at some recent indexes, oldest first, the last one as it is now: equal
    /// at the same index (and beginning) on all nodes, or their states have come apart.
    #[must_use]
    pub fn state_hashes(&self) -> Vec<StateHash> {
        self.inner.view.digests().shown()
    }

    /// `Some` once storage has failed: nothing is acknowledged any more and the node must
    /// restart.
    #[must_use]
    pub fn failed(&self) -> tokio_watch::Receiver<Option<String>> {
        self.inner.failed.subscribe()
    }

    /// Durable commits of the log so far: far fewer than writes when many write at once.
    #[must_use]
    pub fn log_commits(&self) -> u64 {
        *self.inner.commits.borrow()
    }

    /// Hands leadership to the most up-to-date voter that answers, if this node leads. Waits for
    /// it, and tries again (perhaps with another voter) until it has come about.
    ///
    /// # Errors
    /// [`WriteError::Refused`] when no other voter answers, [`WriteError::NoQuorum`] at the
    /// deadline.
    pub async fn hand_over(&self, deadline: Duration) -> Result<(), WriteError> {
        let raft = &self.inner.raft;
        let until = Instant::now() + deadline;
        let attempt = Duration::from_millis(self.inner.tuning.election_max_ms);
        let me = Some(self.inner.node);
        let mut status = self.raft();
        while raft.is_leader() {
            let to = best_successor(&raft.metrics().borrow_watched(), self.inner.node, attempt)
                .ok_or_else(|| WriteError::Refused("no other voter answers".to_owned()))?;
            raft.trigger().transfer_leader(to).await.map_err(|_| WriteError::Closed)?;
            let elsewhere = status.wait_for(|now| now.leader.is_some() && now.leader != me);
            let end = (Instant::now() + attempt).min(until);
            match tokio::time::timeout_at(end, elsewhere).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(_)) => return Err(WriteError::Closed),
                Err(_) if end == until => {
                    let reason = format!("node {to} has not taken over in time");
                    return Err(WriteError::NoQuorum(reason));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Stops Raft, flushes, closes the files.
    ///
    /// # Errors
    /// [`StoreError::Storage`] when Raft could not be stopped.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.inner.closing.cancel();
        let stopped = self.inner.raft.shutdown().await;
        self.inner.log.close().await;
        self.inner.applier.close().await;
        stopped.map_err(|error| StoreError::Storage(error.to_string()))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Storage(error.to_string())
    }
}
