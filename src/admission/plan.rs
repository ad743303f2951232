//! What a request would do to a state: pure, so that a dry run and a real write cannot differ.

mod command;
mod ownership;
mod selection;

use super::{
    diff,
    field_error::FieldError,
    request::{Delete, Expect, Put, Request},
};
use crate::model::{
    Resource, Revision,
    cluster::DeclaredState,
    resource::{Declared, Key},
};
use crate::store::command::Command;
pub use command::disabled_row;
use selection::Selection;
pub use selection::no_role;
use serde::Serialize;
use std::sync::Arc;

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
}

impl ObjectPlan {
    /// Unified diff of its YAML; empty when unchanged. Worked out anew each time: most writes are
    /// never looked at.
    #[must_use]
    pub fn diff(&self) -> String {
        if self.action == Action::Unchanged {
            return String::new();
        }
        let before = self.before.as_deref().map(|old| (&old.labels, &*old.spec));
        let after = self.after.as_ref().map(|new| (&new.labels, &new.spec));
        diff::unified(&self.key, before, after)
    }
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
    let mut selected = Selection::of(state, request);
    let refused = !conflicts.is_empty() || (!request.partial && !selected.errors.is_empty());
    let mut plan = Plan {
        objects: Vec::new(),
        errors: std::mem::take(&mut selected.errors),
        conflicts,
        command: None,
        candidate: state.clone(),
    };
    if refused {
        return plan;
    }
    plan.objects = objects(state, &selected.puts, &selected.deletes);
    plan.command = command::command(state, request, &selected, &plan.objects);
    plan.candidate = selected.candidate;
    plan
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
        ObjectPlan { key, action, before, after: Some(after.clone()) }
    });
    let deletes = deletes.iter().map(|delete| {
        let key = delete.key.clone();
        let before = current(&key);
        let action = if before.is_some() { Action::Delete } else { Action::Unchanged };
        ObjectPlan { key, action, before, after: None }
    });
    puts.chain(deletes).collect()
}
