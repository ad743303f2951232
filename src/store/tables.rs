//! The tables of the state file, and the keys in them.

use super::{
    codec::CodecError,
    command::Space,
    database::{META, io_error},
    digest::Trace,
};
use crate::model::{Kind, Revision, resource::Key};
use bytes::Bytes;
use redb::{Table, TableDefinition, TableHandle, WriteTransaction};
use std::io;

type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
type Open<'t> = Table<'t, &'static [u8], &'static [u8]>;

/// `KIND/NAME` → resource.
pub(super) const RESOURCES: Definition = TableDefinition::new("resources");
/// space, key → revision, value.
pub(super) const ROWS: Definition = TableDefinition::new("rows");
/// index, position → history entry.
pub(super) const HISTORY: Definition = TableDefinition::new("history");
/// `KIND/NAME` 0 index, position → nothing: the history of one object.
pub(super) const BY_OBJECT: Definition = TableDefinition::new("history_by_object");
/// request → index, outcome.
pub(super) const REQUESTS: Definition = TableDefinition::new("requests");
/// index → request, to forget the oldest first.
pub(super) const REQUEST_ORDER: Definition = TableDefinition::new("request_order");
/// transaction, part → time, piece.
pub(super) const STAGES: Definition = TableDefinition::new("stages");

/// Everything a snapshot carries, with the number each table has in it. Never reuse a number.
pub(super) const REPLICATED: [(u8, Definition); 7] = [
    (1, RESOURCES),
    (2, ROWS),
    (3, HISTORY),
    (4, BY_OBJECT),
    (5, REQUESTS),
    (6, REQUEST_ORDER),
    (7, STAGES),
];

/// Keys of the meta table.
pub(super) const APPLIED: &[u8] = b"applied";
pub(super) const MEMBERSHIP: &[u8] = b"membership";
pub(super) const STATE_HASH: &[u8] = b"state_hash";

/// All tables, open for writing in one transaction.
pub(super) struct Tables<'t> {
    pub(super) meta: Open<'t>,
    pub(super) resources: Open<'t>,
    pub(super) rows: Open<'t>,
    pub(super) history: Open<'t>,
    pub(super) by_object: Open<'t>,
    pub(super) requests: Open<'t>,
    pub(super) request_order: Open<'t>,
    pub(super) stages: Open<'t>,
    /// What the entry that is being applied has written.
    pub(super) trace: Trace,
}

impl<'t> Tables<'t> {
    pub(super) fn open(txn: &'t WriteTransaction) -> io::Result<Self> {
        let open = |definition: Definition| txn.open_table(definition).map_err(io_error);
        Ok(Self {
            meta: open(META)?,
            resources: open(RESOURCES)?,
            rows: open(ROWS)?,
            history: open(HISTORY)?,
            by_object: open(BY_OBJECT)?,
            requests: open(REQUESTS)?,
            request_order: open(REQUEST_ORDER)?,
            stages: open(STAGES)?,
            trace: Trace::default(),
        })
    }
}

/// Empties every replicated table.
pub(super) fn clear(txn: &WriteTransaction) -> io::Result<()> {
    for (_, definition) in REPLICATED {
        debug_assert_ne!(definition.name(), META.name());
        txn.delete_table(definition).map_err(io_error)?;
    }
    Ok(())
}

/// `KIND/NAME`.
pub(super) fn object_key(key: &Key) -> Vec<u8> {
    key.to_string().into_bytes()
}

/// Reads [`object_key`].
pub(super) fn key_of(bytes: &[u8]) -> Result<Key, CodecError> {
    let malformed = || CodecError::Malformed("no object key".to_owned());
    let text = str::from_utf8(bytes).map_err(|_| malformed())?;
    let (kind, name) = text.split_once('/').ok_or_else(malformed)?;
    Ok(Key {
        kind: kind.parse::<Kind>().map_err(|_| malformed())?,
        name: name.parse().map_err(|_| malformed())?,
    })
}

/// Space and key in one.
pub(super) fn row_key(space: Space, key: &[u8]) -> Vec<u8> {
    let mut full = Vec::with_capacity(1 + key.len());
    full.push(space as u8);
    full.extend_from_slice(key);
    full
}

/// A row's value: when it last changed, and what it is.
pub(super) fn row_value(revision: Revision, value: &[u8]) -> Vec<u8> {
    [revision.0.to_be_bytes().as_slice(), value].concat()
}

/// Reads [`row_value`].
pub(super) fn parse_row(value: &[u8]) -> Result<(Revision, Bytes), CodecError> {
    let (revision, value) = value
        .split_first_chunk::<8>()
        .ok_or_else(|| CodecError::Malformed("a row without a revision".to_owned()))?;
    Ok((Revision(u64::from_be_bytes(*revision)), Bytes::copy_from_slice(value)))
}

/// Index and position within it.
pub(super) fn history_key(index: u64, position: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&index.to_be_bytes());
    key[8..].copy_from_slice(&position.to_be_bytes());
    key
}

/// The index in a [`history_key`].
pub(super) fn history_index(key: &[u8]) -> Result<u64, CodecError> {
    key.first_chunk::<8>()
        .map(|index| u64::from_be_bytes(*index))
        .ok_or_else(|| CodecError::Malformed("no history key".to_owned()))
}

/// Key of the history of one object.
pub(super) fn by_object_key(object: &Key, history: &[u8]) -> Vec<u8> {
    let mut full = object_key(object);
    full.push(0);
    full.extend_from_slice(history);
    full
}

/// Key of a staged piece.
pub(super) fn stage_key(transaction: &[u8], part: u32) -> Vec<u8> {
    [transaction, part.to_be_bytes().as_slice()].concat()
}
