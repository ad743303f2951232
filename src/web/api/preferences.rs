//! `PUT /api/v1/session/language`: what an account prefers, on every browser it signs in with.

use crate::{
    model::language::Language,
    web::{
        auth::{Identity, own::Owner},
        deps::Deps,
        error::Problem,
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa_axum::routes;

const PLACE: &str = "preferences";

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(set_language))
}

/// As it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Preferences {
    language: Option<Language>,
}

/// The language to use.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageChoice {
    /// `en` or `zh`; null = what the browser asks for.
    #[schema(value_type = Option<String>)]
    language: Option<Language>,
}

/// The language somebody chose; `None` = nothing chosen, or it cannot be read now.
pub(super) fn language(deps: &Deps, identity: &Identity) -> Option<Language> {
    let owner = Owner::of(&deps.whole(), identity)?;
    owner.read::<Preferences>(deps, PLACE).ok()??.value.language
}

/// Choose one's own language of the portal.
#[utoipa::path(put, path = "/api/v1/session/language", tag = "session",
    request_body = LanguageChoice, responses((status = 204, description = "Chosen")))]
async fn set_language(
    Opened(deps): Opened,
    identity: Identity,
    Json(LanguageChoice { language }): Json<LanguageChoice>,
) -> Result<StatusCode, Problem> {
    let owner = Owner::must(&deps.whole(), &identity)?;
    let put = owner.put(PLACE, Preferences { language }, None);
    deps.write(&identity.actor, "language chosen", Vec::new(), vec![put]).await?;
    Ok(StatusCode::NO_CONTENT)
}
