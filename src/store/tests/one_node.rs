//! One voter: what a write does, and what is there after it.

use super::{DEADLINE, command, guarded, name, project, put, put_row};
use crate::{
    model::{Kind, NodeId, Revision, UnixMs, cluster::ClusterMeta},
    store::{
        Event, Options, Profile, Store, StoreError, WriteError,
        command::{Change, Command, Precondition, PreconditionFailed, Space},
        testing::{MemoryNetwork, single},
    },
};
use bytes::Bytes;

#[tokio::test]
async fn a_put_is_seen_in_state_history_and_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let first = store.write(command(vec![put("shop", "Shop")]), DEADLINE).await.unwrap();
    assert_eq!(first.changed, [project("shop")]);
    let second = Command { at: UnixMs(2_000), ..command(vec![put("shop", "The shop")]) };
    let second = store.write(second, DEADLINE).await.unwrap();
    let before = store.state();
    let shop = before.get(Kind::Project, "shop").unwrap();
    assert_eq!((shop.created, shop.updated), (UnixMs(1_000), UnixMs(2_000)));
    assert_eq!(shop.revision, Revision(second.index));
    assert_eq!(shop.spec["title"], "The shop");
    store.close().await.unwrap();

    let store = single(dir.path()).await;
    let after = store.state();
    assert_eq!(after.get(Kind::Project, "shop"), Some(shop));
    let history = store.history(Some(&project("shop")), None, 10).unwrap();
    let revisions: Vec<u64> = history.iter().map(|entry| entry.revision.0).collect();
    assert_eq!(revisions, [second.index, first.index]);
    assert_eq!(history[0].before.as_deref(), history[1].after.as_deref());
    assert_eq!(history[1].before, None);
    assert_eq!((history[0].actor.as_str(), history[0].why.as_str()), ("ann", "a test"));
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_leader_that_restarts_never_goes_on_in_its_old_term() {
    let dir = tempfile::tempdir().unwrap();
    let mut last = 0;
    for _ in 0..3 {
        let store = single(dir.path()).await;
        store.write(command(vec![put("a", &last.to_string())]), DEADLINE).await.unwrap();
        let term = store.raft().borrow().term;
        assert!(term > last, "term {term} after {last}");
        last = term;
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_equal_put_changes_nothing_and_a_delete_of_nothing_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let first = store.write(command(vec![put("a", "A")]), DEADLINE).await.unwrap();
    let changes = *store.changes().borrow();
    let again = store
        .write(command(vec![put("a", "A"), Change::Delete(project("b"))]), DEADLINE)
        .await
        .unwrap();
    assert!(again.index > first.index);
    assert!(again.changed.is_empty());
    assert_eq!(store.state().get(Kind::Project, "a").unwrap().revision.0, first.index);
    assert_eq!(*store.changes().borrow(), changes);
    assert_eq!(store.history(None, None, 10).unwrap().len(), 1);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_repeated_request_answers_with_the_first_outcome_also_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let request = command(vec![put("a", "A")]);
    let first = store.write(request.clone(), DEADLINE).await.unwrap();
    store.write(command(vec![put("a", "B")]), DEADLINE).await.unwrap();
    assert_eq!(store.write(request.clone(), DEADLINE).await.unwrap(), first);
    store.close().await.unwrap();
    let store = single(dir.path()).await;
    assert_eq!(store.write(request, DEADLINE).await.unwrap(), first);
    assert_eq!(store.state().get(Kind::Project, "a").unwrap().spec["title"], "B");
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_failed_precondition_changes_nothing_and_says_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let written =
        store.write(command(vec![put("a", "A"), put_row("k", b"v")]), DEADLINE).await.unwrap();
    let revision = Revision(written.index);
    let row = |revision| Precondition::Row(Space::Lease, Bytes::from_static(b"k"), revision);
    let other_row = Precondition::Row(Space::Lease, Bytes::from_static(b"other"), Some(revision));
    let cases = [
        (Precondition::Absent(project("a")), Some(revision)),
        (Precondition::Exists(project("b")), None),
        (Precondition::Revision(project("a"), Revision(1)), Some(revision)),
        (Precondition::Revision(project("b"), revision), None),
        (row(None), Some(revision)),
        (row(Some(Revision(1))), Some(revision)),
        (other_row, None),
    ];
    for (failing, found) in cases {
        let holds = Precondition::Exists(project("a"));
        let attempt = guarded(vec![holds, failing], vec![put("a", "X"), put_row("k", b"x")]);
        match store.write(attempt, DEADLINE).await {
            Err(WriteError::Precondition(failed)) => {
                assert_eq!(failed, PreconditionFailed { position: 1, found });
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.state().get(Kind::Project, "a").unwrap().revision, revision);
    assert_eq!(store.row(Space::Lease, b"k").unwrap().unwrap().1, "v");
    let all_hold = vec![
        Precondition::Revision(project("a"), revision),
        Precondition::Absent(project("b")),
        row(Some(revision)),
    ];
    store.write(guarded(all_hold, vec![put("b", "B")]), DEADLINE).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn rows_are_listed_from_a_key_within_their_space_only() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let mut changes: Vec<Change> = (0..5).map(|n| put_row(&format!("k{n}"), &[n])).collect();
    changes.push(Change::PutRow(Space::Bundle, Bytes::from_static(b"k9"), Bytes::new()));
    let written = store.write(command(changes), DEADLINE).await.unwrap();
    assert!(written.changed.is_empty());
    let keys = |start: &[u8], limit| -> Vec<Bytes> {
        let rows = store.rows(Space::Lease, start, limit).unwrap();
        assert!(rows.iter().all(|(_, revision, _)| revision.0 == written.index));
        rows.into_iter().map(|(key, ..)| key).collect()
    };
    assert_eq!(keys(b"", 9), ["k0", "k1", "k2", "k3", "k4"]);
    assert_eq!(keys(b"k3", 9), ["k3", "k4"]);
    assert_eq!(keys(b"k1x", 2), ["k2", "k3"]);
    let delete = Change::DeleteRow(Space::Lease, Bytes::from_static(b"k0"));
    store.write(command(vec![delete]), DEADLINE).await.unwrap();
    assert_eq!(store.row(Space::Lease, b"k0").unwrap(), None);
    store.close().await.unwrap();
}

#[tokio::test]
async fn meta_data_reaches_the_state_and_malformed_rows_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let meta = ClusterMeta {
        cluster_id: "c0ffee".to_owned(),
        name: "demo".to_owned(),
        formed: UnixMs(7),
        feature_level: 1,
    };
    let row = |space, key: &'static [u8], value: Vec<u8>| {
        command(vec![Change::PutRow(space, Bytes::from_static(key), value.into())])
    };
    let before = *store.changes().borrow();
    let json = serde_json::to_vec(&meta).unwrap();
    let written = store.write(row(Space::Cluster, b"meta", json), DEADLINE).await.unwrap();
    assert_eq!(store.state().meta, meta);
    assert!(*store.changes().borrow() > before);
    assert_eq!(*store.changes().borrow(), written.index);
    for bad in [
        row(Space::Cluster, b"meta", b"{}".to_vec()),
        row(Space::Member, b"7", b"{}".to_vec()),
        row(Space::Lease, b"k", vec![0; 300 << 10]),
    ] {
        assert!(matches!(store.write(bad, DEADLINE).await, Err(WriteError::Refused(_))));
    }
    assert_eq!(store.state().meta, meta);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_command_of_several_mebibytes_takes_effect_whole_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let text = "x".repeat(100 << 10);
    let large = command((0..40).map(|n| put(&format!("p{n}"), &text)).collect());
    let written = store.write(large.clone(), DEADLINE).await.unwrap();
    assert_eq!(written.changed.len(), 40);
    let state = store.state();
    assert_eq!(state.of(Kind::Project).count(), 40);
    assert!(state.of(Kind::Project).all(|p| p.revision.0 == written.index));
    assert_eq!(store.history_of(Revision(written.index)).unwrap().len(), 40);
    assert_eq!(store.write(large.clone(), DEADLINE).await.unwrap(), written);
    let refused = guarded(vec![Precondition::Absent(project("p7"))], large.changes);
    let refused = store.write(refused, DEADLINE).await;
    assert!(matches!(refused, Err(WriteError::Precondition(_))), "{refused:?}");
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_watch_delivers_each_change_once_from_any_point_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let start = store.state().index;
    let mut early = store.subscribe(start);
    let mut expected = Vec::new();
    for n in 0..20 {
        let key = format!("p{n}");
        let written = store.write(command(vec![put(&key, "T")]), DEADLINE).await.unwrap();
        expected.push((written.index, vec![project(&key)]));
    }
    let mut late = store.subscribe(expected[9].0);
    for (index, keys) in &expected {
        let event = early.recv().await.unwrap();
        assert_eq!(event, Event::Changed { index: *index, keys: keys.clone(), rows: vec![] });
    }
    for (index, keys) in &expected[10..] {
        let event = late.recv().await.unwrap();
        assert_eq!(event, Event::Changed { index: *index, keys: keys.clone(), rows: vec![] });
    }
    store.close().await.unwrap();
    let store = single(dir.path()).await;
    let mut from_before_opening = store.subscribe(expected[9].0);
    match from_before_opening.recv().await.unwrap() {
        Event::Resync { index } => assert!(index >= expected[19].0),
        other => panic!("{other:?}"),
    }
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_share_few_syncs() {
    const WRITERS: usize = 200;
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    let before = store.log_commits();
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let store = store.clone();
            let write = command(vec![put_row(&format!("{n:04}"), b"v")]);
            tokio::spawn(async move { store.write(write, DEADLINE).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let commits = store.log_commits() - before;
    assert!(commits < WRITERS as u64 / 4, "{WRITERS} writes took {commits} commits");
    assert_eq!(store.rows(Space::Lease, b"", 1000).unwrap().len(), WRITERS);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_file_of_another_node_and_half_a_directory_are_refused_with_advice() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    store.write(command(vec![put("a", "A")]), DEADLINE).await.unwrap();
    let open = async |node| {
        let options =
            Options { dir: dir.path().to_owned(), node: NodeId(node), profile: Profile::Fast };
        match Store::open(options, MemoryNetwork::default().transport(NodeId(node))).await {
            Err(StoreError::Open { path, reason }) => {
                (path.file_name().unwrap().to_string_lossy().into_owned(), reason)
            }
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("opened"),
        }
    };
    let (file, reason) = open(1).await;
    assert_eq!(file, "state.redb");
    assert!(reason.contains("another process has it open"), "{reason}");
    store.close().await.unwrap();
    let (_, reason) = open(2).await;
    assert!(reason.contains("belongs to node 1, this is node 2"), "{reason}");
    for missing in ["raft-log.redb", "state.redb"] {
        let (path, aside) = (dir.path().join(missing), dir.path().join("aside"));
        std::fs::rename(&path, &aside).unwrap();
        let (file, reason) = open(1).await;
        assert_eq!(file, missing);
        assert!(reason.contains("is missing although"), "{reason}");
        assert!(!path.exists(), "{missing} must not be made anew");
        std::fs::rename(&aside, &path).unwrap();
    }
    let store = single(dir.path()).await;
    assert_eq!(store.state().get(Kind::Project, "a").unwrap().name, name("a"));
    store.close().await.unwrap();
}

#[tokio::test]
async fn history_is_paged_newest_first_over_all_objects() {
    let dir = tempfile::tempdir().unwrap();
    let store = single(dir.path()).await;
    for n in 0..5 {
        let both = vec![put("a", &n.to_string()), put("b", &n.to_string())];
        store.write(command(both), DEADLINE).await.unwrap();
    }
    store.write(command(vec![Change::Delete(project("a"))]), DEADLINE).await.unwrap();
    let newest = store.history(None, None, 3).unwrap();
    assert_eq!(newest.len(), 3);
    assert_eq!((newest[0].key.clone(), newest[0].after.clone()), (project("a"), None));
    let older = store.history(None, Some(newest[2].revision), 100).unwrap();
    assert_eq!(older.len(), 8);
    assert!(older.iter().all(|entry| entry.revision < newest[2].revision));
    let of_b = store.history(Some(&project("b")), None, 100).unwrap();
    assert_eq!(of_b.len(), 5);
    let of_b = store.history(Some(&project("b")), Some(of_b[1].revision), 2).unwrap();
    assert_eq!(of_b.len(), 2);
    store.close().await.unwrap();
}
