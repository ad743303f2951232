//! The state machine as openraft sees it: hands everything to the applier.

use super::{
    applier::{Applier, Item},
    database::File,
    log_store::entry_bytes,
    snapshot::{self, SnapshotFile},
    types::{LogId, SnapshotMeta, StoredMembership, Types},
    view::Position,
    work::Work,
};
use futures_util::{Stream, StreamExt};
use openraft::{
    OptionalSend, RaftSnapshotBuilder, Snapshot, storage::EntryResponder, storage::RaftStateMachine,
};
use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// One transaction of the applier carries at most this.
const BATCH_BYTES: usize = 1 << 20;
const BATCH_ENTRIES: usize = 512;

/// Handle to the state; clones share it.
#[derive(Clone)]
pub(super) struct StateMachine {
    applier: Applier,
    file: Arc<File>,
    snapshots: PathBuf,
    work: Work,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    position: Position,
    newest: Option<(SnapshotMeta, SnapshotFile)>,
}

type OurSnapshot = openraft::type_config::alias::SnapshotOf<Types, SnapshotFile>;

impl StateMachine {
    /// `snapshots` must exist, the state file be durable as it is. Blocking: reads the newest
    /// snapshot.
    ///
    /// What is gone from the log (up to `purged`) must be in a snapshot, or nobody who lags could
    /// ever be caught up from this node: where the newest does not hold it (damaged, lost, or the
    /// log ended before the state after a power cut), one is made now.
    pub(super) fn new(
        applier: Applier,
        file: Arc<File>,
        snapshots: PathBuf,
        position: Position,
        purged: Option<LogId>,
        work: Work,
    ) -> io::Result<Self> {
        let mut newest = snapshot::newest(&snapshots, &file)?;
        let holds = newest.as_ref().and_then(|(meta, _)| meta.last_log_id);
        if holds < purged && holds < position.applied {
            match snapshot::build(&file, &snapshots) {
                Ok(built) => newest = Some(built),
                // A full disk, say. The node itself lacks nothing; the next start tries again.
                Err(error) => {
                    let folder = snapshots.display();
                    tracing::error!(%folder, %error, "no snapshot holds what the log no longer has");
                }
            }
        }
        let shared = Arc::new(Mutex::new(Shared { position, newest }));
        Ok(Self { applier, file, snapshots, work, shared })
    }

    async fn apply_batch(&self, items: Vec<Item>) -> io::Result<()> {
        let Some(last) = items.last().map(|(entry, _)| entry.log_id) else { return Ok(()) };
        let membership = items.iter().rev().find_map(|(entry, _)| match &entry.payload {
            openraft::EntryPayload::Membership(membership) => {
                Some(StoredMembership::new(Some(entry.log_id), membership.clone()))
            }
            _ => None,
        });
        self.applier.apply(items).await?;
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.position.applied = Some(last);
        if let Some(membership) = membership {
            shared.position.membership = membership;
        }
        Ok(())
    }
}

impl RaftStateMachine<Types> for StateMachine {
    type SnapshotData = SnapshotFile;
    type SnapshotBuilder = Self;

    async fn applied_state(&mut self) -> io::Result<(Option<LogId>, StoredMembership)> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((shared.position.applied, shared.position.membership.clone()))
    }

    async fn apply<Strm>(&mut self, mut entries: Strm) -> io::Result<()>
    where
        Strm: Stream<Item = io::Result<EntryResponder<Types>>> + Unpin + OptionalSend,
    {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(item) = entries.next().await {
            let item = item?;
            bytes += entry_bytes(&item.0);
            batch.push(item);
            if bytes >= BATCH_BYTES || batch.len() >= BATCH_ENTRIES {
                self.apply_batch(std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
        }
        self.apply_batch(batch).await
    }

    async fn get_snapshot_builder(&mut self) -> Self {
        self.clone()
    }

    async fn install_snapshot(
        &mut self,
        meta: &SnapshotMeta,
        snapshot: SnapshotFile,
    ) -> io::Result<()> {
        // The name first: a crash in between leaves a snapshot that is newer than the state, and
        // the next start installs it.
        let (dir, described) = (self.snapshots.clone(), meta.clone());
        let adopt = move || snapshot::adopt(&dir, &snapshot.0, &described);
        let file = self.work.blocking(adopt).await?;
        self.applier.install(meta.clone(), file.0.clone()).await?;
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.position.applied = meta.last_log_id;
        shared.position.membership = meta.last_membership.clone();
        shared.newest = Some((meta.clone(), file));
        Ok(())
    }

    async fn get_current_snapshot(&mut self) -> io::Result<Option<OurSnapshot>> {
        let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(shared.newest.clone().map(|(meta, snapshot)| Snapshot { meta, snapshot }))
    }
}

impl RaftSnapshotBuilder<Types> for StateMachine {
    type SnapshotData = SnapshotFile;

    async fn build_snapshot(&mut self) -> io::Result<OurSnapshot> {
        // What a snapshot holds may be purged from the log, so it must not be ahead of the disk.
        self.applier.sync().await?;
        let (file, dir) = (self.file.clone(), self.snapshots.clone());
        let (meta, snapshot) = self.work.blocking(move || snapshot::build(&file, &dir)).await?;
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let is_newer =
            shared.newest.as_ref().is_none_or(|(newest, _)| newest.last_log_id <= meta.last_log_id);
        if is_newer {
            shared.newest = Some((meta.clone(), snapshot.clone()));
        }
        Ok(Snapshot { meta, snapshot })
    }
}
