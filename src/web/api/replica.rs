//! Which instance of a component answers: the own one first, then any other that is ready.

use crate::{
    model::{NodeId, observed::ProcessState},
    web::{
        deps::{Cluster, Deps, ReachError},
        error::Problem,
    },
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};

/// Nodes whose instance of `component` is ready, the own one first; where none says so, all
/// that have one, since a status may be older than the truth.
pub(crate) fn candidates(deps: &Deps, component: &str) -> Vec<NodeId> {
    ranked(&*deps.cluster, deps.node, component)
}

/// As [`candidates`], for the node `me`.
pub(crate) fn ranked(cluster: &dyn Cluster, me: NodeId, component: &str) -> Vec<NodeId> {
    let mut with: Vec<(bool, bool, u64, NodeId)> = cluster
        .nodes()
        .iter()
        .filter_map(|node| {
            let found = node.status.components.iter().find(|c| c.name == component)?;
            let ready = found.state == ProcessState::Ready && node.age_ms < 10_000;
            Some((!ready, node.status.id != me, node.age_ms, node.status.id))
        })
        .collect();
    with.sort_unstable();
    with.into_iter().map(|(.., id)| id).collect()
}

/// Asks one instance after the other until one answers. An answer that says the instance cannot
/// work now (502 to 504) counts as none while there is another one.
///
/// # Errors
/// 503 when none answered.
pub(crate) async fn ask(
    deps: &Deps,
    component: &str,
    request: &Request<Bytes>,
) -> Result<(NodeId, Response<Bytes>), Problem> {
    let candidates = candidates(deps, component);
    let mut reasons = Vec::new();
    let mut unwell = None;
    for node in candidates {
        match deps.cluster.forward(node, component, copy(request)).await {
            Ok(answer) if cannot_now(answer.status()) => {
                reasons.push(format!("{node} answered {}", answer.status()));
                unwell.get_or_insert((node, answer));
            }
            Ok(answer) => return Ok((node, answer)),
            Err(ReachError::Unreachable(why) | ReachError::Missing(why)) => reasons.push(why),
        }
    }
    if let Some(answer) = unwell {
        return Ok(answer);
    }
    let why = if reasons.is_empty() { "none is installed".to_owned() } else { reasons.join("; ") };
    Err(Problem::no_replica(format!("no {component} answers: {why}")))
}

const fn cannot_now(status: StatusCode) -> bool {
    matches!(status.as_u16(), 502..=504)
}

pub(crate) fn copy(request: &Request<Bytes>) -> Request<Bytes> {
    let mut copy = Request::new(request.body().clone());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy
}

/// A GET on a path of a component.
pub(crate) fn get(path: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request
}
