//! The spool of a node without quorum: alerts it has answered for, and the queue it delivers
//! them from, in one redb file of its own. Every write is synced before it returns.
//!
//! The rows are those of the store (episodes, deliveries, receipts), so the same code decides
//! and sends; beside them lie the webhooks themselves, in order, to be handed to the cluster
//! when it is back.

use super::{
    cluster::{Cluster, RowChange},
    delivery::DeliveryId,
    local::Overlay,
    submission::{Draft, Submission},
};
use crate::{
    base::atomic_file,
    model::Revision,
    store::{
        StoreError,
        command::{Change, Precondition, PreconditionFailed, Space},
    },
};
use bytes::Bytes;
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Display,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::mpsc;

/// Space and key → revision (8 bytes) and value.
const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows-1");
/// Number → [`Entry`] as JSON.
const ENTRIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries-1");
/// `revision` → the last one given.
const COUNTERS: TableDefinition<'_, &str, u64> = TableDefinition::new("counters-1");

/// Name of the file in the data directory.
pub const FILE: &str = "spool.redb";

/// The file is small and seldom read.
const CACHE_BYTES: usize = 1 << 20;

/// One webhook (or part of one) that the cluster does not know yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// What came in.
    pub(super) submission: Submission,
    /// What was queued for it here.
    pub(super) deliveries: Vec<DeliveryId>,
}

/// The open spool.
pub struct Spool {
    database: Database,
    /// One decision at a time.
    deciding: tokio::sync::Mutex<()>,
    watchers: Mutex<Vec<(Space, mpsc::Sender<RowChange>)>>,
}

fn storage(error: impl Display) -> StoreError {
    StoreError::Storage(format!("spool: {error}"))
}

impl Spool {
    /// Opens or creates the file. Blocking.
    ///
    /// # Errors
    /// The file cannot be opened or is damaged; the text says what to do.
    pub fn open(path: &Path) -> Result<Arc<Self>, StoreError> {
        let failed = |error: &dyn Display| StoreError::Open {
            path: path.to_owned(),
            reason: format!(
                "{error}; if the file is damaged, move it away: it holds only alerts that came \
                 in while there was no quorum"
            ),
        };
        // redb makes its file in several steps: killed amid them it leaves one that never opens.
        let make = |new: &Path| Database::create(new).map(drop).map_err(std::io::Error::other);
        atomic_file::make_whole(path, 0o600, make).map_err(|error| failed(&error))?;
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create(path)
            .map_err(|error| failed(&error))?;
        let spool =
            Self { database, deciding: tokio::sync::Mutex::default(), watchers: Mutex::default() };
        spool.write(&[], vec![], None).map_err(|error| failed(&error))?.map_err(|e| failed(&e))?;
        Ok(Arc::new(spool))
    }

    /// Keeps one part of a webhook and queues what is to be told of it. Synced once it returns.
    pub(super) async fn accept(
        self: Arc<Self>,
        main: Arc<dyn Cluster>,
        submission: Submission,
    ) -> Result<(), StoreError> {
        blocking(move || {
            let _deciding = self.deciding.blocking_lock();
            let overlay = Overlay { spool: &self, main: &*main };
            let mut draft = Draft::default();
            draft.add(&overlay, &main.state(), &submission)?;
            let (_, changes) = draft.changes(true);
            let deliveries = draft.plan.deliveries.iter().map(|delivery| delivery.id).collect();
            self.write(&[], changes, Some(&Entry { submission, deliveries }))?.map_err(storage)?;
            Ok(())
        })
        .await
    }

    /// As [`Cluster::write`], synced once it returns.
    pub(super) async fn apply(
        self: Arc<Self>,
        conditions: Vec<Precondition>,
        changes: Vec<Change>,
    ) -> Result<Result<Revision, PreconditionFailed>, StoreError> {
        blocking(move || self.write(&conditions, changes, None)).await
    }

