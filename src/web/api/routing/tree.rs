//! The tree as it stands.

use super::part::{From, Part};
use crate::{
    render::routing::{self, Branch, Timing},
    web::{error::Problem, extract::Opened},
};
use serde::Serialize;

/// One branch of the route tree. Of an alert, the first child that takes it (and those after it
/// while `continue`) is told; the branch itself only if no child takes it.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct RouteNode {
    /// What it comes from.
    part: Part,
    /// Who is told; none = nobody.
    receiver: Option<String>,
    /// What an alert must be like, in English.
    words: String,
    /// As written to Alertmanager.
    matchers: Vec<String>,
    /// The object that declares it; none for the default receiver.
    from: Option<From>,
    /// Labels that make a group, inherited ones too.
    group_by: Vec<String>,
    /// Alertmanager duration, inherited too.
    group_wait: String,
    /// Alertmanager duration, inherited too.
    group_interval: String,
    /// Alertmanager duration, inherited too.
    repeat_interval: String,
    /// Goes on to the next branch after a match.
    #[serde(rename = "continue")]
    continue_: bool,
    /// Time intervals within which it does not tell.
    mute_time_intervals: Vec<String>,
    /// Time intervals within which alone it tells; empty = always.
    active_time_intervals: Vec<String>,
    /// Asked in this order, before the branch itself.
    #[schema(no_recursion)]
    children: Vec<Self>,
}

/// The route tree, made from settings, routes, policies and teams.
#[utoipa::path(get, path = "/api/v1/routes/tree", tag = "alerts",
    responses((status = 200, description = "The root with all below it", body = RouteNode)))]
pub(super) async fn routes_tree(Opened(deps): Opened) -> Result<axum::Json<RouteNode>, Problem> {
    let tree =
        routing::tree(&deps.state()).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(axum::Json(node(&tree, &Timing::default())))
}

fn node(branch: &Branch, above: &Timing) -> RouteNode {
    let timing = branch.timing.or(above);
    RouteNode {
        part: Part::of(branch),
        receiver: branch.receiver.clone(),
        words: routing::matchers_in_words(&branch.matchers),
        matchers: branch.matchers.clone(),
        from: From::of(branch),
        continue_: branch.continue_,
        mute_time_intervals: branch.mute_time_intervals.clone(),
        active_time_intervals: branch.active_time_intervals.clone(),
        children: branch.children.iter().map(|child| node(child, &timing)).collect(),
        group_by: timing.group_by.unwrap_or_default(),
        group_wait: timing.group_wait.unwrap_or_default(),
        group_interval: timing.group_interval.unwrap_or_default(),
        repeat_interval: timing.repeat_interval.unwrap_or_default(),
    }
}
