//! `/api/v1/drafts/KIND`: what somebody has typed and not saved yet, so that another browser can
//! go on with it. One of each kind and account.

use crate::web::routes::routes;
use crate::{
    model::{Kind, kind::UnknownKind},
    web::{
        auth::{Identity, own::Owner},
        error::Problem,
        extract::{Json, Opened, Path},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A draft is at most this large.
const LIMIT_BYTES: usize = 64 * 1024;
/// Nobody comes back to an older one.
const KEEP_MS: u64 = 30 * 24 * 3_600_000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::SignedIn, routes!(draft))
        .open_large(Policy::SignedIn, LIMIT_BYTES, routes!(put_draft))
        .open(Policy::SignedIn, routes!(delete_draft))
}

/// A draft to keep.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftContent {
    /// The object it is about; empty for a new one.
    #[serde(default)]
    name: String,
    /// The form's own.
    content: Value,
}

/// What was typed.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(crate) struct Draft {
    /// `rule-group`, …
    kind: String,
    /// The object it is about; empty for a new one.
    name: String,
    /// RFC 3339: when it was kept.
    at: String,
    /// The form's own.
    content: Value,
}

fn place(kind: &str) -> Result<String, Problem> {
    let kind: Kind =
        kind.parse().map_err(|error: UnknownKind| Problem::missing(format!("kind: {error}")))?;
    Ok(format!("draft/{kind}"))
}

/// One's own draft of an object of this kind.
#[utoipa::path(get, path = "/api/v1/drafts/{kind}", tag = "drafts",
    params(("kind" = String, Path, description = "`rule-group`, …")),
    responses((status = 200, description = "What was typed", body = Draft),
              (status = 204, description = "There is none")))]
async fn draft(
    Opened(deps): Opened,
    identity: Identity,
    Path(kind): Path<String>,
) -> Result<Response, Problem> {
    let owner = Owner::must(&deps.whole(), &identity)?;
    let Some(kept) = owner.read::<DraftContent>(&deps, &place(&kind)?)? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let DraftContent { name, content } = kept.value;
    Ok(axum::Json(Draft { kind, name, at: kept.at.to_string(), content }).into_response())
}

/// Keep a draft for 30 days; it takes the place of the one before. At most 64 KiB.
#[utoipa::path(put, path = "/api/v1/drafts/{kind}", tag = "drafts",
    params(("kind" = String, Path, description = "`rule-group`, …")),
    request_body = DraftContent, responses((status = 204, description = "Kept")))]
async fn put_draft(
    Opened(deps): Opened,
    identity: Identity,
    Path(kind): Path<String>,
    Json(draft): Json<DraftContent>,
) -> Result<StatusCode, Problem> {
    let owner = Owner::must(&deps.whole(), &identity)?;
    let put = owner.put(&place(&kind)?, draft, Some(KEEP_MS));
    deps.write(&identity.actor, "draft kept", Vec::new(), vec![put]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forget a draft; none is no error.
#[utoipa::path(delete, path = "/api/v1/drafts/{kind}", tag = "drafts",
    params(("kind" = String, Path, description = "`rule-group`, …")),
    responses((status = 204, description = "There is none any more")))]
async fn delete_draft(
    Opened(deps): Opened,
    identity: Identity,
    Path(kind): Path<String>,
) -> Result<StatusCode, Problem> {
    let owner = Owner::must(&deps.whole(), &identity)?;
    let place = place(&kind)?;
    if owner.read::<DraftContent>(&deps, &place)?.is_some() {
        let forget = owner.forget(&place);
        deps.write(&identity.actor, "draft forgotten", Vec::new(), vec![forget]).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
