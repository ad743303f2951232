//! The loop: on the Raft leader, whenever silences change and every few seconds. It takes no
//! hints: each round reads all that is declared and all that is held.

use super::{
    Held, Wanted,
    held::{PATH, path_of},
    plan::{Instance, Lacking, Step, plan},
};
use crate::{
    base::{clock::now_unix_ms, shutdown::Shutdown},
    model::{Kind, NodeId, UnixMs, cluster::DeclaredState},
    store::Store,
};
use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use http::{Method, Request, Response, header};
use std::{sync::Arc, time::Duration};

/// Between two rounds while nothing changes.
const ROUND: Duration = Duration::from_secs(5);
/// An Alertmanager that takes longer is left out.
const PATIENCE: Duration = Duration::from_secs(5);
/// For a new leader to have applied everything.
const CATCH_UP: Duration = Duration::from_secs(5);

/// The Alertmanagers of the cluster.
pub trait Alertmanagers: Send + Sync + 'static {
    /// Nodes that run one, the one to prefer first.
    fn nodes(&self) -> Vec<NodeId>;

    /// A call of its API. The error is for people.
    fn ask(
        &self,
        node: NodeId,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, String>>;
}

/// Keeps the silences of all Alertmanagers as declared, while this node leads.
pub struct Syncer {
    /// What is declared.
    pub store: Store,
    /// Where it is brought to.
    pub alertmanagers: Arc<dyn Alertmanagers>,
}

impl Syncer {
    /// Runs until `shutdown`.
    pub async fn run(self, shutdown: Shutdown) {
        let mut raft = self.store.raft();
        while !shutdown.is_cancelled() {
            if raft.borrow_and_update().is_leader {
                self.lead(&shutdown).await;
                continue;
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                changed = raft.changed() => if changed.is_err() { return },
            }
        }
    }

    /// While this node leads.
    async fn lead(&self, shutdown: &Shutdown) {
        if self.store.barrier(CATCH_UP).await.is_err() {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
            return;
        }
        let mut changes = self.store.changes();
        let mut lacking = Lacking::new();
        while self.store.raft().borrow().is_leader {
            changes.mark_unchanged();
            let state = self.store.state();
            self.round(&state, &mut lacking).await;
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(ROUND) => {}
                () = self.silences_changed(&mut changes, &state) => {}
            }
        }
    }

    /// Returns when other silences are declared than in `before`.
    async fn silences_changed(
        &self,
        changes: &mut tokio::sync::watch::Receiver<u64>,
        before: &DeclaredState,
    ) {
        loop {
            if changes.changed().await.is_err() {
                return std::future::pending().await;
            }
            let now = self.store.state();
            let (old, new) =
                (before.resources.get(&Kind::Silence), now.resources.get(&Kind::Silence));
            let same = match (old, new) {
                (Some(old), Some(new)) => old.ptr_eq(new),
                (old, new) => old.is_none() && new.is_none(),
            };
            if !same {
                return;
            }
        }
    }

    async fn round(&self, state: &DeclaredState, lacking: &mut Lacking) {
        let wanted = Wanted::all(state);
        let instances = read(&*self.alertmanagers).await;
        let steps = plan(&wanted, &instances, lacking, UnixMs(now_unix_ms()));
        for step in steps {
            self.take(step).await;
        }
    }

    async fn take(&self, step: Step) {
        let (node, what, request) = match step {
            Step::Post(node, name, posted) => {
                let Ok(body) = serde_json::to_vec(&posted) else { return };
                (node, format!("post silence/{name}"), request(Method::POST, PATH, body.into()))
            }
            Step::Expire(node, id) => {
                let request = request(Method::DELETE, &path_of(&id), Bytes::new());
                (node, format!("end silence {id}"), request)
            }
        };
        let asked = tokio::time::timeout(PATIENCE, self.alertmanagers.ask(node, request)).await;
        match asked {
            Ok(Ok(answer)) if answer.status().is_success() => {
                tracing::info!(%node, what, "alertmanager's silences brought up to date");
            }
            Ok(Ok(answer)) => {
                let said: String =
                    String::from_utf8_lossy(answer.body()).chars().take(300).collect();
                tracing::warn!(%node, what, status = %answer.status(), said, "alertmanager refuses");
            }
            Ok(Err(error)) => tracing::warn!(%node, what, error, "alertmanager not reached"),
            Err(_) => tracing::warn!(%node, what, "alertmanager does not answer"),
        }
    }
}

/// What every Alertmanager that answers holds, in order of preference.
pub async fn read(alertmanagers: &dyn Alertmanagers) -> Vec<Instance> {
    let nodes = alertmanagers.nodes();
    let asked = nodes.into_iter().map(|node| async move {
        let call = alertmanagers.ask(node, request(Method::GET, PATH, Bytes::new()));
        let answer = tokio::time::timeout(PATIENCE, call).await.ok()?.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let held: Vec<Held> = serde_json::from_slice(answer.body())
            .inspect_err(|error| tracing::warn!(%node, %error, "silences cannot be read"))
            .ok()?;
        Some(Instance { node, held })
    });
    join_all(asked).await.into_iter().flatten().collect()
}

fn request(method: Method, path: &str, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    let json = header::HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
    request
}
