//! Plans, has the real checkers judge, and writes.

use super::{
    affected::{Affected, difference, on_all_nodes},
    bad_before, blame,
    checker::{CheckFailure, Checker},
    deep,
    field_error::FieldError,
    plan::{Action, Conflict, ObjectPlan, Plan, plan},
    request::{Delete, Expect, Put, Request},
};
use crate::model::{
    Kind, Name, NodeId,
    cluster::DeclaredState,
    metric::{MetricFacts, NoFacts},
    resource::Key,
};
use crate::render::{NOT_READ, NodeFacts, Placement, RenderError, Rendered, render, surely_same};
use crate::store::{
    Store, StoreError, WriteError,
    command::{Precondition, PreconditionFailed, Space, Written},
};
use std::{collections::BTreeSet, sync::Arc, time::Duration};

/// How often a write is planned anew because the state moved under it.
const ATTEMPTS: u128 = 4;

/// The ids under which the attempts of one request are written, first to last: the store
/// remembers a failed precondition under an id, too.
pub fn attempt_ids(request: u128) -> impl Iterator<Item = u128> {
    (0..ATTEMPTS).map(move |attempt| request.wrapping_add(attempt))
}

/// The one way by which declared objects get into the store. Cheap to clone.
#[derive(Clone)]
pub struct Admission {
    store: Store,
    checker: Arc<dyn Checker>,
    facts: Arc<dyn MetricFacts>,
}

/// What became of a request.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What it does, and what is wrong with it.
    pub plan: Plan,
    /// Programs that notice. After a dry run on all nodes and with differences; after a write of
    /// one node and by path alone.
    pub affected: Vec<Affected>,
    /// What could not be checked.
    pub warnings: Vec<String>,
    /// What was written; `None` for a dry run, when refused, and when nothing changes.
    pub written: Option<Written>,
    /// The state that the request was judged by.
    pub judged: Arc<DeclaredState>,
}

