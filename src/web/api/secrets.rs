//! `POST /api/v1/secrets/NAME/value`: sets a secret's value. Nothing reads it back.

use crate::web::routes::routes;
use crate::{
    base::redact::Secret,
    model::{Kind, Revision, audit::Verb, resource::Key},
    notify::secret::SecretError,
    store::{WriteError, command::Precondition},
    web::{
        api::{authorize::may_touch, resources::parse_name},
        auth::Identity,
        deps::Deps,
        error::{Problem, ProblemItem},
        extract::{Hushed, Opened, Path},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use axum::http::StatusCode;
use serde::Deserialize;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Write(Kind::Secret), routes!(set_secret))
}

/// A secret's new value. Never printed.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretValue {
    /// 1 byte to 16 KiB.
    value: String,
}

/// Set a secret's value; it takes effect with the next message. It is never shown again.
#[utoipa::path(post, path = "/api/v1/secrets/{name}/value", tag = "secrets",
    params(("name" = String, Path, description = "Name of the secret")),
    request_body = SecretValue, responses((status = 204, description = "Set")))]
async fn set_secret(
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
    Hushed(form): Hushed<SecretValue>,
) -> Result<StatusCode, Problem> {
    let value = Secret::new(form.value);
    let (key, revision) = may_set(&deps, &identity, &name)?;
    let judged = Precondition::Revision(key, revision);
    let (exists, put) =
        deps.notify.put_secret(&name, &value, &identity.actor).map_err(|error| match error {
            SecretError::Missing(name) => Problem::missing(format!("secret {name}")),
            SecretError::Length => {
                let path = format!("secret/{name}/value");
                Problem::invalid(vec![ProblemItem::new(path, "WK-1005", error.to_string())])
            }
            other => Problem::internal(other.to_string()),
        })?;
    let note = identity.note(Verb::SecretSet).about(format!("secret/{name}"));
    let changes = vec![put, (&note).into()];
    let written = deps.write(&identity.actor, "secret set", vec![exists, judged], changes).await;
    written.map_err(|error| match error {
        WriteError::Precondition(lost) if lost.position == 0 => {
            Problem::missing(format!("secret {name}"))
        }
        WriteError::Precondition(lost) => {
            Problem::changed(&format!("secret/{name}"), &revision.to_string(), lost.found)
        }
        other => other.into(),
    })?;
    tracing::info!(actor = identity.actor, name, "value of a secret was set");
    Ok(StatusCode::NO_CONTENT)
}

/// Whose value it is now is whose it must still be when it is written.
fn may_set(deps: &Deps, identity: &Identity, name: &str) -> Result<(Key, Revision), Problem> {
    let missing = || Problem::missing(format!("secret {name}"));
    let key = Key { kind: Kind::Secret, name: parse_name(Kind::Secret, name)? };
    let state = deps.whole();
    let object = state.get(Kind::Secret, name).ok_or_else(missing)?;
    match may_touch(&state, &key, identity) {
        Ok(()) => Ok((key, object.revision)),
        // That of somebody else is none at all.
        Err(_)
            if Sight::of(deps, identity).part(Kind::Secret).get(Kind::Secret, name).is_none() =>
        {
            Err(missing())
        }
        Err(refused) => Err(refused),
    }
}
