//! Applies one log entry to the tables and to the state in memory.
//!
//! Invariant: deterministic. No clock, no randomness, nothing but the entry and the state; the
//! proposer's time is in the command. What cannot take effect is an outcome, not an error. The
//! only errors are those that must stop the node: the storage failed, or a newer binary wrote
//! something this one does not understand (skipping it would let nodes diverge silently).

use super::{
    HistoryEntry,
    audit::{self, Notes},
    codec::{CodecError, decode},
    command::{Change, Command, Precondition, PreconditionFailed, Space, Written},
    database::io_error,
    tables::{
        Tables, by_object_key, history_index, history_key, object_key, parse_row, row_key,
        row_value, stage_key,
    },
    types::{Op, Outcome},
    wire::{
        command::{CommitWire, StageWire, decode_command, request_of},
        history::{decode_history, encode_history, encode_resource},
        outcome::{decode_outcome, encode_outcome},
    },
};
use crate::model::{NodeId, Resource, Revision, UnixMs, cluster::DeclaredState, resource::Key};
use bytes::Bytes;
use redb::{ReadableTable, ReadableTableMetadata};
use std::{io, sync::Arc};

/// History entries kept, over all objects.
const HISTORY_KEPT: u64 = 10_000;
/// Outcomes kept for repeated requests.
const REQUESTS_KEPT: u64 = 10_000;
/// Staged pieces that nobody committed are dropped this much later, by the proposers' clocks.
const STAGE_EXPIRES_MS: u64 = 10 * 60 * 1000;
/// The row that holds [`crate::model::cluster::ClusterMeta`].
pub(super) const META_ROW: &[u8] = b"meta";

/// What an entry did, for those who watch.
pub(super) struct Applied {
    pub(super) outcome: Outcome,
    pub(super) keys: Vec<Key>,
    pub(super) rows: Vec<(Space, Bytes)>,
    /// A resource, a member or the cluster's meta data changed.
    pub(super) declared: bool,
}

impl From<Outcome> for Applied {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, keys: Vec::new(), rows: Vec::new(), declared: false }
    }
}

/// Applies the op at `index`.
pub(super) fn apply(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    index: u64,
    op: &Op,
) -> io::Result<Applied> {
    match (op.kind, op.v) {
        (Op::COMMAND, 1 | 2) => {
            let command = decode_command(&op.body)?;
            apply_once(tables, state, index, command.request, |_| Ok(Some(command)))
        }
        (Op::STAGE, 1) => stage(tables, &decode(&op.body)?).map(|()| Outcome::Nothing.into()),
        (Op::COMMIT, 1 | 2) => {
            let commit: CommitWire = decode(&op.body)?;
            let request = request_of(&commit.request)?;
            let applied =
                apply_once(tables, state, index, request, |tables| gather(tables, &commit))?;
            expire_stages(tables, &commit)?;
            Ok(applied)
        }
        (kind, v) => Err(CodecError::Malformed(format!(
            "log entry {index} is of kind {kind}.{v}, which this binary does not know; start the \
             newer binary that the other nodes run"
        ))
        .into()),
    }
}

