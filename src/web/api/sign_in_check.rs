//! `POST /api/v1/sign-in/check`: could the providers of these settings be used?

use crate::web::routes::routes;
use crate::{
    model::spec::{RoleName, SignInSettings},
    web::{
        auth::outside::trial::{self, Step},
        error::Problem,
        extract::{Json, Opened},
        policy::Policy,
        router::Doors,
    },
};
use serde::Serialize;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Admin), routes!(check_sign_in))
}

/// How far each provider got.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SignInChecked {
    /// In the order in which they were tried; what follows a bad one is left out.
    steps: Vec<Step>,
}

/// Try the providers of `settings.sign_in` as given, saved or not: an OpenID provider's own
/// description, a directory's connection and search. Writes nothing. The password of `bind_dn` is
/// sent only where the declared settings send it, too.
#[utoipa::path(post, path = "/api/v1/sign-in/check", tag = "session",
    request_body(content = serde_json::Value, description = "As `sign_in` of the settings"),
    responses((status = 200, description = "How it went", body = SignInChecked)))]
async fn check_sign_in(
    Opened(deps): Opened,
    Json(settings): Json<SignInSettings>,
) -> Result<axum::Json<SignInChecked>, Problem> {
    Ok(axum::Json(SignInChecked { steps: trial::attempt(&deps, &settings).await }))
}
