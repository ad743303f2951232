//! Sends what is queued: on the Raft leader only, fenced by a row that each new leader takes
//! over. A leader that was deposed without knowing can no longer begin an attempt, since every
//! beginning is a write on condition of that row.
//!
//! At least once: an attempt is written down before it is made and its outcome after, so what a
//! crash leaves between the two is sent again, under the same id.

use super::{
    attempt,
    book::{decode, encode},
    channel::Channels,
    cluster::{Cluster, Leadership, RowChange},
    delivery::{Class, Delivery, DeliveryId},
    housekeeping, merge,
    metrics::Metrics,
    queue::{Queue, Task},
    receipt::after,
    schedule::Tuning,
};
use crate::{
    base::{backoff::Backoff, clock::now_unix_ms, shutdown::Shutdown},
    model::{NodeId, UnixMs},
    store::{
        StoreError, WriteError,
        command::{Change, Precondition, Space},
    },
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet, time::Instant};

/// Key of the fencing row in [`Space::Lease`].
pub(super) const LEASE: &[u8] = b"notify/sender";
/// Rows read at once.
const STRIDE: usize = 500;
/// How long a stopping sender waits for what it is sending.
const DRAIN: Duration = Duration::from_secs(5);
/// Between two rounds of [`housekeeping`].
const HOUSEKEEPING: Duration = Duration::from_secs(3600);

/// The sender of one node; sends while that node leads.
pub(super) struct Sender {
    pub(super) cluster: Arc<dyn Cluster>,
    pub(super) channels: Arc<Channels>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) tuning: Tuning,
}

/// Why a term of sending ended early.
#[derive(Debug, thiserror::Error)]
enum TermError {
    #[error(transparent)]
    Read(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Content of the fencing row.
#[derive(Debug, Serialize, Deserialize)]
struct Lease {
    node: NodeId,
    term: u64,
}

/// What the attempts of one term share.
pub(super) struct Desk {
    pub(super) cluster: Arc<dyn Cluster>,
    pub(super) channels: Arc<Channels>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) tuning: Tuning,
    pub(super) term: u64,
    /// Holds as long as no other leader has taken over.
    pub(super) fence: Precondition,
    queue: Mutex<Queue>,
}

impl Desk {
    pub(super) fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the row as it is now into the queue.
    fn reread(&self, key: &[u8]) -> Result<(), StoreError> {
        let row = self.cluster.row(Space::Delivery, key)?;
        let Some(id) = DeliveryId::from_key(key) else { return Ok(()) };
        match row.and_then(|(rev, bytes)| Some((rev, decode::<Delivery>(&bytes, "delivery")?))) {
            Some((revision, delivery)) => self.queue().put(delivery, revision),
            None => self.queue().remove(id),
        }
        Ok(())
    }

