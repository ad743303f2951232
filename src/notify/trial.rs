//! "Send a test": one made-up alert over a channel or all channels of a receiver, at once, with
//! the provider's answer. Sent by the leader, which sends the real ones, so that a firewall
//! between it and the provider shows. Each leaves a receipt marked `test`.

use super::{
    alert::{Alert, Fingerprint, Status},
    book::{Episode, encode},
    channel::Channels,
    cluster::Cluster,
    delivery::{About, Class, Delivery, DeliveryId, Outcome},
    episode::Span,
    message::compose,
    plan::Way,
    receipt::{Receipt, State},
    submission,
};
use crate::{
    base::clock::now_unix_ms,
    model::{
        Kind, NodeId, UnixMs,
        label::Labels,
        rpc::{CallError, Refusal, Service},
    },
    store::command::{Change, Space},
};
use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// The method of [`Trials::service`].
pub const METHOD: &str = "notify/test";
/// Longer than the longest channel may take.
const PATIENCE: Duration = Duration::from_secs(130);
/// For writing a receipt.
const DEADLINE: Duration = Duration::from_secs(5);

/// What is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tried {
    /// All channels of a receiver.
    Receiver(String),
    /// One channel.
    Channel(String),
}

/// How one of them answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestResult {
    /// Name of the channel.
    pub channel: String,
    /// `spec.type` of it.
    pub kind: String,
    /// The recipient; empty for channels that have none.
    pub to: String,
    /// It was taken.
    pub ok: bool,
    /// The provider's answer, or what kept us from one.
    pub answer: String,
    /// Milliseconds.
    pub took_ms: u64,
}

