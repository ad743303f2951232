//! `/api/v1/receipts` and `POST /api/v1/notify/RECEIVER`: the two ends of the alert path.

use super::list;
use crate::{
    model::spec::RoleName,
    notify::{alert::Fingerprint, delivery::DeliveryId, receipt::State},
    web::{
        deps::ReceiptQuery,
        error::Problem,
        extract::{Opened, Path, Query, Raw},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::routes;

/// Alertmanager may send many alerts in one body.
const NOTIFY_LIMIT_BYTES: usize = 16 * 1024 * 1024;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Viewer), routes!(receipts)).open_large(
        Policy::Program(RoleName::Operator),
        NOTIFY_LIMIT_BYTES,
        routes!(accept),
    )
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReceiptsQuery {
    /// Only of this alert.
    fingerprint: Option<String>,
    /// Only of this receiver.
    receiver: Option<String>,
    /// Only in this state.
    state: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Items a page, 1 to 1000.
    limit: Option<String>,
}

impl ReceiptsQuery {
    fn check(&self) -> Result<(), Problem> {
        let good = |name: &str, text: &Option<String>, read: fn(&str) -> bool| match text {
            Some(text) if !read(text) => {
                Err(Problem::bad_query(format!("`{name}` is none that a receipt has")))
            }
            _ => Ok(()),
        };
        good("fingerprint", &self.fingerprint, |text| text.parse::<Fingerprint>().is_ok())?;
        good("state", &self.state, |text| State::parse(text).is_some())?;
        good("cursor", &self.cursor, |text| text.parse::<DeliveryId>().is_ok())
    }
}

/// A page of receipts.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Receipts {
    /// Newest first.
    items: Vec<serde_json::Value>,
    /// Give it as `cursor` for the next page.
    next: Option<String>,
}

/// What became of notifications, newest first.
#[utoipa::path(get, path = "/api/v1/receipts", tag = "alerts", params(ReceiptsQuery),
    responses((status = 200, description = "Receipts", body = Receipts)))]
async fn receipts(
    Opened(deps): Opened,
    Query(query): Query<ReceiptsQuery>,
) -> Result<axum::Json<Receipts>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    query.check()?;
    let query = ReceiptQuery {
        fingerprint: query.fingerprint,
        receiver: query.receiver,
        state: query.state,
        before: query.cursor,
        limit,
    };
    let page = deps.notify.receipts(&query).map_err(Problem::internal)?;
    Ok(axum::Json(Receipts { items: page.items, next: page.next }))
}

/// Alertmanager's webhook (version 4) for a receiver. Never answered with 429.
#[utoipa::path(post, path = "/api/v1/notify/{receiver}", tag = "alerts",
    params(("receiver" = String, Path, description = "Name of the receiver")),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, description = "Kept durably", body = String, content_type = "text/plain")))]
async fn accept(
    Opened(deps): Opened,
    Path(receiver): Path<String>,
    Raw(body): Raw,
) -> Result<Response, Problem> {
    let answer = deps.notify.accept(&receiver, body).await;
    match StatusCode::from_u16(answer.status) {
        Ok(status) if status.is_success() => Ok((status, answer.text).into_response()),
        Ok(StatusCode::BAD_REQUEST) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "WK-2040", answer.text))
        }
        Ok(StatusCode::NOT_FOUND) => Err(Problem::missing(answer.text)),
        _ => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(Problem::new(status, "WK-2030", answer.text).retry(2))
        }
    }
}
