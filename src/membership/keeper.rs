//! Makes Raft's membership follow the rows, while this node leads: look, decide, do, again.

use super::{
    Patience, command,
    decide::{Look, Step, decide},
    rows,
};
use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{
        NodeId, UnixMs,
        audit::{Note, Verb},
        cluster::DeclaredState,
        standing::Standing,
    },
    store::{Progress, Store, command::Change},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);
/// A learner at most so many entries behind is up to date: under load it is never at zero.
const UP_TO_DATE: u64 = 1000;
const DEADLINE: Duration = Duration::from_secs(5);

/// Runs on every node; acts on the leader.
pub struct Keeper {
    store: Store,
    me: NodeId,
    patience: Patience,
    /// Since when a member has answered in time and been up to date without a break.
    healthy: BTreeMap<NodeId, Instant>,
    leading: Option<Instant>,
}

impl Keeper {
    /// For this node.
    #[must_use]
    pub fn new(store: Store, me: NodeId, patience: Patience) -> Self {
        Self { store, me, patience, healthy: BTreeMap::new(), leading: None }
    }

    /// Runs until shutdown.
    pub async fn run(mut self, shutdown: Shutdown) {
        let mut raft = self.store.raft();
        loop {
            let round = async {
                if raft.wait_for(|status| status.is_leader).await.is_err() {
                    std::future::pending::<()>().await;
                }
                if let Err(error) = self.round().await {
                    tracing::info!(error = format!("{error:#}"), "membership, trying again");
                }
                tokio::time::sleep(LOOK).await;
                if !raft.borrow().is_leader {
                    self.healthy.clear();
                    self.leading = None;
                }
            };
            tokio::select! {
                // Cancel safe: what a step has begun is finished or repeated by whoever leads.
                () = round => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    async fn round(&mut self) -> anyhow::Result<()> {
        let Some(progress) = self.store.progress() else { return Ok(()) };
        let leading = *self.leading.get_or_insert_with(Instant::now);
        self.note(&progress);
        let standings = rows::standings(&self.store)?;
        let raft = self.store.membership();
        let settled = |standing: &Standing| matches!(standing, Standing::Removed { .. });
        if !raft.joint && standings.values().all(settled) {
            return Ok(());
        }
        let state = self.store.state();
        let silent = |node: NodeId| {
            let heard = progress.get(&node).and_then(|progress| progress.silent);
            heard.unwrap_or_else(|| leading.elapsed())
        };
        let fresh = |(node, progress): (&NodeId, &Progress)| {
            progress.silent.is_some_and(|silent| silent < self.patience.fresh).then_some(*node)
        };
        let answering = progress.iter().filter_map(fresh).chain([self.me]).collect();
        let stable = |(_, since): &(&NodeId, &Instant)| since.elapsed() >= self.patience.stable;
        let fit = self.healthy.iter().filter(stable).map(|(node, _)| *node).collect();
        let step = decide(&Look {
            me: self.me,
            raft: &raft,
            members: &state.members,
            standings: &standings,
            answering: &answering,
            fit: &fit,
            silent: &silent,
            dead: self.patience.dead,
        });
        let Some(step) = step else { return Ok(()) };
        tracing::info!(?step, "membership");
        match step {
            Step::Finish => self.store.change_voters(&raft, &Default::default()).await?,
            Step::HandOver => self.store.hand_over(DEADLINE).await?,
            Step::AddLearner(node) => self.store.add_learner(node).await?,
            Step::Change(change) => self.store.change_voters(&raft, &change).await?,
            Step::RemoveLearner(node) => self.store.remove_learner(&raft, node).await?,
            Step::Forget(node, by) => {
                let changes = forget(&state, node, by)?;
                self.write(changes, node, standings.get(&node)).await?;
            }
            Step::Settle(node, old) => {
                let mut changes = vec![rows::put_standing(node, None)?];
                if let Some(old) = old {
                    changes.extend(forget(&state, old, format!("node/{node}"))?);
                }
                self.write(changes, node, standings.get(&node)).await?;
            }
        }
        Ok(())
    }

    /// Keeps since when everybody is healthy.
    fn note(&mut self, progress: &BTreeMap<NodeId, Progress>) {
        let fresh = self.patience.fresh;
        let healthy: BTreeSet<NodeId> = progress
            .iter()
            .filter(|(_, progress)| {
                progress.silent.is_some_and(|silent| silent < fresh)
                    && progress.behind.is_some_and(|behind| behind <= UP_TO_DATE)
            })
            .map(|(node, _)| *node)
            .collect();
        self.healthy.retain(|node, _| healthy.contains(node));
        for node in healthy {
            self.healthy.entry(node).or_insert_with(Instant::now);
        }
    }

    /// Writes, if `node` still stands where it stood when that was decided.
    async fn write(
        &self,
        changes: Vec<Change>,
        node: NodeId,
        stood: Option<&Standing>,
    ) -> anyhow::Result<()> {
        let unchanged = rows::standing_unchanged(&self.store, node)?;
        if rows::standing(&self.store, node)?.as_ref() != stood {
            return Ok(());
        }
        let (actor, why) = (format!("node/{}", self.me), "membership".to_owned());
        self.store.write(command(actor, why, vec![unchanged], changes)?, DEADLINE).await?;
        Ok(())
    }
}

/// The member is gone, and its id with it.
fn forget(state: &DeclaredState, node: NodeId, by: String) -> serde_json::Result<Vec<Change>> {
    let name = state.members.get(&node).map(|member| member.name.clone()).unwrap_or_default();
    let at = UnixMs(now_unix_ms());
    let gone =
        Note::done(at, by.clone(), Verb::MemberRemove).about(format!("node/{node} ({name})"));
    let gone = Note { why: "out of the cluster".into(), ..gone };
    let removed = Standing::Removed { at, by, name };
    Ok(vec![(&gone).into(), rows::delete_member(node), rows::put_standing(node, Some(&removed))?])
}
