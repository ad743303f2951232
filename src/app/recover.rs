//! A node that is left of a cluster becomes the one node of a new cluster, in its own data
//! directory: what Prometheus has recorded, unpacked programs and alerts that wait for delivery
//! stay where they are.
//!
//! The new cluster has an id of its own, so that nodes of the old one that wake up are refused.
//! Everything is made beside the old files, and those are kept.

use super::{
    machine::{DataDir, MachineError},
    restore, swap,
};
use crate::{
    base::clock::now_unix_ms,
    cli::{
        recover::{RecoverArgs, Recovery},
        snapshot::RestoredCluster,
    },
    model::audit::Verb,
    peer::{
        data_key::{DataKey, KeyFile},
        identity::NodeDir,
    },
    store::{self, Kept, Tail},
};
use anyhow::{Context as _, anyhow, bail};
use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// Where a new state is made; whatever is in it is thrown away.
const SCRATCH: &str = "recovery.tmp";

/// Looks at what the node in `data_dir` has kept, and makes a cluster of it where that is asked
/// for. Blocking.
///
/// # Errors
/// In words for an operator; the data directory is then as it was.
pub fn recover(data_dir: &Path, key_file: &Path, asked: &RecoverArgs) -> anyhow::Result<Recovery> {
    let shown = data_dir.display();
    if !data_dir.join("node.json").exists() && !swap::is_under_way(data_dir)? {
        bail!("{shown} is no data directory of a node");
    }
    let data = DataDir::take(data_dir).map_err(|error| match error {
        in_use @ MachineError::InUse { .. } => anyhow!("{in_use}: stop it first"),
        other => other.into(),
    })?;
    if let Some(before) = swap::finish(&data.path)? {
        bail!(
            "an earlier recovery of {shown} had broken off; it is finished now, the old files are \
             in {}: start the node with `watchkeep up`",
            before.display()
        );
    }
    let node = NodeDir::open(&data.path)?;
    let cluster_id =
        node.cluster_id()?.ok_or_else(|| anyhow!("the node in {shown} was in no cluster yet"))?;
    let scratch = data.join(SCRATCH);
    clear(&scratch)?;
    let made = from_copy(&data, &node, &cluster_id, key_file, asked);
    clear(&scratch)?;
    made
}

fn clear(scratch: &Path) -> anyhow::Result<()> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)
            .with_context(|| format!("cannot remove {}", scratch.display()))?;
    }
    Ok(())
}

fn from_copy(
    data: &DataDir,
    node: &NodeDir,
    cluster_id: &str,
    key_file: &Path,
    asked: &RecoverArgs,
) -> anyhow::Result<Recovery> {
    let copy = data.join(SCRATCH).join("old");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&copy)?;
    let tail = if asked.drop_tail { Tail::Dropped } else { Tail::Kept };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let kept = runtime.block_on(store::salvage(&data.path, &copy, node.node_id(), tail))?;
    let Kept { last: (term, index), .. } = kept;
    let uncertain = kept.uncertain();
    let made = match asked.from_this_node {
        true => {
            let key = KeyFile::new(key_file).get(cluster_id)?;
            Some(new_cluster(data, &kept, key_file, &key)?)
        }
        false => None,
    };
    Ok(Recovery { cluster_id: cluster_id.to_owned(), term, index, uncertain, made })
}

fn new_cluster(
    data: &DataDir,
    kept: &Kept,
    key_file: &Path,
    key: &DataKey,
) -> anyhow::Result<(RestoredCluster, PathBuf)> {
    let new = data.join(SCRATCH).join("new");
    let (record, index) = restore::new_cluster(&kept.snapshot, &new, key_file, key, Verb::Recover)?;
    let before = swap::begin(&data.path, &new, now_unix_ms())?;
    swap::finish(&data.path)?;
    let (cluster_id, name) = (record.cluster_id, record.cluster_name);
    Ok((RestoredCluster { cluster_id, name, index, data_dir: data.path.clone() }, before))
}
