//! Three voters over a network in memory that can be cut.

use super::{DEADLINE, command, guarded, project, put, put_row};
use crate::{
    model::{Kind, NodeId, observed::StateHash},
    store::{
        Event, Store, WriteError,
        command::{Precondition, Space},
        testing::{MemoryNetwork, PATIENCE, member},
    },
};
use std::{collections::BTreeSet, time::Duration};
use tempfile::TempDir;
use tokio::{sync::mpsc::Receiver, time::timeout};

const IDS: [NodeId; 3] = [NodeId(11), NodeId(22), NodeId(33)];

struct Cluster {
    dir: TempDir,
    network: MemoryNetwork,
    stores: Vec<Store>,
}

impl Cluster {
    /// Opens and initializes the first `n` of three voters.
    async fn start(n: usize) -> Self {
        let (dir, network) = (tempfile::tempdir().unwrap(), MemoryNetwork::default());
        let mut stores = Vec::new();
        for id in &IDS[..n] {
            stores.push(member(dir.path(), *id, &network).await);
        }
        let all = stores.iter().map(|store| store.initialize(IDS.to_vec()));
        for initialized in futures_util::future::join_all(all).await {
            initialized.unwrap();
        }
        Self { dir, network, stores }
    }

    /// Waits until a node other than `except` leads, and says which.
    async fn leader(&self, except: Option<usize>) -> usize {
        let leads = self.stores.iter().enumerate().filter(|(n, _)| Some(*n) != except).map(
            async |(n, store)| {
                store.raft().wait_for(|status| status.is_leader).await.unwrap();
                n
            },
        );
        let first = futures_util::future::select_all(leads.map(Box::pin));
        timeout(PATIENCE, first).await.expect("a leader in time").0
    }

    /// Any node that does not lead.
    async fn follower(&self) -> usize {
        (self.leader(None).await + 1) % self.stores.len()
    }

    fn isolate(&self, n: usize) {
        let others: Vec<NodeId> = IDS.into_iter().filter(|id| *id != IDS[n]).collect();
        self.network.isolate(IDS[n], &others);
    }

    async fn close(self) {
        for store in &self.stores {
            store.close().await.unwrap();
        }
    }
}

fn title(store: &Store, name: &str) -> Option<String> {
    let state = store.state();
    Some(state.get(Kind::Project, name)?.spec["title"].as_str()?.to_owned())
}

#[tokio::test]
async fn three_form_one_cluster_from_the_same_call_and_a_second_call_is_harmless() {
    let cluster = Cluster::start(3).await;
    let leader = IDS[cluster.leader(None).await];
    for store in &cluster.stores {
        store.initialize(IDS.to_vec()).await.unwrap();
        let mut raft = store.raft();
        let agrees = raft.wait_for(|s| s.leader == Some(leader) && s.voters == IDS);
        timeout(PATIENCE, agrees).await.unwrap().unwrap();
        assert!(store.raft().borrow().initialized);
    }
    cluster.close().await;
}

#[tokio::test]
async fn a_follower_forwards_a_write_and_can_read_it_at_once() {
    let cluster = Cluster::start(3).await;
    let follower = &cluster.stores[cluster.follower().await];
    for n in 0..10 {
        let text = n.to_string();
        let written = follower.write(command(vec![put("a", &text)]), DEADLINE).await.unwrap();
        assert_eq!(title(follower, "a"), Some(text));
        assert!(follower.state().index >= written.index);
    }
    assert_eq!(cluster.network.calls("store/write"), 10);
    let guard = vec![Precondition::Absent(project("a"))];
    let refused = follower.write(guarded(guard, vec![put("a", "x")]), DEADLINE).await;
    assert!(matches!(refused, Err(WriteError::Precondition(_))), "{refused:?}");
    cluster.close().await;
}

#[tokio::test]
async fn nodes_with_the_same_log_show_the_same_hash_of_their_state() {
    let cluster = Cluster::start(3).await;
    let mut last = 0;
    for n in 0..5 {
        let store = &cluster.stores[n % 3];
        let write = command(vec![put("a", &n.to_string()), put_row("k", b"v")]);
        last = store.write(write, DEADLINE).await.unwrap().index;
    }
    let mut all = Vec::new();
    for store in &cluster.stores {
        assert!(store.wait_applied(last, PATIENCE).await);
        all.push(store.state_hashes());
    }
    assert_eq!(all[0].last().unwrap().index, last);
    assert!(all.iter().all(|hashes| hashes.last() == all[0].last()), "{all:?}");
    assert_eq!(StateHash::differ(&all[0], &all[1]), None);
    let mut damaged = all[0].clone();
    damaged.last_mut().unwrap().hash = "0".repeat(32);
    assert_eq!(StateHash::differ(&damaged, &all[1]), Some(last));
    cluster.close().await;
}

