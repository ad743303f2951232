//! Stores for tests, of this module and of those above it.

use super::{Options, Profile, Store, open::Tuning};
use crate::model::{
    NodeId,
    rpc::{CallError, Lane, Service, Transport},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How long a test waits for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A store in `dir` with this node as only voter, leading already. Opens an existing one again.
///
/// # Panics
/// When that fails within [`PATIENCE`]: it is for tests.
pub async fn single(dir: &Path) -> Store {
    let options = Options { dir: dir.to_owned(), node: NodeId(1), profile: Profile::Fast };
    let network = MemoryNetwork::default();
    let store = Store::open(options, network.transport(NodeId(1))).await.expect("store opens");
    store.initialize(vec![NodeId(1)]).await.expect("store initializes");
    let mut raft = store.raft();
    let leads = raft.wait_for(|status| status.is_leader);
    tokio::time::timeout(PATIENCE, leads).await.expect("a leader in time").expect("store is open");
    store
}

/// Connects stores in memory; links can be cut.
#[derive(Clone, Default)]
pub struct MemoryNetwork(Arc<Mutex<Links>>);

#[derive(Default)]
struct Links {
    services: BTreeMap<NodeId, Arc<dyn Service>>,
    cut: BTreeSet<(NodeId, NodeId)>,
    calls: BTreeMap<&'static str, u64>,
}

impl MemoryNetwork {
    /// What `node` calls the others with.
    #[must_use]
    pub fn transport(&self, node: NodeId) -> Arc<dyn Transport> {
        Arc::new(MemoryTransport { node, network: self.clone() })
    }

    /// Makes `node` reachable.
    pub fn serve(&self, node: NodeId, service: Arc<dyn Service>) {
        self.links().services.insert(node, service);
    }

    /// Makes `node` unreachable, as if its process were gone.
    pub fn remove(&self, node: NodeId) {
        self.links().services.remove(&node);
    }

    /// Cuts `node` off from all of `others`, both ways.
    pub fn isolate(&self, node: NodeId, others: &[NodeId]) {
        let mut links = self.links();
        for other in others {
            links.cut.insert((node, *other));
            links.cut.insert((*other, node));
        }
    }

    /// Mends every link.
    pub fn heal(&self) {
        self.links().cut.clear();
    }

    /// Calls of one method so far.
    #[must_use]
    pub fn calls(&self, method: &'static str) -> u64 {
        self.links().calls.get(method).copied().unwrap_or(0)
    }

    fn links(&self) -> MutexGuard<'_, Links> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, method: &'static str) {
        *self.links().calls.entry(method).or_default() += 1;
    }

    fn reach(&self, from: NodeId, to: NodeId) -> Result<Arc<dyn Service>, CallError> {
        let links = self.links();
        let open = !links.cut.contains(&(from, to));
        links.services.get(&to).filter(|_| open).cloned().ok_or_else(|| CallError::Unreachable {
            to,
            reason: "no such link".to_owned(),
            sent: false,
        })
    }
}

struct MemoryTransport {
    node: NodeId,
    network: MemoryNetwork,
}

impl MemoryTransport {
    async fn answer(
        to: NodeId,
        method: &'static str,
        timeout: Duration,
        call: impl Future<Output = Result<Bytes, crate::model::rpc::Refusal>>,
    ) -> Result<Bytes, CallError> {
        let millis = timeout.as_millis();
        match tokio::time::timeout(timeout, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(refusal)) => {
                Err(CallError::Refused { to, method: method.to_owned(), message: refusal.0 })
            }
            Err(_) => Err(CallError::Timeout { to, method: method.to_owned(), millis }),
        }
    }
}

impl Transport for MemoryTransport {
    fn call(
        &self,
        to: NodeId,
        _lane: Lane,
        method: &'static str,
        body: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        Box::pin(async move {
            let service = self.network.reach(self.node, to)?;
            self.network.count(method);
            let answer =
                Self::answer(to, method, timeout, service.handle(self.node, method, body)).await?;
            // A link that was cut meanwhile swallows the answer.
            self.network.reach(self.node, to).map(|_| answer)
        })
    }

    fn send_file(
        &self,
        to: NodeId,
        method: &'static str,
        header: Bytes,
        file: PathBuf,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        Box::pin(async move {
            let service = self.network.reach(self.node, to)?;
            self.network.count(method);
            let refused =
                |message: String| CallError::Refused { to, method: method.to_owned(), message };
            let path = service
                .file_destination(method)
                .ok_or_else(|| refused("takes no file".to_owned()))?;
            std::fs::copy(&file, &path).map_err(|error| refused(error.to_string()))?;
            let call = service.handle_file(self.node, method, header, path);
            Self::answer(to, method, timeout, call).await
        })
    }
}

/// Opens `node` of a cluster in `dir/node-N` and connects it. A snapshot every 50 entries.
///
/// # Panics
/// When it does not open: it is for tests.
pub async fn member(dir: &Path, node: NodeId, network: &MemoryNetwork) -> Store {
    let options = Options { dir: dir.join(format!("node-{node}")), node, profile: Profile::Fast };
    let tuning = Tuning { snapshot_every: 50, keep_entries: 5, ..Tuning::from(Profile::Fast) };
    let store =
        Store::open_tuned(options, network.transport(node), tuning).await.expect("store opens");
    network.serve(node, store.service());
    store
}