    /// Blocking for a sync.
    fn write(
        &self,
        conditions: &[Precondition],
        changes: Vec<Change>,
        entry: Option<&Entry>,
    ) -> Result<Result<Revision, PreconditionFailed>, StoreError> {
        let transaction = self.database.begin_write().map_err(storage)?;
        let mut changed: Vec<(Space, Bytes)> = Vec::new();
        let revision = {
            let mut rows = transaction.open_table(ROWS).map_err(storage)?;
            let mut counters = transaction.open_table(COUNTERS).map_err(storage)?;
            let mut entries = transaction.open_table(ENTRIES).map_err(storage)?;
            for (position, condition) in conditions.iter().enumerate() {
                let Precondition::Row(space, key, wanted) = condition else { continue };
                let row = rows.get(row_key(*space, key).as_slice()).map_err(storage)?;
                let found = row.and_then(|row| split(row.value())).map(|(revision, _)| revision);
                if found != *wanted {
                    return Ok(Err(PreconditionFailed { position, found }));
                }
            }
            let last = counters.get("revision").map_err(storage)?.map_or(0, |last| last.value());
            let revision = Revision(last + 1);
            counters.insert("revision", revision.0).map_err(storage)?;
            for change in changes {
                match change {
                    Change::PutRow(space, key, value) => {
                        let mut row = revision.0.to_be_bytes().to_vec();
                        row.extend_from_slice(&value);
                        let at = row_key(space, &key);
                        rows.insert(at.as_slice(), row.as_slice()).map_err(storage)?;
                        changed.push((space, key));
                    }
                    Change::DeleteRow(space, key) => {
                        rows.remove(row_key(space, &key).as_slice()).map_err(storage)?;
                        changed.push((space, key));
                    }
                    Change::Put { .. }
                    | Change::Delete(_)
                    | Change::Note(_)
                    | Change::PruneAudit(_) => {}
                }
            }
            if let Some(entry) = entry {
                let next = entries.last().map_err(storage)?.map_or(0, |(n, _)| n.value() + 1);
                let bytes = serde_json::to_vec(entry).map_err(storage)?;
                entries.insert(next, bytes.as_slice()).map_err(storage)?;
            }
            revision
        };
        transaction.commit().map_err(storage)?;
        self.tell(&changed);
        Ok(Ok(revision))
    }

    fn tell(&self, changed: &[(Space, Bytes)]) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|(space, watcher)| {
            let keys: Vec<_> =
                changed.iter().filter(|(of, _)| of == space).map(|(_, key)| key.clone()).collect();
            // One that does not keep up is dropped; it then reads everything again.
            !watcher.is_closed()
                && (keys.is_empty() || watcher.try_send(RowChange::Keys(keys)).is_ok())
        });
    }

    pub(super) fn watch_rows(&self, space: Space) -> mpsc::Receiver<RowChange> {
        let (sender, receiver) = mpsc::channel(1024);
        let _ = sender.try_send(RowChange::Resync);
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner).push((space, sender));
        receiver
    }

    pub(super) fn row(
        &self,
        space: Space,
        key: &[u8],
    ) -> Result<Option<(Revision, Bytes)>, StoreError> {
        let read = self.database.begin_read().map_err(storage)?;
        let rows = read.open_table(ROWS).map_err(storage)?;
        let row = rows.get(row_key(space, key).as_slice()).map_err(storage)?;
        Ok(row.and_then(|row| split(row.value())))
    }

    pub(super) fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        let read = self.database.begin_read().map_err(storage)?;
        let rows = read.open_table(ROWS).map_err(storage)?;
        let mut found = Vec::new();
        let from = row_key(space, start);
        for row in rows.range(from.as_slice()..).map_err(storage)?.take(limit) {
            let (key, value) = row.map_err(storage)?;
            let Some(key) = key.value().strip_prefix(&[space as u8]) else { break };
            if let Some((revision, value)) = split(value.value()) {
                found.push((Bytes::copy_from_slice(key), revision, value));
            }
        }
        Ok(found)
    }

    /// What the cluster does not know yet, in order. Blocking.
    pub(super) fn entries(&self) -> Result<Vec<(u64, Entry)>, StoreError> {
        let read = self.database.begin_read().map_err(storage)?;
        let entries = read.open_table(ENTRIES).map_err(storage)?;
        let mut found = Vec::new();
        for entry in entries.iter().map_err(storage)? {
            let (number, bytes) = entry.map_err(storage)?;
            found.push((number.value(), serde_json::from_slice(bytes.value()).map_err(storage)?));
        }
        Ok(found)
    }

    /// Nothing is left to hand over.
    pub(super) fn is_empty(&self) -> Result<bool, StoreError> {
        let read = self.database.begin_read().map_err(storage)?;
        read.open_table(ENTRIES).map_err(storage)?.is_empty().map_err(storage)
    }

    /// The cluster has it now: forgets one entry with what was queued for it, and everything
    /// once it was the last. Blocking for a sync.
    pub(super) fn forget(&self, number: u64, entry: &Entry) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(storage)?;
        {
            let mut entries = transaction.open_table(ENTRIES).map_err(storage)?;
            let mut rows = transaction.open_table(ROWS).map_err(storage)?;
            entries.remove(number).map_err(storage)?;
            for id in &entry.deliveries {
                let keys = [(Space::Delivery, id.key()), (Space::Receipt, id.receipt_key())];
                for (space, key) in keys {
                    rows.remove(row_key(space, &key).as_slice()).map_err(storage)?;
                }
            }
            if entries.is_empty().map_err(storage)? {
                rows.retain(|_, _| false).map_err(storage)?;
            }
        }
        transaction.commit().map_err(storage)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(storage(error)))
}