#[tokio::test]
async fn a_command_of_several_mebibytes_is_forwarded_in_pieces() {
    let cluster = Cluster::start(3).await;
    let follower = &cluster.stores[cluster.follower().await];
    let text = "x".repeat(100 << 10);
    let large = command((0..30).map(|n| put(&format!("p{n}"), &text)).collect());
    let written = follower.write(large, DEADLINE).await.unwrap();
    for store in &cluster.stores {
        assert!(store.wait_applied(written.index, PATIENCE).await);
        assert_eq!(store.state().of(Kind::Project).count(), 30);
    }
    cluster.close().await;
}

#[tokio::test]
async fn one_request_sent_through_all_nodes_at_once_takes_effect_once() {
    let cluster = Cluster::start(3).await;
    cluster.leader(None).await;
    let request = command(vec![put("a", "A")]);
    let all = cluster.stores.iter().map(|store| store.write(request.clone(), DEADLINE));
    let outcomes = futures_util::future::join_all(all).await;
    let first = outcomes[0].clone().unwrap();
    assert!(outcomes.into_iter().all(|outcome| outcome.unwrap() == first));
    assert_eq!(cluster.stores[0].history(None, None, 10).unwrap().len(), 1);
    cluster.close().await;
}

#[tokio::test]
async fn a_barrier_on_a_follower_sees_what_was_acknowledged_elsewhere() {
    let cluster = Cluster::start(3).await;
    let leader = cluster.leader(None).await;
    for n in 0..20 {
        let text = n.to_string();
        let write = command(vec![put("a", &text)]);
        cluster.stores[leader].write(write, DEADLINE).await.unwrap();
        let other = &cluster.stores[(leader + 1 + n % 2) % 3];
        other.barrier(DEADLINE).await.unwrap();
        assert_eq!(title(other, "a"), Some(text));
    }
    cluster.close().await;
}

#[tokio::test]
async fn an_isolated_leader_acknowledges_nothing_and_no_acknowledged_write_is_lost() {
    let cluster = Cluster::start(3).await;
    let old = cluster.leader(None).await;
    let before = command(vec![put("before", "1")]);
    cluster.stores[old].write(before, DEADLINE).await.unwrap();
    cluster.isolate(old);
    let lost = command(vec![put("maybe", "1")]);
    let outcome = cluster.stores[old].write(lost, Duration::from_millis(300)).await;
    assert!(matches!(outcome, Err(WriteError::NoQuorum(_))), "{outcome:?}");
    let new = cluster.leader(Some(old)).await;
    let during = command(vec![put("during", "1")]);
    let written = cluster.stores[new].write(during, DEADLINE).await.unwrap();
    let mut raft = cluster.stores[old].raft();
    let noticed = raft.wait_for(|s| !s.is_leader && s.quorum_age_ms.is_some_and(|ms| ms >= 500));
    timeout(PATIENCE, noticed).await.expect("the old leader notices").unwrap();
    assert_eq!(title(&cluster.stores[old], "during"), None);
    let stale = cluster.stores[old].barrier(Duration::from_millis(200)).await;
    assert!(matches!(stale, Err(WriteError::NoQuorum(_))), "{stale:?}");

    cluster.network.heal();
    assert!(cluster.stores[old].wait_applied(written.index, PATIENCE).await);
    for store in &cluster.stores {
        assert_eq!(title(store, "before").as_deref(), Some("1"));
        assert_eq!(title(store, "during").as_deref(), Some("1"));
    }
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_through_every_node_survive_each_leader_going_away_in_turn() {
    let mut cluster = Cluster::start(3).await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let leader = cluster.leader(None).await;
        let gone = IDS[leader];
        let writers: Vec<_> = (0..3)
            .flat_map(|via| (0..10).map(move |n| (via, format!("{round}-{via}-{n}"))))
            .map(|(via, key)| {
                let store = cluster.stores[via].clone();
                tokio::spawn(async move {
                    let write = command(vec![put_row(&key, b"v")]);
                    (key, store.write(write, DEADLINE).await)
                })
            })
            .collect();
        cluster.network.remove(gone);
        cluster.stores[leader].close().await.unwrap();
        for writer in writers {
            match writer.await.unwrap() {
                (key, Ok(_)) => acknowledged.push(key),
                (_, Err(WriteError::Closed)) => {}
                (key, Err(other)) => panic!("{key}: {other}"),
            }
        }
        cluster.stores[leader] = member(cluster.dir.path(), gone, &cluster.network).await;
    }
    assert!(acknowledged.len() >= 60, "writes through the living nodes are acknowledged");
    for store in &cluster.stores {
        store.barrier(DEADLINE).await.unwrap();
        for key in &acknowledged {
            assert!(store.row(Space::Lease, key.as_bytes()).unwrap().is_some(), "lost {key}");
        }
    }
    cluster.close().await;
}