/// Why a request has no outcome.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// It was good, but could not be written.
    #[error("the change was checked but not written")]
    Write(#[source] WriteError),
    /// The state it would lead to cannot be rendered.
    #[error("the change cannot be rendered")]
    Render(#[source] RenderError),
    /// Planning panicked: a bug.
    #[error("planning the change failed")]
    Planning(#[source] tokio::task::JoinError),
    /// What it is judged by cannot be read.
    #[error("the change cannot be judged")]
    Read(#[source] StoreError),
}

impl Admission {
    /// Writes to `store` what `checker` finds good.
    pub fn new(store: Store, checker: Arc<dyn Checker>) -> Self {
        Self { store, checker, facts: Arc::new(NoFacts) }
    }

    /// Warns by what `facts` say of metrics.
    #[must_use]
    pub fn with_facts(self, facts: Arc<dyn MetricFacts>) -> Self {
        Self { facts, ..self }
    }

    /// What is known of metrics.
    #[must_use]
    pub fn facts(&self) -> &dyn MetricFacts {
        &*self.facts
    }

    pub(super) fn checker(&self) -> &dyn Checker {
        &*self.checker
    }

    /// What [`Self::submit`] would do; writes nothing.
    ///
    /// # Errors
    /// [`SubmitError`], without `Write`.
    pub async fn dry_run(&self, request: Request) -> Result<Outcome, SubmitError> {
        let mut outcome = self.consider(request).await?;
        if let (Some(_), Some((node, facts))) = (&outcome.plan.command, self.checker.ground()) {
            let (before, after) = (self.store.state(), outcome.plan.candidate.clone());
            let all = move || on_all_nodes(&before, &after, node, &facts);
            let all = tokio::task::spawn_blocking(all).await.map_err(SubmitError::Planning)?;
            outcome.affected = all.map_err(SubmitError::Render)?;
        }
        Ok(outcome)
    }

    /// Checks and writes a request; waits for the write until `deadline`. A request that is
    /// refused is an `Ok` outcome that says why. Cancelling leaves open whether it was written.
    ///
    /// This node may be behind: that a request conflicts, or changes nothing, is only said of a
    /// state that has everything acknowledged before the call.
    ///
    /// # Errors
    /// [`SubmitError`]; after `Write` with no quorum the same request may be sent again.
    pub async fn submit(
        &self,
        request: Request,
        deadline: Duration,
    ) -> Result<Outcome, SubmitError> {
        let mut ids = attempt_ids(request.request);
        let (mut id, mut fresh) = (ids.next().unwrap_or(request.request), false);
        loop {
            let mut outcome = self.consider(request.clone()).await?;
            let Some(mut command) = outcome.plan.command.clone() else {
                if fresh || !self.is_behind(&outcome, deadline).await? {
                    return Ok(outcome);
                }
                fresh = true;
                continue;
            };
            command.request = id;
            match self.store.write(command.clone(), deadline).await {
                Ok(written) => {
                    outcome.written = Some(written);
                    return Ok(outcome);
                }
                Err(WriteError::Precondition(failed)) => {
                    if let Some(conflict) = conflict(&request, &command.preconditions, &failed) {
                        outcome.plan.command = None;
                        outcome.plan.conflicts.push(conflict);
                        return Ok(outcome);
                    }
                    let Some(next) = ids.next() else {
                        return Err(SubmitError::Write(WriteError::Precondition(failed)));
                    };
                    id = next;
                    self.store.wait_applied(self.store.state().index + 1, RETRY_WAIT).await;
                }
                Err(error) => return Err(SubmitError::Write(error)),
            }
        }
    }

    /// Whether `outcome` was judged by a state that others have moved on from. Without a quorum
    /// nobody knows: mistakes are told all the same, conflicts and "nothing to do" are not.
    async fn is_behind(&self, outcome: &Outcome, deadline: Duration) -> Result<bool, SubmitError> {
        match self.store.barrier(deadline).await {
            Ok(_) => Ok(self.store.state().index > outcome.judged.index),
            Err(_) if !outcome.plan.errors.is_empty() && outcome.plan.conflicts.is_empty() => {
                Ok(false)
            }
            Err(error) => Err(SubmitError::Write(error)),
        }
    }

    /// Plans and checks. With `partial`, objects that the checkers refuse are left out, too.
    async fn consider(&self, mut request: Request) -> Result<Outcome, SubmitError> {
        let state = self.store.state();
        self.find_passwords(&state, &mut request)?;
        let mut refused: Vec<FieldError> = Vec::new();
        loop {
            let mut outcome = self.planned(&state, &request).await?;
            outcome.plan.errors.extend(refused.iter().cloned());
            if outcome.plan.command.is_none() {
                return Ok(outcome);
            }
            let (mut blamed, mut errors) = self.deep_check(&state, &mut outcome).await?;
            if errors.is_empty() {
                (blamed, errors) = self.run_due_tests(&mut outcome).await?;
            }
            if errors.is_empty() {
                return Ok(outcome);
            }
            let before = request.puts.len();
            request.puts.retain(|put| !blamed.contains(&put.key()));
            if !request.partial || request.puts.len() == before {
                outcome.plan.errors.extend(errors);
                outcome.plan.command = None;
                return Ok(outcome);
            }
            refused.extend(errors);
        }
    }

    /// Where accounts change: which of them have no password.
    fn find_passwords(
        &self,
        state: &DeclaredState,
        request: &mut Request,
    ) -> Result<(), SubmitError> {
        let keys = request.puts.iter().map(Put::key);
        let keys = keys.chain(request.deletes.iter().map(|delete| delete.key.clone()));
        let mut users: BTreeSet<Name> =
            keys.filter(|key| key.kind == Kind::User).map(|key| key.name).collect();
        if users.is_empty() {
            return Ok(());
        }
        users.extend(state.of(Kind::User).map(|user| user.name.clone()));
        for user in users {
            let row = self.store.row(Space::Credential, user.as_str().as_bytes());
            if row.map_err(SubmitError::Read)?.is_none() {
                request.without_password.insert(user);
            }
        }
        Ok(())
    }

    async fn planned(
        &self,
        state: &Arc<DeclaredState>,
        request: &Request,
    ) -> Result<Outcome, SubmitError> {
        let judged = Arc::clone(state);
        let planned = {
            let (state, request) = (Arc::clone(state), request.clone());
            let facts = Arc::clone(&self.facts);
            move || {
                let plan = plan(&state, &request);
                let warnings = deep::warnings(&plan, &*facts);
                (plan, warnings)
            }
        };
        let (plan, warnings) = if takes_no_time(request) {
            planned()
        } else {
            tokio::task::spawn_blocking(planned).await.map_err(SubmitError::Planning)?
        };
        Ok(Outcome { plan, affected: Vec::new(), warnings, written: None, judged })
    }

    /// Renders both states and has those components checked whose files change. Gives the
    /// objects to blame and the errors.
    async fn deep_check(
        &self,
        state: &DeclaredState,
        outcome: &mut Outcome,
    ) -> Result<(Vec<Key>, Vec<FieldError>), SubmitError> {
        let Some((node, facts)) = self.checker.ground() else {
            outcome.warnings.push("no component is installed yet: not checked by one".to_owned());
            return Ok((Vec::new(), Vec::new()));
        };
        let candidate = &outcome.plan.candidate;
        if surely_same(state, candidate) {
            return Ok((Vec::new(), Vec::new()));
        }
        let (node, before) = render_most(state, node, &facts);
        let before = before.unwrap_or_default();
        let after = render(candidate, node, &facts).map_err(SubmitError::Render)?;
        outcome.affected = difference(candidate, node, &before, &after);
        for missing in &after.missing {
            outcome.warnings.push(format!("{}: {}", missing.name, missing.reason));
        }
        let (mut blamed, mut errors) = (Vec::new(), Vec::new());
        for (name, component) in &after.components {
            if before.components.get(name).is_some_and(|old| old.files == component.files) {
                continue;
            }
            match self.checker.check(component).await {
                Ok(()) => {}
                Err(CheckFailure::Refused { check, words }) => {
                    let words = format!("{check}: {words}");
                    let changed = changed(&outcome.plan.objects);
                    let refused = bad_before::Refused {
                        before: state,
                        after: candidate,
                        node,
                        facts: &facts,
                        component: name,
                        changed: &changed,
                    };
                    if let Some(others) = refused.by_others(&*self.checker, words.clone()).await {
                        outcome.warnings.extend(others.into_iter().map(turned_bad));
                        continue;
                    }
                    let (keys, complaints) = blame::errors(component, &words);
                    blamed.extend(keys);
                    errors.extend(complaints);
                }
                Err(failure @ CheckFailure::NotRun { .. }) => {
                    outcome.warnings.push(failure.to_string());
                }
            }
        }
        Ok((blamed, errors))
    }
}

/// One object that nothing is rendered from: judged faster than another thread is woken.
fn takes_no_time(request: &Request) -> bool {
    let [put] = &request.puts[..] else { return false };
    request.deletes.is_empty() && NOT_READ.contains(&put.declared.kind)
}

fn turned_bad((key, words): (Key, String)) -> String {
    format!("{key} is not valid any more: {words}")
}

/// What a request really changes.
fn changed(objects: &[ObjectPlan]) -> BTreeSet<Key> {
    let changed = objects.iter().filter(|object| object.action != Action::Unchanged);
    changed.map(|object| object.key.clone()).collect()
}

/// How long a lost race waits for the state that won it.
const RETRY_WAIT: Duration = Duration::from_millis(500);

/// This node's rendering, or that of the node with the first Prometheus where this one has none:
/// rules must be checked wherever the request arrives. The builds are this node's.
fn render_most(
    state: &DeclaredState,
    node: NodeId,
    facts: &NodeFacts,
) -> (NodeId, Result<Rendered, RenderError>) {
    let placement = Placement::of(state);
    let stand_in = match placement.replica_on(node) {
        Some(_) => node,
        None => placement.prometheus.values().next().copied().unwrap_or(node),
    };
    (stand_in, render(state, stand_in, facts))
}

/// An expectation of the request that failed; `None` for a guard of ours, which is a lost race.
fn conflict(
    request: &Request,
    preconditions: &[Precondition],
    failed: &PreconditionFailed,
) -> Option<Conflict> {
    let (key, expected) = match preconditions.get(failed.position)? {
        Precondition::Revision(key, revision) => (key, Expect::Revision(*revision)),
        Precondition::Absent(key) => (key, Expect::Absent),
        Precondition::Exists(_) | Precondition::Row(..) => return None,
    };
    let put = |put: &Put| put.key() == *key && put.expect == expected;
    let delete = |delete: &Delete| delete.key == *key && delete.expect == expected;
    if !request.puts.iter().any(put) && !request.deletes.iter().any(delete) {
        return None;
    }
    Some(Conflict { key: key.clone(), expected, found: failed.found })
}
