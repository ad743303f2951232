//! Which part of a request is good: what is wrong is left out, then what refers to it.

use super::super::{
    code::Code,
    field_error::FieldError,
    request::{Delete, Put, Request},
    validate::validate,
};
use super::ownership;
use crate::model::{
    Kind, Name, Resource, Revision,
    cluster::DeclaredState,
    reference::{Reference, references},
    resource::Key,
    spec::{RoleName, User},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The part of a request that is good.
pub(super) struct Selection<'a> {
    pub(super) puts: Vec<&'a Put>,
    pub(super) deletes: Vec<&'a Delete>,
    pub(super) errors: Vec<FieldError>,
    pub(super) candidate: DeclaredState,
    /// An admin who is left where one goes, as they are now.
    pub(super) remains: Option<(Key, Revision)>,
}

impl<'a> Selection<'a> {
    /// Leaves out what is wrong, then what refers to what was left out, until nothing more
    /// falls. Without `partial` the first round of errors is all that is needed.
    pub(super) fn of(state: &DeclaredState, request: &'a Request) -> Self {
        let mut selection = Self {
            puts: request.puts.iter().collect(),
            deletes: request.deletes.iter().collect(),
            errors: Vec::new(),
            candidate: state.clone(),
            remains: None,
        };
        selection.drop_repeated();
        selection.candidate = candidate(state, &selection, request);
        selection.drop_invalid();
        loop {
            selection.candidate = candidate(state, &selection, request);
            let fallen = selection.drop_dangling()
                | selection.drop_misusing(state)
                | selection.drop_referenced();
            if !fallen && !selection.drop_last_admin(state, request) {
                selection.remains = remains(state, &selection.candidate, request);
                return selection;
            }
        }
    }

    fn drop_repeated(&mut self) {
        let mut seen = BTreeSet::new();
        let errors = &mut self.errors;
        let mut first = |key: Key, place| {
            let is_first = seen.insert(key.clone());
            if !is_first {
                let message = "is declared twice in one request";
                errors.push(located(key.to_string(), Code::Malformed, message.to_owned(), place));
            }
            is_first
        };
        self.puts.retain(|put| first(put.key(), put.places.at("")));
        self.deletes.retain(|delete| first(delete.key.clone(), None));
    }

    fn drop_invalid(&mut self) {
        let candidate = &self.candidate;
        let errors = &mut self.errors;
        self.puts.retain(|put| {
            let mut found = validate(&put.declared, candidate);
            for error in &mut found {
                locate(error, put);
            }
            let valid = found.is_empty();
            errors.append(&mut found);
            valid
        });
    }

    /// Says whether anything fell.
    fn drop_dangling(&mut self) -> bool {
        let before = self.puts.len();
        let candidate = &self.candidate;
        let errors = &mut self.errors;
        self.puts.retain(|put| {
            let mut missing: Vec<FieldError> = references(put.declared.kind, &put.declared.spec)
                .into_iter()
                .filter(|reference| candidate.get(reference.kind, &reference.name).is_none())
                .map(|reference| missing(put, &reference, candidate))
                .collect();
            let complete = missing.is_empty();
            errors.append(&mut missing);
            complete
        });
        self.puts.len() != before
    }

    /// What refers to what others own, and what would become others' while it is referred to. Says
    /// whether anything fell.
    fn drop_misusing(&mut self, state: &DeclaredState) -> bool {
        let before = self.puts.len();
        let candidate = &self.candidate;
        let errors = &mut self.errors;
        self.puts.retain(|put| {
            let found = ownership::misuses(put, candidate);
            errors.extend(found.iter().map(|reference| ownership::error(put, reference)));
            found.is_empty()
        });
        let taken = ownership::taken(&self.puts, state, candidate);
        self.puts.retain(|put| {
            let of_it = taken.get(&put.key());
            errors.extend(of_it.into_iter().flatten().cloned());
            of_it.is_none()
        });
        self.puts.len() != before
    }

    /// Leaves the accounts alone when no admin would remain. Says whether anything fell.
    fn drop_last_admin(&mut self, state: &DeclaredState, request: &Request) -> bool {
        let has_admin = |state: &DeclaredState| admins(state, request).next().is_some();
        if !has_admin(state) || has_admin(&self.candidate) {
            return false;
        }
        let is_user = |key: &Key| key.kind == Kind::User;
        let puts = self.puts.iter().map(|put| put.key());
        let users =
            puts.chain(self.deletes.iter().map(|delete| delete.key.clone())).filter(is_user);
        let message = "no account with the role admin and a password would be left";
        self.errors
            .extend(users.map(|key| FieldError::new(key.to_string(), Code::BadValue, message)));
        self.puts.retain(|put| put.declared.kind != Kind::User);
        self.deletes.retain(|delete| delete.key.kind != Kind::User);
        true
    }

