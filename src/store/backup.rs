//! Backup: the state as one file, and two fresh database files from it.
//!
//! A restored state is a new cluster of one voter: its log begins where the backup ends, far
//! above, so that no revision means one thing in the old cluster and another in the new one. What
//! belongs to the old cluster's machines (members, tokens, leases, sessions) does not come along.

use super::{
    Store, StoreError, audit,
    codec::encode,
    command::{Change, Space},
    database::{File, META, io_error},
    log_store::{PURGED, VOTE},
    log_writer::LOG,
    open::{LOG_CACHE_BYTES, STATE_CACHE_BYTES, make_dir},
    reads, snapshot,
    state_writer::write_position,
    tables::{Tables, row_key, row_value},
    types::{LeaderId, LogId, Membership, SnapshotMeta, StoredMembership, Vote},
    view::{Position, load},
    wire::raft::{LogIdWire, VoteWire},
};
use crate::{
    base::atomic_file,
    model::{
        NodeId, Revision,
        cluster::{AUDIT_LEVEL, DeclaredState},
    },
};
use bytes::Bytes;
use openraft::EmptyNode;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};
use tokio::sync::Mutex;

/// Revisions of a restored cluster go on this far above the backup's.
const GAP: u64 = 1_000_000;
/// Each takes a second copy of the state on disk.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Spaces that are about the old cluster's machines and people's open sessions.
const LEFT_BEHIND: [Space; 6] =
    [Space::Member, Space::Standing, Space::JoinToken, Space::Lease, Space::Session, Space::Login];

/// The state in a backup, for whoever makes a new cluster of it.
pub struct Backed<'a> {
    /// Resources, members and meta data.
    pub state: &'a DeclaredState,
    file: &'a File,
}

impl Backed<'_> {
    /// A private row.
    #[must_use]
    pub fn row(&self, space: Space, key: &[u8]) -> Option<Bytes> {
        reads::row(self.file, space, key).ok().flatten().map(|(_, row)| row)
    }
}

impl Store {
    /// Everything that is applied here now, as an open file without a name: whatever becomes of
    /// this process, nothing is left behind. Not linearizable by itself: see [`Store::barrier`].
    ///
    /// # Errors
    /// [`StoreError::Storage`], for instance when the disk has no room for a second copy.
    pub async fn backup(&self) -> Result<fs::File, StoreError> {
        let _one = ONE_AT_A_TIME.lock().await;
        self.inner().applier.sync().await?;
        let (file, dir) = (self.inner().file.clone(), self.inner().snapshots.join("backup"));
        let build = move || -> io::Result<fs::File> {
            if dir.exists() {
                fs::remove_dir_all(&dir)?;
            }
            make_dir(&dir)?;
            let (_, built) = snapshot::build(&file, &dir)?;
            let open = fs::File::open(&built.0)?;
            fs::remove_dir_all(&dir)?;
            Ok(open)
        };
        Ok(self.inner().work.blocking(build).await?)
    }
}

/// Makes the files of a store in `dir`, which must hold none, from a backup: a cluster whose one
/// voter is `node`. `adapt` says which private rows change on the way ([`Change::PutRow`],
/// [`Change::DeleteRow`]) and what the audit says of it ([`Change::Note`]). Blocking; returns the index from which the new cluster goes on. A crash
/// leaves a directory that must be thrown away.
///
/// # Errors
/// [`StoreError::Open`]: the backup is damaged, or the directory cannot be used.
pub fn restore(
    dir: &Path,
    node: NodeId,
    backup: &Path,
    adapt: impl FnOnce(&Backed<'_>) -> Result<Vec<Change>, String>,
) -> Result<u64, StoreError> {
    let (state_path, log_path) = (dir.join("state.redb"), dir.join("raft-log.redb"));
    let snapshots = dir.join("snapshots");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| StoreError::Open { path, reason: error.to_string() }
    };
    make_dir(&snapshots).map_err(failed(&snapshots))?;
    let state = File::open(&state_path, node, STATE_CACHE_BYTES)?;
    let meta = fill(&state, backup).map_err(failed(backup))?;
    let (_, declared) = load(&state).map_err(failed(&state_path))?;
    let changes = adapt(&Backed { state: &declared, file: &state })
        .map_err(|reason| StoreError::Open { path: backup.to_owned(), reason })?;
    let last = last_of(&meta, node);
    settle(&state, &declared, (node, last), changes).map_err(failed(&state_path))?;
    let log = File::open(&log_path, node, LOG_CACHE_BYTES)?;
    begin_log(&log, last).map_err(failed(&log_path))?;
    // For those who join: the log does not reach back.
    snapshot::build(&state, &snapshots).map_err(failed(&snapshots))?;
    state.close().map_err(failed(&state_path))?;
    log.close().map_err(failed(&log_path))?;
    atomic_file::sync_dir(dir).map_err(failed(dir))?;
    Ok(last.index)
}

