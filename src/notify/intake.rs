//! The door for Alertmanager's webhooks, on every node. Answers 200 only once the alerts are
//! durable: committed by the cluster or, after a time without quorum, synced to this node's
//! spool. 503 is the only other answer to a good webhook, since Alertmanager tries nothing again
//! but 5xx.

use super::{
    cluster::Cluster,
    inbound::{BodyError, Budget, Inbound},
    metrics::{Answered, Metrics},
    payload::parse,
    spool::Spool,
    submission::{Submission, split},
    worker::{Desk, SubmitError},
};
use crate::{
    base::clock::now_unix_ms,
    model::{
        NodeId, UnixMs,
        rpc::{Refusal, Service},
    },
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// Bodies above this are refused with 413.
pub const MAX_BODY_BYTES: usize = 64 << 20;
/// The method of [`Intake::service`].
pub const METHOD: &str = "notify/intake";
/// Wait before another try while the hold lasts.
const AGAIN: Duration = Duration::from_millis(50);

/// What to answer the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeAnswer {
    /// HTTP status: 200, 400, 413, 415 or 503.
    pub status: u16,
    /// One line for Alertmanager's log; ends with a newline.
    pub text: String,
}

/// Takes webhooks. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    pub(super) cluster: Arc<dyn Cluster>,
    pub(super) desk: Desk,
    pub(super) spool: Arc<Spool>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) hold: Duration,
    pub(super) budget: Budget,
}

impl Intake {
    /// Reads a webhook at the door and takes it, as [`Intake::accept`] does.
    pub async fn receive(&self, mut inbound: Inbound) -> IntakeAnswer {
        let error = match self.budget.read(&mut inbound).await {
            Ok(body) => return self.accept(&inbound.receiver, &body.bytes).await,
            Err(error) => error,
        };
        let (status, answered) = match error {
            BodyError::TooLarge => (413, Answered::TooLarge),
            BodyError::Encoding(_) => (415, Answered::Refused),
            BodyError::Damaged(_) => (400, Answered::Refused),
            BodyError::Busy => (503, Answered::Unavailable),
        };
        self.metrics.answered(answered);
        let Inbound { receiver, sender, .. } = inbound;
        tracing::warn!(receiver, sender, status, %error, "webhook not accepted");
        if answered == Answered::TooLarge {
            self.metrics.lost_input(receiver, sender, UnixMs(now_unix_ms()));
        }
        IntakeAnswer { status, text: format!("{error}\n") }
    }

    /// Takes one webhook for `receiver` (last part of the path). Returns within seconds. Dropping
    /// it leaves open whether the alerts were taken; they are never taken in half.
    pub async fn accept(&self, receiver: &str, body: &[u8]) -> IntakeAnswer {
        let (answered, text) = self.take(receiver, body).await;
        self.metrics.answered(answered);
        let status = match answered {
            Answered::Committed | Answered::Spooled => 200,
            Answered::TooLarge => 413,
            Answered::Refused => 400,
            Answered::Unavailable => 503,
        };
        if status != 200 {
            tracing::warn!(receiver, status, text, "webhook not accepted");
        }
        IntakeAnswer { status, text: text + "\n" }
    }

    async fn take(&self, receiver: &str, body: &[u8]) -> (Answered, String) {
        if body.len() > MAX_BODY_BYTES {
            return (Answered::TooLarge, BodyError::TooLarge.to_string());
        }
        let received = UnixMs(now_unix_ms());
        let webhook = match parse(body, received) {
            Ok(webhook) => webhook,
            Err(error) => return (Answered::Refused, error.to_string()),
        };
        let flagged = webhook.alerts.iter().filter(|alert| !alert.flags.is_empty()).count();
        self.metrics.flagged(flagged);
        let until = Instant::now() + self.hold;
        let mut answered = Answered::Committed;
        for part in split(receiver, webhook, received) {
            match self.keep(part, until).await {
                Ok(Answered::Committed) => {}
                Ok(other) => answered = other,
                Err(error) => return (Answered::Unavailable, error.to_string()),
            }
        }
        (answered, "ok".to_owned())
    }

    /// Makes one part durable, somewhere.
    async fn keep(&self, part: Submission, until: Instant) -> Result<Answered, SubmitError> {
        loop {
            let lost = self.cluster.quorum_lost_for().unwrap_or_default();
            let left = self.hold.saturating_sub(lost);
            let left = left.min(until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                let spooled = self.spool.clone().accept(self.cluster.clone(), part).await;
                return spooled
                    .map(|()| Answered::Spooled)
                    .map_err(|error| SubmitError::Unavailable(format!("no quorum, and {error}")));
            }
            match tokio::time::timeout(left, self.replicate(&part)).await {
                Ok(Ok(())) => return Ok(Answered::Committed),
                Ok(Err(SubmitError::Overloaded)) => return Err(SubmitError::Overloaded),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "alerts not committed yet");
                    tokio::time::sleep(AGAIN.min(left)).await;
                }
                Err(_) => {}
            }
        }
    }

    /// Has the leader commit it.
    pub(super) async fn replicate(&self, part: &Submission) -> Result<(), SubmitError> {
        let now = *self.cluster.leadership().borrow();
        if now.is_leader {
            return self.desk.submit(part.clone()).await;
        }
        let unavailable = |reason: String| SubmitError::Unavailable(reason);
        let leader = now.leader.ok_or_else(|| unavailable("there is no leader".to_owned()))?;
        let body = serde_json::to_vec(part).map_err(|error| unavailable(error.to_string()))?;
        let called = self.cluster.call(leader, METHOD, body.into(), self.hold).await;
        match called {
            Ok(answer) if answer.as_ref() == OVERLOADED => Err(SubmitError::Overloaded),
            Ok(_) => Ok(()),
            Err(error) => Err(unavailable(error.to_string())),
        }
    }

    /// Serves [`METHOD`] for the other nodes.
    #[must_use]
    pub fn service(&self) -> Arc<dyn Service> {
        Arc::new(Forwarded(self.clone()))
    }
}

/// Answer of a leader that has too much to do.
const OVERLOADED: &[u8] = b"overloaded";

struct Forwarded(Intake);

impl Service for Forwarded {
    fn handle(
        &self,
        _: NodeId,
        method: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let (known, intake) = (method == METHOD, self.0.clone());
        Box::pin(async move {
            if !known {
                return Err(Refusal("there is no such method".to_owned()));
            }
            let part: Submission = serde_json::from_slice(&body)
                .map_err(|error| Refusal(format!("not a submission: {error}")))?;
            if !intake.cluster.leadership().borrow().is_leader {
                return Err(Refusal("this node does not lead".to_owned()));
            }
            match intake.desk.submit(part).await {
                Ok(()) => Ok(Bytes::from_static(b"ok")),
                Err(SubmitError::Overloaded) => Ok(Bytes::from_static(OVERLOADED)),
                Err(error) => Err(Refusal(error.to_string())),
            }
        })
    }
}
