//! Whether an author may make a change, object by object.

use super::{confined_rules, confined_targets::Confinement, entrusted};
use crate::{
    admission::{Expect, Put, Request},
    model::{
        Kind, Resource, Revision, UnixMs,
        cluster::DeclaredState,
        reference::references,
        resource::{Declared, Key},
        spec::RoleName,
    },
    scope::{Owner, declared},
    web::{
        auth::{Identity, role_text},
        deps::Deps,
        error::{Problem, ProblemItem},
        policy::{self, Whose},
        sight::Sight,
    },
};
use axum::http::StatusCode;
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// Refuses what the author's roles do not allow where the objects are, and kinds that have paths
/// of their own since a secret belongs to them. What people with a scope declare is confined to
/// it, and holds only for the state by which it was judged. Gives the objects that are to be deleted
/// and that the author cannot see: to them they are not there, so they are taken out.
pub(super) fn authorize(
    deps: &Deps,
    request: &mut Request,
    identity: &Identity,
) -> Result<Vec<Key>, Problem> {
    let state = deps.whole();
    let unseen = take_unseen(deps, request, identity)?;
    let then = with_groups(&state, &request.puts);
    for put in &request.puts {
        may_put(&state, &then, &put.declared, identity)?;
    }
    for delete in &request.deletes {
        may_touch(&state, &delete.key, identity)?;
    }
    refers_to_what_it_sees(deps, &state, &request.puts, identity)?;
    entrusted::judge(deps, &state, &request.puts, identity)?;
    confine_targets(&state, &request.puts, identity)?;
    for put in &mut request.puts {
        if is_confined(put.declared.kind, identity) {
            confined_rules::confine(&mut put.declared)?;
        }
    }
    pin(&state, request, identity)?;
    let mut own_way: Vec<Key> = request.puts.iter().map(Put::key).collect();
    own_way.retain(|key| key.kind == Kind::Token);
    own_way.extend(request.deletes.iter().map(|delete| delete.key.clone()).filter(has_secret));
    match own_way.first() {
        None => Ok(unseen),
        Some(key) => {
            let detail = format!("{key} is made and deleted by requests of its own");
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "WK-2011", detail))
        }
    }
}

/// Judged by the role alone: kinds that are given to a lower one give no trust in what is asked.
fn confine_targets(
    state: &DeclaredState,
    puts: &[Put],
    identity: &Identity,
) -> Result<(), Problem> {
    let mut targets = puts.iter().filter(|put| put.declared.kind == Kind::Target).peekable();
    if targets.peek().is_none() || identity.access.within(RoleName::Operator).is_all() {
        return Ok(());
    }
    let own = policy::writable(&identity.access, Kind::Target, Whose::Projects);
    let confinement = Confinement::of(state, &own);
    targets.try_for_each(|put| confinement.check(&put.declared))
}

/// Takes out the deletion of what the author does not see, as if it were not there.
fn take_unseen(
    deps: &Deps,
    request: &mut Request,
    identity: &Identity,
) -> Result<Vec<Key>, Problem> {
    let sight = Sight::of(deps, identity);
    let mut unseen = Vec::new();
    for delete in std::mem::take(&mut request.deletes) {
        let kind = delete.key.kind;
        may_change_some(kind, identity)?;
        let is_seen = || sight.part(kind).get(kind, delete.key.name.as_str()).is_some();
        if !is_judged(kind, identity) || is_seen() {
            request.deletes.push(delete);
        } else if let Expect::Revision(wanted) = delete.expect {
            return Err(Problem::changed(&delete.key.to_string(), &wanted.to_string(), None));
        } else {
            unseen.push(delete.key);
        }
    }
    Ok(unseen)
}

/// Whether an author may write objects of a kind in some projects only.
fn is_confined(kind: Kind, identity: &Identity) -> bool {
    !policy::writable(&identity.access, kind, Whose::Projects).is_all()
}

/// Whether it depends on whose an object is whether an author may write it.
fn is_judged(kind: Kind, identity: &Identity) -> bool {
    !policy::writable(&identity.access, kind, Whose::Shared).is_all()
}

/// Whether some of a request is [`is_judged`].
pub(super) fn is_judged_in_part(request: &Request, identity: &Identity) -> bool {
    let puts = request.puts.iter().map(|put| put.declared.kind);
    let mut kinds = puts.chain(request.deletes.iter().map(|delete| delete.key.kind));
    kinds.any(|kind| is_judged(kind, identity))
}

/// The state with the rule groups of a batch: they say whose its tests are.
fn with_groups(state: &DeclaredState, puts: &[Put]) -> DeclaredState {
    let mut then = state.clone();
    let groups = puts.iter().map(|put| &put.declared).filter(|it| it.kind == Kind::RuleGroup);
    for it in groups {
        let group = Resource {
            kind: it.kind,
            name: it.name.clone(),
            labels: it.labels.clone(),
            spec: Arc::new(it.spec.clone()),
            revision: Revision::default(),
            created: UnixMs(0),
            updated: UnixMs(0),
            by: String::new(),
        };
        then.resources.entry(it.kind).or_default().insert(it.name.clone(), Arc::new(group));
    }
    then
}

