//! Commands and their staged pieces.

use super::{Blob, CodecError, KeyWire, decode, encode, space_of};
use crate::model::{Kind, Name, Revision, UnixMs, label::Labels};
use crate::store::command::{Change, Command, NoteText, Precondition};
use crate::store::types::Op;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The first version of each op's body.
const V1: u16 = 1;
/// A command that is audited: from [`crate::model::cluster::AUDIT_LEVEL`] on.
const V2: u16 = 2;

#[derive(Serialize, Deserialize)]
struct CommandWire {
    request: Blob,
    actor: String,
    why: String,
    at: u64,
    preconditions: Vec<PreconditionWire>,
    changes: Vec<ChangeWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PreconditionWire {
    Revision { key: KeyWire, revision: u64 },
    Absent { key: KeyWire },
    Exists { key: KeyWire },
    Row { space: u8, key: Blob, revision: Option<u64> },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeWire {
    Put { kind: Kind, name: Name, labels: Labels, spec: serde_json::Value },
    Delete { key: KeyWire },
    PutRow { space: u8, key: Blob, value: Blob },
    DeleteRow { space: u8, key: Blob },
    Note { text: String },
    PruneAudit { below: u64 },
}

/// A piece of a large command's encoding.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct StageWire {
    /// Random; names this attempt.
    pub(in crate::store) transaction: Blob,
    /// From 0.
    pub(in crate::store) part: u32,
    /// Proposer's clock: lets abandoned pieces expire.
    pub(in crate::store) at: u64,
    pub(in crate::store) bytes: Blob,
}

/// Puts the pieces together.
#[derive(Serialize, Deserialize)]
pub(in crate::store) struct CommitWire {
    pub(in crate::store) transaction: Blob,
    pub(in crate::store) parts: u32,
    pub(in crate::store) at: u64,
    /// Of the command inside, so that a repeated one is known after its pieces are gone.
    pub(in crate::store) request: Blob,
}

/// The op of a whole command.
pub(in crate::store) fn command_op(command: Command) -> Op {
    let v = version_of(&command);
    op(Op::COMMAND, v, &to_wire(command))
}

/// The op of one staged piece.
pub(in crate::store) fn stage_op(stage: &StageWire) -> Op {
    op(Op::STAGE, V1, stage)
}

/// The op that commits the staged pieces of a command whose own op has version `v`.
pub(in crate::store) fn commit_op(commit: &CommitWire, v: u16) -> Op {
    op(Op::COMMIT, v, commit)
}

fn op<T: Serialize>(kind: u16, v: u16, body: &T) -> Op {
    Op { kind, v, body: encode(body).into() }
}

fn version_of(command: &Command) -> u16 {
    let audited = |change: &Change| matches!(change, Change::Note(_) | Change::PruneAudit(_));
    if command.changes.iter().any(audited) { V2 } else { V1 }
}

/// Reads the body of a [`Op::COMMAND`], or the joined pieces of a staged one.
pub(in crate::store) fn decode_command(body: &[u8]) -> Result<Command, CodecError> {
    from_wire(decode(body)?)
}

/// Reads a request id.
pub(in crate::store) fn request_of(blob: &Blob) -> Result<u128, CodecError> {
    let bytes = <[u8; 16]>::try_from(&*blob.0)
        .map_err(|_| CodecError::Malformed("an id has 16 bytes".to_owned()))?;
    Ok(u128::from_be_bytes(bytes))
}

/// Writes a request id.
pub(in crate::store) fn request_blob(request: u128) -> Blob {
    Blob(Bytes::copy_from_slice(&request.to_be_bytes()))
}

fn to_wire(command: Command) -> CommandWire {
    CommandWire {
        request: request_blob(command.request),
        actor: command.actor,
        why: command.why,
        at: command.at.0,
        preconditions: command.preconditions.into_iter().map(precondition_to_wire).collect(),
        changes: command.changes.into_iter().map(change_to_wire).collect(),
    }
}

fn from_wire(wire: CommandWire) -> Result<Command, CodecError> {
    Ok(Command {
        request: request_of(&wire.request)?,
        actor: wire.actor,
        why: wire.why,
        at: UnixMs(wire.at),
        preconditions: wire
            .preconditions
            .into_iter()
            .map(precondition_from_wire)
            .collect::<Result<_, _>>()?,
        changes: wire.changes.into_iter().map(change_from_wire).collect::<Result<_, _>>()?,
    })
}

fn precondition_to_wire(precondition: Precondition) -> PreconditionWire {
    match precondition {
        Precondition::Revision(key, revision) => {
            PreconditionWire::Revision { key: (&key).into(), revision: revision.0 }
        }
        Precondition::Absent(key) => PreconditionWire::Absent { key: (&key).into() },
        Precondition::Exists(key) => PreconditionWire::Exists { key: (&key).into() },
        Precondition::Row(space, key, revision) => PreconditionWire::Row {
            space: space as u8,
            key: Blob(key),
            revision: revision.map(|revision| revision.0),
        },
    }
}

fn precondition_from_wire(wire: PreconditionWire) -> Result<Precondition, CodecError> {
    Ok(match wire {
        PreconditionWire::Revision { key, revision } => {
            Precondition::Revision(key.into(), Revision(revision))
        }
        PreconditionWire::Absent { key } => Precondition::Absent(key.into()),
        PreconditionWire::Exists { key } => Precondition::Exists(key.into()),
        PreconditionWire::Row { space, key, revision } => {
            Precondition::Row(space_of(space)?, key.0, revision.map(Revision))
        }
    })
}

fn change_to_wire(change: Change) -> ChangeWire {
    match change {
        Change::Put { kind, name, labels, spec } => ChangeWire::Put { kind, name, labels, spec },
        Change::Delete(key) => ChangeWire::Delete { key: (&key).into() },
        Change::PutRow(space, key, value) => {
            ChangeWire::PutRow { space: space as u8, key: Blob(key), value: Blob(value) }
        }
        Change::DeleteRow(space, key) => {
            ChangeWire::DeleteRow { space: space as u8, key: Blob(key) }
        }
        Change::Note(text) => ChangeWire::Note { text: text.0 },
        Change::PruneAudit(below) => ChangeWire::PruneAudit { below },
    }
}

fn change_from_wire(wire: ChangeWire) -> Result<Change, CodecError> {
    Ok(match wire {
        ChangeWire::Put { kind, name, labels, spec } => Change::Put { kind, name, labels, spec },
        ChangeWire::Delete { key } => Change::Delete(key.into()),
        ChangeWire::PutRow { space, key, value } => {
            Change::PutRow(space_of(space)?, key.0, value.0)
        }
        ChangeWire::DeleteRow { space, key } => Change::DeleteRow(space_of(space)?, key.0),
        ChangeWire::Note { text } => Change::Note(NoteText(text)),
        ChangeWire::PruneAudit { below } => Change::PruneAudit(below),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resource::Key;
    use crate::store::command::Space;
    use serde_json::json;

    #[test]
    fn a_command_reads_as_it_was_written() {
        let key = Key { kind: Kind::RuleGroup, name: "a".parse().unwrap() };
        let command = Command {
            request: u128::MAX - 7,
            actor: "ann".into(),
            why: "because".into(),
            at: UnixMs(1_700_000_000_123),
            preconditions: vec![
                Precondition::Revision(key.clone(), Revision(u64::MAX)),
                Precondition::Absent(key.clone()),
                Precondition::Exists(key.clone()),
                Precondition::Row(Space::Audit, Bytes::from_static(b"\0k"), None),
                Precondition::Row(Space::Cluster, Bytes::new(), Some(Revision(3))),
            ],
            changes: vec![
                Change::Put {
                    kind: Kind::RuleGroup,
                    name: "a".parse().unwrap(),
                    labels: Labels::from([("k".to_owned(), "ü".to_owned())]),
                    spec: json!({"n": [1, -1, 0.1, 1.0, 1e300, u64::MAX, i64::MIN, null, true],
                                 "s": {"": "x".repeat(5000)}}),
                },
                Change::Delete(key),
                Change::PutRow(Space::Lease, Bytes::from_static(&[0xff]), vec![0; 9000].into()),
                Change::DeleteRow(Space::Member, Bytes::from_static(b"1")),
            ],
        };
        let op = command_op(command.clone());
        assert_eq!(decode_command(&op.body).unwrap(), command);
    }
}
