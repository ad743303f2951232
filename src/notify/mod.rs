//! Alerts to people: intake of Alertmanager's webhook, episodes, the durable queue, channels and
//! receipts. See `DESIGN.md` beside this file.
//!
//! ```text
//! Alertmanager ─► intake ─► payload ─► (leader) worker ─► plan, episode ─► rows of the store
//!                    └─ no quorum ─► spool ─► local ┐                          │
//!                                                   ▼                          ▼
//!                                    receipt ◄─ attempt ◄─ queue ◄────────── deliver ─► channel
//! ```
//!
//! Invariants: a webhook answered with 200 is durable; a receiver is told once of each start and
//! each end of an episode when nothing fails, and at least once when something does; nothing
//! queued disappears without a receipt.

pub mod alert;
mod attempt;
pub mod book;
pub mod channel;
pub mod cluster;
mod deliver;
pub mod delivery;
pub mod episode;
mod housekeeping;
pub mod inbound;
pub mod intake;
mod lenient;
mod local;
mod merge;
pub mod message;
pub mod metrics;
pub mod outgoing;
pub mod over_store;
pub mod payload;
pub mod plan;
mod queue;
pub mod receipt;
pub mod schedule;
pub mod secret;
pub mod spool;
pub mod submission;
pub mod tally;
#[cfg(test)]
mod testing;
pub mod timing;
pub mod trial;
mod worker;

pub use cluster::Cluster;
pub use inbound::Inbound;
pub use intake::{Intake, IntakeAnswer};
pub use metrics::Metrics;
pub use over_store::OverStore;
pub use receipt::Receipts;
pub use schedule::Tuning;
pub use secret::Secrets;
pub use trial::Trials;

use crate::{
    base::shutdown::Shutdown,
    model::{
        NodeId,
        rpc::{Refusal, Service},
    },
    store::StoreError,
};
use bytes::Bytes;
use channel::Channels;
use deliver::Sender;
use futures_util::future::BoxFuture;
use outgoing::Lookup;
use spool::Spool;
use std::{path::Path, sync::Arc};
use tokio_util::task::TaskTracker;

/// The running notifier of one node.
pub struct Notify {
    /// Takes webhooks; its service answers `notify/…` calls of other nodes.
    pub intake: Intake,
    /// Reads receipts.
    pub receipts: Receipts,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Sends tests.
    pub trials: Trials,
    /// Seals and opens passwords.
    pub secrets: Secrets,
    tasks: TaskTracker,
}

impl Notify {
    /// Starts it on this node, over `cluster`; the spool lies in `data_dir`. `lookup` resolves
    /// the names of channels, `seal` keeps their passwords. Runs until `shutdown`.
    ///
    /// # Errors
    /// The spool cannot be opened.
    pub async fn start(
        cluster: Arc<dyn Cluster>,
        lookup: Lookup,
        seal: Arc<dyn secret::Seal>,
        data_dir: &Path,
        tuning: Tuning,
        shutdown: &Shutdown,
    ) -> Result<Self, StoreError> {
        let path = data_dir.join(spool::FILE);
        let spool = tokio::task::spawn_blocking(move || Spool::open(&path))
            .await
            .map_err(|error| StoreError::Storage(error.to_string()))??;
        let metrics = Arc::new(Metrics::default());
        let secrets = Secrets::new(cluster.clone(), seal);
        let channels = Arc::new(Channels::new(lookup, secrets.source()));
        let tasks = TaskTracker::new();
        let deadline = tuning.write_deadline;
        let (desk, worker) =
            worker::start(cluster.clone(), metrics.clone(), deadline, shutdown.clone());
        let intake = Intake {
            cluster: cluster.clone(),
            desk,
            spool: spool.clone(),
            metrics: metrics.clone(),
            hold: tuning.hold,
            budget: inbound::Budget::default(),
        };
        let local = local::Local::new(spool, cluster.clone());
        for sends_over in [cluster.clone(), local.clone() as Arc<dyn Cluster>] {
            let sender = Sender {
                cluster: sends_over,
                channels: channels.clone(),
                metrics: metrics.clone(),
                tuning: tuning.clone(),
            };
            tasks.spawn(sender.run(shutdown.clone()));
        }
        tasks.spawn(local::run(local, intake.clone(), shutdown.clone()));
        tasks.spawn(worker);
        tasks.close();
        let trials = Trials::new(cluster.clone(), channels);
        let receipts = Receipts::new(cluster);
        Ok(Self { intake, receipts, metrics, trials, secrets, tasks })
    }

    /// Serves `notify/…` calls of other nodes.
    #[must_use]
    pub fn service(&self) -> Arc<dyn Service> {
        Arc::new(Calls { intake: self.intake.service(), trials: self.trials.service() })
    }

    /// Waits until everything has ended after the shutdown: what is being sent gets five seconds.
    pub async fn stopped(&self) {
        self.tasks.wait().await;
    }
}

/// Hands each call to whom it is for.
struct Calls {
    intake: Arc<dyn Service>,
    trials: Arc<dyn Service>,
}

impl Service for Calls {
    fn handle(
        &self,
        from: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let service = if method == trial::METHOD { &self.trials } else { &self.intake };
        service.handle(from, method, body)
    }
}

#[cfg(test)]
mod flow_tests;
#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod tests;