/// Whether a secret belongs to objects of its kind.
pub(super) fn has_secret(key: &Key) -> bool {
    matches!(key.kind, Kind::User | Kind::Token)
}

/// As it is to be (in the state `then`), and as it is.
fn may_put(
    state: &DeclaredState,
    then: &DeclaredState,
    it: &Declared,
    identity: &Identity,
) -> Result<(), Problem> {
    may_change(it.kind, it.name.as_str(), &it.spec, then, identity)?;
    may_touch(state, &Key { kind: it.kind, name: it.name.clone() }, identity)
}

/// As it is, if it is.
pub(super) fn may_touch(
    state: &DeclaredState,
    key: &Key,
    identity: &Identity,
) -> Result<(), Problem> {
    match state.get(key.kind, key.name.as_str()) {
        Some(object) => may_change(key.kind, key.name.as_str(), &object.spec, state, identity),
        None => may_change_some(key.kind, identity),
    }
}

fn may_change_some(kind: Kind, identity: &Identity) -> Result<(), Problem> {
    identity.must_change(kind, &format!("changing a {kind}"))
}

/// What belongs to projects within those in which the author has the role for it, what is shared
/// with the role for that everywhere.
fn may_change(
    kind: Kind,
    name: &str,
    spec: &Value,
    state: &DeclaredState,
    identity: &Identity,
) -> Result<(), Problem> {
    may_change_some(kind, identity)?;
    let writable = |whose| policy::writable(&identity.access, kind, whose);
    if writable(Whose::Shared).is_all() {
        return Ok(());
    }
    let own = writable(Whose::Projects);
    let is_shared = Owner::of(kind, name, spec, state) == Owner::Shared;
    if !is_shared && declared::lies_within(kind, name, spec, state, &own) {
        return Ok(());
    }
    if is_shared && own.is_all() {
        let role = role_text(policy::write_role(kind, Whose::Shared));
        let detail = format!(
            "{kind}/{name} belongs to no project: changing it needs the role {role} everywhere{}",
            how(kind)
        );
        return Err(Problem::forbidden(detail));
    }
    Err(outside(&format!("{kind}/{name}"), kind))
}

fn outside(object: &str, kind: Kind) -> Problem {
    Problem::forbidden(format!("{object} does not lie within your scope{}", how(kind)))
}

/// What would make an object that of a project.
const fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::Silence => "; a silence needs a matcher that names projects in your scope",
        Kind::Policy => "; `projects` must be in your scope, and `departments` empty",
        Kind::RuleTest => "; its rule groups must be those of projects in your scope",
        kind if policy::is_written_in_scope(kind) => "; `project` must be one in your scope",
        _ => "",
    }
}

/// A name that is used is a question whether it exists: it is answered alike for what does not
/// exist and for what may not be seen. Judged where the role to write is held: what is referred to
/// from there can be read from there.
fn refers_to_what_it_sees(
    deps: &Deps,
    state: &Arc<DeclaredState>,
    puts: &[Put],
    identity: &Identity,
) -> Result<(), Problem> {
    let batch: BTreeSet<Key> = puts.iter().map(Put::key).collect();
    let mut unseen = Vec::new();
    for put in puts {
        let projects = policy::writable(&identity.access, put.declared.kind, Whose::Projects);
        if projects.is_all() {
            continue;
        }
        let seen = deps.parts.of(state, &projects);
        for reference in references(put.declared.kind, &put.declared.spec) {
            let known = reference.key().is_some_and(|key| {
                batch.contains(&key) || seen.get(key.kind, key.name.as_str()).is_some()
            });
            if !known {
                let path = format!("{}/spec/{}", put.key(), reference.path);
                let message =
                    format!("there is no {} {} in your scope", reference.kind, reference.name);
                unseen.push(ProblemItem::new(path, "WK-1010", message));
            }
        }
    }
    if unseen.is_empty() { Ok(()) } else { Err(Problem::invalid(unseen)) }
}

/// What was judged is what is written: not what somebody else has put under the same name since.
fn pin(state: &DeclaredState, request: &mut Request, identity: &Identity) -> Result<(), Problem> {
    let found = |key: &Key| {
        let object = state.get(key.kind, key.name.as_str());
        object.map_or(Expect::Absent, |object| Expect::Revision(object.revision))
    };
    for put in &mut request.puts {
        let key = put.key();
        if !is_judged(key.kind, identity) {
            continue;
        }
        match (&put.expect, found(&key)) {
            (Expect::Any, there) => put.expect = there,
            // Another one than was judged: it may be there by the time of the write.
            (Expect::Revision(wanted), there) if there != put.expect => {
                let there = match there {
                    Expect::Revision(revision) => Some(revision),
                    Expect::Any | Expect::Absent => None,
                };
                return Err(Problem::changed(&key.to_string(), &wanted.to_string(), there));
            }
            _ => {}
        }
    }
    for delete in &mut request.deletes {
        let there = found(&delete.key);
        if delete.expect == Expect::Any
            && there != Expect::Absent
            && is_judged(delete.key.kind, identity)
        {
            delete.expect = there;
        }
    }
    Ok(())
}
