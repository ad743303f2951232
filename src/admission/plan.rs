//! What a request would do to a state: pure, so that a dry run and a real write cannot differ.

use super::{
    code::Code,
    diff,
    field_error::FieldError,
    reference::{Reference, references},
    request::{Delete, Expect, Put, Request},
    validate::validate,
};
use crate::model::{
    Kind, Resource, Revision,
    cluster::DeclaredState,
    resource::{Declared, Key},
    spec::{RoleName, User},
};
use crate::store::command::{Change, Command, Precondition};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is new.
    Create,
    /// It is there and becomes another.
    Update,
    /// It is there and goes.
    Delete,
    /// It stays as it is.
    Unchanged,
}

/// What happens to one object.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectPlan {
    /// Which.
    pub key: Key,
    /// What.
    pub action: Action,
    /// As it is now.
    pub before: Option<Arc<Resource>>,
    /// As it will be.
    pub after: Option<Declared>,
    /// Unified diff of its YAML; empty when unchanged.
    pub diff: String,
}

/// Somebody else was faster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which object.
    pub key: Key,
    /// What the request expected of it.
    pub expected: Expect,
    /// What is there; `None` = nothing.
    pub found: Option<Revision>,
}

/// The outcome of planning. Something can be written only when there is a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Every object that would be written or was found unchanged, deletes last.
    pub objects: Vec<ObjectPlan>,
    /// What is wrong; with `partial`, with the objects that were left out.
    pub errors: Vec<FieldError>,
    /// Unmet expectations; always of the whole request, also with `partial`.
    pub conflicts: Vec<Conflict>,
    /// What to write; `None` when refused or when nothing changes.
    pub command: Option<Command>,
    /// The state once it is written; the state as it is when refused.
    pub candidate: DeclaredState,
}

impl Plan {
    /// Whether the request is refused as a whole.
    #[must_use]
    pub fn refused(&self, partial: bool) -> bool {
        !self.conflicts.is_empty() || (!partial && !self.errors.is_empty())
    }
}

/// Works out what `request` does to `state`.
#[must_use]
pub fn plan(state: &DeclaredState, request: &Request) -> Plan {
    let conflicts = conflicts(state, request);
    let selected = Selection::of(state, request);
    let refused = !conflicts.is_empty() || (!request.partial && !selected.errors.is_empty());
    let mut plan = Plan {
        objects: Vec::new(),
        errors: selected.errors,
        conflicts,
        command: None,
        candidate: state.clone(),
    };
    if refused {
        return plan;
    }
    plan.objects = objects(state, &selected.puts, &selected.deletes);
    plan.command = command(state, request, &selected.puts, &selected.deletes, &plan.objects);
    plan.candidate = selected.candidate;
    plan
}

/// The part of a request that is good.
struct Selection<'a> {
    puts: Vec<&'a Put>,
    deletes: Vec<&'a Delete>,
    errors: Vec<FieldError>,
    candidate: DeclaredState,
}

impl<'a> Selection<'a> {
    /// Leaves out what is wrong, then what refers to what was left out, until nothing more
    /// falls. Without `partial` the first round of errors is all that is needed.
    fn of(state: &DeclaredState, request: &'a Request) -> Self {
        let mut selection = Self {
            puts: request.puts.iter().collect(),
            deletes: request.deletes.iter().collect(),
            errors: Vec::new(),
            candidate: state.clone(),
        };
        selection.drop_repeated();
        selection.candidate = candidate(state, &selection, request);
        selection.drop_invalid();
        loop {
            selection.candidate = candidate(state, &selection, request);
            let fallen = selection.drop_dangling() | selection.drop_referenced();
            if !fallen && !selection.drop_last_admin(state) {
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
                .map(|reference| missing(put, &reference))
                .collect();
            let complete = missing.is_empty();
            errors.append(&mut missing);
            complete
        });
        self.puts.len() != before
    }

    /// Leaves the accounts alone when no admin would remain. Says whether anything fell.
    fn drop_last_admin(&mut self, state: &DeclaredState) -> bool {
        if !has_admin(state) || has_admin(&self.candidate) {
            return false;
        }
        let is_user = |key: &Key| key.kind == Kind::User;
        let puts = self.puts.iter().map(|put| put.key());
        let users =
            puts.chain(self.deletes.iter().map(|delete| delete.key.clone())).filter(is_user);
        let message = "no account with the role admin would be left";
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

/// Whether anybody is left who may change everything.
fn has_admin(state: &DeclaredState) -> bool {
    state.of(Kind::User).any(|user| {
        user.spec_as::<User>().is_ok_and(|user| user.role == RoleName::Admin && !user.disabled)
    })
}

fn missing(put: &Put, reference: &Reference) -> FieldError {
    let message = match reference.key() {
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
fn locate(error: &mut FieldError, put: &Put) {
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

fn conflicts(state: &DeclaredState, request: &Request) -> Vec<Conflict> {
    let puts = request.puts.iter().map(|put| (put.key(), put.expect));
    let deletes = request.deletes.iter().map(|delete| (delete.key.clone(), delete.expect));
    let unmet = puts.chain(deletes).filter_map(|(key, expected)| {
        let found = state.get(key.kind, key.name.as_str()).map(|resource| resource.revision);
        let met = match expected {
            Expect::Any => true,
            Expect::Absent => found.is_none(),
            Expect::Revision(revision) => found == Some(revision),
        };
        (!met).then_some(Conflict { key, expected, found })
    });
    unmet.collect()
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

fn objects(state: &DeclaredState, puts: &[&Put], deletes: &[&Delete]) -> Vec<ObjectPlan> {
    let current = |key: &Key| state.resources.get(&key.kind)?.get(&key.name).cloned();
    let puts = puts.iter().map(|put| {
        let key = put.key();
        let before = current(&key);
        let after = &put.declared;
        let action = match &before {
            None => Action::Create,
            Some(old) if old.labels == after.labels && *old.spec == after.spec => Action::Unchanged,
            Some(_) => Action::Update,
        };
        let old = before.as_deref().map(|old| (&old.labels, &*old.spec));
        let diff = match action {
            Action::Unchanged => String::new(),
            _ => diff::unified(&key, old, Some((&after.labels, &after.spec))),
        };
        ObjectPlan { key, action, before, after: Some(after.clone()), diff }
    });
    let deletes = deletes.iter().map(|delete| {
        let key = delete.key.clone();
        let before = current(&key);
        let old = before.as_deref().map(|old| (&old.labels, &*old.spec));
        let diff = diff::unified(&key, old, None);
        let action = if before.is_some() { Action::Delete } else { Action::Unchanged };
        ObjectPlan { key, action, before, after: None, diff }
    });
    puts.chain(deletes).collect()
}

/// The changes in the order of kinds, guarded by what the request expects and by the existence
/// of what it refers to.
fn command(
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
