//! [`Cluster`] over the replicated store.

use super::cluster::{Cluster, Leadership, RowChange, Rows};
use crate::{
    base::clock::now_unix_ms,
    model::{
        NodeId, Revision, UnixMs,
        cluster::DeclaredState,
        rpc::{CallError, Lane, Transport},
    },
    store::{
        Event, RaftStatus, Store, StoreError, WriteError,
        command::{Change, Command, Precondition, Space},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// The leader was not heard, or reached no quorum, for this long: there is none. Above the
/// longest election time-out.
const NO_QUORUM_MS: u64 = 2_000;

/// The store as the notifier sees it.
pub struct OverStore {
    store: Store,
    transport: Arc<dyn Transport>,
    node: NodeId,
    leadership: watch::Receiver<Leadership>,
    started: Instant,
}

impl OverStore {
    /// Must be called within a runtime; follows the store until it is closed.
    #[must_use]
    pub fn new(store: Store, transport: Arc<dyn Transport>, node: NodeId) -> Arc<Self> {
        let mut raft = store.raft();
        let (sender, leadership) = watch::channel(view(&raft.borrow_and_update()));
        tokio::spawn(async move {
            while raft.changed().await.is_ok() {
                let now = view(&raft.borrow_and_update());
                sender.send_if_modified(|old| std::mem::replace(old, now) != now);
                if sender.is_closed() {
                    return;
                }
            }
        });
        Arc::new(Self { store, transport, node, leadership, started: Instant::now() })
    }
}

fn view(raft: &RaftStatus) -> Leadership {
    Leadership { leader: raft.leader, is_leader: raft.is_leader, term: raft.term }
}

impl Rows for OverStore {
    fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        self.store.row(space, key)
    }

    fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        self.store.rows(space, start, limit)
    }
}

impl Cluster for OverStore {
    fn node(&self) -> NodeId {
        self.node
    }

    fn leadership(&self) -> watch::Receiver<Leadership> {
        self.leadership.clone()
    }

    fn quorum_lost_for(&self) -> Option<Duration> {
        match self.store.raft().borrow().quorum_age_ms {
            None => Some(self.started.elapsed()),
            Some(age) => (age >= NO_QUORUM_MS).then(|| Duration::from_millis(age)),
        }
    }

    fn state(&self) -> Arc<DeclaredState> {
        self.store.state()
    }

    fn barrier(&self, deadline: Duration) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async move { self.store.barrier(deadline).await.map(|_| ()) })
    }

    fn write(
        &self,
        why: &'static str,
        preconditions: Vec<Precondition>,
        changes: Vec<Change>,
        deadline: Duration,
    ) -> BoxFuture<'_, Result<Revision, WriteError>> {
        Box::pin(async move {
            let mut random = [0_u8; 16];
            getrandom::fill(&mut random)
                .map_err(|error| WriteError::Refused(format!("no random bytes: {error}")))?;
            let command = Command {
                request: u128::from_ne_bytes(random),
                actor: format!("node/{}", self.node),
                why: why.to_owned(),
                at: UnixMs(now_unix_ms()),
                preconditions,
                changes,
            };
            self.store.write(command, deadline).await.map(|written| Revision(written.index))
        })
    }

    fn watch_rows(&self, space: Space) -> mpsc::Receiver<RowChange> {
        let since = self.store.raft().borrow().applied;
        let mut events = self.store.subscribe(since);
        let (sender, receiver) = mpsc::channel(64);
        tokio::spawn(async move {
            loop {
                let event = tokio::select! {
                    event = events.recv() => event,
                    () = sender.closed() => return,
                };
                let change = match event {
                    None => return,
                    Some(Event::Resync { .. }) => RowChange::Resync,
                    Some(Event::Changed { rows, .. }) => {
                        let keys: Vec<_> = rows
                            .into_iter()
                            .filter(|(of, _)| *of == space)
                            .map(|(_, key)| key)
                            .collect();
                        if keys.is_empty() {
                            continue;
                        }
                        RowChange::Keys(keys)
                    }
                };
                if sender.send(change).await.is_err() {
                    return;
                }
            }
        });
        receiver
    }

    fn call(
        &self,
        to: NodeId,
        method: &'static str,
        body: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        self.transport.call(to, Lane::Bulk, method, body, timeout)
    }
}
