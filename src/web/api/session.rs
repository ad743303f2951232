//! `/api/v1/session`: sign in, who am I, sign out.

use super::preferences::{Home, Preferences};
use crate::{
    base::redact::Secret,
    model::{Kind, audit::Verb, language::Language, spec},
    scope::Access,
    store::command::Space,
    web::{
        Front,
        audit::Origin,
        auth::{self, Identity, RemoteAddress, Via, password, role_text, throttle},
        deps::Deps,
        error::Problem,
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};
use utoipa_axum::routes;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Open, routes!(sign_in))
        .open(Policy::SignedIn, routes!(who_am_i))
        .open(Policy::SignedIn, routes!(sign_out))
}

/// What signing in takes.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Name of the account.
    user: String,
    /// Its password.
    password: String,
    /// Code of the second factor, where the account has one.
    #[serde(default)]
    #[expect(dead_code, reason = "part of the contract; accounts have no second factor yet")]
    totp: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Session {
    /// As the history shows it.
    pub user: String,
    /// For people.
    pub title: String,
    /// `viewer`, `developer`, `operator` or `admin`: the highest, wherever it is held.
    pub role: String,
    /// The role that is held everywhere; null = none: only `projects` can be seen.
    pub everywhere: Option<String>,
    /// Names of the projects that can be seen, where that is not everything.
    pub projects: Vec<String>,
    /// Chosen by the account for every browser: `en` or `zh`; null = what the browser asks for.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// The first page the account chose: `manager`, `developer` or `operations`; null = by role.
    #[schema(value_type = Option<String>)]
    pub home: Option<Home>,
}

impl Session {
    /// The session document of an identity.
    #[must_use]
    pub fn of(deps: &Deps, identity: &Identity) -> Self {
        let state = deps.whole();
        let user = state.get(Kind::User, &identity.actor);
        let title = user.and_then(|user| user.spec_as::<spec::User>().ok()).map(|user| user.title);
        let Preferences { language, home } = Preferences::of(deps, identity);
        Self {
            user: identity.actor.clone(),
            title: title.unwrap_or_default(),
            role: role_text(identity.access.highest()).into(),
            everywhere: identity.access.role_everywhere().map(|role| role_text(role).into()),
            projects: identity
                .access
                .visible()
                .names()
                .iter()
                .flat_map(|names| names.iter().cloned())
                .collect(),
            language,
            home,
        }
    }
}

/// Sign in: answers with the session cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn,
    responses((status = 201, description = "Signed in", body = Session)))]
async fn sign_in(
    State(front): State<Front>,
    Opened(deps): Opened,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    // Nothing is at stake with a cookie yet, but no other site may sign somebody in as itself.
    if parts.headers.contains_key(header::ORIGIN) && auth::own_origin(&parts).is_err() {
        let detail = "the Origin header names another site";
        return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2023", detail));
    }
    let from = source(&parts.extensions);
    let origin = Origin::of(&parts);
    let request = Request::from_parts(parts, body);
    let Json(form) =
        <Json<SignIn> as axum::extract::FromRequest<Front>>::from_request(request, &front).await?;
    let password = Secret::new(form.password);
    let user = auth::account(&deps.whole(), &form.user);
    // Of nobody's name nothing is kept: it may be a password in the wrong field.
    let named = user.as_ref().map_or("", |_| form.user.as_str());
    let refused = |problem: Problem| {
        let note = origin.note(named, Verb::SignIn);
        front.refusals().add(note, problem.code, "POST /api/v1/session");
        problem
    };
    let counted = match throttle::count(&deps, &form.user, from).await {
        Ok(counted) => counted,
        Err(problem) if problem.status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(refused(problem));
        }
        Err(problem) => return Err(problem),
    };
    let stored = deps.store.row(Space::Credential, form.user.as_bytes())?;
    // `token/…` rows share the space but are no names, so nobody can sign in with one.
    let stored = stored.filter(|_| form.user.parse::<crate::model::Name>().is_ok());
    let revision = stored.as_ref().map(|(revision, _)| *revision);
    let hash = stored.and_then(|(_, bytes)| String::from_utf8(bytes.into()).ok());
    let right = password::verify(hash, password).await;
    let (true, Some(user), Some(revision)) = (right, user, revision) else {
        let detail = "user and password do not belong together";
        return Err(refused(Problem::new(StatusCode::UNAUTHORIZED, "WK-2021", detail)));
    };
    let (id, open) = auth::session::open(&form.user, revision, &origin);
    let note = origin.note(&form.user, Verb::SignIn);
    let note = note.about(format!("session/{}", auth::session::handle(&id)));
    let mut changes = counted.give_back();
    changes.extend([open, (&note).into()]);
    deps.write(&form.user, "signed in", Vec::new(), changes).await?;
    let access = Access::of_user(&deps.whole(), &user);
    let identity = Identity::new(form.user, access, Via::Session);
    let session = Session::of(&deps, &identity);
    let max_age = auth::session::LIFETIME_MS / 1000;
    Ok((StatusCode::CREATED, set_cookie(&front, &id, max_age), axum::Json(session)).into_response())
}

pub(crate) fn source(extensions: &axum::http::Extensions) -> IpAddr {
    match extensions.get::<RemoteAddress>() {
        Some(RemoteAddress(address)) => *address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

pub(crate) fn set_cookie(front: &Front, value: &str, max_age: u64) -> HeaderMap {
    let settings = front.settings();
    let secure = if settings.tls { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path={}; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}",
        settings.cookie_name(),
        settings.base_path
    );
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(header::SET_COOKIE, value);
    }
    headers
}

/// Who am I.
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = 200, description = "Who is signed in", body = Session)))]
async fn who_am_i(Opened(deps): Opened, identity: Identity) -> axum::Json<Session> {
    axum::Json(Session::of(&deps, &identity))
}

/// Sign out: the session ends on every node.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "Signed out")))]
async fn sign_out(
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(id) = auth::cookie(&headers, front.settings().cookie_name())
        && identity.via == Via::Session
    {
        let close = auth::session::close(id);
        let note = identity.note(Verb::SignOut);
        let note = note.about(format!("session/{}", auth::session::handle(id)));
        let changes = vec![close, (&note).into()];
        deps.write(&identity.actor, "signed out", Vec::new(), changes).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie(&front, "", 0)).into_response())
}
