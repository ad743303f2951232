//! A node that joins a running cluster: from its record to its own row in the state. Called by
//! [`Node::serve`] before anything works here.

use super::{Node, ending::End};
use crate::model::rpc::{CallError, Lane};
use std::time::Duration;

/// For asking the leader how far the log is, while this node joins.
const BEHIND: Duration = Duration::from_millis(500);
/// Harmless to ask.
const ASK: &str = "store/read-index";
/// Between two looks whether this node was let in.
const LOOK: Duration = Duration::from_millis(200);

impl Node {
    /// Nobody calls a node that was taken out before it was let in: one that asks hears of it.
    async fn ask_a_member(&self) {
        let others = self.formed.record.members.iter().map(|member| member.id);
        for node in others.filter(|node| *node != self.me.id) {
            let ask = self.transport.call(node, Lane::Bulk, ASK, bytes::Bytes::new(), BEHIND);
            if matches!(ask.await, Ok(_) | Err(CallError::Removed { .. })) {
                return;
            }
        }
    }

    /// Waits until the cluster that this node joins has given it its state. `Some` = it ends
    /// before.
    pub(super) async fn until_let_in(&self) -> Option<End> {
        let (name, me) = (&self.formed.record.cluster_name, self.me.id);
        let known = || self.store.state().members.contains_key(&me);
        let waiting = async {
            while !known() {
                self.ask_a_member().await;
                let raft = self.store.raft().borrow().clone();
                let text = match self.store.behind(BEHIND).await {
                    _ if raft.leader.is_none() => {
                        format!("joining {name}: waiting for its leader to send the log")
                    }
                    Ok(behind) => format!("joining {name}: learner, {behind} entries behind"),
                    Err(error) => format!("joining {name}: learner, {error}"),
                };
                if *self.say.borrow() != text {
                    tracing::info!(status = text, "joining");
                    self.say.send_replace(text);
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::select! {
            () = waiting => None,
            end = self.end() => Some(end),
        }
    }
}
