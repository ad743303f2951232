//! The audit in the state machine: records are put into their chain when an entry is applied, so
//! every node has the same chain, and a change and its record are one transaction.
//!
//! Rows of [`Space::Audit`]: `r` and the number (u64, big-endian) → hash (32 bytes), text;
//! `a` → number and hash of the last record that was pruned. The head is the last row. What a
//! record says is [`crate::model::audit`]'s; here only its number, the index and what really
//! changed are added.

use super::{
    change::Author,
    codec::CodecError,
    command::{NoteText, Space},
    database::{File, io_error},
    tables::{ROWS, Tables, parse_row, row_key, row_value},
};
use crate::model::{
    Resource, Revision,
    audit::{End, GENESIS, Hash, Note, OBJECTS_MAX, Touched, Verb, link},
    cluster::{AUDIT_LEVEL, DeclaredState},
    resource::Key,
};
use bytes::Bytes;
use redb::ReadableTable;
use std::io;

const ANCHOR: &[u8] = b"a";
const RECORD: u8 = b'r';
const HASH: usize = 32;
/// One entry prunes at most so many records, so that applying it stays short.
const PRUNED_AT_ONCE: u64 = 5_000;

/// One record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Position in the chain.
    pub seq: u64,
    /// SHA-256 over the hash before it and the text.
    pub hash: Hash,
    /// JSON of a [`crate::model::audit::Record`].
    pub text: String,
}

/// From where to where the chain goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditEnds {
    /// Before the first record that is kept.
    pub anchor: End,
    /// The newest record; equal to the anchor when there is none.
    pub head: End,
}

/// What one command has to say, gathered while it is applied.
#[derive(Default)]
pub(super) struct Notes {
    said: Vec<NoteText>,
    touched: Vec<Touched>,
    n_objects: u64,
    about_objects: bool,
}

impl Notes {
    pub(super) fn say(&mut self, text: NoteText) {
        self.said.push(text);
    }

    /// The command means to change objects, whether or not that changes anything.
    pub(super) const fn about_objects(&mut self) {
        self.about_objects = true;
    }

    pub(super) fn touched(
        &mut self,
        key: &Key,
        before: Option<&Resource>,
        after: Option<Revision>,
    ) {
        self.n_objects += 1;
        if self.touched.len() < OBJECTS_MAX {
            self.touched.push(Touched {
                kind: key.kind.to_string(),
                name: key.name.to_string(),
                before: before.map(|object| object.revision.to_string()),
                after: after.map(|revision| revision.to_string()),
            });
        }
    }
}

/// Puts what was said into the chain; what changed without a word is recorded all the same, and
/// what changed nothing is not. Gives the rows that were written.
pub(super) fn record(
    tables: &mut Tables<'_>,
    state: &DeclaredState,
    index: u64,
    author: &Author,
    mut notes: Notes,
) -> io::Result<Vec<(Space, Bytes)>> {
    let changed = notes.n_objects > 0;
    if notes.about_objects && !changed {
        return Ok(Vec::new());
    }
    // By the state, not by the binary: members of an older level do not do this.
    if notes.said.is_empty() && changed && state.meta.feature_level >= AUDIT_LEVEL {
        let mut note = Note::done(author.at, author.actor.clone(), Verb::Change);
        note.why.clone_from(&author.why);
        notes.said.push(NoteText(note.text()));
    }
    let mut written = Vec::with_capacity(notes.said.len());
    for said in notes.said {
        let touched = (std::mem::take(&mut notes.touched), std::mem::take(&mut notes.n_objects));
        let key = link_on(tables, index, touched, &said)?;
        written.push((Space::Audit, Bytes::copy_from_slice(&key)));
    }
    Ok(written)
}

/// Puts a record at the end of the chain; gives the key of its row.
fn link_on(
    tables: &mut Tables<'_>,
    index: u64,
    (touched, n_objects): (Vec<Touched>, u64),
    said: &NoteText,
) -> io::Result<[u8; 9]> {
    let head = head(&tables.rows)?;
    let seq = head.seq + 1;
    let text = text(seq, index, &touched, n_objects, said)?;
    let hash = link(&head.hash, text.as_bytes());
    let (key, value) = (key_of(seq), [hash.as_slice(), text.as_bytes()].concat());
    put(tables, &key, index, &value)?;
    Ok(key)
}

/// The same for what happens outside of the log: a state that is made from a backup.
pub(super) fn append(tables: &mut Tables<'_>, index: u64, said: &NoteText) -> io::Result<()> {
    link_on(tables, index, (Vec::new(), 0), said).map(drop)
}

/// Removes records below `below`, at most [`PRUNED_AT_ONCE`] and never the newest, and moves the
/// anchor. Gives the rows that were written.
pub(super) fn prune(
    tables: &mut Tables<'_>,
    index: u64,
    below: u64,
) -> io::Result<Vec<(Space, Bytes)>> {
    let anchor = anchor(&tables.rows)?;
    let head = head(&tables.rows)?;
    let last = below.min(head.seq).saturating_sub(1).min(anchor.seq + PRUNED_AT_ONCE);
    if last <= anchor.seq {
        return Ok(Vec::new());
    }
    let row = tables.rows.get(row_key(Space::Audit, &key_of(last)).as_slice()).map_err(io_error)?;
    let Some(hash) = row.map(|row| hash_of(&parse_row(row.value())?.1)).transpose()? else {
        return Ok(Vec::new());
    };
    for seq in anchor.seq + 1..=last {
        let key = row_key(Space::Audit, &key_of(seq));
        tables.trace.note(&[&key]);
        tables.rows.remove(key.as_slice()).map_err(io_error)?;
    }
    let value = [last.to_be_bytes().as_slice(), &hash].concat();
    put(tables, ANCHOR, index, &value)?;
    Ok(vec![(Space::Audit, Bytes::from_static(ANCHOR))])
}