fn row_key(space: Space, key: &[u8]) -> Vec<u8> {
    let mut full = vec![space as u8];
    full.extend_from_slice(key);
    full
}

fn split(row: &[u8]) -> Option<(Revision, Bytes)> {
    let (revision, value) = row.split_first_chunk::<8>()?;
    Some((Revision(u64::from_be_bytes(*revision)), Bytes::copy_from_slice(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::{
        payload::parse,
        submission,
        testing::{Declared, Memory, Shared, body, now},
    };

    #[tokio::test]
    async fn accepted_alerts_are_there_after_opening_again_and_gone_once_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("spool.redb");
        let main = Memory::node(&Shared::new(Declared::new()), 1);
        let webhook = parse(&body(&[("X", "firing", 10)], ""), now()).unwrap();
        let part = submission::split("ops", webhook, now()).remove(0);
        let spool = Spool::open(&path).unwrap();
        assert!(spool.is_empty().unwrap());
        spool.clone().accept(main, part.clone()).await.unwrap();
        drop(spool);
        let spool = Spool::open(&path).unwrap();
        let entries = spool.entries().unwrap();
        assert_eq!((entries.len(), &entries[0].1.submission), (1, &part));
        assert_eq!(spool.rows(Space::Episode, &[], 10).unwrap().len(), 1);
        spool.forget(entries[0].0, &entries[0].1).unwrap();
        assert!(
            spool.is_empty().unwrap() && spool.rows(Space::Episode, &[], 9).unwrap().is_empty()
        );
    }

    #[tokio::test]
    async fn write_on_an_outdated_condition_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let spool = Spool::open(&dir.path().join("spool.redb")).unwrap();
        let (space, key) = (Space::Lease, Bytes::from_static(b"k"));
        let put = |value: &'static [u8], wanted| {
            let condition = Precondition::Row(space, key.clone(), wanted);
            let change = Change::PutRow(space, key.clone(), Bytes::from_static(value));
            spool.clone().apply(vec![condition], vec![change])
        };
        let first = put(b"1", None).await.unwrap().unwrap();
        assert_eq!(put(b"2", None).await.unwrap().unwrap_err().found, Some(first));
        assert_eq!(spool.row(space, b"k").unwrap().unwrap().1, Bytes::from_static(b"1"));
        assert!(put(b"2", Some(first)).await.unwrap().unwrap() > first);
    }
}
