//! Raises the cluster's feature level once every member has for a while been able to apply what it
//! allows: one step at a time, by the leader. Until then nobody writes what an older member would
//! have to stop at.

use super::command;
use crate::{
    base::shutdown::Shutdown,
    model::{
        NodeId,
        cluster::{ClusterMeta, FEATURE_LEVEL, Member},
    },
    store::{
        Store,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// Between two looks.
const LOOK: Duration = Duration::from_secs(5);
/// All must have been able to for so long.
const STEADY: Duration = Duration::from_secs(60);
const DEADLINE: Duration = Duration::from_secs(5);
const META: &[u8] = b"meta";

/// Highest level of every node that was heard of just now, this one included.
pub type Levels = Arc<dyn Fn() -> BTreeMap<NodeId, u32> + Send + Sync>;

/// Runs on every node; acts on the leader.
pub struct Raiser {
    store: Store,
    levels: Levels,
    able_since: Option<Instant>,
}

impl Raiser {
    /// For this node.
    #[must_use]
    pub fn new(store: Store, levels: Levels) -> Self {
        Self { store, levels, able_since: None }
    }

    /// Runs until shutdown, or until there is nothing left to raise.
    pub async fn run(mut self, shutdown: Shutdown) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = shutdown.cancelled() => return,
            }
            if let Err(error) = self.look().await {
                tracing::info!(
                    error = format!("{error:#}"),
                    "raising the feature level, trying again"
                );
            }
        }
    }

    async fn look(&mut self) -> anyhow::Result<()> {
        let state = self.store.state();
        let next = next_level(&state.meta, &state.members, &(self.levels)());
        let Some(next) = next.filter(|_| self.store.raft().borrow().is_leader) else {
            self.able_since = None;
            return Ok(());
        };
        if self.able_since.get_or_insert_with(Instant::now).elapsed() < STEADY {
            return Ok(());
        }
        let Some((revision, row)) = self.store.row(Space::Cluster, META)? else { return Ok(()) };
        // The row as it is: fields of a newer binary stay.
        let mut meta: serde_json::Value = serde_json::from_slice(&row)?;
        meta["feature_level"] = next.into();
        let same = Precondition::Row(Space::Cluster, Bytes::from_static(META), Some(revision));
        let put = Change::PutRow(
            Space::Cluster,
            Bytes::from_static(META),
            serde_json::to_vec(&meta)?.into(),
        );
        let why = format!("feature level {next}: every member can apply it");
        let write = command("system".to_owned(), why, vec![same], vec![put])?;
        self.store.write(write, DEADLINE).await?;
        self.able_since = None;
        tracing::info!(level = next, "the cluster's feature level was raised");
        Ok(())
    }
}

/// The next level, if every member was heard of and can apply it.
fn next_level(
    meta: &ClusterMeta,
    members: &BTreeMap<NodeId, Member>,
    heard: &BTreeMap<NodeId, u32>,
) -> Option<u32> {
    let next = meta.feature_level + 1;
    let able = |node: &NodeId| heard.get(node).is_some_and(|level| *level >= next);
    let formed = meta.feature_level > 0 && !members.is_empty();
    (formed && next <= FEATURE_LEVEL && members.keys().all(able)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::fixture;

    #[test]
    fn the_level_rises_only_when_every_member_is_heard_and_able() {
        let mut state = fixture::cluster(3);
        state.meta.feature_level = 1;
        let ids: Vec<NodeId> = state.members.keys().copied().collect();
        let heard = |levels: &[u32]| ids.iter().copied().zip(levels.iter().copied()).collect();
        let next = |level: u32, levels: &[u32]| {
            let meta = ClusterMeta { feature_level: level, ..state.meta.clone() };
            next_level(&meta, &state.members, &heard(levels))
        };
        assert_eq!(next(1, &[2, 2, 2]), Some(2));
        assert_eq!(next(1, &[2, 1, 2]), None, "an older binary");
        assert_eq!(next(1, &[2, 2]), None, "one is not heard of");
        assert_eq!(next(FEATURE_LEVEL, &[99, 99, 99]), None, "not beyond what this binary knows");
        assert_eq!(next(0, &[2, 2, 2]), None, "not formed yet");
    }
}
