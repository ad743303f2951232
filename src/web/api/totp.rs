//! `/api/v1/session/totp`: one's own second factor, and its removal by an admin.

use super::{resources::parse_name, users::prove};
use crate::web::routes::routes;
use crate::{
    model::{
        Kind,
        audit::Verb,
        spec::{RoleName, Settings},
    },
    store::{
        WriteError,
        command::{Change, Precondition},
    },
    web::{
        auth::{
            Identity, Via,
            own::Owner,
            second::{Second, needed},
            throttle,
            totp::Shared,
        },
        deps::{Deps, now},
        error::Problem,
        extract::{Opened, Path, hushed, media_type, unsupported},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::Request,
    http::{StatusCode, request::Parts},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Under which a secret waits for its first code.
const PLACE: &str = "totp";
const WAITS_MS: u64 = 10 * 60_000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(
            Policy::SignedIn,
            routes!(show_second_factor, begin_second_factor, confirm_second_factor),
        )
        .open(Policy::SignedIn, routes!(turn_off_second_factor))
        .open(Policy::Role(RoleName::Admin), routes!(reset_second_factor))
}

/// Whether a code is asked for at sign-in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SecondFactor {
    enabled: bool,
    /// RFC 3339; null = it is not.
    since: Option<String>,
}

/// The password once more: a session left open must not be enough.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Password {
    password: String,
}

/// A secret for an authenticator app. It is not shown again.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct NewFactor {
    /// Base32, to type.
    secret: String,
    /// `otpauth://…`, to be shown as a QR code.
    uri: String,
}

/// A code that the app shows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    code: String,
}

/// Both.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordAndCode {
    password: String,
    code: String,
}

/// Whether one's own account has a second factor.
#[utoipa::path(get, path = "/api/v1/session/totp", tag = "session",
    responses((status = 200, description = "Whether it has", body = SecondFactor)))]
async fn show_second_factor(
    Opened(deps): Opened,
    identity: Identity,
) -> Result<axum::Json<SecondFactor>, Problem> {
    let second = Second::of(&deps, &deps.whole(), &identity.actor)?;
    let since = second.map(|second| second.since().to_string());
    Ok(axum::Json(SecondFactor { enabled: since.is_some(), since }))
}

/// Begin: a new secret, which counts once a code of it is confirmed within ten minutes.
#[utoipa::path(post, path = "/api/v1/session/totp", tag = "session", request_body = Password,
    responses((status = 201, description = "The secret", body = NewFactor)))]
async fn begin_second_factor(
    Opened(deps): Opened,
    identity: Identity,
    request: Request,
) -> Result<(StatusCode, axum::Json<NewFactor>), Problem> {
    let (parts, form) = read::<Password>(request).await?;
    let owner = account(&deps, &identity)?;
    let user = identity.actor.as_str();
    prove(&deps, user, Some(form.password), &parts).await?;
    let state = deps.whole();
    if Second::of(&deps, &state, user)?.is_some() {
        return Err(exists());
    }
    let shared = Shared::new();
    let sealed = deps.key()?.seal(&purpose(user), shared.bytes());
    let sealed = sealed.map_err(|error| Problem::internal(error.to_string()))?;
    let waits = owner.put(PLACE, sealed, Some(WAITS_MS));
    deps.write(user, "second factor begun", Vec::new(), vec![waits]).await?;
    let settings = state.get(Kind::Settings, "default");
    let settings = settings.and_then(|settings| settings.spec_as::<Settings>().ok());
    let site = settings.map(|settings| settings.site).filter(|site| !site.is_empty());
    let uri = shared.uri(&site.unwrap_or_else(|| "Watchkeep".into()), user);
    let (secret, uri) = (shared.to_base32().expose().clone(), uri.expose().clone());
    Ok((StatusCode::CREATED, axum::Json(NewFactor { secret, uri })))
}

/// Confirm: from now on sign-in asks for a code.
#[utoipa::path(put, path = "/api/v1/session/totp", tag = "session", request_body = Code,
    responses((status = 204, description = "It counts")))]
