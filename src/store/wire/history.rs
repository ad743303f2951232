//! Resources and history entries as they lie in the state file.

use super::{CodecError, KeyWire, decode, encode};
use crate::model::{Resource, Revision, UnixMs, label::Labels, resource::Key};
use crate::store::HistoryEntry;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
struct ResourceWire {
    labels: Labels,
    spec: Arc<serde_json::Value>,
    revision: u64,
    created: u64,
    updated: u64,
    by: String,
}

#[derive(Serialize, Deserialize)]
struct HistoryWire {
    at: u64,
    actor: String,
    why: String,
    key: KeyWire,
    before: Option<ResourceWire>,
    after: Option<ResourceWire>,
}

/// Encodes a resource; its kind and name are the row's key.
pub(in crate::store) fn encode_resource(resource: &Resource) -> Vec<u8> {
    encode(&to_wire(resource))
}

/// Reads what [`encode_resource`] wrote under `key`.
pub(in crate::store) fn decode_resource(key: Key, bytes: &[u8]) -> Result<Resource, CodecError> {
    Ok(from_wire(key, decode(bytes)?))
}

/// Encodes a history entry; its revision is in the row's key.
pub(in crate::store) fn encode_history(entry: &HistoryEntry) -> Vec<u8> {
    encode(&HistoryWire {
        at: entry.at.0,
        actor: entry.actor.clone(),
        why: entry.why.clone(),
        key: (&entry.key).into(),
        before: entry.before.as_deref().map(to_wire),
        after: entry.after.as_deref().map(to_wire),
    })
}

/// Reads what [`encode_history`] wrote at `revision`.
pub(in crate::store) fn decode_history(
    revision: Revision,
    bytes: &[u8],
) -> Result<HistoryEntry, CodecError> {
    let wire: HistoryWire = decode(bytes)?;
    let key: Key = wire.key.into();
    Ok(HistoryEntry {
        revision,
        at: UnixMs(wire.at),
        actor: wire.actor,
        why: wire.why,
        before: wire.before.map(|before| Arc::new(from_wire(key.clone(), before))),
        after: wire.after.map(|after| Arc::new(from_wire(key.clone(), after))),
        key,
    })
}

fn to_wire(resource: &Resource) -> ResourceWire {
    ResourceWire {
        labels: resource.labels.clone(),
        spec: resource.spec.clone(),
        revision: resource.revision.0,
        created: resource.created.0,
        updated: resource.updated.0,
        by: resource.by.clone(),
    }
}

fn from_wire(key: Key, wire: ResourceWire) -> Resource {
    Resource {
        kind: key.kind,
        name: key.name,
        labels: wire.labels,
        spec: wire.spec,
        revision: Revision(wire.revision),
        created: UnixMs(wire.created),
        updated: UnixMs(wire.updated),
        by: wire.by,
    }
}