/// Answers a repeated request with its first outcome; else applies and remembers.
fn apply_once(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    index: u64,
    request: u128,
    command: impl FnOnce(&Tables<'_>) -> io::Result<Option<Command>>,
) -> io::Result<Applied> {
    let request = request.to_be_bytes();
    if let Some(outcome) = tables.requests.get(request.as_slice()).map_err(io_error)? {
        return Ok(decode_outcome(outcome.value())?.into());
    }
    #[cfg(feature = "chaos-bugs")]
    if let Some((_, outcome)) = super::bug::unwritten().get(request.as_slice()) {
        return Ok(decode_outcome(outcome)?.into());
    }
    let Some(command) = command(tables)? else { return Ok(Outcome::StageLost.into()) };
    let applied = match check(tables, state, &command.preconditions)? {
        Some(failed) => Outcome::Failed(failed).into(),
        None => change(tables, state, index, command)?,
    };
    remember(tables, index, &request, &applied.outcome)?;
    Ok(applied)
}

fn remember(
    tables: &mut Tables<'_>,
    index: u64,
    request: &[u8],
    outcome: &Outcome,
) -> io::Result<()> {
    let outcome = encode_outcome(outcome);
    tables.trace.note(&[request, &outcome]);
    #[cfg(feature = "chaos-bugs")]
    if super::bug::is_planted(super::bug::Bug::DedupOutside) {
        super::bug::unwritten().insert(request.to_vec(), (index, outcome));
        return Ok(());
    }
    tables.requests.insert(request, outcome.as_slice()).map_err(io_error)?;
    tables.request_order.insert(index.to_be_bytes().as_slice(), request).map_err(io_error)?;
    while tables.request_order.len().map_err(io_error)? > REQUESTS_KEPT {
        let Some((_, oldest)) = tables.request_order.pop_first().map_err(io_error)? else { break };
        tables.requests.remove(oldest.value()).map_err(io_error)?;
    }
    Ok(())
}

/// The first precondition that does not hold.
fn check(
    tables: &Tables<'_>,
    state: &DeclaredState,
    preconditions: &[Precondition],
) -> io::Result<Option<PreconditionFailed>> {
    for (position, precondition) in preconditions.iter().enumerate() {
        let object = |key: &Key| state.get(key.kind, key.name.as_str()).map(|r| r.revision);
        let (found, holds) = match precondition {
            Precondition::Revision(key, revision) => {
                let found = object(key);
                (found, found == Some(*revision))
            }
            Precondition::Absent(key) => {
                let found = object(key);
                (found, found.is_none())
            }
            Precondition::Exists(key) => {
                let found = object(key);
                (found, found.is_some())
            }
            Precondition::Row(space, key, revision) => {
                let row = tables.rows.get(row_key(*space, key).as_slice()).map_err(io_error)?;
                let found = row.map(|row| parse_row(row.value())).transpose()?.map(|row| row.0);
                (found, found == *revision)
            }
        };
        if !holds {
            return Ok(Some(PreconditionFailed { position, found }));
        }
    }
    Ok(None)
}

/// Who and when, for everything one command changes.
pub(super) struct Author {
    revision: Revision,
    pub(super) at: UnixMs,
    pub(super) actor: String,
    pub(super) why: String,
    /// Position of the next history entry within this index.
    position: u32,
}

fn change(
    tables: &mut Tables<'_>,
    state: &mut DeclaredState,
    index: u64,
    command: Command,
) -> io::Result<Applied> {
    let Command { at, actor, why, changes, .. } = command;
    let mut author = Author { revision: Revision(index), at, actor, why, position: 0 };
    let mut notes = Notes::default();
    let mut keys = Vec::new();
    let mut rows = Vec::new();
    let mut declared = false;
    for change in changes {
        match change {
            Change::Put { kind, name, labels, spec } => {
                let key = Key { kind, name };
                notes.about_objects();
                let old = object(state, &key);
                if old.as_ref().is_some_and(|old| old.labels == labels && *old.spec == spec) {
                    continue;
                }
                let new = Resource {
                    kind,
                    name: key.name.clone(),
                    labels,
                    spec: Arc::new(spec),
                    revision: author.revision,
                    created: old.as_ref().map_or(at, |old| old.created),
                    updated: at,
                    by: author.actor.clone(),
                };
                notes.touched(&key, old.as_deref(), Some(author.revision));
                replace(tables, state, &mut author, &key, old, Some(Arc::new(new)))?;
                keys.push(key);
            }
            Change::Delete(key) => {
                notes.about_objects();
                if let Some(old) = object(state, &key) {
                    notes.touched(&key, Some(&old), None);
                    replace(tables, state, &mut author, &key, Some(old), None)?;
                    keys.push(key);
                }
            }
            Change::PutRow(space, key, value) => {
                let (at, row) = (row_key(space, &key), row_value(author.revision, &value));
                tables.trace.note(&[&at, &row]);
                tables.rows.insert(at.as_slice(), row.as_slice()).map_err(io_error)?;
                declared |= row_to_state(state, space, &key, Some(&value));
                rows.push((space, key));
            }
            Change::DeleteRow(space, key) => {
                let row = row_key(space, &key);
                tables.trace.note(&[&row]);
                if tables.rows.remove(row.as_slice()).map_err(io_error)?.is_some() {
                    declared |= row_to_state(state, space, &key, None);
                    rows.push((space, key));
                }
            }
            Change::Note(text) => notes.say(text),
            Change::PruneAudit(below) => rows.extend(audit::prune(tables, index, below)?),
        }
    }
    rows.extend(audit::record(tables, state, index, &author, notes)?);
    keys.dedup();
    declared |= !keys.is_empty();
    let outcome = Outcome::Written(Written { index, changed: keys.clone() });
    Ok(Applied { outcome, keys, rows, declared })
}

fn object(state: &DeclaredState, key: &Key) -> Option<Arc<Resource>> {
    state.resources.get(&key.kind)?.get(&key.name).cloned()
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

fn stage(tables: &mut Tables<'_>, piece: &StageWire) -> io::Result<()> {
    let value = row_value(Revision(piece.at), &piece.bytes.0);
    let at = stage_key(&piece.transaction.0, piece.part);
    tables.trace.note(&[&at, &value]);
    tables.stages.insert(at.as_slice(), value.as_slice()).map_err(io_error)?;
    Ok(())
}

/// Joins the pieces of a transaction; `None` if one is missing.
fn gather(tables: &Tables<'_>, commit: &CommitWire) -> io::Result<Option<Command>> {
    let mut body = Vec::new();
    for part in 0..commit.parts {
        let key = stage_key(&commit.transaction.0, part);
        let Some(piece) = tables.stages.get(key.as_slice()).map_err(io_error)? else {
            return Ok(None);
        };
        body.extend_from_slice(&parse_row(piece.value())?.1);
    }
    Ok(Some(decode_command(&body)?))
}

/// Drops the pieces of this transaction, and those that were abandoned.
fn expire_stages(tables: &mut Tables<'_>, commit: &CommitWire) -> io::Result<()> {
    let limit = commit.at.saturating_sub(STAGE_EXPIRES_MS);
    tables
        .stages
        .retain(|key, value| {
            let at = value.first_chunk::<8>().map_or(0, |at| u64::from_be_bytes(*at));
            !key.starts_with(&commit.transaction.0) && at >= limit
        })
        .map_err(io_error)
}
