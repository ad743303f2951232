//! `/api/v1/faults`: what stays until somebody acts on it can be dismissed.

use crate::web::routes::routes;
use crate::{
    admission::kept_fault,
    model::{audit::Verb, spec::RoleName},
    web::{
        audit,
        auth::Identity,
        error::Problem,
        extract::{Json, Opened, Path},
        policy::Policy,
        router::Doors,
    },
};
use axum::http::StatusCode;
use serde::Deserialize;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Operator), routes!(dismiss_fault))
}

/// Which one.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dismissed {
    /// What the fault is about: `scrape-job/web`.
    object: String,
}

/// Dismiss a fault that is kept until somebody acts on it (WK-3018). Others go with their cause.
#[utoipa::path(post, path = "/api/v1/faults/{code}/dismiss", tag = "cluster",
    params(("code" = String, Path, description = "Its code")), request_body = Dismissed,
    responses((status = 204, description = "Dismissed")))]
async fn dismiss_fault(
    Opened(deps): Opened,
    identity: Identity,
    Path(code): Path<String>,
    Json(body): Json<Dismissed>,
) -> Result<StatusCode, Problem> {
    let (standing, settled) = kept_fault::all(&deps.store)?;
    let is_it = |fault: &kept_fault::KeptFault| fault.code == code && fault.object == body.object;
    if !standing.iter().chain(&settled).any(is_it) {
        return Err(Problem::missing(format!("fault {code} on {} to dismiss", body.object)));
    }
    let change = kept_fault::remove(&code, &body.object);
    let note = identity.note(Verb::FaultDismiss);
    let note = note.about(format!("{} on {}", audit::cut(&code), audit::cut(&body.object)));
    let changes = vec![change, (&note).into()];
    deps.write(&identity.actor, "fault dismissed", Vec::new(), changes).await?;
    tracing::info!(code, object = body.object, by = identity.actor, "fault dismissed");
    Ok(StatusCode::NO_CONTENT)
}
