//! Removes the rows of sessions that have ended, of counters whose window has passed and of what
//! accounts kept that are gone, on the leader, so that they do not pile up where nobody signs in
//! any more. What counts is decided when a row is read, so nothing depends on this but room.

use super::{own, session, throttle};
use crate::{
    base::shutdown::Shutdown,
    model::UnixMs,
    store::{
        StoreError,
        command::{Change, Precondition, Space},
    },
    web::{
        audit,
        deps::{Deps, now},
    },
};
use bytes::Bytes;
use std::time::Duration;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(10 * 60);
/// Rows read, and deleted, at once.
const STRIDE: usize = 500;

/// Sweeps every ten minutes while this node leads, until shutdown.
pub async fn run(deps: Deps, shutdown: Shutdown) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.cancelled() => return,
        }
        if !deps.store.raft().borrow().is_leader {
            continue;
        }
        match sweep(&deps, now()).await {
            Ok(n_removed) => tracing::debug!(n_removed, "ended sessions removed"),
            Err(error) => tracing::warn!(%error, "ended sessions not removed, trying again later"),
        }
        match audit::keep::prune(&deps, now()).await {
            Ok(n_removed) => tracing::debug!(n_removed, "audit records past their time removed"),
            Err(error) => tracing::warn!(%error, "audit not pruned, trying again later"),
        }
    }
}

/// Removes what has ended at `at`; returns how many rows.
pub(crate) async fn sweep(deps: &Deps, at: UnixMs) -> Result<usize, StoreError> {
    let session_ended = |_: &Bytes, row: &Bytes| session::has_ended(deps, row, at);
    let window_passed = |key: &Bytes, row: &Bytes| Ok(throttle::has_passed(key, row, at));
    let state = deps.whole();
    let kept_too_long = |key: &Bytes, row: &Bytes| Ok(own::has_ended(&state, key, row, at));
    Ok(sweep_space(deps, Space::Session, session_ended).await?
        + sweep_space(deps, Space::Login, window_passed).await?
        + sweep_space(deps, Space::Account, kept_too_long).await?)
}

async fn sweep_space(
    deps: &Deps,
    space: Space,
    ended: impl Fn(&Bytes, &Bytes) -> Result<bool, StoreError>,
) -> Result<usize, StoreError> {
    let (mut start, mut n_removed) = (Vec::new(), 0);
    loop {
        let rows = deps.store.rows(space, &start, STRIDE)?;
        let Some((last, ..)) = rows.last() else { return Ok(n_removed) };
        start = [last, [0].as_slice()].concat();
        let (mut conditions, mut changes) = (Vec::new(), Vec::new());
        for (key, revision, row) in rows {
            if ended(&key, &row)? {
                // Used meanwhile, on another node: then none of these go, and the next time all.
                conditions.push(Precondition::Row(space, key.clone(), Some(revision)));
                changes.push(Change::DeleteRow(space, key));
            }
        }
        let n = changes.len();
        if n > 0 {
            match deps.write("system", "ended sessions", conditions, changes).await {
                Ok(_) => n_removed += n,
                Err(error) => tracing::debug!(%error, "ended rows not removed"),
            }
        }
    }
}
