//! `/-/healthy`, `/-/ready`, `/metrics`, as operators of this field expect them.

use crate::web::routes::routes;
use crate::{
    model::spec::RoleName,
    web::{Front, error::Problem, extract::Opened, policy::Policy, router::Doors},
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Open, routes!(healthy))
        .open(Policy::Open, routes!(ready))
        .open(Policy::Role(RoleName::Viewer), routes!(metrics))
}

/// The process is alive.
#[utoipa::path(get, path = "/-/healthy", tag = "health",
    responses((status = 200, description = "Alive", body = String, content_type = "text/plain")))]
async fn healthy() -> &'static str {
    "Watchkeep is healthy.\n"
}

/// The node can do its work: formed, and a leader is known.
#[utoipa::path(get, path = "/-/ready", tag = "health",
    responses((status = 200, description = "Ready", body = String, content_type = "text/plain"),
              (status = 503, description = "Not yet; the text says what is waited for", body = String, content_type = "text/plain")))]
async fn ready(State(front): State<Front>) -> (StatusCode, String) {
    let Ok(deps) = front.deps() else {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("not formed: {}\n", front.formation()));
    };
    if deps.store.raft().borrow().leader.is_none() {
        return (StatusCode::SERVICE_UNAVAILABLE, "no leader is known\n".into());
    }
    (StatusCode::OK, "Watchkeep is ready.\n".into())
}

/// Metrics of this node's Watchkeep, in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, description = "Exposition", body = String, content_type = "text/plain")))]
async fn metrics(Opened(deps): Opened) -> Result<impl IntoResponse, Problem> {
    let text = (deps.metrics)();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
