//! What readers see: the declared state in memory, how far this node has applied, and the recent
//! changes. Written by the apply thread alone, after its commit.

use super::{
    change::row_to_state,
    codec::CodecError,
    command::Space,
    database::{File, META, io_error},
    digest::{Digest, Digests},
    tables::{APPLIED, MEMBERSHIP, RESOURCES, ROWS, STATE_HASH, key_of, parse_row},
    types::{LogId, StoredMembership},
    waiting::Waiting,
    watch::Ring,
    wire::{
        history::decode_resource,
        raft::{LogIdWire, StoredMembershipWire},
    },
};
use crate::model::{
    UnixMs,
    cluster::{ClusterMeta, DeclaredState},
};
use redb::ReadableTable;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};
use tokio::sync::watch;

/// Shared between the apply thread and the handle.
pub(super) struct View {
    state: RwLock<Arc<DeclaredState>>,
    /// Last applied index, of any entry.
    pub(super) applied: watch::Sender<u64>,
    waiting: Waiting,
    /// Last index that changed what rendering reads.
    pub(super) changes: watch::Sender<u64>,
    pub(super) ring: Ring,
    digests: Mutex<Digests>,
}

impl View {
    pub(super) fn new(state: DeclaredState) -> Self {
        let index = state.index;
        Self {
            state: RwLock::new(Arc::new(state)),
            applied: watch::Sender::new(index),
            waiting: Waiting::default(),
            changes: watch::Sender::new(index),
            ring: Ring::new(index),
            digests: Mutex::default(),
        }
    }

    /// For comparison with other nodes.
    pub(super) fn digests(&self) -> MutexGuard<'_, Digests> {
        self.digests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once `index` is applied. Each waits for its own index: whoever writes is woken once,
    /// not with every batch of the others.
    pub(super) async fn reached(&self, index: u64) {
        if let Some(waits) = self.waiting.until(index, &self.applied) {
            waits.await;
        }
    }

    /// Everything up to `index` is applied and can be read.
    pub(super) fn reach(&self, index: u64) {
        self.applied.send_replace(index);
        self.waiting.wake(index);
    }

    pub(super) fn state(&self) -> Arc<DeclaredState> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_state(&self, state: DeclaredState) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
    }
}

/// How far the state file is, and under which membership.
#[derive(Debug, Clone, Default)]
pub(super) struct Position {
    pub(super) applied: Option<LogId>,
    pub(super) membership: StoredMembership,
    /// Hash of the state at `applied`.
    pub(super) digest: Option<Digest>,
}

/// Nothing declared, as of `index`.
fn empty(index: u64) -> DeclaredState {
    let meta = ClusterMeta {
        cluster_id: String::new(),
        name: String::new(),
        formed: UnixMs(0),
        feature_level: 0,
    };
    DeclaredState { index, meta, members: BTreeMap::new(), resources: BTreeMap::new() }
}

/// Reads all of it from the state file. Blocking.
pub(super) fn load(file: &File) -> io::Result<(Position, DeclaredState)> {
    let txn = file.read()?;
    let position = position(&txn.open_table(META).map_err(io_error)?)?;
    let mut state = empty(position.applied.map_or(0, |id| id.index));
    let resources = txn.open_table(RESOURCES).map_err(io_error)?;
    for row in resources.iter().map_err(io_error)? {
        let (key, value) = row.map_err(io_error)?;
        let resource = decode_resource(key_of(key.value())?, value.value())?;
        let of_kind = state.resources.entry(resource.kind).or_default();
        of_kind.insert(resource.name.clone(), Arc::new(resource));
    }
    let rows = txn.open_table(ROWS).map_err(io_error)?;
    for space in [Space::Cluster, Space::Member] {
        let (from, to) = ([space as u8], [space as u8 + 1]);
        for row in rows.range(from.as_slice()..to.as_slice()).map_err(io_error)? {
            let (key, value) = row.map_err(io_error)?;
            row_to_state(&mut state, space, &key.value()[1..], Some(&parse_row(value.value())?.1));
        }
    }
    Ok((position, state))
}

/// Reads the position from the state file's meta table.
pub(super) fn position(
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> io::Result<Position> {
    let applied = meta.get(APPLIED).map_err(io_error)?;
    let applied = applied.map(|v| super::codec::decode::<LogIdWire>(v.value())).transpose()?;
    let membership = meta.get(MEMBERSHIP).map_err(io_error)?;
    let membership = membership
        .map(|v| super::codec::decode::<StoredMembershipWire>(v.value()))
        .transpose()?
        .map(TryInto::try_into)
        .transpose()
        .map_err(|error: CodecError| io::Error::from(error))?;
    let applied: Option<LogId> = applied.map(Into::into);
    let digest = meta.get(STATE_HASH).map_err(io_error)?;
    let digest = digest.map(|v| Digest::read(v.value(), applied)).transpose()?.flatten();
    Ok(Position { applied, membership: membership.unwrap_or_default(), digest })
}
