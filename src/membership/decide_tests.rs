use super::*;
use crate::model::{UnixMs, cluster::Ports};

const ME: NodeId = NodeId(1);

/// A cluster as a test tells it; node 1 leads.
struct Story {
    raft: Membership,
    members: BTreeMap<NodeId, Member>,
    standings: BTreeMap<NodeId, Standing>,
    answering: BTreeSet<NodeId>,
    fit: BTreeSet<NodeId>,
    silent: Duration,
}

fn ids(ids: &[u64]) -> BTreeSet<NodeId> {
    ids.iter().copied().map(NodeId).collect()
}

fn member(id: NodeId) -> Member {
    Member {
        id,
        name: format!("mon{id}"),
        address: [10, 0, 0, 1].into(),
        loopback: [127, 0, 0, 1].into(),
        ports: Ports::default(),
        url: String::new(),
        gone: false,
    }
}

impl Story {
    fn of(voters: &[u64], learners: &[u64]) -> Self {
        let mut raft = Membership::default();
        (raft.voters, raft.learners) = (ids(voters), ids(learners));
        let all: BTreeSet<NodeId> = raft.voters.union(&raft.learners).copied().collect();
        Self {
            members: all.iter().map(|id| (*id, member(*id))).collect(),
            standings: BTreeMap::new(),
            answering: all,
            fit: BTreeSet::new(),
            silent: Duration::ZERO,
            raft,
        }
    }

    fn joins(mut self, node: u64, replaces: Option<u64>) -> Self {
        let (since, token) = (UnixMs(1), "t".to_owned());
        let replaces = replaces.map(NodeId);
        self.members.insert(NodeId(node), member(NodeId(node)));
        self.standings.insert(NodeId(node), Standing::Joining { since, token, replaces });
        self
    }

    fn leaves(mut self, node: u64) -> Self {
        let leaving = Standing::Leaving { since: UnixMs(1), by: "ann".into() };
        self.standings.insert(NodeId(node), leaving);
        self
    }

    fn fit(mut self, nodes: &[u64]) -> Self {
        self.fit = ids(nodes);
        self
    }

    fn mute(mut self, node: u64, silent: u64) -> Self {
        self.answering.remove(&NodeId(node));
        self.silent = Duration::from_secs(silent);
        self
    }

    fn next(&self) -> Option<Step> {
        let silent = |node: NodeId| match self.answering.contains(&node) {
            true => Duration::ZERO,
            false => self.silent,
        };
        decide(&Look {
            me: ME,
            raft: &self.raft,
            members: &self.members,
            standings: &self.standings,
            answering: &self.answering,
            fit: &self.fit,
            silent: &silent,
            dead: Duration::from_secs(60),
        })
    }
}

fn change(add: &[u64], remove: &[u64]) -> Option<Step> {
    Some(Step::Change(VoterChange { add: ids(add), remove: ids(remove) }))
}

#[test]
fn a_settled_cluster_is_left_alone_however_silent_a_voter_is() {
    assert_eq!(Story::of(&[1, 2, 3], &[]).next(), None);
    assert_eq!(Story::of(&[1, 2, 3], &[]).mute(3, 100_000).next(), None);
}

#[test]
fn a_machine_that_was_let_in_learns_first_and_votes_once_it_is_fit() {
    let story = Story::of(&[1, 2], &[]).joins(3, None);
    assert_eq!(story.next(), Some(Step::AddLearner(NodeId(3))));
    let learning = || Story::of(&[1, 2], &[3]).joins(3, None);
    assert_eq!(learning().next(), None, "not healthy for long enough");
    assert_eq!(learning().fit(&[3]).next(), change(&[3], &[]));
    let voting = Story::of(&[1, 2, 3], &[]).joins(3, None);
    assert_eq!(voting.next(), Some(Step::Settle(NodeId(3), None)));
}

#[test]
fn one_grows_to_three_at_once_when_two_are_on_their_way() {
    let both = || Story::of(&[1], &[2, 3]).joins(2, None).joins(3, None);
    assert_eq!(both().fit(&[2]).next(), None, "two voters are worse than one");
    assert_eq!(both().fit(&[2, 3]).next(), change(&[2, 3], &[]));
    assert_eq!(both().fit(&[2]).mute(3, 5).next(), change(&[2], &[]), "the other does not come");
}

#[test]
fn a_change_that_was_left_half_done_is_finished_before_anything_else() {
    let mut story = Story::of(&[1, 2, 3], &[4]).joins(4, None).leaves(2).fit(&[4]);
    story.raft.joint = true;
    assert_eq!(story.next(), Some(Step::Finish));
}

