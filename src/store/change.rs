//! What one command changes: rows and objects in the tables, in the state in memory, in the
//! history and in the audit, together or (when this fails) not at all.

use super::apply::Applied;
use super::{
    HistoryEntry,
    audit::{self, Notes},
    command::{Change, Command, Space, Written},
    database::io_error,
    tables::{Tables, by_object_key, history_index, history_key, object_key, row_key, row_value},
    types::Outcome,
    wire::history::{decode_history, encode_history, encode_resource},
};
use crate::model::{
    Kind, Name, NodeId, Resource, Revision, UnixMs, cluster::DeclaredState, label::Labels,
    resource::Key,
};
use bytes::Bytes;
use redb::ReadableTableMetadata;
use serde_json::Value;
use std::{io, sync::Arc};

/// History entries kept, over all objects.
const HISTORY_KEPT: u64 = 10_000;
/// The row that holds [`crate::model::cluster::ClusterMeta`].
pub(super) const META_ROW: &[u8] = b"meta";

/// Who and when, for everything one command changes.
pub(super) struct Author {
    revision: Revision,
    pub(super) at: UnixMs,
    pub(super) actor: String,
    pub(super) why: String,
    /// Position of the next history entry within this index.
    position: u32,
}

/// Makes the changes of a command whose preconditions hold.
pub(super) fn change(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    index: u64,
    command: Command,
) -> io::Result<Applied> {
    let Command { at, actor, why, changes, .. } = command;
    let author = Author { revision: Revision(index), at, actor, why, position: 0 };
    let mut changing = Changing {
        tables,
        state,
        author,
        notes: Notes::default(),
        keys: Vec::new(),
        rows: Vec::new(),
        declared: false,
    };
    for change in changes {
        match change {
            Change::Put { kind, name, labels, spec } => changing.put(kind, name, labels, spec)?,
            Change::Delete(key) => changing.delete(key)?,
            Change::PutRow(space, key, value) => changing.put_row(space, key, &value)?,
            Change::DeleteRow(space, key) => changing.delete_row(space, key)?,
            Change::Note(text) => changing.notes.say(text),
            Change::PruneAudit(below) => {
                changing.rows.extend(audit::prune(changing.tables, index, below)?);
            }
        }
    }
    let Changing { tables, state, author, notes, mut keys, mut rows, declared } = changing;
    rows.extend(audit::record(tables, state, index, &author, notes)?);
    keys.dedup();
    let declared = declared || !keys.is_empty();
    let outcome = Outcome::Written(Written { index, changed: keys.clone() });
    Ok(Applied { outcome, keys, rows, declared })
}

/// A command half done.
struct Changing<'c, 't> {
    tables: &'c mut Tables<'t>,
    state: &'c mut DeclaredState,
    author: Author,
    notes: Notes,
    keys: Vec<Key>,
    rows: Vec<(Space, Bytes)>,
    /// A row that rendering reads changed.
    declared: bool,
}

impl Changing<'_, '_> {
    fn put(&mut self, kind: Kind, name: Name, labels: Labels, spec: Value) -> io::Result<()> {
        let key = Key { kind, name };
        self.notes.about_objects();
        let old = self.object(&key);
        if old.as_ref().is_some_and(|old| old.labels == labels && *old.spec == spec) {
            return Ok(());
        }
        let Author { revision, at, .. } = self.author;
        let new = Resource {
            kind,
            name: key.name.clone(),
            labels,
            spec: Arc::new(spec),
            revision,
            created: old.as_ref().map_or(at, |old| old.created),
            updated: at,
            by: self.author.actor.clone(),
        };
        self.notes.touched(&key, old.as_deref(), Some(revision));
        replace(self.tables, self.state, &mut self.author, &key, old, Some(Arc::new(new)))?;
        self.keys.push(key);
        Ok(())
    }

    fn delete(&mut self, key: Key) -> io::Result<()> {
        self.notes.about_objects();
        let Some(old) = self.object(&key) else { return Ok(()) };
        self.notes.touched(&key, Some(&old), None);
        replace(self.tables, self.state, &mut self.author, &key, Some(old), None)?;
        self.keys.push(key);
        Ok(())
    }

