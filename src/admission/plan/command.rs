//! The write that carries a plan out.

use super::{
    super::request::{Delete, Expect, Put, Request},
    Action, ObjectPlan,
};
use crate::model::{
    cluster::DeclaredState,
    reference::references,
    resource::{Declared, Key},
};
use crate::store::command::{Change, Command, Precondition};
use std::collections::BTreeSet;

/// The changes in the order of kinds, guarded by what the request expects and by the existence
/// of what it refers to.
pub(super) fn command(
    state: &DeclaredState,
    request: &Request,
    puts: &[&Put],
    deletes: &[&Delete],
    objects: &[ObjectPlan],
) -> Option<Command> {
    let changed: BTreeSet<&Key> = objects
        .iter()
        .filter(|object| object.action != Action::Unchanged)
        .map(|object| &object.key)
        .collect();
    if changed.is_empty() {
        return None;
    }
    let expectations = puts.iter().map(|put| (put.key(), put.expect));
    let expectations =
        expectations.chain(deletes.iter().map(|delete| (delete.key.clone(), delete.expect)));
    let mut preconditions: Vec<Precondition> = expectations
        .filter_map(|(key, expect)| match expect {
            Expect::Any => None,
            Expect::Absent => Some(Precondition::Absent(key)),
            Expect::Revision(revision) => Some(Precondition::Revision(key, revision)),
        })
        .collect();
    let mut puts: Vec<&&Put> = puts.iter().filter(|put| changed.contains(&put.key())).collect();
    puts.sort_by_key(|put| put.key());
    let referred: BTreeSet<Key> = puts
        .iter()
        .flat_map(|put| references(put.declared.kind, &put.declared.spec))
        .filter_map(|reference| reference.key())
        .filter(|key| !changed.contains(key) && state.get(key.kind, key.name.as_str()).is_some())
        .collect();
    preconditions.extend(referred.into_iter().map(Precondition::Exists));
    let mut changes: Vec<Change> = puts.into_iter().map(|put| change(&put.declared)).collect();
    let gone = deletes.iter().filter(|delete| changed.contains(&delete.key));
    changes.extend(gone.map(|delete| Change::Delete(delete.key.clone())));
    changes.extend(request.rows.iter().cloned());
    Some(Command {
        request: request.request,
        actor: request.actor.clone(),
        why: request.why.clone(),
        at: request.at,
        preconditions,
        changes,
    })
}

fn change(declared: &Declared) -> Change {
    Change::Put {
        kind: declared.kind,
        name: declared.name.clone(),
        labels: declared.labels.clone(),
        spec: declared.spec.clone(),
    }
}
