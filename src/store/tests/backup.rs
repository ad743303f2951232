//! A store is backed up, and comes back as a new cluster.

use super::{DEADLINE, command, put, put_row};
use crate::{
    model::{
        Kind, NodeId, UnixMs,
        audit::{Note, Verb},
        cluster::ClusterMeta,
    },
    store::{
        Store, StoreError, VoterChange,
        command::{Change, Space},
        restore,
        testing::{MemoryNetwork, PATIENCE, member, single},
    },
};
use bytes::Bytes;
use std::{
    collections::BTreeSet,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::timeout;

fn meta(cluster_id: &str) -> Change {
    let meta = ClusterMeta {
        cluster_id: cluster_id.to_owned(),
        name: "watchkeep".to_owned(),
        formed: UnixMs(1),
        feature_level: 2,
    };
    let value = serde_json::to_vec(&meta).unwrap();
    Change::PutRow(Space::Cluster, Bytes::from_static(b"meta"), value.into())
}

fn receipt() -> Change {
    Change::PutRow(Space::Receipt, Bytes::from_static(b"r1"), Bytes::from_static(b"delivered"))
}

/// A cluster of one with something in it, and its backup.
async fn backed_up(dir: &Path) -> (Store, PathBuf) {
    let old = single(&dir.join("old")).await;
    let changes = vec![meta("old"), put("shop", "Shop"), put_row("lease", b"held"), receipt()];
    old.write(command(changes), DEADLINE).await.unwrap();
    let mut bytes = Vec::new();
    old.backup().await.unwrap().read_to_end(&mut bytes).unwrap();
    let path = dir.join("backup.wks");
    crate::base::atomic_file::write(&path, &bytes, 0o600).unwrap();
    (old, path)
}

#[tokio::test]
async fn a_backup_comes_back_as_a_new_cluster_that_goes_on_above_the_old_one_and_grows() {
    let dir = tempfile::tempdir().unwrap();
    let (old, backup) = backed_up(dir.path()).await;
    let last = old.state().index;
    old.write(command(vec![put("late", "after the backup")]), DEADLINE).await.unwrap();
    let here = dir.path().join("node-7");
    let adapted = restore(&here, NodeId(7), &backup, |backed| {
        assert_eq!(backed.state.meta.cluster_id, "old");
        assert_eq!(backed.row(Space::Lease, b"lease").as_deref(), Some(&b"held"[..]));
        Ok(vec![meta("new"), (&Note::done(UnixMs(1), "local/0", Verb::Restore)).into()])
    });
    assert_eq!(adapted.unwrap(), last + 1_000_000);

    let network = MemoryNetwork::default();
    let new = member(dir.path(), NodeId(7), &network).await;
    let mut raft = new.raft();
    let leads = raft.wait_for(|status| status.is_leader);
    timeout(PATIENCE, leads).await.expect("it elects itself").unwrap();
    assert_eq!(new.state().meta.cluster_id, "new");
    let shop = |store: &Store| store.state().get(Kind::Project, "shop").is_some();
    assert!(shop(&new) && new.state().get(Kind::Project, "late").is_none());
    assert_eq!(new.history(None, None, 10).unwrap().len(), 1);
    let recorded = new.audit_before(None, 1).unwrap().remove(0);
    assert!(recorded.text.contains(r#""verb":"restore""#), "{}", recorded.text);
    assert!(new.row(Space::Lease, b"lease").unwrap().is_none(), "of the old machines");
    let written = new.write(command(vec![put("new", "New")]), DEADLINE).await.unwrap();
    assert!(written.index > last + 1_000_000);

    let eight = member(dir.path(), NodeId(8), &network).await;
    new.add_learner(NodeId(8)).await.unwrap();
    assert!(eight.wait_applied(written.index, PATIENCE).await, "it gets the restored state");
    assert!(shop(&eight));
    assert_eq!(eight.row(Space::Receipt, b"r1").unwrap().unwrap().1, &b"delivered"[..]);
    let change = VoterChange { add: BTreeSet::from([NodeId(8)]), ..VoterChange::default() };
    let voting = async {
        while new.change_voters(&new.membership(), &change).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, voting).await.expect("it votes");
    eight.write(command(vec![put("both", "Both")]), DEADLINE).await.unwrap();
    for store in [&old, &new, &eight] {
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_damaged_backup_and_one_that_is_refused_make_no_store() {
    let dir = tempfile::tempdir().unwrap();
    let (old, backup) = backed_up(dir.path()).await;
    let refused = restore(&dir.path().join("a"), NodeId(7), &backup, |_| Err("not this".into()));
    assert!(matches!(refused, Err(StoreError::Open { reason, .. }) if reason == "not this"));
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    crate::base::atomic_file::write(&backup, &bytes, 0o600).unwrap();
    let damaged = restore(&dir.path().join("b"), NodeId(7), &backup, |_| Ok(Vec::new()));
    assert!(matches!(damaged, Err(StoreError::Open { reason, .. }) if reason.contains("checksum")));
    old.close().await.unwrap();
}

#[tokio::test]
async fn a_backup_leaves_nothing_behind_in_the_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let (old, _) = backed_up(dir.path()).await;
    let snapshots = dir.path().join("old/snapshots");
    assert_eq!(std::fs::read_dir(snapshots).unwrap().count(), 0);
    old.close().await.unwrap();
}
