//! Members come and go over a network in memory, under load and with deaths in between.

use super::{DEADLINE, command, put_row};
use crate::{
    model::NodeId,
    store::{
        MembershipError, Store, VoterChange,
        command::Space,
        testing::{MemoryNetwork, PATIENCE, member},
    },
};
use std::{collections::BTreeSet, time::Duration};
use tempfile::TempDir;
use tokio::time::timeout;

struct Group {
    dir: TempDir,
    network: MemoryNetwork,
    stores: Vec<Store>,
}

fn ids(ids: &[u64]) -> BTreeSet<NodeId> {
    ids.iter().copied().map(NodeId).collect()
}

impl Group {
    /// Nodes 1 to n, all of them open, of which the first `voters` have formed the group.
    async fn start(n: u64, voters: u64) -> Self {
        let (dir, network) = (tempfile::tempdir().unwrap(), MemoryNetwork::default());
        let mut stores = Vec::new();
        for id in 1..=n {
            stores.push(member(dir.path(), NodeId(id), &network).await);
        }
        let founders: Vec<NodeId> = (1..=voters).map(NodeId).collect();
        for store in &stores[..usize::try_from(voters).unwrap()] {
            store.initialize(founders.clone()).await.unwrap();
        }
        Self { dir, network, stores }
    }

    fn store(&self, id: u64) -> &Store {
        &self.stores[usize::try_from(id - 1).unwrap()]
    }

    /// Waits for a leader among `of`.
    async fn leader(&self, of: &[u64]) -> u64 {
        let leads = of.iter().map(async |id| {
            self.store(*id).raft().wait_for(|status| status.is_leader).await.unwrap();
            *id
        });
        let first = futures_util::future::select_all(leads.map(Box::pin));
        timeout(PATIENCE, first).await.expect("a leader in time").0
    }

    /// Carries the change out on whoever leads, as often as it takes.
    async fn change(&self, of: &[u64], add: &[u64], remove: &[u64]) {
        let wanted = |voters: &BTreeSet<NodeId>| {
            ids(add).is_subset(voters) && ids(remove).is_disjoint(voters)
        };
        let done = async {
            loop {
                let leader = self.store(self.leader(of).await);
                let seen = leader.membership();
                if wanted(&seen.voters) && !seen.joint {
                    return;
                }
                let change = VoterChange { add: ids(add), remove: ids(remove) };
                let _ = leader.change_voters(&seen, &change).await;
            }
        };
        timeout(PATIENCE, done).await.expect("the change comes about");
    }

