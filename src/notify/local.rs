//! A node without quorum as a cluster of its own, over its spool; and the way back.
//!
//! While there is no quorum the node's second [`super::deliver::Sender`] leads over the spool.
//! When quorum returns it stops, what it is sending ends, and every spooled webhook is handed to
//! the leader together with what was told of it. Handing one over twice changes nothing, so a
//! crash in between does no harm.

use super::{
    alert::Status,
    book::decode,
    cluster::{Cluster, Leadership, RowChange, Rows},
    deliver::LEASE,
    delivery::{About, Delivery, DeliveryId},
    intake::Intake,
    plan::ToldLocally,
    receipt::{Receipt, State},
    spool::{Entry, Spool},
    submission::Submission,
};
use crate::{
    base::{backoff::Backoff, clock::now_unix_ms, shutdown::Shutdown},
    model::{NodeId, Revision, UnixMs, cluster::DeclaredState, rpc::CallError},
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::{mpsc, watch};

/// How often quorum is looked at.
const TICK: Duration = Duration::from_millis(200);
/// After this an attempt that never ended is given up: longer than any channel's time limit.
const ATTEMPT_MS: u64 = 150_000;

/// Rows of the spool, and below them the episodes of the cluster as last applied here.
pub(super) struct Overlay<'a> {
    pub(super) spool: &'a Spool,
    pub(super) main: &'a dyn Cluster,
}

impl Rows for Overlay<'_> {
    fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        match self.spool.row(space, key)? {
            None if space == Space::Episode => self.main.row(space, key),
            row => Ok(row),
        }
    }

    fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        let own = self.spool.rows(space, start, limit)?;
        if space != Space::Episode {
            return Ok(own);
        }
        let below = self.main.rows(space, start, limit)?;
        let mut all: BTreeMap<Bytes, (Revision, Bytes)> = BTreeMap::new();
        for (key, revision, value) in below.into_iter().chain(own) {
            all.insert(key, (revision, value));
        }
        Ok(all.into_iter().take(limit).map(|(key, (rev, value))| (key, rev, value)).collect())
    }
}

/// [`Overlay`] as a cluster of one that leads while it is told to.
pub(super) struct Local {
    spool: Arc<Spool>,
    main: Arc<dyn Cluster>,
    leadership: watch::Sender<Leadership>,
}

impl Local {
    pub(super) fn new(spool: Arc<Spool>, main: Arc<dyn Cluster>) -> Arc<Self> {
        Arc::new(Self { spool, main, leadership: watch::Sender::default() })
    }

    fn overlay(&self) -> Overlay<'_> {
        Overlay { spool: &self.spool, main: &*self.main }
    }

    fn lead(&self, leads: bool) {
        let node = leads.then(|| self.main.node());
        self.leadership.send_if_modified(|now| {
            let changed = now.is_leader != leads;
            *now = Leadership { leader: node, is_leader: leads, term: 0 };
            changed
        });
    }
}

impl Rows for Local {
    fn row(&self, space: Space, key: &[u8]) -> Result<Option<(Revision, Bytes)>, StoreError> {
        self.overlay().row(space, key)
    }

    fn rows(
        &self,
        space: Space,
        start: &[u8],
        limit: usize,
    ) -> Result<Vec<(Bytes, Revision, Bytes)>, StoreError> {
        self.overlay().rows(space, start, limit)
    }
}

impl Cluster for Local {
    fn node(&self) -> NodeId {
        self.main.node()
    }

    fn leadership(&self) -> watch::Receiver<Leadership> {
        self.leadership.subscribe()
    }

    fn quorum_lost_for(&self) -> Option<Duration> {
        None
    }

    fn state(&self) -> Arc<DeclaredState> {
        self.main.state()
    }

    fn barrier(&self, _: Duration) -> BoxFuture<'_, Result<(), WriteError>> {
        Box::pin(async { Ok(()) })
    }

    fn write(
        &self,
        _: &'static str,
        preconditions: Vec<Precondition>,
        changes: Vec<Change>,
        _: Duration,
    ) -> BoxFuture<'_, Result<Revision, WriteError>> {
        let written = self.spool.clone().apply(preconditions, changes);
        Box::pin(async move {
            let applied = written.await.map_err(|error| WriteError::Refused(error.to_string()))?;
            Ok(applied?)
        })
    }

    fn watch_rows(&self, space: Space) -> mpsc::Receiver<RowChange> {
        self.spool.watch_rows(space)
    }

    fn call(
        &self,
        to: NodeId,
        _: &'static str,
        _: Bytes,
        _: Duration,
    ) -> BoxFuture<'_, Result<Bytes, CallError>> {
        let reason = "there is no quorum".to_owned();
        Box::pin(async move { Err(CallError::Unreachable { to, reason, sent: false }) })
    }
}