    /// Reads the whole queue. What somebody else was sending is left alone for a while.
    fn reread_all(&self, grace: Duration) -> Result<(), StoreError> {
        let wait = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
        let not_before = UnixMs(now_unix_ms().saturating_add(wait));
        let mut start = Vec::new();
        loop {
            let rows = self.cluster.rows(Space::Delivery, &start, STRIDE)?;
            let Some((last, ..)) = rows.last() else { return Ok(()) };
            start = after(last);
            for (_, revision, bytes) in rows {
                let Some(mut delivery) = decode::<Delivery>(&bytes, "delivery") else { continue };
                if delivery.is_uncertain() {
                    delivery.next_at = delivery.next_at.max(not_before);
                }
                self.queue().put(delivery, revision);
            }
        }
    }
}

/// What a finished task was about.
type Finished = Vec<(DeliveryId, Option<Class>)>;

impl Sender {
    /// Runs until `shutdown`; then ends what it is sending, for at most [`DRAIN`].
    pub(super) async fn run(self, shutdown: Shutdown) {
        let mut leadership = self.cluster.leadership();
        let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
        while !shutdown.is_cancelled() {
            let now = *leadership.borrow_and_update();
            if now.is_leader {
                match self.lead(now.term, &mut leadership, &shutdown).await {
                    Ok(()) => backoff.reset(),
                    Err(error) => {
                        tracing::warn!(%error, term = now.term, "sending interrupted");
                        tokio::select! {
                            () = shutdown.cancelled() => {}
                            () = tokio::time::sleep(backoff.next_wait()) => {}
                        }
                    }
                }
                self.metrics.queue(0, None);
                continue;
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                changed = leadership.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Sends for one term.
    async fn lead(
        &self,
        term: u64,
        leadership: &mut watch::Receiver<Leadership>,
        shutdown: &Shutdown,
    ) -> Result<(), TermError> {
        // Before the first read, so that no change falls between.
        let mut changes = self.cluster.watch_rows(Space::Delivery);
        let desk = Arc::new(self.take_over(term).await?);
        desk.reread_all(self.tuning.grace)?;
        let mut tasks: JoinSet<Finished> = JoinSet::new();
        let mut tidy = Instant::now() + HOUSEKEEPING;
        let ended = loop {
            start_due(&desk, &mut tasks);
            let (pending, oldest) = desk.queue().depth();
            self.metrics.queue(pending, oldest);
            tokio::select! {
                () = shutdown.cancelled() => break Ok(()),
                changed = leadership.changed() => {
                    let now = *leadership.borrow_and_update();
                    if changed.is_err() || !now.is_leader || now.term != term {
                        break Ok(());
                    }
                }
                change = changes.recv() => match change {
                    Some(RowChange::Keys(keys)) => {
                        keys.iter().try_for_each(|key| desk.reread(key))?;
                    }
                    Some(RowChange::Resync) => desk.reread_all(Duration::ZERO)?,
                    None => changes = self.cluster.watch_rows(Space::Delivery),
                },
                Some(finished) = tasks.join_next() => release(&desk, finished)?,
                () = sleep_until(desk.queue().next_at(&self.tuning)) => {}
                () = tokio::time::sleep_until(tidy) => {
                    tidy = Instant::now() + HOUSEKEEPING;
                    housekeeping::sweep(&desk).await;
                }
            }
        };
        if shutdown.is_cancelled() {
            let drained = async { while tasks.join_next().await.is_some() {} };
            let _ = tokio::time::timeout(DRAIN, drained).await;
        } else {
            // Whoever leads now waits a moment for what we are sending.
            tasks.detach_all();
        }
        ended
    }

    /// Makes every later claim of an earlier leader fail.
    async fn take_over(&self, term: u64) -> Result<Desk, TermError> {
        self.cluster.barrier(self.tuning.write_deadline).await?;
        let found = self.cluster.row(Space::Lease, LEASE)?.map(|(revision, _)| revision);
        let key = Bytes::from_static(LEASE);
        let lease = encode(&Lease { node: self.cluster.node(), term });
        let revision = self
            .cluster
            .write(
                "lead the notifier",
                vec![Precondition::Row(Space::Lease, key.clone(), found)],
                vec![Change::PutRow(Space::Lease, key.clone(), lease)],
                self.tuning.write_deadline,
            )
            .await?;
        Ok(Desk {
            cluster: self.cluster.clone(),
            channels: self.channels.clone(),
            metrics: self.metrics.clone(),
            tuning: self.tuning.clone(),
            term,
            fence: Precondition::Row(Space::Lease, key, Some(revision)),
            queue: Mutex::default(),
        })
    }
}

fn start_due(desk: &Arc<Desk>, tasks: &mut JoinSet<Finished>) {
    let now = UnixMs(now_unix_ms());
    loop {
        let task = desk.queue().take(now, &desk.tuning);
        let desk = desk.clone();
        match task {
            None => return,
            Some(Task::Send(delivery, revision)) => {
                tasks.spawn(async move {
                    let id = delivery.id;
                    vec![(id, attempt::run(&desk, *delivery, revision).await)]
                });
            }
            Some(Task::Merge(all)) => {
                tasks.spawn(async move {
                    let ids = all.iter().map(|(delivery, _)| (delivery.id, None)).collect();
                    merge::run(&desk, all).await;
                    ids
                });
            }
        }
    }
}

fn release(
    desk: &Desk,
    finished: Result<Finished, tokio::task::JoinError>,
) -> Result<(), StoreError> {
    match finished {
        Ok(finished) => {
            for (id, class) in finished {
                desk.queue().release(id, class);
                desk.reread(&id.key())?;
            }
            Ok(())
        }
        // Its deliveries stay marked; the next term reads them again.
        Err(panicked) => {
            tracing::error!(%panicked, "an attempt panicked");
            Err(StoreError::Storage("an attempt panicked".to_owned()))
        }
    }
}

async fn sleep_until(at: Option<UnixMs>) {
    match at {
        None => std::future::pending().await,
        Some(at) => {
            // Read the wall clock again after a while: it may have been set.
            let wait = at.since(UnixMs(now_unix_ms())).clamp(1, 30_000);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }
}
