//! Undoing what was written, as a new request like any other: checked, guarded, in the history.

use super::request::{Delete, Expect, Put, Request};
use crate::model::{Resource, resource::Declared};
use crate::store::HistoryEntry;

/// A request that brings every object of `entries` back to what it was before, in the name and
/// for the reason of `named`. Unless `force`, an object that changed again since is a conflict.
#[must_use]
pub fn request(entries: &[HistoryEntry], force: bool, named: Request) -> Request {
    let mut request = named;
    for entry in entries {
        let expect = match &entry.after {
            _ if force => Expect::Any,
            Some(_) => Expect::Revision(entry.revision),
            None => Expect::Absent,
        };
        match &entry.before {
            Some(before) => request.puts.push(Put { expect, ..Put::new(declared(before)) }),
            None => request.deletes.push(Delete { key: entry.key.clone(), expect }),
        }
    }
    request
}

/// An object without the server's fields.
#[must_use]
pub fn declared(object: &Resource) -> Declared {
    Declared {
        kind: object.kind,
        name: object.name.clone(),
        labels: object.labels.clone(),
        spec: (*object.spec).clone(),
    }
}
