//! The leader's desk for incoming alerts: takes what has gathered, decides it against the
//! episodes as they are, and writes all of it at once. Anybody else's change in between makes
//! the write fail, and it is decided again.

use super::{
    cluster::Cluster,
    metrics::Metrics,
    submission::{Draft, Submission},
};
use crate::{
    base::shutdown::Shutdown,
    store::{StoreError, WriteError},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// Submissions that wait; beyond that callers are told to come back.
const WAITING: usize = 1024;
/// Alerts decided at once.
const BATCH_ALERTS: usize = 2_000;
/// Submissions decided at once.
const BATCH: usize = 256;
/// Decided anew this often before giving up.
const TRIES: usize = 8;

/// Why alerts were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum SubmitError {
    /// More comes in than is written.
    #[error("too many alerts are waiting to be stored")]
    Overloaded,
    /// Not written, as far as known.
    #[error("alerts are not stored: {0}")]
    Unavailable(String),
}

struct Job {
    submission: Submission,
    done: oneshot::Sender<Result<(), SubmitError>>,
}

/// Hands submissions to the worker of this node.
#[derive(Clone)]
pub(super) struct Desk(mpsc::Sender<Job>);

impl Desk {
    /// Returns once it is committed. Cancel safe: what was handed in is written all the same.
    pub(super) async fn submit(&self, submission: Submission) -> Result<(), SubmitError> {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Job { submission, done }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }
}

fn stopped() -> SubmitError {
    SubmitError::Unavailable("this node is stopping".to_owned())
}

/// Starts the worker; it ends with `shutdown`.
pub(super) fn start(
    cluster: Arc<dyn Cluster>,
    metrics: Arc<Metrics>,
    deadline: Duration,
    shutdown: Shutdown,
) -> (Desk, tokio::task::JoinHandle<()>) {
    let (desk, mut jobs) = mpsc::channel::<Job>(WAITING);
    let task = tokio::spawn(async move {
        loop {
            let first = tokio::select! {
                () = shutdown.cancelled() => return,
                job = jobs.recv() => match job { Some(job) => job, None => return },
            };
            let mut alerts = first.submission.webhook.alerts.len();
            let mut batch = vec![first];
            while alerts < BATCH_ALERTS
                && batch.len() < BATCH
                && let Ok(job) = jobs.try_recv()
            {
                alerts += job.submission.webhook.alerts.len();
                batch.push(job);
            }
            let result = write(&*cluster, &batch, &metrics, deadline).await;
            for job in batch {
                // Nobody may wait any more.
                let _ = job.done.send(result.clone());
            }
        }
    });
    (Desk(desk), task)
}

async fn write(
    cluster: &dyn Cluster,
    batch: &[Job],
    metrics: &Metrics,
    deadline: Duration,
) -> Result<(), SubmitError> {
    let mut conflict = None;
    for _ in 0..TRIES {
        // A leader that was deposed must not find that there is nothing to do.
        cluster.barrier(deadline).await.map_err(unavailable)?;
        let draft = draft(cluster, batch).map_err(|error| {
            tracing::error!(%error, "alerts cannot be stored");
            SubmitError::Unavailable(error.to_string())
        })?;
        let (conditions, changes) = draft.changes(false);
        if changes.is_empty() {
            return Ok(());
        }
        match cluster.write("alerts received", conditions, changes, deadline).await {
            Ok(_) => {
                metrics.enqueued(draft.plan.deliveries.len());
                return Ok(());
            }
            Err(WriteError::Precondition(failed)) => conflict = Some(failed),
            Err(error) => return Err(unavailable(error)),
        }
    }
    Err(SubmitError::Unavailable(format!("they change too fast: {conflict:?}")))
}

fn draft(cluster: &dyn Cluster, batch: &[Job]) -> Result<Draft, StoreError> {
    let state = cluster.state();
    let mut draft = Draft::default();
    for job in batch {
        draft.add(cluster, &state, &job.submission)?;
    }
    Ok(draft)
}

fn unavailable(error: WriteError) -> SubmitError {
    SubmitError::Unavailable(error.to_string())
}
