//! Changes that undo themselves.
//!
//! The leader watches what becomes of each revision. It is undone on all nodes, by a new revision
//! of ours, when
//!
//! - the program or checker of a node **refuses** what it makes of a configuration ([`refused`]),
//! - healthy **targets fall** after it that it did not take out by name ([`dropped`]).
//!
//! ```text
//! statuses of all nodes ─► refused ─► culprit (pure) ──┐
//! history ─► scope (pure) ─► dropped ─► fallen (pure) ─┴─► undo ─► admission ─► store
//! ```
//!
//! Invariants: nothing is undone because a node is dead, restarting or was refusing before; an
//! undo happens once, also when the leader changes in the middle: it is guarded by the revisions
//! of the objects, and whoever looks next finds them changed; what we did is never undone by us.
//! Nothing needed for a decision lives in memory alone: history, statuses and Prometheus' own
//! memory of the past are read again by the next leader.

pub mod ask;
pub mod culprit;
pub mod dropped;
pub mod fallen;
pub mod past;
pub mod refused;
pub mod scope;
pub mod undo;

use crate::{
    admission::{Admission, kept_fault},
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{Kind, NodeId, UnixMs, observed::NodeStatus, spec::SafetySettings, spec::Settings},
    reconcile::checker::Checkers,
    store::{Store, command::Command},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// A node not heard of for so long says nothing about now.
pub const HEARD_MS: u64 = 10_000;
/// Between two looks for kept faults that nobody needs any more.
const TIDY: Duration = Duration::from_secs(30);
const DEADLINE: Duration = Duration::from_secs(8);

/// The newest thing known about a node.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What it said of itself.
    pub status: NodeStatus,
    /// Milliseconds since it said so.
    pub age_ms: u64,
}

/// The other nodes, as the leader sees them.
pub trait Fleet: Send + Sync + 'static {
    /// Newest status of every member that was ever heard of, this node's own included.
    fn nodes(&self) -> Vec<Seen>;

    /// Moves whenever [`Fleet::nodes`] has something new.
    fn changed(&self) -> watch::Receiver<u64>;

    /// `GET path` of the Prometheus on `node` → body of a 200; else why not.
    fn ask(&self, node: NodeId, path: String) -> BoxFuture<'_, Result<Bytes, String>>;
}

/// Watches over changes while this node leads. Cheap to clone.
#[derive(Clone)]
pub struct Safety {
    /// History and state.
    pub store: Store,
    /// The way back.
    pub admission: Admission,
    /// What this node would render with.
    pub checkers: Checkers,
    /// The other nodes.
    pub fleet: Arc<dyn Fleet>,
}

impl Safety {
    /// Runs until shutdown.
    pub async fn run(self, shutdown: Shutdown) {
        let watching = async {
            tokio::join!(refused::watch(&self), dropped::watch(&self), self.tidy());
        };
        tokio::select! {
            () = watching => {}
            () = shutdown.cancelled() => {}
        }
    }

    fn leads(&self) -> bool {
        self.store.raft().borrow().is_leader
    }

    fn settings(&self) -> SafetySettings {
        let state = self.store.state();
        let settings = state.get(Kind::Settings, "default");
        let settings = settings.and_then(|resource| resource.spec_as::<Settings>().ok());
        settings.unwrap_or_default().safety
    }

    /// Removes kept faults whose object was changed since.
    async fn tidy(&self) {
        loop {
            tokio::time::sleep(TIDY).await;
            if !self.leads() {
                continue;
            }
            let Ok((_, settled)) = kept_fault::all(&self.store) else { continue };
            if settled.is_empty() {
                continue;
            }
            let removals = settled.iter().map(|it| kept_fault::remove(&it.code, &it.object));
            let command = Command {
                request: random(),
                actor: culprit::OURSELVES.into(),
                why: "settled faults".into(),
                at: now(),
                preconditions: Vec::new(),
                changes: removals.collect(),
            };
            if let Err(error) = self.store.write(command, DEADLINE).await {
                tracing::debug!(%error, "settled faults are removed later");
            }
        }
    }
}

fn now() -> UnixMs {
    UnixMs(now_unix_ms())
}

/// Of no meaning but to tell two requests apart.
fn random() -> u128 {
    let mut bytes = [0; 16];
    // Without randomness an older outcome might answer for a newer request: the guards of the
    // request hold all the same.
    let _ = getrandom::fill(&mut bytes);
    u128::from_ne_bytes(bytes)
}
