//! What is taken from the files of a node that does not run.

use super::crash::log_id;
use crate::{
    model::NodeId,
    store::{
        Options, Profile, Tail,
        open::Storage,
        salvage, snapshot,
        types::{Entry, Types},
        wire::command::command_op,
    },
};
use openraft::{
    EntryPayload,
    entry::RaftEntry,
    storage::{IOFlushed, RaftLogStorage},
    type_config::TypeConfigExt,
};
use std::{fs, path::Path};

const NODE: NodeId = NodeId(1);

fn entry(index: u64) -> Entry {
    let op = command_op(super::command(vec![super::put("a", &index.to_string())]));
    <Entry as RaftEntry>::new(log_id(3, index), EntryPayload::Normal(op))
}

/// Entries 0 to 29 in the log, 24 known to be committed, 20 of them applied.
async fn left_in(dir: &Path) {
    let options = Options { dir: dir.to_owned(), node: NODE, profile: Profile::Default };
    let mut storage = Storage::open(&options).unwrap();
    storage.log.save_committed(Some(log_id(3, 24))).await.unwrap();
    let (done, flushed) = Types::oneshot();
    storage.log.append((0..30).map(entry), IOFlushed::signal(done)).await.unwrap();
    flushed.await.unwrap().unwrap();
    storage.applier.apply((1..=20).map(|index| (entry(index), None)).collect()).await.unwrap();
    storage.applier.close().await;
    storage.log.close().await;
}

#[tokio::test]
async fn the_end_of_the_log_is_kept_or_dropped_as_asked_and_the_files_stay_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    left_in(dir.path()).await;
    let bytes =
        || ["state.redb", "raft-log.redb"].map(|name| fs::read(dir.path().join(name)).unwrap());
    let before = bytes();
    for (tail, end) in [(Tail::Kept, 29), (Tail::Dropped, 24)] {
        let scratch = tempfile::tempdir().unwrap();
        let kept = salvage(dir.path(), scratch.path(), NODE, tail).await.unwrap();
        assert_eq!((kept.last, kept.committed, kept.uncertain()), ((3, 29), 24, 5));
        let meta = snapshot::meta(&kept.snapshot).unwrap();
        assert_eq!(meta.last_log_id, Some(log_id(3, end)), "{tail:?}");
    }
    assert!(bytes() == before, "only the copy has changed");
}

#[tokio::test]
async fn files_of_another_node_or_none_at_all_are_refused() {
    let (dir, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let missing = salvage(dir.path(), scratch.path(), NODE, Tail::Kept).await.unwrap_err();
    assert!(missing.to_string().contains("state.redb"), "{missing}");
    left_in(dir.path()).await;
    let other = salvage(dir.path(), scratch.path(), NodeId(2), Tail::Kept).await;
    assert!(other.is_err(), "{other:?}");
}
