//! What a project owns is used by that project alone: also by admins, who would otherwise make
//! somebody else the one who decides where a message or a password goes.

use super::super::{code::Code, field_error::FieldError, request::Put};
use super::selection::locate;
use crate::{
    model::{
        Kind,
        cluster::DeclaredState,
        reference::{Reference, references},
        resource::Key,
    },
    scope::{Owner, owner},
};
use std::collections::{BTreeMap, BTreeSet};

/// What a put refers to and may not use in `candidate`.
pub(super) fn misuses(put: &Put, candidate: &DeclaredState) -> Vec<Reference> {
    let declared = &put.declared;
    owner::misused(declared.kind, declared.name.as_str(), &declared.spec, candidate)
}

/// The error for one of [`misuses`].
pub(super) fn error(put: &Put, reference: &Reference) -> FieldError {
    let path = format!("{}/spec/{}", put.key(), reference.path);
    let message = match reference.kind {
        Kind::Secret => {
            format!("secret/{} is not of the same project as the channel", reference.name)
        }
        kind => format!("{kind}/{} belongs to a project, and not to this one", reference.name),
    };
    let mut error = FieldError::new(path, Code::OthersObject, message);
    locate(&mut error, put);
    error
}

/// Of the puts that change whose an object is, those that others refer to who then may not, with
/// the errors.
pub(super) fn taken(
    puts: &[&Put],
    before: &DeclaredState,
    candidate: &DeclaredState,
) -> BTreeMap<Key, Vec<FieldError>> {
    let moved = puts.iter().map(|put| put.key()).filter(|key| {
        let owner = |state| Owner::of_declared(state, key.kind, key.name.as_str());
        // One that is new is told from a shared one, too: a reference may have outlived the old.
        owner::is_owned_by_choice(key.kind) && owner(before) != owner(candidate)
    });
    let moved: BTreeSet<Key> = moved.collect();
    let mut taken: BTreeMap<Key, Vec<FieldError>> = BTreeMap::new();
    if moved.is_empty() {
        return taken;
    }
    for resource in Kind::ALL.iter().flat_map(|kind| candidate.of(*kind)) {
        // Most refer to nothing of the kind: ownership is asked about the others alone.
        let refers = references(resource.kind, &resource.spec);
        if !refers.iter().filter_map(Reference::key).any(|key| moved.contains(&key)) {
            continue;
        }
        let name = resource.name.as_str();
        for reference in owner::misused(resource.kind, name, &resource.spec, candidate) {
            let Some(key) = reference.key().filter(|key| moved.contains(key)) else { continue };
            let path = format!("{}/spec/{}", resource.key(), reference.path);
            let message = format!("refers to {key}, which would not be its own to use any more");
            let error = FieldError::new(path, Code::OthersObject, message);
            taken.entry(key).or_default().push(error);
        }
    }
    taken
}
