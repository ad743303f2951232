//! `/api/v1/receipts` and `POST /api/v1/notify/RECEIVER`: the two ends of the alert path.

use super::list;
use crate::web::routes::routes;
use crate::{
    model::{label::Labels, spec::RoleName},
    notify::{
        Inbound,
        delivery::{Attempt, DeliveryId},
        receipt::{self, Filter, Named},
    },
    scope::Projects,
    web::{
        auth::Identity,
        error::Problem,
        extract::{Opened, Path, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Within(RoleName::Viewer), routes!(receipts))
        .open(Policy::Program(RoleName::Operator), routes!(accept))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReceiptsQuery {
    /// Only of this alert.
    fingerprint: Option<String>,
    /// Only of this receiver.
    receiver: Option<String>,
    /// Only over this channel.
    channel: Option<String>,
    /// `pending`, `delivered`, `accepted`, `failed` or `merged`.
    state: Option<String>,
    /// Only of alerts of this project.
    project: Option<String>,
    /// `next` of the page before: only older ones.
    before: Option<String>,
    /// The same as `before`.
    cursor: Option<String>,
    /// Items a page, 1 to 1000.
    limit: Option<String>,
}

impl ReceiptsQuery {
    /// What is asked for, and where to begin.
    fn read(&self) -> Result<(Filter, Option<DeliveryId>), Problem> {
        let before = self.before.as_ref().or(self.cursor.as_ref());
        let filter = Filter {
            fingerprint: parsed("fingerprint", &self.fingerprint, |text| text.parse().ok())?,
            receiver: self.receiver.clone(),
            channel: self.channel.clone(),
            state: parsed("state", &self.state, receipt::State::parse)?,
            labels: self
                .project
                .iter()
                .map(|project| ("project".to_owned(), project.clone()))
                .collect(),
            projects: None,
        };
        Ok((filter, parsed("before", &before.cloned(), |text| text.parse().ok())?))
    }
}

fn parsed<T>(
    name: &str,
    text: &Option<String>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
    let bad = || Problem::bad_query(format!("`{name}` is none that a receipt has"));
    read(text).map(Some).ok_or_else(bad)
}

/// A page of receipts.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Receipts {
    /// Newest first.
    items: Vec<Receipt>,
    /// Give it as `before` for the next page.
    next: Option<String>,
}

/// What became of one notification over one channel to one recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    /// Also in the header `webhook-id`, after `msg_`, and in a mail's Message-ID.
    pub id: String,
    /// When it was queued.
    pub at: String,
    /// When it ended; none while pending.
    pub ended: Option<String>,
    /// Whom; empty when one channel was tried.
    pub receiver: String,
    /// Over what; empty when the receiver has no channel.
    pub channel: String,
    /// Type of the channel.
    #[serde(rename = "type")]
    pub kind: String,
    /// The recipient; empty for channels that have none.
    pub to: String,
    /// `firing`, `repeat` or `resolved`.
    pub about: String,
    /// `pending`, `delivered`, `accepted` (the other side queued it), `failed` or `merged`.
    pub state: String,
    /// Why, where `state` does not say it.
    pub reason: String,
    /// The receipt of the message that said it.
    pub merged_into: Option<String>,
    /// The latest attempts, oldest first.
    pub attempts: Vec<ReceiptAttempt>,
    /// All attempts.
    pub n_attempts: u32,
    /// What was told, as far as there is room.
    pub alerts: Vec<ReceiptAlert>,
    /// Alerts not named here.
    pub more: u64,
    /// Somebody tried the channel; no alert was told.
    pub test: bool,
    /// Delivered by a node without quorum.
    pub local: bool,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReceiptAttempt {
    /// From 1.
    pub n: u32,
    /// When it began.
    pub at: String,
    /// Milliseconds.
    pub took_ms: u64,
    /// `delivered`, `accepted`, `retry`, `limited`, `rejected`, `unknown`, or `sending`.
    pub outcome: String,
    /// The other side's answer in words.
    pub answer: String,
    /// Id of the node that sent.
    pub node: String,
}

/// An alert as a receipt names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ReceiptAlert {
    /// Alertmanager's fingerprint.
    pub fingerprint: String,
    /// The label `alertname`.
    pub name: String,
    /// `firing` or `resolved`.
    pub status: String,
    /// The label `project`; may be empty.
    pub project: String,
    /// The label `severity`; may be empty.
    pub severity: String,
    /// Name, severity, instance and dimensions.
    pub labels: Labels,
}