    /// Says whether anything fell.
    fn drop_referenced(&mut self) -> bool {
        let deleted: BTreeSet<&Key> = self.deletes.iter().map(|delete| &delete.key).collect();
        if deleted.is_empty() {
            return false;
        }
        let referrers = referrers(&self.candidate, &deleted);
        let errors = &mut self.errors;
        let before = self.deletes.len();
        self.deletes.retain(|delete| {
            let Some(of_it) = referrers.get(&delete.key) else { return true };
            for (from, path) in of_it {
                let message = format!("refers to {}, which is to be deleted", delete.key);
                errors.push(FieldError::new(
                    format!("{from}/spec/{path}"),
                    Code::StillReferenced,
                    message,
                ));
            }
            false
        });
        self.deletes.len() != before
    }
}

/// Accounts that may change everything and can sign in. People from outside do not count, whatever
/// role their groups have: their provider is not there when it is needed most.
fn admins<'s>(
    state: &'s DeclaredState,
    request: &'s Request,
) -> impl Iterator<Item = &'s Resource> {
    state.of(Kind::User).filter(|user| {
        let is_admin =
            |user: User| user.role.built_in() == Some(RoleName::Admin) && user.scope.is_empty();
        !request.without_password.contains(&user.name)
            && user.spec_as::<User>().is_ok_and(|user| !user.disabled && is_admin(user))
    })
}

/// Where the request takes an admin away: one who is left, as they are now.
fn remains(
    state: &DeclaredState,
    candidate: &DeclaredState,
    request: &Request,
) -> Option<(Key, Revision)> {
    let after: BTreeSet<&Name> = admins(candidate, request).map(|admin| &admin.name).collect();
    let goes = admins(state, request).any(|admin| !after.contains(&admin.name));
    let mut as_now = after.iter().filter_map(|name| state.get(Kind::User, name.as_str()));
    let left = as_now.next().filter(|_| goes)?;
    Some((left.key(), left.revision))
}

fn missing(put: &Put, reference: &Reference, candidate: &DeclaredState) -> FieldError {
    let message = match reference.key() {
        _ if reference.kind == Kind::Role => no_role(&reference.name, candidate),
        Some(key) => format!("{key} does not exist"),
        None => format!("`{}` is not the name of a {}", reference.name, reference.kind),
    };
    let mut error = FieldError::new(
        format!("{}/spec/{}", put.key(), reference.path),
        Code::MissingReference,
        message,
    );
    locate(&mut error, put);
    error
}

/// That there is no such role, with those that there are.
#[must_use]
pub fn no_role(name: &str, state: &DeclaredState) -> String {
    let mut all: Vec<&str> = RoleName::ALL.into_iter().map(RoleName::as_str).collect();
    all.extend(state.of(Kind::Role).map(|role| role.name.as_str()));
    let all = all.join(", ");
    format!("there is no role `{name}`; roles are {all}")
}

/// Who refers to each of `targets`, with the path of the field.
fn referrers(state: &DeclaredState, targets: &BTreeSet<&Key>) -> BTreeMap<Key, Vec<(Key, String)>> {
    let mut referrers: BTreeMap<Key, Vec<(Key, String)>> = BTreeMap::new();
    for kind in Kind::ALL {
        for resource in state.of(*kind) {
            for reference in references(*kind, &resource.spec) {
                if let Some(key) = reference.key().filter(|key| targets.contains(key)) {
                    referrers.entry(key).or_default().push((resource.key(), reference.path));
                }
            }
        }
    }
    referrers
}

/// Puts the place of what an error is about into it.
pub(super) fn locate(error: &mut FieldError, put: &Put) {
    let below = error.path.strip_prefix(&put.key().to_string()).unwrap_or_default();
    if let Some((line, column)) = put.places.at(below.trim_start_matches('/')) {
        (error.line, error.column) = (Some(line), Some(column));
    }
}

fn located(path: String, code: Code, message: String, place: Option<(u32, u32)>) -> FieldError {
    FieldError {
        line: place.map(|at| at.0),
        column: place.map(|at| at.1),
        ..FieldError::new(path, code, message)
    }
}

/// The state in which everything selected has happened.
fn candidate(state: &DeclaredState, selection: &Selection<'_>, request: &Request) -> DeclaredState {
    let mut candidate = state.clone();
    let revision = Revision(state.index + 1);
    for put in &selection.puts {
        let declared = &put.declared;
        let of_kind = candidate.resources.entry(declared.kind).or_default();
        let created = of_kind.get(&declared.name).map_or(request.at, |old| old.created);
        let resource = Resource {
            kind: declared.kind,
            name: declared.name.clone(),
            labels: declared.labels.clone(),
            spec: Arc::new(declared.spec.clone()),
            revision,
            created,
            updated: request.at,
            by: request.actor.clone(),
        };
        of_kind.insert(declared.name.clone(), Arc::new(resource));
    }
    for delete in &selection.deletes {
        if let Some(of_kind) = candidate.resources.get_mut(&delete.key.kind) {
            of_kind.remove(&delete.key.name);
        }
    }
    candidate.index += 1;
    candidate
}
