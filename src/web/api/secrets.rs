//! `POST /api/v1/secrets/NAME/value`: sets a secret's value. Nothing reads it back.

use crate::{
    base::redact::Secret,
    model::{audit::Verb, spec::RoleName},
    notify::secret::SecretError,
    store::WriteError,
    web::{
        auth::Identity,
        error::{Problem, ProblemItem},
        extract::{Json, Opened, Path},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa_axum::routes;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Operator), routes!(set_secret))
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
    Json(form): Json<SecretValue>,
) -> Result<StatusCode, Problem> {
    let value = Secret::new(form.value);
    let (exists, put) = deps.notify.put_secret(&name, &value).map_err(|error| match error {
        SecretError::Missing(name) => Problem::missing(format!("secret {name}")),
        SecretError::Length => {
            let path = format!("secret/{name}/value");
            Problem::invalid(vec![ProblemItem::new(path, "WK-1005", error.to_string())])
        }
        other => Problem::internal(other.to_string()),
    })?;
    let note = identity.note(Verb::SecretSet).about(format!("secret/{name}"));
    let changes = vec![put, (&note).into()];
    let written = deps.write(&identity.actor, "secret set", vec![exists], changes).await;
    written.map_err(|error| match error {
        WriteError::Precondition(_) => Problem::missing(format!("secret {name}")),
        other => other.into(),
    })?;
    tracing::info!(actor = identity.actor, name, "value of a secret was set");
    Ok(StatusCode::NO_CONTENT)
}
