//! Who takes part in Raft: learners, voters, and the changes between them.
//!
//! Invariant: a change of voters goes through joint consensus and only against the membership it
//! was decided on, so two that decide at once cannot overwrite each other. What should change is
//! decided elsewhere (`app::members`); this module carries it out on the leader.

use super::{
    Store,
    types::{LogId, Types},
};
use crate::model::NodeId;
use openraft::{
    ChangeMembers, EmptyNode, Instant as _,
    async_runtime::watch::WatchReceiver,
    errors::{ClientWriteError, RaftError},
    raft::Precondition,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// The Raft group as this node knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Membership {
    /// Who votes; of a joint membership the coming ones.
    pub voters: BTreeSet<NodeId>,
    /// Who is only replicated to.
    pub learners: BTreeSet<NodeId>,
    /// A change of voters is half done.
    pub joint: bool,
    version: Option<LogId>,
}

/// How far another member is, as its leader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Log entries it lacks; `None` before its first answer.
    pub behind: Option<u64>,
    /// Since its last answer; `None` = it has not answered this leader.
    pub silent: Option<Duration>,
}

/// A change of voters, carried out as one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoterChange {
    /// Learners that are to vote.
    pub add: BTreeSet<NodeId>,
    /// Voters that are to leave altogether.
    pub remove: BTreeSet<NodeId>,
}

/// Why a membership was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MembershipError {
    /// Somebody else leads, or nobody.
    #[error("this node does not lead (any more)")]
    NotLeader,
    /// Another change came first, is under way, or makes no sense.
    #[error("the membership was not changed: {0}")]
    Refused(String),
    /// No quorum agreed in time: the change may still come about.
    #[error("no quorum has agreed to the change of the membership in time")]
    NoQuorum,
}

/// How long one change may take before its outcome counts as unknown.
const DEADLINE: Duration = Duration::from_secs(10);

impl Store {
    /// The membership in effect here, perhaps not committed yet.
    #[must_use]
    pub fn membership(&self) -> Membership {
        let metrics = self.inner().raft.metrics();
        let metrics = metrics.borrow_watched();
        let stored = &metrics.membership_config;
        let configs = stored.membership().get_joint_config();
        Membership {
            voters: configs.last().into_iter().flatten().copied().map(NodeId).collect(),
            learners: stored.membership().learner_ids().map(NodeId).collect(),
            joint: configs.len() > 1,
            version: *stored.log_id(),
        }
    }

    /// All other members, if this node leads.
    #[must_use]
    pub fn progress(&self) -> Option<BTreeMap<NodeId, Progress>> {
        let metrics = self.inner().raft.metrics();
        let metrics = metrics.borrow_watched();
        let (matched, heard) = (metrics.replication.as_ref()?, metrics.heartbeat.as_ref()?);
        let last = metrics.last_log_index.unwrap_or(0);
        let of = |(id, at): (&u64, &Option<LogId>)| {
            let behind = at.as_ref().map(|at| last.saturating_sub(at.index));
            let silent = heard.get(id).and_then(Option::as_ref).map(|at| at.elapsed());
            (NodeId(*id), Progress { behind, silent })
        };
        Some(matched.iter().filter(|(id, _)| **id != self.inner().node.0).map(of).collect())
    }

    /// Begins to replicate to `node`. A member already = nothing happens.
    ///
    /// # Errors
    /// [`MembershipError`].
    pub async fn add_learner(&self, node: NodeId) -> Result<(), MembershipError> {
        let seen = self.membership();
        let nodes = BTreeMap::from([(node.0, EmptyNode {})]);
        self.change(&seen, ChangeMembers::AddNodes(nodes)).await
    }

    /// Ends replicating to a learner.
    ///
    /// # Errors
    /// [`MembershipError`]; a voter is refused.
    pub async fn remove_learner(
        &self,
        seen: &Membership,
        node: NodeId,
    ) -> Result<(), MembershipError> {
        self.change(seen, ChangeMembers::RemoveNodes(BTreeSet::from([node.0]))).await
    }

    /// Makes learners vote and voters leave in one joint change, if the membership is still the
    /// one that was `seen`. An empty change finishes a half done one.
    ///
    /// # Errors
    /// [`MembershipError`].
    pub async fn change_voters(
        &self,
        seen: &Membership,
        change: &VoterChange,
    ) -> Result<(), MembershipError> {
        let target = seen.voters.union(&change.add).filter(|node| !change.remove.contains(node));
        let target: BTreeSet<u64> = target.map(|node| node.0).collect();
        if target.is_empty() {
            return Err(MembershipError::Refused("nobody would be left to vote".to_owned()));
        }
        self.change(seen, ChangeMembers::ReplaceAllVoters(target)).await
    }

    async fn change(
        &self,
        seen: &Membership,
        change: ChangeMembers<u64, EmptyNode>,
    ) -> Result<(), MembershipError> {
        let expected = Precondition::LastMembershipLogId { last_membership_log_id: seen.version };
        let changing = self.inner().raft.change_membership_if(change, false, [expected]);
        let changed = tokio::time::timeout(DEADLINE, changing).await;
        match changed.map_err(|_| MembershipError::NoQuorum)? {
            Ok(_) => Ok(()),
            Err(RaftError::APIError(
                ClientWriteError::ForwardToLeader(_) | ClientWriteError::LogEntryDiscarded(_),
            ))
            | Err(RaftError::Fatal(_)) => Err(MembershipError::NotLeader),
            Err(RaftError::APIError(error)) => Err(MembershipError::Refused(error.to_string())),
        }
    }

    /// Entries of the leader's log that this node has not applied yet, as a linearizable read
    /// sees it.
    ///
    /// # Errors
    /// [`super::WriteError`] when no leader answers until `deadline`.
    pub async fn behind(&self, deadline: Duration) -> Result<u64, super::WriteError> {
        let index = self.inner().leader_index(deadline).await?;
        Ok(index.saturating_sub(*self.inner().view.applied.borrow()))
    }
}

/// The voter with the longest log among those that have answered within `fresh`.
pub(super) fn best_successor(
    metrics: &openraft::RaftMetrics<Types>,
    me: NodeId,
    fresh: Duration,
) -> Option<u64> {
    let replicated = metrics.replication.as_ref()?;
    let heard = metrics.heartbeat.as_ref();
    let answers = |voter: &u64| {
        let at = heard.and_then(|heard| heard.get(voter)).and_then(Option::as_ref);
        at.is_some_and(|at| at.elapsed() < fresh)
    };
    let index = |voter: &u64| replicated.get(voter).copied().flatten().map(|id| id.index);
    metrics
        .membership_config
        .voter_ids()
        .filter(|voter| *voter != me.0 && answers(voter))
        .max_by_key(index)
}
