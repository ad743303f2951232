//! Reads of rows and history straight from the state file.

use super::{
    HistoryEntry,
    command::Space,
    database::{File, io_error},
    tables::{
        BY_OBJECT, HISTORY, REQUESTS, ROWS, by_object_key, history_index, history_key, parse_row,
        row_key,
    },
    types::Outcome,
    wire::{history::decode_history, outcome::decode_outcome},
};
use crate::model::{Revision, resource::Key};
use bytes::Bytes;
use redb::ReadOnlyTable;
use std::io;

type Table = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// One row.
pub(super) fn row(file: &File, space: Space, key: &[u8]) -> io::Result<Option<(Revision, Bytes)>> {
    let rows = file.read()?.open_table(ROWS).map_err(io_error)?;
    let row = rows.get(row_key(space, key).as_slice()).map_err(io_error)?;
    Ok(row.map(|row| parse_row(row.value())).transpose()?)
}

/// What became of a request, as long as that is remembered.
pub(super) fn outcome(file: &File, request: u128) -> io::Result<Option<Outcome>> {
    let requests = file.read()?.open_table(REQUESTS).map_err(io_error)?;
    let outcome = requests.get(request.to_be_bytes().as_slice()).map_err(io_error)?;
    Ok(outcome.map(|outcome| decode_outcome(outcome.value())).transpose()?)
}

/// Rows from `start` on.
pub(super) fn rows(
    file: &File,
    space: Space,
    start: &[u8],
    limit: usize,
) -> io::Result<Vec<(Bytes, Revision, Bytes)>> {
    let rows = file.read()?.open_table(ROWS).map_err(io_error)?;
    let (from, end) = (row_key(space, start), [space as u8 + 1]);
    let mut found = Vec::new();
    for row in rows.range(from.as_slice()..end.as_slice()).map_err(io_error)?.take(limit) {
        let (key, value) = row.map_err(io_error)?;
        let (revision, value) = parse_row(value.value())?;
        found.push((Bytes::copy_from_slice(&key.value()[1..]), revision, value));
    }
    Ok(found)
}

/// History, newest first.
pub(super) fn history(
    file: &File,
    key: Option<&Key>,
    before: Option<Revision>,
    limit: usize,
) -> io::Result<Vec<HistoryEntry>> {
    let txn = file.read()?;
    let history = txn.open_table(HISTORY).map_err(io_error)?;
    let end = history_key(before.map_or(u64::MAX, |before| before.0), 0);
    let Some(key) = key else {
        let newest = history.range(..end.as_slice()).map_err(io_error)?.rev().take(limit);
        return newest.map(|row| entry(row.map_err(io_error)?)).collect();
    };
    let of_object = txn.open_table(BY_OBJECT).map_err(io_error)?;
    let (from, to) = (by_object_key(key, &[]), by_object_key(key, &end));
    let mut found = Vec::new();
    let newest = of_object.range(from.as_slice()..to.as_slice()).map_err(io_error)?.rev();
    for row in newest.take(limit) {
        let (at, _) = row.map_err(io_error)?;
        found.extend(one(&history, &at.value()[from.len()..])?);
    }
    Ok(found)
}

/// History of all objects, newest first, below `before`, of those that `wanted` takes: at least
/// `limit` where there are so many, and never a part of what one index changed. The second value
/// says whether there may be more.
pub(super) fn history_where(
    file: &File,
    before: Option<Revision>,
    limit: usize,
    wanted: &mut dyn FnMut(&HistoryEntry) -> bool,
) -> io::Result<(Vec<HistoryEntry>, bool)> {
    let history = file.read()?.open_table(HISTORY).map_err(io_error)?;
    let end = history_key(before.map_or(u64::MAX, |before| before.0), 0);
    let mut found: Vec<HistoryEntry> = Vec::new();
    // Within an index the order of its changes is kept: the newest index's part is put in order
    // once the next index begins.
    let mut begun = 0;
    for row in history.range(..end.as_slice()).map_err(io_error)?.rev() {
        let entry = entry(row.map_err(io_error)?)?;
        if found.get(begun).is_some_and(|first| first.revision != entry.revision) {
            found[begun..].reverse();
            begun = found.len();
            if found.len() >= limit {
                return Ok((found, true));
            }
        }
        if wanted(&entry) {
            found.push(entry);
        }
    }
    found[begun..].reverse();
    Ok((found, false))
}

/// Everything that changed above `after`, newest first.
pub(super) fn history_since(file: &File, after: Revision) -> io::Result<Vec<HistoryEntry>> {
    let history = file.read()?.open_table(HISTORY).map_err(io_error)?;
    let from = history_key(after.0.saturating_add(1), 0);
    let rows = history.range(from.as_slice()..).map_err(io_error)?.rev();
    rows.map(|row| entry(row.map_err(io_error)?)).collect()
}

/// Everything one index changed.
pub(super) fn history_of(file: &File, revision: Revision) -> io::Result<Vec<HistoryEntry>> {
    let history = file.read()?.open_table(HISTORY).map_err(io_error)?;
    let (from, to) = (history_key(revision.0, 0), history_key(revision.0, u32::MAX));
    let rows = history.range(from.as_slice()..=to.as_slice()).map_err(io_error)?;
    rows.map(|row| entry(row.map_err(io_error)?)).collect()
}

fn one(history: &Table, at: &[u8]) -> io::Result<Option<HistoryEntry>> {
    let Some(value) = history.get(at).map_err(io_error)? else { return Ok(None) };
    Ok(Some(decode_history(Revision(history_index(at)?), value.value())?))
}

type Guard<'a> = redb::AccessGuard<'a, &'static [u8]>;

fn entry((at, value): (Guard<'_>, Guard<'_>)) -> io::Result<HistoryEntry> {
    Ok(decode_history(Revision(history_index(at.value())?), value.value())?)
}