impl Receipt {
    /// As it is shown to somebody who may see these projects: of alerts of others it does not even
    /// say how many there were.
    pub(super) fn seen(receipt: &receipt::Receipt, seen: &Projects) -> Self {
        let alerts = receipt.alerts.iter().filter(|alert| seen.holds_labels(&alert.labels));
        Self {
            id: receipt.id.to_string(),
            at: receipt.created.to_string(),
            ended: receipt.ended.map(|at| at.to_string()),
            receiver: receipt.receiver.clone(),
            channel: receipt.channel.clone(),
            kind: receipt.kind.clone(),
            to: receipt.to.clone(),
            about: word(&receipt.about),
            state: word(&receipt.state),
            reason: receipt.reason.clone(),
            merged_into: receipt.merged_into.map(|id| id.to_string()),
            attempts: receipt.attempts.iter().map(ReceiptAttempt::from).collect(),
            n_attempts: receipt.n_attempts,
            alerts: alerts.map(ReceiptAlert::from).collect(),
            more: if seen.is_all() { receipt.more } else { 0 },
            test: receipt.test,
            local: receipt.local,
        }
    }
}

impl From<&Attempt> for ReceiptAttempt {
    fn from(attempt: &Attempt) -> Self {
        let outcome = attempt.outcome.as_ref();
        Self {
            n: attempt.n,
            at: attempt.at.to_string(),
            took_ms: outcome.map_or(0, |outcome| outcome.took_ms),
            outcome: outcome.map_or("sending", |outcome| outcome.class.as_str()).to_owned(),
            answer: outcome.map_or_else(String::new, |outcome| outcome.reason.clone()),
            node: attempt.node.to_string(),
        }
    }
}

impl From<&Named> for ReceiptAlert {
    fn from(alert: &Named) -> Self {
        let label = |name: &str| alert.labels.get(name).cloned().unwrap_or_default();
        Self {
            fingerprint: alert.fingerprint.to_string(),
            name: label("alertname"),
            status: word(&alert.status),
            project: label("project"),
            severity: label("severity"),
            labels: alert.labels.clone(),
        }
    }
}

/// An enum of plain names as JSON writes it.
fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// What became of notifications, newest first.
#[utoipa::path(get, path = "/api/v1/receipts", tag = "alerts", params(ReceiptsQuery),
    responses((status = 200, description = "Receipts", body = Receipts)))]
async fn receipts(
    Opened(deps): Opened,
    Query(query): Query<ReceiptsQuery>,
) -> Result<axum::Json<Receipts>, Problem> {
    let (_, limit) = list::window(query.limit.as_deref(), None)?;
    let (mut filter, before) = query.read()?;
    filter.projects = deps.seen.names();
    let page = deps.notify.receipts(&filter, before, limit).map_err(Problem::internal)?;
    let items = page.receipts.iter().map(|it| Receipt::seen(it, &deps.seen)).collect();
    Ok(axum::Json(Receipts { items, next: page.next.map(|id| id.to_string()) }))
}

/// Alertmanager's webhook (version 4) for a receiver, at most 64 MiB, also with
/// `Content-Encoding: gzip`. Never answered with 429.
#[utoipa::path(post, path = "/api/v1/notify/{receiver}", tag = "alerts",
    params(("receiver" = String, Path, description = "Name of the receiver")),
    request_body(content = serde_json::Value, content_type = "application/json"),
    responses((status = 200, description = "Kept durably", body = String, content_type = "text/plain")))]
async fn accept(
    Opened(deps): Opened,
    identity: Identity,
    Path(receiver): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let encoding = parts.headers.get(header::CONTENT_ENCODING);
    let inbound = Inbound {
        receiver,
        sender: identity.actor,
        encoding: encoding.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned()),
        body: body.into_data_stream().map_err(Into::into).boxed(),
    };
    let answer = deps.notify.accept(inbound).await;
    match StatusCode::from_u16(answer.status) {
        Ok(status) if status.is_success() => Ok((status, answer.text).into_response()),
        Ok(StatusCode::BAD_REQUEST) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "WK-2040", answer.text))
        }
        Ok(status @ StatusCode::PAYLOAD_TOO_LARGE) => {
            Err(Problem::new(status, "WK-2004", answer.text))
        }
        Ok(status @ StatusCode::UNSUPPORTED_MEDIA_TYPE) => {
            Err(Problem::new(status, "WK-2003", answer.text))
        }
        Ok(StatusCode::NOT_FOUND) => Err(Problem::missing(answer.text)),
        _ => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err(Problem::new(status, "WK-2030", answer.text).retry(2))
        }
    }
}