/// Lets the spool be sent from while there is no quorum, and hands it over when there is.
pub(super) async fn run(local: Arc<Local>, intake: Intake, shutdown: Shutdown) {
    let mut backoff = Backoff::new(TICK, Duration::from_secs(10));
    let mut wait = TICK;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        wait = TICK;
        let empty = local.spool.is_empty().unwrap_or_else(|error| {
            tracing::error!(%error, "spool cannot be read");
            true
        });
        let lost = local.main.quorum_lost_for();
        local.lead(!empty && lost.is_some_and(|lost| lost >= intake.hold));
        if empty || lost.is_some() {
            continue;
        }
        match hand_over(&local, &intake).await {
            Ok(()) => backoff.reset(),
            Err(error) => {
                tracing::debug!(error, "spool not handed over yet");
                wait = backoff.next_wait();
            }
        }
    }
}

/// Hands every entry to the leader, in order.
async fn hand_over(local: &Arc<Local>, intake: &Intake) -> Result<(), String> {
    // What the local sender has not begun by now it cannot begin any more.
    let fence = Change::PutRow(Space::Lease, Bytes::from_static(LEASE), Bytes::new());
    let fenced = local.spool.clone().apply(Vec::new(), vec![fence]).await;
    fenced.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let reading = local.clone();
    let entries = tokio::task::spawn_blocking(move || prepared(&reading.spool))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?
        .ok_or("something is still being sent")?;
    let count = entries.len();
    for (number, entry, submission) in entries {
        intake.replicate(&submission).await.map_err(|error| error.to_string())?;
        let spool = local.spool.clone();
        tokio::task::spawn_blocking(move || spool.forget(number, &entry))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())?;
    }
    tracing::info!(count, "alerts taken without quorum were handed to the cluster");
    Ok(())
}

type Prepared = Vec<(u64, Entry, Submission)>;

/// All entries with what was told of them; `None` while an attempt is under way.
fn prepared(spool: &Spool) -> Result<Option<Prepared>, StoreError> {
    let now = UnixMs(now_unix_ms());
    let entries = spool.entries()?;
    let mut outcomes = BTreeMap::new();
    for id in entries.iter().flat_map(|(_, entry)| &entry.deliveries) {
        if let Some((_, bytes)) = spool.row(Space::Receipt, &id.receipt_key())? {
            outcomes.extend(decode::<Receipt>(&bytes, "receipt").map(|receipt| (*id, receipt)));
        } else if let Some((_, bytes)) = spool.row(Space::Delivery, &id.key())? {
            let delivery = decode::<Delivery>(&bytes, "delivery");
            let sending = delivery.filter(Delivery::is_uncertain).is_some_and(|delivery| {
                let begun = delivery.attempts.last().map(|attempt| attempt.at);
                begun.is_some_and(|at| now.since(at) < ATTEMPT_MS)
            });
            if sending {
                return Ok(None);
            }
        }
    }
    let with_told = |(number, entry): (u64, Entry)| {
        let submission = told(&entry, &outcomes);
        (number, entry, submission)
    };
    Ok(Some(entries.into_iter().map(with_told).collect()))
}

fn told(entry: &Entry, outcomes: &BTreeMap<DeliveryId, Receipt>) -> Submission {
    let mut submission = entry.submission.clone();
    for receipt in entry.deliveries.iter().filter_map(|id| outcomes.get(id)) {
        if was_told(receipt, outcomes) {
            let status = match receipt.about {
                About::Firing | About::Repeat => Status::Firing,
                About::Resolved => Status::Resolved,
            };
            submission.told.insert(ToldLocally {
                channel: receipt.channel.clone(),
                to: receipt.to.clone(),
                status,
            });
        }
        submission.receipts.push(receipt.clone());
    }
    submission
}

/// It was delivered, or the delivery it was merged into was.
fn was_told(receipt: &Receipt, outcomes: &BTreeMap<DeliveryId, Receipt>) -> bool {
    let mut receipt = receipt;
    // Merging goes from later to earlier or the other way, but never in a circle; bounded anyway.
    for _ in 0..100 {
        match (receipt.state, receipt.merged_into) {
            (State::Delivered | State::Accepted, _) => return true,
            (State::Merged, Some(into)) => match outcomes.get(&into) {
                Some(next) => receipt = next,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}