    async fn learn(&self, leader: u64, node: u64) {
        let caught_up = async {
            loop {
                // Refused while the change before it is not committed yet.
                let _ = self.store(leader).add_learner(NodeId(node)).await;
                let progress = self.store(leader).progress().unwrap_or_default();
                let behind = progress.get(&NodeId(node)).and_then(|p| p.behind);
                if behind == Some(0) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, caught_up).await.expect("the learner catches up");
    }

    async fn write(&self, through: u64, key: &str) {
        let write = command(vec![put_row(key, b"v")]);
        self.store(through).write(write, DEADLINE).await.unwrap();
    }

    async fn close(self) {
        for store in &self.stores {
            store.close().await.unwrap();
        }
    }
}

#[tokio::test]
async fn one_grows_to_three_and_five_and_shrinks_again_without_losing_a_write() {
    let group = Group::start(5, 1).await;
    group.write(1, "alone").await;
    for node in [2, 3] {
        group.learn(1, node).await;
        assert!(group.store(1).membership().learners.contains(&NodeId(node)));
    }
    group.change(&[1], &[2, 3], &[]).await;
    group.write(2, "three").await;
    let leader = group.leader(&[1, 2, 3]).await;
    for node in [4, 5] {
        group.learn(leader, node).await;
    }
    group.change(&[1, 2, 3], &[4, 5], &[]).await;
    group.write(5, "five").await;
    group.change(&[1, 2, 3, 4, 5], &[], &[1, 2]).await;
    group.write(3, "shrunk").await;
    let seen = group.store(group.leader(&[3, 4, 5]).await).membership();
    assert_eq!((seen.voters, seen.learners), (ids(&[3, 4, 5]), ids(&[])));
    for key in ["alone", "three", "five", "shrunk"] {
        assert!(group.store(5).row(Space::Lease, key.as_bytes()).unwrap().is_some(), "{key}");
    }
    group.close().await;
}

#[tokio::test]
async fn of_two_changes_decided_on_one_membership_only_one_comes_about() {
    let group = Group::start(4, 3).await;
    let leader = group.leader(&[1, 2, 3]).await;
    group.learn(leader, 4).await;
    let seen = group.store(leader).membership();
    let add = VoterChange { add: ids(&[4]), ..VoterChange::default() };
    let victim = (1..=3).find(|id| *id != leader).unwrap();
    let remove = VoterChange { remove: ids(&[victim]), ..VoterChange::default() };
    group.store(leader).change_voters(&seen, &add).await.unwrap();
    let late = group.store(leader).change_voters(&seen, &remove).await;
    assert!(matches!(late, Err(MembershipError::Refused(_))), "{late:?}");
    assert_eq!(group.store(leader).membership().voters, ids(&[1, 2, 3, 4]));
    let nobody = VoterChange { remove: ids(&[1, 2, 3, 4]), ..VoterChange::default() };
    let seen = group.store(leader).membership();
    let refused = group.store(leader).change_voters(&seen, &nobody);
    assert!(matches!(refused.await, Err(MembershipError::Refused(_))));
    group.close().await;
}

#[tokio::test]
async fn a_dead_voter_is_swapped_in_one_change_and_never_votes_again() {
    let mut group = Group::start(4, 3).await;
    let leader = group.leader(&[1, 2, 3]).await;
    let dead = (1..=3).find(|id| *id != leader).unwrap();
    group.network.remove(NodeId(dead));
    group.store(dead).close().await.unwrap();
    group.learn(leader, 4).await;
    let alive: Vec<u64> = (1..=4).filter(|id| *id != dead).collect();
    group.change(&alive, &[4], &[dead]).await;
    assert_eq!(group.store(leader).membership().voters, ids(&alive));
    group.write(4, "swapped").await;
    // It comes back with its old disk: nobody asks it, and its votes are nobody's business.
    let index = usize::try_from(dead - 1).unwrap();
    let back = member(group.dir.path(), NodeId(dead), &group.network).await;
    group.stores[index] = back;
    let term = group.store(leader).raft().borrow().term;
    for n in 0..20 {
        group.write(4, &format!("after-{n}")).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(group.store(leader).raft().borrow().term, term, "it does not disturb the others");
    assert!(group.store(dead).row(Space::Lease, b"after-0").unwrap().is_none());
    group.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_killed_amid_a_change_leaves_one_that_its_successor_finishes() {
    let mut group = Group::start(5, 3).await;
    let leader = group.leader(&[1, 2, 3]).await;
    for node in [4, 5] {
        group.learn(leader, node).await;
    }
    let (doomed, seen) = (group.store(leader).clone(), group.store(leader).membership());
    let change = VoterChange { add: ids(&[4, 5]), ..VoterChange::default() };
    let changing = tokio::spawn(async move { doomed.change_voters(&seen, &change).await });
    group.network.remove(NodeId(leader));
    group.store(leader).close().await.unwrap();
    let _ = changing.await.unwrap();
    let rest: Vec<u64> = (1..=5).filter(|id| *id != leader).collect();
    group.change(&rest, &[4, 5], &[]).await;
    group.write(4, "after").await;
    let index = usize::try_from(leader - 1).unwrap();
    group.stores[index] = member(group.dir.path(), NodeId(leader), &group.network).await;
    let mut raft = group.store(leader).raft();
    let knows = raft.wait_for(|status| status.voters.len() == 5);
    timeout(PATIENCE, knows).await.unwrap().unwrap();
    group.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_go_on_while_leadership_is_handed_over_again_and_again() {
    let group = Group::start(3, 3).await;
    group.leader(&[1, 2, 3]).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let writers: Vec<_> = (1..=3)
        .map(|through| {
            let (store, stop) = (group.store(through).clone(), stop.clone());
            tokio::spawn(async move {
                let mut n = 0_u64;
                while !stop.is_cancelled() {
                    let write = command(vec![put_row(&format!("{through}-{n}"), b"v")]);
                    store.write(write, DEADLINE).await.unwrap();
                    n += 1;
                }
                n
            })
        })
        .collect();
    for _ in 0..5 {
        let leader = group.leader(&[1, 2, 3]).await;
        group.store(leader).hand_over(PATIENCE).await.unwrap();
        assert!(!group.store(leader).raft().borrow().is_leader);
    }
    stop.cancel();
    assert!(group.network.calls("raft/transfer") >= 5);
    for (through, writer) in (1..).zip(writers) {
        let n: u64 = writer.await.unwrap();
        assert!(n > 0);
        let store = group.store(1);
        store.barrier(DEADLINE).await.unwrap();
        for n in 0..n {
            let key = format!("{through}-{n}");
            assert!(store.row(Space::Lease, key.as_bytes()).unwrap().is_some(), "lost {key}");
        }
    }
    group.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_begun_by_a_leader_that_is_cut_off_never_comes_about() {
    let group = Group::start(3, 3).await;
    let cut_off = group.leader(&[1, 2, 3]).await;
    let others: Vec<u64> = (1..=3).filter(|id| *id != cut_off).collect();
    group.network.isolate(NodeId(cut_off), &[NodeId(others[0]), NodeId(others[1])]);
    let (store, seen) = (group.store(cut_off).clone(), group.store(cut_off).membership());
    let change = VoterChange { remove: ids(&others[..1]), ..VoterChange::default() };
    let removing = tokio::spawn(async move { store.change_voters(&seen, &change).await });
    group.leader(&others).await;
    group.write(others[0], "meanwhile").await;
    group.network.heal();
    let end = timeout(PATIENCE, removing).await.expect("an answer in time").unwrap();
    assert!(end.is_err(), "it had no quorum: {end:?}");
    let back = group.store(cut_off);
    back.barrier(DEADLINE).await.unwrap();
    assert!(back.row(Space::Lease, b"meanwhile").unwrap().is_some());
    for id in 1..=3 {
        let seen = group.store(id).membership();
        assert_eq!((seen.voters, seen.joint), (ids(&[1, 2, 3]), false), "as node {id} sees it");
    }
    group.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_that_loses_its_quorum_midway_waits_for_it_and_is_then_finished() {
    let mut group = Group::start(3, 3).await;
    let leader = group.leader(&[1, 2, 3]).await;
    group.write(leader, "before").await;
    let dead: Vec<u64> = (1..=3).filter(|id| *id != leader).collect();
    let (store, seen) = (group.store(leader).clone(), group.store(leader).membership());
    let change = VoterChange { remove: ids(&dead[..1]), ..VoterChange::default() };
    let removing = tokio::spawn(async move { store.change_voters(&seen, &change).await });
    for id in &dead {
        group.network.remove(NodeId(*id));
        group.store(*id).close().await.unwrap();
    }
    // One of the two that are needed: either the change was through before, or it waits.
    let alone = command(vec![put_row("alone", b"v")]);
    let refused = group.store(leader).write(alone, Duration::from_millis(500)).await;
    assert!(refused.is_err(), "one of three takes no write: {refused:?}");
    for id in &dead {
        let back = member(group.dir.path(), NodeId(*id), &group.network).await;
        group.stores[usize::try_from(id - 1).unwrap()] = back;
    }
    let _ = timeout(PATIENCE, removing).await.expect("an answer in time").unwrap();
    let stays = [leader, dead[1]];
    group.change(&stays, &[], &dead[..1]).await;
    group.write(dead[1], "after").await;
    for id in stays {
        let store = group.store(id);
        store.barrier(DEADLINE).await.unwrap();
        assert_eq!(store.membership().voters, ids(&stays));
        for key in ["before", "after"] {
            assert!(store.row(Space::Lease, key.as_bytes()).unwrap().is_some(), "{key} at {id}");
        }
    }
    group.close().await;
}
