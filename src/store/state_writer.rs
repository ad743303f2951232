//! Writes the state file: applies batches, keeps the view, installs snapshots. Used by the
//! applier alone, which sees to it that only one does so at a time.
//!
//! Invariant: data, last applied log id, membership and request outcomes of a batch are one
//! transaction. A batch need not be on disk when it is answered (the log is), but it is within
//! [`SYNC_EVERY`], and before a snapshot counts. Readers see a batch only after its commit.

use super::{
    applier::Item,
    apply::{Applied, apply},
    codec::encode,
    database::{File, io_error},
    digest::Digest,
    snapshot,
    tables::{APPLIED, MEMBERSHIP, STATE_HASH, Tables},
    types::{Entry, LogId, Outcome, SnapshotMeta, StoredMembership},
    view::{Position, View, load},
    watch::Changed,
    wire::raft::{LogIdWire, StoredMembershipWire},
};
use crate::model::cluster::DeclaredState;
use openraft::EntryPayload;
use std::{io, sync::Arc, time::Duration};
use tokio::time::Instant;

/// The state file is at most this far behind what was applied.
const SYNC_EVERY: Duration = Duration::from_millis(200);

/// The state file, and what readers see of it.
pub(super) struct StateWriter {
    file: Arc<File>,
    view: Arc<View>,
    pub(super) position: Position,
    /// Since when something is applied but not on disk.
    dirty: Option<Instant>,
}

impl StateWriter {
    /// Loads the state file. Blocking.
    pub(super) fn load(file: Arc<File>) -> io::Result<(Self, Arc<View>)> {
        let txn = file.write(true)?;
        Tables::open(&txn)?;
        txn.commit().map_err(io_error)?;
        let (position, state) = load(&file)?;
        let view = Arc::new(View::new(state));
        view.digests().reset(position.digest);
        Ok((Self { file, view: view.clone(), position, dirty: None }, view))
    }

    /// When [`Self::sync_late`] is due; `None` = there is nothing to sync.
    pub(super) fn sync_due(&self) -> Option<Instant> {
        self.dirty.map(|since| since + SYNC_EVERY)
    }

    /// Syncs because it is time to, not because somebody waits for it.
    pub(super) fn sync_late(&mut self) {
        if let Err(error) = self.sync() {
            // The next batch meets the same error and reports it; the log has all.
            tracing::error!(%error, "state file cannot be synced");
            self.dirty = Some(Instant::now());
        }
    }

    pub(super) fn end(&mut self) {
        if let Err(error) = self.sync().and_then(|()| self.file.close()) {
            tracing::warn!(%error, "state file not closed cleanly; the log will make up for it");
        }
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.dirty.is_some() {
            self.file.write(true)?.commit().map_err(io_error)?;
            self.dirty = None;
        }
        Ok(())
    }

    pub(super) fn apply(&mut self, items: Vec<Item>) -> io::Result<()> {
        let due = self.dirty.is_some_and(|since| since.elapsed() >= SYNC_EVERY);
        let txn = self.file.write(due)?;
        let mut state = DeclaredState::clone(&self.view.state());
        let mut position = self.position.clone();
        let mut effects = Vec::with_capacity(items.len());
        let mut digests = Vec::with_capacity(items.len());
        {
            let mut tables = Tables::open(&txn)?;
            for (entry, _) in &items {
                effects.push(apply_entry(&mut tables, &mut state, &mut position, entry)?);
                digests.extend(position.digest);
            }
            write_position(&mut tables, &position)?;
        }
        txn.commit().map_err(io_error)?;
        self.position = position;
        #[cfg(feature = "chaos-bugs")]
        if due {
            self.write_unwritten()?;
        }
        self.dirty = if due { None } else { self.dirty.or_else(|| Some(Instant::now())) };
        self.view.digests().push(digests);
        self.publish(state, items, effects);
        Ok(())
    }

