//! `/api/v1/logs/NODE/COMPONENT`: a component's log, as it grows where asked for.

use crate::web::routes::routes;
use crate::{
    model::{NodeId, spec::RoleName},
    web::{
        auth::lasting::Lasting,
        deps::{Deps, ReachError},
        error::Problem,
        extract::{Opened, Path, Query},
        policy::Policy,
        router::Doors,
    },
};
use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::StreamExt as _;
use serde::Deserialize;

const TAIL_MAX: usize = 10_000;

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::Role(RoleName::Operator), routes!(log))
}

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogQuery {
    /// Last lines to begin with, at most 10000; default 200.
    tail: Option<String>,
    /// `true`: go on with what is appended.
    follow: Option<String>,
}

/// A component's log on a node (its name or id).
#[utoipa::path(get, path = "/api/v1/logs/{node}/{component}", tag = "cluster",
    params(("node" = String, Path, description = "Name or id of the node"),
           ("component" = String, Path, description = "`prometheus`, `alertmanager`, … or `watchkeep`"), LogQuery),
    responses((status = 200, description = "Lines", body = String, content_type = "text/plain")))]
async fn log(
    Opened(deps): Opened,
    lasting: Lasting,
    Path((node, component)): Path<(String, String)>,
    Query(query): Query<LogQuery>,
) -> Result<Response, Problem> {
    let changes = deps.store.subscribe(deps.store.raft().borrow().applied);
    let node = find_node(&deps, &node)?;
    let tail = match query.tail.as_deref() {
        None => 200,
        Some(text) => text
            .parse()
            .ok()
            .filter(|lines| *lines <= TAIL_MAX)
            .ok_or_else(|| Problem::bad_query(format!("`tail` must be 0 to {TAIL_MAX}")))?,
    };
    let follow = flag("follow", query.follow.as_deref())?;
    let lines = deps.cluster.log(node, &component, tail, follow).await.map_err(|e| match e {
        ReachError::Missing(what) => Problem::missing(what),
        ReachError::Unreachable(why) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2033", why).retry(2)
        }
    })?;
    let mime = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    if !follow {
        return Ok((mime, Body::from_stream(lines)).into_response());
    }
    let lines = lines.take_until(Box::pin(lasting.ended(changes)));
    Ok((mime, Body::from_stream(lines)).into_response())
}

/// A node by id or name.
fn find_node(deps: &Deps, text: &str) -> Result<NodeId, Problem> {
    let state = deps.state();
    let by_id = text.parse::<NodeId>().ok().filter(|id| state.members.contains_key(id));
    by_id.or_else(|| state.members.values().find(|m| m.name == text).map(|m| m.id)).ok_or_else(
        || Problem::missing(format!("node {}", text.chars().take(80).collect::<String>())),
    )
}

/// A query parameter that is `true`, `false` or absent.
pub(crate) fn flag(name: &str, text: Option<&str>) -> Result<bool, Problem> {
    match text {
        None | Some("false") => Ok(false),
        Some("true" | "") => Ok(true),
        Some(_) => Err(Problem::bad_query(format!("`{name}` must be true or false"))),
    }
}
