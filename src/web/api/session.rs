//! `/api/v1/session`: sign in, who am I, sign out.

use super::{
    preferences::{Home, Preferences},
    sign_in,
};
use crate::web::routes::routes;
use crate::{
    model::{Kind, audit::Verb, cluster::DeclaredState, language::Language, spec},
    web::{
        Front,
        audit::Origin,
        auth::{self, Identity, RemoteAddress, Via, device, role_text, second::CODE_NEEDED},
        deps::Deps,
        error::Problem,
        extract::{Hushed, Opened},
        policy::{self, Policy, Whose},
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
    pub(super) user: String,
    /// Its password.
    pub(super) password: String,
    /// Code of the second factor, where the account has one: asked for by `WK-2026`.
    #[serde(default)]
    pub(super) totp: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Session {
    /// As the history shows it.
    pub user: String,
    /// For people.
    pub title: String,
    /// `viewer`, `developer`, `operator` or `admin`: the highest, wherever it is held, of declared
    /// roles their base. `none` = none: the account's role is there no more.
    pub role: String,
    /// Titles of the declared roles it has, their names where they have none.
    pub declared_roles: Vec<String>,
    /// Kinds of which it may change objects that belong to projects, somewhere at least.
    pub changes: Vec<String>,
    /// Kinds of which it may change all objects, also those that belong to nobody.
    pub changes_shared: Vec<String>,
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
        let Preferences { language, home } = Preferences::of(deps, identity);
        let outside = identity.outside.as_deref();
        let title = outside.map(|person| person.title().to_owned()).or(title);
        Self {
            user: identity.actor.clone(),
            title: title.unwrap_or_default(),
            role: identity.access.highest().map_or("none", role_text).into(),
            declared_roles: declared_roles(&state, identity),
            changes: kinds(|kind| policy::writes_somewhere(&identity.access, kind)),
            changes_shared: kinds(|kind| {
                policy::writable(&identity.access, kind, Whose::Shared).is_all()
            }),
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
            sign_out_url: outside.and_then(|person| person.sign_out().map(str::to_owned)),
        }
    }
}

fn kinds(wanted: impl Fn(Kind) -> bool) -> Vec<String> {
    let kinds = Kind::ALL.iter().copied().filter(|kind| wanted(*kind));
    kinds.map(|kind| kind.singular().to_owned()).collect()
}

fn declared_roles(state: &DeclaredState, identity: &Identity) -> Vec<String> {
    let user = state.get(Kind::User, &identity.actor).filter(|_| identity.via == Via::Session);
    let Some(user) = user.and_then(|user| user.spec_as::<spec::User>().ok()) else {
        return Vec::new();
    };
    let roles = [&user.role].into_iter().chain(user.also.iter().map(|grant| &grant.role));
    let title = |role: &spec::RoleRef| {
        let declared: spec::Role = state.get(Kind::Role, role.name().as_str())?.spec_as().ok()?;
        Some(if declared.title.is_empty() { role.name().to_string() } else { declared.title })
    };
    let mut titles: Vec<String> = roles.filter_map(title).collect();
    titles.dedup();
    titles
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
    let headers = parts.headers.clone();
    let request = Request::from_parts(parts, body);
    let Hushed(form) =
        <Hushed<SignIn> as axum::extract::FromRequest<Front>>::from_request(request, &front)
            .await?;
    // Of nobody's name nothing is kept: it may be a password in the wrong field.
    let named =
        auth::account(&deps.whole(), &form.user).map_or_else(String::new, |_| form.user.clone());
    // Names of accounts have no capitals, and directories do not tell them apart.
    let counted_as = form.user.to_lowercase();
    let known = device::known(&deps, &headers, &counted_as)?;
    let unfinished = form.totp.as_deref().is_none_or(str::is_empty);
    let (identity, id) =
        sign_in::enter(&deps, form, (from, known), &origin).await.inspect_err(|problem| {
            // Who is asked for a code is not refused yet.
            if is_refusal(problem) && !(unfinished && problem.code == CODE_NEEDED) {
                let note = origin.note(&named, Verb::SignIn);
                front.refusals().add(note, problem.code, "POST /api/v1/session");
            }
        })?;
    let session = Session::of(&deps, &identity);
    let lifetime_ms = auth::session::lifetime_ms(&deps.whole(), identity.outside.is_some());
    let mut cookies = set_cookie(&front, &id, lifetime_ms / 1000);
    know_browser(&front, &deps, &counted_as, &mut cookies)?;
    Ok((StatusCode::CREATED, cookies, axum::Json(session)).into_response())
}

/// Adds the cookie by which the browser is known for the account that just signed in with it.
pub(super) fn know_browser(
    front: &Front,
    deps: &Deps,
    user: &str,
    cookies: &mut HeaderMap,
) -> Result<(), Problem> {
    let (name, max_age) = (front.settings().device_cookie_name(), device::LIFETIME_MS / 1000);
    let kept = set_named_cookie(front, name, &device::keep(deps, user)?, max_age);
    for cookie in kept.get_all(header::SET_COOKIE) {
        cookies.append(header::SET_COOKIE, cookie.clone());
    }
    Ok(())
}

fn is_refusal(problem: &Problem) -> bool {
    use StatusCode as Status;
    matches!(problem.status, Status::UNAUTHORIZED | Status::FORBIDDEN | Status::TOO_MANY_REQUESTS)
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
        let note = identity.note(Verb::SignOut);
        let note = note.about(format!("session/{}", auth::session::handle(id)));
        let changes = vec![close, (&note).into()];
        deps.write(&identity.actor, "signed out", Vec::new(), changes).await?;
    }
    Ok((StatusCode::NO_CONTENT, set_cookie(&front, "", 0)).into_response())
}
