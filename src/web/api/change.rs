//! What every change of declared objects has in common: who may, through admission, and how the
//! outcome is told. Batches, single objects, reverts all go through here.

use super::authorize::{authorize, has_secret, is_judged_in_part};
use crate::{
    admission::{
        Action, Code, Conflict, Delete, Expect, FieldError, ObjectPlan, Outcome, Request,
        SubmitError, attempt_ids, disabled_row,
    },
    model::{
        Kind,
        audit::{Note, Verb},
        resource::Key,
    },
    store::{
        WriteError,
        command::{Change, Space, Written},
    },
    web::{
        auth::{Identity, second::Second, token, token_use},
        deps::{Deps, WRITE_DEADLINE, now},
        error::{Problem, ProblemItem},
        random,
    },
};
use axum::http::{HeaderMap, StatusCode, request::Parts};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Longest reason that is kept.
const WHY_MAX: usize = 500;

/// Who changes something, and what a repetition of the request is recognised by.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) identity: Identity,
    why: String,
    request: u128,
    keyed: bool,
}

impl Author {
    /// From the headers `Idempotency-Key` and `X-WK-Why` (percent-encoded).
    pub(crate) fn of(identity: Identity, parts: &Parts) -> Result<Self, Problem> {
        let key = text(&parts.headers, "idempotency-key")?;
        let why = text(&parts.headers, "x-wk-why")?.unwrap_or_default();
        let why = percent_encoding::percent_decode_str(why)
            .decode_utf8()
            .map_err(|_| Problem::malformed("X-WK-Why is not percent-encoded UTF-8"))?;
        let request = match key {
            None => random::id128(),
            Some(key) => {
                let method = parts.method.as_str();
                keyed(&[&identity.actor, method, parts.uri.path(), key])
            }
        };
        let why = why.chars().filter(|c| !c.is_control()).take(WHY_MAX).collect();
        Ok(Self { identity, why, request, keyed: key.is_some() })
    }

    /// An empty request in this author's name; `why` unless a reason was given.
    pub(crate) fn request(&self, why: &str) -> Request {
        self.request_to(Verb::Change, why)
    }

