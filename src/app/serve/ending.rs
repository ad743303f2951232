//! Why and how a node ends. Invariant: leadership goes before any door closes, and an id that was
//! removed is marked before anything else, so that it never comes back.

use super::{Node, working::Reconciling};
use crate::{app::removed, base::error_chain::ErrorChain, model::NodeId, peer::identity::NodeDir};
use std::time::Duration;
use tokio::task::JoinSet;

/// For handing leadership over before the end.
const HAND_OVER: Duration = Duration::from_secs(2);

/// Why a node ends.
pub(super) enum End {
    Asked,
    /// This member says that the cluster has removed us.
    Removed(NodeId),
    /// Storage.
    Failed(String),
}

impl Node {
    /// Why this node ends, once it must.
    pub(super) async fn end(&self) -> End {
        let mut failed = self.store.failed();
        let mut removed = self.client.removed();
        tokio::select! {
            () = self.signals.asked.cancelled() => End::Asked,
            () = self.shutdown.cancelled() => End::Asked,
            reason = failed.wait_for(Option::is_some) => {
                End::Failed(reason.ok().and_then(|reason| reason.clone()).unwrap_or_default())
            }
            by = removed.wait_for(Option::is_some) => match by.ok().and_then(|by| *by) {
                Some(by) => End::Removed(by),
                None => End::Asked,
            },
        }
    }

    /// Stops in order, whatever the reason.
    pub(super) async fn stop(
        self,
        end: End,
        reconciling: Reconciling,
        mut tasks: JoinSet<()>,
    ) -> anyhow::Result<()> {
        self.leave(&end).await?;
        let _ = reconciling.worker.await;
        self.notify.stopped().await;
        if let Err(error) = self.supervisor.stop_all().await {
            tracing::warn!(error = %ErrorChain(&error), "programs were not stopped in order");
        }
        self.store.close().await?;
        if let End::Removed(by) = end {
            return removed::stay(&removed::text(&by.to_string()), &self.say, &self.signals, tasks)
                .await;
        }
        while tasks.join_next().await.is_some() {}
        reconciling.unpacked.await?
    }

    /// As [`Self::stop`], of a node that never came to work.
    pub(super) async fn end_early(self, end: End, mut tasks: JoinSet<()>) -> anyhow::Result<()> {
        self.leave(&end).await?;
        self.store.close().await?;
        if let End::Removed(by) = end {
            return removed::stay(&removed::text(&by.to_string()), &self.say, &self.signals, tasks)
                .await;
        }
        while tasks.join_next().await.is_some() {}
        Ok(())
    }

    /// The first step of every stop. Leadership goes before any door closes, so that whoever
    /// leads next is there when this node stops answering.
    pub(super) async fn leave(&self, end: &End) -> anyhow::Result<()> {
        match end {
            End::Asked => {
                tracing::info!("stopping");
                let led = self.store.raft().borrow().is_leader;
                match self.store.hand_over(HAND_OVER).await {
                    Ok(()) if led => tracing::info!("leadership handed over"),
                    Ok(()) => {}
                    Err(error) => tracing::info!(%error, "leadership was not handed over"),
                }
                self.shutdown.cancel();
                self.signals.door.cancel();
            }
            End::Removed(by) => {
                let reason = removed::text(&by.to_string());
                // Written first: whatever happens now, this id never comes back.
                NodeDir::open(&self.data.path)?.mark_removed(&reason)?;
                self.front.close(&reason);
                self.shutdown.cancel();
            }
            End::Failed(reason) => {
                // What was acknowledged is on disk; going on could only acknowledge what is not.
                // The programs are left running, the next start adopts them.
                let dir = self.data.path.display();
                anyhow::bail!("storage in {dir} failed, the node must be started again: {reason}");
            }
        }
        Ok(())
    }
}
