//! Logs and snapshots that are behind the state when a node starts.

use super::{
    crash::{file, log_id},
    disk::Disk,
};
use crate::{
    base::atomic_file,
    model::NodeId,
    store::{
        Profile, Store,
        open::{self, Storage, Tuning},
        testing::{MemoryNetwork, PATIENCE, member},
        types::{Entry, LogId, Membership, Op, Types, Vote},
        wire::command::command_op,
        work::Work,
    },
};
use openraft::{
    EntryPayload, RaftSnapshotBuilder,
    entry::RaftEntry,
    storage::{IOFlushed, RaftLogStorage, RaftStateMachine},
    type_config::TypeConfigExt,
};
use std::{collections::BTreeSet, fs, ops::Range, path::Path};
use tempfile::TempDir;
use tokio::time::timeout;

const NODE: NodeId = NodeId(1);
const LAGGARD: NodeId = NodeId(2);

/// What a power cut leaves of one node.
#[derive(Clone, Default)]
struct Left {
    state: Disk,
    log: Disk,
}

impl Left {
    fn open(&self, snapshots: &Path) -> Storage {
        let (state, log) = (file(self.state.clone()), file(self.log.clone()));
        Storage::over(state, log, snapshots.to_owned(), Work::Threads).unwrap()
    }
}

async fn close(storage: Storage) {
    storage.applier.close().await;
    storage.log.close().await;
}

/// The first entry makes [`NODE`] the only voter.
fn entry(term: u64, index: u64) -> Entry {
    let payload = match index {
        1 => EntryPayload::Membership(Membership::new_with_defaults(
            vec![BTreeSet::from([NODE.0])],
            BTreeSet::new(),
        )),
        _ => EntryPayload::Normal(op(index)),
    };
    <Entry as RaftEntry>::new(log_id(term, index), payload)
}

fn op(index: u64) -> Op {
    command_op(super::command(vec![super::put("a", &index.to_string())]))
}

async fn append(storage: &mut Storage, term: u64, indexes: Range<u64>) {
    let (done, flushed) = Types::oneshot();
    let entries: Vec<Entry> = indexes.map(|index| entry(term, index)).collect();
    storage.log.append(entries, IOFlushed::signal(done)).await.unwrap();
    flushed.await.unwrap().unwrap();
}

async fn apply(storage: &Storage, term: u64, indexes: Range<u64>) {
    let items = indexes.map(|index| (entry(term, index), None)).collect();
    storage.applier.apply(items).await.unwrap();
}

async fn held(storage: &mut Storage) -> Option<LogId> {
    storage.machine.get_current_snapshot().await.unwrap()?.meta.last_log_id
}

/// The node starts, leads, takes a write, and an empty node that joins gets all there is.
async fn serves_and_brings_up_a_laggard(storage: Storage, dir: &Path) {
    let network = MemoryNetwork::default();
    let transport = network.transport(NODE);
    let tuning = Tuning { snapshot_every: 1_000, keep_entries: 5, ..Profile::Fast.into() };
    let store = Store::of(open::start(NODE, storage, transport, tuning).await.unwrap());
    network.serve(NODE, store.service());
    let mut raft = store.raft();
    let leads = raft.wait_for(|status| status.is_leader);
    timeout(PATIENCE, leads).await.expect("a leader in time").unwrap();
    let write = super::command(vec![super::put("b", "after")]);
    let index = store.write(write, PATIENCE).await.unwrap().index;
    let laggard = member(dir, LAGGARD, &network).await;
    store.add_learner(LAGGARD).await.unwrap();
    assert!(laggard.wait_applied(index, PATIENCE).await, "the laggard is brought up");
    let (mine, its) = (store.state(), laggard.state());
    assert_eq!(mine.resources, its.resources);
    laggard.close().await.unwrap();
    store.close().await.unwrap();
}

/// A node that ended with these entries, by term, in its log and in its state.
async fn left(logged: (u64, Range<u64>), applied: &[(u64, Range<u64>)]) -> (Left, TempDir) {
    let (left, dir) = (Left::default(), tempfile::tempdir().unwrap());
    let mut storage = left.open(dir.path());
    let term = applied.iter().map(|(term, _)| *term).max().unwrap();
    storage.log.save_vote(&Vote::new(term, 1)).await.unwrap();
    append(&mut storage, logged.0, logged.1).await;
    for (term, indexes) in applied {
        apply(&storage, *term, indexes.clone()).await;
    }
    close(storage).await;
    (left, dir)
}

#[tokio::test]
async fn a_log_that_ends_before_the_state_begins_anew_behind_it() {
    let (left, dir) = left((1, 0..4), &[(1, 1..10)]).await;
    // The second start finds what the first has mended.
    for _ in 0..2 {
        let mut storage = left.open(dir.path());
        let log = storage.log.get_log_state().await.unwrap();
        assert_eq!(log.last_purged_log_id, Some(log_id(1, 9)));
        assert_eq!(log.last_log_id, Some(log_id(1, 9)));
        assert_eq!(held(&mut storage).await, Some(log_id(1, 9)));
        close(storage).await;
    }
    serves_and_brings_up_a_laggard(left.open(dir.path()), dir.path()).await;
}

#[tokio::test]
async fn what_a_leader_that_lost_has_left_in_the_log_does_not_stop_a_start() {
    // What is of the next term was on the disks of the others: applied before this one had it.
    let (left, dir) = left((2, 0..15), &[(2, 1..5), (3, 5..10)]).await;
    let mut storage = left.open(dir.path());
    let log = storage.log.get_log_state().await.unwrap();
    assert_eq!(log.last_log_id, Some(log_id(3, 9)));
    assert_eq!(held(&mut storage).await, Some(log_id(3, 9)));
    serves_and_brings_up_a_laggard(storage, dir.path()).await;
}

#[tokio::test]
async fn a_log_that_is_ahead_of_the_state_stays_as_it_is() {
    let (left, dir) = left((1, 0..15), &[(1, 1..10)]).await;
    let mut storage = left.open(dir.path());
    let log = storage.log.get_log_state().await.unwrap();
    assert_eq!((log.last_purged_log_id, log.last_log_id), (None, Some(log_id(1, 14))));
    assert_eq!(held(&mut storage).await, None);
    close(storage).await;
}

#[tokio::test]
async fn a_lost_snapshot_is_made_again_when_the_log_no_longer_has_what_it_held() {
    let (left, dir) = left((1, 0..20), &[(1, 1..18)]).await;
    let mut storage = left.open(dir.path());
    storage.machine.build_snapshot().await.unwrap();
    storage.log.purge(log_id(1, 15)).await.unwrap();
    close(storage).await;
    for snapshot in fs::read_dir(dir.path()).unwrap() {
        atomic_file::write(&snapshot.unwrap().path(), b"damaged", 0o600).unwrap();
    }
    let mut storage = left.open(dir.path());
    assert_eq!(held(&mut storage).await, Some(log_id(1, 17)));
    serves_and_brings_up_a_laggard(storage, dir.path()).await;
}

#[tokio::test]
async fn a_node_that_cannot_write_the_snapshot_still_starts() {
    let (left, _dir) = left((1, 0..4), &[(1, 1..10)]).await;
    // A folder that can be listed, and in which nobody can make a file.
    let mut storage = left.open(Path::new("/proc"));
    assert_eq!(held(&mut storage).await, None);
    let log = storage.log.get_log_state().await.unwrap();
    assert_eq!(log.last_log_id, Some(log_id(1, 9)));
    close(storage).await;
}
