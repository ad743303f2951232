//! `/api/v1/sessions`: who is signed in where, and the end of it. People see and end their own,
//! admins everybody's. A session is named by a handle; its cookie is never shown.

use crate::web::routes::routes;
use crate::{
    model::{Kind, audit::Verb, spec::RoleName},
    web::{
        Front,
        auth::{self, Identity, Via, session, token_use},
        deps::Deps,
        error::Problem,
        extract::{Opened, Path, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};

/// Sessions ended with one command.
const AT_ONCE: usize = 200;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::SignedIn, routes!(list_sessions, end_sessions))
        .open(Policy::SignedIn, routes!(end_session))
        .open(Policy::Role(RoleName::Admin), routes!(token_uses))
}

/// Somebody signed in somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SessionLine {
    /// Names it in requests; not the cookie.
    pub id: String,
    /// Whose.
    pub user: String,
    /// Since when.
    pub created: String,
    /// Last use, at most half an hour old.
    pub last: String,
    /// When it ends at the latest.
    pub expires: String,
    /// Address it was opened from.
    pub from: Option<String>,
    /// Address it was last used from.
    pub last_from: Option<String>,
    /// What the client said it is.
    pub agent: Option<String>,
    /// The one that asks.
    pub current: bool,
}

/// Sessions, newest use first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Sessions {
    /// Newest use first.
    pub items: Vec<SessionLine>,
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Whose {
    /// Of this account instead of one's own, `*` for all: admins only.
    user: Option<String>,
}

impl Whose {
    /// Whose sessions are meant.
    fn of<'a>(&'a self, identity: &'a Identity) -> Result<session::Whose<'a>, Problem> {
        let Some(user) = self.user.as_deref().filter(|user| *user != identity.actor) else {
            return Ok(session::Whose::Own(identity));
        };
        identity.must_be(RoleName::Admin, "other people's sessions")?;
        Ok(if user == "*" { session::Whose::Everybodys } else { session::Whose::Named(user) })
    }
}

/// Handle of the session that asks.
fn current(front: &Front, identity: &Identity, headers: &HeaderMap) -> Option<String> {
    let cookie = auth::cookie(headers, front.settings().cookie_name());
    cookie.filter(|_| identity.via == Via::Session).map(session::handle)
}

/// Sessions that are open: one's own, or as admin anybody's.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session", params(Whose),
    responses((status = 200, description = "Newest use first", body = Sessions)))]
async fn list_sessions(
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<axum::Json<Sessions>, Problem> {
    let current = current(&front, &identity, &headers);
    let whose = whose.of(&identity)?;
    let line = |it: session::Shown| SessionLine {
        current: current.as_ref() == Some(&it.handle),
        id: it.handle,
        user: it.user,
        created: it.created.to_string(),
        last: it.last.to_string(),
        expires: it.expires.to_string(),
        from: it.from,
        last_from: it.last_from,
        agent: it.agent,
    };
    let items = session::all(&deps, whose)?.into_iter().map(line).collect();
    Ok(axum::Json(Sessions { items }))
}

/// End one session, at once and on every node: one's own, or as admin anybody's.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "Id of the session")),
    responses((status = 204, description = "Ended")))]
async fn end_session(
    Opened(deps): Opened,
    identity: Identity,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let is_admin = identity.access.is_everywhere(RoleName::Admin);
    let whose = if is_admin { session::Whose::Everybodys } else { session::Whose::Own(&identity) };
    let mut found = session::all(&deps, whose)?;
    found.retain(|session| session.handle == id);
    if found.is_empty() {
        let shown: String = id.chars().take(40).collect();
        return Err(Problem::missing(format!("session {shown}")));
    }
    end(&deps, &identity, &found).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sessions that were ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ended {
    /// How many.
    pub n_ended: usize,
}

/// Sign out everywhere else: ends all sessions but the one that asks. As admin with `user` those
/// of somebody else, `*` for everybody's.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "session", params(Whose),
    responses((status = 200, description = "Ended", body = Ended)))]
async fn end_sessions(
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
) -> Result<axum::Json<Ended>, Problem> {
    let current = current(&front, &identity, &headers);
    let mut found = session::all(&deps, whose.of(&identity)?)?;
    found.retain(|session| Some(&session.handle) != current.as_ref());
    end(&deps, &identity, &found).await?;
    Ok(axum::Json(Ended { n_ended: found.len() }))
}

async fn end(deps: &Deps, identity: &Identity, all: &[session::Shown]) -> Result<(), Problem> {
    for some in all.chunks(AT_ONCE) {
        let mut changes = Vec::with_capacity(2 * some.len());
        for it in some {
            let about = format!("session/{} of {}", it.handle, it.user);
            let note = identity.note(Verb::SessionEnd).about(about);
            changes.extend([it.end(), (&note).into()]);
        }
        deps.write(&identity.actor, "session ended", Vec::new(), changes).await?;
    }
    Ok(())
}

/// When a token was last used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenUse {
    /// Name of the token.
    pub name: String,
    /// Last use, at most an hour old; none = never.
    pub last: Option<String>,
    /// Addresses it came from, newest first, at most 8.
    pub from: Vec<String>,
}

/// Uses of all tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TokenUses {
    /// By name.
    pub items: Vec<TokenUse>,
}

/// When API tokens were last used, and from where.
#[utoipa::path(get, path = "/api/v1/token-uses", tag = "tokens",
    responses((status = 200, description = "By name", body = TokenUses)))]
async fn token_uses(Opened(deps): Opened) -> Result<axum::Json<TokenUses>, Problem> {
    let state = deps.whole();
    let line = |token: &crate::model::Resource| {
        let used = token_use::read(&deps, token.name.as_str())?.unwrap_or_default();
        let last = (used.last.0 > 0).then(|| used.last.to_string());
        Ok(TokenUse { name: token.name.to_string(), last, from: used.from })
    };
    let items = state.of(Kind::Token).map(line).collect::<Result<_, Problem>>()?;
    Ok(axum::Json(TokenUses { items }))
}
