//! Opening the two redb files and telling whose they are.
//!
//! Both carry the node's id: a node that lost one of them has forgotten its vote, or what it
//! applied, and must not go on under its old id. Creation order (state, then log) makes a crash
//! in between look like what it is: a blank state file without a log.

use super::StoreError;
use crate::{
    base::{atomic_file, disk},
    model::NodeId,
};
use redb::{Builder, Database, Durability, ReadTransaction, TableDefinition, WriteTransaction};
use std::{
    fs::OpenOptions,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

/// Facts about the file itself and single values. Byte keys everywhere: redb's typed encodings
/// may change between its majors, bytes do not.
pub(super) const META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("meta");

const NODE: &[u8] = b"node_id";
const FORMAT: &[u8] = b"format";
const FORMAT_1: &[u8] = b"1";

/// An open file that can be closed while others still hold a handle.
pub(super) struct File {
    path: PathBuf,
    database: RwLock<Option<Database>>,
}

/// Any redb error as what openraft wants to hear.
pub(super) fn io_error<E: Into<redb::Error>>(error: E) -> io::Error {
    match error.into() {
        redb::Error::Io(error) => disk::advised(error),
        other => io::Error::other(other),
    }
}

/// What to do about an error at opening.
fn advice(error: &io::Error) -> String {
    if disk::is_full(error) { error.to_string() } else { format!("{error}; {REPLACE}") }
}

impl File {
    /// Opens or creates `path` (mode 0600) for `node`. Blocking.
    ///
    /// # Errors
    /// In use, damaged, of another format, or another node's; each says what to do.
    pub(super) fn open(path: &Path, node: NodeId, cache_bytes: usize) -> Result<Self, StoreError> {
        let refuse = |reason: String| StoreError::Open { path: path.to_owned(), reason };
        // redb makes its file in several steps: killed amid them it leaves one that never opens.
        let make = |new: &Path| Builder::new().create(new).map(drop).map_err(io_error);
        atomic_file::make_whole(path, 0o600, make)
            .and_then(|()| OpenOptions::new().write(true).open(path))
            .map_err(disk::advised)
            .map_err(|error| refuse(format!("{error}; make the data directory writable")))?;
        // A damaged file can make redb panic; that must not take the caller down with it.
        let opened = catch_unwind(AssertUnwindSafe(|| {
            Builder::new().set_cache_size(cache_bytes).create(path)
        }));
        let database = match opened {
            Ok(Ok(database)) => database,
            Ok(Err(redb::DatabaseError::DatabaseAlreadyOpen)) => {
                return Err(refuse("another process has it open; stop that one first".to_owned()));
            }
            Ok(Err(error)) => return Err(refuse(advice(&io_error(error)))),
            Err(_) => return Err(refuse(format!("the file is damaged; {REPLACE}"))),
        };
        Self::own(path, database, node)
    }

    /// Takes an open database for `node`'s, checking or writing whose it is. `path` is for
    /// messages.
    pub(super) fn own(path: &Path, database: Database, node: NodeId) -> Result<Self, StoreError> {
        let file = Self { path: path.to_owned(), database: RwLock::new(Some(database)) };
        file.claim(node)?;
        Ok(file)
    }

    /// Writes whose file this is, or checks it.
    fn claim(&self, node: NodeId) -> Result<(), StoreError> {
        let refuse = |reason: String| StoreError::Open { path: self.path.clone(), reason };
        let failed = |error: io::Error| refuse(advice(&error));
        let (owner, format) = self.identity().map_err(failed)?;
        match (owner, format.as_deref()) {
            (Some(owner), _) if owner != node => Err(refuse(format!(
                "it belongs to node {owner}, this is node {node}; give this node its own data \
                 directory, or put the right node.json back"
            ))),
            (Some(_), Some(FORMAT_1)) => Ok(()),
            (Some(_), _) => Err(refuse(
                "it has a format this binary does not know; start the newer binary".to_owned(),
            )),
            (None, _) => {
                let write = || -> io::Result<()> {
                    let txn = self.write(true)?;
                    {
                        let mut meta = txn.open_table(META).map_err(io_error)?;
                        meta.insert(NODE, node.0.to_be_bytes().as_slice()).map_err(io_error)?;
                        meta.insert(FORMAT, FORMAT_1).map_err(io_error)?;
                    }
                    txn.commit().map_err(io_error)
                };
                write().map_err(failed)
            }
        }
    }

    /// The state file of a node that has taken part.
    pub(super) fn applied_something(&self) -> io::Result<bool> {
        let meta = self.read()?.open_table(META).map_err(io_error)?;
        Ok(meta.get(super::tables::APPLIED).map_err(io_error)?.is_some())
    }

    fn identity(&self) -> io::Result<(Option<NodeId>, Option<Vec<u8>>)> {
        let txn = self.read()?;
        let meta = match txn.open_table(META) {
            Ok(meta) => meta,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok((None, None)),
            Err(error) => return Err(io_error(error)),
        };
        let node = meta
            .get(NODE)
            .map_err(io_error)?
            .and_then(|value| Some(NodeId(u64::from_be_bytes(value.value().try_into().ok()?))));
        let format = meta.get(FORMAT).map_err(io_error)?.map(|value| value.value().to_vec());
        Ok((node, format))
    }

    /// A consistent view. Short-lived, please: it pins old pages.
    pub(super) fn read(&self) -> io::Result<ReadTransaction> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| io::Error::other("the store is closed"))?;
        redb::ReadableDatabase::begin_read(database).map_err(io_error)
    }

    /// A write transaction: `durable` commits are on disk when `commit` returns, the others
    /// become so with the next durable one.
    pub(super) fn write(&self, durable: bool) -> io::Result<WriteTransaction> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| io::Error::other("the store is closed"))?;
        let mut txn = database.begin_write().map_err(io_error)?;
        if durable {
            // Two-phase: recovery after a crash needs no walk over the file, and the bugs redb
            // had in one-phase recovery do not concern us.
            txn.set_quick_repair(true);
        } else {
            txn.set_durability(Durability::None).map_err(io_error)?;
        }
        Ok(txn)
    }

    /// Closes the file and frees its lock once the last reader is gone.
    pub(super) fn close(&self) -> io::Result<()> {
        let database = self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        database.map_or(Ok(()), |database| database.close().map_err(io_error))
    }
}

/// What to do about a file that cannot be used.
const REPLACE: &str = "if it stays so, move the whole data directory away and let this machine \
                       join again as a new node";
