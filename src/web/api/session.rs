//! `/api/v1/session`: sign in, who am I, sign out.

use super::preferences;
use crate::{
    base::redact::Secret,
    model::{Kind, language::Language, spec},
    scope::Access,
    store::{
        WriteError,
        command::{Change, Precondition, Space},
    },
    web::{
        Front,
        auth::{
            self, Identity, RemoteAddress, Via,
            outside::ldap::{self, Verdict},
            password, role_text,
            second::{Second, needed},
            throttle,
        },
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
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};
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
    /// Code of the second factor, where the account has one: asked for by `WK-2026`.
    #[serde(default)]
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
    /// Where one signs out at the provider who vouched, too; null = nobody did, or offers none.
    pub sign_out_url: Option<String>,
}

impl Session {
    /// The session document of an identity.
    #[must_use]
    pub fn of(deps: &Deps, identity: &Identity) -> Self {
        let state = deps.whole();
        let user = state.get(Kind::User, &identity.actor);
        let title = user.and_then(|user| user.spec_as::<spec::User>().ok()).map(|user| user.title);
        let outside = identity.outside.as_deref();
        let title = outside.map(|person| person.title().to_owned()).or(title);
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
            language: preferences::language(deps, identity),
            sign_out_url: outside.and_then(|person| person.sign_out().map(str::to_owned)),
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
    let request = Request::from_parts(parts, body);
    let Json(form) =
        <Json<SignIn> as axum::extract::FromRequest<Front>>::from_request(request, &front).await?;
    let password = Secret::new(form.password);
    // Names of accounts have no capitals, and directories do not tell them apart.
    let counted = throttle::count(&deps, &form.user.to_lowercase(), from).await?;
    let stored = deps.store.row(Space::Credential, form.user.as_bytes())?;
    // `token/…` rows share the space but are no names, so nobody can sign in with one.
    let stored = stored.filter(|_| form.user.parse::<crate::model::Name>().is_ok());
    let revision = stored.as_ref().map(|(revision, _)| *revision);
    let hash = stored.and_then(|(_, bytes)| String::from_utf8(bytes.into()).ok());
    let right = password::verify(hash, password.clone()).await;
    let state = deps.whole();
    if state.get(Kind::User, &form.user).is_none() {
        return by_directory(&front, &deps, &form.user, &password, &counted).await;
    }
    let user = auth::account(&state, &form.user);
    let (true, Some(user), Some(revision)) = (right, user, revision) else {
        return Err(wrong_password());
    };
    let (unchanged, used) = second_factor(&deps, &form.user, form.totp, &counted).await?;
    let (id, open) = auth::session::open(&form.user, revision);
    let changes = counted.give_back().into_iter().chain(used).chain([open]).collect();
    match deps.write(&form.user, "signed in", unchanged, changes).await {
        // The same code at the same moment, here or on another node.
        Err(WriteError::Precondition(_)) => return Err(wrong_code()),
        written => written?,
    };
    let access = Access::of_user(&deps.whole(), &user);
    let identity = Identity { actor: form.user, access, via: Via::Session, outside: None };
    let session = Session::of(&deps, &identity);
    let max_age = auth::session::LIFETIME_MS / 1000;
    Ok((StatusCode::CREATED, set_cookie(&front, &id, max_age), axum::Json(session)).into_response())
}

/// Who has no account here may have one in the directory, where one is declared.
async fn by_directory(
    front: &Front,
    deps: &Deps,
    user: &str,
    password: &Secret<String>,
    counted: &throttle::Counted,
) -> Result<Response, Problem> {
    let person = match ldap::ask(deps, user, password).await {
        Ok(Verdict::Known(person)) => Arc::from(person),
        Ok(Verdict::Nobody) => return Err(wrong_password()),
        Ok(Verdict::Unmapped) => {
            let detail = "the directory knows you, but no group of yours has a role here";
            return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2027", detail));
        }
        Err(error) => {
            tracing::warn!(%error, "the directory could not be asked");
            let detail =
                "the directory could not be asked; accounts of this site sign in all the same";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2028", detail);
            return Err(problem.retry(5));
        }
    };
    let (id, open) = auth::session::open_outside(Arc::clone(&person));
    let changes = counted.give_back().into_iter().chain([open]).collect();
    deps.write(&person.actor(), "signed in", Vec::new(), changes).await?;
    let access = person.access(&deps.whole()).ok_or_else(wrong_password)?;
    let actor = person.actor();
    let identity = Identity { actor, access, via: Via::Session, outside: Some(person) };
    let session = axum::Json(Session::of(deps, &identity));
    let cookie = set_cookie(front, &id, auth::session::LIFETIME_MS / 1000);
    Ok((StatusCode::CREATED, cookie, session).into_response())
}

fn wrong_password() -> Problem {
    let detail = "user and password do not belong together";
    Problem::new(StatusCode::UNAUTHORIZED, "WK-2021", detail)
}

/// The writes that use a code up where the account asks for one, and what must not have changed.
async fn second_factor(
    deps: &Deps,
    user: &str,
    code: Option<String>,
    counted: &throttle::Counted,
) -> Result<(Vec<Precondition>, Vec<Change>), Problem> {
    let Some(second) = Second::of(deps, &deps.whole(), user)? else {
        return Ok(Default::default());
    };
    let Some(code) = code.filter(|code| !code.is_empty()) else {
        // Who knows the password learns no more of it by trying; codes are counted on their own.
        deps.write(user, "code asked for", Vec::new(), counted.give_back()).await?;
        return Err(needed("the account asks for the code of its second factor"));
    };
    let counted = throttle::count_code(deps, user).await?;
    let (unchanged, used) = second.take(&code).ok_or_else(wrong_code)?;
    Ok((vec![unchanged], vec![used, counted.give_back()]))
}

fn wrong_code() -> Problem {
    needed("the code is wrong, or was used already")
}

pub(crate) fn source(extensions: &axum::http::Extensions) -> IpAddr {
    match extensions.get::<RemoteAddress>() {
        Some(RemoteAddress(address)) => *address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

pub(crate) fn set_cookie(front: &Front, value: &str, max_age: u64) -> HeaderMap {
    set_named_cookie(front, front.settings().cookie_name(), value, max_age)
}

/// A cookie for our own pages only; `max_age` in seconds, 0 takes it away.
pub(crate) fn set_named_cookie(front: &Front, name: &str, value: &str, max_age: u64) -> HeaderMap {
    let settings = front.settings();
    let secure = if settings.tls { "; Secure" } else { "" };
    let text = format!(
        "{name}={value}; Path={}; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}",
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
        deps.write(&identity.actor, "signed out", Vec::new(), vec![close]).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie(&front, "", 0)).into_response())
}