    /// As [`Author::request`], for something else than a plain change.
    pub(crate) fn request_to(&self, verb: Verb, why: &str) -> Request {
        let why = if self.why.is_empty() { why.to_owned() } else { self.why.clone() };
        let note = Note { why: why.clone(), ..self.identity.note(verb) };
        Request {
            actor: self.identity.actor.clone(),
            rows: vec![(&note).into()],
            why,
            request: self.request,
            at: now(),
            ..Request::default()
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Problem> {
    let value = headers.get(name).map(axum::http::HeaderValue::to_str).transpose();
    let value = value.map_err(|_| Problem::malformed(format!("{name} must be ASCII text")))?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// A request id that a repetition has again.
pub(crate) fn keyed(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    digest.iter().take(16).fold(0, |id, byte| (id << 8) | u128::from(*byte))
}

/// Checks, has admission judge, and writes.
///
/// # Errors
/// Every refusal as a problem; with `partial` only when nothing at all is good.
pub(crate) async fn submit(
    deps: &Deps,
    author: &Author,
    mut request: Request,
) -> Result<Outcome, Problem> {
    if is_judged_in_part(&request, &author.identity) {
        // What is judged is pinned: to what was acknowledged, not to what this node has heard of.
        deps.store.barrier(WRITE_DEADLINE).await?;
    }
    let unseen = authorize(deps, &mut request, &author.identity)?;
    let mut outcome = judged(deps, author, request).await?;
    outcome.plan.objects.extend(unseen.into_iter().map(not_there));
    Ok(outcome)
}

/// Has admission judge what the author may do, and writes.
async fn judged(deps: &Deps, author: &Author, request: Request) -> Result<Outcome, Problem> {
    let partial = request.partial;
    let own = own_keys(&request);
    let mut outcome = deps.admission.submit(request, WRITE_DEADLINE).await.map_err(failed)?;
    if let Some(conflict) = outcome.plan.conflicts.first() {
        // A repeated request finds its own first outcome in the way.
        match repeated(deps, author).await? {
            Some(written) => outcome.written = Some(written),
            None => return Err(conflicted(conflict)),
        }
    }
    confine_errors(deps, &own, &mut outcome.plan.errors);
    let nothing_good = outcome.plan.objects.is_empty();
    if !outcome.plan.errors.is_empty() && (!partial || nothing_good) {
        return Err(refused(&outcome.plan.errors));
    }
    Ok(outcome)
}

/// The deletion of what is not there, as admission tells it.
const fn not_there(key: Key) -> ObjectPlan {
    ObjectPlan { key, action: Action::Unchanged, before: None, after: None }
}

/// What a request changes.
pub(super) fn own_keys(request: &Request) -> BTreeSet<String> {
    let puts = request.puts.iter().map(|put| put.key().to_string());
    puts.chain(request.deletes.iter().map(|delete| delete.key.to_string())).collect()
}

/// Errors of what somebody with a scope neither sends nor sees (who refers to it, a test of others
/// that fails) say that they are there, and not what.
pub(super) fn confine_errors(deps: &Deps, own: &BTreeSet<String>, errors: &mut [FieldError]) {
    if deps.seen.is_all() || errors.is_empty() {
        return;
    }
    let visible = deps.state();
    for error in errors {
        let mut parts = error.path.splitn(3, '/');
        let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let seen = |kind: Kind| visible.get(kind, name).is_some();
        // Parts of the text that was sent have no name.
        let sent = kind == "document" || own.contains(&format!("{kind}/{name}"));
        if !sent && !kind.parse().is_ok_and(seen) {
            error.path.clear();
            "an object outside of your scope stands against it".clone_into(&mut error.message);
            (error.line, error.column) = (None, None);
        }
    }
}

/// What [`submit`] would do. Errors are part of the outcome; a conflict is a problem.
pub(crate) async fn foresee(
    deps: &Deps,
    author: &Author,
    mut request: Request,
) -> Result<Outcome, Problem> {
    let unseen = authorize(deps, &mut request, &author.identity)?;
    let own = own_keys(&request);
    let mut outcome = deps.admission.dry_run(request).await.map_err(failed)?;
    confine_errors(deps, &own, &mut outcome.plan.errors);
    outcome.plan.objects.extend(unseen.into_iter().map(not_there));
    outcome.plan.conflicts.first().map_or(Ok(()), |conflict| Err(conflicted(conflict)))?;
    Ok(outcome)
}

/// What an earlier request with the same key wrote, in whichever of its attempts.
///
/// # Errors
/// Without a quorum nobody knows.
async fn repeated(deps: &Deps, author: &Author) -> Result<Option<Written>, Problem> {
    if !author.keyed {
        return Ok(None);
    }
    deps.store.barrier(WRITE_DEADLINE).await?;
    for id in attempt_ids(author.request) {
        if let Some(written) = deps.store.written(id)? {
            return Ok(Some(written));
        }
    }
    Ok(None)
}

/// Deletes one object; users and tokens together with their secrets, in one command.
pub(crate) async fn delete(
    deps: &Deps,
    author: &Author,
    key: Key,
    expect: Expect,
) -> Result<Written, Problem> {
    let missing = || Problem::missing(key.to_string());
    let there = || deps.state().get(key.kind, key.name.as_str()).is_some();
    if !there() {
        // This node may be behind.
        deps.store.barrier(WRITE_DEADLINE).await?;
    }
    if !there() {
        return repeated(deps, author).await?.ok_or_else(missing);
    }
    if has_secret(&key) {
        return delete_with_secret(deps, author, key, expect).await;
    }
    let deletes = vec![Delete { key: key.clone(), expect }];
    let outcome = submit(deps, author, Request { deletes, ..author.request("deleted") }).await?;
    outcome.written.ok_or_else(missing)
}

async fn delete_with_secret(
    deps: &Deps,
    author: &Author,
    key: Key,
    expect: Expect,
) -> Result<Written, Problem> {
    let identity = &author.identity;
    identity.must_change(key.kind, &format!("deleting a {}", key.kind))?;
    if key.kind == Kind::User && key.name.as_str() == identity.actor {
        return Err(Problem::forbidden("nobody deletes their own account"));
    }
    let name = key.name.as_str();
    let (verb, rows) = match key.kind {
        Kind::Token => {
            let rows = vec![token::row_key(name), token_use::row_key(name)];
            (Verb::TokenRevoke, rows)
        }
        _ => (Verb::Change, vec![name.to_owned().into(), disabled_row(name)]),
    };
    let mut request = author.request_to(verb, "deleted");
    request.rows.extend(rows.into_iter().map(|row| Change::DeleteRow(Space::Credential, row)));
    if key.kind == Kind::User {
        request.rows.push(Second::removal(name));
    }
    request.deletes = vec![Delete { key: key.clone(), expect }];
    let outcome = judged(deps, author, request).await?;
    outcome.written.ok_or_else(|| Problem::missing(key.to_string()))
}

/// What must hold according to `If-Match` and `If-None-Match`.
pub(crate) fn expectation(headers: &HeaderMap) -> Result<Expect, Problem> {
    if let Some(none) = text(headers, "if-none-match")? {
        return match none {
            "*" => Ok(Expect::Absent),
            _ => Err(Problem::malformed("If-None-Match on a change takes `*` only")),
        };
    }
    match text(headers, "if-match")? {
        None | Some("*") => Ok(Expect::Any),
        Some(tag) => super::resources::strip_tag(tag)
            .parse()
            .map(Expect::Revision)
            .map_err(|_| Problem::malformed("If-Match must be the ETag of the object")),
    }
}

pub(crate) fn failed(error: SubmitError) -> Problem {
    let chain = crate::base::error_chain::ErrorChain(&error).to_string();
    match error {
        SubmitError::Write(error) => error.into(),
        // The node is ending.
        SubmitError::Planning(error) if error.is_cancelled() => WriteError::Closed.into(),
        SubmitError::Render(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "WK-2010", chain),
        _ => Problem::internal(chain),
    }
}

fn conflicted(conflict: &Conflict) -> Problem {
    match conflict.expected {
        Expect::Absent => {
            let detail = format!("there is a {} already", conflict.key);
            Problem::new(StatusCode::CONFLICT, "WK-2008", detail)
        }
        Expect::Revision(wanted) => {
            Problem::changed(&conflict.key.to_string(), &wanted.to_string(), conflict.found)
        }
        Expect::Any => Problem::internal(format!("a conflict without expectation: {conflict:?}")),
    }
}

/// 400 for what cannot be read, 409 for what others still refer to, 422 for the rest.
pub(crate) fn refused(errors: &[FieldError]) -> Problem {
    let items: Vec<ProblemItem> = errors.iter().map(item).collect();
    let only = |code: Code| errors.iter().all(|error| error.code == code);
    let (status, code) = if only(Code::StillReferenced) {
        (StatusCode::CONFLICT, "WK-1011")
    } else if only(Code::Malformed) {
        (StatusCode::BAD_REQUEST, "WK-1001")
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, "WK-2010")
    };
    Problem { status, code, ..Problem::invalid(items) }
}

/// An error of admission as the API shows it.
pub(crate) fn item(error: &FieldError) -> ProblemItem {
    ProblemItem {
        path: error.path.clone(),
        code: error.code.as_str().into(),
        message: error.message.clone(),
        line: error.line,
        column: error.column,
    }
}

/// An action as the API writes it.
pub(crate) const fn action_text(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::Unchanged => "unchanged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_recognised_again_by_the_same_author_on_the_same_path_only() {
        let id = keyed(&["ann", "PUT", "/a", "k"]);
        assert_eq!(id, keyed(&["ann", "PUT", "/a", "k"]));
        for other in
            [["bob", "PUT", "/a", "k"], ["ann", "PUT", "/ak", ""], ["ann", "PUT", "/b", "k"]]
        {
            assert_ne!(id, keyed(&other));
        }
    }
}
