//! Carries openraft's metrics into [`RaftStatus`], and failures to whoever must act on them.

use super::{
    RaftStatus,
    handle::Inner,
    types::{Raft, Types},
};
use crate::model::NodeId;
use openraft::{
    Instant as _, RaftMetrics, ServerState, async_runtime::watch::WatchReceiver, errors::Fatal,
};
use std::{
    sync::{Arc, PoisonError, Weak},
    time::Duration,
};
use tokio::{sync::watch, time::Instant};

/// Ages are told in these steps, so that watchers are not woken by the passing of time alone.
const AGE_STEP_MS: u64 = 500;
const TICK: Duration = Duration::from_millis(250);

/// Publishes the first status, then keeps it up to date until the store is dropped.
pub(super) async fn start(
    inner: &Arc<Inner>,
    log_failed: watch::Receiver<Option<String>>,
) -> Result<(), Fatal<Types>> {
    // Answered by the core, so the metrics are real from here on.
    inner.raft.is_initialized().await?;
    inner.publish_status();
    let task = keep(Arc::downgrade(inner), inner.raft.clone(), log_failed);
    drop(inner.runtime.spawn(task));
    Ok(())
}

async fn keep(inner: Weak<Inner>, raft: Raft, mut log_failed: watch::Receiver<Option<String>>) {
    let mut metrics = raft.metrics();
    drop(raft);
    loop {
        tokio::select! {
            biased;
            changed = metrics.changed() => if changed.is_err() { return core_is_gone(&inner) },
            Ok(()) = log_failed.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        let Some(inner) = inner.upgrade() else { return };
        inner.publish_status();
        let stopped = match &metrics.borrow_watched().running_state {
            Err(Fatal::Stopped) => return,
            Err(fatal) => Some(fatal.to_string()),
            Ok(()) => None,
        };
        let failure = log_failed.borrow().clone().or(stopped);
        if let Some(failure) = failure {
            inner.fail(failure);
        }
    }
}

/// Where nobody has closed the store, Raft has panicked: a node that lives on without it looks
/// well from outside and helps nobody.
fn core_is_gone(inner: &Weak<Inner>) {
    if let Some(inner) = inner.upgrade().filter(|inner| !inner.closing.is_cancelled()) {
        inner.fail("Raft has ended by itself; the lines before this one say why".to_owned());
    }
}

impl Inner {
    /// The leader, or its snapshot, was just heard.
    pub(super) fn heard_leader(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// The first failure stays; the node must restart.
    pub(super) fn fail(&self, failure: String) {
        self.failed.send_if_modified(|failed| {
            if failed.is_some() {
                return false;
            }
            tracing::error!(%failure, "the store has failed; this node must restart");
            *failed = Some(failure);
            true
        });
    }

    fn publish_status(&self) {
        let status = self.current_status(&self.raft.metrics().borrow_watched());
        let leader = status.leader;
        self.leader.send_if_modified(|old| std::mem::replace(old, leader) != leader);
        self.status.send_if_modified(|old| {
            let modified = *old != status;
            *old = status;
            modified
        });
    }

    fn current_status(&self, metrics: &RaftMetrics<Types>) -> RaftStatus {
        let voters: Vec<NodeId> = metrics.membership_config.voter_ids().map(NodeId).collect();
        let leads = metrics.state == ServerState::Leader;
        let age = if leads && voters == [self.node] {
            Some(Duration::ZERO)
        } else if leads {
            metrics.last_quorum_acked.map(|at| at.elapsed())
        } else {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
        };
        let lease = Duration::from_millis(self.tuning.election_max_ms);
        RaftStatus {
            initialized: metrics.last_log_index.is_some() || metrics.current_term > 0,
            term: metrics.current_term,
            leader: metrics.current_leader.map(NodeId),
            is_leader: leads && age.is_some_and(|age| age < lease),
            last_log: metrics.last_log_index.unwrap_or(0),
            applied: *self.view.applied.borrow(),
            voters,
            quorum_age_ms: age.map(|age| {
                let ms = u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
                ms - ms % AGE_STEP_MS
            }),
        }
    }
}