#[tokio::test]
async fn leadership_is_handed_over_on_request_and_writes_go_on() {
    let cluster = Cluster::start(3).await;
    let old = cluster.leader(None).await;
    cluster.stores[old].write(command(vec![put("a", "1")]), DEADLINE).await.unwrap();
    cluster.stores[old].hand_over(PATIENCE).await.unwrap();
    let new = cluster.leader(Some(old)).await;
    assert_ne!(new, old);
    assert!(cluster.network.calls("raft/transfer") >= 1);
    cluster.stores[old].write(command(vec![put("a", "2")]), DEADLINE).await.unwrap();
    assert_eq!(title(&cluster.stores[old], "a").as_deref(), Some("2"));
    cluster.stores[old].hand_over(PATIENCE).await.unwrap();
    cluster.close().await;
}

#[tokio::test]
async fn a_blank_member_catches_up_by_snapshot_and_the_tail_and_its_watch_says_resync() {
    let mut cluster = Cluster::start(2).await;
    let leader = cluster.leader(None).await;
    let mut written = BTreeSet::new();
    for round in 0..10 {
        let writes = (0..60).map(|n| {
            let changes = vec![put(&format!("p{n}"), &round.to_string()), put_row("n", &[1])];
            cluster.stores[leader].write(command(changes), DEADLINE)
        });
        let writes = futures_util::future::join_all(writes).await;
        written.extend(writes.into_iter().map(|write| write.unwrap().index));
    }
    let late = member(cluster.dir.path(), IDS[2], &cluster.network).await;
    let mut events = late.subscribe(0);
    let target = cluster.stores[leader].state().index;
    assert!(late.wait_applied(target, PATIENCE).await, "catches up");
    assert!(cluster.network.calls("raft/snapshot") >= 1, "the log alone cannot have done it");
    assert_eq!(late.state(), cluster.stores[leader].state());
    assert_eq!(
        late.history(None, None, 1000).unwrap(),
        cluster.stores[leader].history(None, None, 1000).unwrap()
    );
    assert_no_silent_gap(&mut events, &written).await;
    late.initialize(IDS.to_vec()).await.unwrap();
    late.write(command(vec![put("late", "1")]), DEADLINE).await.unwrap();
    cluster.stores.push(late);

    // And it stands on its own feet after a restart.
    let late = cluster.stores.pop().unwrap();
    cluster.network.remove(IDS[2]);
    late.close().await.unwrap();
    drop(late);
    let late = member(cluster.dir.path(), IDS[2], &cluster.network).await;
    assert_eq!(title(&late, "late").as_deref(), Some("1"));
    cluster.stores.push(late);
    cluster.close().await;
}

/// Every write above the last event is delivered next, or a resync says that it is not.
async fn assert_no_silent_gap(events: &mut Receiver<Event>, written: &BTreeSet<u64>) {
    let (mut at, mut resyncs) = (0, 0);
    while at < *written.last().unwrap() {
        match timeout(PATIENCE, events.recv()).await.unwrap().unwrap() {
            Event::Changed { index, .. } => {
                assert_eq!(written.range(at + 1..).next(), Some(&index), "a silent gap");
                at = index;
            }
            Event::Resync { index } => (at, resyncs) = (index, resyncs + 1),
        }
    }
    assert!(resyncs >= 1, "a snapshot skips events, and that must be said");
}