#[test]
fn a_voter_leaves_in_one_change_and_is_then_forgotten() {
    let voter = Story::of(&[1, 2, 3], &[]).leaves(3);
    assert_eq!(voter.next(), change(&[], &[3]));
    let out = Story::of(&[1, 2], &[]).leaves(3);
    assert_eq!(out.next(), Some(Step::Forget(NodeId(3), "ann".into())));
    let learner = Story::of(&[1, 2], &[3]).leaves(3);
    assert_eq!(learner.next(), Some(Step::RemoveLearner(NodeId(3))));
}

#[test]
fn a_leader_that_leaves_hands_over_first() {
    assert_eq!(Story::of(&[1, 2, 3], &[]).leaves(1).next(), Some(Step::HandOver));
}

#[test]
fn nobody_leaves_while_those_who_stay_could_agree_on_nothing() {
    let story = Story::of(&[1, 2, 3], &[]).leaves(2).mute(3, 5);
    assert_eq!(story.next(), None, "of 1 and 3 only 1 answers");
    let story = Story::of(&[1, 2, 3], &[]).leaves(3).mute(3, 5);
    assert_eq!(story.next(), change(&[], &[3]), "the dead one itself may go");
    assert_eq!(Story::of(&[1], &[]).leaves(1).next(), None, "the last one never");
}

#[test]
fn a_dead_voter_is_swapped_for_its_successor_in_one_change() {
    let story = || Story::of(&[1, 2, 3], &[4]).joins(4, Some(3)).fit(&[4]);
    assert_eq!(story().next(), None, "the old one answers");
    assert_eq!(story().mute(3, 59).next(), None);
    assert_eq!(story().mute(3, 60).next(), change(&[4], &[3]));
    let mut swapped = Story::of(&[1, 2, 4], &[]).joins(4, Some(3));
    swapped.members.insert(NodeId(3), member(NodeId(3)));
    assert_eq!(swapped.next(), Some(Step::Settle(NodeId(4), Some(NodeId(3)))));
}

#[test]
fn beyond_seven_voters_machines_stay_learners() {
    let story = Story::of(&[1, 2, 3, 4, 5, 6, 7], &[8]).joins(8, None).fit(&[8]);
    assert_eq!(story.next(), None);
    let swap = Story::of(&[1, 2, 3, 4, 5, 6, 7], &[8]).joins(8, Some(7)).fit(&[8]).mute(7, 99);
    assert_eq!(swap.next(), change(&[8], &[7]));
}

#[test]
fn any_rows_lead_to_an_end_and_never_to_a_cluster_without_a_voter() {
    use proptest::prelude::*;
    let nodes = proptest::collection::vec((0..4_u8, any::<bool>(), any::<bool>()), 6);
    proptest!(|(nodes in nodes)| {
        let mut story = Story::of(&[1], &[]).fit(&[1, 2, 3, 4, 5, 6, 7]);
        for (node, (fate, votes, learns)) in (2..).zip(nodes) {
            if votes {
                story.raft.voters.insert(NodeId(node));
            } else if learns {
                story.raft.learners.insert(NodeId(node));
            }
            story.answering.insert(NodeId(node));
            if votes || learns || fate == 1 {
                story.members.insert(NodeId(node), member(NodeId(node)));
            }
            story = match fate {
                1 => story.joins(node, None),
                2 => story.leaves(node),
                _ => story,
            };
        }
        // Carried out, each step brings it closer; at the end nothing is left to do.
        for _ in 0..100 {
            let Some(step) = story.next() else { break };
            carry_out(&mut story, &step);
            prop_assert!(!story.raft.voters.is_empty());
        }
        prop_assert_eq!(story.next(), None);
        let pending = story.standings.iter().filter(|(node, standing)| match standing {
            // It may wait for room among the voters.
            Standing::Joining { .. } => !story.raft.learners.contains(node),
            Standing::Leaving { .. } => true,
            Standing::Removed { .. } => false,
        });
        prop_assert_eq!(pending.count(), 0);
    });
}

fn carry_out(story: &mut Story, step: &Step) {
    let removed =
        |by: &str| Standing::Removed { at: UnixMs(2), by: by.to_owned(), name: String::new() };
    match step {
        Step::Finish => story.raft.joint = false,
        Step::HandOver => {}
        Step::AddLearner(node) => {
            story.raft.learners.insert(*node);
        }
        Step::Change(change) => {
            for node in &change.add {
                story.raft.learners.remove(node);
                story.raft.voters.insert(*node);
            }
            story.raft.voters.retain(|node| !change.remove.contains(node));
        }
        Step::RemoveLearner(node) => {
            story.raft.learners.remove(node);
        }
        Step::Forget(node, by) => {
            story.members.remove(node);
            story.standings.insert(*node, removed(by));
        }
        Step::Settle(node, old) => {
            story.standings.remove(node);
            if let Some(old) = old {
                story.members.remove(old);
                story.standings.insert(*old, removed("replaced"));
            }
        }
    }
}
