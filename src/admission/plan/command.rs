//! The write that carries a plan out.

use super::{
    super::request::{Expect, Put, Request},
    Action, ObjectPlan,
    selection::Selection,
};
use crate::model::{
    Kind,
    cluster::DeclaredState,
    reference::references,
    resource::{Declared, Key},
};
use crate::store::command::{Change, Command, Precondition, Space};
use bytes::Bytes;
use std::collections::BTreeSet;

/// The changes in the order of kinds, guarded by what the request expects, by the existence of
/// what it refers to, and by the admin who is left where one goes.
pub(super) fn command(
    state: &DeclaredState,
    request: &Request,
    selected: &Selection<'_>,
    objects: &[ObjectPlan],
) -> Option<Command> {
    let (puts, deletes) = (&selected.puts, &selected.deletes);
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
    // Two admins may take each other away at the same moment.
    let remains = selected.remains.clone();
    preconditions.extend(remains.map(|(key, as_now)| Precondition::Revision(key, as_now)));
    let mut changes: Vec<Change> = puts.into_iter().map(|put| change(&put.declared)).collect();
    let gone = deletes.iter().filter(|delete| changed.contains(&delete.key));
    changes.extend(gone.map(|delete| Change::Delete(delete.key.clone())));
    let disabled = objects.iter().filter(|object| is_disabled(object));
    changes.extend(disabled.map(|object| {
        let key = disabled_row(object.key.name.as_str());
        Change::PutRow(Space::Credential, key, request.at.to_string().into())
    }));
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

/// Row within [`Space::Credential`] that is written when an account is disabled: its sessions do
/// not come back when it is enabled again. No name has a slash.
#[must_use]
pub fn disabled_row(user: &str) -> Bytes {
    Bytes::from(format!("disabled/{user}"))
}

/// Whether an account becomes disabled that was not.
fn is_disabled(object: &ObjectPlan) -> bool {
    let disabled = |spec: &serde_json::Value| spec["disabled"] == true;
    let before = object.before.as_deref().is_some_and(|user| disabled(&user.spec));
    let after = object.after.as_ref().is_some_and(|user| disabled(&user.spec));
    object.key.kind == Kind::User && after && !before
}

fn change(declared: &Declared) -> Change {
    Change::Put {
        kind: declared.kind,
        name: declared.name.clone(),
        labels: declared.labels.clone(),
        spec: declared.spec.clone(),
    }
}
