//! The one middleware that enforces policies. Every route goes through it (see `router`).

use super::{
    Front,
    audit::{self, Origin},
    auth::{self, Identity, Via},
    error::Problem,
    fresh::Wish,
    listener::body::{OpenBody, whole_within},
    policy::{self, Policy},
};
use crate::{
    model::audit::{Note, Verb},
    scope::Projects,
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::sync::Arc;

/// The projects that a request is about at most; put there by the guard only.
#[derive(Clone)]
pub(crate) struct Seen(pub(crate) Projects);

/// Marks the answer to somebody who showed who they are; for `super::context`.
#[derive(Clone)]
pub(crate) struct Recognised;

pub(crate) async fn guard(
    State((front, policy)): State<(Front, Policy)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let origin = Arc::new(Origin::of(&parts));
    let route = declared_route(&parts);
    let (mut who, mut known) = (None, false);
    let mut answer = match admit(&front, policy, &parts, &mut who).await {
        Ok(identity) => {
            parts.extensions.insert(Arc::clone(&origin));
            known = identity.is_some();
            if let Some(mut identity) = identity {
                identity.origin = Arc::clone(&origin);
                parts.extensions.insert(Seen(policy::seen(policy, &identity.access)));
                parts.extensions.insert(identity);
            }
            let body = match (known, parts.extensions.get::<OpenBody>()) {
                (false, Some(OpenBody(limit))) => whole_within(body, *limit),
                _ => body,
            };
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    };
    if known {
        answer.extensions_mut().insert(Recognised);
    }
    if let (Some(who), Some(problem)) = (who, answer.extensions().get::<Problem>())
        && matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    {
        let said = origin.note(&who.actor, Verb::Request);
        let via = who.via.map(|via| audit::via_text(via).to_owned());
        front.refusals().add(Note { via, ..said }, problem.code, &route);
    }
    answer
}

/// Who was refused, for the audit: nobody who said nothing.
struct Who {
    actor: String,
    via: Option<Via>,
}

/// The route as it is declared: what floods are told apart by.
fn declared_route(parts: &axum::http::request::Parts) -> String {
    let path = parts.extensions.get::<MatchedPath>();
    format!("{} {}", parts.method, path.map_or("", MatchedPath::as_str))
}

async fn admit(
    front: &Front,
    policy: Policy,
    parts: &axum::http::request::Parts,
    who: &mut Option<Who>,
) -> Result<Option<Identity>, Problem> {
    let identity = match auth::identify(front, parts) {
        Ok(identity) => {
            let known = identity.as_ref();
            *who = known.map(|it| Who { actor: it.actor.clone(), via: Some(it.via) });
            identity
        }
        // An open route stays open to somebody whose token has ended, or without a store.
        Err(_) if policy == Policy::Open => None,
        Err(problem) => {
            *who = Some(Who { actor: auth::claimed(front, parts), via: None });
            return Err(problem);
        }
    };
    let Some(identity) = identity else {
        return match policy {
            Policy::Open => Ok(None),
            _ => Err(nobody(front)),
        };
    };
    if identity.via == Via::Session && !auth::is_safe(&parts.method) {
        auth::same_origin(parts)?;
    }
    match policy {
        Policy::Open | Policy::SignedIn => {}
        Policy::Role(role) => identity.must_be(role, parts.uri.path())?,
        Policy::Within(role) => identity.must_be_somewhere(role, parts.uri.path())?,
        Policy::Read(kind) => identity.must_read(kind, parts.uri.path())?,
        Policy::Write(kind) => identity.must_change(kind, parts.uri.path())?,
        Policy::WriteSome => identity.must_change_something(parts.uri.path())?,
        Policy::Program(role) => {
            if identity.via == Via::Session {
                return Err(Problem::forbidden("this path takes a bearer token, not a session"));
            }
            identity.must_be(role, parts.uri.path())?;
        }
    }
    // Last of all: nobody waits here without a right to the answer.
    Wish::of(parts)?.wait(front).await?;
    Ok(Some(identity))
}

/// Before formation nobody can be signed in: say that rather than "sign in".
fn nobody(front: &Front) -> Problem {
    match front.deps() {
        Ok(_) => Problem::sign_in("sign in first"),
        Err(problem) => problem,
    }
}
