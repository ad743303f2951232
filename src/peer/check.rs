//! Who a request on the cluster port comes from, and whether it is for this node.
//!
//! The certificate names the node that the headers name, the headers name this cluster and this
//! node (409), and the node is a member now (410 when it was removed, 403 when it was never heard of
//! here). Whoever is not known here may still bring the log: it is how this node comes to know it.

use super::{CLUSTER_HEADER, FROM_HEADER, TO_HEADER};
use crate::model::NodeId;
use axum::{
    Extension,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use std::sync::Arc;
use tracing::warn;

/// Open to nodes that are not known here but have a certificate of the cluster: perhaps they joined
/// after what this node has applied, and lead now. Refusing them would keep it behind for ever.
const CATCHING_UP: [&str; 2] = ["/peer/v1/rpc/raft/", "/peer/v1/file/raft/"];

/// What a node with a certificate of the cluster is to us now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peerage {
    /// A member.
    Member,
    /// Not known here, perhaps not yet.
    Stranger,
    /// Taken out of the cluster for good.
    Removed,
}

/// Says what a node is now.
pub type PeerageOf = Arc<dyn Fn(NodeId) -> Peerage + Send + Sync>;

/// The authenticated node a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub NodeId);

/// What requests are held against.
pub(super) struct Check {
    pub(super) cluster_id: String,
    pub(super) me: NodeId,
    pub(super) peerage: PeerageOf,
}

pub(super) async fn check_request(
    axum::extract::State(check): axum::extract::State<Arc<Check>>,
    Extension(Caller(caller)): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    match check.verdict(caller, request.headers(), request.uri().path()) {
        Ok(()) => next.run(request).await,
        Err((status, reason)) => {
            warn!(from = %caller, path = request.uri().path(), reason, "call refused");
            (status, reason).into_response()
        }
    }
}

impl Check {
    fn verdict(
        &self,
        caller: NodeId,
        headers: &HeaderMap,
        path: &str,
    ) -> Result<(), (StatusCode, String)> {
        let said = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let wrong = |reason: String| Err((StatusCode::CONFLICT, reason));
        let (cluster, to, from) = (said(CLUSTER_HEADER), said(TO_HEADER), said(FROM_HEADER));
        if cluster != self.cluster_id {
            return wrong(format!("this is cluster {}, not {cluster}", self.cluster_id));
        }
        if to != self.me.to_string() {
            return wrong(format!("this is node {}, not {to}", self.me));
        }
        if from != caller.to_string() {
            return wrong(format!("your certificate is of node {caller}, not {from}"));
        }
        let cluster = &self.cluster_id;
        match (self.peerage)(caller) {
            Peerage::Member => Ok(()),
            Peerage::Stranger if CATCHING_UP.iter().any(|prefix| path.starts_with(prefix)) => {
                Ok(())
            }
            Peerage::Removed => {
                let reason = format!("node {caller} was removed from cluster {cluster}");
                Err((StatusCode::GONE, reason))
            }
            Peerage::Stranger => {
                let reason = format!("node {caller} is no member of cluster {cluster} here");
                Err((StatusCode::FORBIDDEN, reason))
            }
        }
    }
}
