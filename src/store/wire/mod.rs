//! Twins of our types as they lie on disk and travel between nodes: named fields only, changed
//! only by adding optional ones.

pub(super) mod command;
pub(super) mod history;
pub(super) mod outcome;
pub(super) mod raft;

use super::codec::{Blob, CodecError, decode, encode};
use super::command::Space;
use crate::model::{Kind, Name, resource::Key};
use serde::{Deserialize, Serialize};

/// An object's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct KeyWire {
    pub(super) kind: Kind,
    pub(super) name: Name,
}

impl From<&Key> for KeyWire {
    fn from(key: &Key) -> Self {
        Self { kind: key.kind, name: key.name.clone() }
    }
}

impl From<KeyWire> for Key {
    fn from(wire: KeyWire) -> Self {
        Self { kind: wire.kind, name: wire.name }
    }
}

/// The space with this number on disk.
pub(super) fn space_of(number: u8) -> Result<Space, CodecError> {
    const ALL: [Space; 18] = [
        Space::Cluster,
        Space::Member,
        Space::Credential,
        Space::Session,
        Space::Login,
        Space::JoinToken,
        Space::Lease,
        Space::Bundle,
        Space::Episode,
        Space::Delivery,
        Space::Receipt,
        Space::Audit,
        Space::Secret,
        Space::Fault,
        Space::AlertState,
        Space::AlertLog,
        Space::Account,
        Space::Standing,
    ];
    ALL.into_iter()
        .find(|space| *space as u8 == number)
        .ok_or_else(|| CodecError::Malformed(format!("unknown space {number}")))
}
