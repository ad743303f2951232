//! What a node does that the cluster has taken out: everything but saying so has ended.

use crate::app::node::Signals;
use tokio::{sync::watch, task::JoinSet};

/// What people are told.
#[must_use]
pub(in crate::app) fn text(by: &str) -> String {
    format!(
        "this node was removed from the cluster (node {by} says so). Its Raft is shut down and \
         its programs are stopped. To use this machine again, stop this process, move its data \
         directory away and start it with a new node token: it then joins as a new node"
    )
}

/// Keeps the public door open with the reason until somebody stops the node.
///
/// # Errors
/// None so far; for its callers' sake.
pub(in crate::app) async fn stay(
    reason: &str,
    say: &watch::Sender<String>,
    signals: &Signals,
    mut tasks: JoinSet<()>,
) -> anyhow::Result<()> {
    tracing::error!(reason, "not a member");
    say.send_replace(reason.to_owned());
    signals.asked.cancelled().await;
    signals.work.cancel();
    signals.door.cancel();
    while tasks.join_next().await.is_some() {}
    Ok(())
}
