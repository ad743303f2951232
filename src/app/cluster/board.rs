//! Every node tells every other how it is: at once when something changed, and every few seconds
//! as a sign of life. Nothing of this is replicated; it is as old as it says.

use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{
        NodeId, UnixMs,
        observed::NodeStatus,
        rpc::{Lane, Refusal, Service, Transport},
    },
    store::Store,
    web::deps::SeenNode,
};
use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, time::Instant};

/// Sign of life.
const EVERY: Duration = Duration::from_secs(3);
/// Changes that come in a burst go out together.
const GATHER: Duration = Duration::from_millis(50);
const PUT: &str = "status/put";

/// Newest status of every node heard of. Cheap to clone.
#[derive(Clone)]
pub struct Board {
    seen: Arc<Mutex<BTreeMap<NodeId, (NodeStatus, Instant)>>>,
    changed: watch::Sender<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Self { seen: Arc::default(), changed: watch::Sender::new(0) }
    }
}

impl Board {
    /// Notes a status; an older one than known is dropped.
    pub fn put(&self, status: NodeStatus) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, heard)) = seen.get_mut(&status.id) {
            if known.at > status.at && known.started >= status.started {
                return;
            }
            *heard = Instant::now();
            let same = NodeStatus {
                at: status.at,
                applied_index: status.applied_index,
                state_hashes: status.state_hashes.clone(),
                ..known.clone()
            } == status;
            *known = status;
            if same {
                return;
            }
        } else {
            seen.insert(status.id, (status, Instant::now()));
        }
        drop(seen);
        self.changed.send_modify(|count| *count += 1);
    }

    /// All of them with their age.
    #[must_use]
    pub fn all(&self) -> Vec<SeenNode> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.values()
            .map(|(status, heard)| SeenNode {
                status: status.clone(),
                age_ms: u64::try_from(heard.elapsed().as_millis()).unwrap_or(u64::MAX),
            })
            .collect()
    }

    /// Moves whenever a status really changed.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Forgets nodes that are no members any more.
    pub fn keep(&self, is_member: impl Fn(NodeId) -> bool) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).retain(|node, _| is_member(*node));
    }
}

impl Service for Board {
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let outcome = if method == PUT {
            match serde_json::from_slice::<NodeStatus>(&body) {
                Ok(status) if status.id == from => {
                    self.put(status);
                    Ok(Bytes::new())
                }
                Ok(status) => Err(Refusal(format!("node {from} cannot speak for {}", status.id))),
                Err(error) => Err(Refusal(format!("not a node status: {error}"))),
            }
        } else {
            Err(Refusal(format!("unknown method {method}")))
        };
        Box::pin(async move { outcome })
    }
}

/// Keeps the own status on the board and tells the others. `wake` lists everything that may
/// change it.
pub async fn tell(
    board: Board,
    store: Store,
    transport: Arc<dyn Transport>,
    own: impl Fn() -> NodeStatus + Send,
    mut wake: Vec<watch::Receiver<u64>>,
    shutdown: Shutdown,
) {
    loop {
        for receiver in &mut wake {
            receiver.mark_unchanged();
        }
        let status = own();
        let me = status.id;
        let state = store.state();
        board.keep(|node| node == me || state.members.contains_key(&node));
        if let Ok(body) = serde_json::to_vec(&status).map(Bytes::from) {
            board.put(status);
            let others = state.members.keys().filter(|node| **node != me);
            // A node that does not answer is shown as old, which is what it is.
            join_all(
                others.map(|node| transport.call(*node, Lane::Bulk, PUT, body.clone(), EVERY)),
            )
            .await;
        }
        let woken =
            futures_util::future::select_all(wake.iter_mut().map(|r| Box::pin(r.changed())));
        tokio::select! {
            _ = woken => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.cancelled() => return,
        }
    }
}

/// The wall clock, for statuses.
#[must_use]
pub fn now() -> UnixMs {
    UnixMs(now_unix_ms())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(id: u64, at: u64, pid: u32) -> NodeStatus {
        NodeStatus {
            id: NodeId(id),
            version: "1".into(),
            level: 1,
            pid,
            started: UnixMs(1),
            at: UnixMs(at),
            applied_index: at,
            state_hashes: Vec::new(),
            components: Vec::new(),
            configs: Vec::new(),
            faults: Vec::new(),
        }
    }

    #[test]
    fn only_real_changes_wake_readers_and_older_ones_are_dropped() {
        let board = Board::default();
        let mut changed = board.watch();
        board.put(status(1, 10, 7));
        assert!(changed.has_changed().unwrap());
        changed.mark_unchanged();
        board.put(status(1, 11, 7));
        assert!(!changed.has_changed().unwrap());
        board.put(status(1, 5, 8));
        assert_eq!(board.all()[0].status.pid, 7);
        board.put(status(1, 12, 8));
        assert!(changed.has_changed().unwrap());
    }

    #[tokio::test]
    async fn a_node_speaks_only_for_itself() {
        let board = Board::default();
        let body = Bytes::from(serde_json::to_vec(&status(1, 1, 1)).unwrap());
        assert!(board.handle(NodeId(2), PUT, body.clone()).await.is_err());
        assert!(board.handle(NodeId(1), PUT, body).await.is_ok());
        assert!(board.handle(NodeId(1), PUT, Bytes::from_static(b"x")).await.is_err());
    }
}
