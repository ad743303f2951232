//! The one middleware that enforces policies. Every route goes through it (see `router`).

use super::{
    Front,
    auth::{self, Identity, Via},
    error::Problem,
    policy::{self, Policy},
};
use crate::scope::Projects;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// The projects that a request is about at most; put there by the guard only.
#[derive(Clone)]
pub(crate) struct Seen(pub(crate) Projects);

pub(crate) async fn guard(
    State((front, policy)): State<(Front, Policy)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&front, policy, &parts) {
        Ok(identity) => {
            if let Some(identity) = identity {
                parts.extensions.insert(Seen(policy::seen(policy, &identity.access)));
                parts.extensions.insert(identity);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

fn admit(
    front: &Front,
    policy: Policy,
    parts: &axum::http::request::Parts,
) -> Result<Option<Identity>, Problem> {
    let identity = match auth::identify(front, parts) {
        Ok(identity) => identity,
        // An open route stays open to somebody whose token has ended, or without a store.
        Err(_) if policy == Policy::Open => None,
        Err(problem) => return Err(problem),
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
    Ok(Some(identity))
}

/// Before formation nobody can be signed in: say that rather than "sign in".
fn nobody(front: &Front) -> Problem {
    match front.deps() {
        Ok(_) => Problem::sign_in("sign in first"),
        Err(problem) => problem,
    }
}