async fn confirm_second_factor(
    Opened(deps): Opened,
    identity: Identity,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (_, form) = read::<Code>(request).await?;
    let owner = account(&deps, &identity)?;
    let user = identity.actor.as_str();
    let counted = throttle::count_code(&deps, user).await?;
    let state = deps.whole();
    if Second::of(&deps, &state, user)?.is_some() {
        return Err(exists());
    }
    let waiting = owner.read::<String>(&deps, PLACE)?;
    let waiting =
        waiting.ok_or_else(|| Problem::missing("second factor that waits: begin anew"))?;
    let plain = deps.key()?.unseal(&purpose(user), &waiting.value);
    let shared = Shared::from_bytes(plain.map_err(|error| Problem::internal(error.to_string()))?);
    let Some(last) = shared.step_of(&form.code, now(), None) else { return Err(wrong()) };
    let made = state.get(Kind::User, user).map(|user| user.created);
    let made = made.ok_or_else(|| Problem::missing(format!("user {user}")))?;
    let (unchanged, add) = Second::add(&deps, user, made, &shared, last)?;
    let changes = vec![add, owner.forget(PLACE), counted.give_back()];
    write(&deps, &identity, Verb::FactorSet, unchanged, changes).await
}

/// Turn one's own second factor off.
#[utoipa::path(post, path = "/api/v1/session/totp/off", tag = "session",
    request_body = PasswordAndCode, responses((status = 204, description = "Off")))]
async fn turn_off_second_factor(
    Opened(deps): Opened,
    identity: Identity,
    request: Request,
) -> Result<StatusCode, Problem> {
    let (parts, form) = read::<PasswordAndCode>(request).await?;
    account(&deps, &identity)?;
    let user = identity.actor.as_str();
    prove(&deps, user, Some(form.password), &parts).await?;
    let counted = throttle::count_code(&deps, user).await?;
    let second = Second::of(&deps, &deps.whole(), user)?;
    let second = second.ok_or_else(|| Problem::missing("second factor of this account"))?;
    if second.take(&form.code).is_none() {
        return Err(wrong());
    }
    let (unchanged, remove) = second.remove();
    let changes = vec![remove, counted.give_back()];
    write(&deps, &identity, Verb::FactorRemove, unchanged, changes).await
}

/// Take the second factor of an account away: its device is lost.
#[utoipa::path(delete, path = "/api/v1/users/{name}/totp", tag = "users",
    params(("name" = String, Path, description = "The account")),
    responses((status = 204, description = "Taken away, or there was none")))]
async fn reset_second_factor(
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    parse_name(Kind::User, &name)?;
    if identity.via == Via::Session && identity.actor == name {
        // A session left open must not be enough.
        let detail = "one's own second factor is turned off with password and code: \
                      POST /api/v1/session/totp/off";
        return Err(Problem::forbidden(detail));
    }
    let state = deps.whole();
    if state.get(Kind::User, &name).is_none() {
        return Err(Problem::missing(format!("user {name}")));
    }
    let note = identity.note(Verb::FactorRemove).about(format!("user/{name}"));
    let changes = vec![Second::removal(&name), (&note).into()];
    deps.write(&identity.actor, "second factor taken away", Vec::new(), changes).await?;
    tracing::info!(actor = identity.actor, name, "second factor of an account was taken away");
    Ok(StatusCode::NO_CONTENT)
}

/// Only accounts of the site have one, and only in a session of their own.
fn account(deps: &Deps, identity: &Identity) -> Result<Owner, Problem> {
    if identity.via != Via::Session || identity.outside.is_some() {
        let detail = "a second factor belongs to an account of this site, signed in with a session";
        return Err(Problem::forbidden(detail));
    }
    Owner::must(&deps.whole(), identity)
}

async fn read<T: DeserializeOwned>(request: Request) -> Result<(Parts, T), Problem> {
    let (parts, body) = request.into_parts();
    let mime = media_type(&parts.headers);
    if mime != "application/json" {
        return Err(unsupported(&mime, "application/json"));
    }
    let bytes = axum::body::to_bytes(body, 64 * 1024).await;
    let bytes = bytes.map_err(|error| Problem::malformed(error.to_string()))?;
    Ok((parts, hushed(&bytes)?))
}

async fn write(
    deps: &Deps,
    identity: &Identity,
    verb: Verb,
    unchanged: Precondition,
    mut changes: Vec<Change>,
) -> Result<StatusCode, Problem> {
    let user = identity.actor.as_str();
    changes.push((&identity.note(verb).about(format!("user/{user}"))).into());
    match deps.write(user, "second factor", vec![unchanged], changes).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        // Somebody else used or changed it at the same moment.
        Err(WriteError::Precondition(_)) => Err(wrong()),
        Err(error) => Err(error.into()),
    }
}

fn purpose(user: &str) -> String {
    format!("totp waits/{user}")
}

fn exists() -> Problem {
    let detail = "the account has a second factor already: turn it off first";
    Problem::new(StatusCode::CONFLICT, "WK-2008", detail)
}

/// Not 401: the session is as good as before.
fn wrong() -> Problem {
    Problem { status: StatusCode::FORBIDDEN, ..needed("the code is wrong, or was used already") }
}
