//! The other nodes as those see them who undo changes.

use super::view::ClusterView;
use crate::{
    model::NodeId,
    reconcile::safety::{Fleet, Seen},
    web::deps::Cluster as _,
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, StatusCode};
use tokio::sync::watch;

impl Fleet for ClusterView {
    fn nodes(&self) -> Vec<Seen> {
        let seen = self.board.all().into_iter();
        seen.map(|node| Seen { status: node.status, age_ms: node.age_ms }).collect()
    }

    fn changed(&self) -> watch::Receiver<u64> {
        self.board.watch()
    }

    fn ask(&self, node: NodeId, path: String) -> BoxFuture<'_, Result<Bytes, String>> {
        Box::pin(async move {
            let request = Request::get(&path).body(Bytes::new()).map_err(|e| e.to_string())?;
            let answer = self.forward(node, "prometheus", request).await;
            let answer = answer.map_err(|error| error.to_string())?;
            match answer.status() {
                StatusCode::OK => Ok(answer.into_body()),
                status => Err(format!("{path} answered {status}")),
            }
        })
    }
}
