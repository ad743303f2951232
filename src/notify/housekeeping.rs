//! Retention: closed episodes and receipts go after a time, values of deleted secrets at once. Done by the leader once an hour.

use super::{
    book::{Episode, decode},
    deliver::Desk,
    delivery::DeliveryId,
    receipt::after,
    secret::is_orphan,
};
use crate::{
    base::clock::now_unix_ms,
    model::{Revision, UnixMs},
    store::{
        StoreError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;

/// Receipts are kept this long.
const RECEIPTS_MS: u64 = 30 * 86_400_000;
/// Closed episodes are kept this long; longer than any delivery of theirs is tried.
const EPISODES_MS: u64 = 7 * 86_400_000;
/// Rows read, and deleted, at once.
const STRIDE: usize = 500;

/// Removes what is too old. What fails is tried again next time.
pub(super) async fn sweep(desk: &Desk) {
    let now = UnixMs(now_unix_ms());
    if let Err(error) = sweep_at(desk, now).await {
        tracing::warn!(%error, "old receipts and episodes not removed");
    }
}

async fn sweep_at(desk: &Desk, now: UnixMs) -> Result<(), StoreError> {
    let oldest = UnixMs(now.0.saturating_sub(RECEIPTS_MS));
    let mut start = DeliveryId::new(oldest, 0).receipt_key().to_vec();
    while let Some((rows, next)) = page(desk, Space::Receipt, &start)? {
        delete(desk, Space::Receipt, rows.iter().map(|(key, revision, _)| (key, *revision))).await;
        start = next;
    }
    let oldest = UnixMs(now.0.saturating_sub(EPISODES_MS));
    let mut start = Vec::new();
    while let Some((rows, next)) = page(desk, Space::Episode, &start)? {
        let old = rows.iter().filter(|(_, _, bytes)| {
            let closed = decode::<Episode>(bytes, "episode").and_then(|e| e.span.closed_at);
            closed.is_some_and(|at| at < oldest)
        });
        delete(desk, Space::Episode, old.map(|(key, revision, _)| (key, *revision))).await;
        start = next;
    }
    sweep_secrets(desk).await
}

/// Values of secrets that were deleted.
async fn sweep_secrets(desk: &Desk) -> Result<(), StoreError> {
    let mut start = Vec::new();
    while let Some((rows, next)) = page(desk, Space::Secret, &start)? {
        // Read after the rows: it knows every object they belong to.
        let state = desk.cluster.state();
        let orphans = rows.iter().filter(|(key, _, row)| is_orphan(&state, key, row));
        delete(desk, Space::Secret, orphans.map(|(key, revision, _)| (key, *revision))).await;
        start = next;
    }
    Ok(())
}

type Rows = Vec<(Bytes, Revision, Bytes)>;

/// The next rows, and where those after them begin.
fn page(desk: &Desk, space: Space, start: &[u8]) -> Result<Option<(Rows, Vec<u8>)>, StoreError> {
    let rows = desk.cluster.rows(space, start, STRIDE)?;
    let next = rows.last().map(|(key, ..)| after(key));
    Ok(next.map(|next| (rows, next)))
}

async fn delete<'a>(desk: &Desk, space: Space, rows: impl Iterator<Item = (&'a Bytes, Revision)>) {
    let mut conditions = vec![desk.fence.clone()];
    let mut changes = Vec::new();
    for (key, revision) in rows {
        conditions.push(Precondition::Row(space, key.clone(), Some(revision)));
        changes.push(Change::DeleteRow(space, key.clone()));
    }
    if changes.is_empty() {
        return;
    }
    let deadline = desk.tuning.write_deadline;
    if let Err(error) = desk.cluster.write("retention", conditions, changes, deadline).await {
        tracing::debug!(%error, "old rows not removed");
    }
}
