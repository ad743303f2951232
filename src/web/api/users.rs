//! `POST /api/v1/users/NAME/password`: set a password, one's own or as admin.

use crate::web::routes::routes;
use crate::{
    base::redact::Secret,
    model::{Kind, Revision, audit::Verb, label::Labels, resource::Key, spec, spec::RoleName},
    store::{
        WriteError,
        command::{Change, Precondition, Space},
    },
    web::{
        Front,
        api::{resources::parse_name, session, sign_in::signed_in},
        auth::{self, Identity, Via, device, password, session::Grounds, throttle},
        deps::Deps,
        error::{Problem, ProblemItem},
        extract::{Opened, Path, hushed},
        policy::Policy,
        random,
        router::Doors,
    },
};
use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(set_password))
}

/// The new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPassword {
    /// 10 to 1024 characters, not made of the user's name, not among the first that are guessed;
    /// none = a random one is made and shown once.
    #[serde(default)]
    password: Option<String>,
    /// The password until now; needed for one's own.
    #[serde(default)]
    current: Option<String>,
}

/// A password that was made.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct MadePassword {
    /// The account.
    user: String,
    /// It is not shown again.
    password: String,
}

/// Set a password. All sessions of the account end; one's own goes on with a new cookie.
#[utoipa::path(post, path = "/api/v1/users/{name}/password", tag = "users",
    params(("name" = String, Path, description = "The account")), request_body = SetPassword,
    responses((status = 200, description = "A random one was made", body = MadePassword),
              (status = 204, description = "Set")))]
async fn set_password(
    State(front): State<Front>,
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let own = identity.via == Via::Session && identity.actor == name;
    // Before anything else: an account that is disabled meanwhile gets no session that counts.
    let before = Grounds::of(&deps, &name)?;
    if !own {
        identity.must_be(RoleName::Admin, "setting somebody else's password")?;
    }
    let form: SetPassword = read(&parts, body).await?;
    let user = parse_name(Kind::User, &name)?;
    if own {
        prove(&deps, &name, form.current, &parts).await?;
    }
    let made = form.password.is_none().then(random_password);
    let new = form.password.map(Secret::new).or_else(|| made.clone()).unwrap_or_default();
    let hash = checked_hash(&name, new).await?;
    let exists = Precondition::Exists(Key { kind: Kind::User, name: user });
    let change = Change::PutRow(Space::Credential, name.clone().into(), hash.into());
    let note = identity.note(Verb::PasswordSet).about(format!("user/{name}"));
    let changes = vec![change, (&note).into()];
    let written = deps.write(&identity.actor, "password set", vec![exists], changes).await;
    let written = written.map_err(|error| match error {
        WriteError::Precondition(_) => Problem::missing(format!("user {name}")),
        other => other.into(),
    })?;
    let answer = match made {
        Some(made) => {
            let made = MadePassword { user: name.clone(), password: made.expose().clone() };
            axum::Json(made).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    };
    if !own {
        return Ok(answer);
    }
    let disabled = before.and_then(|before| before.disabled);
    let grounds = Grounds { credential: Revision(written.index), disabled };
    renew(&front, &deps, &identity, grounds, answer).await
}

async fn read(parts: &Parts, body: axum::body::Body) -> Result<SetPassword, Problem> {
    let mime = crate::web::extract::media_type(&parts.headers);
    if mime != "application/json" {
        return Err(crate::web::extract::unsupported(&mime, "application/json"));
    }
    let bytes: Bytes = axum::body::to_bytes(body, 64 * 1024)
        .await
        .map_err(|error| Problem::malformed(error.to_string()))?;
    hushed(&bytes)
}

/// One's own password needs the one until now: a session left open must not be enough.
pub(crate) async fn prove(
    deps: &Deps,
    name: &str,
    current: Option<String>,
    parts: &Parts,
) -> Result<(), Problem> {
    let known = device::known(deps, &parts.headers, name)?;
    let counted = throttle::count(deps, name, session::source(&parts.extensions), known).await?;
    let stored = deps.store.row(Space::Credential, name.as_bytes())?;
    let hash = stored.and_then(|(_, bytes)| String::from_utf8(bytes.into()).ok());
    if !password::verify(hash, Secret::new(current.unwrap_or_default())).await {
        let detail = "`current` is not the password until now";
        return Err(Problem::new(StatusCode::FORBIDDEN, "WK-2021", detail));
    }
    deps.write(name, "password proven", Vec::new(), vec![counted.forgive()]).await?;
    counted.give_back(deps).await;
    Ok(())
}

async fn checked_hash(user: &str, password: Secret<String>) -> Result<String, Problem> {
    password::check_strength(user, &password).map_err(|weak| {
        let item = ProblemItem::new("password", "WK-2025", weak.to_string());
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "WK-2025", weak.to_string());
        Problem { errors: vec![item], ..problem }
    })?;
    password::hash_off_thread(password).await.map_err(Problem::internal)
}

/// The session that changed its own password goes on: it has just proven itself.
async fn renew(
    front: &Front,
    deps: &Deps,
    identity: &Identity,
    grounds: Grounds,
    mut answer: Response,
) -> Result<Response, Problem> {
    let name = &identity.actor;
    let (id, open) = auth::session::open(name, grounds, &identity.origin);
    let note = signed_in(&identity.origin, name, &id);
    deps.write(name, "signed in", Vec::new(), vec![open, (&note).into()]).await?;
    let mut cookies = session::set_cookie(front, &id, auth::session::LIFETIME_MS / 1000);
    session::know_browser(front, deps, name, &mut cookies)?;
    for cookie in cookies.get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(answer)
}

/// The changes that make an account with a password, for the first admin. Blocking: hashes.
///
/// # Errors
/// The hasher's words.
pub fn new_account(
    name: &crate::model::Name,
    role: RoleName,
    password: &Secret<String>,
) -> Result<Vec<Change>, String> {
    let spec = spec::User {
        title: String::new(),
        role: role.into(),
        scope: Vec::new(),
        also: Vec::new(),
        disabled: false,
    };
    let hash = password::hash(password)?;
    Ok(vec![
        Change::Put {
            kind: Kind::User,
            name: name.clone(),
            labels: Labels::new(),
            spec: serde_json::to_value(spec).map_err(|error| error.to_string())?,
        },
        Change::PutRow(Space::Credential, name.to_string().into(), hash.into()),
    ])
}

/// A random password that is easy to copy: 120 bits.
#[must_use]
pub fn random_password() -> Secret<String> {
    Secret::new(random::text::<15>())
}
