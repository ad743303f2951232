//! The next step that brings Raft's membership closer to what the rows say. Pure.

use crate::{
    model::{NodeId, cluster::Member, standing::Standing},
    store::{Membership, VoterChange},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// More voters make every write slower and nothing safer.
const MAX_VOTERS: usize = 7;

/// What the leader sees.
pub struct Look<'a> {
    /// The leader itself.
    pub me: NodeId,
    /// Raft's membership.
    pub raft: &'a Membership,
    /// Member rows.
    pub members: &'a BTreeMap<NodeId, Member>,
    /// Standing rows.
    pub standings: &'a BTreeMap<NodeId, Standing>,
    /// Who answers now, this node included.
    pub answering: &'a BTreeSet<NodeId>,
    /// Learners that have been healthy for long enough to vote.
    pub fit: &'a BTreeSet<NodeId>,
    /// For how long a member has not answered.
    pub silent: &'a dyn Fn(NodeId) -> Duration,
    /// After such a silence a member may be replaced.
    pub dead: Duration,
}

/// One step; all of them may be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A change of voters was left half done: go through with it.
    Finish,
    /// This leader is to go: let another lead first.
    HandOver,
    /// Begin to replicate to it.
    AddLearner(NodeId),
    /// Make learners vote, and voters go.
    Change(VoterChange),
    /// End replicating to it.
    RemoveLearner(NodeId),
    /// It is out of Raft: write down that it is gone for good, and who wanted it.
    Forget(NodeId, String),
    /// It votes: it is a member like all others; the one it replaced is gone for good.
    Settle(NodeId, Option<NodeId>),
}

/// The next step; `None` = all is as it should be, or must be waited for.
#[must_use]
pub fn decide(look: &Look<'_>) -> Option<Step> {
    if look.raft.joint {
        return Some(Step::Finish);
    }
    settle(look).or_else(|| leave(look)).or_else(|| begin(look)).or_else(|| promote(look))
}

fn joining<'a>(look: &Look<'a>) -> impl Iterator<Item = (NodeId, Option<NodeId>)> + use<'a> {
    look.standings.iter().filter_map(|(node, standing)| match standing {
        Standing::Joining { replaces, .. } => Some((*node, *replaces)),
        Standing::Leaving { .. } | Standing::Removed { .. } => None,
    })
}

fn settle(look: &Look<'_>) -> Option<Step> {
    let mut voting = joining(look).filter(|(node, _)| look.raft.voters.contains(node));
    // Who was to be replaced but still votes came back to life meanwhile: it stays.
    let out = |old: &NodeId| !look.raft.voters.contains(old) && look.members.contains_key(old);
    voting.next().map(|(node, old)| Step::Settle(node, old.filter(out)))
}

fn leave(look: &Look<'_>) -> Option<Step> {
    look.standings.iter().find_map(|(node, standing)| {
        let Standing::Leaving { by, .. } = standing else { return None };
        if look.raft.learners.contains(node) {
            return Some(Step::RemoveLearner(*node));
        }
        if !look.raft.voters.contains(node) {
            return Some(Step::Forget(*node, by.clone()));
        }
        let change = VoterChange { remove: BTreeSet::from([*node]), ..VoterChange::default() };
        if !can_go_on_without(look, &change.remove) {
            return None;
        }
        Some(if *node == look.me { Step::HandOver } else { Step::Change(change) })
    })
}

/// Whether those who stay are enough, now, to agree on anything.
fn can_go_on_without(look: &Look<'_>, leaving: &BTreeSet<NodeId>) -> bool {
    let staying: BTreeSet<_> = look.raft.voters.difference(leaving).copied().collect();
    staying.intersection(look.answering).count() > staying.len() / 2
}

fn begin(look: &Look<'_>) -> Option<Step> {
    let unknown = |node: &NodeId| {
        !look.raft.learners.contains(node)
            && !look.raft.voters.contains(node)
            && look.members.contains_key(node)
    };
    joining(look).map(|(node, _)| node).find(unknown).map(Step::AddLearner)
}

fn promote(look: &Look<'_>) -> Option<Step> {
    let mut change = VoterChange::default();
    let mut coming = 0_usize;
    for (node, replaces) in joining(look) {
        if !look.raft.learners.contains(&node) {
            continue;
        }
        let old = replaces.filter(|old| look.raft.voters.contains(old));
        let may = old.is_none_or(|old| (look.silent)(old) >= look.dead);
        let room = old.is_some()
            || look.raft.voters.len() + change.add.len() - change.remove.len() < MAX_VOTERS;
        if look.fit.contains(&node) && may && room {
            change.add.insert(node);
            change.remove.extend(old);
        } else if look.answering.contains(&node) && room {
            coming += 1;
        }
    }
    if change.add.is_empty() {
        return None;
    }
    let voters = look.raft.voters.len() + change.add.len() - change.remove.len();
    // An even number survives no more failures than one less, and more machines can fail: where
    // another learner is on its way, they go together.
    let better_later = voters > look.raft.voters.len() && voters.is_multiple_of(2) && coming > 0;
    (!better_later).then_some(Step::Change(change))
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
