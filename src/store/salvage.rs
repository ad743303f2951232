//! What one node has kept, for a cluster that has lost its majority for good.
//!
//! Works on a copy: entries that nobody may have acknowledged are applied here, and were the node
//! to go on in its old cluster with them in its state, states would come apart.

use super::{Options, Profile, StoreError, open::Storage, snapshot, types::LogId};
use crate::model::NodeId;
use openraft::{
    RaftLogReader as _,
    storage::{RaftLogStorage as _, RaftStateMachine as _},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Entries applied in one go.
const STEP: u64 = 512;

/// Which entries at the end of the log come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// All: whatever was acknowledged and reached this node is kept, and with it perhaps what was
    /// never acknowledged.
    Kept,
    /// Those that are known to be committed: what was acknowledged just before the end may go.
    Dropped,
}

/// How far a node has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Term and index of the newest entry in its log. The node with the highest has the most.
    pub last: (u64, u64),
    /// Index up to which entries are known to be committed.
    pub committed: u64,
    /// Its state as a snapshot file, with the tail that was asked for.
    pub snapshot: PathBuf,
}

impl Kept {
    /// Entries that may never have been acknowledged.
    #[must_use]
    pub fn uncertain(&self) -> u64 {
        self.last.1.saturating_sub(self.committed)
    }
}

/// Copies the files of a node that does not run from `dir` to `scratch` (an empty folder) and
/// brings the copy's state up to the end of its log.
///
/// # Errors
/// [`StoreError`]: the files are damaged, the disk has no room; `dir` is as it was.
pub async fn salvage(
    dir: &Path,
    scratch: &Path,
    node: NodeId,
    tail: Tail,
) -> Result<Kept, StoreError> {
    let (from, to) = (dir.to_owned(), scratch.to_owned());
    let opened = tokio::task::spawn_blocking(move || open(&from, to, node)).await;
    let mut storage = opened.map_err(|error| StoreError::Storage(error.to_string()))??;
    let kept = bring_up(&mut storage, tail).await;
    storage.applier.close().await;
    storage.log.close().await;
    Ok(kept?)
}

fn open(dir: &Path, scratch: PathBuf, node: NodeId) -> Result<Storage, StoreError> {
    for name in ["state.redb", "raft-log.redb"] {
        let path = dir.join(name);
        fs::copy(&path, scratch.join(name))
            .map_err(|error| StoreError::Open { path, reason: error.to_string() })?;
    }
    Storage::open(&Options { dir: scratch, node, profile: Profile::Default })
}

async fn bring_up(storage: &mut Storage, tail: Tail) -> io::Result<Kept> {
    let (applied, _) = storage.machine.applied_state().await?;
    let committed = storage.log.read_committed().await?.max(applied);
    let last = storage.log.get_log_state().await?.last_log_id.max(applied);
    let index = |id: Option<LogId>| id.map_or(0, |id| id.index);
    let end = index(if tail == Tail::Kept { last } else { committed });
    let mut next = index(applied) + 1;
    while next <= end {
        let step = next..(next + STEP).min(end + 1);
        let entries = storage.log.try_get_log_entries(step.clone()).await?;
        if entries.first().is_none_or(|first| first.log_id.index != next) {
            return Err(io::Error::other(format!("the log has no entry {next}")));
        }
        next += entries.len() as u64;
        storage.applier.apply(entries.into_iter().map(|entry| (entry, None)).collect()).await?;
    }
    storage.applier.sync().await?;
    let (file, dir) = (storage.file.clone(), storage.snapshots.clone());
    let (_, snapshot) = storage.work.blocking(move || snapshot::build(&file, &dir)).await?;
    let last = last.map_or((0, 0), |id| (id.leader_id.term, id.index));
    Ok(Kept { last, committed: index(committed), snapshot: snapshot.0 })
}
