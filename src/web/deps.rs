//! What the door needs of the rest, as handles and narrow traits, so that it depends on no
//! composition and tests can give it what they like.

use super::error::Problem;
use crate::{
    admission::Admission,
    base::redact::Secret,
    model::{NodeId, UnixMs, cluster::DeclaredState, observed::NodeStatus},
    notify::{
        Inbound,
        alert::Fingerprint,
        book::Episode,
        channel::SecretValue,
        delivery::DeliveryId,
        outgoing::Lookup,
        receipt::{self, Filter},
        secret::SecretError,
        tally::Tally,
        trial::{TestError, TestResult, Tried},
    },
    observe::metadata::Metadata,
    peer::data_key::DataKey,
    scope::{Parts, Projects},
    store::{
        Store, WriteError,
        command::{Change, Command, Precondition, Written},
    },
};
use bytes::Bytes;
use futures_util::{future::BoxFuture, stream::BoxStream};
use std::{sync::Arc, time::Duration};

/// How long a write of the door may wait for a quorum.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(8);

/// The newest thing known about a node.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenNode {
    /// What it said of itself.
    pub status: NodeStatus,
    /// Milliseconds since it said so.
    pub age_ms: u64,
}

/// Why a call to another node's component or log brought nothing.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ReachError {
    /// The node or its component does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// There is no such node, component or log.
    #[error("there is no {0}")]
    Missing(String),
}

/// The other nodes, as this one sees them.
pub trait Cluster: Send + Sync + 'static {
    /// Newest status of every member that was ever heard of, this node's own included.
    fn nodes(&self) -> Vec<SeenNode>;

    /// Moves whenever [`Cluster::nodes`] has something new.
    fn changed(&self) -> tokio::sync::watch::Receiver<u64>;

    /// Sends a request to `component` on `node` through the forwarder, which passes its
    /// allow-list only. The URI is path and query as the component knows them, for instance
    /// `/api/v1/query?query=up`. Bodies of answers are at most 64 MiB.
    fn forward(
        &self,
        node: NodeId,
        component: &str,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, ReachError>>;

    /// The last `tail` lines of a component's log, then what is appended while `follow`.
    fn log(
        &self,
        node: NodeId,
        component: &str,
        tail: usize,
        follow: bool,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, std::io::Error>>, ReachError>>;
}

/// Answer of the alert intake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeAnswer {
    /// 200 once durable, 400 for what is no webhook, 413 and 415 for a body that is not taken,
    /// 503 when it could be kept nowhere.
    pub status: u16,
    /// For the log of the sender.
    pub text: String,
}

/// Alerts to people.
pub trait Notify: Send + Sync + 'static {
    /// Takes a webhook of Alertmanager; reads as much of the body as it takes.
    fn accept(&self, inbound: Inbound) -> BoxFuture<'_, IntakeAnswer>;

    /// Reads receipts older than `before`, newest first.
    ///
    /// # Errors
    /// The text for the log.
    fn receipts(
        &self,
        filter: &Filter,
        before: Option<DeliveryId>,
        limit: usize,
    ) -> Result<receipt::Page, String>;

    /// Counts what became of notifications queued at `since` or later. Blocking.
    ///
    /// # Errors
    /// The text for the log.
    fn tally(&self, since: UnixMs) -> Result<Tally, String>;

    /// The latest episodes of an alert, latest first.
    ///
    /// # Errors
    /// The text for the log.
    fn episodes(&self, fingerprint: Fingerprint) -> Result<Vec<Episode>, String>;

    /// Sends a test and waits for the answers.
    fn test(&self, tried: Tried, by: &str) -> BoxFuture<'_, Result<Vec<TestResult>, TestError>>;

    /// The write that sets a secret's value in the name of `by`.
    ///
    /// # Errors
    /// There is no such secret, or the value cannot be kept.
    fn put_secret(
        &self,
        name: &str,
        value: &Secret<String>,
        by: &str,
    ) -> Result<(Precondition, Change), SecretError>;
}

/// Everything a formed node has.
#[derive(Clone)]
pub struct Deps {
    /// This node.
    pub node: NodeId,
    /// The replicated store.
    pub store: Store,
    /// The way declared objects get into it.
    pub admission: Admission,
    /// The other nodes.
    pub cluster: Arc<dyn Cluster>,
    /// Alerts to people.
    pub notify: Arc<dyn Notify>,
    /// Which metrics there are.
    pub metadata: Metadata,
    /// Our own metrics as Prometheus text.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// SHA-256 over the CA's public key, as in tokens.
    pub ca_hash: String,
    /// The cluster's data key, base64: a backup is worth nothing without.
    pub data_key: Secret<String>,
    /// Opens the value of a declared secret; the error is for people.
    pub secret_value: SecretValue,
    /// Resolves the names of other sites.
    pub lookup: Lookup,
    /// The projects that whoever asks may see.
    pub seen: Projects,
    /// Parts of the declared state that were worked out lately.
    pub parts: Parts,
}

impl Deps {
    /// The same handles for somebody who may see these projects.
    #[must_use]
    pub fn confined(self, seen: Projects) -> Self {
        Self { seen, ..self }
    }

    /// The declared state as of now on this node, as far as it may be seen.
    #[must_use]
    pub fn state(&self) -> Arc<DeclaredState> {
        self.parts.of(&self.whole(), &self.seen)
    }

    /// The declared state as of now on this node, also what may not be shown.
    #[must_use]
    pub fn whole(&self) -> Arc<DeclaredState> {
        self.store.state()
    }

    /// Seals what the store keeps or a browser carries.
    ///
    /// # Errors
    /// The node's key is none: a bug.
    pub(crate) fn key(&self) -> Result<DataKey, Problem> {
        DataKey::from_base64(self.data_key.expose())
            .ok_or_else(|| Problem::internal("the data key is no key"))
    }

    /// Writes with a fresh request id.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write(
        &self,
        actor: &str,
        why: &str,
        preconditions: Vec<Precondition>,
        changes: Vec<Change>,
    ) -> Result<Written, WriteError> {
        let command = Command {
            request: super::random::id128(),
            actor: actor.into(),
            why: why.into(),
            at: now(),
            preconditions,
            changes,
        };
        self.store.write(command, WRITE_DEADLINE).await
    }
}

/// The wall clock.
#[must_use]
pub fn now() -> UnixMs {
    UnixMs(crate::base::clock::now_unix_ms())
}
