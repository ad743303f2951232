//! Applies one log entry to the tables and to the state in memory.
//!
//! Invariant: deterministic. No clock, no randomness, nothing but the entry and the state; the
//! proposer's time is in the command. What cannot take effect is an outcome, not an error. The
//! only errors are those that must stop the node: the storage failed, or a newer binary wrote
//! something this one does not understand (skipping it would let nodes diverge silently).

use super::{
    change::change,
    codec::{CodecError, decode},
    command::{Command, Precondition, PreconditionFailed, Space},
    database::io_error,
    tables::{Tables, parse_row, row_key, row_value, stage_key},
    types::{Op, Outcome},
    wire::{
        command::{CommitWire, StageWire, decode_command, request_of},
        outcome::{decode_outcome, encode_outcome},
    },
};
use crate::model::{Revision, cluster::DeclaredState, resource::Key};
use bytes::Bytes;
use redb::{ReadableTable, ReadableTableMetadata};
use std::io;

/// Outcomes kept for repeated requests.
const REQUESTS_KEPT: u64 = 10_000;
/// Staged pieces that nobody committed are dropped this much later, by the proposers' clocks.
const STAGE_EXPIRES_MS: u64 = 10 * 60 * 1000;

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