/// Where the new log begins.
fn last_of(meta: &SnapshotMeta, node: NodeId) -> LogId {
    let (term, index) = meta.last_log_id.map_or((0, 0), |id| (id.leader_id.term, id.index));
    LogId { leader_id: LeaderId { term: term + 1, node_id: node.0 }, index: index + GAP }
}

/// Fills the tables from a checked backup.
fn fill(state: &File, backup: &Path) -> io::Result<SnapshotMeta> {
    let meta = snapshot::meta(backup)?;
    let (applied, membership) = (meta.last_log_id, meta.last_membership.clone());
    let position = Position { applied, membership, digest: None };
    let txn = state.write(true)?;
    snapshot::read_into(backup, &txn)?;
    write_position(&mut Tables::open(&txn)?, &position)?;
    txn.commit().map_err(io_error)?;
    Ok(meta)
}

/// Leaves behind what is the old cluster's, makes the changes, and moves to the new membership.
fn settle(
    state: &File,
    declared: &DeclaredState,
    (node, last): (NodeId, LogId),
    changes: Vec<Change>,
) -> io::Result<()> {
    let nodes = BTreeMap::from([(node.0, EmptyNode {})]);
    let membership = Membership::new(vec![BTreeSet::from([node.0])], nodes);
    let membership = membership.map_err(|error| io::Error::other(error.to_string()))?;
    let membership = StoredMembership::new(Some(last), membership);
    // Rows change below that no log entry tells of: the hash begins anew.
    let position = Position { applied: Some(last), membership, digest: None };
    let txn = state.write(true)?;
    {
        let mut tables = Tables::open(&txn)?;
        for space in LEFT_BEHIND {
            let (from, to) = ([space as u8], [space as u8 + 1]);
            tables
                .rows
                .retain_in(from.as_slice()..to.as_slice(), |_, _| false)
                .map_err(io_error)?;
        }
        for change in changes {
            match change {
                Change::PutRow(space, key, value) => {
                    let row = row_value(Revision(last.index), &value);
                    let key = row_key(space, &key);
                    tables.rows.insert(key.as_slice(), row.as_slice()).map_err(io_error)?;
                }
                Change::DeleteRow(space, key) => {
                    tables.rows.remove(row_key(space, &key).as_slice()).map_err(io_error)?;
                }
                // By the level, as everywhere: members that join may not know of records yet.
                Change::Note(_) if declared.meta.feature_level < AUDIT_LEVEL => {}
                Change::Note(said) => audit::append(&mut tables, last.index, &said)?,
                Change::Put { .. } | Change::Delete(_) | Change::PruneAudit(_) => {
                    return Err(io::Error::other("only rows change while restoring"));
                }
            }
        }
        write_position(&mut tables, &position)?;
    }
    txn.commit().map_err(io_error)
}

/// A log that was purged up to `last`, by a node that has voted for itself.
fn begin_log(log: &File, last: LogId) -> io::Result<()> {
    let vote = Vote { leader_id: last.leader_id, committed: false };
    let txn = log.write(true)?;
    {
        let mut meta = txn.open_table(META).map_err(io_error)?;
        txn.open_table(LOG).map_err(io_error)?;
        meta.insert(VOTE, encode(&VoteWire::from(&vote)).as_slice()).map_err(io_error)?;
        meta.insert(PURGED, encode(&LogIdWire::from(&last)).as_slice()).map_err(io_error)?;
    }
    txn.commit().map_err(io_error)
}
