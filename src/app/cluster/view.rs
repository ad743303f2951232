//! The other nodes as the door sees them: their status, their components, their logs.

use super::{board::Board, logs};
use crate::{
    model::NodeId,
    model::observed::ProcessState,
    peer::{
        client::PeerClient,
        forward::{Forwarder, OWN_ANSWER},
        local_door,
    },
    silence::sync::Alertmanagers,
    web::deps::{Cluster, ReachError, SeenNode},
};
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt, future::BoxFuture, stream::BoxStream};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use std::{io, path::PathBuf};
use tokio::sync::watch;

/// Largest answer of a component that is passed on.
const MAX_ANSWER: usize = 64 << 20;

/// This node's view. Cheap to clone.
#[derive(Clone)]
pub struct ClusterView {
    /// This node.
    pub me: NodeId,
    /// Statuses.
    pub board: Board,
    /// The way to the others.
    pub client: PeerClient,
    /// The way to our own components.
    pub forwarder: Forwarder,
    /// Logs of our own components.
    pub logs_dir: PathBuf,
}

impl Cluster for ClusterView {
    fn nodes(&self) -> Vec<SeenNode> {
        self.board.all()
    }

    fn changed(&self) -> watch::Receiver<u64> {
        self.board.watch()
    }

    fn forward(
        &self,
        node: NodeId,
        component: &str,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, ReachError>> {
        let component = component.to_owned();
        Box::pin(async move {
            let request = request.map(Body::from);
            let path = request.uri().path().trim_start_matches('/').to_owned();
            let answer = if node == self.me {
                self.forwarder.forward(&component, &path, request).await
            } else {
                local_door::forward_to(&self.client, node, &component, &path, request).await
            };
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, MAX_ANSWER)
                .collect()
                .await
                .map_err(|error| {
                    ReachError::Unreachable(format!("{component} on {node}: {error}"))
                })?
                .to_bytes();
            // A component's own 404 is an answer: Alertmanager's for a silence it does not have.
            if parts.headers.contains_key(OWN_ANSWER) {
                let why = String::from_utf8_lossy(&body);
                let why = format!("{component} on node {node}: {} {why}", parts.status);
                return Err(match parts.status {
                    StatusCode::NOT_FOUND => ReachError::Missing(why),
                    _ => ReachError::Unreachable(why),
                });
            }
            Ok(Response::from_parts(parts, body))
        })
    }

    fn log(
        &self,
        node: NodeId,
        component: &str,
        tail: usize,
        follow: bool,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, io::Error>>, ReachError>> {
        let component = component.to_owned();
        Box::pin(async move {
            if node == self.me {
                return logs::read(&self.logs_dir, &component, tail, follow)
                    .await
                    .map_err(|error| ReachError::Missing(error.to_string()));
            }
            let uri = format!("/peer/v1/logs/{component}?tail={tail}&follow={follow}");
            let request = Request::builder()
                .uri(uri)
                .body(Body::empty())
                .map_err(|error| ReachError::Missing(error.to_string()))?;
            let answer = self
                .client
                .request(node, request)
                .await
                .map_err(|error| ReachError::Unreachable(error.to_string()))?;
            if !answer.status().is_success() {
                return Err(ReachError::Missing(format!("log of {component} on node {node}")));
            }
            Ok(TryStreamExt::map_err(answer.into_body().into_data_stream(), io::Error::other)
                .boxed())
        })
    }
}

impl Alertmanagers for ClusterView {
    fn nodes(&self) -> Vec<NodeId> {
        let with = |node: &SeenNode| {
            node.status.components.iter().any(|component| {
                component.name == "alertmanager" && component.state == ProcessState::Ready
            })
        };
        let mut nodes: Vec<NodeId> =
            self.board.all().iter().filter(|node| with(node)).map(|node| node.status.id).collect();
        nodes.sort_by_key(|node| (*node != self.me, *node));
        nodes
    }

    fn ask(
        &self,
        node: NodeId,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, String>> {
        Box::pin(async move {
            let answer = self.forward(node, "alertmanager", request).await;
            answer.map_err(|error| error.to_string())
        })
    }
}
