//! The Prometheus replicas as `observe` asks them: through the cluster's forwarder.

use super::replica;
use crate::{
    model::{NodeId, observed::ProcessState},
    observe::prometheus::{Prometheus, Question, Replica},
    web::deps::{Cluster, Deps},
};
use axum::http::{HeaderValue, Method, header};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A node not heard of for so long may have lost its Prometheus since.
const RECENT_MS: u64 = 10_000;

/// The way to the replicas from a node.
#[derive(Clone)]
pub struct Replicas {
    /// The nodes and the way to their components.
    pub cluster: Arc<dyn Cluster>,
    /// This node: its own replica is asked first.
    pub me: NodeId,
}

impl Replicas {
    /// As a handler has it.
    #[must_use]
    pub(crate) fn of(deps: &Deps) -> Self {
        Self { cluster: deps.cluster.clone(), me: deps.node }
    }
}

impl Prometheus for Replicas {
    fn replicas(&self) -> Vec<Replica> {
        let nodes = self.cluster.nodes();
        let ready_since = |node: NodeId| {
            let seen = nodes.iter().find(|seen| seen.status.id == node)?;
            let found = seen.status.components.iter().find(|c| c.name == "prometheus")?;
            let ready = found.state == ProcessState::Ready && seen.age_ms < RECENT_MS;
            ready.then_some(found.since)
        };
        replica::ranked(&*self.cluster, self.me, "prometheus")
            .into_iter()
            .map(|node| Replica { node, ready_since: ready_since(node) })
            .collect()
    }

    fn ask(
        &self,
        node: NodeId,
        question: &Question,
    ) -> BoxFuture<'_, Result<(u16, Bytes), String>> {
        let mut request = replica::get(&question.path);
        if let Some(form) = &question.form {
            *request.method_mut() = Method::POST;
            *request.body_mut() = form.clone().into();
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.headers_mut().insert(header::CONTENT_TYPE, form);
        }
        Box::pin(async move {
            let answer = self.cluster.forward(node, "prometheus", request).await;
            let answer = answer.map_err(|error| error.to_string())?;
            Ok((answer.status().as_u16(), answer.into_body()))
        })
    }
}
