//! Starts what watches Prometheus: which metrics there are, and what its alerts do.

use crate::{
    base::shutdown::Shutdown,
    model::NodeId,
    observe::{metadata::Metadata, prometheus::Prometheus, rules::Watcher},
    store::Store,
    web::{api::prometheus::Replicas, deps::Cluster},
};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Both run until the end.
pub(super) fn start(
    cluster: Arc<dyn Cluster>,
    node: NodeId,
    store: Store,
    tasks: &mut JoinSet<()>,
    shutdown: &Shutdown,
) -> Metadata {
    let prometheus: Arc<dyn Prometheus> = Arc::new(Replicas { cluster, me: node });
    let metadata = Metadata::default();
    tasks.spawn(metadata.clone().follow(prometheus.clone(), shutdown.clone()));
    tasks.spawn(Watcher { node, store, prometheus }.run(shutdown.clone()));
    metadata
}