    fn put_row(&mut self, space: Space, key: Bytes, value: &Bytes) -> io::Result<()> {
        let (at, row) = (row_key(space, &key), row_value(self.author.revision, value));
        self.tables.trace.note(&[&at, &row]);
        self.tables.rows.insert(at.as_slice(), row.as_slice()).map_err(io_error)?;
        self.declared |= row_to_state(self.state, space, &key, Some(value));
        self.rows.push((space, key));
        Ok(())
    }

    fn delete_row(&mut self, space: Space, key: Bytes) -> io::Result<()> {
        let row = row_key(space, &key);
        self.tables.trace.note(&[&row]);
        if self.tables.rows.remove(row.as_slice()).map_err(io_error)?.is_some() {
            self.declared |= row_to_state(self.state, space, &key, None);
            self.rows.push((space, key));
        }
        Ok(())
    }

    fn object(&self, key: &Key) -> Option<Arc<Resource>> {
        self.state.resources.get(&key.kind)?.get(&key.name).cloned()
    }
}

/// Replaces one object in file, memory and history.
fn replace(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    author: &mut Author,
    key: &Key,
    before: Option<Arc<Resource>>,
    after: Option<Arc<Resource>>,
) -> io::Result<()> {
    let row = object_key(key);
    let of_kind = state.resources.entry(key.kind).or_default();
    if let Some(after) = &after {
        let value = encode_resource(after);
        tables.trace.note(&[&row, &value]);
        tables.resources.insert(row.as_slice(), value.as_slice()).map_err(io_error)?;
        of_kind.insert(key.name.clone(), after.clone());
    } else {
        tables.trace.note(&[&row]);
        tables.resources.remove(row.as_slice()).map_err(io_error)?;
        of_kind.remove(&key.name);
        if of_kind.is_empty() {
            state.resources.remove(&key.kind);
        }
    }
    let entry = HistoryEntry {
        revision: author.revision,
        at: author.at,
        actor: author.actor.clone(),
        why: author.why.clone(),
        key: key.clone(),
        before,
        after,
    };
    let at = history_key(author.revision.0, author.position);
    author.position += 1;
    record(tables, at, &entry)
}

fn record(tables: &mut Tables<'_>, at: [u8; 12], entry: &HistoryEntry) -> io::Result<()> {
    let value = encode_history(entry);
    tables.history.insert(at.as_slice(), value.as_slice()).map_err(io_error)?;
    let of_object = by_object_key(&entry.key, &at);
    tables.by_object.insert(of_object.as_slice(), [].as_slice()).map_err(io_error)?;
    while tables.history.len().map_err(io_error)? > HISTORY_KEPT {
        let Some((at, oldest)) = tables.history.pop_first().map_err(io_error)? else { break };
        let revision = Revision(history_index(at.value())?);
        let oldest = decode_history(revision, oldest.value())?;
        let of_object = by_object_key(&oldest.key, at.value());
        tables.by_object.remove(of_object.as_slice()).map_err(io_error)?;
    }
    Ok(())
}

/// Carries a row that rendering reads into the state; says whether it was one. A value that is
/// not understood leaves the old one: proposals are checked, and `apply` must not fail.
pub(super) fn row_to_state(
    state: &mut DeclaredState,
    space: Space,
    key: &[u8],
    value: Option<&[u8]>,
) -> bool {
    match (space, value) {
        (Space::Cluster, Some(value)) if key == META_ROW => {
            serde_json::from_slice(value).map(|meta| state.meta = meta).is_ok()
        }
        (Space::Member, Some(value)) => {
            let member = serde_json::from_slice::<crate::model::cluster::Member>(value);
            match member {
                Ok(member) if member_id(key) == Some(member.id) => {
                    state.members.insert(member.id, member);
                    true
                }
                _ => false,
            }
        }
        (Space::Member, None) => {
            member_id(key).is_some_and(|id| state.members.remove(&id).is_some())
        }
        _ => false,
    }
}

/// The node a member row is about.
pub(super) fn member_id(key: &[u8]) -> Option<NodeId> {
    str::from_utf8(key).ok()?.parse().ok()
}