fn put(tables: &mut Tables<'_>, key: &[u8], revision: u64, value: &[u8]) -> io::Result<()> {
    let (key, row) = (row_key(Space::Audit, key), row_value(Revision(revision), value));
    tables.trace.note(&[&key, &row]);
    tables.rows.insert(key.as_slice(), row.as_slice()).map_err(io_error)?;
    Ok(())
}

/// The record's JSON: what the store knows, then the note's own fields, byte by byte.
fn text(
    seq: u64,
    index: u64,
    touched: &[Touched],
    n_objects: u64,
    said: &NoteText,
) -> io::Result<String> {
    let objects = match n_objects {
        0 => String::new(),
        _ => format!(r#""objects":{},"n_objects":{n_objects},"#, serde_json::to_string(touched)?),
    };
    let said = said.0.strip_prefix('{').unwrap_or(&said.0);
    Ok(format!(r#"{{"seq":{seq},"index":{index},{objects}{said}"#))
}

fn key_of(seq: u64) -> [u8; 9] {
    let mut key = [RECORD; 9];
    key[1..].copy_from_slice(&seq.to_be_bytes());
    key
}

fn anchor(rows: &impl ReadableTable<&'static [u8], &'static [u8]>) -> io::Result<End> {
    let Some(row) = rows.get(row_key(Space::Audit, ANCHOR).as_slice()).map_err(io_error)? else {
        return Ok(End { seq: 0, hash: GENESIS });
    };
    let value = parse_row(row.value())?.1;
    let (seq, hash) = value.split_first_chunk::<8>().ok_or_else(malformed)?;
    Ok(End { seq: u64::from_be_bytes(*seq), hash: hash.try_into().map_err(|_| malformed())? })
}

fn head(rows: &impl ReadableTable<&'static [u8], &'static [u8]>) -> io::Result<End> {
    let (from, to) = bounds(0, u64::MAX);
    let mut newest = rows.range(from.as_slice()..=to.as_slice()).map_err(io_error)?;
    match newest.next_back() {
        None => anchor(rows),
        Some(row) => {
            let (key, value) = row.map_err(io_error)?;
            let hash = hash_of(&parse_row(value.value())?.1)?;
            Ok(End { seq: seq_of(key.value())?, hash })
        }
    }
}

fn bounds(from: u64, to: u64) -> (Vec<u8>, Vec<u8>) {
    (row_key(Space::Audit, &key_of(from)), row_key(Space::Audit, &key_of(to)))
}

fn seq_of(row_key: &[u8]) -> io::Result<u64> {
    let seq = row_key.last_chunk::<8>().ok_or_else(malformed)?;
    Ok(u64::from_be_bytes(*seq))
}

fn hash_of(value: &[u8]) -> io::Result<Hash> {
    Ok(*value.first_chunk::<HASH>().ok_or_else(malformed)?)
}

fn malformed() -> io::Error {
    CodecError::Malformed("no audit record".to_owned()).into()
}

fn row(key: &[u8], value: &[u8]) -> io::Result<AuditRow> {
    let value = parse_row(value)?.1;
    let hash = hash_of(&value)?;
    // A damaged text is shown as it is: verifying says that it is.
    let text = String::from_utf8_lossy(&value[HASH..]).into_owned();
    Ok(AuditRow { seq: seq_of(key)?, hash, text })
}

/// See [`super::Store::audit_before`].
pub(super) fn before(file: &File, before: Option<u64>, limit: usize) -> io::Result<Vec<AuditRow>> {
    let rows = file.read()?.open_table(ROWS).map_err(io_error)?;
    let (from, to) = bounds(0, before.map_or(u64::MAX, |before| before.saturating_sub(1)));
    let found = rows.range(from.as_slice()..=to.as_slice()).map_err(io_error)?.rev().take(limit);
    let read = found.map(|found| {
        let (key, value) = found.map_err(io_error)?;
        row(key.value(), value.value())
    });
    read.collect()
}

/// See [`super::Store::audit_after`].
pub(super) fn after(file: &File, after: u64, limit: usize) -> io::Result<Vec<AuditRow>> {
    let rows = file.read()?.open_table(ROWS).map_err(io_error)?;
    let (from, to) = bounds(after.saturating_add(1), u64::MAX);
    let found = rows.range(from.as_slice()..=to.as_slice()).map_err(io_error)?.take(limit);
    let read = found.map(|found| {
        let (key, value) = found.map_err(io_error)?;
        row(key.value(), value.value())
    });
    read.collect()
}

/// See [`super::Store::audit_ends`].
pub(super) fn ends(file: &File) -> io::Result<AuditEnds> {
    let rows = file.read()?.open_table(ROWS).map_err(io_error)?;
    Ok(AuditEnds { anchor: anchor(&rows)?, head: head(&rows)? })
}