/// Why nothing was tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TestError {
    /// There is no such receiver or channel.
    #[error("{0}")]
    Missing(String),
    /// The leader could not be asked, or did not answer.
    #[error("the leader did not say how the test went: {0}")]
    Leader(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct Call {
    tried: Tried,
    by: String,
}

/// Sends tests. Cheap to clone.
#[derive(Clone)]
pub struct Trials {
    cluster: Arc<dyn Cluster>,
    channels: Arc<Channels>,
}

impl Trials {
    pub(super) fn new(cluster: Arc<dyn Cluster>, channels: Arc<Channels>) -> Self {
        Self { cluster, channels }
    }

    /// Tries every way of it at once; `by` is named in the message. Returns when the slowest
    /// channel has answered or its time is up.
    ///
    /// # Errors
    /// There is no such thing, or the leader is out of reach.
    pub async fn run(&self, tried: Tried, by: &str) -> Result<Vec<TestResult>, TestError> {
        // Said before anybody is called.
        self.ways(&tried)?;
        let now = *self.cluster.leadership().borrow();
        match now.leader {
            Some(leader) if !now.is_leader => {
                let call = Call { tried: tried.clone(), by: by.to_owned() };
                match self.ask(leader, &call).await {
                    // Nobody was told yet: this node can.
                    Err(CallError::Unreachable { sent: false, .. }) => self.here(tried, by).await,
                    Err(error) => Err(TestError::Leader(error.to_string())),
                    Ok(answer) => serde_json::from_slice(&answer)
                        .map_err(|error| TestError::Leader(error.to_string())),
                }
            }
            _ => self.here(tried, by).await,
        }
    }

    async fn ask(&self, leader: NodeId, call: &Call) -> Result<Bytes, CallError> {
        let body = encode(call);
        self.cluster.call(leader, METHOD, body, PATIENCE).await
    }

    async fn here(&self, tried: Tried, by: &str) -> Result<Vec<TestResult>, TestError> {
        let receiver = match &tried {
            Tried::Receiver(name) => name.clone(),
            Tried::Channel(_) => String::new(),
        };
        let ways = self.ways(&tried)?;
        Ok(join_all(ways.into_iter().map(|way| self.one(&receiver, way, by))).await)
    }

    fn ways(&self, tried: &Tried) -> Result<Vec<Way>, TestError> {
        let state = self.cluster.state();
        let (kind, name, ways) = match tried {
            Tried::Receiver(name) => (Kind::Receiver, name, submission::ways(&state, name)),
            Tried::Channel(name) => (Kind::Channel, name, submission::channel_ways(&state, name)),
        };
        match state.get(kind, name) {
            Some(_) => Ok(ways),
            None => Err(TestError::Missing(format!("{kind} `{name}`"))),
        }
    }

    async fn one(&self, receiver: &str, way: Way, by: &str) -> TestResult {
        let now = UnixMs(now_unix_ms());
        let episode = made_up(by, now);
        let mut delivery = delivery(receiver, &way, &episode, now);
        let state = self.cluster.state();
        let term = self.cluster.leadership().borrow().term;
        delivery.begin(now, self.cluster.node(), term);
        let outcome = match self.channels.find(&state, &way.channel) {
            Err(error) => nothing_sent(error.to_string()),
            Ok(channel) => {
                match compose(&delivery, std::slice::from_ref(&episode), &state.meta.name) {
                    None => nothing_sent("there is nothing to say".to_owned()),
                    Some(mut message) => {
                        message.kind = "alert.test";
                        message.data.test = true;
                        channel.send(&message).await
                    }
                }
            }
        };
        delivery.end(outcome.clone());
        self.keep(&delivery, episode, &outcome).await;
        TestResult {
            channel: way.channel,
            kind: way.kind,
            to: way.to,
            ok: outcome.class.is_success(),
            answer: outcome.reason,
            took_ms: outcome.took_ms,
        }
    }

    /// The receipt; without quorum the answer alone has to do.
    async fn keep(&self, delivery: &Delivery, episode: Episode, outcome: &Outcome) {
        let (state, reason) = match outcome.class {
            Class::Accepted => (State::Accepted, String::new()),
            Class::Delivered => (State::Delivered, String::new()),
            _ => (State::Failed, outcome.reason.clone()),
        };
        let mut receipt = Receipt::of(delivery, &[episode], state, reason);
        receipt.ended = Some(UnixMs(now_unix_ms()));
        receipt.test = true;
        let put = Change::PutRow(Space::Receipt, delivery.id.receipt_key(), encode(&receipt));
        let written = self.cluster.write("a test was sent", Vec::new(), vec![put], DEADLINE).await;
        if let Err(error) = written {
            tracing::warn!(%error, "receipt of a test not kept");
        }
    }

    /// Serves [`METHOD`] for the other nodes.
    #[must_use]
    pub(super) fn service(&self) -> Arc<dyn Service> {
        Arc::new(Served(self.clone()))
    }
}

fn nothing_sent(reason: String) -> Outcome {
    Outcome { class: Class::Rejected, reason, status: None, wait_ms: None, took_ms: 0 }
}

/// An alert that no rule raised.
fn made_up(by: &str, now: UnixMs) -> Episode {
    let labels = Labels::from(
        [("alertname", "WatchkeepTest"), ("severity", "info")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    let summary = format!("A test asked for by {by}. Nothing is wrong.");
    let alert = Alert {
        fingerprint: Fingerprint::of(&labels),
        status: Status::Firing,
        labels,
        annotations: BTreeMap::from([("summary".to_owned(), summary)]),
        starts_at: now,
        ends_at: None,
        generator_url: String::new(),
        truncated: false,
        flags: Vec::new(),
    };
    let span = Span {
        number: 1,
        starts_at: now,
        ends_at: None,
        floor: None,
        closed_at: None,
        seen_at: now,
    };
    Episode { v: 1, span, alert, told: BTreeMap::new() }
}

fn delivery(receiver: &str, way: &Way, episode: &Episode, now: UnixMs) -> Delivery {
    Delivery {
        id: DeliveryId::mint(now),
        created: now,
        receiver: receiver.to_owned(),
        channel: way.channel.clone(),
        kind: way.kind.clone(),
        to: way.to.clone(),
        about: About::Firing,
        group_labels: Labels::new(),
        items: vec![episode.item()],
        truncated_alerts: 0,
        merged: 0,
        omitted: 0,
        expires_at: now,
        next_at: now,
        n_attempts: 0,
        attempts: Vec::new(),
        local: false,
    }
}

struct Served(Trials);

impl Service for Served {
    fn handle(
        &self,
        _: NodeId,
        _: &str,
        body: Bytes,
    ) -> BoxFuture<'static, Result<Bytes, Refusal>> {
        let trials = self.0.clone();
        Box::pin(async move {
            let call: Call = serde_json::from_slice(&body)
                .map_err(|error| Refusal(format!("not a test: {error}")))?;
            let results = trials.here(call.tried, &call.by).await;
            results.map(|results| encode(&results)).map_err(|error| Refusal(error.to_string()))
        })
    }
}