    #[cfg(feature = "chaos-bugs")]
    fn write_unwritten(&self) -> io::Result<()> {
        let txn = self.file.write(false)?;
        {
            let mut tables = Tables::open(&txn)?;
            for (request, (index, outcome)) in std::mem::take(&mut *super::bug::unwritten()) {
                let (request, index) = (request.as_slice(), index.to_be_bytes());
                tables.requests.insert(request, outcome.as_slice()).map_err(io_error)?;
                tables.request_order.insert(index.as_slice(), request).map_err(io_error)?;
            }
        }
        txn.commit().map_err(io_error)
    }

    /// First the state, then the events, then the indexes, then the answers: who is told of an
    /// index can read it.
    fn publish(&self, mut state: DeclaredState, items: Vec<Item>, effects: Vec<Applied>) {
        let Some(index) = items.last().map(|(entry, _)| entry.log_id.index) else { return };
        state.index = index;
        self.view.set_state(state);
        let mut declared = None;
        let mut events = Vec::new();
        let mut answers = Vec::with_capacity(items.len());
        for ((entry, responder), effect) in items.into_iter().zip(effects) {
            let index = entry.log_id.index;
            if effect.declared {
                declared = Some(index);
            }
            if !effect.keys.is_empty() || !effect.rows.is_empty() {
                events.push(Changed { index, keys: effect.keys, rows: effect.rows });
            }
            answers.push((responder, effect.outcome));
        }
        self.view.ring.push(events, index);
        self.view.reach(index);
        if let Some(index) = declared {
            self.view.changes.send_replace(index);
        }
        for (responder, outcome) in answers {
            if let Some(responder) = responder {
                responder.send(outcome);
            }
        }
    }

    pub(super) fn install(
        &mut self,
        meta: &SnapshotMeta,
        path: &std::path::Path,
    ) -> io::Result<()> {
        let txn = self.file.write(true)?;
        let digest = snapshot::read_into(path, &txn)?;
        let (applied, membership) = (meta.last_log_id, meta.last_membership.clone());
        let position = Position { applied, membership, digest };
        write_position(&mut Tables::open(&txn)?, &position)?;
        txn.commit().map_err(io_error)?;
        self.dirty = None;
        let (position, state) = load(&self.file)?;
        let index = state.index;
        self.view.digests().reset(position.digest);
        self.position = position;
        self.view.set_state(state);
        self.view.ring.reset(index);
        self.view.reach(index);
        self.view.changes.send_replace(index);
        Ok(())
    }
}

fn apply_entry(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    position: &mut Position,
    entry: &Entry,
) -> io::Result<Applied> {
    let index = entry.log_id.index;
    let before = position.applied.replace(entry.log_id);
    let applied = match &entry.payload {
        EntryPayload::Blank => Outcome::Nothing.into(),
        EntryPayload::Normal(op) => apply(tables, state, index, op)?,
        EntryPayload::Membership(membership) => {
            position.membership = StoredMembership::new(Some(entry.log_id), membership.clone());
            Outcome::Nothing.into()
        }
    };
    position.digest = Digest::after(position.digest, before, index, &mut tables.trace);
    Ok(applied)
}

pub(super) fn write_position(tables: &mut Tables<'_>, position: &Position) -> io::Result<()> {
    if let Some(applied) = &position.applied {
        write_log_id(tables, applied)?;
    }
    let membership = encode(&StoredMembershipWire::from(&position.membership));
    tables.meta.insert(MEMBERSHIP, membership.as_slice()).map_err(io_error)?;
    match position.digest {
        Some(digest) => tables.meta.insert(STATE_HASH, digest.encoded().as_slice()),
        None => tables.meta.remove(STATE_HASH),
    }
    .map_err(io_error)?;
    Ok(())
}

fn write_log_id(tables: &mut Tables<'_>, applied: &LogId) -> io::Result<()> {
    let applied = encode(&LogIdWire::from(applied));
    tables.meta.insert(APPLIED, applied.as_slice()).map_err(io_error)?;
    Ok(())
}
